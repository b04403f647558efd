//! The promises of changes made in the browser: in a file that people worked in with any editor, each
//! changes what it says and nothing else.

use proptest::prelude::*;

use super::super::edit::{Clash, Edit, FieldKey, TopKey, clashes, edit, undo};
use super::super::layout::{Block, Kind, Layout};
use super::super::text::{canon, shape_of};
use super::super::{MORE, issue_items, parse, write};
use super::machine::{a_successor, a_version};
use super::person::{a_deed, an_editor};
use super::{by_hand, cases, check_laws, human_words, is_all_crlf, miscounted, topics};
use crate::model::{Candidate, Choice, Draft, DraftItem, Event};

/// A change, before it is known what stands in the file. Numbers choose a block, whatever is there.
#[derive(Debug, Clone)]
enum Wish {
    Top(usize, String),
    Field(usize, usize, String),
    Choice(usize, usize),
    Move(usize, usize, Option<usize>),
    Add(usize, usize, String),
    Answer(usize, String),
    Event(Option<usize>, Option<String>),
}

/// Words as they come out of a browser.
fn a_text() -> impl Strategy<Value = String> {
    const HOSTILE: &[&str] = &[
        "",
        "plain words",
        "The \"blues\": \"\"\" and \"\"\"\" and '''",
        "back\\slash \\u0041 \\",
        "one\r\ntwo\rthree\n\nfour\r\n",
        "[[item]]\nid = \"w1\"\n# ── Advocacy · 3 proposed ──",
        "\"\n[[item]]\nid = \"w1\"",
        "a\u{1b}[31m\u{7f}\u{0}b\u{202e}c\u{2028}d\u{85}e\u{feff}",
        "الصحة النفسية في فترة ما حول الولادة",
        "  a  b\t\tc  ",
        "# no remark",
        "*|UNSUB|* {{ x }} <b>&amp;</b>",
    ];
    prop_oneof![
        4 => prop::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => (1..30_usize).prop_map(|n| "long words \"again\" and again ".repeat(n * n)),
    ]
}

fn a_wish() -> impl Strategy<Value = Wish> {
    let n = 0..12usize;
    prop_oneof![
        1 => (n.clone(), a_text()).prop_map(|(k, t)| Wish::Top(k, t)),
        3 => (n.clone(), n.clone(), a_text()).prop_map(|(a, k, t)| Wish::Field(a, k, t)),
        2 => (n.clone(), n.clone()).prop_map(|(a, c)| Wish::Choice(a, c)),
        4 => (n.clone(), n.clone(), prop::option::of(n.clone())).prop_map(|(a, s, b)| Wish::Move(a, s, b)),
        1 => (n.clone(), n.clone(), a_text()).prop_map(|(a, s, t)| Wish::Add(a, s, t)),
        1 => (n.clone(), a_text()).prop_map(|(a, t)| Wish::Answer(a, t)),
        2 => (prop::option::of(0..3usize), prop::option::of(a_text())).prop_map(|(a, t)| Wish::Event(a, t)),
    ]
}

/// A file that people worked in: what the machine wrote, and what they left.
fn a_file() -> impl Strategy<Value = (super::Version, String, String)> {
    (a_version(), prop::collection::vec(a_deed(), 0..6), an_editor()).prop_map(|(version, deeds, editor)| {
        let base = write(&version.draft(), &topics(), &version.facts());
        let mine = by_hand(&base, &deeds, 0, editor);
        (version, base, mine)
    })
}

fn layout(text: &str) -> Layout<'_> {
    Layout::read(text.trim_start_matches('\u{feff}'), "t").expect("the file is whole")
}

fn draft(text: &str) -> Draft {
    parse(text, "t").0.expect("a draft")
}

fn is_paper(block: &Block) -> bool {
    matches!(block.kind, Kind::Item | Kind::Candidate) && !block.text("id").is_empty()
}

/// Returns the edit that a wish is on a file; `None` when there is nothing to wish for.
fn on(text: &str, wish: &Wish) -> Option<Edit> {
    let layout = layout(text);
    let of = |n: &usize, kind: &dyn Fn(&&Block) -> bool| {
        let blocks: Vec<&Block> = layout.blocks.iter().filter(kind).collect();
        blocks.get(n % blocks.len().max(1)).map(|b| b.text("id").to_owned())
    };
    let section = |n: &usize| ["evidence", "advocacy", MORE][n % 3].to_owned();
    Some(match wish {
        Wish::Top(key, text) => Edit::Top { key: TopKey::ALL[key % 5], text: text.clone() },
        Wish::Field(n, key, text) => {
            let key = FieldKey::ALL[key % 6];
            let text = if key == FieldKey::Section { section(n) } else { text.clone() };
            Edit::Field { id: of(n, &|b| is_paper(b))?, key, text }
        }
        Wish::Choice(n, choice) => {
            let choice = [None, Some(Choice::Keep), Some(Choice::Maybe), Some(Choice::Drop)][choice % 4];
            Edit::Choice { id: of(n, &|b| is_paper(b))?, choice }
        }
        Wish::Move(n, to, before) => {
            let section = section(to);
            let is_there =
                |b: &&Block| b.kind == Kind::Item && b.text("section") == section && !b.text("id").is_empty();
            let before = before.and_then(|n| of(&n, &is_there));
            Edit::Move { id: of(n, &|b| is_paper(b))?, section, before }
        }
        Wish::Add(n, to, text) => {
            let [id, title] = [format!("own{n}"), format!("t {text}")];
            let (section, why, reason) = (section(to), text.clone(), text.clone());
            Edit::Add { item: DraftItem { id, section, title, why, reason, ..DraftItem::default() } }
        }
        Wish::Answer(n, text) => Edit::Answer { id: of(n, &|b| b.kind == Kind::Decision)?, answer: text.clone() },
        Wish::Event(at, text) => {
            let event = text.as_ref().map(|t| Event {
                date: "1 May".into(),
                title: format!("t {t}"),
                link: t.clone(),
                line: 0,
            });
            let count = layout.blocks.iter().filter(|b| b.kind == Kind::Event).count();
            let at = at.filter(|_| count > 0).map(|n| n % count);
            (at.is_some() || event.is_some()).then_some(Edit::Event { at, event })?
        }
    })
}

/// Returns how often the block that an edit is about stands in a file, and how often the one it names as well.
fn is_clear(text: &str, wish: &Edit) -> bool {
    let layout = layout(text);
    let count = |key: String| layout.blocks.iter().filter(|b| b.key().as_ref() == Some(&key)).count();
    let papers = |id: &str| count(format!("paper {id}"));
    match wish {
        Edit::Top { .. } | Edit::Event { .. } => true,
        Edit::Field { id, .. } | Edit::Choice { id, .. } => papers(id) == 1,
        Edit::Move { id, before, .. } => papers(id) == 1 && before.as_ref().is_none_or(|b| papers(b) == 1 && (b != id)),
        Edit::Add { item } => papers(&item.id) == 0,
        Edit::Answer { id, .. } => count(format!("decision {id}")) == 1,
    }
}

/// Returns the words that a change takes away with the value in whose place it puts others.
fn replaced<'t>(text: &'t str, wish: &Edit) -> &'t str {
    let layout = layout(text);
    let value = |key: String, field: &str| {
        let block = layout.blocks.iter().find(|b| b.key().as_ref() == Some(&key)).expect("it is there");
        block.field(field).map_or("", |f| layout.slice(&f.span))
    };
    match wish {
        Edit::Top { key, .. } => layout.top_field(key.as_str()).map_or("", |f| layout.slice(&f.span)),
        Edit::Field { id, key, .. } => value(format!("paper {id}"), key.as_str()),
        Edit::Choice { id, .. } => value(format!("paper {id}"), "keep"),
        Edit::Move { id, .. } => value(format!("paper {id}"), "section"),
        Edit::Add { .. } => "",
        Edit::Answer { id, .. } => value(format!("decision {id}"), "answer"),
        Edit::Event { at, .. } => {
            let block = at.and_then(|at| layout.blocks.iter().filter(|b| b.kind == Kind::Event).nth(at));
            block.map_or("", |b| {
                layout.slice(&(b.body.start..super::super::layout::line_end(layout.text, b.values_end)))
            })
        }
    }
}

fn words(key: &str, text: &str) -> String {
    canon(&text.replace("\r\n", "\n").replace('\r', "\n"), shape_of(key))
}

/// Returns a paper as it is in a draft, as a candidate, and whether it is in the issue as an item.
fn papers(draft: &Draft) -> Vec<(bool, Candidate)> {
    let items = draft.items.iter().cloned().map(|i| {
        let DraftItem { id, section, title, summary, why, link, reason, reasons, .. } = i;
        (true, Candidate { id, choice: None, reason, section, title, summary, why, link, reasons, line: 0 })
    });
    let others = draft.candidates.iter().cloned().map(|c| (false, Candidate { line: 0, ..c }));
    let mut out: Vec<_> = items.chain(others).collect();
    out.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    out
}

/// What a draft says: its top, papers, questions and dates.
type Said = (Vec<String>, Vec<(bool, Candidate)>, Vec<String>, Vec<Event>);

/// Returns what a draft says, without order and lines.
fn said(draft: &Draft) -> Said {
    let top = [&draft.subject, &draft.preheader, &draft.note, &draft.pick, &draft.request].map(Clone::clone).to_vec();
    let mut asked: Vec<String> =
        draft.decisions.iter().map(|d| format!("{} {} {} {:?}", d.id, d.question, d.answer, d.reasons)).collect();
    asked.sort();
    (top, papers(draft), asked, draft.events.iter().cloned().map(|e| Event { line: 0, ..e }).collect())
}

/// Returns a draft with a change made in it as the change says, without any file.
#[expect(clippy::too_many_lines, reason = "one arm for each change")]
fn wanted(mut draft: Draft, text: &str, wish: &Edit) -> Draft {
    let layout = layout(text);
    let kind = |id: &str| layout.blocks.iter().find(|b| b.key() == Some(format!("paper {id}"))).map(|b| b.kind);
    let set = |draft: &mut Draft, id: &str, set: &dyn Fn(&mut Candidate)| {
        for item in draft.items.iter_mut().filter(|i| i.id == id) {
            let mut held = Candidate {
                id: id.to_owned(),
                reason: item.reason.clone(),
                section: item.section.clone(),
                title: item.title.clone(),
                summary: item.summary.clone(),
                why: item.why.clone(),
                link: item.link.clone(),
                ..Candidate::default()
            };
            set(&mut held);
            let Candidate { reason, section, title, summary, why, link, .. } = held;
            *item = DraftItem { section, title, summary, why, link, reason, ..item.clone() };
        }
        draft.candidates.iter_mut().filter(|c| c.id == id).for_each(set);
    };
    // Takes a paper out as a candidate, whatever it is.
    let take = |draft: &mut Draft, id: &str| {
        let (_, held) = papers(draft).into_iter().find(|(_, c)| c.id == id).expect("it is there");
        draft.items.retain(|i| i.id != id);
        draft.candidates.retain(|c| c.id != id);
        held
    };
    let as_item = |c: Candidate| DraftItem {
        id: c.id,
        section: c.section,
        title: c.title,
        summary: c.summary,
        why: c.why,
        link: c.link,
        reason: c.reason,
        is_kept: c.choice == Some(Choice::Keep),
        reasons: c.reasons,
        line: 0,
    };
    match wish {
        Edit::Top { key, text } => {
            let place = match key {
                TopKey::Subject => &mut draft.subject,
                TopKey::Preheader => &mut draft.preheader,
                TopKey::Note => &mut draft.note,
                TopKey::Pick => &mut draft.pick,
                TopKey::Request => &mut draft.request,
            };
            *place = words(key.as_str(), text);
        }
        Edit::Field { id, key, text } => {
            let text = words(key.as_str(), text);
            set(&mut draft, id, &|c| {
                *(match key {
                    FieldKey::Section => &mut c.section,
                    FieldKey::Title => &mut c.title,
                    FieldKey::Summary => &mut c.summary,
                    FieldKey::Why => &mut c.why,
                    FieldKey::Link => &mut c.link,
                    FieldKey::Reason => &mut c.reason,
                }) = text.clone();
            });
        }
        Edit::Choice { id, choice } => {
            let is_item = kind(id) == Some(Kind::Item);
            let held = take(&mut draft, id);
            if is_item && matches!(choice, None | Some(Choice::Keep)) {
                draft.items.push(as_item(Candidate { choice: *choice, ..held }));
            } else {
                draft.candidates.push(Candidate { choice: *choice, ..held });
            }
        }
        Edit::Move { id, section, .. } => {
            let held = take(&mut draft, id);
            draft.items.push(as_item(Candidate { section: section.clone(), choice: None, ..held }));
        }
        Edit::Add { item } => draft.items.push(DraftItem {
            title: words("title", &item.title),
            why: words("why", &item.why),
            reason: words("reason", &item.reason),
            ..item.clone()
        }),
        Edit::Answer { id, answer } => {
            draft.decisions.iter_mut().filter(|d| d.id == *id).for_each(|d| d.answer = words("answer", answer));
        }
        Edit::Event { at, event } => {
            let event = event.as_ref().map(|e| Event {
                date: words("date", &e.date),
                title: words("title", &e.title),
                link: words("link", &e.link),
                line: 0,
            });
            match (at, event) {
                (Some(at), Some(event)) => draft.events[*at] = event,
                (Some(at), None) => drop(draft.events.remove(*at)),
                (None, event) => draft.events.extend(event),
            }
        }
    }
    draft
}

/// Returns the keys of the blocks in the order of the file, without the one that an edit is about.
fn others(text: &str, wish: &Edit) -> Vec<String> {
    let id = match wish {
        Edit::Move { id, .. } => id,
        Edit::Add { item } => &item.id,
        _ => "",
    };
    let layout = layout(text);
    let blocks = layout.blocks.iter().filter(|b| b.kind != Kind::Event).filter_map(Block::key);
    blocks.filter(|k| *k != format!("paper {id}")).collect()
}

/// Checks one change of a file against every law; returns the file with it.
fn check(before: &str, wish: &Edit) -> Result<Option<String>, TestCaseError> {
    let done = edit(before, "t", std::slice::from_ref(wish), &topics());
    let Ok(after) = done else {
        let problems = done.expect_err("it is none");
        prop_assert!(!is_clear(before, wish), "{:?}: {:?}", wish, problems);
        prop_assert!(problems.iter().all(|p| !p.help.is_empty() && !p.message.is_empty()));
        return Ok(None);
    };
    let (old, new) = (draft(before), draft(&after));
    let want = wanted(old, before, wish);
    prop_assert_eq!(said(&new), said(&want), "{:?} changes what it says and nothing else", wish);
    prop_assert_eq!(others(&after, wish), others(before, wish), "{:?} leaves the order of all other blocks", wish);
    let mut words = human_words(before);
    for (word, count) in human_words(replaced(before, wish)) {
        *words.entry(word).or_insert(count) -= count;
    }
    words.retain(|_, count| *count > 0);
    let is_kept = |(word, count): (&String, &usize)| human_words(&after).get(word).is_some_and(|n| n >= count);
    prop_assert!(words.iter().all(is_kept), "{:?} keeps {:?} in\n{}", wish, words, after);
    prop_assert_eq!(is_all_crlf(before), is_all_crlf(&after), "line endings of {:?}", wish);
    prop_assert_eq!(before.starts_with('\u{feff}'), after.starts_with('\u{feff}'));
    prop_assert_eq!(
        edit(&after, "t", std::slice::from_ref(wish), &topics()).ok().filter(|_| is_lasting(wish)),
        Some(after.clone()).filter(|_| is_lasting(wish)),
        "{:?}: what is said already changes no byte",
        wish
    );
    if let Edit::Move { id, section, before: next } = wish {
        let issue: Vec<String> = new.items.iter().filter(|i| i.section == *section).map(|i| i.id.clone()).collect();
        let at = issue.iter().position(|i| i == id).expect("it is there");
        let is_put_off = |b: &String| !issue.contains(b) || b == id;
        let behind = issue.get(at + 1);
        prop_assert!(next.as_ref().is_some_and(is_put_off) || behind == next.as_ref(), "{:?} in {:?}", wish, issue);
        prop_assert!(issue_items(&new).iter().any(|i| i.id == *id));
    }
    let is_moved = matches!(
        wish,
        Edit::Move { .. } | Edit::Add { .. } | Edit::Event { at: None, .. } | Edit::Event { event: None, .. }
    );
    if is_moved && before != after {
        let (says, should) = miscounted(&after);
        prop_assert_eq!(says, should, "headings count the blocks below them after {:?}", wish);
    }
    Ok(Some(after))
}

/// Tells whether a change made twice is the change made once.
fn is_lasting(wish: &Edit) -> bool {
    !matches!(wish, Edit::Add { .. } | Edit::Event { at: None, .. } | Edit::Event { event: None, .. })
}

/// Returns what an edit is about, so coarse that two of different places never meet.
fn place(wish: &Edit) -> (String, &'static str) {
    match wish {
        Edit::Top { key, .. } => (String::new(), key.as_str()),
        Edit::Field { id, key: FieldKey::Section, .. } | Edit::Choice { id, .. } | Edit::Move { id, .. } => {
            (id.clone(), "place")
        }
        Edit::Field { id, key, .. } => (id.clone(), key.as_str()),
        Edit::Add { item } => (item.id.clone(), "block"),
        Edit::Answer { id, .. } => (id.clone(), "answer"),
        Edit::Event { .. } => (String::new(), "event"),
    }
}

proptest! {
    #![proptest_config(cases(2))]

    /// Each change says what it says and leaves everything else; the machine's news goes past it.
    #[test]
    fn a_change_changes_itself_alone(
        (version, base, mine) in a_file(),
        wishes in prop::collection::vec(a_wish(), 1..5),
    ) {
        let (mut text, mut made) = (mine.clone(), Vec::new());
        for wish in &wishes {
            let Some(wish) = on(&text, wish) else { continue };
            if let Some(after) = check(&text, &wish)? {
                prop_assert_eq!(undo(&text, &after, &after), Some(text.clone()), "undone to the byte");
                prop_assert!(undo(&text, &after, &text).is_none_or(|t| said(&draft(&t)) == said(&draft(&text))));
                made.push(wish);
                text = after;
            }
        }
        let at_once = edit(&mine, "t", &made, &topics()).expect("each could be made");
        prop_assert_eq!(&at_once, &text, "at once as one by one");
        check_laws(&base, &text, &version, &version)?;
    }
}

proptest! {
    #![proptest_config(cases(4))]

    /// With news, what was changed in the browser is a person's like any other word.
    #[test]
    fn news_leaves_changes_alone(
        ((version, base, mine), news) in a_file().prop_flat_map(|f| (Just(f.clone()), a_successor(f.0))),
        wishes in prop::collection::vec(a_wish(), 1..4),
    ) {
        let mut text = mine;
        for wish in &wishes {
            let Some(wish) = on(&text, wish) else { continue };
            text = edit(&text, "t", &[wish], &topics()).unwrap_or(text);
        }
        check_laws(&base, &text, &version, &news)?;
    }
}

proptest! {
    #![proptest_config(cases(1))]

    /// What two people change in different places is both there; in one place differently it clashes. The first
    /// one's change can be taken back and leaves the second one's alone.
    #[test]
    fn two_people_lose_no_word((_, _, old) in a_file(), first in a_wish(), second in a_wish()) {
        let (Some(first), Some(second)) = (on(&old, &first), on(&old, &second)) else { return Ok(()) };
        let Ok(one) = edit(&old, "t", std::slice::from_ref(&first), &topics()) else { return Ok(()) };
        let clash = clashes(&old, &one, std::slice::from_ref(&second));
        let Ok(two) = edit(&old, "t", std::slice::from_ref(&second), &topics()) else { return Ok(()) };
        // Of two who take the same date out, the second would take the next one: that clashes.
        let is_date_gone = matches!(&first, Edit::Event { event: None, .. });
        let twice = clashes(&old, &one, std::slice::from_ref(&first));
        prop_assert_eq!(twice.len(), usize::from(is_date_gone), "what is there already is no clash: {:?}", first);
        prop_assert_eq!(clashes(&old, &old, std::slice::from_ref(&second)).len(), 0, "nobody else was there");
        if place(&first) == place(&second) {
            let is_same = said(&draft(&one)) == said(&draft(&two)) || one == old || two == old;
            let is_word = |e: &Edit| matches!(e, Edit::Top { .. } | Edit::Field { .. } | Edit::Answer { .. });
            if !is_same && is_word(&first) && is_word(&second) {
                prop_assert_eq!(clash.len(), 1, "{:?} against {:?}", second, first);
                let Clash { was, now, wanted, .. } = &clash[0];
                prop_assert!(was != now && now != wanted, "{:?}", clash);
            }
            return Ok(());
        }
        prop_assert_eq!(clash, vec![], "{:?} after {:?}", second, first);
        let Ok(both) = edit(&one, "t", std::slice::from_ref(&second), &topics()) else {
            prop_assert!(matches!(&second, Edit::Move { before: Some(_), .. }), "{:?} after {:?}", second, first);
            return Ok(());
        };
        let want = wanted(draft(&one), &one, &second);
        prop_assert_eq!(said(&draft(&both)), said(&want), "both stand there: {:?} and {:?}", first, second);
        if let Some(back) = undo(&old, &one, &both) {
            prop_assert_eq!(said(&draft(&back)), said(&draft(&two)), "{:?} is taken back, {:?} stays", first, second);
        } else {
            let is_remark_left = matches!(&first, Edit::Event { event: None, .. });
            let is_moved = |e: &Edit| matches!(e, Edit::Move { .. });
            prop_assert!(is_remark_left || (is_moved(&first) && is_moved(&second)), "{:?} cannot be taken back after {:?}", first, second);
        }
    }
}
