//! The preheader that the machine proposes, in the language, and whether it still fits the issue.

use super::MORE;
use crate::model::text::{shorten, words};
use crate::model::{Draft, DraftItem, Language};

/// Shortest preheader: below, mail programs fill up with the first words of the email.
const CHARS_MIN: usize = 40;
/// Longest preheader that is shown anywhere.
const CHARS_MAX: usize = 140;
/// Words of a title by which a preheader names it: fewer are those of many papers.
const WORDS_NAMING: usize = 3;

/// The words of a preheader around the titles; `{n}` is a number.
struct Around {
    /// Instead of titles, when there is no item.
    nothing: &'static str,
    /// Behind the titles when there are more items.
    and_more: &'static str,
    /// Behind the titles when there are no more.
    alone: &'static str,
}

/// Returns the words of a language.
fn around(language: Language) -> Around {
    match language {
        Language::English => Around {
            nothing: "A quiet month: no new paper was chosen for this issue.",
            and_more: ", and {n} more on perinatal mental health",
            alone: ": new this month on perinatal mental health",
        },
        Language::French => Around {
            nothing: "Un mois calme\u{a0}: aucun nouvel article n’a été retenu pour ce numéro.",
            and_more: ", et {n} de plus sur la santé mentale périnatale",
            alone: "\u{a0}: nouveau ce mois-ci en santé mentale périnatale",
        },
        Language::Spanish => Around {
            nothing: "Un mes tranquilo: no se eligió ningún artículo nuevo para este número.",
            and_more: ", y {n} más sobre salud mental perinatal",
            alone: ": novedad del mes en salud mental perinatal",
        },
        Language::Portuguese => Around {
            nothing: "Um mês tranquilo: nenhum artigo novo foi escolhido para esta edição.",
            and_more: ", e mais {n} sobre saúde mental perinatal",
            alone: ": novidade do mês em saúde mental perinatal",
        },
    }
}

/// Returns a preheader that names two or three items: the pick, then the first of other sections.
pub fn proposed(draft: &Draft, language: Language) -> String {
    let mut named: Vec<&DraftItem> = draft.items.iter().filter(|i| i.id == draft.pick).collect();
    for item in &draft.items {
        if named.iter().all(|n| n.section != item.section) && item.section != MORE {
            named.push(item);
        }
    }
    for item in &draft.items {
        if named.iter().all(|n| n.id != item.id) {
            named.push(item);
        }
    }
    named.truncate(3);
    let around = around(language);
    if named.is_empty() {
        return around.nothing.to_owned();
    }
    // Two separators of two characters stand between three names.
    let room = (CHARS_MAX - 4) / named.len();
    let titles: Vec<String> = named.iter().map(|i| short_title(&i.title, room)).collect();
    let text = titles.join("; ");
    let others = draft.items.len() - named.len();
    if text.chars().count() >= CHARS_MIN {
        text
    } else if others > 0 {
        format!("{text}{}", around.and_more.replace("{n}", &others.to_string()))
    } else {
        format!("{text}{}", around.alone)
    }
}

/// Returns a title cut at its own joint (a colon, a question mark) or at a word.
fn short_title(title: &str, chars_max: usize) -> String {
    let title = title.trim_matches(['[', ']']).trim_end_matches('.');
    let head = title.split(": ").next().unwrap_or(title);
    let head = if head.chars().count() < 12 { title } else { head };
    shorten(head, chars_max)
}

/// Returns the titles that a preheader names by their first words, of those given, in their order.
///
/// A title of fewer than three words is never found: its words may be anybody's.
pub fn named<'t>(preheader: &str, titles: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let said = words(preheader);
    let is_named = |title: &&str| {
        let first = first_words(title);
        first.len() == WORDS_NAMING && said.windows(WORDS_NAMING).any(|w| *w == first)
    };
    titles.filter(is_named).collect()
}

/// Tells whether a title begins with the same words as one of others.
pub fn is_begun_alike(title: &str, others: &[&str]) -> bool {
    let first = first_words(title);
    others.iter().any(|other| first_words(other) == first)
}

/// Returns the words of a title that name it.
fn first_words(title: &str) -> Vec<String> {
    words(title).into_iter().take(WORDS_NAMING).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Month;

    #[test]
    fn a_preheader_names_a_title_by_its_first_words() {
        let titles =
            ["Walking groups for mothers: a trial", "Walking groups in clinics", "Sleep", "[Mother’s sleep at home]."];
        for (preheader, want, note) in [
            ("Walking groups for mothers; Sleep", vec![titles[0]], "the other begins otherwise"),
            ("All on walking groups for all", vec![titles[0]], "wherever it stands"),
            ("Groups, sleep and homes", vec![], "words of a person's own"),
            ("mothers sleep AT night", vec![titles[3]], "marks and capitals do not count"),
            ("", vec![], "nothing"),
        ] {
            assert_eq!(named(preheader, titles.into_iter()), want, "{note}");
        }
    }

    #[test]
    fn every_language_fills_a_preheader_up() {
        let item = |n: usize| DraftItem {
            id: format!("w{n}"),
            title: format!("Walks {n}"),
            section: "evidence".into(),
            ..DraftItem::default()
        };
        for language in Language::ALL {
            for count in [0, 1, 4] {
                let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
                draft.items = (0..count).map(item).collect();
                let text = proposed(&draft, language);
                assert!((CHARS_MIN..=CHARS_MAX).contains(&text.chars().count()), "{language:?}: {text}");
                assert!(!text.contains(['{', '}']) && (count < 4 || text.contains(" 1")), "{language:?}: {text}");
            }
        }
    }
}
