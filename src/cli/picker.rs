//! `roundup search -i`: the papers follow the typing.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};
use ratatui_core::terminal::Terminal as Frames;

use super::browser;
use super::looks::Looks;
use super::term::{Exit, Terminal};
use super::typed::meant;
use crate::bibliography::{Format, Writer};
use crate::fsx;
use crate::index::{Options, Searcher};
use crate::model::Paper;
use draw::Shows;
use row::Row;
use screen::Screen;
use state::{Ask, Picker};

mod draw;
mod line;
mod row;
mod screen;
mod state;

/// How many papers the list has: more than anybody goes through by key, and quick to find.
const LIST: usize = 100;

/// Runs the picker until the person leaves; `query` is what it begins with.
///
/// # Errors
/// When the index is damaged or the terminal fails.
pub fn run(
    query: &str,
    options: &Options,
    searcher: &Searcher,
    looks: &Looks,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    if !term.is_interactive() || !std::io::stdin().is_terminal() || looks.is_dumb {
        term.note("roundup: --interactive needs a person at a terminal; without it `roundup search` prints a page");
        return Ok(Exit::Usage);
    }
    term.flush();
    let shows = Shows { styles: term.has_colour(), ascii: looks.is_ascii };
    let options = Options { limit: LIST, offset: 0, why: false, facets: false, ..*options };
    let mut picker = Picker::new(query);
    search(&mut picker, &options, searcher)?;
    loop {
        let ask = on_screen(&mut picker, shows, &options, searcher)?;
        match ask {
            Ask::Open(paper) => {
                if browser::open(&paper, looks, term) != Exit::Done {
                    "it could not be opened; Ctrl-Y leaves and prints its address".clone_into(&mut picker.said);
                }
                term.flush();
            }
            Ask::Leave(paper) => {
                if let Some(paper) = paper {
                    leave(&paper, term);
                }
                return Ok(Exit::Done);
            }
            _ => {}
        }
    }
}

/// Prints the address of a paper; its id and title where it has none.
fn leave(paper: &Paper, term: &mut Terminal) {
    if let Some(address) = browser::address(paper) {
        return term.line(&address);
    }
    term.note("this paper has no address on the web; its id and title:");
    term.line(&format!("{}  {}", paper.id, paper.title()));
}

/// Shows the picker until something is asked for that happens elsewhere.
fn on_screen(picker: &mut Picker, shows: Shows, options: &Options, searcher: &Searcher) -> anyhow::Result<Ask> {
    let mut frames = Frames::new(Screen::enter()?)?;
    loop {
        picker.page = draw::page(frames.size()?.into());
        frames.draw(|frame| draw::draw(picker, shows, frame))?;
        let mut is_changed = false;
        // All that was typed meanwhile is taken before the next search.
        loop {
            match ask(picker)? {
                Ask::Nothing => {}
                Ask::Search => is_changed = true,
                Ask::Write { path, is_sure } => write(picker, &path, is_sure),
                other => {
                    if is_changed {
                        search(picker, options, searcher)?;
                    }
                    return Ok(other);
                }
            }
            if !event::poll(Duration::ZERO)? {
                break;
            }
        }
        if is_changed {
            search(picker, options, searcher)?;
        }
    }
}

/// Waits for the next key and returns what it asks for.
fn ask(picker: &mut Picker) -> anyhow::Result<Ask> {
    Ok(match event::read()? {
        // On Windows letting a key go is told as well.
        Event::Paste(text) => picker.paste(&text),
        Event::Key(key) if key.kind != KeyEventKind::Release => picker.key(key),
        _ => Ask::Nothing,
    })
}

/// Looks for what was typed.
fn search(picker: &mut Picker, options: &Options, searcher: &Searcher) -> anyhow::Result<()> {
    let text = picker.line.text();
    if text.trim().is_empty() {
        picker.found(Vec::new(), 0);
        return Ok(());
    }
    let query = meant(&text)?;
    if let Some(problem) = query.problems.first() {
        picker.refused(problem.message.clone());
        return Ok(());
    }
    let answer = searcher.search(&query, options)?;
    picker.found(answer.hits.into_iter().map(Row::of).collect(), answer.total);
    if answer.total == 0 {
        picker.because(answer.notes.join(" "));
    }
    Ok(())
}

/// Writes the marked papers, or all that are shown, to a file in the form of its ending.
fn write(picker: &mut Picker, path: &Path, is_sure: bool) {
    let Some(format) = Format::of_path(path) else {
        let known = Format::ALL.map(|f| format!(".{}", f.extension())).join(" ");
        return picker.not_written(format!("end the name with one of {known}"), false);
    };
    if path.exists() && !is_sure {
        return picker.not_written("there is such a file; Enter writes over it".to_owned(), true);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|p| !p.exists()) {
        return picker.not_written(format!("there is no folder {}; name one that is there", folder.display()), false);
    }
    let papers = picker.written();
    let mut writer = Writer::new(format);
    let mut text = writer.begin();
    for paper in &papers {
        text.push_str(&writer.paper(paper));
    }
    text.push_str(&writer.end());
    let count = if papers.len() == 1 { "1 paper".to_owned() } else { format!("{} papers", papers.len()) };
    match fsx::write_atomic(path, text.as_bytes()) {
        Ok(_) => picker.wrote(format!("{count} written to {}", path.display())),
        Err(error) => picker.not_written(format!("{:#}", anyhow::Error::from(error)), false),
    }
}

#[cfg(test)]
mod tests;
