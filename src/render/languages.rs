//! Which language an item's texts are in, as far as is known, so that screen readers speak each in its own.

use crate::model::text::clean_line;
use crate::model::{IssueItem, Language, Record};

/// BCP 47 codes of an item's texts; each empty for the issue's own language, and when it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    /// Of the paper.
    pub paper: String,
    /// Of the title.
    pub title: String,
    /// Of the finding.
    pub finding: String,
}

/// Longest code that is passed on (RFC 5646 asks for at least 35 characters), in bytes.
const CODE_BYTES_MAX: usize = 35;

/// Returns the languages of an item in an issue of `language`.
///
/// PubMed gives an English title in brackets (or beside the vernacular one) for a paper in another
/// language, and English abstracts: such a title is English, and so is a finding drawn from it. A paper
/// that can also be read in the issue's language counts as one in that language, and so does one that
/// is also in English where the issue is. What a person wrote is in the issue's language.
pub fn of_item(item: &IssueItem, language: Language) -> Codes {
    let codes: Vec<&str> = item.record.language.iter().map(String::as_str).filter(|c| is_code(c)).collect();
    let is_own = codes.iter().any(|c| language.is_code(c));
    let first = codes.first().copied().unwrap_or_default();
    let paper = if is_own { "" } else { first };
    let other = |code: &str| if language.is_code(code) { String::new() } else { code.to_owned() };
    Codes { paper: paper.to_owned(), title: other(title(item, &codes, first)), finding: other(finding(item, first)) }
}

/// Tells whether a text is a code that may stand in an attribute and says something.
fn is_code(code: &str) -> bool {
    let is_plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    !code.is_empty() && code.len() <= CODE_BYTES_MAX && is_plain && code != "und" && code != "mul"
}

/// Returns the language of the title as readers see it; empty when it is not known.
fn title<'c>(item: &IssueItem, codes: &[&'c str], first: &'c str) -> &'c str {
    let record = &item.record;
    let is_vernacular = record.title_vernacular.as_ref().is_some_and(|v| clean_line(v) == clean_line(&item.title));
    if is_vernacular {
        return codes.iter().find(|c| !Language::English.is_code(c)).copied().unwrap_or(first);
    }
    let is_english = codes.iter().any(|c| Language::English.is_code(c));
    if !first.is_empty() && (is_english || is_translated(record)) { "en" } else { first }
}

/// Tells whether the record's title was translated into English.
fn is_translated(record: &Record) -> bool {
    record.title.starts_with('[') || record.title_vernacular.is_some()
}

/// Returns the language of the finding; empty when a person wrote it, and when it is not known.
fn finding<'c>(item: &IssueItem, first: &'c str) -> &'c str {
    let drawn = item.judgement.as_ref().and_then(|j| j.finding.as_deref());
    let is_drawn = drawn.is_some_and(|drawn| clean_line(drawn) == clean_line(&item.summary));
    match (is_drawn && !item.summary.is_empty(), item.record.pmid.is_some()) {
        (false, _) => "",
        (true, true) => "en",
        (true, false) => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pmid;

    fn item(language: &[&str], title: &str, vernacular: Option<&str>) -> IssueItem {
        let mut item = super::super::golden::full().sections[0].items[0].clone();
        item.title = title.to_owned();
        item.record.title = title.to_owned();
        item.record.language = language.iter().map(|l| (*l).to_owned()).collect();
        item.record.title_vernacular = vernacular.map(str::to_owned);
        item
    }

    #[test]
    fn the_language_of_a_title_is_not_always_that_of_the_paper() {
        use Language::{English, French, Portuguese, Spanish};
        for (id, issue, language, title, vernacular, want) in [
            ("english", English, vec!["en"], "T", None, ("", "")),
            ("none", English, vec![], "T", None, ("", "")),
            ("feed", English, vec!["pt"], "Saúde mental", None, ("pt", "pt")),
            ("translated", English, vec!["pt"], "[Mental health].", None, ("pt", "")),
            ("both titles", English, vec!["fr"], "Mental health", Some("Santé mentale"), ("fr", "")),
            ("also english", English, vec!["es", "en"], "T", None, ("", "")),
            ("no code", English, vec!["\"x"], "T", None, ("", "")),
            ("says nothing", English, vec!["und"], "T", None, ("", "")),
            ("english in french", French, vec!["en"], "T", None, ("en", "en")),
            ("own language", French, vec!["fr"], "Santé mentale", None, ("", "")),
            ("own, a region", Portuguese, vec!["pt-BR"], "Saúde mental", None, ("", "")),
            ("own, translated", French, vec!["fr"], "[Mental health].", None, ("", "en")),
            ("own, title put back", French, vec!["fr"], "Santé mentale", Some("Santé mentale"), ("", "")),
            ("other, title put back", Spanish, vec!["fr"], "Santé mentale", Some("Santé mentale"), ("fr", "fr")),
            ("own and english", Spanish, vec!["en", "es"], "T", None, ("", "en")),
            ("other and english", French, vec!["es", "en"], "T", None, ("es", "en")),
            ("none in french", French, vec![], "T", None, ("", "")),
            ("arabic", French, vec!["ar"], "T", None, ("ar", "ar")),
        ] {
            let codes = of_item(&item(&language, title, vernacular), issue);
            assert_eq!((codes.paper.as_str(), codes.title.as_str()), want, "{id}");
        }
    }

    #[test]
    fn a_finding_is_english_unless_a_person_wrote_it() {
        for (id, issue, drawn, shown, has_pmid, want) in [
            ("drawn", Language::French, "F.", "F.", true, "en"),
            ("drawn, english issue", Language::English, "F.", "F.", true, ""),
            ("a person's words", Language::French, "F.", "Des mots.", true, ""),
            ("of a feed", Language::French, "F.", "F.", false, "es"),
            ("of a feed in the issue's language", Language::Spanish, "F.", "F.", false, ""),
            ("none", Language::French, "", "", true, ""),
        ] {
            let mut item = item(&["es"], "T", None);
            item.record.pmid = Pmid::parse("90000001").filter(|_| has_pmid);
            item.summary = shown.to_owned();
            if let Some(judgement) = &mut item.judgement {
                judgement.finding = Some(drawn.to_owned());
            }
            assert_eq!(of_item(&item, issue).finding, want, "{id}");
        }
    }
}
