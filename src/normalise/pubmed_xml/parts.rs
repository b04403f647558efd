//! Parts that articles and books share: people, abstracts, dates, identifiers.

use super::tree::Element;
use crate::model::{Author, PartialDate, Section};
use crate::normalise::{dates, names};

/// Tells whether an element is valid: PubMed keeps withdrawn values and marks them `ValidYN="N"`.
pub fn is_valid(element: Element<'_>) -> bool {
    !element.has("ValidYN", "N")
}

/// Returns the text of an element; empty when there is none.
fn text_of(element: Option<Element<'_>>) -> String {
    element.map(Element::text).unwrap_or_default()
}

/// Returns the date of a `PubDate`, `ArticleDate`, `ContributionDate` or `PubMedPubDate`, as far as
/// it is known: a season gives the year alone, `MedlineDate` the start of its range.
pub fn date(element: Element<'_>) -> Option<PartialDate> {
    let [year, month, day, medline] = element.firsts(["Year", "Month", "Day", "MedlineDate"]).map(text_of);
    if year.is_empty() {
        return dates::medline(&medline);
    }
    let day = day.bytes().all(|b| b.is_ascii_digit()).then(|| day.parse().ok()).flatten();
    dates::from_parts(dates::year(&year)?, dates::month(&month), day)
}

/// Returns the day a history list says the record entered Entrez.
pub fn entered(history: Option<Element<'_>>) -> Option<PartialDate> {
    history?.named("PubMedPubDate").find(|d| d.has("PubStatus", "entrez")).and_then(date)
}

/// Returns the authors of one or more lists, in order; withdrawn names are left out.
pub fn authors(lists: &[Element<'_>]) -> Vec<Author> {
    lists.iter().flat_map(|list| list.named("Author")).filter(|a| is_valid(*a)).filter_map(author).collect()
}

/// Returns one author; `None` when the element names nobody.
fn author(element: Element<'_>) -> Option<Author> {
    let [group, family, given, initials, suffix] =
        element.firsts(["CollectiveName", "LastName", "ForeName", "Initials", "Suffix"]);
    let (group, family) = (text_of(group), text_of(family));
    let given = Some(text_of(given)).filter(|g| !g.is_empty()).unwrap_or_else(|| text_of(initials));
    let mut author = match (group.is_empty(), family.is_empty(), given.is_empty()) {
        (false, true, _) => Author::group(group),
        (_, false, _) => Author::person(family, given),
        (_, true, false) => Author::person(given, ""),
        (true, true, true) => return None,
    };
    author.suffix = Some(text_of(suffix)).filter(|s| !s.is_empty());
    author.orcid = element
        .named("Identifier")
        .filter(|i| is_valid(*i) && i.attribute("Source").is_some_and(|s| s.eq_ignore_ascii_case("ORCID")))
        .find_map(|i| names::orcid(&i.text()));
    let mut affiliations = element.texts_at(&["AffiliationInfo", "Affiliation"]);
    // Records from before 2015 have it directly below the author.
    affiliations.extend(element.texts_at(&["Affiliation"]));
    author.affiliation = (!affiliations.is_empty()).then(|| affiliations.join("; "));
    Some(author)
}

/// Returns the sections of the abstract: `Abstract` when it has text, else the first English
/// `OtherAbstract` with text. Empty sections are left out.
pub fn sections(abstracts: &[Element<'_>], others: &[Element<'_>]) -> Vec<Section> {
    let own: Vec<Section> = abstracts.iter().flat_map(|a| sections_of(*a)).collect();
    if !own.is_empty() {
        return own;
    }
    let is_english = |o: &&Element<'_>| o.attribute("Language").is_none_or(|l| l == "eng");
    others.iter().filter(is_english).map(|o| sections_of(*o)).find(|s| !s.is_empty()).unwrap_or_default()
}

/// Returns the sections that have text.
fn sections_of(place: Element<'_>) -> Vec<Section> {
    let attribute = |e: Element<'_>, key: &str| e.attribute(key).and_then(|v| crate::normalise::fields::line(&v));
    place
        .named("AbstractText")
        .map(|e| Section { label: attribute(e, "Label"), category: attribute(e, "NlmCategory"), text: e.text() })
        .filter(|s| !s.text.is_empty())
        .collect()
}

/// Tells whether sections say more than their joined texts do.
pub fn is_structured(sections: &[Section]) -> bool {
    sections.len() > 1 || sections.iter().any(|s| s.label.is_some() || s.category.is_some())
}

/// Returns the texts of all valid identifiers of a kind, in order. `IdType` stands on
/// `ArticleId`, `EIdType` on `ELocationID`.
pub fn identifiers(elements: &[Element<'_>], kind: &str) -> Vec<String> {
    elements
        .iter()
        .filter(|e| is_valid(**e) && (e.has("IdType", kind) || e.has("EIdType", kind)))
        .map(|e| e.text())
        .filter(|t| !t.is_empty())
        .collect()
}
