//! Takes in what a draft file says of papers' places, as a person left it.
//!
//! The file is compared with what it said the last time, not with what counts: so reading it again
//! stores nothing, and what was said elsewhere in the meantime stands until the file itself changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{BY_DRAFT, Saying, plain, put};
use crate::draft::{self, Stand};
use crate::model::{Choice, Draft, Month, Place, Problem, Severity, WorkId};
use crate::pipeline::base::base_of;
use crate::pipeline::{Ctx, Result};
use crate::store::ChoiceRow;

/// When a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Moment {
    /// While it is worked on: only what people did by hand says something.
    Drafted,
    /// When the issue is made of it: what goes in is kept, what was seen and left is passed over.
    Rendered,
}

/// What a file newly says of a work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pipeline) struct FileSays {
    /// The work, by today's id.
    pub(in crate::pipeline) id: WorkId,
    /// What is said; `None` takes back what the file said before.
    pub(in crate::pipeline) choice: Option<Choice>,
    /// Why.
    pub(in crate::pipeline) reason: String,
}

/// Stores what a month's file newly says and returns how much that is. Runs inside a transaction.
///
/// # Errors
/// When the database refuses.
pub(in crate::pipeline) fn take_in(ctx: &Ctx, month: Month, text: &str, moment: Moment) -> Result<usize> {
    let says = planned(ctx, month, text, moment)?;
    for said in &says {
        let saying = Saying { choice: said.choice, month, who: BY_DRAFT, reason: &said.reason };
        put(ctx, &said.id, &saying)?;
    }
    Ok(says.len())
}

/// Returns what a month's file newly says, in the order of the works' ids; nothing is stored.
///
/// Ids that are no works (items made by hand) are passed over. While a block of the file cannot be
/// understood, only words that stand there count, and nothing is made of what is missing.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::pipeline) fn planned(ctx: &Ctx, month: Month, text: &str, moment: Moment) -> Result<Vec<FileSays>> {
    let (parsed, problems) = draft::parse(text, BY_DRAFT);
    let Some(parsed) = parsed.filter(|d| d.month == month) else { return Ok(Vec::new()) };
    let is_clear = problems.iter().all(|p| p.severity != Severity::Error);
    let papers = said_of(ctx, month, text, &parsed)?;
    let is_cut = gone_at_once(&papers).is_some();
    let standing = ctx.store.standing_choices()?;
    let mut out = Vec::new();
    for (id, said) in &papers {
        let is_said_there = matches!(said.stand, Stand::Kept | Stand::Maybe | Stand::Dropped);
        let is_missing = said.stand == Stand::TakenOut;
        if said.is_two_things || (!is_clear && !is_said_there) || (is_cut && is_missing) {
            continue;
        }
        let rows = ctx.store.choices_on(id)?;
        let last = last_of_block(&rows, month, &said.block);
        let new = newly_said(said.stand, &said.reason, moment, &Before { last, counts: standing.get(id) });
        out.extend(new.into_iter().map(|(choice, reason)| FileSays { id: id.clone(), choice, reason }));
    }
    if is_clear {
        for (id, row) in standing.iter().filter(|(id, r)| is_of_file(r, month) && !papers.contains_key(*id)) {
            // It stood there by a person's hand and is gone by it. What was parted from a paper that
            // still stands there keeps what was said of that.
            let is_said = matches!(row.choice, Some(Choice::Keep | Choice::Maybe));
            if is_said && ctx.store.resolve(&row.work)?.as_ref() == Some(id) {
                out.push(FileSays { id: id.clone(), choice: None, reason: String::new() });
            }
        }
    }
    Ok(out)
}

/// What a file says of one paper.
struct Said {
    stand: Stand,
    reason: String,
    /// The id in the block that says so.
    block: WorkId,
    /// Whether two blocks with its id say two things: then nothing is taken in.
    is_two_things: bool,
}

/// Returns what a file says of each paper, by today's ids. Of two blocks the one that says more counts.
fn said_of(ctx: &Ctx, month: Month, text: &str, parsed: &Draft) -> Result<BTreeMap<WorkId, Said>> {
    let base = base_of(ctx, month, Some(text))?;
    let lots = by_lot(ctx, month)?;
    let mut papers: BTreeMap<WorkId, Said> = BTreeMap::new();
    for placed in draft::places(base.as_deref(), text, parsed) {
        let Some(block) = WorkId::parse(&placed.id) else { continue };
        let Some(id) = ctx.store.resolve(&block)? else { continue };
        let is_by_lot = placed.stand == Stand::PassedOver && lots.contains(&id);
        let stand = if is_by_lot { Stand::Left } else { placed.stand };
        let is_word = |stand: Stand| matches!(stand, Stand::Kept | Stand::Maybe | Stand::Dropped);
        let held = papers.get(&id);
        let is_two_things = held.is_some_and(|held| {
            let differ = is_word(held.stand) && is_word(stand) && held.stand != stand;
            held.is_two_things || (differ && held.block == block)
        });
        match papers.get_mut(&id) {
            Some(held) if held.stand <= stand => held.is_two_things = is_two_things,
            _ => drop(papers.insert(id, Said { stand, reason: plain(&placed.reason), block, is_two_things })),
        }
    }
    Ok(papers)
}

/// Fewest papers that must be gone to look like a file that was cut.
const GONE_MIN: usize = 20;

/// Returns how many papers of a file are gone and how many there were, when more than half are gone at once: so
/// looks a file that was saved half, and a word that keeps papers away for good is not made of that.
fn gone_at_once(papers: &BTreeMap<WorkId, Said>) -> Option<(usize, usize)> {
    let gone = papers.values().filter(|said| said.stand == Stand::TakenOut).count();
    (gone >= GONE_MIN && gone * 2 > papers.len()).then_some((gone, papers.len()))
}

/// Returns what to tell people of a file from which most papers are gone at once; `None` for any other file.
///
/// # Errors
/// When the database cannot be read.
pub(in crate::pipeline) fn told_of_cut(ctx: &Ctx, month: Month, text: &str, file: &str) -> Result<Option<Problem>> {
    let Some(parsed) = draft::parse(text, BY_DRAFT).0.filter(|d| d.month == month) else { return Ok(None) };
    let Some((gone, all)) = gone_at_once(&said_of(ctx, month, text, &parsed)?) else { return Ok(None) };
    let message = format!(
        "{gone} of the {all} papers of this file are gone at once: they stay out of this draft, but nothing is noted \
         against them for later months"
    );
    Ok(Some(Problem::warning(Place::file(file), message).with_help(
        "was the file saved whole? if not, put back the one you had; if you do not want them, `roundup choose drop` says it",
    )))
}

/// Tells whether a person took the block of a paper out of a month's file. It stays out, so a later "keep" does not
/// bring it back there.
///
/// # Errors
/// When the database cannot be read.
pub fn was_taken_out(ctx: &Ctx, month: Month, text: &str, id: &WorkId) -> Result<bool> {
    let Some(parsed) = draft::parse(text, BY_DRAFT).0.filter(|d| d.month == month) else { return Ok(false) };
    Ok(said_of(ctx, month, text, &parsed)?.get(id).is_some_and(|said| said.stand == Stand::TakenOut))
}

/// Returns the papers that stand in a month's draft by lot, by today's ids. That one of them was left above
/// a paper that was taken says little: the order did not put it there.
fn by_lot(ctx: &Ctx, month: Month) -> Result<BTreeSet<WorkId>> {
    let mut out = BTreeSet::new();
    for paper in ctx.store.listing(month)?.into_iter().flat_map(|l| l.papers).filter(|p| p.is_by_lot) {
        out.extend(ctx.store.resolve(&paper.id)?);
    }
    Ok(out)
}

/// Returns what a month's file said last of a paper, of rows that come newest first. Of papers that are one by now
/// each has its own block, so a block is compared with what it said itself, unless the file has taken back since.
fn last_of_block<'a>(rows: &'a [ChoiceRow], month: Month, block: &WorkId) -> Option<&'a ChoiceRow> {
    let mut of_file = rows.iter().filter(|r| is_of_file(r, month));
    let newest = of_file.next()?;
    if newest.choice.is_none() || newest.work == *block {
        return Some(newest);
    }
    of_file.take_while(|r| r.choice.is_some()).find(|r| r.work == *block).or(Some(newest))
}

/// Tells whether a row was taken in from a month's file.
fn is_of_file(row: &ChoiceRow, month: Month) -> bool {
    row.who == BY_DRAFT && row.month == Some(month)
}

/// What was said of a work before the file is read.
struct Before<'a> {
    /// What the file said last.
    last: Option<&'a ChoiceRow>,
    /// What counts, whoever said it.
    counts: Option<&'a ChoiceRow>,
}

impl Before<'_> {
    /// Returns what the file said last.
    fn choice(&self) -> Option<Choice> {
        self.last.and_then(|r| r.choice)
    }

    /// Tells whether what the file said last is what counts.
    fn is_of_file(&self) -> bool {
        self.last.is_some_and(|last| self.counts.is_some_and(|c| c.number == last.number))
    }
}

/// Returns what a file newly says of a work, by how the work stands in it.
fn newly_said(stand: Stand, reason: &str, moment: Moment, before: &Before<'_>) -> Vec<(Option<Choice>, String)> {
    let outright = match (stand, moment) {
        (Stand::Kept, _) | (Stand::Item, Moment::Rendered) => Some(Choice::Keep),
        (Stand::Maybe, _) => Some(Choice::Maybe),
        (Stand::Dropped | Stand::TakenOut, _) => Some(Choice::Drop),
        (Stand::Item | Stand::PassedOver | Stand::Left, _) => None,
    };
    if let Some(choice) = outright {
        // A block without the line of its own, or without any block, takes no reason back.
        let has_no_line = reason.is_empty() && matches!(stand, Stand::Item | Stand::TakenOut);
        let is_same = |last: &ChoiceRow| last.choice == Some(choice) && (has_no_line || last.reason == reason);
        let is_known = before.last.is_some_and(is_same);
        return if is_known { Vec::new() } else { vec![(Some(choice), reason.to_owned())] };
    }
    let is_passed = stand == Stand::PassedOver && moment == Moment::Rendered;
    let stays = match before.choice() {
        None => true,
        Some(Choice::Keep) => stand == Stand::Item,
        Some(Choice::Passed) => is_passed || moment == Moment::Drafted,
        Some(Choice::Maybe | Choice::Drop) => false,
    };
    let mut out = Vec::new();
    if !stays && before.is_of_file() {
        out.push((None, String::new()));
    }
    // Where something else was said outright it does not count, and is noted all the same: so the file
    // read again says nothing new, whatever is said elsewhere in between.
    if is_passed && before.choice() != Some(Choice::Passed) {
        out.push((Some(Choice::Passed), String::new()));
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn month() -> Month {
        Month::parse("2026-10").expect("a month")
    }

    /// What was said of one paper, the oldest first: by the file and by Ada.
    #[derive(Debug, Default)]
    struct Said(Vec<ChoiceRow>);

    impl Said {
        fn add(&mut self, choice: Option<Choice>, who: &str, reason: &str) {
            self.0.push(ChoiceRow {
                number: i64::try_from(self.0.len()).expect("a small number") + 1,
                choice,
                month: Some(month()),
                work: WorkId::parse("waaaaaaaaaaa").expect("an id"),
                title: String::new(),
                who: who.into(),
                at: Timestamp::UNIX_EPOCH,
                reason: reason.into(),
            });
        }

        /// What counts, as the store has it for a paper of one record.
        fn counts(&self) -> Option<&ChoiceRow> {
            let said = self.0.iter().rfind(|r| r.choice != Some(Choice::Passed));
            let passed = self.0.iter().rfind(|r| matches!(r.choice, None | Some(Choice::Passed)));
            said.filter(|r| r.choice.is_some()).or(passed.filter(|r| r.choice.is_some()))
        }

        /// Reads the file and returns how many rows that gave.
        fn read(&mut self, stand: Stand, reason: &str, moment: Moment) -> usize {
            let last = self.0.iter().rfind(|r| is_of_file(r, month()));
            let new = newly_said(stand, reason, moment, &Before { last, counts: self.counts() });
            let count = new.len();
            for (choice, reason) in new {
                self.add(choice, BY_DRAFT, &reason);
            }
            count
        }

        fn told(&self) -> String {
            self.counts().map_or("nothing".to_owned(), |r| format!("{:?} {} {}", r.choice, r.who, r.reason))
        }
    }

    fn any_stand() -> impl Strategy<Value = Stand> {
        use Stand::{Dropped, Item, Kept, Left, Maybe, PassedOver, TakenOut};
        prop::sample::select(vec![Kept, Item, Maybe, Dropped, PassedOver, Left, TakenOut])
    }

    fn any_word() -> impl Strategy<Value = Option<Choice>> {
        prop::option::weighted(0.7, prop::sample::select(Choice::OUTRIGHT.to_vec()))
    }

    fn any_moment() -> impl Strategy<Value = Moment> {
        prop::sample::select(vec![Moment::Drafted, Moment::Rendered])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A file that did not change says nothing new, whatever was said elsewhere since; what is
        /// said in it last counts.
        #[test]
        fn a_file_read_again_says_nothing_new(
            months in prop::collection::vec(
                (any_stand(), prop::sample::select(vec!["", "too small"]), any_moment(), prop::collection::vec(any_word(), 0..3)),
                1..8,
            ),
        ) {
            let mut said = Said::default();
            for (stand, reason, moment, elsewhere) in months {
                said.read(stand, reason, moment);
                prop_assert_eq!(said.read(stand, reason, moment), 0, "{:?} {:?}", stand, said);
                for choice in elsewhere {
                    said.add(choice, "Ada", "");
                }
                let before = said.told();
                prop_assert_eq!(said.read(stand, reason, moment), 0, "{:?} {:?}", stand, said);
                prop_assert_eq!(said.read(stand, reason, Moment::Drafted), 0, "{:?} {:?}", stand, said);
                prop_assert_eq!(said.told(), before);
            }
        }

        /// What is written into a file newly counts, whatever was said before it.
        #[test]
        fn a_new_word_in_a_file_counts(
            before in prop::collection::vec((any_stand(), any_moment(), any_word()), 0..6),
            stand in prop::sample::select(vec![Stand::Kept, Stand::Maybe, Stand::Dropped]),
        ) {
            let mut said = Said::default();
            for (stand, moment, elsewhere) in before {
                said.read(stand, "", moment);
                said.add(elsewhere, "Ada", "");
            }
            said.read(stand, "new words", Moment::Drafted);
            let want = match stand { Stand::Kept => Choice::Keep, Stand::Maybe => Choice::Maybe, _ => Choice::Drop };
            prop_assert_eq!(said.counts().and_then(|r| r.choice), Some(want));
            // Set back to what the machine writes, it takes its word back; what was said before it stays gone.
            said.read(Stand::Left, "", Moment::Drafted);
            prop_assert_eq!(said.counts(), None);
        }
    }

    /// A note, how the paper stood in the file time after time, and what counts in the end.
    type Case<'a> = (&'a str, &'a [(Stand, Moment)], &'a str);

    #[test]
    fn what_a_file_says_over_time() {
        use Moment::{Drafted, Rendered};
        use Stand::{Dropped, Item, Kept, Left, Maybe, PassedOver, TakenOut};
        let cases: [Case<'_>; 15] = [
            ("an item that nobody touched says nothing before it is in an issue", &[(Item, Drafted)], "nothing"),
            ("what goes into an issue is kept", &[(Item, Drafted), (Item, Rendered)], "Keep"),
            ("a draft after that changes nothing", &[(Item, Rendered), (Item, Drafted)], "Keep"),
            ("taken out", &[(Item, Drafted), (TakenOut, Drafted)], "Drop"),
            ("taken out and brought back", &[(TakenOut, Drafted), (Item, Drafted)], "nothing"),
            ("brought back as a candidate", &[(TakenOut, Drafted), (Left, Drafted)], "nothing"),
            ("taken out after the issue was made", &[(Item, Rendered), (TakenOut, Drafted)], "Drop"),
            ("kept, then let go", &[(Kept, Drafted), (Left, Drafted)], "nothing"),
            ("kept, then in the issue, then let go", &[(Kept, Drafted), (Kept, Rendered), (Left, Drafted)], "nothing"),
            ("dropped, then its block deleted", &[(Dropped, Drafted), (TakenOut, Drafted)], "Drop"),
            ("put off, then made an item", &[(Maybe, Drafted), (Item, Drafted)], "nothing"),
            ("passed over only once the issue is made", &[(PassedOver, Drafted)], "nothing"),
            ("passed over", &[(PassedOver, Rendered), (PassedOver, Drafted)], "Passed"),
            ("passed over, and not any more", &[(PassedOver, Rendered), (Left, Rendered)], "nothing"),
            ("kept once, and passed over now", &[(Kept, Rendered), (PassedOver, Rendered)], "Passed"),
        ];
        for (note, stands, want) in cases {
            let mut said = Said::default();
            for (stand, moment) in stands {
                said.read(*stand, "", *moment);
            }
            let counts = said.counts().and_then(|r| r.choice).map_or("nothing".to_owned(), |c| format!("{c:?}"));
            assert_eq!(counts, want, "{note}");
        }
    }
}
