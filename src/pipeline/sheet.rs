//! Everything about one paper, as plain values for the page of one item; and what people say on that page.
//!
//! Facts are those of `explain`, `retag`, `merge` and `rank`; this module only puts them into words and leaves out
//! ids where there is a name.

use super::cards::{CardFacts, Named, Paper, Shared};
use super::judge::TagFacet;
use super::{Ctx, Error, Result};
use crate::model::{Month, WorkId};

mod neighbours;
mod pieces;
mod place;
mod reading;
mod say;
mod tags;

pub use pieces::{Mark, Piece};
pub use say::{SameOutcome, say_same, say_tag, unsay_same};

/// Everything about one paper.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Sheet {
    /// What the board shows of it.
    pub facts: CardFacts,
    /// Its title as its sources give it.
    pub title: String,
    /// Its title in the language of the paper.
    pub title_vernacular: Option<String>,
    /// Every author's name.
    pub authors: Vec<String>,
    /// Its names outside, and where it can be read; no address twice.
    pub ids: Vec<Link>,
    /// Its abstract; empty when there is none.
    pub abstract_parts: Vec<AbstractPart>,
    /// Its title, cut like the abstract.
    pub title_pieces: Vec<Piece>,
    /// Whether it belongs here.
    pub scope: ScopeFacts,
    /// Its tags but scope and finding, in the order of their kinds.
    pub tags: Vec<TagFact>,
    /// Tags that a person took away, in the same order: they can be given back.
    pub removed: Vec<TagFact>,
    /// Kinds of tags a person can give, with their values.
    pub tag_choices: Vec<TagChoice>,
    /// Its place in the month's order.
    pub rank: RankFacts,
    /// Its records in order of arrival.
    pub records: Vec<RecordFact>,
    /// Papers that may be the same one and wait for a person.
    pub may_be: Vec<MaybeSame>,
    /// What people said about whether it is the same as others, newest first.
    pub said_same: Vec<SaidLine>,
    /// Papers it is linked to.
    pub links: Vec<LinkedPaper>,
    /// What people said of its place in an issue, newest first.
    pub choices: Vec<String>,
    /// Months of the issues that it was in ("August 2026"), newest first.
    pub issues: Vec<String>,
    /// The sentence for readers.
    pub finding: Option<String>,
    /// Who gave or took away the sentence, and when; empty when no person did.
    pub finding_said: String,
}

/// An outside name or address of a paper.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    /// What is shown: "DOI 10.5555/abc", "Page at example.org".
    pub name: String,
    /// Where it leads; `http` or `https` only.
    pub href: String,
}

/// One part of an abstract.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AbstractPart {
    /// Its heading ("Methods"), where it has one.
    pub label: Option<String>,
    /// Its words, cut where tags rest on them; joined they are the words as they stand in the abstract.
    pub pieces: Vec<Piece>,
}

/// Whether a paper belongs here, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ScopeFacts {
    /// `in`, `maybe` or `out`.
    pub value: String,
    /// The same for people: "In scope".
    pub name: String,
    /// Why, in plain words without full stop.
    pub reason: String,
    /// The words it rests on: "“Kenya” in the title".
    pub evidence: Vec<String>,
    /// Who said so, when and why, when a person did: "by Ada on 3 October 2026". It can be taken back then, so that the
    /// rules decide again.
    pub said_by: Option<String>,
}

/// One tag of a paper.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagFact {
    /// Its kind ("country").
    pub facet: String,
    /// The same for people ("Country").
    pub facet_name: String,
    /// Its value ("KEN").
    pub value: String,
    /// The same for people ("Kenya").
    pub name: String,
    /// The words it rests on: "“Kisumu” in the abstract". Empty when only a person says so.
    pub evidence: Vec<String>,
    /// Whether a person gave it, or gave it too.
    pub is_of_person: bool,
    /// Who said so, and when: "added by Ada on 3 October 2026: why". Empty when no person did.
    pub said: String,
    /// Whether a person can take it away.
    pub can_remove: bool,
    /// Whether what a person said of it can be taken back, so that the rules decide again.
    pub can_undo: bool,
}

/// A kind of tag that a person can give, and its values.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagChoice {
    /// Its kind ("country").
    pub facet: String,
    /// The same for people ("Country").
    pub name: String,
    /// Whether a paper has one value at most: a new one takes the place of the old one.
    pub is_single: bool,
    /// What can be given.
    pub values: Vec<Named>,
}

/// A paper's place in a month's order.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RankFacts {
    /// Its score, 0.0–1.0.
    pub total: f64,
    /// What the score is made of.
    pub parts: Vec<RankPart>,
    /// Its place among the month's papers, from 1; `None` when it is not one of them.
    pub place: Option<usize>,
    /// How many papers there are.
    pub of: usize,
    /// Which papers that people judged are most like it: "like 2 papers you kept: “…”; “…”".
    pub like: Vec<String>,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RankPart {
    /// What is measured, for people ("Study design").
    pub name: String,
    /// How much of it there is, 0.0–1.0.
    pub value: f64,
    /// How much it counts; all parts together count 1.0.
    pub weight: f64,
    /// In plain words ("randomised trial").
    pub note: String,
}

/// One record of a paper: what one source said once.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RecordFact {
    /// Its key, by which it can be taken out of the paper.
    pub key: String,
    /// Its source's name.
    pub source_name: String,
    /// Its own title.
    pub title: String,
    /// Why it belongs to this paper.
    pub why_here: String,
    /// The address it was read from, `http` or `https`; `None` when it came from a file or by hand.
    pub origin_url: Option<String>,
    /// The day on which we read it as it is now: "3 October 2026"; empty when not known.
    pub first_seen: String,
}

/// A paper in three lines, to tell it from others.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PaperLine {
    /// Its id today.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Authors, journal and date: "Example A, Sample B et al.; Acta Fabricata; 3 October 2026".
    pub line: String,
}

/// A paper that may be the same one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MaybeSame {
    /// Its id today.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Authors, journal and date.
    pub line: String,
    /// Why they may be the same or may not.
    pub reasons: Vec<String>,
    /// The id of the draft's question about the two: "same w… w…".
    pub decision_id: String,
}

/// What a person said about whether a paper is the same as another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SaidLine {
    /// What was said, by whom, when and why, in plain words.
    pub words: String,
    /// The number to take it back by: that of `roundup merge log`.
    pub number: i64,
    /// Whether it stands: what was taken back cannot be taken back again.
    pub can_undo: bool,
}

/// A paper that another is linked to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LinkedPaper {
    /// What this one is to the other: "is the preprint of".
    pub words: String,
    /// The other one's id.
    pub id: String,
    /// The other one's title.
    pub title: String,
}

/// Returns everything about a paper, for the issue of a month. An id that leads to another paper today gives
/// that one.
///
/// # Errors
/// When there is no such paper or the database cannot be read.
pub fn sheet(ctx: &Ctx, month: Month, id: &WorkId) -> Result<Sheet> {
    let (id, paper) = paper(ctx, id)?;
    let facts = Shared::of(ctx, month)?.facts(ctx, &paper);
    let rank = place::rank(ctx, month, &paper)?;
    let tags = tags::Tags::of(ctx, &id, &paper)?;
    let record = &paper.work.record;
    let spans = |field: &str, text: &str| reading::spans(&paper, &ctx.config, field, text);
    let whole = record.abstract_text.as_deref().unwrap_or_default();
    Ok(Sheet {
        title: record.title.clone(),
        title_vernacular: record.title_vernacular.clone(),
        authors: record.authors.iter().map(crate::model::Author::short_name).filter(|n| !n.is_empty()).collect(),
        ids: reading::links(record),
        abstract_parts: reading::abstract_parts(whole, &spans("abstract", whole)),
        title_pieces: pieces::cut(&record.title, 0..record.title.len(), &spans("title", &record.title)),
        scope: tags.scope(&paper),
        tags: tags.has,
        removed: tags.removed,
        tag_choices: tags::choices(&ctx.config),
        rank,
        records: neighbours::records(ctx, &id)?,
        may_be: neighbours::may_be(ctx, &id)?,
        said_same: neighbours::said_same(ctx, &id)?,
        links: neighbours::links(ctx, &id)?,
        choices: super::choose::told_of(ctx, &id)?,
        issues: ctx.store.issues_of(&id)?.into_iter().map(Month::long_name).collect(),
        finding: paper.judgement.finding.clone(),
        finding_said: tags.finding_said,
        facts,
    })
}

/// Returns the paper that an id means today.
///
/// # Errors
/// When there is none or the database cannot be read.
fn paper(ctx: &Ctx, id: &WorkId) -> Result<(WorkId, Paper)> {
    let unknown = || Error::Missing(format!("no paper here has the id {id}"));
    let today = ctx.store.resolve(id)?.ok_or_else(unknown)?;
    let gone = || Error::Missing(format!("{today} was withdrawn by every source that had it"));
    let paper = Paper::read(ctx, &today)?.ok_or_else(gone)?;
    Ok((today, paper))
}

/// Returns the name of a tag for people: "Country: Kenya"; of the finding only its kind.
fn tag_name(facet: TagFacet, value: &str, config: &super::Config) -> String {
    match facet {
        TagFacet::Finding => facet.name().to_owned(),
        _ => format!("{}: {}", facet.name(), facet.value_name(value, config)),
    }
}
