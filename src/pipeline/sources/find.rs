//! Finding the feeds of a site: its page is asked, what it names is tried, and what reads as a
//! feed is written down for `feeds.toml`.

use std::time::Duration;

use super::toml_block::{Block, id_of};
use crate::fetch::{Fetch, FetchError, Request, Response};
use crate::model::PartialDate;
use crate::normalise::discover::{self, FeedLink, Whence};
use crate::normalise::feed::{self, Feed, FeedDate};
use crate::normalise::{landing, page_html};

/// A feed that was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FoundFeed {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// How many entries it has.
    pub entries: usize,
    /// Day of the newest entry.
    pub newest: Option<PartialDate>,
    /// Titles of the first entries.
    pub titles: Vec<String>,
    /// The block to paste into `feeds.toml`.
    pub toml: String,
}

/// An address that was tried and is no feed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tried {
    /// The address.
    pub url: String,
    /// What it is instead.
    pub reason: String,
    /// Whether nothing stands there at all (404, 410).
    pub is_missing: bool,
    /// Whether the page names it as its feed.
    pub is_named: bool,
}

/// What was found at an address.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct FoundSources {
    /// The address after redirects.
    pub url: String,
    /// The page's title; empty when it is itself a feed or could not be read.
    pub page_title: String,
    /// Feeds, the surest first.
    pub feeds: Vec<FoundFeed>,
    /// What else was tried.
    pub tried: Vec<Tried>,
    /// Without a feed: a block that reads the page itself, as far as one could be guessed.
    pub page: Option<FoundFeed>,
    /// Why nothing could be done; `None` when the address answered.
    pub error: Option<String>,
}

/// Most addresses that are tried beside the page itself: it is somebody's server.
const TRIES_MAX: usize = 12;
/// Titles shown of a feed.
const TITLES_SHOWN: usize = 3;
/// Pause before an address is tried again that failed in passing.
const PAUSE: Duration = Duration::from_secs(1);

/// Looks for feeds at an address: the address itself, what its page names, what it links to, where
/// its kind of site has them; and only when none of these is one, the usual places.
pub async fn find_sources(fetch: &dyn Fetch, url: &str, allows_private: bool, progress: &dyn Fn(&str)) -> FoundSources {
    let mut found = FoundSources { url: url.to_owned(), ..FoundSources::default() };
    progress(&format!("asking {url}"));
    let page = match ask(fetch, url, allows_private, Patience::Some).await {
        Ok(page) => page,
        Err(error) => {
            found.error = Some(error.to_string());
            return found;
        }
    };
    found.url.clone_from(&page.url);
    if let Ok((feed, _)) = read(&page) {
        found.keep(&page, &feed, allows_private);
        return found;
    }
    let content_type = content_type(&page);
    let view = discover::look(&page.body, content_type, &page.url);
    found.page_title = view.title;
    let (sure, usual): (Vec<FeedLink>, Vec<FeedLink>) =
        view.links.into_iter().filter(|l| l.url != page.url).partition(|l| l.whence != Whence::UsualPlace);
    let mut left = TRIES_MAX;
    for links in [sure, usual] {
        if found.feeds.is_empty() {
            found.try_all(fetch, &links, &mut left, allows_private, progress).await;
        }
    }
    if found.feeds.is_empty() {
        found.look_at_page(&page, allows_private);
    }
    found
}

/// Whether an address is asked again after a passing fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    Some,
    None,
}

/// Makes one GET.
async fn ask(fetch: &dyn Fetch, url: &str, allows_private: bool, patience: Patience) -> Result<Response, FetchError> {
    let mut request = Request::get(url);
    request.allows_private = allows_private;
    if allows_private {
        request.gap_ms = 0;
    }
    let answer = fetch.fetch(&request).await;
    match answer {
        Err(error) if error.is_passing() && patience == Patience::Some => {
            tokio::time::sleep(PAUSE).await;
            fetch.fetch(&request).await
        }
        answer => answer,
    }
}

/// Returns the header that names the charset.
fn content_type(answer: &Response) -> Option<&str> {
    answer.headers.get("content-type").map(String::as_str)
}

/// Reads an answer as a feed. One without title and entries is none worth asking.
fn read(answer: &Response) -> Result<(Feed, usize), String> {
    match feed::read_feed(&answer.body, content_type(answer), &answer.url) {
        Ok((feed, _)) if feed.entries.is_empty() && feed.about.title.is_empty() => {
            Err("a feed with nothing in it".to_owned())
        }
        Ok((feed, problems)) => Ok((feed, problems.len())),
        Err(not) => Err(not.reason),
    }
}

impl FoundSources {
    /// Tries addresses while tries are left.
    async fn try_all(
        &mut self,
        fetch: &dyn Fetch,
        links: &[FeedLink],
        left: &mut usize,
        allows_private: bool,
        progress: &dyn Fn(&str),
    ) {
        for link in links {
            if *left == 0 {
                return;
            }
            *left -= 1;
            progress(&format!("trying {}", link.url));
            let answer = match ask(fetch, &link.url, allows_private, Patience::None).await {
                Ok(answer) => answer,
                Err(error) => {
                    self.tried.push(Tried {
                        url: link.url.clone(),
                        reason: reason_of(&error),
                        is_missing: is_missing(&error),
                        is_named: link.whence == Whence::Named,
                    });
                    continue;
                }
            };
            match read(&answer) {
                Ok((feed, _)) => self.keep(&answer, &feed, allows_private),
                Err(reason) => {
                    let is_named = link.whence == Whence::Named;
                    self.tried.push(Tried { url: link.url.clone(), reason, is_missing: false, is_named });
                }
            }
        }
    }

    /// Keeps a feed, once for each address.
    fn keep(&mut self, answer: &Response, feed: &Feed, allows_private: bool) {
        let url = answer.url.clone();
        if self.feeds.iter().any(|f| f.url == url) {
            return;
        }
        let title = if feed.about.title.is_empty() { self.page_title.clone() } else { feed.about.title.clone() };
        let taken = self.ids();
        let id = id_of(&title, &url, &taken);
        let name = if title.is_empty() { id.clone() } else { title.clone() };
        let day = |e: &feed::Entry| e.published.or(e.updated).and_then(FeedDate::day);
        self.feeds.push(FoundFeed {
            toml: Block { id: &id, name: &name, url: &url, selectors: None, allows_private }.text(),
            entries: feed.entries.len(),
            newest: feed.entries.iter().filter_map(day).max(),
            titles: feed.entries.iter().take(TITLES_SHOWN).map(|e| e.title.clone()).collect(),
            title,
            url,
        });
    }

    /// Returns the ids proposed so far.
    fn ids(&self) -> Vec<String> {
        let id =
            |toml: &str| toml.lines().find_map(|l| l.strip_prefix("id = \"")?.strip_suffix('"').map(str::to_owned));
        self.feeds.iter().filter_map(|f| id(&f.toml)).collect()
    }

    /// Says what a page without a feed is, and guesses how it could be read itself.
    fn look_at_page(&mut self, page: &Response, allows_private: bool) {
        let content_type = content_type(page);
        if let Err(not) = landing::read(&page.body, content_type, &page.url, "page") {
            let itself = Tried { url: page.url.clone(), reason: not.reason, is_missing: false, is_named: false };
            self.tried.insert(0, itself);
        }
        let Some(guess) = page_html::guess(&page.body, content_type, &page.url) else { return };
        let id = id_of(&self.page_title, &page.url, &[]);
        let name = if self.page_title.is_empty() { &id } else { &self.page_title };
        let block = Block { id: &id, name, url: &page.url, selectors: Some(&guess.selectors), allows_private };
        self.page = Some(FoundFeed {
            url: page.url.clone(),
            title: self.page_title.clone(),
            entries: guess.count,
            newest: None,
            titles: guess.titles.clone(),
            toml: block.text(),
        });
    }
}

/// Tells whether nothing stands at an address.
fn is_missing(error: &FetchError) -> bool {
    matches!(error, FetchError::Status { status: 404 | 410, .. })
}

/// Returns why an address gave nothing, without repeating the address.
fn reason_of(error: &FetchError) -> String {
    match error {
        error if is_missing(error) => "nothing stands there".to_owned(),
        FetchError::Status { status, .. } => format!("refused with {status}"),
        FetchError::Refused { reason, .. }
        | FetchError::Transport { reason, .. }
        | FetchError::Insecure { reason, .. } => reason.clone(),
        FetchError::BotWall { .. } => "it lets no programs in (a bot wall)".to_owned(),
        FetchError::Paused { .. } => "its host wants no requests for a while".to_owned(),
        FetchError::Offline { .. } => "no way leads to the host".to_owned(),
        FetchError::Slow { .. } => "no answer in time".to_owned(),
        FetchError::NoName { .. } => "no such host".to_owned(),
        FetchError::TooLarge { .. } => "too large".to_owned(),
    }
}
