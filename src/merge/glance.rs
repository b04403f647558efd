//! A small extract of a record by which most pairs are passed over without a look at the records:
//! of a million records nearly all pairs that share a key share little else, and to fetch two
//! records from memory costs more than to compare them.

use super::hash;
use super::prepared::Prepared;

/// What a glance at a record shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    /// One bit for each word of the title that carries meaning; two words may have one bit.
    words: u128,
    /// How many they are.
    count: usize,
    /// Hash of the title's letters.
    letters: u64,
    /// Whether only a longer look tells how its title agrees with another: it was cut, or there are
    /// two.
    is_special: bool,
    pmid: Option<u32>,
    /// Hashes of DOI and PMCID.
    names: [Option<u64>; 2],
    volume: Option<u32>,
    start: Option<u32>,
}

impl Glance {
    /// Returns what a glance at a record shows.
    pub fn of(record: &Prepared) -> Self {
        let title = &record.title;
        let doi = record.doi.as_ref().map(|d| hash(d.as_str().as_bytes()));
        let pmcid = record.pmcid.as_ref().map(|p| hash(p.as_str().as_bytes()));
        Self {
            words: title.content.iter().fold(0, |bits, word| bits | 1 << ((word ^ (word >> 32)) % 128)),
            count: title.content.len(),
            letters: hash(title.compact.as_bytes()),
            is_special: title.is_cut || record.vernacular.is_some(),
            pmid: record.pmid.map(crate::model::Pmid::number),
            names: [doi, pmcid],
            volume: record.volume,
            start: record.pages.start(),
        }
    }

    /// Tells whether two records must be judged; if not, the rules would call them different. Two
    /// PubMed numbers are two papers; else that takes titles that share less than half of their
    /// words, no common name and no common place.
    pub fn is_worth_judging(&self, other: &Self) -> bool {
        let both = |a: Option<u32>, b: Option<u32>| a.zip(b).map(|(x, y)| x == y);
        match both(self.pmid, other.pmid) {
            Some(false) => return false,
            Some(true) => return true,
            None => {}
        }
        let one_name = self.names.iter().zip(&other.names).any(|(x, y)| x.is_some() && x == y);
        let one_place = both(self.start, other.start) == Some(true) && both(self.volume, other.volume) != Some(false);
        one_name || one_place || !self.titles_are_apart(other)
    }

    /// Tells whether two titles surely share less than half of their words, and neither is the
    /// beginning of the other.
    fn titles_are_apart(&self, other: &Self) -> bool {
        // A bit on one side only is a word on that side only.
        let own = (self.words & !other.words).count_ones() as usize;
        let others = (other.words & !self.words).count_ones() as usize;
        let shared_max = (self.count - own.min(self.count)).min(other.count - others.min(other.count));
        let is_special = self.is_special || other.is_special || self.letters == other.letters;
        !is_special && own > 0 && others > 0 && 4 * shared_max < self.count + other.count
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::rules::judge;
    use super::*;
    use crate::model::{Doi, Pmid, Record};

    /// Records that differ in everything a glance looks at.
    fn records() -> Vec<Prepared> {
        let titles = [
            "Walking groups for new mothers in two districts",
            "Walking groups for fathers in nine towns: a trial",
            "Walking groups",
            "Onroad births",
            "On road births",
            "",
            "The and of",
            "Walking groups for new mothers in tw…",
            "Sleep of newborns [Der Schlaf der Neugeborenen in Gruppen]",
            "Der Schlaf der Neugeborenen in Gruppen",
        ];
        let mut out = Vec::new();
        for title in titles {
            for (n, place) in [None, Some(("3", "10-19")), Some(("4", "10-19"))].into_iter().enumerate() {
                for name in [None, Some("10.5555/glance")] {
                    out.push(Prepared::of(&Record {
                        title: title.into(),
                        volume: place.map(|p| p.0.into()),
                        pages: place.map(|p| p.1.into()),
                        doi: name.and_then(Doi::parse),
                        pmid: (n == 2).then(|| Pmid::parse(&(90_000_001 + title.len() % 2).to_string())).flatten(),
                        ..Record::default()
                    }));
                }
            }
        }
        out
    }

    #[test]
    fn what_is_passed_over_the_rules_call_different() {
        let (records, mut passed) = (records(), 0);
        for a in &records {
            for b in &records {
                if !Glance::of(a).is_worth_judging(&Glance::of(b)) {
                    passed += 1;
                    assert_eq!(judge(a, b).verdict, Verdict::Different, "{a:?} {b:?}");
                }
            }
        }
        assert!(passed > records.len(), "{passed}");
    }
}
