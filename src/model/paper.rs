//! One paper as members get it: what a search finds, shows and exports, and what a pack carries.

use super::{Design, Identifier, Judgement, Month, Record, Scope, Work, WorkId};

/// A work with its tags, in one piece that needs no database: the index keeps it, packs carry it.
///
/// Empty fields are left out when written as JSON. Unknown fields are passed over when read, so
/// that a member with an older version can read a newer pack.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Paper {
    /// Its lasting id.
    pub id: WorkId,
    /// The best value of every field. `record.id`, `record.source` and `record.sections` are empty.
    pub record: Record,
    /// Further names by which it may be asked for exactly: ids of its records (`pmid:N`), names of
    /// other forms of the study that have no entry of their own (`doi:…`, ids of works).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The sources that brought it, in order of arrival.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Whether it belongs in the roundup.
    pub scope: Scope,
    /// ISO 3166 alpha-3 codes of the study's countries, most prominent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// Group terms ("LMIC", "SSA", "Africa").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Working groups by topic id, the primary one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub twg: Vec<String>,
    /// Conditions studied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// Interventions studied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<String>,
    /// Who was studied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub populations: Vec<String>,
    /// Study design.
    pub design: Design,
    /// Flags ("preprint", "retracted", "open-access").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// One sentence for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// Month of the roundup it was in last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<Month>,
}

impl Paper {
    /// Returns the paper that a judged work is. `other_names` are names of other forms of the study.
    pub fn of(work: Work, judgement: Judgement, issue: Option<Month>, other_names: Vec<String>) -> Self {
        let Work { id, mut record, members, .. } = work;
        record.id.clear();
        record.source.clear();
        // Their texts stand in the abstract, each led by its label.
        record.sections.clear();
        let sources = distinct(members.iter().map(|m| m.source.clone()));
        let names = distinct(members.into_iter().map(|m| m.id).chain(other_names));
        Self {
            id,
            record,
            names,
            sources,
            scope: judgement.scope,
            countries: judgement.countries,
            regions: judgement.region_terms,
            twg: judgement.twg,
            conditions: judgement.conditions,
            interventions: judgement.interventions,
            populations: judgement.populations,
            design: judgement.design,
            flags: judgement.flags,
            finding: judgement.finding,
            issue,
        }
    }

    /// Returns a paper without tags: in scope, of no design, in no issue.
    pub fn untagged(id: WorkId, record: Record) -> Self {
        Self {
            id,
            record,
            names: Vec::new(),
            sources: Vec::new(),
            scope: Scope::In,
            countries: Vec::new(),
            regions: Vec::new(),
            twg: Vec::new(),
            conditions: Vec::new(),
            interventions: Vec::new(),
            populations: Vec::new(),
            design: Design::Unclear,
            flags: Vec::new(),
            finding: None,
            issue: None,
        }
    }

    /// Returns the id of its first record (`pmid:N`); the work id when there is none.
    pub fn native_id(&self) -> &str {
        self.names.first().map_or(self.id.as_str(), String::as_str)
    }

    /// Returns the title for readers. A retracted paper's begins with `RETRACTED:`, the field's own
    /// sign: a reader must see it before anything else.
    pub fn title(&self) -> String {
        let title = &self.record.title;
        let says_so = title.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("retracted"));
        if self.is_retracted() && !says_so { format!("RETRACTED: {title}") } else { title.clone() }
    }

    /// Tells whether it was retracted.
    pub fn is_retracted(&self) -> bool {
        self.record.is_retracted() || self.has_flag("retracted")
    }

    /// Tells whether a flag is set.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }

    /// Tells whether everybody can read it, as far as is known.
    pub fn is_open(&self) -> Option<bool> {
        if self.has_flag("open-access") { Some(true) } else { self.record.open_access }
    }

    /// Returns every name by which it may be asked for exactly, in order, each once.
    pub fn exact_names(&self) -> Vec<String> {
        let record = &self.record;
        let mut out = vec![self.id.to_string()];
        let outside = record.identifiers().into_iter().filter(|i| !matches!(i, Identifier::Guid { .. }));
        out.extend(outside.map(|i| i.to_string()));
        let pages = record.url.iter().chain(&record.links).filter_map(|u| super::CanonicalUrl::parse(u));
        out.extend(pages.map(|u| Identifier::Url(u).to_string()));
        out.extend(self.names.iter().cloned());
        out.retain(|name| !name.is_empty());
        out.sort();
        out.dedup();
        out
    }
}

/// Returns the values in order, each once.
fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for value in values {
        if !value.is_empty() && !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
