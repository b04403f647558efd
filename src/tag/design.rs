//! Tells the study design: the first design rule of `topics.toml` that fires (rubric section 7).

use super::count;
use super::matcher::CompiledRule;
use super::rule::{Hit, Reading, Tags, hit, hits};
use crate::model::{Design, Evidence, Facet, Field};

/// A case series of more people than this is a study of records (rubric 10.17).
const SERIES_CASES_MAX: u32 = 10;

/// Returns the design and what it rests on; without any cue `unclear` and no reason.
///
/// The tag is added to `tags`, since later rules ask for it, and so are the signs of numbers.
pub fn find<'r>(
    rules: impl Iterator<Item = &'r CompiledRule>,
    reading: &Reading<'_>,
    tags: &mut Tags,
) -> (Design, Vec<Evidence>) {
    add_number_signs(reading, tags);
    for compiled in rules.filter(|r| r.rule.facet == Facet::Design) {
        let mut found = hits(compiled, reading, tags);
        let Some(mut design) = Design::parse(&compiled.rule.tag) else { continue };
        if !found.is_empty() {
            if let Some(many) = large_series(design, &found, reading) {
                design = Design::CrossSectional;
                found.push(many);
            }
            let reasons = found.iter().map(|h| h.evidence.clone()).collect();
            tags.insert(format!("design:{design}"), found);
            return (design, reasons);
        }
    }
    tags.insert(format!("design:{}", Design::Unclear), Vec::new());
    (Design::Unclear, Vec::new())
}

/// Adds `gate:counted` when the abstract counts people or records, and `gate:measured` when it gives
/// figures too: reports of studies do, appeals and stories rarely.
fn add_number_signs(reading: &Reading<'_>, tags: &mut Tags) {
    let Some(text) = reading.text(Field::Abstract) else { return };
    let Some(first) = count::people(text).into_iter().next() else { return };
    let counted = hit("design.counted", Field::Abstract, text, first.words);
    if let Some(figure) = count::figure(text) {
        let figure = hit("design.measured", Field::Abstract, text, figure);
        tags.insert("gate:measured".to_owned(), vec![counted.clone(), figure]);
    }
    tags.insert("gate:counted".to_owned(), vec![counted]);
}

/// Returns the count that makes a case series a study of records; a publication type is believed.
fn large_series(design: Design, found: &[Hit], reading: &Reading<'_>) -> Option<Hit> {
    let is_series = found.iter().any(|h| h.evidence.text.to_lowercase().contains("series"));
    let is_typed = found.iter().any(|h| h.evidence.field == "type");
    if design != Design::CaseReport || !is_series || is_typed {
        return None;
    }
    [Field::Title, Field::Abstract].into_iter().find_map(|field| {
        let text = reading.text(field)?;
        let many = count::people(text).into_iter().find(|c| c.number > SERIES_CASES_MAX)?;
        Some(hit("design.cross-sectional.series", field, text, many.words))
    })
}
