//! Cuts text into the words that are indexed, the same way for papers and for queries.
//!
//! - Words are runs of letters and digits, in lower case and without accents.
//! - `mother's` is the word *mothers*; `l'anxiété` is *anxiete*: the elided article goes.
//! - `PHQ-9` is the words *phq* and *9* side by side **and** the word *phq9* in the place of the
//!   first, so that both spellings find each other (`post-partum`, `postpartum`).
//! - Chinese, Japanese, Thai and other scripts without spaces: every character is a word, and a
//!   typed run of them is looked for as a phrase.
//!
//! Four analysers use these words: [`TEXT`] drops English stop words and stems, [`TAGS`] only
//! stems, [`WORDS`] leaves them as they are, [`NAMES`] also keeps `D'Souza` in one piece.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

pub(super) use tantivy::tokenizer::Language;
use tantivy::tokenizer::{
    RawTokenizer, Stemmer, StopWordFilter, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
    WhitespaceTokenizer,
};
use unicode_normalization::char::is_combining_mark;

use super::placed::Placed;
use crate::model::text;

/// Name of the analyser for running text: without English stop words, stemmed.
pub(super) const TEXT: &str = "text";
/// Name of the analyser for tags: stemmed, nothing dropped.
pub(super) const TAGS: &str = "tags";
/// Name of the analyser for words as they stand in the text.
pub(super) const WORDS: &str = "words";
/// Name of the analyser for names of people and journals.
pub(super) const NAMES: &str = "names";

/// Name of the analyser for words that were cut before, each in its place.
pub(super) const PLACED: &str = "placed";

/// Name of the analyser for ids and words with a space between.
pub(super) const IDS: &str = "ids";

/// The longest word that is indexed, in bytes: longer ones are addresses and sequences that
/// nobody types.
const WORD_BYTES_MAX: usize = 60;

/// The most parts of a hyphenated word that are also joined: more are chemical names and lists.
const JOINED_PARTS_MAX: usize = 3;

/// Articles and particles that French, Italian and Portuguese put before an apostrophe.
const ELIDED: &[&str] = &["c", "d", "j", "l", "m", "n", "qu", "s", "t", "dell", "all", "nell", "sull"];

/// Whether an elided article before an apostrophe is dropped or kept as part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elision {
    /// `d'Ivoire` is *ivoire*.
    Drop,
    /// `D'Souza` is *dsouza*.
    Keep,
}

/// Returns the analysers by name, for an index to use.
pub(super) fn analysers() -> TokenizerManager {
    // The default ones hold "raw", by which exact values are indexed.
    let manager = TokenizerManager::default();
    for name in [TEXT, WORDS, NAMES] {
        manager.register(name, analyser(name));
    }
    manager.register(TAGS, TextAnalyzer::builder(Remembered::default()).build());
    manager.register(IDS, TextAnalyzer::builder(WhitespaceTokenizer::default()).build());
    manager.register(PLACED, TextAnalyzer::builder(Placed).build());
    manager
}

/// Returns the analyser of this name; an unknown name gives plain words.
pub(super) fn analyser(name: &str) -> TextAnalyzer {
    let words = Words { elision: if name == NAMES { Elision::Keep } else { Elision::Drop } };
    match name {
        TEXT => TextAnalyzer::builder(words).filter(stop_words()).filter(Stemmer::new(Language::English)).build(),
        TAGS => TextAnalyzer::builder(words).filter(Stemmer::new(Language::English)).build(),
        _ => TextAnalyzer::builder(words).build(),
    }
}

/// Returns a text without the elided article that it begins with: "l'anxiété" is *anxiété*.
pub(super) fn without_article(text: &str) -> &str {
    let Some((article, rest)) = text.split_once(is_apostrophe) else { return text };
    let is_article =
        ELIDED.contains(&text::fold(article).as_str()) && rest.chars().nth(1).is_some_and(char::is_alphabetic);
    if is_article { rest } else { text }
}

/// Returns the English stem of a folded word.
pub(super) fn english_stem(word: &str) -> String {
    stem(Language::English, word)
}

/// Tells whether a folded word is an English stop word.
pub(super) fn is_stop_word(word: &str) -> bool {
    static ALONE: OnceLock<Mutex<TextAnalyzer>> = OnceLock::new();
    let alone = || Mutex::new(TextAnalyzer::builder(RawTokenizer::default()).filter(stop_words()).build());
    let mut alone = ALONE.get_or_init(alone).lock().unwrap_or_else(PoisonError::into_inner);
    !alone.token_stream(word).advance()
}

/// Returns the English stop words (Lucene's list of 33). The list is made once: every typed word
/// asks for it.
fn stop_words() -> StopWordFilter {
    static LIST: OnceLock<StopWordFilter> = OnceLock::new();
    let english = || StopWordFilter::new(Language::English);
    LIST.get_or_init(|| english().unwrap_or_else(|| StopWordFilter::remove(Vec::<String>::new()))).clone()
}

/// Returns the words that an analyser makes of a text, in order of position.
pub(super) fn tokens(name: &str, text: &str) -> Vec<Token> {
    let mut analyser = analyser(name);
    let mut stream = analyser.token_stream(text);
    let mut out = Vec::new();
    stream.process(&mut |token| out.push(token.clone()));
    out
}

/// Languages beside English whose words are stemmed in their own way.
pub(super) const FOREIGN: [(&str, Language); 3] =
    [("fr", Language::French), ("es", Language::Spanish), ("pt", Language::Portuguese)];

/// Returns the stems that a word has in French, Spanish and Portuguese, in order, each once; words
/// of several parts have none.
pub(super) fn foreign_stems(word: &str) -> BTreeSet<String> {
    let tokens = tokens(WORDS, word);
    let [token] = tokens.as_slice() else { return BTreeSet::new() };
    FOREIGN.iter().map(|(_, language)| stem(*language, &token.text)).collect()
}

/// Returns the stem of a folded word in a language.
pub(super) fn stem(language: Language, word: &str) -> String {
    static STEMMERS: OnceLock<Vec<(Language, Mutex<TextAnalyzer>)>> = OnceLock::new();
    let stemmers = STEMMERS.get_or_init(|| {
        let of = |language| TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build();
        let languages = FOREIGN.iter().map(|(_, language)| *language).chain([Language::English]);
        languages.map(|language| (language, Mutex::new(of(language)))).collect()
    });
    let stemmer = stemmers.iter().find(|(l, _)| *l == language).and_then(|(_, s)| s.lock().ok());
    let mut out = word.to_owned();
    if let Some(mut stemmer) = stemmer {
        stemmer.token_stream(word).process(&mut |token| out.clone_from(&token.text));
    }
    out
}

/// Returns the stems of a text in a language, each with its place in the text.
pub(super) fn foreign_tokens(language: Language, text: &str) -> Vec<Token> {
    let mut out = tokens(WORDS, text);
    out.retain(|t| !is_joined(t));
    for token in &mut out {
        token.text = stem(language, &token.text);
    }
    out
}

/// Tells whether a token is a hyphenated word in one piece (*phq9* for `PHQ-9`).
pub(super) fn is_joined(token: &Token) -> bool {
    token.position_length > 1
}

/// Returns the form by which exact values (countries, sources, languages) are compared.
pub(super) fn key(value: &str) -> String {
    text::words(value).join(" ")
}

/// Cuts text into words. See the module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    elision: Elision,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        WordStream { rest: cut_all(text, self.elision).into_iter(), token: Token::default() }
    }
}

/// The most tags whose words are remembered: there are some hundred.
const TAGS_REMEMBERED_MAX: usize = 2000;

/// What [`TAGS`] makes of texts, remembered: the same few tags come with every paper.
#[derive(Debug, Clone, Default)]
struct Remembered(HashMap<String, Vec<Token>>);

impl Tokenizer for Remembered {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        if self.0.len() >= TAGS_REMEMBERED_MAX {
            self.0.clear();
        }
        let words = match self.0.get(text) {
            Some(words) => words.clone(),
            None => self.0.entry(text.to_owned()).or_insert(tokens(TAGS, text)).clone(),
        };
        WordStream { rest: words.into_iter(), token: Token::default() }
    }
}

/// The words of one text, handed out one by one.
#[derive(Debug)]
pub(super) struct WordStream {
    rest: std::vec::IntoIter<Token>,
    token: Token,
}

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        match self.rest.next() {
            Some(token) => {
                self.token = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// One word of a text, lent while it is handed out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    /// As it stands, folded.
    pub text: &'a str,
    /// Where it begins in the text, in bytes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Its place among the words, from 0.
    pub position: usize,
    /// How many places it takes: more than one for a hyphenated word in one piece.
    pub places: usize,
}

impl Word<'_> {
    /// Tells whether this is a hyphenated word in one piece (*phq9* for `PHQ-9`).
    pub fn is_joined(&self) -> bool {
        self.places > 1
    }

    /// Returns the same as the engine keeps it.
    pub fn token(&self) -> Token {
        Token {
            offset_from: self.from,
            offset_to: self.to,
            position: self.position,
            text: self.text.to_owned(),
            position_length: self.places,
        }
    }
}

/// Calls `each` with the words of a text in order, as [`WORDS`] cuts them, without a copy of each.
pub(super) fn each_word(text: &str, each: impl FnMut(Word<'_>)) {
    cut(text, Elision::Drop, each);
}

/// Returns the words of a text.
fn cut_all(text: &str, elision: Elision) -> Vec<Token> {
    let mut out = Vec::new();
    cut(text, elision, |word| out.push(word.token()));
    out
}

/// Calls `each` with the words of a text in order.
fn cut(text: &str, elision: Elision, each: impl FnMut(Word<'_>)) {
    let mut cutter = Cutter::new(each);
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        // Most of a text by far.
        let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if let Some(run) = rest.get(..plain).filter(|run| !run.is_empty()) {
            cutter.push_plain(run, at);
            at += plain;
            continue;
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        let (end, next) = (at + c.len_utf8(), chars.next());
        if is_own_word(c) {
            cutter.end_compound();
            cutter.push(c, at, end);
            cutter.end_compound();
        } else if c.is_alphanumeric() || (is_combining_mark(c) && cutter.is_in_word()) {
            cutter.push(c, at, end);
        } else if is_apostrophe(c) && cutter.is_in_word() && next.is_some_and(char::is_alphabetic) {
            let after = text.get(end..).unwrap_or_default().chars().take_while(|c| c.is_alphabetic()).count();
            if elision == Elision::Drop && after > 1 && ELIDED.contains(&cutter.word.as_str()) {
                cutter.drop_word();
            } else if after == 1 && cutter.word.ends_with(|c: char| c.is_ascii_digit()) {
                // "the PHQ-9's": a number has no plural in s.
                at = end + next.map_or(0, char::len_utf8);
                continue;
            }
        } else if is_hyphen(c) && cutter.is_in_word() && next.is_some_and(char::is_alphanumeric) {
            cutter.end_word();
        } else if !(is_joiner(c) && cutter.is_in_word()) {
            cutter.end_compound();
        }
        at = end;
    }
    cutter.end_compound();
}

/// One part of the hyphenated word being read.
#[derive(Debug, Default)]
struct Part {
    text: String,
    from: usize,
    to: usize,
    position: usize,
}

/// The word being read. What it holds is used again for each: a text has hundreds.
#[derive(Debug)]
struct Cutter<F> {
    each: F,
    /// The word being read, folded.
    word: String,
    /// Where it begins and ends so far, in bytes.
    span: (usize, usize),
    /// Parts of the present hyphenated word, and places for more.
    parts: Vec<Part>,
    /// How many parts it has so far.
    count: usize,
    /// The parts in one piece.
    joined: String,
    /// Position of the next word.
    position: usize,
}

impl<F: FnMut(Word<'_>)> Cutter<F> {
    fn new(each: F) -> Self {
        let (word, joined, parts) = (String::new(), String::new(), Vec::new());
        Self { each, word, span: (0, 0), parts, count: 0, joined, position: 0 }
    }

    fn is_in_word(&self) -> bool {
        !self.word.is_empty()
    }

    /// Adds a character to the word being read.
    fn push(&mut self, c: char, at: usize, end: usize) {
        if self.word.is_empty() {
            self.span.0 = at;
        }
        self.span.1 = end;
        if c.is_ascii() {
            self.word.push(c.to_ascii_lowercase());
        } else {
            let mut buffer = [0; 4];
            self.word.extend(text::fold(c.encode_utf8(&mut buffer)).chars().filter(|c| c.is_alphanumeric()));
        }
    }

    /// Adds a run of letters and digits of ASCII, which begins at a byte of the text.
    fn push_plain(&mut self, run: &str, at: usize) {
        let begins = self.word.len();
        if begins == 0 {
            self.span.0 = at;
        }
        self.span.1 = at + run.len();
        self.word.push_str(run);
        if let Some(added) = self.word.get_mut(begins..) {
            added.make_ascii_lowercase();
        }
    }

    /// Forgets the word being read.
    fn drop_word(&mut self) {
        self.word.clear();
    }

    /// Ends the word being read; what follows may still belong to the same hyphenated word.
    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        if self.word.len() <= WORD_BYTES_MAX {
            if self.count == self.parts.len() {
                self.parts.push(Part::default());
            }
            if let Some(part) = self.parts.get_mut(self.count) {
                std::mem::swap(&mut part.text, &mut self.word);
                (part.from, part.to) = self.span;
                part.position = self.position;
                self.count += 1;
            }
        }
        self.word.clear();
        self.position += 1;
    }

    /// Ends the word and the hyphenated word it may be part of, which is handed out joined before its parts.
    fn end_compound(&mut self) {
        self.end_word();
        let parts = self.parts.get(..self.count).unwrap_or_default();
        if let [first, .., last] = parts
            && parts.len() <= JOINED_PARTS_MAX
        {
            self.joined.clear();
            self.joined.extend(parts.iter().map(|p| p.text.as_str()));
            if self.joined.len() <= WORD_BYTES_MAX {
                let (text, position) = (self.joined.as_str(), first.position);
                (self.each)(Word { text, from: first.from, to: last.to, position, places: parts.len() });
            }
        }
        for Part { text, from, to, position } in parts {
            (self.each)(Word { text, from: *from, to: *to, position: *position, places: 1 });
        }
        self.count = 0;
    }
}

/// Tells whether a character is a word of its own: scripts that put no space between words.
fn is_own_word(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF        // Thai, Lao
        | 0x1000..=0x109F      // Myanmar
        | 0x1780..=0x17FF      // Khmer
        | 0x3040..=0x30FF      // Hiragana, Katakana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF // Han
    ) && c.is_alphanumeric()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '‛' | '＇' | '`' | '´')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{ff0d}' | '\u{fe63}')
}

/// Characters inside a word that are not seen: soft hyphen, joiners, zero-width space.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, text: &str) -> String {
        let all = tokens(name, text);
        all.iter().map(|t| format!("{}@{}", t.text, t.position)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_cut_as_people_expect() {
        for (name, text, want, note) in [
            (TEXT, "Mothers of infants", "mother@0 infant@2", "a stop word leaves its place, for phrases"),
            (TEXT, "mother's mother’s mothers'", "mother@0 mother@1 mother@2", "apostrophes straight and curly"),
            (WORDS, "PHQ-9", "phq9@0 phq@0 9@1", "hyphenated: parts and joined"),
            (WORDS, "ＰＨＱ９", "phq9@0", "full width is the same"),
            (WORDS, "self\u{2011}harm", "selfharm@0 self@0 harm@1", "a hyphen that does not break"),
            (WORDS, "a-b-c-d", "a@0 b@1 c@2 d@3", "long chains are not joined"),
            (WORDS, "2019–2022 - x", "2019@0 2022@1 x@2", "a dash separates"),
            (WORDS, "Côte d'Ivoire l’anxiété", "cote@0 ivoire@1 anxiete@2", "an elided article goes"),
            (NAMES, "D'Souza O’Brien", "dsouza@0 obrien@1", "but not in a name"),
            (WORDS, "don't", "dont@0", "one letter behind is no article"),
            (WORDS, "产后抑郁", "产@0 后@1 抑@2 郁@3", "no spaces: a character is a word"),
            (WORDS, "e\u{301}tude", "etude@0", "accents written apart"),
            (WORDS, "", "", "nothing"),
            (WORDS, "-'- \u{301} ’", "", "only marks"),
        ] {
            assert_eq!(words(name, text), want, "{note}");
        }
    }

    #[test]
    fn articles_go_and_names_stay() {
        for (text, want) in [
            ("l'anxiété", "anxiété"),
            ("D’allaitement", "allaitement"),
            ("mother's", "mother's"),
            ("don't", "don't"),
            ("d'", "d'"),
            ("", ""),
        ] {
            assert_eq!(without_article(text), want, "{text}");
        }
    }

    #[test]
    fn offsets_point_at_the_words() {
        let text = "Über PHQ-9’s";
        for token in tokens(WORDS, text) {
            assert!(text.get(token.offset_from..token.offset_to).is_some(), "{token:?}");
        }
        let joined = tokens(WORDS, text).into_iter().find(is_joined).expect("PHQ-9");
        assert_eq!(text.get(joined.offset_from..joined.offset_to), Some("PHQ-9"));
    }
}
