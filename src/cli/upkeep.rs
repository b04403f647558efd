//! `roundup status`, `explain`, `retag`, `reindex`, `rebuild`: looking after a home.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Style, Terminal};
use crate::pipeline;

/// Shows what is there, how the sources are and what is next, on one screen
#[derive(Debug, clap::Args)]
pub struct StatusArgs {}

/// Tells where each field, tag and place of a paper comes from
///
/// Examples: roundup explain 90000001 · roundup explain 10.5555/abc · roundup explain w2345672345a
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// Work id, PMID or DOI
    id: String,
}

/// Builds the search index anew from the database
#[derive(Debug, clap::Args)]
pub struct ReindexArgs {}

/// Makes everything derived anew: folded papers, tags, index, rendered files
#[derive(Debug, clap::Args)]
pub struct RebuildArgs {}

/// Runs `status`.
///
/// # Errors
/// When the home cannot be opened.
pub fn status(_args: &StatusArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let status = pipeline::status(&ctx)?;
    if global.json {
        term.json(&status)?;
        return Ok(Exit::Done);
    }
    let c = &status.counts;
    term.line(&format!(
        "{} papers and news items from {} records: {} in scope, {} maybe, {} out",
        c.works, c.records, c.scope_in, c.scope_maybe, c.scope_out
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
    for source in &status.sources {
        term.line(&source_line(source, &zone));
    }
    if status.sources.iter().any(|s| s.is_enabled && s.failing_since.is_some()) {
        term.line(&format!("  {}", super::sources::WHEN_FAILING));
    }
    term.line("");
    for (name, when) in &status.next {
        term.line(&format!("next {name}: {when}"));
    }
    for job in &status.jobs {
        let end = job.finished_at.as_deref().map_or("not finished", |_| job.outcome.as_str());
        term.line(&format!("{} on {}: {end}", job.name, hour(&job.started_at, &zone)));
    }
    for (month, is_rendered) in &status.drafts {
        term.line(&format!("draft {month}: {}", if *is_rendered { "rendered" } else { "not rendered yet" }));
    }
    Ok(Exit::Done)
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

/// Runs `explain`.
///
/// # Errors
/// When the home cannot be opened.
pub fn explain(args: &ExplainArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let explained = match pipeline::explain(&ctx, &args.id) {
        Err(pipeline::Error::Missing(text)) => {
            term.note(&text);
            return Ok(Exit::Nothing);
        }
        other => other?,
    };
    if global.json {
        term.json(&explained)?;
        return Ok(Exit::Done);
    }
    if let Some(line) = super::merge::redirects(&args.id, &explained.id) {
        term.line(&line);
    }
    term.styled(&[(Style::Bold, explained.title.as_str())]);
    term.line(explained.id.as_str());
    for part in &explained.parts {
        term.line("");
        term.styled(&[(Style::Bold, part.heading.as_str())]);
        for line in &part.lines {
            term.line(&format!("  {line}"));
        }
    }
    Ok(Exit::Done)
}

/// Runs `reindex`.
///
/// # Errors
/// When the home cannot be opened or the index cannot be written.
pub fn reindex(_args: &ReindexArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    pipeline::judge(&ctx)?;
    let report = pipeline::update_index(&ctx, true)?;
    if global.json {
        term.json(&report)?;
    } else {
        term.line(&format!("the search index holds {} papers and news items", report.written));
    }
    Ok(Exit::Done)
}

/// Runs `rebuild`.
///
/// # Errors
/// When the home cannot be opened or something cannot be written.
pub fn rebuild(_args: &RebuildArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let report = pipeline::rebuild(&ctx)?;
    if global.json {
        term.json(&report)?;
    } else {
        term.line(&format!(
            "made anew: {} papers folded, {} judged, {} indexed, {} issues rendered",
            report.works, report.judged, report.indexed, report.issues
        ));
    }
    Ok(Exit::Done)
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
