use super::super::{parse, write};
use super::*;
use crate::model::{Candidate, Decision, Draft, Month};

fn topics() -> Vec<TopicRule> {
    let topic = |id: &str, name: &str| TopicRule { id: id.into(), name: name.into(), blurb: String::new() };
    vec![topic("evidence", "Evidence"), topic("advocacy", "Advocacy")]
}

/// Returns a file with two items and a candidate, a question and a date.
fn file() -> String {
    let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
    let item = |id: &str| DraftItem {
        id: id.into(),
        section: "evidence".into(),
        title: format!("Title {id}"),
        reasons: vec![format!("0.5: {id}")],
        ..DraftItem::default()
    };
    draft.items = vec![item("wa"), item("wb")];
    draft.candidates.push(Candidate {
        id: "wc".into(),
        section: "advocacy".into(),
        title: "C".into(),
        ..Candidate::default()
    });
    draft.decisions.push(Decision { id: "scope wd".into(), question: "In?".into(), ..Decision::default() });
    draft.events.push(Event { date: "1 May".into(), title: "Webinar".into(), ..Event::default() });
    write(&draft, &topics(), &[])
}

fn field(id: &str, key: FieldKey, text: &str) -> Edit {
    Edit::Field { id: id.into(), key, text: text.into() }
}

fn choice(id: &str, choice: Option<Choice>) -> Edit {
    Edit::Choice { id: id.into(), choice }
}

fn carried(id: &str, section: &str, before: Option<&str>) -> Edit {
    Edit::Move { id: id.into(), section: section.into(), before: before.map(str::to_owned) }
}

fn event(date: &str, title: &str) -> Event {
    Event { date: date.into(), title: title.into(), ..Event::default() }
}

/// Returns the lines that differ between two texts, as `- old` and `+ new`.
fn lines_changed(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let cut = |lines: &[&str], sign: &str| -> Vec<String> {
        lines[head..lines.len() - tail].iter().map(|l| format!("{sign} {l}")).collect()
    };
    [cut(&old, "-"), cut(&new, "+")].concat()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_value_is_changed_where_it_stands() {
    let file = file();
    let cases: Vec<(&str, String, Edit, &[&str])> = vec![
        (
            "a text",
            file.clone(),
            field("wa", FieldKey::Why, "It\nmatters."),
            &["- why = \"\"", "+ why = \"It matters.\""],
        ),
        ("what is said already", file.clone(), field("wa", FieldKey::Title, " Title\r\nwa "), &[]),
        ("a missing line comes to its usual place", file.clone(), field("wc", FieldKey::Why, "W"), &["+ why = \"W\""]),
        ("nothing for a missing line", file.clone(), field("wc", FieldKey::Why, " "), &[]),
        (
            "a remark behind the value stays",
            file.replace("title = \"C\"", "title = \"C\"   # ask Ana"),
            field("wc", FieldKey::Title, "D"),
            &["- title = \"C\"   # ask Ana", "+ title = \"D\"   # ask Ana"],
        ),
        (
            "a preheader of an older file without one",
            file.replace("preheader = \"\"\n", ""),
            Edit::Top { key: TopKey::Preheader, text: "P".into() },
            &["+ preheader = \"P\""],
        ),
        ("a word on a candidate", file.clone(), choice("wc", Some(Choice::Keep)), &["- keep = false", "+ keep = true"]),
        (
            "a word taken back",
            file.replace("keep = false", "keep = \"maybe\" # for May"),
            choice("wc", None),
            &["- keep = \"maybe\" # for May", "+ keep = false # for May"],
        ),
        (
            "said already, in other words",
            file.replace("keep = false", "keep = \"Keep\""),
            choice("wc", Some(Choice::Keep)),
            &[],
        ),
        (
            "a candidate without the line",
            file.replace("keep = false\n", ""),
            choice("wc", Some(Choice::Drop)),
            &["+ keep = \"drop\""],
        ),
        (
            "a word on an item has a line of its own",
            file.clone(),
            choice("wb", Some(Choice::Maybe)),
            &["+ keep = \"maybe\""],
        ),
        (
            "which goes with the word; a remark on it stays",
            file.replace("id = \"wb\"\n", "id = \"wb\"\nkeep = \"drop\" # too small\n"),
            choice("wb", None),
            &["- keep = \"drop\" # too small", "+ # too small"],
        ),
        (
            "a word that is not understood is written over",
            file.replace("keep = false", "keep = \"mybe\""),
            choice("wc", None),
            &["- keep = \"mybe\"", "+ keep = false"],
        ),
        (
            "an answer",
            file.clone(),
            Edit::Answer { id: "scope wd".into(), answer: "Kenya".into() },
            &["- answer = \"\"", "+ answer = \"Kenya\""],
        ),
        (
            "a date is changed",
            file.clone(),
            Edit::Event { at: Some(0), event: Some(event("2 May", "Webinar")) },
            &["- date = \"1 May\"", "+ date = \"2 May\""],
        ),
    ];
    for (note, before, edit_, want) in cases {
        let edits = [edit_];
        let after = edit(&before, "f", &edits, &topics()).expect(note);
        assert_eq!(lines_changed(&before, &after), want, "{note}");
        let dress = |t: &str| format!("\u{feff}{}", t.replace('\n', "\r\n"));
        assert_eq!(edit(&dress(&before), "f", &edits, &topics()).expect(note), dress(&after), "{note}: on Windows");
    }
}

#[test]
fn a_paper_moves_with_its_remarks_and_headings_count_anew() {
    let before = file()
        .replace(
            "[[candidate]]\nid = \"wc\"\nkeep = false\n",
            "# ask Ana\n[[candidate]] # hers\nid = \"wc\"\nkeep = true # yes\n",
        )
        .replace("link = \"\"\n\n# ── Decisions", "link = \"\"\nwhy = \"W\"\n# of C\n\n# ── Decisions");
    let after = edit(&before, "f", &[carried("wc", "evidence", Some("wb"))], &topics()).expect("moves");
    let block = "\n\n# ask Ana\n[[item]] # hers\nid = \"wc\"\n# yes\nreason = \"\"\nsection = \"evidence\"\ntitle = \"C\"\n\
        summary = \"\"\nlink = \"\"\nwhy = \"W\"\n# of C\n\n# 0.5: wb\n[[item]]\nid = \"wb\"\n";
    assert!(after.contains(block), "{after}");
    for heading in ["# ── Evidence · 3 proposed ─", "# ── Candidates, best first · 0 proposed ─"] {
        assert!(after.contains(heading), "{heading} is missing in\n{after}");
    }
    assert!(after.contains("never noted as passed over.\n\n# ── Decisions needed"), "no hole is left in\n{after}");
    let back = undo(&before, &after, &after.replace("Title wa", "Other")).expect("can be taken back");
    assert_eq!(back, before.replace("Title wa", "Other"));
}

#[test]
fn papers_are_put_where_they_are_wanted() {
    let put_off = file().replace("id = \"wb\"\n", "id = \"wb\"\nkeep = \"maybe\"\n");
    let no_heading = file().replace("# ── Advocacy · 0 proposed ─", "# Advocacy ─");
    let cases: [(&str, String, Edit, &str); 8] = [
        ("before another", file(), carried("wb", "evidence", Some("wa")), "wb wa | wc"),
        ("to the end", file(), carried("wa", "evidence", None), "wb wa | wc"),
        ("where it is", file(), carried("wa", "evidence", Some("wb")), "wa wb | wc"),
        ("last where it is", file(), carried("wb", "evidence", None), "wa wb | wc"),
        ("into an empty section", file(), carried("wc", "advocacy", None), "wa wb wc |"),
        ("a section without its heading", no_heading, carried("wa", "advocacy", None), "wb wa | wc"),
        ("one that was put off is in again", put_off.clone(), carried("wb", "evidence", None), "wa wb | wc"),
        ("before one that was put off", put_off, carried("wc", "evidence", Some("wb")), "wa wc | wb"),
    ];
    for (note, before, edit_, want) in cases {
        let after = edit(&before, "f", &[edit_], &topics()).expect(note);
        let (draft, problems) = parse(&after, "f");
        let draft = draft.expect("a draft");
        assert_eq!(problems, [], "{note}");
        let ids = |ids: Vec<&str>| ids.join(" ");
        let items = ids(draft.items.iter().map(|i| i.id.as_str()).collect());
        let others = ids(draft.candidates.iter().map(|c| c.id.as_str()).collect());
        assert_eq!(format!("{items} | {others}").trim(), want, "{note}");
        if want == "wa wb | wc" && note.contains("where it is") {
            assert_eq!(after, before, "{note}: not a byte changes");
        }
    }
    let item = DraftItem {
        id: "own".into(),
        section: "advocacy".into(),
        title: "Our call".into(),
        reason: "R".into(),
        ..DraftItem::default()
    };
    let after = edit(&file(), "f", &[Edit::Add { item }], &topics()).expect("is added");
    let block = "\n\n[[item]]\nid = \"own\"\nreason = \"R\"\nsection = \"advocacy\"\ntitle = \"Our call\"\n";
    assert!(after.contains(&format!("# ── Advocacy · 1 proposed {}{block}", "─".repeat(63))), "{after}");
}

#[test]
fn a_date_comes_and_goes_and_remarks_stay() {
    let pasted = file().replace("\n\n[[event]]\ndate = \"1 May\"", "\n[[event]]\ndate = \"1 May\"");
    for before in [file(), pasted, format!("{}# mine", file())] {
        let two = edit(&before, "f", &[Edit::Event { at: None, event: Some(event("2 May", "Call")) }], &topics())
            .expect("is put in");
        assert!(two.contains("· 2 proposed"), "{two}");
        let one = edit(&two, "f", &[Edit::Event { at: Some(0), event: None }], &topics()).expect("is taken out");
        assert!(!one.contains("\"Webinar\"") && one.contains("\"Call\"") && one.contains("# link = \"https"), "{one}");
        assert_eq!(one.contains("# mine"), before.contains("# mine"));
        let none = edit(&one, "f", &[Edit::Event { at: Some(0), event: None }], &topics()).expect("is taken out");
        assert_eq!(parse(&none, "f").0.map(|d| d.events.len()), Some(0));
    }
}

#[test]
fn what_cannot_be_done_is_told_and_nothing_is_changed() {
    let twice = format!("{}\n[[item]]\nid = \"wa\"\nsection = \"evidence\"\ntitle = \"again\"\n", file());
    let item = |id: &str, title: &str| DraftItem {
        id: id.into(),
        section: "more".into(),
        title: title.into(),
        ..DraftItem::default()
    };
    let cases: Vec<(&str, String, Edit, &str)> = vec![
        ("gone", file(), field("wx", FieldKey::Title, "x"), "f:1:1: no paper \"wx\" stands in the file"),
        (
            "gone-question",
            file(),
            Edit::Answer { id: "same a b".into(), answer: "same".into() },
            "no decision \"same a b\"",
        ),
        ("twice", twice, choice("wa", None), "\"wa\" stands twice in the file"),
        (
            "section",
            file(),
            carried("wa", "advocasy", None),
            "unknown section \"advocasy\"\n  help: did you mean \"advocacy\"?",
        ),
        ("section-field", file(), field("wa", FieldKey::Section, ""), "unknown section \"\""),
        ("other-section", file(), carried("wc", "advocacy", Some("wa")), "\"wa\", before which \"wc\" is to stand"),
        ("itself", file(), carried("wc", "advocacy", Some("wc")), "\"wc\", before which \"wc\" is to stand"),
        ("there", file(), Edit::Add { item: item("wc", "t") }, "\"wc\" stands in the file already"),
        ("no-id", file(), Edit::Add { item: item(" ", "t") }, "the new item has no id"),
        ("no-title", file(), Edit::Add { item: item("own", "\n") }, "the new item \"own\" has no title"),
        ("no-date", file(), Edit::Event { at: Some(1), event: None }, "there is no date for readers number 2"),
        (
            "half-date",
            file(),
            Edit::Event { at: None, event: Some(event("", "t")) },
            "a date for readers needs to say when",
        ),
        ("passed", file(), choice("wc", Some(Choice::Passed)), "\"passed over\" is nothing that a person says"),
        ("broken", "month = \"2026-10\"\nsubject = \"x\n".into(), choice("wc", None), "f:2"),
        ("no-month", "subject = \"x\"\n".into(), choice("wc", None), "month"),
        ("foreign", "month = \"2026-10\"\n[x]\n".into(), choice("wc", None), "f:2:1: a draft has no table"),
    ];
    for (note, before, edit_, want) in cases {
        let good = Edit::Top { key: TopKey::Note, text: "N".into() };
        let problems = edit(&before, "f", &[good, edit_], &topics()).expect_err(note);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|s| s.contains(want)), "{note}: {said:?}");
        assert!(problems.iter().all(|p| p.message.contains("month") || !p.help.is_empty()), "{note}: {said:?}");
    }
}

#[test]
fn hostile_words_stay_words_and_large_ones_fit() {
    let large = "Wörter und \"mehr\" ".repeat(6_000);
    for text in ["\"\"\"\n[[item]]\nid = \"wa\"", "ends in \\", "a\r", "\u{202e}x\u{0}", "'''", large.as_str()] {
        for key in FieldKey::ALL.into_iter().filter(|k| *k != FieldKey::Section) {
            let after = edit(&file(), "f", &[field("wb", key, text)], &topics()).expect("is written");
            let held =
                parse(&after, "f").0.expect("a draft").items.into_iter().find(|i| i.id == "wb").expect("it is there");
            let held = match key {
                FieldKey::Title => held.title,
                FieldKey::Summary => held.summary,
                FieldKey::Why => held.why,
                FieldKey::Link => held.link,
                _ => held.reason,
            };
            assert_eq!(held, page::words(key.as_str(), text), "{key:?}");
        }
    }
}

/// A note, what one person changes, what the other one wants to, and the clashes.
type Case<'a> = (&'a str, Vec<Edit>, Vec<Edit>, &'a [&'a str]);

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn two_people_are_told_where_their_words_differ() {
    let told = |theirs: &[Edit], mine: &[Edit]| -> Vec<String> {
        let now = edit(&file(), "f", theirs, &topics()).expect("is changed");
        let of = |c: Clash| format!("{} {}: {} > {} | {}", c.id, c.key, c.was, c.now, c.wanted);
        clashes(&file(), &now, mine).into_iter().map(of).collect()
    };
    let title = |text: &str| field("wa", FieldKey::Title, text);
    let keep = |word| choice("wc", Some(word));
    let pick = |id: &str| Edit::Top { key: TopKey::Pick, text: id.into() };
    let date = |text: &str| Edit::Event { at: Some(0), event: Some(event(text, "Webinar")) };
    let cases: Vec<Case<'_>> = vec![
        ("two texts", vec![title("A")], vec![title("B")], &["wa title: Title wa > A | B"]),
        ("the same text", vec![title("A")], vec![title(" A\n")], &[]),
        ("two texts of one paper", vec![title("A")], vec![field("wa", FieldKey::Why, "B")], &[]),
        ("of two edits the later counts", vec![title("A")], vec![title("B"), title("A")], &[]),
        ("above", vec![pick("wa")], vec![pick("wb")], &[" pick:  > wa | wb"]),
        ("two words", vec![keep(Choice::Keep)], vec![keep(Choice::Drop)], &["wc keep:  > keep | drop"]),
        ("taken back by one", vec![keep(Choice::Maybe)], vec![choice("wc", None)], &["wc keep:  > maybe | "]),
        ("kept by both, in two ways", vec![carried("wc", "advocacy", None)], vec![keep(Choice::Keep)], &[]),
        (
            "put in by one",
            vec![carried("wc", "advocacy", None)],
            vec![keep(Choice::Drop)],
            &["wc keep:  > item | drop"],
        ),
        ("put in by both", vec![carried("wc", "advocacy", None)], vec![carried("wc", "advocacy", None)], &[]),
        (
            "into two sections",
            vec![carried("wc", "advocacy", None)],
            vec![carried("wc", "evidence", None)],
            &["wc section:  > advocacy | evidence"],
        ),
        (
            "moved by both",
            vec![carried("wa", "advocacy", None)],
            vec![carried("wa", "more", None)],
            &["wa section: evidence > advocacy | more"],
        ),
        ("another order is no clash", vec![carried("wa", "evidence", None)], vec![carried("wa", "more", None)], &[]),
        (
            "put off by one",
            vec![choice("wa", Some(Choice::Maybe))],
            vec![carried("wa", "more", None)],
            &["wa keep: item > maybe | item"],
        ),
        (
            "answers",
            vec![Edit::Answer { id: "scope wd".into(), answer: "in".into() }],
            vec![Edit::Answer { id: "scope wd".into(), answer: "out".into() }],
            &["scope wd answer:  > in | out"],
        ),
        (
            "a date",
            vec![date("2 May")],
            vec![date("3 May")],
            &["event 0 block: 1 May · Webinar ·  > 2 May · Webinar ·  | 3 May · Webinar · "],
        ),
        (
            "dates put in by both",
            vec![Edit::Event { at: None, event: Some(event("2", "b")) }],
            vec![Edit::Event { at: None, event: Some(event("3", "c")) }],
            &[],
        ),
        (
            "a date, while their number changed",
            vec![Edit::Event { at: Some(0), event: None }],
            vec![date("2 May")],
            &["event 0 block: 1 May · Webinar ·  >  | 2 May · Webinar · "],
        ),
    ];
    for (note, theirs, mine, want) in cases {
        assert_eq!(told(&theirs, &mine), want, "{note}");
    }
    let gone = file().replace("[[candidate]]\nid = \"wc\"", "[[candidate]]\nid = \"we\"");
    for edit in [keep(Choice::Keep), field("wc", FieldKey::Why, "w"), carried("wc", "more", None)] {
        let clash = clashes(&file(), &gone, &[edit]);
        assert_eq!(clash.iter().map(|c| (c.key.as_str(), c.was.as_str())).collect::<Vec<_>>(), [("block", "C")]);
    }
    assert_eq!(clashes(&file(), "month = ", &[title("A")]), [], "what is no draft is refused by the edit");
}

#[test]
fn what_one_saving_did_is_taken_back_and_no_more() {
    let made = |text: &str, edits: &[Edit]| edit(text, "f", edits, &topics()).expect("is changed");
    let before = file();
    let own = Edit::Add {
        item: DraftItem { id: "own".into(), section: "more".into(), title: "O".into(), ..DraftItem::default() },
    };
    let title = |text: &str| field("wc", FieldKey::Title, text);
    let top = |text: &str| Edit::Top { key: TopKey::Subject, text: text.into() };
    let date = |at, e| Edit::Event { at, event: e };
    let cases: Vec<(&str, Vec<Edit>, Vec<Edit>, bool)> = vec![
        (
            "another text of the same paper was changed",
            vec![title("D")],
            vec![field("wc", FieldKey::Summary, "S")],
            true,
        ),
        ("the same text was changed", vec![title("D")], vec![title("E")], false),
        ("it was changed back already", vec![title("D")], vec![title("C")], true),
        ("a line was put in", vec![field("wc", FieldKey::Why, "W")], vec![title("D")], true),
        ("above", vec![top("S")], vec![title("D")], true),
        ("above, both", vec![top("S")], vec![top("T")], false),
        ("a candidate was put in, then changed", vec![carried("wc", "evidence", Some("wb"))], vec![title("D")], true),
        (
            "a candidate was put in, then put off",
            vec![carried("wc", "more", None)],
            vec![choice("wc", Some(Choice::Maybe))],
            false,
        ),
        (
            "papers were put in another order, another one changed",
            vec![carried("wb", "evidence", Some("wa"))],
            vec![title("D")],
            true,
        ),
        ("an item was added", vec![own.clone()], vec![title("D")], true),
        ("an item was added and changed", vec![own], vec![field("own", FieldKey::Why, "W")], false),
        ("a date was put in", vec![date(None, Some(event("2", "b")))], vec![title("D")], true),
        ("a date was changed", vec![date(Some(0), Some(event("2", "b")))], vec![title("D")], true),
        ("a date was taken out", vec![date(Some(0), None)], vec![title("D")], true),
        (
            "several things at once",
            vec![title("D"), carried("wa", "more", None), top("S")],
            vec![field("wb", FieldKey::Why, "W")],
            true,
        ),
    ];
    for (note, first, since, can) in cases {
        let after = made(&before, &first);
        let now = made(&after, &since);
        assert_eq!(undo(&before, &after, &after).as_deref(), Some(before.as_str()), "{note}: at once");
        let want = if note.contains("already") { Some(before.clone()) } else { can.then(|| made(&before, &since)) };
        assert_eq!(undo(&before, &after, &now), want, "{note}");
        let windows = undo(&before, &after, &now.replace('\n', "\r\n"));
        assert_eq!(windows, want.map(|t| t.replace('\n', "\r\n")), "{note}: saved on Windows since");
    }
    assert_eq!(undo("x", &before, "month = "), None, "no drafts");
}
