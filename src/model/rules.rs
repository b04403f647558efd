//! How we judge, as data: what `topics.toml` says once it is checked.

/// A phrase to look for, as a person wrote it in `topics.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The text as written.
    pub text: String,
    /// Line in the file, from 1.
    pub line: usize,
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

/// A named list of phrases of one facet ("condition" → "depression").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VocabularyRule {
    /// Facet: "condition", "intervention", "population", "stage".
    pub facet: String,
    /// Tag.
    pub tag: String,
    /// Phrases that give the tag.
    pub phrases: Vec<Phrase>,
}

/// All rules of judgement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The working groups in the order in which readers see them.
    pub topics: Vec<TopicRule>,
    /// Vocabularies.
    pub vocabularies: Vec<VocabularyRule>,
}
