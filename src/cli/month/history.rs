//! `roundup draft history` and `draft restore`: every text that a month's draft had, and putting one back.

use super::{MonthArg, parse_month};
use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::draft::{DiffLine, Side};
use crate::model::Month;
use crate::pipeline::draft_file::{self, Found};
use crate::pipeline::history::{self, Version};
use crate::pipeline::{Ctx, Error};
use crate::store::DraftBy;

/// What is done with the texts that a draft had.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Lists every text that a month's draft had, newest first
    History(HistoryArgs),
    /// Puts an earlier text of a month's draft back; the one that lies there is kept
    Restore(RestoreArgs),
}

/// What to show of the history.
#[derive(Debug, clap::Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    month: MonthArg,
    /// Print the text with this number
    #[arg(long, value_name = "N", conflicts_with = "diff")]
    show: Option<u64>,
    /// Show what changed in the file since the text with this number
    #[arg(long, value_name = "N")]
    diff: Option<u64>,
    /// List at most so many
    #[arg(long, value_name = "N", default_value_t = 30, conflicts_with_all = ["show", "diff"])]
    limit: usize,
}

/// What to put back.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Month of the draft, YYYY-MM
    #[arg(value_parser = parse_month)]
    month: Month,
    /// Number of the text, as `roundup draft history` lists it
    #[arg(value_name = "N")]
    number: u64,
    /// Only show what would change in the file
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened, or the file or the database cannot be read or written.
pub fn run(action: &Action, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let outcome = match action {
        Action::History(args) => look(args, global, term),
        Action::Restore(args) => restore(args, global, term),
    };
    outcome.or_else(|error| match error.downcast_ref::<Error>() {
        Some(Error::Missing(text)) => {
            term.note(&format!("roundup: {text}"));
            Ok(Exit::Nothing)
        }
        _ => Err(error),
    })
}

/// Lists texts, or shows one.
fn look(args: &HistoryArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let month = args.month.of(&ctx);
    match (args.show, args.diff) {
        (Some(number), _) => show(&history::text_of(&ctx, month, number)?, number, global, term)?,
        (None, Some(number)) => {
            let lines = history::difference_since(&ctx, month, number)?;
            print_difference(&lines, &format!("the file holds text {number}"), global, term)?;
        }
        (None, None) => list(&ctx, month, args.limit, global, term)?,
    }
    Ok(Exit::Done)
}

/// Prints one text: to a person safely, to a program as it is.
fn show(text: &str, number: u64, global: &Global, term: &mut Terminal) -> anyhow::Result<()> {
    if global.json {
        return term.json(&serde_json::json!({ "number": number, "text": text }));
    }
    if term.is_interactive() {
        text.lines().for_each(|line| term.line(line));
    } else {
        term.raw(text.as_bytes());
    }
    Ok(())
}

/// Lists the texts of a month.
fn list(ctx: &Ctx, month: Month, most: usize, global: &Global, term: &mut Terminal) -> anyhow::Result<()> {
    let versions = history::versions(ctx, month, most)?;
    if global.json {
        return versions.iter().try_for_each(|version| term.json(version));
    }
    let path = ctx.home.draft(month);
    let oldest = versions.last().map_or(1, |v| v.number);
    for version in &versions {
        term.line(&line(version, ctx));
    }
    if oldest > 1 {
        term.line(&format!("  and {} older (--limit shows more)", oldest - 1));
    }
    if !versions.iter().any(|v| v.is_current) {
        let newest = versions.first().map_or(0, |v| v.number);
        let back = format!("`roundup draft restore {month} {newest}` puts it back");
        let shown = path.display();
        term.line(&match draft_file::look(&ctx.home, month) {
            Found::Text(_) => {
                format!("{shown} was changed since: `roundup draft history {month} --diff {newest}` shows how")
            }
            Found::Broken(broken) => format!("{}\n  the newest text: {back}", broken.problem),
            Found::Nothing => format!("{shown} is not there: {back}"),
        });
    }
    Ok(())
}

/// Returns the line of one text.
fn line(version: &Version, ctx: &Ctx) -> String {
    let when = version.at.to_zoned(ctx.zone()).strftime("%-d %b %Y %H:%M").to_string();
    let changes = version.changes.join("; ");
    let now = if version.is_current { "  [the file now]" } else { "" };
    let (number, who, bytes) = (version.number, who(version.by), version.bytes);
    format!("{number:>4}  {when:<17}  {who:<13}  {bytes:>7} bytes  {changes}{now}").trim_end().to_owned()
}

/// Returns who wrote a text, in words.
fn who(by: DraftBy) -> &'static str {
    match by {
        DraftBy::Draft => "roundup draft",
        DraftBy::Desk => "the desk",
        DraftBy::Found => "a text editor",
        DraftBy::Restore => "put back",
        DraftBy::Earlier => "not noted",
    }
}

/// Puts a text back.
fn restore(args: &RestoreArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let access = if args.dry_run { Access::Read } else { Access::Write };
    let ctx = open::open(global, access, term)?;
    let (month, number) = (args.month, args.number);
    let restored = history::restore(&ctx, month, number, args.dry_run)?;
    if global.json {
        term.json(&restored)?;
        return Ok(Exit::Done);
    }
    let path = ctx.home.draft(month);
    let is_there = format!("{} holds text {number} already", path.display());
    if args.dry_run {
        print_difference(&restored.difference, &is_there, global, term)?;
    } else if restored.is_changed {
        term.line(&format!("{} holds text {number} again", path.display()));
        if let Some(kept) = restored.kept {
            term.line(&format!(
                "  what lay there is text {kept}: `roundup draft restore {month} {kept}` puts that back"
            ));
        }
        if let Some(aside) = &restored.aside {
            term.line(&format!("  what lay there and could not be read is kept as it was: {aside}"));
        }
        term.line(&format!("  `roundup draft {month}` brings into it what came since"));
    } else {
        term.line(&format!("{is_there}; nothing was written"));
    }
    for note in &restored.notes {
        term.line(&format!("  {note}"));
    }
    Ok(Exit::Done)
}

/// Prints a difference; `same` is said when there is none.
fn print_difference(lines: &[DiffLine], same: &str, global: &Global, term: &mut Terminal) -> anyhow::Result<()> {
    if global.json {
        return lines.iter().try_for_each(|line| term.json(line));
    }
    if lines.is_empty() {
        term.line(same);
    }
    for line in lines {
        match line.side {
            Side::Both => term.styled(&[(Style::Dim, &format!("  {}", line.text))]),
            Side::Old => term.line(&format!("- {}", line.text)),
            Side::New => term.styled(&[(Style::Bold, &format!("+ {}", line.text))]),
            Side::Gap => term.styled(&[(Style::Dim, &format!("… line {}", line.line))]),
        }
    }
    Ok(())
}
