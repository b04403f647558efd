//! What was said of papers' places in earlier months, as the next draft heeds it.

use std::collections::BTreeMap;

use super::{BY_DRAFT, UNNAMED};
use crate::draft::select::Wish;
use crate::model::{Choice, Month, WorkId};
use crate::pipeline::{Ctx, Result};
use crate::store::ChoiceRow;

/// Issues for which a paper comes again that was put off, or kept and never sent. What nobody took in
/// half a year is not going to be taken, and a list that only grows is not read.
const AGAIN_ISSUES_MAX: i32 = 6;

/// What counts today for every paper.
pub(in crate::pipeline) struct Standing {
    choices: BTreeMap<WorkId, ChoiceRow>,
    zone: jiff::tz::TimeZone,
}

impl Standing {
    /// Reads what counts today.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(in crate::pipeline) fn of(ctx: &Ctx) -> Result<Self> {
        Ok(Self { choices: ctx.store.standing_choices()?, zone: ctx.zone() })
    }

    /// Tells whether a person dropped a work, for whatever issue.
    pub(in crate::pipeline) fn is_dropped(&self, id: &WorkId) -> bool {
        self.choices.get(id).is_some_and(|row| row.choice == Some(Choice::Drop))
    }

    /// Tells whether a work comes again in the issue of a month, whenever it appeared: it was put off, or
    /// kept, in one of the last issues before.
    pub(in crate::pipeline) fn comes_again(&self, id: &WorkId, month: Month) -> bool {
        let Some(row) = self.choices.get(id) else { return false };
        let ago = month.months_since(self.month_of(row));
        matches!(row.choice, Some(Choice::Keep | Choice::Maybe)) && (1..=AGAIN_ISSUES_MAX).contains(&ago)
    }

    /// Returns what a person asked for a month's issue, elsewhere than in its file, which speaks for itself: a paper that
    /// was kept for it goes in; one that was put off, now or before, or kept before and never sent, waits among
    /// the candidates to be looked at.
    pub(in crate::pipeline) fn wish(&self, id: &WorkId, month: Month) -> Wish {
        let Some(row) = self.choices.get(id) else { return Wish::None };
        let is_for_this = self.month_of(row) == month;
        // What the file itself put off is not proposed as an item, nor as the pick, either.
        let is_put_off = row.choice == Some(Choice::Maybe) && is_for_this;
        if row.choice == Some(Choice::Keep) && is_for_this && row.who != BY_DRAFT {
            Wish::Keep
        } else if is_put_off || self.comes_again(id, month) {
            Wish::Again
        } else {
            Wish::None
        }
    }

    /// Returns what people are reminded of when a work is proposed for a month: what they said of it in an
    /// earlier month, or outside of this month's file. Empty for nothing.
    pub(in crate::pipeline) fn remark(&self, id: &WorkId, month: Month) -> String {
        let Some(row) = self.choices.get(id) else { return String::new() };
        let said_for = self.month_of(row);
        let said = match row.choice {
            Some(Choice::Maybe) if said_for < month => format!("you said maybe in {}", said_for.long_name()),
            Some(Choice::Keep) if said_for < month => {
                format!("you kept it in {}, but it was in no issue", said_for.long_name())
            }
            Some(choice @ (Choice::Keep | Choice::Maybe)) if row.who == UNNAMED => {
                format!("{} was said on the command line", choice.as_str())
            }
            Some(choice @ (Choice::Keep | Choice::Maybe)) if row.who != BY_DRAFT => {
                format!("{} said {}", row.who, choice.as_str())
            }
            _ => return String::new(),
        };
        if row.reason.is_empty() { said } else { format!("{said}: {}", row.reason) }
    }

    /// Returns the month of the issue that a row was said for: where that is not written down, the issue
    /// that was being made when it was said.
    fn month_of(&self, row: &ChoiceRow) -> Month {
        row.month.unwrap_or_else(|| Month::of(row.at.to_zoned(self.zone.clone()).date()).previous())
    }
}
