//! Changes of single values.

use super::super::keep;
use super::super::layout::{Block, Field, Kind, Value};
use super::FieldKey;
use super::page::{Page, words};
use crate::model::{Choice, Problem, TopicRule};

/// Returns the text with other words under a key above the first block.
pub(super) fn set_top(page: &Page<'_>, key: &str, text: &str) -> String {
    page.cut(page.text_cut(&page.holder(None), key, text).into_iter().collect())
}

/// Returns the text with other words under a key of a paper's block.
///
/// # Errors
/// When the paper is not there or there twice, or the section is not known.
pub(super) fn set_field(
    page: &Page<'_>,
    id: &str,
    key: FieldKey,
    text: &str,
    topics: &[TopicRule],
) -> Result<String, Problem> {
    let block = page.only(&format!("paper {id}"))?;
    let key = key.as_str();
    if key == "section" && words(key, text) != block.text(key) {
        page.check_section(&words(key, text), topics)?;
    }
    Ok(page.cut(page.text_cut(&page.holder(Some(block)), key, text).into_iter().collect()))
}

/// Returns the text with an answer to a question.
///
/// # Errors
/// When the question is not there or there twice.
pub(super) fn answer(page: &Page<'_>, id: &str, answer: &str) -> Result<String, Problem> {
    let block = page.only(&format!("decision {id}"))?;
    Ok(page.cut(page.text_cut(&page.holder(Some(block)), "answer", answer).into_iter().collect()))
}

/// Returns the text with another word behind `keep =` of a paper.
///
/// # Errors
/// When the paper is not there or there twice, or the word is none that people say.
pub(super) fn choose(page: &Page<'_>, id: &str, choice: Option<Choice>) -> Result<String, Problem> {
    let block = page.only(&format!("paper {id}"))?;
    if choice == Some(Choice::Passed) {
        let problem = page.off(block.body.start, "\"passed over\" is nothing that a person says of a paper");
        return Err(problem.with_help("say keep, maybe or drop, or take the word back"));
    }
    let written = keep::written(choice);
    let cut = match block.field("keep") {
        Some(field) if meant(field) == Ok(choice) => None,
        Some(field) if choice.is_none() && block.kind == Kind::Item => Some(page.line_out(&field.span)),
        Some(field) => Some((field.span.clone(), written.to_owned())),
        None if choice.is_none() => None,
        None => {
            let at = page.holder(Some(block)).usual(page.text, "keep");
            Some(page.line_in(at, &format!("keep = {written}\n")))
        }
    };
    Ok(page.cut(cut.into_iter().collect()))
}

/// Returns what a value behind `keep =` says: nothing, or a word.
///
/// # Errors
/// When it is not understood.
fn meant(field: &Field) -> Result<Option<Choice>, NotUnderstood> {
    match &field.value {
        Value::Text(text) => keep::word(text).map_err(|_| NotUnderstood),
        Value::Flag(flag) => Ok(flag.then_some(Choice::Keep)),
        Value::Other(_) => Err(NotUnderstood),
    }
}

/// Something stands behind `keep =` that is no word of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NotUnderstood;

/// Returns what a block's `keep =` says; nothing without the line, or with a word that is not understood.
pub(super) fn choice_of(block: &Block) -> Option<Choice> {
    block.field("keep").and_then(|field| meant(field).ok().flatten())
}
