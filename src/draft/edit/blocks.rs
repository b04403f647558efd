//! Changes of whole blocks: papers that move, items and dates that come and go.

use super::super::layout::{Block, Kind, line_end};
use super::super::spot::{self, Newcomer};
use super::super::{item_block, text};
use super::fields::choice_of;
use super::page::{Cut, Page, cut_within, words};
use crate::model::{Choice, DraftItem, Event, Problem, TopicRule};

/// Returns the text with a paper put into a section as an item, before another one or at the section's end.
///
/// # Errors
/// When the paper is not there or there twice, the section is not known, or the other paper is no item of it.
pub(super) fn carry(
    page: &Page<'_>,
    id: &str,
    (section, before): (&str, Option<&str>),
    topics: &[TopicRule],
) -> Result<String, Problem> {
    let block = page.only(&format!("paper {id}"))?;
    if is_plain_item(block) && block.text("section") == section && stands_before(page, id, before) {
        return Ok(page.text.to_owned());
    }
    page.check_section(section, topics)?;
    if let Some(other) = before {
        let next = page.only(&format!("paper {other}"))?;
        if other == id || next.kind != Kind::Item || next.text("section") != section {
            let message = format!("\"{other}\", before which \"{id}\" is to stand, is no other item of \"{section}\"");
            let help = "somebody may have moved it: load the page again, and say anew where it belongs";
            return Err(page.off(next.body.start, message).with_help(help));
        }
    }
    let moved = as_item(page, block, section);
    let without = page.cut(vec![page.out(block.range())]);
    let rest = Page::read(&without, "").map_err(|_| page.off(block.body.start, "the block cannot be cut out"))?;
    let at = match before {
        Some(other) => rest.only(&format!("paper {other}"))?.lead.start,
        None => spot::of_new(&rest.layout, &Newcomer { kind: Kind::Item, section, id }, topics, |_| true),
    };
    Ok(rest.put_in(at, &moved))
}

/// Tells whether a block is an item that no word puts off.
pub(super) fn is_plain_item(block: &Block) -> bool {
    block.kind == Kind::Item && !matches!(choice_of(block), Some(Choice::Maybe | Choice::Drop))
}

/// Tells whether the next plain item of a paper's section is the one before which it is to stand; or that
/// there is none, when none is named.
fn stands_before(page: &Page<'_>, id: &str, before: Option<&str>) -> bool {
    let mut of_section = page.layout.blocks.iter().skip_while(|b| b.text("id") != id || !is_plain_item(b));
    let section = of_section.next().map(|b| b.text("section"));
    let next = of_section.find(|b| is_plain_item(b) && Some(b.text("section")) == section).map(|b| b.text("id"));
    next == before || before == Some(id)
}

/// Returns a paper's block, with its remarks, as a plain item of a section.
fn as_item(page: &Page<'_>, block: &Block, section: &str) -> String {
    let mut cuts: Vec<Cut> = Vec::new();
    if block.kind != Kind::Item {
        cuts.extend(header_cut(page, block, Kind::Item));
    }
    if let Some(field) = block.field("keep").filter(|_| !is_plain_item(block)) {
        cuts.push(page.line_out(&field.span));
    }
    cuts.extend(page.text_cut(&page.holder(Some(block)), "section", section));
    cut_within(page.text, block.range(), cuts)
}

/// Returns the cut that makes a block's header one of another kind.
pub(super) fn header_cut(page: &Page<'_>, block: &Block, kind: Kind) -> Option<Cut> {
    let line = page.text.get(block.body.start..line_end(page.text, block.body.start))?;
    let (start, end) = (line.find("[[")?, line.find("]]")? + "]]".len());
    Some((block.body.start + start..block.body.start + end, format!("[[{}]]", kind.word())))
}

/// Returns the text with a new item at the end of its section.
///
/// # Errors
/// When its id is empty or stands in the file, its section is not known, or it has no title.
pub(super) fn add(page: &Page<'_>, item: &DraftItem, topics: &[TopicRule]) -> Result<String, Problem> {
    let item = DraftItem {
        id: words("id", &item.id),
        section: words("section", &item.section),
        title: words("title", &item.title),
        summary: words("summary", &item.summary),
        why: words("why", &item.why),
        link: words("link", &item.link),
        reason: words("reason", &item.reason),
        is_kept: item.is_kept,
        reasons: item.reasons.clone(),
        line: 0,
    };
    if item.id.is_empty() {
        return Err(page.off(0, "the new item has no id").with_help("any short word that is not used yet will do"));
    }
    let key = format!("paper {}", item.id);
    if let Some(held) = page.layout.blocks.iter().find(|b| b.key().as_ref() == Some(&key)) {
        let problem = page.off(held.body.start, format!("\"{}\" stands in the file already", item.id));
        return Err(problem.with_help("change or move the block that is there, or give the new item another id"));
    }
    if item.title.is_empty() {
        return Err(page.off(0, format!("the new item \"{}\" has no title", item.id)).with_help("write one"));
    }
    page.check_section(&item.section, topics)?;
    let new = Newcomer { kind: Kind::Item, section: &item.section, id: &item.id };
    Ok(page.put_in(spot::of_new(&page.layout, &new, topics, |_| true), &page.ended(&item_block(&item))))
}

/// Returns the text with a date put in (`at` is `None`), changed, or taken out (`event` is `None`).
///
/// # Errors
/// When there is no such date, or it does not say when and what.
pub(super) fn set_event(
    page: &Page<'_>,
    at: Option<usize>,
    event: Option<&Event>,
    topics: &[TopicRule],
) -> Result<String, Problem> {
    if let Some(event) = event
        && (words("date", &event.date).is_empty() || words("title", &event.title).is_empty())
    {
        let problem = page.off(0, "a date for readers needs to say when it is and what it is");
        return Err(problem.with_help("fill in both, or take the date out"));
    }
    let Some(at) = at else { return Ok(event.map_or_else(|| page.text.to_owned(), |e| add_event(page, e, topics))) };
    let Some(block) = page.layout.blocks.iter().filter(|b| b.kind == Kind::Event).nth(at) else {
        let problem = page.off(0, format!("there is no date for readers number {} in the file", at + 1));
        return Err(problem.with_help("somebody may have taken it out: load the page again to see the file as it is"));
    };
    Ok(match event {
        Some(event) => {
            let holder = page.holder(Some(block));
            page.cut(event_texts(event).iter().filter_map(|(key, text)| page.text_cut(&holder, key, text)).collect())
        }
        None => take_event_out(page, block),
    })
}

/// Returns the texts of a date by their keys.
pub(super) fn event_texts(event: &Event) -> [(&'static str, &str); 3] {
    [("date", &event.date), ("title", &event.title), ("link", &event.link)]
}

/// Returns the text with a new date behind the others.
fn add_event(page: &Page<'_>, event: &Event, topics: &[TopicRule]) -> String {
    let mut block = String::from("[[event]]\n");
    for (key, text) in event_texts(event) {
        block.push_str(&text::assignment(key, &words(key, text)));
    }
    let new = Newcomer { kind: Kind::Event, section: "", id: "" };
    page.put_in(spot::of_new(&page.layout, &new, topics, |_| true), &page.ended(&block))
}

/// Returns the text without a date. Remarks above and below it stay: above it may stand how dates are added,
/// when a person took the signs of the example away where it is.
fn take_event_out(page: &Page<'_>, block: &Block) -> String {
    let range = block.body.start..line_end(page.text, block.values_end);
    if block.lead.is_empty() {
        return page.cut(vec![page.out(range)]);
    }
    let below = page.text.get(range.end..line_end(page.text, range.end)).unwrap_or_default();
    // The remarks must not come to stand directly above another block as if they belonged there.
    let gap = if below.trim().is_empty() { String::new() } else { page.ended("\n") };
    page.cut(vec![(range, gap)])
}
