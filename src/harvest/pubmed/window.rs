//! Which days a run asks for, and how a window is split until one search gives each part in full.
//!
//! Nothing here asks anybody: [`Plan`] says what to search for next and is told what was found, so
//! the laws of splitting (no id lost, each part within the limit) can be tested by themselves.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::SourceState;

/// The most searches of one run: ten years of 60,000 records need some 40. What goes on for longer
/// is a server that does not split.
const SEARCHES_MAX: usize = 400;

/// Days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    /// First day.
    pub from: Date,
    /// Last day; never before the first.
    pub to: Date,
}

impl Days {
    /// Returns a range of one field as PubMed writes it: `2026/09/01:2026/09/30[edat]`.
    pub fn in_field(self, field: &str) -> String {
        let day = |d: Date| d.strftime("%Y/%m/%d").to_string();
        format!("{}:{}[{field}]", day(self.from), day(self.to))
    }
}

/// The window of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// The days to ask for.
    pub days: Days,
    /// Whether the last run was, by its own clock, later than today.
    pub has_clock_jumped: bool,
}

/// Returns the days to ask for: from the last covered day less the overlap, or `first_days` back on
/// the first run, to today.
///
/// A covered day that lies ahead of today (by more than the one day that a change of time zone can
/// make) was written under another clock. Then it says nothing, and the window of a first run is
/// asked for: what is stored already costs a comparison and no more.
pub(super) fn open(state: &SourceState, today: Date, overlap_days: u32, first_days: u32) -> Opening {
    let back = |day: Date, days: u32| day.saturating_sub(i64::from(days).days());
    let has_clock_jumped = state.covered_to.is_some_and(|d| d > today.saturating_add(1.day()));
    let from = match state.covered_to {
        Some(day) if !has_clock_jumped => back(day.min(today), overlap_days),
        _ => back(today, first_days.max(overlap_days)),
    };
    Opening { days: Days { from, to: today }, has_clock_jumped }
}

/// Returns the day up to which everything has been covered once the window is stored in full.
///
/// When the clock has jumped it is kept for one run: which of the two clocks is wrong shows only when
/// the next run (`last_ok` not ahead of `now`) finds the same day again. A clock that was wrong once
/// must not make the next run ask for years.
pub(super) fn covered(opening: Opening, state: &SourceState, now: jiff::Timestamp) -> Option<Date> {
    let is_first_sight = state.last_ok.is_some_and(|ok| ok > now);
    if opening.has_clock_jumped && is_first_sight { state.covered_to } else { Some(opening.days.to) }
}

/// A part of a window: days, and a range of PMIDs where one day holds more than one search gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    days: Days,
    uids: Option<(u32, u32)>,
}

impl Part {
    /// Returns the term that asks for this part of what a query finds.
    ///
    /// Both dates are asked for at once. `edat` alone loses papers: a record that enters more than a
    /// year after publication gets its publication date as `edat` and the true day only as `crdt`
    /// (NLM Technical Bulletin, December 2008). Two searches would cost twice and leave two counts to
    /// compare; the union within the term has one.
    pub fn term(&self, query: &str) -> String {
        let (entered, created) = (self.days.in_field("edat"), self.days.in_field("crdt"));
        let mut term = format!("({query}) AND ({entered} OR {created})");
        if let Some((first, last)) = self.uids {
            term.push_str(&format!(" AND {first}:{last}[uid]"));
        }
        term
    }

    /// Returns the two halves of the days, earlier first; `None` for one day.
    fn by_days(&self) -> Option<[Self; 2]> {
        let Days { from, to } = self.days;
        if from >= to {
            return None;
        }
        let middle = from.saturating_add((from.until(to).map_or(0, |s| s.get_days()) / 2).days());
        let part = |from, to| Self { days: Days { from, to }, uids: self.uids };
        Some([part(from, middle), part(middle.saturating_add(1.day()), to)])
    }

    /// Returns the range of PMIDs cut in two, lower first: at the middle of those just seen, since
    /// PMIDs of one day lie close together, else at the middle of the range. `None` for one PMID.
    fn by_uids(&self, seen: &BTreeSet<u32>) -> Option<[Self; 2]> {
        let (first, last) = self.uids.unwrap_or((1, u32::MAX));
        if first >= last {
            return None;
        }
        let within: Vec<u32> = seen.range(first..last).copied().collect();
        let at = within.get(within.len().saturating_sub(1) / 2).copied().unwrap_or(first + (last - first) / 2);
        let part = |first, last| Self { days: self.days, uids: Some((first, last)) };
        Some([part(first, at), part(at + 1, last)])
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "from {} to {}", self.days.from, self.days.to)?;
        match self.uids {
            Some((first, last)) => write!(f, " with PMIDs {first} to {last}"),
            None => Ok(()),
        }
    }
}

/// What is still to be searched for, and what was found.
#[derive(Debug)]
pub(super) struct Plan {
    open: Vec<Part>,
    ids_max: usize,
    ids: BTreeSet<u32>,
    searches: usize,
    count: Option<(usize, Part)>,
    shortfalls: Vec<String>,
}

impl Plan {
    /// Returns a plan for a window when one search gives at most `ids_max` ids.
    pub fn new(days: Days, ids_max: usize) -> Self {
        let open = vec![Part { days, uids: None }];
        Self { open, ids_max, ids: BTreeSet::new(), searches: 0, count: None, shortfalls: Vec::new() }
    }

    /// Returns the next part to search for, in the order of days; `None` when all is done.
    pub fn next(&mut self) -> Option<Part> {
        if self.searches >= SEARCHES_MAX && !self.open.is_empty() {
            let left: Vec<String> = self.open.iter().rev().take(3).map(ToString::to_string).collect();
            self.shortfalls.push(format!(
                "PubMed was asked {SEARCHES_MAX} times for one window; {} parts of it were left, the first {}",
                self.open.len(),
                left.join("; ")
            ));
            self.open.clear();
        }
        self.searches += 1;
        self.open.pop()
    }

    /// Takes in what a part gave: how many records there are, and the ids of those that came.
    pub fn take(&mut self, part: Part, count: usize, ids: &[u32]) {
        if self.count.is_none() {
            self.count = Some((count, part));
        }
        let seen: BTreeSet<u32> = ids.iter().copied().collect();
        self.ids.extend(seen.iter().copied());
        let short = |why: &str| format!("PubMed found {count} records {part} and gave the ids of {}{why}", seen.len());
        if count <= self.ids_max {
            if seen.len() < count {
                self.shortfalls.push(short(""));
            }
            return;
        }
        let is_ignored = part.uids.is_some_and(|(first, last)| seen.iter().any(|id| *id < first || *id > last));
        if is_ignored {
            self.shortfalls.push(short("; it takes no notice of ranges of PMIDs, so the rest cannot be asked for"));
            return;
        }
        match part.by_days().or_else(|| part.by_uids(&seen)) {
            Some([lower, upper]) => self.open.extend([upper, lower]),
            None => self.shortfalls.push(short("; this part cannot be split")),
        }
    }

    /// Returns all ids found, ascending, and every shortfall in words; none means that nothing is
    /// known to be missing.
    pub fn finish(mut self) -> (BTreeSet<u32>, Vec<String>) {
        if let Some((count, part)) = self.count.filter(|(n, _)| *n > self.ids.len() && self.shortfalls.is_empty()) {
            let ids = self.ids.len();
            self.shortfalls.push(format!("PubMed found {count} records {part}, but their parts hold {ids}"));
        }
        (self.ids, self.shortfalls)
    }
}
