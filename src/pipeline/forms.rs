//! One study, one entry: which form of a study stands in an issue, and what is said under it.
//!
//! The journal version comes before the preprint, the preprint before the paper read at a meeting,
//! a newer version before an older one. A form that gives way is named under the one that stays. A
//! form better than the one that was sent may enter ("now published"); no other does.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ctx, Result};
use crate::merge;
use crate::model::text::clean_line;
use crate::model::{Language, Month, Record, Relation, RelationKind, WorkId};
use crate::render::words;
use crate::store::Store;

/// Forms of one study that are looked at: real ones have three or four.
const FORMS_MAX: usize = 16;

/// Names of sites that a remark lists; more are counted.
const SITES_MAX: usize = 3;

/// What sort of form a work is; a better one is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Meeting,
    Preprint,
    Article,
}

/// Links by which two works are forms of one study whatever they are. Of two preprints or two
/// articles a newer version is meant as well, see [`is_same_study`].
const FORM_LINKS: [&str; 4] = ["preprint-of", "has-preprint", "meeting-paper-of", "has-meeting-paper"];

/// Links by which the other work is the same text, put right.
const MENDED_LINKS: [&str; 4] = [
    "corrected-and-republished-in",
    "corrected-and-republished-from",
    "retracted-and-republished-in",
    "retracted-and-republished-from",
];

/// One form of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    id: WorkId,
    form: Form,
    /// Whether it stands before the work asked about: a better form, or a newer one of the same.
    is_better: bool,
}

/// All forms of one study, seen from one of them.
pub(super) struct Study {
    own: Form,
    /// The other forms, in order of ids.
    others: Vec<Member>,
    /// Older editions that this work brings up to date (Cochrane's reviews): other evidence.
    older_editions: Vec<WorkId>,
    /// Newer editions.
    newer_editions: Vec<WorkId>,
    /// Works that this work reports on, when it is news.
    reported: Vec<WorkId>,
    /// News about any of the forms.
    news: BTreeSet<WorkId>,
    /// Published plans of the study.
    protocols: Vec<WorkId>,
}

/// Returns the forms of the study that a work is one of.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn study(store: &Store, id: &WorkId) -> Result<Study> {
    let record = store.work(id)?.map(|w| w.work.record).unwrap_or_default();
    let mut study = Study {
        own: form_of(store, id, &record)?,
        others: Vec::new(),
        older_editions: Vec::new(),
        newer_editions: Vec::new(),
        reported: Vec::new(),
        news: BTreeSet::new(),
        protocols: Vec::new(),
    };
    let mut known = BTreeSet::from([id.clone()]);
    let mut open = vec![(id.clone(), record.clone())];
    while let Some((from, its)) = open.pop() {
        for (kind, other) in store.related(&from)? {
            match kind.as_str() {
                "reported-in" => drop(study.news.insert(other)),
                "has-protocol" => study.protocols.push(other),
                "reports-on" if from == *id => study.reported.push(other),
                name => {
                    let Some(theirs) = store.work(&other)?.map(|w| w.work.record) else { continue };
                    let is_form = is_same_study(name, &its, &theirs);
                    if is_form && known.len() < FORMS_MAX && known.insert(other.clone()) {
                        let form = form_of(store, &other, &theirs)?;
                        let is_better = is_better(&study, name, form, (&record, &theirs), from == *id);
                        study.others.push(Member { id: other.clone(), form, is_better });
                        open.push((other, theirs));
                    } else if !is_form && from == *id && name == "update-of" {
                        study.older_editions.push(other);
                    } else if !is_form && from == *id && name == "update-in" {
                        study.newer_editions.push(other);
                    }
                }
            }
        }
    }
    study.others.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(study)
}

/// Tells whether a link makes two works forms of one study: not two editions with other evidence.
fn is_same_study(kind: &str, a: &Record, b: &Record) -> bool {
    let is_version = matches!(kind, "update-in" | "update-of") && merge::is_revision(a, b);
    FORM_LINKS.contains(&kind) || MENDED_LINKS.contains(&kind) || is_version
}

/// Returns what form a work is, by its links and its record.
fn form_of(store: &Store, id: &WorkId, record: &Record) -> Result<Form> {
    let links = store.related(id)?;
    let is = |kind: &str| links.iter().any(|(k, _)| k.as_str() == kind);
    Ok(if record.is_preprint() || record.has_preprint_doi() || is("preprint-of") {
        Form::Preprint
    } else if is("meeting-paper-of") {
        Form::Meeting
    } else {
        Form::Article
    })
}

/// Tells whether another form stands before the work asked about: it is a better one, or a newer one
/// of the same by the link between the two, else by the dates.
fn is_better(study: &Study, kind: &str, form: Form, (own, theirs): (&Record, &Record), is_direct: bool) -> bool {
    match kind {
        _ if form != study.own => form > study.own,
        "update-in" | "corrected-and-republished-in" | "retracted-and-republished-in" if is_direct => true,
        "update-of" | "corrected-and-republished-from" | "retracted-and-republished-from" if is_direct => false,
        _ => {
            let key =
                |r: &Record| (r.published.map(crate::model::PartialDate::first_day), r.citation_year(), r.id.clone());
            key(theirs) > key(own)
        }
    }
}

/// When each work was sent.
pub(super) type Sent = BTreeMap<WorkId, Month>;

impl Study {
    /// Returns the other forms of the study, in order of ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = &WorkId> {
        self.others.iter().map(|m| &m.id)
    }

    /// Returns the form that stands in an issue in this work's place: a better one among those that
    /// may enter, one that was sent and is as good, a newer edition, or the paper that this news is
    /// about. News about several studies stands for itself.
    pub(super) fn gives_way_to(
        &self,
        store: &Store,
        may_enter: &BTreeSet<WorkId>,
        sent: &Sent,
    ) -> Result<Option<WorkId>> {
        let stands = |id: &WorkId| may_enter.contains(id) || sent.contains_key(id);
        let better = self
            .others
            .iter()
            .find(|m| (m.is_better && stands(&m.id)) || (m.form >= self.own && sent.contains_key(&m.id)));
        if let Some(better) = better {
            return Ok(Some(better.id.clone()));
        }
        if let Some(newer) = self.newer_editions.iter().find(|e| stands(e)) {
            return Ok(Some(newer.clone()));
        }
        let Some(paper) = self.reported.first() else { return Ok(None) };
        let others = study(store, paper)?.others.into_iter().map(|m| m.id);
        let forms: BTreeSet<WorkId> = others.chain([paper.clone()]).collect();
        let is_one_study = self.reported.iter().all(|r| forms.contains(r));
        Ok(forms.into_iter().find(|id| is_one_study && stands(id)))
    }

    /// Returns the best other form that is better than this work, whether or not it may enter.
    pub(super) fn better_form(&self) -> Option<&WorkId> {
        self.others.iter().filter(|m| m.is_better).max_by_key(|m| m.form).map(|m| &m.id)
    }

    /// Returns the forms that give way to this work.
    pub(super) fn lesser_forms(&self) -> impl Iterator<Item = &WorkId> {
        self.others.iter().filter(|m| !m.is_better).map(|m| &m.id)
    }
}

/// Returns what readers are told under an item: earlier forms, what it brings up to date, who
/// reported on it. Empty when there is nothing to tell.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn remark(ctx: &Ctx, id: &WorkId, sent: &Sent) -> Result<String> {
    let language = ctx.config.settings.house.language;
    let w = words::of(language).remarks;
    let study = study(&ctx.store, id)?;
    let month_of = |form: Form| {
        let of_form = study.others.iter().filter(|m| m.form == form && !m.is_better);
        of_form.clone().next().is_some().then(|| of_form.filter_map(|m| sent.get(&m.id)).max().copied())
    };
    let mut out: Vec<String> = Vec::new();
    if study.own == Form::Article {
        out.extend(month_of(Form::Preprint).map(|sent| match sent {
            Some(month) => words::with_month(w.published, month, language),
            None => w.has_preprint.to_owned(),
        }));
    }
    if study.own > Form::Meeting {
        out.extend(month_of(Form::Meeting).map(|sent| match sent {
            Some(month) => words::with_month(w.in_full, month, language),
            None => w.has_meeting.to_owned(),
        }));
    }
    if !study.older_editions.is_empty() {
        let record = ctx.store.work(id)?.map(|w| w.work.record).unwrap_or_default();
        let (update, earlier) =
            if is_review(&record) { (w.review_update, w.earlier_review) } else { (w.paper_update, w.earlier_paper) };
        out.push(match study.older_editions.iter().filter_map(|e| sent.get(e)).max() {
            Some(month) => words::with_month(update, *month, language),
            None => earlier.to_owned(),
        });
    }
    let last = |ids: &[WorkId]| ids.iter().filter_map(|p| sent.get(p)).max().copied();
    if let Some(month) = last(&study.protocols) {
        out.push(words::with_month(w.protocol, month, language));
    }
    if let Some(month) = last(&study.reported) {
        out.push(words::with_month(w.about, month, language));
    }
    out.extend(reported_in(ctx, &study, language)?);
    Ok(out.join(" "))
}

/// Tells whether a paper is a review, by its type, journal or title.
fn is_review(record: &Record) -> bool {
    let says = |t: &String| t.to_lowercase().contains("review") || t.to_lowercase().contains("meta-analysis");
    let is_cochrane = record.journal.as_ref().is_some_and(|j| j.to_lowercase().contains("cochrane"));
    is_cochrane || record.types.iter().any(says) || says(&record.title)
}

/// Returns which sites reported on a study.
fn reported_in(ctx: &Ctx, study: &Study, language: Language) -> Result<Option<String>> {
    let mut sites: BTreeSet<String> = BTreeSet::new();
    for news in &study.news {
        let journal = ctx.store.work(news)?.and_then(|w| w.work.record.journal);
        sites.extend(journal.map(|j| clean_line(&j)).filter(|j| !j.is_empty()));
    }
    if sites.is_empty() {
        return Ok(None);
    }
    let named = sites.iter().take(SITES_MAX).cloned().collect::<Vec<_>>().join("; ");
    Ok(Some(words::reported(&named, sites.len().saturating_sub(SITES_MAX), language)))
}

/// Links that readers must know of wherever a paper is shown.
const GRAVE: [&str; 6] = [
    "retraction-in",
    "partial-retraction-in",
    "retracted-and-republished-in",
    "expression-of-concern-in",
    "corrected-and-republished-in",
    "erratum-in",
];

/// Adds to a record the retractions, corrections and concerns that were found by links, so that
/// what PubMed has not marked yet is treated as what it has.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn mark_notices(store: &Store, id: &WorkId, record: &mut Record) -> Result<()> {
    for (kind, other) in store.related(id)? {
        let is_said = record.relations.iter().any(|r| r.kind == kind);
        if is_said || !GRAVE.contains(&kind.as_str()) {
            continue;
        }
        let Some(notice) = store.work(&other)?.map(|w| w.work.record) else { continue };
        let kind = RelationKind::new(kind.as_str());
        record.relations.push(Relation { kind, pmid: notice.pmid, doi: notice.doi, note: None });
    }
    Ok(())
}
