//! Which address shows or does what, and what every request passes on its way.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use super::answer::{Trouble, is_script, json, page, see};
use super::guard::{POLICY, Refusal};
use super::names::COMPACT;
use super::room::Held;
use super::views::{Frame, MonthName, State as IssueState};
use super::{Desk, Purpose, assets, hand, locked};
use crate::model::Month;
use crate::model::text::capital;
use crate::pipeline::curate::DraftFile;
use crate::pipeline::{self, Ctx};

mod board;
mod history;
mod issue;
mod letter;
mod named;
mod paper;
mod places;
mod same;
pub(super) mod watch;

/// Largest form, in bytes: a note of many pages is far below.
const FORM_BYTES_MAX: usize = 512 * 1024;

/// What a handler gives.
type Answer = Result<Response, Trouble>;
/// What every handler gets.
type Shared = State<Arc<Desk>>;

/// Returns the desk's addresses behind its guard.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    let month = Router::new()
        .route("/state", get(board::state))
        .route("/undo", post(board::undo))
        .route("/draft", post(board::draft))
        .route("/paper/{id}", get(paper::show).post(paper::change))
        .route("/paper/{id}/tag", post(paper::tag))
        .route("/paper/{id}/same", post(same::same))
        .route("/paper/{id}/add", post(paper::add_known))
        .route("/letter", get(letter::show).post(letter::change))
        .route("/add", get(paper::adding).post(paper::add))
        .route("/preview", get(issue::preview))
        .route("/preview/state", get(issue::preview_state))
        .route("/preview/{part}", get(issue::part))
        .route("/check", get(issue::check).post(issue::links))
        .route("/render", get(issue::rendering).post(issue::render))
        .route("/publish", post(issue::publish))
        .route("/out/{name}", get(issue::file))
        .route("/history", get(history::list).post(history::restore))
        .route("/history/{number}", get(history::version));
    let router = Router::new()
        .route("/", get(places::home))
        .route("/months", get(places::months))
        .route("/sources", get(places::sources).post(places::harvest))
        .route("/search", get(places::search))
        .route("/jobs/{number}", get(places::job))
        .route("/enter/{token}", get(enter))
        .route("/assets/{name}", get(|Path(name): Path<String>| async move { assets::asset(&name) }))
        .route("/favicon.ico", get(|| async { assets::asset("icon.svg") }))
        .route("/m/{month}/", get(board::show).post(board::change))
        .route("/m/{month}", get(board::to_board))
        .nest("/m/{month}", month);
    behind_guard(router, desk)
}

/// Returns addresses behind the desk's guard, with an answer for all others.
fn behind_guard(router: Router<Arc<Desk>>, desk: Arc<Desk>) -> Router {
    router
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guarded))
        .with_state(desk)
}

/// Headers of every answer. Of the two policies a handler's own one counts.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    // With "no-referrer" browsers send `Origin: null` from our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets a request in or answers why not, and puts the headers to every answer.
async fn guarded(State(desk): Shared, request: Request, next: Next) -> Response {
    let is_entrance = request.uri().path().starts_with("/enter/");
    let verdict = desk.guard.check(request.method(), request.uri(), request.headers(), is_entrance);
    let mut response = match verdict {
        Ok(()) => {
            let is_script = is_script(request.headers());
            let hand = hand::of(request.headers(), desk.port);
            let response = hand::with(hand, next.run(request)).await;
            if is_bare(&response) { in_words(&desk, response.status(), is_script) } else { response }
        }
        // Looks and script hold nothing of anybody's, and the page that says what is wrong has them too.
        Err(Refusal::Token) if is_asset(&request) => next.run(request).await,
        Err(refusal) => {
            let (heading, help) = refusal.told();
            tracing::warn!("the desk refused a request: {heading}");
            let frame = Frame::shut(heading);
            told(&desk, StatusCode::FORBIDDEN, is_script(request.headers()), frame, "", help)
        }
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Tells whether a request looks at the style sheet or the script.
fn is_asset(request: &Request) -> bool {
    let is_look = matches!(*request.method(), Method::GET | Method::HEAD);
    is_look && request.uri().path().starts_with("/assets/")
}

/// Tells whether an answer says no without a page: what was refused before one of our handlers saw it.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |k| k.as_bytes());
    let status = response.status();
    let is_ours = kind.starts_with(b"text/html") || kind.starts_with(b"application/json");
    (status.is_client_error() || status.is_server_error()) && !is_ours
}

/// Returns the page that says in words what a bare status means.
fn in_words(desk: &Desk, status: StatusCode, is_script: bool) -> Response {
    let (heading, what, help) = match status {
        StatusCode::NOT_FOUND => ("There is nothing here", "No page of the desk has this address.", LOST),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "This is too long",
            "One form may say 512 kB, which is a book of two hundred pages. Nothing was changed.",
            "Go back, shorten it and save again.",
        ),
        _ => ("This could not be understood", "The address or the form is not one that the desk makes.", LOST),
    };
    told(desk, status, is_script, Frame::bare(heading), what, help)
}

/// What to do about an address that there is not.
const LOST: &str = "Look at the board, or at the list of months.";
/// The same where there is no page but the preview.
const LOST_WATCHING: &str = "Go to the preview.";

/// Shows the token to get the cookie; then the address with the token is left.
async fn enter(State(desk): Shared, Path(token): Path<String>, headers: HeaderMap) -> Response {
    if desk.guard.is_token(&token) {
        let mut response = see("/");
        let mut cookies = vec![desk.guard.cookie()];
        // A browser that comes again is the same one. Without chance numbers all browsers are one.
        if hand::of(&headers, desk.port).is_empty() {
            cookies.extend(super::token().map(|chance| hand::cookie(&chance, desk.port)));
        }
        for cookie in cookies.iter().filter_map(|c| HeaderValue::from_str(c).ok()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return response;
    }
    let (heading, help) = Refusal::Token.told();
    told(&desk, StatusCode::FORBIDDEN, is_script(&headers), Frame::shut(heading), "", help)
}

/// Answers an address that there is not.
async fn nothing(State(desk): Shared, headers: HeaderMap) -> Response {
    refused(&desk, &headers, &Trouble::Missing("No page of the desk has this address.".to_owned()))
}

impl Frame {
    /// Returns what stands around a page for somebody who is not let in: no way that leads to the same page again.
    fn shut(title: &str) -> Self {
        Self { here: "shut", ..Self::bare(title) }
    }

    /// Returns what stands around a page that knows nothing of any month.
    fn bare(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            here: "",
            house: String::new(),
            month: None,
            state: None,
            paper: String::new(),
            reminders: Vec::new(),
            notice: String::new(),
            undo: String::new(),
            jobs: Vec::new(),
            is_watch: false,
        }
    }

    /// Returns the same as it stands around a page of a desk.
    fn of(mut self, desk: &Desk) -> Self {
        self.is_watch = desk.purpose == Purpose::Watch;
        // The bar is for those who decide, and holds a form.
        self.state = self.state.filter(|_| !self.is_watch);
        if self.is_watch {
            self.reminders.clear();
        }
        self
    }
}

/// A page that only says something.
#[derive(serde::Serialize)]
struct Message<'a> {
    frame: Frame,
    what: &'a str,
    help: &'a str,
    typed: Vec<String>,
}

/// What a page that only says something says.
struct Told<'a> {
    /// What happened.
    what: &'a str,
    /// What to do.
    help: &'a str,
    /// What the person had typed, where it went nowhere.
    typed: Vec<String>,
}

/// Returns a page, or values for the script, that says what happened and what to do.
fn told(desk: &Desk, status: StatusCode, is_script: bool, frame: Frame, what: &str, help: &str) -> Response {
    told_with(desk, status, is_script, frame, Told { what, help, typed: Vec::new() })
}

/// Returns the same, with what the person had typed.
fn told_with(desk: &Desk, status: StatusCode, is_script: bool, frame: Frame, told: Told<'_>) -> Response {
    let Told { what, help, typed } = told;
    if is_script {
        let said = if what.is_empty() { frame.title.as_str() } else { what };
        return json(status, &serde_json::json!({ "ok": false, "said": said, "help": help }));
    }
    let help = if desk.purpose == Purpose::Watch && help == LOST { LOST_WATCHING } else { help };
    let message = Message { frame: frame.of(desk), what, help, typed };
    // Were even this page to fail, its words go out bare.
    let html = desk.pages.page("message.html", &message).unwrap_or_else(|_| "Something failed.".to_owned());
    page(status, html)
}

/// Returns the answer for trouble.
fn refused(desk: &Desk, headers: &HeaderMap, trouble: &Trouble) -> Response {
    let (status, heading, what, help) = trouble.told();
    if let Trouble::Failed(error) = trouble {
        tracing::warn!("the desk could not answer: {error:#}");
    }
    told(desk, status, is_script(headers), Frame::bare(heading), &what, &help)
}

/// Returns a handler's answer, trouble as a page.
fn answered(desk: &Desk, headers: &HeaderMap, answer: Answer) -> Response {
    answer.unwrap_or_else(|trouble| refused(desk, headers, &trouble))
}

/// Returns a page of the desk by its template and values.
fn shown<T: serde::Serialize>(desk: &Desk, name: &str, values: &T) -> Answer {
    Ok(page(StatusCode::OK, desk.pages.page(name, values)?))
}

/// Returns the month that an address names.
fn month_of(text: &str) -> Result<Month, Trouble> {
    Month::parse(text).ok_or_else(|| Trouble::Missing("A month in an address is written like 2026-10.".to_owned()))
}

/// Sentences that a page may say once after something was done, by the word in its address. The address holds the
/// word only: no request can make the desk say anything else.
const NOTICES: [(&str, &str); 15] = [
    ("saved", "Saved."),
    ("joined", "Saved. Someone else had changed the file meanwhile: their changes are here too."),
    ("same", "Nothing was changed: it says so already."),
    ("undone", "Taken back."),
    ("added", "It is in the issue now."),
    ("tag-added", "The tag is there now, and stays. “Let the rules decide” here takes it back; Undo does not."),
    ("tag-removed", "The tag is taken away, and stays away. “Give it back” here takes that back; Undo does not."),
    ("tag-back", "What was said of the tag is taken back: the rules decide again."),
    ("same-paper", "They are one paper now. “Take it back” below parts them again; Undo does not."),
    (
        "same-paper-differs",
        "They are one paper now. Look again if that is right: they differ in more than a word. “Take it back” below \
         parts them again; Undo does not.",
    ),
    (
        "not-same",
        "They are two papers, and nobody is asked about them again. “Take it back” below undoes that; Undo does not.",
    ),
    ("kept-apart", "They stay two papers: an answer about others of their records keeps them apart."),
    ("no-paper", "This is an item of your own, not a paper: it has no tags and no twin. Nothing was changed."),
    ("answer-back", "The answer is taken back."),
    (PUT_BACK, "Put back. What stood there before is kept, too."),
];

/// Those of the words behind which a form's own work is told.
const DONE_BY_A_FORM: [&str; 4] = ["saved", "joined", "undone", "added"];

/// The word for a version that was put back.
const PUT_BACK: &str = "put-back";

/// Returns the word for what is said, where it is one of ours.
fn notice_word(pairs: &[(String, String)]) -> Option<&'static str> {
    let word = super::forms::value(pairs, "said");
    NOTICES.iter().find(|(known, _)| *known == word).map(|(known, _)| *known)
}

/// Returns the sentence for a word.
fn notice(pairs: &[(String, String)]) -> String {
    let word = super::forms::value(pairs, "said");
    NOTICES.iter().find(|(known, _)| *known == word).map_or_else(String::new, |(_, text)| (*text).to_owned())
}

/// What a page of a month is made of.
struct Seen {
    /// The draft file; `None` when there is none.
    file: Option<DraftFile>,
    /// What stands around the page.
    frame: Frame,
}

/// Reads a month's draft and puts together what stands around its pages.
fn seen(ctx: &Held, month: Month, title: &str, here: &'static str) -> anyhow::Result<Seen> {
    let file = ctx.draft(month)?;
    let size = match &file {
        Some(file) if file.draft.is_some() => ctx.email_size(file)?,
        _ => None,
    };
    let state = file.as_ref().and_then(|f| f.draft.as_ref().map(|d| IssueState::of(f, d, size)));
    let frame = Frame {
        title: title.to_owned(),
        here,
        house: ctx.config.settings.house.community.clone(),
        month: Some(MonthName::of(month)),
        state,
        reminders: reminders(ctx)?,
        ..Frame::bare(title)
    };
    Ok(Seen { file, frame })
}

/// Returns what people should know of besides the draft, without what is typed on a command line.
fn reminders(ctx: &Ctx) -> anyhow::Result<Vec<String>> {
    let open = ctx.store.open_reminders()?.into_iter().filter(|row| row.kind != "draft");
    Ok(open.map(|row| capital(row.says.split("; `roundup ").next().unwrap_or_default()) + ".").collect())
}

/// Puts to a frame what the desk itself knows.
fn filled(desk: &Desk, mut frame: Frame, month: Option<Month>, pairs: &[(String, String)]) -> Frame {
    let hand = hand::current();
    frame = frame.of(desk);
    frame.notice = notice(pairs);
    if DONE_BY_A_FORM.contains(&super::forms::value(pairs, "said"))
        && let Some(what) = locked(&desk.told).take(&hand)
    {
        frame.notice = format!("{} {}.", frame.notice, capital(&what));
    }
    frame.jobs = desk.jobs.open();
    frame.undo = month.and_then(|m| locked(&desk.undo).last(&hand, m).map(|s| s.what.clone())).unwrap_or_default();
    frame
}

/// Returns the sections as id and name, the compact list last.
fn sections(ctx: &Ctx) -> Vec<pipeline::cards::Named> {
    let topics = ctx.config.rules.topics.iter().map(|t| (t.id.clone(), t.name.clone()));
    let more = (crate::draft::MORE.to_owned(), COMPACT.to_owned());
    topics.chain([more]).map(|(id, name)| pipeline::cards::Named { id, name }).collect()
}

/// Begins a job about a month and leads to its page.
async fn begin(desk: &Desk, month: &str, task: impl FnOnce(Month) -> super::jobs::Task) -> Answer {
    let number = desk.jobs.begin(task(month_of(month)?));
    awaited(desk, number).await
}

/// How long a job is waited for before its page is shown: most small ones are done by then, and the person sees how
/// it went at once.
const JOB_WAIT: std::time::Duration = std::time::Duration::from_millis(1_500);
/// How often it is looked at meanwhile.
const JOB_PAUSE: std::time::Duration = std::time::Duration::from_millis(25);

/// Waits a little for a job, and leads to the page that shows what it did; else to its own page.
async fn awaited(desk: &Desk, number: u64) -> Answer {
    let mut waited = std::time::Duration::ZERO;
    while waited < JOB_WAIT && desk.jobs.job(number).is_some_and(|j| j.done.is_none()) {
        tokio::time::sleep(JOB_PAUSE).await;
        waited += JOB_PAUSE;
    }
    let back = desk.jobs.job(number).and_then(|j| j.done).and_then(|done| done.back);
    Ok(see(&back.unwrap_or_else(|| format!("/jobs/{number}"))))
}
