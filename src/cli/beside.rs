//! Two records beside each other, so that a person sees at once what is the same and what is not.
//!
//! On a wide terminal they stand in two columns, each row with a sign; elsewhere, and for screen
//! readers and pipes, they stand field after field with the difference in words. It knows nothing of
//! the database: any two records will do.

use super::term::{Style, Terminal, safe};
use crate::merge::{Agreement, Row, rows};
use crate::model::Record;

use super::columns::{columns, padded, runs_right_to_left, wrap};

/// Narrowest terminal, in columns, on which two texts beside each other can be read.
const COLUMNS_MIN: usize = 90;
/// Widest table, in columns: longer lines are hard to follow.
const COLUMNS_MAX: usize = 160;
/// Spaces before a line that goes on.
const INDENT: usize = 4;

/// How the two are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Two columns in a table of this many columns.
    Beside(usize),
    /// Field after field, wrapped at this many columns.
    Below(usize),
    /// Field after field, one line each however long: for pipes and screen readers.
    Plain,
}

impl Layout {
    /// Returns the layout that suits a terminal; `is_plain` is a person's wish for no columns.
    pub fn of(term: &Terminal, is_plain: bool) -> Self {
        match term.width() {
            _ if is_plain || !term.is_interactive() => Self::Plain,
            width if width >= COLUMNS_MIN => Self::Beside(width.min(COLUMNS_MAX)),
            width => Self::Below(width),
        }
    }

    /// Returns what the signs of this layout mean; `None` when it speaks in words.
    pub fn legend(self) -> Option<&'static str> {
        matches!(self, Self::Beside(_)).then_some(
            "= the same   ≈ nearly the same   ≠ different   no sign: only one says it, or they cannot be compared",
        )
    }
}

/// What stands around two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What each is called, such as its id.
    pub heads: [String; 2],
    /// Where each was found; empty for nothing.
    pub sources: [String; 2],
    /// How they are laid out.
    pub layout: Layout,
}

impl Options {
    /// Returns options for two records of files: called by their ids, found in their sources.
    pub fn of(a: &Record, b: &Record, layout: Layout) -> Self {
        Self { heads: [a.id.clone(), b.id.clone()], sources: [a.source.clone(), b.source.clone()], layout }
    }
}

/// One line in styled parts.
pub type Line = Vec<(Style, String)>;

/// Prints two records beside each other.
pub fn print(term: &mut Terminal, a: &Record, b: &Record, options: &Options) {
    for line in lines(a, b, options) {
        let parts: Vec<(Style, &str)> = line.iter().map(|(style, text)| (*style, text.as_str())).collect();
        term.styled(&parts);
    }
}

/// Returns the lines that show two records beside each other; all text in them is safe to print.
///
/// Texts that run from right to left are never put into columns: terminals turn such lines round.
pub fn lines(a: &Record, b: &Record, options: &Options) -> Vec<Line> {
    let all: Vec<Row> = told(a, b, options);
    let heads = options.heads.each_ref().map(|head| one_line(head));
    let is_turned = all.iter().any(|row| runs_right_to_left(&row.a) || runs_right_to_left(&row.b));
    match options.layout {
        Layout::Beside(width) if !is_turned => beside(&all, &heads, width),
        Layout::Beside(width) | Layout::Below(width) => below(&all, &heads, Some(width)),
        Layout::Plain => below(&all, &heads, None),
    }
}

/// Returns the rows with those of the options, made safe.
fn told(a: &Record, b: &Record, options: &Options) -> Vec<Row> {
    let [source_a, source_b] = options.sources.clone();
    let mut all = rows(a, b);
    if !(source_a.is_empty() && source_b.is_empty()) {
        // Where they were found is no sign for or against.
        all.push(Row { label: "found in", a: source_a, b: source_b, agreement: Agreement::Open });
    }
    for row in &mut all {
        row.a = one_line(&row.a);
        row.b = one_line(&row.b);
    }
    all
}

/// Returns text on one line with nothing in it that acts on a terminal.
fn one_line(text: &str) -> String {
    safe(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns the table of two columns.
fn beside(all: &[Row], heads: &[String; 2], width: usize) -> Vec<Line> {
    let label_width = all.iter().map(|r| columns(r.label)).max().unwrap_or_default();
    // Label, space, sign, two spaces, left, bar with its spaces, right.
    let side = width.saturating_sub(label_width + 1 + 1 + 2 + 3) / 2;
    let mut out = Vec::new();
    let [a, b] = heads;
    push_row(&mut out, ("", " "), [&format!("A: {a}"), &format!("B: {b}")], (label_width, side), Style::Bold);
    for row in all {
        let (sign, style) = match row.agreement {
            Agreement::Same => ("=", Style::Plain),
            Agreement::Alike => ("≈", Style::Bold),
            Agreement::Differs => ("≠", Style::Bold),
            Agreement::Open => (" ", Style::Plain),
        };
        push_row(&mut out, (row.label, sign), [&row.a, &row.b], (label_width, side), style);
    }
    out
}

/// Adds the lines of one row: label and sign on the first, the texts wrapped in their columns.
fn push_row(
    out: &mut Vec<Line>,
    (label, sign): (&str, &str),
    texts: [&str; 2],
    (label_width, side): (usize, usize),
    style: Style,
) {
    let [left, right] = texts.map(|text| wrap(if text.is_empty() { "–" } else { text }, side));
    for n in 0..left.len().max(right.len()) {
        let (label, sign) = if n == 0 { (label, sign) } else { ("", " ") };
        let cell = |lines: &[String]| lines.get(n).cloned().unwrap_or_default();
        out.push(vec![
            (Style::Dim, padded(label, label_width)),
            (Style::Plain, format!(" {sign}  ")),
            (style, padded(&cell(&left), side)),
            (Style::Dim, " │ ".to_owned()),
            (style, cell(&right)),
        ]);
    }
}

/// Returns field after field, with the difference in words.
fn below(all: &[Row], heads: &[String; 2], width: Option<usize>) -> Vec<Line> {
    let [a, b] = heads;
    let mut out = Vec::new();
    push_text(&mut out, "A", a, Style::Bold, width);
    push_text(&mut out, "B", b, Style::Bold, width);
    for row in all {
        let label = row.label;
        match (row.a.is_empty(), row.b.is_empty(), row.agreement) {
            (false, true, _) => push_text(&mut out, &format!("{label}, only A"), &row.a, Style::Plain, width),
            (true, false, _) => push_text(&mut out, &format!("{label}, only B"), &row.b, Style::Plain, width),
            (_, _, agreement) if row.a == row.b => {
                let words = if agreement == Agreement::Open { ", both" } else { ", the same" };
                push_text(&mut out, &format!("{label}{words}"), &row.a, Style::Plain, width);
            }
            (_, _, agreement) => {
                let (words, style) = match agreement {
                    Agreement::Same => (", the same but for the spelling", Style::Plain),
                    Agreement::Alike => (", nearly the same", Style::Bold),
                    Agreement::Differs => (", different", Style::Bold),
                    Agreement::Open => ("", Style::Plain),
                };
                out.push(vec![(Style::Plain, format!("{label}{words}:"))]);
                push_text(&mut out, "  A", &row.a, style, width);
                push_text(&mut out, "  B", &row.b, style, width);
            }
        }
    }
    out
}

/// Adds `name: text`, wrapped where there is a width; lines that go on are indented.
fn push_text(out: &mut Vec<Line>, name: &str, text: &str, style: Style, width: Option<usize>) {
    let Some(width) = width else {
        return out.push(vec![(Style::Plain, format!("{name}: ")), (style, text.to_owned())]);
    };
    let lead = columns(name) + 2;
    // The first line is shorter by the name: a word that does not fit begins the next line.
    let mut rest = text;
    let first = wrap(rest, width.saturating_sub(lead)).into_iter().next().unwrap_or_default();
    rest = rest.get(first.len()..).unwrap_or_default().trim_start();
    out.push(vec![(Style::Plain, format!("{name}: ")), (style, first)]);
    if !rest.is_empty() {
        for line in wrap(rest, width.saturating_sub(INDENT)) {
            out.push(vec![(Style::Plain, " ".repeat(INDENT)), (style, line)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, Doi, Pmid};

    fn pair() -> (Record, Record) {
        let a = Record {
            id: "pmid:90000001".into(),
            source: "pubmed".into(),
            title: "Walking groups for new mothers in two districts: a cluster-randomised trial".into(),
            authors: vec![Author::person("Example", "Ann"), Author::person("Sample", "Ben")],
            journal: Some("Journal of Invented Health".into()),
            year: Some(2026),
            volume: Some("12".into()),
            pages: Some("482-91".into()),
            doi: Doi::parse("10.5555/beside.1"),
            pmid: Pmid::parse("90000001"),
            ..Record::default()
        };
        let b = Record {
            id: "https://example.org/walking-groups".into(),
            source: "example-journal".into(),
            title: "Walking groups for new mothers in two districts: protocol of a trial".into(),
            authors: vec![Author::person("Example", "A")],
            journal: Some("J Invent Health".into()),
            year: Some(2024),
            doi: Doi::parse("10.5555/beside.2"),
            abstract_text: Some("We will \u{1b}[31m walk\u{202e}.".into()),
            ..Record::default()
        };
        (a, b)
    }

    fn shown(a: &Record, b: &Record, layout: Layout) -> String {
        let line = |line: Line| line.into_iter().map(|(_, text)| text).collect::<String>().trim_end().to_owned();
        lines(a, b, &Options::of(a, b, layout)).into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn two_columns_on_a_wide_terminal() {
        let (a, b) = pair();
        insta::assert_snapshot!(shown(&a, &b, Layout::Beside(90)), @"
                        A: pmid:90000001                    │ B:
                                                            │ https://example.org/walking-groups
        title        ≠  Walking groups for new mothers in   │ Walking groups for new mothers in
                        two districts: a cluster-randomised │ two districts: protocol of a trial
                        trial                               │
        authors      ≈  Example A, Sample B                 │ Example A
        journal      =  Journal of Invented Health          │ J Invent Health
        year         ≠  2026                                │ 2024
        volume/pages    12: 482-91                          │ –
        DOI          ≠  10.5555/beside.1                    │ 10.5555/beside.2
        PMID            90000001                            │ –
        abstract        –                                   │ We will [31m walk.
        found in        pubmed                              │ example-journal
        ");
    }

    #[test]
    fn field_after_field_on_a_narrow_one() {
        let (a, b) = pair();
        insta::assert_snapshot!(shown(&a, &b, Layout::Below(40)), @"
        A: pmid:90000001
        B: https://example.org/walking-groups
        title, different:
          A: Walking groups for new mothers in
            two districts: a cluster-randomised
            trial
          B: Walking groups for new mothers in
            two districts: protocol of a trial
        authors, nearly the same:
          A: Example A, Sample B
          B: Example A
        journal, the same but for the spelling:
          A: Journal of Invented Health
          B: J Invent Health
        year, different:
          A: 2026
          B: 2024
        volume/pages, only A: 12: 482-91
        DOI, different:
          A: 10.5555/beside.1
          B: 10.5555/beside.2
        PMID, only A: 90000001
        abstract, only B: We will [31m walk.
        found in:
          A: pubmed
          B: example-journal
        ");
    }

    #[test]
    fn one_line_a_field_for_pipes_and_screen_readers() {
        let (a, b) = pair();
        insta::assert_snapshot!(shown(&a, &b, Layout::Plain), @"
        A: pmid:90000001
        B: https://example.org/walking-groups
        title, different:
          A: Walking groups for new mothers in two districts: a cluster-randomised trial
          B: Walking groups for new mothers in two districts: protocol of a trial
        authors, nearly the same:
          A: Example A, Sample B
          B: Example A
        journal, the same but for the spelling:
          A: Journal of Invented Health
          B: J Invent Health
        year, different:
          A: 2026
          B: 2024
        volume/pages, only A: 12: 482-91
        DOI, different:
          A: 10.5555/beside.1
          B: 10.5555/beside.2
        PMID, only A: 90000001
        abstract, only B: We will [31m walk.
        found in:
          A: pubmed
          B: example-journal
        ");
    }

    #[test]
    fn no_line_of_a_table_is_wider_than_the_terminal() {
        let (mut a, b) = pair();
        a.title = format!("产后抑郁 e\u{301}{} {}", "x".repeat(300), "हिन्दी ".repeat(40));
        for width in [90, 100, 160] {
            for line in lines(&a, &b, &Options::of(&a, &b, Layout::Beside(width))) {
                let whole: String = line.into_iter().map(|(_, text)| text).collect();
                assert!(columns(&whole) <= width, "{whole}");
            }
        }
    }

    #[test]
    fn text_from_right_to_left_is_never_in_columns() {
        let (mut a, b) = pair();
        a.title = "סקר על שינה".into();
        assert_eq!(shown(&a, &b, Layout::Beside(100)), shown(&a, &b, Layout::Below(100)));
    }
}
