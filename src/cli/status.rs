//! `roundup status`: what is there and what is next, or a month in numbers.

mod copy;
mod month;

pub use copy::is_members;

use super::Global;
use super::month::parse_month;
use super::open::{self, Access};
use super::term::{Exit, Style, Terminal};
use crate::model::Month;
use crate::pipeline;
use crate::store::JobState;

/// Shows what is there and what is next; with --month a month in numbers
///
/// A month in numbers tells how many papers were listed, kept and dropped, how good their order was, what
/// may have been missed, and which source earns its place.
///
/// In a copy made by `roundup sync` it tells how old the copy is and where it came from.
///
/// Examples: roundup status · roundup status --month · roundup status --month 2026-10
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show a month in numbers; the newest with a draft when none is named
    #[arg(long, value_name = "YYYY-MM", num_args = 0..=1, default_missing_value = NEWEST, value_parser = parse_which)]
    month: Option<Which>,
}

/// So many drafts are told, the newest.
const DRAFTS_SHOWN: usize = 3;

/// So many sources are told one by one; of more, only those that trouble.
const SOURCES_SHOWN: usize = 6;

/// What stands for the newest month where none is named.
const NEWEST: &str = "newest";

/// Which month is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The newest that has a draft.
    Newest,
    /// This one.
    Named(Month),
}

/// Reads which month is meant.
///
/// # Errors
/// When the text is no month.
fn parse_which(text: &str) -> Result<Which, String> {
    if text == NEWEST { Ok(Which::Newest) } else { parse_month(text).map(Which::Named) }
}

/// Runs `status`.
///
/// # Errors
/// When the home cannot be opened.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = pipeline::Home::new(&global.home);
    if args.month.is_none() && is_members(&home) {
        return copy::run(&home, open::clock()?.now(), global, term);
    }
    let ctx = open::open(global, Access::Read, term)?;
    match args.month {
        Some(Which::Newest) => return month::run(&ctx, None, global, term),
        Some(Which::Named(month)) => return month::run(&ctx, Some(month), global, term),
        None => {}
    }
    let status = pipeline::status(&ctx)?;
    if global.json {
        term.json(&status)?;
        return Ok(Exit::Done);
    }
    let c = &status.counts;
    term.line(&format!(
        "{} and news items from {} {}: {} in scope, {} maybe, {} out",
        super::sync::papers(super::sync::number(c.works)),
        c.records,
        if c.records == 1 { "record" } else { "records" },
        c.scope_in,
        c.scope_maybe,
        c.scope_out
    ));
    let what_to_type = match c.maybe_pairs {
        0 => "",
        _ => "; `roundup merge` shows them side by side, `roundup merge --ask` asks you one after the other",
    };
    term.line(&format!("pairs that may be one study: {}{what_to_type}", c.maybe_pairs));
    term.line(&format!("the search index is {}", status.index));
    term.line("");
    term.styled(&[(Style::Bold, "Sources")]);
    let zone = ctx.zone();
    print_sources(&status.sources, &zone, term);
    if status.sources.iter().any(|s| s.is_enabled && s.failing_since.is_some()) {
        term.line(&format!("  {}", super::sources::WHEN_FAILING));
    }
    term.line("");
    print_timetable(&status, &zone, term);
    if !status.reminders.is_empty() {
        term.line("");
        term.styled(&[(Style::Bold, "To know")]);
        for reminder in &status.reminders {
            term.line(&format!("  {}", reminder.says));
        }
    }
    term.line("");
    for (month, is_rendered) in status.drafts.iter().take(DRAFTS_SHOWN) {
        term.line(&format!("draft {month}: {}", if *is_rendered { "rendered" } else { "not rendered yet" }));
    }
    Ok(Exit::Done)
}

/// Prints how the sources are: those that trouble each by itself, the others counted when they are many, so that all of
/// it fits on a screen.
fn print_sources(sources: &[pipeline::SourceStatus], zone: &jiff::tz::TimeZone, term: &mut Terminal) {
    let troubles = |s: &&pipeline::SourceStatus| s.is_enabled && (s.failing_since.is_some() || s.moved_to.is_some());
    let (told, quiet): (Vec<_>, Vec<_>) = sources.iter().partition(|s| sources.len() <= SOURCES_SHOWN || troubles(s));
    for source in told {
        term.line(&source_line(source, zone));
    }
    if quiet.is_empty() {
        return;
    }
    let answered: Vec<&str> = quiet.iter().filter(|s| s.is_enabled).filter_map(|s| s.last_ok.as_deref()).collect();
    let silent = quiet.iter().filter(|s| s.is_enabled && s.last_ok.is_none()).count();
    let off = quiet.iter().filter(|s| !s.is_enabled).count();
    let mut parts = Vec::new();
    if let (Some(first), Some(last)) = (answered.iter().min(), answered.iter().max()) {
        let (first, last) = (hour(first, zone), hour(last, zone));
        let when = if first == last { format!("on {last}") } else { format!("between {first} and {last}") };
        parts.push(format!("{} answered {when}", answered.len()));
    }
    if silent > 0 {
        parts.push(format!("{silent} never asked"));
    }
    if off > 0 {
        parts.push(format!("{off} switched off"));
    }
    term.line(&format!("  {}; `roundup sources` lists them", parts.join(", ")));
}

/// Prints who does what is due, when, and what came of it.
fn print_timetable(status: &pipeline::Status, zone: &jiff::tz::TimeZone, term: &mut Terminal) {
    term.styled(&[(Style::Bold, "Timetable")]);
    for next in &status.next {
        let again = match next.failures {
            0 => String::new(),
            1 => ", tried again after a failure".to_owned(),
            n => format!(", tried again after {n} failures"),
        };
        term.line(&format!("  next {}: {}{again}", next.name, next.at));
    }
    for job in &status.jobs {
        let began = hour(job.started_at.as_deref().unwrap_or(&job.due), zone);
        let end = match job.state {
            JobState::Running => "not finished",
            JobState::Missed => continue,
            _ => job.outcome.as_str(),
        };
        term.line(&format!("  {} on {began}: {end}", job.name));
    }
    for job in &status.missed {
        let (was, runs) = if job.moments == 1 { ("was", "run") } else { ("were", "runs") };
        let until = hour(&job.due, zone);
        term.line(&format!("  {} {} {runs} {was} missed until {until}: {}", job.moments, job.name, job.outcome));
    }
    term.line(&match &status.daemon {
        Some(holder) => format!("  the daemon is at work (process {holder})"),
        None => "  no daemon is at work; `roundup daemon` does what is due, `roundup run` does it once".to_owned(),
    });
}

/// Returns how a source is, in one line.
fn source_line(source: &pipeline::SourceStatus, zone: &jiff::tz::TimeZone) -> String {
    let state = match (&source.failing_since, &source.last_ok) {
        _ if !source.is_enabled => "switched off".to_owned(),
        (Some(since), _) => {
            format!("failing since {}: {}", hour(since, zone), source.last_error.as_deref().unwrap_or_default())
        }
        (None, Some(at)) => format!("last answered on {}", hour(at, zone)),
        (None, None) => "never asked".to_owned(),
    };
    let moved = source.moved_to.as_ref().map(|to| format!("; it has moved to {to}")).unwrap_or_default();
    format!("  {} ({}): {state}{moved}", source.name, source.id)
}

/// Returns a moment in RFC 3339 as day and hour in a zone: `1 November 2026, 06:00`. A text that is no
/// moment stays as it is.
fn hour(at: &str, zone: &jiff::tz::TimeZone) -> String {
    let Ok(at) = at.parse::<jiff::Timestamp>() else { return at.to_owned() };
    at.to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_the_roundups_zone() {
        let nairobi = jiff::tz::TimeZone::fixed(jiff::tz::offset(3));
        for (at, want) in [
            ("2026-11-22T09:24:57.98Z", "22 November 2026, 12:24"),
            ("2026-10-31T21:05:00Z", "1 November 2026, 00:05"),
            ("soon", "soon"),
        ] {
            assert_eq!(hour(at, &nairobi), want);
        }
    }
}
