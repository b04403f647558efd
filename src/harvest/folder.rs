//! Files that people drop: each is read once, then moved.
//!
//! Whoever drops a file is told in plain words what became of it: in the run's notes, and in a text
//! file beside the moved one when something was lost.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::parts::{self, Parts};
use super::{Asker, HarvestError, Page, Sink, Taken};
use crate::fsx::{self, EntryKind};
use crate::model::text::clean_line;
use crate::model::{Payload, PayloadKind, Problem, Severity, Source, SourceState};

/// The most bytes one dropped file may hold.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// The most problems listed beside a file; the rest is counted.
const PROBLEMS_LISTED_MAX: usize = 200;

/// The longest advice that is shown on the screen, too, in characters: about a line and a half.
const HELP_SHOWN_CHARS_MAX: usize = 130;

/// Folders that we ourselves make.
pub const OWN_FOLDERS: &[&str] = &["done", "problems"];

/// Endings of files that are still being copied or downloaded.
const UNFINISHED: &[&str] = &["part", "partial", "crdownload", "download", "tmp", "opdownload", "!ut"];

/// Files that systems put into every folder.
const SYSTEM_FILES: &[&str] = &[".ds_store", ".localized", ".gitkeep", ".gitignore", "thumbs.db", "desktop.ini"];

/// What we read, for people who have dropped something else.
const WE_READ: &str = "\
roundup reads reference files: RIS (.ris), PubMed's .nbib, CSV and XML, BibTeX (.bib), EndNote XML,
CSL JSON (Zotero, Mendeley), RefWorks and Web of Science text, CSV tables with a column \"title\",
and saved feeds. In most tools: select the references, then Export, then RIS.";

/// Hands every file of a folder on, then moves it to `done/`, or to `problems/` beside a text file
/// that says why. A file of which something was lost goes to `done/` beside a text file that lists
/// it. A file that cannot be read or stored stays where it is; what is no file to take is named in
/// the notes that are returned.
///
/// # Errors
/// When the folder cannot be read, a page cannot be stored, or a file cannot be moved.
pub async fn harvest(
    asker: &Asker<'_>,
    source: &Source,
    path: &str,
    state: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, HarvestError> {
    let folder = asker.home.join(path);
    let mut notes = Vec::new();
    let mut stuck = None;
    let next = SourceState { last_ok: Some(asker.clock.now()), failing_since: None, last_error: None, ..state.clone() };
    for (file, name) in files_to_take(&folder, path, &mut notes)? {
        let Some(parts) = open(&file, &name, &mut notes) else { continue };
        let taken = match parts {
            Opened::TooLarge => too_large(),
            Opened::Parts(parts) => take(asker, source, &format!("{path}/{name}"), &name, parts, &next, sink).await?,
        };
        match put_away(&folder, path, &file, &name, &taken) {
            Ok(note) => notes.extend(note),
            // It is read again the next time, which changes nothing; the files behind it are not to wait.
            Err(error) => stuck = stuck.or(Some(error)),
        }
    }
    if let Some(error) = stuck {
        return Err(error);
    }
    sink.take(Page { payload: None, state: next }).await?;
    Ok(notes)
}

/// Returns the files that are to be read, by name; all else gets a note, or none when it is ours or
/// the system's. The folders that files are moved to are made first: where they cannot be, nothing
/// is read.
fn files_to_take(folder: &Path, path: &str, notes: &mut Vec<String>) -> Result<Vec<(PathBuf, String)>, HarvestError> {
    let mut out = Vec::new();
    for (file, kind) in fsx::entries_in(folder)? {
        // A name can hold line breaks and escape sequences; what is shown and kept holds none.
        let name = clean_line(&file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default());
        let name = if name.is_empty() { "unnamed".to_owned() } else { name };
        match look(&name, kind, path) {
            Look::Take => out.push((file, name)),
            Look::Tell(note) => notes.push(note),
            Look::PassOver => {}
        }
    }
    if !out.is_empty() {
        for own in OWN_FOLDERS {
            fsx::make_folder(&folder.join(own))?;
        }
    }
    Ok(out)
}

/// What is to be done with something in the folder.
enum Look {
    Take,
    Tell(String),
    PassOver,
}

/// Looks at a name: is it a file to take?
fn look(name: &str, kind: EntryKind, path: &str) -> Look {
    let lower = name.to_lowercase();
    let is_hidden = name.starts_with('.');
    match kind {
        EntryKind::Folder if OWN_FOLDERS.contains(&name) || is_hidden => Look::PassOver,
        EntryKind::Folder => {
            Look::Tell(format!("{name} is a folder and was not opened: put the files themselves into {path}"))
        }
        EntryKind::Link => Look::Tell(format!(
            "{name} is a link to another place and is not followed: put the file itself into {path}"
        )),
        EntryKind::Other => Look::Tell(format!("{name} is no file that can be read: take it out of {path}")),
        EntryKind::File if SYSTEM_FILES.contains(&lower.as_str()) || name.starts_with(".roundup-") => Look::PassOver,
        EntryKind::File if name.starts_with("~$") => {
            Look::Tell(format!("{name} shows that a document is open in another program; it is left for the next time"))
        }
        EntryKind::File if lower.rsplit_once('.').is_some_and(|(_, end)| UNFINISHED.contains(&end)) => {
            Look::Tell(format!("{name} is still being copied or downloaded; it is left for the next time"))
        }
        EntryKind::File if is_hidden => {
            Look::Tell(format!("{name} is a hidden file and is left alone: name it without the dot to have it read"))
        }
        EntryKind::File => Look::Take,
    }
}

/// A file that is about to be read.
enum Opened {
    Parts(Parts<Box<dyn Read + Send>>),
    TooLarge,
}

/// Opens a file. One that cannot be read stays where it is and gets a note; one that has gone in the
/// meantime gets none.
fn open(file: &Path, name: &str, notes: &mut Vec<String>) -> Option<Opened> {
    if fsx::size_of(file).is_some_and(|bytes| bytes > FILE_BYTES_MAX) {
        return Some(Opened::TooLarge);
    }
    let kind = match fsx::open(file) {
        Ok(stream) => match parts::unpacked(stream) {
            Ok(stream) => return Some(Opened::Parts(Parts::new(stream))),
            Err(error) => error.kind(),
        },
        Err(error) => error.kind(),
    };
    let why = match kind {
        io::ErrorKind::NotFound => return None,
        io::ErrorKind::PermissionDenied => "this program may not read it".to_owned(),
        other => other.to_string(),
    };
    notes.push(format!("{name} cannot be opened ({why}) and was left where it is: change who may read it"));
    None
}

/// Hands a file on part by part. Returns what was found in all of them together: a complaint only
/// when no part of it could be read.
async fn take(
    asker: &Asker<'_>,
    source: &Source,
    address: &str,
    name: &str,
    mut parts: Parts<Box<dyn Read + Send>>,
    next: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Taken, HarvestError> {
    let mut problems = Vec::new();
    let mut complaint = None;
    let mut has_some = false;
    loop {
        match parts.next_part() {
            Ok(Some(part)) => {
                let url = part.address(address);
                let kind = PayloadKind::File { name: name.to_owned(), lines_before: part.lines_before };
                let fetched_at = asker.clock.now();
                let payload = Payload { source: source.id.clone(), url, fetched_at, kind, bytes: part.bytes };
                let taken = sink.take(Page { payload: Some(payload), state: next.clone() }).await?;
                has_some |= taken.complaint.is_none();
                complaint = complaint.or(taken.complaint);
                problems.extend(taken.problems);
            }
            Ok(None) => {
                let lost = problems.iter().find(|p| p.severity == Severity::Error).map(|p| p.message.clone());
                return Ok(Taken { complaint: complaint.or(lost).filter(|_| !has_some), problems });
            }
            Err(error) => problems.push(parts::broken(name, &error)),
        }
    }
}

/// Returns what is said of a file that is larger than we take.
fn too_large() -> Taken {
    let reason =
        format!("it is larger than {} MiB; split it, or export fewer references at a time", FILE_BYTES_MAX >> 20);
    Taken { complaint: Some(reason), ..Taken::default() }
}

/// Moves a file to where it belongs, and writes beside it what a person should know. Returns a note.
fn put_away(folder: &Path, path: &str, file: &Path, name: &str, taken: &Taken) -> Result<Option<String>, HarvestError> {
    let losses: Vec<&Problem> = taken.problems.iter().filter(|p| p.severity != Severity::Note).collect();
    let (own_folder, ending, text) = match &taken.complaint {
        None if losses.is_empty() => {
            fsx::move_beside_others(file, &folder.join("done").join(kept_name(name)))?;
            return Ok(None);
        }
        None => ("done", "notes.txt", notes_text(name, &losses, path)),
        Some(reason) => ("problems", "why.txt", why_text(name, reason, &losses, path)),
    };
    let put = fsx::free_place(&folder.join(own_folder).join(kept_name(name)))?;
    let put_name = put.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = format!("{put_name}.{ending}");
    // The words first: a file that is moved is not looked at again, and nobody would hear of them.
    fsx::write_atomic(&put.with_file_name(&beside), text.as_bytes())?;
    fsx::move_to(file, &put)?;
    let see = format!("see {path}/{own_folder}/{beside}");
    if let Some(reason) = &taken.complaint {
        return Ok(Some(format!("{name}: {reason}{}; moved to {path}/problems; {see}", what_to_do(&losses))));
    }
    let count = if losses.len() == 1 { "one thing".to_owned() } else { format!("{} things", losses.len()) };
    Ok(Some(format!("{name} was read, but {count} in it could not be used or is unsure; {see}")))
}

/// Returns what to do about a file, where it is short enough for a line on a screen.
fn what_to_do(problems: &[&Problem]) -> String {
    let help = problems.iter().map(|p| p.help.as_str()).find(|help| !help.is_empty()).unwrap_or_default();
    let is_short = (1..=HELP_SHOWN_CHARS_MAX).contains(&help.chars().count());
    if is_short { format!(" ({help})") } else { String::new() }
}

/// The longest name, without its ending, that a file keeps, in bytes: systems take 255 with all that
/// is put behind it.
const STEM_BYTES_MAX: usize = 150;
/// The longest ending of a name, in bytes.
const ENDING_BYTES_MAX: usize = 20;

/// Returns the name under which a file is put away.
fn kept_name(name: &str) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= ENDING_BYTES_MAX => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let mut end = stem.len().min(STEM_BYTES_MAX);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", stem.get(..end).unwrap_or_default())
}

/// Returns the text beside a file that could not be read.
fn why_text(name: &str, reason: &str, problems: &[&Problem], path: &str) -> String {
    let subject = if reason.starts_with("is ") || reason.starts_with("looks ") { "it " } else { "" };
    let mut text = format!("{name} could not be read: {subject}{reason}.\n\n");
    let helps: Vec<&str> = problems.iter().map(|p| p.help.as_str()).filter(|h| !h.is_empty()).take(1).collect();
    if let [help] = helps.as_slice() {
        text.push_str(&format!("What to do: {help}.\n\n"));
    }
    text.push_str(WE_READ);
    text.push_str(&format!(
        "\n\nNothing of this file was taken. When it is mended or exported anew, put it into {path} again;\nthis copy and this note may then be deleted.\n"
    ));
    text
}

/// Returns the text beside a file of which something was lost or changed.
fn notes_text(name: &str, problems: &[&Problem], path: &str) -> String {
    let mut text =
        format!("{name} was read, and what could be used was taken. These parts of it could not, or were changed:\n\n");
    for problem in problems.iter().take(PROBLEMS_LISTED_MAX) {
        let line = problem.place.line;
        let place = if line > 0 { format!("line {line}: ") } else { String::new() };
        text.push_str(&format!("- {place}{}\n", problem.message));
        if !problem.help.is_empty() {
            text.push_str(&format!("  what to do: {}\n", problem.help));
        }
    }
    if let Some(more) = problems.len().checked_sub(PROBLEMS_LISTED_MAX).filter(|more| *more > 0) {
        text.push_str(&format!("- and {more} more\n"));
    }
    text.push_str(&format!(
        "\nTo have them too, mend the file and put it into {path} again: what was taken already is not taken twice.\n"
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
        let path = folder.join(name);
        fsx::write_atomic(&path, bytes).expect("writes");
        path
    }

    fn read(path: &Path) -> String {
        fsx::read_text(path).expect("reads")
    }

    #[test]
    fn only_files_that_are_whole_are_taken() {
        for (name, kind, want, note) in [
            ("export.ris", EntryKind::File, "take", "a file"),
            ("Export (1).RIS", EntryKind::File, "take", "a name that browsers make"),
            ("done", EntryKind::Folder, "", "ours"),
            ("problems", EntryKind::Folder, "", "ours"),
            (".git", EntryKind::Folder, "", "a hidden folder"),
            ("october", EntryKind::Folder, "october is a folder", "told"),
            ("link.ris", EntryKind::Link, "link.ris is a link", "told"),
            ("pipe", EntryKind::Other, "pipe is no file", "told"),
            (".DS_Store", EntryKind::File, "", "a system's file"),
            ("Thumbs.db", EntryKind::File, "", "a system's file"),
            (".roundup-x1", EntryKind::File, "", "our own, beside one that is written"),
            (".export.ris", EntryKind::File, ".export.ris is a hidden file", "told"),
            ("~$export.docx", EntryKind::File, "~$export.docx shows", "a lock"),
            ("export.ris.part", EntryKind::File, "export.ris.part is still", "a download"),
            ("export.ris.crdownload", EntryKind::File, "export.ris.crdownload is still", "a download"),
            ("export.TMP", EntryKind::File, "export.TMP is still", "a copy"),
        ] {
            let got = match look(name, kind, "inbox") {
                Look::Take => "take".to_owned(),
                Look::Tell(note) => note,
                Look::PassOver => String::new(),
            };
            assert!(got.starts_with(want) && got.is_empty() == want.is_empty(), "{name}: {note}: {got}");
        }
    }

    #[test]
    fn a_folder_is_looked_through_by_name() {
        let home = tempfile::tempdir().expect("a folder");
        let inbox = home.path().join("inbox");
        let mut notes = Vec::new();
        assert!(files_to_take(&inbox, "inbox", &mut notes).expect("a missing folder is fine").is_empty());
        write(&inbox, "b.ris", b"x");
        write(&inbox, "a.ris", b"x");
        write(&inbox, "later.part", b"x");
        write(&inbox, "october/c.ris", b"x");
        #[cfg(unix)]
        std::os::unix::fs::symlink(inbox.join("a.ris"), inbox.join("link.ris")).expect("links");
        let names: Vec<String> =
            files_to_take(&inbox, "inbox", &mut notes).expect("lists").into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["a.ris", "b.ris"]);
        assert_eq!(notes.len(), if cfg!(unix) { 3 } else { 2 }, "{notes:?}");
        assert!(inbox.join("done").is_dir() && inbox.join("problems").is_dir());
    }

    #[test]
    fn nothing_is_read_where_nothing_can_be_put_away() {
        let home = tempfile::tempdir().expect("a folder");
        write(home.path(), "a.ris", b"x");
        write(home.path(), "done", b"a file where the folder should be");
        let error = files_to_take(home.path(), "inbox", &mut Vec::new()).expect_err("refuses");
        assert!(error.to_string().starts_with("cannot make folder"), "{error}");
        assert!(home.path().join("a.ris").exists());
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why_and_what_to_do() {
        let home = tempfile::tempdir().expect("a folder");
        let file = write(home.path(), "a.pdf", b"%PDF");
        let help = "export the references from the library tool";
        let taken = Taken {
            complaint: Some("looks like a PDF".to_owned()),
            problems: vec![Problem::error(Place::file("a.pdf"), "looks like a PDF").with_help(help)],
        };
        let note = put_away(home.path(), "inbox", &file, "a.pdf", &taken).expect("moves");
        assert_eq!(
            note.as_deref(),
            Some(
                "a.pdf: looks like a PDF (export the references from the library tool); moved to inbox/problems; see inbox/problems/a.pdf.why.txt"
            )
        );
        let long = [Problem::error(Place::file("a.pdf"), "x").with_help("y".repeat(HELP_SHOWN_CHARS_MAX + 1))];
        assert_eq!(what_to_do(&long.iter().collect::<Vec<_>>()), "", "what is long stands only beside the file");
        let why = read(&home.path().join("problems/a.pdf.why.txt"));
        assert!(why.starts_with("a.pdf could not be read: it looks like a PDF.\n\nWhat to do: export the"), "{why}");
        assert!(why.contains("Export, then RIS") && !file.exists());
    }

    #[test]
    fn what_was_lost_of_a_file_is_listed_beside_it() {
        let home = tempfile::tempdir().expect("a folder");
        let lost = Problem::error(Place::at("a.ris", 12, 1), "the last record is cut off").with_help("export it again");
        let only_told = Problem::note(Place::file("a.ris"), "read as UTF-16LE");
        let taken = Taken { complaint: None, problems: vec![only_told.clone(), lost] };
        for (turn, name) in [(1, "a.ris"), (2, "a-2.ris")] {
            let file = write(home.path(), "a.ris", b"x");
            let note = put_away(home.path(), "inbox", &file, "a.ris", &taken).expect("moves").expect("a note");
            assert!(note.ends_with(&format!("see inbox/done/{name}.notes.txt")), "{turn}: {note}");
            let notes = read(&home.path().join(format!("done/{name}.notes.txt")));
            assert!(
                notes.contains("- line 12: the last record is cut off\n  what to do: export it again\n"),
                "{notes}"
            );
            assert!(!notes.contains("UTF-16"), "what cost nothing is not listed");
        }
        let file = write(home.path(), "b.ris", b"x");
        let taken = Taken { complaint: None, problems: vec![only_told] };
        assert_eq!(put_away(home.path(), "inbox", &file, "b.ris", &taken).expect("moves"), None);
        assert!(home.path().join("done/b.ris").exists() && !home.path().join("done/b.ris.notes.txt").exists());
    }

    #[test]
    fn a_file_that_is_gone_or_shut_costs_no_other() {
        let home = tempfile::tempdir().expect("a folder");
        let mut notes = Vec::new();
        assert!(open(&home.path().join("gone.ris"), "gone.ris", &mut notes).is_none());
        assert!(notes.is_empty());
        // A folder stands for what cannot be opened: tests may run as a user who may read all files.
        assert!(open(home.path(), "shut.ris", &mut notes).is_none());
        assert!(notes.first().is_some_and(|n| n.starts_with("shut.ris cannot be opened")), "{notes:?}");
        assert!(too_large().complaint.is_some_and(|c| c.starts_with("it is larger than 512 MiB")));
    }
}
