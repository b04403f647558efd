//! Search over the papers of all issues, without a server: an index in small files that a page loads as scripts.
//!
//! A page that lies in a folder may not fetch files, but it may load scripts; so every file of the index is one, and
//! the search works from a memory stick too. Papers are numbered from the oldest, so that a new issue changes few
//! files and the largest numbers are the newest papers. Words stand sorted, with the papers that hold them, in parts
//! of about the same size; a reader loads the parts of the words asked for and the papers on the first page.
//!
//! ```text
//! search/w3.js   roundupPart("w3","VERSION","birth !#+\nblues 0%")     a word, a space, papers as distances
//! search/p0.js   roundupPart("p0","VERSION",[["Title","Authors. Journal","Tags","2030-01","wabc…"],…])
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::sha256_hex;
use crate::model::text::{shorten, words};

use super::archive_issue::{ArchiveIssue, ArchiveItem};
use super::output::RenderedFile;

/// Folder of the index, beside the page.
const FOLDER: &str = "search";

/// Papers in one file. Ten papers of the first page may lie in ten files.
const PAPERS_A_PART: usize = 24;

/// Bytes of words in one file; a word that stands in nearly every paper may take more.
const WORDS_BYTES: usize = 12 * 1024;

/// Characters of a title that are shown; the page of the issue has all of it.
const TITLE_CHARS_MAX: usize = 240;

/// Characters of the line of authors, journal and date.
const BYLINE_CHARS_MAX: usize = 160;

/// Characters of the labels.
const TAGS_CHARS_MAX: usize = 120;

/// Longest word that is looked for, in characters; longer ones are addresses and formulas.
const WORD_CHARS_MAX: usize = 40;

/// Small words that stand in nearly every paper and say nothing; the page passes over them, too.
const SMALL_WORDS: [&str; 16] =
    ["al", "an", "and", "as", "at", "by", "et", "for", "from", "in", "of", "on", "or", "the", "to", "with"];

/// What the page must know before it loads anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchHead {
    /// Which index this is: a file of another one is refused.
    pub version: String,
    /// How many papers there are.
    pub papers: usize,
    /// Papers in one file.
    pub papers_a_part: usize,
    /// First word of each file of words.
    pub first_words: Vec<String>,
    /// Words that are not looked for.
    pub small_words: [&'static str; SMALL_WORDS.len()],
}

/// Returns the files of the index and what the page must know. Issues come newest first.
pub fn index(issues: &[&ArchiveIssue]) -> (Vec<RenderedFile>, SearchHead) {
    // Within an issue the last item has the smallest number: what the page shows, from the largest number down, has
    // the items in reading order.
    let papers: Vec<(String, &ArchiveItem)> = issues
        .iter()
        .rev()
        .flat_map(|issue| issue.items.iter().rev().map(|item| (issue.month.to_string(), item)))
        .collect();
    let words = words_parts(&papers);
    let first_words: Vec<String> =
        words.iter().map(|part| part.split(' ').next().unwrap_or_default().to_owned()).collect();
    let mut parts: Vec<(String, String)> = Vec::new();
    parts.extend(words.iter().enumerate().map(|(n, text)| (format!("w{n}"), json(text))));
    let shown = papers.chunks(PAPERS_A_PART).map(|some| some.iter().map(|(m, item)| shown(m, item)).collect());
    parts.extend(shown.enumerate().map(|(n, rows): (usize, Vec<_>)| (format!("p{n}"), json(&rows))));
    let version = version(&parts);
    let file = |(name, json): (String, String)| {
        let text = format!("roundupPart(\"{name}\",\"{version}\",{json});\n");
        RenderedFile::text(&format!("{FOLDER}/{name}.js"), text)
    };
    let head = SearchHead {
        version: version.clone(),
        papers: papers.len(),
        papers_a_part: PAPERS_A_PART,
        first_words,
        small_words: SMALL_WORDS,
    };
    (parts.into_iter().map(file).collect(), head)
}

/// Tells whether a file in the folder of an archive is part of an index that this module made, by its path there and
/// its bytes: what nobody needs any more may be removed then.
pub fn is_of_an_index(path: &str, bytes: &[u8]) -> bool {
    let name = path.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')).and_then(|n| n.strip_suffix(".js"));
    let Some(name) = name else { return false };
    let number = name.strip_prefix('w').or_else(|| name.strip_prefix('p')).unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number && bytes.starts_with(format!("roundupPart(\"{name}\",\"").as_bytes())
}

/// Returns a value as JSON. In a file of its own nothing in it can end anything.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Returns which index some parts are: the same parts, the same version.
fn version(parts: &[(String, String)]) -> String {
    let all: Vec<&str> = parts.iter().flat_map(|(name, json)| [name.as_str(), json.as_str()]).collect();
    sha256_hex(all.join("\n").as_bytes()).chars().take(12).collect()
}

/// Returns what the page shows of a paper: title, line of authors and journal, labels, month, anchor.
fn shown<'a>(month: &'a str, item: &'a ArchiveItem) -> [String; 5] {
    [
        shorten(&item.title, TITLE_CHARS_MAX),
        shorten(&item.byline, BYLINE_CHARS_MAX),
        shorten(&item.tag_line, TAGS_CHARS_MAX),
        month.to_owned(),
        item.anchor.clone(),
    ]
}

/// Returns all words with their papers, sorted, in parts of about the same size: lines of a word, a space, and the
/// papers as distances.
fn words_parts(papers: &[(String, &ArchiveItem)]) -> Vec<String> {
    let mut found: BTreeMap<Vec<u16>, (String, Vec<usize>)> = BTreeMap::new();
    for (number, (_, item)) in papers.iter().enumerate() {
        for word in words_of(item) {
            // A browser compares texts by their UTF-16 units.
            let (_, papers) = found.entry(word.encode_utf16().collect()).or_insert_with(|| (word, Vec::new()));
            papers.push(number);
        }
    }
    let mut parts: Vec<String> = Vec::new();
    for (word, papers) in found.into_values() {
        let line = format!("{word} {}", distances(&papers));
        match parts.last_mut().filter(|part| part.len() + line.len() < WORDS_BYTES) {
            Some(part) => {
                part.push('\n');
                part.push_str(&line);
            }
            None => parts.push(line),
        }
    }
    parts
}

/// Returns the words by which a paper is found: those of its title, authors, journal, labels and finding.
fn words_of(item: &ArchiveItem) -> BTreeSet<String> {
    let texts = [&item.title, &item.byline, &item.tag_line, &item.finding];
    let is_telling = |word: &String| {
        let length = word.chars().count();
        (2..=WORD_CHARS_MAX).contains(&length) && !SMALL_WORDS.contains(&word.as_str())
    };
    texts.into_iter().flat_map(|text| words(text)).filter(is_telling).collect()
}

/// Signs that end a number; the others say that it goes on.
const LAST_SIGNS: usize = 64;

/// Signs that say that a number goes on.
const MORE_SIGNS: usize = 28;

/// Returns numbers that rise as their distances, each in signs that need no escaping in a script: those from `!` to
/// `~` but for the quotation mark and the backslash. Of 92 signs the first 64 end a number; the rest carry it on.
fn distances(numbers: &[usize]) -> String {
    let mut out = String::new();
    let mut before = None;
    for number in numbers {
        let mut left = before.map_or(*number, |b: usize| number - b - 1);
        before = Some(*number);
        let last = left % LAST_SIGNS;
        left /= LAST_SIGNS;
        let mut more = Vec::new();
        while left > 0 {
            more.push(LAST_SIGNS + (left - 1) % MORE_SIGNS);
            left = (left - 1) / MORE_SIGNS;
        }
        out.extend(more.iter().rev().map(|n| sign(*n)));
        out.push(sign(last));
    }
    out
}

/// Returns the sign of a number below 92.
fn sign(number: usize) -> char {
    let mut code = usize::from(b'!') + number;
    code += usize::from(code >= usize::from(b'"'));
    code += usize::from(code >= usize::from(b'\\'));
    u8::try_from(code).map_or('!', char::from)
}

#[cfg(test)]
mod tests;
