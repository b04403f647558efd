//! Checks the items of the issue: each by itself, and against each other.

use std::collections::BTreeMap;

use super::places::Places;
use super::{Facts, MORE, check_link, check_placeholder};
use crate::model::text::did_you_mean;
use crate::model::text::shorten;
use crate::model::{CanonicalUrl, Choice, Doi, Draft, DraftItem, Place, Problem, WorkId};

/// Longest summary in characters: readers complain of long ones, and one sentence is asked for.
const SUMMARY_CHARS_MAX: usize = 400;

/// Checks all items of the issue.
pub(super) fn check(
    draft: &Draft,
    issue: &[DraftItem],
    facts: &Facts<'_>,
    places: &Places<'_>,
    out: &mut Vec<Problem>,
) {
    for item in issue {
        check_words(item, facts, places, out);
        check_section(item, facts, places, out);
        check_work(item, draft, facts, places, out);
    }
    check_twice(draft, issue, facts, places, out);
    check_two_words(draft, places, out);
    check_doubled_links(issue, places, out);
}

/// Names an item in messages.
fn name(item: &DraftItem) -> String {
    format!("\"{}\"", shorten(&item.title, 60))
}

/// Checks title, summary, why and link of one item.
fn check_words(item: &DraftItem, facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    let at = |key| places.field(item.line, key);
    if item.summary.is_empty() && item.section != MORE {
        out.push(
            Problem::warning(at("summary"), format!("{} has no summary", name(item)))
                .with_help("write in one sentence what was found, or move it to the compact list (section = \"more\")"),
        );
    }
    let length = item.summary.chars().count();
    if length > SUMMARY_CHARS_MAX {
        out.push(
            Problem::warning(at("summary"), format!("the summary of {} has {length} characters", name(item)))
                .with_help(format!("readers want one sentence; stay within {SUMMARY_CHARS_MAX}")),
        );
    }
    if item.link.is_empty() {
        out.push(
            Problem::error(at("link"), format!("{} has no link", name(item)))
                .with_help("write where its title should lead, best a DOI link (https://doi.org/…)"),
        );
    } else {
        check_link(&item.link, &name(item), facts, &at("link"), out);
    }
    check_placeholder(&item.summary, "summary", &at("summary"), out);
    check_placeholder(&item.why, "why", &at("why"), out);
    if !facts.works.contains_key(&item.id) {
        check_placeholder(&item.title, "title", &at("title"), out);
    }
}

/// Checks that the section is one, and that the item stands under its heading.
fn check_section(item: &DraftItem, facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    let place = places.field(item.line, "section");
    if item.section != MORE && !facts.topics.iter().any(|t| t.id == item.section) {
        let known = facts.topics.iter().map(|t| t.id.as_str()).chain([MORE]);
        let help = did_you_mean(&item.section, known);
        out.push(
            Problem::error(place, format!("unknown section \"{}\" of {}", item.section, name(item))).with_help(help),
        );
    } else if let Some(above) = places.topic_above(item.line, facts.topics).filter(|t| t.id != item.section) {
        let message =
            format!("{} stands under \"{}\", but its section says \"{}\"", name(item), above.name, item.section);
        out.push(
            Problem::note(place, message)
                .with_help(format!("the section decides; write section = \"{}\" if you moved it there", above.id)),
        );
    }
}

/// Checks what is known about the work behind an item.
fn check_work(item: &DraftItem, draft: &Draft, facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    let place = places.field(item.line, "id");
    let id = facts.current_id(&item.id);
    let Some(work) = facts.works.get(id) else {
        check_unknown(item, facts, &place, out);
        check_preprint(item, places, out);
        return;
    };
    if id != item.id {
        let message = format!("{} is known as {id} now, since two entries were found to be one study", item.id);
        out.push(Problem::note(place.clone(), message).with_help("nothing has to be done: old ids stay good"));
    }
    if work.is_retracted {
        out.push(
            Problem::error(place.clone(), format!("{} was retracted", name(item)))
                .with_help("drop it: delete its block; if readers should know, say so in your note"),
        );
    }
    if work.is_put_out {
        let message = format!("you said that {} is out of scope, and its block still stands here", name(item));
        out.push(
            Problem::warning(place.clone(), message)
                .with_help(format!("delete its block; or take your word back: roundup retag {id} --undo scope")),
        );
    }
    if let Some(month) = work.already_sent.filter(|m| *m != draft.month) {
        out.push(
            Problem::error(place, format!("{} was already sent in {}", name(item), month.long_name()))
                .with_help("drop it: delete its block"),
        );
    }
    if !work.is_preprint {
        check_preprint(item, places, out);
    }
}

/// Reports an id that looks like ours but belongs to no work. An item made by hand may have any id.
fn check_unknown(item: &DraftItem, facts: &Facts<'_>, place: &Place, out: &mut Vec<Problem>) {
    let known = facts.works.keys().map(String::as_str);
    let nearest = known.map(|k| (strsim::damerau_levenshtein(k, &item.id), k)).min().filter(|(d, _)| *d <= 2);
    let message = format!("unknown id \"{}\" of {}", item.id, name(item));
    let own = "for an item of your own use a short word as id";
    match nearest {
        Some((_, id)) if item.id.len() > 4 => {
            out.push(Problem::error(place.clone(), message).with_help(format!("did you mean \"{id}\"? {own}")));
        }
        _ if WorkId::parse(&item.id).is_some() => {
            out.push(Problem::error(place.clone(), message).with_help(format!("copy the id from its block; {own}")));
        }
        _ => {}
    }
}

/// Registrants of DOIs that preprint servers give.
const PREPRINT_DOIS: &[&str] = &[
    "10.1101/0",
    "10.1101/1",
    "10.1101/2",
    "10.64898/",
    "10.21203/",
    "10.20944/",
    "10.2139/",
    "10.31234/",
    "10.31219/",
    "10.48550/",
    "10.2196/preprints",
    "10.1590/scielopreprints",
    "10.12688/verixiv",
];
/// Hosts of preprint servers.
const PREPRINT_HOSTS: &[&str] = &[
    "medrxiv.org",
    "biorxiv.org",
    "researchsquare.com",
    "preprints.org",
    "ssrn.com",
    "psyarxiv.com",
    "arxiv.org",
    "preprints.jmir.org",
    "preprints.scielo.org",
    "osf.io/preprints",
];

/// Reports an item that leads to a preprint server though nothing tells readers that it is one.
fn check_preprint(item: &DraftItem, places: &Places<'_>, out: &mut Vec<Problem>) {
    let doi = Doi::parse(&item.link);
    let by_doi = doi.is_some_and(|d| PREPRINT_DOIS.iter().any(|p| d.as_str().starts_with(p)));
    let address = CanonicalUrl::parse(&item.link).map(String::from).unwrap_or_default();
    let address = address.trim_start_matches("https://");
    let by_host = PREPRINT_HOSTS.iter().any(|h| {
        let (host, _) = address.split_once('/').unwrap_or((address, ""));
        if h.contains('/') { address.starts_with(h) } else { host == *h || host.ends_with(&format!(".{h}")) }
    });
    let words = format!("{} {} {}", item.title, item.summary, item.why).to_lowercase();
    let is_said = words.contains("preprint") || words.contains("peer review") || words.contains("peer-review");
    if (by_doi || by_host) && !is_said {
        out.push(
            Problem::warning(
                places.field(item.line, "link"),
                format!("{} leads to a preprint, but is not marked as one", name(item)),
            )
            .with_help("write \"Preprint, not peer reviewed\" in its summary, or link to the published article"),
        );
    }
}

/// Reports papers of which two blocks say two things: nobody can tell which is meant.
fn check_two_words(draft: &Draft, places: &Places<'_>, out: &mut Vec<Problem>) {
    let mut said: BTreeMap<&str, (Choice, usize)> = BTreeMap::new();
    for candidate in &draft.candidates {
        let Some(choice) = candidate.choice else { continue };
        match said.get(candidate.id.as_str()) {
            Some((other, line)) if *other != choice => {
                let message = format!(
                    "\"{}\" stands twice: {} here, {} on line {line}",
                    candidate.id,
                    choice.as_str(),
                    other.as_str()
                );
                let problem = Problem::error(places.field(candidate.line, "keep"), message);
                out.push(problem.with_help("delete one of the two blocks; until then neither word is taken in"));
            }
            Some(_) => {}
            None => drop(said.insert(&candidate.id, (choice, candidate.line))),
        }
    }
}

/// Reports works that stand in the issue twice, under one id or two.
fn check_twice(draft: &Draft, issue: &[DraftItem], facts: &Facts<'_>, places: &Places<'_>, out: &mut Vec<Problem>) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let items: Vec<(&str, usize, &str)> =
        issue.iter().map(|i| (i.id.as_str(), i.line, "delete one of the two blocks")).collect();
    // A kept candidate whose item stands too is left out of the issue without harm, but says that
    // somebody meant something else.
    let kept = draft.candidates.iter().filter(|c| c.is_kept() && !issue.iter().any(|i| i.line == c.line));
    let kept = kept.map(|c| (c.id.as_str(), c.line, "it is counted once; delete one of the two blocks"));
    let mut all: Vec<_> = items.into_iter().chain(kept).collect();
    all.sort_by_key(|(_, line, _)| *line);
    for (id, line, help) in all {
        if let Some(earlier) = first.get(facts.current_id(id)) {
            let message = format!("\"{id}\" stands in the issue twice, first on line {earlier}");
            out.push(Problem::error(places.field(line, "id"), message).with_help(help));
        } else {
            first.insert(facts.current_id(id), line);
        }
    }
}

/// Reports two items that lead to the same page.
fn check_doubled_links(issue: &[DraftItem], places: &Places<'_>, out: &mut Vec<Problem>) {
    let mut sorted: Vec<&DraftItem> = issue.iter().collect();
    sorted.sort_by_key(|i| i.line);
    let mut first: BTreeMap<String, &DraftItem> = BTreeMap::new();
    for item in sorted {
        let doi = Doi::parse(&item.link).map(String::from);
        let Some(link) = doi.or_else(|| CanonicalUrl::parse(&item.link).map(String::from)) else { continue };
        match first.get(&link) {
            Some(earlier) if earlier.id != item.id => {
                let message = format!("{} has the same link as {} on line {}", name(item), name(earlier), earlier.line);
                out.push(
                    Problem::warning(places.field(item.line, "link"), message)
                        .with_help("is it the same study twice, or was a link pasted by mistake?"),
                );
            }
            Some(_) => {}
            None => {
                first.insert(link, item);
            }
        }
    }
}
