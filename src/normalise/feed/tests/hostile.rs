//! The hostile cases of `tests/cases/feeds/hostile.toml`: nothing of them acts, wherever it stands.

use std::sync::LazyLock;

use regex::Regex;

use super::cases::for_each_case;
use super::*;
use crate::normalise::html;

/// Tags and attributes that may be in a text that a reader sees. Written down anew, and not taken
/// from the code, so that a slip there shows here.
const HARMLESS: &str = "a abbr acronym address article aside b big blockquote br caption center cite code dd del details \
    dfn dir div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav ol p \
    pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr";
const ATTRIBUTES: &str = "href src alt title width height colspan rowspan";

/// Returns what of some HTML may act; `None` when nothing does.
fn active(html: &str) -> Option<String> {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"^</?([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>"#).unwrap());
    static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#" ([a-z]+)="([^"]*)""#).unwrap());
    for (at, _) in html.match_indices('<') {
        let rest = html.get(at..).unwrap();
        let Some(found) = TAG.captures(rest) else { return Some(rest.to_owned()) };
        if !HARMLESS.split(' ').any(|t| t == &found[1]) {
            return Some(found[0].to_owned());
        }
        for (_, [name, value]) in ATTRIBUTE.captures_iter(&found[2]).map(|c| c.extract()) {
            let is_address = matches!(name, "href" | "src");
            let is_web = value.starts_with("http://") || value.starts_with("https://");
            if !ATTRIBUTES.split(' ').any(|a| a == name) || is_address && !is_web {
                return Some(found[0].to_owned());
            }
        }
    }
    html.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t').map(|c| format!("{c:?}"))
}

/// Returns what of plain text may act.
fn active_text(text: &str) -> Option<String> {
    let acts =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (html::looks_like_html(text) || text.contains(acts)).then(|| text.to_owned())
}

/// Feeds that carry the attack in every field that is shown, escaped in every way.
fn feeds(attack: &str) -> Vec<String> {
    let escaped = quick_xml::escape::escape(attack).into_owned();
    let twice = quick_xml::escape::escape(&escaped).into_owned();
    let section = format!("<![CDATA[{}]]>", attack.replace("]]>", "]]&gt;"));
    let json = serde_json::to_string(&format!("before {attack}")).unwrap();
    let mut out = vec![format!(
        "{{\"version\":\"https://jsonfeed.org/version/1\",\"title\":{json},\"description\":{json},\"items\":[{{\"id\":\"1\",\
         \"title\":{json},\"summary\":{json},\"content_html\":{json},\"content_text\":{json},\"url\":{json},\"author\":{{\"name\":{json},\"url\":{json}}},\"tags\":[{json}]}}]}}"
    )];
    for body in [&escaped, &twice, &section, attack] {
        let b = format!("before {body}");
        out.push(format!(
            "<rss><channel><title>{b}</title><description>{b}</description><copyright>{b}</copyright><item><title>{b}</title>\
             <description>{b}</description><content:encoded>{b}</content:encoded><author>{b}</author><category>{b}</category><dc:rights>{b}</dc:rights></item></channel></rss>"
        ));
        for kind in ["text", "html", "xhtml"] {
            out.push(format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><title type='{kind}'>{b}</title><subtitle type='{kind}'>{b}</subtitle><rights type='{kind}'>{b}</rights>\
                 <entry><title type='{kind}'>{b}</title><summary type='{kind}'>{b}</summary><content type='{kind}'>{b}</content><rights type='{kind}'>{b}</rights>\
                 <author><name>{b}</name></author></entry></feed>"
            ));
        }
    }
    out
}

/// Returns what of an entry may act.
fn active_in(entry: &Entry) -> Option<String> {
    let names = entry.authors.iter().map(|p| &p.name);
    let terms = entry.categories.iter().map(|c| &c.term);
    let texts = [&entry.title, &entry.subtitle, &entry.summary, &entry.rights, &entry.source, &entry.author];
    let content = entry.content.iter().find_map(|c| match c.kind.as_str() {
        "text/html" => active(&c.value),
        _ => active_text(&c.value),
    });
    let addresses = entry.links.iter().chain(&entry.enclosures).map(|l| &l.href).chain([&entry.link, &entry.comments]);
    let acting = |a: &&String| {
        let lower: String =
            a.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_lowercase();
        ["javascript:", "vbscript:", "data:", "file:"].iter().any(|s| lower.starts_with(s))
    };
    let acting = addresses.filter(|a| !a.is_empty()).find(acting).cloned();
    content.or_else(|| texts.into_iter().chain(names).chain(terms).find_map(|t| active_text(t))).or(acting)
}

#[test]
fn nothing_hostile_reaches_a_reader() {
    let text = include_str!("../../../../tests/cases/feeds/hostile.toml");
    let mut faults = Vec::new();
    let cases = for_each_case("hostile", text, &mut |case| {
        for text in feeds(case.fill) {
            let Ok((feed, _)) = read_feed(text.as_bytes(), None, "https://example.org/feed.xml") else {
                faults.push(format!("{}: refused: {text}", case.name));
                continue;
            };
            let entries = feed.entries.iter().chain([&feed.about]);
            faults.extend(entries.clone().filter_map(active_in).map(|f| format!("{}: {f:?} of {text}", case.name)));
            if !entries.into_iter().any(|e| e.title.starts_with("before")) {
                faults.push(format!("{}: words were lost: {text}", case.name));
            }
        }
        for safe in [html::safe_html(case.fill, None), html::safe_html(case.fill, Some("https://example.org/"))] {
            faults.extend(active(&safe).map(|f| format!("{}: {f:?} of {safe}", case.name)));
            // Read again, it means the same: no markup changes its meaning on the way.
            let again = html::safe_html(&safe, None);
            faults.extend((again != safe).then(|| format!("{}: {safe:?} became {again:?}", case.name)));
        }
        faults.extend(active_text(&html::plain_text(case.fill)).map(|f| format!("{}: {f:?}", case.name)));
    });
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.iter().map(|f| f.chars().take(400).collect::<String>()).collect::<Vec<_>>().join("\n")
    );
    assert!(cases >= 150, "{cases} cases");
}
