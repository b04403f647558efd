//! The email: subject, preheader, HTML part with its styles written into the elements, text part.

use css_inline::CSSInliner;

use crate::model::text::{clean_line, quoted_title};
use crate::model::{House, Issue, Place, Problem};

use super::neutralise;
use super::output::{RenderError, without_blank_lines};
use super::size::EmailSize;
use super::target::{self, TagTexts, Target};
use super::templates::Templates;
use super::view::IssueView;
use super::wrap;

/// The parts of one email, ready for its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailParts {
    /// Subject, one line.
    pub subject: String,
    /// Preheader, one line; may be empty.
    pub preheader: String,
    /// HTML part.
    pub html: String,
    /// Plain-text part, lines of at most 78 columns but for addresses.
    pub text: String,
}

/// Returns the email of an issue with the tags of a mailing tool.
///
/// # Errors
/// When a template fails, or brings a mailing tool's code by another way than `tag()`.
pub fn email_parts(
    issue: &Issue,
    house: &House,
    templates: &Templates,
    target: Target,
) -> Result<EmailParts, RenderError> {
    let tags = TagTexts::new(target, house, issue.month);
    let held = Held::of(&IssueView::new(issue, house, &tags), templates)?;
    // Only a look has other words in its text part than in its HTML.
    let plain = if target == Target::Preview { TagTexts::plain_samples() } else { tags.clone() };
    Ok(held.put(&tags, &plain))
}

/// Returns the email of a view that was made for these tags.
///
/// # Errors
/// As [`email_parts`].
pub(super) fn parts_of(view: &IssueView, templates: &Templates, tags: &TagTexts) -> Result<EmailParts, RenderError> {
    Ok(Held::of(view, templates)?.put(tags, tags))
}

/// Returns the email as a reader will see it, and its size as it will be sent. It is made once for both.
///
/// # Errors
/// As [`email_parts`].
pub fn email_preview(
    issue: &Issue,
    house: &House,
    templates: &Templates,
) -> Result<(EmailParts, EmailSize), RenderError> {
    // Both have a text for every tag, so the templates leave out the same.
    let sent = TagTexts::new(Target::Mailchimp, house, issue.month);
    let held = Held::of(&IssueView::new(issue, house, &sent), templates)?;
    let size = EmailSize::of(&held.put(&sent, &sent).html);
    let look = TagTexts::new(Target::Preview, house, issue.month);
    Ok((held.put(&look, &TagTexts::plain_samples()), size))
}

/// Returns the size of the email as it will be sent.
///
/// # Errors
/// As [`email_parts`].
pub fn email_size(issue: &Issue, house: &House, templates: &Templates) -> Result<EmailSize, RenderError> {
    let tags = TagTexts::new(Target::Mailchimp, house, issue.month);
    let html = html(&IssueView::new(issue, house, &tags), templates)?;
    Ok(EmailSize::of(&without_blank_lines(&tags.put_into(&html))))
}

/// An email in which one character stands for each tag of the mailing tool.
struct Held {
    subject: String,
    preheader: String,
    html: String,
    text: String,
}

impl Held {
    /// Makes the email of a view, which says what is left out.
    fn of(view: &IssueView, templates: &Templates) -> Result<Self, RenderError> {
        Ok(Self {
            subject: one_line("email/subject.txt", plain("email/subject.txt", view, templates)?)?,
            preheader: neutralise::text_behind(&view.preheader),
            html: html(view, templates)?,
            text: plain("email/body.txt", view, templates)?,
        })
    }

    /// Returns the email with the tags written out: `plain` in its subject and text part.
    fn put(&self, tags: &TagTexts, plain: &TagTexts) -> EmailParts {
        EmailParts {
            subject: clean_line(&plain.put_into(&self.subject)),
            preheader: self.preheader.clone(),
            html: without_blank_lines(&tags.put_into(&self.html)),
            text: spaced(&plain.put_into(&self.text)),
        }
    }
}

/// Returns the HTML part; its tags are still held.
fn html(view: &IssueView, templates: &Templates) -> Result<String, RenderError> {
    const NAME: &str = "email/body.html";
    let styled = templates.render(NAME, view)?;
    let inlined = inliner().inline(&styled).map_err(|e| RenderError::Inline(e.to_string()))?;
    let inlined = inlined.replace(KEEP_MARK, "");
    if let Some(code) = neutralise::live_code(&inlined) {
        return Err(RenderError::LiveCode { template: NAME, code });
    }
    check_fit(&styled, view)?;
    Ok(neutralise::finish_html(&inlined))
}

/// Elements that mail programs cut out or hold back; a page of ours loads nothing from elsewhere either.
const UNFIT: [&str; 9] = ["script", "img", "iframe", "object", "embed", "form", "video", "audio", "link"];

/// Checks that an email is whole, holds what mail programs show, and has a way to leave the list. Texts cannot be
/// taken for elements: before the styles are inlined, every `<` in them is a reference.
///
/// # Errors
/// [`RenderError::Unfit`] with the first thing that is wrong.
fn check_fit(html: &str, view: &IssueView) -> Result<(), RenderError> {
    let unfit = |reason: String, help| Err(RenderError::Unfit { reason, help });
    let lower = html.to_ascii_lowercase();
    if !lower.trim_end().ends_with("</html>") {
        return unfit("what it makes does not end with </html>".to_owned(), "the built-in one begins and ends right");
    }
    let is_there =
        |title: &str| [wrap::soften(title), title.to_owned()].iter().any(|t| html.contains(&neutralise::html(t)));
    if let Some((_, missing)) = view.grouped().into_iter().find(|(_, item)| !is_there(&item.title)) {
        let reason = format!("what it makes leaves out {}", quoted_title(&missing.title));
        return unfit(reason, "every paper of the issue stands in the email: look at its loops over sections and more");
    }
    let is_element = |name: &&&str| {
        lower.match_indices(&format!("<{name}")).any(|(at, found)| is_end_of_name(&lower, at + found.len()))
    };
    if let Some(name) = UNFIT.iter().find(is_element) {
        return unfit(
            format!("it makes a <{name}>, which mail programs leave out"),
            "take it out: words and links are what every mail program shows",
        );
    }
    let way_out = target::mark("UNSUB");
    if view.has.unsub && !way_out.is_some_and(|mark| html.contains(mark)) {
        return unfit(
            "nobody could leave the list: it has no unsubscribe link".to_owned(),
            "put <a href=\"{{ tag(\"UNSUB\") }}\">…</a> into it",
        );
    }
    Ok(())
}

/// Tells whether the name of an element ends at a place of a document.
fn is_end_of_name(html: &str, at: usize) -> bool {
    !html.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric)
}

/// Marks the style element that stays in the head; the mark itself is of no use to readers.
const KEEP_MARK: &str = " data-css-inline=\"keep\"";

/// Returns an inliner that writes styles into elements and asks nobody for style sheets.
fn inliner() -> CSSInliner<'static> {
    CSSInliner::options().load_remote_stylesheets(false).keep_style_tags(false).minify_css(true).build()
}

/// Returns a rendered template of plain text; its tags are still held.
fn plain(name: &'static str, view: &IssueView, templates: &Templates) -> Result<String, RenderError> {
    let text = templates.render(name, view)?;
    match neutralise::live_code(&text) {
        Some(code) => Err(RenderError::LiveCode { template: name, code }),
        None => Ok(text),
    }
}

/// Returns the text of a template that makes one line; blank lines around it are of no account.
///
/// # Errors
/// When it makes more: put together they would read as what nobody wrote.
fn one_line(name: &'static str, text: String) -> Result<String, RenderError> {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    if lines <= 1 {
        return Ok(text);
    }
    let problem = Problem::error(
        Place::file(format!("templates/{name}")),
        format!("this template makes {lines} lines, and a subject is one"),
    );
    Err(RenderError::Template(
        problem.with_help("put all that readers should see into one line, and delete the others"),
    ))
}

/// Returns text with at most two blank lines in a row, none at the start, one line feed at the end.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines().map(str::trim_end) {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank <= BLANK_LINES_MAX && !(out.is_empty() && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}

/// Blank lines in a row that the text part keeps: two stand before a heading.
const BLANK_LINES_MAX: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        for (text, is_one) in [("a", true), ("\n a \n \n", true), ("", true), ("a\nb\n", false), ("a\r\n\r\nb", false)]
        {
            let made = one_line("email/subject.txt", text.to_owned());
            let said = made.as_ref().err().map(ToString::to_string).unwrap_or_default();
            assert_eq!(made.is_ok(), is_one, "{text:?}");
            assert!(is_one || said.starts_with("templates/email/subject.txt: this template makes 2 lines"), "{said}");
        }
    }

    #[test]
    fn spacing_is_even() {
        assert_eq!(spaced("\n\na  \n\n\n\n\nb\n\n"), "a\n\n\nb\n");
        assert_eq!(spaced(""), "\n");
    }
}
