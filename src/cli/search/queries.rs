//! A file of queries, for measuring.

use std::path::Path;

use serde_json::json;

use crate::cli::inputs;
use crate::cli::term::{Exit, Terminal};
use crate::index::{Options, Searcher, plain_query};
use crate::model::{Place, Problem};

/// One line of a file of queries.
#[derive(serde::Deserialize)]
struct Asked {
    id: serde_json::Value,
    text: String,
}

/// Runs a file of queries; a line that is none is a problem and the rest goes on.
///
/// # Errors
/// When the index is damaged.
pub fn run(file: &Path, options: &Options, searcher: &Searcher, term: &mut Terminal) -> anyhow::Result<Exit> {
    let bytes = match inputs::read(file) {
        Ok(bytes) => bytes,
        Err(problem) => {
            term.problem(&problem);
            return Ok(Exit::Usage);
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    // A list that somebody typed: each line is a question, and its number the id.
    let is_plain = text.lines().find(|l| !l.trim().is_empty()).is_some_and(|l| !l.trim_start().starts_with('{'));
    let (mut found, mut lost) = (false, false);
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let asked = match serde_json::from_str::<Asked>(line) {
            Err(_) if is_plain && !line.trim_start().starts_with('{') => {
                Ok(Asked { id: json!(n + 1), text: line.trim().to_owned() })
            }
            read => read,
        };
        let asked = match asked {
            Ok(asked) => asked,
            Err(error) => {
                let place = Place::at(file.display().to_string(), n + 1, error.column().max(1));
                let problem = Problem::error(place, "is no query")
                    .with_help("each line is an object with id and text: {\"id\": \"1\", \"text\": \"words\"}");
                term.problem(&problem);
                lost = true;
                continue;
            }
        };
        for (n, (id, score)) in searcher.ranked_ids(&plain_query(&asked.text), options)?.iter().enumerate() {
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
