//! Dates as precise as they are known, and the month of an issue.

use std::fmt;

/// A day, a month or a year: `YYYY[-MM[-DD]]`, never more digits than are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// Returns the date when its parts make one (year 1000–9999, month 1–12, a day that month has).
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<Self> {
        if !(1000..=9999).contains(&year) || (month.is_none() && day.is_some()) {
            return None;
        }
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Self { year, month, day })
    }

    /// Returns the date that `text` is in the form `YYYY[-MM[-DD]]`; a time after the day is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let day_text = text.split(['T', ' ']).next().unwrap_or_default();
        let mut parts = day_text.split('-');
        let number = |p: Option<&str>, len: usize| -> Option<Option<i16>> {
            match p {
                None => Some(None),
                Some(t) if t.len() == len && t.bytes().all(|b| b.is_ascii_digit()) => Some(t.parse().ok()),
                Some(_) => None,
            }
        };
        let year = number(parts.next(), 4)??;
        let month = number(parts.next(), 2)?;
        let day = number(parts.next(), 2)?;
        if parts.next().is_some() {
            return None;
        }
        Self::new(year, month.and_then(|m| i8::try_from(m).ok()), day.and_then(|d| i8::try_from(d).ok()))
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Returns the month, 1–12, where it is known.
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// Returns the day of the month, 1–31, where it is known.
    pub fn day(self) -> Option<i8> {
        self.day
    }

    /// Returns the first day that the date can mean.
    pub fn first_day(self) -> jiff::civil::Date {
        jiff::civil::Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .unwrap_or(jiff::civil::Date::ZERO)
    }

    /// Returns the date for readers, as precise as it is known: `3 October 2026`, `October 2026`, `2026`.
    pub fn long_name(self) -> String {
        match (self.day, self.month.and_then(|month| Month::new(self.year, month))) {
            (Some(day), Some(month)) => format!("{day} {}", month.long_name()),
            (None, Some(month)) => month.long_name(),
            (_, None) => self.year.to_string(),
        }
    }

    /// Returns how many parts are known: 1 year, 2 month, 3 day.
    pub fn precision(self) -> u8 {
        1 + u8::from(self.month.is_some()) + u8::from(self.day.is_some())
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(m) = self.month {
            write!(f, "-{m:02}")?;
        }
        if let Some(d) = self.day {
            write!(f, "-{d:02}")?;
        }
        Ok(())
    }
}

impl From<PartialDate> for String {
    fn from(value: PartialDate) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).ok_or_else(|| format!("not a date of the form YYYY[-MM[-DD]]: {value:?}"))
    }
}

/// The month of an issue, `YYYY-MM`. Safe as a file name by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// English month names, January first.
const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Month {
    /// Returns the month when year (1000–9999) and month (1–12) are in range.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1000..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// Returns the month that `text` is, only in the form `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = PartialDate::parse(text)?;
        (text.len() == 7 && date.precision() == 2).then(|| Self::new(date.year(), date.month()?)).flatten()
    }

    /// Returns the month that a day lies in.
    pub fn of(day: jiff::civil::Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Returns how many months lie between another month and this one; below 0 when the other is the later one.
    pub fn months_since(self, other: Self) -> i32 {
        let count = |m: Self| i32::from(m.year()) * 12 + i32::from(m.month());
        count(self) - count(other)
    }

    /// Returns the month before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// Returns the month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Returns the month of the year, 1–12.
    pub fn month(self) -> i8 {
        self.month
    }

    /// Returns its first day.
    pub fn first_day(self) -> jiff::civil::Date {
        jiff::civil::Date::new(self.year, self.month, 1).unwrap_or(jiff::civil::Date::ZERO)
    }

    /// Returns the name for readers: `October 2026`.
    pub fn long_name(self) -> String {
        let name = usize::try_from(self.month - 1).ok().and_then(|i| MONTH_NAMES.get(i)).copied().unwrap_or_default();
        format!("{name} {}", self.year)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl From<Month> for String {
    fn from(value: Month) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).ok_or_else(|| format!("not a month of the form YYYY-MM: {value:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_the_precision_they_had() {
        for text in ["2026", "2026-02", "2026-02-28"] {
            assert_eq!(PartialDate::parse(text).map(String::from).as_deref(), Some(text));
        }
        assert_eq!(PartialDate::parse("2026-02-28T10:00:00Z").map(String::from).as_deref(), Some("2026-02-28"));
        for text in ["", "26", "2026-13", "2026-02-30", "2026-2-3", "2026-02-03-04", "0999"] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_step_over_the_year() {
        let december = Month::parse("2026-12").expect("a month");
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(december.long_name(), "December 2026");
        for text in ["2026-00", "2026-13", "../2026-10", "2026-10-01", "2026"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
