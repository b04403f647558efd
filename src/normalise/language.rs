//! Language names and codes to BCP 47: two letters where they exist (RFC 5646, 2.2.1).

/// Two-letter code, the three-letter codes of ISO 639-2 (bibliographic, terminological, and the
/// withdrawn MARC ones that old PubMed records carry), and the English name.
const LANGUAGES: &[(&str, &[&str], &str)] = &[
    ("af", &["afr"], "afrikaans"),
    ("am", &["amh"], "amharic"),
    ("ar", &["ara"], "arabic"),
    ("az", &["aze"], "azerbaijani"),
    ("be", &["bel"], "belarusian"),
    ("bg", &["bul"], "bulgarian"),
    ("bn", &["ben"], "bengali"),
    ("bo", &["tib", "bod"], "tibetan"),
    ("bs", &["bos"], "bosnian"),
    ("ca", &["cat"], "catalan"),
    ("cs", &["cze", "ces"], "czech"),
    ("cy", &["wel", "cym"], "welsh"),
    ("da", &["dan"], "danish"),
    ("de", &["ger", "deu"], "german"),
    ("el", &["gre", "ell"], "greek"),
    ("en", &["eng"], "english"),
    ("eo", &["epo", "esp"], "esperanto"),
    ("es", &["spa"], "spanish"),
    ("et", &["est"], "estonian"),
    ("eu", &["baq", "eus"], "basque"),
    ("fa", &["per", "fas"], "persian"),
    ("fi", &["fin"], "finnish"),
    ("fr", &["fre", "fra"], "french"),
    ("ga", &["gle", "iri"], "irish"),
    ("gd", &["gla", "gae"], "scottish gaelic"),
    ("gl", &["glg"], "galician"),
    ("gu", &["guj"], "gujarati"),
    ("ha", &["hau"], "hausa"),
    ("he", &["heb"], "hebrew"),
    ("hi", &["hin"], "hindi"),
    ("hr", &["hrv", "scr"], "croatian"),
    ("ht", &["hat"], "haitian"),
    ("hu", &["hun"], "hungarian"),
    ("hy", &["arm", "hye"], "armenian"),
    ("id", &["ind"], "indonesian"),
    ("ig", &["ibo"], "igbo"),
    ("is", &["ice", "isl"], "icelandic"),
    ("it", &["ita"], "italian"),
    ("ja", &["jpn"], "japanese"),
    ("jv", &["jav"], "javanese"),
    ("ka", &["geo", "kat"], "georgian"),
    ("kk", &["kaz"], "kazakh"),
    ("km", &["khm", "cam"], "khmer"),
    ("kn", &["kan"], "kannada"),
    ("ko", &["kor"], "korean"),
    ("ku", &["kur"], "kurdish"),
    ("ky", &["kir"], "kirghiz"),
    ("la", &["lat"], "latin"),
    ("lo", &["lao"], "lao"),
    ("lt", &["lit"], "lithuanian"),
    ("lv", &["lav"], "latvian"),
    ("mg", &["mlg", "mla"], "malagasy"),
    ("mi", &["mao", "mri"], "maori"),
    ("mk", &["mac", "mkd"], "macedonian"),
    ("ml", &["mal"], "malayalam"),
    ("mn", &["mon"], "mongolian"),
    ("mr", &["mar"], "marathi"),
    ("ms", &["may", "msa"], "malay"),
    ("mt", &["mlt"], "maltese"),
    ("my", &["bur", "mya"], "burmese"),
    ("ne", &["nep"], "nepali"),
    ("nl", &["dut", "nld"], "dutch"),
    ("no", &["nor", "nob", "nno"], "norwegian"),
    ("ny", &["nya"], "chichewa"),
    ("om", &["orm"], "oromo"),
    ("pa", &["pan"], "punjabi"),
    ("pl", &["pol"], "polish"),
    ("ps", &["pus"], "pashto"),
    ("pt", &["por"], "portuguese"),
    ("qu", &["que"], "quechua"),
    ("ro", &["rum", "ron", "mol"], "romanian"),
    ("ru", &["rus"], "russian"),
    ("rw", &["kin"], "kinyarwanda"),
    ("sa", &["san"], "sanskrit"),
    ("si", &["sin"], "sinhala"),
    ("sk", &["slo", "slk"], "slovak"),
    ("sl", &["slv"], "slovenian"),
    ("sn", &["sna"], "shona"),
    ("so", &["som"], "somali"),
    ("sq", &["alb", "sqi"], "albanian"),
    ("sr", &["srp", "scc"], "serbian"),
    ("sv", &["swe"], "swedish"),
    ("sw", &["swa"], "swahili"),
    ("ta", &["tam"], "tamil"),
    ("te", &["tel"], "telugu"),
    ("tg", &["tgk"], "tajik"),
    ("th", &["tha"], "thai"),
    ("ti", &["tir"], "tigrinya"),
    ("tl", &["tgl"], "tagalog"),
    ("tr", &["tur"], "turkish"),
    ("uk", &["ukr"], "ukrainian"),
    ("ur", &["urd"], "urdu"),
    ("uz", &["uzb"], "uzbek"),
    ("vi", &["vie"], "vietnamese"),
    ("wo", &["wol"], "wolof"),
    ("xh", &["xho"], "xhosa"),
    ("yo", &["yor"], "yoruba"),
    ("zh", &["chi", "zho"], "chinese"),
    ("zu", &["zul"], "zulu"),
    ("mul", &["mul"], "multiple languages"),
    ("und", &["und"], "undetermined"),
];

/// Returns the BCP 47 code of a code or an English name in any case (`eng`, `en-GB`, `English`).
///
/// Region and script are dropped: one language is one value. A code of two or three letters that
/// is not in the table is returned in lower case; any other text gives `None`.
pub fn code(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let primary = lower.split(['-', '_']).next().unwrap_or_default();
    let known = LANGUAGES
        .iter()
        .find(|(two, three, name)| *two == primary || three.contains(&primary) || *name == lower)
        .map(|(two, _, _)| (*two).to_owned());
    known.or_else(|| {
        let is_code = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
        is_code.then(|| primary.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_reach_one_form() {
        for (text, want) in [
            ("eng", Some("en")),
            ("EN-us", Some("en")),
            ("English", Some("en")),
            ("scr", Some("hr")),
            ("chi", Some("zh")),
            ("mul", Some("mul")),
            ("kok", Some("kok")),
            ("", None),
            ("Klingon", None),
        ] {
            assert_eq!(code(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn no_code_stands_for_two_languages() {
        let mut all: Vec<&str> =
            LANGUAGES.iter().flat_map(|(two, three, _)| three.iter().chain([two])).copied().collect();
        all.sort_unstable();
        for pair in all.windows(2) {
            assert!(pair[0] != pair[1] || ["mul", "und"].contains(&pair[0]), "{}", pair[0]);
        }
    }
}
