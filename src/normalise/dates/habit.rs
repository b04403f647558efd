//! How the dates of one column are written, told from all of them together.
//!
//! `05/10/2026` alone may be May or October. Beside `25/10/2026` in the same column it is October.

use jiff::ToSpan;

use crate::model::{PartialDate, Place, Problem};

/// The day numbers of spreadsheets that are read as dates: 1954 to 2064, which no year can be.
const DAY_NUMBERS: std::ops::RangeInclusive<i64> = 20_000..=60_000;

/// What the numeric dates of a column show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habit {
    /// One has a first part above 12.
    has_day_first: bool,
    /// One has a second part above 12.
    has_month_first: bool,
    /// The first one that alone can be read both ways.
    unsure: Option<String>,
    /// How many can be read both ways.
    unsure_count: usize,
}

impl Habit {
    /// Looks at one value of the column.
    pub fn see(&mut self, text: &str) {
        let Some((a, b, _)) = numeric(text, &['/', '-']) else { return };
        self.has_day_first |= a > 12;
        self.has_month_first |= b > 12;
        if a <= 12 && b <= 12 && a != b {
            self.unsure.get_or_insert_with(|| text.trim().to_owned());
            self.unsure_count += 1;
        }
    }

    /// Returns a value as `YYYY-MM-DD` where the column shows how it is meant, or where it is the
    /// day number of a spreadsheet; else `None`.
    pub fn settle(&self, text: &str) -> Option<String> {
        if let Some(date) = day_number(text) {
            return Some(date.to_string());
        }
        let (a, b, year) = numeric(text, &['/', '-'])?;
        let (day, month) = match (self.has_day_first, self.has_month_first) {
            (true, false) => (a, b),
            (false, true) => (b, a),
            _ => return None,
        };
        PartialDate::new(year, Some(month), Some(day)).map(|date| date.to_string())
    }

    /// Returns what is to be said when dates of a column stay unsure.
    pub fn warning(&self, of: &str, place: Place) -> Option<Problem> {
        let example = self.unsure.as_ref().filter(|_| self.has_day_first == self.has_month_first)?;
        let dates = if self.unsure_count == 1 { "one date".to_owned() } else { format!("{} dates", self.unsure_count) };
        let (a, b, year) = numeric(example, &['/', '-'])?;
        let message = format!(
            "{dates} of {of} can be read day first or month first, such as {example:?}; only the year was taken"
        );
        let help = format!("write dates as {year:04}-{b:02}-{a:02} or {year:04}-{a:02}-{b:02}");
        Some(Problem::warning(place, message).with_help(help))
    }
}

/// Returns the date of `05.10.2026`, day first; `None` for all else, and for what is none that way.
pub fn dotted(text: &str) -> Option<PartialDate> {
    let close: String = text.replace(". ", ".");
    let (day, month, year) = numeric(&close, &['.'])?;
    PartialDate::new(year, Some(month), Some(day))
}

/// Returns the two numbers and the year of a date such as `05/10/2026`, also before a time of day.
fn numeric(text: &str, signs: &[char]) -> Option<(i8, i8, i16)> {
    let day = text.trim().split(['T', ' ', ',']).next()?;
    let mut parts = day.split(signs);
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    let small = |p: &str| p.parse::<i8>().ok().filter(|n| (1..=31).contains(n) && p.len() <= 2);
    let is_all = parts.next().is_none();
    is_all.then_some(())?;
    Some((small(a)?, small(b)?, super::year(year)?))
}

/// Returns the date that a spreadsheet's day number means: days since 1899-12-30.
fn day_number(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    let days = text.parse::<i64>().ok().filter(|n| text.len() == 5 && DAY_NUMBERS.contains(n))?;
    let date = jiff::civil::date(1899, 12, 30).checked_add(days.days()).ok()?;
    PartialDate::new(date.year(), Some(date.month()), Some(date.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_shows_how_its_dates_are_meant() {
        for (id, values, want, warns, note) in [
            ("day", &["05/10/2026", "25/10/2026"][..], "2026-10-05", false, "a first part above 12"),
            ("month", &["05/10/2026", "10/25/2026"], "2026-05-10", false, "a second part above 12"),
            ("unsure", &["05/10/2026", "06/10/2026"], "", true, "nothing shows it"),
            ("both", &["05/10/2026", "25/10/2026", "10/25/2026"], "", true, "a column that is mixed"),
            ("hyphens", &["05-10-2026", "25-10-2026 10:00"], "2026-10-05", false, "the same between hyphens"),
            ("number", &["46300"], "2026-10-05", false, "a spreadsheet's day number"),
            ("number-float", &["46300.0"], "2026-10-05", false, "and after a data frame"),
            ("number-large", &["61000"], "", false, "too large for a day number"),
            ("iso", &["2026-10-05"], "", false, "needs no help"),
            ("same", &["05/05/2026"], "", false, "the same both ways"),
        ] {
            let mut habit = Habit::default();
            for value in values {
                habit.see(value);
            }
            assert_eq!(habit.settle(values[0]).unwrap_or_default(), want, "{id}: {note}");
            assert_eq!(habit.warning("x", Place::file("f")).is_some(), warns, "{id}: {note}");
        }
    }
}
