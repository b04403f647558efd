//! Folding works anew and linking each to its neighbours: preprint and article, notice and paper,
//! news and what it reports on.
//!
//! A link between two works depends on what they are now and on nothing else, so that the order of
//! arrival does not matter and a rebuild gives the same links.

use std::collections::{BTreeMap, BTreeSet};

use super::Result;
use crate::merge::{self, Relator};
use crate::model::{Identifier, Record, RelationKind, WorkId};
use crate::store::Store;

/// Folds a work anew from its records and links it to its neighbours. Runs inside a transaction.
pub(super) fn refold(store: &Store, id: &WorkId) -> Result<()> {
    let members: Vec<Record> = store.members(id)?.into_iter().map(|m| m.record).collect();
    if members.is_empty() {
        return Ok(store.drop_work_view(id)?);
    }
    let work = merge::fold(id, &members);
    store.put_work(&work)?;
    relink(store, id, &work.record, &members)
}

/// Finds the links of a work: among the works that share a key with it, that it names or that name
/// it. A work that is not folded yet links itself when it is.
fn relink(store: &Store, id: &WorkId, folded: &Record, members: &[Record]) -> Result<()> {
    let own = merge::link_keys(folded);
    store.put_link_keys(id, &own.offers, &own.seeks)?;
    let keys: BTreeSet<i64> = members.iter().flat_map(merge::block_keys).collect();
    let keys: Vec<i64> = keys.into_iter().collect();
    let identifiers: Vec<_> = members.iter().flat_map(Record::identifiers).collect();
    let mut others = store.link_candidates(id, &own.offers, &own.seeks, &identifiers)?;
    others.extend(store.candidates(&identifiers, &keys)?);
    others.remove(id);
    let relator = Relator::new(folded);
    let mut links = BTreeMap::new();
    for other in others {
        let Some(row) = store.work(&other)? else { continue };
        let kinds = relator.to(&Relator::new(&row.work.record));
        if !kinds.is_empty() {
            links.insert(other, kinds);
        }
    }
    Ok(store.put_links(id, &links)?)
}

/// A work that another is linked to.
pub(super) struct Linked {
    /// What the other is, as seen from the one asked about.
    pub(super) kind: RelationKind,
    /// Its id.
    pub(super) id: WorkId,
    /// Its title; empty when readers see no such work.
    pub(super) title: String,
}

/// Returns what a work is linked to, in order of kinds and ids.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn linked(store: &Store, id: &WorkId) -> Result<Vec<Linked>> {
    let mut out = Vec::new();
    for (kind, id) in store.related(id)? {
        let title = store.work(&id)?.map(|w| w.work.record.title).unwrap_or_default();
        out.push(Linked { kind, id, title });
    }
    Ok(out)
}

/// Returns the works that carry an identifier: first the papers it names, oldest first, then what
/// only reports on one of them.
pub(super) fn works_named(store: &Store, identifier: &Identifier) -> Result<Vec<WorkId>> {
    let all = store.works_of_identifier(identifier)?;
    let (mut papers, mut reports) = (Vec::new(), Vec::new());
    for id in &all {
        let is_report = store.related(id)?.iter().any(|(k, other)| k.as_str() == "reports-on" && all.contains(other));
        if is_report { reports.push(id.clone()) } else { papers.push(id.clone()) }
    }
    papers.extend(reports);
    Ok(papers)
}
