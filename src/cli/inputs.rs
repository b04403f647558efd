//! Reading the files that a person names on the command line.

use std::io::Read;
use std::path::Path;

use crate::fsx;
use crate::model::{Place, Problem, Record, Severity};
use crate::normalise::{self, Parsed};

/// The most bytes one named file may hold once unpacked: PubMed's largest update files are near
/// 400 MB, and a bomb must end somewhere.
const INPUT_BYTES_MAX: u64 = 1 << 30;

/// Reads a named file whole; `-` is standard input, and gzip is unpacked.
///
/// # Errors
/// One problem that says why it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let name = path.display().to_string();
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(INPUT_BYTES_MAX)
            .read_to_end(&mut bytes)
            .map_err(|e| Problem::error(Place::file("-"), e.to_string()))?;
        bytes
    } else {
        fsx::read(path).map_err(|e| {
            let cause = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
            Problem::error(Place::file(&name), format!("cannot be read: {cause}"))
        })?
    };
    if bytes.starts_with(&[0x1f, 0x8b]) { gunzip(&bytes, &name) } else { Ok(bytes) }
}

/// Unpacks gzip up to the cap.
fn gunzip(bytes: &[u8], name: &str) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(INPUT_BYTES_MAX + 1)
        .read_to_end(&mut out)
        .map_err(|e| Problem::error(Place::file(name), format!("is damaged gzip: {e}")))?;
    if out.len() as u64 > INPUT_BYTES_MAX {
        return Err(
            Problem::error(Place::file(name), "unpacks to more than 1 GiB").with_help("split it into smaller files")
        );
    }
    Ok(out)
}

/// Reads one named file in whatever form it is; a file that cannot be read is a problem.
pub fn parse(path: &Path) -> Parsed {
    let name = path.display().to_string();
    match read(path) {
        Ok(bytes) => normalise::read(&bytes, &name, &name),
        Err(problem) => Parsed {
            format: normalise::Format::Unknown,
            records: Vec::new(),
            deleted: Vec::new(),
            problems: vec![problem],
        },
    }
}

/// Reads all named files; records in order of the files, problems beside them.
pub fn records(paths: &[std::path::PathBuf]) -> (Vec<Record>, Vec<Problem>) {
    let mut records = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let parsed = parse(path);
        records.extend(parsed.records);
        problems.extend(parsed.problems);
    }
    (records, problems)
}

/// Tells whether some input was lost.
pub fn was_something_lost(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}
