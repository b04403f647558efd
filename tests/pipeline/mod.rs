//! In process: a month from payloads to files.

mod add;
mod checks;
mod choices;
mod curate;
mod cut_short;
mod faults;
mod golden;
mod history;
mod intake;
mod keeping;
mod links;
mod months;
mod packs;
mod people;
mod preview;
mod publish;
mod real_input;
mod rebuild;
mod sheets;
mod tags;
mod taste;
mod verdicts;
