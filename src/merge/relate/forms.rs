//! Forms of one study: preprint, meeting paper, protocol, register entry, newer version.

use std::cmp::Ordering;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::PartialDate;

use super::super::bib::Field;
use super::super::doi;
use super::super::evidence::{Evidence, is_meeting_and_journal};
use super::super::likeness::Likeness;
use super::super::names;
use super::super::prepared::{Kind, Prepared};
use super::{Relator, WORDS_MIN};

/// Fewest meaningful words of a title that can link two forms without authors.
const WORDS_WITHOUT_AUTHORS_MIN: usize = 8;

/// Share of title words from which forms with abstracts that agree can be one study: titles change
/// under review (`Pre2Pub`, J Med Internet Res 2022;24:e34072, asks the abstract as well).
const SHARE_WITH_ABSTRACT_MIN: f32 = 0.6;

/// Share of title words that is enough where an abstract is missing: one word in a title of seven.
/// Sister papers of one group share three quarters.
const SHARE_ALONE_MIN: f32 = 0.85;

/// Years between an earlier form and the article at most.
const FORM_YEARS_MAX: i16 = 3;

/// Years between a protocol and the results at most: trials run long.
const PROTOCOL_YEARS_MAX: i16 = 8;

/// Days by which a preprint may be dated behind its article: feeds give the day of its newest version.
const LATE_DAYS_MAX: i64 = 45;

/// Tells whether a preprint became an article: like titles, shared authors, and the preprint is not
/// the later one.
pub(super) fn is_preprint_of(e: &Evidence, preprint: &Relator<'_>, article: &Relator<'_>) -> bool {
    let (p, a) = (&preprint.prepared, &article.prepared);
    let in_order = match (preprint.record.published, article.record.published) {
        (Some(first), Some(then)) => first.first_day() <= last_day(then).saturating_add(LATE_DAYS_MAX.days()),
        _ => true,
    };
    is_earlier_form(e, p, a) && in_order
}

/// Tells whether a paper read at a meeting was then printed in a journal.
pub(super) fn is_meeting_paper_of(e: &Evidence, meeting: &Relator<'_>, article: &Relator<'_>) -> bool {
    let (m, a) = (&meeting.prepared, &article.prepared);
    let is_elsewhere = is_meeting_and_journal(m, a) || (e.pages == Field::Conflict && !e.is_one_place());
    is_elsewhere && e.authors != Field::Unknown && is_earlier_form(e, m, a)
}

/// Tells whether the first is an earlier form of the second: one study by title, authors and years.
fn is_earlier_form(e: &Evidence, earlier: &Prepared, later: &Prepared) -> bool {
    let words = earlier.title.content.len().min(later.title.content.len());
    let is_sound = e.title.numbers_agree && !e.title.is_flipped && !earlier.title.is_generic && words >= WORDS_MIN;
    let by_title = match e.authors {
        Field::Agree => e.has_one_title() || is_changed_title(e, earlier, later),
        Field::Close => e.has_one_title(),
        Field::Unknown => e.has_one_title() && words >= WORDS_WITHOUT_AUTHORS_MIN,
        Field::Conflict => false,
    };
    is_sound && by_title && in_years(earlier, later, FORM_YEARS_MAX)
}

/// Tells whether a title was changed under review: a subtitle came or went, or some words, by the
/// same leading authors, and the abstract does not speak against it.
fn is_changed_title(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    match e.title.likeness {
        Likeness::Part => e.summary != Field::Conflict,
        Likeness::Alike if are_same_people(a, b) => match e.summary {
            Field::Agree => e.title.share >= SHARE_WITH_ABSTRACT_MIN,
            Field::Unknown => e.title.share >= SHARE_ALONE_MIN,
            _ => false,
        },
        _ => false,
    }
}

/// Tells whether the leading people are the same: the first three in order, or the first and the
/// last.
fn are_same_people(a: &Prepared, b: &Prepared) -> bool {
    let both = |x: Option<&names::Name>, y: Option<&names::Name>| x.zip(y).is_some_and(|(x, y)| names::is_same(x, y));
    let first = both(a.authors.first(), b.authors.first());
    let last = both(a.authors.last(), b.authors.last());
    let leading = (0..3).all(|n| match (a.authors.get(n), b.authors.get(n)) {
        (None, None) => true,
        pair => both(pair.0, pair.1),
    });
    first && (last || leading)
}

/// Tells whether the earlier one is not the later one by its years, and at most so many years older.
fn in_years(earlier: &Prepared, later: &Prepared, years_max: i16) -> bool {
    let ends = |p: &Prepared| p.years.iter().min().copied().zip(p.years.iter().max().copied());
    match (ends(earlier), ends(later)) {
        (Some((from, _)), Some((first, last))) => from <= last && first - from <= years_max,
        _ => true,
    }
}

/// Returns the last day that a date can mean.
fn last_day(date: PartialDate) -> Date {
    let first = date.first_day();
    match date.precision() {
        3 => first,
        2 => first.last_of_month(),
        _ => first.last_of_year(),
    }
}

/// Tells whether the DOI of the first names a newer version of the text that the second's names.
pub(super) fn is_newer_version(e: &Evidence, newer: &Prepared, older: &Prepared) -> bool {
    let which = newer.doi.as_ref().zip(older.doi.as_ref()).and_then(|(x, y)| doi::versions(x, y));
    let is_notice = |p: &Prepared| matches!(p.kind, Kind::Notice(_));
    which == Some(Ordering::Greater) && e.authors != Field::Conflict && is_notice(newer) == is_notice(older)
}

/// Words of a title that announce a plan; they are left out when plan and results are compared.
const PLAN_WORDS: [&str; 7] = ["protocol", "protocols", "study", "trial", "design", "rationale", "plan"];

/// Tells whether the first is the published plan of the study that the second reports.
pub(super) fn is_protocol_of(e: &Evidence, plan: &Relator<'_>, results: &Relator<'_>) -> bool {
    let (p, r) = (&plan.prepared, &results.prepared);
    let is_paper = |x: &Prepared| matches!(x.kind, Kind::Paper | Kind::Preprint);
    if !is_plan(plan) || is_plan(results) || !is_paper(p) || !is_paper(r) || !e.title.numbers_agree {
        return false;
    }
    let core = |x: &Prepared| -> Vec<String> {
        x.title.words.iter().filter(|w| w.len() > 3 && !PLAN_WORDS.contains(&w.as_str())).cloned().collect()
    };
    let (core_p, core_r) = (core(p), core(r));
    let missing = |x: &[String], y: &[String]| x.iter().filter(|w| !y.contains(w)).count();
    // One may say more ("in three districts"), but what it shares with the other must be whole.
    let is_same_core = missing(&core_p, &core_r) == 0 || missing(&core_r, &core_p) == 0;
    let is_long = core_p.len().min(core_r.len()) >= WORDS_MIN;
    is_same_core && is_long && e.authors == Field::Agree && in_years(p, r, PROTOCOL_YEARS_MAX)
}

/// Tells whether a record is a study's plan, by its type or title.
fn is_plan(side: &Relator<'_>) -> bool {
    let by_type = side.record.types.iter().any(|t| t.to_lowercase().ends_with("protocol"));
    by_type || side.prepared.title.words.iter().any(|w| w == "protocol" || w == "protocols")
}
