//! Cuts a text at the borders of the words that tags rest on, so that a page can mark them.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::model::text::fold;

/// A tag that marked words speak for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Mark {
    /// The kind of tag ("country").
    pub facet: String,
    /// Its value ("KEN").
    pub value: String,
    /// Both for people ("Country: Kenya").
    pub name: String,
}

/// A piece of a text: all of it speaks for the same tags.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    /// Its words as they stand in the text, blanks included.
    pub text: String,
    /// The tags that it speaks for; mostly none.
    pub marks: Vec<Mark>,
}

/// Words of a text that speak for a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Where they stand, in bytes.
    pub(super) at: Range<usize>,
    /// The tag.
    pub(super) mark: Mark,
}

/// Returns where words stand first in a text, in bytes: as they are written and whole; else whole, whatever
/// the case and accents; else, in the same two ways, as a part of longer words, since rules also know words by
/// their beginning. `None` when they do not stand there, or are no words at all.
pub(super) fn first(text: &str, words: &str) -> Option<Range<usize>> {
    if words.trim().is_empty() {
        return None;
    }
    let as_written = || text.match_indices(words).map(|(at, _)| at..at + words.len());
    let folded = Folded::of(text);
    let wanted = fold(words);
    let as_folded = || folded.find(&wanted);
    let is_whole = |at: &Range<usize>| is_whole(text, at);
    let whole = as_written().find(is_whole).or_else(|| as_folded().find(is_whole));
    whole.or_else(|| as_written().next()).or_else(|| as_folded().next())
}

/// Tells whether some words end where they stand: no letter or digit goes on directly before or behind them.
fn is_whole(text: &str, at: &Range<usize>) -> bool {
    // An accent set behind its letter is a part of the word too.
    let of_word = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let is_inside = |c: Option<char>, own: Option<char>| c.is_some_and(of_word) && own.is_some_and(of_word);
    let part = |range: Range<usize>| text.get(range).unwrap_or_default();
    let own = part(at.clone());
    let (before, behind) = (part(0..at.start), part(at.end..text.len()));
    !is_inside(before.chars().next_back(), own.chars().next())
        && !is_inside(behind.chars().next(), own.chars().next_back())
}

/// A folded text that knows where each of its bytes comes from.
struct Folded<'t> {
    original: &'t str,
    text: String,
    /// Of each byte the start of its character in the original.
    from: Vec<usize>,
}

impl<'t> Folded<'t> {
    /// Folds a text sign by sign.
    fn of(original: &'t str) -> Self {
        let (mut text, mut from) = (String::with_capacity(original.len()), Vec::with_capacity(original.len()));
        let mut sign = [0; 4];
        for (at, c) in original.char_indices() {
            text.push_str(&fold(c.encode_utf8(&mut sign)));
            from.resize(text.len(), at);
        }
        Self { original, text, from }
    }

    /// Returns where folded words stand in the original. Signs that fold to nothing (accents set behind their
    /// letter) belong to what is before them.
    fn find(&self, words: &str) -> impl Iterator<Item = Range<usize>> {
        let found = if words.is_empty() { None } else { Some(self.text.match_indices(words)) };
        found.into_iter().flatten().filter_map(|(at, words)| {
            let start = *self.from.get(at)?;
            let last = *self.from.get(at + words.len() - 1)?;
            let behind = self.from.get(at + words.len()).copied().unwrap_or(self.original.len());
            // A sign that folds to several letters ("æ") is taken whole.
            let end = if behind > last { behind } else { last + self.original.get(last..)?.chars().next()?.len_utf8() };
            Some(start..end)
        })
    }
}

/// Returns a part of a text cut at the borders of spans, in order. Joining the pieces gives the part back; none is
/// empty, and no two neighbours have the same marks. Marks of one piece stand in their own order, each once.
///
/// A part that does not lie on the borders of signs gives nothing; spans that reach beyond it count as far as they
/// lie in it.
pub(super) fn cut(text: &str, part: Range<usize>, spans: &[Span]) -> Vec<Piece> {
    // Words of no length speak for nothing.
    let of_part = |s: &&Span| !s.at.is_empty() && s.at.start < part.end && s.at.end > part.start;
    let here: Vec<&Span> = spans.iter().filter(of_part).collect();
    let borders = here.iter().flat_map(|s| [s.at.start, s.at.end]);
    let inside = borders.filter(|b| part.contains(b) && text.is_char_boundary(*b));
    let mut borders: Vec<usize> = inside.chain([part.start, part.end]).collect();
    borders.sort_unstable();
    borders.dedup();
    let mut out: Vec<Piece> = Vec::new();
    for pair in borders.windows(2) {
        let &[start, end] = pair else { continue };
        let Some(words) = text.get(start..end) else { return Vec::new() };
        let covering = here.iter().filter(|s| s.at.start < end && s.at.end > start);
        let mut marks: Vec<Mark> = covering.map(|s| s.mark.clone()).collect();
        marks.sort();
        marks.dedup();
        match out.last_mut().filter(|last| last.marks == marks) {
            Some(last) => last.text.push_str(words),
            None => out.push(Piece { text: words.to_owned(), marks }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_found_where_they_stand_first() {
        for (text, words, want, note) in [
            ("A trial in Kenya; Kenya again", "Kenya", Some("11..16"), "the first of two"),
            ("kenyan, then Kenya", "Kenya", Some("13..18"), "as written goes before another case"),
            ("Kenyans in KENYA", "Kenya", Some("11..16"), "whole goes before a part"),
            ("homesickness", "homesick", Some("0..8"), "a part, where nothing else is there"),
            ("Dépression du post-partum", "depression", Some("0..11"), "another case and accent"),
            ("De\u{301}pression", "Dépression", Some("0..12"), "an accent set behind its letter"),
            ("caf\u{65}\u{301} au lait", "cafe", Some("0..6"), "an accent at the end stays with its letter"),
            ("Cæsarean", "caesarean", Some("0..9"), "one sign that folds to two"),
            ("Cæsarean", "cae", Some("0..3"), "half of a sign is taken whole"),
            ("Cæsar", "ca", Some("0..3"), "a sign is never cut"),
            ("PHQ–9 scores", "PHQ-9", Some("0..7"), "another dash"),
            ("β-blockers (β)", "β", Some("0..2"), "Greek"),
            ("(+) a", "(+)", Some("0..3"), "signs alone"),
            ("nothing here", "Kenya", None, "not there"),
            ("nothing here", " ", None, "no words"),
            ("nothing here", "\u{301}", None, "folds to nothing"),
            ("", "Kenya", None, "no text"),
        ] {
            let got = first(text, words);
            assert_eq!(got.as_ref().map(|r| format!("{r:?}")).as_deref(), want, "{note}");
            assert!(got.is_none_or(|r| text.get(r).is_some()), "{note}");
        }
    }

    fn span(at: Range<usize>, value: &str) -> Span {
        Span { at, mark: Mark { facet: "country".into(), value: value.into(), name: format!("Country: {value}") } }
    }

    fn shown(pieces: &[Piece]) -> String {
        let one = |p: &Piece| {
            let marks = p.marks.iter().map(|m| m.value.as_str()).collect::<Vec<_>>().join("+");
            if marks.is_empty() { p.text.clone() } else { format!("[{}|{marks}]", p.text) }
        };
        pieces.iter().map(one).collect::<Vec<_>>().join("·")
    }

    #[test]
    fn overlapping_words_make_pieces_with_several_marks() {
        let text = "poor mothers in rural Kenya";
        for (spans, want, note) in [
            (vec![], "poor mothers in rural Kenya", "nothing to mark"),
            (vec![span(22..27, "a")], "poor mothers in rural ·[Kenya|a]", "at the end"),
            (
                vec![span(0..12, "a"), span(5..21, "b")],
                "[poor |a]·[mothers|a+b]·[ in rural|b]· Kenya",
                "one into the other",
            ),
            (vec![span(0..12, "b"), span(5..12, "a")], "[poor |b]·[mothers|a+b]· in rural Kenya", "one in the other"),
            (vec![span(0..4, "a"), span(0..4, "a")], "[poor|a]· mothers in rural Kenya", "twice the same"),
            (vec![span(0..4, "a"), span(4..12, "a")], "[poor mothers|a]· in rural Kenya", "side by side"),
            (vec![span(3..3, "a"), span(90..99, "b")], "poor mothers in rural Kenya", "empty, and outside"),
        ] {
            assert_eq!(shown(&cut(text, 0..text.len(), &spans)), want, "{note}");
        }
        assert_eq!(shown(&cut(text, 5..12, &[span(0..8, "a")])), "[mot|a]·hers", "only a part of the text");
        assert_eq!(cut(text, 4..4, &[]), []);
    }

    /// Texts as nobody should send them: signs of several bytes, markup, blanks, accents behind their letters.
    fn any_text() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            "\\PC{0,6}",
            "[a-c ]{0,8}",
            prop::sample::select(vec![
                "Kenya",
                "æ",
                "ﬁ",
                "e\u{301}",
                "<b>",
                "</mark>",
                "&amp;",
                "\n\n",
                "ſ",
                "İ",
                "👩‍👧",
                "A: "
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_sign_is_lost_and_marks_cover_their_words(
            text in any_text(),
            words in prop::collection::vec(any_text(), 0..6),
            bounds in prop::collection::vec((0..40_usize, 0..40_usize), 0..4),
        ) {
            let mut spans: Vec<Span> = words
                .iter()
                .enumerate()
                .filter_map(|(n, words)| Some(span(first(&text, words)?, &n.to_string())))
                .collect();
            for s in &spans {
                prop_assert!(text.get(s.at.clone()).is_some_and(|t| !t.is_empty()));
            }
            // Also what no search gives: borders inside a sign, and beyond the end.
            spans.extend(bounds.into_iter().map(|(a, b)| span(a.min(b)..a.max(b), "wild")));
            let pieces = cut(&text, 0..text.len(), &spans);
            prop_assert_eq!(pieces.iter().map(|p| p.text.as_str()).collect::<String>(), text.as_str());
            prop_assert!(pieces.iter().all(|p| !p.text.is_empty() && p.marks.is_sorted()));
            prop_assert!(pieces.windows(2).all(|w| w[0].marks != w[1].marks));
            let mut at = 0;
            for piece in &pieces {
                let end = at + piece.text.len();
                for s in &spans {
                    let is_marked = piece.marks.contains(&s.mark);
                    let of_mark = spans
                        .iter()
                        .filter(|o| !o.at.is_empty() && o.mark == s.mark && o.at.start < end && o.at.end > at);
                    prop_assert_eq!(is_marked, of_mark.count() > 0, "each piece has the marks of its words, no others");
                    if s.mark.value != "wild" && s.at.start < end && s.at.end > at {
                        prop_assert!(s.at.start <= at && end <= s.at.end, "no piece reaches out of words that were found");
                    }
                }
                at = end;
            }
        }
    }
}
