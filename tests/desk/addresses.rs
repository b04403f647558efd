//! Ids that people write by hand: whatever is in them, every link and every form of their papers works.

use roundup::model::Choice;

use super::bench::{Desk, form};
use super::markup::{texts, values};
use crate::support::block_on;

/// Ids as people write them, and why they are difficult.
const IDS: [(&str, &str); 8] = [
    ("webinar/2026", "a slash parts addresses"),
    ("what now?", "a question mark ends a path, a space ends a name"),
    ("#7", "what follows is a place in the page"),
    ("100%", "no encoding at all"),
    ("a%2Fb", "looks encoded already"),
    ("..", "the folder above"),
    ("Müttergesundheit im März", "umlauts"),
    ("~7e", "looks like one that was written for an address"),
];

#[test]
fn whatever_the_id_its_links_and_forms_work() {
    block_on(async {
        let desk = Desk::open().await;
        let section = desk.draft().items[0].section.clone();
        let block = |n: usize, id: &str| {
            format!(
                "\n[[item]]\nid = \"{id}\"\nsection = \"{section}\"\ntitle = \"Title {n}\"\nsummary = \"\"\nlink = \"\"\n"
            )
        };
        let blocks: String = IDS.iter().enumerate().map(|(n, (id, _))| block(n, id)).collect();
        desk.write(&format!("{}{blocks}", desk.text()));
        assert_eq!(desk.draft().items.iter().filter(|i| i.title.starts_with("Title ")).count(), IDS.len());
        let board = desk.get(&desk.at("")).await.body;
        let (links, titles) = (values(&board, "article h3 a", "href"), texts(&board, "article h3 a"));
        let names: Vec<String> = values(&board, "[id]", "id");
        assert!(names.iter().all(|n| !n.contains([' ', '/', '%', '#'])), "{names:?}");
        for list in values(&board, "[aria-labelledby]", "aria-labelledby") {
            assert!(list.split(' ').all(|name| names.iter().any(|n| n == name)), "{list}");
        }
        let check = desk.get(&desk.at("check")).await.body;
        let from_check = values(&check, "a", "href");
        for (n, (id, note)) in IDS.iter().enumerate() {
            let at = titles.iter().position(|t| *t == format!("Title {n}")).unwrap_or_else(|| panic!("{note}"));
            let link = &links[at];
            let page = desk.get(link).await;
            assert_eq!(page.status, 200, "{note}: {link}");
            assert_eq!(texts(&page.body, "textarea#title"), [format!("Title {n}")], "{note}: {link}");
            assert!(from_check.contains(link), "{note}: the check leads there, since it has no link: {from_check:?}");
            let sum = desk.sum();
            let words = desk.post(link, &[("seen", &sum), ("title", &format!("Title {n}")), ("why", note)]).await;
            assert_eq!((words.status, words.leads_to()), (303, &*format!("{link}?said=saved")), "{note}");
            assert_eq!(desk.get(words.leads_to()).await.status, 200, "{note}: the way back");
            let sum = desk.sum();
            let maybe = [("seen", sum.as_str()), ("on-paper", id), ("maybe", id)];
            let moved = desk.post(&desk.at(""), &maybe).await;
            assert_eq!(moved.leads_to(), format!("{link}?said=saved"), "{note}: {}", form(&maybe));
            let draft = desk.draft();
            let entry = draft.candidates.iter().find(|c| c.id == *id).unwrap_or_else(|| panic!("{note}"));
            assert_eq!((entry.why.as_str(), entry.choice), (*note, Some(Choice::Maybe)), "{note}");
        }
    });
}
