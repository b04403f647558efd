//! What is different between two texts, line by line.

/// Lines shown before and after a change.
const AROUND: usize = 3;
/// Most pairs of lines that are compared one by one: two texts of 3,000 lines that share neither head nor tail. Beyond
/// that the whole middle counts as another.
const PAIRS_MAX: usize = 9_000_000;

/// What a line of a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// It stands in both.
    Both,
    /// Only the old text has it.
    Old,
    /// Only the new text has it.
    New,
    /// Lines of both that are not shown come here.
    Gap,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DiffLine {
    /// What it is.
    pub side: Side,
    /// Its number in the new text, from 1; in the old one when only that has it; of the line that comes next for a gap.
    pub line: usize,
    /// Its words; empty for a gap.
    pub text: String,
}

/// Returns the lines that differ between two texts with a few lines around each; empty when none does. Line endings
/// do not count.
pub fn difference(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let middle = |all: &[&'_ str]| -> std::ops::Range<usize> { head..all.len() - tail };
    let old_middle = old.get(middle(&old)).unwrap_or_default();
    let new_middle = new.get(middle(&new)).unwrap_or_default();
    let mut steps = vec![Side::Both; head];
    steps.extend(steps_between(old_middle, new_middle));
    steps.extend(std::iter::repeat_n(Side::Both, tail));
    shown(&old, &new, &steps)
}

/// Returns how one list of lines becomes another with the fewest lines taken out and put in.
fn steps_between(old: &[&str], new: &[&str]) -> Vec<Side> {
    let whole = || [vec![Side::Old; old.len()], vec![Side::New; new.len()]].concat();
    if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > PAIRS_MAX {
        return whole();
    }
    // How many lines the rests from (i, j) on have in common, row by row from the end.
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let most =
                if a == b { at(&common, i + 1, j + 1) + 1 } else { at(&common, i + 1, j).max(at(&common, i, j + 1)) };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = most;
            }
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        let is_same = i < old.len() && j < new.len() && old.get(i) == new.get(j);
        let takes_old = i < old.len() && (j == new.len() || at(&common, i + 1, j) >= at(&common, i, j + 1));
        let step = match (is_same, takes_old) {
            (true, _) => Side::Both,
            (false, true) => Side::Old,
            (false, false) => Side::New,
        };
        i += usize::from(step != Side::New);
        j += usize::from(step != Side::Old);
        out.push(step);
    }
    out
}

/// Returns the steps with their lines; what is far from any change becomes a gap.
fn shown(old: &[&str], new: &[&str], steps: &[Side]) -> Vec<DiffLine> {
    let is_near = |n: usize| {
        let near = steps.get(n.saturating_sub(AROUND)..steps.len().min(n + AROUND + 1)).unwrap_or_default();
        near.iter().any(|step| *step != Side::Both)
    };
    let (mut i, mut j, mut out) = (0, 0, Vec::<DiffLine>::new());
    for (n, step) in steps.iter().enumerate() {
        let text = if *step == Side::Old { old.get(i) } else { new.get(j) };
        let line = if *step == Side::Old { i + 1 } else { j + 1 };
        i += usize::from(*step != Side::New);
        j += usize::from(*step != Side::Old);
        if is_near(n) {
            out.push(DiffLine { side: *step, line, text: text.copied().unwrap_or_default().to_owned() });
        } else if let Some(gap) = out.last_mut().filter(|last| last.side == Side::Gap) {
            gap.line = line + 1;
        } else {
            out.push(DiffLine { side: Side::Gap, line: line + 1, text: String::new() });
        }
    }
    if out.last().is_some_and(|last| last.side == Side::Gap) {
        out.pop();
    }
    if out.first().is_some_and(|first| first.side == Side::Gap) && out.len() == 1 {
        out.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> String {
        let sign = |side: Side| match side {
            Side::Both => " ",
            Side::Old => "-",
            Side::New => "+",
            Side::Gap => "@",
        };
        difference(old, new)
            .iter()
            .fold(String::new(), |told, l| told + sign(l.side) + &format!("{}{} ", l.line, l.text))
    }

    #[test]
    fn lines_that_differ_are_shown_with_what_stands_around_them() {
        let long = (1..=20).fold(String::new(), |text, n| text + &format!("l{n}\n"));
        for (old, new, want, note) in [
            ("", "", "", "nothing"),
            ("a\nb\n", "a\nb", "", "a line feed at the end does not count"),
            ("a\r\nb\r\n", "a\nb\n", "", "nor does Windows"),
            ("", "a\n", "+1a ", "a file is new"),
            ("a\n", "", "-1a ", "and gone"),
            ("a\nb\nc\n", "a\nX\nc\n", " 1a -2b +2X  3c ", "one line changed"),
            ("a\nb\n", "b\na\n", "-1a  1b +2a ", "two lines changed places"),
            ("a\na\n", "a\na\na\n", " 1a  2a +3a ", "a line that stands there often"),
        ] {
            assert_eq!(told(old, new), want, "{note}");
        }
        assert_eq!(told(&long, &long.replace("l10\n", "X\n")), "@7  7l7  8l8  9l9 -10l10 +10X  11l11  12l12  13l13 ");
        let far = long.replace("l2\n", "").replace("l19\n", "X\n");
        assert!(told(&long, &far).contains(" @15 "), "{}", told(&long, &far));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The steps make the new text of the old one, and leave as many lines alone as can be.
        #[test]
        fn steps_lead_from_one_to_the_other(
            old in prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 0..9),
            new in prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 0..9),
        ) {
            let steps = steps_between(&old, &new);
            let count = |side: Side| steps.iter().filter(|s| **s == side).count();
            prop_assert_eq!((count(Side::Both) + count(Side::Old), count(Side::Both) + count(Side::New)), (old.len(), new.len()));
            let (mut i, mut j) = (0, 0);
            for step in &steps {
                if *step == Side::Both {
                    prop_assert_eq!(old[i], new[j]);
                }
                i += usize::from(*step != Side::New);
                j += usize::from(*step != Side::Old);
            }
            prop_assert_eq!(difference(&old.join("\n"), &new.join("\n")).is_empty(), old == new || (old.concat().is_empty() && new.concat().is_empty()));
        }
    }
}
