//! How large an email is, and how large it will be once a mailing tool counts clicks.

use crate::model::EMAIL_CLIP_BYTES;

/// Bytes that a link takes once a mailing tool has replaced it to count clicks (Mailchimp's are
/// about 150 to 160).
const TRACKED_LINK_BYTES: usize = 160;

/// The size of an email's HTML part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct EmailSize {
    /// Bytes as it is written.
    pub raw: usize,
    /// Bytes once every link to the web is one of the mailing tool's, of about 160 bytes.
    pub tracked: usize,
    /// How many links to the web it has.
    pub links: usize,
}

impl EmailSize {
    /// Returns the size of a finished HTML part.
    pub fn of(html: &str) -> Self {
        let links: Vec<usize> = html
            .split("href=\"http")
            .skip(1)
            .map(|rest| "http".len() + rest.split('"').next().unwrap_or_default().len())
            .collect();
        let tracked = html.len() + links.len() * TRACKED_LINK_BYTES;
        Self { raw: html.len(), tracked: tracked.saturating_sub(links.iter().sum()), links: links.len() }
    }

    /// Tells whether mail programs show all of it once a mailing tool counts clicks.
    pub fn fits(self) -> bool {
        self.tracked <= EMAIL_CLIP_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_the_web_grow() {
        let link = "<a href=\"https://doi.org/10.5555/a\">";
        let long = format!("<a href=\"https://example.org/{}\">", "x".repeat(200));
        let other = "<a href=\"#top\"><a href=\"mailto:a@example.org\"><a href=\"*|UNSUB|*\">";
        for (html, links, grown, note) in [
            ("", 0, 0, "nothing"),
            (other, 0, 0, "what leads nowhere else is not counted"),
            (link, 1, 160 - 25, "a short link grows"),
            (long.as_str(), 1, 160 - 220, "a long one becomes shorter"),
        ] {
            let size = EmailSize::of(html);
            assert_eq!((size.raw, size.links), (html.len(), links), "{note}");
            assert_eq!(size.tracked.checked_add_signed(-grown), Some(size.raw), "{note}");
        }
    }
}
