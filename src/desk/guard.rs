//! Who may talk to the desk: this computer's own browser, with the token of this start, on the desk's own pages.
//!
//! A page on another site can make a browser send requests to this computer (CSRF), can give its own name the
//! address 127.0.0.1 (DNS rebinding), and every other program here can open the port. So every request must name
//! one of the desk's own hosts to the letter, changes must come from the desk's own pages, and whoever asks must
//! hold the token. What was got wrong elsewhere: comparing hosts by their beginnings
//! (`127.0.0.1.evil.example`), guarding all routes but one, trusting `SameSite` alone (another port of
//! `localhost` is the same site).

use axum::http::{HeaderMap, Method, Uri, header};
use sha2::{Digest, Sha256};

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It names a host that is not the desk's.
    Host,
    /// It comes from a page that is not the desk's.
    Origin,
    /// It does not hold the token of this start.
    Token,
}

impl Refusal {
    /// Returns what a person is told, and what to do.
    pub fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Host => (
                "This address is not the desk’s",
                "Open the address that roundup printed when it started, exactly as it stands there.",
            ),
            Self::Origin => (
                "This came from another page",
                "Only the desk’s own pages may change anything. Open the desk and do it there.",
            ),
            Self::Token => (
                "The desk does not know this browser yet",
                "Open the address that roundup printed when it started; it holds this start’s key. After a restart the key is a new one.",
            ),
        }
    }
}

/// What lets requests in.
#[derive(Debug, Clone)]
pub struct Guard {
    hosts: Vec<String>,
    /// Those of the hosts under which a server of one's own leads here; it may speak https to the browser.
    fronted: Vec<String>,
    cookie: String,
    token: String,
}

impl Guard {
    /// Returns a guard for the desk's own hosts (`name:port`, or `name` for port 80) and for those under which a
    /// server of one's own leads to it.
    pub fn new(own: &[String], fronted: &[String], port: u16, token: String) -> Self {
        let fronted: Vec<String> = fronted.iter().map(|h| h.to_ascii_lowercase()).collect();
        let hosts = own.iter().map(|h| h.to_ascii_lowercase()).chain(fronted.iter().cloned()).collect();
        Self { hosts, fronted, cookie: format!("roundup-desk-{port}"), token }
    }

    /// Returns the token of this start.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the cookie that a browser gets when it shows the token: for this start, for no script and for no
    /// request that another site begins.
    pub fn cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.token)
    }

    /// Lets a request in or says why not. `is_entrance` is the one address that may come without the cookie and
    /// from anywhere: it holds the token itself.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap, is_entrance: bool) -> Result<(), Refusal> {
        let host = self.host(uri, headers).ok_or(Refusal::Host)?;
        let is_look = matches!(*method, Method::GET | Method::HEAD);
        if is_entrance && is_look {
            return Ok(());
        }
        let origins = if self.fronted.contains(&host) {
            vec![format!("http://{host}"), format!("https://{host}")]
        } else {
            vec![format!("http://{host}")]
        };
        if !is_own(headers, &origins, is_look) {
            return Err(Refusal::Origin);
        }
        if self.holds_token(headers) { Ok(()) } else { Err(Refusal::Token) }
    }

    /// Returns the host that a request names, when it names one, once, and it is ours.
    fn host(&self, uri: &Uri, headers: &HeaderMap) -> Option<String> {
        let mut named = headers.get_all(header::HOST).iter();
        let host = named.next()?.to_str().ok()?.to_ascii_lowercase();
        let is_whole = named.next().is_none() && self.hosts.contains(&host);
        // An absolute address in the request line counts more than the header (RFC 9112, 3.2.2): both must be ours.
        let is_line_ours = uri.authority().is_none_or(|a| self.hosts.contains(&a.as_str().to_ascii_lowercase()));
        (is_whole && is_line_ours).then_some(host)
    }

    /// Tells whether a request brings the cookie with the token. The hashes are compared: how long that takes says
    /// nothing about the token.
    pub fn holds_token(&self, headers: &HeaderMap) -> bool {
        cookies(headers, &self.cookie).iter().any(|value| self.is_token(value))
    }

    /// Tells whether a text is the token.
    pub fn is_token(&self, text: &str) -> bool {
        Sha256::digest(text.as_bytes()) == Sha256::digest(self.token.as_bytes())
    }
}

/// Returns the values that a request brings under the name of a cookie, in their order.
pub(super) fn cookies(headers: &HeaderMap, name: &str) -> Vec<String> {
    // Other programs of this computer share the jar, and may put any bytes into it.
    let all = headers.get_all(header::COOKIE).iter().map(|v| String::from_utf8_lossy(v.as_bytes()));
    let value = |cookie: &str| cookie.trim().split_once('=').filter(|(n, _)| *n == name).map(|(_, v)| v.to_owned());
    all.flat_map(|line| line.split(';').filter_map(value).collect::<Vec<_>>()).collect()
}

/// Tells whether a request comes from the desk's own pages or, a look, from nowhere (an address that was typed).
fn is_own(headers: &HeaderMap, origins: &[String], is_look: bool) -> bool {
    let one = |name: &str| {
        let mut all = headers.get_all(name).iter();
        let first = all.next().map(|v| v.to_str().unwrap_or("?").to_owned());
        if all.next().is_some() { Some("?".to_owned()) } else { first }
    };
    let origin = one("origin");
    let site = one("sec-fetch-site");
    let is_origin_ours = origin.as_deref().map(|o| origins.iter().any(|ours| o.eq_ignore_ascii_case(ours)));
    let is_site_ours = site.as_deref().map(|s| s == "same-origin" || (is_look && s == "none"));
    match (is_origin_ours, is_site_ours) {
        (Some(false), _) | (_, Some(false)) => false,
        // What changes something must say where it comes from; every browser of today does.
        (None, None) => is_look,
        _ => true,
    }
}

/// What every answer says: no foreign content, no frames, no guessing of types, nothing kept.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

#[cfg(test)]
mod tests;
