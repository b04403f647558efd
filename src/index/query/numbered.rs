//! Searches of several numbered lines, as Ovid, PubMed and the Cochrane Library show them: lines that
//! name others (`3 and 4`, `#1 OR #2`, `or/1-3`) are replaced by what they stand for.

use std::collections::BTreeMap;

use super::QUERY_CHARS_MAX;

/// The most characters that lines may come to when they stand in the place of their numbers: a line
/// may be named by many others, and those by more.
const EXPANDED_CHARS_MAX: usize = 4 * QUERY_CHARS_MAX;

/// The highest number of a line: above it a number is a year or a count.
const LINE_MAX: u16 = 999;

/// A search of numbered lines as one query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub text: String,
    pub notes: Vec<String>,
}

/// Returns a search of numbered lines as one query, that of its last line; `None` when the text is
/// no such search.
///
/// # Errors
/// A sentence: which line names itself or one that is not there.
pub(super) fn whole(text: &str) -> Option<Result<Whole, String>> {
    if let Some(line) = single(text) {
        let notes = vec!["the number before the line was passed over".to_owned()];
        return Some(Ok(Whole { text: line.to_owned(), notes }));
    }
    let lines = lines(text)?;
    let last = *lines.last_key_value()?.0;
    let mut expander = Expander { lines: &lines, open: Vec::new(), limits: Vec::new() };
    let out = expander.line(last).map(|text| {
        let mut notes = vec![format!("numbered lines were put together; line {last}, the last, is the question")];
        notes.extend(expander.limits);
        Whole { text, notes }
    });
    Some(out)
}

/// Returns what stands behind the number of the only line (`1     exp Depression/`, `#1 stigma`); `None`
/// where the number may be a word: `1 mother`, `S3 guideline`.
fn single(text: &str) -> Option<&str> {
    let line = text.trim();
    let (_, rest) = numbered(line).filter(|_| !line.contains('\n'))?;
    let before = line.get(..line.len() - rest.len())?;
    let is_heading = || rest.starts_with(['*', '(']) || rest.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("exp "));
    let is_wide = before.ends_with('\t') || before.ends_with("   ");
    let is_marked = before.starts_with('#') || before.trim_end().ends_with(['.', ')', ':']);
    let names_lines = has_numbers(&pieces(rest)) || rest.split_whitespace().any(|word| listed(word).is_some());
    ((is_wide || is_marked || is_heading()) && !names_lines && limited(rest).is_none()).then(|| without_count(rest))
}

/// Returns the lines by their numbers; `None` unless there are two of them that follow each other. A
/// line without a number goes on with the one before it.
fn lines(text: &str) -> Option<BTreeMap<u16, String>> {
    let mut out: BTreeMap<u16, String> = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let next = out.last_key_value().map_or(0, |(n, _)| *n);
        match numbered(line) {
            Some((number, rest)) if number > next => {
                out.insert(number, without_count(rest).to_owned());
            }
            _ => {
                // Words before the first number are a heading of the list.
                let Some(mut last) = out.last_entry() else { continue };
                last.get_mut().push(' ');
                last.get_mut().push_str(line);
            }
        }
    }
    (out.len() > 1).then_some(out)
}

/// Returns the number of a line and what stands behind it.
fn numbered(line: &str) -> Option<(u16, &str)> {
    let bare = line.strip_prefix('S').unwrap_or_else(|| line.trim_start_matches('#'));
    let digits = bare.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = bare.split_at_checked(digits)?;
    let number: u16 = number.parse().ok().filter(|n| (1..=LINE_MAX).contains(n))?;
    let sign = rest.trim_start_matches(['.', ')', ':']);
    let is_parted = sign.starts_with(char::is_whitespace);
    // `1 or 2` is a line without a number of its own.
    let next = sign.split_whitespace().next()?;
    (is_parted && !(is_operator(next) && sign.len() == rest.len())).then_some((number, sign.trim()))
}

/// Returns a line without the number of papers that another program found, which stands behind a
/// tabulator, several spaces or in brackets.
fn without_count(line: &str) -> &str {
    let is_count = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_digit() || c == ',')
            && text.contains(|c: char| c.is_ascii_digit())
    };
    if let Some((rest, count)) = line.rsplit_once(['\t']).or_else(|| line.rsplit_once("  "))
        && is_count(count.trim())
    {
        return rest.trim_end();
    }
    if let Some((rest, count)) = line.strip_suffix(')').and_then(|l| l.rsplit_once(" (")).filter(|(_, c)| is_count(c))
        && !count.is_empty()
    {
        return rest.trim_end();
    }
    line
}

fn is_operator(word: &str) -> bool {
    ["and", "or", "not"].iter().any(|o| word.eq_ignore_ascii_case(o))
}

/// Puts lines into the place of their numbers.
struct Expander<'l> {
    lines: &'l BTreeMap<u16, String>,
    /// The lines that are being read, each named by the one before it.
    open: Vec<u16>,
    /// What limits say.
    limits: Vec<String>,
}

impl Expander<'_> {
    /// Returns what a line stands for.
    fn line(&mut self, number: u16) -> Result<String, String> {
        let by = self.open.last().copied();
        if self.open.contains(&number) {
            let by = by.unwrap_or(number);
            return Err(format!("line {by} names line {number}, which leads back to it"));
        }
        let Some(line) = self.lines.get(&number) else {
            return Err(format!("line {} names line {number}, which is not there", by.unwrap_or(number)));
        };
        self.open.push(number);
        let text = self.read(line)?;
        self.open.pop();
        if text.chars().count() > EXPANDED_CHARS_MAX {
            return Err(format!("the numbered lines come to more than {EXPANDED_CHARS_MAX} characters"));
        }
        Ok(text)
    }

    fn read(&mut self, line: &str) -> Result<String, String> {
        if let Some(number) = limited(line) {
            let line = line.to_owned();
            let (years, note) = limit(&line);
            if !self.limits.contains(&note) {
                self.limits.push(note);
            }
            let text = self.line(number)?;
            return Ok(years.map_or_else(|| text.clone(), |years| format!("({text}) AND {years}")));
        }
        let pieces = pieces(line);
        let mut out = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            if let Some((operator, numbers)) = listed(piece) {
                let lines: Result<Vec<String>, String> =
                    numbers.into_iter().map(|number| Ok(format!("({})", self.line(number)?))).collect();
                out.push_str(&format!("({})", lines?.join(&format!(" {operator} "))));
            } else if let Some(number) = named(&pieces, at) {
                out.push_str(&format!("({})", self.line(number)?));
            } else if is_operator(piece) && has_numbers(&pieces) {
                out.push_str(&piece.to_uppercase());
            } else {
                out.push_str(piece);
            }
            if out.len() > 4 * EXPANDED_CHARS_MAX {
                return Err(format!("the numbered lines come to more than {EXPANDED_CHARS_MAX} characters"));
            }
        }
        Ok(out)
    }
}

/// Returns the words of a line, brackets by themselves.
fn pieces(line: &str) -> Vec<String> {
    let is_numbers = |word: &str| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '(' | ')' | '#' | 'S'));
    let mut out = Vec::new();
    for word in line.split_whitespace() {
        // Brackets that touch a number part from it, others stay with their words.
        if is_numbers(word) {
            out.extend(word.replace('(', "( ").replace(')', " )").split_whitespace().map(str::to_owned));
        } else {
            out.push(word.to_owned());
        }
    }
    out
}

/// Returns the line that a piece names: `#3`, or a number beside an operator and nothing else.
fn named(pieces: &[String], at: usize) -> Option<u16> {
    let piece = pieces.get(at)?;
    if let Some(digits) = piece.strip_prefix('#') {
        return digits.parse().ok();
    }
    // `S3 guideline` names no line: EBSCO's numbers stand beside operators, as those without a sign.
    let number: u16 = piece.strip_prefix('S').unwrap_or(piece).parse().ok().filter(|n| (1..=LINE_MAX).contains(n))?;
    let is_bracket = |p: &String| p == "(" || p == ")";
    let before = pieces.get(..at)?.iter().rev().find(|p| !is_bracket(p));
    let after = pieces.get(at + 1..)?.iter().find(|p| !is_bracket(p));
    let joins = |p: Option<&String>| p.is_none_or(|p| is_operator(p));
    (joins(before) && joins(after) && before.or(after).is_some()).then_some(number)
}

fn has_numbers(pieces: &[String]) -> bool {
    (0..pieces.len()).any(|at| named(pieces, at).is_some())
}

/// Returns the operator and the lines of `or/1-3`, `and/2,4`, `{or #1-#3}`.
fn listed(piece: &str) -> Option<(&'static str, Vec<u16>)> {
    let (name, list) = piece.trim_matches(['{', '}', '(', ')']).split_once('/')?;
    let operator = match name.to_lowercase().as_str() {
        "or" => "OR",
        "and" => "AND",
        _ => return None,
    };
    let mut out = Vec::new();
    for part in list.split(',').map(|p| p.replace('#', "")) {
        let (from, to) = part.split_once('-').unwrap_or((&part, &part));
        let (from, to): (u16, u16) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        if from > to || to > LINE_MAX {
            return None;
        }
        out.extend(from..=to);
    }
    Some((operator, out))
}

/// Returns the line that a limit of Ovid is put on: `limit 5 to english language`.
fn limited(line: &str) -> Option<u16> {
    let mut words = line.split_whitespace();
    let is_limit = words.next()?.eq_ignore_ascii_case("limit");
    let number = words.next()?.parse().ok()?;
    (is_limit && words.next()?.eq_ignore_ascii_case("to")).then_some(number)
}

fn year(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns the years that a limit names (`yr="2010 -Current"`) as we type them, and the note on it.
fn limit(line: &str) -> (Option<String>, String) {
    let passed = || (None, format!("passed over: {line}"));
    let Some((start, rest)) = line.split_once("yr=") else { return passed() };
    let (typed, end) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => rest.split_at_checked(rest.find([' ', ')']).unwrap_or(rest.len())).unwrap_or((rest, "")),
    };
    let years = match typed.split_once('-') {
        None => year(typed).map(|y| format!("year:{y}")),
        Some((from, to)) if to.trim().eq_ignore_ascii_case("current") => year(from).map(|y| format!("year:{y}..")),
        Some((from, to)) => year(from).zip(year(to)).map(|(from, to)| format!("year:{from}..{to}")),
    };
    let Some(years) = years else { return passed() };
    let others: Vec<&str> = [start.split_once(" to ").map_or("", |(_, more)| more), end]
        .into_iter()
        .flat_map(|text| text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')')))
        .filter(|word| !word.is_empty() && !is_operator(word))
        .collect();
    let more = if others.is_empty() { String::new() } else { format!("; passed over: {}", others.join(" ")) };
    (Some(years.clone()), format!("the years of the limit were read as {years}{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_together() {
        for (text, want, note) in [
            ("1 stigma\n2 shame\n3 1 or 2", "(stigma) OR (shame)", "Ovid"),
            ("1. stigma\n2. shame\n3. or/1-2", "((stigma) OR (shame))", "a range"),
            ("#1 stigma\n#2 shame\n#3 #1 AND #2", "(stigma) AND (shame)", "Cochrane"),
            ("1 a\n2 b\n3 c\n4 (1 or 2) and 3", "( (a) OR (b) ) AND (c)", "brackets"),
            ("1 stigma\t1,234\n2 shame (56)\n3 1 and 2   7", "(stigma) AND (shame)", "with counts"),
            ("1 stigma\n2 shame\n3 1 or 2\n4 limit 3 to english", "(stigma) OR (shame)", "the last is a limit"),
            ("1 stigma\n2 1 and kenya.mp.", "(stigma) AND kenya.mp.", "a number beside words"),
            ("1 stigma\n2 phase 3 trial", "phase 3 trial", "a number in a sentence names no line"),
            ("1 a\n2 3 or 1", "error: line 2 names line 3, which is not there", "missing"),
            ("1 2 or 2\n2 1 or 1", "error: line 1 names line 2, which leads back to it", "round and round"),
            ("S1 stigma\nS2 shame\nS3 (S1 OR S2) AND kenya", "( (stigma) OR (shame) ) AND kenya", "EBSCO"),
            ("S1 stigma\nS2 S3 guideline", "S3 guideline", "no line beside an operator"),
            ("1     exp Depression, Postpartum/", "exp Depression, Postpartum/", "a single line"),
            ("#1 stigma  123", "stigma", "a single line of the Cochrane Library"),
            ("S3 guideline depression", "none", "a word that looks like a number of EBSCO"),
            ("2 mothers", "none", "a number of mothers"),
            ("1 a\n2 limit 1 to (english and yr=\"2010 -Current\")", "(a) AND year:2010..", "a limit of years"),
            ("1 a\n2 limit 1 to yr=\"2010 - 2020\"", "(a) AND year:2010..2020", "both ends"),
            ("stigma\nshame", "none", "no numbers"),
            ("#1 AND #2", "none", "numbers without lines"),
        ] {
            let got = match whole(text) {
                None => "none".to_owned(),
                Some(Ok(whole)) => whole.text,
                Some(Err(message)) => format!("error: {message}"),
            };
            assert_eq!(got, want, "{text}: {note}");
        }
        let grows: Vec<String> = (2..60).map(|n| format!("{n} {} or {}", n - 1, n - 1)).collect();
        let text = format!("1 stigma\n{}", grows.join("\n"));
        assert!(whole(&text).is_some_and(|w| w.is_err()), "twice as long with each line");
    }
}
