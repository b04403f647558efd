//! Dates in every form that feeds and pages have them.
//!
//! A time gives an instant in UTC, a day alone stays a day: nothing is made more precise than it
//! is written. A form that can mean two days (`3/4/2021`) gives only what is sure, the year.

use std::fmt;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::Offset;
use regex::{Captures, Regex};

use crate::model::{PartialDate, text};

mod words;

/// A moment or a day, as precise as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedDate {
    /// A time was given; without a zone it is taken as UTC.
    Instant(Timestamp),
    /// Only a day, month or year was given.
    Day(PartialDate),
}

impl FeedDate {
    /// Returns the day: of an instant the day in UTC.
    pub fn day(self) -> Option<PartialDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::Instant(at) => day_of(Offset::UTC.to_datetime(at).date()),
        }
    }
}

/// RFC 3339 in UTC with whole seconds, or the bare `YYYY[-MM[-DD]]`.
impl fmt::Display for FeedDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(at) => write!(f, "{}", at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl serde::Serialize for FeedDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The longest text that is looked at as a date, in bytes; no real date is longer.
const DATE_BYTES_MAX: usize = 120;

/// A time of day with am/pm and zone, as it follows a date.
const TIME: &str = r"(?P<h>\d{1,2})(?::(?P<m>\d{2}))(?::(?P<s>\d{2})(?:[.,:]\d+)?)?(?:\s*(?P<half>[ap])\.?m\.?)?";
/// A zone: an offset, a name, or a name with an offset.
const ZONE: &str = r"(?:\s*(?P<zone>(?:[a-z]{1,5})?\s*[+-]\s*\d{1,2}:?(?:\d{2})?|[a-z]{1,5})z?)?";

/// Builds one of the patterns below.
fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("TIME", TIME).replace("ZONE", ZONE)).expect("invariant: the pattern is fixed and tested")
}

/// `2021-11-05`, `2021/11/5 9:23:28`, `2021-11-05T06:00:00.123+0900`, `2021-11`, `2021`.
static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<year>\d{4})(?:\s?[-/.]\s?(?P<month>\d{1,2})(?:\s?[-/.]\s?(?P<day>\d{1,2}))?)?[-/.]?(?:(?:\s*t\s*|\s+|,\s*)TIMEZONE|\s*z)?$",
    )
});
/// `20211105`, `20211105T060000Z`, `20211105060000`.
static COMPACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[t ]?(?P<h>\d{2}):?(?P<m>\d{2})(?::?(?P<s>\d{2})(?:[.,]\d+)?)?(?P<half>[ap]m)?ZONE)?$",
    )
});
/// `20031231T10Z`: an hour alone in basic form.
static COMPACT_HOUR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})t(?P<h>\d{2})(?P<half>[ap]m)?ZONE$"));
/// `-03-12-31`, `031231`, `-0312`: ISO 8601 of 1988 lets the century go.
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:-(?P<year>\d{2})-?(?P<month>\d{2})(?:-?(?P<day>\d{2}))?|(?P<year2>\d{2})-(?P<month2>\d{2})-(?P<day2>\d{2})|(?P<year3>\d{2})(?P<month3>\d{2})(?P<day3>\d{2}))$",
    )
});
/// `12/2003`.
static MONTH_YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?P<month>\d{1,2})[/.-](?P<year>\d{4})$"));
/// A weekday before numbers: `fri, 2006/09/15`.
static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\p{L}{2,12}\.?,?\s+(?P<rest>\d{4}[-/.]\d.*)$"));
/// Before or after noon in Korean, Chinese and Japanese stands before the hour.
static NOON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<half>오전|오후|上午|下午|午前|午後)\s*(?P<time>\d{1,2}(?:[:：]\d{2}){1,2})"));
/// An hour alone or without colons after an ISO day: `2003-12-31T10`, `2003-12-31T101415Z`.
static HOUR_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})t(?P<h>\d{2})(?:(?P<m>\d{2})(?:(?P<s>\d{2})(?:[.,]\d+)?)?)?(?P<half>[ap]m)?ZONE$",
    )
});
/// The day of the year, or week and day: `2003-335`, `2003335T101455Z`, `2004-W01-4`.
static ORDINAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<year>\d{4})-?(?:(?P<yday>\d{3})|w(?P<week>\d{2})-?(?P<wday>[1-7]))(?:t(?P<h>\d{2}):?(?P<m>\d{2})(?::?(?P<s>\d{2})(?:[.,]\d+)?)?(?P<half>[ap]m)?ZONE)?$",
    )
});
/// `31.12.2021`, `31/12/2021 10:00`, `12/31/2021 3:14 pm`.
static YEAR_LAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})[-/.](?P<year>\d{4})(?:(?:\s*t\s*|\s+|,\s*)TIMEZONE)?$")
});
/// Seconds or milliseconds since 1970.
static EPOCH: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{10}(?:\d{3})?$"));
/// A remark in parentheses, as mail headers carry it: `+0900 (JST)`.
static REMARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*\([^()]*\)"));

/// Returns the date that `text` is, or `None` when it is none or no calendar has that day.
pub fn read_date(text: &str) -> Option<FeedDate> {
    let text = text.trim();
    if text.is_empty() || text.len() > DATE_BYTES_MAX {
        return None;
    }
    let text = NOON.replace_all(text, |found: &Captures<'_>| {
        let is_after = found.name("half").is_some_and(|h| matches!(h.as_str(), "오후" | "下午" | "午後"));
        let time = found.name("time").map_or("", |t| t.as_str());
        format!("{time} {}", if is_after { "pm" } else { "am" })
    });
    let spelled: String = text
        .chars()
        .map(|c| match c {
            '年' | '月' | '년' | '월' => '-',
            '日' | '일' | '号' => ' ',
            '：' => ':',
            _ => c,
        })
        .collect();
    let folded = text::fold(&text::clean_line(&spelled)).replace("- ", "-");
    let plain = REMARK.replace_all(&folded, "");
    let plain = plain.trim().trim_end_matches([',', ';', '-']);
    let numbers = WEEKDAY.captures(plain).and_then(|c| c.name("rest")).map_or(plain, |m| m.as_str());
    read_numbers(numbers).or_else(|| words::read(plain))
}

/// Reads the forms that hold only numbers.
fn read_numbers(text: &str) -> Option<FeedDate> {
    if EPOCH.is_match(text) {
        let seconds: Option<i64> = text.get(..10).and_then(|t| t.parse().ok());
        return Timestamp::from_second(seconds?).ok().map(FeedDate::Instant);
    }
    if let Some(found) = ORDINAL.captures(text) {
        return read_ordinal(&found);
    }
    if let Some(found) = SHORT.captures(text) {
        return read_short(&found);
    }
    if let Some(found) =
        [&YEAR_FIRST, &COMPACT, &COMPACT_HOUR, &HOUR_ALONE, &MONTH_YEAR].iter().find_map(|p| p.captures(text))
    {
        return build(number(&found, "year")?, number(&found, "month"), number(&found, "day"), Clock::of(&found));
    }
    read_year_last(&YEAR_LAST.captures(text)?)
}

/// Reads a date without century; two digits are a year as in mail (RFC 2822). Six digits that may
/// as well be year and month (`202003`) are left out.
fn read_short(found: &Captures<'_>) -> Option<FeedDate> {
    let part = |names: [&str; 3]| names.iter().find_map(|n| number(found, n));
    let is_unsure = number(found, "year3").is_some_and(|y| y == 19 || y == 20);
    let year = part(["year", "year2", "year3"]).filter(|_| !is_unsure)?;
    let year = if year < 50 { 2000 + year } else { 1900 + year };
    build(year, part(["month", "month2", "month3"]), part(["day", "day2", "day3"]), None)
}

/// Reads the day of a year, or the day of a week of a year.
fn read_ordinal(found: &Captures<'_>) -> Option<FeedDate> {
    let year = i16::try_from(number(found, "year")?).ok()?;
    let date = if let Some(week) = number(found, "week") {
        let weekday = Weekday::from_monday_one_offset(i8::try_from(number(found, "wday")?).ok()?).ok()?;
        ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday).ok()?.date()
    } else {
        let day = i16::try_from(number(found, "yday")?).ok()?;
        if day == 0 || day > Date::new(year, 1, 1).ok()?.days_in_year() {
            return None;
        }
        Date::new(year, 1, 1).ok()?.checked_add(jiff::Span::new().days(i64::from(day) - 1)).ok()?
    };
    let part = |value: i8| u32::try_from(value).ok();
    build(u32::try_from(date.year()).ok()?, part(date.month()), part(date.day()), Clock::of(found))
}

/// Reads day and month in either order before the year: dots mean the day first, am/pm the month
/// first (so Windows writes it in American English); else only numbers above 12 decide.
fn read_year_last(found: &Captures<'_>) -> Option<FeedDate> {
    let (a, b, year) = (number(found, "a")?, number(found, "b")?, number(found, "year")?);
    let clock = Clock::of(found);
    let month_first = found.name("half").is_some();
    let dotted = found.name("sep").is_some_and(|s| s.as_str() == ".");
    if a == b || (month_first && a <= 12) || (b > 12 && a <= 12) {
        return build(year, Some(a), Some(b), clock);
    }
    if dotted || a > 12 {
        return build(year, Some(b), Some(a), clock);
    }
    build(year, None, None, None)
}

/// Returns a named part as a number.
fn number(found: &Captures<'_>, name: &str) -> Option<u32> {
    found.name(name)?.as_str().parse().ok()
}

/// A time of day and how far it is from UTC.
#[derive(Debug, Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    /// Seconds east of UTC.
    offset: i32,
}

impl Clock {
    /// Returns the time that a pattern found, if it found one.
    fn of(found: &Captures<'_>) -> Option<Self> {
        let mut hour = number(found, "h")?;
        match found.name("half").and_then(|h| h.as_str().chars().next()) {
            Some('p') if hour < 12 => hour += 12,
            Some('a') if hour == 12 => hour = 0,
            _ => {}
        }
        let offset = found.name("zone").map_or(0, |z| words::zone_seconds(z.as_str()));
        Some(Self { hour, minute: number(found, "m").unwrap_or(0), second: number(found, "s").unwrap_or(0), offset })
    }
}

/// Puts a date together. Month or day 0 means "not known" (databases write 2021-00-00); 24:00 is
/// the next midnight; second 60 is a leap second. A clock without a day is left out.
fn build(year: u32, month: Option<u32>, day: Option<u32>, clock: Option<Clock>) -> Option<FeedDate> {
    let year = i16::try_from(year).ok()?;
    let month = month.filter(|m| *m > 0).map(i8::try_from).transpose().ok()?;
    let day = day.filter(|d| *d > 0 && month.is_some()).map(i8::try_from).transpose().ok()?;
    let whole = PartialDate::new(year, month, day)?;
    let is_hour = |c: &Clock| c.hour <= 24 && c.minute < 60 && c.second <= 60;
    let (Some(month), Some(day), Some(clock)) = (month, day, clock) else {
        return clock.is_none_or(|c| is_hour(&c)).then_some(FeedDate::Day(whole));
    };
    let is_midnight_after = clock.hour == 24 && clock.minute == 0;
    let hour = if is_midnight_after { 0 } else { i8::try_from(clock.hour).ok()? };
    let second = if clock.second == 60 { 59 } else { i8::try_from(clock.second).ok()? };
    let time = Time::new(hour, i8::try_from(clock.minute).ok()?, second, 0).ok()?;
    let mut date = Date::new(year, month, day).ok()?;
    if is_midnight_after {
        date = date.tomorrow().ok()?;
    }
    let offset = Offset::from_seconds(clock.offset).ok()?;
    let at = offset.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    Some(FeedDate::Instant(at))
}

/// Returns a calendar day as a partial date of full precision.
fn day_of(date: Date) -> Option<PartialDate> {
    PartialDate::new(date.year(), Some(date.month()), Some(date.day()))
}

#[cfg(test)]
mod tests;
