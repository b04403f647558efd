//! Names of languages for readers.

/// Languages that papers in this field come in, by BCP 47 code; sorted.
const NAMES: &[(&str, &str)] = &[
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("bn", "Bengali"),
    ("de", "German"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fr", "French"),
    ("hi", "Hindi"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("ne", "Nepali"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("sw", "Swahili"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// Returns the English name of a language by its BCP 47 code ("pt-BR" is Portuguese); `None` where it
/// has no name here.
pub fn language_name(code: &str) -> Option<&'static str> {
    let main = code.split('-').next().unwrap_or_default();
    NAMES.iter().find(|(c, _)| *c == main).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_names() {
        assert!(NAMES.is_sorted());
        for (code, want) in [("pt", Some("Portuguese")), ("pt-BR", Some("Portuguese")), ("xx", None), ("", None)] {
            assert_eq!(language_name(code), want, "{code}");
        }
    }
}
