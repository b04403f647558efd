//! Record lines: our own form, one JSON object a line; also a JSON array of records (CSL-JSON).

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::json_text::without_half_characters;
use super::{Entry, Sink, csl, decode, json_record};
use crate::model::{Lines, Place, Pmid, Problem, Record};

/// What to do about a line that is no JSON.
const JSON_HELP: &str = "each line must hold one whole JSON object";

/// How many objects without an end are looked past: each look goes to the end of the file.
const OPEN_OBJECTS_MAX: usize = 50;

/// Reads a text and hands its records to `sink` in their order. A bad line is a problem with its
/// number and costs no other line.
pub fn read(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default().trim();
    if first.starts_with('[') && serde_json::from_str::<Value>(first).is_err() || is_array(first) {
        return read_stream(text, name, source, sink);
    }
    let is_spread = serde_json::from_str::<Value>(first).is_err()
        && serde_json::Deserializer::from_str(text).into_iter::<Value>().next().is_some_and(|v| v.is_ok());
    if is_spread {
        return read_stream(text, name, source, sink);
    }
    read_text_lines(text, Before::default(), name, source, sink);
}

/// What of a file stands before some of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Before {
    /// Lines of the file.
    pub lines: usize,
    /// Records, whole or broken.
    pub records: usize,
}

/// Tells whether a file that begins with these bytes holds a record on each line, so that it can be
/// read some lines at a time.
pub fn is_line_stream(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut lines = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    let is_object = |line: &[u8]| line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok();
    // The second line shows that the first is no object of which all is made.
    lines.next().is_some_and(is_object) && lines.next().is_some_and(|l| l.starts_with(b"{"))
}

/// Reads some whole lines of a file, before which others stand, and hands their records to `sink` in
/// their order. Returns what then stands before the next line.
pub fn read_lines(bytes: &[u8], before: Before, name: &str, source: &str, sink: &mut Sink<'_>) -> Before {
    let decoded = decode::text(bytes);
    if !decoded.note.is_empty() {
        sink(Err(Problem::note(Place::file(name), decoded.note).with_help(decode::HELP)));
    }
    read_text_lines(&decoded.text, before, name, source, sink)
}

/// Reads some whole lines of a text.
fn read_text_lines(text: &str, before: Before, name: &str, source: &str, sink: &mut Sink<'_>) -> Before {
    let Before { mut lines, records: mut number } = before;
    for line in text.lines() {
        lines += 1;
        if line.trim().is_empty() {
            continue;
        }
        number += 1;
        if let Some(record) = json_record::read_line(line) {
            let record = named(record, name, source, number);
            json_record::hand_on_any(record, Place::at(name, lines, 1), sink);
            continue;
        }
        match parsed(line) {
            Ok(value) => {
                for (more, value) in inner(value).into_iter().enumerate() {
                    number += usize::from(more > 0);
                    take(value, Place::at(name, lines, 1), name, source, number, sink);
                }
            }
            Err(error) => {
                let place = Place::at(name, lines, error.column());
                sink(Err(Problem::error(place, format!("is no JSON: {}", reason(&error))).with_help(JSON_HELP)));
            }
        }
    }
    Before { lines, records: number }
}

/// Tells whether a line is a whole JSON array.
fn is_array(line: &str) -> bool {
    line.starts_with('[') && line.ends_with(']')
}

/// Reads values that are spread over lines: an array of records, or records one after the other.
///
/// Each object is cut out by its braces and read on its own, so that a broken one costs only itself.
fn read_stream(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let places = Lines::new(name, text);
    let mut number = 0;
    let mut at = 0;
    let mut open = 0;
    while let Some(start) = text.get(at..).and_then(|t| t.find('{')).map(|found| at + found) {
        let rest = text.get(start..).unwrap_or_default();
        let length = object_end(rest);
        open += usize::from(length.is_none());
        let object = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        match parsed(object) {
            Ok(value) => {
                let place = places.at(start);
                for value in inner(value) {
                    number += 1;
                    take(value, place.clone(), name, source, number, sink);
                }
                at = start + object.len();
            }
            Err(error) => {
                number += 1;
                let (line, column) = (error.line().max(1), error.column());
                let place = places.at(start);
                let column = if line == 1 { place.column + column.saturating_sub(1) } else { column };
                let place = Place::at(name, place.line + line - 1, column);
                let message = format!("record {number} is no JSON and was left out: {}", reason(&error));
                sink(Err(Problem::error(place, message).with_help("export the file again")));
                let behind = length.filter(|length| is_followed_by_object(rest.get(*length..).unwrap_or_default()));
                let next = behind.or_else(|| next_beside(text, start)).filter(|_| open <= OPEN_OBJECTS_MAX);
                at = start + next.unwrap_or(rest.len());
            }
        }
    }
}

/// Reads JSON; halves of characters are read as lost ones.
fn parsed(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|error| match without_half_characters(text) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(mended) => serde_json::from_str(&mended),
    })
}

/// Tells whether a whole object follows, on the same line, a broken one that ended here by its braces: then its quotation
/// marks were right, and it ended here indeed.
fn is_followed_by_object(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    let Some(next) = line.trim_start().strip_prefix(',').map(str::trim_start).filter(|next| next.starts_with('{'))
    else {
        return false;
    };
    object_end(next).and_then(|end| next.get(..end)).is_some_and(|object| parsed(object).is_ok())
}

/// Returns the length of the object that a text begins with; `None` when it never ends.
fn object_end(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns how far behind a broken object the next one begins: at a line that is indented alike and
/// opens a brace, or behind `},` on the same line.
fn next_beside(text: &str, start: usize) -> Option<usize> {
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let indent = text.get(line_start..start)?;
    let rest = text.get(start + 1..)?;
    let beside = if indent.trim().is_empty() { format!("\n{indent}{{") } else { "},{".to_owned() };
    rest.find(&beside).map(|at| at + beside.len())
}

/// Returns the records of a value: itself, or those that a set wraps (Crossref's answers).
fn inner(value: Value) -> Vec<Value> {
    let wrapped = [&["items"][..], &["references"], &["message", "items"]].iter().find_map(|path| {
        let found = path.iter().try_fold(&value, |v, key| v.get(key))?;
        found.as_array().filter(|list| list.iter().all(Value::is_object)).cloned()
    });
    match wrapped {
        Some(records) if value.get("title").is_none() => records,
        _ if value.get("message").is_some_and(|m| m.is_object() && m.get("title").is_some()) => {
            value.get("message").cloned().into_iter().collect()
        }
        _ => vec![value],
    }
}

/// Returns what serde says without its own "at line … column …".
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Hands on what one value says: a record or a deletion.
fn take(value: Value, place: Place, name: &str, source: &str, number: usize, sink: &mut Sink<'_>) {
    let Value::Object(object) = value else {
        sink(Err(Problem::error(place, "is JSON but no object").with_help(JSON_HELP)));
        return;
    };
    if object.get("deleted") == Some(&Value::Bool(true)) {
        let id = object.get("id").or_else(|| object.get("pmid")).map(json_record::text).unwrap_or_default();
        sink(match Pmid::parse(&id) {
            Some(pmid) => Ok(Entry::Deleted(pmid)),
            None => Err(Problem::error(place, format!("a deletion names no PMID but {id:?}"))),
        });
        return;
    }
    // A set with ids of its own may hold records that are empty but for the id; they are asked for.
    let has_title_field = object.contains_key("title");
    let mut object = object;
    let is_csl = csl::is_csl(&object);
    if is_csl {
        csl::prepare(&mut object);
    }
    let (mut record, messages) = json_record::read(object);
    if is_csl {
        csl::finish(&mut record);
    }
    for message in messages {
        sink(Err(Problem::warning(place.clone(), message)));
    }
    let record = named(record, name, source, number);
    if has_title_field {
        json_record::hand_on_any(record, place, sink);
    } else {
        json_record::hand_on(record, place, sink);
    }
}

/// Returns a record with its source, and with an id where it has none.
fn named(mut record: Record, name: &str, source: &str, number: usize) -> Record {
    if record.id.is_empty() {
        record.id = record.pmid.map_or_else(|| format!("{name}#{number}"), |p| format!("pmid:{p}"));
    }
    source.clone_into(&mut record.source);
    if record.extra.get("source_as_given").and_then(Value::as_str) == Some(source) {
        record.extra.remove("source_as_given");
    }
    record
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::normalise::{Format, Parsed, read};

    fn parsed(text: &str) -> Parsed {
        read(text.as_bytes(), "r.jsonl", "inbox")
    }

    /// One case of `tests/cases/record_lines.json`: a line, and the fields it must give.
    #[derive(serde::Deserialize)]
    struct Case {
        id: String,
        #[expect(dead_code, reason = "says to readers why the case is there")]
        note: String,
        line: Value,
        want: Value,
        problems: usize,
    }

    #[test]
    fn every_spelling_of_a_field_is_taken() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../tests/cases/record_lines.json")).expect("cases");
        assert!(cases.len() >= 20);
        for case in cases {
            let got = parsed(&format!("{}\n", case.line));
            assert_eq!(got.problems.len(), case.problems, "{}: {:?}", case.id, got.problems);
            let record = serde_json::to_value(&got.records[0]).expect("writes");
            for (key, want) in case.want.as_object().expect("fields") {
                assert_eq!(record.get(key).unwrap_or(&Value::Null), want, "{}: {key}", case.id);
            }
        }
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let got = parsed(
            "{\"title\":\"a\"}\n{\"title\":\n\n[1]\n7\n{\"id\":\"x\"}\n{\"title\":\"b\"}\r\n{\"id\":\"pmid:90000001\",\"deleted\":true}",
        );
        assert_eq!(got.format, Format::RecordLines);
        let ids: Vec<&str> = got.records.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["r.jsonl#1", "r.jsonl#6"]);
        assert_eq!(got.deleted.len(), 1);
        let lines: Vec<usize> = got.problems.iter().map(|p| p.place.line).collect();
        assert_eq!(lines, [2, 4, 5, 6]);
    }

    #[test]
    fn the_first_line_may_be_the_bad_one() {
        let got = parsed("{\"title\":\"a\"\n{\"title\":\"b\"}\n");
        assert_eq!((got.records.len(), got.problems.len()), (1, 1));
    }

    #[test]
    fn arrays_and_spread_objects_are_read() {
        for (id, text, want) in [
            ("array", "[{\"title\":\"a\"},\n {\"title\":\"b\"}]", 2),
            ("array on one line", "[{\"title\":\"a\"}]", 1),
            ("spread", "{\n \"title\":\n \"a\"\n}\n{\n \"title\": \"b\"}\n", 2),
        ] {
            assert_eq!(parsed(text).records.len(), want, "{id}");
        }
        for (note, text, want) in [
            ("a comma and a space", r#"[{"title":"a" "b"}, {"title":"c"}]"#, (1, 1)),
            (
                "lists in the broken one",
                r#"[{"title":1x,"author":[{"family":"A"},{"family":"B"}]}, {"title":"c"}]"#,
                (1, 1),
            ),
            ("half a character", r#"[{"title":"B \ud800"}, {"title":"c"}]"#, (2, 0)),
            ("half a character on a line", "{\"title\":\"B \\ud800\"}\n{\"title\":\"c\"}", (2, 0)),
        ] {
            let got = parsed(text);
            assert_eq!((got.records.len(), got.problems.len()), want, "{note}: {:?}", got.problems);
        }
        let broken = parsed("[\n{\"title\":\"a\"},\n{\"title\n");
        assert_eq!((broken.records.len(), broken.problems[0].place.line), (1, 4));
    }

    #[test]
    fn what_parse_writes_reads_back_the_same() {
        let line = json!({"id":"pmid:90000002","source":"inbox","title":"T","abstract":"A: x\n\ny","sections":[{"label":"A","category":"METHODS","text":"x"},{"text":"y"}],
            "authors":[{"family":"Example","given":"Maria","suffix":"Jr","orcid":"0000-0001-2345-678X","affiliation":"Z"},{"collective":"The Example Group"}],
            "journal":"J","issn":["1234-5679"],"volume":"1","number":"2","pages":"3","year":2026,"published":"2026-01","entered":"2026-01-02","language":["en"],
            "doi":"10.5555/x","pmid":"90000002","pmcid":"PMC12","url":"https://example.org/","links":["https://example.org/p"],"type":["Journal Article"],
            "mesh":[{"name":"Mothers","ui":"D009035","major":true,"qualifiers":["psychology"]}],"keywords":["k"],
            "relations":[{"kind":"erratum-in","pmid":"90000003","doi":"10.5555/y","note":"n"}],"open_access":false,"database":"MEDLINE","shelf":{"a":[1]}});
        let got = parsed(&line.to_string());
        assert_eq!(got.problems, []);
        assert_eq!(serde_json::to_value(&got.records[0]).expect("writes"), line);
    }
}
