//! The law of choices: they count wherever the records go that they were said of.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::merge::invented::any_record;
use crate::model::{Choice, Record, RecordKey, WorkId};
use crate::pipeline::settle::{settle, settle_all, take_in};
use crate::store::{Answer, NewChoice, NewVerdict, PutRecord, RecordNumber, Store};

/// What can happen to papers and their places.
#[derive(Debug, Clone)]
enum Event {
    /// A record comes, or comes again with another text.
    Comes(Box<Record>),
    /// A person says what the works of two records are.
    Says(usize, usize, bool),
    /// A person takes back the answer given so many answers ago.
    TakesBack(usize),
    /// A source withdraws a record.
    Withdraws(usize),
    /// Something is said of the place of the work of a record, or taken back.
    Chooses(usize, Option<Choice>),
    /// All records are put into works anew.
    Rebuilt,
}

fn any_event() -> impl Strategy<Value = Event> {
    let all = vec![Choice::Keep, Choice::Maybe, Choice::Drop, Choice::Passed];
    let choice = prop::option::weighted(0.75, prop::sample::select(all));
    prop_oneof![
        6 => (0..8_usize, any_record()).prop_map(|(n, r)| Event::Comes(Box::new(Record { id: n.to_string(), ..r }))),
        2 => (0..8_usize, 0..8_usize, any::<bool>()).prop_map(|(a, b, same)| Event::Says(a, b, same)),
        1 => (0..4_usize).prop_map(Event::TakesBack),
        1 => (0..8_usize).prop_map(Event::Withdraws),
        5 => (0..8_usize, choice).prop_map(|(n, choice)| Event::Chooses(n, choice)),
        1 => Just(Event::Rebuilt),
    ]
}

/// A choice as it was said: number, choice, records.
type Said = (i64, Option<Choice>, BTreeSet<RecordNumber>);

fn happen(store: &Store, event: &Event, said: &mut Vec<Said>) {
    let work = |n: usize| store.work_of_record(&RecordKey { source: "cases".into(), id: n.to_string() }).unwrap();
    match event {
        Event::Comes(record) => {
            if store.put_record(record, None, Timestamp::UNIX_EPOCH).unwrap() != PutRecord::Same {
                take_in(store, record).unwrap();
            }
        }
        Event::Says(a, b, is_same) => {
            let (Some(a), Some(b)) = (work(*a), work(*b)) else { return };
            if a == b {
                return;
            }
            let side = |id: &WorkId| (id.clone(), String::new(), store.numbers_of_work(id).unwrap());
            let answer = if *is_same { Answer::Same } else { Answer::Different };
            let new =
                NewVerdict { answer, a: side(&a), b: side(&b), who: String::new(), note: String::new(), issue: None };
            store.put_verdict(&new, Timestamp::UNIX_EPOCH).unwrap();
            settle(store, &[new.a.2, new.b.2].concat()).unwrap();
        }
        Event::TakesBack(ago) => {
            if let Some(v) = store.verdicts().unwrap().get(*ago) {
                let records = store.undo_verdict(v.number, Timestamp::UNIX_EPOCH).unwrap();
                settle(store, &records).unwrap();
            }
        }
        Event::Withdraws(n) => {
            let key = RecordKey { source: "cases".into(), id: n.to_string() };
            store.withdraw(&key, Timestamp::UNIX_EPOCH).unwrap();
        }
        Event::Chooses(n, choice) => {
            let Some(id) = work(*n) else { return };
            let new = NewChoice { choice: *choice, month: None, title: "", who: "Ada", reason: "" };
            let number = store.put_choice(&id, new, Timestamp::UNIX_EPOCH).unwrap();
            said.push((number, *choice, store.numbers_of_work(&id).unwrap().into_iter().collect()));
        }
        Event::Rebuilt => {
            settle_all(store, &|_| {}).unwrap();
        }
    }
}

/// Returns what counts for a work of some records, by what was said of each.
fn counting(said: &[Said], members: &[RecordNumber]) -> Option<i64> {
    let is_passed = |s: &&Said| s.1 == Some(Choice::Passed);
    let newest = |wanted: &dyn Fn(&Said) -> bool| {
        let last = |record: &RecordNumber| said.iter().rfind(|s| wanted(s) && s.2.contains(record));
        members.iter().filter_map(last).filter(|s| s.1.is_some()).map(|s| s.0).max()
    };
    newest(&|s| !is_passed(&s)).or_else(|| newest(&|s| is_passed(&s) || s.1.is_none()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_choice_is_lost_or_undone(events in prop::collection::vec(any_event(), 1..40)) {
        let store = Store::in_memory().unwrap();
        let mut said: Vec<Said> = Vec::new();
        for event in &events {
            happen(&store, event, &mut said);
        }
        for _ in 0..2 {
            let standing = store.standing_choices().unwrap();
            let mut works = BTreeSet::new();
            for number in store.record_numbers().unwrap() {
                let id = store.works_of_records(&[number]).unwrap().remove(0);
                let members = store.numbers_of_work(&id).unwrap();
                let want = counting(&said, &members);
                prop_assert_eq!(store.choice_of(&id).unwrap().map(|r| r.number), want);
                prop_assert_eq!(standing.get(&id).map(|r| r.number), want);
                works.insert(id);
            }
            prop_assert!(standing.keys().all(|id| works.contains(id)), "no choice stands on a work that is gone");
            prop_assert_eq!(store.all_choices().unwrap().len(), said.len());
            settle_all(&store, &|_| {}).unwrap();
        }
    }
}
