//! News and the papers it reports on.

use crate::model::{Doi, Pmcid, Pmid, Record, text};

use super::super::Verdict;
use super::super::evidence::{can_report, title_link};
use super::super::hash;
use super::super::likeness::Likeness;
use super::super::rules::judge;
use super::super::title::Title;
use super::Relator;

/// Words of a title that make its key; shorter titles name nothing unmistakably.
pub(super) const TITLE_KEY_WORDS: usize = 8;

/// Fewest meaningful words of a title that names its paper unmistakably in a running text.
const NAMING_WORDS_MIN: usize = 6;

/// Words of a news item that are looked at.
const NEWS_WORDS_MAX: usize = 4_000;

/// Years by which news may be older than the citation year of what it reports on: papers stand on
/// the web a year before their issue.
const AHEAD_YEARS_MAX: i16 = 1;

/// Tells whether a news item reports on a paper: it carries the paper's DOI, PubMed number or PMCID
/// in its links or text, or names it unmistakably (its whole long title stands in the text), and is
/// not itself an entry for the paper.
pub fn reports_on(news: &Record, paper: &Record) -> bool {
    is_report(&Relator::new(news), &Relator::new(paper))
}

/// Tells whether the first is news about the second.
pub(super) fn is_report(news: &Relator<'_>, paper: &Relator<'_>) -> bool {
    let (x, y) = (&news.prepared, &paper.prepared);
    let is_linked = can_report(x, y) && (carries_name(news.record, paper.record) || names(news, paper));
    is_linked && judge(x, y).verdict != Verdict::Same
}

/// Tells whether a record carries another one's DOI, PubMed number or PMCID in its links or text.
fn carries_name(news: &Record, paper: &Record) -> bool {
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
        let mut parts = links.iter().copied().chain(body.split_whitespace()).flat_map(|l| l.split('/'));
        news.pmcid.as_ref() == Some(pmcid) || parts.any(|p| Pmcid::parse(p).as_ref() == Some(pmcid))
    });
    by_doi || by_number || by_full_text
}

/// Tells whether a news item names a paper: the whole title stands in its text, or in its title with
/// more around it, and nothing there makes another paper of it ("protocol", another number).
fn names(news: &Relator<'_>, paper: &Relator<'_>) -> bool {
    let title = &paper.prepared.title;
    if title_key(title).is_none() {
        return false;
    }
    let in_time = match (news.prepared.years.iter().max(), paper.prepared.years.iter().min()) {
        (Some(n), Some(p)) => *n >= *p - AHEAD_YEARS_MAX,
        _ => true,
    };
    let link = title_link(&news.prepared, &paper.prepared);
    let is_another = link.likeness <= Likeness::Part && (link.is_flipped || !link.numbers_agree);
    let (words, _) = words_of(news.record);
    in_time && !is_another && words.windows(title.words.len()).any(|w| w == title.words)
}

/// Returns the key of a title that can name its paper in a running text; `None` for short, cut and
/// recurring titles.
pub(super) fn title_key(title: &Title) -> Option<String> {
    let is_telling = title.content.len() >= NAMING_WORDS_MIN && !title.is_generic && !title.is_serial;
    let first = title.words.get(..TITLE_KEY_WORDS).filter(|_| is_telling && !title.is_cut && title.notice.is_none());
    first.map(words_key)
}

/// Returns the key of eight words.
pub(super) fn words_key(words: &[String]) -> String {
    format!("title:{:016x}", hash(words.join(" ").as_bytes()))
}

/// Returns the words of a news item, its title's and then its text's, and whether each may begin a
/// title.
pub(super) fn words_of(news: &Record) -> (Vec<String>, Vec<bool>) {
    let body = news.abstract_text.as_deref().unwrap_or_default();
    let (mut words, mut starts) = (Vec::new(), Vec::new());
    for token in news.title.split_whitespace().chain(body.split_whitespace()) {
        let may_start = token.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
        let parts = text::words(token);
        starts.extend(parts.iter().map(|_| may_start));
        words.extend(parts);
        if words.len() >= NEWS_WORDS_MAX {
            break;
        }
    }
    (words, starts)
}

/// Tells whether text or an address holds the DOI, whole: nothing that continues it may follow.
fn has_doi(text: &str, doi: &Doi) -> bool {
    if Doi::parse(text).as_ref() == Some(doi) {
        return true;
    }
    let folded = text::fold(text).replace("%2f", "/");
    folded.match_indices(doi.as_str()).any(|(at, found)| {
        let rest = folded.get(at + found.len()..).unwrap_or_default();
        let mut after = rest.chars();
        match after.next() {
            None => true,
            // A full stop or slash may end a sentence or an address, or go on with the DOI.
            Some('/') if PAGE_WORDS.iter().any(|w| after.as_str().starts_with(w)) => true,
            Some('.' | '/' | ',' | ';' | ':' | '-' | '_') => after.next().is_none_or(|c| !c.is_alphanumeric()),
            Some(c) => !c.is_alphanumeric(),
        }
    })
}

/// What publishers put behind a DOI in the addresses of their pages.
const PAGE_WORDS: [&str; 5] = ["full", "abstract", "pdf", "html", "epdf"];
