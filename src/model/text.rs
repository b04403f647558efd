//! Text forms that several stages compare by, so that one word means the same everywhere.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns text in lower case without accents, in compatibility form (full-width letters become
/// plain ones). Length in bytes may change; use it to compare, not to point into the original.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' => out.push('d'),
            'ı' => out.push('i'),
            '’' | '‘' | 'ʼ' | '‛' | '`' | '´' => out.push('\''),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => out.push('-'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Returns the words of a text, folded, without punctuation: what titles are compared by.
///
/// An apostrophe inside a word is dropped ("mother's" → "mothers"); every other character that is
/// no letter or digit separates.
pub fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    each_word(text, |word| out.push(word.to_owned()));
    out
}

/// Hands the [`words`] of a text to `take`, in order, without a copy of each.
pub fn each_word(text: &str, mut take: impl FnMut(&str)) {
    let folded = fold(text);
    let ends = |c: char| !c.is_alphanumeric() && c != '\'';
    for word in folded.split(ends).filter(|w| !w.is_empty()) {
        if word.contains('\'') {
            let word = word.replace('\'', "");
            if !word.is_empty() {
                take(&word);
            }
        } else {
            take(word);
        }
    }
}

/// Returns how many [`words`] a text has.
pub fn count_words(text: &str) -> usize {
    let mut count = 0;
    each_word(text, |_| count += 1);
    count
}

/// Tells whether a character must never reach a stored text: control characters other than line
/// feed and tab, bidi embedding and isolate marks, zero-width no-break space, noncharacters.
///
/// Zero-width joiner and non-joiner stay: Persian, Urdu and Indic scripts need them.
pub fn is_unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => true,
        _ => c.is_control(),
    }
}

/// Returns text with unwanted characters removed and runs of white space (also no-break spaces)
/// made one space; leading and trailing space goes. The one form in which text is stored.
pub fn clean_line(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c == '\u{200b}' {
            gap = true;
        } else if !is_unwanted(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// Tells whether a text is a clean line already: signs that stay, with single spaces between them. Most texts are.
fn is_clean(text: &str) -> bool {
    let mut last = ' ';
    let stays = |c: char| {
        let before = std::mem::replace(&mut last, c);
        match c {
            '!'..='~' => true,
            ' ' => before != ' ',
            c => !c.is_ascii() && !c.is_whitespace() && c != '\u{200b}' && !is_unwanted(c),
        }
    };
    text.chars().all(stays) && last != ' '
}

/// Returns text with its first letter a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Returns text cut at a word to at most `chars_max` characters, with "…" where it was cut.
pub fn shorten(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let head: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    let cut = head.rfind(' ').filter(|at| *at > head.len() / 2).unwrap_or(head.len());
    format!("{}…", head.get(..cut).unwrap_or(&head).trim_end_matches([' ', ',', ';', ':', '-', '–']))
}

/// Characters of a title that stand in a sentence about its paper.
pub const TITLE_CHARS_SHOWN: usize = 60;

/// Returns a title as it stands in a sentence about its paper: short, in the quotation marks of print.
pub fn quoted_title(title: &str) -> String {
    format!("“{}”", shorten(title, TITLE_CHARS_SHOWN))
}

/// Returns "did you mean …? known: …" for a word and the words that would be right.
pub fn did_you_mean<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> String {
    let known: Vec<&str> = known.collect();
    let nearest = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(&word.to_lowercase(), &k.to_lowercase()), *k))
        .min()
        .filter(|(distance, k)| *distance <= 1 + k.chars().count() / 3);
    let list = format!("known: {}", known.join(", "));
    match nearest {
        Some((_, k)) => format!("did you mean \"{k}\"? {list}"),
        None => list,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_makes_the_same_word_the_same() {
        assert_eq!(fold("Dépression ＰＨＱ９ ’s – Łódź"), "depression phq9 's - lodz");
        assert_eq!(
            words("Mother’s “blues”: PHQ-9 (Côte d'Ivoire)"),
            ["mothers", "blues", "phq", "9", "cote", "divoire"]
        );
    }

    #[test]
    fn stored_lines_hold_nothing_that_acts() {
        assert_eq!(clean_line(" a\u{1b}[31m\u{202e}b\u{a0}\n c\u{9f}\u{feff} "), "a[31mb c");
    }

    #[test]
    fn shortening_keeps_whole_words() {
        assert_eq!(shorten("perinatal mental health", 14), "perinatal…");
        assert_eq!(shorten("short", 14), "short");
        assert_eq!(shorten("unbroken-token-of-many-characters", 10), "unbroken-t…".replace("-t…", "…"));
    }
}
