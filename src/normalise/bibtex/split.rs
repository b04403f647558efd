//! A text to its entries, and an entry to its fields: braces are counted, nothing is interpreted.
//!
//! The `biblatex` crate refuses a whole file for one bad entry, and follows a name that is defined
//! by itself, or an entry that inherits from itself, until the stack ends. So files are taken apart
//! here, where what is broken can be told with its place and costs only itself.

/// One `@kind{…}` of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    /// The word behind `@`, as written.
    pub kind: &'a str,
    /// Offset of the `@` in the text.
    pub at: usize,
    /// What stands between the outer braces; up to the next entry or the end when they never close.
    pub body: &'a str,
    /// Offset of the body in the text.
    pub body_at: usize,
    /// How it ends.
    pub end: End,
    /// Offset behind the block.
    pub next: usize,
}

/// How a block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With its own closing brace.
    Closed,
    /// Another entry begins before it is closed.
    RunsOn,
    /// The text ends before it is closed.
    Cut,
}

/// One `name = value` of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawField<'a> {
    /// The name, as written.
    pub name: &'a str,
    /// The parts that `#` joins.
    pub parts: Vec<Part<'a>>,
    /// Offset of the name in the body.
    pub at: usize,
}

/// One part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Between braces or quotation marks, or a number.
    Text(&'a str),
    /// A bare word: the name of a string.
    Name(&'a str),
}

/// Something in an entry that is no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Junk {
    /// Offset in the body.
    pub at: usize,
}

/// Returns the blocks of a text in their order. Text between them is a comment, as in BibTeX.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|t| t.find('@')).map(|at| at + from) {
        let Some((kind, body_at, opener)) = header(text, at) else {
            from = at + 1;
            continue;
        };
        let (length, end) = closing(text.get(body_at..).unwrap_or_default(), opener);
        let body = text.get(body_at..body_at + length).unwrap_or_default();
        let next = body_at + length + usize::from(end == End::Closed);
        out.push(Block { kind, at, body, body_at, end, next });
        from = next.max(at + 1);
    }
    out
}

/// Returns the word of the first line that begins with `@word{`, for knowing the form.
pub fn first_kind(text: &str) -> Option<&str> {
    let starts_line = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default().trim_end_matches([' ', '\t', '\u{feff}']);
        before.is_empty() || before.ends_with('\n')
    };
    text.match_indices('@')
        .map(|(at, _)| at)
        .filter(starts_line)
        .find_map(|at| header(text, at))
        .map(|(kind, _, _)| kind)
}

/// Reads `@word {` or `@word (`: the word, the offset behind the brace, and the brace.
fn header(text: &str, at: usize) -> Option<(&str, usize, char)> {
    if text.get(..at)?.ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let word = rest.trim_start();
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(word.len());
    let (kind, behind) = word.split_at(end);
    let behind = behind.trim_start();
    let opener = behind.chars().next().filter(|c| matches!(c, '{' | '('))?;
    (!kind.is_empty()).then(|| (kind, text.len() - behind.len() + 1, opener))
}

/// Returns the length of a body and how it ends. A brace behind a backslash is first taken as part
/// of the text, as tools write it; where that leaves the entry open, every brace is counted.
fn closing(body: &str, opener: char) -> (usize, End) {
    let first = scan(body, opener, Backslash::Escapes);
    if first.1 == End::Closed {
        return first;
    }
    let second = scan(body, opener, Backslash::IsText);
    if second.1 == End::Closed { second } else { first }
}

/// What a backslash before a brace means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Escapes,
    IsText,
}

/// Counts braces up to the end of a body.
fn scan(body: &str, opener: char, backslash: Backslash) -> (usize, End) {
    let (mut depth, mut in_quotes, mut is_escaped, mut at_line_start) = (0_usize, false, false, false);
    for (at, c) in body.char_indices() {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match c {
            '\\' if backslash == Backslash::Escapes => is_escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 && opener == '{' => return (at, End::Closed),
            '}' => depth = depth.saturating_sub(1),
            '"' if opener == '(' && depth == 0 => in_quotes = !in_quotes,
            ')' if opener == '(' && depth == 0 && !in_quotes => return (at, End::Closed),
            '@' if at_line_start && header(body, at).is_some() => return (at, End::RunsOn),
            _ => {}
        }
        at_line_start = c == '\n' || at_line_start && c.is_whitespace();
    }
    (body.len(), End::Cut)
}

/// Returns the key of an entry's body, and its fields with what is none of them.
///
/// The key is empty where the first thing is already a field. A comma that is missing between two
/// fields is not missed.
pub fn fields(body: &str) -> (&str, Vec<RawField<'_>>, Vec<Junk>) {
    let comma = body.find(',').unwrap_or(body.len());
    let has_key = !body.get(..comma).unwrap_or_default().contains('=');
    let key = if has_key { body.get(..comma).unwrap_or_default().trim() } else { "" };
    let mut at = if has_key { comma } else { 0 };
    let (mut out, mut junk) = (Vec::new(), Vec::new());
    loop {
        at = skip_blank(body, at);
        let rest = body.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return (key, out, junk);
        }
        let name_end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(name_end);
        let equals = behind.trim_start();
        let Some(value) = equals.strip_prefix('=').filter(|_| !name.is_empty()) else {
            junk.push(Junk { at });
            at = skip_junk(body, at);
            continue;
        };
        let (parts, end) = value_parts(body, body.len() - value.len());
        out.push(RawField { name, parts, at });
        at = end;
    }
}

/// Tells whether a character may stand in the name of a field.
fn is_name(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '=' | ',' | '{' | '}' | '"' | '#' | '%' | '(' | ')')
}

/// Returns the offset behind white space, commas and comment lines.
fn skip_blank(body: &str, mut at: usize) -> usize {
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let kept = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        at += rest.len() - kept.len();
        if !kept.starts_with('%') {
            return at;
        }
        at += kept.find('\n').unwrap_or(kept.len());
    }
}

/// Returns the offset behind what is no field: behind the next comma outside braces.
fn skip_junk(body: &str, at: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    let mut depth = 0_usize;
    for (offset, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return at + offset + 1,
            _ => {}
        }
    }
    body.len()
}

/// Reads the parts of a value from an offset on; returns them and the offset behind the value.
fn value_parts(body: &str, mut at: usize) -> (Vec<Part<'_>>, usize) {
    let mut parts = Vec::new();
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let value = rest.trim_start();
        at += rest.len() - value.len();
        let (part, length) = match value.chars().next() {
            Some('{') => delimited(value, '}'),
            Some('"') => delimited(value, '"'),
            _ => bare(value),
        };
        parts.extend(part);
        at += length;
        let behind = body.get(at..).unwrap_or_default();
        let Some(joined) = behind.trim_start().strip_prefix('#') else { return (parts, at) };
        at = body.len() - joined.len();
    }
}

/// Reads a value between braces or quotation marks; its length counts both of them.
fn delimited(value: &str, close: char) -> (Option<Part<'_>>, usize) {
    let inner = value.get(1..).unwrap_or_default();
    for backslash in [Backslash::Escapes, Backslash::IsText] {
        let (mut depth, mut is_escaped) = (0_usize, false);
        for (at, c) in inner.char_indices() {
            if is_escaped {
                is_escaped = false;
                continue;
            }
            if c == close && depth == 0 {
                return (inner.get(..at).map(Part::Text), at + 2);
            }
            match c {
                '\\' if backslash == Backslash::Escapes => is_escaped = true,
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    (Some(Part::Text(inner)), value.len())
}

/// Reads a value without marks: a number, the name of a string, or what a tool forgot to put
/// between braces.
fn bare(value: &str) -> (Option<Part<'_>>, usize) {
    let end = value.find([',', '#', '\n', '}']).unwrap_or(value.len());
    let word = value.get(..end).unwrap_or_default().trim();
    let is_name = !word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| is_name(c) && c != '/');
    let part = if is_name { Part::Name(word) } else { Part::Text(word) };
    // A brace that closes nothing must be passed, or the reader would stand still.
    let stray = usize::from(end == 0 && value.starts_with('}'));
    ((!word.is_empty()).then_some(part), end + stray)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, String, End)> {
        blocks(text).iter().map(|b| (b.kind.to_owned(), b.body.trim().to_owned(), b.end)).collect()
    }

    #[test]
    fn blocks_are_found_whatever_is_between_them() {
        for (id, text, want) in [
            ("one", "@a{k, x={1}}", vec![("a", "k, x={1}", End::Closed)]),
            ("round", "@a(k, x=\")\", y={)})", vec![("a", "k, x=\")\", y={)}", End::Closed)]),
            ("comment text", "mail me@b.org {x}\n@ a {k}", vec![("a", "k", End::Closed)]),
            ("runs on", "@a{k, x={1\n @b{l}", vec![("a", "k, x={1", End::RunsOn), ("b", "l", End::Closed)]),
            ("cut", "@a{k, x={1}", vec![("a", "k, x={1}", End::Cut)]),
            ("escaped brace", "@a{k, x={\\{}}", vec![("a", "k, x={\\{}", End::Closed)]),
            ("path", "@a{k, x={C:\\}}", vec![("a", "k, x={C:\\}", End::Closed)]),
            ("nothing", "@ @ @a", vec![]),
        ] {
            let want: Vec<_> = want.into_iter().map(|(k, b, e)| (k.to_owned(), b.to_owned(), e)).collect();
            assert_eq!(shown(text), want, "{id}");
        }
    }

    #[test]
    fn fields_are_parted_as_tools_write_them() {
        use Part::{Name, Text};
        for (id, body, key, want, junk) in [
            (
                "usual",
                "k, a = {1}, b = \"2\", c = 3",
                "k",
                vec![("a", vec![Text("1")]), ("b", vec![Text("2")]), ("c", vec![Text("3")])],
                0,
            ),
            ("no key", "a = {1}", "", vec![("a", vec![Text("1")])], 0),
            ("empty key", ", a = {1},", "", vec![("a", vec![Text("1")])], 0),
            ("joined", "k, a = x # \" y\" # {z}", "k", vec![("a", vec![Name("x"), Text(" y"), Text("z")])], 0),
            ("no comma", "k, a = {1}\n b = {2}", "k", vec![("a", vec![Text("1")]), ("b", vec![Text("2")])], 0),
            (
                "no marks",
                "k, a = 10.5555/x, b = 12-15",
                "k",
                vec![("a", vec![Text("10.5555/x")]), ("b", vec![Text("12-15")])],
                0,
            ),
            ("comment", "k, % a remark, with = {x}\n a = {1} % and\n", "k", vec![("a", vec![Text("1")])], 0),
            ("quotes in braces", "k, a = \"x {\"}y{\"}\"", "k", vec![("a", vec![Text("x {\"}y{\"}")])], 0),
            ("junk", "k, a b c, d = {1}", "k", vec![("d", vec![Text("1")])], 1),
            ("stray brace", "k, a = }, b = {1}", "k", vec![("a", vec![]), ("b", vec![Text("1")])], 0),
        ] {
            let (got_key, got, got_junk) = fields(body);
            let got: Vec<_> = got.into_iter().map(|f| (f.name, f.parts)).collect();
            assert_eq!((got_key, got, got_junk.len()), (key, want, junk), "{id}");
        }
    }
}
