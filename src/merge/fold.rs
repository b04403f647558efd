//! Many records of one study as one: the best value of every field, and where it came from.

use std::collections::BTreeMap;

use crate::model::{CanonicalUrl, Doi, Record, RecordKey, Work, WorkId};

use super::hash;

/// Returns the work that the records make. Empty `members` give an empty record.
///
/// PubMed's values come before a publisher's, a publisher's before any other. The abstract is
/// PubMed's, else the longest. Links, languages, types, headings, keywords and relations are
/// joined. `fields_from` names, by the field's name in the record form, the record that a value (or
/// the first part of a joined one) came from. The outcome does not depend on the order of the
/// records, but `members` keeps it.
pub fn fold(id: &WorkId, members: &[Record]) -> Work {
    let (record, fields_from) = fold_fields(members);
    Work {
        id: id.clone(),
        record: Record { id: id.to_string(), source: String::new(), ..record },
        fields_from,
        members: members.iter().map(RecordKey::of).collect(),
    }
}

/// Returns the one record that records of one study make, under the id and source of the best of
/// them; empty for no records.
pub fn fold_records(members: &[Record]) -> Record {
    fold_fields(members).0
}

/// How good a source of values a record is; smaller is better.
fn rank(record: &Record) -> u8 {
    if record.id.starts_with("pmid:") {
        0
    } else if record.pmid.is_some() {
        1
    } else if record.doi.is_some() {
        2
    } else if !record.issn.is_empty() || record.journal.is_some() {
        3
    } else {
        4
    }
}

/// Records in order of goodness, and the record being made.
struct Folding<'a> {
    best_first: Vec<&'a Record>,
    from: BTreeMap<String, RecordKey>,
}

impl<'a> Folding<'a> {
    /// Returns the first value that is there, and notes where it came from.
    fn first<T: Clone + 'a>(&mut self, field: &str, get: impl Fn(&'a Record) -> Option<&'a T>) -> Option<T> {
        let (record, value) = self.best_first.iter().find_map(|r| get(r).map(|v| (*r, v.clone())))?;
        self.note(field, record);
        Some(value)
    }

    /// Returns the first list that is not empty, and notes where it came from.
    fn first_list<T: Clone + 'a>(&mut self, field: &str, get: impl Fn(&'a Record) -> &'a Vec<T>) -> Vec<T> {
        self.first(field, |r| Some(get(r)).filter(|l| !l.is_empty())).unwrap_or_default()
    }

    /// Returns all values once, those of better records first, and notes the first record that has
    /// any.
    fn union<T: Clone + PartialEq + 'a>(&mut self, field: &str, get: impl Fn(&'a Record) -> &'a Vec<T>) -> Vec<T> {
        let mut out: Vec<T> = Vec::new();
        for record in self.best_first.clone() {
            let values = get(record);
            if !values.is_empty() && !self.from.contains_key(field) {
                self.note(field, record);
            }
            for value in values {
                if !out.contains(value) {
                    out.push(value.clone());
                }
            }
        }
        out
    }

    /// Notes where a field came from.
    fn note(&mut self, field: &str, record: &Record) {
        self.from.insert(field.to_owned(), RecordKey::of(record));
    }

    /// Returns the record whose title is shown: the best that has one that was not cut.
    fn title(&mut self) -> String {
        let is_whole = |r: &&&Record| !r.title.trim().is_empty() && !r.title.trim_end().ends_with(['…']);
        let has_any = |r: &&&Record| !r.title.trim().is_empty();
        let Some(record) =
            self.best_first.iter().find(is_whole).or_else(|| self.best_first.iter().find(has_any)).copied()
        else {
            return String::new();
        };
        self.note("title", record);
        record.title.clone()
    }

    /// Returns the record whose abstract is taken: PubMed's, else the longest.
    fn abstract_source(&self) -> Option<&'a Record> {
        let length = |r: &Record| r.abstract_text.as_ref().map_or(0, |t| t.trim().chars().count());
        let mut with_one = self.best_first.iter().copied().filter(|r| length(r) > 0).peekable();
        if let Some(pubmed) = with_one.peek().filter(|r| rank(r) == 0) {
            return Some(pubmed);
        }
        // Of two as long the better one, which stands first.
        with_one.fold(None, |best: Option<&Record>, r| match best {
            Some(b) if length(b) >= length(r) => Some(b),
            _ => Some(r),
        })
    }
}

/// Returns the folded record and where each field came from.
fn fold_fields(members: &[Record]) -> (Record, BTreeMap<String, RecordKey>) {
    let mut best_first: Vec<&Record> = members.iter().collect();
    best_first.sort_by_cached_key(|r| {
        let text = serde_json::to_string(r).unwrap_or_default();
        // Of two as good the fuller one; the rest only makes the order total.
        (rank(r), std::cmp::Reverse(fullness(r)), r.source.clone(), r.id.clone(), hash(text.as_bytes()))
    });
    let mut f = Folding { best_first, from: BTreeMap::new() };
    let mut record = Record { title: f.title(), ..plain_fields(&mut f) };
    if let Some(source) = f.abstract_source() {
        record.abstract_text.clone_from(&source.abstract_text);
        f.note("abstract", source);
        if !source.sections.is_empty() {
            record.sections.clone_from(&source.sections);
            f.note("sections", source);
        }
    }
    joined_fields(&mut f, &mut record);
    if let Some(best) = f.best_first.first() {
        record.id.clone_from(&best.id);
        record.source.clone_from(&best.source);
    }
    (record, f.from)
}

/// Returns a record with the fields that one source gives whole.
fn plain_fields(f: &mut Folding<'_>) -> Record {
    Record {
        title_vernacular: f.first("title_vernacular", |r| r.title_vernacular.as_ref()),
        authors: f.first_list("authors", |r| &r.authors),
        journal: f.first("journal", |r| r.journal.as_ref()),
        volume: f.first("volume", |r| r.volume.as_ref()),
        number: f.first("number", |r| r.number.as_ref()),
        pages: f.first("pages", |r| r.pages.as_ref()),
        year: f.first("year", |r| r.year.as_ref()),
        published: f.first("published", |r| r.published.as_ref()),
        entered: f.first("entered", |r| r.entered.as_ref()),
        doi: f.first("doi", |r| r.doi.as_ref()),
        pmid: f.first("pmid", |r| r.pmid.as_ref()),
        pmcid: f.first("pmcid", |r| r.pmcid.as_ref()),
        url: f.first("url", |r| r.url.as_ref()),
        database: f.first("database", |r| r.database.as_ref()),
        ..Record::default()
    }
}

/// Fills the fields to which every source adds.
fn joined_fields(f: &mut Folding<'_>, record: &mut Record) {
    record.issn = f.union("issn", |r| &r.issn);
    record.language = f.union("language", |r| &r.language);
    record.types = f.union("type", |r| &r.types);
    record.keywords = f.union("keywords", |r| &r.keywords);
    record.relations = f.union("relations", |r| &r.relations);
    record.mesh = f.union("mesh", |r| &r.mesh);
    record.links = f.union("links", |r| &r.links);
    // The pages of the other sources stay reachable: a feed's own page beside PubMed's.
    for other in f.best_first.iter().filter_map(|r| r.url.as_ref()) {
        let is_known = |l: &String| CanonicalUrl::parse(l) == CanonicalUrl::parse(other);
        let is_main = record.url.as_ref().is_some_and(is_known);
        let is_resolver = record.doi.is_some() && other.contains("doi.org/") && Doi::parse(other) == record.doi;
        if !is_main && !is_resolver && !record.links.iter().any(is_known) {
            record.links.push(other.clone());
        }
    }
    // Free in one place is free; that one source does not know it says nothing.
    let free = f.best_first.iter().copied().find(|r| r.open_access == Some(true));
    let said = free.or_else(|| f.best_first.iter().copied().find(|r| r.open_access.is_some()));
    if let Some(source) = said {
        record.open_access = source.open_access;
        f.note("open_access", source);
    }
    for source in f.best_first.clone() {
        for (key, value) in &source.extra {
            if !record.extra.contains_key(key) {
                record.extra.insert(key.clone(), value.clone());
                f.note(key, source);
            }
        }
    }
}

/// Returns how many of the fields that readers see are filled.
fn fullness(r: &Record) -> usize {
    let texts = [&r.abstract_text, &r.journal, &r.volume, &r.number, &r.pages, &r.url];
    texts.iter().filter(|t| t.is_some()).count()
        + usize::from(!r.authors.is_empty())
        + usize::from(r.year.is_some())
        + usize::from(r.published.is_some())
        + usize::from(r.doi.is_some())
}
