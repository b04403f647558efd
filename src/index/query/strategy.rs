//! Strategies by their pieces: headings (`exp Depression, Postpartum/`), words near each other
//! (`adj3`, `NEAR/3`, `W/3`) and operators in small letters.
//!
//! All of it works on whole pieces, so that columns still point into what was typed.

use super::lex::{Kind, Lexeme};
use super::pasted::Behind;

mod near;
mod operators;

/// Returns the pieces with headings, distances and operators as they are meant, and adds a note for
/// each kind. Brackets must be in pairs.
pub(super) fn read(lexemes: Vec<Lexeme>, notes: &mut Vec<String>) -> Vec<Lexeme> {
    let (lexemes, has_headings) = headings(lexemes, notes);
    let (lexemes, has_distances) = near::read(lexemes, notes);
    operators::read(lexemes, has_headings || has_distances, notes)
}

/// Returns the operator that a word is, in whatever letters.
fn operator(word: &str) -> Option<Kind> {
    match word.to_ascii_lowercase().as_str() {
        "and" => Some(Kind::And),
        "or" => Some(Kind::Or),
        "not" => Some(Kind::Not),
        _ => None,
    }
}

/// Tells whether a piece ends what can be one heading or one operand.
fn is_boundary(lexeme: &Lexeme) -> bool {
    match &lexeme.kind {
        Kind::Word(word) => operator(word).is_some(),
        _ => true,
    }
}

/// Reads headings of Ovid, which end in a slash; tells whether there were any. A word before a slash
/// in a sentence (`mother/ child`) is none: behind a heading stands an operator, a bracket or nothing.
fn headings(lexemes: Vec<Lexeme>, notes: &mut Vec<String>) -> (Vec<Lexeme>, bool) {
    let mut out: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    let mut has_headings = false;
    let mut rest = lexemes.into_iter().peekable();
    while let Some(lexeme) = rest.next() {
        if lexeme.kind == Kind::Behind(Behind::Heading) {
            marked(&mut out, lexeme.column, notes);
            continue;
        }
        let ends = rest.peek().is_none_or(is_boundary);
        let last = match &lexeme.kind {
            Kind::Word(word) if ends => word.trim_end_matches('.').strip_suffix('/').map(str::to_owned),
            _ => None,
        };
        let Some(last) = last.filter(|w| w.contains(char::is_alphabetic)) else {
            out.push(lexeme);
            continue;
        };
        let start = out.len() - out.iter().rev().take_while(|l| !is_boundary(l)).count();
        let column = out.get(start).map_or(lexeme.column, |l| l.column);
        let mut words: Vec<String> = out.drain(start..).filter_map(into_word).collect();
        words.push(last);
        let pieces = heading(&words);
        out.extend(pieces.into_iter().map(|kind| Lexeme { kind, column }));
        has_headings = true;
    }
    // `exp` before what is no heading asks nothing either, where there are headings.
    if has_headings {
        notes.push("words before a slash were read as headings; papers that only name them are found too".to_owned());
    }
    (out, has_headings)
}

/// Reads the words before the mark of a heading (`"Depression, Postpartum"[Mesh]`) as one. Brackets stay
/// as they are.
fn marked(out: &mut Vec<Lexeme>, column: usize, notes: &mut Vec<String>) {
    let typed = match out.last().map(|l| &l.kind) {
        Some(Kind::Phrase(text)) => {
            let text = text.clone();
            out.pop();
            text
        }
        Some(Kind::Word(_)) => {
            let start = out.len() - out.iter().rev().take_while(|l| !is_boundary(l)).count();
            let is_cut = |l: &Lexeme| matches!(&l.kind, Kind::Word(word) if word.contains(['*', '$', '~']));
            if out.iter().skip(start).any(is_cut) {
                return;
            }
            let words: Vec<String> = out.drain(start..).filter_map(into_word).collect();
            words.join(" ")
        }
        _ => return,
    };
    let (bare, part) = typed.split_once('/').unwrap_or((&typed, ""));
    if !part.is_empty() {
        notes.push(format!("passed over: /{part} behind {bare:?}, a part of a heading"));
    }
    let pieces = heading(&[bare.to_owned()]);
    out.extend(pieces.into_iter().map(|kind| Lexeme { kind, column }));
}

fn into_word(lexeme: Lexeme) -> Option<String> {
    if let Kind::Word(word) = lexeme.kind { Some(word) } else { None }
}

/// Returns what a heading asks for: its words side by side; a turned one (`Depression, Postpartum`)
/// also the other way round.
fn heading(words: &[String]) -> Vec<Kind> {
    let typed = words.join(" ");
    let bare = typed.trim_start_matches(['*', ' ']);
    let bare = bare.strip_prefix("exp ").unwrap_or(bare).trim_start_matches(['*', ' ']);
    let one = |text: &str| match text.split_whitespace().count() {
        0 | 1 => Kind::Word(text.trim().to_owned()),
        _ => Kind::Phrase(text.trim().to_owned()),
    };
    match bare.split_once(',') {
        Some((noun, more)) if !more.contains(',') && !more.trim().is_empty() => {
            let (noun, more) = (noun.trim(), more.trim());
            let (there, back) = (one(&format!("{noun} {more}")), one(&format!("{more} {noun}")));
            vec![Kind::Open, there, Kind::Or, back, Kind::Close]
        }
        _ => vec![one(&bare.replace(',', ""))],
    }
}
