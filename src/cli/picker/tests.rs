use super::super::term::kept::Kept;
use super::*;
use crate::model::Paper;

fn paper(id: &str) -> Paper {
    let paper = serde_json::json!({
        "id": id, "record": {"title": "A title", "year": 2025}, "scope": "in", "design": "unclear",
    });
    serde_json::from_value(paper).unwrap()
}

/// Returns a picker in which a file is being named, with some marked papers.
fn naming(papers: &[&str]) -> Picker {
    let mut picker = Picker::new("x");
    picker.marked = papers.iter().map(|id| paper(id)).collect();
    picker.key(event::KeyEvent::new(event::KeyCode::Char('e'), event::KeyModifiers::CONTROL));
    picker
}

#[test]
fn marked_papers_are_written_in_the_form_of_the_ending() {
    let folder = tempfile::tempdir().unwrap();
    for (name, said, begins) in [
        ("a.ris", "2 papers written to", "TY  - "),
        ("a.bib", "2 papers written to", "@"),
        ("a.CSV", "2 papers written to", ""),
        ("a.docx", "end the name with one of .ris .bib", ""),
        ("a", "end the name with one of", ""),
    ] {
        let path = folder.path().join(name);
        let mut picker = naming(&["waaaaaaaaaab", "waaaaaaaaaac"]);
        write(&mut picker, &path, false);
        assert!(picker.said.starts_with(said), "{name}: {}", picker.said);
        assert_eq!(picker.mode == state::Mode::Search, path.exists(), "{name}");
        assert!(fsx::read_text_if_there(&path).unwrap().unwrap_or_default().starts_with(begins), "{name}");
    }
    let path = folder.path().join("a.ris");
    let mut picker = naming(&["waaaaaaaaaab"]);
    write(&mut picker, &path, false);
    assert_eq!(picker.said, "there is such a file; Enter writes over it");
    assert_eq!(fsx::read_text(&path).unwrap().matches("TY  - ").count(), 2, "it is as it was");
    write(&mut picker, &path, true);
    assert_eq!(fsx::read_text(&path).unwrap().matches("TY  - ").count(), 1);
    assert!(picker.said.starts_with("1 paper written to"), "{}", picker.said);
    let mut picker = naming(&["waaaaaaaaaab"]);
    let nowhere = folder.path().join("nowhere");
    write(&mut picker, &nowhere.join("a.ris"), false);
    assert!(picker.said.starts_with("there is no folder") && !nowhere.exists(), "{}", picker.said);
    write(&mut picker, &path.join("below.ris"), false);
    assert!(picker.said.starts_with("cannot") && picker.mode != state::Mode::Search, "{}", picker.said);
}

#[test]
fn without_a_person_there_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    crate::index::Index::rebuild(folder.path(), &mut std::iter::empty(), &knowledge(), 1).unwrap();
    let searcher = crate::index::Index::open_reader(folder.path()).unwrap();
    let err = Kept::default();
    let mut term = Terminal::into_writers(Box::new(Kept::default()), Box::new(err.clone()));
    let exit = run("x", &Options::default(), &searcher, &Looks::default(), &mut term).unwrap();
    assert_eq!((exit, err.text().lines().count()), (Exit::Usage, 1));
}

fn knowledge() -> crate::index::Knowledge {
    crate::index::Knowledge::new(&crate::model::Lexicon::default(), &[])
}
