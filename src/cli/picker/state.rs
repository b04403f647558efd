//! What the picker knows, and what each key does to it. Pure: nothing is read, written or drawn.

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::line::Line;
use super::row::Row;
use crate::model::{Paper, WorkId};

/// The most papers that can be marked: more are an export, not a choice.
const MARKS_MAX: usize = 2_000;

/// The name of the file that is offered first.
const FILE: &str = "papers.ris";

/// What keys are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Typing and choosing.
    Search,
    /// Naming a file to write to; `is_sure` when a file that is there may be written over.
    File {
        /// The name so far.
        name: Line,
        /// Whether the person was told that there is such a file.
        is_sure: bool,
    },
    /// Reading the help.
    Help,
}

/// What a key asks of the world.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Nothing but drawing.
    Nothing,
    /// The query has changed.
    Search,
    /// Open this paper in the browser.
    Open(Box<Paper>),
    /// Write these papers to a file.
    Write {
        /// Which file.
        path: PathBuf,
        /// Whether one that is there is written over.
        is_sure: bool,
    },
    /// Leave; the paper's address is printed when there is one.
    Leave(Option<Box<Paper>>),
}

/// The picker.
#[derive(Debug, Clone)]
pub struct Picker {
    /// The query.
    pub line: Line,
    /// What keys are for.
    pub mode: Mode,
    /// The papers shown, best first.
    pub rows: Vec<Row>,
    /// How many papers match.
    pub total: usize,
    /// The place of the chosen one among `rows`.
    pub chosen: usize,
    /// Whether the last key moved in the list, so that a space marks rather than types.
    pub is_in_list: bool,
    /// What is wrong with the query; empty when nothing is. The papers are then those found before.
    pub problem: String,
    /// Why nothing was found, as the page says it; empty when something was.
    pub reason: String,
    /// What happened last, for the lowest line.
    pub said: String,
    /// How many lines of the abstract are left out from the top.
    pub scrolled: usize,
    /// The marked papers, in the order in which they were marked.
    pub marked: Vec<Paper>,
    /// How many papers one page of the list has, at least 1.
    pub page: usize,
}

impl Picker {
    /// Returns a picker before its first search.
    pub fn new(query: &str) -> Self {
        Self {
            line: Line::of(query),
            mode: Mode::Search,
            rows: Vec::new(),
            total: 0,
            chosen: 0,
            is_in_list: false,
            problem: String::new(),
            reason: String::new(),
            said: String::new(),
            scrolled: 0,
            marked: Vec::new(),
            page: 1,
        }
    }

    /// Takes what a search found.
    pub fn found(&mut self, rows: Vec<Row>, total: usize) {
        (self.rows, self.total) = (rows, total);
        (self.chosen, self.scrolled) = (0, 0);
        self.problem.clear();
        self.reason.clear();
    }

    /// Takes why nothing was found.
    pub fn because(&mut self, reason: String) {
        self.reason = reason;
    }

    /// Takes what is wrong with the query; the last papers stay.
    pub fn refused(&mut self, problem: String) {
        self.problem = problem;
    }

    /// Takes what came of writing a file, and goes back to the papers.
    pub fn wrote(&mut self, said: String) {
        (self.mode, self.said) = (Mode::Search, said);
    }

    /// Takes why a file was not written; its name can be changed.
    pub fn not_written(&mut self, said: String, may_be_sure: bool) {
        self.said = said;
        if let Mode::File { is_sure, .. } = &mut self.mode {
            *is_sure = may_be_sure;
        }
    }

    /// Returns the chosen paper.
    pub fn chosen(&self) -> Option<&Row> {
        self.rows.get(self.chosen)
    }

    /// Tells whether a paper is marked.
    pub fn is_marked(&self, id: &WorkId) -> bool {
        self.marked.iter().any(|paper| paper.id == *id)
    }

    /// Returns the papers that are written: the marked ones, else all shown.
    pub fn written(&self) -> Vec<&Paper> {
        if self.marked.is_empty() {
            return self.rows.iter().map(|row| &row.paper).collect();
        }
        self.marked.iter().collect()
    }

    /// Does what a key says, and returns what it asks for.
    pub fn key(&mut self, key: KeyEvent) -> Ask {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        if is_control && key.code == KeyCode::Char('c') {
            return Ask::Leave(None);
        }
        match &mut self.mode {
            Mode::Help => {
                self.mode = Mode::Search;
                Ask::Nothing
            }
            Mode::File { .. } => self.file_key(key.code, is_control),
            Mode::Search => {
                self.said.clear();
                if is_control { self.control(key.code) } else { self.search_key(key.code) }
            }
        }
    }

    /// Takes text that was pasted into the query or the name of a file.
    pub fn paste(&mut self, text: &str) -> Ask {
        match &mut self.mode {
            Mode::Help => return Ask::Nothing,
            Mode::File { name, is_sure } => {
                text.chars().for_each(|c| name.insert(c));
                *is_sure = false;
                return Ask::Nothing;
            }
            Mode::Search => text.chars().for_each(|c| self.line.insert(if c == '\n' { ' ' } else { c })),
        }
        Ask::Search
    }

    fn search_key(&mut self, code: KeyCode) -> Ask {
        let last = self.rows.len().saturating_sub(1);
        match code {
            KeyCode::Esc => return Ask::Leave(None),
            KeyCode::Enter => return self.chosen().map_or(Ask::Nothing, |row| Ask::Open(Box::new(row.paper.clone()))),
            KeyCode::F(1) | KeyCode::Char('?') => self.mode = Mode::Help,
            KeyCode::Up => self.choose(self.chosen.saturating_sub(1)),
            KeyCode::Down => self.choose(self.chosen + 1),
            KeyCode::PageUp => self.choose(self.chosen.saturating_sub(self.page)),
            KeyCode::PageDown => self.choose(self.chosen.saturating_add(self.page)),
            KeyCode::Home => self.choose(0),
            KeyCode::End => self.choose(last),
            KeyCode::Tab => self.mark(),
            KeyCode::Char(' ') if self.is_in_list => self.mark(),
            _ => return self.typed(code),
        }
        Ask::Nothing
    }

    /// Changes the query, or moves in it.
    fn typed(&mut self, code: KeyCode) -> Ask {
        let is_changed = match code {
            KeyCode::Char(c) => {
                self.line.insert(c);
                true
            }
            KeyCode::Backspace => self.line.backspace(),
            KeyCode::Delete => self.line.delete(),
            KeyCode::Left => {
                self.line.left();
                false
            }
            KeyCode::Right => {
                self.line.right();
                false
            }
            _ => return Ask::Nothing,
        };
        self.is_in_list = false;
        if is_changed { Ask::Search } else { Ask::Nothing }
    }

    /// Does what a key says that is pressed with Ctrl.
    fn control(&mut self, code: KeyCode) -> Ask {
        match code {
            KeyCode::Char('u') => {
                self.line.clear();
                self.is_in_list = false;
                return Ask::Search;
            }
            KeyCode::Char('w' | 'h') | KeyCode::Backspace => {
                self.line.delete_word();
                self.is_in_list = false;
                return Ask::Search;
            }
            KeyCode::Char('y') => {
                if let Some(row) = self.chosen() {
                    return Ask::Leave(Some(Box::new(row.paper.clone())));
                }
            }
            KeyCode::Char('e') if self.written().is_empty() => {
                "there is no paper to write".clone_into(&mut self.said);
            }
            KeyCode::Char('e') => self.mode = Mode::File { name: Line::offered(FILE), is_sure: false },
            KeyCode::Char('f') => self.scrolled += 1,
            KeyCode::Char('b') => self.scrolled = self.scrolled.saturating_sub(1),
            _ => {}
        }
        Ask::Nothing
    }

    /// Does what a key says while a file is named.
    fn file_key(&mut self, code: KeyCode, is_control: bool) -> Ask {
        let Mode::File { name, is_sure } = &mut self.mode else { return Ask::Nothing };
        let was_sure = *is_sure;
        *is_sure = false;
        match code {
            KeyCode::Esc => self.wrote(String::new()),
            KeyCode::Enter if name.text().trim().is_empty() => {}
            KeyCode::Enter => {
                return Ask::Write { path: PathBuf::from(name.text().trim()), is_sure: was_sure };
            }
            KeyCode::Char('u') if is_control => name.clear(),
            KeyCode::Char('w') if is_control => name.delete_word(),
            KeyCode::Char(c) if !is_control => name.insert(c),
            KeyCode::Backspace => {
                name.backspace();
            }
            KeyCode::Delete => {
                name.delete();
            }
            KeyCode::Left => name.left(),
            KeyCode::Right => name.right(),
            _ => {}
        }
        Ask::Nothing
    }

    /// Chooses a paper by its place; beyond the last one it is the last.
    fn choose(&mut self, place: usize) {
        self.chosen = place.min(self.rows.len().saturating_sub(1));
        self.scrolled = 0;
        self.is_in_list = true;
    }

    /// Marks the chosen paper, or takes its mark away, and goes on to the next.
    fn mark(&mut self) {
        let Some(row) = self.rows.get(self.chosen) else { return };
        let id = row.paper.id.clone();
        if self.is_marked(&id) {
            self.marked.retain(|paper| paper.id != id);
        } else if self.marked.len() < MARKS_MAX {
            self.marked.push(row.paper.clone());
        } else {
            self.said = format!("{MARKS_MAX} papers are marked, and no more can be");
        }
        self.choose(self.chosen + 1);
    }
}

#[cfg(test)]
mod tests;
