//! What a member needs to search without the harvest: packs of papers and a small signed list of them.
//!
//! A pack is zstd of JSON lines, one paper a line, in order of id, and is named by the hash of its
//! bytes; it is never changed. The list (`manifest.json`) names the packs in order, the papers that
//! are gone and those that were retracted; `manifest.json.minisig` is its signature.
//! Everything here works on bytes; who reads and writes them is the business of the pipeline.
//!
//! ```text
//! manifest.json           the list
//! manifest.json.minisig   its signature, in the form of minisign
//! roundup.pub             the public key, in the form of minisign
//! packs/HASH.jsonl.zst    papers
//! ```

mod bytes;
mod contents;
mod difference;
mod key;
mod line;
mod list;
mod mend;

pub use bytes::{NotAPack, PACK_BYTES_MAX, check, hash_of, is_zstd, pack, unpack};
pub use contents::{Contents, LineHash, Papers};
pub use difference::{Change, Difference, difference};
pub use key::{NotSigned, PublicKey, SecretKey, Signed, WrongKey};
pub use line::{line, slim};
pub use list::{Gone, MANIFEST_BYTES_MAX, Manifest, NAME_CHARS_MAX, NotAList, PackEntry, SEQUENCE_MAX, VERSION, Why};
pub use mend::{Mended, paper_of};

/// Name of the list.
pub const MANIFEST: &str = "manifest.json";
/// Name of the list's signature.
pub const SIGNATURE: &str = "manifest.json.minisig";
/// Name of the file of the public key.
pub const PUBLIC_KEY: &str = "roundup.pub";
/// Name of the folder of the packs.
pub const FOLDER: &str = "packs";

/// The most papers in one pack: some 2 MB, so that a line that breaks costs little, and a first
/// fetch comes in pieces that can be counted.
pub const PACK_PAPERS_MAX: usize = 5_000;
/// From how many bytes of lines on a new pack is begun: far from what a member refuses, and more than
/// 5,000 usual papers have.
pub const PACK_LINES_BYTES: usize = 32 << 20;
