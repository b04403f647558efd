//! How old a member's copy is.

use crate::cli::Global;
use crate::cli::sync::{papers, with_commas};
use crate::cli::term::{Exit, Style, Terminal};
use crate::model::text::clean_line;
use crate::pipeline::Home;
use crate::pipeline::sync::{CopyStatus, is_copy, status};

/// Tells whether a home is a member's copy, which gathers nothing itself.
pub fn is_members(home: &Home) -> bool {
    is_copy(home) && !home.database().exists()
}

/// Shows how old the copy is.
///
/// # Errors
/// When what a sync remembered cannot be read.
pub fn run(home: &Home, now: jiff::Timestamp, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(copy) = status(home)? else {
        term.note(
            "the copy is not whole, as after a first sync that was cut off\n  help: `roundup sync` goes on with it",
        );
        return Ok(Exit::Nothing);
    };
    if global.json {
        term.json(&copy)?;
        return Ok(Exit::Done);
    }
    term.styled(&[(Style::Bold, clean_line(&copy.name).as_str()), (Style::Plain, ", a copy made by `roundup sync`")]);
    for line in lines(&copy, now) {
        term.line(&line);
    }
    Ok(Exit::Done)
}

/// Returns what is said of a copy.
fn lines(copy: &CopyStatus, now: jiff::Timestamp) -> Vec<String> {
    let mut out = vec![format!("{}, {} of them retracted", papers(copy.papers), with_commas(copy.retracted))];
    out.push(format!("list {} of {}: {}", copy.sequence, day(copy.created), age(copy.created, now)));
    out.push(match (copy.asked, &copy.asked_of) {
        (Some(at), Some(place)) => format!("synced last on {}, from {}", day(at), clean_line(place)),
        _ => "when it was synced last is not known; the next `roundup sync` remembers it".to_owned(),
    });
    if let Some(source) = copy.source.as_ref().filter(|s| Some(*s) != copy.asked_of.as_ref()) {
        out.push(format!("`roundup sync` asks {}", clean_line(source)));
    }
    out.extend(copy.key.as_ref().map(|key| format!("key {key}")));
    let index = if copy.index_because.is_empty() { "level" } else { copy.index_because };
    out.push(format!("the search index: {index}"));
    if copy.packs_missing > 0 {
        let packs = if copy.packs_missing == 1 { "pack is" } else { "packs are" };
        out.push(format!("{} {packs} missing or damaged; `roundup sync` fetches what is needed", copy.packs_missing));
    }
    out
}

/// Returns a day in words, in UTC: lists are made anywhere.
fn day(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

/// Returns how many days lie between two moments, in words. A list of tomorrow is of today.
fn age(made: jiff::Timestamp, now: jiff::Timestamp) -> String {
    /// Seconds of a day.
    const DAY: i64 = 86_400;
    match (now.as_second() - made.as_second()) / DAY {
        ..=0 => "less than a day old".to_owned(),
        1 => "1 day old".to_owned(),
        n => format!("{n} days old"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_days() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for (made, want) in [
            ("2026-11-22T13:00:00Z", "less than a day old"),
            ("2026-11-21T11:00:00Z", "1 day old"),
            ("2026-11-01T05:00:00Z", "21 days old"),
        ] {
            assert_eq!(age(made.parse().unwrap(), now), want);
        }
    }
}
