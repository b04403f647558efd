use std::collections::BTreeMap;

use super::*;
use crate::model::{
    Author, Colours, Doi, Evidence, Identifier, Language, PartialDate, Pmid, Record, RecordKey, WorkId,
};

/// A paper to be ranked, with all that `Ranked` borrows.
struct Paper {
    work: Work,
    judgement: Judgement,
    score: Score,
    countries: Vec<String>,
    hints: Vec<String>,
    wish: Wish,
}

fn paper(n: u32, total: f64, twg: &[&str]) -> Paper {
    let pmid = Pmid::parse(&(90_000_000 + n).to_string()).expect("a PMID");
    let record = Record {
        title: format!("Paper {n}: walking groups for new mothers in Kenya"),
        pmid: Some(pmid),
        doi: Doi::parse(&format!("10.5555/p{n}")),
        ..Record::default()
    };
    let id = WorkId::mint(&Identifier::Pmid(pmid), 0);
    let work = Work { id, record, fields_from: BTreeMap::new(), members: Vec::<RecordKey>::new() };
    let judgement = Judgement {
        scope: Scope::In,
        exclude_reason: None,
        countries: vec![],
        region_terms: vec![],
        twg: twg.iter().map(|t| (*t).to_owned()).collect(),
        twg_primary: twg.first().map(|t| (*t).to_owned()),
        conditions: vec![],
        interventions: vec![],
        populations: vec![],
        perinatal_stage: vec![],
        design: Design::Rct,
        flags: vec![],
        conclusion: vec![],
        finding: Some(format!("Finding {n}.")),
        relevance: 1.0,
        why: BTreeMap::new(),
    };
    Paper { work, judgement, score: Score { total, parts: vec![] }, countries: vec![], hints: vec![], wish: Wish::None }
}

fn topics() -> Vec<TopicRule> {
    let topic = |id: &str, name: &str| TopicRule { id: id.into(), name: name.into(), blurb: String::new() };
    vec![topic("evidence", "Evidence and Impact"), topic("advocacy", "Advocacy"), topic("adolescent", "Adolescent")]
}

fn house() -> House {
    House {
        community: String::new(),
        name: String::new(),
        short_name: "PMH Literature Roundup".into(),
        web_address: String::new(),
        contact: String::new(),
        request: "Tell us what we missed.".into(),
        method: String::new(),
        time_zone: "UTC".into(),
        first_issue: None,
        language: Language::English,
        content_notes: true,
        intro: String::new(),
        footer: String::new(),
        colours: Colours::default(),
    }
}

fn run(papers: &[Paper], settings: &DraftSettings) -> Draft {
    run_with(papers, settings, vec![], &Alike::default())
}

fn run_with(papers: &[Paper], settings: &DraftSettings, asked: Vec<Decision>, alike: &Alike) -> Draft {
    let ranked: Vec<Ranked<'_>> = papers
        .iter()
        .map(|p| Ranked {
            work: &p.work,
            judgement: &p.judgement,
            score: &p.score,
            country_names: &p.countries,
            source_topics: &p.hints,
            remark: "",
            wish: p.wish,
        })
        .collect();
    propose(Month::parse("2026-10").expect("a month"), &ranked, asked, alike, settings, &topics(), &house())
}

/// Returns the sections as `section: numbers of the papers`, by their titles.
fn dealt(draft: &Draft) -> Vec<String> {
    let number = |title: &str| title.trim_start_matches("Paper ").split(':').next().unwrap_or_default().to_owned();
    let mut out: Vec<String> = draft.items.iter().map(|i| format!("{} {}", i.section, number(&i.title))).collect();
    out.extend(draft.candidates.iter().map(|c| format!("candidate {} {}", c.section, number(&c.title))));
    out
}

const SMALL: DraftSettings = DraftSettings {
    items_max: 6,
    items_per_topic_max: 3,
    floor: 3,
    sizes: BTreeMap::new(),
    more_max: 1,
    candidates_max: 2,
    late_days: 62,
};

#[test]
fn sections_have_a_floor_and_a_cap() {
    let mut papers: Vec<Paper> = (0..8).map(|n| paper(n, 0.9 - f64::from(n) / 100.0, &["evidence"])).collect();
    papers.push(paper(20, 0.3, &["advocacy"]));
    papers.push(paper(21, 0.2, &["adolescent"]));
    assert_eq!(
        dealt(&run(&papers, &SMALL)),
        [
            "evidence 0",
            "evidence 1",
            "evidence 2",
            "advocacy 20",
            "adolescent 21",
            "more 3",
            "candidate evidence 4",
            "candidate evidence 5",
        ]
    );
}

#[test]
fn a_section_without_papers_of_its_own_takes_those_that_also_fit() {
    let papers = [paper(0, 0.9, &["evidence"]), paper(1, 0.8, &["evidence", "advocacy"]), paper(2, 0.7, &["evidence"])];
    let draft = run(&papers, &DraftSettings { items_max: 3, ..SMALL });
    assert_eq!(
        dealt(&draft),
        ["evidence 0", "advocacy 1", "evidence 2"]
            .map(str::to_owned)
            .into_iter()
            .filter(|l| l.starts_with("evidence"))
            .chain(["advocacy 1".to_owned()])
            .collect::<Vec<_>>()
    );
    assert!(draft.items.iter().any(|i| i.reasons.iter().any(|r| r.contains("also fits Advocacy"))));
}

#[test]
fn nothing_that_must_not_be_featured_is_proposed() {
    let mut papers: Vec<Paper> = (0..6).map(|n| paper(n, 0.9, &["evidence"])).collect();
    papers[0].work.record.types = vec!["Retracted Publication".into()];
    papers[1].judgement.flags = vec!["retracted".into()];
    papers[2].judgement.design = Design::Notice;
    papers[3].judgement.scope = Scope::Out;
    papers[4].judgement.scope = Scope::Maybe;
    papers[4].judgement.exclude_reason = Some(ExcludeReason::NoCountry);
    let draft = run(&papers, &SMALL);
    assert_eq!(dealt(&draft), ["evidence 5"]);
    let asked: Vec<&str> = draft.decisions.iter().map(|d| d.question.as_str()).collect();
    assert_eq!(asked, ["Where was it done? No country is named. “Paper 4: walking groups for new mothers in Kenya”"]);
    assert_eq!(draft.decisions[0].choices, ["in", "out"]);
}

#[test]
fn the_pick_is_the_best_with_a_finding() {
    let mut papers: Vec<Paper> = (0..3).map(|n| paper(n, 0.9 - f64::from(n) / 10.0, &["evidence"])).collect();
    papers[0].judgement.finding = None;
    papers[1].work.record.types = vec!["Preprint".into()];
    assert_eq!(run(&papers, &SMALL).pick, papers[2].work.id.to_string(), "peer reviewed before preprint");
    papers.truncate(2);
    assert_eq!(run(&papers, &SMALL).pick, papers[1].work.id.to_string());
    papers.truncate(1);
    assert_eq!(run(&papers, &SMALL).pick, "");
}

#[test]
fn reasons_are_said_in_plain_words() {
    let mut p = paper(0, 0.784, &["evidence"]);
    p.countries = vec!["Kenya".into(), "Malawi".into(), "Ghana".into(), "India".into()];
    p.judgement.flags = vec!["open-access".into()];
    p.judgement.finding = None;
    p.work.record.authors = ["Ada", "Bea", "Cleo"].map(|n| Author::person(n, "X")).to_vec();
    p.work.record.journal = Some("Journal of Examples".into());
    p.work.record.published = PartialDate::parse("2026-10-03");
    let words = ["task sharing", "Task sharing", "trial"];
    let evidence = words.map(|w| Evidence { rule: "r".into(), field: "title".into(), text: w.into() });
    p.judgement.why.insert("twg:evidence".into(), evidence.to_vec());
    let mut hinted = paper(1, 0.5, &[]);
    hinted.hints = vec!["advocacy".into()];
    let bare = paper(2, 0.4, &[]);
    let draft = run(&[p, hinted, bare], &SMALL);
    let said: Vec<&str> = draft.items.iter().flat_map(|i| i.reasons.iter().map(String::as_str)).collect();
    assert_eq!(
        said,
        [
            "0.78: Kenya, Malawi, Ghana and 1 more countries; randomised trial; open access; fits Evidence and Impact \
             (words: task sharing, trial)",
            "Ada X, Bea X et al.; Journal of Examples; 2026-10-03",
            "no sentence with the finding was found: please write the summary",
            "0.50: randomised trial; its source usually serves Advocacy",
            "0.40: randomised trial; no working group is named by its words",
        ]
    );
}

#[test]
fn subject_and_preheader_come_from_the_content() {
    for (id, count, want) in [
        ("none", 0, "A quiet month: no new paper was chosen for this issue."),
        ("one", 1, "Walking groups 0: new this month on perinatal mental health"),
        ("two", 2, "Walking groups 0; Walking groups 1: new this month on perinatal mental health"),
        ("three", 3, "Walking groups 0; Walking groups 1; Walking groups 2"),
    ] {
        let mut papers: Vec<Paper> = (0..count).map(|n| paper(n, 0.9 - f64::from(n) / 10.0, &["evidence"])).collect();
        for (n, p) in papers.iter_mut().enumerate() {
            p.work.record.title = format!("[Walking groups {n}: a trial in several places with a long title].");
        }
        let draft = run(&papers, &SMALL);
        assert_eq!(draft.subject, "PMH Literature Roundup · October 2026");
        assert_eq!(draft.preheader, want, "{id}");
        assert_eq!(draft.request, "Tell us what we missed.");
    }
    let mut papers: Vec<Paper> = (0..3).map(|n| paper(n, 0.9, &["evidence"])).collect();
    for p in &mut papers {
        p.work.record.title = "long ".repeat(60).trim().to_owned();
    }
    let length = run(&papers, &SMALL).preheader.chars().count();
    assert!((40..=140).contains(&length), "{length}");
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let mut papers: Vec<Paper> = (0..9).map(|n| paper(n, 0.5, &["evidence", "advocacy"])).collect();
    let first = run(&papers, &SMALL);
    papers.reverse();
    assert_eq!(run(&papers, &SMALL), first);
}

#[test]
fn what_a_person_asked_for_is_there_whatever_its_score() {
    let mut papers: Vec<Paper> = (0..12).map(|n| paper(n, 0.9 - f64::from(n) / 100.0, &["evidence"])).collect();
    papers[10].wish = Wish::Keep;
    papers[11].wish = Wish::Again;
    let settings = DraftSettings { items_per_topic_max: 2, more_max: 1, candidates_max: 3, ..SMALL };
    assert_eq!(
        dealt(&run(&papers, &settings)),
        [
            "evidence 10",
            "evidence 0",
            "more 1",
            "candidate evidence 11",
            "candidate evidence 2",
            "candidate evidence 3"
        ]
    );
    // Where there is room for everything, what was put off still waits for a person.
    let draft = run(&papers, &DraftSettings { items_per_topic_max: 50, items_max: 50, more_max: 9, ..SMALL });
    assert!(!draft.items.iter().any(|i| i.title.starts_with("Paper 11")), "{:?}", dealt(&draft));
    assert_eq!(draft.candidates.len(), 1);
}

#[test]
fn questions_are_few_and_the_best() {
    let papers: Vec<Paper> = (0..30)
        .map(|n| {
            let mut p = paper(n, f64::from(n) / 100.0, &[]);
            p.judgement.scope = Scope::Maybe;
            p
        })
        .collect();
    let draft = run(&papers, &SMALL);
    assert_eq!(draft.decisions.len(), SCOPE_QUESTIONS_MAX);
    assert!(draft.decisions[0].question.contains("Paper 29"));
}

#[test]
fn a_paper_in_doubt_is_asked_about_in_plain_words() {
    for (reason, asks) in [
        (ExcludeReason::GlobalNoLmic, "Does it speak to low- and middle-income countries? It is global."),
        (ExcludeReason::NoCountry, "Where was it done? No country is named."),
        (
            ExcludeReason::Unreadable,
            "Is it about mental health around birth, and where? The title alone does not tell.",
        ),
    ] {
        let mut p = paper(1, 0.62, &["evidence"]);
        p.judgement.scope = Scope::Maybe;
        p.judgement.exclude_reason = Some(reason);
        p.judgement.conditions = vec!["fear-of-childbirth".into()];
        p.judgement.region_terms = vec!["global".into()];
        p.work.record.authors = vec![Author::person("Example", "Maria")];
        p.work.record.journal = Some("Journal of Examples".into());
        let decision = run(&[p], &SMALL).decisions.remove(0);
        assert_eq!(decision.question, format!("{asks} “Paper 1: walking groups for new mothers in Kenya”"));
        assert_eq!(
            decision.reasons,
            [
                "0.62; found: global; randomised trial; fear of childbirth; fits Evidence and Impact",
                "finding: Finding 1.",
                "Example M; Journal of Examples",
                "https://doi.org/10.5555/p1",
            ]
        );
    }
}

/// Returns how many papers each section has, by the first letters of its name.
fn counts(draft: &Draft) -> String {
    let count = |section: &str| draft.items.iter().filter(|i| i.section == section).count();
    let of = |section: &str| format!("{} {}", section.get(..2).unwrap(), count(section));
    ["evidence", "advocacy", "adolescent", MORE].map(of).join(", ")
}

#[test]
fn sizes_and_floors_are_held() {
    // Twelve papers a group; those of evidence are all better than those of advocacy, and so on.
    let groups = ["evidence", "advocacy", "adolescent"];
    let mut papers = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        for n in 0..12 {
            let number = u32::try_from(g * 12 + n).unwrap();
            papers.push(paper(number, 0.9 - f64::from(number) / 100.0, &[group]));
        }
    }
    let usual = DraftSettings { items_max: 12, items_per_topic_max: 8, more_max: 2, ..SMALL };
    let sizes = |pairs: &[(&str, usize)]| pairs.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect();
    for (id, settings, want, note) in [
        ("usual", usual.clone(), "ev 6, ad 3, ad 3, mo 2", "floors first, then the best"),
        ("no floor", DraftSettings { floor: 0, ..usual.clone() }, "ev 8, ad 4, ad 0, mo 2", "the best alone"),
        (
            "an exception",
            DraftSettings { sizes: sizes(&[("evidence", 4)]), ..usual.clone() },
            "ev 4, ad 5, ad 3, mo 2",
            "a smaller section leaves its places to the next best",
        ),
        (
            "a larger one",
            DraftSettings { items_max: 20, sizes: sizes(&[("evidence", 12)]), ..usual.clone() },
            "ev 12, ad 5, ad 3, mo 2",
            "beyond items-per-topic",
        ),
        (
            "none",
            DraftSettings { sizes: sizes(&[("evidence", 0)]), ..usual.clone() },
            "ev 0, ad 8, ad 4, mo 2",
            "0: the best papers stand in the compact list",
        ),
        (
            "below the floor",
            DraftSettings { sizes: sizes(&[("adolescent", 1)]), ..usual.clone() },
            "ev 8, ad 3, ad 1, mo 2",
            "a size smaller than the floor is the floor",
        ),
        (
            "too many floors",
            DraftSettings { items_max: 7, ..usual.clone() },
            "ev 3, ad 2, ad 2, mo 2",
            "three floors of 3 do not fit into 7: two each, and the place left over goes to the best paper",
        ),
        (
            "one is modest",
            DraftSettings { items_max: 6, floor: 5, sizes: sizes(&[("advocacy", 1)]), ..usual.clone() },
            "ev 3, ad 1, ad 2, mo 2",
            "who wants less leaves it to the others: 2, 1 and 2, and one to the best",
        ),
        ("nothing", DraftSettings { items_max: 0, ..usual }, "ev 0, ad 0, ad 0, mo 2", "items = 0"),
    ] {
        assert_eq!(counts(&run(&papers, &settings)), want, "{id}: {note}");
    }
}

#[test]
fn papers_that_may_be_one_are_proposed_once() {
    let id = |p: &Paper| p.work.id.clone();
    let mut papers: Vec<Paper> = (0..4).map(|n| paper(n, 0.9 - f64::from(n) / 10.0, &["evidence"])).collect();
    papers[3].work.record.title = "Paper 2: walking groups for new mother in Kenya".into();
    let pair = (id(&papers[1]), id(&papers[0]));
    let alike = Alike { maybe: vec![pair.clone()], apart: vec![] };
    let asked = Decision { id: format!("same {} {}", pair.0, pair.1), ..Decision::default() };
    let draft = run_with(&papers, &SMALL, vec![asked], &alike);
    assert_eq!(dealt(&draft), ["evidence 0", "evidence 2"], "of each pair the better one");
    assert_eq!(
        [&draft.items[0].reasons, &draft.items[1].reasons].map(|r| r.last().unwrap().as_str()),
        [
            format!(
                "may be the same study as “Paper 1: walking groups for new mothers in Kenya” ({}), which is left out \
                 until that is answered: see Decisions needed",
                pair.0
            ),
            format!(
                "has nearly the same title as “Paper 2: walking groups for new mother in Kenya” ({}), which is left out",
                id(&papers[3])
            ),
        ]
    );
    assert_eq!((draft.listing.considered, draft.listing.in_scope), (4, 2));
    let unasked = run_with(&papers, &SMALL, vec![], &alike);
    assert!(unasked.items[0].reasons.iter().any(|r| r.ends_with("`roundup merge` asks about the two")));
    let apart = Alike { maybe: vec![], apart: vec![(id(&papers[3]), id(&papers[2]))] };
    assert_eq!(dealt(&run_with(&papers, &SMALL, vec![], &apart)).len(), 4, "a person says that they are two");
    papers[2].work.record.authors = vec![Author::person("Sample", "A")];
    papers[3].work.record.authors = vec![Author::person("Example", "B")];
    assert_eq!(dealt(&run(&papers, &SMALL)).len(), 4, "other people wrote it");
}

#[test]
fn of_a_chain_both_ends_stand() {
    let papers: Vec<Paper> = (0..3).map(|n| paper(n, 0.9 - f64::from(n) / 10.0, &["evidence"])).collect();
    let id = |n: usize| papers[n].work.id.clone();
    let alike = Alike { maybe: vec![(id(0), id(1)), (id(1), id(2))], apart: vec![] };
    assert_eq!(dealt(&run_with(&papers, &SMALL, vec![], &alike)), ["evidence 0", "evidence 2"]);
}

#[test]
fn what_is_listed_is_noted_with_score_and_place() {
    let mut papers: Vec<Paper> = (0..30).map(|n| paper(n, 0.9 - f64::from(n) / 100.0, &["evidence"])).collect();
    papers[29].judgement.scope = Scope::Maybe;
    papers[0].judgement.twg = vec!["advocacy".into()];
    papers[0].judgement.twg_primary = Some("advocacy".into());
    let draft = run(&papers, &DraftSettings { candidates_max: 12, ..SMALL });
    let listing = &draft.listing;
    assert_eq!((listing.considered, listing.in_scope), (30, 29));
    assert_eq!(listing.others.len(), 30 - listing.papers.len());
    assert!(listing.others.iter().all(|o| o.is_in_scope && listing.papers.iter().all(|p| p.id != o.id)));
    let line = |l: &Listed| {
        format!("{} {} {} {:.2} {} {}", l.part.as_str(), l.shown, l.section, l.score, l.place, l.is_by_lot)
    };
    let lines: Vec<String> = listing.papers.iter().map(line).collect();
    assert_eq!(
        lines[..5],
        [
            "item 1 evidence 0.89 2 false",
            "item 2 evidence 0.88 3 false",
            "item 3 evidence 0.87 4 false",
            "item 4 advocacy 0.90 1 false",
            "more 1 evidence 0.86 5 false",
        ]
    );
    assert_eq!(lines.last().unwrap(), "question 1 evidence 0.61 1 false");
    let drawn: Vec<&Listed> = listing.papers.iter().filter(|l| l.is_by_lot).collect();
    assert_eq!(drawn.len(), 1);
    assert_eq!((drawn[0].shown, drawn[0].part), (10, DraftPart::Candidate));
    assert_eq!(draft.candidates[9].id, drawn[0].id.as_str());
    assert!(draft.candidates[9].reasons[0].starts_with(&format!("{:.2}: ", drawn[0].score)), "its true score is shown");
    let text = super::super::write(&draft, &topics(), &[]);
    assert!(!text.contains(" lot") || text.matches(" lot").count() == 1, "no block tells who was drawn");
}

proptest::proptest! {
    #[test]
    fn whatever_comes_in_sizes_hold_and_nobody_is_lost_or_doubled(
        scores in proptest::collection::vec((0_u32..50, 0_usize..7), 0..60),
        items_max in 0_usize..20, usual in 0_usize..9, floor in 0_usize..6, one in proptest::option::of(0_usize..9),
        more_max in 0_usize..4, candidates_max in 0_usize..40,
        pairs in proptest::collection::vec((0_usize..60, 0_usize..60), 0..6),
    ) {
        let twgs: [&[&str]; 7] = [&["evidence"], &["advocacy"], &["adolescent"], &["evidence", "advocacy"],
            &["adolescent", "evidence"], &[], &["unknown"]];
        let papers: Vec<Paper> = scores.iter().enumerate()
            .map(|(n, (score, twg))| paper(u32::try_from(n).unwrap(), f64::from(*score) / 50.0, twgs[*twg])).collect();
        let sizes: BTreeMap<String, usize> = one.iter().map(|n| ("evidence".to_owned(), *n)).collect();
        let settings = DraftSettings { items_max, items_per_topic_max: usual, floor, sizes, more_max, candidates_max, late_days: 1 };
        let id = |n: usize| papers.get(n).map(|p| p.work.id.clone());
        let maybe: Vec<(WorkId, WorkId)> = pairs.iter().filter(|(a, b)| a != b).filter_map(|(a, b)| Some((id(*a)?, id(*b)?))).collect();
        let alike = Alike { maybe, apart: vec![] };
        let draft = run_with(&papers, &settings, vec![], &alike);
        let (more, sections): (Vec<_>, Vec<_>) = draft.items.iter().partition(|i| i.section == MORE);
        proptest::prop_assert!(sections.len() <= items_max && more.len() <= more_max);
        for topic in topics() {
            let count = sections.iter().filter(|i| i.section == topic.id).count();
            proptest::prop_assert!(count <= settings.size_of(&topic.id));
        }
        let shown: Vec<&str> = draft.items.iter().map(|i| i.id.as_str()).chain(draft.candidates.iter().map(|c| c.id.as_str())).collect();
        let once: BTreeSet<&str> = shown.iter().copied().collect();
        proptest::prop_assert_eq!(once.len(), shown.len());
        for (a, b) in &alike.maybe {
            proptest::prop_assert!(!(once.contains(a.as_str()) && once.contains(b.as_str())));
        }
        let standing = draft.listing.in_scope;
        let want = standing.min(draft.items.len() + candidates_max);
        proptest::prop_assert_eq!(shown.len(), want, "as many as there are, up to the ends of the lists");
        let noted: Vec<&str> = draft.listing.papers.iter().map(|l| l.id.as_str()).collect();
        proptest::prop_assert_eq!(noted, shown);
        proptest::prop_assert_eq!(run_with(&papers, &settings, vec![], &alike), draft);
    }
}
