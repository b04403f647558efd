//! Folding works anew and linking each to its neighbours: preprint and article, notice and paper.

use std::collections::BTreeSet;

use super::Result;
use crate::merge;
use crate::model::{Record, WorkId};
use crate::store::Store;

/// Folds a work anew from its records and links it to its neighbours. Runs inside a transaction.
pub(super) fn refold(store: &Store, id: &WorkId) -> Result<()> {
    let members: Vec<Record> = store.members(id)?.into_iter().map(|m| m.record).collect();
    if members.is_empty() {
        return Ok(store.drop_work_view(id)?);
    }
    let work = merge::fold(id, &members);
    store.put_work(&work)?;
    let keys: BTreeSet<i64> = members.iter().flat_map(merge::block_keys).collect();
    let keys: Vec<i64> = keys.into_iter().collect();
    let identifiers: Vec<_> = members.iter().flat_map(Record::identifiers).collect();
    for other in store.candidates(&identifiers, &keys)? {
        if &other == id {
            continue;
        }
        let Some(theirs) = store.members(&other)?.into_iter().next().map(|m| m.record) else { continue };
        if let Some(kind) = merge::relation_between(&work.record, &theirs) {
            store.put_work_relation(id, kind.as_str(), &other)?;
        }
        if let Some(kind) = merge::relation_between(&theirs, &work.record) {
            store.put_work_relation(&other, kind.as_str(), id)?;
        }
    }
    Ok(())
}
