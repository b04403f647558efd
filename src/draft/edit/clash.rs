//! What two people changed differently: found before either word is written over.

use super::super::layout::{Block, Field, Kind, Layout, Value};
use super::blocks::{event_texts, is_plain_item};
use super::fields::choice_of;
use super::page::words;
use super::{Edit, split_mark};
use crate::model::{Choice, DraftItem, Event};

/// What two people changed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Id of the paper or question; empty for a text above the first block. Of a date `event` and its
    /// number, from 0.
    pub id: String,
    /// What was changed: the key of the text, `keep` for the word of a paper (and for whether it is an item),
    /// or `block` when a whole block was put in, taken out or (of a date) changed.
    pub key: String,
    /// What the file said when the person opened it. For `keep` it is the word, `item` for an item without
    /// one, and empty for a candidate without one.
    pub was: String,
    /// What it says now.
    pub now: String,
    /// What the person wants it to say.
    pub wanted: String,
}

/// What stands for a paper that is in the issue without a word behind `keep =`.
const AS_ITEM: &str = "item";

/// Returns where `now` says something else than `old` did in a place that `edits` would change to something
/// else again; in the order of the edits, each place once.
///
/// `old` is the text that the person saw. Empty: the edits can be made on `now` without losing anybody's
/// word. Where `now` says already what is wanted nothing clashes, nor where another person only put papers
/// in another order. Of two edits of one place the later counts. A `now` that is no draft clashes with
/// nothing: [`super::edit()`] refuses it. An `old` that is none is taken for an empty one.
pub fn clashes(old: &str, now: &str, edits: &[Edit]) -> Vec<Clash> {
    let Ok(now) = Layout::read(split_mark(now).1, "") else { return Vec::new() };
    let Ok(old) = Layout::read(split_mark(old).1, "").or_else(|_| Layout::read("", "")) else { return Vec::new() };
    let mut out: Vec<Option<Clash>> = Vec::new();
    let mut places: Vec<(&str, &str, String)> = Vec::new();
    for edit in edits {
        let place = place_of(edit);
        let clash = clash_of(&old, &now, edit);
        if let Some(held) = places.iter().position(|p| *p == place).and_then(|n| out.get_mut(n)) {
            *held = clash;
        } else {
            places.push(place);
            out.push(clash);
        }
    }
    out.into_iter().flatten().collect()
}

/// Returns what an edit changes: whose, which key, and where several of a kind can stand side by side the number.
fn place_of(edit: &Edit) -> (&str, &str, String) {
    match edit {
        Edit::Top { key, .. } => ("", key.as_str(), String::new()),
        Edit::Field { id, key, .. } => (id, key.as_str(), String::new()),
        Edit::Choice { id, .. } => (id, "keep", String::new()),
        Edit::Move { id, .. } => (id, "move", String::new()),
        Edit::Add { item } => (&item.id, "add", String::new()),
        Edit::Answer { id, .. } => (id, "answer", String::new()),
        Edit::Event { at: Some(at), .. } => ("", "event", at.to_string()),
        Edit::Event { at: None, event } => ("", "event", format!("{event:?}")),
    }
}

/// Returns the clash of one edit.
fn clash_of(old: &Layout<'_>, now: &Layout<'_>, edit: &Edit) -> Option<Clash> {
    match edit {
        Edit::Top { key, text } => {
            let key = key.as_str();
            told("", key, (shown(old.top_field(key)), shown(now.top_field(key))), words(key, text))
        }
        Edit::Field { id, key, text } => {
            in_block(old, now, (&format!("paper {id}"), id, key.as_str()), words(key.as_str(), text))
        }
        Edit::Answer { id, answer } => {
            in_block(old, now, (&format!("decision {id}"), id, "answer"), words("answer", answer))
        }
        Edit::Choice { id, choice } => choice_clash(old, now, id, *choice),
        Edit::Move { id, section, .. } => move_clash(old, now, id, section),
        Edit::Add { item } => add_clash(old, now, item),
        Edit::Event { at, event } => event_clash(old, now, *at, event.as_ref()),
    }
}

/// Returns the clash of a text that was one thing, is another, and is wanted to be a third.
fn told(id: &str, key: &str, (was, now): (String, String), wanted: String) -> Option<Clash> {
    (was != now && now != wanted).then(|| Clash { id: id.to_owned(), key: key.to_owned(), was, now, wanted })
}

/// Returns what a field says; nothing when it is missing.
fn shown(field: Option<&Field>) -> String {
    match field.map(|f| &f.value) {
        Some(Value::Text(text) | Value::Other(text)) => text.clone(),
        Some(Value::Flag(flag)) => flag.to_string(),
        None => String::new(),
    }
}

/// Returns the first block of a key.
fn block<'b>(layout: &'b Layout<'_>, key: &str) -> Option<&'b Block> {
    layout.blocks.iter().find(|b| b.key().as_deref() == Some(key))
}

/// Returns the clash over a block that was there and is gone; `None` as long as it is not.
fn gone(old: &Layout<'_>, now: &Layout<'_>, (block_key, id): (&str, &str), wanted: &str) -> Option<Clash> {
    let was = block(old, block_key).filter(|_| block(now, block_key).is_none())?;
    let named = ["title", "question", "id"].map(|key| was.text(key)).into_iter().find(|text| !text.is_empty());
    let [id, key, was, wanted] = [id, "block", named.unwrap_or_default(), wanted].map(str::to_owned);
    Some(Clash { id, key, was, now: String::new(), wanted })
}

/// Returns the clash of one text in a block.
fn in_block(
    old: &Layout<'_>,
    now: &Layout<'_>,
    (block_key, id, key): (&str, &str, &str),
    wanted: String,
) -> Option<Clash> {
    if let Some(clash) = gone(old, now, (block_key, id), &wanted) {
        return Some(clash);
    }
    let text = |layout| shown(block(layout, block_key).and_then(|b| b.field(key)));
    told(id, key, (text(old), text(now)), wanted)
}

/// Returns how a paper stands in the file: the word behind `keep =`, or whether it is an item without one.
fn stand(block: Option<&Block>) -> String {
    let Some(block) = block else { return String::new() };
    match (choice_of(block), block.kind) {
        (Some(choice), _) => choice.as_str().to_owned(),
        // A word that is not understood is a person's all the same.
        (None, _) if block.is_said() => shown(block.field("keep")),
        (None, Kind::Item) => AS_ITEM.to_owned(),
        (None, _) => String::new(),
    }
}

/// Returns the clash of a word on a paper's place.
fn choice_clash(old: &Layout<'_>, now: &Layout<'_>, id: &str, choice: Option<Choice>) -> Option<Clash> {
    let key = format!("paper {id}");
    let said = choice.map_or("", Choice::as_str);
    if let Some(clash) = gone(old, now, (&key, id), said) {
        return Some(clash);
    }
    let held = block(now, &key);
    let is_item = held.is_some_and(|b| b.kind == Kind::Item);
    let wanted = if choice.is_none() && is_item { AS_ITEM } else { said };
    let (was, is) = (stand(block(old, &key)), stand(held));
    // Whoever wants to keep a paper has it when another one made an item of it.
    let is_kept_anyway = choice == Some(Choice::Keep) && is == AS_ITEM;
    told(id, "keep", (was, is), wanted.to_owned()).filter(|_| !is_kept_anyway)
}

/// Returns the clash of a paper's move into a section.
fn move_clash(old: &Layout<'_>, now: &Layout<'_>, id: &str, section: &str) -> Option<Clash> {
    let key = format!("paper {id}");
    if let Some(clash) = gone(old, now, (&key, id), section) {
        return Some(clash);
    }
    let (was, is) = (block(old, &key)?, block(now, &key)?);
    let state = |b: &Block| (b.kind, stand(Some(b)), b.text("section").to_owned());
    let is_there = is_plain_item(is) && is.text("section") == section;
    if state(was) == state(is) || is_there {
        return None;
    }
    let is_word = was.text("section") == is.text("section") && !is_plain_item(is);
    let (key, was, now, wanted) = if is_word {
        ("keep", stand(Some(was)), stand(Some(is)), AS_ITEM)
    } else if is_plain_item(is) && !is_plain_item(was) {
        // It was in no section before another person put it into one.
        ("section", stand(Some(was)), is.text("section").to_owned(), section)
    } else {
        ("section", was.text("section").to_owned(), is.text("section").to_owned(), section)
    };
    Some(Clash { id: id.to_owned(), key: key.to_owned(), was, now, wanted: wanted.to_owned() })
}

/// Returns the clash of an item that is to be added, when somebody else added one with its id.
fn add_clash(old: &Layout<'_>, now: &Layout<'_>, item: &DraftItem) -> Option<Clash> {
    let id = words("id", &item.id);
    let key = format!("paper {id}");
    let held = block(now, &key).filter(|_| block(old, &key).is_none())?;
    let texts = [("section", &item.section), ("title", &item.title), ("summary", &item.summary)];
    let rest = [("why", &item.why), ("link", &item.link), ("reason", &item.reason)];
    let is_same = |(k, text): (&str, &String)| held.text(k) == words(k, text);
    if texts.into_iter().chain(rest).all(is_same) {
        return None;
    }
    let [now, wanted] = [held.text("title").to_owned(), words("title", &item.title)];
    Some(Clash { id, key: "block".to_owned(), was: String::new(), now, wanted })
}

/// Returns the clash of a change to a date: when its block changed, or the number of dates did.
fn event_clash(old: &Layout<'_>, now: &Layout<'_>, at: Option<usize>, event: Option<&Event>) -> Option<Clash> {
    let at = at?;
    let dates = |layout: &Layout<'_>| -> Vec<[String; 3]> {
        let events = layout.blocks.iter().filter(|b| b.kind == Kind::Event);
        events.map(|b| ["date", "title", "link"].map(|key| shown(b.field(key)))).collect()
    };
    let (was, is) = (dates(old), dates(now));
    let wanted = event.map(|e| event_texts(e).map(|(key, text)| words(key, text)));
    let held = is.get(at);
    let is_wanted = held == wanted.as_ref() && wanted.is_some();
    if was.len() == is.len() && (was.get(at) == held || is_wanted) {
        return None;
    }
    let line = |texts: Option<&[String; 3]>| texts.map(|t| t.join(" · ")).unwrap_or_default();
    let (was, now, wanted) = (line(was.get(at)), line(held), line(wanted.as_ref()));
    Some(Clash { id: format!("event {at}"), key: "block".to_owned(), was, now, wanted })
}
