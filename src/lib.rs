//! `roundup` harvests the literature on perinatal mental health, and drafts a monthly roundup.
//!
//! ```text
//! sources ──harvest──▶ payload ──normalise──▶ record ──merge──▶ work ──store──▶ SQLite (truth)
//! SQLite ──tag──▶ topics ──rank──▶ order ──┬──index──▶ index/ (derived) ◀── roundup search
//!                                          └──draft──▶ drafts/2026-10.toml ◀── desk, or any text editor
//! draft ──render──▶ email.html, email.txt, page, archive, feed, manifest.json
//! ```
//!
//! The modules below stand in that order. `ARCHITECTURE.md` tells which may know which;
//! `tests/tidy.rs` holds them to it.

pub mod clock;
pub mod fault;
pub mod fsx;
pub mod model;
pub mod bibliography;
pub mod toml_doc;

pub mod config;

pub mod fetch;
pub mod mail;
pub mod harvest;
pub mod normalise;
pub mod merge;
pub mod store;
pub mod tag;
pub mod measure;
pub mod rank;
pub mod index;
pub mod draft;
pub mod render;
pub mod pack;
pub mod publish;

pub mod pipeline;
pub mod desk;
pub mod daemon;
pub mod standin;

pub mod cli;
