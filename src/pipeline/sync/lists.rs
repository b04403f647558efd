//! The list of a source: asked for sparingly, and trusted only with its signature.

use super::checked::{Checked, Validators};
use super::kept::Kept;
use super::source::{self, Source};
use super::{Wish, trouble};
use crate::fetch::{FetchError, Live, Response, fetch_patiently};
use crate::pack::{MANIFEST, MANIFEST_BYTES_MAX, Manifest, NotAList, NotSigned, PUBLIC_KEY, PublicKey, SIGNATURE};
use crate::pipeline::{Error, Result};

/// The most bytes of a signature or a key.
const SMALL_BYTES_MAX: usize = 4_096;

/// What a source has.
#[derive(Debug)]
pub(super) enum News {
    /// The list that is here.
    Same(Validators),
    /// Another list.
    List(Box<Checked>),
}

/// Asks a source for its list. When the copy is whole, the host is told what is here, so that it need
/// not send it.
///
/// A list and its signature are two files: one may be new and the other not yet. Then both are
/// asked for once more.
pub(super) async fn news(live: &Live, source: &Source, wish: &Wish, kept: &Kept, is_whole: bool) -> Result<News> {
    let is_same_source = kept.memory.source.as_ref() == Some(&source.to_text());
    let is_same_key = wish.key.is_none_or(|k| kept.memory.key.as_deref() == Some(k.to_text().as_str()));
    let known = Some(&kept.memory.validators).filter(|_| is_whole && is_same_source && is_same_key);
    let first = one_try(live, source, wish, kept, known, is_whole && is_same_key).await;
    match first {
        Err(Tried::Apart(_)) => match one_try(live, source, wish, kept, None, is_whole && is_same_key).await {
            Ok(news) => Ok(news),
            Err(Tried::Apart(error) | Tried::Failed(error)) => Err(error),
        },
        Ok(news) => Ok(news),
        Err(Tried::Failed(error)) => Err(error),
    }
}

/// Why a try failed.
enum Tried {
    /// The signature does not fit: the list may have been changed between two requests.
    Apart(Error),
    /// For good.
    Failed(Error),
}

impl From<Error> for Tried {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

async fn one_try(
    live: &Live,
    source: &Source,
    wish: &Wish,
    kept: &Kept,
    known: Option<&Validators>,
    is_whole: bool,
) -> std::result::Result<News, Tried> {
    let Some((bytes, validators)) = list_bytes(live, source, known).await? else {
        return Ok(News::Same(kept.memory.validators.clone()));
    };
    if is_whole && kept.list.as_ref().is_some_and(|(held, _)| *held == bytes) {
        return Ok(News::Same(validators));
    }
    let place = source.place(MANIFEST);
    let list = Manifest::parse(&bytes).map_err(|e| match e {
        NotAList::WebPage => trouble::web_page(&place),
        NotAList::Newer(_) => Error::stopped(e.to_string(), "get the newest roundup, then run `roundup sync` again"),
        NotAList::Form(_) => Error::stopped(format!("{place}: {e}"), "check the address with whoever gave it to you"),
    })?;
    let (key, is_new_key) = trusted(live, source, wish, kept).await?;
    let signature = small(live, source, SIGNATURE).await?;
    let text = String::from_utf8_lossy(&signature);
    match key.verify(&bytes, &text) {
        Ok(signed) if signed.comment == list.comment() => {}
        Ok(_) | Err(NotSigned::Wrong) => return Err(Tried::Apart(trouble::not_signed(&place, source.other_way()))),
        Err(NotSigned::Form) if text.trim_start().starts_with('<') => {
            return Err(trouble::web_page(&source.place(SIGNATURE)).into());
        }
        Err(NotSigned::Form) => return Err(trouble::not_signed(&place, source.other_way()).into()),
        Err(NotSigned::OtherKey) => {
            let shown = small(live, source, PUBLIC_KEY).await.ok();
            let shown = shown.and_then(|b| PublicKey::parse(&String::from_utf8_lossy(&b)).ok());
            return Err(other_key(key, shown.filter(|k| k.verify(&bytes, &text).is_ok())).into());
        }
    }
    refuse_older(kept, wish, &list, &bytes)?;
    if is_whole && kept.list.as_ref().is_some_and(|(_, held)| held.is_same_as(&list)) {
        // The same papers from other packs, as on a stick that was begun later.
        return Ok(News::Same(validators));
    }
    Ok(News::List(Box::new(Checked { list, bytes, signature, key, is_new_key, validators })))
}

/// Returns the error of a list by another key. `signer` is the key that the source gives, where the
/// list is truly signed with it: a signature alone does not hold its key.
fn other_key(trusted: PublicKey, signer: Option<PublicKey>) -> Error {
    let (old, other) = (trusted.short(), NotSigned::OtherKey);
    let keys = match signer {
        Some(new) => format!("trusted: {old}, new: {}", new.short()),
        None => format!("trusted: {old}, new: unknown, since the source does not give it"),
    };
    Error::stopped(
        format!("{other}; nothing was taken from it ({keys})"),
        "ask whoever publishes the packs, by telephone or in person, whether the key has changed; if so: \
         `roundup sync --key KEY`",
    )
}

/// Refuses a list that is older than the one here: somebody may be hiding what was retracted since.
fn refuse_older(kept: &Kept, wish: &Wish, list: &Manifest, bytes: &[u8]) -> Result<()> {
    let is_other_key = wish.key.is_some_and(|k| kept.memory.key.as_deref() != Some(k.to_text().as_str()));
    if is_other_key {
        // A new key begins a new count.
        return Ok(());
    }
    let held = kept.memory.sequence.max(kept.list.as_ref().map_or(0, |(_, l)| l.sequence));
    let is_other = |(b, l): &(Vec<u8>, Manifest)| l.sequence == held && b != bytes && !l.is_same_as(list);
    let is_twin = list.sequence == held && kept.list.as_ref().is_some_and(is_other);
    if list.sequence >= held && !is_twin {
        return Ok(());
    }
    let reason = if is_twin {
        format!("the source has another list of the same number ({held}) than the one here; it was not taken")
    } else {
        format!("the source has list {}, older than list {held} that is here; it was not taken", list.sequence)
    };
    Err(Error::stopped(reason, "a stick or a mirror may be old: use a newer one; else ask whoever publishes the packs"))
}

/// Returns the key to check by: the one named, the one trusted, or the source's own at the first time.
async fn trusted(live: &Live, source: &Source, wish: &Wish, kept: &Kept) -> Result<(PublicKey, bool)> {
    if let Some(key) = wish.key {
        return Ok((key, false));
    }
    if let Some(text) = &kept.memory.key {
        let key = PublicKey::parse(text).map_err(|_| {
            Error::stopped("the key in data/sync.json cannot be read", "name it: `roundup sync --key KEY`")
        })?;
        return Ok((key, false));
    }
    let bytes = small(live, source, PUBLIC_KEY).await?;
    let text = String::from_utf8_lossy(&bytes);
    if text.trim_start().starts_with('<') {
        return Err(trouble::web_page(&source.place(PUBLIC_KEY)));
    }
    let key = PublicKey::parse(&text).map_err(|e| {
        Error::stopped(format!("{}: {e}", source.place(PUBLIC_KEY)), "ask whoever publishes the packs for the key")
    })?;
    Ok((key, true))
}

/// Returns the bytes of the list and what the host says of its age; `None` when it is as known.
async fn list_bytes(live: &Live, source: &Source, known: Option<&Validators>) -> Result<Option<(Vec<u8>, Validators)>> {
    let mut request = match (source, source.request(MANIFEST)) {
        (Source::Web(_), Some(request)) => request,
        (Source::Folder(path), _) => {
            return Ok(Some((source::read(path, MANIFEST, MANIFEST_BYTES_MAX)?, Validators::default())));
        }
        (Source::Web(base), None) => return Err(Error::Missing(base.clone())),
    };
    let known = known.filter(|known| **known != Validators::default());
    match known {
        Some(known) => {
            let headers = [("if-none-match", &known.etag), ("if-modified-since", &known.last_modified)];
            request.headers.extend(headers.into_iter().filter_map(|(n, v)| Some((n.to_owned(), v.clone()?))));
        }
        None => request.headers.push(("cache-control".to_owned(), "no-cache".to_owned())),
    }
    let answer = fetched(live, &request).await?;
    if answer.status == 304 {
        return if known.is_some() { Ok(None) } else { Err(trouble::not_asked(&request.url)) };
    }
    Ok(Some((answer.body, Validators::of(&answer.headers))))
}

/// Returns a small file of the source.
async fn small(live: &Live, source: &Source, name: &str) -> Result<Vec<u8>> {
    let mut request = match (source, source.request(name)) {
        (Source::Web(_), Some(request)) => request,
        (Source::Folder(path), _) => return source::read(path, name, SMALL_BYTES_MAX),
        (Source::Web(base), None) => return Err(Error::Missing(base.clone())),
    };
    request.headers.push(("cache-control".to_owned(), "no-cache".to_owned()));
    let answer = fetched(live, &request).await?;
    if answer.status == 304 { Err(trouble::not_asked(&request.url)) } else { Ok(answer.body) }
}

/// Makes a request; faults that pass are tried again.
async fn fetched(live: &Live, request: &crate::fetch::Request) -> Result<Response> {
    let answer = fetch_patiently(live, request, &|_| Ok(())).await;
    answer.map_err(|e: FetchError| trouble::of_fetch(&e))
}
