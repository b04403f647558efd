//! Finds the names of countries, their people and places in a text.
//!
//! The longest name wins ("South Sudan", not "Sudan"). A name needs its capital, an abbreviation
//! its exact capitals, so that turkey meat, guinea pigs and "us" stay what they are. A term that
//! is written small in the table is found in any case ("colombiana").

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::matcher::Span;
use super::text::FieldText;
use crate::model::{Country, Place, Problem, split_words};

/// What a term of the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The country's name or another name of it.
    Name,
    /// A city, district or institution.
    Site,
    /// Its people.
    People,
    /// A phrase that is not the country though it looks like it.
    Trap,
}

/// A term found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Number of the country in the table.
    pub country: usize,
    /// What the term is.
    pub kind: Kind,
    /// Whether it needs a second signal.
    pub is_weak: bool,
    /// Where it stands.
    pub words: Span,
}

/// A term of the table.
#[derive(Debug)]
struct Term {
    country: usize,
    kind: Kind,
    is_weak: bool,
    /// A trap that holds no term of its country: its presence alone speaks against weak terms.
    is_context: bool,
    /// What follows the words in the table and must follow them in the text ("$" of "US$").
    tail: String,
    /// What stands before them ("." of ".png").
    head: String,
    /// For every word: capitals that must stand exactly so, if it is an abbreviation.
    exact: Vec<Option<String>>,
    /// Whether the first letter must be a capital.
    needs_capital: bool,
}

/// The compiled table.
#[derive(Debug)]
pub struct Gazetteer {
    automaton: AhoCorasick,
    /// Terms of each pattern.
    terms: Vec<Vec<Term>>,
    /// Countries and those whose presence speaks against their weak terms.
    rivals: Vec<(usize, usize)>,
}

/// What was found in one text.
#[derive(Debug, Default)]
pub struct Mentions {
    /// Terms that count, in order of the text.
    pub all: Vec<Mention>,
    /// Countries against whose weak terms some words speak ("Emory" against Georgia).
    pub doubted: Vec<usize>,
    /// Abbreviations to which the text gives another meaning ("research diagnostic criteria (RDC)").
    pub redefined: Vec<String>,
}

/// Capitals of a name of at most so many letters may be an acronym ("IRAK-1", "the MALI trial").
const ACRONYM_LETTERS_MAX: usize = 5;
/// Letters of an abbreviation whose meaning is looked for before it.
const ABBREVIATION_LETTERS_MAX: usize = 8;
/// Small words that an abbreviation may leave out.
const SMALL_WORDS: &[&str] = &["of", "the", "and", "for", "in", "to", "a", "on"];

/// A last word of at least so many letters in a trap may go on ("guinea pig" covers "pigs").
const TRAP_STEM_LETTERS_MIN: usize = 4;

impl Gazetteer {
    /// Compiles the table.
    ///
    /// # Errors
    /// When it holds too many terms for one automaton.
    pub fn compile(countries: &[Country]) -> Result<Self, Problem> {
        let mut patterns: BTreeMap<String, Vec<Term>> = BTreeMap::new();
        for (number, country) in countries.iter().enumerate() {
            for (text, kind, is_weak) in terms_of(country) {
                let (pattern, term) = term(number, text, kind, is_weak);
                if pattern.trim().is_empty() {
                    continue;
                }
                let same = patterns.entry(pattern).or_default();
                match same.iter_mut().find(|t| t.country == number && t.kind == kind && t.exact == term.exact) {
                    Some(known) => known.is_weak |= is_weak,
                    None => same.push(term),
                }
            }
        }
        mark_context(&mut patterns);
        let (keys, terms): (Vec<String>, Vec<Vec<Term>>) = patterns.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&keys)
            .map_err(|e| Problem::error(Place::default(), format!("the country table holds too many terms: {e}")))?;
        Ok(Self { automaton, terms, rivals: rivals(countries) })
    }

    /// Returns pairs of a country and one whose presence speaks against it: the traps of the first
    /// hold the name of the second (Georgia: "United States").
    pub fn rivals(&self) -> &[(usize, usize)] {
        &self.rivals
    }

    /// Finds what a text names, in its order. The longest term wins, and a trap takes away the
    /// terms of its country that it covers.
    pub fn find(&self, text: &FieldText) -> Mentions {
        let is_shouted = text.is_shouted();
        let mut found: Vec<(Mention, bool)> = Vec::new();
        for m in self.automaton.find_overlapping_iter(&text.folded) {
            let first = text.token_at(m.start() + 1);
            let last = text.token_at(m.end().saturating_sub(2).max(m.start() + 1));
            for term in self.terms.get(m.pattern().as_usize()).into_iter().flatten() {
                if term.is_written_so(text, first, last, is_shouted) {
                    let words = first..last + 1;
                    let is_weak = term.is_weak || (!is_shouted && term.may_be_acronym(text, first));
                    let mention = Mention { country: term.country, kind: term.kind, is_weak, words };
                    found.push((mention, term.is_context));
                }
            }
        }
        found.sort_by_key(|(m, _)| key(m));
        let (traps, terms): (Vec<_>, Vec<_>) = found.into_iter().partition(|(m, _)| m.kind == Kind::Trap);
        let mut out = Mentions::default();
        let mut longest: Span = 0..0;
        for (mention, _) in terms {
            if mention.words.end <= longest.end && mention.words != longest {
                continue;
            }
            longest = mention.words.clone();
            let is_trapped = traps.iter().any(|(t, is_context)| {
                !is_context
                    && t.country == mention.country
                    && t.words.start <= longest.start
                    && longest.end <= t.words.end
            });
            if !is_trapped {
                out.all.push(mention);
            }
        }
        out.redefined = redefined(&out.all, text);
        out.doubted = traps.into_iter().filter(|(_, is_context)| *is_context).map(|(t, _)| t.country).collect();
        out
    }
}

/// Returns the abbreviations among the mentions that stand in brackets behind words of which they
/// are the initials, when those words are not the country.
fn redefined(mentions: &[Mention], text: &FieldText) -> Vec<String> {
    let is_redefined = |m: &&Mention| {
        let word = text.word(m.words.start);
        let Some(before) = m.words.start.checked_sub(1).filter(|_| m.words.len() == 1 && is_capitals(word)) else {
            return false;
        };
        let is_country = mentions.iter().any(|o| o.country == m.country && o.words.end == m.words.start);
        text.gap_after(before).ends_with(['(', '[']) && !is_country && spells(text, before, word)
    };
    mentions.iter().filter(is_redefined).map(|m| text.word(m.words.start).to_owned()).collect()
}

/// Tells whether the initials of the words up to `last` spell an abbreviation.
fn spells(text: &FieldText, last: usize, abbreviation: &str) -> bool {
    let letters: Vec<char> = abbreviation.to_lowercase().chars().take(ABBREVIATION_LETTERS_MAX).collect();
    let mut at = Some(last);
    for letter in letters.iter().rev() {
        let mut word = at.map(|n| text.folded_word(n)).unwrap_or_default();
        while SMALL_WORDS.contains(&word) && !word.starts_with(*letter) {
            at = at.and_then(|n| n.checked_sub(1));
            word = at.map(|n| text.folded_word(n)).unwrap_or_default();
        }
        if !word.starts_with(*letter) {
            return false;
        }
        at = at.and_then(|n| n.checked_sub(1));
    }
    true
}

/// Returns the pairs of [`Gazetteer::rivals`].
fn rivals(countries: &[Country]) -> Vec<(usize, usize)> {
    let numbers: BTreeMap<&str, usize> = countries.iter().enumerate().map(|(n, c)| (c.name.as_str(), n)).collect();
    let own = |country: &Country, name: &str| country.name.contains(name) || name.contains(&country.name);
    countries
        .iter()
        .enumerate()
        .flat_map(|(n, country)| {
            let named = country.traps.iter().filter(|t| !own(country, t) && country.weak.contains(&country.name));
            named.filter_map(|t| numbers.get(t.as_str())).map(move |rival| (n, *rival)).collect::<Vec<_>>()
        })
        .collect()
}

/// Orders mentions by place, the longest first.
fn key(m: &Mention) -> (usize, std::cmp::Reverse<usize>, usize, Kind) {
    (m.words.start, std::cmp::Reverse(m.words.end), m.country, m.kind)
}

/// Returns all terms of a country with what they are and whether they are weak.
fn terms_of(country: &Country) -> Vec<(&str, Kind, bool)> {
    let weak = |text: &str| country.weak.iter().any(|w| w == text);
    let mut out = vec![(country.name.as_str(), Kind::Name, weak(&country.name))];
    out.extend(country.aliases.iter().map(|t| (t.as_str(), Kind::Name, weak(t))));
    out.extend(country.places.iter().map(|t| (t.as_str(), Kind::Site, weak(t))));
    out.extend(country.demonyms.iter().map(|t| (t.as_str(), Kind::People, weak(t))));
    let known: Vec<&str> = out.iter().map(|(t, _, _)| *t).collect();
    out.extend(country.weak.iter().filter(|w| !known.contains(&w.as_str())).map(|t| (t.as_str(), Kind::Site, true)));
    out.extend(country.traps.iter().map(|t| (t.as_str(), Kind::Trap, false)));
    out
}

/// Tells whether a word of the table counts only with these very capitals: an abbreviation.
fn is_exact(word: &str) -> bool {
    let is_mixed = word.chars().next().is_some_and(char::is_lowercase) && word.chars().any(char::is_uppercase);
    word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
        || (is_mixed && word.chars().count() < ACRONYM_LETTERS_MAX)
}

/// Returns the pattern of a term and what must be true beyond it.
fn term(country: usize, text: &str, kind: Kind, is_weak: bool) -> (String, Term) {
    let words = split_words(text);
    let head: String = text.chars().take_while(|c| matches!(c, '.' | '$')).collect();
    let tail: String = text.chars().rev().take_while(|c| *c == '$').collect();
    let exact: Vec<Option<String>> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| is_exact(w).then(|| w.to_owned()))
        .collect();
    let last = words.last().cloned().unwrap_or_default();
    let may_go_on = kind == Kind::Trap
        && (last.chars().count() >= TRAP_STEM_LETTERS_MIN || last.chars().any(|c| c.is_ascii_digit()));
    let joined = words.join(" ");
    let pattern = if may_go_on { format!(" {joined}") } else { format!(" {joined} ") };
    let needs_capital = kind != Kind::Trap && text.chars().next().is_some_and(char::is_uppercase);
    let exact = if exact.len() == words.len() { exact } else { vec![None; words.len()] };
    (pattern, Term { country, kind, is_weak, is_context: false, tail, head, exact, needs_capital })
}

/// Marks the traps that hold no term of their own country.
fn mark_context(patterns: &mut BTreeMap<String, Vec<Term>>) {
    let own: Vec<(usize, String)> = patterns
        .iter()
        .flat_map(|(p, terms)| {
            terms.iter().filter(|t| t.kind != Kind::Trap).map(|t| (t.country, format!(" {} ", p.trim())))
        })
        .collect();
    for (pattern, terms) in patterns.iter_mut() {
        let padded = format!(" {} ", pattern.trim());
        for term in terms.iter_mut().filter(|t| t.kind == Kind::Trap) {
            term.is_context = !own.iter().any(|(c, p)| {
                *c == term.country && (padded.contains(p.as_str()) || padded.trim().starts_with(p.trim()))
            });
        }
    }
}

impl Term {
    /// Tells whether a name stands in capitals where it may be an acronym.
    fn may_be_acronym(&self, text: &FieldText, first: usize) -> bool {
        let word = text.word(first);
        let is_short = word.chars().count() <= ACRONYM_LETTERS_MAX;
        self.exact.len() == 1 && !self.exact.iter().any(Option::is_some) && is_short && is_capitals(word)
    }

    /// Tells whether the words of a text are written as the term asks.
    fn is_written_so(&self, text: &FieldText, first: usize, last: usize, is_shouted: bool) -> bool {
        let word = |n: usize| text.word(first + n);
        if self.needs_capital && !word(0).chars().next().is_some_and(char::is_uppercase) {
            return false;
        }
        let is_lone_abbreviation = self.exact.len() == 1 && self.exact.iter().all(Option::is_some);
        if is_shouted && is_lone_abbreviation && self.kind != Kind::Trap {
            return false; // in capitals throughout, "US" may be the word
        }
        let is_acronym = !is_shouted && is_capitals(word(0)) && !self.exact.iter().any(Option::is_some);
        if self.kind == Kind::Site && self.exact.len() == 1 && is_acronym {
            return false; // the BARI trial was not done in Bari
        }
        let goes_on = text.gap_after(last) == "-" && text.word(last + 1).starts_with(|c: char| c.is_ascii_digit());
        if self.exact.len() == 1 && self.kind != Kind::Trap && is_capitals(word(0)) && goes_on {
            return false; // IRAK-4 is a kinase
        }
        for (n, exact) in self.exact.iter().enumerate() {
            if let Some(exact) = exact
                && word(n) != exact
                && !(first + n == last
                    && self.kind == Kind::Trap
                    && word(n).starts_with(exact.as_str())
                    && exact.len() > 1)
            {
                return false;
            }
        }
        let before = first.checked_sub(1).map_or("", |n| text.gap_after(n));
        let start = text.tokens.first().map_or(0, |t| t.span.start);
        let before = if first == 0 { text.original.get(..start).unwrap_or_default() } else { before };
        before.ends_with(&self.head) && text.gap_after(last).starts_with(&self.tail)
    }
}

/// Tells whether a word is written in capitals throughout.
fn is_capitals(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the codes of the table's countries that a text names.
    fn find(text: &str) -> String {
        let countries = table();
        let gazetteer = Gazetteer::compile(&countries).unwrap();
        let found = gazetteer.find(&FieldText::read(text, 10_000));
        let mut out: Vec<String> = found
            .all
            .iter()
            .map(|m| format!("{}{}", countries[m.country].iso3, if m.is_weak { "?" } else { "" }))
            .collect();
        out.extend(found.doubted.iter().map(|c| format!("-{}", countries[*c].iso3)));
        out.join(" ")
    }

    /// A small table of its own: pure stages do not know `config`.
    fn table() -> Vec<Country> {
        let row = |iso3: &str, name: &str, people: &[&str], places: &[&str], weak: &[&str], traps: &[&str]| Country {
            iso3: iso3.to_owned(),
            iso2: String::new(),
            name: name.to_owned(),
            income: crate::model::Income::Low,
            region: String::new(),
            aliases: Vec::new(),
            demonyms: people.iter().map(|s| (*s).to_owned()).collect(),
            places: places.iter().map(|s| (*s).to_owned()).collect(),
            weak: weak.iter().map(|s| (*s).to_owned()).collect(),
            traps: traps.iter().map(|s| (*s).to_owned()).collect(),
            is_lmic: true,
            lmic_last_fy: String::new(),
        };
        vec![
            row("SDN", "Sudan", &["Sudanese"], &["Khartoum"], &["Sudan"], &["Sudan black"]),
            row("SSD", "South Sudan", &["South Sudanese"], &[], &[], &[]),
            row("GEO", "Georgia", &[], &["Tbilisi"], &["Georgia"], &["Emory", "Georgia State"]),
            row("USA", "United States", &["American"], &["Emory University"], &["US"], &["US$", "South America"]),
            row("PER", "Peru", &["Peruvian", "peruana"], &["Lima"], &[], &["Peru, IN", "lima bean"]),
        ]
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (text, want, note) in [
            ("in Juba, South Sudan", "SSD", "the longest name wins"),
            ("Sudan black B; Sudanese women", "SDN", "a trap covers a name"),
            ("at Emory University, Georgia", "USA GEO? -GEO", "words that speak against a weak name"),
            ("Georgia Statewide survey", "", "a trap's last word may go on"),
            ("cost us US$ 5 in the US", "USA?", "abbreviations keep their capitals"),
            ("lima beans", "", "names keep their capital"),
            ("mujeres peruanas y una peruana en Lima", "PER PER", "what the table writes small is found in any case"),
            ("Peru, IN and then Peru in 2020", "PER", "capitals of a state code"),
            ("DEPRESSION AMONG US", "", "capitals throughout"),
            ("the LIMA trial", "", "an acronym is no city"),
            ("", "", "nothing"),
        ] {
            assert_eq!(find(text), want, "{note}");
        }
    }
}
