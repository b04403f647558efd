//! The words of papers, cut once and used for every field: as they stand, without stop words and
//! stemmed, and as stems for spotting names.
//!
//! The analysers of [`super::analyse`] do the same from the text each time, which is right for
//! questions; papers are long, and their words come again and again, so stems are remembered here. The
//! engine gets words as text with a space between, which [`super::placed`] reads: handing them over as ready
//! tokens would go through JSON.

use std::collections::HashMap;

use tantivy::tokenizer::Token;

use super::analyse;
use super::placed::{GAP, JOINED};

/// The most words whose stems are remembered: a million papers have fewer that come twice.
const REMEMBERED_MAX: usize = 200_000;

/// One text in words.
#[derive(Debug, Default)]
pub(super) struct TextWords {
    /// Those that the paper did not have before, as they stand, folded, with a space between.
    pub plain: String,
    /// Without stop words, stemmed, as [`super::placed`] reads them: what [`analyse::TEXT`] gives.
    pub placed: String,
    /// All stems with their places in the text, hyphenated words in their parts.
    pub parts: Vec<Token>,
    /// Which of the parts begin a name, as the cutter was told; in order.
    pub beginnings: Vec<usize>,
}

/// One word of a text.
#[derive(Debug)]
pub(super) struct Cut {
    /// As it stands, folded, and where.
    pub token: Token,
    pub stem: String,
    pub is_stop_word: bool,
}

/// What is remembered of a word.
#[derive(Debug)]
struct Known {
    stem: String,
    is_stop_word: bool,
    /// Whether names begin with it.
    begins_names: bool,
    /// Number of the last paper that had it.
    paper: u32,
}

/// Cuts texts into words and remembers stems.
#[derive(Debug, Default)]
pub(super) struct WordCutter {
    /// Where each word lies in the list.
    places: HashMap<String, usize>,
    known: Vec<Known>,
    /// Number of the present paper.
    paper: u32,
}

impl WordCutter {
    /// Begins a paper: none of its words were met.
    pub fn begin_paper(&mut self) {
        self.paper = self.paper.wrapping_add(1);
        if self.known.len() >= REMEMBERED_MAX || self.paper == 0 {
            self.known.clear();
            self.places.clear();
        }
    }

    /// Returns what is known of a word; whether it is new in this paper.
    fn known(&mut self, word: &str, begins_names: &dyn Fn(&str) -> bool) -> (&Known, bool) {
        let place = match self.places.get(word) {
            Some(place) => *place,
            None => self.learn(word, begins_names),
        };
        let known = self.known.get_mut(place).expect("invariant: places are those of the list");
        let is_new = known.paper != self.paper;
        known.paper = self.paper;
        (known, is_new)
    }

    /// Remembers a word. Returns its place.
    fn learn(&mut self, word: &str, begins_names: &dyn Fn(&str) -> bool) -> usize {
        let (stem, is_stop_word) = (analyse::english_stem(word), analyse::is_stop_word(word));
        // Another paper than this one, whatever its number.
        let (begins_names, paper) = (begins_names(&stem), self.paper.wrapping_sub(1));
        self.places.insert(word.to_owned(), self.known.len());
        self.known.push(Known { stem, is_stop_word, begins_names, paper });
        self.known.len() - 1
    }

    /// Returns the words of a text of the present paper; `begins_names` tells whether names begin with a
    /// stem, and is asked once for each.
    pub fn cut(&mut self, text: &str, begins_names: &dyn Fn(&str) -> bool) -> TextWords {
        let words = analyse::words(text);
        let mut out = TextWords { parts: Vec::with_capacity(words.len()), ..TextWords::default() };
        let mut next = 0;
        for mut token in words {
            let is_joined = analyse::is_joined(&token);
            let (Known { stem, is_stop_word, begins_names, .. }, is_new) = self.known(&token.text, begins_names);
            if is_new {
                push(&mut out.plain, &token.text);
            }
            if !is_stop_word {
                for _ in next..token.position {
                    push(&mut out.placed, GAP.encode_utf8(&mut [0; 4]));
                }
                next = token.position + usize::from(!is_joined);
                if is_joined {
                    out.placed.push(JOINED);
                }
                push(&mut out.placed, stem);
            }
            if !is_joined {
                if *begins_names {
                    out.beginnings.push(out.parts.len());
                }
                token.text.clone_from(stem);
                out.parts.push(token);
            }
        }
        out
    }

    /// Returns all words of a text in order, each with its stem and whether it is a stop word.
    pub fn words(&mut self, text: &str) -> Vec<Cut> {
        let cut = |token: Token| {
            let (Known { stem, is_stop_word, .. }, _) = self.known(&token.text, &|_| false);
            Cut { stem: stem.clone(), is_stop_word: *is_stop_word, token }
        };
        analyse::words(text).into_iter().map(cut).collect()
    }

    /// Calls `each` with the stems that [`analyse::TEXT`] gives, in order, and whether each is a
    /// hyphenated word in one piece.
    pub fn stems(&mut self, text: &str, mut each: impl FnMut(&str, bool)) {
        for token in analyse::words(text) {
            let (Known { stem, is_stop_word, .. }, _) = self.known(&token.text, &|_| false);
            if !is_stop_word {
                each(stem, analyse::is_joined(&token));
            }
        }
    }
}

/// Adds a word and a space.
fn push(list: &mut String, word: &str) {
    list.push_str(word);
    list.push(' ');
}

#[cfg(test)]
mod tests {
    use tantivy::tokenizer::{TokenStream, Tokenizer};

    use super::*;
    use crate::index::placed::Placed;

    #[test]
    fn words_cut_once_are_those_of_the_analysers() {
        let mut cutter = WordCutter::default();
        for text in [
            "The mothers' postnatal depressions: screening, PHQ-9, d'Ivoire, organised organizing",
            "A self-harm study of the PHQ-9's and the mother’s mood; 产后抑郁 and naïve Ünïcode",
            "to-do of the state-of-the-art, end-of a in-the",
            "no such the of and",
            "",
        ] {
            for is_new in [true, false] {
                if is_new {
                    cutter.begin_paper();
                }
                let cut = cutter.cut(text, &|stem| stem == "studi");
                let mut plain: Vec<String> = Vec::new();
                for word in analyse::words(text).into_iter().map(|t| t.text + " ").filter(|_| is_new) {
                    if !plain.contains(&word) {
                        plain.push(word);
                    }
                }
                assert_eq!(cut.plain, plain.concat(), "each word once: {text}");
                let mut placed = Vec::new();
                Placed.token_stream(&cut.placed).process(&mut |t| placed.push((t.text.clone(), t.position)));
                let stems = analyse::tokens(analyse::TEXT, text);
                assert_eq!(placed, stems.into_iter().map(|t| (t.text, t.position)).collect::<Vec<_>>(), "{text}");
                let mut each = Vec::new();
                cutter.stems(text, |stem, is_joined| each.push((stem.to_owned(), is_joined)));
                let stems = analyse::tokens(analyse::TEXT, text).into_iter();
                assert_eq!(each, stems.map(|t| (t.text.clone(), analyse::is_joined(&t))).collect::<Vec<_>>(), "{text}");
                let mut parts = analyse::tokens(analyse::TAGS, text);
                parts.retain(|t| !analyse::is_joined(t));
                assert_eq!(cut.parts, parts, "{text}");
                let begin = |part: &(usize, &Token)| part.1.text == "studi";
                let beginnings: Vec<usize> = parts.iter().enumerate().filter(begin).map(|(n, _)| n).collect();
                assert_eq!(cut.beginnings, beginnings, "{text}");
            }
        }
    }
}
