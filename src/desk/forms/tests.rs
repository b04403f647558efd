//! What forms mean, as the pages send them.

use super::*;
use crate::model::{Candidate, DraftItem, Month};

/// Returns a draft with items `a`, `b`, `c` in one section and `m` in another, candidates `x` (kept) and `y`, three
/// questions and two dates.
fn draft() -> Draft {
    let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
    for (id, section) in [("a", "evidence"), ("b", "evidence"), ("m", "more"), ("c", "evidence")] {
        let (id, section, title) = (id.to_owned(), section.to_owned(), format!("Title {id}"));
        draft.items.push(DraftItem { id, section, title, ..DraftItem::default() });
    }
    for (id, choice) in [("x", Some(Choice::Keep)), ("y", None)] {
        let (id, title) = (id.to_owned(), format!("Title {id}"));
        draft.candidates.push(Candidate { id, title, choice, section: "evidence".into(), ..Candidate::default() });
    }
    for title in ["First", "Second"] {
        draft.events.push(Event { date: "1 May".into(), title: title.into(), ..Event::default() });
    }
    for (id, question) in [
        ("same w1 w2", "Are A and B one study? A is \"Sleep\" and B is \"Sleep, again\""),
        ("scope w1", "Does it belong here? “Crying”"),
        ("retracted w1", "\"A trial\" was in the issue of May 2026 and has been retracted. Tell readers in the note?"),
    ] {
        let (id, question) = (id.to_owned(), question.to_owned());
        draft.decisions.push(crate::model::Decision { id, question, ..crate::model::Decision::default() });
    }
    draft.subject = "S".into();
    draft.note = "One.\n\nTwo.".into();
    draft
}

fn topics() -> Vec<TopicRule> {
    vec![TopicRule { id: "evidence".into(), name: "Evidence and Impact".into(), blurb: String::new() }]
}

fn pairs(all: &[(&str, &str)]) -> Pairs {
    all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn choice(id: &str, choice: Option<Choice>) -> Edit {
    Edit::Choice { id: id.into(), choice }
}

fn moved(id: &str, section: &str, before: Option<&str>) -> Edit {
    Edit::Move { id: id.into(), section: section.into(), before: before.map(str::to_owned) }
}

/// A note, a form, the changes that it means, and what they are in words.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, Vec<Edit>, &'a str);

fn check(cases: Vec<Case<'_>>) {
    for (note, form, want, what) in cases {
        let wanted = of_board(&pairs(&form), &draft(), &topics()).expect(note);
        assert_eq!((wanted.edits, wanted.what.as_str()), (want, what), "{note}");
    }
}

#[test]
fn buttons_of_the_board_become_changes() {
    check(vec![
        ("keep", vec![("keep", "y")], vec![choice("y", Some(Choice::Keep))], "kept “Title y” in Evidence and Impact"),
        ("maybe", vec![("maybe", "a")], vec![choice("a", Some(Choice::Maybe))], "put off “Title a”"),
        (
            "ticks do not matter for one",
            vec![("sel", "a"), ("drop", "y")],
            vec![choice("y", Some(Choice::Drop))],
            "dropped “Title y”",
        ),
        ("take back", vec![("clear", "y")], vec![choice("y", None)], "left open “Title y”"),
        (
            "all that are ticked",
            vec![("sel", "a"), ("sel", "y"), ("bulk", "drop")],
            vec![choice("a", Some(Choice::Drop)), choice("y", Some(Choice::Drop))],
            "dropped 2 papers",
        ),
        (
            "all into a section",
            vec![("sel", "y"), ("bulk", "to:more")],
            vec![moved("y", "more", None)],
            "moved “Title y” to Also published this month",
        ),
        ("nothing ticked", vec![("bulk", "keep")], vec![], "kept 0 papers"),
    ]);
    for form in [vec![], vec![("keep", "")], vec![("other", "x")], vec![("bulk", "burn")], vec![("answer", "seen ")]] {
        assert_eq!(of_board(&pairs(&form), &draft(), &topics()), None, "{form:?} is no form of ours");
    }
}

#[test]
fn papers_pass_those_that_are_kept() {
    let evidence = "evidence";
    check(vec![
        (
            "down past one that is kept, which becomes an item",
            vec![("down", "c")],
            vec![moved("x", evidence, None), moved("c", evidence, None)],
            "moved “Title c” down",
        ),
        (
            "before one that is kept",
            vec![("move", "y"), ("to", evidence), ("before", "x")],
            vec![moved("x", evidence, None), moved("y", evidence, Some("x"))],
            "moved “Title y” to Evidence and Impact",
        ),
        (
            "to the end, behind one that is kept",
            vec![("move", "m"), ("to", evidence), ("before", "")],
            vec![moved("x", evidence, None), moved("m", evidence, None)],
            "moved “Title m” to Evidence and Impact",
        ),
    ]);
}

#[test]
fn order_and_first_place_become_changes() {
    let evidence = "evidence";
    check(vec![
        ("up", vec![("up", "b")], vec![moved("b", evidence, Some("a"))], "moved “Title b” up"),
        (
            "up over one that stands elsewhere in the file",
            vec![("up", "c")],
            vec![moved("c", evidence, Some("b"))],
            "moved “Title c” up",
        ),
        ("the first cannot go up", vec![("up", "a")], vec![], "moved “Title a” up"),
        ("down", vec![("down", "a")], vec![moved("a", evidence, Some("c"))], "moved “Title a” down"),
        ("the last cannot go down", vec![("down", "x")], vec![], "moved “Title x” down"),
        (
            "a kept candidate goes up too",
            vec![("up", "x")],
            vec![moved("x", evidence, Some("c"))],
            "moved “Title x” up",
        ),
        (
            "by hand",
            vec![("move", "y"), ("to", "more"), ("before", "m")],
            vec![moved("y", "more", Some("m"))],
            "moved “Title y” to Also published this month",
        ),
        (
            "by hand to the end",
            vec![("move", "y"), ("to", "more"), ("before", "")],
            vec![moved("y", "more", None)],
            "moved “Title y” to Also published this month",
        ),
        (
            "pick",
            vec![("pick", "a")],
            vec![Edit::Top { key: TopKey::Pick, text: "a".into() }],
            "“Title a” stands first now",
        ),
        (
            "no pick",
            vec![("pick", "")],
            vec![Edit::Top { key: TopKey::Pick, text: String::new() }],
            "no paper stands first now",
        ),
    ]);
}

#[test]
fn answers_become_changes_with_the_name_of_their_paper() {
    check(vec![
        (
            "an answer by a button",
            vec![("answer", "same same w1 w2")],
            vec![Edit::Answer { id: "same w1 w2".into(), answer: "same".into() }],
            "answered “same” about “Sleep” and “Sleep, again”",
        ),
        (
            "an answer taken back",
            vec![("answer", "- scope w1")],
            vec![Edit::Answer { id: "scope w1".into(), answer: String::new() }],
            "took back the answer about “Crying”",
        ),
        (
            "an answer in words",
            vec![("question", "scope w1"), ("answer-words", " Kenya ")],
            vec![Edit::Answer { id: "scope w1".into(), answer: "Kenya".into() }],
            "answered “Kenya” about “Crying”",
        ),
        (
            "that readers are not told",
            vec![("answer", "seen retracted w1")],
            vec![Edit::Answer { id: "retracted w1".into(), answer: "seen".into() }],
            "readers are not told about “A trial”",
        ),
        (
            "a question that went meanwhile",
            vec![("answer", "seen retracted w9")],
            vec![Edit::Answer { id: "retracted w9".into(), answer: "seen".into() }],
            "answered “seen”",
        ),
    ]);
}

#[test]
fn readers_are_told_by_a_sentence_behind_the_note() {
    let ask = |id: &str, question: &str| crate::model::Decision {
        id: id.into(),
        question: question.into(),
        answer: String::new(),
        choices: vec![],
        reasons: vec![],
        line: 0,
        answer_at: (0, 0),
    };
    let mut draft = draft();
    let question = "\"A trial\" was in the issue of May 2026 and has been retracted. Tell readers in the note?";
    draft.decisions = vec![ask("retracted w1", question), ask("same w1 w2", "Are A and B one study?")];
    let sentence = "“A trial” was in the issue of May 2026 and has been retracted.";
    let edits = |text: String| {
        let seen = Edit::Answer { id: "retracted w1".into(), answer: "seen".into() };
        vec![Edit::Top { key: TopKey::Note, text }, seen]
    };
    let tell = |draft: &Draft, id: &str| of_board(&pairs(&[("tell", id)]), draft, &topics()).map(|w| w.edits);
    assert_eq!(tell(&draft, "retracted w1"), Some(edits(format!("One.\n\nTwo.\n\n{sentence}"))), "behind the note");
    draft.note = String::new();
    assert_eq!(tell(&draft, "retracted w1"), Some(edits(sentence.to_owned())), "the first words of the note");
    draft.decisions[0].answer = "seen".into();
    assert_eq!(tell(&draft, "retracted w1"), Some(vec![]), "an answered question is not told twice");
    for id in ["same w1 w2", "retracted w9", " "] {
        assert_eq!(tell(&draft, id), None, "{id} asks nothing about readers");
    }
}

#[test]
fn only_words_that_were_changed_are_changes() {
    let form = [("title", "Title a"), ("summary", " Found\r\nmuch. "), ("why", ""), ("link", ""), ("section", "more")];
    let wanted = of_paper(&pairs(&form), &draft(), "a");
    let summary = Edit::Field { id: "a".into(), key: FieldKey::Summary, text: "Found much.".into() };
    assert_eq!(wanted.edits, [summary, moved("a", "more", None)], "an item of another section moves there");
    let wanted = of_paper(&pairs(&[("section", "more")]), &draft(), "y");
    let section = Edit::Field { id: "y".into(), key: FieldKey::Section, text: "more".into() };
    assert_eq!(wanted.edits, [section], "a candidate only says where it would go");
    assert_eq!(of_paper(&pairs(&[("title", "Title a")]), &draft(), "a").edits, [], "nothing was changed");
}

#[test]
fn the_letter_keeps_paragraphs_and_numbers_of_dates() {
    let form = [
        ("subject", "S"),
        ("note", "One.\r\n\r\n\r\nTwo\r\nlines."),
        ("event-0-date", "1 May"),
        ("event-0-title", "First"),
        ("event-0-link", ""),
        ("event-0-remove", "yes"),
        ("event-1-date", "2 May"),
        ("event-1-title", "Second"),
        ("event-1-link", ""),
        ("event-new-date", "3 May"),
        ("event-new-title", "Third"),
        ("event-new-link", "https://example.org/"),
    ];
    let wanted = of_letter(&pairs(&form), &draft());
    let event = |date: &str, title: &str, link: &str| {
        Some(Event { date: date.into(), title: title.into(), link: link.into(), line: 0 })
    };
    assert_eq!(
        wanted.edits,
        [
            Edit::Top { key: TopKey::Note, text: "One.\n\nTwo lines.".into() },
            Edit::Event { at: Some(1), event: event("2 May", "Second", "") },
            Edit::Event { at: Some(0), event: None },
            Edit::Event { at: None, event: event("3 May", "Third", "https://example.org/") },
        ],
        "the last date first, so that the numbers hold"
    );
    let same = [("subject", "S"), ("note", "One.\r\n\r\nTwo."), ("event-new-date", ""), ("event-new-title", "")];
    assert_eq!(of_letter(&pairs(&same), &draft()).edits, [], "nothing was changed");
}
