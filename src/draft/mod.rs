//! The month's draft file: proposed, written, read, changed, regenerated without losing a word, checked.
//!
//! The file belongs to the people who edit it. It is read with places, and changed only by cutting
//! single values, comments and blocks out of the text and putting others in: whatever is not cut
//! stays byte for byte, with its order, remarks and line endings. The module knows nobody but
//! `model` and `toml_doc`; the caller reads and writes the files.
//!
//! ```
//! use roundup::draft;
//! use roundup::model::{Draft, Month};
//! let month = Month::parse("2026-10").expect("a month");
//! let text = draft::write(&Draft::empty(month), &[], &[]);
//! let (read, problems) = draft::parse(&text, "drafts/2026-10.toml");
//! assert!(problems.is_empty());
//! assert_eq!(read.map(|d| d.month), Some(month));
//! ```

mod answers;
mod asked;
mod cuts;
mod edit;
mod difference;
mod keep;
mod layout;
mod lint;
mod places;
mod preheader;
mod read;
mod regenerate;
pub mod select;
mod spot;
mod text;
mod without;
mod write;

pub use answers::{TELL_READERS, answers, choices_of, countries_of, for_readers, is_about_scope, scope_of};
pub use asked::asked_about;
pub use difference::{DiffLine, Side, difference};
pub use edit::{Clash, Edit, FieldKey, TopKey, clashes, edit, undo};
pub use keep::written as keep_value;
pub use lint::{Facts, Places, WorkFacts, lint, other_month};
pub use places::{Placed, Stand, places};
pub use read::{issue_items, parse};
pub use regenerate::{Regenerated, regenerate};
pub use without::base_for;
pub use write::{item_block, write};

#[cfg(test)]
mod laws;

/// Section of the compact list under the working groups' sections.
pub const MORE: &str = "more";

/// Largest draft file that is read, in bytes: a hundred times a full month. A larger one is a
/// mistake (a picture or a mailbox saved under this name).
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
