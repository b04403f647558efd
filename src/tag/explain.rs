//! Collects the reasons of a judgement: for every tag the rules, fields and words it rests on.

use std::collections::BTreeMap;

use super::rule::Tags;
use crate::model::{Evidence, Facet};

/// Reasons kept for one tag: the first ones say enough, and a long text would have hundreds.
const REASONS_MAX: usize = 4;

/// Reasons by `facet:value`.
#[derive(Debug, Default)]
pub struct Why(BTreeMap<String, Vec<Evidence>>);

impl Why {
    /// Adds reasons for a tag; the same one twice, and more than a few, are left out.
    pub fn add(&mut self, facet: &str, value: &str, reasons: impl IntoIterator<Item = Evidence>) {
        let kept = self.0.entry(format!("{facet}:{value}")).or_default();
        for reason in reasons {
            if kept.len() < REASONS_MAX && !kept.contains(&reason) {
                kept.push(reason);
            }
        }
    }

    /// Adds all that a facet has been given.
    pub fn add_facet(&mut self, facet: Facet, tags: &Tags) {
        let lead = format!("{}:", facet.as_str());
        for (tag, hits) in tags {
            if let Some(value) = tag.strip_prefix(&lead) {
                self.add(facet.as_str(), value, hits.iter().map(|h| h.evidence.clone()));
            }
        }
    }

    /// Returns the reasons; tags without any are left out.
    pub fn into_map(self) -> BTreeMap<String, Vec<Evidence>> {
        self.0.into_iter().filter(|(_, reasons)| !reasons.is_empty()).collect()
    }
}
