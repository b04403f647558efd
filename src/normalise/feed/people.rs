//! Authors: names, mail addresses and lists of names in the many forms feeds have them.

use std::sync::LazyLock;

use regex::Regex;

use super::Person;
use crate::model::{Author, text};
use crate::normalise::names;

/// Authors kept for one entry; the longest lists of real papers have about 5,000.
pub const AUTHORS_MAX: usize = 5_000;

/// Returns the person that an RSS field names: `mail (Name)`, `Name <mail>`, a name, or a mail
/// address alone. Empty text gives `None`.
pub fn person(field: &str) -> Option<Person> {
    static MAIL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^\s<>()\[\]:;,]+@[^\s<>()\[\]:;,?]+").expect("invariant: the pattern is fixed"));
    let field = text::clean_line(field);
    let Some(mail) = MAIL.find(&field) else {
        return (!field.is_empty()).then(|| Person { name: field, ..Person::default() });
    };
    let around =
        format!("{} {}", field.get(..mail.start()).unwrap_or_default(), field.get(mail.end()..).unwrap_or_default());
    let name = around.replace("mailto:", "");
    let name = name.split('?').next().unwrap_or_default();
    let name = text::clean_line(name.trim_matches(|c: char| c.is_whitespace() || "<>()[],;:-\"".contains(c)));
    Some(Person { name, email: mail.as_str().to_owned(), uri: String::new() })
}

/// Returns the names in one field. A field that stands alone in its entry may hold a whole list
/// (`A B, C D`; `X, Y., and Z`; `范存祥,林志斌`); one of several holds one name each
/// (`García Márquez, Gabriel José`), unless semicolons or pairs of family name and initials
/// (`Example, F., Model, S.`) say otherwise.
pub fn names(field: &str, stands_alone: bool) -> Vec<String> {
    let lines: Vec<&str> = field.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let has_lines = lines.len() > 1 && lines.iter().rev().skip(1).all(|l| l.ends_with([',', ';']));
    let line = text::clean_line(field);
    if let Some(pairs) = names::initials_pairs(&line) {
        return pairs.iter().map(|p| trim_name(p)).take(AUTHORS_MAX).collect();
    }
    let parts: Vec<String> = if has_lines {
        lines.iter().map(|l| text::clean_line(l)).collect()
    } else if line.contains(';') {
        line.split(';').map(str::to_owned).collect()
    } else if stands_alone && is_comma_list(&line) {
        line.split([',', '，', '、']).map(str::to_owned).collect()
    } else {
        vec![line]
    };
    let parts: Vec<String> = if stands_alone { parts.iter().flat_map(|p| split_last(p)).collect() } else { parts };
    parts.iter().map(|p| trim_name(p)).filter(|n| !n.is_empty()).take(AUTHORS_MAX).collect()
}

/// Tells whether commas part names, and not family from given name.
fn is_comma_list(line: &str) -> bool {
    let parts: Vec<&str> = line.split([',', '，', '、']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let has_space = |p: &&str| p.contains([' ', '\u{2019}']);
    match parts.as_slice() {
        [] | [_] => false,
        [first, second] => {
            is_ideographic(first)
                || (has_space(first) && (has_space(second) || *second == "et al."))
                || is_suffix(second)
        }
        _ => true,
    }
}

/// Tells whether a name is written in Chinese, Japanese or Korean characters.
fn is_ideographic(name: &str) -> bool {
    name.chars()
        .next()
        .is_some_and(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// Tells whether text is a generation suffix.
fn is_suffix(text: &str) -> bool {
    matches!(text.trim_end_matches('.').to_lowercase().as_str(), "jr" | "sr" | "ii" | "iii" | "iv")
}

/// Splits `A and B`, `A & B` at the last join; a group's own name ("Mothers and Babies Group") stays.
fn split_last(name: &str) -> Vec<String> {
    let name = name.trim();
    let name = name.strip_prefix("and ").or_else(|| name.strip_prefix("& ")).unwrap_or(name);
    for join in [" and ", " & ", " et ", " und "] {
        let Some((first, second)) = name.split_once(join) else { continue };
        let is_name = |n: &str| n.trim().contains(' ') && !is_group(n);
        if is_name(first) && is_name(second) && !second.starts_with("al") {
            return vec![first.to_owned(), second.to_owned()];
        }
    }
    vec![name.to_owned()]
}

/// Returns a name without what is put around names: `by`, `et al.`, commas, the place of a byline
/// (`Ann Example in Nairobi`).
fn trim_name(name: &str) -> String {
    let name = text::clean_line(name);
    let name = name.trim_matches([',', ';', ' ']);
    let lower = name.to_lowercase();
    let name = if lower.starts_with("by ") { name.get(3..).unwrap_or(name) } else { name };
    let name = name.strip_suffix("et al.").or_else(|| name.strip_suffix("et al")).unwrap_or(name);
    let name = name.split_once(" in ").map_or(name, |(person, _)| if is_group(person) { name } else { person });
    name.trim_matches([',', ';', ' ']).to_owned()
}

/// Words that only names of groups have.
const GROUP_WORDS: &[&str] = &[
    "group",
    "consortium",
    "collaboration",
    "collaborators",
    "collaborative",
    "committee",
    "network",
    "organization",
    "organisation",
    "team",
    "investigators",
    "association",
    "society",
    "alliance",
    "initiative",
    "institute",
    "unit",
    "university",
    "ministry",
    "department",
    "centre",
    "center",
    "foundation",
    "agency",
    "council",
    "programme",
    "program",
    "project",
    "editors",
    "staff",
    "office",
    "unicef",
    "who",
    "unfpa",
];

/// Tells whether a name is that of a group.
fn is_group(name: &str) -> bool {
    text::words(name).iter().any(|w| GROUP_WORDS.contains(&w.as_str()))
}

/// Words that begin a family name and stay with it.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "der", "den", "di", "du", "la", "le", "van", "von", "ter", "ten",
    "el", "al", "bin", "ibn", "abu", "ben", "zu", "zur", "mac", "st", "san", "santa",
];

/// Returns an author for a record. `Family, Given` and `Family GI` are read as such; else the last
/// word, with particles before it, is the family name.
pub fn author(name: &str) -> Option<Author> {
    let name = text::clean_line(name);
    if name.is_empty() || name.contains('@') {
        return None;
    }
    if is_group(&name) {
        return Some(Author::group(name));
    }
    if let Some((family, given)) = name.split_once(',') {
        let (given, suffix) = match given.rsplit_once(',').map(|(head, last)| (head, last.trim())) {
            Some((head, last)) if is_suffix(last) => (head, Some(last.to_owned())),
            _ => (given, None),
        };
        return Some(Author { suffix, ..Author::person(family.trim(), bare_initials(given.trim())) });
    }
    let words: Vec<&str> = name.split(' ').collect();
    let (Some(last), true) = (words.last(), words.len() > 1 && !is_ideographic(&name)) else {
        return Some(Author::person(name, ""));
    };
    let head = words.get(..words.len() - 1).unwrap_or_default();
    if is_initials(last) && !head.iter().all(|w| is_initials(w)) {
        return Some(Author::person(head.join(" "), last.replace('.', "")));
    }
    let suffix = usize::from(is_suffix(last) && words.len() > 2);
    let mut start = words.len() - 1 - suffix;
    while start > 1 && words.get(start - 1).is_some_and(|w| PARTICLES.contains(&w.to_lowercase().as_str())) {
        start -= 1;
    }
    let (given, family) = words.split_at(start);
    Some(Author::person(family.join(" "), given.join(" ")))
}

/// Returns the authors that an entry's one name stands for: a list where it pairs family names and initials.
pub fn authors(name: &str) -> Vec<Author> {
    match names::initials_pairs(name) {
        Some(pairs) => pairs.iter().filter_map(|p| author(p)).collect(),
        None => author(name).into_iter().collect(),
    }
}

/// Returns given names; initials without full stops, hyphens and blanks, as PubMed writes them (`J.-P.` is `JP`).
/// Four capitals without a full stop may be a name and stay.
fn bare_initials(given: &str) -> String {
    let letters: String = given.chars().filter(|c| c.is_alphabetic()).collect();
    let is_bare = names::are_initials(given) && (given.contains('.') || letters.chars().count() < 4);
    if is_bare { letters } else { given.to_owned() }
}

/// Tells whether a word is initials: `JA`, `J.A.`, `J-P`; four capitals are a name in capitals.
fn is_initials(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| !matches!(c, '.' | '-' | '\u{2010}')).collect();
    (1..=3).contains(&letters.len()) && letters.iter().all(|c| c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_name_people_in_many_forms() {
        for (id, field, name, email) in [
            ("mail-name", "ana@example.org (Ana Example)", "Ana Example", "ana@example.org"),
            ("name-mail", "Ana Example <ana@example.org>", "Ana Example", "ana@example.org"),
            ("mail", "ana@example.org", "", "ana@example.org"),
            ("name", " Ana\n Example ", "Ana Example", ""),
            ("mail-query", "ana@example.org?subject=x", "", "ana@example.org"),
        ] {
            let got = person(field).expect(id);
            assert_eq!((got.name.as_str(), got.email.as_str()), (name, email), "{id}");
        }
        assert_eq!(person("  "), None);
    }

    #[test]
    fn lists_of_names_are_told_from_names_with_commas() {
        for (id, field, alone, want) in [
            ("wiley", "\nWerner Example, \nRosa Example\n", true, vec!["Werner Example", "Rosa Example"]),
            (
                "oup",
                "Castano-Example J, Balao F, Lorenzo M, et al. ",
                true,
                vec!["Castano-Example J", "Balao F", "Lorenzo M"],
            ),
            ("family-given", "Kosonen, T.", true, vec!["Kosonen, T."]),
            ("pairs", " Example, F., Model, S., Third, G. ", true, vec!["Example, F.", "Model, S.", "Third, G."]),
            (
                "pairs, and",
                "By Example, F., Model, S., and Third, G.",
                true,
                vec!["Example, F.", "Model, S.", "Third, G."],
            ),
            (
                "pairs, et al.",
                "Example, J. P., de Model, A.-M., et al.",
                true,
                vec!["Example, J. P.", "de Model, A.-M."],
            ),
            ("pairs in lines", "Example, F.,\nModel, S.", true, vec!["Example, F.", "Model, S."]),
            ("pairs among others", "Example, F., Model, S.", false, vec!["Example, F.", "Model, S."]),
            ("one of two words", "de Example, J. P.", true, vec!["de Example, J. P."]),
            ("one person", "Example, Maria", true, vec!["Example, Maria"]),
            ("organisations", "World Health Organization, UNICEF", true, vec!["World Health Organization, UNICEF"]),
            ("two-word family", "Silva Example, Maria Luz", false, vec!["Silva Example, Maria Luz"]),
            ("two full names", "John Example, Jane Example", true, vec!["John Example", "Jane Example"]),
            ("semicolons", "Example, J; Other, K", false, vec!["Example, J", "Other, K"]),
            ("chinese", "范存祥,林志斌", true, vec!["范存祥", "林志斌"]),
            ("and", "Ann Example, Bo Example and Cy Example", true, vec!["Ann Example", "Bo Example", "Cy Example"]),
            ("by", "By Ann Example", true, vec!["Ann Example"]),
            ("one", "Ann Example", true, vec!["Ann Example"]),
            ("byline", "Ann Example in New York", true, vec!["Ann Example"]),
        ] {
            assert_eq!(names(field, alone), want, "{id}");
        }
    }

    #[test]
    fn names_become_family_and_given() {
        for (name, family, given) in [
            ("Oliul Hassan", "Hassan", "Oliul"),
            ("Example JA", "Example", "JA"),
            ("Example, Maria", "Example", "Maria"),
            ("Example, F.", "Example", "F"),
            ("de Example, J. P.", "de Example", "JP"),
            ("Example, A.-M.", "Example", "AM"),
            ("EXAMPLE, ANNA", "EXAMPLE", "ANNA"),
            ("Anna van der Example", "van der Example", "Anna"),
            ("Luis MP Example", "Example", "Luis MP"),
            ("范存祥", "范存祥", ""),
            ("Plato", "Plato", ""),
        ] {
            let got = author(name).expect(name);
            assert_eq!((got.family.as_deref().unwrap_or(""), got.given.as_deref().unwrap_or("")), (family, given));
        }
        assert!(author("PRIDE Study Group").is_some_and(|a| a.collective.is_some()));
        assert_eq!(author("a@example.org"), None);
        let suffixed = author("Example, F., Jr.").expect("a person");
        assert_eq!((suffixed.given.as_deref(), suffixed.suffix.as_deref()), (Some("F"), Some("Jr.")));
    }
}
