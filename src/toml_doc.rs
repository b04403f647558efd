//! Reads a TOML document so that every mistake in it is found at once, each with its place.
//!
//! A table is read key by key; what was not asked for is unknown and is reported with the nearest
//! known key. A wrong type or value is reported and the reader goes on, so that a person sees all
//! problems in one run. Used by `config` for `feeds.toml` and `topics.toml` and by `draft`.

use std::cell::RefCell;

use toml_edit::{Item, TableLike, Value};

use crate::model::text::{did_you_mean, is_unwanted};
use crate::model::{Lines, Place, Problem};

mod atlas;

pub use atlas::Atlas;

/// The text of a TOML file, with its name, for places in messages.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// File name as the person knows it.
    pub file: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// Where its lines begin.
    pub lines: &'a Lines<'a>,
}

impl Source<'_> {
    /// Returns the place of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        self.lines.at(offset)
    }
}

/// Parses a document; the error is one problem with the place of the first syntax mistake.
///
/// # Errors
/// When the text is not TOML.
pub fn parse(source: Source<'_>) -> Result<toml_edit::Document<String>, Problem> {
    toml_edit::Document::parse(source.text.to_owned()).map_err(|e| {
        let place = e.span().map_or_else(|| Place::file(source.file), |s| source.place(s.start));
        let first = e.message().lines().next().unwrap_or("not valid TOML").to_owned();
        Problem::error(place, first)
            .with_help("a value in quotes, a closing bracket or an = may be missing on this line or the one before")
    })
}

/// What is wrong with a web address.
enum Wrong {
    /// It does not begin as one.
    Start,
    /// There is no host, or none that can be one.
    Host,
    /// It has a user name.
    User,
    /// It holds a sign that ends a path.
    Sign(char),
}

/// Returns what is wrong with a web address, or `None`.
fn wrong_address(text: &str) -> Option<Wrong> {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return Some(Wrong::Start);
    };
    let site = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if site.contains('@') {
        return Some(Wrong::User);
    }
    let (host, port) = match site.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((inner, port)) => (inner, port),
        None => site.split_at(site.find(':').unwrap_or(site.len())),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok());
    let is_host = host.chars().any(char::is_alphanumeric)
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
    if !is_host || !is_port {
        return Some(Wrong::Host);
    }
    rest.chars().find(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\' | '"')).map(Wrong::Sign)
}

/// A table being read: hands out typed values and remembers which keys were asked for.
pub struct Reader<'a> {
    source: Source<'a>,
    table: &'a dyn TableLike,
    offset: usize,
    what: String,
    /// How the table is begun in the file, such as `[roundup.colours]`; empty for the top.
    header: String,
    known: RefCell<Vec<&'static str>>,
    problems: &'a RefCell<Vec<Problem>>,
    atlas: Option<&'a RefCell<Atlas>>,
}

impl<'a> Reader<'a> {
    /// Returns a reader of a table. `offset` is where the table stands when it is missing a key;
    /// `what` names it in messages ("source \"lancet\"").
    pub fn new(
        source: Source<'a>,
        table: &'a dyn TableLike,
        offset: usize,
        what: impl Into<String>,
        problems: &'a RefCell<Vec<Problem>>,
    ) -> Self {
        let (what, header, known) = (what.into(), String::new(), RefCell::default());
        Self { source, table, offset, what, header, known, problems, atlas: None }
    }

    /// Lets the table and all within it note their keys, and look there where an unknown key belongs.
    #[must_use]
    pub fn noting(mut self, atlas: &'a RefCell<Atlas>) -> Self {
        self.atlas = Some(atlas);
        self
    }

    /// Returns a reader of a table within this one.
    fn inner(&self, table: &'a dyn TableLike, offset: usize, what: String, header: String) -> Self {
        Self { header, atlas: self.atlas, ..Self::new(self.source, table, offset, what, self.problems) }
    }

    /// Reports a problem.
    pub fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Returns the place of the table itself.
    pub fn place(&self) -> Place {
        self.source.place(self.offset)
    }

    /// Returns the place of a key's value, or of the table when the key is missing.
    pub fn place_of(&self, key: &str) -> Place {
        self.source.place(self.item(key).and_then(item_offset).unwrap_or(self.offset))
    }

    /// Tells whether the table has a key.
    pub fn has(&self, key: &str) -> bool {
        self.item(key).is_some_and(|i| !i.is_none())
    }

    fn item(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    fn asked(&self, key: &'static str) -> Option<&'a Item> {
        self.known.borrow_mut().push(key);
        self.item(key).filter(|i| !i.is_none())
    }

    /// Returns a value as it stands in the file.
    fn written(&self, item: &Item) -> &'a str {
        item.span().and_then(|span| self.source.text.get(span)).unwrap_or_default()
    }

    fn wrong(&self, key: &str, want: &str, got: &Item) {
        let place = self.place_of(key);
        // A number with a point in the place of a whole one is a number too, so its value says more.
        let got = if got.is_float() { self.written(got) } else { type_name(got) };
        self.report(Problem::error(place, format!("{key} must be {want}, not {got}")));
    }

    /// Returns a text, or `None` when the key is missing or no text (which is reported).
    pub fn text(&self, key: &'static str) -> Option<String> {
        let item = self.asked(key)?;
        let value = item.as_str().map(str::to_owned);
        if value.is_none() {
            self.wrong(key, "a text in quotes", item);
        }
        value
    }

    /// Returns a text that must be there; a missing or empty one is reported and gives `None`.
    pub fn text_needed(&self, key: &'static str) -> Option<String> {
        if self.asked(key).is_none() {
            self.report(
                Problem::error(self.place(), format!("{} has no {key}", self.what))
                    .with_help(format!("add a line {key} = \"…\"")),
            );
            return None;
        }
        let text = self.text(key)?;
        // What nobody sees names nothing.
        if text.chars().all(|c| c.is_whitespace() || is_unwanted(c)) {
            self.report(
                Problem::error(self.place_of(key), format!("{key} of {} is empty", self.what))
                    .with_help(format!("write its {key} between the quotation marks")),
            );
            return None;
        }
        Some(text)
    }

    /// Returns a web address without its trailing slashes, or `None` when the key is missing or it is none (reported).
    /// An empty text stays one. More is put behind the address, so it must have a host, and nothing that ends a path.
    pub fn web_address(&self, key: &'static str) -> Option<String> {
        let text = self.text(key)?;
        if text.is_empty() {
            return Some(text);
        }
        let (message, help) = match wrong_address(&text) {
            None => return Some(text.trim_end_matches('/').to_owned()),
            Some(Wrong::Start) => (format!("{key} must begin with https:// or http://, not \"{text}\""), ""),
            Some(Wrong::Host) => (
                format!("{key} names no site: \"{text}\""),
                "write the whole address, such as \"https://example.org/roundup\"",
            ),
            // What stands before the @ may be a password, which must not come into a log.
            Some(Wrong::User) => (
                format!("{key} holds a user name or a password before an @"),
                "take away what stands between // and @: everybody would read it",
            ),
            Some(Wrong::Sign(sign)) => (
                format!("{key} holds {sign:?}, which no address of a folder on the web has"),
                "write the address up to this sign; the names of files are put behind it",
            ),
        };
        let problem = Problem::error(self.place_of(key), message);
        self.report(if help.is_empty() { problem } else { problem.with_help(help) });
        None
    }

    /// Returns a truth value, or `None` when the key is missing or no truth value (reported).
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let item = self.asked(key)?;
        let value = item.as_bool();
        if value.is_none() {
            self.wrong(key, "true or false", item);
        }
        value
    }

    /// Returns a text, or a truth value as `true` or `false`; `None` when the key is missing or neither
    /// (reported).
    pub fn flag_or_text(&self, key: &'static str) -> Option<String> {
        let item = self.asked(key)?;
        let value = item.as_str().map(str::to_owned).or_else(|| item.as_bool().map(|b| b.to_string()));
        if value.is_none() {
            self.wrong(key, "true, false or a text in quotes", item);
        }
        value
    }

    /// Returns a whole number within a range, or `None` when missing or wrong (reported).
    pub fn whole(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let item = self.asked(key)?;
        let Some(n) = item.as_integer() else {
            self.wrong(key, "a whole number", item);
            return None;
        };
        if !range.contains(&n) {
            let message = format!("{key} must be from {} to {}, not {n}", range.start(), range.end());
            self.report(Problem::error(self.place_of(key), message));
            return None;
        }
        Some(n)
    }

    /// Returns a list of whole numbers within a range; a missing key gives an empty list, anything else that is none
    /// is reported.
    pub fn wholes(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Vec<i64> {
        let Some(item) = self.asked(key) else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong(key, "a list of whole numbers in [ ]", item);
            return Vec::new();
        };
        let mut out = Vec::new();
        for value in array {
            if let Some(n) = value.as_integer().filter(|n| range.contains(n)) {
                out.push(n);
                continue;
            }
            let place = self.source.place(value.span().map_or(self.offset, |s| s.start));
            let message = format!("{key} must hold whole numbers from {} to {}", range.start(), range.end());
            self.report(Problem::error(place, message));
        }
        out
    }

    /// Returns a number from 0 to `max`, or `None` when missing or wrong (reported).
    pub fn weight(&self, key: &'static str, max: f64) -> Option<f64> {
        let item = self.asked(key)?;
        #[expect(clippy::cast_precision_loss, reason = "weights are small numbers")]
        let number = item.as_float().or_else(|| item.as_integer().map(|n| n as f64));
        match number {
            Some(n) if (0.0..=max).contains(&n) => Some(n),
            Some(_) => {
                let message = format!("{key} must be from 0 to {max}, not {}", self.written(item));
                self.report(Problem::error(self.place_of(key), message));
                None
            }
            None => {
                self.wrong(key, "a number", item);
                None
            }
        }
    }

    /// Returns a list of texts, each with its place; a missing key gives an empty list, anything
    /// else that is no list of texts is reported.
    pub fn texts(&self, key: &'static str) -> Vec<(String, Place)> {
        let Some(item) = self.asked(key) else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong(key, "a list of texts in [ ]", item);
            return Vec::new();
        };
        let mut out = Vec::new();
        for value in array {
            let place = self.source.place(value.span().map_or(self.offset, |s| s.start));
            match value.as_str() {
                Some(text) => out.push((text.to_owned(), place)),
                None => self.report(Problem::error(
                    place,
                    format!("{key} must hold texts in quotes, not {}", value_type_name(value)),
                )),
            }
        }
        out
    }

    /// Returns a sub-table's reader; a missing one gives `None`, another type is reported.
    pub fn table(&self, key: &'static str) -> Option<Reader<'a>> {
        let item = self.asked(key)?;
        let Some(table) = item.as_table_like() else {
            self.wrong(key, "a table", item);
            return None;
        };
        let offset = item_offset(item).unwrap_or(self.offset);
        Some(self.inner(table, offset, format!("[{key}]"), atlas::within(&self.header, key)))
    }

    /// Returns a reader for each `[[key]]`; a missing key gives none, another type is reported.
    /// Each is named `key 1`, `key 2` … in messages.
    pub fn tables(&self, key: &'static str) -> Vec<Reader<'a>> {
        let Some(item) = self.asked(key) else { return Vec::new() };
        let mut out = Vec::new();
        if let Some(array) = item.as_array_of_tables() {
            for (n, table) in array.iter().enumerate() {
                let offset = table.span().map_or(self.offset, |s| s.start);
                out.push(self.inner(table, offset, format!("{key} {}", n + 1), format!("[[{key}]]")));
            }
        } else if let Some(array) = item.as_array() {
            for (n, value) in array.iter().enumerate() {
                let offset = value.span().map_or(self.offset, |s| s.start);
                match value.as_inline_table() {
                    Some(table) => {
                        out.push(self.inner(table, offset, format!("{key} {}", n + 1), format!("[[{key}]]")));
                    }
                    None => self.report(Problem::error(
                        self.source.place(offset),
                        format!("{key} must hold tables, not {}", value_type_name(value)),
                    )),
                }
            }
        } else {
            self.wrong(key, &format!("a list of tables, each begun by [[{key}]]"), item);
        }
        out
    }

    /// Returns every key of the table with a reader for its sub-table, in the order of the file:
    /// for tables whose keys are the person's own words. Values that are no tables are reported.
    pub fn named_tables(&self) -> Vec<(String, Reader<'a>)> {
        let mut out = Vec::new();
        for (key, item) in self.table.iter() {
            let offset = item_offset(item).unwrap_or(self.offset);
            match item.as_table_like() {
                Some(table) => {
                    let header = atlas::within(&self.header, key);
                    out.push((key.to_owned(), self.inner(table, offset, format!("[{key}]"), header)));
                }
                None => self.wrong(key, "a table", item),
            }
        }
        out
    }

    /// Returns every key of the table with its list of texts, in the order of the file: for tables
    /// whose keys are the person's own words.
    pub fn named_texts(&self) -> Vec<(String, Vec<(String, Place)>)> {
        let mut out = Vec::new();
        for (key, item) in self.table.iter() {
            let Some(array) = item.as_array() else {
                self.wrong(key, "a list of texts in [ ]", item);
                continue;
            };
            let mut texts = Vec::new();
            for value in array {
                let place = self.source.place(value.span().map_or(self.offset, |s| s.start));
                match value.as_str() {
                    Some(text) => texts.push((text.to_owned(), place)),
                    None => self.report(Problem::error(
                        place,
                        format!("{key} must hold texts in quotes, not {}", value_type_name(value)),
                    )),
                }
            }
            out.push((key.to_owned(), texts));
        }
        out
    }

    /// Returns every key of the table with its whole number and the key's place, in the order of the
    /// file: for tables whose keys are the person's own words. Other values, and numbers out of range,
    /// are reported and left out.
    pub fn named_wholes(&self, range: std::ops::RangeInclusive<i64>) -> Vec<(String, i64, Place)> {
        let mut out = Vec::new();
        for (key, item) in self.table.iter() {
            let at = self.table.key(key).and_then(toml_edit::Key::span).map(|s| s.start).or_else(|| item_offset(item));
            let Some(n) = item.as_integer() else {
                self.wrong(key, "a whole number", item);
                continue;
            };
            if range.contains(&n) {
                out.push((key.to_owned(), n, self.source.place(at.unwrap_or(self.offset))));
            } else {
                let message = format!("{key} must be from {} to {}, not {n}", range.start(), range.end());
                self.report(Problem::error(self.place_of(key), message));
            }
        }
        out
    }

    /// Renames the table in messages, once its own id is known.
    #[must_use]
    pub fn called(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    /// Reports every key that was not asked for, each with the nearest known one. Call it last.
    pub fn refuse_unknown(&self) {
        let known = self.known.borrow();
        if let Some(atlas) = self.atlas {
            atlas.borrow_mut().note(&self.header, &known);
        }
        for (key, item) in self.table.iter() {
            if known.contains(&key) || item.is_none() {
                continue;
            }
            let place = self
                .table
                .key(key)
                .and_then(toml_edit::Key::span)
                .map(|s| s.start)
                .or_else(|| item_offset(item))
                .unwrap_or(self.offset);
            let mut sorted: Vec<&str> = known.clone();
            sorted.sort_unstable();
            sorted.dedup();
            let near = did_you_mean(key, sorted.iter().copied());
            let is_table = item.as_table_like().is_some() || item.is_array_of_tables();
            // A slip of the finger is likelier than another table that knows the very word.
            let is_slip = near.starts_with("did you mean") && !is_table;
            let atlas = self.atlas.filter(|_| !is_slip);
            let belongs = atlas.and_then(|atlas| atlas.borrow().belongs(key, &self.header, is_table));
            let help = belongs.map_or_else(|| near.clone(), |belongs| format!("{belongs}; or {near}"));
            self.report(
                Problem::error(self.source.place(place), format!("unknown key \"{key}\" in {}", self.what))
                    .with_help(help),
            );
        }
    }
}

/// Returns where an item begins in the text.
fn item_offset(item: &Item) -> Option<usize> {
    item.span().map(|s| s.start).or_else(|| {
        item.as_array_of_tables().and_then(|a| a.iter().next()).and_then(toml_edit::Table::span).map(|s| s.start)
    })
}

/// Returns what an item is, in plain words.
fn type_name(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Value(v) => value_type_name(v),
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
    }
}

/// Returns what a value is, in plain words.
fn value_type_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_found_with_its_place() {
        let text = "name = 3\ncolour = \"x\"\nsize = 99\n\n[[part]]\nid = \"a\"\n[[part]]\nid = \"\"\nlis = []\n";
        let lines = Lines::new("t.toml", text);
        let source = Source { file: "t.toml", text, lines: &lines };
        let doc = parse(source).unwrap();
        let problems = RefCell::default();
        let top = Reader::new(source, doc.as_table(), 0, "t.toml", &problems);
        assert_eq!(top.text("name"), None);
        assert_eq!(top.whole("size", 1..=9), None);
        for part in top.tables("part") {
            part.text_needed("id");
            part.texts("list");
            part.refuse_unknown();
        }
        top.refuse_unknown();
        let said: Vec<String> = problems.borrow().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "t.toml:1:8: name must be a text in quotes, not a whole number",
                "t.toml:3:8: size must be from 1 to 9, not 99",
                "t.toml:8:6: id of part 2 is empty\n  help: write its id between the quotation marks",
                "t.toml:9:1: unknown key \"lis\" in part 2\n  help: did you mean \"list\"? known: id, list",
                "t.toml:2:1: unknown key \"colour\" in t.toml\n  help: known: name, part, size",
            ]
        );
    }

    #[test]
    fn a_syntax_mistake_has_a_place_and_a_hint() {
        let problem =
            parse(Source { file: "t.toml", text: "a = 1\nb = \n", lines: &Lines::new("t.toml", "a = 1\nb = \n") })
                .unwrap_err();
        assert_eq!(problem.place, Place::at("t.toml", 2, 5));
    }
}
