//! The data: invented throughout, whole, varied enough, and as `facts` says.

use std::collections::BTreeMap;

use jiff::civil::date;
use regex::Regex;

use super::super::{INBOX_OCTOBER_RIS, INBOX_SEPTEMBER_NBIB, SameBy, corpus, facts, shelf};
use super::{SECOND_ISSUE, all_between, well_formed};

/// Every data file, by name.
const DATA: [(&str, &str); 14] = [
    ("pubmed-2026-09.xml", include_str!("../data/pubmed-2026-09.xml")),
    ("pubmed-2026-10.xml", include_str!("../data/pubmed-2026-10.xml")),
    ("placeholder-psychiatry.xml", include_str!("../data/placeholder-psychiatry.xml")),
    ("invented-review.rdf", include_str!("../data/invented-review.rdf")),
    ("sample-midwifery.xml", include_str!("../data/sample-midwifery.xml")),
    ("open-specimen.atom", include_str!("../data/open-specimen.atom")),
    ("adolescent-archives.xml", include_str!("../data/adolescent-archives.xml")),
    ("salud-materna.xml", include_str!("../data/salud-materna.xml")),
    ("medfixture.rdf", include_str!("../data/medfixture.rdf")),
    ("perinatal-alliance.xml", include_str!("../data/perinatal-alliance.xml")),
    ("young-parents-hub.json", include_str!("../data/young-parents-hub.json")),
    ("news.html", include_str!("../data/news.html")),
    ("inbox-september.nbib", INBOX_SEPTEMBER_NBIB),
    ("inbox-october.ris", INBOX_OCTOBER_RIS),
];

#[test]
fn documents_are_whole() {
    for (name, text) in &DATA[..2] {
        well_formed(text, name);
    }
    for document in shelf::DOCUMENTS {
        let (bytes, _) = document.on(SECOND_ISSUE);
        let text = encoding_rs::WINDOWS_1252.decode(&bytes).0;
        match document.path.rsplit('.').next() {
            Some("json") => {
                let feed: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                assert_eq!(feed["items"].as_array().unwrap().len(), document.days().len());
            }
            Some("html") => assert_eq!(text.matches("<li class=\"news\">").count(), document.days().len()),
            _ => well_formed(&text, document.path),
        }
    }
}

#[test]
fn there_is_enough_to_live_through_two_months() {
    let facts = facts();
    let records: usize = facts.pubmed_by_month.values().sum();
    let entries: usize = facts.entries_by_source.values().flat_map(BTreeMap::values).sum();
    assert_eq!((records, entries), (77, 70));
    let repeated = facts.duplicates.iter().filter(|d| d.source != "inbox").count();
    assert!(records + entries - repeated >= 70, "distinct items");
    let text: String = DATA[..2].iter().map(|(_, text)| *text).collect();
    let countries = [
        "Kenya",
        "Ethiopia",
        "Zimbabwe",
        "Malawi",
        "Uganda",
        "Tanzania",
        "Rwanda",
        "Zambia",
        "Mozambique",
        "South Africa",
        "Ghana",
        "Nigeria",
        "Sierra Leone",
        "Cameroon",
        "Burkina Faso",
        "Senegal",
        "Democratic Republic of the Congo",
        "India",
        "Pakistan",
        "Bangladesh",
        "Nepal",
        "Sri Lanka",
        "Afghanistan",
        "Indonesia",
        "Viet Nam",
        "Philippines",
        "Thailand",
        "China",
        "Papua New Guinea",
        "Brazil",
        "Mexico",
        "Colombia",
        "Peru",
        "Guatemala",
        "Haiti",
        "Iran",
        "Lebanon",
        "Egypt",
        "Türkiye",
        "Tbilisi",
        "Ukraine",
    ];
    for country in countries {
        let studies =
            all_between(&text, "<ArticleTitle>", "</Abstract>").iter().filter(|a| a.contains(country)).count();
        assert!(studies > 0, "{country}");
    }
    assert!(countries.len() >= 18);
}

#[test]
fn abstracts_are_of_a_real_length() {
    let markup = Regex::new("<[^>]*>").unwrap();
    for (name, text) in &DATA[..2] {
        for article in all_between(text, "<PubmedArticle>", "</PubmedArticle>") {
            let pmid = all_between(article, "<PMID Version=\"1\">", "<")[0];
            let Some(summary) = all_between(article, "<Abstract>", "</Abstract>").pop() else { continue };
            let words = markup.replace_all(summary, " ").split_whitespace().count();
            let is_editorial = article.contains(">Editorial<");
            assert!(is_editorial || (120..=265).contains(&words), "{name} {pmid}: {words} words");
        }
    }
}

#[test]
fn everything_is_of_the_invented_kind() {
    let doi = Regex::new(r"\b10\.\d{4,9}/").unwrap();
    let pmid = Regex::new(r"(?:PMID[^>\d]*>|PMID- |IdType=.pubmed.>)(\d+)").unwrap();
    let central = Regex::new(r"PMC(\d+)").unwrap();
    let host = Regex::new(r"(?:https?://|@)([A-Za-z0-9.-]+)").unwrap();
    let known_hosts = [
        "example.org",
        "w3.org",
        "purl.org",
        "prismstandard.org",
        "dtd.nlm.nih.gov",
        "doi.org",
        "jsonfeed.org",
        "web.resource.org",
        "webns.net",
        "wellformedweb.org",
        "validator.w3.org",
    ];
    for (name, text) in DATA {
        for found in doi.find_iter(text) {
            assert_eq!(found.as_str(), "10.5555/", "{name}");
        }
        for found in pmid.captures_iter(text) {
            assert!(found[1].parse::<u32>().unwrap() > 90_000_000, "{name}: {}", &found[1]);
        }
        for found in central.captures_iter(text) {
            assert!(found[1].parse::<u32>().unwrap() > 99_000_000, "{name}: {}", &found[1]);
        }
        for found in host.captures_iter(text) {
            let is_known = known_hosts.iter().any(|h| found[1] == **h || found[1].ends_with(&format!(".{h}")));
            assert!(is_known, "{name}: {}", &found[1]);
        }
    }
}

#[test]
fn no_real_journal_is_named() {
    let real = [
        "lancet",
        "bmj",
        "plos",
        "bmc ",
        "jama",
        "wiley",
        "elsevier",
        "springer",
        "oxford",
        "cochrane",
        "medrxiv",
        "tandf",
        "sage",
        "karger",
        "frontiers in",
        "archives of women",
        "journal of affective",
        "midwifery today",
        "birth issues",
        "scielo",
        "mary ann",
        "atypon",
        "silverchair",
    ];
    let markup =
        Regex::new("(?s)<(?:Title|ISOAbbreviation|MedlineTA|title|prism:publicationName|dc:source|RefSource)>(.*?)</")
            .unwrap();
    for (name, text) in DATA {
        for found in markup.captures_iter(text) {
            let title = found[1].to_lowercase();
            for journal in real {
                let is_word = title.split(|c: char| !c.is_alphanumeric()).any(|w| w == journal.trim());
                assert!(!(is_word || (journal.contains(' ') && title.contains(journal))), "{name}: {title}");
            }
        }
    }
}

#[test]
fn facts_agree_with_the_data() {
    let facts = facts();
    let held = corpus::Corpus::read();
    let at_end = held.on(SECOND_ISSUE);
    for duplicate in &facts.duplicates {
        let article = at_end[&duplicate.pmid];
        let other: String = if duplicate.source == "inbox" {
            format!("{INBOX_SEPTEMBER_NBIB}{INBOX_OCTOBER_RIS}")
        } else {
            let document = shelf::DOCUMENTS.iter().find(|d| d.source == duplicate.source).unwrap();
            encoding_rs::UTF_8.decode(&document.on(SECOND_ISSUE).0).0.into_owned()
        };
        let first_author = all_between(article.xml, "<LastName>", "</LastName>").first().copied().unwrap_or_default();
        assert!(duplicate.by == SameBy::Pmid || other.contains(first_author), "{duplicate:?}: {first_author}");
        let pmid = duplicate.pmid.to_string();
        match duplicate.by {
            SameBy::Doi => assert!(other.contains(&article.doi), "{duplicate:?}"),
            SameBy::Pmid => assert!(other.contains(&pmid), "{duplicate:?}"),
            SameBy::Title => {
                let title = all_between(article.xml, "<ArticleTitle>", "</ArticleTitle>")[0].to_lowercase();
                let start: String = title.chars().take(40).collect();
                assert!(other.to_lowercase().contains(&start), "{duplicate:?}");
                assert!(!other.contains(&article.doi), "{duplicate:?}");
            }
            SameBy::VernacularTitle => assert!(article.xml.contains("<VernacularTitle>"), "{duplicate:?}"),
        }
    }
    for notice in [facts.retracted, facts.corrected] {
        let (paper, told) = (at_end[&notice.pmid], at_end[&notice.notice_pmid]);
        assert!(paper.entered < date(2026, 10, 1) && paper.revised == notice.on && told.entered == notice.on);
        assert!(paper.xml.contains(&format!("<PMID Version=\"1\">{}</PMID>", notice.notice_pmid)));
        assert!(told.xml.contains(&format!("<PMID Version=\"1\">{}</PMID>", notice.pmid)));
    }
    for preprint in facts.preprints {
        let article = at_end[&preprint.article_pmid];
        assert_eq!(article.xml.contains("RefType=\"UpdateOf\""), preprint.is_linked, "{preprint:?}");
        assert!(DATA[8].1.contains(preprint.doi), "{preprint:?}");
    }
    for judged in facts.judged {
        assert!(at_end.contains_key(&judged.pmid), "{judged:?}");
    }
    for title in facts.generic_titles {
        let places: usize = DATA
            .iter()
            .map(|(_, t)| t.matches(&format!("{title}<")).count() + t.matches(&format!("{title}.<")).count())
            .sum();
        assert!(places >= 2, "{title}");
    }
    assert!(DATA[9].1.contains("*|FNAME|*") && facts.hostile_source == "perinatal-alliance");
}

#[test]
fn hard_cases_are_there() {
    let text: String = DATA[..2].iter().map(|(_, text)| *text).collect();
    let articles = all_between(&text, "<PubmedArticle>", "</PubmedArticle>");
    let most_authors = articles.iter().map(|a| a.matches("<Author ").count()).max();
    assert_eq!(most_authors, Some(40), "a long author list");
    let open = articles.iter().filter(|a| a.contains("IdType=\"pmc\"")).count();
    assert!(open * 10 >= articles.len() * 4 && open * 10 <= articles.len() * 6, "about half in PMC: {open}");
    // (what, least, note)
    let cases = [
        ("<CollectiveName>", 2, "group authors"),
        ("<mml:math", 1, "mathematics in an abstract"),
        ("<sub>", 1, "subscript"),
        ("<sup>", 1, "superscript"),
        ("<i>", 1, "italics"),
        ("&lt;", 1, "an entity that is no markup"),
        ("<VernacularTitle>", 5, "Spanish, Portuguese and French"),
        ("<OtherAbstract ", 1, "an abstract in the paper's language"),
        ("UI=\"D019052\"", 10, "postpartum depression as a heading"),
        ("RefType=\"RetractionIn\"", 1, "on the paper"),
        ("RefType=\"RetractionOf\"", 1, "on the notice"),
        ("RefType=\"ErratumIn\"", 1, "on the paper"),
        ("RefType=\"UpdateOf\"", 1, "on the article of a preprint"),
        ("RefType=\"CommentOn\"", 1, "on a letter"),
        ("Label=\"", 100, "structured abstracts"),
        ("PublicationStatus>aheadofprint<", 1, "ahead of print"),
    ];
    for (what, least, note) in cases {
        assert!(text.matches(what).count() >= least, "{what}: {note}");
    }
}
