//! How a saved search is shown.

use serde_json::{Value, json};

use crate::cli::styled::Part;
use crate::cli::term::Style;
use crate::pipeline::saved::SavedSearch;

/// Version of the lines; counted up when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// Returns a search for programs; `seen` is how many papers were seen, where that is known.
pub fn search(name: &str, query: &str, exact: bool, seen: Option<usize>) -> Value {
    json!({"v": VERSION, "name": name, "query": query, "exact": exact, "seen": seen})
}

/// Returns the heading of a search: its name, and what is looked for.
pub fn heading(search: &SavedSearch) -> Vec<Part> {
    vec![(Style::Bold, search.name.as_str().to_owned()), (Style::Plain, format!(": {}", search.query))]
}
