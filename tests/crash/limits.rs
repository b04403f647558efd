//! What the system refuses: files to open, room, the right to write.

use std::process::Command;

use super::clean::{Clean, check_told};
use super::flows::{self, Act, Flow};
use super::home::Case;
use super::world::World;
use crate::support::disk::Disk;
use crate::support::programs;

/// The flows that are run at every limit: one of each kind.
const FLOWS: &[Flow] = &[
    flows::IMPORT,
    flows::HARVEST_FOLDER,
    flows::SAME,
    flows::CHOOSE,
    flows::WORD,
    flows::REINDEX,
    flows::DRAFT,
    flows::RENDER,
    flows::PUBLISH,
    flows::ADD,
    flows::MIGRATE,
    flows::BACKUP,
    flows::PUT_BACK,
    flows::DAEMON,
    flows::SAVED,
    flows::SYNC_AGAIN,
];

/// Returns a flow's command, run by a shell or another program that sets a limit before.
fn limited(flow: &Flow, case: &Case, by: &[&str]) -> Command {
    let plain = flow.command(case);
    let mut command = Command::new(by[0]);
    command.args(&by[1..]).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(case.home()).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for (name, value) in plain.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}

/// Runs a flow under a limit, which then ends; returns whether it was done all the same.
///
/// # Errors
/// What is wrong then.
fn try_limit(clean: &Clean, case: &Case, by: &[&str], end: impl FnOnce()) -> Result<bool, String> {
    let ended = case.end(case.begin(limited(&clean.flow, case, by)));
    end();
    check_told(&ended)?;
    if !clean.flow.goes_on {
        clean.check_nothing_half(case)?;
    }
    let is_done = clean.says_done(&ended);
    if is_done {
        clean.check_world(case).map_err(|wrong| format!("{wrong}\nand it said {}", ended.all()))?;
    }
    Ok(is_done)
}

/// Checks that nothing changed where nothing could be written, and that it was not said to be done.
///
/// # Errors
/// What is different.
fn unchanged(clean: &Clean, case: &Case, is_done: bool) -> Result<(), String> {
    let differs = World::of(case, &clean.outside).differs(&clean.before);
    match (is_done, differs.is_empty()) {
        (true, _) => Err("it says that it was done".to_owned()),
        (false, true) => Ok(()),
        (false, false) => Err(format!("something changed (- now, + before):\n{differs}")),
    }
}

#[test]
fn too_few_files_at_once_are_said_and_nothing_is_lost() {
    /// Below this the system cannot start a program; above it, any command comes to its end.
    const FILES: std::ops::RangeInclusive<u32> = 5..=48;
    let (mut tried, mut wrong) = (0, Vec::new());
    for flow in FLOWS {
        let clean = Clean::of(*flow);
        for files in FILES {
            let case = clean.flow.case(&clean.outside);
            let line = format!("ulimit -n {files}; exec \"$@\"");
            let outcome = try_limit(&clean, &case, &["sh", "-c", &line, "sh"], || ());
            tried += 1;
            let is_done = matches!(outcome, Ok(true));
            let again = outcome.and_then(|_| clean.again_after_a_fault(&case));
            wrong.extend(again.err().map(|text| format!("{}, {files} files: {text}", flow.name)));
            if is_done {
                break;
            }
            assert!(files < *FILES.end(), "{}: {files} files are not enough", flow.name);
        }
    }
    super::report("too few files", tried, &wrong);
}

#[test]
fn where_nothing_can_be_written_that_is_said_and_nothing_changes() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for flow in FLOWS {
        let clean = Clean::of(*flow);
        let case = clean.flow.case(&clean.outside);
        let place = case.beside("disk");
        let Some(disk) = Disk::mount(&place, 64 << 10) else {
            return println!("skipped: no small disk can be mounted here");
        };
        let case = case.moved_into(&place);
        disk.again("ro");
        tried += 1;
        let outcome =
            try_limit(&clean, &case, &["env"], || disk.again("rw")).and_then(|done| unchanged(&clean, &case, done));
        let again = outcome.and_then(|()| clean.again_after_a_fault(&case));
        wrong.extend(again.err().map(|text| format!("{}: {text}", flow.name)));
        drop(disk);
    }
    super::report("a disk that can only be read", tried, &wrong);
}

#[test]
fn a_folder_of_somebody_else_is_said_and_nothing_changes() {
    let Some(setpriv) = programs::program("setpriv") else { return println!("skipped: there is no setpriv") };
    // Who may do everything may write everywhere: that right is given up first.
    let rights = "-dac_override,-dac_read_search,-fowner";
    let setpriv = setpriv.display().to_string();
    let by = [setpriv.as_str(), "--bounding-set", rights, "--inh-caps", rights, "--"];
    let works = Command::new(by[0]).args(&by[1..]).arg("true").status().is_ok_and(|s| s.success());
    if !works {
        return println!("skipped: rights cannot be given up here");
    }
    let (mut tried, mut wrong) = (0, Vec::new());
    for flow in FLOWS {
        let clean = Clean::of(*flow);
        let case = clean.flow.case(&clean.outside);
        case.let_write(false);
        tried += 1;
        let outcome =
            try_limit(&clean, &case, &by, || case.let_write(true)).and_then(|done| unchanged(&clean, &case, done));
        let again = outcome.and_then(|()| clean.again_after_a_fault(&case));
        wrong.extend(again.err().map(|text| format!("{}: {text}", flow.name)));
    }
    super::report("a folder of somebody else", tried, &wrong);
}

#[test]
fn a_disk_that_fills_up_is_said_and_nothing_is_lost() {
    /// How much more than the home itself there is room for, in kB.
    const ROOM_KB: &[u64] = &[0, 4, 12, 28, 60, 96, 160, 256, 400, 640];
    let (mut tried, mut wrong) = (0, Vec::new());
    for flow in FLOWS {
        let clean = Clean::of(*flow);
        for room_kb in ROOM_KB {
            let case = clean.flow.case(&clean.outside);
            let place = case.beside("disk");
            let Some(disk) = Disk::mount(&place, 64 << 10) else {
                return println!("skipped: no small disk can be mounted here");
            };
            let case = case.moved_into(&place);
            disk.again(&format!("size={}k", disk.used_kb() + room_kb));
            tried += 1;
            let outcome = try_limit(&clean, &case, &["env"], || disk.again("size=64m"));
            let again = outcome.and_then(|_| clean.again_after_a_fault(&case));
            wrong.extend(again.err().map(|text| format!("{}, {room_kb} kB: {text}", flow.name)));
            drop(disk);
        }
    }
    super::report("a disk that fills up", tried, &wrong);
}

/// Only commands are run at limits.
#[test]
fn every_flow_here_is_a_command() {
    assert!(FLOWS.iter().all(|flow| matches!(flow.act, Act::Command(_))));
}
