//! Files that people drop and that hold no references: what each is, and what to do instead.

use super::{EXPORT_HELP, Found, HEAD_BYTES, nothing, root_name};
use crate::model::text::{clean_line, shorten};
use crate::model::{CanonicalUrl, Doi, Pmid};
use crate::normalise::decode;

/// How many lines show what a list is.
const LINES_LOOKED_AT: usize = 50;

/// The longest address shown whole, in characters.
const ADDRESS_CHARS_MAX: usize = 300;

/// How many identifiers a message shows.
const IDS_SHOWN_MAX: usize = 2;

/// The shortest number that stands alone in a line and is taken for a PMID: shorter ones count.
const PMID_DIGITS_MIN: usize = 5;

/// Returns what bytes are that must be known before the forms that we read: their first sign is
/// that of JSON or of a feed.
pub fn before_all(bytes: &[u8]) -> Option<Found> {
    if bytes.starts_with(b"{\\rtf") {
        let help = "save it as plain text (.txt), or export the references as RIS from the reference tool";
        return Some(nothing("is a rich text document, not an export", help));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zip(bytes));
    }
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    if bytes.starts_with(b"bplist") {
        return Some(match address_in(&String::from_utf8_lossy(head)) {
            Some(address) => bookmark(&address),
            None => nothing("is a settings file of macOS", EXPORT_HELP),
        });
    }
    let head = decode::text(head).text;
    let start = head.trim_start();
    let opening: String = start.chars().take(40).collect::<String>().to_lowercase();
    if opening.starts_with("[internetshortcut]") || opening.starts_with("[desktop entry]") {
        let lines = start.lines().filter_map(|line| line.split_once('='));
        let url = lines.filter(|(key, _)| key.trim().eq_ignore_ascii_case("url")).find_map(|(_, url)| address_in(url));
        return url.map(|address| bookmark(&address));
    }
    if !start.starts_with('<') {
        return None;
    }
    match root_name(start) {
        "plist" => {
            let (_, behind) = start.split_once("<key>URL</key>")?;
            let (_, behind) = behind.split_once("<string>")?;
            let (address, _) = behind.split_once("</string>")?;
            address_in(&address.replace("&amp;", "&")).map(|address| bookmark(&address))
        }
        "rdf:RDF" if start.contains("zotero.org/namespaces/export") || start.contains("purl.org/net/biblio") => {
            let help = "in Zotero: select the references, then Export, then RIS or CSL JSON";
            Some(nothing("is Zotero's RDF, which we do not read", help))
        }
        _ => None,
    }
}

/// Says what a zip archive is: Office documents are archives, too, and tell by the names in them.
fn zip(bytes: &[u8]) -> Found {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    // The list of all names stands at the end.
    let tail = bytes.get(bytes.len().saturating_sub(HEAD_BYTES)..).unwrap_or_default();
    let has = |name: &[u8]| [head, tail].iter().any(|part| memchr::memmem::find(part, name).is_some());
    if has(b"word/") && has(b"[Content_Types].xml") || has(b"opendocument.text") {
        let help = "open the reference tool that made it, select the references there, then Export, then RIS; or take each paper in by its DOI with `roundup add`";
        return nothing("is a Word document", help);
    }
    if has(b"xl/") && has(b"[Content_Types].xml") || has(b"opendocument.spreadsheet") {
        return nothing("is an Excel workbook", "in Excel: Save as, then \"CSV UTF-8\", and drop that file");
    }
    if has(b"[Content_Types].xml") {
        return nothing("is an Office document", EXPORT_HELP);
    }
    nothing("is a zip archive", "unpack it, and drop the files that are in it")
}

/// Returns the web address that a text begins with or holds, as far as it can stand in a command.
fn address_in(text: &str) -> Option<String> {
    let at = text.find("https://").or_else(|| text.find("http://"))?;
    let text = text.get(at..)?;
    let end = text.find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\u{fffd}'));
    let address = clean_line(text.get(..end.unwrap_or(text.len()))?).replace('\'', "%27");
    CanonicalUrl::parse(&address).map(|_| address)
}

/// Says what a bookmark is.
fn bookmark(address: &str) -> Found {
    let address = shorten(address, ADDRESS_CHARS_MAX);
    nothing(&format!("is a bookmark to {address}"), &format!("`roundup add '{address}'` takes its paper in"))
}

/// Returns what text is that lists DOIs or PMIDs, one a line, perhaps below a line that says so.
pub fn list_of_ids(text: &str) -> Option<Found> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).take(LINES_LOOKED_AT).collect();
    let is_name = |line: &&&str| ["doi", "dois", "pmid", "pmids"].contains(&line.to_lowercase().trim_end_matches(':'));
    let lines = if lines.first().as_ref().is_some_and(is_name) { lines.get(1..)? } else { lines.as_slice() };
    let mut shown = Vec::new();
    let (mut dois, mut pmids) = (0, 0);
    for line in lines {
        let line = line.trim_start_matches(['-', '*', '•']).trim().trim_end_matches([',', ';']);
        let is_number = line.bytes().all(|b| b.is_ascii_digit());
        let is_long = !is_number || line.len() >= PMID_DIGITS_MIN;
        let id = if let Some(pmid) = Pmid::parse(line).filter(|_| is_long) {
            pmids += 1;
            pmid.to_string()
        } else {
            let words = line.split_whitespace().count();
            let is_alone = words == 1 || words == 2 && line.to_lowercase().starts_with("doi");
            dois += 1;
            Doi::parse(line).filter(|_| is_alone)?.to_string()
        };
        if shown.len() < IDS_SHOWN_MAX {
            shown.push(id);
        }
    }
    let what = match (dois, pmids) {
        (0, 0) => return None,
        (_, 0) => "DOIs",
        (0, _) => "PMIDs",
        _ => "DOIs and PMIDs",
    };
    let more = if dois + pmids > shown.len() { " …" } else { "" };
    let help = format!("`roundup add` takes them: roundup add {}{more}", shown.join(" "));
    Some(nothing(&format!("is a list of {what}"), &help))
}
