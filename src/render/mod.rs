//! Turns an issue into email, text, page, archive with its search, feed, citations and manifest.
//!
//! Pure: values in, files out as values. The same input gives the same bytes, whatever the clock
//! or machine. Feed text is data in every output: see [`neutralise`]. A failed render gives no file
//! at all, so that a half-made email can never be picked up.
//!
//! ```
//! use std::collections::BTreeMap;
//! use roundup::render::Templates;
//! let (templates, problems) = Templates::new(&BTreeMap::new());
//! assert!(problems.is_empty());
//! # let _ = templates;
//! ```

mod archive;
mod archive_issue;
mod archive_search;
mod atom;
mod citations;
mod content_note;
mod email;
mod eml;
mod item_view;
mod json_ld;
mod languages;
mod manifest;
pub mod neutralise;
mod output;
mod palette;
mod picture;
mod sheet;
mod size;
mod target;
mod template_scan;
mod template_weight;
mod templates;
mod view;
pub mod words;
mod wrap;

mod golden;
mod hostile;
mod tests;

pub use archive::archive_files;
pub use archive_issue::{ArchiveIssue, ArchiveItem};
pub use archive_search::is_of_an_index;
pub use citations::{citations_of_manifest, files_of_manifest};
pub use email::{EmailParts, email_parts, email_size};
pub use output::{RenderError, RenderedFile};
pub use size::EmailSize;
pub use target::Target;
pub use templates::{NAMES, Templates};

use crate::model::{House, Issue};

use output::finished;
use target::TagTexts;
use view::IssueView;

/// Returns the files of one issue: `cite/ANCHOR.ris` of each item, `email.eml`, `email.html`, `email.txt`, `index.html`,
/// `items.bib`, `items.csv`, `items.ris`, by name, and `manifest.json`.
///
/// # Errors
/// When any of them cannot be made; then there is none.
pub fn issue_files(issue: &Issue, house: &House, templates: &Templates) -> Result<Vec<RenderedFile>, RenderError> {
    // The view takes longer to be made than a template to be filled in, so it is made once for all.
    let [mailchimp, plain] = [Target::Mailchimp, Target::Message].map(|t| TagTexts::new(t, house, issue.month));
    let view = IssueView::new(issue, house, &mailchimp);
    let email = email::parts_of(&view, templates, &mailchimp)?;
    let view = view.with_tags(&plain);
    let message = email::parts_of(&view, templates, &plain)?;
    let (html, paths) = page(&view, templates)?;
    let mut files = vec![
        RenderedFile::text("email.eml", eml::message(issue, house, &message)),
        RenderedFile::text("email.html", email.html.clone()),
        RenderedFile::text("email.txt", email.text.clone()),
        RenderedFile::text("index.html", html),
        RenderedFile::text("items.bib", citations::bibtex(issue)),
        RenderedFile { path: "items.csv".to_owned(), bytes: sheet::csv(issue)? },
        RenderedFile::text("items.ris", citations::ris(issue)),
    ];
    let citations = issue.items().zip(&paths);
    files.extend(citations.map(|(item, path)| RenderedFile::text(path, citations::ris_of(item))));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.push(RenderedFile::text("manifest.json", manifest::json(issue, &view, house.language, &email, &files)?));
    Ok(files)
}

/// An issue as readers will see it, with nothing to be filled in by a mailing tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueLook {
    /// The email, samples in place of the mailing tool's tags.
    pub email: EmailParts,
    /// The web page.
    pub page: String,
    /// Size of the email as it will be sent.
    pub size: EmailSize,
}

/// Returns an issue as readers will see it.
///
/// # Errors
/// When a template fails.
pub fn look(issue: &Issue, house: &House, templates: &Templates) -> Result<IssueLook, RenderError> {
    let (email, size) = email::email_preview(issue, house, templates)?;
    let view = IssueView::new(issue, house, &TagTexts::new(Target::Message, house, issue.month));
    Ok(IssueLook { email, page: page(&view, templates)?.0, size })
}

/// Returns the web page of an issue, and where it expects the citations of its items, in reading order.
fn page(view: &IssueView, templates: &Templates) -> Result<(String, Vec<String>), RenderError> {
    let html = templates.render("web/issue.html", view)?;
    let cites = view.grouped().into_iter().map(|(_, item)| item.cite.clone()).collect();
    Ok((finished("web/issue.html", &html)?, cites))
}
