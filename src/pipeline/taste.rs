//! What the secretariat keeps: learnt from its choices, and put into the scores of a month's papers.

use std::collections::{BTreeMap, BTreeSet};

use super::gathered::Gathered;
use super::judge::TagFacet;
use super::{Ctx, Result, forms, judgement_of};
use crate::model::text::words;
use crate::model::{Choice, Design, Judgement, Record, Scope, WorkId};
use crate::rank::{self, Learner, Recipe, Rows, Text, Told, Trial};
use crate::store::TagAction;

/// What a maybe, and a paper that was passed over, count against an outright keep or drop.
const WEAK: f64 = 0.5;
/// Papers a person judged that a paper is compared with, to say what it is like.
const NEAREST: usize = 10;
/// How alike two papers are at least to be named as alike: so many times the mean likeness to all judged papers, which
/// are all of one field, so that being of the field does not count.
const LIKENESS_TIMES: f64 = 2.0;

/// Papers that are learnt from at most, the newest words first: some three years of a monthly roundup. Taste
/// changes, and each costs a look into the database whenever an order is made.
const JUDGED_MAX: usize = 3000;

/// How papers of a roundup are learnt from. Nothing is presumed unwanted: other than in a search of PubMed, of
/// what the rules let through a large share is kept.
fn recipe() -> Recipe {
    Recipe { presumed: 0, ..Recipe::default() }
}

/// What the learned part of scores rests on.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct LearnedFrom {
    /// Papers that were kept or put off.
    pub kept: usize,
    /// Papers that were dropped or passed over.
    pub not_kept: usize,
    /// How much of a score is learned, 0.0–1.0.
    pub share: f64,
    /// Share of pairs of a kept and another paper that a trial put in the right order; `None` without a trial.
    pub pairs_right: Option<f64>,
    /// What it counts in full beside all written rules together, which count 1.0; 0.0 when it is switched off.
    pub weight: f64,
}

/// A paper that people judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// Its id today.
    pub(super) id: WorkId,
    /// Its title.
    pub(super) title: String,
    /// What was said of it.
    pub(super) choice: Choice,
}

/// What was learnt, and the papers it was learnt from and for.
pub(super) struct Taste {
    rows: Rows,
    /// Rows of the papers it is for.
    places: BTreeMap<WorkId, usize>,
    /// The papers it was learnt from, which are the first rows in this order; none while there are too few choices.
    judged: Vec<Judged>,
    /// How a trial on them went.
    trial: Option<Trial>,
    /// How much of a score it is, 0.0–1.0.
    share: f64,
    weight: f64,
    kept: usize,
    not_kept: usize,
}

/// What is read of a paper.
struct Paper {
    id: WorkId,
    record: Record,
    tags: Vec<String>,
}

impl Paper {
    fn new(id: &WorkId, record: Record, judgement: &Judgement) -> Self {
        Self { id: id.clone(), tags: tags(&record, judgement), record }
    }
}

impl Taste {
    /// Learns from what people said so far, for some papers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn learnt_for(ctx: &Ctx, gathered: &[Gathered]) -> Result<Self> {
        let (mut judged, mut papers) = judged(ctx)?;
        let count = |wanted: bool| judged.iter().filter(|j| is_wanted(j.choice) == wanted).count();
        let (kept, not_kept) = (count(true), count(false));
        let mut places = BTreeMap::new();
        let mut known: BTreeMap<WorkId, usize> = papers.iter().enumerate().map(|(n, p)| (p.id.clone(), n)).collect();
        for g in gathered {
            let row = *known.entry(g.work.id.clone()).or_insert_with(|| {
                papers.push(Paper::new(&g.work.id, g.work.record.clone(), &g.judgement));
                papers.len() - 1
            });
            places.insert(g.work.id.clone(), row);
        }
        let is_enough = kept + not_kept >= rank::CHOICES_MIN;
        if !is_enough {
            // Nothing will be learnt: the rows would be made for nothing.
            papers.clear();
            judged.clear();
        }
        let texts: Vec<Text<'_>> = papers
            .iter()
            .map(|p| Text {
                title: &p.record.title,
                body: p.record.abstract_text.as_deref().unwrap_or_default(),
                tags: &p.tags,
            })
            .collect();
        let rows = Rows::new(&texts, &recipe());
        let trial = rank::try_out(&rows, recipe(), &told(&judged));
        let weights = &ctx.config.settings.rank;
        let weight = weights.learned / weights.of_rules();
        let share = rank::share_of_learned(kept, not_kept, trial.as_ref(), weight);
        Ok(Self { rows, places, judged, trial, share, weight, kept, not_kept })
    }

    /// Returns the learner with all that was said.
    pub(super) fn learner(&self) -> Learner<'_> {
        let mut learner = Learner::new(&self.rows, recipe(), 0);
        for t in told(&self.judged) {
            learner.tell(t);
        }
        learner.learn();
        learner
    }

    /// Returns what the learned part rests on.
    pub(super) fn rests_on(&self) -> LearnedFrom {
        let pairs_right = self.trial.as_ref().map(|t| t.pairs_right);
        LearnedFrom { weight: self.weight, kept: self.kept, not_kept: self.not_kept, share: self.share, pairs_right }
    }

    /// Returns the row of a paper that it was learnt for.
    pub(super) fn row(&self, id: &WorkId) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Puts what was learnt into the score of a paper that it was learnt for; of a paper that was judged itself, what
    /// was learnt from the others.
    pub(super) fn put_into(&self, gathered: &mut Gathered, learner: &Learner<'_>) {
        let (Some(row), Some(trial)) = (self.row(&gathered.work.id), &self.trial) else { return };
        if self.share > 0.0 {
            let decision = trial.unseen(row).unwrap_or_else(|| learner.decision(row));
            let value = trial.probability(decision);
            let note = note(value, &self.nearest(learner, row));
            gathered.score = rank::with_learned(gathered.score.clone(), value, note, self.share);
        }
    }

    /// Returns the judged papers most like one, most alike first.
    pub(super) fn nearest(&self, learner: &Learner<'_>, row: usize) -> Vec<(&Judged, f64)> {
        let all = learner.nearest(row, self.judged.len());
        #[expect(clippy::cast_precision_loss, reason = "at most some thousand papers")]
        let mean = all.iter().map(|(_, likeness)| likeness).sum::<f64>() / self.judged.len().max(1) as f64;
        let near = all.into_iter().filter(|(_, likeness)| *likeness >= mean * LIKENESS_TIMES).take(NEAREST);
        near.filter_map(|(told, likeness)| Some((self.judged.get(told.row)?, likeness))).collect()
    }
}

/// Learns for papers, puts what was learnt into their scores and returns it.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn put_into_all(ctx: &Ctx, gathered: &mut [Gathered]) -> Result<Taste> {
    let taste = Taste::learnt_for(ctx, gathered)?;
    let learner = taste.learner();
    for g in gathered {
        taste.put_into(g, &learner);
    }
    drop(learner);
    Ok(taste)
}

/// Says in plain words what a paper is like by what was learnt, 0.0–1.0, naming those of the nearest judged papers
/// that bear it out: "like 4 papers you kept".
fn note(value: f64, nearest: &[(&Judged, f64)]) -> String {
    let is_liked = value >= 0.5;
    let of = nearest.iter().filter(|(j, _)| is_wanted(j.choice) == is_liked).count();
    match (is_liked, of) {
        (true, 0) => "as a whole like what you keep".to_owned(),
        (true, 1) => "like 1 paper you kept".to_owned(),
        (true, n) => format!("like {n} papers you kept"),
        (false, 0) => "as a whole unlike what you keep".to_owned(),
        (false, 1) => "like 1 paper you did not keep".to_owned(),
        (false, n) => format!("like {n} papers you did not keep"),
    }
}

/// Tells whether a choice speaks for papers like this one.
fn is_wanted(choice: Choice) -> bool {
    matches!(choice, Choice::Keep | Choice::Maybe)
}

fn told(judged: &[Judged]) -> Vec<Told> {
    let weight = |choice: Choice| if matches!(choice, Choice::Keep | Choice::Drop) { 1.0 } else { WEAK };
    let told = |(row, j): (usize, &Judged)| Told { row, is_wanted: is_wanted(j.choice), weight: weight(j.choice) };
    judged.iter().enumerate().map(told).collect()
}

/// Returns the papers people said something of, each study once (the newest word on any of its forms), in the
/// order in which it was said, the newest first, and what is read of each, in the same order. Left out is what was not a
/// matter of taste: papers that were retracted, and notices.
fn judged(ctx: &Ctx) -> Result<(Vec<Judged>, Vec<Paper>)> {
    let mut said: Vec<(i64, WorkId, Choice)> = Vec::new();
    for (id, row) in ctx.store.standing_choices()? {
        said.extend(row.choice.map(|choice| (row.number, id, choice)));
    }
    let known: BTreeSet<WorkId> = said.iter().map(|(_, id, _)| id.clone()).collect();
    said.extend(put_out(ctx)?.into_iter().filter(|id| !known.contains(id)).map(|id| (0, id, Choice::Drop)));
    said.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut seen: BTreeSet<WorkId> = BTreeSet::new();
    let mut titles: BTreeSet<Vec<String>> = BTreeSet::new();
    let (mut judged, mut papers) = (Vec::new(), Vec::new());
    for (_, id, choice) in said {
        if judged.len() >= JUDGED_MAX {
            break;
        }
        let Some(row) = ctx.store.work(&id)?.filter(|_| !seen.contains(&id)) else { continue };
        let record = row.work.record;
        // A work that was joined or parted since may wait for its judgement.
        let judgement = judgement_of(&ctx.store, &id, row.judgement)?;
        let judgement = judgement.unwrap_or_else(|| ctx.judge.judge(&record));
        let is_no_taste = record.is_retracted() || judgement.design == Design::Notice;
        if is_no_taste || !titles.insert(words(&record.title)) {
            continue;
        }
        seen.extend(forms::study(&ctx.store, &id)?.ids().cloned());
        seen.insert(id.clone());
        judged.push(Judged { id: id.clone(), title: record.title.clone(), choice });
        papers.push(Paper::new(&id, record, &judgement));
    }
    Ok((judged, papers))
}

/// Returns the papers that a person called out of scope.
fn put_out(ctx: &Ctx) -> Result<Vec<WorkId>> {
    let mut out = Vec::new();
    for id in ctx.store.works_with_tag_words()? {
        let words = ctx.store.tag_words(&id)?;
        if words.iter().any(|w| {
            w.facet == TagFacet::Scope.as_str() && w.value == Scope::Out.as_str() && w.action == TagAction::Add
        }) {
            out.push(id);
        }
    }
    Ok(out)
}

/// Returns what is known of a paper beside its words, each as one term.
fn tags(record: &Record, judgement: &Judgement) -> Vec<String> {
    let mut out: BTreeSet<String> = BTreeSet::new();
    let facets: [(&str, &[String]); 6] = [
        ("country", &judgement.countries),
        ("group", &judgement.twg),
        ("condition", &judgement.conditions),
        ("intervention", &judgement.interventions),
        ("population", &judgement.populations),
        ("stage", &judgement.perinatal_stage),
    ];
    for (facet, values) in facets {
        out.extend(values.iter().map(|v| format!("{facet}: {v}")));
    }
    out.insert(format!("design: {}", judgement.design.label().to_lowercase()));
    out.extend(record.journal.iter().map(|j| format!("journal: {j}")));
    out.extend(record.mesh.iter().map(|m| format!("MeSH: {}", m.name)));
    out.extend(record.keywords.iter().map(|k| format!("keyword: {}", k.to_lowercase())));
    out.into_iter().collect()
}
