//! `roundup rank` without files: the papers of a month, best first.

use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::model::{Month, Scope, Score};
use crate::pipeline;

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened.
pub(super) fn run(month: Option<Month>, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let month = month.unwrap_or_else(|| ctx.issue_month());
    let lines = pipeline::order(&ctx, month)?;
    for one in &lines {
        if term.is_closed() {
            break;
        }
        if global.json {
            term.json(one)?;
        } else {
            line(one.rank, one.id.as_str(), &one.title, one.scope, &one.score, term);
        }
    }
    if lines.is_empty() {
        term.note(&format!(
            "no paper may enter the issue of {} yet; `roundup run` fetches new ones",
            month.long_name()
        ));
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Done)
}

/// Returns how a scope is told in a list; a person's "maybe" is another thing.
fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::In => "in scope",
        Scope::Maybe => "in doubt",
        Scope::Out => "out",
    }
}

/// Prints a paper's place with what it rests on.
pub(super) fn line(place: usize, id: &str, title: &str, scope: Scope, sum: &Score, term: &mut Terminal) {
    let start = format!("{place:>4}  {:.2}  {:<8}  ", sum.total, scope_word(scope));
    term.styled(&[(Style::Plain, &start), (Style::Bold, title)]);
    let notes: Vec<&str> = sum.parts.iter().map(|p| p.note.as_str()).collect();
    term.styled(&[(Style::Dim, &format!("{:22}{id}: {}", "", notes.join("; ")))]);
}
