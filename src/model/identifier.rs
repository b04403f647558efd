//! Names that outside registers give to a paper.

use std::fmt;

/// Turns a checked string newtype into its text and back for serde and `Display`.
macro_rules! text_newtype {
    ($name:ident) => {
        impl $name {
            /// Returns the normal form as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(value: String) -> Result<Self, Self::Error> {
                Self::parse(&value).ok_or_else(|| format!("not a {}: {value:?}", stringify!($name)))
            }
        }
    };
}

/// A Digital Object Identifier in its normal form: lower case, no resolver, no `doi:`, no
/// trailing punctuation (ISO 26324; DOIs compare without case, DOI Handbook 2.4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Doi(String);
text_newtype!(Doi);

/// The longest DOI we take, in bytes. Registered ones stay far below; longer text is a mistake.
const DOI_BYTES_MAX: usize = 300;

impl Doi {
    /// Returns the DOI that `text` is, in normal form, or `None` when it is none.
    ///
    /// Takes a bare DOI, `doi:…`, any resolver address (`https://doi.org/…`, `dx.doi.org`, a proxy
    /// that ends in it), any case, `%XX` and the entities `&lt; &gt; &amp;`, and drops trailing
    /// `. , ; : / ) ] }` and quotes that sentences leave behind (a closing bracket stays when its
    /// opening one is inside the DOI, as in SICI forms).
    pub fn parse(text: &str) -> Option<Self> {
        let decoded = decode_percent(&decode_entities(without_query(text.trim())));
        let lower = decoded.to_lowercase();
        let start = doi_start(&lower)?;
        let body = lower.get(start..)?;
        let end = body
            .find(|c: char| c.is_whitespace() || c.is_control() || c == '"' || c == '\u{200b}')
            .unwrap_or(body.len());
        let body = trim_doi_end(body.get(..end)?);
        let (prefix, suffix) = body.split_once('/')?;
        let registrant = prefix.strip_prefix("10.")?;
        let digits = registrant.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
        let long_enough = registrant.split('.').next().is_some_and(|p| (4..=9).contains(&p.len()));
        if !digits || !long_enough || suffix.is_empty() || body.len() > DOI_BYTES_MAX {
            return None;
        }
        Some(Self(body.to_owned()))
    }

    /// Returns the address that resolves this DOI, percent-encoded where an address needs it.
    pub fn url(&self) -> String {
        let mut out = String::from("https://doi.org/");
        for b in self.0.bytes() {
            match b {
                b'<'
                | b'>'
                | b'#'
                | b'%'
                | b'?'
                | b'"'
                | b'{'
                | b'}'
                | b'|'
                | b'\\'
                | b'^'
                | b'`'
                | b'['
                | b']'
                | b'*'
                | b' '
                | 0..=0x1f
                | 0x7f..=0xff => {
                    out.push_str(&format!("%{b:02X}"));
                }
                _ => out.push(char::from(b)),
            }
        }
        out
    }
}

/// Returns an address without what stands behind its path (`?utm_source=…`, `#abstract`); in a bare
/// DOI these signs belong to the name.
fn without_query(text: &str) -> &str {
    let is_address = text.get(..4).is_some_and(|t| t.eq_ignore_ascii_case("http"));
    let Some(at) = text.find("/10.").filter(|_| is_address) else { return text };
    let end = text.get(at..).and_then(|t| t.find(['?', '#'])).map_or(text.len(), |end| at + end);
    text.get(..end).unwrap_or(text)
}

/// Returns where the DOI begins in lower-case text: at the start, after `doi:`, or after a resolver.
fn doi_start(lower: &str) -> Option<usize> {
    if lower.starts_with("10.") {
        return Some(0);
    }
    let named = lower.strip_prefix("doi").filter(|rest| !rest.starts_with('.') && !rest.starts_with('-'));
    if let Some(rest) = named {
        let skipped = rest.trim_start_matches([':', ' ', '=', '/']);
        let inner = doi_start(skipped).filter(|_| skipped.len() < lower.len());
        return inner.map(|at| lower.len() - skipped.len() + at);
    }
    if lower.starts_with("http") || lower.starts_with("info:doi") || lower.contains("doi.org/") {
        let at = lower.find("/10.")? + 1;
        return Some(at);
    }
    None
}

/// Returns a DOI without the punctuation that a sentence or an address puts behind it.
fn trim_doi_end(text: &str) -> &str {
    let mut out = text;
    while let Some(last) = out.chars().next_back() {
        let opens = |open: char, close: char| out.matches(open).count() >= out.matches(close).count();
        let drop = match last {
            '.' | ',' | ';' | ':' | '/' | '\'' | '”' | '’' | '…' => true,
            ')' => !opens('(', ')'),
            ']' => !opens('[', ']'),
            '}' => !opens('{', '}'),
            '>' => !opens('<', '>'),
            _ => false,
        };
        if !drop {
            break;
        }
        out = out.strip_suffix(last).unwrap_or_default();
    }
    out
}

/// Returns text with `%XX` decoded; what does not decode to UTF-8 stays as it is.
fn decode_percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        let hex = text.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok());
        if let (b'%', Some(value)) = (b, hex) {
            out.push(value);
            i += 3;
        } else {
            out.push(b);
            i += 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Returns text with the three entities decoded that old exports leave in DOIs (SICI forms).
fn decode_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A PubMed identifier: a whole number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pmid(u32);

impl Pmid {
    /// Returns the PMID that `text` is (`123`, `pmid:123`, `PMID 123`, `pubmed:123`, a PubMed
    /// address), or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let mut rest = lower.as_str();
        for prefix in ["https://", "http://", "www."] {
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        for prefix in ["pubmed.ncbi.nlm.nih.gov/", "ncbi.nlm.nih.gov/pubmed/", "pubmed:", "pmid:", "pmid"] {
            rest = rest.strip_prefix(prefix).unwrap_or(rest).trim_start();
        }
        let digits = rest.trim_start_matches(':').trim();
        let end = digits.find(['/', '?', '#']).unwrap_or(digits.len());
        let digits = digits.get(..end)?;
        if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().filter(|n| *n > 0).map(Self)
    }

    /// Returns the number itself.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Returns the address of the record in PubMed.
    pub fn url(self) -> String {
        format!("https://pubmed.ncbi.nlm.nih.gov/{}/", self.0)
    }
}

impl fmt::Display for Pmid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<Pmid> for String {
    fn from(value: Pmid) -> Self {
        value.0.to_string()
    }
}

impl TryFrom<String> for Pmid {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).ok_or_else(|| format!("not a PMID: {value:?}"))
    }
}

/// A PubMed Central identifier in the form `PMC123`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pmcid(String);
text_newtype!(Pmcid);

impl Pmcid {
    /// Returns the PMCID that `text` begins with (`PMC123`, `pmc:PMC123`,
    /// `PMC123 [Available on 2027-01-01]`, `PMC123.1`), or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.trim().to_uppercase();
        let rest = ["PMCID:", "PMC:"].iter().fold(upper.as_str(), |r, p| r.strip_prefix(p).unwrap_or(r).trim_start());
        let digits = rest.strip_prefix("PMC")?;
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let digits = digits.get(..end)?.trim_start_matches('0');
        (!digits.is_empty() && digits.len() <= 10).then(|| Self(format!("PMC{digits}")))
    }

    /// Returns the address of the full text in PubMed Central.
    pub fn url(&self) -> String {
        format!("https://pmc.ncbi.nlm.nih.gov/articles/{}/", self.0)
    }
}

/// A web address in the form we compare by: scheme `https`, host in lower case without `www.`,
/// no fragment, no tracking parameters, no trailing slash. It is for comparing, not for fetching.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CanonicalUrl(String);
text_newtype!(CanonicalUrl);

/// Query parameters that say how a reader came, not what is read. PubMed's `fc`, `ff`, `v` change
/// on every fetch of its search feed.
const TRACKING: &[&str] = &[
    "fbclid", "gclid", "mc_cid", "mc_eid", "fc", "ff", "v", "rss", "af", "dgcid", "campaign", "icid", "ref", "source",
];

impl CanonicalUrl {
    /// Returns the comparable form of an `http` or `https` address, or `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let rest = strip_prefix_no_case(trimmed, "https://").or_else(|| strip_prefix_no_case(trimmed, "http://"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = path.split_once('/').unwrap_or((path, ""));
        let host = host.to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@') {
            return None;
        }
        let mut out = format!("https://{host}");
        let path = path.trim_end_matches('/');
        if !path.is_empty() {
            out.push('/');
            out.push_str(&path.replace(' ', "%20"));
        }
        let mut kept: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !is_tracking(p)).collect();
        kept.sort_unstable();
        if !kept.is_empty() {
            out.push('?');
            out.push_str(&kept.join("&").replace(' ', "%20"));
        }
        Some(Self(out))
    }
}

/// Tells whether a query parameter only tracks.
fn is_tracking(parameter: &str) -> bool {
    let key = parameter.split('=').next().unwrap_or_default().to_lowercase();
    key.starts_with("utm_") || TRACKING.contains(&key.as_str())
}

/// Returns what follows an ASCII prefix, whatever its case.
fn strip_prefix_no_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..)).flatten()
}

/// One name of a paper or page, as the identity table stores it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identifier {
    /// PubMed's number: one article, from ahead of print to final.
    Pmid(Pmid),
    /// The publisher's DOI.
    Doi(Doi),
    /// The full text in PubMed Central.
    Pmcid(Pmcid),
    /// A page on the web.
    Url(CanonicalUrl),
    /// A feed's own id, unique only within its source.
    Guid {
        /// Source id from `feeds.toml`.
        source: String,
        /// The id as the feed gives it.
        guid: String,
    },
}

impl Identifier {
    /// Returns the kind as it stands in the identity table: `pmid`, `doi`, `pmcid`, `url`, `guid`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Pmid(_) => "pmid",
            Self::Doi(_) => "doi",
            Self::Pmcid(_) => "pmcid",
            Self::Url(_) => "url",
            Self::Guid { .. } => "guid",
        }
    }

    /// Returns the value as it stands in the identity table; unique together with the kind.
    pub fn value(&self) -> String {
        match self {
            Self::Pmid(v) => v.to_string(),
            Self::Doi(v) => v.to_string(),
            Self::Pmcid(v) => v.to_string(),
            Self::Url(v) => v.to_string(),
            Self::Guid { source, guid } => format!("{source} {guid}"),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_of_every_shape_reach_one_form() {
        for (text, want) in [
            ("10.5555/ABC", "10.5555/abc"),
            ("doi:10.5555/abc", "10.5555/abc"),
            ("DOI: 10.5555/abc.", "10.5555/abc"),
            ("https://doi.org/10.5555/abc/", "10.5555/abc"),
            ("http://dx.doi.org/10.5555/a%2Fb", "10.5555/a/b"),
            ("https://doi-org.proxy.example.org/10.5555/abc", "10.5555/abc"),
            ("https://example.org/article/10.5555/abc", "10.5555/abc"),
            ("10.5555/0012(199901)1:1&lt;1::AID-X&gt;3.0.CO;2-Y", "10.5555/0012(199901)1:1<1::aid-x>3.0.co;2-y"),
            ("10.5555/abc)", "10.5555/abc"),
            ("10.5555/abc(1)", "10.5555/abc(1)"),
            ("10.5555/abc xyz", "10.5555/abc"),
            ("https://dx.doi.org/10.5555/ABC", "10.5555/abc"),
            ("dx.doi.org/10.5555/abc", "10.5555/abc"),
            ("https://www.doi.org/10.5555/abc", "10.5555/abc"),
            ("doi:https://doi.org/10.5555/abc", "10.5555/abc"),
            ("doi.org/10.5555/abc", "10.5555/abc"),
            ("doi: 10.5555/abc;", "10.5555/abc"),
            ("DOI 10.5555/abc", "10.5555/abc"),
            ("info:doi/10.5555/abc", "10.5555/abc"),
            ("10.5555/abc/", "10.5555/abc"),
            ("10.5555/abc&lt;1::aid&gt;", "10.5555/abc<1::aid>"),
            ("https://doi.org/10.5555/abc?utm_source=x#top", "10.5555/abc"),
            ("https://doi.org/10.5555/abc%3Fd", "10.5555/abc?d"),
            ("10.5555/abc#2", "10.5555/abc#2"),
            ("https://example.org/doi/full/10.5555/abc", "10.5555/abc"),
            ("HTTPS://DOI.ORG/10.5555/ABC", "10.5555/abc"),
            ("10.5555/abc\u{200b}", "10.5555/abc"),
        ] {
            assert_eq!(Doi::parse(text).map(String::from).as_deref(), Some(want), "{text}");
        }
        for text in
            ["", "doi", "doidoi", "10.5555/", "10.5/abc", "11.5555/abc", "abc", "10.5555", "doi:", "see 10.5555/abc"]
        {
            assert_eq!(Doi::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_doi_address_has_no_live_characters() {
        let doi = Doi::parse("10.5555/a<b>*|c|*").expect("parses");
        assert_eq!(doi.url(), "https://doi.org/10.5555/a%3Cb%3E%2A%7Cc%7C%2A");
    }

    #[test]
    fn pmids_and_pmcids_are_read_from_their_usual_places() {
        for text in [
            "90000001",
            "pmid:90000001",
            "PMID: 90000001",
            "pubmed:90000001",
            "https://pubmed.ncbi.nlm.nih.gov/90000001/?fc=1",
        ] {
            assert_eq!(Pmid::parse(text).map(Pmid::number), Some(90_000_001), "{text}");
        }
        for text in ["", "0", "12a", "1234567890", "-3"] {
            assert_eq!(Pmid::parse(text), None, "{text}");
        }
        assert_eq!(Pmcid::parse("pmc:PMC0012 [Available on 2027-01-01]").map(String::from).as_deref(), Some("PMC12"));
        assert_eq!(Pmcid::parse("PMC"), None);
    }

    #[test]
    fn addresses_compare_without_what_only_tracks() {
        let a = CanonicalUrl::parse("http://www.Example.org/a/?utm_source=x&id=7#top");
        assert_eq!(a.map(String::from).as_deref(), Some("https://example.org/a?id=7"));
        assert_eq!(CanonicalUrl::parse("ftp://example.org"), None);
        assert_eq!(CanonicalUrl::parse("https://user@evil.example"), None);
    }
}
