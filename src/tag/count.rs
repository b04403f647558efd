//! Finds how many people, births or records a text reports on, and whether it reports figures of
//! them: the mark of a study that names no design.
//!
//! `We interviewed 1,284 mothers` counts 1,284; `1 in 5 women`, `20% of women` and `300 million
//! women` say how common something is, and count nobody.

use super::matcher::Span;
use super::text::FieldText;

/// Who or what was counted, as a text says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many, 10–999,999.
    pub number: u32,
    /// The words from the number to those counted.
    pub words: Span,
}

/// Fewer are an example or a case, not a sample.
const NUMBER_MIN: u32 = 10;
/// More are a country's people rather than a study's (`300 million`, `2,500,000 births`).
const NUMBER_MAX: u32 = 999_999;
/// Words that may stand between a number and those counted: `forty-one expectant Rohingya girls`.
const WORDS_BETWEEN_MAX: usize = 4;
/// Four digits that are more often a year than a count.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Those whom a study counts, in English, Spanish, Portuguese and French, folded.
const COUNTED: &[&str] = &[
    "accouchees",
    "adolescentes",
    "adolescents",
    "attendants",
    "babies",
    "births",
    "caregivers",
    "cases",
    "charts",
    "children",
    "couples",
    "criancas",
    "deaths",
    "deliveries",
    "dossiers",
    "dyads",
    "embarazadas",
    "enfants",
    "fathers",
    "femmes",
    "files",
    "gestantes",
    "girls",
    "households",
    "individuals",
    "infants",
    "maes",
    "madres",
    "men",
    "meres",
    "midwives",
    "mothers",
    "mujeres",
    "mulheres",
    "neonates",
    "newborns",
    "ninos",
    "nurses",
    "pacientes",
    "padres",
    "pairs",
    "parejas",
    "parents",
    "participantes",
    "participants",
    "partners",
    "parturientes",
    "patientes",
    "patients",
    "peres",
    "persons",
    "pregnancies",
    "prontuarios",
    "providers",
    "puerperas",
    "records",
    "registros",
    "respondents",
    "singletons",
    "students",
    "teenagers",
    "usuarias",
    "women",
    "workers",
];

/// Numbers in words, folded. `forty one` is forty and one, `two hundred` two times hundred.
const NUMBER_WORDS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("diez", 10),
    ("once", 11),
    ("doce", 12),
    ("quince", 15),
    ("veinte", 20),
    ("veintidos", 22),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("dez", 10),
    ("onze", 11),
    ("doze", 12),
    ("quatorze", 14),
    ("catorze", 14),
    ("quinze", 15),
    ("vinte", 20),
    ("trinta", 30),
    ("quarenta", 40),
    ("cinquenta", 50),
    ("dix", 10),
    ("douze", 12),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
];

/// Words before a number, or between it and those counted, that make it a rate, a guess or an age.
const NO_COUNT: &[&str] = &[
    "million",
    "millions",
    "billion",
    "nearly",
    "almost",
    "estimated",
    "some",
    "each",
    "per",
    "aged",
    "weeks",
    "months",
    "years",
    "days",
    "hours",
    "percent",
    "cent",
    "will",
    "until",
    "since",
    "over",
    "about",
];

/// Returns everyone counted, in the order of the text.
pub fn people(text: &FieldText) -> Vec<Count> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        let Some((number, end)) = number_at(text, at) else {
            at += 1;
            continue;
        };
        let is_plain = !is_rate_or_guess(text, at);
        let is_rate = text.gap_after(end - 1).contains(['%', '‰', '/']);
        if is_plain && !is_rate && (NUMBER_MIN..=NUMBER_MAX).contains(&number) && !is_year(text, at, number) {
            out.extend(counted_after(text, end).map(|last| Count { number, words: at..last + 1 }));
        }
        at = end;
    }
    out
}

/// Returns where the first figure of a result stands: a share, a p value, an interval or `n =`.
pub fn figure(text: &FieldText) -> Option<Span> {
    (0..text.tokens.len()).find_map(|at| {
        let (word, gap) = (text.folded_word(at), text.gap_after(at));
        let is_digit = word.chars().all(|c| c.is_ascii_digit());
        let is_share = is_digit && gap.trim_start().starts_with('%');
        let is_sign = matches!(word, "p" | "n") && gap.contains(['=', '<', '>', '≤']);
        (is_share || is_sign).then_some(at..(at + 1 + usize::from(is_sign)).min(text.tokens.len()))
    })
}

/// Tells whether the words before a number make it a rate (`one in ten`, but not `in 41 women`), a
/// guess or an age.
fn is_rate_or_guess(text: &FieldText, at: usize) -> bool {
    let word_before = |n: usize| at.checked_sub(n).map_or("", |at| text.folded_word(at));
    match word_before(1) {
        "in" | "every" => at.checked_sub(2).is_some_and(|at| number_at(text, at).is_some()),
        word => NO_COUNT.contains(&word),
    }
}

/// Tells whether a number is a year: four digits without a mark between.
fn is_year(text: &FieldText, at: usize, number: u32) -> bool {
    YEARS.contains(&number) && text.folded_word(at).len() == 4
}

/// Returns the word of those counted behind a number, within the sentence.
fn counted_after(text: &FieldText, from: usize) -> Option<usize> {
    let sentence = text.tokens.get(from)?.sentence;
    for at in from..(from + WORDS_BETWEEN_MAX + 1).min(text.tokens.len()) {
        let word = text.folded_word(at);
        let is_other = text.tokens.get(at).is_none_or(|t| t.sentence != sentence);
        if is_other || NO_COUNT.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if COUNTED.contains(&word) {
            return Some(at);
        }
        if text.gap_after(at).contains([',', ';', ':', '(', ')']) {
            return None;
        }
    }
    None
}

/// Returns the number that begins at a word, and the word behind it; `None` for a decimal.
fn number_at(text: &FieldText, at: usize) -> Option<(u32, usize)> {
    let word = text.folded_word(at);
    if word.chars().all(|c| c.is_ascii_digit()) {
        return digits_at(text, at);
    }
    let value = |at: usize| NUMBER_WORDS.iter().find(|(w, _)| *w == text.folded_word(at)).map(|(_, n)| *n);
    let first = value(at)?;
    let mut end = at + 1;
    let mut number = first;
    if first >= 20
        && let Some(ones) = value(end).filter(|n| *n < 10)
    {
        number += ones;
        end += 1;
    }
    if text.folded_word(end) == "hundred" {
        number *= 100;
        end += 1;
    }
    Some((number, end))
}

/// Returns a number in digits, with marks between its thousands or without.
fn digits_at(text: &FieldText, at: usize) -> Option<(u32, usize)> {
    let is_fraction = at.checked_sub(1).is_some_and(|before| {
        matches!(text.gap_after(before), "." | "·") && text.folded_word(before).ends_with(|c: char| c.is_ascii_digit())
    });
    if is_fraction {
        return None;
    }
    let mut number: u32 = text.folded_word(at).parse().ok()?;
    let mut end = at + 1;
    while matches!(text.gap_after(end - 1), "," | "." | "\u{a0}" | "\u{202f}" | "\u{2009}" | " ") {
        let next = text.folded_word(end);
        let is_digits = !next.is_empty() && next.chars().all(|c| c.is_ascii_digit());
        if is_digits && next.len() == 3 && number < 1_000 {
            number = number * 1_000 + next.parse::<u32>().ok()?;
            end += 1;
        } else if is_digits && text.gap_after(end - 1) == "." {
            return None;
        } else {
            break;
        }
    }
    Some((number, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_and_rates_are_not() {
        type Case<'c> = (&'c str, &'c [(u32, &'c str)], &'c str);
        let cases: &[Case<'_>] = &[
            ("We saw 1,284 mothers.", &[(1284, "1,284 mothers")], "a mark between thousands"),
            ("2 104 dossiers lus", &[(2104, "2 104 dossiers")], "a space between thousands"),
            ("Forty-one expectant Lakeland girls came", &[(41, "Forty-one expectant Lakeland girls")], "in words"),
            ("Two hundred women", &[(200, "Two hundred women")], "hundreds in words"),
            ("1 in 50 women; 20% of women; 300 million women", &[], "rates"),
            ("In 2020 women came; aged 15 women", &[], "a year and an age"),
            ("In 41 women it fell", &[(41, "41 women")], "where, not how often"),
            ("11.25 women, 9 women, 12 weeks, women", &[], "a decimal, too few, time"),
            ("Se entrevistó a 24 madres", &[(24, "24 madres")], "Spanish"),
            ("", &[], "nothing"),
        ];
        for (original, want, note) in cases {
            let text = FieldText::read(original, 1_000);
            let got: Vec<(u32, &str)> = people(&text).iter().map(|c| (c.number, text.quote(&c.words))).collect();
            assert_eq!(got, *want, "{note}");
        }
    }

    #[test]
    fn a_figure_is_a_share_or_a_sign() {
        let cases =
            [("it was 17 %", Some("17")), ("(n = 30)", Some("n = 30")), ("p<0.05", Some("p<0")), ("17 mothers", None)];
        for (original, want) in cases {
            let text = FieldText::read(original, 1_000);
            assert_eq!(figure(&text).map(|span| text.quote(&span).to_owned()).as_deref(), want, "{original}");
        }
    }
}
