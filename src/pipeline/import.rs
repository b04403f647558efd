//! Files that a person names: read part by part, taken in, or only rehearsed.

use std::io::Read;

use super::report::SourceReport;
use super::take::{mark_preprints, read_file, take_records};
use super::{Ctx, Result};
use crate::harvest::parts::{self, Part, Parts};
use crate::model::{Payload, PayloadKind};
use crate::store::Store;

/// Brings in a file that a person named, for `roundup import`. The source is `import`; a large file
/// of PubMed records is taken part by part, each in a transaction of its own. A rehearsal says what
/// would come of it and leaves everything as it was.
///
/// # Errors
/// When the database refuses. A stream that breaks is a problem in the report.
pub fn import(ctx: &Ctx, name: &str, stream: impl Read, is_rehearsal: bool) -> Result<SourceReport> {
    let mut report = SourceReport { id: "import".to_owned(), name: name.to_owned(), ..SourceReport::default() };
    let mut parts = Parts::new(stream);
    loop {
        match parts.next_part() {
            Ok(None) => {
                report.fail_if_nothing_was_read();
                return Ok(report);
            }
            Ok(Some(part)) => {
                if part.number > 1 {
                    (ctx.progress)(&format!("reading {name}, part {}", part.number));
                }
                import_part(ctx, name, part, is_rehearsal, &mut report)?;
            }
            Err(error) => {
                report.problems.push(parts::broken(name, &error));
            }
        }
    }
}

/// Takes in one part of a file.
fn import_part(ctx: &Ctx, name: &str, part: Part, is_rehearsal: bool, report: &mut SourceReport) -> Result<()> {
    let now = ctx.clock.now();
    let mut parsed = read_file(&part.bytes, name, part.lines_before, "import");
    mark_preprints(&mut parsed, false);
    let url = part.address(name);
    let kind = PayloadKind::File { name: name.to_owned(), lines_before: part.lines_before };
    let payload = Payload { source: "import".to_owned(), url, fetched_at: now, kind, bytes: part.bytes };
    let mut counts = SourceReport::default();
    let work = |store: &Store| -> Result<()> {
        let row = store.put_payload(&payload)?;
        take_records(store, &parsed, Some(row), "import", now, &mut counts)
    };
    if is_rehearsal {
        ctx.store.rehearse(work)?;
    } else {
        ctx.store.transaction(work)?;
    }
    report.add(&counts);
    report.problems.extend(parsed.problems);
    Ok(())
}
