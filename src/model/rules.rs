//! How we judge, as data: what `topics.toml` says once it is checked.
//!
//! A [`Phrase`] is a line of the small phrase language that stands at the head of `topics.toml`:
//! words in any case and with or without accents, `*` at the end for a stem, `~N` between two
//! parts that stand near each other in one sentence, `@name` for a word list, `^` before what a field
//! must begin with.

use super::{Place, text};

/// The most words that may stand between two parts of a phrase: more is no longer "near".
pub const NEAR_WORDS_MAX: usize = 20;

/// The signs that the scope gate weighs; `gate` rules may give no other.
pub const GATE_SIGNS: &[&str] = &[
    "animal",
    "notice",
    "letter",
    "perinatal",
    "perinatal-hint",
    "other-time",
    "mental-health",
    "mental-health-hint",
    "lmic-region",
    "hic-region",
    "wide-region",
    "global",
    "study",
    "announces",
    "review",
    "migrants",
    "origin",
    "setting",
    "partners",
    "maker",
    "medicine-harm",
    "describes",
    "grey",
    "included-studies",
    "elsewhere",
    "version",
    "instrument",
];

/// The signs that the judge reads off the numbers of an abstract itself: rules may ask for them, and
/// give none. `counted`: people, births or records are counted; `measured`: also a share, a p value
/// or an interval is given.
pub const NUMBER_SIGNS: &[&str] = &["counted", "measured"];

/// The signs that the choice of conclusion and finding weighs; `finding` rules may give no other.
pub const FINDING_SIGNS: &[&str] = &[
    "states-aim",
    "passing",
    "opening",
    "cue",
    "present",
    "past",
    "method",
    "result",
    "claim",
    "advice",
    "argument",
    "future",
    "caveat",
    "aim",
    "leaning",
    "pointing",
    "denial",
    "lead",
    "noise",
    "notice",
    "report",
];

/// What a phrase looks for at one spot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Folded words joined by one space; `is_stem` when the last one may go on.
    Words {
        /// The words.
        words: String,
        /// Whether the last word is only a beginning.
        is_stem: bool,
    },
    /// Any phrase of the word list of this name.
    List(String),
}

/// A phrase to look for, as a person wrote it in `topics.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The text as written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Whether a field must begin with it (`^`).
    pub is_first: bool,
    /// What it looks for.
    pub first: Part,
    /// A second part that must stand in the same sentence, with at most so many words between
    /// the two, before or after.
    pub near: Option<(usize, Part)>,
}

impl Phrase {
    /// Returns the phrase that a text says.
    ///
    /// # Errors
    /// Why the text can never match anything, in plain words without a full stop.
    pub fn parse(written: &str, place: Place) -> Result<Self, String> {
        let (is_first, body) = written.strip_prefix('^').map_or((false, written), |rest| (true, rest));
        let (first, near) = match body.split_once('~') {
            None => (Part::parse(body)?, None),
            Some((before, after)) => {
                let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
                let words: usize = digits.parse().map_err(|_| "~ needs a number of words, as in ~3".to_owned())?;
                if words > NEAR_WORDS_MAX {
                    return Err(format!("~{words} is too far: at most ~{NEAR_WORDS_MAX}"));
                }
                let rest = after.get(digits.len()..).unwrap_or_default();
                if rest.contains('~') {
                    return Err("a phrase can hold only one ~".to_owned());
                }
                (Part::parse(before)?, Some((words, Part::parse(rest)?)))
            }
        };
        Ok(Self { text: written.to_owned(), place, is_first, first, near })
    }

    /// Returns the parts, one or two.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.first).chain(self.near.iter().map(|(_, part)| part))
    }
}

impl Part {
    /// Returns what one side of a phrase says.
    fn parse(written: &str) -> Result<Self, String> {
        let written = written.trim();
        if let Some(name) = written.strip_prefix('@') {
            return if name.is_empty() || name.contains(char::is_whitespace) {
                Err("@ needs the name of one word list, as in @condition".to_owned())
            } else {
                Ok(Self::List(name.to_owned()))
            };
        }
        let body = written.strip_suffix('*').unwrap_or(written);
        if body.contains('*') {
            return Err("* may stand only at the end of a phrase or before ~".to_owned());
        }
        if body.contains('^') {
            return Err("^ may stand only at the beginning of a phrase".to_owned());
        }
        let words = split_words(body).join(" ");
        if words.is_empty() {
            return Err("it holds no letter or digit, so it can never match".to_owned());
        }
        let is_stem = written.ends_with('*');
        if is_stem && !body.ends_with(char::is_alphanumeric) {
            return Err("* must follow a letter or digit".to_owned());
        }
        Ok(Self::Words { words, is_stem })
    }
}

/// Returns the folded words of a text: runs of letters and digits. Every other character
/// separates, also the apostrophe and the hyphen.
pub fn split_words(written: &str) -> Vec<String> {
    text::fold(written).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// What a rule is about. The order is the order in which facets are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// A sign that the scope gate weighs ("perinatal", "mental-health", "animal").
    Gate,
    /// A group of countries ("LMIC", "SSA").
    Region,
    /// Study design; the first rule of the file that fires wins.
    Design,
    /// Condition studied.
    Condition,
    /// Intervention studied.
    Intervention,
    /// Who was studied.
    Population,
    /// When around birth.
    Stage,
    /// Something worth marking ("covid-19").
    Flag,
    /// Working group.
    Topic,
    /// A sign for choosing the conclusion and the finding.
    Finding,
}

impl Facet {
    /// All facets in the order in which they are judged.
    pub const ALL: &'static [Self] = &[
        Self::Gate,
        Self::Region,
        Self::Design,
        Self::Condition,
        Self::Intervention,
        Self::Population,
        Self::Stage,
        Self::Flag,
        Self::Topic,
        Self::Finding,
    ];

    /// Returns the name as it stands in `topics.toml` and in reasons.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Region => "region",
            Self::Design => "design",
            Self::Condition => "condition",
            Self::Intervention => "intervention",
            Self::Population => "population",
            Self::Stage => "stage",
            Self::Flag => "flag",
            Self::Topic => "topic",
            Self::Finding => "finding",
        }
    }
}

/// A part of a record that a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The title.
    Title,
    /// The abstract.
    Abstract,
    /// Author keywords.
    Keywords,
    /// Names of MeSH headings.
    Mesh,
}

impl Field {
    /// All fields, the most telling first.
    pub const ALL: &'static [Self] = &[Self::Title, Self::Abstract, Self::Mesh, Self::Keywords];

    /// Returns the name as it stands in `topics.toml` and in reasons.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Abstract => "abstract",
            Self::Keywords => "keywords",
            Self::Mesh => "mesh",
        }
    }

    /// Returns the field of a name, or `None`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.as_str() == name)
    }
}

/// A part of the abstract that a rule may keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// The sentences that say what the paper set out to do (sign `finding:states-aim`).
    Aim,
    /// The sentences taken as the authors' conclusion.
    Conclusion,
}

impl Zone {
    /// All zones in the order of the text.
    pub const ALL: &'static [Self] = &[Self::Aim, Self::Conclusion];

    /// Returns the name as it stands in `topics.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aim => "aim",
            Self::Conclusion => "conclusion",
        }
    }

    /// Returns the zone of a name, or `None`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|z| z.as_str() == name)
    }
}

/// What one sentence with a word of a rule weighs, by where it stands, in points.
///
/// Authors name their subject in the title and say it again where they state their aim and their
/// conclusion; what stands once in the rest of an abstract may be background or a covariate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceWeights {
    /// In the title.
    pub title: usize,
    /// In a sentence of the abstract that states the aim.
    pub aim: usize,
    /// In a sentence of the abstract that concludes.
    pub conclusion: usize,
    /// In any other sentence of the abstract.
    pub abstract_text: usize,
    /// A MeSH heading.
    pub mesh: usize,
    /// Among the keywords.
    pub keywords: usize,
}

impl Default for PlaceWeights {
    fn default() -> Self {
        Self { title: 3, aim: 2, conclusion: 2, abstract_text: 1, mesh: 2, keywords: 2 }
    }
}

/// One working group's topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRule {
    /// Short id used in tags and in the draft file ("evidence").
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// One line for readers under the name.
    pub blurb: String,
}

/// One rule: when it fires, the paper gets the tag.
///
/// It fires when `words` stand in `fields` or `zones` and weigh at least `points` in all, or one of
/// `mesh` or `types` is on the record; and one of `with` stands in title or abstract when there are
/// any; and none of `unless` stands where the rule looks; and, where given, one of `needs` and none
/// of `bars` is among the tags given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is about.
    pub facet: Facet,
    /// What it gives ("depression").
    pub tag: String,
    /// Its own name in reasons: `facet.tag`, with `.name` when it has one.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Phrases of which one must be there.
    pub words: Vec<Phrase>,
    /// Phrases of which one must be there too, in title or abstract.
    pub with: Vec<Phrase>,
    /// Phrases of which none may be there.
    pub unless: Vec<Phrase>,
    /// Longer phrases inside which `words` do not count.
    pub not: Vec<Phrase>,
    /// Where `words` are looked for.
    pub fields: Vec<Field>,
    /// Parts of the abstract where `words` are looked for, when not in the whole of it.
    pub zones: Vec<Zone>,
    /// What `words` must weigh in all, by [`PlaceWeights`]; every sentence counts once.
    pub points: usize,
    /// MeSH descriptor UIs.
    pub mesh: Vec<String>,
    /// Publication types.
    pub types: Vec<String>,
    /// Tags ("design:rct") of which one must have been given.
    pub needs: Vec<String>,
    /// Tags of which none may have been given.
    pub bars: Vec<String>,
    /// Of topics: the one with the lowest rank becomes primary.
    pub rank: usize,
}

impl Rule {
    /// Returns a rule that gives a tag when one of `words` stands anywhere.
    pub fn of(facet: Facet, tag: &str, words: Vec<Phrase>) -> Self {
        Self {
            facet,
            tag: tag.to_owned(),
            name: format!("{}.{tag}", facet.as_str()),
            place: Place::default(),
            words,
            with: Vec::new(),
            unless: Vec::new(),
            not: Vec::new(),
            fields: Field::ALL.to_vec(),
            zones: Vec::new(),
            points: 1,
            mesh: Vec::new(),
            types: Vec::new(),
            needs: Vec::new(),
            bars: Vec::new(),
            rank: 1,
        }
    }
}

/// A named list of words that phrases refer to by `@name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordList {
    /// Its name.
    pub name: String,
    /// Its phrases: plain words only.
    pub words: Vec<Phrase>,
}

/// All rules of judgement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The working groups in the order in which readers see them.
    pub topics: Vec<TopicRule>,
    /// What words weigh by where they stand.
    pub weights: PlaceWeights,
    /// Word lists.
    pub lists: Vec<WordList>,
    /// Rules in the order of the file.
    pub rules: Vec<Rule>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_say_what_they_look_for() {
        let words = |w: &str, is_stem| Part::Words { words: w.to_owned(), is_stem };
        let cases = [
            ("Depress*", words("depress", true), None),
            ("low- and middle-income", words("low and middle income", false), None),
            ("dépression du post-partum", words("depression du post partum", false), None),
            ("maternal ~3 @mental", words("maternal", false), Some((3, Part::List("mental".to_owned())))),
        ];
        for (written, first, near) in cases {
            let phrase = Phrase::parse(written, Place::default()).unwrap();
            assert_eq!((phrase.first, phrase.near), (first, near), "{written}");
        }
    }

    #[test]
    fn a_phrase_that_can_never_match_says_why() {
        for (written, why) in [
            ("", "no letter"),
            ("…", "no letter"),
            ("a* b", "only at the end"),
            ("a -*", "must follow"),
            ("a ~ b", "needs a number"),
            ("a ~3", "no letter"),
            ("a ~3 b ~3 c", "only one"),
            ("a ~99 b", "too far"),
            ("@", "needs the name"),
        ] {
            assert!(Phrase::parse(written, Place::default()).unwrap_err().contains(why), "{written}");
        }
    }
}
