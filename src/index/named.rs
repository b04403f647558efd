//! Names for readers of what the index holds as codes.

use super::facet::Facets;
use super::search::Searcher;

impl Searcher {
    /// Puts in the names of regions for readers; a region that is not known keeps its id.
    pub(super) fn name_regions(&self, facets: &mut Facets) {
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
