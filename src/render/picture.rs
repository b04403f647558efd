//! The picture of the month: where the papers are from and what kind of studies they are, a dot for each paper.
//!
//! Only numbers come from here; `web/picture.html` draws them, and says the same in a table. A line of dots of one
//! colour is one dashed path, so that the picture stays small however many papers there are.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::text::clean_line;
use crate::model::{Design, Issue, IssueItem, Language};

use super::item_view;
use super::words::{self, Words};

/// Papers from which on a picture says more than a list.
const PAPERS_MIN: usize = 5;

/// Colours for sections; later ones begin again.
const COLOURS: usize = 4;

/// Colour of the compact list.
const COLOUR_OF_MORE: usize = COLOURS + 1;

/// Returns the colour of the section at a place, from 0.
pub fn colour(at: usize) -> usize {
    at % COLOURS + 1
}

/// Dots in a line; the twenty-fifth begins another one.
const DOTS_A_LINE: usize = 24;

/// From the middle of a dot to that of the next one, in units of the picture, which is 300 wide.
const PITCH: usize = 12;

/// From the top of a row to the line its words stand on.
const BASELINE: usize = 15;

/// From the top of a row to the middle of its first dots.
const DOTS: usize = 28;

/// From the middle of a row's last dots to the top of the next row.
const GAP: usize = 16;

/// The picture as its template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PictureView {
    /// What it shows, in words.
    pub sentence: &'static str,
    /// Whether a paper may stand in several rows.
    pub stands_twice: bool,
    /// The working groups that have papers, in the order of the issue.
    pub groups: Vec<GroupKey>,
    /// By region (unless no paper carries one), by kind of study.
    pub charts: Vec<ChartView>,
}

/// A working group and its colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupKey {
    /// Its colour, 1–4, or 5 for the compact list.
    pub colour: usize,
    /// Its name.
    pub name: String,
}

/// One of the two drawings, and its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChartView {
    /// What it goes by: "By region".
    pub title: &'static str,
    /// Heading of the first column of its table: "Region".
    pub column: &'static str,
    /// Its height; it is 300 wide.
    pub height: usize,
    /// Its rows, the longest first; what is not known stands last.
    pub rows: Vec<RowView>,
}

/// One row of a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// What its papers share.
    pub label: String,
    /// How many they are.
    pub n: usize,
    /// Where its words stand.
    pub y: usize,
    /// Its papers by working group, in the order of [`PictureView::groups`].
    pub cells: Vec<usize>,
    /// Its dots.
    pub dots: Vec<DotsView>,
}

/// Neighbouring dots of one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DotsView {
    /// Their colour.
    pub colour: usize,
    /// Middle of the first one, from the left.
    pub x: usize,
    /// Middle of all of them, from the top.
    pub y: usize,
    /// From the middle of the first to that of the last.
    pub length: usize,
}

/// Returns the picture of an issue; `None` when it has too few papers for one.
pub fn picture(issue: &Issue, language: Language) -> Option<PictureView> {
    let w = words::of(language);
    let papers = issue.items().count();
    if papers < PAPERS_MIN {
        return None;
    }
    let groups = groups(issue, w);
    let by_region = rows(issue, &groups, |item| regions(item, w));
    let by_kind = rows(issue, &groups, |item| vec![kind(item, w)]);
    let mut charts = Vec::new();
    // An issue that was stored before items carried their region has none to show.
    let has_regions = issue.items().any(|i| !i.regions.is_empty());
    if has_regions {
        charts.push(chart(w.by_region, w.region, &groups, by_region));
    }
    charts.push(chart(w.by_kind, w.kind_of_study, &groups, by_kind));
    let stands_twice = charts.iter().any(|c| c.rows.iter().map(|r| r.n).sum::<usize>() > papers);
    let sentence = if has_regions { w.picture } else { w.picture_of_kinds };
    Some(PictureView { sentence, stands_twice, groups: groups.into_iter().map(|(_, key)| key).collect(), charts })
}

/// Returns the working groups that have papers, by topic id; what is in no group stands last under an empty id.
fn groups(issue: &Issue, w: &Words) -> Vec<(String, GroupKey)> {
    let is_used = |id: &str| issue.items().any(|i| i.section == id);
    let mut out: Vec<(String, GroupKey)> = issue
        .sections
        .iter()
        .enumerate()
        .filter(|(_, s)| is_used(&s.id))
        .map(|(at, s)| (s.id.clone(), GroupKey { colour: colour(at), name: clean_line(&s.name) }))
        .collect();
    if issue.items().any(|i| !issue.sections.iter().any(|s| s.id == i.section)) {
        out.push((String::new(), GroupKey { colour: COLOUR_OF_MORE, name: w.more.to_owned() }));
    }
    out
}

/// Where a row stands among the others (what is not known last), and its label.
type Label = (usize, &'static str);

/// Returns the rows of a drawing, each with its papers by working group; the longest first, what is not known last.
fn rows(
    issue: &Issue,
    groups: &[(String, GroupKey)],
    labels: impl Fn(&IssueItem) -> Vec<Label>,
) -> Vec<(&'static str, Vec<usize>)> {
    let mut counts: BTreeMap<Label, Vec<usize>> = BTreeMap::new();
    for item in issue.items() {
        let own = groups.iter().position(|(id, _)| *id == item.section).unwrap_or(groups.len().saturating_sub(1));
        for label in labels(item) {
            let row = counts.entry(label).or_insert_with(|| vec![0; groups.len()]);
            row.iter_mut().skip(own).take(1).for_each(|n| *n += 1);
        }
    }
    let mut out: Vec<(Label, Vec<usize>)> = counts.into_iter().collect();
    out.sort_by_key(|((place, _), cells)| (*place == UNKNOWN, std::cmp::Reverse(cells.iter().sum::<usize>()), *place));
    out.into_iter().map(|((_, label), cells)| (label, cells)).collect()
}

/// Place of the row of what is not known.
const UNKNOWN: usize = usize::MAX;

/// Returns a drawing of rows.
fn chart(
    title: &'static str,
    column: &'static str,
    groups: &[(String, GroupKey)],
    rows: Vec<(&'static str, Vec<usize>)>,
) -> ChartView {
    let mut top = 0;
    let mut out = Vec::new();
    for (label, cells) in rows {
        let n: usize = cells.iter().sum();
        let colours = groups.iter().map(|(_, key)| key.colour);
        let dots = dots(top + DOTS, colours.zip(cells.iter().copied()));
        out.push(RowView { label: label.to_owned(), n, y: top + BASELINE, cells, dots });
        top += DOTS + (n.div_ceil(DOTS_A_LINE).saturating_sub(1)) * PITCH + GAP;
    }
    ChartView { title, column, height: top, rows: out }
}

/// Returns the dots of a row whose first line is at `y`, colour by colour, line after line.
fn dots(y: usize, colours: impl Iterator<Item = (usize, usize)>) -> Vec<DotsView> {
    let mut out = Vec::new();
    let mut at = 0;
    for (colour, mut left) in colours {
        while left > 0 {
            let (line, place) = (at / DOTS_A_LINE, at % DOTS_A_LINE);
            let run = left.min(DOTS_A_LINE - place);
            let (x, y) = (PITCH / 2 + place * PITCH, y + line * PITCH);
            out.push(DotsView { colour, x, y, length: (run - 1) * PITCH });
            at += run;
            left -= run;
        }
    }
    out
}

/// Returns the regions of an item.
fn regions(item: &IssueItem, w: &Words) -> Vec<Label> {
    let known = |code: &String| {
        let named = w.regions.iter().enumerate().find(|(_, (known, _))| known == code);
        named.map_or((w.regions.len(), w.other_region), |(at, (_, name))| (at, *name))
    };
    let mut out: Vec<Label> = item.regions.iter().map(known).collect();
    out.sort_unstable();
    out.dedup();
    if !out.is_empty() {
        out
    } else if item_view::countries_of(item, Language::English).is_empty() {
        vec![(UNKNOWN, w.no_country)]
    } else {
        vec![(w.regions.len() + 1, w.many_regions)]
    }
}

/// Returns the kind of study of an item.
fn kind(item: &IssueItem, w: &Words) -> Label {
    let Some(design) = item_view::design_of(item) else { return (UNKNOWN, w.kind_not_stated) };
    let [trials, reviews, surveys, interviews, programmes, other] = w.kinds;
    match design {
        Design::ClusterRct | Design::Rct | Design::QuasiExperimental => (0, trials),
        Design::MetaAnalysis | Design::SystematicReview | Design::ScopingOtherReview | Design::Guideline => {
            (1, reviews)
        }
        Design::Cohort | Design::CaseControl | Design::CrossSectional | Design::Validation | Design::CaseReport => {
            (2, surveys)
        }
        Design::Qualitative | Design::MixedMethods => (3, interviews),
        Design::Economic | Design::ImplementationOther => (4, programmes),
        Design::Protocol | Design::PolicyCommentary | Design::Notice => (5, other),
        Design::Unclear => (UNKNOWN, w.kind_not_stated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::golden;

    #[test]
    fn every_paper_has_a_dot_in_each_drawing() {
        let mut issue = golden::full();
        issue.pick.as_mut().unwrap().regions.push("SAS".into());
        let picture = picture(&issue, Language::English).unwrap();
        assert_eq!(picture.charts.len(), 2);
        for chart in &picture.charts {
            for row in &chart.rows {
                let drawn: usize = row.dots.iter().map(|d| d.length / PITCH + 1).sum();
                assert_eq!((drawn, row.cells.iter().sum::<usize>()), (row.n, row.n), "{}", row.label);
                assert!(row.dots.iter().all(|d| d.x + d.length + PITCH / 2 <= 300 && d.y < chart.height));
            }
        }
        assert_eq!(picture.charts[1].rows.iter().map(|r| r.n).sum::<usize>(), issue.items().count());
        assert!(picture.stands_twice, "the pick is about two regions");
    }

    #[test]
    fn long_rows_go_on_in_another_line() {
        let found = dots(28, [(1, 20), (3, 10)].into_iter());
        let want = [(1, 6, 28, 228), (3, 246, 28, 36), (3, 6, 40, 60)];
        assert_eq!(found.iter().map(|d| (d.colour, d.x, d.y, d.length)).collect::<Vec<_>>(), want);
    }

    #[test]
    fn every_label_fits_its_drawing() {
        for w in Language::ALL.map(words::of) {
            let names = w.regions.iter().map(|(_, name)| *name).chain(w.kinds);
            for label in names.chain([w.other_region, w.many_regions, w.no_country, w.kind_not_stated]) {
                // Words of 14 units are about 6.8 wide a letter; behind them stands a number of two digits.
                assert!(label.chars().count() <= 40, "{label}");
            }
        }
    }

    #[test]
    fn there_is_no_picture_of_little() {
        assert_eq!(picture(&golden::empty(), Language::English), None);
        let mut issue = golden::full();
        for section in &mut issue.sections {
            section.items.truncate(1);
        }
        issue.more.clear();
        assert!(picture(&issue, Language::English).is_some(), "five papers");
        issue.pick = None;
        assert_eq!(picture(&issue, Language::English), None, "four papers");
    }

    #[test]
    fn an_issue_of_old_shows_kinds_only() {
        let mut issue = golden::full();
        issue.pick.as_mut().unwrap().regions.clear();
        for item in issue.sections.iter_mut().flat_map(|s| &mut s.items).chain(&mut issue.more) {
            item.regions.clear();
        }
        let picture = picture(&issue, Language::English).unwrap();
        assert_eq!(picture.charts.iter().map(|c| c.title).collect::<Vec<_>>(), [words::of(Language::English).by_kind]);
        assert_eq!(picture.sentence, words::of(Language::English).picture_of_kinds);
    }
}
