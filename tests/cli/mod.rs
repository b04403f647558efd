//! Through the binary: only what belongs to it, arguments, exit codes, wording.

mod add;
mod bad_input;
mod choose;
mod curate;
mod dedupe;
mod dedupe_forms;
mod drafts;
mod export;
mod help;
mod journey;
mod keeping;
mod keeping_lost;
mod merge;
mod packs;
mod publish;
mod rank;
mod retag;
mod saved;
mod score;
mod search;
mod search_shelf;
mod search_show;
mod sources;
mod status;
mod watch;
