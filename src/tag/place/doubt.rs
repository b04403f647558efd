//! Drops mentions of countries that something speaks against, or that nothing speaks for (rubric 2.3, 2.4).

use std::collections::{BTreeMap, BTreeSet};

use super::{Named, are_listed, is_after_preposition, is_within, same_sentence};
use crate::model::text::fold;
use crate::model::{Country, Field};
use crate::tag::gazetteer::Kind;
use crate::tag::rule::Reading;

/// Returns the countries against which another country of the record speaks: with the United States
/// or a place there, Georgia is the state (rubric 2.4).
pub(super) fn by_rivals(named: &[Named], rivals: &[(usize, usize)]) -> BTreeSet<usize> {
    let is_there = |rival: usize| {
        named.iter().any(|n| n.mention.country == rival && !n.mention.is_weak && n.mention.kind != Kind::People)
    };
    rivals.iter().filter(|(_, rival)| is_there(*rival)).map(|(country, _)| *country).collect()
}

/// Drops the weak terms and the people of countries that other words speak against ("Marshallese"
/// where Arkansas is named), unless a place of the country is named too.
pub(super) fn drop_doubted(named: &mut Vec<Named>, doubted: &BTreeSet<usize>) {
    let is_doubtful = |n: &Named| n.mention.is_weak || n.mention.kind == Kind::People;
    let sited: BTreeSet<usize> = named.iter().filter(|n| !is_doubtful(n)).map(|n| n.mention.country).collect();
    named.retain(|n| !is_doubtful(n) || !doubted.contains(&n.mention.country) || sited.contains(&n.mention.country));
}

/// Keeps weak terms only with a second signal (rubric 2.4).
pub(super) fn drop_unconfirmed(named: &[Named], reading: &Reading<'_>, countries: &[Country]) -> Vec<Named> {
    let strong: BTreeSet<usize> = named.iter().filter(|n| !n.mention.is_weak).map(|n| n.mention.country).collect();
    let is_shared = |n: &Named| {
        named
            .iter()
            .any(|o| o.field == n.field && o.mention.words == n.mention.words && o.mention.country != n.mention.country)
    };
    let is_confirmed = |n: &Named| {
        if !n.mention.is_weak || strong.contains(&n.mention.country) {
            return true;
        }
        let Some(text) = reading.text(n.field) else { return false };
        if n.field == Field::Mesh {
            // A heading means one place; where two share a name, the other one is written out.
            let written_out = countries.get(n.mention.country).map(|c| format!("{} (Republic)", c.name));
            let has_other = countries
                .get(n.mention.country)
                .is_some_and(|c| c.aliases.iter().any(|a| Some(a) == written_out.as_ref()));
            return !has_other;
        }
        // What stands beside a country that is sure, or that "in" has proved: "in Jordan and Chad".
        let is_sure = |o: &Named| !o.mention.is_weak || (o.mention.kind == Kind::Name && is_after_preposition(o, text));
        let is_listed = named.iter().any(|o| {
            o.field == n.field && is_sure(o) && o.mention.country != n.mention.country && are_listed(n, o, text)
        });
        let quote = |o: &Named| reading.text(o.field).map(|t| fold(t.quote(&o.mention.words))).unwrap_or_default();
        let has_weak_friend = named.iter().any(|o| o.mention.country == n.mention.country && quote(o) != quote(n));
        // A weak name is proved by "in"; so is a city, when no other country is named beside it.
        let is_alone = n.mention.kind == Kind::Site && !strong.iter().any(|c| *c != n.mention.country) && !is_shared(n);
        let is_name = n.mention.kind == Kind::Name;
        ((is_name || !is_shared(n)) && is_listed)
            || (is_name && is_after_preposition(n, text))
            || has_weak_friend
            || (is_alone && is_within(n, text))
    };
    named.iter().filter(|n| is_confirmed(n)).cloned().collect()
}

/// Where one term means several countries, keeps those for which the nearest other word speaks; when
/// nothing does, all those whose own name or people it is: then a person decides ("Congo").
pub(super) fn drop_shared(named: &[Named], reading: &Reading<'_>) -> Vec<Named> {
    let key = |n: &Named| (n.field, n.mention.words.start, n.mention.words.end);
    let mut owners: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for n in named {
        owners.entry(key(n)).or_default().insert(n.mention.country);
    }
    let alone: Vec<&Named> = named.iter().filter(|n| owners.get(&key(n)).is_some_and(|o| o.len() == 1)).collect();
    let called_so = |n: &Named| named.iter().filter(|o| key(o) == key(n)).map(|o| o.mention.kind).min();
    // 3: the same sentence speaks for a country, 2: the same field, 1: another field, 0: nothing.
    let support = |n: &Named, country: usize| {
        let near = |o: &&&Named| match reading.text(n.field) {
            Some(text) if o.field == n.field => 2 + usize::from(same_sentence(o, n, text)),
            _ => 1,
        };
        alone.iter().filter(|o| o.mention.country == country).map(|o| near(&o)).max().unwrap_or(0)
    };
    let keeps = |n: &Named| {
        let Some(owners) = owners.get(&key(n)).filter(|o| o.len() > 1) else { return true };
        let most = owners.iter().map(|c| support(n, *c)).max().unwrap_or(0);
        if most > 0 {
            return support(n, n.mention.country) == most;
        }
        // A name of the country before one of its towns, a town before its people.
        Some(n.mention.kind) == called_so(n)
            && (n.mention.kind != Kind::Site || owners.first() == Some(&n.mention.country))
    };
    named.iter().filter(|n| keeps(n)).cloned().collect()
}

/// Tells whether the same words stand for several countries.
pub(super) fn is_any_shared(named: &[Named]) -> bool {
    let is_same = |a: &Named, b: &Named| a.field == b.field && a.mention.words == b.mention.words;
    named.iter().any(|a| named.iter().any(|b| is_same(a, b) && a.mention.country != b.mention.country))
}
