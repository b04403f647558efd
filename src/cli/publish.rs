//! `roundup publish`: takes a finished issue where it goes, as a draft.

use super::Global;
use super::month::{MonthArg, tell_open};
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::model::PublishTo;
use crate::pipeline;
use crate::pipeline::publish::Published;

/// Places a draft campaign in the mailing tool, and the pages in a folder; it sends nothing
///
/// The email must have been made with `roundup render`. A person looks at the draft in the mailing
/// tool, sends a test to themselves, and sends it. Running this again makes nothing twice.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(flatten)]
    month: MonthArg,
    /// Where to: folder, mailchimp, listmonk or eml; may be given more than once. Without it, where
    /// the publish table of feeds.toml says
    #[arg(long, value_name = "PLACE", value_parser = parse_place)]
    to: Vec<PublishTo>,
    /// Show what would be done, and what a mailing tool would be asked; ask nothing, write nothing.
    /// No key is needed for it, and none is shown
    #[arg(long)]
    dry_run: bool,
    /// Make a draft also where another text of this month has gone out already
    #[arg(long, conflicts_with = "dry_run")]
    again: bool,
}

const AFTER: &str = "\
Keys:
  Mailchimp's stands in the variable MAILCHIMP_API_KEY, or alone in the file keys/mailchimp of the
  home folder; listmonk's in LISTMONK_API_TOKEN or keys/listmonk. Only you may be able to read the file.

Examples:
  roundup publish                            the issue of the month before this one
  roundup publish 2026-10 --to mailchimp     only there
  roundup publish 2026-10 --dry-run          what would be asked
See docs/publish.md for the settings.";

/// Reads a place.
///
/// # Errors
/// When the word is none.
fn parse_place(word: &str) -> Result<PublishTo, String> {
    PublishTo::parse(word).ok_or_else(|| "it is one of folder, mailchimp, listmonk, eml".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the issue was not made, a place is not known, or a mailing tool refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let access = if args.dry_run { Access::Read } else { Access::Write };
    let ctx = open::open(global, access, term)?;
    let month = args.month.of(&ctx);
    let to = if args.to.is_empty() { &ctx.config.settings.publishing.to } else { &args.to };
    if args.dry_run {
        return plan(&pipeline::publish_plan(&ctx, month, to)?, global, term);
    }
    let report = open::block_on(async {
        Ok(if args.again {
            pipeline::publish_again(&ctx, month, to).await
        } else {
            pipeline::publish(&ctx, month, to).await
        })
    })?;
    (ctx.progress)("");
    let report = report?;
    if global.json {
        term.json(&report)?;
    } else {
        report.places.iter().flat_map(Published::lines).for_each(|line| term.line(&line));
        // An issue is published also when its draft is gone.
        if matches!(pipeline::draft_file::look(&ctx.home, month), pipeline::draft_file::Found::Text(_)) {
            tell_open(pipeline::check(&ctx, month)?.problems.len(), month, term);
        }
    }
    Ok(if report.needs_mending() || report.is_held_back() { Exit::Partly } else { Exit::Done })
}

/// Prints what would be done.
fn plan(plan: &pipeline::PublishPlan, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if global.json {
        term.json(plan)?;
        return Ok(Exit::Done);
    }
    plan.lines.iter().for_each(|line| term.line(line));
    for call in &plan.calls {
        term.line(&format!("{}: {}", call.tool, call.call));
        if !call.body.is_null() {
            for line in serde_json::to_string_pretty(&call.body)?.lines() {
                term.line(&format!("  {line}"));
            }
        }
    }
    term.line("nothing was asked, nothing was written");
    Ok(Exit::Done)
}
