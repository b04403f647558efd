//! What people say of a paper's tags: kept through joins, partings, new rules and rebuilds, and seen
//! wherever a judgement is.

use std::fs;

use roundup::config::topics;
use roundup::index::{Index, Options, parse_query};
use roundup::model::{Month as IssueMonth, RecordKey, Scope, WorkId};
use roundup::pipeline::judge::{self, TagFacet, Wish};
use roundup::pipeline::{self, Ctx, merging};
use roundup::store::{Answer, TagAction};

use crate::support::{Month, block_on};

const OCTOBER: &str = "2026-11-01T03:00:00Z";

/// Three papers: two with one title, of which a person has to say whether they are one, and one
/// without a country.
const PAPERS: &str = r#"
{"id":"paper-1","title":"Group visits for mothers with postnatal depression in rural Kenya","authors":["Example Maria"],"journal":"Journal of Invented Health","year":2026,"published":"2026-10-05","entered":"2026-10-06","url":"https://example.org/1","abstract":"We asked mothers with postnatal depression in rural Kenya about group visits."}
{"id":"paper-2","title":"Group visits for mothers with postnatal depression in rural Kenya","authors":["Other Olga"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","entered":"2026-10-06","url":"https://example.org/2","abstract":"We asked mothers with postnatal depression in rural Kenya about group visits."}
{"id":"paper-3","title":"Lullabies and postnatal depression: a cohort of homesick mothers","authors":["Deen Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","entered":"2026-10-06","url":"https://example.org/3","abstract":"We followed 300 mothers with postnatal depression for six months after birth. Singing was common."}
"#;

fn issue() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

fn import(ctx: &Ctx) {
    pipeline::import(ctx, "papers.jsonl", PAPERS.trim().as_bytes(), false).unwrap();
    pipeline::judge(ctx).unwrap();
}

/// Returns the work that a record is in today.
fn work(ctx: &Ctx, id: &str) -> WorkId {
    ctx.store.work_of_record(&RecordKey { source: "import".into(), id: id.into() }).unwrap().unwrap()
}

fn say(ctx: &Ctx, id: &WorkId, action: TagAction, tag: &str) -> judge::TagOutcome {
    let wish = Wish::parse(action, tag, &ctx.config).unwrap();
    ctx.store.transaction(|_| judge::say(ctx, id, &[wish], "Ada", "")).unwrap()
}

/// Returns a facet's values of a record's work as readers see them.
fn values(ctx: &Ctx, record: &str, facet: TagFacet) -> Vec<String> {
    let id = work(ctx, record);
    let row = ctx.store.work(&id).unwrap().unwrap();
    facet.values(&pipeline::judgement_of(&ctx.store, &id, row.judgement).unwrap().unwrap())
}

#[test]
fn words_go_with_the_records_they_were_said_of() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        import(&ctx);
        let (a, b) = (work(&ctx, "paper-1"), work(&ctx, "paper-2"));
        assert_ne!(a, b);
        say(&ctx, &a, TagAction::Add, "population:hiv");
        say(&ctx, &b, TagAction::Add, "country:Malawian");
        let same = |ctx: &Ctx| {
            merging::say(ctx, a.as_str(), b.as_str(), Answer::Same, "Ada", "").unwrap();
            pipeline::judge(ctx).unwrap();
        };
        let countries = |record: &str| values(&ctx, record, TagFacet::Country);
        same(&ctx);
        assert_eq!(countries("paper-1"), ["KEN", "MWI"], "the union of what was said");
        assert!(values(&ctx, "paper-2", TagFacet::Population).contains(&"hiv".to_owned()));
        // Said of the joined paper: it holds for both parts.
        say(&ctx, &a, TagAction::Remove, "country:KEN");
        merging::undo(&ctx, None).unwrap();
        pipeline::judge(&ctx).unwrap();
        assert_eq!((work(&ctx, "paper-1"), work(&ctx, "paper-2")), (a.clone(), b.clone()));
        assert_eq!((countries("paper-1"), countries("paper-2")), (vec![], vec!["MWI".to_owned()]));
        assert!(!values(&ctx, "paper-2", TagFacet::Population).contains(&"hiv".to_owned()));
        // One part takes it back for itself alone; joined again, the other part's word counts.
        say(&ctx, &a, TagAction::Undo, "country:KEN");
        assert_eq!((countries("paper-1"), countries("paper-2")), (vec!["KEN".to_owned()], vec!["MWI".to_owned()]));
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!((countries("paper-1"), countries("paper-2")), (vec!["KEN".to_owned()], vec!["MWI".to_owned()]));
        same(&ctx);
        assert_eq!(countries("paper-1"), ["MWI"]);
        // Of two words that contradict each other the later one counts.
        say(&ctx, &a, TagAction::Add, "country:KEN");
        assert_eq!(countries("paper-1"), ["KEN", "MWI"]);
    });
}

#[test]
fn a_word_is_seen_wherever_a_judgement_is() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        import(&ctx);
        let id = work(&ctx, "paper-3");
        assert_eq!(values(&ctx, "paper-3", TagFacet::Scope), ["maybe"]);
        let before = pipeline::status(&ctx).unwrap().counts;
        let outcome = say(&ctx, &id, TagAction::Add, "country:Malawi");
        assert_eq!(outcome.after.scope, Scope::In, "no country was all that was in doubt");
        say(&ctx, &id, TagAction::Add, "primary:advocacy");
        say(&ctx, &id, TagAction::Add, "finding:Singing went with better mood.");
        let after = pipeline::status(&ctx).unwrap().counts;
        assert_eq!((after.scope_in, after.scope_maybe), (before.scope_in + 1, before.scope_maybe - 1), "status");
        let gathered = pipeline::candidates(&ctx, issue()).unwrap();
        let g = gathered.iter().find(|g| g.work.id == id).expect("ranking takes it");
        assert_eq!(g.judgement.twg_primary.as_deref(), Some("advocacy"));
        assert!(g.score.parts.iter().any(|p| p.note == "fits Advocacy" && (p.value - 1.0).abs() < 1e-9));
        pipeline::draft(&ctx, issue(), false).unwrap();
        let draft = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
        assert!(draft.contains("summary = \"Singing went with better mood.\""), "{draft}");
        assert!(draft.contains("fits Advocacy, as a person said"), "{draft}");
        pipeline::update_index(&ctx, false).unwrap();
        let searcher = Index::open_reader(&month.bench.path().join("index")).unwrap();
        for query in ["country:malawi", "country:MWI", "twg:advocacy"] {
            let answer = searcher.search(&parse_query(query), &Options::default()).unwrap();
            assert!(answer.hits.iter().any(|h| h.paper.id == id), "{query}");
        }
        pipeline::render(&ctx, issue()).unwrap();
        let manifest = fs::read_to_string(month.bench.path().join("out/2026-10/manifest.json")).unwrap();
        assert!(manifest.contains("a person added it") && !manifest.contains("Ada"), "what is published names nobody");
        let explained = pipeline::explain(&ctx, id.as_str()).unwrap();
        let lines: Vec<&String> = explained.parts.iter().flat_map(|p| &p.lines).collect();
        assert!(lines.iter().any(|l| *l == "country:MWI: a person added it (Ada, 2026-11-01)"), "{lines:#?}");
    });
}

#[test]
fn a_change_of_rules_is_tried_first_and_undoes_no_word() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        import(&ctx);
        let id = work(&ctx, "paper-3");
        say(&ctx, &id, TagAction::Remove, "condition:depression");
        assert_eq!(judge::preview(&ctx).unwrap().changed, 0);
        drop(ctx);
        let more = "\n[[condition]]\ntag = \"homesickness\"\nwords = [\"homesick*\"]\n";
        month.bench.write("topics.toml", format!("{}{more}", topics::DEFAULT));
        let ctx = month.open(OCTOBER);
        let preview = judge::preview(&ctx).unwrap();
        assert_eq!((preview.changed, preview.scope.len(), preview.tags.len()), (1, 0, 1), "{preview:#?}");
        let change = &preview.tags[0];
        assert_eq!((change.facet, change.value.as_str(), change.lost.len()), (TagFacet::Condition, "homesickness", 0));
        assert_eq!(change.gained[0].reason, "“homesick” in the title (rule condition.homesickness)");
        assert_eq!(change.gained[0].held_by, None);
        say(&ctx, &id, TagAction::Remove, "condition:homesickness");
        assert_eq!(judge::preview(&ctx).unwrap().changed, 1, "nothing is judged anew yet");
        let held = &judge::preview(&ctx).unwrap().tags[0].gained[0].held_by;
        assert_eq!(held.as_deref(), Some("Ada removed condition:homesickness on 2026-11-01"));
        drop(ctx);
        let ctx = month.open(OCTOBER);
        pipeline::judge(&ctx).unwrap();
        assert_eq!(judge::preview(&ctx).unwrap().changed, 0);
        let conditions = values(&ctx, "paper-3", TagFacet::Condition);
        assert!(!conditions.iter().any(|c| c == "homesickness" || c == "depression"), "{conditions:?}");
    });
}

/// Writes an answer to the question of a paper's scope into the draft.
fn answer(month: &Month, id: &WorkId, from: &str, to: &str) {
    let path = month.bench.path().join("drafts/2026-10.toml");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find(&format!("id = \"scope {id}\"")).expect("a question of scope");
    let (head, tail) = text.split_at(at);
    let old = format!("answer = \"{from}\"");
    assert!(tail.contains(&old), "{tail}");
    fs::write(&path, format!("{head}{}", tail.replacen(&old, &format!("answer = \"{to}\""), 1))).unwrap();
}

#[test]
fn a_question_of_where_is_answered_by_a_country() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open(OCTOBER);
        import(&ctx);
        let id = work(&ctx, "paper-3");
        pipeline::draft(&ctx, issue(), false).unwrap();
        let text = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
        let block = text.split("Perhaps in scope: you decide").nth(1).expect("a part of its own");
        for words in
            ["Where was it done? No country is named.", "https://example.org/3", "Answers: in or out; or the country"]
        {
            assert!(block.contains(words), "{words} is missing in {block}");
        }
        answer(&month, &id, "", "Atlantis");
        let wrong = pipeline::check(&ctx, issue()).unwrap().problems;
        assert!(wrong.iter().any(|p| p.message.starts_with("the answer \"Atlantis\"")), "{wrong:#?}");
        answer(&month, &id, "Atlantis", "Malawi and Uganda");
        let open = pipeline::check(&ctx, issue()).unwrap().problems;
        assert!(open.iter().any(|p| p.message == "the answer \"MWI, UGA\" is not taken in yet"), "{open:#?}");
        assert_eq!(pipeline::draft(&ctx, issue(), false).unwrap().answers, 1);
        assert_eq!(values(&ctx, "paper-3", TagFacet::Country), ["MWI", "UGA"]);
        assert_eq!(values(&ctx, "paper-3", TagFacet::Scope), ["in"]);
        let text = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
        assert!(text.contains(&format!("id = \"{id}\"\n")), "it stands among the papers");
        // A second run takes nothing in again, also after the word was taken back.
        assert_eq!(pipeline::draft(&ctx, issue(), false).unwrap().answers, 0);
        say(&ctx, &id, TagAction::Undo, "scope");
        assert_eq!(pipeline::draft(&ctx, issue(), false).unwrap().answers, 0);
        assert_eq!(values(&ctx, "paper-3", TagFacet::Scope), ["maybe"]);
        // A high-income country answers the question as well: it is out then.
        answer(&month, &id, "Malawi and Uganda", "Sweden");
        assert_eq!(pipeline::draft(&ctx, issue(), false).unwrap().answers, 1);
        assert_eq!(values(&ctx, "paper-3", TagFacet::Scope), ["out"]);
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!(values(&ctx, "paper-3", TagFacet::Scope), ["out"]);
    });
}
