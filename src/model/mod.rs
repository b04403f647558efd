//! Plain data that every stage speaks: identifiers, records, works, judgements, drafts, problems.
//!
//! Nothing here reads a file, the clock or the network, and nothing here knows another module of
//! the crate. A value of these types is always valid: newtypes are built by a checking `parse`.
//!
//! ```
//! use roundup::model::Doi;
//! let doi = Doi::parse("https://doi.org/10.5555/ABC.1").expect("a valid DOI");
//! assert_eq!(doi.as_str(), "10.5555/abc.1");
//! ```

mod chance;
mod choice;
mod colour;
mod country;
mod date;
mod draft;
mod file_name;
mod identifier;
mod issue;
mod judgement;
mod language;
mod lexicon;
mod listing;
mod paper;
mod passage;
mod payload;
mod problem;
mod record;
mod relation;
mod rules;
mod score;
mod settings;
mod size;
pub mod tag_words;
pub mod text;
mod work;

pub use chance::{GOLDEN, scrambled};
pub use choice::Choice;
pub use colour::{Colours, Rgb};
pub use country::{Country, Income};
pub use date::{Month, PartialDate};
pub use draft::{Candidate, Decision, Draft, DraftItem, Event};
pub use file_name::FileName;
pub use identifier::{CanonicalUrl, Doi, Identifier, Pmcid, Pmid};
pub use issue::{EMAIL_CLIP_BYTES, EMAIL_CLOSE_BYTES, Issue, IssueItem, IssueSection, SourceNote};
pub use judgement::{Design, Evidence, ExcludeReason, Judgement, Scope};
pub use language::{Language, language_name, language_name_in};
pub use lexicon::{Concept, ConceptName, Lexicon, NameLanguage, Region};
pub use listing::{DraftPart, Listed, Listing, Unlisted};
pub use paper::Paper;
pub use passage::{Passage, passages};
pub use payload::{Payload, PayloadKind, SourceState, sha256_hex};
pub use problem::{Lines, Place, Problem, Severity};
pub use record::{Author, MeshHeading, Record, Relation, RelationKind, Section};
pub use rules::{
    FINDING_SIGNS, Facet, Field, GATE_SIGNS, NUMBER_SIGNS, Part, Phrase, PlaceWeights, Rule, Rules, TopicRule,
    WordList, Zone, split_words,
};
pub use score::{LEARNED, Score, ScorePart};
pub use settings::{
    DraftSettings, House, Keeping, Listmonk, Lookup, MailServer, Mailchimp, MailingTool, PublishTo, Publishing,
    RankWeights, Reminders, Settings, Source, SourceKind,
};
pub use size::size_in_words;
pub use work::{RecordKey, Work, WorkId};
