//! The daemon's figures in the text format of Prometheus (version 0.0.4).

use std::fmt::Write;

use jiff::Timestamp;

use super::State;
use crate::index::{Index, State as IndexState};
use crate::pipeline::{Home, load_config};
use crate::store::Store;

/// Returns all figures. A home without a database has those of the daemon alone.
///
/// # Errors
/// When the database or the settings cannot be read.
pub(super) fn text(home: &Home, state: &State, now: Timestamp) -> anyhow::Result<String> {
    let mut out = Figures::default();
    out.of("roundup_up_seconds", "gauge", "Seconds since the daemon was started.");
    out.value(&[], seconds(state.started, now));
    out.of("roundup_busy_seconds", "gauge", "Seconds since when the daemon is at work; 0 while it waits.");
    out.value(&[], state.busy_since.map_or(0, |since| seconds(since, now)));
    out.of("roundup_settings_refused", "gauge", "1 while the settings that lie there are wrong and not used.");
    out.value(&[], i64::from(!state.settings_refused.is_empty()));
    out.of("roundup_troubles_total", "counter", "Times that the home could not be opened or written.");
    out.value(&[], i64::try_from(state.troubles).unwrap_or(i64::MAX));
    if !home.database().exists() {
        return Ok(out.text);
    }
    let store = Store::open_reader(&home.database())?;
    of_jobs(&mut out, &store)?;
    of_items(&mut out, &store)?;
    of_sources(&mut out, home, &store, now)?;
    out.of(
        "roundup_index_lag",
        "gauge",
        "Changes of the database that the search index does not have; -1 without an index.",
    );
    let lag = match Index::state(&home.index()) {
        IndexState::Ready { revision, .. } => {
            i64::try_from(store.revision()?.saturating_sub(revision)).unwrap_or(i64::MAX)
        }
        _ => -1,
    };
    out.value(&[], lag);
    Ok(out.text)
}

/// Writes the figures of runs: due moments by job and by what became of them.
fn of_jobs(out: &mut Figures, store: &Store) -> anyhow::Result<()> {
    out.of(
        "roundup_runs",
        "gauge",
        "Due moments by job and state; missed ones are lost, joined ones were left to a later run.",
    );
    for (job, state, moments) in store.job_counts()? {
        out.value(&[("job", &job), ("state", state.word())], i64::try_from(moments).unwrap_or(i64::MAX));
    }
    Ok(())
}

/// Writes how many works there are, by scope, and what waits for people.
fn of_items(out: &mut Figures, store: &Store) -> anyhow::Result<()> {
    let counts = store.counts()?;
    out.of("roundup_works", "gauge", "Papers and news items by the scope that the rules give.");
    for (scope, count) in [("in", counts.scope_in), ("maybe", counts.scope_maybe), ("out", counts.scope_out)] {
        out.value(&[("scope", scope)], i64::try_from(count).unwrap_or(i64::MAX));
    }
    out.of("roundup_pairs_waiting", "gauge", "Pairs that may be one study and wait for a person.");
    out.value(&[], i64::try_from(counts.maybe_pairs).unwrap_or(i64::MAX));
    Ok(())
}

/// Writes how long ago each source answered, and since when it fails.
fn of_sources(out: &mut Figures, home: &Home, store: &Store, now: Timestamp) -> anyhow::Result<()> {
    let Some(config) = load_config(home)?.0 else { return Ok(()) };
    let mut states = Vec::new();
    for source in config.settings.sources.iter().filter(|source| source.is_enabled) {
        states.push((source.id.clone(), store.source_state(&source.id)?));
    }
    out.of("roundup_source_age_seconds", "gauge", "Seconds since a source last answered well.");
    for (id, state) in &states {
        if let Some(at) = state.last_ok {
            out.value(&[("source", id)], seconds(at, now));
        }
    }
    out.of(
        "roundup_source_failing_seconds",
        "gauge",
        "Seconds since when every try of a source fails; 0 while it works.",
    );
    for (id, state) in &states {
        out.value(&[("source", id)], state.failing_since.map_or(0, |since| seconds(since, now)));
    }
    Ok(())
}

/// Returns the seconds between two moments, 0 where the first is the later one.
fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs().max(0)
}

/// Figures as they are written.
#[derive(Default)]
struct Figures {
    text: String,
    name: &'static str,
}

impl Figures {
    /// Begins a figure: its name, kind and what it means.
    fn of(&mut self, name: &'static str, kind: &str, help: &str) {
        self.name = name;
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    /// Writes one value of the figure that was begun.
    fn value(&mut self, labels: &[(&str, &str)], value: i64) {
        let pairs: Vec<String> = labels.iter().map(|(name, text)| format!("{name}=\"{}\"", escaped(text))).collect();
        let labels = if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) };
        let _ = writeln!(self.text, "{}{labels} {value}", self.name);
    }
}

/// Returns a label's text as the format wants it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
