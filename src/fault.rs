//! The steps at which the world outside may fail: every write, sync, rename, removal, commit and outside call.
//!
//! Code that is about to take such a step says so with [`step`], and what has taken one that lasts with [`done`]. In a
//! build for tests (one with debug assertions) a plan can let the process end at a step, or a step fail: the tests in
//! `tests/crash` do that at each of them and compare what is left. Any other build has no such plan, and a step is
//! nothing at all there.
//!
//! ```text
//! ROUNDUP_FAULT=count:FILE   writes a line to FILE for each step that is taken
//! ROUNDUP_FAULT=abort:N      ends the process at step N, as a power cut would
//! ROUNDUP_FAULT=eio:N        step N fails once: the disk cannot be read or written there
//! ROUNDUP_FAULT=enospc:N     step N fails once: the disk is full
//! ROUNDUP_FAULT=full:N       from step N on, whatever takes room fails: the disk stays full
//! ```

#[cfg(not(debug_assertions))]
use std::io;

/// What kind of step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A folder is made.
    Folder,
    /// A file is made, or bytes are written into one.
    Write,
    /// A file is handed to the disk.
    Sync,
    /// A file gets its name, or another one.
    Rename,
    /// A file or folder is removed.
    Remove,
    /// The names in a folder are handed to the disk.
    SyncFolder,
    /// A transaction begins.
    Begin,
    /// A transaction is committed.
    Commit,
    /// The database's log is folded into it.
    Fold,
    /// Somebody outside is asked.
    Ask,
    /// Somebody outside has answered.
    Answer,
}

impl Step {
    /// Tells whether it takes room on the disk, so that a full one refuses it.
    #[cfg(debug_assertions)]
    fn takes_room(self) -> bool {
        matches!(self, Self::Folder | Self::Write | Self::Sync | Self::Commit)
    }

    /// Tells whether the disk is what it needs.
    #[cfg(debug_assertions)]
    fn is_of_the_disk(self) -> bool {
        !matches!(self, Self::Ask | Self::Answer)
    }
}

/// Takes note of a step that is about to be taken.
///
/// # Errors
/// When the plan says that it fails; never in a build without debug assertions.
#[cfg(not(debug_assertions))]
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "with debug assertions it may fail")]
pub const fn step(_step: Step) -> io::Result<()> {
    Ok(())
}

/// Takes note of a step that was taken and lasts: the process may end there, but nothing fails any more.
#[cfg(not(debug_assertions))]
#[inline]
pub const fn done(_step: Step) {}

#[cfg(debug_assertions)]
pub use planned::{done, plan, step};

/// Plans, and how far the process has come with one.
#[cfg(debug_assertions)]
mod planned {
    use std::io::{self, Write};
    use std::path::PathBuf;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::Step;

    /// What is to happen.
    #[derive(Debug, Clone, PartialEq, Eq)]
    enum Plan {
        /// Each step is written down in a file.
        Count(PathBuf),
        /// The process ends at a step.
        Abort(u64),
        /// A step fails once, with an error of the system.
        Fail(u64, i32),
        /// From a step on, what takes room fails.
        Full(u64),
    }

    /// No room is left (`ENOSPC`), the same on every system with such numbers.
    const NO_ROOM: i32 = 28;
    /// The disk does not do it (`EIO`).
    const DISK_FAILS: i32 = 5;

    /// The plan of this process.
    static PLAN: OnceLock<Plan> = OnceLock::new();
    /// How many steps it has come to.
    static TAKEN: AtomicU64 = AtomicU64::new(0);

    /// Sets the plan of this process; only the first one counts.
    ///
    /// # Errors
    /// What is wrong with it, when it is none.
    pub fn plan(text: &str) -> Result<(), String> {
        let unknown = || format!("\"{text}\" is no plan; it may be count:FILE, abort:N, eio:N, enospc:N or full:N");
        let (word, what) = text.split_once(':').ok_or_else(unknown)?;
        let number = || what.parse().map_err(|_| unknown());
        let plan = match word {
            "count" => Plan::Count(PathBuf::from(what)),
            "abort" => Plan::Abort(number()?),
            "eio" => Plan::Fail(number()?, DISK_FAILS),
            "enospc" => Plan::Fail(number()?, NO_ROOM),
            "full" => Plan::Full(number()?),
            _ => return Err(unknown()),
        };
        // A second one in the same process would be of nobody's making.
        let _ = PLAN.set(plan);
        Ok(())
    }

    /// Takes note of a step that is about to be taken.
    ///
    /// # Errors
    /// When the plan says that it fails.
    pub fn step(step: Step) -> io::Result<()> {
        let Some(plan) = PLAN.get() else { return Ok(()) };
        let number = TAKEN.fetch_add(1, Ordering::SeqCst) + 1;
        match plan {
            Plan::Count(file) => write_down(file, number, step),
            Plan::Abort(at) if number == *at => std::process::abort(),
            Plan::Fail(at, why) if number == *at && may_fail(step, *why) => Err(io::Error::from_raw_os_error(*why)),
            Plan::Full(from) if number >= *from && step.takes_room() => Err(io::Error::from_raw_os_error(NO_ROOM)),
            _ => Ok(()),
        }
    }

    /// Takes note of a step that was taken and lasts: the process may end there, but nothing fails any more.
    pub fn done(_step: Step) {
        let Some(plan) = PLAN.get() else { return };
        let number = TAKEN.fetch_add(1, Ordering::SeqCst) + 1;
        match plan {
            Plan::Count(file) => drop(write_down_done(file, number)),
            Plan::Abort(at) if number == *at => std::process::abort(),
            _ => {}
        }
    }

    /// Tells whether a step can fail for a reason: a full disk says nothing against a call, nor against removing.
    fn may_fail(step: Step, why: i32) -> bool {
        why != NO_ROOM || (step.is_of_the_disk() && step.takes_room())
    }

    /// Writes a step that may fail into the file of steps.
    fn write_down(file: &PathBuf, number: u64, step: Step) -> io::Result<()> {
        append(file, &format!("{number} {step:?}\n"))
    }

    /// Writes a step that was taken into the file of steps.
    fn write_down_done(file: &PathBuf, number: u64) -> io::Result<()> {
        append(file, &format!("{number} done\n"))
    }

    /// Puts a line at the end of a file, in one piece. It is no file of a home, and may not itself be a step.
    fn append(file: &PathBuf, line: &str) -> io::Result<()> {
        std::fs::OpenOptions::new().append(true).create(true).open(file)?.write_all(line.as_bytes())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_plan_that_is_none_is_refused_and_says_what_there_is() {
            for text in ["", "abort", "abort:", "abort:x", "abort:-1", "eio:1.5", "explode:3", "ABORT:3"] {
                let said = plan(text).unwrap_err();
                assert!(said.contains("abort:N, eio:N"), "{text}: {said}");
            }
        }

        #[test]
        fn a_full_disk_refuses_what_takes_room_and_nothing_else() {
            for (step, is_refused) in [
                (Step::Write, true),
                (Step::Commit, true),
                (Step::Folder, true),
                (Step::Remove, false),
                (Step::Rename, false),
                (Step::Ask, false),
                (Step::Answer, false),
            ] {
                assert_eq!(may_fail(step, NO_ROOM), is_refused, "{step:?}");
                assert!(may_fail(step, DISK_FAILS), "{step:?}");
            }
        }
    }
}
