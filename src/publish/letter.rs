//! The email as a mailing tool takes it, and the fingerprint that it is known by.

use crate::model::{Month, sha256_hex};

/// Characters of a fingerprint: 48 bits, so that two of the few emails of a month never share one.
pub const FINGERPRINT_CHARS: usize = 12;

/// An email to be placed as a draft. Its texts are ready for the tool: nothing in them is code but its own tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The month of the issue.
    pub month: Month,
    /// What the campaign is called in the tool; readers do not see it. Holds the fingerprint.
    pub name: String,
    /// Made of the content and of where it goes: the same email to the same list has the same.
    pub fingerprint: String,
    /// Subject, one line.
    pub subject: String,
    /// Preheader, one line; may be empty.
    pub preheader: String,
    /// HTML part.
    pub html: String,
    /// Text part.
    pub text: String,
}

impl Letter {
    /// Returns a letter of its parts. `house` names the roundup, `goes_to` the tool and the list in it.
    pub fn new(month: Month, house: &str, goes_to: &str, [subject, preheader, html, text]: [String; 4]) -> Self {
        // Each part with its length: otherwise words moved from one to the next would give the same fingerprint.
        let parts = [goes_to, &month.to_string(), subject.as_str(), &preheader, &html, &text];
        let all = parts.map(|part| format!("{}:{part}", part.len())).join("\n");
        let fingerprint: String = sha256_hex(all.as_bytes()).chars().take(FINGERPRINT_CHARS).collect();
        // The mark comes first: a tool that cuts names leaves it whole.
        let name = format!("[{}] {house} · {}", mark(month, &fingerprint), month.long_name());
        Self { month, name, fingerprint, subject, preheader, html, text }
    }

    /// Returns a letter without a word, for steps that need none.
    pub fn empty() -> Self {
        Self::new(Month::of(jiff::civil::date(1970, 1, 1)), "", "", Default::default())
    }

    /// Tells whether a campaign of this name is this letter.
    pub fn is_named(&self, name: &str) -> bool {
        name.contains(&format!("[{}]", mark(self.month, &self.fingerprint)))
    }

    /// Tells whether a campaign of this name is another letter of the same month.
    pub fn is_of_same_month(&self, name: &str) -> bool {
        let begins = format!("[roundup {} ", self.month);
        let mark = name.split(&begins).nth(1).and_then(|rest| rest.split(']').next());
        mark.is_some_and(|found| found.len() == FINGERPRINT_CHARS && found != self.fingerprint)
    }
}

/// Returns what a campaign's name holds between brackets.
fn mark(month: Month, fingerprint: &str) -> String {
    format!("roundup {month} {fingerprint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(goes_to: &str, parts: [&str; 4]) -> Letter {
        Letter::new(Month::parse("2026-10").expect("a month"), "Roundup", goes_to, parts.map(str::to_owned))
    }

    #[test]
    fn the_fingerprint_is_of_all_that_makes_the_email_another() {
        let one = letter("mailchimp a", ["s", "p", "h", "t"]);
        assert_eq!(one.fingerprint.len(), FINGERPRINT_CHARS);
        assert_eq!(one, letter("mailchimp a", ["s", "p", "h", "t"]));
        for other in [
            letter("mailchimp b", ["s", "p", "h", "t"]),
            letter("mailchimp a", ["S", "p", "h", "t"]),
            letter("mailchimp a", ["s", "P", "h", "t"]),
            letter("mailchimp a", ["s", "p", "H", "t"]),
            letter("mailchimp a", ["s", "p", "h", "T"]),
            letter("mailchimp a", ["sp", "", "h", "t"]),
        ] {
            assert_ne!(one.fingerprint, other.fingerprint, "{other:?}");
            assert!(!other.is_named(&one.name) && other.is_of_same_month(&one.name));
        }
        assert!(one.is_named(&one.name) && !one.is_of_same_month(&one.name));
        let cut: String = one.name.chars().take(40).collect();
        assert!(one.is_named(&cut), "tools cut names: {cut}");
        assert!(one.is_named(&format!("Copy of {}, changed", one.name)), "tools put words around it");
        for foreign in ["", "Roundup · October 2026", "[roundup 2026-10 ]", "[roundup 2026-11 0123456789ab]"] {
            assert!(!one.is_named(foreign) && !one.is_of_same_month(foreign), "{foreign}");
        }
    }
}
