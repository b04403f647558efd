//! What the browser shows of papers: facts of a board's cards, everything about one paper, and what people say
//! there.

use std::fs;

use roundup::draft;
use roundup::model::{Choice, Draft, Month as IssueMonth, RecordKey, WorkId};
use roundup::pipeline::cards::{CardFacts, Named, cards};
use roundup::pipeline::choose::{self, Saying};
use roundup::pipeline::sheet::{Piece, SameOutcome, Sheet, say_same, say_tag, sheet, unsay_same};
use roundup::pipeline::{self, Ctx, Error};
use roundup::store::Answer;
use roundup::store::TagAction::{Add, Remove, Undo};

use crate::support::{Month, block_on};

const OCTOBER: &str = "2026-11-01T03:00:00Z";

/// A trial with a preprint, a correction, a copy by other authors that may be the same, a retracted paper, and one
/// without a country.
const PAPERS: [&str; 6] = [
    r#"{"id":"trial","title":"Home visits by trained peers and depressive symptoms after birth in Kenya: a cluster randomised trial","title_vernacular":"Ziara za nyumbani","authors":["Example Maria","Sample John","Third Tess"],"journal":"Journal of Invented Health","year":2026,"published":"2026-10-05","entered":"2026-10-06","doi":"10.5555/one.paper","pmid":"90000001","pmcid":"PMC9000001","url":"https://example.org/trial","links":["https://example.org/trial.pdf","javascript:alert(1)"],"type":["Journal Article","Randomized Controlled Trial"],"keywords":["Postnatal Depression","Peers"],"open_access":true,"abstract":"BACKGROUND: Postnatal depression is common in Kenya. We asked whether home visits by peers help mothers.\n\nMETHODS: In a cluster randomised trial in Kisumu, Kenya, 400 mothers with postnatal depression were visited by peers <b>weekly</b>.\n\nCONCLUSIONS: Home visits by trained peers reduced depressive symptoms of mothers six months after birth."}"#,
    r#"{"id":"preprint","title":"Home visits by trained peers and depressive symptoms after birth in Kenya","authors":["Example Maria","Sample John"],"journal":"medRxiv","year":2026,"published":"2026-09-10","doi":"10.1101/2026.09.09.90000001","abstract":"We visited mothers with postnatal depression in Kenya."}"#,
    r#"{"id":"copy","title":"Group visits for mothers with postnatal depression in rural Kenya","authors":["Example Maria"],"journal":"Journal of Invented Health","year":2026,"published":"2026-10-05","entered":"2026-10-06","url":"https://example.org/1","abstract":"We asked mothers with postnatal depression in rural Kenya about group visits."}"#,
    r#"{"id":"other-copy","title":"Group visits for mothers with postnatal depression in rural Kenya","authors":["Other Olga"],"journal":"Acta Fabricata","year":2026,"published":"2026-10","entered":"2026-10-06","url":"https://example.org/2","abstract":"We asked mothers with postnatal depression in rural Kenya about group visits."}"#,
    r#"{"id":"withdrawn","title":"Sleep and postnatal depression of mothers in Malawi","authors":["Deen Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-07","doi":"10.5555/withdrawn","type":["Journal Article"],"abstract":"We studied postnatal depression of mothers in Malawi.","relations":[{"kind":"retraction-in","doi":"10.5555/notice"}]}"#,
    r#"{"id":"homesick","title":"Lullabies and postnatal depression: a cohort of homesick mothers","authors":["Deen Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","entered":"2026-10-06","url":"https://example.org/3","abstract":"We followed 300 mothers with postnatal depression for six months after birth. Singing was common."}"#,
];

fn issue() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

/// Opens a home with the papers in it.
fn home() -> (Month, Ctx) {
    let month = block_on(Month::start());
    let ctx = month.open(OCTOBER);
    for line in PAPERS {
        pipeline::import(&ctx, "papers.jsonl", line.as_bytes(), false).unwrap();
    }
    pipeline::judge(&ctx).unwrap();
    (month, ctx)
}

fn work(ctx: &Ctx, id: &str) -> WorkId {
    ctx.store.work_of_record(&RecordKey { source: "import".into(), id: id.into() }).unwrap().unwrap()
}

fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| p.text.as_str()).collect()
}

/// Returns the words that are marked, each with its tags.
fn marked(sheet: &Sheet) -> Vec<String> {
    let of_abstract = sheet.abstract_parts.iter().flat_map(|p| &p.pieces);
    let marked = sheet.title_pieces.iter().chain(of_abstract).filter(|p| !p.marks.is_empty());
    marked
        .map(|p| format!("{} = {}", p.text, p.marks.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(" + ")))
        .collect()
}

/// Returns a sheet for a snapshot: ids by the names of their records, choices of tags counted.
fn shown(ctx: &Ctx, sheet: &Sheet) -> String {
    let mut value = serde_json::to_value(sheet).unwrap();
    for choice in value["tag_choices"].as_array_mut().unwrap() {
        let count = choice["values"].as_array().unwrap().len();
        assert!(count > 0, "{choice}");
        choice["values"] = if choice["facet"] == "country" || count > 12 { "many".into() } else { count.into() };
    }
    let mut out = serde_json::to_string_pretty(&value).unwrap();
    for id in ["trial", "preprint", "copy", "other-copy", "withdrawn", "homesick"] {
        out = out.replace(work(ctx, id).as_str(), &format!("<{id}>"));
    }
    out
}

#[test]
fn a_sheet_tells_everything_about_a_paper() {
    let (_month, ctx) = home();
    let id = work(&ctx, "trial");
    say_tag(&ctx, &id, "country", "MWI", Add, "Ada").unwrap();
    say_tag(&ctx, &id, "condition", "depression", Remove, "Ada").unwrap();
    let saying = Saying { choice: Some(Choice::Keep), month: issue(), who: "Ada", reason: "a strong trial" };
    ctx.store.transaction(|_| choose::say(&ctx, &id, &saying)).unwrap();
    pipeline::draft(&ctx, issue(), false).unwrap();
    pipeline::render(&ctx, issue()).unwrap();
    let sheet = sheet(&ctx, issue(), &id).unwrap();
    insta::assert_snapshot!(shown(&ctx, &sheet));
}

#[test]
fn a_sheet_marks_the_words_that_tags_rest_on_and_loses_none() {
    let (_month, ctx) = home();
    let id = work(&ctx, "trial");
    let before = sheet(&ctx, issue(), &id).unwrap();
    let record = ctx.store.work(&id).unwrap().unwrap().work.record;
    assert_eq!(text(&before.title_pieces), record.title);
    let whole = record.abstract_text.unwrap();
    for part in &before.abstract_parts {
        assert!(whole.contains(&text(&part.pieces)), "{part:?}");
    }
    let labels: Vec<_> = before.abstract_parts.iter().map(|p| p.label.as_deref().unwrap_or_default()).collect();
    assert_eq!(labels, ["Background", "Methods", "Conclusions"]);
    let kenya = |sheet: &Sheet| marked(sheet).iter().any(|m| m.starts_with("Kenya = ") && m.contains("Country: Kenya"));
    assert!(kenya(&before), "{:#?}", marked(&before));
    // What a person takes away is no longer marked; what it rests on comes back with it.
    say_tag(&ctx, &id, "country", "KEN", Remove, "Ada").unwrap();
    let without = sheet(&ctx, issue(), &id).unwrap();
    assert!(!kenya(&without), "{:#?}", marked(&without));
    assert_eq!(without.removed.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["Kenya"]);
    say_tag(&ctx, &id, "country", "KEN", Add, "Ada").unwrap();
    let again = sheet(&ctx, issue(), &id).unwrap();
    assert!(kenya(&again));
    let tag = again.tags.iter().find(|t| t.value == "KEN").unwrap();
    assert!(tag.is_of_person && tag.can_undo && tag.can_remove && !tag.evidence.is_empty(), "{tag:?}");
    assert_eq!(tag.said, "added by Ada on 1 November 2026");
}

#[test]
fn what_is_said_of_a_tag_is_told_in_a_sentence() {
    let (_month, ctx) = home();
    let id = work(&ctx, "homesick");
    assert_eq!(sheet(&ctx, issue(), &id).unwrap().scope.reason, "its words name no country");
    for (facet, value, action, want) in [
        ("country", "Malawi", Add, "Country: Malawi: added; the paper is in scope now"),
        ("country", "MWI", Add, "Country: Malawi: stays, as you say"),
        ("country", "MWI", Remove, "Country: Malawi: taken away"),
        (
            "country",
            "MWI",
            Undo,
            "Country: Malawi: what was said is taken back, and the rules decide again; Scope: In scope, said by Ada, stays",
        ),
        ("scope", "out", Add, "Scope: Out of scope: this holds now"),
        ("scope", "", Undo, "Scope: what was said is taken back, and the rules decide again"),
        ("design", "Randomised trial", Add, "Study design: Randomised trial: this holds now"),
        ("finding", "Singing went with better mood.", Add, "Finding: this holds now"),
        ("finding", "", Remove, "Finding: taken away"),
    ] {
        let said = say_tag(&ctx, &id, facet, value, action, "Ada").unwrap();
        assert_eq!(said, want, "{facet}:{value} {action:?}");
    }
    for (facet, value, action, reason, help) in [
        ("country", "Malavi", Add, "no country is called \"Malavi\"", "did you mean \"Malawi\" (MWI)?"),
        ("mood", "good", Add, "no kind of tag is called \"mood\"", "known: scope, country"),
        ("scope", "in", Remove, "a paper always has a scope", "say which"),
        ("condition", "", Add, "no condition is called \"\"", "known: "),
    ] {
        let error = say_tag(&ctx, &id, facet, value, action, "Ada").unwrap_err();
        let Error::Stopped { reason: r, help: h } = &error else { panic!("{error:?}") };
        assert!(r == reason && h.starts_with(help), "{r} / {h}");
    }
    assert!(matches!(say_tag(&ctx, &id, "population", "hiv", Undo, "Ada"), Err(Error::Missing(_))));
    let unknown = WorkId::parse("waaaaaaaaaaa").unwrap();
    assert!(matches!(say_tag(&ctx, &unknown, "scope", "in", Add, "Ada"), Err(Error::Missing(_))));
    assert!(matches!(sheet(&ctx, issue(), &unknown), Err(Error::Missing(_))));
}

#[test]
fn two_papers_are_made_one_and_parted_again() {
    let (_month, ctx) = home();
    let (a, b) = (work(&ctx, "copy"), work(&ctx, "other-copy"));
    let waits = sheet(&ctx, issue(), &b).unwrap().may_be;
    assert_eq!((waits.len(), waits[0].id.as_str()), (1, a.as_str()));
    assert_eq!(waits[0].line, "Example M; Journal of Invented Health; 5 October 2026");
    let (first, second) = if a < b { (&a, &b) } else { (&b, &a) };
    assert_eq!(waits[0].decision_id, format!("same {first} {second}"));
    let same = say_same(&ctx, &a, &b, Answer::Same, "Ada").unwrap();
    assert_eq!(
        same.to_string(),
        "they are one paper now; look again if that is right, since they differ in authors, journal"
    );
    assert_eq!(say_same(&ctx, &a, &b, Answer::Same, "Ada").unwrap(), SameOutcome::OneAlready);
    let one = sheet(&ctx, issue(), &b).unwrap();
    assert_eq!((one.facts.id.as_str(), one.records.len(), one.may_be.len()), (a.as_str(), 2, 0));
    assert_eq!(one.records[1].why_here, "a person said so");
    let title = "Group visits for mothers with postnatal depression in rural Kenya";
    assert_eq!(words(&one), [format!("the same as “{title}”, said by Ada on 1 November 2026")]);
    assert!(!one.tags.is_empty(), "it is judged anew");
    assert_eq!(say_same(&ctx, &a, &b, Answer::Different, "Bo").unwrap(), SameOutcome::TwoAgain);
    assert_eq!(say_same(&ctx, &a, &b, Answer::Different, "Bo").unwrap(), SameOutcome::SaidBefore);
    let two = sheet(&ctx, issue(), &b).unwrap();
    assert_eq!((two.facts.id.as_str(), two.may_be.len()), (b.as_str(), 0));
    assert_eq!(
        words(&two),
        [
            format!("not the same as “{title}”, said by Bo on 1 November 2026"),
            format!("the same as “{title}”, said by Ada on 1 November 2026 (taken back)")
        ]
    );
    let trial = work(&ctx, "trial");
    assert!(matches!(say_same(&ctx, &trial, &trial, Answer::Different, "Ada"), Err(Error::Stopped { .. })));
}

/// Returns what was said of a paper and others, in words.
fn words(sheet: &Sheet) -> Vec<&str> {
    sheet.said_same.iter().map(|said| said.words.as_str()).collect()
}

#[test]
fn an_answer_about_two_papers_is_taken_back_by_its_number() {
    let (_month, ctx) = home();
    let (a, b, trial) = (work(&ctx, "copy"), work(&ctx, "other-copy"), work(&ctx, "trial"));
    let standing = |id: &WorkId| {
        let said = sheet(&ctx, issue(), id).unwrap().said_same;
        said.into_iter().filter(|s| s.can_undo).map(|s| s.number).collect::<Vec<_>>()
    };
    for (answer, papers) in [(Answer::Different, 2), (Answer::Same, 1)] {
        say_same(&ctx, &a, &b, answer, "Ada").unwrap();
        let ids: std::collections::BTreeSet<String> =
            [&a, &b].map(|id| sheet(&ctx, issue(), id).unwrap().facts.id).into();
        assert_eq!(ids.len(), papers, "{answer:?}");
        let numbers = standing(&b);
        assert_eq!(numbers.len(), 1, "{answer:?}");
        let other = unsay_same(&ctx, &trial, numbers[0]).unwrap_err();
        assert!(matches!(other, Error::Stopped { .. }), "{answer:?}: of other papers: {other}");
        let told = unsay_same(&ctx, &b, numbers[0]).unwrap();
        assert_eq!(told, "the answer is taken back; without it these are two papers", "{answer:?}");
        assert_eq!(sheet(&ctx, issue(), &b).unwrap().may_be.len(), 1, "{answer:?}: it is asked again");
        assert_eq!(standing(&b), [0_i64; 0], "{answer:?}");
        for (number, note) in [(numbers[0], "taken back already"), (99, "no such number")] {
            let error = unsay_same(&ctx, &b, number).unwrap_err();
            assert!(matches!(error, Error::Stopped { .. }), "{answer:?}: {note}: {error}");
        }
    }
}

/// Returns October's draft as it lies in the home.
fn file(month: &Month) -> Draft {
    let text = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
    draft::parse(&text, "2026-10.toml").0.unwrap()
}

#[test]
fn cards_tell_of_every_paper_of_a_draft() {
    let (month, ctx) = home();
    pipeline::draft(&ctx, issue(), false).unwrap();
    let mut draft = file(&month);
    let all = cards(&ctx, &draft).unwrap();
    let names: Vec<String> =
        draft.items.iter().map(|i| i.id.clone()).chain(draft.candidates.iter().map(|c| c.id.clone())).collect();
    assert!(names.len() >= 2 && names.iter().all(|n| all.contains_key(n)), "{names:?}");
    let (trial, copy, other) = (work(&ctx, "trial"), work(&ctx, "copy"), work(&ctx, "other-copy"));
    assert!(all.contains_key(copy.as_str()) && all.contains_key(other.as_str()), "both sides of a question");
    let facts = &all[trial.as_str()];
    let listed = ctx.store.listing(issue()).unwrap().unwrap();
    let score = listed.papers.iter().find(|p| p.id == trial).unwrap().score;
    let shown = |list: &[Named]| list.iter().map(|n| format!("{} {}", n.id, n.name)).collect::<Vec<_>>();
    assert_eq!(
        CardFacts { text: String::new(), groups: vec![], ..facts.clone() },
        CardFacts {
            id: trial.to_string(),
            authors: "Example M, Sample J et al.".into(),
            journal: "Journal of Invented Health".into(),
            date: "5 October 2026".into(),
            countries: facts.countries.clone(),
            design: facts.design.clone(),
            groups: vec![],
            is_open_access: Some(true),
            is_preprint: false,
            is_retracted: false,
            sources: facts.sources.clone(),
            score: Some(score),
            already_sent: None,
            has_abstract: true,
            text: String::new(),
        }
    );
    assert_eq!(shown(&facts.countries), ["KEN Kenya"]);
    assert_eq!(shown(facts.design.as_slice()), ["cluster-rct Cluster-randomised trial"]);
    assert_eq!(shown(&facts.sources), ["import Files that were imported"]);
    for word in ["home visits", "example m", "invented health", "kisumu", "postnatal depression peers"] {
        assert!(facts.text.contains(word), "{word} in {}", facts.text);
    }
    // An id that is no work, one that a person made up, and a paper that the file names although it was retracted.
    let retracted = work(&ctx, "withdrawn").to_string();
    for (n, name) in ["waaaaaaaaaaa", "our-webinar", retracted.as_str()].into_iter().enumerate() {
        draft.items[0].id = name.to_owned();
        let all = cards(&ctx, &draft).unwrap();
        assert_eq!(all.get(name).map(|f| f.is_retracted), (n == 2).then_some(true), "{name}");
    }
    // Made one: the file still has both names, and both tell of the one.
    say_same(&ctx, &copy, &other, Answer::Same, "Ada").unwrap();
    let all = cards(&ctx, &file(&month)).unwrap();
    assert_eq!(all[other.as_str()].id, copy.to_string());
    assert_eq!(all[other.as_str()], all[copy.as_str()]);
}

#[test]
fn a_card_says_when_a_paper_was_sent_before() {
    let (month, ctx) = home();
    pipeline::draft(&ctx, issue(), false).unwrap();
    let october = file(&month);
    pipeline::render(&ctx, issue()).unwrap();
    let id = draft::issue_items(&october)[0].id.clone();
    assert_eq!(cards(&ctx, &october).unwrap()[&id].already_sent, None, "not before its own issue");
    let later = Draft { month: issue().next(), ..october };
    let facts = &cards(&ctx, &later).unwrap()[&id];
    assert_eq!(facts.already_sent.as_deref(), Some("October 2026"));
    assert!(facts.score.is_some(), "no draft of the month listed it, but the remark above its block tells");
}
