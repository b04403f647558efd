//! In which language a question is written, and which of its words only ask.
//!
//! "What does untreated depression cost?" is about depression and cost. Such words stay in the
//! query, since they may be part of a name (*Dar es Salaam*, *trastorno de ansiedad*), but are not
//! looked for beside others: see [`Form::Filler`]. The engine knows English stop words; those of
//! French, Spanish and Portuguese are dropped only where the query shows its language, since "on",
//! "son" and "as" are words of others too.

mod lead_in;

use super::{Form, Node, TextField};
use crate::model::text::fold;

/// A language other than English that a query can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::index) enum Language {
    French,
    Spanish,
    Portuguese,
}

/// What a query must show of a language: a word that only it has, or two signs it shares.
const EVIDENCE_MIN: usize = 2;

/// Words that only ask, in any query. English ones that the engine drops anyway are left out.
const ASKING: &[&str] = &[
    // English
    "what",
    "whats",
    "how",
    "does",
    "do",
    "did",
    "can",
    "could",
    "should",
    "would",
    "which",
    "whose",
    "why",
    "when",
    "where",
    "am",
    "were",
    "been",
    "has",
    "have",
    "had",
    "any",
    "about",
    "please",
    "whom",
    "its",
    "those",
    "some",
    "might",
    "must",
    "shall",
    "being",
    "he",
    "she",
    "his",
    "her",
    "them",
    "regarding",
    "concerning",
    "there's",
    "what's",
    "me",
    "my",
    "our",
    "your",
    "you",
    "we",
    "i",
    "e.g",
    "eg",
    "i.e",
    "ie",
    "etc",
    "vs",
    "versus",
    "et al",
    // French
    "quel",
    "quels",
    "quelle",
    "quelles",
    "pourquoi",
    "combien",
    "est-ce",
    "qu'est-ce",
    "y-a-t-il",
    // Spanish
    "qué",
    "cómo",
    "cuál",
    "cuáles",
    "cuánto",
    "cuántos",
    "cuánta",
    "cuántas",
    "dónde",
    "cuándo",
    // Portuguese
    "quais",
    "qual",
    "quanto",
    "quantos",
    "quantas",
    "como",
];

/// Function words of French, folded; also those that ask.
const FRENCH: &[&str] = &[
    "au", "aux", "avec", "ce", "ces", "cette", "chez", "dans", "de", "des", "du", "elle", "elles", "en", "est", "et",
    "eux", "il", "ils", "je", "la", "le", "les", "leur", "leurs", "lors", "mais", "ne", "nous", "on", "ont", "ou",
    "par", "pas", "comment", "pour", "qui", "que", "quoi", "sa", "se", "ses", "son", "sont", "sous", "sur", "un",
    "une", "vers", "a", "y", "d", "l",
];

/// Function words of Spanish, folded; also those that ask.
const SPANISH: &[&str] = &[
    "a", "al", "con", "cual", "cuales", "cuando", "de", "del", "donde", "e", "el", "en", "entre", "es", "esta", "este",
    "la", "las", "lo", "los", "mas", "o", "para", "pero", "por", "que", "se", "segun", "ser", "sin", "sobre", "son",
    "su", "sus", "tras", "u", "un", "una", "unas", "unos", "y", "hay", "tiene", "como",
];

/// Function words of Portuguese, folded; also those that ask.
const PORTUGUESE: &[&str] = &[
    "a", "ao", "aos", "as", "com", "da", "das", "de", "do", "dos", "e", "em", "entre", "essa", "esse", "esta", "este",
    "foi", "ha", "mais", "mas", "na", "nas", "no", "nos", "o", "os", "ou", "para", "pela", "pelas", "pelo", "pelos",
    "por", "que", "se", "sem", "ser", "seu", "sobre", "sua", "sao", "um", "uma",
];

/// Function words of English: each speaks against the other languages.
const ENGLISH: &[&str] = &[
    "after", "and", "are", "at", "between", "by", "for", "from", "how", "in", "is", "of", "or", "the", "their", "to",
    "what", "which", "who", "with", "during", "among",
];

/// Words of the lists above that are words of English too and so show nothing.
const ENGLISH_TOO: &[&str] =
    &["a", "as", "do", "me", "on", "no", "son", "se", "e", "o", "d", "l", "i", "y", "u", "ha", "par"];

impl Language {
    const ALL: [Self; 3] = [Self::French, Self::Spanish, Self::Portuguese];

    fn function_words(self) -> &'static [&'static str] {
        match self {
            Self::French => FRENCH,
            Self::Spanish => SPANISH,
            Self::Portuguese => PORTUGUESE,
        }
    }

    /// Letters and endings: two signs for what the others do not have, one for what two share.
    fn signs(self, word: &str) -> usize {
        let has = |letters: &str| usize::from(word.contains(|c| letters.contains(c)));
        let ends = |endings: &[&str]| usize::from(endings.iter().any(|e| word.ends_with(e)));
        let starts = |starts: &[&str]| usize::from(starts.iter().any(|s| word.starts_with(s)));
        match self {
            Self::French => {
                let elided = ["l'", "d'", "qu'", "j'", "s'", "n'", "c'", "l’", "d’", "qu’", "j’", "s’", "n’", "c’"];
                2 * has("èùûîïœë") + has("éêçàâô") + 2 * starts(&elided) + ends(&["ité", "ée", "és"])
            }
            Self::Spanish => 2 * has("ñ¿¡") + has("áéíóú") + 2 * ends(&["ción", "sión", "ciones", "idad"]),
            Self::Portuguese => 2 * has("ãõ") + has("áéíóúçêâôà") + 2 * ends(&["ção", "ções", "são", "idade"]),
        }
    }
}

/// Returns the language that the words of a query show, in their order; `None` for English, for
/// what could be several languages, and for other languages.
///
/// Function words and letters with accents are the signs; a capital letter behind the first word
/// shows nothing, since names (*São Paulo*, *Côte d'Ivoire*) stand in queries of any language.
pub(in crate::index) fn language(words: &[&str]) -> Option<Language> {
    let mut points = [0_usize; 3];
    let mut english = 0;
    for (n, word) in words.iter().enumerate() {
        if n > 0 && word.chars().any(char::is_uppercase) {
            continue;
        }
        let lower = word.to_lowercase();
        let key = fold(&lower);
        english += usize::from(ENGLISH.contains(&key.as_str())) * 2;
        let shows = !ENGLISH_TOO.contains(&key.as_str());
        let of: Vec<bool> = Language::ALL.iter().map(|l| shows && l.function_words().contains(&key.as_str())).collect();
        let sharing = of.iter().filter(|is| **is).count();
        for ((language, is_word), points) in Language::ALL.iter().zip(&of).zip(&mut points) {
            *points += match (is_word, sharing) {
                (false, _) => 0,
                (true, 1) => 2,
                (true, _) => 1,
            };
            *points += language.signs(&lower);
        }
    }
    let best = points.iter().copied().max()?;
    let is_clear = points.iter().filter(|p| **p == best).count() == 1;
    let at = points.iter().position(|p| *p == best)?;
    (best >= EVIDENCE_MIN && best > english && is_clear).then(|| Language::ALL.get(at).copied()).flatten()
}

/// Marks the plain words of a query that only ask or join as such. Words in capitals stay (CAN,
/// US), unless everything is.
pub(super) fn hush(root: &mut Node) {
    let mut words: Vec<String> = Vec::new();
    root.each_mut(&mut |node| {
        if let Node::Text { field: TextField::Anywhere, form: Form::Word, text } = node {
            words.push(text.clone());
        }
    });
    if words.len() < 2 {
        return;
    }
    let is_shouted = |w: &str| w.chars().any(char::is_uppercase) && !w.chars().any(char::is_lowercase);
    let all_shouted = words.len() > 2 && words.iter().all(|w| is_shouted(w) || !w.contains(char::is_alphabetic));
    let list: Vec<&str> = words.iter().map(String::as_str).collect();
    let shown = language(&list);
    let lead_in = lead_in::lead_in(&words);
    let mut before = String::new();
    let mut next = 0;
    root.each_mut(&mut |node| {
        let Node::Text { field: TextField::Anywhere, form, text } = node else { return };
        if *form != Form::Word {
            return;
        }
        let is_leading = lead_in.contains(&next);
        next += 1;
        let lower = text.to_lowercase().replace('’', "'");
        let is_name = is_shouted(text) && text.chars().count() > 1 && !all_shouted;
        if !is_name && (is_leading || asks(&lower, &before, shown)) {
            *form = Form::Filler;
        }
        before = lower;
    });
}

/// Returns the note on a word of a lead-in that asks for what is new: it is no time.
pub(super) fn asks_for_new(root: &Node) -> Option<String> {
    let mut found = None;
    root.leaves(true, &mut |node, _| {
        if let Node::Text { form: Form::Filler, text, .. } = node {
            found = found.take().or_else(|| lead_in::asks_for_new(text).then(|| text.clone()));
        }
    });
    let word = found?;
    Some(format!("{word:?} names no time and was not looked for; type since:2024 or \"last 2 years\", or --sort date"))
}

/// Tells whether a word in small letters only asks or joins in some question of some language.
pub(super) fn may_join(lower: &str) -> bool {
    let folded = fold(lower);
    let lists = [FRENCH, SPANISH, PORTUGUESE];
    ASKING.iter().any(|w| fold(w) == folded) || lists.iter().any(|list| list.contains(&folded.as_str()))
}

/// Tells whether a word only asks or joins, behind the word before it.
fn asks(lower: &str, before: &str, shown: Option<Language>) -> bool {
    let in_count = before == "how" && matches!(lower, "many" | "much" | "often" | "common");
    let is_function = || shown.is_some_and(|l| l.function_words().contains(&fold(lower).as_str()));
    // Without accents on a phone: como, cual; "que" joins in all three languages.
    let is_bare = || shown.is_some() && ASKING.iter().any(|w| fold(w) == fold(lower));
    in_count || ASKING.contains(&lower) || is_function() || is_bare()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_show_themselves() {
        use Language::{French, Portuguese, Spanish};
        for (text, want, note) in [
            ("postpartum depression in Kenya", None, "English"),
            ("dépression chez les mères", Some(French), "function words and accents"),
            ("depression chez les meres", Some(French), "typed without accents"),
            ("santé mentale des adolescentes enceintes", Some(French), "one word of its own"),
            ("l'anxiété pendant la grossesse", Some(French), "an elided article"),
            ("depresión posparto", Some(Spanish), "an ending"),
            ("salud mental de las madres", Some(Spanish), "function words"),
            ("¿qué cuesta la depresión?", Some(Spanish), "marks"),
            ("depressão pós-parto no Brasil", Some(Portuguese), "letters"),
            ("saude mental das gestantes em Mocambique", Some(Portuguese), "typed without accents"),
            ("depression São Paulo", None, "a name shows nothing"),
            ("stigma Côte d'Ivoire", None, "nor does this one"),
            ("de la", None, "French or Spanish"),
            ("la depresion de la madre", None, "French or Spanish, without accents"),
            ("the role of la partera in care", None, "a foreign word in an English query"),
            ("", None, "nothing"),
            ("产后抑郁", None, "another script"),
        ] {
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(language(&words), want, "{text}: {note}");
        }
    }
}
