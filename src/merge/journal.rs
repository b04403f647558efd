//! Names of journals as they are compared: full, abbreviated, as an acronym, with a subtitle.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::model::text;

use super::bib::Field;
use super::hash;
use super::kinds::{
    FEED_PHRASES, FOREIGN_JOURNAL_WORDS, MEETING_WORDS, PREPRINT_SERVERS, PROCEEDINGS_SERIES, PUBLISHERS, SITE_WORDS,
};
use super::markup::mended;
use super::tables::{STOP_WORDS, is_in};

/// Words that stand before the name of a meeting and are often left out.
const LEADING_WORDS: &[&str] = &["proceedings", "proc", "annual", "international", "ieee", "acm", "aaai"];

/// Fewest letters of a word that can be a whole name run together.
const RUN_TOGETHER_CHARS_MIN: usize = 9;

/// Most words of a name that is compared with such a word: the search grows with them.
const RUN_TOGETHER_WORDS_MAX: usize = 12;

/// Words that say that a name is a journal's; a meeting of the same name has none of them.
const PERIODICAL_WORDS: &[&str] = &[
    "acta",
    "annals",
    "ann",
    "arch",
    "archives",
    "bulletin",
    "j",
    "jou",
    "jour",
    "journ",
    "journal",
    "jrnl",
    "letters",
    "review",
    "reviews",
    "trans",
    "transactions",
];

/// First words of what stands behind a journal's name to describe it.
const SUBTITLE_OPENINGS: &[&str] = &["electronic", "international", "journal", "official", "other"];

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
    /// Whether it is the title of a site or of somebody's feed rather than a journal's name.
    pub is_site: bool,
    /// Whether its name has words that English names have not.
    is_foreign: bool,
}

/// Journals that were met: a batch of a million records has some thousands of them.
static MET: LazyLock<Mutex<HashMap<String, Arc<Journal>>>> = LazyLock::new(Mutex::default);

/// Journals that are remembered at most; then it begins anew.
const MET_MAX: usize = 20_000;

/// Returns the comparable form of a name, made once for all records that have it.
pub(super) fn shared(raw: &str) -> Arc<Journal> {
    // What a thread that panicked left is whole: nothing but whole entries is put in.
    let met = || MET.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(journal) = met().get(raw) {
        return Arc::clone(journal);
    }
    let journal = Arc::new(Journal::of(raw));
    let mut met = met();
    if met.len() >= MET_MAX {
        met.clear();
    }
    Arc::clone(met.entry(raw.to_owned()).or_insert(journal))
}

impl Journal {
    /// Returns the comparable form of a name; an empty name has none.
    pub fn of(raw: &str) -> Self {
        let plain = mended(raw).replace("&amp;", "&").replace(['–', '—'], "-");
        let plain = plain.trim().trim_matches('"');
        let words = text::words(raw);
        let joined = words.join(" ");
        let is_meeting = words.iter().any(|w| MEETING_WORDS.contains(&w.as_str()))
            || PROCEEDINGS_SERIES.iter().any(|s| joined.starts_with(s));
        let mut names = Vec::new();
        for part in plain.split(" = ").flat_map(|p| p.split(" / ")) {
            let (outside, inside) = part.split_once(['[', '(']).unwrap_or((part, ""));
            let head = first_name(outside.split([':', ';', '"', '|']));
            let before_dash = first_name(head.split(" - "));
            // A meeting's own acronym stands behind a comma.
            let before_comma = if is_meeting { head.rsplit_once(',').map_or(head, |(h, _)| h) } else { head };
            for name in [before_dash, before_comma, head, before_hyphen(head), outside] {
                push_name(&mut names, name);
            }
            if part.contains('[') {
                push_name(&mut names, inside);
            }
        }
        let key = names.first().map_or(0, |n| hash(n.concat().as_bytes()));
        Self {
            key,
            names,
            is_meeting,
            is_foreign: words.iter().any(|w| FOREIGN_JOURNAL_WORDS.contains(&w.as_str())),
            is_site: words.iter().any(|w| SITE_WORDS.contains(&w.as_str())),
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
        } else if pairs().any(|(a, b)| is_close(a, b)) || self.is_described_by(other) || other.is_described_by(self) {
            Field::Close
        } else if self.is_foreign != other.is_foreign {
            // One journal under its name and under a translation of it, or two: nobody knows.
            Field::Unknown
        } else {
            Field::Conflict
        }
    }
}

impl Journal {
    /// Tells whether the other's first name is one of these with a description behind it and no sign
    /// between ("Sleep Journal of Nights and Dreams").
    fn is_described_by(&self, other: &Self) -> bool {
        let Some(long) = other.names.first() else { return false };
        self.names.iter().any(|short| {
            let begins = short.len() < long.len() && short.iter().zip(long).all(|(x, y)| is_abbreviation(x, y));
            begins && long.get(short.len()..).is_some_and(is_subtitle)
        })
    }
}

/// Returns the first part that names something: no publisher, no word of feeds ("Publisher: Journal:
/// Table of Contents").
fn first_name<'a>(mut parts: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let first = parts.clone().next().unwrap_or_default();
    let names_something = |p: &&str| {
        let words = text::words(p);
        !PUBLISHERS.contains(&words.join(" ").as_str()) && !without_feed_phrases(&words).is_empty()
    };
    parts.find(names_something).unwrap_or(first)
}

/// Returns a name up to a hyphen that stands for a colon: "Journal of Care-Birth and Sleep".
fn before_hyphen(name: &str) -> &str {
    let hyphen = name.match_indices('-').find(|(at, _)| {
        let after = name.get(at + 1..).and_then(|t| t.chars().next());
        after.is_some_and(char::is_uppercase) && name.get(..*at).is_some_and(|t| t.split_whitespace().count() >= 3)
    });
    hyphen.and_then(|(at, _)| name.get(..at)).unwrap_or(name)
}

/// Returns the words of a name without what feeds say before and behind it ("Latest articles from
/// …", "… Online First").
fn without_feed_phrases(words: &[String]) -> &[String] {
    let mut rest = words;
    loop {
        let before = rest.len();
        for phrase in FEED_PHRASES {
            let count = phrase.len();
            let is_it = |part: Option<&[String]>| part.is_some_and(|p| p.iter().eq(phrase.iter()));
            if is_it(rest.get(..count)) {
                rest = rest.get(count..).unwrap_or_default();
            } else if is_it(rest.len().checked_sub(count).and_then(|at| rest.get(at..))) {
                rest = rest.get(..rest.len() - count).unwrap_or_default();
            }
        }
        if rest.len() == before {
            return rest;
        }
    }
}

/// Adds the words of a name, when it has any and they are new.
fn push_name(names: &mut Vec<Vec<String>>, name: &str) {
    let says_which_year = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) || w == "vol" || w == "vols";
    // "d'obstétrique" is written "d obstetrique" as well.
    let all = text::words(&text::fold(name).replace(" d'", " ").replace(" l'", " "));
    let words: Vec<String> = without_feed_phrases(&all)
        .iter()
        .filter(|w| !is_in(STOP_WORDS, w) && !says_which_year(w) && !matches!(w.as_str(), "d" | "l"))
        .cloned()
        .collect();
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
    same_length || is_acronym(a, b) || is_acronym(b, a) || is_run_together(a, b) || is_run_together(b, a)
}

/// Tells whether a name is one word made of the beginnings of the other's words, as some exports
/// write abbreviations: `Jinventhealth`, Journal of Invented Health.
fn is_run_together(short: &[String], long: &[String]) -> bool {
    let [word] = short else { return false };
    word.len() >= RUN_TOGETHER_CHARS_MIN
        && long.len() >= 2
        && long.len() <= RUN_TOGETHER_WORDS_MAX
        && is_made_of(word, long)
}

/// Tells whether `letters` can be cut into a beginning of every word, in order.
fn is_made_of(letters: &str, words: &[String]) -> bool {
    let Some((word, rest)) = words.split_first() else { return letters.is_empty() };
    let shared = letters.chars().zip(word.chars()).take_while(|(x, y)| x == y).count();
    let ends = letters.char_indices().map(|(at, _)| at).chain([letters.len()]).skip(1).take(shared);
    ends.collect::<Vec<_>>().into_iter().rev().any(|end| is_made_of(letters.get(end..).unwrap_or_default(), rest))
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

/// Tells whether words behind a short name only describe it: "Sleep: an international journal …".
fn is_subtitle(rest: &[String]) -> bool {
    rest.len() >= 2 && rest.first().is_some_and(|w| SUBTITLE_OPENINGS.iter().any(|o| is_abbreviation(w, o)))
}

/// Tells whether the shorter name lies in the longer one in order, word for word or shortened, and
/// is at least half of it, or three words of its beginning, or four of its end. One word is too
/// little ("Sleep" is not "Sleep Letters"), and a journal is not the meeting after which it is
/// called.
fn is_close(a: &[String], b: &[String]) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = many.iter();
    let within = few.iter().all(|x| rest.any(|y| is_abbreviation(x, y)));
    let begins = few.len() >= 3 && few.iter().zip(many).all(|(x, y)| is_abbreviation(x, y));
    let is_periodical = |name: &[String]| name.iter().any(|w| PERIODICAL_WORDS.contains(&w.as_str()));
    let ends = few.len() >= 4
        && is_periodical(few)
        && few.iter().rev().zip(many.iter().rev()).all(|(x, y)| is_abbreviation(x, y));
    let is_half = few.len() >= 2 && few.len() * 2 >= many.len() && is_periodical(few) == is_periodical(many);
    begins || ends || (within && is_half && few.iter().any(|w| w.len() > 3))
}
