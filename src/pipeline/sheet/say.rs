//! What people say on the page of a paper. Each function runs one transaction of its own, and needs the right to
//! write.

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

/// Stores what a person says about whether two papers are the same, judges what changed by it, and tells what was
/// done in a sentence without full stop. Two ids that were made one paper by a person before are parted again by
/// [`Answer::Different`]. Does not index anew.
///
/// # Errors
/// [`Error::Missing`] when one of the papers is not there; [`Error::Stopped`] when both ids are one paper that no answer
/// joined; else when the database refuses.
pub fn say_same(ctx: &Ctx, a: &WorkId, b: &WorkId, answer: Answer, who: &str) -> Result<String> {
    let (now_a, now_b) = (find(ctx, a.as_str())?, find(ctx, b.as_str())?);
    let is_said = |said: Option<(Answer, i64)>| said.is_some_and(|(old, _)| old == answer);
    let told = match (now_a == now_b, answer) {
        (true, Answer::Same) => return Ok("nothing changed: they are the same paper already".to_owned()),
        (true, Answer::Different) => {
            let is_parted = ctx.store.transaction(|_| merging::part_again(ctx, [a.as_str(), b.as_str()], who))?;
            if !is_parted {
                return Err(Error::stopped(
                    "these are one paper here, and no answer about the two made them one",
                    "take the records that are another paper out of it: `roundup merge split`",
                ));
            }
            "they are two papers again".to_owned()
        }
        (false, _) if is_said(ctx.store.verdict(&now_a, &now_b)?) => {
            return Ok("nothing changed: it was said before".to_owned());
        }
        (false, answer) => {
            let differ = merging::differences(ctx, &now_a, &now_b)?;
            ctx.store.transaction(|_| merging::answer(ctx, &now_a, &now_b, answer, who, ""))?;
            let is_one = ctx.store.resolve(&now_a)? == ctx.store.resolve(&now_b)?;
            match (answer, is_one, differ.is_empty()) {
                (Answer::Different, ..) => "they stay two papers, and nobody is asked about them again".to_owned(),
                (Answer::Same, true, true) => "they are one paper now".to_owned(),
                (Answer::Same, true, false) => {
                    format!(
                        "they are one paper now; look again if that is right, since they differ in {}",
                        differ.join(", ")
                    )
                }
                (Answer::Same, false, _) => {
                    "they stay two papers, since an answer about others of their records keeps them apart".to_owned()
                }
            }
        }
    };
    judge::judge(ctx)?;
    Ok(told)
}
