//! Counts what became of the papers that a month's drafts listed: how good the order was, and what may
//! be worth keeping among what nobody chose about.

use std::collections::{BTreeMap, BTreeSet};

use super::as_f64;
use crate::model::{DraftPart, Listed};

/// What became of a listed paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// A person kept it, or it is in the issue and nobody said otherwise.
    Kept,
    /// A person said: perhaps, not in this issue.
    Maybe,
    /// A person put it out.
    Dropped,
    /// It stood above one that was taken, and was left.
    Passed,
    /// Nobody has said or shown anything about it.
    Open,
}

impl Fate {
    /// Tells whether something was said or shown about the paper. Of the others nobody knows whether they
    /// were read.
    pub fn is_chosen(self) -> bool {
        self != Self::Open
    }
}

/// A listed paper and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// As it was listed first.
    pub listed: Listed,
    /// What became of it.
    pub fate: Fate,
}

impl Outcome {
    /// Tells whether the paper counts as listed: a paper that was only asked about does once
    /// something was said of its place.
    pub fn is_listed(&self) -> bool {
        self.listed.part != DraftPart::Question || self.fate.is_chosen()
    }
}

/// How many papers had which fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Fates {
    /// Papers listed: the sum of the others.
    pub listed: usize,
    /// Kept.
    pub kept: usize,
    /// Perhaps, said outright.
    pub maybe: usize,
    /// Put out.
    pub dropped: usize,
    /// Stood above one that was taken, and left.
    pub passed: usize,
    /// Without a choice, read or not.
    pub open: usize,
}

impl Fates {
    /// Returns of how many papers something was said or shown.
    pub fn chosen(&self) -> usize {
        self.kept + self.maybe + self.dropped + self.passed
    }

    /// Returns how many papers were chosen about for each that was kept; `None` when none was.
    pub fn read_per_kept(&self) -> Option<f64> {
        (self.kept > 0).then(|| as_f64(self.chosen()) / as_f64(self.kept))
    }
}

/// Counts the fates of the papers that count as listed.
pub fn fates<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Fates {
    let mut out = Fates::default();
    for outcome in outcomes.into_iter().filter(|o| o.is_listed()) {
        out.listed += 1;
        *match outcome.fate {
            Fate::Kept => &mut out.kept,
            Fate::Maybe => &mut out.maybe,
            Fate::Dropped => &mut out.dropped,
            Fate::Passed => &mut out.passed,
            Fate::Open => &mut out.open,
        } += 1;
    }
    out
}

/// How many papers are the first ones: what one person reads in an hour, and as many as an issue holds.
pub const FIRST: usize = 30;

/// What became of the first papers of the order: precision at [`FIRST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct First {
    /// How many there are: [`FIRST`], or fewer when fewer were listed.
    pub papers: usize,
    /// How many were kept.
    pub kept: usize,
    /// How many have no choice.
    pub open: usize,
}

/// Returns what became of the first papers by the score that each had when it was first listed, whether
/// or not it stood there by lot. Papers that were only asked about are in no order and do not count.
pub fn first(outcomes: &[Outcome]) -> First {
    let mut order: Vec<&Outcome> = outcomes.iter().filter(|o| o.listed.part != DraftPart::Question).collect();
    let key = |o: &Outcome| (o.listed.place, o.listed.id.clone());
    order.sort_by(|a, b| b.listed.score.total_cmp(&a.listed.score).then_with(|| key(a).cmp(&key(b))));
    order.truncate(FIRST);
    let count = |fate: Fate| order.iter().filter(|o| o.fate == fate).count();
    First { papers: order.len(), kept: count(Fate::Kept), open: count(Fate::Open) }
}

/// What the papers drawn by lot say about those further down, of which nobody said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Lot {
    /// Papers listed by lot.
    pub drawn: usize,
    /// Of these the ones that tell of the rest: they come from behind all that was chosen about for its
    /// score, and the reader came past them.
    pub read: usize,
    /// Of `read`, how many were kept.
    pub kept: usize,
    /// Papers in scope behind all that was chosen about, listed or not, without a choice.
    pub rest: usize,
    /// Of `rest`, how many no draft listed.
    pub unlisted: usize,
}

/// Returns what the lot of one month says. `unlisted` is how many papers in scope no draft listed, without
/// those that somebody chose about all the same.
///
/// How far a draft's candidates were read is told by the last one with a choice. A paper drawn by lot
/// counts when a candidate below it has one, whatever was said of itself (else one at the end of
/// what was read would count only when it is kept), and when it stands by score behind all
/// candidates that were read for their score: among those behind, each had the same chance to be drawn.
/// Places shown are compared within one draft, scores across them: papers leave and come in between.
pub fn lot(outcomes: &[Outcome], unlisted: usize) -> Lot {
    let mut drafts: BTreeMap<usize, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|o| o.listed.part == DraftPart::Candidate) {
        drafts.entry(outcome.listed.draft).or_default().push(outcome);
    }
    // Nobody above the first place by lot of the first draft could be drawn; in a later one they could
    // have been drawn before.
    let ends = drafts.values().enumerate().filter_map(|(n, of)| {
        let first_lot = of.iter().filter(|o| n == 0 && o.listed.is_by_lot).map(|o| o.listed.shown).min();
        let end = read_to(of).max(first_lot.unwrap_or_default());
        // The last one and not the one with the lowest score: what comes again stands first, whatever its score.
        let own = of.iter().filter(|o| !o.listed.is_by_lot && o.listed.shown <= end);
        own.max_by_key(|o| o.listed.shown).map(|o| &o.listed)
    });
    let depth = ends.reduce(|a, b| if is_behind(b, a) { b } else { a });
    let is_rest = |o: &&&Outcome| depth.is_none_or(|end| is_behind(&o.listed, end));
    let drawn = drafts.values().flatten().filter(|o| o.listed.is_by_lot).count();
    let sample = drafts.values().flat_map(|of| {
        let end = read_to(of);
        of.iter().filter(move |o| o.listed.is_by_lot && o.listed.shown < end && o.fate.is_chosen()).filter(is_rest)
    });
    let sample: Vec<&&Outcome> = sample.collect();
    let open = drafts.values().flatten().filter(|o| !o.fate.is_chosen()).filter(is_rest).count();
    Lot {
        drawn,
        read: sample.len(),
        kept: sample.iter().filter(|o| o.fate == Fate::Kept).count(),
        rest: open + unlisted,
        unlisted,
    }
}

/// Returns the place shown of the last candidate with a choice, from 1; 0 when none has one.
fn read_to(of_draft: &[&Outcome]) -> usize {
    of_draft.iter().filter(|o| o.fate.is_chosen()).map(|o| o.listed.shown).max().unwrap_or_default()
}

/// Tells whether a paper stands behind another by score.
fn is_behind(a: &Listed, b: &Listed) -> bool {
    a.score.total_cmp(&b.score).then_with(|| b.place.cmp(&a.place)).is_lt()
}

/// Fewest papers drawn by lot from which anything is concluded: of nine, none kept leaves room for
/// three in ten.
pub const LOT_MIN: usize = 10;

/// Returns between how many of `rest` papers would be worth keeping when `kept` of `read` drawn by lot
/// were, rounded outwards; `None` when fewer than [`LOT_MIN`] were read.
pub fn worth_keeping(kept: usize, read: usize, rest: usize) -> Option<(usize, usize)> {
    if read < LOT_MIN {
        return None;
    }
    let (low, high) = wilson(kept, read);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count: not negative, not more than the count"
    )]
    let whole = |share: f64| share as usize;
    Some((whole((low * as_f64(rest)).floor()), whole((high * as_f64(rest)).ceil()).min(rest)))
}

/// How many standard errors a 95 % interval reaches to each side.
const Z: f64 = 1.959_964;

/// Returns the 95 % score interval of a share (Wilson 1927, J Am Stat Assoc 22:209–212), which holds for
/// small counts too (Brown, Cai and Das Gupta 2001, Stat Sci 16:101–133). `of` is above 0 and not below
/// `count`.
fn wilson(count: usize, of: usize) -> (f64, f64) {
    let n = as_f64(of);
    let share = as_f64(count) / n;
    let shrink = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / shrink;
    let half = Z / shrink * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// What became of one source's papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct OfSource {
    /// Papers listed that it brought, alone or beside others.
    pub listed: usize,
    /// Of these, kept.
    pub kept: usize,
    /// Of these, kept and found nowhere else.
    pub kept_only_here: usize,
}

/// Counts the listed papers of a source. A paper found in two sources counts for both.
pub fn of_source(outcomes: &[Outcome], source: &str) -> OfSource {
    let mut out = OfSource::default();
    for outcome in outcomes.iter().filter(|o| o.is_listed() && o.listed.sources.iter().any(|s| s == source)) {
        out.listed += 1;
        if outcome.fate == Fate::Kept {
            out.kept += 1;
            out.kept_only_here += usize::from(outcome.listed.sources.len() == 1);
        }
    }
    out
}

/// Returns every source that brought a listed paper, in order.
pub fn sources(outcomes: &[Outcome]) -> BTreeSet<&str> {
    outcomes.iter().filter(|o| o.is_listed()).flat_map(|o| o.listed.sources.iter().map(String::as_str)).collect()
}

#[cfg(test)]
mod tests;
