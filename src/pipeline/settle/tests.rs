//! The laws of identity: what makes one work depends on what is known, not on when it came.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::merge::invented::any_record;
use crate::model::{Author, Doi, Pmid, RecordKey};
use crate::store::{KEY_RECORDS_MAX, NewVerdict};

const TITLE: &str = "Group care for postnatal depression in rural districts";

fn paper(id: &str) -> Record {
    Record {
        id: id.into(),
        source: "cases".into(),
        title: TITLE.into(),
        authors: vec![Author::person("Example", "Maria"), Author::person("Sample", "John")],
        journal: Some("Journal of Invented Health".into()),
        year: Some(2024),
        ..Record::default()
    }
}

fn numbered(id: &str, pmid: &str) -> Record {
    Record { pmid: Pmid::parse(pmid), ..paper(id) }
}

fn take(store: &Store, record: &Record) -> WorkId {
    store.put_record(record, None, Timestamp::UNIX_EPOCH).unwrap();
    take_in(store, record).unwrap().0
}

/// Returns the groups of record ids as they stand.
fn groups_in(store: &Store) -> BTreeSet<Vec<String>> {
    let ids = store.live_work_ids().unwrap();
    let names = |id: &WorkId| {
        let numbers = store.numbers_of_work(id).unwrap();
        let mut names: Vec<String> =
            store.members_numbered(&numbers).unwrap().into_iter().map(|m| m.key.to_string()).collect();
        names.sort();
        names
    };
    ids.iter().map(names).filter(|g| !g.is_empty()).collect()
}

fn verdict(store: &Store, a: &str, b: &str, answer: Answer) -> i64 {
    let side = |id: &str| {
        let work = store.work_of_record(&RecordKey { source: "cases".into(), id: id.into() }).unwrap().unwrap();
        let records = store.numbers_of_work(&work).unwrap();
        (work, String::new(), records)
    };
    let new = NewVerdict { answer, a: side(a), b: side(b), who: "test".into(), note: String::new(), issue: None };
    let number = store.put_verdict(&new, Timestamp::UNIX_EPOCH).unwrap();
    settle(store, &[new.a.2, new.b.2].concat()).unwrap();
    number
}

#[test]
fn a_record_that_shows_two_works_to_be_one_joins_them() {
    let store = Store::in_memory().unwrap();
    let by_doi = Record { doi: Doi::parse("10.5555/join.1"), authors: vec![], journal: None, year: None, ..paper("1") };
    let old = take(&store, &by_doi);
    let young = take(&store, &paper("2"));
    assert_ne!(old, young, "a title alone is too little");
    let bridge = Record { doi: Doi::parse("10.5555/join.1"), ..paper("3") };
    assert_eq!(take(&store, &bridge), old);
    assert_eq!(store.resolve(&young).unwrap(), Some(old));
    assert_eq!(groups_in(&store).len(), 1);
}

#[test]
fn joining_keeps_the_older_id_and_parting_gives_the_younger_one_back() {
    let store = Store::in_memory().unwrap();
    let (a, b) = (take(&store, &numbered("a", "90000041")), take(&store, &numbered("b", "90000042")));
    assert_ne!(a, b, "PubMed says these are two");
    let number = verdict(&store, "a", "b", Answer::Same);
    assert_eq!(store.resolve(&b).unwrap().as_ref(), Some(&a));
    assert_eq!(store.live_work_ids().unwrap(), std::slice::from_ref(&a));
    // A third record is like both and goes in, since a person has joined them.
    assert_eq!(take(&store, &numbered("c", "90000042")), a);
    let records = store.undo_verdict(number, Timestamp::UNIX_EPOCH).unwrap();
    settle(&store, &records).unwrap();
    assert_eq!(store.resolve(&b).unwrap().as_ref(), Some(&b), "the redirect is taken back");
    let group = |list: &[&str]| list.iter().map(|n| format!("cases/{n}")).collect::<Vec<_>>();
    assert_eq!(groups_in(&store), BTreeSet::from([group(&["a"]), group(&["b", "c"])]));
    assert_eq!(store.undo_verdict(number, Timestamp::UNIX_EPOCH).unwrap(), Vec::<i64>::new(), "only once");
}

#[test]
fn what_a_person_keeps_apart_is_not_asked_again() {
    let store = Store::in_memory().unwrap();
    take(&store, &paper("a"));
    take(&store, &paper("b"));
    assert_eq!(groups_in(&store).len(), 1);
    let numbers = store.record_numbers().unwrap();
    let work = store.live_work_ids().unwrap().remove(0);
    let apart = NewVerdict {
        answer: Answer::Different,
        a: (work.clone(), String::new(), vec![numbers[0]]),
        b: (work, String::new(), vec![numbers[1]]),
        who: "test".into(),
        note: String::new(),
        issue: None,
    };
    let number = store.put_verdict(&apart, Timestamp::UNIX_EPOCH).unwrap();
    settle(&store, &numbers).unwrap();
    assert_eq!(groups_in(&store).len(), 2);
    assert_eq!(store.maybe_pairs().unwrap(), []);
    // Nor is it joined by a record that is like both, nor by a rebuild.
    take(&store, &paper("c"));
    settle_all(&store, &|_| {}).unwrap();
    assert_eq!(groups_in(&store).len(), 2);
    let ids = store.live_work_ids().unwrap();
    assert_eq!(store.verdict(&ids[0], &ids[1]).unwrap(), Some((Answer::Different, number)));
    let records = store.undo_verdict(number, Timestamp::UNIX_EPOCH).unwrap();
    settle(&store, &records).unwrap();
    assert_eq!(groups_in(&store).len(), 1);
}

#[test]
fn a_record_that_changes_leaves_the_work_that_it_no_longer_fits() {
    let store = Store::in_memory().unwrap();
    let first = take(&store, &paper("a"));
    assert_eq!(take(&store, &paper("b")), first);
    let other = Record { title: "Sleep of newborns in highland villages".into(), ..paper("b") };
    let second = take(&store, &other);
    assert_ne!(second, first);
    assert_eq!(take(&store, &paper("b")), first, "and comes back");
    assert_eq!(store.resolve(&second).unwrap(), Some(first), "an id that was given out never vanishes");
}

#[test]
fn a_paper_said_a_thousand_times_is_one_work() {
    let store = Store::in_memory().unwrap();
    store
        .transaction(|store| -> Result<()> {
            for n in 0..KEY_RECORDS_MAX + 20 {
                take(store, &paper(&n.to_string()));
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(groups_in(&store).len(), 1);
}

/// What can happen to a store.
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
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (0..10_usize, any_record()).prop_map(|(n, r)| Event::Comes(Box::new(Record { id: n.to_string(), ..r }))),
        2 => (0..10_usize, 0..10_usize, any::<bool>()).prop_map(|(a, b, same)| Event::Says(a, b, same)),
        1 => (0..4_usize).prop_map(Event::TakesBack),
        1 => (0..10_usize).prop_map(Event::Withdraws),
    ]
}

/// Lets an event happen; remembers every id that was given out with the record it was minted for.
fn happen(store: &Store, event: &Event, given: &mut BTreeMap<WorkId, RecordKey>) {
    let key = |n: usize| RecordKey { source: "cases".into(), id: n.to_string() };
    match event {
        Event::Comes(record) => {
            if store.put_record(record, None, Timestamp::UNIX_EPOCH).unwrap() != crate::store::PutRecord::Same {
                take_in(store, record).unwrap();
            }
        }
        Event::Says(a, b, is_same) => {
            let (Some(x), Some(y)) = (store.work_of_record(&key(*a)).unwrap(), store.work_of_record(&key(*b)).unwrap())
            else {
                return;
            };
            if x != y {
                let answer = if *is_same { Answer::Same } else { Answer::Different };
                verdict(store, &a.to_string(), &b.to_string(), answer);
            }
        }
        Event::TakesBack(ago) => {
            if let Some(v) = store.verdicts().unwrap().get(*ago) {
                let records = store.undo_verdict(v.number, Timestamp::UNIX_EPOCH).unwrap();
                settle(store, &records).unwrap();
            }
        }
        Event::Withdraws(n) => {
            store.withdraw(&key(*n), Timestamp::UNIX_EPOCH).unwrap();
        }
    }
    for id in store.live_work_ids().unwrap() {
        let first = store.members_numbered(&store.numbers_of_work(&id).unwrap()).unwrap().remove(0).key;
        given.entry(id).or_insert(first);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_rebuild_and_a_batch_find_what_came_bit_by_bit(events in prop::collection::vec(any_event(), 1..30)) {
        let store = Store::in_memory().unwrap();
        let mut given = BTreeMap::new();
        for event in &events {
            happen(&store, event, &mut given);
        }
        let (groups, ids) = (groups_in(&store), store.live_work_ids().unwrap());
        let open = store.maybe_pairs().unwrap();
        // Every id that was ever given out leads to a work that stands.
        for id in given.keys() {
            prop_assert!(store.resolve(id).unwrap().is_some_and(|now| ids.contains(&now)), "{id}");
        }
        // A rebuild changes nothing, nor does a second one.
        for _ in 0..2 {
            settle_all(&store, &|_| {}).unwrap();
            prop_assert_eq!(&groups_in(&store), &groups);
            prop_assert_eq!(&store.live_work_ids().unwrap(), &ids);
            prop_assert_eq!(&store.maybe_pairs().unwrap(), &open);
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(
        (records, shuffled) in prop::collection::vec(any_record(), 0..14).prop_flat_map(|mut records| {
            records.iter_mut().enumerate().for_each(|(n, r)| r.id = n.to_string());
            (Just(records.clone()), Just(records).prop_shuffle())
        })
    ) {
        let of = |records: &[Record]| {
            let store = Store::in_memory().unwrap();
            for record in records {
 take(&store, record);
}
            groups_in(&store)
        };
        let clusters = merge::cluster(&records, &Said::default(), &mut |_| {});
        let mut batch: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (record, n) in records.iter().zip(&clusters.of) {
            batch.entry(*n).or_default().push(RecordKey::of(record).to_string());
        }
        let batch: BTreeSet<Vec<String>> = batch.into_values().map(|mut g| { g.sort(); g }).collect();
        prop_assert_eq!(&of(&records), &batch);
        prop_assert_eq!(&of(&shuffled), &batch);
    }
}
