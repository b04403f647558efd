//! The archive: a page of all issues, an Atom feed with their full text, and a search over all their papers.

use serde::{Deserialize, Serialize};

use crate::model::{House, Issue, Month};

use super::output::{RenderError, RenderedFile, finished};
use super::target::{TagTexts, Target};
use super::templates::Templates;
use super::view::{HouseView, IssueView};
use super::words::{self, Words};
use super::{archive_search, atom, manifest, neutralise};

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

/// Values of the archive page.
#[derive(Serialize)]
struct ArchiveView {
    w: Words,
    house: HouseView,
    archive_address: String,
    issues: Vec<ArchiveLine>,
    /// Papers in all issues together.
    papers: usize,
}

/// Values of the search page.
#[derive(Serialize)]
struct SearchView {
    w: Words,
    house: HouseView,
    page_address: String,
    papers: usize,
    count_text: String,
    /// What the script must know, as JSON.
    head: String,
}

/// One issue's line on the archive page.
#[derive(Serialize)]
struct ArchiveLine {
    link: String,
    month_name: String,
    number: Option<u32>,
    count_text: String,
    summary: String,
}

/// Values of the feed's full text.
#[derive(Serialize)]
struct EntryView<'a> {
    note: &'a [String],
    groups: Vec<GroupView<'a>>,
}

/// One section in the feed.
#[derive(Serialize)]
struct GroupView<'a> {
    name: &'a str,
    entries: Vec<&'a ArchiveItem>,
}

/// Returns the files of all issues: the parts of the search index (`search/…`), `feed.xml`, `index.html`, `search.html`,
/// in this order. The newest issue stands first whatever the order given; of two for one month the first is taken.
///
/// The parts come first, so that a page which is written last never asks for what is not there.
///
/// # Errors
/// When one of them cannot be made; then there is none.
pub fn archive_files(
    issues: &[ArchiveIssue],
    house: &House,
    templates: &Templates,
) -> Result<Vec<RenderedFile>, RenderError> {
    let mut sorted: Vec<&ArchiveIssue> = issues.iter().collect();
    sorted.sort_by_key(|i| std::cmp::Reverse(i.month));
    sorted.dedup_by_key(|i| i.month);
    let mut texts = Vec::new();
    for issue in sorted.iter().take(atom::ENTRIES_MAX) {
        let html =
            templates.render("web/feed-entry.html", &EntryView { note: &issue.note, groups: groups(&issue.items) })?;
        texts.push((*issue, finished("web/feed-entry.html", &html)?));
    }
    let entries: Vec<atom::Entry<'_>> =
        texts.iter().map(|(i, html)| atom::Entry { month: i.month, summary: &i.summary, html }).collect();
    let address = neutralise::address(house.web_address.trim_end_matches('/')).map(|web| format!("{web}/"));
    let (mut files, head) = archive_search::index(&sorted);
    let view = ArchiveView {
        w: words::ENGLISH,
        house: HouseView::new(house),
        archive_address: address.clone().unwrap_or_default(),
        issues: sorted.iter().map(|i| line(i)).collect(),
        papers: head.papers,
    };
    let search = SearchView {
        w: words::ENGLISH,
        house: HouseView::new(house),
        page_address: address.map(|web| format!("{web}search.html")).unwrap_or_default(),
        papers: head.papers,
        count_text: words::in_issues(head.papers, sorted.len()),
        head: serde_json::to_string(&head)?,
    };
    let page = finished("web/archive.html", &templates.render("web/archive.html", &view)?)?;
    let search = finished("web/search.html", &templates.render("web/search.html", &search)?)?;
    files.push(RenderedFile::text("feed.xml", atom::feed(&entries, house)));
    files.push(RenderedFile::text("index.html", page));
    files.push(RenderedFile::text("search.html", search));
    Ok(files)
}

/// Returns the line of an issue.
fn line(issue: &ArchiveIssue) -> ArchiveLine {
    let n = issue.items.len();
    ArchiveLine {
        link: format!("{}/index.html", issue.month),
        month_name: issue.month.long_name(),
        number: issue.number,
        count_text: format!("{n} {}", words::plural(n, "paper", "papers")),
        summary: issue.summary.clone(),
    }
}

/// Returns items under the names of their sections, both in reading order.
fn groups(items: &[ArchiveItem]) -> Vec<GroupView<'_>> {
    let mut out: Vec<GroupView<'_>> = Vec::new();
    for item in items {
        match out.last_mut().filter(|g| g.name == item.group) {
            Some(group) => group.entries.push(item),
            None => out.push(GroupView { name: &item.group, entries: vec![item] }),
        }
    }
    out
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
