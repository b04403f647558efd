//! Where things stand in a draft file: its fields, blocks, remarks and headings as byte ranges.
//!
//! A block is `[[item]]` and the lines under it, with the remarks directly above it. Whatever lies
//! between blocks belongs to nobody but the person who wrote it.

use std::ops::Range;

use toml_edit::{Document, Item, Table};

use super::text::{canon, shape_of};
use super::{FILE_BYTES_MAX, keep};
use crate::model::{Choice, Lines, Place, Problem};
use crate::toml_doc::{self, Source};

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An item of the issue.
    Item,
    /// A candidate.
    Candidate,
    /// A question to people.
    Decision,
    /// A date for readers.
    Event,
}

impl Kind {
    /// All kinds, in the order in which the file shows them.
    pub(super) const ALL: [Self; 4] = [Self::Item, Self::Candidate, Self::Decision, Self::Event];

    /// Returns the word between the double brackets.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Candidate => "candidate",
            Self::Decision => "decision",
            Self::Event => "event",
        }
    }

    /// Returns the keys that make up what a block of this kind is known by.
    pub(super) fn key_fields(self) -> &'static [&'static str] {
        match self {
            Self::Item | Self::Candidate | Self::Decision => &["id"],
            Self::Event => &["date", "title"],
        }
    }
}

/// A value as people mean it: two spellings of the same words are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A text without its wrapping.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// Anything else, as it is written.
    Other(String),
}

/// One `key = value`.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The key.
    pub(super) key: String,
    /// The value.
    pub(super) value: Value,
    /// Where the value stands.
    pub(super) span: Range<usize>,
}

/// One `[[…]]` with its lines and the remarks directly above it.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// What it is.
    pub(super) kind: Kind,
    /// The remark lines directly above; empty at the header's line when there are none.
    pub(super) lead: Range<usize>,
    /// From the header's line to the end of its last line, and remarks directly below that.
    pub(super) body: Range<usize>,
    /// End of its last value, or of its header.
    pub(super) values_end: usize,
    /// Its fields in their order.
    pub(super) fields: Vec<Field>,
}

impl Block {
    /// Returns the field of a key.
    pub(super) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// Returns the text of a key; empty when it is missing or no text.
    pub(super) fn text(&self, key: &str) -> &str {
        match self.field(key).map(|f| &f.value) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns what the block is known by over all rewritings, or `None` when it has no id.
    ///
    /// An item and a candidate with the same id are the same paper.
    pub(super) fn key(&self) -> Option<String> {
        match self.kind {
            Kind::Item | Kind::Candidate => non_empty(self.text("id")).map(|id| format!("paper {id}")),
            Kind::Decision => non_empty(self.text("id")).map(|id| format!("decision {id}")),
            Kind::Event => non_empty(self.text("title")).map(|title| format!("event {} {title}", self.text("date"))),
        }
    }

    /// Tells whether the block says only what it is known by. In a base this means: a person had
    /// it before the machine, so nothing in it is the machine's.
    pub(super) fn is_stub(&self) -> bool {
        self.fields.iter().all(|f| self.kind.key_fields().contains(&f.key.as_str()))
    }

    /// Tells whether a person wrote something behind its `keep =`, be it a word that is not understood.
    pub(super) fn is_said(&self) -> bool {
        match self.field("keep").map(|f| &f.value) {
            Some(Value::Text(text)) => keep::word(text) != Ok(None),
            Some(Value::Flag(flag)) => *flag,
            Some(Value::Other(_)) => true,
            None => false,
        }
    }

    /// Tells whether a person said of its paper that it does not belong in.
    pub(super) fn is_drop(&self) -> bool {
        match self.field("keep").map(|f| &f.value) {
            Some(Value::Text(text)) => keep::word(text) == Ok(Some(Choice::Drop)),
            _ => false,
        }
    }

    /// Returns the whole range: remarks above and the block.
    pub(super) fn range(&self) -> Range<usize> {
        self.lead.start..self.body.end
    }
}

/// Returns a text that is not empty.
fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A heading line of ours (`# ── Name · 6 proposed ───`) and the remark lines directly under it, but for those
/// that stand directly above a block.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// The name between the rules, without what follows the last ` · `.
    pub(super) name: String,
    /// Where heading and remarks stand.
    pub(super) range: Range<usize>,
    /// Whether blocks may be put under it: it stands in no block and not among the top fields.
    pub(super) is_between_blocks: bool,
}

/// Begins a heading line.
pub(super) const HEADING: &str = "# ── ";

/// A draft file taken apart.
#[derive(Debug)]
pub(super) struct Layout<'t> {
    /// The text, without byte order mark.
    pub(super) text: &'t str,
    /// The fields above the first block.
    pub(super) top: Vec<Field>,
    /// End of the last top field.
    pub(super) top_end: usize,
    /// The blocks in the order of the file.
    pub(super) blocks: Vec<Block>,
    /// The headings in the order of the file.
    pub(super) headings: Vec<Heading>,
}

impl<'t> Layout<'t> {
    /// Takes a text (without byte order mark) apart.
    ///
    /// # Errors
    /// When it is no TOML, or holds tables that a draft does not know, so that cutting it could
    /// tear words from where they belong.
    pub(super) fn read(text: &'t str, file: &str) -> Result<Self, Vec<Problem>> {
        let lines = Lines::new(file, text);
        let source = Source { file, text, lines: &lines };
        let doc = document(source).map_err(|p| vec![p])?;
        let problems = foreign_tables(source, &doc);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self::of(text, &doc))
    }

    /// Takes a parsed document apart; tables that a draft does not know are passed over.
    pub(super) fn of(text: &'t str, doc: &Document<String>) -> Self {
        let top = fields(doc.as_table());
        let top_end = top.iter().map(|f| f.span.end).max().unwrap_or(0);
        let mut blocks = Vec::new();
        for kind in Kind::ALL {
            let tables = doc.get(kind.word()).and_then(Item::as_array_of_tables);
            blocks.extend(tables.into_iter().flat_map(|a| a.iter()).filter_map(|t| bare_block(kind, t)));
        }
        blocks.sort_by_key(|b| b.body.start);
        let mut bound = top_end;
        for block in &mut blocks {
            let start = line_start(text, block.body.start);
            block.lead = lead_above(text, start, bound)..start;
            block.body = start..remarks_below(text, line_end(text, block.values_end));
            bound = block.values_end;
        }
        let headings = headings(text, &top, top_end, &blocks);
        Self { text, top, top_end, blocks, headings }
    }

    /// Returns the top field of a key.
    pub(super) fn top_field(&self, key: &str) -> Option<&Field> {
        self.top.iter().find(|f| f.key == key)
    }

    /// Returns the text of a top field; empty when it is missing or no text.
    pub(super) fn top_text(&self, key: &str) -> &str {
        match self.top_field(key).map(|f| &f.value) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns the text of a range; empty when there is none.
    pub(super) fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Returns the heading of a name.
    pub(super) fn heading(&self, name: &str) -> Option<&Heading> {
        self.headings.iter().find(|h| h.name == name)
    }
}

/// Returns a problem for each table that a draft does not know.
fn foreign_tables(source: Source<'_>, doc: &Document<String>) -> Vec<Problem> {
    let mut out = Vec::new();
    for (key, item) in doc.iter() {
        let is_ours = Kind::ALL.iter().any(|k| k.word() == key);
        if let Some(array) = item.as_array_of_tables().filter(|_| is_ours) {
            for table in array {
                let offset = table.span().map_or(0, |s| s.start);
                for (inner, _) in table.iter().filter(|(_, i)| !i.is_value()) {
                    out.push(foreign(source, offset, &format!("{key}.{inner}")));
                }
            }
        } else if is_ours || !item.is_value() {
            out.push(foreign(source, item.span().map_or(0, |s| s.start), key));
        }
    }
    out
}

/// Returns the problem for one table that a draft does not know.
fn foreign(source: Source<'_>, offset: usize, name: &str) -> Problem {
    Problem::error(source.place(offset), format!("a draft has no table written as \"{name}\" is here"))
        .with_help("blocks begin with [[item]], [[candidate]], [[decision]] or [[event]] on a line of its own")
}

/// Returns the plain fields of a table.
fn fields(table: &Table) -> Vec<Field> {
    let mut out = Vec::new();
    for (key, item) in table {
        let Some((value, span)) = item.as_value().and_then(|v| Some((v, v.span()?))) else { continue };
        let meant = match (value.as_str(), value.as_bool()) {
            (Some(text), _) => Value::Text(canon(text, shape_of(key))),
            (None, Some(flag)) => Value::Flag(flag),
            (None, None) => Value::Other(value.to_string().trim().to_owned()),
        };
        out.push(Field { key: key.to_owned(), value: meant, span });
    }
    out
}

/// Returns a block whose ranges hold only the header so far.
fn bare_block(kind: Kind, table: &Table) -> Option<Block> {
    let header = table.span()?;
    let fields = fields(table);
    let values_end = fields.iter().map(|f| f.span.end).fold(header.end, usize::max);
    Some(Block { kind, lead: header.start..header.start, body: header, values_end, fields })
}

/// Returns where the line begins that holds a byte.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1)
}

/// Returns where the line ends that holds a byte, behind its line feed.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n + 1)
}

/// Returns where the remark lines begin that stand directly above a line start; `bound` is the end
/// of the last value above, so that lines inside a long text are never taken for remarks.
fn lead_above(text: &str, start: usize, bound: usize) -> usize {
    let mut at = start;
    while at > 0 {
        let above = line_start(text, at - 1);
        let line = text.get(above..at).unwrap_or_default();
        if above < bound || !line.trim_start().starts_with('#') || line.starts_with(HEADING) {
            break;
        }
        at = above;
    }
    at
}

/// Returns the end of the remark lines that follow directly from `at`, unless they stand directly
/// above the next block and so belong to that.
fn remarks_below(text: &str, at: usize) -> usize {
    let mut end = at;
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            return at;
        }
        if !line.trim_start().starts_with('#') || line.starts_with(HEADING) {
            break;
        }
        end += line.len();
    }
    end
}

/// Returns the headings, passing over lines inside values.
fn headings(text: &str, top: &[Field], top_end: usize, blocks: &[Block]) -> Vec<Heading> {
    let mut values: Vec<&Range<usize>> =
        top.iter().chain(blocks.iter().flat_map(|b| b.fields.iter())).map(|f| &f.span).collect();
    values.sort_by_key(|r| r.start);
    let mut out: Vec<Heading> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let inside = values.partition_point(|r| r.start < start).checked_sub(1).and_then(|n| values.get(n));
        let is_remark = line.trim_start().starts_with('#') && inside.is_none_or(|r| r.end <= start);
        if is_remark && line.starts_with(HEADING) {
            let in_block = blocks.iter().any(|b| b.body.start <= start && start < b.values_end);
            let is_between_blocks = start >= top_end && !in_block;
            out.push(Heading { name: heading_name(line), range: start..end, is_between_blocks });
            open = true;
        } else if let Some(last) = out.last_mut().filter(|_| is_remark && open) {
            last.range.end = end;
        } else {
            open = false;
        }
        start = end;
    }
    // Remarks belong to one place only: those directly above a block are its own, as when somebody took the
    // empty line between a heading and its first block away.
    for heading in &mut out {
        let next = blocks.partition_point(|b| b.lead.start <= heading.range.start);
        heading.range.end = blocks.get(next).map_or(heading.range.end, |b| heading.range.end.min(b.lead.start));
    }
    out
}

/// Returns the name in a heading line.
fn heading_name(line: &str) -> String {
    let rest = line.strip_prefix(HEADING).unwrap_or(line).trim_end().trim_end_matches('─').trim_end();
    rest.rsplit_once(" · ").map_or(rest, |(name, _)| name).to_owned()
}

/// Parses a document whose mistakes are explained to people who write prose.
pub(super) fn document(source: Source<'_>) -> Result<Document<String>, Problem> {
    if source.text.len() > FILE_BYTES_MAX {
        let message = format!("the file is larger than {FILE_BYTES_MAX} bytes: this cannot be a draft");
        return Err(Problem::error(Place::file(source.file), message));
    }
    toml_doc::parse(source).map_err(|problem| {
        if let Some(help) = keep::help_for(source.text.lines().nth(problem.place.line.saturating_sub(1))) {
            return problem.with_help(help);
        }
        problem.with_help(
            "look at this line and the one before: is a quotation mark missing at the end of a text? \
             inside \"…\" write \\\" for a quotation mark, or use “ ”; a [[item]] line may have been deleted, \
             but not the lines under it",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# top\nmonth = \"2026-10\"\nnote = \"\"\"\n# ── not a heading ──\n[[item]]\n\"\"\"\n\n\
        # ── Evidence · 2 proposed ──\n\n# why\n# mine\n[[item]]\nid = \"a\" # behind\ntitle = \"A\"\n# below\n\n\
        free remark\n";

    #[test]
    fn blocks_know_their_remarks() {
        let text =
            FILE.replace("free remark\n", "# free remark\n\n[[item]]\n  id = \"b\"\n# of c\n[[candidate]]\nid = \"c\"");
        let layout = Layout::read(&text, "t").expect("reads");
        let seen: Vec<(&str, &str)> =
            layout.blocks.iter().map(|b| (layout.slice(&b.lead), layout.slice(&b.body))).collect();
        assert_eq!(
            seen,
            [
                ("# why\n# mine\n", "[[item]]\nid = \"a\" # behind\ntitle = \"A\"\n# below\n"),
                ("", "[[item]]\n  id = \"b\"\n"),
                ("# of c\n", "[[candidate]]\nid = \"c\""),
            ]
        );
        assert_eq!(layout.top_text("note"), "# ── not a heading ── [[item]]");
        let names: Vec<&str> = layout.headings.iter().map(|h| h.name.as_str()).collect();
        assert_eq!(names, ["Evidence"]);
        assert!(layout.headings.iter().all(|h| h.is_between_blocks));
    }

    #[test]
    fn tables_of_other_kinds_are_refused_with_their_place() {
        for (id, text, line) in [
            ("plain-table", "month = \"2026-10\"\n[item]\nid = \"a\"\n", 2),
            ("inline-list", "month = \"2026-10\"\nitem = [{ id = \"a\" }]\n", 2),
            ("sub-table", "month = \"2026-10\"\n[[item]]\nid = \"a\"\n[item.x]\ny = 1\n", 2),
            ("unknown-list", "month = \"2026-10\"\n\n[[items]]\nid = \"a\"\n", 3),
        ] {
            let problems = Layout::read(text, "t").expect_err(id);
            assert_eq!(problems.first().map(|p| p.place.line), Some(line), "{id}: {problems:?}");
        }
    }
}
