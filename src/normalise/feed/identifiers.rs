//! DOI, PMID and PMCID of an entry: from the fields made for them, from ids, from addresses.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Doi, Pmcid, Pmid};

/// The identifiers of an entry, each from the most trusted place that has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identifiers {
    /// DOI.
    pub doi: Option<Doi>,
    /// PubMed id.
    pub pmid: Option<Pmid>,
    /// PubMed Central id.
    pub pmcid: Option<Pmcid>,
}

impl Identifiers {
    /// Takes what a field made for identifiers says (`dc:identifier`, `prism:doi`, a guid,
    /// `rdf:about`, a link). What is already known stays.
    ///
    /// A bare number is no PMID: content systems number their posts.
    pub fn take(&mut self, text: &str) {
        let text = text.trim();
        let lower = text.to_lowercase();
        if self.doi.is_none() {
            self.doi = if is_address(&lower) { doi_in_address(text) } else { Doi::parse(text) };
        }
        if self.pmid.is_none() && names_pubmed(&lower) {
            self.pmid = Pmid::parse(text);
        }
        if self.pmcid.is_none() {
            self.pmcid = pmcid_in(&lower);
        }
    }

    /// Takes the DOI from prose, when it stands there as a field would: a paragraph of its own,
    /// `DOI: 10.…`, and no other DOI in the text. A DOI within a sentence may be another paper's.
    pub fn take_from_prose(&mut self, paragraphs: &str) {
        static LABELLED: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)^(?:doi\s*:?\s*)(?:https?://\S*?)?10\.\d{4,9}/\S+$"));
        static ANY: LazyLock<Regex> = LazyLock::new(|| pattern(r"10\.\d{4,9}/[^\s]+"));
        if self.doi.is_some() {
            return;
        }
        let mut all: Vec<Doi> = ANY.find_iter(paragraphs).filter_map(|m| Doi::parse(m.as_str())).collect();
        all.sort();
        all.dedup();
        let line = paragraphs.lines().map(str::trim).find(|l| LABELLED.is_match(l));
        if let ([only], Some(line)) = (all.as_slice(), line) {
            self.doi = Doi::parse(line).filter(|d| d == only);
        }
    }
}

/// Builds one of the patterns.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is fixed and tested")
}

/// Tells whether lower-case text is a web address.
fn is_address(lower: &str) -> bool {
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// Tells whether lower-case text says that its number is PubMed's.
fn names_pubmed(lower: &str) -> bool {
    ["pmid", "pubmed:"].iter().any(|p| lower.starts_with(p))
        || (is_address(lower)
            && (lower.contains("pubmed.ncbi.nlm.nih.gov/") || lower.contains("ncbi.nlm.nih.gov/pubmed/")))
}

/// Returns the PMCID that lower-case text names: `pmc:PMC1`, `PMC1`, an address in PubMed Central.
fn pmcid_in(lower: &str) -> Option<Pmcid> {
    if !is_address(lower) {
        return ["pmc", "pmcid"].iter().any(|p| lower.starts_with(p)).then(|| Pmcid::parse(lower)).flatten();
    }
    let (_, rest) = lower.split_once("ncbi.nlm.nih.gov/").or_else(|| lower.split_once("europepmc.org/"))?;
    let at = rest.find("pmc")?;
    rest.get(at..).and_then(|t| Pmcid::parse(t.strip_prefix("pmc/articles/").unwrap_or(t)))
}

/// Path ends that name a view of an article, not a part of its DOI.
const VIEWS: &[&str] = &[
    "full",
    "fulltext",
    "full-text",
    "abstract",
    "abs",
    "pdf",
    "epdf",
    "pdfdirect",
    "epub",
    "html",
    "meta",
    "summary",
    "references",
    "figures",
    "citation",
    "citedby",
    "supplementary-material",
    "text",
    "tab-article-info",
    "reader",
];

/// File endings that publishers put behind a DOI.
const ENDINGS: &[&str] = &[".full.pdf", ".full", ".abstract", ".short", ".pdf", ".html", ".htm", ".xml", ".long"];

/// Returns the DOI that stands in a web address, in its path or in a parameter, without what the
/// publisher put behind it.
pub fn doi_in_address(address: &str) -> Option<Doi> {
    static START: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:/|=|%2f|:|doi\.?)(10\.\d{4,9}(?:\.\d+)*(?:/|%2f))"));
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let found = START.captures(path).and_then(|c| c.get(1)).and_then(|m| path.get(m.start()..));
    if let Some(tail) = found {
        return trim_views(&Doi::parse(tail)?);
    }
    query.split('&').find_map(|parameter| {
        let (_, value) = parameter.split_once('=')?;
        let start = START.captures(parameter)?.get(1)?.start();
        let tail = if value.starts_with("10.") { value } else { parameter.get(start..)? };
        trim_views(&Doi::parse(tail)?)
    })
}

/// Returns a DOI without the views, file endings and versions that only an address has.
fn trim_views(doi: &Doi) -> Option<Doi> {
    static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(10\.(?:1101|64898)/.+?)v\d+$"));
    static ARTICLE_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(10\.1093/[^/]+/[^/]+)/\d+(?:/.*)?$"));
    let mut text = doi.as_str().to_owned();
    loop {
        let before = text.len();
        let view = text.rsplit_once('/').filter(|(head, last)| head.contains('/') && VIEWS.contains(last));
        if let Some((head, _)) = view {
            text = head.to_owned();
        }
        for ending in ENDINGS {
            if let Some(head) = text.strip_suffix(ending) {
                text = head.to_owned();
                break;
            }
        }
        if text.len() == before {
            break;
        }
    }
    // bioRxiv and medRxiv put the version behind the DOI; Oxford puts its own article number there.
    let text = VERSION.replace(&text, "$1");
    let text = ARTICLE_NUMBER.replace(&text, "$1");
    Doi::parse(&text)
}
