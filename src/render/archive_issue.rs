//! An issue as the archive keeps it: made of the issue, or of the manifest of one that was rendered before.

use serde::{Deserialize, Serialize};

use crate::model::{House, Issue, Month};

use super::manifest;
use super::output::RenderError;
use super::target::{TagTexts, Target};
use super::view::IssueView;

/// An issue as the archive shows it: enough for its line on the page and its full text in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveIssue {
    /// Its month.
    pub month: Month,
    /// Its number.
    pub number: Option<u32>,
    /// Its preheader, shown as a summary.
    pub summary: String,
    /// The note, a paragraph each.
    pub note: Vec<String>,
    /// Its items in reading order.
    pub items: Vec<ArchiveItem>,
}

/// One item in the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveItem {
    /// Name of its section for readers.
    pub group: String,
    /// Its lasting place on the page of its issue; empty when the manifest does not say.
    #[serde(default)]
    pub anchor: String,
    /// Title.
    pub title: String,
    /// Where it leads; empty when nowhere.
    pub link: String,
    /// Authors, journal and date.
    pub byline: String,
    /// Labels in one line.
    pub tag_line: String,
    /// A quiet note on what some readers have lived; manifests of before have none.
    #[serde(default)]
    pub content_note: String,
    /// Finding.
    pub finding: String,
}

impl ArchiveIssue {
    /// Returns what the archive shows of an issue.
    pub fn of_issue(issue: &Issue, house: &House) -> Self {
        let view = IssueView::new(issue, house, &TagTexts::new(Target::Message, house, issue.month));
        let groups = view.grouped();
        let items = groups.iter().map(|(group, item)| ArchiveItem {
            group: group.clone(),
            anchor: item.anchor.clone(),
            title: item.title.clone(),
            link: item.link.clone(),
            byline: item.byline.clone(),
            tag_line: item.tag_line.clone(),
            content_note: item.content_note.clone(),
            finding: item.finding.clone(),
        });
        Self {
            month: issue.month,
            number: issue.number,
            summary: view.preheader.clone(),
            note: view.note.clone(),
            items: items.collect(),
        }
    }

    /// Returns what the archive shows of an issue that was rendered before, from its `manifest.json`:
    /// an issue that was sent stays as it was, whatever the store says today.
    ///
    /// # Errors
    /// When the text is no manifest of a version we know.
    pub fn of_manifest(json: &str) -> Result<Self, RenderError> {
        read(json)
    }
}

/// What the archive reads of a manifest; other keys are passed over.
#[derive(Deserialize)]
struct Past {
    version: u32,
    month: Month,
    number: Option<u32>,
    preheader: String,
    note: Vec<String>,
    items: Vec<ArchiveItem>,
}

/// Returns what the archive shows of a manifest.
///
/// # Errors
/// When the text is no manifest, or one of a later version.
fn read(json: &str) -> Result<ArchiveIssue, RenderError> {
    let past: Past = serde_json::from_str(json)?;
    if past.version != manifest::VERSION {
        let message =
            format!("version {} is not known; this program knows version {}", past.version, manifest::VERSION);
        return Err(RenderError::Manifest(serde::de::Error::custom(message)));
    }
    Ok(ArchiveIssue {
        month: past.month,
        number: past.number,
        summary: past.preheader,
        note: past.note,
        items: past.items,
    })
}
