//! The archive: a page of all issues, an Atom feed with their full text, and a search over all their papers.

use serde::Serialize;

use crate::model::text::capital;
use crate::model::{House, Language};

use super::archive_issue::{ArchiveIssue, ArchiveItem};
use super::output::{RenderError, RenderedFile, finished};
use super::palette::Palette;
use super::templates::Templates;
use super::view::HouseView;
use super::words::{self, Words};
use super::{archive_search, atom, neutralise};

/// Values of the archive page.
#[derive(Serialize)]
struct ArchiveView {
    w: &'static Words,
    language: &'static str,
    direction: &'static str,
    house: HouseView,
    colours: Palette,
    archive_address: String,
    issues: Vec<ArchiveLine>,
    /// Papers in all issues together.
    papers: usize,
}

/// Values of the search page.
#[derive(Serialize)]
struct SearchView {
    w: &'static Words,
    language: &'static str,
    direction: &'static str,
    house: HouseView,
    colours: Palette,
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
        w: words::of(house.language),
        language: house.language.code(),
        direction: house.language.direction(),
        house: HouseView::new(house),
        colours: Palette::new(&house.colours),
        archive_address: address.clone().unwrap_or_default(),
        issues: sorted.iter().map(|i| line(i, house.language)).collect(),
        papers: head.papers,
    };
    let search = SearchView {
        w: words::of(house.language),
        language: house.language.code(),
        direction: house.language.direction(),
        house: HouseView::new(house),
        colours: Palette::new(&house.colours),
        page_address: address.map(|web| format!("{web}search.html")).unwrap_or_default(),
        papers: head.papers,
        count_text: words::in_issues(head.papers, sorted.len(), house.language),
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
fn line(issue: &ArchiveIssue, language: Language) -> ArchiveLine {
    let n = issue.items.len();
    ArchiveLine {
        link: format!("{}/index.html", issue.month),
        month_name: capital(&language.month(issue.month)),
        number: issue.number,
        count_text: format!("{n} {}", words::of(language).papers.of(n, language)),
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
