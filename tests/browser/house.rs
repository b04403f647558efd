//! Homes of invented papers for the desk.

use std::fs;

use roundup::draft;
use roundup::model::{Draft, Month as IssueMonth};
use roundup::pipeline;

use crate::support::{Bench, Month, block_on};

/// The morning on which October is curated.
const NOW: &str = "2026-11-01T03:00:00Z";

/// Countries of the papers.
const COUNTRIES: [&str; 10] =
    ["Kenya", "Malawi", "Nepal", "Uganda", "Bangladesh", "Ghana", "Peru", "Vietnam", "Zambia", "Rwanda"];

/// Four kinds of papers, one for each working group: how the title begins and ends, and what the abstract says.
const KINDS: [(&str, &str, &str); 4] = [
    (
        "Prevalence of antenatal depression",
        "a cross-sectional study",
        "We measured how common antenatal depression is. One in five women had symptoms of depression.",
    ),
    (
        "Group sessions led by midwives for postnatal depression",
        "a randomised controlled trial",
        "Women were randomised to group sessions or usual care. Group sessions reduced symptoms of depression.",
    ),
    (
        "Policy and financing of perinatal mental health care",
        "why it matters",
        "We call on ministries to pay for perinatal mental health care. Every unit of money spent came back twice.",
    ),
    (
        "Postnatal depression among pregnant adolescents",
        "an interview study",
        "We asked pregnant adolescents about postnatal depression. They named school and family as reasons.",
    ),
];

/// Items that the draft proposes.
pub const ITEMS: usize = 12;

/// A home with October's draft.
pub struct House {
    /// Where it lies.
    pub bench: Bench,
}

impl House {
    /// Makes a home whose draft holds so many papers, [`ITEMS`] of them in the issue, and one question.
    pub fn with(papers: usize) -> Self {
        let month = block_on(Month::start());
        let settings = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
        let settings = settings
            .replace("\nitems = 30\n", &format!("\nitems = {ITEMS}\n"))
            .replace("\nitems-per-topic = 8\n", "\nitems-per-topic = 3\n")
            .replace("\nmore = 8\n", "\nmore = 0\n")
            .replace("\ncandidates = 60\n", &format!("\ncandidates = {}\n", papers - ITEMS));
        month.bench.write("feeds.toml", settings);
        let ctx = month.open(NOW);
        let lines: String = (0..papers).map(paper).chain([doubtful()]).collect();
        pipeline::import(&ctx, "papers.jsonl", lines.as_bytes(), false).unwrap();
        pipeline::judge(&ctx).unwrap();
        pipeline::draft(&ctx, october(), false).unwrap();
        drop(ctx);
        let house = Self { bench: month.bench };
        let draft = house.draft();
        assert_eq!(draft.items.len() + draft.candidates.len(), papers, "every invented paper is in scope");
        assert_eq!(draft.items.len(), ITEMS);
        house
    }

    /// Returns the text of October's draft.
    pub fn text(&self) -> String {
        fs::read_to_string(self.bench.path().join("drafts/2026-10.toml")).unwrap()
    }

    /// Returns October's draft as it lies there; every line of it is understood.
    pub fn draft(&self) -> Draft {
        let (draft, problems) = draft::parse(&self.text(), "drafts/2026-10.toml");
        assert_eq!(problems, [], "the desk leaves a file that can be read");
        draft.unwrap()
    }

    /// Returns the earlier versions of the draft, the newest first.
    pub fn versions(&self) -> Vec<String> {
        let month = october();
        let home = pipeline::Home::new(self.bench.path());
        let (config, _) = pipeline::load_config(&home).unwrap();
        let clock = Box::new(roundup::clock::FixedClock(NOW.parse().unwrap()));
        let fetch = Box::new(roundup::fetch::Live::new().unwrap());
        let ctx = pipeline::Ctx::open(home, config.unwrap(), clock, fetch, None).unwrap();
        let versions = pipeline::history::versions(&ctx, month, 100).unwrap();
        versions.iter().map(|v| pipeline::history::text_of(&ctx, month, v.number).unwrap()).collect()
    }
}

/// Returns the month that is curated.
fn october() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

/// Returns one invented paper as a line to import.
fn paper(n: usize) -> String {
    let (begins, ends, says) = KINDS[n % KINDS.len()];
    let country = COUNTRIES[n / KINDS.len() % COUNTRIES.len()];
    let line = serde_json::json!({
        "id": format!("paper-{n}"),
        "pmid": format!("{}", 90_700_000 + n),
        "doi": format!("10.5555/desk.{n}"),
        "title": format!("{begins} in district {n} of {country}: {ends}"),
        "authors": [format!("Author{n} Maria"), "Sample Binta"],
        "journal": "Journal of Invented Health",
        "year": 2026,
        "published": "2026-10-05",
        "entered": "2026-10-06",
        "url": format!("https://example.org/{n}"),
        "abstract": format!("BACKGROUND: This is about district {n} of {country}. RESULTS AND CONCLUSION: {says}"),
    });
    format!("{line}\n")
}

/// Returns a paper of which only a person can say whether it belongs here: no country is named.
fn doubtful() -> String {
    let line = serde_json::json!({
        "id": "paper-doubtful",
        "pmid": "90799999",
        "title": "Postnatal depression and sleep: a cohort study",
        "authors": ["Author Zoe"],
        "journal": "Journal of Invented Health",
        "year": 2026,
        "published": "2026-10-05",
        "entered": "2026-10-06",
        "url": "https://example.org/doubtful",
        "abstract": "We followed women with postnatal depression for a year and asked them how they slept.",
    });
    format!("{line}\n")
}
