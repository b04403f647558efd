//! Names for readers of what the index holds as codes.

use super::facet::Facets;
use super::search::Searcher;
use crate::model::Design;

impl Searcher {
    /// Puts in the names of regions for readers; a region that is not known keeps its id. Counts designs
    /// as they are filtered by: papers of a narrower kind also in the wider one.
    pub(super) fn name_regions(&self, facets: &mut Facets) {
        count_wider_designs(&mut facets.design);
        for (id, name, _) in &mut facets.region {
            if let Some(known) = self.names.region(id) {
                known.clone_into(name);
            }
        }
    }

    /// Returns a country's name for readers by its ISO alpha-3 code; the code when it is not known.
    pub fn country_name(&self, iso3: &str) -> String {
        self.names.country(&iso3.to_lowercase()).unwrap_or(iso3).to_owned()
    }
}

/// Adds papers of a narrower design to the count of the wider one, where that stands in the list.
fn count_wider_designs(counts: &mut [(String, usize)]) {
    let own: Vec<(String, usize)> = counts.to_vec();
    let of = |design: &Design| own.iter().find(|(label, _)| label == design.label()).map_or(0, |(_, count)| *count);
    for (label, count) in counts.iter_mut() {
        let wide = Design::ALL.iter().find(|design| design.label() == label);
        *count += wide.map_or(0, |wide| wide.includes().iter().map(of).sum());
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}
