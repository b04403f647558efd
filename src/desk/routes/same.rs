//! What is one paper and what is two: saying it, taking it back, and finding the other paper by words of its title.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::named::{Named, named_paper};
use super::{Answer, Shared, Trouble, answered, awaited, month_of};
use crate::desk::Desk;
use crate::desk::answer::see;
use crate::desk::forms::{Pairs, typed, value};
use crate::desk::jobs::Task;
use crate::desk::views::same::{Asked, Found, OFFERED_MAX};
use crate::index::{Index, Options, parse_query_on};
use crate::model::{Draft, WorkId};
use crate::pipeline::{self, Ctx, Error};
use crate::store::Answer as Verdict;

/// Says that two papers are the same, or not; takes such a word back.
pub(super) async fn same(
    State(desk): Shared,
    Path((month, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    answered(&desk, &headers, same_or_not(&desk, &month, &id, &pairs).await)
}

async fn same_or_not(desk: &Desk, month: &str, id: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let a = match named_paper(desk, month, id).await? {
        Named::Paper(a) => a,
        Named::Own(page) => return Ok(page),
    };
    let back = value(pairs, "back");
    if !back.is_empty() {
        let number = back.parse().map_err(|_| Trouble::Wrong("Choose an answer to take back.".to_owned()))?;
        return awaited(desk, desk.jobs.begin(Task::Unsay { month, id: a, number })).await;
    }
    let Some((answer, word)) = verdict(value(pairs, "answer")) else {
        return Err(Trouble::Wrong("Say whether they are the same or not.".to_owned()));
    };
    let other = in_field(value(pairs, "other"));
    let asked = other.clone();
    let named = desk.room.ask(move |ctx| named(ctx, &asked)).await?;
    if let Some(b) = named {
        return awaited(desk, desk.jobs.begin(Task::Same { month, a, b, answer })).await;
    }
    // The page is ours, what was typed goes along as the value of its field: nothing is said of two papers before a
    // person has seen which ones.
    let typed: String = url::form_urlencoded::byte_serialize(other.as_bytes()).collect();
    Ok(see(&format!("/m/{month}/paper/{a}?answer={word}&other={typed}#same-h")))
}

/// Returns what is to be said of two papers, with its word in forms.
fn verdict(word: &str) -> Option<(Verdict, &'static str)> {
    let all = [("same", Verdict::Same), ("different", Verdict::Different)];
    all.into_iter().find(|(known, _)| *known == word).map(|(known, answer)| (answer, known))
}

/// Characters of what is typed into the field that are read: more than any title has.
const TYPED_CHARS_MAX: usize = 400;

/// Returns what was typed into the field as it is read.
fn in_field(text: &str) -> String {
    typed(text).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TYPED_CHARS_MAX).collect()
}

/// Returns the paper that a text names by its id, PMID or DOI.
fn named(ctx: &Ctx, text: &str) -> anyhow::Result<Option<WorkId>> {
    match pipeline::find(ctx, text) {
        Err(Error::Missing(_)) => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// What an address asks of the field for another paper: what was typed, and the word for what is to be said.
pub(super) struct Question {
    typed: String,
    answer: &'static str,
}

impl Question {
    /// Reads an address; `None` when it asks nothing.
    pub(super) fn of(pairs: &[(String, String)]) -> Option<Self> {
        let (_, answer) = verdict(value(pairs, "answer"))?;
        Some(Self { typed: in_field(value(pairs, "other")), answer })
    }

    /// Looks for the paper that is meant among the titles of the draft and of all that was ever indexed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) fn looked_up(self, ctx: &Ctx, draft: Option<&Draft>, this: &WorkId) -> anyhow::Result<Asked> {
        let mut found = Found::of(&self.typed);
        let papers = draft.into_iter().flat_map(|d| {
            let items = d.items.iter().map(|i| (i.id.clone(), i.title.clone()));
            items.chain(d.candidates.iter().map(|c| (c.id.clone(), c.title.clone())))
        });
        for (id, title) in papers.chain(indexed(ctx, found.wanted())) {
            let Some(id) = WorkId::parse(&id) else { continue };
            if let Some(id) = ctx.store.resolve(&id)?.filter(|id| id != this) {
                found.offer(pipeline::cards::Named { id: id.to_string(), name: title });
            }
        }
        Ok(found.told(self.typed, self.answer))
    }
}

/// Words of a title that are looked for in the index.
const WORDS_MAX: usize = 24;
/// Papers that are read from the index: it finds other forms of a word too, of which only the typed one counts here.
const READ_MAX: usize = 20 * OFFERED_MAX;

/// Returns papers by id and title whose titles may have some words. An index that cannot be asked has none.
fn indexed(ctx: &Ctx, words: &[String]) -> Vec<(String, String)> {
    if words.is_empty() {
        return Vec::new();
    }
    let query: Vec<String> = words.iter().take(WORDS_MAX).map(|word| format!("title:{word}*")).collect();
    let parsed = parse_query_on(&query.join(" "), ctx.today());
    let options = Options { limit: READ_MAX, ..Options::default() };
    let answer = Index::open_reader(&ctx.home.index()).and_then(|searcher| searcher.search(&parsed, &options));
    match answer {
        Ok(answer) => answer.hits.into_iter().map(|hit| (hit.paper.id.to_string(), hit.paper.record.title)).collect(),
        Err(error) => {
            tracing::debug!("titles were looked for in the draft alone: {error}");
            Vec::new()
        }
    }
}
