//! The picker on the screen. Pure: a state and a frame in, cells out.
//!
//! ```text
//! wide                                 narrow
//! Search: query                        Search: query
//! counts, or what is wrong             counts, or what is wrong
//! title          │ title whole         title
//!   facts        │ facts, abstract       facts
//! title          │ …                   ────────────
//!   facts        │ address             title whole, facts, abstract …
//! keys                                 keys
//! ```
//! A low screen has titles alone in the list; where the list stands above, the title of the chosen paper
//! is said once more only when it was cut there.

use ratatui_core::layout::Rect;
use ratatui_core::style::{Modifier, Style as Look};
use ratatui_core::terminal::Frame;

use super::line::Line;
use super::row::Row;
use super::state::{Mode, Picker};
use crate::cli::columns::columns;
use crate::cli::styled::{self, Part};
use crate::cli::term::{Style, safe};

/// From how many columns on the chosen paper stands beside the list.
const WIDE_MIN: u16 = 100;

/// Lines of a paper in the list: title and facts.
const ROW_LINES: u16 = 2;

/// From how many lines on a screen has room for the facts of each paper in the list; on a lower one
/// the list has titles alone.
const TALL_MIN: u16 = 16;

/// Lines that are neither list nor abstract: query, counts, keys.
const FRAME_LINES: u16 = 3;

/// Columns of a key in the help.
const KEY_COLUMNS: usize = 10;

/// From how many columns on the lowest line names more than the most needful keys.
const KEYS_MIN: u16 = 60;

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shows {
    /// Bold, dim and reversed letters.
    pub styles: bool,
    /// Only ASCII for lines and marks.
    pub ascii: bool,
}

/// Where list and chosen paper stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Places {
    /// Lines of a paper in the list, 1 or 2.
    row_lines: u16,
    list: Rect,
    line: Rect,
    paper: Rect,
}

/// Returns where everything stands in an area.
fn places(area: Rect) -> Places {
    let (top, height) = (area.y + 2.min(area.height), area.height.saturating_sub(FRAME_LINES));
    let row_lines = if area.height < TALL_MIN { 1 } else { ROW_LINES };
    if area.width >= WIDE_MIN {
        let left = area.width * 9 / 20;
        let list = Rect::new(area.x, top, left, height);
        let line = Rect::new(area.x + left + 1, top, 1, height);
        let paper = Rect::new(area.x + left + 3, top, area.width - left - 3, height);
        return Places { row_lines, list, line, paper };
    }
    let list_height = if row_lines == 1 { height / 3 } else { (height / 2) / row_lines * row_lines };
    let list = Rect::new(area.x, top, area.width, list_height);
    let line = Rect::new(area.x, top + list_height, area.width, height.saturating_sub(list_height).min(1));
    let below = height.saturating_sub(list_height + 1);
    let paper = Rect::new(area.x, top + list_height + line.height, area.width, below);
    Places { row_lines, list, line, paper }
}

/// Returns how many papers a page of the list has, at least 1.
pub fn page(area: Rect) -> usize {
    let places = places(area);
    usize::from(places.list.height / places.row_lines).max(1)
}

/// Draws the picker.
pub fn draw(picker: &Picker, shows: Shows, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut sheet = Sheet { frame, shows };
    sheet.input(
        Rect { height: 1, ..area },
        "Search: ",
        &picker.line,
        !picker.is_in_list && picker.mode == Mode::Search,
    );
    if area.height > 1 {
        sheet.line(Rect { y: area.y + 1, height: 1, ..area }, &[counts(picker)]);
    }
    let bottom = Rect { y: area.bottom().saturating_sub(1), height: u16::from(area.height > 2), ..area };
    if picker.mode == Mode::Help {
        let middle = Rect { y: area.y + 2.min(area.height), height: area.height.saturating_sub(FRAME_LINES), ..area };
        sheet.lines(middle, help(middle.width), 0);
        sheet.line(bottom, &[(Style::Dim, "any key goes back".to_owned())]);
        return;
    }
    let places = places(area);
    sheet.list(places.list, places.row_lines, picker);
    sheet.between(places.line);
    if let Some(row) = picker.chosen() {
        // A title that stands whole in the list right above needs no second time.
        let is_below = places.paper.y > places.list.y;
        let is_said = is_below && title_columns(row) + MARK_COLUMNS <= usize::from(places.list.width);
        sheet.lines(places.paper, whole(row, places.paper.width, !is_said), picker.scrolled);
    }
    match &picker.mode {
        Mode::File { name, is_sure } => {
            let asked = if *is_sure { "Write over: " } else { "Write to: " };
            sheet.input(bottom, asked, name, true);
            if !picker.said.is_empty() && area.height > 1 {
                sheet.line(Rect { y: area.y + 1, height: 1, ..area }, &[(Style::Bold, picker.said.clone())]);
            }
        }
        _ => sheet.line(bottom, &[lowest(picker, area.width)]),
    }
}

/// Returns the line of counts; what is wrong with the query stands in its place.
fn counts(picker: &Picker) -> Part {
    if !picker.problem.is_empty() {
        return (Style::Bold, picker.problem.clone());
    }
    if picker.line.text().trim().is_empty() {
        return (Style::Dim, "type what you look for".to_owned());
    }
    let mut text = match picker.total {
        0 if !picker.reason.is_empty() => picker.reason.clone(),
        0 => "no papers found".to_owned(),
        1 => "1 paper".to_owned(),
        n => format!("{n} papers"),
    };
    if picker.total > picker.rows.len() {
        text.push_str(&format!(", the first {} shown", picker.rows.len()));
    }
    if !picker.marked.is_empty() {
        text.push_str(&format!("; {} marked", picker.marked.len()));
    }
    (Style::Dim, text)
}

/// Returns the lowest line: what happened last, else the keys.
fn lowest(picker: &Picker, width: u16) -> Part {
    let keys = if width < KEYS_MIN {
        "F1 help  Enter opens  Esc leaves"
    } else {
        "F1 help  Enter opens  Tab marks  Ctrl-E writes  Esc leaves"
    };
    if picker.said.is_empty() { (Style::Dim, keys.to_owned()) } else { (Style::Bold, picker.said.clone()) }
}

/// Columns of the marks before a title in the list.
const MARK_COLUMNS: usize = 2;

/// Returns how many columns a title takes in one line.
fn title_columns(row: &Row) -> usize {
    row.title.iter().map(|(_, text)| columns(text)).sum()
}

/// Returns the chosen paper in lines, with its title or without.
fn whole(row: &Row, width: u16, has_title: bool) -> Vec<Vec<Part>> {
    let width = usize::from(width);
    let mut out = Vec::new();
    if has_title {
        let title: Vec<Part> = row.title.iter().map(|(_, text)| (Style::Bold, text.clone())).collect();
        out.extend(styled::wrap(&title, width, 0, 0));
    }
    out.extend(styled::wrap(&[(Style::Dim, row.facts.clone())], width, 0, 0));
    for paragraph in row.body() {
        out.push(Vec::new());
        out.extend(styled::wrap(&paragraph, width, 0, 0));
    }
    if !row.address.is_empty() {
        out.push(Vec::new());
        out.extend(styled::wrap(&[(Style::Plain, row.address.clone())], width, 0, 0));
    }
    out
}

/// Returns what the keys do.
fn help(width: u16) -> Vec<Vec<Part>> {
    let keys = [
        ("letters", "the papers follow what you type"),
        ("Up Down", "choose a paper; PgUp PgDn Home End too"),
        ("Enter", "open it in the browser"),
        ("Tab", "mark it; the space bar too, after Up or Down"),
        ("Ctrl-E", "write the marked papers, or all shown, to a file: .ris .bib .csv"),
        ("Ctrl-Y", "leave, and print its address"),
        ("Ctrl-F B", "its abstract further down, up"),
        ("Ctrl-U W", "delete the line, a word"),
        ("Esc", "leave; Ctrl-C too"),
    ];
    let line = |(key, does): (&str, &str)| {
        let mut lines = styled::wrap(&[(Style::Plain, does.to_owned())], usize::from(width), KEY_COLUMNS, KEY_COLUMNS);
        // The key stands where the first line is set in.
        if let Some(margin) = lines.first_mut().and_then(|line| line.first_mut()) {
            *margin = (Style::Bold, format!("{key:KEY_COLUMNS$}"));
        }
        lines
    };
    keys.into_iter().flat_map(line).collect()
}

/// A frame that is drawn on.
struct Sheet<'s, 'f> {
    frame: &'s mut Frame<'f>,
    shows: Shows,
}

impl Sheet<'_, '_> {
    /// Returns how a style looks here.
    fn look(&self, style: Style) -> Look {
        match style {
            Style::Bold if self.shows.styles => Look::new().add_modifier(Modifier::BOLD),
            Style::Dim if self.shows.styles => Look::new().add_modifier(Modifier::DIM),
            _ => Look::new(),
        }
    }

    /// Draws parts into the first line of an area, cut at its end.
    fn line(&mut self, area: Rect, parts: &[Part]) {
        let area = area.intersection(self.frame.area());
        if area.is_empty() {
            return;
        }
        let mut x = area.x;
        for (style, text) in parts {
            let look = self.look(*style);
            let room = usize::from(area.right().saturating_sub(x));
            let text = safe(text).replace(['\n', '\t'], " ");
            let shown = styled::cut(&text, room);
            (x, _) = self.frame.buffer_mut().set_stringn(x, area.y, &shown, room, look);
            if shown != text {
                break;
            }
        }
    }

    /// Draws lines, so many left out from the top; the last one that fits says when there are more.
    fn lines(&mut self, area: Rect, lines: Vec<Vec<Part>>, scrolled: usize) {
        let room = usize::from(area.height);
        let left_out = scrolled.min(lines.len().saturating_sub(room));
        let is_more = lines.len() > left_out + room;
        for (y, (n, line)) in (area.y..area.bottom()).zip(lines.into_iter().skip(left_out).enumerate()) {
            let place = Rect { y, height: 1, ..area };
            if is_more && n + 1 == room {
                let more = if self.shows.ascii { "..." } else { "…" };
                self.line(place, &[(Style::Dim, format!("{more} Ctrl-F goes on"))]);
            } else {
                self.line(place, &line);
            }
        }
    }

    /// Draws the page of the list that holds the chosen paper.
    fn list(&mut self, area: Rect, row_lines: u16, picker: &Picker) {
        let page = usize::from(area.height / row_lines).max(1);
        let first = picker.chosen / page * page;
        let ys = (area.y..area.bottom()).step_by(usize::from(row_lines));
        for (y, (n, row)) in ys.zip(picker.rows.iter().enumerate().skip(first)) {
            let is_chosen = n == picker.chosen;
            let arrow = if is_chosen { ">" } else { " " };
            let mark = if picker.is_marked(&row.paper.id) { "*" } else { " " };
            let mut title: Vec<Part> = vec![(Style::Bold, format!("{arrow}{mark}"))];
            title.extend(row.title.iter().cloned());
            self.line(Rect { y, height: 1, ..area }, &title);
            let facts = Rect { y: y + 1, height: u16::from(row_lines > 1 && y + 1 < area.bottom()), ..area };
            self.line(facts, &[(Style::Dim, format!("    {}", row.facts))]);
            if is_chosen && self.shows.styles {
                let reversed = Look::new().add_modifier(Modifier::REVERSED);
                self.frame.buffer_mut().set_style(Rect { y, height: 1, ..area }, reversed);
            }
        }
    }

    /// Draws the line between list and paper.
    fn between(&mut self, area: Rect) {
        let text = match (area.width > 1, self.shows.ascii) {
            (true, true) => "-",
            (true, false) => "─",
            (false, true) => "|",
            (false, false) => "│",
        };
        for y in area.y..area.bottom() {
            self.line(Rect { y, height: 1, ..area }, &[(Style::Dim, text.repeat(usize::from(area.width)))]);
        }
    }

    /// Draws a line that is typed into, its end where it is longer than the screen.
    fn input(&mut self, area: Rect, name: &str, line: &Line, has_cursor: bool) {
        let room = usize::from(area.width).saturating_sub(name.len() + 1);
        let (before, whole) = (line.before(), line.text());
        let is_long = columns(&before) > room;
        let shown = if is_long { end(&before, room) } else { whole };
        let cursor = columns(if is_long { &shown } else { &before });
        self.line(area, &[(Style::Bold, name.to_owned()), (Style::Plain, shown)]);
        if has_cursor && !area.is_empty() {
            let x = usize::from(area.x) + name.len() + cursor;
            let x = u16::try_from(x).unwrap_or(u16::MAX).min(area.right().saturating_sub(1));
            self.frame.set_cursor_position((x, area.y));
        }
    }
}

/// Returns the end of a text that fits into so many columns.
fn end(text: &str, room: usize) -> String {
    let mut chars: Vec<char> = Vec::new();
    let mut used = 0;
    for c in text.chars().rev() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        chars.push(c);
    }
    chars.into_iter().rev().collect()
}

#[cfg(test)]
mod tests;
