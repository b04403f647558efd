//! What may stand in a page of the desk: the elements and attributes that its templates use, and nothing else.

use scraper::{ElementRef, Html, Node, Selector};

/// Attributes that any element may have.
const EVERYWHERE: &[&str] = &["class", "hidden", "id", "role", "tabindex", "title"];

/// Attributes of accessibility and of the script that any element may have, behind `aria-` and `data-`.
const ARIA: &[&str] = &["current", "describedby", "hidden", "label", "labelledby", "live"];
/// See [`ARIA`].
const DATA: &[&str] = &[
    "best",
    "bulk-to",
    "cards",
    "column",
    "count",
    "countries",
    "design",
    "earlier",
    "empty",
    "groups",
    "guard",
    "here",
    "hint",
    "id",
    "job",
    "keys",
    "keys-on",
    "list",
    "look",
    "month",
    "n",
    "number",
    "part",
    "pick",
    "progress",
    "question",
    "quick",
    "result",
    "said",
    "saved",
    "score",
    "section-name",
    "size",
    "size-words",
    "sources",
    "sum",
    "ticked",
    "to",
    "told",
    "undo",
    "undo-words",
    "unfilter",
];

/// The elements, with the attributes that they may have besides.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "rel", "target", "download"]),
    ("article", &[]),
    ("b", &[]),
    ("body", &[]),
    ("button", &["form", "name", "value", "type", "disabled"]),
    ("caption", &[]),
    ("code", &[]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &["open"]),
    ("dialog", &[]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("fieldset", &[]),
    ("footer", &[]),
    ("form", &["autocomplete", "method", "action"]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("head", &[]),
    ("header", &[]),
    ("html", &["lang", "dir"]),
    ("iframe", &["src"]),
    (
        "input",
        &["type", "name", "value", "form", "autocomplete", "required", "placeholder", "size", "inputmode", "checked"],
    ),
    ("kbd", &[]),
    ("label", &["for"]),
    ("legend", &[]),
    ("ins", &[]),
    ("li", &[]),
    ("link", &["rel", "href", "type"]),
    ("main", &[]),
    ("mark", &[]),
    ("meta", &["charset", "name", "content"]),
    ("nav", &[]),
    ("noscript", &[]),
    ("ol", &["start"]),
    ("optgroup", &["label"]),
    ("option", &["value", "selected"]),
    ("p", &[]),
    ("pre", &[]),
    ("progress", &[]),
    ("rect", &["width", "height"]),
    ("script", &["src", "defer"]),
    ("section", &[]),
    ("select", &["name"]),
    ("span", &[]),
    ("summary", &[]),
    ("svg", &["viewBox", "preserveAspectRatio"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &[]),
    ("textarea", &["name", "rows", "required"]),
    ("th", &["scope"]),
    ("thead", &[]),
    ("title", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

/// Tells whether an element may have an attribute.
fn may_have(own: &[&str], name: &str) -> bool {
    let is_of = |prefix: &str, known: &[&str]| name.strip_prefix(prefix).is_some_and(|rest| known.contains(&rest));
    own.contains(&name) || EVERYWHERE.contains(&name) || is_of("aria-", ARIA) || is_of("data-", DATA)
}

/// Tells whether an address is a path of the desk: no scheme, no host, nothing that browsers read as one.
fn is_path(address: &str) -> bool {
    // Browsers take tabs and line ends out, and read a backslash as a slash.
    let read: String = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let read = read.replace('\\', "/");
    (read.starts_with('/') && !read.starts_with("//") && address.starts_with('/')) || address.starts_with('#')
}

/// Returns what is wrong with one address of an element; `None` when it may stand there.
fn wrong_address(element: &ElementRef<'_>, name: &str, value: &str) -> Option<String> {
    let tag = element.value().name();
    let is_right = match (tag, name) {
        ("script", "src") => value == "/assets/desk.js",
        ("link", "href") => matches!(value, "/assets/desk.css" | "/assets/icon.svg"),
        ("iframe", "src") => is_path(value) && value.starts_with("/m/"),
        ("a", "href") if value.starts_with("http://") || value.starts_with("https://") => {
            element.attr("rel").is_some_and(|rel| rel.split(' ').any(|r| r == "noreferrer"))
                && url::Url::parse(value).is_ok_and(|u| u.host().is_some())
        }
        ("a", "href") | ("form", "action") => is_path(value),
        _ => false,
    };
    (!is_right).then(|| format!("<{tag} {name}={value:?}>"))
}

/// Returns everything in a page that no template of the desk puts there.
pub fn foreign(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut wrong: Vec<String> = Vec::new();
    for node in document.tree.nodes() {
        match node.value() {
            Node::Comment(comment) => wrong.push(format!("a comment: {:.80}", &**comment)),
            Node::ProcessingInstruction(_) => wrong.push("an instruction".to_owned()),
            _ => {}
        }
        let Some(element) = ElementRef::wrap(node) else { continue };
        let tag = element.value().name();
        let Some((_, own)) = ELEMENTS.iter().find(|(known, _)| *known == tag) else {
            wrong.push(format!("<{tag:.80}>"));
            continue;
        };
        for (name, value) in element.value().attrs() {
            if !may_have(own, name) {
                wrong.push(format!("<{tag} {name:.80}={value:.80?}>"));
            }
            if matches!(name, "href" | "src" | "action") {
                wrong.extend(wrong_address(&element, name, value));
            }
        }
    }
    wrong.extend(misshapen(&document));
    wrong
}

/// Returns what is wrong with the shape of a page: more than one of what there is once, or a script with a text.
fn misshapen(document: &Html) -> Vec<String> {
    let count = |css: &str| document.select(&Selector::parse(css).unwrap()).count();
    let mut wrong = Vec::new();
    // Parts for the script have no head of their own.
    let is_part = count("main") == 0;
    for (css, least, most) in
        [("html", 1, 1), ("body", 1, 1), ("title", 1, 1), ("script", 1, 1), ("main", 1, 1), ("footer", 1, 1)]
    {
        let found = count(css);
        let least = if is_part && !matches!(css, "html" | "body") { 0 } else { least };
        if found < least || found > most {
            wrong.push(format!("{found} × {css}"));
        }
    }
    for script in document.select(&Selector::parse("script").unwrap()) {
        if !script.text().collect::<String>().is_empty() {
            wrong.push("a script with words".to_owned());
        }
    }
    wrong
}

/// Returns the texts of the elements that a selector finds, as a reader sees them.
pub fn texts(html: &str, css: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    document.select(&Selector::parse(css).unwrap()).map(|e| seen(&e.text().collect::<String>())).collect()
}

/// Returns the values of an attribute of the elements that a selector finds.
pub fn values(html: &str, css: &str, name: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    document.select(&Selector::parse(css).unwrap()).filter_map(|e| e.attr(name).map(str::to_owned)).collect()
}

/// Returns a text as a browser shows it: white space as one space, nothing around, no NUL.
pub fn seen(text: &str) -> String {
    text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_does_not_belong_is_found() {
    let page = |inside: &str| {
        format!(
            "<!DOCTYPE html><html><head><title>x</title><script src=\"/assets/desk.js\" defer></script></head>\
             <body><main>{inside}</main><footer></footer></body></html>"
        )
    };
    assert_eq!(foreign(&page("<p class=\"soft\"><a href=\"/m/2026-09/\">x</a></p>")), [""; 0]);
    assert_eq!(foreign(&page("<a href=\"https://example.org/\" rel=\"noreferrer noopener\">x</a>")), [""; 0]);
    for wrong in [
        "<img src=x>",
        "<p onclick=x()>",
        "<p style=color:red>",
        "<b zz7>x</b>",
        "<script></script>",
        "<a href=javascript:x()>x</a>",
        "<a href=//evil.example>x</a>",
        "<a href=\"/\\evil.example\">x</a>",
        "<a href=https://evil.example/>x</a>",
        "<a href=\"\">x</a>",
        "<form action=//evil.example></form>",
        "<form action=https://evil.example></form>",
        "<iframe src=//evil.example></iframe>",
        "<iframe srcdoc=x></iframe>",
        "<button formaction=/x>x</button>",
        "<meta http-equiv=refresh content=x>",
        "<!-- x -->",
        "</main><main>",
    ] {
        assert_ne!(foreign(&page(wrong)), [""; 0], "{wrong}");
    }
}
