//! Verdicts in plain words.

use super::bib::Field;
use super::evidence::{Evidence, YearGap};
use super::likeness::Likeness;
use super::rules::Judged;

/// Returns the reasons: the rule that decided, then what agrees, then what contradicts.
pub(super) fn reasons(judged: &Judged) -> Vec<String> {
    let mut out = vec![judged.why.to_owned()];
    let Some(e) = &judged.evidence else { return out };
    let agree: Vec<&str> = fields(e).filter(|(_, f)| matches!(f, Field::Agree)).map(|(n, _)| n).collect();
    let close: Vec<&str> = fields(e).filter(|(_, f)| matches!(f, Field::Close)).map(|(n, _)| n).collect();
    let conflict: Vec<&str> = fields(e).filter(|(_, f)| matches!(f, Field::Conflict)).map(|(n, _)| n).collect();
    out.push(title_in_words(e));
    for (verb, names) in [("agree", agree), ("nearly agree", close), ("contradict", conflict)] {
        if !names.is_empty() {
            out.push(format!("{verb}: {}", names.join(", ")));
        }
    }
    out
}

/// Returns the fields of evidence with their names, in the order a person checks them.
fn fields(e: &Evidence) -> impl Iterator<Item = (&'static str, Field)> {
    let year = match e.year {
        YearGap::Same => Field::Agree,
        YearGap::Near => Field::Close,
        YearGap::Unknown => Field::Unknown,
        YearGap::Far => Field::Conflict,
    };
    [
        ("PubMed number", e.pmid),
        ("DOI", e.doi),
        ("PMCID", e.pmcid),
        ("authors", e.authors),
        ("journal", e.journal),
        ("year", year),
        ("volume", e.volume),
        ("issue", e.number),
        ("pages", e.pages),
        ("abstract", e.summary),
    ]
    .into_iter()
}

/// Returns how the titles agree.
fn title_in_words(e: &Evidence) -> String {
    let words = match e.title.likeness {
        Likeness::Same if e.title.is_cut => "one title begins the other, which was cut",
        Likeness::Same => "the titles are the same",
        Likeness::Near => "the titles differ in spelling only",
        Likeness::Part => "one title is a part of the other",
        Likeness::Alike | Likeness::Apart => {
            return format!("the titles share {:.0} % of their words", e.title.share * 100.0);
        }
        Likeness::Missing => "one has no title",
    };
    words.to_owned()
}
