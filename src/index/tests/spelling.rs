//! Tests of phrases that are written in several ways.

use super::shelf::paper;
use super::{Index, found, indexed, names};

/// Papers that write one thing in several ways: name and title.
const PAPERS: &[(&str, &str)] = &[
    ("one", "Severe postpartum depression in mothers"),
    ("hyphen", "Severe post-partum depression in mothers"),
    ("two", "Severe post partum depression in mothers"),
    ("apart", "Partum and post depression of mothers"),
    ("score-one", "The PHQ9 score in primary care"),
    ("score-hyphen", "The PHQ-9 score in primary care"),
    ("score-two", "The PHQ 9 score in primary care"),
    ("follow-one", "Loss to followup of newborns"),
    ("follow-hyphen", "Loss to follow-up of new-borns"),
    ("follow-two", "Loss to follow up of new borns"),
    ("stay-hyphen", "Cost of in-patient care"),
    ("stay-one", "Cost of inpatient care"),
    ("visit", "Cost of out-patient care"),
    ("three-one", "A peripostpartum mood scale"),
    ("three-hyphen", "A peri-post-partum mood scale"),
    ("typical", "A typical week of carers"),
    ("atypical", "An atypical week of carers"),
    ("french", "Mesure de pression des gestantes"),
    ("rest", "Therapist and the rapist"),
];

#[test]
fn phrases_find_each_other_in_every_spelling() {
    let papers: Vec<_> = PAPERS.iter().map(|(name, title)| paper(name, title, "", "2024")).collect();
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    for (typed, want, note) in [
        ("\"postpartum depression\"", "hyphen one two", "typed in one piece"),
        ("\"post-partum depression\"", "hyphen one two", "with a hyphen"),
        ("\"post partum depression\"", "hyphen one two", "as two words"),
        ("\"severe postpartum depression in mothers\"", "hyphen one two", "inside a longer phrase"),
        ("\"Severe Post-Partum Depression\"", "hyphen one two", "whatever the case"),
        ("\"severe post partum depression\"", "hyphen one two", "at its end"),
        ("\"postpartum\"", "hyphen one three-hyphen two", "a phrase of one word, also in a longer one"),
        ("\"partum depression\"", "hyphen two", "a part alone is not the whole"),
        ("\"depression postpartum\"", "", "the order counts"),
        ("title:\"postpartum depression\"", "hyphen one two", "in the title"),
        ("title:\"post partum depression\"", "hyphen one two", "in the title, as two words"),
        ("\"postpartum mothers\"~3", "hyphen one two", "near each other"),
        ("depression -\"postpartum depression\"", "apart", "left out in every spelling"),
        ("depression -\"post partum depression\"", "apart", "left out as two words"),
        ("\"phq9 score\"", "score-hyphen score-one score-two", "letters and digits in one piece"),
        ("\"phq-9 score\"", "score-hyphen score-one score-two", "with a hyphen"),
        ("\"phq 9 score\"", "score-hyphen score-one score-two", "as two words"),
        ("\"loss to followup of newborns\"", "follow-hyphen follow-one follow-two", "two places"),
        ("\"loss to follow-up of newborns\"", "follow-hyphen follow-one follow-two", "two spellings in one phrase"),
        ("\"loss to follow up of new borns\"", "follow-hyphen follow-one follow-two", "stop words keep their place"),
        ("\"inpatient care\"", "stay-hyphen stay-one", "a half that is a stop word: not \"out-patient care\""),
        ("\"in-patient care\"", "stay-hyphen stay-one", "with a hyphen"),
        ("\"peripostpartum mood\"", "three-one", "three parts are not guessed"),
        ("\"peri-post-partum mood\"", "three-hyphen three-one", "but joined"),
        ("\"typical week\"", "typical", "an article is no half"),
        ("\"atypical week\"", "atypical", "nor the other way"),
        ("\"depression\"", "apart hyphen one two", "\"de pression\" is another word"),
        ("\"therapist and\"", "rest", "nor is \"the rapist\""),
    ] {
        let answer = found(&searcher, typed);
        let mut got = names(&answer);
        got.sort_unstable();
        assert_eq!(got.join(" "), want, "{typed}: {note}");
    }
}

#[test]
fn a_phrase_is_marked_in_every_spelling() {
    let papers: Vec<_> = PAPERS.iter().map(|(name, title)| paper(name, title, "", "2024")).collect();
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    for hit in found(&searcher, "\"postpartum depression\"").hits {
        let marked: String = hit.title.iter().map(|(on, t)| if *on { format!("[{t}]") } else { t.clone() }).collect();
        let want = hit.paper.record.title.replace("Severe ", "Severe [").replace("depression", "depression]");
        assert_eq!(marked.replace("] [", " "), want);
    }
}
