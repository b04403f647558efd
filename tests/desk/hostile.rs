//! Forms that no page of the desk makes: too long, broken, repeated, about what is not there.

use roundup::model::Month;
use roundup::model::text::is_unwanted;

use super::bench::{Answer, Desk, encoded, form};
use super::markup::foreign;
use crate::support::block_on;

/// The kind of our own forms.
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Asserts that an answer is a page that says no in words.
fn assert_no(answer: &Answer, status: &[u16], what: &str) {
    assert!(status.contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    assert_eq!(answer.all("content-type"), ["text/html; charset=utf-8"], "{what}: {}", answer.body);
    assert_eq!(foreign(&answer.body), [""; 0], "{what}");
    assert!(answer.body.len() < 40_000, "{what}: {} bytes", answer.body.len());
}

#[test]
fn forms_that_are_too_long_are_refused_with_a_page() {
    block_on(async {
        let desk = Desk::open().await;
        let before = desk.text();
        let id = desk.draft().items[0].id.clone();
        let long = "x".repeat(600 * 1024);
        for (page, fields) in [
            (desk.at(""), vec![("keep", id.as_str()), ("x", &long)]),
            (desk.at("letter"), vec![("note", long.as_str())]),
            (desk.at(&format!("paper/{id}")), vec![("title", long.as_str())]),
            (desk.at("add"), vec![("title", long.as_str())]),
            (desk.at("history"), vec![("number", long.as_str())]),
            ("/sources".to_owned(), vec![("source", long.as_str())]),
        ] {
            let answer = desk.post(&page, &fields).await;
            assert_no(&answer, &[413], &page);
            assert!(answer.body.contains("too long"), "{page}");
        }
        // The same in parts, without a length.
        let (host, cookie) = (desk.host(), desk.cookie());
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: {}\r\n",
            desk.at(""),
            FORM.1
        );
        let mut parts = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for _ in 0..200 {
            parts.extend(format!("1000\r\n{}\r\n", "y".repeat(0x1000)).into_bytes());
        }
        parts.extend(b"0\r\n\r\n");
        let in_parts = desk.raw(&parts).await;
        assert_no(&in_parts, &[413], "in parts without a length");
        for broken in ["Content-Length: -1", "Content-Length: 5\r\nContent-Length: 6", "Transfer-Encoding: x"] {
            let answer = desk.raw(format!("{head}{broken}\r\n\r\nkeep=x").as_bytes()).await;
            assert!(matches!(answer.status, 0 | 400 | 411 | 501), "{broken}: {}", answer.status);
        }
        assert_eq!(desk.text(), before);
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
    });
}

#[test]
fn forms_in_another_form_are_refused_with_a_page() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let (before, sum) = (desk.text(), desk.sum());
        let right = form(&[("drop", &id), ("seen", &sum)]);
        let json = serde_json::json!({ "drop": id, "seen": sum }).to_string();
        let parts = format!("--b\r\nContent-Disposition: form-data; name=\"drop\"\r\n\r\n{id}\r\n--b--\r\n");
        for (kind, body) in [
            ("text/plain", right.as_str()),
            ("application/json", &json),
            ("multipart/form-data; boundary=b", &parts),
            ("", &right),
            ("x", &right),
        ] {
            let answer = desk.ask("POST", &desk.at(""), &[("Content-Type", kind)], body).await;
            assert_no(&answer, &[400, 415, 422], kind);
        }
        assert_no(&desk.ask("POST", &desk.at(""), &[], &right).await, &[400, 415, 422], "no kind");
        for body in [
            "",
            "%",
            "%zz=1",
            "keep=%zz",
            "=",
            "&&&&",
            "keep",
            "%ff=%fe",
            "keep=%c3%28",
            "keep=%00",
            "\0",
            ";",
            "a=b=c",
        ] {
            let answer = desk.ask("POST", &desk.at(""), &[FORM], body).await;
            assert_no(&answer, &[400, 422], body);
        }
        for query in [
            "?%",
            "?%zz",
            "?q=%ff",
            "?=",
            "?&&",
            "?words=%00",
            "?page=-1",
            "?page=99999999999999999999",
            "?q=x&page=500",
        ] {
            for page in [desk.at(""), "/search".to_owned(), "/sources".to_owned()] {
                let answer = desk.get(&format!("{page}{query}")).await;
                assert!(matches!(answer.status, 200 | 400), "{page}{query}: {} {}", answer.status, answer.body);
                assert_eq!(foreign(&answer.body), [""; 0], "{page}{query}");
            }
        }
        assert_eq!(desk.text(), before);
    });
}

#[test]
fn what_is_not_there_is_said_and_nothing_is_changed() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let (first, second) = (draft.items[0].id.clone(), draft.items[1].id.clone());
        let (before, sum) = (desk.text(), desk.sum());
        let other_sum = "0".repeat(64);
        for (fields, note) in [
            (vec![("seen", sum.as_str()), ("keep", "wnobody")], "an id that nobody has"),
            (vec![("seen", &sum), ("keep", " ")], "a space"),
            (vec![("seen", &sum), ("drop", "a b")], "a space inside"),
            (vec![("seen", &sum), ("drop", "a\"b'c")], "quotation marks"),
            (vec![("seen", &sum), ("drop", "a\nb")], "a line end"),
            (vec![("seen", &sum), ("drop", "a\"\n[[item]]\nid = \"x")], "a block"),
            (vec![("seen", &sum), ("move", &first), ("to", "nowhere")], "a section that there is not"),
            (vec![("seen", &sum), ("move", &first), ("to", "")], "no section"),
            (vec![("seen", &sum), ("move", &first), ("to", "more\"\nkeep = true\n#")], "a section that is a line"),
            (vec![("seen", &sum), ("bulk", "to:nowhere"), ("sel", &first)], "all to nowhere"),
            (
                vec![("seen", &sum), ("bulk", "drop"), ("sel", &first), ("sel", "wnobody"), ("sel", &second)],
                "one of three",
            ),
            (vec![("seen", &sum), ("bulk", "explode"), ("sel", &first)], "a word that is none"),
            (vec![("seen", &sum), ("answer", "in nothing")], "a question that there is not"),
            (vec![("seen", &sum), ("answer", "in")], "an answer to nothing"),
            (vec![("seen", ""), ("drop", &first)], "no page"),
            (vec![("drop", &first)], "no page at all"),
            (vec![("seen", &other_sum), ("drop", &first)], "a page that nobody knows"),
            (vec![("seen", "x"), ("drop", &first)], "no sum"),
            (vec![("seen", "' or 1=1 --"), ("drop", &first)], "no sum, but a question"),
            (vec![("seen", &other_sum), ("seen", &sum), ("drop", &first)], "the first of two counts"),
        ] {
            let answer = desk.post(&desk.at(""), &fields).await;
            assert_no(&answer, &[404, 422], note);
            assert_eq!(desk.text(), before, "{note}: changed");
        }
        for (page, fields) in [
            ("undo", vec![]),
            ("history", vec![("number", "x")]),
            ("paper/wnobody/tag", vec![("add", "country:KE")]),
            (&*format!("paper/{first}/tag"), vec![]),
            (&*format!("paper/{first}/tag"), vec![("add", "country")]),
            (&*format!("paper/{first}/same"), vec![("answer", "perhaps"), ("other", "x")]),
            (&*format!("paper/{first}/add"), vec![("seen", sum.as_str())]),
            ("add", vec![("kind", "own"), ("title", " ")]),
            ("add", vec![("kind", "own"), ("title", "x"), ("section", "nowhere"), ("seen", &sum)]),
            ("add", vec![("asked", " ")]),
        ] {
            let answer = desk.post(&desk.at(page), &fields).await;
            assert_no(&answer, &[404, 422], &format!("{page} {fields:?}"));
            assert_eq!(desk.text(), before, "{page}: changed");
        }
    });
}

#[test]
fn a_page_of_another_month_changes_no_words_that_differ() {
    block_on(async {
        let desk = Desk::open().await;
        let mut other = desk.draft();
        other.month = Month::parse("2026-10").unwrap();
        other.items[0].title = "Another title".to_owned();
        let other = roundup::draft::write(&other, &[], &[]);
        std::fs::write(desk.bench.path().join("drafts/2026-10.toml"), &other).unwrap();
        assert_eq!(desk.get("/m/2026-10/").await.status, 200);
        let id = desk.draft().items[0].id.clone();
        let (sum, before) = (roundup::model::sha256_hex(other.as_bytes()), desk.text());
        let answer = desk.post(&desk.at(&format!("paper/{id}")), &[("seen", &sum), ("title", "Mine")]).await;
        assert_no(&answer, &[409, 422], "words that the person never saw here");
        assert_eq!(desk.text(), before);
    });
}

#[test]
fn many_fields_and_long_texts_are_answered_in_time() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let id = draft.items[0].id.clone();
        let (before, sum) = (desk.text(), desk.sum());
        let names: Vec<String> = (0..10_000).map(|n| format!("f{n}")).collect();
        let mut fields: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "x")).collect();
        fields.push(("seen", &sum));
        assert_no(&desk.post(&desk.at(""), &fields).await, &[422], "10,000 fields of no meaning");
        let began = std::time::Instant::now();
        let mut unknown: Vec<(&str, &str)> = names.iter().map(|n| ("sel", n.as_str())).collect();
        unknown.extend([("seen", sum.as_str()), ("bulk", "drop"), ("sel", &id)]);
        assert_no(&desk.post(&desk.at(""), &unknown).await, &[422], "10,000 papers that nobody knows");
        assert_eq!(desk.text(), before);
        let mut same = vec![("sel", id.as_str()); 10_000];
        same.extend([("seen", sum.as_str()), ("bulk", "maybe")]);
        assert_eq!(desk.post(&desk.at(""), &same).await.status, 303, "one paper, ten thousand times");
        assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());

        let sum = desk.sum();
        let long = "Long words. ".repeat(8_500);
        for (page, name) in [("letter", "note"), ("letter", "subject"), (&*format!("paper/{id}"), "summary")] {
            let saved = desk.post(&desk.at(page), &[("seen", sum.as_str()), (name, &long)]).await;
            assert_eq!(saved.status, 303, "{name}: {}", saved.body);
        }
        let draft = desk.draft();
        assert_eq!((draft.note.trim(), draft.subject.trim()), (long.trim(), long.trim()));
        for page in ["", "letter", "preview", "check"] {
            assert_eq!(desk.get(&desk.at(page)).await.status, 200, "{page}");
        }
        let beyond = [("seen", &*desk.sum()), ("event-99-title", "x"), ("event-18446744073709551616-title", "y")]
            .map(|(a, b)| (a, b.to_owned()));
        let beyond: Vec<(&str, &str)> = beyond.iter().map(|(a, b)| (*a, b.as_str())).collect();
        assert_eq!(desk.post(&desk.at("letter"), &beyond).await.status, 303);
        assert_eq!(desk.draft().events, draft.events, "dates beyond the last are nobody's");
    });
}

#[test]
fn of_two_same_fields_the_first_counts() {
    block_on(async {
        let desk = Desk::open().await;
        let sum = desk.sum();
        let fields = [("seen", sum.as_str()), ("subject", "the first"), ("subject", "the second")];
        assert_eq!(desk.post(&desk.at("letter"), &fields).await.status, 303);
        assert_eq!(desk.draft().subject, "the first");
    });
}

#[test]
fn signs_that_nobody_sees_do_not_reach_readers() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let typed = "Mothers\u{202e} and\u{0} babies\u{7}\u{200f} in\u{2066} Kenya\u{1b}[31m\u{feff}!";
        let plain = "Mothers and babies in Kenya[31m!";
        let sum = desk.sum();
        let paper = [("seen", sum.as_str()), ("title", typed), ("summary", typed), ("why", typed), ("reason", typed)];
        let saved = desk.post(&desk.at(&format!("paper/{id}")), &paper).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let sum = desk.sum();
        let letter = [("seen", sum.as_str()), ("subject", typed), ("note", typed), ("request", typed)];
        let saved = desk.post(&desk.at("letter"), &letter).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let sum = desk.sum();
        let own = [("seen", sum.as_str()), ("kind", "own"), ("title", typed), ("summary", typed), ("section", "more")];
        assert_eq!(desk.post(&desk.at("add"), &own).await.status, 303);
        let draft = desk.draft();
        let item = draft.items.iter().find(|i| i.id == id).unwrap();
        let own = draft.items.iter().find(|i| i.id.starts_with("own-")).unwrap();
        for text in
            [&item.title, &item.summary, &item.why, &item.reason, &draft.subject, &draft.note, &own.title, &own.summary]
        {
            assert_eq!(text, plain);
        }
        // Whoever writes them into the file in an editor does not reach readers with them either.
        desk.write(&desk.text().replace(plain, "Mothers\\u202e and babies\\u0007 in\\u2066 Kenya!"));
        for part in ["preview/email", "preview/page", "preview"] {
            let shown = desk.get(&desk.at(part)).await;
            assert_eq!(shown.status, 200);
            assert!(shown.body.contains("babies"), "{part}");
            let unseen: Vec<char> = shown.body.chars().filter(|c| is_unwanted(*c) && *c != '\r').collect();
            assert!(unseen.is_empty(), "{part}: {unseen:?}");
            let bidi = ["&#x202e", "&#8238", "&#x2066", "&#8294"].iter().any(|r| shown.body.to_lowercase().contains(r));
            assert!(!bidi, "{part}");
        }
        assert!(encoded(typed).contains("%00"), "the form did send them");
    });
}
