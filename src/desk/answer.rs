//! What the desk answers with: pages, redirects to its own pages, values for the script.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::refused::{Told, told};
use crate::model::text::capital;
use crate::pipeline::Error;

/// Why a page cannot be shown as it was asked for.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is nothing under this address.
    Missing(String),
    /// The form is none that the desk makes, or lacks something.
    Wrong(String),
    /// Something failed.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast_ref::<Error>() {
            Some(Error::Missing(what)) => Self::Missing(format!("{}.", capital(what))),
            _ => Self::Failed(error),
        }
    }
}

impl Trouble {
    /// Returns the status and what is told: a heading, what happened, what to do.
    pub(super) fn told(&self) -> (StatusCode, &'static str, String, String) {
        match self {
            Self::Missing(what) => {
                let help = "Look at the board, or at the list of months.".to_owned();
                (StatusCode::NOT_FOUND, "There is nothing here", what.clone(), help)
            }
            Self::Wrong(what) => {
                let help = "Go back, load the page anew and try again.".to_owned();
                (StatusCode::UNPROCESSABLE_ENTITY, "This could not be understood", what.clone(), help)
            }
            Self::Failed(error) => {
                let Told { what, help } = told(error);
                (StatusCode::INTERNAL_SERVER_ERROR, "This did not work", what, help)
            }
        }
    }
}

/// Returns a page of the desk.
pub(super) fn page(status: StatusCode, html: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// Returns values for the script.
pub(super) fn json<T: serde::Serialize>(status: StatusCode, values: &T) -> Response {
    let text = serde_json::to_string(values).unwrap_or_else(|_| "{}".to_owned());
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// Returns the way to another page of the desk. `path` is made by us, never by a request.
pub(super) fn see(path: &str) -> Response {
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// Tells whether the script asks.
pub(super) fn is_script(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes() == b"application/json")
}
