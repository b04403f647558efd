//! SQLite: the truth. The only module that knows SQL.
//!
//! Payloads, records and identity are append-only; a join leaves a redirect; people's verdicts are
//! never undone. What is derived (folded works, relations, judgements) can be deleted and is then
//! computed again. A source page is taken in by one transaction that moves rows and cursor alike.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::{self, Step};

mod backup;
mod choices;
mod curation;
mod identity;
mod issues;
mod jobs;
mod links;
mod listing;
mod lock;
mod look;
mod outbox;
mod pairs;
mod payloads;
mod pending;
mod records;
mod reminders;
mod retention;
mod schema;
mod verify;
mod versions;
mod works;

pub use backup::{DatabaseLook, Migrated, bytes_of, check_room, check_same, copy_database, look_through, schema_known};
pub use choices::{ChoiceRow, NewChoice};
pub use curation::{NewTagWord, TagAction, TagWord};
pub use identity::{KEY_RECORDS_MAX, Member, Placed, RecordNumber};
pub use issues::{IssueRow, LedgerItem};
pub(crate) use jobs::moment;
pub use jobs::{JobEnd, JobRow, JobState};
pub use lock::{BackupLock, DaemonLock, DraftLock, WriterLock};
pub use outbox::{OutboxRow, Placing};
pub use pairs::{Answer, MaybePair, NewVerdict, PairRow, SaidRow, VerdictRow};
pub use payloads::StoredPayload;
pub use pending::Pending;
pub use records::PutRecord;
pub use reminders::ReminderRow;
pub use retention::Room;
use schema::SCHEMA;
pub use verify::Looked;
pub use versions::{DraftBy, DraftVersion, VersionBase};
pub use works::{Counts, WorkRow};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused; the name of the query says where.
    #[error("the database refused \"{query}\"")]
    Sql {
        /// What was being done.
        query: &'static str,
        /// SQLite's reason.
        #[source]
        cause: rusqlite::Error,
    },
    /// A stored value cannot be read back.
    #[error("a stored {what} cannot be read: {reason}")]
    Damaged {
        /// What kind of value.
        what: &'static str,
        /// Why not.
        reason: String,
    },
    /// The database was written by a newer version.
    #[error("{} was written by a newer roundup (schema {found}, this one knows up to {known}); update roundup, nothing was changed", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema number.
        found: usize,
        /// Ours.
        known: usize,
    },
    /// The database was written by an older version, and this command only reads.
    #[error("{} was written by an older roundup; `roundup rebuild` brings it up to date", path.display())]
    Older {
        /// The database.
        path: PathBuf,
    },
    /// What was written last is not yet in it, and cannot be put there where nothing can be written.
    #[error("{} was left in the midst of writing, and nothing can be written there; run `roundup status` where it can", path.display())]
    Unclosed {
        /// The database.
        path: PathBuf,
    },
    /// There is no room for a copy.
    #[error("a copy of the database needs {} MB, and {} has room for {} MB; nothing was changed", megabytes(*needed), folder.display(), megabytes(*free))]
    NoRoom {
        /// Where it was to lie.
        folder: PathBuf,
        /// How much it needs, in bytes.
        needed: u64,
        /// How much there is, in bytes.
        free: u64,
    },
    /// Another instance is writing.
    #[error("another roundup is writing here (process {holder})")]
    Locked {
        /// Its process id, or "unknown".
        holder: String,
    },
    /// There is a daemon already.
    #[error("a daemon is at work here already (process {holder})")]
    DaemonThere {
        /// Its process id, or "unknown".
        holder: String,
    },
    /// A backup is being made already.
    #[error("a backup is being made here already (process {holder})")]
    BackupHeld {
        /// Its process id, or "unknown".
        holder: String,
    },
    /// Somebody is writing a draft, for longer than it takes.
    #[error("a draft is just being written by another roundup, and was for {} seconds", waited.as_secs())]
    DraftHeld {
        /// How long it was waited for.
        waited: std::time::Duration,
    },
    /// A file or folder could not be used.
    #[error(transparent)]
    Path(#[from] crate::fsx::PathError),
}

/// SQLite cannot make its shared memory larger: on a full disk it says only that (`SQLITE_IOERR_SHMSIZE`).
const NO_ROOM_FOR_SHARED_MEMORY: i32 = 4_874;

impl StoreError {
    /// Returns what the disk refused, where that is why the database refused.
    pub fn refusal(&self) -> Option<std::io::ErrorKind> {
        use rusqlite::ErrorCode as Code;
        use std::io::ErrorKind as Kind;
        if let Self::NoRoom { .. } = self {
            return Some(Kind::StorageFull);
        }
        let Self::Sql { cause, .. } = self else { return None };
        let failure = cause.sqlite_error()?;
        match failure.code {
            Code::DiskFull => Some(Kind::StorageFull),
            _ if failure.extended_code == NO_ROOM_FOR_SHARED_MEMORY => Some(Kind::StorageFull),
            Code::ReadOnly => Some(Kind::ReadOnlyFilesystem),
            Code::PermissionDenied => Some(Kind::PermissionDenied),
            _ => None,
        }
    }

    /// Tells whether SQLite could not open one of the files that a database is: of the reason it says nothing.
    pub fn cannot_open(&self) -> bool {
        let Self::Sql { cause, .. } = self else { return false };
        cause.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen)
    }

    /// Tells whether somebody else had the database for longer than is waited.
    pub fn is_busy(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        let Self::Sql { cause, .. } = self else { return false };
        matches!(cause.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
    }

    /// Tells whether the database's own bytes, or a value in it, are wrong.
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            Self::Sql { cause, .. } => {
                matches!(cause.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)) || is_of_a_value(cause)
            }
            Self::Damaged { .. } => true,
            _ => false,
        }
    }

    /// Tells whether the disk refused, not the data: it is full or cannot be read or written now.
    pub fn is_of_the_disk(&self) -> bool {
        use rusqlite::ErrorCode::{DiskFull, SystemIoFailure};
        match self {
            Self::Sql { cause, .. } => matches!(cause.sqlite_error_code(), Some(DiskFull | SystemIoFailure)),
            Self::Path(_) | Self::NoRoom { .. } => true,
            _ => false,
        }
    }
}

/// Returns how many megabytes so many bytes are, rounded up.
fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

/// Tells whether SQLite gave a value that is of another kind than what was written: text that is no UTF-8, a number
/// where a text was.
fn is_of_a_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(error, FromSqlConversionFailure(..) | InvalidColumnType(..) | IntegralValueOutOfRange(..) | Utf8Error(..))
}

/// Result of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Puts the name of a query to a SQLite error.
pub(crate) fn sql(query: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |cause| StoreError::Sql { query, cause }
}

/// Reads a JSON column.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Damaged { what, reason: e.to_string() })
}

/// Writes a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Damaged { what, reason: e.to_string() })
}

/// How long a reader waits for a writer's commit, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 10_000;

/// How much of the database is held in memory, in KiB. Block keys are hashes, so every record touches
/// pages all over the table: with SQLite's 2 MB an import of 20,000 records reads most of them again
/// from the file.
const CACHE_KIB: i64 = 64 << 10;

/// The database.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    migrated: Option<Migrated>,
}

impl Store {
    /// Opens the database for reading and writing, making or migrating it as needed. The caller
    /// holds a [`WriterLock`].
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or is newer than this program.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            crate::fsx::make_folder(folder)?;
        }
        let conn = Connection::open(path).map_err(sql("open")).map_err(|e| look::blamed(path, e))?;
        let mut store = Self { conn, path: path.to_owned(), migrated: None };
        let prepared = store.prepare_connection().and_then(|()| store.prepare_writing());
        prepared.map_err(|e| look::blamed(path, e))?;
        Ok(store)
    }

    /// Opens an existing database for reading; works while another process writes.
    ///
    /// # Errors
    /// When the file is missing, is no database, or has another schema.
    pub fn open_reader(path: &Path) -> Result<Self> {
        look::reading(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE, |conn| {
            let store = Self { conn, path: path.to_owned(), migrated: None };
            store.prepare_connection()?;
            store.conn.pragma_update(None, "query_only", true).map_err(sql("read only"))?;
            let found = store.schema_version()?;
            if found > SCHEMA.len() {
                return Err(StoreError::Newer { path: store.path, found, known: SCHEMA.len() });
            }
            if found < SCHEMA.len() {
                return Err(StoreError::Older { path: store.path });
            }
            Ok(store)
        })
    }

    /// Opens a database in memory, for tests.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory() -> Result<Self> {
        let conn = Connection::open_in_memory().map_err(sql("open in memory"))?;
        let store = Self { conn, path: PathBuf::new(), migrated: None };
        store.migrate(SCHEMA)?;
        Ok(store)
    }

    /// Lets the database grow no further, as on a full disk.
    #[cfg(test)]
    pub(crate) fn fill_up(&self) {
        let pages: u64 = self.conn.pragma_query_value(None, "page_count", |r| r.get(0)).unwrap();
        self.conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    }

    fn prepare_connection(&self) -> Result<()> {
        let conn = &self.conn;
        conn.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(sql("busy timeout"))?;
        conn.pragma_update(None, "foreign_keys", true).map_err(sql("foreign keys"))?;
        conn.pragma_update(None, "cache_size", -CACHE_KIB).map_err(sql("cache size"))?;
        conn.set_prepared_statement_cache_capacity(64);
        // Statements that stand alone are committed as well.
        #[cfg(debug_assertions)]
        conn.commit_hook(Some(|| {
            fault::done(Step::Commit);
            false
        }))
        .map_err(sql("watch commits"))?;
        Ok(())
    }

    /// Sets what writing needs, and brings the schema up to date.
    fn prepare_writing(&mut self) -> Result<()> {
        // Before anything is written: one that is newer is left as it is.
        self.steps_done(SCHEMA)?;
        self.conn.pragma_update(None, "journal_mode", "WAL").map_err(sql("journal mode"))?;
        self.conn.pragma_update(None, "synchronous", "FULL").map_err(sql("synchronous"))?;
        self.migrated = self.migrate(SCHEMA)?;
        Ok(())
    }

    fn schema_version(&self) -> Result<usize> {
        self.conn.pragma_query_value(None, "user_version", |r| r.get::<_, usize>(0)).map_err(sql("schema version"))
    }

    /// Runs a piece of work in one transaction: all of it happens, or nothing. Not to be nested.
    ///
    /// # Errors
    /// Those of the work, after which nothing of it has happened.
    pub fn transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.batch(Step::Begin, "BEGIN IMMEDIATE").map_err(sql("begin"))?;
        let outcome = work(self).and_then(|value| {
            self.batch(Step::Commit, "COMMIT").map_err(sql("commit"))?;
            Ok(value)
        });
        // SQLite rolls back by itself after some refusals, also of a commit, and not after others. When even the
        // rollback fails, it is done on the next open.
        if outcome.is_err() && !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
        outcome
    }

    /// Runs a statement of the database at which the disk may refuse.
    fn batch(&self, step: Step, statement: &str) -> rusqlite::Result<()> {
        fault::step(step).map_err(|cause| look::refused(&cause))?;
        self.conn.execute_batch(statement)?;
        if step == Step::Commit {
            fault::done(step);
        }
        Ok(())
    }

    /// Runs a piece of work in a transaction and takes it all back: what would happen, without its
    /// happening. Not to be nested.
    ///
    /// # Errors
    /// Those of the work.
    pub fn rehearse<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.conn.execute_batch("BEGIN IMMEDIATE").map_err(sql("begin"))?;
        let outcome = work(self);
        self.conn.execute_batch("ROLLBACK").map_err(sql("roll back"))?;
        outcome
    }

    /// Returns the revision: how often what readers see has changed. The index is stamped with it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revision(&self) -> Result<u64> {
        self.meta_number("revision")
    }

    /// Returns the revision of the database at a path, read by itself: no setting is made and no form
    /// looked at, so that a search can ask in passing. 0 while nothing has changed.
    ///
    /// # Errors
    /// When the database cannot be opened or read at once, or is of a form without revisions.
    pub fn revision_at(path: &Path) -> Result<u64> {
        look::reading(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY, |conn| {
            // Who writes just now is not waited for.
            conn.busy_timeout(std::time::Duration::ZERO).map_err(sql("busy timeout"))?;
            Self { conn, path: path.to_owned(), migrated: None }.revision()
        })
    }

    /// Counts the revision up by one and returns it.
    pub(crate) fn next_revision(&self) -> Result<u64> {
        self.count_up("revision")
    }

    fn meta_number(&self, key: &'static str) -> Result<u64> {
        let text: Option<String> = self
            .conn
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get(0))
            .optional()
            .map_err(sql("meta"))?;
        Ok(text.and_then(|t| t.parse().ok()).unwrap_or(0))
    }

    fn count_up(&self, key: &'static str) -> Result<u64> {
        let next = self.meta_number(key)? + 1;
        self.set_meta(key, next)?;
        Ok(next)
    }

    fn set_meta(&self, key: &'static str, value: u64) -> Result<()> {
        self.conn
            .prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")
            .and_then(|mut s| s.execute(params![key, value.to_string()]))
            .map_err(sql("set meta"))?;
        Ok(())
    }

    /// Looks at the database as it is at one moment, whoever writes meanwhile.
    ///
    /// # Errors
    /// Those of `look`.
    pub fn at_one_moment<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.conn.execute_batch("BEGIN").map_err(sql("begin a look"))?;
        let outcome = look(self);
        self.conn.execute_batch("ROLLBACK").map_err(sql("end a look"))?;
        outcome
    }

    /// Lets a store that was opened for reading write for the length of `note`: something short that stands by itself
    /// and needs no right to write at large, such as a copy of a text. A store for writing just does it.
    ///
    /// # Errors
    /// Those of `note`, and when nothing can be written there.
    pub fn noting<T>(&self, note: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        let is_reader: bool =
            self.conn.pragma_query_value(None, "query_only", |r| r.get(0)).map_err(sql("is read only"))?;
        if !is_reader {
            return note(self);
        }
        self.conn.pragma_update(None, "query_only", false).map_err(sql("note"))?;
        let outcome = note(self);
        self.conn.pragma_update(None, "query_only", true).map_err(sql("read only"))?;
        outcome
    }

    /// Puts what was written last from the log beside the database into the database file, unless somebody is writing
    /// or reading just now: then it is left for the next time.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn fold_log(&self) -> Result<()> {
        if !look::has_log(&self.path) {
            return Ok(());
        }
        self.at_once(|store| {
            let done = fault::step(Step::Fold).map_err(|cause| look::refused(&cause));
            let done = done.and_then(|()| store.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
            done.map_err(sql("fold the log"))
        })
    }

    /// Does something without waiting for whoever writes the database just now.
    ///
    /// # Errors
    /// Those of `work`; one of them when the database is being written.
    pub fn at_once<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.conn.busy_timeout(std::time::Duration::ZERO).map_err(sql("busy timeout"))?;
        let outcome = work(self);
        self.conn.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(sql("busy timeout"))?;
        outcome
    }

    /// Checks the database's own integrity, and that no row refers to one that is not there; an empty list is good.
    ///
    /// # Errors
    /// When the check itself cannot run.
    pub fn integrity_problems(&self) -> Result<Vec<String>> {
        backup::integrity(&self.conn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_transaction_leaves_nothing() {
        let store = Store::in_memory().unwrap();
        let failed: Result<()> = store.transaction(|s| {
            s.next_revision()?;
            Err(StoreError::Damaged { what: "test", reason: "on purpose".to_owned() })
        });
        assert!(failed.is_err());
        assert_eq!(store.revision().unwrap(), 0);
    }

    #[test]
    fn a_newer_database_is_refused_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        let store = Store::open(&path).unwrap();
        store.conn.pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        for error in [Store::open(&path).err(), Store::open_reader(&path).err()] {
            let text = error.unwrap().to_string();
            let want = format!("written by a newer roundup (schema 99, this one knows up to {})", SCHEMA.len());
            assert!(text.contains(&want), "{text}");
        }
    }

    /// What a database of the first schema held: a work of two records that another one was joined to,
    /// in two steps, and a pair that a person keeps apart.
    const OF_FIRST_SCHEMA: &str = r#"
        INSERT INTO work VALUES ('waaaaaaaaaaa', 1, NULL, 1), ('wbbbbbbbbbbb', 2, 'waaaaaaaaaaa', 2),
            ('wccccccccccc', 3, 'wbbbbbbbbbbb', 2), ('wddddddddddd', 5, NULL, 4);
        INSERT INTO record VALUES ('s', 'a', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{"id":"a","source":"s","title":"One"}'),
            ('s', 'b', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{"id":"b","source":"s","title":"One"}'),
            ('s', 'd', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{"id":"d","source":"s","title":"Four"}');
        INSERT INTO member VALUES ('s', 'a', 'waaaaaaaaaaa', 4, 'first', NULL),
            ('s', 'b', 'waaaaaaaaaaa', 6, 'alike', '2026-10-02T00:00:00Z'), ('s', 'd', 'wddddddddddd', 7, 'first', NULL);
        INSERT INTO identifier VALUES ('doi', '10.5555/a', 'waaaaaaaaaaa');
        INSERT INTO block VALUES ('t:one', 'waaaaaaaaaaa');
        INSERT INTO verdict VALUES ('wccccccccccc', 'wddddddddddd', 'different', 'someone', '2026-10-03T00:00:00Z');
        INSERT INTO tag_override VALUES ('waaaaaaaaaaa', 'scope', 'maybe', 'add', 'first', '2026-10-01T00:00:00Z'),
            ('waaaaaaaaaaa', 'scope', 'in', 'add', 'later', '2026-10-02T00:00:00Z'),
            ('wbbbbbbbbbbb', 'country', 'KEN', 'remove', 'someone', '2026-10-02T00:00:00Z');
        PRAGMA user_version = 1;
    "#;

    #[test]
    fn a_database_of_the_first_schema_keeps_its_works_and_what_people_said() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(SCHEMA[0]).unwrap();
        old.execute_batch(OF_FIRST_SCHEMA).unwrap();
        drop(old);
        let error = Store::open_reader(&path).err().unwrap().to_string();
        assert!(error.ends_with("was written by an older roundup; `roundup rebuild` brings it up to date"), "{error}");
        let store = Store::open(&path).unwrap();
        let id = |letter: &str| crate::model::WorkId::parse(&format!("w{}", letter.repeat(11))).unwrap();
        for (from, to) in [("a", "a"), ("b", "a"), ("c", "a"), ("d", "d")] {
            assert_eq!(store.resolve(&id(from)).unwrap(), Some(id(to)), "{from}");
        }
        assert_eq!(store.numbers_of_work(&id("a")).unwrap(), [4, 6]);
        assert_eq!(store.members(&id("a")).unwrap().len(), 1, "one was withdrawn");
        let doi = crate::model::Identifier::Doi(crate::model::Doi::parse("10.5555/a").unwrap());
        assert_eq!(store.works_of_identifier(&doi).unwrap(), [id("a")]);
        let verdict = store.verdicts().unwrap().remove(0);
        assert_eq!((verdict.a, verdict.answer, verdict.who.as_str()), (id("c"), Answer::Different, "someone"));
        store.say_all_again().unwrap();
        assert_eq!(store.verdict(&id("a"), &id("d")).unwrap(), Some((Answer::Different, 1)));
        assert_eq!(store.merged_by().unwrap(), 0, "all records are to be compared anew");
        let said = |id| {
            let words = store.tag_words(&id).unwrap();
            words
                .into_iter()
                .map(|w| format!("{} {}:{} {}", w.action.as_str(), w.facet, w.value, w.who))
                .collect::<Vec<_>>()
        };
        assert_eq!(said(id("a")), ["add scope:in later", "remove country:KEN someone"]);
        assert_eq!(said(id("d")), Vec::<String>::new());
    }

    /// A home that has done a step never does it again: an edited one would be missing there for ever.
    #[test]
    fn steps_of_the_schema_are_appended_and_never_edited() {
        let sums: Vec<String> =
            SCHEMA.iter().map(|step| crate::model::sha256_hex(step.as_bytes()).chars().take(16).collect()).collect();
        let known = [
            "b4b40be0039495e1",
            "94169874ed22eda8",
            "8af9c419ccc5759f",
            "18567c82e9da5f94",
            "68cd5d577b6499db",
            "6e6ad1b4eb96e8d0",
            "e01496bc9221213f",
            "6f98d4a51a8f9ce7",
            "e1875b8de91a63f3",
            "1326ed061ec0ac9f",
            "7d25a608ad28db76",
            "d176ce510af6cc89",
            "dfaebe14404d638b",
            "7961f97211d0edcf",
        ];
        assert_eq!(sums, known, "add the sum of a new step; never change one that is here");
    }

    #[test]
    fn an_outbox_from_before_takes_the_state_of_filling() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        let old = Connection::open(&path).unwrap();
        for (n, step) in SCHEMA.iter().take(10).enumerate() {
            old.execute_batch(step).unwrap();
            old.pragma_update(None, "user_version", n + 1).unwrap();
        }
        let row = "INSERT INTO outbox VALUES ('mailchimp', '2026-10', 'f', 'made', 'c1', '2026-11-01T06:00:00Z')";
        old.execute_batch(row).unwrap();
        assert!(old.execute_batch("UPDATE outbox SET state = 'filling'").is_err(), "the old check knows no such state");
        drop(old);
        let store = Store::open(&path).unwrap();
        let month = crate::model::Month::parse("2026-10").unwrap();
        let now = "2026-11-01T06:00:00Z".parse().unwrap();
        store.put_outbox(["mailchimp", "f", "c1"], month, Placing::Filling, now).unwrap();
        let row = store.outbox("mailchimp", month, "f").unwrap().unwrap();
        assert_eq!((row.state, row.campaign.as_str()), (Placing::Filling, "c1"));
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        crate::fsx::write_atomic(&path, b"this is no database, but a text of some length").unwrap();
        assert!(Store::open(&path).is_err());
        assert!(crate::fsx::read(&path).unwrap().starts_with(b"this is no database"));
    }

    #[test]
    fn what_was_written_last_is_put_into_the_file_itself() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        let (writer, reader) = (Store::open(&path).unwrap(), Store::open_reader(&path).unwrap());
        writer.next_revision().unwrap();
        assert!(look::has_log(&path));
        writer.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        reader.fold_log().unwrap();
        assert!(look::has_log(&path), "whoever writes is not waited for");
        writer.conn.execute_batch("ROLLBACK").unwrap();
        reader.fold_log().unwrap();
        assert!(!look::has_log(&path));
        let copy = home.path().join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        assert_eq!(Store::open_reader(&copy).unwrap().revision().unwrap(), 1, "one file is all of it");
        assert!(reader.next_revision().is_err(), "it still only reads");
    }

    #[test]
    fn a_reader_cannot_write() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        drop(Store::open(&path).unwrap());
        let reader = Store::open_reader(&path).unwrap();
        assert!(reader.next_revision().is_err());
    }
}
