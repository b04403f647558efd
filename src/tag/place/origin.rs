//! Marks mentions that say where people come from, not where they were studied (rubric 2.7).

use std::collections::BTreeSet;

use super::{Named, Spot, are_listed, is_after_preposition, is_within, same_sentence};
use crate::model::{Country, Field};
use crate::tag::gazetteer::Kind;
use crate::tag::rule::{Hit, Reading, Tags};
use crate::tag::text::FieldText;

/// Words between a people's name and "refugees", "immigrants" … that make it an origin.
const ORIGIN_WORDS: usize = 2;
/// Words from a people's name to the high-income country where they live ("Somali women living in
/// Minnesota").
const ABROAD_WORDS: usize = 7;
/// Words from "born" or "fled" to the place left ("born in or near Kismayo").
const BORN_WORDS: usize = 4;

/// Peoples in one list from which on they are groups of one country; two may be compared countries.
const ETHNIC_GROUPS_MIN: usize = 3;

/// Marks mentions that say where people come from, not where they were studied (rubric 2.7).
pub(super) fn mark(named: &mut [Named], reading: &Reading<'_>, countries: &[Country], tags: &Tags) {
    let migrants: Vec<&Hit> = tags.get("gate:migrants").into_iter().flatten().collect();
    let origins: Vec<&Hit> = tags.get("gate:origin").into_iter().flatten().chain(migrants.iter().copied()).collect();
    let is_lmic = |c: usize| countries.get(c).is_some_and(|c| c.is_lmic);
    let is_marked = |n: &Named| {
        let Some(text) = reading.text(n.field) else { return false };
        origins.iter().filter(|m| m.field == n.field).any(|m| is_origin_of(n, m, text))
    };
    let mut direct: Vec<bool> = named.iter().map(is_marked).collect();
    mark_birthplaces(named, &mut direct, reading, tags);
    spread_in_lists(named, &mut direct, reading);
    let hosts = hosts(named, &direct);
    let rich_hosts: Vec<Named> = named
        .iter()
        .filter(|n| n.mention.kind != Kind::People && !n.mention.is_weak && !n.is_aside && !is_lmic(n.mention.country))
        .cloned()
        .collect();
    let origins: Vec<bool> = named
        .iter()
        .zip(&direct)
        .map(|(n, direct)| {
            let only_people = n.mention.kind == Kind::People && !hosts.contains(&n.mention.country);
            let has_other_host = hosts.iter().any(|c| *c != n.mention.country);
            let is_mover = only_people && has_other_host && is_beside_migrants(n, &migrants, reading);
            let is_abroad = only_people
                && is_lmic(n.mention.country)
                && (is_beside_host(n, &rich_hosts, reading) || rich_hosts.iter().any(|h| resides(h, reading)));
            *direct || is_mover || is_abroad || (only_people && is_ethnic_group(n, named, &hosts, reading))
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

/// Marks the places after "born in" and "fled", with what stands in one list with them, when the
/// record names another country as a place: "children born in Pelotas" live there.
fn mark_birthplaces(named: &[Named], direct: &mut [bool], reading: &Reading<'_>, tags: &Tags) {
    let moves: Vec<&Hit> = ["gate:origin", "gate:migrants"].iter().filter_map(|t| tags.get(*t)).flatten().collect();
    let leaves = |n: &Named| {
        let start = n.mention.words.start;
        moves.iter().any(|m| {
            let is_fled = reading.text(m.field).is_some_and(|t| t.folded_word(m.words.start).starts_with("fle"));
            let is_near = m.field == n.field && m.words.end <= start && start <= m.words.end + BORN_WORDS;
            let opens = reading.text(m.field).is_some_and(|t| {
                is_fled
                    || matches!(t.folded_word(m.words.end), "in" | "en" | "em" | "no" | "na" | "au")
                        && t.folded_word(m.words.start) != "origin"
            });
            is_near && opens && reading.sentence(m).contains(&start)
        })
    };
    let mut left: Vec<bool> = named.iter().map(leaves).collect();
    for at in 1..named.len() {
        let (Some(n), Some(before)) = (named.get(at), named.get(at - 1)) else { continue };
        let is_listed = n.field == before.field && reading.text(n.field).is_some_and(|t| are_listed(n, before, t));
        let goes_on = is_listed && left.get(at - 1) == Some(&true);
        if let Some(left) = left.get_mut(at) {
            *left |= goes_on;
        }
    }
    let gone: BTreeSet<usize> = named.iter().zip(&left).filter(|(_, l)| **l).map(|(n, _)| n.mention.country).collect();
    let stays = |n: &Named| n.mention.kind != Kind::People && !n.is_aside && !gone.contains(&n.mention.country);
    if named.iter().any(stays) {
        for (direct, left) in direct.iter_mut().zip(left) {
            *direct |= left;
        }
    }
}

/// Marks peoples that stand in one list with a people already marked ("of Mexican and Guatemalan origin").
fn spread_in_lists(named: &[Named], direct: &mut [bool], reading: &Reading<'_>) {
    for at in (1..named.len()).rev() {
        let (Some(n), Some(before)) = (named.get(at), named.get(at - 1)) else { continue };
        let are_peoples = n.mention.kind == Kind::People && before.mention.kind == Kind::People;
        let is_listed = n.field == before.field && reading.text(n.field).is_some_and(|t| are_listed(n, before, t));
        let goes_back = direct.get(at) == Some(&true) && are_peoples && is_listed;
        if let Some(direct) = direct.get_mut(at - 1) {
            *direct |= goes_back;
        }
    }
}

/// Tells whether a people is named beside the people of a country where the study was done, in a
/// list or in a text on ethnic groups: "Malay, Chinese and Indian women in Penang" are groups of
/// one country.
fn is_ethnic_group(n: &Named, named: &[Named], hosts: &BTreeSet<usize>, reading: &Reading<'_>) -> bool {
    let Some(text) = reading.text(n.field) else { return false };
    let peoples: Vec<&Named> = named
        .iter()
        .filter(|o| o.field == n.field && o.mention.kind == Kind::People && same_sentence(o, n, text))
        .collect();
    let has_host = peoples.iter().any(|o| hosts.contains(&o.mention.country) && o.mention.country != n.mention.country);
    let is_listed = peoples.iter().any(|o| o.mention.words != n.mention.words && are_listed(o, n, text));
    let groups: BTreeSet<usize> = peoples.iter().map(|o| o.mention.country).collect();
    let says_so = || (0..text.tokens.len()).any(|at| text.folded_word(at).starts_with("ethnic"));
    has_host && ((is_listed && groups.len() >= ETHNIC_GROUPS_MIN) || says_so())
}

/// Returns the countries that are named as a place where something happens, not for their people.
fn hosts(named: &[Named], direct: &[bool]) -> BTreeSet<usize> {
    let has_setting = named.iter().any(|n| n.spot > Spot::Anywhere && n.mention.kind != Kind::People);
    // Beside a setting, what an abstract says of the home country is background.
    let is_background =
        |n: &Named| n.is_aside || (n.field == Field::Abstract && has_setting && n.spot == Spot::Anywhere);
    let is_place = |n: &Named, direct: bool| n.mention.kind != Kind::People && !direct && !is_background(n);
    // Keywords name where people come from as well as where they live: the text's own word counts more.
    let is_text = |n: &Named| matches!(n.field, Field::Title | Field::Abstract);
    let has_text = named.iter().zip(direct).any(|(n, direct)| is_text(n) && is_place(n, *direct));
    named
        .iter()
        .zip(direct)
        .filter(|(n, direct)| is_place(n, **direct) && (is_text(n) || !has_text))
        .map(|(n, _)| n.mention.country)
        .collect()
}

/// Tells whether a high-income country follows a people's name in its sentence ("Somali women living in Minnesota").
fn is_beside_host(n: &Named, rich_hosts: &[Named], reading: &Reading<'_>) -> bool {
    let Some(text) = reading.text(n.field) else { return false };
    rich_hosts.iter().filter(|h| h.field == n.field).any(|h| {
        is_after_preposition(h, text)
            && (n.mention.words.end..n.mention.words.end + ABROAD_WORDS).contains(&h.mention.words.start)
            && same_sentence(h, n, text)
            && !are_listed(h, n, text)
    })
}

/// Tells whether people were studied in a high-income country: a title or setting says "in" it, or
/// a heading names it.
fn resides(host: &Named, reading: &Reading<'_>) -> bool {
    match host.field {
        Field::Mesh => true,
        Field::Keywords => false,
        Field::Title | Field::Abstract => {
            reading.text(host.field).is_some_and(|text| is_within(host, text))
                && (host.field == Field::Title || host.spot > Spot::Anywhere)
        }
    }
}

/// Tells whether a sentence that names a people, or the title, speaks of migrants.
fn is_beside_migrants(n: &Named, migrants: &[&Hit], reading: &Reading<'_>) -> bool {
    migrants.iter().any(|m| {
        m.field == Field::Title
            || n.field == Field::Title
            || (m.field == n.field && reading.sentence(m).contains(&n.mention.words.start))
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
