//! The shape of a word: what its spellings have in common. Two words may share a shape and be two
//! (perinatal, prenatal): it only says what is worth comparing.

use super::{HASH_START, hash, hash_on};

/// The shape of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Hash of its consonants.
    pub hash: u64,
    /// How many they are.
    pub letters: usize,
}

/// Letters that must be left when an ending "ed" is taken off ("blinded", but not "seed").
const STEM_LETTERS_MIN: usize = 5;

/// Returns the shape of a folded word: its consonants without doubled ones, without a plural's s and
/// an ending "ed", with z as s and ph as f (randomised, randomized; paediatric, pediatric; blind,
/// blinded; programmes, program).
/// A word without consonants is its own shape.
pub(super) fn shape(word: &str) -> Shape {
    let (mut so_far, mut letters) = (HASH_START, 0);
    let mut put = |c: char| {
        so_far = hash_on(so_far, c.encode_utf8(&mut [0; 4]).as_bytes());
        letters += 1;
        letters
    };
    let word = word.strip_suffix("ed").filter(|stem| stem.len() >= STEM_LETTERS_MIN).unwrap_or(word);
    let (mut last, mut count, mut holds_s) = (None, 0, false);
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => {
                last = None;
                continue;
            }
            'z' => 's',
            'p' if chars.next_if_eq(&'h').is_some() => 'f',
            c => c,
        };
        if last.replace(c) == Some(c) {
            continue;
        }
        if std::mem::take(&mut holds_s) {
            count = put('s');
        }
        // An s counts when something follows.
        if c == 's' && count >= 2 {
            holds_s = true;
        } else {
            count = put(c);
        }
    }
    if letters == 0 {
        Shape { hash: hash(word.as_bytes()), letters: word.len() }
    } else {
        Shape { hash: so_far, letters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_have_one_shape() {
        for (a, b, is_one) in [
            ("randomised", "randomized", true),
            ("paediatric", "pediatric", true),
            ("programmes", "program", true),
            ("behaviour", "behavior", true),
            ("oestrogen", "estrogen", true),
            ("haemorrhage", "hemorrhage", true),
            ("sulphate", "sulfate", true),
            ("mothers", "mother", true),
            ("blinded", "blind", true),
            ("seed", "see", false),
            ("depression", "depresion", true),
            ("perinatal", "prenatal", true),
            ("maternal", "paternal", false),
            ("oui", "eau", false),
            ("bus", "bu", false),
            ("心理", "心", false),
        ] {
            assert_eq!(shape(a).hash == shape(b).hash, is_one, "{a} {b}");
        }
        assert_eq!(shape("").letters, 0);
    }
}
