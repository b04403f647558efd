//! The thread that holds the home open for looking, and answers one question after the other.
//!
//! The database's connection stays on one thread; two people ask little enough for one. What changes the draft file
//! is done here too: it takes milliseconds and needs no right to write the database at large.
//!
//! Before each question is looked whether the database is still the one that is open. Somebody may put back a copy of
//! it, or replace the whole folder, while the desk is open; whoever kept the old file open would write into nothing.

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::mpsc;

use tokio::sync::oneshot;

use super::{Access, Open};
use crate::fsx::{self, FileIdentity};
use crate::model::{Month, sha256_hex};
use crate::pipeline::curate::DraftFile;
use crate::pipeline::{self, Ctx, EmailSize, Home};

/// Something to do with the open home, or to be told why it cannot be opened.
type Question = Box<dyn FnOnce(anyhow::Result<&Held>) + Send>;

/// A way to the thread.
pub(super) struct Room {
    questions: mpsc::Sender<Question>,
}

/// The open home, with what is worth keeping between questions. It can be used as the context it holds.
pub(super) struct Held {
    ctx: Ctx,
    /// Which file the database was when it was opened.
    database: Option<FileIdentity>,
    /// Sum over the settings that it was opened with.
    settings: String,
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

/// Returns the sum over the settings of a home as they lie there now.
fn settings(ctx: &Ctx) -> String {
    let text = |name: &str| fsx::read_text_if_there(&ctx.home.root().join(name)).ok().flatten().unwrap_or_default();
    sha256_hex(SETTINGS.map(text).join("\u{0}").as_bytes())
}

impl Held {
    /// Returns a home that was opened, with the file that its database was then.
    fn new(ctx: Ctx, database: Option<FileIdentity>) -> Self {
        let settings = settings(&ctx);
        Self { ctx, database, settings, size: RefCell::default() }
    }

    /// Tells whether the database is still the file that was opened.
    fn is_in_place(&self) -> bool {
        self.database.is_some() && fsx::identity(&self.ctx.home.database()) == self.database
    }

    /// Opens the home anew when its settings have changed. While they are wrong the ones before stay: `roundup check`
    /// says where, and whoever mends them does it in a text editor.
    fn keep_up(&mut self, open: &Open) {
        let now = settings(&self.ctx);
        if now == self.settings {
            return;
        }
        self.settings = now;
        match open(Access::Look, Box::new(|_| {})) {
            Ok(ctx) => {
                self.ctx = ctx;
                *self.size.borrow_mut() = None;
            }
            Err(error) => tracing::warn!("the settings have changed and cannot be read: {error:#}"),
        }
    }
}

/// The home as it is kept between questions; closed while its database is gone.
struct Kept {
    open: Arc<Open>,
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
        Ok(Held::new((self.open)(Access::Look, Box::new(|_| {}))?, database))
    }

    /// Puts what was written last into the database file itself, so that a copy of this one file is whole and nothing
    /// of it can get into another that is put in its place.
    fn tidy_up(&self) {
        if let Some(held) = &self.held
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
    pub(super) fn open(open: Arc<Open>) -> anyhow::Result<Self> {
        let (questions, asked) = mpsc::channel::<Question>();
        let (opened, outcome) = mpsc::channel();
        std::thread::Builder::new().name("desk".to_owned()).spawn(move || {
            let ctx = match open(Access::Look, Box::new(|_| {})) {
                Ok(ctx) => ctx,
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            let (home, database) = (ctx.home.clone(), fsx::identity(&ctx.home.database()));
            let removed = pipeline::remove_left_over(&ctx);
            tracing::debug!("removed {removed} files that were left half written");
            // Told only now: whoever hears it may put another file there at once.
            let _ = opened.send(Ok(()));
            let mut kept = Kept { open, home, held: Some(Held::new(ctx, database)) };
            while let Ok(question) = asked.recv() {
                question(kept.now());
                kept.tidy_up();
            }
        })?;
        outcome.recv()??;
        Ok(Self { questions })
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
        self.questions.send(question).map_err(|_| anyhow::anyhow!("the desk is closing"))?;
        answered.await.map_err(|_| anyhow::anyhow!("the desk is closing"))?
    }
}
