//! Chooses what the machine proposes for a month, and says why in plain words.

use std::collections::BTreeSet;

mod choose;
mod lot;
mod reasons;
mod twins;

pub use twins::Alike;

use super::{MORE, preheader};
use crate::model::text::clean_line;
use crate::model::{
    Candidate, Decision, Design, Draft, DraftItem, DraftPart, DraftSettings, ExcludeReason, House, Judgement, Listed,
    Listing, Month, Scope, Score, TopicRule, Unlisted, Work, WorkId,
};

/// A work with everything that the choice rests on.
#[derive(Debug, Clone, Copy)]
pub struct Ranked<'a> {
    /// The work.
    pub work: &'a Work,
    /// How it was judged.
    pub judgement: &'a Judgement,
    /// Its score.
    pub score: &'a Score,
    /// Names of its countries for readers, most prominent first.
    pub country_names: &'a [String],
    /// Topics its source usually serves; used only when the judgement names none.
    pub source_topics: &'a [String],
    /// What readers are told of its other forms ("Earlier as a preprint."); empty for nothing.
    pub remark: &'a str,
    /// What a person asked for.
    pub wish: Wish,
}

/// What a person asked for outside of the month's file, or in an earlier month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Nothing: the order decides.
    #[default]
    None,
    /// To have it in this issue: it goes before all others.
    Keep,
    /// To look at it again, or not to have it in yet: it stands first among the candidates and never falls off their end, but is not put into
    /// the issue without a person.
    Again,
}

/// Questions about scope in one draft: more would not be answered in the hour there is.
pub const SCOPE_QUESTIONS_MAX: usize = 20;

/// Returns the proposal for a month.
///
/// `ranked` comes in any order and holds one form of each study, and neither works that were sent
/// nor ones that a person excluded. Of papers that may be one study by `alike` only the best is
/// proposed, and names the others. Papers in scope fill the sections by their first topic, best first,
/// each section up to its size and, as far as there are papers, to a floor; then the compact list; then
/// the candidates, one in twenty of them by lot. What is listed, and out of how many, stands in
/// `listing`. Papers whose scope is uncertain become questions, behind `decisions`, at most
/// [`SCOPE_QUESTIONS_MAX`]. Retracted papers and notices are left out. Ties are broken by id, so the
/// same input gives the same draft.
pub fn propose(
    month: Month,
    ranked: &[Ranked<'_>],
    decisions: Vec<Decision>,
    alike: &Alike,
    settings: &DraftSettings,
    topics: &[TopicRule],
    house: &House,
) -> Draft {
    let all = eligible(ranked);
    let in_scope: Vec<&Ranked<'_>> = all.iter().copied().filter(|r| r.judgement.scope == Scope::In).collect();
    let standing = twins::once(&in_scope, alike);
    let plan = choose::choose(&as_wished(&standing.papers), settings, topics);
    let mut ledger = Ledger { best_first: &standing.papers, topics, listed: Vec::new() };
    let mut draft = Draft::empty(month);
    for topic in topics {
        for r in plan.of(&topic.id) {
            ledger.note(r, DraftPart::Item, Some(&topic.id), false);
            draft.items.push(item(r, &topic.id, topics));
        }
    }
    let (more, rest) = plan.rest.split_at(plan.rest.len().min(settings.more_max));
    let again = standing.papers.iter().copied().filter(|r| r.wish == Wish::Again);
    let rest: Vec<_> = again.chain(rest.iter().copied()).collect();
    draft.pick = pick(&draft.items, &standing.papers);
    for r in more {
        ledger.note(r, DraftPart::More, None, false);
        draft.items.push(item(r, MORE, topics));
    }
    let ids: Vec<_> = rest.iter().map(|r| &r.work.id).collect();
    for dealt in lot::deal(&ids, settings.candidates_max, month) {
        let Some(r) = rest.get(dealt.index) else { continue };
        ledger.note(r, DraftPart::Candidate, None, dealt.is_by_lot);
        draft.candidates.push(candidate(r, topics));
    }
    name_twins(&mut draft, &standing, &decisions);
    draft.decisions = decisions;
    let questions: Vec<_> = all.iter().copied().filter(|r| r.judgement.scope == Scope::Maybe).collect();
    ledger.best_first = &questions;
    for r in questions.iter().take(SCOPE_QUESTIONS_MAX) {
        ledger.note(r, DraftPart::Question, None, false);
        draft.decisions.push(scope_question(r, topics));
    }
    draft.listing = listing(&all, &standing.papers, ledger.listed);
    draft.subject = format!("{} · {}", house.short_name, house.language.month(month));
    draft.preheader = preheader::proposed(&draft, house.language);
    draft.request.clone_from(&house.request);
    draft
}

/// Returns the papers that sections may take, what a person wants first; what was put off is not among them.
fn as_wished<'a, 'r>(best_first: &[&'r Ranked<'a>]) -> Vec<&'r Ranked<'a>> {
    let mut out: Vec<&Ranked<'_>> = best_first.iter().copied().filter(|r| r.wish != Wish::Again).collect();
    out.sort_by_key(|r| r.wish != Wish::Keep);
    out
}

/// Says under each paper which near-duplicates gave way to it.
fn name_twins(draft: &mut Draft, standing: &twins::Standing<'_, '_>, asked: &[Decision]) {
    for item in &mut draft.items {
        item.reasons.extend(standing.reasons(&item.id, asked));
    }
    for candidate in &mut draft.candidates {
        candidate.reasons.extend(standing.reasons(&candidate.id, asked));
    }
}

/// Returns what is listed, and out of which papers: `standing` are the ones in scope.
fn listing(all: &[&Ranked<'_>], standing: &[&Ranked<'_>], papers: Vec<Listed>) -> Listing {
    let in_scope: BTreeSet<&WorkId> = standing.iter().map(|r| &r.work.id).collect();
    let listed: BTreeSet<&WorkId> = papers.iter().map(|p| &p.id).collect();
    let mut others: Vec<Unlisted> = all
        .iter()
        .filter(|r| !listed.contains(&r.work.id))
        .map(|r| Unlisted { id: r.work.id.clone(), is_in_scope: in_scope.contains(&r.work.id) })
        .collect();
    others.sort_by(|a, b| a.id.cmp(&b.id));
    Listing { considered: all.len(), in_scope: standing.len(), papers, others }
}

/// Writes down what a draft lists.
struct Ledger<'x, 'r, 'a> {
    /// The papers among which a place by score is counted.
    best_first: &'x [&'r Ranked<'a>],
    topics: &'x [TopicRule],
    listed: Vec<Listed>,
}

impl Ledger<'_, '_, '_> {
    /// Notes a paper in a part of the draft. Without a section it is noted under its first topic.
    fn note(&mut self, r: &Ranked<'_>, part: DraftPart, section: Option<&str>, is_by_lot: bool) {
        let section = section.or_else(|| choose::topics_of(r, self.topics).into_iter().next()).unwrap_or_default();
        let place = self.best_first.iter().position(|other| other.work.id == r.work.id).unwrap_or_default() + 1;
        let shown = self.listed.iter().filter(|l| l.part == part).count() + 1;
        let sources: BTreeSet<&str> = r.work.members.iter().map(|m| m.source.as_str()).collect();
        self.listed.push(Listed {
            id: r.work.id.clone(),
            part,
            section: section.to_owned(),
            score: r.score.total,
            place,
            shown,
            draft: 0,
            is_by_lot,
            sources: sources.into_iter().map(str::to_owned).collect(),
        });
    }
}

/// Returns the works that may be proposed at all, best first.
fn eligible<'a, 'r>(ranked: &'r [Ranked<'a>]) -> Vec<&'r Ranked<'a>> {
    let mut out: Vec<&Ranked<'_>> =
        ranked.iter().filter(|r| !is_retracted(r) && !is_notice(r) && r.judgement.scope != Scope::Out).collect();
    out.sort_by(|a, b| b.score.total.total_cmp(&a.score.total).then_with(|| a.work.id.cmp(&b.work.id)));
    out.dedup_by(|a, b| a.work.id == b.work.id);
    out
}

/// Tells whether a paper was retracted.
fn is_retracted(r: &Ranked<'_>) -> bool {
    r.work.record.is_retracted() || r.judgement.has_flag("retracted")
}

/// Tells whether a record is a notice about another paper.
fn is_notice(r: &Ranked<'_>) -> bool {
    r.judgement.design == Design::Notice || r.judgement.exclude_reason == Some(ExcludeReason::Notice)
}

/// Tells whether a paper is a preprint.
fn is_preprint(r: &Ranked<'_>) -> bool {
    r.work.record.is_preprint() || r.judgement.has_flag("preprint")
}

/// Returns a paper as an item of the issue, under a section.
pub fn item(r: &Ranked<'_>, section: &str, topics: &[TopicRule]) -> DraftItem {
    DraftItem {
        id: r.work.id.to_string(),
        section: section.to_owned(),
        title: reader_title(&r.work.record.title),
        summary: r.judgement.finding.as_deref().map(clean_line).unwrap_or_default(),
        why: String::new(),
        link: r.work.record.best_link().unwrap_or_default(),
        reason: String::new(),
        is_kept: false,
        reasons: reasons::reasons(r, section, topics),
        line: 0,
    }
}

/// Returns a candidate, with the section it would go to.
fn candidate(r: &Ranked<'_>, topics: &[TopicRule]) -> Candidate {
    let section = choose::topics_of(r, topics).into_iter().next().unwrap_or(MORE);
    let item = item(r, section, topics);
    Candidate {
        id: item.id,
        choice: None,
        reason: String::new(),
        section: item.section,
        title: item.title,
        summary: item.summary,
        why: String::new(),
        link: item.link,
        reasons: item.reasons,
        line: 0,
    }
}

/// Returns the question whether a paper is in scope: what is in doubt, and what helps to decide.
fn scope_question(r: &Ranked<'_>, topics: &[TopicRule]) -> Decision {
    let id = format!("scope {}", r.work.id);
    let asked = r.judgement.exclude_reason.map_or("Does it belong here? The rules do not decide.", reasons::question);
    Decision {
        question: format!("{asked} “{}”", reader_title(&r.work.record.title)),
        answer: String::new(),
        choices: super::choices_of(&id).iter().map(|c| (*c).to_owned()).collect(),
        reasons: reasons::of_maybe(r, topics),
        line: 0,
        answer_at: (0, 0),
        id,
    }
}

/// Returns the id of the best item with a finding; one that was peer reviewed goes before a
/// preprint. Empty when no item has a finding.
fn pick(items: &[DraftItem], best_first: &[&Ranked<'_>]) -> String {
    let chosen = |r: &&&Ranked<'_>| items.iter().any(|i| i.id == r.work.id.as_str() && !i.summary.is_empty());
    let best = best_first.iter().filter(chosen).find(|r| !is_preprint(r));
    best.or_else(|| best_first.iter().find(chosen)).map(|r| r.work.id.to_string()).unwrap_or_default()
}

/// Returns a title as readers see it: without the full stop that PubMed puts behind every title. One
/// that ends an abbreviation ("in the U.S.") or an ellipsis stays.
fn reader_title(title: &str) -> String {
    let title = clean_line(title);
    let Some(bare) = title.strip_suffix('.') else { return title };
    let last = bare.rsplit([' ', '.']).next().unwrap_or_default();
    if bare.ends_with('.') || last.chars().count() <= 1 { title } else { bare.to_owned() }
}

#[cfg(test)]
mod tests;
