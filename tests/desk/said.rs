//! What the desk says of what was done: with the names of papers, in its own words, in one zone, with counts that agree.

use roundup::draft::{asked_about, issue_items};

use super::bench::{Desk, other_roundup};
use super::markup::{texts, values};
use crate::support::block_on;

/// A question about two papers, with facts as the machine writes them.
const PAIR: &str = r#"
# A: Example A; 2026
# If you write "same": one entry in this issue, with the best of both.
# If you write "different": two papers for good; they are not asked about again.
# If you leave it empty, both stay as they are and it is asked again. `roundup merge undo` takes an answer back.
[[decision]]
id = "same wabcdefghijk wkjihgfedcba"
question = """
Are A and B one study? A is "Walking groups" and B is "Walking groups, again"
"""
answer = ""
"#;

/// A question whether a paper belongs here.
const SCOPE: &str = r#"
[[decision]]
id = "scope wabcdefghijk"
question = """
Was it done in a low- or middle-income country? “Walking groups”
"""
answer = ""
"#;

/// Returns a desk whose draft asks two questions more.
async fn asking() -> Desk {
    let desk = Desk::open().await;
    desk.write(&format!("{}{PAIR}{SCOPE}", desk.text()));
    desk
}

/// Sends a form of the board as the script does, and returns what was said of it.
async fn said(desk: &Desk, pairs: &[(&str, &str)]) -> serde_json::Value {
    let sum = desk.sum();
    let form: Vec<(&str, &str)> = [("seen", sum.as_str())].iter().chain(pairs).copied().collect();
    desk.script(&desk.at(""), &form).await.json()
}

#[test]
fn history_names_the_paper_and_the_answer() {
    block_on(async {
        let desk = asking().await;
        let title = desk.draft().candidates[0].title.clone();
        let id = desk.draft().candidates[0].id.clone();
        let head: String = title.chars().take(20).collect();
        let newest = async || texts(&desk.get(&desk.at("history")).await.body, "ol.versions li.now > ul > li");
        for (name, word) in
            [("keep", "kept"), ("maybe", "put off"), ("drop", "dropped"), ("clear", "took back what was said of")]
        {
            said(&desk, &[(name, &id)]).await;
            let told = newest().await;
            assert_eq!(told.len(), 1, "{name}: {told:?}");
            assert!(told[0].starts_with(&format!("{word} “{head}")), "{name}: {told:?}");
        }
        said(&desk, &[("answer", "in scope wabcdefghijk")]).await;
        assert_eq!(newest().await, ["answered “in” to the question about “Walking groups”"]);
        let sum = desk.sum();
        desk.post(&desk.at(&format!("paper/{id}")), &[("seen", &sum), ("summary", "Something else was found.")]).await;
        let told = newest().await;
        assert!(told[0].starts_with(&format!("changed the summary of “{head}")), "a candidate's words: {told:?}");
        let html = desk.get(&desk.at("history")).await.body;
        assert!(html.contains("All times at this desk are those of Nairobi."), "the town of the house's zone");
        let ways = texts(&html, "ol.versions .acts > a");
        assert!(ways.iter().all(|way| way.ends_with("the file as text")), "it says what one will see: {ways:?}");
    });
}

#[test]
fn questions_on_the_board_are_in_the_desks_words() {
    block_on(async {
        let desk = asking().await;
        let html = desk.get(&desk.at("")).await.body;
        let pair = "[data-question^='same wabc']";
        let facts = texts(&html, &format!("{pair} ul.reasons li")).join(" ");
        assert!(facts.contains("If you answer “Same”: one entry in this issue"), "{facts}");
        assert!(facts.contains("The page of either paper takes an answer back."), "{facts}");
        assert!(!facts.contains("write") && !facts.contains('`'), "{facts}");
        assert_eq!(texts(&html, &format!("{pair} .meta a")), ["Look at A", "Look at B"], "as the question calls them");
        let ways = values(&html, &format!("{pair} .meta a"), "href");
        assert_eq!(ways, ["wabcdefghijk", "wkjihgfedcba"].map(|id| desk.at(&format!("paper/{id}"))));
    });
}

#[test]
fn answers_are_reported_with_the_name_of_their_paper() {
    block_on(async {
        let desk = asking().await;
        let answered = said(&desk, &[("answer", "different same wabcdefghijk wkjihgfedcba")]).await;
        assert_eq!(answered["said"], "answered “different” about “Walking groups” and “Walking groups, again”");
        let scope = [("question", "scope wabcdefghijk"), ("answer-words", "Atlantis")];
        let refused = said(&desk, &scope).await;
        let message = refused["said"].as_str().unwrap();
        assert!(message.contains("“Walking groups”") && !message.contains("wabcdefghijk"), "{message}");
    });
}

#[test]
fn a_country_is_shown_as_it_was_understood() {
    block_on(async {
        let desk = asking().await;
        said(&desk, &[("question", "scope wabcdefghijk"), ("answer-words", "Kenia")]).await;
        let html = desk.get(&desk.at("")).await.body;
        let told = texts(&html, "[data-question^='scope wabc'] .said").concat();
        assert!(told.contains("You answered: Kenia (understood as Kenya)"), "{told}");
    });
}

#[test]
fn a_word_for_all_that_are_ticked_says_when_none_is() {
    block_on(async {
        let desk = Desk::open().await;
        let (before, sum) = (desk.text(), desk.sum());
        for wish in ["keep", "drop", "to:more"] {
            let answer = desk.post(&desk.at(""), &[("seen", &sum), ("bulk", wish)]).await;
            assert_eq!(answer.status, 422, "{wish}");
            assert!(answer.body.contains("no paper is ticked, so nothing was changed"), "{wish}: {}", answer.body);
            assert!(answer.body.contains("tick the box before the title"), "{wish}: what to do");
        }
        assert_eq!(desk.text(), before);
    });
}

#[test]
fn a_change_is_told_with_the_time_of_the_house() {
    block_on(async {
        let desk = Desk::open().await;
        let settings = desk.bench.path().join("feeds.toml");
        let text = std::fs::read_to_string(&settings).unwrap();
        let ctx = other_roundup(desk.bench.path());
        let now = ctx.clock.now().to_zoned(ctx.zone()).strftime("%H:%M").to_string();
        assert!(text.contains("time-zone"), "the zone of the house is a setting");
        let id = desk.draft().candidates[0].id.clone();
        assert_eq!(said(&desk, &[("maybe", &id)]).await["at"], now.as_str());
        let undone = desk.script(&desk.at("undo"), &[]).await.json();
        assert_eq!(undone["at"], now.as_str(), "{undone}");
    });
}

#[test]
fn taking_in_says_what_became_of_answers_and_counts_as_the_board_does() {
    block_on(async {
        let desk = Desk::open().await;
        let candidate = desk.draft().candidates.iter().find(|c| c.choice.is_none()).unwrap().id.clone();
        said(&desk, &[("keep", &candidate)]).await;
        let question = desk.draft().decisions.iter().find(|d| d.id.starts_with("scope ")).unwrap().clone();
        said(&desk, &[("answer", &format!("out {}", question.id))]).await;
        let begun = desk.post(&desk.at("draft"), &[]).await;
        let job = desk.job(begun.leads_to()).await;
        let lines: Vec<&str> = job["done"]["lines"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
        assert_eq!(
            lines[..2],
            ["1 answer of yours was taken in:", &format!("{}: it stays out", asked_about(&question))]
        );
        let draft = desk.draft();
        let (items, open) = (issue_items(&draft).len(), draft.candidates.iter().filter(|c| c.choice.is_none()).count());
        assert!(items > draft.items.len(), "one that is kept stands in the issue: {lines:?}");
        assert!(
            lines.contains(&format!("In the issue now: {items}. Candidates to look at: {open}.").as_str()),
            "{lines:?}"
        );
        let counts = texts(&desk.get(&desk.at("")).await.body, ".counts b");
        assert_eq!(counts[..2], [items.to_string(), open.to_string()], "{lines:?}");
    });
}
