//! A paper's tags in plain words, and what a person may give it.

use super::{ScopeFacts, TagChoice, TagFact};
use crate::model::text::{fold, shorten};
use crate::model::{Design, Evidence, Judgement, Scope, WorkId};
use crate::pipeline::cards::{Paper, named};
use crate::pipeline::choose::said_where;
use crate::pipeline::judge::{TagFacet, TagLine, tag_lines, told_word};
use crate::pipeline::{Config, Ctx, Result};
use crate::store::{TagAction, TagWord};

/// Characters of the words that are quoted.
const QUOTE_CHARS_MAX: usize = 80;

/// The tags of a paper.
pub(super) struct Tags {
    /// Those it has.
    pub(super) has: Vec<TagFact>,
    /// Those a person took away.
    pub(super) removed: Vec<TagFact>,
    /// Who gave or took away the finding; empty when no person did.
    pub(super) finding_said: String,
    /// What a person said of the scope, and when.
    scope_said: Option<String>,
}

impl Tags {
    /// Returns the tags of a paper.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn of(ctx: &Ctx, id: &WorkId, paper: &Paper) -> Result<Self> {
        let words = ctx.store.tag_words(id)?;
        let word_on = |facet: TagFacet| words.iter().rfind(|w| w.facet == facet.as_str());
        let lines = tag_lines(&paper.machine, &paper.judgement, &words);
        let shown = |line: &&TagLine| {
            let is_none = line.facet == TagFacet::Design && line.value == Design::Unclear.as_str();
            !matches!(line.facet, TagFacet::Scope | TagFacet::Finding) && !is_none
        };
        let fact = |line: &TagLine| fact(ctx, line, &paper.machine);
        let was_removed = |line: &&TagLine| line.word.as_ref().is_some_and(|w| w.action == TagAction::Remove);
        Ok(Self {
            has: lines.iter().filter(shown).filter(|l| l.has).map(fact).collect(),
            removed: lines.iter().filter(shown).filter(|l| !l.has).filter(was_removed).map(fact).collect(),
            finding_said: word_on(TagFacet::Finding).map(|w| told_word(w, &ctx.zone())).unwrap_or_default(),
            scope_said: word_on(TagFacet::Scope).map(|w| said_of_scope(ctx, w)),
        })
    }

    /// Returns whether a paper belongs here, and why.
    pub(super) fn scope(&self, paper: &Paper) -> ScopeFacts {
        let judgement = &paper.judgement;
        let is_of_person = self.scope_said.is_some();
        let reason = match (judgement.exclude_reason, judgement.scope) {
            (Some(reason), _) => reason.plain(),
            _ if is_of_person => "a person said so",
            (None, Scope::In) => "it is about mental health around birth in a low- or middle-income country",
            (None, _) => "the rules do not decide",
        };
        let of_rules = if judgement.scope == paper.machine.scope { &paper.machine } else { judgement };
        ScopeFacts {
            value: judgement.scope.to_string(),
            name: judgement.scope.label().to_owned(),
            reason: reason.to_owned(),
            evidence: evidence(of_rules, TagFacet::Scope, judgement.scope.as_str()),
            said_by: self.scope_said.clone(),
        }
    }
}

/// Returns who said what scope a paper has, when and why: "by Ada on 3 October 2026: the sample was Kenyan".
fn said_of_scope(ctx: &Ctx, word: &TagWord) -> String {
    let day = word.at.to_zoned(ctx.zone()).strftime("%-d %B %Y").to_string();
    let why = if word.note.is_empty() { String::new() } else { format!(": {}", word.note) };
    format!("{} on {day}{why}", said_where(&word.who))
}

/// Returns a tag in plain words.
fn fact(ctx: &Ctx, line: &TagLine, machine: &Judgement) -> TagFact {
    let said = line.word.as_ref().map(|w| told_word(w, &ctx.zone()));
    let is_added = line.word.as_ref().is_some_and(|w| w.action == TagAction::Add);
    TagFact {
        facet: line.facet.as_str().to_owned(),
        facet_name: line.facet.name().to_owned(),
        value: line.value.clone(),
        name: line.facet.value_name(&line.value, &ctx.config),
        evidence: if line.is_of_rules { evidence(machine, line.facet, &line.value) } else { Vec::new() },
        is_of_person: line.has && is_added,
        // The first working group is taken away by naming another one.
        can_remove: line.has && line.facet != TagFacet::Primary,
        can_undo: said.is_some(),
        said: said.unwrap_or_default(),
    }
}

/// Returns the words that a tag rests on by the rules, each once in a field, in whatever case.
fn evidence(machine: &Judgement, facet: TagFacet, value: &str) -> Vec<String> {
    // The first working group is told by what makes it one of the groups.
    let name = if facet == TagFacet::Primary { TagFacet::Twg.as_str() } else { facet.as_str() };
    let mut out: Vec<String> = Vec::new();
    for reason in machine.why.get(&format!("{name}:{value}")).into_iter().flatten() {
        let words = in_words(reason);
        if !words.is_empty() && out.iter().all(|old| fold(old) != fold(&words)) {
            out.push(words);
        }
    }
    out
}

/// Returns one reason in plain words; empty when it quotes nothing, or a person gave it.
fn in_words(evidence: &Evidence) -> String {
    let text = shorten(&evidence.text, QUOTE_CHARS_MAX);
    if text.is_empty() || evidence.is_of_person() {
        return String::new();
    }
    match evidence.field.as_str() {
        "mesh" => format!("“{text}” among the MeSH headings"),
        "keywords" => format!("“{text}” among the keywords"),
        "type" => format!("the publication type “{text}”"),
        "pmcid" => format!("it is in PubMed Central ({text})"),
        "language" => format!("the language “{text}”"),
        "licence" => format!("the licence “{text}”"),
        "doi" => format!("the DOI “{text}”"),
        "open_access" => "its source says so".to_owned(),
        "country" => format!("“{text}” may mean several countries"),
        "affiliation" => format!("“{text}” in an address of the authors"),
        field => format!("“{text}” in the {field}"),
    }
}

/// Returns the kinds of tags that a person can give by choosing, with all their values.
pub(super) fn choices(config: &Config) -> Vec<TagChoice> {
    let choosable = TagFacet::ALL.into_iter().filter(|f| *f != TagFacet::Finding);
    let choice = |facet: TagFacet| TagChoice {
        facet: facet.as_str().to_owned(),
        name: facet.name().to_owned(),
        is_single: facet.is_single(),
        values: facet.choices(config).iter().map(|value| named(facet, value, config)).collect(),
    };
    choosable.map(choice).collect()
}
