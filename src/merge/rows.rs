//! Two records field by field, as a person compares them: what each says, and how that agrees.
//!
//! What is told here explains no verdict of the rules; it lays out the facts for whoever decides.

use std::collections::BTreeSet;

use super::bib::{Field, Pages, first_number};
use super::journal::Journal;
use super::names;
use crate::model::{Author, CanonicalUrl, Doi, PartialDate, Record, text};

/// How the two sides of a row agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// Both say the same, at most in another spelling.
    Same,
    /// Both say nearly the same.
    Alike,
    /// They contradict each other.
    Differs,
    /// Only one says it, or the two cannot be compared.
    Open,
}

/// One field of two records.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Row {
    /// Name of the field in plain words, in lower case: `title`, `volume/pages`.
    pub label: &'static str,
    /// What the first record says; empty when nothing.
    pub a: String,
    /// What the second record says; empty when nothing.
    pub b: String,
    /// How they agree.
    pub agreement: Agreement,
}

/// Authors that are named; the others are counted.
const AUTHORS_SHOWN: usize = 3;
/// Characters of an abstract that are shown: enough to know it again.
const ABSTRACT_CHARS: usize = 240;
/// Characters of titles that are compared letter by letter; longer ones are compared in their beginning.
const TITLE_CHARS_MAX: usize = 400;
/// Agreement of letters (0.0–1.0) from which two titles are alike.
const TITLE_LIKENESS_MIN: f64 = 0.8;
/// Part of the words of the shorter abstract (0.0–1.0) that must stand in the other for them to be alike.
const SHARED_WORDS_MIN: f64 = 0.6;
/// Words that a beginning needs before it can stand for the whole text.
const BEGINNING_WORDS_MIN: usize = 8;
/// Years apart at which print and online dates of one paper still stand.
const YEARS_APART: u16 = 1;
/// Days apart at which they still stand.
const DAYS_APART: i64 = 92;

/// Returns the fields of two records in a fixed order: title, authors, journal, year, day, volume and
/// pages, DOI, PMID, kind, language, address, abstract. A field that neither fills is left out;
/// kind, language and address come only where they can tell something.
pub fn rows(a: &Record, b: &Record) -> Vec<Row> {
    let year = |r: &Record| r.citation_year();
    let all = [
        row("title", a.title.clone(), b.title.clone(), |_, _| titles(&a.title, &b.title)),
        row("authors", authors(&a.authors), authors(&b.authors), |_, _| people(&a.authors, &b.authors)),
        row("journal", or_empty(a.journal.as_deref()), or_empty(b.journal.as_deref()), |a, b| {
            of_field(Journal::of(a).agree(&Journal::of(b)))
        }),
        row("year", number(year(a)), number(year(b)), |_, _| match (year(a), year(b)) {
            (Some(a), Some(b)) if a == b => Agreement::Same,
            (Some(a), Some(b)) if a.abs_diff(b) <= YEARS_APART => Agreement::Alike,
            _ => Agreement::Differs,
        }),
        row("published", number(a.published), number(b.published), |_, _| days(a.published, b.published)),
        row("volume/pages", place(a), place(b), |_, _| places(a, b)),
        row("DOI", doi(a), doi(b), equal),
        row("PMID", number(a.pmid), number(b.pmid), equal),
        row("kind", kinds(a).join(", "), kinds(b).join(", "), |_, _| overlap(&kinds(a), &kinds(b))),
        row("language", a.language.join(", "), b.language.join(", "), equal),
        row("address", address(a), address(b), |a, b| of_field(same_address(a, b))),
        row("abstract", beginning(a), beginning(b), |_, _| {
            abstracts(&or_empty(a.abstract_text.as_deref()), &or_empty(b.abstract_text.as_deref()))
        }),
    ];
    let is_told = |r: &Row| match r.label {
        // English beside English is what everyone expects; so is the address beside a DOI or PMID.
        "language" => [&r.a, &r.b].iter().any(|l| !l.is_empty() && *l != "en"),
        "address" => [a, b].iter().any(|r| r.doi.is_none() && r.pmid.is_none()),
        _ => true,
    };
    all.into_iter().filter(|r| !(r.a.is_empty() && r.b.is_empty()) && is_told(r)).collect()
}

/// Returns a row; what only one side says is open, and otherwise `compare` decides.
fn row(label: &'static str, a: String, b: String, compare: impl Fn(&str, &str) -> Agreement) -> Row {
    let agreement = if a.is_empty() || b.is_empty() { Agreement::Open } else { compare(&a, &b) };
    Row { label, a, b, agreement }
}

fn or_empty(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// Returns a number or a day as it is shown; empty for none.
fn number(value: Option<impl ToString>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

fn equal(a: &str, b: &str) -> Agreement {
    if a == b { Agreement::Same } else { Agreement::Differs }
}

/// Returns what the agreement of the rules means for a person.
fn of_field(field: Field) -> Agreement {
    match field {
        Field::Agree => Agreement::Same,
        Field::Close => Agreement::Alike,
        Field::Unknown => Agreement::Open,
        Field::Conflict => Agreement::Differs,
    }
}

/// Returns the first names of a list, and how many more there are: "Example A, Sample B + 9 more".
fn authors(all: &[Author]) -> String {
    let shown: Vec<String> = all.iter().take(AUTHORS_SHOWN).map(Author::short_name).filter(|n| !n.is_empty()).collect();
    let more = all.len().saturating_sub(AUTHORS_SHOWN);
    let tail = if more > 0 { format!(" + {more} more") } else { String::new() };
    format!("{}{tail}", shown.join(", "))
}

/// Returns how two lists of authors agree; lists of different length are never quite the same.
fn people(a: &[Author], b: &[Author]) -> Agreement {
    match of_field(names::agree(&names::names(a), &names::names(b))) {
        Agreement::Same if a.len() != b.len() => Agreement::Alike,
        other => other,
    }
}

/// Returns how two days agree: those of print and of the net lie some weeks apart.
fn days(a: Option<PartialDate>, b: Option<PartialDate>) -> Agreement {
    let (Some(a), Some(b)) = (a, b) else { return Agreement::Open };
    let apart = a.first_day().duration_until(b.first_day()).as_hours().abs() / 24;
    match apart {
        _ if a == b => Agreement::Same,
        days if days <= DAYS_APART => Agreement::Alike,
        _ => Agreement::Differs,
    }
}

/// Returns volume, issue and pages as they are cited: `12(3): 45-67`.
fn place(record: &Record) -> String {
    let volume = or_empty(record.volume.as_deref());
    let number = record.number.as_deref().filter(|n| !n.is_empty()).map(|n| format!("({n})")).unwrap_or_default();
    let head = format!("{volume}{number}");
    let pages = or_empty(record.pages.as_deref());
    [head, pages].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(": ")
}

/// Returns how two places in a journal agree: one contradiction is enough, one agreement too.
fn places(a: &Record, b: &Record) -> Agreement {
    let pages = |r: &Record| Pages::of(r.pages.as_deref().unwrap_or_default());
    let volume = |r: &Record| r.volume.as_deref().and_then(|v| first_number(v, r.year));
    let found = [Field::of(volume(a).as_ref(), volume(b).as_ref()), pages(a).agree(&pages(b))];
    [Field::Conflict, Field::Close, Field::Agree]
        .into_iter()
        .find(|field| found.contains(field))
        .map_or(Agreement::Open, of_field)
}

fn doi(record: &Record) -> String {
    record.doi.as_ref().map(Doi::to_string).unwrap_or_default()
}

/// Returns the address of a record's own page.
fn address(record: &Record) -> String {
    or_empty(record.url.as_deref())
}

/// Returns how two addresses agree; two addresses of one paper are no contradiction.
fn same_address(a: &str, b: &str) -> Field {
    match (CanonicalUrl::parse(a), CanonicalUrl::parse(b)) {
        (Some(a), Some(b)) if a == b => Field::Agree,
        _ => Field::Unknown,
    }
}

/// Returns the publication types that tell something; "Journal Article" and who paid do not.
fn kinds(record: &Record) -> Vec<&str> {
    let tells = |t: &&str| !t.eq_ignore_ascii_case("Journal Article") && !t.starts_with("Research Support");
    record.types.iter().map(String::as_str).filter(tells).collect()
}

fn overlap(a: &[&str], b: &[&str]) -> Agreement {
    let folded = |all: &[&str]| all.iter().map(|t| text::fold(t)).collect::<BTreeSet<_>>();
    let (a, b) = (folded(a), folded(b));
    match a.intersection(&b).count() {
        n if n == a.len().max(b.len()) => Agreement::Same,
        0 => Agreement::Differs,
        _ => Agreement::Alike,
    }
}

/// Returns how two titles agree; a title with another number is another title.
fn titles(a: &str, b: &str) -> Agreement {
    let (a, b) = (text::words(a), text::words(b));
    if a == b {
        return Agreement::Same;
    }
    let numbers = |words: &[String]| -> Vec<String> {
        words.iter().filter(|w| w.chars().any(char::is_numeric)).cloned().collect()
    };
    let joined = |words: &[String]| words.join(" ").chars().take(TITLE_CHARS_MAX).collect::<String>();
    let is_near = strsim::normalized_damerau_levenshtein(&joined(&a), &joined(&b)) >= TITLE_LIKENESS_MIN;
    if numbers(&a) == numbers(&b) && (is_near || is_beginning(&a, &b)) { Agreement::Alike } else { Agreement::Differs }
}

/// Tells whether one text begins the other and is long enough to stand for it.
fn is_beginning(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() >= BEGINNING_WORDS_MIN && long.starts_with(short)
}

fn beginning(record: &Record) -> String {
    let line = text::clean_line(record.abstract_text.as_deref().unwrap_or_default());
    text::shorten(&line, ABSTRACT_CHARS)
}

/// Returns how two abstracts agree: feeds cut them, so the beginning of one is the same text.
fn abstracts(a: &str, b: &str) -> Agreement {
    let (a, b) = (text::words(a), text::words(b));
    if a == b || is_beginning(&a, &b) {
        return Agreement::Same;
    }
    let sets: [BTreeSet<&String>; 2] = [a.iter().collect(), b.iter().collect()];
    let [a, b] = &sets;
    let shared = a.intersection(b).count();
    let shorter = a.len().min(b.len());
    let part = f64::from(u32::try_from(shared).unwrap_or(u32::MAX))
        / f64::from(u32::try_from(shorter).unwrap_or(u32::MAX)).max(1.0);
    if part >= SHARED_WORDS_MIN { Agreement::Alike } else { Agreement::Differs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pmid;

    fn full() -> Record {
        Record {
            title: "Walking groups for new mothers: a trial".into(),
            authors: ["Example", "Sample", "Third", "Fourth"].iter().map(|f| Author::person(*f, "Ann")).collect(),
            journal: Some("Journal of Invented Health".into()),
            volume: Some("12".into()),
            number: Some("3".into()),
            pages: Some("482-91".into()),
            year: Some(2026),
            published: PartialDate::parse("2026-10-03"),
            doi: Doi::parse("10.5555/rows.1"),
            pmid: Pmid::parse("90000001"),
            abstract_text: Some("Background: women who walked together every week had lower scores.".into()),
            ..Record::default()
        }
    }

    /// Returns the rows of two records as `label sign a | b`.
    fn shown(a: &Record, b: &Record) -> Vec<String> {
        let sign = |l| match l {
            Agreement::Same => "=",
            Agreement::Alike => "~",
            Agreement::Differs => "!",
            Agreement::Open => "?",
        };
        rows(a, b).iter().map(|r| format!("{} {} {} | {}", r.label, sign(r.agreement), r.a, r.b)).collect()
    }

    #[test]
    fn every_field_is_told_once_and_compared() {
        let other = Record {
            title: "Walking groups for new mothers a trial.".into(),
            authors: vec![Author::person("Example", "A")],
            journal: Some("J Invent Health".into()),
            pages: Some("482-491".into()),
            volume: Some("13".into()),
            year: Some(2025),
            url: Some("https://example.org/1".into()),
            language: vec!["sw".into()],
            types: vec!["Comment".into()],
            abstract_text: Some("Background: women who walked together every week had".into()),
            ..Record::default()
        };
        insta::assert_snapshot!(shown(&full(), &other).join("\n"), @"
        title = Walking groups for new mothers: a trial | Walking groups for new mothers a trial.
        authors ~ Example A, Sample A, Third A + 1 more | Example A
        journal = Journal of Invented Health | J Invent Health
        year ~ 2026 | 2025
        published ? 2026-10-03 | 
        volume/pages ! 12(3): 482-91 | 13: 482-491
        DOI ? 10.5555/rows.1 | 
        PMID ? 90000001 | 
        kind ?  | Comment
        language ?  | sw
        address ?  | https://example.org/1
        abstract = Background: women who walked together every week had lower scores. | Background: women who walked together every week had
        ");
    }

    #[test]
    fn the_cases_that_mislead() {
        let titled = |title: &str| Record { title: title.into(), ..Record::default() };
        for (id, a, b, want) in [
            ("part", "Sleep of mothers: part 1", "Sleep of mothers: part 2", Agreement::Differs),
            ("typo", "Sleep of mothers in Kenya", "Sleep of mother in Kenya", Agreement::Alike),
            ("other", "Sleep of mothers in Kenya", "Food of infants in Peru", Agreement::Differs),
            ("none", "Sleep", "", Agreement::Open),
        ] {
            assert_eq!(rows(&titled(a), &titled(b)).first().map(|r| r.agreement), Some(want), "{id}");
        }
        assert_eq!(rows(&Record::default(), &Record::default()), []);
        assert!(rows(&full(), &full()).iter().all(|r| r.agreement == Agreement::Same));
    }
}
