//! Notices about papers: corrections, retractions, concerns, comments.

use super::super::bib::Field;
use super::super::evidence::{Evidence, YearGap};
use super::super::kinds::Notice;
use super::super::likeness::Likeness;
use super::super::prepared::Prepared;
use super::super::title::Title;
use super::WORDS_MIN;

/// Words of names and marks between "on" and the title of a paper.
const NAMES_BETWEEN_MAX: usize = 5;

/// Returns the kind of link that a notice bears. A reply is to PubMed a comment as well.
pub(super) fn kind_of(notice: Notice) -> &'static str {
    match notice {
        Notice::Erratum => "erratum-for",
        Notice::Retraction => "retraction-of",
        Notice::Concern => "expression-of-concern-for",
        Notice::Comment | Notice::Reply => "comment-on",
        Notice::Republished => "corrected-and-republished-from",
    }
}

/// Tells whether a notice is about a paper: it repeats its title, in the same journal, and is not
/// older. What the other title has beside must not make another notice of it: an erratum is not
/// about the commentary on its paper, and a comment not about its sister ("Reflections on …").
pub(super) fn is_about(e: &Evidence, notice: &Prepared, paper: &Prepared) -> bool {
    let words = notice.title.content.len().min(paper.title.content.len());
    let is_part = e.title.likeness == Likeness::Part && !e.title.is_flipped && !leads_to(&paper.title, &notice.title);
    let repeats = (e.has_one_title() || is_part) && words >= WORDS_MIN;
    let in_time = match (notice.years.first(), paper.years.first()) {
        (Some(n), Some(p)) => n >= p,
        _ => e.year != YearGap::Far,
    };
    repeats && e.title.numbers_agree && e.journal != Field::Conflict && in_time
}

/// Words that lead from a writing to what it is about.
const LEADING_WORDS: &[&str] = &["about", "at", "concerning", "for", "of", "on", "regarding", "sobre", "sur", "to"];

/// Tells whether a title ends with another one and leads to it: "Reflections on …", "A second look at
/// …", with names between or not ("… on Example and Sample's …").
fn leads_to(title: &Title, named: &Title) -> bool {
    let Some(before) = title.words.strip_suffix(named.words.as_slice()) else { return false };
    before.iter().rev().take(NAMES_BETWEEN_MAX + 1).any(|w| LEADING_WORDS.contains(&w.as_str()))
}
