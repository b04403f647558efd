//! What a DOI says about the version of a text.

use std::cmp::Ordering;

use crate::model::Doi;

/// How DOIs begin on platforms that number their versions with a bare `.1`, `.2`: `F1000Research`
/// and its sisters, `MedEdPublish`, eLife's reviewed preprints. Elsewhere such an ending is another paper.
const NUMBERED_BARE: &[&str] = &["10.12688/", "10.15694/", "10.7554/elife."];

/// What stands before the number of a version: Cochrane's `.pub2`; `/v2`, `.v2`, `_v2`, `-v2` of
/// preprint servers and data stores.
const VERSION_MARKS: &[&str] = &[".pub", "/v", ".v", "_v", "-v"];

/// Highest version we believe in: a larger number is a part of the name.
const VERSION_MAX: u32 = 50;

/// Returns which of two DOIs names the earlier version of one text, or `None` when they name two
/// texts.
///
/// `Less`: `a` is the earlier version. `Equal`: both name one version, or are one DOI. A DOI without
/// a version is the first (Cochrane) or stands for the text as a whole (preprint servers); either
/// way it comes with the first. `versions(b, a)` is the reverse.
pub(super) fn versions(a: &Doi, b: &Doi) -> Option<Ordering> {
    let ((base_a, version_a), (base_b, version_b)) = (split(a.as_str()), split(b.as_str()));
    (base_a == base_b).then(|| version_a.unwrap_or(1).cmp(&version_b.unwrap_or(1)))
}

/// Returns the name that all versions of a text share, where the DOI says its version or is
/// Cochrane's, whose first version says none.
pub(super) fn base(doi: &Doi) -> Option<&str> {
    let (base, version) = split(doi.as_str());
    (version.is_some() || doi.as_str().starts_with(COCHRANE)).then_some(base)
}

/// How DOIs of Cochrane's reviews begin.
const COCHRANE: &str = "10.1002/14651858.";

/// Tells whether a version is a new edition with new evidence, as Cochrane's updates are, and not
/// the same text mended.
pub(super) fn is_edition(doi: &Doi) -> bool {
    let (base, version) = split(doi.as_str());
    doi.as_str().starts_with(COCHRANE) || version.is_some_and(|v| doi.as_str() == format!("{base}.pub{v}"))
}

/// Returns a DOI without its version, and the version.
fn split(doi: &str) -> (&str, Option<u32>) {
    let digits = doi.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (head, number) = doi.split_at(doi.len() - digits);
    let version = number.parse().ok().filter(|v| (1..=VERSION_MAX).contains(v) && !number.starts_with('0'));
    let Some(version) = version else { return (doi, None) };
    if let Some(base) = VERSION_MARKS.iter().find_map(|m| head.strip_suffix(m)).filter(|b| b.contains('/')) {
        return (base, Some(version));
    }
    // bioRxiv and medRxiv write the version right behind the number: 2023.02.03.12345v2.
    if let Some(base) = head.strip_suffix('v').filter(|b| b.ends_with(|c: char| c.is_ascii_digit())) {
        return (base, Some(version));
    }
    let is_bare =
        |base: &str| base.ends_with(|c: char| c.is_ascii_digit()) && NUMBERED_BARE.iter().any(|p| base.starts_with(p));
    match head.strip_suffix('.').filter(|b| is_bare(b)) {
        Some(base) => (base, Some(version)),
        None => (doi, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_one_text_are_told_from_other_texts() {
        let doi = |text: &str| Doi::parse(text).expect("a DOI");
        for (a, b, want, note) in [
            ("10.5555/14651858.cd090001.pub2", "10.5555/14651858.cd090001.pub3", Some(Ordering::Less), "Cochrane"),
            ("10.5555/14651858.cd090001", "10.5555/14651858.cd090001.pub2", Some(Ordering::Less), "its first version"),
            ("10.5555/rs.3.rs-90001/v1", "10.5555/rs.3.rs-90001/v2", Some(Ordering::Less), "behind a slash"),
            ("10.5555/preprints202401.0001.v2", "10.5555/preprints202401.0001.v10", Some(Ordering::Less), "counted"),
            ("10.5555/osf.io/abcde_v2", "10.5555/osf.io/abcde_v1", Some(Ordering::Greater), "behind a low line"),
            (
                "10.5555/osf.io/abcde",
                "10.5555/osf.io/abcde_v1",
                Some(Ordering::Equal),
                "the text and its first version",
            ),
            ("10.5555/example-90001-v3", "10.5555/example-90001-v4", Some(Ordering::Less), "behind a hyphen"),
            ("10.1101/2023.02.03.90000001v1", "10.1101/2023.02.03.90000001v3", Some(Ordering::Less), "no mark at all"),
            ("10.12688/exampleres.90001.1", "10.12688/exampleres.90001.2", Some(Ordering::Less), "a bare number"),
            ("10.5555/abc.1", "10.5555/abc.1", Some(Ordering::Equal), "one DOI"),
            ("10.5555/j.2024.01.1", "10.5555/j.2024.01.2", None, "a bare number elsewhere is another paper"),
            ("10.12688/exampleres.90001.1", "10.12688/exampleres.90002.1", None, "two texts"),
            ("10.7554/elife.90001.001", "10.7554/elife.90001.002", None, "figures of a paper, not versions"),
            ("10.5555/rev12", "10.5555/rev13", None, "a v in a word"),
            ("10.5555/x/v2024", "10.5555/x/v2025", None, "a year is no version"),
            ("10.5555/v1", "10.5555/v2", None, "nothing is left of the name"),
        ] {
            assert_eq!(versions(&doi(a), &doi(b)), want, "{a} {b}: {note}");
            assert_eq!(versions(&doi(b), &doi(a)), want.map(Ordering::reverse), "{b} {a}: {note}");
        }
    }
}
