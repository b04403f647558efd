//! Dates as exports write them, to [`PartialDate`]: never more digits than are known.

use crate::model::PartialDate;

pub mod habit;

/// First three letters of the English month names, January first.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Returns the month, 1–12, that a number or an English name (by its first three letters, so that
/// `Sept` and `Jan-Feb` are read) stands for.
pub fn month(text: &str) -> Option<i8> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|m| (1..=12).contains(m));
    }
    let head: String = text.chars().take(3).flat_map(char::to_lowercase).collect();
    let at = MONTHS.iter().position(|m| *m == head)?;
    i8::try_from(at + 1).ok()
}

/// Returns the year that a text of exactly four digits is.
pub fn year(text: &str) -> Option<i16> {
    let text = text.trim();
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Returns a date from its parts as far as they make sense: a month that is none gives the year, a
/// day that the month does not have gives the month.
pub fn from_parts(year: i16, month: Option<i8>, day: Option<i8>) -> Option<PartialDate> {
    PartialDate::new(year, month, day.filter(|_| month.is_some()))
        .or_else(|| PartialDate::new(year, month, None))
        .or_else(|| PartialDate::new(year, None, None))
}

/// Returns the start of the range that a text in PubMed's order (year, month, day) gives.
///
/// The form of `MedlineDate` and of `DP` in MEDLINE text: `1998 Dec-1999 Jan` → 1998-12,
/// `2000 Dec 23-30` → 2000-12-23, `1999 Spring` → 1999, `1998-1999` → 1998.
pub fn medline(text: &str) -> Option<PartialDate> {
    let (year_text, rest) = split_first_year(text)?;
    let year = year(year_text)?;
    let rest = skip_second_year(rest);
    let Some(words) = rest.strip_prefix(char::is_whitespace) else { return from_parts(year, None, None) };
    let words = words.trim_start();
    let name_end = words.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(words.len());
    let (name, after) = words.split_at(name_end);
    let Some(month) = (!name.is_empty()).then(|| month(name)).flatten() else { return from_parts(year, None, None) };
    let day = after.strip_prefix(char::is_whitespace).and_then(|d| leading_number(d.trim_start()));
    from_parts(year, Some(month), day)
}

/// Splits a text behind its first run of four digits: the digits and what follows.
fn split_first_year(text: &str) -> Option<(&str, &str)> {
    (0..text.len()).find_map(|at| {
        let head = text.get(at..at + 4)?;
        head.bytes().all(|b| b.is_ascii_digit()).then(|| (head, text.get(at + 4..).unwrap_or_default()))
    })
}

/// Returns what follows `-1999` where a range of years goes on.
fn skip_second_year(text: &str) -> &str {
    text.trim_start()
        .strip_prefix(['-', '–'])
        .map(str::trim_start)
        .filter(|t| t.get(..4).is_some_and(|y| year(y).is_some()))
        .and_then(|t| t.get(4..))
        .unwrap_or(text)
}

/// Returns the number of one or two digits that a text begins with.
fn leading_number(text: &str) -> Option<i8> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).filter(|d| (1..=2).contains(&d.len()))?.parse().ok()
}

/// Returns the earlier of two dates, compared as precisely as both are known; on a tie the finer.
///
/// A month that an issue is dated with may be over before the day a paper went online, so
/// `2019-01` beats `2019-03-01`, and `2019` gives way to `2019-03-01`.
pub fn earlier(a: Option<PartialDate>, b: Option<PartialDate>) -> Option<PartialDate> {
    let (Some(x), Some(y)) = (a, b) else { return a.or(b) };
    let known = x.precision().min(y.precision());
    let key = |d: PartialDate| (d.year(), d.month().filter(|_| known > 1), d.day().filter(|_| known > 2));
    match key(x).cmp(&key(y)) {
        std::cmp::Ordering::Less => a,
        std::cmp::Ordering::Greater => b,
        std::cmp::Ordering::Equal => Some(if x.precision() >= y.precision() { x } else { y }),
    }
}

/// Returns the date that a free text says: ISO forms, `2019/03/12/`, `20190312`, `12 March 2019`,
/// `March 12, 2019`, `2019 Mar 12`, `03/2019`, `12-Mar-19`, `12.03.2019`.
///
/// Between dots the day stands first: who writes dots writes it so. Any other numeric form in which day and month cannot be told apart (`03/04/2019`) gives the year: a
/// guess would be wrong half the time.
pub fn loose(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    // The strict form also takes what stands behind a year and a space for a time of day.
    let is_strict = text.len() == 4 || text.split(['T', ' ']).next().is_some_and(|day| day.contains('-'));
    if let Some(date) = PartialDate::parse(text).filter(|_| is_strict) {
        return Some(date);
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i8>().ok());
        return from_parts(year(text.get(..4)?)?, part(4, 6), part(6, 8));
    }
    if let Some(date) = habit::dotted(text) {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let Some(at) = parts.iter().position(|p| year(p).is_some()) else { return short_year(&parts) };
    let year = parts.get(at).and_then(|p| year(p))?;
    let before = parts.get(..at).unwrap_or_default();
    let after = parts.get(at + 1..).unwrap_or_default();
    if at == 0 { year_first(year, after) } else { year_last(year, before) }
}

/// Reads `25 Oct 26`, where the month is a word: years of two digits are those of 1950 to 2049.
fn short_year(parts: &[&str]) -> Option<PartialDate> {
    let [day, name, short] = parts else { return None };
    let is_name = name.len() > 2 && name.bytes().all(|b| b.is_ascii_alphabetic());
    let month = is_name.then(|| month(name)).flatten()?;
    let day = day.parse::<i8>().ok().filter(|d| (1..=31).contains(d))?;
    let short = short.parse::<i16>().ok().filter(|_| short.len() == 2)?;
    from_parts(if short < 50 { 2000 + short } else { 1900 + short }, Some(month), Some(day))
}

/// Reads the parts behind a leading year: month, then day.
fn year_first(year: i16, rest: &[&str]) -> Option<PartialDate> {
    let month = rest.first().and_then(|m| month(m));
    let day = rest.get(1).and_then(|d| leading_number(d));
    from_parts(year, month, day)
}

/// Reads the parts before a trailing year: `12 March`, `March 12`, `13/04`, `04`.
fn year_last(year: i16, parts: &[&str]) -> Option<PartialDate> {
    let named = parts.iter().find_map(|p| if p.bytes().any(|b| b.is_ascii_digit()) { None } else { month(p) });
    let numbers: Vec<i8> = parts.iter().filter_map(|p| leading_number(p)).collect();
    match (named, numbers.as_slice()) {
        (Some(month), days) => from_parts(year, Some(month), days.last().copied()),
        (None, [month]) if parts.len() == 1 => from_parts(year, Some(*month), None),
        (None, [a, b]) if a == b => from_parts(year, Some(*a), Some(*a)),
        (None, [a, b]) if *a > 12 => from_parts(year, Some(*b), Some(*a)),
        (None, [a, b]) if *b > 12 => from_parts(year, Some(*a), Some(*b)),
        _ => from_parts(year, None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: Option<PartialDate>) -> String {
        date.map(|d| d.to_string()).unwrap_or_default()
    }

    #[test]
    fn medline_dates_give_the_start_of_their_range() {
        for (text, want, note) in [
            ("1998 Dec-1999 Jan", "1998-12", "a range over the year"),
            ("2000 Dec 23-30", "2000-12-23", "a range of days"),
            ("1999 Spring", "1999", "a season is no month"),
            ("Winter 1998", "1998", "season first"),
            ("1998-1999", "1998", "two years"),
            ("1998-1999 Winter", "1998", "two years and a season"),
            ("2000 Jan-Feb", "2000-01", "two months"),
            ("2018 Apr", "2018-04", "the usual DP"),
            ("2018 Apr 31", "2018-04", "a day that the month does not have"),
            ("2019 Jan-Feb 12", "2019-01", "a day behind a range says nothing"),
            ("no date", "", "nothing"),
        ] {
            assert_eq!(shown(medline(text)), want, "{text}: {note}");
        }
    }

    #[test]
    fn the_first_public_day_is_the_earlier_one() {
        for (a, b, want) in [
            ("2018-12-05", "2019-01", "2018-12-05"),
            ("2019-03-01", "2019", "2019-03-01"),
            ("2019-03-01", "2019-01", "2019-01"),
            ("", "2019-01", "2019-01"),
            ("2019-01", "", "2019-01"),
            ("", "", ""),
        ] {
            assert_eq!(shown(earlier(PartialDate::parse(a), PartialDate::parse(b))), want, "{a} {b}");
        }
    }

    #[test]
    fn free_dates_say_no_more_than_they_know() {
        for (text, want) in [
            ("2019-03-12T10:00:00Z", "2019-03-12"),
            ("2019/03/12/", "2019-03-12"),
            ("2019///", "2019"),
            ("20190312", "2019-03-12"),
            ("2019 Mar 12", "2019-03-12"),
            ("12 March 2019", "2019-03-12"),
            ("March 12th, 2019", "2019-03-12"),
            ("Sept 2019", "2019-09"),
            ("03/2019", "2019-03"),
            ("13/04/2019", "2019-04-13"),
            ("04/13/2019", "2019-04-13"),
            ("03/04/2019", "2019"),
            ("2019-2-3", "2019-02-03"),
            ("2020/12/01 06:00", "2020-12-01"),
            ("in press", ""),
            ("05.10.2026", "2026-10-05"),
            ("5. 10. 2026", "2026-10-05"),
            ("10.2026", "2026-10"),
            ("10.25.2026", "2026-10-25"),
            ("05/05/2026", "2026-05-05"),
            ("25-Oct-26", "2026-10-25"),
            ("1 September 98", "1998-09-01"),
            ("12 13 26", ""),
            ("Mar 12-14", ""),
        ] {
            assert_eq!(shown(loose(text)), want, "{text}");
        }
    }
}
