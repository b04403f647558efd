//! Names of journals as they are compared: full, abbreviated, as an acronym, with a subtitle.

use crate::model::text;

use super::bib::Field;
use super::hash;
use super::kinds::{MEETING_WORDS, PREPRINT_SERVERS};
use super::tables::STOP_WORDS;

/// Words that stand before the name of a meeting and are often left out.
const LEADING_WORDS: &[&str] = &["proceedings", "proc", "annual", "international", "ieee", "acm", "aaai"];

/// Most characters of an acronym.
const ACRONYM_CHARS_MAX: usize = 8;

/// A journal's name as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub(super) struct Journal {
    /// Words of each of its names ("X = Y" has two), without stop words, brackets and subtitle.
    names: Vec<Vec<String>>,
    /// Hash of the first name, for a quick yes.
    key: u64,
    /// Whether it names a meeting.
    pub is_meeting: bool,
    /// Whether it names a preprint server.
    pub is_preprint_server: bool,
}

impl Journal {
    /// Returns the comparable form of a name; an empty name has none.
    pub fn of(raw: &str) -> Self {
        let plain = raw.replace("&amp;", "&");
        let plain = plain.trim().trim_matches('"');
        let words = text::words(raw);
        let is_meeting = words.iter().any(|w| MEETING_WORDS.contains(&w.as_str()));
        let mut names = Vec::new();
        for part in plain.split(" = ").flat_map(|p| p.split(" / ")) {
            let (outside, inside) = part.split_once(['[', '(']).unwrap_or((part, ""));
            let head = outside.split([':', ';', '"']).next().unwrap_or_default();
            let before_dash = head.split(" - ").next().unwrap_or_default();
            // A meeting's own acronym stands behind a comma.
            let before_comma = if is_meeting { head.rsplit_once(',').map_or(head, |(h, _)| h) } else { head };
            for name in [head, before_comma, before_dash, outside] {
                push_name(&mut names, name);
            }
            if part.contains('[') {
                push_name(&mut names, inside);
            }
        }
        let key = names.first().map_or(0, |n| hash(n.concat().as_bytes()));
        let joined = words.join(" ");
        Self {
            key,
            names,
            is_meeting,
            is_preprint_server: PREPRINT_SERVERS.iter().any(|s| {
                joined.strip_prefix(s).is_some_and(|r| r.is_empty() || (r.starts_with(' ') && *s != "preprints"))
            }),
        }
    }

    /// Returns how two names agree: `Agree` when one can be the other in full, short or as an
    /// acronym; `Close` when most words are shared; `Unknown` when one is missing.
    pub fn agree(&self, other: &Self) -> Field {
        if self.names.is_empty() || other.names.is_empty() {
            return Field::Unknown;
        }
        if self.key == other.key {
            return Field::Agree;
        }
        let pairs = || self.names.iter().flat_map(|a| other.names.iter().map(move |b| (a, b)));
        if pairs().any(|(a, b)| is_same(a, b)) {
            Field::Agree
        } else if pairs().any(|(a, b)| is_close(a, b)) {
            Field::Close
        } else {
            Field::Conflict
        }
    }
}

/// Adds the words of a name, when it has any and they are new.
fn push_name(names: &mut Vec<Vec<String>>, name: &str) {
    let says_which_year = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) || w == "vol" || w == "vols";
    let words: Vec<String> =
        text::words(name).into_iter().filter(|w| !STOP_WORDS.contains(&w.as_str()) && !says_which_year(w)).collect();
    if !words.is_empty() && !names.contains(&words) {
        names.push(words);
    }
}

/// Tells whether one name is the other, shortened word by word or to an acronym.
fn is_same(a: &[String], b: &[String]) -> bool {
    if a == b {
        return true;
    }
    let same_length = a.len() == b.len() && a.iter().zip(b).all(|(x, y)| is_abbreviation(x, y));
    same_length || is_acronym(a, b) || is_acronym(b, a)
}

/// Tells whether one word is short for the other: same first letter, and its letters stand in
/// the other in this order (Natl, National; Rehabil, Rehabilitation).
fn is_abbreviation(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.starts_with(short) {
        return true;
    }
    if short.len() < 3 || short.chars().next() != long.chars().next() {
        return false;
    }
    let mut letters = long.chars();
    short.chars().all(|c| letters.any(|l| l == c))
}

/// Tells whether a name of few words (years and "proceedings" aside) is made of the beginnings of
/// the other's words: AMCIS, *Am*ericas *C*onference on *I*nformation *S*ystems.
fn is_acronym(short: &[String], long: &[String]) -> bool {
    let mut words = short.iter().filter(|w| !LEADING_WORDS.contains(&w.as_str()));
    let (Some(acronym), None) = (words.next(), words.next()) else { return false };
    if !(3..=ACRONYM_CHARS_MAX).contains(&acronym.len()) || !acronym.is_ascii() {
        return false;
    }
    // "International" is a leading word that some acronyms spell and others leave out.
    let mut rest: Vec<&str> = long.iter().map(String::as_str).collect();
    loop {
        if rest.len() >= 2 && spells(acronym, &rest) {
            return true;
        }
        match rest.first() {
            Some(first) if LEADING_WORDS.contains(first) => drop(rest.remove(0)),
            _ => return false,
        }
    }
}

/// Tells whether `letters` can be cut into a beginning (up to three letters) of every word.
fn spells(letters: &str, words: &[&str]) -> bool {
    let Some((word, rest)) = words.split_first() else { return letters.is_empty() };
    (1..=3).any(|n| {
        let head = letters.get(..n);
        head.is_some_and(|h| word.starts_with(h)) && spells(letters.get(n..).unwrap_or_default(), rest)
    })
}

/// Tells whether the shorter name lies in the longer one in order, word for word or shortened, and
/// is at least half of it, or three words of its beginning.
fn is_close(a: &[String], b: &[String]) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = many.iter();
    let within = few.iter().all(|x| rest.any(|y| is_abbreviation(x, y)));
    let begins = few.len() >= 3 && few.iter().zip(many).all(|(x, y)| is_abbreviation(x, y));
    begins || (within && few.len() * 2 >= many.len() && few.iter().any(|w| w.len() > 3))
}
