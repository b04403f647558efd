//! Cuts a typed query into its marks, words and phrases.

use super::field::{self, FieldName};
use crate::model::{Place, Problem};

/// One piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    /// `NOT`, or a minus right before what it excludes.
    Not,
    /// A plus right before what it demands.
    Must,
    /// A name and its colon.
    Field(FieldName),
    /// What stood between quotation marks.
    Phrase(String),
    Word(String),
    /// Names under which an identifier may stand in the index.
    Exact(Vec<String>),
}

/// A piece and the column of its first character, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub kind: Kind,
    pub column: usize,
}

/// The pieces of a query, what is wrong and how doubtful parts were read.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub lexemes: Vec<Lexeme>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
}

/// Returns the place of a column in the query.
pub(super) fn place(column: usize) -> Place {
    Place::at("query", 1, column)
}

/// Returns the pieces of a query.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { chars: text.chars().collect(), at: 0, out: Lexed::default() };
    while let Some(c) = lexer.char(0) {
        lexer.step(c);
    }
    lexer.out
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    out: Lexed,
}

impl Lexer {
    /// Returns the character so many places on.
    fn char(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Takes so many characters as one piece.
    fn push(&mut self, kind: Kind, chars: usize) {
        self.out.lexemes.push(Lexeme { kind, column: self.at + 1 });
        self.at += chars;
    }

    /// Reads the piece that begins here; always goes at least one character on.
    fn step(&mut self, c: char) {
        match c {
            '(' | '（' => self.push(Kind::Open, 1),
            ')' | '）' => self.push(Kind::Close, 1),
            _ if is_quote(c) => self.quote(),
            '-' | '−' | '–' | '+' if self.is_sign() => {
                self.push(if c == '+' { Kind::Must } else { Kind::Not }, 1);
            }
            _ if c.is_whitespace() || c.is_control() || matches!(c, '-' | '−' | '–' | '+') => self.at += 1,
            _ => self.chunk(),
        }
    }

    /// Tells whether a plus or minus here belongs to what follows it: white space or a bracket
    /// before it, none behind it.
    fn is_sign(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|i| self.chars.get(i)).copied();
        let is_first = before.is_none_or(|c| c.is_whitespace() || c == '(');
        is_first && self.char(1).is_some_and(|c| c.is_alphanumeric() || c == '(' || is_quote(c))
    }

    /// Reads a phrase up to the next quotation mark; one without a partner is passed over.
    fn quote(&mut self) {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        let Some(length) = rest.iter().position(|c| is_quote(*c)) else {
            self.out.notes.push("a quotation mark without its partner was passed over".to_owned());
            self.at += 1;
            return;
        };
        let text: String = rest.iter().take(length).collect();
        self.push(Kind::Phrase(text), length + 2);
    }

    /// Reads what stands up to the next white space, bracket or quotation mark.
    fn chunk(&mut self) {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let raw: String = rest.iter().take_while(|c| !c.is_whitespace() && !is_quote(**c)).collect();
        let raw = without_loose_end(&raw);
        let names = field::identifiers(raw);
        if !names.is_empty() {
            let length = raw.chars().count();
            return self.push(Kind::Exact(names), length);
        }
        let ends = |c: char| c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')' | '（' | '）');
        let word: String = rest.iter().copied().take_while(|c| !ends(*c)).collect();
        let length = word.chars().count().max(1);
        match word.as_str() {
            "AND" => self.push(Kind::And, length),
            "OR" => self.push(Kind::Or, length),
            "NOT" => self.push(Kind::Not, length),
            _ if self.is_label(&word, length) => self.at += length,
            _ => self.word(word, length),
        }
    }

    /// Tells whether a word only announces the identifier behind it (`PMID: 123`, `doi: 10.…`),
    /// as in pasted citations. The number of a PMID is taken with it.
    fn is_label(&mut self, word: &str, length: usize) -> bool {
        let label = word.trim_end_matches(':').to_lowercase();
        if !matches!(label.as_str(), "pmid" | "doi" | "pmcid") {
            return false;
        }
        let rest = self.chars.get(self.at + length..).unwrap_or_default();
        let gap = rest.iter().take_while(|c| c.is_whitespace()).count();
        let next: String = rest.iter().skip(gap).take_while(|c| !c.is_whitespace()).collect();
        let next = next.trim_end_matches(['.', ',', ';', ')']);
        let is_number = next.len() <= 9 && next.bytes().all(|b| b.is_ascii_digit()) && !next.is_empty();
        if label == "pmid" && is_number && gap > 0 {
            let names = field::identifiers(&format!("pmid:{next}"));
            self.push(Kind::Exact(names), gap + next.len());
            return true;
        }
        gap > 0 && !field::identifiers(next).is_empty()
    }

    /// Reads a word, or the name before a colon.
    fn word(&mut self, word: String, length: usize) {
        if let Some((name, value)) = word.split_once(':')
            && is_name(name)
            && !value.starts_with([':', '/'])
        {
            let name_length = name.chars().count() + 1;
            let has_value = !value.is_empty() || self.char(name_length).is_some_and(|c| !c.is_whitespace());
            match FieldName::parse(name) {
                Some(field) if has_value => return self.push(Kind::Field(field), name_length),
                None if has_value => return self.unknown(name, length),
                _ => {}
            }
        }
        self.push(Kind::Word(word), length);
    }

    /// Reports a name that is no field and passes over it and its value.
    fn unknown(&mut self, name: &str, length: usize) {
        let problem = Problem::error(place(self.at + 1), format!("there is no field {name:?}"));
        self.out.problems.push(problem.with_help(FieldName::help(name)));
        self.at += length;
    }
}

/// Tells whether a text can be a name before a colon: ASCII letters, at least two (so that `1:1`
/// and `a:b` are text).
fn is_name(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Returns a text without the brackets and marks behind it that belong to the sentence.
fn without_loose_end(raw: &str) -> &str {
    let mut out = raw;
    loop {
        let is_loose = match out.chars().next_back() {
            Some(')') => out.matches(')').count() > out.matches('(').count(),
            Some(',' | ';') => true,
            _ => false,
        };
        if !is_loose {
            return out;
        }
        out = out.get(..out.len() - 1).unwrap_or_default();
    }
}

/// Tells whether a character is a double quotation mark of any kind. Single ones are apostrophes.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}
