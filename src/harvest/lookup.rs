//! Asks about one paper that a person names: PubMed by number or name, a DOI's citation, a page.
//!
//! Every answer becomes a payload of the source [`ADDED`], kept like those of any other source.
//! What the bytes mean is read elsewhere.

use std::time::Duration;

use super::{Asker, FetchError, HarvestError, pubmed};
use crate::fetch::{HOST_GAP_MS, Request};
use crate::model::{Doi, Lookup, Payload, PayloadKind, Source};

/// Source id of everything that people add by naming it.
pub const ADDED: &str = "added";

/// Pause before the one further try after a passing fault: a person waits before the screen.
const PAUSE: Duration = Duration::from_secs(1);

/// What a DOI resolver is asked for: the citation as CSL-JSON, by content negotiation
/// (crosscite.org/docs.html), or the page where there is none.
const ACCEPT_CITATION: &str = "application/vnd.citationstyles.csl+json, text/html;q=0.2";
/// What a page is asked for.
const ACCEPT_PAGE: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

/// Returns PubMed's records of some ids.
///
/// # Errors
/// When PubMed cannot be asked or its answer is not whole.
pub async fn papers(asker: &Asker<'_>, pubmed: &Source, ids: &[u32]) -> Result<Payload, HarvestError> {
    let payload = pubmed::fetch_page(asker, pubmed, ids).await?;
    Ok(Payload { source: ADDED.to_owned(), ..payload })
}

/// Returns PubMed's records that a term finds, or `None` when it finds none. What they are must be
/// checked: PubMed leaves out of a search what it does not know.
///
/// # Errors
/// As [`papers`].
pub async fn papers_named(asker: &Asker<'_>, pubmed: &Source, term: &str) -> Result<Option<Payload>, HarvestError> {
    let ids = pubmed::ids_of_term(asker, pubmed, term).await?;
    if ids.is_empty() { Ok(None) } else { papers(asker, pubmed, &ids).await.map(Some) }
}

/// Returns the citation of a DOI, or its page where the resolver has no citation. The content type
/// tells which.
///
/// # Errors
/// When there is no answer; [`is_unknown`] tells whether the resolver does not know the DOI.
pub async fn citation(asker: &Asker<'_>, lookup: &Lookup, doi: &Doi) -> Result<Payload, HarvestError> {
    let tail = doi.url();
    let tail = tail.strip_prefix("https://doi.org/").unwrap_or(doi.as_str());
    get(asker, &format!("{}{tail}", lookup.doi_resolver), ACCEPT_CITATION, lookup.allows_private).await
}

/// Returns a page.
///
/// # Errors
/// When there is no answer.
pub async fn page(asker: &Asker<'_>, url: &str, allows_private: bool) -> Result<Payload, HarvestError> {
    get(asker, url, ACCEPT_PAGE, allows_private).await
}

/// Makes one GET.
async fn get(asker: &Asker<'_>, url: &str, accept: &str, allows_private: bool) -> Result<Payload, HarvestError> {
    let mut request = Request::get(url);
    request.allows_private = allows_private;
    request.gap_ms = if allows_private { 0 } else { HOST_GAP_MS };
    request.headers.push(("Accept".to_owned(), accept.to_owned()));
    let answer = match asker.fetch.fetch(&request).await {
        Err(error) if error.is_passing() => {
            tokio::time::sleep(PAUSE).await;
            asker.fetch.fetch(&request).await?
        }
        answer => answer?,
    };
    if answer.body.is_empty() {
        return Err(HarvestError::Answer(format!("{} gave an empty answer", answer.url)));
    }
    let content_type = answer.headers.get("content-type").cloned();
    Ok(Payload {
        source: ADDED.to_owned(),
        url: answer.url,
        fetched_at: asker.clock.now(),
        kind: PayloadKind::Page { content_type },
        bytes: answer.body,
    })
}

/// Tells whether an error means that what was asked for does not exist (404, 410).
pub fn is_unknown(error: &HarvestError) -> bool {
    matches!(error, HarvestError::Fetch(FetchError::Status { status: 404 | 410, .. }))
}
