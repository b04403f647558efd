//! `roundup parse`.

use std::path::PathBuf;

use super::Global;
use super::lines::{self, Part};
use super::ordered;
use super::term::{Exit, Terminal};
use crate::model::Severity;

/// Reads files and prints what they hold as record lines
///
/// Reads PubMed XML, .nbib, RIS, BibTeX, EndNote XML, CSL-JSON, Web of Science text, CSV,
/// record lines and feeds, also gzipped, told apart by content.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  roundup parse export.ris > records.jsonl
  curl -s ADDRESS | roundup parse -
  roundup parse --feed journal.xml")]
pub struct Args {
    /// Files to read; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print each feed file as one line with the feed's own fields
    #[arg(long)]
    feed: bool,
}

/// What came out of all files so far.
#[derive(Default)]
struct Tally {
    entries: usize,
    is_lossy: bool,
    /// The first line that could not be written as JSON, which is our own mistake.
    broken: Option<anyhow::Error>,
}

/// Runs the command: records in the order of the files, each as it is read; problems on standard
/// error. Ends with 1 when nothing was found and with 3 when some input was lost.
///
/// # Errors
/// Never for bad input, which is a problem on standard error.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.feed {
        return super::parse_feed::run(&args.files, global, term);
    }
    let mut tally = Tally::default();
    for path in &args.files {
        lines::each(path, ordered::threads(), &mut |part| tally.take(part, term));
        if term.is_closed() {
            break;
        }
    }
    if let Some(error) = tally.broken {
        return Err(error);
    }
    if tally.entries == 0 && !tally.is_lossy {
        term.note("no records found");
    }
    Ok(match (tally.entries, tally.is_lossy) {
        (0, _) => Exit::Nothing,
        (_, true) => Exit::Partly,
        (_, false) => Exit::Done,
    })
}

impl Tally {
    /// Prints a part of the output and counts it; tells whether anybody still reads.
    fn take(&mut self, part: Part, term: &mut Terminal) -> bool {
        match part {
            Part::Lines(text, count) => {
                self.entries += count;
                term.raw(&text);
            }
            Part::Problem(problem) => {
                self.is_lossy |= problem.severity == Severity::Error;
                term.problem(&problem);
            }
            Part::Bug(error) => {
                self.broken.get_or_insert(error.into());
            }
        }
        !term.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::cli::term::kept::Kept;
    use crate::fsx;

    /// Writes files into a folder, parses them, and returns exit, standard output, standard error
    /// (without the folder's name).
    fn parsed(files: &[(&str, &[u8])]) -> (Exit, String, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
        for (path, (_, bytes)) in paths.iter().zip(files) {
            if *bytes != b"missing" {
                fsx::write_atomic(path, bytes).expect("writes");
            }
        }
        let (out, err) = (Kept::default(), Kept::default());
        let mut term = Terminal::into_writers(Box::new(out.clone()), Box::new(err.clone()));
        let global = Global { home: folder.path().to_owned(), json: true };
        let exit = run(&Args { files: paths, feed: false }, &global, &mut term).expect("runs");
        drop(term);
        let prefix = format!("{}/", folder.path().display());
        (exit, out.text().replace(&prefix, ""), err.text().replace(&prefix, ""))
    }

    #[test]
    fn the_exit_says_what_was_found_and_lost() {
        let whole: &[u8] = b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>90000001</PMID></MedlineCitation></PubmedArticle><DeleteCitation><PMID>90000002</PMID></DeleteCitation></PubmedArticleSet>";
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(whole).expect("packs");
        let packed = packed.finish().expect("packs");
        let lines: &[u8] = b"{\"title\":\"a\"}\n{\n";
        for (id, files, exit, out_lines, err) in [
            ("whole", &[("a.xml", whole)][..], Exit::Done, 2, ""),
            ("gzip", &[("a.xml.gz", &packed[..])], Exit::Done, 2, ""),
            (
                "cut gzip",
                &[("a.xml.gz", &packed[..packed.len() - 9])],
                Exit::Partly,
                2,
                "a.xml.gz: cannot be read to its end",
            ),
            ("cut", &[("a.xml", &whole[..130])], Exit::Partly, 1, "a.xml:1:"),
            ("empty", &[("a", b" ")], Exit::Nothing, 0, "a: is empty"),
            ("empty set", &[("a", b"<PubmedArticleSet/>")], Exit::Nothing, 0, "no records found"),
            ("missing beside whole", &[("b", b"missing"), ("a.xml", whole)], Exit::Partly, 2, "b: cannot be read"),
            ("bad line", &[("a.jsonl", lines)], Exit::Partly, 1, "a.jsonl:2:1: is no JSON"),
        ] {
            let got = parsed(files);
            assert_eq!((got.0, got.1.lines().count()), (exit, out_lines), "{id}: {got:?}");
            assert!(got.2.starts_with(err) && got.2.is_empty() == err.is_empty(), "{id}: {got:?}");
        }
        let (_, out, _) = parsed(&[("a.xml", whole)]);
        assert_eq!(
            out,
            "{\"id\":\"pmid:90000001\",\"source\":\"a.xml\",\"title\":\"\",\"pmid\":\"90000001\"}\n{\"id\":\"pmid:90000002\",\"deleted\":true}\n"
        );
    }
}
