//! A PubMed that exists only here: papers with their days, and faults put in where a test wants them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use jiff::civil::{Date, date};
use regex::Regex;

use super::super::{Asker, HarvestError, Identity, Page, Secret, Sink, Taken};
use crate::clock::FixedClock;
use crate::fetch::{Fetch, FetchError, Fetching, Method, Request, Response};
use crate::model::{PayloadKind, Pmid, Source, SourceKind, SourceState};

mod faults;
mod harvests;
mod searches;

/// The day on which tests ask.
const TODAY: Date = date(2026, 10, 31);

/// A paper.
#[derive(Debug, Clone, Copy)]
struct Paper {
    id: u32,
    edat: Date,
    crdt: Date,
    /// The day a retraction or correction changed it.
    retracted: Option<Date>,
}

/// Returns a paper that entered on a day.
fn paper(id: u32, day: Date) -> Paper {
    Paper { id, edat: day, crdt: day, retracted: None }
}

/// Returns papers that entered on a day, with PMIDs one after the other.
fn papers(first: u32, count: u32, day: Date) -> Vec<Paper> {
    (first..first + count).map(|id| paper(id, day)).collect()
}

/// One request, as it came.
#[derive(Debug, Clone)]
struct Call {
    /// `esearch` or `efetch`.
    utility: &'static str,
    fields: BTreeMap<String, String>,
    /// How many requests came before it.
    place: usize,
}

impl Call {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn ids(&self) -> Vec<u32> {
        self.field("id").split(',').filter_map(|id| id.parse().ok()).collect()
    }
}

type Outcome = Result<Response, FetchError>;
type Fault = Box<dyn Fn(&Call) -> Option<Outcome> + Send + Sync>;

/// Days within a term.
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{4}/\d\d/\d\d):(\d{4}/\d\d/\d\d)\[(edat|crdt|lr)\]").unwrap());
/// A range of PMIDs within a term.
static UIDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\d+):(\d+)\[uid\]").unwrap());

/// Answers as PubMed does.
struct Fake {
    papers: Vec<Paper>,
    fault: Fault,
    calls: Mutex<Vec<Call>>,
}

impl Fake {
    fn new(papers: Vec<Paper>) -> Self {
        Self { papers, fault: Box::new(|_| None), calls: Mutex::default() }
    }

    fn with_fault(papers: Vec<Paper>, fault: impl Fn(&Call) -> Option<Outcome> + Send + Sync + 'static) -> Self {
        Self { fault: Box::new(fault), ..Self::new(papers) }
    }

    fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    fn calls_of(&self, utility: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|c| c.utility == utility).collect()
    }

    /// Returns the ids a term finds, newest first.
    fn found(&self, term: &str) -> Vec<u32> {
        let day = |text: &str| Date::strptime("%Y/%m/%d", text).unwrap();
        let ranges: Vec<(Date, Date, String)> =
            RANGE.captures_iter(term).map(|c| (day(&c[1]), day(&c[2]), c[3].to_owned())).collect();
        let holds = |paper: &Paper, field: &str, from: Date, to: Date| match field {
            "edat" => (from..=to).contains(&paper.edat),
            "crdt" => (from..=to).contains(&paper.crdt),
            _ => paper.retracted.is_some_and(|d| (from..=to).contains(&d)),
        };
        let uids = UIDS.captures(term).map(|c| (c[1].parse::<u32>().unwrap(), c[2].parse::<u32>().unwrap()));
        let mut ids: Vec<u32> = self
            .papers
            .iter()
            .filter(|p| ranges.is_empty() || ranges.iter().any(|(from, to, field)| holds(p, field, *from, *to)))
            .filter(|p| !term.contains("[pt]") || p.retracted.is_some())
            .filter(|p| uids.is_none_or(|(first, last)| (first..=last).contains(&p.id)))
            .map(|p| p.id)
            .collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }

    fn answer(&self, call: &Call) -> Outcome {
        if call.utility == "esearch" {
            let found = self.found(call.field("term"));
            return ok(&search_answer(found.len(), found.iter().take(9_999), ""));
        }
        let held: BTreeSet<u32> = self.papers.iter().map(|p| p.id).collect();
        ok(&set(call.ids().iter().filter(|id| held.contains(id))))
    }
}

impl Fetch for Fake {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        let Method::PostForm(form) = &request.method else { panic!("the E-utilities are asked by POST") };
        let fields = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let utility = if request.url.ends_with("esearch.fcgi") { "esearch" } else { "efetch" };
        let call = {
            let mut calls = self.calls.lock().unwrap();
            let call = Call { utility, fields, place: calls.len() };
            calls.push(call.clone());
            call
        };
        let answer = (self.fault)(&call).unwrap_or_else(|| self.answer(&call));
        Box::pin(async move { answer })
    }
}

/// Returns an answer of ESearch; `more` stands behind the ids.
fn search_answer<'i>(count: usize, ids: impl Iterator<Item = &'i u32>, more: &str) -> String {
    let ids = ids.map(|id| format!("<Id>{id}</Id>\n")).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<eSearchResult><Count>{count}</Count><RetMax>9999</RetMax>\
         <RetStart>0</RetStart><IdList>\n{ids}</IdList><TranslationSet/>{more}</eSearchResult>\n"
    )
}

/// Returns one article.
fn article(id: u32) -> String {
    format!(
        "<PubmedArticle><MedlineCitation><PMID Version=\"1\">{id}</PMID><Article><ArticleTitle>Paper {id} &amp; \
         <i>more</i></ArticleTitle></Article><CommentsCorrectionsList><CommentsCorrections RefType=\"Cites\">\
         <PMID>1</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>\n"
    )
}

/// Returns an answer of EFetch.
fn set<'i>(ids: impl Iterator<Item = &'i u32>) -> String {
    let articles: String = ids.map(|id| article(*id)).collect();
    format!("<?xml version=\"1.0\" ?>\n<!DOCTYPE x>\n<PubmedArticleSet>\n{articles}</PubmedArticleSet>")
}

/// Returns a 200.
#[expect(clippy::unnecessary_wraps, reason = "one outcome among others that are errors")]
fn ok(body: &str) -> Outcome {
    Ok(Response {
        status: 200,
        url: "http://pubmed.example.org/".to_owned(),
        moved_to: None,
        headers: BTreeMap::new(),
        body: body.as_bytes().to_vec(),
    })
}

/// Returns an answer with another status.
fn status(status: u16, said: &str) -> Outcome {
    let url = "http://pubmed.example.org/x.fcgi".to_owned();
    Err(FetchError::Status { url, status, retry_after_s: None, said: said.to_owned() })
}

/// A fault that is not tried again by itself, so that tests need not wait.
fn slow() -> Outcome {
    Err(FetchError::Slow { url: "http://pubmed.example.org/efetch.fcgi".to_owned() })
}

/// What a harvest did.
struct Done {
    result: Result<Vec<String>, HarvestError>,
    pages: Vec<Page>,
}

impl Done {
    fn notes(&self) -> &[String] {
        self.result.as_deref().expect("the harvest went through")
    }

    fn error(&self) -> String {
        self.result.as_ref().expect_err("the harvest failed").to_string()
    }

    /// PMIDs that whole records in the pages hold, in the order of the pages.
    fn got(&self) -> Vec<u32> {
        let payloads = self.pages.iter().filter_map(|p| p.payload.as_ref());
        payloads.flat_map(|p| super::answers::Set::of(std::str::from_utf8(&p.bytes).unwrap()).pmids()).collect()
    }

    /// PMIDs that the payloads say they were asked for.
    fn asked(&self) -> Vec<u32> {
        let payloads = self.pages.iter().filter_map(|p| p.payload.as_ref());
        payloads
            .flat_map(|p| match &p.kind {
                PayloadKind::PubmedXml { asked } => asked.clone(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    /// What is remembered in the end.
    fn state(&self) -> SourceState {
        self.pages.last().expect("there is a last page").state.clone()
    }
}

/// How a harvest is made.
#[derive(Default)]
struct Setting {
    state: SourceState,
    recheck: Vec<u32>,
    key: Option<&'static str>,
    query: Option<&'static str>,
    today: Option<Date>,
}

fn source(query: &str) -> Source {
    Source {
        id: "pubmed".to_owned(),
        name: "PubMed".to_owned(),
        topics: Vec::new(),
        is_verified: true,
        is_enabled: true,
        schedule: None,
        is_preprints: false,
        allows_private: false,
        kind: SourceKind::Pubmed {
            base_url: "http://pubmed.example.org/".to_owned(),
            query: query.to_owned(),
            overlap_days: 14,
            first_days: 62,
        },
    }
}

/// Calls `body` with all that asking needs.
async fn asking<T>(fake: &Fake, setting: &Setting, body: impl AsyncFnOnce(&Asker<'_>, &Source) -> T) -> T {
    let identity =
        Identity { email: "someone@example.org".to_owned(), api_key: setting.key.map(|k| Secret::new(k.to_owned())) };
    let today = setting.today.unwrap_or(TODAY);
    let recheck: Vec<Pmid> = setting.recheck.iter().filter_map(|n| Pmid::parse(&n.to_string())).collect();
    let asker = Asker {
        fetch: fake,
        clock: &FixedClock(today.at(6, 0, 0, 0).in_tz("UTC").unwrap().timestamp()),
        identity: &identity,
        home: std::path::Path::new("."),
        today,
        recheck: &recheck,
    };
    body(&asker, &source(setting.query.unwrap_or("depression"))).await
}

/// Harvests from a fake.
async fn harvest(fake: &Fake, setting: &Setting) -> Done {
    let mut pages = Vec::new();
    let result = asking(fake, setting, async |asker, source| {
        let mut sink = Sink::new(|page| {
            pages.push(page);
            Ok(Taken::default())
        });
        super::harvest(asker, source, &setting.state, &mut sink).await
    })
    .await;
    Done { result, pages }
}

/// A state that has covered everything up to a day.
fn covered(day: Date) -> SourceState {
    SourceState { covered_to: Some(day), ..SourceState::default() }
}
