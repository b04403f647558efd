//! Dates with the month as a word, in the languages that feeds are written in; names of zones.

use std::sync::LazyLock;

use regex::Regex;

use super::{Clock, FeedDate, build, pattern};

/// How names of months begin, folded (lower case, no accents), in English, German, French,
/// Spanish, Portuguese, Italian, Dutch, Nordic, Polish, Czech, Turkish, Indonesian, Hungarian,
/// Russian, Ukrainian and Greek. The longest beginning that fits wins (`juli` over `jul`).
/// Left out: the Croatian `listopad`, which is October there and November in Polish.
const MONTHS: &[(u32, &str)] = &[
    (1, "jan ene gen oca sty led янв січ ιαν"),
    (2, "feb fev fevr sub lut uno фев лют φεβ"),
    (3, "mar mrt maa mae bre мар бер μαρ"),
    (4, "apr abr avr nis kwi dub апр кві απρ"),
    (5, "may mai maj mei mag maggio kve маи мая трав μαι"),
    (6, "jun juin giu haz cze cerven cervn чер июн ιουν"),
    (7, "jul juil lug tem lip cervenec лип июл ιουλ"),
    (8, "aug ago aou agu sie srp авг сер αυγ"),
    (9, "sep set sept eyl wrz zar сен вер σεπ"),
    (10, "oct okt out ott eki paz rij окт жов οκτ"),
    (11, "nov kas lis ноя лис νοε"),
    (12, "dec dez des dic ara gru pro дек гру δεκ"),
];

/// Words that may stand between the parts of a date.
const FILLERS: &str = "of the de del di d a at on le el um uhr kl den der am den st nd rd th er \
    c o in available online published first gmt utc clock h";

/// Seasons: a date that names one is known to the year.
const SEASONS: &str = "spring summer autumn fall winter";

/// Zones by name, in minutes east of UTC. IST is taken as India, where most feeds with it are made.
const ZONES: &[(&str, i32)] = &[
    ("acst", 570),
    ("adt", -180),
    ("aedt", 660),
    ("aest", 600),
    ("akdt", -480),
    ("akst", -540),
    ("art", -180),
    ("ast", -240),
    ("awst", 480),
    ("brt", -180),
    ("bst", 60),
    ("cat", 120),
    ("cdt", -300),
    ("cest", 120),
    ("cet", 60),
    ("cst", -360),
    ("ct", -360),
    ("eat", 180),
    ("edt", -240),
    ("eest", 180),
    ("eet", 120),
    ("est", -300),
    ("et", -300),
    ("hkt", 480),
    ("hst", -600),
    ("ist", 330),
    ("jst", 540),
    ("kst", 540),
    ("mdt", -360),
    ("mesz", 120),
    ("mez", 60),
    ("msk", 180),
    ("mst", -420),
    ("mt", -420),
    ("npt", 345),
    ("nzdt", 780),
    ("nzst", 720),
    ("pdt", -420),
    ("pkt", 300),
    ("pst", -480),
    ("pt", -480),
    ("sast", 120),
    ("sgt", 480),
    ("wat", 60),
    ("west", 60),
    ("wib", 420),
];

/// A time of day anywhere in the text, with what follows it.
static TIME_INSIDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:t\s*)?TIMEZONE"));
/// The `t` of ISO 8601 between a day and an hour.
static T_BETWEEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\d)t(\d)"));
/// A run of digits, or a run of letters.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+|[\p{L}\p{M}]+"));

/// Reads a date whose month is a word; `text` is folded.
pub(super) fn read(text: &str) -> Option<FeedDate> {
    let text = &*T_BETWEEN.replace(text, "$1 $2");
    let (clock, rest) = match TIME_INSIDE.captures(text) {
        Some(found) => {
            let whole = found.get(0)?;
            let zone = found.name("zone").map(|z| z.as_str()).filter(|z| month_of(z).is_none());
            let end = if zone.is_some() { whole.end() } else { found.name("zone").map_or(whole.end(), |z| z.start()) };
            let mut clock = Clock::of(&found)?;
            clock.offset = zone.map_or(0, zone_seconds);
            (Some(clock), format!("{} {}", text.get(..whole.start())?, text.get(end..)?))
        }
        None => (None, text.to_owned()),
    };
    let tokens: Vec<&str> = TOKEN.find_iter(&rest).map(|t| t.as_str()).collect();
    let numbers = |of: &[&str]| -> Vec<String> {
        of.iter().filter(|t| t.starts_with(|c: char| c.is_ascii_digit())).map(|t| (*t).to_owned()).collect()
    };
    if too_many_words(&tokens) {
        return None;
    }
    let Some((at, month)) = find_month(&tokens) else {
        let all = numbers(&tokens);
        let season = tokens.iter().any(|t| SEASONS.split(' ').any(|s| s == *t));
        let year = all.first().filter(|y| all.len() == 1 && y.len() == 4 && season)?.parse().ok()?;
        return build(year, None, None, None);
    };
    let before = numbers(tokens.get(..at).unwrap_or_default());
    let after = numbers(tokens.get(at + 1..).unwrap_or_default());
    let (year, day) = year_and_day(&before, &after)?;
    build(year, Some(month), day, clock)
}

/// Tells whether words stand there that no date has: then a number is probably a volume or page.
/// A weekday, in whatever language, may stand before the first number.
fn too_many_words(tokens: &[&str]) -> bool {
    /// "Terça-feira", "thứ hai": weekdays of two words.
    const WEEKDAY_WORDS_MAX: usize = 2;
    let is_number = |t: &&str| t.starts_with(|c: char| c.is_ascii_digit());
    let is_expected =
        |t: &&str| is_number(t) || month_of(t).is_some() || FILLERS.split_whitespace().any(|f| f == *t) || is_season(t);
    let first = tokens.iter().position(is_number).unwrap_or(tokens.len());
    let (head, tail) = tokens.split_at(first);
    head.iter().filter(|t| !is_expected(t)).count() > WEEKDAY_WORDS_MAX
        || tail.iter().filter(|t| !is_expected(t)).count() > 1
}

/// Tells whether a word is a season.
fn is_season(word: &str) -> bool {
    SEASONS.split(' ').any(|s| s == word)
}

/// Returns the month word and its place: the first that follows a number, else the first at all
/// ("Mar, 12 Jan 2021": `Mar` is a Tuesday in Spanish, French and Italian).
fn find_month(tokens: &[&str]) -> Option<(usize, u32)> {
    let found: Vec<(usize, u32)> = tokens.iter().enumerate().filter_map(|(at, t)| Some((at, month_of(t)?))).collect();
    let follows = |at: usize| {
        tokens
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .find(|t| !matches!(**t, "de" | "of" | "di" | "th"))
            .is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()) && t.len() <= 2)
    };
    found.iter().find(|(at, _)| follows(*at)).or(found.first()).copied()
}

/// Returns the month that a word names.
fn month_of(word: &str) -> Option<u32> {
    if word.chars().count() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .flat_map(|(month, names)| names.split(' ').map(move |n| (*month, n)))
        .filter(|(_, name)| word.starts_with(name))
        .max_by_key(|(month, name)| (name.len(), 13 - month))
        .map(|(month, _)| month)
}

/// Tells year and day apart among the numbers before and after the month. Two-digit years are
/// read as RFC 2822 says: 00–49 in this century, 50–99 in the last.
fn year_and_day(before: &[String], after: &[String]) -> Option<(u32, Option<u32>)> {
    let value = |t: &String| t.parse::<u32>().ok();
    let is_year = |t: &&String| t.len() == 4;
    let all: Vec<&String> = before.iter().chain(after).collect();
    // "December 2021 – January 2022": the first year that follows the month is the one.
    if let Some(year) = after.iter().find(is_year).or_else(|| before.iter().find(is_year)) {
        let rest: Vec<&&String> = all.iter().filter(|t| !is_year(t)).collect();
        let day = rest.first().filter(|d| d.len() <= 2).and_then(|d| value(d));
        return if rest.len() > 2 { None } else { Some((value(year)?, day)) };
    }
    let (([day], [year]) | ([], [day, year])) = (before, after) else { return None };
    let short = (year.len() == 2 && day.len() <= 2).then(|| value(year)).flatten()?;
    Some((if short < 50 { 2000 + short } else { 1900 + short }, value(day)))
}

/// Returns a zone's seconds east of UTC; a name that is not known counts as UTC.
pub(super) fn zone_seconds(zone: &str) -> i32 {
    let zone: String = zone.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(at) = zone.find(['+', '-']) {
        let sign = if zone.get(at..).is_some_and(|z| z.starts_with('-')) { -1 } else { 1 };
        let digits: String = zone.chars().skip(at).filter(char::is_ascii_digit).collect();
        let (hours, minutes) =
            if digits.len() > 2 { digits.split_at(digits.len() - 2) } else { (digits.as_str(), "0") };
        let (hours, minutes): (i32, i32) = (hours.parse().unwrap_or(0), minutes.parse().unwrap_or(0));
        return if hours > 15 || minutes > 59 { 0 } else { sign * (hours * 3600 + minutes * 60) };
    }
    if let [letter] = zone.as_bytes() {
        return military_hours(*letter) * 3600;
    }
    ZONES.iter().find(|(name, _)| *name == zone).map_or(0, |(_, minutes)| minutes * 60)
}

/// Returns the hours of a zone that is one letter, as RFC 822 (which RSS names) has them: A is one
/// hour behind, N one before. `h` is left out: it stands for "hours" in several languages.
fn military_hours(letter: u8) -> i32 {
    match letter {
        b'a'..=b'g' => -i32::from(letter - b'a' + 1),
        b'i' => -9,
        b'k'..=b'm' => -i32::from(letter - b'k' + 10),
        b'n'..=b'y' => i32::from(letter - b'n' + 1),
        _ => 0,
    }
}
