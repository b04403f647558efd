//! What people call fields and values: other names, in English, French, Spanish and Portuguese.
//!
//! All names are compared folded (lower case, no accents), so `Année` and `annee` are one.

use crate::index::analyse;

/// Languages: code, then names: in English, in the language itself, in French, Spanish and
/// Portuguese, and codes of three letters (ISO 639-2).
pub(super) const LANGUAGES: &[(&str, &[&str])] = &[
    ("am", &["amharic", "አማርኛ", "amharique", "amharico", "amh"]),
    ("ar", &["arabic", "العربية", "عربي", "arabe", "ara"]),
    ("bn", &["bengali", "bangla", "বাংলা", "ben"]),
    ("de", &["german", "deutsch", "allemand", "aleman", "alemao", "ger", "deu"]),
    ("en", &["english", "anglais", "ingles", "eng"]),
    ("es", &["spanish", "español", "castellano", "espagnol", "espanhol", "spa"]),
    ("fa", &["persian", "farsi", "dari", "فارسی", "persan", "persa", "per", "fas"]),
    ("fr", &["french", "français", "frances", "fre", "fra"]),
    ("hi", &["hindi", "हिन्दी", "हिंदी", "hin"]),
    ("id", &["indonesian", "bahasa indonesia", "indonesien", "indonesio", "ind"]),
    ("it", &["italian", "italiano", "italien", "ita"]),
    ("ja", &["japanese", "日本語", "japonais", "japones", "jpn"]),
    ("ko", &["korean", "한국어", "coreen", "coreano", "kor"]),
    ("ne", &["nepali", "नेपाली", "nepalais", "nep"]),
    ("pl", &["polish", "polski", "polonais", "polaco", "pol"]),
    ("ps", &["pashto", "پښتو", "pus"]),
    ("pt", &["portuguese", "português", "portugais", "portugues", "por"]),
    ("ru", &["russian", "русский", "russe", "ruso", "russo", "rus"]),
    ("so", &["somali", "soomaali", "som"]),
    ("sw", &["swahili", "kiswahili", "swa"]),
    ("th", &["thai", "ไทย", "tha"]),
    ("tr", &["turkish", "türkçe", "turc", "turco", "tur"]),
    ("uk", &["ukrainian", "українська", "ukrainien", "ucraniano", "ukr"]),
    ("ur", &["urdu", "اردو", "ourdou", "urd"]),
    ("vi", &["vietnamese", "tiếng việt", "vietnamien", "vietnamita", "vie"]),
    ("zh", &["chinese", "mandarin", "中文", "chinois", "chino", "chines", "chi", "zho"]),
];

/// Other words for a study's design: the folded words, then what they ask for.
const DESIGNS: &[(&[&str], &[&str])] = &[
    (
        &[
            "trial",
            "trials",
            "rcts",
            "randomised controlled trial",
            "randomized controlled trial",
            "controlled trial",
            "clinical trial",
            "essai",
            "essai controle randomise",
            "essai randomise",
            "ecr",
            "ensayo",
            "ensayo clinico",
            "ensayo clinico aleatorizado",
            "ensaio",
            "ensaio clinico",
            "eca",
        ],
        &["rct"],
    ),
    (&["cluster", "crct", "cluster trial", "cluster randomised trial", "cluster randomized trial"], &["cluster-rct"]),
    (&["reviews", "revue", "revision", "revisao", "revision sistematica", "revisao sistematica"], &["review"]),
    (&["sr", "systematic", "revue systematique"], &["systematic-review"]),
    (
        &["scoping", "scoping review", "narrative review", "rapid review", "umbrella review", "evidence map"],
        &["scoping-other-review"],
    ),
    (
        &["meta", "metaanalysis", "meta analyses", "meta analyse", "metanalisis", "meta analisis", "metanalise"],
        &["meta-analysis"],
    ),
    (&["qual", "qualitatif", "qualitative study", "interviews", "cualitativo", "qualitativo"], &["qualitative"]),
    (&["mixed", "mixed method", "methodes mixtes", "metodos mixtos", "metodos mistos"], &["mixed-methods"]),
    (
        &["survey", "surveys", "prevalence", "transversal", "crosssectional", "cross sectional study"],
        &["cross-sectional"],
    ),
    (&["longitudinal", "cohorts", "cohort study", "cohorte", "coorte", "prospective"], &["cohort"]),
    (&["casecontrol", "case control study", "cas temoins", "casos y controles"], &["case-control"]),
    (&["quasi", "quasi experiment", "before after", "pre post", "controlled before after"], &["quasi-experimental"]),
    (&["cost", "costs", "cost effectiveness", "economics", "economique", "economico"], &["economic"]),
    (&["psychometric", "psychometrics", "validity", "validation study", "validacion", "validacao"], &["validation"]),
    (&["case series", "case reports", "cas clinique"], &["case-report"]),
    (&["protocols", "study protocol", "protocole", "protocolo"], &["protocol"]),
    (&["guidelines", "recommendations", "guia", "ligne directrice", "diretriz"], &["guideline"]),
    (&["implementation", "feasibility", "programme", "program", "pilot"], &["implementation-other"]),
    (&["commentary", "editorial", "opinion", "news", "policy", "comment", "viewpoint"], &["policy-commentary"]),
    (&["observational"], &["cohort", "case-control", "cross-sectional"]),
];

/// Working groups by the words of their names: the id, then other words for it, folded.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "ikel",
        &[
            "information",
            "knowledge",
            "learning",
            "knowledge exchange",
            "information exchange",
            "information knowledge exchange and learning",
        ],
    ),
    ("evidence", &["impact", "evidence and impact", "evidence impact"]),
    ("advocacy", &["policy", "plaidoyer", "incidencia"]),
    ("adolescent", &["adolescence", "youth", "teenage", "young"]),
];

/// What papers are marked as: the mark, then other words for it, folded.
const FLAGS: &[(&str, &[&str])] = &[
    (
        "open-access",
        &["open", "oa", "free", "open access", "openaccess", "free full text", "libre", "abierto", "aberto"],
    ),
    ("out-of-scope", &["out of scope", "off topic", "hors sujet", "fuera de tema", "fora do tema"]),
    ("retracted", &["retraction", "withdrawn", "retractions", "retracted publication", "retracte", "retractado"]),
    ("preprint", &["preprints", "pre print", "pre prints", "prepublication"]),
    ("notice", &["notices"]),
];

/// Months by the beginnings of their names, folded: English, French, Spanish, Portuguese. A name of
/// more letters than another's beginning stands before it (juin before ju).
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("ene", 1),
    ("feb", 2),
    ("fev", 2),
    ("mars", 3),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("jun", 6),
    ("juin", 6),
    ("jul", 7),
    ("juil", 7),
    ("aug", 8),
    ("aou", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("out", 10),
    ("nov", 11),
    ("dec", 12),
    ("dic", 12),
    ("dez", 12),
];

/// Full names of months, folded, in the same four languages: a beginning alone is taken up to its
/// whole name only ("mar", "mars", "march", never "marriage").
const MONTH_NAMES: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "janeiro",
    "fevereiro",
    "marco",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "sept",
];

/// Returns the code of a language by one of its names or codes; `None` when it is not known.
pub(super) fn language_code(text: &str) -> Option<&'static str> {
    let key = analyse::key(text);
    let is_named = |names: &[&str]| names.iter().any(|n| analyse::key(n) == key);
    LANGUAGES.iter().find(|(code, names)| *code == key || is_named(names)).map(|(code, _)| *code)
}

/// Returns the designs that a word of people stands for; none when it is none of these words.
pub(super) fn designs(key: &str) -> &'static [&'static str] {
    DESIGNS.iter().find(|(words, _)| words.contains(&key)).map_or(&[], |(_, ids)| ids)
}

/// Returns the id of the working group that words of people stand for; `None` when it is none of
/// these words.
pub(super) fn group(key: &str) -> Option<&'static str> {
    GROUPS.iter().find(|(_, words)| words.contains(&key)).map(|(id, _)| *id)
}

/// Returns what papers are marked as by words of people; `None` when it is none of these words.
pub(in crate::index) fn flag(key: &str) -> Option<&'static str> {
    let key = key.replace('-', " ");
    let is_own = |mark: &str| mark.replace('-', " ") == key;
    FLAGS.iter().find(|(mark, words)| is_own(mark) || words.contains(&key.as_str())).map(|(mark, _)| *mark)
}

/// Returns the number of a month by its name or its usual beginning, 1–12.
pub(super) fn month(text: &str) -> Option<i8> {
    let key = analyse::key(text);
    let is_name = key.len() >= 3 && MONTH_NAMES.iter().any(|name| name.starts_with(&key));
    let of = || MONTHS.iter().find(|(start, _)| key.starts_with(start)).map(|(_, number)| *number);
    if is_name { of() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_languages_go_by_many_names() {
        for (typed, want) in [
            ("March", Some(3)),
            ("mars", Some(3)),
            ("août", Some(8)),
            ("dez", Some(12)),
            ("juin", Some(6)),
            ("juillet", Some(7)),
            ("maio", Some(5)),
            ("marriage", None),
            ("ma", None),
            ("", None),
            ("março", Some(3)),
        ] {
            assert_eq!(month(typed), want, "{typed}");
        }
        for name in MONTH_NAMES {
            assert!(month(name).is_some(), "{name}");
        }
        for (typed, want) in [("Français", Some("fr")), ("中文", Some("zh")), ("SW", Some("sw")), ("klingon", None)]
        {
            assert_eq!(language_code(typed), want, "{typed}");
        }
        assert_eq!(designs("essai"), ["rct"]);
    }
}
