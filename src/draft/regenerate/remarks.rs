//! Renews the machine's remarks (reasons, headings, facts) among the remarks of people.

use std::ops::Range;

use super::super::layout::{Block, Layout};
use super::edits::Edits;

/// Renews the reasons above a block where they still stand as the machine wrote them; remarks that
/// a person put before or behind them stay.
pub(super) fn merge_lead(
    (base, base_block): (&Layout<'_>, &Block),
    (mine, mine_block): (&Layout<'_>, &Block),
    (theirs, their_block): (&Layout<'_>, &Block),
    edits: &mut Edits<'_>,
) {
    let (old, new) = (base.slice(&base_block.lead), theirs.slice(&their_block.lead));
    renew(old, (mine, &mine_block.lead), new, edits);
}

/// Renews the headings and what the machine wrote directly under them.
pub(super) fn merge_headings(base: &Layout<'_>, mine: &Layout<'_>, theirs: &Layout<'_>, edits: &mut Edits<'_>) {
    for heading in &mine.headings {
        let (Some(old), Some(new)) = (base.heading(&heading.name), theirs.heading(&heading.name)) else { continue };
        renew(base.slice(&old.range), (mine, &heading.range), theirs.slice(&new.range), edits);
    }
}

/// Puts `new` where the lines of `old` stand unchanged within a range of the file.
fn renew(old: &str, (mine, range): (&Layout<'_>, &Range<usize>), new: &str, edits: &mut Edits<'_>) {
    if old == new || mine.slice(range) == new {
        return;
    }
    if let Some(found) = find_run(mine.slice(range), old) {
        edits.replace(range.start + found.start..range.start + found.end, new);
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
