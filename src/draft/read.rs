//! Reads a draft file, with every mistake in it found at once.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::answers::choices_of;
use super::layout::{Kind, Layout};
use super::text::{BOM, canon, shape_of};
use super::{MORE, keep};
use crate::model::text::shorten;
use crate::model::{Candidate, Choice, Decision, Draft, DraftItem, Event, Lines, Month, Problem};
use crate::toml_doc::{Reader, Source};

/// Returns the draft that a file holds, and all that is wrong in its form.
///
/// `file` names it in messages. The draft is `None` only when the text is no TOML or does not say
/// its month. An item without an id is left out and reported; what a person left out that may be
/// empty is empty. Line breaks inside a paragraph are read as spaces. `reasons` are the remarks
/// that stand directly above a block, the person's own among them.
pub fn parse(text: &str, file: &str) -> (Option<Draft>, Vec<Problem>) {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    let lines = Lines::new(file, text);
    let source = Source { file, text, lines: &lines };
    let doc = match super::layout::document(source) {
        Ok(doc) => doc,
        Err(problem) => return (None, vec![problem]),
    };
    let problems = RefCell::default();
    let top = Reader::new(source, doc.as_table(), 0, "the draft", &problems);
    let month = read_month(&top);
    let remarks = Remarks::of(&Layout::of(text, &doc), source);
    let mut draft = Draft {
        listing: crate::model::Listing::default(),
        month: month.unwrap_or_else(|| Month::of(jiff::civil::Date::ZERO)),
        subject: words(&top, "subject"),
        preheader: words(&top, "preheader"),
        note: words(&top, "note"),
        pick: words(&top, "pick"),
        request: words(&top, "request"),
        items: Vec::new(),
        candidates: Vec::new(),
        decisions: top.tables(Kind::Decision.word()).into_iter().filter_map(|r| read_decision(r, &remarks)).collect(),
        events: top.tables(Kind::Event.word()).iter().map(read_event).collect(),
    };
    let items: Vec<_> = top.tables(Kind::Item.word()).into_iter().filter_map(|r| read_item(r, &remarks)).collect();
    let candidates = top.tables(Kind::Candidate.word()).into_iter().filter_map(|r| read_candidate(r, &remarks));
    draft.candidates = candidates.collect();
    for (item, choice) in items {
        match choice {
            // Put off or dropped by a word: it is not in the issue, but stands by as a candidate does.
            Some(Choice::Maybe | Choice::Drop) => draft.candidates.push(put_aside(item, choice)),
            _ => draft.items.push(item),
        }
    }
    top.refuse_unknown();
    let mut problems = problems.into_inner();
    problems.sort();
    (month.map(|_| draft), problems)
}

/// Returns the month; a missing or wrong one is reported.
fn read_month(top: &Reader<'_>) -> Option<Month> {
    let text = top.text_needed("month")?;
    let month = Month::parse(text.trim());
    if month.is_none() {
        top.report(
            Problem::error(top.place_of("month"), format!("month must be written like 2026-10, not \"{text}\""))
                .with_help("four digits of the year, a hyphen, two digits of the month"),
        );
    }
    month
}

/// Returns the words under a key, without their wrapping; a missing key gives none.
fn words(reader: &Reader<'_>, key: &'static str) -> String {
    canon(&reader.text(key).unwrap_or_default(), shape_of(key))
}

/// Returns the words under a key that must be there; a missing one is reported and gives none.
fn words_needed(reader: &Reader<'_>, key: &'static str) -> String {
    canon(&reader.text_needed(key).unwrap_or_default(), shape_of(key))
}

/// Returns a reader named after the id it has, and the id.
fn named<'a>(reader: Reader<'a>, word: &str) -> (Reader<'a>, String) {
    let id = words_needed(&reader, "id");
    let name = if id.is_empty() { word.to_owned() } else { format!("{word} \"{id}\"") };
    (reader.called(name), id)
}

/// Returns an item that a person put off or dropped, as a candidate.
fn put_aside(item: DraftItem, choice: Option<Choice>) -> Candidate {
    Candidate {
        id: item.id,
        choice,
        reason: item.reason,
        section: item.section,
        title: item.title,
        summary: item.summary,
        why: item.why,
        link: item.link,
        reasons: item.reasons,
        line: item.line,
    }
}

/// Returns one item and what its `keep` says where a person wrote one, or `None` when it has no id.
fn read_item(reader: Reader<'_>, remarks: &Remarks) -> Option<(DraftItem, Option<Choice>)> {
    let (reader, id) = named(reader, "item");
    let line = reader.place().line;
    let choice = read_keep(&reader);
    let item = DraftItem {
        section: words_needed(&reader, "section"),
        title: words_needed(&reader, "title"),
        summary: words(&reader, "summary"),
        why: words(&reader, "why"),
        link: words(&reader, "link"),
        reason: words(&reader, "reason"),
        is_kept: choice == Some(Choice::Keep),
        reasons: remarks.above(line),
        line,
        id,
    };
    reader.refuse_unknown();
    (!item.id.is_empty()).then_some((item, choice))
}

/// Returns one candidate, or `None` when it has no id.
fn read_candidate(reader: Reader<'_>, remarks: &Remarks) -> Option<Candidate> {
    let (reader, id) = named(reader, "candidate");
    let line = reader.place().line;
    let choice = read_keep(&reader);
    let is_kept = choice == Some(Choice::Keep);
    let candidate = Candidate {
        choice,
        reason: words(&reader, "reason"),
        section: if is_kept { words_needed(&reader, "section") } else { words(&reader, "section") },
        title: if is_kept { words_needed(&reader, "title") } else { words(&reader, "title") },
        summary: words(&reader, "summary"),
        why: words(&reader, "why"),
        link: words(&reader, "link"),
        reasons: remarks.above(line),
        line,
        id,
    };
    reader.refuse_unknown();
    (!candidate.id.is_empty()).then_some(candidate)
}

/// Returns what a candidate's `keep` says; a word that is not understood is reported and says nothing.
fn read_keep(reader: &Reader<'_>) -> Option<Choice> {
    let written = reader.flag_or_text("keep")?;
    keep::word(&written).unwrap_or_else(|help| {
        let message = format!("keep = \"{}\" is not understood", shorten(&written, KEEP_CHARS_MAX));
        reader.report(Problem::error(reader.place_of("keep"), message).with_help(help));
        None
    })
}

/// Characters of a wrong word that are repeated.
const KEEP_CHARS_MAX: usize = 40;

/// Returns one decision, or `None` when it has no id.
fn read_decision(reader: Reader<'_>, remarks: &Remarks) -> Option<Decision> {
    let (reader, id) = named(reader, "decision");
    let (line, answer) = (reader.place().line, reader.place_of("answer"));
    let decision = Decision {
        question: words(&reader, "question"),
        answer: words(&reader, "answer"),
        choices: choices_of(&id).iter().map(|c| (*c).to_owned()).collect(),
        reasons: remarks.above(line),
        line,
        answer_at: (answer.line, answer.column),
        id,
    };
    reader.refuse_unknown();
    (!decision.id.is_empty()).then_some(decision)
}

/// Returns one date.
fn read_event(reader: &Reader<'_>) -> Event {
    let event = Event {
        date: words_needed(reader, "date"),
        title: words_needed(reader, "title"),
        link: words(reader, "link"),
        line: reader.place().line,
    };
    reader.refuse_unknown();
    event
}

/// The remarks directly above each block, by the line of its header.
struct Remarks(std::collections::BTreeMap<usize, Vec<String>>);

impl Remarks {
    fn of(layout: &Layout<'_>, source: Source<'_>) -> Self {
        let mut out = std::collections::BTreeMap::new();
        for block in layout.blocks.iter().filter(|b| !b.lead.is_empty()) {
            let mut lines: Vec<String> = Vec::new();
            for line in layout.slice(&block.lead).lines() {
                let line = line.trim().trim_start_matches('#');
                match lines.last_mut() {
                    // Three spaces: the line above goes on here (see `text::comment`).
                    Some(last) if line.starts_with("   ") => last.push_str(&format!(" {}", line.trim())),
                    _ => lines.push(line.trim().to_owned()),
                }
            }
            lines.retain(|l| !l.is_empty() && !l.starts_with(super::text::ANSWERS));
            out.insert(source.place(block.body.start).line, lines);
        }
        Self(out)
    }

    fn above(&self, line: usize) -> Vec<String> {
        self.0.get(&line).cloned().unwrap_or_default()
    }
}

/// Returns what goes into the issue: the items and the candidates that a person keeps.
///
/// They come by section, sections in the order of their first item, the compact list last; within
/// a section items stand in the order of the file and kept candidates follow. A candidate whose id
/// stands among the items already is left out.
pub fn issue_items(draft: &Draft) -> Vec<DraftItem> {
    let taken: BTreeSet<&str> = draft.items.iter().map(|i| i.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let kept = draft.candidates.iter().filter(|c| c.is_kept() && !taken.contains(c.id.as_str())).cloned();
    let kept = kept.map(|c| DraftItem {
        id: c.id,
        section: c.section,
        title: c.title,
        summary: c.summary,
        why: c.why,
        link: c.link,
        reason: c.reason,
        is_kept: true,
        reasons: c.reasons,
        line: c.line,
    });
    let mut all: Vec<DraftItem> = draft.items.clone();
    all.extend(kept.filter(|c| seen.insert(c.id.clone())));
    let mut sections: Vec<String> = Vec::new();
    for item in all.iter().filter(|i| i.section != MORE) {
        if !sections.contains(&item.section) {
            sections.push(item.section.clone());
        }
    }
    all.sort_by_key(|i| sections.iter().position(|s| *s == i.section).unwrap_or(sections.len()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_nobody_sees_is_none() {
        for (id, note) in
            [("\t", "a tab"), ("  ", "blanks"), ("\u{a0}", "a blank that does not break"), ("\u{feff}", "")]
        {
            let text = format!(
                "month = \"2026-10\"\n\n[[item]]\nid = \"{id}\"\nsection = \"more\"\ntitle = \"T\"\n\n\
                 [[candidate]]\nid = \"{id}\"\nsection = \"more\"\ntitle = \"T\"\n"
            );
            let (draft, problems) = parse(&text, "d.toml");
            let said: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.place, p.message)).collect();
            assert_eq!(said, ["d.toml:4:6: id of item 1 is empty", "d.toml:9:6: id of candidate 1 is empty"], "{note}");
            assert!(problems.iter().all(|p| p.help.contains("between the quotation marks")), "{note}");
            let draft = draft.unwrap();
            assert_eq!((draft.items.len(), draft.candidates.len()), (0, 0), "{note}");
        }
    }

    #[test]
    fn every_mistake_is_found_at_once_with_its_place() {
        let text = "month = \"2026-10\"\nsubjekt = \"x\"\nnote = 3\n\n[[item]]\nid = \"a\"\nsection = \"evidence\"\n\
            title = \"\"\nsumary = \"x\"\n\n[[item]]\ntitle = \"no id\"\nsection = \"advocacy\"\n\n[[candidate]]\nid = \"c\"\nkeep = \"yes\"\n";
        let (draft, problems) = parse(text, "drafts/2026-10.toml");
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "drafts/2026-10.toml:2:1: unknown key \"subjekt\" in the draft\n  help: did you mean \"subject\"? \
                 known: candidate, decision, event, item, month, note, pick, preheader, request, subject",
                "drafts/2026-10.toml:3:8: note must be a text in quotes, not a whole number",
                "drafts/2026-10.toml:8:9: title of item \"a\" is empty\n  help: write its title between the quotation marks",
                "drafts/2026-10.toml:9:1: unknown key \"sumary\" in item \"a\"\n  help: did you mean \"summary\"? \
                 known: id, keep, link, reason, section, summary, title, why",
                "drafts/2026-10.toml:11:1: item 2 has no id\n  help: add a line id = \"…\"",
                "drafts/2026-10.toml:17:8: keep = \"yes\" is not understood\n  help: known: keep (or true), maybe, drop; false says nothing yet",
            ]
        );
        let draft = draft.expect("the month is there");
        assert_eq!((draft.items.len(), draft.candidates.len()), (1, 1));
    }

    #[test]
    fn an_item_is_put_off_or_dropped_by_a_word_in_its_block() {
        for (keep, place, note) in [
            ("true", "item", "it stands there anyway"),
            ("\"keep\"", "item", ""),
            ("false", "item", "the word that says nothing; deleting the block says drop"),
            ("\"maybe\"", "Some(Maybe)", "not in this issue"),
            ("\"drop\"", "Some(Drop)", "as if its block were deleted"),
        ] {
            let text = format!(
                "month = \"2026-10\"\n[[item]]\nid = \"a\"\nkeep = {keep}\nreason = \"why\"\nsection = \"s\"\ntitle = \"T\"\n"
            );
            let (draft, problems) = parse(&text, "f");
            let draft = draft.expect("a draft");
            assert_eq!(problems, [], "{keep}: {note}");
            let found = match draft.candidates.first() {
                Some(c) => (format!("{:?}", c.choice), c.reason.clone()),
                None => ("item".to_owned(), draft.items.first().expect("the item").reason.clone()),
            };
            assert_eq!(found, (place.to_owned(), "why".to_owned()), "{keep}: {note}");
            assert_eq!(issue_items(&draft).len(), usize::from(place == "item"), "{keep}: {note}");
        }
    }

    #[test]
    fn why_it_matters_stays_with_a_paper_wherever_it_stands() {
        for (header, keep, is_in_issue, note) in [
            ("candidate", "true", true, "a kept candidate is shown with it"),
            ("candidate", "false", false, "written before anybody chose: it waits there"),
            ("candidate", "\"maybe\"", false, "put off"),
            ("item", "true", true, "as ever"),
            ("item", "\"maybe\"", false, "an item put off stands by as a candidate does, its words with it"),
        ] {
            let text = format!(
                "month = \"2026-10\"\n[[{header}]]\nid = \"a\"\nkeep = {keep}\nsection = \"s\"\ntitle = \"T\"\nwhy = \"W\"\n"
            );
            let (draft, problems) = parse(&text, "f");
            let draft = draft.expect("a draft");
            assert_eq!(problems, [], "{header} {keep}: {note}");
            let shown: Vec<String> = issue_items(&draft).into_iter().map(|i| i.why).collect();
            assert_eq!(shown, if is_in_issue { vec!["W"] } else { vec![] }, "{header} {keep}: {note}");
            let held = draft.candidates.iter().map(|c| &c.why).chain(draft.items.iter().map(|i| &i.why)).next();
            assert_eq!(held.map(String::as_str), Some("W"), "{header} {keep}: {note}");
            let again = parse(&super::super::write(&draft, &[], &[]), "f").0.expect("a draft");
            let held = again.candidates.iter().map(|c| &c.why).chain(again.items.iter().map(|i| &i.why)).next();
            assert_eq!(held.map(String::as_str), Some("W"), "written and read back, {header} {keep}: {note}");
        }
    }

    #[test]
    fn only_a_broken_file_or_month_gives_no_draft() {
        for (id, text, line) in [
            ("empty", "", 1),
            ("no-month", "subject = \"x\"\n", 1),
            ("odd-month", "month = \"October\"\n", 1),
            ("no-toml", "month = \"2026-10\"\nsubject = \"x\nnote = \"\"\n", 2),
            ("month-is-a-date", "month = 2026-10-01\n", 1),
        ] {
            let (draft, problems) = parse(text, "f");
            assert!(draft.is_none(), "{id}");
            assert_eq!(problems.first().map(|p| p.place.line), Some(line), "{id}: {problems:?}");
        }
    }

    #[test]
    fn reading_order_is_by_section_and_keeps_what_was_kept() {
        let item =
            |id: &str, section: &str| DraftItem { id: id.into(), section: section.into(), ..DraftItem::default() };
        let candidate = |id: &str, section: &str, is_kept: bool| Candidate {
            id: id.into(),
            section: section.into(),
            choice: is_kept.then_some(Choice::Keep),
            ..Candidate::default()
        };
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        draft.items = vec![item("m", MORE), item("e1", "evidence"), item("a1", "advocacy"), item("e2", "evidence")];
        draft.candidates = vec![
            candidate("e3", "evidence", true),
            candidate("no", "evidence", false),
            candidate("a1", "advocacy", true),
            candidate("m2", MORE, true),
            candidate("e3", "evidence", true),
        ];
        let ids: Vec<String> = issue_items(&draft).into_iter().map(|i| i.id).collect();
        assert_eq!(ids, ["e1", "e2", "e3", "a1", "m", "m2"]);
    }
}
