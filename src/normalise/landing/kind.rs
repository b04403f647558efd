//! Kinds of papers and pages in PubMed's words, so that one word means the same everywhere.

/// Words that name a kind, folded, and PubMed's name of it; the first that is found counts.
const WORDS: &[(&str, &str)] = &[
    ("retraction", "Retraction of Publication"),
    ("expression of concern", "Expression of Concern"),
    ("corrigendum", "Published Erratum"),
    ("correction", "Published Erratum"),
    ("erratum", "Published Erratum"),
    ("errata", "Published Erratum"),
    ("editorial", "Editorial"),
    ("correspondence", "Letter"),
    ("letter", "Letter"),
    ("commentary", "Comment"),
    ("comment", "Comment"),
    ("case report", "Case Reports"),
    ("protocol", "Clinical Trial Protocol"),
    ("meta-analysis", "Meta-Analysis"),
    ("systematic review", "Systematic Review"),
    ("scoping review", "Scoping Review"),
    ("review", "Review"),
    ("guideline", "Guideline"),
    ("preprint", "Preprint"),
    ("posted-content", "Preprint"),
    ("news", "News"),
    ("blog", "Blog"),
    ("chapter", "Book Chapter"),
    ("thesis", "Academic Dissertation"),
    ("dissertation", "Academic Dissertation"),
    ("technical report", "Technical Report"),
    ("proceedings-article", "Congress"),
    ("paper-conference", "Congress"),
    ("conference", "Congress"),
    ("book", "Book"),
    ("journal-article", "Journal Article"),
    ("article-journal", "Journal Article"),
    ("journal article", "Journal Article"),
    ("journalarticle", "Journal Article"),
];

/// Returns PubMed's name of the kind that some words name, or `None` when they name none that we
/// know ("Research Article" says no more than that it is an article).
pub(super) fn of_words(text: &str) -> Option<String> {
    let folded = crate::model::text::fold(text);
    if folded.chars().count() > 80 {
        return None;
    }
    // What these speak of is another paper, or none.
    if ["peer review", "under review", "book review"].iter().any(|w| folded.contains(w)) {
        return None;
    }
    // Only alone: a "research report" is an article.
    if folded.trim() == "report" {
        return Some("Technical Report".to_owned());
    }
    WORDS.iter().find(|(word, _)| folded.contains(word)).map(|(_, name)| (*name).to_owned())
}

/// Returns the kind of a type of schema.org; empty for one that says nothing.
pub(super) fn of_schema(name: &str) -> &'static str {
    match name {
        "ScholarlyArticle" | "MedicalScholarlyArticle" => "Journal Article",
        "NewsArticle" | "ReportageNewsArticle" | "AnalysisNewsArticle" | "BackgroundNewsArticle" => "News",
        "OpinionNewsArticle" | "BlogPosting" | "LiveBlogPosting" | "SocialMediaPosting" => "Blog",
        "Report" => "Technical Report",
        "Thesis" => "Academic Dissertation",
        "Book" => "Book",
        "Chapter" => "Book Chapter",
        "PressRelease" => "Press Release",
        _ => "",
    }
}
