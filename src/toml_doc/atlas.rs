//! Which table of a file knows which keys: for a key that stands in the wrong one.

use std::collections::{BTreeMap, BTreeSet};

/// The tables of a kind of file with the keys that each asks for. It is filled by reading a text that has every table,
/// so that a table that a person left out is known, too.
#[derive(Debug, Default)]
pub struct Atlas {
    /// Keys by the header of their table, such as `[roundup.colours]` or `[[source]]`.
    keys: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Most tables that are named for one key.
const TABLES_SHOWN: usize = 3;

impl Atlas {
    /// Notes the keys of a table; those of several tables with one header are put together.
    pub(super) fn note(&mut self, header: &str, keys: &[&'static str]) {
        self.keys.entry(header.to_owned()).or_default().extend(keys);
    }

    /// Tells whether the table of a header was noted.
    pub fn has(&self, header: &str) -> bool {
        self.keys.contains_key(header)
    }

    /// Returns where a key that stands in the table of a header belongs; `None` when no other table knows it. Tables
    /// within that one are named first.
    pub(super) fn belongs(&self, key: &str, header: &str, is_table: bool) -> Option<String> {
        let inside = header.trim_end_matches(']');
        let mut knowing: Vec<&str> =
            self.keys.iter().filter(|(h, keys)| *h != header && keys.contains(key)).map(|(h, _)| h.as_str()).collect();
        // A table belongs where there is such a table, not where a value has its name.
        if is_table && knowing.iter().any(|h| self.has(&within(h, key))) {
            knowing.retain(|h| self.has(&within(h, key)));
        }
        knowing.sort_by_key(|h| !(header.is_empty() || h.starts_with(&format!("{inside}."))));
        knowing.truncate(TABLES_SHOWN);
        if knowing.is_empty() {
            return None;
        }
        if is_table {
            let names: Vec<String> = knowing.iter().map(|h| within(h, key)).collect();
            return Some(format!("write {}", names.join(" or ")));
        }
        let (names, is_top) = (knowing.join(" or "), knowing == [""]);
        Some(if is_top {
            format!("write {key} before the first line with [ ]")
        } else {
            format!("{key} belongs under the line {names}, which is missing before it, or still begins with #")
        })
    }
}

/// Returns the header of a table by its key in the table of a header.
pub(super) fn within(header: &str, key: &str) -> String {
    let name = header.trim_start_matches('[').trim_end_matches(']');
    if name.is_empty() { format!("[{key}]") } else { format!("[{name}.{key}]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_wrong_table_is_led_to_its_own() {
        let mut atlas = Atlas::default();
        for (header, keys) in [
            ("", &["house", "publish", "source"][..]),
            ("[house]", &["name", "colours"]),
            ("[house.colours]", &["link", "masthead"]),
            ("[[source]]", &["link", "name"]),
            ("[[source]]", &["url"]),
            ("[publish]", &["tool", "colours"]),
        ] {
            atlas.note(header, keys);
        }
        for (key, header, is_table, want, note) in [
            ("masthead", "[house]", false, Some("masthead belongs under the line [house.colours], which"), "one table"),
            ("link", "[house]", false, Some("the line [house.colours] or [[source]], which"), "within it first"),
            ("url", "", false, Some("under the line [[source]], which"), "the second of its tables"),
            ("tool", "", true, Some("write [publish.tool]"), "a table"),
            ("tool", "[house]", true, Some("write [publish.tool]"), "a table within another"),
            ("colours", "", true, Some("write [house.colours]"), "a table within a table, not a value of its name"),
            ("house", "[house]", true, Some("write [house]"), "a table of the top"),
            ("source", "[house]", false, Some("before the first line"), "a value of the top"),
            ("name", "[house]", false, Some("under the line [[source]]"), "its own table is not named"),
            ("nothing", "[house]", false, None, "nobody knows it"),
        ] {
            let said = atlas.belongs(key, header, is_table);
            assert_eq!(said.is_some(), want.is_some(), "{note}: {said:?}");
            assert!(said.as_ref().is_none_or(|s| want.is_some_and(|w| s.contains(w))), "{note}: {said:?}");
        }
        assert!(atlas.has("[publish]") && !atlas.has("[publish.tool]"));
    }
}
