//! Says in plain words why a paper stands where it stands.

use super::{MORE, Ranked, choose, is_preprint};
use crate::model::text::{clean_line, shorten};
use crate::model::{Design, Evidence, ExcludeReason, LEARNED, TopicRule};

/// Countries named in a reason; more are counted.
const COUNTRIES_MAX: usize = 3;
/// Words quoted as evidence for a topic, and their length in characters.
const WORDS_MAX: usize = 3;
const WORD_CHARS_MAX: usize = 40;
/// Authors named before "et al."
const AUTHORS_MAX: usize = 2;

/// Returns the reasons for a paper: score and what it rests on; who published it where and when;
/// what there is of it elsewhere; and what a person still has to write.
pub(super) fn reasons(r: &Ranked<'_>, section: &str, topics: &[TopicRule]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(r.score.parts.iter().filter(|p| p.name == LEARNED).map(|p| p.note.clone()));
    parts.extend(countries(r));
    if r.judgement.design != Design::Unclear {
        parts.push(lower_first(r.judgement.design.label()));
    }
    if r.work.record.open_access == Some(true) || r.judgement.has_flag("open-access") {
        parts.push("open access".to_owned());
    }
    if is_preprint(r) {
        parts.push("preprint, not peer reviewed".to_owned());
    }
    parts.push(fit(r, section, topics));
    let mut out = vec![format!("{:.2}: {}", r.score.total, parts.join("; "))];
    out.extend(source(r));
    out.extend(Some(clean_line(r.remark)).filter(|t| !t.is_empty()));
    if section != MORE && r.judgement.finding.is_none() {
        out.push("no sentence with the finding was found: please write the summary".to_owned());
    }
    out
}

/// Returns the countries of the study.
fn countries(r: &Ranked<'_>) -> Option<String> {
    let names = r.country_names;
    let mut text = names.iter().take(COUNTRIES_MAX).map(|n| clean_line(n)).collect::<Vec<_>>().join(", ");
    if names.len() > COUNTRIES_MAX {
        text.push_str(&format!(" and {} more countries", names.len() - COUNTRIES_MAX));
    }
    (!text.is_empty()).then_some(text)
}

/// Returns which topic a paper fits, and by which words.
fn fit(r: &Ranked<'_>, section: &str, topics: &[TopicRule]) -> String {
    let serves = choose::topics_of(r, topics);
    // A paper in the compact list is explained by its own first topic.
    let shown = if section == MORE { serves.first().copied() } else { Some(section) };
    let Some(topic) = shown.and_then(|id| topics.iter().find(|t| t.id == id)) else {
        return "no working group is named by its words".to_owned();
    };
    let name = clean_line(&topic.name);
    if r.judgement.twg.is_empty() && r.judgement.twg_primary.is_none() {
        return format!("its source usually serves {name}");
    }
    let fits = if serves.first() == Some(&topic.id.as_str()) { "fits" } else { "also fits" };
    let mut words: Vec<String> = Vec::new();
    let reasons = r.judgement.why.get(&format!("twg:{}", topic.id)).map_or(&[][..], Vec::as_slice);
    if reasons.iter().any(Evidence::is_of_person) {
        return format!("{fits} {name}, as a person said");
    }
    for evidence in reasons {
        let word = shorten(&clean_line(&evidence.text), WORD_CHARS_MAX);
        if !word.is_empty() && !words.iter().any(|w| w.eq_ignore_ascii_case(&word)) && words.len() < WORDS_MAX {
            words.push(word);
        }
    }
    if words.is_empty() { format!("{fits} {name}") } else { format!("{fits} {name} (words: {})", words.join(", ")) }
}

/// Returns authors, journal and day of publication, as far as they are known.
fn source(r: &Ranked<'_>) -> Option<String> {
    let record = &r.work.record;
    let authors = record.first_authors(AUTHORS_MAX);
    let when = record.published.map(|d| d.to_string()).or_else(|| record.citation_year().map(|y| y.to_string()));
    let parts: Vec<String> = [Some(authors), record.journal.clone(), when].into_iter().flatten().collect();
    let parts: Vec<String> = parts.iter().map(|p| clean_line(p)).filter(|p| !p.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Characters of the authors' conclusion that are quoted.
const FINDING_CHARS_MAX: usize = 300;

/// Returns what helps to decide about a paper in doubt: score and what was found in it, what its authors
/// conclude, who published it where and when, and where it can be read.
pub(super) fn of_maybe(r: &Ranked<'_>, topics: &[TopicRule]) -> Vec<String> {
    let section = choose::topics_of(r, topics).into_iter().next().unwrap_or(MORE);
    let mut found: Vec<String> = countries(r).into_iter().collect();
    if !r.judgement.region_terms.is_empty() {
        found.push(r.judgement.region_terms.join(", "));
    }
    if r.judgement.design != Design::Unclear {
        found.push(lower_first(r.judgement.design.label()));
    }
    for values in [&r.judgement.conditions, &r.judgement.interventions, &r.judgement.populations] {
        found.extend(values.iter().take(VALUES_MAX).map(|v| v.replace('-', " ")));
    }
    found.dedup();
    if is_preprint(r) {
        found.push("preprint, not peer reviewed".to_owned());
    }
    found.push(fit(r, section, topics));
    let mut out = vec![format!("{:.2}; found: {}", r.score.total, found.join("; "))];
    out.extend(
        r.judgement.finding.as_deref().map(|t| format!("finding: {}", shorten(&clean_line(t), FINDING_CHARS_MAX))),
    );
    out.extend(source(r));
    out.extend(Some(clean_line(r.remark)).filter(|t| !t.is_empty()));
    out.extend(r.work.record.best_link());
    out
}

/// Values of one facet that are named among what was found.
const VALUES_MAX: usize = 3;

/// Returns the question that decides about a paper in doubt, in plain words: "yes" takes it in.
pub(super) fn question(reason: ExcludeReason) -> &'static str {
    match reason {
        ExcludeReason::Animal => "Does it study people? It may be animal or laboratory work.",
        ExcludeReason::Notice => "Is it more than a notice about another paper?",
        ExcludeReason::Letter => "Does it report data? It may be a letter without any.",
        ExcludeReason::NoPerinatal => "Does it study pregnancy, birth or the year after?",
        ExcludeReason::NoMh => "Is mental health a main subject of it?",
        ExcludeReason::HicDiaspora => {
            "Was it done in a low- or middle-income country? It may study migrants elsewhere."
        }
        ExcludeReason::Hic => "Was it done in a low- or middle-income country? Only others were found.",
        ExcludeReason::GlobalNoLmic => "Does it speak to low- and middle-income countries? It is global.",
        ExcludeReason::NoCountry => "Where was it done? No country is named.",
        ExcludeReason::Unreadable => {
            "Is it about mental health around birth, and where? The title alone does not tell."
        }
    }
}

/// Returns a label as it stands inside a sentence.
fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
