//! Reads `countries.csv`: names, demonyms, places and traps of every country.
//!
//! Columns are found by name, so their order does not matter and further ones are ignored. Lists
//! are split at `;`. Namibia's two-letter code is `NA` and stays a text like any other. Lines
//! at the head that begin with `#` are for people: what the table rests on. Its fiscal year is the last one in which
//! any of its countries was an LMIC.

use std::collections::BTreeMap;

use crate::model::text::fold;
use crate::model::{Country, Income, Place, Problem};

/// The table that comes with the program.
pub const DEFAULT: &str = include_str!("../../countries.csv");

/// The columns that must be there.
const COLUMNS: [&str; 12] = [
    "iso3",
    "iso2",
    "name",
    "income",
    "region",
    "aliases",
    "demonyms",
    "places",
    "weak",
    "traps",
    "lmic",
    "lmic_last_fy",
];

/// Returns the countries of a table in its order, and every problem in it.
///
/// A row with a problem is left out; an empty text gives no countries and one problem.
pub fn parse(text: &str, file: &str) -> (Vec<Country>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).comment(Some(b'#')).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(e) => return (Vec::new(), vec![Problem::error(Place::file(file), format!("is no table: {e}"))]),
    };
    if header.len() == 1 && header.iter().any(|h| h.contains(';')) {
        let message = "the columns stand between semicolons, not commas";
        let help = "save the table as comma-separated text (CSV, UTF-8)";
        return (Vec::new(), vec![Problem::error(Place::at(file, 1, 1), message).with_help(help)]);
    }
    let mut at = BTreeMap::new();
    for column in COLUMNS {
        match header.iter().position(|name| name.trim_start_matches('\u{feff}') == column) {
            Some(n) => {
                at.insert(column, n);
            }
            None => problems.push(
                Problem::error(Place::at(file, 1, 1), format!("the column {column} is missing"))
                    .with_help(format!("the first line names the columns: {}", COLUMNS.join(","))),
            ),
        }
    }
    if !problems.is_empty() {
        return (Vec::new(), problems);
    }
    let mut countries: Vec<Country> = Vec::new();
    let mut first_line: BTreeMap<String, u64> = BTreeMap::new();
    for row in reader.records() {
        let (row, line) = match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                (row, line)
            }
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line);
                problems.push(Problem::error(place(file, line), format!("the row cannot be read: {e}")));
                continue;
            }
        };
        let cell = |column: &str| at.get(column).and_then(|n| row.get(*n)).unwrap_or_default().trim();
        match country(&cell) {
            Err(message) => problems.push(Problem::error(place(file, line), message)),
            Ok(country) => {
                if let Some(first) = first_line.insert(country.iso3.clone(), line) {
                    let message = format!("{} stands twice, first in line {first}", country.iso3);
                    problems.push(Problem::error(place(file, line), message));
                } else {
                    countries.push(country);
                }
            }
        }
    }
    if countries.is_empty() && problems.is_empty() {
        let help = "take the table that comes with the program: `roundup init` writes it into a new folder";
        problems.push(Problem::error(Place::file(file), "the table holds no country").with_help(help));
    }
    problems.extend(doubts(&countries, &first_line, file));
    (countries, problems)
}

/// Returns the World Bank fiscal year that a table tells (2027), from its newest `lmic_last_fy`;
/// `None` for a table without any.
pub fn fiscal_year(countries: &[Country]) -> Option<i16> {
    countries.iter().filter_map(Country::lmic_last_year).max()
}

/// The month in which the World Bank's groups of the next fiscal year come out.
const NEW_GROUPS_MONTH: i8 = 7;

/// Tells whether a table is out of date in a month: its fiscal year ended on 30 June.
pub fn is_out_of_date(countries: &[Country], year: i16, month: i8) -> bool {
    fiscal_year(countries).is_some_and(|last| (year, month) >= (last, NEW_GROUPS_MONTH))
}

/// Returns what is doubtful in rows that can be read: terms that stand twice or never count, and
/// groups that do not agree with the year beside them.
fn doubts(countries: &[Country], lines: &BTreeMap<String, u64>, file: &str) -> Vec<Problem> {
    let year = fiscal_year(countries);
    let mut out = Vec::new();
    for country in countries {
        let at = || place(file, lines.get(&country.iso3).copied().unwrap_or(0));
        if country.is_lmic != (country.lmic_last_year() == year && year.is_some()) {
            let message = format!(
                "lmic of {} is {}, but its last fiscal year as one is \"{}\"",
                country.iso3,
                i32::from(country.is_lmic),
                country.lmic_last_fy
            );
            let help = "lmic is 1 exactly where lmic_last_fy is the newest year of the table";
            out.push(Problem::warning(at(), message).with_help(help));
        }
        if let (Income::High, true) | (Income::Low | Income::LowerMiddle | Income::UpperMiddle, false) =
            (country.income, country.is_lmic)
        {
            let message =
                format!("income and lmic of {} do not agree: lmic is {}", country.iso3, i32::from(country.is_lmic));
            out.push(Problem::warning(at(), message).with_help("LIC, LMC and UMC are LMICs, HIC is none"));
        }
        // A term in small letters is found in any case: "argentina" beside "Argentina" is another word.
        let key = |term: &str| (fold(term), term.chars().next().is_some_and(char::is_lowercase));
        let mut seen: BTreeMap<(String, bool), &str> = BTreeMap::new();
        let names = [&country.aliases, &country.demonyms, &country.places];
        for term in std::iter::once(&country.name).chain(names.into_iter().flatten()) {
            if let Some(first) = seen.insert(key(term), term) {
                let message = format!("\"{term}\" of {} stands twice, first as \"{first}\"", country.iso3);
                out.push(
                    Problem::warning(at(), message).with_help("one of them is enough: case and accents do not matter"),
                );
            }
        }
        for trap in country.traps.iter().filter(|t| seen.contains_key(&key(t))) {
            let message = format!("\"{trap}\" of {} is a name and a trap, so it never counts", country.iso3);
            out.push(Problem::warning(at(), message));
        }
    }
    out
}

/// Returns the place of a line.
fn place(file: &str, line: u64) -> Place {
    Place::at(file, usize::try_from(line).unwrap_or(0), 1)
}

/// Returns the country of a row, or what is wrong with it.
fn country<'r>(cell: &impl Fn(&str) -> &'r str) -> Result<Country, String> {
    let iso3 = cell("iso3");
    if iso3.len() != 3 || !iso3.chars().all(|c| c.is_ascii_uppercase()) {
        return Err(format!("iso3 must be three capital letters, not \"{iso3}\""));
    }
    let name = cell("name");
    if name.is_empty() {
        return Err(format!("{iso3} has no name"));
    }
    let income = match cell("income") {
        "LIC" => Income::Low,
        "LMC" => Income::LowerMiddle,
        "UMC" => Income::UpperMiddle,
        "HIC" => Income::High,
        "NC" => Income::NotClassified,
        other => return Err(format!("income of {iso3} must be LIC, LMC, UMC, HIC or NC, not \"{other}\"")),
    };
    let is_lmic = match cell("lmic") {
        "1" => true,
        "0" => false,
        other => return Err(format!("lmic of {iso3} must be 0 or 1, not \"{other}\"")),
    };
    let list = |column: &str| {
        cell(column).split(';').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    Ok(Country {
        iso3: iso3.to_owned(),
        iso2: cell("iso2").to_owned(),
        name: name.to_owned(),
        income,
        region: cell("region").to_owned(),
        aliases: list("aliases"),
        demonyms: list("demonyms"),
        places: list("places"),
        weak: list("weak"),
        traps: list("traps"),
        is_lmic,
        lmic_last_fy: cell("lmic_last_fy").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_comes_with_the_program_is_whole() {
        let (countries, problems) = parse(DEFAULT, "countries.csv");
        assert_eq!(problems, []);
        assert_eq!(countries.len(), 218); // the 217 economies of the World Bank, and Taiwan
        assert_eq!(countries.iter().filter(|c| c.is_lmic).count(), 131);
        let namibia = countries.iter().find(|c| c.iso3 == "NAM").unwrap();
        assert_eq!((namibia.iso2.as_str(), namibia.income), ("NA", Income::LowerMiddle));
    }

    #[test]
    fn every_problem_of_a_table_is_found() {
        let header = "iso3,iso2,name,income,region,aliases,demonyms,places,weak,traps,lmic,lmic_last_fy\n";
        let rows = "KEN,KE,Kenya,LMC,SSA,,Kenyan;Kenyans,Nairobi,,,1,FY27\nke,KE,Kenya,LMC,,,,,,,1,\n\
                    UGA,UG,Uganda,poor,,,,,,,1,\nKEN,KE,Kenya,LMC,,,,,,,1,\nTZA,TZ,,LMC,,,,,,,1,\nMWI,MW,Malawi,LIC,,,,,,,yes,\n";
        let (countries, problems) = parse(&format!("{header}{rows}"), "c.csv");
        assert_eq!(countries.len(), 1);
        assert_eq!(countries[0].demonyms, ["Kenyan", "Kenyans"]);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "c.csv:3:1: iso3 must be three capital letters, not \"ke\"",
                "c.csv:4:1: income of UGA must be LIC, LMC, UMC, HIC or NC, not \"poor\"",
                "c.csv:5:1: KEN stands twice, first in line 2",
                "c.csv:6:1: TZA has no name",
                "c.csv:7:1: lmic of MWI must be 0 or 1, not \"yes\"",
            ]
        );
    }

    #[test]
    fn what_is_doubtful_is_said() {
        let header = "iso3,iso2,name,income,region,aliases,demonyms,places,weak,traps,lmic,lmic_last_fy\n";
        let rows = "KEN,KE,Kenya,LMC,SSA,,,Nairobi;NAIROBI;Kisii,,Kisii,1,FY27\n\
                    BGR,BG,Bulgaria,HIC,ECA,,,,,,0,FY24\nTGO,TG,Togo,LMC,SSA,,,,,,1,FY26\n";
        let (countries, problems) = parse(&format!("# a line for people\n{header}{rows}"), "c.csv");
        assert_eq!(countries.len(), 3);
        let said: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.place, p.message)).collect();
        assert_eq!(
            said,
            [
                "c.csv:3:1: \"NAIROBI\" of KEN stands twice, first as \"Nairobi\"",
                "c.csv:3:1: \"Kisii\" of KEN is a name and a trap, so it never counts",
                "c.csv:5:1: lmic of TGO is 1, but its last fiscal year as one is \"FY26\"",
            ]
        );
    }

    #[test]
    fn a_table_is_out_of_date_when_its_fiscal_year_has_ended() {
        let (countries, _) = parse(DEFAULT, "countries.csv");
        assert_eq!(fiscal_year(&countries), Some(2027));
        for (year, month, want) in [(2026, 11, false), (2027, 6, false), (2027, 7, true), (2028, 1, true)] {
            assert_eq!(is_out_of_date(&countries, year, month), want, "{year}-{month}");
        }
        assert!(!is_out_of_date(&[], 2099, 1), "a table without years says nothing");
    }

    /// Two countries may share a term only where it is weak in one of them, or their people's name.
    #[test]
    fn no_strong_place_stands_for_two_countries() {
        let (countries, _) = parse(DEFAULT, "countries.csv");
        let mut owner: BTreeMap<String, &str> = BTreeMap::new();
        let mut shared = Vec::new();
        for c in &countries {
            let terms = std::iter::once(&c.name).chain(&c.aliases).chain(&c.demonyms).chain(&c.places);
            for term in terms.filter(|t| !c.weak.contains(t)) {
                if let Some(first) = owner.insert(fold(term), &c.iso3).filter(|first| *first != c.iso3) {
                    shared.push(format!("{term}: {first} {}", c.iso3));
                }
            }
        }
        assert_eq!(shared, ["Congolese: COD COG"]);
    }

    #[test]
    fn a_missing_column_and_an_empty_file_are_said() {
        assert_eq!(parse("iso3,name\n", "c.csv").1.len(), 10);
        assert_eq!(parse("", "c.csv").1.len(), 12);
    }
}
