//! A paper as a line of a pack: what members need of it, and what is ours to give.

use crate::model::{Paper, WorkId};

/// Returns a paper without what members do not need or what is not ours to give: people's own notes
/// in imported files, affiliations, ORCID iDs, the day and the database it came from; and without
/// addresses that repeat its DOI, PMID or PMCID, and without names of people's files.
pub fn slim(mut paper: Paper) -> Paper {
    let record = &mut paper.record;
    record.id.clear();
    record.source.clear();
    // Their texts stand in the abstract, each led by its label.
    record.sections.clear();
    record.extra.clear();
    record.entered = None;
    record.database = None;
    for author in &mut record.authors {
        author.affiliation = None;
        author.orcid = None;
    }
    let named = [
        record.doi.as_ref().map(crate::model::Doi::url),
        record.pmid.map(crate::model::Pmid::url),
        record.pmcid.as_ref().map(crate::model::Pmcid::url),
    ];
    let repeats = |url: &str| named.iter().flatten().any(|n| n == url);
    record.url = record.url.take().filter(|url| !repeats(url));
    let url = record.url.clone();
    record.links.retain(|link| !repeats(link) && url.as_ref() != Some(link));
    paper.names.retain(|name| is_public(name));
    paper.sources.retain(|source| source.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    paper
}

/// Tells whether a name is one that the outside world knows: an identifier, an address, the id of a
/// work. Names of people's files (`somebody/export.ris#3`) are not.
fn is_public(name: &str) -> bool {
    let known = ["pmid:", "doi:", "pmcid:", "url:", "http://", "https://"];
    known.iter().any(|k| name.starts_with(k)) || WorkId::parse(name).is_some()
}

/// Returns the line of a paper, with its line feed. The same paper gives the same bytes.
///
/// # Errors
/// When it cannot be written as JSON, which is our own mistake.
pub fn line(paper: Paper) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = serde_json::to_vec(&slim(paper))?;
    out.push(b'\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ours_to_give_is_left_out_and_the_rest_stays() {
        let text = r#"{"id":"w2345672345a","record":{"id":"x","source":"s","title":"T","abstract":"A","sections":[{"text":"A"}],
            "authors":[{"family":"Example","given":"M","orcid":"0000-0001-2345-6789","affiliation":"Street 1"}],"journal":"J",
            "entered":"2026-01-02","doi":"10.5555/x","pmid":"90000001","url":"https://doi.org/10.5555/x",
            "links":["https://pubmed.ncbi.nlm.nih.gov/90000001/","https://example.org/x.pdf"],"database":"D","my notes":"private"},
            "names":["pmid:90000001","somebody/export.ris#3","doi:10.5555/x.v1"],"sources":["pubmed","export.ris"],"scope":"in","design":"rct","countries":["KEN"]}"#;
        let paper: Paper = serde_json::from_str(text).unwrap();
        let line = line(paper).unwrap();
        let got = String::from_utf8(line).unwrap();
        let want = "{\"id\":\"w2345672345a\",\"record\":{\"title\":\"T\",\"abstract\":\"A\",\"authors\":[{\"family\":\"Example\",\"given\":\"M\"}],\
            \"journal\":\"J\",\"doi\":\"10.5555/x\",\"pmid\":\"90000001\",\"links\":[\"https://example.org/x.pdf\"]},\
            \"names\":[\"pmid:90000001\",\"doi:10.5555/x.v1\"],\"sources\":[\"pubmed\"],\"scope\":\"in\",\"countries\":[\"KEN\"],\"design\":\"rct\"}\n";
        assert_eq!(got, want);
    }

    #[test]
    fn fields_of_a_newer_version_are_passed_over() {
        let text = r#"{"id":"w2345672345a","record":{"title":"T"},"scope":"in","design":"rct","mood":"new"}"#;
        assert!(serde_json::from_str::<Paper>(text).is_ok());
    }
}
