//! Where we look, when, and how we publish: what `feeds.toml` says once it is checked.

use std::collections::BTreeMap;

use super::{Colours, Language, Month};

/// All of `feeds.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Who we are, for readers.
    pub house: House,
    /// How much a draft holds.
    pub draft: DraftSettings,
    /// What counts in the order of candidates.
    pub rank: RankWeights,
    /// When to harvest: a five-field cron line.
    pub harvest_cron: String,
    /// When to write the draft: a five-field cron line.
    pub draft_cron: String,
    /// Where we look, in the order of the file.
    pub sources: Vec<Source>,
    /// Whom we ask about one paper that a person names.
    pub lookup: Lookup,
    /// Where a finished issue goes.
    pub publishing: Publishing,
    /// What the secretariat is reminded of, and how.
    pub reminders: Reminders,
    /// Where copies of the home go, and how long what was fetched is kept.
    pub keeping: Keeping,
}

/// What the secretariat is reminded of, and whether by email as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminders {
    /// After how many days without an answer a source is named.
    pub source_days: u32,
    /// Whom emails go to, addresses; empty for nobody.
    pub to: Vec<String>,
    /// The address that they come from.
    pub from: String,
    /// The server that takes them; `None` for none.
    pub server: Option<MailServer>,
}

impl Default for Reminders {
    fn default() -> Self {
        Self { source_days: 3, to: Vec::new(), from: String::new(), server: None }
    }
}

/// A server that takes emails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who we are there; `None` where nobody has to be anybody.
    pub user: Option<String>,
}

impl MailServer {
    /// The port where programs hand in emails (RFC 6409), encrypted after STARTTLS.
    pub const PORT_USUAL: u16 = 587;
    /// The port that is encrypted from the first byte (RFC 8314).
    pub const PORT_TLS: u16 = 465;
}

impl Settings {
    /// Returns the source with this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.id == id)
    }
}

/// How a home is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// How many backups stay; the oldest go first. At least 1.
    pub backups: usize,
    /// Folder that backups are put into, from the home on when it is no whole path; empty for `backups/` in the home.
    pub backup_folder: String,
    /// For how many months the bytes that sources answered are kept; `None` for ever. What was made of them stays.
    pub payload_months: Option<u32>,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { backups: 14, backup_folder: String::new(), payload_months: Some(24) }
    }
}

/// Where a finished issue goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Publishing {
    /// Where `roundup publish` takes it when nobody says otherwise, in this order; empty for nowhere.
    pub to: Vec<PublishTo>,
    /// Folder that the pages are copied to; empty when there is none.
    pub folder: String,
    /// Mailchimp, where it is used.
    pub mailchimp: Option<Mailchimp>,
    /// listmonk, where it is used.
    pub listmonk: Option<Listmonk>,
}

impl Publishing {
    /// Tells whether it is known how to get to a place.
    pub fn knows(&self, to: PublishTo) -> bool {
        match to {
            PublishTo::Folder => !self.folder.is_empty(),
            PublishTo::Mailchimp => self.mailchimp.is_some(),
            PublishTo::Listmonk => self.listmonk.is_some(),
            PublishTo::Eml => true,
        }
    }
}

/// A place that a finished issue goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublishTo {
    /// The pages, the feed and the citations, into a folder that a web server shows.
    Folder,
    /// A draft campaign in Mailchimp.
    Mailchimp,
    /// A draft campaign in listmonk.
    Listmonk,
    /// A message file that opens as a draft in a mail program.
    Eml,
}

/// A mailing tool: who sends emails to a list, and keeps drafts of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailingTool {
    /// Mailchimp, in the cloud.
    Mailchimp,
    /// listmonk, on somebody's own server.
    Listmonk,
}

impl MailingTool {
    /// Returns the word for it in settings, commands and the names of key files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mailchimp => "mailchimp",
            Self::Listmonk => "listmonk",
        }
    }

    /// Returns its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mailchimp => "Mailchimp",
            Self::Listmonk => "listmonk",
        }
    }
}

impl PublishTo {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Folder, Self::Mailchimp, Self::Listmonk, Self::Eml];

    /// Returns the word for it in settings and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Mailchimp => MailingTool::Mailchimp.as_str(),
            Self::Listmonk => MailingTool::Listmonk.as_str(),
            Self::Eml => "eml",
        }
    }

    /// Returns the place that a word means.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|to| to.as_str() == word)
    }
}

/// What Mailchimp needs to know of a draft campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailchimp {
    /// Id of the audience (`list_id`).
    pub list: String,
    /// Who the email is from, in words.
    pub from_name: String,
    /// The address that replies go to; Mailchimp must have checked its domain.
    pub reply_to: String,
    /// Address of the API without a trailing slash; empty for the one that the key names.
    pub address: String,
    /// Whether private addresses and `http:` are allowed.
    pub allows_private: bool,
}

/// What listmonk needs to know of a draft campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listmonk {
    /// Where it runs, without a trailing slash.
    pub address: String,
    /// Name of the API user.
    pub user: String,
    /// Numbers of the lists.
    pub lists: Vec<u32>,
    /// Number of the template around the email; `None` for its default.
    pub template: Option<u32>,
    /// Who the email is from ("Roundup <roundup@example.org>"); empty for its default.
    pub from: String,
    /// Whether private addresses and `http:` are allowed.
    pub allows_private: bool,
}

/// Whom we ask about one paper that a person names (`roundup add`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Address that a DOI is put behind, with a trailing slash.
    pub doi_resolver: String,
    /// Whether private and loopback addresses are allowed (tests, an intranet).
    pub allows_private: bool,
}

impl Default for Lookup {
    fn default() -> Self {
        Self { doi_resolver: "https://doi.org/".to_owned(), allows_private: false }
    }
}

/// Who publishes the roundup, in the words readers see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// The community ("Perinatal Mental Health Community of Practice").
    pub community: String,
    /// The publication ("Literature Roundup").
    pub name: String,
    /// Short form for subjects ("PMH Literature Roundup").
    pub short_name: String,
    /// Where the pages will stand on the web, without a trailing slash; empty when nowhere yet.
    pub web_address: String,
    /// Address that readers may write to; empty when none.
    pub contact: String,
    /// One request to readers at the end; empty for none.
    pub request: String,
    /// How the roundup is made, one or two sentences for the foot of the email and page.
    pub method: String,
    /// IANA time zone in which schedules are meant and days begin ("Africa/Nairobi").
    pub time_zone: String,
    /// Month of issue 1; later issues are counted from it.
    pub first_issue: Option<Month>,
    /// The language of the issue: of all words that the program puts in.
    pub language: Language,
    /// Whether papers on the loss of a baby, suicide or violence carry a quiet note.
    pub content_notes: bool,
    /// One line under the masthead; empty for none.
    pub intro: String,
    /// A paragraph at the foot of email and pages; empty for none.
    pub footer: String,
    /// Colours of email and pages.
    pub colours: Colours,
}

/// How much a draft holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSettings {
    /// Papers in all sections together.
    pub items_max: usize,
    /// Papers in one section, unless `sizes` says otherwise.
    pub items_per_topic_max: usize,
    /// Papers that every section gets before the best of all are dealt out, where there are as many: a
    /// working group should find something of its own in every issue.
    pub floor: usize,
    /// Papers in the sections of some working groups, by topic id; 0 for none.
    pub sizes: BTreeMap<String, usize>,
    /// Lines in the compact list under the sections.
    pub more_max: usize,
    /// Candidates listed behind the chosen items.
    pub candidates_max: usize,
    /// How many days before the month items may have appeared and still enter (late indexing).
    pub late_days: u32,
}

impl Default for DraftSettings {
    fn default() -> Self {
        Self {
            items_max: 30,
            items_per_topic_max: 8,
            floor: 3,
            sizes: BTreeMap::new(),
            more_max: 8,
            candidates_max: 60,
            late_days: 62,
        }
    }
}

impl DraftSettings {
    /// Returns how many papers the section of a working group holds at most.
    pub fn size_of(&self, topic: &str) -> usize {
        self.sizes.get(topic).copied().unwrap_or(self.items_per_topic_max)
    }
}

/// Weights of the ranking formula; any scale, they are normalised to add up to 1. The last one stands beside the
/// sum of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankWeights {
    /// How well the paper fits the roundup's scope.
    pub relevance: f64,
    /// How clearly it serves a working group.
    pub topic: f64,
    /// Strength of the design for readers.
    pub design: f64,
    /// How certain the low- or middle-income setting is.
    pub setting: f64,
    /// How new it is.
    pub recency: f64,
    /// Whether everybody can read it.
    pub open_access: f64,
    /// How like papers that were kept before; counts only from 30 choices on, and in full from 120.
    pub learned: f64,
}

impl RankWeights {
    /// Returns what the written rules weigh together.
    pub fn of_rules(&self) -> f64 {
        self.relevance + self.topic + self.design + self.setting + self.recency + self.open_access
    }
}

impl Default for RankWeights {
    fn default() -> Self {
        Self {
            relevance: 0.45,
            topic: 0.15,
            design: 0.15,
            setting: 0.10,
            recency: 0.05,
            open_access: 0.10,
            learned: 1.0,
        }
    }
}

/// One place we look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Short id, `[a-z0-9-]{1,40}`; stands on every record from here.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Working groups this source usually serves; decides only where the text is silent.
    pub topics: Vec<String>,
    /// Whether an answer from it has been seen (`roundup doctor --online`).
    pub is_verified: bool,
    /// Whether it is asked at all.
    pub is_enabled: bool,
    /// When it is asked, a line of five fields; `None` with all others, as `[schedule]` says.
    pub schedule: Option<String>,
    /// Whether everything from it is a preprint: not reviewed by peers yet.
    pub is_preprints: bool,
    /// Whether private and loopback addresses are allowed (tests, an intranet).
    pub allows_private: bool,
    /// What kind it is and how to ask it.
    pub kind: SourceKind,
}

/// How a source is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// PubMed through the E-utilities.
    Pubmed {
        /// Base address of the E-utilities, with a trailing slash.
        base_url: String,
        /// The query as PubMed reads it, without comments.
        query: String,
        /// Days asked again on every run, since records enter late.
        overlap_days: u32,
        /// Days asked on the very first run.
        first_days: u32,
    },
    /// An RSS, Atom, RDF or JSON feed.
    Feed {
        /// Its address.
        url: String,
        /// Journal or site name put on items that do not say.
        journal: String,
    },
    /// A web page without a feed, read by CSS selectors.
    Page {
        /// Its address.
        url: String,
        /// Site name put on items.
        journal: String,
        /// Selects each item.
        item: String,
        /// Selects the title within an item.
        title: String,
        /// Selects the link within an item; empty means the title's own link.
        link: String,
        /// Selects the date within an item; empty means none.
        date: String,
    },
    /// A folder in which people drop exports.
    Folder {
        /// Path, relative to the home folder.
        path: String,
    },
}

impl SourceKind {
    /// Returns the word for the kind as it stands in `feeds.toml`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pubmed { .. } => "pubmed",
            Self::Feed { .. } => "feed",
            Self::Page { .. } => "page",
            Self::Folder { .. } => "folder",
        }
    }
}
