//! Tells in which countries a study was done, and which groups of countries it speaks of.
//!
//! Title before setting before the rest of the abstract before headings, keywords, affiliations
//! (rubric 2.2). Where people come from does not count, where they were studied does (2.7).

mod affiliation;
mod doubt;
mod origin;
mod section;

use std::collections::BTreeSet;

use super::gazetteer::{Gazetteer, Kind, Mention};
use super::rule::{Hit, Reading, Tags, hit};
use super::text::FieldText;
use crate::model::{Country, Design, Evidence, Field};
use section::Part;

/// A review that says from where its studies are names at most so many countries (rubric 2.6).
const INCLUDED_COUNTRIES_MAX: usize = 6;
/// Words from a maker's name to its seat.
const MAKER_WORDS: usize = 6;
/// Words between a people's name and "version" ("the Chinese short form version").
const VERSION_WORDS: usize = 2;
/// Words from a place to "Scale" in the name of an instrument.
const INSTRUMENT_WORDS: usize = 6;
/// Words from "previous studies", "validated in" … to the country meant.
const ELSEWHERE_WORDS: usize = 10;
/// Words between two countries that stand in one list ("Georgia and Armenia").
const LIST_WORDS: usize = 2;
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
    /// Whether a name stands for several of the countries and nothing says which ("Congo").
    pub is_unsure: bool,
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
    /// Whether it says where people come from.
    is_origin: bool,
    /// Whether it names what others found elsewhere, or the version of an instrument.
    is_aside: bool,
    /// How surely its sentence says where the study was done.
    spot: Spot,
}

/// How surely a sentence says where the study was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// It belongs to the conclusions of a structured abstract.
    Closing,
    /// Nothing says so.
    Anywhere,
    /// A word for a setting stands in the sentence ("clinics", "were recruited").
    Signed,
    /// It belongs to the methods or results of a structured abstract.
    Labelled,
}

/// Finds the countries of a record.
pub fn find(
    reading: &Reading<'_>,
    gazetteer: &Gazetteer,
    countries: &[Country],
    tags: &Tags,
    design: Design,
) -> Places {
    let mut named = confirmed(reading, gazetteer, countries, tags, design);
    origin::mark(&mut named, reading, countries, tags);
    let is_lmic = |n: &Named| countries.get(n.mention.country).is_some_and(|c| c.is_lmic);
    let has_origin = named.iter().any(|n| n.is_origin && is_lmic(n));
    named.retain(|n| !n.is_origin);
    let chosen = choose(&named, reading, countries, tags, design);
    let mut places = Places { has_origin, ..Places::default() };
    if chosen.is_empty() && !is_review(design, tags) && is_primary(design) {
        places.countries = affiliation::find(&reading.record.authors, gazetteer);
        places.is_from_affiliation = !places.countries.is_empty();
        places.is_unsure = places.countries.len() > 1;
        return places;
    }
    places.best_field = chosen.iter().map(|n| n.field).min();
    places.countries = in_order(&chosen, reading);
    places.is_unsure = doubt::is_any_shared(&chosen);
    places
}

/// Returns every mention of a country that counts at all, with where it stands.
fn confirmed(
    reading: &Reading<'_>,
    gazetteer: &Gazetteer,
    countries: &[Country],
    tags: &Tags,
    design: Design,
) -> Vec<Named> {
    let (mut doubted, mut redefined) = (BTreeSet::new(), BTreeSet::new());
    let mut named = Vec::new();
    for (field, text, _) in &reading.fields {
        let found = gazetteer.find(text);
        doubted.extend(found.doubted);
        redefined.extend(found.redefined);
        // A heading such as "Medicine, Chinese Traditional" names no place.
        let mentions = found.all.into_iter().filter(|m| *field != Field::Mesh || m.kind != Kind::People);
        let named_so =
            |mention| Named { field: *field, mention, is_origin: false, is_aside: false, spot: Spot::Anywhere };
        named.extend(mentions.take(MENTIONS_MAX).map(named_so));
    }
    if design == Design::PolicyCommentary {
        // Partners' and speakers' offices are not where a campaign happens (rubric 10.10): they follow
        // the word for them ("organised in Quito, with speakers from Spain").
        let partners: Vec<&Hit> = tags.get("gate:partners").into_iter().flatten().collect();
        named.retain(|n| {
            let start = n.mention.words.start;
            !partners
                .iter()
                .any(|p| p.field == n.field && p.words.start <= start && reading.sentence(p).contains(&start))
        });
    }
    named.retain(|n| !is_made_there(n, tags));
    named.retain(|n| !reading.text(n.field).is_some_and(|text| is_language(n, text)));
    drop_instruments(&mut named, reading, tags, design);
    named.retain(|n| reading.text(n.field).is_some_and(|text| !redefined.contains(text.quote(&n.mention.words))));
    doubted.extend(doubt::by_rivals(&named, gazetteer.rivals()));
    doubt::drop_doubted(&mut named, &doubted);
    let named = doubt::drop_unconfirmed(&named, reading, countries);
    let mut named = doubt::drop_shared(&named, reading);
    let parts = reading.text(Field::Abstract).map(section::parts).unwrap_or_default();
    for n in &mut named {
        n.is_aside = is_aside(n, tags, reading);
        n.spot = spot(n, tags, reading, &parts);
    }
    named
}

/// Returns how surely the sentence of a mention says where the study was done.
fn spot(n: &Named, tags: &Tags, reading: &Reading<'_>, parts: &[Option<Part>]) -> Spot {
    if n.field != Field::Abstract || n.is_aside {
        return Spot::Anywhere;
    }
    let sentence = reading.text(n.field).and_then(|t| t.tokens.get(n.mention.words.start)).map(|t| t.sentence);
    match sentence.and_then(|s| parts.get(s).copied()).flatten() {
        Some(Part::Setting | Part::Result) => Spot::Labelled,
        Some(Part::End) => Spot::Closing,
        Some(Part::Lead) | None if is_among(n, tags, "gate:setting", reading) => Spot::Signed,
        Some(Part::Lead) | None => Spot::Anywhere,
    }
}

/// Tells whether a mention names what others found ("as reported from India"), or the version of
/// an instrument ("the Chinese version").
fn is_aside(n: &Named, tags: &Tags, reading: &Reading<'_>) -> bool {
    let (start, end) = (n.mention.words.start, n.mention.words.end);
    let is_version = n.mention.kind == Kind::People
        && tags
            .get("gate:version")
            .into_iter()
            .flatten()
            .any(|hit| hit.field == n.field && (end..=end + VERSION_WORDS).contains(&hit.words.start));
    let is_elsewhere = n.field == Field::Abstract
        && tags.get("gate:elsewhere").into_iter().flatten().any(|hit| {
            hit.field == n.field
                && hit.words.start <= start
                && start <= hit.words.end + ELSEWHERE_WORDS
                && reading.sentence(hit).contains(&start)
        });
    is_version || is_elsewhere
}

/// Drops the places and peoples that instruments bear in their names ("the Tehran Worry Scale"):
/// where one was developed is no country of the study (rubric 2.1). A validation that names
/// nothing else keeps them.
fn drop_instruments(named: &mut Vec<Named>, reading: &Reading<'_>, tags: &Tags, design: Design) {
    let is_instrument = |n: &Named| {
        let Some(text) = reading.text(n.field).filter(|_| n.mention.kind != Kind::Name) else { return false };
        let end = n.mention.words.end;
        tags.get("gate:instrument").into_iter().flatten().any(|hit| {
            hit.field == n.field
                && (end..end + INSTRUMENT_WORDS).contains(&hit.words.start)
                && (end..=hit.words.start).all(|at| is_part_of_name(text, at))
        })
    };
    let is_other: Vec<bool> = named.iter().map(|n| !is_instrument(n)).collect();
    if is_other.contains(&true) || design != Design::Validation {
        let mut kept = is_other.into_iter();
        named.retain(|_| kept.next().unwrap_or(true));
    }
}

/// Tells whether a word goes on with the name that stands before it: a capital, or a small word.
fn is_part_of_name(text: &FieldText, at: usize) -> bool {
    let gap = at.checked_sub(1).map_or("", |before| text.gap_after(before));
    let is_capital = text.word(at).chars().next().is_some_and(char::is_uppercase);
    !gap.contains([',', '.', ';', ':', '(', ')'])
        && (is_capital || matches!(text.folded_word(at), "of" | "for" | "and"))
}

/// Tells whether a mention follows "in" or "at", or a comma.
fn is_within(n: &Named, text: &FieldText) -> bool {
    let before =
        |back: usize| n.mention.words.start.checked_sub(back).map(|at| text.folded_word(at)).unwrap_or_default();
    let leads_in =
        |w: &str| matches!(w, "in" | "at" | "across" | "throughout" | "within" | "en" | "em" | "au" | "aux" | "dans");
    leads_in(before(1))
        || (matches!(before(1), "the" | "east" | "west" | "north" | "south" | "rural" | "urban") && leads_in(before(2)))
        || n.mention.words.start.checked_sub(1).is_some_and(|at| text.gap_after(at).trim() == ",")
}

/// How words begin that tell of languages.
const LANGUAGE_WORDS: &[&str] = &[
    "interview",
    "translat",
    "langu",
    "spoke",
    "speak",
    "administ",
    "written",
    "word",
    "read",
    "questionn",
    "version",
    "naming",
    "entrevist",
    "traduc",
    "tradui",
    "idiom",
    "leng",
    "lingu",
    "complet",
    "answer",
    "conduct",
    "listed",
    "told",
];

/// Tells whether the name of a people stands for its language ("interviewed in Uzbek or Tajik").
fn is_language(n: &Named, text: &FieldText) -> bool {
    let before =
        |back: usize| n.mention.words.start.checked_sub(back).map(|at| text.folded_word(at)).unwrap_or_default();
    let last = n.mention.words.end.saturating_sub(1);
    let leads = |w: &str| matches!(w, "in" | "into" | "en" | "em" | "speaking" | "spoke" | "speak" | "spoken");
    let is_led = leads(before(1)) || (matches!(before(1), "or" | "and") && leads(before(3)));
    let is_last = text.gap_after(last).contains([',', '.', ';', ':', ')'])
        || matches!(
            text.folded_word(n.mention.words.end),
            "" | "or" | "and" | "were" | "was" | "to" | "by" | "with" | "using" | "at" | "until"
        );
    // "in Kenyans", "in Chinese" may be people: a language is spoken, read or translated into.
    let is_plural = text.folded_word(last).ends_with('s');
    let sentence = text.tokens.get(last).map_or(0..0, |t| text.words_of_sentence(t.sentence));
    let is_used = sentence.clone().any(|at| LANGUAGE_WORDS.iter().any(|w| text.folded_word(at).starts_with(w)));
    n.mention.kind == Kind::People && is_led && is_last && !is_plural && is_used
}

/// A study in more countries than this is also told by its region (rubric 2.8).
const LISTED_COUNTRIES_MAX: usize = 8;

/// Returns the region of a study in many countries: the one that all its LMICs share, else "LMIC";
/// `None` for a few countries, or without an LMIC among them.
pub fn region_of_many(places: &Places, countries: &[Country]) -> Option<&'static str> {
    let lmics: Vec<&Country> =
        places.countries.iter().filter_map(|(c, _)| countries.get(*c)).filter(|c| c.is_lmic).collect();
    let first = lmics.first().filter(|_| places.countries.len() > LISTED_COUNTRIES_MAX)?;
    let is_one = lmics.iter().all(|c| c.region == first.region);
    Some(match first.region.as_str() {
        "SSA" if is_one => "SSA",
        "SAS" if is_one => "South Asia",
        "LAC" if is_one => "Latin America",
        "MENAAP" if is_one => "MENA",
        _ => "LMIC",
    })
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

/// Tells whether two mentions of one field stand in one sentence.
fn same_sentence(a: &Named, b: &Named, text: &FieldText) -> bool {
    let sentence = |n: &Named| text.tokens.get(n.mention.words.start).map(|t| t.sentence);
    sentence(a) == sentence(b)
}

/// Chooses the mentions of the most telling kind of place that has any.
fn choose(named: &[Named], reading: &Reading<'_>, countries: &[Country], tags: &Tags, design: Design) -> Vec<Named> {
    let of = |field: Field| named.iter().filter(|n| n.field == field).cloned().collect::<Vec<_>>();
    let title = of(Field::Title);
    let text = of(Field::Abstract);
    if is_review(design, tags) {
        if !title.is_empty() {
            return title;
        }
        let included: Vec<Named> =
            text.into_iter().filter(|n| is_among(n, tags, "gate:included-studies", reading)).collect();
        let number = included.iter().map(|n| n.mention.country).collect::<BTreeSet<_>>().len();
        return if number <= INCLUDED_COUNTRIES_MAX { included } else { Vec::new() };
    }
    if !title.is_empty() && !is_loose(&title, &text, reading, countries) {
        return title;
    }
    let chosen = from_abstract(&text, countries);
    if !chosen.is_empty() {
        return without_asides(chosen, reading, countries);
    }
    if !title.is_empty() {
        return title;
    }
    [Field::Mesh, Field::Keywords].into_iter().map(of).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Returns the mentions of an abstract that say most surely where the study was done.
fn from_abstract(text: &[Named], countries: &[Country]) -> Vec<Named> {
    let is_lmic = |n: &Named| countries.get(n.mention.country).is_some_and(|c| c.is_lmic);
    let at_least = |least: Spot| text.iter().filter(|n| n.spot >= least).cloned().collect::<Vec<_>>();
    let labelled = at_least(Spot::Labelled);
    if labelled.iter().any(is_lmic) {
        return labelled;
    }
    let signed = at_least(Spot::Signed);
    if !signed.is_empty() {
        return signed;
    }
    let open: Vec<Named> = text.iter().filter(|n| !n.is_aside && n.spot > Spot::Closing).cloned().collect();
    if !open.is_empty() {
        return open;
    }
    let own: Vec<Named> = text.iter().filter(|n| !n.is_aside).cloned().collect();
    if own.is_empty() { text.to_vec() } else { own }
}

/// Tells whether the places of a title give way to the setting in the abstract: the version of an
/// instrument, or the name of a high-income city that no "in" leads to ("the Utah inventory").
fn is_loose(title: &[Named], text: &[Named], reading: &Reading<'_>, countries: &[Country]) -> bool {
    let is_lmic = |n: &Named| countries.get(n.mention.country).is_some_and(|c| c.is_lmic);
    let has_setting = |needs_lmic: bool| {
        text.iter().any(|n| {
            n.spot > Spot::Anywhere
                && n.mention.kind != Kind::People
                && (is_lmic(n) || !needs_lmic)
                && !title.iter().any(|t| t.mention.country == n.mention.country)
        })
    };
    let is_name_of_a_thing = |n: &Named| {
        n.mention.kind == Kind::Site
            && !is_lmic(n)
            && reading.text(n.field).is_some_and(|text| !is_after_preposition(n, text))
    };
    (title.iter().all(|n| n.is_aside) && has_setting(false))
        || (title.iter().all(|n| n.is_aside || is_name_of_a_thing(n)) && has_setting(true))
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

/// Words that lead to a place, in our languages.
const PREPOSITIONS: &[&str] = &[
    "in",
    "from",
    "of",
    "across",
    "throughout",
    "at",
    "within",
    "near",
    "around",
    "between",
    "en",
    "em",
    "au",
    "aux",
    "du",
    "do",
    "da",
    "no",
    "na",
    "de",
    "dans",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "north",
    "south",
    "east",
    "west",
    "rural",
    "urban",
    "greater",
    "inner",
    "downtown",
    "peri",
];
/// Words that may stand between those and the place.
const ARTICLES: &[&str] =
    &["the", "a", "an", "la", "el", "le", "o", "los", "las", "les", "one", "two", "three", "four"];

/// Tells whether a mention follows "in", "from" … in one of our languages, also after a place and
/// a comma ("in X, Chad").
fn is_after_preposition(n: &Named, text: &FieldText) -> bool {
    let before =
        |back: usize| n.mention.words.start.checked_sub(back).map(|at| text.folded_word(at)).unwrap_or_default();
    PREPOSITIONS.contains(&before(1))
        || (ARTICLES.contains(&before(1)) && PREPOSITIONS.contains(&before(2)))
        || n.mention.words.start.checked_sub(1).is_some_and(|at| text.gap_after(at).trim() == ",")
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
