//! What the board of a draft shows of each paper beyond what the file says, as plain values.
//!
//! Nothing here is worked out anew: a board of five hundred papers is read in one go, so a paper costs a few
//! looked-up rows and no score.

use std::collections::BTreeMap;

use super::judge::TagFacet;
use super::{Config, Ctx, Result, forms, gather, judgement_of};
use crate::model::text::{clean_line, fold};
use crate::model::{Author, Design, Draft, Judgement, Month, PartialDate, Record, Work, WorkId};
use crate::store::Store;

/// Authors that a card names before "et al.".
const AUTHORS_MAX: usize = 2;

/// Bytes of a paper's words among which a filter looks: title, names and a whole abstract; a board of five hundred
/// papers stays below some megabytes.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// Bytes of these that authors may take: consortia have hundreds.
const AUTHORS_BYTES_MAX: usize = 1024;

/// Something with an id for links and filters, and a name for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize)]
pub struct Named {
    /// Its id ("KEN").
    pub id: String,
    /// Its name for people ("Kenya").
    pub name: String,
}

/// What the board needs of one paper.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CardFacts {
    /// Its id today; the one in the file may be older.
    pub id: String,
    /// Its first authors: "Example A, Sample B et al.". Empty when none is known.
    pub authors: String,
    /// Journal, book or site; empty when none is known.
    pub journal: String,
    /// When it was published, as precisely as known: "3 October 2026", "October 2026", "2026", or nothing.
    pub date: String,
    /// Countries of the study, most prominent first.
    pub countries: Vec<Named>,
    /// Study design; `None` where it is not stated.
    pub design: Option<Named>,
    /// Working groups, the first one first.
    pub groups: Vec<Named>,
    /// Whether everybody can read it; `None` when not known.
    pub is_open_access: Option<bool>,
    /// Whether it is a preprint, not reviewed by peers.
    pub is_preprint: bool,
    /// Whether it was retracted, by what its sources say or by a notice that is linked to it.
    pub is_retracted: bool,
    /// The sources that brought it, in order of arrival, each once.
    pub sources: Vec<Named>,
    /// Its score as the month's draft listed it, 0.0–1.0; `None` when no draft of the month listed it.
    pub score: Option<f64>,
    /// The last issue before this month's that it was in: "August 2026".
    pub already_sent: Option<String>,
    /// Whether it has an abstract.
    pub has_abstract: bool,
    /// What a filter by words looks in, folded by [`fold`]: title, authors, journal, keywords, abstract; at most
    /// 8 kB.
    pub text: String,
}

/// Returns what the board needs of each paper of a draft (items, candidates, and papers that a decision is
/// about), by the id in the file. Ids that are no works are left out.
///
/// # Errors
/// When the database cannot be read.
pub fn cards(ctx: &Ctx, draft: &Draft) -> Result<BTreeMap<String, CardFacts>> {
    let shared = Shared::of(ctx, draft.month)?;
    let mut out = BTreeMap::new();
    let items = draft.items.iter().map(|i| (i.id.as_str(), i.reasons.as_slice()));
    let candidates = draft.candidates.iter().map(|c| (c.id.as_str(), c.reasons.as_slice()));
    for (name, reasons) in items.chain(candidates).chain(draft.decisions.iter().flat_map(asked_about)) {
        if out.contains_key(name) {
            continue;
        }
        let Some(id) = today(&ctx.store, name)? else { continue };
        let Some(paper) = Paper::read(ctx, &id)? else { continue };
        let mut facts = shared.facts(ctx, &paper);
        facts.score = facts.score.or_else(|| reasons.iter().find_map(|r| score_in(r)));
        out.insert(name.to_owned(), facts);
    }
    Ok(out)
}

/// Returns the papers that a question is about, with the remarks above it where it is about one.
fn asked_about(decision: &crate::model::Decision) -> impl Iterator<Item = (&str, &[String])> {
    let names: Vec<&str> = decision.id.split_whitespace().skip(1).collect();
    let reasons = if names.len() == 1 { decision.reasons.as_slice() } else { &[] };
    names.into_iter().map(move |name| (name, reasons))
}

/// Returns the work that an id in a file means today.
fn today(store: &Store, name: &str) -> Result<Option<WorkId>> {
    match WorkId::parse(name) {
        Some(id) => Ok(store.resolve(&id)?),
        None => Ok(None),
    }
}

/// Returns the score with which the machine's first remark above a block begins: "0.83: Kenya; …" or
/// "0.41; found: …".
fn score_in(reason: &str) -> Option<f64> {
    let end = reason.find([':', ';'])?;
    let number = reason.get(..end).filter(|n| n.len() == "0.00".len() && n.get(1..2) == Some("."))?;
    number.parse().ok().filter(|score| (0.0..=1.0).contains(score))
}

/// A paper as it stands, with people's words on top.
pub(super) struct Paper {
    /// The work; notices that links have found are put to its record.
    pub(super) work: Work,
    /// How the rules judge it; made now, and not stored, where it waits for its judgement.
    pub(super) machine: Judgement,
    /// The same with people's words on top.
    pub(super) judgement: Judgement,
}

impl Paper {
    /// Returns a paper by its id of today; `None` when readers see no such work.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn read(ctx: &Ctx, id: &WorkId) -> Result<Option<Self>> {
        let Some(mut row) = ctx.store.work(id)? else { return Ok(None) };
        let machine = row.judgement.unwrap_or_else(|| ctx.judge.judge(&row.work.record));
        let judgement = judgement_of(&ctx.store, id, Some(machine.clone()))?.unwrap_or_else(|| machine.clone());
        forms::mark_notices(&ctx.store, id, &mut row.work.record)?;
        Ok(Some(Self { work: row.work, machine, judgement }))
    }
}

/// What is read once for all papers of a month.
pub(super) struct Shared {
    sent: BTreeMap<WorkId, Month>,
    scores: BTreeMap<WorkId, f64>,
}

impl Shared {
    /// Reads what all papers of a month share.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn of(ctx: &Ctx, month: Month) -> Result<Self> {
        let mut scores = BTreeMap::new();
        for listed in ctx.store.listing(month)?.into_iter().flat_map(|l| l.papers) {
            let today = ctx.store.resolve(&listed.id)?.unwrap_or_else(|| listed.id.clone());
            // Of two that are one by now, the one that kept its id tells the score.
            if today == listed.id {
                scores.insert(today, listed.score);
            } else {
                scores.entry(today).or_insert(listed.score);
            }
        }
        Ok(Self { sent: gather::sent_before(ctx, month)?, scores })
    }

    /// Returns what the board needs of a paper.
    pub(super) fn facts(&self, ctx: &Ctx, paper: &Paper) -> CardFacts {
        let (work, judgement) = (&paper.work, &paper.judgement);
        let record = &work.record;
        let named = |facet: TagFacet, ids: &[String]| ids.iter().map(|id| named(facet, id, &ctx.config)).collect();
        let design = Some(judgement.design).filter(|d| *d != Design::Unclear);
        CardFacts {
            id: work.id.to_string(),
            authors: record.first_authors(AUTHORS_MAX),
            journal: clean_line(record.journal.as_deref().unwrap_or_default()),
            date: date_of(record),
            countries: named(TagFacet::Country, &judgement.countries),
            design: design.map(|d| Named { id: d.to_string(), name: d.label().to_owned() }),
            groups: named(TagFacet::Twg, &judgement.twg),
            is_open_access: if judgement.has_flag("open-access") { Some(true) } else { record.open_access },
            is_preprint: record.is_preprint() || judgement.has_flag("preprint"),
            is_retracted: record.is_retracted() || judgement.has_flag("retracted"),
            sources: sources(work, &ctx.config),
            score: self.scores.get(&work.id).copied(),
            already_sent: self.sent.get(&work.id).map(|month| month.long_name()),
            has_abstract: record.abstract_text.as_deref().is_some_and(|t| !t.trim().is_empty()),
            text: text_of(record),
        }
    }
}

/// Returns a tag's value with its name for people.
pub(super) fn named(facet: TagFacet, value: &str, config: &Config) -> Named {
    Named { id: value.to_owned(), name: facet.value_name(value, config) }
}

/// Returns when a paper was published, else the year to cite; empty when neither is known.
pub(super) fn date_of(record: &Record) -> String {
    let published = record.published.map(PartialDate::long_name);
    published.or_else(|| record.citation_year().map(|year| year.to_string())).unwrap_or_default()
}

/// Returns the sources that brought a work, in order of arrival, each once.
fn sources(work: &Work, config: &Config) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for id in work.members.iter().map(|m| &m.source) {
        if out.iter().all(|n| n.id != *id) {
            out.push(Named { id: id.clone(), name: config.source_name(id) });
        }
    }
    out
}

/// Returns a paper's words for a filter, folded.
fn text_of(record: &Record) -> String {
    let names = record.authors.iter().map(Author::short_name).collect::<Vec<_>>().join(" ");
    let mut text = record.title.clone();
    let other = [record.title_vernacular.as_deref(), Some(cut(&names, AUTHORS_BYTES_MAX)), record.journal.as_deref()];
    let words = record.keywords.iter().map(String::as_str);
    for part in other.into_iter().flatten().chain(words).chain(record.abstract_text.as_deref()) {
        text.push(' ');
        text.push_str(part);
    }
    let mut folded = fold(cut(&text, TEXT_BYTES_MAX));
    folded.truncate(folded.floor_char_boundary(TEXT_BYTES_MAX));
    folded
}

/// Returns the beginning of a text, of at most so many bytes.
fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machines_remark_tells_a_score() {
        for (reason, want, note) in [
            ("0.83: Kenya; cohort", Some(0.83), "of an item"),
            ("0.41; found: depression", Some(0.41), "of a question"),
            ("1.00: Kenya", Some(1.0), "the best there is"),
            ("0.8: ask Ada", None, "a person's remark: other digits"),
            ("10:30 ask Ada", None, "a time"),
            ("9.99: no", None, "no score is so high"),
            ("Acta Fabricata; 2026", None, "no number"),
            ("0…:", None, "no number, and no cut inside a sign"),
            ("", None, "nothing"),
        ] {
            assert_eq!(score_in(reason), want, "{note}");
        }
    }

    #[test]
    fn the_words_for_a_filter_are_folded_and_few() {
        let record = Record {
            title: "Dépression à Łódź".into(),
            authors: vec![Author::person("Ñandú", "Ana"); 500],
            journal: Some("Acta Fabricata".into()),
            keywords: vec!["MÈRES".into()],
            abstract_text: Some("ﬁn ".repeat(9000)),
            ..Record::default()
        };
        let text = text_of(&record);
        assert!(text.starts_with("depression a lodz nandu a nandu a"), "{}", cut(&text, 80));
        assert!(text.contains("acta fabricata meres fin fin"), "authors leave room for the rest");
        assert!(text.len() <= TEXT_BYTES_MAX, "{}", text.len());
    }
}
