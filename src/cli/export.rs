//! `roundup export`: papers for reference managers and tables.

use std::path::{Path, PathBuf};

use super::Global;
use super::searchable::open_index;
use super::term::{Exit, Terminal};
use super::typed::{meant, typed};
use crate::bibliography::{Format, Writer};
use crate::fsx;
use crate::index::Options;
use crate::model::{Month, Paper};
use crate::pipeline::Home;

/// Writes the papers that a query finds, for Zotero, EndNote, Excel, R
///
/// Without a query it writes all papers. The query is that of `roundup search`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to look for, as in `roundup search`
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Form of the file [default: by the ending of --out]
    #[arg(long, value_name = "FORM", value_parser = form)]
    format: Option<Format>,
    /// Write to a file instead of the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write at most so many papers [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Only papers of one issue of the roundup
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    issue: Option<Month>,
}

const EXAMPLES: &str = "\
Forms:
  ris      Zotero, EndNote, Mendeley        .ris
  bibtex   JabRef, LaTeX                    .bib
  csl      Zotero, pandoc, citeproc         .json
  nbib     PubMed's own form                .nbib
  csv      Excel, R                         .csv
  ids      one id a line                    .txt

Examples:
  roundup export --issue 2026-10 --out october.ris
  roundup export stigma country:kenya --out stigma.csv
  roundup export design:rct --format bibtex > trials.bib
  roundup export --out others.ris -- stigma -kenya      a word to leave out stands behind --

Exit codes: 0 written, 1 nothing found, 2 wrong usage";

/// Reads the name of a form.
fn form(text: &str) -> Result<Format, String> {
    Format::parse(text)
        .ok_or_else(|| crate::model::text::did_you_mean(text, Format::ALL.into_iter().map(Format::as_str)))
}

/// Reads the month of an issue.
fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "an issue is a month of the form 2026-10".to_owned())
}

/// What hands over the papers: it calls its argument with one after another until it returns false.
pub type Source<'s> = dyn FnMut(&mut dyn FnMut(Paper) -> bool) -> anyhow::Result<()> + 's;

/// Runs the command.
///
/// # Errors
/// When the index is damaged or the file cannot be written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let text = args.asked_query(typed);
    // Nothing typed means all papers.
    let query = Some(meant(&text)?).filter(|_| !text.is_empty());
    let problems = query.as_ref().map(|query| query.problems.as_slice()).unwrap_or_default();
    if !problems.is_empty() {
        for problem in problems {
            term.problem(problem);
        }
        return Ok(Exit::Usage);
    }
    let Some(searcher) = open_index(&Home::new(&global.home), term)? else { return Ok(Exit::Usage) };
    let options = Options { limit: usize::MAX, ..Options::default() };
    let mut source = |take: &mut dyn FnMut(Paper) -> bool| {
        searcher.each(query.as_ref(), &options, take)?;
        Ok(())
    };
    write(args, &mut source, term)
}

impl Args {
    /// Returns the form that is asked for, or what is wrong.
    fn asked_format(&self) -> Result<Format, String> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let known = || Format::ALL.map(|f| format!(".{}", f.extension())).join(", ");
        match &self.out {
            None => Err(format!("say in which form: --format {}", Format::ALL.map(Format::as_str).join("|"))),
            Some(path) => Format::of_path(path).ok_or_else(|| {
                format!("the ending of {} names no form; known: {}; or say --format", path.display(), known())
            }),
        }
    }

    /// Returns the query as it is asked: what was typed, and the issue.
    fn asked_query(&self, typed: impl Fn(&[String]) -> String) -> String {
        let issue = self.issue.map(|month| format!("issue:{month}"));
        let typed = Some(typed(&self.query)).filter(|q| !q.trim().is_empty());
        match (typed, issue) {
            // In brackets, so that an OR in the query stays inside it.
            (Some(query), Some(issue)) => format!("({query}) AND {issue}"),
            (query, issue) => query.or(issue).unwrap_or_default(),
        }
    }
}

/// Writes the papers of `source`: to the file that was named, whole or not at all, or to the terminal
/// as they come.
///
/// # Errors
/// When the source fails or the file cannot be written.
fn write(args: &Args, source: &mut Source<'_>, term: &mut Terminal) -> anyhow::Result<Exit> {
    let format = match args.asked_format() {
        Ok(format) => format,
        Err(message) => {
            term.note(&format!("roundup: {message}"));
            return Ok(Exit::Usage);
        }
    };
    let limit = args.limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
    let count = match &args.out {
        Some(path) => to_file(path, format, limit, source)?,
        None => to_terminal(format, limit, source, term)?,
    };
    if count == 0 {
        term.note("nothing was found, and nothing written");
        return Ok(Exit::Nothing);
    }
    if let Some(path) = &args.out {
        let papers = if count == 1 { "1 paper".to_owned() } else { format!("{count} papers") };
        term.note(&format!("{papers} written to {}", path.display()));
    }
    Ok(Exit::Done)
}

/// Writes a file; none is written where no paper was found, and one that is there stays.
fn to_file(path: &Path, format: Format, limit: usize, source: &mut Source<'_>) -> anyhow::Result<usize> {
    let mut text = String::new();
    let count = each(format, limit, source, &mut |part| {
        text.push_str(&part);
        true
    })?;
    if count > 0 {
        fsx::write_atomic(path, text.as_bytes())?;
    }
    Ok(count)
}

/// Writes at most `limit` papers to the terminal, until whoever reads there has enough; returns how
/// many. Nothing is written when there is none.
///
/// # Errors
/// When the source fails.
pub fn to_terminal(
    format: Format,
    limit: usize,
    source: &mut Source<'_>,
    term: &mut Terminal,
) -> anyhow::Result<usize> {
    each(format, limit, source, &mut |part| {
        term.raw(part.as_bytes());
        !term.is_closed()
    })
}

/// Hands on the parts of a file, none when there is no paper; returns how many papers it has.
fn each(
    format: Format,
    limit: usize,
    source: &mut Source<'_>,
    take: &mut dyn FnMut(String) -> bool,
) -> anyhow::Result<usize> {
    let mut writer = Writer::new(format);
    let mut count = 0;
    source(&mut |paper| {
        let head = if count == 0 { writer.begin() } else { String::new() };
        count += 1;
        take(head + &writer.paper(&paper)) && count < limit
    })?;
    if count > 0 {
        take(writer.end());
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::term::kept::Kept;
    use crate::model::{Doi, Identifier, Record, WorkId};

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn args(words: &str) -> Args {
        Line::try_parse_from(std::iter::once("export").chain(words.split_whitespace())).expect("arguments").args
    }

    fn paper(n: usize) -> Paper {
        let doi = Doi::parse(&format!("10.5555/export.{n}")).expect("a DOI");
        Paper::untagged(
            WorkId::mint(&Identifier::Doi(doi), 0),
            Record { title: format!("Paper {n}"), ..Record::default() },
        )
    }

    /// Runs the writing over some papers; returns how it ended, what was printed and told, and how
    /// many papers were asked for.
    fn ran(words: &str, papers: usize) -> (Exit, String, String, usize) {
        let (out, err) = (Kept::default(), Kept::default());
        let mut term = Terminal::into_writers(Box::new(out.clone()), Box::new(err.clone()));
        let mut asked = 0;
        let exit = write(
            &args(words),
            &mut |take| {
                for n in 0..papers {
                    asked += 1;
                    if !take(paper(n)) {
                        break;
                    }
                }
                Ok(())
            },
            &mut term,
        );
        term.flush();
        (exit.expect("runs"), out.text(), err.text(), asked)
    }

    #[test]
    fn papers_go_to_the_terminal_or_to_a_file() {
        for (id, words, papers, exit, lines) in [
            ("ids", "--format ids", 3, Exit::Done, 3),
            ("limit", "--format ids --limit 2", 9, Exit::Done, 2),
            ("csl", "--format csl", 2, Exit::Done, 4),
            ("nothing", "--format csv", 0, Exit::Nothing, 0),
            ("no form", "kenya", 1, Exit::Usage, 0),
            ("no ending", "--out x.docx", 1, Exit::Usage, 0),
        ] {
            let (got, out, err, asked) = ran(words, papers);
            assert_eq!((got, out.lines().count()), (exit, lines), "{id}: {out}{err}");
            assert!(asked <= 2 || id != "limit", "{id}: asked for {asked}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("found.bib");
        let (exit, out, err, _) = ran(&format!("--out {}", path.display()), 2);
        assert_eq!((exit, out.as_str(), err.contains("2 papers written to")), (Exit::Done, "", true), "{err}");
        assert_eq!(fsx::read_text(&path).expect("a file").matches("@misc{").count(), 2);
        let (exit, ..) = ran(&format!("--out {}", path.display()), 0);
        assert_eq!((exit, path.exists()), (Exit::Nothing, true), "nothing found leaves the file that was there");
    }

    #[test]
    fn the_issue_stands_beside_the_query() {
        for (words, want) in [
            ("stigma OR kenya --issue 2026-10 --format ris", "(stigma OR kenya) AND issue:2026-10"),
            ("--issue 2026-10", "issue:2026-10"),
            ("stigma", "stigma"),
            ("", ""),
        ] {
            assert_eq!(args(words).asked_query(|w| w.join(" ")), want, "{words}");
        }
        for words in ["--issue 2026-13", "--format endnote", "--limit 0"] {
            assert!(Line::try_parse_from(std::iter::once("export").chain(words.split(' '))).is_err(), "{words}");
        }
    }
}
