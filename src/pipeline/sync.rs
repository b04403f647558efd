//! A member's copy: fetching what is missing, checking it, and switching to it.
//!
//! ```text
//! data/sync.json             where from, which key is trusted, what was told
//! data/packs/HASH.jsonl.zst  packs; HASH.jsonl.zst.part one that is being fetched
//! data/packs/manifest.json   the list in effect; written last, so that it names only what is there
//! ```
//! Whatever is cut off, what was fetched stays, and the list and the index in use stay usable.

use std::collections::BTreeSet;

use super::{Error, Home, Result};
use crate::fetch::{Fetch, Live};
use crate::fsx;
use crate::model::WorkId;
use crate::model::text::clean_line;
use crate::pack::{Change, Manifest, Mended, PackEntry, Papers, PublicKey};
use crate::store::WriterLock;

mod checked;
mod fetch_pack;
mod index_of;
mod kept;
mod lists;
mod pace;
mod source;
mod trouble;

pub use index_of::index_of;
pub use kept::{is_copy, papers};

use checked::{Checked, Validators};
use kept::{Kept, Memory};
use lists::News;
use pace::Pace;
use source::Source;

/// What a person wishes.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Address or folder; `None` for the one used last.
    pub source: Option<String>,
    /// The key to trust from now on; `None` for the one trusted, or the first that is met.
    pub key: Option<PublicKey>,
    /// Say what would be fetched, and change nothing.
    pub dry_run: bool,
    /// Ask the place that is named from now on, also where it is a folder and an address is remembered.
    pub remember: bool,
    /// The time, to be remembered; `None` remembers none.
    pub now: Option<jiff::Timestamp>,
}

/// Where a sync asks, and what is remembered of that.
#[derive(Debug, Clone)]
struct Place {
    /// Where it asks.
    asked_of: String,
    /// What is asked from then on.
    remembered: String,
    /// What the host said of the age of the list.
    validators: Validators,
    /// The time.
    now: Option<jiff::Timestamp>,
}

impl Place {
    /// A folder, which may be on a stick that is gone tomorrow, does not take the place of an address
    /// unless that is wished.
    fn of(source: &Source, kept: &Kept, wish: &Wish) -> Self {
        let asked_of = source.to_text();
        let address = kept.memory.source.clone().filter(|last| last.contains("://"));
        let remembered = address.filter(|_| source.is_folder() && !wish.remember).unwrap_or_else(|| asked_of.clone());
        Self { asked_of, remembered, validators: Validators::default(), now: wish.now }
    }

    fn with(&self, validators: Validators) -> Self {
        Self { validators, ..self.clone() }
    }

    /// Tells whether it is used this once.
    fn is_once(&self) -> bool {
        self.asked_of != self.remembered
    }

    /// Returns the address that stays remembered, when this place is used once.
    fn stays(&self) -> Option<String> {
        self.is_once().then(|| self.remembered.clone())
    }

    /// Returns what is remembered after a sync from here.
    fn memory(&self, old: Memory) -> Memory {
        let (source, validators) = (Some(self.remembered.clone()), self.validators.clone());
        let asked_of = self.now.and(Some(self.asked_of.clone())).or(old.asked_of);
        Memory { source, validators, asked: self.now.or(old.asked), asked_of, key: old.key, ..old }
    }
}

/// How old a member's copy is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CopyStatus {
    /// Name of the collection.
    pub name: String,
    /// How many papers there are.
    pub papers: usize,
    /// How many of them were retracted.
    pub retracted: usize,
    /// Number of the list.
    pub sequence: u64,
    /// When the list was made.
    pub created: jiff::Timestamp,
    /// When a sync ended well last; `None` when an older roundup did it.
    pub asked: Option<jiff::Timestamp>,
    /// Address or folder that was asked then.
    pub asked_of: Option<String>,
    /// Address or folder that `roundup sync` asks.
    pub source: Option<String>,
    /// Short form of the trusted key.
    pub key: Option<String>,
    /// How many packs are missing or damaged.
    pub packs_missing: usize,
    /// Why the index does not fit the papers; empty when it does.
    pub index_because: &'static str,
}

/// Returns how old a member's copy is; `None` when there is no list here yet.
///
/// # Errors
/// When what is remembered cannot be read.
pub fn status(home: &Home) -> Result<Option<CopyStatus>> {
    let Kept { memory, list } = Kept::read(home)?;
    let Some((_, list)) = list else { return Ok(None) };
    Ok(Some(CopyStatus {
        papers: memory.papers.unwrap_or(usize::try_from(list.papers).unwrap_or(usize::MAX)),
        retracted: list.retracted.len(),
        sequence: list.sequence,
        created: list.created,
        asked: memory.asked,
        asked_of: memory.asked_of,
        source: memory.source,
        key: memory.key.and_then(|k| PublicKey::parse(&k).ok()).map(PublicKey::short),
        packs_missing: kept::missing(home, &list).len(),
        index_because: index_of::because(home, kept::mark(&list))?,
        name: list.name,
    }))
}

/// What would be fetched.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Offer {
    /// Name of the collection.
    pub name: String,
    /// Address or folder.
    pub source: String,
    /// When the list was made.
    pub created: jiff::Timestamp,
    /// How many papers there will be.
    pub papers: u64,
    /// How many packs are to be fetched.
    pub packs: usize,
    /// How many papers stand in them.
    pub papers_to_fetch: u64,
    /// How many bytes are to be fetched; what a try before has brought does not count.
    pub bytes: u64,
    /// Short form of the key.
    pub key: String,
    /// Whether the key is met for the first time and nobody has named it.
    pub is_new_key: bool,
}

/// How a sync talks to a person.
pub struct Ears<'a> {
    /// Asked before anything is fetched; `false` ends the sync.
    pub agree: &'a mut dyn FnMut(&Offer) -> bool,
    /// Told what is being done; an empty text ends that.
    pub progress: &'a dyn Fn(&str),
}

/// How a sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is nothing new.
    #[default]
    NothingNew,
    /// The copy is as the list says.
    Done,
    /// A person said no.
    Declined,
    /// It was only asked what would be fetched.
    Shown,
}

/// A paper that was retracted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Retracted {
    /// Its id.
    pub id: WorkId,
    /// Its title.
    pub title: String,
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct SyncReport {
    /// How it ended.
    pub outcome: Outcome,
    /// What was offered; `None` when there is nothing new.
    pub offer: Option<Offer>,
    /// Papers new, changed, removed.
    #[serde(flatten)]
    pub change: Change,
    /// Papers that were retracted since the last sync that ended well; at the first one none is told.
    pub retracted: Vec<Retracted>,
    /// Retracted papers in all; they are marked where they show.
    pub retracted_all: usize,
    /// How many papers there are.
    pub papers: usize,
    /// Lines that this version cannot read: a newer roundup may read more.
    pub unread: usize,
    /// Papers of which something could not be read; it was left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mended: Vec<Mended>,
    /// Why the index was built although nothing is new; empty otherwise.
    pub index_because: &'static str,
    /// The address that stays remembered, when a folder was used this once; `None` otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stays: Option<String>,
}

/// Brings a member's copy to what a source has.
///
/// # Errors
/// When another instance writes here, the source cannot be read, or what it gives cannot be trusted.
/// What was in use stays in use.
pub async fn sync(home: &Home, live: &Live, wish: &Wish, ears: &mut Ears<'_>) -> Result<SyncReport> {
    if home.database().exists() {
        let reason =
            format!("{} gathers its papers itself; a copy would take the place of its index", home.root().display());
        return Err(Error::stopped(reason, "give the copy a folder of its own: `roundup sync --home DIR URL`"));
    }
    // A first sync locks only when it writes, so that one that fails leaves no folders behind.
    let is_first = !home.data().exists();
    let mut lock = if wish.dry_run || is_first { None } else { Some(WriterLock::take(&home.data())?) };
    if let (Some(_), Some(now)) = (&lock, wish.now) {
        super::remove_left_over_of_copy(home, now);
    }
    let kept = Kept::read(home)?;
    let source = source::chosen(wish.source.as_deref(), kept.memory.source.as_deref())?;
    let asking = Place::of(&source, &kept, wish);
    (ears.progress)("asking for the list of packs");
    let checked = match lists::news(live, &source, wish, &kept, is_whole(home, &kept)).await? {
        News::Same(validators) => {
            (ears.progress)("");
            return nothing_new(home, kept, &asking.with(validators), wish.dry_run, ears);
        }
        News::List(checked) => checked,
    };
    (ears.progress)("");
    let missing = kept::missing(home, &checked.list);
    let offer = offer(home, &checked, &source, &missing);
    let report = SyncReport { offer: Some(offer.clone()), ..SyncReport::default() };
    if wish.dry_run {
        return Ok(SyncReport { outcome: Outcome::Shown, ..report });
    }
    if !missing.is_empty() && !(ears.agree)(&offer) {
        return Ok(SyncReport { outcome: Outcome::Declined, ..report });
    }
    if lock.is_none() {
        lock = Some(WriterLock::take(&home.data())?);
        if Kept::read(home)?.memory != kept.memory {
            return Err(Error::stopped("another roundup has synced here in the meantime", "run `roundup sync` again"));
        }
    }
    kept::trust(home, &kept.memory, &asking.remembered, checked.key)?;
    let mut pace = Pace::begin(tokio::time::Instant::now(), live.limits());
    for (n, entry) in missing.iter().enumerate() {
        let step = format!("pack {} of {}", n + 1, missing.len());
        fetch_pack::fetch_pack(live, &source, entry, &kept::folder(home), &mut pace, &|share| {
            (ears.progress)(&format!("fetching {step}: {share} %"));
        })
        .await
        .map_err(|error| trouble::with_rest(error, (n, missing.len()), rest(home, &missing)))?;
    }
    let done = take_over(home, kept, &checked, &asking.with(checked.validators.clone()), report, ears);
    drop(lock);
    done
}

/// Switches to a list all of whose packs are here, and builds the index.
fn take_over(
    home: &Home,
    kept: Kept,
    checked: &Checked,
    place: &Place,
    mut report: SyncReport,
    ears: &Ears<'_>,
) -> Result<SyncReport> {
    (ears.progress)("reading the papers");
    let old = kept.list.as_ref().map(|(_, list)| kept::contents(home, list)).unwrap_or_default();
    let new = kept::contents(home, &checked.list);
    report.change = Change::between(&old, &new);
    // Whatever cannot be read shows before the switch.
    let papers = kept::papers_of(home, &checked.list)?;
    kept::switch(home, checked)?;
    finish(home, kept, (&checked.list, papers), place, &mut report, ears)?;
    report.outcome = Outcome::Done;
    Ok(report)
}

/// Builds the index, then remembers what was told, then removes what is no longer needed. In this
/// order a cut loses no word about a retraction.
fn finish(
    home: &Home,
    kept: Kept,
    (list, read): (&Manifest, Papers),
    place: &Place,
    report: &mut SyncReport,
    ears: &Ears<'_>,
) -> Result<()> {
    let Papers { papers, mended, unread, .. } = read;
    (report.papers, report.unread, report.mended) = (papers.len(), unread, mended);
    let told: Option<BTreeSet<WorkId>> = kept.memory.told.clone().map(BTreeSet::from_iter);
    let is_retracted: BTreeSet<&WorkId> = list.retracted.iter().collect();
    for paper in papers.iter().filter(|p| is_retracted.contains(&p.id)) {
        report.retracted_all += 1;
        if told.as_ref().is_some_and(|told| !told.contains(&paper.id)) {
            report.retracted.push(Retracted { id: paper.id.clone(), title: clean_line(&paper.record.title) });
        }
    }
    (ears.progress)("building the search index");
    index_of(home, papers, kept::mark(list))?;
    (ears.progress)("");
    report.stays = place.stays();
    kept::remember(home, Memory { papers: Some(report.papers), ..place.memory(kept.memory) }, list)?;
    kept::remove_others(home, list)
}

/// Tells whether the copy is whole: every pack of the list is here with the bytes that were signed.
fn is_whole(home: &Home, kept: &Kept) -> bool {
    kept.list.as_ref().is_some_and(|(_, list)| kept::missing(home, list).is_empty())
}

/// Ends a sync that brought nothing new; builds the index when that was cut off last time.
fn nothing_new(home: &Home, kept: Kept, place: &Place, dry_run: bool, ears: &Ears<'_>) -> Result<SyncReport> {
    let mut report = SyncReport::default();
    let Some((_, list)) = kept.list.clone() else { return Ok(report) };
    report.papers = kept.memory.papers.unwrap_or(usize::try_from(list.papers).unwrap_or(usize::MAX));
    report.retracted_all = list.retracted.len();
    report.index_because = index_of::because(home, kept::mark(&list))?;
    if dry_run {
        return Ok(report);
    }
    if report.index_because.is_empty() && kept.memory.told.is_some() && !kept.memory.is_taking_over {
        report.stays = place.stays();
        // What the host of the remembered address said holds on for the list that is here.
        let validators = if place.is_once() { kept.memory.validators.clone() } else { place.validators.clone() };
        let next = Memory { validators, ..place.memory(kept.memory.clone()) };
        if next != kept.memory {
            kept::remember_asking(home, &next)?;
        }
        return Ok(report);
    }
    report.retracted_all = 0;
    let papers = kept::papers_of(home, &list)?;
    finish(home, kept, (&list, papers), place, &mut report, ears)?;
    Ok(report)
}

/// Returns how many bytes of packs are not here yet; what a try before has brought does not count.
fn rest(home: &Home, missing: &[PackEntry]) -> u64 {
    let folder = kept::folder(home);
    let here = |entry: &PackEntry| {
        let whole = fsx::size_of(&folder.join(entry.file()));
        whole.or_else(|| fsx::size_of(&fetch_pack::part(&folder, entry))).unwrap_or(0)
    };
    missing.iter().map(|entry| entry.bytes.saturating_sub(here(entry))).sum()
}

/// Returns what is to be fetched.
fn offer(home: &Home, checked: &Checked, source: &Source, missing: &[PackEntry]) -> Offer {
    let there = |entry: &PackEntry| fsx::size_of(&fetch_pack::part(&kept::folder(home), entry)).unwrap_or(0);
    Offer {
        name: checked.list.name.clone(),
        source: source.to_text(),
        created: checked.list.created,
        papers: checked.list.papers.min(checked.list.lines()),
        packs: missing.len(),
        papers_to_fetch: missing.iter().map(|p| p.papers).sum(),
        bytes: missing.iter().map(|p| p.bytes.saturating_sub(there(p))).sum(),
        key: checked.key.short(),
        is_new_key: checked.is_new_key,
    }
}
