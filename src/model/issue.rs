//! One month's issue, complete: all that the renderers need and nothing they must look up.

use super::{Event, Judgement, Month, Record, Score};

/// Bytes of an email's HTML, with link tracking, from which Gmail shows only the beginning (102 kB; mails of 99 kB were
/// cut too, because encodings count, so every measure is compared to it).
pub const EMAIL_CLIP_BYTES: usize = 102_000;

/// Bytes from which an email is close to [`EMAIL_CLIP_BYTES`]: mailing tools add their own part.
pub const EMAIL_CLOSE_BYTES: usize = 92_000;

/// One month's issue.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Issue {
    /// Its month.
    pub month: Month,
    /// Its number, from 1; `None` when `feeds.toml` does not say when issue 1 was.
    pub number: Option<u32>,
    /// Subject of the email.
    pub subject: String,
    /// Preheader of the email.
    pub preheader: String,
    /// The secretariat's note, paragraphs separated by a blank line.
    pub note: String,
    /// The editor's pick; it stands in no section.
    pub pick: Option<IssueItem>,
    /// The working groups' sections in their order; an empty one stays in and says so.
    pub sections: Vec<IssueSection>,
    /// The compact list "Also published this month".
    pub more: Vec<IssueItem>,
    /// Dates.
    pub events: Vec<Event>,
    /// One request to readers; empty for none.
    pub request: String,
    /// Months of earlier issues that were rendered, newest first.
    pub earlier: Vec<Month>,
    /// Sources that could not be read this month, to be said honestly.
    pub stale_sources: Vec<SourceNote>,
}

impl Issue {
    /// Returns all items in reading order: pick, sections, compact list.
    pub fn items(&self) -> impl Iterator<Item = &IssueItem> {
        self.pick.iter().chain(self.sections.iter().flat_map(|s| s.items.iter())).chain(self.more.iter())
    }
}

/// A working group's section.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct IssueSection {
    /// Topic id.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// One line under the name.
    pub blurb: String,
    /// Its items in order.
    pub items: Vec<IssueItem>,
}

/// One paper or news item as the issue shows it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct IssueItem {
    /// Work id, or a person's own word for an item made by hand.
    pub id: String,
    /// Topic id of its section, or `more`.
    pub section: String,
    /// Title, perhaps edited.
    pub title: String,
    /// One-sentence finding, perhaps edited; may be empty.
    pub summary: String,
    /// Why it matters; may be empty.
    pub why: String,
    /// Where the title leads.
    pub link: String,
    /// Countries for the tags, as names for readers, most prominent first.
    pub countries: Vec<String>,
    /// World Bank regions of these countries by code ("SSA"), each once; empty where none is known, and in issues that
    /// were stored before items carried them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// The folded record (authors, journal, dates, identifiers); near empty for an item made by hand.
    pub record: Record,
    /// The judgement; `None` for an item made by hand.
    pub judgement: Option<Judgement>,
    /// The score with its parts; `None` for an item made by hand.
    pub score: Option<Score>,
    /// A short remark under the item, such as "Earlier as a preprint"; empty for none.
    pub remark: String,
}

/// A source that failed, in words for readers of the draft.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SourceNote {
    /// Source id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What went wrong, plainly.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_was_stored_before_regions_came_still_loads() {
        let item = IssueItem {
            id: "x".into(),
            section: "more".into(),
            title: "An invented title".into(),
            summary: String::new(),
            why: String::new(),
            link: String::new(),
            countries: vec!["Kenya".into()],
            regions: Vec::new(),
            record: Record::default(),
            judgement: None,
            score: None,
            remark: String::new(),
        };
        let json = serde_json::to_string(&item).unwrap();
        assert!(!json.contains("regions"), "what is empty is left out, so old issues keep their bytes: {json}");
        assert_eq!(serde_json::from_str::<IssueItem>(&json).unwrap(), item);
    }
}
