//! Changes of the desk: made in the file, beside other people, without the right to write the database.

use std::fs;

use roundup::clock::FixedClock;
use roundup::draft::{Edit, FieldKey, TopKey};
use roundup::fetch::Live;
use roundup::model::{Choice, Month as IssueMonth};
use roundup::pipeline::curate::{self, DraftFile, Outcome};
use roundup::pipeline::{self, Ctx, Home, history, load_config};
use roundup::store::DraftBy;

use crate::support::{Month, block_on};

fn october() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

/// A home with a draft of October. One process holds the right to write all the while; the desk only reads.
struct House {
    month: Month,
    writer: Ctx,
    desk: Ctx,
}

impl House {
    fn start() -> Self {
        let month = block_on(Month::start());
        let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
        let small = feeds.replace("\nitems = 30\n", "\nitems = 6\n").replace("\nmore = 8\n", "\nmore = 0\n");
        month.bench.write("feeds.toml", small);
        let writer = month.open("2026-11-01T03:00:00Z");
        let line = |n: usize| {
            format!(
                "{{\"id\":\"p{n}\",\"title\":\"Support number {n} for mothers with postnatal depression in Kenya\",\
                 \"published\":\"2026-10-06\",\"entered\":\"2026-10-06\",\"url\":\"https://example.org/{n}\",\
                 \"abstract\":\"We studied postnatal depression of mothers in place {n} of Kenya.\"}}\n"
            )
        };
        let lines: String = (0..14).map(line).collect();
        pipeline::import(&writer, "a.jsonl", lines.as_bytes(), false).unwrap();
        pipeline::judge(&writer).unwrap();
        pipeline::draft(&writer, october(), false).unwrap();
        let home = Home::new(month.bench.path());
        let config = load_config(&home).unwrap().0.unwrap();
        let clock = Box::new(FixedClock("2026-11-01T04:00:00Z".parse().unwrap()));
        let desk = Ctx::open(home, config, clock, Box::new(Live::new().unwrap()), None).unwrap();
        Self { month, writer, desk }
    }

    fn seen(&self) -> DraftFile {
        curate::read_draft(&self.desk, october()).unwrap().unwrap()
    }

    fn change(&self, seen: &DraftFile, edits: &[Edit]) -> Outcome {
        curate::change(&self.desk, october(), &seen.sum, edits).unwrap()
    }

    /// Saves the file as a text editor does.
    fn save(&self, text: &str) {
        self.month.bench.write("drafts/2026-10.toml", text);
    }

    fn file(&self) -> String {
        fs::read_to_string(self.desk.home.draft(october())).unwrap()
    }
}

fn summary(id: &str, text: &str) -> Edit {
    Edit::Field { id: id.to_owned(), key: FieldKey::Summary, text: text.to_owned() }
}

#[test]
fn a_change_is_in_the_file_while_another_process_may_write_the_database() {
    let house = House::start();
    let seen = house.seen();
    let id = seen.draft.as_ref().unwrap().items[0].id.clone();
    let Outcome::Saved { before, now, is_joined } = house.change(&seen, &[summary(&id, "Found much.")]) else {
        panic!("it is saved");
    };
    assert_eq!((before.sum, is_joined, now.text.as_str()), (seen.sum, false, house.file().as_str()));
    assert_eq!(now.draft.unwrap().items[0].summary, "Found much.");
    let versions = history::versions(&house.desk, october(), 10).unwrap();
    assert_eq!(versions.iter().map(|v| v.by).collect::<Vec<_>>(), [DraftBy::Desk, DraftBy::Draft]);
    assert_eq!(pipeline::draft(&house.writer, october(), false).unwrap().notes, Vec::<String>::new());
    assert!(house.file().contains("Found much."), "the machine leaves it");
}

#[test]
fn two_people_on_different_papers_lose_nothing_and_on_the_same_words_see_both() {
    let house = House::start();
    let seen = house.seen();
    let ids: Vec<String> = seen.draft.as_ref().unwrap().items.iter().map(|i| i.id.clone()).collect();
    assert!(matches!(house.change(&seen, &[summary(&ids[0], "Ada’s words.")]), Outcome::Saved { .. }));
    // Ben still sees the first text; an editor has added a remark meanwhile.
    house.save(&house.file().replacen("\n[[item]]\n", "\n# ask Ana\n[[item]]\n", 1));
    let drop = Edit::Choice { id: ids[1].clone(), choice: Some(Choice::Drop) };
    let Outcome::Saved { is_joined, .. } = house.change(&seen, &[drop]) else { panic!("it is saved") };
    assert!(is_joined);
    let text = house.file();
    assert!(["Ada’s words.", "# ask Ana", "keep = \"drop\""].iter().all(|w| text.contains(w)), "all three are there");

    let both = [summary(&ids[2], "untouched by others"), summary(&ids[0], "Ben’s words.")];
    let Outcome::Clash { clashes, .. } = house.change(&seen, &both) else { panic!("it clashes") };
    let told: Vec<[&str; 4]> = clashes.iter().map(|c| [c.id.as_str(), &c.key, &c.now, &c.wanted]).collect();
    assert_eq!(told, [[ids[0].as_str(), "summary", "Ada’s words.", "Ben’s words."]]);
    assert_eq!(house.file(), text, "nothing is written, also not the part that clashes with nobody");
    assert!(matches!(house.change(&house.seen(), &both), Outcome::Saved { .. }), "having seen it, Ben may");
}

#[test]
fn a_page_that_nobody_knows_or_a_change_that_cannot_be_made_changes_nothing() {
    let house = House::start();
    let seen = house.seen();
    let subject = Edit::Top { key: TopKey::Subject, text: "New".to_owned() };
    for (sum, edits, note) in [
        ("0".repeat(64), vec![subject.clone()], "an old page"),
        (String::new(), vec![subject.clone()], "no page"),
        (seen.sum.clone(), vec![subject.clone(), summary("wnothere", "x")], "one of two cannot be made"),
    ] {
        let outcome = curate::change(&house.desk, october(), &sum, &edits).unwrap();
        let Outcome::Refused(problems) = outcome else { panic!("{note}: {outcome:?}") };
        assert!(problems.iter().all(|p| !p.help.is_empty()), "{note}: it says what to do");
        assert_eq!(house.file(), seen.text, "{note}");
    }
    let Outcome::Saved { now, .. } = house.change(&seen, &[]) else { panic!("nothing is asked for") };
    assert_eq!(now.text, seen.text);
    fs::remove_file(house.desk.home.draft(october())).unwrap();
    let gone = curate::change(&house.desk, october(), &seen.sum, &[subject]).unwrap_err();
    assert_eq!(gone.to_string(), "there is no draft of 2026-10");
}

#[test]
fn undo_takes_one_change_back_and_leaves_what_came_since() {
    let house = House::start();
    let seen = house.seen();
    let ids: Vec<String> = seen.draft.as_ref().unwrap().items.iter().map(|i| i.id.clone()).collect();
    let Outcome::Saved { before, now, .. } = house.change(&seen, &[summary(&ids[0], "First.")]) else { panic!() };
    let Outcome::Saved { now: later, .. } = house.change(&now, &[summary(&ids[1], "Second.")]) else { panic!() };
    let back = curate::take_back(&house.desk, october(), &before.text, &now.text).unwrap();
    assert!(matches!(back, Outcome::Saved { is_joined: true, .. }), "{back:?}");
    let text = house.file();
    assert!(!text.contains("First.") && text.contains("Second."));
    assert!(matches!(house.change(&later, &[summary(&ids[1], "Third.")]), Outcome::Saved { .. }));
    let refused = curate::take_back(&house.desk, october(), &now.text, &later.text).unwrap();
    assert!(matches!(refused, Outcome::Refused(_)), "what was changed again since is left: {refused:?}");
}

#[test]
fn news_that_comes_while_people_curate_stands_beside_and_nothing_leaves() {
    let house = House::start();
    let first = house.seen();
    let (items, candidates) = ids(&first);
    let edits = [
        Edit::Choice { id: items[0].clone(), choice: Some(Choice::Drop) },
        summary(&items[1], "A person’s words."),
        Edit::Choice { id: candidates[0].clone(), choice: Some(Choice::Keep) },
    ];
    assert!(matches!(house.change(&first, &edits), Outcome::Saved { .. }));
    // Trials in Kenya fit better than all that is there: `draft` would put them into the issue.
    let line = |n: usize| {
        format!(
            "{{\"id\":\"t{n}\",\"title\":\"A cluster randomised trial {n} of support for mothers with postnatal depression in \
             Kenya\",\"published\":\"2026-10-20\",\"entered\":\"2026-10-20\",\"url\":\"https://example.org/t{n}\",\"abstract\":\
             \"We randomised clinics. Depression fell in place {n}. Conclusion: support works in Kenya.\"}}\n"
        )
    };
    let lines: String = (0..40).map(line).collect();
    pipeline::import(&house.writer, "b.jsonl", lines.as_bytes(), false).unwrap();
    pipeline::judge(&house.writer).unwrap();
    pipeline::draft_beside(&house.writer, october()).unwrap();
    let (now_items, now_candidates) = ids(&house.seen());
    assert_eq!(now_items, items[1..], "nothing leaves the issue, nothing comes into it, nothing moves");
    assert!(candidates.iter().all(|c| now_candidates.contains(c)), "no candidate goes");
    assert!(now_candidates.len() > candidates.len() + 1, "news is among the candidates");
    let text = house.file();
    assert!(text.contains("A person’s words."));
    pipeline::draft_beside(&house.writer, october()).unwrap();
    assert_eq!(house.file(), text, "a second time there is no news");
    pipeline::draft(&house.writer, october(), false).unwrap();
    let after = house.seen();
    let said = &after.draft.as_ref().unwrap().items.iter().find(|i| i.id == items[1]).expect("it stays").summary;
    assert_eq!(said, "A person’s words.", "what a person wrote never becomes the machine's");
    assert!(ids(&after).0.len() > items.len() - 1, "a draft on the 1st takes the news in");
}

/// Returns the ids of the items and of the candidates in a file.
fn ids(file: &DraftFile) -> (Vec<String>, Vec<String>) {
    let draft = file.draft.as_ref().unwrap();
    let items = draft.items.iter().map(|i| i.id.clone()).collect();
    (items, draft.candidates.iter().map(|c| c.id.clone()).collect())
}
