//! `roundup restore`.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use super::Global;
use super::backup::{keeping, list};
use super::open::{self, OpenError};
use super::searchable;
use super::sync::{counted, number, size};
use super::term::{Exit, Terminal};
use crate::pipeline::Home;
use crate::pipeline::backup::{Backup, Checked, backups_in, check, places};
use crate::pipeline::restore::{self, RestoreReport};

/// Puts a backup back, or into a new folder, as on another computer
///
/// It is looked through first. What is in the home is kept before: as a backup of its own, which is named. End a daemon
/// that is at work there first. Cut off anywhere, the home is the old one or, once that is decided, the new one: the
/// next command finishes it. Exit code 3: all is put back, and only the search index could not be built.
///
/// Examples: roundup restore · roundup restore backup-2026-11-23T060000Z · roundup restore /media/stick/backup-2026-11-23T060000Z --into my-roundup
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup: its folder, or its name; without one, those of this home are listed
    #[arg(value_name = "BACKUP")]
    backup: Option<PathBuf>,
    /// Folder to put it into instead of the home
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Put it in the place of what is there, without being asked
    #[arg(long)]
    yes: bool,
    /// Only look it through and say what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// When the backup is damaged or newer, somebody else works in the home, or the disk refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let source = Home::new(&global.home);
    let places = places(&source, &keeping(&source));
    let Some(word) = &args.backup else {
        let mut found = Vec::new();
        for place in &places {
            found.extend(backups_in(place)?);
        }
        found.sort_by_key(|backup| std::cmp::Reverse(backup.about.made_at));
        list(&found, global, term)?;
        if !global.json {
            next(&source, &found, term);
        }
        return Ok(if found.is_empty() { Exit::Nothing } else { Exit::Done });
    };
    let folder = restore::named(&places, word)?;
    let home = args.into.as_ref().map_or_else(|| source.clone(), Home::new);
    if args.into.is_some() {
        finish_cut_off(&home, term)?;
    }
    if !args.dry_run {
        restore::check_no_daemon(&home)?;
    }
    let progress = open::progress();
    let checked = check(&folder, &progress);
    progress("");
    let checked = checked?;
    let is_occupied = restore::is_occupied(&home);
    if args.dry_run {
        return would(&home, &folder, &checked, is_occupied, global, term);
    }
    if is_occupied && !args.yes && !is_agreed(&home, &checked, term) {
        term.note("nothing was changed");
        return Ok(Exit::Nothing);
    }
    let report = restore::restore(&home, &folder, &checked, open::clock()?.now(), &progress);
    progress("");
    let report = report?;
    let index = searchable::build_anew(&home, &mut term.aside().0);
    if global.json {
        term.json(&report)?;
    } else {
        told(&home, &report, index.is_ok(), term);
    }
    let Err(error) = index else { return Ok(Exit::Done) };
    let why = match error.downcast_ref() {
        Some(OpenError::Settings) => "its settings are wrong, as they were then; `roundup check` lists what".to_owned(),
        _ => format!("{error:#}"),
    };
    term.note(&format!("the home is the one of the backup, but its search index could not be built: {why}"));
    Ok(Exit::Partly)
}

/// Says what to type to put one of the listed backups back.
fn next(home: &Home, found: &[Backup], term: &mut Terminal) {
    let root = home.root().display();
    let name = found.first().and_then(|newest| newest.path.file_name());
    let Some(name) = name else {
        term.line(&format!("one that lies elsewhere is put back by its folder: roundup --home {root} restore FOLDER"));
        return;
    };
    term.line("");
    term.line(&format!("To put the newest back: roundup --home {root} restore {}", name.display()));
    term.line("It is looked through first, you are asked, and what is there now is kept.");
}

/// Finishes a restore of a home that was cut off, and says so.
///
/// # Errors
/// When somebody is at it, or the disk refuses.
pub(super) fn finish_cut_off(home: &Home, term: &mut Terminal) -> anyhow::Result<()> {
    if restore::is_cut_off(home) && restore::finish(home)? {
        term.note("a restore was cut off here; it is finished now, and the home is that of the backup");
    }
    Ok(())
}

/// Returns what is in a backup, in words.
fn holds(checked: &Checked) -> String {
    let papers = checked.about.tables.get("work_view").copied().unwrap_or_default();
    let made = checked.about.made_at.strftime("%Y-%m-%d %H:%M UTC");
    let files = counted(checked.files.len(), "file");
    format!("{} and {files}, {}, as they were on {made}", counted(number(papers), "paper"), size(checked.bytes))
}

/// Asks a person; without one at the terminal the answer is no.
fn is_agreed(home: &Home, checked: &Checked, term: &mut Terminal) -> bool {
    term.note(&format!("the backup is whole: {}", holds(checked)));
    term.note(&format!("it takes the place of what is in {}; that is kept in backups/ first", home.root().display()));
    if !std::io::stdin().is_terminal() {
        term.note("nobody can be asked here: run it with --yes");
        return false;
    }
    term.note("Put it back? [y/N]");
    let mut line = String::new();
    let is_read = std::io::stdin().lock().read_line(&mut line).is_ok();
    is_read && matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Says what would be done.
fn would(
    home: &Home,
    folder: &Path,
    checked: &Checked,
    is_occupied: bool,
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    if global.json {
        let json = serde_json::json!({
            "backup": folder, "made_at": checked.about.made_at, "files": checked.files.len(), "bytes": checked.bytes,
            "into": home.root(), "takes_the_place_of_what_is_there": is_occupied,
        });
        term.json(&json)?;
        return Ok(Exit::Done);
    }
    term.line(&format!("{} is whole: {}", folder.display(), holds(checked)));
    let there = if is_occupied { ", after what is there was kept in backups/" } else { ", where nothing is yet" };
    term.line(&format!("it would be put into {}{there}", home.root().display()));
    Ok(Exit::Done)
}

/// Says what was done, and what comes next.
fn told(home: &Home, report: &RestoreReport, is_indexed: bool, term: &mut Terminal) {
    let (root, made) = (home.root().display(), report.made_at.strftime("%Y-%m-%d %H:%M UTC"));
    term.line(&format!("put back: {}, {}, as they were on {made}", counted(report.files, "file"), size(report.bytes)));
    match &report.kept {
        None => {}
        Some(path) if report.is_kept_as_it_was => {
            let why = if report.had_database {
                "the database that was there was damaged or of a newer roundup, so no backup was made of it"
            } else {
                "there was no database, so no backup was made first"
            };
            term.line(&format!("{why}; all that was there lies in {} as it was, and stays there", path.display()));
        }
        Some(path) => term.line(&format!("what was there before is kept in {}", path.display())),
    }
    term.line("");
    term.line("Next:");
    let mut steps = Vec::new();
    if !is_indexed {
        steps.push(format!("roundup --home {root} reindex    builds the search index"));
    }
    steps.push(format!("roundup --home {root} doctor     looks whether all is well"));
    steps.push("keys of mailing tools are in no backup: put them into keys/ again if they are not there".to_owned());
    steps.push("what was gathered since then comes again with the next harvest".to_owned());
    for (n, step) in steps.iter().enumerate() {
        term.line(&format!("  {}. {step}", n + 1));
    }
}
