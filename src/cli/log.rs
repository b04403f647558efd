//! The log, on standard error: what happens while nobody looks, for whoever looks later.
//!
//! One chokepoint: whatever a log line holds from elsewhere, no control or direction character of it reaches a
//! terminal or a file. Level and form come from `ROUNDUP_LOG` (as `info`, or `roundup=debug,hyper=warn`) and
//! `ROUNDUP_LOG_FORMAT` (`text` or `json`, one object a line).

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::{Cli, Command, open};
use crate::model::text::is_unwanted;

/// Begins to log. Commands that people wait for tell mistakes alone; the daemon tells what it does.
///
/// # Errors
/// When `ROUNDUP_LOG` or `ROUNDUP_LOG_FORMAT` is not understood.
pub fn start(cli: &Cli) -> anyhow::Result<()> {
    let usual = if matches!(cli.command, Command::Daemon(_)) { "roundup=info,warn" } else { "error" };
    let wanted = open::log_filter().unwrap_or_else(|| usual.to_owned());
    let help = "write a level: error, warn, info, debug";
    let wrong = |why: &str| anyhow::anyhow!("ROUNDUP_LOG=\"{wanted}\" is not understood{why}\n  help: {help}");
    // The library takes any other word for the name of a module, of which everything is then logged.
    let is_level =
        |part: &str| part.contains('=') || part.trim().parse::<tracing::level_filters::LevelFilter>().is_ok();
    if !wanted.split(',').all(is_level) {
        return Err(wrong(""));
    }
    let filter = EnvFilter::try_new(&wanted).map_err(|error| wrong(&format!(": {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(ToError);
    match open::log_format().as_deref() {
        None | Some("text") => builder.init(),
        Some("json") => builder.json().flatten_event(true).init(),
        Some(other) => anyhow::bail!("ROUNDUP_LOG_FORMAT=\"{other}\" is not understood\n  help: write text or json"),
    }
    Ok(())
}

/// Makes writers to standard error that let no control character through.
#[derive(Debug, Clone, Copy)]
struct ToError;

impl<'a> MakeWriter<'a> for ToError {
    type Writer = Clean<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Clean(io::stderr())
    }
}

/// A writer that lets no control or direction character through, but the end of the line.
#[derive(Debug)]
struct Clean<W>(W);

impl<W: Write> Write for Clean<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // One call holds one event, so that no character is cut in two, and one line feed, which ends it: what stood
        // behind another could be anything, and read as a line of ours.
        let text = String::from_utf8_lossy(bytes);
        let (line, end) = text.strip_suffix('\n').map_or((text.as_ref(), ""), |line| (line, "\n"));
        let seen = line.chars().map(|c| if ends_line(c) { ' ' } else { c }).filter(|c| !is_control(*c));
        self.0.write_all((seen.collect::<String>() + end).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Tells whether a character begins another line.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{2028}' | '\u{2029}')
}

/// Tells whether a character could act on a terminal or hide what stands there.
fn is_control(c: char) -> bool {
    c.is_control() || is_unwanted(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_line_acts_on_a_terminal() {
        for (text, want, note) in [
            ("a source failed\n", "a source failed\n", "plain"),
            ("\u{1b}[2J\u{1b}]52;c;aGk=\u{7}x\n", "[2J]52;c;aGk=x\n", "escapes: screen, clipboard"),
            ("a\rb\u{8}\u{9b}31mc\n", "ab31mc\n", "carriage return, backspace, C1"),
            ("abc\u{202e}fed\u{2066}\n", "abcfed\n", "directions"),
            ("a\nb\u{2028}c\u{2029}d\n", "a b c d\n", "one event is one line"),
            ("half", "half", "no end of a line"),
            ("Médecins – 母親\n", "Médecins – 母親\n", "words of all people"),
        ] {
            let mut out = Clean(Vec::new());
            out.write_all(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(out.0).unwrap(), want, "{note}");
        }
    }
}
