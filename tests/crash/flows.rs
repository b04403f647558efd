//! What is tried: every way to change a home, from the command line.

use std::process::Command;

use super::desk;
use super::home::{BACKUP as EARLIER_BACKUP, Begun, Case, Ended, MONTH, Stage, ids};
use super::outside::{Asks, Outside};

/// What is done.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// A command; `{0}` stands for the id of the first paper of the home, and so on.
    Command(&'static [&'static str]),
    /// A paper is dropped at the desk.
    Desk,
}

/// One way to change a home.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    /// Its name in messages.
    pub name: &'static str,
    /// The home in which it is tried.
    pub stage: Stage,
    /// What is done.
    pub act: Act,
    /// Exit codes that a run without any fault may have.
    pub codes: &'static [i32],
    /// Whether it goes on with what it could gather: a draft that was made of less is whole as well.
    pub goes_on: bool,
    /// Whether it keeps a person's text before it writes it into the file, so that no word is lost: when it is broken off
    /// between, the text is one more version that never stood there, and the old one is found anew.
    pub keeps_first: bool,
    /// A command that is run in each home anew, a day before: what it makes knows where the home lies.
    pub first: &'static [&'static str],
    /// Who is asked.
    pub asks: Asks,
    /// How many steps there are to one that is tried in the usual tests; all are with `ROUNDUP_PROVE=1`.
    pub every: u64,
}

impl Flow {
    const fn new(name: &'static str, stage: Stage, args: &'static [&'static str]) -> Self {
        let (act, asks) = (Act::Command(args), Asks::Nobody);
        Self { name, stage, act, codes: &[0], goes_on: false, keeps_first: false, first: &[], asks, every: 1 }
    }

    /// Returns a fresh home for it.
    pub fn case(&self, outside: &Outside) -> Case {
        let case = Case::at(self.stage);
        outside.begin(&case);
        if !self.first.is_empty() {
            case.must_earlier(self.first);
        }
        case
    }

    /// Runs it with a plan of faults.
    pub fn run(&self, case: &Case, plan: &str) -> Ended {
        match self.act {
            Act::Command(_) => case.end(self.begin(case, plan)),
            Act::Desk => desk::drop_a_paper(case, &desk::first_item(&Case::at(self.stage)), plan, None),
        }
    }

    /// Returns its command; of a desk, that which opens it.
    pub fn command(&self, case: &Case) -> Command {
        let Act::Command(args) = self.act else { return desk::command(case, "") };
        let ids = ids_if_named(args, self.stage);
        let filled: Vec<String> = args.iter().map(|arg| fill(arg, &ids)).collect();
        let args: Vec<&str> = filled.iter().map(String::as_str).collect();
        let mut command = case.command(&args);
        if self.asks != Asks::Nobody {
            command.env("NCBI_API_KEY", "key").env("MAILCHIMP_API_KEY", "sesame-us21");
        }
        command
    }

    /// Starts it with a plan of faults; of a desk, only its opening.
    pub fn begin(&self, case: &Case, plan: &str) -> Begun {
        let mut command = self.command(case);
        if !plan.is_empty() {
            command.env("ROUNDUP_FAULT", plan);
        }
        case.begin(command)
    }
}

/// Returns the ids of a stage's papers where a command names one: the ids of the stage, not those that an earlier run
/// has left.
fn ids_if_named(args: &[&str], stage: Stage) -> Vec<String> {
    if args.iter().any(|a| a.starts_with('{')) { ids(&Case::at(stage)) } else { Vec::new() }
}

/// Puts an id in its place.
fn fill(arg: &str, ids: &[String]) -> String {
    let number = arg.strip_prefix('{').and_then(|a| a.strip_suffix('}')).and_then(|n| n.parse::<usize>().ok());
    number.map_or_else(|| arg.to_owned(), |n| ids[n].clone())
}

pub const IMPORT: Flow = Flow { every: 2, ..Flow::new("import", Stage::Gathered, &["import", "b.jsonl"]) };
pub const FIRST_IMPORT: Flow = Flow { every: 6, ..Flow::new("first import", Stage::Bare, &["import", "a.jsonl"]) };
pub const HARVEST_FOLDER: Flow =
    Flow { every: 4, codes: &[0, 3], ..Flow::new("harvest of a folder", Stage::Dropped, &["harvest"]) };
pub const SAME: Flow =
    Flow { every: 3, codes: &[0, 1], ..Flow::new("merge same", Stage::Gathered, &["merge", "same", "{0}", "{1}"]) };
pub const DIFFERENT: Flow = Flow::new("merge different", Stage::Gathered, &["merge", "different", "{0}", "{1}"]);
pub const UNDO: Flow =
    Flow { every: 4, codes: &[0, 1], ..Flow::new("merge undo", Stage::Answered, &["merge", "undo"]) };
pub const CHOOSE: Flow = Flow::new("choose", Stage::Drafted, &["choose", "drop", "{0}", "{2}"]);
pub const WORD: Flow =
    Flow { every: 4, ..Flow::new("a word on a tag", Stage::Gathered, &["retag", "{0}", "--add", "design:cohort"]) };
pub const RETAG: Flow = Flow { every: 4, ..Flow::new("retag", Stage::OtherRules, &["retag"]) };
pub const REINDEX: Flow = Flow { every: 3, ..Flow::new("reindex", Stage::Gathered, &["reindex"]) };
pub const DRAFT: Flow = Flow::new("draft", Stage::Gathered, &["draft"]);
pub const DRAFT_ANEW: Flow = Flow::new("draft anew", Stage::Edited, &["draft"]);
pub const RESTORE: Flow = Flow::new("draft restore", Stage::Edited, &["draft", "restore", MONTH, "1"]);
pub const RENDER: Flow = Flow { every: 6, ..Flow::new("render", Stage::Drafted, &["render", MONTH]) };
pub const RENDER_ANEW: Flow = Flow::new("render anew", Stage::Published, &["render", MONTH]);
pub const RENDER_FEWER: Flow = Flow { every: 6, ..Flow::new("render fewer", Stage::Fewer, &["render", MONTH]) };
pub const WITHDRAW: Flow =
    Flow { every: 4, codes: &[0, 2], ..Flow::new("withdraw", Stage::Made, &["render", MONTH, "--withdraw"]) };
pub const PUBLISH: Flow = Flow { every: 5, ..Flow::new("publish", Stage::Made, &["publish", MONTH]) };
pub const PUBLISH_ANEW: Flow = Flow { every: 3, ..Flow::new("publish anew", Stage::Published, &["publish", MONTH]) };
pub const REBUILD: Flow = Flow { every: 8, ..Flow::new("rebuild", Stage::Made, &["rebuild"]) };
pub const RUN: Flow = Flow { every: 4, codes: &[0, 3], goes_on: true, ..Flow::new("run", Stage::Dropped, &["run"]) };
pub const ADD: Flow = Flow {
    every: 4,
    ..Flow::new(
        "add",
        Stage::Drafted,
        &["add", "--title", "A cohort of mothers with postnatal depression", "--date", "2026-10-05"],
    )
};
pub const PACK: Flow =
    Flow { every: 2, codes: &[0, 1], ..Flow::new("pack", Stage::Keyed, &["pack", "--key", "secret.key"]) };
pub const HARVEST: Flow =
    Flow { every: 8, codes: &[0, 3], asks: Asks::Sources, ..Flow::new("harvest", Stage::Bare, &["harvest"]) };
pub const PLACE: Flow = Flow {
    every: 1,
    codes: &[0, 3],
    asks: Asks::Tool,
    ..Flow::new("publish to a tool", Stage::Made, &["publish", MONTH, "--to", "mailchimp"])
};
pub const CURATE: Flow = Flow { act: Act::Desk, keeps_first: true, ..Flow::new("curate", Stage::Drafted, &[]) };
pub const MIGRATE: Flow = Flow { every: 6, ..Flow::new("migrate", Stage::FirstSchema, &["reindex"]) };
/// The older backup goes.
pub const BACKUP: Flow =
    Flow { every: 3, first: &["backup"], ..Flow::new("backup", Stage::Made, &["backup", "--keep", "1"]) };
pub const PUT_BACK: Flow =
    Flow { every: 6, ..Flow::new("restore", Stage::Backed, &["restore", EARLIER_BACKUP, "--yes"]) };
/// A run that fails is tried again later: what comes of that is checked in `daemon`.
pub const DAEMON: Flow =
    Flow { every: 8, goes_on: true, ..Flow::new("daemon", Stage::Timetabled, &["daemon", "--once"]) };
/// The second time there is such a search.
pub const SAVED: Flow =
    Flow { codes: &[0, 2], ..Flow::new("save a search", Stage::Gathered, &["saved", "add", "mothers", "depression"]) };
pub const SYNC: Flow =
    Flow { every: 12, ..Flow::new("first sync", Stage::Packed, &["sync", "packs-of-others", "--yes"]) };
pub const SYNC_AGAIN: Flow =
    Flow { every: 12, ..Flow::new("sync", Stage::Synced, &["sync", "packs-of-others", "--yes"]) };

/// All of them; each is in the list of `steps` as well.
pub const ALL: &[Flow] = &[
    IMPORT,
    FIRST_IMPORT,
    HARVEST_FOLDER,
    HARVEST,
    SAME,
    DIFFERENT,
    UNDO,
    CHOOSE,
    WORD,
    RETAG,
    REINDEX,
    DRAFT,
    DRAFT_ANEW,
    RESTORE,
    CURATE,
    RENDER,
    RENDER_ANEW,
    RENDER_FEWER,
    WITHDRAW,
    PUBLISH,
    PUBLISH_ANEW,
    PLACE,
    REBUILD,
    RUN,
    ADD,
    PACK,
    MIGRATE,
    BACKUP,
    PUT_BACK,
    DAEMON,
    SAVED,
    SYNC,
    SYNC_AGAIN,
];
