//! Whether what is kept is what was kept: one finding a check, each with the command that mends it. Reads only, and sees
//! one moment of the database, whoever writes meanwhile.

use crate::fsx;
use crate::index::{Index, IndexError, State};
use crate::merge;
use crate::model::{Keeping, Month, Record, Severity, WorkId, sha256_hex, size_in_words};
use crate::store::{Looked, Store, StoreError};
use crate::{draft, render};

use super::backup::{self, Backup};
use super::{Ctx, Error, FILE_BYTES_MAX, Home, Result, draft_file, months, search};

mod without;

pub use without::verify_without;

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What was looked at.
    pub name: String,
    /// Whether it is as it should be.
    pub is_good: bool,
    /// What was found, in plain words.
    pub says: String,
    /// The command that mends it; empty when all is well, and where what is found says by itself what to do.
    pub mend: String,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Some hundred papers, evenly taken, stand for all of them.
    Sample,
    /// Every paper, and the newest backup.
    Whole,
}

/// Works that stand for all of them.
const SAMPLE: usize = 500;
/// Faults that one line tells.
const FAULTS_TOLD_MAX: usize = 3;

/// What mends the database, whatever is wrong in it.
const RESTORE: &str = "roundup restore";
/// What mends what is derived.
const REBUILD: &str = "roundup rebuild";
/// What mends the index.
const REINDEX: &str = "roundup reindex";

impl Finding {
    /// Returns a finding that all is well.
    fn good(name: &str, says: impl Into<String>) -> Self {
        Self { name: name.to_owned(), is_good: true, says: says.into(), mend: String::new() }
    }

    /// Returns a finding with the command that mends it.
    fn bad(name: &str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name: name.to_owned(), is_good: false, says: says.into(), mend: mend.into() }
    }

    /// Returns the finding of faults in a list; with none, what was looked at.
    fn of(name: &str, faults: &[String], good: impl FnOnce() -> String, mend: impl Into<String>) -> Self {
        if faults.is_empty() {
            return Self::good(name, good());
        }
        let told: Vec<&str> = faults.iter().take(FAULTS_TOLD_MAX).map(String::as_str).collect();
        let more = faults.len().saturating_sub(FAULTS_TOLD_MAX);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        Self::bad(name, format!("{}{more}", told.join("; ")), mend)
    }
}

/// Looks at everything that is kept.
///
/// # Errors
/// When it cannot be looked at: the disk refuses, or the folder of drafts cannot be read.
pub fn verify(ctx: &Ctx, extent: Extent) -> Result<Vec<Finding>> {
    let mut out = ctx.store.at_one_moment(|store| -> Result<Vec<Finding>> {
        Ok(vec![
            database(ctx, store)?,
            payloads(ctx, store)?,
            records(ctx, store)?,
            papers(ctx, store, extent)?,
            drafts_kept(store)?,
            issues(ctx, store)?,
            outbox(store)?,
            runs(store)?,
            index(ctx, store)?,
        ])
    })?;
    out.push(drafts(&ctx.home)?);
    if extent == Extent::Whole {
        out.push(newest_backup(&ctx.home, &ctx.config.settings.keeping, &ctx.progress)?);
    }
    (ctx.progress)("");
    Ok(out)
}

/// Returns a finding, or that of a database that is too damaged to look.
fn unless_damaged(name: &str, found: std::result::Result<Finding, Error>) -> Result<Finding> {
    match found {
        Err(Error::Store(error)) if error.is_damage() => Ok(Finding::bad(name, in_one_line(&error), RESTORE)),
        other => other,
    }
}

/// Returns an error with its cause.
fn in_one_line(error: &StoreError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}

/// Looks at the structure of the database, and at what its rows refer to.
fn database(ctx: &Ctx, store: &Store) -> Result<Finding> {
    (ctx.progress)("looking through the database");
    let room = || -> Result<String> {
        let room = store.room()?;
        Ok(format!(
            "whole: {}, of which the answers of sources take {}",
            size_in_words(room.bytes),
            size_in_words(room.payload_bytes)
        ))
    };
    let found = store.integrity_problems().map_err(Error::from).and_then(|faults| {
        let says = if faults.is_empty() { room()? } else { String::new() };
        Ok(Finding::of("database", &faults, || says, RESTORE))
    });
    unless_damaged("database", found)
}

/// Compares what sources answered with its sums.
fn payloads(ctx: &Ctx, store: &Store) -> Result<Finding> {
    let found = store.look_at_payloads(&|n| (ctx.progress)(&format!("comparing answers of sources, {n}")));
    let found = found.map_err(Error::from).map(|looked| {
        let kept = looked.rows.saturating_sub(looked.let_go);
        let let_go = match looked.let_go {
            0 => String::new(),
            n => format!("; {n} were let go, as [keep] in feeds.toml says"),
        };
        Finding::of("payloads", &looked.wrong, || format!("{kept} as they were fetched{let_go}"), RESTORE)
    });
    unless_damaged("payloads", found)
}

/// Reads what sources said.
fn records(ctx: &Ctx, store: &Store) -> Result<Finding> {
    let found = store.look_at_records(&|n| (ctx.progress)(&format!("reading records, {n}")));
    let found = found.map_err(Error::from).map(|Looked { rows, wrong, .. }| {
        Finding::of("records", &wrong, || format!("{rows} as they were stored"), RESTORE)
    });
    unless_damaged("records", found)
}

/// Folds papers from their records, and compares them with what is shown.
fn papers(ctx: &Ctx, store: &Store, extent: Extent) -> Result<Finding> {
    let found = store.live_work_ids().map_err(Error::from).and_then(|ids| {
        let every = if extent == Extent::Whole { 1 } else { ids.len().div_ceil(SAMPLE).max(1) };
        let (mut looked, mut wrong) = (0, Vec::new());
        for id in ids.iter().step_by(every) {
            if looked % 100 == 0 {
                (ctx.progress)(&format!("folding papers, {looked} of {}", ids.len().div_ceil(every)));
            }
            looked += 1;
            if !is_as_folded(store, id)? {
                wrong.push(format!("{id} is not what its records give"));
            }
        }
        let good = || match every {
            1 => format!("{looked} are what their records give"),
            _ => format!("{looked} of {} looked at are what their records give; --all looks at each", ids.len()),
        };
        Ok(Finding::of("papers", &wrong, good, REBUILD))
    });
    unless_damaged("papers", found)
}

/// Tells whether a work is what its records give.
fn is_as_folded(store: &Store, id: &WorkId) -> Result<bool> {
    let members: Vec<Record> = store.members(id)?.into_iter().map(|m| m.record).collect();
    // A view that cannot be read is derived like any other, and mended in the same way.
    let shown = match store.work(id) {
        Ok(row) => row.map(|row| row.work),
        Err(StoreError::Damaged { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let folded = (!members.is_empty()).then(|| merge::fold(id, &members));
    Ok(folded == shown)
}

/// Compares the texts that drafts had with their sums.
fn drafts_kept(store: &Store) -> Result<Finding> {
    let found = store.look_at_drafts().map_err(Error::from).map(|looked| {
        let good = || format!("{} kept, each as it was written", texts(looked.rows));
        Finding::of("texts of drafts", &looked.wrong, good, RESTORE)
    });
    unless_damaged("texts of drafts", found)
}

/// Returns a number of texts in words.
fn texts(count: u64) -> String {
    if count == 1 { "1 text".to_owned() } else { format!("{count} texts") }
}

/// Compares the pages with what was rendered: each file with the manifest, the manifest with the ledger.
fn issues(ctx: &Ctx, store: &Store) -> Result<Finding> {
    let found = store.issues().map_err(Error::from).and_then(|rows| {
        let mut wrong = Vec::new();
        for row in &rows {
            wrong
                .extend(store.issue_manifest(row.month)?.and_then(|sum| issue_fault(&ctx.home, row.month, Some(&sum))));
            if let Err(error) = store.issue(row.month) {
                wrong.push(format!("the issue of {} in the ledger: {}", row.month, in_one_line(&error)));
            }
        }
        let good = || match rows.len() {
            0 => "none was rendered yet".to_owned(),
            1 => "the one rendered is as it was rendered".to_owned(),
            n => format!("all {n} are as they were rendered"),
        };
        Ok(Finding::of("issues", &wrong, good, REBUILD))
    });
    unless_damaged("issues", found)
}

/// Returns what is wrong with the files of an issue; `sum` is that of its manifest by the ledger, where one can be read.
fn issue_fault(home: &Home, month: Month, sum: Option<&str>) -> Option<String> {
    let folder = home.out().join(month.to_string());
    let shown = |name: &str| format!("out/{month}/{name}");
    let read = |name: &str| fsx::read_plain(&folder.join(name), FILE_BYTES_MAX);
    let Ok(manifest) = read("manifest.json") else {
        return Some(format!("{} cannot be read", shown("manifest.json")));
    };
    if sum.is_some_and(|sum| sha256_hex(&manifest) != sum) {
        return Some(format!("{} is not the one that was rendered", shown("manifest.json")));
    }
    let files = render::files_of_manifest(&String::from_utf8_lossy(&manifest)).into_iter();
    let mut changed = files.filter(|(name, sum)| !read(name).is_ok_and(|bytes| sha256_hex(&bytes) == *sum));
    let (first, _) = changed.next()?;
    let more = match changed.count() {
        0 => String::new(),
        n => format!(" (and {n} more files of it)"),
    };
    Some(format!("{} is missing or not as it was rendered{more}", shown(&first)))
}

/// Looks for emails whose placing was begun and not ended.
fn outbox(store: &Store) -> Result<Finding> {
    let found = store.outbox_open().map_err(Error::from).map(|open| {
        let told: Vec<String> = open
            .iter()
            .map(|(tool, month)| format!("placing the email of {month} in {tool} was begun and is not over"))
            .collect();
        let month = open.first().map(|(_, month)| month.as_str()).unwrap_or_default();
        Finding::of("outbox", &told, || "nothing is half placed".to_owned(), format!("roundup publish {month}"))
    });
    unless_damaged("outbox", found)
}

/// Reads the rows of the timetable.
fn runs(store: &Store) -> Result<Finding> {
    let found = store
        .look_at_jobs()
        .map_err(Error::from)
        .map(|looked| Finding::of("runs", &looked.wrong, || format!("{} rows can be read", looked.rows), RESTORE));
    unless_damaged("runs", found)
}

/// Compares the search index with its own sums, with the database's revision and with the papers there are.
fn index(ctx: &Ctx, store: &Store) -> Result<Finding> {
    const NAME: &str = "search index";
    (ctx.progress)("looking through the search index");
    let folder = ctx.home.index();
    let opened = Index::verify(&folder).and_then(|()| Index::open_reader(&folder));
    let searcher = match opened {
        Ok(searcher) => searcher,
        Err(IndexError::NotReady(State::Unread(why))) => {
            return Ok(Finding::bad(NAME, format!("it cannot be read: {why}"), "roundup doctor"));
        }
        Err(error) => return Ok(Finding::bad(NAME, error.to_string(), REINDEX)),
    };
    let found = store.revision().map_err(Error::from).and_then(|revision| {
        if searcher.revision() != revision {
            return Ok(Finding::bad(NAME, "behind the database", REINDEX));
        }
        let papers = search::count(ctx)?;
        Ok(if papers == searcher.len() {
            Finding::good(NAME, format!("level, with all {papers} papers and news items"))
        } else {
            Finding::bad(NAME, format!("it holds {} papers where the database has {papers}", searcher.len()), REINDEX)
        })
    });
    unless_damaged(NAME, found)
}

/// Reads the files of drafts.
fn drafts(home: &Home) -> Result<Finding> {
    let months = months::drafts_in(&home.drafts())?;
    let mut wrong = Vec::new();
    for month in &months {
        match draft_file::text(home, *month) {
            Ok(text) => {
                let (_, problems) = draft::parse(&text.unwrap_or_default(), &draft_file::file_name(*month));
                let error = problems.into_iter().find(|p| p.severity == Severity::Error);
                wrong.extend(error.map(|p| (*month, format!("{}: {}", p.place, p.message))));
            }
            Err(Error::Stopped { reason, .. }) => wrong.push((*month, reason)),
            Err(error) => return Err(error),
        }
    }
    let mend = wrong.first().map(|(month, _)| format!("roundup draft history {month}")).unwrap_or_default();
    let faults: Vec<String> = wrong.into_iter().map(|(_, fault)| fault).collect();
    let good = || match months.len() {
        0 => "there is none yet".to_owned(),
        1 => "the one there is can be read".to_owned(),
        n => format!("all {n} can be read"),
    };
    Ok(Finding::of("drafts", &faults, good, mend))
}

/// What the check of the newest backup is called.
const NEWEST_BACKUP: &str = "newest backup";

/// Looks the newest backup through.
fn newest_backup(home: &Home, keeping: &Keeping, progress: &dyn Fn(&str)) -> Result<Finding> {
    const MAKE: &str = "roundup backup";
    let folder = backup::folder_of(home, keeping);
    let Some(newest) = backup::newest_of(home, &folder)? else {
        return Ok(Finding::bad(NEWEST_BACKUP, backup::none_in_words(home, &folder), MAKE));
    };
    backup_looked_through(&newest, MAKE, progress)
}

/// Looks a backup through; what is damaged is told with the command that helps.
fn backup_looked_through(newest: &Backup, mend: &str, progress: &dyn Fn(&str)) -> Result<Finding> {
    Ok(match backup::check(&newest.path, progress) {
        Ok(checked) => {
            Finding::good(NEWEST_BACKUP, format!("whole: {}, of {}", newest.path.display(), checked.about.made_at))
        }
        Err(Error::Stopped { reason, .. }) => Finding::bad(NEWEST_BACKUP, reason, mend),
        Err(error) => return Err(error),
    })
}
