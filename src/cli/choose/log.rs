//! `roundup choose --log`: what was said of papers' places.

use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::pipeline;
use crate::pipeline::choose::{self, ChoiceLine};

/// Lists what was said of papers' places, the newest first; of one paper when one is named.
///
/// # Errors
/// When the home cannot be opened or the database cannot be read.
pub fn run(paper: Option<&str>, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let id = paper.map(|p| pipeline::find(&ctx, p)).transpose()?;
    let lines = choose::log(&ctx, id.as_ref())?;
    for line in &lines {
        if global.json {
            let mut value = super::page::row_json(&line.row);
            if let Some(object) = value.as_object_mut() {
                object.insert("v".to_owned(), 1.into());
                object.insert("counts_for".to_owned(), serde_json::to_value(&line.counts_for)?);
            }
            term.json(&value)?;
        } else {
            print(line, &ctx.zone(), term);
        }
    }
    if lines.is_empty() && !global.json {
        term.line("nothing has been said yet; `roundup choose keep PAPER` says it, and so does the draft file");
    }
    Ok(if lines.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints what was said once.
pub(super) fn print(line: &ChoiceLine, zone: &jiff::tz::TimeZone, term: &mut Terminal) {
    let row = &line.row;
    let back = if line.counts_for.is_empty() && row.choice.is_some() { " (no longer counts)" } else { "" };
    let told = line.told(zone);
    let rest = told.strip_prefix(line.says()).unwrap_or_default();
    let head = format!("{}. {}", row.number, line.says());
    term.styled(&[(Style::Bold, &head), (Style::Plain, &format!("{rest}{back}"))]);
    term.line(&format!("   {}: {}", row.work, row.title));
    for other in line.counts_for.iter().filter(|id| **id != row.work) {
        term.line(&format!("   counts for {other} as well, where records of it are now"));
    }
}
