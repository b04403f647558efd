//! Feeds: RSS, RDF, Atom and JSON Feed through one tolerant reader.
//!
//! Nothing that is a feed is refused. Bad bytes, bare `&`, missing ends, unknown vocabularies and
//! odd dates are repaired and told; what is no feed at all is named as what it is. Nothing here
//! knows where the bytes came from: no file, no network, no clock.
//!
//! ```
//! use roundup::normalise::feed;
//! let text = b"<rss><channel><item><title>Sleep & mood</title><link>/a</link></item></channel></rss>";
//! let (feed, problems) = feed::read_feed(text, None, "https://example.org/feed").expect("a feed");
//! assert_eq!(feed.entries[0].link, "https://example.org/a");
//! assert_eq!(problems.len(), 1, "the bare & is told");
//! ```

use crate::model::{Doi, Pmcid, Pmid, Problem, Record};

mod address;
mod boilerplate;
mod citation;
pub mod dates;
mod decode;
mod entities;
mod identifiers;
mod json;
mod names;
mod people;
mod prose;
mod pull;
mod records;
mod refuse;
mod repairs;
mod tree;
mod xml;

pub use address::{Base, is_web};
pub use dates::FeedDate;
pub use identifiers::doi_in_address;
pub use repairs::Repairs;

use decode::Decoded;

/// A feed as it says itself.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Feed {
    /// `rss`, `rdf`, `atom` or `json`.
    pub format: String,
    /// The encoding it was read in, in lower case.
    pub encoding: String,
    /// What it says about itself.
    #[serde(rename = "feed")]
    pub about: Entry,
    /// Its entries in their order; those with nothing in them are left out.
    pub entries: Vec<Entry>,
}

/// The fields of an entry, and of a feed itself. Empty ones are left out when written.
///
/// Titles, names and summaries are plain text; content holds only the tags of
/// [`safe_html`](crate::normalise::html::safe_html). Addresses are absolute where that can be known.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Entry {
    /// Title, one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Second title of a feed; its description in RSS.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// Short text; paragraphs are parted by a blank line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Long texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Content>,
    /// The page it stands for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub link: String,
    /// `guid`, `atom:id`, `rdf:about` or JSON `id`, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The names of the authors in one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// Authors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
    /// Contributors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<Person>,
    /// When it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<FeedDate>,
    /// When it was published: `pubDate` before `dc:date`, since some publishers write the latter
    /// with a 12-hour clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<FeedDate>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<FeedDate>,
    /// All links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Attached files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enclosures: Vec<Link>,
    /// Categories and keywords.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// Rights, one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rights: String,
    /// Language as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// Picture or logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Where it came from: the other feed's title, or `dc:source`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The program that wrote the feed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub generator: String,
    /// The page of comments.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comments: String,
    /// Minutes until the feed should be asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// DOI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<Doi>,
    /// PubMed id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<Pmid>,
    /// PubMed Central id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmcid: Option<Pmcid>,
    /// What PRISM and Dublin Core say of the paper; for records, not printed.
    #[serde(skip)]
    pub citation: Citation,
}

/// A text in full.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Content {
    /// `text/html` or `text/plain`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text.
    pub value: String,
}

/// A person as a feed names them.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Person {
    /// Name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Mail address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Page.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uri: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Link {
    /// Address.
    pub href: String,
    /// `alternate`, `self`, `enclosure` …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rel: String,
    /// Media type.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Category {
    /// The word.
    pub term: String,
    /// The vocabulary it is from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scheme: String,
    /// The word for readers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Image {
    /// Address of the picture.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The page it leads to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub link: String,
}

/// What a feed says about where a paper stands in print. All are empty where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Citation {
    /// `prism:publicationName`.
    pub journal: String,
    /// `prism:volume`.
    pub volume: String,
    /// `prism:number` or `prism:issueIdentifier`.
    pub number: String,
    /// Pages as `first-last`, or an article number.
    pub pages: String,
    /// ISSNs, print first.
    pub issn: Vec<String>,
    /// Year of `prism:coverDate`.
    pub year: Option<i16>,
}

/// Why an answer is no feed, in plain words ("an HTML page, perhaps a login or bot wall").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAFeed {
    /// What it is instead.
    pub reason: String,
}

/// Reads a feed whatever its form; what was repaired is told beside it as warnings.
///
/// `content_type` is the header of the answer, for its charset; what type it claims is not
/// believed. `address` is where it came from: it stands in the places of problems, and relative
/// links are resolved against it where the feed says nothing better.
///
/// # Errors
/// When the bytes are no feed.
pub fn read_feed(bytes: &[u8], content_type: Option<&str>, address: &str) -> Result<(Feed, Vec<Problem>), NotAFeed> {
    if let Some(reason) = refuse::binary(bytes) {
        return Err(NotAFeed { reason });
    }
    let mut repairs = Repairs::default();
    let Decoded { text, encoding } = decode::decode(bytes, content_type, &mut repairs);
    let read = match text.trim_start().chars().next() {
        None => Err("an empty answer".to_owned()),
        Some('{' | '[') => json::read(&text, address, &mut repairs),
        Some(_) => xml::read(&text, address, &mut repairs),
    };
    let mut feed = read.map_err(|reason| NotAFeed { reason })?;
    feed.encoding = encoding;
    let problems = repairs.problems(address, &text);
    Ok((feed, problems))
}

/// Returns the bytes of a page or feed as clean text: byte order mark, then `content_type`, then
/// the declaration inside, then UTF-8, then windows-1252. What was wrong goes to `repairs`.
pub fn decode_text(bytes: &[u8], content_type: Option<&str>, repairs: &mut Repairs) -> String {
    decode::decode(bytes, content_type, repairs).text
}

/// Returns the feed's entries as records of a source. `journal` is put on entries that name none;
/// where it is empty, too, the feed's title is.
pub fn records(feed: &Feed, source: &str, journal: &str) -> Vec<Record> {
    records::records(feed, source, journal)
}

/// How many bytes [`looks_like_feed`] looks at: past a licence comment, not past a page.
const LOOK_BYTES: usize = 2048;

/// Tells whether the bytes begin like a feed; cheap, looks at the first 2 KiB.
pub fn looks_like_feed(bytes: &[u8]) -> bool {
    let head = bytes.get(..LOOK_BYTES).unwrap_or(bytes);
    let text = decode_text(head, None, &mut Repairs::default());
    match text.trim_start().chars().next() {
        Some('{') => text.contains("jsonfeed.org/version"),
        Some('<') => xml::first_element(&text).is_some_and(|name| {
            let local = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
            matches!(local.as_str(), "rss" | "rdf" | "feed" | "channel")
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
