//! A paper as the picker shows it: every text made safe and marked.

use crate::cli::search_page;
use crate::cli::styled::{self, Part};
use crate::cli::term::{Style, safe};
use crate::index::Hit;
use crate::model::{Paper, text};

/// The most characters of an abstract that are shown: the longest real ones have some 10,000, and what is
/// shown is wrapped anew with every key.
const BODY_CHARS_MAX: usize = 20_000;

/// A paper that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The paper whole, for opening and exporting.
    pub paper: Paper,
    /// Its title; what matched is bold.
    pub title: Vec<Part>,
    /// Year, journal, countries and the like in one line.
    pub facts: String,
    /// What matched in it, in small letters, the longest first.
    pub words: Vec<String>,
    /// Where to read it; empty when it has no address.
    pub address: String,
}

impl Row {
    /// Returns a hit as it is shown.
    pub fn of(hit: Hit) -> Self {
        let title: Vec<Part> = hit.title.iter().map(|(is_hit, part)| (style(*is_hit), part.clone())).collect();
        let title = styled::shortened(&title, search_page::TITLE_CHARS_MAX);
        Self {
            title: title.iter().map(|(style, part)| (*style, clean(part))).collect(),
            facts: clean(&search_page::facts(&hit.paper, &hit.country_names)),
            words: matched(&hit),
            address: clean(&hit.paper.record.best_link().map(|l| search_page::readable(&l)).unwrap_or_default()),
            paper: hit.paper,
        }
    }

    /// Returns its abstract in paragraphs; what matched is bold. Only one paper shows it at a time, so
    /// that it is not made for the others with every key.
    pub fn body(&self) -> Vec<Vec<Part>> {
        let whole = self.paper.record.abstract_text.as_deref().unwrap_or_default();
        let text = text::shorten(whole, BODY_CHARS_MAX);
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| marked(&clean(line), &self.words)).collect()
    }
}

/// Returns text of one line that holds nothing that acts on a terminal.
fn clean(text: &str) -> String {
    safe(text).replace(['\n', '\t'], " ")
}

fn style(is_hit: bool) -> Style {
    if is_hit { Style::Bold } else { Style::Plain }
}

/// Returns the words that matched in title and snippet, in small letters, the longest first.
fn matched(hit: &Hit) -> Vec<String> {
    let parts = hit.title.iter().chain(&hit.snippet).filter(|(is_hit, _)| *is_hit);
    let mut words: Vec<String> = parts.map(|(_, text)| clean(text).to_lowercase()).collect();
    words.retain(|word| !word.trim().is_empty());
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

/// Returns text in parts: whole words that are among those that matched are bold.
fn marked(text: &str, words: &[String]) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut rest = text;
    let mut is_start = true;
    while let Some(first) = rest.chars().next() {
        let found = if is_start { words.iter().find_map(|word| head(rest, word)) } else { None };
        let taken = found.unwrap_or(first.len_utf8());
        let (part, behind) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        match out.last_mut() {
            Some((last, text)) if *last == style(found.is_some()) => text.push_str(part),
            _ => out.push((style(found.is_some()), part.to_owned())),
        }
        is_start = !part.chars().next_back().is_some_and(char::is_alphanumeric);
        rest = behind;
    }
    out
}

/// Returns how many bytes at the beginning of a text are this word, in any case and followed by no
/// letter; `None` when it begins otherwise.
fn head(text: &str, word: &str) -> Option<usize> {
    let mut wanted = word.chars();
    let mut chars = text.chars();
    let mut length = 0;
    while let Some(expected) = wanted.next() {
        let c = chars.next()?;
        let mut small = c.to_lowercase();
        if small.next()? != expected || small.any(|next| wanted.next() != Some(next)) {
            return None;
        }
        length += c.len_utf8();
    }
    (!chars.next().is_some_and(char::is_alphanumeric)).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_is_marked_in_the_whole_abstract() {
        let words = ["lullabies".to_owned(), "epds".to_owned(), "é".to_owned(), "i\u{307}x".to_owned()];
        for (id, text, want) in [
            ("any case", "EPDS, epds", "*EPDS*, *epds*"),
            ("whole words", "epdsx xepds epds-2", "epdsx xepds *epds*-2"),
            ("none", "nothing here", "nothing here"),
            ("at the end", "many Lullabies", "many *Lullabies*"),
            ("not of one byte", "É é", "*É* *é*"),
            ("one letter becomes two", "İX", "*İX*"),
            ("empty", "", ""),
        ] {
            let shown: String = marked(text, &words)
                .into_iter()
                .map(|(s, t)| if s == Style::Bold { format!("*{t}*") } else { t })
                .collect();
            assert_eq!(shown, want, "{id}");
        }
    }

    #[test]
    fn nothing_that_acts_on_a_terminal_is_kept() {
        assert_eq!(clean("a\u{1b}[2J\nb\tc\u{202e}d\u{9b}"), "a\u{fffd}[2J b c\u{fffd}d\u{fffd}");
    }
}
