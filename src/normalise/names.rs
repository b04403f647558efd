//! Names of authors as exports write them: "Family, Given", "Given Family", "Family GI", groups.

use crate::model::Author;
use crate::model::text::clean_line;

/// What stands first in a name of full words without a comma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// "Example Maria": the text form of our own record lines.
    FamilyFirst,
    /// "Maria Example": how most tools write a name without a comma.
    GivenFirst,
}

/// Words that only names of groups hold.
const GROUP_WORDS: &[&str] = &[
    "agency",
    "alliance",
    "association",
    "centre",
    "center",
    "coalition",
    "collaboration",
    "collaborative",
    "collaborators",
    "college",
    "commission",
    "committee",
    "consortium",
    "council",
    "department",
    "federation",
    "foundation",
    "group",
    "groups",
    "initiative",
    "institute",
    "investigators",
    "ministry",
    "network",
    "organisation",
    "organization",
    "panel",
    "partnership",
    "program",
    "programme",
    "project",
    "society",
    "study",
    "team",
    "trial",
    "trialists",
    "university",
];

/// Small words that stand inside names of groups and not of persons.
const GROUP_SMALL_WORDS: &[&str] = &["and", "for", "in", "of", "on", "with"];

/// What stands in lists in the place of authors, folded, without full stops at the end.
const NOBODY: &[&str] = &["et al", "and others", "others", "anonymous", "[anonymous]", "n/a", "none", "no author"];

/// Generational suffixes, folded, without full stops.
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"];

/// The longest run of capitals that is still taken for initials.
const INITIALS_MAX: usize = 4;

/// Returns the author that a text names, or `None` when it names nobody ("et al.", nothing).
///
/// A comma at the end shows a group (`EndNote`'s rule for corporate authors); another one parts
/// family and given names; without one, initials show where the given names are
/// ("Example ML", "M. L. Example"); two full words are read in `order`. Small particles ("van
/// der") belong to the family name.
pub fn author(text: &str, order: Order) -> Option<Author> {
    let text = clean_line(text);
    let is_closed = text.trim_end_matches([';', ' ']).ends_with(',');
    let text = text.trim_matches([',', ';', ' ']);
    let folded = text.trim_end_matches('.').to_lowercase();
    // "Na" is a name, "NA" is what data frames write for nobody.
    if folded.is_empty() || NOBODY.contains(&folded.as_str()) || text == "NA" {
        return None;
    }
    if is_closed {
        return Some(Author::group(text));
    }
    if let Some((family, rest)) = text.split_once(',') {
        let head: Vec<&str> = family.split(' ').collect();
        let is_person = !is_group(&head) || rest.split([' ', ',']).all(|w| w.is_empty() || is_initials(w));
        return Some(if is_person { with_comma(family.trim(), rest) } else { Author::group(text) });
    }
    let mut words: Vec<&str> = text.split(' ').collect();
    let suffix = (words.len() > 2).then(|| words.pop_if(|w| is_suffix(w))).flatten();
    if is_group(&words) {
        return Some(Author::group(text));
    }
    let mut author = without_comma(&words, order);
    author.suffix = suffix.map(str::to_owned);
    Some(author)
}

/// Returns the authors that one text lists: parted by `;`, by "and", or by commas where every
/// part is a whole name ("Example ML, Model A").
pub fn authors(text: &str, order: Order) -> Vec<Author> {
    let text = clean_line(text);
    let text = without_et_al(&text);
    // A sentence's full stop ends the list; where initials have their own it belongs to the last.
    let text = text.strip_suffix('.').filter(|t| !t.contains(['.', ';'])).unwrap_or(text);
    if let Some(pairs) = initials_pairs(text) {
        return pairs.iter().filter_map(|p| author(p, order)).collect();
    }
    if text.contains([';', '|']) {
        return text.split([';', '|']).filter_map(|p| author(p, order)).collect();
    }
    let joined = text.replace(" & ", " and ");
    let parts: Vec<&str> = if joined.contains(" and ") {
        let halves: Vec<&str> = joined.split(" and ").collect();
        match halves.split_last() {
            // "A One, B Two and C Three": in BibTeX's form every half would have its own comma.
            Some((last, [first])) if !last.contains(',') && first.split(',').all(|p| p.trim().contains(' ')) => {
                first.split(',').chain([*last]).collect()
            }
            _ => halves,
        }
    } else if comma_parts_are_names(&joined) {
        joined.split(',').collect()
    } else {
        return author(&joined, order).into_iter().collect();
    };
    parts.into_iter().filter_map(|p| author(p, order)).collect()
}

/// Returns a list without the "et al." at its end.
fn without_et_al(text: &str) -> &str {
    let open = text.trim_end_matches('.');
    let head = [" et al", ",et al"].iter().find_map(|end| open.strip_suffix(end));
    head.map_or(text, |h| h.trim_end_matches([',', ';', ' ']))
}

/// Tells whether every part between commas is a whole name of two words or more.
fn comma_parts_are_names(text: &str) -> bool {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
    let all_end_in_initials =
        parts.iter().all(|p| p.contains(' ') && p.split(' ').next_back().is_some_and(is_initials));
    let all_have_two_words = parts.len() > 2 && parts.iter().all(|p| p.contains(' '));
    all_end_in_initials || all_have_two_words
}

/// Joins that stand before the last name of a list.
const JOINS: [&str; 4] = ["and ", "& ", "et ", "und "];

/// Returns the names of a list that parts family names, initials and persons alike by commas ("Example, M. L.,
/// Model, A.-B., and Third, C., et al."), each as "Family, Initials"; a group's name and a suffix may stand among
/// them. One person alone is such a list, too; `None` when a part is neither.
pub fn initials_pairs(text: &str) -> Option<Vec<String>> {
    let text = clean_line(text);
    let mut parts = comma_parts(without_et_al(&text)).into_iter().peekable();
    let (mut out, mut persons) = (Vec::new(), 0_usize);
    while let Some(family) = parts.next() {
        if let Some(initials) = parts.next_if(|p| is_pair(family, p)) {
            let suffix = parts.next_if(|p| is_suffix(p)).map(|s| format!(", {s}")).unwrap_or_default();
            out.push(format!("{family}, {initials}{suffix}"));
            persons += 1;
        } else if is_group(&family.split(' ').collect::<Vec<_>>()) {
            out.push(family.to_owned());
        } else {
            return None;
        }
    }
    (persons > 0).then_some(out)
}

/// Returns what stands between commas and semicolons, without the "and" before a last name: where one stands behind
/// initials it parts two names, within a name ("Mothers and Babies Group") it stays.
fn comma_parts(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in text.split([',', ';']).map(str::trim) {
        let part = JOINS.iter().find_map(|join| part.strip_prefix(join)).unwrap_or(part);
        let halves = JOINS.iter().find_map(|join| {
            let (initials, next) = part.split_once(join)?;
            let initials = initials.strip_suffix(' ').filter(|i| are_initials(i))?;
            Some([initials, next])
        });
        out.extend(halves.unwrap_or([part, ""]));
    }
    out.retain(|part| !part.trim().is_empty());
    out
}

/// Tells whether a text is a family name and the other its initials. Two abbreviations side by side ("UNICEF, WHO")
/// are names of groups.
fn is_pair(family: &str, initials: &str) -> bool {
    let is_name = if initials.contains('.') {
        !(family.contains('.') && are_initials(family))
    } else {
        !are_initials(family) && (initials.chars().count() < 3 || family.chars().any(char::is_lowercase))
    };
    are_initials(initials) && is_name && !is_group(&family.split(' ').collect::<Vec<_>>())
}

/// Tells whether a text is the initials of one person: one to four capitals, with or without full stops, hyphens and
/// blanks ("J. P.", "A.-M.").
pub fn are_initials(text: &str) -> bool {
    is_initials(&text.replace(' ', ""))
}

/// Returns the person that a text names whose family name stands first: what stands before the comma.
/// Without one the text is read as [`author`] reads it where it ends in initials, and else is a
/// family name alone.
pub fn person(text: &str) -> Option<Author> {
    let text = clean_line(text);
    let named = author(&text, Order::FamilyFirst)?;
    match text.trim_matches([',', ' ']).split_once(',') {
        Some((family, rest)) => Some(with_comma(family.trim(), rest)),
        None if text.split(' ').next_back().is_some_and(is_initials) => Some(named),
        None => Some(Author::person(text.trim_matches([',', ' ']), "")),
    }
}

/// Reads "Family, Given", "Family, Given, Jr" and "Family, Jr., Given".
fn with_comma(family: &str, rest: &str) -> Author {
    let mut given: Vec<&str> = rest.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
    // "JR" and "IV" alone behind the comma are initials.
    let is_alone = given.len() == 1;
    // Of two that could be one, RIS puts the suffix last: "Family, IV, Jr" has the initials I and V.
    let suffix_at = given.iter().rposition(|p| is_suffix(p) && !(is_alone && p.len() == 2 && is_initials(p)));
    let suffix = suffix_at.map(|at| given.remove(at).to_owned());
    let mut author = Author::person(family, given.join(" "));
    author.suffix = suffix;
    author
}

/// Reads a name of words without a comma.
fn without_comma(words: &[&str], order: Order) -> Author {
    let person = |given: &[&str], family: &[&str]| Author::person(family.join(" "), given.join(" "));
    let trailing = words.iter().rev().take_while(|w| is_initials(w)).count();
    let leading = words.iter().take_while(|w| is_initials(w)).count();
    if words.len() < 2 {
        return person(&[], words);
    }
    if trailing > 0 && trailing < words.len() {
        let (family, given) = words.split_at(words.len() - trailing);
        return person(given, family);
    }
    let particle = words.iter().skip(1).position(|w| is_particle(w)).map(|at| at + 1);
    let has_initial_inside = words.iter().skip(1).any(|w| is_initials(w));
    if leading > 0 && leading < words.len() || has_initial_inside || order == Order::GivenFirst {
        let (given, family) = words.split_at(particle.unwrap_or(words.len() - 1));
        return person(given, family);
    }
    let particles = words.iter().take_while(|w| is_particle(w)).count();
    let (family, given) = words.split_at((particles + 1).min(words.len()));
    person(given, family)
}

/// Tells whether a word is initials: one to four capitals, with or without full stops and hyphens.
fn is_initials(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| !matches!(c, '.' | '-' | '‐' | '\'')).collect();
    (1..=INITIALS_MAX).contains(&letters.len()) && letters.iter().all(|c| c.is_uppercase())
}

/// Tells whether a word is a small particle of a family name ("van", "de", "al-").
fn is_particle(word: &str) -> bool {
    word.chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’' | '-'))
}

/// Tells whether a word is a generational suffix.
pub fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

/// Tells whether the words are the name of a group.
fn is_group(words: &[&str]) -> bool {
    let holds_group_word = words.iter().any(|w| {
        let word = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        GROUP_WORDS.contains(&word.as_str()) || GROUP_SMALL_WORDS.contains(w)
    });
    words.len() > 1 && holds_group_word && !words.last().is_some_and(|w| is_initials(w))
}

/// Returns the bare ORCID iD (16 characters with hyphens) that a text holds, whatever address or
/// spacing is around it.
pub fn orcid(text: &str) -> Option<String> {
    let tail = text.trim().trim_end_matches('/').rsplit('/').next()?;
    let mut characters: String = tail.chars().filter(|c| c.is_ascii_digit() || matches!(c, 'x' | 'X')).collect();
    characters.make_ascii_uppercase();
    let digits = characters.get(..15)?;
    if characters.len() != 16 || digits.contains('X') {
        return None;
    }
    let parts: Option<Vec<&str>> = [0, 4, 8, 12].into_iter().map(|at| characters.get(at..at + 4)).collect();
    Some(parts?.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(a: &Author) -> String {
        let part = |p: &Option<String>| p.clone().unwrap_or_default();
        if let Some(group) = &a.collective {
            return format!("[{group}]");
        }
        format!(
            "{}|{}{}",
            part(&a.family),
            part(&a.given),
            a.suffix.as_ref().map(|s| format!("|{s}")).unwrap_or_default()
        )
    }

    #[test]
    fn names_of_every_form_are_parted() {
        use Order::{FamilyFirst, GivenFirst};
        for (text, order, want, note) in [
            ("Example, Maria L.", GivenFirst, "Example|Maria L.", "the comma form"),
            ("Example, Maria, Jr", GivenFirst, "Example|Maria|Jr", "suffix last"),
            ("Example, Jr., Maria", GivenFirst, "Example|Maria|Jr.", "suffix in the middle"),
            ("Example ML", GivenFirst, "Example|ML", "PubMed's short form"),
            ("Example ML Jr", GivenFirst, "Example|ML|Jr", "short form with suffix"),
            ("van der Model A", GivenFirst, "van der Model|A", "particles and initials"),
            ("B. Example", FamilyFirst, "Example|B.", "initials first tell the order"),
            ("K. S. van Model", FamilyFirst, "van Model|K. S.", "initials first, particle"),
            ("Karen S. Example", FamilyFirst, "Example|Karen S.", "an initial inside"),
            ("Maria Example", GivenFirst, "Example|Maria", "two words, given first"),
            ("Example Maria", FamilyFirst, "Example|Maria", "two words, family first"),
            ("de Model Maria Luz", FamilyFirst, "de Model|Maria Luz", "particle, family first"),
            ("Linda de Model", GivenFirst, "de Model|Linda", "particle, given first"),
            ("Madonna", GivenFirst, "Madonna|", "one name"),
            ("The Perinatal Example Group", GivenFirst, "[The Perinatal Example Group]", "a group"),
            (
                "Association of Examples, Models and Others",
                GivenFirst,
                "[Association of Examples, Models and Others]",
                "a group with a comma",
            ),
            ("Center, M. L.", GivenFirst, "Center|M. L.", "a family name that groups also use"),
            (
                "Example influences on Child Health",
                FamilyFirst,
                "[Example influences on Child Health]",
                "a group by its small words",
            ),
            ("АЗЬМУК, Н. А.", GivenFirst, "АЗЬМУК|Н. А.", "another script"),
        ] {
            assert_eq!(author(text, order).as_ref().map(shown).as_deref(), Some(want), "{text}: {note}");
        }
        for text in ["", "et al.", " , ", "NA", "[Anonymous]"] {
            assert_eq!(author(text, GivenFirst), None, "{text}");
        }
    }

    #[test]
    fn lists_in_one_text_are_parted() {
        for (text, want, note) in [
            ("Lim SM, Shiau CWC, Lau Y.", "Lim|SM; Shiau|CWC; Lau|Y", "PubMed's table"),
            ("Example, Maria; Model, A.", "Example|Maria; Model|A.", "semicolons"),
            ("Example, Maria and Model, Anna", "Example|Maria; Model|Anna", "BibTeX"),
            ("Example, M. L., Model, A.", "Example|M. L.; Model|A.", "APA"),
            ("Example, M. L., Model, A., & Third, C.", "Example|M. L.; Model|A.; Third|C.", "APA, three"),
            ("Example, M. and Model, A.", "Example|M.; Model|A.", "initials and a join"),
            ("Maria Example, Anna Model and Bo Third", "Example|Maria; Model|Anna; Third|Bo", "prose"),
            ("Maria Example, Anna Model, Bo Third", "Example|Maria; Model|Anna; Third|Bo", "plain list"),
            ("Example, Maria", "Example|Maria", "one author"),
            ("Example ML, Model A, et al.", "Example|ML; Model|A", "what is left out"),
        ] {
            let got: Vec<String> = authors(text, Order::GivenFirst).iter().map(shown).collect();
            assert_eq!(got.join("; "), want, "{text}: {note}");
        }
    }

    #[test]
    fn lists_of_family_names_and_initials_are_told_from_other_lists() {
        for (text, want, note) in [
            ("Example, F., Model, S., Third, G.", "Example, F.|Model, S.|Third, G.", "as preprint servers write them"),
            ("Example, F, Model, SA", "Example, F|Model, SA", "without full stops"),
            ("Example, J. P., Model, A.-M., Third, ABCD", "Example, J. P.|Model, A.-M.|Third, ABCD", "long initials"),
            ("Example, F., Model, S., and Third, G.", "Example, F.|Model, S.|Third, G.", "a comma and a join"),
            ("Example, F., Model, S. & Third, G.", "Example, F.|Model, S.|Third, G.", "a join"),
            ("Example, F., Model, S.; Third, G.", "Example, F.|Model, S.|Third, G.", "a semicolon before the last"),
            ("Example, F., Model, S., et al.", "Example, F.|Model, S.", "what is left out"),
            ("Example, F. et al", "Example, F.", "one, and what is left out"),
            ("de Example, J. P.", "de Example, J. P.", "one, with a particle"),
            ("Example, F., Jr., Model, S.", "Example, F., Jr.|Model, S.", "a suffix"),
            ("Example, F., The Model Study Group", "Example, F.|The Model Study Group", "a group among persons"),
            ("EXAMPLE, F, MODEL, S", "EXAMPLE, F|MODEL, S", "capitals"),
            ("Maria Example, John Model", "", "whole names"),
            ("Example, Maria", "", "a given name"),
            ("Example, F., Model, Maria", "", "initials only once"),
            ("Example ML, Model A", "", "initials without a comma"),
            ("World Health Organization, UNICEF", "", "groups"),
            ("UNICEF, WHO", "", "abbreviations"),
            ("University of Examples, UK, University of Models, US", "", "groups with their countries"),
            ("M. L., A. B.", "", "initials alone"),
            (" , ; ", "", "nothing"),
        ] {
            assert_eq!(initials_pairs(text).unwrap_or_default().join("|"), want, "{text}: {note}");
        }
    }

    #[test]
    fn orcids_come_out_bare() {
        for text in [
            "0000-0001-2345-678X",
            "https://orcid.org/0000-0001-2345-678x",
            "000000012345678X",
            "orcid.org/0000-0001-2345-678X/",
        ] {
            assert_eq!(orcid(text).as_deref(), Some("0000-0001-2345-678X"), "{text}");
        }
        for text in ["", "0000-0001", "00X0-0001-2345-6789"] {
            assert_eq!(orcid(text), None, "{text}");
        }
    }
}
