//! What can be looked at where the database is damaged or gone: just then it counts what else is whole.

use super::{Finding, NEWEST_BACKUP, REBUILD, REINDEX, RESTORE, backup_looked_through, drafts, issue_fault};
use crate::fsx;
use crate::index::{Index, IndexError, State};
use crate::model::{Keeping, Month};
use crate::pipeline::{Home, Result, backup};

impl Finding {
    /// Returns the finding of a database that is too damaged to be opened.
    pub fn of_damage(says: String) -> Self {
        Self::bad("database", says, RESTORE)
    }

    /// Returns the finding of a database that is gone, which says itself what to do.
    pub fn of_no_database(says: String) -> Self {
        Self::bad("database", says, "")
    }
}

/// Looks at what is kept beside the database: pages, the search index, drafts, the newest backup.
///
/// # Errors
/// When it cannot be looked at.
pub fn verify_without(
    home: &Home,
    keeping: &Keeping,
    database: Finding,
    progress: &dyn Fn(&str),
) -> Result<Vec<Finding>> {
    Ok(vec![database, issues(home)?, index(home), drafts(home)?, newest_backup(home, keeping, progress)?])
}

/// Compares the pages with the manifests beside them.
fn issues(home: &Home) -> Result<Finding> {
    let folders = fsx::entries_in(&home.out())?;
    let months: Vec<Month> = folders
        .iter()
        .filter_map(|(path, _)| Month::parse(&path.file_name()?.to_string_lossy()))
        .filter(|month| home.out().join(month.to_string()).join("manifest.json").is_file())
        .collect();
    let wrong: Vec<String> = months.iter().filter_map(|month| issue_fault(home, *month, None)).collect();
    let good = || match months.len() {
        0 => "there is none".to_owned(),
        1 => "the one there is as its manifest says".to_owned(),
        n => format!("all {n} are as their manifests say"),
    };
    // A rebuild needs the database: it comes first.
    Ok(Finding::of("issues", &wrong, good, REBUILD))
}

/// Compares the search index with its own sums.
fn index(home: &Home) -> Finding {
    const NAME: &str = "search index";
    match Index::verify(&home.index()) {
        Ok(()) => Finding::good(NAME, "whole, and can be searched"),
        Err(IndexError::NotReady(State::Unread(why))) => {
            Finding::bad(NAME, format!("it cannot be read: {why}"), "roundup doctor")
        }
        Err(error) => Finding::bad(NAME, error.to_string(), REINDEX),
    }
}

/// Looks the newest backup through that a restore of this home would list.
fn newest_backup(home: &Home, keeping: &Keeping, progress: &dyn Fn(&str)) -> Result<Finding> {
    let mut found = Vec::new();
    for place in backup::places(home, keeping) {
        found.extend(backup::backups_in(&place)?);
    }
    match found.iter().max_by_key(|backup| backup.about.made_at) {
        Some(newest) => backup_looked_through(newest, RESTORE, progress),
        // None can be made of what is there.
        None => Ok(Finding::bad(NEWEST_BACKUP, "there is none", "")),
    }
}
