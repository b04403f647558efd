//! Operators in small letters: who brackets or truncates means a strategy.

use super::super::lex::{Kind, Lexeme};
use super::operator;

/// Returns the pieces with `and`, `or` and `not` in small letters as operators where they are meant so:
/// in a strategy all of them, elsewhere those beside a phrase, a field or a bracket. Between plain
/// words they are words.
pub(super) fn read(lexemes: Vec<Lexeme>, is_strategy: bool, notes: &mut Vec<String>) -> Vec<Lexeme> {
    let is_strategy = is_strategy || shows_strategy(&lexemes);
    let meant: Vec<Option<Kind>> = (0..lexemes.len())
        .map(|at| joins(&lexemes, at).filter(|_| is_strategy || is_beside_sign(&lexemes, at)))
        .collect();
    let mut typed: Vec<String> = Vec::new();
    let out = lexemes
        .into_iter()
        .zip(meant)
        .map(|(lexeme, meant)| match (meant, lexeme.kind) {
            (Some(kind), Kind::Word(word)) => {
                if !typed.contains(&word) {
                    typed.push(word);
                }
                Lexeme { kind, column: lexeme.column }
            }
            (_, kind) => Lexeme { kind, column: lexeme.column },
        })
        .collect();
    if !typed.is_empty() {
        let (list, upper) = (typed.join(", "), typed.join(", ").to_uppercase());
        notes.push(format!("{list} between parts of a strategy: read as {upper}; in quotation marks it is a word"));
    }
    out
}

/// Returns the operator that the piece at a place may be: it stands between two parts.
fn joins(lexemes: &[Lexeme], at: usize) -> Option<Kind> {
    let Kind::Word(word) = &lexemes.get(at)?.kind else { return None };
    let kind = operator(word)?;
    let before = at.checked_sub(1).and_then(|i| lexemes.get(i)).map(|l| &l.kind);
    let after = lexemes.get(at + 1).map(|l| &l.kind);
    let is_operator =
        |k: &Kind| matches!(k, Kind::And | Kind::Or) || matches!(k, Kind::Word(w) if operator(w).is_some());
    let ends_part = match before {
        // `and not` is one sign after another.
        Some(k) if kind == Kind::Not => !matches!(k, Kind::Field(_)),
        Some(k) => !is_operator(k) && !matches!(k, Kind::Open | Kind::Field(_) | Kind::Not | Kind::Must),
        None => false,
    };
    let begins_part = match after {
        Some(Kind::Word(w)) => operator(w).is_none_or(|k| k == Kind::Not && kind != Kind::Not),
        Some(k) => !matches!(k, Kind::Close | Kind::And | Kind::Or | Kind::Behind(_)),
        None => false,
    };
    (ends_part && begins_part).then_some(kind)
}

/// Tells whether a query shows that its writer knows operators: a truncated word, a field behind its
/// words, a bracket that an operator joins to something.
fn shows_strategy(lexemes: &[Lexeme]) -> bool {
    let is_join = |l: Option<&Lexeme>| match l.map(|l| &l.kind) {
        Some(Kind::And | Kind::Or) => true,
        Some(Kind::Word(word)) => matches!(operator(word), Some(Kind::And | Kind::Or)),
        _ => false,
    };
    let is_sign = |at: usize, lexeme: &Lexeme| match &lexeme.kind {
        Kind::Behind(_) => true,
        Kind::Word(word) => is_truncated(word),
        Kind::Open => at.checked_sub(1).is_some_and(|i| is_join(lexemes.get(i))),
        Kind::Close => {
            let next = lexemes.get(at + 1);
            is_join(next) || matches!(next.map(|l| &l.kind), Some(Kind::Word(word)) if operator(word).is_some())
        }
        _ => false,
    };
    lexemes.iter().enumerate().any(|(at, lexeme)| is_sign(at, lexeme))
}

/// Tells whether a word is cut off by a sign that stands for any letters.
fn is_truncated(word: &str) -> bool {
    word.trim_end_matches([',', ';', '.']).ends_with(['*', '$']) && word.contains(char::is_alphanumeric)
}

/// Tells whether a word stands beside what only somebody who knows operators types.
fn is_beside_sign(lexemes: &[Lexeme], at: usize) -> bool {
    let kind = |at: Option<usize>| at.and_then(|i| lexemes.get(i)).map(|l| &l.kind);
    let is_sign = |k: &Kind| matches!(k, Kind::Phrase(_) | Kind::Near(..) | Kind::Field(_));
    // Before it the value of a field.
    let is_value = at.checked_sub(2).is_some_and(|i| matches!(kind(Some(i)), Some(Kind::Field(_))));
    is_value || kind(at.checked_sub(1)).is_some_and(is_sign) || kind(Some(at + 1)).is_some_and(is_sign)
}
