//! Words near each other: `adj3` of Ovid, `NEAR/3` of the Cochrane Library and Web of Science, `W/3`
//! and `PRE/2` of Scopus.

use super::super::lex::{Kind, Lexeme, PLACES_MAX};
use super::is_boundary;

/// The most pairs that two groups may make: each is a phrase to look for.
const PAIRS_MAX: usize = 12;

/// What stands on one side of a sign: texts of which any will do, and how many pieces it takes.
struct Side {
    texts: Vec<String>,
    pieces: usize,
}

/// Returns the pieces with words near each other in the place of the sign between them, and whether
/// there were any such signs. Where they cannot be put together, the sign is AND, and a note says so.
pub(super) fn read(lexemes: Vec<Lexeme>, notes: &mut Vec<String>) -> (Vec<Lexeme>, bool) {
    let mut lexemes = lexemes;
    let (mut at, mut has_signs) = (0, false);
    while let Some(lexeme) = lexemes.get(at) {
        let Some((typed, places)) = sign(lexeme).filter(|_| at > 0 && at + 1 < lexemes.len()) else {
            at += 1;
            continue;
        };
        has_signs = true;
        let left = before(&lexemes, at);
        let right = behind(&lexemes, at + 1);
        let pairs = left.as_ref().zip(right.as_ref()).filter(|(l, r)| l.texts.len() * r.texts.len() <= PAIRS_MAX);
        if let Some((left, right)) = pairs {
            let start = at - left.pieces;
            let column = lexemes.get(start).map_or(1, |l| l.column);
            let new = pieces(left, right, places, column);
            notes.push(format!("{typed:?} was read as: at most {places} places apart"));
            let length = new.len();
            lexemes.splice(start..at + 1 + right.pieces, new);
            // What was made can itself be near the next word.
            at = start + length;
        } else {
            notes.push(format!("{typed:?} was read as AND; for words near each other type \"two words\"~3"));
            if let Some(lexeme) = lexemes.get_mut(at) {
                lexeme.kind = Kind::And;
            }
            at += 1;
        }
    }
    (lexemes, has_signs)
}

/// Returns the sign as typed and how many places it allows; `None` when the piece is none.
fn sign(lexeme: &Lexeme) -> Option<(String, u32)> {
    let Kind::Word(word) = &lexeme.kind else { return None };
    let is_upper = !word.contains(char::is_lowercase);
    let (name, digits) = match word.split_once('/') {
        Some((name, digits)) => (name, digits),
        None => word.split_at_checked(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()))?,
    };
    let has_slash = word.contains('/');
    let name = name.to_lowercase();
    let is_sign = match name.as_str() {
        "adj" => !has_slash && (is_upper || !word.contains(char::is_uppercase)),
        "near" | "next" => has_slash || is_upper,
        "w" | "pre" | "n" | "onear" => has_slash,
        _ => false,
    };
    let default = match name.as_str() {
        "near" => 6,
        _ => 1,
    };
    let places = if digits.is_empty() && !has_slash { Some(default) } else { digits.parse::<u32>().ok() };
    let places = places.filter(|_| is_sign)?;
    Some((word.clone(), places.min(PLACES_MAX)))
}

/// Tells whether a word can be part of words near each other: not cut off, and no sign.
fn is_whole(word: &str) -> bool {
    !word.contains(['*', '$', '~', '?', '#']) && word.contains(char::is_alphanumeric)
}

fn is_plain_word(lexeme: &Lexeme) -> bool {
    matches!(&lexeme.kind, Kind::Word(_)) && !is_boundary(lexeme) && sign(lexeme).is_none()
}

/// Returns what stands before the sign at a place.
fn before(lexemes: &[Lexeme], at: usize) -> Option<Side> {
    let list = lexemes.get(..at)?;
    if list.last()?.kind != Kind::Close {
        let run = list.iter().rev().take_while(|l| is_plain_word(l)).count().max(1);
        return run_of(list.get(at - run..)?);
    }
    let mut depth = 0_usize;
    let open = list.iter().enumerate().rev().find_map(|(n, l)| {
        match l.kind {
            Kind::Close => depth += 1,
            Kind::Open => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(n)
    })?;
    // A field before the bracket would lose it.
    let is_fielded = open.checked_sub(1).and_then(|n| list.get(n)).is_some_and(|l| matches!(l.kind, Kind::Field(_)));
    group(list.get(open..)?).filter(|_| !is_fielded)
}

/// Returns what stands behind a sign, from a place on.
fn behind(lexemes: &[Lexeme], at: usize) -> Option<Side> {
    let list = lexemes.get(at..)?;
    if list.first()?.kind != Kind::Open {
        let run = list.iter().take_while(|l| is_plain_word(l)).count().max(1);
        return run_of(list.get(..run)?);
    }
    let close = list.iter().position(|l| l.kind == Kind::Close)?;
    group(list.get(..=close)?)
}

/// Returns the text of words in a row, or of one phrase.
fn run_of(list: &[Lexeme]) -> Option<Side> {
    let texts: Option<Vec<&str>> = list
        .iter()
        .map(|l| match &l.kind {
            Kind::Word(word) if is_whole(word) && is_plain_word(l) => Some(word.as_str()),
            Kind::Phrase(text) | Kind::Near(text, _) if is_whole(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    Some(Side { texts: vec![texts?.join(" ")], pieces: list.len() })
}

/// Returns the alternatives in brackets: words and phrases with OR between; `None` when there is
/// anything else in them.
fn group(list: &[Lexeme]) -> Option<Side> {
    let inner = list.get(1..list.len().checked_sub(1)?)?;
    let is_or = |l: &Lexeme| l.kind == Kind::Or || matches!(&l.kind, Kind::Word(w) if w.eq_ignore_ascii_case("or"));
    let runs: Option<Vec<Side>> = inner.split(is_or).map(|run| run_of(run).filter(|s| s.pieces > 0)).collect();
    let texts: Vec<String> = runs?.into_iter().flat_map(|side| side.texts).collect();
    Some(Side { texts, pieces: list.len() })
}

/// Returns the pairs of two sides as pieces.
fn pieces(left: &Side, right: &Side, places: u32, column: usize) -> Vec<Lexeme> {
    let pairs = left.texts.iter().flat_map(|l| right.texts.iter().map(move |r| format!("{l} {r}")));
    let pairs: Vec<Kind> = pairs.map(|text| Kind::Near(text, places)).collect();
    let is_one = pairs.len() == 1;
    let mut out = Vec::new();
    for (n, kind) in pairs.into_iter().enumerate() {
        out.extend((n > 0).then_some(Kind::Or));
        out.push(kind);
    }
    if !is_one {
        out.insert(0, Kind::Open);
        out.push(Kind::Close);
    }
    out.into_iter().map(|kind| Lexeme { kind, column }).collect()
}
