//! The words above the items: looking at them, changing them.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::board::{Kind, make};
use super::{Answer, Shared, answered, filled, month_of, seen, shown};
use crate::desk::Desk;
use crate::desk::answer::see;
use crate::desk::forms::Pairs;
use crate::desk::views::Frame;
use crate::pipeline;

/// The page of the letter.
#[derive(serde::Serialize)]
struct LetterPage {
    frame: Frame,
    draft: LetterWords,
    papers: Vec<pipeline::cards::Named>,
}

/// The words above the items.
#[derive(serde::Serialize)]
struct LetterWords {
    subject: String,
    preheader: String,
    note: String,
    request: String,
    pick: String,
    events: Vec<crate::model::Event>,
}

/// Shows the words of the letter.
pub(super) async fn show(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, letter_page(&desk, &month, &pairs).await)
}

async fn letter_page(desk: &Arc<Desk>, month: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let seen = desk.room.ask(move |ctx| seen(ctx, month, "Words and dates", "letter")).await?;
    let Some(draft) = seen.file.and_then(|f| f.draft) else { return Ok(see(&format!("/m/{month}/"))) };
    let papers = crate::draft::issue_items(&draft).into_iter();
    let values = LetterPage {
        frame: filled(desk, seen.frame, Some(month), pairs),
        papers: papers.map(|i| pipeline::cards::Named { id: i.id, name: i.title }).collect(),
        draft: LetterWords {
            subject: draft.subject,
            preheader: draft.preheader,
            note: draft.note,
            request: draft.request,
            pick: draft.pick,
            events: draft.events,
        },
    };
    shown(desk, "letter.html", &values)
}

/// Changes the words of the letter.
pub(super) async fn change(
    State(desk): Shared,
    Path(month): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    let answer = make(&desk, &month, &headers, pairs, Kind::Letter).await;
    answered(&desk, &headers, answer)
}
