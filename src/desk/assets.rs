//! Style sheet and script of the desk, compiled in.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Returns a file by its name; nothing is read from disk.
pub(super) fn asset(name: &str) -> Response {
    let (kind, text) = match name {
        "desk.css" => ("text/css; charset=utf-8", include_str!("../../templates/desk/desk.css")),
        "desk.js" => ("text/javascript; charset=utf-8", include_str!("../../templates/desk/desk.js")),
        "icon.svg" => ("image/svg+xml", include_str!("../../templates/desk/icon.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
