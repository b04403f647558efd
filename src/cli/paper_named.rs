//! Finding the paper that a person names: by id, PMID, DOI, address, or as a number of the last
//! search.

use super::last_search::{self, LastSearch};
use super::term::Terminal;
use crate::index::Searcher;
use crate::model::{CanonicalUrl, Doi, Identifier, Paper, Pmcid, Pmid, WorkId};
use crate::pipeline::{Home, sync};

/// Returns the paper that a word names. `None` when there is none, which was said with what is near.
///
/// # Errors
/// When the index is damaged.
pub fn find(word: &str, home: &Home, searcher: &Searcher, term: &mut Terminal) -> anyhow::Result<Option<Paper>> {
    let number = last_search::number(word);
    let last = number.map(|_| LastSearch::of(home)).unwrap_or_default();
    let of_last = number.and_then(|n| last.paper(n)).map(ToString::to_string);
    for name in of_last.into_iter().chain(names(word)) {
        if let Some(paper) = searcher.paper(&name)? {
            return Ok(Some(paper));
        }
    }
    let help = if number.is_none() && sync::is_copy(home) && !home.database().exists() {
        format!("`roundup search {word}` looks for words; `roundup sync` fetches what is new")
    } else {
        near(word, number, &last)
    };
    term.note(&format!("no paper here is \"{word}\"\n  help: {help}"));
    Ok(None)
}

/// Returns the id of the paper that a word names as a number of the last search; `None` when it is no
/// number, or none of that search.
pub fn by_number(word: &str, home: &Home) -> Option<WorkId> {
    LastSearch::of(home).paper(last_search::number(word)?).cloned()
}

/// Returns what a person can do when a number names no paper; `None` when the word is no number.
pub fn near_number(word: &str, home: &Home) -> Option<String> {
    last_search::number(word).map(|number| near(word, Some(number), &LastSearch::of(home)))
}

/// Returns the names under which what was typed may stand in the index, the likeliest first.
fn names(word: &str) -> Vec<String> {
    let word = word.trim();
    let mut out = vec![word.to_lowercase()];
    out.extend(Pmid::parse(word).map(|p| Identifier::Pmid(p).to_string()));
    out.extend(Doi::parse(word).map(|d| Identifier::Doi(d).to_string()));
    let in_address = word.to_uppercase().rfind("/PMC").and_then(|at| word.get(at + 1..));
    out.extend(Pmcid::parse(in_address.unwrap_or(word)).map(|p| Identifier::Pmcid(p).to_string()));
    let address = if word.contains("://") { word.to_owned() } else { format!("https://{word}") };
    if word.contains('.') {
        out.extend(CanonicalUrl::parse(&address).map(|u| Identifier::Url(u).to_string()));
    }
    out.push(word.to_owned());
    out
}

/// Returns what a person can do when nothing has a name.
fn near(word: &str, number: Option<usize>, last: &LastSearch) -> String {
    if let Some(number) = number {
        let pmid = format!("a PMID of so few digits is written pmid:{number}");
        return match last.numbers() {
            Some((first, end)) if first == end => format!("the last search showed number {first} only; {pmid}"),
            Some((first, end)) => format!("the last search showed numbers {first} to {end}; {pmid}"),
            None => format!("numbers are those of the last `roundup search`, and none is kept here; {pmid}"),
        };
    }
    let is_outside = Pmid::parse(word).is_some() || Doi::parse(word).is_some() || word.contains("://");
    if is_outside {
        return format!("`roundup add {word}` brings it in");
    }
    format!("give an id (w…), a PMID, a DOI or an address; `roundup search {word}` looks for words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_known_by_any_of_its_names() {
        for (typed, want) in [
            ("W2345672345A", "w2345672345a"),
            ("90000001", "pmid:90000001"),
            ("PMID: 90000001", "pmid:90000001"),
            ("https://pubmed.ncbi.nlm.nih.gov/90000001/", "pmid:90000001"),
            ("10.5555/Kenya.1", "doi:10.5555/kenya.1"),
            ("https://doi.org/10.5555/kenya.1", "doi:10.5555/kenya.1"),
            ("PMC9000001", "pmcid:PMC9000001"),
            ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/", "pmcid:PMC9000001"),
            ("https://www.example.org/a/", "url:https://example.org/a"),
            ("example.org/a", "url:https://example.org/a"),
            ("org-news#Item-7", "org-news#Item-7"),
        ] {
            assert!(names(typed).iter().any(|n| n == want), "{typed}: {:?}", names(typed));
        }
    }

    #[test]
    fn what_is_near_is_said() {
        let last = LastSearch::new(10, std::iter::empty());
        assert!(near("3", Some(3), &last).contains("none is kept here"));
        assert!(near("10.5555/x", None, &last).contains("`roundup add 10.5555/x`"));
        assert!(near("stigma", None, &last).contains("`roundup search stigma`"));
    }
}
