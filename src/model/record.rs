//! What one source said once about one paper or news item.

use std::collections::BTreeMap;
use std::fmt;

use super::text::clean_line;
use super::{CanonicalUrl, Doi, Identifier, PartialDate, Pmcid, Pmid};

/// One paper or news item as one source gives it: the record form of JSON lines.
///
/// Only `title` is needed. Empty fields are left out when written. All text is plain: no markup,
/// no control or bidi characters (`normalise` sees to that). The form is a stable interface.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Record {
    /// `pmid:N` for PubMed; else guid, link or `file#n`. Unique within its source.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Source id from `feeds.toml`, or the file it was read from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Title as plain text; brackets of translated PubMed titles are kept.
    pub title: String,
    /// Title in the language of the paper, where PubMed gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_vernacular: Option<String>,
    /// Section texts joined by a blank line, each led by `LABEL: ` when labelled.
    #[serde(rename = "abstract", skip_serializing_if = "Option::is_none")]
    pub abstract_text: Option<String>,
    /// Sections of a structured abstract; empty unless some section has a label.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Authors in the order of the paper.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// Journal, book or site name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<String>,
    /// ISSNs in the form `1234-567X`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issn: Vec<String>,
    /// Volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// Issue of the volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Pages as printed, or an article number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<String>,
    /// Citation year (PubMed's `PubDate`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// First public day at its own precision; may differ from `year`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PartialDate>,
    /// Day it entered the source (PubMed's entrez date).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered: Option<PartialDate>,
    /// BCP 47 codes, two letters where they exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub language: Vec<String>,
    /// DOI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<Doi>,
    /// PubMed id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<Pmid>,
    /// PubMed Central id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmcid: Option<Pmcid>,
    /// The page to send a reader to when there is no DOI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Further addresses (full text, PDF).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Publication types in PubMed's words ("Journal Article", "Randomized Controlled Trial").
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// MeSH headings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mesh: Vec<MeshHeading>,
    /// Author keywords or feed categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Links to other papers; never merges.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Whether the full text is free; `None` when not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_access: Option<bool>,
    /// The database an export came from ("MEDLINE", "`PsycINFO`").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Fields we do not know, kept aside unread.
    #[serde(flatten, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, serde_json::Value>,
}

impl Record {
    /// Returns every outside name of the record, strongest first: PMID, DOI, PMCID, address, guid.
    ///
    /// The address of a DOI resolver or of PubMed is no name of its own: it repeats the DOI or PMID.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let mut out = Vec::new();
        out.extend(self.pmid.map(Identifier::Pmid));
        out.extend(self.doi.clone().map(Identifier::Doi));
        out.extend(self.pmcid.clone().map(Identifier::Pmcid));
        if let Some(url) = self.url.as_deref().and_then(CanonicalUrl::parse) {
            let host = url.as_str().trim_start_matches("https://").split('/').next().unwrap_or_default();
            let repeats = (host.ends_with("doi.org") && self.doi.is_some())
                || (host.ends_with("ncbi.nlm.nih.gov") && self.pmid.is_some());
            if !repeats {
                out.push(Identifier::Url(url));
            }
        }
        if !self.id.is_empty() && !self.source.is_empty() && !self.id.starts_with("pmid:") {
            out.push(Identifier::Guid { source: self.source.clone(), guid: self.id.clone() });
        }
        out
    }

    /// Returns the address to send a reader to: DOI, else PubMed, else the item's own page.
    pub fn best_link(&self) -> Option<String> {
        self.doi
            .as_ref()
            .map(Doi::url)
            .or_else(|| self.url.clone().filter(|u| CanonicalUrl::parse(u).is_some()))
            .or_else(|| self.pmid.map(Pmid::url))
    }

    /// Tells whether one of the publication types is `name` (case is ignored).
    pub fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|t| t.eq_ignore_ascii_case(name))
    }

    /// Tells whether PubMed marks the paper as retracted (type or a `retraction-in` link).
    pub fn is_retracted(&self) -> bool {
        self.has_type("Retracted Publication")
            || self.relations.iter().any(|r| r.kind == RelationKind::new("retraction-in"))
    }

    /// Tells whether the paper is a preprint by its publication type.
    pub fn is_preprint(&self) -> bool {
        self.has_type("Preprint")
    }

    /// Tells whether the DOI is one that only preprint servers give: medRxiv and bioRxiv (10.1101
    /// and 10.64898 before a digit: 10.1101 also names journals), Research Square, SSRN, Preprints.org, PsyArXiv,
    /// SocArXiv, OSF, `AfricArXiv`, SciELO Preprints, Qeios, JMIR Preprints. `F1000Research` and its sisters
    /// (10.12688) are journals with open review.
    pub fn has_preprint_doi(&self) -> bool {
        let Some(doi) = self.doi.as_ref().map(Doi::as_str) else { return false };
        let dated =
            |prefix: &str| doi.strip_prefix(prefix).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
        dated("10.1101/") || dated("10.64898/") || PREPRINT_DOIS.iter().any(|p| doi.starts_with(p))
    }

    /// Returns the names of the first authors, at most `named_max`, and "et al." for the rest: "Example A,
    /// Sample B et al.". Empty when no author has a name.
    pub fn first_authors(&self, named_max: usize) -> String {
        let mut all = self.authors.iter().map(|a| clean_line(&a.short_name())).filter(|n| !n.is_empty());
        let first: Vec<String> = all.by_ref().take(named_max).collect();
        let rest = if all.next().is_some() { " et al." } else { "" };
        format!("{}{rest}", first.join(", "))
    }

    /// Returns the year to cite: `year`, else that of `published`.
    pub fn citation_year(&self) -> Option<i16> {
        self.year.or_else(|| self.published.map(PartialDate::year))
    }
}

/// How DOIs of preprint servers begin, beside medRxiv and bioRxiv.
const PREPRINT_DOIS: [&str; 14] = [
    "10.1590/scielopreprints",
    "10.2196/preprints",
    "10.20944/preprints",
    "10.21203/rs",
    "10.2139/ssrn",
    "10.22541/au",
    "10.26434/chemrxiv",
    "10.31219/osf.io",
    "10.31234/osf.io",
    "10.31235/osf.io",
    "10.31730/osf.io",
    "10.32388/",
    "10.36227/techrxiv",
    "10.48550/arxiv",
];

/// One part of a structured abstract.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Section {
    /// The journal's own heading ("FINDINGS").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// NLM's category ("RESULTS", "CONCLUSIONS", …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The text, without its label.
    pub text: String,
}

/// An author: a person (`family`, `given`) or a group (`collective`).
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Author {
    /// Family name; where only one name is known it stands here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Given names or initials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// Generational suffix ("Jr", "3rd"), kept apart so that family names compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Name of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collective: Option<String>,
    /// ORCID iD, the bare 16 characters with hyphens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orcid: Option<String>,
    /// Affiliations, joined by `; `.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
}

impl Author {
    /// Returns a person.
    pub fn person(family: impl Into<String>, given: impl Into<String>) -> Self {
        let given = given.into();
        Self { family: Some(family.into()), given: (!given.is_empty()).then_some(given), ..Self::default() }
    }

    /// Returns a group.
    pub fn group(name: impl Into<String>) -> Self {
        Self { collective: Some(name.into()), ..Self::default() }
    }

    /// Returns the name as a list shows it: "Family GI", or the group's name.
    ///
    /// Initials are taken from the given names; what already looks like initials (up to three
    /// capitals) stays as it is.
    pub fn short_name(&self) -> String {
        if let Some(group) = &self.collective {
            return group.clone();
        }
        let family = self.family.clone().unwrap_or_default();
        let given = self.given.as_deref().unwrap_or_default();
        let is_initials = !given.is_empty() && given.chars().count() <= 3 && given.chars().all(char::is_uppercase);
        let initials: String = if is_initials {
            given.to_owned()
        } else {
            given.split([' ', '-', '.']).filter_map(|p| p.chars().next()).filter(|c| c.is_alphabetic()).collect()
        };
        match (family.is_empty(), initials.is_empty()) {
            (_, true) => family,
            (true, false) => given.to_owned(),
            (false, false) => format!("{family} {initials}"),
        }
    }
}

/// A MeSH heading: descriptor, its unique id, whether it is a main topic, and qualifiers.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct MeshHeading {
    /// Descriptor name.
    pub name: String,
    /// Descriptor UI (`D019052`); rules match on this, since names and tree numbers move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ui: Option<String>,
    /// Whether the descriptor or any of its qualifiers is a main topic.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub major: bool,
    /// Qualifier names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub qualifiers: Vec<String>,
}

/// The kind of a link between papers, in kebab case: `retraction-in`, `erratum-for`, `preprint-of` …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RelationKind(String);

impl RelationKind {
    /// Returns the kind for a name in kebab case or in PubMed's form (`RetractionIn`,
    /// `CorrectedandRepublishedIn`).
    pub fn new(name: &str) -> Self {
        if name.contains('-') || !name.chars().any(char::is_uppercase) {
            return Self(name.to_lowercase());
        }
        let mut out = String::new();
        for c in name.replace("and", "And").chars() {
            if c.is_uppercase() && !out.is_empty() {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        }
        Self(out)
    }

    /// Returns the name in kebab case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RelationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A link from a paper to another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Relation {
    /// What the other paper is to this one.
    pub kind: RelationKind,
    /// The other paper's PMID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pmid: Option<Pmid>,
    /// The other paper's DOI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<Doi>,
    /// The source's own words (a citation, a note).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relation_kinds_come_from_pubmeds_names() {
        for (name, want) in [
            ("RetractionIn", "retraction-in"),
            ("CorrectedandRepublishedFrom", "corrected-and-republished-from"),
            ("ExpressionOfConcernFor", "expression-of-concern-for"),
            ("preprint-of", "preprint-of"),
        ] {
            assert_eq!(RelationKind::new(name).as_str(), want);
        }
    }

    #[test]
    fn a_record_survives_its_own_json() {
        let text = r#"{"id":"pmid:90000001","title":"T","abstract":"A","year":2026,"published":"2026-03","doi":"10.5555/x","pmid":"90000001","type":["Journal Article"],"shelf":"kept"}"#;
        let record: Record = serde_json::from_str(text).expect("reads");
        assert_eq!(record.extra.get("shelf"), Some(&serde_json::json!("kept")));
        assert_eq!(serde_json::to_string(&record).expect("writes"), text);
    }

    #[test]
    fn short_names_are_family_and_initials() {
        assert_eq!(Author::person("Example", "Maria Luz").short_name(), "Example ML");
        assert_eq!(Author::person("Example", "ML").short_name(), "Example ML");
        assert_eq!(Author::group("The Group").short_name(), "The Group");
    }
}
