//! The words of papers, cut once and used for every field: as they stand, without stop words and
//! stemmed, and as stems for spotting names.
//!
//! The analysers of [`super::analyse`] do the same from the text each time, which is right for
//! questions; papers are long, and their words come again and again, so stems are remembered here.

use std::collections::HashMap;

use tantivy::tokenizer::{PreTokenizedString, Token};

use super::analyse;

/// The most words whose stems are remembered: a million papers have fewer that come twice.
const REMEMBERED_MAX: usize = 200_000;

/// One text in words.
#[derive(Debug, Default)]
pub(super) struct TextWords {
    /// As they stand, folded.
    pub words: Vec<Token>,
    /// Without stop words, stemmed; as [`analyse::TEXT`] gives them.
    pub stems: Vec<Token>,
    /// All stemmed, without hyphenated words in one piece; as [`analyse::TAGS`] gives them.
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
        let mut out = TextWords { stems: Vec::with_capacity(words.len()), ..TextWords::default() };
        for token in &words {
            let (stem, is_stop_word) = self.stem(&token.text);
            let stemmed = Token { text: stem, ..token.clone() };
            if !analyse::is_joined(token) {
                out.parts.push(stemmed.clone());
            }
            if !is_stop_word {
                out.stems.push(stemmed);
            }
        }
        out.words = words;
        out
    }

    /// Returns the English stem of a word, and whether it is a stop word.
    fn stem(&mut self, word: &str) -> (String, bool) {
        if let Some(known) = self.known.get(word) {
            return known.clone();
        }
        let new = (analyse::english_stem(word), analyse::is_stop_word(word));
        if self.known.len() < REMEMBERED_MAX {
            self.known.insert(word.to_owned(), new.clone());
        }
        new
    }
}

/// Returns words in the form in which a field takes them ready made.
pub(super) fn ready(tokens: Vec<Token>) -> PreTokenizedString {
    PreTokenizedString { text: String::new(), tokens }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cut_once_are_those_of_the_analysers() {
        let mut cutter = WordCutter::default();
        for text in [
            "The mothers' postnatal depressions: screening, PHQ-9, d'Ivoire, organised organizing",
            "A self-harm study of the PHQ-9's and the mother’s mood; 产后抑郁 and naïve Ünïcode",
            "no such the of and",
            "",
        ] {
            for _ in 0..2 {
                let cut = cutter.cut(text);
                assert_eq!(cut.words, analyse::tokens(analyse::WORDS, text), "{text}");
                assert_eq!(cut.stems, analyse::tokens(analyse::TEXT, text), "{text}");
                let mut parts = analyse::tokens(analyse::TAGS, text);
                parts.retain(|t| !analyse::is_joined(t));
                assert_eq!(cut.parts, parts, "{text}");
            }
        }
    }
}
