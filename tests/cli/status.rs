//! A month in numbers, as the secretariat reads it.

use roundup::model::{Choice, DraftPart, Month, WorkId};
use roundup::store::{NewChoice, Store};

use crate::support::Bench;

/// What the invented papers are about: other words in each, so that none is taken for another.
const THEMES: [&str; 12] = [
    "lullabies",
    "walking groups",
    "radio plays",
    "kangaroo care",
    "village savings",
    "home gardens",
    "peer visits",
    "night clinics",
    "mobile messages",
    "cooking circles",
    "birth stories",
    "weaving lessons",
];
/// Where they were done.
const PLACES: [&str; 5] = ["Kenya", "Malawi", "Nepal", "Ghana", "Peru"];

/// Returns records of 60 papers, the fifth of them also in a second file.
fn records(only_every: usize) -> String {
    let mut out = String::new();
    for (n, theme) in THEMES.iter().enumerate() {
        for (m, place) in PLACES.iter().enumerate() {
            let number = n * PLACES.len() + m;
            if !number.is_multiple_of(only_every) {
                continue;
            }
            let design = ["a cohort study", "a randomised trial", "a qualitative study", "a survey"][number % 4];
            out.push_str(&format!(
                "{{\"id\":\"p{number}\",\"title\":\"{theme} and postnatal depression of mothers in {place}: {design}\",\
                 \"authors\":[\"Example{number}, Ada\"],\"journal\":\"Acta Fabricata\",\"year\":2026,\
                 \"published\":\"2026-10-{:02}\",\"doi\":\"10.5555/month.{number}\",\"abstract\":\"We studied {theme} \
                 among {} women with postnatal depression in {place} in {design}.\"}}\n",
                1 + number % 28,
                100 + number
            ));
        }
    }
    out
}

/// A home whose month was drafted: 60 papers, every fifth also found in a second place.
fn home() -> Bench {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    let path = bench.path().join("home/feeds.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    // No source is asked here; the page is easier to read without those that brought nothing.
    let text: String = text.split("# ── Journals").next().unwrap().replace("example.org", "perinatal.example");
    let text = text.replace("candidates = 60", "candidates = 25")
        + "\n[[source]]\nid = \"inbox\"\nkind = \"folder\"\nname = \"Files dropped into inbox/\"\npath = \"inbox\"\n";
    bench.write("home/feeds.toml", text);
    bench.write("papers.jsonl", records(1));
    bench.write("home/inbox/fifth.jsonl", records(5));
    for args in [&["import", "papers.jsonl"][..], &["harvest", "inbox"], &["draft", "2026-10"]] {
        let ran = bench.run(&[&["--home", "home"], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.all());
    }
    bench
}

/// Says what people said of the papers that were listed, by part and place shown.
fn choose(bench: &Bench, said: impl Fn(DraftPart, usize) -> Option<Choice>) {
    let month = Month::parse("2026-10").unwrap();
    let store = Store::open(&bench.path().join("home/data/roundup.db")).unwrap();
    let now = "2026-11-02T09:00:00Z".parse().unwrap();
    for listed in store.listing(month).unwrap().unwrap().papers {
        if let Some(choice) = said(listed.part, listed.shown) {
            let new = NewChoice { choice: Some(choice), month: Some(month), title: "", who: "Ada", reason: "" };
            store.put_choice(&listed.id, new, now).unwrap();
        }
    }
}

#[test]
fn a_month_in_numbers() {
    let bench = home();
    let status = |args: &[&str]| bench.run(&[&["--home", "home", "status", "--month"], args].concat());
    insta::assert_snapshot!("before_anybody_chose", status(&[]).all());
    choose(&bench, |part, shown| match (part, shown) {
        (DraftPart::Item, n) if n % 4 == 0 => Some(Choice::Drop),
        (DraftPart::Item, _) | (DraftPart::Candidate, 3 | 20) => Some(Choice::Keep),
        (DraftPart::Candidate, 5) => Some(Choice::Maybe),
        (DraftPart::Candidate, 22) => Some(Choice::Drop),
        (DraftPart::Candidate, n) if n < 20 => Some(Choice::Passed),
        _ => None,
    });
    insta::assert_snapshot!("when_people_chose", status(&["2026-10"]).all());
    insta::assert_snapshot!(
        "on_a_narrow_terminal",
        bench.run_with(&["--home", "home", "status", "--month"], &[("COLUMNS", "50")]).all()
    );
    let json: serde_json::Value = serde_json::from_str(&status(&["--json"]).out).unwrap();
    assert_eq!((&json["month"], &json["lot"]["here"]["drawn"]), (&"2026-10".into(), &1.into()));
}

#[test]
fn what_was_said_for_an_earlier_month_is_not_said_for_this_one() {
    let bench = home();
    let (september, october) = (Month::parse("2026-09"), Month::parse("2026-10"));
    let store = Store::open(&bench.path().join("home/data/roundup.db")).unwrap();
    let papers = store.listing(october.unwrap()).unwrap().unwrap().papers;
    let say = |n: usize, month: Option<Month>, choice: Option<Choice>, minute: u8| {
        let new = NewChoice { choice, month, title: "", who: "Ada", reason: "" };
        let now = format!("2026-11-02T09:{minute:02}:00Z").parse().unwrap();
        store.put_choice(&papers[n].id, new, now).unwrap();
    };
    say(0, september, Some(Choice::Maybe), 1); // comes again: not looked at this month
    say(1, september, Some(Choice::Maybe), 2);
    say(1, october, Some(Choice::Passed), 3); // passed over this month, whatever was said outright before
    say(2, october, Some(Choice::Keep), 4);
    say(2, october, Some(Choice::Passed), 5); // said outright for the month
    say(3, october, Some(Choice::Keep), 6);
    say(3, october, None, 7); // taken back
    say(4, None, Some(Choice::Maybe), 8); // for no month
    say(5, september, Some(Choice::Drop), 9); // out for good
    drop(store);
    let ran = bench.run(&["--home", "home", "status", "--month", "2026-10", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let fates = ["listed", "kept", "maybe", "dropped", "passed", "open"].map(|f| json["fates"][f].as_u64().unwrap());
    assert_eq!(fates, [49, 1, 1, 1, 1, 45]);
}

#[test]
fn a_second_draft_of_a_month_counts_what_the_first_one_listed() {
    let bench = home();
    let report = || -> serde_json::Value {
        serde_json::from_str(&bench.run(&["--home", "home", "status", "--month", "--json"]).out).unwrap()
    };
    let number = |json: &serde_json::Value, at: &str| json.pointer(at).and_then(serde_json::Value::as_u64).unwrap();
    // Candidates from the end of the list: nobody chose about what stands above them otherwise.
    choose(&bench, |part, shown| (part == DraftPart::Candidate && shown > 13).then_some(Choice::Drop));
    let before = report();
    assert_eq!(["/considered", "/in_scope", "/fates/listed"].map(|at| number(&before, at)), [60, 60, 49]);
    let ran = bench.run(&["--home", "home", "draft", "2026-10"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let after = report();
    let [considered, in_scope, listed, dropped] =
        ["/considered", "/in_scope", "/fates/listed", "/fates/dropped"].map(|at| number(&after, at));
    assert_eq!((considered, in_scope, dropped), (60, 60, 12), "dropped papers could have been listed all the same");
    assert_eq!(listed, 60, "eleven moved up");
    let rest = number(&after, "/lot/here/rest");
    assert_eq!((rest, number(&after, "/lot/here/unlisted")), (11, 0), "nobody chose about these: {after}");
}

#[test]
fn a_month_without_a_listing_is_named() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    assert_eq!(bench.run(&["--home", "home", "status", "--month"]).code, 2, "there is no database");
    bench.write("papers.jsonl", records(30));
    assert_eq!(bench.run(&["--home", "home", "import", "papers.jsonl"]).code, 0);
    let none = bench.run(&["--home", "home", "status", "--month"]);
    assert_eq!((none.code, none.err.contains("`roundup draft` writes one")), (1, true), "{}", none.all());
    let bench = home();
    let other = bench.run(&["--home", "home", "status", "--month", "2026-03"]);
    assert_eq!(
        (other.code, other.err.contains("the newest month that is known is 2026-10")),
        (1, true),
        "{}",
        other.all()
    );
    assert_eq!(bench.run(&["--home", "home", "status", "--month", "March"]).code, 2);
}

#[test]
fn what_was_listed_is_kept_by_a_rebuild_and_not_noted_by_a_dry_run() {
    let bench = home();
    let listing = |month: &str| {
        let store = Store::open(&bench.path().join("home/data/roundup.db")).unwrap();
        store.listing(Month::parse(month).unwrap()).unwrap()
    };
    let before = listing("2026-10").unwrap();
    assert_eq!(before.papers.iter().filter(|p| p.is_by_lot).count(), 1);
    assert!(before.papers.iter().all(|p| WorkId::parse(p.id.as_str()).is_some() && !p.sources.is_empty()));
    assert_eq!(bench.run(&["--home", "home", "draft", "2026-09", "--dry-run"]).code, 0);
    assert_eq!(listing("2026-09"), None);
    for args in [&["rebuild"][..], &["draft", "2026-10"]] {
        let ran = bench.run(&[&["--home", "home"], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.all());
    }
    assert_eq!(listing("2026-10").unwrap(), before);
}

#[test]
fn one_mistake_is_one() {
    let ran = Bench::new().run(&["doctor"]);
    assert!(ran.all().contains("1 mistake; `roundup check`"), "{}", ran.all());
}

/// Returns the paths of the index's files that end so, below the home.
fn index_files(bench: &Bench, ending: &str) -> Vec<String> {
    bench.files("home/index").into_keys().filter(|name| name.ends_with(ending)).collect()
}

#[test]
fn an_index_that_is_behind_or_damaged_is_told_with_what_helps() {
    let bench = home();
    let run = |args: &[&str]| bench.run(&[&["--home", "home"], args].concat());
    let says = |want: &str, note: &str| {
        for command in ["status", "doctor"] {
            let ran = run(&[command]);
            let line = ran.out.lines().find(|l| l.contains("search index")).unwrap_or_default();
            assert!(line.contains(want) && ran.err.is_empty(), "{note}, {command}: {}", ran.all());
        }
    };
    says("level with the database", "after a draft");
    let before = bench.files("home/index");
    bench.write("more.jsonl", "{\"id\":\"m\",\"title\":\"Kites and postnatal depression in Togo\",\"year\":2026}\n");
    assert_eq!(run(&["import", "more.jsonl"]).code, 0);
    std::fs::remove_dir_all(bench.path().join("home/index")).unwrap();
    says("missing; `roundup reindex` builds it", "no index");
    for (name, bytes) in &before {
        bench.write(name, bytes);
    }
    says("behind the database; `roundup reindex` brings it level", "an index of before");
    assert_eq!(run(&["reindex"]).code, 0);
    says("level with the database", "after reindex");
    // A byte in the midst of a part shows by its checksum only, which `doctor` looks at.
    let part = index_files(&bench, ".store").remove(0);
    let mut bytes = bench.files("home/index")[&part].clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    bench.write(&part, &bytes);
    let doctor = run(&["doctor"]);
    let told = doctor.out.contains("wrong bytes in") && doctor.out.contains("`roundup reindex` builds it anew");
    assert!(doctor.code == 1 && told, "{}", doctor.all());
    assert_eq!(run(&["reindex"]).code, 0);
    bench.write(&index_files(&bench, "meta.json").remove(0), "{");
    says("damaged", "the list of parts is cut");
    says("`roundup reindex` builds it anew", "the list of parts is cut");
    assert_eq!(run(&["reindex"]).code, 0);
    says("level with the database", "after all");
}
