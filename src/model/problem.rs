//! What is off with some data, said so that a person can mend it.

use std::fmt;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing was lost and nothing is in the way.
    Note,
    /// Something was repaired or left out; the rest is fine.
    Warning,
    /// Something was lost or stands in the way of going on.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Where a problem is: a file (or address), and a line and column where they are known.
///
/// Lines and columns count from 1; columns count characters. 0 means "not known".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// File name or address as the person gave it; empty when there is none.
    pub file: String,
    /// Line, from 1; 0 when not known.
    pub line: usize,
    /// Column in characters, from 1; 0 when not known.
    pub column: usize,
}

impl Place {
    /// Returns a place that names only a file or address.
    pub fn file(name: impl Into<String>) -> Self {
        Self { file: name.into(), line: 0, column: 0 }
    }

    /// Returns a place with line and column, both from 1.
    pub fn at(name: impl Into<String>, line: usize, column: usize) -> Self {
        Self { file: name.into(), line, column }
    }

    /// Returns the place of a byte offset in `text`; an offset past the end means the end.
    pub fn of_offset(name: impl Into<String>, text: &str, offset: usize) -> Self {
        Lines::new(&name.into(), text).at(offset)
    }
}

/// A text whose lines are known, so that thousands of places are found without counting each time.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Reads a text; `name` is what people call its file.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name, text, starts }
    }

    /// Returns the byte at which a line (from 1) begins; `None` for a line that there is not.
    pub fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).copied().filter(|start| *start < self.text.len())
    }

    /// Returns the place of a byte offset; one behind the text is its end, one within a character its
    /// beginning.
    pub fn at(&self, offset: usize) -> Place {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= end);
        let start = line.checked_sub(1).and_then(|n| self.starts.get(n)).copied().unwrap_or(0);
        let column = self.text.get(start..end).unwrap_or_default().chars().count() + 1;
        Place::at(self.name, line.max(1), column)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The name of a file may hold line breaks, behind which anything could stand as if we said it.
        f.write_str(&self.file.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), "\u{fffd}"))?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// One thing that is off: what, where, and what to do about it.
///
/// The message is lower case without a full stop. Problems are collected beside results and
/// never thrown: one bad item must not cost the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// How much it matters.
    pub severity: Severity,
    /// What is off, in plain words.
    pub message: String,
    /// What to do; may be empty when the message says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
}

impl Problem {
    /// Returns an error at a place.
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        Self { place, severity: Severity::Error, message: message.into(), help: String::new() }
    }

    /// Returns a warning at a place.
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Self { place, severity: Severity::Warning, message: message.into(), help: String::new() }
    }

    /// Returns a note at a place.
    pub fn note(place: Place, message: impl Into<String>) -> Self {
        Self { place, severity: Severity::Note, message: message.into(), help: String::new() }
    }

    /// Returns the same problem so many lines further down: for a part of a file that was read by
    /// itself. A place without a line stays as it is.
    #[must_use]
    pub fn further_down(mut self, lines: usize) -> Self {
        if self.place.line > 0 {
            self.place.line += lines;
        }
        self
    }

    /// Returns the same problem with a sentence on what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.file.is_empty() {
            write!(f, "{}: {}", self.severity, self.message)?;
        } else {
            write!(f, "{}: {}", self.place, self.message)?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "erste\nzwö lf\n";
        assert_eq!(Place::of_offset("f", text, 0).to_string(), "f:1:1");
        assert_eq!(Place::of_offset("f", text, text.find("lf").expect("there")).to_string(), "f:2:5");
        assert_eq!(Place::of_offset("f", text, 999).to_string(), "f:3:1");
        let lines = Lines::new("f", text);
        let counted = |end: usize| {
            let before = text.get(..end).expect("a boundary");
            (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
        };
        for offset in (0..=text.len()).filter(|o| text.is_char_boundary(*o)) {
            let place = lines.at(offset);
            assert_eq!((place.line, place.column), counted(offset), "{offset}");
        }
    }

    #[test]
    fn a_problem_prints_place_message_and_help() {
        let p = Problem::error(Place::at("feeds.toml", 11, 9), "unknown topic \"advocasy\"")
            .with_help("did you mean \"advocacy\"?");
        assert_eq!(p.to_string(), "feeds.toml:11:9: unknown topic \"advocasy\"\n  help: did you mean \"advocacy\"?");
    }
}
