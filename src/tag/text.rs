//! A field of a record as the rules read it: folded words that know where they stand.
//!
//! The folded form is ` word word . word `: words without case and accents, one space between,
//! and a dot where a sentence ends, so that a phrase is found by plain search and never across
//! two sentences. Every word knows its bytes in the original, so that a reason can quote verbatim.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::model::text;

/// One word of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the original.
    pub span: Range<usize>,
    /// Where it begins in the folded form.
    pub folded_at: usize,
    /// Where it ends in the folded form.
    pub folded_end: usize,
    /// Number of its sentence, from 0.
    pub sentence: usize,
}

/// A field, its words and its folded form.
#[derive(Debug, Clone, Default)]
pub struct FieldText {
    /// The original, cut at the limit it was read with.
    pub original: String,
    /// Its words in order.
    pub tokens: Vec<Token>,
    /// Its folded form, led and closed by a space; empty without words.
    pub folded: String,
    /// Its sentences: byte ranges in the original, without the white space around them.
    pub sentences: Vec<Range<usize>>,
}

impl FieldText {
    /// Reads at most `chars_max` characters of a text.
    pub fn read(original: &str, chars_max: usize) -> Self {
        let end = original.char_indices().nth(chars_max).map_or(original.len(), |(at, _)| at);
        let original = original.get(..end).unwrap_or_default().to_owned();
        let sentences = sentences(&original);
        let mut tokens = Vec::new();
        let mut folded = String::with_capacity(original.len() + 16);
        for (n, sentence) in sentences.iter().enumerate() {
            for span in words(&original, sentence.clone()) {
                let word: String = text::fold(original.get(span.clone()).unwrap_or_default())
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .collect();
                if word.is_empty() {
                    continue;
                }
                folded.push(' ');
                let folded_at = folded.len();
                folded.push_str(&word);
                tokens.push(Token { span, folded_at, folded_end: folded.len(), sentence: n });
            }
            folded.push_str(" .");
        }
        folded.push(' ');
        Self { original, tokens, folded, sentences }
    }

    /// Returns the number of the word that covers a byte of the folded form, or the one before.
    pub fn token_at(&self, folded_at: usize) -> usize {
        self.tokens.partition_point(|t| t.folded_at <= folded_at).saturating_sub(1)
    }

    /// Returns the original words from the first to the last of a range of words, verbatim.
    pub fn quote(&self, words: &Range<usize>) -> &str {
        let first = self.tokens.get(words.start);
        let last = self.tokens.get(words.end.saturating_sub(1));
        match (first, last) {
            (Some(first), Some(last)) => self.original.get(first.span.start..last.span.end).unwrap_or_default(),
            _ => "",
        }
    }

    /// Returns the original text between two neighbouring words.
    pub fn gap_after(&self, word: usize) -> &str {
        let from = self.tokens.get(word).map_or(0, |t| t.span.end);
        let to = self.tokens.get(word + 1).map_or(self.original.len(), |t| t.span.start);
        self.original.get(from..to).unwrap_or_default()
    }

    /// Returns the folded form of one word; empty when there is no such word.
    pub fn folded_word(&self, word: usize) -> &str {
        self.tokens.get(word).and_then(|t| self.folded.get(t.folded_at..t.folded_end)).unwrap_or_default()
    }

    /// Returns the original form of one word; empty when there is no such word.
    pub fn word(&self, word: usize) -> &str {
        self.quote(&(word..word + 1))
    }

    /// Returns the words of a sentence as a range of word numbers.
    pub fn words_of_sentence(&self, sentence: usize) -> Range<usize> {
        let from = self.tokens.partition_point(|t| t.sentence < sentence);
        let to = self.tokens.partition_point(|t| t.sentence <= sentence);
        from..to
    }

    /// Returns the number of the sentence that covers a byte of the original.
    pub fn sentence_at(&self, byte: usize) -> Option<usize> {
        let number = self.sentences.partition_point(|s| s.end <= byte);
        self.sentences.get(number).filter(|s| s.start <= byte).map(|_| number)
    }

    /// Tells whether the text shouts: nearly all its letters are capitals.
    pub fn is_shouted(&self) -> bool {
        let letters = self.original.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = self.original.chars().filter(|c| c.is_uppercase()).count();
        letters > 0 && capitals * 5 > letters * 4
    }
}

/// Returns the byte ranges of the words within a range: runs of letters, digits and the marks
/// that belong to them.
fn words(original: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in original.get(within.clone()).unwrap_or_default().char_indices() {
        let at = within.start + at;
        let belongs = c.is_alphanumeric() || (start.is_some() && is_combining_mark(c));
        match (belongs, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| from..within.end));
    out
}

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "al", "approx", "ca", "cf", "dr", "eg", "etc", "fig", "ie", "incl", "mr", "mrs", "ms", "no", "prof", "ref", "resp",
    "sp", "spp", "st", "var", "vs", "e.g", "i.e",
];

/// Returns the sentences of a text: byte ranges without the white space around them.
///
/// A sentence ends at a line feed, or at `.`, `!`, `?` and closing quotes before white space and
/// a capital, digit or opening quote, unless an abbreviation stands before the dot.
pub fn sentences(original: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = original.char_indices().peekable();
    let mut ended = None;
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            push_trimmed(original, start..at, &mut out);
            start = at + 1;
            ended = None;
        } else if matches!(c, '.' | '!' | '?') {
            ended = Some(at);
        } else if ended.is_some() && matches!(c, '"' | '”' | '’' | '\'' | ')' | ']') {
            // A closing mark belongs to the sentence it closes.
        } else if c.is_whitespace() && ended.is_some() {
            while chars.next_if(|(_, c)| c.is_whitespace() && *c != '\n').is_some() {}
            let opens = chars.peek().is_some_and(|(next, _)| original.get(*next..).is_some_and(opens_sentence));
            if opens && !is_abbreviated(original, start, ended.unwrap_or(at)) {
                push_trimmed(original, start..at, &mut out);
                start = chars.peek().map_or(original.len(), |(at, _)| *at);
            }
            ended = None;
        } else {
            ended = None;
        }
    }
    push_trimmed(original, start..original.len(), &mut out);
    out
}

/// Tells whether a sentence can begin with what follows: a capital, a digit, an opening mark, or a
/// word such as "p53" or "mRNA" that is never written with a capital first.
fn opens_sentence(rest: &str) -> bool {
    let Some(first) = rest.chars().next() else { return false };
    let is_mark = matches!(first, '"' | '“' | '‘' | '(' | '[' | '¿' | '¡' | '•' | '–' | '©');
    let is_letter_or_digit =
        first.is_uppercase() || first.is_ascii_digit() || (first.is_alphabetic() && !first.is_lowercase());
    let mut word = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').take(WORD_CHARS_MAX);
    is_mark || is_letter_or_digit || (first.is_lowercase() && word.any(|c| c.is_uppercase() || c.is_ascii_digit()))
}

/// Characters of a word that are looked at for a capital within.
const WORD_CHARS_MAX: usize = 20;

/// Tells whether the word before a dot is an abbreviation.
fn is_abbreviated(original: &str, start: usize, dot: usize) -> bool {
    let before = original.get(start..dot).unwrap_or_default();
    let last = before.rsplit([' ', '(', '[', '\n', '\u{a0}']).next().unwrap_or_default();
    let is_dot = original.get(dot..).is_some_and(|rest| rest.starts_with('.'));
    is_dot && last.len() <= 8 && ABBREVIATIONS.contains(&last.to_lowercase().as_str())
}

/// Adds a range without the white space around it, unless nothing is left.
fn push_trimmed(original: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let piece = original.get(range.clone()).unwrap_or_default();
    let head = piece.len() - piece.trim_start().len();
    let body = piece.trim();
    if !body.is_empty() {
        out.push(range.start + head..range.start + head + body.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_and_point_back() {
        let text = FieldText::read("Côte d'Ivoire: n = 3. The e\u{301}nd—PHQ-9", 1000);
        assert_eq!(text.folded, " cote d ivoire n 3 . the end phq 9 . ");
        assert_eq!(text.quote(&(0..3)), "Côte d'Ivoire");
        assert_eq!(text.quote(&(5..7)), "The e\u{301}nd");
        assert_eq!(text.folded_word(6), "end");
        assert_eq!(text.quote(&(90..99)), "");
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        let cases = [
            ("One. Two", vec!["One.", "Two"]),
            (
                "Scores fell (e.g. by 3.5) vs. Controls. Then \"stop.\" It did",
                vec!["Scores fell (e.g. by 3.5) vs. Controls.", "Then \"stop.\"", "It did"],
            ),
            ("p = .03. 12 women", vec!["p = .03.", "12 women"]),
            ("A line\nanother", vec!["A line", "another"]),
            ("It fell. © 2026 The Authors", vec!["It fell.", "© 2026 The Authors"]),
            ("It fell. mRNA rose. p53 too. and so on", vec!["It fell.", "mRNA rose.", "p53 too. and so on"]),
            ("", vec![]),
            (" \n . ", vec!["."]),
        ];
        for (text, want) in cases {
            let got: Vec<&str> = sentences(text).into_iter().filter_map(|r| text.get(r)).collect();
            assert_eq!(got, want, "{text}");
        }
    }
}
