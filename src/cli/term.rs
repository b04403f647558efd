//! The one way to the terminal: what is printed holds nothing that acts on it.
//!
//! Titles come from feeds, and a feed can carry escape sequences. Every text line passes through
//! [`safe`]; JSON lines are written as they are, since JSON escapes control characters itself.

use std::io::{self, BufWriter, IsTerminal, Write};

use crate::model::Problem;
use crate::model::text::is_unwanted;

mod sight;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done,
    /// Nothing found, or problems were reported.
    Nothing,
    /// Wrong usage or configuration.
    Usage,
    /// Partly done: some sources or inputs failed.
    Partly,
    /// Our own mistake.
    Bug,
    /// Another instance holds the lock (`EX_TEMPFAIL` of sysexits.h).
    Locked,
}

impl Exit {
    /// Returns the number the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Nothing => 1,
            Self::Usage => 2,
            Self::Partly => 3,
            Self::Bug => 4,
            Self::Locked => 75,
        }
    }
}

/// Standard output and standard error of a command.
pub struct Terminal {
    out: BufWriter<Box<dyn Write>>,
    err: Box<dyn Write>,
    is_closed: bool,
    lost: Option<io::Error>,
    is_interactive: bool,
    has_colour: bool,
    width: usize,
}

/// Columns assumed when the width of the terminal is not known, as in a pipe.
const WIDTH_UNKNOWN: usize = 100;

impl Terminal {
    /// Returns the process's own streams. `colour_off` is `NO_COLOR` or `TERM=dumb`.
    pub fn of_process(columns: Option<usize>, colour_off: bool) -> Self {
        let is_interactive = io::stdout().is_terminal();
        Self {
            out: BufWriter::new(Box::new(io::stdout())),
            err: Box::new(io::stderr()),
            is_closed: false,
            lost: None,
            is_interactive,
            has_colour: is_interactive && !colour_off,
            width: columns.filter(|c| *c >= 20).unwrap_or(WIDTH_UNKNOWN),
        }
    }

    /// Returns streams that end in the given writers, for tests: no colour, 100 columns.
    pub fn into_writers(out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        Self {
            out: BufWriter::new(out),
            err,
            is_closed: false,
            lost: None,
            is_interactive: false,
            has_colour: false,
            width: WIDTH_UNKNOWN,
        }
    }

    /// Returns the terminal with another width, in columns.
    #[cfg(test)]
    pub fn of_width(mut self, columns: usize) -> Self {
        self.width = columns;
        self
    }

    /// Colours also what goes into a pipe, as `CLICOLOR_FORCE` asks.
    pub fn force_colour(&mut self) {
        self.has_colour = true;
    }

    /// Returns a terminal that looks the same and keeps what is printed on it, and where it keeps it.
    /// What goes to standard error is kept there too, in its place.
    pub fn aside(&self) -> (Self, Sheet) {
        let sheet = Sheet::default();
        let aside = Self {
            out: BufWriter::new(Box::new(sheet.clone())),
            err: Box::new(sheet.clone()),
            is_closed: false,
            lost: None,
            is_interactive: self.is_interactive,
            has_colour: self.has_colour,
            width: self.width,
        };
        (aside, sheet)
    }

    /// Tells whether a person looks at standard output right now.
    pub fn is_interactive(&self) -> bool {
        self.is_interactive
    }

    /// Tells whether text may be bold or dim.
    pub fn has_colour(&self) -> bool {
        self.has_colour
    }

    /// Returns the width in columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Prints one line of text, made safe. After the reader has gone (`| head`) it does nothing.
    pub fn line(&mut self, text: &str) {
        let safe = safe(text);
        self.raw(safe.as_bytes());
        self.raw(b"\n");
    }

    /// Prints a value as one line of JSON.
    ///
    /// # Errors
    /// When the value cannot be written as JSON, which is our own mistake.
    pub fn json<T: serde::Serialize + ?Sized>(&mut self, value: &T) -> anyhow::Result<()> {
        let mut line = Vec::new();
        push_json(&mut line, value)?;
        line.push(b'\n');
        self.raw(&line);
        Ok(())
    }

    /// Prints bytes as they are: for JSON, RIS and other forms that a program reads.
    pub fn raw(&mut self, bytes: &[u8]) {
        if !self.is_closed {
            let written = self.out.write_all(bytes);
            self.note_failure(written);
        }
    }

    /// Tells whether the reader has gone, so that a long loop can stop.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Prints one line of text to standard error, made safe.
    pub fn note(&mut self, text: &str) {
        self.flush();
        // Standard error may be closed; there is then nobody to tell.
        let _ = writeln!(self.err, "{}", safe(text));
    }

    /// Prints a problem to standard error.
    pub fn problem(&mut self, problem: &Problem) {
        self.note(&problem.to_string());
    }

    /// Prints one line made of differently styled parts; without colour the parts alone.
    pub fn styled(&mut self, parts: &[(Style, &str)]) {
        let mut text = String::new();
        for (style, part) in parts {
            let part = safe(part);
            match style {
                Style::Bold if self.has_colour => text.push_str(&format!("\u{1b}[1m{part}\u{1b}[0m")),
                Style::Dim if self.has_colour => text.push_str(&format!("\u{1b}[2m{part}\u{1b}[0m")),
                _ => text.push_str(&part),
            }
        }
        self.raw(text.as_bytes());
        self.raw(b"\n");
    }

    /// Hands all output on.
    pub fn flush(&mut self) {
        if !self.is_closed {
            let flushed = self.out.flush();
            self.note_failure(flushed);
        }
    }

    /// Ends printing after a failure. A reader that has gone is fine; a full disk is not.
    fn note_failure(&mut self, outcome: io::Result<()>) {
        let Err(error) = outcome else { return };
        self.is_closed = true;
        if error.kind() != io::ErrorKind::BrokenPipe {
            self.lost = Some(error);
        }
    }

    /// Hands everything on and returns why some of it was lost, such as a full disk.
    pub fn finish(&mut self) -> Option<io::Error> {
        self.flush();
        self.lost.take()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Adds a value as JSON in which nothing acts on a terminal: JSON escapes C0 controls itself; DEL,
/// C1 controls and bidi marks are escaped here, which a program reads back as they were.
///
/// # Errors
/// When the value cannot be written as JSON, which is our own mistake; `out` is then as it was.
pub fn push_json<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), serde_json::Error> {
    let start = out.len();
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        out.truncate(start);
        return Err(error);
    }
    let new = out.get(start..).unwrap_or_default();
    // Most lines are plain ASCII, which is seen without a way out of the loop.
    let is_odd = |b: u8| b >= DEL;
    if !new.iter().fold(false, |found, b| found | is_odd(*b)) {
        return Ok(());
    }
    let escaped = std::str::from_utf8(new).ok().and_then(escape_unwanted);
    if let Some(escaped) = escaped {
        out.truncate(start);
        out.extend_from_slice(escaped.as_bytes());
    }
    Ok(())
}

/// The first byte, in a text without C0 controls, that can belong to an unwanted character.
const DEL: u8 = 0x7f;

/// Returns JSON with every unwanted character escaped; `None` when there is none.
fn escape_unwanted(json: &str) -> Option<String> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(plain) = json.as_bytes().get(at..).and_then(|rest| rest.iter().position(|b| *b >= DEL)) {
        at += plain;
        let Some(c) = json.get(at..).and_then(|rest| rest.chars().next()) else { break };
        if is_unwanted(c) || sight::is_unseen(c) || sight::ends_line(c) {
            out.push_str(json.get(copied..at).unwrap_or_default());
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
            copied = at + c.len_utf8();
        }
        at += c.len_utf8();
    }
    out.push_str(json.get(copied..).filter(|_| copied > 0)?);
    Some(out)
}

/// What was printed aside. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Sheet(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl Sheet {
    /// Returns the bytes printed so far, and forgets them.
    pub fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a part of a line looks on a terminal with colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// Bold: titles, words that matched.
    Bold,
    /// Dim: what can be skipped.
    Dim,
}

/// Returns text without anything that acts on a terminal or hides in it: C0 and C1 controls but line
/// feed and tab, DEL and what turns the direction of writing become U+FFFD, so that a reader sees that
/// something was there; separators of lines and paragraphs become line feeds; what is never seen goes,
/// and joiners stay only where a script or a picture is written with them.
pub fn safe(text: &str) -> String {
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    for c in text.chars() {
        let shown = match c {
            c if sight::ends_line(c) => '\n',
            c if sight::is_joiner(c) && !last.is_some_and(|before| sight::joins(before, c)) => continue,
            c if sight::is_unseen(c) => continue,
            c if is_unwanted(c) => '\u{fffd}',
            c => c,
        };
        out.push(shown);
        last = Some(shown);
    }
    out
}

/// A writer whose bytes a test can look at.
#[cfg(test)]
pub mod kept {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    /// Keeps what is written; clones share it.
    #[derive(Clone, Default)]
    pub struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Kept {
        /// Returns all that was written.
        pub fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("UTF-8")
        }
    }

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("not poisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_hold_nothing_that_acts_and_read_back_as_they_were() {
        for (value, want) in [
            ("a\u{2028}b\u{2029}c", "\"a\\u2028b\\u2029c\""),
            ("a\u{200b}b\u{ad}", "\"a\\u200bb\\u00ad\""),
            ("\u{e0041}", "\"\\udb40\\udc41\""),
            ("\u{200d}é产", "\"\u{200d}é产\""),
        ] {
            let mut out = Vec::new();
            push_json(&mut out, value).unwrap();
            assert_eq!(String::from_utf8(out.clone()).unwrap(), want);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), value);
        }
        let value = "a\u{202e}b\u{9b}c\u{7f}";
        let mut out = b"x".to_vec();
        push_json(&mut out, value).unwrap();
        let text = String::from_utf8(out.split_off(1)).unwrap();
        assert_eq!(text, "\"a\\u202eb\\u009bc\\u007f\"");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }

    #[test]
    fn nothing_that_acts_on_a_terminal_gets_through() {
        for (text, want) in [
            ("a\u{1b}[31mb", "a\u{fffd}[31mb"),
            ("\u{1b}]8;;http://evil.example\u{7}x", "\u{fffd}]8;;http://evil.example\u{fffd}x"),
            ("c\u{9b}31m", "c\u{fffd}31m"),
            ("\u{202e}abc\r", "\u{fffd}abc\u{fffd}"),
            ("a\u{2066}b\u{2069}c\u{202a}\u{202c}", "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}"),
            ("a\u{85}b\u{7f}", "a\u{fffd}b\u{fffd}"),
            ("one\u{2028}two\u{2029}three", "one\ntwo\nthree"),
            ("depres\u{ad}sion", "depression"),
            ("post\u{200b}partum\u{2060}x\u{feff}y\u{180e}z", "postpartumxyz"),
            ("a\u{200e}b\u{200f}c\u{61c}d", "abcd"),
            ("hid\u{e0001}\u{e0068}\u{e0069}\u{e007f}den", "hidden"),
            ("a\u{2061}\u{2062}\u{2063}\u{2064}\u{206a}\u{206f}\u{fff9}\u{fffb}b", "ab"),
            ("ma\u{200d}ter\u{200c}nal", "maternal"),
            ("\u{200d}a", "a"),
            // A space that is as wide as nothing else stays, since it is seen.
            ("a\u{a0}b\u{202f}c\u{3000}d", "a\u{a0}b\u{202f}c\u{3000}d"),
            // Persian "they want", Hindi "nation" with an explicit half letter, Sinhala "Sri".
            ("می\u{200c}خواهند", "می\u{200c}خواهند"),
            ("राष्\u{200d}ट्र", "राष्\u{200d}ट्र"),
            ("ශ්\u{200d}රී", "ශ්\u{200d}රී"),
            ("می\u{200c}\u{200c}\u{200c}خ", "می\u{200c}خ"),
            // A mother with a child, and a flag with its colour selector.
            ("👩🏾\u{200d}🍼 🏳\u{fe0f}\u{200d}🌈", "👩🏾\u{200d}🍼 🏳\u{fe0f}\u{200d}🌈"),
            ("👩\u{200c}x", "👩x"),
            ("naïve Ōtsu 産後うつ", "naïve Ōtsu 産後うつ"),
            ("tab\tand é stay", "tab\tand é stay"),
        ] {
            assert_eq!(safe(text), want);
        }
    }
}
