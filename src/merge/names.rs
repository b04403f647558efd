//! Authors as they are compared: family names, whichever way round a source writes them.

use std::borrow::Cow;

use crate::model::{Author, text};

use super::bib::Field;
use super::hash;
use super::tables::{Table, is_in};

/// Authors looked at on each side: enough to tell, and pairs of long lists stay cheap.
const AUTHORS_MAX: usize = 16;

/// Family names shorter than this must be equal: one letter makes another name of them.
const FUZZY_NAME_CHARS_MIN: usize = 5;

/// Jaro-Winkler likeness from which two family names are one in two spellings (Sogaard, Søegaard).
const NAME_LIKENESS_MIN: f64 = 0.92;

/// Initials that a given name has at most.
const INITIALS_MAX: usize = 3;

/// Words before a family name that some databases write and others leave out or put behind the given
/// name (van der Berg; Berg, J van der).
const PARTICLES: &Table = &Table::of(&[
    "af", "al", "bin", "bint", "da", "de", "degli", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "el",
    "ibn", "la", "las", "le", "los", "ould", "ten", "ter", "van", "vande", "vander", "vom", "von", "y", "zu", "zur",
]);

/// What stands in a list of authors and is nobody.
const NOBODY: &[&str] = &[
    "and others",
    "anon",
    "anonymous",
    "et al",
    "etal",
    "no authors listed",
    "others",
    "unknown",
    "various",
    "various authors",
];

/// A name as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Name {
    /// Folded letters of the family name, without particles.
    pub family: String,
    /// First letter of the given name, where known.
    pub initial: Option<char>,
    /// Folded letters of the given name; one letter where only that is known.
    given: String,
    /// First letter of the second family name, where there are two.
    second: Option<char>,
    /// Letters of the first family name, where there are two.
    first_family: String,
    /// Hashes of all words of three letters or more.
    tokens: Vec<u64>,
    /// Whether it is a group's name.
    is_group: bool,
}

/// Returns the comparable names of persons, in order; groups count only when there is no person.
pub(super) fn names(authors: &[Author]) -> Vec<Name> {
    let persons: Vec<Name> = authors.iter().take(AUTHORS_MAX).filter_map(person).collect();
    if !persons.is_empty() {
        return persons;
    }
    let group = |a: &Author| Some(Name { is_group: true, ..name_of(a.collective.as_deref()?, "", |_| false)? });
    authors.iter().take(AUTHORS_MAX).filter_map(group).collect()
}

/// Returns the name of a person; "et al." is nobody.
fn person(author: &Author) -> Option<Name> {
    let family = author.family.as_deref().unwrap_or_default();
    let given = author.given.as_deref().unwrap_or_default();
    let (family, given) = match family.split_once(',') {
        Some(parts) if given.is_empty() => parts,
        _ => (family, given),
    };
    name_of(family, given, |said| NOBODY.iter().any(|nobody| nobody.split(' ').eq(said.iter().copied())))
}

/// Returns the name of the two parts, turned round where the family part is an initial; `None` when
/// nothing is left of it, or when `is_nobody` says so of its words.
fn name_of(family: &str, given: &str, is_nobody: impl Fn(&[&str]) -> bool) -> Option<Name> {
    let is_short = given.chars().filter(|c| c.is_alphabetic()).count() <= INITIALS_MAX;
    let are_initials = is_short && given.chars().all(|c| !c.is_lowercase());
    let (family, given) = (text::words(family), text::words(given));
    let said: Vec<&str> = family.iter().chain(&given).map(String::as_str).collect();
    // Feeds cut "Example, M." in two: a letter by itself is nobody's name.
    let is_letter = given.is_empty() && family.iter().all(|w| w.chars().count() == 1);
    if is_nobody(&said) || is_letter {
        return None;
    }
    let (family, given) = split_name(family, given, are_initials);
    let (family, given) = (without_particles(family), without_trailing_particles(&given));
    let initial = given.first().and_then(|w| w.chars().next());
    let mut tokens: Vec<u64> = family
        .iter()
        .chain(given)
        .filter(|w| w.chars().count() >= 3)
        .map(|w| hash(untransliterated(w).as_bytes()))
        .collect();
    tokens.sort_unstable();
    let two_names = (family.len() > 1).then(|| family.first()).flatten();
    let first_family = two_names.map(|w| untransliterated(w).into_owned()).unwrap_or_default();
    let second = family.get(1).and_then(|w| w.chars().next());
    let family = untransliterated(&family.concat()).into_owned();
    let given = untransliterated(&given.concat()).into_owned();
    (!family.is_empty()).then_some(Name { family, initial, given, second, first_family, tokens, is_group: false })
}

/// Returns the family and the given name, put right where a source cut a name in the wrong place;
/// `are_initials` tells that the given name is written as initials in one word ("E, WP").
fn split_name(mut family: Vec<String>, mut given: Vec<String>, are_initials: bool) -> (Vec<String>, Vec<String>) {
    let is_initial = |w: &String| w.chars().count() == 1;
    let is_initials = |w: &[String]| !w.is_empty() && w.iter().all(is_initial);
    if given.is_empty() && family.len() > 1 {
        // One undivided name: initials before or behind tell which part is the family name.
        let lead = family.iter().take_while(|w| is_initial(w)).count();
        let trail = family.iter().rev().take_while(|w| is_initial(w)).count();
        if lead > 0 && lead < family.len() {
            let rest = family.split_off(lead);
            return (rest, family);
        } else if trail > 0 && trail < family.len() {
            given = family.split_off(family.len() - trail);
        }
    } else if is_initials(&family) && !is_initials(&given) && !are_initials {
        // "B. Abrahao" cut at the space: the trailing words are the family name.
        let lead = given.iter().take_while(|w| is_initial(w)).count();
        let rest = given.split_off(lead);
        return (rest, family);
    }
    (family, given)
}

/// Returns the words of a family name without particles, unless nothing else is left.
fn without_particles(mut words: Vec<String>) -> Vec<String> {
    if words.iter().any(|w| !is_in(PARTICLES, w)) {
        words.retain(|w| !is_in(PARTICLES, w));
    }
    words
}

/// Returns the words of a given name without the particles of the family name behind it.
fn without_trailing_particles(words: &[String]) -> &[String] {
    let count = words.iter().rev().take_while(|w| w.chars().count() > 1 && is_in(PARTICLES, w)).count();
    words.get(..words.len() - count).filter(|w| !w.is_empty()).unwrap_or(words)
}

/// Returns a folded name with the vowels that stand for umlauts made plain, as folding makes the
/// umlauts themselves (Mueller, Müller: muller).
fn untransliterated(name: &str) -> Cow<'_, str> {
    if !name.as_bytes().windows(2).any(|pair| matches!(pair, b"ae" | b"oe" | b"ue")) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.replace("ae", "a").replace("oe", "o").replace("ue", "u"))
}

/// Returns how two lists of authors agree.
///
/// `Agree`: the first authors match and a third of the shorter list does, or half of it does.
/// `Conflict`: nobody is on both. Lists may be cut ("et al."), so missing names count for nothing;
/// a group on one side and persons on the other say nothing either.
pub(super) fn agree(a: &[Name], b: &[Name]) -> Field {
    let (Some(first_a), Some(first_b)) = (a.first(), b.first()) else { return Field::Unknown };
    if first_a.is_group != first_b.is_group {
        return Field::Unknown;
    }
    let shorter = a.len().min(b.len());
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let found = few.iter().filter(|x| many.iter().any(|y| is_same(x, y))).count();
    let first = is_same(first_a, first_b);
    // One name that stands further back in a longer list is no list that was cut.
    let is_enough = if shorter == 1 { first || a.len() == b.len() } else { found * 2 > shorter };
    if (first && found * 3 >= shorter) || (found > 0 && is_enough) {
        Field::Agree
    } else if found > 0 {
        Field::Close
    } else {
        Field::Conflict
    }
}

/// Tells whether two names can be one person's.
pub(super) fn is_same(a: &Name, b: &Name) -> bool {
    let initials = match (a.initial, b.initial) {
        (Some(x), Some(y)) => x == y,
        _ => true,
    };
    if a.family == b.family {
        return initials;
    }
    let (short, long) = if a.family.len() <= b.family.len() { (a, b) } else { (b, a) };
    let is_part = short.family.len() >= FUZZY_NAME_CHARS_MIN
        && (long.family.starts_with(&short.family) || long.family.ends_with(&short.family));
    if (is_part && initials) || is_first_of_two(a, b) || is_first_of_two(b, a) || is_turned(a, b) || is_turned(b, a) {
        return true;
    }
    let turned = |x: &Name, y: &Name| x.family.len() >= 3 && y.tokens.binary_search(&hash(x.family.as_bytes())).is_ok();
    if turned(a, b) || turned(b, a) {
        return true;
    }
    initials
        && short.family.chars().count() >= FUZZY_NAME_CHARS_MIN
        && strsim::jaro_winkler(&a.family, &b.family) >= NAME_LIKENESS_MIN
}

/// Tells whether `one` has the first of `two`'s family names, with the second as its initial (García
/// Márquez, Gabriel: Garcia M).
fn is_first_of_two(one: &Name, two: &Name) -> bool {
    one.family == two.first_family && (one.initial == two.second || one.initial == two.initial)
}

/// Tells whether `b` has family and given name the wrong way round, the given one perhaps as an
/// initial.
fn is_turned(a: &Name, b: &Name) -> bool {
    // A family name of one letter looks like an initial ("E, Weinan" beside "E W").
    let few = if b.family.chars().count() == 1 { INITIALS_MAX } else { 1 };
    let by_initial = b.given.chars().count() <= few && b.initial.is_some_and(|c| a.family.starts_with(c));
    a.given == b.family && !a.given.is_empty() && (a.family == b.given || by_initial)
}
