//! Puts the pieces of a query together.

use jiff::civil::Date;

use super::field::{self, FieldName, TagField, TextField, words};
use super::lex::{self, Kind, Lexeme};
use super::pieces::{fields_first, in_pairs, spoken_times, terms, too_deep};
use super::{
    Form, NESTING_MAX, Node, ParsedQuery, QUERY_CHARS_MAX, TERMS_MAX, all, ambiguous, any, language, meant, numbered,
    pasted, places, strategy, time,
};
use crate::model::{PartialDate, Place, Problem};

/// Returns what a query means, on a day when it is known.
pub(super) fn query(text: &str, today: Option<Date>) -> ParsedQuery {
    let nothing = |problem: Problem| ParsedQuery { root: None, problems: vec![problem], notes: Vec::new() };
    let length = text.chars().count();
    if length > QUERY_CHARS_MAX {
        let message = format!("the query has {length} characters; at most {QUERY_CHARS_MAX} are read");
        return nothing(Problem::error(Place::file("query"), message).with_help("keep the words that matter most"));
    }
    let lines = match numbered::whole(text) {
        Some(Ok(lines)) => Some(lines),
        Some(Err(message)) => {
            let help = "each line may name those before it by their numbers: 3 1 or 2";
            return nothing(Problem::error(Place::file("query"), message).with_help(help));
        }
        None => None,
    };
    let (text, put_together) = lines.map_or_else(|| (text.to_owned(), Vec::new()), |lines| (lines.text, lines.notes));
    let pasted = pasted::read(&text.replace("(s)", "").replace("(es)", ""));
    if pasted.has_line_numbers {
        let message = "the query names lines by their numbers, which cannot be used here";
        let help = "paste the words of those lines themselves, each in brackets, with AND or OR between them";
        return nothing(Problem::error(Place::file("query"), message).with_help(help));
    }
    let lexed = lex::lex(&pasted.text);
    if let Some(column) = too_deep(&lexed.lexemes) {
        let message = format!("more than {NESTING_MAX} brackets stand inside one another");
        return nothing(Problem::error(lex::place(column), message).with_help("leave some out"));
    }
    let count = terms(&lexed.lexemes);
    if count > TERMS_MAX {
        let message = format!("the query has {count} words and phrases; at most {TERMS_MAX} are looked for");
        return nothing(Problem::error(Place::file("query"), message).with_help("keep the words that matter most"));
    }
    let mut notes = [put_together, pasted.notes, lexed.notes].concat();
    let paired = strategy::read(places::together(&in_pairs(lexed.lexemes), &mut notes), &mut notes);
    let lexemes = spoken_times(&fields_first(paired, &mut notes), today, &mut notes);
    notes.extend(ambiguous::notes(&lexemes));
    let rest = lexemes.into_iter().peekable();
    let mut parser = Parser { rest, problems: lexed.problems, notes, has_noted_year: false, has_noted_not: false };
    let mut root = parser.sequence(None).and_then(Part::into_node);
    root.iter_mut().for_each(language::hush);
    let mut problems = parser.problems;
    if root.is_none() && problems.is_empty() {
        problems.push(
            Problem::error(Place::file("query"), "the query holds no word to look for")
                .with_help("type a few words, such as: postpartum depression country:KE since:2024"),
        );
    }
    let mut notes = parser.notes;
    notes.extend(root.as_ref().and_then(language::asks_for_new));
    let mut seen = std::collections::BTreeSet::new();
    notes.retain(|note| seen.insert(note.clone()));
    notes.truncate(NOTES_MAX);
    ParsedQuery { root, problems, notes }
}

/// The most notes on how a query was read; what the index says about it comes behind them.
const NOTES_MAX: usize = 6;

/// A part of a list: plain words, of which any will do, or something that is required.
#[derive(Debug)]
enum Part {
    Words(Vec<Node>),
    Required(Node),
    Excluded(Node),
}

impl Part {
    fn into_node(self) -> Option<Node> {
        match self {
            Self::Words(words) => any(words),
            Self::Required(node) => Some(node),
            Self::Excluded(node) => Some(Node::All(vec![Node::Everything, Node::Not(Box::new(node))])),
        }
    }

    /// Returns what stands beside an operator.
    fn into_operand(self) -> Option<Node> {
        match self {
            Self::Words(words) => any(meant::operand(words)),
            part => part.into_node(),
        }
    }
}

struct Parser {
    rest: std::iter::Peekable<std::vec::IntoIter<Lexeme>>,
    problems: Vec<Problem>,
    notes: Vec<String>,
    /// Whether a note says that a year is looked for as a word, and that "not" is: once is enough.
    has_noted_year: bool,
    has_noted_not: bool,
}

impl Parser {
    fn next_is(&mut self, kind: &Kind) -> bool {
        self.rest.peek().is_some_and(|l| l.kind == *kind)
    }

    /// Reads lists joined by AND, up to a closing bracket or the end.
    fn sequence(&mut self, field: Option<FieldName>) -> Option<Part> {
        let mut lists = Vec::new();
        loop {
            lists.extend(self.list(field));
            if self.rest.next_if(|l| l.kind == Kind::And).is_none() {
                break;
            }
        }
        if lists.len() < 2 {
            return lists.pop();
        }
        let nodes = lists.into_iter().flat_map(|part| match part {
            Part::Excluded(node) => vec![Node::Not(Box::new(node))],
            Part::Required(Node::All(parts)) => parts,
            part => part.into_operand().into_iter().collect(),
        });
        all(nodes.collect()).map(Part::Required)
    }

    /// Reads neighbours up to AND, a closing bracket or the end.
    fn list(&mut self, field: Option<FieldName>) -> Option<Part> {
        let mut parts = Vec::new();
        while let Some(lexeme) = self.rest.peek() {
            match lexeme.kind {
                Kind::And | Kind::Close => break,
                Kind::Or => {
                    self.rest.next();
                }
                _ => parts.extend(self.alternatives(field)),
            }
        }
        combine(parts, &mut self.notes)
    }

    /// Reads one part, or several joined by OR.
    fn alternatives(&mut self, field: Option<FieldName>) -> Option<Part> {
        let first = self.signed(field);
        if !self.next_is(&Kind::Or) {
            return first;
        }
        let mut nodes: Vec<Node> = first.and_then(Part::into_operand).into_iter().collect();
        while self.rest.next_if(|l| l.kind == Kind::Or).is_some() {
            nodes.extend(self.signed(field).and_then(Part::into_operand));
        }
        any(nodes).map(Part::Required)
    }

    /// Reads one part with the signs before it.
    fn signed(&mut self, field: Option<FieldName>) -> Option<Part> {
        let mut is_excluded = false;
        let mut is_required = false;
        while let Some(sign) = self.rest.next_if(|l| matches!(l.kind, Kind::Not | Kind::Must)) {
            is_excluded |= sign.kind == Kind::Not;
            is_required |= sign.kind == Kind::Must;
        }
        let part = self.primary(field)?;
        match part {
            Part::Excluded(node) if is_excluded => Some(Part::Required(node)),
            part if is_excluded => part.into_operand().map(Part::Excluded),
            part if is_required => part.into_operand().map(Part::Required),
            part => Some(part),
        }
    }

    /// Reads a word, a phrase, a group, or a field and its value.
    fn primary(&mut self, field: Option<FieldName>) -> Option<Part> {
        let lexeme = self.rest.next_if(|l| !matches!(l.kind, Kind::And | Kind::Or | Kind::Close))?;
        match lexeme.kind {
            Kind::Open => self.group(field),
            Kind::Field(name) => self.fielded(name, lexeme.column),
            Kind::Exact(names) => match field {
                None | Some(FieldName::Text(TextField::Title) | FieldName::Doi | FieldName::Pmid | FieldName::Id) => {
                    any(names.into_iter().map(Node::Exact).collect()).map(Part::Required)
                }
                Some(name) => {
                    let text = names.first().map_or("", String::as_str);
                    self.value(name, text, Form::Phrase, lexeme.column)
                }
            },
            Kind::Phrase(text) => match field {
                Some(name) => self.value(name, &text, Form::Phrase, lexeme.column),
                None => phrase(text, Form::Phrase),
            },
            Kind::Near(text, places) => match field {
                Some(name @ FieldName::Text(TextField::Title)) => {
                    self.value(name, &text, Form::Near(places), lexeme.column)
                }
                Some(name) => self.value(name, &text, Form::Phrase, lexeme.column),
                None => phrase(text, Form::Near(places)),
            },
            Kind::Word(text) => self.word(&text, field, lexeme.column),
            Kind::Span(span) => field.is_none().then_some(Part::Required(span)),
            Kind::And | Kind::Or | Kind::Not | Kind::Must | Kind::Close | Kind::Behind(_) => None,
        }
    }

    /// Reads what stands between brackets.
    fn group(&mut self, field: Option<FieldName>) -> Option<Part> {
        let inner = self.sequence(field);
        self.rest.next_if(|l| l.kind == Kind::Close);
        match (inner, field) {
            // country:(South Africa) may be one name of two words, or two names.
            (Some(Part::Words(nodes)), Some(FieldName::Tag(tag))) => any(with_whole(nodes, tag)).map(Part::Required),
            (Some(part), Some(_)) => part.into_node().map(Part::Required),
            (inner, _) => inner,
        }
    }

    /// Reads the value behind a field's name; what comes of it is required.
    fn fielded(&mut self, name: FieldName, column: usize) -> Option<Part> {
        let part = self.primary(Some(name));
        if part.is_none() && self.problems.is_empty() {
            let message = format!("a value is missing behind {}:", name.as_str());
            self.problems.push(Problem::error(lex::place(column), message));
        }
        match part? {
            Part::Words(nodes) => {
                let nodes = meant::operand(nodes);
                let nodes = if matches!(name, FieldName::Text(_)) && nodes.len() > 1 { all(nodes) } else { any(nodes) };
                nodes.map(Part::Required)
            }
            part => Some(part),
        }
    }

    /// Reads a single word.
    fn word(&mut self, typed: &str, field: Option<FieldName>, column: usize) -> Option<Part> {
        let (text, edits) = fuzzy(typed);
        self.notes.extend(wave_doubt(typed, text, edits));
        let (beginning, form) = match edits {
            Some(edits) => (text, Form::Fuzzy(edits)),
            None => self.wild(text),
        };
        if let Some(name) = field {
            let value = if form == Form::Word { text } else { beginning };
            let is_text = matches!(name, FieldName::Text(_));
            return self.value(name, value, if is_text { form } else { Form::Word }, column);
        }
        if let Some(span) = time::bare_span(text) {
            if text.matches("..").count() > 1 {
                self.notes.push(format!("{text:?} was read as {}", span.typed()));
            }
            return Some(Part::Required(span));
        }
        let mut nodes = words(beginning, TextField::Anywhere);
        if form != Form::Word
            && let Some(Node::Text { form: last, .. }) = nodes.last_mut()
        {
            *last = form;
        }
        if form == Form::Word {
            self.doubts(text);
            nodes = nodes.into_iter().flat_map(with_identifier).collect();
        }
        (!nodes.is_empty()).then_some(Part::Words(nodes))
    }

    /// Notes that a word may have been meant as something else.
    fn doubts(&mut self, text: &str) {
        if let Some(year) = time::plain_year(text).map(PartialDate::year)
            && !self.has_noted_year
        {
            self.has_noted_year = true;
            self.notes.push(format!("\"{year}\" is looked for as a word; for the year type year:{year}"));
        }
        if text.eq_ignore_ascii_case("not")
            && let Some(Lexeme { kind: Kind::Word(next), .. }) = self.rest.peek()
            && !self.has_noted_not
        {
            self.has_noted_not = true;
            self.notes.push(format!("{text:?} is a word here; to leave papers out type -{next} or NOT {next}"));
        }
    }

    /// Returns the beginning of a word with a star, and whether it is one; signs that stand for any
    /// letter elsewhere (`wom?n`, `wom#n`, `depress$`) are stars too.
    fn wild<'t>(&mut self, text: &'t str) -> (&'t str, Form) {
        let Some(at) = text.find(['*', '$', '#', '?']) else { return (text, Form::Word) };
        let (beginning, rest) = text.split_at_checked(at).unwrap_or((text, ""));
        let goes_on = rest.contains(char::is_alphabetic);
        let letters = beginning.chars().filter(|c| c.is_alphanumeric()).count();
        let is_sign = rest.starts_with(['*', '$', '#']);
        match (goes_on, letters) {
            (false, 1..) if is_sign => {
                if rest.starts_with('#') {
                    self.notes.push(cut_off(text, beginning));
                }
                (beginning, Form::Prefix)
            }
            (true, WILD_LETTERS_MIN..) => {
                self.notes.push(cut_off(text, beginning));
                (beginning, Form::Prefix)
            }
            (true, _) => {
                let sentence = "has too few letters before its sign, and was looked for as typed";
                self.notes.push(format!("{text:?} {sentence}; a star works at the end of a word"));
                (text, Form::Word)
            }
            _ => (text, Form::Word),
        }
    }

    /// Returns what a value asks for, or reports what is wrong with it.
    fn value(&mut self, name: FieldName, text: &str, form: Form, column: usize) -> Option<Part> {
        match name.value(text, form) {
            Ok(nodes) if nodes.is_empty() => None,
            Ok(nodes) => Some(Part::Words(nodes)),
            Err(message) => {
                self.problems.push(Problem::error(lex::place(column), message));
                None
            }
        }
    }
}

/// Returns the note on a sign that stands for letters inside a word.
fn cut_off(typed: &str, beginning: &str) -> String {
    format!("{typed:?}: a star works only at the end of a word, so words that begin with {beginning:?} were looked for")
}

/// Returns a word, and the identifier that it may be.
fn with_identifier(word: Node) -> Vec<Node> {
    let name = if let Node::Text { text, .. } = &word { field::perhaps_identifier(text) } else { None };
    std::iter::once(word).chain(name.map(Node::Exact)).collect()
}

/// The fewest letters before a star inside a word from which it is taken for the word's beginning.
const WILD_LETTERS_MIN: usize = 3;

/// From so many letters on, a word with a wave may differ in two of them.
const LONG_WORD_LETTERS: usize = 6;

/// Returns a word without the wave behind it, and in how many letters it may differ, 1 or 2.
fn fuzzy(typed: &str) -> (&str, Option<u8>) {
    let Some((word, rest)) = typed.split_once('~') else { return (typed, None) };
    let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < 2 {
        return (if letters == 0 { rest } else { word }, None);
    }
    let edits = match rest {
        "0" => return (word, None),
        "1" => 1,
        "2" => 2,
        _ => 1 + u8::from(letters >= LONG_WORD_LETTERS),
    };
    (word, Some(edits))
}

/// Returns the note on a wave that cannot be taken as it stands.
fn wave_doubt(typed: &str, word: &str, edits: Option<u8>) -> Option<String> {
    let (_, rest) = typed.split_once('~')?;
    match edits {
        _ if matches!(rest, "" | "0" | "1" | "2") && word.len() > 1 => None,
        Some(edits) => {
            Some(format!("{typed:?}: words that differ from {word:?} in at most {edits} letters were looked for"))
        }
        None => Some(format!("{typed:?} was read as {word:?}; a wave stands behind a word, like depresion~")),
    }
}

/// Returns a phrase; one without a word asks for nothing.
fn phrase(text: String, form: Form) -> Option<Part> {
    let has_word = text.contains(char::is_alphanumeric);
    has_word.then_some(Part::Required(Node::Text { field: TextField::Anywhere, form, text }))
}

/// Returns values of a tag with all of them together as one value before them.
fn with_whole(nodes: Vec<Node>, field: TagField) -> Vec<Node> {
    let values: Vec<&str> = nodes
        .iter()
        .filter_map(|n| if let Node::Tag { value, .. } = n { Some(value.as_str()) } else { None })
        .collect();
    if values.len() < 2 {
        return nodes;
    }
    let whole = Node::Tag { field, value: values.join(" ") };
    std::iter::once(whole).chain(nodes).collect()
}

/// Combines neighbours: all that is required, any of the words, nothing that is excluded.
fn combine(parts: Vec<Part>, remarks: &mut Vec<String>) -> Option<Part> {
    let (mut words, mut required, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Words(nodes) => words.extend(nodes),
            Part::Required(node) => required.push(node),
            Part::Excluded(node) => excluded.push(node),
        }
    }
    if required.is_empty() && excluded.is_empty() {
        return (!words.is_empty()).then_some(Part::Words(words));
    }
    if required.iter().any(is_exact) && !words.is_empty() {
        let (numbers, others) = numbers_and_words(std::mem::take(&mut words));
        required.extend(numbers);
        if !others.is_empty() {
            let typed = others.join(" ");
            let sentence = "the query names a paper, so the words beside it were not looked for";
            remarks.push(format!("{sentence}: {typed}"));
        }
    }
    if required.is_empty() && words.is_empty() && excluded.len() == 1 {
        return excluded.pop().map(Part::Excluded);
    }
    let mut nodes = alternatives_of_one_tag(required);
    nodes.extend(any(words));
    if nodes.is_empty() {
        nodes.push(Node::Everything);
    }
    nodes.extend(excluded.into_iter().map(|node| Node::Not(Box::new(node))));
    all(nodes).map(Part::Required)
}

/// Returns the identifiers among words, and the words that can be nothing else. Beside a DOI a bare
/// number is the PMID of another paper.
fn numbers_and_words(nodes: Vec<Node>) -> (Vec<Node>, Vec<String>) {
    let (mut numbers, mut others) = (Vec::new(), Vec::new());
    for node in nodes {
        match node {
            Node::Exact(_) => numbers.push(node),
            Node::Text { text, .. } if field::perhaps_identifier(&text).is_none() => others.push(text),
            _ => {}
        }
    }
    (numbers, others)
}

fn is_exact(node: &Node) -> bool {
    match node {
        Node::Exact(_) => true,
        Node::Any(parts) => parts.iter().all(is_exact),
        _ => false,
    }
}

/// What values are alternatives of: two countries, two years, two identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kin {
    Tag(TagField),
    Year,
    Exact,
}

fn kin(node: &Node) -> Option<Kin> {
    match node {
        Node::Tag { field, .. } => Some(Kin::Tag(*field)),
        Node::Year { from, to } if from == to => Some(Kin::Year),
        Node::Exact(_) => Some(Kin::Exact),
        Node::Any(parts) => {
            let first = kin(parts.first()?)?;
            parts.iter().all(|p| kin(p) == Some(first)).then_some(first)
        }
        _ => None,
    }
}

/// Joins required values of the same tag into alternatives, at the place of the first.
fn alternatives_of_one_tag(nodes: Vec<Node>) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    for node in nodes {
        let this = kin(&node);
        match out.iter_mut().find(|other| this.is_some() && kin(other) == this) {
            Some(other) => {
                let mut parts = into_alternatives(std::mem::replace(other, Node::Everything));
                parts.extend(into_alternatives(node));
                *other = Node::Any(parts);
            }
            None => out.push(node),
        }
    }
    out
}

fn into_alternatives(node: Node) -> Vec<Node> {
    match node {
        Node::Any(parts) => parts,
        node => vec![node],
    }
}
