//! What rendering gives: files as values, or why there are none.

use crate::model::{Place, Problem};

use super::neutralise;

/// A file to be written, as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Path relative to `out/YYYY-MM/` (`issue_files`) or to `out/` (`archive_files`).
    pub path: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl RenderedFile {
    /// Returns a file of text.
    pub(super) fn text(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), bytes: text.into_bytes() }
    }
}

/// Why nothing was rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is broken or uses a value that is not there; it names file and line.
    #[error("{0}")]
    Template(Problem),
    /// The styles of the email could not be written into its elements.
    #[error("templates/email/body.html: the styles could not be inlined: {0}")]
    Inline(String),
    /// A template holds a mailing tool's code that did not come from `tag()`.
    #[error(
        "templates/{template}: the result holds \"{code}\", which a mailing tool would run\n  help: write {{{{ tag(\"UNSUB\") }}}} instead of the tool's own form"
    )]
    LiveCode {
        /// The template.
        template: &'static str,
        /// What was found.
        code: &'static str,
    },
    /// What a template makes is no email that mail programs show, or that people can leave.
    #[error("templates/email/body.html: {reason}\n  help: {help}")]
    Unfit {
        /// What is wrong with it.
        reason: String,
        /// What to do.
        help: &'static str,
    },
    /// The spreadsheet could not be written.
    #[error("items.csv could not be written: {0}")]
    Sheet(String),
    /// The manifest could not be written or read as JSON.
    #[error("manifest.json: {0}")]
    Manifest(#[from] serde_json::Error),
}

impl RenderError {
    /// Returns the error as a problem, so that it can be listed among others.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Template(problem) => problem.clone(),
            Self::LiveCode { template, code } => {
                let place = Place::file(format!("templates/{template}"));
                Problem::error(place, format!("the result holds \"{code}\", which a mailing tool would run"))
                    .with_help("write {{ tag(\"UNSUB\") }} instead of the tool's own form")
            }
            Self::Inline(reason) => {
                let place = Place::file("templates/email/body.html");
                Problem::error(place, format!("the styles could not be inlined: {reason}"))
            }
            Self::Unfit { reason, help } => {
                Problem::error(Place::file("templates/email/body.html"), reason.clone()).with_help(*help)
            }
            Self::Sheet(_) | Self::Manifest(_) => Problem::error(Place::default(), self.to_string()),
        }
    }
}

/// Returns a web document with held characters written out, after a last look for live code.
pub(super) fn finished(template: &'static str, html: &str) -> Result<String, RenderError> {
    match neutralise::live_code(html) {
        Some(code) => Err(RenderError::LiveCode { template, code }),
        None => Ok(without_blank_lines(&neutralise::finish_html(html))),
    }
}

/// Returns a document without blank lines and spaces at line ends, ending in one line feed.
pub(super) fn without_blank_lines(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for line in document.lines().map(str::trim_end).filter(|l| !l.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    out
}
