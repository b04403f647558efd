//! Words that were cut before they came to the engine: text with a space between the words, in which
//! places without a word and hyphenated words in one piece are marked.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Stands for a place without a word: a stop word was there.
pub(super) const GAP: char = '\u{1}';

/// Begins a hyphenated word in one piece, which stands in the place of its first part.
pub(super) const JOINED: char = '\u{2}';

/// Reads words that were cut before, each in its place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Placed;

impl Tokenizer for Placed {
    type TokenStream<'a> = PlacedWords<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PlacedWords<'a> {
        PlacedWords { rest: text.split_terminator(' '), next: 0, token: Token::default() }
    }
}

/// The words of one text, handed out one by one.
#[derive(Debug)]
pub(super) struct PlacedWords<'a> {
    rest: std::str::SplitTerminator<'a, char>,
    next: usize,
    token: Token,
}

impl TokenStream for PlacedWords<'_> {
    fn advance(&mut self) -> bool {
        for word in self.rest.by_ref() {
            if word.starts_with(GAP) {
                self.next += 1;
                continue;
            }
            let joined = word.strip_prefix(JOINED);
            self.token.position = self.next;
            self.token.text.clear();
            self.token.text.push_str(joined.unwrap_or(word));
            self.next += usize::from(joined.is_none());
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
