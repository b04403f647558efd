//! Every vector typed into every form and address of the desk.

use roundup::draft;
use roundup::model::Event;
use roundup::model::text::is_unwanted;

use super::bench::{Answer, Desk, encoded};
use super::markup::{foreign, seen, texts, values};
use super::parts;
use super::vectors::vectors;
use crate::support::block_on;

/// Id of the item of one's own in the short draft.
const OWN: &str = "own-talk";

/// Returns a desk over a short draft, so that its pages are quick: an item of one's own, a paper, a candidate, a
/// question, a date.
async fn short() -> Desk {
    let desk = Desk::open().await;
    let mut short = desk.draft();
    short.items.truncate(2);
    OWN.clone_into(&mut short.items[0].id);
    short.candidates.truncate(1);
    short.decisions.truncate(1);
    short.events = vec![Event { date: "3 November".to_owned(), title: "A call".to_owned(), ..Event::default() }];
    desk.write(&draft::write(&short, &[], &[]));
    desk
}

/// Asserts that an answer is a page with nothing in it that is not ours, and returns the page.
fn clean(answer: &Answer, status: &[u16], what: &str) -> String {
    assert!(status.contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    assert_eq!(foreign(&answer.body), [""; 0], "{what}");
    answer.body.clone()
}

/// Asserts that a form was saved and leads to a page of ours.
fn saved(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 303, "{what}: {}", answer.body);
    let place = answer.leads_to();
    assert!(place.starts_with("/m/2026-09/") && place.is_ascii(), "{what}: {place}");
    assert_eq!(answer.all("set-cookie"), [""; 0], "{what}");
}

/// Returns the first text that a selector finds.
fn one(html: &str, css: &str) -> String {
    texts(html, css).into_iter().next().unwrap_or_default()
}

#[test]
fn what_people_type_is_text_on_every_page() {
    block_on(async {
        let desk = short().await;
        let id = desk.draft().items[0].id.clone();
        assert_eq!(id, OWN);
        for (n, vector) in vectors().iter().step_by(2).enumerate() {
            let what = format!("{vector:.200}");
            let paper = desk.at(&format!("paper/{id}"));
            let stale = desk.sum();
            saved(&of_paper(&desk, &paper, &stale, vector).await, &what);
            saved(&of_letter(&desk, vector).await, &what);
            let file = desk.draft();
            assert!(!desk.text().contains(is_unwanted), "{what}: signs that nobody sees are in the file");
            let item = file.items.iter().find(|i| i.id == id).unwrap();
            assert_eq!(file.events.len(), 2, "{what}: the date and one new one");
            // As a text it is in the file, and nothing else of it is.
            assert_eq!(item.title, item.summary, "{what}");
            let board = clean(&desk.get(&desk.at("")).await, &[200], &what);
            let shown = one(&board, &format!("article[data-id='{id}'] h3"));
            assert_eq!(shown, seen(&item.title), "{what}");
            let page = clean(&desk.get(&paper).await, &[200], &what);
            for (field, in_file) in [("title", &item.title), ("summary", &item.summary), ("why", &item.why)] {
                assert_eq!(one(&page, &format!("textarea#{field}")), seen(in_file), "{what}: {field}");
            }
            let letter = clean(&desk.get(&desk.at("letter")).await, &[200], &what);
            assert_eq!(values(&letter, "input#subject", "value"), [file.subject.as_str()], "{what}");
            assert_eq!(one(&letter, "textarea#note"), seen(&file.note), "{what}");
            if n % 12 == 0 {
                clean(&desk.get(&desk.at("?part=lists")).await, &[200], &what);
                clean(&desk.get(&desk.at("preview")).await, &[200], &what);
                clean(&desk.get(&desk.at("check")).await, &[200], &what);
            }
            clashes(&desk, &paper, &stale, vector).await;
            take_the_new_date_out(&desk).await;
        }
        let history = clean(&desk.get(&desk.at("history")).await, &[200], "history");
        for path in values(&history, "ol.versions a", "href").iter().step_by(40) {
            clean(&desk.get(path).await, &[200], path);
        }
        parts::assert_parts(&desk).await;
    });
}

/// Types a vector into every field of a paper.
async fn of_paper(desk: &Desk, paper: &str, sum: &str, vector: &str) -> Answer {
    let mut fields = vec![("seen", sum)];
    fields.extend(["title", "summary", "why", "link", "reason"].map(|name| (name, vector)));
    fields.push((vector, vector));
    desk.post(paper, &fields).await
}

/// Types a vector into every field of the letter.
async fn of_letter(desk: &Desk, vector: &str) -> Answer {
    let sum = desk.sum();
    let mut fields = vec![("seen", sum.as_str())];
    let names = ["subject", "preheader", "note", "request", "event-0-date", "event-0-title", "event-0-link"];
    fields.extend(names.map(|name| (name, vector)));
    fields.extend(["event-new-date", "event-new-title", "event-new-link"].map(|name| (name, vector)));
    desk.post(&desk.at("letter"), &fields).await
}

/// Takes the second date out again.
async fn take_the_new_date_out(desk: &Desk) {
    let sum = desk.sum();
    let fields = [("seen", sum.as_str()), ("event-1-title", ""), ("event-1-remove", "yes")];
    saved(&desk.post(&desk.at("letter"), &fields).await, "a date is taken out");
    assert_eq!(desk.draft().events.len(), 1);
}

/// Asserts that a conflict about a vector shows both versions as text, with all that the form said.
async fn clashes(desk: &Desk, paper: &str, stale: &str, vector: &str) {
    let before = desk.text();
    let mine = format!("mine {vector} end");
    let fields = [("seen", stale), ("title", &mine), (vector, vector), ("on-paper", vector)];
    let answer = desk.post(paper, &fields).await;
    let page = clean(&answer, &[409], vector);
    assert_eq!(desk.text(), before, "a conflict writes nothing");
    let wanted = one(&page, "div.mine dd");
    assert!(wanted.starts_with("mine") && wanted.ends_with("end"), "{wanted}");
    assert_eq!(values(&page, "main form", "action"), [paper.to_owned()], "{vector}");
    let names = values(&page, "main form input", "name");
    assert_eq!(names.len(), 4, "{vector}: the sum and three fields, not {names:?}");
}

#[test]
fn addresses_and_buttons_that_say_a_vector_show_it_as_text_or_not_at_all() {
    block_on(async {
        let desk = short().await;
        let draft = desk.draft();
        let (id, question) = (draft.items[0].id.clone(), draft.decisions.first().map(|d| d.id.clone()));
        let (sum, before) = (desk.sum(), desk.text());
        for vector in vectors().into_iter().skip(1).step_by(2) {
            let what = format!("{vector:.200}");
            let q = encoded(&vector);
            let looked =
                desk.at(&format!("?words={q}&group={q}&country={q}&design={q}&source={q}&score={q}&said={q}&{q}={q}"));
            let page = clean(&desk.get(&looked).await, &[200], &what);
            assert_eq!(one(&page, "p.saved"), "", "{what}: only what the desk itself says");
            clean(&desk.get(&format!("/sources?said={q}&{q}")).await, &[200], &what);
            let page = clean(&desk.get(&desk.at(&format!("history?said=put-back&kept={q}"))).await, &[200], &what);
            assert_eq!(one(&page, "p.saved"), "Put back. What stood there before is kept, too.", "{what}");
            let path = q.replace('+', "%20");
            clean(&desk.get(&desk.at(&format!("paper/{path}"))).await, &[400, 404], &what);
            clean(&desk.get(&format!("/m/{path}/")).await, &[400, 404], &what);
            clean(&desk.get(&desk.at(&format!("preview/{path}"))).await, &[400, 404], &what);
            for pairs in [
                vec![("keep", vector.as_str())],
                vec![("pick-nothing", vector.as_str())],
                vec![("move", id.as_str()), ("to", vector.as_str())],
                vec![("move", vector.as_str()), ("to", "more")],
                vec![("bulk", vector.as_str()), ("sel", id.as_str())],
                vec![("bulk", "keep"), ("sel", vector.as_str())],
                vec![("answer-words", vector.as_str()), ("question", vector.as_str())],
                vec![(vector.as_str(), vector.as_str())],
            ] {
                let pairs: Vec<(&str, &str)> = std::iter::once(("seen", sum.as_str())).chain(pairs).collect();
                clean(&desk.post(&desk.at(""), &pairs).await, &[422], &format!("{what}: {pairs:?}"));
            }
            for page in ["same", "tag", "add"] {
                let at = desk.at(&format!("paper/{path}/{page}"));
                let pairs = [("other", vector.as_str()), ("answer", &vector), ("add", &vector), ("section", &vector)];
                clean(&desk.post(&at, &pairs).await, &[400, 404, 422], &what);
                let own = desk.at(&format!("paper/{}/{page}", draft.items[1].id));
                clean(&desk.post(&own, &[("back", vector.as_str())]).await, &[422], &what);
            }
            assert_eq!(desk.text(), before, "{what}");
        }
        assert!(question.is_some(), "there is a question to answer");
    });
}

#[test]
fn answers_and_first_places_that_are_a_vector_stay_texts_of_the_file() {
    block_on(async {
        let desk = short().await;
        let question = desk.draft().decisions[0].id.clone();
        for vector in vectors() {
            let what = format!("{vector:.200}");
            let sum = desk.sum();
            let answer = [("seen", sum.as_str()), ("question", &question), ("answer-words", &vector)];
            let made = desk.post(&desk.at(""), &answer).await;
            assert!(matches!(made.status, 303 | 422), "{what}: {}", made.body);
            let sum = desk.sum();
            let made = desk.post(&desk.at(""), &[("seen", sum.as_str()), ("pick", &vector)]).await;
            assert!(matches!(made.status, 303 | 422), "{what}: {}", made.body);
            let board = clean(&desk.get(&desk.at("")).await, &[200], &what);
            let draft = desk.draft();
            assert_eq!((draft.items.len(), draft.candidates.len(), draft.decisions.len()), (2, 1, 1), "{what}");
            if !draft.decisions[0].answer.is_empty() {
                assert_eq!(one(&board, "p.said b"), seen(&draft.decisions[0].answer), "{what}");
            }
            clean(&desk.get(&desk.at("letter")).await, &[200], &what);
        }
    });
}

#[test]
fn jobs_that_name_a_vector_name_it_as_text() {
    block_on(async {
        let desk = short().await;
        for (n, vector) in vectors().iter().enumerate() {
            // Nothing is asked for outside this computer.
            if vector.contains("//") || n % 20 > 0 {
                continue;
            }
            let what = format!("{vector:.200}");
            let sum = desk.sum();
            let own = [
                ("kind", "own"),
                ("title", vector.as_str()),
                ("summary", vector),
                ("url", vector),
                ("section", "more"),
                ("seen", &sum),
            ];
            saved(&desk.post(&desk.at("add"), &own).await, &what);
            let by_hand = [
                ("kind", "paper"),
                ("title", vector.as_str()),
                ("authors", vector),
                ("journal", vector),
                ("abstract", vector),
            ];
            for (page, pairs) in [
                ("/sources".to_owned(), vec![("source", vector.as_str())]),
                (desk.at("add"), vec![("asked", vector.as_str())]),
                (desk.at("add"), by_hand.to_vec()),
            ] {
                let begun = desk.post(&page, &pairs).await;
                assert!(begun.leads_to().starts_with("/jobs/"), "{what}: {} {}", begun.status, begun.body);
                desk.job(begun.leads_to()).await;
                clean(&desk.get(begun.leads_to()).await, &[200], &what);
            }
        }
        clean(&desk.get(&desk.at("")).await, &[200], "the board");
        clean(&desk.get("/search?q=zz7").await, &[200], "the search");
        assert!(desk.draft().items.len() >= 8, "{}", desk.draft().items.len());
    });
}
