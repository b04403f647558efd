//! Long pages through the person's pager, never through a shell.

use std::io::Write;
use std::process::{Command, Stdio};

use super::looks::Looks;
use super::term::Terminal;

/// Whether a page may go through a pager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// When a person looks and it is longer than the screen.
    Auto,
    /// Never.
    Never,
}

/// Prints a page, through the pager when it is longer than the screen. What the page notes to
/// standard error stands in it then, so that it is not lost above it.
pub fn paged(
    paging: Paging,
    looks: &Looks,
    term: &mut Terminal,
    print: impl FnOnce(&mut Terminal) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if let Some(wrong) = looks.wrong_pager.as_ref().filter(|_| paging == Paging::Auto && term.is_interactive()) {
        term.note(&format!("the pager {wrong:?} was not started: a quotation mark in it has no partner"));
    }
    let rows = looks.rows.unwrap_or(usize::MAX);
    if paging == Paging::Never || !term.is_interactive() || looks.is_dumb || looks.pager.is_empty() {
        return print(term);
    }
    let (mut aside, sheet) = term.aside();
    print(&mut aside)?;
    drop(aside);
    let page = sheet.take();
    let is_long = memchr::memchr_iter(b'\n', &page).count() >= rows;
    if !is_long || !through(&looks.pager, looks.has_less_settings, &page, term) {
        term.raw(&page);
    }
    Ok(())
}

/// Hands a page to a program and waits for it; `false` when it cannot be started.
fn through(words: &[String], has_less_settings: bool, page: &[u8], term: &mut Terminal) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped());
    if !has_less_settings {
        // Colours and links are shown, and a pager that was chosen without options ends by itself.
        command.env("LESS", "FRX");
    }
    term.flush();
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // A person who has read enough closes the pager; nothing is lost by that.
        let _ = input.write_all(page);
    }
    // The pager has shown the page, whatever it says at its end.
    let _ = child.wait();
    true
}

#[cfg(test)]
mod tests {
    use super::super::term::kept::Kept;
    use super::*;

    fn printed(paging: Paging) -> String {
        let kept = Kept::default();
        let mut term = Terminal::into_writers(Box::new(kept.clone()), Box::new(Kept::default()));
        let looks = Looks { rows: Some(2), pager: vec!["false".to_owned()], ..Looks::default() };
        let print = |t: &mut Terminal| {
            (1..=5).for_each(|n| t.line(&n.to_string()));
            Ok(())
        };
        paged(paging, &looks, &mut term, print).unwrap();
        term.flush();
        kept.text()
    }

    #[test]
    fn what_goes_into_a_pipe_never_meets_a_pager() {
        assert_eq!(printed(Paging::Auto), "1\n2\n3\n4\n5\n");
        assert_eq!(printed(Paging::Never), "1\n2\n3\n4\n5\n");
    }

    #[test]
    fn a_pager_that_is_not_there_or_leaves_early_costs_nothing() {
        let mut term = Terminal::into_writers(Box::new(Kept::default()), Box::new(Kept::default()));
        assert!(!through(&["no-such-pager-here".to_owned()], false, b"x", &mut term));
        let long = vec![b'x'; 1 << 20];
        if cfg!(unix) {
            assert!(through(&["true".to_owned()], false, &long, &mut term), "it reads nothing and ends");
        }
    }
}
