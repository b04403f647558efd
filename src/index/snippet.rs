//! The piece of an abstract that shows why a paper was found.

use std::collections::{BTreeMap, HashMap};

use super::marks::Marks;
use super::words::{Part, WordCutter};
use super::{analyse, knowledge};

/// How long a snippet is at most, in bytes of the abstract: two lines of a terminal.
const SNIPPET_BYTES_MAX: usize = 220;

/// How far before the first word that matched a snippet may begin, to begin with a sentence.
const LEAD_BYTES_MAX: usize = 90;

/// A word that matched: what it counts as, what was typed for it, and where it stands in bytes.
struct Hit<'a> {
    mark: &'a str,
    typed: &'a str,
    /// Whether it is another name for what was typed.
    is_other_name: bool,
    from: usize,
    to: usize,
}

impl<'a> Hit<'a> {
    /// Returns a hit on the typed word itself.
    fn of(mark: (&'a String, &'a String), part: &Part) -> Self {
        Self { mark: mark.0, typed: mark.1, is_other_name: false, from: part.from, to: part.to }
    }

    /// Returns a hit on a word that stands for the typed one.
    fn instead(mark: (&'a String, &'a String), part: &Part) -> Self {
        Self { is_other_name: true, ..Self::of(mark, part) }
    }
}

/// Returns what of a text matched, in order: what was typed, the words as they stand, and whether
/// they are another name for it.
pub(super) fn found(text: &str, marks: &Marks, cutter: &mut WordCutter) -> Vec<(String, String, bool)> {
    let mut out = Vec::new();
    let mut end = 0;
    for hit in hits(&cutter.words(text), marks, cutter) {
        // What lies inside a longer hit says nothing new.
        if hit.to > end {
            end = hit.to;
            let words = text.get(hit.from..hit.to).unwrap_or_default();
            out.push((hit.typed.to_owned(), words.to_owned(), hit.is_other_name));
        }
    }
    out
}

/// Returns the piece of `text` with the most different words that matched, in parts; a part with
/// `true` matched. `words` are those that the cutter found in it. White space is made one space. Without
/// a match it is the beginning of the text; empty text gives no parts.
pub(super) fn snippet(text: &str, words: &[Part], marks: &Marks, cutter: &WordCutter) -> Vec<(bool, String)> {
    let hits = hits(words, marks, cutter);
    let (from, to) = window(text, &hits);
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut at = from;
    for hit in hits.iter().filter(|h| h.from >= from && h.to <= to) {
        if hit.from < at {
            continue;
        }
        push(&mut parts, false, text.get(at..hit.from));
        push(&mut parts, true, text.get(hit.from..hit.to));
        at = hit.to;
    }
    push(&mut parts, false, text.get(at..to));
    if from > 0 && !parts.is_empty() {
        parts.insert(0, (false, "… ".to_owned()));
    }
    if to < text.trim_end().len() {
        parts.push((false, " …".to_owned()));
    }
    parts
}

/// Returns a short text whole, in parts; a part with `true` matched.
pub(super) fn marked(text: &str, marks: &Marks, cutter: &mut WordCutter) -> Vec<(bool, String)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for hit in hits(&cutter.words(text), marks, cutter) {
        if hit.from >= at {
            push(&mut parts, false, text.get(at..hit.from));
            push(&mut parts, true, text.get(hit.from..hit.to));
            at = hit.to;
        }
    }
    push(&mut parts, false, text.get(at..));
    parts
}

/// Adds a part with its white space made one space each.
fn push(parts: &mut Vec<(bool, String)>, is_hit: bool, text: Option<&str>) {
    let mut out = String::new();
    for c in text.unwrap_or_default().chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.is_empty() {
        parts.push((is_hit, out));
    }
}

/// Returns those of a text's words that matched, in order.
fn hits<'a>(words: &[Part], marks: &'a Marks, cutter: &WordCutter) -> Vec<Hit<'a>> {
    let mut out = Vec::new();
    for part in words {
        let (word, stem) = (cutter.word(part), cutter.stem(part));
        if !cutter.is_stop_word(part) {
            let typed = marks.stems.get_key_value(stem).map(|mark| Hit::of(mark, part));
            let meant = || marks.meant.get_key_value(stem).map(|mark| Hit::instead(mark, part));
            out.extend(typed.or_else(meant));
        }
        out.extend(marks.words.get_key_value(word).map(|mark| Hit::of(mark, part)));
        let begins = marks.prefixes.iter().find(|(p, _)| word.starts_with(p.as_str()));
        out.extend(begins.map(|mark| Hit::of(mark, part)));
        if !marks.foreign.is_empty() {
            let stems = analyse::foreign_stems(word);
            let mark = marks.foreign.iter().find(|(stem, _)| stems.contains(*stem));
            out.extend(mark.map(|mark| Hit::of(mark, part)));
        }
    }
    let parts: Vec<Part> = words.iter().filter(|part| !part.is_joined).copied().collect();
    out.extend(runs(&parts, &marks.spellings, cutter).into_iter().map(|hit| Hit { is_other_name: false, ..hit }));
    out.extend(runs(&parts, &marks.phrases, cutter));
    out.sort_by_key(|h| (h.from, std::cmp::Reverse(h.to)));
    out
}

/// Returns the names and spellings that stand in a text, word by word side by side; `parts` are its
/// words, hyphenated words in their parts.
fn runs<'a>(parts: &[Part], wanted: &'a BTreeMap<Vec<String>, String>, cutter: &WordCutter) -> Vec<Hit<'a>> {
    // Few names, many words: most words begin none.
    let mut by_first: HashMap<&str, Vec<(&[String], &'a String)>> = HashMap::new();
    for (stems, typed) in wanted {
        by_first.entry(stems.first().map_or("", String::as_str)).or_default().push((stems, typed));
    }
    let mut out = Vec::new();
    let mut own: HashMap<&str, Vec<String>> = HashMap::new();
    for (at, first) in parts.iter().enumerate().filter(|_| !wanted.is_empty()) {
        for (stems, typed) in by_first.get(cutter.stem(first)).into_iter().flatten() {
            let here = parts.get(at..at + stems.len()).unwrap_or_default();
            if let Some(last) = here.last().filter(|_| here.iter().map(|part| cutter.stem(part)).eq(stems.iter())) {
                let own = own.entry(typed).or_insert_with(|| knowledge::stems(typed));
                out.push(Hit { mark: typed, typed, is_other_name: own != stems, from: first.from, to: last.to });
            }
        }
    }
    out
}

/// Returns where the best piece begins and ends: the most different words, then the most words,
/// then the earliest.
fn window(text: &str, hits: &[Hit<'_>]) -> (usize, usize) {
    let mut best = (0, 0);
    let mut start = 0;
    for (n, first) in hits.iter().enumerate() {
        let inside: Vec<&str> = hits
            .iter()
            .skip(n)
            .take_while(|h| h.to <= first.from + SNIPPET_BYTES_MAX - LEAD_BYTES_MAX)
            .map(|h| h.mark)
            .collect();
        let mut different = inside.clone();
        different.sort_unstable();
        different.dedup();
        if (different.len(), inside.len()) > best {
            best = (different.len(), inside.len());
            start = first.from;
        }
    }
    let from = beginning(text, start);
    (from, ending(text, from + SNIPPET_BYTES_MAX))
}

/// Returns a good place to begin at or before `start`: a sentence, else a few words earlier.
fn beginning(text: &str, start: usize) -> usize {
    if start <= LEAD_BYTES_MAX {
        return 0;
    }
    let earliest = boundary(text, start - LEAD_BYTES_MAX);
    let lead = text.get(earliest..start).unwrap_or_default();
    let sentence = [". ", "? ", "! ", "\n"].iter().filter_map(|end| lead.rfind(end).map(|at| at + end.len())).max();
    if let Some(at) = sentence {
        return earliest + at;
    }
    lead.find(' ').map_or(start, |at| earliest + at + 1)
}

/// Returns the end of the last whole word at or before `end`.
fn ending(text: &str, end: usize) -> usize {
    if end >= text.len() {
        return text.trim_end().len();
    }
    let end = boundary(text, end);
    let head = text.get(..end).unwrap_or_default();
    let last_gap = head.rfind(char::is_whitespace).filter(|at| at + SNIPPET_BYTES_MAX / 2 > end);
    last_gap.map_or(end, |at| head.get(..at).unwrap_or_default().trim_end().len())
}

/// Returns the nearest place at or before `at` where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::findable::findable;
    use super::*;

    fn shown(text: &str, stems: &[&str], prefixes: &[&str]) -> String {
        let own = |list: &[&str]| list.iter().map(|s| ((*s).to_owned(), (*s).to_owned())).collect();
        let marks = Marks { stems: own(stems), prefixes: own(prefixes), ..Marks::default() };
        let mut cutter = WordCutter::default();
        snippet(text, &cutter.words(text), &marks, &cutter)
            .into_iter()
            .map(|(hit, t)| if hit { format!("[{t}]") } else { t })
            .collect()
    }

    #[test]
    fn snippets_show_what_matched() {
        let long = "This is filler. ".repeat(30);
        for (text, stems, want, note) in [
            ("", &["a"][..], "", "no abstract"),
            ("Mothers’ mood.", &["mother"], "[Mothers]’ mood.", "the mark stays outside"),
            ("A\n\nB  mood\tC", &["mood"], "A B [mood] C", "white space is one space"),
            ("PHQ-9 used", &["phq9", "phq", "9"], "[PHQ-9] used", "overlaps are marked once"),
            ("No match at all", &["x"], "No match at all", "the beginning, unmarked"),
        ] {
            assert_eq!(shown(text, stems, &[]), want, "{note}");
        }
        let text = format!("{long}Here anxiety meets depression. {long}");
        assert_eq!(
            shown(&text, &["anxieti", "depress"], &[]).split(". This").next(),
            Some("… Here [anxiety] meets [depression]")
        );
        assert_eq!(shown("Depressive depths", &[], &["depr"]), "[Depressive] depths");
    }

    /// A page that was taken for an abstract can have millions of words.
    #[test]
    fn what_cannot_be_found_is_not_read_to_be_shown() {
        let text = format!("mood {}mood", "filler ".repeat(100_000));
        let mood = BTreeMap::from([("mood".to_owned(), "mood".to_owned())]);
        let marks = Marks { stems: mood, ..Marks::default() };
        let cutter = &mut WordCutter::default();
        assert!(cutter.words(&text).iter().all(|word| word.to <= findable(&text).len()));
        assert_eq!(found(&text, &marks, cutter).len(), 1);
        let whole: usize = marked(&text, &marks, cutter).iter().map(|(_, part)| part.len()).sum();
        assert_eq!(whole, text.len(), "a text that is shown whole keeps its end");
    }

    #[test]
    fn snippets_are_short_and_whole_in_any_script() {
        for text in [
            "产后抑郁症".repeat(100),
            "é".repeat(900),
            "Ünï cödé ".repeat(200),
            format!("{}x y", "e\u{301}".repeat(500)),
        ] {
            let mut cutter = WordCutter::default();
            let length: usize =
                snippet(&text, &cutter.words(&text), &Marks::default(), &cutter).iter().map(|(_, t)| t.len()).sum();
            assert!(length <= SNIPPET_BYTES_MAX + 8, "{length}");
        }
    }
}
