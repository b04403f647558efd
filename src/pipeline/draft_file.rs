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
    /// Something that cannot be read as text.
    Broken(Broken),
}

/// Something that lies where a draft file belongs and cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// What is wrong, where, and what to do.
    pub problem: Problem,
    /// Whether it is a plain file, which can be put aside as it is.
    pub is_file: bool,
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
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Found::Nothing,
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

/// Puts a draft file that is no text aside, byte for byte, under a name of its own beside it; returns where it went.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn put_aside(home: &Home, month: Month) -> Result<PathBuf> {
    let path = home.draft(month);
    Ok(fsx::move_beside_others(&path, &path.with_file_name(format!("{month}-broken.toml")))?)
}

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
    Broken { problem: problem.with_help(help), is_file: true }
}

/// Returns what is said of a file that cannot be read.
fn unreadable(month: Month, path: &Path, error: &PathError) -> Broken {
    let is_file = path.is_file();
    let size = fsx::size_of(path).filter(|_| is_file).unwrap_or_default();
    let (message, help) = if path.is_dir() {
        ("this is a folder, not a file".to_owned(), mend(month, "move the folder away"))
    } else if !is_file {
        let message = "this is a pipe or a device, not a file, and was not opened";
        (message.to_owned(), mend(month, "move it away"))
    } else if size > BYTES_MAX {
        let (has, most) = (size / MB, BYTES_MAX / MB);
        let message = format!("the file has {has} MB; a draft has at most {most}, so it was not read");
        (message, mend(month, "take out of it what does not belong there"))
    } else {
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        (format!("the file cannot be read: {cause}"), mend(month, "let roundup read and write it"))
    };
    Broken { problem: Problem::error(Place::file(file_name(month)), message).with_help(help), is_file }
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
                "drafts/2026-10.toml: the file has 4 MB; a draft has at most 4",
                "long",
            ),
            (Lies::Folder, "drafts/2026-10.toml: this is a folder", "somebody unpacked an archive"),
            #[cfg(unix)]
            (Lies::Link("/dev/zero"), "drafts/2026-10.toml: this is a pipe or a device", "without end"),
            #[cfg(unix)]
            (Lies::Pipe, "drafts/2026-10.toml: this is a pipe or a device", "never waited for"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let home = Home::new(folder.path());
            fsx::make_folder(&folder.path().join("drafts")).unwrap();
            put(&home.draft(month), &lies);
            let Found::Broken(broken) = look(&home, month) else { panic!("{note}: it was read") };
            let said = broken.error().to_string();
            assert!(said.starts_with(want) && said.contains("\n  help: "), "{note}: {said}");
            assert_eq!(broken.is_file, matches!(lies, Lies::Bytes(_)), "{note}");
        }
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
