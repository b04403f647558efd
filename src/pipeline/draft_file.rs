//! A month's draft file as it lies there, to the letter; what is no text is said in words and never waited for.

use std::path::{Path, PathBuf};

use super::{Error, Home, Result};
use crate::fsx::{self, PathError};
use crate::model::{Month, Place, Problem};

/// The most bytes of a draft file: some forty times what a full month has, and quick to read.
pub const BYTES_MAX: u64 = 4_000_000;

/// What lies where a month's draft file belongs.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A text, to the letter: with the byte order mark and the line ends that it has.
    Text(String),
    /// Something that cannot be read as text; it can be put aside as it is.
    Broken(Broken),
}

/// Something that lies where a draft file belongs and cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// What is wrong, where, and what to do.
    pub problem: Problem,
}

impl Found {
    /// Returns the text; `None` when there is none.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Nothing | Self::Broken(_) => None,
        }
    }
}

impl Broken {
    /// Returns the error of a step that needs the text.
    pub(super) fn error(&self) -> Error {
        Error::stopped(format!("{}: {}", self.problem.place, self.problem.message), self.problem.help.clone())
    }
}

/// Returns the draft file's name as people know it.
pub(super) fn file_name(month: Month) -> String {
    format!("drafts/{month}.toml")
}

/// Looks at a month's draft file.
pub fn look(home: &Home, month: Month) -> Found {
    let path = home.draft(month);
    match fsx::read_plain(&path, BYTES_MAX) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Found::Text(text),
            Err(error) => Found::Broken(no_text(month, error.as_bytes(), error.utf8_error().valid_up_to())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !path.is_symlink() => Found::Nothing,
        Err(error) => Found::Broken(unreadable(month, &path, &error)),
    }
}

/// Returns the text of a month's draft file to the letter; `None` when there is none.
///
/// # Errors
/// When there is something else, or it cannot be read: what it is and what to do.
pub fn text(home: &Home, month: Month) -> Result<Option<String>> {
    match look(home, month) {
        Found::Nothing => Ok(None),
        Found::Text(text) => Ok(Some(text)),
        Found::Broken(broken) => Err(broken.error()),
    }
}

/// Checks that a text is not too long to be a draft file: nobody could open it here again.
///
/// # Errors
/// When it is.
pub(super) fn check_length(month: Month, text: &str) -> Result<()> {
    if u64::try_from(text.len()).is_ok_and(|bytes| bytes <= BYTES_MAX) {
        return Ok(());
    }
    Err(Error::stopped(
        format!("{} would be longer than {} MB with this, so nothing was changed", file_name(month), BYTES_MAX / MB),
        "shorten what you wrote, or take out of the file what does not belong there",
    ))
}

/// Puts what lies in a draft file's place and is no text aside, as it is, under a name of its own beside it; returns
/// where it went. It may be a folder or a pipe; of a link the link itself is moved.
///
/// # Errors
/// When it cannot be moved: what to do then.
pub(super) fn put_aside(home: &Home, month: Month) -> Result<PathBuf> {
    let path = home.draft(month);
    fsx::move_beside_others(&path, &path.with_file_name(format!("{month}-broken.toml"))).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        let name = file_name(month);
        Error::stopped(
            format!("what lies at {name} could not be put aside ({cause}), so nothing was changed"),
            format!("move it away, or let the person do it who may write in the folder; {AGAIN}{month}`"),
        )
    })
}

/// What to do once nothing stands in the way; the month follows.
const AGAIN: &str = "then put an earlier version back: `roundup draft history ";

/// Bytes that people call a megabyte.
const MB: u64 = 1_000_000;

/// Returns what to do about a file that is not as it should be.
fn mend(month: Month, what: &str) -> String {
    format!("{what}; or put an earlier version back: `roundup draft history {month}`, or History at the desk")
}

/// Returns what is said of bytes that are no text from `at` on.
fn no_text(month: Month, bytes: &[u8], at: usize) -> Broken {
    let line = 1 + bytes.iter().take(at).filter(|b| **b == b'\n').count();
    let place = Place { line, ..Place::file(file_name(month)) };
    let problem = Problem::error(place, "a sign here is not UTF-8, so the file cannot be read as text");
    let help = mend(month, "open it in your text editor and save it with the encoding UTF-8");
    Broken { problem: problem.with_help(help) }
}

/// Returns a length in megabytes with one decimal, rounded up: what is too long by a byte is seen to be too long.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(MB / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Returns what is said of a file that cannot be read.
fn unreadable(month: Month, path: &Path, error: &PathError) -> Broken {
    let size = fsx::size_of(path).filter(|_| path.is_file()).unwrap_or_default();
    let (message, help) = if path.is_symlink() && !path.exists() {
        let message = "this is a link that leads nowhere, or in a circle";
        (message.to_owned(), mend(month, "bring back what it leads to, or move the link away"))
    } else if path.is_dir() {
        ("this is a folder, not a file".to_owned(), mend(month, "move the folder away"))
    } else if !path.is_file() {
        let message = "this is a pipe or a device, not a file, and was not opened";
        (message.to_owned(), mend(month, "move it away"))
    } else if size > BYTES_MAX {
        let (has, most) = (megabytes(size), BYTES_MAX / MB);
        let message = format!("the file has {has} MB; a draft has at most {most}, so it was not read");
        (message, mend(month, "take out of it what does not belong there"))
    } else {
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        (format!("the file cannot be read: {cause}"), mend(month, "let roundup read and write it"))
    };
    Broken { problem: Problem::error(Place::file(file_name(month)), message).with_help(help) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies in place of a draft.
    enum Lies {
        Bytes(Vec<u8>),
        Folder,
        #[cfg(unix)]
        Link(&'static str),
        #[cfg(unix)]
        Pipe,
    }

    fn put(path: &Path, lies: &Lies) {
        match lies {
            Lies::Bytes(bytes) => drop(fsx::write_atomic(path, bytes).unwrap()),
            Lies::Folder => std::fs::create_dir(path).unwrap(),
            #[cfg(unix)]
            Lies::Link(to) => std::os::unix::fs::symlink(to, path).unwrap(),
            #[cfg(unix)]
            Lies::Pipe => assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()),
        }
    }

    #[test]
    fn what_is_no_text_is_said_in_words() {
        let month = Month::parse("2026-10").unwrap();
        let long = usize::try_from(BYTES_MAX).unwrap();
        for (lies, want, note) in [
            (
                Lies::Bytes(b"one\ntwo\ncaf\xe9\n".to_vec()),
                "drafts/2026-10.toml:3: a sign here is not UTF-8",
                "Latin-1",
            ),
            (Lies::Bytes(b"\xff\xfem\0".to_vec()), "drafts/2026-10.toml:1: a sign here is not UTF-8", "UTF-16"),
            (
                Lies::Bytes(vec![b'a'; long + 1]),
                "drafts/2026-10.toml: the file has 4.1 MB; a draft has at most 4,",
                "long",
            ),
            (Lies::Folder, "drafts/2026-10.toml: this is a folder", "somebody unpacked an archive"),
            #[cfg(unix)]
            (Lies::Link("/dev/zero"), "drafts/2026-10.toml: this is a pipe or a device", "without end"),
            #[cfg(unix)]
            (Lies::Pipe, "drafts/2026-10.toml: this is a pipe or a device", "never waited for"),
            #[cfg(unix)]
            (Lies::Link("2026-10.toml"), "drafts/2026-10.toml: this is a link that leads nowhere", "to itself"),
            #[cfg(unix)]
            (Lies::Link("gone.toml"), "drafts/2026-10.toml: this is a link that leads nowhere", "a share that is gone"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let home = Home::new(folder.path());
            fsx::make_folder(&folder.path().join("drafts")).unwrap();
            put(&home.draft(month), &lies);
            let Found::Broken(broken) = look(&home, month) else { panic!("{note}: it was read") };
            let said = broken.error().to_string();
            assert!(said.starts_with(want) && said.contains("\n  help: "), "{note}: {said}");
        }
    }

    #[test]
    fn whatever_is_no_text_is_put_aside_as_it_is_and_beside_what_was_before() {
        let month = Month::parse("2026-10").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        fsx::make_folder(&folder.path().join("drafts/of others")).unwrap();
        let kind = |path: &Path| std::fs::symlink_metadata(path).unwrap().file_type();
        let mut before = Vec::new();
        for (lies, note) in [
            (Lies::Bytes(vec![0xff]), "no UTF-8"),
            (Lies::Folder, "a folder"),
            #[cfg(unix)]
            (Lies::Pipe, "a pipe"),
            #[cfg(unix)]
            (Lies::Link("2026-10.toml"), "a link to itself"),
            #[cfg(unix)]
            (Lies::Link("2026-10-broken.toml"), "a link to what was put aside first"),
            #[cfg(unix)]
            (Lies::Link("gone.toml"), "a link to nothing"),
            #[cfg(unix)]
            (Lies::Link("of others"), "a link to a folder, which stays where it is"),
            (Lies::Folder, "a folder again"),
        ] {
            let path = home.draft(month);
            put(&path, &lies);
            let was = kind(&path);
            let aside = put_aside(&home, month).unwrap();
            assert!(!path.exists() && !path.is_symlink(), "{note}");
            assert_eq!(kind(&aside), was, "{note}");
            before.push((aside, was));
            for (earlier, was) in &before {
                assert_eq!(kind(earlier), *was, "{note}: {} is still there", earlier.display());
            }
        }
        let places: std::collections::BTreeSet<_> = before.iter().map(|(path, _)| path).collect();
        assert_eq!(places.len(), before.len(), "each has a place of its own");
        assert!(folder.path().join("drafts/of others").is_dir());
    }

    #[test]
    fn what_cannot_be_put_aside_is_told_with_what_to_do() {
        let month = Month::parse("2026-10").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let said = put_aside(&Home::new(folder.path()), month).unwrap_err().to_string();
        assert!(said.starts_with("what lies at drafts/2026-10.toml could not be put aside ("), "{said}");
        assert!(said.contains("\n  help: move it away") && said.contains("then put an earlier version back"), "{said}");
    }

    #[test]
    fn a_text_is_read_to_the_letter() {
        let month = Month::parse("2026-10").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        assert_eq!(look(&home, month), Found::Nothing);
        fsx::make_folder(&folder.path().join("drafts")).unwrap();
        for text in ["\u{feff}a\r\nb", "", &"a".repeat(usize::try_from(BYTES_MAX).unwrap())] {
            put(&home.draft(month), &Lies::Bytes(text.as_bytes().to_vec()));
            assert_eq!(look(&home, month), Found::Text(text.to_owned()));
        }
        assert!(check_length(month, &"ö".repeat(2_000_000)).is_ok());
        assert!(check_length(month, &"ö".repeat(2_000_001)).is_err());
    }
}
