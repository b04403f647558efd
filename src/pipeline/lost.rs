//! A home whose database is gone, told from one that never had any by what an earlier life left in it.
//!
//! Whoever took the one for the other would begin anew with an empty database: drafts would name papers that nobody
//! knows, and the backups of the empty one would in time push out the good ones.

use std::path::{Path, PathBuf};

use super::{Error, Home, Result, backup, months, restore};
use crate::fsx::{self, EntryKind};
use crate::model::{Keeping, Month};

/// What lies in a home that has no database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Remains {
    /// Draft files.
    drafts: usize,
    /// Issues that were rendered.
    issues: usize,
    /// Backups: all that lie in the home, and where the settings say those of this home.
    backups: usize,
}

impl Remains {
    /// Looks for what an earlier life left. What cannot be listed is no sign of one.
    fn of(home: &Home, folder: &Path) -> Self {
        let folders = fsx::entries_in(&home.out()).unwrap_or_default().into_iter();
        let is_issue = |(path, kind): &(PathBuf, EntryKind)| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            *kind == EntryKind::Folder
                && name.is_some_and(|name| Month::parse(&name).is_some())
                && path.join("manifest.json").is_file()
        };
        let here = backup::backups_in(&home.backups()).map(|found| found.len()).unwrap_or_default();
        let elsewhere = if fsx::is_within(folder, home.root()) { 0 } else { backup::count_of(home, folder) };
        Self {
            drafts: months::drafts_in(&home.drafts()).map(|found| found.len()).unwrap_or_default(),
            issues: folders.filter(is_issue).count(),
            backups: here + elsewhere,
        }
    }

    /// Returns them in words, as in "1 draft and 2 backups are"; `None` when there is nothing.
    fn in_words(self) -> Option<String> {
        let each = [(self.drafts, "draft"), (self.issues, "issue"), (self.backups, "backup")];
        let told: Vec<String> = each
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
            .collect();
        let (last, others) = told.split_last()?;
        let is_one = self.drafts + self.issues + self.backups == 1;
        let told = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
        Some(format!("{told} {}", if is_one { "is" } else { "are" }))
    }
}

/// Tells whether a home has a database. A file without a single byte is none: it would be filled with an empty one.
fn has_database(home: &Home) -> bool {
    fsx::size_of(&home.database()).is_some_and(|bytes| bytes > 0)
}

/// Checks that a home without a database is a new one, for whoever would make an empty one in it. While a restore is
/// under way, or was cut off, the database is on its way.
///
/// # Errors
/// When it had one before: what is left, and what to do.
pub fn check_not_lost(home: &Home, keeping: &Keeping) -> Result<()> {
    if has_database(home) || restore::is_cut_off(home) {
        return Ok(());
    }
    let remains = Remains::of(home, &backup::folder_of(home, keeping));
    let Some(told) = remains.in_words() else { return Ok(()) };
    let shown = home.root().display();
    let back = match remains.backups {
        0 => format!("put {} back; a backup that lies elsewhere: `roundup restore FOLDER`", home.database().display()),
        _ => "`roundup restore` lists the backups".to_owned(),
    };
    Err(Error::stopped(
        format!("the database of {shown} is gone, but {told} there"),
        format!(
            "{back}; to begin anew all the same, `roundup init DIR` makes another home, which can have this feeds.toml"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_home_is_told_from_one_that_lost_its_database() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        let write = |name: &str| fsx::write_atomic(&folder.path().join(name), b"x").map(drop).unwrap();
        let says = || check_not_lost(&home, &Keeping::default()).err().map(|error| error.to_string());
        assert_eq!(says(), None, "nothing is there");
        for name in
            ["feeds.toml", "drafts/notes.toml", "drafts/2026-10.txt", "out/2026-10/email.html", "out/index.html"]
        {
            write(name);
            assert_eq!(says(), None, "{name} is no sign of a database");
        }
        for (name, want) in [
            ("drafts/2026-10.toml", "is gone, but 1 draft is there\n  help: put "),
            ("drafts/2026-09.toml", "is gone, but 2 drafts are there"),
            ("out/2026-09/manifest.json", "is gone, but 2 drafts and 1 issue are there"),
        ] {
            write(name);
            let said = says().unwrap();
            assert!(said.contains(want) && said.contains("`roundup init DIR`"), "{name}: {said}");
        }
        fsx::write_atomic(&home.database(), b"").unwrap();
        assert!(says().is_some(), "an empty file is no database");
        fsx::write_atomic(&home.database(), b"SQLite").unwrap();
        assert_eq!(says(), None, "a damaged one is there");
    }
}
