//! The bytes of a pack: packing, unpacking within its announced size, and its name.

use std::io::{Read, Write};

use super::PackEntry;
use crate::model::sha256_hex;

/// How hard packs are pressed: they are written once and fetched often.
const LEVEL: i32 = 19;
/// The most memory that unpacking may ask for, as a power of two of bytes: 16 MB. Level 19 uses 8 MB.
const WINDOW_LOG_MAX: u32 = 24;
/// The most bytes of a pack. One of 5,000 papers has some 2 MB.
pub const PACK_BYTES_MAX: u64 = 64 << 20;
/// The most bytes of a pack when unpacked: a paper has some 2 kB, so that 5,000 stay far below.
pub(super) const UNPACKED_BYTES_MAX: u64 = 256 << 20;
/// How zstd begins (RFC 8878, 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Why some bytes are not the pack that they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPack {
    /// Their number is not the announced one.
    #[error("it has {got} bytes instead of {want}")]
    Size {
        /// How many there are.
        got: u64,
        /// How many were announced.
        want: u64,
    },
    /// Their hash is not the pack's name.
    #[error("its bytes are not those that were signed")]
    Hash,
    /// They unpack to more or less than announced, or not at all.
    #[error("it does not unpack to what was announced")]
    Unpacked,
}

/// Returns the lower-case hex of the SHA-256 of some bytes: the name of a pack.
pub fn hash_of(bytes: &[u8]) -> String {
    sha256_hex(bytes)
}

/// Tells whether bytes, however few, begin as packs do. A page of a network that wants a sign-in does not.
pub fn is_zstd(bytes: &[u8]) -> bool {
    bytes.iter().zip(ZSTD_MAGIC).all(|(got, want)| *got == want)
}

/// Checks that bytes are those of a pack's entry.
///
/// # Errors
/// When their number or their hash is another.
pub fn check(bytes: &[u8], entry: &PackEntry) -> Result<(), NotAPack> {
    let got = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if got != entry.bytes {
        return Err(NotAPack::Size { got, want: entry.bytes });
    }
    if hash_of(bytes) == entry.sha256 { Ok(()) } else { Err(NotAPack::Hash) }
}

/// Returns lines as the bytes of a pack.
///
/// # Errors
/// When memory is short.
pub fn pack(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
    // The size at the front lets a reader make room once.
    encoder.set_pledged_src_size(u64::try_from(lines.len()).ok())?;
    encoder.write_all(lines)?;
    encoder.finish()
}

/// Returns the lines of a pack after checking that its bytes are those of its entry.
///
/// # Errors
/// When they are not, or unpack to more than was announced.
pub fn unpack(bytes: &[u8], entry: &PackEntry) -> Result<Vec<u8>, NotAPack> {
    check(bytes, entry)?;
    let want = entry.unpacked.min(UNPACKED_BYTES_MAX);
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(|_| NotAPack::Unpacked)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(|_| NotAPack::Unpacked)?;
    let mut out = Vec::new();
    // One byte more than announced, so that more is noticed and not unpacked.
    decoder.take(want + 1).read_to_end(&mut out).map_err(|_| NotAPack::Unpacked)?;
    if u64::try_from(out.len()) == Ok(entry.unpacked) { Ok(out) } else { Err(NotAPack::Unpacked) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(bytes: &[u8], unpacked: usize) -> PackEntry {
        PackEntry {
            sha256: hash_of(bytes),
            bytes: bytes.len() as u64,
            unpacked: unpacked as u64,
            papers: 1,
            month: crate::model::Month::parse("2026-11").unwrap(),
        }
    }

    #[test]
    fn a_pack_is_what_its_entry_says_or_nothing() {
        let lines = b"{\"a\":1}\n".repeat(1_000);
        let bytes = pack(&lines).unwrap();
        let good = entry(&bytes, lines.len());
        assert_eq!(unpack(&bytes, &good).unwrap(), lines);
        assert!(is_zstd(&bytes) && !is_zstd(b"<html>"));
        assert_eq!(pack(&lines).unwrap(), bytes, "the same lines give the same name");
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_eq!(unpack(&other, &good), Err(NotAPack::Hash), "{at}");
        }
        assert!(matches!(unpack(&bytes[..9], &good), Err(NotAPack::Size { got: 9, .. })));
        assert_eq!(unpack(&bytes, &entry(&bytes, lines.len() - 1)), Err(NotAPack::Unpacked));
        assert_eq!(unpack(b"<html>", &entry(b"<html>", 6)), Err(NotAPack::Unpacked));
        let cut = &bytes[..bytes.len() - 5];
        assert_eq!(unpack(cut, &entry(cut, lines.len())), Err(NotAPack::Unpacked));
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        let bomb = pack(&vec![b' '; 64 << 20]).unwrap();
        assert!(bomb.len() < 10_000);
        assert_eq!(unpack(&bomb, &entry(&bomb, 1_000)), Err(NotAPack::Unpacked));
    }

    #[test]
    fn a_pack_that_asks_for_much_memory_is_refused() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(27).unwrap();
        encoder.write_all(&vec![b'x'; 1 << 20]).unwrap();
        let bytes = encoder.finish().unwrap();
        assert_eq!(unpack(&bytes, &entry(&bytes, 1 << 20)), Err(NotAPack::Unpacked));
    }
}
