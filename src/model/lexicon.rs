//! What the words of the field mean to one another, for the search.

use std::collections::BTreeMap;

use super::Income;

/// What the words of the field mean to one another. Empty where no lexicon was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lexicon {
    /// What people ask for, in the order of the file.
    pub concepts: Vec<Concept>,
    /// Groups of countries, in the order of the file.
    pub regions: Vec<Region>,
    /// Names of countries and of their people in other languages, beyond those of the country
    /// table, by ISO 3166 alpha-3 code. One name may stand for two countries ("congolais").
    pub countries: BTreeMap<String, Vec<String>>,
}

/// One thing that people ask for, with all names that mean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// Its name in the file: small letters, digits and hyphens.
    pub id: String,
    /// All names that mean it; no name belongs to two concepts or regions.
    pub names: Vec<ConceptName>,
    /// Ids of narrower concepts: who asks for this one also wants those, a little lower. Never a circle.
    pub includes: Vec<String>,
    /// Ids of related concepts: not the same thing, so much lower.
    pub near: Vec<String>,
}

/// A name as people write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptName {
    /// The words, as papers write them.
    pub text: String,
    /// In which language.
    pub language: NameLanguage,
    /// Whether it counts only as written, in questions too: an abbreviation that is an everyday word
    /// in small letters (WHO, MINI).
    pub is_exact: bool,
}

/// Language of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameLanguage {
    /// English.
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
}

/// A group of countries, with all names that mean it or its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its name in the file: small letters, digits and hyphens.
    pub id: String,
    /// All names that mean it; no name belongs to two concepts or regions.
    pub names: Vec<ConceptName>,
    /// ISO 3166 alpha-3 codes of its own countries; those of `regions` and `incomes` come on top.
    pub countries: Vec<String>,
    /// Ids of regions that are part of it. Never a circle.
    pub regions: Vec<String>,
    /// Income groups of which every country is part of it.
    pub incomes: Vec<Income>,
}

impl NameLanguage {
    /// Every language, in the order in which files name them.
    pub const ALL: [Self; 4] = [Self::En, Self::Fr, Self::Es, Self::Pt];

    /// Returns its two-letter code, the key of its names in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Pt => "pt",
        }
    }
}

impl ConceptName {
    /// Tells whether the name is an abbreviation: in papers it counts only as written, capitals and
    /// plus included (EPDS, PHQ-9, PM+, mhGAP); in questions in any case.
    ///
    /// It is one word with a digit, a plus, or a capital right behind another letter; or a name of
    /// several words with a plus ("Group PM+").
    pub fn is_abbreviation(&self) -> bool {
        if self.text.contains('+') {
            return true;
        }
        if self.text.contains(char::is_whitespace) {
            return false;
        }
        let mut before = ' ';
        self.text.chars().any(|c| {
            let is_sign = c.is_ascii_digit() || (c.is_uppercase() && before.is_alphabetic());
            before = c;
            is_sign
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_is_known_by_its_letters() {
        for (text, want) in [
            ("EPDS", true),
            ("PHQ-9", true),
            ("PM+", true),
            ("Group PM+", true),
            ("mhGAP", true),
            ("W-DEQ", true),
            ("K10", true),
            ("depression", false),
            ("Thinking Healthy Programme", false),
            ("Guinea-Bissau", false),
            ("women living with HIV", false),
            ("Zoloft", false),
            ("", false),
        ] {
            let name = ConceptName { text: text.to_owned(), language: NameLanguage::En, is_exact: false };
            assert_eq!(name.is_abbreviation(), want, "{text}");
        }
    }
}
