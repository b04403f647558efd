//! A shelf of invented papers, some of them hostile, in a member's home.

use roundup::index::{Index, Knowledge};
use roundup::model::{Concept, ConceptName, Country, Income, Lexicon, NameLanguage, Paper, Region};
use serde_json::{Value, json};

use crate::support::{Bench, Ran};

/// What feeds have tried: terminal escapes, letters that turn a line round, a title without end.
const ESCAPES: &str = "Lullaby \u{1b}[2J\u{1b}]8;;http://evil.example\u{7}clicks\u{1b}]8;;\u{7} \u{9b}31m and sleep";
const BIDI: &str = "Lullaby \u{202e}gnirevoc \u{2066}and \u{ad}\u{200b}\u{e0041}sleep";
const WIDE: &str = "产后抑郁症筛查与摇篮曲的随机对照试验在农村地区的可行性与可接受性研究 lullaby 🤱🏽";

/// Returns a paper; `record` may hold anything that a record holds.
fn paper(n: u8, title: &str, record: &Value, tags: &Value) -> Paper {
    let mut whole = json!({
        "id": format!("waaaaaaaaaa{}", char::from(b'a' + n)), "names": [format!("pmid:{}", 90_000_000 + u32::from(n))],
        "record": {"title": title, "year": 2025, "language": ["en"]}, "scope": "in", "design": "unclear",
    });
    for (target, source) in [(true, record), (false, tags)] {
        for (key, value) in source.as_object().unwrap() {
            let place = if target { &mut whole["record"] } else { &mut whole };
            place[key] = value.clone();
        }
    }
    serde_json::from_value(whole).unwrap()
}

fn papers() -> Vec<Paper> {
    let long = format!("Lullaby {}", "groups for mothers and fathers of newborns in districts of ".repeat(7));
    assert!(long.len() > 400);
    vec![
        paper(
            1,
            "Lullaby groups for postpartum depression in Kenya: a randomised trial",
            &json!({
                "abstract": "BACKGROUND: Depression after birth is common.\n\nMETHODS: Mothers in Kisumu sang lullabies \
                    in groups for twelve weeks.\n\nRESULTS: EPDS scores fell by four points.",
                "authors": [{"family": "Example", "given": "Ada"}, {"family": "Muster", "given": "Béla"}],
                "journal": "Acta Fabricata", "volume": "12", "number": "3", "pages": "45-50", "year": 2026,
                "published": "2026-03-05", "doi": "10.5555/lullaby.1", "pmid": "90000001", "pmcid": "PMC9000001",
                "open_access": true, "keywords": ["singing"], "mesh": [{"name": "Depression, Postpartum"}],
            }),
            &json!({
                "countries": ["KEN"], "design": "rct", "twg": ["evidence"], "conditions": ["depression"],
                "issue": "2026-03", "finding": "Lullaby groups lowered depression scores.",
            }),
        ),
        paper(
            2,
            "Singing and sleep of newborns",
            &json!({
                "abstract": "A lullaby at night.", "journal": "Invented Journal of Care", "year": 2024,
                "doi": "10.5555/sleep.2", "type": ["Preprint"], "language": ["fr"],
            }),
            &json!({"countries": ["UGA", "KEN"], "design": "qualitative", "twg": ["advocacy", "adolescent"]}),
        ),
        paper(
            3,
            "Lullaby dose and mood",
            &json!({
                "year": 2023, "url": "https://example.org/dose",
                "relations": [{"kind": "retraction-in", "pmid": "90000099", "note": "Acta Fabricata. 2024"}],
                "authors": (0..25).map(|n| json!({"family": format!("Name{n}"), "given": "A"})).collect::<Vec<_>>(),
            }),
            &json!({"flags": ["retracted"]}),
        ),
        paper(4, ESCAPES, &json!({"abstract": ESCAPES, "journal": "J \u{1b}[1mbold"}), &json!({})),
        paper(5, BIDI, &json!({"url": "https://example.org/a\u{202e}b"}), &json!({})),
        paper(6, WIDE, &json!({"abstract": "产后抑郁症".repeat(60), "language": ["zh"]}), &json!({})),
        paper(7, &long, &json!({"doi": "10.5555/a-very-long-name.of-a-paper.that-fills-the-line"}), &json!({})),
    ]
}

fn knowledge() -> Knowledge {
    let country = |iso3: &str, iso2: &str, name: &str| Country {
        iso3: iso3.to_owned(),
        name: name.to_owned(),
        iso2: iso2.to_owned(),
        income: Income::Low,
        region: String::new(),
        aliases: Vec::new(),
        demonyms: Vec::new(),
        places: Vec::new(),
        weak: Vec::new(),
        traps: Vec::new(),
        is_lmic: true,
        lmic_last_fy: String::new(),
    };
    let name = |text: &str| ConceptName { text: text.to_owned(), language: NameLanguage::En, is_exact: false };
    let concept = |id: &str, names: &[&str]| Concept {
        id: id.to_owned(),
        names: names.iter().map(|n| name(n)).collect(),
        includes: Vec::new(),
        near: Vec::new(),
    };
    let lexicon = Lexicon {
        concepts: vec![concept("epds", &["Edinburgh Postnatal Depression Scale", "EPDS"])],
        regions: vec![Region {
            id: "east-africa".to_owned(),
            names: vec![name("East Africa")],
            countries: vec!["KEN".to_owned(), "UGA".to_owned()],
            regions: Vec::new(),
            incomes: Vec::new(),
        }],
        ..Lexicon::default()
    };
    Knowledge::new(&lexicon, &[country("KEN", "KE", "Kenya"), country("UGA", "UG", "Uganda")])
}

/// A member's home: an index and nothing else.
pub fn member() -> Bench {
    let bench = Bench::new();
    Index::rebuild(&bench.path().join("index"), &mut papers().into_iter(), &knowledge(), 1).unwrap();
    bench
}

/// Runs the binary on a terminal so wide.
pub fn at(bench: &Bench, columns: &str, args: &[&str]) -> Ran {
    bench.run_with(args, &[("COLUMNS", columns), ("LANG", "C.UTF-8")])
}

/// Tells whether text holds nothing that acts on a terminal.
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{2066}')
}

/// Tells whether all of a text is seen, too.
pub fn is_seen(text: &str) -> bool {
    is_plain(text) && !text.chars().any(|c| matches!(c, '\u{ad}' | '\u{200b}' | '\u{e0000}'..='\u{e007f}'))
}
