//! Writing packs: what is new or changed since the last ones, and a new signed list.

use std::collections::BTreeMap;
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};

use super::{Ctx, Error, Result};
use crate::fsx;
use crate::model::{Month, Paper, WorkId};
use crate::pack::{
    self, Difference, FOLDER, Gone, MANIFEST, MANIFEST_BYTES_MAX, Manifest, NAME_CHARS_MAX, PUBLIC_KEY, PackEntry,
    PublicKey, SIGNATURE, SecretKey, Why,
};

mod gone;
mod lying;
mod numbers;

use lying::{Lying, lying};
use numbers::Numbers;

/// The most bytes of a file of a key or a signature; real ones have some 300.
const KEY_BYTES_MAX: u64 = 4_096;

/// Where packs are written, by whom and when.
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

/// Writes packs of some papers: lines that are new or changed, and a new list when anything is.
/// `why` says why a paper that stands in a pack is no longer among them.
///
/// # Errors
/// As [`pack()`].
pub fn publish(press: &Press<'_>, papers: Vec<Paper>, why: &dyn Fn(&WorkId) -> Result<Why>) -> Result<PackReport> {
    let mut numbers = Numbers::read(press.numbers)?;
    let signer = press.key.public().to_text();
    let lying = lying(press, &|list| numbers.has_signed(&signer, list))?;
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
    let lies = report.sequence;
    let is_same = lying.list.as_ref().is_some_and(|old| {
        old.gone == gone && old.retracted == difference.retracted && old.content == content && lying.notes.is_empty()
    });
    report.notes.clone_from(&lying.notes);
    report.is_new = !is_same || !difference.packs.is_empty() || !numbers.is_level(&signer, lies, &content);
    if report.is_new {
        report.sequence = numbers.next(&signer, lies, &content);
    }
    if !report.is_new {
        numbers.give(&signer, report.sequence, &content, lying.bytes.as_deref());
        if !press.dry_run {
            numbers.write(press.numbers)?;
        }
        return Ok(report);
    }
    let had_list = lying.list.is_some();
    let (mut packs, mut new_packs) = (lying.packs, Vec::new());
    for (papers, lines) in &difference.packs {
        let (entry, bytes) = packed(press, *papers, lines)?;
        report.bytes += entry.bytes;
        packs.push(entry.clone());
        new_packs.push((entry, bytes));
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
    let bytes = list_bytes(press, &list, had_list)?;
    report.list_bytes = bytes.len();
    numbers.give(&signer, report.sequence, &list.content, Some(&bytes));
    if !press.dry_run {
        // Before the list: a number that was given out is not given again, also after a cut.
        numbers.write(press.numbers)?;
        write(press, &new_packs, &list, &bytes)?;
    }
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

/// Returns a pack as it stands in the list, and its bytes.
fn packed(press: &Press<'_>, papers: usize, lines: &[u8]) -> Result<(PackEntry, Vec<u8>)> {
    let bytes = pack::pack(lines).map_err(|e| Error::stopped(format!("packing failed: {e}"), "free some memory"))?;
    let entry = PackEntry {
        sha256: pack::hash_of(&bytes),
        bytes: count(bytes.len()),
        unpacked: count(lines.len()),
        papers: count(papers),
        month: Month::of(press.today),
    };
    Ok((entry, bytes))
}

/// Returns the bytes of a list that members will read: what they would refuse is never signed.
fn list_bytes(press: &Press<'_>, list: &Manifest, had_list: bool) -> Result<Vec<u8>> {
    let bytes = list.to_bytes().map_err(|e| own_mistake(&e))?;
    let Err(why) = Manifest::parse(&bytes) else { return Ok(bytes) };
    let folder = press.folder.display();
    let help = if list.name.chars().count() > NAME_CHARS_MAX {
        format!("give the roundup a name of at most {NAME_CHARS_MAX} characters, in feeds.toml")
    } else if had_list {
        format!(
            "lists and packs grow with what changed and what is gone: empty {folder} and run it again, then all \
             papers stand in few new packs, which every member fetches once"
        )
    } else {
        "these are more papers than one list holds: pack fewer, from a home of their own".to_owned()
    };
    let size = match bytes.len() {
        length if length > MANIFEST_BYTES_MAX => format!("; it has {length} bytes and may have {MANIFEST_BYTES_MAX}"),
        _ => String::new(),
    };
    Err(Error::stopped(format!("members would refuse the new list, so nothing was written: {why}{size}"), help))
}

/// Writes the new packs, the public key, the signature and, last, the list.
fn write(press: &Press<'_>, packs: &[(PackEntry, Vec<u8>)], list: &Manifest, bytes: &[u8]) -> Result<()> {
    for (entry, bytes) in packs {
        fsx::write_atomic(&press.folder.join(FOLDER).join(entry.file()), bytes)?;
    }
    let signature = press.key.sign(bytes, &list.comment());
    fsx::write_atomic(&press.folder.join(PUBLIC_KEY), press.key.public().to_file().as_bytes())?;
    fsx::write_atomic(&press.folder.join(SIGNATURE), signature.as_bytes())?;
    fsx::write_atomic(&press.folder.join(MANIFEST), bytes)?;
    Ok(())
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
    let no_key = |reason: &str| {
        Error::stopped(format!("{}: {reason}", file.display()), "`roundup pack --new-key FILE` makes a new one")
    };
    let text = fsx::read_plain_text(file, KEY_BYTES_MAX)?.ok_or_else(|| no_key("there is no such file"))?;
    SecretKey::parse(&text).map_err(|e| no_key(&e.to_string()))
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
