//! One conditional GET: feeds and pages.

use super::fetch::{BODY_BYTES_MAX, HOST_GAP_MS, Request, fetch_patiently};
use super::{Asker, FetchError, HarvestError, Page, Sink};
use crate::model::{Payload, PayloadKind, Source, SourceState, sha256_hex};

/// What we like to get.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1";

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
    let mut request = Request::get(url);
    request.allows_private = source.allows_private;
    request.gap_ms = if source.allows_private { 0 } else { HOST_GAP_MS };
    request.headers.push(("Accept".to_owned(), ACCEPT.to_owned()));
    if let Some(etag) = &state.etag {
        request.headers.push(("If-None-Match".to_owned(), etag.clone()));
    }
    if let Some(modified) = &state.last_modified {
        request.headers.push(("If-Modified-Since".to_owned(), modified.clone()));
    }
    let answer = fetch_patiently(asker.fetch, &request, &|r| {
        if r.status == 200 && r.body.is_empty() { Err("the answer is empty".to_owned()) } else { Ok(()) }
    })
    .await;
    if let Err(FetchError::Status { status: 410, .. }) = &answer {
        let gone = SourceState { is_gone: true, ..state.clone() };
        sink.take(Page { payload: None, state: gone }).await?;
    }
    let answer = answer?;
    let mut notes = Vec::new();
    let mut next =
        SourceState { last_ok: Some(asker.clock.now()), failing_since: None, last_error: None, ..state.clone() };
    if let Some(target) = &answer.moved_to {
        notes.push(format!("it has moved for good to {target}; change its url in feeds.toml"));
        next.moved_to = Some(target.clone());
    }
    let hash = sha256_hex(&answer.body);
    let is_new = answer.status == 200 && state.body_sha256.as_ref() != Some(&hash);
    if answer.status == 200 {
        next.etag = answer.headers.get("etag").cloned();
        next.last_modified = answer.headers.get("last-modified").cloned();
        next.body_sha256 = Some(hash);
    }
    debug_assert!(answer.body.len() <= BODY_BYTES_MAX, "fetch caps the body");
    let content_type = answer.headers.get("content-type").cloned();
    let kind = if is_page { PayloadKind::Page { content_type } } else { PayloadKind::Feed { content_type } };
    let payload = is_new.then(|| Payload {
        source: source.id.clone(),
        url: answer.url,
        fetched_at: asker.clock.now(),
        kind,
        bytes: answer.body,
    });
    let taken = sink.take(Page { payload, state: next }).await?;
    match taken.complaint {
        Some(complaint) => Err(HarvestError::Answer(complaint)),
        None => Ok(notes),
    }
}
