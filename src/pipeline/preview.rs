//! A month's issue as its draft stands now, made in memory: what readers would see, and how large it would be.

use super::draft::file_name;
use super::{Ctx, Result, issue, made};
use crate::draft;
use crate::model::{Issue, Month, Problem, Severity};
use crate::render;

pub use crate::render::EmailSize;

/// A month's issue as its draft stands now, made in memory; nothing is written, nothing entered in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Preview {
    /// Subject of the email, one line.
    pub subject: String,
    /// What mail programs show behind the subject; may be empty.
    pub preheader: String,
    /// The email with samples in place of the mailing tool's tags; empty when it cannot be made.
    pub email_html: String,
    /// Its text part, likewise.
    pub email_text: String,
    /// The page of the issue; empty when it cannot be made.
    pub page_html: String,
    /// Papers and other items in it.
    pub items: usize,
    /// How large the email will be.
    pub sizes: EmailSize,
    /// What stands in the way: errors in the form of the draft, items left out since no paper has their id,
    /// mistakes in templates. What can be made is made all the same.
    pub problems: Vec<Problem>,
}

/// Returns a month's issue as a draft text would make it.
///
/// What `check` would name does not stand in the way: only a text that is no draft, or a template that is broken,
/// gives empty texts.
///
/// # Errors
/// When the database cannot be read.
pub fn preview(ctx: &Ctx, month: Month, text: &str) -> Result<Preview> {
    let (issue, mut problems) = issue_of(ctx, month, text)?;
    let Some(issue) = issue else { return Ok(Preview { problems, ..Preview::default() }) };
    let items = issue.items().count();
    let look = issue::templates(ctx).and_then(|templates| {
        render::look(&issue, &ctx.config.settings.house, &templates).map_err(|error| vec![error.problem()])
    });
    match look {
        Ok(look) => Ok(Preview {
            subject: look.email.subject,
            preheader: look.email.preheader,
            email_html: look.email.html,
            email_text: look.email.text,
            page_html: look.page,
            items,
            sizes: look.size,
            problems,
        }),
        Err(more) => {
            problems.extend(more);
            Ok(Preview { items, problems, ..Preview::default() })
        }
    }
}

/// Returns how large the email of a draft text will be; `None` when the text is no draft, or a template is broken.
///
/// # Errors
/// When the database cannot be read.
pub fn email_size(ctx: &Ctx, month: Month, text: &str) -> Result<Option<EmailSize>> {
    let Some(issue) = issue_of(ctx, month, text)?.0 else { return Ok(None) };
    let Ok(templates) = issue::templates(ctx) else { return Ok(None) };
    Ok(render::email_size(&issue, &ctx.config.settings.house, &templates).ok())
}

/// Returns how large the email of a draft text will be, with the links of the mailing tool, and why the files of the
/// issue or of the archive cannot be made; no size when the email cannot, or the text is no draft.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn measured(ctx: &Ctx, month: Month, text: &str) -> Result<(Option<EmailSize>, Vec<Problem>)> {
    let Some(issue) = issue_of(ctx, month, text)?.0 else { return Ok((None, Vec::new())) };
    match issue::templates(ctx) {
        Ok(templates) => made::tried(ctx, &issue, &templates),
        Err(problems) => Ok((None, problems)),
    }
}

/// Returns the issue that a text would make, without the items that no paper stands behind, and what is wrong with
/// the text; no issue when it is no draft.
fn issue_of(ctx: &Ctx, month: Month, text: &str) -> Result<(Option<Issue>, Vec<Problem>)> {
    let (parsed, problems) = draft::parse(text, &file_name(month));
    let mut problems: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    let Some(parsed) = parsed else { return Ok((None, problems)) };
    let (issue, left_out) = issue::build(ctx, &parsed)?;
    problems.extend(left_out);
    problems.sort();
    Ok((Some(issue), problems))
}
