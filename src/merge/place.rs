//! Rules for two records whose titles differ: a subtitle left out, a translation, two short pieces on
//! one page.

use super::bib::Field;
use super::evidence::{Evidence, YearGap, is_thin};
use super::judged::{Judged, WORDS_ALONE_MIN, WORDS_UNSUPPORTED_MIN, WORDS_WITH_AUTHORS_MIN};
use super::likeness::Likeness;
use super::prepared::Prepared;

/// Share of title words from which two titles by the same authors are worth a person's look.
const SHARE_NEARLY_MIN: f32 = 0.85;

/// Another title, but the same authors at the same place: a subtitle left out, a translation.
pub(super) fn by_place(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    let one_year = e.year != YearGap::Far;
    let one_place = e.is_one_place() && e.authors == Field::Agree && one_year;
    if one_place && is_another_piece(e) {
        return Some(Judged::different("other titles, and the DOI, the issue or the abstract says that they are two"));
    }
    match e.title.likeness {
        Likeness::Part if has_one_page(e) && e.authors == Field::Agree && one_year => {
            Some(Judged::same(72, "one title is a part of the other, by the same authors on the same page"))
        }
        Likeness::Part if is_one_volume(e) && matches!(e.pages, Field::Agree | Field::Close) => {
            Some(Judged::same(68, "one title is a part of the other, by the same authors in the same volume"))
        }
        Likeness::Part | Likeness::Alike if one_place => {
            Some(Judged::same(70, "similar titles by the same authors, in the same place"))
        }
        Likeness::Part | Likeness::Alike
            if is_one_volume(e) && e.summary == Field::Agree && e.pages != Field::Conflict =>
        {
            Some(Judged::same(66, "similar titles by the same authors in the same volume, with the same abstract"))
        }
        Likeness::Part | Likeness::Alike if e.is_same_range && e.is_one_place() && e.authors == Field::Unknown => {
            Some(Judged::same(64, "similar titles on the same pages of the same volume"))
        }
        Likeness::Part if is_longer_title(e, a, b) => Some(Judged::same(
            63,
            "one title is the other with a subtitle, by the same authors in the same journal and year",
        )),
        Likeness::Part if is_longer_title_of_a_feed(e, a, b) => Some(Judged::same(
            55,
            "one long title is the other with a subtitle, in the same journal and year; one side names no authors",
        )),
        Likeness::Alike if is_one_abstract(e, a, b) => {
            Some(Judged::same(57, "nearly the same title and the same abstract, in the same journal and year"))
        }
        Likeness::Part if e.authors == Field::Agree && !is_elsewhere(e) => {
            Some(Judged::maybe("one title is a part of the other, by the same authors"))
        }
        Likeness::Alike if is_nearly_one(e, a, b) => {
            Some(Judged::maybe("nearly the same title by the same authors, in the same journal and year"))
        }
        Likeness::Apart | Likeness::Missing if one_place && e.is_one_journal() => Some(by_place_alone(e, a, b)),
        _ => None,
    }
}

/// Tells whether two of DOI, place in a volume and pages say that two papers stand in two places.
fn is_elsewhere(e: &Evidence) -> bool {
    let other_issue = e.volume == Field::Conflict || e.number == Field::Conflict;
    [e.doi == Field::Conflict, other_issue, e.pages == Field::Conflict].iter().filter(|c| **c).count() >= 2
}

/// Tells whether two pieces by one hand that begin on one page are two: their titles are not alike
/// and their DOIs differ, or two of DOI, issue and abstract do. Journals that count pages anew in each
/// issue have a page 5 in all of them, and news pages have ten pieces.
fn is_another_piece(e: &Evidence) -> bool {
    let against = [e.doi, e.number, e.summary].iter().filter(|f| **f == Field::Conflict).count();
    match e.title.likeness {
        Likeness::Apart => e.doi == Field::Conflict || against >= 2,
        Likeness::Alike => against >= 2,
        _ => false,
    }
}

/// Tells whether all but a word or two of long titles agree, and the abstract does, and nothing known
/// beside it contradicts: an export that wrote out a sign, a title changed in proof.
fn is_one_abstract(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let words = a.title.content.len().min(b.title.content.len());
    let is_long = words >= WORDS_ALONE_MIN && e.title.share >= SHARE_NEARLY_MIN && !e.title.is_flipped;
    let one_origin = e.summary == Field::Agree && e.journal == Field::Agree && e.year == YearGap::Same;
    let free = [e.volume, e.number, e.pages, e.doi, e.authors].iter().all(|f| *f != Field::Conflict);
    is_long && one_origin && free
}

/// Tells whether all but a word or two of long titles agree, and all that is known beside them. Papers
/// about two places by one group look like this too: it is never enough to merge.
fn is_nearly_one(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let words = a.title.content.len().min(b.title.content.len());
    let one_origin = e.authors == Field::Agree && e.is_one_journal() && e.year == YearGap::Same;
    let free = [e.volume, e.pages, e.doi].iter().all(|f| *f != Field::Conflict);
    words >= WORDS_ALONE_MIN && e.title.share >= SHARE_NEARLY_MIN && !e.title.is_flipped && one_origin && free
}

/// Tells whether both stand on one page: by volume, or by all pages of one year.
fn has_one_page(e: &Evidence) -> bool {
    e.has_one_locator() || (e.is_same_range && e.volume != Field::Conflict && e.year == YearGap::Same)
}

/// Tells whether one title has a subtitle or a kicker that the other leaves out, and all that is
/// known beside it agrees.
fn is_longer_title(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let words = a.title.content.len().min(b.title.content.len());
    let known = (e.title.is_at_break && words >= WORDS_WITH_AUTHORS_MIN) || words >= WORDS_UNSUPPORTED_MIN;
    let one_origin = e.authors == Field::Agree && e.is_one_journal() && e.year == YearGap::Same;
    let free = [e.volume, e.pages, e.doi].iter().all(|f| *f != Field::Conflict);
    known && one_origin && free && !a.title.is_serial && !b.title.is_serial
}

/// Tells whether one title has a subtitle that a feed item without authors and place leaves out, and
/// all that is known beside it agrees.
fn is_longer_title_of_a_feed(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let words = a.title.content.len().min(b.title.content.len());
    let words_min = if e.summary == Field::Agree { WORDS_WITH_AUTHORS_MIN } else { WORDS_ALONE_MIN };
    let is_known = e.title.is_at_break && words >= words_min && e.authors == Field::Unknown;
    let one_origin = e.journal == Field::Agree && e.year == YearGap::Same && (is_thin(a) || is_thin(b));
    let is_whole = !a.title.is_cut && !b.title.is_cut && !a.title.is_serial && !b.title.is_serial;
    is_known && one_origin && is_whole && e.doi != Field::Conflict
}

/// Tells whether both are by the same authors, in one volume of one journal.
fn is_one_volume(e: &Evidence) -> bool {
    e.is_one_journal() && e.volume == Field::Agree && e.authors == Field::Agree && e.year == YearGap::Same
}

/// Two titles that share little, by the same authors at one place: a translation when one is not
/// English; two short pieces on one page otherwise.
fn by_place_alone(e: &Evidence, a: &Prepared, b: &Prepared) -> Judged {
    let contradicts = e.doi == Field::Conflict || e.number == Field::Conflict;
    let is_translation = !(a.title.is_english && b.title.is_english);
    if e.number == Field::Conflict && !is_translation && e.summary != Field::Agree {
        return Judged::different("other titles in two issues");
    }
    if e.is_same_range && !contradicts && e.title.likeness == Likeness::Missing {
        Judged::same(64, "the same authors on the same pages of the same volume; one side has no title")
    } else if e.is_same_range && !contradicts && is_translation && !is_one_of_many(a, b) {
        Judged::same(65, "the same authors on the same pages, with the title in another language")
    } else {
        Judged::maybe("the same authors in the same place, but other titles")
    }
}

/// Tells whether one side has one author and the other a list: one name on one page can be chance.
fn is_one_of_many(a: &Prepared, b: &Prepared) -> bool {
    (a.authors.len() == 1) != (b.authors.len() == 1)
}
