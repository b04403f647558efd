//! What stands before the matter of a question: "papers on", "I am looking for studies about", "what
//! is the effect of".

use std::collections::BTreeSet;

use crate::model::text::fold;

/// Words that may stand before the noun, folded, of any of the four languages: they ask, and say
/// nothing of what for. Alone they are words like others.
#[rustfmt::skip]
const BEFORE: &[&str] = &[
    // English
    "what", "whats", "which", "is", "are", "was", "were", "does", "do", "there", "the", "a", "an", "any", "all", "some",
    "i", "im", "am", "we", "me", "us", "you", "your", "please", "can", "could", "would", "like", "show", "find", "give",
    "get", "list", "search", "look", "looking", "need", "want", "tell", "for", "to", "see", "have", "more", "about",
    // French
    "quel", "quelle", "quels", "quelles", "est", "sont", "le", "la", "les", "un", "une", "des", "l", "je", "cherche",
    "trouver", "tous", "toutes", "donnez", "moi",
    // Spanish
    "cual", "cuales", "que", "es", "son", "el", "los", "las", "una", "unos", "unas", "busco", "buscar", "quiero",
    "todos", "todas",
    // Portuguese
    "qual", "quais", "e", "sao", "o", "os", "as", "um", "uma", "uns", "umas", "procuro", "quero",
];

/// Words that may stand before what a library holds and say how new it is to be, folded: "recent papers
/// on stigma". Before anything else they say something ("new mothers").
#[rustfmt::skip]
const NEW: &[&str] = &[
    "recent", "recently", "published", "latest", "newest", "new", "current", "recents", "recentes", "nouveaux",
    "nouvelles", "derniers", "dernieres", "reciente", "recientes", "nuevos", "nuevas", "ultimos", "ultimas", "novos",
    "novas",
];

/// What a library holds, folded: "papers on stigma" is about stigma.
#[rustfmt::skip]
const HOLDINGS: &[&str] = &[
    "paper", "papers", "article", "articles", "study", "studies", "publication", "publications", "literature",
    "research", "evidence", "information", "info", "work", "etude", "etudes", "recherche", "recherches", "articulo",
    "articulos", "estudio", "estudios", "investigacion", "investigaciones", "publicacion", "publicaciones", "artigo",
    "artigos", "estudo", "estudos", "pesquisa", "pesquisas", "publicacao", "publicacoes",
];

/// What is asked of a matter, folded: "what is the effect of yoga" is about yoga. Only behind a word
/// that asks.
#[rustfmt::skip]
const ASKED_OF: &[&str] = &[
    "effect", "effects", "impact", "impacts", "influence", "role", "relationship", "relation", "association", "link",
    "difference", "effet", "effets", "efecto", "efectos", "impacto", "impactos", "efeito", "efeitos", "papel", "relacion",
    "relacao", "lien",
];

/// Words that lead to the matter, folded.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "on", "about", "of", "regarding", "concerning", "into", "between", "sur", "de", "du", "des", "d", "entre", "sobre",
    "del", "da", "das", "do", "dos", "acerca",
];

/// Words that lead from what a library holds to the matter, beside [`LEADS`], folded: "studies in Kenya",
/// "papers using the EPDS".
#[rustfmt::skip]
const HOLDING_LEADS: &[&str] = &[
    "in", "from", "with", "using", "that", "which", "looking", "examining", "dans", "en", "au", "aux", "avec", "con",
    "em", "no", "na", "com",
];

/// What a library holds, as the last word of a question: "stigma in Kenya papers". Other words of
/// [`HOLDINGS`] are parts of names there ("cohort study").
#[rustfmt::skip]
const LAST: &[&str] = &[
    "paper", "papers", "article", "articles", "publication", "publications", "articulo", "articulos", "artigo",
    "artigos", "publicacion", "publicaciones", "publicacao", "publicacoes",
];

/// The fewest words before such a last word.
const BEFORE_LAST_MIN: usize = 2;

/// The most words of a lead-in: "I would like to find all the papers about".
const WORDS_MAX: usize = 10;

/// Returns which of the words, by index, belong to the lead-in of a question: none where its first
/// words do not lead to a matter, or nothing is left behind them.
pub(super) fn lead_in(words: &[String]) -> BTreeSet<usize> {
    let keys: Vec<String> = words.iter().take(WORDS_MAX).map(|word| key(word)).collect();
    let is_new = |word: &str| NEW.contains(&word);
    let noun = keys.iter().position(|word| !BEFORE.contains(&word.as_str()) && !is_new(word));
    let Some((at, noun)) = noun.and_then(|at| Some((at, keys.get(at)?))) else { return BTreeSet::new() };
    let is_holding = HOLDINGS.contains(&noun.as_str());
    let is_asked = at > 0 && ASKED_OF.contains(&noun.as_str()) && !keys.iter().take(at).any(|word| is_new(word));
    // Of the effect of two things on each other the first of the leads counts.
    let leads = keys
        .get(at + 1)
        .is_some_and(|next| LEADS.contains(&next.as_str()) || is_holding && HOLDING_LEADS.contains(&next.as_str()));
    let is_more = words.len() > at + 2;
    let mut out = BTreeSet::new();
    if (is_holding || is_asked) && leads && is_more {
        out.extend(0..at + 2);
    }
    let last = words.len().saturating_sub(1);
    if last >= BEFORE_LAST_MIN && words.last().is_some_and(|word| LAST.contains(&key(word).as_str())) {
        out.insert(last);
    }
    out
}

/// Tells whether a word of a lead-in asks for what is new.
pub(super) fn asks_for_new(word: &str) -> bool {
    NEW.contains(&key(word).as_str())
}

/// Returns a word folded, without an elided article.
fn key(word: &str) -> String {
    let folded = fold(&word.to_lowercase().replace('’', "'"));
    let bare = folded.strip_prefix("l'").map(str::to_owned).unwrap_or(folded);
    bare.replace('\'', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_ins_are_told_from_the_matter() {
        for (text, want, note) in [
            ("papers on stigma", 2, "what a library holds"),
            ("studies about midwives in Nepal", 2, "another word for it"),
            ("what is the effect of yoga on anxiety", 5, "what is asked of it"),
            ("I am looking for articles about stigma", 6, "a whole sentence"),
            ("effect of yoga", 0, "no word asks: it may be a title"),
            ("research stigma", 0, "nothing leads to a matter"),
            ("papers on", 0, "nothing is left"),
            ("qualitative studies of stigma", 0, "a word that says something comes first"),
            ("études sur la stigmatisation", 2, "French"),
            ("quel est l’effet de la musique", 4, "French, elided"),
            ("estudios sobre estigma", 2, "Spanish"),
            ("cuál es el efecto de la música", 5, "Spanish"),
            ("artigos sobre estigma", 2, "Portuguese"),
            ("qual é o efeito da música", 5, "Portuguese"),
            ("find the mothers", 0, "only words that ask"),
            ("recent papers on stigma", 3, "how new it is to be"),
            ("latest evidence on midwives", 3, "another word for it"),
            ("new mothers in Nepal", 0, "new says something of mothers"),
            ("new role of fathers", 0, "nor of what is asked"),
            ("recent stillbirth in Malawi", 0, "nor of a loss"),
            ("studies in Kenya", 2, "where they were done"),
            ("papers using the EPDS", 2, "with what"),
            ("nouvelles études sur la stigmatisation", 3, "French"),
            ("estudios recientes sobre estigma", 0, "behind the noun it stays"),
            ("stigma in Kenya papers", 1, "at the end"),
            ("stigma papers", 0, "too short to tell"),
            ("birth cohort study", 0, "a part of a name"),
            ("", 0, "nothing"),
        ] {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            assert_eq!(lead_in(&words).len(), want, "{text}: {note}");
        }
    }
}
