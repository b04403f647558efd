//! One pack: fetched from where the last try ended, checked, and only then given its name.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::pace::{Pace, TooSlow};
use super::source::Source;
use super::trouble;
use crate::fetch::{Ended, Fetch, FetchError, Live, Request};
use crate::fsx::{self, Growing, PathError};
use crate::pack::{self, FOLDER, PackEntry};
use crate::pipeline::{Error, Result};

/// How gzip begins (RFC 1952).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// How often a line may break without a byte more before we leave it for the next sync.
const IDLE_TRIES_MAX: u32 = 3;
/// How often a line may break in all: a pack of 2 MB in pieces of 2 kB.
const TRIES_MAX: u32 = 1_000;

/// Returns the place of a pack that is being fetched.
pub(super) fn part(folder: &Path, entry: &PackEntry) -> PathBuf {
    folder.join(format!("{}.part", entry.file()))
}

/// Fetches one pack into a folder. `progress` is told how much of it is here, in percent; `pace` is
/// that of the whole sync.
///
/// # Errors
/// When the line, the source or the disk fails. What came stays for the next try.
pub(super) async fn fetch_pack(
    live: &Live,
    source: &Source,
    entry: &PackEntry,
    folder: &Path,
    pace: &mut Pace,
    progress: &dyn Fn(u64),
) -> Result<()> {
    fsx::make_folder(folder).map_err(|e| trouble::of_disk(&e))?;
    let name = format!("{FOLDER}/{}", entry.file());
    match source {
        Source::Folder(path) => copy(&path.join(FOLDER).join(entry.file()), entry, folder, source.other_way()),
        Source::Web(_) => {
            let Some(request) = source.request(&name) else { return Err(Error::Missing(name)) };
            let part = part(folder, entry);
            let mut tries = Tries::default();
            loop {
                let is_here = fsx::size_of(&part).is_some_and(|n| n == entry.bytes);
                let end =
                    if is_here { End::Whole } else { go_on(live, &request, entry, &part, pace, progress).await? };
                if let Some(wait) = tries.judge(end, entry, &part, (&source.place(&name), source.other_way()), live)? {
                    tokio::time::sleep(wait).await;
                    continue;
                }
                return fsx::move_to(&part, &folder.join(entry.file())).map_err(|e| trouble::of_disk(&e));
            }
        }
    }
}

/// Copies a pack from a folder.
fn copy(from: &Path, entry: &PackEntry, folder: &Path, other_way: &str) -> Result<()> {
    let place = from.display().to_string();
    if fsx::size_of(from).is_some_and(|n| n != entry.bytes) {
        return Err(trouble::wrong_pack(&place, other_way));
    }
    let bytes = fsx::read_plain(from, pack::PACK_BYTES_MAX).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => trouble::no_such_pack(&place),
        _ => trouble::of_disk(&e),
    })?;
    pack::check(&bytes, entry).map_err(|_| trouble::wrong_pack(&place, other_way))?;
    fsx::write_atomic(&folder.join(entry.file()), &bytes).map(|_| ()).map_err(|e| trouble::of_disk(&e))
}

/// How one try ended.
enum End {
    /// All that was announced is here.
    Whole,
    /// The line broke, or the host sent less than it should.
    Cut(Option<FetchError>),
    /// More came than the pack has, or another part than was asked for.
    Other,
}

/// Puts pieces where they belong.
struct Taker<'a> {
    file: Growing,
    entry: &'a PackEntry,
    trouble: Option<Trouble>,
    pace: &'a mut Pace,
    progress: &'a dyn Fn(u64),
}

/// Why no more pieces are wanted.
enum Trouble {
    WebPage,
    /// The host packs what is packed.
    Packed,
    TooLong,
    TooSlow(TooSlow),
    Disk(PathError),
}

impl Taker<'_> {
    fn take(&mut self, at: u64, piece: &[u8]) -> ControlFlow<()> {
        match self.put(at, piece) {
            Ok(()) => ControlFlow::Continue(()),
            Err(trouble) => {
                self.trouble = Some(trouble);
                ControlFlow::Break(())
            }
        }
    }

    fn put(&mut self, at: u64, piece: &[u8]) -> std::result::Result<(), Trouble> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let end = at.saturating_add(length);
        // A page in place of the pack must not take away what is here already.
        if at == 0 && !pack::is_zstd(piece) {
            return Err(if piece.starts_with(&GZIP_MAGIC) { Trouble::Packed } else { Trouble::WebPage });
        }
        if end > self.entry.bytes {
            return Err(Trouble::TooLong);
        }
        if at == 0 && self.file.length() > 0 {
            self.file.clear().map_err(Trouble::Disk)?;
        }
        self.file.push(piece).map_err(Trouble::Disk)?;
        (self.progress)(end.saturating_mul(100) / self.entry.bytes.max(1));
        // What has come is kept in any case; it is no use to be strict behind the last byte.
        let slow = self.pace.count(tokio::time::Instant::now(), length);
        if end < self.entry.bytes { slow.map_err(Trouble::TooSlow) } else { Ok(()) }
    }
}

/// Asks for the rest of a pack.
async fn go_on(
    live: &Live,
    request: &Request,
    entry: &PackEntry,
    part: &Path,
    pace: &mut Pace,
    progress: &dyn Fn(u64),
) -> Result<End> {
    let file = Growing::open(part).map_err(|e| trouble::of_disk(&e))?;
    if file.length() > entry.bytes {
        return Ok(End::Other);
    }
    let from = file.length();
    let mut taker = Taker { file, entry, trouble: None, pace, progress };
    let ended = live.download(request, from, &mut |at, piece| taker.take(at, piece)).await;
    // What is here must be on the disk before anybody counts on it.
    let synced = taker.file.sync();
    match taker.trouble {
        Some(Trouble::WebPage) => return Err(trouble::web_page(&request.url)),
        Some(Trouble::Packed) => return Err(trouble::packed_again(&request.url)),
        Some(Trouble::Disk(error)) => return Err(trouble::of_disk(&error)),
        Some(Trouble::TooSlow(slow)) => return Err(trouble::too_slow(&request.url, slow)),
        Some(Trouble::TooLong) => return Ok(End::Other),
        None => synced.map_err(|e| trouble::of_disk(&e))?,
    }
    match ended {
        Ok(Ended::Whole | Ended::Stopped) if taker.file.length() == entry.bytes => Ok(End::Whole),
        Ok(Ended::Whole | Ended::Stopped) => Ok(End::Cut(None)),
        Ok(Ended::OtherPart) => Ok(End::Other),
        Err(FetchError::Status { status: 304, .. }) => Err(trouble::not_asked(&request.url)),
        Err(FetchError::Status { status: 404 | 410, .. }) => Err(trouble::no_such_pack(&request.url)),
        Err(error) if error.is_passing() || matches!(error, FetchError::Slow { .. }) => Ok(End::Cut(Some(error))),
        Err(error) => Err(trouble::of_fetch(&error)),
    }
}

/// What became of the tries so far.
#[derive(Default)]
struct Tries {
    all: u32,
    idle: u32,
    farthest: u64,
    has_begun_again: bool,
}

impl Tries {
    /// Returns how long to wait before the next try, or `None` when the pack is whole and right.
    fn judge(
        &mut self,
        end: End,
        entry: &PackEntry,
        part: &Path,
        (place, other_way): (&str, &str),
        live: &Live,
    ) -> Result<Option<std::time::Duration>> {
        self.all += 1;
        match end {
            End::Whole => {
                let bytes = fsx::read(part).map_err(|e| trouble::of_disk(&e))?;
                if pack::check(&bytes, entry).is_ok() {
                    return Ok(None);
                }
                self.begin_again(part, place, other_way)
            }
            End::Other => self.begin_again(part, place, other_way),
            End::Cut(error) => {
                let here = fsx::size_of(part).unwrap_or(0);
                self.idle = if here > self.farthest { 0 } else { self.idle + 1 };
                self.farthest = self.farthest.max(here);
                if self.idle >= IDLE_TRIES_MAX || self.all >= TRIES_MAX {
                    let reason = || "it ends before its end".to_owned();
                    let cut = || FetchError::Transport { url: place.to_owned(), reason: reason() };
                    return Err(trouble::of_fetch(&error.unwrap_or_else(cut)));
                }
                Ok(Some(if self.idle == 0 { std::time::Duration::ZERO } else { live.limits().pause_first }))
            }
        }
    }

    /// Throws away what is here, once.
    fn begin_again(&mut self, part: &Path, place: &str, other_way: &str) -> Result<Option<std::time::Duration>> {
        fsx::remove_file(part).map_err(|e| trouble::of_disk(&e))?;
        if std::mem::replace(&mut self.has_begun_again, true) {
            return Err(trouble::wrong_pack(place, other_way));
        }
        self.farthest = 0;
        Ok(Some(std::time::Duration::ZERO))
    }
}
