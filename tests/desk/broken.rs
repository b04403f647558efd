//! A draft file that is no text: said in words, put aside as it is, never waited for; and files as Windows writes them.

use std::fs;

use super::bench::{Desk, MONTH};
use super::markup::{foreign, texts, values};
use crate::support::block_on;

/// What lies in the place of the draft file.
enum Lies {
    Bytes(Vec<u8>),
    Folder,
    #[cfg(unix)]
    Pipe,
    #[cfg(unix)]
    Link(&'static str),
}

/// Puts something in the place of the draft file.
fn put(desk: &Desk, lies: &Lies) {
    let path = desk.draft_path();
    fs::remove_file(&path).unwrap();
    match lies {
        Lies::Bytes(bytes) => fs::write(path, bytes).unwrap(),
        Lies::Folder => fs::create_dir_all(path.join("x")).unwrap(),
        #[cfg(unix)]
        Lies::Pipe => assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()),
        #[cfg(unix)]
        Lies::Link(to) => std::os::unix::fs::symlink(to, path).unwrap(),
    }
}

/// Returns a draft as a text editor saves it that knows no UTF-8.
fn in_latin_1(text: &str) -> Vec<u8> {
    let mut bytes = text.replacen("subject = \"", "subject = \"Caf\u{1}", 1).into_bytes();
    bytes.iter_mut().filter(|b| **b == 1).for_each(|b| *b = 0xe9);
    bytes
}

/// All pages of a month.
const PAGES: [&str; 8] = ["", "letter", "add", "preview", "check", "render", "history", "state"];

#[test]
fn what_is_no_text_is_said_with_its_place_and_an_earlier_version_can_be_put_back() {
    block_on(async {
        let long = 1 + usize::try_from(roundup::pipeline::draft_file::BYTES_MAX).unwrap();
        let first = Desk::open().await;
        let latin = in_latin_1(&first.text());
        let line = 1 + first.text().lines().position(|l| l.starts_with("subject")).unwrap();
        for (lies, told, note) in [
            (Lies::Bytes(latin), format!(".toml:{line}: a sign here is not UTF-8"), "one sign of Latin-1"),
            (Lies::Bytes(b"\xff\xfem\0o\0".to_vec()), ".toml:1: a sign here is not UTF-8".into(), "UTF-16"),
            (Lies::Bytes(vec![b'#'; long]), "the file has 4.1 MB; a draft has at most 4,".into(), "too long by a byte"),
            (Lies::Bytes([b"note = \"".to_vec(), vec![b'a'; 10 * long]].concat()), "has 40.1 MB".into(), "a line"),
            (Lies::Folder, ".toml: this is a folder, not a file".into(), "a folder"),
            #[cfg(unix)]
            (Lies::Pipe, ".toml: this is a pipe or a device".into(), "a pipe, which must not be waited for"),
            #[cfg(unix)]
            (Lies::Link("2026-09.toml"), ".toml: this is a link that leads nowhere".into(), "a link to itself"),
            #[cfg(unix)]
            (Lies::Link("../data"), ".toml: this is a folder, not a file".into(), "a link to a folder"),
        ] {
            let desk = Desk::open().await;
            let (sum, id, whole) = (desk.sum(), desk.draft().items[0].id.clone(), desk.text());
            desk.get(&desk.at("")).await;
            put(&desk, &lies);
            for page in PAGES {
                let answer = desk.get(&desk.at(page)).await;
                assert!(matches!(answer.status, 200 | 303), "{note}: {page}: {} {}", answer.status, answer.body);
                assert_eq!(foreign(&answer.body), [""; 0], "{note}: {page}");
            }
            let board = texts(&desk.get(&desk.at("")).await.body, "pre").concat();
            assert!(board.contains(&told) && board.contains("help: "), "{note}: {board}");
            assert!(board.contains("earlier version back, under History"), "{note}: {board}");
            assert!(!board.contains("`roundup"), "{note}: nobody here knows commands: {board}");
            for (page, fields) in [
                ("", vec![("seen", sum.as_str()), ("keep", &id)]),
                ("letter", vec![("seen", &sum), ("note", "x")]),
                (&*format!("paper/{id}"), vec![("seen", &sum), ("title", "x")]),
                ("undo", vec![]),
            ] {
                let answer = desk.post(&desk.at(page), &fields).await;
                assert_eq!(answer.status, 422, "{note}: {page}: {}", answer.body);
            }
            let job = desk.job(desk.post(&desk.at("draft"), &[]).await.leads_to()).await;
            assert!(job["done"]["failed"]["message"].as_str().unwrap().contains(&told), "{note}: {job}");
            assert!(!job["done"]["failed"].to_string().contains("`roundup"), "{note}: {job}");
            let history = desk.get(&desk.at("history")).await;
            let numbers = values(&history.body, "ol.versions button", "value");
            let job = desk.job(desk.post(&desk.at("history"), &[("number", &numbers[0])]).await.leads_to()).await;
            let done = &job["done"];
            assert!(done["failed"].is_null(), "{note}: {job}");
            assert_eq!(desk.text(), whole, "{note}");
            assert!(!desk.draft_path().is_symlink(), "{note}");
            let aside = desk.bench.path().join(format!("drafts/{MONTH}-broken.toml"));
            match &lies {
                Lies::Bytes(bytes) => assert!(fs::read(&aside).unwrap() == *bytes, "{note}: it is kept byte for byte"),
                Lies::Folder => assert!(aside.join("x").is_dir(), "{note}: with all that is in it"),
                #[cfg(unix)]
                Lies::Pipe => assert!(!aside.is_file() && aside.exists(), "{note}"),
                #[cfg(unix)]
                Lies::Link(to) => assert_eq!(fs::read_link(&aside).unwrap().to_str(), Some(*to), "{note}"),
            }
            assert!(done["lines"][0].as_str().unwrap().contains("-broken.toml"), "{note}: {job}");
            assert_eq!(desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await.status, 303, "{note}");
        }
    });
}

#[test]
fn the_mark_and_the_line_ends_of_windows_stay() {
    block_on(async {
        for (dress, note) in [
            (&(|t: &str| format!("\u{feff}{t}")) as &dyn Fn(&str) -> String, "a byte order mark, as Notepad writes it"),
            (&|t: &str| format!("\u{feff}{}", t.replace('\n', "\r\n")), "with the line ends of Windows"),
            (&|t: &str| t.replace('\n', "\r\n"), "the line ends alone"),
        ] {
            let desk = Desk::open().await;
            let text = dress(&desk.text());
            let id = desk.draft().items[0].id.clone();
            desk.write(&text);
            for (page, fields) in [
                ("letter", vec![("note", "one\r\n\r\ntwo, a paragraph of its own")]),
                (&*format!("paper/{id}"), vec![("why", "It matters.")]),
                ("", vec![("drop", id.as_str())]),
                ("add", vec![("kind", "own"), ("title", "Our own item"), ("section", "more")]),
            ] {
                let before = desk.text();
                let sum = desk.sum();
                let fields: Vec<_> = std::iter::once(("seen", sum.as_str())).chain(fields).collect();
                assert_eq!(desk.post(&desk.at(page), &fields).await.status, 303, "{note}: {page}");
                let now = desk.text();
                assert_ne!(now, before, "{note}: {page}");
                assert_eq!(now.starts_with('\u{feff}'), text.starts_with('\u{feff}'), "{note}: {page}");
                let (all, windows) = (now.matches('\n').count(), now.matches("\r\n").count());
                assert_eq!(windows, if text.contains("\r\n") { all } else { 0 }, "{note}: {page}");
            }
            for step in 0..4 {
                assert_eq!(desk.post(&desk.at("undo"), &[]).await.status, 303, "{note}: {step}");
            }
            assert!(desk.text() == text, "{note}: all is taken back to the byte");
        }
    });
}
