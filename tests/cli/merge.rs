//! How people say which papers are one, and take it back.

use crate::support::{Bench, Ran};

/// Two pairs that the rules leave to a person, and one paper beside them.
const FIRST: &str = r#"
{"id":"a1","title":"Prevalence of postpartum depression among mothers of preterm infants in Kenya","authors":["Example, Maria","Sample, John"],"journal":"Journal of Invented Health","year":2026,"published":"2026-10-05","doi":"10.5555/pair.1","pmid":"90000001","abstract":"Depression after birth is common. We asked 300 women in Kenya."}
{"id":"b1","title":"Prevalence of postpartum depression among mothers of preterm infants in Kenya","authors":["Other, Olga","Fremd, Franz"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-07","doi":"10.5555/pair.2"}
{"id":"c1","title":"Nurses and mothers in the hills","authors":["Example, Maria"],"journal":"Journal of Invented Health","year":2019,"volume":"7","pages":"21-22","pmid":"90000003"}
{"id":"c2","title":"Screening tools for the clinic","authors":["Example, Maria"],"journal":"Journal of Invented Health","year":2019,"volume":"7","pages":"21-22","doi":"10.5555/pair.4"}
{"id":"d1","title":"Group care for postnatal depression in rural districts of Nepal: a cluster trial","authors":["Deen, Dora"],"journal":"Journal of Invented Health","year":2026,"published":"2026-10-01","doi":"10.5555/pair.5"}
"#;

/// The last paper once more, from elsewhere: the machine joins the two.
const AGAIN: &str = r#"
{"id":"d2","title":"Group care for postnatal depression in rural districts of Nepal: a cluster trial","authors":["Deen, Dora"],"journal":"J Invented Health","year":2026,"doi":"10.5555/pair.5","url":"https://example.org/d"}
"#;

/// A home with papers in it.
struct Desk(Bench);

impl Desk {
    fn new() -> Self {
        let desk = Self::empty();
        desk.bring("first.jsonl", &format!("{}{AGAIN}", FIRST.trim_end()));
        desk
    }

    fn empty() -> Self {
        let bench = Bench::new();
        assert_eq!(bench.run(&["init", "home"]).code, 0);
        let path = bench.path().join("home/feeds.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        bench.write("home/feeds.toml", text.replace("example.org", "perinatal.example"));
        Self(bench)
    }

    fn bring(&self, name: &str, lines: &str) {
        self.0.write(name, lines.trim_start());
        let ran = self.0.run(&["--home", "home", "import", name]);
        assert_eq!(ran.code, 0, "{}", ran.all());
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.0.run(&[&["--home", "home"], args].concat())
    }

    fn merge(&self, args: &[&str]) -> Ran {
        self.run(&[&["merge"], args].concat())
    }

    /// Runs `merge` and returns all it says, with ids in order of their first appearance.
    fn says(&self, args: &[&str]) -> String {
        plain(&self.merge(args).all())
    }

    /// Returns the id that a PMID or DOI stands for.
    fn id(&self, text: &str) -> String {
        let ran = self.merge(&["show", text, "--json"]);
        let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        value["id"].as_str().unwrap().to_owned()
    }

    /// Returns how many pairs wait.
    fn waiting(&self) -> usize {
        self.merge(&["--json"]).out.lines().count()
    }
}

/// Returns text with its work ids as W1, W2 … and without the rules' own words, which may be mended.
fn plain(text: &str) -> String {
    let mut out = text.to_owned();
    let is_id = |w: &&str| roundup::model::WorkId::parse(w).is_some();
    let mut ids: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_id) {
        if !ids.iter().any(|id| id == word) {
            ids.push(word.to_owned());
        }
    }
    for (n, id) in ids.iter().enumerate() {
        out = out.replace(id.as_str(), &format!("W{}", n + 1));
    }
    let is_own = |l: &&str| !l.starts_with("the machine says: ");
    out.lines().filter(is_own).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_waits_in_a_home_without_pairs() {
    let desk = Desk::empty();
    desk.bring("again.jsonl", AGAIN);
    insta::assert_snapshot!(desk.says(&[]), @"
    exit 1
    --- out
    no pair of papers waits for your answer
    --- err
    ");
    assert_eq!(desk.merge(&["--json"]).all(), "exit 1\n--- out\n--- err\n");
    assert_eq!(desk.merge(&["undo"]).code, 1);
    assert_eq!(desk.merge(&["log"]).code, 1);
}

#[test]
fn pairs_wait_with_the_words_to_type_and_those_of_the_issue_first() {
    let desk = Desk::new();
    let ran = desk.merge(&[]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let (kenya, hills) = (desk.id("90000001"), desk.id("90000003"));
    for id in [&kenya, &hills] {
        assert!(ran.out.lines().any(|l| l.contains("roundup merge same ") && l.contains(id.as_str())), "{}", ran.out);
    }
    assert!(ran.out.find(&kenya) < ran.out.find(&hills), "{}", ran.out);
    let lines: Vec<serde_json::Value> =
        desk.merge(&["--json"]).out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[0]["fields"][0],
        serde_json::json!({
            "label": "title",
            "a": "Prevalence of postpartum depression among mothers of preterm infants in Kenya",
            "b": "Prevalence of postpartum depression among mothers of preterm infants in Kenya",
            "agreement": "same",
        })
    );
    assert!(!lines[0]["reasons"].as_array().unwrap().is_empty());
    assert_eq!(desk.merge(&["--limit", "1"]).out.matches("roundup merge same ").count(), 1);
    let status = desk.run(&["status"]);
    assert!(status.out.contains("pairs that may be one study: 2; `roundup merge` shows them"), "{}", status.out);
}

#[test]
fn two_papers_stand_side_by_side() {
    let desk = Desk::new();
    insta::assert_snapshot!(desk.says(&["show", "90000001", "10.5555/pair.2"]), @"
    exit 0
    --- out
    Side by side
    A: W1
    B: W2
    title, the same: Prevalence of postpartum depression among mothers of preterm infants in Kenya
    authors, different:
      A: Example M, Sample J
      B: Other O, Fremd F
    journal, different:
      A: Journal of Invented Health
      B: Acta Fabricata
    year, the same: 2026
    published, nearly the same:
      A: 2026-10-05
      B: 2026-10-07
    DOI, different:
      A: 10.5555/pair.1
      B: 10.5555/pair.2
    PMID, only A: 90000001
    abstract, only A: Depression after birth is common. We asked 300 women in Kenya.
    found in, both: import
      if they are one paper:   roundup merge same W1 W2
      if they are two papers:  roundup merge different W1 W2
    --- err
    ");
    let ran = desk.merge(&["show", "90000001", "10.5555/pair.5"]);
    assert_eq!(ran.code, 0, "any two papers can be looked at: {}", ran.all());
}

#[test]
fn a_paper_is_shown_with_its_records() {
    let desk = Desk::new();
    let ran = desk.merge(&["show", "10.5555/pair.5"]);
    for words in ["1. import: Group care", "import/d1", "2. import: Group care", "import/d2", "roundup merge split w"] {
        assert!(ran.out.contains(words), "{words} is missing in\n{}", ran.out);
    }
    let kenya = desk.merge(&["show", "90000001"]);
    assert!(kenya.out.contains("It waits for your answer whether it is one with"), "{}", kenya.out);
}

#[test]
fn same_is_kept_is_listed_and_can_be_taken_back() {
    let desk = Desk::new();
    let (a, b) = (desk.id("90000001"), desk.id("10.5555/pair.2"));
    let said = desk.says(&["same", &a, &b, "--who", "Ada", "--note", "one thesis"]);
    insta::assert_snapshot!(said, @"
    exit 0
    --- out
    one paper now, W1: Prevalence of postpartum depression among mothers of preterm infants in Kenya
      W2 is now another name of W1
      note: they differ in authors, journal; `roundup merge undo` takes this back
    to take it back: roundup merge undo 1
    --- err
    ");
    assert_eq!((desk.waiting(), desk.id(&a), desk.id("10.5555/pair.2")), (1, a.clone(), a.clone()));
    insta::assert_snapshot!(desk.says(&["log"]), @"
    exit 0
    --- out
    1. same, by Ada on 1 November 2026
       A W1: Prevalence of postpartum depression among mothers of preterm infants in Kenya
       B W2: Prevalence of postpartum depression among mothers of preterm infants in Kenya
       note: one thesis

    an answer is taken back by its number: roundup merge undo NUMBER
    --- err
    ");
    insta::assert_snapshot!(desk.says(&["same", &a, &b]), @"
    exit 1
    --- out
    --- err
    roundup: W1 and W2 are one paper already, W1; nothing changed
      it was said: same, by Ada on 1 November 2026 (answer 1): one thesis
      help: `roundup merge undo 1` takes that back
    ");
    let redirected = desk.merge(&["show", &b]);
    assert!(
        redirected.out.starts_with(&format!("{b} was merged into {a}; that paper is meant\n")),
        "{}",
        redirected.out
    );
    let found = desk.run(&["search", "preterm", "--json"]);
    assert_eq!(found.out.lines().count(), 1, "readers see one paper: {}", found.out);
    let back = desk.merge(&["undo"]);
    assert_eq!(back.code, 0, "{}", back.all());
    assert!(
        back.out.starts_with("taken back: same, by Ada on 1 November 2026 (answer 1): one thesis\n"),
        "{}",
        back.out
    );
    assert!(back.out.ends_with(&format!("to say it again: roundup merge same {a} {b}\n")), "{}", back.out);
    assert_eq!((desk.waiting(), desk.id("10.5555/pair.2")), (2, b));
    assert_eq!(desk.run(&["search", "preterm", "--json"]).out.lines().count(), 2);
    insta::assert_snapshot!(desk.says(&["undo"]), @"
    exit 1
    --- out
    --- err
    roundup: there is no answer to take back
    ");
    insta::assert_snapshot!(desk.says(&["undo", "1"]), @"
    exit 1
    --- out
    --- err
    roundup: answer 1 was taken back before; nothing changed
    ");
}

#[test]
fn different_is_never_asked_again() {
    let desk = Desk::new();
    let (a, b) = (desk.id("90000001"), desk.id("10.5555/pair.2"));
    insta::assert_snapshot!(desk.says(&["different", &a, &b]), @"
    exit 0
    --- out
    they stay two papers
      A W1: Prevalence of postpartum depression among mothers of preterm infants in Kenya
      B W2: Prevalence of postpartum depression among mothers of preterm infants in Kenya
    they are not asked about again
    to take it back: roundup merge undo 1
    --- err
    ");
    assert_eq!(desk.waiting(), 1);
    desk.bring("once-more.jsonl", &FIRST.replace("We asked 300", "We asked some 300"));
    assert_eq!(desk.run(&["rebuild"]).code, 0);
    assert_eq!(desk.waiting(), 1, "new versions and a rebuild change nothing about it");
    insta::assert_snapshot!(desk.says(&["different", &b, &a]), @"
    exit 0
    --- out
    nothing changed, it was said before: different, by command line on 1 November 2026 (answer 1)
    --- err
    ");
    let turned = desk.says(&["same", &a, &b]);
    assert!(turned.contains("this takes the place of an earlier answer: different, by command line"), "{turned}");
    assert_eq!(desk.id(&a), desk.id(&b), "the newest answer counts");
    let back = desk.says(&["undo"]);
    assert!(back.contains("taken back: same"), "{back}");
    assert_ne!(desk.id(&a), desk.id(&b));
}

#[test]
fn records_are_taken_out_and_put_back() {
    let desk = Desk::new();
    let id = desk.id("10.5555/pair.5");
    let ran = desk.merge(&["split", &id, "2"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(
        ran.out.contains("1 of 2 records were taken out of") && ran.out.contains("taken out, and now w"),
        "{}",
        ran.out
    );
    assert!(!desk.merge(&["show", &id]).out.contains("import/d2"));
    desk.bring("again.jsonl", &AGAIN.replace("J Invented Health", "Journal of Invented Health"));
    assert!(!desk.merge(&["show", &id]).out.contains("import/d2"), "the word of a person holds");
    let back = desk.merge(&["undo"]);
    assert_eq!(back.code, 0, "{}", back.all());
    assert!(desk.merge(&["show", &id]).out.contains("import/d2"));
    let by_name = desk.merge(&["split", &id, "import/d2", "--dry-run"]);
    assert!(by_name.out.starts_with("on trial, nothing was changed:\n"), "{}", by_name.all());
    assert!(desk.merge(&["show", &id]).out.contains("import/d2"));
}

#[test]
fn on_trial_nothing_changes() {
    let desk = Desk::new();
    let (a, b) = (desk.id("90000001"), desk.id("10.5555/pair.2"));
    let before = (desk.merge(&[]).out, desk.merge(&["log"]).out);
    let ran = desk.merge(&["same", &a, &b, "--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.contains("is now another name of"), "{}", ran.out);
    let json: serde_json::Value =
        serde_json::from_str(&desk.merge(&["same", &a, &b, "--dry-run", "--json"]).out).unwrap();
    assert_eq!((&json["v"], &json["dry_run"]), (&serde_json::json!(1), &serde_json::json!(true)));
    assert_eq!((desk.merge(&[]).out, desk.merge(&["log"]).out), before);
}

#[test]
fn what_people_type_wrong_is_told_and_changes_nothing() {
    let desk = Desk::new();
    let id = desk.id("90000001");
    for (why, args, code, words) in [
        ("the number of a pair in the list", &["same", "1", "2"][..], 2, "for pair 1 of the list"),
        ("one paper twice", &["same", "90000001", "90000001"], 2, "is named twice"),
        ("two names of one paper", &["different", "90000001", "10.5555/pair.1"], 1, "are one paper already"),
        ("no such paper", &["same", "90000001", "90099999"], 1, "no paper here is \"90099999\""),
        ("one paper only", &["same", "90000001"], 2, "<OTHER>"),
        ("a word of the wrong kind", &["smae", "90000001", "10.5555/pair.2"], 2, "did you mean \"same\"?"),
        ("papers without a word", &[id.as_str(), "10.5555/pair.2"], 2, "roundup merge same"),
        ("a paper for a number", &["undo", id.as_str()], 2, "is no number of an answer"),
        ("no such answer", &["undo", "77"], 1, "there is no answer 77"),
        ("no such record", &["split", "10.5555/pair.5", "3"], 2, "have the numbers 1 to 2"),
        ("all records", &["split", "10.5555/pair.5", "1", "2"], 2, "at least one record must stay"),
        ("one record only", &["split", "90000001", "1"], 1, "one record only"),
        ("asking without a terminal", &["--ask"], 2, "--ask asks a person at a terminal"),
        ("asking and more", &["--ask", "log"], 2, "--ask"),
    ] {
        let ran = desk.merge(args);
        assert_eq!(ran.code, code, "{why}: {}", ran.all());
        assert!(ran.err.contains(words), "{why}: {}", ran.all());
        assert_eq!(ran.out, "", "{why}");
    }
    assert_eq!(desk.merge(&["log"]).code, 1, "nothing was stored");
}

#[test]
fn who_answers_is_who_is_logged_in() {
    let desk = Desk::new();
    let args = ["--home", "home", "merge", "different", "90000001", "10.5555/pair.2"];
    assert_eq!(desk.0.run_with(&args, &[("USER", "ada")]).code, 0);
    assert!(desk.merge(&["log"]).out.contains("different, by ada on 1 November 2026"));
}

#[test]
fn a_second_writer_is_refused() {
    let desk = Desk::new();
    let _lock = roundup::store::WriterLock::take(&desk.0.path().join("home/data")).unwrap();
    assert_eq!(desk.merge(&["same", "90000001", "10.5555/pair.2"]).code, 75);
    assert_eq!(desk.merge(&[]).code, 0, "looking is always possible");
}

/// A paper of another group under the title of one that readers have had.
const LATE: &str = r#"
{"id":"e1","title":"Prevalence of postpartum depression among mothers of preterm infants in Kenya","authors":["Late, Lena"],"journal":"Acta Tarda","year":2026,"published":"2026-11-10","doi":"10.5555/pair.6"}
"#;

#[test]
fn a_pair_with_a_paper_that_readers_had_is_asked_in_the_next_draft() {
    let desk = Desk::empty();
    let early: String = FIRST.lines().filter(|l| l.contains("90000001")).collect();
    desk.bring("early.jsonl", &early);
    assert_eq!(desk.run(&["draft", "2026-10"]).code, 0);
    assert_eq!(desk.run(&["render", "2026-10"]).code, 0);
    let issue = desk.0.files("home/out/2026-10");
    desk.bring("late.jsonl", LATE);
    let december = [("ROUNDUP_NOW", "2026-12-01T03:00:00Z")];
    let later = |args: &[&str]| desk.0.run_with(&[&["--home", "home"], args].concat(), &december);
    assert_eq!(later(&["draft"]).code, 0);
    let path = desk.0.path().join("home/drafts/2026-11.toml");
    let draft = std::fs::read_to_string(&path).unwrap();
    let at = draft.find("# ── Decisions needed").unwrap();
    let end = draft.find("# ── Dates for readers").unwrap();
    let block = plain(&draft[at..end]);
    assert!(block.contains("already in the roundup of October 2026"), "{block}");
    for words in [
        "Are A and B one study?",
        "# Different: ",
        "# If you write \"same\": one paper, which readers had",
        "merge undo",
    ] {
        assert!(block.replace("\n#   ", " ").contains(words), "{words} is missing in\n{block}");
    }
    std::fs::write(&path, draft.replacen("answer = \"\"", "answer = \"same\"", 1)).unwrap();
    let taken = later(&["draft"]);
    assert!(taken.out.contains("your answers were taken in: 1"), "{}", taken.all());
    assert!(!std::fs::read_to_string(&path).unwrap().contains("\n[[item]]"), "readers had it");
    assert_eq!(desk.id("10.5555/pair.6"), desk.id("90000001"));
    assert_eq!(desk.0.files("home/out/2026-10"), issue, "the issue stays as it was");
}

#[test]
fn an_answer_about_a_sent_paper_says_that_its_issue_stays() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["draft", "2026-10"]).code, 0);
    assert_eq!(desk.run(&["render", "2026-10"]).code, 0);
    let issue = desk.0.files("home/out/2026-10");
    let ran = desk.merge(&["same", "90000001", "10.5555/pair.2"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.contains("was in the roundup of October 2026; that issue stays as it was"), "{}", ran.out);
    assert_eq!(desk.0.files("home/out/2026-10"), issue);
}
