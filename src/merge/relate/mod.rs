//! Links between works: preprint and article, meeting and journal, versions, protocol and results,
//! notice and paper, news and what it reports on. Never merges.
//!
//! What a source says itself comes first; what it leaves unsaid is worked out from kinds, names,
//! titles, authors and years. A false link is worse than a missed one: it would take a paper out of
//! an issue as "another form" of one that is there.

mod forms;
mod keys;
mod news;
mod notice;
mod registers;

use std::collections::BTreeSet;

use crate::model::{Record, RelationKind};

use super::doi;
use super::evidence::{Evidence, title_link};
use super::kinds::Notice;
use super::prepared::{Kind, Prepared};

pub use keys::{LinkKeys, link_keys};
pub use news::reports_on;

/// Fewest meaningful words of a title that can name the paper a link leads to.
const WORDS_MIN: usize = 4;

/// A record that is compared with many for links.
pub struct Relator<'a> {
    record: &'a Record,
    prepared: Prepared,
}

impl<'a> Relator<'a> {
    /// Makes a record ready.
    pub fn new(record: &'a Record) -> Self {
        Self { record, prepared: Prepared::of(record) }
    }

    /// Returns the comparable form of the record.
    pub(super) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Returns every link that belongs into this record and names `other`, the gravest first; as
    /// [`relations_between`].
    pub fn to(&self, other: &Self) -> Vec<RelationKind> {
        let mut found: BTreeSet<RelationKind> = said_by(self.record, other.record);
        found.extend(said_by(other.record, self.record).iter().map(RelationKind::inverse));
        settle(&mut found);
        if found.is_empty() {
            let (x, y) = (&self.prepared, &other.prepared);
            // The same seen from both sides.
            let evidence = Evidence::of(x, y, title_link(x, y));
            found.extend(directed(self, other, &evidence));
            found.extend(directed(other, self, &evidence).map(|k| k.inverse()));
            settle(&mut found);
        }
        let mut out: Vec<RelationKind> = found.into_iter().collect();
        out.sort_by_cached_key(order);
        out
    }
}

/// Returns every link that belongs into `a` and names `b`, the gravest first; empty when they are
/// not linked.
///
/// As in PubMed, a kind is said from `a`'s side: `preprint-of` when `a` is the preprint of `b`,
/// `has-preprint` the other way; `erratum-for` when `a` corrects `b`, `erratum-in` when `b`
/// corrects `a`. What a source says itself comes first, whichever of the two says it; then
/// publication types, DOIs, openings of titles and texts decide, where titles, authors and years
/// agree. `relations_between(b, a)` are the same links turned round.
pub fn relations_between(a: &Record, b: &Record) -> Vec<RelationKind> {
    Relator::new(a).to(&Relator::new(b))
}

/// Returns the gravest of [`relations_between`], or `None` when they are not linked.
/// `relation_between(b, a)` is the inverse.
pub fn relation_between(a: &Record, b: &Record) -> Option<RelationKind> {
    relations_between(a, b).into_iter().next()
}

/// Tells whether two records are two versions of one text (preprint v1 and v2, F1000's .1 and .2)
/// rather than an edition with new evidence, as Cochrane's updates are.
pub fn is_revision(a: &Record, b: &Record) -> bool {
    let is_preprint = |r: &Record| r.is_preprint() || r.has_preprint_doi();
    if is_preprint(a) || is_preprint(b) {
        return true;
    }
    let Some((x, y)) = a.doi.as_ref().zip(b.doi.as_ref()) else { return false };
    doi::versions(x, y).is_some() && !doi::is_edition(x) && !doi::is_edition(y)
}

/// Orders links by gravity; both directions of a link stand at one place.
fn order(kind: &RelationKind) -> (usize, RelationKind) {
    (kind.gravity(), kind.clone().min(kind.inverse()))
}

/// Takes out links that are said in both directions at once: nobody knows which one is meant.
fn settle(found: &mut BTreeSet<RelationKind>) {
    let contradicted: Vec<RelationKind> = found.iter().filter(|k| found.contains(&k.inverse())).cloned().collect();
    for kind in contradicted {
        found.remove(&kind);
    }
}

/// Returns what `a` itself says that `b` is to it, with updates read as a preprint's link where one
/// of them is a preprint (PubMed uses one name for both).
fn said_by(a: &Record, b: &Record) -> BTreeSet<RelationKind> {
    let is_preprint = |r: &Record| r.is_preprint() || r.has_preprint_doi();
    let named =
        a.relations.iter().filter(|r| (r.pmid.is_some() && r.pmid == b.pmid) || (r.doi.is_some() && r.doi == b.doi));
    named
        .map(|relation| match (relation.kind.as_str(), is_preprint(a), is_preprint(b)) {
            ("update-in", true, false) => RelationKind::new("preprint-of"),
            ("update-of", false, true) => RelationKind::new("has-preprint"),
            _ => relation.kind.clone(),
        })
        .collect()
}

/// Returns what `a` is to `b` by its own nature: the preprint, the notice, the newer version.
fn directed(a: &Relator<'_>, b: &Relator<'_>, evidence: &Evidence) -> Option<RelationKind> {
    let (x, y) = (&a.prepared, &b.prepared);
    if news::is_report(a, b) {
        return Some(RelationKind::new("reports-on"));
    }
    if registers::is_registration_of(a.record, b.record) {
        return Some(RelationKind::new("registration-of"));
    }
    if forms::is_newer_version(evidence, x, y) {
        return Some(RelationKind::new("update-of"));
    }
    let is_work = |k: Kind| matches!(k, Kind::Paper | Kind::Meeting | Kind::Preprint | Kind::News);
    let kind = match (x.kind, y.kind) {
        (Kind::Notice(notice), other) if is_work(other) && notice::is_about(evidence, x, y) => {
            // Two comments on one paper name it, not each other.
            let are_sisters = matches!(notice, Notice::Comment | Notice::Reply) && b.record.has_type("Comment");
            if are_sisters {
                return None;
            }
            notice::kind_of(notice)
        }
        (Kind::Preprint, Kind::Paper) if forms::is_preprint_of(evidence, a, b) => "preprint-of",
        (Kind::Meeting, Kind::Paper) if forms::is_meeting_paper_of(evidence, a, b) => "meeting-paper-of",
        _ if forms::is_protocol_of(evidence, a, b) => "protocol-of",
        _ => return None,
    };
    Some(RelationKind::new(kind))
}

#[cfg(test)]
mod tests;
