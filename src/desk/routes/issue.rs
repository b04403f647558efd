//! Preview, check, render and downloads of a month's issue.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::history::{in_words, versions};
use super::{Answer, Shared, Trouble, answered, filled, month_of, seen, shown};
use crate::desk::answer::{json, see};
use crate::desk::forms::Pairs;
use crate::desk::jobs::Task;
use crate::desk::views::Frame;
use crate::desk::views::check::{Problems, problems};
use crate::desk::{Desk, Purpose};
use crate::model::{MailingTool, PublishTo, sha256_hex};
use crate::pipeline;

/// The page of the previews.
#[derive(serde::Serialize)]
struct PreviewPage {
    frame: Frame,
    subject: String,
    preheader: String,
    text: String,
    items: usize,
    raw: usize,
    tracked: usize,
    links: usize,
    problems: Vec<String>,
    /// Sum by which the script knows whether the page is still so.
    sum: String,
    /// Sums of the email and the page: a frame whose own has not changed stays as it is.
    sums: [String; 2],
    /// Whether there is anything to look at.
    is_shown: bool,
    /// What that is, where it is not what the files say now; else empty.
    note: &'static str,
}

/// Shows email and page side by side.
pub(super) async fn preview(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, preview_page(&desk, &month, &pairs).await)
}

async fn preview_page(desk: &Desk, month: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let page = desk
        .room
        .ask(move |ctx| {
            let seen = seen(ctx, month, "Preview", "preview")?;
            let Some(look) = ctx.look(month)? else { return Ok(None) };
            let made = look.shown.as_deref().cloned().unwrap_or_default();
            Ok(Some(PreviewPage {
                frame: seen.frame,
                subject: made.subject,
                preheader: made.preheader,
                text: made.email_text,
                items: made.items,
                raw: made.sizes.raw,
                tracked: made.sizes.tracked,
                links: made.sizes.links,
                problems: look.problems,
                sum: look.sum,
                sums: [made.email_html, made.page_html].map(|html| sha256_hex(html.as_bytes())),
                is_shown: look.shown.is_some(),
                note: look.note,
            }))
        })
        .await?;
    let Some(mut page) = page else {
        return match desk.purpose {
            Purpose::Curate => Ok(see(&format!("/m/{month}/"))),
            Purpose::Watch => Err(no_draft()),
        };
    };
    page.frame = filled(desk, page.frame, Some(month), pairs);
    shown(desk, "preview.html", &page)
}

/// Returns the trouble of a month without a draft.
fn no_draft() -> Trouble {
    Trouble::Missing("There is no draft of this month.".to_owned())
}

/// Tells the script by which sum the preview would be shown now; an empty one while there is no draft.
pub(super) async fn preview_state(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, preview_sum(&desk, &month).await)
}

async fn preview_sum(desk: &Desk, month: &str) -> Answer {
    let month = month_of(month)?;
    let sum = desk.room.ask(move |ctx| ctx.look_sum(month)).await?.unwrap_or_default();
    Ok(json(StatusCode::OK, &serde_json::json!({ "sum": sum })))
}

/// Shows one part for a frame of the preview.
pub(super) async fn part(
    State(desk): Shared,
    Path((month, part)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, preview_part(&desk, &month, &part).await)
}

async fn preview_part(desk: &Desk, month: &str, part: &str) -> Answer {
    let month = month_of(month)?;
    let made = desk
        .room
        .ask(move |ctx| Ok(ctx.look(month)?.map(|look| look.shown.as_deref().cloned().unwrap_or_default())))
        .await?
        .ok_or_else(no_draft)?;
    let html = match part {
        "email" => in_look(&made.email_html, Look::Light),
        "email-dark" => in_look(&made.email_html, Look::Dark),
        "page" => in_look(&made.page_html, Look::Light),
        "page-dark" => in_look(&made.page_html, Look::Dark),
        _ => return Err(Trouble::Missing("There is no such part.".to_owned())),
    };
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let scripts = scripts(&html);
    Ok((StatusCode::OK, [kind, framed(&scripts)], html).into_response())
}

/// How a preview looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Light,
    Dark,
}

/// Returns a document as it looks in the light or in the dark, whatever this computer is set to: a frame cannot be
/// told to be dark, so its own question is answered for it.
fn in_look(html: &str, look: Look) -> String {
    let (dark, light) = match look {
        Look::Dark => ("all", "not all"),
        Look::Light => ("not all", "all"),
    };
    let asked = ["(prefers-color-scheme:dark)", "(prefers-color-scheme: dark)"];
    let dark_done = asked.iter().fold(html.to_owned(), |html, question| html.replace(question, dark));
    let asked = ["(prefers-color-scheme:light)", "(prefers-color-scheme: light)"];
    let html = asked.iter().fold(dark_done, |html, question| html.replace(question, light));
    // A link of the email opens beside the desk: within the frame it would be refused.
    html.replacen("<head>", &format!("<head><base target=\"_blank\"><script>{KEEPS_PLACE}</script>"), 1)
}

/// What a document in a frame runs so that it stays where it was read when it is shown anew: it tells the page around
/// it how far down it is, and asks for that number when it begins.
const KEEPS_PLACE: &str = "addEventListener('message',(e)=>{if(e.source===parent&&typeof e.data==='number')\
                           scrollTo(0,e.data)});addEventListener('load',()=>parent.postMessage('where','*'));\
                           addEventListener('scroll',()=>parent.postMessage(scrollY,'*'),{passive:true})";

/// Returns the scripts that stand in a document, as the hashes a policy names them by.
fn scripts(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some((_, behind)) = rest.split_once("<script>") {
        let Some((script, after)) = behind.split_once("</script>") else { break };
        let hash = Sha256::digest(script.as_bytes());
        out.push(format!("'sha256-{}'", data_encoding::BASE64.encode(&hash)));
        rest = after;
    }
    out
}

/// Returns the policy of a part: shown in our frames only, with its own styles and no more than its own scripts,
/// cut off from the desk (it has an origin of its own).
fn framed(scripts: &[String]) -> (HeaderName, HeaderValue) {
    let scripts = if scripts.is_empty() { "'none'".to_owned() } else { scripts.join(" ") };
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'; sandbox"));
    (header::CONTENT_SECURITY_POLICY, policy)
}

/// The page of the check.
#[derive(serde::Serialize)]
struct CheckPage {
    frame: Frame,
    problems: Problems,
    upcoming: Vec<pipeline::Upcoming>,
}

/// Lists what stands in the way.
pub(super) async fn check(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, check_page(&desk, &month, &pairs).await)
}

async fn check_page(desk: &Desk, month: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let links = desk.jobs.links(month);
    let mut page = desk
        .room
        .ask(move |ctx| {
            let seen = seen(ctx, month, "Check", "check")?;
            let report = pipeline::check_with(ctx, month, &links)?;
            let text = seen.file.map(|f| f.text).unwrap_or_default();
            Ok(CheckPage { frame: seen.frame, problems: problems(&report.problems, &text), upcoming: report.upcoming })
        })
        .await?;
    page.frame = filled(desk, page.frame, Some(month), pairs);
    shown(desk, "check.html", &page)
}

/// Begins to try the links.
pub(super) async fn links(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, super::begin(&desk, &month, Task::Links).await)
}

/// The page on which the issue is made.
#[derive(serde::Serialize)]
struct RenderPage {
    frame: Frame,
    errors: usize,
    warnings: usize,
    files: Vec<MadeFile>,
    /// When they were made, in words.
    made_at: String,
    /// Whether the draft was changed since.
    is_behind: bool,
    folder: String,
    /// Where it can be taken, in words; empty for nowhere.
    places: String,
}

/// One file of the issue.
#[derive(serde::Serialize)]
struct MadeFile {
    name: &'static str,
    what: &'static str,
    kilobytes: u64,
}

/// The files of an issue that can be taken from the desk, with what they are for.
const FILES: [(&str, &str, &str); 8] = [
    ("email.html", "The email, for the mailing tool", "text/html; charset=utf-8"),
    ("email.txt", "The email as plain text", "text/plain; charset=utf-8"),
    ("email.eml", "The email as a message, to open in a mail program", "message/rfc822"),
    ("index.html", "The web page", "text/html; charset=utf-8"),
    ("items.ris", "All citations, for reference managers", "application/x-research-info-systems"),
    ("items.bib", "All citations, for LaTeX and JabRef", "application/x-bibtex"),
    ("items.csv", "All papers as a table", "text/csv; charset=utf-8"),
    ("manifest.json", "What was made, for programs", "application/json"),
];

/// Shows whether the issue can be made, and what was made.
pub(super) async fn rendering(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, render_page(&desk, &month, &pairs).await)
}

async fn render_page(desk: &Desk, month: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let mut page = desk
        .room
        .ask(move |ctx| {
            let seen = seen(ctx, month, "Make the issue", "render")?;
            let report = pipeline::check(ctx, month)?;
            let found = problems(&report.problems, "");
            let folder = ctx.home.out().join(month.to_string());
            let issues = ctx.store.issues()?;
            let made_at: Option<Timestamp> =
                issues.iter().find(|i| i.month == month).and_then(|i| i.rendered_at.parse().ok());
            let last = versions(ctx, month, 1)?.first().map(|v| v.at);
            let made = |(name, what, _): &(&'static str, &'static str, &'static str)| {
                let bytes = crate::fsx::size_of(&folder.join(name))?;
                Some(MadeFile { name, what, kilobytes: bytes.div_ceil(1024) })
            };
            Ok(RenderPage {
                frame: seen.frame,
                errors: found.errors.len(),
                warnings: found.warnings.len(),
                files: FILES.iter().filter_map(made).collect(),
                made_at: made_at.map(|at| in_words(ctx, at)).unwrap_or_default(),
                is_behind: made_at.is_some_and(|at| last.is_some_and(|last| last > at)),
                folder: folder.display().to_string(),
                places: places(&ctx.config.settings.publishing.to),
            })
        })
        .await?;
    page.frame = filled(desk, page.frame, Some(month), pairs);
    shown(desk, "render.html", &page)
}

/// Begins to make the issue.
pub(super) async fn render(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, super::begin(&desk, &month, Task::Render).await)
}

/// Returns the places that an issue goes to, in words; empty for none.
fn places(to: &[PublishTo]) -> String {
    let name = |to: &PublishTo| match to {
        PublishTo::Folder => "the folder of the web pages",
        PublishTo::Mailchimp => MailingTool::Mailchimp.name(),
        PublishTo::Listmonk => MailingTool::Listmonk.name(),
        PublishTo::Eml => "a message file",
    };
    to.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Begins to take the issue where the settings say.
pub(super) async fn publish(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, super::begin(&desk, &month, Task::Publish).await)
}

/// Gives one file of the issue, to be kept.
pub(super) async fn file(
    State(desk): Shared,
    Path((month, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, download(&desk, &month, &name).await)
}

async fn download(desk: &Desk, month: &str, name: &str) -> Answer {
    let month = month_of(month)?;
    // Only these names: no path comes from the address.
    let Some((name, _, kind)) = FILES.iter().find(|(known, ..)| *known == name) else {
        return Err(Trouble::Missing("There is no such file of an issue.".to_owned()));
    };
    let bytes = desk
        .room
        .ask(move |ctx| Ok(crate::fsx::read(&ctx.home.out().join(month.to_string()).join(name))?))
        .await
        .map_err(|_| Trouble::Missing("It was not made yet: make the issue first.".to_owned()))?;
    let as_file = format!("attachment; filename=\"{month}-{name}\"");
    let headers = [(header::CONTENT_TYPE, (*kind).to_owned()), (header::CONTENT_DISPOSITION, as_file)];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_answers_the_documents_own_question() {
        let html = "<style>a{}@media (prefers-color-scheme:dark){b{}}</style>\
                    <meta media=\"(prefers-color-scheme: light)\">";
        assert_eq!(
            in_look(html, Look::Dark),
            "<style>a{}@media all{b{}}</style><meta media=\"not all\">",
            "the dark counts"
        );
        assert_eq!(in_look(html, Look::Light), "<style>a{}@media not all{b{}}</style><meta media=\"all\">");
    }

    #[test]
    fn only_scripts_that_run_are_named() {
        let html = "<script type=\"application/ld+json\">{}</script><script>a()</script><script>b()</script>";
        assert_eq!(scripts(html).len(), 2);
        assert_eq!(scripts("<script>"), Vec::<String>::new());
        // The hash of "alert('Hello, world.');" is the example of the W3C's Content Security Policy Level 3.
        let want = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(scripts("<script>alert('Hello, world.');</script>"), [want]);
    }
}
