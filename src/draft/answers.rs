//! What people answered to the questions in the draft.

use super::asked::asked_about;
use crate::model::text::{clean_line, did_you_mean, fold, shorten};
use crate::model::{Country, Decision, Draft, Problem, Scope};

/// Returns the answers that are understood for a decision, by what its id begins with.
///
/// `scope …`: in, out. `same …`: same, different. `retracted …` and anything else: seen.
pub fn choices_of(id: &str) -> &'static [&'static str] {
    match id.split(' ').next().unwrap_or_default() {
        "scope" => &["in", "out"],
        "same" => &["same", "different"],
        _ => &["seen"],
    }
}

/// Tells whether a decision asks whether a paper belongs into the issue at all.
pub fn is_about_scope(id: &str) -> bool {
    id.starts_with("scope ")
}

/// Ends the question whether readers are told of what became of a paper that they had.
pub const TELL_READERS: &str = "Tell readers in the note?";

/// Returns what readers could be told, as a sentence for the note, when a decision asks whether they are; `None` for
/// any other decision. Quotation marks become those of print.
pub fn for_readers(decision: &Decision) -> Option<String> {
    let question = clean_line(&decision.question);
    let told = question.strip_suffix(TELL_READERS)?.trim();
    let (title, rest) = told.strip_prefix('"')?.rsplit_once('"')?;
    Some(format!("“{title}”{rest}"))
}

/// Returns how a decision is answered, in words: its choices, and for a paper's scope the country as well.
pub(super) fn how_to_answer(id: &str, choices: &[&str]) -> String {
    let choices = choices.join(" or ");
    if is_about_scope(id) { format!("{choices}; or the country where it was done, such as Kenya") } else { choices }
}

/// Separates the countries of one answer.
const BETWEEN_COUNTRIES: &str = ", ";

/// Returns the countries of an answer about scope, as codes; none when it is `in` or `out`.
pub fn countries_of(answer: &str) -> Vec<&str> {
    if choices_of("scope").contains(&answer) { Vec::new() } else { answer.split(BETWEEN_COUNTRIES).collect() }
}

/// Returns the scope that an answer about scope gives a paper: one of several countries with low or middle income is
/// enough for it to be in. `answer` is one that [`answers`] returned.
pub fn scope_of(answer: &str, countries: &[Country]) -> Scope {
    let is_lmic = |code: &&str| countries.iter().any(|country| country.iso3 == **code && country.is_lmic);
    let is_in = answer == Scope::In.as_str() || countries_of(answer).iter().any(is_lmic);
    if is_in { Scope::In } else { Scope::Out }
}

/// Returns `(decision id, answer)` for every answered decision, in the order of the file, and a
/// problem for every answer that is not understood. Questions without an answer give neither.
///
/// Case and white space do not matter; "yes" and "no" stand for the first and the second choice. A
/// question of scope may also be answered by the country or countries where the study was done; the
/// answer is then their codes ("KEN, UGA").
pub fn answers(draft: &Draft, file: &str, countries: &[Country]) -> (Vec<(String, String)>, Vec<Problem>) {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut problems = Vec::new();
    for decision in draft.decisions.iter().filter(|d| !d.answer.trim().is_empty()) {
        let place = || decision.answer_place(file);
        let given = shorten(decision.answer.trim(), ANSWER_CHARS_MAX);
        let read = if given == decision.answer.trim() {
            answer(decision, countries)
        } else {
            Err("an answer is one word, or the names of countries".to_owned())
        };
        match read {
            Ok(answer) => match out.iter().find(|(id, _)| *id == decision.id) {
                Some((_, first)) if *first != answer => {
                    let asked = asked_about(decision);
                    let message = format!("{asked} is asked twice and answered \"{first}\" and \"{answer}\"");
                    problems.push(Problem::error(place(), message).with_help("delete one of the two blocks"));
                }
                Some(_) => {}
                None => out.push((decision.id.clone(), answer)),
            },
            Err(help) => {
                let message = format!("the answer \"{given}\" about {} is not understood", asked_about(decision));
                problems.push(Problem::error(place(), message).with_help(help));
            }
        }
    }
    (out, problems)
}

/// Characters of an answer that are read: the longest names a handful of countries.
const ANSWER_CHARS_MAX: usize = 300;

/// Returns the answer to one decision as it is stored.
fn answer(decision: &Decision, countries: &[Country]) -> Result<String, String> {
    let given = fold(decision.answer.trim());
    let known = choices_of(&decision.id);
    let all: Vec<&str> = if decision.choices.is_empty() {
        known.to_vec()
    } else {
        decision.choices.iter().map(String::as_str).collect()
    };
    let meant = match given.as_str() {
        "yes" | "y" | "ok" => all.first(),
        "no" | "n" => all.get(1),
        word => all.iter().find(|c| **c == word),
    };
    if let Some(meant) = meant {
        return Ok((*meant).to_owned());
    }
    let choices = did_you_mean(&given, all.iter().copied());
    if !is_about_scope(&decision.id) || choices.starts_with("did you mean") {
        return Err(choices);
    }
    named(&decision.answer, countries).map_err(|help| format!("{choices}; or a country: {help}"))
}

/// Returns the codes of the countries that an answer names: one, or several between commas or "and".
fn named(written: &str, countries: &[Country]) -> Result<String, String> {
    let whole = Country::named(countries, written);
    let written = written.replace(';', ",").replace(" and ", ",").replace(" & ", ",");
    let parts: Vec<&str> = written.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
    if whole.is_ok() || parts.len() < 2 {
        return whole.map(|c| c.iso3.clone());
    }
    let mut codes: Vec<&str> = Vec::new();
    for part in parts {
        let code = Country::named(countries, part).map_err(|help| format!("\"{part}\": {help}"))?.iso3.as_str();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(codes.join(BETWEEN_COUNTRIES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Income, Month};

    fn country(iso3: &str, name: &str, demonym: &str) -> Country {
        Country {
            iso3: iso3.into(),
            iso2: String::new(),
            name: name.into(),
            income: Income::Low,
            region: String::new(),
            aliases: vec![],
            demonyms: vec![demonym.into()],
            places: vec![],
            weak: vec![],
            traps: vec![],
            is_lmic: true,
            lmic_last_fy: String::new(),
        }
    }

    #[test]
    fn what_readers_can_be_told_is_the_question_without_its_end() {
        let told = |question: &str| {
            for_readers(&Decision {
                id: "retracted w1".into(),
                question: question.into(),
                answer: String::new(),
                choices: vec![],
                reasons: vec![],
                line: 0,
                answer_at: (0, 0),
            })
        };
        for (note, question, want) in [
            (
                "over lines, with quotation marks in the title",
                "\"A \"new\" trial\" was in the issue of May 2026\nand has been retracted. Tell readers in the note?",
                Some("“A \"new\" trial” was in the issue of May 2026 and has been retracted."),
            ),
            ("another question", "Are A and B one study?", None),
            ("changed by hand", "\"A\" was retracted. Shall we?", None),
            ("no title", "It was retracted. Tell readers in the note?", None),
        ] {
            assert_eq!(told(question).as_deref(), want, "{note}");
        }
    }

    #[test]
    fn answers_are_understood_as_people_write_them() {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        for (id, answer) in [
            ("scope a", "in"),
            ("scope b", " Out "),
            ("scope c", "yes"),
            ("scope d", ""),
            ("scope e", "perhaps"),
            ("same f g", "no"),
            ("same h i", "diferent"),
            ("retracted j", "seen"),
            ("retracted k", "no"),
            ("scope l", " kenya "),
            ("scope m", "UGA and Kenyan"),
            ("scope n", "Kenia"),
            ("scope o", "Kenya, Atlantis"),
            ("same p q", "Kenya"),
        ] {
            draft.decisions.push(Decision { id: id.into(), answer: answer.into(), line: 7, ..Decision::default() });
        }
        let countries = [country("KEN", "Kenya", "Kenyan"), country("UGA", "Uganda", "Ugandan")];
        let (understood, problems) = answers(&draft, "f", &countries);
        let pairs: Vec<String> = understood.iter().map(|(id, a)| format!("{id}: {a}")).collect();
        assert_eq!(
            pairs,
            [
                "scope a: in",
                "scope b: out",
                "scope c: in",
                "same f g: different",
                "retracted j: seen",
                "scope l: KEN",
                "scope m: UGA, KEN",
            ]
        );
        assert_eq!(countries_of("UGA, KEN"), ["UGA", "KEN"]);
        assert_eq!(countries_of("in"), Vec::<&str>::new());
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "f:7: the answer \"perhaps\" about “scope e” is not understood\n  help: known: in, out; or a country: \
                 write a country's name, its code (KEN) or its people (Kenyan)",
                "f:7: the answer \"diferent\" about “same h i” is not understood\n  help: did you mean \"different\"? \
                 known: same, different",
                "f:7: the answer \"no\" about “retracted k” is not understood\n  help: known: seen",
                "f:7: the answer \"Kenia\" about “scope n” is not understood\n  help: known: in, out; or a country: did \
                 you mean \"Kenya\" (KEN)? write a country's name, its code (KEN) or its people (Kenyan)",
                "f:7: the answer \"Kenya, Atlantis\" about “scope o” is not understood\n  help: known: in, out; or a \
                 country: \"Atlantis\": write a country's name, its code (KEN) or its people (Kenyan)",
                "f:7: the answer \"Kenya\" about “same p q” is not understood\n  help: known: same, different",
            ]
        );
    }

    #[test]
    fn one_question_has_one_short_answer() {
        let ask = |given: &[(&str, &str)]| {
            let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
            for (n, (id, answer)) in given.iter().enumerate() {
                let line = n + 1;
                draft.decisions.push(Decision {
                    id: (*id).into(),
                    answer: (*answer).into(),
                    line,
                    ..Decision::default()
                });
            }
            let (understood, problems) = answers(&draft, "f", &[country("KEN", "Kenya", "Kenyan")]);
            (understood.len(), problems.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(ask(&[("scope a", "in"), ("scope a", "yes")]), (1, vec![]), "the same twice is one answer");
        let (understood, said) = ask(&[("scope a", "Kenya"), ("scope a", "out")]);
        assert_eq!(understood, 1);
        assert!(said[0].starts_with("f:2: “scope a” is asked twice and answered \"KEN\" and \"out\""), "{said:?}");
        let (understood, said) = ask(&[("scope a", &"Kenya; ".repeat(20_000))]);
        assert_eq!(understood, 0);
        assert!(said[0].len() < 1_000, "a monstrous answer is not repeated whole");
    }
}
