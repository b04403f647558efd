use super::*;
use crate::model::Record;
use crate::store::RecordNumber;

/// Stores records that are a work each.
fn records(store: &Store, ids: &[&str]) -> Vec<RecordNumber> {
    ids.iter()
        .map(|id| {
            let record = Record { source: "s".into(), id: (*id).into(), title: (*id).into(), ..Record::default() };
            store.put_record(&record, None, Timestamp::UNIX_EPOCH).unwrap();
            let (number, _) = store.put_member(&record, &[]).unwrap();
            store.place(&[vec![number]]).unwrap();
            number
        })
        .collect()
}

fn work(store: &Store, record: RecordNumber) -> WorkId {
    store.works_of_records(&[record]).unwrap().remove(0)
}

fn put(store: &Store, record: RecordNumber, choice: Option<Choice>, reason: &str) -> i64 {
    let new = NewChoice { choice, month: Month::parse("2026-10"), title: "Title", who: "Ada", reason };
    store.put_choice(&work(store, record), new, Timestamp::UNIX_EPOCH).unwrap()
}

/// Returns what counts for the work of a record; both ways of asking must agree.
fn counts(store: &Store, record: RecordNumber) -> Option<Choice> {
    let id = work(store, record);
    let one = store.choice_of(&id).unwrap();
    assert_eq!(store.standing_choices().unwrap().get(&id), one.as_ref());
    one.and_then(|row| row.choice)
}

/// A note, what is said of one paper (`None` takes back), and what counts then.
type Case<'a> = (&'a str, &'a [Option<Choice>], Option<Choice>);

#[test]
fn the_newest_counts_and_what_was_passed_over_only_where_nothing_was_said() {
    use Choice::{Drop, Keep, Maybe, Passed};
    let cases: [Case<'_>; 10] = [
        ("nothing said", &[], None),
        ("one word", &[Some(Keep)], Some(Keep)),
        ("the later of two", &[Some(Keep), Some(Drop)], Some(Drop)),
        ("taken back", &[Some(Drop), None], None),
        ("taken back and said again", &[Some(Drop), None, Some(Maybe)], Some(Maybe)),
        ("passed over", &[Some(Passed)], Some(Passed)),
        ("a weak sign outranks no word", &[Some(Keep), Some(Passed)], Some(Keep)),
        ("a word outranks the weak sign", &[Some(Passed), Some(Keep)], Some(Keep)),
        ("taking back takes both back", &[Some(Passed), Some(Keep), None], None),
        ("passed over after a word was taken back", &[Some(Keep), None, Some(Passed)], Some(Passed)),
    ];
    for (note, said, want) in cases {
        let store = Store::in_memory().unwrap();
        let record = records(&store, &["a"]).remove(0);
        let before = store.revision().unwrap();
        for choice in said {
            put(&store, record, *choice, "");
        }
        assert_eq!(counts(&store, record), want, "{note}");
        assert_eq!(store.revision().unwrap(), before, "{note}: readers' view is the same");
        assert_eq!(store.all_choices().unwrap().len(), said.len(), "{note}: every row stays");
    }
}

#[test]
fn choices_go_with_the_records_they_were_said_of() {
    let store = Store::in_memory().unwrap();
    let all = records(&store, &["a", "b", "c"]);
    let [a, b, c] = all.as_slice() else { panic!("three records") };
    let second = work(&store, *b);
    put(&store, *a, Some(Choice::Keep), "");
    put(&store, *b, Some(Choice::Drop), "animals");
    store.place(&[vec![*a, *b]]).unwrap();
    assert_eq!(counts(&store, *a), Some(Choice::Drop), "joined: the later one");
    let row = store.choice_of(&work(&store, *a)).unwrap().unwrap();
    assert_eq!((row.work, row.reason.as_str()), (second.clone(), "animals"), "as it was said then");
    let new = NewChoice { choice: Some(Choice::Maybe), month: None, title: "T", who: "Ben", reason: "" };
    store.put_choice(&second, new, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(counts(&store, *a), Some(Choice::Maybe), "an id that leads elsewhere");
    store.place(&[vec![*a], vec![*b]]).unwrap();
    assert_eq!((counts(&store, *a), counts(&store, *b)), (Some(Choice::Maybe), Some(Choice::Maybe)), "said of both");
    put(&store, *a, None, "");
    assert_eq!((counts(&store, *a), counts(&store, *b)), (None, Some(Choice::Maybe)), "taken back for one");
    assert_eq!(counts(&store, *c), None);
    let on = |record| store.choices_on(&work(&store, record)).unwrap().iter().map(|r| r.number).collect::<Vec<_>>();
    assert_eq!((on(*a), on(*b), on(*c)), (vec![4, 3, 1], vec![3, 2], vec![]));
    assert_eq!(store.standing_choices().unwrap().len(), 1);
}

#[test]
fn a_choice_on_no_work_is_refused() {
    let store = Store::in_memory().unwrap();
    let new = NewChoice { choice: Some(Choice::Keep), month: None, title: "", who: "", reason: "" };
    let nobody = WorkId::parse("waaaaaaaaaaa").unwrap();
    let error = store.put_choice(&nobody, new, Timestamp::UNIX_EPOCH).unwrap_err().to_string();
    assert!(error.contains("no work has the id waaaaaaaaaaa"), "{error}");
    assert_eq!(store.all_choices().unwrap(), []);
}

#[test]
fn a_damaged_row_is_named() {
    for (note, change, want) in [
        ("a word of a later version", "choice = 'perhaps'", "1: no choice is called \"perhaps\""),
        ("a month", "month = 'October'", "1: not a month of the form YYYY-MM: \"October\""),
        ("a time", "at = 'yesterday'", "a stored choice cannot be read: 1: "),
        ("an id", "work = 'x y'", "a stored choice cannot be read: 1: "),
    ] {
        let store = Store::in_memory().unwrap();
        let record = records(&store, &["a"]).remove(0);
        put(&store, record, Some(Choice::Keep), "");
        store.conn.pragma_update(None, "ignore_check_constraints", true).unwrap();
        store.conn.execute(&format!("UPDATE choice SET {change}"), []).unwrap();
        let id = work(&store, record);
        let errors = [
            store.choice_of(&id).err(),
            store.standing_choices().err(),
            store.all_choices().err(),
            store.choices_on(&id).err(),
        ];
        for error in errors {
            let error = error.map(|e| e.to_string()).unwrap_or_default();
            assert!(error.contains(want), "{note}: {error}");
        }
    }
}
