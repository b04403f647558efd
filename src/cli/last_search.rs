//! What the last search showed, so that `roundup show 3` means its third hit.
//!
//! It is a convenience: where the folder cannot be written (a stick that is read-only), searching
//! works all the same, and numbers are then not known.

use crate::fsx;
use crate::index::LIMIT_MAX;
use crate::model::WorkId;
use crate::pipeline::Home;

/// The file below the home's data folder.
const FILE: &str = "last-search.json";

/// The most bytes of it: a page of the most hits there may be has far less.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// A number up to this many digits may be that of a hit; longer ones are PMIDs. The papers with the
/// shortest PMIDs are from before 1975.
const DIGITS_MAX: usize = 4;

/// The last page of hits.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct LastSearch {
    /// Version of the file.
    v: u32,
    /// The number of its first hit less one.
    offset: usize,
    /// The papers, in order.
    ids: Vec<WorkId>,
}

impl LastSearch {
    /// Returns the page of these papers, of which so many were left out from the top.
    pub fn new(offset: usize, ids: impl Iterator<Item = WorkId>) -> Self {
        Self { v: 1, offset, ids: ids.collect() }
    }

    /// Keeps the page, where it can be kept.
    pub fn keep(&self, home: &Home) {
        if let Ok(text) = serde_json::to_string(self) {
            // See the module: a folder that cannot be written costs the numbers only.
            let _ = fsx::write_quick(&home.data().join(FILE), format!("{text}\n").as_bytes());
        }
    }

    /// Returns the last page of a home; an empty one when none was kept or it cannot be read.
    pub fn of(home: &Home) -> Self {
        let text = fsx::read_plain_text(&home.data().join(FILE), FILE_BYTES_MAX).ok().flatten();
        let kept: Self = text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
        let is_sound = kept.v == 1 && kept.offset <= LIMIT_MAX && kept.ids.len() <= LIMIT_MAX;
        if is_sound { kept } else { Self::default() }
    }

    /// Returns the paper with this number on the page.
    pub fn paper(&self, number: usize) -> Option<&WorkId> {
        self.ids.get(number.checked_sub(self.offset + 1)?)
    }

    /// Returns the first and the last number on the page; `None` when it is empty.
    pub fn numbers(&self) -> Option<(usize, usize)> {
        (!self.ids.is_empty()).then_some((self.offset + 1, self.offset + self.ids.len()))
    }
}

/// Returns the number of a hit that a word may be; `None` when it can be none.
pub fn number(word: &str) -> Option<usize> {
    let is_number = (1..=DIGITS_MAX).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| word.parse().ok()).flatten().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        assert_eq!(LastSearch::of(&home).numbers(), None);
        let ids = ["waaaaaaaaaab", "waaaaaaaaaac"].map(|id| WorkId::parse(id).unwrap());
        LastSearch::new(10, ids.iter().cloned()).keep(&home);
        let last = LastSearch::of(&home);
        assert_eq!(last.numbers(), Some((11, 12)));
        assert_eq!((last.paper(12), last.paper(10), last.paper(13)), (ids.get(1), None, None));
        for text in ["{\"v\": 1, cut", "{\"v\":1,\"offset\":18446744073709551615,\"ids\":[\"waaaaaaaaaab\"]}"] {
            fsx::write_atomic(&home.data().join(FILE), text.as_bytes()).unwrap();
            let last = LastSearch::of(&home);
            assert_eq!((last.numbers(), last.paper(3)), (None, None), "a damaged file costs the numbers only");
        }
    }

    #[test]
    fn a_number_is_short() {
        for (word, want) in
            [("3", Some(3)), ("0", None), ("90000001", None), ("w2", None), ("", None), ("12", Some(12))]
        {
            assert_eq!(number(word), want, "{word}");
        }
    }
}
