//! What a person does to the file with any text editor.

#![expect(clippy::string_slice, reason = "ranges come from the parsed file, and a wrong one must fail the test")]
#![expect(clippy::unnecessary_wraps, reason = "every deed may find nothing to do")]

use std::ops::Range;

use proptest::prelude::*;

use super::super::layout::{Block, Field, Kind, Layout};

/// What a person does to the file. Numbers choose a block or field, whatever is there.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    SetField(usize, usize, u8),
    SetTop(usize, u8),
    RemoveBlock(usize),
    RemoveField(usize, usize),
    RemoveReasons(usize),
    RemarkAbove(usize),
    RemarkBetween(usize),
    RemarkInside(usize),
    RemarkBehind(usize),
    Keep(usize, usize),
    MakeItem(usize),
    Answer(usize),
    Pick(usize),
    Move(usize, usize),
    Copy(usize),
    AddOwn(usize),
    AddWithId(usize, usize),
    RemoveHeading(usize),
    DropEmptyLine(usize),
    Trailing,
}

pub(super) fn a_deed() -> impl Strategy<Value = Deed> {
    let n = 0..12usize;
    prop_oneof![
        3 => (n.clone(), n.clone(), any::<u8>()).prop_map(|(a, b, t)| Deed::SetField(a, b, t)),
        1 => (n.clone(), any::<u8>()).prop_map(|(a, t)| Deed::SetTop(a, t)),
        3 => n.clone().prop_map(Deed::RemoveBlock),
        1 => (n.clone(), n.clone()).prop_map(|(a, b)| Deed::RemoveField(a, b)),
        1 => n.clone().prop_map(Deed::RemoveReasons),
        2 => n.clone().prop_map(Deed::RemarkAbove),
        2 => n.clone().prop_map(Deed::RemarkBetween),
        1 => n.clone().prop_map(Deed::RemarkInside),
        1 => n.clone().prop_map(Deed::RemarkBehind),
        2 => (n.clone(), n.clone()).prop_map(|(a, b)| Deed::Keep(a, b)),
        1 => n.clone().prop_map(Deed::MakeItem),
        1 => n.clone().prop_map(Deed::Answer),
        1 => n.clone().prop_map(Deed::Pick),
        2 => (n.clone(), n.clone()).prop_map(|(a, b)| Deed::Move(a, b)),
        1 => n.clone().prop_map(Deed::Copy),
        1 => n.clone().prop_map(Deed::AddOwn),
        1 => (n.clone(), n.clone()).prop_map(|(a, b)| Deed::AddWithId(a, b)),
        1 => n.clone().prop_map(Deed::RemoveHeading),
        2 => (0..50usize).prop_map(Deed::DropEmptyLine),
        1 => Just(Deed::Trailing),
    ]
}

/// How a person's editor writes the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Editor {
    Plain,
    Windows,
    WindowsWithMark,
    StripsLineEnds,
}

pub(super) fn an_editor() -> impl Strategy<Value = Editor> {
    prop_oneof![Just(Editor::Plain), Just(Editor::Windows), Just(Editor::WindowsWithMark), Just(Editor::StripsLineEnds)]
}

impl Editor {
    pub(super) fn save(self, text: &str) -> String {
        let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        match self {
            Self::Plain => plain,
            Self::Windows => plain.replace('\n', "\r\n"),
            Self::WindowsWithMark => format!("\u{feff}{}", plain.replace('\n', "\r\n")),
            Self::StripsLineEnds => plain.lines().flat_map(|l| [l.trim_end(), "\n"]).collect(),
        }
    }
}

/// Does the deeds one after the other, each with a word of its own that must never be lost.
pub(super) fn edit(text: &str, deeds: &[Deed], round: usize, editor: Editor) -> String {
    let mut text = Editor::Plain.save(text);
    for (n, deed) in deeds.iter().enumerate() {
        if let Some(next) = edit_once(&text, deed, &format!("HUMAN{round}x{n}x")) {
            // A person whose edit breaks the file is told so by `check`; here they undo it.
            if Layout::read(&next, "t").is_ok() {
                text = next;
            }
        }
    }
    editor.save(&text)
}

/// Returns the text after one deed; `None` when there is nothing to do it to.
fn edit_once(text: &str, deed: &Deed, word: &str) -> Option<String> {
    let page = Page { text, layout: Layout::read(text, "t").expect("the file is whole"), word };
    page.fields(deed).or_else(|| page.remarks(deed)).or_else(|| page.blocks(deed))
}

/// The file while a person looks at it, and the word they will write.
struct Page<'a> {
    text: &'a str,
    layout: Layout<'a>,
    word: &'a str,
}

impl Page<'_> {
    fn block(&self, n: usize) -> Option<&Block> {
        self.layout.blocks.get(n % self.layout.blocks.len().max(1))
    }

    fn field(&self, n: usize, f: usize, closed: &[&str]) -> Option<&Field> {
        let block = self.block(n)?;
        block.fields.get(f % block.fields.len()).filter(|f| !closed.contains(&f.key.as_str()))
    }

    fn put(&self, at: usize, new: &str) -> Option<String> {
        self.cut(at..at, new)
    }

    fn cut(&self, range: Range<usize>, new: &str) -> Option<String> {
        Some(format!("{}{new}{}", &self.text[..range.start], &self.text[range.end..]))
    }

    fn line_of(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text[..span.start].rfind('\n').map_or(0, |n| n + 1);
        start..self.text[span.end..].find('\n').map_or(self.text.len(), |n| span.end + n + 1)
    }

    fn fields(&self, deed: &Deed) -> Option<String> {
        match deed {
            Deed::SetField(n, f, t) => {
                self.cut(self.field(*n, *f, &["id", "keep"])?.span.clone(), &human_value(self.word, *t))
            }
            Deed::SetTop(f, t) => {
                let field = self.layout.top.get(f % self.layout.top.len()).filter(|f| f.key != "month")?;
                self.cut(field.span.clone(), &human_value(self.word, *t))
            }
            Deed::RemoveField(n, f) => self.cut(self.line_of(&self.field(*n, *f, &["id", "title"])?.span), ""),
            Deed::Keep(n, word) => self.cut(
                self.block(*n)?.field("keep")?.span.clone(),
                ["true", "\"keep\"", "\"maybe\"", "\"drop\"", "\"drpo\""][word % 5],
            ),
            Deed::Answer(n) => self.cut(self.block(*n)?.field("answer")?.span.clone(), "\"in\""),
            Deed::Pick(n) => {
                let id = format!("\"{}\"", self.block(*n)?.text("id"));
                self.cut(self.layout.top_field("pick")?.span.clone(), &id)
            }
            _ => None,
        }
    }

    fn remarks(&self, deed: &Deed) -> Option<String> {
        let word = self.word;
        match deed {
            Deed::RemoveReasons(n) => {
                let lead = &self.block(*n)?.lead;
                (!self.layout.slice(lead).contains("HUMAN")).then(|| self.cut(lead.clone(), ""))?
            }
            Deed::RemarkAbove(n) => self.put(self.block(*n)?.lead.start, &format!("# {word}\n")),
            Deed::RemarkBetween(n) => self.put(self.block(*n)?.lead.start, &format!("# {word}\n\n")),
            Deed::RemarkInside(n) => {
                self.put(self.line_of(&self.block(*n)?.fields.first()?.span).end, &format!("# {word}\n"))
            }
            Deed::RemarkBehind(n) => self.put(self.block(*n)?.fields.last()?.span.end, &format!(" # {word}")),
            Deed::RemoveHeading(n) => {
                let headings = &self.layout.headings;
                self.cut(headings.get(n % headings.len().max(1))?.range.clone(), "")
            }
            Deed::DropEmptyLine(n) => {
                let all: Vec<usize> = self.text.match_indices("\n\n").map(|(at, _)| at).collect();
                let at = *all.get(n % all.len().max(1))?;
                self.cut(at..at + 1, "")
            }
            Deed::Trailing => Some(format!("{}\n# {word} without a line feed", self.text)),
            _ => None,
        }
    }

    fn blocks(&self, deed: &Deed) -> Option<String> {
        let word = self.word;
        match deed {
            Deed::RemoveBlock(n) => self.cut(self.block(*n)?.range(), ""),
            Deed::MakeItem(n) => {
                let block = self.block(*n).filter(|b| b.kind == Kind::Candidate)?;
                let text = self.layout.slice(&block.body).replacen("[[candidate]]", "[[item]]", 1);
                let keep = text.find("keep = ")?;
                let end = keep + text[keep..].find('\n')? + 1;
                self.cut(block.body.clone(), &format!("{}{}", &text[..keep], &text[end..]))
            }
            Deed::Move(from, to) => {
                let (from, to) = (self.block(*from)?.range(), self.block(*to)?.range().start);
                let moved = format!("{}\n\n", self.text[from.clone()].trim_end());
                if to >= from.end {
                    Some(format!("{}{}{moved}{}", &self.text[..from.start], &self.text[from.end..to], &self.text[to..]))
                } else if to < from.start {
                    Some(format!("{}{moved}{}{}", &self.text[..to], &self.text[to..from.start], &self.text[from.end..]))
                } else {
                    None
                }
            }
            Deed::Copy(n) => {
                let body = &self.block(*n)?.body;
                self.put(body.end, &format!("\n# {word}\n{}", self.layout.slice(body)))
            }
            Deed::AddOwn(n) => self.put(self.block(*n)?.body.end, &own_item(word, word)),
            Deed::AddWithId(n, id) => self.put(self.block(*n)?.body.end, &own_item(&format!("w{id}"), word)),
            _ => None,
        }
    }
}

/// Returns an item that a person wrote.
fn own_item(id: &str, word: &str) -> String {
    format!("\n[[item]]\nid = \"{id}\"\nsection = \"evidence\"\ntitle = \"{word} t\"\n")
}

fn human_value(word: &str, shape: u8) -> String {
    match shape % 4 {
        0 => format!("\"{word}\""),
        1 => format!("'{word} \"literal\"'"),
        2 => format!("\"\"\"\n{word}\n# no remark\n[[item]]\n\n{word}b\n\"\"\""),
        _ => format!("\"{word} é # \\\" \\\\\""),
    }
}
