//! Who answers: sources, mailing tools, the mail server. Each is asked once; nothing is stored, nothing is sent.

use super::Check;
use crate::cli::open;
use crate::fetch::{Fetch, HOST_GAP_MS, Request};
use crate::model::{Settings, Source, SourceKind};
use crate::normalise::feed::read_feed;
use crate::pipeline::{Error, Greeted, Home, greet_mail_server, greet_mailing_tools};

/// Asks all of them.
///
/// # Errors
/// When nobody can be asked at all, as with a wrong `ROUNDUP_HTTP`.
pub(super) fn all(home: &Home, settings: &Settings) -> anyhow::Result<Vec<Check>> {
    let (fetch, progress, keys) = (open::fetch()?, open::progress(), open::keys());
    let mut out = open::block_on(async {
        let mut out = Vec::new();
        for source in settings.sources.iter().filter(|s| s.is_enabled) {
            progress(&format!("asking {}", source.name));
            out.extend(source_answers(fetch.as_ref(), source).await);
        }
        progress("asking the mailing tool");
        out.extend(greet_mailing_tools(home, settings, &keys, fetch.as_ref()).await.into_iter().map(of_greeting));
        Ok(out)
    })?;
    progress("asking the mail server");
    out.extend(greet_mail_server(home, settings, &keys).map(of_greeting));
    progress("");
    Ok(out)
}

/// Returns the check of one that was greeted.
fn of_greeting(greeted: Greeted) -> Check {
    match greeted.said {
        Ok(said) => Check::good(greeted.name, said),
        Err(Error::Stopped { reason, help }) => Check::bad(greeted.name, format!("{reason}; {help}")),
        Err(error) => Check::bad(greeted.name, error.to_string()),
    }
}

/// Asks one source and says what answered; folders are not asked.
async fn source_answers(fetch: &dyn Fetch, source: &Source) -> Option<Check> {
    let url = match &source.kind {
        SourceKind::Pubmed { base_url, .. } => format!("{base_url}einfo.fcgi"),
        SourceKind::Feed { url, .. } | SourceKind::Page { url, .. } => url.clone(),
        SourceKind::Folder { .. } => return None,
    };
    let mut request = Request::get(url);
    request.allows_private = source.allows_private;
    request.gap_ms = HOST_GAP_MS;
    let response = match fetch.fetch(&request).await {
        Ok(response) => response,
        Err(error) => return Some(Check::bad(&source.id, error.to_string())),
    };
    if !matches!(source.kind, SourceKind::Feed { .. }) {
        return Some(Check::good(&source.id, format!("answered with {} bytes", response.body.len())));
    }
    let content_type = response.headers.get("content-type").map(String::as_str);
    Some(match read_feed(&response.body, content_type, &response.url) {
        Ok((feed, _)) => {
            let verified = if source.is_verified { "" } else { "; put verified = true in feeds.toml" };
            Check::good(&source.id, format!("answered with a feed of {} entries{verified}", feed.entries.len()))
        }
        Err(not) => Check::bad(&source.id, format!("answered, but with no feed: {}", not.reason)),
    })
}
