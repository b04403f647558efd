//! What a change of the rules would do, before it is done.

use std::collections::BTreeMap;

use super::facet::TagFacet;
use super::say::{said_word, shown};
use super::words::put_on_top;
use crate::model::text::shorten;
use crate::model::{Evidence, Judgement, Month, WorkId};
use crate::pipeline::{Ctx, Result};
use crate::store::TagWord;

/// A paper that a change of the rules touches.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Example {
    /// Its id.
    pub id: WorkId,
    /// Its title.
    pub title: String,
    /// The words that now speak for it or no longer do, in plain words.
    pub reason: String,
    /// The last issue that it was in.
    pub sent: Option<Month>,
    /// The word of a person because of which nothing changes for readers.
    pub held_by: Option<String>,
}

/// Papers that would go from one value of a facet to another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Move {
    /// What they have.
    pub from: String,
    /// What they would have.
    pub to: String,
    /// The papers, oldest first.
    pub papers: Vec<Example>,
}

/// What a change of the rules would do to one tag.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagChange {
    /// The facet.
    pub facet: TagFacet,
    /// The value; of a finding what becomes of it.
    pub value: String,
    /// Papers that would gain it, oldest first.
    pub gained: Vec<Example>,
    /// Papers that would lose it, oldest first.
    pub lost: Vec<Example>,
}

/// What judging anew would change.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Preview {
    /// Papers that were looked at.
    pub papers: usize,
    /// Of these, papers with a judgement that would come out differently.
    pub changed: usize,
    /// Papers that have no judgement yet; they are not counted as changed.
    pub unjudged: usize,
    /// Papers that would change their scope; the most frequent move first.
    pub scope: Vec<Move>,
    /// Papers whose first working group would be another one ("none" for none).
    pub primary: Vec<Move>,
    /// All other tags by facet, those with the most changes first.
    pub tags: Vec<TagChange>,
}

/// Papers between two words about how far it is.
const PROGRESS_EVERY: usize = 200;

/// Returns what judging every work by the rules of today would change. Nothing is written.
///
/// # Errors
/// When the database cannot be read.
pub fn preview(ctx: &Ctx) -> Result<Preview> {
    let mut found = Found::default();
    let ids = ctx.store.work_ids()?;
    for (n, id) in ids.iter().enumerate() {
        if n % PROGRESS_EVERY == 0 {
            (ctx.progress)(&format!("judging on trial, {n} of {}", ids.len()));
        }
        let Some(row) = ctx.store.work(id)? else { continue };
        found.papers += 1;
        let Some(old) = row.judgement else {
            found.unjudged += 1;
            continue;
        };
        let new = ctx.judge.judge(&row.work.record);
        if old == new {
            continue;
        }
        found.changed += 1;
        let case = Case {
            words: ctx.store.tag_words(id)?,
            sent: ctx.store.issue_of(id)?,
            title: row.work.record.title,
            id,
            old,
            new,
        };
        found.add(&case);
    }
    (ctx.progress)("");
    Ok(found.into_preview())
}

/// One paper under both sets of rules.
struct Case<'a> {
    id: &'a WorkId,
    title: String,
    sent: Option<Month>,
    words: Vec<TagWord>,
    old: Judgement,
    new: Judgement,
}

impl Case<'_> {
    /// Returns the paper as an example for a facet's value.
    fn example(&self, facet: TagFacet, value: &str, reason: String) -> Example {
        let slot = facet.slot(value);
        let word = self.words.iter().rfind(|w| TagFacet::parse(&w.facet).is_some_and(|f| f.slot(&w.value) == slot));
        let held_by = word
            .filter(|_| self.is_held(facet, value))
            .map(|w| format!("{} {} {} on {}", w.who, said_word(w.action), shown(w), w.at.strftime("%Y-%m-%d")));
        Example { id: self.id.clone(), title: self.title.clone(), reason, sent: self.sent, held_by }
    }

    /// Tells whether readers would see no change of a value, since people's words stand on top.
    fn is_held(&self, facet: TagFacet, value: &str) -> bool {
        let seen = |judgement: &Judgement| {
            let mut judgement = judgement.clone();
            put_on_top(&mut judgement, &self.words);
            let values = facet.values(&judgement);
            if facet.is_single() { values } else { values.into_iter().filter(|v| v == value).collect() }
        };
        seen(&self.old) == seen(&self.new)
    }
}

/// What is found while works are looked at.
#[derive(Default)]
struct Found {
    papers: usize,
    changed: usize,
    unjudged: usize,
    moves: BTreeMap<(TagFacet, String, String), Vec<Example>>,
    tags: BTreeMap<(TagFacet, String), (Vec<Example>, Vec<Example>)>,
}

impl Found {
    /// Adds what changes for one paper.
    fn add(&mut self, case: &Case<'_>) {
        for facet in TagFacet::ALL {
            let (old, new) = (facet.values(&case.old), facet.values(&case.new));
            if old == new {
                continue;
            }
            match facet {
                TagFacet::Scope | TagFacet::Primary => {
                    let one = |v: &[String]| v.first().cloned().unwrap_or_else(|| "none".to_owned());
                    let reason = reason_of_move(facet, case);
                    let key = (facet, one(&old), one(&new));
                    let example = case.example(facet, &key.2, reason);
                    self.moves.entry(key).or_default().push(example);
                }
                TagFacet::Finding => self.add_finding(case, old.first(), new.first()),
                _ => {
                    for value in new.iter().filter(|v| !old.contains(v)) {
                        let reason = reason_of(&case.new, facet, value);
                        let example = case.example(facet, value, reason);
                        self.tags.entry((facet, value.clone())).or_default().0.push(example);
                    }
                    for value in old.iter().filter(|v| !new.contains(v)) {
                        let reason = reason_of(&case.old, facet, value);
                        let example = case.example(facet, value, reason);
                        self.tags.entry((facet, value.clone())).or_default().1.push(example);
                    }
                }
            }
        }
    }

    /// Adds a finding that would be found, be lost, or be another sentence.
    fn add_finding(&mut self, case: &Case<'_>, old: Option<&String>, new: Option<&String>) {
        let quote = |text: &String| format!("“{}”", shorten(text, SENTENCE_CHARS_MAX));
        let (value, reason) = match (old, new) {
            (Some(_), Some(new)) => ("another sentence", quote(new)),
            (None, Some(new)) => ("a sentence", quote(new)),
            (Some(old), None) => ("a sentence", quote(old)),
            (None, None) => return,
        };
        let example = case.example(TagFacet::Finding, "", reason);
        let (gained, lost) = self.tags.entry((TagFacet::Finding, value.to_owned())).or_default();
        if new.is_some() { gained.push(example) } else { lost.push(example) }
    }

    fn into_preview(self) -> Preview {
        let mut out =
            Preview { papers: self.papers, changed: self.changed, unjudged: self.unjudged, ..Preview::default() };
        for ((facet, from, to), papers) in self.moves {
            let list = if facet == TagFacet::Scope { &mut out.scope } else { &mut out.primary };
            list.push(Move { from, to, papers });
        }
        for list in [&mut out.scope, &mut out.primary] {
            list.sort_by_key(|m| std::cmp::Reverse(m.papers.len()));
        }
        let change = |((facet, value), (gained, lost))| TagChange { facet, value, gained, lost };
        out.tags = self.tags.into_iter().map(change).collect();
        out.tags.sort_by_key(|t| (t.facet, std::cmp::Reverse(t.gained.len() + t.lost.len())));
        out
    }
}

/// Characters of a sentence that is quoted as a reason.
const SENTENCE_CHARS_MAX: usize = 90;
/// Characters of the words that a reason quotes.
const QUOTE_CHARS_MAX: usize = 60;
/// Reasons that are told of one tag.
const REASONS_TOLD: usize = 2;

/// Returns why a paper has a tag: the words, where they stand, and the rule that looks for them.
pub fn reason_of(judgement: &Judgement, facet: TagFacet, value: &str) -> String {
    // The first working group is told by what makes it one of the groups.
    let name = if facet == TagFacet::Primary { "twg" } else { facet.as_str() };
    let reasons = judgement.why.get(&format!("{name}:{value}")).map_or(&[][..], Vec::as_slice);
    reasons.iter().take(REASONS_TOLD).map(in_words).collect::<Vec<_>>().join("; ")
}

/// Returns one reason in plain words.
fn in_words(evidence: &Evidence) -> String {
    let text = shorten(&evidence.text, QUOTE_CHARS_MAX);
    match (evidence.is_of_person(), text.is_empty()) {
        (true, true) => evidence.rule.clone(),
        (true, false) => format!("{} ({text})", evidence.rule),
        (false, true) => format!("rule {}", evidence.rule),
        (false, false) => format!("“{text}” in the {} (rule {})", evidence.field, evidence.rule),
    }
}

/// Returns why a paper would move: the new reason, and where there are none the words that no longer
/// speak.
fn reason_of_move(facet: TagFacet, case: &Case<'_>) -> String {
    let told = |judgement: &Judgement| {
        let value = facet.values(judgement).into_iter().next().unwrap_or_default();
        let words = reason_of(judgement, facet, &value);
        let because = judgement.exclude_reason.filter(|_| facet == TagFacet::Scope).map(|r| r.to_string());
        because.into_iter().chain(Some(words).filter(|w| !w.is_empty())).collect::<Vec<_>>().join(": ")
    };
    match (told(&case.new), told(&case.old)) {
        (new, _) if !new.is_empty() => new,
        (_, old) if !old.is_empty() => format!("no longer {old}"),
        _ => "no rule speaks for it".to_owned(),
    }
}
