//! The rules that turn evidence into a verdict. Order matters: the first that speaks decides.
//!
//! A lost paper is worse than a double, so missing evidence never makes two records one, and what
//! contradicts stands against everything but one name in one register.

use std::cmp::Ordering;

use super::bib::{Field, Pages};
use super::doi::versions;
use super::evidence::{Evidence, YearGap, can_report, is_meeting_and_journal, is_thin, title_link};
use super::judged::{WORDS_ALONE_MIN, WORDS_UNSUPPORTED_MIN, WORDS_WITH_AUTHORS_MIN};
use super::kinds::Notice;
use super::likeness::{Likeness, TitleLink};
use super::place::by_place;
use super::prepared::{Kind, Prepared};

pub(super) use super::judged::Judged;

/// Fewest meaningful words of a title that can stand for a paper beside a journal.
const WORDS_WITH_JOURNAL_MIN: usize = 4;

/// Fewest meaningful words of a title that can stand for a paper in lists that say neither volume nor
/// page: one word ("Standards") is mostly a column.
const WORDS_BARE_MIN: usize = 2;

/// Share of title words that is enough beside one DOI where no authors are known.
const SHARE_WITH_DOI_MIN: f32 = 0.75;

/// Returns the verdict on two records. Symmetric; allocates nothing for pairs that share little.
pub(super) fn judge(a: &Prepared, b: &Prepared) -> Judged {
    if Field::of(a.pmid.as_ref(), b.pmid.as_ref()) == Field::Conflict {
        return Judged::veto("PubMed has them under two numbers");
    }
    let title = title_link(a, b);
    if is_hopeless(a, b, &title) {
        let judged = Judged::different("the titles share little, and nothing else speaks for one study");
        // What is linked at most must not come together through a third record without a title.
        return Judged { is_veto: linked_kinds(a, b).is_some(), ..judged };
    }
    let evidence = Evidence::of(a, b, title);
    let judged = by_register(&evidence, a, b)
        .or_else(|| by_kind(&evidence, a, b))
        .or_else(|| by_contradiction(&evidence, a, b))
        .or_else(|| by_column(&evidence, a, b))
        .or_else(|| by_notice(&evidence, a, b))
        .or_else(|| by_title(&evidence, a, b))
        .or_else(|| by_place(&evidence, a, b))
        .unwrap_or_else(|| Judged::different("the titles differ, and nothing else outweighs it"));
    Judged { evidence: Some(evidence), ..judged }
}

/// Tells at a glance that two records have nothing to do with each other.
fn is_hopeless(a: &Prepared, b: &Prepared, title: &TitleLink) -> bool {
    let no_title = matches!(title.likeness, Likeness::Apart | Likeness::Missing);
    let no_name = a.pmid.is_none_or(|p| b.pmid != Some(p))
        && a.doi.as_ref().is_none_or(|d| b.doi.as_ref() != Some(d))
        && a.pmcid.as_ref().is_none_or(|p| b.pmcid.as_ref() != Some(p));
    let other_volume = Field::of(a.volume.as_ref(), b.volume.as_ref()) == Field::Conflict;
    let no_place = a.pages.start().is_none() || a.pages.start() != b.pages.start() || other_volume;
    no_title && no_name && no_place
}

/// One number or DOI for both: one study, unless their titles contradict.
fn by_register(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    let is_notice_and_paper = matches!(a.kind, Kind::Notice(_)) != matches!(b.kind, Kind::Notice(_));
    if e.pmid == Field::Agree {
        // A feed can put any number on any item: with another title something else must agree.
        let is_backed = e.authors == Field::Agree || (e.volume == Field::Agree && e.pages == Field::Agree);
        return Some(if e.title.likeness == Likeness::Apart && !is_backed {
            reported(a, b).unwrap_or(Judged::maybe("the same PubMed number, but other titles, and nothing else agrees"))
        } else {
            Judged::same(100, "the same PubMed number")
        });
    }
    if !e.has_one_name() {
        return None;
    }
    if is_notice_and_paper {
        return Some(Judged::veto("the same DOI, but one is a notice about the other: linked, not merged"));
    }
    if is_news_about(e, a, b) {
        return Some(Judged::veto("one is news about the other: linked, not merged"));
    }
    let contradicts = e.volume == Field::Conflict && e.pages == Field::Conflict;
    let title_fits = match e.title.likeness {
        Likeness::Missing => true,
        Likeness::Same | Likeness::Near | Likeness::Part => {
            (!e.title.is_flipped && e.title.numbers_agree) || e.authors == Field::Agree
        }
        Likeness::Alike | Likeness::Apart => {
            let by_authors = e.title.likeness == Likeness::Alike || e.pages == Field::Agree;
            (e.authors == Field::Agree && by_authors)
                || (e.authors == Field::Unknown && e.title.share >= SHARE_WITH_DOI_MIN && e.title.numbers_agree)
        }
    };
    let is_column = (a.title.is_generic || b.title.is_generic) && e.authors == Field::Conflict;
    Some(if title_fits && !contradicts && !is_column {
        Judged::same(95, "the same DOI, and the titles agree")
    } else {
        reported(a, b).unwrap_or(Judged::maybe(
            "the same DOI under two titles or in two places: perhaps that of a whole issue or book",
        ))
    })
}

/// News that carries the name of the paper it reports on.
fn reported(a: &Prepared, b: &Prepared) -> Option<Judged> {
    (can_report(a, b) || can_report(b, a)).then(|| Judged::veto("one is news about the other: linked, not merged"))
}

/// Tells whether one is news that carries the other's DOI: what a journal itself calls news in its
/// own pages is a piece of that journal.
fn is_news_about(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    (a.kind == Kind::News) != (b.kind == Kind::News) && !e.is_one_journal() && !e.is_one_place()
}

/// Things that are linked, never merged: preprint and article, notice and paper, meeting and journal.
fn by_kind(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    if let Some(why) = linked_kinds(a, b) {
        return Some(Judged::veto(why));
    }
    let is_news = (a.kind == Kind::News) != (b.kind == Kind::News);
    if is_news && !e.is_one_place() {
        return Some(Judged::different("one is news, not a paper"));
    }
    (is_meeting_and_journal(a, b) && !e.has_one_locator())
        .then(|| Judged::veto("one was read at a meeting, the other stands in a journal"))
}

/// Tells why two records of other kinds are linked at most, if they are.
fn linked_kinds(a: &Prepared, b: &Prepared) -> Option<&'static str> {
    let either = |is: fn(Kind) -> bool| a.kind != b.kind && (is(a.kind) || is(b.kind));
    if either(|k| matches!(k, Kind::Notice(_))) {
        Some("one is a notice about another paper: linked, not merged")
    } else if either(|k| k == Kind::Preprint) {
        Some("one is a preprint: linked, not merged")
    } else if a.is_typed_preprint != b.is_typed_preprint && matches!(a.kind, Kind::Notice(_)) {
        Some("one notice is about a preprint, the other is not")
    } else {
        None
    }
}

/// What speaks against one study whatever the titles share.
fn by_contradiction(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    let sure_place = e.is_one_place() && e.authors == Field::Agree;
    let one_title = e.title.likeness <= Likeness::Part;
    let is_footnote = sure_place && one_title && (a.title.numbers.is_empty() || b.title.numbers.is_empty());
    if !e.title.numbers_agree && e.title.likeness <= Likeness::Alike && !is_footnote {
        return Some(Judged::veto("the numbers in the titles differ"));
    }
    if e.title.is_flipped && !sure_place && one_title {
        return Some(Judged::veto(
            "one title has a word that makes it another paper, such as protocol, reply, women or men",
        ));
    }
    let is_meeting = a.kind == Kind::Meeting || b.kind == Kind::Meeting;
    if e.year == YearGap::Near && is_meeting && !sure_place && !is_late_proceedings(e, a, b) {
        return Some(Judged::veto("they were read at meetings of two years"));
    }
    if e.year != YearGap::Same && are_versions(a, b) {
        return Some(Judged::veto("two versions of one text, from two years: linked, not merged"));
    }
    if e.year == YearGap::Far && !(sure_place && e.has_one_title()) {
        return Some(Judged::veto("the years are two or more apart"));
    }
    let is_reprint = e.has_one_title() && e.summary == Field::Agree && e.authors == Field::Agree;
    if e.volume == Field::Conflict && e.pages == Field::Conflict && !is_reprint {
        return Some(Judged::veto("another volume and other pages"));
    }
    None
}

/// Tells whether the DOIs name two versions of one text (`.pub2`, `/v2`).
fn are_versions(a: &Prepared, b: &Prepared) -> bool {
    let order = a.doi.as_ref().zip(b.doi.as_ref()).and_then(|(x, y)| versions(x, y));
    order.is_some_and(Ordering::is_ne)
}

/// Tells whether two years can be those of a meeting and of its proceedings: one long title by the
/// same authors at one meeting, and no column that comes back.
fn is_late_proceedings(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let is_serial = a.title.is_serial || b.title.is_serial;
    let words = a.title.content.len().min(b.title.content.len());
    let known = (words >= WORDS_ALONE_MIN && e.authors == Field::Agree)
        || (words >= WORDS_UNSUPPORTED_MIN && e.authors == Field::Unknown);
    e.has_one_title() && known && !is_serial && e.is_one_journal() && e.doi != Field::Conflict
}

/// Columns ("Editorial"): the place or the authors and the issue must agree as well.
fn by_column(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    if !(a.title.is_generic || b.title.is_generic) || e.title.likeness > Likeness::Part {
        return None;
    }
    let one_issue = e.is_one_journal() && e.volume == Field::Agree && e.number == Field::Agree;
    // Journals that count pages anew in each issue have a column on page 5 in all of them.
    let one_page = e.is_one_place() && e.number != Field::Conflict && e.year != YearGap::Near;
    let by_place = one_page && e.is_one_journal() && e.authors != Field::Conflict && e.has_one_title();
    let by_authors = one_issue && e.authors == Field::Agree && e.pages != Field::Conflict && e.has_one_title();
    Some(if by_place && e.doi != Field::Conflict {
        Judged::same(80, "a regular column, but in the same journal and volume, on the same page")
    } else if by_authors && e.doi != Field::Conflict {
        Judged::same(75, "a regular column, but in the same issue of the same journal, by the same authors")
    } else {
        Judged::different("the title is that of a regular column, which every issue has")
    })
}

/// Two notices about one paper: a paper is taken back once, but can be corrected and answered more
/// than once.
fn by_notice(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    let (Kind::Notice(notice), Kind::Notice(_)) = (a.kind, b.kind) else { return None };
    if !e.has_one_title() {
        return (e.title.likeness <= Likeness::Part)
            .then(|| Judged::different("two notices about papers with other titles"));
    }
    let contradicts = [e.volume, e.pages, e.doi, e.authors].contains(&Field::Conflict);
    let words = a.title.content.len().min(b.title.content.len());
    let one_origin = e.is_one_journal() && e.year == YearGap::Same && words >= WORDS_WITH_JOURNAL_MIN;
    if [e.authors, e.pages, e.doi].iter().filter(|f| **f == Field::Conflict).count() >= 2 {
        return Some(Judged::different(
            "two notices about the same paper: by other authors, on other pages or under another DOI",
        ));
    }
    let is_once = matches!(notice, Notice::Retraction | Notice::Concern | Notice::Republished);
    Some(if e.is_one_place() && !contradicts {
        Judged::same(80, "the same notice: title, volume and first page agree")
    } else if !contradicts && one_origin && (is_once || e.authors == Field::Agree) {
        Judged::same(75, "two records of a notice about the same paper, in the same journal and year")
    } else {
        Judged::maybe("two notices about the same paper, or the same notice twice")
    })
}

/// One title, at most spelled in two ways, and the place or what contradicts it.
fn by_title(e: &Evidence, a: &Prepared, b: &Prepared) -> Option<Judged> {
    if !e.has_one_title() {
        return None;
    }
    if e.is_one_place() && e.authors != Field::Conflict {
        return Some(Judged::same(92, "the same title, volume and first page"));
    }
    if e.authors == Field::Conflict {
        return Some(Judged::maybe("the same title, but other authors"));
    }
    let contradicts = e.volume == Field::Conflict && (e.doi == Field::Conflict || e.year != YearGap::Same);
    if e.pages == Field::Agree && e.authors == Field::Agree && !contradicts {
        return Some(Judged::same(88, "the same title, authors and first page"));
    }
    if is_misprint(e, a, b) {
        return Some(Judged::same(62, "the same long title, authors and volume; only the pages differ"));
    }
    if e.summary == Field::Agree && e.authors == Field::Agree && e.journal == Field::Agree && is_as_long(a, b) {
        return Some(Judged::same(61, "the same title, authors, journal and abstract, and as many pages"));
    }
    if e.volume == Field::Conflict && (a.title.is_serial || b.title.is_serial) {
        return Some(Judged::different("the title is one that comes back, and it stands in two volumes"));
    }
    if e.pages == Field::Conflict || e.volume == Field::Conflict {
        return Some(Judged::maybe("the same title, but another volume or other pages"));
    }
    if e.doi == Field::Conflict && e.pages != Field::Close {
        return Some(Judged::maybe("the same title, but two DOIs"));
    }
    if (a.title.is_serial || b.title.is_serial) && e.year != YearGap::Same {
        return Some(Judged::maybe("the title is one that comes back every year"));
    }
    Some(by_company(e, a, b))
}

/// One title and nothing against it: its authors and journal decide.
fn by_company(e: &Evidence, a: &Prepared, b: &Prepared) -> Judged {
    let words = a.title.content.len().min(b.title.content.len());
    let known_author = matches!(e.authors, Field::Agree | Field::Close);
    let one_year = e.year == YearGap::Same;
    let is_serial = a.title.is_serial || b.title.is_serial;
    if is_serial && is_page(a) && is_page(b) && !known_author && e.summary != Field::Agree {
        return match e.summary {
            Field::Conflict => Judged::different("the title is one that comes back, with another text"),
            _ => Judged::maybe("the title is one that comes back, and nothing says that it is one piece"),
        };
    }
    if ((is_serial && words < WORDS_ALONE_MIN) || words < WORDS_BARE_MIN) && is_bare(a, b) {
        return Judged::maybe("the title is one that comes back, and nothing says in which issue it stands");
    }
    if e.year == YearGap::Near && !is_ahead_of_print(e, a, b) {
        return Judged::maybe("the same title in two years, and nothing says that one came out ahead of print");
    }
    match (e.is_one_journal(), known_author) {
        (true, true) => Judged::same(84, "the same title, the same authors, the same journal"),
        (true, false) if words >= WORDS_WITH_JOURNAL_MIN => Judged::same(74, "the same title in the same journal"),
        (true, false) if words >= WORDS_WITH_AUTHORS_MIN && one_year && is_sure_journal(e) => {
            Judged::same(73, "the same title in the same journal and year")
        }
        (false, true) if e.summary == Field::Agree => {
            Judged::same(78, "the same title, the same authors, the same abstract")
        }
        (false, true) if e.journal == Field::Unknown && words >= WORDS_WITH_AUTHORS_MIN && one_year => {
            Judged::same(76, "the same title by the same authors")
        }
        (false, false) if e.journal == Field::Unknown && words >= WORDS_ALONE_MIN && one_year => {
            Judged::same(60, "the same long title and year")
        }
        (false, true) if one_year && e.authors == Field::Agree && is_one_meeting(a, b) => Judged::same(
            59,
            "the same title by the same authors at a meeting of the same year, whatever the meeting is called",
        ),
        (false, true) if words >= WORDS_ALONE_MIN && one_year && e.authors == Field::Agree && has_site(a, b) => {
            Judged::same(
                58,
                "the same long title by the same authors in the same year; one side names a site, not a journal",
            )
        }
        (false, false) if words >= WORDS_UNSUPPORTED_MIN && one_year && has_site(a, b) => {
            Judged::same(56, "the same very long title in the same year; one side names a site, not a journal")
        }
        _ => Judged::maybe("the same title, but too little else to tell by"),
    }
}

/// Tells whether the journals are the same beyond doubt: by name, or the volume agrees as well.
fn is_sure_journal(e: &Evidence) -> bool {
    e.journal == Field::Agree || e.volume == Field::Agree
}

/// Tells whether one side is a feed item whose feed is called after a site: it has no place, and
/// what stands as its journal is none.
fn has_site(a: &Prepared, b: &Prepared) -> bool {
    [a, b].iter().any(|r| is_thin(r) && r.journal.is_site)
}

/// Tells whether a record has neither a place nor a name in a register.
fn is_nowhere(r: &Prepared) -> bool {
    is_thin(r) && r.doi.is_none() && r.pmid.is_none()
}

/// Tells whether a record is a page of a site and says nothing that only papers have.
fn is_page(r: &Prepared) -> bool {
    r.is_news && is_nowhere(r)
}

/// Tells whether neither side says more than title, authors, journal and year.
fn is_bare(a: &Prepared, b: &Prepared) -> bool {
    [a, b].iter().all(|r| is_nowhere(r) && r.summary.is_empty())
}

/// Tells whether both were read at meetings and one of them says nothing but the meeting's name:
/// lists write "XY Conference" or "International Conference on X and Y" for the same.
fn is_one_meeting(a: &Prepared, b: &Prepared) -> bool {
    // Of two journals that print abstracts of meetings neither is called after one.
    let is_named = a.journal.is_meeting || b.journal.is_meeting;
    a.kind == Kind::Meeting && b.kind == Kind::Meeting && is_named && (is_thin(a) || is_thin(b))
}

/// Tells whether two neighbouring years can be those of an advance and a final version: the volume
/// agrees, the abstract does, or one side has no place yet (no volume, and no pages or pages from 1
/// that are as many). Pages that a spreadsheet damaged are no sign of either.
fn is_ahead_of_print(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let has_no_place = |x: &Prepared, y: &Prepared| {
        let early_pages = match &x.pages {
            Pages::Unknown => true,
            Pages::Range(1, _) => y.pages == Pages::Unknown || x.pages.count() == y.pages.count(),
            _ => false,
        };
        // What has no place yet is not younger than what has one.
        let in_order = is_thin(y) || x.years.iter().min() <= y.years.iter().max();
        x.volume.is_none() && early_pages && in_order
    };
    // Lists without any place give the years of print: a short title in two of them is a column.
    let words = a.title.content.len().min(b.title.content.len());
    if is_bare(a, b) && (!(words >= WORDS_ALONE_MIN && e.authors == Field::Agree) || is_twin(a, b)) {
        return false;
    }
    e.volume == Field::Agree || e.summary == Field::Agree || has_no_place(a, b) || has_no_place(b, a)
}

/// Tells whether all but the year is written alike, down to the journal's name and the given names:
/// one list has them both, and means two.
fn is_twin(a: &Prepared, b: &Prepared) -> bool {
    a.title == b.title && a.authors == b.authors && a.journal == b.journal
}

/// Tells whether both have as many pages.
fn is_as_long(a: &Prepared, b: &Prepared) -> bool {
    a.pages.count().is_some() && a.pages.count() == b.pages.count()
}

/// Tells whether only the pages differ: one long title by the same authors in one volume.
fn is_misprint(e: &Evidence, a: &Prepared, b: &Prepared) -> bool {
    let is_long = a.title.content.len().min(b.title.content.len()) >= WORDS_ALONE_MIN;
    let one_issue = e.journal == Field::Agree && e.volume == Field::Agree && e.number != Field::Conflict;
    let one_origin = e.authors == Field::Agree && e.year == YearGap::Same && e.doi != Field::Conflict;
    e.title.likeness == Likeness::Same && is_long && one_issue && one_origin && !a.title.is_serial
}
