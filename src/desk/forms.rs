//! What a form asks for: pairs of names and values become changes of the draft.
//!
//! Every page without script sends the same forms that the script sends, so there is one reading of them.

use std::collections::BTreeSet;

use super::names::section_name;
use crate::draft::{Edit, FieldKey, MORE, TopKey, asked_about, for_readers, issue_items};
use crate::model::text::{is_unwanted, quoted_title, shorten};
use crate::model::{Choice, Draft, Event, TopicRule};

/// What came with a form, in its order.
pub(super) type Pairs = Vec<(String, String)>;

/// Changes, and what they are in a few words ("kept “Title”").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The changes, to be made together.
    pub(super) edits: Vec<Edit>,
    /// What they are, for "saved" and "undo".
    pub(super) what: String,
}

/// Returns the first value of a name; empty when there is none.
pub(super) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
}

/// Returns a value as it is written into the file; `None` when the form does not have it.
fn words(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(n, _)| n == name).map(|(_, text)| typed(text))
}

/// Returns what a person typed or pasted as it is written into the file: line ends as they are elsewhere, nothing
/// around, and no signs that nobody sees but that turn or cut what readers see.
pub(super) fn typed(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|c| !is_unwanted(*c)).collect::<String>().trim().to_owned()
}

/// The buttons that say something of a paper's place.
const CHOICES: [(&str, Option<Choice>, &str); 4] = [
    ("keep", Some(Choice::Keep), "kept"),
    ("maybe", Some(Choice::Maybe), "put off"),
    ("drop", Some(Choice::Drop), "dropped"),
    ("clear", None, "left open"),
];

/// Returns what a form of the board wants of a draft as the person saw it; `None` when it is none that we make.
pub(super) fn of_board(pairs: &[(String, String)], draft: &Draft, topics: &[TopicRule]) -> Option<Wanted> {
    for (name, choice, word) in CHOICES {
        let id = value(pairs, name);
        if !id.is_empty() {
            let edits = vec![Edit::Choice { id: id.to_owned(), choice }];
            // Where it stands now is seen on the board only by whoever looks there.
            let place = if choice == Some(Choice::Keep) { section_of(draft, id) } else { None };
            let place = place.map(|s| format!(" in {}", section_name(topics, s))).unwrap_or_default();
            return Some(Wanted { edits, what: format!("{word} {}{place}", named(draft, id)) });
        }
    }
    if pairs.iter().any(|(n, _)| n == "bulk") {
        return bulk(pairs, draft, topics);
    }
    let told = value(pairs, "tell");
    if !told.is_empty() {
        return tell(draft, told);
    }
    if let Some(id) = words(pairs, "pick") {
        if !id.is_empty() && !issue_items(draft).iter().any(|i| i.id == id) {
            return None;
        }
        let what = if id.is_empty() {
            "no paper stands first now".to_owned()
        } else {
            format!("{} stands first now", named(draft, &id))
        };
        return Some(Wanted { edits: vec![Edit::Top { key: TopKey::Pick, text: id }], what });
    }
    for (name, up) in [("up", true), ("down", false)] {
        let id = value(pairs, name);
        if !id.is_empty() {
            let edits = step(draft, id, up);
            return Some(Wanted { edits, what: format!("moved {} {name}", named(draft, id)) });
        }
    }
    let id = value(pairs, "move");
    if !id.is_empty() {
        let before = Some(value(pairs, "before").trim()).filter(|b| !b.is_empty());
        let section = value(pairs, "to");
        let edits = carried(draft, &[id], section, before);
        let is_there = issue_items(draft).iter().any(|i| i.id == id && i.section == section);
        let place = if is_there { String::new() } else { format!(" to {}", section_name(topics, section)) };
        return Some(Wanted { edits, what: format!("moved {}{place}", named(draft, id)) });
    }
    of_answer(pairs, draft)
}

/// Returns what the buttons over the lists want of all papers that are ticked.
fn bulk(pairs: &[(String, String)], draft: &Draft, topics: &[TopicRule]) -> Option<Wanted> {
    let mut known: BTreeSet<&str> = draft.items.iter().map(|i| i.id.as_str()).collect();
    known.extend(draft.candidates.iter().map(|c| c.id.as_str()));
    let ticked = || pairs.iter().filter(|(n, _)| n == "sel").map(|(_, id)| id.as_str());
    // Each change reads the file anew: a form that names papers again and again, or thousands that there are not,
    // must not keep everybody waiting. One that there is not is enough to refuse them all.
    let ids: Vec<&str> = match ticked().find(|id| !known.contains(id)) {
        Some(unknown) => vec![unknown],
        None => ticked().filter(|id| known.remove(id)).collect(),
    };
    let wish = value(pairs, "bulk");
    let papers = match ids.as_slice() {
        [one] => named(draft, one),
        all => format!("{} papers", all.len()),
    };
    if let Some((_, choice, word)) = CHOICES.iter().find(|(name, ..)| *name == wish) {
        let edits = ids.iter().map(|id| Edit::Choice { id: (*id).to_owned(), choice: *choice }).collect();
        return Some(Wanted { edits, what: format!("{word} {papers}") });
    }
    let section = wish.strip_prefix("to:")?;
    let what = format!("moved {papers} to {}", section_name(topics, section));
    Some(Wanted { edits: carried(draft, &ids, section, None), what })
}

/// Returns what it takes to tell readers of what a question asks about: a sentence behind the note, and the question
/// counts as seen. `None` when it is no question about readers.
fn tell(draft: &Draft, id: &str) -> Option<Wanted> {
    let asked = draft.decisions.iter().find(|d| d.id == id)?;
    let sentence = for_readers(asked)?;
    if !asked.answer.trim().is_empty() {
        // Somebody was quicker: what was asked is answered, and a second sentence would say the same.
        return Some(Wanted { edits: Vec::new(), what: "nothing: the question is answered".to_owned() });
    }
    let note = draft.note.trim_end();
    let text = if note.is_empty() { sentence } else { format!("{note}\n\n{sentence}") };
    let seen = Edit::Answer { id: id.to_owned(), answer: "seen".to_owned() };
    let edits = vec![Edit::Top { key: TopKey::Note, text }, seen];
    Some(Wanted { edits, what: format!("wrote a sentence about {} into the note", asked_about(asked)) })
}

/// Returns the changes that put papers into a section, before another one or at its end, as the board shows it.
///
/// Candidates that are kept are shown behind all items, and only before an item can something be put. So those that
/// are to stand before the papers become items first, in the order in which they are shown.
fn carried(draft: &Draft, ids: &[&str], section: &str, before: Option<&str>) -> Vec<Edit> {
    let is_item = |id: &str| draft.items.iter().any(|i| i.id == id);
    let kept = draft.candidates.iter().filter(|c| c.is_kept() && c.section == section && !is_item(&c.id));
    let mut passed: Vec<&str> = kept.map(|c| c.id.as_str()).filter(|id| !ids.contains(id)).collect();
    if let Some(before) = before {
        let count = passed.iter().position(|id| *id == before).map_or(0, |at| at + 1);
        passed.truncate(count);
    }
    let to = |id: &str, before: Option<&str>| Edit::Move {
        id: id.to_owned(),
        section: section.to_owned(),
        before: before.map(str::to_owned),
    };
    let first = passed.into_iter().map(|id| to(id, None));
    first.chain(ids.iter().map(|id| to(id, before))).collect()
}

/// Returns what an answer to a question wants: a button says `answer` and the question's id in one, a field has the
/// answer's words by themselves.
fn of_answer(pairs: &[(String, String)], draft: &Draft) -> Option<Wanted> {
    let button = value(pairs, "answer");
    let (answer, id) = match button.split_once(' ') {
        Some((answer, id)) => (answer.to_owned(), id.to_owned()),
        None => (words(pairs, "answer-words")?, value(pairs, "question").to_owned()),
    };
    let answer = if answer == NO_ANSWER { String::new() } else { answer };
    let asked = draft.decisions.iter().find(|d| d.id == id);
    let about = asked.map(|d| format!(" about {}", asked_about(d))).unwrap_or_default();
    let what = if answer.is_empty() {
        format!("took back the answer{about}")
    } else if asked.and_then(for_readers).is_some() {
        format!("readers are not told{about}")
    } else {
        format!("answered “{}”{about}", shorten(&answer, 40))
    };
    (!id.is_empty()).then(|| Wanted { edits: vec![Edit::Answer { id, answer }], what })
}

/// Stands for no answer in a button's value, where something must stand.
pub(super) const NO_ANSWER: &str = "-";

/// Returns the changes that move a paper one place up or down within its section, as the issue shows it; none at the
/// end of the way.
fn step(draft: &Draft, id: &str, up: bool) -> Vec<Edit> {
    let items = issue_items(draft);
    let Some(section) = items.iter().find(|i| i.id == id).map(|i| i.section.as_str()) else { return Vec::new() };
    let of_section: Vec<&str> = items.iter().filter(|i| i.section == section).map(|i| i.id.as_str()).collect();
    let Some(at) = of_section.iter().position(|i| *i == id) else { return Vec::new() };
    let before = if up { at.checked_sub(1).and_then(|n| of_section.get(n)) } else { of_section.get(at + 2) };
    let is_end = if up { before.is_none() } else { at + 1 >= of_section.len() };
    // Down: before the one behind the next; nothing behind it means the end.
    if is_end { Vec::new() } else { carried(draft, &[id], section, before.copied()) }
}

/// Returns the section in which a paper stands or to which it goes; `None` where the draft does not have it.
fn section_of<'a>(draft: &'a Draft, id: &str) -> Option<&'a str> {
    let item = draft.items.iter().find(|i| i.id == id).map(|i| i.section.as_str());
    item.or_else(|| draft.candidates.iter().find(|c| c.id == id).map(|c| c.section.as_str()))
}

/// Returns a paper's title in quotation marks, short; its id where the draft does not have it.
fn named(draft: &Draft, id: &str) -> String {
    let item = draft.items.iter().find(|i| i.id == id).map(|i| i.title.as_str());
    let title = item.or_else(|| draft.candidates.iter().find(|c| c.id == id).map(|c| c.title.as_str()));
    quoted_title(title.unwrap_or(id))
}

/// Returns what the form of one paper wants: the fields whose words are others than those the person saw.
pub(super) fn of_paper(pairs: &[(String, String)], draft: &Draft, id: &str) -> Wanted {
    let mut edits = Vec::new();
    let seen = Seen::of(draft, id);
    for (name, key, old) in [
        ("title", FieldKey::Title, seen.title),
        ("summary", FieldKey::Summary, seen.summary),
        ("why", FieldKey::Why, seen.why),
        ("link", FieldKey::Link, seen.link),
        ("reason", FieldKey::Reason, seen.reason),
        ("section", FieldKey::Section, seen.section),
    ] {
        let Some(text) = words(pairs, name).map(|t| one_line(&t)).filter(|t| t != old) else { continue };
        edits.push(if key == FieldKey::Section && seen.is_item {
            Edit::Move { id: id.to_owned(), section: text, before: None }
        } else {
            Edit::Field { id: id.to_owned(), key, text }
        });
    }
    Wanted { edits, what: format!("changed {}", named(draft, id)) }
}

/// The words of a paper as they stood in the file.
#[derive(Default)]
struct Seen<'a> {
    title: &'a str,
    summary: &'a str,
    why: &'a str,
    link: &'a str,
    reason: &'a str,
    section: &'a str,
    is_item: bool,
}

impl<'a> Seen<'a> {
    fn of(draft: &'a Draft, id: &str) -> Self {
        if let Some(i) = draft.items.iter().find(|i| i.id == id) {
            return Self {
                title: &i.title,
                summary: &i.summary,
                why: &i.why,
                link: &i.link,
                reason: &i.reason,
                section: &i.section,
                is_item: true,
            };
        }
        let candidate = draft.candidates.iter().find(|c| c.id == id);
        candidate.map_or_else(Self::default, |c| Self {
            title: &c.title,
            summary: &c.summary,
            why: &c.why,
            link: &c.link,
            reason: &c.reason,
            section: &c.section,
            is_item: false,
        })
    }
}

/// Returns a text on one line: in the file a line break counts as a space.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns what the page of the letter wants: the words above the items, and the dates.
pub(super) fn of_letter(pairs: &[(String, String)], draft: &Draft) -> Wanted {
    let mut edits = Vec::new();
    for (name, key, old) in [
        ("subject", TopKey::Subject, &draft.subject),
        ("preheader", TopKey::Preheader, &draft.preheader),
        ("note", TopKey::Note, &draft.note),
        ("request", TopKey::Request, &draft.request),
        ("first", TopKey::Pick, &draft.pick),
    ] {
        let Some(text) = words(pairs, name) else { continue };
        let text = if key == TopKey::Note { paragraphs(&text) } else { one_line(&text) };
        if text != *old {
            edits.push(Edit::Top { key, text });
        }
    }
    for (at, old) in draft.events.iter().enumerate() {
        let Some(event) = event(pairs, &at.to_string()) else { continue };
        let is_same = event.date == old.date && event.title == old.title && event.link == old.link;
        let is_empty = event == Event::default();
        if is_empty || !is_same {
            edits.push(Edit::Event { at: Some(at), event: (!is_empty).then_some(event) });
        }
    }
    // The last first: taking one out must not change the number of those that are still to be changed.
    edits.sort_by_key(|e| match e {
        Edit::Event { at, .. } => std::cmp::Reverse(*at),
        _ => std::cmp::Reverse(Some(usize::MAX)),
    });
    if let Some(new) = event(pairs, "new").filter(|e| *e != Event::default()) {
        edits.push(Edit::Event { at: None, event: Some(new) });
    }
    Wanted { edits, what: "changed the words of the letter".to_owned() }
}

/// Returns a note as it is meant: paragraphs between empty lines.
fn paragraphs(text: &str) -> String {
    let mut out: Vec<String> = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match out.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => out.push(String::new()),
        }
    }
    out.retain(|p| !p.is_empty());
    out.join("\n\n")
}

/// Returns a date of the form; `None` when the form has none of that number.
fn event(pairs: &[(String, String)], at: &str) -> Option<Event> {
    let field = |name: &str| words(pairs, &format!("event-{at}-{name}")).map(|t| one_line(&t));
    let title = field("title")?;
    if value(pairs, &format!("event-{at}-remove")) == "yes" {
        return Some(Event::default());
    }
    Some(Event { date: field("date").unwrap_or_default(), title, link: field("link").unwrap_or_default(), line: 0 })
}

/// Returns the sections that a paper may stand in: the working groups' ids and the compact list's.
pub(super) fn is_section(section: &str, topics: &[TopicRule]) -> bool {
    section == MORE || topics.iter().any(|t| t.id == section)
}

#[cfg(test)]
mod tests;
