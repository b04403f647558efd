//! `roundup backup`.

use std::path::PathBuf;

use super::Global;
use super::open;
use super::sync::{counted, number, size};
use super::term::{Exit, Terminal};
use crate::fsx;
use crate::model::Keeping;
use crate::pipeline::backup::{Backup, BackupReport, BackupWish, backup, backups_in, check, check_reachable};
use crate::pipeline::{Home, check_not_lost, load_config};

/// Copies all that cannot be made again into one folder, and looks the copy through
///
/// Database, settings, rules, drafts, templates, saved searches, files that wait in inbox/, and the pages as readers got
/// them. Keys are left out, since copies lie about; the search index is built anew. Others may write meanwhile.
///
/// Without DIR it goes where [backup] in feeds.toml says, else into backups/ of the home; the newest 14 stay there.
/// A folder on another disk outlives this one.
///
/// Examples: roundup backup · roundup backup /media/stick · roundup backup --list
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to put it into
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Only list the backups there, newest first
    #[arg(long, conflicts_with = "check")]
    list: bool,
    /// Only look a backup through
    #[arg(long, value_name = "BACKUP", conflicts_with = "folder")]
    check: Option<PathBuf>,
    /// How many backups of this home stay there; the oldest go
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    keep: Option<u16>,
}

/// Runs the command.
///
/// # Errors
/// When the backup cannot be made or is damaged.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    let keeping = keeping(&home);
    let mut wish = BackupWish::usual(&home, &keeping);
    if let Some(folder) = &args.folder {
        wish.folder.clone_from(folder);
    }
    if let Some(keep) = args.keep {
        wish.keep = Some(usize::from(keep));
    }
    if let Some(named) = &args.check {
        return checked(&home, &keeping, named, global, term);
    }
    if args.list {
        check_reachable(&wish.folder)?;
        let backups = backups_in(&wish.folder)?;
        list(&backups, global, term)?;
        return Ok(if backups.is_empty() { Exit::Nothing } else { Exit::Done });
    }
    check_not_lost(&home, &keeping)?;
    let progress = open::progress();
    let report = backup(&home, &wish, open::clock()?.now(), &progress);
    progress("");
    let report = report?;
    if global.json {
        term.json(&report)?;
    } else {
        told(&report, fsx::shares_disk(&wish.folder, home.root()), term);
    }
    Ok(Exit::Done)
}

/// Returns how a home is kept; with settings that cannot be used, as usual: a backup is needed most of all then.
pub(super) fn keeping(home: &Home) -> Keeping {
    let config = load_config(home).ok().and_then(|(config, _)| config);
    config.map(|config| config.settings.keeping).unwrap_or_default()
}

/// Looks a backup through and says what it holds.
fn checked(
    home: &Home,
    keeping: &Keeping,
    named: &std::path::Path,
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let path = crate::pipeline::restore::named(&crate::pipeline::backup::places(home, keeping), named)?;
    let progress = open::progress();
    let found = check(&path, &progress);
    progress("");
    let found = found?;
    if global.json {
        let json = serde_json::json!({
            "path": path, "made_at": found.about.made_at, "files": found.files.len(), "bytes": found.bytes,
        });
        term.json(&json)?;
    } else {
        let (files, bytes) = (counted(found.files.len(), "file"), size(found.bytes));
        term.line(&format!("{} is whole: {files}, {bytes}, of {}", path.display(), found.about.made_at));
    }
    Ok(Exit::Done)
}

/// Lists backups.
pub(super) fn list(backups: &[Backup], global: &Global, term: &mut Terminal) -> anyhow::Result<()> {
    for backup in backups {
        if global.json {
            term.json(backup)?;
            continue;
        }
        let papers = backup.about.tables.get("work_view").copied().unwrap_or_default();
        let made = backup.about.made_at.strftime("%Y-%m-%d %H:%M UTC");
        term.line(&format!("{made}  {}  {}", counted(number(papers), "paper"), backup.path.display()));
    }
    if backups.is_empty() && !global.json {
        term.line("there is no backup yet; `roundup backup` makes one");
    }
    Ok(())
}

/// Says what was made.
fn told(report: &BackupReport, is_on_same_disk: bool, term: &mut Terminal) {
    let rows = |table: &str| report.tables.get(table).copied().unwrap_or_default();
    term.line(&format!("backup: {}", report.path.display()));
    let others = counted(report.files.saturating_sub(1), "file");
    term.line(&format!(
        "  the database ({}: {}, {}, {}) and {others} of yours, {} in all",
        size(report.database_bytes),
        counted(number(rows("work_view")), "paper"),
        counted(number(rows("record")), "record"),
        counted(number(rows("issue")), "issue"),
        size(report.bytes)
    ));
    term.line("  looked through: every file and every row is there and right");
    term.line("  not in it: keys/ (put them in again after a restore) and the search index (built anew)");
    for line in &report.left_out {
        term.line(&format!("  not in it: {line}"));
    }
    match report.removed.len() {
        0 => {}
        1 => term.line("  the oldest backup was removed"),
        n => term.line(&format!("  the {n} oldest backups were removed")),
    }
    if is_on_same_disk {
        term.line(
            "  it lies on the same disk as the home: copy it to another one, or name one in [backup] of feeds.toml",
        );
    }
}
