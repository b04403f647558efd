//! The sentence as functions: harvest, merge, judge, index, draft, render. The only place where
//! stages meet.
//!
//! Everything a function needs from outside is handed in once as [`Ctx`]; nothing here reads the
//! clock or the environment, and nothing here prints. Every function may be repeated: the same
//! input gives the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Clock;
use crate::config::{countries, feeds, lexicon, topics};
use crate::fetch::Fetch;
use crate::fsx::{self, PathError};
use crate::harvest::{Asker, Identity};
use crate::model::{Country, Lexicon, Month, Place, Pmid, Problem, Rules, Settings, Severity, sha256_hex};
use crate::store::{Store, StoreError, WriterLock};
use crate::{render, tag};

mod add;
mod archive;
pub mod backup;
mod base;
pub mod cards;
mod check;
pub mod choose;
pub mod curate;
mod cut_off;
mod draft;
pub mod draft_file;
mod explain;
mod forms;
mod gather;
mod gathered;
pub mod history;
mod import;
mod intake;
mod issue;
pub mod judge;
mod left_over;
mod link;
mod links;
mod listing;
mod lost;
mod made;
pub mod merging;
mod month_report;
mod months;
pub mod pack;
mod plan;
mod preview;
pub mod publish;
mod queue;
mod ranked;
mod rebuild;
mod reminders;
mod render_month;
mod report;
pub mod restore;
mod retention;
pub mod saved;
mod search;
mod settle;
pub mod sheet;
mod sources;
mod stale_files;
mod status;
pub mod sync;
mod take;
mod taste;
mod template_files;
pub mod timetable;
pub mod verify;
mod withdraw;

pub use add::{AddReport, BY_HAND, ByHand, InDraft, Mode, Outcome, Place as DraftPlace, Verdict, add, add_by_hand};
pub use check::{AnswerStand, CheckReport, Upcoming, answer_stands, check, check_with};
pub use cut_off::make_good;
pub use draft::{DraftReport, Traffic, draft, draft_beside};
pub use explain::{Explained, ExplainedPart, explain, find};
pub use gather::candidates;
pub use import::import;
pub use intake::harvest;
pub use judge::{JudgeReport, judge, judgement_of};
pub use left_over::{remove_left_over, remove_left_over_of_copy};
pub use links::{LinkReport, try_links};
pub use lost::check_not_lost;
pub use month_report::{GroupRow, LotReport, MonthReport, SourceRow, month_report};
pub use months::{draft_months, help_without_draft};
pub use plan::{Planned, plan};
pub use preview::{EmailSize, Preview, email_size, preview};
pub use publish::{
    Greeted, Keys, MAIL_PASSWORD, PublishPlan, PublishReport, greet_mail_server, greet_mailing_tools, publish,
    publish_again, publish_plan,
};
pub use ranked::{Like, RankExplained, RankLine, TermWeight, learned_in_words, order, rank_explained};
pub use rebuild::{RebuildReport, rebuild};
pub use reminders::{Reminded, remind};
pub use render_month::{RenderReport, render};
pub use report::{HarvestReport, OFFLINE_QUESTION, SourceReport};
pub use retention::{TidyReport, tidy_up};
pub use search::{IndexReport, update_index};
pub use settle::bring_up_to_date;
pub use sources::{FoundFeed, FoundSources, SourceListing, SourceTest, Tried, find_sources, list_sources, test_source};
pub use status::{NextRun, SourceStatus, Status, status};
pub use taste::LearnedFrom;
pub use template_files::template_files;
pub use withdraw::{WithdrawReport, withdraw};

/// Why a step could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The search index could not be written.
    #[error(transparent)]
    Index(#[from] crate::index::IndexError),
    /// A template could not be rendered; nothing was written.
    #[error(transparent)]
    Render(#[from] render::RenderError),
    /// Files of a person are wrong; all problems are listed.
    #[error("{} {} in the way", problems.len(), if problems.len() == 1 { "problem stands" } else { "problems stand" })]
    Problems {
        /// What is wrong, where, and what to do.
        problems: Vec<Problem>,
    },
    /// A step was stopped, and a person can do something about it.
    #[error("{reason}\n  help: {help}")]
    Stopped {
        /// Why, in a sentence without full stop.
        reason: String,
        /// What to do.
        help: String,
    },
    /// Something that was named does not exist.
    #[error("{0}")]
    Missing(String),
}

impl Error {
    /// Returns an error that says why a step was stopped and what to do.
    pub(crate) fn stopped(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Stopped { reason: reason.into(), help: help.into() }
    }
}

/// The most bytes of a file under `out/`, or where it is published, that is looked at; ours are far smaller.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Result of a step.
pub type Result<T> = std::result::Result<T, Error>;

/// The folder that roundup works in.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// Returns the home at a path; nothing is read or made.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Returns the folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of the database and the lock.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Returns the database file.
    pub fn database(&self) -> PathBuf {
        self.data().join("roundup.db")
    }

    /// Checks that the database lies there, for whoever has worked with it before and must not make a new one.
    ///
    /// # Errors
    /// When it is gone: where it was, and what to do.
    pub fn check_there(&self) -> Result<()> {
        let database = self.database();
        if database.exists() {
            return Ok(());
        }
        let reason = format!("the database is not where it was: there is no {}", database.display());
        Err(Error::stopped(
            reason,
            "put it, or the whole folder, back there and load this page again; nothing was changed",
        ))
    }

    /// Returns the folder of the search index.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Returns the folder of draft files.
    pub fn drafts(&self) -> PathBuf {
        self.root.join("drafts")
    }

    /// Returns a month's draft file.
    pub fn draft(&self, month: Month) -> PathBuf {
        self.drafts().join(format!("{month}.toml"))
    }

    /// Returns the folder of rendered files.
    pub fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    /// Returns the folders that roundup keeps its things in, but `out`: none of them is for the public.
    pub fn folders(&self) -> [PathBuf; 7] {
        ["backups", "data", "drafts", "inbox", "index", "keys", "templates"].map(|name| self.root.join(name))
    }

    /// Returns the folder that backups are put into where the settings name no other.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Returns the folder of template overrides.
    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }
}

/// What `feeds.toml`, `topics.toml`, `countries.csv`, `lexicon.toml` and `templates/` say.
#[derive(Debug, Clone)]
pub struct Config {
    /// `feeds.toml`.
    pub settings: Settings,
    /// `topics.toml`.
    pub rules: Rules,
    /// `countries.csv`.
    pub countries: Vec<Country>,
    /// `lexicon.toml` of the home: what the words of the field mean to one another, for the search.
    /// `None` means the built-in one, which is large and read only where the index is written.
    pub lexicon: Option<Lexicon>,
    /// Template overrides by name.
    pub templates: BTreeMap<String, String>,
    /// SHA-256 over the rules and the country table: what judgements are stamped with.
    pub rules_hash: String,
}

impl Config {
    /// Returns the name of a source for people; where `feeds.toml` has no such source, how people know it.
    pub fn source_name(&self, id: &str) -> String {
        match (self.settings.source(id), id) {
            (Some(source), _) => source.name.clone(),
            (None, BY_HAND) => "Papers added by hand".to_owned(),
            (None, "import") => "Files that were imported".to_owned(),
            (None, other) => other.to_owned(),
        }
    }

    /// Returns the name of a country for readers, or its code when the table lacks it.
    pub fn country_name(&self, iso3: &str) -> String {
        self.countries.iter().find(|c| c.iso3 == iso3).map_or_else(|| iso3.to_owned(), |c| c.name.clone())
    }
}

/// Reads a home's settings and rules. Files that are missing but `feeds.toml` are taken from the
/// built-in ones. A configuration comes back only when no problem is an error.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn load_config(home: &Home) -> std::result::Result<(Option<Config>, Vec<Problem>), PathError> {
    let root = home.root();
    let Some(feeds_text) = fsx::read_text_if_there(&root.join("feeds.toml"))? else {
        let problem =
            Problem::error(Place::file("feeds.toml"), format!("there is no feeds.toml in {}", root.display()));
        return Ok((
            None,
            vec![problem.with_help("`roundup init DIR` makes a folder to work in; `--home DIR` names another one")],
        ));
    };
    let topics_text = fsx::read_text_if_there(&root.join("topics.toml"))?.unwrap_or_else(|| topics::DEFAULT.to_owned());
    let countries_text =
        fsx::read_text_if_there(&root.join("countries.csv"))?.unwrap_or_else(|| countries::DEFAULT.to_owned());
    let (rules, mut problems) = topics::parse(&topics_text, "topics.toml");
    let (countries, more) = countries::parse(&countries_text, "countries.csv");
    problems.extend(more);
    // The built-in lexicon names every country; a home's own table may be shorter.
    let lexicon = match fsx::read_text_if_there(&root.join("lexicon.toml"))? {
        Some(text) => {
            let (lexicon, more) = lexicon::read(&text, "lexicon.toml", Some(&countries));
            problems.extend(more);
            Some(lexicon)
        }
        None => None,
    };
    problems.extend(template_files::unusable(home)?);
    let templates = template_files::overrides(home)?;
    let around = feeds::Surroundings {
        files: text_files(root)?,
        topics: rules.topics.iter().map(|t| t.id.clone()).collect(),
        template_names: render::NAMES.iter().map(|n| (*n).to_owned()).collect(),
        template_overrides: templates.keys().cloned().collect(),
    };
    let (settings, more) = feeds::parse(&feeds_text, "feeds.toml", &around);
    problems.splice(0..0, more);
    problems.extend(template_files::misplaced(home)?);
    let usable = problems.iter().all(|p| p.severity != Severity::Error);
    let rules_hash =
        sha256_hex(format!("{topics_text}\u{0}{countries_text}\u{0}{}", env!("CARGO_PKG_VERSION")).as_bytes());
    let config = settings.filter(|_| usable).map(|settings| Config {
        settings,
        rules,
        countries,
        lexicon,
        templates,
        rules_hash,
    });
    Ok((config, problems))
}

/// Reads the text files beside `feeds.toml`, for `query-file`.
fn text_files(root: &Path) -> std::result::Result<BTreeMap<String, String>, PathError> {
    let mut out = BTreeMap::new();
    for path in fsx::files_in(root)? {
        if path.extension().is_some_and(|e| e == "txt") {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            out.insert(name, fsx::read_text(&path)?);
        }
    }
    Ok(out)
}

/// Everything from outside that the steps need, handed in once.
pub struct Ctx {
    /// What time it is.
    pub clock: Box<dyn Clock>,
    /// How requests are made.
    pub fetch: Box<dyn Fetch>,
    /// Who asks.
    pub identity: Identity,
    /// The keys of mailing tools that the environment gives.
    pub keys: Keys,
    /// Where we work.
    pub home: Home,
    /// Settings and rules.
    pub config: Config,
    /// The truth.
    pub store: Store,
    /// The rules, compiled.
    pub judge: tag::Judge,
    /// Told what is being done, for a progress line; says nothing in tests.
    pub progress: Box<dyn Fn(&str)>,
    /// The right to write; `None` for commands that only read.
    pub lock: Option<WriterLock>,
}

impl Ctx {
    /// Opens a home. With a lock it may write, without one it only reads.
    ///
    /// # Errors
    /// When the rules cannot be compiled, the database cannot be opened, or it is gone.
    pub fn open(
        home: Home,
        config: Config,
        clock: Box<dyn Clock>,
        fetch: Box<dyn Fetch>,
        lock: Option<WriterLock>,
    ) -> Result<Self> {
        let judge =
            tag::Judge::compile(&config.rules, &config.countries).map_err(|problems| Error::Problems { problems })?;
        check_not_lost(&home, &config.settings.keeping)?;
        let store = if lock.is_some() { Store::open(&home.database())? } else { Store::open_reader(&home.database())? };
        let (identity, keys) = (Identity::default(), Keys::default());
        Ok(Self { clock, fetch, identity, keys, home, config, store, judge, progress: Box::new(|_| {}), lock })
    }

    /// Returns all that asking a source needs. `recheck` names papers whose records are asked for again.
    fn asker<'a>(&'a self, recheck: &'a [Pmid]) -> Asker<'a> {
        Asker {
            fetch: self.fetch.as_ref(),
            clock: self.clock.as_ref(),
            identity: &self.identity,
            home: self.home.root(),
            today: self.today(),
            recheck,
        }
    }

    /// Returns the zone in which days begin.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.config.settings.house.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Returns today's date in the roundup's zone.
    pub fn today(&self) -> Date {
        self.clock.now().to_zoned(self.zone()).date()
    }

    /// Returns the month whose issue is being made today: on the 1st and after, the month before.
    pub fn issue_month(&self) -> Month {
        Month::of(self.today()).previous()
    }
}
