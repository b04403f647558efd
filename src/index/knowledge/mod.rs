//! What the words of the field mean to one another, in the form in which papers are indexed and
//! questions are asked.
//!
//! A **concept** is one thing with several names (EPDS, Edinburgh Postnatal Depression Scale). When a
//! paper is indexed, the names of concepts are spotted in its text, and the paper gets their ids as
//! words of a field of their own: what it says under any name then counts together, with a true
//! frequency. A question is read in the same way. [`Knowledge`] is made of the settings and spots
//! names in papers; it is written beside the index as a [`Names`] file, in which a question's words
//! are looked up without reading it whole.

mod names;
mod spot;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use names::{Meaning, Names};
pub(super) use spot::{NAME_WORDS_MAX, is_form_of, key, stems};

use self::spot::{Spotter, says_enough};
use super::words::{TextWords, WordCutter};
use crate::model::{Country, Income, Lexicon, Region, sha256_hex, text};

/// How many steps of "includes" are followed: what a narrower concept includes is still meant.
const INCLUDED_STEPS_MAX: usize = 3;

/// Everything that is known, ready to index papers with.
#[derive(Debug)]
pub struct Knowledge {
    /// ISO alpha-3 code to name for readers.
    countries: BTreeMap<String, String>,
    /// Code in lower case to the ids of the regions it lies in.
    regions: BTreeMap<String, BTreeSet<String>>,
    /// Plain form of a region's names to its id.
    region_keys: BTreeMap<String, String>,
    spotter: Spotter,
    names: String,
}

impl Knowledge {
    /// Returns the knowledge that a lexicon and a country table hold together.
    pub fn new(lexicon: &Lexicon, countries: &[Country]) -> Self {
        let regions = regions_by_country(lexicon, countries);
        let region_names = lexicon.regions.iter().flat_map(|r| r.names.iter().map(move |n| (n, r)));
        Self {
            countries: countries.iter().map(|c| (c.iso3.clone(), c.name.clone())).collect(),
            region_keys: region_names.map(|(name, region)| (plain(&name.text), region.id.clone())).collect(),
            names: names::write(lexicon, countries),
            spotter: Spotter::new(&lexicon.concepts),
            regions,
        }
    }

    /// Returns a country's name for readers; its code when it is not known.
    pub fn country_name(&self, iso3: &str) -> String {
        self.countries.get(iso3).map_or_else(|| iso3.to_owned(), Clone::clone)
    }

    /// Returns a hash of all that is known; another one means that papers are indexed otherwise.
    pub fn hash(&self) -> String {
        hash_of(&self.names)
    }

    /// Returns the ids of the regions that a paper is about: those its countries lie in, and those
    /// it names. In order, each once.
    pub(super) fn regions_of(&self, countries: &[String], terms: &[String]) -> BTreeSet<String> {
        let around = countries.iter().filter_map(|c| self.regions.get(&c.to_lowercase())).flatten();
        let named = terms.iter().filter_map(|t| self.region_keys.get(&plain(t)));
        around.chain(named).cloned().collect()
    }

    /// Tells whether names of concepts begin with a stem.
    pub(super) fn begins_names(&self, stem: &str) -> bool {
        self.spotter.begins_names(stem)
    }

    /// Adds the ids of the concepts named in a text to a list, one for each time, with a space before each.
    /// This cutter cut it just now, with [`Knowledge::begins_names`].
    pub(super) fn spot(&self, text: &str, cut: &TextWords, cutter: &WordCutter, list: &mut String) {
        self.spotter.spot(text, cut, cutter, list);
    }

    /// Returns the text of the file in which questions are looked up.
    pub(super) fn names_file(&self) -> &str {
        &self.names
    }
}

/// Tells whether a name says too little by its words, so that only its spelling makes it a name: WHO,
/// US, "D&A".
pub(super) fn counts_as_written(name: &str) -> bool {
    !says_enough(&stems(name))
}

/// Returns the hash of a names file.
pub(super) fn hash_of(names: &str) -> String {
    sha256_hex(names.as_bytes()).chars().take(16).collect()
}

/// Returns the plain form by which names of regions are compared.
fn plain(name: &str) -> String {
    text::words(name).join(" ")
}

/// Returns the regions that each country lies in, by its code in lower case.
fn regions_by_country(lexicon: &Lexicon, countries: &[Country]) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for region in &lexicon.regions {
        for code in countries_of(region, &lexicon.regions, countries, INCLUDED_STEPS_MAX) {
            out.entry(code.to_lowercase()).or_default().insert(region.id.clone());
        }
    }
    out
}

/// Returns the codes of the countries of a region: its own, those of the regions it is made of, and
/// those of its income groups.
fn countries_of(region: &Region, regions: &[Region], countries: &[Country], steps: usize) -> BTreeSet<String> {
    let mut out: BTreeSet<String> = region.countries.iter().cloned().collect();
    let is_of = |income: &Income| region.incomes.contains(income);
    out.extend(countries.iter().filter(|c| is_of(&c.income)).map(|c| c.iso3.clone()));
    if steps > 0 {
        for part in regions.iter().filter(|r| region.regions.contains(&r.id)) {
            out.extend(countries_of(part, regions, countries, steps - 1));
        }
    }
    out
}

/// Returns the ids of all concepts that one includes, nearest first, without itself.
fn included(id: &str, lexicon: &Lexicon) -> Vec<String> {
    let direct =
        |id: &str| lexicon.concepts.iter().find(|c| c.id == id).map(|c| c.includes.clone()).unwrap_or_default();
    let mut out: Vec<String> = Vec::new();
    let mut edge = vec![id.to_owned()];
    for _ in 0..INCLUDED_STEPS_MAX {
        let next: Vec<String> = edge.iter().flat_map(|c| direct(c)).filter(|c| c != id && !out.contains(c)).collect();
        for concept in &next {
            if !out.contains(concept) {
                out.push(concept.clone());
            }
        }
        edge = next;
    }
    out
}
