//! Reads `lexicon.toml`: which words of the field mean the same, which are narrower, which are near.
//!
//! What the keys mean stands at the head of `data/lexicon.toml`. A name may stand for one thing only,
//! so that a word of a question is never taken in two ways; the help says which key to change.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::text::{did_you_mean, is_unwanted, words};
use crate::model::{Concept, ConceptName, Country, Income, Lexicon, Lines, NameLanguage, Place, Problem, Region};
use crate::toml_doc::{self, Reader, Source};

/// The lexicon that comes with the program.
pub const BUILT_IN: &str = include_str!("../../data/lexicon.toml");

/// Concepts and regions of a file together: more are no list that people keep, and each costs time
/// at every search.
const ENTRIES_MAX: usize = 5_000;
/// Names of one concept, region or country: more is a list of loose words.
const NAMES_MAX: usize = 100;
/// Characters of a name: longer ones are sentences.
const NAME_CHARS_MAX: usize = 120;
/// Words of a name, for the same reason.
const NAME_WORDS_MAX: usize = 12;

/// The income groups by the codes of the country table.
const INCOMES: [(&str, Income); 5] = [
    ("LIC", Income::Low),
    ("LMC", Income::LowerMiddle),
    ("UMC", Income::UpperMiddle),
    ("HIC", Income::High),
    ("NC", Income::NotClassified),
];

/// Returns the lexicon that a text says, and every problem in it by place.
///
/// What has a problem is left out. With any problem of severity error the lexicon must not be used.
/// `countries` is the table that its codes must stand in; with `None` they are taken as they are. An
/// empty text is an empty lexicon: a home may wish for none.
pub fn read(text: &str, file: &str, countries: Option<&[Country]>) -> (Lexicon, Vec<Problem>) {
    let lines = Lines::new(file, text);
    let source = Source { file, text, lines: &lines };
    let document = match toml_doc::parse(source) {
        Ok(document) => document,
        Err(problem) => return (Lexicon::default(), vec![problem]),
    };
    let problems = RefCell::default();
    let top = Reader::new(source, document.as_table(), 0, file, &problems);
    let mut names = Names::default();
    let codes = countries.map(|c| c.iter().map(|c| c.iso3.as_str()).collect());
    let codes = codes.as_ref();
    let (concepts, regions) = (top.tables("concept"), top.tables("region"));
    let lexicon = if concepts.len() + regions.len() > ENTRIES_MAX {
        let message =
            format!("there are {} concepts and regions; {ENTRIES_MAX} is the most", concepts.len() + regions.len());
        top.report(Problem::error(Place::file(file), message));
        Lexicon::default()
    } else {
        let concepts = read_concepts(concepts, &mut names);
        let regions = read_regions(regions, &mut names, codes);
        Lexicon { concepts, regions, countries: read_countries(&top, codes) }
    };
    top.refuse_unknown();
    let mut problems = problems.into_inner();
    problems.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.message.cmp(&b.message)));
    (lexicon, problems)
}

/// Returns the lexicon that comes with the program.
pub fn built_in() -> Lexicon {
    read(BUILT_IN, "lexicon.toml", None).0
}

/// Which id owns which name, and where it was said first.
#[derive(Default)]
struct Names {
    owners: BTreeMap<String, (String, Place)>,
}

/// An id that a table points at, with the place where it does.
type Pointer = (String, Place);

/// Reads every concept, then looks at where they point.
fn read_concepts(readers: Vec<Reader<'_>>, names: &mut Names) -> Vec<Concept> {
    let mut concepts: Vec<Concept> = Vec::new();
    let mut pointers: Vec<(Vec<Pointer>, Vec<Pointer>)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut last = None;
    for reader in readers {
        let id = id(&reader, &mut seen);
        let reader =
            reader.called(id.as_ref().map_or_else(|| "a concept".to_owned(), |id| format!("concept \"{id}\"")));
        let found = all_names(&reader, id.as_deref().unwrap_or_default(), names);
        let (includes, near) = (reader.texts("includes"), reader.texts("near"));
        // Said by a person to other people; the search does not need it.
        let _ = reader.text("note");
        reader.refuse_unknown();
        if let Some(id) = id {
            let plain = |list: &[Pointer]| list.iter().map(|(id, _)| id.clone()).collect();
            concepts.push(Concept { id, names: found, includes: plain(&includes), near: plain(&near) });
            pointers.push((includes, near));
        }
        last = Some(reader);
    }
    let Some(reader) = last else { return concepts };
    for (concept, (includes, near)) in concepts.iter().zip(&pointers) {
        check_pointers(&reader, &concept.id, includes, &seen);
        check_pointers(&reader, &concept.id, near, &seen);
        for (other, place) in near.iter().filter(|(other, _)| concept.includes.contains(other)) {
            let message = format!("concept \"{}\" has \"{other}\" in includes and in near", concept.id);
            reader.report(Problem::error(place.clone(), message).with_help("includes alone is enough"));
        }
    }
    let edges = concepts.iter().zip(&pointers).map(|(c, (includes, _))| (c.id.as_str(), includes.as_slice()));
    refuse_circles(&reader, "includes", &edges.collect());
    concepts
}

/// Reads every region, then looks at where they point.
fn read_regions(readers: Vec<Reader<'_>>, names: &mut Names, codes: Option<&BTreeSet<&str>>) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut pointers: Vec<Vec<Pointer>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut last = None;
    for reader in readers {
        let id = id(&reader, &mut seen);
        let reader = reader.called(id.as_ref().map_or_else(|| "a region".to_owned(), |id| format!("region \"{id}\"")));
        let found = all_names(&reader, id.as_deref().unwrap_or_default(), names);
        let mut countries = Vec::new();
        for (code, place) in reader.texts("countries") {
            if is_country(&reader, &code, &place, codes) {
                countries.push(code);
            }
        }
        let parts = reader.texts("regions");
        let incomes = incomes(&reader);
        let _ = reader.text("note");
        reader.refuse_unknown();
        if countries.is_empty() && parts.is_empty() && incomes.is_empty() {
            let message = format!("region \"{}\" holds no country", id.as_deref().unwrap_or_default());
            let help = "give it countries = [\"KEN\"], regions = [\"…\"] or income = [\"LIC\"]";
            reader.report(Problem::error(reader.place(), message).with_help(help));
        }
        if let Some(id) = id {
            let own = parts.iter().map(|(id, _)| id.clone()).collect();
            regions.push(Region { id, names: found, countries, regions: own, incomes });
            pointers.push(parts);
        }
        last = Some(reader);
    }
    let Some(reader) = last else { return regions };
    for (region, parts) in regions.iter().zip(&pointers) {
        check_pointers(&reader, &region.id, parts, &seen);
    }
    let edges = regions.iter().zip(&pointers).map(|(r, parts)| (r.id.as_str(), parts.as_slice()));
    refuse_circles(&reader, "regions", &edges.collect());
    regions
}

/// Reads `[countries]`: further names by code.
fn read_countries(top: &Reader<'_>, codes: Option<&BTreeSet<&str>>) -> BTreeMap<String, Vec<String>> {
    let Some(table) = top.table("countries") else { return BTreeMap::new() };
    let mut out = BTreeMap::new();
    for (code, texts) in table.named_texts() {
        let place = texts.first().map_or_else(|| table.place_of(&code), |(_, place)| place.clone());
        if !is_country(&table, &code, &place, codes) {
            continue;
        }
        let mut seen = BTreeSet::new();
        let mut names = Vec::new();
        for (text, place) in limited(texts, &table, &code) {
            if !is_name(&text, &place, &table, &code) {
                continue;
            }
            if seen.insert(key(&text)) {
                names.push(text);
            } else {
                let message = format!("\"{text}\" of {code} stands twice; case and accents do not matter");
                table.report(Problem::error(place, message));
            }
        }
        out.insert(code, names);
    }
    out
}

/// Reads the id of a table; `None` when it has none that can be used (reported).
fn id(reader: &Reader<'_>, seen: &mut BTreeSet<String>) -> Option<String> {
    let id = reader.text_needed("id")?;
    let place = reader.place_of("id");
    if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        let message = format!("id \"{id}\" may hold only small letters, digits and -");
        reader.report(Problem::error(place, message));
        return None;
    }
    if !seen.insert(id.clone()) {
        reader.report(Problem::error(place, format!("id \"{id}\" stands twice")));
        return None;
    }
    Some(id)
}

/// Reads the names of a table in all languages; none at all is reported.
fn all_names(reader: &Reader<'_>, id: &str, names: &mut Names) -> Vec<ConceptName> {
    let mut out = Vec::new();
    let lists = [
        ("en", NameLanguage::En, false),
        ("exact", NameLanguage::En, true),
        ("fr", NameLanguage::Fr, false),
        ("es", NameLanguage::Es, false),
        ("pt", NameLanguage::Pt, false),
    ];
    for (list, language, is_exact) in lists {
        let mut seen = BTreeSet::new();
        for (text, place) in limited(reader.texts(list), reader, list) {
            if !is_name(&text, &place, reader, list) {
                continue;
            }
            let name = ConceptName { text, language, is_exact };
            if is_exact && !name.is_abbreviation() {
                let message = format!("\"{}\" in exact is no abbreviation", name.text);
                let help = "exact holds abbreviations that are everyday words in small letters, such as WHO";
                reader.report(Problem::error(place, message).with_help(help));
                continue;
            }
            if !seen.insert(key(&name.text)) {
                let message =
                    format!("\"{}\" stands twice in {list}; case, accents and hyphens do not matter", name.text);
                reader.report(Problem::error(place, message));
                continue;
            }
            let (owner, first) = names.owners.entry(key(&name.text)).or_insert_with(|| (id.to_owned(), place.clone()));
            if owner != id {
                let message =
                    format!("\"{}\" stands for \"{owner}\" (line {}) and for \"{id}\"", name.text, first.line);
                let help =
                    "a name stands for one thing: take it from one of them, and link the two by includes or near";
                reader.report(Problem::error(place, message).with_help(help));
                continue;
            }
            out.push(name);
        }
    }
    if out.is_empty() {
        let problem = Problem::error(reader.place(), format!("\"{id}\" has no name"));
        reader.report(problem.with_help("give it en = [\"…\"]"));
    }
    out
}

/// Returns at most [`NAMES_MAX`] names of a list; more are reported.
fn limited(mut texts: Vec<(String, Place)>, reader: &Reader<'_>, list: &str) -> Vec<(String, Place)> {
    if let Some((_, place)) = texts.get(NAMES_MAX) {
        let message = format!("{list} holds {} names; {NAMES_MAX} is the most", texts.len());
        reader.report(Problem::error(place.clone(), message));
        texts.truncate(NAMES_MAX);
    }
    texts
}

/// Tells whether a text can be a name; what stands in the way is reported.
fn is_name(text: &str, place: &Place, reader: &Reader<'_>, list: &str) -> bool {
    let count = words(text).len();
    let message = if text.chars().any(|c| is_unwanted(c) || c == '\n' || c == '\t') {
        format!("a name in {list} holds a control character")
    } else if count == 0 {
        format!("the name \"{text}\" in {list} holds no letter or digit")
    } else if text.trim() != text {
        format!("the name \"{text}\" in {list} begins or ends with a space")
    } else if text.chars().count() > NAME_CHARS_MAX || count > NAME_WORDS_MAX {
        format!("a name in {list} is longer than {NAME_CHARS_MAX} characters or {NAME_WORDS_MAX} words")
    } else {
        return true;
    };
    reader.report(Problem::error(place.clone(), message));
    false
}

/// Returns the form by which names are the same: folded words, and whether a plus stands in them.
fn key(text: &str) -> String {
    let plus = if text.contains('+') { "+" } else { "" };
    format!("{}{plus}", words(text).join(" "))
}

/// Tells whether a code stands in the country table; another one is reported.
fn is_country(reader: &Reader<'_>, code: &str, place: &Place, codes: Option<&BTreeSet<&str>>) -> bool {
    let is_known = codes.is_none_or(|codes| codes.contains(code));
    if !is_known {
        let help = "codes are those of countries.csv, three capital letters: KEN, PER";
        reader.report(Problem::error(place.clone(), format!("unknown country \"{code}\"")).with_help(help));
    }
    is_known
}

/// Reads the income groups of a region.
fn incomes(reader: &Reader<'_>) -> Vec<Income> {
    let mut out = Vec::new();
    for (code, place) in reader.texts("income") {
        match INCOMES.iter().find(|(known, _)| *known == code) {
            Some((_, income)) => out.push(*income),
            None => reader.report(
                Problem::error(place, format!("unknown income group \"{code}\""))
                    .with_help(did_you_mean(&code, INCOMES.iter().map(|(known, _)| *known))),
            ),
        }
    }
    out
}

/// Reports ids that no table has, the table's own, and those that stand twice.
fn check_pointers(reader: &Reader<'_>, own: &str, pointers: &[Pointer], known: &BTreeSet<String>) {
    let mut seen = BTreeSet::new();
    for (id, place) in pointers {
        let message = if id == own {
            format!("\"{own}\" points at itself")
        } else if !known.contains(id) {
            let nearest = known.iter().min_by_key(|k| (strsim::damerau_levenshtein(k, id), k.as_str()));
            let help = nearest.map_or_else(String::new, |k| format!("the nearest id is \"{k}\""));
            let message = format!("unknown id \"{id}\" in \"{own}\"");
            reader.report(Problem::error(place.clone(), message).with_help(help));
            continue;
        } else if !seen.insert(id) {
            format!("\"{id}\" stands twice in \"{own}\"")
        } else {
            continue;
        };
        reader.report(Problem::error(place.clone(), message));
    }
}

/// Reports every link that closes a circle: what is part of itself would never end.
fn refuse_circles(reader: &Reader<'_>, word: &str, edges: &BTreeMap<&str, &[Pointer]>) {
    for (start, pointers) in edges {
        for (first, place) in *pointers {
            if first == start {
                continue; // Said already: it points at itself.
            }
            let (mut open, mut seen) = (vec![first.as_str()], BTreeSet::new());
            while let Some(id) = open.pop() {
                if seen.insert(id) {
                    open.extend(edges.get(id).into_iter().flat_map(|p| p.iter()).map(|(id, _)| id.as_str()));
                }
            }
            if seen.contains(start) {
                let message = format!("{word} goes in a circle: \"{start}\" holds \"{first}\", which leads back to it");
                reader.report(Problem::error(place.clone(), message).with_help("take one of the links out"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use frostem::{Algorithm, Stemmer};

    use super::super::countries;
    use super::*;

    fn table() -> Vec<Country> {
        countries::parse(countries::DEFAULT, "countries.csv").0
    }

    fn said(text: &str) -> Vec<String> {
        read(text, "l.toml", Some(&table())).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_lexicon_that_comes_with_the_program_is_right() {
        let (lexicon, problems) = read(BUILT_IN, "lexicon.toml", Some(&table()));
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
        assert_eq!(lexicon, built_in());
        let is_english = |names: &[ConceptName]| names.iter().any(|n| n.language == NameLanguage::En);
        for concept in &lexicon.concepts {
            assert!(is_english(&concept.names), "{} has no English name", concept.id);
        }
        for region in &lexicon.regions {
            assert!(is_english(&region.names), "{} has no English name", region.id);
        }
    }

    #[test]
    fn every_country_has_a_name_in_another_language() {
        let lexicon = built_in();
        for country in table() {
            let names = lexicon.countries.get(&country.iso3);
            assert!(names.is_some_and(|n| !n.is_empty()), "{} {}", country.iso3, country.name);
        }
    }

    /// The search compares stems, so names of two things must differ in them as well.
    #[test]
    fn no_two_concepts_share_a_name_by_its_stems() {
        let stemmer = Stemmer::new(Algorithm::English);
        let stems = |name: &ConceptName| {
            let stem = |w: &String| stemmer.stem(w).into_owned();
            // An abbreviation is no word: it has no endings.
            let is_whole = name.is_abbreviation();
            if is_whole {
                format!("={}", key(&name.text))
            } else {
                words(&name.text).iter().map(stem).collect::<Vec<_>>().join(" ")
            }
        };
        let lexicon = built_in();
        let concepts = lexicon.concepts.iter().map(|c| (&c.id, &c.names));
        let regions = lexicon.regions.iter().map(|r| (&r.id, &r.names));
        let mut owners: BTreeMap<String, (&str, &str)> = BTreeMap::new();
        let mut clashes = Vec::new();
        for (id, names) in concepts.chain(regions) {
            for name in names {
                let (owner, first) = *owners.entry(stems(name)).or_insert((id, &name.text));
                if owner != id {
                    clashes.push(format!("\"{first}\" of {owner} and \"{}\" of {id}", name.text));
                }
            }
        }
        assert_eq!(clashes, Vec::<String>::new());
    }

    #[test]
    fn what_people_type_is_known() {
        let lexicon = built_in();
        let owner = |text: &str| {
            let wanted = key(text);
            let has = |names: &[ConceptName]| names.iter().any(|n| key(&n.text) == wanted);
            let concept = lexicon.concepts.iter().find(|c| has(&c.names)).map(|c| c.id.as_str());
            concept.or_else(|| lexicon.regions.iter().find(|r| has(&r.names)).map(|r| r.id.as_str()))
        };
        for (typed, want) in [
            ("grossesse", "antenatal"),
            ("EMBARAZADA", "antenatal"),
            ("puerpério", "postnatal"),
            ("depressao pos parto", "postpartum-depression"),
            ("PPD", "postpartum-depression"),
            ("tocofobia", "fear-of-childbirth"),
            ("lady health worker", "community-health-worker"),
            ("LMICs", "lmic"),
            ("Afrique de l'Ouest", "west-africa"),
        ] {
            assert_eq!(owner(typed), Some(want), "{typed}");
        }
    }

    /// What is wrong, the text, and what is said of it.
    const FAULTS: [(&str, &str, &[&str]); 13] = [
        ("none", "", &[]),
        ("no id", "[[concept]]\nen = [\"a\"]\n", &["1:1: concept 1 has no id"]),
        ("bad id", "[[concept]]\nid = \"A b\"\nen = [\"a\"]\n", &["2:6: id \"A b\" may hold only"]),
        (
            "id twice",
            "[[concept]]\nid = \"a\"\nen = [\"a\"]\n[[concept]]\nid = \"a\"\nen = [\"b\"]\n",
            &["5:6: id \"a\" stands twice"],
        ),
        (
            "unknown key",
            "[[concept]]\nid = \"a\"\nen = [\"a\"]\nenn = []\n",
            &["4:1: unknown key \"enn\" in concept \"a\""],
        ),
        ("no name", "[[concept]]\nid = \"a\"\nen = []\n", &["1:1: \"a\" has no name"]),
        (
            "empty names, control characters, spaces",
            "[[concept]]\nid = \"a\"\nen = [\"a\", \"?\", \"b\\u001b\", \" c\"]\n",
            &[
                "3:12: the name \"?\" in en holds no letter",
                "3:17: a name in en holds a control",
                "3:28: the name \" c\" in en begins",
            ],
        ),
        (
            "twice in a list",
            "[[concept]]\nid = \"a\"\nen = [\"post-partum\", \"Post partum\"]\n",
            &["3:22: \"Post partum\" stands twice in en"],
        ),
        (
            "a name of two",
            "[[concept]]\nid = \"a\"\nen = [\"Été\"]\n[[concept]]\nid = \"b\"\nen = [\"b\", \"PM\", \"PM+\"]\n[[region]]\nid = \"r\"\nincome = [\"LIC\"]\nen = [\"r\"]\nfr = [\"ete\"]\n",
            &["11:7: \"ete\" stands for \"a\" (line 3) and for \"r\""],
        ),
        (
            "links",
            "[[concept]]\nid = \"a\"\nen = [\"a\"]\nincludes = [\"a\", \"b\"]\nnear = [\"b\", \"ab\", \"b\"]\n[[concept]]\nid = \"b\"\nen = [\"b\"]\nincludes = [\"a\"]\n",
            &[
                "4:13: \"a\" points at itself",
                "4:18: includes goes in a circle: \"a\" holds \"b\"",
                "5:9: concept \"a\" has \"b\" in includes and in near",
                "5:14: unknown id \"ab\" in \"a\"",
                "5:20: \"b\" stands twice in \"a\"",
                "5:20: concept \"a\" has \"b\" in includes and in near",
                "9:13: includes goes in a circle: \"b\" holds \"a\"",
            ],
        ),
        (
            "regions",
            "[[region]]\nid = \"a\"\nen = [\"a\"]\ncountries = [\"KEN\", \"XYZ\"]\nregions = [\"b\"]\n[[region]]\nid = \"c\"\nen = [\"c\"]\nincome = [\"LIK\"]\n",
            &[
                "4:21: unknown country \"XYZ\"",
                "5:12: unknown id \"b\" in \"a\"",
                "6:1: region \"c\" holds no country",
                "9:11: unknown income group \"LIK\"",
            ],
        ),
        (
            "countries",
            "[countries]\nKEN = [\"Kenia\", \"kenia\"]\nKenya = [\"x\"]\nPER = \"x\"\n",
            &[
                "2:17: \"kenia\" of KEN stands twice",
                "3:10: unknown country \"Kenya\"",
                "4:7: PER must be a list of texts",
            ],
        ),
        (
            "exact",
            "[[concept]]\nid = \"a\"\nen = [\"a\"]\nexact = [\"WHO\", \"who\"]\n",
            &["4:17: \"who\" in exact is no abbreviation"],
        ),
    ];

    #[test]
    fn every_mistake_is_found_with_its_place() {
        for (id, text, want) in FAULTS {
            let got = said(text);
            for want in want {
                assert!(got.iter().any(|g| g.starts_with(&format!("l.toml:{want}"))), "{id}: {want}\n{got:#?}");
            }
            assert_eq!(got.len(), want.len(), "{id}: {got:#?}");
        }
    }

    #[test]
    fn a_list_has_a_limit() {
        let names: Vec<String> = (0..=NAMES_MAX).map(|n| format!("\"x{n}\"")).collect();
        let text = format!("[[concept]]\nid = \"a\"\nen = [{}]\n", names.join(", "));
        let got = said(&text);
        assert_eq!(got.len(), 1, "{got:#?}");
        assert!(got.iter().all(|g| g.ends_with("en holds 101 names; 100 is the most")), "{got:#?}");
    }
}
