//! Checks of how a home is kept: backups, room, keys, the daemon and its runs, the clock.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::super::sync::size;
use super::Check;
use crate::fsx;
use crate::model::Keeping;
use crate::pipeline::{Ctx, Home, backup, check_not_lost};
use crate::store::{self, DaemonLock, JobRow, JobState, moment};

/// How old the newest backup may be.
const BACKUP_AGE_MAX: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Room that a home should have beside that for a copy of its database, in bytes.
const ROOM_MIN: u64 = 200_000_000;
/// Since when a source fails that is told with the days.
const FAILING_DAYS: i64 = 3;
/// For how long a run that was missed is told.
const MISSED_TOLD: SignedDuration = SignedDuration::from_hours(35 * 24);
/// How many runs are looked at.
const RUNS_LOOKED_AT: usize = 200;
/// How far the clock may lie behind what was written last.
const CLOCK_BACK_MAX: SignedDuration = SignedDuration::from_mins(10);

/// Checks what needs no database: it may be damaged, and then this counts most.
pub(super) fn of_home(home: &Home, keeping: &Keeping, now: Timestamp) -> Vec<Check> {
    let mut out = Vec::new();
    if check_not_lost(home, keeping).is_err() {
        // The newest backup is what counts then; another cannot be made.
        let newest = backup::newest_of(home, &backup::folder_of(home, keeping));
        out.extend(newest.ok().flatten().map(|_| last_backup(home, keeping, now)));
    } else if home.database().exists() {
        out.push(last_backup(home, keeping, now));
        out.extend(room(home));
    }
    out.push(daemon(home));
    out.extend(keys(home));
    out
}

/// Checks the newest backup.
fn last_backup(home: &Home, keeping: &Keeping, now: Timestamp) -> Check {
    const NAME: &str = "backup";
    let folder = backup::folder_of(home, keeping);
    if let Err(error) = backup::check_reachable(&folder) {
        return Check::bad(NAME, super::super::verify::in_one_line(&error));
    }
    let newest = match backup::newest_of(home, &folder) {
        Err(error) => {
            return Check::bad(NAME, format!("{error}; see that the disk is there, or change [backup] in feeds.toml"));
        }
        Ok(None) => {
            let none = backup::none_in_words(home, &folder);
            return Check::bad(NAME, format!("{none}; `roundup backup` makes one of this home"));
        }
        Ok(Some(newest)) => newest,
    };
    let age = now.duration_since(newest.about.made_at);
    let made = newest.about.made_at.strftime("%Y-%m-%d %H:%M UTC");
    if age.is_negative() {
        return Check::bad(NAME, format!("the newest is of {made}, which is still to come: a clock is or was wrong"));
    }
    if age > BACKUP_AGE_MAX {
        return Check::bad(NAME, format!("the newest is {} old; `roundup backup` makes one", days(age)));
    }
    // Of the folder in the home itself everybody knows.
    let disk = if !keeping.backup_folder.is_empty() && fsx::shares_disk(&folder, home.root()) {
        format!("; {} lies on the same disk as the home and goes when it goes", folder.display())
    } else {
        String::new()
    };
    Check::good(NAME, format!("the newest is {} old ({made}) and was whole when it was made{disk}", days(age)))
}

/// Returns a time in days, or hours.
fn days(age: SignedDuration) -> String {
    match (age.as_hours() / 24, age.as_hours()) {
        (_, 0) => "less than an hour".to_owned(),
        (_, 1) => "1 hour".to_owned(),
        (0, hours) => format!("{hours} hours"),
        (1, _) => "1 day".to_owned(),
        (days, _) => format!("{days} days"),
    }
}

/// Checks that the disk has room for the work and for a copy of the database.
fn room(home: &Home) -> Option<Check> {
    let free = fsx::room_at(home.root())?;
    let database = store::bytes_of(&home.database());
    let says = format!("{} free, the database has {}", size(free), size(database));
    Some(if free < database.saturating_mul(2).saturating_add(ROOM_MIN) {
        let help = "make room, or put backups on another disk ([backup] in feeds.toml)";
        Check::bad("disk", format!("{says}: too little for a copy of it and the work; {help}"))
    } else {
        Check::good("disk", says)
    })
}

/// Tells whether a daemon is at work; both are fine.
fn daemon(home: &Home) -> Check {
    Check::good(
        "daemon",
        match DaemonLock::holder(&home.data()) {
            Some(holder) => format!("at work (process {holder})"),
            None => "none is at work; `roundup daemon` does what is due by itself".to_owned(),
        },
    )
}

/// Checks that nobody else can read the keys.
fn keys(home: &Home) -> Vec<Check> {
    let folder = home.root().join("keys");
    let files = fsx::files_in(&folder).unwrap_or_default();
    let is_open = |path: &&std::path::PathBuf| fsx::is_open_to_others(path).unwrap_or(false);
    let open: Vec<&Path> = files.iter().filter(is_open).map(std::path::PathBuf::as_path).collect();
    if files.is_empty() {
        return Vec::new();
    }
    if open.is_empty() {
        return vec![Check::good("keys", "nobody else on this computer can read them")];
    }
    let bad = |path: &Path| {
        Check::bad("keys", format!("others on this computer can read {0}; run: chmod 600 '{0}'", path.display()))
    };
    open.into_iter().map(bad).collect()
}

/// Checks what the database tells: runs, the clock.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn of_store(ctx: &Ctx) -> anyhow::Result<Vec<Check>> {
    let now = ctx.clock.now();
    let runs = ctx.store.last_jobs(RUNS_LOOKED_AT)?;
    let mut out = runs_told(&runs, now);
    out.push(clock(ctx, &runs, now)?);
    Ok(out)
}

/// Tells the last run, those that failed and wait, and those that were missed.
fn runs_told(runs: &[JobRow], now: Timestamp) -> Vec<Check> {
    let mut out = Vec::new();
    if let Some(last) = runs.iter().find(|row| row.started_at.is_some()) {
        let begun = last.started_at.as_deref().and_then(|text| moment(text).ok());
        let ago = begun.map(|begun| format!(", {} ago", days(now.duration_since(begun)))).unwrap_or_default();
        let outcome = if last.outcome.is_empty() { "no end is written down" } else { &last.outcome };
        let says = format!("{}{ago}: {outcome}", last.name);
        out.push(if last.state == JobState::Failed {
            Check::bad("last run", format!("{says}; it is tried again by itself"))
        } else {
            Check::good("last run", says)
        });
    }
    let is_recent = |row: &&JobRow| moment(&row.due).is_ok_and(|due| now.duration_since(due) <= MISSED_TOLD);
    let missed: Vec<&JobRow> = runs.iter().filter(|row| row.state == JobState::Missed).filter(is_recent).collect();
    if let Some(newest) = missed.first() {
        let count: u64 = missed.iter().map(|row| u64::from(row.moments)).sum();
        let times = if count == 1 { "1 run was".to_owned() } else { format!("{count} runs were") };
        let says =
            format!("{times} missed, the last ({}) was due {}; keep the daemon running", newest.name, newest.due);
        out.push(Check::bad("missed runs", says));
    }
    out
}

/// Checks that the clock is not behind what was written before.
fn clock(ctx: &Ctx, runs: &[JobRow], now: Timestamp) -> anyhow::Result<Check> {
    let begun = runs.iter().filter_map(|row| moment(row.started_at.as_deref()?).ok()).max();
    let newest = begun.max(ctx.store.newest_fetch()?);
    let local = now.to_zoned(ctx.zone()).strftime("%a %d %b %Y, %H:%M %Z");
    Ok(match newest {
        Some(newest) if newest.duration_since(now) > CLOCK_BACK_MAX => Check::bad(
            "clock",
            format!("it says {local}, but something was written here at {newest}; set the clock of this computer"),
        ),
        _ => Check::good("clock", local.to_string()),
    })
}

/// Returns how long a source has failed, where that is long.
pub(super) fn failing_for(since: Option<&str>, now: Timestamp) -> String {
    let since = since.and_then(|text| moment(text).ok()).map(|since| now.duration_since(since));
    match since {
        Some(age) if age.as_hours() >= FAILING_DAYS * 24 => format!("fails for {}: ", days(age)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn runs_are_told_with_what_was_missed() {
        let row = |name: &str, due: &str, state, begun: bool| JobRow {
            name: name.to_owned(),
            due: due.to_owned(),
            state,
            moments: 2,
            tries: u32::from(begun),
            not_before: None,
            started_at: begun.then(|| due.to_owned()),
            finished_at: None,
            outcome: "3 new papers".to_owned(),
        };
        let now = at("2026-11-20T06:00:00Z");
        let done = row("harvest", "2026-11-19T05:00:00Z", JobState::Done, true);
        let failed = row("harvest", "2026-11-20T05:00:00Z", JobState::Failed, true);
        let missed = row("harvest", "2026-11-01T05:00:00Z", JobState::Missed, false);
        let long_ago = row("draft", "2026-06-01T05:00:00Z", JobState::Missed, false);
        for (rows, want, note) in [
            (vec![], vec![], "nothing ran yet"),
            (vec![done.clone()], vec![(true, "harvest, 1 day ago: 3 new papers")], "all is well"),
            (vec![failed], vec![(false, "harvest, 1 hour ago: 3 new papers; it is tried again by itself")], "failed"),
            (
                vec![done.clone(), missed],
                vec![
                    (true, "harvest, 1 day ago"),
                    (false, "2 runs were missed, the last (harvest) was due 2026-11-01"),
                ],
                "missed",
            ),
            (vec![done, long_ago], vec![(true, "harvest, 1 day ago")], "missed, but long ago"),
        ] {
            let told = runs_told(&rows, now);
            assert_eq!(told.len(), want.len(), "{note}: {told:?}");
            for (check, (is_good, says)) in told.iter().zip(want) {
                assert!(check.is_good == is_good && check.says.starts_with(says), "{note}: {check:?}");
            }
        }
    }

    #[test]
    fn a_backup_is_told_with_its_age() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        drop(store::Store::open(&home.database()).unwrap());
        let keeping = Keeping::default();
        let says = |now: &str| last_backup(&home, &keeping, at(now));
        assert!(!says("2026-11-01T06:00:00Z").is_good, "there is none");
        let wish = backup::BackupWish::usual(&home, &keeping);
        backup::backup(&home, &wish, at("2026-11-01T06:00:00Z"), &|_| {}).unwrap();
        for (now, is_good, want) in [
            ("2026-11-01T06:10:00Z", true, "less than an hour old"),
            ("2026-11-03T06:00:00Z", true, "2 days old (2026-11-01 06:00 UTC)"),
            ("2026-11-20T06:00:00Z", false, "19 days old; `roundup backup`"),
            ("2026-10-01T06:00:00Z", false, "still to come"),
        ] {
            let check = says(now);
            assert!(check.is_good == is_good && check.says.contains(want), "{now}: {check:?}");
        }
    }

    #[test]
    fn a_source_is_told_to_fail_when_it_has_for_days() {
        let now = at("2026-11-20T06:00:00Z");
        assert_eq!(failing_for(Some("2026-11-19T06:00:00Z"), now), "");
        assert_eq!(failing_for(Some("2026-11-16T06:00:00Z"), now), "fails for 4 days: ");
        assert_eq!(failing_for(None, now), "");
    }
}
