//! The promises of regeneration as properties: whatever people do to the file and whatever the
//! machine finds, no word, remark or removal of theirs is lost.
//!
//! `PROPTEST_CASES` says how many cases are run (256 without it; the longest law takes a quarter).

mod edit;
mod machine;
mod person;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::layout::{Layout, Value};
use super::text::is_same_text;
use super::{Stand, parse, places, regenerate, write};
use crate::model::{Draft, DraftItem, Event, Month, TopicRule};
use machine::{Version, a_successor, a_version};
use person::{a_deed, an_editor, edit as by_hand};

fn topics() -> Vec<TopicRule> {
    let topic = |id: &str, name: &str| TopicRule { id: id.into(), name: name.into(), blurb: String::new() };
    vec![topic("evidence", "Evidence and Impact"), topic("advocacy", "Advocacy")]
}

/// All words of people in a text, with how often each stands there.
fn human_words(text: &str) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for part in text.split("HUMAN").skip(1) {
        let word: String = part.chars().take_while(|c| c.is_ascii_digit() || *c == 'x').collect();
        *out.entry(word).or_insert(0) += 1;
    }
    out
}

fn keys(text: &str) -> BTreeSet<String> {
    let bare = text.trim_start_matches('\u{feff}');
    Layout::read(bare, "t").expect("the file is whole").blocks.iter().filter_map(super::layout::Block::key).collect()
}

/// The fields of the blocks whose key stands once in a text.
fn values(text: &str) -> BTreeMap<String, BTreeMap<String, Value>> {
    let bare = text.trim_start_matches('\u{feff}');
    let layout = Layout::read(bare, "t").expect("the file is whole");
    let mut out: BTreeMap<String, Vec<BTreeMap<String, Value>>> = BTreeMap::new();
    for block in &layout.blocks {
        let fields = block.fields.iter().map(|f| (f.key.clone(), f.value.clone())).collect();
        out.entry(block.key().unwrap_or_default()).or_default().push(fields);
    }
    out.into_iter().filter(|(_, v)| v.len() == 1).filter_map(|(k, v)| Some((k, v.into_iter().next()?))).collect()
}

/// Tells whether a person said where a paper goes: by a word behind `keep =`, or by another kind of block.
fn is_placed(base: &str, mine: &str, key: &str) -> bool {
    let block = |text: &str| {
        let layout = Layout::read(text.trim_start_matches('\u{feff}'), "t").expect("the file is whole");
        let block = layout.blocks.into_iter().find(|b| b.key().as_deref() == Some(key)).expect("it is there");
        let is_said = block.field("keep").is_some_and(|f| f.value != Value::Flag(false));
        (block.kind, is_said)
    };
    let (old, (kind, is_said)) = (block(base), block(mine));
    is_said || old.0 != kind
}

/// Returns what each heading of the machine's says that it counts, and what it should say.
fn miscounted(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut says, mut should): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let bare = text.trim_start_matches('\u{feff}');
    let layout = Layout::read(bare, "t").expect("the file is whole");
    let starts: Vec<usize> =
        layout.headings.iter().filter(|h| h.is_between_blocks).map(|h| h.range.start).chain([bare.len()]).collect();
    for pair in starts.windows(2) {
        let line = bare.get(pair[0]..).and_then(|t| t.lines().next()).expect("a line");
        let Some((name, rest)) = line.rsplit_once(" · ").filter(|(_, rest)| rest.contains(" proposed ")) else {
            continue;
        };
        let count = layout.blocks.iter().filter(|b| (pair[0]..pair[1]).contains(&b.body.start)).count();
        says.push(format!("{name} {}", rest.split(' ').next().unwrap_or_default()));
        should.push(format!("{name} {count}"));
    }
    (says, should)
}

fn is_all_crlf(text: &str) -> bool {
    text.matches('\n').count() == text.matches("\r\n").count()
}

/// Checks one regeneration against every law.
fn check_laws(base: &str, mine: &str, before: &Version, theirs: &Version) -> Result<super::Regenerated, TestCaseError> {
    let topics = topics();
    let idle = regenerate(Some(base), Some(mine), &before.draft(), &topics, &before.facts()).expect("merges");
    prop_assert_eq!(&idle.text, mine, "no news changes no byte");

    let done = regenerate(Some(base), Some(mine), &theirs.draft(), &topics, &theirs.facts()).expect("merges");
    prop_assert_eq!(human_words(mine), human_words(&done.text), "every human word is there, once each");
    let again =
        regenerate(Some(&done.base), Some(&done.text), &theirs.draft(), &topics, &theirs.facts()).expect("merges");
    prop_assert_eq!(&again.text, &done.text, "a second run changes nothing");
    prop_assert_eq!(&again.base, &done.base, "a second run keeps the base");

    let parsed = parse(mine, "t").0.expect("the file says its month");
    for placed in places(Some(base), mine, &parsed) {
        let is_held = keys(mine).contains(&format!("paper {}", placed.id));
        prop_assert_eq!(placed.stand == Stand::TakenOut, !is_held, "{} was taken out, or stands there", placed.id);
    }

    let (old, held, new, now) =
        (values(base), values(mine), values(&write(&theirs.draft(), &topics, &[])), values(&done.text));
    for (key, fields) in &new {
        if !old.contains_key(key) {
            prop_assert!(keys(&done.text).contains(key), "new {} is put in", key);
        }
        let (Some(old), Some(held), Some(now)) = (old.get(key), held.get(key), now.get(key)) else { continue };
        for (name, value) in held {
            let (Some(was), Some(news)) = (old.get(name), fields.get(name)) else { continue };
            let is_placed = name == "section" && is_placed(base, mine, key);
            let want = if was == value && !is_placed { news } else { value };
            prop_assert_eq!(now.get(name), Some(want), "field {} of {}", name, key);
        }
    }
    for (key, held) in &held {
        let is_kept = held.get("keep").is_some_and(|v| *v != Value::Flag(false));
        if let (true, Some(now)) = (is_kept, now.get(key)) {
            prop_assert_eq!(held.get("section"), now.get("section"), "the section of what a person chose, {}", key);
        }
    }
    if done.text != mine {
        let (name, want) = miscounted(&done.text);
        prop_assert_eq!(name, want, "a heading counts the blocks below it");
    }
    for key in old.keys().filter(|k| !keys(mine).contains(*k)) {
        prop_assert!(!keys(&done.text).contains(key), "removed {} stays out", key);
    }
    for key in keys(mine).iter().filter(|k| !old.contains_key(*k)) {
        prop_assert!(keys(&done.text).contains(key), "{} was put in by a person", key);
    }
    if is_all_crlf(mine) {
        prop_assert!(is_all_crlf(&done.text), "line endings survive");
    }
    prop_assert_eq!(mine.starts_with('\u{feff}'), done.text.starts_with('\u{feff}'), "the mark survives");
    if mine.ends_with("without a line feed") {
        prop_assert!(done.text.contains("without a line feed"), "trailing text survives");
    }
    Ok(done)
}

/// Returns the usual number of cases, or a part of it for a law whose cases are long: each month
/// of edits and news takes about ten merges, and a test should not take more than seconds.
fn cases(part: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.div_ceil(part), failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(cases(4))]

    /// Over several months of news and edits nothing of a person's is lost and nothing returns.
    #[test]
    fn human_words_remarks_and_removals_survive(
        (first, news) in a_version().prop_flat_map(|first| {
            let second = a_successor(first.clone());
            (Just(first), second.prop_flat_map(|s| (Just(s.clone()), a_successor(s))))
        }),
        deeds in prop::collection::vec((prop::collection::vec(a_deed(), 0..7), an_editor()), 2),
    ) {
        let start = write(&first.draft(), &topics(), &first.facts());
        let (mut base, mut text, mut before) = (start.clone(), start, first);
        let mut removed: BTreeSet<String> = BTreeSet::new();
        for (round, (theirs, (deeds, editor))) in [news.0, news.1].into_iter().zip(&deeds).enumerate() {
            let mine = by_hand(&text, deeds, round, *editor);
            let (were, are) = (keys(&text), keys(&mine));
            removed.extend(were.difference(&are).cloned());
            removed.retain(|k| !are.contains(k));
            let done = check_laws(&base, &mine, &before, &theirs)?;
            for key in &removed {
                prop_assert!(!keys(&done.text).contains(key), "removed {} stays out for good", key);
            }
            (base, text, before) = (done.base, done.text, theirs);
        }
    }

}

proptest! {
    #![proptest_config(cases(1))]

    /// A file nobody touched becomes what a fresh one would be, whatever editor saved it.
    #[test]
    fn an_untouched_file_takes_all_news(
        (first, second) in a_version().prop_flat_map(|v| (Just(v.clone()), a_successor(v))),
        editor in an_editor(),
    ) {
        let base = write(&first.draft(), &topics(), &first.facts());
        let mine = editor.save(&base);
        let fresh = write(&second.draft(), &topics(), &second.facts());
        let done = regenerate(Some(&base), Some(&mine), &second.draft(), &topics(), &second.facts()).expect("merges");
        prop_assert!(is_same_text(&done.text, &fresh));
        let says_nothing = |p: &super::Placed| matches!(p.stand, Stand::Item | Stand::Left) && p.reason.is_empty();
        prop_assert!(places(Some(&base), &mine, &parse(&mine, "f").0.expect("a draft")).iter().all(says_nothing));
        prop_assert!(done.notes.is_empty());
        prop_assert_eq!(done.base, fresh);
    }

    /// What is written is read back as it was, whatever the texts hold.
    #[test]
    fn writing_and_reading_is_the_same_draft(version in a_version()) {
        let draft = version.draft();
        let (read, problems) = parse(&write(&draft, &topics(), &version.facts()), "f");
        prop_assert_eq!(problems, vec![]);
        let mut read = read.expect("a draft");
        let order = |d: &Draft| d.items.iter().map(|i| i.id.clone()).collect::<BTreeSet<_>>();
        prop_assert_eq!(order(&read), order(&draft));
        read.items.iter_mut().for_each(|i| i.line = 0);
        for item in &draft.items {
            prop_assert!(read.items.contains(item), "{item:?}");
        }
        prop_assert_eq!((&read.subject, &read.pick, &read.request), (&draft.subject, &draft.pick, &draft.request));
        read.candidates.iter_mut().for_each(|c| c.line = 0);
        prop_assert_eq!(read.candidates, draft.candidates);
        prop_assert_eq!(read.events.len(), draft.events.len());
    }

    /// Any strings at all give valid TOML that reads back.
    #[test]
    fn any_string_gives_a_whole_file(title in any::<String>(), reason in any::<String>(), id in "\\PC{1,12}") {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        draft.note = title.clone();
        draft.items.push(DraftItem { id: id.clone(), section: "evidence".into(), title: format!("t {title}"),
            reasons: vec![reason.clone()], ..DraftItem::default() });
        draft.events.push(Event { date: reason, title: "t".into(), ..Event::default() });
        let text = write(&draft, &topics(), &[title]);
        let (read, _) = parse(&text, "f");
        prop_assert_eq!(read.map(|d| d.items.len()), Some(usize::from(!id.trim().is_empty())));
    }

    /// A file that was never ours is refused or merged, and never makes the program fall over.
    #[test]
    fn foreign_texts_never_panic(
        text in prop::collection::vec(prop_oneof![
            Just("month = \"2026-10\"\n".to_owned()), Just("[[item]]\n".to_owned()), Just("id = \"a\"\n".to_owned()),
            Just("note = \"\"\"\n".to_owned()), Just("\"\"\"\n".to_owned()), Just("# ── Advocacy ──\r\n".to_owned()),
            Just("[item.x]\n".to_owned()), Just("a.b = [{ c = 1 }]\n".to_owned()), Just("\u{feff}".to_owned()), any::<String>(),
        ], 0..12),
        theirs in a_version(),
    ) {
        let text = text.concat();
        let (draft, problems) = parse(&text, "f");
        prop_assert!(draft.is_some() || !problems.is_empty());
        if let Ok(done) = regenerate(None, Some(&text), &theirs.draft(), &topics(), &[]) {
            prop_assert!(parse(&done.text, "f").0.is_some());
        }
    }
}
