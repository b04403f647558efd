//! Links between works: preprint and article, notice and paper, news and what it reports on.

use crate::model::{Doi, Pmcid, Pmid, Record, RelationKind, text};

use super::bib::Field;
use super::evidence::{Evidence, YearGap, title_link};
use super::kinds::Notice;
use super::likeness::Likeness;
use super::prepared::{Kind, Prepared};
use super::{Verdict, compare};

/// Fewest meaningful words of a title that can name the paper a notice is about.
const WORDS_MIN: usize = 4;

/// Fewest meaningful words of a title that can link a preprint without authors.
const WORDS_WITHOUT_AUTHORS_MIN: usize = 8;

/// Share of title words from which a preprint and an article by the same authors can be one study:
/// titles change under review.
const PREPRINT_SHARE_MIN: f32 = 0.75;

/// Years between a preprint and its article at most.
const PREPRINT_YEARS_MAX: i16 = 3;

/// Kinds of links with their other direction.
const INVERSES: &[(&str, &str)] = &[
    ("retraction-in", "retraction-of"),
    ("erratum-in", "erratum-for"),
    ("update-in", "update-of"),
    ("expression-of-concern-in", "expression-of-concern-for"),
    ("republished-in", "republished-from"),
    ("corrected-and-republished-in", "corrected-and-republished-from"),
    ("retracted-and-republished-in", "retracted-and-republished-from"),
    ("comment-in", "comment-on"),
    ("preprint-of", "has-preprint"),
];

/// Returns the link that belongs into `a` and names `b`, or `None` when they are not linked.
///
/// As in PubMed, the kind is said from `a`'s side: `preprint-of` when `a` is the preprint of `b`,
/// `has-preprint` the other way; `erratum-for` when `a` corrects `b`, `erratum-in` when `b`
/// corrects `a`; likewise for retractions, concerns and comments. What a source says itself comes
/// first; then publication types, DOIs of preprint servers and openings of titles decide, where
/// titles, authors and years agree. `relation_between(b, a)` is the inverse.
pub fn relation_between(a: &Record, b: &Record) -> Option<RelationKind> {
    if let Some(kind) = said_by(a, b) {
        return Some(kind);
    }
    if let Some(kind) = said_by(b, a) {
        return inverse(&kind);
    }
    let (x, y) = (Prepared::of(a), Prepared::of(b));
    let evidence = Evidence::of(&x, &y, title_link(&x, &y));
    match (x.kind, y.kind) {
        (Kind::Preprint, Kind::Paper) => is_preprint_pair(&evidence, &x, &y).then(|| RelationKind::new("preprint-of")),
        (Kind::Paper, Kind::Preprint) => is_preprint_pair(&evidence, &y, &x).then(|| RelationKind::new("has-preprint")),
        (Kind::Notice(notice), Kind::Paper | Kind::Meeting | Kind::Preprint | Kind::News) => {
            is_notice_pair(&evidence, &x, &y).then(|| RelationKind::new(notice_kind(notice).1))
        }
        (Kind::Paper | Kind::Meeting | Kind::Preprint | Kind::News, Kind::Notice(notice)) => {
            is_notice_pair(&evidence, &y, &x).then(|| RelationKind::new(notice_kind(notice).0))
        }
        _ => None,
    }
}

/// Returns what `a` itself says that `b` is to it, with `update-of` read as a preprint's link where
/// one of them is a preprint (PubMed uses it for both).
fn said_by(a: &Record, b: &Record) -> Option<RelationKind> {
    let relation =
        a.relations.iter().find(|r| (r.pmid.is_some() && r.pmid == b.pmid) || (r.doi.is_some() && r.doi == b.doi))?;
    let name = match (relation.kind.as_str(), a.is_preprint(), b.is_preprint()) {
        ("update-in", true, false) => "preprint-of",
        ("update-of", false, true) => "has-preprint",
        (other, _, _) => other,
    };
    Some(RelationKind::new(name))
}

/// Returns the same link from the other side; `None` for kinds that have none.
fn inverse(kind: &RelationKind) -> Option<RelationKind> {
    INVERSES.iter().find_map(|(x, y)| {
        if kind.as_str() == *x {
            Some(RelationKind::new(y))
        } else if kind.as_str() == *y {
            Some(RelationKind::new(x))
        } else {
            None
        }
    })
}

/// Returns the kinds of link on the paper and on the notice.
fn notice_kind(notice: Notice) -> (&'static str, &'static str) {
    match notice {
        Notice::Erratum => ("erratum-in", "erratum-for"),
        Notice::Retraction => ("retraction-in", "retraction-of"),
        Notice::Concern => ("expression-of-concern-in", "expression-of-concern-for"),
        Notice::Comment | Notice::Reply => ("comment-in", "comment-on"),
        Notice::Republished => ("corrected-and-republished-in", "corrected-and-republished-from"),
    }
}

/// Tells whether a preprint and an article are one study: like titles, shared authors, and the
/// preprint is not the later one.
fn is_preprint_pair(e: &Evidence, preprint: &Prepared, article: &Prepared) -> bool {
    let words = preprint.title.content.len().min(article.title.content.len());
    let is_sound = e.title.numbers_agree && !e.title.is_flipped && !preprint.title.is_generic && words >= WORDS_MIN;
    let by_title = match e.authors {
        Field::Agree => e.has_one_title() || e.title.likeness == Likeness::Part || e.title.share >= PREPRINT_SHARE_MIN,
        Field::Close => e.has_one_title(),
        Field::Unknown => e.has_one_title() && words >= WORDS_WITHOUT_AUTHORS_MIN,
        Field::Conflict => false,
    };
    let in_time = match (preprint.years.first(), article.years.first()) {
        (Some(p), Some(a)) => (0..=PREPRINT_YEARS_MAX).contains(&(a - p)),
        _ => true,
    };
    is_sound && by_title && in_time
}

/// Tells whether a notice is about a paper: it repeats its title, in the same journal, and is not
/// older.
fn is_notice_pair(e: &Evidence, notice: &Prepared, paper: &Prepared) -> bool {
    let words = notice.title.content.len().min(paper.title.content.len());
    let repeats = (e.has_one_title() || e.title.likeness == Likeness::Part) && words >= WORDS_MIN;
    let in_time = match (notice.years.first(), paper.years.first()) {
        (Some(n), Some(p)) => n >= p,
        _ => e.year != YearGap::Far,
    };
    repeats && e.title.numbers_agree && e.journal != Field::Conflict && in_time
}

/// Tells whether a news item reports on a paper: it carries the paper's DOI, PubMed number or PMCID
/// in its links or text, and is not itself an entry for the paper.
pub fn reports_on(news: &Record, paper: &Record) -> bool {
    let links: Vec<&str> = news.url.iter().chain(&news.links).map(String::as_str).collect();
    let body = news.abstract_text.as_deref().unwrap_or_default();
    let by_doi = paper.doi.as_ref().is_some_and(|doi| {
        news.doi.as_ref() == Some(doi) || links.iter().any(|l| has_doi(l, doi)) || has_doi(body, doi)
    });
    let by_number = paper.pmid.is_some_and(|pmid| {
        let is_it = |l: &&str| l.starts_with("http") && Pmid::parse(l) == Some(pmid);
        news.pmid == Some(pmid) || links.iter().any(is_it) || body.split_whitespace().any(|w| is_it(&w))
    });
    let by_full_text = paper.pmcid.as_ref().is_some_and(|pmcid| {
        let parts = links.iter().flat_map(|l| l.split('/'));
        news.pmcid.as_ref() == Some(pmcid) || parts.into_iter().any(|p| Pmcid::parse(p).as_ref() == Some(pmcid))
    });
    (by_doi || by_number || by_full_text) && compare(news, paper).verdict != Verdict::Same
}

/// Tells whether text or an address holds the DOI, whole: nothing that continues it may follow.
fn has_doi(text: &str, doi: &Doi) -> bool {
    if Doi::parse(text).as_ref() == Some(doi) {
        return true;
    }
    let folded = text::fold(text).replace("%2f", "/");
    folded.match_indices(doi.as_str()).any(|(at, found)| {
        let mut after = folded.get(at + found.len()..).unwrap_or_default().chars();
        match after.next() {
            None => true,
            // A full stop or slash may end a sentence or an address, or go on with the DOI.
            Some('.' | '/' | ',' | ';' | ':' | '-' | '_') => after.next().is_none_or(|c| !c.is_alphanumeric()),
            Some(c) => !c.is_alphanumeric(),
        }
    })
}
