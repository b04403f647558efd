//! `PubmedArticle` to a record.

use super::parts;
use super::tree::Element;
use crate::model::{MeshHeading, PartialDate, Pmid, Record, Relation};
use crate::normalise::{dates, fields};

/// Reads an article; the messages tell of values that no field could hold.
pub fn read(root: Element<'_>, source: &str) -> (Record, Vec<String>) {
    let mut record = Record { source: source.to_owned(), ..Record::default() };
    let mut messages = Vec::new();
    let Some(citation) = root.first(&["MedlineCitation"]) else { return (record, messages) };
    messages.extend(fields::set_pmid(&mut record, &citation.text_at(&["PMID"])));
    record.id = record.pmid.map(|p| format!("pmid:{p}")).unwrap_or_default();
    if let Some(article) = citation.first(&["Article"]) {
        titles(&mut record, article);
        journal(&mut record, article, citation);
        people(&mut record, article);
        let articles_dates = article.named("ArticleDate").filter_map(parts::date).min();
        published(&mut record, article, articles_dates);
        for text in article.texts_at(&["Language"]) {
            messages.extend(fields::add_language(&mut record, &text));
        }
        record.types = article.texts_at(&["PublicationTypeList", "PublicationType"]);
    }
    set_abstract(&mut record, citation);
    messages.extend(identifiers(&mut record, root, citation));
    record.entered = parts::entered(root.first(&["PubmedData", "History"]));
    record.mesh = citation.all(&["MeshHeadingList", "MeshHeading"]).into_iter().filter_map(mesh).collect();
    for keyword in citation.texts_at(&["KeywordList", "Keyword"]) {
        fields::add_once(&mut record.keywords, keyword);
    }
    let links = citation.all(&["CommentsCorrectionsList", "CommentsCorrections"]);
    record.relations = links.into_iter().filter_map(relation).collect();
    (record, messages)
}

/// Sets title and vernacular title; a paper that has only the latter is known by it.
fn titles(record: &mut Record, article: Element<'_>) {
    record.title = article.text_at(&["ArticleTitle"]);
    record.title_vernacular = Some(article.text_at(&["VernacularTitle"])).filter(|t| !t.is_empty());
    if let Some(title) = record.title_vernacular.clone().filter(|_| record.title.is_empty()) {
        record.title = title;
    }
}

/// Sets journal, ISSNs, volume, issue and pages.
fn journal(record: &mut Record, article: Element<'_>, citation: Element<'_>) {
    let name = [
        article.text_at(&["Journal", "Title"]),
        article.text_at(&["Journal", "ISOAbbreviation"]),
        citation.text_at(&["MedlineJournalInfo", "MedlineTA"]),
    ];
    record.journal = name.into_iter().find(|n| !n.is_empty());
    for issn in article.texts_at(&["Journal", "ISSN"]) {
        fields::add_issn(record, &issn);
    }
    for issn in citation.texts_at(&["MedlineJournalInfo", "ISSNLinking"]) {
        fields::add_issn(record, &issn);
    }
    let text = |path: &[&'static str]| Some(article.text_at(path)).filter(|t| !t.is_empty());
    record.volume = text(&["Journal", "JournalIssue", "Volume"]);
    record.number = text(&["Journal", "JournalIssue", "Issue"]);
    record.pages = text(&["Pagination", "MedlinePgn"]).or_else(|| {
        fields::page_range(&article.text_at(&["Pagination", "StartPage"]), &article.text_at(&["Pagination", "EndPage"]))
    });
}

/// Sets the authors. In records from before 2014 one affiliation stands below the article; it is
/// the first author's.
fn people(record: &mut Record, article: Element<'_>) {
    record.authors = parts::authors(&article.all(&["AuthorList"]));
    let old = article.text_at(&["Affiliation"]);
    if let Some(first) = record.authors.first_mut().filter(|a| a.affiliation.is_none() && !old.is_empty()) {
        first.affiliation = Some(old);
    }
}

/// Sets the citation year (of the journal issue, else of the article's own date) and the first
/// public day (the earlier of the two).
fn published(record: &mut Record, article: Element<'_>, online: Option<PartialDate>) {
    let issue = article.first(&["Journal", "JournalIssue", "PubDate"]).and_then(parts::date);
    record.year = issue.or(online).map(PartialDate::year);
    record.published = dates::earlier(online, issue);
}

/// Sets abstract and sections.
fn set_abstract(record: &mut Record, citation: Element<'_>) {
    let sections = parts::sections(&citation.all(&["Article", "Abstract"]), &citation.all(&["OtherAbstract"]));
    record.abstract_text = fields::abstract_of(&sections);
    if parts::is_structured(&sections) {
        record.sections = sections;
    }
}

/// Sets DOI and PMCID from the article's own places, never from those of cited papers.
fn identifiers(record: &mut Record, root: Element<'_>, citation: Element<'_>) -> Vec<String> {
    let own = root.all(&["PubmedData", "ArticleIdList", "ArticleId"]);
    let mut dois = parts::identifiers(&citation.all(&["Article", "ELocationID"]), "doi");
    dois.extend(parts::identifiers(&own, "doi"));
    let mut messages = Vec::new();
    for doi in dois {
        if record.doi.is_none() {
            messages.extend(fields::set_doi(record, &doi));
        }
    }
    let in_citation =
        citation.texts_at(&["OtherID"]).into_iter().find(|id| fields::pmcid(id).is_some() && id.starts_with("PMC"));
    if let Some(pmcid) = parts::identifiers(&own, "pmc").into_iter().next().or(in_citation) {
        messages.extend(fields::set_pmcid_and_access(record, &pmcid));
    }
    messages
}

/// Returns a MeSH heading; `None` when it has no name.
fn mesh(heading: Element<'_>) -> Option<MeshHeading> {
    let descriptor = heading.first(&["DescriptorName"])?;
    let name = Some(descriptor.text()).filter(|n| !n.is_empty())?;
    let major = heading.children().any(|part| part.has("MajorTopicYN", "Y"));
    let ui = descriptor.attribute("UI").map(|ui| ui.trim().to_owned()).filter(|ui| !ui.is_empty());
    Some(MeshHeading { name, ui, major, qualifiers: heading.texts_at(&["QualifierName"]) })
}

/// Returns a link to another paper. What this paper cites is left out: thousands of links that no
/// reader of a roundup follows.
fn relation(link: Element<'_>) -> Option<Relation> {
    let kind = link.attribute("RefType").filter(|k| !k.is_empty() && !k.eq_ignore_ascii_case("Cites"))?;
    let pmid = Pmid::parse(&link.text_at(&["PMID"]));
    Some(fields::relation(&kind, &link.text_at(&["RefSource"]), pmid))
}
