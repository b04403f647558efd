//! Files under `templates/` that stand where no template is looked for: they would be left out in silence.

use std::path::Path;

use super::Home;
use crate::fsx::{self, EntryKind, PathError};
use crate::model::text::did_you_mean;
use crate::model::{Place, Problem};
use crate::render;

/// The folders whose files replace templates; a name there that is none is told with the settings.
const READ: [&str; 2] = ["email", "web"];

/// What may lie under `templates/` and is not meant to replace anything there.
const OTHER: [&str; 2] = ["desk", "README.md"];

/// How many folders deep is looked.
const DEPTH_MAX: usize = 3;

/// Returns a warning for each file that replaces nothing because of the folder that it stands in, by name. Hidden
/// files and copies that text editors leave (`issue.html~`) are passed over.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn misplaced_templates(home: &Home) -> Result<Vec<Problem>, PathError> {
    let mut names = Vec::new();
    files_below(&home.templates(), "", 1, &mut names)?;
    Ok(names.iter().map(|name| warning(name)).collect())
}

/// Adds the files below a folder that are not read, by their names relative to `templates/`.
fn files_below(folder: &Path, prefix: &str, depth: usize, out: &mut Vec<String>) -> Result<(), PathError> {
    for (path, kind) in fsx::entries_in(folder)? {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let is_passed_over = name.starts_with('.') || name.ends_with('~') || OTHER.contains(&name.as_str());
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
    READ.iter().any(|read| {
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
        assert_eq!(misplaced_templates(&Home::new(empty.path())).unwrap(), [], "no folder at all");
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
            ("desk/board.html", "", "the desk's"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let home = Home::new(dir.path());
            let path = home.templates().join(name);
            fsx::make_folder(path.parent().unwrap()).unwrap();
            fsx::write_atomic(&path, b"x").unwrap();
            let said: Vec<String> = misplaced_templates(&home).unwrap().iter().map(ToString::to_string).collect();
            assert_eq!(said.is_empty(), help.is_empty(), "{note}: {said:?}");
            let head = format!("templates/{name}: this file replaces nothing");
            assert!(said.iter().all(|s| s.starts_with(&head) && s.contains(help)), "{note}: {said:?}");
        }
    }
}
