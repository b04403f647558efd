//! Highwire, Dublin Core, PRISM, `EPrints`, bepress.

use super::{Case, check};

const HIGHWIRE: &[Case] = &[
    (
        "full",
        "every usual tag of a journal's page",
        r#"<html lang="en"><head><title>Walking groups | Journal of Examples</title>
<meta name="citation_title" content="Walking groups for mothers: a trial in Kenya">
<meta name="citation_author" content="Example, Maria"><meta name="citation_author_institution" content="University of Examples"><meta name="citation_author_institution" content="Ministry of Health"><meta name="citation_author_orcid" content="https://orcid.org/0000-0002-1825-0097">
<meta name="citation_author" content="Ana van der Model">
<meta name="citation_journal_title" content="Journal of Examples"><meta name="citation_journal_abbrev" content="J Ex">
<meta name="citation_publication_date" content="2026/10"><meta name="citation_online_date" content="2026/09/28">
<meta name="citation_volume" content="12"><meta name="citation_issue" content="3"><meta name="citation_firstpage" content="101"><meta name="citation_lastpage" content="110">
<meta name="citation_doi" content="10.5555/JEX.7"><meta name="citation_pmid" content="90000001"><meta name="citation_issn" content="1234-5678"><meta name="citation_issn" content="12345679">
<meta name="citation_language" content="en"><meta name="citation_keywords" content="depression; mothers; Kenya">
<meta name="citation_pdf_url" content="/pdf/7.pdf"><meta name="citation_fulltext_html_url" content="https://www.example.org/full/7">
<meta name="citation_abstract" content="&lt;p&gt;Women who walked had lower scores.&lt;/p&gt;">
<link rel="canonical" href="https://www.example.org/journal/article/7"></head><body><h1>Walking groups</h1></body></html>"#,
        &[
            ("basis", "Citation"),
            ("title", "Walking groups for mothers: a trial in Kenya"),
            ("authors", "Example, Maria | van der Model, Ana"),
            ("orcid", "0000-0002-1825-0097"),
            ("affiliation", "University of Examples; Ministry of Health"),
            ("journal", "Journal of Examples"),
            ("published", "2026-09-28"),
            ("year", "2026"),
            ("volume", "12"),
            ("number", "3"),
            ("pages", "101-110"),
            ("doi", "10.5555/jex.7"),
            ("pmid", "90000001"),
            ("issn", "1234-5678 | 1234-5679"),
            ("language", "en"),
            ("keywords", "depression | mothers | Kenya"),
            ("abstract", "Women who walked had lower scores."),
            ("links", "https://www.example.org/full/7 | https://www.example.org/pdf/7.pdf"),
            ("types", "Journal Article"),
            ("url", "https://www.example.org/journal/article/7"),
            ("id", "https://example.org/journal/article/7"),
            ("problems", ""),
        ],
    ),
    (
        "authors-list",
        "older sites put all authors into one tag",
        r#"<meta name="citation_title" content="T t"><meta name="citation_authors" content="Example, Maria; Model, Ana; The Example Study Group">"#,
        &[("authors", "Example, Maria | Model, Ana | [The Example Study Group]")],
    ),
    (
        "authors-in-one",
        "the list stands in the tag for one author",
        r#"<meta name="citation_title" content="T t"><meta name="citation_author" content="Maria Example; Ana Model">"#,
        &[("authors", "Example, Maria | Model, Ana")],
    ),
    (
        "authors-commas",
        "a list parted by commas",
        r#"<meta name="citation_title" content="T t"><meta name="citation_author" content="Maria Example, Ana Model, Bo Sample">"#,
        &[("authors", "Example, Maria | Model, Ana | Sample, Bo")],
    ),
    (
        "author-suffix",
        "a comma before Jr parts no authors",
        r#"<meta name="citation_title" content="T t"><meta name="citation_author" content="Example, Bo, Jr">"#,
        &[("authors", "Example, Bo")],
    ),
    (
        "author-group",
        "a collaboration as author",
        r#"<meta name="citation_title" content="T t"><meta name="citation_author" content="PRIDE Study Collaborators">"#,
        &[("authors", "[PRIDE Study Collaborators]")],
    ),
    (
        "date-year",
        "only a year is known: no more digits than that",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_year" content="2026">"#,
        &[("published", "2026"), ("year", "2026")],
    ),
    (
        "date-words",
        "a date in words",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_date" content="5 October 2026">"#,
        &[("published", "2026-10-05")],
    ),
    (
        "date-dashes",
        "an ISO date",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_publication_date" content="2026-10-05">"#,
        &[("published", "2026-10-05")],
    ),
    (
        "date-two-meanings",
        "day and month cannot be told apart: only the year is sure",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_publication_date" content="05/10/2026">"#,
        &[("published", "2026")],
    ),
    (
        "date-online-first",
        "online in one year, in an issue of the next: the issue's year is cited",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_publication_date" content="2027/01/15"><meta name="citation_online_date" content="2026/11/02">"#,
        &[("published", "2026-11-02"), ("year", "2027")],
    ),
    (
        "date-nonsense",
        "a template that was not filled in",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_publication_date" content="0000/00/00">"#,
        &[("published", ""), ("year", "")],
    ),
    (
        "doi-forms",
        "a DOI as an address",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="https://doi.org/10.5555/A%2FB">"#,
        &[("doi", "10.5555/a/b")],
    ),
    (
        "doi-broken",
        "a sound DOI behind a broken one",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="pending"><meta name="citation_doi" content="doi:10.5555/ok">"#,
        &[("doi", "10.5555/ok")],
    ),
    (
        "case",
        "names of tags in any case, also as property",
        r#"<meta property="Citation_Title" content="T t"><meta NAME="CITATION_DOI" CONTENT="10.5555/a">"#,
        &[("title", "T t"), ("doi", "10.5555/a")],
    ),
    (
        "markup",
        "markup and entities in the title",
        r#"<meta name="citation_title" content="&lt;i&gt;Sleep&lt;/i&gt; &amp;amp; mood, P&lt;0.05"><meta name="citation_doi" content="10.5555/a">"#,
        &[("title", "Sleep & mood, P<0.05")],
    ),
    (
        "hostile",
        "nothing that acts reaches the record",
        "<meta name=\"citation_title\" content=\"a\u{1b}[31mb\u{202e}c &lt;script&gt;alert(1)&lt;/script&gt;\"><meta name=\"citation_doi\" content=\"10.5555/a\"><meta name=\"citation_pdf_url\" content=\"javascript:alert(1)\">",
        &[("title", "a[31mbc"), ("links", "")],
    ),
    (
        "chapter",
        "a chapter: the book is its place",
        r#"<meta name="citation_title" content="Chapter one"><meta name="citation_inbook_title" content="Handbook of Examples"><meta name="citation_isbn" content="978-3-16-148410-0"><meta name="citation_firstpage" content="1"><meta name="citation_author" content="A Example">"#,
        &[("journal", "Handbook of Examples"), ("types", "Book Chapter"), ("issn", "")],
    ),
    (
        "book",
        "a whole book",
        r#"<meta name="citation_title" content="Handbook of Examples"><meta name="citation_isbn" content="9783161484100"><meta name="citation_publisher" content="Example Press"><meta name="citation_author" content="A Example">"#,
        &[("journal", "Example Press"), ("types", "Book")],
    ),
    (
        "report",
        "a report of an institution",
        r#"<meta name="citation_title" content="Mental health of mothers"><meta name="citation_technical_report_institution" content="Institute of Examples">"#,
        &[("journal", "Institute of Examples"), ("types", "Technical Report")],
    ),
    (
        "conference",
        "a paper of a meeting",
        r#"<meta name="citation_title" content="T t"><meta name="citation_conference_title" content="Example Congress 2026">"#,
        &[("journal", "Example Congress 2026"), ("types", "Congress")],
    ),
    (
        "article-number",
        "no pages, but a number",
        r#"<meta name="citation_title" content="T t"><meta name="citation_journal_title" content="J"><meta name="citation_article_number" content="e0123">"#,
        &[("pages", "e0123")],
    ),
    (
        "type-review",
        "the kind of article in PubMed's word",
        r#"<meta name="citation_title" content="T t"><meta name="citation_journal_title" content="J"><meta name="citation_article_type" content="Systematic Review">"#,
        &[("types", "Journal Article | Systematic Review")],
    ),
    (
        "type-correction",
        "a correction is a notice",
        r#"<meta name="citation_title" content="Correction: T"><meta name="citation_journal_title" content="J"><meta name="citation_article_type" content="Correction">"#,
        &[("types", "Journal Article | Published Erratum")],
    ),
    (
        "type-plain",
        "'Research Article' says no more than that it is one",
        r#"<meta name="citation_title" content="T t"><meta name="citation_journal_title" content="J"><meta name="citation_article_type" content="Research Article">"#,
        &[("types", "Journal Article")],
    ),
    (
        "preprint",
        "a preprint server is known by its DOI",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.1101/2026.10.01.90000001"><meta name="citation_journal_title" content="medRxiv">"#,
        &[("types", "Journal Article | Preprint")],
    ),
    (
        "language-odd",
        "a language that is none is told and left out",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_language" content="Klingon">"#,
        &[("language", ""), ("problems", "\"Klingon\" is no language that we know; it is kept as language_as_given")],
    ),
    (
        "language-locale",
        "a language with its country",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta name="citation_language" content="pt_BR">"#,
        &[("language", "pt")],
    ),
    (
        "bepress",
        "bepress writes the same names with a word in front",
        r#"<meta name="bepress_citation_title" content="T t"><meta name="bepress_citation_author" content="Example, Maria"><meta name="bepress_citation_date" content="2026"><meta name="bepress_citation_doi" content="10.5555/b">"#,
        &[("title", "T t"), ("authors", "Example, Maria"), ("doi", "10.5555/b"), ("year", "2026")],
    ),
    (
        "canonical-front",
        "a template whose canonical address is the site's front page",
        r#"<link rel="canonical" href="https://www.example.org/"><meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a">"#,
        &[("url", "https://www.example.org/journal/article/7")],
    ),
    (
        "canonical-relative",
        "a relative canonical address, with a base",
        r#"<base href="https://www.example.org/x/"><link rel="canonical" href="seven"><meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a">"#,
        &[("url", "https://www.example.org/x/seven")],
    ),
    (
        "teaser",
        "what a journal writes for social media is no abstract, its site no journal",
        r#"<meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><meta property="og:description" content="Read this and many more fine papers of ours on our beautiful new site today"><meta property="og:site_name" content="ExampleConnect">"#,
        &[("abstract", ""), ("journal", "")],
    ),
    (
        "a-paper-named-error",
        "a paper whose title begins like an error page",
        r#"<title>Error rates of screening</title><meta name="citation_title" content="Error rates of screening"><meta name="citation_doi" content="10.5555/a">"#,
        &[("title", "Error rates of screening")],
    ),
];

#[test]
fn highwire_tags_are_read() {
    check(HIGHWIRE);
}

const DUBLIN: &[Case] = &[
    (
        "dc",
        "Dublin Core as OJS writes it",
        r#"<meta name="DC.Title" content="Salud mental"><meta name="DC.Creator.PersonalName" content="x"><meta name="DC.Creator" content="Maria Example"><meta name="DC.Creator" content="Ana Model">
<meta name="DC.Source" content="Revista de Ejemplos; Vol. 3 Num. 1 (2026): Mayo; 1-9"><meta name="DC.Source.ISSN" content="1234-5678"><meta name="DC.Source.Issue" content="1"><meta name="DC.Source.Volume" content="3">
<meta name="DC.Identifier" content="77"><meta name="DC.Identifier.DOI" content="10.5555/rev.77"><meta name="DC.Identifier.URI" content="https://example.org/77"><meta name="DC.Identifier.pageNumber" content="1-9">
<meta name="DC.Date.issued" content="2026-05-20"><meta name="DC.Date.created" content="2026-05-01"><meta name="DC.Language" scheme="ISO639-1" content="es">
<meta name="DC.Description" xml:lang="es" content="Las mujeres que caminaron juntas cada semana tuvieron menos sintomas."><meta name="DC.Rights" content="https://creativecommons.org/licenses/by/4.0">"#,
        &[
            ("basis", "Citation"),
            ("title", "Salud mental"),
            ("authors", "Example, Maria | Model, Ana"),
            ("journal", "Revista de Ejemplos"),
            ("issn", "1234-5678"),
            ("volume", "3"),
            ("number", "1"),
            ("pages", "1-9"),
            ("doi", "10.5555/rev.77"),
            ("published", "2026-05-20"),
            ("language", "es"),
            ("abstract", "Las mujeres que caminaron juntas cada semana tuvieron menos sintomas."),
            ("open_access", "true"),
        ],
    ),
    (
        "dc-lower",
        "lower case, DOI in the plain identifier",
        r#"<meta name="dc.title" content="T t"><meta name="dc.creator" content="Example, M"><meta name="dc.identifier" content="doi:10.5555/low"><meta name="dc.date" content="2026-10">"#,
        &[("doi", "10.5555/low"), ("published", "2026-10"), ("authors", "Example, M")],
    ),
    (
        "dcterms",
        "DCTERMS with a colon",
        r#"<meta property="dcterms:title" content="T t"><meta property="dcterms:creator" content="Institute of Examples"><meta property="dcterms:issued" content="2026-10-01"><meta property="dcterms:isPartOf" content="Bulletin of Examples"><meta property="dcterms:identifier" content="https://doi.org/10.5555/t">"#,
        &[("authors", "[Institute of Examples]"), ("journal", "Bulletin of Examples"), ("doi", "10.5555/t")],
    ),
    (
        "dc-no-citation",
        "a title alone in Dublin Core is no citation",
        r#"<title>News today</title><meta name="DC.title" content="News today">"#,
        &[("basis", "Words"), ("title", "News today")],
    ),
    (
        "dc-source-address",
        "a source that is an address is no journal",
        r#"<meta name="DC.title" content="T t"><meta name="DC.creator" content="A Example"><meta name="DC.source" content="https://example.org/j"><meta name="DC.publisher" content="Example Press">"#,
        &[("journal", "Example Press")],
    ),
    (
        "prism",
        "PRISM beside Dublin Core",
        r#"<meta name="dc.title" content="T t"><meta name="prism.publicationName" content="Journal of Examples"><meta name="prism.publicationDate" content="2026-10-05"><meta name="prism.volume" content="9"><meta name="prism.number" content="2"><meta name="prism.startingPage" content="5"><meta name="prism.endingPage" content="9"><meta name="prism.issn" content="1234-5678"><meta name="prism.doi" content="doi:10.5555/p">"#,
        &[
            ("journal", "Journal of Examples"),
            ("published", "2026-10-05"),
            ("volume", "9"),
            ("number", "2"),
            ("pages", "5-9"),
            ("doi", "10.5555/p"),
        ],
    ),
    (
        "eprints",
        "a repository (EPrints)",
        r#"<meta name="eprints.title" content="A thesis on mothers"><meta name="eprints.creators_name" content="Example, Maria"><meta name="eprints.type" content="thesis"><meta name="eprints.date" content="2026"><meta name="eprints.abstract" content="This thesis asks how mothers in two towns fared after birth."><meta name="DC.title" content="A thesis on mothers"><meta name="DC.creator" content="Example, Maria">"#,
        &[
            ("authors", "Example, Maria"),
            ("types", "Academic Dissertation"),
            ("abstract", "This thesis asks how mothers in two towns fared after birth."),
        ],
    ),
    (
        "precedence",
        "Highwire before Dublin Core before the rest, field by field; a month may be made a day",
        r#"<title>page</title><meta property="og:title" content="social"><meta name="DC.title" content="dublin"><meta name="citation_title" content="highwire"><meta name="DC.creator" content="Maria Example"><meta name="citation_doi" content="10.5555/h"><meta name="DC.identifier" content="10.5555/d"><meta property="article:published_time" content="2026-10-03T08:00:00Z"><meta name="citation_publication_date" content="2026/10">"#,
        &[("title", "highwire"), ("authors", "Example, Maria"), ("doi", "10.5555/h"), ("published", "2026-10-03")],
    ),
    (
        "pmid-scheme",
        "a PMID by its scheme",
        r#"<meta name="DC.title" content="T t"><meta name="DC.creator" content="A Example"><meta name="DC.identifier" scheme="PMID" content="90000002"><meta name="DC.identifier" content="12345">"#,
        &[("pmid", "90000002"), ("doi", "")],
    ),
    (
        "cut-description",
        "a description that was cut off is no abstract",
        r#"<meta name="DC.title" content="T t"><meta name="DC.creator" content="A Example"><meta name="DC.description" content="Background: women in twelve villages of one county were asked how they…">"#,
        &[("abstract", "")],
    ),
];

#[test]
fn dublin_core_prism_and_eprints_are_read() {
    check(DUBLIN);
}
