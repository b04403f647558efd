//! What a process that ended without a word left half written beside the files of a home.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::{Ctx, Home, restore};
use crate::fsx;
use crate::harvest::OWN_FOLDERS;
use crate::model::SourceKind;

/// How long a file is left alone: many times what writing one takes, also on a slow disk.
const AGE: SignedDuration = SignedDuration::from_hours(1);

/// Removes files that were being written when a process was ended, and returns how many. What cannot be removed stays
/// and harms nobody. Whoever only looks may do it as well: what is being written meanwhile is younger.
pub fn remove_left_over(ctx: &Ctx) -> usize {
    let Ok(before) = ctx.clock.now().checked_sub(AGE) else { return 0 };
    if ctx.lock.is_some() {
        restore::remove_left_over(&ctx.home);
    }
    let root = ctx.home.root();
    let mut folders = vec![root.to_owned(), ctx.home.drafts(), ctx.home.data(), saved(&ctx.home)];
    add_whole(&ctx.home.out(), DEPTH_MAX, &mut folders);
    let settings = &ctx.config.settings;
    if !settings.publishing.folder.is_empty() {
        add_whole(&root.join(&settings.publishing.folder), DEPTH_MAX, &mut folders);
    }
    for source in &settings.sources {
        if let SourceKind::Folder { path } = &source.kind {
            folders.extend(OWN_FOLDERS.iter().map(|own| root.join(path).join(own)));
        }
    }
    folders.iter().map(|folder| fsx::remove_unfinished_in(folder, before.into())).sum()
}

/// Removes what was left half written in the folders that a home has without settings, too, such as a member's copy;
/// returns how many files that were.
pub fn remove_left_over_of_copy(home: &Home, now: Timestamp) -> usize {
    let Ok(before) = now.checked_sub(AGE) else { return 0 };
    let folders = [home.data(), home.data().join("packs"), saved(home)];
    folders.iter().map(|folder| fsx::remove_unfinished_in(folder, before.into())).sum()
}

/// Returns the folder of the saved searches.
fn saved(home: &Home) -> PathBuf {
    home.data().join("saved")
}

/// How deep in `out` is looked; what we write lies two folders deep (`out/YYYY-MM/cite`).
const DEPTH_MAX: usize = 4;

/// Adds a folder and those in it, down to a depth. Links are not followed: they lead to places of others.
fn add_whole(folder: &Path, depth: usize, folders: &mut Vec<PathBuf>) {
    folders.push(folder.to_owned());
    if depth == 0 {
        return;
    }
    for (inner, kind) in fsx::entries_in(folder).unwrap_or_default() {
        if kind == fsx::EntryKind::Folder {
            add_whole(&inner, depth - 1, folders);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::harvest::replay::Replay;
    use crate::pipeline::load_config;
    use crate::store::WriterLock;

    #[test]
    fn only_old_files_of_our_own_making_go() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fsx::write_atomic(&at("feeds.toml"), b"[roundup]\ncommunity = \"C\"\nname = \"N\"\n").unwrap();
        let home = Home::new(folder.path());
        let config = load_config(&home).unwrap().0.unwrap();
        let now: Timestamp = "2026-11-01T03:00:00Z".parse().unwrap();
        let lock = WriterLock::take(&home.data()).unwrap();
        let replay = Box::new(Replay::new(at("none")));
        let ctx = Ctx::open(home, config, Box::new(FixedClock(now)), replay, Some(lock)).unwrap();
        for folder in ["drafts", "out/2026-10/cite", "out/a/b/c/d/e", "elsewhere", "inbox"] {
            fsx::make_folder(&at(folder)).unwrap();
        }
        let table = [
            ("drafts/.roundup-aB3xY9", 61, true, "killed while it wrote a draft"),
            (".roundup-000000", 6000, true, "in the home itself"),
            ("data/.roundup-abcdef", 61, true, "beside the database"),
            ("data/saved/.roundup-abcdef", 61, true, "of a saved search"),
            (".restoring/old/topics.toml", 1, true, "of a restore that is over, or was never decided"),
            ("out/2026-10/.roundup-abcdef", 61, true, "of an issue"),
            ("out/2026-10/cite/.roundup-abcdef", 61, true, "of a citation"),
            ("out/a/b/c/d/.roundup-abcdef", 61, true, "as deep as is looked"),
            ("out/a/b/c/d/e/.roundup-abcdef", 61, false, "deeper"),
            ("elsewhere/.roundup-abcdef", 61, false, "a link leads there"),
            ("drafts/.roundup-zzzzzz", 59, false, "it may be written just now"),
            ("drafts/.roundup-abcdefg", 6000, false, "not as ours are called"),
            ("drafts/.roundup-notes.toml", 6000, false, "somebody's own"),
            ("drafts/2026-10.toml", 6000, false, "a draft"),
            ("inbox/.roundup-abcdef", 6000, false, "where we write nothing"),
        ];
        for (name, minutes, _, _) in table {
            fsx::write_atomic(&at(name), b"half").unwrap();
            let made = std::time::SystemTime::from(now - SignedDuration::from_mins(minutes));
            std::fs::File::options().append(true).open(at(name)).unwrap().set_modified(made).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(at("elsewhere"), at("out/link")).unwrap();
        assert_eq!(remove_left_over(&ctx), 7);
        for (name, _, is_removed, note) in table {
            assert_eq!(at(name).exists(), !is_removed, "{note}");
        }
    }
}
