//! What the readers of a page's vocabularies share.

use crate::model::{Doi, PartialDate, Record};
use crate::normalise::feed::dates::read_date;
use crate::normalise::{dates, feed, fields};

/// What one vocabulary of a page says.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// The fields it fills.
    pub record: Record,
    /// Values that no field can hold, in plain words.
    pub messages: Vec<String>,
}

impl Layer {
    /// Takes a DOI from a field made for one; the first sound one stays.
    pub fn take_doi(&mut self, text: &str) {
        if self.record.doi.is_none() {
            self.record.doi = doi_of(text);
        }
    }
}

/// Returns the DOI that an identifier is, in any of its forms.
pub(super) fn doi_of(text: &str) -> Option<Doi> {
    let text = text.trim();
    let is_address = text.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("http"));
    if is_address { feed::doi_in_address(text) } else { Doi::parse(text) }
}

/// Returns the day that a text says, at the precision it has. A time's day is that of UTC.
pub(super) fn day(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    // A time zone in the text moves the day only when there is a time to move.
    read_date(text).and_then(feed::FeedDate::day).or_else(|| dates::loose(text)).filter(|d| d.year() >= YEAR_MIN)
}

/// The first year in which there were journals; earlier numbers are mistakes.
const YEAR_MIN: i16 = 1665;

/// Most keywords of one page.
const KEYWORDS_MAX: usize = 100;

/// Adds a list of keywords, parted by `;` or `|`, else by `,`.
pub(super) fn add_keywords(into: &mut Vec<String>, list: &str) {
    let separators: &[char] = if list.contains([';', '|']) { &[';', '|'] } else { &[','] };
    for word in list.split(separators).filter_map(fields::line) {
        if into.len() < KEYWORDS_MAX {
            fields::add_once(into, word);
        }
    }
}

/// Fills the fields that are empty from another record.
pub(super) fn fill(into: &mut Record, from: Record) {
    if into.title.is_empty() {
        into.title = from.title;
    }
    let texts = [
        (&mut into.abstract_text, from.abstract_text),
        (&mut into.journal, from.journal),
        (&mut into.volume, from.volume),
        (&mut into.number, from.number),
        (&mut into.pages, from.pages),
        (&mut into.url, from.url),
    ];
    for (old, new) in texts {
        *old = old.take().or(new);
    }
    let lists = [
        (&mut into.issn, from.issn),
        (&mut into.language, from.language),
        (&mut into.types, from.types),
        (&mut into.keywords, from.keywords),
    ];
    for (old, new) in lists {
        if old.is_empty() {
            *old = new;
        }
    }
    from.links.into_iter().for_each(|l| fields::add_once(&mut into.links, l));
    if into.authors.is_empty() {
        into.authors = from.authors;
    }
    if into.published.is_none() {
        into.published = from.published;
    } else if let (Some(old), Some(new)) = (into.published, from.published)
        && new.precision() > old.precision()
        && dates::earlier(Some(old), Some(new)) == Some(new)
    {
        // The same date, known to the day.
        into.published = Some(new);
    }
    into.year = into.year.or(from.year);
    into.doi = into.doi.take().or(from.doi);
    into.pmid = into.pmid.or(from.pmid);
    into.pmcid = into.pmcid.take().or(from.pmcid);
    into.open_access = into.open_access.or(from.open_access);
    for (key, value) in from.extra {
        into.extra.entry(key).or_insert(value);
    }
}

/// Tells whether a licence lets everybody read: one of Creative Commons.
pub(super) fn is_open_licence(text: &str) -> bool {
    let folded = crate::model::text::fold(text);
    folded.contains("creativecommons.org/") || folded.starts_with("cc-by") || folded.starts_with("cc by")
}

/// Shortest text that is taken for an abstract, in characters; below are slogans.
const ABSTRACT_CHARS_MIN: usize = 40;

/// Returns a description as an abstract, unless it is cut off or no more than a slogan.
pub(super) fn abstract_of(text: &str) -> Option<String> {
    let text = fields::paragraphs(text)?;
    let is_cut = text.ends_with('…') || text.ends_with("...");
    (!is_cut && text.chars().count() >= ABSTRACT_CHARS_MIN).then_some(text)
}
