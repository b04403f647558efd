//! The laws of people's words: they stay on top, wherever the records go that they were said of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;

use super::facet::TagFacet;
use super::words::{judgement_of, put_on_top, without_names};
use crate::merge::invented::any_record;
use crate::model::{Design, Evidence, ExcludeReason, Judgement, Record, RecordKey, Scope, WorkId};
use crate::pipeline::settle::{settle, settle_all, take_in};
use crate::store::{Answer, NewTagWord, NewVerdict, PutRecord, RecordNumber, Store, TagAction, TagWord};

/// What a machine says that finds nothing.
fn nothing() -> Judgement {
    Judgement {
        scope: Scope::Maybe,
        exclude_reason: Some(ExcludeReason::NoCountry),
        countries: vec![],
        region_terms: vec![],
        twg: vec![],
        twg_primary: None,
        conditions: vec![],
        interventions: vec![],
        populations: vec![],
        perinatal_stage: vec![],
        design: Design::Unclear,
        flags: vec![],
        conclusion: vec![],
        finding: None,
        relevance: 0.4,
        why: BTreeMap::new(),
    }
}

/// What a machine says that finds much.
fn much() -> Judgement {
    let list = |l: &[&str]| l.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    Judgement {
        scope: Scope::In,
        exclude_reason: None,
        countries: list(&["KEN", "UGA"]),
        region_terms: list(&["SSA"]),
        twg: list(&["ikel", "evidence"]),
        twg_primary: Some("ikel".to_owned()),
        conditions: list(&["anxiety", "depression"]),
        interventions: list(&["digital"]),
        populations: list(&["pregnant"]),
        perinatal_stage: list(&["antenatal"]),
        design: Design::Rct,
        flags: list(&["country-from-affiliation", "open-access"]),
        finding: Some("It helped.".to_owned()),
        relevance: 0.9,
        ..nothing()
    }
}

fn word(number: i64, action: TagAction, facet: &str, value: &str) -> TagWord {
    TagWord {
        number,
        facet: facet.into(),
        value: value.into(),
        action,
        work: WorkId::parse("waaaaaaaaaaa").unwrap(),
        title: String::new(),
        who: "Ada".into(),
        at: Timestamp::UNIX_EPOCH,
        note: String::new(),
    }
}

/// A note, words, the facet to look at, and what the paper then has.
type Case<'a> = (&'a str, &'a [(TagAction, &'a str, &'a str)], TagFacet, &'a [&'a str]);

#[test]
fn a_persons_word_stands_on_top_of_each_facet() {
    use TagAction::{Add, Remove};
    let cases: [Case<'_>; 16] = [
        ("a country more, behind the others", &[(Add, "country", "MWI")], TagFacet::Country, &["KEN", "UGA", "MWI"]),
        ("one that is there keeps its place", &[(Add, "country", "KEN")], TagFacet::Country, &["KEN", "UGA"]),
        ("a country less", &[(Remove, "country", "KEN")], TagFacet::Country, &["UGA"]),
        ("known from a person, not from an address", &[(Add, "country", "KEN")], TagFacet::Flag, &["open-access"]),
        ("without its first group the next one leads", &[(Remove, "twg", "ikel")], TagFacet::Primary, &["evidence"]),
        ("the first group can be named", &[(Add, "primary", "evidence")], TagFacet::Twg, &["evidence", "ikel"]),
        ("also one that it did not have", &[(Add, "primary", "advocacy")], TagFacet::Primary, &["advocacy"]),
        (
            "of two words the later one counts",
            &[(Add, "primary", "evidence"), (Remove, "twg", "evidence")],
            TagFacet::Primary,
            &["ikel"],
        ),
        ("scope", &[(Add, "scope", "out")], TagFacet::Scope, &["out"]),
        ("what is out serves no group", &[(Add, "scope", "out")], TagFacet::Twg, &[]),
        (
            "but one that a person gave",
            &[(Add, "twg", "advocacy"), (Add, "scope", "out")],
            TagFacet::Twg,
            &["advocacy"],
        ),
        ("design", &[(Add, "design", "cohort")], TagFacet::Design, &["cohort"]),
        ("a design that it is not", &[(Remove, "design", "rct")], TagFacet::Design, &["unclear"]),
        ("a design that it never was", &[(Remove, "design", "cohort")], TagFacet::Design, &["rct"]),
        ("own words", &[(Add, "finding", "It did not help.")], TagFacet::Finding, &["It did not help."]),
        ("no finding", &[(Remove, "finding", "")], TagFacet::Finding, &[]),
    ];
    for (note, words, facet, want) in cases {
        let words: Vec<TagWord> = words.iter().zip(1..).map(|((a, f, v), n)| word(n, *a, f, v)).collect();
        let mut judgement = much();
        put_on_top(&mut judgement, &words);
        assert_eq!(facet.values(&judgement), want, "{note}");
        let last = words.last().unwrap();
        let value = if last.facet == "finding" { "text" } else { &last.value };
        let reasons = judgement.why.get(&format!("{}:{value}", last.facet)).expect("a reason");
        let rule = if last.action == Add { "a person added it" } else { "a person removed it" };
        let want = Evidence { rule: rule.into(), field: "person".into(), text: "Ada, 1970-01-01".into() };
        assert_eq!(reasons.as_slice(), [want], "{note}");
        without_names(&mut judgement);
        assert!(!judgement.why.values().flatten().any(|e| e.text.contains("Ada") || e.rule.contains("removed")));
    }
}

#[test]
fn a_paper_that_a_person_takes_in_is_as_relevant_as_one_that_is_in() {
    let scope = |value: &str| {
        let mut judgement = nothing();
        put_on_top(&mut judgement, &[word(1, TagAction::Add, "scope", value)]);
        (judgement.relevance, judgement.exclude_reason)
    };
    assert_eq!(scope("in"), (0.75, None));
    assert_eq!(scope("maybe"), (0.4, Some(ExcludeReason::NoCountry)));
    assert_eq!(scope("out"), (0.2, None));
}

/// What can happen to papers and their tags.
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
    /// A person says something of a tag of the work of a record.
    Tags(usize, usize, TagAction),
    /// All records are put into works anew.
    Rebuilt,
}

const SLOTS: [(&str, &str); 7] = [
    ("country", "KEN"),
    ("country", "MWI"),
    ("twg", "ikel"),
    ("scope", "in"),
    ("scope", "out"),
    ("design", "cohort"),
    ("condition", "grief-loss"),
];

fn any_event() -> impl Strategy<Value = Event> {
    let action = prop_oneof![4 => Just(TagAction::Add), 3 => Just(TagAction::Remove), 2 => Just(TagAction::Undo)];
    prop_oneof![
        6 => (0..8_usize, any_record()).prop_map(|(n, r)| Event::Comes(Box::new(Record { id: n.to_string(), ..r }))),
        2 => (0..8_usize, 0..8_usize, any::<bool>()).prop_map(|(a, b, same)| Event::Says(a, b, same)),
        1 => (0..4_usize).prop_map(Event::TakesBack),
        1 => (0..8_usize).prop_map(Event::Withdraws),
        5 => (0..8_usize, 0..SLOTS.len(), action).prop_map(|(n, slot, action)| Event::Tags(n, slot, action)),
        1 => Just(Event::Rebuilt),
    ]
}

/// A word as it was said: number, slot, action, records.
type Said = (i64, String, TagAction, BTreeSet<RecordNumber>);

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
        Event::Tags(n, slot, action) => {
            let Some(id) = work(*n) else { return };
            let (facet, value) = SLOTS[*slot];
            let slot = TagFacet::parse(facet).unwrap().slot(value);
            let new = NewTagWord { slot: &slot, facet, value, action: *action, title: "", who: "Ada", note: "" };
            let number = store.put_tag_word(&id, new, Timestamp::UNIX_EPOCH).unwrap();
            said.push((number, slot, *action, store.numbers_of_work(&id).unwrap().into_iter().collect()));
        }
        Event::Rebuilt => {
            settle_all(store, &|_| {}).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_word_on_a_tag_is_lost_or_undone(events in prop::collection::vec(any_event(), 1..40)) {
        let store = Store::in_memory().unwrap();
        let mut said: Vec<Said> = Vec::new();
        for event in &events {
            happen(&store, event, &mut said);
        }
        for _ in 0..2 {
            for number in store.record_numbers().unwrap() {
                let works = store.works_of_records(&[number]).unwrap();
                prop_assert_eq!(works.len(), 1);
                let id = &works[0];
                let members = store.numbers_of_work(id).unwrap();
                let slots: BTreeSet<&String> = said.iter().map(|s| &s.1).collect();
                for slot in slots {
                    // The newest word on each record of the work, unless it takes back; of these the newest.
                    let of = |n: &RecordNumber| said.iter().rfind(|s| s.1 == *slot && s.3.contains(n));
                    let newest = members.iter().filter_map(of).filter(|s| s.2 != TagAction::Undo).max_by_key(|s| s.0);
                    let kept = store.tag_words(id).unwrap();
                    let kept = kept.iter().find(|w| TagFacet::parse(&w.facet).unwrap().slot(&w.value) == *slot);
                    prop_assert_eq!(kept.map(|w| w.number), newest.map(|s| s.0), "{}", slot);
                    let Some(kept) = kept else { continue };
                    // Whatever the rules say.
                    for machine in [nothing(), much()] {
                        let seen = judgement_of(&store, id, Some(machine)).unwrap().unwrap();
                        let facet = TagFacet::parse(&kept.facet).unwrap();
                        let has = facet.values(&seen).contains(&kept.value);
                        prop_assert!(kept.facet == "scope" && kept.action == TagAction::Remove || has == (kept.action == TagAction::Add));
                    }
                }
            }
            settle_all(&store, &|_| {}).unwrap();
        }
    }
}
