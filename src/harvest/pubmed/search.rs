//! ESearch: the ids of a window of days, all of them, and of a term.

use std::collections::BTreeSet;

use super::answers::{Answer, Found, read_found};
use super::window::{Days, Plan};
use super::{Asker, HarvestError, Notes, Utility, post};
use crate::model::Source;

/// The most ids one ESearch gives for PubMed, whatever `retmax` or the history server (biopython
/// issues 4189 and 4353, NCBI Insights of 22 November 2022).
const IDS_MAX: usize = 9_999;

/// What a window holds.
#[derive(Debug, Default)]
pub(super) struct Sought {
    /// All ids found, ascending.
    pub ids: BTreeSet<u32>,
    /// Whether nothing is known to be missing; what is stands in the notes.
    pub is_complete: bool,
    /// How PubMed understood the query, without the window; `None` when it does not say.
    pub translation: Option<String>,
    /// Whether PubMed warned of something in the query.
    pub has_warnings: bool,
}

/// Searches a window for a query, part by part where it holds more than one search gives.
///
/// # Errors
/// When PubMed cannot be asked or does not take the query.
pub(super) async fn find_all(
    asker: &Asker<'_>,
    source: &Source,
    query: &str,
    days: Days,
    notes: &mut Notes,
) -> Result<Sought, HarvestError> {
    let mut plan = Plan::new(days, IDS_MAX);
    let mut sought = Sought::default();
    while let Some(part) = plan.next() {
        let found = search_fully(asker, source, &part.term(query), notes).await?;
        if sought.translation.is_none() {
            sought.translation = Some(without_window(&found.translation, days)).filter(|t| !t.is_empty());
        }
        sought.has_warnings |= !found.warnings.is_empty();
        notes.add_all(found.warnings);
        plan.take(part, found.count, &found.ids);
    }
    let (ids, shortfalls) = plan.finish();
    sought.is_complete = shortfalls.is_empty();
    notes.add_all(shortfalls);
    sought.ids = ids;
    Ok(sought)
}

/// Returns the ids a term finds, as PubMed orders them; at most 9,999. None found gives none.
///
/// # Errors
/// When PubMed cannot be asked or does not take the term.
pub(in crate::harvest) async fn ids_of_term(
    asker: &Asker<'_>,
    source: &Source,
    term: &str,
) -> Result<Vec<u32>, HarvestError> {
    Ok(search_fully(asker, source, term, &mut Notes::default()).await?.ids)
}

/// Searches once, and once more when fewer ids come than are counted.
async fn search_fully(
    asker: &Asker<'_>,
    source: &Source,
    term: &str,
    notes: &mut Notes,
) -> Result<Found, HarvestError> {
    let mut found = search(asker, source, term, notes).await?;
    if found.ids.len() < found.count.min(IDS_MAX) {
        let again = search(asker, source, term, notes).await?;
        let known: BTreeSet<u32> = found.ids.iter().copied().collect();
        found.ids.extend(again.ids.into_iter().filter(|id| !known.contains(id)));
        found.count = found.count.max(again.count);
    }
    Ok(found)
}

/// Makes one ESearch.
async fn search(asker: &Asker<'_>, source: &Source, term: &str, notes: &mut Notes) -> Result<Found, HarvestError> {
    let fields = [("term", term.to_owned()), ("retmax", IDS_MAX.to_string()), ("retmode", "xml".to_owned())];
    let response = post(asker, source, Utility::Search, &fields, notes, &|r| match read_found(&r.body) {
        Answer::Found(_) | Answer::Refused(_) => Ok(()),
        Answer::Passing(reason) => Err(reason),
    })
    .await
    .map_err(super::explained)?;
    match read_found(&response.body) {
        Answer::Found(found) => Ok(found),
        Answer::Refused(error) => {
            Err(HarvestError::Answer(format!("PubMed refused the search: {error}; check the query in feeds.toml")))
        }
        Answer::Passing(reason) => Err(HarvestError::Answer(reason)),
    }
}

/// Returns how PubMed understood the query alone: the window behind it differs on every run.
fn without_window(translation: &str, days: Days) -> String {
    let day = |d: jiff::civil::Date| d.strftime("%Y/%m/%d").to_string();
    let is_window = |text: &str| text.contains(&day(days.from)) && text.contains(&day(days.to));
    let whole = translation.trim();
    let query = match whole.rsplit_once(" AND (") {
        Some((query, window)) if is_window(window) => query,
        // Written otherwise than we know: without its days it is at least the same on every run.
        _ => &whole.replace(&day(days.from), "…").replace(&day(days.to), "…"),
    };
    let inside = query.strip_prefix('(').and_then(|q| q.strip_suffix(')')).filter(|q| is_balanced(q));
    inside.unwrap_or(query).trim().to_owned()
}

/// Tells whether parentheses outside quotation marks close exactly what was opened.
pub(super) fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i64;
    let mut is_quoted = false;
    for c in text.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_window_is_not_part_of_the_query() {
        let days = Days { from: date(2026, 9, 1), to: date(2026, 9, 30) };
        // (translation, want, note)
        let cases = [
            (
                "(\"a b\"[MeSH Terms] OR c[All Fields]) AND (2026/09/01:2026/09/30[Date - Entry] OR 2026/09/01:2026/09/30[Date - Create])",
                "\"a b\"[MeSH Terms] OR c[All Fields]",
                "as PubMed writes it",
            ),
            (
                "(a) AND (b) AND (\"2026/09/01\"[Date - Entry] : \"2026/09/30\"[Date - Entry])",
                "(a) AND (b)",
                "parentheses of two groups stay",
            ),
            (
                "a AND 2026/09/01:2026/09/30[Date - Entry]",
                "a AND …:…[Date - Entry]",
                "another form: the same every day",
            ),
            ("(a) AND (b)", "(a) AND (b)", "no window: nothing is taken away"),
            ("", "", "nothing said"),
        ];
        for (text, want, note) in cases {
            assert_eq!(without_window(text, days), want, "{note}");
        }
    }

    #[test]
    fn parentheses_balance() {
        for (text, want) in
            [("(a) OR (b)", true), ("(a", false), ("a) OR (b", false), ("\"a(\" OR b", true), ("", true)]
        {
            assert_eq!(is_balanced(text), want, "{text}");
        }
    }
}
