//! What is done with the pieces of a query before they are put together.

use jiff::civil::Date;

use super::field::{FieldName, TagField};
use super::lex::{self, Kind, Lexeme};
use super::pasted::Behind;
use super::{Form, NESTING_MAX, relative, time};

/// Returns the column of the bracket that is one too deep.
pub(super) fn too_deep(lexemes: &[Lexeme]) -> Option<usize> {
    let mut depth = 0_usize;
    for lexeme in lexemes {
        match lexeme.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return Some(lexeme.column);
        }
    }
    None
}

/// Returns how many words, phrases and identifiers there are.
pub(super) fn terms(lexemes: &[Lexeme]) -> usize {
    let is_term = |l: &&Lexeme| matches!(l.kind, Kind::Word(_) | Kind::Phrase(_) | Kind::Near(..) | Kind::Exact(_));
    lexemes.iter().filter(is_term).count()
}

/// Returns the pieces without brackets that have no partner: a stray one groups nothing.
pub(super) fn in_pairs(lexemes: Vec<Lexeme>) -> Vec<Lexeme> {
    let mut open = Vec::new();
    let mut paired = vec![true; lexemes.len()];
    let mut drop = |at: usize| {
        if let Some(slot) = paired.get_mut(at) {
            *slot = false;
        }
    };
    for (at, lexeme) in lexemes.iter().enumerate() {
        match lexeme.kind {
            Kind::Open => open.push(at),
            Kind::Close if open.pop().is_none() => drop(at),
            _ => {}
        }
    }
    open.into_iter().for_each(drop);
    lexemes.into_iter().zip(paired).filter(|(_, keep)| *keep).map(|(lexeme, _)| lexeme).collect()
}

/// Puts fields that were named behind their words (`stigma[ti]`) before them. PubMed takes the words
/// up to the last operator together as a phrase, and so do we. What cannot be a value of its field is
/// passed over with a note. Brackets must be in pairs.
pub(super) fn fields_first(lexemes: Vec<Lexeme>, notes: &mut Vec<String>) -> Vec<Lexeme> {
    let mut out: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    for lexeme in lexemes {
        let Kind::Behind(behind) = lexeme.kind else {
            out.push(lexeme);
            continue;
        };
        let is_word = |l: &Lexeme| matches!(l.kind, Kind::Word(_));
        let start = match out.last() {
            Some(last) if is_word(last) => {
                let start = out.len() - out.iter().rev().take_while(|l| is_word(l)).count();
                if matches!(
                    behind,
                    Behind::Anywhere | Behind::In(FieldName::Text(_) | FieldName::Tag(TagField::Design))
                ) {
                    joined(&mut out, start);
                }
                out.len() - 1
            }
            Some(last) if last.kind == Kind::Close => lex::opening(&out).unwrap_or(0),
            Some(last) if matches!(last.kind, Kind::Phrase(_) | Kind::Near(..) | Kind::Exact(_)) => out.len() - 1,
            _ => continue,
        };
        if let Behind::In(field) = behind {
            without_unreadable(&mut out, start, field, notes);
            if out.len() <= start {
                continue;
            }
            let column = out.get(start).map_or(lexeme.column, |l| l.column);
            out.insert(start.min(out.len()), Lexeme { kind: Kind::Field(field), column });
        }
    }
    out
}

/// Takes out what cannot be a value of a field, from a place on, each with the NOT before it: a NOT that
/// stays behind would turn round what follows.
fn without_unreadable(out: &mut Vec<Lexeme>, start: usize, field: FieldName, notes: &mut Vec<String>) {
    let tail = out.split_off(start.min(out.len()));
    for lexeme in tail {
        let typed = match &lexeme.kind {
            Kind::Word(word) if !is_operator(word) => word.clone(),
            Kind::Phrase(text) => text.clone(),
            _ => String::new(),
        };
        let bare = typed.trim_end_matches(['*', '$']);
        if bare.is_empty() || field.value(bare, Form::Word).is_ok() {
            out.push(lexeme);
            continue;
        }
        while out.last().is_some_and(|l| l.kind == Kind::Not) {
            out.pop();
        }
        notes.push(format!("passed over: {typed:?}, which is no {}", field.as_str()));
    }
}

fn is_operator(word: &str) -> bool {
    ["and", "or", "not"].iter().any(|o| word.eq_ignore_ascii_case(o))
}

/// Makes one phrase of the words from a place on, unless there is only one or a star among them.
fn joined(out: &mut Vec<Lexeme>, start: usize) {
    let words: Vec<&str> = out
        .iter()
        .skip(start)
        .filter_map(|l| if let Kind::Word(word) = &l.kind { Some(word.as_str()) } else { None })
        .collect();
    if words.len() < 2 || words.iter().any(|w| w.contains(['*', '~', '$'])) {
        return;
    }
    let phrase = words.join(" ");
    let Some(column) = out.get(start).map(|l| l.column) else { return };
    out.truncate(start);
    out.push(Lexeme { kind: Kind::Phrase(phrase), column });
}

/// Reads spans of time that are said in words ("since 2024"), with a note for each.
pub(super) fn spoken_times(lexemes: &[Lexeme], today: Option<Date>, notes: &mut Vec<String>) -> Vec<Lexeme> {
    let mut out = Vec::with_capacity(lexemes.len());
    let words: Vec<&str> =
        lexemes.iter().map(|l| if let Kind::Word(word) = &l.kind { word.as_str() } else { "" }).collect();
    let mut skip = 0;
    let mut is_value = false;
    for (at, lexeme) in lexemes.iter().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let rest = words.get(at..).unwrap_or_default();
        let spoken = || {
            let dated = time::phrase(rest).map(|(span, taken)| (span, taken, false));
            dated.or_else(|| relative::phrase(rest, today?).map(|(span, taken)| (span, taken, true)))
        };
        if let Some((span, taken, is_counted)) = Some(()).filter(|()| !is_value).and_then(|()| spoken()) {
            let phrase = rest.get(..taken).unwrap_or_default();
            let said = phrase.join(" ");
            let said = said.trim_end_matches(time::ENDS);
            let read = span.typed();
            let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
            if is_counted && relative::is_window(before, phrase) {
                notes.push(format!("{said:?} was looked for as words; for papers of that time type {read}"));
                out.extend(lexemes.iter().skip(at).take(taken).cloned());
                skip = taken - 1;
                continue;
            }
            notes.push(format!("{said:?} was read as {read}; in quotation marks it is looked for as words"));
            out.push(Lexeme { kind: Kind::Span(span), column: lexeme.column });
            skip = taken - 1;
            continue;
        }
        let said = rest.get(..relative::not_understood(rest)).unwrap_or_default().join(" ");
        if !said.is_empty() {
            notes.push(format!("\"{said}\" was looked for as words; for a time type a date, such as since:2024"));
        }
        is_value = matches!(lexeme.kind, Kind::Field(_));
        out.push(lexeme.clone());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::parse_query_on;

    #[test]
    fn spans_back_from_today_count() {
        let today = jiff::civil::date(2026, 3, 15);
        for (query, means) in [
            ("stigma AND \"last 5 years\"[dp]", "last 5 years"),
            ("stigma AND (\"last 6 months\"[Date - Publication])", "last 6 months"),
        ] {
            let got = parse_query_on(query, today);
            assert!(got.problems.is_empty(), "{query}: {:?}", got.problems);
            let want = parse_query_on(&format!("stigma AND {means}"), today);
            assert_eq!(got.to_string(), want.to_string(), "{query}");
            assert!(!got.to_string().contains("last"), "{query}: {got}");
        }
    }
}
