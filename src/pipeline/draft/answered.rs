//! What became of the answers that a run took in, in sentences.

use crate::draft::{asked_about, countries_of, scope_of};
use crate::model::{Country, Draft, Scope, WorkId};
use crate::pipeline::{Ctx, Result};

/// Returns what became of each answer that was taken in from a draft, a sentence each, by the draft as it is written
/// now.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn answered(ctx: &Ctx, asked: &Draft, answers: &[(String, String)], now: &Draft) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for (id, answer) in answers {
        let Some(decision) = asked.decisions.iter().find(|d| d.id == *id) else { continue };
        let about = asked_about(decision);
        out.push(match id.split_once(' ') {
            Some(("scope", work)) => {
                let work = WorkId::parse(work).map(|w| ctx.store.resolve(&w)).transpose()?.flatten();
                of_scope(&about, answer, place(now, work.as_ref().map_or("", WorkId::as_str)), &ctx.config.countries)
            }
            Some(("same", _)) if answer == "same" => format!("{about}: they are one paper now"),
            Some(("same", _)) => format!("{about}: they stay two papers, and nobody is asked again"),
            _ => format!("{about}: seen, and nobody is asked again"),
        });
    }
    Ok(out)
}

/// Where a paper stands in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Issue,
    Beside,
    Nowhere,
}

/// Returns where a paper stands.
fn place(draft: &Draft, id: &str) -> Stands {
    let is_kept = draft.candidates.iter().any(|c| c.id == id && c.is_kept());
    if is_kept || draft.items.iter().any(|i| i.id == id) {
        return Stands::Issue;
    }
    if draft.candidates.iter().any(|c| c.id == id) { Stands::Beside } else { Stands::Nowhere }
}

/// Returns what became of a paper of which a person said whether it belongs here, or where it was done.
fn of_scope(about: &str, answer: &str, stands: Stands, countries: &[Country]) -> String {
    let codes = countries_of(answer);
    let name = |code: &str| countries.iter().find(|c| c.iso3 == code).map_or(code.to_owned(), |c| c.name.clone());
    let places = codes.iter().map(|code| name(code)).collect::<Vec<_>>().join(" and ");
    let done = if places.is_empty() { String::new() } else { format!("done in {places}, ") };
    match (stands, scope_of(answer, countries)) {
        (Stands::Issue, _) => format!("{about}: {done}it is in the issue"),
        (Stands::Beside, _) => format!("{about}: {done}it came in, among the candidates"),
        (Stands::Nowhere, Scope::In | Scope::Maybe) => {
            format!("{about}: {done}it belongs here now, but found no place in this draft; put it in from its own page")
        }
        (Stands::Nowhere, Scope::Out) => format!("{about}: {done}it stays out"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Candidate, Choice, DraftItem, Income, Month};

    fn country(iso3: &str, name: &str, is_lmic: bool) -> Country {
        Country {
            iso3: iso3.into(),
            iso2: String::new(),
            name: name.into(),
            income: Income::Low,
            region: String::new(),
            aliases: vec![],
            demonyms: vec![],
            places: vec![],
            weak: vec![],
            traps: vec![],
            is_lmic,
            lmic_last_fy: String::new(),
        }
    }

    #[test]
    fn an_answer_on_scope_says_where_the_paper_stands_now() {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        draft.items.push(DraftItem { id: "a".into(), ..DraftItem::default() });
        for (id, choice) in [("k", Some(Choice::Keep)), ("o", None)] {
            draft.candidates.push(Candidate { id: id.into(), choice, ..Candidate::default() });
        }
        let countries =
            [country("KEN", "Kenya", true), country("UGA", "Uganda", true), country("DNK", "Denmark", false)];
        for (answer, id, want) in [
            ("in", "a", "it is in the issue"),
            ("in", "k", "it is in the issue"),
            ("in", "o", "it came in, among the candidates"),
            ("KEN, UGA", "o", "done in Kenya and Uganda, it came in, among the candidates"),
            ("in", "z", "it belongs here now, but found no place in this draft; put it in from its own page"),
            ("out", "z", "it stays out"),
            ("DNK", "z", "done in Denmark, it stays out"),
        ] {
            assert_eq!(of_scope("“T”", answer, place(&draft, id), &countries), format!("“T”: {want}"), "{answer} {id}");
        }
    }
}
