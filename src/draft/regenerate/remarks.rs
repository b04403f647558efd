//! Renews the machine's remarks (reasons, headings, facts) among the remarks of people.

use std::ops::Range;

use super::super::cuts::Cuts;
use super::super::layout::{Block, Heading, Layout, line_end};
use super::super::write::heading;

/// Renews the reasons above a block where they still stand as the machine wrote them; remarks that
/// a person put before or behind them stay.
pub(super) fn merge_lead(
    (base, base_block): (&Layout<'_>, &Block),
    (mine, mine_block): (&Layout<'_>, &Block),
    (theirs, their_block): (&Layout<'_>, &Block),
    cuts: &mut Cuts<'_>,
) {
    let (old, new) = (base.slice(&base_block.lead), theirs.slice(&their_block.lead));
    renew(old, (mine, &mine_block.lead), new, cuts);
}

/// Renews what the machine wrote directly under the headings; what they count is [`recount`]ed.
pub(super) fn merge_headings(base: &Layout<'_>, mine: &Layout<'_>, theirs: &Layout<'_>, cuts: &mut Cuts<'_>) {
    for heading in &mine.headings {
        let (Some(old), Some(new)) = (base.heading(&heading.name), theirs.heading(&heading.name)) else { continue };
        let (old, new) = (below(base, old), below(theirs, new));
        renew(base.slice(&old), (mine, &below(mine, heading)), theirs.slice(&new), cuts);
    }
}

/// Returns where the remarks under a heading line stand.
fn below(layout: &Layout<'_>, heading: &Heading) -> Range<usize> {
    line_end(layout.text, heading.range.start).min(heading.range.end)..heading.range.end
}

/// Returns a text in which every heading that still stands as the machine writes it counts the blocks that
/// stand below it: what a person took or added where the news has it elsewhere is counted where it is.
pub(in crate::draft) fn recount(layout: &Layout<'_>) -> String {
    let mut out = String::with_capacity(layout.text.len());
    let mut from = 0;
    let mut headings = layout.headings.iter().filter(|h| h.is_between_blocks).peekable();
    while let Some(held) = headings.next() {
        let end = headings.peek().map_or(layout.text.len(), |next| next.range.start);
        let count = layout.blocks.iter().filter(|b| (held.range.start..end).contains(&b.body.start)).count();
        let line = layout.slice(&(held.range.start..line_end(layout.text, held.range.start)));
        let bare = line.trim_end();
        if !is_count_of(bare, &held.name) {
            continue;
        }
        out.push_str(layout.text.get(from..held.range.start).unwrap_or_default());
        out.push_str(heading(&held.name, Some(count)).trim_end());
        from = held.range.start + bare.len();
    }
    out.push_str(layout.text.get(from..).unwrap_or_default());
    out
}

/// Tells whether a heading line is what the machine writes for a name and some count.
fn is_count_of(line: &str, name: &str) -> bool {
    let count = line.rsplit_once(" · ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    count.is_some_and(|count| heading(name, Some(count)).trim_end() == line)
}

/// Puts `new` where the lines of `old` stand unchanged within a range of the file.
fn renew(old: &str, (mine, range): (&Layout<'_>, &Range<usize>), new: &str, cuts: &mut Cuts<'_>) {
    if old == new || mine.slice(range) == new {
        return;
    }
    if let Some(found) = find_run(mine.slice(range), old) {
        cuts.replace(range.start + found.start..range.start + found.end, new);
    }
}

/// Returns where the lines of `needle` stand together in `text`, as a byte range; no lines at all
/// stand at its end.
fn find_run(text: &str, needle: &str) -> Option<Range<usize>> {
    let wanted: Vec<&str> = needle.lines().map(str::trim_end).collect();
    if wanted.is_empty() {
        return Some(text.len()..text.len());
    }
    let mut starts = vec![0];
    starts.extend(text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some(*at)
    }));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let first = lines.windows(wanted.len()).position(|w| w == wanted.as_slice())?;
    Some(*starts.get(first)?..*starts.get(first + wanted.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_among_other_lines() {
        let text = "# mine\r\n# a\r\n# b\r\n# more\r\n";
        assert_eq!(find_run(text, "# a\n# b\n"), Some(8..18));
        assert_eq!(find_run(text, "# b\n# a\n"), None);
        assert_eq!(find_run(text, ""), Some(text.len()..text.len()));
    }
}
