//! Whole answers through [`crate::normalise::read`]: fields, forms of documents, damage.

use serde_json::{Value, json};

use crate::model::{Pmid, Severity};
use crate::normalise::{Format, Parsed, each_pubmed_from, read};

mod fields;

/// An answer with two articles, a book and a deletion list, invented.
const SET: &str = include_str!("../../../tests/fixtures/intake/set.xml");

/// The smallest set with an article, a book and a deletion, for tests that damage every byte.
const SMALL: &str = "<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n\
<PubmedArticle><MedlineCitation Owner=\"NLM\"><PMID Version=\"1\">90000501</PMID><Article><ArticleTitle>Zo\u{eb} &amp; <i>x</i></ArticleTitle></Article></MedlineCitation></PubmedArticle>\n\
<PubmedBookArticle><BookDocument><PMID>90000502</PMID><Book><BookTitle>B</BookTitle></Book></BookDocument></PubmedBookArticle>\n\
<PubmedArticle><MedlineCitation><PMID>90000503</PMID></MedlineCitation><!-- c --><PubmedData/></PubmedArticle>\n\
<DeleteCitation><PMID>90000504</PMID></DeleteCitation>\n</PubmedArticleSet>\n";

fn parsed(xml: &str) -> Parsed {
    read(xml.as_bytes(), "set.xml", "pubmed")
}

/// Returns the PMIDs of records, then of deletions, in order.
fn pmids(parsed: &Parsed) -> Vec<u32> {
    let records = parsed.records.iter().filter_map(|r| r.pmid);
    records.chain(parsed.deleted.iter().copied()).map(Pmid::number).collect()
}

/// Returns the problems as a person sees them, without help.
fn messages(parsed: &Parsed) -> Vec<String> {
    parsed.problems.iter().map(|p| format!("{}: {}", p.place, p.message)).collect()
}

#[test]
fn every_field_of_an_article_comes_through() {
    let got = parsed(SET);
    assert_eq!((got.format, got.problems.as_slice()), (Format::PubmedXml, [].as_slice()));
    assert_eq!(pmids(&got), [90_000_401, 90_000_402, 90_000_403, 90_000_404, 90_000_405]);
    let want = json!({
        "id": "pmid:90000401", "source": "pubmed",
        "title": "Effect of CO2 & group care on depression (p < 0.05): an invented trial.",
        "abstract": "BACKGROUND: Care matters.\n\nFINDINGS: It was x=2.",
        "sections": [
            {"label": "BACKGROUND", "category": "BACKGROUND", "text": "Care matters."},
            {"label": "FINDINGS", "category": "RESULTS", "text": "It was x=2."},
        ],
        "authors": [
            {"family": "Example", "given": "Maria Luz", "suffix": "Jr", "orcid": "0000-0001-2345-678X", "affiliation": "First Institute.; Second Institute."},
            {"family": "Sukarno"},
            {"collective": "The Example Group"},
        ],
        "journal": "Journal of invented health", "issn": ["1234-5679", "1234-5687"],
        "volume": "12", "number": "2", "pages": "33-41",
        "year": 2026, "published": "2025-12-20", "entered": "2025-12-21", "language": ["en", "es"],
        "doi": "10.5555/xml.401", "pmid": "90000401", "pmcid": "PMC9000401",
        "type": ["Journal Article", "Randomized Controlled Trial"],
        "mesh": [
            {"name": "Depression, Postpartum", "ui": "D019052", "major": true, "qualifiers": ["prevention & control"]},
            {"name": "Female", "ui": "D005260"},
        ],
        "keywords": ["group care"],
        "relations": [
            {"kind": "erratum-in", "pmid": "90000409", "doi": "10.5555/xml.409", "note": "J Invent Health. 2026;12(3):99. doi: 10.5555/xml.409."},
            {"kind": "retraction-in", "note": "J Invent Health. 2027;13(1):1"},
        ],
        "open_access": true,
    });
    assert_eq!(serde_json::to_value(&got.records[0]).expect("writes"), want);
}

#[test]
fn what_is_missing_is_taken_from_its_second_place() {
    let got = parsed(SET);
    let want = json!({
        "id": "pmid:90000402", "source": "pubmed",
        "title": "Naslov bez prijevoda.", "title_vernacular": "Naslov bez prijevoda.",
        "abstract": "An English abstract from elsewhere.",
        "authors": [{"family": "Model", "given": "Ana", "affiliation": "Old Institute."}],
        "journal": "Rev Invent", "year": 1998, "published": "1998-12", "language": ["hr"],
        "doi": "10.5555/xml.402", "pmid": "90000402", "pmcid": "PMC9000402",
    });
    assert_eq!(serde_json::to_value(&got.records[1]).expect("writes"), want);
}

#[test]
fn a_part_of_a_book_names_its_book() {
    let got = parsed(SET);
    let want = json!({
        "id": "pmid:90000403", "source": "pubmed", "title": "Sleep after birth",
        "abstract": "One text without a label.",
        "authors": [{"family": "Third", "given": "Bo"}], "journal": "A book of invented reviews",
        "year": 2025, "published": "2025-02", "entered": "2025-03-01", "language": ["en"],
        "doi": "10.5555/book.403", "pmid": "90000403", "type": ["Book", "Review"], "keywords": ["sleep"],
    });
    assert_eq!(serde_json::to_value(&got.records[2]).expect("writes"), want);
}

#[test]
fn every_form_of_document_is_taken() {
    let article = "<PubmedArticle><MedlineCitation><PMID>90000501</PMID></MedlineCitation></PubmedArticle>";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(SMALL.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin = SMALL.replace("version=\"1.0\"", "version=\"1.0\" encoding=\"ISO-8859-1\"").replace('ë', "@");
    let latin: Vec<u8> = latin.bytes().map(|b| if b == b'@' { 0xeb } else { b }).collect();
    for (id, bytes, records, deleted, problems) in [
        ("glued", format!("{SMALL}{SMALL}").into_bytes(), 6, 2, 0),
        ("a record as the root", article.as_bytes().to_vec(), 1, 0, 0),
        ("twice is twice", format!("<PubmedArticleSet>{article}{article}</PubmedArticleSet>").into_bytes(), 2, 0, 0),
        ("byte order mark", format!("\u{feff}{SMALL}").into_bytes(), 3, 1, 0),
        ("utf-16", utf16, 3, 1, 1),
        ("declared latin", latin, 3, 1, 1),
        ("empty set", b"<PubmedArticleSet></PubmedArticleSet>".to_vec(), 0, 0, 0),
        ("empty record", b"<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>".to_vec(), 0, 0, 1),
        ("deletions alone", b"<DeleteCitation><PMID>90000501</PMID><PMID>x</PMID></DeleteCitation>".to_vec(), 0, 1, 1),
        (
            "commented out",
            format!("<PubmedArticleSet><!--{article}-->{article}</PubmedArticleSet>").into_bytes(),
            1,
            0,
            0,
        ),
    ] {
        let got = read(&bytes, "set.xml", "pubmed");
        assert_eq!(got.format, Format::PubmedXml, "{id}");
        assert_eq!((got.records.len(), got.deleted.len(), got.problems.len()), (records, deleted, problems), "{id}");
        if records > 1 && id != "twice is twice" {
            assert_eq!(got.records[0].title, "Zoë & x", "{id}");
        }
    }
}

#[test]
fn damage_is_named_with_its_place() {
    for (id, from, to, want) in [
        (
            "crossed",
            "</i></ArticleTitle>",
            "</ArticleTitle></i>",
            "set.xml:3:115: the record of PMID 90000501 is not well-formed",
        ),
        ("no end", "</PubmedBookArticle>", "", "set.xml:4:1: the record of PMID 90000502 is cut off"),
        ("no beginning", "<PubmedBookArticle>", "", "set.xml:4:88: a record ends here whose beginning is missing"),
        ("no end of the set", "</PubmedArticleSet>", "", "set.xml:8:1: the file ends before its set"),
        ("open comment", "<!-- c -->", "<!-- c", "set.xml:5:"),
    ] {
        assert!(SMALL.contains(from), "{id}");
        let got = parsed(&SMALL.replacen(from, to, 1));
        let told = messages(&got);
        assert_eq!(told.len(), 1, "{id}: {told:?}");
        assert!(told[0].starts_with(want), "{id}: {told:?}");
        assert_eq!(got.problems[0].severity, Severity::Error, "{id}");
    }
}

#[test]
fn a_cut_anywhere_keeps_every_whole_record() {
    let bytes = SMALL.as_bytes();
    let whole = parsed(SMALL);
    let ends: Vec<usize> = ["</PubmedArticle>", "</PubmedBookArticle>", "</DeleteCitation>"]
        .iter()
        .flat_map(|tag| SMALL.match_indices(tag).map(|(at, _)| at + tag.len()))
        .collect();
    for cut in 0..bytes.len() {
        let got = read(&bytes[..cut], "set.xml", "pubmed");
        let expected = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(got.records.len() + got.deleted.len(), expected, "cut at {cut}");
        assert_eq!(got.records.as_slice(), &whole.records[..got.records.len()], "cut at {cut}");
        let is_told = !got.problems.is_empty() || cut >= SMALL.trim_end().len();
        assert!(is_told, "cut at {cut} is not told");
    }
}

#[test]
fn a_damaged_byte_costs_one_record_at_most() {
    let whole = parsed(SMALL);
    for at in 0..SMALL.len() {
        for damage in [0x01_u8, 0x20, 0x80] {
            let mut bytes = SMALL.as_bytes().to_vec();
            bytes[at] ^= damage;
            let got = read(&bytes, "set.xml", "pubmed");
            if got.format != Format::PubmedXml {
                assert!(at < 60, "damage {damage:#x} at {at} hides what it is");
                continue;
            }
            let kept = whole.records.iter().filter(|r| got.records.contains(r)).count() + got.deleted.len();
            assert!(kept >= 3, "damage {damage:#x} at {at} costs {}", 4 - kept);
        }
    }
}

#[test]
fn records_are_found_across_the_borders_of_chunks() {
    let record = |n: usize| {
        let pad = "x".repeat(n % 97);
        format!(
            "<PubmedArticle>\n<MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>{pad}</ArticleTitle></Article></MedlineCitation>\n<!-- {pad} --></PubmedArticle>\n",
            91_000_000 + n
        )
    };
    let count = 4_000;
    let mut xml = "<PubmedArticleSet>\n".to_owned();
    xml.extend((0..count).map(record));
    xml.push_str("<PubmedArticle><bad></PubmedArticle>\n</PubmedArticleSet>");
    assert!(xml.len() > 600_000, "spans several chunks");
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    each_pubmed_from(xml.as_bytes(), "set.xml", "pubmed", &mut |entry| match entry {
        Ok(crate::normalise::Entry::Record(r)) => found.extend(r.pmid.map(Pmid::number)),
        Ok(_) => {}
        Err(problem) => problems.push(problem),
    });
    let want: Vec<u32> = (91_000_000..).take(count).collect();
    assert_eq!(found, want);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].place.line, 2 + 3 * count);
}

#[test]
fn a_file_full_of_open_comments_is_read_in_time() {
    let xml = format!("<PubmedArticleSet>{}", "<!-- <PubmedArticle> ".repeat(20_000));
    let got = parsed(&xml);
    assert_eq!(got.records.len(), 0);
    assert!(!got.problems.is_empty());
}

#[test]
fn a_value_that_fits_no_field_is_told_and_kept() {
    let xml = SMALL.replacen("<Article>", "<Article><ELocationID EIdType=\"doi\">see text</ELocationID>", 1);
    let got = parsed(&xml);
    assert_eq!(got.records.len(), 3);
    assert_eq!(got.records[0].extra.get("doi_as_given"), Some(&Value::String("see text".to_owned())));
    assert_eq!(messages(&got), ["set.xml:3:1: pmid:90000501: \"see text\" is no DOI; it is kept as doi_as_given"]);
}

#[test]
fn a_record_whose_number_is_damaged_still_has_an_id() {
    let got = parsed(&SMALL.replacen("90000501", "9000$501", 1));
    assert_eq!((got.records[0].id.as_str(), got.records[0].pmid), ("set.xml#1", None));
    assert_eq!(got.problems.len(), 1);
}
