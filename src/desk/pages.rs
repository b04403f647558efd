//! The desk's templates: compiled in, every value escaped, nothing undefined passes.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

/// The compiled-in templates by name.
const TEMPLATES: [(&str, &str); 18] = [
    ("add.html", include_str!("../../templates/desk/add.html")),
    ("board.html", include_str!("../../templates/desk/board.html")),
    ("card.html", include_str!("../../templates/desk/card.html")),
    ("check.html", include_str!("../../templates/desk/check.html")),
    ("clash.html", include_str!("../../templates/desk/clash.html")),
    ("history.html", include_str!("../../templates/desk/history.html")),
    ("job.html", include_str!("../../templates/desk/job.html")),
    ("layout.html", include_str!("../../templates/desk/layout.html")),
    ("letter.html", include_str!("../../templates/desk/letter.html")),
    ("lists.html", include_str!("../../templates/desk/lists.html")),
    ("message.html", include_str!("../../templates/desk/message.html")),
    ("months.html", include_str!("../../templates/desk/months.html")),
    ("paper.html", include_str!("../../templates/desk/paper.html")),
    ("preview.html", include_str!("../../templates/desk/preview.html")),
    ("render.html", include_str!("../../templates/desk/render.html")),
    ("search.html", include_str!("../../templates/desk/search.html")),
    ("sources.html", include_str!("../../templates/desk/sources.html")),
    ("version.html", include_str!("../../templates/desk/version.html")),
];

/// The templates, ready to be filled in.
pub(super) struct Pages {
    env: Environment<'static>,
}

impl Pages {
    /// Returns the templates.
    pub(super) fn new() -> Self {
        let mut env = Environment::new();
        // Whatever a template is called, it is HTML: escaping must not hang on the end of a name.
        env.set_auto_escape_callback(|_| AutoEscape::Html);
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            env.set_syntax(syntax);
        }
        env.add_filter("count", count);
        env.add_filter("name", |id: &str| super::names::in_address(id));
        for (name, text) in TEMPLATES {
            env.add_template(name, text).expect("invariant: compiled-in templates can be read; a test reads them all");
        }
        Self { env }
    }

    /// Returns a page.
    ///
    /// # Errors
    /// When the template uses a value that is not there: a mistake of ours.
    pub(super) fn page<T: Serialize>(&self, name: &str, values: &T) -> anyhow::Result<String> {
        Ok(self.env.get_template(name)?.render(Value::from(Serde(values)))?)
    }
}

/// Returns a number with its noun: `3|count("paper")` is "3 papers".
#[expect(clippy::needless_pass_by_value, reason = "the form that the template engine asks for")]
fn count(number: u64, noun: String) -> String {
    if number == 1 {
        return format!("1 {noun}");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !noun.ends_with("ay") => format!("{number} {stem}ies"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read_and_every_file_is_known() {
        let _ = Pages::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/desk");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .filter(|n| std::path::Path::new(n).extension().is_some_and(|e| e == "html"))
            .collect();
        files.sort();
        assert_eq!(files, TEMPLATES.map(|(name, _)| name));
    }

    #[test]
    fn numbers_take_their_nouns() {
        for (number, noun, want) in [
            (0, "paper", "0 papers"),
            (1, "paper", "1 paper"),
            (2, "query", "2 queries"),
            (2, "day", "2 days"),
            (1, "query", "1 query"),
        ] {
            assert_eq!(count(number, noun.to_owned()), want);
        }
    }
}
