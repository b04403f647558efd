//! What a process that ended without a word left half written beside the files of a home.

use jiff::SignedDuration;

use super::Ctx;
use crate::fsx;

/// How long a file is left alone: many times what writing one takes, also on a slow disk.
const AGE: SignedDuration = SignedDuration::from_hours(1);

/// Removes files that were being written when a process was ended, and returns how many. What cannot be removed stays
/// and harms nobody. Whoever only looks may do it as well: what is being written meanwhile is younger.
pub fn remove_left_over(ctx: &Ctx) -> usize {
    let Ok(before) = ctx.clock.now().checked_sub(AGE) else { return 0 };
    let root = ctx.home.root();
    let mut folders = vec![root.to_owned(), root.join("drafts"), ctx.home.data(), ctx.home.out()];
    let issues = fsx::entries_in(&ctx.home.out()).unwrap_or_default().into_iter();
    folders.extend(issues.filter(|(_, kind)| *kind == fsx::EntryKind::Folder).map(|(path, _)| path));
    folders.iter().map(|folder| fsx::remove_unfinished_in(folder, before.into())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::harvest::replay::Replay;
    use crate::pipeline::{Home, load_config};
    use crate::store::WriterLock;

    #[test]
    fn only_old_files_of_our_own_making_go() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fsx::write_atomic(&at("feeds.toml"), b"[roundup]\ncommunity = \"C\"\nname = \"N\"\n").unwrap();
        let home = Home::new(folder.path());
        let config = load_config(&home).unwrap().0.unwrap();
        let now: jiff::Timestamp = "2026-11-01T03:00:00Z".parse().unwrap();
        let lock = WriterLock::take(&home.data()).unwrap();
        let replay = Box::new(Replay::new(at("none")));
        let ctx = Ctx::open(home, config, Box::new(FixedClock(now)), replay, Some(lock)).unwrap();
        for folder in ["drafts", "out/2026-10", "inbox"] {
            fsx::make_folder(&at(folder)).unwrap();
        }
        let table = [
            ("drafts/.roundup-aB3xY9", 61, true, "killed while it wrote a draft"),
            (".roundup-000000", 6000, true, "in the home itself"),
            ("data/.roundup-abcdef", 61, true, "beside the database"),
            ("out/2026-10/.roundup-abcdef", 61, true, "of an issue"),
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
        assert_eq!(remove_left_over(&ctx), 4);
        for (name, _, is_removed, note) in table {
            assert_eq!(at(name).exists(), !is_removed, "{note}");
        }
    }
}
