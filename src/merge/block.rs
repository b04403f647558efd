//! Which records are worth comparing: those that share a key.
//!
//! Every two records that the rules can call one study, or perhaps one, share a key; the table of
//! pairs in `tests/cases` checks that. Every key says so much that among a million records few
//! share it: a title's words never stand alone where thousands of titles have them.

use std::cmp::Reverse;

use crate::model::Record;

use super::common_words::COMMON_WORDS;
use super::prepared::Prepared;
use super::shape::{Shape, shape};
use super::tables::{STOP_WORDS, is_in};
use super::title::Title;

/// Letters of a title's beginning and end that make a key. Also the fewest letters of a cut title
/// that count when titles are compared.
const EDGE_CHARS: usize = 40;

/// Words from which a title says enough by itself: shorter ones ("Postpartum depression") are the
/// titles of many papers.
const WHOLE_WORDS_MIN: usize = 4;

/// How many of a title's rarest words make keys of three.
const RARE_WORDS: usize = 4;

/// How many of a title's rarest words make keys with the first author.
const RARE_WORDS_OF_AUTHOR: usize = 3;

/// The most keys that a record has: 20, and 17 more with a second title.
pub(super) const KEYS_MAX: usize = 37;

/// Returns the keys of a record, sorted, without repeats: its title whole, by its ends, by its rarest
/// words; its first author with these, with its opening, with the page; its place. Identifiers are
/// looked up separately. A record without title and pages has no key.
///
/// A key is a number made of what it stands for, the same on every machine and in every release
/// until its meaning changes; a store that keeps keys makes them anew then.
pub fn block_keys(record: &Record) -> Vec<i64> {
    keys_of(&Prepared::of(record))
}

/// Returns the keys of a prepared record.
pub(super) fn keys_of(record: &Prepared) -> Vec<i64> {
    let mut keys = Keys::of(record);
    if record.title.is_generic {
        keys.add_column(&record.title);
    } else {
        keys.add_title(&record.title);
        keys.add_page_of_author();
    }
    if let Some(title) = record.vernacular.as_ref().filter(|t| !t.is_generic) {
        keys.add_title(title);
    }
    keys.add_place();
    let mut out = keys.out;
    out.sort_unstable();
    out.dedup();
    out
}

/// The keys of one record in the making.
struct Keys<'r> {
    record: &'r Prepared,
    /// The first author's family name, in any spelling.
    author: Option<u64>,
    out: Vec<i64>,
}

impl<'r> Keys<'r> {
    /// Begins the keys of a record.
    fn of(record: &'r Prepared) -> Self {
        let author = record.authors.first().map(|n| shape(&n.family).hash);
        Self { record, author, out: Vec::with_capacity(KEYS_MAX) }
    }

    /// Adds a key of one kind, made of some numbers.
    fn add(&mut self, kind: char, parts: &[u64]) {
        self.out.push(key(kind, parts));
    }

    /// Adds the keys of an ordinary title.
    fn add_title(&mut self, title: &Title) {
        if title.is_empty() {
            return;
        }
        let mut words: Vec<(bool, Reverse<usize>, u64)> = title
            .words
            .iter()
            .filter(|w| !is_in(STOP_WORDS, w))
            .map(|w| {
                let Shape { hash, letters } = shape(w);
                (is_in(COMMON_WORDS, w), Reverse(letters), hash)
            })
            .collect();
        self.add_opening(&words);
        let whole = words.iter().fold(super::HASH_START, |h, (_, _, w)| super::hash_on(h, &w.to_le_bytes()));
        // Rare and long words first.
        words.sort_unstable();
        words.dedup();
        if words.len() >= WHOLE_WORDS_MIN {
            self.add('w', &[whole]);
        } else {
            self.add_short(whole);
        }
        if let Some((head, tail)) = edges(&title.compact) {
            self.add('h', &[head]);
            if !title.is_cut {
                self.add('t', &[tail]);
            }
        }
        let mut rare: Vec<u64> = words.iter().take(RARE_WORDS).map(|w| w.2).collect();
        self.add_words_of_author(rare.get(..RARE_WORDS_OF_AUTHOR).unwrap_or(&rare));
        rare.sort_unstable();
        if let [a, b, c, rest @ ..] = rare.as_slice() {
            self.add('x', &[*a, *b, *c]);
            for d in rest {
                for two in [[a, b], [a, c], [b, c]] {
                    self.add('x', &[*two[0], *two[1], *d]);
                }
            }
        }
    }

    /// Adds the keys of a title of few words: many papers have it, so the author or the year must
    /// agree as well. Years may be one apart.
    fn add_short(&mut self, whole: u64) {
        if let Some(author) = self.author {
            self.add('s', &[whole, author]);
        }
        for year in &self.record.years {
            self.out.extend(year_pairs(*year).map(|pair| key('y', &[whole, pair])));
        }
        if self.record.years.is_empty() {
            self.add('y', &[whole]);
        }
    }

    /// Adds the first author with the first words: a subtitle that one source leaves out has other
    /// rare words.
    fn add_opening(&mut self, words: &[(bool, Reverse<usize>, u64)]) {
        if let (Some(author), [a, b, c, ..]) = (self.author, words) {
            self.add('o', &[author, a.2, b.2, c.2]);
        }
    }

    /// Adds the first author with each two of the rarest words, and with each of them in its year.
    fn add_words_of_author(&mut self, rare: &[u64]) {
        let Some(author) = self.author else { return };
        for (n, word) in rare.iter().enumerate() {
            for other in rare.iter().skip(n + 1) {
                self.add('a', &[author, *word.min(other), *word.max(other)]);
            }
            for year in &self.record.years {
                self.add('b', &[author, *word, number(*year)]);
            }
        }
    }

    /// Adds the first author with the first page.
    fn add_page_of_author(&mut self) {
        if let (Some(author), Some(start)) = (self.author, start(self.record)) {
            self.add('q', &[author, start]);
        }
    }

    /// Adds the keys of a column: its title alone would bring every issue together.
    fn add_column(&mut self, title: &Title) {
        let title = super::hash(title.compact.as_bytes());
        if let (Some(volume), Some(number)) = (self.record.volume, self.record.number) {
            self.add('c', &[title, volume.into(), number.into()]);
        }
        if let (Some(start), Some(count)) = (start(self.record), self.record.pages.count()) {
            self.add('d', &[title, start, count.into()]);
        }
        if let Some(author) = self.author {
            for year in &self.record.years {
                self.add('e', &[title, author, number(*year)]);
            }
        }
    }

    /// Adds the volume and first page, with the year where there is one.
    fn add_place(&mut self) {
        let (Some(volume), Some(start)) = (self.record.volume, start(self.record)) else { return };
        for year in &self.record.years {
            self.add('p', &[volume.into(), start, number(*year)]);
        }
        if self.record.years.is_empty() {
            self.add('p', &[volume.into(), start]);
        }
    }
}

/// Returns a key of one kind, so that keys of two kinds never meet.
pub(super) fn key(kind: char, parts: &[u64]) -> i64 {
    let start = super::hash_on(super::HASH_START, &u32::from(kind).to_le_bytes());
    parts.iter().fold(start, |h, part| super::hash_on(h, &part.to_le_bytes())).cast_signed()
}

/// Returns the first page or article number; page 1 is no place, every paper of an online journal
/// begins there.
fn start(record: &Prepared) -> Option<u64> {
    record.pages.start().filter(|s| *s > 1).map(u64::from)
}

/// Returns the two pairs of neighbouring years in which a year lies: of two years at most one apart
/// one pair is the same.
fn year_pairs(year: i16) -> impl Iterator<Item = u64> {
    [year & !1, (year - 1) | 1].into_iter().map(number)
}

/// Returns a year as part of a key.
fn number(year: i16) -> u64 {
    i64::from(year).cast_unsigned()
}

/// Returns the hashes of the first and the last letters; `None` for a title that has no more.
fn edges(compact: &str) -> Option<(u64, u64)> {
    let (end, _) = compact.char_indices().nth(EDGE_CHARS - 1)?;
    let (last, _) = compact.char_indices().rev().nth(EDGE_CHARS - 1)?;
    let end = end + compact.get(end..)?.chars().next()?.len_utf8();
    Some((super::hash(compact.get(..end)?.as_bytes()), super::hash(compact.get(last..)?.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_at_most_one_apart_share_a_pair() {
        for year in 1990_i16..2030 {
            for other in 1990..2030 {
                let shared = year_pairs(year).any(|x| year_pairs(other).any(|y| x == y));
                assert_eq!(shared, year.abs_diff(other) <= 1, "{year} {other}");
            }
        }
    }

    #[test]
    fn the_common_words_are_in_order() {
        assert!(COMMON_WORDS.words().is_sorted());
    }

    #[test]
    fn no_record_has_more_keys_than_it_may() {
        let record = Record {
            title: "Walking groups for new mothers in two districts: a randomised trial [Gehen in Gruppen für junge Mütter in zwei Bezirken]"
                .into(),
            authors: vec![crate::model::Author::person("Example", "Maria")],
            year: Some(2024),
            published: crate::model::PartialDate::parse("2023-12"),
            volume: Some("3".into()),
            number: Some("4".into()),
            pages: Some("10-19".into()),
            ..Record::default()
        };
        let keys = block_keys(&record);
        assert_eq!(keys.len(), KEYS_MAX, "{keys:?}");
        assert!(keys.is_sorted());
    }
}
