//! Chooses one sentence for readers out of the authors' conclusion: verbatim, or trimmed at an edge.
//!
//! The first sentence that claims something and gives no advice; of "These findings suggest that
//! …" the clause after "that". Where the sentence is advice or opinion, "Authors conclude:" stands
//! before it. A protocol or notice has no finding.

use std::collections::BTreeMap;
use std::ops::Range;

use super::conclusion::{self, sentences_with};
use super::rule::{Reading, Tags};
use super::text::FieldText;
use crate::model::{Design, Evidence, Field, Record};

/// What stands before an opinion.
const OPINION_LEAD: &str = "Authors conclude: ";
/// Fewer words than this say nothing on their own.
const WORDS_MIN: usize = 6;
/// A finding of more words is trimmed where a clause ends, when one does.
const WORDS_GOOD_MAX: usize = 35;
/// A trimmed finding keeps at least so many words.
const WORDS_GOOD_MIN: usize = 15;
/// Sentences of a conclusion that are looked at.
const SENTENCES_MAX: usize = 30;

/// A conclusion and the sentence chosen out of it.
#[derive(Debug, Default)]
pub struct Finding {
    /// The sentences taken as conclusion, verbatim.
    pub conclusion: Vec<String>,
    /// The sentence for readers.
    pub text: Option<String>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// Finds conclusion and finding of a record; both empty without an abstract.
pub fn find(reading: &Reading<'_>, tags: &Tags, design: Design, record: &Record) -> Finding {
    let Some(text) = reading.text(Field::Abstract) else { return Finding::default() };
    let (ranges, is_labelled) = conclusion::find(record, text, tags);
    let quote = |r: &Range<usize>| text.original.get(r.clone()).unwrap_or_default();
    let conclusion: Vec<String> = ranges.iter().map(|r| quote(r).to_owned()).collect();
    let mut out = Finding { conclusion, ..Finding::default() };
    let has_none = matches!(design, Design::Notice) || is_announced(tags, design) || record.is_retracted();
    if has_none {
        return out;
    }
    let signs = Signs::of(tags, text);
    let Some((range, is_opinion)) = choose(&ranges, text, &signs) else { return out };
    let is_opinion = is_opinion || matches!(design, Design::PolicyCommentary | Design::Guideline);
    let body = clause(&range, text, &signs);
    let trimmed = trim(body);
    if trimmed.is_empty() {
        return out;
    }
    let rule = if is_labelled { "finding.labelled" } else { "finding.last-sentences" };
    out.evidence.push(Evidence { rule: rule.to_owned(), field: "abstract".to_owned(), text: trimmed.to_owned() });
    let mark = if trimmed.len() < body.len() { "…" } else { "" };
    let lead = if is_opinion { OPINION_LEAD } else { "" };
    out.text = Some(format!("{lead}{}{mark}", with_capital(trimmed)));
    out
}

/// Tells whether title or publication type say that the study is still to come.
fn is_announced(tags: &Tags, design: Design) -> bool {
    let hits = tags.get("design:protocol").into_iter().flatten();
    design == Design::Protocol && hits.into_iter().any(|h| h.evidence.field != Field::Abstract.as_str())
}

/// Sentences with each sign.
struct Signs {
    claim: BTreeMap<usize, usize>,
    advice: BTreeMap<usize, usize>,
    caveat: BTreeMap<usize, usize>,
    /// First and last word of "these findings suggest that".
    leads: Vec<Range<usize>>,
}

impl Signs {
    /// Reads the signs of an abstract.
    fn of(tags: &Tags, text: &FieldText) -> Self {
        let leads = tags
            .get("finding:lead")
            .into_iter()
            .flatten()
            .filter(|h| h.field == Field::Abstract)
            .map(|h| h.words.clone())
            .collect();
        Self {
            claim: sentences_with(tags, "finding:claim", text),
            advice: sentences_with(tags, "finding:advice", text),
            caveat: sentences_with(tags, "finding:caveat", text),
            leads,
        }
    }
}

/// Returns the sentence to print and whether it is advice.
fn choose(ranges: &[Range<usize>], text: &FieldText, signs: &Signs) -> Option<(Range<usize>, bool)> {
    let number =
        |r: &Range<usize>| text.tokens.get(text.tokens.partition_point(|t| t.span.start < r.start)).map(|t| t.sentence);
    let words = |r: &Range<usize>| text.original.get(r.clone()).unwrap_or_default().split_whitespace().count();
    let has = |signs: &BTreeMap<usize, usize>, r: &Range<usize>| number(r).is_some_and(|n| signs.contains_key(&n));
    let usable: Vec<&Range<usize>> = ranges.iter().take(SENTENCES_MAX).filter(|r| words(r) >= WORDS_MIN).collect();
    let is_plain = |r: &&&Range<usize>| !has(&signs.advice, r) && !has(&signs.caveat, r);
    let first = |good: &dyn Fn(&&&Range<usize>) -> bool| usable.iter().find(|r| good(r)).map(|r| (*r).clone());
    let claims = |r: &&&Range<usize>| is_plain(r) && has(&signs.claim, r);
    let fits = |r: &&&Range<usize>| (WORDS_GOOD_MIN..=WORDS_GOOD_MAX).contains(&words(r));
    if let Some(found) = first(&|r| claims(r) && fits(r)).or_else(|| first(&|r| claims(r))).or_else(|| first(&is_plain))
    {
        return Some((found, false));
    }
    let any = first(&|r| !has(&signs.caveat, r)).or_else(|| first(&|_| true)).or_else(|| ranges.first().cloned())?;
    Some((any, true))
}

/// Returns a sentence without a beginning such as "these findings suggest that".
fn clause<'t>(range: &Range<usize>, text: &'t FieldText, signs: &Signs) -> &'t str {
    let whole = text.original.get(range.clone()).unwrap_or_default();
    let first = text.tokens.partition_point(|t| t.span.start < range.start);
    let Some(lead) = signs.leads.iter().filter(|l| l.start == first).max_by_key(|l| l.end) else { return whole };
    let Some(next) = text.tokens.get(lead.end).filter(|t| t.span.end <= range.end) else { return whole };
    let rest = text.original.get(next.span.start..range.end).unwrap_or(whole);
    if rest.split_whitespace().count() >= WORDS_MIN { rest } else { whole }
}

/// Where a clause can end.
const EDGES: [&str; 5] = ["; ", ", and ", ", which ", ", suggesting ", ", indicating "];
/// Words that turn the meaning of what stands before them.
const TURNS: [&str; 6] = ["but ", "although ", "however", "except ", "unless ", "only "];

/// Returns a long sentence up to a place where a clause ends; never before a "but", which would
/// turn the meaning round.
fn trim(sentence: &str) -> &str {
    if sentence.split_whitespace().count() <= WORDS_GOOD_MAX {
        return sentence;
    }
    let cut = EDGES
        .iter()
        .flat_map(|edge| sentence.match_indices(edge))
        .filter(|(at, edge)| {
            let kept = sentence.get(..*at).unwrap_or_default().split_whitespace().count();
            let rest = sentence.get(at + edge.len()..).unwrap_or_default().to_lowercase();
            (WORDS_GOOD_MIN..=WORDS_GOOD_MAX).contains(&kept) && !TURNS.iter().any(|t| rest.contains(t))
        })
        .map(|(at, _)| at)
        .max();
    cut.and_then(|at| sentence.get(..at)).unwrap_or(sentence)
}

/// Returns a text with its first letter as a capital.
fn with_capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if first.is_lowercase() && first.to_uppercase().count() == 1 => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_cut_at_a_clause_but_never_before_a_turn() {
        let head = "Peer counselling lowered depression scores among mothers in the trial area and kept them low for at least one year";
        let tail = "it was liked by the women who took part and by the health workers who gave it in the clinics there";
        assert_eq!(trim(&format!("{head}; {tail}.")), head);
        let turned = format!("{head}; {tail} but harmed some.");
        assert_eq!(trim(&turned), turned);
        assert_eq!(with_capital("ésta"), "Ésta");
        assert_eq!(with_capital("ß"), "ß");
    }
}
