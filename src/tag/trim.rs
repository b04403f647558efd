//! Trims a sentence at the edges of its clauses, so that what is printed is still verbatim.
//!
//! At the front "These findings suggest that" and "Moreover," go. At the back goes a clause that
//! asks for more research or gives advice, a bracket of statistics, and, of a sentence that is too
//! long, what can be missed. Nothing is cut before a word that would turn the meaning round.

use std::ops::Range;

use super::signs::{self, SentenceSigns};
use super::text::FieldText;

/// A finding has at least so many words where the text allows.
pub const WORDS_GOOD_MIN: usize = 15;
/// A finding has at most so many words where the text allows.
pub const WORDS_GOOD_MAX: usize = 35;
/// Fewer words than this say nothing on their own.
const WORDS_MIN: usize = 6;
/// Words at the beginning of a sentence in which its subject stands.
const SUBJECT_WORDS: usize = 8;
/// Beginnings that are taken off one after the other: "In conclusion, our results show that".
const LEADS_MAX: usize = 3;

/// Where a clause can end.
const EDGES: [&str; 18] = [
    "; ",
    ", and ",
    ", but ",
    " and further ",
    " but further ",
    " and future ",
    ", which ",
    ", suggesting ",
    ", indicating ",
    ", highlighting ",
    ", underscoring ",
    ", although ",
    ", while ",
    ", with ",
    ", y ",
    ", et ",
    ", e ",
    " (",
];
/// Words that turn the meaning of what stands before them.
const TURNS: [&str; 9] = ["but ", "although ", "however", "except ", "unless ", "only ", "while ", "pero ", "mais "];

/// What is left of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes in the abstract.
    pub range: Range<usize>,
    /// Whether something was cut off behind it.
    pub is_cut: bool,
    /// Its words, counted between white space.
    pub words: usize,
}

/// The signs of what is left of a sentence.
pub struct Kept<'a> {
    sentence: &'a SentenceSigns<'a>,
    words: Range<usize>,
}

impl<'a> Kept<'a> {
    /// Returns the signs within a piece of a sentence.
    pub fn new(piece: &Piece, text: &FieldText, sentence: &'a SentenceSigns<'a>) -> Self {
        Self { sentence, words: words_in(text, &piece.range) }
    }

    /// Tells whether a rule of a tag fired within the piece.
    pub fn has(&self, tag: &str) -> bool {
        self.sentence.signs.iter().any(|s| s.tag == tag && self.words.contains(&s.words.start))
    }

    /// Tells whether a rule of a name fired within the piece.
    pub fn has_rule(&self, rule: &str) -> bool {
        self.sentence.signs.iter().any(|s| s.rule == rule && self.words.contains(&s.words.start))
    }

    /// Tells whether the piece gives advice, asks for more research or tells a limit.
    fn is_unwanted(&self) -> bool {
        ["future", "caveat", "advice"].into_iter().any(|tag| self.has(tag))
    }

    /// Tells whether words of a tag stand among the first of the piece, where its subject is.
    pub fn begins_with(&self, tag: &str) -> bool {
        let near = self.words.start..(self.words.start + SUBJECT_WORDS).min(self.words.end);
        self.sentence.signs.iter().any(|s| s.tag == tag && near.contains(&s.words.start))
    }

    /// Tells whether the piece begins like a clause: a verb stands near its front, or a word that
    /// only a clause begins with. "…, and cost" goes on with a list.
    fn opens_clause(&self) -> bool {
        self.begins_with("claim") || self.begins_with("present") || self.begins_with("past")
    }

    /// Tells whether the piece begins with the words of a tag.
    pub fn opens_with(&self, tag: &str) -> bool {
        self.sentence.signs.iter().any(|s| s.tag == tag && s.words.start == self.words.start)
    }
}

/// Returns what is left of a sentence.
pub fn trim(range: &Range<usize>, text: &FieldText, signs: &SentenceSigns<'_>) -> Piece {
    let whole = piece(without_ellipsis(range.clone(), text), false, text);
    let range = &whole.range.clone();
    let behind_lead = piece(without_lead(range.clone(), text, signs), false, text);
    // Words that only lead up are better than too few words.
    let keeps_lead = behind_lead.words < WORDS_GOOD_MIN && (WORDS_GOOD_MIN..=WORDS_GOOD_MAX).contains(&whole.words);
    let starts_dangling = Kept::new(&whole, text, signs).opens_with("pointing");
    let front = if keeps_lead && !starts_dangling { whole } else { behind_lead };
    cut(front, text, signs)
}

/// Returns a range without the "…" of an excerpt behind its full stop.
fn without_ellipsis(range: Range<usize>, text: &FieldText) -> Range<usize> {
    let written = text.original.get(range.clone()).unwrap_or_default();
    let bare = written.trim_end_matches(['…', ' ', '\u{a0}']);
    if bare.ends_with(['.', '!', '?', '”', '"']) { range.start..range.start + bare.len() } else { range }
}

/// Returns a range as a piece, its words counted.
fn piece(range: Range<usize>, is_cut: bool, text: &FieldText) -> Piece {
    let words = text.original.get(range.clone()).unwrap_or_default().split_whitespace().count();
    Piece { range, is_cut, words }
}

/// Returns the words that begin within a range of bytes.
fn words_in(text: &FieldText, range: &Range<usize>) -> Range<usize> {
    let from = text.tokens.partition_point(|t| t.span.start < range.start);
    let to = text.tokens.partition_point(|t| t.span.start < range.end);
    from..to.max(from)
}

/// Returns a sentence without beginnings such as "These findings suggest that".
fn without_lead(mut range: Range<usize>, text: &FieldText, signs: &SentenceSigns<'_>) -> Range<usize> {
    for _ in 0..LEADS_MAX {
        let first = words_in(text, &range).start;
        let leads = signs.signs.iter().filter(|s| s.tag == "lead" && s.words.start == first);
        let Some(lead) = leads.filter(|s| is_lead(s.rule, &s.words, text, signs)).max_by_key(|s| s.words.end) else {
            break;
        };
        let Some(next) = text.tokens.get(lead.words.end).filter(|t| t.span.end <= range.end) else { break };
        let rest = text.original.get(next.span.start..range.end).unwrap_or_default();
        if rest.split_whitespace().count() < WORDS_MIN {
            break;
        }
        range.start = next.span.start;
    }
    range
}

/// Tells whether words can be taken off: "in conclusion" only before a comma or colon, and nothing
/// that holds a "not".
fn is_lead(rule: &str, words: &Range<usize>, text: &FieldText, signs: &SentenceSigns<'_>) -> bool {
    let is_denied = signs.signs.iter().any(|s| s.tag == "denial" && words.contains(&s.words.start));
    let needs_comma = rule.ends_with("before-comma");
    let gap = text.gap_after(words.end.saturating_sub(1));
    let goes_on = gap.trim().is_empty() || gap.trim() == ",";
    !is_denied && if needs_comma { gap.contains([',', ':', ';']) } else { goes_on }
}

/// A place where a piece can be cut.
struct Cut {
    /// What would be left.
    kept: Piece,
    /// Whether what stands behind should not be printed: advice, more research, a bracket of
    /// statistics. Else it can only be missed where the piece is too long.
    is_wanted: bool,
}

/// Returns a piece up to a place where a clause ends, when what stands behind should not be printed
/// or the piece is too long.
fn cut(front: Piece, text: &FieldText, signs: &SentenceSigns<'_>) -> Piece {
    let sentence = text.original.get(front.range.clone()).unwrap_or_default();
    let edges = EDGES.iter().flat_map(|edge| sentence.match_indices(edge)).map(|(at, _)| at);
    let mut cuts: Vec<Cut> = edges.filter_map(|at| cut_at(at, &front, text, signs)).collect();
    cuts.sort_by_key(|c| c.kept.range.end);
    let has_claim = |p: &Piece| Kept::new(p, text, signs).has("claim");
    let is_clean = |c: &&Cut| {
        let is_unwanted = Kept::new(&c.kept, text, signs).is_unwanted();
        c.is_wanted && !is_unwanted && has_claim(&c.kept) && (WORDS_CLEAN_MIN..=WORDS_GOOD_MAX).contains(&c.kept.words)
    };
    if let Some(clean) = cuts.iter().rev().find(is_clean) {
        return clean.kept.clone();
    }
    if front.words <= WORDS_GOOD_MAX {
        return front;
    }
    let fits = |p: &Piece| (WORDS_GOOD_MIN..=WORDS_GOOD_MAX).contains(&p.words);
    cuts.into_iter().rev().map(|c| c.kept).find(|p| fits(p) && has_claim(p)).unwrap_or(front)
}

/// Returns the cut at a byte of a piece; `None` where it would break a list, a bracket or the sense.
fn cut_at(at: usize, front: &Piece, text: &FieldText, signs: &SentenceSigns<'_>) -> Option<Cut> {
    let from = front.range.start;
    let head = text.original.get(from..from + at)?.trim_end_matches([',', ';', ':', ' ', '–', '—']);
    let kept = piece(from..from + head.len(), true, text);
    let tail_range = from + at..front.range.end;
    let tail = text.original.get(tail_range.clone())?;
    let tail_signs = Kept::new(&piece(tail_range, false, text), text, signs);
    let is_bracket = tail.starts_with(" (");
    let is_wanted =
        if is_bracket { is_last_bracket(tail) && signs::has_figures(tail) } else { tail_signs.is_unwanted() };
    let goes_on = tail.starts_with("; (") || (tail.starts_with(", ") && !tail_signs.opens_clause());
    let turns = || {
        let lower = tail.to_lowercase();
        TURNS.iter().any(|turn| lower.contains(turn))
    };
    let is_missed = !is_bracket && !goes_on && !turns();
    (kept.words >= WORDS_MIN && (is_wanted || is_missed) && is_balanced(head)).then_some(Cut { kept, is_wanted })
}

/// Words that a claim keeps when a clause of advice is taken off.
const WORDS_CLEAN_MIN: usize = 10;

/// Tells whether a tail is one bracket and at most a full stop.
fn is_last_bracket(tail: &str) -> bool {
    tail.trim().trim_end_matches('.').ends_with(')') && tail.matches('(').count() == tail.matches(')').count()
}

/// Tells whether no bracket or quotation is left open.
fn is_balanced(kept: &str) -> bool {
    kept.matches('(').count() == kept.matches(')').count()
        && kept.matches('"').count().is_multiple_of(2)
        && kept.matches('“').count() == kept.matches('”').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_loses_its_dots_only_behind_a_full_stop() {
        for (written, want) in [("It fell. …", "It fell."), ("It fell …", "It fell …"), ("…", "…"), ("", "")]
        {
            let text = FieldText::read(written, 100);
            assert_eq!(text.original.get(without_ellipsis(0..written.len(), &text)), Some(want), "{written}");
        }
    }

    #[test]
    fn nothing_is_left_open() {
        for (kept, want) in [("a (b) c", true), ("a (b", false), ("a \"b", false), ("“a” b", true), ("“a", false)]
        {
            assert_eq!(is_balanced(kept), want, "{kept}");
        }
        assert!(is_last_bracket(" (95% CI 2 to 4)."));
        assert!(!is_last_bracket(" (2) and more."));
    }
}
