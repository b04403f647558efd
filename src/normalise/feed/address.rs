//! Addresses: made absolute, cleaned of line breaks, kept from acting.

use ammonia::Url;

use crate::model::text::is_unwanted;

/// The longest address that is kept, in bytes; browsers stop near there, and real ones far below.
const ADDRESS_BYTES_MAX: usize = 8 * 1024;

/// Schemes that act instead of leading somewhere.
const ACTING: &[&str] = &["javascript", "data", "vbscript", "file", "blob", "about", "view-source"];

/// What relative addresses are resolved against, the nearest first.
#[derive(Debug, Clone, Default)]
pub struct Base {
    /// The feed's own address, as it says or as it was fetched.
    feed: Option<Url>,
}

impl Base {
    /// Returns the base of a feed: the first of the candidates that is an absolute web address, or
    /// becomes one against a later one. Candidates are, in this order, the feed's link to itself,
    /// its link to its site, and where it was fetched.
    pub fn new(candidates: &[&str]) -> Self {
        let mut known: Option<Url> = None;
        for candidate in candidates.iter().rev() {
            let candidate = candidate.trim();
            let url = match &known {
                Some(base) => base.join(candidate).ok(),
                None => Url::parse(candidate).ok(),
            };
            known = url.filter(|u| matches!(u.scheme(), "http" | "https") && !candidate.is_empty()).or(known);
        }
        Self { feed: known }
    }

    /// Returns an address resolved against `bases` (`xml:base` values, outermost first) and the
    /// feed. What is absolute stays as written but for white space; what cannot be resolved stays
    /// as it is; what acts or is too long is `None`.
    pub fn resolve<S: AsRef<str>>(&self, address: &str, bases: &[S]) -> Option<String> {
        let address = tidy(address)?;
        if let Some(scheme) = scheme(&address) {
            return (!ACTING.contains(&scheme.as_str())).then_some(address);
        }
        let mut base = self.feed.clone();
        for inner in bases {
            let inner = inner.as_ref();
            let next = base.as_ref().map_or_else(|| Url::parse(inner).ok(), |outer| outer.join(inner).ok());
            base = next.filter(|u| matches!(u.scheme(), "http" | "https")).or(base);
        }
        match base.and_then(|b| b.join(&address).ok()) {
            Some(url) => Some(url.to_string()),
            None => Some(address),
        }
    }

    /// Returns the base itself, resolved through `bases`, for the links inside HTML.
    pub fn of<S: AsRef<str>>(&self, bases: &[S]) -> Option<String> {
        self.resolve("", bases).filter(|a| !a.is_empty()).or_else(|| self.feed.as_ref().map(Url::to_string))
    }
}

/// Returns an address without white space around it and line breaks and control characters in it;
/// spaces become `%20`, an ampersand that was escaped once too often is one again.
fn tidy(address: &str) -> Option<String> {
    let is_left_out = |c: char| matches!(c, '\n' | '\t') || is_unwanted(c);
    let kept: String = address.trim().chars().filter(|c| !is_left_out(*c)).collect();
    let mut address = kept.trim().to_owned();
    if address.contains(' ') {
        address = address.replace(' ', "%20");
    }
    if address.contains("&amp;") {
        address = address.replace("&amp;", "&");
    }
    (address.len() <= ADDRESS_BYTES_MAX).then_some(address)
}

/// Returns the scheme of an absolute address in lower case.
fn scheme(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    let mut chars = scheme.chars();
    let is_scheme = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // "www.example.org:8080/a" is a host with a port that lost its scheme, not a scheme.
    let is_port = rest.starts_with(|c: char| c.is_ascii_digit()) && scheme.contains('.');
    (is_scheme && !is_port).then(|| scheme.to_ascii_lowercase())
}

/// Tells whether an address is one that a reader can be sent to: http or https with a host.
pub fn is_web(address: &str) -> bool {
    let lower = address.get(..8.min(address.len())).unwrap_or_default().to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://"))
        && Url::parse(address).is_ok_and(|u| u.host_str().is_some_and(|h| !h.is_empty()))
}
