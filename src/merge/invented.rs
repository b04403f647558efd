//! Invented records for the laws of merging, here and where works are made of records.

use proptest::prelude::*;

use crate::model::{Author, Doi, Pmid, Record};

/// Titles that look alike to a careless reader, and some that are one in two spellings.
const TITLES: &[&str] = &[
    "Group care for postnatal depression in rural districts",
    "GROUP CARE FOR POSTNATAL DEPRESSION IN RURAL DISTRICTS.",
    "Group care for postnatal depression in rural districts: protocol",
    "Group care for antenatal depression in rural districts",
    "Group care for postnatal depression in rural districts: part II",
    "Correction to: Group care for postnatal depression in rural districts",
    "[Articles] Group care for postnatal depression in rural…",
    "Editorial",
    "Sleep of newborns in highland villages",
    "Sleep of new-borns in highland villages",
    "",
];

/// Returns records of which many are one study, many may be, and many only look like it; without ids.
pub(crate) fn any_record() -> impl Strategy<Value = Record> {
    let pick = |n: usize| prop::option::weighted(0.5, 0..n);
    (0..TITLES.len(), pick(2), pick(2), pick(3), pick(2), (pick(2), pick(3), pick(3), any::<bool>())).prop_map(
        |(title, authors, journal, year, volume, (pages, doi, pmid, is_preprint))| {
            let choose = |n: Option<usize>, list: &[&str]| n.map(|n| list[n].to_owned());
            Record {
                source: "cases".into(),
                title: TITLES[title].into(),
                authors: choose(authors, &["Example", "Other"]).map(|a| Author::person(&a, "M")).into_iter().collect(),
                journal: choose(journal, &["Journal of Invented Health", "J Invent Health"]),
                year: year.map(|n| 2022 + i16::try_from(n).unwrap()),
                volume: choose(volume, &["3", "4"]),
                pages: choose(pages, &["10-19", "1-10"]),
                doi: choose(doi, &["10.5555/law.1", "10.5555/law.2", "10.5555/law.3"]).and_then(|d| Doi::parse(&d)),
                pmid: choose(pmid, &["90000071", "90000072", "90000073"]).and_then(|p| Pmid::parse(&p)),
                types: if is_preprint { vec!["Preprint".into()] } else { vec![] },
                ..Record::default()
            }
        },
    )
}
