//! Where a paper stands in print: PRISM fields of an element.

use super::Citation;
use super::dates::{FeedDate, read_date};
use super::names::Ns;
use super::tree::Node;
use crate::model::PartialDate;
use crate::model::text::clean_line;

/// Returns what PRISM says of a paper. A publication name that only repeats `title` is dropped:
/// one large publisher fills it so.
pub fn citation(node: &Node, title: &str) -> Citation {
    let first = |names: &[&str]| -> String {
        names
            .iter()
            .flat_map(|n| node.all(Ns::Prism, n))
            .map(|n| clean_line(&n.text()))
            .find(|t| !t.is_empty())
            .unwrap_or_default()
    };
    let issn = ["issn", "eissn"].iter().flat_map(|n| node.all(Ns::Prism, n)).filter_map(|n| issn(&n.text()));
    let mut all: Vec<String> = Vec::new();
    for value in issn {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    let journal = first(&["publicationname"]);
    Citation {
        journal: if journal == title { String::new() } else { journal },
        volume: first(&["volume"]),
        number: first(&["number", "issueidentifier", "issue"]),
        pages: pages(&first(&["pagerange"]), &first(&["startingpage"]), &first(&["endingpage"])),
        issn: all,
        year: read_date(&first(&["coverdate", "publicationdate"])).and_then(FeedDate::day).map(PartialDate::year),
    }
}

/// Returns an ISSN in the form `1234-567X`.
pub fn issn(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let plain = plain.strip_prefix("ISSN").unwrap_or(&plain);
    let (head, last) = plain.split_at_checked(7)?;
    let is_issn = head.bytes().all(|b| b.is_ascii_digit()) && matches!(last.as_bytes(), [b'0'..=b'9' | b'X']);
    is_issn.then(|| format!("{}-{}{last}", head.get(..4).unwrap_or_default(), head.get(4..).unwrap_or_default()))
}

/// Returns pages as one text.
fn pages(range: &str, first: &str, last: &str) -> String {
    if !range.is_empty() {
        return range.replace('–', "-");
    }
    if last.is_empty() || last == first { first.to_owned() } else { format!("{first}-{last}") }
}
