//! A row of the country table.

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
    /// The last World Bank fiscal year in which it was one ("FY27").
    pub lmic_last_fy: String,
}
