//! The history of a month's draft: every version that it had, one version whole, and putting one back.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;

use super::{Answer, PUT_BACK, Shared, Trouble, answered, filled, month_of, seen, shown};
use crate::desk::Desk;
use crate::desk::forms::{Pairs, value};
use crate::desk::jobs::Task;
use crate::desk::views::Frame;
use crate::desk::views::history::{Day, Line, VersionLine, days, lines};
use crate::draft::difference;
use crate::model::Month;
use crate::pipeline::{self, Ctx};
use crate::store::DraftBy;

/// The page of the history.
#[derive(serde::Serialize)]
struct HistoryPage {
    frame: Frame,
    days: Vec<Day>,
    /// The town in whose zone all times here are.
    zone: String,
}

/// Lists the versions of a month's draft.
pub(super) async fn list(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, page(&desk, &month, &pairs).await)
}

/// Shows the list.
async fn page(desk: &Desk, month: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let named = kept(pairs);
    let (mut page, kept) = desk
        .room
        .ask(move |ctx| {
            let seen = seen(ctx, month, "Earlier versions", "history")?;
            let line = |v: pipeline::history::Version| {
                let by = written_by(v.by);
                VersionLine::of(v, by, &ctx.zone())
            };
            let versions = versions(ctx, month, VERSIONS_MAX)?.into_iter().map(line).collect();
            let all = ctx.store.draft_versions(month)?;
            let kept = named.filter(|named| all.iter().any(|version| version.number == *named));
            Ok((HistoryPage { frame: seen.frame, days: days(versions), zone: zone_name(ctx) }, kept))
        })
        .await?;
    page.frame = filled(desk, page.frame, Some(month), pairs);
    if let Some(kept) = kept {
        page.frame.notice = format!("Put back. What stood there before is version {kept}.");
    }
    shown(desk, "history.html", &page)
}

/// Returns the number that an address gives to what stood there before a version was put back. It is told only when
/// there is such a version.
fn kept(pairs: &[(String, String)]) -> Option<u64> {
    (value(pairs, "said") == PUT_BACK).then(|| value(pairs, "kept").parse().ok()).flatten()
}

/// Versions that the page lists: more than a month's work makes.
const VERSIONS_MAX: usize = 200;

/// Returns the versions of a month's draft, the newest first; none when nothing was kept yet.
pub(super) fn versions(ctx: &Ctx, month: Month, most: usize) -> anyhow::Result<Vec<pipeline::history::Version>> {
    match pipeline::history::versions(ctx, month, most) {
        Err(pipeline::Error::Missing(_)) => Ok(Vec::new()),
        other => Ok(other?),
    }
}

/// Returns a time as people say it, in the roundup's zone.
pub(super) fn in_words(ctx: &Ctx, at: Timestamp) -> String {
    at.to_zoned(ctx.zone()).strftime("%-d %B %Y, %H:%M").to_string()
}

/// Returns what the roundup's zone is called: by its town, as people know it.
fn zone_name(ctx: &Ctx) -> String {
    let zone = ctx.zone();
    let name = zone.iana_name().unwrap_or("UTC");
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

/// Returns who wrote a version, in words.
fn written_by(by: DraftBy) -> &'static str {
    match by {
        DraftBy::Draft => "written by roundup",
        DraftBy::Desk => "here, at the desk",
        DraftBy::Found => "in a text editor",
        DraftBy::Restore => "put back",
        DraftBy::Earlier => "earlier",
    }
}

/// The page of one version.
#[derive(serde::Serialize)]
struct VersionPage {
    frame: Frame,
    number: u64,
    /// When it was seen or written.
    at: String,
    /// Who wrote it.
    by: &'static str,
    /// Whether the file holds it now.
    is_now: bool,
    /// The number of the one before it; `None` for the first.
    before: Option<u64>,
    /// The number of the next one; `None` for the newest.
    after: Option<u64>,
    /// Its text; `None` when it cannot be read any more.
    text: Option<String>,
    /// What is different in the file as it is now; empty when nothing is.
    difference: Vec<Line>,
}

/// Shows one version.
pub(super) async fn version(
    State(desk): Shared,
    Path((month, number)): Path<(String, u64)>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, version_page(&desk, &month, number, &pairs).await)
}

/// Shows one version with the way to those beside it.
async fn version_page(desk: &Desk, month: &str, number: u64, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let page = desk.room.ask(move |ctx| of_version(ctx, month, number)).await?;
    let Some(mut page) = page else {
        let month = month.long_name();
        return Err(Trouble::Missing(format!(
            "The draft of {month} has no version {number}. History lists those it has."
        )));
    };
    page.frame = filled(desk, page.frame, Some(month), pairs);
    shown(desk, "version.html", &page)
}

/// Puts the page of a version together; `None` when there is no such version.
fn of_version(ctx: &crate::desk::room::Held, month: Month, number: u64) -> anyhow::Result<Option<VersionPage>> {
    // The newest first.
    let rows = ctx.store.draft_versions(month)?;
    let Some(row) = rows.iter().find(|row| row.number == number) else { return Ok(None) };
    let title = format!("Version {number} of {}", month.long_name());
    let seen = seen(ctx, month, &title, "history")?;
    let now = seen.file.as_ref().map(|f| f.sum.as_str()).unwrap_or_default();
    let newest_like_file = rows.iter().find(|row| row.sha256 == now).map(|row| row.number);
    // A text that is damaged or gone costs nothing but itself: the page says so.
    let text = pipeline::history::text_of(ctx, month, number);
    let file = seen.file.as_ref().map(|f| f.text.as_str()).unwrap_or_default();
    let difference = text.as_ref().map(|text| difference(text, file)).unwrap_or_default();
    if let Err(error) = &text {
        tracing::warn!("version {number} of the draft of {month} cannot be read: {error}");
    }
    Ok(Some(VersionPage {
        number,
        at: in_words(ctx, row.at),
        by: written_by(row.by),
        is_now: newest_like_file == Some(number),
        before: rows.iter().map(|row| row.number).filter(|n| *n < number).max(),
        after: rows.iter().map(|row| row.number).filter(|n| *n > number).min(),
        text: text.ok(),
        difference: lines(difference),
        frame: seen.frame,
    }))
}

/// Puts an earlier version back.
pub(super) async fn restore(
    State(desk): Shared,
    Path(month): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    let number = value(&pairs, "number").parse::<u64>();
    let answer = match number {
        Ok(number) => super::begin(&desk, &month, |month: Month| Task::Restore(month, number)).await,
        Err(_) => Err(Trouble::Wrong("Choose a version of the list.".to_owned())),
    };
    answered(&desk, &headers, answer)
}
