//! The fixed words that readers see, in one table for each language.
//!
//! Plain and respectful in all of them: people are women, mothers, partners, families,
//! participants; never "cases" or "subjects". Templates read the table as `w`. Words in braces are
//! places that [`filled`] fills; they are the same in every language.

use serde::Serialize;

use crate::model::{Design, Language, Month, language_name_in};

mod english;
mod french;
mod portuguese;
mod spanish;

/// A word for one thing and for several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Plural {
    /// For one.
    pub one: &'static str,
    /// For several.
    pub many: &'static str,
}

/// All fixed words of email, page and feed in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Words {
    /// A colon as it stands behind a word.
    pub colon: &'static str,
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
    /// How much there is to search: `{papers}` and `{issues}`, each with its number.
    pub in_issues: &'static str,
    /// Issues, after a number.
    pub issues: Plural,
    /// Between the links to leave the list and to change what one receives.
    pub or: &'static str,
    /// Papers, after a number.
    pub papers: Plural,
    /// Countries, after a number.
    pub countries: Plural,
    /// Open access papers, after a number.
    pub open_papers: Plural,
    /// Reviews, after a number.
    pub reviews: Plural,
    /// Countries that are not named: `{n}`.
    pub more_countries: Plural,
    /// Language of a paper: `{language}`.
    pub in_language: &'static str,
    /// What a paper is about that readers may have lived: `{what}`.
    pub about: &'static str,
    /// What its finding mentions: `{what}`.
    pub mentions: &'static str,
    /// The same behind the sentence on what it is about.
    pub also_mentions: &'static str,
    /// The loss of a baby, in these sentences.
    pub loss: &'static str,
    /// Suicide, in these sentences.
    pub suicide: &'static str,
    /// Violence, in these sentences.
    pub violence: &'static str,
    /// Before the last of several.
    pub and: &'static str,
    /// Sources that could not be read: `{names}`, of several also `{n}`.
    pub stale: Plural,
    /// Remarks under an item on other forms of the study.
    #[serde(skip)]
    pub remarks: Remarks,
    /// Study designs, in the order of [`Design::ALL`].
    #[serde(skip)]
    pub designs: [&'static str; Design::ALL.len()],
}

/// What is said under an item of other forms of the study; `{month}` is an earlier issue's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Remarks {
    /// An article whose preprint was sent.
    pub published: &'static str,
    /// An article that has a preprint.
    pub has_preprint: &'static str,
    /// A paper whose meeting paper was sent.
    pub in_full: &'static str,
    /// A paper that was presented at a meeting.
    pub has_meeting: &'static str,
    /// A newer edition of a review that was sent.
    pub review_update: &'static str,
    /// A newer edition of another paper that was sent.
    pub paper_update: &'static str,
    /// A newer edition of a review.
    pub earlier_review: &'static str,
    /// A newer edition of another paper.
    pub earlier_paper: &'static str,
    /// A study whose protocol was sent.
    pub protocol: &'static str,
    /// News on a paper that was sent.
    pub about: &'static str,
    /// Sites that reported on it: `{names}`.
    pub reported: &'static str,
    /// The same where some are not named: `{names}` and `{n}`.
    pub reported_more: Plural,
}

/// Returns the words of a language.
pub fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &english::WORDS,
        Language::French => &french::WORDS,
        Language::Spanish => &spanish::WORDS,
        Language::Portuguese => &portuguese::WORDS,
    }
}

/// Returns a text with its places in braces filled: `{n}` of a pair `("n", "3")` becomes 3.
///
/// A place is filled once, so braces in a value stay as they are.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let value = after.split_once('}').and_then(|(name, behind)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, behind))
        });
        if let Some((value, behind)) = value {
            out.push_str(value);
            rest = behind;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

impl Plural {
    /// Returns the word for a number of things.
    pub fn of(self, n: usize, language: Language) -> &'static str {
        if language.is_one(n) { self.one } else { self.many }
    }
}

/// Returns "In Portuguese" for a BCP 47 code; empty for the issue's own language and for languages
/// without a name here.
pub fn in_language(code: &str, language: Language) -> String {
    let name = language_name_in(code, language).filter(|_| !language.is_code(code));
    name.map(|name| filled(of(language).in_language, &[("language", name)])).unwrap_or_default()
}

/// Returns "480 papers in 12 issues."
pub fn in_issues(papers: usize, issues: usize, language: Language) -> String {
    let w = of(language);
    let count = |n: usize, of: Plural| format!("{n} {}", of.of(n, language));
    filled(w.in_issues, &[("papers", &count(papers, w.papers)), ("issues", &count(issues, w.issues))])
}

/// Returns "and 4 more countries".
pub fn more_countries(n: usize, language: Language) -> String {
    filled(of(language).more_countries.of(n, language), &[("n", &n.to_string())])
}

/// Returns the sentence on sources that could not be read, or nothing when all could.
pub fn stale(names: &[String], language: Language) -> String {
    if names.is_empty() {
        return String::new();
    }
    let n = names.len();
    filled(of(language).stale.of(n, language), &[("n", &n.to_string()), ("names", &names.join(", "))])
}

/// Returns the name of a study design.
pub fn design(design: Design, language: Language) -> &'static str {
    let names = Design::ALL.iter().zip(of(language).designs);
    names.into_iter().find(|(d, _)| **d == design).map(|(_, name)| name).unwrap_or_default()
}

/// Returns a remark with the month of an earlier issue in it.
pub fn with_month(remark: &str, month: Month, language: Language) -> String {
    filled(remark, &[("month", &language.month(month))])
}

/// Returns the remark on sites that reported on a study; `more` are not named.
pub fn reported(names: &str, more: usize, language: Language) -> String {
    let remarks = of(language).remarks;
    let text = if more == 0 { remarks.reported } else { remarks.reported_more.of(more, language) };
    filled(text, &[("names", names), ("n", &more.to_string())])
}

#[cfg(test)]
mod tests;
