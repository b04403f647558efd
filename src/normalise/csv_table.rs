//! Tables with a header line: PubMed's "Save as CSV", and those of other tools and people.
//!
//! Columns are known by many names; a column that is not known is kept aside under its own name.

mod columns;

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::Value;

use self::columns::Column;
use super::dates::habit::Habit;
use super::{Sink, dates, fields, json_record, names};
use crate::bibliography::without_guard;
use crate::model::text::shorten;
use crate::model::{Author, Doi, Place, Problem, Record};

/// Signs that part cells.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The longest name of a column, in characters: what is longer is a sentence.
const HEADER_CHARS_MAX: usize = 30;

/// In how many lines from the beginning the header is looked for.
const HEADLINES_MAX: usize = 10;

/// How many rows show whether a text without a header is a table.
const ROWS_LOOKED_AT: usize = 10;

/// The longest value shown in a message, in characters.
const SHOWN_CHARS_MAX: usize = 80;

/// Tells whether the first line names the columns of a table of papers: one of them is a title.
pub fn has_header(text: &str) -> bool {
    let (header, _, _) = layout(text);
    header_columns(&header, separator(&header)).contains(&Some(Column::Title))
}

/// Tells whether the first line can only be the header of a table of papers: whatever its cells hold
/// then, the text is no other form.
pub fn begins_with_header(text: &str) -> bool {
    is_title_row(first_line(text).0.trim_start_matches('\u{feff}'))
}

/// Tells whether the first line looks like the header of a table of something else: three or more
/// short cells.
pub fn looks_like_table(text: &str) -> bool {
    let (header, _, _) = layout(text);
    let separator = char::from(separator(&header));
    let cells: Vec<&str> = header.split(separator).map(str::trim).collect();
    cells.len() > 2 && cells.iter().all(|c| (1..=HEADER_CHARS_MAX).contains(&c.chars().count()) && !c.ends_with('.'))
}

/// Tells whether text looks like the rows of a table without a header: two or more rows of three or
/// more cells, all rows of as many, and a first row with a year, an identifier or a sentence.
pub fn looks_like_rows(text: &str) -> bool {
    let (first, body, _) = first_line(text);
    let reader = |of: &str| {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator(&first))
            .from_reader(of.as_bytes());
        reader.records().take(ROWS_LOOKED_AT).filter_map(Result::ok).collect::<Vec<StringRecord>>()
    };
    let rows = reader(body);
    let Some(row) = rows.first() else { return false };
    let is_value = |cell: &str| {
        let cell = cell.trim();
        dates::year(cell).is_some() || Doi::parse(cell).is_some() || cell.chars().count() > HEADER_CHARS_MAX
    };
    rows.len() > 1 && row.len() > 2 && rows.iter().all(|r| r.len() == row.len()) && row.iter().any(is_value)
}

/// Returns the header line, the text from it on, and how many lines stand before it: blank ones,
/// `sep=;`, and the headlines that people write above a table.
fn layout(text: &str) -> (String, &str, usize) {
    let first = first_line(text);
    if is_title_row(&first.0) {
        return first;
    }
    let mut rest = text;
    for skipped in 0..HEADLINES_MAX {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if skipped > first.2 && is_title_row(line) {
            return (line.trim_end().to_owned(), rest, skipped);
        }
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    first
}

/// Returns the first line that says something, the text from it on, and the lines before it.
fn first_line(text: &str) -> (String, &str, usize) {
    let mut rest = text;
    let mut skipped = 0;
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if !is_preamble(line) || after.is_empty() {
            return (line.trim_end().to_owned(), rest, skipped);
        }
        rest = after;
        skipped += 1;
    }
}

/// Tells whether a line above the header says nothing: a blank one, or a spreadsheet's hint.
fn is_preamble(line: &str) -> bool {
    line.trim().is_empty() || line.trim().to_lowercase().starts_with("sep=")
}

/// Tells whether a line can only be a header: it names titles and something else, in short cells.
fn is_title_row(line: &str) -> bool {
    let separator = separator(line);
    let columns = header_columns(line, separator);
    let is_short = line.split(char::from(separator)).all(|c| c.trim().chars().count() <= HEADER_CHARS_MAX);
    is_short && columns.contains(&Some(Column::Title)) && columns.iter().flatten().count() > 1
}

/// Returns the sign that parts most cells of the header.
fn separator(header: &str) -> u8 {
    let count = |s: u8| header.bytes().filter(|b| *b == s).count();
    // The first of equals wins, so a header of one column is parted by commas.
    SEPARATORS.into_iter().rev().max_by_key(|s| count(*s)).unwrap_or(b',')
}

/// Returns what each column of a header line fills.
fn header_columns(header: &str, separator: u8) -> Vec<Option<Column>> {
    let mut reader = ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(header.as_bytes());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    columns::columns(row.iter())
}

/// A table whose header is understood.
struct Table<'a> {
    /// The text from the header on.
    body: &'a str,
    separator: u8,
    /// The names of its columns, as they are written.
    titles: StringRecord,
    columns: Vec<Option<Column>>,
    /// How the dates of a column are written, by its place from 0.
    habits: BTreeMap<usize, Habit>,
    /// Lines above the header.
    skipped: usize,
}

impl<'a> Table<'a> {
    /// Looks through a text: its header, and all its dates.
    fn new(text: &'a str) -> Self {
        let (header, body, skipped) = layout(text);
        let separator = separator(&header);
        let mut table = Self {
            body,
            separator,
            titles: StringRecord::new(),
            columns: Vec::new(),
            habits: BTreeMap::new(),
            skipped,
        };
        let mut reader = table.reader();
        table.titles = reader.headers().cloned().unwrap_or_default();
        table.columns = columns::columns(table.titles.iter());
        for row in reader.records().filter_map(Result::ok) {
            for (at, (cell, column)) in row.iter().zip(&table.columns).enumerate() {
                if matches!(column, Some(Column::Published | Column::Entered)) {
                    table.habits.entry(at).or_default().see(cell);
                }
            }
        }
        table
    }

    fn reader(&self) -> csv::Reader<&'a [u8]> {
        ReaderBuilder::new().flexible(true).trim(Trim::All).delimiter(self.separator).from_reader(self.body.as_bytes())
    }

    /// Returns what is to be said of the table as a whole.
    fn problems(&self, text: &str, name: &str) -> Vec<Problem> {
        let place = Place::at(name, self.skipped + 1, 1);
        let mut out = Vec::new();
        let headlines = text.lines().take(self.skipped).filter(|line| !is_preamble(line)).count();
        if headlines > 0 {
            let lines = if headlines == 1 { "one line".to_owned() } else { format!("{headlines} lines") };
            out.push(Problem::note(place.clone(), format!("{lines} above the header of the table were passed over")));
        }
        out.extend(columns::not_understood(self.titles.iter(), &self.columns, place.clone()));
        for (at, habit) in &self.habits {
            let title = shorten(self.titles.get(*at).unwrap_or_default(), SHOWN_CHARS_MAX);
            out.extend(habit.warning(&format!("the column {title:?}"), place.clone()));
        }
        out
    }
}

/// Reads a text and hands its rows to `sink` in their order.
pub fn read(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let table = Table::new(text);
    table.problems(text, name).into_iter().for_each(|problem| sink(Err(problem)));
    let mut seen = BTreeSet::new();
    let mut last_line = 0;
    for (at, row) in table.reader().records().enumerate() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                sink(Err(Problem::error(Place::file(name), format!("row {}: {error}", at + 1))));
                continue;
            }
        };
        last_line = row.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0)) + table.skipped;
        if row.iter().all(str::is_empty) {
            continue;
        }
        let place = Place::at(name, last_line, 1);
        let too_many = row.iter().skip(table.columns.len()).any(|cell| !cell.is_empty());
        if too_many {
            let help = "put cells that hold the separator between quotes";
            let message = "the row has more cells than the header; what is beyond was left out";
            sink(Err(Problem::warning(place.clone(), message).with_help(help)));
        }
        let mut record = record(&row, &table, &place, sink);
        source.clone_into(&mut record.source);
        set_id(&mut record, &mut seen, name, at + 1);
        json_record::hand_on(record, place, sink);
    }
    if table.body.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        let message = "a quoted cell is never closed; rows may have run together";
        sink(Err(Problem::error(Place::at(name, last_line, 1), message).with_help("mend the quotes from this row on")));
    }
}

/// Gives the record an id: its PMID, else its own when no other row has it, else its row number.
fn set_id(record: &mut Record, seen: &mut BTreeSet<String>, name: &str, number: usize) {
    if let Some(pmid) = record.pmid.filter(|_| record.id.is_empty()) {
        record.id = format!("pmid:{pmid}");
    }
    if record.id.is_empty() || !seen.insert(record.id.clone()) {
        record.id = format!("{name}#{number}");
    }
}

/// Returns the record that a row makes.
fn record(row: &StringRecord, table: &Table<'_>, place: &Place, sink: &mut Sink<'_>) -> Record {
    let mut record = Record::default();
    let mut parts = Parts::default();
    for (at, ((cell, column), title)) in row.iter().zip(&table.columns).zip(&table.titles).enumerate() {
        let cell = without_guard(cell);
        let Some(text) = fields::line(cell) else { continue };
        let text = table.habits.get(&at).and_then(|habit| habit.settle(&text)).unwrap_or(text);
        let message = match column {
            None => {
                record.extra.insert(extra_key(title), Value::String(text));
                None
            }
            Some(column) if parts.take(*column, &text) => None,
            Some(column) => set(&mut record, *column, cell, text),
        };
        if let Some(message) = message {
            sink(Err(Problem::warning(place.clone(), shorten(&message, SHOWN_CHARS_MAX * 2))));
        }
    }
    if let Some(message) = parts.finish(&mut record) {
        sink(Err(Problem::warning(place.clone(), shorten(&message, SHOWN_CHARS_MAX * 2))));
    }
    record
}

/// Cells that make a field only together with others.
#[derive(Default)]
struct Parts {
    first_page: String,
    last_page: String,
    article_number: String,
    month: String,
    day: String,
    date: String,
    citation: String,
    accession: String,
}

impl Parts {
    /// Takes a cell of such a column, and tells whether it was one.
    fn take(&mut self, column: Column, text: &str) -> bool {
        let slot = match column {
            Column::FirstPage => &mut self.first_page,
            Column::LastPage => &mut self.last_page,
            Column::ArticleNumber => &mut self.article_number,
            Column::Month => &mut self.month,
            Column::Day => &mut self.day,
            Column::Published => &mut self.date,
            Column::Citation => &mut self.citation,
            Column::Accession => &mut self.accession,
            _ => return false,
        };
        text.clone_into(slot);
        true
    }

    /// Fills the fields; returns a message when a date is none.
    fn finish(self, record: &mut Record) -> Option<String> {
        let range = fields::page_range(&self.first_page, &self.last_page);
        record.pages = record.pages.take().or(range).or_else(|| fields::line(&self.article_number));
        let message = self.set_published(record);
        take_citation(record, &self.citation);
        fields::take_accession(record, fields::line(&self.accession));
        message
    }

    /// Sets the first public day: a date, which may lack its year, or a month and a day.
    fn set_published(&self, record: &mut Record) -> Option<String> {
        let year = record.year.map(|y| y.to_string()).unwrap_or_default();
        if !self.date.is_empty() {
            let with_year = || dates::loose(&format!("{} {year}", self.date)).filter(|d| d.precision() > 1);
            record.published = dates::loose(&self.date).or_else(with_year);
            return if record.published.is_some() { None } else { fields::set_published(record, &self.date) };
        }
        let month = dates::month(&self.month).filter(|_| !self.month.is_empty());
        if let (Some(year), Some(month)) = (record.year, month) {
            record.published = dates::from_parts(year, Some(month), self.day.trim().parse().ok());
        }
        None
    }
}

/// Returns the name under which an unknown column is kept; one that is a field of ours by another
/// spelling gets a mark, so that it cannot be taken for it.
fn extra_key(title: &str) -> String {
    let title = fields::line(title).unwrap_or_else(|| "column".to_owned());
    if json_record::is_field(&title) { format!("{title}_as_given") } else { title }
}

/// Puts a cell into the record; returns a message when it does not fit.
fn set(record: &mut Record, column: Column, cell: &str, text: String) -> Option<String> {
    match column {
        Column::Id => record.id = text,
        Column::Title => record.title = text,
        Column::Abstract => record.abstract_text = fields::paragraphs(cell),
        // Scopus has the names twice, short and full; the full ones carry its own numbers.
        Column::Authors => {
            let found = names::authors(&without_numbers(&text), names::Order::GivenFirst);
            let is_fuller = |new: &[Author], old: &[Author]| given_letters(new) > given_letters(old);
            if record.authors.is_empty() || is_fuller(&found, &record.authors) {
                record.authors = found;
            }
        }
        Column::Source if columns::is_database(&text) => record.database = Some(text),
        Column::Journal | Column::Source => record.journal = Some(text),
        Column::Issn => fields::add_issns(record, &text),
        Column::Volume => record.volume = Some(text),
        Column::Number => record.number = Some(text),
        Column::Pages => record.pages = Some(text),
        Column::Year => return fields::set_year(record, &text),
        Column::Entered => return fields::set_entered(record, &text),
        Column::Language => return fields::add_languages(record, text.split([',', ';'])),
        Column::Doi => return fields::set_doi(record, &text),
        Column::Pmid => return fields::set_pmid(record, &text),
        Column::Pmcid => return fields::set_pmcid(record, &text),
        Column::Url => fields::take_addresses(record, cell),
        Column::Type => {
            for name in list(&text, &[';', '|']) {
                fields::add_once(&mut record.types, json_record::type_name(&name));
            }
        }
        Column::Keywords => {
            let separators: &[char] = if text.contains([';', '|']) { &[';', '|'] } else { &[','] };
            for keyword in list(&text, separators) {
                fields::add_once(&mut record.keywords, keyword);
            }
        }
        Column::Mesh => record.mesh = list(&text, &[';', '|']).iter().filter_map(|t| fields::mesh_heading(t)).collect(),
        Column::Database => record.database = Some(text),
        Column::Notes => fields::take_note(record, cell),
        Column::OpenAccess => match open_access(&text) {
            Some(is_open) => record.open_access = Some(is_open),
            None => {
                record.extra.insert("open_access_as_given".to_owned(), Value::String(text));
            }
        },
        // These make a field only together with others.
        Column::FirstPage
        | Column::LastPage
        | Column::ArticleNumber
        | Column::Month
        | Column::Day
        | Column::Published
        | Column::Citation
        | Column::Accession => {}
    }
    None
}

/// Returns a list of names without the numbers in brackets that Scopus puts behind each.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('(') {
        let (inner, after) = tail.split_once(')').unwrap_or((tail, ""));
        let is_number = inner.len() > 5 && inner.bytes().all(|b| b.is_ascii_digit());
        out.push_str(head);
        if !is_number {
            out.push('(');
            rest = tail;
            continue;
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns how many letters the given names of authors have: of two lists, the fuller has more.
fn given_letters(authors: &[Author]) -> usize {
    authors.iter().filter_map(|a| a.given.as_ref()).map(|g| g.chars().count()).sum()
}

/// Returns what a cell says about open access ("All Open Access; Gold", "yes", "0"), or `None` when
/// that cannot be told.
fn open_access(text: &str) -> Option<bool> {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "yes" | "true" | "1" | "y" => Some(true),
        "no" | "false" | "0" | "n" | "closed" => Some(false),
        _ if ["open access", "gold", "green", "bronze", "hybrid"].iter().any(|word| lower.contains(word)) => Some(true),
        _ => None,
    }
}

/// Returns the parts of a cell that lists several values, each once.
fn list(text: &str, separators: &[char]) -> Vec<String> {
    let mut out = Vec::new();
    for part in text.split(separators).filter_map(fields::line) {
        fields::add_once(&mut out, part);
    }
    out
}

/// Reads volume, issue, pages and dates out of PubMed's citation, for what has no column of its own:
/// `J Example. 2026 Mar;12(2):33-41. doi: 10.5555/x. Epub 2025 Dec 20.`
fn take_citation(record: &mut Record, citation: &str) {
    let Some((_, rest)) = citation.split_once(". ") else { return };
    let (issue, rest) = rest.split_once(". ").unwrap_or((rest.trim_end_matches('.'), ""));
    let (date, numbers) = issue.split_once(';').unwrap_or((issue, ""));
    let online = rest.split_once("Epub ").and_then(|(_, d)| dates::medline(d));
    let printed = dates::medline(date).filter(|_| date.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    record.published = record.published.or(dates::earlier(online, printed));
    let (volume, pages) = numbers.split_once(':').unwrap_or((numbers, ""));
    let (volume, number) = volume.split_once('(').unwrap_or((volume, ""));
    record.volume = record.volume.take().or_else(|| fields::line(volume));
    record.number = record.number.take().or_else(|| fields::line(number.trim_end_matches(')')));
    record.pages = record.pages.take().or_else(|| fields::line(pages));
}

#[cfg(test)]
mod tests {
    use crate::model::{Author, Doi};
    use crate::normalise::{Format, Parsed, read};

    fn parsed(text: &str) -> Parsed {
        read(text.as_bytes(), "t.csv", "inbox")
    }

    #[test]
    fn pubmeds_own_table_gives_whole_records() {
        let got = parsed(
            "\"PMID\",\"Title\",\"Authors\",\"Citation\",\"First Author\",\"Journal/Book\",\"Publication Year\",\"Create Date\",\"PMCID\",\"NIHMS ID\",\"DOI\"\n\
             \"90000301\",\"A title, with a comma\",\"Example ML, Model A.\",\"J Invent. 2026 Mar;12(2):33-41. doi: 10.5555/csv.1. Epub 2025 Dec 20.\",\"Example ML\",\"J Invent\",\"2026\",\"2025/12/22\",\"PMC9000301\",,\"10.5555/csv.1\"\n",
        );
        assert_eq!((got.format, got.records.len(), got.problems.as_slice()), (Format::Csv, 1, [].as_slice()));
        let r = &got.records[0];
        assert_eq!((r.id.as_str(), r.title.as_str()), ("pmid:90000301", "A title, with a comma"));
        assert_eq!(r.authors.iter().map(Author::short_name).collect::<Vec<_>>(), ["Example ML", "Model A"]);
        assert_eq!(
            (r.volume.as_deref(), r.number.as_deref(), r.pages.as_deref()),
            (Some("12"), Some("2"), Some("33-41"))
        );
        assert_eq!((r.year, r.published.map(|d| d.to_string()).as_deref()), (Some(2026), Some("2025-12-20")));
        assert_eq!(r.entered.map(|d| d.to_string()).as_deref(), Some("2025-12-22"));
        assert_eq!(r.extra.get("First Author"), Some(&serde_json::json!("Example ML")));
    }

    #[test]
    fn tables_of_many_kinds_are_read() {
        for (id, text, records, problems) in [
            ("semicolons", "Title;Year;DOI\na;2026;10.5555/1\nb;2025;\n", 2, 0),
            ("tabs and mark", "\u{feff}title\tabstract\na\tb\n", 1, 0),
            ("spreadsheet hint", "sep=;\ntitle;year\na;2026\n", 1, 0),
            ("title alone", "title\na\nb\n", 2, 0),
            ("blank rows", "title,year\n\na,2026\n,\n", 1, 0),
            ("line break in a cell", "title,abstract\na,\"b\n\nc\"\n", 1, 0),
            ("too many cells", "title,year\na,2026,x\n", 1, 1),
            ("no title in a row", "title,doi\n,10.5555/1\n,\n", 1, 1),
            ("bad values", "title,doi,year\na,none,soon\n", 1, 2),
            ("open quote", "title,year\na,2026\n\"b,2025\nc,2024\n", 2, 1),
        ] {
            let got = parsed(text);
            assert_eq!(got.format, Format::Csv, "{id}");
            assert_eq!((got.records.len(), got.problems.len()), (records, problems), "{id}: {:?}", got.problems);
        }
    }

    #[test]
    fn unknown_columns_stay_and_ids_stay_apart() {
        let got = parsed("id,title,label_included,Shelf\n7,a,1,X\n7,b,0,Y\n");
        let ids: Vec<&str> = got.records.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["7", "t.csv#2"]);
        assert_eq!(got.records[0].extra.get("label_included"), Some(&serde_json::json!("1")));
        assert_eq!(got.records[0].extra.get("Shelf"), Some(&serde_json::json!("X")));
        assert_eq!(got.records[0].source, "inbox");
    }

    #[test]
    fn a_journal_is_no_database_and_a_source_may_be_one() {
        for (header, cell, journal, database) in [
            ("journal", "medRxiv", Some("medRxiv"), None),
            ("Source title", "medRxiv", Some("medRxiv"), None),
            ("Source", "PubMed", None, Some("PubMed")),
            ("Source", "Acta Fabricata", Some("Acta Fabricata"), None),
            ("journal,Source", "Acta Fabricata,PubMed", Some("Acta Fabricata"), None),
        ] {
            let got = parsed(&format!("title,year,{header}\na,2026,{cell}\n"));
            let record = &got.records[0];
            assert_eq!(
                (record.journal.as_deref(), record.database.as_deref()),
                (journal, database),
                "{header}: {cell}"
            );
        }
    }

    #[test]
    fn a_doi_column_may_hold_an_address() {
        let got = parsed("title,doi,url\na,https://doi.org/10.5555/X,https://example.org/1\n");
        assert_eq!(got.records[0].doi.as_ref().map(Doi::as_str), Some("10.5555/x"));
        assert_eq!(got.records[0].url.as_deref(), Some("https://example.org/1"));
    }
}
