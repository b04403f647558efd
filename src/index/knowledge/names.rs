//! The file in which the words of a question are looked up.
//!
//! Sorted lines, so that a few steps of halving find a name without reading the whole:
//! ```text
//! roundup-names 1
//! c<TAB>epds<TAB>Edinburgh Postnatal Depression Scale<TAB>other|names<TAB>included,ids<TAB>near,ids<TAB>broader,ids
//! k<TAB>ken<TAB>Kenya
//! n<TAB>edinburgh postnat depress scale<TAB>c:epds
//! n<TAB>ken<TAB>i:ken
//! n<TAB>kenyan<TAB>k:ken~kenyan
//! n<TAB>who<TAB>c:who!WHO
//! r<TAB>east-africa<TAB>East Africa
//! ```

use std::collections::{BTreeMap, BTreeSet};

use tantivy::directory::OwnedBytes;

use super::super::analyse;
use super::spot::says_enough;
use super::{included, is_form_of, key, stems};
use crate::model::{Country, Lexicon, text};

/// First line: what the file is and in which form.
const HEAD: &str = "roundup-names 1\n";
/// Last line: the file was written to its end.
const END: &str = "z\tend\n";

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::index) enum Meaning {
    /// A concept, by id.
    Concept(String),
    /// A country, by its ISO alpha-3 code in lower case; the name is the country's or its people's.
    Country(String),
    /// The same, where the name is an ISO code: one only behind `country:`, since "and" is Andorra's.
    Code(String),
    /// A town or district of a country.
    Place(String),
    /// A region, by id.
    Region(String),
}

impl Meaning {
    fn written(&self) -> String {
        match self {
            Self::Concept(id) => format!("c:{id}"),
            Self::Country(code) => format!("k:{code}"),
            Self::Code(code) => format!("i:{code}"),
            Self::Place(code) => format!("p:{code}"),
            Self::Region(id) => format!("r:{id}"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let id = id.to_owned();
        match kind {
            "c" => Some(Self::Concept(id)),
            "k" => Some(Self::Country(id)),
            "i" => Some(Self::Code(id)),
            "p" => Some(Self::Place(id)),
            "r" => Some(Self::Region(id)),
            _ => None,
        }
    }
}

/// A concept as questions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::index) struct KnownConcept {
    /// Its names, the one for readers first.
    pub names: Vec<String>,
    /// Ids of narrower concepts, nearest first.
    pub includes: Vec<String>,
    /// Ids of related concepts.
    pub near: Vec<String>,
    /// Ids of the concepts that include it themselves.
    pub broader: Vec<String>,
}

/// A part of a place's name has at least so many letters: shorter ones are in many names.
const PART_CHARS_MIN: usize = 4;

/// Abbreviations of countries that are everyday words in small letters.
const WORDS_IN_SMALL_LETTERS: &[&str] = &["US", "CAR"];

/// What the keys stand for; each meaning with the one spelling that counts, if only one does.
type Meanings = BTreeMap<String, BTreeSet<(Meaning, Option<String>)>>;

/// Parts a meaning from the one spelling that counts.
const EXACT: char = '!';

/// Parts a meaning from the word whose forms count, where a name is one word.
const WORD: char = '~';

/// Adds one name.
fn put(meanings: &mut Meanings, name: &str, meaning: Meaning, is_exact: bool) {
    let key = key(name);
    if !key.is_empty() {
        // What says too little by its words counts only as it is written.
        let is_exact = is_exact || !says_enough(&stems(name));
        let only = if is_exact {
            Some(format!("{EXACT}{name}"))
        } else {
            Some(text::words(name).concat()).filter(|_| !key.contains(' ')).map(|word| format!("{WORD}{word}"))
        };
        meanings.entry(key).or_default().insert((meaning, only));
    }
}

/// Adds the names of a country, of its people and of its towns.
fn put_country(meanings: &mut Meanings, country: &Country, further: Option<&Vec<String>>) {
    let code = country.iso3.to_lowercase();
    let names = country.aliases.iter().chain(&country.demonyms).chain(&country.weak);
    for name in names.chain(further.into_iter().flatten()).chain([&country.name]) {
        put(meanings, name, Meaning::Country(code.clone()), WORDS_IN_SMALL_LETTERS.contains(&name.as_str()));
    }
    for name in [&country.iso3, &country.iso2] {
        put(meanings, name, Meaning::Code(code.clone()), false);
    }
    country.places.iter().for_each(|name| put(meanings, name, Meaning::Place(code.clone()), false));
}

/// Returns the file's text.
pub(super) fn write(lexicon: &Lexicon, countries: &[Country]) -> String {
    let mut meanings = Meanings::new();
    for concept in &lexicon.concepts {
        concept
            .names
            .iter()
            .for_each(|n| put(&mut meanings, &n.text, Meaning::Concept(concept.id.clone()), n.is_exact));
    }
    for region in &lexicon.regions {
        region.names.iter().for_each(|n| put(&mut meanings, &n.text, Meaning::Region(region.id.clone()), n.is_exact));
    }
    for country in countries {
        put_country(&mut meanings, country, lexicon.countries.get(&country.iso3));
    }
    let mut lines = BTreeSet::new();
    for (key, meanings) in meanings {
        let list = meanings.iter().map(|(m, only)| format!("{}{}", m.written(), only.as_deref().unwrap_or_default()));
        lines.insert(format!("n\t{key}\t{}", list.collect::<Vec<_>>().join(",")));
    }
    for concept in &lexicon.concepts {
        let names: Vec<&str> = concept.names.iter().map(|n| n.text.as_str()).collect();
        let includes = included(&concept.id, lexicon).join(",");
        let broader = lexicon.concepts.iter().filter(|c| c.includes.contains(&concept.id)).map(|c| c.id.as_str());
        let broader = broader.collect::<Vec<_>>().join(",");
        let near = concept.near.join(",");
        lines.insert(format!("c\t{}\t{}\t{includes}\t{near}\t{broader}", concept.id, names.join("|")));
    }
    lines.extend(countries.iter().map(|c| format!("k\t{}\t{}", c.iso3.to_lowercase(), c.name)));
    for region in &lexicon.regions {
        let name = region.names.first().map_or(region.id.as_str(), |n| n.text.as_str());
        lines.insert(format!("r\t{}\t{name}", region.id));
    }
    let mut out = HEAD.to_owned();
    for line in lines {
        out.push_str(&line.replace(['\n', '\r'], " "));
        out.push('\n');
    }
    out + END
}

/// The names as they were when the index was built. The file lies in memory as it lies on disk, and
/// only what is looked at is read.
#[derive(Debug, Clone)]
pub(in crate::index) struct Names(OwnedBytes);

impl Names {
    /// Returns the names that a file's bytes hold; `None` when it is not whole or of another form.
    pub fn parse(bytes: OwnedBytes) -> Option<Self> {
        (bytes.starts_with(HEAD.as_bytes()) && bytes.ends_with(END.as_bytes())).then_some(Self(bytes))
    }

    /// Returns the cells of the line that begins with a kind and a key.
    fn line(&self, kind: &str, key: &str) -> Option<Vec<&str>> {
        let wanted = format!("{kind}\t{key}\t");
        let bytes: &[u8] = &self.0;
        let (mut low, mut high) = (HEAD.len(), bytes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', bytes.get(low..middle)?).map_or(low, |at| low + at + 1);
            let end = memchr::memchr(b'\n', bytes.get(middle..high)?).map_or(high, |at| middle + at);
            let line = bytes.get(start..end)?;
            if let Some(rest) = line.strip_prefix(wanted.as_bytes()) {
                return Some(std::str::from_utf8(rest).ok()?.split('\t').collect());
            }
            if line < wanted.as_bytes() {
                low = end + 1;
            } else {
                high = start;
            }
        }
        None
    }

    /// Returns the lines of names: each name with what it stands for.
    fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let bytes: &[u8] = &self.0;
        let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
        lines.filter_map(|line| line.strip_prefix("n\t")?.split_once('\t'))
    }

    /// Returns what a typed name stands for, by its key; none when it is not known. A meaning that
    /// counts in one spelling only (WHO) is left out when it was `typed` otherwise.
    pub fn meanings(&self, key: &str, typed: &str) -> Vec<Meaning> {
        let cells = self.line("n", key).unwrap_or_default();
        let typed = analyse::without_article(typed);
        let each = cells.first().into_iter().flat_map(|list| list.split(','));
        let mut out: Vec<Meaning> = Vec::new();
        for text in each {
            let meaning = match (text.split_once(EXACT), text.split_once(WORD)) {
                (Some((meaning, written)), _) => Meaning::parse(meaning).filter(|_| written == typed),
                (_, Some((meaning, word))) => Meaning::parse(meaning).filter(|_| is_form_of(typed, word)),
                _ => Meaning::parse(text),
            };
            out.extend(meaning.filter(|m| !out.contains(m)));
        }
        out
    }

    /// Returns the name for readers of the country or region (`is_region`) of which some name is
    /// nearest to a key, within `edits_max`; then the first by name. `None` when none is near.
    pub fn nearest_place(&self, key: &str, is_region: bool, edits_max: usize) -> Option<String> {
        let kind = if is_region { "r:" } else { "k:" };
        let near =
            self.names().filter(|(name, list)| list.starts_with(kind) && name.len().abs_diff(key.len()) <= edits_max);
        let best = near
            .map(|(name, list)| (strsim::osa_distance(key, name), list))
            .filter(|(edits, _)| *edits <= edits_max)
            .min()?;
        let id = best.1.split([',', EXACT, WORD]).next()?.strip_prefix(kind)?;
        if is_region { self.region(id) } else { self.country(id) }.map(str::to_owned)
    }

    /// Returns the name for readers of the country or region (`is_region`) of which some name has a
    /// word of a key, whole or as its beginning, or begins the key itself ("swazi", "swaziland"); the
    /// name with the fewest letters beside it, then the first. `None` for keys of few letters.
    pub fn place_with_word(&self, key: &str, is_region: bool) -> Option<String> {
        let kind = if is_region { "r:" } else { "k:" };
        let is_long = |text: &str| text.chars().count() >= PART_CHARS_MIN;
        let is_part = |name: &str| {
            let begins = |word: &str| word.starts_with(key) || is_long(word) && key.starts_with(word);
            format!(" {name} ").contains(&format!(" {key} ")) || name.split(' ').any(begins)
        };
        let with_part = self.names().filter(|(name, list)| is_long(key) && list.starts_with(kind) && is_part(name));
        let best = with_part.min_by_key(|(name, list)| (name.len().abs_diff(key.len()), *name, *list))?;
        let id = best.1.split([',', EXACT, WORD]).next()?.strip_prefix(kind)?;
        if is_region { self.region(id) } else { self.country(id) }.map(str::to_owned)
    }

    /// Returns a concept by its id.
    pub fn concept(&self, id: &str) -> Option<KnownConcept> {
        let cells = self.line("c", id)?;
        let list = |n: usize, by: char| {
            let cell = cells.get(n).copied().unwrap_or_default();
            cell.split(by).filter(|v| !v.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        Some(KnownConcept { names: list(0, '|'), includes: list(1, ','), near: list(2, ','), broader: list(3, ',') })
    }

    /// Returns the name for readers of a country, by its code in lower case.
    pub fn country(&self, code: &str) -> Option<&str> {
        self.line("k", code)?.first().copied()
    }

    /// Returns the name for readers of a region, by its id.
    pub fn region(&self, id: &str) -> Option<&str> {
        self.line("r", id)?.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::lexicon;

    #[test]
    fn an_elided_article_is_no_part_of_a_name() {
        let text = write(&lexicon::built_in(), &[]);
        let names = Names::parse(OwnedBytes::new(text.into_bytes())).expect("our own file");
        let concept = |typed: &str| names.meanings(&key(typed), typed).first().map(Meaning::written);
        assert!(concept("allaitement").is_some(), "French for breastfeeding");
        for typed in ["l'allaitement", "L’allaitement", "d'allaitement"] {
            assert_eq!(concept(typed), concept("allaitement"), "{typed}");
        }
        assert_eq!(concept("xallaitement"), None);
    }
}
