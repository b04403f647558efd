//! Cuts a typed query into its marks, words and phrases.

use super::Node;
use super::field::{self, FieldName, TagField};
use super::pasted::{self, Behind};
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
    /// A phrase whose words may stand so many places apart.
    Near(String, u32),
    Word(String),
    /// A span of time that was said in words.
    Span(Node),
    /// Where the words before it are looked for.
    Behind(Behind),
    /// Names under which an identifier may stand in the index.
    Exact(Vec<String>),
}

/// The most places that words of a phrase may stand apart: more is the same text.
pub(super) const PLACES_MAX: u32 = 50;

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
            '(' => self.push(Kind::Open, 1),
            ')' => self.push(Kind::Close, 1),
            _ if is_quote(c) => self.quote(),
            '-' | '−' | '–' | '+' | '!' if self.is_sign() => {
                self.push(if c == '+' { Kind::Must } else { Kind::Not }, 1);
            }
            '<' | '>' if self.out.lexemes.last().is_some_and(|l| matches!(l.kind, Kind::Field(_))) => self.chunk(),
            _ if c.is_whitespace() || c.is_control() || is_loose(c) => self.at += 1,
            _ => match pasted::behind(c) {
                Some(behind) => self.push(Kind::Behind(behind), 1),
                None => self.chunk(),
            },
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
        let text: String = rest.iter().take(length).filter(|c| pasted::behind(**c).is_none()).collect();
        let digits: String = match rest.get(length + 1..) {
            Some(['~', more @ ..]) => more.iter().take_while(|c| c.is_ascii_digit()).collect(),
            _ => String::new(),
        };
        match digits.parse::<u32>() {
            Ok(places) => self.push(Kind::Near(text, places.min(PLACES_MAX)), length + 3 + digits.len()),
            Err(_) => self.push(Kind::Phrase(text), length + 2),
        }
    }

    /// Reads what stands up to the next white space, bracket or quotation mark.
    fn chunk(&mut self) {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let raw: String = rest.iter().take_while(|c| !ends_chunk(**c)).collect();
        let raw = first_of_list(without_loose_end(&raw));
        let is_pmid = raw.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("pmid:"));
        let raw = if is_pmid { raw.split([',', ';', '|']).next().unwrap_or_default() } else { raw };
        let names = field::identifiers(raw);
        if !names.is_empty() {
            let length = raw.chars().count();
            return if is_pmid { self.pmids(names, 0, length) } else { self.push(Kind::Exact(names), length) };
        }
        let word: String = rest.iter().copied().take_while(|c| !ends_chunk(*c) && !matches!(c, '(' | ')')).collect();
        let word = first_of_list(&word).to_owned();
        let length = word.chars().count().max(1);
        match word.as_str() {
            "AND" | "&&" => self.push(Kind::And, length),
            "OR" | "||" | "|" => self.push(Kind::Or, length),
            "NOT" => self.push(Kind::Not, length),
            _ if self.is_label(&word, length) => self.at += length,
            _ => self.word(word, length),
        }
    }

    /// Tells whether a word only announces the identifier behind it (`PMID: 123`, `doi: 10.…`),
    /// as in pasted citations. The number of a PMID is taken with it.
    fn is_label(&mut self, word: &str, length: usize) -> bool {
        let label = word.trim_end_matches(':').to_lowercase();
        if !matches!(label.as_str(), "pmid" | "pmids" | "doi" | "pmcid") {
            return false;
        }
        let rest = self.chars.get(self.at + length..).unwrap_or_default();
        let gap = rest.iter().take_while(|c| c.is_whitespace()).count();
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|') && label.starts_with("pmid");
        let next: String = rest.iter().skip(gap).take_while(|c| !ends(**c)).collect();
        let next = next.trim_end_matches(['.', ',', ';', ')']);
        let is_number = next.len() <= 9 && next.bytes().all(|b| b.is_ascii_digit()) && !next.is_empty();
        if label.starts_with("pmid") && is_number && gap > 0 {
            let names = field::identifiers(&format!("pmid:{next}"));
            self.pmids(names, length, gap + next.len());
            return true;
        }
        gap > 0 && !field::identifiers(next).is_empty()
    }

    /// Takes the names of a PMID, so many characters long behind those of its label, and all numbers
    /// listed behind it. The label is not taken.
    fn pmids(&mut self, mut names: Vec<String>, label: usize, mut length: usize) {
        loop {
            let rest = self.chars.get(self.at + label + length..).unwrap_or_default();
            let parts = |c: &char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '，' | '、' | '；');
            let gap = rest.iter().take_while(|c| parts(c)).count();
            let number: String = rest.iter().skip(gap).take_while(|c| c.is_ascii_digit()).collect();
            let end = rest.get(gap + number.len());
            let is_whole = end.is_none_or(|c| parts(c) || matches!(c, '.' | ')' | ']' | '}'));
            match field::perhaps_identifier(&number).filter(|_| gap > 0 && is_whole) {
                Some(name) => names.push(name),
                None => return self.push(Kind::Exact(names), length),
            }
            length += gap + number.len();
        }
    }

    /// Reads a word, or the name before a colon.
    fn word(&mut self, word: String, length: usize) {
        let Some((name, sign, value)) = split_name(&word) else { return self.push(Kind::Word(word), length) };
        let field = FieldName::parse(name);
        let is_compared = matches!(sign, '>' | '<' | '≥' | '≤');
        match field {
            // `year>=2020`: the sign belongs to the value.
            Some(FieldName::Year) if is_compared => {
                return self.push(Kind::Field(FieldName::Year), name.chars().count());
            }
            Some(_) if is_compared => return self.push(Kind::Word(word), length),
            _ => {}
        }
        let name_length = name.chars().count() + 1;
        if let Some(field) = field.filter(|f| sign == ':' && matches!(f, FieldName::Tag(_) | FieldName::Text(_)))
            && self.is_excluded_value(value, length)
        {
            let typed = field.as_str();
            self.out.notes.push(format!("the minus behind {typed}: was read as one before it: -{typed}:…"));
            self.push(Kind::Not, 0);
            return self.push(Kind::Field(field), name_length + 1);
        }
        let next = self.char(name_length);
        let has_value = !value.is_empty() || next.is_some_and(|c| !c.is_whitespace());
        match field {
            Some(field) if has_value || field.takes(&self.word_behind(length)) => {
                self.push(Kind::Field(field), name_length);
            }
            None if has_value && sign == ':' && !FieldName::is_text(name) => self.unknown(name, length),
            // `population:` and nothing behind it.
            Some(field) if self.is_last(length) && sign == ':' && value.is_empty() => {
                self.without_value(field, word, length);
            }
            Some(field) if next.is_some() && sign == ':' && !is_short_word(field) => {
                let name = name.to_owned();
                self.out
                    .notes
                    .push(format!("{name:?} was read as a word; as a field it has no space behind its colon"));
                self.push(Kind::Word(word), length);
            }
            _ => self.push(Kind::Word(word), length),
        }
    }

    /// Tells whether a value behind a colon, at the end of so many characters, is to be left out
    /// (`country:-KE`, `country:-(KE UG)`).
    fn is_excluded_value(&self, value: &str, length: usize) -> bool {
        let Some(rest) = value.strip_prefix(['-', '−', '–']) else { return false };
        let next = rest.chars().next().or_else(|| self.char(length));
        next.is_some_and(|c| c.is_alphanumeric() || c == '(' || is_quote(c))
    }

    /// Tells whether nothing but white space stands so many characters on.
    fn is_last(&self, length: usize) -> bool {
        self.chars.get(self.at + length..).unwrap_or_default().iter().all(|c| c.is_whitespace())
    }

    /// Takes a field with nothing behind it as a word, since sentences end so; alone it is refused.
    fn without_value(&mut self, field: FieldName, word: String, length: usize) {
        let name = field.as_str();
        if self.out.lexemes.is_empty() {
            let problem = Problem::error(place(self.at + 1), format!("a value is missing behind {name}:"));
            self.out.problems.push(problem.with_help(field.wants()));
            self.at += length;
        } else {
            let sentence = "was read as a word: no value stands behind its colon";
            self.out.notes.push(format!("{name:?} {sentence}; {}", field.wants()));
            self.push(Kind::Word(word), length);
        }
    }

    /// Returns the word behind the white space that follows so many characters on.
    fn word_behind(&self, length: usize) -> String {
        let rest = self.chars.get(self.at + length..).unwrap_or_default();
        rest.iter().skip_while(|c| c.is_whitespace()).take_while(|c| !ends_chunk(**c)).collect()
    }

    /// Reports a name that is no field and passes over it and its value.
    fn unknown(&mut self, name: &str, length: usize) {
        let problem = Problem::error(place(self.at + 1), format!("there is no field {name:?}"));
        self.out.problems.push(problem.with_help(FieldName::help(name)));
        self.at += length;
    }
}

/// Returns the parts of `name:value`, `name=value` and `name>value` with the sign between. A colon
/// stands behind what can be a name only: `1:1`, `a:b` and `研究:抑郁` are text.
fn split_name(word: &str) -> Option<(&str, char, &str)> {
    let (name, rest) = word.split_at_checked(word.find([':', '=', '>', '<', '≥', '≤'])?)?;
    let sign = rest.chars().next()?;
    let value = rest.get(sign.len_utf8()..)?;
    let is_text = value.starts_with([':', '/']) || sign == '=' && FieldName::parse(name).is_none();
    (is_name(name) && !is_text).then_some((name, sign, value))
}

/// Tells whether a text can be a name before a colon: at least two letters, of the Latin script.
fn is_name(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| c.is_alphabetic() && u32::from(c) < 0x250)
}

/// Tells whether the names of a field are everyday words that stand before a colon in sentences.
fn is_short_word(field: FieldName) -> bool {
    matches!(field, FieldName::Id | FieldName::Tag(TagField::Flag))
}

/// Marks that part words and mean nothing by themselves.
fn is_loose(c: char) -> bool {
    matches!(c, '-' | '−' | '–' | '+' | '!' | '[' | ']' | '{' | '}' | '<' | '>' | ',' | ';')
}

/// Tells whether a character ends what stands together.
fn ends_chunk(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || pasted::behind(c).is_some()
}

/// Returns the first of several identifiers that only a comma, semicolon or bar parts
/// (`38137594,10.1001/x`); a text that is no such list comes back whole. A DOI may hold a comma.
fn first_of_list(raw: &str) -> &str {
    let ends = |rest: &str| {
        let next = rest.trim_start_matches([',', ';', '|']);
        let number = next.split([',', ';', '|']).next().unwrap_or_default();
        field::perhaps_identifier(number).is_some() || !field::identifiers(next).is_empty()
    };
    for (at, _) in raw.match_indices([',', ';', '|']).filter(|(at, _)| *at > 0) {
        let (first, rest) = raw.split_at_checked(at).unwrap_or((raw, ""));
        if !field::identifiers(first).is_empty() && ends(rest) {
            return first;
        }
        if field::perhaps_identifier(first).is_some() {
            return first;
        }
    }
    raw
}

/// Returns a text without the brackets and marks behind it that belong to the sentence.
fn without_loose_end(raw: &str) -> &str {
    let mut out = raw;
    loop {
        let has_no_partner = |open: char, close: char| out.matches(close).count() > out.matches(open).count();
        let is_loose = match out.chars().next_back() {
            Some(')') => has_no_partner('(', ')'),
            Some(']') => has_no_partner('[', ']'),
            Some('}') => has_no_partner('{', '}'),
            Some('>') => has_no_partner('<', '>'),
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

/// Returns where the bracket opens that the last piece closes; `None` when none does.
pub(super) fn opening(list: &[Lexeme]) -> Option<usize> {
    let mut depth = 0_usize;
    list.iter().enumerate().rev().find_map(|(n, l)| {
        match l.kind {
            Kind::Close => depth += 1,
            Kind::Open => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(n)
    })
}
