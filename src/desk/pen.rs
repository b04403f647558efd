//! The one way in which the desk writes a draft: on the room's thread, where the change is remembered to be taken back
//! in the moment it is made.
//!
//! There one change comes behind the other, so the last one remembered is the last one made; and it is remembered also
//! when the browser that asked has left before the answer.

use std::sync::Arc;

use super::room::Held;
use super::undo::{Step, Undo};
use super::{Desk, hand, locked};
use crate::model::Month;
use crate::pipeline::curate::Outcome;
use crate::pipeline::{self, Ctx};

/// What became of a change of the draft.
pub(super) struct Stroke {
    /// Whether it is in the file.
    pub(super) outcome: Outcome,
    /// What it was, in a few words ("kept “Title”").
    pub(super) what: String,
    /// The time of the day, in the roundup's zone.
    pub(super) at: String,
}

impl Stroke {
    /// Returns a change that was made, or refused, now.
    pub(super) fn of(ctx: &Ctx, outcome: Outcome, what: String) -> Self {
        let at = ctx.clock.now().to_zoned(ctx.zone()).strftime("%H:%M").to_string();
        Self { outcome, what, at }
    }

    /// Returns the step that takes the change back; `None` when it changed nothing.
    fn step(&self) -> Option<Step> {
        match &self.outcome {
            Outcome::Saved { before, now, .. } if before.sum != now.sum => {
                Some(Step { before: before.text.clone(), after: now.text.clone(), what: self.what.clone() })
            }
            _ => None,
        }
    }
}

impl Desk {
    /// Changes a month's draft and remembers, before anybody is answered, how that is taken back by the browser that
    /// asked. `change` may find that nothing is asked for.
    ///
    /// # Errors
    /// Those of the change, and when the desk is closing.
    pub(super) async fn write(
        &self,
        month: Month,
        change: impl FnOnce(&Held) -> anyhow::Result<Option<Stroke>> + Send + 'static,
    ) -> anyhow::Result<Option<Stroke>> {
        let (undo, hand) = (Arc::clone(&self.undo), hand::current());
        let make = move |ctx: &Held| {
            let stroke = change(ctx)?;
            if let Some(step) = stroke.as_ref().and_then(Stroke::step) {
                locked(&undo).push(&hand, month, step);
            }
            Ok(stroke)
        };
        self.room.ask(make).await
    }

    /// Takes back the last change that the asking browser made to a month's draft; `None` when it made none. A step
    /// that cannot be taken back stays the last one.
    ///
    /// # Errors
    /// As [`Desk::write`].
    pub(super) async fn take_back(&self, month: Month) -> anyhow::Result<Option<Stroke>> {
        let (undo, hand) = (Arc::clone(&self.undo), hand::current());
        self.room.ask(move |ctx| taken_back(ctx, &undo, &hand, month)).await
    }
}

/// Takes back the last step of a browser, on the room's thread.
fn taken_back(ctx: &Held, undo: &std::sync::Mutex<Undo>, hand: &str, month: Month) -> anyhow::Result<Option<Stroke>> {
    let Some(step) = locked(undo).take(hand, month) else { return Ok(None) };
    let outcome = pipeline::curate::take_back(ctx, month, &step.before, &step.after);
    let what = step.what.clone();
    if !matches!(outcome, Ok(Outcome::Saved { .. })) {
        // The next try is of the same step, not of an older one.
        locked(undo).push(hand, month, step);
    }
    Ok(Some(Stroke::of(ctx, outcome?, what)))
}
