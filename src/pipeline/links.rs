//! Asks every link of a month's issue once whether it leads anywhere.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::draft::file_name;
use super::{Ctx, Result, draft_file};
use crate::draft;
use crate::fetch::{Fetch, FetchError, Request};
use crate::model::{CanonicalUrl, Month};

/// What came of asking links.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct LinkReport {
    /// How many addresses there were.
    pub asked: usize,
    /// Addresses that lead nowhere, with the reason.
    pub dead: BTreeMap<String, String>,
    /// Addresses of which nobody can say, with the reason: many hosts let no programs in and are well for people.
    pub untried: BTreeMap<String, String>,
}

/// Links asked at the same time; each host is asked for one thing at a time all the same.
const AT_ONCE: usize = 5;
/// Longest wait for one link, from its turn to its last byte: whoever checks sits before the screen.
const LINK_WAIT: Duration = Duration::from_secs(45);
/// Longest time for all of them: a full issue has about 60, most of them DOIs, which one host answers at a pace of
/// one a second.
const RUN_WAIT: Duration = Duration::from_mins(5);

/// Asks every link of the issue that a month's draft would make, and of its dates, once. A link is dead only when
/// its host says so, when nobody knows the host, or when it may not be asked at all; whoever refuses programs or
/// does not answer in time is not.
///
/// # Errors
/// When the draft is there and cannot be read.
pub async fn try_links(ctx: &Ctx, month: Month) -> Result<LinkReport> {
    let text = draft_file::text(&ctx.home, month)?.unwrap_or_default();
    let links = links_of(&text, month);
    let done = Cell::new(0);
    let told = || {
        done.set(done.get() + 1);
        (ctx.progress)(&format!("trying links, {} of {}", done.get(), links.len()));
    };
    let report = ask_all(ctx.fetch.as_ref(), &links, &told).await;
    (ctx.progress)("");
    Ok(report)
}

/// Returns the web addresses of a draft's items and dates, each once, in their order.
fn links_of(text: &str, month: Month) -> Vec<String> {
    let Some(draft) = draft::parse(text, &file_name(month)).0 else { return Vec::new() };
    let items = draft::issue_items(&draft);
    let all = items.iter().map(|i| &i.link).chain(draft.events.iter().map(|e| &e.link));
    let mut seen = BTreeSet::new();
    all.filter(|link| CanonicalUrl::parse(link).is_some() && seen.insert(link.as_str())).cloned().collect()
}

/// What asking one link gave.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// It leads somewhere.
    Alive,
    /// It leads nowhere.
    Dead(String),
    /// Nobody can say.
    Untried(String),
    /// The name of its host is not known, or this computer is not online.
    NoName,
}

/// Asks some addresses, a few at a time, and tells after each.
async fn ask_all(fetch: &dyn Fetch, links: &[String], told: &dyn Fn()) -> LinkReport {
    let end = Instant::now() + RUN_WAIT;
    let has_answered = &Cell::new(false);
    let asking = links.iter().map(|link| async move {
        let (answer, is_of_host) = ask(fetch, link, end).await;
        has_answered.set(has_answered.get() || is_of_host);
        told();
        (link.clone(), answer)
    });
    let answers: Vec<(String, Answer)> = futures_util::stream::iter(asking).buffer_unordered(AT_ONCE).collect().await;
    // Where no host at all has answered, the fault may be this computer's and says nothing of the links.
    let is_online = has_answered.get();
    let mut report = LinkReport { asked: links.len(), ..LinkReport::default() };
    for (link, answer) in answers {
        match answer {
            Answer::Alive => {}
            Answer::Dead(reason) => drop(report.dead.insert(link, reason)),
            Answer::NoName if is_online => drop(report.dead.insert(link, "nobody knows its host".to_owned())),
            Answer::NoName => drop(report.untried.insert(link, "is this computer online?".to_owned())),
            Answer::Untried(reason) => drop(report.untried.insert(link, reason)),
        }
    }
    report
}

/// Asks one address, if there is still time, and tells whether its host has answered anything.
async fn ask(fetch: &dyn Fetch, link: &str, end: Instant) -> (Answer, bool) {
    if Instant::now() >= end {
        return (Answer::Untried("there was no time left for it".to_owned()), false);
    }
    let mut request = Request::get(link);
    request.headers.push(("Accept".to_owned(), "text/html, application/xhtml+xml;q=0.9, */*;q=0.5".to_owned()));
    match timeout_at(end.min(Instant::now() + LINK_WAIT), fetch.fetch(&request)).await {
        Ok(Ok(_)) => (Answer::Alive, true),
        Ok(Err(error)) => (meaning(&error), is_of_host(&error)),
        Err(_) => (Answer::Untried("it took too long to answer".to_owned()), false),
    }
}

/// Tells whether an error is something that a host said, so that this computer is online.
fn is_of_host(error: &FetchError) -> bool {
    matches!(error, FetchError::Status { .. } | FetchError::BotWall { .. } | FetchError::TooLarge { .. })
}

/// Returns what an error says of a link.
fn meaning(error: &FetchError) -> Answer {
    let untried = |reason: &str| Answer::Untried(reason.to_owned());
    match error {
        FetchError::Status { status: 404, .. } => Answer::Dead("404: not found".to_owned()),
        FetchError::Status { status: 410, .. } => Answer::Dead("410: gone for good".to_owned()),
        FetchError::Status { status: 200..=299, .. } | FetchError::TooLarge { .. } => Answer::Alive,
        FetchError::Status { status, .. } => Answer::Untried(match status {
            401 => "401: it wants a login".to_owned(),
            403 | 405 | 406 => format!("{status}: it lets no programs in"),
            429 => "429: it was asked too often".to_owned(),
            500..=599 => format!("{status}: its host has a fault just now"),
            _ => format!("it answered {status}"),
        }),
        FetchError::Refused { reason, .. } => {
            // What to do about it is said to those who write sources.
            let reason = reason.split(';').next().unwrap_or(reason);
            // Many publishers send whoever keeps no cookies round in a circle.
            let is_on_the_way = reason.starts_with("it redirects") || reason.starts_with("it answers");
            if is_on_the_way { untried(reason) } else { Answer::Dead(format!("not asked: {reason}")) }
        }
        FetchError::BotWall { .. } => untried("it wants to see a browser"),
        FetchError::Paused { host, .. } => Answer::Untried(format!("{host} wants no requests just now")),
        FetchError::Transport { reason, .. } => Answer::Untried(format!("no complete answer came: {reason}")),
        FetchError::Slow { .. } => untried("it took too long to answer"),
        FetchError::Insecure { reason, .. } => Answer::Untried(format!("it cannot be asked safely: {reason}")),
        FetchError::Offline { .. } => untried("no way leads to its host from here"),
        FetchError::NoName { .. } => Answer::NoName,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::{Fetching, Response};

    /// Answers by the address: `…/404` with that status, and so on.
    struct Told;

    impl Fetch for Told {
        fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
            Box::pin(async move {
                let url = request.url.clone();
                let (_, word) = url.rsplit_once('/').unwrap();
                if let Ok(status) = word.parse() {
                    return Err(FetchError::Status { url, status, retry_after_s: None, said: String::new() });
                }
                match word {
                    "none" => Err(FetchError::NoName { url }),
                    "slow" => Err(FetchError::Slow { url }),
                    "private" => {
                        let reason = "a is a private address; a source that is meant to be asked needs more".to_owned();
                        Err(FetchError::Refused { url, reason })
                    }
                    "circle" => Err(FetchError::Refused { url, reason: "it redirects in a circle, by b".to_owned() }),
                    _ => Ok(Response { status: 200, url, moved_to: None, headers: BTreeMap::new(), body: Vec::new() }),
                }
            })
        }
    }

    async fn said(words: &[&str]) -> Vec<String> {
        let links: Vec<String> = words.iter().map(|w| format!("https://example.org/{w}")).collect();
        let told = Cell::new(0);
        let report = ask_all(&Told, &links, &|| told.set(told.get() + 1)).await;
        assert_eq!((report.asked, told.get()), (words.len(), words.len()));
        let short = |(link, reason): (&String, &String)| format!("{} {reason}", link.rsplit('/').next().unwrap());
        let dead = report.dead.iter().map(short).map(|s| format!("dead {s}"));
        dead.chain(report.untried.iter().map(short)).collect()
    }

    #[tokio::test]
    async fn only_what_surely_leads_nowhere_is_dead() {
        for (word, want, note) in [
            ("fine", "", ""),
            ("404", "dead 404 404: not found", ""),
            ("410", "dead 410 410: gone for good", ""),
            ("private", "dead private not asked: a is a private address", "the guard of addresses, in short words"),
            ("204", "", "an answer without a page is one"),
            ("401", "401 401: it wants a login", "behind a paywall"),
            ("403", "403 403: it lets no programs in", "most publishers"),
            ("405", "405 405: it lets no programs in", ""),
            ("429", "429 429: it was asked too often", ""),
            ("503", "503 503: its host has a fault just now", ""),
            ("418", "418 it answered 418", "nobody knows what that means"),
            ("slow", "slow it took too long to answer", ""),
            ("circle", "circle it redirects in a circle, by b", "it wants cookies"),
            ("none", "none is this computer online?", "the one host cannot be found: that may be us"),
        ] {
            let want: Vec<&str> = Some(want).filter(|w| !w.is_empty()).into_iter().collect();
            assert_eq!(said(&[word]).await, want, "{word}: {note}");
        }
        assert_eq!(said(&["fine", "none"]).await, ["dead none nobody knows its host"], "others were found");
        assert_eq!(said(&["403", "none"]).await[0], "dead none nobody knows its host", "a refusal is an answer");
        assert_eq!(said(&["slow", "none"]).await[0], "none is this computer online?", "nobody has answered");
        assert_eq!(said(&[]).await, Vec::<String>::new());
    }

    #[test]
    fn each_address_is_asked_once_and_only_what_readers_get() {
        let text = "month = \"2026-10\"\n[[item]]\nid = \"a\"\nsection = \"s\"\ntitle = \"A\"\nlink = \"https://example.org/1\"\n\
            [[item]]\nid = \"b\"\nsection = \"s\"\ntitle = \"B\"\nlink = \"https://example.org/1\"\n\
            [[item]]\nid = \"c\"\nsection = \"s\"\ntitle = \"C\"\nlink = \"javascript:x\"\n\
            [[candidate]]\nid = \"d\"\nlink = \"https://example.org/2\"\n\
            [[candidate]]\nid = \"e\"\nkeep = true\nsection = \"s\"\ntitle = \"E\"\nlink = \"https://example.org/3\"\n\
            [[event]]\ndate = \"x\"\ntitle = \"X\"\nlink = \"https://example.org/4\"\n";
        let month = Month::parse("2026-10").unwrap();
        assert_eq!(links_of(text, month), ["1", "3", "4"].map(|n| format!("https://example.org/{n}")));
    }
}
