//! The thread that holds the home open for looking, and answers one question after the other.
//!
//! The database's connection stays on one thread; two people ask little enough for one. What changes the draft file
//! is done here too: it takes milliseconds and needs no right to write the database at large.
//!
//! Before each question is looked whether the database is still the one that is open. Somebody may put back a copy of
//! it, or replace the whole folder, while the desk is open; whoever kept the old file open would write into nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::refused::in_words;
use super::{Access, Open, Purpose};
use crate::fsx::{self, FileIdentity};
use crate::model::{Month, sha256_hex};
use crate::pipeline::curate::DraftFile;
use crate::pipeline::{self, Ctx, EmailSize, Home};

mod look;

use look::Look;

/// Something to do with the open home, or to be told why it cannot be opened.
type Question = Box<dyn FnOnce(anyhow::Result<&Held>) + Send>;

/// A way to the thread.
pub(super) struct Room {
    /// `None` only while the room is closed.
    questions: Option<mpsc::Sender<Question>>,
    /// Waited for at the end where nothing may be written: SQLite's files beside the database go with its connection.
    thread: Option<JoinHandle<()>>,
}

/// The open home, with what is worth keeping between questions. It can be used as the context it holds.
pub(super) struct Held {
    ctx: Ctx,
    /// Which file the database was when it was opened.
    database: Option<FileIdentity>,
    /// What the home is open for.
    purpose: Purpose,
    /// Sum over the settings as they lay there last.
    settings: String,
    /// What is wrong with them, ready to be read; then those before count.
    wrong: Vec<String>,
    /// What was shown of each month last.
    looks: RefCell<BTreeMap<Month, Look>>,
    /// The size of the email last worked out, and of which text and database: making an email takes longer than all
    /// the rest of a page.
    size: RefCell<Option<(SizeKey, Option<EmailSize>)>>,
}

/// What the size of an email is of: the month, the sum of the draft's text, the revision of the database.
type SizeKey = (Month, String, u64);

impl Deref for Held {
    type Target = Ctx;

    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}

/// The files that hold settings.
const SETTINGS: [&str; 4] = ["feeds.toml", "topics.toml", "countries.csv", "lexicon.toml"];

/// Returns the sum over the settings and templates of a home as they lie there now.
fn settings(ctx: &Ctx) -> String {
    let root = ctx.home.root();
    let mut paths: Vec<PathBuf> = SETTINGS.iter().map(|name| root.join(name)).collect();
    paths.extend(pipeline::template_files(&ctx.home).unwrap_or_default().into_values());
    let sums = paths.iter().map(|path| {
        // What cannot be read says so when the settings are read.
        let bytes = fsx::read(path).unwrap_or_default();
        format!("{} {}", path.display(), sha256_hex(&bytes))
    });
    sha256_hex(sums.collect::<Vec<_>>().join("\n").as_bytes())
}

impl Held {
    /// Returns a home that was opened, with the file that its database was then.
    fn new(ctx: Ctx, database: Option<FileIdentity>, purpose: Purpose) -> Self {
        let settings = settings(&ctx);
        let (wrong, looks, size) = (Vec::new(), RefCell::default(), RefCell::default());
        Self { ctx, database, purpose, settings, wrong, looks, size }
    }

    /// Tells whether the database is still the file that was opened.
    fn is_in_place(&self) -> bool {
        self.database.is_some() && fsx::identity(&self.ctx.home.database()) == self.database
    }

    /// Opens the home anew when its settings or templates have changed. While they are wrong the ones before stay: the
    /// preview and `roundup check` say where, and whoever mends them does it in a text editor.
    fn keep_up(&mut self, open: &Open) {
        let now = settings(&self.ctx);
        if now == self.settings {
            return;
        }
        self.settings = now;
        match open(Access::Look, Box::new(|_| {})) {
            Ok(ctx) => {
                self.ctx = ctx;
                self.wrong = Vec::new();
                *self.size.borrow_mut() = None;
            }
            Err(error) => {
                tracing::warn!("the settings have changed and cannot be read: {error:#}");
                self.wrong = in_words(&error);
            }
        }
    }
}

/// The home as it is kept between questions; closed while its database is gone.
struct Kept {
    open: Arc<Open>,
    purpose: Purpose,
    home: Home,
    held: Option<Held>,
}

impl Kept {
    /// Returns the home as it lies there now, opened anew when its database is another file.
    ///
    /// # Errors
    /// When the database is gone or cannot be opened. The next question looks again.
    fn now(&mut self) -> anyhow::Result<&Held> {
        // Closed before the other one is opened: the two may share the files that SQLite puts beside them.
        let mut held = self.held.take().filter(Held::is_in_place);
        if let Some(held) = &mut held {
            held.keep_up(self.open.as_ref());
        }
        let held = match held {
            Some(held) => held,
            None => self.opened()?,
        };
        Ok(self.held.insert(held))
    }

    /// Opens the home anew.
    fn opened(&self) -> anyhow::Result<Held> {
        self.home.check_there()?;
        // Looked at first: were the file replaced in between, the next question would see it.
        let database = fsx::identity(&self.home.database());
        tracing::info!("the database is another file than before and is opened anew");
        Ok(Held::new((self.open)(Access::Look, Box::new(|_| {}))?, database, self.purpose))
    }

    /// Puts what was written last into the database file itself, so that a copy of this one file is whole and nothing
    /// of it can get into another that is put in its place.
    fn tidy_up(&self) {
        if self.purpose == Purpose::Curate
            && let Some(held) = &self.held
            && let Err(error) = held.store.fold_log()
        {
            tracing::debug!("what was written last stays beside the database for now: {error}");
        }
    }
}

impl Held {
    /// Returns the size of the email that a draft file makes; `None` when it makes none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn email_size(&self, file: &DraftFile) -> anyhow::Result<Option<EmailSize>> {
        let of = (file.month, file.sum.clone(), self.ctx.store.revision()?);
        if let Some((known, size)) = &*self.size.borrow()
            && *known == of
        {
            return Ok(*size);
        }
        let size = pipeline::email_size(&self.ctx, file.month, &file.text)?;
        *self.size.borrow_mut() = Some((of, size));
        Ok(size)
    }
}

impl Room {
    /// Opens the home on a thread of its own.
    ///
    /// # Errors
    /// When the home cannot be opened.
    pub(super) fn open(open: Arc<Open>, purpose: Purpose) -> anyhow::Result<Self> {
        let (questions, asked) = mpsc::channel::<Question>();
        let (opened, outcome) = mpsc::channel();
        let thread = std::thread::Builder::new().name("desk".to_owned()).spawn(move || {
            let ctx = match open(Access::Look, Box::new(|_| {})) {
                Ok(ctx) => ctx,
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            let (home, database) = (ctx.home.clone(), fsx::identity(&ctx.home.database()));
            if purpose == Purpose::Curate {
                let removed = pipeline::remove_left_over(&ctx);
                tracing::debug!("removed {removed} files that were left half written");
            }
            // Told only now: whoever hears it may put another file there at once.
            let _ = opened.send(Ok(()));
            let mut kept = Kept { open, purpose, home, held: Some(Held::new(ctx, database, purpose)) };
            while let Ok(question) = asked.recv() {
                question(kept.now());
                kept.tidy_up();
            }
        })?;
        outcome.recv()??;
        Ok(Self { questions: Some(questions), thread: (purpose == Purpose::Watch).then_some(thread) })
    }

    /// Asks something and waits for the answer. A panic costs this answer only.
    ///
    /// # Errors
    /// Those of the question, when it panicked, or when the home is gone.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Held) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move |held| {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| question(held?)));
            let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("a mistake in roundup itself stopped this")));
            // Whoever asked may have gone: then nobody waits for it.
            let _ = answer.send(outcome);
        });
        let asked = self.questions.as_ref().and_then(|questions| questions.send(question).ok());
        asked.ok_or_else(|| anyhow::anyhow!("the desk is closing"))?;
        answered.await.map_err(|_| anyhow::anyhow!("the desk is closing"))?
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        drop(self.questions.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has closed its connection, too.
            let _ = thread.join();
        }
    }
}
