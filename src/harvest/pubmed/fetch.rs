//! EFetch: records by their ids, page by page; what one page loses is asked for again.
//!
//! One record that PubMed cannot give must cost only itself. So a page that keeps failing is halved
//! down to single records, whole records of an answer that breaks off are kept, and what was left
//! out without a word is asked for once more.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::answers::{NO_IDS, Set, check_set, text_of};
use super::{Asker, FetchError, HarvestError, Notes, Utility, explained, fetch_page, post};
use crate::model::{Payload, PayloadKind, Source};

/// Records asked for at once.
pub(super) const PAGE_RECORDS: usize = 200;
/// Failures without an answer between them after which PubMed counts as down. Halves are asked in
/// turn, so one bad record never makes more than three.
const FAILURES_IN_A_ROW_MAX: usize = 5;
/// Failures of one run: finding one bad record among 200 takes nine, so four of them are found.
const FAILURES_MAX: usize = 40;
/// Most records left out of pages that are asked for one by one.
const SINGLES_MAX: usize = 20;

/// What stands for an answer when PubMed says that none of the ids exists.
const EMPTY_SET: &[u8] = b"<?xml version=\"1.0\" ?>\n<PubmedArticleSet></PubmedArticleSet>\n";

/// Returns the body of one EFetch: a complete set, or (`is_part_enough`) one with a whole record.
pub(super) async fn fetch_set(
    asker: &Asker<'_>,
    source: &Source,
    ids: &[u32],
    is_part_enough: bool,
) -> Result<Vec<u8>, FetchError> {
    if ids.is_empty() {
        return Ok(EMPTY_SET.to_vec());
    }
    let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    // No `rettype`: with retmode=xml it gives an empty 200 (ontogpt issue 131).
    let fields = [("id", list.join(",")), ("retmode", "xml".to_owned())];
    let is_good = move |r: &super::Response| check_set(&r.body, is_part_enough);
    match post(asker, source, Utility::Fetch, &fields, &mut Notes::default(), &is_good).await {
        Ok(response) if has_no_ids(&response.body) => Ok(EMPTY_SET.to_vec()),
        Ok(response) => Ok(response.body),
        Err(FetchError::Status { said, .. }) if said.contains(NO_IDS) => Ok(EMPTY_SET.to_vec()),
        Err(error) => Err(error),
    }
}

/// Tells whether a small answer says that none of the ids exists.
fn has_no_ids(body: &[u8]) -> bool {
    text_of(body.get(..body.len().min(1_000)).unwrap_or_default()).contains(NO_IDS)
}

/// Returns the payload of an answer.
pub(super) fn payload(asker: &Asker<'_>, source: &Source, ids: &[u32], bytes: Vec<u8>) -> Payload {
    let first = ids.first().map(ToString::to_string).unwrap_or_default();
    Payload {
        source: source.id.clone(),
        url: format!("{}?db=pubmed&id={first}", super::address(source, Utility::Fetch)),
        fetched_at: asker.clock.now(),
        kind: PayloadKind::PubmedXml { asked: ids.to_vec() },
        bytes,
    }
}

/// Fetches records and keeps account of those that do not come.
pub(super) struct Fetcher<'a> {
    asker: &'a Asker<'a>,
    source: &'a Source,
    /// Ids that answers left out; asked for once more at the end.
    missing: Vec<u32>,
    /// Ids whose answers failed, and why.
    lost: BTreeMap<u32, String>,
    failures: usize,
    failures_in_a_row: usize,
}

impl<'a> Fetcher<'a> {
    /// Returns a fetcher that has asked nothing yet.
    pub fn new(asker: &'a Asker<'a>, source: &'a Source) -> Self {
        Self { asker, source, missing: Vec::new(), lost: BTreeMap::new(), failures: 0, failures_in_a_row: 0 }
    }

    /// Fetches one page and puts the answers into `out`, in the order of their first ids: one answer
    /// as a rule, several when the page had to be halved.
    ///
    /// # Errors
    /// When PubMed seems to be down; what came before stands in `out`.
    pub async fn page(&mut self, ids: &[u32], out: &mut Vec<Payload>) -> Result<(), HarvestError> {
        let mut came = BTreeMap::new();
        let outcome = self.page_in_parts(ids, &mut came).await;
        out.extend(came.into_values());
        outcome
    }

    async fn page_in_parts(&mut self, ids: &[u32], came: &mut BTreeMap<u32, Payload>) -> Result<(), HarvestError> {
        let mut open = VecDeque::from([ids.to_vec()]);
        while let Some(ids) = open.pop_front() {
            let body = match fetch_set(self.asker, self.source, &ids, true).await {
                Ok(body) => body,
                Err(error) => {
                    self.count_failure(error.clone())?;
                    match ids.as_slice() {
                        [one] => {
                            self.lost.insert(*one, error.to_string());
                        }
                        many => {
                            let (lower, upper) = many.split_at(many.len() / 2);
                            open.extend([lower.to_vec(), upper.to_vec()]);
                        }
                    }
                    continue;
                }
            };
            self.failures_in_a_row = 0;
            let (kept, rest, is_complete) = self.sorted(&ids, body);
            came.extend(kept.map(|p| (first_asked(&p), p)));
            if is_complete {
                self.missing.extend(rest);
            } else if !rest.is_empty() {
                self.failures += 1;
                open.push_front(rest);
            }
        }
        Ok(())
    }

    /// Sorts one answer: a payload of the whole records in it (the answer as it came when all are
    /// whole), the ids that it does not hold, and whether it was complete.
    fn sorted(&self, ids: &[u32], body: Vec<u8>) -> (Option<Payload>, Vec<u32>, bool) {
        let (got, is_complete, repaired) = {
            let text = text_of(&body);
            let set = Set::of(&text);
            (set.pmids(), set.is_complete, set.is_damaged().then(|| set.whole_ones()))
        };
        let (came, rest): (Vec<u32>, Vec<u32>) = ids.iter().partition(|id| got.contains(id));
        let bytes = repaired.map_or(body, String::into_bytes);
        let kept = (!got.is_empty()).then(|| payload(self.asker, self.source, &came, bytes));
        (kept, rest, is_complete)
    }

    /// Counts a failure; gives it back as the end of the run when asking on makes no sense.
    fn count_failure(&mut self, error: FetchError) -> Result<(), HarvestError> {
        self.failures += 1;
        self.failures_in_a_row += 1;
        let is_for_all = matches!(
            error,
            FetchError::Refused { .. } | FetchError::NoName { .. } | FetchError::Status { status: 401 | 403 | 429, .. }
        );
        let is_enough = self.failures_in_a_row >= FAILURES_IN_A_ROW_MAX || self.failures >= FAILURES_MAX;
        if is_for_all || is_enough { Err(explained(error)) } else { Ok(()) }
    }

    /// Asks once more for what answers left out: together while it is much, then one by one. An
    /// answer that holds a damaged record is handed on as it is, so that the damage is named.
    pub async fn last_chance(&mut self, out: &mut Vec<Payload>) {
        let mut missing = std::mem::take(&mut self.missing);
        if missing.len() > SINGLES_MAX {
            for page in missing.chunks(PAGE_RECORDS) {
                if self.page(page, out).await.is_err() {
                    self.missing.extend(page);
                }
            }
            let came: BTreeSet<u32> = out.iter().flat_map(asked).copied().collect();
            missing.retain(|id| !came.contains(id) && !self.lost.contains_key(id));
            self.missing.clear();
        }
        if missing.len() <= SINGLES_MAX {
            let mut still = Vec::new();
            for (place, id) in missing.iter().enumerate() {
                let Ok(is_given) = self.single(*id, out).await else {
                    still.extend(missing.iter().skip(place));
                    break;
                };
                if !is_given {
                    still.push(*id);
                }
            }
            missing = still;
        }
        self.missing = missing;
    }

    /// Asks for one record alone. Returns whether it is settled: come, or named as lost.
    async fn single(&mut self, id: u32, out: &mut Vec<Payload>) -> Result<bool, HarvestError> {
        let payload = match fetch_page(self.asker, self.source, &[id]).await {
            Ok(payload) => payload,
            Err(error) => {
                self.lost.insert(id, error.to_string());
                self.failures_in_a_row += 1;
                return if self.failures_in_a_row < FAILURES_IN_A_ROW_MAX { Ok(true) } else { Err(error) };
            }
        };
        self.failures_in_a_row = 0;
        let is_given = {
            let text = text_of(&payload.bytes);
            let set = Set::of(&text);
            set.is_damaged() || set.pmids().contains(&id)
        };
        if is_given {
            out.push(payload);
        }
        Ok(is_given)
    }

    /// Names what did not come, `asked` being how many records were asked for.
    pub fn account(&self, asked: usize, notes: &mut Notes) {
        if !self.missing.is_empty() {
            let in_issue = self.missing.iter().filter(|id| self.asker.recheck.iter().any(|p| p.number() == **id));
            let in_issue: Vec<u32> = in_issue.copied().collect();
            let hint =
                if in_issue.is_empty() { String::new() } else { format!("; in an issue: {}", listed(&in_issue)) };
            notes.add(format!(
                "PubMed was asked for {asked} records and does not give {} of them (deleted, or not public yet): {}{hint}",
                self.missing.len(),
                listed(&self.missing)
            ));
        }
        if let Some(reason) = self.lost.values().next() {
            let ids: Vec<u32> = self.lost.keys().copied().collect();
            notes.add(format!(
                "{} of {asked} records could not be fetched: PMID {} ({reason}); the next runs ask for them again",
                ids.len(),
                listed(&ids)
            ));
        }
    }
}

/// How many ids a note names.
const IDS_SHOWN: usize = 10;

/// Returns ids in words: the first ten and how many more.
fn listed(ids: &[u32]) -> String {
    let shown: Vec<String> = ids.iter().take(IDS_SHOWN).map(ToString::to_string).collect();
    let more = ids.len().saturating_sub(IDS_SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Returns the ids a payload was asked for.
fn asked(payload: &Payload) -> &[u32] {
    match &payload.kind {
        PayloadKind::PubmedXml { asked } => asked,
        _ => &[],
    }
}

/// Returns the first id a payload was asked for; one without sorts last.
fn first_asked(payload: &Payload) -> u32 {
    asked(payload).first().copied().unwrap_or(u32::MAX)
}
