//! What the parts of the preview promise: no script but ours, cut off from the desk.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};

use super::bench::Desk;

/// Elements that never stand in an issue.
const NEVER: [&str; 16] = [
    "iframe", "frame", "object", "embed", "applet", "base", "form", "button", "textarea", "template", "svg", "math",
    "video", "audio", "portal", "noscript",
];

/// Attributes that hold addresses.
const ADDRESSES: [&str; 7] = ["href", "src", "action", "formaction", "poster", "background", "srcset"];

/// Returns the scripts of a document that run.
fn scripts(document: &Html) -> BTreeSet<String> {
    let all = document.select(&Selector::parse("script").unwrap()).collect::<Vec<_>>();
    let runs = |script: &&ElementRef<'_>| script.attr("type").is_none_or(|kind| kind != "application/ld+json");
    all.iter().filter(runs).map(|s| format!("{:?} {}", s.attr("src"), s.text().collect::<String>())).collect()
}

/// Tells whether an element is a drawing of the picture of the month: of letters and dots alone.
fn is_picture(element: &ElementRef<'_>) -> bool {
    let is_inside = element.ancestors().filter_map(ElementRef::wrap).any(|e| e.attr("class") == Some("pics"));
    let mut names = element.descendent_elements().map(|e| e.value().name()).skip(1);
    element.value().name() == "svg" && is_inside && names.all(|name| ["text", "tspan", "path"].contains(&name))
}

/// Returns everything in a part that no renderer should put there.
fn wrong(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut out = Vec::new();
    for element in document.tree.nodes().filter_map(ElementRef::wrap) {
        let tag = element.value().name();
        let is_of_icon = tag == "svg" && element.attr("aria-hidden") == Some("true");
        if (NEVER.contains(&tag) && !is_of_icon && !is_picture(&element)) || tag.contains("zz7") {
            out.push(format!("<{tag}>"));
        }
        for (name, value) in element.value().attrs() {
            let is_script = name.starts_with("on") || name.contains("zz7") || name == "srcdoc";
            let is_order = name == "http-equiv" && value != "Content-Security-Policy";
            // Styles are the inliner's; what they load would be from elsewhere.
            let is_loading =
                name == "style" && ["url(", "expression", "import", "zz7"].iter().any(|w| value.contains(w));
            let is_plain = ["https://", "http://", "mailto:", "#", "data:image/", "../", "./"]
                .iter()
                .any(|p| value.starts_with(p));
            let is_no_icon = tag == "link" && value == "data:,";
            let is_file = is_no_icon || !value.contains(':') && !value.starts_with("//") && !value.contains('\\');
            let is_address = ADDRESSES.contains(&name);
            if is_script || is_order || is_loading || (is_address && !is_plain && !is_file) {
                out.push(format!("<{tag} {name}={value:.100?}>"));
            }
        }
    }
    for data in document.select(&Selector::parse("script[type='application/ld+json']").unwrap()) {
        let text: String = data.text().collect();
        if serde_json::from_str::<serde_json::Value>(&text).is_err() {
            out.push(format!("broken data: {text:.200}"));
        }
    }
    out
}

/// Returns the scripts that a policy lets run.
fn allowed(policy: &str) -> BTreeSet<String> {
    policy.split([' ', ';']).filter(|p| p.starts_with("'sha256-")).map(str::to_owned).collect()
}

/// Asserts that every part of a preview has no script but those of a plain issue, and a policy that says so.
pub async fn assert_parts(desk: &Desk) {
    assert_eq!(desk.get(&desk.at("preview/text")).await.status, 404, "the page of the previews holds the text itself");
    let usual_desk = Desk::open().await;
    for part in ["email", "email-dark", "page", "page-dark"] {
        let path = desk.at(&format!("preview/{part}"));
        let (full, usual) = (desk.get(&path).await, usual_desk.get(&path).await);
        assert_eq!((full.status, usual.status), (200, 200), "{part}: {}", full.body);
        let (policy, plain) = (full.all("content-security-policy")[0], usual.all("content-security-policy")[0]);
        assert!(policy.starts_with("default-src 'none'"), "{part}: {policy}");
        assert!(
            policy.ends_with("sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"),
            "{part}: {policy}"
        );
        assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src 'unsafe"), "{part}: {policy}");
        assert_eq!(allowed(policy), allowed(plain), "{part}: a script of somebody else is let run");
        assert!(full.body.contains("zz7"), "{part}: no vector is in it");
        // The desk's own word that links open beside the frame.
        let body = full.body.replacen("<base target=\"_blank\">", "", 1);
        assert_eq!(wrong(&body), [""; 0], "{part}");
        let both = [&full.body, &usual.body].map(|html| scripts(&Html::parse_document(html)));
        assert_eq!(both[0], both[1], "{part}");
    }
}

#[test]
fn what_no_issue_holds_is_found() {
    for html in [
        "<p onclick=x()>",
        "<a href=javascript:x()>x</a>",
        "<iframe src=x></iframe>",
        "<b zz7>x</b>",
        "<p style=\"background:url(//evil.example)\">",
        "<meta http-equiv=refresh content=x>",
        "<a href=//evil.example>x</a>",
        "<script type=application/ld+json>{\"x\":\"</script>",
    ] {
        assert_ne!(wrong(html), [""; 0], "{html}");
    }
    assert_ne!(scripts(&Html::parse_document("<script>x()</script>")), BTreeSet::new());
}
