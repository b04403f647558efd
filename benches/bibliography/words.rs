//! Invented words and names, a few of them in every title and most of them rare.

use super::Dice;

/// How many words there are.
const WORDS: u64 = 40_000;

/// How many family names there are.
const FAMILIES: u64 = 60_000;

/// How many given names there are.
const GIVEN: u64 = 4_000;

/// Syllables that words and names are made of.
const SYLLABLES: &[&str] = &[
    "ba", "cor", "den", "e", "fi", "gra", "hol", "in", "ka", "lu", "men", "ni", "or", "pa", "qui", "ra", "sol", "ti",
    "ur", "ves", "wo", "xi", "ya", "zen", "tra", "ple", "sis", "mor", "nal", "ger", "ost", "ick",
];

/// A list of words of which the first come most.
pub struct Words(Vec<String>);

impl Words {
    /// Returns the words of titles and abstracts.
    pub fn new() -> Self {
        Self((0..WORDS).map(|n| invented(n, 2, 5)).collect())
    }

    /// Returns one of them.
    pub fn word(&self, dice: &mut Dice) -> String {
        pick(&self.0, dice)
    }
}

/// Lists of family names and given names of which the first come most.
pub struct Names {
    families: Vec<String>,
    given: Vec<String>,
}

impl Names {
    /// Returns the names.
    pub fn new() -> Self {
        let name = |n: u64, longest: u64| {
            let word = invented(n, 1, longest);
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        };
        Self {
            families: (0..FAMILIES).map(|n| name(n + (1 << 32), 4)).collect(),
            given: (0..GIVEN).map(|n| name(n + (1 << 33), 3)).collect(),
        }
    }

    /// Returns a family name.
    pub fn family(&self, dice: &mut Dice) -> String {
        pick(&self.families, dice)
    }

    /// Returns one or two given names.
    pub fn given(&self, dice: &mut Dice) -> String {
        let first = pick(&self.given, dice);
        if dice.percent(40) { format!("{first} {}", pick(&self.given, dice)) } else { first }
    }
}

/// Returns one word, the first ones most often.
fn pick(list: &[String], dice: &mut Dice) -> String {
    let at = dice.rank(u64::try_from(list.len()).unwrap_or(1));
    usize::try_from(at).ok().and_then(|at| list.get(at)).cloned().unwrap_or_default()
}

/// Returns the word of a number, made of so many syllables.
fn invented(number: u64, shortest: u64, longest: u64) -> String {
    let mut dice = Dice::of(number + (1 << 48));
    let count = shortest + dice.below(longest - shortest + 1);
    (0..count).map(|_| dice.one(SYLLABLES)).collect()
}
