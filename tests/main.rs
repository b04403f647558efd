//! One test binary for everything that is tested from outside a module.

#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may read files, stop where something is wrong, and print the figures that are quoted"
)]

mod bibliography;
mod browser;
mod checked;
mod cli;
mod crash;
#[cfg(unix)]
mod daemon;
mod desk;
mod pipeline;
mod ranking;
mod schedule;
mod security;
mod support;
mod tag_finding;
mod tag_judged;
mod tag_rules;
mod tidy;
