//! The fixed words that readers see, in one table.
//!
//! English for now. Plain and respectful: people are women, mothers, partners, families,
//! participants; never "cases" or "subjects". Templates read the table as `w`.

use serde::Serialize;

use crate::model::language_name;

/// All fixed words of email, page and feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Link at the very top of the email.
    pub view_in_browser: &'static str,
    /// Before the number of the issue.
    pub issue: &'static str,
    /// Heading of the contents.
    pub in_this_issue: &'static str,
    /// Over the pick.
    pub pick: &'static str,
    /// Before the reason why the pick or an item matters.
    pub why: &'static str,
    /// Button under the pick.
    pub read_paper: &'static str,
    /// The same when everybody can read it.
    pub read_open_paper: &'static str,
    /// Before the number of a working group.
    pub working_group: &'static str,
    /// A section without items.
    pub empty_section: &'static str,
    /// An issue without items.
    pub empty_issue: &'static str,
    /// Heading of the compact list.
    pub more: &'static str,
    /// Under that heading.
    pub more_blurb: &'static str,
    /// Heading of the dates.
    pub dates: &'static str,
    /// Heading of the request to readers.
    pub request: &'static str,
    /// Heading over the address of the secretariat.
    pub missing: &'static str,
    /// Sentence before the address.
    pub missing_text: &'static str,
    /// Sentence before the link to the web page, with its link words in [`Words::web_edition`].
    pub web_text: &'static str,
    /// Words of that link.
    pub web_edition: &'static str,
    /// The same for the text part, before the address.
    pub on_the_web: &'static str,
    /// Before the method.
    pub method: &'static str,
    /// Why the reader has this email; the name of the community follows.
    pub receive: &'static str,
    /// Link to leave the list.
    pub unsubscribe: &'static str,
    /// Link to change what one receives.
    pub preferences: &'static str,
    /// Tag of a paper that everybody can read.
    pub open_access: &'static str,
    /// Tag of a preprint.
    pub preprint: &'static str,
    /// Tag of a retracted paper.
    pub retracted: &'static str,
    /// Tag of a paper with an expression of concern.
    pub concern: &'static str,
    /// Tag of a paper about many countries that names none.
    pub many_countries: &'static str,
    /// Link that jumps over the head of the page.
    pub skip: &'static str,
    /// The same on the archive.
    pub skip_issues: &'static str,
    /// Label of the text filter.
    pub find: &'static str,
    /// Label of the group of filters.
    pub filters: &'static str,
    /// Label of the country filter.
    pub country: &'static str,
    /// Its first choice.
    pub all_countries: &'static str,
    /// Label of the study type filter.
    pub study_type: &'static str,
    /// Its first choice.
    pub all_types: &'static str,
    /// Label of the open access filter.
    pub open_only: &'static str,
    /// Said when the filters leave nothing.
    pub no_match: &'static str,
    /// Said after the counts when the filters leave something ("3 of 20 …").
    pub shown: &'static str,
    /// Between the two numbers of that sentence.
    pub of: &'static str,
    /// Label of the tags of an item.
    pub tags: &'static str,
    /// Link to an item's own address.
    pub entry_link: &'static str,
    /// Label of the side column.
    pub side: &'static str,
    /// Heading of the earlier issues.
    pub earlier: &'static str,
    /// Link to the archive.
    pub all_issues: &'static str,
    /// Heading of the downloads.
    pub take: &'static str,
    /// Link to the RIS file.
    pub ris: &'static str,
    /// Link to the CSV file.
    pub csv: &'static str,
    /// Link to the Atom feed.
    pub feed: &'static str,
    /// Said on an archive without issues.
    pub no_issues: &'static str,
    /// Link to the citation of one item.
    pub cite: &'static str,
    /// Link to the BibTeX file.
    pub bibtex: &'static str,
    /// Over the picture of the month, when it shows both regions and kinds of study.
    pub picture: &'static str,
    /// The same when it shows kinds of study only.
    pub picture_of_kinds: &'static str,
    /// Said after that on screens, where dots are seen.
    pub picture_dots: &'static str,
    /// Said after that when some papers have several regions.
    pub picture_twice: &'static str,
    /// Heading of the first drawing.
    pub by_region: &'static str,
    /// Heading of the second drawing.
    pub by_kind: &'static str,
    /// Heading of the first column of the first drawing's table.
    pub region: &'static str,
    /// Heading of the first column of the second drawing's table.
    pub kind_of_study: &'static str,
    /// Heading of the last column of both tables.
    pub all: &'static str,
    /// World Bank regions by their codes in the table of countries.
    pub regions: [(&'static str, &'static str); 7],
    /// A region that is none of these.
    pub other_region: &'static str,
    /// Papers about many countries that name no region.
    pub many_regions: &'static str,
    /// Papers that name no country.
    pub no_country: &'static str,
    /// Kinds of study: trials, reviews, surveys, interviews, programmes, and what is no study of its own.
    pub kinds: [&'static str; 6],
    /// Papers whose kind is not stated.
    pub kind_not_stated: &'static str,
    /// Heading of the search page, and the link to it.
    pub search_title: &'static str,
    /// Link that jumps over the head of the search page.
    pub search_skip: &'static str,
    /// Label of the box to search in.
    pub search_label: &'static str,
    /// Button beside it.
    pub search_button: &'static str,
    /// What can be written into the box.
    pub search_hint: &'static str,
    /// Button under the papers found.
    pub search_more: &'static str,
    /// Said when one paper was found.
    pub search_one: &'static str,
    /// Said behind the number of papers found.
    pub search_many: &'static str,
    /// Said when none was found.
    pub search_none: &'static str,
    /// Said when the question holds only words that are passed over.
    pub search_small: &'static str,
    /// Said before a beginning of too many words.
    pub search_whole: &'static str,
    /// Said while it searches.
    pub search_busy: &'static str,
    /// Said when a part of the index cannot be loaded.
    pub search_lost: &'static str,
    /// Said when the index is another one than the page.
    pub search_renewed: &'static str,
    /// Before the month of the issue that a paper was in.
    pub search_issue: &'static str,
    /// Said where scripts do not run; a link to all issues follows.
    pub search_no_script: &'static str,
}

/// The English words.
pub const ENGLISH: Words = Words {
    view_in_browser: "View in your browser",
    issue: "Issue",
    in_this_issue: "In this issue",
    pick: "Editor’s pick",
    why: "Why it matters.",
    read_paper: "Read the paper",
    read_open_paper: "Read the open access paper",
    working_group: "Working group",
    empty_section: "We found no new paper for this group this month.",
    empty_issue: "We found no new paper this month. The next issue follows in a month.",
    more: "Also published this month",
    more_blurb: "Related papers and news in brief.",
    dates: "Dates",
    request: "One request",
    missing: "Something missing?",
    missing_text: "Send a paper, an event or a correction to",
    web_text: "You can search and filter this issue, and download its citations, in the",
    web_edition: "web edition",
    on_the_web: "On the web, with filters:",
    method: "How this was made:",
    receive: "You receive this because you joined the",
    unsubscribe: "Unsubscribe",
    preferences: "change your preferences",
    open_access: "Open access",
    preprint: "Preprint, not peer reviewed",
    retracted: "Retracted",
    concern: "Expression of concern",
    many_countries: "Multi-country",
    skip: "Skip to the papers",
    skip_issues: "Skip to the issues",
    find: "Find in this issue",
    filters: "Filter this issue",
    country: "Country",
    all_countries: "All countries",
    study_type: "Study type",
    all_types: "All types",
    open_only: "Open access only",
    no_match: "No paper in this issue matches. Clear a filter to see more.",
    shown: "papers shown",
    of: "of",
    tags: "Tags",
    entry_link: "Link to this entry",
    side: "Other issues and downloads",
    earlier: "Earlier issues",
    all_issues: "All issues",
    take: "Take it with you",
    ris: "All citations (RIS)",
    csv: "Spreadsheet (CSV)",
    feed: "Feed (Atom)",
    no_issues: "No issue has been published yet.",
    cite: "Cite (RIS)",
    bibtex: "All citations (BibTeX)",
    picture: "Papers of this month by region and by kind of study.",
    picture_of_kinds: "Papers of this month by kind of study.",
    picture_dots: "Each dot is a paper; its colour is its working group.",
    picture_twice: "A paper about several regions stands in each.",
    by_region: "By region",
    by_kind: "By kind of study",
    region: "Region",
    kind_of_study: "Kind of study",
    all: "All",
    regions: [
        ("SSA", "Sub-Saharan Africa"),
        ("SAS", "South Asia"),
        ("EAP", "East Asia and Pacific"),
        ("MENAAP", "Middle East and North Africa to Pakistan"),
        ("LAC", "Latin America and the Caribbean"),
        ("ECA", "Europe and Central Asia"),
        ("NAC", "North America"),
    ],
    other_region: "Other regions",
    many_regions: "Many countries, none by name",
    no_country: "No country named",
    kinds: [
        "Trials and comparisons",
        "Reviews and guidelines",
        "Surveys, cohorts and measures",
        "Interviews and mixed methods",
        "Programmes and their costs",
        "Protocols, commentary and news",
    ],
    kind_not_stated: "Kind not stated",
    search_title: "Search all issues",
    search_skip: "Skip to the search",
    search_label: "Words in title, authors, journal, country, kind of study or finding",
    search_button: "Search",
    search_hint: "A paper must have all the words. The last word may be a beginning: “adolesc”.",
    search_more: "Show more papers",
    search_one: "1 paper.",
    search_many: "papers, the newest first.",
    search_none: "No paper has all these words. Try fewer, or only the beginning of one.",
    search_small: "Please give a longer word: words such as “of” and “the” are passed over.",
    search_whole: "Too many words begin so; this was looked for as a whole word:",
    search_busy: "Searching …",
    search_lost: "A part of the search could not be loaded. Look at your connection and search again.",
    search_renewed: "A new issue has come out meanwhile. Load this page again, then search.",
    search_issue: "Issue of",
    search_no_script: "The search needs JavaScript. Without it, every paper stands on the page of its issue:",
};

/// Returns "In Portuguese" for a BCP 47 code; empty for English and for languages without a name here.
pub fn in_language(code: &str) -> String {
    let name = language_name(code).filter(|name| *name != "English");
    name.map(|name| format!("In {name}")).unwrap_or_default()
}

/// Returns the word for a number of things: `one` for 1, else `many`.
pub fn plural(n: usize, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

/// Returns "480 papers in 12 issues."
pub fn in_issues(papers: usize, issues: usize) -> String {
    format!("{papers} {} in {issues} {}.", plural(papers, "paper", "papers"), plural(issues, "issue", "issues"))
}

/// Returns "and 4 more countries".
pub fn more_countries(n: usize) -> String {
    format!("and {n} more {}", plural(n, "country", "countries"))
}

/// Returns the sentence on sources that could not be read, or nothing when all could.
pub fn stale(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("One source could not be read this month ({one}); its papers may come in a later issue."),
        many => format!(
            "{} sources could not be read this month ({}); their papers may come in a later issue.",
            many.len(),
            many.join(", ")
        ),
    }
}

/// Short names of the months, January first.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns the short name of a month, 1–12; empty outside.
pub fn month_short(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or_default()
}

/// Returns a date for readers as precise as it is known: "9 Jan 2030", "Jan 2030", "2030".
pub fn date(date: crate::model::PartialDate) -> String {
    match (date.day(), date.month()) {
        (Some(day), Some(month)) => format!("{day} {} {}", month_short(month), date.year()),
        (None, Some(month)) => format!("{} {}", month_short(month), date.year()),
        _ => date.year().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_fit_their_numbers() {
        assert_eq!(stale(&[]), "");
        assert!(stale(&["A".into()]).starts_with("One source could"));
        assert!(stale(&["A".into(), "B".into()]).starts_with("2 sources could not be read this month (A, B)"));
        assert_eq!(more_countries(1), "and 1 more country");
        assert_eq!(in_language("pt-BR"), "In Portuguese");
        assert_eq!(in_language("en"), "");
    }
}
