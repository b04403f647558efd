use super::*;
use crate::draft::write;
use crate::model::{Candidate, Decision, DraftItem};

fn item(id: &str, summary: &str) -> DraftItem {
    DraftItem {
        id: id.into(),
        section: "evidence".into(),
        title: format!("Title {id}"),
        summary: summary.into(),
        link: format!("https://example.org/{id}"),
        reasons: vec!["0.50: Kenya".into()],
        ..DraftItem::default()
    }
}

fn topics() -> Vec<TopicRule> {
    let topic = |id: &str, name: &str| TopicRule { id: id.into(), name: name.into(), blurb: String::new() };
    vec![topic("evidence", "Evidence"), topic("advocacy", "Advocacy")]
}

fn draft(items: Vec<DraftItem>) -> Draft {
    Draft { items, subject: "Old subject".into(), ..Draft::empty(Month::parse("2026-10").expect("a month")) }
}

/// Writes `first`, lets a person change the text, and brings `second` in.
fn run(first: &Draft, edit: impl FnOnce(String) -> String, second: &Draft) -> Regenerated {
    let base = write(first, &topics(), &[]);
    let mine = edit(base.clone());
    regenerate(Some(&base), Some(&mine), second, &topics(), &[]).expect("merges")
}

#[test]
fn both_changed_means_that_the_persons_words_stay_and_it_is_said() {
    let done = run(
        &draft(vec![item("wa", "Old.")]),
        |t| t.replace("\"Old.\"", "\"My own words.\""),
        &draft(vec![item("wa", "New.")]),
    );
    assert!(done.text.contains("My own words."));
    assert_eq!(
        done.notes,
        ["item wa (Title wa): you changed summary, and there is news for it; yours stays. The news: \"New.\""]
    );
}

#[test]
fn news_wins_where_nobody_wrote() {
    let mut second = draft(vec![item("wa", "New.")]);
    second.items[0].reasons = vec!["0.70: Kenya".into()];
    let done = run(&draft(vec![item("wa", "Old.")]), |t| t.replace("why = \"\"", "why = \"Mine\""), &second);
    for part in ["summary = \"New.\"", "why = \"Mine\"", "# 0.70: Kenya\n[[item]]"] {
        assert!(done.text.contains(part), "{part} is missing in\n{}", done.text);
    }
    assert!(!done.text.contains("0.50"));
}

#[test]
fn a_remark_above_an_item_keeps_it() {
    let first = draft(vec![item("wa", "A."), item("wb", "B.")]);
    let done = run(&first, |t| t.replacen("# 0.50: Kenya\n", "# ask Ana\n# 0.50: Kenya\n", 1), &draft(vec![]));
    assert!(done.text.contains("# ask Ana") && done.text.contains("\"wa\""), "{}", done.text);
    assert!(!done.text.contains("\"wb\""));
    assert_eq!(done.notes, ["item wa (Title wa): no longer proposed; it stays, since you changed it"]);
}

#[test]
fn news_comes_whole_where_a_heading_stands_directly_above_a_block() {
    let close = |t: String| {
        let (head, rest) = t.split_once("# 0.50: Kenya").expect("the first item");
        format!("{}\n# 0.50: Kenya{rest}", head.trim_end())
    };
    let mut elsewhere = item("wa", "A.");
    elsewhere.section = "advocacy".into();
    let cases = [
        ("the block below it goes", draft(vec![item("wb", "B.")]), "wb"),
        ("the block below it goes elsewhere", draft(vec![item("wb", "B."), elsewhere]), "wa wb"),
        ("the block below it stays, one comes", draft(vec![item("wa", "A."), item("wb", "B.")]), "wa wb"),
    ];
    for (note, theirs, want) in cases {
        // A remark of one's own elsewhere, so that the file is not written anew.
        let done = run(&draft(vec![item("wa", "A.")]), |t| format!("{}# mine\n", close(t)), &theirs);
        let read = super::super::parse(&done.text, "f").0.expect("a draft");
        let mut ids: Vec<&str> = read.items.iter().map(|i| i.id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids.join(" "), want, "{note}: {}", done.text);
        assert!(read.items.iter().all(|i| i.reasons == ["0.50: Kenya"]), "{note}: {}", done.text);
    }
}

#[test]
fn what_was_removed_stays_out_even_when_it_was_away_for_a_while() {
    let first = draft(vec![item("wa", "A."), item("wb", "B.")]);
    let cut = |t: String| {
        let (head, rest) = t.split_once("# 0.50: Kenya").expect("the first item");
        format!("{head}{}", rest.split_once("\n\n").expect("its end").1)
    };
    let without = draft(vec![item("wb", "B.")]);
    let second = run(&first, cut, &without);
    let third = regenerate(Some(&second.base), Some(&second.text), &first, &topics(), &[]).expect("merges");
    assert!(!third.text.contains("\"wa\"") && third.text.contains("\"wb\""), "{}", third.text);
}

#[test]
fn what_a_person_put_in_and_removed_again_stays_out_when_the_machine_finds_it() {
    let own = "\n[[item]]\nid = \"wb\"\nsection = \"evidence\"\ntitle = \"My title\"\n";
    let (without, with) = (draft(vec![item("wa", "A.")]), draft(vec![item("wa", "A."), item("wb", "B.")]));
    for base in [Some(write(&without, &topics(), &[])), None] {
        let mine = format!("{}{own}", write(&without, &topics(), &[]));
        let put_in = regenerate(base.as_deref(), Some(&mine), &without, &topics(), &[]).expect("merges");
        assert!(put_in.notes.iter().all(|note| !note.contains("wb")), "it was never proposed: {:?}", put_in.notes);
        let removed = put_in.text.replace(own, "");
        assert_ne!(removed, put_in.text);
        let found = regenerate(Some(&put_in.base), Some(&removed), &with, &topics(), &[]).expect("merges");
        assert!(!found.text.contains("\"wb\""), "{}", found.text);
        let stays = regenerate(Some(&put_in.base), Some(&put_in.text), &with, &topics(), &[]).expect("merges");
        assert!(stays.text.contains("My title") && !stays.text.contains("Title wb"), "{}", stays.text);
    }
}

#[test]
fn a_kept_candidate_stays_and_is_not_doubled_when_it_becomes_an_item() {
    let mut first = draft(vec![]);
    first.candidates.push(Candidate {
        id: "wa".into(),
        section: "evidence".into(),
        title: "Title wa".into(),
        ..Candidate::default()
    });
    let done =
        run(&first, |t| t.replace("keep = false\nreason", "keep = true\nreason"), &draft(vec![item("wa", "A.")]));
    assert_eq!(done.text.matches("\"wa\"").count(), 1, "{}", done.text);
    assert!(done.text.contains("keep = true\nreason"));
    assert!(done.text.contains("summary = \"A.\""), "its finding is news all the same");
}

#[test]
fn why_a_candidate_matters_is_never_lost_and_no_trouble() {
    let held =
        Candidate { id: "wa".into(), section: "evidence".into(), title: "Title wa".into(), ..Candidate::default() };
    let mut first = draft(vec![]);
    first.candidates.push(held.clone());
    let mut renewed = draft(vec![]);
    renewed.candidates.push(Candidate { summary: "New.".into(), ..held });
    let say = |t: String| t.replace("summary = \"\"\nlink", "summary = \"\"\nwhy = \"Mine.\"\nlink");
    for (theirs, notes, note) in [
        (&renewed, 0, "there is news of the candidate"),
        (&draft(vec![item("wa", "New.")]), 0, "it is an item by now, with an empty why"),
        (&draft(vec![]), 1, "it is no longer proposed"),
    ] {
        let done = run(&first, say, theirs);
        assert!(done.text.contains("why = \"Mine.\""), "{note}: {}", done.text);
        assert_eq!(done.notes.len(), notes, "{note}: {:?}", done.notes);
        let again = regenerate(Some(&done.base), Some(&done.text), theirs, &topics(), &[]).expect("merges");
        assert_eq!(again.text, done.text, "{note}, once more");
    }
}

#[test]
fn what_a_person_took_goes_where_it_said_when_they_took_it() {
    let taken = Candidate {
        id: "wa".into(),
        section: "evidence".into(),
        title: "Title wa".into(),
        link: "https://example.org/wa".into(),
        ..Candidate::default()
    };
    let mut first = draft(vec![item("wb", "B.")]);
    first.candidates = vec![taken.clone(), Candidate { id: "wc".into(), ..taken }];
    let mut compact = item("wa", "A.");
    compact.section = super::super::MORE.into();
    let mut second = draft(vec![item("wb", "B."), compact]);
    second.candidates = vec![first.candidates[1].clone()];
    let say =
        |word: &'static str| move |t: String| t.replacen("keep = false\nreason", &format!("keep = {word}\nreason"), 1);
    for word in ["true", "\"keep\"", "\"maybe\"", "\"drop\"", "\"mybe\""] {
        let done = run(&first, say(word), &second);
        let read = super::super::parse(&done.text, "f").0.expect("a draft");
        let held = read.candidates.iter().find(|c| c.id == "wa").expect("it stays a candidate");
        assert_eq!((held.section.as_str(), held.summary.as_str()), ("evidence", "A."), "{word}");
        for heading in ["# ── Candidates, best first · 2 proposed ─", "link only) · 0 proposed ─"] {
            assert!(done.text.contains(heading), "{word}: {heading} is missing in\n{}", done.text);
        }
        assert_eq!(done.notes, Vec::<String>::new(), "{word}");
    }
    // Made an item by hand where it stood, it is taken all the same.
    let by_hand = |t: String| {
        t.replacen("[[candidate]]\nid = \"wa\"\nkeep = false\nreason = \"\"\n", "[[item]]\nid = \"wa\"\n", 1)
    };
    let done = run(&first, by_hand, &second);
    let read = super::super::parse(&done.text, "f").0.expect("a draft");
    assert_eq!(read.items.iter().find(|i| i.id == "wa").map(|i| i.section.as_str()), Some("evidence"));
    // What nobody took moves with the news.
    assert!(run(&first, |t| format!("{t}# mine\n"), &second).text.contains("section = \"more\""));
}

#[test]
fn new_items_go_to_the_end_of_their_section() {
    let mut other = item("wc", "C.");
    other.section = "advocacy".into();
    let first = draft(vec![item("wa", "A."), other.clone()]);
    let second = draft(vec![item("wa", "A."), item("wb", "B."), other]);
    let done = run(&first, |t| format!("{t}\n# mine, at the end\n"), &second);
    let order: Vec<usize> = ["\"wa\"", "\"wb\"", "# ── Advocacy", "\"wc\"", "# mine, at the end"]
        .iter()
        .map(|w| done.text.find(w).unwrap_or_else(|| panic!("{w} is missing in\n{}", done.text)))
        .collect();
    assert!(order.is_sorted(), "{}", done.text);
    assert!(done.text.contains("# ── Evidence · 2 proposed"));
}

#[test]
fn an_answer_stays_without_a_note_when_the_question_is_gone() {
    let mut first = draft(vec![]);
    first.decisions.push(Decision { id: "scope wa".into(), question: "In scope?".into(), ..Decision::default() });
    let done = run(&first, |t| t.replace("answer = \"\"", "answer = \"in\""), &draft(vec![]));
    assert!(done.text.contains("answer = \"in\""));
    assert_eq!(done.notes, Vec::<String>::new());
}

#[test]
fn words_that_both_came_to_stay_the_persons() {
    let (first, second, third) = (draft(vec![]), draft(vec![]), draft(vec![]));
    let named = |d: &Draft, s: &str| Draft { subject: s.into(), ..d.clone() };
    let agreed = run(&first, |t| t.replace("Old subject", "Good subject"), &named(&second, "Good subject"));
    let last = regenerate(Some(&agreed.base), Some(&agreed.text), &named(&third, "Other"), &topics(), &[]);
    assert!(last.expect("merges").text.contains("Good subject"));
}

#[test]
fn windows_line_ends_and_the_mark_survive() {
    let first = draft(vec![item("wa", "A.")]);
    let dress = |t: String| format!("\u{feff}{}", t.replace("why = \"\"", "why = \"Mine\"").replace('\n', "\r\n"));
    let done = run(&first, dress, &draft(vec![item("wa", "New."), item("wb", "B.")]));
    assert!(done.text.starts_with('\u{feff}'));
    assert_eq!(done.text.matches('\n').count(), done.text.matches("\r\n").count());
    assert!(done.text.contains("summary = \"New.\"\r\nwhy = \"Mine\"\r\n"), "{}", done.text);
}

#[test]
fn a_file_that_cannot_be_understood_is_refused() {
    let theirs = draft(vec![item("wa", "A.")]);
    for (id, mine, line, message) in [
        ("broken", "month = \"2026-10\"\nsubject = \"x\nnote = \"\"\n", 2, "invalid"),
        ("other-month", "# mine\nmonth = \"2026-09\"\n", 2, "the file says month \"2026-09\""),
        ("empty", "", 1, "the file does not say its month"),
        ("foreign-table", "month = \"2026-10\"\n[item]\nid = \"wa\"\n", 2, "a draft has no table"),
    ] {
        let problems = regenerate(None, Some(mine), &theirs, &topics(), &[]).expect_err(id);
        let first = problems.first().expect("a problem");
        assert_eq!(first.place.line, line, "{id}: {first}");
        assert!(first.message.contains(message), "{id}: {first}");
    }
}

#[test]
fn without_a_base_everything_is_a_persons() {
    let mine = write(&draft(vec![item("wa", "A person's.")]), &topics(), &[]);
    let done = regenerate(None, Some(&mine), &draft(vec![item("wa", "New."), item("wb", "B.")]), &topics(), &[])
        .expect("merges");
    assert!(done.text.contains("A person's.") && done.text.contains("\"wb\""));
    assert_eq!(done.notes.len(), 1);
    let fresh = regenerate(None, None, &draft(vec![]), &topics(), &[]).expect("writes");
    assert_eq!(fresh.text, fresh.base);
}

#[test]
fn a_draft_of_before_there_were_reasons_is_read_and_left_as_it_is() {
    let candidate = |id: &str| Candidate {
        id: id.into(),
        section: "evidence".into(),
        title: format!("Title {id}"),
        ..Candidate::default()
    };
    let mut first = draft(vec![item("wa", "A.")]);
    first.candidates = vec![candidate("wb"), candidate("wc")];
    let old = write(&first, &topics(), &[]).replace("reason = \"\"\nsection", "section");
    let (read, problems) = super::super::parse(&old, "f");
    assert_eq!((read.map(|d| d.candidates.len()), problems), (Some(2), vec![]));
    let mine = old.replacen("keep = false\nsection", "keep = true\nsection", 1);
    let done = regenerate(Some(&old), Some(&mine), &first, &topics(), &[]).expect("merges");
    assert_eq!(done.text, mine, "a file that people work on is not given new lines");
    let again = regenerate(Some(&done.base), Some(&done.text), &first, &topics(), &[]).expect("merges");
    assert_eq!((&again.text, &again.base), (&mine, &done.base));
    // What comes new has the line, and what goes untouched goes.
    first.candidates = vec![candidate("wb"), candidate("wd")];
    let news = regenerate(Some(&again.base), Some(&again.text), &first, &topics(), &[]).expect("merges");
    assert_eq!(news.text.matches("reason = \"\"\nsection").count(), 1, "{}", news.text);
    assert!(news.text.contains("\"wd\"") && !news.text.contains("\"wc\""), "{}", news.text);
}

#[test]
fn what_is_dropped_stays_in_its_file_without_a_note() {
    let mut first = draft(vec![item("wa", "A.")]);
    first.candidates.push(Candidate {
        id: "wb".into(),
        section: "evidence".into(),
        title: "B".into(),
        ..Candidate::default()
    });
    let say = |word: &'static str| {
        move |t: String| t.replace("keep = false\nreason = \"\"", &format!("keep = {word}\nreason = \"mine\""))
    };
    for (word, notes) in [("\"drop\"", 0), ("\"maybe\"", 1), ("true", 1)] {
        let done = run(&first, say(word), &draft(vec![item("wa", "A.")]));
        assert!(done.text.contains(&format!("keep = {word}\nreason = \"mine\"")), "{word}: {}", done.text);
        assert_eq!(done.notes.len(), notes, "{word}: {:?}", done.notes);
    }
}
