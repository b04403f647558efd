//! Five-field cron lines, as people know them, over the `cron` crate.
//!
//! The crate counts seconds first, reads weekday 1 as Sunday, and loses or doubles runs when
//! clocks change. So: five fields are taken, weekdays are named before they are handed on, times
//! are computed as civil time, and each is placed in the zone afterwards: a time that the clocks
//! skip runs at the first moment after, one that they repeat runs the first time only.

use std::str::FromStr;

use jiff::civil::{DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// A checked schedule line.
#[derive(Debug, Clone)]
pub struct Schedule {
    line: String,
    parsed: cron::Schedule,
}

/// Weekday names by crontab number; 7 is Sunday as well.
const WEEKDAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

impl Schedule {
    /// Returns the schedule of a line of five fields: minute, hour, day of month, month, weekday
    /// (0 or 7 is Sunday). Fields take `*`, numbers, names, lists, ranges and steps.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write instead.
    pub fn parse(line: &str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(format!(
                "a schedule has five fields (minute hour day month weekday), not {}; \"0 6 1 * *\" is 06:00 on the 1st",
                fields.len()
            ));
        };
        if *day != "*" && *weekday != "*" {
            return Err(
                "a schedule may limit the day of the month or the weekday, not both; put * in one of them".to_owned()
            );
        }
        let weekday = named_weekdays(weekday)?;
        let parsed = cron::Schedule::from_str(&format!("0 {minute} {hour} {day} {month} {weekday}"))
            .map_err(|_| format!("\"{line}\" is no schedule; \"0 5 * * *\" is every day at 05:00"))?;
        let schedule = Self { line: line.to_owned(), parsed };
        if schedule.next_after(Timestamp::UNIX_EPOCH, &TimeZone::UTC).is_none() {
            return Err(format!("\"{line}\" never comes due"));
        }
        Ok(schedule)
    }

    /// Returns the line as it was written.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Returns the first due moment after `now` in a time zone, or `None` when there is none.
    pub fn next_after(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.after(now, zone).next()
    }

    /// Returns all due moments after `now` in a time zone, in order, each once. It ends with the century.
    pub fn after<'s>(&'s self, now: Timestamp, zone: &'s TimeZone) -> impl Iterator<Item = Timestamp> + 's {
        // A day earlier, since a time that the clocks skipped lies after the moment it runs at.
        let start = now.to_zoned(zone.clone()).datetime().checked_sub(1.day()).ok().and_then(as_if_utc);
        let mut last = now;
        let placed =
            start.into_iter().flat_map(|from| self.parsed.after_owned(from)).filter_map(|due| place(due, zone));
        placed.filter(move |due| {
            let is_later = *due > last;
            last = last.max(*due);
            is_later
        })
    }
}

/// Returns a weekday field as a list of names: the `cron` crate counts from Sunday = 1 and refuses
/// ranges that end on a Sunday, so ranges and steps are written out here.
fn named_weekdays(field: &str) -> Result<String, String> {
    if field == "*" {
        return Ok(field.to_owned());
    }
    let mut out: Vec<&str> = Vec::new();
    for part in field.split(',') {
        let (range, step) = part.split_once('/').unwrap_or((part, "1"));
        let step = step
            .parse::<usize>()
            .ok()
            .filter(|s| *s > 0)
            .ok_or_else(|| format!("\"{part}\" has no step that counts"))?;
        let (first, last) = match range.split_once('-') {
            Some((a, b)) => (weekday_number(a)?, weekday_number(b)?),
            None if range == "*" => (0, 6),
            None => (weekday_number(range)?, weekday_number(range)?),
        };
        let last = if last < first { last + 7 } else { last };
        out.extend((first..=last).step_by(step).filter_map(|n| WEEKDAYS.get(n % 7)).copied());
    }
    out.sort_unstable();
    out.dedup();
    Ok(out.join(","))
}

/// Returns the number of a weekday, 0 (Sunday) to 7 (Sunday again), given as number or name.
fn weekday_number(text: &str) -> Result<usize, String> {
    if let Ok(n) = text.parse::<usize>() {
        return if n < WEEKDAYS.len() { Ok(n) } else { Err(format!("weekdays count from 0 (Sunday) to 6, not {n}")) };
    }
    let upper = text.to_uppercase();
    WEEKDAYS
        .iter()
        .position(|w| *w == upper)
        .ok_or_else(|| format!("\"{text}\" is no weekday; write mon, tue, wed, thu, fri, sat or sun"))
}

/// Returns a civil time as the type that the `cron` crate counts in.
fn as_if_utc(civil: DateTime) -> Option<chrono::DateTime<chrono::Utc>> {
    let seconds = civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    chrono::DateTime::from_timestamp(seconds, 0)
}

/// Places a civil time in a zone: repeated times at the first, skipped ones at the moment after.
fn place(due: chrono::DateTime<chrono::Utc>, zone: &TimeZone) -> Option<Timestamp> {
    let civil = Timestamp::from_second(due.timestamp()).ok()?.to_zoned(TimeZone::UTC).datetime();
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => first_after_gap(civil, zone),
        AmbiguousOffset::Fold { .. } | AmbiguousOffset::Unambiguous { .. } => ambiguous.earlier().ok(),
    }
}

/// Returns the first moment after the gap that holds a civil time, to the minute.
fn first_after_gap(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let mut at = civil.with().second(0).subsec_nanosecond(0).build().ok()?;
    for _ in 0..(26 * 60) {
        let ambiguous = zone.to_ambiguous_timestamp(at);
        if !matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return ambiguous.earlier().ok();
        }
        at = at.checked_add(1.minute()).ok()?;
    }
    at.date().to_datetime(Time::midnight()).to_zoned(zone.clone()).ok().map(|z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(line: &str, zone: &str, now: &str, n: usize) -> Vec<String> {
        let schedule = Schedule::parse(line).unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let mut now: Timestamp = now.parse().unwrap();
        let mut out = Vec::new();
        for _ in 0..n {
            now = schedule.next_after(now, &zone).unwrap();
            out.push(now.to_zoned(zone.clone()).strftime("%Y-%m-%d %a %H:%M %:z").to_string());
        }
        out
    }

    #[test]
    fn the_first_of_the_month_is_the_first_of_the_month() {
        assert_eq!(
            next("0 6 1 * *", "Africa/Nairobi", "2026-01-15T12:00:00Z", 2),
            ["2026-02-01 Sun 06:00 +03:00", "2026-03-01 Sun 06:00 +03:00"]
        );
    }

    #[test]
    fn weekdays_are_crontabs_weekdays() {
        assert_eq!(next("0 0 * * 1", "UTC", "2026-01-01T00:00:00Z", 1), ["2026-01-05 Mon 00:00 +00:00"]);
        assert_eq!(next("0 0 * * 0", "UTC", "2026-01-01T00:00:00Z", 1), ["2026-01-04 Sun 00:00 +00:00"]);
        assert_eq!(
            next("0 0 * * 5-7", "UTC", "2026-01-01T12:00:00Z", 3),
            ["2026-01-02 Fri 00:00 +00:00", "2026-01-03 Sat 00:00 +00:00", "2026-01-04 Sun 00:00 +00:00"]
        );
    }

    #[test]
    fn clocks_that_change_neither_lose_nor_double_a_run() {
        assert_eq!(next("30 2 8 * *", "America/New_York", "2026-03-01T00:00:00Z", 1), ["2026-03-08 Sun 03:00 -04:00"]);
        assert_eq!(
            next("30 1 1 * *", "America/New_York", "2026-10-15T00:00:00Z", 2),
            ["2026-11-01 Sun 01:30 -04:00", "2026-12-01 Tue 01:30 -05:00"]
        );
    }

    #[test]
    fn what_is_no_schedule_is_refused_in_words() {
        for (line, want) in [
            (
                "0 0 6 1 * *",
                "a schedule has five fields (minute hour day month weekday), not 6; \"0 6 1 * *\" is 06:00 on the 1st",
            ),
            (
                "0 6 13 * FRI",
                "a schedule may limit the day of the month or the weekday, not both; put * in one of them",
            ),
            ("0 6 31 2 *", "\"0 6 31 2 *\" never comes due"),
            ("x 6 * * *", "\"x 6 * * *\" is no schedule; \"0 5 * * *\" is every day at 05:00"),
            ("0 6 * * 9", "weekdays count from 0 (Sunday) to 6, not 9"),
        ] {
            assert_eq!(Schedule::parse(line).unwrap_err(), want);
        }
    }
}
