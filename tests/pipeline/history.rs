//! Every text that a draft had is kept and can be put back, and nobody's words are lost to a save in between.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use roundup::model::Month as IssueMonth;
use roundup::pipeline::{self, Ctx, Error, history};
use roundup::store::DraftBy;

use crate::support::{Month, block_on};

fn october() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

/// Twelve invented papers; with later numbers they fit better, so that they push earlier ones out.
fn lines(from: usize, design: &str) -> String {
    let line = |n: usize| {
        format!(
            "{{\"id\":\"p{n}\",\"title\":\"{design} number {n} for mothers with postnatal depression in Kenya\",\"authors\":[\
             \"Author{n} Maria\"],\"published\":\"2026-10-06\",\"entered\":\"2026-10-06\",\"url\":\"https://example.org/{n}\",\
             \"abstract\":\"We studied postnatal depression of mothers in place {n} of Kenya.\"}}\n"
        )
    };
    (from..from + 12).map(line).collect()
}

/// A home with a small draft of October.
struct House {
    _month: Month,
    ctx: Ctx,
}

impl House {
    fn start() -> Self {
        let month = block_on(Month::start());
        let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
        let small = feeds.replace("\nitems = 30\n", "\nitems = 3\n").replace("\nmore = 8\n", "\nmore = 0\n");
        month.bench.write("feeds.toml", small.replace("\ncandidates = 60\n", "\ncandidates = 5\n"));
        let ctx = month.open("2026-11-01T03:00:00Z");
        let house = Self { _month: month, ctx };
        house.import("a.jsonl", &lines(0, "Commentary"));
        house.draft();
        house
    }

    fn import(&self, name: &str, lines: &str) {
        pipeline::import(&self.ctx, name, lines.as_bytes(), false).unwrap();
    }

    /// Drafts and returns how many words of people were taken in.
    fn draft(&self) -> usize {
        pipeline::judge(&self.ctx).unwrap();
        pipeline::draft(&self.ctx, october(), false).unwrap().choices
    }

    fn path(&self) -> PathBuf {
        self.ctx.home.draft(october())
    }

    fn file(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// Changes the file as a person does.
    fn edit(&self, change: impl Fn(&str) -> String) -> String {
        let text = change(&self.file());
        assert_ne!(text, self.file());
        fs::write(self.path(), &text).unwrap();
        text
    }

    /// What is kept, oldest first.
    fn told(&self) -> Vec<String> {
        let all = history::versions(&self.ctx, october(), usize::MAX).unwrap();
        let line = |v: &history::Version| {
            let now = if v.is_current { " now" } else { "" };
            format!("{} {} [{}]{now}", v.number, v.by.as_str(), v.changes.join("; "))
        };
        all.iter().rev().map(line).collect()
    }

    fn restore(&self, number: u64) -> history::Restored {
        history::restore(&self.ctx, october(), number, false).unwrap()
    }

    /// Returns how many words on papers count.
    fn standing(&self) -> usize {
        self.ctx.store.standing_choices().unwrap().len()
    }
}

fn with_note(text: &str) -> String {
    text.replacen("note = \"\"\"\n\"\"\"", "note = \"\"\"\nDear all\n\"\"\"", 1)
}

/// Takes the first block of a kind out, as a person does.
fn without_one(text: &str, header: &str) -> String {
    let start = text.find(header).unwrap();
    let end = text[start..].find("\n\n").map_or(text.len(), |n| start + n + 1);
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn each_text_is_kept_with_who_wrote_it() {
    let house = House::start();
    assert_eq!(house.told(), ["1 draft [] now"]);
    assert_eq!(house.draft(), 0);
    assert_eq!(house.told(), ["1 draft [] now"], "nothing new, no new text");
    let edited = house.edit(with_note);
    house.draft();
    let broken = house.edit(|text| format!("{text}\n[[item\n"));
    pipeline::draft(&house.ctx, october(), false).unwrap_err();
    fs::write(house.path(), &edited).unwrap();
    house.import("b.jsonl", &lines(20, "Cluster randomised trial"));
    house.draft();
    assert_eq!(
        house.told(),
        [
            "1 draft []",
            "2 found [changed your note]",
            "3 found [it cannot be read as a draft]",
            "4 found [it can be read as a draft again]",
            "5 draft [put into the issue: 3 papers; took out of the issue: 3 papers; new among the candidates: 5 papers; \
             no longer among the candidates: 5 papers; changed the preheader; “Cluster randomised trial number 29 for \
             mothers with…” stands first now] now",
        ]
    );
    assert_eq!(history::text_of(&house.ctx, october(), 2).unwrap(), edited);
    assert_eq!(history::text_of(&house.ctx, october(), 3).unwrap(), broken);
    let newest: Vec<u64> =
        history::versions(&house.ctx, october(), 2).unwrap().iter().map(|version| version.number).collect();
    assert_eq!(newest, [5, 4]);
}

#[test]
fn a_draft_that_is_put_back_takes_nothing_for_dropped() {
    for (is_known, note) in [(true, "the base is known"), (false, "it was kept before bases were")] {
        let house = House::start();
        let first = house.file();
        house.import("b.jsonl", &lines(20, "Cluster randomised trial"));
        house.draft();
        let second = house.file();
        if !is_known {
            let db = rusqlite::Connection::open(house.ctx.home.database()).unwrap();
            db.execute("UPDATE draft_version SET base = NULL", []).unwrap();
        }
        let restored = house.restore(1);
        assert_eq!((restored.is_changed, restored.kept), (true, Some(2)), "{note}");
        assert_eq!(house.file(), first, "{note}");
        assert_eq!(house.draft(), 0, "what the machine had added was taken out by nobody: {note}");
        assert_eq!(house.standing(), 0, "{note}");
        let ids = |text: &str| {
            roundup::draft::parse(text, "d").0.unwrap().items.into_iter().map(|i| i.id).collect::<Vec<_>>()
        };
        let after = ids(&house.file());
        assert!(ids(&second).iter().all(|id| after.contains(id)), "the news comes in again: {note}");
        if is_known {
            assert_eq!(house.file(), second, "as it did the first time");
        }
    }
}

#[test]
fn what_a_person_took_out_comes_back_with_the_text() {
    let house = House::start();
    house.edit(with_note);
    house.draft();
    let whole = house.file();
    house.edit(|text| without_one(text, "[[candidate]]"));
    assert_eq!((house.draft(), house.standing()), (1, 1));
    assert_eq!(house.restore(2).number, 2);
    assert_eq!((house.draft(), house.standing()), (1, 0), "the word is taken back, once");
    assert_eq!((house.file(), house.draft()), (whole, 0));
    // And what was out when a text was kept is out with it.
    let out = house
        .ctx
        .store
        .draft_versions(october())
        .unwrap()
        .iter()
        .find(|v| v.by == DraftBy::Found && v.number > 2)
        .unwrap()
        .number;
    house.restore(out);
    assert_eq!((house.draft(), house.standing()), (1, 1));
}

#[test]
fn a_lost_file_can_be_put_back() {
    let house = House::start();
    let text = house.edit(with_note);
    house.draft();
    fs::remove_file(house.path()).unwrap();
    assert_eq!(house.told(), ["1 draft []", "2 found [changed your note]"]);
    let restored = house.restore(2);
    assert_eq!((restored.is_changed, restored.kept), (true, None));
    assert_eq!((house.file(), house.draft(), house.standing()), (text, 0, 0));
    assert_eq!(house.told(), ["1 draft []", "2 found [changed your note] now"]);
}

#[test]
fn what_lies_there_is_kept_first_and_only_when_it_changes() {
    let house = House::start();
    let first = house.file();
    let edited = house.edit(with_note);
    let planned = history::restore(&house.ctx, october(), 1, true).unwrap();
    let changed: Vec<String> = planned
        .difference
        .iter()
        .filter(|l| matches!(l.side, roundup::draft::Side::Old | roundup::draft::Side::New))
        .map(|l| format!("{:?} {}", l.side, l.text))
        .collect();
    assert_eq!(changed, ["Old Dear all"]);
    assert_eq!((house.file(), house.told().len(), planned.kept), (edited.clone(), 1, None), "nothing was written");
    assert_eq!(house.restore(1).kept, Some(2));
    assert_eq!(
        (house.file(), house.told()),
        (
            first,
            vec!["1 draft []".into(), "2 found [changed your note]".into(), "3 restore [changed your note] now".into()]
        )
    );
    let again = house.restore(1);
    assert_eq!((again.is_changed, again.difference, house.told().len()), (false, vec![], 3));
    house.restore(2);
    assert_eq!(house.file(), edited, "and back again");
}

#[test]
fn what_is_not_there_is_said() {
    let house = House::start();
    let said = |outcome: pipeline::Result<history::Restored>| match outcome {
        Err(Error::Missing(text)) => text,
        other => panic!("{other:?}"),
    };
    let september = IssueMonth::parse("2026-09").unwrap();
    assert_eq!(
        said(history::restore(&house.ctx, september, 1, false)),
        "no text of a draft of 2026-09 is kept; of these months there is: 2026-10"
    );
    for number in [0, 2, u64::MAX] {
        assert_eq!(
            said(history::restore(&house.ctx, october(), number, false)),
            format!(
                "the draft of 2026-10 has no text number {number}, only 1 to 1; `roundup draft history 2026-10` lists them"
            )
        );
    }
    // A text of another month, and a newer month beside it.
    let other = house.file().replace("2026-10", "2026-09");
    let now = house.ctx.clock.now();
    let number = house.ctx.store.keep_draft(october(), &other, DraftBy::Desk, now).unwrap();
    house.ctx.store.keep_draft(october().next(), "x", DraftBy::Desk, now).unwrap();
    assert_eq!(
        house.restore(number).notes,
        [
            "it says month = \"2026-09\": write month = \"2026-10\" at its top",
            "there is a draft of a newer month, 2026-11; it stays as it is"
        ]
    );
}

#[test]
fn a_save_in_between_is_not_overwritten() {
    let mut house = House::start();
    house.import("b.jsonl", &lines(20, "Cluster randomised trial"));
    let (path, rounds) = (house.path(), Rc::new(Cell::new(0)));
    let saves = |times: usize| -> Box<dyn Fn(&str)> {
        let (path, rounds) = (path.clone(), Rc::clone(&rounds));
        Box::new(move |what| {
            if what == "choosing papers" {
                rounds.set(rounds.get() + 1);
                if rounds.get() <= times {
                    let text = fs::read_to_string(&path).unwrap();
                    fs::write(&path, format!("{text}\n# saved in round {}\n", rounds.get())).unwrap();
                }
            }
        })
    };
    house.ctx.progress = saves(2);
    house.draft();
    assert_eq!(rounds.get(), 3);
    let text = house.file();
    assert!(text.contains("# saved in round 1\n") && text.contains("# saved in round 2\n"), "{text}");
    assert!(text.contains("Cluster randomised trial"), "the news is there");
    rounds.set(0);
    house.ctx.progress = saves(9);
    let error = pipeline::draft(&house.ctx, october(), false).unwrap_err().to_string();
    assert!(error.starts_with("drafts/2026-10.toml was changed by somebody each of the 3 times"), "{error}");
    assert_eq!(house.file().matches("# saved in round").count(), 5, "every save is there");
    house.ctx.progress = Box::new(|_| {});
    assert_eq!(house.draft(), 0, "a quiet file is drafted again");
}

/// A clock that stands still; somebody saves the file while it is looked at, so many times.
struct SavedMeanwhile {
    path: PathBuf,
    times: std::sync::atomic::AtomicUsize,
}

impl roundup::clock::Clock for SavedMeanwhile {
    fn now(&self) -> jiff::Timestamp {
        use std::sync::atomic::Ordering::Relaxed;
        if self.times.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
            let text = fs::read_to_string(&self.path).unwrap_or_default();
            fs::write(&self.path, format!("{text}# saved meanwhile\n")).unwrap();
        }
        "2026-11-01T03:00:00Z".parse().unwrap()
    }
}

#[test]
fn a_save_while_a_text_is_put_back_is_kept() {
    for (times, is_there, note) in [
        (1, true, "once"),
        (3, true, "again and again, but not for ever"),
        (1, false, "the file was gone, and comes back by itself"),
        (99, true, "for ever"),
    ] {
        let mut house = House::start();
        let first = house.file();
        house.edit(with_note);
        if !is_there {
            fs::remove_file(house.path()).unwrap();
        }
        house.ctx.clock = Box::new(SavedMeanwhile { path: house.path(), times: times.into() });
        let restored = history::restore(&house.ctx, october(), 1, false);
        if times > 9 {
            let error = restored.unwrap_err().to_string();
            assert!(error.contains("is being changed by another program again and again"), "{note}: {error}");
            assert!(house.file().contains("# saved meanwhile"), "{note}");
        } else {
            let kept = restored.unwrap().kept.unwrap();
            assert_eq!(house.file(), first, "{note}");
            let text = history::text_of(&house.ctx, october(), kept).unwrap();
            assert_eq!(text.matches("# saved meanwhile").count(), times, "{note}: every save is kept");
        }
        assert_eq!(house.ctx.store.pending(october()).unwrap(), None, "{note}");
    }
}
