//! One paper's page: its words in the file, and everything that is known of it.

use super::Frame;
use super::same::Asked;
use crate::draft::issue_items;
use crate::model::{Choice, Draft};
use crate::pipeline::cards::Named;
use crate::pipeline::sheet::Sheet;

/// The page of one paper.
#[derive(serde::Serialize)]
pub(in crate::desk) struct PaperPage {
    /// What stands around it.
    pub(in crate::desk) frame: Frame,
    /// Its id in the file.
    pub(in crate::desk) id: String,
    /// Its words in the file; `None` when it does not stand there.
    pub(in crate::desk) entry: Option<Entry>,
    /// What is known of it; `None` for an item made by hand.
    pub(in crate::desk) sheet: Option<Sheet>,
    /// The sections.
    pub(in crate::desk) sections: Vec<Named>,
    /// The paper before it in the same list; its id is empty for none.
    pub(in crate::desk) before: Named,
    /// The paper behind it in the same list; its id is empty for none.
    pub(in crate::desk) after: Named,
    /// Other entries of the draft that are the same paper today.
    pub(in crate::desk) twins: Vec<Named>,
    /// Another paper that was asked for by words; `None` when none was.
    pub(in crate::desk) asked: Option<Asked>,
}

impl PaperPage {
    /// Returns the paper's title.
    pub(in crate::desk) fn title(&self) -> &str {
        let of_sheet = || self.sheet.as_ref().map(|s| s.title.as_str());
        self.entry.as_ref().map(|e| e.title.as_str()).filter(|t| !t.is_empty()).or_else(of_sheet).unwrap_or("Paper")
    }
}

/// A paper's words in the file.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::desk) struct Entry {
    /// Section id.
    pub(in crate::desk) section: String,
    /// Title.
    pub(in crate::desk) title: String,
    /// One-sentence finding.
    pub(in crate::desk) summary: String,
    /// Why it matters.
    pub(in crate::desk) why: String,
    /// Where the title leads.
    pub(in crate::desk) link: String,
    /// A person's reason, for people only.
    pub(in crate::desk) reason: String,
    /// Reasons and remarks above its block.
    pub(in crate::desk) reasons: Vec<String>,
    /// "keep", "maybe", "drop" or nothing.
    pub(in crate::desk) said: &'static str,
    /// Whether it is in the issue.
    pub(in crate::desk) is_in: bool,
    /// Whether it stands first.
    pub(in crate::desk) is_pick: bool,
}

/// Returns a paper's words in a draft; `None` when it does not stand there.
pub(in crate::desk) fn in_file(draft: &Draft, id: &str) -> Option<Entry> {
    let is_pick = draft.pick == id;
    if let Some(i) = draft.items.iter().find(|i| i.id == id).cloned() {
        let (section, title, summary, why, link, reason) = (i.section, i.title, i.summary, i.why, i.link, i.reason);
        let (reasons, said) = (i.reasons, if i.is_kept { "keep" } else { "" });
        return Some(Entry { section, title, summary, why, link, reason, reasons, said, is_in: true, is_pick });
    }
    draft.candidates.iter().find(|c| c.id == id).cloned().map(|c| Entry {
        is_in: c.is_kept(),
        said: c.choice.map_or("", Choice::as_str),
        section: c.section,
        title: c.title,
        summary: c.summary,
        why: c.why,
        link: c.link,
        reason: c.reason,
        reasons: c.reasons,
        is_pick,
    })
}

/// Returns the papers before and behind one in its list: the issue, or the candidates that were left open.
pub(in crate::desk) fn neighbours(draft: &Draft, id: &str) -> (Named, Named) {
    let issue: Vec<(String, String)> = issue_items(draft).into_iter().map(|i| (i.id, i.title)).collect();
    let beside = draft.candidates.iter().filter(|c| !c.is_kept()).map(|c| (c.id.clone(), c.title.clone()));
    let list: Vec<(String, String)> = if issue.iter().any(|(i, _)| i == id) { issue } else { beside.collect() };
    let named = |at: Option<usize>| {
        let (id, name) = at.and_then(|at| list.get(at)).cloned().unwrap_or_default();
        Named { id, name }
    };
    let Some(at) = list.iter().position(|(i, _)| i == id) else { return (named(None), named(None)) };
    (named(at.checked_sub(1)), named(Some(at + 1)))
}
