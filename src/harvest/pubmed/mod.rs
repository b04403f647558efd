//! PubMed through the E-utilities: ESearch for the ids of a window of days, EFetch for the records.
//!
//! Ids are asked for in full and records by id, never from the history server (`usehistory`). So
//! what was asked can be compared with what came, a page can be halved around a record that PubMed
//! cannot give, an interrupted run goes on without anything that a server has to remember, and
//! nothing hangs on how long NCBI keeps a search (undocumented; "about 8 hours", rentrez issue 110).
//! It costs the ids on the way there and back (some 90 kB for 9,999) and one parameter more in each
//! EFetch; the number of requests is the same, and the limit of 9,999 ids holds for the history
//! server as well.
//!
//! Every request is a POST: long queries and lists of ids do not fit into an address (414), and the
//! key must not stand in one.

mod answers;
mod fetch;
mod search;
#[cfg(test)]
mod tests;
mod window;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Asker, HarvestError, Identity, Page, Sink};
use crate::fetch::{FetchError, Method, Request, Response, fetch_patiently};
use crate::model::text::shorten;
use crate::model::{Payload, Source, SourceKind, SourceState};
use fetch::{Fetcher, PAGE_RECORDS};
pub(super) use search::ids_of_term;
use search::{Sought, find_all, is_balanced};
use window::{Days, Opening};

/// Pause between requests without a key: 3 a second are allowed (NBK25497), and a little air.
const GAP_MS: u64 = 350;
/// Pause with a key: 10 a second are allowed.
const GAP_WITH_KEY_MS: u64 = 110;
/// Most changed records of one run. In December NLM revises all of PubMed at once; then the newest
/// are enough.
const CHANGED_MAX: usize = 1_000;
/// How much of PubMed's reading of the query a note holds, in characters; the report has it all.
const TRANSLATION_CHARS_MAX: usize = 600;

/// Remarks for the run report, each once, in the order in which they arose.
#[derive(Debug, Default)]
struct Notes {
    texts: Vec<String>,
}

impl Notes {
    /// Adds a remark unless it stands there already.
    fn add(&mut self, text: String) {
        if !self.has(&text) {
            self.texts.push(text);
        }
    }

    /// Adds remarks in their order.
    fn add_all(&mut self, texts: Vec<String>) {
        for text in texts {
            self.add(text);
        }
    }

    /// Tells whether a remark stands there already.
    fn has(&self, text: &str) -> bool {
        self.texts.iter().any(|t| t == text)
    }
}

/// Returns the first and the last day that a run would ask PubMed for; both included.
pub fn window_of(state: &SourceState, today: Date, overlap_days: u32, first_days: u32) -> (Date, Date) {
    let days = window::open(state, today, overlap_days, first_days).days;
    (days.from, days.to)
}

/// Makes one EFetch of some ids and returns the answer as it came, complete. Ids that PubMed does
/// not know are left out of it without a word; no id, or none that it knows, gives an empty set.
///
/// # Errors
/// When no complete answer comes.
pub(super) async fn fetch_page(asker: &Asker<'_>, source: &Source, ids: &[u32]) -> Result<Payload, HarvestError> {
    let body = fetch::fetch_set(asker, source, ids, false).await.map_err(explained)?;
    Ok(fetch::payload(asker, source, ids, body))
}

/// Asks for the records that entered PubMed in the open window, those that a retraction or
/// correction has changed, and those to be rechecked. Returns notes for the run report.
///
/// The day up to which PubMed counts as covered moves only when every page of the window is stored
/// and nothing is known to be missing from the search; else the same days are asked for again, and
/// what is stored already comes back as the same.
///
/// # Errors
/// When PubMed cannot be asked, says that the query is wrong, or a page cannot be stored.
pub async fn harvest(
    asker: &Asker<'_>,
    source: &Source,
    state: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, HarvestError> {
    let SourceKind::Pubmed { query, overlap_days, first_days, .. } = &source.kind else {
        return Err(HarvestError::Answer("this is no PubMed source".to_owned()));
    };
    let mut notes = Notes::default();
    let opening = window::open(state, asker.today, *overlap_days, *first_days);
    note_beginning(opening, state, query, &mut notes);
    let sought = find_all(asker, source, query, opening.days, &mut notes).await?;
    // A key that was refused is not tried again with every request.
    let keyless = Identity { api_key: None, ..asker.identity.clone() };
    let asker = &if notes.has(KEY_REFUSED) { Asker { identity: &keyless, ..*asker } } else { Asker { ..*asker } };
    let mut is_complete = sought.is_complete;
    let mut ids = sought.ids.clone();
    if state.covered_to.is_some() {
        match find_changed(asker, source, query, opening.days, &mut notes).await {
            Ok(changed) => ids.extend(changed),
            Err(error) => {
                is_complete = false;
                notes.add(format!("PubMed could not be asked for retractions and corrections: {error}"));
            }
        }
    }
    ids.extend(asker.recheck.iter().map(|p| p.number()));
    fetch_all(asker, source, state, &ids, &mut notes, sink).await?;
    let covered_to = if is_complete { window::covered(opening, state, asker.clock.now()) } else { state.covered_to };
    note_translation(&sought, state, query, &mut notes);
    let done = SourceState {
        covered_to,
        query_translation: sought.translation.or_else(|| state.query_translation.clone()),
        last_ok: Some(asker.clock.now()),
        failing_since: None,
        last_error: None,
        ..state.clone()
    };
    sink.take(Page { payload: None, state: done }).await?;
    Ok(notes.texts)
}

/// Fetches all records and hands them to the sink, page by page.
async fn fetch_all(
    asker: &Asker<'_>,
    source: &Source,
    state: &SourceState,
    ids: &BTreeSet<u32>,
    notes: &mut Notes,
    sink: &mut Sink<'_>,
) -> Result<(), HarvestError> {
    let ids: Vec<u32> = ids.iter().copied().collect();
    let mut fetcher = Fetcher::new(asker, source);
    for page in ids.chunks(PAGE_RECORDS) {
        let mut came = Vec::new();
        let outcome = fetcher.page(page, &mut came).await;
        for payload in came {
            sink.take(Page { payload: Some(payload), state: state.clone() }).await?;
        }
        outcome?;
    }
    let mut came = Vec::new();
    fetcher.last_chance(&mut came).await;
    for payload in came {
        sink.take(Page { payload: Some(payload), state: state.clone() }).await?;
    }
    fetcher.account(ids.len(), notes);
    Ok(())
}

/// Publication types that a paper gets, or that a notice about it has, when it should no longer be
/// taken as it was. `[lr]` is the day of the last change to the record (PubMed help, "Modification date").
const CHANGED: &str = "(\"retracted publication\"[pt] OR \"retraction of publication\"[pt] OR \"published erratum\"[pt] \
                       OR \"expression of concern\"[pt] OR \"corrected and republished article\"[pt])";

/// Returns the PMIDs of papers of the query, and of notices about them, that a retraction or
/// correction has changed within the days, in one search. The day of entry does not show them: a
/// paper that waits as a candidate may be retracted long after it entered.
async fn find_changed(
    asker: &Asker<'_>,
    source: &Source,
    query: &str,
    days: Days,
    notes: &mut Notes,
) -> Result<Vec<u32>, HarvestError> {
    let term = format!("({query}) AND {CHANGED} AND {}", days.in_field("lr"));
    let mut ids = ids_of_term(asker, source, &term).await?;
    ids.sort_unstable_by(|a, b| b.cmp(a));
    if ids.len() > CHANGED_MAX {
        notes.add(format!(
            "PubMed changed {} records with retractions and corrections; the newest {CHANGED_MAX} were asked for",
            ids.len()
        ));
    }
    ids.truncate(CHANGED_MAX);
    Ok(ids)
}

/// Says what is odd before anything is asked.
fn note_beginning(opening: Opening, state: &SourceState, query: &str, notes: &mut Notes) {
    if let (true, Some(day)) = (opening.has_clock_jumped, state.covered_to) {
        notes.add(format!(
            "PubMed was asked up to {day} before, which lies ahead of today ({}); is the date of this computer right? \
             Everything since {} was asked for again",
            opening.days.to, opening.days.from
        ));
    }
    if !is_balanced(query) {
        notes.add(
            "the query opens and closes parentheses unevenly; PubMed may read it otherwise than it is meant".to_owned(),
        );
    }
}

/// Says how PubMed read the query, when that is news: it has changed, or there were warnings.
fn note_translation(sought: &Sought, state: &SourceState, query: &str, notes: &mut Notes) {
    let Some(translation) = &sought.translation else { return };
    let is_news = state.query_translation.as_ref() != Some(translation) && translation != query;
    if is_news || sought.has_warnings {
        notes.add(format!("PubMed reads the query as: {}", shorten(translation, TRANSLATION_CHARS_MAX)));
    }
}

/// What is asked of NCBI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Utility {
    /// Ids of a term.
    Search,
    /// Records of ids.
    Fetch,
}

/// Returns the address of a utility.
fn address(source: &Source, utility: Utility) -> String {
    let base_url = if let SourceKind::Pubmed { base_url, .. } = &source.kind { base_url } else { "" };
    match utility {
        Utility::Search => format!("{base_url}esearch.fcgi"),
        Utility::Fetch => format!("{base_url}efetch.fcgi"),
    }
}

/// Makes one call, trying again after passing faults; a key that NCBI does not know is named in
/// the notes and left out.
async fn post(
    asker: &Asker<'_>,
    source: &Source,
    utility: Utility,
    fields: &[(&str, String)],
    notes: &mut Notes,
    is_good: &(dyn Fn(&Response) -> Result<(), String> + Send + Sync),
) -> Result<Response, FetchError> {
    let has_key = asker.identity.api_key.is_some() && !notes.has(KEY_REFUSED);
    let outcome = fetch_patiently(asker.fetch, &request(asker, source, utility, fields, has_key), is_good).await;
    let is_refused = match &outcome {
        Err(FetchError::Status { said: text, .. } | FetchError::Transport { reason: text, .. }) => {
            text.contains("API key") && !text.contains("rate limit")
        }
        _ => false,
    };
    if !(has_key && is_refused) {
        return outcome;
    }
    notes.add(KEY_REFUSED.to_owned());
    fetch_patiently(asker.fetch, &request(asker, source, utility, fields, false), is_good).await
}

/// What is said once when NCBI refuses the key; from then on the run goes without it.
const KEY_REFUSED: &str = "NCBI does not know the key in NCBI_API_KEY, so PubMed was asked without it, three times a second instead of \
     ten; take the key from your NCBI account settings, or unset the variable";

/// Returns a POST with the fields that every call carries. Secrets go into the body alone.
fn request(asker: &Asker<'_>, source: &Source, utility: Utility, fields: &[(&str, String)], with_key: bool) -> Request {
    let mut form = String::from("db=pubmed&tool=roundup");
    let mut put = |key: &str, value: &str| {
        form.push('&');
        form.push_str(key);
        form.push('=');
        form.push_str(&encode(value));
    };
    for (key, value) in fields {
        put(key, value);
    }
    if !asker.identity.email.is_empty() {
        put("email", &asker.identity.email);
    }
    let key = asker.identity.api_key.as_ref().filter(|_| with_key);
    if let Some(key) = key {
        put("api_key", key.reveal());
    }
    Request {
        method: Method::PostForm(form),
        allows_private: source.allows_private,
        gap_ms: if key.is_some() { GAP_WITH_KEY_MS } else { GAP_MS },
        ..Request::get(address(source, utility))
    }
}

/// Returns text as a form value (application/x-www-form-urlencoded).
fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Returns a failed call as an error in words: what NCBI says about it stands in the body.
fn explained(error: FetchError) -> HarvestError {
    match &error {
        FetchError::Status { status: 414, .. } => {
            HarvestError::Answer("PubMed says that the query is too long (414); shorten it".to_owned())
        }
        // The status says it in plain words, and may say how long to wait.
        FetchError::Status { status: 429, .. } => HarvestError::Fetch(error),
        FetchError::Status { status, said, url, .. } => match answers::error_in(said) {
            Some(words) => HarvestError::Answer(format!("{url} answered {status}: {words}")),
            None => HarvestError::Fetch(error),
        },
        _ => HarvestError::Fetch(error),
    }
}
