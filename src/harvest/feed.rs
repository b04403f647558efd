//! One conditional GET: feeds and pages.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{Asker, FetchError, HarvestError, Page, Sink};
use crate::fetch::times;
use crate::fetch::{HOST_GAP_MS, Request, Response, fetch_patiently};
use crate::model::{Payload, PayloadKind, Source, SourceState, sha256_hex};

/// What we like to get.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1";
/// After this long the whole answer is asked for: some servers say "nothing new" for ever (`FreshRSS`
/// issues 1020, 1680, 5149).
const FULL_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often in a row a source must say that it has moved for good before its new address is asked:
/// a hotel's login page says so as well.
const MOVES_NEEDED: u32 = 3;
/// Every so many times the address in `feeds.toml` is asked all the same: does it still say so?
const LOOK_BACK_EVERY: u32 = 8;

/// What is to be asked.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    address: String,
    /// Whether this is the new address of a source that has moved.
    is_moved: bool,
    /// Whether the host may say "nothing new".
    is_conditional: bool,
}

impl Question {
    fn of(url: &str, state: &SourceState, now: Timestamp) -> Self {
        let is_recent = state.last_full.is_some_and(|full| full <= now && now.duration_since(full) < FULL_EVERY);
        let is_sure = state
            .moved_times
            .checked_sub(MOVES_NEEDED)
            .is_some_and(|since| since % LOOK_BACK_EVERY != LOOK_BACK_EVERY - 1);
        let moved = state.moved_to.as_ref().filter(|_| is_sure);
        Self {
            address: moved.map_or_else(|| url.to_owned(), Clone::clone),
            is_moved: moved.is_some(),
            is_conditional: is_recent && (state.etag.is_some() || state.last_modified.is_some()),
        }
    }

    fn request(&self, source: &Source, state: &SourceState) -> Request {
        let mut request = Request::get(self.address.clone());
        request.allows_private = source.allows_private;
        request.gap_ms = if source.allows_private { 0 } else { HOST_GAP_MS };
        request.headers.push(("Accept".to_owned(), ACCEPT.to_owned()));
        for (name, value) in [("If-None-Match", &state.etag), ("If-Modified-Since", &state.last_modified)] {
            if let Some(value) = value.as_ref().filter(|_| self.is_conditional) {
                request.headers.push((name.to_owned(), value.clone()));
            }
        }
        request
    }
}

/// Asks for a feed or page and hands it on when it has changed.
///
/// # Errors
/// When there is no answer or it cannot be stored. A 410 is remembered: the source is gone.
pub async fn harvest(
    asker: &Asker<'_>,
    source: &Source,
    url: &str,
    is_page: bool,
    state: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, HarvestError> {
    let now = asker.clock.now();
    let question = Question::of(url, state, now);
    let answer = ask(asker, &question, &question.request(source, state), state).await;
    if let (Err(FetchError::Status { status: 410, .. }), false) = (&answer, question.is_moved) {
        let gone = SourceState { is_gone: true, ..state.clone() };
        sink.take(Page { payload: None, state: gone }).await?;
    }
    let answer = answer?;
    let mut notes = Vec::new();
    let next = remembered(&question, state, &answer, now, &mut notes);
    let is_new = answer.status == 200 && state.body_sha256 != next.body_sha256;
    let content_type = answer.headers.get("content-type").cloned();
    let kind = if is_page { PayloadKind::Page { content_type } } else { PayloadKind::Feed { content_type } };
    let payload = is_new.then(|| Payload {
        source: source.id.clone(),
        url: answer.url,
        fetched_at: now,
        kind,
        bytes: answer.body,
    });
    let taken = sink.take(Page { payload, state: next }).await?;
    match taken.complaint {
        Some(complaint) => Err(HarvestError::Answer(complaint)),
        None => Ok(notes),
    }
}

/// Asks until there is a whole answer. One that seems cut off is asked for once more; when the same
/// comes again, or nothing better, that is how it is: what it holds is not given away.
async fn ask(
    asker: &Asker<'_>,
    question: &Question,
    request: &Request,
    state: &SourceState,
) -> Result<Response, FetchError> {
    let cut: Mutex<Option<Response>> = Mutex::new(None);
    let is_known = |hash: &str| state.body_sha256.as_deref() == Some(hash);
    let answer = fetch_patiently(asker.fetch, request, &|response| {
        if response.status == 304 {
            let is_asked = question.is_conditional;
            return if is_asked { Ok(()) } else { Err("it says \"nothing new\" to one who holds nothing".to_owned()) };
        }
        if response.body.trim_ascii().is_empty() {
            return Err("the answer is empty".to_owned());
        }
        if !seems_cut(&response.body) || is_known(&sha256_hex(&response.body)) {
            return Ok(());
        }
        let mut cut = cut.lock().unwrap_or_else(PoisonError::into_inner);
        if cut.as_ref().is_some_and(|before| before.body == response.body) {
            return Ok(());
        }
        *cut = Some(response.clone());
        Err("the answer is cut off".to_owned())
    })
    .await;
    match (answer, cut.into_inner().unwrap_or_else(PoisonError::into_inner)) {
        (Err(_), Some(cut)) => Ok(cut),
        (answer, _) => answer,
    }
}

/// Returns what to remember once the answer is stored.
fn remembered(
    question: &Question,
    state: &SourceState,
    answer: &Response,
    now: Timestamp,
    notes: &mut Vec<String>,
) -> SourceState {
    let header = |name: &str| answer.headers.get(name).cloned();
    let mut next = SourceState { last_ok: Some(now), failing_since: None, last_error: None, ..state.clone() };
    if answer.status == 304 {
        // a 304 may bring new validators (RFC 9111, 4.3.4)
        next.etag = header("etag").or(next.etag);
        next.last_modified = header("last-modified").or(next.last_modified);
    } else {
        next.etag = header("etag");
        next.last_modified = header("last-modified");
        next.body_sha256 = Some(sha256_hex(&answer.body));
        next.last_full = Some(now);
    }
    next.fresh_until = times::fresh_until(&answer.headers, &answer.body, now);
    if answer.status == 200 && seems_cut(&answer.body) {
        next.etag = None;
        next.last_modified = None;
        next.fresh_until = None;
        notes.push(
            "its answer seems to be cut off; what it holds was taken, and the whole is asked for again".to_owned(),
        );
    }
    remember_move(question, state, answer, &mut next);
    if let Some(target) = &next.moved_to {
        let now_asked = if question.is_moved { ", where it is asked now" } else { "" };
        notes.push(format!("it has moved for good to {target}{now_asked}; change its url in feeds.toml"));
    }
    next
}

/// Notes where the source says that it has moved to, and how often it has said so.
fn remember_move(question: &Question, state: &SourceState, answer: &Response, next: &mut SourceState) {
    match &answer.moved_to {
        Some(target) if state.moved_to.as_ref() == Some(target) => {
            next.moved_times = state.moved_times.saturating_add(1);
        }
        // only a whole answer shows that something is there
        Some(target) if answer.status == 200 => {
            next.moved_to = Some(target.clone());
            next.moved_times = 1;
        }
        // the new address answers, and says no more about moving
        None if question.is_moved => next.moved_times = state.moved_times.saturating_add(1),
        _ => {
            next.moved_to = None;
            next.moved_times = 0;
        }
    }
}

/// How much of the beginning and the end of a document is looked at, in bytes: enough for a
/// declaration before, and a remark of a cache behind.
const EDGE_BYTES: usize = 4 * 1024;

/// Tells whether a document lacks its end. A connection that is closed early can look like one that
/// is done, and a wrong `Content-Length` cuts without a trace. Documents of other kinds than we
/// know are not judged.
pub fn seems_cut(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
    let head = lower(body.get(..body.len().min(EDGE_BYTES)).unwrap_or_default());
    let tail = lower(body.get(body.len().saturating_sub(EDGE_BYTES)..).unwrap_or_default());
    let head = head.trim_start_matches('\u{feff}');
    if head.starts_with('{') {
        return !tail.ends_with('}');
    }
    let begins = [("<rss", "rss"), ("<feed", "feed"), (":feed", "feed"), ("<rdf", "rdf"), (":rdf", "rdf")];
    let begins = begins.into_iter().chain([("<html", "html"), ("<!doctype html", "html")]);
    let first = begins.filter_map(|(begin, name)| Some((head.find(begin)?, name))).min();
    first.is_some_and(|(_, name)| !closes(&tail, name))
}

/// Tells whether an element of this name is closed in a text, under whatever prefix. The end tag of
/// `html` may be left out (HTML, 13.1.2.4), so that of `body` does as well.
fn closes(text: &str, name: &str) -> bool {
    text.split("</").skip(1).any(|rest| {
        let closed = rest.split(|c: char| c == '>' || c.is_whitespace()).next().unwrap_or_default();
        let closed = closed.rsplit(':').next().unwrap_or_default();
        closed == name || (name == "html" && closed == "body")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i8) -> Timestamp {
        jiff::civil::date(2026, 11, day).at(5, 0, 0, 0).in_tz("UTC").unwrap().timestamp()
    }

    fn answer(status: u16, moved_to: Option<&str>, headers: &[(&str, &str)], body: &str) -> Response {
        Response {
            status,
            url: "https://example.org/feed".to_owned(),
            moved_to: moved_to.map(str::to_owned),
            headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    const OLD: &str = "https://example.org/old";
    const NEW: &str = "https://example.org/new";

    /// Lives through one answer a day and returns what was asked, and the notes.
    fn live(state: &mut SourceState, day: i8, given: &Response) -> (String, bool, Vec<String>) {
        let question = Question::of(OLD, state, at(day));
        let mut notes = Vec::new();
        *state = remembered(&question, state, given, at(day), &mut notes);
        (question.address, question.is_conditional, notes)
    }

    #[test]
    fn validators_are_kept_through_304_and_left_out_once_a_week() {
        let mut state = SourceState::default();
        let full = answer(200, None, &[("etag", "\"1\""), ("last-modified", "then")], "<rss></rss>");
        assert!(!live(&mut state, 1, &full).1, "nothing is known yet");
        let same = answer(304, None, &[("etag", "\"2\"")], "");
        assert!(live(&mut state, 2, &same).1);
        assert_eq!((state.etag.as_deref(), state.last_modified.as_deref()), (Some("\"2\""), Some("then")));
        assert!(live(&mut state, 7, &answer(304, None, &[], "")).1);
        assert_eq!(state.etag.as_deref(), Some("\"2\""));
        assert!(!live(&mut state, 8, &full).1, "after a week the whole is asked for");
        assert_eq!(state.last_full, Some(at(8)));
        let other_clock = Question::of(OLD, &state, at(1));
        assert!(!other_clock.is_conditional, "a full answer in the future comes from a wrong clock");
        let bare = answer(200, None, &[], "<rss></rss>");
        live(&mut state, 9, &bare);
        assert_eq!((state.etag.as_deref(), state.last_modified.as_deref()), (None, None), "old ones are not kept");
    }

    #[test]
    fn a_moved_source_is_asked_at_its_new_address_after_three_times() {
        let mut state = SourceState::default();
        let moved = |status| answer(status, Some(NEW), &[("etag", "\"1\"")], "<rss></rss>");
        let direct = answer(304, None, &[], "");
        let mut steps: Vec<(i8, Response, &str, u32, bool)> = vec![
            (1, answer(200, None, &[("etag", "\"1\"")], "<rss></rss>"), OLD, 0, false),
            (2, moved(304), OLD, 0, false), // nothing has been seen at the new address
            (3, moved(200), OLD, 1, true),
            (4, moved(304), OLD, 2, true),
            (5, moved(304), OLD, 3, true),
        ];
        steps.extend((6..13).map(|day| (day, direct.clone(), NEW, u32::try_from(day).unwrap() - 2, true)));
        steps.extend([
            (13, moved(200), OLD, 11, true), // a look at the old address, which says it again
            (14, direct.clone(), NEW, 12, true),
        ]);
        steps.extend((15..21).map(|day| (day, direct.clone(), NEW, u32::try_from(day).unwrap() - 2, true)));
        steps.push((21, answer(200, None, &[], "<rss></rss>"), OLD, 0, false)); // it has come back
        for (day, given, address, times, is_told) in steps {
            let (asked, _, notes) = live(&mut state, day, &given);
            assert_eq!((asked.as_str(), state.moved_times), (address, times), "day {day}");
            assert_eq!(notes.iter().any(|n| n.contains(NEW)), is_told, "day {day}: {notes:?}");
        }
        assert_eq!(state.moved_to, None);
    }

    #[test]
    fn documents_without_their_end_are_known() {
        let long = format!("<rss>{}", "x".repeat(10_000));
        for (body, want, note) in [
            ("<rss><channel></channel></rss>", false, ""),
            ("\u{feff}<?xml version=\"1.0\"?><rss></rss>\n<!-- cached -->\n", false, "a remark of a cache"),
            ("<rss><channel><item><title>x</ti", true, ""),
            (long.as_str(), true, ""),
            ("<rdf:RDF></rdf:RDF>", false, ""),
            ("<rdf:RDF><item", true, ""),
            ("<atom:feed></atom:feed>", false, ""),
            ("<feed xmlns='a'><entry>", true, ""),
            ("<!DOCTYPE html><html><body></body></html>", false, ""),
            ("<html><body><p>x", true, ""),
            ("<!DOCTYPE html><p>x</p></body>", false, "the end of html may be left out"),
            ("{\"version\":\"x\"}", false, ""),
            ("{\"version\":\"x\", \"items\": [", true, ""),
            ("<PubmedArticleSet>", false, "not judged"),
            ("plain text", false, "not judged"),
            ("<rss><channel><item><description>&lt;html</description></item></channel></rss>", false, ""),
            ("<rss><channel><title>about &lt;feed</title></channel></rss>", false, ""),
        ] {
            assert_eq!(seems_cut(body.as_bytes()), want, "{body} {note}");
        }
    }

    #[test]
    fn a_cut_answer_is_not_called_known() {
        let mut state = SourceState::default();
        let headers = [("etag", "\"1\""), ("cache-control", "max-age=600")];
        let (_, _, notes) = live(&mut state, 1, &answer(200, None, &headers, "<rss><item>"));
        assert_eq!((&state.etag, state.fresh_until), (&None, None));
        assert!(state.body_sha256.is_some() && notes.iter().any(|n| n.contains("cut off")), "{notes:?}");
    }
}
