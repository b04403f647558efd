//! Whom `add` asks about a paper, in which order, and what it takes for an answer.

use std::collections::BTreeMap;

use roundup::clock::FixedClock;
use roundup::fetch::Fetching;
use roundup::fetch::{Fetch, FetchError, Method, Request, Response};
use roundup::model::Month;
use roundup::pipeline::{self, AddReport, Ctx, Home, Mode, load_config};
use roundup::store::WriterLock;

use crate::support::{Bench, block_on};

/// Answers by the first mark that stands in an address or form: status and body.
struct Table(Vec<(&'static str, u16, &'static str)>);

impl Fetch for Table {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(async move {
            let form = if let Method::PostForm(form) = &request.method { form.as_str() } else { "" };
            let line = format!("{} {form}", request.url);
            let url = request.url.clone();
            match self.0.iter().find(|(mark, _, _)| line.contains(mark)) {
                None => Err(FetchError::NoName { url }),
                Some((_, 200, body)) => {
                    let kind = if body.starts_with('{') { "application/json" } else { "text/html" };
                    let headers = BTreeMap::from([("content-type".to_owned(), kind.to_owned())]);
                    Ok(Response { status: 200, url, moved_to: None, headers, body: body.as_bytes().to_vec() })
                }
                Some((_, status, said)) => {
                    Err(FetchError::Status { url, status: *status, retry_after_s: None, said: (*said).to_owned() })
                }
            }
        })
    }
}

/// A home without any source: PubMed is asked at its usual address.
fn open(bench: &Bench, answers: &[(&'static str, u16, &'static str)]) -> Ctx {
    bench.write("feeds.toml", "[roundup]\ncommunity = \"C\"\nname = \"N\"\n");
    let home = Home::new(bench.path());
    let config = load_config(&home).unwrap().0.unwrap();
    let clock = Box::new(FixedClock("2026-11-01T03:00:00Z".parse().unwrap()));
    let lock = WriterLock::take(&home.data()).unwrap();
    Ctx::open(home, config, clock, Box::new(Table(answers.to_vec())), Some(lock)).unwrap()
}

/// An ESearch that finds one paper, one that finds none.
const ONE: &str = "<eSearchResult><Count>1</Count><IdList><Id>90000001</Id></IdList></eSearchResult>";
const NONE: &str =
    "<eSearchResult><Count>0</Count><IdList/><ErrorList><PhraseNotFound>x</PhraseNotFound></ErrorList></eSearchResult>";
/// PubMed's record of that paper.
const PAPER: &str = "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version=\"1\">90000001</PMID><Article><Journal><Title>J</Title></Journal><ArticleTitle>Sleep and mood of mothers in Kenya.</ArticleTitle></Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType=\"doi\">10.5555/sleep</ArticleId><ArticleId IdType=\"pmc\">PMC7</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>";
const EMPTY: &str = "<PubmedArticleSet></PubmedArticleSet>";
/// The same paper as the register and a page tell it.
const CITATION: &str =
    r#"{"title":"Sleep and mood of mothers in Kenya","DOI":"10.5555/sleep","type":"journal-article"}"#;
const PAGE: &str = "<meta name=citation_title content='Sleep and mood of mothers in Kenya'><meta name=citation_doi content='10.5555/sleep'>";
const PAGE_PMID: &str =
    "<meta name=citation_title content='Sleep and mood of mothers in Kenya'><meta name=citation_pmid content=90000001>";
const PAGE_OTHER: &str =
    "<meta name=citation_title content='Another paper'><meta name=citation_doi content='10.5555/other'>";
const PREPRINT: &str = r#"{"title":"Sleep and mood, a preprint","DOI":"10.1101/2026.10.01.1","type":"article"}"#;
const NEWS: &str = "<title>Sleep and mood | News</title><meta property='og:type' content=article><p>doi</p>";

/// Says in one line what came of it.
fn shown(report: &AddReport) -> String {
    let said = |list: &[String]| list.join("; ");
    let types = report.record.as_ref().map(|r| r.types.join(",")).unwrap_or_default();
    format!(
        "{:?} | {} | {types} | {} | {}",
        report.outcome,
        said(&report.found_in),
        said(&report.notes),
        said(&report.errors)
    )
}

/// What is typed, what the network answers, and what comes of it: id, name, answers, outcome.
type Case = (&'static str, &'static str, &'static [(&'static str, u16, &'static str)], &'static str);

/// Situations in which a paper is named.
const CASES: &[Case] = &[
    ("pmid", "90000001", &[("efetch", 200, PAPER)], "New | PubMed |  |  | "),
    (
        "pmid unknown",
        "90000009",
        &[("efetch", 200, EMPTY)],
        "NotFound |  |  |  | PubMed has no paper with the PMID 90000009",
    ),
    (
        "pmid, another came",
        "90000009",
        &[("efetch", 200, PAPER)],
        "NotFound |  |  |  | PubMed gave another paper for it (pmid:90000001), which was not taken; PubMed has no paper with the PMID 90000009",
    ),
    ("doi in PubMed", "10.5555/sleep", &[("%22%5Baid%5D", 200, ONE), ("efetch", 200, PAPER)], "New | PubMed |  |  | "),
    (
        "doi, PubMed has another",
        "10.5555/other",
        &[
            ("esearch", 200, ONE),
            ("efetch", 200, PAPER),
            ("doi.org/10.5555/other", 200, r#"{"title":"T t","DOI":"10.5555/other"}"#),
        ],
        "New | the DOI register |  | PubMed gave another paper for it (pmid:90000001), which was not taken | ",
    ),
    (
        "doi from the register",
        "10.5555/sleep",
        &[("esearch", 200, NONE), ("doi.org/10.5555/sleep", 200, CITATION)],
        "New | the DOI register | Journal Article | PubMed does not have it (yet) | ",
    ),
    (
        "PubMed refuses",
        "10.5555/sleep",
        &[("esearch", 403, "no"), ("doi.org/10.5555/sleep", 200, CITATION)],
        "New | the DOI register | Journal Article | PubMed could not be asked: https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi answered 403 (not allowed; perhaps it lets no programs in) | ",
    ),
    (
        "resolver gives the page",
        "10.5555/sleep",
        &[("esearch", 200, NONE), ("doi.org/10.5555/sleep", 200, PAGE)],
        "New | its own page |  | PubMed does not have it (yet) | ",
    ),
    (
        "resolver gives nonsense",
        "10.5555/sleep",
        &[("esearch", 200, NONE), ("doi.org/10.5555/sleep", 200, "{\"error\":1}")],
        "NotFound |  |  |  | the DOI resolver answered with a citation without a title",
    ),
    (
        "preprint",
        "10.1101/2026.10.01.1v2",
        &[("esearch", 200, NONE), ("doi.org/10.1101", 200, PREPRINT)],
        "New | the DOI register | Preprint | PubMed does not have it (yet); the DOI 10.1101/2026.10.01.1v2 is another name of 10.1101/2026.10.01.1 | ",
    ),
    (
        "the register gives another paper",
        "10.1101/2026.10.01.2",
        &[("esearch", 200, NONE), ("doi.org/10.1101", 200, PREPRINT)],
        "NotFound |  |  |  | the DOI resolver answered 10.1101/2026.10.01.2 with another paper, 10.1101/2026.10.01.1 (\"Sleep and mood, a preprint\"); if that is the one, add 10.1101/2026.10.01.1",
    ),
    (
        "a DOI that leads to another paper's page",
        "10.5555/asked",
        &[("esearch", 200, NONE), ("doi.org/10.5555", 200, PAGE)],
        "NotFound |  |  |  | the DOI 10.5555/asked leads to the page of another paper, 10.5555/sleep; if that is the one, add 10.5555/sleep",
    ),
    (
        "doi in an address, the page helps",
        "https://www.example.org/doi/full/10.5555/sleep",
        &[("esearch", 200, NONE), ("doi.org/", 404, ""), ("www.example.org/doi", 200, PAGE)],
        "New | its own page |  | PubMed does not have it (yet); nobody has registered the DOI 10.5555/sleep: doi.org does not know it | ",
    ),
    (
        "page and PubMed by DOI",
        "https://www.example.org/a",
        &[("www.example.org", 200, PAGE), ("esearch", 200, ONE), ("efetch", 200, PAPER)],
        "New | PubMed; its own page |  |  | ",
    ),
    (
        "page and PubMed by PMID",
        "https://www.example.org/a",
        &[("www.example.org", 200, PAGE_PMID), ("efetch", 200, PAPER)],
        "New | PubMed; its own page |  |  | ",
    ),
    (
        "page of a paper that PubMed does not have",
        "https://www.example.org/a",
        &[("www.example.org", 200, PAGE_OTHER), ("esearch", 200, NONE)],
        "New | its own page |  | PubMed does not have it (yet) | ",
    ),
    ("news page", "https://www.example.org/a", &[("www.example.org", 200, NEWS)], "New | its own page |  |  | "),
    ("pmcid", "PMC7", &[("term=PMC7", 200, ONE), ("efetch", 200, PAPER)], "New | PubMed |  |  | "),
    (
        "pmcid that PubMed mistakes",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC8/",
        &[
            ("esearch", 200, ONE),
            ("efetch", 200, PAPER),
            ("pmc.ncbi", 200, "<meta name=citation_title content='T t'><meta name=citation_journal_title content=J>"),
        ],
        "New | its own page | Journal Article | PubMed gave another paper for it (pmid:90000001), which was not taken | ",
    ),
    (
        "offline",
        "10.5555/sleep",
        &[],
        "NotFound |  |  |  | PubMed could not be asked: https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi: the name of the host could not be looked up; is this computer online?; the DOI resolver could not be asked: https://doi.org/10.5555/sleep: the name of the host could not be looked up; is this computer online?",
    ),
    (
        "a PDF",
        "https://www.example.org/a.pdf",
        &[("www.example.org", 200, "%PDF-1.7")],
        "NotFound |  |  |  | https://www.example.org/a.pdf answered with a PDF file",
    ),
    ("no name", "walking", &[], "NotUnderstood |  |  |  | this is no DOI, PMID, PMCID or web address"),
];

#[test]
fn the_right_ones_are_asked_and_only_the_right_paper_is_taken() {
    let month = Month::parse("2026-10").unwrap();
    for (id, asked, answers, want) in CASES {
        let bench = Bench::new();
        let ctx = open(&bench, answers);
        let report = block_on(pipeline::add(&ctx, asked, month, Mode::Take)).unwrap();
        assert_eq!(shown(&report), *want, "{id}");
        let works = ctx.store.work_ids().unwrap().len();
        assert_eq!(works, usize::from(report.is_found()), "{id}: one paper, one work");
        if report.is_found() {
            let again = block_on(pipeline::add(&ctx, asked, month, Mode::Take)).unwrap();
            assert_eq!(format!("{:?}", again.outcome), "Same", "{id}: adding twice changes nothing");
            let tried = block_on(pipeline::add(&ctx, asked, month, Mode::Try)).unwrap();
            assert_eq!((format!("{:?}", tried.outcome), tried.work), ("Known".to_owned(), report.work), "{id}");
        }
    }
}

#[test]
fn what_is_added_survives_a_rebuild() {
    let bench = Bench::new();
    let ctx = open(&bench, &[("esearch", 200, NONE), ("doi.org/10.5555/sleep", 200, CITATION)]);
    let month = Month::parse("2026-10").unwrap();
    let report = block_on(pipeline::add(&ctx, "10.5555/sleep", month, Mode::Take)).unwrap();
    let before = ctx.store.work(report.work.as_ref().unwrap()).unwrap();
    pipeline::rebuild(&ctx).unwrap();
    assert_eq!(ctx.store.work(report.work.as_ref().unwrap()).unwrap(), before);
    let explained = pipeline::explain(&ctx, "10.5555/sleep").unwrap();
    assert!(explained.parts[0].lines[0].starts_with("added/doi:10.5555/sleep"), "{:?}", explained.parts[0].lines);
}
