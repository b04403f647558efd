//! The files of a home that replace templates, what cannot be read as one, and what stands where no template is looked
//! for: it would be left out in silence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Home;
use crate::fsx::{self, EntryKind, PathError};
use crate::model::text::did_you_mean;
use crate::model::{Place, Problem};
use crate::render;

/// The folders whose files replace templates; a name there that is none is told with the settings.
const FOLDERS: [&str; 2] = ["email", "web"];

/// What may lie under `templates/` and is not meant to replace anything there.
const OTHER: &str = "README.md";

/// The folder of the desk's own pages in the source of the program; nothing replaces them.
const DESK: &str = "desk/";

/// How many folders deep is looked.
const DEPTH_MAX: usize = 3;

/// Reads the template overrides, by name relative to `templates/`.
pub(super) fn overrides(home: &Home) -> Result<BTreeMap<String, String>, PathError> {
    let files = template_files(home)?.into_iter();
    files.map(|(name, path)| Ok((name, fsx::read_text(&path)?))).collect()
}

/// Returns the files that are template overrides, by name relative to `templates/`; a link counts as the file it leads
/// to. Copies that text editors leave beside a file (`issue.html~`) are none.
///
/// # Errors
/// When a folder cannot be read.
pub fn template_files(home: &Home) -> Result<BTreeMap<String, PathBuf>, PathError> {
    Ok(template_entries(home)?.into_iter().filter(|(_, path)| path.is_file()).collect())
}

/// Returns all that lies where template overrides lie, by name relative to `templates/`.
///
/// # Errors
/// When a folder cannot be read.
fn template_entries(home: &Home) -> Result<BTreeMap<String, PathBuf>, PathError> {
    let mut out = BTreeMap::new();
    for folder in FOLDERS {
        let inside = home.templates().join(folder);
        // What is no folder holds nothing; [`unusable`] names it.
        let entries = if inside.is_dir() { fsx::entries_in(&inside)? } else { Vec::new() };
        for (path, _) in entries {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if !name.ends_with('~') && !name.starts_with('.') {
                out.insert(format!("{folder}/{name}"), path);
            }
        }
    }
    Ok(out)
}

/// Names what stands in the place of a template, or of their folder, and cannot be read as one.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn unusable(home: &Home) -> Result<Vec<Problem>, PathError> {
    let is_there = |path: &Path| path.is_symlink() || path.exists();
    let mut out = Vec::new();
    let folders = FOLDERS.iter().map(|folder| (format!("templates/{folder}"), home.templates().join(folder)));
    for (name, path) in std::iter::once(("templates".to_owned(), home.templates())).chain(folders) {
        if is_there(&path) && !path.is_dir() {
            let problem = Problem::error(Place::file(name), "this is no folder, so no template in it can be read");
            out.push(
                problem.with_help("make it a folder, or a link to one; or take it away, for the compiled-in ones"),
            );
        }
    }
    for (name, path) in template_entries(home)?.into_iter().filter(|(_, path)| !path.is_file()) {
        let leads_nowhere = path.is_symlink() && !path.exists();
        let what =
            if leads_nowhere { "this is no plain file: the link leads nowhere" } else { "this is no plain file" };
        let problem = Problem::error(Place::file(format!("templates/{name}")), what);
        out.push(problem.with_help("put a file here, or a link to one; or take it away, for the compiled-in one"));
    }
    Ok(out)
}

/// Returns a warning for each file that replaces nothing because of the folder that it stands in, by name. Hidden
/// files and copies that text editors leave (`issue.html~`) are passed over.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn misplaced(home: &Home) -> Result<Vec<Problem>, PathError> {
    let mut names = Vec::new();
    files_below(&home.templates(), "", 1, &mut names)?;
    Ok(names.iter().map(|name| warning(name)).collect())
}

/// Adds the files below a folder that are not read, by their names relative to `templates/`.
fn files_below(folder: &Path, prefix: &str, depth: usize, out: &mut Vec<String>) -> Result<(), PathError> {
    for (path, kind) in fsx::entries_in(folder)? {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let is_passed_over = name.starts_with('.') || name.ends_with('~') || name == OTHER;
        let relative = format!("{prefix}{name}");
        match kind {
            _ if is_passed_over => {}
            EntryKind::Folder if depth <= DEPTH_MAX => {
                files_below(&path, &format!("{relative}/"), depth + 1, out)?;
            }
            EntryKind::File if !is_read(folder, prefix) => out.push(relative),
            _ => {}
        }
    }
    Ok(())
}

/// Tells whether the files of a folder under `templates/` are read. Where disks know no large letters, `Email` is the
/// folder `email`.
fn is_read(folder: &Path, prefix: &str) -> bool {
    FOLDERS.iter().any(|read| {
        let same = || fsx::identity(&folder.with_file_name(read)) == fsx::identity(folder);
        prefix.strip_suffix('/').is_some_and(|p| p == *read || p.eq_ignore_ascii_case(read) && same())
    })
}

/// Returns what is said of a file: which name it was most likely meant to have.
fn warning(name: &str) -> Problem {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let meant = render::NAMES.into_iter().find(|known| last(known) == last(name));
    let help = match meant {
        Some(known) => format!("did you mean templates/{known}?"),
        None if name.starts_with(DESK) => "the pages of the desk cannot be replaced; take it away".to_owned(),
        None => did_you_mean(name, render::NAMES.into_iter()),
    };
    let place = format!("templates/{name}");
    Problem::warning(Place::file(place), "this file replaces nothing").with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_replace_nothing_are_told_with_the_name_that_was_meant() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(misplaced(&Home::new(empty.path())).unwrap(), [], "no folder at all");
        for (name, help, note) in [
            ("body.html", "did you mean templates/email/body.html?", "no folder"),
            ("Email/body.html", "did you mean templates/email/body.html?", "another spelling"),
            ("mail/Subject.TXT", "did you mean templates/email/subject.txt?", "another folder"),
            ("email/old/body.txt", "did you mean templates/email/body.txt?", "a folder too deep"),
            ("wep/isue.html", "did you mean \"web/issue.html\"? known:", "both misspelt"),
            ("notes.txt", "known: email/body.html", "nothing like it"),
            ("email/body.html", "", "a template"),
            ("web/isue.html", "", "told with the settings"),
            ("body.html~", "", "an editor's copy"),
            (".git/config", "", "hidden"),
            ("README.md", "", "about the templates"),
            ("desk/board.html", "the pages of the desk cannot be replaced", "the desk's"),
            ("desk/subject.txt", "did you mean templates/email/subject.txt?", "the desk's folder, not its file"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let home = Home::new(dir.path());
            let path = home.templates().join(name);
            fsx::make_folder(path.parent().unwrap()).unwrap();
            fsx::write_atomic(&path, b"x").unwrap();
            let said: Vec<String> = misplaced(&home).unwrap().iter().map(ToString::to_string).collect();
            assert_eq!(said.is_empty(), help.is_empty(), "{note}: {said:?}");
            let head = format!("templates/{name}: this file replaces nothing");
            assert!(said.iter().all(|s| s.starts_with(&head) && s.contains(help)), "{note}: {said:?}");
        }
    }
}
