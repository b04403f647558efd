//! Another paper that was asked for by words, where they name none by themselves: what is told beside the field, and
//! the papers to choose from.

use crate::model::text::words;
use crate::pipeline::cards::Named;

/// Papers that are offered at most.
pub(in crate::desk) const OFFERED_MAX: usize = 10;

/// What was asked of the field for another paper.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct Asked {
    /// What was typed, to be mended.
    pub(in crate::desk) typed: String,
    /// What was to be said of the two: "same" or "different".
    pub(in crate::desk) answer: &'static str,
    /// What is told beside the field.
    pub(in crate::desk) said: &'static str,
    /// Papers to choose from; nothing was said of any of them.
    pub(in crate::desk) found: Vec<Named>,
}

/// Papers whose titles have the words that were typed, the whole titles first.
#[derive(Debug, Default)]
pub(in crate::desk) struct Found {
    papers: Vec<Named>,
    wanted: Vec<String>,
}

impl Found {
    /// Returns nothing yet for some words.
    pub(in crate::desk) fn of(typed: &str) -> Self {
        Self { papers: Vec::new(), wanted: words(typed) }
    }

    /// Returns the words, folded, without signs.
    pub(in crate::desk) fn wanted(&self) -> &[String] {
        &self.wanted
    }

    /// Takes a paper in where its title has all the words, whole or as beginnings, and it was not taken in before.
    pub(in crate::desk) fn offer(&mut self, paper: Named) {
        let title = words(&paper.name);
        let has = |word: &String| title.iter().any(|w| w.starts_with(word.as_str()));
        if self.wanted.is_empty() || !self.wanted.iter().all(has) || self.papers.iter().any(|p| p.id == paper.id) {
            return;
        }
        let is_whole = title == self.wanted;
        self.papers.insert(if is_whole { 0 } else { self.papers.len() }, paper);
    }

    /// Returns what is told and offered.
    pub(in crate::desk) fn told(mut self, typed: String, answer: &'static str) -> Asked {
        let said = match self.papers.len() {
            _ if self.wanted.is_empty() => "Write the id, PMID or DOI of the other paper, or words of its title.",
            0 => {
                "No other paper here has this id, PMID or DOI, or all these words in its title. Nothing was changed; \
                 fewer words may find it."
            }
            1 => "One other paper has these words in its title. Nothing was said yet: is it the one you mean?",
            2..=OFFERED_MAX => {
                "These papers have the words in their titles. Nothing was said yet: choose the one you mean."
            }
            _ => {
                "Many papers have these words in their titles; here are the first. Nothing was said yet: choose the \
                 one you mean, or write more words."
            }
        };
        self.papers.truncate(OFFERED_MAX);
        Asked { typed, answer, said, found: self.papers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_offered_by_the_words_of_their_titles() {
        let all = [
            ("w1", "Sleep of fathers after a birth"),
            ("w2", "Sleep of mothers: a trial"),
            ("w3", "Sleep"),
            ("w4", "Étude des mères"),
            ("w1", "Sleep of fathers after a birth"),
        ];
        for (typed, want, begins, note) in [
            ("fathers sleep", vec!["w1"], "One other paper", "words in any order"),
            ("SLEEP", vec!["w3", "w1", "w2"], "These papers", "the whole title first"),
            ("sleep of moth", vec!["w2"], "One other", "the last word is not typed to its end"),
            ("etude des meres", vec!["w4"], "One other", "without accents"),
            ("sleep of dogs", vec![], "No other paper", "a word that no title has"),
            (" - ?", vec![], "Write the id", "no word at all"),
            ("", vec![], "Write the id", "nothing"),
        ] {
            let mut found = Found::of(typed);
            for (id, title) in all {
                found.offer(Named { id: id.to_owned(), name: title.to_owned() });
            }
            let asked = found.told(typed.to_owned(), "same");
            let ids: Vec<&str> = asked.found.iter().map(|p| p.id.as_str()).collect();
            assert_eq!((ids, asked.typed.as_str()), (want, typed), "{note}");
            assert!(asked.said.starts_with(begins), "{note}: {}", asked.said);
        }
        let mut found = Found::of("a");
        for n in 0..30 {
            found.offer(Named { id: n.to_string(), name: format!("A paper, number {n}") });
        }
        let asked = found.told("a".to_owned(), "same");
        assert_eq!((asked.found.len(), asked.said.starts_with("Many papers")), (OFFERED_MAX, true));
    }
}
