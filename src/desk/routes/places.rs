//! Pages that are about no single issue: months, sources, search, jobs.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Answer, Frame, MonthName, Shared, Trouble, answered, awaited, filled, shown};
use crate::desk::Desk;
use crate::desk::answer::{is_script, json, see};
use crate::desk::forms::{Pairs, value};
use crate::desk::jobs::{Job, Task};
use crate::index::{Index, Options, parse_query_on};
use crate::model::Month;
use crate::pipeline::{self, Ctx, SourceListing};

/// Leads to the board of the month that is being curated.
pub(super) async fn home(State(desk): Shared, headers: HeaderMap) -> Response {
    answered(&desk, &headers, to_month(&desk).await)
}

async fn to_month(desk: &Desk) -> Answer {
    let named = desk.month;
    let month = desk.room.ask(move |ctx| named.map_or_else(|| at_work(ctx), Ok)).await?;
    Ok(see(&format!("/m/{month}/")))
}

/// Returns the month that is being curated: that of the issue which is due, or else the newest draft's.
fn at_work(ctx: &Ctx) -> anyhow::Result<Month> {
    let (due, all) = (ctx.issue_month(), pipeline::draft_months(ctx)?);
    Ok(if all.contains(&due) { due } else { all.into_iter().next().unwrap_or(due) })
}

/// The page of the months.
#[derive(serde::Serialize)]
struct MonthsPage {
    frame: Frame,
    months: Vec<MonthLine>,
    /// The month to begin, when it has no draft yet.
    next: Option<MonthName>,
}

/// One month.
#[derive(serde::Serialize)]
struct MonthLine {
    month: MonthName,
    is_rendered: bool,
}

/// Lists the months with a draft.
pub(super) async fn months(State(desk): Shared, headers: HeaderMap) -> Response {
    answered(&desk, &headers, months_page(&desk).await)
}

async fn months_page(desk: &Desk) -> Answer {
    let (frame, months, next) = desk
        .room
        .ask(|ctx| {
            let all = pipeline::draft_months(ctx)?;
            let next = Some(ctx.issue_month()).filter(|m| !all.contains(m)).map(MonthName::of);
            let mut months = Vec::new();
            for month in all {
                let is_rendered = ctx.store.issue_manifest(month)?.is_some();
                months.push(MonthLine { month: MonthName::of(month), is_rendered });
            }
            let frame = Frame { reminders: super::reminders(ctx)?, ..around(ctx, "Months", "months") };
            Ok((frame, months, next))
        })
        .await?;
    let frame = filled(desk, frame, None, &[]);
    shown(desk, "months.html", &MonthsPage { frame, months, next })
}

/// Returns what stands around a page that is about no month.
fn around(ctx: &Ctx, title: &str, here: &'static str) -> Frame {
    let house = ctx.config.settings.house.community.clone();
    Frame { here, house, ..Frame::bare(title) }
}

/// The page of the sources.
#[derive(serde::Serialize)]
struct SourcesPage {
    frame: Frame,
    sources: Vec<SourceView>,
    failing: usize,
}

/// One source.
#[derive(serde::Serialize)]
struct SourceView {
    id: String,
    name: String,
    kind: &'static str,
    address: String,
    is_enabled: bool,
    works: u64,
    last_ok: String,
    failing_since: String,
    error: String,
    moved_to: String,
    is_gone: bool,
}

/// Shows how the sources are.
pub(super) async fn sources(State(desk): Shared, Query(pairs): Query<Pairs>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, sources_page(&desk, &pairs).await)
}

async fn sources_page(desk: &Desk, pairs: &[(String, String)]) -> Answer {
    let (frame, sources) = desk
        .room
        .ask(|ctx| {
            let listed = pipeline::list_sources(&ctx.config.settings.sources, Some(&ctx.store))?;
            let mut sources: Vec<SourceView> = listed.into_iter().map(|s| source_view(ctx, s)).collect();
            // What needs somebody comes first; else the order of feeds.toml.
            sources.sort_by_key(|s| s.failing_since.is_empty());
            Ok((around(ctx, "Sources", "sources"), sources))
        })
        .await?;
    let failing = sources.iter().filter(|s| !s.failing_since.is_empty()).count();
    let frame = filled(desk, frame, None, pairs);
    shown(desk, "sources.html", &SourcesPage { frame, sources, failing })
}

/// Returns a source in words.
fn source_view(ctx: &Ctx, source: SourceListing) -> SourceView {
    let day = |at: Option<jiff::Timestamp>| {
        at.map(|at| at.to_zoned(ctx.zone()).strftime("%-d %B %Y, %H:%M").to_string()).unwrap_or_default()
    };
    SourceView {
        last_ok: day(source.last_ok),
        failing_since: day(source.failing_since),
        error: source.last_error.filter(|_| source.failing_since.is_some()).unwrap_or_default(),
        moved_to: source.moved_to.unwrap_or_default(),
        id: source.id,
        name: source.name,
        kind: source.kind,
        address: source.address,
        is_enabled: source.is_enabled,
        works: source.works,
        is_gone: source.is_gone,
    }
}

/// Asks one source, or all.
pub(super) async fn harvest(State(desk): Shared, headers: HeaderMap, Form(pairs): Form<Pairs>) -> Response {
    let source = Some(value(&pairs, "source").to_owned()).filter(|s| !s.is_empty());
    let number = desk.jobs.begin(Task::Harvest(source));
    answered(&desk, &headers, awaited(&desk, number).await)
}

/// The page of the search.
#[derive(serde::Serialize)]
struct SearchPage {
    frame: Frame,
    query: String,
    total: usize,
    hits: Vec<HitView>,
    notes: Vec<String>,
    problems: Vec<String>,
    /// Number of the first hit, from 1.
    first: usize,
    /// Number of the page before; 0 for none.
    previous: usize,
    /// Number of the next page; 0 for none.
    next: usize,
    /// Month of the issue, for the way to a paper's page.
    at: String,
}

/// One paper that was found.
#[derive(serde::Serialize)]
struct HitView {
    id: String,
    title: Vec<(bool, String)>,
    snippet: Vec<(bool, String)>,
    line: String,
    countries: Vec<String>,
    design: &'static str,
    is_open_access: bool,
    issue: String,
}

/// Papers on one page of the search.
const HITS_PER_PAGE: usize = 20;

/// Searches everything that was ever indexed.
pub(super) async fn search(State(desk): Shared, Query(pairs): Query<Pairs>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, search_page(&desk, pairs).await)
}

async fn search_page(desk: &Desk, pairs: Pairs) -> Answer {
    let named = desk.month;
    let form = pairs.clone();
    let mut page = desk
        .room
        .ask(move |ctx| {
            let month = named.map_or_else(|| at_work(ctx), Ok)?;
            found(ctx, month, value(&form, "q").trim(), value(&form, "page").parse().unwrap_or(1))
        })
        .await?;
    page.frame = filled(desk, page.frame, None, &pairs);
    shown(desk, "search.html", &page)
}

/// Returns what a query finds, in the language of the command line.
fn found(ctx: &Ctx, month: Month, typed: &str, number: usize) -> anyhow::Result<SearchPage> {
    let mut page = SearchPage {
        frame: around(ctx, "Search", "search"),
        query: typed.to_owned(),
        total: 0,
        hits: Vec::new(),
        notes: Vec::new(),
        problems: Vec::new(),
        first: 0,
        previous: 0,
        next: 0,
        at: month.to_string(),
    };
    if typed.is_empty() {
        return Ok(page);
    }
    let parsed = parse_query_on(typed, ctx.today());
    page.problems = parsed.problems.iter().map(ToString::to_string).collect();
    if !page.problems.is_empty() {
        return Ok(page);
    }
    let number = number.clamp(1, 500);
    let offset = (number - 1) * HITS_PER_PAGE;
    let searcher = match Index::open_reader(&ctx.home.index()) {
        Ok(searcher) => searcher,
        Err(error) => {
            let help = "“Ask all now” under Sources makes it, and so does making the issue";
            page.problems.push(format!("{error}\n  {help}"));
            return Ok(page);
        }
    };
    let answer = searcher.search(&parsed, &Options { limit: HITS_PER_PAGE, offset, ..Options::default() })?;
    page.total = answer.total;
    page.notes = answer.notes;
    page.first = offset + 1;
    page.previous = number - 1;
    page.next = if offset + HITS_PER_PAGE < answer.total { number + 1 } else { 0 };
    for hit in answer.hits {
        let issue = ctx.store.issue_of(&hit.paper.id)?.map(Month::long_name).unwrap_or_default();
        page.hits.push(HitView {
            id: hit.paper.id.to_string(),
            line: line(&hit.paper),
            design: hit.paper.design.label(),
            is_open_access: hit.paper.is_open() == Some(true),
            title: hit.title,
            snippet: hit.snippet,
            countries: hit.country_names,
            issue,
        });
    }
    Ok(page)
}

/// Returns journal and year of a paper in one line.
fn line(paper: &crate::model::Paper) -> String {
    let record = &paper.record;
    let year = record.published.map(|d| d.to_string()).or_else(|| record.year.map(|y| y.to_string()));
    let parts = [record.journal.clone(), year];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The page of a job.
#[derive(serde::Serialize)]
struct JobPage {
    frame: Frame,
    job: Job,
    /// Jobs that come before it.
    before: usize,
}

/// Shows how a job goes.
pub(super) async fn job(State(desk): Shared, Path(number): Path<u64>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, job_page(&desk, number, &headers).await)
}

async fn job_page(desk: &Desk, number: u64, headers: &HeaderMap) -> Answer {
    let Some(job) = desk.jobs.job(number) else {
        return Err(Trouble::Missing("This work is done and forgotten.".to_owned()));
    };
    if is_script(headers) {
        return Ok(json(StatusCode::OK, &job));
    }
    // Whoever waited here is led to where it shows.
    if let Some(back) = job.done.as_ref().and_then(|done| done.back.as_deref()) {
        return Ok(see(back));
    }
    let title = job.title.clone();
    let frame = desk.room.ask(move |ctx| Ok(around(ctx, &title, ""))).await?;
    let mut frame = filled(desk, frame, None, &[]);
    if let Some(month) = Month::parse(&job.month) {
        frame.month = Some(MonthName::of(month));
    }
    let before = frame.jobs.iter().filter(|j| j.number < number).count();
    shown(desk, "job.html", &JobPage { frame, job, before })
}
