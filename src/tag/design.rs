//! Tells the study design: the first design rule of `topics.toml` that fires (rubric section 7).

use super::matcher::CompiledRule;
use super::rule::{Reading, Tags, hits};
use crate::model::{Design, Evidence, Facet};

/// Returns the design and what it rests on; without any cue `unclear` and no reason.
///
/// The tag is added to `tags`, since later rules ask for it.
pub fn find<'r>(
    rules: impl Iterator<Item = &'r CompiledRule>,
    reading: &Reading<'_>,
    tags: &mut Tags,
) -> (Design, Vec<Evidence>) {
    for compiled in rules.filter(|r| r.rule.facet == Facet::Design) {
        let found = hits(compiled, reading, tags);
        let Some(design) = Design::parse(&compiled.rule.tag) else { continue };
        if !found.is_empty() {
            let reasons = found.iter().map(|h| h.evidence.clone()).collect();
            tags.insert(format!("design:{design}"), found);
            return (design, reasons);
        }
    }
    tags.insert(format!("design:{}", Design::Unclear), Vec::new());
    (Design::Unclear, Vec::new())
}
