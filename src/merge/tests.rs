//! Tables of pairs and fields from `tests/cases`, and the laws of merging.

use serde_json::{Map, Value};

use super::bib::{Field, Pages};
use super::journal::Journal;
use super::likeness::TitleLink;
use super::names;
use super::title::Title;
use super::*;
use crate::model::{Author, Doi, Identifier, Pmid, Relation, RelationKind, WorkId};

/// Returns the cases under a key of a TOML document.
fn cases(text: &str, key: &str) -> Vec<Value> {
    let doc = toml_edit::Document::parse(text.to_owned()).expect("the table is TOML");
    let tables = doc.get(key).and_then(toml_edit::Item::as_array_of_tables).expect("the table has cases");
    let out: Vec<Value> = tables.iter().map(table).collect();
    assert!(!out.is_empty(), "{key}");
    out
}

fn table<T: toml_edit::TableLike + ?Sized>(table: &T) -> Value {
    let pairs = table.iter().map(|(k, v)| (k.to_owned(), v.as_value().map(value).unwrap_or_default()));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn value(item: &toml_edit::Value) -> Value {
    match item {
        toml_edit::Value::String(s) => Value::String(s.value().clone()),
        toml_edit::Value::Integer(n) => Value::from(*n.value()),
        toml_edit::Value::Array(list) => list.iter().map(value).collect(),
        toml_edit::Value::InlineTable(t) => table(t),
        other => panic!("no case has {other}"),
    }
}

/// Returns the author that "Family, Given" is.
fn author(text: &str) -> Author {
    let (family, given) = text.split_once(", ").unwrap_or((text, ""));
    Author::person(family, given)
}

/// Returns the record of a case.
fn record(case: &Value, id: &str) -> Record {
    let mut fields = case.as_object().expect("a record").clone();
    let authors: Vec<Author> = texts(fields.remove("authors").as_ref()).iter().map(|a| author(a)).collect();
    fields.insert("id".into(), id.into());
    fields.insert("source".into(), "cases".into());
    let record: Record = serde_json::from_value(Value::Object(fields)).expect("a record");
    assert!(record.extra.is_empty(), "{id}: {:?}", record.extra);
    Record { authors, ..record }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter().map(|t| t.as_str().expect("a text").to_owned()).collect()
}

fn word<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Tells whether one looks for a key or identifier that the other offers.
fn seeks(a: &Record, b: &Record) -> bool {
    let mut offers = link_keys(b).offers;
    offers.extend(b.identifiers().iter().map(|i| format!("{}:{}", i.kind(), i.value())));
    link_keys(a).seeks.iter().any(|k| offers.contains(k))
}

const PAIRS: &str = include_str!("../../tests/cases/merge-pairs.toml");
const FIELDS: &str = include_str!("../../tests/cases/merge-fields.toml");

#[test]
fn pairs_are_judged_as_the_table_says() {
    for case in cases(PAIRS, "pair") {
        let id = word(&case, "id");
        assert!(!word(&case, "note").is_empty(), "{id} has no note");
        let (a, b) = (record(&case["a"], "a"), record(&case["b"], "b"));
        let opinion = compare(&a, &b);
        let verdict = format!("{:?}", opinion.verdict).to_lowercase();
        assert_eq!(verdict, word(&case, "want"), "{id}: {:?}", opinion.reasons);
        assert_eq!(opinion, compare(&b, &a), "{id} is judged in one direction only");
        let relation = relation_between(&a, &b);
        let relation = relation.as_ref().map_or("", RelationKind::as_str);
        if opinion.verdict == Verdict::Different {
            assert_eq!(relation, word(&case, "relation"), "{id}: {:?}", opinion.reasons);
        }
        let (keys, others) = (block_keys(&a), block_keys(&b));
        assert!(keys.len() <= block::KEYS_MAX && keys.is_sorted(), "{id}: {keys:?}");
        let is_named = a.doi.is_some() && a.doi == b.doi || a.pmid.is_some() && a.pmid == b.pmid;
        let is_found = is_named || keys.iter().any(|k| others.contains(k));
        assert!(is_found || opinion.verdict == Verdict::Different, "{id} would never be compared");
        assert!(is_found || seeks(&a, &b) || seeks(&b, &a) || relation.is_empty(), "{id} would never be linked");
        let turned: Vec<RelationKind> = relations_between(&b, &a).iter().map(RelationKind::inverse).collect();
        assert_eq!(relations_between(&a, &b), turned, "{id} is linked in one direction only");
    }
}

#[test]
fn titles_agree_as_the_table_says() {
    for case in cases(FIELDS, "title") {
        let (a, b) = (Title::of(word(&case, "a"), ""), Title::of(word(&case, "b"), ""));
        let link = TitleLink::of(&a, &b);
        let likeness = format!("{:?}", link.likeness).to_lowercase();
        assert_eq!(likeness, word(&case, "want"), "{}: {a:?} {b:?}", word(&case, "id"));
        assert_eq!(link, TitleLink::of(&b, &a), "{}", word(&case, "id"));
    }
}

#[test]
fn fields_agree_as_the_table_says() {
    type Compare = fn(&Value, &Value) -> Field;
    let tables: [(&str, Compare); 3] = [
        ("journal", |a, b| Journal::of(a.as_str().unwrap()).agree(&Journal::of(b.as_str().unwrap()))),
        ("pages", |a, b| Pages::of(a.as_str().unwrap()).agree(&Pages::of(b.as_str().unwrap()))),
        ("authors", |a, b| {
            let list = |v: &Value| names::names(&texts(Some(v)).iter().map(|t| author(t)).collect::<Vec<_>>());
            names::agree(&list(a), &list(b))
        }),
    ];
    for (key, compare) in tables {
        for case in cases(FIELDS, key) {
            let id = word(&case, "id");
            let agree = compare(&case["a"], &case["b"]);
            assert_eq!(format!("{agree:?}").to_lowercase(), word(&case, "want"), "{key} {id}");
            assert_eq!(agree, compare(&case["b"], &case["a"]), "{key} {id}");
        }
    }
}

#[test]
fn what_a_source_says_itself_is_a_link() {
    let relation = |kind: &str, pmid: &str| Relation {
        kind: RelationKind::new(kind),
        pmid: Pmid::parse(pmid),
        doi: None,
        note: None,
    };
    let paper = Record { title: "A".into(), pmid: Pmid::parse("90000021"), ..Record::default() };
    for (kind, types, there, back) in [
        ("RetractionIn", "Journal Article", "retraction-in", "retraction-of"),
        ("UpdateIn", "Preprint", "preprint-of", "has-preprint"),
        ("UpdateIn", "Journal Article", "update-in", "update-of"),
        ("CommentOn", "Letter", "comment-on", "comment-in"),
    ] {
        let other = Record {
            title: "B".into(),
            pmid: Pmid::parse("90000022"),
            types: vec![types.into()],
            relations: vec![relation(kind, "90000021")],
            ..Record::default()
        };
        assert_eq!(relation_between(&other, &paper), Some(RelationKind::new(there)), "{kind}");
        assert_eq!(relation_between(&paper, &other), Some(RelationKind::new(back)), "{kind}");
    }
}

#[test]
fn news_reports_on_the_paper_whose_doi_it_carries() {
    let paper = Record {
        title: "Stepped care for perinatal depression in primary clinics".into(),
        journal: Some("J Invent".into()),
        year: Some(2024),
        doi: Doi::parse("10.5555/news.1"),
        pmid: Pmid::parse("90000031"),
        types: vec!["Journal Article".into()],
        ..Record::default()
    };
    let news = |body: &str, link: &str| Record {
        title: "New hope for mothers, study finds".into(),
        url: Some("https://example.org/hope".into()),
        abstract_text: Some(body.into()),
        links: vec![link.into()],
        ..Record::default()
    };
    for (body, link, want) in [
        ("The study (doi: 10.5555/news.1).", "", true),
        ("Read https://doi.org/10.5555/NEWS.1.", "", true),
        ("", "https://doi.org/10.5555%2Fnews.1", true),
        ("", "https://pubmed.ncbi.nlm.nih.gov/90000031/", true),
        ("The study (doi: 10.5555/news.12).", "", false),
        ("The study (doi: 10.5555/news.1.s2).", "", false),
        ("90000031 mothers took part", "", false),
        ("", "https://example.org/news.1", false),
    ] {
        assert_eq!(reports_on(&news(body, link), &paper), want, "{body} {link}");
    }
    // The journal's own feed entry for the paper is the paper.
    let entry = Record { pmid: None, ..paper.clone() };
    assert!(!reports_on(&entry, &paper));
}

/// Returns a work id for tests.
fn work_id(n: u32) -> WorkId {
    WorkId::mint(&Identifier::Guid { source: "cases".into(), guid: n.to_string() }, 0)
}

/// Returns a paper with a DOI made of `n`.
fn paper(id: &str, title: &str) -> Record {
    Record {
        id: id.into(),
        source: "cases".into(),
        title: title.into(),
        authors: vec![author("Example, Maria"), author("Sample, John")],
        journal: Some("Journal of Invented Health".into()),
        year: Some(2024),
        ..Record::default()
    }
}

const TITLE: &str = "Group care for postnatal depression in rural districts";

/// Returns the groups that records make where some of them are alike, by what people said.
fn settled(records: &[Record], alike: &[(usize, usize, u8)], said: &Said) -> Vec<usize> {
    let comparable: Vec<Comparable> = records.iter().map(Comparable::of).collect();
    let matches: Vec<Match> =
        alike.iter().map(|(a, b, strength)| Match { a: *a, b: *b, strength: *strength }).collect();
    settle(&comparable.iter().collect::<Vec<_>>(), &matches, said).of
}

#[test]
fn the_surer_match_is_made_first() {
    let records = [
        Record { pmid: Pmid::parse("90000041"), ..paper("1", TITLE) },
        paper("2", TITLE),
        Record { pmid: Pmid::parse("90000042"), ..paper("3", TITLE) },
    ];
    assert_eq!(settled(&records, &[(0, 1, 80), (1, 2, 90)], &Said::default()), [0, 1, 1]);
    assert_eq!(settled(&records, &[(0, 1, 90), (1, 2, 80)], &Said::default()), [0, 0, 1]);
}

#[test]
fn what_people_say_outranks_the_machine() {
    let numbered = |id: &str, pmid: &str| Record { pmid: Pmid::parse(pmid), ..paper(id, TITLE) };
    let records = [numbered("1", "90000041"), numbered("2", "90000042"), paper("3", TITLE), paper("4", TITLE)];
    let alike = [(0, 2, 90), (2, 3, 80)];
    let said = |same: &[(usize, usize)], different: &[(usize, usize)]| Said {
        same: same.to_vec(),
        different: different.to_vec(),
    };
    assert_eq!(settled(&records, &alike, &said(&[], &[])), [0, 1, 0, 0]);
    // Two PubMed numbers, and yet one paper; what is like one of them is in it.
    assert_eq!(settled(&records, &alike, &said(&[(0, 1)], &[])), [0, 0, 0, 0]);
    // What is kept apart takes nothing from the rest, and what is like both goes to the surer one.
    assert_eq!(settled(&records, &alike, &said(&[], &[(2, 3)])), [0, 1, 0, 2]);
    assert_eq!(settled(&records, &alike, &said(&[], &[(0, 2)])), [0, 1, 2, 2]);
    // Words that contradict through a third record: they stay apart.
    assert_eq!(settled(&records, &[], &said(&[(0, 1), (1, 2)], &[(0, 2)])), [0, 0, 1, 2]);
}

#[test]
fn no_chain_makes_one_work_of_two() {
    let first = Record { pmid: Pmid::parse("90000051"), ..paper("1", TITLE) };
    let middle = paper("2", TITLE);
    let last = Record { pmid: Pmid::parse("90000052"), ..paper("3", TITLE) };
    let clusters = cluster(&[first, middle, last], &Said::default(), &mut |_| {});
    assert_eq!(clusters.of.iter().max(), Some(&1), "{clusters:?}");
    assert_eq!(clusters.maybe.len(), 1);
    assert!(clusters.maybe[0].reasons[0].contains("third record"), "{:?}", clusters.maybe);
}

/// What happens with thousands of records that are alike must not take the square of the time.
#[test]
fn many_like_records_take_no_longer_than_others() {
    // Compared pair by pair, these would take minutes.
    const COUNT: usize = 6_000;
    let many = |make: &dyn Fn(usize) -> Record| -> Vec<Record> {
        (0..COUNT).map(|n| Record { id: n.to_string(), ..make(n) }).collect()
    };
    let plain = |title: &str| Record { title: title.into(), year: Some(2024), ..Record::default() };
    let titled = |title: &str| Record { journal: Some("J Invent".into()), ..plain(title) };
    for (note, records, studies) in [
        ("columns without a place are as many papers", many(&|_| plain("Editorial")), COUNT),
        ("copies of one record are one paper", many(&|_| titled(TITLE)), 1),
        ("copies of one identifier are one paper", many(&|_| Record { pmid: Pmid::parse("90000081"), ..plain("") }), 1),
        ("no title, nothing known", many(&|_| Record::default()), COUNT),
        (
            "a serial: one title and page in each year and volume",
            many(&|n| Record { volume: Some(n.to_string()), pages: Some("7-9".into()), ..titled(TITLE) }),
            COUNT,
        ),
    ] {
        let clusters = cluster(&records, &Said::default(), &mut |_| {});
        assert_eq!(clusters.of.iter().max(), Some(&(studies - 1)), "{note}");
        assert_eq!(clusters.maybe.len(), 0, "{note}");
    }
}

#[test]
fn folding_takes_the_best_of_every_field() {
    let pubmed = Record {
        pmid: Pmid::parse("90000061"),
        volume: Some("3".into()),
        abstract_text: Some("Short.".into()),
        types: vec!["Journal Article".into()],
        ..paper("pmid:90000061", TITLE)
    };
    let feed = Record {
        source: "feed".into(),
        doi: Doi::parse("10.5555/fold.1"),
        url: Some("https://example.org/a".into()),
        abstract_text: Some("A much longer abstract from the feed.".into()),
        keywords: vec!["mothers".into()],
        authors: vec![],
        ..paper("guid-1", "[Articles] Group care for postnatal…")
    };
    let work = fold(&work_id(1), &[feed.clone(), pubmed.clone()]);
    assert_eq!(work.record.id, work_id(1).to_string());
    assert_eq!(work.record.source, "");
    insta::assert_snapshot!(
        serde_json::to_string_pretty(&(&work.record, &work.fields_from)).unwrap().replace(work_id(1).as_str(), "ID")
    );
    assert_eq!(work.members.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["guid-1", "pmid:90000061"]);
    let turned = fold(&work_id(1), &[pubmed, feed]);
    assert_eq!((turned.record, turned.fields_from), (work.record, work.fields_from));
}

#[test]
fn without_pubmed_the_longest_abstract_is_taken() {
    let with = |id: &str, text: &str| Record { abstract_text: Some(text.into()), ..paper(id, TITLE) };
    let record = fold_records(&[with("1", "Short."), with("2", "A longer one."), with("3", " ")]);
    assert_eq!(record.abstract_text.as_deref(), Some("A longer one."));
    assert_eq!(fold_records(&[]), Record::default());
}

mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::merge::invented::any_record;

    /// Returns records with ids, and the same in another order.
    fn records_and_shuffle() -> impl Strategy<Value = (Vec<Record>, Vec<Record>)> {
        prop::collection::vec(any_record(), 0..14).prop_flat_map(|mut records| {
            for (n, r) in records.iter_mut().enumerate() {
                r.id = n.to_string();
            }
            (Just(records.clone()), Just(records).prop_shuffle())
        })
    }

    /// Returns the clusters as sorted lists of ids.
    fn groups(records: &[Record]) -> Vec<Vec<String>> {
        let clusters = cluster(records, &Said::default(), &mut |_| {});
        let mut out: Vec<Vec<String>> = Vec::new();
        for (r, n) in records.iter().zip(&clusters.of) {
            out.resize_with(out.len().max(n + 1), Vec::new);
            out[*n].push(r.id.clone());
        }
        for group in &mut out {
            group.sort();
        }
        out.sort();
        out
    }

    proptest! {
        #[test]
        fn clusters_do_not_depend_on_order((records, shuffled) in records_and_shuffle()) {
            prop_assert_eq!(groups(&records), groups(&shuffled));
        }

        #[test]
        fn no_cluster_holds_what_must_stay_apart((records, _) in records_and_shuffle()) {
            let clusters = cluster(&records, &Said::default(), &mut |_| {});
            for (i, a) in records.iter().enumerate() {
                for (j, b) in records.iter().enumerate().skip(i + 1) {
                    if clusters.of[i] == clusters.of[j] {
                        prop_assert!(a.pmid.is_none() || b.pmid.is_none() || a.pmid == b.pmid);
                        prop_assert!(a.is_preprint() == b.is_preprint() || a.pmid.is_some() || a.doi.is_some());
                    }
                }
            }
        }

        #[test]
        fn comparing_is_symmetric(a in any_record(), b in any_record()) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a));
            prop_assert_eq!(relation_between(&a, &b).is_some(), relation_between(&b, &a).is_some());
        }

        #[test]
        fn a_second_copy_changes_nothing((records, _) in records_and_shuffle()) {
            let copies: Vec<Record> =
                records.iter().map(|r| Record { source: "again".into(), ..r.clone() }).collect();
            let once = cluster(&records, &Said::default(), &mut |_| {});
            let twice = cluster(&[records.clone(), copies].concat(), &Said::default(), &mut |_| {});
            // Where a record could go to either of two works that exclude each other, a copy may
            // tip the balance; everywhere else it must not.
            let is_torn = |c: &Clusters| c.maybe.iter().any(|m| m.reasons[0].contains("third record"));
            prop_assume!(!is_torn(&once) && !is_torn(&twice));
            for i in 0..records.len() {
                for j in 0..records.len() {
                    prop_assert_eq!(once.of[i] == once.of[j], twice.of[i] == twice.of[j]);
                }
            }
        }

        #[test]
        fn folding_does_not_depend_on_order((records, shuffled) in records_and_shuffle()) {
            let (a, b) = (fold(&work_id(1), &records), fold(&work_id(1), &shuffled));
            prop_assert_eq!((&a.record, &a.fields_from), (&b.record, &b.fields_from));
            prop_assert_eq!(a.members.len(), records.len());
        }

        #[test]
        fn folding_what_is_folded_changes_nothing((records, _) in records_and_shuffle()) {
            let once = fold_records(&records);
            prop_assert_eq!(fold_records(std::slice::from_ref(&once)), once);
        }

        #[test]
        fn no_text_stops_the_reading(title in ".{0,80}", other in "[\\[\\](){}<>&;:. \"a-zé…|0-9-]{0,60}") {
            let a = Record { title: title.clone(), journal: Some(other.clone()), pages: Some(title.clone()), ..Record::default() };
            let b = Record { title: other.clone(), journal: Some(title), pages: Some(other), ..a.clone() };
            let _ = (compare(&a, &b), block_keys(&a), relation_between(&a, &b), reports_on(&a, &b));
            let _ = crate::bibliography::to_ris(&a);
        }
    }
}
