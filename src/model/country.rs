//! A row of the country table.

use std::collections::BTreeSet;

use super::text;

/// World Bank income group of one fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Income {
    /// Low income.
    #[serde(rename = "LIC")]
    Low,
    /// Lower middle income.
    #[serde(rename = "LMC")]
    LowerMiddle,
    /// Upper middle income.
    #[serde(rename = "UMC")]
    UpperMiddle,
    /// High income.
    #[serde(rename = "HIC")]
    High,
    /// Not classified that year.
    #[serde(rename = "NC")]
    NotClassified,
}

/// One country: names to find it by, and where it stands.
///
/// The lists hold terms as they are written; `weak` terms need a second signal, `traps` are
/// phrases that look like the country and are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166 alpha-3 code.
    pub iso3: String,
    /// ISO 3166 alpha-2 code (Namibia's is `NA`, a string like any other).
    pub iso2: String,
    /// Name for readers.
    pub name: String,
    /// Income group.
    pub income: Income,
    /// World Bank region code.
    pub region: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Names of its people.
    pub demonyms: Vec<String>,
    /// Cities, districts, sites.
    pub places: Vec<String>,
    /// Terms that count only with a second signal.
    pub weak: Vec<String>,
    /// Phrases that score nothing.
    pub traps: Vec<String>,
    /// Whether it counts as a low- or middle-income country.
    pub is_lmic: bool,
    /// The last World Bank fiscal year in which it was one ("FY27"); empty when it never was.
    pub lmic_last_fy: String,
}

impl Country {
    /// Returns the country that a person means by a code, a name or the name of its people ("KEN", "Kenya",
    /// "kenyan"); case, accents and punctuation do not matter.
    ///
    /// The surest reading counts: three-letter code, name, other names, people, two-letter code in
    /// capitals, terms that elsewhere need a second signal.
    ///
    /// # Errors
    /// What to write instead, in plain words: the nearest name, or all that it may mean.
    pub fn named<'c>(countries: &'c [Self], written: &str) -> Result<&'c Self, String> {
        let form = |t: &str| text::words(t).join(" ");
        let wanted = form(written);
        let is_any = |list: &[String]| list.iter().any(|t| form(t) == wanted);
        let readings: [&dyn Fn(&Self) -> bool; 6] = [
            &|c| c.iso3.eq_ignore_ascii_case(written.trim()),
            &|c| form(&c.name) == wanted,
            &|c| is_any(&c.aliases),
            &|c| is_any(&c.demonyms),
            &|c| c.iso2 == written.trim(),
            &|c| is_any(&c.weak),
        ];
        for is_meant in readings.iter().filter(|_| !wanted.is_empty()) {
            let found: Vec<&Self> = countries.iter().filter(|c| is_meant(c)).collect();
            match found.as_slice() {
                [] => {}
                [one] => return Ok(one),
                several => {
                    let names: Vec<String> = several.iter().map(|c| format!("{} ({})", c.name, c.iso3)).collect();
                    return Err(format!("it may be {}: write the code", names.join(" or ")));
                }
            }
        }
        Err(nearest(countries, &wanted))
    }
}

/// Returns which countries' names are nearest to a word in its plain form.
fn nearest(countries: &[Country], wanted: &str) -> String {
    let names = countries.iter().flat_map(|c| c.aliases.iter().chain([&c.name]).map(move |name| (c, name)));
    let by_distance = names.map(|(country, name)| {
        let form = text::words(name).join(" ");
        (strsim::damerau_levenshtein(&form, wanted), name.as_str(), country)
    });
    let mut near: Vec<(usize, &str, &Country)> =
        by_distance.filter(|(distance, name, _)| *distance <= name.chars().count() / 4).collect();
    // Of several names of one country the one that readers see, else the first.
    near.sort_by_key(|(distance, name, country)| (*distance, *name != country.name.as_str(), *name));
    let least = near.first().map(|n| n.0);
    let mut seen = BTreeSet::new();
    near.retain(|(_, _, country)| seen.insert(country.iso3.as_str()));
    let meant: Vec<String> = near
        .iter()
        .take_while(|n| Some(n.0) == least)
        .take(NEAREST_MAX)
        .map(|(_, name, country)| format!("\"{name}\" ({})", country.iso3))
        .collect();
    let how = "write a country's name, its code (KEN) or its people (Kenyan)";
    if meant.is_empty() { how.to_owned() } else { format!("did you mean {}? {how}", meant.join(" or ")) }
}

/// Names that are offered in the place of one that is not known.
const NEAREST_MAX: usize = 3;

/// A paper of a year is about data of so many years before at least: a country that was an LMIC
/// then may still count (notes on the country table: "publication minus 2").
const DATA_YEARS: i16 = 2;

impl Country {
    /// Returns the last fiscal year in which it was an LMIC (2027 for "FY27"), if it ever was.
    ///
    /// Fiscal years run from 1 July of the year before; "FY89" is 1989.
    pub fn lmic_last_year(&self) -> Option<i16> {
        fiscal_year(&self.lmic_last_fy)
    }

    /// Tells whether it left the LMICs so lately that a paper of a year may still speak of it as
    /// one: it was one two years before the paper, and is none today. `false` without a year.
    pub fn was_lmic(&self, year: Option<i16>) -> bool {
        let last = self.lmic_last_year();
        !self.is_lmic && year.zip(last).is_some_and(|(year, last)| last >= year - DATA_YEARS)
    }
}

/// Returns the year that "FY27" means, from 1950 to 2049.
pub fn fiscal_year(text: &str) -> Option<i16> {
    let digits = text.trim().strip_prefix("FY").filter(|d| d.len() == 2)?;
    let year: i16 = digits.parse().ok()?;
    Some(if year < 50 { 2000 + year } else { 1900 + year })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(iso3: &str, iso2: &str, name: &str, aliases: &[&str], demonyms: &[&str], weak: &[&str]) -> Country {
        let list = |l: &[&str]| l.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        Country {
            iso3: iso3.into(),
            iso2: iso2.into(),
            name: name.into(),
            income: Income::Low,
            region: String::new(),
            aliases: list(aliases),
            demonyms: list(demonyms),
            places: vec![],
            weak: list(weak),
            traps: vec![],
            is_lmic: true,
            lmic_last_fy: String::new(),
        }
    }

    #[test]
    fn a_country_is_known_by_what_people_write() {
        let table = [
            country("NER", "NE", "Niger", &[], &["Nigerien"], &[]),
            country("NGA", "NG", "Nigeria", &[], &["Nigerian", "Nigerians"], &[]),
            country("CIV", "CI", "Côte d'Ivoire", &["Ivory Coast"], &["Ivorian"], &[]),
            country("COD", "CD", "Congo, Dem. Rep.", &["DR Congo"], &["Congolese"], &["Congo"]),
            country("COG", "CG", "Congo, Rep.", &["Congo-Brazzaville"], &["Congolese"], &["Congo"]),
        ];
        for (written, want) in [
            ("NGA", "NGA"),
            ("nga", "NGA"),
            (" Nigeria ", "NGA"),
            ("nigerians", "NGA"),
            ("niger", "NER"),
            ("Cote d’Ivoire", "CIV"),
            ("IVORY COAST", "CIV"),
            ("congo dem rep", "COD"),
            ("NE", "NER"),
        ] {
            assert_eq!(Country::named(&table, written).map(|c| c.iso3.as_str()), Ok(want), "{written}");
        }
        let how = "write a country's name, its code (KEN) or its people (Kenyan)";
        for (written, want) in [
            ("Congo", "it may be Congo, Dem. Rep. (COD) or Congo, Rep. (COG): write the code".to_owned()),
            ("Congolese", "it may be Congo, Dem. Rep. (COD) or Congo, Rep. (COG): write the code".to_owned()),
            ("Nigera", format!("did you mean \"Niger\" (NER) or \"Nigeria\" (NGA)? {how}")),
            ("ivori coast", format!("did you mean \"Ivory Coast\" (CIV)? {how}")),
            ("Atlantis", how.to_owned()),
            ("ne", how.to_owned()),
            (" ", how.to_owned()),
        ] {
            assert_eq!(Country::named(&table, written).unwrap_err(), want, "{written}");
        }
    }

    #[test]
    fn a_country_that_left_lately_may_still_count() {
        let country = |is_lmic: bool, last: &str| Country {
            iso3: "XXX".to_owned(),
            iso2: "XX".to_owned(),
            name: "Examplia".to_owned(),
            income: Income::High,
            region: String::new(),
            aliases: Vec::new(),
            demonyms: Vec::new(),
            places: Vec::new(),
            weak: Vec::new(),
            traps: Vec::new(),
            is_lmic,
            lmic_last_fy: last.to_owned(),
        };
        for (is_lmic, last, year, want, note) in [
            (false, "FY24", Some(2026), true, "two years before the paper it was one"),
            (false, "FY24", Some(2027), false, "three years are too many"),
            (false, "FY24", None, false, "without a year today's table holds"),
            (false, "", Some(2026), false, "it never was one"),
            (false, "FY89", Some(1990), true, "years before 2000"),
            (false, "soon", Some(2026), false, "what cannot be read says nothing"),
            (true, "FY27", Some(2026), false, "it is one, not was"),
        ] {
            assert_eq!(country(is_lmic, last).was_lmic(year), want, "{note}");
        }
    }
}
