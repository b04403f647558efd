//! A paper's page: tags, what is one paper and what is two, and the way back to the page.

use roundup::draft;
use roundup::model::Scope;

use super::bench::{Desk, encoded};
use super::markup::{texts, values};
use crate::support::block_on;

/// Returns what is said once at the head of a page.
fn said(html: &str) -> String {
    texts(html, "p.saved").concat()
}

#[test]
fn a_tag_is_changed_on_the_page_and_one_is_back_there() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let paper = desk.at(&format!("paper/{id}"));
        for (field, tag, word, sentence, note) in [
            ("add", "country:PER", "tag-added", "The tag is there now, and stays.", "one that the rules do not give"),
            ("undo", "country:PER", "tag-back", "What was said of the tag is taken back", "the rules decide"),
            ("add", "scope:out", "tag-added", "The tag is there now", "the scope is a tag as well"),
        ] {
            let begun = desk.post(&format!("{paper}/tag"), &[(field, tag)]).await;
            assert_eq!(desk.landed(&begun).await, format!("{paper}?said={word}#tags-h"), "{note}");
            let page = desk.get(&format!("{paper}?said={word}")).await.body;
            assert!(said(&page).starts_with(sentence), "{note}: {}", said(&page));
            assert_eq!(values(&page, "#tags-h", "id").len(), 1, "{note}: there is such a place");
        }
        // What a person said of the scope is taken back where it stands.
        let page = desk.get(&paper).await.body;
        let button = values(&page, ".scope button[name=undo]", "value");
        assert_eq!(button, [format!("scope:{}", Scope::Out)]);
        let begun = desk.post(&format!("{paper}/tag"), &[("undo", &button[0])]).await;
        assert_eq!(desk.landed(&begun).await, format!("{paper}?said=tag-back#tags-h"));
        let page = desk.get(&paper).await.body;
        assert_eq!(values(&page, ".scope button[name=undo]", "value"), [""; 0]);
        // What cannot be done has a page of its own that says why.
        let begun = desk.post(&format!("{paper}/tag"), &[("add", "country:Nowhereland")]).await;
        assert!(begun.leads_to().starts_with("/jobs/"), "{}", begun.leads_to());
        let job = desk.job(begun.leads_to()).await;
        assert!(!job["done"]["failed"].is_null(), "{job}");
        assert!(desk.get(begun.leads_to()).await.body.contains("This did not work"));
    });
}

#[test]
fn what_was_said_of_two_papers_is_taken_back_at_the_desk() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let (a, b) = (draft.items[0].id.clone(), draft.items[1].id.clone());
        let same = desk.at(&format!("paper/{a}/same"));
        let back = |html: &str| values(html, "button[name=back]", "value");
        for (answer, words, note) in [
            ("different", vec!["not-same"], "a pair that nobody asked about"),
            ("same", vec!["same-paper", "same-paper-differs"], "two papers become one"),
        ] {
            let begun = desk.post(&same, &[("other", &b), ("answer", answer)]).await;
            let place = desk.landed(&begun).await;
            let is_told = |word: &&str| place == desk.at(&format!("paper/{a}?said={word}#same-h"));
            assert!(words.iter().any(is_told), "{note}: {place}");
            let page = desk.get(&place).await.body;
            assert!(said(&page).starts_with("They are "), "{note}: {}", said(&page));
            let buttons = back(&page);
            assert_eq!(buttons.len(), 1, "{note}: {buttons:?}");
            // Said again, nothing is changed.
            let again = desk.post(&same, &[("other", &b), ("answer", answer)]).await;
            assert_eq!(desk.landed(&again).await, desk.at(&format!("paper/{a}?said=same#same-h")), "{note}");
            let begun = desk.post(&same, &[("back", &buttons[0])]).await;
            let place = desk.landed(&begun).await;
            assert_eq!(place, desk.at(&format!("paper/{a}?said=answer-back#same-h")), "{note}");
            let page = desk.get(&place).await.body;
            assert_eq!((said(&page).as_str(), back(&page).len()), ("The answer is taken back.", 0), "{note}");
            assert!(page.contains("(taken back)"), "{note}: it is told as taken back");
            for number in [buttons[0].as_str(), "0", "-1", "999999"] {
                let begun = desk.post(&same, &[("back", number)]).await;
                let job = desk.job(begun.leads_to()).await;
                let message = job["done"]["failed"]["message"].as_str().unwrap_or_default();
                assert!(message.contains("does not stand any more"), "{note}: {number}: {job}");
            }
        }
        assert_eq!(desk.post(&same, &[("back", "x")]).await.status, 422, "no number");
        // An answer about two papers is not taken back on the page of a third.
        let begun = desk.post(&same, &[("other", &b), ("answer", "different")]).await;
        let number = back(&desk.get(&desk.landed(&begun).await).await.body);
        let third = desk.at(&format!("paper/{}/same", draft.items[2].id));
        let begun = desk.post(&third, &[("back", &number[0])]).await;
        assert!(!desk.job(begun.leads_to()).await["done"]["failed"].is_null());
    });
}

#[test]
fn two_papers_that_became_one_are_told_wherever_one_of_them_is_looked_at() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let (a, b) = (draft.items[0].clone(), draft.items[1].clone());
        let (of_a, of_b) = (desk.at(&format!("paper/{}", a.id)), desk.at(&format!("paper/{}", b.id)));
        let begun = desk.post(&format!("{of_a}/same"), &[("other", &b.id), ("answer", "same")]).await;
        desk.landed(&begun).await;
        for (page, other, note) in [(&of_a, &b, "the one"), (&of_b, &a, "the other")] {
            let html = desk.get(page).await.body;
            assert_eq!(values(&html, ".alert a", "href"), [desk.at(&format!("paper/{}", other.id))], "{note}");
            assert_eq!(texts(&html, ".alert a"), [other.title.as_str()], "{note}");
            assert_eq!(texts(&html, "form.words").len(), 1, "{note}: its words are still there");
        }
        // One of them leaves the file: its page leads to where the words are.
        let mut leads = 0;
        for (gone, stays) in [(&a, &b), (&b, &a)] {
            let mut less = draft.clone();
            less.items.retain(|i| i.id != gone.id);
            desk.write(&draft::write(&less, &[], &[]));
            let page = desk.get(&desk.at(&format!("paper/{}?said=saved", gone.id))).await;
            let other = desk.at(&format!("paper/{}", stays.id));
            if page.status == 303 {
                assert_eq!(page.leads_to(), format!("{other}?said=saved"));
                leads += 1;
            } else {
                assert_eq!(
                    values(&page.body, "p.place a", "href"),
                    [other],
                    "the id that it kept, under the other's name"
                );
                assert_eq!(texts(&page.body, "button.main"), [""; 0], "it cannot be put in a second time");
            }
            assert_eq!(texts(&desk.get(&desk.at(&format!("paper/{}", stays.id))).await.body, ".alert").len(), 0);
        }
        assert_eq!(leads, 1, "one of the two ids is the paper's own");
    });
}

#[test]
fn the_abstract_stands_before_the_words_and_the_scroll_is_for_keys_too() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let html = desk.get(&desk.at(&format!("paper/{id}"))).await.body;
        let order = [
            html.find("class=\"abs\"").unwrap(),
            html.find("id=\"words-h\"").unwrap(),
            html.find("id=\"tags-h\"").unwrap(),
        ];
        assert!(order.is_sorted(), "{order:?}");
        assert_eq!(values(&html, ".abs .text", "tabindex"), ["0"]);
        assert_eq!(values(&html, ".abs .text", "role"), ["region"]);
        assert_eq!(values(&html, ".abs .text", "aria-label"), ["Abstract"]);
    });
}

#[test]
fn another_paper_is_found_by_words_of_its_title_and_nothing_is_said_before_it_is_chosen() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let (a, b) = (draft.items[0].clone(), draft.items[1].clone());
        let paper = desk.at(&format!("paper/{}", a.id));
        let post = format!("{paper}/same");
        let words: String = b.title.split_whitespace().rev().take(4).collect::<Vec<_>>().join(" ");
        let before = desk.everything();
        for (typed, told, is_found, note) in [
            (b.title.as_str(), "", true, "the whole title"),
            (words.as_str(), "", true, "words of it, in another order"),
            ("zeppelins over the moon", "No other paper here has", false, "words that no title has"),
            ("10.5555/not.here", "No other paper here has", false, "a DOI that nobody has"),
            ("99999999", "No other paper here has", false, "a PMID that nobody has"),
            (a.title.as_str(), "No other paper here has", false, "this paper itself"),
            ("", "Write the id", false, "nothing"),
            (" \t ", "Write the id", false, "blanks"),
            ("<b>\" onfocus=x", "No other paper here has", false, "markup stays text"),
            ("title:(\"", "No other paper here has", false, "signs of a search"),
        ] {
            let begun = desk.post(&post, &[("other", typed), ("answer", "different")]).await;
            assert_eq!(begun.status, 303, "{note}: {}", begun.body);
            let place = begun.leads_to();
            assert!(place.starts_with(&format!("{paper}?answer=different&other=")), "{note}: {place}");
            assert!(place.ends_with("#same-h"), "{note}: {place}");
            let page = desk.get(place.trim_end_matches("#same-h")).await;
            assert_eq!(page.status, 200, "{note}");
            let said = texts(&page.body, "#other-h").concat();
            assert!(said.starts_with(told) && !said.is_empty(), "{note}: {said}");
            let kept = typed.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(values(&page.body, "#other", "value"), [kept], "{note}: what was typed stays");
            let found = values(&page.body, "form[data-found] input", "value");
            assert_eq!(found.contains(&b.id), is_found, "{note}: {found:?}");
            assert!(!found.contains(&a.id), "{note}");
            assert_eq!(texts(&page.body, "form[data-found] button").len(), found.len(), "{note}: one answer each");
        }
        let drafts = |files: &std::collections::BTreeMap<String, Vec<u8>>| files["drafts/2026-09.toml"].clone();
        assert_eq!(drafts(&before), drafts(&desk.everything()));
        let html = desk.get(&paper).await.body;
        assert_eq!(texts(&html, "#other-h"), [""; 0], "who asks nothing is told nothing");
        assert_eq!(values(&html, "button[name=back]", "value"), [""; 0], "nothing was said of any two papers");
        // Several: as many choices, each with its title.
        let asked = format!("{paper}?answer=same&other={}", encoded("a"));
        let html = desk.get(&asked).await.body;
        let links = texts(&html, "form[data-found] a");
        assert!((2..=10).contains(&links.len()), "{links:?}");
        // Confirmed, it is said.
        let begun = desk.post(&post, &[("other", &b.id), ("answer", "different")]).await;
        assert_eq!(desk.landed(&begun).await, format!("{paper}?said=not-same#same-h"));
    });
}

#[test]
fn an_item_of_ones_own_has_no_tags_and_says_so() {
    block_on(async {
        let desk = Desk::open().await;
        let mut draft = desk.draft();
        "own-talk".clone_into(&mut draft.items[0].id);
        "zwei Wörter".clone_into(&mut draft.items[1].id);
        desk.write(&draft::write(&draft, &[], &[]));
        let before = desk.text();
        for (name, note) in [("own-talk", "a short word"), ("~7a7765692057c3b672746572", "with a blank and an umlaut")]
        {
            let paper = desk.at(&format!("paper/{name}"));
            let page = desk.get(&paper).await;
            assert_eq!(page.status, 200, "{note}: {}", page.body);
            let forms = values(&page.body, "main form", "action");
            assert!(!forms.iter().any(|f| f.ends_with("/tag") || f.ends_with("/same")), "{note}: {forms:?}");
            for (part, fields) in [
                ("tag", [("add", "country:PER"), ("x", "")]),
                ("tag", [("remove", "country:PER"), ("x", "")]),
                ("same", [("other", "x"), ("answer", "same")]),
                ("same", [("back", "1"), ("x", "")]),
            ] {
                let answer = desk.post(&format!("{paper}/{part}"), &fields).await;
                assert_eq!(answer.leads_to(), format!("{paper}?said=no-paper"), "{note}: {part}: {}", answer.body);
            }
            let page = desk.get(&format!("{paper}?said=no-paper")).await.body;
            assert!(said(&page).starts_with("This is an item of your own, not a paper"), "{note}: {}", said(&page));
        }
        assert_eq!(desk.text(), before);
        let none = desk.post(&desk.at("paper/own-nothing/tag"), &[("add", "country:PER")]).await;
        assert_eq!(none.status, 404, "what stands nowhere is not there");
    });
}
