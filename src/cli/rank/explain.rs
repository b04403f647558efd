//! `roundup rank --explain PAPER`: why a paper stands where it stands.

use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::model::{Choice, LEARNED, Month};
use crate::pipeline::{self, RankExplained, TermWeight};

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened.
pub(super) fn run(paper: &str, month: Option<Month>, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let month = month.unwrap_or_else(|| ctx.issue_month());
    let explained = match pipeline::rank_explained(&ctx, month, paper) {
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
    term.line(&place(&explained));
    if explained.is_by_lot {
        term.line("the draft lists it by lot, so that what the order undervalues is seen now and then");
    }
    parts(&explained, term);
    term.line("");
    term.styled(&[(Style::Bold, "Learned from what you kept")]);
    term.line(&pipeline::learned_in_words(&explained.learned));
    terms("speaks for it", &explained.speaks_for, term);
    terms("speaks against it", &explained.speaks_against, term);
    if !explained.nearest.is_empty() {
        term.line("  most like it of what you judged:");
    }
    for like in &explained.nearest {
        term.line(&format!("    {:<11} {} ({})", said(like.choice), like.title, like.id));
    }
    Ok(Exit::Done)
}

/// Returns where a paper stands, or why nowhere.
fn place(explained: &RankExplained) -> String {
    let issue = explained.month.long_name();
    match (explained.place, explained.sent, &explained.why_not) {
        (Some(place), ..) => format!("place {place} of {} for the issue of {issue}", explained.of),
        (None, Some(sent), _) => format!("not in the order for {issue}: it was in the issue of {}", sent.long_name()),
        (None, None, Some(why)) => format!("not in the order for {issue}: {why}"),
        (None, None, None) => format!("not in the order for {issue}"),
    }
}

/// Prints the parts of the score, so that they can be added up.
fn parts(explained: &RankExplained, term: &mut Terminal) {
    term.line("");
    term.styled(&[(Style::Bold, &format!("Score {:.2}", explained.score.total))]);
    for part in &explained.score.parts {
        let name = if part.name == LEARNED { "what you kept" } else { part.name.as_str() };
        let counts = part.value * part.weight;
        term.line(&format!(
            "  {counts:.3}  {name:<13} {:.2} of 1, counts for {:>2.0} %: {}",
            part.value,
            part.weight * 100.0,
            part.note
        ));
    }
}

/// Prints the terms of one side.
fn terms(what: &str, terms: &[TermWeight], term: &mut Terminal) {
    if !terms.is_empty() {
        let all: Vec<&str> = terms.iter().map(|t| t.term.as_str()).collect();
        term.line(&format!("  {what}: {}", all.join(", ")));
    }
}

/// Returns a choice as it stands before a paper.
fn said(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "kept",
        Choice::Maybe => "maybe",
        Choice::Drop => "dropped",
        Choice::Passed => "passed over",
    }
}
