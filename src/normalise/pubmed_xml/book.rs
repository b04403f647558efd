//! `PubmedBookArticle` (a book of NCBI Bookshelf, or a part of one) to a record.

use super::parts;
use super::tree::Element;
use crate::model::{PartialDate, Record};
use crate::normalise::fields;

/// Reads a book or a part of one; the messages tell of values that no field could hold.
///
/// A part has its own title, and the book stands where the journal does.
pub fn read(root: Element<'_>, source: &str) -> (Record, Vec<String>) {
    let mut record = Record { source: source.to_owned(), ..Record::default() };
    let mut messages = Vec::new();
    let Some(document) = root.first(&["BookDocument"]) else { return (record, messages) };
    messages.extend(fields::set_pmid(&mut record, &document.text_at(&["PMID"])));
    record.id = record.pmid.map(|p| format!("pmid:{p}")).unwrap_or_default();
    titles(&mut record, document);
    record.authors = parts::authors(&author_lists(document));
    let date = document
        .first(&["ContributionDate"])
        .and_then(parts::date)
        .or_else(|| document.first(&["Book", "PubDate"]).and_then(parts::date));
    record.published = date;
    record.year = date.map(PartialDate::year);
    record.entered = parts::entered(root.first(&["PubmedBookData", "History"]));
    let sections = parts::sections(&document.all(&["Abstract"]), &document.all(&["OtherAbstract"]));
    record.abstract_text = fields::abstract_of(&sections);
    if parts::is_structured(&sections) {
        record.sections = sections;
    }
    for text in document.texts_at(&["Language"]) {
        messages.extend(fields::add_language(&mut record, &text));
    }
    record.types = vec!["Book".to_owned()];
    record.types.extend(document.texts_at(&["PublicationType"]));
    for keyword in document.texts_at(&["KeywordList", "Keyword"]) {
        fields::add_once(&mut record.keywords, keyword);
    }
    record.volume = Some(document.text_at(&["Book", "Volume"])).filter(|v| !v.is_empty());
    record.pages = Some(document.text_at(&["Pagination", "MedlinePgn"])).filter(|p| !p.is_empty());
    messages.extend(doi(&mut record, root, document));
    (record, messages)
}

/// Sets title and journal: the part's title and its book, or the book's title alone.
fn titles(record: &mut Record, document: Element<'_>) {
    let part = document.text_at(&["ArticleTitle"]);
    let whole = document.text_at(&["Book", "BookTitle"]);
    if part.is_empty() {
        record.title = whole;
    } else {
        record.title = part;
        record.journal = Some(whole).filter(|w| !w.is_empty());
    }
    record.title_vernacular = Some(document.text_at(&["VernacularTitle"])).filter(|t| !t.is_empty());
}

/// Returns the lists of those who wrote it: the part's authors, else the book's, else its editors.
fn author_lists(document: Element<'_>) -> Vec<Element<'_>> {
    let has_people = |list: &Element<'_>| list.named("Author").next().is_some();
    let lists = |path: &[&'static str], with_editors: bool| -> Vec<Element<'_>> {
        document
            .all(path)
            .into_iter()
            .filter(|l| has_people(l) && (with_editors || !l.has("Type", "editors")))
            .collect()
    };
    [lists(&["AuthorList"], false), lists(&["Book", "AuthorList"], false), lists(&["Book", "AuthorList"], true)]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// Sets the DOI.
fn doi(record: &mut Record, root: Element<'_>, document: Element<'_>) -> Vec<String> {
    let mut dois = parts::identifiers(&document.all(&["ArticleIdList", "ArticleId"]), "doi");
    dois.extend(parts::identifiers(&root.all(&["PubmedBookData", "ArticleIdList", "ArticleId"]), "doi"));
    dois.extend(parts::identifiers(&document.all(&["Book", "ELocationID"]), "doi"));
    let mut messages = Vec::new();
    for doi in dois {
        if record.doi.is_none() {
            messages.extend(fields::set_doi(record, &doi));
        }
    }
    messages
}
