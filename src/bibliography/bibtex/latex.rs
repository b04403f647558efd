//! Plain text as LaTeX: the one place where its own signs are taken out of foreign text.
//!
//! Letters stay as they are in UTF-8: every tool of today reads them.

/// Returns a clean line as LaTeX that shows it.
///
/// BibTeX counts braces without a look at the backslash before them. Braces that pair are escaped in
/// the usual way; others become commands, or the rest of the file would be lost behind them.
pub fn escape(text: &str) -> String {
    let paired = braces_pair(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut last = ' ';
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => out.extend(['\\', c]),
            '{' | '}' if paired => out.extend(['\\', c]),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            // Two of these in a row are another sign: a dash, a quotation mark.
            '-' | '\'' | '`' if c == last => out.extend(['{', '}', c]),
            _ => out.push(c),
        }
        last = c;
    }
    out
}

/// Tells whether every brace of a text closes one before it.
fn braces_pair(text: &str) -> bool {
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return false,
            '}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// Returns a title in which every capital letter is kept by braces.
///
/// Styles write titles in small letters but for the first one. Titles here stand mostly as a
/// sentence, so a capital inside is a name or an acronym ("PHQ-9 in Kenya") and must stay. Which is
/// which cannot be told without a dictionary: every word with a capital is kept, but for the first
/// word where only its first letter is one. A title that has capitals everywhere then stays as its
/// journal printed it, which is no harm.
pub fn title(text: &str) -> String {
    let word = |(n, word): (usize, &str)| {
        let beyond_first = word.chars().skip(1).any(char::is_uppercase);
        let is_kept = if n == 0 { beyond_first } else { word.chars().any(char::is_uppercase) };
        let escaped = escape(word);
        // Braces that do not pair within the word would pair with ours.
        if is_kept { format!("{{{escaped}}}") } else { escaped }
    };
    text.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

/// Returns a part of a name: words that part names ("and") are kept from doing it.
pub fn name_part(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let escaped = escape(word);
        if word.eq_ignore_ascii_case("and") { format!("{{{escaped}}}") } else { escaped }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns an address or DOI as fields take them that are not read as LaTeX: only braces and
/// backslashes, which no field can hold as they are, are written as `%XX`.
pub fn verbatim(text: &str) -> String {
    text.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_latex_are_text() {
        for (id, text, want) in [
            ("plain", "Sleep after birth", "Sleep after birth"),
            ("signs", "5% & $10 #1 a_b", "5\\% \\& \\$10 \\#1 a\\_b"),
            ("braces that pair", "{a}", "\\{a\\}"),
            ("braces that do not", "}a{", "\\textbraceright{}a\\textbraceleft{}"),
            ("a command", "\\end{x}", "\\textbackslash{}end\\{x\\}"),
            ("tilde and hat", "~x^2", "\\textasciitilde{}x\\textasciicircum{}2"),
            ("two hyphens", "a--b", "a-{}-b"),
            ("letters", "São José 产后", "São José 产后"),
        ] {
            assert_eq!(escape(text), want, "{id}");
        }
    }

    #[test]
    fn capitals_of_titles_stay() {
        for (text, want) in [
            ("Sleep after birth in Kenya", "Sleep after birth in {Kenya}"),
            ("PHQ-9 for mothers: a trial", "{PHQ-9} for mothers: a trial"),
            ("The mhGAP guide", "The {mhGAP} guide"),
            ("Éva", "Éva"),
            ("", ""),
        ] {
            assert_eq!(title(text), want);
        }
    }
}
