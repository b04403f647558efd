//! `[[source]]` blocks to paste into `feeds.toml`.

use crate::model::text::{clean_line, fold, shorten};
use crate::normalise::page_html::Selectors;

/// Longest id of a source (`feeds.toml`).
const ID_CHARS_MAX: usize = 40;
/// Longest name that is proposed, in characters.
const NAME_CHARS_MAX: usize = 80;

/// A source to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// Id, unique in the file.
    pub id: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Address.
    pub url: &'a str,
    /// Selectors of a page; `None` for a feed.
    pub selectors: Option<&'a Selectors>,
    /// Whether it is asked in a private network.
    pub allows_private: bool,
}

impl Block<'_> {
    /// Returns the block as it stands in the file.
    pub fn text(&self) -> String {
        let name = shorten(&clean_line(self.name), NAME_CHARS_MAX);
        let kind = if self.selectors.is_some() { "page" } else { "feed" };
        let mut lines = vec!["[[source]]".to_owned()];
        let mut put = |key: &str, value: &str| lines.push(format!("{key} = {}", quoted(value)));
        put("id", self.id);
        put("kind", kind);
        put("name", &name);
        put("url", self.url);
        put("journal", &name);
        if let Some(s) = self.selectors {
            for (key, css) in [("item", &s.item), ("title", &s.title), ("link", &s.link), ("date", &s.date)] {
                if !css.is_empty() {
                    put(key, css);
                }
            }
        }
        lines.push("verified = true".to_owned());
        if self.allows_private {
            lines.push("allow-private = true".to_owned());
        }
        lines.join("\n") + "\n"
    }
}

/// Returns a text in quotation marks.
fn quoted(text: &str) -> String {
    format!("\"{}\"", clean_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns an id made of a title, or of the host of an address when the title has no letters that
/// an id may hold; `taken` ids get a number behind.
pub(super) fn id_of(title: &str, url: &str, taken: &[String]) -> String {
    let host = url.split("://").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let slug = [title, host, "source"].into_iter().map(slug).find(|s| s.len() > 1).unwrap_or_default();
    let mut id = slug.clone();
    let mut number = 2;
    while taken.contains(&id) {
        let end = format!("-{number}");
        let head: String = slug.chars().take(ID_CHARS_MAX - end.len()).collect();
        id = format!("{}{end}", head.trim_end_matches('-'));
        number += 1;
    }
    id
}

/// Returns the letters and digits of a text as an id, cut at a word.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for word in fold(text).split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        let joint = usize::from(!out.is_empty());
        if out.len() + joint + word.len() > ID_CHARS_MAX {
            break;
        }
        if joint > 0 {
            out.push('-');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::feeds;

    #[test]
    fn every_block_can_be_pasted() {
        let selectors = Selectors {
            item: "li.a > b".into(),
            title: "h3".into(),
            link: String::new(),
            date: "[data-d=\"x\"]".into(),
        };
        for (id, name, url, selectors) in [
            ("plain", "Journal of Examples", "https://example.org/feed", None),
            ("quotes", "The \"Best\" \\ of\u{202e} \u{1b}[31mall\n[[source]]", "https://example.org/a?b=\"c\"", None),
            ("page", "Ministry", "https://example.org/news", Some(&selectors)),
            ("arabic", "أخبار", "https://www.news.example.org:8080/feed", None),
            ("long", &"Word ".repeat(60), "https://example.org/", None),
            ("nothing", "", "https://例え.example/", None),
        ] {
            let mut taken = vec![slug(name)];
            let made = id_of(name, url, &taken);
            taken.push(made.clone());
            for private in [false, true] {
                let block = Block { id: &made, name, url, selectors, allows_private: private }.text();
                let text = format!("[roundup]\ncommunity = \"C\"\nname = \"N\"\n\n{block}");
                let (settings, problems) = feeds::parse(&text, "feeds.toml", &feeds::Surroundings::default());
                assert_eq!(problems, [], "{id}:\n{block}");
                let settings = settings.unwrap();
                assert_eq!(settings.sources.len(), 1, "{id}");
                assert_eq!(settings.sources[0].allows_private, private, "{id}");
            }
        }
    }

    #[test]
    fn ids_are_short_plain_and_unique() {
        for (title, url, taken, want) in [
            ("Journal of Examples", "https://example.org/", "", "journal-of-examples"),
            ("Nouvelles de l'été", "https://example.org/", "", "nouvelles-de-l-ete"),
            ("", "https://www.example.org/feed", "", "example-org"),
            ("أخبار", "https://news.example.org/feed", "", "news-example-org"),
            ("News", "https://example.org/", "news", "news-2"),
            (
                "A very long title of a journal that goes on and on",
                "https://example.org/",
                "",
                "a-very-long-title-of-a-journal-that-goes",
            ),
        ] {
            assert_eq!(id_of(title, url, &[taken.to_owned()]), want);
        }
    }
}
