//! Records out and in again: nothing is lost that the form can hold.

use proptest::prelude::*;
use serde_json::json;

use super::held::{CANNOT, expected, got, holds};
use super::{HOLDING, back, full};
use crate::bibliography::Format;
use crate::bibliography::ris::looks_tagged;
use crate::model::text::clean_line;
use crate::model::{Author, Doi, MeshHeading, PartialDate, Pmcid, Pmid, Record};
use crate::normalise::read;

/// How many records are drawn: each goes through five forms.
const CASES: u32 = 600;

/// A line as our store has it: words of any sign, cleaned.
fn line() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-zA-Z]{1,9}",
        2 => "[\\-'`&%$#_{}~^\\\\<>=+@;,:.()\\[\\]/|*!?\"]{1,3}",
        2 => "[a-zéñüßçøА-я产后مŞ]{1,5}[-'&_{}^~;]{0,2}[A-Z0-9]{0,3}",
        1 => prop_oneof![Just("p<0.05"), Just("R&D"), Just("ER"), Just("-"), Just("and"), Just("PHQ-9"), Just("@article{x,"), Just("\\end{x}")]
            .prop_map(str::to_owned),
    ];
    proptest::collection::vec(word, 1..9)
        .prop_map(|words| clean_line(&words.join(" ")))
        .prop_filter("says something", |t| t.chars().any(char::is_alphanumeric))
}

fn person() -> impl Strategy<Value = Author> {
    let family = ("(van der |de |al-|O'|)", "[A-ZÉŁ][a-zéñüø]{2,8}(-[A-Z][a-z]{2,5}| [B-DF-Z][a-z]{2,5}|)")
        .prop_map(|(p, f)| format!("{p}{f}"));
    // No form tells the initials I, I and I from the third of a name; everybody reads the latter.
    let initials = "[A-Z]{1,3}".prop_filter("not the third of a name", |t| t != "III");
    let given = prop_oneof!["[A-Z][a-zé]{2,7}", "[A-Z]\\.( [A-Z]\\.)?", initials, "[A-Z][a-z]{2,6} [A-Z]\\."];
    let suffix = proptest::option::weighted(0.1, prop_oneof![Just("Jr".to_owned()), Just("III".to_owned())]);
    prop_oneof![
        9 => (family, given, suffix).prop_map(|(f, g, suffix)| Author { suffix, ..Author::person(f, g) }),
        1 => "[A-Z][a-z]{3,8}".prop_map(|f| Author::person(f, "")),
    ]
}

fn group() -> impl Strategy<Value = Author> {
    prop_oneof![
        Just("World Bank"),
        Just("UNICEF"),
        Just("Ministry of Health, Kenya"),
        Just("Care & Cure Group"),
        Just("Research and Care, Group, and Others"),
        Just("{Braces} and more"),
        Just("The Example Study"),
    ]
    .prop_map(Author::group)
}

fn dates() -> impl Strategy<Value = (Option<i16>, Option<PartialDate>)> {
    let date = (-3_i16..=1, 1_i8..=12, 1_i8..=28, 1_u8..=3);
    (proptest::option::weighted(0.9, 1990_i16..2026), proptest::option::weighted(0.8, date)).prop_map(|(year, date)| {
        let published = date.and_then(|(off, month, day, parts)| {
            PartialDate::new(year.unwrap_or(2020) + off, (parts > 1).then_some(month), (parts > 2).then_some(day))
        });
        (year, published)
    })
}

fn numbers() -> impl Strategy<Value = (Option<String>, Option<String>, Option<String>)> {
    let pages = prop_oneof![
        "[1-9][0-9]{0,3}",
        "[1-4][0-9]{2}-[5-9][0-9]{2}",
        "e[0-9]{2,6}",
        "S[1-4]-S[5-9]",
        Just("1123-31".to_owned()),
        Just("12, 14-15".to_owned())
    ];
    (
        proptest::option::of("[0-9]{1,3}( Suppl [0-9])?"),
        proptest::option::of("[0-9]{1,2}(-[0-9])?"),
        proptest::option::of(pages),
    )
}

fn names() -> impl Strategy<Value = (Option<Doi>, Option<Pmid>, Option<Pmcid>, Option<String>)> {
    (
        proptest::option::of("10\\.5555/[a-z0-9._()<>;{}-]{2,12}[a-z0-9]"),
        proptest::option::of(90_000_001_u32..99_999_999),
        proptest::option::of(9_000_000_u32..9_999_999),
        proptest::option::of(
            "https://example\\.org/[a-z0-9_~%;-]{1,9}[a-z](\\?[a-z]=[a-z0-9&_]{1,5}[a-z])?(#[a-z]{1,3})?",
        ),
    )
        .prop_map(|(doi, pmid, pmcid, url)| {
            (
                doi.and_then(|d| Doi::parse(&d)),
                pmid.and_then(|p| Pmid::parse(&p.to_string())),
                pmcid.and_then(|p| Pmcid::parse(&format!("PMC{p}"))),
                url.map(|u| u.replace('%', "%20")),
            )
        })
}

/// Keywords, headings, types, languages and numbers of journals.
type Lists = (Vec<String>, Vec<MeshHeading>, Vec<String>, Vec<String>, Vec<String>);

fn lists() -> impl Strategy<Value = Lists> {
    let keyword = line().prop_filter("no star of MEDLINE, no sign at either end", |t| {
        t.starts_with(char::is_alphanumeric) && t.ends_with(char::is_alphanumeric)
    });
    let heading = ("[A-Z][a-z]{3,8}(, [A-Z][a-z]{3,8})?", any::<bool>(), proptest::collection::vec("[a-z]{3,8}", 0..2))
        .prop_map(|(name, major, qualifiers)| MeshHeading { name, ui: None, major, qualifiers });
    let types = proptest::sample::subsequence(
        vec![
            "Journal Article",
            "Randomized Controlled Trial",
            "Preprint",
            "Review",
            "Research Support, Non-U.S. Gov't",
        ],
        0..4,
    );
    let languages = proptest::sample::subsequence(vec!["en", "fr", "es", "pt", "sw"], 0..3);
    let issns = proptest::sample::subsequence(vec!["1234-5679", "1234-567X", "2049-3630"], 0..3);
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<_>>();
    (proptest::collection::vec(keyword, 0..4), proptest::collection::vec(heading, 0..3), types, languages, issns)
        .prop_map(move |(keywords, mesh, types, languages, issns)| {
            (keywords, mesh, owned(types), owned(languages), owned(issns))
        })
}

fn record() -> impl Strategy<Value = Record> {
    let authors = proptest::collection::vec(prop_oneof![5 => person(), 1 => group()], 0..6);
    let texts = (
        line(),
        proptest::option::of(line()),
        proptest::collection::vec(line(), 0..4),
        proptest::option::of("[a-z]{2,9}"),
    );
    (texts, authors, dates(), numbers(), names(), lists()).prop_map(|(texts, authors, dates, numbers, names, lists)| {
        let (title, journal, paragraphs, label) = texts;
        let mut record = Record { title, authors, journal, ..Record::default() };
        let paragraphs: Vec<String> = paragraphs.into_iter().filter(|p| !looks_tagged(p)).collect();
        record.abstract_text = (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"));
        (record.year, record.published) = dates;
        (record.volume, record.number, record.pages) = numbers;
        (record.doi, record.pmid, record.pmcid, record.url) = names;
        (record.keywords, record.mesh, record.types, record.language, record.issn) = lists;
        record.extra.extend(label.map(|l| ("ris_U1".to_owned(), json!([l]))));
        record
    })
}

/// Compares a record with what came back of it.
fn check(format: Format, text: &str, wrote: &Record, read: &Record) -> Result<(), TestCaseError> {
    prop_assert_eq!(expected(format, wrote), got(format, read), "{:?}\n{}", format, text);
    if holds(format, "types") {
        let lost: Vec<&String> = wrote.types.iter().filter(|t| !read.types.contains(t)).collect();
        prop_assert!(lost.is_empty(), "{:?}: {:?} lost\n{}", format, lost, text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(records in proptest::collection::vec(record(), 1..4)) {
        for format in HOLDING {
            let (text, parsed) = back(format, &records);
            prop_assert_eq!(parsed.records.len(), records.len(), "{:?} {:?}\n{}", format, parsed.problems, text);
            prop_assert_eq!(&parsed.problems, &Vec::new(), "{:?}\n{}", format, text);
            for (wrote, read) in records.iter().zip(&parsed.records) {
                check(format, &text, wrote, read)?;
            }
        }
    }
}

#[test]
fn a_full_record_comes_back() {
    for format in HOLDING {
        let (text, parsed) = back(format, &[full()]);
        assert!(parsed.problems.is_empty(), "{format:?}: {:?}", parsed.problems);
        check(format, &text, &full(), &parsed.records[0]).unwrap();
    }
}

#[test]
fn the_journal_of_a_preprint_stays_one_in_our_table() {
    let (_, read) = back(Format::Csv, &[Record { journal: Some("medRxiv".to_owned()), ..full() }]);
    assert_eq!((read.records[0].journal.as_deref(), read.records[0].database.as_deref()), (Some("medRxiv"), None));
}

#[test]
fn what_a_form_cannot_hold_has_a_reason() {
    for (format, field, why) in CANNOT {
        assert!(HOLDING.contains(format) && !field.is_empty() && why.len() > 5);
    }
}

/// How the table of `docs/search.md` calls the fields of [`CANNOT`].
const SAID: &[(&str, &str)] = &[
    ("mesh", "MeSH headings"),
    ("types", "publication types"),
    ("tags", "tags in the abstract"),
    ("paragraphs", "paragraphs"),
    ("online", "electronic publication"),
    ("kept", "tags of RIS"),
    ("pages", "pages"),
    ("separators", "separators"),
];

#[test]
fn the_page_tells_what_a_form_cannot_hold() {
    let page = include_str!("../../../docs/search.md");
    let table = page.split("## What each form cannot hold").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    let wanted: Vec<String> = CANNOT
        .iter()
        .map(|(format, field, _)| {
            let name = match format {
                Format::Ris => "RIS",
                Format::Bibtex => "BibTeX",
                Format::Nbib => "nbib",
                Format::Csv => "CSV",
                other => panic!("{other:?} holds all, says the page"),
            };
            let said = SAID.iter().find(|(known, _)| known == field).unwrap().1;
            format!("| {name} | {said} | ")
        })
        .collect();
    assert_eq!(rows.len(), wanted.len());
    for (row, want) in rows.iter().zip(&wanted) {
        assert!(row.starts_with(want), "{row} is not about {want}");
    }
}

/// Files in the very forms that Zotero exports, invented.
const ZOTERO: &[(&str, Format, &str)] = &[
    ("zotero.ris", Format::Ris, include_str!("../../../tests/fixtures/bibliography/zotero.ris")),
    ("zotero.bib", Format::Bibtex, include_str!("../../../tests/fixtures/bibliography/zotero.bib")),
    ("zotero.json", Format::Csl, include_str!("../../../tests/fixtures/bibliography/zotero.json")),
];

#[test]
fn what_zotero_exports_goes_round() {
    for (name, format, text) in ZOTERO {
        let first = read(text.as_bytes(), name, "inbox");
        assert!(first.problems.is_empty() && first.records.len() > 2, "{name}: {:?}", first.problems);
        let (out, second) = back(*format, &first.records);
        assert_eq!(second.records.len(), first.records.len(), "{name}: {:?}\n{out}", second.problems);
        for (wrote, read) in first.records.iter().zip(&second.records) {
            check(*format, &out, wrote, read).unwrap();
            assert!(wrote.types.is_empty() || wrote.types == read.types, "{name}: {:?}", read.types);
        }
        // And from then on nothing moves at all.
        assert_eq!(back(*format, &second.records).0, out, "{name}");
    }
}

#[test]
fn initials_that_look_like_a_suffix_stay_initials() {
    let mut wrong = Vec::new();
    for given in ["I", "II", "III", "IV", "V", "JR", "SR", "I V"] {
        for suffix in [None, Some("Jr"), Some("III")] {
            if (given, suffix) == ("III", None) {
                continue;
            }
            let author = Author { suffix: suffix.map(str::to_owned), ..Author::person("van der Łañ-Aaa", given) };
            for format in HOLDING {
                let record = Record { title: "a".into(), authors: vec![author.clone()], ..Record::default() };
                let (text, parsed) = back(format, std::slice::from_ref(&record));
                let (want, found) = (expected(format, &record), got(format, &parsed.records[0]));
                if want != found {
                    wrong.push(format!("{format:?} {given} {suffix:?}: {:?}\n{text}", parsed.records[0].authors));
                }
            }
        }
    }
    assert_eq!(wrong.concat(), "");
}
