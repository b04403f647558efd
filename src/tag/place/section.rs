//! Tells which part of an abstract a sentence belongs to, from the labels authors put before it.
//!
//! Labels are read as people write them: "METHODS: …", "Methods – …", a line of its own, and
//! capitals without a colon ("SETTING A hospital in …"). Without labels every part is unknown.

use crate::tag::text::FieldText;

/// A part of a structured abstract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Background, introduction, aim.
    Lead,
    /// Methods, setting, participants.
    Setting,
    /// Results.
    Result,
    /// Conclusions, discussion, funding, registration.
    End,
}

/// Words of a label at most: "participants and study setting".
const LABEL_WORDS_MAX: usize = 6;
/// Letters of a label in capitals without a colon: "AIM" begins sentences too, "METHODS" does not.
const BARE_LETTERS_MIN: usize = 6;

/// Words of labels, in English, French, Spanish and Portuguese, without case and accents.
const LEAD: &[&str] = &[
    "background",
    "introduction",
    "objective",
    "objectives",
    "aim",
    "aims",
    "purpose",
    "context",
    "importance",
    "rationale",
    "hypothesis",
    "goal",
    "goals",
    "contexte",
    "introduccion",
    "introducao",
    "objetivo",
    "objetivos",
    "objectif",
    "objectifs",
    "antecedentes",
    "fundamento",
    "fundamentos",
    "contexto",
    "but",
    "justificacion",
];
const SETTING: &[&str] = &[
    "method",
    "methods",
    "methodology",
    "methodologies",
    "setting",
    "settings",
    "participant",
    "participants",
    "subject",
    "subjects",
    "patients",
    "population",
    "populations",
    "sample",
    "samples",
    "sampling",
    "procedure",
    "procedures",
    "place",
    "location",
    "sites",
    "site",
    "design",
    "metodo",
    "metodos",
    "metodologia",
    "methode",
    "methodes",
    "methodologie",
    "materiales",
    "materials",
    "material",
    "materiel",
    "materiais",
    "local",
    "lugar",
    "participantes",
    "pacientes",
    "ambito",
    "muestra",
    "cadre",
];
const RESULT: &[&str] =
    &["result", "results", "finding", "findings", "resultado", "resultados", "resultat", "resultats"];
const END: &[&str] = &[
    "conclusion",
    "conclusions",
    "conclusiones",
    "conclusao",
    "conclusoes",
    "discussion",
    "discusion",
    "discussao",
    "interpretation",
    "implications",
    "implication",
    "limitations",
    "funding",
    "registration",
    "significance",
    "recommendations",
];
/// Words that may stand beside those.
const BESIDE: &[&str] = &[
    "and",
    "of",
    "the",
    "study",
    "studies",
    "main",
    "data",
    "trial",
    "research",
    "key",
    "principal",
    "primary",
    "sources",
    "y",
    "e",
    "et",
    "de",
    "for",
    "practice",
    "clinical",
];

/// Returns the part of every sentence of a text, in their order.
pub fn parts(text: &FieldText) -> Vec<Option<Part>> {
    let mut out = Vec::with_capacity(text.sentences.len());
    let mut current = None;
    let mut from = 0;
    for sentence in 0..text.sentences.len() {
        let to = from + text.tokens.iter().skip(from).take_while(|t| t.sentence == sentence).count();
        current = label(text, from, to).or(current);
        out.push(current);
        from = to;
    }
    out
}

/// Returns the part that the words at the head of a sentence announce.
fn label(text: &FieldText, from: usize, to: usize) -> Option<Part> {
    let mut found = None;
    for at in from..to.min(from + LABEL_WORDS_MAX) {
        let word = text.folded_word(at);
        let part = part_of(word);
        if part.is_none() && !BESIDE.contains(&word) {
            return None;
        }
        found = found.or(part);
        let is_closed = text.gap_after(at).contains([':', '–', '—', '\n']) || at + 1 == to;
        let is_bare = is_capital_label(text.word(at)) && text.folded_word(at + 1) != "and";
        if found.is_some() && (is_closed || (is_bare && part.is_some())) {
            return found;
        }
    }
    None
}

/// Tells whether a word is a label by its capitals alone.
fn is_capital_label(word: &str) -> bool {
    word.len() >= BARE_LETTERS_MIN && word.chars().all(char::is_uppercase)
}

/// Returns the part that a word of a label stands for.
fn part_of(word: &str) -> Option<Part> {
    [(LEAD, Part::Lead), (SETTING, Part::Setting), (RESULT, Part::Result), (END, Part::End)]
        .into_iter()
        .find(|(words, _)| words.contains(&word))
        .map(|(_, part)| part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_people_write_them() {
        let told = |text: &str| {
            let read = FieldText::read(text, 10_000);
            let letter = |p: &Option<Part>| match p {
                None => '-',
                Some(Part::Lead) => 'l',
                Some(Part::Setting) => 's',
                Some(Part::Result) => 'r',
                Some(Part::End) => 'e',
            };
            parts(&read).iter().map(letter).collect::<String>()
        };
        for (text, want, note) in [
            ("BACKGROUND: A. B.\n\nMETHODS: C. D.\n\nRESULTS: E.", "llssr", "as PubMed joins them"),
            ("Background: A is common. Methods: we asked. Results: many. Conclusion: few.", "lsre", "in one paragraph"),
            ("Materials and Methods: A. Trial registration: B.", "se", "several words"),
            ("Methods. We asked women. Results. Many.", "ssrr", "a label as a sentence"),
            ("OBJECTIVE To ask. SETTING A clinic. METHODS AND RESULTS We saw.", "lss", "capitals without a colon"),
            ("Métodos: fueron. Résultats : oui. Conclusões: não.", "sre", "in other languages"),
            ("Women came. Three settings were seen: one, two. Methods were mixed.", "---", "sentences are no labels"),
            ("", "", "nothing"),
        ] {
            assert_eq!(told(text), want, "{note}: {text}");
        }
    }
}
