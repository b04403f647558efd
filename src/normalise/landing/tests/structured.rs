//! JSON-LD, Open Graph, and pages that say nothing but their title.

use super::{Case, check};

const JSON_LD: &[Case] = &[
    (
        "scholarly",
        "a paper with the whole chain up to the journal",
        r#"<script type="application/ld+json">{"@context":"https://schema.org","@type":"ScholarlyArticle","headline":"Walking groups for mothers","author":[{"@type":"Person","givenName":"Maria","familyName":"Example","identifier":"https://orcid.org/0000-0002-1825-0097","affiliation":{"@type":"Organization","name":"University of Examples"}},{"@type":"Organization","name":"The Example Group"}],"datePublished":"2026-10-05","isPartOf":{"@type":"PublicationIssue","issueNumber":"3","isPartOf":{"@type":["PublicationVolume","Periodical"],"volumeNumber":12,"name":"Journal of Examples","issn":["1234-5678"]}},"pageStart":"1","pageEnd":"9","sameAs":"https://doi.org/10.5555/ld","inLanguage":"en","isAccessibleForFree":true,"description":"Women who walked together every week had lower depression scores."}</script>"#,
        &[
            ("basis", "Article"),
            ("title", "Walking groups for mothers"),
            ("authors", "Example, Maria | [The Example Group]"),
            ("orcid", "0000-0002-1825-0097"),
            ("affiliation", "University of Examples"),
            ("journal", "Journal of Examples"),
            ("issn", "1234-5678"),
            ("volume", "12"),
            ("number", "3"),
            ("pages", "1-9"),
            ("doi", "10.5555/ld"),
            ("published", "2026-10-05"),
            ("language", "en"),
            ("open_access", "true"),
            ("types", "Journal Article"),
            ("abstract", "Women who walked together every week had lower depression scores."),
        ],
    ),
    (
        "graph",
        "a graph with references by @id; the page's other things are not the article",
        r##"<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Example Site"},{"@type":"BreadcrumbList","itemListElement":[{"@type":"Article","headline":"another"}]},{"@type":"NewsArticle","headline":"New fund for young mothers","author":{"@id":"#a"},"publisher":{"@id":"#p"},"datePublished":"2026-10-07T09:00:00+03:00"},{"@type":"Person","@id":"#a","name":"Ana Model"},{"@type":"Organization","@id":"#p","name":"Example Alliance"}]}</script>"##,
        &[
            ("title", "New fund for young mothers"),
            ("authors", "Model, Ana"),
            ("journal", "Example Alliance"),
            ("published", "2026-10-07"),
            ("types", "News"),
        ],
    ),
    (
        "author-text",
        "the author as a bare text",
        r#"<script type="application/ld+json">{"@type":"BlogPosting","headline":"A blog post","author":"Maria Example"}</script>"#,
        &[("authors", "Example, Maria"), ("types", "Blog")],
    ),
    (
        "author-texts",
        "authors as a list of texts",
        r#"<script type="application/ld+json">{"@type":"Article","headline":"A post","author":["Maria Example","Ana Model"]}</script>"#,
        &[("authors", "Example, Maria | Model, Ana")],
    ),
    (
        "property-value",
        "identifiers as PropertyValue",
        r#"<script type="application/ld+json">{"@type":"MedicalScholarlyArticle","name":"T t","identifier":[{"@type":"PropertyValue","propertyID":"doi","value":"10.5555/pv"},{"@type":"PropertyValue","propertyID":"pmid","value":"90000003"}]}</script>"#,
        &[("doi", "10.5555/pv"), ("pmid", "90000003")],
    ),
    (
        "headline-cut",
        "a headline cut for search engines: the name goes on",
        r#"<script type="application/ld+json">{"@type":"Article","headline":"A very long headline…","name":"A very long headline that goes on"}</script>"#,
        &[("title", "A very long headline that goes on")],
    ),
    (
        "broken",
        "line breaks in texts and a comma too many are mended",
        "<script type=\"application/ld+json\">\n<!--\n{\"@type\":\"Article\",\"headline\":\"Two\nlines\",\"datePublished\":\"2026-10-01\",}\n--></script>",
        &[("title", "Two lines"), ("published", "2026-10-01"), ("problems", "")],
    ),
    (
        "beyond-repair",
        "what cannot be mended is told, the rest is read",
        r#"<title>A title of some words</title><script type="application/ld+json">{"@type": Article</script>"#,
        &[
            ("title", "A title of some words"),
            ("problems", "structured data of the page (JSON-LD) is broken and was left out"),
        ],
    ),
    (
        "two-articles",
        "of two articles the one whose address is the page's",
        r#"<script type="application/ld+json">[{"@type":"Article","headline":"Other","url":"https://www.example.org/other"},{"@type":"Article","headline":"This one","url":"https://www.example.org/journal/article/7"}]</script>"#,
        &[("title", "This one")],
    ),
    (
        "event",
        "a webinar",
        r#"<script type="application/ld+json">{"@type":"Event","name":"Webinar on fathers","startDate":"2026-11-12T14:00:00+03:00","organizer":{"@type":"Organization","name":"Example Alliance"}}</script>"#,
        &[
            ("title", "Webinar on fathers"),
            ("types", "Event"),
            ("journal", "Example Alliance"),
            ("published", ""),
            ("event", "\"2026-11-12T14:00:00+03:00\""),
        ],
    ),
    (
        "report",
        "a report; its publisher is its place",
        r#"<script type="application/ld+json">{"@type":"Report","name":"State of mothers","publisher":{"@type":"Organization","name":"Institute of Examples"},"datePublished":"2026"}</script>"#,
        &[("journal", "Institute of Examples"), ("types", "Technical Report"), ("published", "2026")],
    ),
    (
        "keywords",
        "keywords as list, as text, as terms",
        r#"<script type="application/ld+json">{"@type":"Article","headline":"T t","keywords":["depression, mothers",{"@type":"DefinedTerm","name":"Kenya"}]}</script>"#,
        &[("keywords", "depression | mothers | Kenya")],
    ),
    (
        "not-the-parts",
        "what the article cites and is part of is not the article",
        r#"<script type="application/ld+json">{"@type":"WebPage","name":"page","hasPart":{"@type":"ScholarlyArticle","headline":"cited"},"mainEntity":{"@type":"Article","headline":"The article","citation":{"@type":"ScholarlyArticle","name":"x","sameAs":"https://doi.org/10.5555/cited"}}}</script>"#,
        &[("title", "The article"), ("doi", "")],
    ),
    (
        "licence",
        "a Creative Commons licence means that everybody can read",
        r#"<script type="application/ld+json">{"@type":"ScholarlyArticle","headline":"T t","license":"https://creativecommons.org/licenses/by/4.0/"}</script>"#,
        &[("open_access", "true")],
    ),
];

#[test]
fn structured_data_is_read() {
    check(JSON_LD);
}

const WORDS: &[Case] = &[
    (
        "open-graph",
        "a news page",
        r#"<html lang="en-GB"><head><title>New guideline for midwives | Example Alliance</title><meta property="og:title" content="New guideline for midwives"><meta property="og:type" content="article"><meta property="og:site_name" content="Example Alliance"><meta property="og:description" content="The alliance has published its first guideline on mental health for midwives."><meta property="article:published_time" content="2026-10-05T22:30:00+03:00"><meta property="article:author" content="https://social.example.org/maria"><meta name="author" content="Maria Example"><meta property="article:tag" content="Guideline"></head>"#,
        &[
            ("basis", "Article"),
            ("title", "New guideline for midwives"),
            ("journal", "Example Alliance"),
            ("abstract", "The alliance has published its first guideline on mental health for midwives."),
            ("published", "2026-10-05"),
            ("authors", "Example, Maria"),
            ("language", "en"),
            ("keywords", "Guideline"),
        ],
    ),
    (
        "title-site",
        "the site's name is cut off the title, by what it calls itself",
        r#"<title>Mothers in Kisumu - Example Alliance</title><meta property="og:site_name" content="Example Alliance">"#,
        &[("title", "Mothers in Kisumu")],
    ),
    (
        "title-host",
        "the site is known by its host",
        r"<title>Example – Mothers in Kisumu speak</title>",
        &[("title", "Mothers in Kisumu speak")],
    ),
    (
        "title-bar",
        "behind a bar stands a site",
        r"<title>Mothers in Kisumu speak | Some Agency</title>",
        &[("title", "Mothers in Kisumu speak")],
    ),
    (
        "title-dash",
        "a dash belongs to the title where no site is known",
        r"<title>Fathers matter - a report from Kisumu</title>",
        &[("title", "Fathers matter - a report from Kisumu")],
    ),
    (
        "title-heading",
        "the heading is the title where the title holds it",
        r"<title>Mothers in Kisumu speak - Latest - Agency</title><h1>Mothers in <em>Kisumu</em> speak</h1>",
        &[("title", "Mothers in Kisumu speak")],
    ),
    (
        "time",
        "the first time on a page that says nothing else",
        r#"<title>Mothers in Kisumu speak</title><body><time datetime="2026-10-08">8 Oct</time><time datetime="2026-01-01">x</time></body>"#,
        &[("published", "2026-10-08"), ("basis", "Words")],
    ),
    (
        "time-foreign",
        "a date in French",
        r"<html lang=fr><title>Les mères de Kisumu parlent</title><body><time>8 octobre 2026</time></body>",
        &[("published", "2026-10-08"), ("language", "fr")],
    ),
    (
        "slogan",
        "a slogan is no abstract",
        r#"<title>Mothers in Kisumu speak</title><meta name="description" content="For better health.">"#,
        &[("abstract", "")],
    ),
    (
        "login-in-header",
        "a page with a login form in its header is no login page",
        r#"<title>Mothers in Kisumu speak</title><body><form><input type="password"></form><p>Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare after birth. Women in Kisumu told us how they fare.</p></body>"#,
        &[("title", "Mothers in Kisumu speak")],
    ),
    (
        "consent-banner",
        "a cookie banner in front of an article is no cookie wall when there is a citation",
        r#"<title>T t</title><meta name="citation_title" content="T t"><meta name="citation_doi" content="10.5555/a"><body>Accept all cookies</body>"#,
        &[("title", "T t")],
    ),
];

#[test]
fn pages_that_say_little_are_read_as_far_as_they_go() {
    check(WORDS);
}
