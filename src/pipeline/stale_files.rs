//! Files of an earlier render that nothing leads to any more: citations of items that left the issue, parts of a search
//! index that has fewer parts now.
//!
//! Only what the program wrote itself is removed, and only while it still is what was written: a citation that the last
//! manifest names with its sum, a part of an index that says of itself that it is one.

use std::collections::BTreeSet;

use super::{Ctx, FILE_BYTES_MAX, Result};
use crate::fsx;
use crate::model::{Month, sha256_hex};
use crate::render;

/// Returns the manifest of a month as it lies there before the next one is written; `None` when there is none that can
/// be read.
pub(super) fn last_manifest(ctx: &Ctx, month: Month) -> Option<String> {
    let path = ctx.home.out().join(month.to_string()).join("manifest.json");
    fsx::read_plain_text(&path, FILE_BYTES_MAX).ok().flatten()
}

/// Removes what an earlier render left; returns the names, relative to `out`. `kept` are the files of this one.
///
/// # Errors
/// When the folder of the index cannot be listed, or a file cannot be removed.
pub(super) fn remove(ctx: &Ctx, month: Month, manifest: Option<&str>, kept: &BTreeSet<&str>) -> Result<Vec<String>> {
    let out = ctx.home.out();
    let mut removed = Vec::new();
    for (path, sha256) in render::citations_of_manifest(manifest.unwrap_or_default()) {
        let name = format!("{month}/{path}");
        if is_as_written(ctx, &name, &sha256) && !kept.contains(name.as_str()) {
            removed.push(name);
        }
    }
    for path in fsx::files_in(&out.join("search"))? {
        let name = format!("search/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let is_part = |bytes: Vec<u8>| render::is_of_an_index(&name, &bytes);
        if !kept.contains(name.as_str()) && fsx::read_plain(&path, FILE_BYTES_MAX).is_ok_and(is_part) {
            removed.push(name);
        }
    }
    for name in &removed {
        fsx::remove_file(&out.join(name))?;
    }
    Ok(removed)
}

/// Tells whether a file, named relative to `out`, still is what was written.
fn is_as_written(ctx: &Ctx, name: &str, sha256: &str) -> bool {
    fsx::read_plain(&ctx.home.out().join(name), FILE_BYTES_MAX).is_ok_and(|bytes| sha256_hex(&bytes) == sha256)
}

/// Removes the files of a month's issue that still are what was rendered, and their folders when nothing else lies there;
/// returns their names, relative to `out`. The manifest goes last: until then a repeated run knows the others by it.
///
/// # Errors
/// When a file cannot be removed.
pub(super) fn remove_issue(ctx: &Ctx, month: Month, manifest: Option<&str>) -> Result<Vec<String>> {
    let Some(manifest) = manifest else { return Ok(Vec::new()) };
    let out = ctx.home.out();
    let files = render::files_of_manifest(manifest).into_iter();
    let ours = files.map(|(path, sha256)| (format!("{month}/{path}"), sha256));
    let mut removed: Vec<String> =
        ours.filter(|(name, sha256)| is_as_written(ctx, name, sha256)).map(|(name, _)| name).collect();
    removed.push(format!("{month}/manifest.json"));
    for name in &removed {
        fsx::remove_file(&out.join(name))?;
    }
    let folder = out.join(month.to_string());
    fsx::remove_if_empty(&folder.join("cite"))?;
    fsx::remove_if_empty(&folder)?;
    Ok(removed)
}
