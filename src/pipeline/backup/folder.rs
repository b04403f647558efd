//! A backup as it lies on the disk: a folder with the home's files under `home/`, a list of sums that `sha256sum -c`
//! checks, and a page for people.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::contents::{DATABASE, may_be_put_back};
use crate::fsx::{self, EntryKind};
use crate::model::FileName;
use crate::model::text::clean_line;
use crate::pipeline::{Error, Result};
use crate::store;

/// The list of sums.
pub(super) const SUMS: &str = "MANIFEST";
/// What the backup says of itself.
pub(super) const ABOUT: &str = "BACKUP.json";
/// The page for people.
pub(super) const PAGE: &str = "README.txt";
/// The folder of the home's files.
pub(super) const HOME: &str = "home";
/// How the name of a backup begins.
const PREFIX: &str = "backup-";
/// What tells our backups from anything else.
const FORM: &str = "roundup-backup";
/// Version of the form.
const VERSION: u32 = 1;
/// The most bytes of the two files that are read whole: some hundred thousand names.
const LIST_BYTES_MAX: u64 = 64 << 20;
/// How many faults are told.
const FAULTS_TOLD_MAX: usize = 20;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct About {
    /// Always `roundup-backup`.
    form: String,
    /// Version of the form.
    v: u32,
    /// When it was made, UTC.
    pub made_at: Timestamp,
    /// The home that it was made of, as it was called there.
    pub home: String,
    /// The program that made it.
    pub roundup: String,
    /// Schema of the database.
    pub schema: usize,
    /// Rows of the database by table.
    pub tables: BTreeMap<String, u64>,
    /// What lay in the home and is not in here, with the reason.
    pub left_out: Vec<String>,
}

impl About {
    /// Describes a backup that is being made.
    pub(super) fn new(home: String, now: Timestamp, held: &store::DatabaseLook, left_out: Vec<String>) -> Self {
        Self {
            form: FORM.to_owned(),
            v: VERSION,
            // Seconds say enough; what is shown of it and its name are the same then.
            made_at: Timestamp::from_second(now.as_second()).unwrap_or(now),
            home,
            roundup: env!("CARGO_PKG_VERSION").to_owned(),
            schema: held.schema,
            tables: held.tables.clone(),
            left_out,
        }
    }
}

/// A backup that lies somewhere.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Backup {
    /// Where.
    pub path: PathBuf,
    /// What it says of itself.
    pub about: About,
}

/// What is in a backup, looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says of itself.
    pub about: About,
    /// Each file that belongs into a home, by name from the home on, with its sum.
    pub files: BTreeMap<FileName, String>,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// Returns the name of a backup that is made at a moment.
pub(super) fn name_at(now: Timestamp) -> String {
    format!("{PREFIX}{}", now.strftime("%Y-%m-%dT%H%M%SZ"))
}

/// Tells whether a folder's name is that of a backup: of a moment, with a number behind it where there were two.
fn is_name(name: &str) -> bool {
    const MOMENT: &str = "0000-00-00T000000Z";
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    let Some((moment, number)) = rest.split_at_checked(MOMENT.len()) else { return false };
    let is_moment = moment
        .bytes()
        .zip(MOMENT.bytes())
        .all(|(is, form)| if form == b'0' { is.is_ascii_digit() } else { is == form });
    let digits = number.strip_prefix('-').unwrap_or_default();
    is_moment && (number.is_empty() || (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())))
}

/// Returns what a folder says of itself as a backup; `None` when it is none of ours.
pub(super) fn about(folder: &Path) -> Option<About> {
    let text = fsx::read_plain_text(&folder.join(ABOUT), LIST_BYTES_MAX).ok().flatten()?;
    let about: About = serde_json::from_str(&text).ok()?;
    (about.form == FORM && about.v >= 1).then_some(about)
}

/// Returns the backups in a folder, newest first. Only folders that bear the name of one, are whole as far as a look at
/// them tells, and say that they are one.
///
/// # Errors
/// When the folder cannot be listed.
pub fn backups_in(folder: &Path) -> Result<Vec<Backup>> {
    let mut out = Vec::new();
    for (path, kind) in fsx::entries_in(folder)? {
        let is_named = path.file_name().and_then(|n| n.to_str()).is_some_and(is_name);
        if kind != EntryKind::Folder || !is_named || !path.join(SUMS).is_file() {
            continue;
        }
        out.extend(about(&path).map(|about| Backup { path: path.clone(), about }));
    }
    out.sort_by(|a, b| (b.about.made_at, &b.path).cmp(&(a.about.made_at, &a.path)));
    Ok(out)
}

/// Returns the sum of a file with its length.
pub(super) fn sum_of(path: &Path) -> Result<(String, u64)> {
    let mut sum = Sum::default();
    let bytes = fsx::read_pieces(path, |piece| sum.add(piece))?;
    Ok((sum.hex(), bytes))
}

/// A SHA-256 that is made piece by piece.
#[derive(Default)]
pub(in crate::pipeline) struct Sum(Sha256);

impl Sum {
    /// Adds bytes.
    pub(in crate::pipeline) fn add(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Returns it in hex.
    pub(in crate::pipeline) fn hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0.finalize())
    }
}

/// Writes the list of sums of files by name.
pub(super) fn sums(files: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    for (name, sum) in files {
        out.push_str(&format!("{sum}  {name}\n"));
    }
    out
}

/// Reads a list of sums. `None` for a line that is none, or a name that stands twice.
fn read_sums(text: &str) -> Option<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (sum, name) = line.split_once("  ")?;
        let is_sum = sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !is_sum || out.insert(name.to_owned(), sum.to_owned()).is_some() {
            return None;
        }
    }
    Some(out)
}

/// Looks a backup through: each file against its sum, the database's structure, its rows against what was counted.
/// Nothing is written, in the backup neither.
///
/// # Errors
/// When it is no backup, is damaged, or was made by a newer program: what is wrong, and what to do.
pub fn check(folder: &Path, progress: &dyn Fn(&str)) -> Result<Checked> {
    let shown = folder.display();
    let Some(about) = about(folder) else {
        let reason = format!("{shown} is no backup that roundup made");
        return Err(Error::stopped(reason, "name a folder such as backups/backup-2026-11-01T060000Z"));
    };
    let newer = about.v > VERSION || about.schema > store::schema_known();
    if newer {
        let reason = format!("{shown} was made by a newer roundup ({}); nothing was changed", about.roundup);
        return Err(Error::stopped(reason, "update roundup here first"));
    }
    let damaged = |what: String| {
        let reason = format!("the backup {shown} is damaged: {what}; nothing was changed");
        Error::stopped(reason, "take another one: `roundup restore` lists those of this home")
    };
    let text = fsx::read_plain_text(&folder.join(SUMS), LIST_BYTES_MAX)?;
    let sums = text.as_deref().and_then(read_sums).ok_or_else(|| damaged(format!("{SUMS} cannot be read")))?;
    let mut checked = Checked { about, files: BTreeMap::new(), bytes: 0 };
    let mut faults = Vec::new();
    for (name, sum) in &sums {
        progress(&format!("comparing {name}"));
        check_file(folder, name, sum, &mut checked).unwrap_or_else(|fault| faults.push(fault));
    }
    if !sums.contains_key(ABOUT) || !checked.files.keys().any(|name| name.as_str() == DATABASE) {
        faults.push(format!("{SUMS} lacks {ABOUT} or the database"));
    }
    if faults.is_empty() {
        progress("looking through the copy of the database");
        faults.extend(check_database(folder, &checked.about)?);
    }
    match faults.as_slice() {
        [] => Ok(checked),
        faults => {
            let more = faults.len().saturating_sub(FAULTS_TOLD_MAX);
            let shown: Vec<&str> = faults.iter().take(FAULTS_TOLD_MAX).map(String::as_str).collect();
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            Err(damaged(format!("{}{more}", shown.join("; "))))
        }
    }
}

/// Compares one file with its sum; what is wrong in words.
fn check_file(folder: &Path, name: &str, sum: &str, checked: &mut Checked) -> std::result::Result<(), String> {
    let inner = name.strip_prefix(HOME).and_then(|rest| rest.strip_prefix('/')).map(FileName::parse);
    let (in_home, path) = match inner {
        Some(Some(inner)) if may_be_put_back(&inner) => {
            let path = inner.under(&folder.join(HOME));
            (Some(inner), path)
        }
        None if [ABOUT, PAGE].contains(&name) => (None, folder.join(name)),
        _ => return Err(format!("{SUMS} names \"{}\", which belongs into no home", clean_line(name))),
    };
    if let Some(link) = path.ancestors().take_while(|p| *p != folder).find(|p| p.is_symlink()) {
        return Err(format!("{} is a link", link.display()));
    }
    let (found, bytes) = match sum_of(&path) {
        Ok(found) => found,
        Err(Error::Path(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(format!("{name} is missing"));
        }
        Err(error) => return Err(error.to_string()),
    };
    if found != sum {
        return Err(format!("{name} is not what was copied"));
    }
    if let Some(inner) = in_home {
        checked.bytes += bytes;
        checked.files.insert(inner, found);
    }
    Ok(())
}

/// Looks the copy of the database through; what is wrong in words.
fn check_database(folder: &Path, about: &About) -> Result<Vec<String>> {
    let found = match store::look_through(&folder.join(HOME).join(DATABASE)) {
        Ok(found) => found,
        Err(error) if error.is_damage() => return Ok(vec![error.to_string()]),
        Err(error) => return Err(error.into()),
    };
    let mut faults = found.problems;
    if faults.is_empty() && (found.schema != about.schema || found.tables != about.tables) {
        faults.push("the database does not hold what was counted".to_owned());
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_backup_is_known() {
        let name = name_at("2026-11-23T06:00:05Z".parse().unwrap());
        assert_eq!(name, "backup-2026-11-23T060005Z");
        for (name, is_one) in [
            (name.as_str(), true),
            ("backup-2026-11-23T060005Z-2", true),
            ("backup-2026-11-23T060005Z-", false),
            ("backup-2026-11-23T060005Z-old", false),
            ("backup-2026-11-23", false),
            ("backup-of-mine", false),
            ("replaced-2026-11-23T060005Z", false),
            ("backup-é026-11-23T060005Z", false),
        ] {
            assert_eq!(is_name(name), is_one, "{name}");
        }
    }

    #[test]
    fn a_list_of_sums_is_read_or_refused() {
        let sum = "ab".repeat(32);
        let files = BTreeMap::from([("a b".to_owned(), sum.clone()), ("home/c".to_owned(), sum.clone())]);
        assert_eq!(read_sums(&sums(&files)), Some(files));
        for text in ["x", "  a", &format!("{sum} a"), &format!("{}  a", "G".repeat(64)), &format!("{sum}  a\n{sum}  a")]
        {
            assert_eq!(read_sums(text), None, "{text}");
        }
    }
}
