//! What people say of papers' places: taken in from the draft file, heeded in the next one, and kept
//! through joins, partings and rebuilds.

use std::fs;
use std::path::PathBuf;

use roundup::draft;
use roundup::model::{Choice, Draft, Month as IssueMonth, RecordKey, WorkId};
use roundup::pipeline::choose::{self, Saying};
use roundup::pipeline::{self, Ctx, merging};
use roundup::store::{Answer, ChoiceRow};

use crate::support::{Month, block_on};

const OCTOBER: &str = "2026-11-01T03:00:00Z";
const NOVEMBER: &str = "2026-12-01T03:00:00Z";

/// Eight papers of October, and what they are about.
const PAPERS: [(&str, &str); 8] = [
    ("Walking groups for mothers with postnatal depression in rural Kenya", "walking"),
    ("Antenatal anxiety among teachers in Blantyre, Malawi", "anxiety"),
    ("Screening for perinatal depression by midwives in Nepal", "screening"),
    ("Fathers and postnatal distress in Uganda: an interview study", "fathers"),
    ("Telephone counselling after birth in Bangladesh for depression", "telephone"),
    ("Sleep and postpartum depression in two clinics of Ghana", "sleep"),
    ("Violence in pregnancy and maternal depression in Peru", "violence"),
    ("Music and antenatal depression in Vietnam: a cohort", "music"),
];

fn issue(text: &str) -> IssueMonth {
    IssueMonth::parse(text).unwrap()
}

fn october() -> IssueMonth {
    issue("2026-10")
}

/// A home in which a draft holds two items and the rest are candidates.
struct House {
    month: Month,
    ctx: Ctx,
}

impl House {
    async fn start() -> Self {
        Self::with(PAPERS.len()).await
    }

    /// As [`start`](Self::start), with so many papers: those of the table, then more of the same kind.
    async fn with(count: usize) -> Self {
        let month = Month::start().await;
        let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
        let small = feeds.replace("\nitems = 30\n", "\nitems = 2\n").replace("\nmore = 8\n", "\nmore = 0\n");
        month.bench.write("feeds.toml", small);
        let ctx = month.open(OCTOBER);
        let mut lines = String::new();
        for n in 0..count {
            let other = format!("Depression of mothers after birth in district {n} of Kenya");
            let (title, word) = PAPERS.get(n).copied().unwrap_or((&other, "districts"));
            lines.push_str(&format!(
                "{{\"id\":\"paper-{n}\",\"title\":\"{title}\",\"authors\":[\"Author{n} Maria\"],\"journal\":\"Journal of \
                 Invented Health\",\"year\":2026,\"published\":\"2026-10-05\",\"entered\":\"2026-10-06\",\"url\":\
                 \"https://example.org/{n}\",\"abstract\":\"We studied {word} and depression of mothers around birth.\"}}\n"
            ));
        }
        pipeline::import(&ctx, "papers.jsonl", lines.as_bytes(), false).unwrap();
        let house = Self { month, ctx };
        house.draft();
        house
    }

    /// Opens the home on another day.
    fn on(self, now: &str) -> Self {
        let Self { month, ctx } = self;
        drop(ctx);
        let ctx = month.open(now);
        Self { month, ctx }
    }

    fn path(&self, month: &str) -> PathBuf {
        self.month.bench.path().join(format!("drafts/{month}.toml"))
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path("2026-10")).unwrap()
    }

    fn edit(&self, change: impl FnOnce(String) -> String) {
        let text = self.text();
        let new = change(text.clone());
        assert_ne!(new, text, "the edit does something");
        fs::write(self.path("2026-10"), new).unwrap();
    }

    /// Drafts October; returns how many choices were taken in.
    fn draft(&self) -> usize {
        pipeline::judge(&self.ctx).unwrap();
        pipeline::draft(&self.ctx, october(), false).unwrap().choices
    }

    fn read(&self, month: &str) -> Draft {
        let text = fs::read_to_string(self.path(month)).unwrap();
        draft::parse(&text, "f").0.unwrap()
    }

    fn items(&self) -> Vec<String> {
        self.read("2026-10").items.into_iter().map(|i| i.id).collect()
    }

    fn candidates(&self) -> Vec<String> {
        self.read("2026-10").candidates.into_iter().map(|c| c.id).collect()
    }

    fn choice(&self, id: &str) -> Option<ChoiceRow> {
        self.ctx.store.choice_of(&WorkId::parse(id).unwrap()).unwrap()
    }

    fn word(&self, id: &str) -> Option<Choice> {
        self.choice(id).and_then(|r| r.choice)
    }

    fn rows(&self) -> usize {
        self.ctx.store.all_choices().unwrap().len()
    }

    fn say(&self, id: &str, choice: Option<Choice>, reason: &str) {
        let saying = Saying { choice, month: october(), who: "Ada", reason };
        let id = WorkId::parse(id).unwrap();
        self.ctx.store.transaction(|_| choose::say(&self.ctx, &id, &saying)).unwrap();
    }
}

/// Puts a word behind `keep =` of a candidate, and a reason.
fn keep(text: &str, id: &str, word: &str, reason: &str) -> String {
    let at = text.find(&format!("id = \"{id}\"\nkeep = ")).expect("the candidate");
    let (head, tail) = text.split_at(at);
    let (block, rest) = tail.split_once("\n\n").expect("its end");
    let lines = block.lines().map(|line| match line.split(' ').next() {
        Some("keep") => format!("keep = {word}"),
        Some("reason") => format!("reason = \"{reason}\""),
        _ => line.to_owned(),
    });
    format!("{head}{}\n\n{rest}", lines.collect::<Vec<_>>().join("\n"))
}

/// Takes a block out of a text; returns the text and the block.
fn cut(text: &str, id: &str) -> (String, String) {
    let at = text.find(&format!("]]\nid = \"{id}\"")).expect("the block");
    let (head, tail) = text.split_at(at);
    let start = head.rfind("\n\n").expect("an empty line") + 2;
    let end = at + tail.find("\n\n").expect("its end") + 2;
    (format!("{}{}", &text[..start], &text[end..]), text[start..end].to_owned())
}

#[test]
fn what_people_do_to_a_draft_is_taken_in_and_heeded() {
    block_on(async {
        let house = House::start().await;
        let (items, candidates) = (house.items(), house.candidates());
        assert_eq!((items.len(), candidates.len(), house.rows()), (2, 6, 0), "a fresh draft says nothing");
        let [kept, put_off, dropped, ..] = candidates.as_slice() else { panic!("candidates") };
        house.edit(|t| {
            let t = keep(&t, kept, "true", "clear and short");
            let t = keep(&t, put_off, "\"maybe\"", "is a larger one coming?");
            cut(&keep(&t, dropped, "\"drop\"", "not ours"), &items[0]).0
        });
        let dry = pipeline::draft(&house.ctx, october(), true).unwrap();
        assert_eq!((dry.choices, house.rows()), (4, 0), "a dry run stores nothing");
        assert_eq!(house.draft(), 4);
        let told = |id: &str| house.choice(id).map(|r| (r.choice.unwrap(), r.who, r.month.unwrap(), r.reason)).unwrap();
        let file = |choice, reason: &str| (choice, "draft file".to_owned(), october(), reason.to_owned());
        assert_eq!(told(kept), file(Choice::Keep, "clear and short"));
        assert_eq!(told(put_off), file(Choice::Maybe, "is a larger one coming?"));
        assert_eq!(told(dropped), file(Choice::Drop, "not ours"));
        assert_eq!(told(&items[0]), file(Choice::Drop, ""));
        assert_eq!(house.word(&items[1]), None, "an item that was left says nothing yet");
        // The words stay in the file, and reading it again stores nothing.
        let text = house.text();
        assert!(text.contains("keep = \"drop\"\nreason = \"not ours\""), "{text}");
        assert!(!text.contains(&format!("id = \"{}\"", items[0])), "it stays out");
        assert_eq!((house.draft(), house.rows()), (0, 4));
        assert_eq!(house.text(), text, "nothing new: not a byte changes");
        assert_eq!(pipeline::draft(&house.ctx, october(), false).unwrap().notes, Vec::<String>::new());
        let proposed: Vec<String> =
            pipeline::candidates(&house.ctx, october()).unwrap().iter().map(|g| g.work.id.to_string()).collect();
        assert!(!proposed.contains(dropped) && !proposed.contains(&items[0]), "what is dropped is not proposed");
        assert!(proposed.contains(kept) && proposed.contains(put_off));
        pipeline::rebuild(&house.ctx).unwrap();
        assert_eq!((house.word(kept), house.word(&items[0])), (Some(Choice::Keep), Some(Choice::Drop)));
    });
}

#[test]
fn what_is_taken_out_can_be_brought_back() {
    block_on(async {
        let house = House::start().await;
        let (items, candidates) = (house.items(), house.candidates());
        let (item, candidate) = (&items[0], &candidates[3]);
        let before = house.text();
        house.edit(|t| cut(&cut(&t, item).0, candidate).0);
        assert_eq!(house.draft(), 2);
        assert_eq!((house.word(item), house.word(candidate)), (Some(Choice::Drop), Some(Choice::Drop)));
        house.edit(|t| format!("{t}\n{}{}", cut(&before, item).1, cut(&before, candidate).1));
        assert_eq!(house.draft(), 2);
        assert_eq!((house.word(item), house.word(candidate)), (None, None), "brought back: taken back");
        assert_eq!(house.draft(), 0);
        assert!(house.items().contains(item) && house.candidates().contains(candidate));
        // Moved between items and candidates is not taken out.
        house.edit(|t| {
            let (t, block) = cut(&t, &candidates[4]);
            let block = block.replace("[[candidate]]", "[[item]]").replace("keep = false\n", "");
            format!("{t}\n{block}")
        });
        assert_eq!((house.draft(), house.rows()), (0, 4));
        // A word that is taken out again takes back what it said.
        house.edit(|t| keep(&t, &candidates[5], "\"drop\"", "no"));
        assert_eq!((house.draft(), house.word(&candidates[5])), (1, Some(Choice::Drop)));
        house.edit(|t| keep(&t, &candidates[5], "false", ""));
        assert_eq!((house.draft(), house.word(&candidates[5])), (1, None));
        assert_eq!(house.draft(), 0);
    });
}

#[test]
fn an_issue_says_what_was_kept_and_what_was_passed_over() {
    block_on(async {
        let house = House::start().await;
        let (items, candidates) = (house.items(), house.candidates());
        house.edit(|t| {
            let t = keep(&t, &candidates[2], "\"keep\"", "");
            let t = keep(&t, &candidates[1], "\"maybe\"", "");
            t.replacen("[[item]]\nid = \"", "[[item]]\nid = \"our-webinar\"\nsection = \"evidence\"\ntitle = \"Ours\"\nsummary = \"S.\"\nlink = \"https://example.org/ours\"\n\n[[item]]\nid = \"", 1)
        });
        pipeline::render(&house.ctx, october()).unwrap();
        let keep_it = Some(Choice::Keep);
        let words: Vec<Option<Choice>> = items.iter().chain(&candidates).map(|id| house.word(id)).collect();
        assert_eq!(
            words,
            [keep_it, keep_it, Some(Choice::Passed), Some(Choice::Maybe), keep_it, None, None, None],
            "two items; passed over, put off, taken; what stands below the last one taken may be unread"
        );
        let rows = house.rows();
        assert_eq!(rows, 5, "an item made by hand is no work");
        pipeline::render(&house.ctx, october()).unwrap();
        assert_eq!((house.draft(), house.rows()), (0, rows), "rendered again, drafted again: nothing new");
        // A later word from elsewhere is not overwritten by the file that did not change.
        house.say(&items[0], Some(Choice::Drop), "the authors wrote to us");
        pipeline::render(&house.ctx, october()).unwrap();
        assert_eq!((house.draft(), house.word(&items[0])), (0, Some(Choice::Drop)));
        house.say(&candidates[2], None, "");
        assert_eq!((house.draft(), house.word(&candidates[2])), (0, None));
        // But the file's next word counts.
        house.edit(|t| keep(&t, &candidates[2], "\"drop\"", ""));
        assert_eq!((house.draft(), house.word(&candidates[2])), (1, Some(Choice::Drop)));
    });
}

#[test]
fn a_maybe_comes_again_with_its_reason_and_a_drop_does_not() {
    block_on(async {
        let house = House::start().await;
        let (items, candidates) = (house.items(), house.candidates());
        house.edit(|t| {
            let t = keep(&t, &candidates[0], "\"maybe\"", "is a larger one coming?");
            keep(&t, &candidates[1], "\"drop\"", "")
        });
        house.say(&candidates[2], Some(Choice::Keep), "");
        pipeline::render(&house.ctx, october()).unwrap();
        let house = house.on(NOVEMBER);
        let of = |month: &str| {
            let gathered = pipeline::candidates(&house.ctx, issue(month)).unwrap();
            let find = |id: &String| gathered.iter().find(|g| g.work.id.as_str() == id).map(|g| g.remark.clone());
            [&candidates[0], &candidates[1], &candidates[2], &items[0]].map(find)
        };
        let maybe = Some("you said maybe in October 2026: is a larger one coming?".to_owned());
        let kept = Some("you kept it in October 2026, but it was in no issue".to_owned());
        assert_eq!(of("2026-11"), [maybe.clone(), None, kept.clone(), None]);
        assert_eq!(of("2027-04"), [maybe, None, kept, None], "also when it appeared long before");
        assert_eq!(of("2027-05"), [None, None, None, None], "but not for ever");
        pipeline::draft(&house.ctx, issue("2026-11"), false).unwrap();
        let text = fs::read_to_string(house.path("2026-11")).unwrap();
        assert!(text.contains("# you said maybe in October 2026: is a larger one coming?"), "{text}");
        assert!(!text.contains(&format!("\"{}\"", candidates[1])), "what was dropped is not in it");
        // A new word takes the place of the old one.
        house.say(&candidates[0], Some(Choice::Drop), "no larger one came");
        assert_eq!(of("2026-11")[0], None);
    });
}

#[test]
fn a_file_that_is_not_understood_loses_no_paper() {
    block_on(async {
        let house = House::start().await;
        let (items, candidates) = (house.items(), house.candidates());
        house.edit(|t| keep(&t, &candidates[0], "\"maybe\"", "small"));
        assert_eq!(house.draft(), 1);
        // One id mistyped, one word mistyped: what stands there is unsure, what is said is not.
        let right = house.text();
        house.edit(|t| {
            let t =
                t.replace(&format!("[[item]]\nid = \"{}\"", items[0]), &format!("[[item]]\nidd = \"{}\"", items[0]));
            let t = keep(&t, &candidates[0], "\"mabye\"", "small");
            keep(&t, &candidates[1], "\"drop\"", "")
        });
        assert_eq!(house.draft(), 1);
        assert_eq!(house.word(&items[0]), None, "it was not taken out");
        assert_eq!(house.word(&candidates[0]), Some(Choice::Maybe), "an unknown word takes nothing back");
        assert_eq!(house.word(&candidates[1]), Some(Choice::Drop));
        // The file of another month, copied: nothing of it is taken in.
        fs::write(house.path("2026-10"), "month = \"2026-09\"\n").unwrap();
        pipeline::draft(&house.ctx, october(), false).unwrap_err();
        assert_eq!(house.rows(), 2);
        fs::write(house.path("2026-10"), right).unwrap();
        assert_eq!(house.draft(), 1, "the drop is gone from the file, so it is taken back");
    });
}

#[test]
fn choices_of_a_file_go_with_their_records() {
    block_on(async {
        let house = House::start().await;
        let ctx = &house.ctx;
        let (items, candidates) = (house.items(), house.candidates());
        let work = |n: usize| {
            ctx.store.work_of_record(&RecordKey { source: "import".into(), id: format!("paper-{n}") }).unwrap().unwrap()
        };
        let number = |id: &String| (0..PAPERS.len()).find(|n| work(*n).as_str() == id).unwrap();
        // The candidate came in later: joined, the two have the item's id.
        let item = items.iter().min_by_key(|id| number(id)).unwrap();
        let candidate = candidates.iter().find(|id| number(id) > number(item)).unwrap();
        let (a, b) = (number(item), number(candidate));
        house.edit(|t| keep(&t, candidate, "\"drop\"", "the same as the first"));
        assert_eq!(house.draft(), 1);
        // The two are one: it stands in the draft, so the drop is taken back, once.
        merging::say(ctx, item, candidate, Answer::Same, "Ada", "").unwrap();
        pipeline::judge(ctx).unwrap();
        assert_eq!(work(a), work(b));
        assert_eq!(house.draft(), 1);
        assert_eq!((house.word(work(a).as_str()), house.draft()), (None, 0));
        // They are two again: each part says what the file says of it.
        merging::undo(ctx, None).unwrap();
        house.draft();
        assert_eq!((house.word(item), house.word(candidate)), (None, Some(Choice::Drop)));
        assert_eq!(house.draft(), 0);
        pipeline::render(ctx, october()).unwrap();
        pipeline::rebuild(ctx).unwrap();
        assert_eq!((house.word(item), house.word(candidate)), (Some(Choice::Keep), Some(Choice::Drop)));
        let explained = pipeline::explain(ctx, candidate).unwrap();
        let part = explained.parts.iter().find(|p| p.heading == "What people said of its place").unwrap();
        assert_eq!(
            part.lines.first().unwrap(),
            "drop, in the draft of October 2026 on 1 November 2026: the same as the first; this counts"
        );
    });
}

#[test]
fn what_was_added_by_hand_and_taken_out_again_is_no_longer_kept() {
    block_on(async {
        let house = House::start().await;
        let candidates = house.candidates();
        let id = &candidates[0];
        // Put in by hand under another block, so that the machine never wrote it there.
        house.edit(|t| cut(&t, id).0);
        assert_eq!(house.draft(), 1);
        let own = format!(
            "\n[[item]]\nid = \"{id}\"\nsection = \"evidence\"\ntitle = \"T\"\nsummary = \"S.\"\nlink = \"https://example.org/own\"\nreason = \"asked for\"\n"
        );
        house.edit(|t| format!("{t}{own}"));
        pipeline::render(&house.ctx, october()).unwrap();
        let row = house.choice(id).unwrap();
        assert_eq!((row.choice, row.reason.as_str()), (Some(Choice::Keep), "asked for"));
        house.edit(|t| t.replace(&own, ""));
        pipeline::render(&house.ctx, october()).unwrap();
        assert_ne!(house.word(id), Some(Choice::Keep));
    });
}

#[test]
fn a_word_from_elsewhere_changes_the_draft_but_not_what_people_wrote_there() {
    block_on(async {
        let house = House::start().await;
        let (items, candidates) = (house.items(), house.candidates());
        house.edit(|t| {
            let at = t.find(&format!("id = \"{}\"", items[1])).unwrap();
            let (head, tail) = t.split_at(at);
            format!("{head}{}", tail.replacen("why = \"\"", "why = \"Our own words.\"", 1))
        });
        house.say(&items[0], Some(Choice::Drop), "");
        house.say(&items[1], Some(Choice::Drop), "");
        house.say(&candidates[5], Some(Choice::Keep), "we asked for it");
        let report = pipeline::draft(&house.ctx, october(), false).unwrap();
        assert!(!house.text().contains(&items[0]), "nobody touched it: it goes");
        assert!(house.text().contains("why = \"Our own words.\""), "what people wrote stays");
        assert_eq!(report.notes.len(), 2, "{:?}", report.notes);
        assert!(report.notes[0].contains("it stays, since you changed it"), "{:?}", report.notes);
        assert!(
            report.notes[1].contains("it stands among the items, and drop was said later, by Ada on 1 November 2026; "),
            "{:?}",
            report.notes
        );
        let came_and_went: Vec<&str> = report.changes.iter().filter_map(|c| c.split(':').next()).collect();
        assert!(came_and_went.contains(&"came in") && came_and_went.contains(&"went out"), "{:?}", report.changes);
        assert!(house.text().contains("# Ada said keep: we asked for it"), "{}", house.text());
        assert_eq!(
            (house.word(&items[0]), house.draft()),
            (Some(Choice::Drop), 0),
            "what the machine took out says nothing"
        );
        assert_eq!(house.rows(), 3);
    });
}

#[test]
fn of_two_that_are_one_the_one_that_people_left_stays() {
    for is_deleted in [true, false] {
        block_on(async {
            let house = House::start().await;
            let ctx = &house.ctx;
            let (items, candidates) = (house.items(), house.candidates());
            let works: Vec<String> = (0..PAPERS.len())
                .map(|n| RecordKey { source: "import".into(), id: format!("paper-{n}") })
                .map(|key| ctx.store.work_of_record(&key).unwrap().unwrap().to_string())
                .collect();
            let number = |id: &String| works.iter().position(|w| w == id).unwrap();
            // The candidate came in before: joined, the two have its id, which is not the one that stays.
            let item = items.iter().max_by_key(|id| number(id)).unwrap();
            let candidate = candidates.iter().find(|id| number(id) < number(item)).unwrap();
            house.edit(|t| if is_deleted { cut(&t, candidate).0 } else { keep(&t, candidate, "\"drop\"", "twice") });
            merging::say(ctx, item, candidate, Answer::Same, "Ada", "").unwrap();
            for round in 0..3 {
                house.draft();
                assert!(house.items().contains(item), "{is_deleted} {round}: {}", house.text());
                assert_eq!(house.word(candidate), None, "{is_deleted} {round}: the study was not dropped");
            }
            assert_eq!(house.draft(), 0);
            pipeline::render(ctx, october()).unwrap();
            assert_eq!(house.word(candidate), Some(Choice::Keep), "{is_deleted}");
        });
    }
}

#[test]
fn what_is_put_off_elsewhere_leaves_the_items_and_waits_among_the_candidates() {
    block_on(async {
        let house = House::start().await;
        let items = house.items();
        // A touched item stays, with a word about it.
        house.edit(|t| {
            let at = t.find(&format!("id = \"{}\"", items[1])).unwrap();
            let (head, tail) = t.split_at(at);
            format!("{head}{}", tail.replacen("why = \"\"", "why = \"Our own words.\"", 1))
        });
        house.say(&items[0], Some(Choice::Maybe), "is a larger one coming?");
        house.say(&items[1], Some(Choice::Maybe), "");
        let report = pipeline::draft(&house.ctx, october(), false).unwrap();
        assert!(!house.items().contains(&items[0]), "{}", house.text());
        assert!(house.candidates().contains(&items[0]), "it waits among the candidates");
        assert!(house.text().contains("# Ada said maybe: is a larger one coming?"), "{}", house.text());
        assert!(house.items().contains(&items[1]), "what people wrote stays");
        assert_eq!(report.notes.len(), 1, "{:?}", report.notes);
        assert!(report.notes[0].contains("maybe was said later, by Ada"), "{:?}", report.notes);
        assert!(report.notes[0].ends_with("write a line keep = \"maybe\" into its block"), "{:?}", report.notes);
        // The word in its block puts that one off as well.
        house.edit(|t| {
            t.replacen(
                &format!("[[item]]\nid = \"{}\"\n", items[1]),
                &format!("[[item]]\nid = \"{}\"\nkeep = \"maybe\"\n", items[1]),
                1,
            )
        });
        let report = pipeline::draft(&house.ctx, october(), false).unwrap();
        assert_eq!((report.choices, report.notes), (1, vec![]));
        pipeline::render(&house.ctx, october()).unwrap();
        let sent = house.ctx.store.sent().unwrap();
        assert!(!sent.iter().any(|(_, id)| *id == items[0] || *id == items[1]), "{sent:?}");
        assert_eq!((house.word(&items[0]), house.word(&items[1])), (Some(Choice::Maybe), Some(Choice::Maybe)));
    });
}

#[test]
fn what_stands_by_lot_is_not_passed_over() {
    block_on(async {
        let house = House::with(70).await;
        let candidates = house.candidates();
        let listing = house.ctx.store.listing(october()).unwrap().expect("a listing");
        let lots: Vec<String> = listing.papers.iter().filter(|p| p.is_by_lot).map(|p| p.id.to_string()).collect();
        assert_eq!(candidates.len(), 60);
        assert!(!lots.is_empty());
        let last = candidates.last().unwrap();
        assert_ne!(*last, lots[0]);
        house.edit(|t| keep(&t, last, "true", ""));
        pipeline::render(&house.ctx, october()).unwrap();
        for id in candidates.iter().filter(|id| *id != last) {
            let want = (!lots.contains(id)).then_some(Choice::Passed);
            assert_eq!(house.word(id), want, "{id}");
        }
        assert_eq!(house.draft(), 0);
    });
}

#[test]
fn what_is_said_later_elsewhere_is_told_where_the_file_says_other() {
    block_on(async {
        let house = House::start().await;
        let candidates = house.candidates();
        house.edit(|t| keep(&keep(&t, &candidates[0], "true", ""), &candidates[1], "\"drop\"", ""));
        assert_eq!(house.draft(), 2);
        let told = |choices: [Option<Choice>; 2]| {
            for (id, choice) in candidates.iter().zip(choices) {
                house.say(id, choice, "");
            }
            let text = house.text();
            let warned: Vec<String> = pipeline::check(&house.ctx, october())
                .unwrap()
                .problems
                .into_iter()
                .filter(|p| p.message.contains(" later, "))
                .map(|p| format!("{}: {}", p.place.line > 0, p.message))
                .collect();
            let report = pipeline::draft(&house.ctx, october(), false).unwrap();
            assert_eq!(house.read("2026-10").candidates[0].choice, Some(Choice::Keep), "not overwritten");
            assert!(text.contains("keep = \"drop\"") && house.text().contains("keep = \"drop\""));
            let notes: Vec<String> = report.notes.into_iter().filter(|n| n.contains(" later, ")).collect();
            assert_eq!(warned.len(), notes.len(), "{warned:?} {notes:?}");
            for (warning, note) in warned.iter().zip(&notes) {
                assert!(note.starts_with(warning.trim_start_matches("true: ")), "{warning} {note}");
            }
            notes
        };
        let notes = told([Some(Choice::Drop), Some(Choice::Keep)]);
        assert!(
            notes[0].contains("the file says keep, and drop was said later, by Ada on 1 November 2026; "),
            "{notes:?}"
        );
        assert!(notes[0].ends_with("write keep = \"drop\" in its block"), "{notes:?}");
        assert!(notes[1].contains("the file says drop, and keep was said later"), "{notes:?}");
        let notes = told([None, None]);
        assert!(notes[0].contains("the file says keep, and that was taken back later"), "{notes:?}");
        assert!(notes[0].ends_with("write keep = false in its block"), "{notes:?}");
        assert_eq!(told([Some(Choice::Keep), Some(Choice::Drop)]), Vec::<String>::new(), "the same is said");
        pipeline::render(&house.ctx, october()).unwrap();
    });
}

#[test]
fn what_was_dropped_later_is_not_sent_unseen() {
    block_on(async {
        let house = House::start().await;
        let items = house.items();
        house.edit(|t| t.replacen("why = \"\"", "why = \"because\"", 1));
        house.say(&items[0], Some(Choice::Drop), "not ours");
        let notes = pipeline::draft(&house.ctx, october(), false).unwrap().notes;
        assert!(notes.iter().any(|n| n.contains("`render` waits")), "{notes:?}");
        assert!(house.items().contains(&items[0]), "what a person wrote there stays");
        let refused = pipeline::render(&house.ctx, october());
        assert!(matches!(refused, Err(pipeline::Error::Problems { .. })), "{refused:?}");
        assert_eq!(house.word(&items[0]), Some(Choice::Drop));
        house.edit(|t| cut(&t, &items[0]).0);
        let id = WorkId::parse(&items[0]).unwrap();
        assert!(choose::was_taken_out(&house.ctx, october(), &house.text(), &id).unwrap());
        // The pick was the machine's; without its paper the next draft names another.
        house.draft();
        pipeline::render(&house.ctx, october()).unwrap();
        assert_eq!(house.word(&items[0]), Some(Choice::Drop));
    });
}

#[test]
fn an_old_word_of_a_file_is_not_said_again_after_a_join() {
    block_on(async {
        let house = House::start().await;
        let candidates = house.candidates();
        house.edit(|t| keep(&keep(&t, &candidates[0], "true", ""), &candidates[1], "\"drop\"", ""));
        assert_eq!(house.draft(), 2);
        house.say(&candidates[0], Some(Choice::Drop), "seen again");
        merging::say(&house.ctx, &candidates[0], &candidates[1], Answer::Same, "Ada", "").unwrap();
        let rows = house.rows();
        assert_eq!(house.draft(), 0, "the file says what it said");
        let word = house.word(&candidates[0]).or(house.word(&candidates[1]));
        assert_eq!((house.rows(), word), (rows, Some(Choice::Drop)));
    });
}

#[test]
fn two_words_on_one_paper_are_neither_taken_in() {
    block_on(async {
        let house = House::start().await;
        let candidates = house.candidates();
        house.edit(|t| {
            let block = cut(&t, &candidates[0]).1;
            let twice = format!("{t}\n{block}");
            let first = keep(&twice, &candidates[0], "\"drop\"", "");
            let last = first.rfind("keep = false").expect("the second block");
            format!("{}keep = true{}", &first[..last], &first[last + "keep = false".len()..])
        });
        assert_eq!(house.draft(), 0);
        let problems = pipeline::check(&house.ctx, october()).unwrap().problems;
        assert!(problems.iter().any(|p| p.message.contains("stands twice: keep here, drop on line")), "{problems:?}");
    });
}

#[test]
fn a_file_that_was_saved_half_drops_nothing() {
    block_on(async {
        let house = House::start().await;
        let line = |n: usize| {
            format!(
                "{{\"id\":\"more-{n}\",\"title\":\"Postnatal depression of mothers in village {n} of Kenya\",\"authors\":[\
                 \"Writer{n} Ann\"],\"published\":\"2026-10-07\",\"entered\":\"2026-10-07\",\"url\":\"https://example.org/m/{n}\",\
                 \"abstract\":\"We studied postnatal depression of mothers in village {n}.\"}}\n"
            )
        };
        let lines: String = (0..40).map(line).collect();
        pipeline::import(&house.ctx, "more.jsonl", lines.as_bytes(), false).unwrap();
        house.draft();
        let before = house.candidates().len();
        assert!(before >= 40, "{before}");
        house.edit(|t| {
            t[..t.find("[[candidate]]").unwrap()].trim_end().rsplit_once("\n\n").unwrap().0.to_owned() + "\n"
        });
        let report = pipeline::draft(&house.ctx, october(), false).unwrap();
        assert_eq!((report.choices, house.rows()), (0, 0), "{:?}", report.problems);
        assert!(report.problems.iter().any(|p| p.message.contains("are gone at once")), "{:?}", report.problems);
    });
}
