//! `roundup explain`, `reindex`, `rebuild`: looking after a home.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Style, Terminal};
use super::{paper_named, searchable};
use crate::pipeline::{self, Home};

/// Tells where each field, tag and place of a paper comes from
///
/// Examples: roundup explain 2 · roundup explain 90000001 · roundup explain 10.5555/abc · roundup explain w2345672345a
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// Work id, PMID or DOI of a paper, or its number in the last search
    id: String,
}

/// Builds the search index anew from the database
#[derive(Debug, clap::Args)]
pub struct ReindexArgs {}

/// Makes everything derived anew: folded papers, tags, index, rendered files
#[derive(Debug, clap::Args)]
pub struct RebuildArgs {}

/// Runs `explain`.
///
/// # Errors
/// When the home cannot be opened.
pub fn explain(args: &ExplainArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let by_number = paper_named::by_number(&args.id, &ctx.home);
    let id = by_number.map_or_else(|| args.id.clone(), |id| id.to_string());
    let explained = match pipeline::explain(&ctx, &id) {
        Err(pipeline::Error::Missing(text)) => {
            let help = paper_named::near_number(&id, &ctx.home).map(|help| format!("\n  help: {help}"));
            term.note(&format!("{text}{}", help.unwrap_or_default()));
            return Ok(Exit::Nothing);
        }
        other => other?,
    };
    if global.json {
        term.json(&explained)?;
        return Ok(Exit::Done);
    }
    if let Some(line) = super::merge::redirects(&id, &explained.id) {
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
    let written = searchable::build_anew(&Home::new(&global.home), term)?;
    if global.json {
        term.json(&serde_json::json!({"written": written}))?;
    } else {
        term.line(&format!("the search index holds {} and news items", super::sync::papers(written)));
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
            "made anew: {} folded, {} judged, {} indexed, {} {} rendered",
            super::sync::papers(report.works),
            report.judged,
            report.indexed,
            report.issues,
            if report.issues == 1 { "issue" } else { "issues" }
        ));
    }
    Ok(Exit::Done)
}
