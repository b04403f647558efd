//! Word lists that decide what a title says about identity. Tables: read by looking up.

/// Words in alphabetical order, to be looked up. Nearly all words that are asked for are in no table:
/// their first letter with their length tells so without a comparison.
#[derive(Debug)]
pub(super) struct Table {
    words: &'static [&'static str],
    /// For each first letter the lengths of its words, one bit each; the last is for other signs.
    lengths: [u32; LETTERS + 1],
}

/// Letters that are told apart at the beginning of a word.
const LETTERS: usize = 26;

impl Table {
    /// Returns the table of some words.
    #[expect(clippy::indexing_slicing, reason = "worked out while compiling: it cannot panic in a run")]
    pub const fn of(words: &'static [&'static str]) -> Self {
        let mut lengths = [0; LETTERS + 1];
        let mut n = 0;
        while n < words.len() {
            let word = words[n].as_bytes();
            lengths[slot(word)] |= length_bit(word);
            n += 1;
        }
        Self { words, lengths }
    }

    /// Returns the words in their order.
    #[cfg(test)]
    pub fn words(&self) -> &[&str] {
        self.words
    }
}

/// Returns the place of a word's first letter.
const fn slot(word: &[u8]) -> usize {
    match word {
        [first @ b'a'..=b'z', ..] => (*first - b'a') as usize,
        _ => LETTERS,
    }
}

/// Returns the bit that stands for a word's length; all long words have one.
const fn length_bit(word: &[u8]) -> u32 {
    1 << if word.len() < 31 { word.len() } else { 31 }
}

/// Tells whether a word stands in a table.
pub(super) fn is_in(table: &Table, word: &str) -> bool {
    let may_be = table.lengths.get(slot(word.as_bytes())).is_some_and(|l| l & length_bit(word.as_bytes()) != 0);
    may_be && table.words.binary_search(&word).is_ok()
}

/// Returns the digits that a numeral stands for.
pub(super) fn numeral(word: &str) -> Option<&'static str> {
    NUMERALS.binary_search_by_key(&word, |(name, _)| name).ok().and_then(|n| NUMERALS.get(n)).map(|(_, digits)| *digits)
}

/// Words that carry no identity in a title or a journal name (English, and the articles and
/// prepositions of the languages PubMed prints titles in).
pub(super) const STOP_WORDS: &Table = &Table::of(&[
    "a", "an", "and", "as", "at", "by", "de", "del", "der", "des", "di", "die", "du", "el", "en", "et", "for", "from",
    "in", "into", "is", "la", "las", "le", "les", "los", "of", "on", "or", "the", "to", "und", "van", "von", "with",
    "y",
]);

/// Little words that English titles have and those of other languages in Latin script do not.
pub(super) const ENGLISH_WORDS: &Table =
    &Table::of(&["and", "by", "for", "from", "how", "is", "its", "of", "on", "the", "their", "to", "using", "with"]);

/// Little words of French, Spanish, Portuguese and German that English titles do not have.
pub(super) const FOREIGN_WORDS: &Table = &Table::of(&[
    "au", "aux", "avec", "bei", "chez", "com", "con", "da", "das", "de", "del", "der", "des", "die", "do", "dos", "du",
    "e", "ein", "eine", "el", "em", "en", "entre", "et", "im", "la", "las", "le", "les", "los", "mit", "na", "nas",
    "no", "nos", "o", "os", "para", "por", "pour", "sobre", "sur", "um", "uma", "un", "una", "und", "une", "von", "y",
    "zur",
]);

/// Forms of papers that stand before a title and a colon.
pub(super) const KICKERS: &[&str] = &[
    "article",
    "articles",
    "brief communication",
    "brief report",
    "case report",
    "clinical study",
    "open access",
    "original article",
    "original paper",
    "original research",
    "rapid communication",
    "research",
    "research article",
    "research paper",
    "review article",
    "short communication",
    "short paper",
    "short report",
    "special article",
    "technical note",
];

/// Words that make another paper of the same title when they stand on one side only.
pub(super) const FLIP_WORDS: &Table = &Table::of(&[
    "adolescent",
    "adolescentes",
    "adolescents",
    "adult",
    "adultes",
    "adultos",
    "adults",
    "answer",
    "antenatal",
    "antepartum",
    "anxiety",
    "boys",
    "child",
    "children",
    "comentario",
    "comentarios",
    "comment",
    "commentaire",
    "commentary",
    "comments",
    "controls",
    "corrected",
    "correction",
    "corrigendum",
    "criancas",
    "demo",
    "demonstration",
    "depression",
    "elderly",
    "enfants",
    "errata",
    "erratum",
    "experimental",
    "fathers",
    "female",
    "females",
    "femmes",
    "fetal",
    "followup",
    "girls",
    "hombres",
    "homens",
    "hommes",
    "infants",
    "invited",
    "invitro",
    "invivo",
    "keynote",
    "madres",
    "maes",
    "male",
    "males",
    "maternal",
    "men",
    "meres",
    "mothers",
    "mujeres",
    "mulheres",
    "neonatal",
    "neonates",
    "newborns",
    "ninas",
    "ninos",
    "not",
    "old",
    "padres",
    "paediatric",
    "panel",
    "paternal",
    "pediatric",
    "peres",
    "perinatal",
    "pilot",
    "pilote",
    "piloto",
    "postnatal",
    "postpartum",
    "prenatal",
    "prepartum",
    "preschool",
    "protocol",
    "protocole",
    "protocolo",
    "protocols",
    "rebuttal",
    "rejoinder",
    "reply",
    "reponse",
    "response",
    "resposta",
    "respuesta",
    "retractacion",
    "retraction",
    "retratacao",
    "revisited",
    "rural",
    "sans",
    "sem",
    "sin",
    "summary",
    "toddlers",
    "tutorial",
    "update",
    "updated",
    "urbain",
    "urban",
    "urbana",
    "urbano",
    "vitro",
    "vivo",
    "without",
    "women",
    "young",
]);

/// Pairs of word beginnings that turn a word into its neighbour or opposite although one letter
/// or two tell them apart; a spelling variant never swaps them.
pub(super) const OPPOSITE_BEGINNINGS: &[(&str, &str)] = &[
    ("ante", "neo"),
    ("ante", "post"),
    ("endo", "ecto"),
    ("endo", "exo"),
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("intra", "extra"),
    ("macro", "micro"),
    ("mater", "pater"),
    ("mono", "multi"),
    ("mono", "poly"),
    ("over", "under"),
    ("per", "pr"),
    ("peri", "pre"),
    ("post", "pre"),
    ("uni", "bi"),
    ("uni", "multi"),
];

/// Beginnings that negate the word behind them.
pub(super) const NEGATIONS: &[&str] = &["a", "an", "dis", "il", "im", "in", "ir", "mis", "non", "un"];

/// Remarks in brackets behind a title that say something about the record, not the paper; matched
/// at the beginning of the bracket's folded words.
pub(super) const TRAILING_REMARKS: &[&str] = &[
    "abstract",
    "author reply",
    "author transl",
    "authors transl",
    "clinical conference",
    "comentario",
    "comment in",
    "commentaire",
    "conference abstract",
    "corrected",
    "corrected and republished",
    "discussion",
    "editorial",
    "erratum appears",
    "letter",
    "meeting abstract",
    "no abstract",
    "original",
    "publication with electronic",
    "published erratum",
    "refs",
    "republished",
    "retracted",
    "retraction",
    "review",
    "see comment",
    "summary for patients",
    "transl",
    "vol",
    "volume",
];

/// Notes in square brackets from which on nothing belongs to the title.
pub(super) const LONG_REMARKS: &[&str] = &[
    "comment in",
    "corrected",
    "erratum appears",
    "erratum in",
    "published erratum",
    "republished",
    "retraction in",
    "see comment",
    "see comments",
    "summary for patients",
];

/// Languages as they stand behind translated titles.
pub(super) const LANGUAGES: &Table = &Table::of(&[
    "afrikaans",
    "arabic",
    "bosnian",
    "bulgarian",
    "chinese",
    "croatian",
    "czech",
    "danish",
    "dutch",
    "english",
    "estonian",
    "finnish",
    "french",
    "german",
    "greek",
    "hebrew",
    "hungarian",
    "icelandic",
    "indonesian",
    "italian",
    "japanese",
    "korean",
    "latvian",
    "lithuanian",
    "norwegian",
    "persian",
    "polish",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "slovak",
    "slovenian",
    "spanish",
    "swedish",
    "thai",
    "turkish",
    "ukrainian",
    "vietnamese",
]);

/// Nouns before which a single letter or a Roman `i`, `v`, `x` counts ("phase I", "part a").
pub(super) const COUNTED_NOUNS: &Table = &Table::of(&[
    "appendix",
    "arm",
    "book",
    "case",
    "chapter",
    "class",
    "cohort",
    "day",
    "edition",
    "episode",
    "estudio",
    "estudo",
    "etape",
    "etude",
    "experiment",
    "factor",
    "fase",
    "grade",
    "group",
    "lecture",
    "lesson",
    "level",
    "module",
    "month",
    "no",
    "number",
    "paper",
    "part",
    "parte",
    "partie",
    "phase",
    "report",
    "round",
    "section",
    "series",
    "session",
    "stage",
    "study",
    "supplement",
    "teil",
    "trial",
    "type",
    "unit",
    "vol",
    "volume",
    "wave",
    "week",
    "year",
]);

/// Roman numerals from two letters on, and small number words, with the digits they stand for.
pub(super) const NUMERALS: &[(&str, &str)] = &[
    ("eight", "8"),
    ("eleven", "11"),
    ("five", "5"),
    ("four", "4"),
    ("ii", "2"),
    ("iii", "3"),
    ("ix", "9"),
    ("nine", "9"),
    ("one", "1"),
    ("seven", "7"),
    ("six", "6"),
    ("ten", "10"),
    ("three", "3"),
    ("twelve", "12"),
    ("two", "2"),
    ("vi", "6"),
    ("vii", "7"),
    ("viii", "8"),
    ("xi", "11"),
    ("xii", "12"),
];

/// Roman numerals that are ordinary words or letters elsewhere; they count after a counted noun
/// and at either end of a title.
pub(super) const NUMERALS_AFTER_NOUN: &[(&str, &str)] = &[("i", "1"), ("iv", "4"), ("v", "5"), ("x", "10")];

/// Greek letters as the words that other databases write for them.
pub(super) const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('µ', "mu"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_searched_are_in_order() {
        for table in [STOP_WORDS, ENGLISH_WORDS, FOREIGN_WORDS, FLIP_WORDS, LANGUAGES, COUNTED_NOUNS] {
            assert!(table.words().is_sorted(), "{table:?}");
        }
        assert!(NUMERALS.is_sorted());
    }
}
