//! Citation keys: `okonkwo2024group`, each once in a file.

use std::collections::BTreeMap;

use crate::model::text::{fold, words};
use crate::model::{Author, Record};

/// Words that say nothing about a title.
const SMALL_WORDS: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "das", "de", "der", "die", "do", "does", "el", "for", "from", "how", "in",
    "is", "la", "las", "le", "les", "los", "o", "of", "on", "or", "os", "the", "to", "what", "with",
];

/// The longest family name or title word in a key, in characters: a key is typed by people.
const PART_CHARS_MAX: usize = 24;

/// Keys that were given out.
#[derive(Debug, Default)]
pub struct Keys {
    /// How often each was asked for.
    asked: BTreeMap<String, usize>,
}

impl Keys {
    /// Returns the key of the next record: family name, year and first telling word of the title in
    /// plain small letters. One that was given out before is followed by `a`, `b`, … `z`, `aa`.
    pub fn next(&mut self, record: &Record) -> String {
        let base = base(record);
        loop {
            let count = self.asked.entry(base.clone()).or_insert(0);
            let key = format!("{base}{}", letters(*count));
            *count += 1;
            // What is made by a letter may be the plain key of another paper.
            if key == base || !self.asked.contains_key(&key) {
                self.asked.entry(key.clone()).or_insert(1);
                return key;
            }
        }
    }
}

/// Returns the key as it would be alone in a file.
fn base(record: &Record) -> String {
    let first = record.authors.iter().find_map(family).unwrap_or_else(|| "anonymous".to_owned());
    let year = record.citation_year().map(|y| y.to_string()).unwrap_or_default();
    let word = words(&record.title)
        .iter()
        .filter(|w| !SMALL_WORDS.contains(&w.as_str()))
        .map(|w| plain(w))
        .find(|w| !w.is_empty());
    format!("{first}{year}{}", word.unwrap_or_default())
}

/// Returns the family name, or the first telling word of a group's name, in plain letters.
fn family(author: &Author) -> Option<String> {
    let name = match &author.collective {
        Some(group) => words(group).into_iter().find(|w| !SMALL_WORDS.contains(&w.as_str())),
        None => author.family.clone().or_else(|| author.given.clone()),
    };
    name.map(|n| plain(&n)).filter(|n| !n.is_empty())
}

/// Returns the ASCII letters and digits of a text, folded and cut.
fn plain(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_alphanumeric).take(PART_CHARS_MAX).collect()
}

/// Returns nothing for 0, `a` for 1, `z` for 26, `aa` for 27.
fn letters(mut count: usize) -> String {
    let mut out = Vec::new();
    while count > 0 {
        count -= 1;
        out.push(char::from(b'a' + u8::try_from(count % 26).unwrap_or_default()));
        count /= 26;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain_and_each_stands_once() {
        let record = |family: &str, title: &str| Record {
            title: title.to_owned(),
            authors: vec![Author::person(family, "A")],
            year: Some(2024),
            ..Record::default()
        };
        let mut keys = Keys::default();
        for (id, record, want) in [
            ("usual", record("Okonkwo", "A group for mothers"), "okonkwo2024group"),
            ("again", record("Okonkwo", "The groups"), "okonkwo2024groups"),
            ("same", record("Okonkwo", "Group two"), "okonkwo2024groupa"),
            ("third", record("Okonkwo", "Group three"), "okonkwo2024groupb"),
            ("taken by a letter", record("Okonkwo", "Groupa"), "okonkwo2024groupaa"),
            ("accents", record("Nuñez-Čapek", "Éducation"), "nunezcapek2024education"),
            ("another script", record("王", "产后抑郁"), "anonymous2024"),
            ("braces", record("}{\\", "}\\end{x}"), "anonymous2024end"),
            ("empty", Record::default(), "anonymous"),
            ("group", Record { authors: vec![Author::group("The Example Group")], ..Record::default() }, "example"),
        ] {
            assert_eq!(keys.next(&record), want, "{id}");
        }
    }

    #[test]
    fn letters_go_on_behind_z() {
        for (count, want) in
            [(0, ""), (1, "a"), (26, "z"), (27, "aa"), (52, "az"), (53, "ba"), (702, "zz"), (703, "aaa")]
        {
            assert_eq!(letters(count), want);
        }
    }
}
