//! Tells the study design: the first design rule of `topics.toml` that fires (rubric section 7).

use super::matcher::Matcher;
use super::rule::{Reading, Tags, hits};
use crate::model::{Design, Evidence, Facet, Rule};

/// Returns the design and what it rests on; without any cue `unclear` and no reason.
///
/// The tag is added to `tags`, since later rules ask for it.
pub fn find<'r>(
    rules: impl Iterator<Item = &'r Rule>,
    reading: &Reading<'_>,
    matcher: &Matcher,
    tags: &mut Tags,
) -> (Design, Vec<Evidence>) {
    for rule in rules.filter(|r| r.facet == Facet::Design) {
        let found = hits(rule, reading, matcher, tags);
        let Some(design) = Design::parse(&rule.tag) else { continue };
        if !found.is_empty() {
            let reasons = found.iter().map(|h| h.evidence.clone()).collect();
            tags.insert(format!("design:{design}"), found);
            return (design, reasons);
        }
    }
    tags.insert(format!("design:{}", Design::Unclear), Vec::new());
    (Design::Unclear, Vec::new())
}
