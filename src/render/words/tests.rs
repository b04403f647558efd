use serde_json::Value;

use super::*;

/// Returns every text of a language with its name, plural forms one by one.
fn texts(language: Language) -> Vec<(String, String)> {
    let w = of(language);
    let mut out = Vec::new();
    collect("", &serde_json::to_value(w).unwrap(), &mut out);
    collect("remarks", &serde_json::to_value(w.remarks).unwrap(), &mut out);
    out.extend(Design::ALL.iter().zip(w.designs).map(|(d, name)| (format!("design {d}"), name.to_owned())));
    out
}

fn collect(name: &str, value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, v)| collect(&format!("{name} {key}"), v, out)),
        Value::String(text) => out.push((name.to_owned(), text.clone())),
        // A name with its code, which is the same in every language.
        Value::Array(pair) if pair.len() == 2 && pair[0].as_str().is_some_and(|code| code.to_uppercase() == code) => {
            collect(&format!("{name} {}", pair[0]), &pair[1], out);
        }
        Value::Array(all) => all.iter().enumerate().for_each(|(n, v)| collect(&format!("{name} {n}"), v, out)),
        other => panic!("{name}: {other} is no text"),
    }
}

/// Returns the places of a text in the order of their names, each once.
fn places(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The one word that is a sign.
const COLON: &str = " colon";

#[test]
fn every_language_has_every_word_and_the_same_places() {
    let english = texts(Language::English);
    assert!(english.len() > 90, "the walk sees the words: {}", english.len());
    for language in Language::ALL {
        for ((name, text), (english_name, english)) in texts(language).iter().zip(&english) {
            assert_eq!(name, english_name);
            // Only a colon may have a blank of its own before it.
            let is_trim = text.trim() == text || name == COLON;
            assert!(!text.trim().is_empty() && is_trim, "{language:?}{name}: \"{text}\"");
            // "one" may leave out the number; nothing else may leave a place out or have one more.
            let (mut got, mut want) = (places(text), places(english));
            if name.ends_with(" one") {
                got.retain(|p| *p != "n");
                want.retain(|p| *p != "n");
            }
            assert_eq!(got, want, "{language:?}{name}");
            assert!(text.matches(['{', '}']).count() == 2 * text.matches('{').count(), "{language:?}{name}");
        }
        assert_eq!(texts(language).len(), english.len());
    }
}

/// A translation that was forgotten stands there in English.
#[test]
fn hardly_a_word_is_the_same_in_two_languages() {
    let english = texts(Language::English);
    for language in [Language::French, Language::Spanish, Language::Portuguese] {
        let pairs = texts(language);
        let same: Vec<_> =
            pairs.iter().zip(&english).filter(|(a, b)| a.1 == b.1 && a.0 != COLON).map(|(a, _)| a.0.as_str()).collect();
        let may: &[&str] = if language == Language::Portuguese { &[" feed"] } else { &[] };
        assert_eq!(same, may, "{language:?}");
    }
}

/// Readers include the people whom papers are about.
#[test]
fn signs_stand_behind_words_as_each_language_has_it() {
    for language in Language::ALL {
        for (name, text) in texts(language) {
            for (at, sign) in text.char_indices().filter(|(_, c)| matches!(c, ':' | ';' | '?' | '!' | '»')) {
                let before = text.get(..at).and_then(|lead| lead.chars().last());
                let has_blank = before.is_some_and(char::is_whitespace);
                let is_held = matches!(before, Some('\u{a0}' | '\u{202f}'));
                let is_right = if language == Language::French { is_held } else { !has_blank };
                assert!(is_right, "{language:?} {name}: {sign} in {text:?}");
            }
            for inner in text.split('«').skip(1).filter(|_| language == Language::French) {
                assert!(inner.starts_with(['\u{a0}', '\u{202f}']), "{name}: {text:?}");
            }
        }
    }
}

#[test]
fn people_are_never_called_what_hurts() {
    let words = [
        "subject", "patient", "victim", "sufferer", "sujet", "victime", "sujeto", "víctima", "paciente", "sujeito",
        "vítima", "aborto", "commit", "cases",
    ];
    for language in Language::ALL {
        for (name, text) in texts(language) {
            let text = text.to_lowercase();
            assert!(words.iter().all(|w| !text.contains(w)), "{language:?}{name}: {text}");
        }
    }
}

#[test]
fn sentences_fit_their_numbers() {
    let en = Language::English;
    assert_eq!(stale(&[], en), "");
    assert!(stale(&["A".into()], en).starts_with("One source could"));
    assert!(stale(&["A".into(), "B".into()], en).starts_with("2 sources could not be read this month (A, B)"));
    assert!(stale(&["{n}".into(), "B".into()], en).contains("({n}, B)"), "a value is no place");
    for (language, one, four) in [
        (Language::English, "and 1 more country", "and 4 more countries"),
        (Language::French, "et 1 autre pays", "et 4 autres pays"),
        (Language::Spanish, "y 1 país más", "y 4 países más"),
        (Language::Portuguese, "e mais 1 país", "e mais 4 países"),
    ] {
        assert_eq!((more_countries(1, language).as_str(), more_countries(4, language).as_str()), (one, four));
    }
    for (language, papers) in [
        (Language::English, ["papers", "paper", "papers"]),
        (Language::French, ["article", "article", "articles"]),
        (Language::Spanish, ["artículos", "artículo", "artículos"]),
        (Language::Portuguese, ["artigos", "artigo", "artigos"]),
    ] {
        assert_eq!([0, 1, 2].map(|n| of(language).papers.of(n, language)), papers, "{language:?}");
    }
}

#[test]
fn only_another_language_is_named() {
    for (code, language, want) in [
        ("pt-BR", Language::English, "In Portuguese"),
        ("en", Language::English, ""),
        ("en-GB", Language::French, "En anglais"),
        ("pt-BR", Language::Portuguese, ""),
        ("fr", Language::Spanish, "En francés"),
        ("ar", Language::Portuguese, "Em árabe"),
        ("xx", Language::French, ""),
    ] {
        assert_eq!(in_language(code, language), want, "{code}");
    }
}

#[test]
fn english_designs_are_those_of_the_program() {
    for one in Design::ALL {
        assert_eq!(design(*one, Language::English), one.label());
    }
    assert_eq!(design(Design::ClusterRct, Language::Spanish), "Ensayo aleatorizado por conglomerados");
}

#[test]
fn remarks_name_months_and_sites() {
    let month = Month::parse("2029-08").unwrap();
    for (language, want) in [
        (Language::English, "The protocol was in the roundup of August 2029."),
        (Language::French, "Le protocole figurait dans un numéro précédent (août 2029)."),
        (Language::Spanish, "El protocolo apareció en el número de agosto de 2029."),
        (Language::Portuguese, "O protocolo saiu na edição de agosto de 2029."),
    ] {
        assert_eq!(with_month(of(language).remarks.protocol, month, language), want);
    }
    assert_eq!(reported("A; B", 0, Language::English), "Also reported in: A; B.");
    assert_eq!(reported("A; B", 1, Language::English), "Also reported in: A; B and one more site.");
    assert_eq!(reported("A; B", 3, Language::French), "En parlent aussi\u{a0}: A; B et 3 autres sites.");
}
