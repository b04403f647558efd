//! What is another in a text of a draft than in the one before it, in sentences for a list of many texts.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::{asked_about, issue_items};
use crate::model::text::quoted_title;
use crate::model::{Choice, Decision, Draft};

/// Answers that are told one by one: more are counted.
const ANSWERS_TOLD_MAX: usize = 5;

/// What became of a paper's place, each with its words before the paper's name.
const PLACES: [(Became, &str); 8] = [
    (Became::Kept, "kept"),
    (Became::PutOff, "put off"),
    (Became::Dropped, "dropped"),
    (Became::Unsaid, "took back what was said of"),
    (Became::In, "put into the issue:"),
    (Became::Out, "took out of the issue:"),
    (Became::Came, "new among the candidates:"),
    (Became::Went, "no longer among the candidates:"),
];

/// What a change of each of a paper's words is called, in the order of [`Paper::words`].
const FIELDS: [&str; 6] = [
    "moved to another section:",
    "changed the title of",
    "changed the summary of",
    "changed “why it matters” of",
    "changed the link of",
    "changed your reason for",
];

/// What became of a paper's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Became {
    /// A person wants it in.
    Kept,
    /// A person put it off to another month.
    PutOff,
    /// A person wants it out.
    Dropped,
    /// What a person had said was taken back.
    Unsaid,
    /// It is in the issue now, without a word.
    In,
    /// It is in the issue no longer, without a word.
    Out,
    /// It stands among the candidates now, and stood nowhere.
    Came,
    /// It stood among the candidates, and stands nowhere now.
    Went,
}

/// One paper as a draft has it, be it an item or a candidate.
#[derive(Debug, Clone, Copy)]
struct Paper<'a> {
    /// Its title.
    title: &'a str,
    /// Section, title, summary, why it matters, link, a person's reason.
    words: [&'a str; 6],
    /// What a person said of its place.
    said: Option<Choice>,
    /// Whether it stands there as an item.
    is_item: bool,
    /// Whether it is in the issue: an item, or a candidate that is kept.
    is_in: bool,
}

/// The papers of a draft by id.
type Papers<'a> = BTreeMap<&'a str, Paper<'a>>;

/// Returns what is another in a draft than in the one before, a sentence each, with the paper's name where it is about
/// one. Nothing that a draft says being another, it is in remarks or spaces.
pub(in crate::pipeline) fn in_short(before: &Draft, after: &Draft) -> Vec<String> {
    let (old, new) = (papers(before), papers(after));
    let ids: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let titles = |is_meant: &dyn Fn(Option<&Paper<'_>>, Option<&Paper<'_>>) -> bool| -> Vec<&str> {
        let meant = ids.iter().filter(|id| is_meant(old.get(*id), new.get(*id)));
        meant.filter_map(|id| new.get(id).or_else(|| old.get(id))).map(|p| p.title).collect()
    };
    let mut out = Vec::new();
    for (what, words) in PLACES {
        out.extend(told(words, &titles(&|o, n| became(o, n) == Some(what))));
    }
    for (at, words) in FIELDS.into_iter().enumerate() {
        let field = |p: &Paper<'_>| p.words.get(at).copied().unwrap_or_default().to_owned();
        out.extend(told(words, &titles(&|o, n| o.zip(n).is_some_and(|(o, n)| field(o) != field(n)))));
    }
    if has_other_order(before, after) {
        out.push("changed the order of papers".to_owned());
    }
    out.extend(letter(before, after, &new));
    out.extend(answers(&before.decisions, &after.decisions));
    out.extend(questions(&before.decisions, &after.decisions));
    if out.is_empty() {
        out.push("changed nothing but remarks or spaces".to_owned());
    }
    out
}

/// Returns the papers of a draft. One that stands there twice counts as the item.
fn papers(draft: &Draft) -> Papers<'_> {
    let candidates = draft.candidates.iter().map(|c| {
        let words = [&*c.section, &*c.title, &*c.summary, &*c.why, &*c.link, &*c.reason];
        (&*c.id, Paper { title: &c.title, words, said: c.choice, is_item: false, is_in: c.is_kept() })
    });
    let items = draft.items.iter().map(|i| {
        let words = [&*i.section, &*i.title, &*i.summary, &*i.why, &*i.link, &*i.reason];
        let said = i.is_kept.then_some(Choice::Keep);
        (&*i.id, Paper { title: &i.title, words, said, is_item: true, is_in: true })
    });
    candidates.chain(items).collect()
}

/// Returns what became of a paper's place; `None` where nothing did.
fn became(old: Option<&Paper<'_>>, new: Option<&Paper<'_>>) -> Option<Became> {
    let said = |paper: Option<&Paper<'_>>| paper.and_then(|p| p.said);
    let is_in = |paper: Option<&Paper<'_>>| paper.is_some_and(|p| p.is_in);
    match said(new).filter(|word| said(old) != Some(*word)) {
        Some(Choice::Keep) => return Some(Became::Kept),
        Some(Choice::Maybe) => return Some(Became::PutOff),
        Some(Choice::Drop) => return Some(Became::Dropped),
        Some(Choice::Passed) | None => {}
    }
    match (old, new) {
        (Some(old), Some(new)) if old.said.is_some() && new.said.is_none() => match (old.is_in, new.is_in) {
            (false, true) => Some(Became::In),
            // A candidate that was kept and is an item now was moved: it is in as before.
            (true, true) if !old.is_item => None,
            _ => Some(Became::Unsaid),
        },
        _ if is_in(old) != is_in(new) => Some(if is_in(new) { Became::In } else { Became::Out }),
        (None, Some(_)) => Some(Became::Came),
        (Some(old), None) if !old.is_in => Some(Became::Went),
        _ => None,
    }
}

/// Returns a sentence with the name of the one paper that it is about, or how many there are; nothing for none.
fn told(words: &str, titles: &[&str]) -> Option<String> {
    match titles {
        [] => None,
        [one] => Some(format!("{words} {}", named(one))),
        many => Some(format!("{words} {} papers", many.len())),
    }
}

/// Returns a title in quotation marks, short.
fn named(title: &str) -> String {
    quoted_title(if title.is_empty() { "no title" } else { title })
}

/// Tells whether papers of one section that stand in the issue of both drafts do so in another order.
fn has_other_order(before: &Draft, after: &Draft) -> bool {
    let placed = |draft: &Draft| -> Vec<(String, String)> {
        issue_items(draft).into_iter().map(|i| (i.section, i.id)).collect()
    };
    let (old, new) = (placed(before), placed(after));
    let common = |these: &[(String, String)], those: &[(String, String)]| -> BTreeMap<String, Vec<String>> {
        let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (section, id) in these.iter().filter(|p| those.contains(p)) {
            sections.entry(section.clone()).or_default().push(id.clone());
        }
        sections
    };
    common(&old, &new) != common(&new, &old)
}

/// Returns what is another in the words above the items, in what stands first and in the dates.
fn letter(before: &Draft, after: &Draft, papers: &Papers<'_>) -> Vec<String> {
    let heads = [
        ("changed the subject", &before.subject, &after.subject),
        ("changed the preheader", &before.preheader, &after.preheader),
        ("changed your note", &before.note, &after.note),
        ("changed the request to readers", &before.request, &after.request),
    ];
    let mut out: Vec<String> =
        heads.into_iter().filter(|(_, old, new)| old != new).map(|(words, ..)| words.to_owned()).collect();
    if before.pick != after.pick {
        let title = papers.get(after.pick.as_str()).map_or(after.pick.as_str(), |p| p.title);
        let nobody = || "no paper stands first now".to_owned();
        out.push(if after.pick.is_empty() { nobody() } else { format!("{} stands first now", named(title)) });
    }
    let dates =
        |d: &Draft| -> Vec<_> { d.events.iter().map(|e| (e.date.clone(), e.title.clone(), e.link.clone())).collect() };
    if dates(before) != dates(after) {
        out.push("changed the dates for readers".to_owned());
    }
    out
}

/// Returns which answers are other ones, each with the paper that it is about; many are counted.
fn answers(before: &[Decision], after: &[Decision]) -> Vec<String> {
    let was = |id: &str| before.iter().find(|d| d.id == id).map_or("", |d| d.answer.trim());
    let changed = after.iter().filter(|d| d.answer.trim() != was(&d.id));
    let (given, taken): (Vec<&Decision>, Vec<&Decision>) = changed.partition(|d| !d.answer.trim().is_empty());
    let answered =
        |d: &&Decision| format!("answered {} to the question about {}", quoted_title(d.answer.trim()), asked_about(d));
    let mut out: Vec<String> = if given.len() > ANSWERS_TOLD_MAX {
        vec![format!("answered {} questions", given.len())]
    } else {
        given.iter().map(answered).collect()
    };
    match taken.as_slice() {
        [] => {}
        [one] => out.push(format!("took back the answer to the question about {}", asked_about(one))),
        many => out.push(format!("took back the answers to {} questions", many.len())),
    }
    out
}

/// Returns which questions came and went.
fn questions(before: &[Decision], after: &[Decision]) -> Vec<String> {
    let missing = |from: &[Decision], other: &[Decision]| -> Vec<String> {
        from.iter().filter(|d| !other.iter().any(|o| o.id == d.id)).map(asked_about).collect()
    };
    let told = |words: &str, about: Vec<String>| match about.as_slice() {
        [] => None,
        [one] => Some(format!("{words} about {one}")),
        many => Some(format!("{words} about {} papers", many.len())),
    };
    let (came, went) = (missing(after, before), missing(before, after));
    told("asks now", came).into_iter().chain(told("asks no longer", went)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Candidate, DraftItem, Event, Month};

    /// Returns a draft with items `a` (kept), `b`, `c`, an open candidate `x`, one `y` that was put off, and a question.
    fn draft() -> Draft {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        for (id, section) in [("a", "evidence"), ("b", "evidence"), ("c", "more")] {
            let (id, section, title) = (id.to_owned(), section.to_owned(), format!("T{id}"));
            let is_kept = id == "a";
            draft.items.push(DraftItem { id, section, title, is_kept, ..DraftItem::default() });
        }
        for (id, choice) in [("x", None), ("y", Some(Choice::Maybe))] {
            let (id, title, section) = (id.to_owned(), format!("T{id}"), "evidence".to_owned());
            draft.candidates.push(Candidate { id, choice, section, title, ..Candidate::default() });
        }
        draft.decisions.push(asked("scope w1", "Does it belong here? “Sleep”"));
        draft
    }

    fn asked(id: &str, question: &str) -> Decision {
        Decision { id: id.into(), question: question.into(), ..Decision::default() }
    }

    /// Turns an item into a candidate of which something was said.
    fn beside(draft: &mut Draft, at: usize, choice: Option<Choice>) {
        let item = draft.items.remove(at);
        let (id, title, section) = (item.id, item.title, item.section);
        draft.candidates.push(Candidate { id, choice, section, title, ..Candidate::default() });
    }

    /// What a case does to a draft.
    type Deed = fn(&mut Draft);

    fn check(cases: &[(&str, Deed, &[&str])]) {
        for (note, deed, want) in cases {
            let mut after = draft();
            deed(&mut after);
            assert_eq!(in_short(&draft(), &after), *want, "{note}");
        }
    }

    #[test]
    fn what_was_said_of_a_paper_is_told_with_its_name() {
        check(&[
            ("kept", |d| d.candidates[0].choice = Some(Choice::Keep), &["kept “Tx”"]),
            ("put off", |d| d.candidates[0].choice = Some(Choice::Maybe), &["put off “Tx”"]),
            ("dropped", |d| d.candidates[0].choice = Some(Choice::Drop), &["dropped “Tx”"]),
            ("an item that is dropped", |d| beside(d, 1, Some(Choice::Drop)), &["dropped “Tb”"]),
            ("taken back", |d| d.candidates[1].choice = None, &["took back what was said of “Ty”"]),
            ("taken back of an item", |d| d.items[0].is_kept = false, &["took back what was said of “Ta”"]),
            ("out without a word", |d| beside(d, 1, None), &["took out of the issue: “Tb”"]),
            ("gone", |d| drop(d.items.remove(1)), &["took out of the issue: “Tb”"]),
            ("a candidate less", |d| drop(d.candidates.remove(0)), &["no longer among the candidates: “Tx”"]),
            (
                "a candidate more",
                |d| d.candidates.push(Candidate { id: "z".into(), ..Candidate::default() }),
                &["new among the candidates: “no title”"],
            ),
            (
                "put off and moved into the issue",
                |d| {
                    let y = d.candidates.remove(1);
                    d.items.push(DraftItem { id: y.id, title: y.title, section: y.section, ..DraftItem::default() });
                },
                &["put into the issue: “Ty”"],
            ),
            (
                "several at once are counted",
                |d| d.candidates.iter_mut().for_each(|c| c.choice = Some(Choice::Drop)),
                &["dropped 2 papers"],
            ),
        ]);
    }

    #[test]
    fn words_of_items_and_candidates_are_told_with_their_names() {
        check(&[
            ("of an item", |d| "S".clone_into(&mut d.items[1].summary), &["changed the summary of “Tb”"]),
            ("of a candidate", |d| "S".clone_into(&mut d.candidates[0].summary), &["changed the summary of “Tx”"]),
            ("why", |d| "W".clone_into(&mut d.candidates[1].why), &["changed “why it matters” of “Ty”"]),
            ("a new title", |d| "New".clone_into(&mut d.items[2].title), &["changed the title of “New”"]),
            ("section", |d| "more".clone_into(&mut d.items[1].section), &["moved to another section: “Tb”"]),
            ("order", |d| d.items.swap(0, 1), &["changed the order of papers"]),
            (
                "several",
                |d| d.items.iter_mut().for_each(|i| i.why = "W".into()),
                &["changed “why it matters” of 3 papers"],
            ),
            ("nothing", |_| {}, &["changed nothing but remarks or spaces"]),
            (
                "the letter",
                |d| {
                    d.note = "Dear all".to_owned();
                    d.pick = "b".to_owned();
                    d.events.push(Event::default());
                },
                &["changed your note", "“Tb” stands first now", "changed the dates for readers"],
            ),
        ]);
    }

    #[test]
    fn answers_are_told_with_what_they_are_about() {
        check(&[
            (
                "given",
                |d| "in".clone_into(&mut d.decisions[0].answer),
                &["answered “in” to the question about “Sleep”"],
            ),
            ("gone", |d| d.decisions.clear(), &["asks no longer about “Sleep”"]),
            (
                "new ones",
                |d| d.decisions.extend((2..4).map(|n| asked(&format!("scope w{n}"), "Does it? “A”"))),
                &["asks now about 2 papers"],
            ),
            (
                "many",
                |d| {
                    d.decisions.clear();
                    d.decisions.extend(
                        (1..9)
                            .map(|n| Decision {
                                answer: "in".into(), ..asked(&format!("scope w{n}"), "Does it? “A”")
                            }),
                    );
                },
                &["answered 8 questions", "asks now about 7 papers"],
            ),
        ]);
        let mut before = draft();
        "in".clone_into(&mut before.decisions[0].answer);
        assert_eq!(in_short(&before, &draft()), ["took back the answer to the question about “Sleep”"]);
    }

    #[test]
    fn a_kept_candidate_that_is_moved_stays_in() {
        let mut before = draft();
        before.candidates[0].choice = Some(Choice::Keep);
        let mut after = before.clone();
        let x = after.candidates.remove(0);
        after.items.insert(0, DraftItem { id: x.id, title: x.title, section: x.section, ..DraftItem::default() });
        assert_eq!(in_short(&before, &after), ["changed the order of papers"]);
    }
}
