//! An abstract cut into its parts.

use super::text::capital;

/// The longest label of a part of an abstract, in characters and words: longer text before a colon
/// is a sentence.
const LABEL_CHARS_MAX: usize = 60;
/// See [`LABEL_CHARS_MAX`].
const LABEL_WORDS_MAX: usize = 7;

/// One part of an abstract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<'t> {
    /// Its label as a heading ("Methods"); `None` where it has none.
    pub label: Option<String>,
    /// Where its words begin in the abstract, in bytes.
    pub start: usize,
    /// Its words as they stand there, without the label and without blanks around them.
    pub body: &'t str,
}

/// Returns the parts of an abstract with their labels, as they were joined: a blank line between
/// them, each led by its label and a colon. An abstract in one piece has no labels.
pub fn passages(text: &str) -> Vec<Passage<'_>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for part in text.split("\n\n") {
        let bare = part.trim();
        if !bare.is_empty() {
            parts.push((start + leading(part), bare));
        }
        start += part.len() + "\n\n".len();
    }
    let labels = parts.iter().filter(|(_, part)| labelled(part).is_some()).count();
    let one = |(start, part): (usize, &'_ str)| -> Option<(String, usize)> {
        // One label in a text of one piece is no structure, unless it is in capitals as labels are.
        let (label, body) = labelled(part).filter(|(label, _)| labels > 1 || is_shouted(label))?;
        Some((heading(label), start + part.len() - body.len() + leading(body)))
    };
    parts
        .into_iter()
        .map(|(start, part)| match one((start, part)) {
            Some((label, at)) => Passage { label: Some(label), start: at, body: part.get(at - start..).unwrap_or("") },
            None => Passage { label: None, start, body: part },
        })
        .collect()
}

/// Returns how many bytes of blanks a text begins with.
fn leading(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Returns the label of a part and the rest, when it begins with one.
fn labelled(part: &str) -> Option<(&str, &str)> {
    let (label, body) = part.split_once(": ")?;
    let fits = label.chars().count() <= LABEL_CHARS_MAX
        && label.split_whitespace().count() <= LABEL_WORDS_MAX
        && label.starts_with(char::is_uppercase)
        && !label.contains(['.', ',', ';', '"']);
    fits.then_some((label, body))
}

fn is_shouted(label: &str) -> bool {
    !label.contains(char::is_lowercase)
}

/// Returns a label as a heading: one in capitals as words are written.
fn heading(label: &str) -> String {
    if is_shouted(label) { capital(&label.to_lowercase()) } else { label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_headings() {
        for (id, text, want) in [
            (
                "labelled",
                "BACKGROUND: Mothers.\n\nMethods and findings: We asked: how?",
                &[(Some("Background"), "Mothers."), (Some("Methods and findings"), "We asked: how?")][..],
            ),
            ("one piece", "We found one thing: sleep matters.", &[(None, "We found one thing: sleep matters.")]),
            ("one label in capitals", "AIM: To see.", &[(Some("Aim"), "To see.")]),
            ("one part unlabelled", "A: b\n\nplain\n\nC: d", &[(Some("A"), "b"), (None, "plain"), (Some("C"), "d")]),
            ("blanks", "\n\n  A:   b \n\n\n C: d\u{a0}", &[(Some("A"), "b"), (Some("C"), "d")]),
            ("nothing", "", &[]),
        ] {
            let got = passages(text);
            for passage in &got {
                assert_eq!(text.get(passage.start..passage.start + passage.body.len()), Some(passage.body), "{id}");
            }
            let got: Vec<(Option<&str>, &str)> = got.iter().map(|p| (p.label.as_deref(), p.body)).collect();
            assert_eq!(got, want, "{id}");
        }
    }
}
