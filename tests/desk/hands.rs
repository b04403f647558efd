//! Two browsers at one desk: each takes back what it did itself, and is told what it did.

use super::bench::{Answer, Desk, form};
use super::markup::texts;
use crate::support::block_on;

/// Sends a form as a browser that has a hand.
async fn post(desk: &Desk, hand: &str, page: &str, pairs: &[(&str, &str)]) -> Answer {
    let cookie = format!("roundup-hand-{}={hand}", desk.address.port());
    let more = [("Cookie", cookie.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    desk.ask("POST", &desk.at(page), &more, &form(pairs)).await
}

/// Looks at a page as a browser that has a hand.
async fn look(desk: &Desk, hand: &str, path: &str) -> Answer {
    let cookie = format!("roundup-hand-{}={hand}", desk.address.port());
    desk.ask("GET", path, &[("Cookie", &cookie)], "").await
}

/// Returns what a page offers to take back; empty for nothing.
fn offered(page: &Answer) -> String {
    texts(&page.body, "[data-undo]:not([hidden]) [data-undo-words]").concat()
}

#[test]
fn each_browser_takes_back_its_own_change_and_not_a_colleagues() {
    block_on(async {
        let desk = Desk::open().await;
        let ids: Vec<String> = desk.draft().items.iter().map(|i| i.id.clone()).collect();
        let before = desk.text();
        for (hand, id) in [("ama", &ids[0]), ("binta", &ids[1])] {
            let sum = desk.sum();
            let done = post(&desk, hand, "", &[("seen", &sum), ("drop", id)]).await;
            assert_eq!(done.status, 303, "{}", done.body);
        }
        let board = desk.at("");
        let (ama, binta) = (look(&desk, "ama", &board).await, look(&desk, "binta", &board).await);
        let [first, second] = [0, 1].map(|n| {
            let titles = roundup::draft::parse(&before, "draft").0.unwrap();
            titles.items[n].title.chars().take(20).collect::<String>()
        });
        assert!(offered(&ama).contains(&first), "{}", offered(&ama));
        assert!(offered(&binta).contains(&second), "{}", offered(&binta));
        assert_eq!(offered(&look(&desk, "chi", &board).await), "", "who did nothing is offered nothing");

        // The first one's change is older than the second one's: it goes, the other stays.
        let undone = post(&desk, "ama", "undo", &[]).await;
        assert_eq!(undone.status, 303, "{}", undone.body);
        let has = |id: &str| desk.draft().items.iter().any(|i| i.id == id);
        assert!(has(&ids[0]) && !has(&ids[1]), "the first is back, the second stays out");
        let again = post(&desk, "ama", "undo", &[]).await;
        assert_eq!(again.status, 422, "nothing of hers is left: {}", again.body);
        assert!(!has(&ids[1]));
        assert_eq!(post(&desk, "binta", "undo", &[]).await.status, 303);
        assert_eq!(desk.text(), before, "both taken back: the file is as it was, to the byte");
    });
}

#[test]
fn what_was_done_is_said_once_to_whoever_did_it() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let (id, sum) = (draft.items[0].id.clone(), desk.sum());
        let moved = post(&desk, "ama", "", &[("seen", &sum), ("move", &id), ("to", "more")]).await;
        assert_eq!(moved.leads_to(), desk.at("?said=saved"));
        let notice = |page: &Answer| texts(&page.body, "[data-saved]").concat();
        assert_eq!(notice(&look(&desk, "binta", moved.leads_to()).await), "Saved.", "nobody else is told");
        let told = notice(&look(&desk, "ama", moved.leads_to()).await);
        assert!(told.starts_with("Saved. Moved “") && told.ends_with("” to Also published this month."), "{told}");
        assert_eq!(notice(&look(&desk, "ama", moved.leads_to()).await), "Saved.", "it is said once");

        // Undo on a paper's page leads back to that page.
        let undone = post(&desk, "ama", "undo", &[("on-paper", &id)]).await;
        assert_eq!(undone.leads_to(), desk.at(&format!("paper/{id}?said=undone")));
        let told = notice(&look(&desk, "ama", undone.leads_to()).await);
        assert!(told.starts_with("Taken back. It was: moved “"), "{told}");
    });
}

#[test]
fn after_a_version_is_put_back_nothing_older_is_offered() {
    block_on(async {
        let desk = Desk::open().await;
        let (id, sum) = (desk.draft().items[0].id.clone(), desk.sum());
        desk.get(&desk.at("")).await;
        post(&desk, "ama", "", &[("seen", &sum), ("drop", &id)]).await;
        assert_ne!(offered(&look(&desk, "ama", &desk.at("")).await), "");
        let versions = desk.get(&desk.at("history")).await;
        let numbers = super::markup::values(&versions.body, "ol.versions button", "value");
        let oldest = numbers.last().expect("a version to put back").clone();
        desk.post(&desk.at("history"), &[("number", &oldest)]).await;
        let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while !offered(&look(&desk, "ama", &desk.at("")).await).is_empty() {
            assert!(std::time::Instant::now() < until, "an old step is offered");
        }
        assert_eq!(desk.sum(), sum);
    });
}

#[test]
fn a_browser_is_given_its_hand_at_the_entrance_and_keeps_it() {
    block_on(async {
        let desk = Desk::open().await;
        let entrance = format!("/enter/{}", super::bench::TOKEN);
        let first = desk.get(&entrance).await;
        let cookies = first.all("set-cookie");
        let hand = cookies.iter().find(|c| c.starts_with("roundup-hand-")).expect("a hand");
        assert!(hand.contains("HttpOnly") && hand.contains("SameSite=Strict"), "{hand}");
        let pair = hand.split(';').next().unwrap_or_default().to_owned();
        let again = desk.ask("GET", &entrance, &[("Cookie", &pair)], "").await;
        assert!(!again.all("set-cookie").iter().any(|c| c.starts_with("roundup-hand-")), "it is the same browser");
        let other = desk.get(&entrance).await;
        assert!(!other.all("set-cookie").contains(hand), "each browser has another one");
    });
}

#[test]
fn a_retraction_is_told_to_readers_by_one_button_and_undone_by_one() {
    block_on(async {
        let desk = Desk::open().await;
        let question = "\"A trial of walking groups\" was in the issue of May 2026 and has been retracted. \
                        Tell readers in the note?";
        let block = format!(
            "\n[[decision]]\nid = \"retracted wabcdefghijk\"\nquestion = \"\"\"\n{question}\n\"\"\"\nanswer = \"\"\n"
        );
        desk.write(&format!("{}{block}", desk.text()));
        let before = desk.text();
        let board = desk.get(&desk.at("")).await;
        let buttons = super::markup::values(&board.body, "button[name=tell]", "value");
        assert_eq!(buttons, ["retracted wabcdefghijk"], "only questions about readers have it");
        let sum = desk.sum();
        let told = post(&desk, "ama", "", &[("seen", &sum), ("tell", "retracted wabcdefghijk")]).await;
        assert_eq!(told.status, 303, "{}", told.body);
        let now = desk.draft();
        assert!(now.note.ends_with("“A trial of walking groups” was in the issue of May 2026 and has been retracted."));
        assert_eq!(now.decisions.iter().find(|d| d.id.starts_with("retracted")).unwrap().answer, "seen");
        assert_eq!(post(&desk, "ama", "undo", &[]).await.status, 303);
        assert_eq!(desk.text(), before, "one step takes both back");
    });
}
