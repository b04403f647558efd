//! Work that takes long or changes the database: one job after the other, on a thread of its own.
//!
//! A page starts a job and shows how it goes; who leaves the page finds it again. The right to write is held only
//! while a job runs, so that a harvest from elsewhere finds its turn, and is waited for while another one has it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::refused::{Told, told};
use super::undo::Undo;
use super::words::said;
use super::{Access, Open, locked};
use crate::model::{Month, WorkId};
use crate::pipeline::{self, ByHand, Ctx, Error, LinkReport};
use crate::store::{Answer, StoreError, TagAction};

mod work;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Task {
    /// Writes the draft of a month, or brings the news into it.
    Draft(Month),
    /// Makes the files.
    Render(Month),
    /// Takes the issue where the settings say: as a draft, nothing is sent.
    Publish(Month),
    /// Tries every link of the issue.
    Links(Month),
    /// Takes in a paper by DOI, PMID or address.
    Add(Month, String),
    /// Takes in what a person wrote down.
    AddByHand(Month, Box<ByHand>),
    /// Asks one source, or all of them.
    Harvest(Option<String>),
    /// Adds or takes away a tag of a paper.
    Tag { month: Month, id: WorkId, facet: String, value: String, action: TagAction },
    /// Says that two papers are the same, or not.
    Same { month: Month, a: WorkId, b: WorkId, answer: Answer },
    /// Takes back what was said of a paper and another one, by the number of the answer.
    Unsay { month: Month, id: WorkId, number: i64 },
    /// Puts an earlier version of the draft back.
    Restore(Month, u64),
}

/// How a job went.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(super) struct Done {
    /// What was done, a sentence each.
    pub(super) lines: Vec<String>,
    /// What was wrong and how to go on, when it failed.
    pub(super) failed: Option<Failure>,
    /// Where to go on.
    pub(super) next: Option<Next>,
    /// The page that shows by itself what was done, with a word for what to say there: who waited so long is led to
    /// it. `None` where what was done needs words of its own.
    #[serde(skip)]
    pub(super) back: Option<String>,
    /// What came of trying the links of a month.
    #[serde(skip)]
    pub(super) links: Option<(Month, LinkReport)>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Failure {
    /// What happened.
    pub(super) message: String,
    /// What to do; often empty.
    pub(super) help: String,
    /// All problems, where files of a person are wrong.
    pub(super) problems: Vec<String>,
}

/// A page to go on to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Next {
    /// Its path here.
    pub(super) path: String,
    /// What the link says.
    pub(super) name: String,
}

/// One job as pages see it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(super) struct Job {
    /// Its number, counted up from 1.
    pub(super) number: u64,
    /// What it does, in words.
    pub(super) title: String,
    /// The month it belongs to; empty for none.
    pub(super) month: String,
    /// What is being done now.
    pub(super) progress: String,
    /// How it went; `None` while it waits or runs.
    pub(super) done: Option<Done>,
}

/// The jobs and the way to the thread.
pub(super) struct Jobs {
    list: Arc<Mutex<VecDeque<Job>>>,
    links: Arc<Mutex<BTreeMap<Month, LinkReport>>>,
    tasks: mpsc::Sender<(u64, Task)>,
}

/// Jobs that are remembered: older ones are of no use to anybody.
const KEPT_MAX: usize = 40;

/// How long the right to write is waited for while another roundup has it.
const LOCK_WAIT: Duration = Duration::from_mins(2);
/// How often it is asked for.
const LOCK_PAUSE: Duration = Duration::from_millis(250);

impl Jobs {
    /// Starts the thread. What can be taken back of a month is forgotten when an earlier version of it is put back.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(open: Arc<Open>, undo: Arc<Mutex<Undo>>) -> anyhow::Result<Self> {
        let list = Arc::new(Mutex::new(VecDeque::new()));
        let (tasks, asked) = mpsc::channel::<(u64, Task)>();
        let links: Arc<Mutex<BTreeMap<Month, LinkReport>>> = Arc::default();
        let (shared, tried) = (Arc::clone(&list), Arc::clone(&links));
        std::thread::Builder::new().name("desk jobs".to_owned()).spawn(move || {
            while let Ok((number, task)) = asked.recv() {
                let told = Arc::clone(&shared);
                let progress: Arc<dyn Fn(&str) + Send + Sync> = Arc::new(move |text: &str| {
                    edit(&told, number, |job| text.clone_into(&mut job.progress));
                });
                let work = std::panic::AssertUnwindSafe(|| run(open.as_ref(), &task, &progress));
                let mut done = std::panic::catch_unwind(work)
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a mistake in roundup itself stopped this")))
                    .unwrap_or_else(|error| failed(&error));
                if let (Task::Restore(month, _), None) = (&task, &done.failed) {
                    // What was changed before is not in this text: taking it back would change what it never did.
                    locked(&undo).forget(*month);
                }
                if let Some((month, report)) = done.links.take() {
                    locked(&tried).insert(month, report);
                }
                edit(&shared, number, |job| job.done = Some(done));
            }
        })?;
        Ok(Self { list, links, tasks })
    }

    /// Returns a look at the jobs that outlives the desk.
    pub(super) fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.list))
    }

    /// Puts a task in the line and returns its job's number.
    pub(super) fn begin(&self, task: Task) -> u64 {
        let mut list = locked(&self.list);
        let number = list.back().map_or(0, |j| j.number) + 1;
        list.push_back(Job {
            number,
            title: task.title(),
            month: task.month().map(|m| m.to_string()).unwrap_or_default(),
            progress: String::new(),
            done: None,
        });
        while list.len() > KEPT_MAX && list.front().is_some_and(|j| j.done.is_some()) {
            list.pop_front();
        }
        drop(list);
        // A closed line means that the desk is closing; the job then stays as waiting.
        let _ = self.tasks.send((number, task));
        number
    }

    /// Returns a job by its number.
    pub(super) fn job(&self, number: u64) -> Option<Job> {
        locked(&self.list).iter().find(|j| j.number == number).cloned()
    }

    /// Returns what came of trying a month's links the last time; nothing when they were not tried since the start.
    pub(super) fn links(&self, month: Month) -> LinkReport {
        locked(&self.links).get(&month).cloned().unwrap_or_default()
    }

    /// Returns the jobs that wait or run, the oldest first.
    pub(super) fn open(&self) -> Vec<Job> {
        locked(&self.list).iter().filter(|j| j.done.is_none()).cloned().collect()
    }
}

/// Looks at the jobs from outside.
#[derive(Debug, Clone)]
pub(super) struct Watch(Arc<Mutex<VecDeque<Job>>>);

impl Watch {
    /// Waits until no job is under way, but no longer than so long.
    pub(super) async fn idle(&self, wait: Duration) {
        let mut waited = Duration::ZERO;
        while waited < wait && locked(&self.0).iter().any(|j| j.done.is_none()) {
            tokio::time::sleep(IDLE_PAUSE).await;
            waited += IDLE_PAUSE;
        }
    }
}

/// How often is looked whether a job is done.
const IDLE_PAUSE: Duration = Duration::from_millis(50);

/// Changes a job that is still remembered.
fn edit(list: &Mutex<VecDeque<Job>>, number: u64, change: impl FnOnce(&mut Job)) {
    if let Some(job) = locked(list).iter_mut().find(|j| j.number == number) {
        change(job);
    }
}

/// Opens the home for writing, waiting while another roundup writes, and does a task.
fn run(open: &Open, task: &Task, progress: &Arc<dyn Fn(&str) + Send + Sync>) -> anyhow::Result<Done> {
    let mut waited = Duration::ZERO;
    loop {
        let told = Arc::clone(progress);
        match open(Access::Change, Box::new(move |text| told(text))) {
            Ok(ctx) => {
                progress("");
                return work::work(&ctx, task);
            }
            Err(error) if is_locked(&error) && waited < LOCK_WAIT => {
                progress("another roundup is at work here; this begins when it is done");
                std::thread::sleep(LOCK_PAUSE);
                waited += LOCK_PAUSE;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Tells whether an error says that another instance writes.
fn is_locked(error: &anyhow::Error) -> bool {
    let of_step = error.downcast_ref::<Error>().is_some_and(|e| matches!(e, Error::Store(StoreError::Locked { .. })));
    of_step || matches!(error.downcast_ref::<StoreError>(), Some(StoreError::Locked { .. }))
}

/// Returns an error as people read it: what happened, what to do.
pub(super) fn failed(error: &anyhow::Error) -> Done {
    let problems = match error.downcast_ref::<Error>() {
        Some(Error::Problems { problems }) => problems.iter().map(said).collect(),
        _ => Vec::new(),
    };
    let Told { what, help } = told(error);
    let failure = Failure { message: what, help, problems };
    Done { lines: Vec::new(), failed: Some(failure), next: None, back: None, links: None }
}

impl Task {
    /// Returns what the task does, in words.
    fn title(&self) -> String {
        match self {
            Self::Draft(month) => format!("Bringing the news into the draft of {}", month.long_name()),
            Self::Render(month) => format!("Making the issue of {}", month.long_name()),
            Self::Publish(month) => format!("Placing the issue of {} as a draft", month.long_name()),
            Self::Links(_) => "Trying every link".to_owned(),
            Self::Add(_, asked) => format!("Looking up {asked}"),
            Self::AddByHand(..) => "Taking in what you wrote".to_owned(),
            Self::Harvest(None) => "Asking all sources".to_owned(),
            Self::Harvest(Some(id)) => format!("Asking {id}"),
            Self::Tag { .. } => "Changing a tag".to_owned(),
            Self::Same { answer: Answer::Same, .. } => "Making two papers one".to_owned(),
            Self::Same { .. } => "Keeping two papers apart".to_owned(),
            Self::Unsay { .. } => "Taking an answer about two papers back".to_owned(),
            Self::Restore(..) => "Putting an earlier version back".to_owned(),
        }
    }

    /// Returns the month that the task is about.
    fn month(&self) -> Option<Month> {
        match self {
            Self::Draft(month)
            | Self::Render(month)
            | Self::Publish(month)
            | Self::Links(month)
            | Self::Add(month, _)
            | Self::AddByHand(month, _)
            | Self::Tag { month, .. }
            | Self::Same { month, .. }
            | Self::Unsay { month, .. }
            | Self::Restore(month, _) => Some(*month),
            Self::Harvest(_) => None,
        }
    }
}

/// Runs asynchronous work to its end on this thread.
fn block_on<T>(work: impl Future<Output = pipeline::Result<T>>) -> anyhow::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)?)
}

/// Judges and indexes what came in.
fn level(ctx: &Ctx) -> anyhow::Result<()> {
    pipeline::judge(ctx)?;
    pipeline::update_index(ctx, false)?;
    Ok(())
}
