//! Two browsers at one desk: each takes back what it did itself, and is told what it did.

use std::time::Duration;

use roundup::store::DraftLock;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

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
        let until = std::time::Instant::now() + Duration::from_secs(20);
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

/// Sends a form as a browser that has a hand and leaves while the draft is held by somebody else.
async fn post_and_leave(desk: &Desk, hand: &str, page: &str, pairs: &[(&str, &str)]) {
    let lock = DraftLock::take(&desk.bench.path().join("data"), Duration::from_secs(5)).unwrap();
    let (host, body) = (desk.host(), form(pairs));
    let cookies = format!("{}; roundup-hand-{}={hand}", desk.cookie(), desk.address.port());
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        desk.at(page),
        body.len()
    );
    let mut stream = TcpStream::connect(desk.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    // Nothing tells from outside that the change waits for the lock, nor that the server saw the browser leave.
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(lock);
}

#[test]
fn what_is_written_can_be_taken_back_also_when_nobody_waits_for_the_answer() {
    block_on(async {
        let desk = Desk::open().await;
        let (before, sum, id) = (desk.text(), desk.sum(), desk.draft().items[0].id.clone());
        let own = [("seen", sum.as_str()), ("kind", "own"), ("title", "Our own webinar"), ("section", "more")];
        for (page, fields, what, note) in [
            ("add", own.to_vec(), "added “Our own webinar”", "an item of one's own"),
            ("", vec![("seen", sum.as_str()), ("drop", &id)], "dropped “", "a button of the board"),
            ("letter", vec![("seen", sum.as_str()), ("note", "Hello.")], "the words of the letter", "words"),
        ] {
            post_and_leave(&desk, "ama", page, &fields).await;
            // The room answers in turn: this page comes behind the change.
            let board = look(&desk, "ama", &desk.at("")).await;
            assert_ne!(desk.text(), before, "{note}");
            assert!(offered(&board).contains(what), "{note}: {}", offered(&board));
            assert_eq!(post(&desk, "ama", "undo", &[]).await.status, 303, "{note}");
            assert_eq!(desk.text(), before, "{note}");
        }
    });
}

#[test]
fn what_undo_takes_back_is_the_drafts_and_a_tag_says_where_it_is_taken_back() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let (id, sum) = (draft.items[0].id.clone(), desk.sum());
        assert_eq!(post(&desk, "ama", "", &[("seen", &sum), ("drop", &draft.items[1].id)]).await.status, 303);
        let offer = offered(&look(&desk, "ama", &desk.at("")).await);
        assert!(offer.starts_with("dropped “"), "{offer}");
        let other = draft.items[2].id.as_str();
        for (part, fields, button, note) in [
            ("tag", vec![("add", "country:PER")], "Let the rules decide", "a tag that was added"),
            ("tag", vec![("remove", "country:PER")], "Give it back", "a tag that was taken away"),
            ("same", vec![("other", other), ("answer", "different")], "Take it back", "two papers"),
            ("same", vec![("other", other), ("answer", "same")], "Take it back", "one paper"),
        ] {
            let begun = post(&desk, "ama", &format!("paper/{id}/{part}"), &fields).await;
            let page = look(&desk, "ama", &desk.landed(&begun).await).await;
            let said = texts(&page.body, "p.saved").concat();
            assert!(said.contains(&format!("“{button}”")) && said.ends_with("Undo does not."), "{note}: {said}");
            let buttons = texts(&page.body, "main button");
            assert!(buttons.iter().any(|b| b == button), "{note}: there is such a button: {buttons:?}");
            assert_eq!(offered(&page), offer, "{note}: the button names what it would take back");
        }
    });
}
