//! Texts and the numbers that become of them, worked out by hand.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Rows, Text};
use crate::rank::Recipe;

/// Words and pairs alone, every word once, nothing held back.
fn plain() -> Recipe {
    Recipe { counts_stems: false, title_weight: 1.0, papers_min: 1, length_power: 0.0, ..Recipe::default() }
}

fn title(title: &str) -> Text<'_> {
    Text { title, ..Text::default() }
}

/// Returns a paper's terms by name with their numbers; a stem with its mark, as it is kept.
fn terms(rows: &Rows, number: usize) -> BTreeMap<String, f64> {
    rows.row(number).iter().map(|(term, value)| (rows.names[term].clone(), f64::from(value))).collect()
}

fn names(rows: &Rows, number: usize) -> Vec<String> {
    terms(rows, number).into_keys().collect()
}

fn assert_terms(id: &str, rows: &Rows, number: usize, wanted: &[(&str, f64)]) {
    let is = terms(rows, number);
    let should: BTreeMap<String, f64> = wanted.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    assert_eq!(is.keys().collect::<Vec<_>>(), should.keys().collect::<Vec<_>>(), "{id}");
    for (name, value) in &should {
        assert!((is[name] - value).abs() < 1e-4, "{id}: {name} is {}, not {value}", is[name]);
    }
}

#[test]
fn numbers_worked_out_by_hand() {
    // Two papers: a term of both has rarity ln(3 ÷ 3) + 1 = 1, a term of one ln(3 ÷ 2) + 1 = 1.405465.
    let papers = [Text { title: "red hens", body: "hens", tags: &[] }, title("red")];
    // red 1 · 1 = 1; hens (1 + ln 2) · 1.405465 = 2.379659; red hens 1.405465; length √(1 + 5.662777 + 1.975332) = 2.939067.
    let rows = Rows::new(&papers, &plain());
    assert_terms("plain", &rows, 0, &[("hens", 0.809_665), ("red", 0.340_244), ("red hens", 0.478_201)]);
    assert_terms("one word", &rows, 1, &[("red", 1.0)]);
    // A title's word three times: red (1 + ln 3) = 2.098612; hens (1 + ln 4) · 1.405465 = 3.353853;
    // red hens 2.098612 · 1.405465 = 2.949526; length √(4.404173 + 11.248328 + 8.699703) = 4.934796.
    let weighed = Rows::new(&papers, &Recipe { title_weight: 3.0, ..plain() });
    assert_terms("title", &weighed, 0, &[("hens", 0.679_634), ("red", 0.425_268), ("red hens", 0.597_700)]);
    // Terms counted: 4 and 1, the mean is 2.5. The short one is (1 ÷ 2.5)^0.15 = 0.871583 long, the other not longer than 1.
    let held = Rows::new(&papers, &Recipe { length_power: 0.15, ..plain() });
    assert_terms("long", &held, 0, &[("hens", 0.809_665), ("red", 0.340_244), ("red hens", 0.478_201)]);
    assert_terms("short", &held, 1, &[("red", 0.871_583)]);
}

#[test]
fn which_terms_a_text_has() {
    /// Id, title, abstract, tags, terms without stems; the note stands above.
    type Case<'a> = (&'a str, &'a str, &'a str, &'a [String], &'a [&'a str]);
    let tags = ["mesh:infant".to_owned(), "country:KEN".to_owned()];
    let cases: [Case<'_>; 13] = [
        ("empty", "", "", &[], &[]),
        ("case and accents", "Dépression ÉMOTIVE", "", &[], &["depression", "depression emotive", "emotive"]),
        ("hyphens part", "post-natal", "", &[], &["natal", "post", "post natal"]),
        ("apostrophes join", "mother's mother’s", "", &[], &["mothers", "mothers mothers"]),
        // One letter is no word, and the pair reaches over it, as in ASReview.
        ("one letter", "vitamin a loss", "", &[], &["loss", "vitamin", "vitamin loss"]),
        (
            "pairs stay in their text",
            "red hens",
            "lay eggs",
            &[],
            &["eggs", "hens", "lay", "lay eggs", "red", "red hens"],
        ),
        // A pair reaches over the end of a sentence: the text is not parted.
        ("pairs over a full stop", "Hens. Eggs", "", &[], &["eggs", "hens", "hens eggs"]),
        ("digits", "covid 19", "", &[], &["19", "covid", "covid 19"]),
        ("signs alone", "*** — …", "", &[], &[]),
        ("tags", "hens", "", &tags, &["#country:KEN", "#mesh:infant", "hens"]),
        // The hamza goes like an accent.
        ("arabic", "اكتئاب ما", "", &[], &["اكتياب", "اكتياب ما", "ما"]),
        // Chinese is not parted into words: a run of signs is one, and helps only where another paper has the same.
        ("chinese", "产后抑郁，母亲", "", &[], &["产后抑郁", "产后抑郁 母亲", "母亲"]),
        ("markup is text", "<b>hens</b>", "", &[], &["hens"]),
    ];
    for (id, title, body, tags, wanted) in cases {
        let rows = Rows::new(&[Text { title, body, tags }], &plain());
        let mut wanted: Vec<String> = wanted.iter().map(|w| (*w).to_owned()).collect();
        wanted.sort();
        assert_eq!(names(&rows, 0), wanted, "{id}");
        assert_eq!((rows.len(), rows.width()), (1, wanted.len()), "{id}");
    }
}

#[test]
fn stems_stand_beside_words() {
    let rows = Rows::new(&[title("mothers"), title("mothering")], &Recipe { counts_stems: true, ..plain() });
    assert_eq!(names(&rows, 0), ["mothers", "~mother"]);
    assert_eq!(names(&rows, 1), ["mothering", "~mother"]);
    assert!(rows.likeness(0, 1) > 0.0, "the stem is common");
    let said: Vec<(&str, bool)> = (0..rows.width()).map(|term| rows.name(term)).collect();
    assert_eq!(said, [("mothers", true), ("mother", false), ("mothering", true)]);
    assert_eq!(rows.name(99), ("", true));
}

#[test]
fn rare_and_common_terms_are_left_out_of_large_collections_alone() {
    let collection = |papers: usize| -> Vec<String> {
        let of = |n: usize| {
            let mut text = String::from("all ");
            text.push_str(if n < papers * 95 / 100 { "most " } else { "few " });
            text.push_str(if n == 0 { "single " } else { "" });
            text.push_str(if n < 2 { "double" } else { "" });
            text
        };
        (0..papers).map(of).collect()
    };
    let words = |papers: usize, recipe: Recipe| -> Vec<String> {
        let texts = collection(papers);
        let rows = Rows::new(&texts.iter().map(|t| title(t)).collect::<Vec<_>>(), &recipe);
        let mut out: Vec<String> = rows.names.iter().filter(|n| !n.contains(' ')).cloned().collect();
        out.sort();
        out
    };
    let recipe = |papers_min| Recipe { papers_min, ..plain() };
    assert_eq!(words(100, recipe(2)), ["double", "few", "most"], "in one paper, and in more than 95 of 100");
    assert_eq!(words(100, recipe(1)), ["double", "few", "most", "single"]);
    assert_eq!(words(99, recipe(2)), ["all", "double", "few", "most", "single"], "a small collection keeps all");
}

#[test]
fn texts_that_are_no_texts_cost_nothing() {
    let long = "x".repeat(100_000);
    let sixty = "y".repeat(60);
    let endless = "word ".repeat(200_000);
    let papers = [
        Text { title: &long, body: &sixty, tags: &[] },
        Text { title: "", body: &endless, tags: &[] },
        Text { title: "\u{0}\u{ffff}\u{202e}", body: "\u{301}\u{301}", tags: &[] },
    ];
    let rows = Rows::new(&papers, &plain());
    assert_eq!(names(&rows, 0), [sixty.as_str()], "60 characters are a word, 100,000 are none");
    assert_eq!(names(&rows, 1), ["word", "word word"], "a megabyte");
    assert!(names(&rows, 2).is_empty(), "signs without letters");
    assert!(Rows::new(&[], &plain()).is_empty());
    assert_eq!(rows.row(3).iter().count() + rows.row(usize::MAX - 1).iter().count(), 0, "rows that are none");
}

#[test]
fn likeness_by_hand() {
    let rows = Rows::new(&[title("red hens"), title("red hens"), title("blue"), title("")], &plain());
    for (id, a, b, wanted) in [
        ("itself", 0, 0, 1.0),
        ("the same words", 0, 1, 1.0),
        ("no word", 0, 2, 0.0),
        ("empty", 0, 3, 0.0),
        ("two empty ones", 3, 3, 0.0),
        ("not there", 0, 9, 0.0),
    ] {
        assert!((rows.likeness(a, b) - wanted).abs() < 1e-6, "{id}: {}", rows.likeness(a, b));
    }
}

/// Texts of a few words that meet often.
fn texts() -> impl Strategy<Value = Vec<(String, String)>> {
    let words = || {
        let word = prop::sample::select(vec!["red", "hens", "eggs", "mothers", "mother's", "naïve", "a", "ملح", "-"]);
        prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "))
    };
    prop::collection::vec((words(), words()), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_the_same_each_time_and_likeness_has_its_laws(texts in texts()) {
        let texts: Vec<Text<'_>> = texts.iter().map(|(title, body)| Text { title, body, tags: &[] }).collect();
        let recipe = Recipe::default();
        let (rows, again) = (Rows::new(&texts, &recipe), Rows::new(&texts, &recipe));
        prop_assert_eq!(&rows.values, &again.values);
        prop_assert_eq!((&rows.names, &rows.terms, &rows.starts), (&again.names, &again.terms, &again.starts));
        for a in 0..rows.len() {
            prop_assert!(rows.row(a).square() <= 1.0 + 1e-5);
            let own = rows.likeness(a, a);
            prop_assert!(rows.row(a).square() == 0.0 || (own - 1.0).abs() < 1e-5, "itself: {}", own);
            for b in 0..a {
                let likeness = rows.likeness(a, b);
                prop_assert!((0.0..=1.0 + 1e-5).contains(&likeness));
                prop_assert!((likeness - rows.likeness(b, a)).abs() < 1e-9);
                let is_common = rows.row(a).iter().any(|(term, _)| rows.row(b).iter().any(|(other, _)| other == term));
                prop_assert_eq!(likeness > 0.0, is_common);
            }
        }
    }

    #[test]
    fn no_text_makes_it_fail(title in "\\PC{0,80}", body in any::<String>()) {
        let rows = Rows::new(&[Text { title: &title, body: &body, tags: &[] }], &Recipe::default());
        prop_assert!(rows.row(0).iter().all(|(_, value)| value.is_finite()));
    }
}
