//! `roundup dedupe`: which records of some files are one study.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::term::{Exit, Terminal};
use super::{Global, inputs, interrupt};
use crate::fsx;
use crate::merge::{self, Clusters, Comparable, Link, Said};
use crate::model::{Problem, Record};

mod answers;
mod heads;
mod names;
mod progress;
mod show;
mod studies;

use answers::Filled;
use heads::{Head, Read};
use names::Names;
use studies::Form;

/// Finds the records that are one study
///
/// Reads all files as one heap: PubMed XML, .nbib, RIS, BibTeX, EndNote XML, CSL-JSON, RefWorks and
/// Web of Science text, CSV and record lines, also gzipped, told apart by content. Without options it
/// says how many records and studies there are; what is kept, shown or asked is chosen below. The
/// files stay as they are and nothing is stored.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  roundup dedupe export.ris pubmed.nbib --out kept.ris
  roundup dedupe records.jsonl --clusters clusters.csv --explain
  roundup dedupe records.jsonl --maybe
  roundup dedupe records.jsonl --maybe-csv ask.csv     (fill in same or different, then)
  roundup dedupe records.jsonl --answers ask.csv --out kept.ris
  roundup dedupe records.jsonl --links

Preprints, corrections, comments and news are never merged with their paper; --links shows them.
Ends with 1 when there are no records and with 3 when a part of a file or an answer was unusable.")]
pub struct Args {
    /// Files to read; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write a table `id,cluster` with every record; - is standard output
    #[arg(long, value_name = "CSV")]
    clusters: Option<PathBuf>,
    /// Write one record for each study, as .ris or .jsonl by the ending
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show each pair that was merged, with the reasons
    #[arg(long)]
    explain: bool,
    /// Show each pair that a person should look at, field by field, with the reasons
    #[arg(long)]
    maybe: bool,
    /// Write these pairs as a table to fill in: a,b,answer; - is standard output
    #[arg(long, value_name = "CSV")]
    maybe_csv: Option<PathBuf>,
    /// Read what people say about pairs, a table a,b,answer with same or different; it outranks the
    /// machine
    #[arg(long, value_name = "CSV")]
    answers: Option<PathBuf>,
    /// Show the studies that are linked and stay two: preprint and article, correction, comment, news
    #[arg(long)]
    links: bool,
}

/// Runs the command.
///
/// # Errors
/// When `--out` names no form we write, or a file cannot be written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let form = args.out.as_deref().map(Form::of).transpose()?;
    refuse_own_input(args)?;
    refuse_two_on_one_stream(args)?;
    interrupt::leave_nothing_half();
    // Before the records, which may take a minute: without the answers nothing would be as asked.
    let answers = match args.answers.as_deref().map(Filled::open).transpose() {
        Ok(answers) => answers,
        Err(problem) => {
            term.problem(&problem);
            return Ok(Exit::Usage);
        }
    };
    let (mut read, mut problems) = read(args);
    let names = Names::of_all(&read.heads);
    let (said, unusable) = match answers.filter(|_| !read.heads.is_empty()) {
        Some(answers) => answers.said(&read.heads, &names),
        None => (Said::default(), Vec::new()),
    };
    problems.extend(unusable);
    for problem in &problems {
        term.problem(problem);
    }
    if read.heads.is_empty() {
        term.note("no records in these files");
        return Ok(Exit::Nothing);
    }
    if names.changed() > 0 {
        term.note(&format!("{} records share their id with others; in tables they are FILE#ID", names.changed()));
    }
    let comparable = std::mem::take(&mut read.comparable);
    let clusters = clustered(&comparable, &said);
    if read.records.is_empty() {
        // The program ends soon: to give back a million records one by one takes seconds.
        std::mem::forget(comparable);
    } else {
        drop(comparable);
    }
    write(args, term, &read.heads, &names, &clusters)?;
    if args.explain {
        show::merged(term, global, &clusters, &read.heads, &names)?;
    }
    if args.maybe {
        show::doubtful(term, global, &clusters.maybe, &read.records, &names, &read.heads)?;
    }
    let mut count = Count::of(&clusters);
    let studies = studies::folded(std::mem::take(&mut read.records), &clusters);
    if args.links {
        let links = linked(&studies);
        let faces = studies::faces(&studies, &clusters, &read.heads);
        show::linked(term, global, &links, &faces, &read.heads, &names)?;
        count.links = Some(links.len());
    }
    if let Some((path, form)) = args.out.as_deref().zip(form) {
        fsx::write_atomic(path, &form.written(&studies)?)?;
    }
    summary(args, global, term, &count)?;
    Ok(if inputs::was_something_lost(&problems) { Exit::Partly } else { Exit::Done })
}

/// Reads all files; on a terminal with the count on standard error. Whole records are kept only when
/// they will be shown or written: a million of them have gigabytes.
fn read(args: &Args) -> (Read, Vec<Problem>) {
    let bar = progress::bar("reading {pos} records, {elapsed}", None);
    let mut read = Read::new(args.out.is_some() || args.maybe || args.links);
    let problems = inputs::each_record(&args.files, &mut |record| {
        if read.take(record) {
            progress::set(&bar, read.heads.len());
        }
    });
    read.finish();
    bar.finish_and_clear();
    (read, problems)
}

/// Clusters the records; on a terminal with a bar on standard error.
fn clustered(records: &[Comparable], said: &Said) -> Clusters {
    let bar = progress::bar("comparing {bar:30} {percent} %, {eta} left", Some(records.len()));
    let clusters = merge::cluster_comparable(records, said, &mut |done| progress::set(&bar, done));
    bar.finish_and_clear();
    clusters
}

/// Finds the links between the studies; on a terminal with a bar on standard error.
fn linked(studies: &[Record]) -> Vec<Link> {
    let bar = progress::bar("linking {bar:30} {percent} %, {eta} left", Some(studies.len()));
    let links = merge::links_among(studies, &mut |done| progress::set(&bar, done));
    bar.finish_and_clear();
    links
}

/// Writes the tables that are asked for.
fn write(args: &Args, term: &mut Terminal, heads: &[Head], names: &Names, clusters: &Clusters) -> anyhow::Result<()> {
    let mut put = |path: &Path, table: &[u8]| -> anyhow::Result<()> {
        if is_stream(path) {
            term.raw(table);
        } else {
            fsx::write_atomic(path, table)?;
        }
        Ok(())
    };
    if let Some(path) = &args.clusters {
        put(path, &table(heads, names, clusters)?)?;
    }
    if let Some(path) = &args.maybe_csv {
        if !is_stream(path) && Filled::open(path).is_ok_and(|old| old.has_answers()) {
            anyhow::bail!(
                "{} holds answers, which would be lost; take them in with --answers, or name another file",
                path.display()
            );
        }
        put(path, &answers::table(&clusters.maybe, heads, names)?)?;
    }
    Ok(())
}

/// Tells whether a path stands for standard input or output.
fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Tells whether a table goes to standard output.
fn is_table_shown(args: &Args) -> bool {
    args.clusters.iter().chain(&args.maybe_csv).any(|path| is_stream(path))
}

/// Refuses to write over a file that is read, or one file twice.
fn refuse_own_input(args: &Args) -> anyhow::Result<()> {
    let whole = |path: &PathBuf| inputs::whole_path(path);
    let read: Vec<PathBuf> = args.files.iter().chain(&args.answers).map(whole).collect();
    let mut written = Vec::new();
    for path in args.out.iter().chain(&args.clusters).chain(&args.maybe_csv).filter(|path| !is_stream(path)) {
        if read.contains(&whole(path)) {
            anyhow::bail!("{} is one of the files to read; name another one to write", path.display());
        }
        if written.contains(&whole(path)) {
            anyhow::bail!("{} is to be written twice; name another one", path.display());
        }
        written.push(whole(path));
    }
    Ok(())
}

/// Refuses to mix two tables, or a table and text for people, on standard output, and to read
/// standard input twice.
fn refuse_two_on_one_stream(args: &Args) -> anyhow::Result<()> {
    if args.files.iter().chain(&args.answers).filter(|path| is_stream(path)).count() > 1 {
        anyhow::bail!("standard input can be read only once");
    }
    let tables = args.clusters.iter().chain(&args.maybe_csv).filter(|path| is_stream(path)).count();
    if tables > 1 || (tables == 1 && (args.explain || args.maybe || args.links)) {
        anyhow::bail!("a table on standard output leaves no room for anything else; name a file for it");
    }
    Ok(())
}

/// Returns the table `id,cluster` with a row for every record, clusters numbered from 1.
fn table(heads: &[Head], names: &Names, clusters: &Clusters) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "cluster"])?;
    for (place, number) in clusters.of.iter().enumerate() {
        writer.write_record([names.of(place, heads), &(number + 1).to_string()])?;
    }
    writer.into_inner().context("the table could not be finished")
}

/// How many records, studies and open questions there are.
#[derive(Debug, serde::Serialize)]
struct Count {
    records: usize,
    studies: usize,
    doubles: usize,
    maybe: usize,
    /// Pairs that are linked; `None` when nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<usize>,
}

impl Count {
    /// Counts what was found; links are not known yet.
    fn of(clusters: &Clusters) -> Self {
        let records = clusters.of.len();
        let studies = clusters.of.iter().max().map_or(0, |n| n + 1);
        Self { records, studies, doubles: records - studies, maybe: clusters.maybe.len(), links: None }
    }
}

/// Says how many records, studies and open questions there are; on standard error when a table has
/// standard output.
fn summary(args: &Args, global: &Global, term: &mut Terminal, count: &Count) -> anyhow::Result<()> {
    let is_table_shown = is_table_shown(args);
    if global.json && !is_table_shown {
        return term.json(count);
    }
    let many = |n: usize, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
    let mut text = format!(
        "{} {} {}: {}",
        many(count.records, "record", "records"),
        if count.records == 1 { "is" } else { "are" },
        many(count.studies, "study", "studies"),
        many(count.doubles, "double", "doubles"),
    );
    if count.maybe > 0 {
        let hint = if args.maybe { "" } else { " (see --maybe)" };
        text.push_str(&format!(", {} a person should look at{hint}", many(count.maybe, "pair", "pairs")));
    }
    if let Some(links) = count.links {
        text.push_str(&format!(", {} linked and staying two", many(links, "pair", "pairs")));
    }
    if is_table_shown {
        term.note(&text);
    } else {
        term.line(&text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Doi;

    #[test]
    fn the_table_has_a_row_for_every_record() {
        let mut read = Read::new(false);
        for (id, doi) in [("a,1", "10.5555/dedupe.1"), ("b", "10.5555/dedupe.2"), ("c", "10.5555/dedupe.1")] {
            read.take(Record { id: id.into(), title: "Group care".into(), doi: Doi::parse(doi), ..Record::default() });
        }
        read.finish();
        let names = Names::of_all(&read.heads);
        let table = table(&read.heads, &names, &clustered(&read.comparable, &Said::default())).unwrap();
        assert_eq!(String::from_utf8(table).unwrap(), "id,cluster\n\"a,1\",1\nb,2\nc,1\n");
    }
}
