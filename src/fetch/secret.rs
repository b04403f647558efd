//! A key or password, kept out of everything that people or programs can read.

use crate::model::text::clean_line;

/// So many characters of a secret in a row give too much of it away.
const TELLING_CHARS: usize = 8;

/// Stands for a secret.
const HIDDEN: &str = "(secret)";

/// Stands for words that hold a part of a secret, or one that is written another way.
const HIDDEN_WORDS: &str = "(words that hold a part of the key)";

/// A text that must not reach a log, a message or a file. It has no form that could be printed: whatever holds one
/// has no `Debug` either.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text, to be put into a request and nowhere else.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the forms in which a secret goes over a line, or comes back: as it is, in hexadecimal, and in base64, which
    /// looks another way with what stands before it (RFC 4648): a server may repeat what it was sent.
    pub fn every_form(&self) -> Vec<Self> {
        let bytes = self.0.as_bytes();
        let mut out = vec![self.clone(), Self(data_encoding::HEXLOWER.encode(bytes))];
        for (lead, skipped) in [(&[][..], 0), (&[0], 2), (&[0, 0], 3)] {
            let code = data_encoding::BASE64_NOPAD.encode(&[lead, bytes].concat());
            // The signs at both ends are made of what stands beside as well.
            out.push(Self(code.get(skipped..code.len().saturating_sub(1)).unwrap_or_default().to_owned()));
        }
        out
    }

    /// Returns words of a host as one line for people, without any of some secrets.
    ///
    /// A secret is replaced in small and capital letters alike. When a part of one is still there then, of eight
    /// letters and digits in a row whatever stands between them, nothing of the words is shown. A secret of fewer
    /// letters and digits counts as a whole; one of none is not looked for.
    pub fn hidden_in(words: &str, secrets: &[Self]) -> String {
        let mut whole: Vec<&str> = secrets.iter().map(Self::reveal).filter(|s| !s.trim().is_empty()).collect();
        whole.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let line = whole.iter().fold(clean_line(words), |line, secret| replaced(&line, secret));
        // What we put in ourselves is no part of a secret, but may stand between two parts of one.
        let left = letters(&line.replace(HIDDEN, ""));
        if whole.iter().any(|secret| holds_part(&left, &letters(secret))) { HIDDEN_WORDS.to_owned() } else { line }
    }
}

/// Returns a text with a secret replaced; small and capital letters are the same.
fn replaced(text: &str, secret: &str) -> String {
    // ASCII alone is made small, so that places in both texts are the same.
    let (small, secret) = (text.to_ascii_lowercase(), secret.to_ascii_lowercase());
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, found) in small.match_indices(&secret) {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(HIDDEN);
        from = at + found.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Returns the letters and digits of a text, small.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Tells whether letters hold a telling part of a secret's.
fn holds_part(text: &str, secret: &str) -> bool {
    let size = TELLING_CHARS.min(secret.len());
    size > 0 && secret.as_bytes().windows(size).filter_map(|part| str::from_utf8(part).ok()).any(|p| text.contains(p))
}

/// Proves at compile time that a secret cannot be printed or written out: with such a form there would be two
/// implementations to choose from here, and no way to tell which is meant.
const _: fn() = || {
    /// Is there for everything once, and for what has a form once more.
    trait OneForm<A> {
        /// Stands for an item that can be named when there is one implementation.
        fn named() {}
    }
    /// Marks what has `Debug`.
    struct Debugged;
    /// Marks what has `Display`, and with it `ToString`.
    struct Displayed;
    /// Marks what serde writes.
    struct Written;
    impl<T: ?Sized> OneForm<()> for T {}
    impl<T: ?Sized + std::fmt::Debug> OneForm<Debugged> for T {}
    impl<T: ?Sized + std::fmt::Display> OneForm<Displayed> for T {}
    impl<T: ?Sized + serde::Serialize> OneForm<Written> for T {}
    let _ = <Secret as OneForm<_>>::named;
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_to_write_a_secret_comes_through() {
        let secrets = ["a1b2c3d4e5f6-us21", "cm91bmR1cDphMWIy", "Basic cm91bmR1cDphMWIy", "", " "]
            .map(|text| Secret::new(text.to_owned()));
        for (words, want, note) in [
            ("no access with a1b2c3d4e5f6-us21, sorry", "no access with (secret), sorry", "as it is"),
            ("A1B2C3D4E5F6-US21", "(secret)", "in capitals"),
            ("Basic cm91bmR1cDphMWIy", "(secret)", "as it is sent"),
            ("basic CM91bmR1cDphMWIy!", "(secret)!", "as it is sent, in other letters"),
            ("cm91bmR1cDphMWIy", "(secret)", "its code alone"),
            ("a1b2c3\0d4e5f6-us21", "(secret)", "with a character that cleaning takes away"),
            ("a1b2c3\u{200b}d4e5f6-us21", HIDDEN_WORDS, "with one that cleaning makes a space"),
            ("a1b2c3 d4e5f6", HIDDEN_WORDS, "in two"),
            ("a.1.b.2.c.3.d.4.e.5", HIDDEN_WORDS, "spelt"),
            ("key a1b2c3d4… is wrong", HIDDEN_WORDS, "half of it"),
            ("3d4e5f6us21", HIDDEN_WORDS, "the other half"),
            ("a1b2c3a1b2c3d4e5f6-us21d4e5f6", HIDDEN_WORDS, "one in the other"),
            ("a1b2c3d is fine", "a1b2c3d is fine", "less than eight"),
            ("us21 is the data centre", "us21 is the data centre", "what everybody knows"),
            ("two\nlines\u{1b}", "two lines", "no secret"),
            ("", "", "nothing"),
        ] {
            assert_eq!(Secret::hidden_in(words, &secrets), want, "{note}");
        }
        assert_eq!(Secret::hidden_in("words", &[]), "words");
    }
}
