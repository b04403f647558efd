//! The Atom feed (RFC 4287) of all issues, each with its full text.

use crate::model::{House, Month};

use super::{neutralise, target};

/// Issues in the feed: two years; older ones stay on the archive page.
pub const ENTRIES_MAX: usize = 24;

/// Returns text escaped for XML; characters that XML forbids are left out.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns a name of the house's own that lasts: `tag:` (RFC 4151) by the host of its pages, else
/// of its mail address. The date is fixed, since the host belongs to the house as long as it publishes.
fn tag_id(house: &House, what: &str) -> String {
    let of_web = house.web_address.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next());
    let of_mail = house.contact.rsplit_once('@').map(|(_, host)| host);
    let host = of_web.filter(|h| !h.is_empty()).or(of_mail).unwrap_or("roundup.invalid");
    let host: String = host.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    format!("tag:{},2026:{what}", host.to_lowercase())
}

/// Returns the moment an issue counts as updated: the first day after its month, no clock asked.
fn updated(month: Month) -> String {
    format!("{}T00:00:00Z", month.next().first_day())
}

/// One issue in the feed.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its month.
    pub month: Month,
    /// Its summary; may be empty.
    pub summary: &'a str,
    /// Its full text as HTML.
    pub html: &'a str,
}

/// Returns the feed of issues, which come newest first.
///
/// An empty archive gives a feed without entries that was updated when issue 1 was due, or in 1970.
pub fn feed(entries: &[Entry<'_>], house: &House) -> String {
    let newest = entries.first().map(|e| e.month).or(house.first_issue);
    let updated_at = newest.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), updated);
    let web = neutralise::address(house.web_address.trim_end_matches('/'));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str(&format!("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n", house.language.code()));
    out.push_str(&format!("<id>{}</id>\n", xml(&tag_id(house, "roundup"))));
    out.push_str(&format!("<title>{}</title>\n", line(&house.name)));
    out.push_str(&format!("<updated>{updated_at}</updated>\n"));
    out.push_str(&format!("<author><name>{}</name></author>\n", line(&house.community)));
    if let Some(web) = &web {
        out.push_str(&format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{}/feed.xml\"/>\n", xml(web)));
    }
    let home = web.map_or_else(|| "index.html".to_owned(), |w| format!("{w}/"));
    out.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", xml(&home)));
    for issue in entries {
        out.push_str(&entry(*issue, house));
    }
    out.push_str("</feed>\n");
    out
}

/// Returns one line of text, inert and escaped.
fn line(text: &str) -> String {
    xml(&neutralise::text(&crate::model::text::clean_line(text)))
}

/// Returns one issue's entry.
fn entry(issue: Entry<'_>, house: &House) -> String {
    let month = issue.month;
    let link = target::page_address(house, month).unwrap_or_else(|| format!("{month}/index.html"));
    let mut out = String::from("<entry>\n");
    out.push_str(&format!("<id>{}</id>\n", xml(&tag_id(house, &format!("roundup/{month}")))));
    out.push_str(&format!("<title>{}, {}</title>\n", line(&house.name), house.language.month(month)));
    out.push_str(&format!("<updated>{0}</updated>\n<published>{0}</published>\n", updated(month)));
    out.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", xml(&link)));
    if !issue.summary.is_empty() {
        out.push_str(&format!("<summary>{}</summary>\n", line(issue.summary)));
    }
    out.push_str(&format!("<content type=\"html\">{}</content>\n</entry>\n", xml(issue.html)));
    out
}
