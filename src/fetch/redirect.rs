//! Where a redirect may lead: each hop is checked before it is asked.

use url::Url;

use super::FetchError;
use super::address::Guard;

/// Most redirects followed.
const REDIRECTS_MAX: usize = 10;
/// The longest address followed, in bytes: what is longer is no address but a load, and it would be
/// written into messages and into the database.
const ADDRESS_BYTES_MAX: usize = 4_096;

/// The way from the address that was asked to the one that answers.
#[derive(Debug)]
pub(super) struct Trail {
    /// Where to ask next.
    pub url: Url,
    /// Whether private addresses may be asked: only while every host so far was private.
    pub may_be_private: bool,
    /// Where the permanent redirects at the beginning of the way lead to.
    pub moved_to: Option<String>,
    /// What was asked first.
    first: String,
    seen: Vec<Url>,
    is_permanent: bool,
}

/// What a host said instead of an answer.
#[derive(Debug, Clone)]
pub(super) struct Redirect {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// The `Location` header.
    pub target: Option<String>,
    /// Whether the host that says it is a public one.
    pub is_from_public: bool,
    /// Whether a form was sent.
    pub is_form: bool,
}

impl Trail {
    /// Returns the way that begins at an address, which is checked.
    ///
    /// # Errors
    /// When the address may not be asked.
    pub fn begin(address: &str, allows_private: bool, guard: &Guard) -> Result<Self, FetchError> {
        let refused = |reason: String| FetchError::Refused { url: address.to_owned(), reason };
        let mut url = Url::parse(address).map_err(|e| refused(format!("it is no web address ({e})")))?;
        url.set_fragment(None);
        guard.check(&url, allows_private).map_err(refused)?;
        let first = url.to_string();
        Ok(Self { url, may_be_private: allows_private, moved_to: None, first, seen: Vec::new(), is_permanent: true })
    }

    /// Goes one hop on.
    ///
    /// # Errors
    /// When the redirect names no address, leads in a circle, too far, or to where we do not ask; or
    /// when a form was sent, which goes to the address in the settings and to no other.
    pub fn follow(&mut self, redirect: &Redirect, guard: &Guard) -> Result<(), FetchError> {
        let refused = |reason: String| FetchError::Refused { url: self.first.clone(), reason };
        let Some(target) = &redirect.target else {
            return Err(refused(format!("it answers {} (go elsewhere) and does not say where", redirect.status)));
        };
        let shown: String = target.chars().filter(|c| !c.is_control()).take(200).collect();
        if target.len() > ADDRESS_BYTES_MAX {
            return Err(refused(format!("it redirects to an address of {} characters", target.chars().count())));
        }
        if redirect.is_form {
            return Err(refused(format!(
                "it redirects to {shown}, and what is sent to it is sent to no other address"
            )));
        }
        let mut next = self
            .url
            .join(target.trim())
            .map_err(|_| refused(format!("it redirects to \"{shown}\", which is no address")))?;
        next.set_fragment(None);
        self.may_be_private &= !redirect.is_from_public;
        if guard.check(&next, true).is_ok() && guard.check(&next, self.may_be_private).is_err() {
            return Err(refused(format!(
                "it redirects to {shown}, a private address, where no public host may send us"
            )));
        }
        guard.check(&next, true).map_err(|reason| refused(format!("it redirects to {shown}: {reason}")))?;
        if next == self.url || self.seen.contains(&next) {
            return Err(refused(format!("it redirects in a circle, by {next}")));
        }
        if self.seen.len() + 1 > REDIRECTS_MAX {
            return Err(refused(format!("it redirects more than {REDIRECTS_MAX} times")));
        }
        self.is_permanent &= matches!(redirect.status, 301 | 308);
        if self.is_permanent {
            self.moved_to = Some(next.to_string());
        }
        self.seen.push(std::mem::replace(&mut self.url, next));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(from: &str, allows_private: bool, hops: &[(u16, Option<&str>)], is_form: bool) -> Result<Trail, String> {
        let guard = Guard::default();
        let mut trail = Trail::begin(from, allows_private, &guard).map_err(|e| e.to_string())?;
        for (status, target) in hops {
            let is_from_public = !trail.url.host_str().unwrap().starts_with("10.");
            let redirect = Redirect { status: *status, target: target.map(str::to_owned), is_from_public, is_form };
            trail.follow(&redirect, &guard).map_err(|e| e.to_string())?;
        }
        Ok(trail)
    }

    #[test]
    fn redirects_lead_where_they_may() {
        type Case = (&'static str, bool, &'static [(u16, Option<&'static str>)], &'static str, Option<&'static str>);
        let cases: &[Case] = &[
            ("http://a.example/f", false, &[(301, Some("/g"))], "http://a.example/g", Some("http://a.example/g")),
            ("http://a.example/x/f", false, &[(302, Some("g?q=1#top"))], "http://a.example/x/g?q=1", None),
            (
                "http://a.example/f",
                false,
                &[(308, Some("//b.example/"))],
                "http://b.example/",
                Some("http://b.example/"),
            ),
            // permanent, then for now: the place that was said for good is remembered
            (
                "http://a.example/f",
                false,
                &[(301, Some("https://a.example/f")), (302, Some("https://cdn.example/f"))],
                "https://cdn.example/f",
                Some("https://a.example/f"),
            ),
            // for now, then permanent: nothing was said about the address we know
            ("http://a.example/f", false, &[(307, Some("/g")), (301, Some("/h"))], "http://a.example/h", None),
            ("https://a.example/f", false, &[(303, Some("http://a.example/g"))], "http://a.example/g", None),
            ("http://10.0.0.1/f", true, &[(302, Some("http://10.0.0.2/g"))], "http://10.0.0.2/g", None),
            ("http://10.0.0.1/f", true, &[(302, Some("http://a.example/g"))], "http://a.example/g", None),
        ];
        for (from, allows_private, hops, end, moved) in cases {
            let trail = follow(from, *allows_private, hops, false).unwrap();
            assert_eq!((trail.url.as_str(), trail.moved_to.as_deref()), (*end, *moved), "{from} {hops:?}");
        }
    }

    #[test]
    fn redirects_that_are_refused_say_why() {
        type Case = (&'static str, bool, &'static [(u16, Option<&'static str>)], &'static str);
        let cases: &[Case] = &[
            ("http://a.example/f", false, &[(302, None)], "does not say where"),
            ("http://a.example/f", false, &[(302, Some("/f"))], "in a circle"),
            ("http://a.example/f", false, &[(302, Some("/f#again"))], "in a circle"),
            ("http://a.example/f", false, &[(302, Some("/g")), (302, Some("/f"))], "in a circle"),
            ("http://a.example/f", false, &[(302, Some("http://["))], "is no address"),
            ("http://a.example/f", false, &[(302, Some("file:///etc/passwd"))], "file: are not asked"),
            ("http://a.example/f", false, &[(302, Some("ftp://a.example/"))], "ftp: are not asked"),
            ("http://a.example/f", false, &[(302, Some("http://127.1/"))], "private address"),
            ("http://a.example/f", false, &[(302, Some("http://u:p@b.example/"))], "user name"),
            // the source may ask its own network, a public host may not send us there
            ("http://a.example/f", true, &[(302, Some("http://10.0.0.2/"))], "private address"),
            (
                "http://10.0.0.1/f",
                true,
                &[(302, Some("http://a.example/")), (302, Some("http://10.0.0.2/"))],
                "private",
            ),
            ("http://10.0.0.1/f", true, &[(302, Some("http://169.254.169.254/latest"))], "never asked"),
            ("http://10.0.0.1/f", true, &[(302, Some("http://[::ffff:169.254.169.254]/"))], "never asked"),
        ];
        for (from, allows_private, hops, want) in cases {
            let said = follow(from, *allows_private, hops, false).unwrap_err();
            assert!(said.contains(want), "{from} {hops:?}: {said}");
        }
        let said = follow("https://a.example/f", false, &[(307, Some("https://a.example/g"))], true).unwrap_err();
        assert!(said.contains("sent to no other address"), "{said}");
    }

    #[test]
    fn ten_redirects_are_followed_and_not_one_more() {
        let targets: Vec<String> = (0..11).map(|n| format!("/{n}")).collect();
        let hops: Vec<(u16, Option<&str>)> = targets.iter().map(|t| (302, Some(t.as_str()))).collect();
        assert_eq!(follow("http://a.example/f", false, &hops[..10], false).unwrap().url.path(), "/9");
        assert!(follow("http://a.example/f", false, &hops, false).unwrap_err().contains("more than 10 times"));
    }
}
