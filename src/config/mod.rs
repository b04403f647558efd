//! Turns `feeds.toml`, `topics.toml` and their neighbours into settings and rules, or into every problem found.
//!
//! Pure: the caller reads the files and hands in what lies around them. A wrong value is never
//! replaced by a default in silence, and all problems of a file are found in one run.

pub mod countries;
pub mod feeds;
pub mod lexicon;
mod house;
mod keeping;
mod publishing;
mod reminders;
pub mod schedule;
pub mod topics;

/// The `feeds.toml` that `roundup init` writes.
pub const FEEDS_DEFAULT: &str = include_str!("../../feeds.toml");

/// The PubMed query that `roundup init` writes beside it.
pub const QUERY_DEFAULT: &str = include_str!("../../pubmed-query.txt");
