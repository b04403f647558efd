//! Opening the search index, and making it ready when it is not.
//!
//! The index is derived: where it is missing, damaged or of another form it is built anew from the
//! database, or from the packs of a member's home, and the search goes on. One sentence says so.

use super::open::{self, Access};
use super::term::{Exit, Terminal};
use super::{Global, interrupt};
use crate::index::{Index, IndexError, Searcher, State};
use crate::pipeline::{self, Home, sync};
use crate::store::{Store, StoreError, WriterLock};

/// Returns what helps in a home that holds nothing: most often it is another folder that was meant.
pub fn fresh_help(home: &Home) -> String {
    let folder = std::path::absolute(home.root()).unwrap_or_else(|_| home.root().to_owned());
    if sync::is_copy(home) && !matches!(sync::papers(home), Ok(Some(_))) {
        return format!(
            "the copy in {} is not whole, as after a first sync that was cut off: `roundup sync` goes on with it",
            folder.display()
        );
    }
    if let Err(error) = pipeline::check_not_lost(home, &super::backup::keeping(home)) {
        return super::verify::in_one_line(&error);
    }
    format!(
        "nothing was gathered in {} yet: name another folder with `--home DIR` or ROUNDUP_HOME; else `roundup run` \
         gathers, `roundup sync ADDRESS` fetches what others gathered",
        folder.display()
    )
}

/// Returns the sentence that says that the index does not show the newest papers yet; `None` when it does,
/// and in a home without a database, whose index shows all that was fetched.
///
/// Whatever stands in the way of the look is no matter of a search.
pub fn behind(home: &Home, searcher: &Searcher) -> Option<&'static str> {
    let path = home.database();
    if !path.exists() {
        return None;
    }
    let revision = Store::revision_at(&path).ok()?;
    (revision != searcher.revision())
        .then_some("The database has changed since the index was written; `roundup reindex` brings it level.")
}

/// Opens the index of a home; builds it anew first where it has to be. `None` when it cannot be
/// searched, which was said with what helps.
///
/// # Errors
/// When it cannot be read for another reason.
pub fn open_index(home: &Home, term: &mut Terminal) -> anyhow::Result<Option<Searcher>> {
    let error = match Index::open_reader(&home.index()) {
        Ok(searcher) => return Ok(Some(searcher)),
        // What the system refuses is no damage, and building needs more of it, not less.
        Err(error @ IndexError::NotReady(State::Unread(_))) => return Err(error.into()),
        Err(error @ (IndexError::NotReady(_) | IndexError::Engine(_))) => error,
        Err(error) => return Err(error.into()),
    };
    if is_fresh(home) && sync::papers(home).is_ok_and(|papers| papers.is_none()) {
        term.note(&format!("roundup: {error}\n  help: {}", fresh_help(home)));
        return Ok(None);
    }
    term.note(&format!("{error}; building it anew"));
    if !mended(home, term) {
        return Ok(None);
    }
    Ok(Some(Index::open_reader(&home.index())?))
}

/// Runs a command that searches; when the index shows only in its midst that it is damaged, builds it
/// anew and runs the command once more.
///
/// # Errors
/// Those of the command.
pub fn with_mending(
    home: &Home,
    term: &mut Terminal,
    run: &mut dyn FnMut(&mut Terminal) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    match run(term) {
        Err(error) if shows_damage(&error) => {
            term.note(&format!("{error:#}; building it anew"));
            if mended(home, term) { run(term) } else { Ok(Exit::Usage) }
        }
        other => other,
    }
}

/// Tells whether an error says that the index is damaged.
fn shows_damage(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| match cause.downcast_ref() {
        Some(IndexError::NotReady(state)) => !matches!(state, State::Unread(_)),
        Some(IndexError::Engine(_) | IndexError::Document(_)) => true,
        _ => false,
    })
}

/// Builds the index of a home anew, or waits for the one who does; tells whether it can be searched
/// now. What stands in the way was said.
fn mended(home: &Home, term: &mut Terminal) -> bool {
    let Err(why) = build_anew(home, term) else { return true };
    let is_locked = why.chain().any(|c| matches!(c.downcast_ref(), Some(StoreError::Locked { .. })));
    for _ in 0..WAITS_MAX {
        if !is_locked {
            break;
        }
        std::thread::sleep(WAIT);
        if Index::open_reader(&home.index()).is_ok() {
            return true;
        }
    }
    let help = "free some room or let roundup write there; then `roundup reindex` tries again";
    term.note(&format!("roundup: the search index cannot be built anew: {why:#}\n  help: {help}"));
    false
}

/// How long one look for the end of another process's building waits, and how often it is looked.
const WAIT: std::time::Duration = std::time::Duration::from_millis(250);
const WAITS_MAX: usize = 120;

/// Builds the index of a home anew: from its database, or from its packs where it has none.
/// Returns how many papers it holds.
///
/// # Errors
/// When another process writes, the settings are wrong, or something cannot be read or written.
pub fn build_anew(home: &Home, term: &mut Terminal) -> anyhow::Result<usize> {
    interrupt::outlive_length_limit();
    if !home.database().exists()
        && let Some((papers, revision)) = sync::papers(home)?
    {
        let _lock = WriterLock::take(&home.data())?;
        let count = papers.len();
        sync::index_of(home, papers, revision)?;
        return Ok(count);
    }
    let global = Global { home: home.root().to_owned(), json: false };
    let ctx = open::open(&global, Access::Write, term)?;
    pipeline::judge(&ctx)?;
    let report = pipeline::update_index(&ctx, true)?;
    (ctx.progress)("");
    Ok(report.written)
}

/// Tells whether a home has no database or nothing in it. One that cannot be read is not fresh.
pub fn is_fresh(home: &Home) -> bool {
    let path = home.database();
    !path.exists() || Store::open_reader(&path).and_then(|s| s.counts()).is_ok_and(|c| c.works == 0)
}
