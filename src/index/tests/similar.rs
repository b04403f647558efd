//! Papers like a paper: the nearest is the one that any reader would say.

use super::*;
use crate::index::tests::shelf::With;
use crate::model::{Doi, Relation, RelationKind};

/// Invented papers on five subjects, two of each, and what both share.
fn papers() -> Vec<Paper> {
    let mother = "Women with depression after birth took part. Mothers answered questions at the clinic.";
    let paper = |name: &str, title: &str, body: &str| paper(name, title, &format!("{body} {mother}"), "2024");
    vec![
        paper("yoga-1", "Prenatal yoga for anxious mothers", "Yoga classes with breathing exercises were held weekly."),
        paper("yoga-2", "Breathing and stretching before birth", "A yoga teacher led classes of breathing exercises."),
        paper("radio-1", "Radio dramas on stigma", "Episodes were broadcast on village radio and discussed."),
        paper("radio-2", "Listening groups for a broadcast serial", "The radio serial reached villages by broadcast."),
        paper("iron-1", "Iron tablets and fatigue", "Haemoglobin rose with iron tablets; anaemia and fatigue fell."),
        paper("iron-2", "Anaemia, fatigue and mood", "Haemoglobin and anaemia were measured, and fatigue asked for."),
        paper("phone-1", "Text messages by phone", "Two text messages a week were sent by mobile phone."),
        paper("phone-2", "Mobile phone reminders", "Reminders by mobile phone and text messages were sent."),
        paper("song-1", "Lullabies sung to newborns", "Singing lullabies in choirs calmed newborns."),
        paper("song-2", "A choir for new mothers", "The choir met for singing; lullabies were taught."),
    ]
}

/// Returns the native ids of the papers most like one, nearest first.
fn like(papers: &[Paper], name: &str) -> Vec<String> {
    let home = indexed(papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    let paper = papers.iter().find(|p| p.native_id() == name).unwrap();
    let answer = searcher.similar(paper, 5).unwrap();
    assert_eq!(answer.total, answer.hits.len());
    assert!(answer.hits.iter().all(|h| (0.0..=1.0).contains(&h.score)), "likeness is a share");
    answer.hits.iter().map(|h| h.paper.native_id().to_owned()).collect()
}

#[test]
fn the_nearest_is_the_one_a_reader_would_say() {
    let papers = papers();
    for subject in ["yoga", "radio", "iron", "phone", "song"] {
        for (one, other) in [(1, 2), (2, 1)] {
            let found = like(&papers, &format!("{subject}-{one}"));
            assert_eq!(found.first(), Some(&format!("{subject}-{other}")), "{subject}-{one}: {found:?}");
            assert!(!found.contains(&format!("{subject}-{one}")), "not the paper itself");
        }
    }
}

#[test]
fn other_forms_of_the_paper_are_left_out() {
    let mut papers = papers();
    let preprint = Doi::parse("10.5555/preprint.1").unwrap();
    let kind = RelationKind::new("has-preprint");
    papers[0].record.relations.push(Relation { kind, pmid: None, doi: Some(preprint.clone()), note: None });
    let copy = papers[0].record.abstract_text.clone().unwrap();
    let form = paper("form", "Prenatal yoga for anxious mothers", &copy, "2023").with(|r| r.doi = Some(preprint));
    papers.push(form);
    let found = like(&papers, "yoga-1");
    assert!(!found.contains(&"form".to_owned()) && found.first().is_some_and(|f| f == "yoga-2"), "{found:?}");
}

#[test]
fn a_paper_without_words_is_like_none() {
    let mut papers = papers();
    papers.push(paper("none", "?", "", "2024"));
    assert!(like(&papers, "none").is_empty());
}
