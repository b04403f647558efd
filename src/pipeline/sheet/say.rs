//! What people say on the page of a paper. Each function runs one transaction of its own, and needs the right to
//! write.

use std::fmt;

use super::tag_name;
use crate::model::{Scope, WorkId};
use crate::pipeline::choose::said_where;
use crate::pipeline::judge::{self, TagFacet, TagOutcome, Wish};
use crate::pipeline::{Ctx, Error, Result, find, merging};
use crate::store::{Answer, TagAction};

/// Stores what a person says of one tag of a paper, and tells what was done in a sentence without full stop.
///
/// `facet` and `value` are as in [`TagFact`](super::TagFact) and [`TagChoice`](super::TagChoice); names for people
/// are understood too. The finding is a tag as well: its value is the sentence. Neither judges nor indexes anew.
///
/// # Errors
/// [`Error::Stopped`] with help when the tag is not known or cannot be given or taken; [`Error::Missing`] when there is
/// no such paper, or nothing was said that could be taken back; else when the database refuses.
pub fn say_tag(ctx: &Ctx, id: &WorkId, facet: &str, value: &str, action: TagAction, who: &str) -> Result<String> {
    let id = find(ctx, id.as_str())?;
    let wish = Wish::parse(action, &format!("{facet}:{value}"), &ctx.config).map_err(|text| {
        let (reason, help) = text.split_once("\n  help: ").unwrap_or((&text, "choose one of the tags offered"));
        Error::stopped(reason, help)
    })?;
    let outcome = ctx.store.transaction(|_| judge::say(ctx, &id, std::slice::from_ref(&wish), who, ""))?;
    told(ctx, &wish, &outcome)
}

/// Says what a wish did.
fn told(ctx: &Ctx, wish: &Wish, outcome: &TagOutcome) -> Result<String> {
    let name = match wish.facet {
        facet if wish.value.is_empty() => facet.name().to_owned(),
        facet => tag_name(facet, &wish.value, &ctx.config),
    };
    let has = |judgement| wish.facet.values(judgement).contains(&wish.value);
    let mut out = match wish.action {
        TagAction::Add if has(&outcome.before) => format!("{name}: stays, as you say"),
        TagAction::Add if wish.facet.is_single() => format!("{name}: this holds now"),
        TagAction::Add => format!("{name}: added"),
        TagAction::Remove => format!("{name}: taken away"),
        TagAction::Undo => format!("{name}: what was said is taken back, and the rules decide again"),
    };
    if outcome.before.scope != outcome.after.scope && wish.facet != TagFacet::Scope {
        out.push_str(match outcome.after.scope {
            Scope::In => "; the paper is in scope now",
            Scope::Maybe => "; whether the paper is in scope is open now",
            Scope::Out => "; the paper is out of scope now",
        });
    }
    let words = ctx.store.tag_words(&outcome.id)?;
    let scope = words.iter().find(|w| w.facet == TagFacet::Scope.as_str());
    if let Some(scope) = scope.filter(|_| wish.action == TagAction::Undo && wish.facet == TagFacet::Country) {
        let name = tag_name(TagFacet::Scope, &scope.value, &ctx.config);
        out.push_str(&format!("; {name}, said {}, stays", said_where(&scope.who)));
    }
    Ok(out)
}

/// What came of a person's word on whether two papers are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SameOutcome {
    /// They are the same paper already.
    OneAlready,
    /// It was said before.
    SaidBefore,
    /// They are one paper now. What one paper's records seldom differ in and these do; empty when all is well.
    One(Vec<&'static str>),
    /// They stay two papers.
    Two,
    /// What a person had made one is two papers again.
    TwoAgain,
    /// They were said to be one, and an answer about others of their records keeps them apart.
    KeptApart,
}

impl fmt::Display for SameOutcome {
    /// Says what was done in a sentence without full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneAlready => "nothing changed: they are the same paper already",
            Self::SaidBefore => "nothing changed: it was said before",
            Self::One(differ) if differ.is_empty() => "they are one paper now",
            Self::One(differ) => {
                let differ = differ.join(", ");
                return write!(f, "they are one paper now; look again if that is right, since they differ in {differ}");
            }
            Self::Two => "they stay two papers, and nobody is asked about them again",
            Self::TwoAgain => "they are two papers again",
            Self::KeptApart => "they stay two papers, since an answer about others of their records keeps them apart",
        })
    }
}

/// Stores what a person says about whether two papers are the same, judges what changed by it, and tells what was
/// done. Two ids that were made one paper by a person before are parted again by [`Answer::Different`]. Does not
/// index anew.
///
/// # Errors
/// [`Error::Missing`] when one of the papers is not there; [`Error::Stopped`] when both ids are one paper that no answer
/// joined; else when the database refuses.
pub fn say_same(ctx: &Ctx, a: &WorkId, b: &WorkId, answer: Answer, who: &str) -> Result<SameOutcome> {
    let (now_a, now_b) = (find(ctx, a.as_str())?, find(ctx, b.as_str())?);
    let is_said = |said: Option<(Answer, i64)>| said.is_some_and(|(old, _)| old == answer);
    let outcome = match (now_a == now_b, answer) {
        (true, Answer::Same) => return Ok(SameOutcome::OneAlready),
        (true, Answer::Different) => {
            let is_parted = ctx.store.transaction(|_| merging::part_again(ctx, [a.as_str(), b.as_str()], who))?;
            if !is_parted {
                return Err(Error::stopped(
                    "these are one paper here, and no answer about the two made them one",
                    "take the records that are another paper out of it: `roundup merge split`",
                ));
            }
            SameOutcome::TwoAgain
        }
        (false, _) if is_said(ctx.store.verdict(&now_a, &now_b)?) => return Ok(SameOutcome::SaidBefore),
        (false, answer) => {
            let differ = merging::differences(ctx, &now_a, &now_b)?;
            ctx.store.transaction(|_| merging::answer(ctx, &now_a, &now_b, answer, who, ""))?;
            match answer {
                Answer::Different => SameOutcome::Two,
                Answer::Same if ctx.store.resolve(&now_a)? == ctx.store.resolve(&now_b)? => SameOutcome::One(differ),
                Answer::Same => SameOutcome::KeptApart,
            }
        }
    };
    judge::judge(ctx)?;
    Ok(outcome)
}

/// Takes an answer back that a person gave about a paper and another one, as `roundup merge undo` does, judges what
/// changed by it, and tells what was done in a sentence without full stop. `number` is that of
/// [`SaidLine`](super::SaidLine). Does not index anew.
///
/// # Errors
/// [`Error::Missing`] when there is no such paper; [`Error::Stopped`] when no standing answer about it has this number;
/// else when the database refuses.
pub fn unsay_same(ctx: &Ctx, id: &WorkId, number: i64) -> Result<String> {
    let id = find(ctx, id.as_str())?;
    let standing = merging::said_with(ctx, &id)?.into_iter().find(|s| s.verdict.number == number);
    if standing.is_none_or(|s| s.verdict.is_undone) {
        return Err(Error::stopped(
            "this answer about the paper does not stand any more, so nothing was changed",
            "look at the paper's page again: it shows what was said, and what was taken back",
        ));
    }
    let outcome = ctx.store.transaction(|_| merging::undo(ctx, Some(number)))?;
    judge::judge(ctx)?;
    let papers = if outcome.works.len() == 1 { "this is one paper" } else { "these are two papers" };
    Ok(format!("the answer is taken back; without it {papers}"))
}
