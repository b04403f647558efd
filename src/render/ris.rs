//! Citations in RIS, as reference managers read them.

use crate::bibliography::to_ris;
use crate::model::Issue;

/// Returns the items of an issue in reading order. An item made by hand has its title and link.
pub fn of_issue(issue: &Issue) -> String {
    let reference = |item: &crate::model::IssueItem| {
        let mut record = item.record.clone();
        if record.title.trim().is_empty() {
            record.title.clone_from(&item.title);
        }
        if record.best_link().is_none() {
            record.url = Some(item.link.clone());
        }
        format!("{}\r\n", to_ris(&record))
    };
    issue.items().map(reference).collect()
}
