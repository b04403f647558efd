use ratatui_core::backend::TestBackend;
use ratatui_core::terminal::Terminal as Frames;
use serde_json::json;

use super::*;
use crate::index::Hit;

fn hit(n: usize, title: &[(bool, &str)], body: &str) -> Hit {
    let paper = json!({
        "id": format!("waaaaaaaaaa{}", char::from(b'a' + u8::try_from(n).unwrap())),
        "record": {
            "title": "T", "year": 2020 + n, "journal": "Acta Fabricata", "abstract": body, "doi": format!("10.5555/draw.{n}"),
        },
        "scope": "in", "design": "rct",
    });
    Hit {
        score: 1.0,
        paper: serde_json::from_value(paper).unwrap(),
        country_names: vec!["Kenya".to_owned()],
        title: title.iter().map(|(is_hit, text)| (*is_hit, (*text).to_owned())).collect(),
        snippet: vec![(true, "lullabies".to_owned())],
        why: Vec::new(),
    }
}

/// A picker with plain papers, a hostile one and one in wide letters.
fn picker() -> Picker {
    let mut picker = Picker::new("lullaby kenya");
    let long = "Mothers sang lullabies in groups for twelve weeks. ".repeat(12);
    let hits = [
        hit(
            1,
            &[(true, "Lullaby"), (false, " groups for postpartum depression: a randomised trial in districts")],
            &long,
        ),
        hit(
            2,
            &[(false, "A \u{1b}[2J\u{1b}]8;;http://evil.example\u{7}\u{9b}31m\ntitle \u{202e}turned")],
            "\u{1b}[1mx\u{202e}y",
        ),
        hit(
            3,
            &[(false, "产后抑郁症筛查与摇篮曲的随机对照试验在农村地区的可行性与可接受性研究"), (true, "lullaby")],
            "产后抑郁症".repeat(60).as_str(),
        ),
        hit(4, &[(false, "Singing 🤱🏽 e\u{301}tude")], ""),
        hit(5, &[(false, "Paper five")], "Short."),
    ];
    picker.found(hits.into_iter().map(Row::of).collect(), 1234);
    picker
}

const STYLED: Shows = Shows { styles: true, ascii: false };
const PLAIN: Shows = Shows { styles: false, ascii: true };

fn frames(picker: &Picker, shows: Shows, width: u16, height: u16) -> Frames<TestBackend> {
    let mut frames = Frames::new(TestBackend::new(width, height)).unwrap();
    frames.draw(|frame| draw(picker, shows, frame)).unwrap();
    frames
}

fn drawn(picker: &Picker, shows: Shows, width: u16, height: u16) -> String {
    frames(picker, shows, width, height).backend().to_string()
}

#[test]
fn it_fits_small_and_large_screens() {
    for (width, height) in [(40, 12), (80, 24), (120, 40)] {
        insta::assert_snapshot!(format!("picker_{width}x{height}"), drawn(&picker(), STYLED, width, height));
    }
}

#[test]
fn it_draws_on_any_screen() {
    let mut states = vec![picker(), Picker::new(""), Picker::new(&"产x".repeat(300))];
    let mut help = picker();
    help.mode = Mode::Help;
    let mut file = picker();
    file.mode = Mode::File { name: Line::of(&"long name ".repeat(9)), is_sure: true };
    file.said = "there is such a file".to_owned();
    let mut wrong = picker();
    wrong.refused("a bracket is open".to_owned());
    wrong.chosen = 4;
    wrong.scrolled = 999;
    states.extend([help, file, wrong]);
    for picker in &states {
        for (width, height) in [(1, 1), (2, 2), (3, 3), (7, 4), (20, 5), (40, 12), (99, 7), (100, 4), (300, 90)] {
            for shows in [STYLED, PLAIN] {
                let text = drawn(picker, shows, width, height);
                assert!(!text.chars().any(|c| c != '\n' && crate::model::text::is_unwanted(c)), "{width}x{height}");
                assert!(page(Rect::new(0, 0, width, height)) >= 1);
            }
        }
    }
}

#[test]
fn no_style_is_drawn_where_none_is_wanted() {
    let has_style = |shows| {
        let frames = frames(&picker(), shows, 80, 24);
        frames.backend().buffer().content.iter().any(|cell| !cell.modifier.is_empty())
    };
    assert!(has_style(STYLED) && !has_style(PLAIN));
    let buffer = frames(&picker(), PLAIN, 40, 12).backend().buffer().clone();
    assert!(!buffer.content.iter().any(|cell| cell.symbol() == "─" || cell.symbol() == "│"));
}

#[test]
fn the_lines_around_say_what_is_the_matter() {
    let mut wrong = picker();
    wrong.refused("a bracket is open".to_owned());
    assert!(drawn(&wrong, PLAIN, 40, 12).contains("a bracket is open"));
    let mut marked = picker();
    marked.marked = vec![marked.rows[0].paper.clone()];
    let text = drawn(&marked, PLAIN, 80, 24);
    assert!(text.contains("1234 papers, the first 5 shown; 1 marked") && text.contains(">*Lullaby"), "{text}");
    let mut help = picker();
    help.mode = Mode::Help;
    insta::assert_snapshot!("picker_help", drawn(&help, PLAIN, 80, 24));
}

#[test]
fn the_cursor_stands_where_one_types() {
    let at = |picker: &Picker| {
        let mut frames = frames(picker, PLAIN, 40, 12);
        ratatui_core::backend::Backend::get_cursor_position(frames.backend_mut()).unwrap()
    };
    assert_eq!(at(&picker()), (21, 0).into());
    assert_eq!(at(&Picker::new("产后")), (12, 0).into());
    assert!(at(&Picker::new(&"产x".repeat(300))).x < 40);
    let mut file = picker();
    file.mode = Mode::File { name: Line::of("a.ris"), is_sure: false };
    assert_eq!(at(&file), (15, 11).into());
}
