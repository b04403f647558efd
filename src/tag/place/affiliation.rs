//! Tells the country of a study from its authors' addresses (rubric 2.5).

use std::collections::BTreeSet;

use crate::model::{Author, Evidence};
use crate::tag::gazetteer::{Gazetteer, Kind, Mention};
use crate::tag::text::FieldText;

/// Characters of one affiliation that are read.
const AFFILIATION_CHARS_MAX: usize = 1_000;
/// Authors whose affiliations are read: large consortia list thousands.
const AFFILIATED_AUTHORS_MAX: usize = 100;

/// Returns the country of the authors when all that state one state the same, or the first and
/// the last author share one (rubric 2.5); several when a name stands for all of them ("Congo").
pub(super) fn find(authors: &[Author], gazetteer: &Gazetteer) -> Vec<(usize, Vec<Evidence>)> {
    let affiliations = authors.iter().take(AFFILIATED_AUTHORS_MAX).filter_map(|a| a.affiliation.as_deref());
    let stated: Vec<(BTreeSet<usize>, Evidence)> = affiliations.filter_map(|text| stated(text, gazetteer)).collect();
    let (Some((first, evidence)), Some((last, _))) = (stated.first(), stated.last()) else { return Vec::new() };
    first.intersection(last).map(|country| (*country, vec![evidence.clone()])).collect()
}

/// Returns the country that an address ends in. A weak name counts there ("Amman, Jordan"), unless
/// something speaks against it ("Atlanta, Georgia") or the name is that of a place elsewhere as well and
/// nothing else speaks for the country ("Example College, Georgia").
fn stated(affiliation: &str, gazetteer: &Gazetteer) -> Option<(BTreeSet<usize>, Evidence)> {
    let text = FieldText::read(affiliation, AFFILIATION_CHARS_MAX);
    let mentions = gazetteer.find(&text);
    let is_sited = |m: &Mention| {
        mentions
            .all
            .iter()
            .any(|o| o.country == m.country && o.words != m.words && !o.is_weak && o.kind != Kind::People)
    };
    let has_rival = |m: &Mention| gazetteer.rivals().iter().any(|(country, _)| *country == m.country);
    let is_doubtful = |m: &Mention| mentions.doubted.contains(&m.country) || has_rival(m) && !is_sited(m);
    let counts = |m: &&Mention| m.kind != Kind::People && !(m.is_weak && is_doubtful(m));
    let last = mentions.all.iter().rev().find(counts)?;
    let evidence = Evidence {
        rule: "country.affiliation".to_owned(),
        field: "affiliation".to_owned(),
        text: text.quote(&last.words).to_owned(),
    };
    Some((meant(last, &mentions.all, counts), evidence))
}

/// Returns the countries that the words of a mention mean: of several the one that another word of the
/// address names ("Kinshasa, Congo"), else those whose own name it is.
fn meant(last: &Mention, all: &[Mention], counts: impl Fn(&&Mention) -> bool) -> BTreeSet<usize> {
    let owners: Vec<&Mention> = all.iter().filter(|m| m.words == last.words).filter(counts).collect();
    let is_shared = |m: &Mention| all.iter().any(|o| o.words == m.words && o.country != m.country);
    let is_named_elsewhere = |m: &Mention| all.iter().any(|o| o.country == m.country && !is_shared(o));
    let kind = owners.iter().map(|m| m.kind).min();
    let sure: BTreeSet<usize> = owners.iter().filter(|m| is_named_elsewhere(m)).map(|m| m.country).collect();
    let called: BTreeSet<usize> = owners.iter().filter(|m| Some(m.kind) == kind).map(|m| m.country).collect();
    if sure.is_empty() { called } else { sure }
}
