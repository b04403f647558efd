//! How pairs and papers look in the terminal, and what can be typed about them.

use jiff::tz::TimeZone;

use crate::cli::beside::{self, Layout, Options};
use crate::cli::term::{Style, Terminal};
use crate::model::WorkId;
use crate::pipeline::merging::{Pair, Side, VerdictLine};
use crate::pipeline::{self, Ctx};
use crate::store::Answer;

/// Returns how many pairs wait, in words.
pub fn waits(count: usize) -> String {
    match count {
        1 => "1 pair of papers may be one and waits for your answer".to_owned(),
        n => format!("{n} pairs of papers may be one and wait for your answer; those of the coming issue stand first"),
    }
}

/// Prints two papers side by side under a heading, with what speaks for and against.
///
/// # Errors
/// When the database cannot be read.
pub fn pair(term: &mut Terminal, ctx: &Ctx, pair: &Pair, heading: &str, layout: Layout) -> pipeline::Result<()> {
    term.styled(&[(Style::Bold, heading)]);
    let options = Options {
        heads: [pair.a.id.to_string(), pair.b.id.to_string()],
        sources: [found_in(&pair.a), found_in(&pair.b)],
        layout,
    };
    beside::print(term, &pair.a.record, &pair.b.record, &options);
    if !pair.reasons.is_empty() {
        term.line(&format!("the machine says: {}", pair.reasons.join("; ")));
    }
    if let Some(verdict) = &pair.verdict {
        term.line(&format!("a person said: {}", said(verdict, &ctx.zone())));
    }
    for (letter, side) in [("A", &pair.a), ("B", &pair.b)] {
        if let Some(month) = side.sent {
            term.line(&format!(
                "{letter} was in the roundup of {}; that issue stays as it was, whatever you answer",
                month.long_name()
            ));
        }
    }
    if let Some(line) = linked(ctx, &pair.a.id, &pair.b.id)? {
        term.line(&line);
    }
    Ok(())
}

/// Returns a line when two papers are linked, such as a preprint and its article: links are shown to
/// readers, and need no merging.
///
/// # Errors
/// When the database cannot be read.
pub fn linked(ctx: &Ctx, a: &WorkId, b: &WorkId) -> pipeline::Result<Option<String>> {
    for (this, other, words) in [(a, b, ["A", "B"]), (b, a, ["B", "A"])] {
        let found = ctx.store.related(this)?.into_iter().find(|(_, id)| id == other);
        if let Some((kind, _)) = found {
            let [from, to] = words;
            return Ok(Some(format!("{from} {} {to}: such papers are linked and need not be merged", kind.words())));
        }
    }
    Ok(None)
}

/// Prints the commands that answer a pair, ready to be copied.
pub fn what_to_type(term: &mut Terminal, pair: &Pair) {
    let (a, b) = (&pair.a.id, &pair.b.id);
    term.line(&format!("  if they are one paper:   roundup merge same {a} {b}"));
    term.line(&format!("  if they are two papers:  roundup merge different {a} {b}"));
}

/// Returns where a paper was found: its sources, and how many records there are when not one each.
pub fn found_in(side: &Side) -> String {
    let mut names: Vec<&str> = Vec::new();
    for member in &side.members {
        if !names.contains(&member.source_name.as_str()) {
            names.push(&member.source_name);
        }
    }
    let count =
        if side.members.len() > names.len() { format!(" ({} records)", side.members.len()) } else { String::new() };
    format!("{}{count}", names.join(", "))
}

/// Prints one paper with its records, numbered as `split` takes them.
pub fn paper(term: &mut Terminal, side: &Side) {
    term.styled(&[(Style::Bold, side.record.title.as_str())]);
    term.line(side.id.as_str());
    if let Some(month) = side.sent {
        term.line(&format!("in the roundup of {}", month.long_name()));
    }
    term.line("");
    let head = if side.members.len() == 1 { "Its one record" } else { "Its records, in the order in which they came" };
    term.styled(&[(Style::Bold, head)]);
    for (n, member) in side.members.iter().enumerate() {
        term.line(&format!("  {}. {}: {}", n + 1, member.source_name, member.title));
        term.line(&format!("     {}", member.key));
        term.line(&format!("     {}", member.reason));
    }
    if side.members.len() > 1 {
        term.line("");
        term.line("if one of them is another paper, say which by its number:");
        term.line(&format!("  roundup merge split {} {}", side.id, side.members.len()));
    }
}

/// Returns a line for every id that was typed and that means another one today.
pub fn redirects(typed: &[(&str, &WorkId)]) -> Vec<String> {
    let is_other = |text: &str, id: &WorkId| WorkId::parse(text.trim()).is_some_and(|t| t != *id);
    let line = |(text, id): &(&str, &WorkId)| format!("{} was merged into {id}; that paper is meant", text.trim());
    typed.iter().filter(|(text, id)| is_other(text, id)).map(line).collect()
}

/// Returns what a person said, in one line: `same, by Ada on 1 November 2026 (answer 3): a note`.
pub fn said(verdict: &VerdictLine, zone: &TimeZone) -> String {
    let note = if verdict.note.is_empty() { String::new() } else { format!(": {}", verdict.note) };
    let back = if verdict.is_undone { ", taken back" } else { "" };
    let day = day(verdict, zone);
    format!("{}, by {} on {day} (answer {}{back}){note}", said_word(verdict), verdict.who, verdict.number)
}

/// Returns the day on which something was said, in a zone: `1 November 2026`.
pub fn day(verdict: &VerdictLine, zone: &TimeZone) -> String {
    verdict.at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}

/// Returns the word for what was said: records that were taken out of a paper are named by its id alone.
pub fn said_word(verdict: &VerdictLine) -> &'static str {
    if verdict.a == verdict.b { "split" } else { word(verdict.answer) }
}

/// Returns the word for an answer, as it is typed.
pub fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Same => "same",
        Answer::Different => "different",
    }
}
