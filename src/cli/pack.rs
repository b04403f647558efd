//! `roundup pack`.

use std::path::PathBuf;

use super::Global;
use super::open::{self, Access};
use super::sync::{papers, size, with_commas};
use super::term::{Exit, Terminal};
use crate::pack::PublicKey;
use crate::pipeline::{self, pack::PackReport};

/// Writes what members need to search without the harvest: packs of papers and a signed list
///
/// Each run adds one pack with what is new or changed since the last, and nothing when nothing is.
/// Put the folder on any plain web server, or on a stick; members fetch it with `roundup sync`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folder of the list and the packs [default: out/packs in the home]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// File of the secret key to sign with
    #[arg(long, value_name = "FILE", env = "ROUNDUP_PACK_KEY")]
    key: Option<PathBuf>,
    /// Make a new secret key in this file, and do nothing else
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

const EXAMPLES: &str = "\
Examples:
  roundup pack --new-key ~/roundup.key          once; keep the file to yourself, and a copy
  roundup pack --key ~/roundup.key              each month, after `roundup run`
  rsync -a --delay-updates out/packs/ server:/var/www/packs/
  roundup pack --key ~/roundup.key --out /media/stick/packs

Anybody can check the list: minisign -Vm manifest.json -p roundup.pub

Exit codes: 0 packs or a list were written, 1 nothing is new, 2 it could not be done";

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened, the folder cannot be written, or it belongs to another key.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if let Some(file) = &args.new_key {
        let public = pipeline::pack::new_key(file)?;
        made(file, public, global.json, term)?;
        return Ok(Exit::Done);
    }
    let Some(key) = &args.key else {
        term.note(
            "roundup: there is no key to sign with\n  help: `roundup pack --new-key FILE` makes one; then name it with \
             --key FILE or ROUNDUP_PACK_KEY",
        );
        return Ok(Exit::Usage);
    };
    let key = pipeline::pack::read_key(key)?;
    let ctx = open::open(global, Access::Write, term)?;
    pipeline::judge(&ctx)?;
    let folder = args.out.clone().unwrap_or_else(|| ctx.home.out().join("packs"));
    let report = pipeline::pack::pack(&ctx, &folder, &key, args.dry_run)?;
    (ctx.progress)("");
    for note in &report.notes {
        term.note(&format!("note: {note}"));
    }
    if global.json {
        term.json(&report)?;
    } else {
        told(&report, &folder, args.dry_run, term);
    }
    Ok(if report.is_new { Exit::Done } else { Exit::Nothing })
}

/// Says what was written.
fn told(report: &PackReport, folder: &std::path::Path, dry_run: bool, term: &mut Terminal) {
    if !report.is_new {
        term.line(&format!("nothing is new since list {}: {}", report.sequence, papers(report.papers)));
        return;
    }
    let would = if dry_run { "would be " } else { "" };
    term.line(&format!(
        "list {} {would}written to {}: {}, {} new, {} changed, {} gone",
        report.sequence,
        folder.display(),
        papers(report.papers),
        with_commas(report.new),
        with_commas(report.changed),
        with_commas(report.gone)
    ));
    term.line(&format!(
        "a member who is up to date fetches {} of papers, a new member {}; and each the list, {}",
        size(report.bytes),
        size(report.bytes_all),
        size(count(report.list_bytes))
    ));
    term.line(&format!("key {}", report.key));
}

/// Says that a key was made.
fn made(file: &std::path::Path, public: PublicKey, json: bool, term: &mut Terminal) -> anyhow::Result<()> {
    if json {
        let line = serde_json::json!({"v": 1, "public": public.to_text(), "short": public.short()});
        return term.json(&line);
    }
    term.line(&format!("the secret key is in {}; keep it to yourself, and keep a copy", file.display()));
    term.line(&format!("public key {}", public.to_text()));
    term.line(&format!("short form {}  (members compare it, by telephone or on paper)", public.short()));
    Ok(())
}

/// Returns a number of bytes as sizes are counted.
fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
