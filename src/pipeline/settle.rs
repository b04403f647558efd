//! Which records make one work: a record that comes or changes is compared with its neighbours, and
//! the works that this touches are made anew. What comes out depends on what is known, not on the
//! order in which it came.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ctx, Result, link};
use crate::merge::{self, Comparable, Match, Said, Verdict};
use crate::model::{Record, WorkId};
use crate::store::{Answer, PairRow, Placed, RecordNumber, Store};

/// Counted up whenever keys or rules change so that records have to be compared anew.
const MERGED_BY: u64 = 1;

/// Records of one work that are asked whether they rule a new one out: the first, which made it what
/// it is. Real works have a handful; a feed can say one thousands of times.
const MEMBERS_ASKED_MAX: usize = 64;

/// Records that are put into works anew at once. Beyond this, which no real paper reaches, a record
/// that would change several works stays by itself until a rebuild.
const SETTLED_AT_ONCE_MAX: usize = 512;

/// Takes a record into the works. Returns its work and whether that was made, with all works that
/// are to be folded anew. Runs inside a transaction.
pub(super) fn take_in(store: &Store, record: &Record) -> Result<(WorkId, bool, Vec<WorkId>)> {
    let own = Comparable::of(record);
    let keys = own.block_keys();
    let (number, is_new) = store.put_member(record, &keys)?;
    let mut neighbours = store.neighbours(&record.identifiers(), &keys)?;
    neighbours.retain(|n| *n != number);
    let mut pairs = Vec::new();
    for other in store.members_numbered(&neighbours)? {
        if let Some(opinion) = own.likeness(&Comparable::of(&other.record)) {
            let (a, b) = (number.min(other.number), number.max(other.number));
            pairs.push(PairRow { a, b, strength: opinion.strength, reasons: opinion.reasons });
        }
    }
    store.put_pairs(number, &pairs)?;
    let placed = match simple_home(store, number, is_new, &own, &pairs)? {
        Some(Home::Own) => store.place(&[vec![number]])?,
        Some(Home::Of(work)) => store.add_to(&work, number)?,
        None => settle(store, &[number])?,
    };
    let id = store.work_of_record(&crate::model::RecordKey::of(record))?;
    let id = id.ok_or_else(|| super::Error::Missing(format!("{} was put into no work", record.id)))?;
    let is_made = placed.minted.contains(&id);
    let mut touched = placed.changed;
    if !touched.contains(&id) {
        touched.push(id.clone());
    }
    Ok((id, is_made, touched))
}

/// Where a new record goes when nothing else can change.
enum Home {
    /// Into a work of its own.
    Own,
    /// To the records of a work.
    Of(WorkId),
}

/// Returns the home of a new record where nothing else can change: it is like records of one work at
/// most, and no record of that rules it out. Then every earlier join stands as it was.
fn simple_home(
    store: &Store,
    number: RecordNumber,
    is_new: bool,
    own: &Comparable,
    pairs: &[PairRow],
) -> Result<Option<Home>> {
    if !is_new {
        return Ok(None);
    }
    let alike: Vec<RecordNumber> = pairs.iter().filter(|p| p.strength > 0).map(|p| p.other(number)).collect();
    match store.works_of_records(&alike)?.as_slice() {
        [] => Ok(Some(Home::Own)),
        [one] => {
            let members = store.numbers_of_work(one)?;
            let asked = members.get(..MEMBERS_ASKED_MAX).unwrap_or(&members);
            let is_borne = store.members_numbered(asked)?.iter().all(|m| !own.rules_out(&Comparable::of(&m.record)));
            Ok(match (is_borne, members.len() < SETTLED_AT_ONCE_MAX) {
                (true, _) => Some(Home::Of(one.clone())),
                (false, true) => None,
                (false, false) => Some(Home::Own),
            })
        }
        _ => Ok(None),
    }
}

/// Tells whether a work would take a record: one of its records is the same study, and none rules it
/// out.
pub(super) fn fits(store: &Store, record: &Record, id: &WorkId) -> Result<bool> {
    let own = Comparable::of(record);
    let members: Vec<Comparable> = store.members(id)?.iter().map(|m| Comparable::of(&m.record)).collect();
    let is_one = |member: &Comparable| own.likeness(member).is_some_and(|o| o.verdict == Verdict::Same);
    Ok(members.iter().any(is_one) && !members.iter().any(|member| own.rules_out(member)))
}

/// Puts records, and all that is joined to them, into works anew. Runs inside a transaction.
pub(super) fn settle(store: &Store, records: &[RecordNumber]) -> Result<Placed> {
    let numbers = connected(store, records)?;
    if numbers.len() > SETTLED_AT_ONCE_MAX {
        let homeless = homeless(store, records)?;
        return Ok(store.place(&homeless)?);
    }
    let members = store.members_numbered(&numbers)?;
    let comparable: Vec<Comparable> = members.iter().map(|m| Comparable::of(&m.record)).collect();
    let place_of: BTreeMap<RecordNumber, usize> = members.iter().enumerate().map(|(i, m)| (m.number, i)).collect();
    let mut matches = Vec::new();
    for number in &numbers {
        for pair in store.pairs_of(*number)?.iter().filter(|p| p.strength > 0 && p.a == *number) {
            if let (Some(&a), Some(&b)) = (place_of.get(&pair.a), place_of.get(&pair.b)) {
                matches.push(Match { a, b, strength: pair.strength });
            }
        }
    }
    let said = said_among(store, &place_of)?;
    let nodes: Vec<&Comparable> = comparable.iter().collect();
    let settled = merge::settle(&nodes, &matches, &said);
    Ok(store.place(&groups(&settled.of, members.iter().map(|m| m.number)))?)
}

/// [`settle`] after a person's word, which counts however much it touches: where that is more than is
/// settled at once, all records are.
pub(super) fn settle_as_said(store: &Store, records: &[RecordNumber], progress: &dyn Fn(&str)) -> Result<Placed> {
    if connected(store, records)?.len() > SETTLED_AT_ONCE_MAX {
        return settle_all(store, progress);
    }
    settle(store, records)
}

/// Returns records that are in no work yet, each as a group of its own.
fn homeless(store: &Store, records: &[RecordNumber]) -> Result<Vec<Vec<RecordNumber>>> {
    let mut out = Vec::new();
    for number in records {
        if store.works_of_records(&[*number])?.is_empty() {
            out.push(vec![*number]);
        }
    }
    Ok(out)
}

/// Returns the records that numbered groups hold.
fn groups(of: &[usize], numbers: impl Iterator<Item = RecordNumber>) -> Vec<Vec<RecordNumber>> {
    let mut out: Vec<Vec<RecordNumber>> = Vec::new();
    for (group, number) in of.iter().zip(numbers) {
        if out.len() <= *group {
            out.resize_with(group + 1, Vec::new);
        }
        if let Some(group) = out.get_mut(*group) {
            group.push(number);
        }
    }
    out
}

/// Returns all records that are joined to some: by likeness, by a person's word, by standing in one
/// work now; sorted. Stops where there are more than [`SETTLED_AT_ONCE_MAX`].
fn connected(store: &Store, records: &[RecordNumber]) -> Result<Vec<RecordNumber>> {
    let mut seen: BTreeSet<RecordNumber> = records.iter().copied().collect();
    let mut works: BTreeSet<WorkId> = BTreeSet::new();
    let mut open: Vec<RecordNumber> = records.to_vec();
    while let Some(number) = open.pop() {
        let mut found: Vec<RecordNumber> = Vec::new();
        for pair in store.pairs_of(number)?.iter().filter(|p| p.strength > 0) {
            found.push(pair.other(number));
        }
        let said = store.said_of(number)?;
        found.extend(said.into_iter().filter(|s| s.answer == Answer::Same).map(|s| s.other));
        for id in store.works_of_records(&[number])? {
            if works.insert(id.clone()) {
                found.extend(store.numbers_of_work(&id)?);
            }
        }
        open.extend(found.into_iter().filter(|n| seen.insert(*n)));
        if seen.len() > SETTLED_AT_ONCE_MAX {
            break;
        }
    }
    Ok(seen.into_iter().collect())
}

/// Returns what people said about any two of these records, the newest word first.
fn said_among(store: &Store, place_of: &BTreeMap<RecordNumber, usize>) -> Result<Said> {
    let mut words = Vec::new();
    for (number, place) in place_of {
        for said in store.said_of(*number)? {
            if let Some(there) = place_of.get(&said.other).filter(|_| *number < said.other) {
                words.push((said.verdict, *number, said.other, *place, *there, said.answer));
            }
        }
    }
    words.sort_by_key(|w| (std::cmp::Reverse(w.0), w.1, w.2));
    let of = |wanted: Answer| words.iter().filter(move |w| w.5 == wanted).map(|w| (w.3, w.4)).collect();
    Ok(Said { same: of(Answer::Same), different: of(Answer::Different) })
}

/// Compares all records with all their neighbours anew and puts them into works; ids stay with the
/// records that founded them. Runs inside a transaction. Returns the works that have changed.
pub(super) fn settle_all(store: &Store, progress: &dyn Fn(&str)) -> Result<Placed> {
    progress("comparing all records");
    store.forget_likeness()?;
    store.say_all_again()?;
    let all = store.record_numbers()?;
    let total = all.len();
    let (mut numbers, mut records) = (Vec::with_capacity(total), Vec::with_capacity(total));
    for batch in all.chunks(NAMED_AT_ONCE) {
        for member in store.members_numbered(batch)? {
            let comparable = Comparable::of(&member.record);
            store.name_record(member.number, &member.record, &comparable.block_keys())?;
            numbers.push(member.number);
            records.push(comparable);
        }
        progress(&format!("reading records, {} of {total}", records.len()));
    }
    let place_of: BTreeMap<RecordNumber, usize> = numbers.iter().enumerate().map(|(i, n)| (*n, i)).collect();
    let said = said_among(store, &place_of)?;
    let clusters = merge::cluster_comparable(&records, &said, &mut |done| {
        if done % PROGRESS_EVERY == 0 {
            progress(&format!("comparing records, {done} of {total}"));
        }
    });
    let number = |place: usize| numbers.get(place).copied().unwrap_or_default();
    for pair in &clusters.alike {
        let (a, b) = (number(pair.a), number(pair.b));
        store.put_pair(&PairRow { a, b, strength: pair.strength, reasons: pair.reasons.clone() })?;
    }
    let placed = store.place(&groups(&clusters.of, numbers.into_iter()))?;
    store.set_merged_by(MERGED_BY)?;
    Ok(placed)
}

/// Records that are read from the database at once.
const NAMED_AT_ONCE: usize = 500;

/// Records between two words about how far comparing is.
const PROGRESS_EVERY: usize = 1000;

/// Brings works that were made by other rules up to date, before anything is taken in; does nothing
/// for one who only reads.
///
/// # Errors
/// When the database refuses.
pub fn bring_up_to_date(ctx: &Ctx) -> Result<()> {
    if ctx.lock.is_none() || ctx.store.merged_by()? == MERGED_BY {
        return Ok(());
    }
    ctx.store.transaction(|store| -> Result<()> {
        settle_all(store, &ctx.progress)?;
        // All of them: what they are linked to may be found by other rules as well.
        store.live_work_ids()?.iter().try_for_each(|id| link::refold(store, id))
    })
}

#[cfg(test)]
mod tests;
