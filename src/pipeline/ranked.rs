//! Why a paper stands where it stands in the order of a month.

use super::gather::{self, candidates};
use super::taste::{Judged, LearnedFrom, Taste};
use super::{Ctx, Error, Result, add, find, judgement_of};
use crate::model::{Choice, Month, Scope, Score, WorkId};
use crate::rank::{self, Learner};

/// Terms that are told of each kind.
const TERMS_MAX: usize = 8;
/// The strongest terms of each kind among which these are sought.
const TERMS_LOOKED_AT: usize = 200;

/// A paper in a month's order.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RankLine {
    /// Place by score, from 1.
    pub rank: usize,
    /// Work id.
    pub id: WorkId,
    /// Title.
    pub title: String,
    /// In or maybe.
    pub scope: Scope,
    /// Score with its parts.
    pub score: Score,
}

/// A term of a paper and what it adds to how much it is like what was kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TermWeight {
    /// The word, two words, or tag.
    pub term: String,
    /// Above 0 when it speaks for the paper.
    pub weight: f64,
}

/// A paper that people judged and that is like another.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Like {
    /// Work id.
    pub id: WorkId,
    /// Title.
    pub title: String,
    /// What was said of it.
    pub choice: Choice,
    /// How alike the two are, 0.0–1.0.
    pub likeness: f64,
}

/// Why a paper stands where it stands.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RankExplained {
    /// Its id today.
    pub id: WorkId,
    /// Its title.
    pub title: String,
    /// The month of the order.
    pub month: Month,
    /// Its place among that month's papers, from 1; `None` when it is not one of them.
    pub place: Option<usize>,
    /// How many papers there are.
    pub of: usize,
    /// Why it is not one of them, as the end of a sentence.
    pub why_not: Option<String>,
    /// The issue of another month that it was in.
    pub sent: Option<Month>,
    /// Its score with its parts.
    pub score: Score,
    /// Whether the month's draft listed it by lot.
    pub is_by_lot: bool,
    /// What the learned part rests on.
    pub learned: LearnedFrom,
    /// What in it is like papers that were kept, strongest first.
    pub speaks_for: Vec<TermWeight>,
    /// What in it is like papers that were not, strongest first.
    pub speaks_against: Vec<TermWeight>,
    /// Judged papers most like it, most alike first.
    pub nearest: Vec<Like>,
}

/// Returns the papers that may enter a month's issue, best first.
///
/// # Errors
/// When the database cannot be read.
pub fn order(ctx: &Ctx, month: Month) -> Result<Vec<RankLine>> {
    let lines = candidates(ctx, month)?.into_iter().enumerate().map(|(n, g)| RankLine {
        rank: n + 1,
        id: g.work.id,
        title: g.work.record.title,
        scope: g.judgement.scope,
        score: g.score,
    });
    Ok(lines.collect())
}

/// Returns why the paper that a person means stands where it stands.
///
/// # Errors
/// When there is no such paper or the database cannot be read.
pub fn rank_explained(ctx: &Ctx, month: Month, text: &str) -> Result<RankExplained> {
    let id = find(ctx, text)?;
    let withdrawn = || Error::Missing(format!("{id} was withdrawn by every source that had it"));
    let row = ctx.store.work(&id)?.ok_or_else(withdrawn)?;
    let judgement = judgement_of(&ctx.store, &id, row.judgement)?.ok_or_else(withdrawn)?;
    let here = gather::in_order(ctx, month, row.work.clone(), judgement.clone())?;
    let (mut why_not, mut sent) = (None, None);
    if here.place.is_none() {
        let stands = add::place_of(ctx, month, &id, row.work, judgement)?;
        (why_not, sent) = (stands.why, stands.sent);
    }
    let learner = here.taste.learner();
    let number = here.taste.row(&id).unwrap_or(usize::MAX);
    let (speaks_for, speaks_against) = learner.terms(number, TERMS_LOOKED_AT);
    let nearest = nearest(&here.taste, &learner, number);
    let listing = ctx.store.listing(month)?;
    let is_by_lot = listing.is_some_and(|l| l.papers.iter().any(|p| p.id == id && p.is_by_lot));
    Ok(RankExplained {
        title: here.own.work.record.title.clone(),
        month,
        place: here.place,
        of: here.of,
        why_not,
        sent,
        score: here.own.score.clone(),
        is_by_lot,
        learned: here.taste.rests_on(),
        speaks_for: telling(speaks_for),
        speaks_against: telling(speaks_against),
        nearest,
        id,
    })
}

/// Returns the judged papers most like the one in a row, most alike first.
pub(super) fn nearest(taste: &Taste, learner: &Learner<'_>, row: usize) -> Vec<Like> {
    let like = |(judged, likeness): (&Judged, f64)| Like {
        id: judged.id.clone(),
        title: judged.title.clone(),
        choice: judged.choice,
        likeness,
    };
    taste.nearest(learner, row).into_iter().map(like).collect()
}

/// Returns the strongest terms that explain something to a person.
fn telling(terms: Vec<(String, f64)>) -> Vec<TermWeight> {
    let terms = terms.into_iter().filter(|(term, _)| says_something(term)).take(TERMS_MAX);
    terms.map(|(term, weight)| TermWeight { term, weight }).collect()
}

/// Words that carry a sentence and no subject, in the languages of the papers: they are learnt from like others, but
/// explain nothing.
const FUNCTION_WORDS: &[&str] = &[
    "about", "after", "all", "also", "among", "and", "are", "been", "before", "between", "both", "but", "can", "con",
    "could", "dans", "del", "des", "did", "does", "during", "each", "for", "from", "had", "has", "have", "how", "into",
    "its", "las", "les", "los", "may", "more", "most", "not", "nos", "nous", "other", "our", "over", "para", "pour",
    "que", "qui", "such", "sur", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
    "those", "through", "two", "una", "under", "une", "using", "was", "were", "what", "when", "where", "whether",
    "which", "while", "who", "will", "with", "within", "would", "you",
];
/// Letters that a word has at least to explain something.
const TELLING_LETTERS_MIN: usize = 3;

/// Tells whether a term explains something to a person: each word has letters enough and carries a subject.
fn says_something(term: &str) -> bool {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    term.split(' ').all(|word| letters(word) >= TELLING_LETTERS_MIN && !FUNCTION_WORDS.contains(&word))
}

/// Says how far what people kept counts in the order, for people.
pub fn learned_in_words(learned: &LearnedFrom) -> String {
    if learned.weight <= 0.0 {
        return "what you kept does not count: learned = 0 stands in [rank] of feeds.toml".to_owned();
    }
    let choices = learned.kept + learned.not_kept;
    let said = format!("{} kept and {} not kept", learned.kept, learned.not_kept);
    if choices < rank::CHOICES_MIN {
        return format!("what you keep counts from {} choices on; there are {choices} ({said})", rank::CHOICES_MIN);
    }
    if learned.kept.min(learned.not_kept) < rank::EACH_MIN {
        let least = rank::EACH_MIN;
        return format!("what you keep counts once {least} papers were kept and {least} were not; so far {said}");
    }
    let tried = learned.pairs_right.map_or_else(String::new, |right| {
        format!("; tried on papers it had not seen, it put the kept one first in {:.0} of 100 pairs", right * 100.0)
    });
    if learned.share <= 0.0 {
        return format!("what you kept does not count, since it does not tell kept papers from others ({said}{tried})");
    }
    format!("what you kept counts for {:.0} % of the score ({said}{tried})", learned.share * 100.0)
}
