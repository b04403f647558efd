//! PubMed through the E-utilities: ESearch for the ids of a window of days, EFetch for the records.
//!
//! Ids are asked for in full and records by id, never from the history server: so what was asked
//! can be compared with what came, and nothing depends on a server's memory. At most 9,999 ids
//! come from one search (biopython issue 4189), so larger windows are split by days.

use jiff::ToSpan;
use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::fetch::{Method, Request, Response, fetch_patiently};
use super::{Asker, HarvestError, Page, Sink};
use crate::model::{Payload, PayloadKind, Source, SourceKind, SourceState};

/// The most ids one ESearch gives for PubMed.
const IDS_MAX: usize = 9_999;
/// Records asked for at once.
const PAGE_RECORDS: usize = 200;
/// Pause between requests without a key: 3 a second are allowed (NBK25497), and a little air.
const GAP_MS: u64 = 350;
/// Pause with a key: 10 a second are allowed.
const GAP_WITH_KEY_MS: u64 = 110;

/// What ESearch answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    count: usize,
    ids: Vec<u32>,
    warnings: Vec<String>,
    error: Option<String>,
}

/// Asks for the records that entered PubMed in the open window and those to be rechecked.
///
/// # Errors
/// When PubMed cannot be asked, says that the query is wrong, or a page cannot be stored.
pub async fn harvest(
    asker: &Asker<'_>,
    source: &Source,
    state: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, HarvestError> {
    let SourceKind::Pubmed { overlap_days, first_days, .. } = &source.kind else {
        return Err(HarvestError::Answer("this is no PubMed source".to_owned()));
    };
    let back = |day: Date, days: u32| day.saturating_sub(i64::from(days).days());
    let from =
        state.covered_to.map_or_else(|| back(asker.today, *first_days), |d| back(d.min(asker.today), *overlap_days));
    let mut notes = Vec::new();
    let mut ids = find_all(asker, source, from, asker.today, &mut notes).await?;
    ids.extend(asker.recheck.iter().map(|p| p.number()));
    ids.sort_unstable();
    ids.dedup();
    for page in ids.chunks(PAGE_RECORDS) {
        let payload = fetch_page(asker, source, page).await?;
        sink.take(Page { payload: Some(payload), state: state.clone() }).await?;
    }
    let done = SourceState {
        covered_to: Some(asker.today),
        last_ok: Some(asker.clock.now()),
        failing_since: None,
        last_error: None,
        ..state.clone()
    };
    sink.take(Page { payload: None, state: done }).await?;
    Ok(notes)
}

/// Returns all ids of a window, splitting it by days while it holds more than one search gives.
async fn find_all(
    asker: &Asker<'_>,
    source: &Source,
    from: Date,
    to: Date,
    notes: &mut Vec<String>,
) -> Result<Vec<u32>, HarvestError> {
    let mut open = vec![(from, to)];
    let mut ids = Vec::new();
    while let Some((from, to)) = open.pop() {
        let found = search(asker, source, from, to).await?;
        if let Some(error) = found.error {
            return Err(HarvestError::Answer(format!("PubMed refused the search: {error}")));
        }
        for warning in found.warnings {
            if !notes.contains(&warning) {
                notes.push(warning);
            }
        }
        if found.count > IDS_MAX && from < to {
            let middle = from.saturating_add((from.until(to).map_or(0, |s| s.get_days()) / 2).days());
            open.push((middle.saturating_add(1.day()), to));
            open.push((from, middle));
            continue;
        }
        if found.ids.len() < found.count {
            notes.push(format!(
                "PubMed found {} records from {from} to {to} and gave the ids of {}",
                found.count,
                found.ids.len()
            ));
        }
        ids.extend(found.ids);
    }
    Ok(ids)
}

/// Makes one ESearch.
async fn search(asker: &Asker<'_>, source: &Source, from: Date, to: Date) -> Result<Found, HarvestError> {
    let SourceKind::Pubmed { query, .. } = &source.kind else { return Ok(Found::default()) };
    let day = |d: Date| d.strftime("%Y/%m/%d").to_string();
    let fields = [
        ("term", query.clone()),
        ("datetype", "edat".to_owned()),
        ("mindate", day(from)),
        ("maxdate", day(to)),
        ("retmax", IDS_MAX.to_string()),
        ("retmode", "xml".to_owned()),
    ];
    let request = request(asker, source, "esearch.fcgi", &fields);
    let response = fetch_patiently(asker.fetch, &request, &|r| match read_found(&r.body) {
        Ok(found) if found.error.as_deref().is_some_and(is_passing_error) => Err(found.error.unwrap_or_default()),
        Ok(_) => Ok(()),
        Err(reason) => Err(reason),
    })
    .await?;
    read_found(&response.body).map_err(HarvestError::Answer)
}

/// Tells whether an `ERROR` inside a 200 is a fault of the moment rather than of the query.
fn is_passing_error(text: &str) -> bool {
    ["Backend failed", "not supported", "rate limit", "Unable to", "timed out", "Server Error"]
        .iter()
        .any(|m| text.contains(m))
}

/// Makes one EFetch of some ids.
async fn fetch_page(asker: &Asker<'_>, source: &Source, ids: &[u32]) -> Result<Payload, HarvestError> {
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let fields = [("id", list.join(",")), ("retmode", "xml".to_owned())];
    let request = request(asker, source, "efetch.fcgi", &fields);
    let response = fetch_patiently(asker.fetch, &request, &check_fetched).await?;
    Ok(Payload {
        source: source.id.clone(),
        url: format!("{}?db=pubmed&id={}", request.url, list.first().map_or("", String::as_str)),
        fetched_at: asker.clock.now(),
        kind: PayloadKind::PubmedXml { asked: ids.to_vec() },
        bytes: response.body,
    })
}

/// Says what is wrong with an EFetch answer: it must be a set and be complete.
fn check_fetched(response: &Response) -> Result<(), String> {
    let tail = response.body.get(response.body.len().saturating_sub(200)..).unwrap_or_default();
    let has = |bytes: &[u8], word: &str| String::from_utf8_lossy(bytes).contains(word);
    if has(tail, "</PubmedArticleSet>") || has(tail, "<PubmedArticleSet/>") {
        return Ok(());
    }
    let head = response.body.get(..response.body.len().min(300)).unwrap_or_default();
    Err(match () {
        () if response.body.is_empty() => "the answer is empty".to_owned(),
        () if has(head, "PubmedArticleSet") => "the answer is cut off".to_owned(),
        () if has(head, "<html") || has(head, "<HTML") => "the answer is an HTML page".to_owned(),
        () if has(head, "rate limit") => "PubMed says that it was asked too often".to_owned(),
        () => "the answer is no PubmedArticleSet".to_owned(),
    })
}

/// Returns a POST with the fields that every call carries. Secrets go into the body alone.
fn request(asker: &Asker<'_>, source: &Source, utility: &str, fields: &[(&str, String)]) -> Request {
    let SourceKind::Pubmed { base_url, .. } = &source.kind else { return Request::get(String::new()) };
    let mut form = String::from("db=pubmed&tool=roundup");
    let mut put = |key: &str, value: &str| {
        form.push('&');
        form.push_str(key);
        form.push('=');
        form.push_str(&encode(value));
    };
    for (key, value) in fields {
        put(key, value);
    }
    if !asker.identity.email.is_empty() {
        put("email", &asker.identity.email);
    }
    if let Some(key) = &asker.identity.api_key {
        put("api_key", key.reveal());
    }
    let gap_ms = if asker.identity.api_key.is_some() { GAP_WITH_KEY_MS } else { GAP_MS };
    Request {
        url: format!("{base_url}{utility}"),
        method: Method::PostForm(form),
        headers: Vec::new(),
        allows_private: source.allows_private,
        gap_ms,
    }
}

/// Returns text as a form value (application/x-www-form-urlencoded).
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => out.push(char::from(b)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Reads an ESearch answer. Warnings come in words for the secretariat.
fn read_found(bytes: &[u8]) -> Result<Found, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the answer to the search is not text".to_owned())?;
    if !text.contains("<eSearchResult") && !text.contains("<ERROR>") {
        return Err("the answer to the search is no eSearchResult".to_owned());
    }
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut found = Found::default();
    let mut is_closed = false;
    loop {
        match reader.read_event().map_err(|e| format!("the answer to the search is damaged: {e}"))? {
            Event::Start(e) => {
                path.push(e.name().as_ref().to_owned());
                value.clear();
            }
            Event::Text(t) => value.push_str(&t),
            Event::GeneralRef(r) => value.push_str(quick_xml::escape::resolve_xml_entity(&r).unwrap_or(" ")),
            Event::End(_) => {
                note_value(&mut found, &path, value.trim());
                value.clear();
                path.pop();
                is_closed = path.is_empty();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if is_closed { Ok(found) } else { Err("the answer to the search is cut off".to_owned()) }
}

/// Puts one element of an ESearch answer where it belongs.
fn note_value(found: &mut Found, path: &[String], value: &str) {
    let at: Vec<&str> = path.iter().map(String::as_str).collect();
    match at.as_slice() {
        ["eSearchResult", "Count"] => found.count = value.parse().unwrap_or(0),
        ["eSearchResult", "IdList", "Id"] => found.ids.extend(value.parse::<u32>().ok()),
        ["eSearchResult", "ERROR"] | ["ERROR"] => found.error = Some(value.to_owned()),
        ["eSearchResult", "ErrorList", "PhraseNotFound"] => {
            found.warnings.push(format!("PubMed does not know the phrase \"{value}\"; the search went on without it"));
        }
        ["eSearchResult", "ErrorList", "FieldNotFound"] => {
            found.warnings.push(format!("PubMed does not know the field \"{value}\""));
        }
        ["eSearchResult", "WarningList", "OutputMessage"] if value == "No items found." => {}
        ["eSearchResult", "WarningList", _] => found.warnings.push(format!("PubMed warns: {value}")),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_answer_is_read_with_its_warnings() {
        let xml = br#"<?xml version="1.0"?><!DOCTYPE eSearchResult><eSearchResult><Count>2</Count><RetMax>2</RetMax><RetStart>0</RetStart><IdList><Id>90000001</Id><Id>90000002</Id></IdList><TranslationSet/><QueryTranslation>x</QueryTranslation><ErrorList><PhraseNotFound>perinatl &amp; co</PhraseNotFound></ErrorList><WarningList><OutputMessage>No items found.</OutputMessage></WarningList></eSearchResult>"#;
        let found = read_found(xml).unwrap();
        assert_eq!((found.count, found.ids.as_slice()), (2, [90_000_001, 90_000_002].as_slice()));
        assert_eq!(
            found.warnings,
            ["PubMed does not know the phrase \"perinatl & co\"; the search went on without it"]
        );
    }

    #[test]
    fn what_is_no_answer_is_said() {
        for (bytes, want) in [
            (&b"<html>wall</html>"[..], "the answer to the search is no eSearchResult"),
            (b"", "the answer to the search is no eSearchResult"),
            (b"<eSearchResult><Count>2</Count>", "the answer to the search is cut off"),
            (b"{\"error\":\"API rate limit exceeded\"}", "the answer to the search is no eSearchResult"),
        ] {
            assert_eq!(read_found(bytes).unwrap_err(), want);
        }
        assert_eq!(
            read_found(b"<eSearchResult><ERROR>Empty term</ERROR></eSearchResult>").unwrap().error.as_deref(),
            Some("Empty term")
        );
    }

    #[test]
    fn form_values_are_encoded() {
        assert_eq!(encode("\"a b\"[tiab:~3] & é"), "%22a+b%22%5Btiab%3A%7E3%5D+%26+%C3%A9");
    }
}
