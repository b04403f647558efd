//! Citations of an issue as reference managers read them: RIS and BibTeX of all items, RIS of each.
//!
//! A file of its own for each item, not a `data:` link: some browsers refuse to open those, while a link to a file
//! that ends in `.ris` is what reference managers have taught browsers to hand to them.

use crate::bibliography::{to_bibtex, to_ris};
use crate::model::{Issue, IssueItem, Record};

use super::item_view;

/// What PubMed calls a paper that was retracted.
const RETRACTED: &str = "Retracted Publication";

/// Tells whether a path is one that the view of an item gives: no other folder can be meant by it.
fn is_path(path: &str) -> bool {
    let anchor = path.strip_prefix("cite/").and_then(|name| name.strip_suffix(".ris"));
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    anchor.is_some_and(|a| !a.is_empty() && a.chars().all(is_plain))
}

/// What is read of a manifest here.
#[derive(serde::Deserialize)]
struct Past {
    files: Vec<PastFile>,
}

/// A file that a manifest names.
#[derive(serde::Deserialize)]
struct PastFile {
    path: String,
    sha256: String,
}

/// Returns the citations of items that a `manifest.json` names, each with the SHA-256 of its bytes; none when the text
/// is no manifest.
pub fn citations_of_manifest(json: &str) -> Vec<(String, String)> {
    let files = serde_json::from_str::<Past>(json).map(|past| past.files).unwrap_or_default();
    files.into_iter().filter(|f| is_path(&f.path)).map(|f| (f.path, f.sha256)).collect()
}

/// Files of an issue beside the citations of its items.
const OF_ISSUE: [&str; 7] =
    ["email.eml", "email.html", "email.txt", "index.html", "items.bib", "items.csv", "items.ris"];

/// Returns all files that a `manifest.json` names and an issue has, each with the SHA-256 of its bytes; none when the
/// text is no manifest.
pub fn files_of_manifest(json: &str) -> Vec<(String, String)> {
    let files = serde_json::from_str::<Past>(json).map(|past| past.files).unwrap_or_default();
    let is_ours = |path: &str| is_path(path) || OF_ISSUE.contains(&path);
    files.into_iter().filter(|f| is_ours(&f.path)).map(|f| (f.path, f.sha256)).collect()
}

/// Returns the items of an issue in reading order as RIS. An item made by hand has its title and link.
pub fn ris(issue: &Issue) -> String {
    issue.items().flat_map(|item| [ris_of(item), "\r\n".to_owned()]).collect()
}

/// Returns one item as RIS.
pub fn ris_of(item: &IssueItem) -> String {
    to_ris(&cited(item))
}

/// Returns the items of an issue in reading order as BibTeX, each under a key of its own.
pub fn bibtex(issue: &Issue) -> String {
    let records: Vec<Record> = issue.items().map(cited).collect();
    to_bibtex(&records)
}

/// Returns what is cited of an item: the paper as its journal printed it, or what a person wrote of it where there is
/// no more. A paper that was retracted says so, whoever noticed it.
fn cited(item: &IssueItem) -> Record {
    let mut record = item.record.clone();
    if record.title.trim().is_empty() {
        record.title.clone_from(&item.title);
    }
    if record.best_link().is_none() {
        record.url = Some(item.link.clone());
    }
    if item_view::is_retracted(item) && !record.is_retracted() {
        record.types.push(RETRACTED.to_owned());
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_citations_are_read_from_a_manifest() {
        for (path, want) in [
            ("cite/wabcdefghij2.ris", true),
            ("cite/x-our-webinar-2.ris", true),
            ("cite/../../feeds.ris", false),
            ("cite/.ris", false),
            ("items.ris", false),
            ("/cite/a.ris", false),
        ] {
            let json = format!("{{\"files\":[{{\"path\":\"{path}\",\"bytes\":1,\"sha256\":\"00\"}}]}}");
            assert_eq!(citations_of_manifest(&json).len(), usize::from(want), "{path}");
        }
        assert!(citations_of_manifest("{}").is_empty() && citations_of_manifest("").is_empty());
    }
}
