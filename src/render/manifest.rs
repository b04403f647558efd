//! `manifest.json`: what was rendered, why each item is in it, and what to look at before sending.
//!
//! A stable interface, described by `docs/manifest.schema.json`. Later versions may add keys; a
//! change to a key's meaning raises [`VERSION`].

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{EMAIL_CLIP_BYTES, Evidence, Issue, IssueItem, Language, Month, Score, sha256_hex};

use super::email::EmailParts;
use super::item_view::{self, ItemView};
use super::output::{RenderError, RenderedFile};
use super::size::EmailSize;
use super::view::IssueView;
use super::{eml, neutralise, view, words};

/// Version of the form.
pub const VERSION: u32 = 1;

/// The whole manifest.
#[derive(Serialize)]
struct Manifest<'a> {
    version: u32,
    month: Month,
    language: &'static str,
    number: Option<u32>,
    subject: &'a str,
    preheader: &'a str,
    note: &'a [String],
    counts: Counts,
    sizes: Sizes,
    files: Vec<FileEntry<'a>>,
    items: Vec<ItemEntry<'a>>,
    warnings: Vec<Warning>,
}

/// How many there are of what.
#[derive(Serialize)]
struct Counts {
    items: usize,
    countries: usize,
    open_access: usize,
    reviews: usize,
    preprints: usize,
    events: usize,
    more: usize,
    sections: Vec<SectionCount>,
}

/// How many items a section has.
#[derive(Serialize)]
struct SectionCount {
    id: String,
    name: String,
    items: usize,
}

/// Sizes of the email in bytes.
#[derive(Serialize)]
struct Sizes {
    html: usize,
    html_tracked: usize,
    html_quoted_printable: usize,
    text: usize,
    clip_limit: usize,
}

/// A file beside the manifest.
#[derive(Serialize)]
struct FileEntry<'a> {
    path: &'a str,
    bytes: usize,
    sha256: String,
}

/// An item with all that explains it.
#[derive(Serialize)]
struct ItemEntry<'a> {
    id: &'a str,
    anchor: &'a str,
    cite: &'a str,
    section: &'a str,
    group: &'a str,
    title: &'a str,
    link: &'a str,
    byline: &'a str,
    content_note: &'a str,
    finding: &'a str,
    why_it_matters: &'a str,
    tags: Vec<&'a str>,
    tag_line: &'a str,
    identifiers: Vec<IdentifierEntry>,
    score: Option<&'a Score>,
    why: BTreeMap<&'a str, &'a [Evidence]>,
}

/// An outside name of an item.
#[derive(Serialize)]
struct IdentifierEntry {
    kind: &'static str,
    value: String,
}

/// Something to look at before sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Warning {
    /// Fixed word: `size`, `preprint`, `retracted`, `concern`, `no-link`, `tool-code`, `no-preheader`.
    code: &'static str,
    /// The item's id; empty when it is about the whole issue.
    item: String,
    /// What is off, in plain words.
    message: String,
}

/// Returns the manifest of an issue, of its view, its email and the files beside it.
///
/// # Errors
/// When it cannot be written as JSON, which is our own mistake.
pub fn json(
    issue: &Issue,
    view: &IssueView,
    language: Language,
    email: &EmailParts,
    files: &[RenderedFile],
) -> Result<String, RenderError> {
    let groups = view.grouped();
    let sizes = sizes(email);
    let manifest = Manifest {
        version: VERSION,
        month: issue.month,
        language: language.code(),
        number: issue.number,
        subject: &email.subject,
        preheader: &email.preheader,
        note: &view.note,
        counts: counts(issue),
        warnings: warnings(issue, language, email, &sizes),
        sizes,
        files: files.iter().map(file).collect(),
        items: issue.items().zip(&groups).map(|(item, (group, shown))| entry(item, group, shown)).collect(),
    };
    Ok(format!("{}\n", neutralise::json(&serde_json::to_string_pretty(&manifest)?)))
}

fn file(file: &RenderedFile) -> FileEntry<'_> {
    FileEntry { path: &file.path, bytes: file.bytes.len(), sha256: sha256_hex(&file.bytes) }
}

fn entry<'a>(item: &'a IssueItem, group: &'a str, shown: &'a ItemView) -> ItemEntry<'a> {
    let why = item.judgement.iter().flat_map(|j| j.why.iter());
    ItemEntry {
        id: &item.id,
        anchor: &shown.anchor,
        cite: &shown.cite,
        section: &item.section,
        group,
        title: &shown.title,
        link: &shown.link,
        byline: &shown.byline,
        content_note: &shown.content_note,
        finding: &shown.finding,
        why_it_matters: &shown.why,
        tags: shown.tags.iter().map(|t| t.text.as_str()).collect(),
        tag_line: &shown.tag_line,
        identifiers: item
            .record
            .identifiers()
            .iter()
            .map(|i| IdentifierEntry { kind: i.kind(), value: i.value() })
            .collect(),
        score: item.score.as_ref(),
        why: why.map(|(facet, evidence)| (facet.as_str(), evidence.as_slice())).collect(),
    }
}

fn counts(issue: &Issue) -> Counts {
    let count = |is: fn(&IssueItem) -> bool| issue.items().filter(|i| is(i)).count();
    Counts {
        items: issue.items().count(),
        countries: view::countries(issue).len(),
        open_access: count(item_view::is_open),
        reviews: issue.items().filter_map(item_view::design_of).filter(|d| d.is_review()).count(),
        preprints: count(item_view::is_preprint),
        events: issue.events.len(),
        more: issue.more.len(),
        sections: issue
            .sections
            .iter()
            .map(|s| SectionCount { id: s.id.clone(), name: s.name.clone(), items: s.items.len() })
            .collect(),
    }
}

fn sizes(email: &EmailParts) -> Sizes {
    let size = EmailSize::of(&email.html);
    Sizes {
        html: size.raw,
        html_tracked: size.tracked,
        html_quoted_printable: eml::quoted_printable(&email.html).len(),
        text: email.text.len(),
        clip_limit: EMAIL_CLIP_BYTES,
    }
}

/// Returns all warnings, those on the whole issue first, then by item in reading order.
fn warnings(issue: &Issue, language: Language, email: &EmailParts, sizes: &Sizes) -> Vec<Warning> {
    let mut out = Vec::new();
    let mut whole = |code, message: String| out.push(Warning { code, item: String::new(), message });
    let largest = sizes.html.max(sizes.html_tracked).max(sizes.html_quoted_printable);
    if largest > EMAIL_CLIP_BYTES {
        let (is, limit) = (largest.div_ceil(1000), EMAIL_CLIP_BYTES / 1000);
        whole(
            "size",
            format!("the email may reach {is} kB and Gmail cuts it near {limit} kB; move items to the compact list"),
        );
    }
    if email.preheader.is_empty() {
        whole(
            "no-preheader",
            "the preheader is empty; mail programs will show the first words of the email".to_owned(),
        );
    }
    for text in [&issue.subject, &issue.preheader, &issue.note, &issue.request] {
        if let Some(code) = neutralise::live_code(text) {
            whole("tool-code", format!("a text of the issue holds \"{code}\"; it is shown as text and not run"));
        }
    }
    issue.items().for_each(|item| out.extend(item_warnings(item, language)));
    out
}

/// Returns the warnings of one item.
fn item_warnings(item: &IssueItem, language: Language) -> Vec<Warning> {
    let w = words::of(language);
    let texts = [&item.title, &item.summary, &item.why, &item.remark];
    let code = texts.into_iter().find_map(|t| neutralise::live_code(t));
    let checks = [
        (item_view::is_retracted(item), "retracted", "the paper was retracted; its finding is left out".to_owned()),
        (item_view::is_of_concern(item), "concern", "the journal has expressed concern about the paper".to_owned()),
        (item_view::is_preprint(item), "preprint", format!("tagged \"{}\"", w.preprint)),
        (neutralise::address(&item.link).is_none(), "no-link", no_link(&item.link)),
        (
            code.is_some(),
            "tool-code",
            format!("a text holds \"{}\"; it is shown as text and not run", code.unwrap_or_default()),
        ),
    ];
    checks
        .into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, code, message)| Warning { code, item: item.id.clone(), message })
        .collect()
}

fn no_link(link: &str) -> String {
    if link.trim().is_empty() {
        "the title leads nowhere: there is no link".to_owned()
    } else {
        "the link is no web address, so the title is shown without it".to_owned()
    }
}
