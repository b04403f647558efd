//! Names of files that come from outside: from a backup, a list that lies in a folder for all to see, a plan.

use std::fmt;
use std::path::{Path, PathBuf};

/// Longest name, in bytes, with the folders before it.
const BYTES_MAX: usize = 400;

/// The name of a file from some folder on, with `/` between the folders before it: it leads down and nowhere else.
///
/// It has no empty part, none that begins with a dot (so no `.`, `..` and nothing hidden), no control character, and
/// nothing that another system takes for a way (`\`, `:`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

impl FileName {
    /// Returns the name that a text is; `None` when it could lead elsewhere.
    pub fn parse(text: &str) -> Option<Self> {
        let is_part = |part: &str| !part.is_empty() && !part.starts_with('.');
        let is_plain = text.len() <= BYTES_MAX
            && !text.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '\u{fffd}'))
            && text.split('/').all(is_part);
        is_plain.then(|| Self(text.to_owned()))
    }

    /// Returns the name as a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns where the file lies when the name is meant from a folder on: always below it.
    pub fn under(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for FileName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no name of a file here"))
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_leads_down_and_nowhere_else() {
        for (text, want, note) in [
            ("feeds.toml", true, "a file"),
            ("out/2026-10/cite/a.ris", true, "three folders deep"),
            ("drafts/母親 (1).toml", true, "words of all people, a space, brackets"),
            ("a..b", true, "dots within"),
            ("../feeds.toml", false, "upwards"),
            ("drafts/../../x", false, "upwards in the midst"),
            ("drafts/..", false, "upwards at the end"),
            ("/etc/passwd", false, "from the root"),
            ("drafts//x", false, "an empty part"),
            ("drafts/", false, "an empty part at the end"),
            (".", false, "here"),
            (".env", false, "hidden"),
            ("drafts/.x", false, "hidden in a folder"),
            ("a\\..\\b", false, "upwards as another system writes it"),
            ("C:/x", false, "a drive"),
            ("a:b", false, "a stream of a file"),
            ("a\nb", false, "a line break"),
            ("a\0b", false, "an end of text"),
            ("a\u{1b}[2Jb", false, "an escape"),
            ("a\u{9b}b", false, "a C1 control"),
            ("", false, "nothing"),
        ] {
            assert_eq!(FileName::parse(text).is_some(), want, "{text:?}: {note}");
        }
        assert!(FileName::parse(&"x".repeat(BYTES_MAX)).is_some());
        assert!(FileName::parse(&"x".repeat(BYTES_MAX + 1)).is_none());
        assert!(serde_json::from_str::<FileName>("\"../x\"").is_err(), "read as JSON it is checked too");
    }

    /// Texts of which many are nearly names: parts that lead somewhere, put together.
    fn texts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("..".to_owned()),
            Just(".".to_owned()),
            Just(String::new()),
            Just("C:".to_owned()),
            Just("~".to_owned()),
            "[a-z.]{1,8}",
            any::<String>(),
        ];
        let between = prop_oneof![Just("/"), Just("\\"), Just("\0"), Just("\u{2215}"), Just("%2f")];
        prop::collection::vec((part, between), 1..6)
            .prop_map(|parts| parts.into_iter().flat_map(|(part, between)| [part, between.to_owned()]).collect())
            .prop_map(|text: String| text.strip_suffix('/').map(ToOwned::to_owned).unwrap_or(text))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_stays_below_the_folder_or_is_refused(text in prop_oneof![texts(), any::<String>()]) {
            let root = Path::new("/srv/roundup");
            if let Some(name) = FileName::parse(&text) {
                let path = name.under(root);
                let below = path.strip_prefix(root).unwrap();
                prop_assert!(below.components().next().is_some());
                prop_assert!(below.components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
                prop_assert_eq!(below.to_str(), Some(text.as_str()));
            }
        }
    }
}
