//! The languages that an issue can be in: their dates, and names of languages for readers.

use super::{Month, PartialDate};

mod names;

/// A language that an issue can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Portuguese, as most of those who read it write it (Brazil).
    Portuguese,
}

/// Names of the months in English, January first.
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Names of the months in French.
const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
/// Names of the months in Spanish.
const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
/// Names of the months in Portuguese.
const PORTUGUESE: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
/// Short names of the months in English.
const ENGLISH_SHORT: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// The same in French: names of up to four letters stay whole, the others end in a full stop.
const FRENCH_SHORT: [&str; 12] =
    ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
/// The same in Spanish: three letters without a full stop, as in dates beside a list.
const SPANISH_SHORT: [&str; 12] = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"];
/// The same in Portuguese.
const PORTUGUESE_SHORT: [&str; 12] =
    ["jan.", "fev.", "mar.", "abr.", "maio", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."];

impl Language {
    /// All languages; the position is the one in tables of names.
    pub const ALL: [Self; 4] = [Self::English, Self::French, Self::Spanish, Self::Portuguese];

    /// Returns the BCP 47 code, as it stands in `feeds.toml` and in `lang` attributes.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
        }
    }

    /// Returns the language of a code, or `None`.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// Returns the direction in which it is written, as a `dir` attribute says it.
    pub fn direction(self) -> &'static str {
        match self {
            Self::English | Self::French | Self::Spanish | Self::Portuguese => "ltr",
        }
    }

    /// Tells whether a BCP 47 code means this language, in any of its regional forms ("pt-BR").
    pub fn is_code(self, code: &str) -> bool {
        code.split('-').next().is_some_and(|main| main.eq_ignore_ascii_case(self.code()))
    }

    /// Returns a month with its year: "January 2030", "janvier 2030", "enero de 2030".
    pub fn month(self, month: Month) -> String {
        let names = match self {
            Self::English => &ENGLISH,
            Self::French => &FRENCH,
            Self::Spanish => &SPANISH,
            Self::Portuguese => &PORTUGUESE,
        };
        let of = match self {
            Self::English | Self::French => "",
            Self::Spanish | Self::Portuguese => "de ",
        };
        format!("{} {of}{}", at(names, month.month()), month.year())
    }

    /// Returns the short name of a month, 1–12; empty outside.
    pub fn month_short(self, month: i8) -> &'static str {
        at(
            match self {
                Self::English => &ENGLISH_SHORT,
                Self::French => &FRENCH_SHORT,
                Self::Spanish => &SPANISH_SHORT,
                Self::Portuguese => &PORTUGUESE_SHORT,
            },
            month,
        )
    }

    /// Returns the day of a month as a date names it: "1er" for the first one in French, "1º" in Portuguese.
    pub fn day(self, day: i8) -> String {
        match (self, day) {
            (Self::French, 1) => "1er".to_owned(),
            (Self::Portuguese, 1) => "1º".to_owned(),
            _ => day.to_string(),
        }
    }

    /// Returns a date for readers as precise as it is known: "9 Jan 2030", "9 janv. 2030",
    /// "9 ene 2030", "9 de jan. de 2030"; "Jan 2030"; "2030".
    pub fn date(self, date: PartialDate) -> String {
        let year = date.year();
        let Some(month) = date.month() else { return year.to_string() };
        let of = if self == Self::Portuguese { "de " } else { "" };
        let rest = format!("{} {of}{year}", self.month_short(month));
        date.day().map_or_else(|| rest.clone(), |day| format!("{} {of}{rest}", self.day(day)))
    }

    /// Tells whether a number of things takes the word for one: 1, and in French 0 too.
    pub fn is_one(self, n: usize) -> bool {
        n == 1 || (n == 0 && self == Self::French)
    }
}

/// Returns the name of a month, 1–12; empty outside.
fn at(names: &[&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|i| names.get(i)).copied().unwrap_or_default()
}

/// Returns the English name of a language by its BCP 47 code ("pt-BR" is Portuguese); `None` where it
/// has no name here.
pub fn language_name(code: &str) -> Option<&'static str> {
    language_name_in(code, Language::English)
}

/// Returns the same in the words of another language.
pub fn language_name_in(code: &str, within: Language) -> Option<&'static str> {
    let main = code.split('-').next().unwrap_or_default();
    let (_, names) = names::NAMES.iter().find(|(c, _)| *c == main)?;
    Language::ALL.iter().zip(names).find(|(l, _)| **l == within).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_names() {
        assert!(names::NAMES.is_sorted());
        for (code, within, want) in [
            ("pt", Language::English, Some("Portuguese")),
            ("pt-BR", Language::English, Some("Portuguese")),
            ("pt-BR", Language::French, Some("portugais")),
            ("en", Language::Spanish, Some("inglés")),
            ("de", Language::Portuguese, Some("alemão")),
            ("xx", Language::English, None),
            ("", Language::French, None),
        ] {
            assert_eq!(language_name_in(code, within), want, "{code}");
        }
        assert!(names::NAMES.iter().flat_map(|(_, n)| n).all(|name| !name.is_empty()));
        for language in Language::ALL {
            assert_eq!(Language::parse(language.code()), Some(language));
            assert!(language.is_code(&format!("{}-XX", language.code())));
        }
        assert_eq!(Language::parse("xx"), None);
    }

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        for (language, want) in [
            (Language::English, ["1 Jan 2030", "12 May 2030", "Sep 2030", "2030", "August 2030"]),
            (Language::French, ["1er janv. 2030", "12 mai 2030", "sept. 2030", "2030", "août 2030"]),
            (Language::Spanish, ["1 ene 2030", "12 may 2030", "sept 2030", "2030", "agosto de 2030"]),
            (
                Language::Portuguese,
                ["1º de jan. de 2030", "12 de maio de 2030", "set. de 2030", "2030", "agosto de 2030"],
            ),
        ] {
            let date = |text: &str| PartialDate::parse(text).map(|d| language.date(d)).unwrap_or_default();
            let got = [date("2030-01-01"), date("2030-05-12"), date("2030-09"), date("2030")];
            assert_eq!(got, want[..4], "{language:?}");
            assert_eq!(Month::parse("2030-08").map(|m| language.month(m)).as_deref(), Some(want[4]));
        }
    }

    /// The months of [`Month::long_name`] and of an English issue are the same words.
    #[test]
    fn english_months_are_those_of_the_program() {
        for month in 1..=12 {
            let month = Month::new(2030, month).expect("a month");
            assert_eq!(Language::English.month(month), month.long_name());
            for language in Language::ALL {
                assert!(!language.month_short(month.month()).is_empty());
            }
        }
    }
}
