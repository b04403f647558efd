//! Searches that were saved, and what was seen at the last look at each.
//!
//! Two small files a search below `data/saved`: `NAME.query.json` says what is looked for and is
//! written once; `NAME.json` holds the ids of the papers seen and is written at each look. So a look
//! that is lost costs no search, and two searches never write the same file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Home;
use crate::fsx::{self, PathError};
use crate::model::{Place, Problem, WorkId};

/// The most characters of a name.
const NAME_CHARS_MAX: usize = 40;

/// The most searches that are kept: a person looks through no longer list.
pub const SEARCHES_MAX: usize = 500;

/// How the file of what is looked for ends.
const QUERY_ENDING: &str = ".query.json";

/// How the file of what was seen ends.
const SEEN_ENDING: &str = ".json";

/// Names that Windows keeps for devices, whatever the ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Names that Windows keeps for devices with one digit behind them.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// The name of a saved search: 1–40 letters a–z, digits and hyphens. It keeps its capitals, and is
/// compared without them.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SearchName(String);

impl SearchName {
    /// Returns the name that `text` is, or what is wrong with it, for people.
    ///
    /// # Errors
    /// When it is empty, too long, holds another character, begins with a hyphen, or is kept by Windows.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !text.starts_with('-');
        if !fits || text.is_empty() || text.len() > NAME_CHARS_MAX {
            return Err(format!(
                "a name has letters from a to z, digits and hyphens, up to {NAME_CHARS_MAX}: kenya-screening"
            ));
        }
        let key = text.to_ascii_lowercase();
        let is_numbered = |name: &&str| {
            key.strip_prefix(*name).is_some_and(|rest| matches!(rest.as_bytes(), [digit] if digit.is_ascii_digit()))
        };
        if DEVICES.contains(&key.as_str()) || NUMBERED_DEVICES.iter().any(is_numbered) {
            return Err(format!("Windows keeps the name {text} for itself; choose another"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what names are compared by, and files are called by.
    fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl TryFrom<String> for SearchName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<SearchName> for String {
    fn from(name: SearchName) -> Self {
        name.0
    }
}

impl PartialEq for SearchName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for SearchName {}

/// A search that was saved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SavedSearch {
    /// Version of the file, 1.
    pub v: u32,
    /// Its name.
    pub name: SearchName,
    /// What is looked for, as it was typed.
    pub query: String,
    /// Whether only what was typed is looked for, not other names of it.
    #[serde(default)]
    pub exact: bool,
}

/// What was seen at the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// These papers.
    Papers(BTreeSet<WorkId>),
    /// It was never looked at.
    Never,
    /// It cannot be known: the file is damaged, and was put there.
    Damaged(PathBuf),
}

/// The file of what was seen.
#[derive(serde::Serialize, serde::Deserialize)]
struct SeenFile {
    v: u32,
    /// Ids in order, parted by spaces.
    seen: String,
}

/// Version of both files.
const VERSION: u32 = 1;

/// The saved searches of a home.
#[derive(Debug, Clone)]
pub struct SavedSearches {
    folder: PathBuf,
}

impl SavedSearches {
    /// Returns those of a home; nothing is read.
    pub fn of(home: &Home) -> Self {
        Self { folder: home.data().join("saved") }
    }

    /// Returns all searches by name, and what is wrong with files that are none.
    ///
    /// # Errors
    /// When the folder cannot be read. A missing one holds none.
    pub fn all(&self) -> Result<(Vec<SavedSearch>, Vec<Problem>), PathError> {
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let mut files = fsx::files_in(&self.folder)?;
        files.retain(|path| path.file_name().is_some_and(|n| n.to_string_lossy().ends_with(QUERY_ENDING)));
        files.sort();
        for path in files {
            match read(&path) {
                Ok(search) => found.push(search),
                Err(problem) => problems.push(problem),
            }
        }
        Ok((found, problems))
    }

    /// Returns whether there is a file for a name, even a damaged one.
    pub fn has(&self, name: &SearchName) -> bool {
        self.query_file(name).exists()
    }

    /// Keeps a search and the papers that were seen.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn add(&self, name: &SearchName, query: &str, exact: bool, seen: &BTreeSet<WorkId>) -> Result<(), PathError> {
        let search = SavedSearch { v: VERSION, name: name.clone(), query: query.to_owned(), exact };
        // What was seen first: a search without it would count as never looked at.
        self.keep(name, seen)?;
        fsx::write_atomic(&self.query_file(name), &line(&search)).map(|_| ())
    }

    /// Returns what was seen at the last look. A damaged file is put aside.
    ///
    /// # Errors
    /// When the file cannot be read, or not be put aside.
    pub fn seen(&self, name: &SearchName) -> Result<Seen, PathError> {
        let path = self.seen_file(name);
        let bytes = match fsx::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Seen::Never),
            Err(error) => return Err(error),
        };
        if let Some(papers) = papers(&bytes) {
            return Ok(Seen::Papers(papers));
        }
        let aside = path.with_extension("damaged");
        Ok(Seen::Damaged(fsx::move_beside_others(&path, &aside)?))
    }

    /// Keeps which papers were seen.
    ///
    /// # Errors
    /// When the file cannot be written; what was kept before then stays.
    pub fn keep(&self, name: &SearchName, seen: &BTreeSet<WorkId>) -> Result<(), PathError> {
        let ids: Vec<&str> = seen.iter().map(WorkId::as_str).collect();
        let file = SeenFile { v: VERSION, seen: ids.join(" ") };
        fsx::write_atomic(&self.seen_file(name), &line(&file)).map(|_| ())
    }

    /// Removes a search and what was seen of it. Returns whether there was one.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove(&self, name: &SearchName) -> Result<bool, PathError> {
        let was_there = self.has(name);
        fsx::remove_file(&self.query_file(name))?;
        fsx::remove_file(&self.seen_file(name))?;
        Ok(was_there)
    }

    fn query_file(&self, name: &SearchName) -> PathBuf {
        self.folder.join(name.key() + QUERY_ENDING)
    }

    fn seen_file(&self, name: &SearchName) -> PathBuf {
        self.folder.join(name.key() + SEEN_ENDING)
    }
}

/// Returns a value as one line of JSON.
fn line<T: serde::Serialize>(value: &T) -> Vec<u8> {
    let text = serde_json::to_string(value).expect("invariant: names and texts are always JSON");
    format!("{text}\n").into_bytes()
}

/// Reads what is looked for.
fn read(path: &Path) -> Result<SavedSearch, Problem> {
    let place = || Place::file(path.display().to_string());
    let bytes = fsx::read(path).map_err(|error| Problem::error(place(), error.to_string()))?;
    let search: Option<SavedSearch> = serde_json::from_slice(&bytes).ok();
    // A file by another name would be written elsewhere than it was read.
    let is_own = |s: &SavedSearch| {
        s.v == VERSION && path.file_name().is_some_and(|n| n.to_string_lossy() == s.name.key() + QUERY_ENDING)
    };
    search.filter(is_own).ok_or_else(|| {
        Problem::error(place(), "the file holds no saved search")
            .with_help("`roundup saved remove` and `roundup saved add` with its name make it anew")
    })
}

/// Reads which papers were seen; `None` when the file is damaged.
fn papers(bytes: &[u8]) -> Option<BTreeSet<WorkId>> {
    let file: SeenFile = serde_json::from_slice(bytes).ok()?;
    if file.v != VERSION {
        return None;
    }
    file.seen.split_ascii_whitespace().map(WorkId::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_the_folder() {
        for (text, is_name) in [
            ("kenya-2", true),
            ("A", true),
            (&"x".repeat(40) as &str, true),
            (&"x".repeat(41), false),
            ("", false),
            ("-x", false),
            ("..", false),
            ("../x", false),
            ("a/b", false),
            ("a\\b", false),
            ("a.b", false),
            ("C:", false),
            ("a b", false),
            ("é", false),
            ("a\0", false),
            ("a\u{202e}", false),
            ("CON", false),
            ("lpt1", false),
            ("com12", true),
            ("com", true),
            ("comb", true),
        ] {
            assert_eq!(SearchName::parse(text).is_ok(), is_name, "{text:?}");
        }
        assert_eq!(SearchName::parse("Kenya"), SearchName::parse("kENYA"));
    }

    fn ids(names: &[&str]) -> BTreeSet<WorkId> {
        names.iter().map(|n| WorkId::parse(n).unwrap()).collect()
    }

    #[test]
    fn a_look_is_kept_and_a_damaged_one_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = SavedSearches::of(&Home::new(folder.path()));
        let name = SearchName::parse("Kenya").unwrap();
        assert!(shelf.all().unwrap().0.is_empty() && !shelf.remove(&name).unwrap());
        assert_eq!(shelf.seen(&name).unwrap(), Seen::Never);
        let two = ids(&["waaaaaaaaaab", "waaaaaaaaaac"]);
        shelf.add(&name, "stigma", true, &two).unwrap();
        let lower = SearchName::parse("kenya").unwrap();
        assert_eq!(shelf.seen(&lower).unwrap(), Seen::Papers(two));
        let found = shelf.all().unwrap().0;
        assert_eq!((found[0].name.as_str(), found[0].query.as_str(), found[0].exact), ("Kenya", "stigma", true));
        shelf.keep(&name, &BTreeSet::new()).unwrap();
        assert_eq!(shelf.seen(&name).unwrap(), Seen::Papers(BTreeSet::new()));
        let file = shelf.seen_file(&name);
        for (id, bytes) in [
            ("cut", &b"{\"v\":1,\"seen\":\"waaa"[..]),
            ("no id", b"{\"v\":1,\"seen\":\"../x\"}"),
            ("of later", b"{\"v\":2,\"seen\":\"\"}"),
            ("no text", b"\xff\xfe"),
            ("empty", b""),
        ] {
            fsx::write_atomic(&file, bytes).unwrap();
            let Seen::Damaged(aside) = shelf.seen(&name).unwrap() else { panic!("{id}") };
            assert_eq!(fsx::read(&aside).unwrap(), bytes, "{id}");
            assert_eq!(shelf.seen(&name).unwrap(), Seen::Never, "{id}");
        }
        assert!(shelf.remove(&lower).unwrap() && shelf.all().unwrap().0.is_empty());
    }

    #[test]
    fn a_file_that_is_no_search_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = SavedSearches::of(&Home::new(folder.path()));
        shelf.add(&SearchName::parse("b").unwrap(), "stigma", false, &BTreeSet::new()).unwrap();
        for (name, text) in [
            ("a.query.json", "{"),
            ("c.query.json", "{\"v\":1,\"name\":\"../../x\",\"query\":\"x\"}"),
            ("d.query.json", "{\"v\":1,\"name\":\"other\",\"query\":\"x\"}"),
        ] {
            fsx::write_atomic(&shelf.folder.join(name), text.as_bytes()).unwrap();
        }
        let (found, problems) = shelf.all().unwrap();
        assert_eq!((found.len(), problems.len()), (1, 3), "{problems:?}");
    }
}
