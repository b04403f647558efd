use super::*;
use crate::cli::term::Style;

fn row(n: usize) -> Row {
    let id = format!("waaaaaaaaa{}b", char::from(b'a' + u8::try_from(n).unwrap()));
    let paper = serde_json::json!({"id": id, "record": {"title": "T"}, "scope": "in", "design": "unclear"});
    Row {
        paper: serde_json::from_value(paper).unwrap(),
        title: vec![(Style::Plain, format!("Paper {n}"))],
        facts: String::new(),
        words: Vec::new(),
        address: String::new(),
    }
}

/// Returns the key of a word: "a", "ctrl-e", "Down".
fn key(word: &str) -> KeyEvent {
    let (modifiers, name) = match word.strip_prefix("ctrl-") {
        Some(name) => (KeyModifiers::CONTROL, name),
        None => (KeyModifiers::NONE, word),
    };
    let code = match name {
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Space" => KeyCode::Char(' '),
        "Back" => KeyCode::Backspace,
        "Del" => KeyCode::Delete,
        "F1" => KeyCode::F(1),
        "Escape-char" => KeyCode::Char('\u{1b}'),
        "Bidi" => KeyCode::Char('\u{202e}'),
        one => KeyCode::Char(one.chars().next().unwrap()),
    };
    KeyEvent::new(code, modifiers)
}

/// Presses keys in a picker of five papers, two a page; returns it and what the last key asked.
fn pressed(keys: &str) -> (Picker, Ask) {
    let mut picker = Picker::new("ab");
    picker.found((0..5).map(row).collect(), 5);
    picker.page = 2;
    let mut ask = Ask::Nothing;
    for word in keys.split_whitespace() {
        ask = picker.key(key(word));
    }
    (picker, ask)
}

#[test]
fn keys_type_and_choose() {
    for (id, keys, text, chosen, marked) in [
        ("nothing", "", "ab", 0, 0),
        ("letters go to the line", "c Space d", "abc d", 0, 0),
        ("the cursor moves", "Left x Right Right y", "axby", 0, 0),
        ("and deletes", "Left Back Del Back", "", 0, 0),
        ("a word", "Space c d ctrl-w", "ab ", 0, 0),
        ("everything", "ctrl-u x", "x", 0, 0),
        ("controls are not typed", "Escape-char Bidi", "ab", 0, 0),
        ("down and up", "Down Down Up", "ab", 1, 0),
        ("not above the first", "Up PgUp", "ab", 0, 0),
        ("not below the last", "End Down PgDn", "ab", 4, 0),
        ("pages", "PgDn PgDn PgUp", "ab", 2, 0),
        ("home", "End Home", "ab", 0, 0),
        ("tab marks and goes on", "Tab Tab", "ab", 2, 2),
        ("twice takes the mark away", "Tab Up Tab", "ab", 1, 0),
        ("a space in the list marks", "Down Space", "ab", 2, 1),
        ("a space in the line is typed", "Down c Space", "abc ", 1, 0),
        ("the last one can be marked", "End Tab", "ab", 4, 1),
    ] {
        let (picker, _) = pressed(keys);
        assert_eq!((picker.line.text().as_str(), picker.chosen, picker.marked.len()), (text, chosen, marked), "{id}");
    }
}

#[test]
fn keys_ask_for_something() {
    let open = |n| Ask::Open(Box::new(row(n).paper));
    let write = |path: &str, is_sure| Ask::Write { path: PathBuf::from(path), is_sure };
    for (id, keys, want) in [
        ("a letter searches", "c", Ask::Search),
        ("moving does not", "Down", Ask::Nothing),
        ("deleting nothing does not", "Del", Ask::Nothing),
        ("enter opens the chosen one", "Down Enter", open(1)),
        ("escape leaves", "Esc", Ask::Leave(None)),
        ("so does ctrl-c", "ctrl-c", Ask::Leave(None)),
        ("from everywhere", "ctrl-e ctrl-c", Ask::Leave(None)),
        ("the address is printed", "Down ctrl-y", Ask::Leave(Some(Box::new(row(1).paper)))),
        ("a key leaves the help", "F1 c", Ask::Nothing),
        ("a question mark too is help", "? Enter", Ask::Nothing),
        ("a file is named", "ctrl-e Enter", write("papers.ris", false)),
        ("what is typed takes the place of the name", "ctrl-e a . b i b Enter", write("a.bib", false)),
        ("otherwise", "ctrl-e ctrl-u a . b i b Enter", write("a.bib", false)),
        ("no name is none", "ctrl-e ctrl-u Space Enter", Ask::Nothing),
        ("escape goes back to the papers", "ctrl-e Esc Enter", open(0)),
        ("an unknown ctrl key", "ctrl-z", Ask::Nothing),
    ] {
        assert_eq!(pressed(keys).1, want, "{id}");
    }
}

#[test]
fn a_file_is_written_over_only_when_that_was_said() {
    let (mut picker, _) = pressed("ctrl-e");
    picker.not_written("there is such a file".to_owned(), true);
    let Ask::Write { is_sure, .. } = picker.key(key("Enter")) else { panic!("it writes") };
    assert!(is_sure);
    picker.not_written("there is such a file".to_owned(), true);
    picker.key(key("x"));
    let Ask::Write { is_sure, .. } = picker.key(key("Enter")) else { panic!("it writes") };
    assert!(!is_sure, "another name is another file");
}

#[test]
fn without_papers_no_key_does_harm() {
    for word in ["Up", "Down", "PgUp", "PgDn", "Home", "End", "Tab", "Enter", "ctrl-y", "ctrl-f", "ctrl-b"] {
        let mut picker = Picker::new("");
        assert_eq!(picker.key(key(word)), Ask::Nothing, "{word}");
        assert_eq!((picker.chosen, picker.marked.len()), (0, 0), "{word}");
    }
    let mut picker = Picker::new("");
    picker.key(key("ctrl-e"));
    assert_eq!((picker.mode, picker.said.as_str()), (Mode::Search, "there is no paper to write"));
}

#[test]
fn what_is_wrong_leaves_the_papers_and_marks_outlast_a_search() {
    let (mut picker, _) = pressed("Tab");
    picker.refused("a bracket is open".to_owned());
    assert_eq!((picker.rows.len(), picker.problem.as_str()), (5, "a bracket is open"));
    picker.found(vec![row(9)], 1);
    assert_eq!((picker.rows.len(), picker.problem.as_str(), picker.chosen), (1, "", 0));
    assert_eq!(picker.written().first().map(|p| p.id.clone()), Some(row(0).paper.id), "the mark is still there");
}

#[test]
fn what_is_pasted_is_text() {
    let (mut picker, _) = pressed("");
    assert_eq!(picker.paste(" c\nd\u{1b}[A\r"), Ask::Search);
    assert_eq!(picker.line.text(), "ab c d[A");
    picker.key(key("F1"));
    assert_eq!(picker.paste("x"), Ask::Nothing);
}
