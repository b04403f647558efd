//! Papers' own pages, a DOI resolver with content negotiation, and a site whose page names a feed.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

/// The DOI that only the resolver and its page know: PubMed does not have the paper.
pub const DOI: &str = "10.5555/walk.2026.1";
/// Path of its page.
pub const ARTICLE: &str = "/articles/walking-groups";

/// Its citation, as a resolver gives it.
const CITATION: &str = r#"{"type":"journal-article","DOI":"10.5555/walk.2026.1","title":"Walking groups for mothers with depression in Kisumu, Kenya: a cluster-randomised trial","container-title":"Journal of Walking Examples","ISSN":["1234-5679"],"volume":"4","issue":"2","page":"10-19","author":[{"given":"Maria","family":"Example"},{"given":"Ana","family":"Model"}],"issued":{"date-parts":[[2026,10,12]]},"abstract":"<jats:p>Postpartum depression is common in Kenya. In twelve villages, women who walked together every week had lower depression scores after six months than women who received usual care.</jats:p>","is-referenced-by-count":3}"#;

/// Its page.
const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Walking groups for mothers | Journal of Walking Examples</title>
<meta name="citation_title" content="Walking groups for mothers with depression in Kisumu, Kenya: a cluster-randomised trial">
<meta name="citation_author" content="Example, Maria"><meta name="citation_author" content="Model, Ana">
<meta name="citation_journal_title" content="Journal of Walking Examples"><meta name="citation_publication_date" content="2026/10/12">
<meta name="citation_volume" content="4"><meta name="citation_issue" content="2"><meta name="citation_doi" content="10.5555/walk.2026.1">
<link rel="canonical" href="/articles/walking-groups"></head><body><h1>Walking groups for mothers</h1></body></html>"#;

/// Path of a page whose paper PubMed has as well.
pub const KNOWN: &str = "/articles/violence";
/// That page; it names the DOI and less of the paper than PubMed.
const KNOWN_PAGE: &str = r#"<!doctype html><html lang="en"><head><meta name="citation_title" content="Intimate partner violence and depressive symptom trajectories from pregnancy to one year after birth in central Viet Nam: a longitudinal study">
<meta name="citation_doi" content="10.5555/osm.2026.09017"><meta name="citation_pdf_url" content="/articles/violence.pdf"></head><body></body></html>"#;

/// A page that wants a login.
const LOGIN: &str = r#"<html><head><title>Sign in - Example Library</title></head><body><form><input type="password"></form></body></html>"#;

/// A site's front page that names a feed, and links to another one that is none.
const SITE: &str = r#"<!doctype html><html lang="en"><head><title>Perinatal Alliance | Home</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/feeds/perinatal-alliance.xml"></head>
<body><h1>Perinatal Alliance</h1><p><a href="/site/rss">RSS</a></p></body></html>"#;

/// A site without a feed: a list of news that repeats.
const PLAIN: &str = r#"<!doctype html><html lang="en"><head><title>Ministry of Examples: News</title></head><body>
<nav><ul><li><a href="/site/a">About</a></li><li><a href="/site/b">Contact</a></li><li><a href="/site/c">Staff</a></li></ul></nav>
<div class="news-list"><div class="news-item"><h3><a href="/site/1">Midwives in Kisumu learn to ask about mood</a></h3><span class="date">12 October 2026</span></div>
<div class="news-item"><h3><a href="/site/2">A phone line for new fathers opens in Kampala</a></h3><span class="date">5 October 2026</span></div>
<div class="news-item"><h3><a href="/site/3">Young mothers speak at the county hall</a></h3><span class="date">28 September 2026</span></div></div></body></html>"#;

/// Returns the routes.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/resolve/{*doi}", get(resolve))
        .route(ARTICLE, get(async || Html(PAGE)))
        .route(KNOWN, get(async || Html(KNOWN_PAGE)))
        .route("/articles/login", get(async || Html(LOGIN)))
        .route("/site/", get(async || Html(SITE)))
        .route("/site/plain", get(async || Html(PLAIN)))
}

/// Resolves a DOI: the citation to who asks for it, the page to everybody else.
async fn resolve(Path(doi): Path<String>, headers: HeaderMap) -> Response {
    if !doi.eq_ignore_ascii_case(DOI) {
        let page = "<html><head><title>Error: DOI Not Found</title></head><body><h1>DOI Not Found</h1></body></html>";
        return (StatusCode::NOT_FOUND, Html(page)).into_response();
    }
    let accepted = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accepted.contains("application/vnd.citationstyles.csl+json") {
        return ([(header::CONTENT_TYPE, "application/vnd.citationstyles.csl+json")], CITATION).into_response();
    }
    Redirect::temporary(ARTICLE).into_response()
}
