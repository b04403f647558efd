//! Counts near-duplicates once: of papers that may be one study only the better-ranked one is proposed.

use std::collections::{BTreeMap, BTreeSet};

use super::Ranked;
use crate::model::text::{clean_line, fold, shorten, words};
use crate::model::{Decision, Record, WorkId};

/// What is known of papers that may be one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alike {
    /// Pairs that may be one study: a person is asked.
    pub maybe: Vec<(WorkId, WorkId)>,
    /// Pairs that a person keeps apart: whatever their titles, both may be proposed.
    pub apart: Vec<(WorkId, WorkId)>,
}

/// Fewest words of a title that says which paper it is: "Perinatal mental health" is many.
const TITLE_WORDS_MIN: usize = 5;
/// Fewest letters of a word in which one letter may differ ("randomised", "randomized"): among shorter
/// ones are names of countries one letter apart, and every number.
const SPELLING_LETTERS_MIN: usize = 6;
/// Words of a title that may be spelt otherwise.
const SPELLINGS_MAX: usize = 2;
/// Characters of the other title that a reason quotes.
const TITLE_CHARS_MAX: usize = 120;

/// Why a paper gives way to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// A person is asked about the two.
    MayBeOne,
    /// Their titles are nearly equal.
    Title,
}

/// The papers that stand, best first, and which others gave way to each.
pub(super) struct Standing<'r, 'a> {
    /// Those that may be proposed, best first.
    pub(super) papers: Vec<&'r Ranked<'a>>,
    behind: BTreeMap<WorkId, Vec<(&'r Ranked<'a>, Why)>>,
}

impl Standing<'_, '_> {
    /// Returns a reason line for each paper that gave way to the one with this id.
    pub(super) fn reasons(&self, id: &str, asked: &[Decision]) -> Vec<String> {
        let Some((id, others)) = self.behind.iter().find(|(one, _)| one.as_str() == id) else { return Vec::new() };
        others.iter().map(|(other, why)| reason(id, other, *why, asked)).collect()
    }
}

/// Returns the line that names a paper which gave way.
fn reason(id: &WorkId, other: &Ranked<'_>, why: Why, asked: &[Decision]) -> String {
    let named = format!("“{}” ({})", shorten(&clean_line(&other.work.record.title), TITLE_CHARS_MAX), other.work.id);
    let is_asked = |d: &Decision| {
        let both = [format!("same {id} {}", other.work.id), format!("same {} {id}", other.work.id)];
        both.contains(&d.id)
    };
    match why {
        Why::MayBeOne if asked.iter().any(is_asked) => {
            format!("may be the same study as {named}, which is left out until that is answered: see Decisions needed")
        }
        Why::MayBeOne => {
            format!("may be the same study as {named}, which is left out: `roundup merge` asks about the two")
        }
        Why::Title => format!("has nearly the same title as {named}, which is left out"),
    }
}

/// Returns the papers that stand when those that may be one count once. They come and go best first.
///
/// A paper gives way only to a better one that stands itself, so of a chain in which the ends are not
/// alike both ends stand. What a person keeps apart never gives way.
pub(super) fn once<'r, 'a>(best_first: &[&'r Ranked<'a>], alike: &Alike) -> Standing<'r, 'a> {
    let either = |pairs: &[(WorkId, WorkId)]| -> BTreeSet<(WorkId, WorkId)> {
        pairs.iter().flat_map(|(a, b)| [(a.clone(), b.clone()), (b.clone(), a.clone())]).collect()
    };
    let (maybe, apart) = (either(&alike.maybe), either(&alike.apart));
    let mut out = Standing { papers: Vec::new(), behind: BTreeMap::new() };
    let mut partners: BTreeMap<&WorkId, Vec<&WorkId>> = BTreeMap::new();
    for (a, b) in &maybe {
        partners.entry(a).or_default().push(b);
    }
    let mut standing: BTreeSet<&WorkId> = BTreeSet::new();
    let mut titles = Titles::default();
    for paper in best_first {
        let id = &paper.work.id;
        let is_apart = |other: &WorkId| apart.contains(&(id.clone(), other.clone()));
        let of_pair = partners.get(id).into_iter().flatten().find(|o| standing.contains(**o) && !is_apart(o));
        let of_title = || titles.alike(&paper.work.record, &is_apart);
        let before = of_pair.map(|o| ((*o).clone(), Why::MayBeOne)).or_else(|| Some((of_title()?, Why::Title)));
        if let Some((better, why)) = before {
            out.behind.entry(better).or_default().push((paper, why));
            continue;
        }
        standing.insert(id);
        titles.put(id, &paper.work.record);
        out.papers.push(paper);
    }
    out
}

/// A title that is compared with others.
struct Title {
    id: WorkId,
    words: Vec<String>,
    families: BTreeSet<String>,
}

/// Titles by what nearly equal ones share.
#[derive(Default)]
struct Titles {
    by_key: BTreeMap<String, Vec<Title>>,
}

impl Titles {
    fn put(&mut self, id: &WorkId, record: &Record) {
        let words = words(&record.title);
        for key in keys(&words) {
            let title = Title { id: id.clone(), words: words.clone(), families: families(record) };
            self.by_key.entry(key).or_default().push(title);
        }
    }

    /// Returns the first paper put in whose title is nearly that of a record, and that may be by the same
    /// people.
    fn alike(&self, record: &Record, is_apart: &dyn Fn(&WorkId) -> bool) -> Option<WorkId> {
        let words = words(&record.title);
        let families = families(record);
        let shares = |t: &&Title| {
            families.is_empty() || t.families.is_empty() || families.intersection(&t.families).next().is_some()
        };
        let found = keys(&words).into_iter().filter_map(|key| self.by_key.get(&key)).flatten();
        found.filter(shares).find(|t| is_nearly(&words, &t.words) && !is_apart(&t.id)).map(|t| t.id.clone())
    }
}

/// Returns the keys that nearly equal titles share: their letters without spaces ("post-partum" is
/// "postpartum"), and how their words begin. A short title has none.
fn keys(words: &[String]) -> Vec<String> {
    if words.len() < TITLE_WORDS_MIN {
        return Vec::new();
    }
    let initials: String = words.iter().filter_map(|w| w.chars().next()).collect();
    vec![format!("whole {}", words.concat()), format!("initials {initials}")]
}

/// Tells whether two titles are the same but for spaces, hyphens and the spelling of a word or two.
fn is_nearly(a: &[String], b: &[String]) -> bool {
    if a.concat() == b.concat() {
        return true;
    }
    let differing: Vec<_> = a.iter().zip(b).filter(|(x, y)| x != y).collect();
    a.len() == b.len() && differing.len() <= SPELLINGS_MAX && differing.iter().all(|(x, y)| is_one_word(x, y))
}

/// Tells whether two words are one in two spellings: long, with the same first letter and one letter more,
/// less or other.
fn is_one_word(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() < SPELLING_LETTERS_MIN || short.first() != long.first() || long.len() > short.len() + 1 {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let tail = short.iter().rev().zip(long.iter().rev()).take_while(|(x, y)| x == y).count();
    head + tail + 1 >= long.len() && short.iter().chain(long).all(|c| c.is_alphabetic())
}

/// Returns the family names of a record's authors, folded.
fn families(record: &Record) -> BTreeSet<String> {
    record.authors.iter().filter_map(|a| a.family.as_deref()).map(fold).filter(|f| !f.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_titles_are_nearly_equal() {
        for (id, a, b, want, note) in [
            ("same", "Sleep of mothers after birth", "Sleep of Mothers After Birth.", true, "case and full stop"),
            ("hyphen", "Post-partum sleep of new mothers", "Postpartum sleep of new mothers", true, "other hyphens"),
            ("spelling", "A randomised trial of peer visits", "A randomized trial of peer visits", true, "British"),
            ("plural", "Peer visits to mothers in homes", "Peer visits to mother in homes", true, "one letter less"),
            ("country", "Low mood after birth in Iran", "Low mood after birth in Iraq", false, "short words"),
            ("country-2", "Low mood after birth in Gambia", "Low mood after birth in Zambia", false, "first letter"),
            ("number", "Low mood after birth: part 1", "Low mood after birth: part 2", false, "numbers differ"),
            ("years", "Low mood after birth 2019", "Low mood after birth 2020", false, "numbers differ"),
            ("year-long", "Low mood after birth 201901", "Low mood after birth 201902", false, "no letters"),
            ("generic", "Perinatal mental health", "Perinatal mental health", false, "too short to say which"),
            (
                "parent",
                "Maternal mood and infant sleep habits",
                "Paternal mood and infant sleep habits",
                false,
                "other",
            ),
            ("longer", "Sleep of mothers after birth", "Sleep of mothers after birth: a trial", false, "a subtitle"),
            (
                "three",
                "Randomised program of organised behavioral care",
                "Randomized programs of organized behaviors care",
                false,
                "too many",
            ),
        ] {
            let (a, b) = (words(a), words(b));
            let meet = keys(&a).iter().any(|k| keys(&b).contains(k));
            assert_eq!(meet && is_nearly(&a, &b), want, "{id}: {note}");
        }
    }
}
