//! What holds of every answer, whatever the bytes were.

use roundup::model::{Problem, Record};

/// Checks that a text is plain: no control or direction characters that act on a terminal or page.
pub fn plain(what: &str, text: &str) {
    let bad = text.chars().find(|c| *c != '\n' && *c != '\t' && roundup::model::text::is_unwanted(*c));
    assert!(bad.is_none(), "{what} holds {bad:?}: {text:?}");
}

/// Checks that sanitised HTML holds nothing that runs.
pub fn harmless(html: &str) {
    let lower = html.to_lowercase();
    for bad in ["<script", "<style", "<iframe", "<svg", "<math", "<object", "<embed", "<form", "<base", "<meta", "<link"] {
        assert!(!lower.contains(bad), "{bad} in {html:?}");
    }
    // Between quotes stand values; `on…=` outside of them would be an event.
    for tag in lower.split('<').skip(1).filter_map(|t| t.split('>').next()) {
        let parts: Vec<&str> = tag.split('"').collect();
        assert!(!parts.iter().step_by(2).any(|names| names.contains(" on")), "an event in {tag:?}");
        for pair in parts.chunks(2) {
            let [names, value] = pair else { continue };
            let is_address = names.ends_with("href=") || names.ends_with("src=");
            assert!(!(is_address && value.trim_start().starts_with("javascript")), "a script address in {tag:?}");
        }
    }
}

/// Checks a record.
pub fn record(record: &Record) {
    plain("a title", &record.title);
    assert!(!record.title.contains('\n'), "a title of two lines: {:?}", record.title);
    assert!(!record.id.is_empty(), "a record without id");
    for text in
        [&record.abstract_text, &record.journal, &record.volume, &record.number, &record.pages].into_iter().flatten()
    {
        plain("a text", text);
    }
    for text in record.keywords.iter().chain(&record.types).chain(&record.links).chain(&record.url) {
        plain("a text", text);
    }
    for author in &record.authors {
        for name in [&author.family, &author.given, &author.collective].into_iter().flatten() {
            plain("a name", name);
        }
        assert!(author.family.is_some() || author.collective.is_some(), "nobody: {author:?}");
    }
    let json = serde_json::to_string(record).expect("a record is JSON");
    serde_json::from_str::<Record>(&json).expect("and reads back");
}

/// Checks what is said about the input.
pub fn problem(problem: &Problem) {
    assert!(!problem.message.is_empty(), "a problem without a word");
    assert!(!problem.message.ends_with('.'), "a full stop: {:?}", problem.message);
}
