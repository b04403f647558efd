//! The list of packs: what a member must have, what is gone, what was retracted. It stays small.
//!
//! ```json
//! {"v":1,"name":"Roundup","sequence":7,"created":"2026-11-01T05:00:00Z","papers":11900,"content":"<hex>",
//! "packs":[
//! ["<sha256 of the pack>",149000,610000,300,"2026-11"]],
//! "gone":{"2026-11-01":{"withdrawn":["w…"],"left-out":["w…"],"merged":{"w…":"w…"}}},
//! "retracted":["w…"]}
//! ```
//! A pack's numbers are its bytes, its bytes when unpacked, its papers, and the month it was written in.

use std::collections::BTreeMap;

use crate::model::{Month, WorkId};

use super::bytes::{PACK_BYTES_MAX, UNPACKED_BYTES_MAX};

/// Version of the form. A higher one is not read.
pub const VERSION: u32 = 1;
/// The most bytes of a list: twenty times what ten years need.
pub const MANIFEST_BYTES_MAX: usize = 1 << 20;
/// The most bytes of all packs together: two million papers, pressed.
const COPY_BYTES_MAX: u64 = 1 << 30;
/// The most bytes of all packs together when unpacked: they are read into memory.
const COPY_UNPACKED_BYTES_MAX: u64 = 8 << 30;
/// The most characters of the collection's name.
pub const NAME_CHARS_MAX: usize = 200;
/// The highest number of a list; beyond it numbers of JSON are not exact everywhere.
pub const SEQUENCE_MAX: u64 = 1 << 53;

/// One pack.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Row", into = "Row")]
pub struct PackEntry {
    /// Lower-case hex of the SHA-256 of its bytes.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
    /// Its bytes when unpacked.
    pub unpacked: u64,
    /// How many lines it has.
    pub papers: u64,
    /// Month in which it was written.
    pub month: Month,
}

/// A pack as it stands in the list.
type Row = (String, u64, u64, u64, Month);

impl From<Row> for PackEntry {
    fn from((sha256, bytes, unpacked, papers, month): Row) -> Self {
        Self { sha256, bytes, unpacked, papers, month }
    }
}

impl From<PackEntry> for Row {
    fn from(p: PackEntry) -> Self {
        (p.sha256, p.bytes, p.unpacked, p.papers, p.month)
    }
}

impl PackEntry {
    /// Returns the name of its file.
    pub fn file(&self) -> String {
        format!("{}.jsonl.zst", self.sha256)
    }
}

/// Why a paper of a pack is no longer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its source has taken it back.
    Withdrawn,
    /// It is one paper with another, which has its names now.
    Merged(WorkId),
    /// It is no longer given out.
    LeftOut,
}

/// A paper that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Why.
    pub why: Why,
    /// The day on which that was noticed.
    pub day: jiff::civil::Date,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Name of the collection, for people.
    pub name: String,
    /// Number of the list, from 1; every new one is higher.
    pub sequence: u64,
    /// When it was made.
    pub created: jiff::Timestamp,
    /// How many papers there are when all packs and all that is gone are counted.
    pub papers: u64,
    /// The packs in the order in which they are read: a later line of an id takes the place of an earlier.
    pub packs: Vec<PackEntry>,
    /// What all papers and the name add up to, in hex: two lists of one number and one content give
    /// the same papers, though their packs may be others. Empty in lists of an older roundup.
    pub content: String,
    /// What stands in a pack and is no longer a paper.
    pub gone: BTreeMap<WorkId, Gone>,
    /// The papers that were retracted, in order.
    pub retracted: Vec<WorkId>,
}

/// What is gone since one day, as it stands in the list.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct GoneRow {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    withdrawn: Vec<WorkId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<WorkId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    merged: BTreeMap<WorkId, WorkId>,
}

/// The list as it stands in its file.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Form {
    v: u32,
    name: String,
    sequence: u64,
    created: jiff::Timestamp,
    papers: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    content: String,
    packs: Vec<PackEntry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    gone: BTreeMap<jiff::civil::Date, GoneRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    retracted: Vec<WorkId>,
}

/// Why some bytes are no list that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAList {
    /// They are a web page.
    #[error("what came is a web page, not the list of packs")]
    WebPage,
    /// They are no JSON of the right form.
    #[error("what came is not a list of packs ({0})")]
    Form(String),
    /// A newer version has written them.
    #[error("the list was written by a newer roundup (form {0})")]
    Newer(u64),
}

impl Manifest {
    /// Returns the bytes of its file: one pack a line. The same list gives the same bytes.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which is our own mistake.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut gone: BTreeMap<jiff::civil::Date, GoneRow> = BTreeMap::new();
        for (id, Gone { why, day }) in &self.gone {
            let row = gone.entry(*day).or_default();
            match why {
                Why::Withdrawn => row.withdrawn.push(id.clone()),
                Why::LeftOut => row.left_out.push(id.clone()),
                Why::Merged(into) => drop(row.merged.insert(id.clone(), into.clone())),
            }
        }
        let (v, packs) = (VERSION, self.packs.clone());
        let (name, content, retracted) = (self.name.clone(), self.content.clone(), self.retracted.clone());
        let (sequence, created, papers) = (self.sequence, self.created, self.papers);
        let form = Form { v, name, sequence, created, papers, content, packs, gone, retracted };
        let text = serde_json::to_string(&form)?;
        // Only between rows of packs does `,["` or `:[["` stand: names of packs are hex.
        let text = text.replace("\"packs\":[[\"", "\n\"packs\":[\n[\"").replace("],[\"", "],\n[\"");
        Ok((text.replace("\"gone\":{", "\n\"gone\":{").replace("\"retracted\":[", "\n\"retracted\":[") + "\n")
            .into_bytes())
    }

    /// Reads a list. What it says is checked to be usable: names of packs are hashes, sizes are
    /// within the limits.
    ///
    /// # Errors
    /// When the bytes are no list, or one of a newer form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAList> {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        if start.starts_with(b"<") {
            return Err(NotAList::WebPage);
        }
        let form = |reason: &str| NotAList::Form(reason.to_owned());
        if bytes.len() > MANIFEST_BYTES_MAX {
            return Err(form("it is too large"));
        }
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| form("it is no JSON"))?;
        match value.get("v").and_then(serde_json::Value::as_u64) {
            Some(v) if v == u64::from(VERSION) => {}
            Some(v) => return Err(NotAList::Newer(v)),
            None => return Err(form("it does not say its form")),
        }
        let read: Form = serde_json::from_value(value).map_err(|e| NotAList::Form(e.to_string()))?;
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if read.packs.iter().any(|p| !is_hash(&p.sha256) || !can_be(p)) {
            return Err(form("it names a pack that cannot be"));
        }
        let sum = |size: fn(&PackEntry) -> u64| read.packs.iter().map(size).fold(0, u64::saturating_add);
        if sum(|p| p.bytes) > COPY_BYTES_MAX || sum(|p| p.unpacked) > COPY_UNPACKED_BYTES_MAX {
            return Err(form("its packs are larger together than any copy"));
        }
        if read.sequence == 0 || read.sequence > SEQUENCE_MAX {
            return Err(form("its number cannot be"));
        }
        if read.name.chars().count() > NAME_CHARS_MAX {
            return Err(form("its name is too long"));
        }
        let Form { name, sequence, created, papers, content, packs, gone, mut retracted, .. } = read;
        retracted.sort();
        retracted.dedup();
        let gone = gone.into_iter().flat_map(|(day, row)| opened(day, row)).collect();
        Ok(Self { name, sequence, created, papers, packs, content, gone, retracted })
    }

    /// Tells whether another list gives the same papers under the same number, from whatever packs.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.sequence == other.sequence && !self.content.is_empty() && self.content == other.content
    }

    /// Returns what the signature says about the list beside its bytes.
    pub fn comment(&self) -> String {
        format!("roundup packs, list {} of {}", self.sequence, self.created)
    }

    /// Returns the lines of all packs: there cannot be more papers.
    pub fn lines(&self) -> u64 {
        self.packs.iter().map(|p| p.papers).sum()
    }

    /// Returns the bytes of all packs.
    pub fn bytes(&self) -> u64 {
        self.packs.iter().map(|p| p.bytes).sum()
    }
}

/// Tells whether a pack can have such sizes. A line has more than one byte, so that no number of papers
/// is larger than what it stands in.
fn can_be(pack: &PackEntry) -> bool {
    (1..=PACK_BYTES_MAX).contains(&pack.bytes) && pack.unpacked <= UNPACKED_BYTES_MAX && pack.papers <= pack.unpacked
}

/// Returns the papers of a row, each with its reason.
fn opened(day: jiff::civil::Date, row: GoneRow) -> impl Iterator<Item = (WorkId, Gone)> {
    let withdrawn = row.withdrawn.into_iter().map(|id| (id, Why::Withdrawn));
    let left_out = row.left_out.into_iter().map(|id| (id, Why::LeftOut));
    let merged = row.merged.into_iter().map(|(id, into)| (id, Why::Merged(into)));
    withdrawn.chain(left_out).chain(merged).map(move |(id, why)| (id, Gone { why, day }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identifier, Pmid};

    fn id(n: u32) -> WorkId {
        WorkId::mint(&Identifier::Pmid(Pmid::parse(&(90_000_000 + n).to_string()).unwrap()), 0)
    }

    fn large() -> Manifest {
        let day = |n: u32| jiff::civil::date(2026, 1, 1).checked_add(jiff::Span::new().days(i64::from(n))).unwrap();
        let why = |n: u32| match n % 3 {
            0 => Why::Withdrawn,
            1 => Why::LeftOut,
            _ => Why::Merged(id(n + 5_000)),
        };
        let entry = |n: u32| PackEntry {
            sha256: crate::model::sha256_hex(&n.to_be_bytes()),
            bytes: 150_000 + u64::from(n),
            unpacked: 620_000,
            papers: 300,
            month: Month::parse("2026-11").unwrap(),
        };
        Manifest {
            name: "Perinatal mental health \"roundup\" ],[\" x".to_owned(),
            sequence: 120,
            created: "2026-11-01T05:00:00Z".parse().unwrap(),
            papers: 36_000,
            content: "0123456789abcdef0123456789abcdef".to_owned(),
            packs: (0..120).map(entry).collect(),
            gone: (0..300).map(|n| (id(n), Gone { why: why(n), day: day(n / 3 * 30) })).collect(),
            retracted: {
                let mut ids: Vec<_> = (1_000..1_050).map(id).collect();
                ids.sort();
                ids
            },
        }
    }

    #[test]
    fn a_list_of_ten_years_is_small_and_reads_back() {
        let list = Manifest { name: "Roundup".to_owned(), ..large() };
        let bytes = list.to_bytes().unwrap();
        println!("a list of 120 packs, 300 papers gone, 50 retracted: {} bytes", bytes.len());
        assert!(bytes.len() < 25_000, "{}", bytes.len());
        assert_eq!(Manifest::parse(&bytes).unwrap(), list);
        assert_eq!(String::from_utf8(bytes).unwrap().lines().count(), 124);
    }

    #[test]
    fn a_name_of_any_kind_reads_back() {
        let list = large();
        assert_eq!(Manifest::parse(&list.to_bytes().unwrap()).unwrap(), list);
    }

    #[test]
    fn what_is_no_list_says_what_it_is() {
        let good = String::from_utf8(large().to_bytes().unwrap()).unwrap();
        let hash = large().packs[0].sha256.clone();
        for (text, want) in [
            ("<!DOCTYPE html>".to_owned(), "a web page"),
            ("  <html>".to_owned(), "a web page"),
            ("Not found".to_owned(), "no JSON"),
            ("{}".to_owned(), "does not say its form"),
            ("[]".to_owned(), "does not say its form"),
            (good.replace("\"v\":1", "\"v\":2"), "newer roundup"),
            (good.replace("\"sequence\":120", "\"sequence\":0"), "cannot be"),
            (good.replace("150000", "99999999999"), "cannot be"),
            (good.replace("620000", "300000000"), "cannot be"),
            (good.replace("620000,300", "620000,18446744073709551615"), "cannot be"),
            (good.replacen("150000", "0", 1), "cannot be"),
            (good.replace("620000", "268000000"), "larger together"),
            (good.replace(&hash, "../../etc/passwd"), "cannot be"),
            (good.replace("\"papers\":36000", "\"papers\":-1"), "not a list"),
            (good.replace("2026-11-01T05:00:00Z", "yesterday"), "not a list"),
        ] {
            let said = Manifest::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(said.contains(want), "{want}: {said}");
        }
    }
}
