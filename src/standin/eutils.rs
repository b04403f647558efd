//! `ESearch` and `EFetch` as NCBI answers them, over the records of the stand-in.
//!
//! Honest in what a harvester must get right: windows by every date, ranges of PMIDs, publication
//! types, paging, the history server, unknown ids left out, errors inside a 200, the request limit
//! without `Retry-After`. The words of a query are looked at only to warn: the shelf holds what a
//! perinatal mental-health query finds.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::World;
use super::corpus::Version;
use super::terms::{Filters, Parameters, Window, named_articles, words};

/// Ids that `ESearch` returns when nobody says how many.
const RETMAX_DEFAULT: usize = 20;
/// Ids beyond which PubMed's `ESearch` does not go.
const RETMAX_MAX: usize = 9_999;
/// Searches kept on the history server; the oldest goes first.
const HISTORY_MAX: usize = 64;

const XML: &str = "text/xml; charset=UTF-8";
const SEARCH_HEAD: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n",
    "<!DOCTYPE eSearchResult PUBLIC \"-//NLM//DTD esearch 20060628//EN\" ",
    "\"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd\">\n"
);
const FETCH_HEAD: &str = concat!(
    "<?xml version=\"1.0\" ?>\n",
    "<!DOCTYPE PubmedArticleSet PUBLIC \"-//NLM//DTD PubMedArticle, 1st January 2025//EN\" ",
    "\"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd\">\n<PubmedArticleSet>\n"
);

/// Searches on the history server: the ids found, by number of the search (from 1).
#[derive(Debug, Default)]
pub(super) struct History {
    found: BTreeMap<usize, Vec<u32>>,
    count: usize,
}

impl History {
    fn keep(&mut self, ids: Vec<u32>) -> usize {
        self.count += 1;
        self.found.insert(self.count, ids);
        if self.found.len() > HISTORY_MAX {
            self.found.pop_first();
        }
        self.count
    }
}

/// Name of the search environment; one for all, since only one client talks to a stand-in.
const WEB_ENV: &str = "MCID_5a4d1e57a4d10000";

/// Answers a request that came too fast, or `None` when it may go on.
pub(super) fn too_fast(world: &World, parameters: &Parameters) -> Option<Response> {
    let verdict = world.pace.as_ref()?.admit(parameters.contains_key("api_key"));
    if verdict.is_admitted {
        return None;
    }
    let body = json!({
        "error": "API rate limit exceeded", "api-key": "127.0.0.1",
        "count": verdict.count.to_string(), "limit": verdict.limit.to_string(),
    });
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
        ("x-ratelimit-limit", verdict.limit.to_string()),
        ("x-ratelimit-remaining", "0".to_owned()),
    ];
    Some((StatusCode::TOO_MANY_REQUESTS, headers, body.to_string()).into_response())
}

/// Answers `esearch.fcgi`.
pub(super) fn search(world: &World, parameters: &Parameters) -> Response {
    let is_json = parameters.get("retmode").is_some_and(|m| m == "json");
    if let Some(database) = parameters.get("db").filter(|d| *d != "pubmed") {
        return search_error(&format!("Database is not supported: {database}"), is_json);
    }
    let term = parameters.get("term").map(|t| t.trim()).unwrap_or_default();
    if term.is_empty() {
        return search_error("Empty term and query_key - nothing todo", is_json);
    }
    let start = number(parameters, "retstart").unwrap_or(0);
    if start >= RETMAX_MAX {
        let message = "Search Backend failed: Exception: 'retstart' cannot be larger than 9998.";
        return search_error(message, is_json);
    }
    let window = match Window::of(parameters) {
        Ok(window) => window,
        Err(message) => return search_error(&message, is_json),
    };
    let found = find(world, term, &window);
    let ids: Vec<u32> = found.iter().copied().skip(start).take(page_size(parameters)).collect();
    let key =
        parameters.get("usehistory").filter(|h| *h == "y").map(|_| super::locked(&world.history).keep(found.clone()));
    let answer = Answer {
        count: found.len(),
        start,
        ids,
        key,
        translation: window.translation(term),
        missing: missing_phrases(world, term),
    };
    if is_json { answer.json() } else { answer.xml() }
}

/// Answers `efetch.fcgi`: exactly those articles that exist, in the order asked.
pub(super) fn fetch(world: &World, parameters: &Parameters) -> Response {
    if parameters.get("retmode").is_none_or(|m| m != "xml") {
        return (StatusCode::BAD_REQUEST, "this stand-in answers retmode=xml alone").into_response();
    }
    let asked = match asked_ids(world, parameters) {
        Ok(ids) => ids,
        Err(message) => return fetch_error(message),
    };
    if asked.is_empty() {
        return fetch_error("ID list is empty! Possibly it has no correct IDs.");
    }
    let held = world.corpus.on(world.today());
    let mut body = FETCH_HEAD.to_owned();
    let mut given = std::collections::BTreeSet::new();
    for version in asked.iter().filter_map(|id| held.get(id)) {
        if given.insert(version.pmid) {
            body.push_str(version.xml);
            body.push('\n');
        }
    }
    body.push_str("</PubmedArticleSet>");
    ([(header::CONTENT_TYPE, XML)], body).into_response()
}

/// Returns the ids a fetch asks for, by list or by history.
fn asked_ids(world: &World, parameters: &Parameters) -> Result<Vec<u32>, &'static str> {
    if let Some(list) = parameters.get("id") {
        return Ok(list.split([',', ' ']).filter_map(|id| id.trim().parse().ok()).collect());
    }
    let Some(key) = number(parameters, "query_key") else { return Ok(Vec::new()) };
    if parameters.get("WebEnv").is_none_or(|name| name != WEB_ENV) {
        return Err("Unable to obtain query #1");
    }
    let history = super::locked(&world.history);
    let found = history.found.get(&key).ok_or("Unable to obtain query #1")?;
    let start = number(parameters, "retstart").unwrap_or(0);
    let size = number(parameters, "retmax").unwrap_or(RETMAX_MAX).min(RETMAX_MAX);
    Ok(found.iter().copied().skip(start).take(size).collect())
}

/// Returns the PMIDs found, newest entry first as PubMed does.
fn find(world: &World, term: &str, window: &Window) -> Vec<u32> {
    let held = world.corpus.on(world.today());
    let (filters, term) = Filters::of(term);
    let asked = named_articles(&term);
    let words_known = words(&term).is_empty() || words(&term).iter().any(|w| world.corpus.mentions(w));
    let mut found: Vec<&Version> = held
        .into_values()
        .filter(|v| window.holds(v) && filters.hold(v))
        .filter(|v| match &asked {
            Some(names) => names.iter().any(|n| *n == v.pmid.to_string() || *n == v.doi),
            None => words_known,
        })
        .collect();
    found.sort_by_key(|v| std::cmp::Reverse((v.entered, v.pmid)));
    found.iter().map(|v| v.pmid).collect()
}

/// Returns the quoted phrases of a term that no record holds.
fn missing_phrases(world: &World, term: &str) -> Vec<String> {
    let (_, term) = Filters::of(term);
    let quoted = term.split('"').skip(1).step_by(2).map(str::trim);
    let mut missing: Vec<String> =
        quoted.filter(|p| !p.is_empty() && !world.corpus.mentions(p)).map(str::to_owned).collect();
    missing.dedup();
    missing
}

fn number(parameters: &Parameters, name: &str) -> Option<usize> {
    parameters.get(name)?.trim().parse().ok()
}

fn page_size(parameters: &Parameters) -> usize {
    number(parameters, "retmax").unwrap_or(RETMAX_DEFAULT).min(RETMAX_MAX)
}

/// What a search found, ready to be written.
struct Answer {
    count: usize,
    start: usize,
    ids: Vec<u32>,
    key: Option<usize>,
    translation: String,
    missing: Vec<String>,
}

/// What PubMed says when it holds more than it gives.
const RESTRICTED: &str = "Restrictions achieved. start and count adjusted to 0, 9999";

impl Answer {
    /// Tells whether the limit of ids cuts what was found.
    fn is_cut(&self) -> bool {
        self.count > RETMAX_MAX && self.ids.len() == RETMAX_MAX
    }

    fn xml(&self) -> Response {
        let mut body = format!(
            "{SEARCH_HEAD}<eSearchResult><Count>{}</Count><RetMax>{}</RetMax><RetStart>{}</RetStart>",
            self.count,
            self.ids.len(),
            self.start
        );
        if let Some(key) = self.key {
            body.push_str(&format!("<QueryKey>{key}</QueryKey><WebEnv>{WEB_ENV}</WebEnv>"));
        }
        if self.ids.is_empty() {
            body.push_str("<IdList/>");
        } else {
            body.push_str("<IdList>\n");
            for id in &self.ids {
                body.push_str(&format!("<Id>{id}</Id>\n"));
            }
            body.push_str("</IdList>");
        }
        let translation = escaped(&self.translation);
        body.push_str(&format!("<TranslationSet/><QueryTranslation>{translation}</QueryTranslation>"));
        let mut warnings = String::new();
        for phrase in &self.missing {
            let phrase = escaped(phrase);
            warnings.push_str(&format!("<QuotedPhraseNotFound>\"{phrase}\"</QuotedPhraseNotFound>"));
        }
        if self.is_cut() {
            warnings.push_str(&format!("<OutputMessage>{RESTRICTED}</OutputMessage>"));
        }
        if self.count == 0 {
            warnings.push_str("<OutputMessage>No items found.</OutputMessage>");
        }
        if !warnings.is_empty() {
            body.push_str(&format!("<WarningList>{warnings}</WarningList>"));
        }
        body.push_str("</eSearchResult>\n");
        ([(header::CONTENT_TYPE, XML)], body).into_response()
    }

    fn json(&self) -> Response {
        let ids: Vec<String> = self.ids.iter().map(u32::to_string).collect();
        let mut result = json!({
            "count": self.count.to_string(), "retmax": ids.len().to_string(),
            "retstart": self.start.to_string(), "idlist": ids, "translationset": [],
            "querytranslation": self.translation,
        });
        if let Some(fields) = result.as_object_mut() {
            if let Some(key) = self.key {
                fields.insert("querykey".to_owned(), json!(key.to_string()));
                fields.insert("webenv".to_owned(), json!(WEB_ENV));
            }
            let none: &[&str] = match self.count {
                0 => &["No items found."],
                _ if self.is_cut() => &[RESTRICTED],
                _ => &[],
            };
            if !none.is_empty() || !self.missing.is_empty() {
                let warnings =
                    json!({ "phrasesignored": [], "quotedphrasesnotfound": self.missing, "outputmessages": none });
                fields.insert("warninglist".to_owned(), warnings);
            }
        }
        json_answer(&result)
    }
}

fn json_answer(result: &serde_json::Value) -> Response {
    let body = json!({ "header": { "type": "esearch", "version": "0.3" }, "esearchresult": result });
    ([(header::CONTENT_TYPE, "application/json; charset=UTF-8")], body.to_string()).into_response()
}

/// An error inside a 200, as `ESearch` gives it.
fn search_error(message: &str, is_json: bool) -> Response {
    if is_json {
        return json_answer(&json!({ "ERROR": message }));
    }
    let body = format!("{SEARCH_HEAD}<eSearchResult><ERROR>{}</ERROR></eSearchResult>\n", escaped(message));
    ([(header::CONTENT_TYPE, XML)], body).into_response()
}

/// An error under a 400, as `EFetch` gives it.
fn fetch_error(message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<eFetchResult>\n\t<ERROR>{}</ERROR>\n</eFetchResult>\n",
        escaped(message)
    );
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, XML)], body).into_response()
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}
