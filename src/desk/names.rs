//! Ids of papers in addresses and in the names of elements, and names of sections.
//!
//! People write any id into their file: with spaces, umlauts, `/`, `?`, `#`, `%`, or `..`. In an address most of these
//! mean something else, browsers take `..` away even when it is written `%2e%2e`, and the list of elements that a page
//! names by their ids is cut at its spaces. So what is not plain is written in hexadecimal digits behind a `~`.

use crate::draft::MORE;
use crate::model::TopicRule;

/// What stands before an id that is written in digits.
const MARK: char = '~';

/// Longest id that stands as it is, in bytes.
const PLAIN_BYTES_MAX: usize = 80;

/// Tells whether an id can stand in an address as it is.
pub(super) fn is_plain(id: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !id.is_empty() && id.len() <= PLAIN_BYTES_MAX && id.chars().all(is_plain)
}

/// Returns an id as it stands in addresses and names of elements: itself when it is plain.
pub(super) fn in_address(id: &str) -> String {
    if is_plain(id) { id.to_owned() } else { format!("{MARK}{}", data_encoding::HEXLOWER.encode(id.as_bytes())) }
}

/// Returns the id that stands in an address; what [`in_address`] has not written is an id as somebody typed it.
pub(super) fn of_address(text: &str) -> String {
    let digits = text.strip_prefix(MARK).and_then(|digits| data_encoding::HEXLOWER.decode(digits.as_bytes()).ok());
    digits.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// Returns the name of a section; of one that there is not, the word that stands in the file.
pub(super) fn section_name<'a>(topics: &'a [TopicRule], id: &'a str) -> &'a str {
    if id == MORE {
        return COMPACT;
    }
    topics.iter().find(|t| t.id == id).map_or(id, |t| t.name.as_str())
}

/// Name of the compact list, as readers see it.
pub(super) const COMPACT: &str = "Also published this month";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_stands_in_an_address_and_comes_back() {
        for (id, want, note) in [
            ("w3k2m5x7abcd", "w3k2m5x7abcd", "the id of a paper"),
            ("own-webinar_2", "own-webinar_2", "of an item of one's own"),
            ("a/b", "~612f62", "a slash parts addresses"),
            ("a?b#c%2f", "~613f6223632532 66".replace(' ', "").as_str(), "what ends a path, and what looks encoded"),
            ("..", "~2e2e", "the folder above, which browsers take away"),
            ("zwei Wörter", "~7a77656920 57c3b672746572".replace(' ', "").as_str(), "a space and an umlaut"),
            ("~6161", "~7e36313631", "what looks like one of ours"),
            ("~", "~7e", "the mark itself"),
            ("", "~", "nothing"),
        ] {
            assert_eq!(in_address(id), want, "{note}");
            assert_eq!(of_address(&in_address(id)), id, "{note}");
        }
        for (typed, want) in [("~zz", "~zz"), ("~616", "~616"), ("~ff", "~ff"), ("a b", "a b")] {
            assert_eq!(of_address(typed), want, "as somebody typed it");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        /// Whatever the id: its form has no sign that means something in an address or a list of names.
        #[test]
        fn no_id_is_lost(id in ".*") {
            let written = in_address(&id);
            proptest::prop_assert_eq!(of_address(&written), id);
            proptest::prop_assert!(written.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_~".contains(&b)));
        }
    }
}
