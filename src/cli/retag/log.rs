//! `roundup retag --log`: what people said of tags.

use serde_json::json;

use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::pipeline;
use crate::pipeline::judge::{self, LogLine};

/// Lists what people said of tags, the newest first; of one paper when one is named.
///
/// # Errors
/// When the home cannot be opened or the database cannot be read.
pub fn run(paper: Option<&str>, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let id = paper.map(|p| pipeline::find(&ctx, p)).transpose()?;
    let lines = judge::log(&ctx, id.as_ref())?;
    for line in &lines {
        if global.json {
            let word = &line.word;
            term.json(&json!({
                "v": 1, "number": word.number, "action": word.action, "facet": word.facet, "value": word.value,
                "work": word.work, "title": word.title, "who": word.who, "at": word.at.to_string(),
                "why": word.note, "counts_for": line.counts_for,
            }))?;
        } else {
            print(line, &ctx.zone(), term);
        }
    }
    if lines.is_empty() && !global.json {
        term.line("nobody has said anything about a tag yet; `roundup retag PAPER --add TAG` does");
    }
    Ok(if lines.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints one word.
fn print(line: &LogLine, zone: &jiff::tz::TimeZone, term: &mut Terminal) {
    let word = &line.word;
    let day = word.at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
    let back = if line.counts_for.is_empty() && word.action != crate::store::TagAction::Undo {
        " (no longer counts: it was taken back, or a later word took its place)"
    } else {
        ""
    };
    let head = format!("{}. {}", word.number, line.says());
    term.styled(&[(Style::Bold, &head), (Style::Plain, &format!(", by {} on {day}{back}", word.who))]);
    term.line(&format!("   {}: {}", word.work, word.title));
    for other in line.counts_for.iter().filter(|id| **id != word.work) {
        term.line(&format!("   counts for {other} as well, where records of it are now"));
    }
    if !word.note.is_empty() {
        term.line(&format!("   why: {}", word.note));
    }
}
