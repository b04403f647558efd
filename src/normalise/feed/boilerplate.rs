//! What publishers put around an abstract, told from the abstract by its structure.

use std::sync::LazyLock;

use regex::Regex;

use super::dates::read_date;
use super::people;
use crate::model::{PartialDate, Section, text};

/// What a text of an entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extract {
    /// The abstract, paragraphs parted by a blank line; empty when there is none.
    pub text: String,
    /// Sections of a structured abstract, where the source is known to label them.
    pub sections: Vec<Section>,
    /// Journal.
    pub journal: String,
    /// Volume.
    pub volume: String,
    /// Issue.
    pub number: String,
    /// Pages.
    pub pages: String,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// Day of publication.
    pub published: Option<PartialDate>,
    /// Year of the citation.
    pub year: Option<i16>,
}

/// Builds one of the patterns.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is fixed and tested")
}

/// Returns what the text of an item of PubMed's search feed holds: a citation line, `ABSTRACT`,
/// the paragraphs, and a line of identifiers.
pub fn pubmed(paragraphs: &str) -> Extract {
    static CITATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?P<journal>.+?)\. (?P<year>\d{4})\b[^;]*?(?:;(?P<volume>[\w ]+)?(?:\((?P<number>[^)]+)\))?(?::(?P<pages>[\w.,-]+?))?)?(?:\. |\.?$)",
        )
    });
    let mut out = Extract::default();
    let mut kept: Vec<&str> = Vec::new();
    for (n, paragraph) in paragraphs.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).enumerate() {
        let is_frame = paragraph.starts_with("PMID:") || matches!(paragraph, "ABSTRACT" | "NO ABSTRACT" | "Abstract");
        match CITATION.captures(paragraph).filter(|_| n == 0) {
            Some(found) => {
                let part = |name: &str| found.name(name).map(|m| m.as_str().trim().to_owned()).unwrap_or_default();
                out.year = part("year").parse().ok();
                (out.volume, out.number, out.pages) = (part("volume"), part("number"), part("pages"));
            }
            None if is_frame => {}
            None => kept.push(paragraph),
        }
    }
    out.text = kept.join("\n\n");
    out.sections = sections(&kept);
    out
}

/// Returns the labelled parts of an abstract (`METHODS: …`); none when no part has a label.
fn sections(paragraphs: &[&str]) -> Vec<Section> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?P<label>[A-Z][A-Z0-9 ,/&'()-]{2,60}):\s+(?P<text>\S.*)$"));
    let parts: Vec<Section> = paragraphs
        .iter()
        .map(|p| {
            let found = LABEL.captures(p).map(|c| c.extract());
            let (label, text) = found.map_or((None, *p), |(_, [label, text])| (Some(label.to_owned()), text));
            Section { label, category: None, text: text.to_owned() }
        })
        .collect();
    if parts.iter().any(|s| s.label.is_some()) { parts } else { Vec::new() }
}

/// Returns what the text of any other entry holds: the abstract without its heading, without the
/// citation before it, and the facts of labelled lines where it is made of such.
pub fn general(paragraphs: &str) -> Extract {
    labelled(paragraphs).unwrap_or_else(|| {
        let mut out = Extract::default();
        let rest = cut_citation(paragraphs, &mut out);
        cut_heading(rest).clone_into(&mut out.text);
        out
    })
}

/// Reads text made of labelled paragraphs: `Publication date: … Source: … Author(s): …`
/// (`ScienceDirect`), `DOI: … Authors: … Abstract: …` (Pensoft). Two labels make it such.
fn labelled(paragraphs: &str) -> Option<Extract> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?is)^(publication date|source|author\(s\)|authors?|doi|abstract|published(?: online)?)\s*:\s*(.+)$")
    });
    /// Paragraphs of so few words beside labelled ones are links ("PDF", "Full text HTML").
    const LINK_WORDS_MAX: usize = 3;
    let mut out = Extract::default();
    let mut labels: Vec<String> = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    let mut kept: Vec<&str> = Vec::new();
    for paragraph in paragraphs.split("\n\n").map(str::trim) {
        let Some((_, [label, value])) = LABEL.captures(paragraph).map(|c| c.extract()) else {
            if paragraph.split_whitespace().count() > LINK_WORDS_MAX {
                if labels.iter().any(|l| l == "abstract") { kept.push(paragraph) } else { before.push(paragraph) }
            }
            continue;
        };
        let label = label.to_lowercase();
        match label.as_str() {
            "abstract" => kept.push(value),
            "source" => read_source(value, &mut out),
            "doi" => {}
            date if date.starts_with("publi") => out.published = read_date(value).and_then(super::FeedDate::day),
            _ => out.authors = people::names(value, true),
        }
        labels.push(label);
    }
    labels.sort();
    labels.dedup();
    if labels.len() < 2 {
        return None;
    }
    // Without a labelled abstract, what stands beside the labels may be one.
    let text = if labels.iter().any(|l| l == "abstract") { kept } else { before };
    out.text = text.join("\n\n");
    Some(out)
}

/// Reads `Zoologischer Anzeiger, Volume 295, Issue 2`.
fn read_source(value: &str, out: &mut Extract) {
    static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?P<journal>.+?)(?:, Volumes? (?P<volume>[\w–-]+))?(?:, (?:Issue|Part) (?P<number>[\w –-]+?))?(?:, Supplement.*)?$",
        )
    });
    if let Some(found) = SOURCE.captures(value) {
        let part = |name: &str| found.name(name).map(|m| text::clean_line(m.as_str())).unwrap_or_default();
        (out.journal, out.volume, out.number) = (part("journal"), part("volume"), part("number"));
    }
}

/// Returns the text behind a citation that leads it: `Volume 70, Issue 1, July 2021, Page 1-31`,
/// `TAXON, EarlyView.`, `Journal, Ahead of Print.` What the citation says goes to `out`.
fn cut_citation<'a>(paragraphs: &'a str, out: &mut Extract) -> &'a str {
    static LEAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:(?P<journal>[^.\n]{1,150}), )?(?:Ahead of Print|Early ?View|Online First|Volume (?P<volume>[\w-]+), Issue (?P<number>[\w -]+?)(?:, (?:Pages? (?P<pages>[\w.–-]*\w)|(?:\d{1,2} )?[A-Z][a-z]+(?:/[A-Z][a-z]+)? \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}))*)(?:[.\s]+|$)",
        )
    });
    let Some(found) = LEAD.captures(paragraphs) else { return paragraphs };
    let part = |name: &str| found.name(name).map(|m| m.as_str().replace('–', "-")).unwrap_or_default();
    (out.volume, out.number, out.pages) = (part("volume"), part("number"), part("pages"));
    let end = found.get(0).map_or(0, |m| m.end());
    paragraphs.get(end..).unwrap_or_default().trim()
}

/// Returns the text behind a heading line `Abstract` or `Summary`.
fn cut_heading(paragraphs: &str) -> &str {
    let (first, rest) = paragraphs.split_once('\n').unwrap_or((paragraphs, ""));
    let heading = first.trim().trim_end_matches(['.', ':']).to_lowercase();
    if matches!(heading.as_str(), "abstract" | "summary" | "résumé" | "resumen" | "resumo") {
        rest.trim()
    } else {
        paragraphs
    }
}
