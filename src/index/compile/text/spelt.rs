//! A phrase in its other spellings: "postpartum depression" is also written "post-partum depression"
//! and "post partum depression".
//!
//! The index has a hyphenated word in its parts, side by side, and in one piece in the place of the
//! first. So two spellings find all three: in one piece, and in parts. Which words can be written
//! otherwise is asked of the dictionary of the index, never guessed from letters alone.

use tantivy::query::{BooleanQuery, DisjunctionMaxQuery, PhraseQuery, Query};
use tantivy::schema::Field;
use tantivy::tokenizer::Token;
use tantivy::{Searcher, Term};

use super::super::forms::{apart, term};
use crate::index::analyse;

/// The most places of a phrase that are spelt otherwise, those first which most papers may have. Each
/// doubles the spellings: three make eight.
const CHANGES_MAX: usize = 3;

/// How many words of a phrase are looked at: longer ones are titles, which nobody spells anew.
const WORDS_MAX: usize = 16;

/// Longer words are sequences and addresses.
const WORD_CHARS_MAX: usize = 40;

/// A first half of fewer letters is an article or a syllable ("de pression"): such a word is looked
/// for in parts only where papers join them by a hyphen ("co-morbid").
const FIRST_HALF_CHARS: usize = 3;

/// A second half has at least so many letters ("follow up").
const SECOND_HALF_CHARS: usize = 2;

/// One way to write a phrase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// The stems that are looked for, each with its place, in order of place; never empty.
    terms: Vec<(usize, String)>,
    /// All its stems as they stand in a text, stop words too: what is marked.
    pub run: Vec<String>,
}

/// One word of the phrase as typed, or one part of a hyphenated one.
struct Word {
    text: String,
    stem: String,
    is_stop: bool,
    /// How many places the next word is behind this one.
    step: usize,
}

/// Words of the phrase that are also spelt otherwise.
struct Change {
    /// Index of the first word, and behind the last one.
    from: usize,
    to: usize,
    /// What is looked for instead, by place.
    instead: Vec<(usize, String)>,
    /// Its stems as they stand in a text.
    run: Vec<String>,
    /// How many places it takes.
    places: usize,
    /// At most so many papers have it.
    papers: u64,
}

impl Change {
    fn crosses(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// Returns the spellings of a phrase, as typed first; none when it holds stop words alone. A phrase
/// of one word is one too.
pub(super) fn spellings(searcher: &Searcher, all: Field, text: &str) -> Vec<Spelling> {
    let tokens = analyse::tokens(analyse::WORDS, text);
    let (whole, parts): (Vec<Token>, Vec<Token>) = tokens.into_iter().partition(analyse::is_joined);
    let words = words(&parts);
    let papers = |stem: &str| searcher.doc_freq(&Term::from_field_text(all, stem)).unwrap_or_default();
    let (mut changes, mut fixed) = (Vec::new(), Vec::new());
    for joined in whole {
        let from = parts.iter().position(|t| t.position == joined.position).unwrap_or_default();
        let change = in_one_piece(from, from + joined.position_length, &joined.text, &papers);
        fixed.extend(change.as_ref().and_then(|change| with_its_whole(change, &words)));
        changes.extend(change);
    }
    for (at, word) in words.iter().enumerate().take(WORDS_MAX) {
        if let Some(next) = words.get(at + 1).filter(|next| word.step == 1 && can_be_joined(word, next)) {
            changes.extend(in_one_piece(at, at + 2, &format!("{}{}", word.text, next.text), &papers));
        }
        changes.extend(in_parts(at, word, &papers));
    }
    changes.sort_by(|a, b| b.papers.cmp(&a.papers).then_with(|| (a.from, a.to).cmp(&(b.from, b.to))));
    changes.dedup_by(|a, b| (a.from, a.to, &a.instead) == (b.from, b.to, &b.instead));
    changes.truncate(CHANGES_MAX);
    combined(&words, &changes, &fixed)
}

/// Returns the words of a phrase in order, hyphenated ones in their parts.
fn words(parts: &[Token]) -> Vec<Word> {
    let after = parts.iter().skip(1).map(|t| t.position).chain(parts.last().map(|t| t.position + 1));
    let word = |(token, after): (&Token, usize)| Word {
        stem: analyse::english_stem(&token.text),
        is_stop: analyse::is_stop_word(&token.text),
        text: token.text.clone(),
        step: after.saturating_sub(token.position),
    };
    parts.iter().zip(after).map(word).collect()
}

/// Returns the phrase without a change and with every choice of changes that do not cross, each
/// spelling once.
fn combined(words: &[Word], changes: &[Change], fixed: &[Change]) -> Vec<Spelling> {
    let mut out: Vec<Spelling> = Vec::new();
    for choice in 0..1_usize << changes.len() {
        let chosen = changes.iter().enumerate().filter(|(n, _)| choice >> n & 1 == 1).map(|(_, change)| change);
        let chosen: Vec<&Change> = chosen.collect();
        let is_one_way = chosen.iter().enumerate().all(|(n, a)| chosen.iter().skip(n + 1).all(|b| !a.crosses(b)));
        let spelling = if is_one_way { spelt(words, &chosen, fixed) } else { Spelling::default() };
        if !spelling.terms.is_empty() && !out.contains(&spelling) {
            out.push(spelling);
        }
    }
    out
}

/// Tells whether two words side by side may also be written as one: none that only joins others
/// ("a typical" is not "atypical").
fn can_be_joined(word: &Word, next: &Word) -> bool {
    let is_number = |word: &Word| word.text.bytes().all(|b| b.is_ascii_digit());
    let is_short = word.text.chars().count() < 2 && !is_number(next);
    !is_short && !is_number(word) && !word.is_stop && !next.is_stop
}

/// Returns words in one piece, when papers have them so.
fn in_one_piece(from: usize, to: usize, text: &str, papers: &dyn Fn(&str) -> u64) -> Option<Change> {
    let stem = analyse::english_stem(text);
    let papers = papers(&stem);
    let is_word = papers > 0 && !analyse::is_stop_word(text);
    is_word.then(|| Change { from, to, instead: vec![(0, stem.clone())], run: vec![stem], places: 1, papers })
}

/// Returns how a hyphenated word is looked for as typed when all its parts but one are stop words
/// ("in-patient"): with the whole in its place, since the part alone is also that of others
/// ("out-patient"). `None` for other words.
fn with_its_whole(joined: &Change, words: &[Word]) -> Option<Change> {
    let parts = words.get(joined.from..joined.to)?;
    let mut says = parts.iter().enumerate().filter(|(_, word)| !word.is_stop);
    let (Some((place, only)), None) = (says.next(), says.next()) else { return None };
    let mut instead = joined.instead.clone();
    instead.push((place, only.stem.clone()));
    let Change { from, to, papers, .. } = *joined;
    let run = parts.iter().map(|word| word.stem.clone()).collect();
    Some(Change { from, to, instead, run, places: parts.len(), papers })
}

/// Returns a word in two parts, each of which papers have: of all ways to part it the one whose
/// rarer half is in most papers.
fn in_parts(at: usize, word: &Word, papers: &dyn Fn(&str) -> u64) -> Option<Change> {
    let chars = word.text.chars().count();
    if word.is_stop || chars > WORD_CHARS_MAX {
        return None;
    }
    let change = |first: &str, second: &str, is_named: bool| {
        let is_hyphenated = !is_named
            && (first.chars().count() < FIRST_HALF_CHARS
                || analyse::is_stop_word(first)
                || analyse::is_stop_word(second));
        let mut instead = vec![(0, first), (1, second)];
        instead.retain(|(_, half)| !is_hyphenated || !analyse::is_stop_word(half));
        let mut instead: Vec<(usize, String)> =
            instead.into_iter().map(|(place, half)| (place, analyse::english_stem(half))).collect();
        let rarest = instead.iter().map(|(_, stem)| papers(stem)).min().unwrap_or_default();
        let whole = papers(&word.stem);
        if is_hyphenated {
            // With the whole in the place of the first half: only a hyphen does that.
            instead.insert(0, (0, word.stem.clone()));
        }
        let papers = if is_hyphenated { rarest.min(whole) } else { rarest };
        let run = vec![analyse::english_stem(first), analyse::english_stem(second)];
        (papers > 0).then_some(Change { from: at, to: at + 1, instead, run, places: 2, papers })
    };
    if let Some((letters, digits)) = apart(&word.text) {
        return change(letters, digits, true);
    }
    let mut best: Option<Change> = None;
    for (cut, _) in word.text.char_indices().skip(1).take(chars.saturating_sub(SECOND_HALF_CHARS)) {
        let Some((first, second)) = word.text.split_at_checked(cut) else { continue };
        if !second.chars().chain(first.chars()).all(char::is_alphabetic) {
            continue;
        }
        let found = change(first, second, false);
        if let Some(found) = found.filter(|f| best.as_ref().is_none_or(|b| f.papers > b.papers)) {
            best = Some(found);
        }
    }
    best
}

/// Returns the phrase with some of its words spelt otherwise; `fixed` are the words that are never
/// looked for as they stand.
fn spelt(words: &[Word], changes: &[&Change], fixed: &[Change]) -> Spelling {
    let mut out = Spelling::default();
    let (mut at, mut place) = (0, 0);
    while let Some(word) = words.get(at) {
        if let Some(change) = changes.iter().copied().chain(fixed).find(|c| c.from == at) {
            out.terms.extend(change.instead.iter().map(|(n, stem)| (place + n, stem.clone())));
            out.run.extend(change.run.iter().cloned());
            let last = words.get(change.to.saturating_sub(1)).map_or(1, |w| w.step);
            place += change.places + last.saturating_sub(1);
            at = change.to;
            continue;
        }
        if !word.is_stop {
            out.terms.push((place, word.stem.clone()));
        }
        out.run.push(word.stem.clone());
        place += word.step;
        at += 1;
    }
    let first = out.terms.first().map_or(0, |(place, _)| *place);
    for (place, _) in &mut out.terms {
        *place -= first;
    }
    out
}

/// Returns the query for words in their places.
fn phrase(field: Field, words: &[(usize, String)], slop: u32) -> PhraseQuery {
    let terms = words.iter().map(|(at, stem)| (*at, Term::from_field_text(field, stem))).collect();
    PhraseQuery::new_with_offset_and_slop(terms, slop)
}

/// Returns the queries for each word near the next. Of three words and more at once the engine keeps a list
/// of all ways to walk from one to the other, which nine words of a text of 30 kB fill the memory with.
fn pairs(field: Field, words: &[(usize, String)], slop: u32) -> Vec<Box<dyn Query>> {
    let near = words.windows(2).map(|pair| Box::new(phrase(field, pair, slop)) as Box<dyn Query>);
    near.collect()
}

/// Returns the query for the best of some spellings in a field, whose words stand at most so many
/// places further apart than typed; `None` without spellings.
pub(super) fn best_of(field: Field, spellings: &[Spelling], slop: u32) -> Option<Box<dyn Query>> {
    let one = |spelling: &Spelling| -> Option<Box<dyn Query>> {
        match spelling.terms.as_slice() {
            [] => None,
            [(_, only)] => Some(term(field, only)),
            [_, _, _, ..] if slop > 0 => {
                Some(Box::new(BooleanQuery::intersection(pairs(field, &spelling.terms, slop))))
            }
            several => Some(Box::new(phrase(field, several, slop))),
        }
    };
    let mut each: Vec<Box<dyn Query>> = spellings.iter().filter_map(one).collect();
    if each.len() > 1 { Some(Box::new(DisjunctionMaxQuery::new(each))) } else { each.pop() }
}
