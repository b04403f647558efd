//! What two records say about being one study, field by field. No judgement yet.

use crate::model::Doi;

use super::bib::{Field, Pages};
use super::doi::versions;
use super::likeness::{Likeness, TitleLink};
use super::names;
use super::prepared::{Kind, Prepared};

/// How far apart the years of two records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum YearGap {
    /// One year in common.
    Same,
    /// One year apart: ahead of print and final, or two databases' habits.
    Near,
    /// One side says no year.
    Unknown,
    /// Two years or more.
    Far,
}

/// Every field of two records compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    pub title: TitleLink,
    pub authors: Field,
    pub journal: Field,
    pub volume: Field,
    pub number: Field,
    pub pages: Field,
    /// Whether both stand on the same pages from first to last.
    pub is_same_range: bool,
    pub year: YearGap,
    pub doi: Field,
    pub pmid: Field,
    pub pmcid: Field,
    pub summary: Field,
}

impl Evidence {
    /// Gathers all of it; symmetric.
    pub fn of(a: &Prepared, b: &Prepared, title: TitleLink) -> Self {
        Self {
            title,
            authors: names::agree(&a.authors, &b.authors),
            journal: journal(a, b),
            volume: Field::of(a.volume.as_ref(), b.volume.as_ref()),
            number: Field::of(a.number.as_ref(), b.number.as_ref()),
            pages: a.pages.agree(&b.pages),
            is_same_range: a.pages.is_same_range(&b.pages),
            year: year_gap(&a.years, &b.years),
            doi: doi(a.doi.as_ref(), b.doi.as_ref()),
            pmid: Field::of(a.pmid.as_ref(), b.pmid.as_ref()),
            pmcid: Field::of(a.pmcid.as_ref(), b.pmcid.as_ref()),
            summary: summary(&a.summary, &b.summary),
        }
    }

    /// Tells whether both stand at one place: volume and first page agree and the journal can be
    /// one; or, where a volume is missing, the journal and all pages agree.
    pub fn is_one_place(&self) -> bool {
        let by_volume = self.volume == Field::Agree && self.pages == Field::Agree && self.journal != Field::Conflict;
        by_volume || (self.volume == Field::Unknown && self.is_same_range && self.is_one_journal())
    }

    /// Tells whether volume and first page agree, whatever the journals are called.
    pub fn has_one_locator(&self) -> bool {
        self.volume == Field::Agree && self.pages == Field::Agree
    }

    /// Tells whether the journals are known and can be one.
    pub fn is_one_journal(&self) -> bool {
        matches!(self.journal, Field::Agree | Field::Close)
    }

    /// Tells whether an outside register gives both one name.
    pub fn has_one_name(&self) -> bool {
        self.doi == Field::Agree || self.pmcid == Field::Agree
    }

    /// Tells whether the titles are one title, at most spelled in two ways.
    pub fn has_one_title(&self) -> bool {
        self.title.likeness <= Likeness::Near
    }
}

/// Returns how titles agree, also by the title in the paper's own language.
pub(super) fn title_link(a: &Prepared, b: &Prepared) -> TitleLink {
    let mut best = TitleLink::of(&a.title, &b.title);
    let own = [
        (a.vernacular.as_ref(), Some(&b.title)),
        (Some(&a.title), b.vernacular.as_ref()),
        (a.vernacular.as_ref(), b.vernacular.as_ref()),
    ];
    for pair in own {
        if let (Some(x), Some(y)) = pair {
            let link = TitleLink::of(x, y);
            if link.likeness < best.likeness {
                best = link;
            }
        }
    }
    best
}

/// Returns how the journals agree, by ISSN first.
fn journal(a: &Prepared, b: &Prepared) -> Field {
    if a.issn.iter().any(|x| b.issn.contains(x)) { Field::Agree } else { a.journal.agree(&b.journal) }
}

/// Returns how the DOIs agree: two versions of one text nearly do.
fn doi(a: Option<&Doi>, b: Option<&Doi>) -> Field {
    match Field::of(a, b) {
        Field::Conflict if a.zip(b).is_some_and(|(x, y)| versions(x, y).is_some()) => Field::Close,
        other => other,
    }
}

/// Returns the smallest distance between any two years.
fn year_gap(a: &[i16], b: &[i16]) -> YearGap {
    match a.iter().flat_map(|x| b.iter().map(move |y| x.abs_diff(*y))).min() {
        None => YearGap::Unknown,
        Some(0) => YearGap::Same,
        Some(1) => YearGap::Near,
        Some(_) => YearGap::Far,
    }
}

/// Fewest words of an abstract that say anything.
const SUMMARY_WORDS_MIN: usize = 15;

/// Returns how the beginnings of two abstracts agree, by the share of the shorter one's words that
/// the other has: from seven in ten they are one abstract, up to one in five they are two.
fn summary(a: &[u32], b: &[u32]) -> Field {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if few.len() < SUMMARY_WORDS_MIN {
        return Field::Unknown;
    }
    let common = few.iter().filter(|w| many.binary_search(w).is_ok()).count();
    if common * 10 >= few.len() * 7 {
        Field::Agree
    } else if common * 5 <= few.len() {
        Field::Conflict
    } else {
        Field::Unknown
    }
}

/// Tells whether one is a paper read at a meeting and the other one in a journal.
pub(super) fn is_meeting_and_journal(a: &Prepared, b: &Prepared) -> bool {
    let mixed = matches!((a.kind, b.kind), (Kind::Meeting, Kind::Paper) | (Kind::Paper, Kind::Meeting));
    mixed && matches!(a.journal.agree(&b.journal), Field::Conflict)
}

/// Tells whether the first may be news about the second: it is a page of another site, and only one
/// of the two can be the paper. A journal's own pages are entries of its feed, not news.
pub(super) fn can_report(news: &Prepared, paper: &Prepared) -> bool {
    let one_way = |x: &Prepared, y: &Prepared| {
        let kinds =
            matches!((x.kind, y.kind), (Kind::News | Kind::Paper, Kind::Paper | Kind::Preprint | Kind::Meeting));
        x.is_news && y.is_paper && kinds
    };
    let is_elsewhere = !matches!(journal(news, paper), Field::Agree | Field::Close);
    is_elsewhere && one_way(news, paper) && !one_way(paper, news)
}

/// Tells whether a record has no place (no volume, no pages), as feed items and bare lists have none.
pub(super) fn is_thin(r: &Prepared) -> bool {
    r.volume.is_none() && r.pages == Pages::Unknown
}
