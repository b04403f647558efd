//! The words of papers, cut once and used for every field: as they stand, without stop words and
//! stemmed, and as stems for spotting names.
//!
//! The analysers of [`super::analyse`] do the same from the text each time, which is right for
//! questions; papers are long, and their words come again and again, so stems are remembered here. The
//! engine gets words as text with a space between, which [`super::placed`] reads: handing them over as ready
//! tokens would go through JSON.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::analyse;
use super::findable::findable;
use super::placed::{GAP, JOINED};

/// The most words whose stems are remembered: a million papers have fewer that come twice.
const REMEMBERED_MAX: usize = 200_000;

/// Bytes of a text for each word, gaps included: fewer than there are as a rule, for making room.
const BYTES_A_WORD: usize = 5;

/// One text in words.
#[derive(Debug, Default)]
pub(super) struct TextWords {
    /// Those that the paper did not have before, as they stand, folded, with a space between.
    pub plain: String,
    /// Without stop words, stemmed, as [`super::placed`] reads them: what [`analyse::TEXT`] gives.
    pub placed: String,
    /// All words with their places in the text, hyphenated ones in their parts.
    pub parts: Vec<Part>,
    /// Which of the parts begin a name, as the cutter was told; in order.
    pub beginnings: Vec<usize>,
}

/// One word of a text of the present paper; [`WordCutter::stem`] and its neighbours tell more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Where it is remembered.
    place: usize,
    /// Where it begins in the text, in bytes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Whether it is a hyphenated word in one piece.
    pub is_joined: bool,
}

/// What is remembered of a word.
#[derive(Debug)]
struct Known {
    /// As it stands, folded.
    word: String,
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
    /// Where each word lies in the list. Every word of every text is looked up here; the hash is drawn anew
    /// with each start, so that nobody can write words that make it slow.
    places: HashMap<String, usize, RandomState>,
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

    /// Returns where a word is remembered.
    fn place(&mut self, word: &str, begins_names: &dyn Fn(&str) -> bool) -> usize {
        match self.places.get(word) {
            Some(place) => *place,
            None => self.learn(word, begins_names),
        }
    }

    /// Remembers a word. Returns its place.
    fn learn(&mut self, word: &str, begins_names: &dyn Fn(&str) -> bool) -> usize {
        let (stem, is_stop_word) = (analyse::english_stem(word), analyse::is_stop_word(word));
        // Another paper than this one, whatever its number.
        let (begins_names, paper) = (begins_names(&stem), self.paper.wrapping_sub(1));
        self.places.insert(word.to_owned(), self.known.len());
        self.known.push(Known { word: word.to_owned(), stem, is_stop_word, begins_names, paper });
        self.known.len() - 1
    }

    /// Returns the stem of a word that was cut since the last paper began.
    pub fn stem(&self, part: &Part) -> &str {
        self.known.get(part.place).map_or("", |known| known.stem.as_str())
    }

    /// Returns a word that was cut since the last paper began, as it stands, folded.
    pub fn word(&self, part: &Part) -> &str {
        self.known.get(part.place).map_or("", |known| known.word.as_str())
    }

    /// Tells whether a word that was cut since the last paper began is a stop word.
    pub fn is_stop_word(&self, part: &Part) -> bool {
        self.known.get(part.place).is_some_and(|known| known.is_stop_word)
    }

    /// Cuts a text of the present paper into words, in the place of what `out` held; `begins_names` tells
    /// whether names begin with a stem, and is asked once for each.
    pub fn cut(&mut self, text: &str, begins_names: &dyn Fn(&str) -> bool, out: &mut TextWords) {
        let TextWords { plain, placed, parts, beginnings } = out;
        plain.clear();
        placed.clear();
        parts.clear();
        beginnings.clear();
        let mut next = 0;
        analyse::each_word(text, |word| {
            let (place, now) = (self.place(word.text, begins_names), self.paper);
            let known = self.known.get_mut(place).expect("invariant: places are those of the list");
            if std::mem::replace(&mut known.paper, now) != now {
                push(plain, word.text);
            }
            if !known.is_stop_word {
                for _ in next..word.position {
                    push(placed, GAP.encode_utf8(&mut [0; 4]));
                }
                next = word.position + usize::from(!word.is_joined());
                if word.is_joined() {
                    placed.push(JOINED);
                }
                push(placed, &known.stem);
            }
            if !word.is_joined() {
                if known.begins_names {
                    beginnings.push(parts.len());
                }
                parts.push(Part { place, from: word.from, to: word.to, is_joined: false });
            }
        });
    }

    /// Returns the words of a text in order, as far as it can be found.
    pub fn words(&mut self, text: &str) -> Vec<Part> {
        let mut out = Vec::with_capacity(text.len() / BYTES_A_WORD);
        analyse::each_word(findable(text), |word| {
            let (place, is_joined) = (self.place(word.text, &|_| false), word.is_joined());
            out.push(Part { place, from: word.from, to: word.to, is_joined });
        });
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
    use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

    use super::*;
    use crate::index::placed::Placed;

    #[test]
    fn words_cut_once_are_those_of_the_analysers() {
        let (mut cutter, mut cut) = (WordCutter::default(), TextWords::default());
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
                cutter.cut(text, &|stem| stem == "studi", &mut cut);
                let mut plain: Vec<String> = Vec::new();
                for word in analyse::tokens(analyse::WORDS, text).into_iter().map(|t| t.text + " ").filter(|_| is_new) {
                    if !plain.contains(&word) {
                        plain.push(word);
                    }
                }
                assert_eq!(cut.plain, plain.concat(), "each word once: {text}");
                let mut placed = Vec::new();
                Placed.token_stream(&cut.placed).process(&mut |t| placed.push((t.text.clone(), t.position)));
                let stems = analyse::tokens(analyse::TEXT, text);
                assert_eq!(placed, stems.into_iter().map(|t| (t.text, t.position)).collect::<Vec<_>>(), "{text}");
                let words = cutter.words(text);
                let each =
                    words.iter().filter(|w| !cutter.is_stop_word(w)).map(|w| (cutter.stem(w).to_owned(), w.is_joined));
                let stems = analyse::tokens(analyse::TEXT, text).into_iter();
                assert!(each.eq(stems.map(|t| (t.text.clone(), analyse::is_joined(&t)))), "{text}");
                let mut parts = analyse::tokens(analyse::TAGS, text);
                parts.retain(|t| !analyse::is_joined(t));
                let own = cut.parts.iter().map(|p| (cutter.stem(p), p.from, p.to));
                let of_analyser = parts.iter().map(|t| (t.text.as_str(), t.offset_from, t.offset_to));
                assert!(own.eq(of_analyser), "{text}");
                let begin = |part: &(usize, &Token)| part.1.text == "studi";
                let beginnings: Vec<usize> = parts.iter().enumerate().filter(begin).map(|(n, _)| n).collect();
                assert_eq!(cut.beginnings, beginnings, "{text}");
            }
        }
    }
}
