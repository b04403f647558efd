//! Words near each other: `adj3` of Ovid, `NEAR/3` of the Cochrane Library and Web of Science, `W/3`
//! and `PRE/2` of Scopus, `N3` and `W3` of EBSCO.

use super::super::lex::{Kind, Lexeme, PLACES_MAX, opening};
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
    let is_strategy = lexemes.iter().any(shows_strategy);
    let (mut at, mut has_signs) = (0, false);
    // Where the last bracket closes that stands around an AND of ours.
    let mut closed: Option<usize> = None;
    let (first_note, mut as_and) = (notes.len(), Vec::new());
    while let Some(lexeme) = lexemes.get(at) {
        let Some((typed, places)) = sign(lexeme).filter(|_| at > 0 && at + 1 < lexemes.len()) else {
            at += 1;
            continue;
        };
        if is_doubtful(&typed) && !is_strategy {
            notes.push(format!("{typed:?} is a word here; for words near each other type \"two words\"~{places}"));
            at += 1;
            continue;
        }
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
            if as_and.iter().all(|(known, _)| *known != typed) {
                as_and.push((typed, places));
            }
            at = joined_by_and(&mut lexemes, at, &mut closed);
        }
    }
    // Before the notes on those that count: this is what finds more than was asked for.
    notes.splice(first_note..first_note, read_as_and(&as_and));
    (lexemes, has_signs)
}

/// Returns the note on signs that are AND here, and how to type a distance.
fn read_as_and(signs: &[(String, u32)]) -> Option<String> {
    let (_, places) = signs.first()?;
    let typed: Vec<String> = signs.iter().map(|(typed, _)| format!("{typed:?}")).collect();
    let was = if signs.len() > 1 { "were" } else { "was" };
    let advice = format!("for whole words near each other type \"two words\"~{places}");
    Some(format!("{} {was} read as AND; {advice}", typed.join(", ")))
}

/// Makes AND of the sign at a place, in brackets with what stands on both sides of it: OR would bind
/// first. Returns where to go on.
fn joined_by_and(lexemes: &mut Vec<Lexeme>, at: usize, closed: &mut Option<usize>) -> usize {
    let column = lexemes.get(at).map_or(1, |l| l.column);
    let piece = |kind: Kind| Lexeme { kind, column };
    if let Some(lexeme) = lexemes.get_mut(at) {
        lexeme.kind = Kind::And;
    }
    let end = end_of(lexemes, at + 1);
    // One more sign behind our own bracket: it opens no other, or many signs would be many levels.
    if closed.is_some_and(|close| close + 1 == at) {
        lexemes.insert(end, piece(Kind::Close));
        lexemes.remove(at - 1);
        *closed = Some(end - 1);
        return end - 1;
    }
    let start = start_of(lexemes, at);
    lexemes.insert(end, piece(Kind::Close));
    lexemes.insert(start, piece(Kind::Open));
    *closed = Some(end + 1);
    // Signs inside of the brackets on the right have their turn.
    at + 2
}

/// Returns where that begins which ends right before a place.
fn start_of(lexemes: &[Lexeme], at: usize) -> usize {
    let list = lexemes.get(..at).unwrap_or_default();
    let start = match list.last().map(|l| &l.kind) {
        Some(Kind::Close) => opening(list).unwrap_or(at - 1),
        _ => at - list.iter().rev().take_while(|l| is_plain_word(l)).count().max(1),
    };
    let is_field = start.checked_sub(1).and_then(|n| list.get(n)).is_some_and(|l| matches!(l.kind, Kind::Field(_)));
    start - usize::from(is_field)
}

/// Returns the place behind that which begins at a place.
fn end_of(lexemes: &[Lexeme], from: usize) -> usize {
    let is_field = lexemes.get(from).is_some_and(|l| matches!(l.kind, Kind::Field(_)));
    let from = from + usize::from(is_field);
    let list = lexemes.get(from..).unwrap_or_default();
    let length = match list.first().map(|l| &l.kind) {
        Some(Kind::Open) => {
            let mut depth = 0_usize;
            let close = list.iter().position(|l| {
                match l.kind {
                    Kind::Open => depth += 1,
                    Kind::Close => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0
            });
            close.map_or(list.len(), |close| close + 1)
        }
        _ => list.iter().take_while(|l| is_plain_word(l)).count().max(1),
    };
    // A field behind the words goes with them.
    let is_behind = list.get(length).is_some_and(|l| matches!(l.kind, Kind::Behind(_)));
    (from + length + usize::from(is_behind)).min(lexemes.len())
}

/// Tells whether a piece shows that its writer knows operators.
fn shows_strategy(lexeme: &Lexeme) -> bool {
    match &lexeme.kind {
        Kind::Word(word) => word.ends_with(['*', '$']),
        Kind::Open | Kind::And | Kind::Or | Kind::Phrase(_) | Kind::Behind(_) => true,
        _ => false,
    }
}

/// Tells whether a sign may as well be a word: `N3` is a fatty acid too.
fn is_doubtful(typed: &str) -> bool {
    typed.starts_with(['N', 'W']) && typed.chars().skip(1).all(|c| c.is_ascii_digit())
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
        "w" | "n" => has_slash || is_upper && matches!(digits.len(), 1 | 2),
        "pre" | "onear" => has_slash,
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
    let open = opening(list)?;
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
