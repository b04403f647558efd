//! `roundup dedupe`: which records of some files are one study.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::fsx;
use crate::merge::{self, Clusters, Comparable, Said};
use crate::model::{Problem, Record, ris};

mod answers;
mod heads;
mod names;
mod show;

use heads::{Head, Read};
use names::Names;

/// Finds the records that are one study
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  roundup dedupe export.ris pubmed.nbib --out kept.ris
  roundup dedupe records.jsonl --clusters clusters.csv --explain
  roundup dedupe records.jsonl --maybe
  roundup dedupe records.jsonl --maybe-csv ask.csv     (fill in same or different, then)
  roundup dedupe records.jsonl --answers ask.csv --out kept.ris

Reads whatever `roundup parse` reads; - is standard input.
Preprints, corrections and comments are never merged with their paper.")]
pub struct Args {
    /// Files to read
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
    /// Write these pairs as a table to fill in: a,b,answer
    #[arg(long, value_name = "CSV")]
    maybe_csv: Option<PathBuf>,
    /// Read what people say about pairs: a table a,b,answer with same or different
    #[arg(long, value_name = "CSV")]
    answers: Option<PathBuf>,
}

/// The form of the kept records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Ris,
    Lines,
}

/// Runs the command.
///
/// # Errors
/// When `--out` names no form we write, or a file cannot be written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let out = args.out.as_deref().map(|path| form_of(path).map(|form| (path, form))).transpose()?;
    refuse_own_input(args)?;
    let (read, mut problems) = read(args);
    let heads = &read.heads;
    let names = Names::of_all(heads);
    let (said, unusable) = match args.answers.as_deref().filter(|_| !heads.is_empty()) {
        Some(path) => answers::read(path, heads, &names),
        None => (Said::default(), Vec::new()),
    };
    problems.extend(unusable);
    for problem in &problems {
        term.problem(problem);
    }
    if heads.is_empty() {
        term.note("no records in these files");
        return Ok(Exit::Nothing);
    }
    if names.changed() > 0 {
        term.note(&format!("{} records share their id with others; in tables they are FILE#ID", names.changed()));
    }
    let clusters = clustered(&read.comparable, &said);
    write(args, term, heads, &names, &clusters)?;
    if args.explain {
        show::merged(term, global, &clusters, heads, &names)?;
    }
    if args.maybe {
        show::doubtful(term, global, &clusters.maybe, &read.records, &names, heads)?;
    }
    summary(args, global, term, heads.len(), &clusters)?;
    // Last, since it takes the records apart.
    if let Some((path, form)) = out {
        fsx::write_atomic(path, &kept(read.records, &clusters, form)?)?;
    }
    Ok(if inputs::was_something_lost(&problems) { Exit::Partly } else { Exit::Done })
}

/// Reads all files; on a terminal with the count on standard error. Whole records are kept only when
/// they will be shown or written: a million of them have gigabytes.
fn read(args: &Args) -> (Read, Vec<Problem>) {
    let bar = bar("reading {pos} records, {elapsed}", None);
    let mut read = Read::new(args.out.is_some() || args.maybe);
    let problems = inputs::each_record(&args.files, &mut |record| {
        if read.take(record) {
            set(&bar, read.heads.len());
        }
    });
    read.finish();
    bar.finish_and_clear();
    (read, problems)
}

/// Clusters the records; on a terminal with a bar on standard error.
fn clustered(records: &[Comparable], said: &Said) -> Clusters {
    let bar = bar("comparing {bar:30} {percent} %, {eta} left", Some(records.len()));
    let clusters = merge::cluster_comparable(records, said, &mut |done| set(&bar, done));
    bar.finish_and_clear();
    clusters
}

/// Returns a bar on standard error; a hidden one where nobody looks.
fn bar(template: &str, count: Option<usize>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = count.map_or_else(ProgressBar::no_length, |n| ProgressBar::new(u64::try_from(n).unwrap_or(u64::MAX)));
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Moves a bar to a count.
fn set(bar: &ProgressBar, count: usize) {
    bar.set_position(u64::try_from(count).unwrap_or(u64::MAX));
}

/// Writes the tables that are asked for.
fn write(args: &Args, term: &mut Terminal, heads: &[Head], names: &Names, clusters: &Clusters) -> anyhow::Result<()> {
    if let Some(path) = &args.clusters {
        let table = table(heads, names, clusters)?;
        if path.as_os_str() == "-" {
            term.raw(&table);
        } else {
            fsx::write_atomic(path, &table)?;
        }
    }
    if let Some(path) = &args.maybe_csv {
        fsx::write_atomic(path, &answers::table(&clusters.maybe, heads, names)?)?;
    }
    Ok(())
}

/// Returns the form that the ending of a path names.
fn form_of(path: &Path) -> anyhow::Result<Form> {
    match path.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
        Some("ris") => Ok(Form::Ris),
        Some("jsonl") => Ok(Form::Lines),
        _ => anyhow::bail!("--out must end in .ris or .jsonl, not {}", path.display()),
    }
}

/// Refuses to write over a file that is read, or one file twice.
fn refuse_own_input(args: &Args) -> anyhow::Result<()> {
    let real = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let mut taken: Vec<PathBuf> = args.files.iter().chain(&args.answers).map(real).collect();
    for written in args.out.iter().chain(&args.clusters).chain(&args.maybe_csv) {
        let is_stream = written.as_os_str() == "-";
        if !is_stream && taken.contains(&real(written)) {
            anyhow::bail!("{} is one of the files to read; name another one to write", written.display());
        }
        taken.push(real(written));
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

/// Returns one record for each cluster, in order of first appearance.
fn kept(records: Vec<Record>, clusters: &Clusters, form: Form) -> anyhow::Result<Vec<u8>> {
    let mut groups: Vec<Vec<Record>> = Vec::new();
    for (record, number) in records.into_iter().zip(&clusters.of) {
        if groups.len() <= *number {
            groups.resize_with(number + 1, Vec::new);
        }
        if let Some(group) = groups.get_mut(*number) {
            group.push(record);
        }
    }
    let mut out = Vec::new();
    for group in groups {
        let record = merge::fold_records(&group);
        match form {
            Form::Ris => out.extend_from_slice(ris::to_ris(&record).as_bytes()),
            Form::Lines => {
                serde_json::to_writer(&mut out, &record)?;
                out.push(b'\n');
            }
        }
    }
    Ok(out)
}

/// Says how many records, studies and open questions there are.
fn summary(
    args: &Args,
    global: &Global,
    term: &mut Terminal,
    records: usize,
    clusters: &Clusters,
) -> anyhow::Result<()> {
    let studies = clusters.of.iter().max().map_or(0, |n| n + 1);
    let (doubles, maybe) = (records - studies, clusters.maybe.len());
    let is_table_shown = args.clusters.as_deref() == Some(Path::new("-"));
    if global.json && !is_table_shown {
        let line = serde_json::json!({ "records": records, "studies": studies, "doubles": doubles, "maybe": maybe });
        return term.json(&line);
    }
    let mut text = format!("{records} records are {studies} studies: {doubles} doubles");
    if maybe > 0 {
        let hint = if args.maybe { "" } else { " (see --maybe)" };
        text.push_str(&format!(", {maybe} pairs a person should look at{hint}"));
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

    fn records() -> Vec<Record> {
        let record = |id: &str, title: &str| Record {
            id: id.into(),
            title: title.into(),
            doi: title.starts_with("Group").then(|| Doi::parse("10.5555/dedupe.1")).flatten(),
            ..Record::default()
        };
        vec![record("a,1", "Group care"), record("b", "Sleep of newborns"), record("c", "Group care.")]
    }

    #[test]
    fn the_table_has_a_row_for_every_record() {
        let mut read = Read::new(false);
        for record in records() {
            read.take(record);
        }
        read.finish();
        let names = Names::of_all(&read.heads);
        let table = table(&read.heads, &names, &clustered(&read.comparable, &Said::default())).unwrap();
        assert_eq!(String::from_utf8(table).unwrap(), "id,cluster\n\"a,1\",1\nb,2\nc,1\n");
    }

    #[test]
    fn one_record_is_kept_for_each_study() {
        let records = records();
        let clusters = merge::cluster(&records, &Said::default(), &mut |_| {});
        let lines = String::from_utf8(kept(records.clone(), &clusters, Form::Lines).unwrap()).unwrap();
        assert_eq!(
            lines,
            "{\"id\":\"a,1\",\"title\":\"Group care\",\"doi\":\"10.5555/dedupe.1\"}\n{\"id\":\"b\",\"title\":\"Sleep of newborns\"}\n"
        );
        let ris = String::from_utf8(kept(records, &clusters, Form::Ris).unwrap()).unwrap();
        assert_eq!(ris.matches("ER  - ").count(), 2);
    }

    #[test]
    fn the_ending_names_the_form() {
        assert_eq!(form_of(Path::new("kept.RIS")).unwrap(), Form::Ris);
        assert_eq!(form_of(Path::new("kept.jsonl")).unwrap(), Form::Lines);
        assert_eq!(
            form_of(Path::new("kept.bib")).unwrap_err().to_string(),
            "--out must end in .ris or .jsonl, not kept.bib"
        );
    }
}
