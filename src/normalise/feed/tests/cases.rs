//! The cases of `tests/cases/feeds`: small feeds as data, and what they must give.

use serde_json::Value;
use toml_edit::{DocumentMut, Item, Table};

use super::*;

/// The files of cases, each with what it is about.
const FILES: &[(&str, &str)] = &[
    ("forms", include_str!("../../../../tests/cases/feeds/forms.toml")),
    ("fields", include_str!("../../../../tests/cases/feeds/fields.toml")),
    ("people", include_str!("../../../../tests/cases/feeds/people.toml")),
    ("links", include_str!("../../../../tests/cases/feeds/links.toml")),
    ("dates", include_str!("../../../../tests/cases/feeds/dates.toml")),
    ("json", include_str!("../../../../tests/cases/feeds/json.toml")),
    ("damage", include_str!("../../../../tests/cases/feeds/damage.toml")),
    ("encodings", include_str!("../../../../tests/cases/feeds/encodings.toml")),
    ("refused", include_str!("../../../../tests/cases/feeds/refused.toml")),
];

/// A case with its place-holder filled in.
pub(super) struct Case<'a> {
    pub(super) name: String,
    table: &'a Table,
    /// What stands for `{}`.
    pub(super) fill: &'a str,
}

impl Case<'_> {
    /// Returns a text of the case, filled in; `None` where the case has no such key.
    fn text(&self, key: &str) -> Option<String> {
        self.table.get(key).and_then(Item::as_str).map(|t| t.replace("{}", self.fill))
    }

    /// Returns the feed as text, from whichever key holds it.
    fn input(&self) -> String {
        let wrap = |key: &str, before: &str, after: &str| self.text(key).map(|t| format!("{before}{t}{after}"));
        wrap("input", "", "")
            .or_else(|| {
                wrap("rss", "<rss version=\"2.0\"><channel><title>Feed</title><item>", "</item></channel></rss>")
            })
            .or_else(|| wrap("channel", "<rss version=\"2.0\"><channel>", "</channel></rss>"))
            .or_else(|| {
                wrap(
                    "atom",
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Feed</title><entry>",
                    "</entry></feed>",
                )
            })
            .or_else(|| self.text("rdf").map(|t| rdf(&t)))
            .or_else(|| wrap("json", "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{", "}]}"))
            .unwrap_or_default()
    }

    /// Returns the feed as bytes, in the encoding that the case names.
    fn bytes(&self) -> Vec<u8> {
        if let Some(packed) = self.text("base64") {
            return data_encoding::BASE64.decode(packed.as_bytes()).expect("Base64");
        }
        let name =
            if self.table.contains_key("encodings") { Some(self.fill.to_owned()) } else { self.text("encoding") };
        let is_marked = self.table.contains_key("mark");
        let text = format!("{}{}", if is_marked { "\u{feff}" } else { "" }, self.input());
        match name.as_deref() {
            None => text.into_bytes(),
            Some("utf-16le") => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Some("utf-16be") => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Some("utf-32le") => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            Some("utf-32be") => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
            Some(name) => {
                let encoding = decode::encoding_of(name).unwrap_or_else(|| panic!("{}: no encoding {name}", self.name));
                let (bytes, _, is_lossy) = encoding.encode(&text);
                assert!(!is_lossy, "{}: {name} cannot hold the text", self.name);
                bytes.into_owned()
            }
        }
    }

    /// Returns the faults of the case; none when it is as it should be.
    fn faults(&self) -> Vec<String> {
        let read = read_feed(&self.bytes(), self.text("header").as_deref(), "https://example.org/feed.xml");
        let (feed, problems) = match (read, self.text("refused")) {
            (Err(e), Some(reason)) if e.reason.contains(&reason) => return Vec::new(),
            (Err(e), _) => return vec![format!("refused: {}", e.reason)],
            (Ok(_), Some(reason)) => return vec![format!("read, and should be refused: {reason}")],
            (Ok(read), None) => read,
        };
        let json = serde_json::to_value(&feed).expect("writes");
        let mut out = Vec::new();
        for (path, want) in self.wants("want") {
            let got = value(&json, &path);
            if !want.iter().all(|w| *w == got) {
                out.push(format!("{path}: want {:?} got {got:?}", want.concat()));
            }
        }
        for (path, want) in self.wants("want-one-of") {
            let got = value(&json, &path);
            if !want.contains(&got) {
                out.push(format!("{path}: want one of {want:?} got {got:?}"));
            }
        }
        for (path, want) in self.wants("has") {
            let got = value(&json, &path);
            out.extend(want.iter().filter(|w| !got.contains(*w)).map(|w| format!("{path}: want {w:?} within {got:?}")));
        }
        let count = self.table.get("count").and_then(Item::as_integer);
        if count.is_some_and(|c| i64::try_from(feed.entries.len()) != Ok(c)) {
            out.push(format!("{} entries", feed.entries.len()));
        }
        if self.text("format").is_some_and(|f| f != feed.format) {
            out.push(format!("format {}", feed.format));
        }
        out.extend(self.untold(&problems));
        out
    }

    /// Returns a fault when a repair is not told, or one is that did not happen.
    fn untold(&self, problems: &[Problem]) -> Option<String> {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let want = self.text("told")?;
        if self.table.contains_key("told-maybe") && told.is_empty() {
            return None;
        }
        let is_told = told.iter().any(|t| t.contains(&want));
        (if want.is_empty() { !told.is_empty() } else { !is_told }).then(|| format!("want told {want:?}: {told:?}"))
    }

    /// Returns the paths under a key, each with its values.
    fn wants(&self, key: &str) -> Vec<(String, Vec<String>)> {
        let Some(table) = self.table.get(key).and_then(Item::as_table_like) else { return Vec::new() };
        let fill = |t: &str| t.replace("{}", self.fill);
        let texts = |item: &Item| match item.as_array() {
            Some(list) => list.iter().filter_map(toml_edit::Value::as_str).map(fill).collect(),
            None => item.as_str().map(fill).into_iter().collect(),
        };
        table.iter().map(|(path, item)| (path.to_owned(), texts(item))).collect()
    }
}

/// Returns a field by its path; `""` where it is not there.
fn value(json: &Value, path: &str) -> String {
    let is_whole = ["feed.", "entries.", "encoding", "format"].iter().any(|p| path.starts_with(p));
    let path = if is_whole { path.to_owned() } else { format!("entries.0.{path}") };
    let found = path.split('.').try_fold(json, |value, part| match part.parse::<usize>() {
        Ok(n) => value.get(n),
        Err(_) => value.get(part),
    });
    match found {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// Runs `each` on every case of a file, and returns how many there were.
pub(super) fn for_each_case(file: &str, text: &str, each: &mut dyn FnMut(&Case)) -> usize {
    let document: DocumentMut = text.parse().unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut count = 0;
    for table in document["case"].as_array_of_tables().expect("cases") {
        let id = table["id"].as_str().expect("an id");
        assert!(table.contains_key("why"), "{file}: {id} says why");
        let list = ["each", "encodings"].iter().find_map(|k| table.get(k)).and_then(Item::as_array);
        let fills: Vec<&str> = list.map_or(vec![""], |l| l.iter().filter_map(toml_edit::Value::as_str).collect());
        for (n, fill) in fills.into_iter().enumerate() {
            let name = if list.is_some() { format!("{file}/{id}#{n} {fill:?}") } else { format!("{file}/{id}") };
            each(&Case { name, table, fill });
            count += 1;
        }
    }
    count
}

#[test]
fn every_case_gives_what_it_must() {
    let (mut cases, mut faults) = (0, Vec::new());
    for (file, text) in FILES {
        cases += for_each_case(file, text, &mut |case| {
            faults.extend(case.faults().into_iter().map(|f| format!("{}: {f}", case.name)));
        });
    }
    assert!(faults.is_empty(), "{} of {cases} cases:\n{}", faults.len(), faults.join("\n"));
    assert!(cases >= 300, "{cases} cases");
}

#[test]
fn cut_and_damaged_cases_are_survived() {
    /// Every so many bytes, so that all cases together take a second.
    const STEP: usize = 23;
    let mut begin = 0;
    for (file, text) in FILES {
        for_each_case(file, text, &mut |case| {
            begin += 1;
            let bytes = case.bytes();
            for at in (begin % STEP..bytes.len()).step_by(STEP) {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << (begin % 8);
                for damaged in [&bytes[..at], &flipped] {
                    if let Ok((feed, _)) = read_feed(damaged, case.text("header").as_deref(), "f") {
                        records(&feed, "s", "");
                    }
                }
            }
        });
    }
}
