//! `roundup search`.

use std::path::PathBuf;

use clap::{Args as _, Parser as _};
use serde_json::json;

use super::Global;
use super::inputs;
use super::search_page;
use super::term::{Exit, Terminal};
use crate::index::{Hit, Index, IndexError, LIMIT_MAX, Options, Searcher, Sort, parse_query, plain_query};
use crate::model::Author;
use crate::pipeline::Home;
use crate::store::Store;

/// Searches everything ever indexed, offline
///
/// Plain words: any of them, papers with more of them first. Required: "a phrase", field:value,
/// words joined by AND. Excluded: -word. Fields: title, author, journal, country, twg, design,
/// condition, population, intervention, year, since, until, lang, oa, source, issue, doi, pmid.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to look for; see the examples
    // A minus excludes a word, so that words may begin with one. Options behind the first word
    // then come as words too; `late` takes them out.
    #[arg(value_name = "QUERY", allow_hyphen_values = true, required_unless_present = "queries")]
    query: Vec<String>,
    #[command(flatten)]
    choices: Choices,
}

/// What a person may choose.
#[derive(Debug, Clone, Default, clap::Args)]
struct Choices {
    /// Show at most so many papers [default: 10]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Leave out so many from the top
    #[arg(long, value_name = "N")]
    offset: Option<usize>,
    /// Order of the papers [default: relevance]
    #[arg(long, value_enum)]
    sort: Option<Order>,
    /// Print only how many papers match
    #[arg(long)]
    count: bool,
    /// Run every query of a file of JSON lines {"id","text"}; the text is plain words
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "count", "sort", "offset"])]
    queries: Option<PathBuf>,
}

/// Options behind the first word of a query.
#[derive(Debug, clap::Parser)]
#[command(name = "roundup search", disable_help_flag = true)]
struct Late {
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[arg(long, value_name = "N")]
    offset: Option<usize>,
    #[arg(long, value_enum)]
    sort: Option<Order>,
    #[arg(long)]
    count: bool,
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
}

/// Options that take a value, which may be a word of its own.
const WITH_VALUE: [&str; 4] = ["--limit", "--offset", "--sort", "--home"];

const EXAMPLES: &str = "\
Examples:
  roundup search postpartum depression treatment
  roundup search '\"thinking healthy\" country:PK since:2022'
  roundup search 'design:rct country:(kenya uganda) -adolescent'
  roundup search 10.1000/xyz
  roundup search depress* 2022..2025 --sort date --json

Exit codes: 0 found, 1 nothing found, 2 the query or the index is not right, 3 some lines of
a file of queries could not be read";

/// Order of the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    /// Best first
    Relevance,
    /// Newest first
    Date,
}

/// Runs the command.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let (words, late) = split(&args.query);
    if late.iter().any(|word| word == "--help" || word == "-h") {
        let help = Args::augment_args(clap::Command::new("roundup search")).render_long_help();
        term.line(&help.to_string());
        return Ok(Exit::Done);
    }
    let late = match Late::try_parse_from(std::iter::once("roundup search".to_owned()).chain(late)) {
        Ok(late) => late,
        Err(error) => {
            term.note(error.to_string().trim_end());
            return Ok(Exit::Usage);
        }
    };
    let choices = Choices {
        limit: late.limit.or(args.choices.limit),
        offset: late.offset.or(args.choices.offset),
        sort: late.sort.or(args.choices.sort),
        count: late.count || args.choices.count,
        queries: args.choices.queries.clone(),
    };
    let json = late.json || global.json;
    let limit = choices.limit.unwrap_or(Options::default().limit);
    if limit == 0 || limit > LIMIT_MAX || choices.offset.unwrap_or(0) > LIMIT_MAX {
        term.note(&format!("roundup: --limit goes from 1 to {LIMIT_MAX}, --offset to {LIMIT_MAX}"));
        return Ok(Exit::Usage);
    }
    let home = Home::new(late.home.as_ref().unwrap_or(&global.home));
    let searcher = match Index::open_reader(&home.index()) {
        Ok(searcher) => searcher,
        Err(error @ (IndexError::NotReady(_) | IndexError::Engine(_))) => {
            let help = if is_fresh(&home) { FRESH_HELP } else { "`roundup reindex` builds it anew" };
            term.note(&format!("roundup: {error}\n  help: {help}"));
            return Ok(Exit::Usage);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(file) = &choices.queries {
        return run_file(file, limit, &searcher, term);
    }
    let exit = run_one(&typed(&words), limit, &choices, json, &searcher, term)?;
    if exit == Exit::Nothing && is_fresh(&home) {
        term.note(&format!("  help: {FRESH_HELP}"));
    }
    Ok(exit)
}

/// What helps in a home that holds nothing.
const FRESH_HELP: &str = "nothing was gathered here yet: `roundup run` does it";

/// Tells whether a home has no database or nothing in it. One that cannot be read is not fresh.
fn is_fresh(home: &Home) -> bool {
    let path = home.database();
    !path.exists() || Store::open_reader(&path).and_then(|s| s.counts()).is_ok_and(|c| c.works == 0)
}

/// Returns the words of the query and the options among them. Behind `--` all is query.
fn split(words: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut query, mut options) = (Vec::new(), Vec::new());
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            query.extend(rest.by_ref().cloned());
        } else if word.starts_with("--") || word == "-h" {
            options.push(word.clone());
            if WITH_VALUE.contains(&word.as_str()) {
                options.extend(rest.next().cloned());
            }
        } else {
            query.push(word.clone());
        }
    }
    (query, options)
}

/// Runs the query that was typed.
fn run_one(
    text: &str,
    limit: usize,
    choices: &Choices,
    json: bool,
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let query = parse_query(text);
    if !query.problems.is_empty() {
        for problem in &query.problems {
            term.problem(problem);
        }
        return Ok(Exit::Usage);
    }
    let sort = if choices.sort == Some(Order::Date) { Sort::Date } else { Sort::Relevance };
    let offset = choices.offset.unwrap_or(0);
    let answer = searcher.search(&query, &Options { limit, offset, sort, ..Options::default() })?;
    let exit = if answer.total == 0 { Exit::Nothing } else { Exit::Done };
    match (choices.count, json) {
        (true, true) => term.json(&json!({"v": 1, "total": answer.total}))?,
        (true, false) => term.line(&answer.total.to_string()),
        (false, true) => {
            for (n, hit) in answer.hits.iter().enumerate() {
                term.json(&hit_json(offset + n + 1, hit))?;
            }
        }
        (false, false) => search_page::print(&answer, offset, term),
    }
    for note in &answer.notes {
        term.note(note);
    }
    Ok(exit)
}

/// Returns the query as typed. The shell has taken the quotation marks away: among several
/// arguments, one with spaces was a phrase (`depression "mental health"`), also behind a field
/// (`country:"South Africa"`). A single argument is the whole query.
fn typed(args: &[String]) -> String {
    if let [only] = args {
        return only.clone();
    }
    let quoted = |arg: &String| {
        let is_plain = !arg.contains(['"', '“', '”', '(', ')']) && !arg.contains(" OR ") && !arg.contains(" AND ");
        if !arg.trim().contains(' ') || !is_plain {
            return arg.clone();
        }
        match arg.split_once(':') {
            Some((name, value)) if name.chars().all(|c| c.is_alphabetic() || c == '-') && !value.starts_with(' ') => {
                format!("{name}:\"{value}\"")
            }
            _ => match arg.strip_prefix('-') {
                Some(rest) => format!("-\"{rest}\""),
                None => format!("\"{arg}\""),
            },
        }
    };
    args.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Returns a hit in the form for programs, version 1.
fn hit_json(rank: usize, hit: &Hit) -> serde_json::Value {
    let paper = &hit.paper;
    let named = paper.countries.iter().zip(&hit.country_names);
    let countries: Vec<_> = named.map(|(iso3, name)| json!({"iso3": iso3, "name": name})).collect();
    let snippet: Vec<_> = hit.snippet.iter().map(|(is_hit, text)| json!({"hit": is_hit, "text": text})).collect();
    let authors: Vec<String> = paper.record.authors.iter().map(Author::short_name).collect();
    json!({
        "v": 1, "rank": rank, "id": paper.id, "native_id": paper.native_id(), "score": hit.score,
        "title": paper.title(), "authors": authors, "year": paper.record.citation_year(),
        "journal": paper.record.journal, "countries": countries, "design": paper.design, "twg": paper.twg,
        "open_access": paper.is_open(), "link": paper.record.best_link(), "finding": paper.finding,
        "issue": paper.issue, "snippet": snippet,
    })
}

/// One line of a file of queries.
#[derive(serde::Deserialize)]
struct Asked {
    id: serde_json::Value,
    text: String,
}

/// Runs a file of queries; a line that is none is a problem and the rest goes on.
fn run_file(file: &std::path::Path, limit: usize, searcher: &Searcher, term: &mut Terminal) -> anyhow::Result<Exit> {
    let bytes = match inputs::read(file) {
        Ok(bytes) => bytes,
        Err(problem) => {
            term.problem(&problem);
            return Ok(Exit::Usage);
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let options = Options { limit, ..Options::default() };
    let (mut found, mut lost) = (false, false);
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let asked: Asked = match serde_json::from_str(line) {
            Ok(asked) => asked,
            Err(error) => {
                let place = crate::model::Place::at(file.display().to_string(), n + 1, error.column().max(1));
                let problem = crate::model::Problem::error(place, "is no query")
                    .with_help("each line is an object with id and text: {\"id\": \"1\", \"text\": \"words\"}");
                term.problem(&problem);
                lost = true;
                continue;
            }
        };
        for (n, (id, score)) in searcher.ranked_ids(&plain_query(&asked.text), &options)?.iter().enumerate() {
            term.json(&json!({"qid": asked.id, "rank": n + 1, "id": id, "score": score}))?;
            found = true;
        }
        if term.is_closed() {
            break;
        }
    }
    Ok(match (lost, found) {
        (true, _) => Exit::Partly,
        (false, true) => Exit::Done,
        (false, false) => Exit::Nothing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_behind_the_words() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (typed, query, options) in [
            ("kenya --limit 3 stigma", "kenya stigma", "--limit 3"),
            ("kenya -uganda --json", "kenya -uganda", "--json"),
            ("kenya --sort=date --count", "kenya", "--sort=date --count"),
            ("a -- --limit 3", "a --limit 3", ""),
            ("a --limit", "a", "--limit"),
        ] {
            let (got, late) = split(&words(typed));
            assert_eq!((got.join(" ").as_str(), late.join(" ").as_str()), (query, options), "{typed}");
        }
    }

    #[test]
    fn what_the_shell_took_away_is_put_back() {
        for (args, want) in [
            (&["postpartum depression in kenya"][..], "postpartum depression in kenya"),
            (&["postpartum", "depression"], "postpartum depression"),
            (&["kenya", "thinking healthy"], "kenya \"thinking healthy\""),
            (&["stigma", "country:South Africa"], "stigma country:\"South Africa\""),
            (&["stigma", "-country:South Africa"], "stigma -country:\"South Africa\""),
            (&["kenya", "-mental health"], "kenya -\"mental health\""),
            (&["kenya", "(a OR b)"], "kenya (a OR b)"),
            (&["kenya", "\"already quoted\" x"], "kenya \"already quoted\" x"),
        ] {
            let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
            assert_eq!(typed(&args), want);
        }
    }
}
