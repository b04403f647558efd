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
    /// As they stand, folded, with a space between.
    pub plain: String,
    /// Without stop words, stemmed, as [`super::placed`] reads them: what [`analyse::TEXT`] gives.
    pub placed: String,
    /// All stems with their places in the text, hyphenated words in their parts.
    pub parts: Vec<Token>,
}

/// Cuts texts into words and remembers stems.
#[derive(Debug, Default)]
pub(super) struct WordCutter {
    /// Word to its stem and whether it is a stop word.
    known: HashMap<String, (String, bool)>,
}

impl WordCutter {
    /// Returns the words of a text.
    pub fn cut(&mut self, text: &str) -> TextWords {
        let words = analyse::words(text);
        let mut out = TextWords { parts: Vec::with_capacity(words.len()), ..TextWords::default() };
        let mut next = 0;
        for mut token in words {
            push(&mut out.plain, &token.text);
            let is_joined = analyse::is_joined(&token);
            if self.known.len() >= REMEMBERED_MAX {
                self.known.clear();
            }
            if !self.known.contains_key(&token.text) {
                let new = (analyse::english_stem(&token.text), analyse::is_stop_word(&token.text));
                self.known.insert(token.text.clone(), new);
            }
            let Some((stem, is_stop_word)) = self.known.get(&token.text) else { continue };
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
                token.text.clone_from(stem);
                out.parts.push(token);
            }
        }
        out
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
            for _ in 0..2 {
                let cut = cutter.cut(text);
                let plain: Vec<String> = analyse::words(text).into_iter().map(|t| t.text + " ").collect();
                assert_eq!(cut.plain, plain.concat(), "{text}");
                let mut placed = Vec::new();
                Placed.token_stream(&cut.placed).process(&mut |t| placed.push((t.text.clone(), t.position)));
                let stems = analyse::tokens(analyse::TEXT, text);
                assert_eq!(placed, stems.into_iter().map(|t| (t.text, t.position)).collect::<Vec<_>>(), "{text}");
                let mut parts = analyse::tokens(analyse::TAGS, text);
                parts.retain(|t| !analyse::is_joined(t));
                assert_eq!(cut.parts, parts, "{text}");
            }
        }
    }
}
