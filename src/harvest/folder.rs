//! Files that people drop: each is read once, then moved.

use std::path::Path;

use super::{Asker, HarvestError, Page, Sink};
use crate::fsx;
use crate::model::{Payload, PayloadKind, Source, SourceState};

/// The most bytes one dropped file may hold.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// Hands every file of a folder on, then moves it to `done/`, or to `problems/` beside a text file
/// that says why. A file that cannot be stored stays where it is.
///
/// # Errors
/// When the folder cannot be read or a page cannot be stored.
pub async fn harvest(
    asker: &Asker<'_>,
    source: &Source,
    path: &str,
    state: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, HarvestError> {
    let folder = asker.home.join(path);
    let mut notes = Vec::new();
    let next = SourceState { last_ok: Some(asker.clock.now()), failing_since: None, last_error: None, ..state.clone() };
    for file in fsx::files_in(&folder)? {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let complaint = match read_capped(&file)? {
            Some(bytes) => {
                let kind = PayloadKind::File { name: name.clone() };
                let payload = Payload {
                    source: source.id.clone(),
                    url: format!("{path}/{name}"),
                    fetched_at: asker.clock.now(),
                    kind,
                    bytes,
                };
                sink.take(Page { payload: Some(payload), state: next.clone() }).await?.complaint
            }
            None => Some(format!("it is larger than {} MiB", FILE_BYTES_MAX >> 20)),
        };
        match complaint {
            None => {
                fsx::move_beside_others(&file, &folder.join("done").join(&name))?;
            }
            Some(reason) => {
                let put = fsx::move_beside_others(&file, &folder.join("problems").join(&name))?;
                let beside = put.with_file_name(format!(
                    "{}.why.txt",
                    put.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
                ));
                fsx::write_atomic(&beside, format!("{name} could not be read.\n\n{reason}\n").as_bytes())?;
                notes.push(format!("{name}: {reason}; moved to {path}/problems"));
            }
        }
    }
    sink.take(Page { payload: None, state: next }).await?;
    Ok(notes)
}

/// Reads a file, or `None` when it is larger than we take.
fn read_capped(file: &Path) -> Result<Option<Vec<u8>>, HarvestError> {
    if std::fs::metadata(file).is_ok_and(|m| m.len() > FILE_BYTES_MAX) {
        return Ok(None);
    }
    Ok(Some(fsx::read(file)?))
}
