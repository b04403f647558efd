//! The PubMed records of the stand-in: every version of every article, and which one a day sees.
//!
//! The data files are `EFetch` answers, one a month, so that they read and edit like the real
//! thing. They are cut into articles at start-up; nothing but a few dates and ids is looked at.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The `EFetch` answers compiled in, one a month.
const FILES: [(&str, &str); 2] = [
    ("pubmed-2026-09.xml", include_str!("data/pubmed-2026-09.xml")),
    ("pubmed-2026-10.xml", include_str!("data/pubmed-2026-10.xml")),
];

/// One version of one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    /// PubMed id.
    pub pmid: u32,
    /// DOI in lower case; empty when the article has none.
    pub doi: String,
    /// Day it entered PubMed (`PubStatus="entrez"`); the same in every version.
    pub entered: Date,
    /// Day this version was written (`DateRevised`): it is seen from then on.
    pub revised: Date,
    /// Entrez date (`PubStatus="pubmed"`): as a rule the day it entered, yet the day of publication
    /// for an article that came more than a year after it (NLM Technical Bulletin, December 2008).
    pub entrez: Date,
    /// Day of electronic publication (`ArticleDate`).
    pub published: Date,
    /// The `<PubmedArticle>` element.
    pub xml: &'static str,
}

/// All versions, and the words in them.
#[derive(Debug)]
pub(super) struct Corpus {
    versions: Vec<Version>,
    text: String,
}

impl Corpus {
    /// Reads the compiled-in files. An article without PMID or dates would be left out; the tests
    /// see to it that there is none.
    pub fn read() -> Self {
        let versions = FILES.iter().flat_map(|(_, text)| articles(text)).filter_map(version).collect();
        let text = FILES.iter().map(|(_, text)| text.to_lowercase()).collect();
        Self { versions, text }
    }

    /// Returns what PubMed holds on a day: the newest version of each article by PMID, among those
    /// entered and revised by then.
    pub fn on(&self, today: Date) -> BTreeMap<u32, &Version> {
        let mut held: BTreeMap<u32, &Version> = BTreeMap::new();
        for version in self.versions.iter().filter(|v| v.entered <= today && v.revised <= today) {
            let newest = held.entry(version.pmid).or_insert(version);
            if newest.revised < version.revised {
                *newest = version;
            }
        }
        held
    }

    /// Tells whether a word or phrase stands anywhere in the records; case is ignored.
    pub fn mentions(&self, phrase: &str) -> bool {
        self.text.contains(&phrase.to_lowercase())
    }

    /// Returns every version in the order of the files.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }
}

impl Version {
    /// Tells whether it has a publication type; case is ignored.
    pub fn has_type(&self, name: &str) -> bool {
        self.xml.split("<PublicationType ").skip(1).any(|part| {
            let text = part.split_once('>').and_then(|(_, rest)| rest.split('<').next());
            text.is_some_and(|t| t.trim().eq_ignore_ascii_case(name))
        })
    }
}

/// Cuts an `EFetch` answer into its `<PubmedArticle>` elements, in order.
fn articles(text: &'static str) -> impl Iterator<Item = &'static str> {
    const END: &str = "</PubmedArticle>";
    text.split_inclusive(END).filter_map(|part| {
        let start = part.find("<PubmedArticle>")?;
        part.get(start..).filter(|article| article.ends_with(END))
    })
}

/// Reads ids and dates of an article, or `None` when one is missing.
fn version(xml: &'static str) -> Option<Version> {
    let pmid = between(xml, "<PMID Version=\"1\">", "</PMID>")?.parse().ok()?;
    let doi = between(xml, "IdType=\"doi\">", "<").unwrap_or_default().to_lowercase();
    let revised = date(between(xml, "<DateRevised>", "</DateRevised>")?)?;
    let entered = date(between(xml, "PubStatus=\"entrez\">", "</PubMedPubDate>")?)?;
    let entrez = between(xml, "PubStatus=\"pubmed\">", "</PubMedPubDate>").and_then(date).unwrap_or(entered);
    let published = date(between(xml, "<ArticleDate ", "</ArticleDate>")?)?;
    Some(Version { pmid, doi, entered, revised, entrez, published, xml })
}

/// Returns the text between two markers, the first such place.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(inside, _)| inside.trim())
}

/// Reads `<Year>`, `<Month>` and `<Day>` (numbers) of an element's inside.
fn date(xml: &str) -> Option<Date> {
    let year = between(xml, "<Year>", "</Year>")?.parse().ok()?;
    let month = between(xml, "<Month>", "</Month>")?.parse().ok()?;
    let day = between(xml, "<Day>", "</Day>")?.parse().ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_article_of_the_files_is_read() {
        let corpus = Corpus::read();
        let written: usize = FILES.iter().map(|(_, text)| text.matches("<PubmedArticle>").count()).sum();
        assert_eq!(corpus.versions().len(), written);
        assert!(corpus.versions().iter().all(|v| v.entered <= v.revised));
        assert!(corpus.versions().iter().all(|v| v.xml.contains(&v.doi)), "each has its doi");
    }

    #[test]
    fn a_day_sees_the_version_of_its_time() {
        let corpus = Corpus::read();
        let retracted = super::super::facts().retracted.pmid;
        // (id, day, held, retracted, note)
        let cases = [
            ("before", date(2026, 9, 20), false, false, "not yet entered"),
            ("entered", date(2026, 9, 21), true, false, "the first version"),
            ("eve", date(2026, 10, 13), true, false, "still the first version"),
            ("retracted", date(2026, 10, 14), true, true, "the new version replaces the old one"),
        ];
        for (id, day, held, marked, note) in cases {
            let on = corpus.on(day);
            let version = on.get(&retracted);
            assert_eq!(version.is_some(), held, "{id}: {note}");
            let is_marked = version.is_some_and(|v| v.xml.contains("Retracted Publication"));
            assert_eq!(is_marked, marked, "{id}: {note}");
        }
    }
}
