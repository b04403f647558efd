//! Field by field, each in the forms it had from 2012 to 2026: a table of what goes in and comes out.

use serde_json::{Value, json};

use crate::normalise::read;

/// Where a piece of XML is put into a record that is otherwise whole.
#[derive(Debug, Clone, Copy)]
enum At {
    /// Inside `Article`.
    Article,
    /// Inside `Article/Journal/JournalIssue`.
    Issue,
    /// Inside `Article/AuthorList`.
    Authors,
    /// Inside `MedlineCitation`, behind `Article`.
    Citation,
    /// Inside `PubmedData`.
    Data,
}

/// Returns a set of one article with a piece put in.
fn set(at: At, piece: &str) -> String {
    let here = |place: At| if std::mem::discriminant(&place) == std::mem::discriminant(&at) { piece } else { "" };
    let title = if piece.contains("<ArticleTitle") { "" } else { "<ArticleTitle>T</ArticleTitle>" };
    format!(
        "<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n<PubmedArticle><MedlineCitation Status=\"MEDLINE\" Owner=\"NLM\">\
         <PMID Version=\"1\">90000601</PMID><Article PubModel=\"Print-Electronic\"><Journal><JournalIssue \
         CitedMedium=\"Internet\">{}</JournalIssue></Journal>{title}{}<AuthorList CompleteYN=\"Y\">{}</AuthorList>\
         </Article>{}</MedlineCitation><PubmedData>{}</PubmedData></PubmedArticle>\n</PubmedArticleSet>\n",
        here(At::Issue),
        here(At::Article),
        here(At::Authors),
        here(At::Citation),
        here(At::Data)
    )
}

/// One row: id, place, what is put in, and the fields that come out; `null` is a field that must be absent.
type Row = (&'static str, At, &'static str, Value);

fn check(rows: Vec<Row>) {
    for (id, at, piece, wanted) in rows {
        let parsed = read(set(at, piece).as_bytes(), "set.xml", "pubmed");
        assert_eq!(parsed.problems, [], "{id}");
        let [record] = parsed.records.as_slice() else { panic!("{id}: {} records", parsed.records.len()) };
        let got = serde_json::to_value(record).expect("writes");
        for (field, want) in wanted.as_object().expect("fields") {
            assert_eq!(got.get(field).unwrap_or(&Value::Null), want, "{id}: {field}");
        }
    }
}

#[test]
fn identifiers_are_the_articles_own() {
    let references = "<ReferenceList><Title>References</Title><Reference><Citation>X. 2001;1:1.</Citation><ArticleIdList>\
        <ArticleId IdType=\"pubmed\">90000999</ArticleId><ArticleId IdType=\"doi\">10.5555/cited</ArticleId>\
        <ArticleId IdType=\"pmc\">PMC9000999</ArticleId></ArticleIdList></Reference></ReferenceList>";
    let nested = "<ReferenceList><ReferenceList><Reference><ArticleIdList><ArticleId IdType=\"doi\">10.5555/deep</ArticleId>\
        </ArticleIdList></Reference></ReferenceList></ReferenceList>";
    check(vec![
        ("references", At::Data, references, json!({"doi": null, "pmcid": null, "pmid": "90000601"})),
        ("references in references", At::Data, nested, json!({"doi": null})),
        (
            "withdrawn",
            At::Article,
            "<ELocationID EIdType=\"doi\" ValidYN=\"N\">10.5555/wrong</ELocationID><ELocationID EIdType=\"doi\" \
             ValidYN=\"Y\">10.5555/Right</ELocationID>",
            json!({"doi": "10.5555/right"}),
        ),
        (
            "withdrawn alone",
            At::Article,
            "<ELocationID EIdType=\"doi\" ValidYN=\"N\">10.5555/wrong</ELocationID>",
            json!({"doi": null}),
        ),
        (
            "pii",
            At::Article,
            "<ELocationID EIdType=\"pii\" ValidYN=\"Y\">e0123</ELocationID>",
            json!({"doi": null, "pages": null}),
        ),
        (
            "list alone",
            At::Data,
            "<ArticleIdList><ArticleId IdType=\"pii\">S1</ArticleId><ArticleId IdType=\"doi\">10.5555/list</ArticleId>\
             <ArticleId IdType=\"pmc\">PMC9000601</ArticleId></ArticleIdList>",
            json!({"doi": "10.5555/list", "pmcid": "PMC9000601", "open_access": true}),
        ),
        (
            "embargo",
            At::Citation,
            "<OtherID Source=\"NLM\">NIHMS900001</OtherID><OtherID Source=\"NLM\">PMC9000602 [Available on 01/01/27]</OtherID>",
            json!({"pmcid": "PMC9000602", "open_access": null}),
        ),
        (
            "2012",
            At::Citation,
            "<OtherID Source=\"NLM\">PMC9000603</OtherID>",
            json!({"pmcid": "PMC9000603", "open_access": true}),
        ),
    ]);
}

#[test]
fn dates_in_every_form() {
    let online = "<ArticleDate DateType=\"Electronic\"><Year>2026</Year><Month>03</Month><Day>09</Day></ArticleDate>";
    let date = |inside: &str| -> &'static str { format!("<PubDate>{inside}</PubDate>").leak() };
    check(vec![
        ("year", At::Issue, date("<Year>2026</Year>"), json!({"year": 2026, "published": "2026"})),
        ("month in words", At::Issue, date("<Year>2019</Year><Month>Nov</Month>"), json!({"published": "2019-11"})),
        (
            "numbers",
            At::Issue,
            date("<Year>2019</Year><Month>11</Month><Day>05</Day>"),
            json!({"published": "2019-11-05"}),
        ),
        (
            "season",
            At::Issue,
            date("<Year>2020</Year><Season>Winter</Season>"),
            json!({"year": 2020, "published": "2020"}),
        ),
        (
            "two months",
            At::Issue,
            date("<MedlineDate>2019 Nov-Dec</MedlineDate>"),
            json!({"year": 2019, "published": "2019-11"}),
        ),
        (
            "over new year",
            At::Issue,
            date("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>"),
            json!({"year": 1998, "published": "1998-12"}),
        ),
        (
            "season first",
            At::Issue,
            date("<MedlineDate>Winter 2020</MedlineDate>"),
            json!({"year": 2020, "published": "2020"}),
        ),
        (
            "seasons",
            At::Issue,
            date("<MedlineDate>2000 Spring-Summer</MedlineDate>"),
            json!({"year": 2000, "published": "2000"}),
        ),
        ("days", At::Issue, date("<MedlineDate>2011 Oct 15-31</MedlineDate>"), json!({"published": "2011-10-15"})),
        ("years", At::Issue, date("<MedlineDate>1975-1976</MedlineDate>"), json!({"year": 1975, "published": "1975"})),
        (
            "quarter",
            At::Issue,
            date("<MedlineDate>2015 1st Quarter</MedlineDate>"),
            json!({"year": 2015, "published": "2015"}),
        ),
        ("online alone", At::Article, online, json!({"year": 2026, "published": "2026-03-09"})),
        (
            "entered",
            At::Data,
            "<History><PubMedPubDate PubStatus=\"received\"><Year>2025</Year><Month>1</Month><Day>2</Day></PubMedPubDate>\
             <PubMedPubDate PubStatus=\"pubmed\"><Year>2024</Year><Month>1</Month><Day>1</Day></PubMedPubDate>\
             <PubMedPubDate PubStatus=\"entrez\"><Year>2026</Year><Month>3</Month><Day>10</Day><Hour>6</Hour></PubMedPubDate></History>",
            json!({"entered": "2026-03-10", "published": null, "year": null}),
        ),
    ]);
}

#[test]
fn the_issue_and_the_day_online_are_told_apart() {
    let online = "<ArticleDate DateType=\"Electronic\"><Year>2025</Year><Month>12</Month><Day>20</Day></ArticleDate>";
    // (issue, citation year, first public day, note)
    for (issue, year, published, note) in [
        ("<Year>2026</Year><Month>Feb</Month>", 2026, "2025-12-20", "ahead of print"),
        ("<Year>2025</Year>", 2025, "2025-12-20", "the finer of the same year"),
        ("<Year>2024</Year><Month>Jun</Month>", 2024, "2024-06", "put online later"),
    ] {
        let xml = set(At::Issue, &format!("<PubDate>{issue}</PubDate>"))
            .replace("<AuthorList", &format!("{online}<AuthorList"));
        let got = read(xml.as_bytes(), "set.xml", "pubmed");
        let got = serde_json::to_value(&got.records[0]).expect("writes");
        assert_eq!((&got["year"], &got["published"]), (&json!(year), &json!(published)), "{note}");
    }
}

#[test]
fn titles_in_every_form() {
    check(vec![
        (
            "markup",
            At::Article,
            "<ArticleTitle>Effect of CO<sub>2</sub> (<i>in&#xa0;vivo</i>) at P&lt;.001 &amp; 10<sup>-3</sup>.</ArticleTitle>",
            json!({"title": "Effect of CO2 (in vivo) at P<.001 & 10-3."}),
        ),
        (
            "mathml",
            At::Article,
            "<ArticleTitle>Case <mml:math xmlns:mml=\"http://www.w3.org/1998/Math/MathML\"><mml:mi>x</mml:mi><mml:mo>=</mml:mo>\
             <mml:mn>2</mml:mn></mml:math>.</ArticleTitle>",
            json!({"title": "Case x=2."}),
        ),
        (
            "brackets",
            At::Article,
            "<ArticleTitle>[Depression after birth].</ArticleTitle><VernacularTitle>Depresión posparto.</VernacularTitle>",
            json!({"title": "[Depression after birth].", "title_vernacular": "Depresión posparto."}),
        ),
        (
            "not available",
            At::Article,
            "<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Depressão pós-parto.</VernacularTitle>",
            // As PubMed gives it; whoever shows it takes the other one.
            json!({"title": "[Not Available].", "title_vernacular": "Depressão pós-parto."}),
        ),
        (
            "vernacular alone",
            At::Article,
            "<ArticleTitle/><VernacularTitle>Dépression du post-partum.</VernacularTitle>",
            json!({"title": "Dépression du post-partum.", "title_vernacular": "Dépression du post-partum."}),
        ),
    ]);
}

#[test]
fn abstracts_in_every_form() {
    let copyright = "<CopyrightInformation>© 2026 Nobody.</CopyrightInformation>";
    check(vec![
        (
            "plain",
            At::Article,
            "<Abstract><AbstractText>One text.</AbstractText><CopyrightInformation>© 2026.</CopyrightInformation></Abstract>",
            json!({"abstract": "One text.", "sections": null}),
        ),
        ("copyright alone", At::Article, format!("<Abstract>{copyright}</Abstract>").leak(), json!({"abstract": null})),
        (
            "structured",
            At::Article,
            "<Abstract><AbstractText Label=\"AIM\" NlmCategory=\"OBJECTIVE\">To see.</AbstractText><AbstractText \
             Label=\"WHAT WE FOUND\" NlmCategory=\"RESULTS\">A <b>lot</b>.</AbstractText><AbstractText/></Abstract>",
            json!({
                "abstract": "AIM: To see.\n\nWHAT WE FOUND: A lot.",
                "sections": [
                    {"label": "AIM", "category": "OBJECTIVE", "text": "To see."},
                    {"label": "WHAT WE FOUND", "category": "RESULTS", "text": "A lot."},
                ],
            }),
        ),
        (
            "category alone",
            At::Article,
            "<Abstract><AbstractText NlmCategory=\"UNASSIGNED\">Text.</AbstractText></Abstract>",
            json!({"abstract": "Text.", "sections": [{"category": "UNASSIGNED", "text": "Text."}]}),
        ),
        (
            "other abstract",
            At::Citation,
            "<OtherAbstract Type=\"Publisher\" Language=\"spa\"><AbstractText>Uno.</AbstractText></OtherAbstract><OtherAbstract \
             Type=\"Publisher\" Language=\"eng\"><AbstractText>One.</AbstractText></OtherAbstract>",
            json!({"abstract": "One."}),
        ),
        (
            "other language alone",
            At::Citation,
            "<OtherAbstract Type=\"Publisher\" Language=\"spa\"><AbstractText>Uno.</AbstractText></OtherAbstract>",
            json!({"abstract": null}),
        ),
    ]);
}

#[test]
fn people_in_every_form() {
    let author = |inside: &str| -> &'static str { format!("<Author ValidYN=\"Y\">{inside}</Author>").leak() };
    let orcid = |form: &str| author(&format!("<LastName>A</LastName><Identifier Source=\"ORCID\">{form}</Identifier>"));
    let with_orcid = json!({"authors": [{"family": "A", "orcid": "0000-0001-2345-678X"}]});
    check(vec![
        ("orcid", At::Authors, orcid("0000-0001-2345-678X"), with_orcid.clone()),
        ("orcid address", At::Authors, orcid("http://orcid.org/0000-0001-2345-678X"), with_orcid.clone()),
        ("orcid without hyphens", At::Authors, orcid("000000012345678X"), with_orcid),
        ("orcid that is none", At::Authors, orcid("0000-0000"), json!({"authors": [{"family": "A"}]})),
        (
            "group",
            At::Authors,
            author("<CollectiveName>The Group</CollectiveName>"),
            json!({"authors": [{"collective": "The Group"}]}),
        ),
        (
            "suffix, initials",
            At::Authors,
            "<Author ValidYN=\"Y\" EqualContrib=\"Y\"><LastName>B</LastName><Initials>CD</Initials><Suffix>3rd</Suffix></Author>",
            json!({"authors": [{"family": "B", "given": "CD", "suffix": "3rd"}]}),
        ),
        (
            "withdrawn",
            At::Authors,
            "<Author ValidYN=\"N\"><LastName>Wrong</LastName></Author><Author ValidYN=\"Y\"><LastName>Right</LastName></Author>",
            json!({"authors": [{"family": "Right"}]}),
        ),
        (
            "affiliations",
            At::Authors,
            author(
                "<LastName>A</LastName><AffiliationInfo><Affiliation>One.</Affiliation><Identifier Source=\"GRID\">grid.1.2\
                 </Identifier></AffiliationInfo><AffiliationInfo><Affiliation>Two.</Affiliation></AffiliationInfo>",
            ),
            json!({"authors": [{"family": "A", "affiliation": "One.; Two."}]}),
        ),
        (
            "before 2015",
            At::Authors,
            author("<LastName>A</LastName><Affiliation>One.</Affiliation>"),
            json!({"authors": [{"family": "A", "affiliation": "One."}]}),
        ),
        (
            "investigators and subjects",
            At::Citation,
            "<PersonalNameSubjectList><PersonalNameSubject><LastName>S</LastName></PersonalNameSubject></PersonalNameSubjectList>\
             <InvestigatorList><Investigator ValidYN=\"Y\"><LastName>I</LastName></Investigator></InvestigatorList>",
            json!({"authors": null}),
        ),
    ]);
}

#[test]
fn journal_pages_and_languages() {
    let pages =
        |text: &str| -> &'static str { format!("<Pagination><MedlinePgn>{text}</MedlinePgn></Pagination>").leak() };
    check(vec![
        ("range", At::Article, pages("33-41"), json!({"pages": "33-41"})),
        ("short range", At::Article, pages("1123-9"), json!({"pages": "1123-9"})),
        ("article number", At::Article, pages("e10045"), json!({"pages": "e10045"})),
        ("supplement", At::Article, pages("S1-12"), json!({"pages": "S1-12"})),
        ("several", At::Article, pages("117, 119-21"), json!({"pages": "117, 119-21"})),
        (
            "2022 on",
            At::Article,
            "<Pagination><StartPage>33</StartPage><EndPage>41</EndPage><MedlinePgn>33-41</MedlinePgn></Pagination>",
            json!({"pages": "33-41"}),
        ),
        ("start alone", At::Article, "<Pagination><StartPage>33</StartPage></Pagination>", json!({"pages": "33"})),
        (
            "languages",
            At::Article,
            "<Language>eng</Language><Language>por</Language>",
            json!({"language": ["en", "pt"]}),
        ),
        (
            "linking issn",
            At::Citation,
            "<MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Invent</MedlineTA><NlmUniqueID>1</NlmUniqueID>\
             <ISSNLinking>1234-5679</ISSNLinking></MedlineJournalInfo>",
            json!({"journal": "J Invent", "issn": ["1234-5679"]}),
        ),
        (
            "issue",
            At::Issue,
            "<Volume>12 Suppl 1</Volume><Issue>Pt 2</Issue>",
            json!({"volume": "12 Suppl 1", "number": "Pt 2"}),
        ),
    ]);
}

#[test]
fn headings_keywords_types_and_what_is_left_out() {
    check(vec![
        (
            "mesh",
            At::Citation,
            "<MeshHeadingList><MeshHeading><DescriptorName UI=\"D1\" MajorTopicYN=\"N\">Depression</DescriptorName><QualifierName \
             UI=\"Q1\" MajorTopicYN=\"Y\">epidemiology</QualifierName><QualifierName UI=\"Q2\" MajorTopicYN=\"N\">therapy\
             </QualifierName></MeshHeading><MeshHeading><DescriptorName UI=\"D2\" Type=\"Geographic\" MajorTopicYN=\"N\">Kenya\
             </DescriptorName></MeshHeading></MeshHeadingList>",
            json!({"mesh": [
                {"name": "Depression", "ui": "D1", "major": true, "qualifiers": ["epidemiology", "therapy"]},
                {"name": "Kenya", "ui": "D2"},
            ]}),
        ),
        (
            "keywords",
            At::Citation,
            "<KeywordList Owner=\"NOTNLM\"><Keyword MajorTopicYN=\"Y\">sleep</Keyword><Keyword MajorTopicYN=\"N\"> group\n care \
             </Keyword></KeywordList><KeywordList Owner=\"KIE\"><Keyword>sleep</Keyword></KeywordList>",
            json!({"keywords": ["sleep", "group care"]}),
        ),
        (
            "types",
            At::Article,
            "<PublicationTypeList><PublicationType UI=\"D016428\">Journal Article</PublicationType><PublicationType UI=\"D016441\">\
             Retracted Publication</PublicationType></PublicationTypeList>",
            json!({"type": ["Journal Article", "Retracted Publication"]}),
        ),
        (
            "data banks and grants",
            At::Article,
            "<DataBankList CompleteYN=\"Y\"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>\
             <AccessionNumber>NCT90000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList><GrantList><Grant>\
             <GrantID>G1</GrantID><Agency>A</Agency></Grant></GrantList>",
            json!({"keywords": null, "type": null, "authors": null}),
        ),
        (
            "notes and status",
            At::Citation,
            "<GeneralNote Owner=\"NLM\">A note.</GeneralNote><ChemicalList><Chemical><NameOfSubstance>X</NameOfSubstance></Chemical>\
             </ChemicalList><CitationSubset>IM</CitationSubset><CoiStatement>None.</CoiStatement>",
            json!({"abstract": null, "mesh": null, "keywords": null}),
        ),
        ("status", At::Data, "<PublicationStatus>aheadofprint</PublicationStatus>", json!({"published": null})),
    ]);
}

/// All values of `RefType` in the DTD of 2025 (`pubmed_250101.dtd`), and the kinds they become.
const REF_TYPES: [(&str, Option<&str>); 23] = [
    ("AssociatedDataset", Some("associated-dataset")),
    ("AssociatedPublication", Some("associated-publication")),
    ("CommentIn", Some("comment-in")),
    ("CommentOn", Some("comment-on")),
    ("CorrectedandRepublishedIn", Some("corrected-and-republished-in")),
    ("CorrectedandRepublishedFrom", Some("corrected-and-republished-from")),
    ("ErratumIn", Some("erratum-in")),
    ("ErratumFor", Some("erratum-for")),
    ("ExpressionOfConcernIn", Some("expression-of-concern-in")),
    ("ExpressionOfConcernFor", Some("expression-of-concern-for")),
    ("RepublishedIn", Some("republished-in")),
    ("RepublishedFrom", Some("republished-from")),
    ("RetractedandRepublishedIn", Some("retracted-and-republished-in")),
    ("RetractedandRepublishedFrom", Some("retracted-and-republished-from")),
    ("RetractionIn", Some("retraction-in")),
    ("RetractionOf", Some("retraction-of")),
    ("UpdateIn", Some("update-in")),
    ("UpdateOf", Some("update-of")),
    ("SummaryForPatientsIn", Some("summary-for-patients-in")),
    ("OriginalReportIn", Some("original-report-in")),
    ("ReprintIn", Some("reprint-in")),
    ("ReprintOf", Some("reprint-of")),
    ("Cites", None),
];

#[test]
fn every_kind_of_link_comes_through() {
    for (ref_type, kind) in REF_TYPES {
        let link = format!(
            "<CommentsCorrectionsList><CommentsCorrections RefType=\"{ref_type}\"><RefSource>J Invent. 2026;1(1):1. doi: \
             10.5555/link</RefSource><PMID Version=\"1\">90000699</PMID></CommentsCorrections></CommentsCorrectionsList>"
        );
        let got = read(set(At::Citation, &link).as_bytes(), "set.xml", "pubmed");
        let got = serde_json::to_value(&got.records[0]).expect("writes");
        let want = kind.map_or(Value::Null, |kind| {
            json!([{"kind": kind, "pmid": "90000699", "doi": "10.5555/link", "note": "J Invent. 2026;1(1):1. doi: 10.5555/link"}])
        });
        assert_eq!(got.get("relations").unwrap_or(&Value::Null), &want, "{ref_type}");
    }
}

#[test]
fn roots_versions_and_deletions() {
    let book = "<PubmedBookArticle><BookDocument><PMID Version=\"1\">90000611</PMID><Book><Publisher><PublisherName>P\
        </PublisherName></Publisher><BookTitle book=\"b\">A book</BookTitle><PubDate><Year>2024</Year></PubDate><AuthorList \
        Type=\"editors\"><Author><LastName>Ed</LastName></Author></AuthorList></Book></BookDocument></PubmedBookArticle>";
    let got = read(book.as_bytes(), "book.xml", "pubmed");
    let got = serde_json::to_value(&got.records[0]).expect("writes");
    assert_eq!(
        got,
        json!({"id": "pmid:90000611", "source": "pubmed", "title": "A book", "authors": [{"family": "Ed"}], "year": 2024,
               "published": "2024", "pmid": "90000611", "type": ["Book"]}),
        "a book as the root"
    );
    let second = set(At::Article, "").replace("<PMID Version=\"1\">", "<PMID Version=\"2\">");
    let got = read(second.as_bytes(), "set.xml", "pubmed");
    assert_eq!(got.records[0].id, "pmid:90000601", "a later version of an article is the same article");
    let deleted = "<DeleteCitation><PMID Version=\"1\">90000612</PMID></DeleteCitation>";
    let got = read(deleted.as_bytes(), "set.xml", "pubmed");
    assert_eq!((got.records.len(), got.deleted.len()), (0, 1));
}
