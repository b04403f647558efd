//! Tells the country of a study from its authors' addresses (rubric 2.5).

use crate::model::{Author, Evidence};
use crate::tag::gazetteer::{Gazetteer, Kind};
use crate::tag::text::FieldText;

/// Characters of one affiliation that are read.
const AFFILIATION_CHARS_MAX: usize = 1_000;
/// Authors whose affiliations are read: large consortia list thousands.
const AFFILIATED_AUTHORS_MAX: usize = 100;

/// Returns the country of the authors when all that state one state the same, or the first and
/// the last author share one (rubric 2.5).
pub(super) fn find(authors: &[Author], gazetteer: &Gazetteer) -> Vec<(usize, Vec<Evidence>)> {
    let stated: Vec<(usize, Evidence)> = authors
        .iter()
        .take(AFFILIATED_AUTHORS_MAX)
        .filter_map(|a| a.affiliation.as_deref())
        .filter_map(|affiliation| {
            let text = FieldText::read(affiliation, AFFILIATION_CHARS_MAX);
            // The country stands last; a weak name counts there ("Tbilisi, Georgia" or "Amman, Jordan").
            let mentions = gazetteer.find(&text);
            let last = mentions
                .all
                .iter()
                .rev()
                .find(|m| m.kind != Kind::People && !(m.is_weak && mentions.doubted.contains(&m.country)))?;
            let evidence = Evidence {
                rule: "country.affiliation".to_owned(),
                field: "affiliation".to_owned(),
                text: text.quote(&last.words).to_owned(),
            };
            Some((last.country, evidence))
        })
        .collect();
    let (Some(first), Some(last)) = (stated.first(), stated.last()) else { return Vec::new() };
    if first.0 == last.0 { vec![(first.0, vec![first.1.clone()])] } else { Vec::new() }
}
