//! Counts the events of an XML file and does nothing with them: the speed that no reader built on
//! the same library can pass. `cargo run --release --example count_events FILE`

use std::process::ExitCode;

use quick_xml::Reader;
use quick_xml::events::Event;

#[expect(clippy::print_stdout, reason = "an example prints its result")]
#[expect(clippy::print_stderr, reason = "an example says what went wrong")]
fn main() -> ExitCode {
    match std::env::args_os().nth(1).ok_or_else(|| "name a file".to_owned()).and_then(|path| count(&path)) {
        Ok(events) => {
            println!("{events}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("count_events: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how many events the file has.
#[expect(clippy::disallowed_methods, reason = "the example stands alone, so that it builds in a moment")]
fn count(path: &std::ffi::OsStr) -> Result<u64, String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let mut reader = Reader::from_str(std::str::from_utf8(&bytes).map_err(|e| e.to_string())?);
    let mut events = 0;
    while !matches!(reader.read_event().map_err(|e| e.to_string())?, Event::Eof) {
        events += 1;
    }
    Ok(events)
}
