//! Lists what still stands between a draft and a good issue, in plain words, each with its place.

mod items;
mod places;

use std::collections::BTreeMap;

use super::{MORE, answers, issue_items, preheader};
use crate::model::text::{did_you_mean, shorten};
use crate::model::{
    CanonicalUrl, Country, Draft, DraftItem, EMAIL_CLIP_BYTES, EMAIL_CLOSE_BYTES, Month, Problem, TopicRule,
};
pub use places::Places;

/// What is known about one work, beyond what the draft says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkFacts {
    /// Whether it was retracted.
    pub is_retracted: bool,
    /// Whether it is a preprint; the renderer marks it then.
    pub is_preprint: bool,
    /// The month whose issue it, or its preprint, was sent in.
    pub already_sent: Option<Month>,
    /// The work it was joined with, when this id is only a redirect.
    pub redirect: Option<String>,
    /// Whether a person said that it is out of scope.
    pub is_put_out: bool,
}

/// What checking needs beside the draft. All of it is handed in; nothing is looked up.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The file as the person knows it ("drafts/2026-10.toml").
    pub file: &'a str,
    /// The file's text, for columns; may be empty.
    pub text: &'a str,
    /// Every known work by id, redirects among them.
    pub works: &'a BTreeMap<String, WorkFacts>,
    /// The sections.
    pub topics: &'a [TopicRule],
    /// The country table, by which answers are understood.
    pub countries: &'a [Country],
    /// Addresses that were tried and lead nowhere, with the reason; empty when none were tried.
    pub dead_links: &'a BTreeMap<String, String>,
    /// Addresses of which nobody can say whether they lead anywhere, with the reason; empty when none were tried.
    pub untried_links: &'a BTreeMap<String, String>,
    /// What the machine last wrote for the month; `None` when it wrote nothing.
    pub base: Option<&'a Draft>,
    /// Bytes of the rendered email with link tracking; `None` when it cannot be rendered, then nothing is said of it.
    pub email_bytes: Option<usize>,
}

impl Facts<'_> {
    /// Returns the id under which a work is known today, following redirects.
    fn current_id<'i>(&'i self, id: &'i str) -> &'i str {
        let mut id = id;
        // A chain is one or two long; the bound only ends a ring that should never be.
        for _ in 0..REDIRECTS_MAX {
            match self.works.get(id).and_then(|w| w.redirect.as_deref()) {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }
}

/// Redirects followed from one id.
const REDIRECTS_MAX: usize = 8;
/// Longest subject in characters: phones and many mail programs cut what is behind.
const SUBJECT_CHARS_MAX: usize = 60;
/// Shortest and longest preheader in characters: less looks empty, more is cut everywhere.
const PREHEADER_CHARS: std::ops::RangeInclusive<usize> = 40..=140;

/// Characters of a title that a message shows.
const NAME_CHARS: usize = 60;

/// Returns all that is off with the content of a draft, in the order of the file.
///
/// An error stands in the way of sending, a warning should be looked at, a note is worth knowing.
/// What is wrong in the form of the file is told by [`super::parse`].
pub fn lint(draft: &Draft, facts: &Facts<'_>) -> Vec<Problem> {
    let places = Places::of(facts.text, facts.file);
    let issue = issue_items(draft);
    let mut out = Vec::new();
    check_head(draft, facts, &places, &mut out);
    check_names(draft, &issue, facts, &places, &mut out);
    check_pick(draft, &issue, &places, &mut out);
    items::check(draft, &issue, facts, &places, &mut out);
    check_sections(&issue, facts, &places, &mut out);
    check_reasons(draft, &places, &mut out);
    check_events(draft, facts, &places, &mut out);
    check_decisions(draft, facts, &mut out);
    check_size(&issue, facts, &places, &mut out);
    out.sort();
    out
}

/// Returns what is said when a draft has another month than its file is named after.
pub fn other_month(draft: &Draft, file: &str, places: &Places<'_>) -> Option<Problem> {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".toml");
    let named = Month::parse(stem).filter(|month| *month != draft.month)?;
    let message = format!("the file is named after {named}, but its month is {}", draft.month);
    Some(Problem::error(places.top("month"), message).with_help(format!("write month = \"{named}\"")))
}

/// Checks month, subject, preheader, note and request.
fn check_head(draft: &Draft, facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    out.extend(other_month(draft, facts.file, places));
    let length = draft.subject.chars().count();
    if length == 0 {
        out.push(
            Problem::error(places.top("subject"), "the subject is empty")
                .with_help("the email needs one, such as the name of the roundup and the month"),
        );
    } else if length > SUBJECT_CHARS_MAX {
        out.push(
            Problem::warning(places.top("subject"), format!("the subject has {length} characters"))
                .with_help(format!("mail programs cut it; stay within {SUBJECT_CHARS_MAX}")),
        );
    }
    let length = draft.preheader.chars().count();
    if !PREHEADER_CHARS.contains(&length) {
        let (least, most) = PREHEADER_CHARS.into_inner();
        out.push(
            Problem::warning(places.top("preheader"), format!("the preheader has {length} characters"))
                .with_help(format!("{least} to {most} are best: name two or three things inside")),
        );
    }
    if draft.note.is_empty() {
        out.push(Problem::note(places.top("note"), "there is no note to readers yet"));
    }
    for (key, text) in [
        ("subject", &draft.subject),
        ("preheader", &draft.preheader),
        ("note", &draft.note),
        ("request", &draft.request),
    ] {
        check_placeholder(text, key, &places.top(key), out);
    }
}

/// Checks that a preheader that the machine made, and nobody changed since, names only papers of the issue.
///
/// A person's own words are left alone: they may name what they like.
fn check_names(draft: &Draft, issue: &[DraftItem], facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    let Some(base) = facts.base.filter(|base| base.preheader == draft.preheader) else { return };
    let in_issue: Vec<&str> = preheader::named(&draft.preheader, issue.iter().map(|i| i.title.as_str()));
    let is_out = |id: &str| issue.iter().all(|i| facts.current_id(&i.id) != facts.current_id(id));
    let was = base.items.iter().filter(|i| is_out(&i.id)).map(|i| i.title.as_str());
    let could = draft.candidates.iter().filter(|c| is_out(&c.id)).map(|c| c.title.as_str());
    let gone = preheader::named(&draft.preheader, was.chain(could));
    // Two papers may begin with the same words; one of them in the issue is enough.
    let stands_for = |title: &&str| preheader::is_begun_alike(title, &in_issue);
    if let Some(title) = gone.into_iter().find(|title| !stands_for(title)) {
        let message =
            format!("the preheader names a paper that is not in the issue: \"{}\"", shorten(title, NAME_CHARS));
        out.push(
            Problem::warning(places.top("preheader"), message)
                .with_help("name two or three papers that are; it was written before the items were changed"),
        );
    }
}

/// Checks that the pick is in the issue.
fn check_pick(draft: &Draft, issue: &[DraftItem], places: &Places<'_>, out: &mut Vec<Problem>) {
    if draft.pick.is_empty() {
        if !issue.is_empty() {
            out.push(Problem::note(places.top("pick"), "no item is picked to stand first"));
        }
    } else if !issue.iter().any(|i| i.id == draft.pick) {
        let message = format!("the pick \"{}\" is not among the items", draft.pick);
        let candidate = draft.candidates.iter().find(|c| c.id == draft.pick);
        let help = if let Some(choice) = candidate.and_then(|c| c.choice) {
            format!(
                "keep = \"{}\" stands in its block: write the id of another item, or pick = \"\" for none",
                choice.as_str()
            )
        } else if candidate.is_some() {
            "it is a candidate: change keep = false to keep = true in its block".to_owned()
        } else {
            let nearest = did_you_mean(&draft.pick, issue.iter().map(|i| i.id.as_str()));
            match nearest.split_once("? ") {
                Some((question, _)) => format!("{question}? or write pick = \"\" for none"),
                None => "write the id of an item, or pick = \"\" for none".to_owned(),
            }
        };
        out.push(Problem::error(places.top("pick"), message).with_help(help));
    }
}

/// Reports sections without items, and an issue without any.
fn check_sections(issue: &[DraftItem], facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    if issue.is_empty() {
        out.push(
            Problem::warning(places.file(), "the issue has no item")
                .with_help("keep a candidate (keep = true), or skip this month"),
        );
        return;
    }
    for topic in facts.topics.iter().filter(|t| t.id != MORE) {
        if !issue.iter().any(|i| i.section == topic.id) {
            out.push(
                Problem::note(places.heading(&topic.name), format!("the section \"{}\" has no item", topic.name))
                    .with_help("the issue will say so; a candidate can be kept for it with keep = true"),
            );
        }
    }
}

/// Reports reasons of candidates of which nothing is said: nobody would see them again.
fn check_reasons(draft: &Draft, places: &Places<'_>, out: &mut Vec<Problem>) {
    for candidate in draft.candidates.iter().filter(|c| c.choice.is_none() && !c.reason.is_empty()) {
        let message = format!("candidate \"{}\" has a reason, but keep does not say for what", candidate.id);
        out.push(
            Problem::warning(places.field(candidate.line, "reason"), message)
                .with_help("write keep = true, keep = \"maybe\" or keep = \"drop\" above it, or take the reason out"),
        );
    }
}

/// Checks the dates for readers.
fn check_events(draft: &Draft, facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    for event in &draft.events {
        let place = places.field(event.line, "title");
        if event.title == super::write::EXAMPLE_EVENT {
            out.push(Problem::error(place, "the example date was copied but not filled in"));
        } else {
            check_placeholder(&event.title, "title", &place, out);
        }
        check_placeholder(&event.date, "date", &places.field(event.line, "date"), out);
        if !event.link.is_empty() {
            check_link(
                &event.link,
                &format!("the date \"{}\"", event.title),
                facts,
                &places.field(event.line, "link"),
                out,
            );
        }
    }
}

/// Reports answers that are not understood and questions that wait.
fn check_decisions(draft: &Draft, facts: &Facts<'_>, out: &mut Vec<Problem>) {
    out.extend(answers(draft, facts.file, facts.countries).1);
    let open: Vec<_> = draft.decisions.iter().filter(|d| d.answer.trim().is_empty()).collect();
    for decision in open.iter().filter(|d| d.id.starts_with("retracted ")) {
        out.push(
            Problem::warning(decision.answer_place(facts.file), format!("not answered yet: {}", decision.question))
                .with_help("tell readers in your note if need be, then write answer = \"seen\""),
        );
    }
    let others: Vec<_> = open.iter().filter(|d| !d.id.starts_with("retracted ")).collect();
    if let Some(first) = others.first() {
        let message = match others.len() {
            1 => "one question waits for an answer".to_owned(),
            n => format!("{n} questions wait for an answer"),
        };
        out.push(
            Problem::note(first.answer_place(facts.file), message)
                .with_help("what is not answered is asked again next time"),
        );
    }
}

/// Reports an email that mail programs would cut.
fn check_size(issue: &[DraftItem], facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    let Some(bytes) = facts.email_bytes else { return };
    let items = if issue.len() == 1 { "1 item".to_owned() } else { format!("{} items", issue.len()) };
    let message = format!("the email will have {} kB once its links are tracked, with {items}", bytes.div_ceil(1000));
    let help = "Gmail cuts an email at 102 kB: move some items to the compact list (section = \"more\") or drop them";
    if bytes > EMAIL_CLIP_BYTES {
        out.push(Problem::error(places.file(), message).with_help(help));
    } else if bytes > EMAIL_CLOSE_BYTES {
        out.push(Problem::warning(places.file(), message).with_help(help));
    }
}

/// Reports a link that is no address, or that was tried and does not answer.
fn check_link(link: &str, what: &str, facts: &Facts<'_>, place: &crate::model::Place, out: &mut Vec<Problem>) {
    if CanonicalUrl::parse(link).is_none() {
        out.push(
            Problem::error(place.clone(), format!("the link of {what} is no web address: {link}"))
                .with_help("it must begin with https:// or http://"),
        );
    } else if let Some(reason) = facts.dead_links.get(link) {
        out.push(
            Problem::error(place.clone(), format!("the link of {what} leads nowhere ({reason}): {link}"))
                .with_help("open it in a browser; a DOI link (https://doi.org/…) lasts longest"),
        );
    } else if let Some(reason) = facts.untried_links.get(link) {
        out.push(
            Problem::note(place.clone(), format!("the link of {what} could not be tried ({reason}): {link}"))
                .with_help("open it in a browser: many sites let no programs in, and are well for people"),
        );
    }
}

/// Marks that people leave where words are still to come; only whole words in capitals count.
const PLACEHOLDER_WORDS: &[&str] = &["TODO", "TBC", "TBD", "TBA", "XXX", "XXXX", "FIXME", "PLACEHOLDER"];
/// The same as parts of a text, in lower case.
const PLACEHOLDER_PARTS: &[&str] = &["lorem ipsum", "[insert", "[add ", "[to come", "???", "<insert"];

/// Reports a text that still holds a mark for words to come.
fn check_placeholder(text: &str, key: &str, place: &crate::model::Place, out: &mut Vec<Problem>) {
    let lower = text.to_lowercase();
    let word = text.split(|c: char| !c.is_alphanumeric()).find(|w| PLACEHOLDER_WORDS.contains(w));
    let part = PLACEHOLDER_PARTS.iter().copied().find(|p| lower.contains(p));
    if let Some(found) = word.or(part) {
        out.push(
            Problem::warning(place.clone(), format!("a placeholder was left in the {key}: {found}"))
                .with_help("write the words that belong there, or take it out"),
        );
    }
}

#[cfg(test)]
mod tests;
