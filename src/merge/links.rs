//! Which of many studies are linked and stay two: preprint and article, notice and paper, news and
//! what it reports on. Only those that share a key are looked at.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::{Record, RelationKind};

use super::blocks::Blocks;
use super::prepared::Prepared;
use super::relate::{Relator, link_keys};
use super::{hash, parallel};

/// Studies that may offer and seek one key before it says nothing: a title that a hundred papers
/// have. A paper that a thousand others name is linked to all of them.
const KEY_STUDIES_MAX: usize = 60;

/// Studies that one thread compares, or makes keys of, before it hands them on.
const CHUNK_STUDIES: usize = 512;

/// Two studies that are linked, by their places in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The earlier study.
    pub a: usize,
    /// The later study.
    pub b: usize,
    /// What the earlier one is to the later one, the gravest first; never empty.
    pub kinds: Vec<RelationKind>,
}

/// Returns the links between studies, each a record or folded work, in the order of the list.
///
/// Two are looked at when one seeks what the other offers, when one names the other, or when they
/// share a key by which doubles are found. Time and memory grow with the number of studies, not with
/// its square. `progress` is told how many studies are done. No studies have no links.
pub fn links_among(studies: &[Record], progress: &mut dyn FnMut(usize)) -> Vec<Link> {
    let relators = made_in_chunks(studies, Relator::new);
    let named = Named::of(studies);
    let blocks = {
        let prepared: Vec<&Prepared> = relators.iter().map(Relator::prepared).collect();
        Blocks::of(&prepared, &vec![false; prepared.len()])
    };
    let relate = |range: Range<usize>| {
        let (end, mut found, mut others) = (range.end, Vec::new(), Vec::new());
        for a in range {
            others.clear();
            blocks.later_in_blocks_of(a, &mut others);
            others.extend(named.later_than(a));
            others.sort_unstable();
            others.dedup();
            for b in &others {
                let (Some(x), Some(y)) = (relators.get(a), relators.get(*b)) else { continue };
                let kinds = x.to(y);
                if !kinds.is_empty() {
                    found.push(Link { a, b: *b, kinds });
                }
            }
        }
        (end, found)
    };
    let mut out = Vec::new();
    parallel::in_chunks(studies.len(), CHUNK_STUDIES, relate, &mut |(end, found)| {
        out.extend(found);
        progress(end);
    });
    out
}

/// Pairs of studies of which one names the other or carries a key that the other one offers.
struct Named(BTreeSet<(usize, usize)>);

/// What a study has to do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Offers,
    Seeks,
}

impl Named {
    /// Finds the pairs by the keys of all studies.
    fn of(studies: &[Record]) -> Self {
        let mut keys: Vec<(u64, Role, usize)> = Vec::new();
        for (place, own) in made_in_chunks(studies, keys_of).into_iter().enumerate() {
            keys.extend(own.into_iter().map(|(key, role)| (key, role, place)));
        }
        keys.sort_unstable();
        let mut pairs = BTreeSet::new();
        for one_key in keys.chunk_by(|x, y| x.0 == y.0) {
            let (offers, seeks) = one_key.split_at(one_key.partition_point(|k| k.1 == Role::Offers));
            if offers.len().min(seeks.len()) > KEY_STUDIES_MAX {
                continue;
            }
            for (_, _, x) in offers {
                let others = seeks.iter().map(|(_, _, y)| y).filter(|y| *y != x);
                pairs.extend(others.map(|y| (*x.min(y), *x.max(y))));
            }
        }
        Self(pairs)
    }

    /// Returns the later partners of a study.
    fn later_than(&self, study: usize) -> impl Iterator<Item = usize> {
        self.0.range((study, 0)..=(study, usize::MAX)).map(|(_, other)| *other)
    }
}

/// Returns the keys of a study as numbers; it is found by what it offers and by its identifiers.
fn keys_of(study: &Record) -> Vec<(u64, Role)> {
    let keys = link_keys(study);
    let identifiers = study.identifiers().into_iter().map(|i| format!("{}:{}", i.kind(), i.value()));
    let offers = keys.offers.into_iter().chain(identifiers).map(|key| (key, Role::Offers));
    let seeks = keys.seeks.into_iter().map(|key| (key, Role::Seeks));
    offers.chain(seeks).map(|(key, role)| (hash(key.as_bytes()), role)).collect()
}

/// Returns something made of every study, in their order, on all processors.
fn made_in_chunks<'s, T: Send>(studies: &'s [Record], make: impl Fn(&'s Record) -> T + Sync) -> Vec<T> {
    let work = |range: Range<usize>| studies.get(range).unwrap_or_default().iter().map(&make).collect();
    let mut out = Vec::with_capacity(studies.len());
    parallel::in_chunks(studies.len(), CHUNK_STUDIES, work, &mut |chunk: Vec<T>| out.extend(chunk));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::relations_between;
    use crate::model::{Author, Doi, PartialDate, Pmid, Relation};

    const TITLE: &str = "Peer visits for young mothers in hill districts: a cluster trial";

    fn paper(title: &str, doi: &str) -> Record {
        Record {
            title: title.into(),
            doi: Doi::parse(doi),
            authors: vec![Author::person("Example", "Maria"), Author::person("Sample", "Ana")],
            journal: Some("Journal of Invented Health".into()),
            year: Some(2026),
            volume: Some("7".into()),
            types: vec!["Journal Article".into()],
            ..Record::default()
        }
    }

    fn studies() -> Vec<Record> {
        let preprint = Record {
            types: vec!["Preprint".into()],
            journal: Some("medRxiv".into()),
            volume: None,
            published: PartialDate::new(2026, Some(1), None),
            ..paper(TITLE, "10.1101/2026.01.02.90000001")
        };
        let news = Record {
            title: "Visits lift the mood of young mothers".into(),
            url: Some("https://example.org/news/1".into()),
            abstract_text: Some("The paper is at https://doi.org/10.5555/links.1".into()),
            ..Record::default()
        };
        let comment = Record {
            pmid: Pmid::parse("90000801"),
            relations: vec![Relation {
                kind: RelationKind::new("CommentOn"),
                pmid: None,
                doi: Doi::parse("10.5555/links.1"),
                note: None,
            }],
            ..paper("What visits can do", "10.5555/links.2")
        };
        let erratum = paper(&format!("Correction to: {TITLE}"), "10.5555/links.3");
        vec![
            comment,
            preprint,
            paper("Sleep of newborns in winter", "10.5555/links.4"),
            paper(TITLE, "10.5555/links.1"),
            news,
            erratum,
        ]
    }

    #[test]
    fn linked_studies_are_found_in_the_order_of_the_list() {
        let links = links_among(&studies(), &mut |_| {});
        let told: Vec<String> = links
            .iter()
            .map(|l| {
                format!("{} {} {}", l.a, l.kinds.iter().map(RelationKind::words).collect::<Vec<_>>().join(", "), l.b)
            })
            .collect();
        assert_eq!(told, ["0 comments on 3", "1 is the preprint of 3", "3 was reported in 4", "3 was corrected by 5"]);
    }

    #[test]
    fn what_is_found_is_what_comparing_all_with_all_finds() {
        let studies = studies();
        let mut all = Vec::new();
        for a in 0..studies.len() {
            for b in a + 1..studies.len() {
                let kinds = relations_between(&studies[a], &studies[b]);
                if !kinds.is_empty() {
                    all.push(Link { a, b, kinds });
                }
            }
        }
        assert_eq!(links_among(&studies, &mut |_| {}), all);
    }

    #[test]
    fn no_studies_have_no_links() {
        assert_eq!(links_among(&[], &mut |_| {}), []);
    }

    #[test]
    fn many_news_about_one_paper_are_linked_and_a_key_that_all_have_is_passed_over() {
        let news = |n: usize| Record {
            title: format!("News {n}"),
            url: Some(format!("https://example.org/{n}")),
            abstract_text: Some("See https://doi.org/10.5555/links.1".into()),
            ..Record::default()
        };
        let mut studies = vec![paper(TITLE, "10.5555/links.1")];
        studies.extend((0..200).map(news));
        assert_eq!(links_among(&studies, &mut |_| {}).len(), 200);
        let versions: Vec<Record> =
            (1..200).map(|n| paper(&format!("Word{n} of another{n} kind{n}"), "10.21203/rs.3.rs-9/v1")).collect();
        assert_eq!(Named::of(&versions).0.len(), 0);
        assert_eq!(Named::of(&versions[..50]).0.len(), 50 * 49 / 2);
    }
}
