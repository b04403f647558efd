//! Abbreviations that stand for several things in the papers we hold. The usual one of the field comes
//! first, the others are not hidden, and the page says so.

use super::lex::{Kind, Lexeme};
use crate::model::text::fold;

/// An abbreviation, folded; what is said of it; and the words beside it that say which is meant.
const AMBIGUOUS: &[(&str, &str, &[&str])] = &[
    (
        "ipt",
        "is interpersonal therapy here; papers that mean intermittent preventive treatment of malaria by it are \
         found too, and -malaria leaves them out",
        &["interpersonal", "psychotherapy", "therapy", "malaria", "intermittent", "preventive", "sulfadoxine"],
    ),
    (
        "d&a",
        "may be depression and anxiety, disrespect and abuse, or drugs and alcohol; write out the one you mean",
        &["disrespect", "abuse", "alcohol", "drug", "drugs", "anxiety"],
    ),
];

/// Returns a note for each abbreviation of several meanings that nothing beside it explains.
pub(super) fn notes(lexemes: &[Lexeme]) -> Vec<String> {
    let texts: Vec<&str> = lexemes
        .iter()
        .filter_map(|l| match &l.kind {
            Kind::Word(text) | Kind::Phrase(text) | Kind::Near(text, _) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let words: Vec<String> =
        texts.iter().flat_map(|text| fold(text).split_whitespace().map(bare).collect::<Vec<_>>()).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    AMBIGUOUS
        .iter()
        .filter(|(short, _, others)| has(short) && !others.iter().any(|other| has(other)))
        .map(|(short, sentence, _)| format!("{:?} {sentence}", short.to_uppercase()))
        .collect()
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}
