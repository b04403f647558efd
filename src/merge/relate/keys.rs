//! By which names a work can be named by another one, and which names it carries itself: how
//! candidates for links are found without comparing everything.

use crate::model::{Doi, Pmcid, Pmid, Record};

use super::super::doi;
use super::super::news::{is_news, is_paper};
use super::super::title::Title;
use super::news::{self, TITLE_KEY_WORDS, words_key};
use super::registers::{is_register_entry, own_numbers, trial_numbers};

/// What a work offers to be found by, and what it looks for. A work that looks for what another one
/// offers, or for one of its identifiers (`doi:…`, `pmid:…`, `pmcid:…`), may be linked to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkKeys {
    /// Keys under which others may name it, sorted, without repeats.
    pub offers: Vec<String>,
    /// Keys that it carries, sorted, without repeats.
    pub seeks: Vec<String>,
}

/// Windows of words of one news item that are looked up: a long article has about a hundred
/// sentences and names.
const WINDOWS_MAX: usize = 300;

/// Names of papers (DOIs, numbers) that one text carries at most; a list of references has hundreds
/// and reports on nothing.
const NAMES_MAX: usize = 60;

/// Returns the keys of a record or folded work.
pub fn link_keys(record: &Record) -> LinkKeys {
    let mut out = LinkKeys::default();
    let base = record.doi.as_ref().and_then(doi::base).map(|b| format!("version:{b}"));
    out.offers.extend(base.clone());
    out.seeks.extend(base);
    for relation in &record.relations {
        out.seeks.extend(relation.pmid.map(|p| format!("pmid:{p}")));
        out.seeks.extend(relation.doi.as_ref().map(|d| format!("doi:{d}")));
    }
    if is_register_entry(record) {
        out.offers.extend(own_numbers(record).into_iter().map(|n| format!("trial:{n}")));
    } else {
        let texts = [Some(record.title.as_str()), record.abstract_text.as_deref()];
        out.seeks.extend(texts.into_iter().flatten().flat_map(trial_numbers).map(|n| format!("trial:{n}")));
    }
    if is_paper(record) {
        let title = Title::of(&record.title, record.journal.as_deref().unwrap_or_default());
        out.offers.extend(news::title_key(&title));
    }
    if is_news(record) {
        out.seeks.extend(windows(record));
        out.seeks.extend(names_in(record));
    }
    for list in [&mut out.offers, &mut out.seeks] {
        list.sort();
        list.dedup();
    }
    out
}

/// Returns the keys of every eight words of a news item that may begin a title: from a word that
/// opens with a capital, a digit or a letter of a script without capitals.
fn windows(news: &Record) -> Vec<String> {
    let (words, starts) = news::words_of(news);
    let whole = words.windows(TITLE_KEY_WORDS).zip(&starts).filter(|(_, may_start)| **may_start);
    whole.map(|(w, _)| words_key(w)).take(WINDOWS_MAX).collect()
}

/// Returns the identifiers that a news item carries in its links and text.
fn names_in(news: &Record) -> Vec<String> {
    let body = news.abstract_text.as_deref().unwrap_or_default();
    let links = news.url.iter().chain(&news.links).map(String::as_str);
    let tokens: Vec<&str> = links.chain(body.split(is_between)).filter(|t| t.len() > 5).collect();
    let mut out = Vec::new();
    out.extend(news.doi.as_ref().map(|d| format!("doi:{d}")));
    out.extend(news.pmid.map(|p| format!("pmid:{p}")));
    out.extend(news.pmcid.as_ref().map(|p| format!("pmcid:{p}")));
    for token in tokens {
        out.extend(dois_in(token).map(|d| format!("doi:{d}")));
        if token.starts_with("http") {
            out.extend(Pmid::parse(token).map(|p| format!("pmid:{p}")));
            out.extend(token.split('/').filter_map(Pmcid::parse).map(|p| format!("pmcid:{p}")));
        }
        if out.len() > NAMES_MAX {
            break;
        }
    }
    out.truncate(NAMES_MAX);
    out
}

/// Tells whether a character stands between addresses in a text.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '“' | '”' | '<' | '>' | '|')
}

/// What publishers put behind a DOI in the addresses of their pages.
const PAGE_ENDINGS: [&str; 6] = ["/full", "/fulltext", "/abstract", "/pdf", "/html", ".pdf"];

/// Returns the DOIs that a word or address may mean: as it stands, and without what belongs to the
/// page. Which of them is meant shows when a paper has it.
fn dois_in(token: &str) -> impl Iterator<Item = Doi> {
    let decoded = token.to_lowercase().replace("%2f", "/");
    let from = decoded.find("10.").and_then(|at| decoded.get(at..)).unwrap_or_default().to_owned();
    let bare = from.split(['?', '#', '&']).next().unwrap_or_default();
    let cut = PAGE_ENDINGS.iter().find_map(|e| bare.strip_suffix(e)).unwrap_or(bare);
    let mut out: Vec<Doi> = [from.as_str(), bare, cut].into_iter().filter_map(Doi::parse).collect();
    out.dedup();
    out.into_iter()
}
