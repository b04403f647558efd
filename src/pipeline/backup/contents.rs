//! Which files of a home cannot be made again: what people wrote, and what readers were given.

use std::path::{Path, PathBuf};

use crate::fsx::{self, EntryKind, PathError};
use crate::model::FileName;
use crate::pipeline::Home;

/// Endings of the settings that stand in the home itself.
const SETTINGS: [&str; 3] = ["toml", "csv", "txt"];
/// Folders that are taken whole.
const FOLDERS: [&str; 4] = ["drafts", "templates", "out", "data/saved"];
/// Folders of which only the files themselves are taken: what was dropped and not read yet.
const FLAT: [&str; 1] = ["inbox"];
/// Single files.
const FILES: [&str; 1] = ["data/lists.json"];
/// How deep a folder is taken; what we write lies two folders deep (`out/YYYY-MM/cite`).
const DEPTH_MAX: usize = 6;

/// The name of the database in a home.
pub(in crate::pipeline) const DATABASE: &str = "data/roundup.db";

/// A file that belongs into a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its name from the home on, with `/`.
    pub(super) name: String,
    /// Where it lies.
    pub(super) path: PathBuf,
}

/// What a home holds, but the database.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Files by name.
    pub(super) parts: Vec<Part>,
    /// What lies there and is not taken, and why.
    pub(super) left_out: Vec<String>,
}

/// Lists what belongs into a backup beside the database.
///
/// # Errors
/// When a folder cannot be listed.
pub(super) fn of(home: &Home) -> Result<Contents, PathError> {
    let mut out = Contents::default();
    let root = home.root();
    for (path, kind) in fsx::entries_in(root)? {
        let is_settings = path.extension().and_then(|e| e.to_str()).is_some_and(|e| SETTINGS.contains(&e));
        if is_settings && is_file(&path, kind) {
            out.take(path, "");
        }
    }
    for folder in FOLDERS {
        out.take_folder(&root.join(folder), folder, DEPTH_MAX)?;
    }
    for folder in FLAT {
        for path in fsx::files_in(&root.join(folder))? {
            out.take(path, folder);
        }
    }
    for name in FILES {
        let path = root.join(name);
        if path.is_file() {
            out.parts.push(Part { name: name.to_owned(), path });
        }
    }
    out.parts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// Tells whether an entry is a file, or a link to one.
fn is_file(path: &Path, kind: EntryKind) -> bool {
    kind == EntryKind::File || (kind == EntryKind::Link && path.is_file())
}

impl Contents {
    /// Takes a file of a folder, unless its name is hidden or one that a list of sums could not hold.
    fn take(&mut self, path: PathBuf, folder: &str) {
        let Some(last) = path.file_name().and_then(|n| n.to_str()) else {
            return self.left_out.push(format!("{}: its name is no text", fsx::shown(&path)));
        };
        if last.starts_with('.') {
            return;
        }
        let name = if folder.is_empty() { last.to_owned() } else { format!("{folder}/{last}") };
        if FileName::parse(&name).is_some() {
            self.parts.push(Part { name, path });
        } else {
            self.left_out.push(format!("{}: its name cannot be kept", fsx::shown(&path)));
        }
    }

    /// Takes all files of a folder and of those in it.
    fn take_folder(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), PathError> {
        for (inner, kind) in fsx::entries_in(path)? {
            let last = inner.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
            match kind {
                _ if is_file(&inner, kind) => self.take(inner, name),
                EntryKind::Folder if last.starts_with('.') => {}
                EntryKind::Folder if depth > 0 => self.take_folder(&inner, &format!("{name}/{last}"), depth - 1)?,
                EntryKind::Folder => self.left_out.push(format!("{}: it lies too deep", fsx::shown(&inner))),
                _ => self.left_out.push(format!("{}: it is no file and no folder", fsx::shown(&inner))),
            }
        }
        Ok(())
    }
}

/// Tells whether a file of a backup may be put into a home: what a backup takes from one, and nothing else. Keys, locks
/// and programs are never put there.
pub(in crate::pipeline) fn may_be_put_back(name: &FileName) -> bool {
    let name = name.as_str();
    let is_setting = |name: &str| SETTINGS.iter().any(|e| name.strip_suffix(e).is_some_and(|n| n.ends_with('.')));
    let in_folder = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    name == DATABASE
        || FILES.contains(&name)
        || (!name.contains('/') && is_setting(name))
        || FOLDERS.iter().any(|f| in_folder(f))
        || FLAT.iter().any(|f| in_folder(f) && name.split('/').count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_put_back(name: &str) -> bool {
        FileName::parse(name).is_some_and(|name| may_be_put_back(&name))
    }

    #[test]
    fn what_people_wrote_is_taken_and_keys_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let table = [
            ("feeds.toml", true, "settings"),
            ("topics.toml", true, "rules"),
            ("countries.csv", true, "the country table"),
            ("lexicon.toml", true, "words"),
            ("pubmed-query.txt", true, "a query"),
            ("drafts/2026-10.toml", true, "a draft"),
            ("drafts/2026-10-broken.toml", true, "what was put aside"),
            ("templates/web/issue.html", true, "a template"),
            ("out/2026-10/email.html", true, "what readers were given"),
            ("out/2026-10/cite/a.ris", true, "two folders deep"),
            ("inbox/new.ris", true, "dropped and not read yet"),
            ("inbox/done/old.ris", false, "it is in the database"),
            ("data/lists.json", true, "numbers that are never given twice"),
            ("data/saved/mine.toml", true, "a saved search"),
            ("data/roundup.db", false, "copied by itself"),
            ("data/lock", false, "a lock"),
            ("keys/mailchimp", false, "a secret"),
            ("roundup.key", false, "a secret in the home itself"),
            (".env", false, "a hidden file"),
            (".env.toml", false, "a hidden file with a usual ending"),
            ("index/meta.json", false, "derived"),
            ("backups/backup-1/feeds.toml", false, "copies of copies"),
            ("notes.pdf", false, "none of ours"),
        ];
        for (name, _, _) in table {
            fsx::write_atomic(&folder.path().join(name), b"x").unwrap();
        }
        let contents = of(&Home::new(folder.path())).unwrap();
        let names: Vec<&str> = contents.parts.iter().map(|p| p.name.as_str()).collect();
        for (name, is_taken, note) in table {
            assert_eq!(names.contains(&name), is_taken, "{name}: {note}");
            if is_taken {
                assert!(is_put_back(name), "{name}: {note}");
            }
        }
        assert!(contents.left_out.is_empty() && names.is_sorted());
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_kept_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fsx::write_atomic(&at("drafts/a\nb.toml"), b"x").unwrap();
        fsx::write_atomic(&at("elsewhere/real.toml"), b"x").unwrap();
        std::os::unix::fs::symlink(at("elsewhere/real.toml"), at("feeds.toml")).unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at("templates")).unwrap();
        fsx::make_folder(&at("out")).unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at("out/link")).unwrap();
        let contents = of(&Home::new(folder.path())).unwrap();
        let names: Vec<&str> = contents.parts.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["feeds.toml", "templates/real.toml"], "a link counts as the file or folder it leads to");
        assert_eq!(contents.left_out.len(), 2, "{:?}", contents.left_out);
    }

    #[test]
    fn only_what_a_backup_takes_is_put_back() {
        for (name, note) in [
            ("../feeds.toml", "upwards"),
            ("/etc/passwd", "from the root"),
            ("drafts/../../x.toml", "upwards in the midst"),
            ("keys/mailchimp", "a key"),
            ("data/lock", "a lock"),
            ("data/roundup.db-wal", "a log that belongs to another database"),
            ("data/saved", "a folder's own name"),
            ("drafts/a\\b", "a way of another system"),
            ("C:/x.toml", "a drive"),
            ("drafts//x", "an empty part"),
            (".profile.toml", "a hidden file"),
            ("drafts/.x", "a hidden file in a folder"),
            ("drafts/a\u{1b}b", "an escape"),
            ("inbox/done/x.ris", "where what was read is put"),
            ("feeds.toml.exe", "another ending"),
            ("", "nothing"),
        ] {
            assert!(!is_put_back(name), "{name:?}: {note}");
        }
    }
}
