//! Names of columns, in the languages that spreadsheets of this field are kept in.

use super::super::fields;
use crate::model::text::{fold, shorten};
use crate::model::{Place, Problem};

/// Fields of a record that a column can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Id,
    Title,
    Abstract,
    Authors,
    Journal,
    /// A journal, or the database that a search was made in.
    Source,
    Issn,
    Volume,
    Number,
    Pages,
    ArticleNumber,
    FirstPage,
    LastPage,
    Year,
    Month,
    Day,
    Published,
    Entered,
    Language,
    Doi,
    Pmid,
    Pmcid,
    Url,
    Type,
    Keywords,
    Mesh,
    Citation,
    Database,
    Accession,
    Notes,
    OpenAccess,
}

/// Names of columns, as letters and digits in lower case without accents, in English, German,
/// French, Spanish and Portuguese.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Id, &["id", "recordid", "key", "itemid"]),
    (
        Column::Title,
        &[
            "title",
            "primarytitle",
            "articletitle",
            "documenttitle",
            "ti",
            "titles",
            "titel",
            "titre",
            "titulo",
            "titulodelarticulo",
            "titredelarticle",
        ],
    ),
    (
        Column::Abstract,
        &[
            "abstract",
            "abstracts",
            "abstractnote",
            "notesabstract",
            "ab",
            "abstracttext",
            "abstractsummary",
            "zusammenfassung",
            "resume",
            "resumen",
            "resumo",
            "kurzfassung",
        ],
    ),
    (
        Column::Authors,
        &[
            "authors",
            "author",
            "authornames",
            "authorfullnames",
            "authorfullname",
            "au",
            "authorsprimary",
            "firstauthors",
            "creators",
            "autoren",
            "autor",
            "autorinnen",
            "verfasser",
            "auteurs",
            "auteur",
            "autores",
            "autoresas",
        ],
    ),
    (
        Column::Journal,
        &[
            "journal",
            "journalbook",
            "journalname",
            "journaltitle",
            "sourcetitle",
            "publicationtitle",
            "secondarytitle",
            "publication",
            "pubtitle",
            "containertitle",
            "t2",
            "zeitschrift",
            "fachzeitschrift",
            "zeitschriftentitel",
            "revue",
            "revista",
            "periodico",
        ],
    ),
    (Column::Issn, &["issn", "eissn", "issnisbn", "issns", "issnprint", "issnelectronic"]),
    (Column::Volume, &["volume", "vol", "band", "jahrgang", "volumen", "tome", "tomo"]),
    (
        Column::Number,
        &["number", "issue", "issuenumber", "heft", "nummer", "ausgabe", "numero", "fascicule", "fasciculo"],
    ),
    (Column::Pages, &["pages", "page", "pagerange", "pagination", "seiten", "seite", "paginas", "pagina"]),
    (Column::ArticleNumber, &["artno", "articlenumber", "articleno"]),
    (Column::FirstPage, &["startpage", "pagestart", "firstpage", "beginningpage"]),
    (Column::LastPage, &["endpage", "pageend", "lastpage", "endingpage"]),
    (
        Column::Year,
        &[
            "year",
            "publicationyear",
            "publishedyear",
            "pubyear",
            "py",
            "yearpublished",
            "jahr",
            "erscheinungsjahr",
            "publikationsjahr",
            "annee",
            "anneedepublication",
            "ano",
            "anodepublicacion",
            "anodepublicacao",
        ],
    ),
    (Column::Month, &["month", "publishedmonth", "publicationmonth", "monat", "mois", "mes"]),
    (Column::Day, &["day", "publishedday"]),
    (
        Column::Published,
        &[
            "published",
            "date",
            "publicationdate",
            "datepublished",
            "pubdate",
            "coverdate",
            "datum",
            "erscheinungsdatum",
            "veroffentlichungsdatum",
            "datedepublication",
            "fecha",
            "fechadepublicacion",
            "datadepublicacao",
        ],
    ),
    (Column::Entered, &["createdate", "entrezdate", "entered"]),
    (
        Column::Language,
        &["language", "languages", "lang", "languageoforiginaldocument", "sprache", "langue", "idioma", "lengua"],
    ),
    (Column::Doi, &["doi", "doilink", "digitalobjectidentifier", "doiurl"]),
    (Column::Pmid, &["pmid", "pubmedid", "pubmed"]),
    (Column::Pmcid, &["pmcid", "pmc"]),
    (
        Column::Url,
        &[
            "url",
            "link",
            "links",
            "urls",
            "address",
            "articleurl",
            "plink",
            "fulltextlink",
            "documenturl",
            "fulltexturl",
        ],
    ),
    (
        Column::Type,
        &["type", "publicationtype", "publicationtypes", "documenttype", "itemtype", "doctype", "documenttypes"],
    ),
    (
        Column::Keywords,
        &[
            "keywords",
            "keyword",
            "authorkeywords",
            "manualtags",
            "automatictags",
            "subjects",
            "identifierkeywords",
            "schlagworter",
            "schlagwoerter",
            "schlagworte",
            "schlusselworter",
            "stichworter",
            "motscles",
            "motcle",
            "palabrasclave",
            "palabrasclaves",
            "palavraschave",
        ],
    ),
    (Column::Mesh, &["mesh", "meshterms", "meshheadings"]),
    (Column::Citation, &["citation"]),
    (Column::Database, &["database", "db", "sourcedatabase"]),
    (Column::Accession, &["accessionnumber"]),
    (Column::Notes, &["extra", "notes"]),
    (Column::OpenAccess, &["openaccess", "isopenaccess"]),
];

/// Names that say a field only in a table without a surer column for it: beside a column of all
/// authors, the first one says nothing new.
const FALLBACKS: &[(Column, &[&str])] = &[
    (Column::Authors, &["firstauthor", "leadauthor", "erstautor", "premierauteur", "primerautor", "primeiroautor"]),
    (Column::Source, &["source", "quelle", "fuente", "fonte"]),
    (Column::Published, &["data"]),
];

/// Databases that a column "source" names instead of journals, in lower case.
const DATABASES: &[&str] = &[
    "pubmed",
    "medline",
    "embase",
    "scopus",
    "psycinfo",
    "web of science",
    "cinahl",
    "crossref",
    "google scholar",
    "lilacs",
    "scielo",
    "cochrane",
    "global health",
    "global index medicus",
    "ovid",
    "proquest",
    "ebsco",
    "medrxiv",
    "openalex",
    "manual",
];

/// How many unknown columns a message names.
const UNKNOWN_SHOWN_MAX: usize = 10;

/// The longest name of a column in a message, in characters.
const NAME_CHARS_MAX: usize = 40;

/// How many names of a column a message offers.
const OFFERED_MAX: usize = 3;

/// Returns the letters and digits of a column's name, in lower case without accents.
fn key(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns what a column of this key fills, by one of the lists.
fn find(names: &[(Column, &[&str])], key: &str) -> Option<Column> {
    names.iter().find(|(_, names)| names.contains(&key)).map(|(column, _)| *column)
}

/// Returns what each column of a header fills, in their order; `None` for one that is not known.
pub fn columns<'a>(titles: impl Iterator<Item = &'a str>) -> Vec<Option<Column>> {
    let keys: Vec<String> = titles.map(key).collect();
    let sure: Vec<Option<Column>> = keys.iter().map(|k| find(NAMES, k)).collect();
    let surer = |column: Column| if column == Column::Source { Column::Journal } else { column };
    let fallback = |key: &str| find(FALLBACKS, key).filter(|column| !sure.contains(&Some(surer(*column))));
    keys.iter().zip(&sure).map(|(key, column)| column.or_else(|| fallback(key))).collect()
}

/// Tells whether a cell of a column "source" names a database and no journal.
pub fn is_database(text: &str) -> bool {
    DATABASES.contains(&fold(text).trim())
}

/// Returns a warning when columns are not understood and the table lacks what they may hold: its
/// authors, journals or dates.
pub fn not_understood<'a>(
    titles: impl Iterator<Item = &'a str>,
    columns: &[Option<Column>],
    place: Place,
) -> Option<Problem> {
    let unknown: Vec<String> = titles
        .zip(columns)
        .filter(|(_, column)| column.is_none())
        .filter_map(|(title, _)| fields::line(title))
        .collect();
    let has = |any: &[Column]| any.iter().any(|column| columns.contains(&Some(*column)));
    let missing: Vec<(&str, Column)> = [
        ("authors", Column::Authors, has(&[Column::Authors])),
        ("journals", Column::Journal, has(&[Column::Journal, Column::Source, Column::Citation])),
        ("dates", Column::Published, has(&[Column::Published, Column::Year, Column::Citation])),
    ]
    .into_iter()
    .filter(|(_, _, has)| !has)
    .map(|(what, column, _)| (what, column))
    .collect();
    if unknown.is_empty() || missing.is_empty() {
        return None;
    }
    let mut shown: Vec<String> =
        unknown.iter().take(UNKNOWN_SHOWN_MAX).map(|title| format!("{:?}", shorten(title, NAME_CHARS_MAX))).collect();
    if let Some(more) = unknown.len().checked_sub(UNKNOWN_SHOWN_MAX).filter(|more| *more > 0) {
        shown.push(format!("{more} more"));
    }
    let whats: Vec<&str> = missing.iter().map(|(what, _)| *what).collect();
    let message = format!(
        "no column of {} was found, and these columns are not understood: {}",
        whats.join(", "),
        shown.join(", ")
    );
    let offers: Vec<String> =
        missing.iter().map(|(what, column)| format!("for {what}: {}", offered(*column))).collect();
    Some(
        Problem::warning(place, message).with_help(format!("rename what holds them; understood {}", offers.join("; "))),
    )
}

/// Returns the first names by which a column is known, and its year's for dates.
fn offered(column: Column) -> String {
    let of = |column: Column, most: usize| {
        let names = NAMES.iter().find(|(c, _)| *c == column).map(|(_, names)| *names).unwrap_or_default();
        names.iter().take(most).copied().collect::<Vec<_>>()
    };
    let mut names = if column == Column::Published { of(Column::Year, 1) } else { Vec::new() };
    names.extend(of(column, OFFERED_MAX));
    names.join(", ")
}
