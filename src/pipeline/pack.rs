//! Writing packs: what is new or changed since the last ones, and a new signed list.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};

use super::{Ctx, Error, Result};
use crate::fsx;
use crate::model::{Month, Paper, WorkId};
use crate::pack::{
    self, Contents, Difference, FOLDER, Gone, MANIFEST, Manifest, PUBLIC_KEY, PackEntry, PublicKey, SIGNATURE,
    SecretKey, Why,
};

mod gone;
mod numbers;

use numbers::Numbers;

/// Where packs are written, by whom and when.
#[derive(Debug)]
pub struct Press<'a> {
    /// Folder of the list and the packs.
    pub folder: &'a Path,
    /// File of the publisher's home that remembers the numbers of lists.
    pub numbers: &'a Path,
    /// What the list is signed with.
    pub key: &'a SecretKey,
    /// Name of the collection, for people.
    pub name: &'a str,
    /// The time that the list says.
    pub now: jiff::Timestamp,
    /// Today in the roundup's zone.
    pub today: jiff::civil::Date,
    /// Say what would be written, and write nothing.
    pub dry_run: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct PackReport {
    /// Number of the list; the old one when nothing is new.
    pub sequence: u64,
    /// Whether a new list was written, or would be.
    pub is_new: bool,
    /// Papers that stand in no earlier pack.
    pub new: usize,
    /// Papers that changed.
    pub changed: usize,
    /// Papers that are gone since the last list.
    pub gone: usize,
    /// All papers.
    pub papers: usize,
    /// New packs.
    pub packs: usize,
    /// Bytes of the new packs.
    pub bytes: u64,
    /// Bytes of all packs: what a new member fetches.
    pub bytes_all: u64,
    /// Bytes of the list.
    pub list_bytes: usize,
    /// Short form of the key.
    pub key: String,
    /// What was not as it should be and was put right.
    pub notes: Vec<String>,
}

/// Writes packs of what the store has now.
///
/// # Errors
/// When the database cannot be read, the folder cannot be written, or belongs to another key.
pub fn pack(ctx: &Ctx, folder: &Path, key: &SecretKey, dry_run: bool) -> Result<PackReport> {
    (ctx.progress)("reading the papers");
    let papers = super::search::papers(ctx)?;
    (ctx.progress)("writing packs");
    let name = crate::model::text::clean_line(&ctx.config.settings.house.name);
    let numbers = ctx.home.data().join(numbers::FILE);
    let press =
        Press { folder, numbers: &numbers, key, name: &name, now: ctx.clock.now(), today: ctx.today(), dry_run };
    publish(&press, papers, &|id| gone::why_gone(ctx, id))
}

/// What lies in the folder.
#[derive(Default)]
struct Lying {
    list: Option<Manifest>,
    contents: Contents,
    /// Entries of packs that are whole.
    packs: Vec<PackEntry>,
    /// What is not as it should be.
    notes: Vec<String>,
}

/// Writes packs of some papers: lines that are new or changed, and a new list when anything is.
/// `why` says why a paper that stands in a pack is no longer among them.
///
/// # Errors
/// As [`pack()`].
pub fn publish(press: &Press<'_>, papers: Vec<Paper>, why: &dyn Fn(&WorkId) -> Result<Why>) -> Result<PackReport> {
    let mut numbers = Numbers::read(press.numbers)?;
    let lying = lying(press)?;
    let difference = pack::difference(&lying.contents, papers).map_err(|e| own_mistake(&e))?;
    let old_gone = lying.list.as_ref().map(|l| &l.gone);
    let mut gone: BTreeMap<WorkId, Gone> = BTreeMap::new();
    let mut newly_gone = 0;
    for id in &difference.gone {
        let known = old_gone.and_then(|g| g.get(id)).cloned();
        newly_gone += usize::from(known.is_none());
        let entry = match known {
            Some(known) => known,
            None => Gone { why: why(id)?, day: press.today },
        };
        gone.insert(id.clone(), entry);
    }
    let mut report = report_of(press, &lying, &difference);
    report.gone = newly_gone;
    let content = content(press.name, &difference);
    let (signer, lies) = (press.key.public().to_text(), report.sequence);
    let is_same = lying.list.as_ref().is_some_and(|old| {
        old.gone == gone && old.retracted == difference.retracted && old.content == content && lying.notes.is_empty()
    });
    report.notes = lying.notes;
    report.is_new = !is_same || !difference.packs.is_empty() || !numbers.is_level(&signer, lies, &content);
    if report.is_new {
        report.sequence = numbers.next(&signer, lies, &content);
    }
    numbers.give(&signer, report.sequence, &content);
    if !press.dry_run {
        // Before the list: a number that was given out is not given again, also after a cut.
        numbers.write(press.numbers)?;
    }
    if !report.is_new {
        return Ok(report);
    }
    let mut packs = lying.packs;
    for (papers, lines) in &difference.packs {
        packs.push(write_pack(press, *papers, lines)?);
        report.bytes += packs.last().map_or(0, |p| p.bytes);
    }
    let list = Manifest {
        name: press.name.to_owned(),
        sequence: report.sequence,
        created: press.now,
        papers: count(difference.papers),
        content,
        packs,
        gone,
        retracted: difference.retracted,
    };
    report.bytes_all = list.bytes();
    report.list_bytes = write_list(press, &list)?;
    Ok(report)
}

/// Returns what a list gives, in 32 digits of hex: its name and its papers, whatever packs they stand in.
fn content(name: &str, difference: &Difference) -> String {
    let whole = crate::model::sha256_hex(format!("{name}\n{}", difference.content).as_bytes());
    whole.chars().take(32).collect()
}

/// Returns the report of a run that writes nothing.
fn report_of(press: &Press<'_>, lying: &Lying, difference: &Difference) -> PackReport {
    PackReport {
        sequence: lying.list.as_ref().map_or(0, |l| l.sequence),
        new: difference.new,
        changed: difference.changed,
        papers: difference.papers,
        packs: difference.packs.len(),
        bytes_all: lying.packs.iter().map(|p| p.bytes).sum(),
        key: press.key.public().short(),
        ..PackReport::default()
    }
}

/// Reads what lies in the folder. Packs that are missing or damaged are left out of the next list:
/// what they held is then written anew.
fn lying(press: &Press<'_>) -> Result<Lying> {
    let mut out = Lying::default();
    check_key(press)?;
    let path = press.folder.join(MANIFEST);
    let bytes = match fsx::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(out),
        Err(e) => return Err(e.into()),
    };
    let list = Manifest::parse(&bytes).map_err(|e| {
        Error::stopped(
            format!("{} cannot be gone on from: {e}", path.display()),
            "put back a copy of the folder, or empty it: then all is written anew, and the count goes on from this home's",
        )
    })?;
    let signature = fsx::read_text_if_there(&press.folder.join(SIGNATURE)).ok().flatten().unwrap_or_default();
    if press.key.public().verify(&bytes, &signature).is_err() {
        out.notes.push("the signature did not fit the list, as after a cut; both are written anew".to_owned());
    }
    for entry in &list.packs {
        let lines = fsx::read(&press.folder.join(FOLDER).join(entry.file())).ok();
        match lines.and_then(|bytes| pack::unpack(&bytes, entry).ok()) {
            Some(lines) => {
                out.contents.add(&lines);
                out.packs.push(entry.clone());
            }
            None => {
                out.notes.push(format!("the pack {} is missing or damaged; its papers are written anew", entry.file()));
            }
        }
    }
    out.list = Some(list);
    Ok(out)
}

/// Checks that the folder belongs to the key.
fn check_key(press: &Press<'_>) -> Result<()> {
    let path = press.folder.join(PUBLIC_KEY);
    let Some(text) = fsx::read_text_if_there(&path)? else { return Ok(()) };
    let (old, new) = (PublicKey::parse(&text), press.key.public());
    if old == Ok(new) {
        return Ok(());
    }
    let old = old.map_or_else(|_| "unreadable".to_owned(), PublicKey::short);
    Err(Error::stopped(
        format!(
            "the packs in {} are signed with another key (theirs: {old}, this one: {})",
            press.folder.display(),
            new.short()
        ),
        format!(
            "use that key; if it is lost, remove {}, sign with the new one and tell every member its short form",
            path.display()
        ),
    ))
}

/// Writes a pack and returns its entry.
fn write_pack(press: &Press<'_>, papers: usize, lines: &[u8]) -> Result<PackEntry> {
    let bytes = pack::pack(lines).map_err(|e| Error::stopped(format!("packing failed: {e}"), "free some memory"))?;
    let entry = PackEntry {
        sha256: pack::hash_of(&bytes),
        bytes: count(bytes.len()),
        unpacked: count(lines.len()),
        papers: count(papers),
        month: Month::of(press.today),
    };
    if !press.dry_run {
        fsx::write_atomic(&press.folder.join(FOLDER).join(entry.file()), &bytes)?;
    }
    Ok(entry)
}

/// Writes the public key, the signature and, last, the list. Returns the bytes of the list.
fn write_list(press: &Press<'_>, list: &Manifest) -> Result<usize> {
    let bytes = list.to_bytes().map_err(|e| own_mistake(&e))?;
    if !press.dry_run {
        let signature = press.key.sign(&bytes, &list.comment());
        fsx::write_atomic(&press.folder.join(PUBLIC_KEY), press.key.public().to_file().as_bytes())?;
        fsx::write_atomic(&press.folder.join(SIGNATURE), signature.as_bytes())?;
        fsx::write_atomic(&press.folder.join(MANIFEST), &bytes)?;
    }
    Ok(bytes.len())
}

/// Makes a new secret key in a new file that only its owner may read. Returns its public key.
///
/// # Errors
/// When there is such a file, or it cannot be written.
pub fn new_key(file: &Path) -> Result<PublicKey> {
    let mut seed = [0; 32];
    let no_chance = |_| Error::stopped("this computer gives no random numbers", "try again, or on another computer");
    SystemRandom::new().fill(&mut seed).map_err(no_chance)?;
    let key = SecretKey::of_seed(seed).map_err(|e| Error::stopped(e.to_string(), "try again"))?;
    if file.exists() {
        let help = "name another file; who loses a key must tell every member the next one";
        return Err(Error::stopped(format!("{} is there already and is left as it is", file.display()), help));
    }
    fsx::write_private(file, key.to_file().as_bytes())?;
    Ok(key.public())
}

/// Reads a secret key.
///
/// # Errors
/// When there is no such file or it is no secret key.
pub fn read_key(file: &Path) -> Result<SecretKey> {
    let text = fsx::read_text(file)?;
    let path: PathBuf = file.to_owned();
    SecretKey::parse(&text).map_err(|e| {
        Error::stopped(format!("{}: {e}", path.display()), "`roundup pack --new-key FILE` makes a new one")
    })
}

/// Returns a number of things as the list counts them.
fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Returns the error of what cannot happen.
fn own_mistake(error: &serde_json::Error) -> Error {
    Error::stopped(
        format!("a paper cannot be written as JSON ({error})"),
        "this is a mistake in roundup; please tell us",
    )
}
