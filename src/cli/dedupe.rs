//! `roundup dedupe`: which records of some files are one study.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::fsx;
use crate::merge::{self, Clusters, Explained, Said};
use crate::model::{Record, ris};

/// Finds the records that are one study
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  roundup dedupe export.ris pubmed.nbib --out kept.ris
  roundup dedupe records.jsonl --clusters clusters.csv --explain
  roundup dedupe records.jsonl --maybe

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
    /// Show each pair that a person should look at, with the reasons
    #[arg(long)]
    maybe: bool,
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
    let (records, problems) = inputs::records(&args.files);
    for problem in &problems {
        term.problem(problem);
    }
    if records.is_empty() {
        term.note("no records in these files");
        return Ok(Exit::Nothing);
    }
    let clusters = with_progress(&records);
    if let Some(path) = &args.clusters {
        let table = table(&records, &clusters)?;
        if path.as_os_str() == "-" {
            term.raw(&table);
        } else {
            fsx::write_atomic(path, &table)?;
        }
    }
    if let Some((path, form)) = out {
        fsx::write_atomic(path, kept(&records, &clusters, form)?.as_bytes())?;
    }
    if args.explain {
        show(term, global, "same", &clusters.pairs, &records)?;
    }
    if args.maybe {
        show(term, global, "maybe", &clusters.maybe, &records)?;
    }
    summary(args, global, term, &records, &clusters)?;
    Ok(if inputs::was_something_lost(&problems) { Exit::Partly } else { Exit::Done })
}

/// Returns the form that the ending of a path names.
fn form_of(path: &Path) -> anyhow::Result<Form> {
    match path.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
        Some("ris") => Ok(Form::Ris),
        Some("jsonl") => Ok(Form::Lines),
        _ => anyhow::bail!("--out must end in .ris or .jsonl, not {}", path.display()),
    }
}

/// Clusters the records; on a terminal with a bar on standard error.
fn with_progress(records: &[Record]) -> Clusters {
    if !std::io::stderr().is_terminal() {
        return merge::cluster(records, &Said::default(), &mut |_| {});
    }
    let bar = ProgressBar::new(u64::try_from(records.len()).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("comparing {bar:30} {pos}/{len}") {
        bar.set_style(style);
    }
    let clusters = merge::cluster(records, &Said::default(), &mut |done| {
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX))
    });
    bar.finish_and_clear();
    clusters
}

/// Refuses to write over a file that is read.
fn refuse_own_input(args: &Args) -> anyhow::Result<()> {
    let real = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for written in args.out.iter().chain(&args.clusters) {
        if args.files.iter().any(|read| real(read) == real(written)) {
            anyhow::bail!("{} is one of the files to read; name another one to write", written.display());
        }
    }
    Ok(())
}

/// Returns the table `id,cluster` with a row for every record, clusters numbered from 1.
fn table(records: &[Record], clusters: &Clusters) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "cluster"])?;
    for (record, number) in records.iter().zip(&clusters.of) {
        writer.write_record([record.id.as_str(), &(number + 1).to_string()])?;
    }
    writer.into_inner().context("the table could not be finished")
}

/// Returns one record for each cluster, in order of first appearance.
fn kept(records: &[Record], clusters: &Clusters, form: Form) -> anyhow::Result<String> {
    let mut groups: Vec<Vec<Record>> = Vec::new();
    for (record, number) in records.iter().zip(&clusters.of) {
        if groups.len() <= *number {
            groups.resize_with(number + 1, Vec::new);
        }
        if let Some(group) = groups.get_mut(*number) {
            group.push(record.clone());
        }
    }
    let mut out = String::new();
    for group in &groups {
        let record = merge::fold_records(group);
        match form {
            Form::Ris => out.push_str(&ris::to_ris(&record)),
            Form::Lines => {
                out.push_str(&serde_json::to_string(&record)?);
                out.push('\n');
            }
        }
    }
    Ok(out)
}

/// Shows pairs with their reasons.
fn show(
    term: &mut Terminal,
    global: &Global,
    verdict: &str,
    pairs: &[Explained],
    records: &[Record],
) -> anyhow::Result<()> {
    for pair in pairs {
        let (Some(a), Some(b)) = (records.get(pair.a), records.get(pair.b)) else { continue };
        if global.json {
            let line = serde_json::json!({ "verdict": verdict, "a": a.id, "b": b.id, "reasons": pair.reasons });
            term.json(&line)?;
        } else {
            term.line(&format!("{verdict}: {} + {}", a.id, b.id));
            term.line(&format!("  {}", a.title));
            term.line(&format!("  {}", b.title));
            term.line(&format!("  because {}", pair.reasons.join("; ")));
        }
    }
    Ok(())
}

/// Says how many records, studies and open questions there are.
fn summary(
    args: &Args,
    global: &Global,
    term: &mut Terminal,
    records: &[Record],
    clusters: &Clusters,
) -> anyhow::Result<()> {
    let studies = clusters.of.iter().max().map_or(0, |n| n + 1);
    let (doubles, maybe) = (records.len() - studies, clusters.maybe.len());
    let is_table_shown = args.clusters.as_deref() == Some(Path::new("-"));
    if global.json && !is_table_shown {
        let line =
            serde_json::json!({ "records": records.len(), "studies": studies, "doubles": doubles, "maybe": maybe });
        return term.json(&line);
    }
    let mut text = format!("{} records are {studies} studies: {doubles} doubles", records.len());
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
        let records = records();
        let table = table(&records, &with_progress(&records)).unwrap();
        assert_eq!(String::from_utf8(table).unwrap(), "id,cluster\n\"a,1\",1\nb,2\nc,1\n");
    }

    #[test]
    fn one_record_is_kept_for_each_study() {
        let records = records();
        let clusters = with_progress(&records);
        let lines = kept(&records, &clusters, Form::Lines).unwrap();
        assert_eq!(
            lines,
            "{\"id\":\"a,1\",\"title\":\"Group care\",\"doi\":\"10.5555/dedupe.1\"}\n{\"id\":\"b\",\"title\":\"Sleep of newborns\"}\n"
        );
        let ris = kept(&records, &clusters, Form::Ris).unwrap();
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
