//! What stays when an issue is out: the archive, the feed, the manifest.

use super::*;

#[test]
fn the_archive_is_the_same_from_an_issue_and_from_its_manifest() {
    for (name, issue) in [("full", golden::full()), ("empty", golden::empty())] {
        let from_manifest = ArchiveIssue::of_manifest(&files(&issue)["manifest.json"]).unwrap();
        assert_eq!(from_manifest, archive_issue(&issue), "{name}");
    }
    for text in [
        "{}",
        "[]",
        "",
        "{\"version\":2,\"month\":\"2030-01\",\"number\":null,\"preheader\":\"\",\"note\":[],\"items\":[]}",
    ] {
        assert!(ArchiveIssue::of_manifest(text).is_err(), "{text}");
    }
}

#[test]
fn the_feed_keeps_its_ids_and_is_well_formed() {
    let issues = [archive_issue(&golden::hostile()), archive_issue(&golden::full())];
    for house in [golden::house(), House { web_address: String::new(), contact: String::new(), ..golden::house() }] {
        let files = archive_files(&issues, &house, &templates()).unwrap();
        let feed = files.iter().find(|f| f.path == "feed.xml").unwrap();
        let feed = String::from_utf8(feed.bytes.clone()).unwrap();
        let mut reader = quick_xml::Reader::from_str(&feed);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        let host = if house.web_address.is_empty() { "roundup.invalid" } else { "example.org" };
        assert!(feed.contains(&format!("<id>tag:{host},2026:roundup/2030-01</id>")));
        assert!(feed.contains("<updated>2030-02-01T00:00:00Z</updated>"));
        assert_eq!(feed.matches("<entry>").count(), 1, "one issue a month");
    }
}

#[test]
fn the_manifest_is_what_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../../docs/manifest.schema.json")).unwrap();
    for (name, issue) in all_issues() {
        let files = files(&issue);
        let manifest: Value = serde_json::from_str(&files["manifest.json"]).unwrap();
        let mut wrong = String::new();
        compare(&manifest, &schema, &schema, "", &mut wrong);
        assert_eq!(wrong, "", "{name}");
        for entry in manifest["files"].as_array().unwrap() {
            let text = &files[entry["path"].as_str().unwrap()];
            assert_eq!(entry["sha256"], crate::model::sha256_hex(text.as_bytes()).as_str(), "{name}");
            assert_eq!(entry["bytes"], text.len(), "{name}");
        }
        assert_eq!(manifest["files"].as_array().unwrap().len(), 7 + issue.items().count());
    }
}

/// Checks a value against the part of JSON Schema that ours uses: type, required, properties
/// (no others), items, additionalProperties with a schema, const and `$ref` into `$defs`.
fn compare(value: &Value, schema: &Value, root: &Value, at: &str, wrong: &mut String) {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
        return compare(value, &root["$defs"][name], root, at, wrong);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        one => vec![one.clone()],
    };
    if !allowed.iter().any(|k| k == kind || (k == "number" && kind == "integer")) {
        writeln!(wrong, "{at}: {kind} is not {allowed:?}").unwrap();
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        writeln!(wrong, "{at}: not {}", schema["const"]).unwrap();
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        compare(item, &schema["items"], root, &format!("{at}[{n}]"), wrong);
    }
    let Some(object) = value.as_object() else { return };
    for key in schema["required"].as_array().into_iter().flatten() {
        if !object.contains_key(key.as_str().unwrap()) {
            writeln!(wrong, "{at}: {key} is missing").unwrap();
        }
    }
    for (key, inner) in object {
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Object(_)) => {
                compare(inner, &schema["additionalProperties"], root, &format!("{at}.{key}"), wrong);
            }
            (Value::Null, _) => writeln!(wrong, "{at}: {key} is not in the schema").unwrap(),
            (known, _) => compare(inner, known, root, &format!("{at}.{key}"), wrong),
        }
    }
}
