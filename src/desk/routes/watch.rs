//! The addresses of a preview alone: looks, and nothing that changes anything.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::{Shared, Trouble, answered, behind_guard, enter, issue};
use crate::desk::answer::see;
use crate::desk::{Desk, assets};

/// Returns the addresses behind the desk's guard.
pub(in crate::desk) fn router(desk: Arc<Desk>) -> Router {
    let router = Router::new()
        .route("/", get(first))
        .route("/enter/{token}", get(enter))
        .route("/assets/{name}", get(|Path(name): Path<String>| async move { assets::asset(&name) }))
        .route("/favicon.ico", get(|| async { assets::asset("icon.svg") }))
        .route("/m/{month}/preview", get(issue::preview))
        .route("/m/{month}/preview/state", get(issue::preview_state))
        .route("/m/{month}/preview/{part}", get(issue::part));
    behind_guard(router, desk)
}

/// Leads to the month that is watched.
async fn first(State(desk): Shared, headers: HeaderMap) -> Response {
    let place = desk.month.map(|month| see(&format!("/m/{month}/preview")));
    answered(&desk, &headers, place.ok_or_else(|| Trouble::Missing("No month was named.".to_owned())))
}
