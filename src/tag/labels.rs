//! Reads the labels of a structured abstract: what is conclusion, what results, what no text at all.
//!
//! Sections that the source gave are taken as they are, `NlmCategory` first. Without them a label
//! may stand in the text itself: "CONCLUSIONS: …", "Conclusion. …", "CONCLUSIONS Our study …".

use std::ops::Range;

use super::text::{FieldText, sentences};
use crate::model::{Record, text::fold};

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The authors' conclusion; the lower the number, the more telling the label.
    Conclusion(usize),
    /// Results; also the "Findings" of some journals.
    Results,
    /// Funding, registration, copyright, keywords: nothing of what was studied or found.
    Aside,
    /// Anything else: background, aims, methods.
    Other,
}

/// A section of an abstract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it holds.
    pub kind: Kind,
    /// Its sentences, as byte ranges of the abstract in order, without the label.
    pub sentences: Vec<Range<usize>>,
}

/// Words in labels of conclusions, folded, the most telling first.
const CONCLUSION: &[&str] = &[
    "conclu",
    "consideracoes finais",
    "consideraciones finales",
    "interpreta",
    "what this study adds",
    "key message",
    "key point",
    "take home",
    "implica",
    "meaning",
    "significance",
    "relevance",
    "discuss",
    "discusion",
];
/// The rank of a section that only its category calls a conclusion.
const RANK_OF_CATEGORY: usize = 1;
/// Words in labels of results, folded.
const RESULTS: &[&str] = &["result", "finding", "hallazgo", "achado"];
/// Words in labels of what is no part of the study, folded.
const ASIDE: &[&str] = &[
    "funding",
    "registration",
    "copyright",
    "keyword",
    "key word",
    "competing",
    "conflict",
    "availability",
    "ethic",
    "palabras clave",
    "palavras chave",
    "mots cles",
    "financ",
    "registro",
    "acknowledg",
    "sponsor",
    "disclosure",
];
/// Beginnings of words that stand in the other labels, folded.
const OTHER: &[&str] = &[
    "background",
    "introduc",
    "objective",
    "aim",
    "purpose",
    "context",
    "rationale",
    "method",
    "material",
    "design",
    "setting",
    "participant",
    "patient",
    "subject",
    "population",
    "sample",
    "intervention",
    "outcome",
    "measure",
    "data",
    "search",
    "selection",
    "eligibility",
    "analys",
    "study",
    "limitation",
    "strength",
    "importance",
    "question",
    "hypothes",
    "approach",
    "exposure",
    "case",
    "antecedente",
    "fundament",
    "justifica",
    "objetiv",
    "objectif",
    "metod",
    "contexte",
    "contexto",
    "disen",
    "but",
    "sujet",
    "pacientes",
    "desenho",
    "procedure",
    "problem",
    "goal",
    "summary",
];
/// Words that may stand beside those in a label, folded.
const FILLERS: &[&str] = &[
    "and",
    "of",
    "the",
    "for",
    "in",
    "to",
    "or",
    "main",
    "principal",
    "key",
    "primary",
    "secondary",
    "clinical",
    "public",
    "health",
    "policy",
    "practice",
    "research",
    "this",
    "what",
    "adds",
    "authors",
    "author",
    "s",
    "y",
    "e",
    "et",
    "de",
    "del",
    "la",
    "los",
    "les",
    "des",
    "das",
    "dos",
    "trial",
    "with",
    "review",
    "sources",
    "source",
    "extraction",
    "synthesis",
    "strategy",
    "statistical",
    "future",
    "general",
    "care",
    "nursing",
    "is",
    "known",
    "on",
    "criteria",
];
/// Characters of the longest label.
const LABEL_CHARS_MAX: usize = 70;
/// Words of the longest label.
const LABEL_WORDS_MAX: usize = 8;

/// Returns the labelled sections of an abstract in order; empty when nothing is labelled.
pub fn parts(record: &Record, text: &FieldText) -> Vec<Part> {
    let given = given(record, text);
    if given.is_empty() { inline(text) } else { given }
}

/// Words before a conclusion without which an abstract is no whole one.
const WORDS_BEFORE_MIN: usize = 60;

/// Returns a labelled abstract with its labels taken off, and the byte at which its conclusion
/// begins: what the weights for abstracts without labels are learnt from and measured on. `None`
/// when it has no label for its conclusion, more text behind it, or hardly any before.
pub fn unlabelled(record: &Record) -> Option<(String, usize)> {
    let whole = record.abstract_text.as_deref().unwrap_or_default();
    let text = FieldText::read(whole, whole.len());
    let mut parts = parts(record, &text);
    parts.retain(|p| p.kind != Kind::Aside && !p.sentences.is_empty());
    let last = parts.pop().filter(|p| matches!(p.kind, Kind::Conclusion(_)))?;
    let joined = |parts: &[Part]| -> String {
        let sentences = parts.iter().flat_map(|p| &p.sentences).filter_map(|s| text.original.get(s.clone()));
        sentences.collect::<Vec<_>>().join(" ")
    };
    let before = joined(&parts);
    let is_whole = before.split_whitespace().count() >= WORDS_BEFORE_MIN;
    is_whole.then(|| (format!("{before} {}", joined(&[last])), before.len() + 1))
}

/// Returns what a label says that its section holds.
pub fn kind_of(label: &str, category: Option<&str>) -> Kind {
    let label = words_of(label);
    let rank = CONCLUSION.iter().position(|word| has_word(&label, word));
    let is_aside = ASIDE.iter().any(|word| has_word(&label, word));
    let is_category = |name: &str| category.is_some_and(|c| c.eq_ignore_ascii_case(name));
    match rank {
        Some(0) => Kind::Conclusion(0),
        _ if is_aside || has_word(&label, "limitation") => {
            if is_aside {
                Kind::Aside
            } else {
                Kind::Other
            }
        }
        _ if is_category("CONCLUSIONS") => Kind::Conclusion(RANK_OF_CATEGORY),
        _ if is_category("RESULTS") || RESULTS.iter().any(|word| has_word(&label, word)) => Kind::Results,
        Some(rank) => Kind::Conclusion(rank + RANK_OF_CATEGORY),
        None => Kind::Other,
    }
}

/// Tells whether a word of a folded label begins so.
fn has_word(label: &str, beginning: &str) -> bool {
    label.match_indices(beginning).any(|(at, _)| at == 0 || label.get(..at).is_some_and(|b| b.ends_with(' ')))
}

/// Returns a label folded, with one space between its words.
fn words_of(label: &str) -> String {
    fold(label).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the sections that the source gave, where their text stands in the abstract.
fn given(record: &Record, text: &FieldText) -> Vec<Part> {
    let mut from = 0;
    let mut out = Vec::new();
    for section in &record.sections {
        let body = section.text.trim();
        let Some(at) = text.original.get(from..).and_then(|rest| rest.find(body)).map(|at| from + at) else { continue };
        from = at + body.len();
        let kind = kind_of(section.label.as_deref().unwrap_or_default(), section.category.as_deref());
        let sentences = sentences(body).into_iter().map(|s| s.start + at..s.end + at).collect();
        out.push(Part { kind, sentences });
    }
    let is_told = out.iter().any(|p: &Part| p.kind != Kind::Other);
    if is_told { out } else { Vec::new() }
}

/// Returns the sections whose labels stand in the text itself.
fn inline(text: &FieldText) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for sentence in &text.sentences {
        let written = text.original.get(sentence.clone()).unwrap_or_default();
        match head(written) {
            Some((kind, body)) => {
                let body = sentence.start + body..sentence.end;
                let sentences = if body.is_empty() { Vec::new() } else { vec![body] };
                out.push(Part { kind, sentences });
            }
            None => {
                if let Some(last) = out.last_mut() {
                    last.sentences.push(sentence.clone());
                }
            }
        }
    }
    out
}

/// Returns what the label says that a sentence begins with, and where the text behind it begins.
pub fn head(sentence: &str) -> Option<(Kind, usize)> {
    let label = with_mark(sentence).or_else(|| in_capitals(sentence))?;
    let body = sentence.get(label.len()..)?;
    let text =
        body.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.' | '-' | '–' | '—' | ']' | ')'));
    Some((kind_of(label, None), sentence.len() - text.len()))
}

/// Returns a label with a colon, a dash, or nothing but a dot behind it.
fn with_mark(sentence: &str) -> Option<&str> {
    let near = sentence.char_indices().nth(LABEL_CHARS_MAX).map_or(sentence.len(), |(at, _)| at);
    let near = sentence.get(..near)?;
    let first = sentence.trim_start_matches(['[', '(']).chars().next()?;
    if !first.is_uppercase() {
        return None;
    }
    let is_label = |label: &&str| is_known(label);
    let before_colon = near.split_once([':', '：']).map(|(label, _)| label);
    let shouts = |label: &&str| {
        let letters = label.chars().filter(|c| c.is_alphabetic()).count();
        letters > 3 && !label.chars().any(char::is_lowercase) && label.split_whitespace().count() <= LABEL_WORDS_MAX
    };
    let colon = before_colon.filter(|l| is_label(l) || shouts(l));
    let dash = || {
        [" - ", " – ", " — ", "—", ".—", ". "].iter().filter_map(|d| near.split_once(d)).map(|(l, _)| l).find(is_label)
    };
    let alone = || Some(sentence.trim_end_matches(['.', ':'])).filter(|l| l.len() <= near.len()).filter(is_label);
    colon.or_else(dash).or_else(alone)
}

/// Returns a label in capitals with nothing behind it but the text: "CONCLUSIONS Our study".
fn in_capitals(sentence: &str) -> Option<&str> {
    let mut end = 0;
    for word in sentence.split_inclusive(' ').take(LABEL_WORDS_MAX) {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if letters < 2
            || word.chars().any(|c| c.is_lowercase() || c.is_ascii_digit())
            || !is_known(word) && !is_filler(word)
        {
            break;
        }
        end += word.len();
    }
    let label = sentence.get(..end)?.trim_end();
    let next = sentence.get(end..)?.chars().next()?;
    (is_known(label) && (next.is_uppercase() || next.is_ascii_digit())).then_some(label)
}

/// Tells whether a text is nothing but the words of a label, one of them a telling one.
fn is_known(label: &str) -> bool {
    let words = words_of(label);
    let count = words.split(' ').count();
    let mut telling = [CONCLUSION, RESULTS, ASIDE, OTHER].into_iter().flatten();
    let is_telling = |word: &str| {
        [RESULTS, OTHER].into_iter().flatten().any(|w| word.starts_with(w))
            || CONCLUSION.iter().chain(ASIDE).flat_map(|w| w.split(' ')).any(|w| word.starts_with(w))
    };
    !words.is_empty()
        && count <= LABEL_WORDS_MAX
        && telling.any(|w| has_word(&words, w))
        && words.split(' ').all(|w| is_telling(w) || FILLERS.contains(&w))
}

/// Tells whether a word may stand beside the telling word of a label.
fn is_filler(word: &str) -> bool {
    FILLERS.contains(&words_of(word).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_what_their_section_holds() {
        use Kind::{Aside, Conclusion, Other, Results};
        for (label, category, want) in [
            ("CONCLUSIONS", None, Conclusion(0)),
            ("Conclusões", None, Conclusion(0)),
            ("CONCLUSIONS AND RELEVANCE", None, Conclusion(0)),
            ("FINDINGS", Some("RESULTS"), Results),
            ("FINDINGS", None, Results),
            ("RESULTADOS", None, Results),
            ("FUNDING", Some("CONCLUSIONS"), Aside),
            ("MEANING OF IT ALL", Some("CONCLUSIONS"), Conclusion(1)),
            ("LIMITATIONS", Some("CONCLUSIONS"), Other),
            ("TRIAL REGISTRATION", None, Aside),
            ("METHODS", None, Other),
        ] {
            assert_eq!(kind_of(label, category), want, "{label}");
        }
        assert!(matches!(kind_of("Interprétation", None), Conclusion(_)));
        assert!(matches!(kind_of("DISCUSIÓN", None), Conclusion(_)));
    }

    #[test]
    fn a_label_is_told_from_a_sentence() {
        for (sentence, want) in [
            ("CONCLUSIONS: It helped.", Some("It helped.")),
            ("Conclusions and implications: It helped.", Some("It helped.")),
            ("Conclusion.", Some("")),
            ("Conclusion — It helped.", Some("It helped.")),
            ("CONCLUSIONS Our groups helped.", Some("Our groups helped.")),
            ("METHODS AND RESULTS In 30 women", Some("In 30 women")),
            ("WHAT THIS STUDY ADDS: Groups help.", Some("Groups help.")),
            ("STUDY FUNDING/COMPETING INTEREST(S): None.", Some("None.")),
            ("Conclusiones: Los grupos ayudan.", Some("Los grupos ayudan.")),
            ("Conclusions drawn by mothers were bleak: nobody came.", None),
            ("Results were mixed.", None),
            ("RESULTS", Some("")),
            ("WHO staff came.", None),
            ("conclusion: It helped.", None),
            ("", None),
        ] {
            let got = head(sentence).and_then(|(_, at)| sentence.get(at..));
            assert_eq!(got, want, "{sentence}");
        }
    }
}
