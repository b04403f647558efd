//! Notices about papers: corrections, retractions, concerns, comments.

use super::super::bib::Field;
use super::super::evidence::{Evidence, YearGap};
use super::super::kinds::Notice;
use super::super::likeness::Likeness;
use super::super::prepared::Prepared;
use super::WORDS_MIN;

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
/// about the commentary on its paper.
pub(super) fn is_about(e: &Evidence, notice: &Prepared, paper: &Prepared) -> bool {
    let words = notice.title.content.len().min(paper.title.content.len());
    let is_part = e.title.likeness == Likeness::Part && !e.title.is_flipped;
    let repeats = (e.has_one_title() || is_part) && words >= WORDS_MIN;
    let in_time = match (notice.years.first(), paper.years.first()) {
        (Some(n), Some(p)) => n >= p,
        _ => e.year != YearGap::Far,
    };
    repeats && e.title.numbers_agree && e.journal != Field::Conflict && in_time
}
