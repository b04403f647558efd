//! What a person pastes to name a paper: a DOI, a PMID, a PMCID, an address, in every usual form.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::clean_line;
use crate::model::{Doi, Pmcid, Pmid};
use crate::normalise::feed::{doi_in_address, is_web};

/// A paper as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// By PubMed's number.
    Pmid(Pmid),
    /// By its number in PubMed Central.
    Pmcid(Pmcid),
    /// By its DOI, and the address the DOI was found in when it was not a resolver's.
    Doi(Doi, Option<String>),
    /// By the address of its page.
    Url(String),
}

/// The longest text that is looked at, in bytes; addresses are shorter.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// Returns what a pasted text names, or `None` when it names no paper.
///
/// Quotes, brackets and punctuation around it are ignored. A bare number is a PMID. A citation
/// that holds exactly one DOI names that DOI.
pub fn understand(text: &str) -> Option<Asked> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let text = clean_line(text);
    let text = bare(&text);
    let lower = text.to_lowercase();
    let unlabelled = ["url:", "link:", "pubmed pmid:", "pubmed id:"].iter().find(|l| lower.starts_with(**l));
    let text = unlabelled.and_then(|l| text.get(l.len()..)).map_or(text, bare);
    if text.is_empty() {
        return None;
    }
    if let Some(address) = address_of(text) {
        return Some(of_address(&address));
    }
    let number = text.strip_prefix('#').unwrap_or(text);
    if let Some(pmcid) = Pmcid::parse(text).filter(|_| is_only_pmcid(text)) {
        return Some(Asked::Pmcid(pmcid));
    }
    Pmid::parse(number).map(Asked::Pmid).or_else(|| of_words(text))
}

/// Joins arguments that a space has torn apart: `PMID: 123`, `doi: 10.5555/x`.
pub fn join(arguments: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut label: Option<&str> = None;
    for argument in arguments {
        let is_label =
            ["pmid", "pmid:", "doi", "doi:", "pmcid", "pmcid:"].contains(&argument.trim().to_lowercase().as_str());
        match (label.take(), is_label) {
            (Some(label), false) => out.push(format!("{label} {argument}")),
            (Some(label), true) => out.push(label.to_owned()),
            (None, false) => out.push(argument.clone()),
            (None, true) => {}
        }
        if is_label {
            label = Some(argument);
        }
    }
    out.extend(label.map(str::to_owned));
    out
}

/// Returns a text without the marks that stand around it in mails and documents.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let before = text;
        text = text.trim_matches(['"', '\'', '“', '”', '„', '‘', '’', '«', '»', '<', '`', ' ', '*']);
        text = text.trim_end_matches([',', ';', '.', ':', '!', '…']);
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')] {
            let inside = text.strip_prefix(open).map(|t| t.strip_suffix(close).unwrap_or(t));
            text = inside.unwrap_or(text);
            // A closing mark without its opening one was left by the sentence around.
            if text.matches(close).count() > text.matches(open).count() {
                text = text.strip_suffix(close).unwrap_or(text);
            }
        }
        if text == before {
            return text;
        }
    }
}

/// Returns the web address that a text is, also one that lost its `https://`.
fn address_of(text: &str) -> Option<String> {
    if text.contains(' ') {
        return None;
    }
    let lower = text.to_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return is_web(text).then(|| text.to_owned());
    }
    if lower.starts_with("//") {
        return address_of(&format!("https:{text}"));
    }
    let host = lower.split(['/', '?']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && !host.starts_with("10.")
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && host.rsplit('.').next().is_some_and(|t| t.len() >= 2 && t.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_whole = lower.starts_with("www.") || lower.contains('/');
    let address = format!("https://{text}");
    (is_host && is_whole && is_web(&address)).then_some(address)
}

/// Returns what an address names: PubMed and PMC by the number in it, a DOI, else its page.
fn of_address(address: &str) -> Asked {
    let lower = address.to_lowercase();
    if let Some(pmcid) = pmcid_in(&lower) {
        return Asked::Pmcid(pmcid);
    }
    if let Some(pmid) = pmid_in(&lower) {
        return Asked::Pmid(pmid);
    }
    let host = lower.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    match doi_in_address(address) {
        Some(doi) => Asked::Doi(doi, (!host.ends_with("doi.org")).then(|| address.to_owned())),
        None => Asked::Url(address.to_owned()),
    }
}

/// Returns the PMCID in a lower-case address of PubMed Central or Europe PMC.
fn pmcid_in(lower: &str) -> Option<Pmcid> {
    static AT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^https?://(?:[a-z0-9-]+\.)*(?:nih\.gov|europepmc\.org)/.*?\bpmc:?(\d{1,10})\b"));
    AT.captures(lower).and_then(|c| c.get(1)).and_then(|m| Pmcid::parse(&format!("PMC{}", m.as_str())))
}

/// Returns the PMID in a lower-case address of PubMed or Europe PMC.
fn pmid_in(lower: &str) -> Option<Pmid> {
    static AT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"^https?://(?:[a-z0-9-]+\.)*(?:",
            r"pubmed\.ncbi\.nlm\.nih\.gov/(?:\?(?:.*&)?term=)?|pubmed\.gov/|",
            r"ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(?:\?(?:.*&)?term=)?|",
            r"ncbi\.nlm\.nih\.gov/.*[?&](?:list_uids|uid)=|",
            r"europepmc\.org/(?:article|abstract)/med/)(\d{1,9})(?:\D|$)"
        ))
    });
    AT.captures(lower).and_then(|c| c.get(1)).and_then(|m| Pmid::parse(m.as_str()))
}

/// Tells whether a text is a PMCID and nothing else.
fn is_only_pmcid(text: &str) -> bool {
    let rest = text.to_uppercase();
    let rest = ["PMCID:", "PMC:"].iter().fold(rest.as_str(), |r, p| r.strip_prefix(p).unwrap_or(r).trim_start());
    rest.strip_prefix("PMC").is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// Returns what words name: the one DOI in them, else the number behind `PMID` or `PMCID`, else
/// the one address in them.
fn of_words(text: &str) -> Option<Asked> {
    static DOI: LazyLock<Regex> = LazyLock::new(|| pattern(r"10\.\d{4,9}(?:\.\d+)*/\S+"));
    static PMID: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bpmid:?\s*(\d{1,9})\b"));
    static PMCID: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bpmc\d{1,10}\b"));
    if !text.contains(' ')
        && let Some(doi) = Doi::parse(text)
    {
        return Some(Asked::Doi(doi, None));
    }
    let mut dois: Vec<Doi> = DOI.find_iter(text).filter_map(|m| Doi::parse(bare(m.as_str()))).collect();
    dois.sort();
    dois.dedup();
    if let [only] = dois.as_slice() {
        return Some(Asked::Doi(only.clone(), None));
    }
    if !dois.is_empty() {
        return None;
    }
    if let Some(pmid) = PMID.captures(text).and_then(|c| c.get(1)).and_then(|m| Pmid::parse(m.as_str())) {
        return Some(Asked::Pmid(pmid));
    }
    if let Some(pmcid) = PMCID.find(text).and_then(|m| Pmcid::parse(m.as_str())) {
        return Some(Asked::Pmcid(pmcid));
    }
    let mut addresses = text.split(' ').filter(|w| w.contains("://")).filter_map(|w| address_of(bare(w)));
    let first = addresses.next()?;
    addresses.next().is_none().then(|| of_address(&first))
}

/// Builds one of the patterns.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is fixed and tested")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what is understood, in short.
    fn said(text: &str) -> String {
        match understand(text) {
            None => "nothing".to_owned(),
            Some(Asked::Pmid(p)) => format!("pmid {p}"),
            Some(Asked::Pmcid(p)) => p.to_string(),
            Some(Asked::Doi(d, None)) => format!("doi {d}"),
            Some(Asked::Doi(d, Some(at))) => format!("doi {d} at {at}"),
            Some(Asked::Url(url)) => url,
        }
    }

    #[test]
    fn people_paste_papers_in_many_forms() {
        // (text, want, note)
        let cases = [
            ("10.5555/Abc.1", "doi 10.5555/abc.1", "a bare DOI"),
            ("doi:10.5555/abc", "doi 10.5555/abc", "with its label"),
            ("DOI 10.5555/abc.", "doi 10.5555/abc", "label without colon, end of a sentence"),
            ("https://doi.org/10.5555/abc", "doi 10.5555/abc", "the resolver"),
            ("http://dx.doi.org/10.5555/abc/", "doi 10.5555/abc", "the old resolver"),
            ("doi.org/10.5555/abc", "doi 10.5555/abc", "the resolver without https"),
            ("<https://doi.org/10.5555/abc>", "doi 10.5555/abc", "angle brackets of mail programs"),
            ("“10.5555/abc”,", "doi 10.5555/abc", "curly quotes and a comma"),
            ("(10.5555/abc)", "doi 10.5555/abc", "parentheses"),
            ("10.5555/s0140-6736(26)00001-2", "doi 10.5555/s0140-6736(26)00001-2", "parentheses of its own"),
            ("(doi: 10.5555/s0140-6736(26)00001-2)", "doi 10.5555/s0140-6736(26)00001-2", "both"),
            (
                "https://www.example.org/doi/full/10.5555/abc?af=R",
                "doi 10.5555/abc at https://www.example.org/doi/full/10.5555/abc?af=R",
                "a publisher's address",
            ),
            (
                "https://example.org/article/10.5555/abc.pdf",
                "doi 10.5555/abc at https://example.org/article/10.5555/abc.pdf",
                "a PDF's address",
            ),
            ("Example A. Sleep. J Ex. 2026;1:2. doi: 10.5555/abc. Epub 2026.", "doi 10.5555/abc", "a whole citation"),
            ("10.5555/abc and 10.5555/def", "nothing", "two papers at once"),
            ("90000001", "pmid 90000001", "a bare number is a PMID"),
            ("PMID: 90000001", "pmid 90000001", "as PubMed copies it"),
            ("pmid90000001.", "pmid 90000001", "without a space"),
            ("https://pubmed.ncbi.nlm.nih.gov/90000001/", "pmid 90000001", "PubMed's address"),
            ("pubmed.ncbi.nlm.nih.gov/90000001/?fc=1", "pmid 90000001", "as browsers show it"),
            ("https://pubmed.ncbi.nlm.nih.gov/?term=90000001", "pmid 90000001", "as a search"),
            ("http://www.ncbi.nlm.nih.gov/pubmed/90000001", "pmid 90000001", "the old address"),
            ("https://www.ncbi.nlm.nih.gov/m/pubmed/90000001/", "pmid 90000001", "on a phone"),
            ("https://europepmc.org/article/MED/90000001", "pmid 90000001", "Europe PMC"),
            ("Example 2026. PMID: 90000001; PMCID: PMC90000002.", "pmid 90000001", "a citation with both"),
            ("PMC1234567", "PMC1234567", "a PMCID"),
            ("pmcid: PMC1234567", "PMC1234567", "with its label"),
            ("https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/", "PMC1234567", "PMC's address"),
            ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/?report=reader", "PMC1234567", "the old one"),
            ("https://europepmc.org/article/PMC/PMC1234567", "PMC1234567", "Europe PMC"),
            ("https://www.example.org/news/1", "https://www.example.org/news/1", "a page"),
            ("www.example.org/news", "https://www.example.org/news", "a page without https"),
            ("example.org/news/1.", "https://example.org/news/1", "a page without anything"),
            ("See https://example.org/news/1 (today)", "https://example.org/news/1", "in words"),
            (
                "https://www.example.org/news/2026/90000001",
                "https://www.example.org/news/2026/90000001",
                "a number is no PMID here",
            ),
            ("file:///etc/passwd", "nothing", "no file of this machine"),
            ("javascript:alert(1)", "nothing", "nothing that acts"),
            ("", "nothing", "nothing"),
            ("depression", "nothing", "a word"),
            ("export.ris", "nothing", "a file name"),
            ("2026-10-01", "nothing", "a date"),
        ];
        for (text, want, note) in cases {
            assert_eq!(said(text), want, "{text}: {note}");
        }
    }

    #[test]
    fn arguments_that_a_space_tore_apart_are_joined() {
        let join = |list: &[&str]| join(&list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(join(&["PMID:", "1", "doi:", "10.5555/x", "PMC3"]), ["PMID: 1", "doi: 10.5555/x", "PMC3"]);
        assert_eq!(join(&["pmid"]), ["pmid"]);
    }
}
