//! Who will send the email, and what that tool's own tags look like.
//!
//! A template writes `tag("UNSUB")`; what comes out depends on the target. No other way puts a tag
//! into a document.

use crate::model::{House, Month};

use super::{neutralise, words};

/// A tool that sends or shows the email.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Mailchimp: `*|UNSUB|*`. The tags of `email.html` and `email.txt`.
    Mailchimp,
    /// listmonk: `{{ UnsubscribeURL }}`.
    Listmonk,
    /// A message file opened in a mail program: plain addresses of the house.
    Message,
    /// A look at the email before it is sent: samples stand where a tool would put its own.
    Preview,
}

/// One tag: its name in templates and what it is for each tool.
struct Tag {
    name: &'static str,
    mailchimp: &'static str,
    listmonk: &'static str,
    /// What a look shows in HTML: a link that leads nowhere, or words.
    sample: &'static str,
    /// What a look shows in plain text, where a link is read and not followed.
    plain_sample: &'static str,
}

/// All tags that templates may use. The position is the tag's number until a document is finished.
const TAGS: [Tag; 5] = [
    Tag {
        name: "UNSUB",
        mailchimp: "*|UNSUB|*",
        listmonk: "{{ UnsubscribeURL }}",
        sample: "#",
        plain_sample: OWN_LINK,
    },
    Tag {
        name: "ARCHIVE",
        mailchimp: "*|ARCHIVE|*",
        listmonk: "{{ MessageURL }}",
        sample: "#",
        plain_sample: OWN_LINK,
    },
    Tag {
        name: "UPDATE_PROFILE",
        mailchimp: "*|UPDATE_PROFILE|*",
        listmonk: "{{ ManageURL }}",
        sample: "#",
        plain_sample: OWN_LINK,
    },
    Tag {
        name: "LIST:ADDRESSLINE",
        mailchimp: "*|LIST:ADDRESSLINE|*",
        listmonk: "",
        sample: SAMPLE_ADDRESS,
        plain_sample: SAMPLE_ADDRESS,
    },
    Tag {
        name: "LIST:DESCRIPTION",
        mailchimp: "*|LIST:DESCRIPTION|*",
        listmonk: "",
        sample: SAMPLE_DESCRIPTION,
        plain_sample: SAMPLE_DESCRIPTION,
    },
];

/// Stands in a look at the text part where each reader gets a link of their own.
const OWN_LINK: &str = "(each reader's own link)";
/// Stands in a look where the mailing tool puts the sender's postal address.
const SAMPLE_ADDRESS: &str = "Sample address, Sample Street 1, Sample Town";
/// Stands in a look where the mailing tool says why somebody is on the list.
const SAMPLE_DESCRIPTION: &str = "Sample words on why you are on this list";

/// Returns the character that stands for a tag until the document is finished, or `None` for an
/// unknown name.
pub fn mark(name: &str) -> Option<char> {
    let at = TAGS.iter().position(|t| t.name == name)?;
    u8::try_from(at).ok().map(neutralise::tag_mark)
}

/// Returns the names of all tags, in the order of the table.
pub fn names() -> impl Iterator<Item = &'static str> {
    TAGS.iter().map(|t| t.name)
}

/// What the tags of one email become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagTexts {
    texts: Vec<String>,
}

impl TagTexts {
    /// Returns the tags of an issue for a target.
    pub fn new(target: Target, house: &House, month: Month) -> Self {
        Self::of(|tag| match target {
            Target::Mailchimp => tag.mailchimp.to_owned(),
            Target::Listmonk => tag.listmonk.to_owned(),
            Target::Message => match tag.name {
                "UNSUB" => unsubscribe_address(house).unwrap_or_default(),
                "ARCHIVE" => page_address(house, month).unwrap_or_default(),
                _ => String::new(),
            },
            Target::Preview => tag.sample.to_owned(),
        })
    }

    /// Returns the samples that stand in a look at the text part.
    pub fn plain_samples() -> Self {
        Self::of(|tag| tag.plain_sample.to_owned())
    }

    /// Returns what a closure makes of each tag.
    fn of(text: impl Fn(&Tag) -> String) -> Self {
        Self { texts: TAGS.iter().map(text).collect() }
    }

    /// Tells whether a tag has a text for this target; a template leaves out what has none.
    pub fn has(&self, name: &str) -> bool {
        TAGS.iter().zip(&self.texts).any(|(tag, text)| tag.name == name && !text.is_empty())
    }

    /// Returns a document with every tag written out.
    pub fn put_into(&self, document: &str) -> String {
        let mut out = String::with_capacity(document.len() + 128);
        for c in document.chars() {
            match neutralise::tag_number(c) {
                Some(number) => out.push_str(self.texts.get(usize::from(number)).map_or("", String::as_str)),
                None => out.push(c),
            }
        }
        out
    }
}

/// Returns the address of an issue's page, or `None` when the pages stand nowhere on the web yet.
pub fn page_address(house: &House, month: Month) -> Option<String> {
    neutralise::address(house.web_address.trim_end_matches('/')).map(|web| format!("{web}/{month}/"))
}

/// Returns where a reader of a plain message can ask to be taken off the list.
pub fn unsubscribe_address(house: &House) -> Option<String> {
    let subject = words::of(house.language).unsubscribe;
    neutralise::address(&format!("mailto:{}?subject={subject}", house.contact.trim()))
}
