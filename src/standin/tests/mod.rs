//! The stand-in asked over the wire (`server`), and its data looked at (`data`).

use jiff::civil::{Date, date};

mod data;
mod server;

const FIRST_ISSUE: Date = date(2026, 10, 1);
const SECOND_ISSUE: Date = date(2026, 11, 1);

/// Reads a document to its end, so that broken XML in the data is noticed.
fn well_formed(text: &str, name: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = name == "/feeds/salud-materna.xml";
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(e) => panic!("{name} at byte {}: {e}", reader.error_position()),
        }
    }
}

/// Returns what stands between two markers, at every place.
fn all_between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).filter_map(|part| part.split_once(to)).map(|(inside, _)| inside).collect()
}
