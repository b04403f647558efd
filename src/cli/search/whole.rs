//! `roundup search -`: a query, such as a strategy of many lines, from standard input.

use std::io::Read;
use std::path::Path;

use crate::cli::inputs;
use crate::model::{Place, Problem};

/// The most that is read from standard input, in bytes: a strategy has some thousands, and a stream
/// that never ends must not fill the memory.
const QUERY_BYTES_MAX: u64 = 1 << 20;

/// Returns the query that stands on standard input.
///
/// # Errors
/// When it cannot be read or is longer than a query can be.
pub fn query() -> Result<String, Problem> {
    let path = Path::new("-");
    let mut bytes = Vec::new();
    let mut stream = inputs::open(path)?.take(QUERY_BYTES_MAX + 1);
    stream.read_to_end(&mut bytes).map_err(|e| inputs::broken(path, &e))?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n <= QUERY_BYTES_MAX) {
        return Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').trim().to_owned());
    }
    let problem = Problem::error(Place::file("query"), "standard input holds more than 1 MB, which is no query");
    Err(problem.with_help("give it the lines of one search"))
}
