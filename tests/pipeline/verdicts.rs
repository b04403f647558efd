//! What people say about which papers are one: taken in, taken back, and never undone by the machine.

use std::fs;

use roundup::model::{Identifier, Month as IssueMonth, Pmid, WorkId};
use roundup::pipeline::{self, Ctx, merging};
use roundup::store::Answer;

use crate::support::{Month, block_on};

const TITLE: &str = "Group visits for mothers with postnatal depression in rural Kenya";

/// Two records with one title and two authors: a person has to say whether they are one.
fn doubtful() -> String {
    [("paper-1", "Example Maria", "Journal of Invented Health"), ("paper-2", "Other Olga", "Acta Fabricata")]
        .map(|(id, author, journal)| {
            let record = serde_json::json!({
                "id": id, "title": TITLE, "authors": [author], "journal": journal, "type": ["Journal Article"],
                "year": 2026, "published": "2026-10-05", "entered": "2026-10-06",
                "url": format!("https://example.org/{id}"),
                "abstract": "We asked mothers with postnatal depression in rural Kenya about group visits."
            });
            format!("{record}\n")
        })
        .concat()
}

fn import(ctx: &Ctx, name: &str, text: &str) {
    pipeline::import(ctx, name, text.as_bytes(), false).unwrap();
    pipeline::judge(ctx).unwrap();
}

/// Returns the works of the two records.
fn works(ctx: &Ctx) -> Vec<WorkId> {
    ["paper-1", "paper-2"]
        .map(|id| {
            let key = roundup::model::RecordKey { source: "import".into(), id: id.into() };
            ctx.store.work_of_record(&key).unwrap().unwrap()
        })
        .to_vec()
}

fn answer(month: &Month, from: &str, to: &str) {
    let path = month.bench.path().join("drafts/2026-10.toml");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find("id = \"same w").expect("a question about a pair");
    let (head, tail) = text.split_at(at);
    let old = format!("answer = \"{from}\"");
    assert!(tail.contains(&old), "{tail}");
    fs::write(&path, format!("{head}{}", tail.replacen(&old, &format!("answer = \"{to}\""), 1))).unwrap();
}

const OCTOBER: &str = "2026-11-01T03:00:00Z";

#[test]
fn an_answer_in_the_draft_can_be_changed() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        let october = IssueMonth::parse("2026-10").unwrap();
        import(&ctx, "two.jsonl", &doubtful());
        let [a, b] = works(&ctx).try_into().unwrap();
        assert_ne!(a, b);
        assert_eq!(pipeline::draft(&ctx, october, false).unwrap().decisions, 1);
        answer(&month, "", "same");
        let stands = pipeline::check(&ctx, october).unwrap().problems;
        assert!(stands.iter().any(|p| p.message == "the answer \"same\" is not taken in yet"), "{stands:#?}");
        assert_eq!(pipeline::draft(&ctx, october, false).unwrap().answers, 1);
        assert_eq!(works(&ctx), [a.clone(), a.clone()]);
        // The other answer, later: two papers again, under the ids they had.
        let path = month.bench.path().join("drafts/2026-10.toml");
        let block = format!("\n[[decision]]\nid = \"same {a} {b}\"\nquestion = \"?\"\nanswer = \"different\"\n");
        let text = fs::read_to_string(&path).unwrap();
        if text.contains("id = \"same w") {
            answer(&month, "same", "different");
        } else {
            fs::write(&path, text + &block).unwrap();
        }
        let report = pipeline::draft(&ctx, october, false).unwrap();
        assert_eq!((report.answers, works(&ctx)), (1, vec![a.clone(), b.clone()]));
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!(works(&ctx), [a, b]);
    });
}

#[test]
fn what_is_taken_back_parts_again_also_after_a_render() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        let october = IssueMonth::parse("2026-10").unwrap();
        import(&ctx, "two.jsonl", &doubtful());
        let [a, b] = works(&ctx).try_into().unwrap();
        let outcome = merging::say(&ctx, a.as_str(), b.as_str(), Answer::Same, "someone", "").unwrap();
        assert!(
            outcome.lines.iter().any(|l| l.starts_with("note: they differ in authors, journal")),
            "{:?}",
            outcome.lines
        );
        pipeline::judge(&ctx).unwrap();
        pipeline::draft(&ctx, october, false).unwrap();
        pipeline::render(&ctx, october).unwrap();
        assert_eq!(merging::verdicts(&ctx).unwrap().len(), 1, "what an issue notes is no answer of a person");
        merging::undo(&ctx, Some(1)).unwrap();
        assert_eq!(works(&ctx), [a.clone(), b.clone()]);
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!(works(&ctx), [a, b]);
    });
}

#[test]
fn what_the_machine_joined_in_an_issue_stays_joined() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        let october = IssueMonth::parse("2026-10").unwrap();
        let two = doubtful().replace("Other Olga", "Example Maria").replace("Acta Fabricata", "J Invent Health");
        import(&ctx, "two.jsonl", &two);
        let [a, b] = works(&ctx).try_into().unwrap();
        assert_eq!(a, b);
        pipeline::draft(&ctx, october, false).unwrap();
        pipeline::render(&ctx, october).unwrap();
        // A person parts them and takes that back: what the issue noted holds again.
        merging::take_out(&ctx, a.as_str(), &["import/paper-2".to_owned()], "someone", "").unwrap();
        assert_eq!(works(&ctx).first(), Some(&a));
        assert_ne!(works(&ctx).last(), Some(&a));
        merging::undo(&ctx, None).unwrap();
        // PubMed gives the second a number of its own and another author: two, had readers not seen one.
        let changed = two
            .replace("\"id\":\"paper-1\",", "\"id\":\"paper-1\",\"pmid\":\"90000301\",")
            .replace("\"id\":\"paper-2\",", "\"id\":\"paper-2\",\"pmid\":\"90000302\",");
        assert_ne!(changed, two);
        import(&ctx, "two.jsonl", &changed);
        assert_eq!(works(&ctx), [a.clone(), a]);
    });
}

#[test]
fn a_poorer_list_takes_nothing_from_a_richer_one() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        let rich = "TY  - JOUR\nTI  - Village lamps and mood in pregnancy\nAU  - Example, Maria\nT2  - Journal of Invented Health\nDO  - 10.5555/verdicts.1\nAB  - We asked.\nER  - \n";
        let poor = "@article{a, title={Village lamps and mood in pregnancy}, author={Example, Maria}, journal={Journal of Invented Health}}";
        let known = |ctx: &Ctx| {
            let doi = Identifier::Doi(roundup::model::Doi::parse("10.5555/verdicts.1").unwrap());
            let work = ctx.store.works_of_identifier(&doi).unwrap();
            assert_eq!(work.len(), 1);
            ctx.store.work(&work[0]).unwrap().unwrap().work
        };
        import(&ctx, "rich.ris", rich);
        import(&ctx, "poor.bib", poor);
        let work = known(&ctx);
        assert_eq!((work.members.len(), work.record.abstract_text.as_deref()), (2, Some("We asked.")));
        import(&ctx, "poor.bib", poor);
        assert_eq!(known(&ctx).members.len(), 2, "and once more changes nothing");
        assert_eq!(ctx.store.works_of_identifier(&Identifier::Pmid(Pmid::parse("1").unwrap())).unwrap(), []);
    });
}

#[test]
fn a_withdrawn_paper_that_its_source_says_again_is_back() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        let line =
            r#"{"id":"pmid:90000311","pmid":"90000311","title":"Lamps and lullabies in the hills of Exampleland"}"#;
        import(&ctx, "one.jsonl", line);
        let id = pipeline::find(&ctx, "90000311").unwrap();
        import(&ctx, "gone.jsonl", r#"{"id":"pmid:90000311","deleted":true}"#);
        assert!(ctx.store.work(&id).unwrap().is_none());
        import(&ctx, "again.jsonl", line);
        assert!(ctx.store.work(&id).unwrap().is_some());
    });
}
