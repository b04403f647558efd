//! Asks PubMed, the DOI resolver and the paper's own page, and checks that what came is what was asked.

use super::{AddReport, Found};
use crate::config::feeds::EUTILS;
use crate::harvest::lookup::{self, ADDED};
use crate::harvest::{Asker, HarvestError};
use crate::model::{Doi, Payload, PayloadKind, Pmcid, Pmid, Record, Source, SourceKind};
use crate::normalise::landing::{self, Asked, Basis};
use crate::normalise::{self, Format, Parsed};
use crate::pipeline::Ctx;
use crate::pipeline::intake::with_causes;
use crate::pipeline::take::mark_preprints;

/// One question under way.
struct Question<'a> {
    ctx: &'a Ctx,
    asker: Asker<'a>,
    pubmed: Source,
    report: &'a mut AddReport,
    found: Vec<Found>,
}

/// Returns the answers to a name, the best first. Why there are none is put to the report.
pub(super) async fn ask(ctx: &Ctx, what: &Asked, report: &mut AddReport) -> Vec<Found> {
    let asker = ctx.asker(&[]);
    let mut question = Question { ctx, asker, pubmed: pubmed_of(ctx), report, found: Vec::new() };
    match what {
        Asked::Pmid(pmid) => question.by_pmid(*pmid).await,
        Asked::Pmcid(pmcid) => question.by_pmcid(pmcid).await,
        Asked::Doi(doi, at) => question.by_doi(doi, at.as_deref()).await,
        Asked::Url(url) => question.by_page(url).await,
    }
    let Question { found, report, .. } = question;
    if found.is_empty() {
        report.notes.clear();
    } else {
        report.notes.append(&mut report.errors);
        report.found_in = found.iter().map(|f| f.whence.clone()).collect();
    }
    found
}

/// Returns the PubMed source of the settings, else one at the usual address.
fn pubmed_of(ctx: &Ctx) -> Source {
    let is_pubmed = |s: &&Source| matches!(s.kind, SourceKind::Pubmed { .. });
    let own = ctx.config.settings.sources.iter().filter(is_pubmed);
    own.clone().find(|s| s.is_enabled).or_else(|| own.clone().next()).cloned().unwrap_or_else(|| Source {
        id: ADDED.to_owned(),
        name: "PubMed".to_owned(),
        topics: Vec::new(),
        is_verified: true,
        is_enabled: true,
        schedule: None,
        is_preprints: false,
        allows_private: false,
        kind: SourceKind::Pubmed { base_url: EUTILS.to_owned(), query: String::new(), overlap_days: 0, first_days: 0 },
    })
}

impl Question<'_> {
    /// Says why an answer is missing.
    fn trouble(&mut self, text: impl Into<String>) {
        self.report.errors.push(text.into());
    }

    /// Says that somebody could not be asked.
    fn failed(&mut self, whom: &str, error: &HarvestError) {
        self.trouble(format!("{whom} could not be asked: {}", with_causes(error)));
    }

    /// Keeps an answer of PubMed: its records that are the paper. Returns whether there are some.
    fn take_pubmed(&mut self, payload: Payload, is_it: impl Fn(&Record) -> bool) -> bool {
        let mut parsed = normalise::read(&payload.bytes, &payload.url, ADDED);
        mark_preprints(&mut parsed, false);
        let (records, others): (Vec<Record>, Vec<Record>) = parsed.records.into_iter().partition(is_it);
        if records.is_empty() {
            let others: Vec<&str> = others.iter().map(|r| r.id.as_str()).collect();
            if !others.is_empty() {
                self.trouble(format!("PubMed gave another paper for it ({}), which was not taken", others.join(", ")));
            }
            return false;
        }
        self.report.problems.extend(parsed.problems);
        self.found.push(Found { whence: "PubMed".to_owned(), payload, records });
        true
    }

    /// Keeps one record and where it came from.
    fn take_one(&mut self, whence: &str, payload: Payload, record: Record) {
        let mut parsed =
            Parsed { format: Format::Unknown, records: vec![record], deleted: Vec::new(), problems: Vec::new() };
        mark_preprints(&mut parsed, false);
        self.found.push(Found { whence: whence.to_owned(), payload, records: parsed.records });
    }

    /// Asks PubMed by number.
    async fn by_pmid(&mut self, pmid: Pmid) {
        match lookup::papers(&self.asker, &self.pubmed, &[pmid.number()]).await {
            Ok(payload) => {
                if !self.take_pubmed(payload, |r| r.pmid == Some(pmid)) {
                    self.trouble(format!("PubMed has no paper with the PMID {pmid}"));
                }
            }
            Err(error) => self.failed("PubMed", &error),
        }
    }

    /// Asks PubMed for a paper by a search term. Returns whether it has it.
    async fn named(&mut self, term: &str, is_it: impl Fn(&Record) -> bool) -> bool {
        match lookup::papers_named(&self.asker, &self.pubmed, term).await {
            Ok(Some(payload)) => self.take_pubmed(payload, is_it),
            Ok(None) => {
                self.report.notes.push("PubMed does not have it (yet)".to_owned());
                false
            }
            Err(error) => {
                self.failed("PubMed", &error);
                false
            }
        }
    }

    /// Asks PubMed by PMCID (which it finds without a field name), else the page in PMC.
    async fn by_pmcid(&mut self, pmcid: &Pmcid) {
        if !self.named(pmcid.as_str(), |r| r.pmcid.as_ref() == Some(pmcid)).await {
            self.by_page(&pmcid.url()).await;
        }
    }

    /// Asks PubMed by DOI, then the resolver, then the page the DOI was found on.
    async fn by_doi(&mut self, doi: &Doi, at: Option<&str>) {
        if self.named(&format!("\"{doi}\"[aid]"), |r| r.doi.as_ref() == Some(doi)).await || self.citation(doi).await {
            return;
        }
        if let Some(url) = at {
            self.page(url).await;
        }
    }

    /// Asks the resolver for the citation of a DOI. Returns whether there is one.
    async fn citation(&mut self, doi: &Doi) -> bool {
        let payload = match lookup::citation(&self.asker, &self.ctx.config.settings.lookup, doi).await {
            Ok(payload) => payload,
            Err(error) if lookup::is_unknown(&error) => {
                self.trouble(format!("nobody has registered the DOI {doi}: doi.org does not know it"));
                return false;
            }
            Err(error) => {
                self.failed("the DOI resolver", &error);
                return false;
            }
        };
        if !is_json(&payload) {
            return self.page_of(payload, doi);
        }
        match landing::read_citation(&payload.bytes, doi, ADDED) {
            Ok((record, problems)) => {
                if let Some(other) = record.doi.clone().filter(|other| !is_one_paper(doi, other)) {
                    self.trouble(format!(
                        "the DOI resolver answered {doi} with another paper, {other} (\"{}\"); if that is the one, add {other}",
                        record.title
                    ));
                    return false;
                }
                if let Some(other) = record.doi.clone().filter(|other| other != doi) {
                    self.report.notes.push(format!("the DOI {doi} is another name of {other}"));
                }
                self.report.problems.extend(problems);
                self.take_one("the DOI register", payload, record);
                true
            }
            Err(not) => {
                self.trouble(format!("the DOI resolver answered with {}", not.reason));
                false
            }
        }
    }

    /// Reads the page that a DOI leads to; one that names another DOI is another paper's.
    fn page_of(&mut self, payload: Payload, doi: &Doi) -> bool {
        let before = self.found.len();
        let Some((_, _, named)) = self.take_page(payload, "its own page") else { return false };
        let Some(other) = named.filter(|other| !is_one_paper(doi, other)) else { return true };
        self.found.truncate(before);
        self.trouble(format!(
            "the DOI {doi} leads to the page of another paper, {other}; if that is the one, add {other}"
        ));
        false
    }

    /// Reads a page; what it names is asked for as well.
    async fn by_page(&mut self, url: &str) {
        let Some((basis, pmid, doi)) = self.page(url).await else { return };
        if let Some(pmid) = pmid {
            let page = std::mem::take(&mut self.found);
            self.by_pmid(pmid).await;
            self.found.extend(page);
        } else if let Some(doi) = doi {
            let page = std::mem::take(&mut self.found);
            let has_pubmed = self.named(&format!("\"{doi}\"[aid]"), |r| r.doi.as_ref() == Some(&doi)).await;
            if !has_pubmed && basis < Basis::Citation {
                self.citation(&doi).await;
            }
            self.found.extend(page);
        }
    }

    /// Fetches and reads a page. Returns what it rests on and names.
    async fn page(&mut self, url: &str) -> Option<(Basis, Option<Pmid>, Option<Doi>)> {
        let allows_private = self.ctx.config.settings.lookup.allows_private;
        match lookup::page(&self.asker, url, allows_private).await {
            Ok(payload) => self.take_page(payload, "its own page"),
            Err(error) => {
                self.trouble(format!("the page could not be fetched: {}", with_causes(&error)));
                None
            }
        }
    }

    /// Reads a fetched page and keeps its record.
    fn take_page(&mut self, payload: Payload, whence: &str) -> Option<(Basis, Option<Pmid>, Option<Doi>)> {
        let PayloadKind::Page { content_type } = &payload.kind else { return None };
        match landing::read(&payload.bytes, content_type.as_deref(), &payload.url, ADDED) {
            Ok(read) => {
                let said = (read.basis, read.record.pmid, read.record.doi.clone());
                if read.basis == Basis::Words {
                    let note = "the page says little more about itself than its title; look at title and date";
                    self.report.notes.push(note.to_owned());
                }
                self.report.problems.extend(read.problems);
                self.take_one(whence, payload, read.record);
                Some(said)
            }
            Err(not) => {
                self.trouble(format!("{} answered with {}", payload.url, not.reason));
                None
            }
        }
    }
}

/// Tells whether two DOIs name one paper: the same, or one with a version behind it, as preprint
/// servers give them (`10.5555/2026.1` and `10.5555/2026.1v2`).
fn is_one_paper(a: &Doi, b: &Doi) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(&short).is_some_and(|rest| {
        let version = rest.trim_start_matches(['.', '/', 'v']);
        let is_told = rest.is_empty() || version.len() < rest.len();
        is_told && version.len() <= 2 && version.chars().all(|c| c.is_ascii_digit())
    })
}

/// Tells whether an answer is JSON, by its header or its first character.
fn is_json(payload: &Payload) -> bool {
    let says = matches!(&payload.kind, PayloadKind::Page { content_type: Some(t) } if t.contains("json"));
    says || payload.bytes.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| matches!(b, b'{' | b'['))
}
