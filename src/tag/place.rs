//! Tells in which countries a study was done, and which groups of countries it speaks of.
//!
//! Title before setting before the rest of the abstract before headings, keywords, affiliations
//! (rubric 2.2). Where people come from does not count, where they were studied does (2.7).

use std::collections::{BTreeMap, BTreeSet};

use super::gazetteer::{Gazetteer, Kind, Mention};
use super::rule::{Hit, Reading, Tags, hit};
use super::text::FieldText;
use crate::model::{Author, Country, Design, Evidence, Field};

/// A review that says from where its studies are names at most so many countries (rubric 2.6).
const INCLUDED_COUNTRIES_MAX: usize = 6;
/// Words between a people's name and "refugees", "immigrants" … that make it an origin.
const ORIGIN_WORDS: usize = 2;
/// Words from a people's name to the high-income country where they live ("Somali women living in
/// Minnesota").
const ABROAD_WORDS: usize = 7;
/// Words from a maker's name to its seat.
const MAKER_WORDS: usize = 6;
/// Words between two countries that stand in one list ("Georgia and Armenia").
const LIST_WORDS: usize = 2;
/// Characters of one affiliation that are read.
const AFFILIATION_CHARS_MAX: usize = 1_000;
/// Authors whose affiliations are read: large consortia list thousands.
const AFFILIATED_AUTHORS_MAX: usize = 100;
/// Names of countries and places in one field that are weighed: a real abstract has under 50, and
/// they are compared with each other.
const MENTIONS_MAX: usize = 200;
/// Reasons kept for one country.
const REASONS_MAX: usize = 3;

/// Where a study was done.
#[derive(Debug, Default)]
pub struct Places {
    /// Numbers of the countries in the table, most prominent first, each with its reasons.
    pub countries: Vec<(usize, Vec<Evidence>)>,
    /// Whether affiliations alone tell.
    pub is_from_affiliation: bool,
    /// Whether people from an LMIC were studied elsewhere.
    pub has_origin: bool,
    /// The most telling field that names a country.
    pub best_field: Option<Field>,
}

/// A mention with its field and what was made of it.
#[derive(Debug, Clone)]
struct Named {
    field: Field,
    mention: Mention,
    is_origin: bool,
}

/// Finds the countries of a record.
pub fn find(
    reading: &Reading<'_>,
    gazetteer: &Gazetteer,
    countries: &[Country],
    tags: &Tags,
    design: Design,
) -> Places {
    let mut doubted = BTreeSet::new();
    let mut named = Vec::new();
    for (field, text, _) in &reading.fields {
        let found = gazetteer.find(text);
        doubted.extend(found.doubted);
        named.extend(found.all.into_iter().take(MENTIONS_MAX).map(|mention| Named {
            field: *field,
            mention,
            is_origin: false,
        }));
    }
    if design == Design::PolicyCommentary {
        // Partners' and speakers' offices are not where a campaign happens (rubric 10.10).
        named.retain(|n| !is_among(n, tags, "gate:partners", reading));
    }
    named.retain(|n| !is_made_there(n, tags));
    drop_doubted(&mut named, &doubted);
    let named = drop_unconfirmed(&named, reading);
    let mut named = drop_shared(&named);
    mark_origins(&mut named, reading, countries, tags);
    let has_origin = named.iter().any(|n| n.is_origin && countries.get(n.mention.country).is_some_and(|c| c.is_lmic));
    named.retain(|n| !n.is_origin);
    let chosen = choose(&named, reading, countries, tags, design);
    let mut places = Places { has_origin, ..Places::default() };
    if chosen.is_empty() && !is_review(design, tags) && is_primary(design) {
        places.countries = from_affiliations(&reading.record.authors, gazetteer);
        places.is_from_affiliation = !places.countries.is_empty();
        return places;
    }
    places.best_field = chosen.iter().map(|n| n.field).min();
    places.countries = in_order(&chosen, reading);
    places
}

/// Tells whether a design is a study of its own, so that its authors' country says something.
fn is_primary(design: Design) -> bool {
    !matches!(design, Design::Notice | Design::Guideline | Design::PolicyCommentary)
}

/// Tells whether a record is a review, or the protocol of one.
fn is_review(design: Design, tags: &Tags) -> bool {
    design.is_review() || tags.contains_key("gate:review")
}

/// Tells whether a mention stands in a sentence with a sign.
fn is_among(n: &Named, tags: &Tags, sign: &str, reading: &Reading<'_>) -> bool {
    tags.get(sign)
        .into_iter()
        .flatten()
        .any(|hit| hit.field == n.field && reading.sentence(hit).contains(&n.mention.words.start))
}

/// Tells whether a mention follows the name of a maker ("SPSS Inc., Chicago").
fn is_made_there(n: &Named, tags: &Tags) -> bool {
    tags.get("gate:maker").into_iter().flatten().any(|maker| {
        maker.field == n.field && (maker.words.end..maker.words.end + MAKER_WORDS).contains(&n.mention.words.start)
    })
}

/// Drops what other words speak against ("Marshallese" where Arkansas is named), unless a place of
/// the country is named too.
fn drop_doubted(named: &mut Vec<Named>, doubted: &BTreeSet<usize>) {
    let sited: BTreeSet<usize> = named
        .iter()
        .filter(|n| n.mention.kind == Kind::Site && !n.mention.is_weak)
        .map(|n| n.mention.country)
        .collect();
    named.retain(|n| !doubted.contains(&n.mention.country) || sited.contains(&n.mention.country));
}

/// Keeps weak terms only with a second signal (rubric 2.4).
fn drop_unconfirmed(named: &[Named], reading: &Reading<'_>) -> Vec<Named> {
    let strong: BTreeSet<usize> = named.iter().filter(|n| !n.mention.is_weak).map(|n| n.mention.country).collect();
    let is_confirmed = |n: &Named| {
        if !n.mention.is_weak || strong.contains(&n.mention.country) {
            return true;
        }
        let Some(text) = reading.text(n.field) else { return false };
        let is_listed = named.iter().any(|o| {
            !o.mention.is_weak && o.mention.country != n.mention.country && o.field == n.field && are_listed(n, o, text)
        });
        let has_weak_friend = named.iter().any(|o| {
            o.mention.country == n.mention.country && text.quote(&o.mention.words) != text.quote(&n.mention.words)
        });
        is_listed || has_weak_friend || (n.mention.kind == Kind::Name && is_after_preposition(n, text))
    };
    named.iter().filter(|n| is_confirmed(n)).cloned().collect()
}

/// Tells whether two mentions stand in one list: a comma or "and" and little else between them.
fn are_listed(a: &Named, b: &Named, text: &FieldText) -> bool {
    let (first, second) = if a.mention.words.start < b.mention.words.start { (a, b) } else { (b, a) };
    let (from, to) = (first.mention.words.end, second.mention.words.start);
    if from > to || to - from > LIST_WORDS {
        return false;
    }
    let joins = |w: &str| matches!(w, "and" | "or" | "the" | "y" | "e" | "et" | "versus" | "vs" | "to");
    (from..to).all(|n| joins(text.folded_word(n)))
        && (from.saturating_sub(1)..to).all(|n| !text.gap_after(n).contains(['.', '(', ')']))
}

/// Tells whether a mention follows "in", "from" … in one of our languages, also after a place and
/// a comma ("in X, Chad").
fn is_after_preposition(n: &Named, text: &FieldText) -> bool {
    let prepositions = [
        "in",
        "from",
        "of",
        "across",
        "within",
        "throughout",
        "en",
        "em",
        "au",
        "du",
        "do",
        "no",
        "na",
        "de",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "rural",
        "urban",
    ];
    let before =
        |back: usize| n.mention.words.start.checked_sub(back).map(|at| text.folded_word(at)).unwrap_or_default();
    prepositions.contains(&before(1))
        || (before(1) == "the" && prepositions.contains(&before(2)))
        || n.mention.words.start.checked_sub(1).is_some_and(|at| text.gap_after(at).trim() == ",")
}

/// Where one term means several countries, keeps those that something else speaks for; when
/// nothing does, those whose own name it is.
fn drop_shared(named: &[Named]) -> Vec<Named> {
    let key = |n: &Named| (n.field, n.mention.words.start, n.mention.words.end);
    let mut owners: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for n in named {
        owners.entry(key(n)).or_default().insert(n.mention.country);
    }
    let alone: BTreeSet<usize> =
        named.iter().filter(|n| owners.get(&key(n)).is_some_and(|o| o.len() == 1)).map(|n| n.mention.country).collect();
    let named_so: BTreeSet<_> =
        named.iter().filter(|n| n.mention.kind == Kind::Name).map(|n| (key(n), n.mention.country)).collect();
    let keeps = |n: &Named| {
        let Some(owners) = owners.get(&key(n)).filter(|o| o.len() > 1) else { return true };
        if owners.iter().any(|c| alone.contains(c)) {
            return alone.contains(&n.mention.country);
        }
        let by_name: Vec<&usize> = owners.iter().filter(|c| named_so.contains(&(key(n), **c))).collect();
        if by_name.is_empty() {
            owners.first() == Some(&n.mention.country)
        } else {
            by_name.first() == Some(&&n.mention.country)
        }
    };
    named.iter().filter(|n| keeps(n)).cloned().collect()
}

/// Marks mentions that say where people come from, not where they were studied (rubric 2.7).
fn mark_origins(named: &mut [Named], reading: &Reading<'_>, countries: &[Country], tags: &Tags) {
    let migrants: Vec<&Hit> = tags.get("gate:migrants").into_iter().flatten().collect();
    let origins: Vec<&Hit> = tags.get("gate:origin").into_iter().flatten().chain(migrants.iter().copied()).collect();
    let is_lmic = |c: usize| countries.get(c).is_some_and(|c| c.is_lmic);
    let is_marked = |n: &Named| {
        let Some(text) = reading.text(n.field) else { return false };
        origins.iter().filter(|m| m.field == n.field).any(|m| is_origin_of(n, m, text))
    };
    let direct: Vec<bool> = named.iter().map(is_marked).collect();
    let hosts: BTreeSet<usize> = named
        .iter()
        .zip(&direct)
        .filter(|(n, direct)| n.mention.kind != Kind::People && !**direct)
        .map(|(n, _)| n.mention.country)
        .collect();
    let rich_hosts: Vec<Named> = named
        .iter()
        .filter(|n| n.mention.kind != Kind::People && !n.mention.is_weak && !is_lmic(n.mention.country))
        .cloned()
        .collect();
    let abroad = |n: &Named| {
        rich_hosts.iter().any(|h| {
            h.field == n.field
                && reading.text(h.field).is_some_and(|text| {
                    is_after_preposition(h, text)
                        && (n.mention.words.end..n.mention.words.end + ABROAD_WORDS).contains(&h.mention.words.start)
                        && same_sentence(h, n, text)
                        && !are_listed(h, n, text)
                })
        })
    };
    let origins: Vec<bool> = named
        .iter()
        .zip(&direct)
        .map(|(n, direct)| {
            let only_people = n.mention.kind == Kind::People && !hosts.contains(&n.mention.country);
            let has_other_host = hosts.iter().any(|c| *c != n.mention.country);
            let is_mover = only_people && has_other_host && is_beside_migrants(n, &migrants, reading);
            let is_abroad = only_people && is_lmic(n.mention.country) && abroad(n);
            *direct || is_mover || is_abroad
        })
        .collect();
    let direct_countries: BTreeSet<usize> =
        named.iter().zip(&direct).filter(|(_, d)| **d).map(|(n, _)| n.mention.country).collect();
    for (n, is_origin) in named.iter_mut().zip(origins) {
        // Once a country is an origin, further words for its people are too, unless it is a host.
        n.is_origin = is_origin
            || (n.mention.kind == Kind::People
                && direct_countries.contains(&n.mention.country)
                && !hosts.contains(&n.mention.country));
    }
    // "Canadian-born women": with no other country that is where they live.
    if !named.iter().any(|n| !n.is_origin) {
        for n in named.iter_mut().filter(|n| !is_lmic(n.mention.country)) {
            n.is_origin = false;
        }
    }
}

/// Tells whether a sentence that names a people, or the title, speaks of migrants.
fn is_beside_migrants(n: &Named, migrants: &[&Hit], reading: &Reading<'_>) -> bool {
    migrants.iter().any(|m| {
        m.field == Field::Title || (m.field == n.field && reading.sentence(m).contains(&n.mention.words.start))
    })
}

/// Tells whether a word for migration makes a mention an origin: "Syrian refugees", "refugees
/// from Syria", "born in Syria", "British Pakistani".
fn is_origin_of(n: &Named, migrant: &Hit, text: &FieldText) -> bool {
    let (country, word) = (&n.mention.words, &migrant.words);
    if word.start >= country.end {
        let between = word.start - country.end;
        let is_joined = (country.end.saturating_sub(1)..word.start)
            .all(|at| !text.gap_after(at).contains([',', '.', ';', ':', '(', ')']));
        let no_preposition = (country.end..word.start)
            .all(|at| !matches!(text.folded_word(at), "in" | "and" | "among" | "of" | "for" | "to" | "with" | "as"));
        return n.mention.kind == Kind::People && between <= ORIGIN_WORDS && is_joined && no_preposition;
    }
    let between = country.start.saturating_sub(word.end);
    let leads_here = |w: &str| matches!(w, "from" | "de" | "fleeing");
    let is_from = (word.end..country.start).any(|at| leads_here(text.folded_word(at)));
    word.end <= country.start && between <= ORIGIN_WORDS && is_from
}

/// Tells whether two mentions of one field stand in one sentence.
fn same_sentence(a: &Named, b: &Named, text: &FieldText) -> bool {
    let sentence = |n: &Named| text.tokens.get(n.mention.words.start).map(|t| t.sentence);
    sentence(a) == sentence(b)
}

/// Chooses the mentions of the most telling kind of place that has any.
fn choose(named: &[Named], reading: &Reading<'_>, countries: &[Country], tags: &Tags, design: Design) -> Vec<Named> {
    let of = |field: Field| named.iter().filter(|n| n.field == field).cloned().collect::<Vec<_>>();
    let title = of(Field::Title);
    if !title.is_empty() {
        return title;
    }
    let text = of(Field::Abstract);
    if is_review(design, tags) {
        let included: Vec<Named> =
            text.into_iter().filter(|n| is_among(n, tags, "gate:included-studies", reading)).collect();
        let number = included.iter().map(|n| n.mention.country).collect::<BTreeSet<_>>().len();
        return if number <= INCLUDED_COUNTRIES_MAX { included } else { Vec::new() };
    }
    let setting: Vec<Named> = text.iter().filter(|n| is_among(n, tags, "gate:setting", reading)).cloned().collect();
    let chosen = if setting.is_empty() { text } else { setting };
    if !chosen.is_empty() {
        return without_asides(chosen, reading, countries);
    }
    for field in [Field::Mesh, Field::Keywords] {
        let found = of(field);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Where LMICs are named, drops high-income countries that do not stand in a list with one.
fn without_asides(chosen: Vec<Named>, reading: &Reading<'_>, countries: &[Country]) -> Vec<Named> {
    let is_lmic = |n: &Named| countries.get(n.mention.country).is_some_and(|c| c.is_lmic);
    if !chosen.iter().any(is_lmic) {
        return chosen;
    }
    let is_listed = |n: &Named| {
        reading.text(n.field).is_some_and(|text| {
            chosen
                .iter()
                .any(|o| o.field == n.field && o.mention.country != n.mention.country && are_listed(n, o, text))
        })
    };
    chosen.iter().filter(|n| is_lmic(n) || is_listed(n)).cloned().collect()
}

/// Returns the countries in order of prominence with their reasons.
fn in_order(chosen: &[Named], reading: &Reading<'_>) -> Vec<(usize, Vec<Evidence>)> {
    let mut out: Vec<(usize, Vec<Evidence>)> = Vec::new();
    for n in chosen {
        let Some(text) = reading.text(n.field) else { continue };
        let rule = match n.mention.kind {
            Kind::Name => "country.name",
            Kind::Site => "country.place",
            Kind::People => "country.people",
            Kind::Trap => continue,
        };
        let evidence = hit(rule, n.field, text, n.mention.words.clone()).evidence;
        match out.iter_mut().find(|(c, _)| *c == n.mention.country) {
            Some((_, reasons)) if reasons.len() < REASONS_MAX => reasons.push(evidence),
            Some(_) => {}
            None => out.push((n.mention.country, vec![evidence])),
        }
    }
    out
}

/// Returns the country of the authors when all that state one state the same, or the first and
/// the last author share one (rubric 2.5).
fn from_affiliations(authors: &[Author], gazetteer: &Gazetteer) -> Vec<(usize, Vec<Evidence>)> {
    let stated: Vec<(usize, Evidence)> = authors
        .iter()
        .take(AFFILIATED_AUTHORS_MAX)
        .filter_map(|a| a.affiliation.as_deref())
        .filter_map(|affiliation| {
            let text = FieldText::read(affiliation, AFFILIATION_CHARS_MAX);
            // The country stands last; a weak name counts there ("Tbilisi, Georgia" or "Amman, Jordan").
            let mentions = gazetteer.find(&text);
            let last = mentions
                .all
                .iter()
                .rev()
                .find(|m| m.kind != Kind::People && !(m.is_weak && mentions.doubted.contains(&m.country)))?;
            let evidence = Evidence {
                rule: "country.affiliation".to_owned(),
                field: "affiliation".to_owned(),
                text: text.quote(&last.words).to_owned(),
            };
            Some((last.country, evidence))
        })
        .collect();
    let (Some(first), Some(last)) = (stated.first(), stated.last()) else { return Vec::new() };
    if first.0 == last.0 { vec![(first.0, vec![first.1.clone()])] } else { Vec::new() }
}
