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

/// Judges every paper by the rules of today
#[derive(Debug, clap::Args)]
pub struct RetagArgs {
    /// Only say what would change, per tag, with examples
    #[arg(long)]
    dry_run: bool,
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
    term.line(&format!("pairs that may be one study: {}; the search index is {}", c.maybe_pairs, status.index));
    term.line("");
    term.styled(&[(Style::Bold, "Sources")]);
    for source in &status.sources {
        term.line(&source_line(source));
    }
    term.line("");
    for (name, when) in &status.next {
        term.line(&format!("next {name}: {when}"));
    }
    for job in &status.jobs {
        let end = job.finished_at.as_deref().map_or("not finished", |_| job.outcome.as_str());
        term.line(&format!("{} at {}: {end}", job.name, job.started_at));
    }
    for (month, is_rendered) in &status.drafts {
        term.line(&format!("draft {month}: {}", if *is_rendered { "rendered" } else { "not rendered yet" }));
    }
    Ok(Exit::Done)
}

/// Returns how a source is, in one line.
fn source_line(source: &pipeline::SourceStatus) -> String {
    let state = match (&source.failing_since, &source.last_ok) {
        _ if !source.is_enabled => "switched off".to_owned(),
        (Some(since), _) => format!("failing since {since}: {}", source.last_error.as_deref().unwrap_or_default()),
        (None, Some(at)) => format!("read at {at}"),
        (None, None) => "never asked".to_owned(),
    };
    let moved = source.moved_to.as_ref().map(|to| format!("; it has moved to {to}")).unwrap_or_default();
    format!("  {} ({}): {state}{moved}", source.name, source.id)
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

/// Examples of each tag that a rule change gives or takes.
const EXAMPLES_SHOWN: usize = 3;

/// Runs `retag`.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn retag(args: &RetagArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if !args.dry_run {
        let ctx = open::open(global, Access::Write, term)?;
        let report = pipeline::judge(&ctx)?;
        pipeline::update_index(&ctx, false)?;
        if global.json {
            term.json(&report)?;
        } else {
            term.line(&format!("{} papers judged, {} came out differently", report.judged, report.changed));
        }
        return Ok(Exit::Done);
    }
    let ctx = open::open(global, Access::Read, term)?;
    let preview = pipeline::retag_preview(&ctx)?;
    if global.json {
        term.json(&preview)?;
        return Ok(Exit::Done);
    }
    if preview.is_empty() {
        term.line("no tag would change");
    }
    for (tag, change) in &preview {
        let (gained, lost) = (&change.gained, &change.lost);
        term.line(&format!("{tag}: {} would gain it, {} would lose it", gained.len(), lost.len()));
        for (sign, titles) in [("+", gained), ("-", lost)] {
            for title in titles.iter().take(EXAMPLES_SHOWN) {
                term.line(&format!("    {sign} {title}"));
            }
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
