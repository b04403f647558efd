//! One test binary for everything that is tested from outside a module.

mod cli;
mod pipeline;
mod support;
mod tag_rules;
mod tidy;
