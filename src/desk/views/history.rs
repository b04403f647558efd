//! The versions of a draft as the page of the history lists them, and what is different between two texts.

use jiff::tz::TimeZone;

use crate::draft::{DiffLine, Side};
use crate::pipeline::history::Version;

/// Changes of a version that are shown at once; the others are folded.
const CHANGES_SHOWN: usize = 4;

/// The versions of one day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct Day {
    /// "3 November 2026".
    name: String,
    /// Those of the day, the newest first.
    versions: Vec<VersionLine>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct VersionLine {
    /// Its number in the month.
    number: u64,
    /// The day: "3 November 2026".
    day: String,
    /// The time of the day: "14:05".
    time: String,
    /// Who wrote it.
    by: &'static str,
    /// Whether the file holds it now.
    is_now: bool,
    /// Whether its text can be put back: the database has it whole, and the file does not.
    is_restorable: bool,
    /// The first changes against the one before it.
    changes: Vec<String>,
    /// The other changes.
    more: Vec<String>,
}

impl VersionLine {
    /// Returns a version as the page lists it.
    pub(in crate::desk) fn of(version: Version, by: &'static str, zone: &TimeZone) -> Self {
        let (at, mut changes) = (version.at.to_zoned(zone.clone()), version.changes);
        let day = at.strftime("%-d %B %Y").to_string();
        // One line behind a fold would take as much room as the line.
        let is_short = changes.len() <= CHANGES_SHOWN + 1;
        let more = if is_short { Vec::new() } else { changes.split_off(CHANGES_SHOWN) };
        Self {
            number: version.number,
            day,
            time: at.strftime("%H:%M").to_string(),
            by,
            is_now: version.is_current,
            is_restorable: !version.is_current && !version.is_damaged,
            changes,
            more,
        }
    }
}

/// Returns versions, the newest first, by their days.
pub(in crate::desk) fn days(versions: Vec<VersionLine>) -> Vec<Day> {
    let mut out: Vec<Day> = Vec::new();
    for version in versions {
        match out.last_mut() {
            Some(day) if day.name == version.day => day.versions.push(version),
            _ => out.push(Day { name: version.day.clone(), versions: vec![version] }),
        }
    }
    out
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct Line {
    /// "both", "old", "new", or "gap".
    side: Side,
    /// Its words.
    text: String,
}

/// Returns a difference as the page shows it.
pub(in crate::desk) fn lines(difference: Vec<DiffLine>) -> Vec<Line> {
    difference.into_iter().map(|line| Line { side: line.side, text: line.text }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::DraftBy;

    fn version(number: u64, at: &str, changes: usize) -> VersionLine {
        of(number, at, changes, false, false)
    }

    fn of(number: u64, at: &str, changes: usize, is_current: bool, is_damaged: bool) -> VersionLine {
        let version = Version {
            number,
            at: format!("2026-11-{at}:00Z").parse().expect("a time"),
            by: DraftBy::Restore,
            changes: (1..=changes).map(|n| n.to_string()).collect(),
            bytes: 10,
            sha256: String::new(),
            is_current,
            is_damaged,
        };
        VersionLine::of(version, "put back", &TimeZone::UTC)
    }

    #[test]
    fn what_lies_there_and_what_is_damaged_is_not_put_back() {
        for (is_current, is_damaged, wanted) in
            [(false, false, true), (true, false, false), (false, true, false), (true, true, false)]
        {
            assert_eq!(of(1, "03T14:05", 0, is_current, is_damaged).is_restorable, wanted, "{is_current} {is_damaged}");
        }
    }

    #[test]
    fn versions_stand_under_their_days() {
        let all = [(4, "03T14:05"), (3, "03T00:00"), (2, "02T23:59"), (1, "01T09:00")];
        let days = days(all.into_iter().map(|(number, at)| version(number, at, 0)).collect());
        let told: Vec<(&str, Vec<(u64, &str)>)> = days
            .iter()
            .map(|d| (d.name.as_str(), d.versions.iter().map(|v| (v.number, v.time.as_str())).collect()))
            .collect();
        assert_eq!(
            told,
            [
                ("3 November 2026", vec![(4, "14:05"), (3, "00:00")]),
                ("2 November 2026", vec![(2, "23:59")]),
                ("1 November 2026", vec![(1, "09:00")])
            ]
        );
    }

    #[test]
    fn long_lists_of_changes_are_folded() {
        for (changes, shown, folded, note) in [
            (0, 0, 0, "none"),
            (4, 4, 0, "as many as are shown"),
            (5, 5, 0, "one more line is no longer than the words of the fold"),
            (6, 4, 2, "folded"),
        ] {
            let version = version(1, "03T14:05", changes);
            assert_eq!((version.changes.len(), version.more.len()), (shown, folded), "{note}");
        }
    }
}
