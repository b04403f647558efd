//! Words of a command as a shell splits them: `less -R "-P page"`.
//!
//! Only quotation marks and backslashes are known: no variables, no patterns, nothing is run.

/// Returns the words of a command; `None` when a quotation mark has no partner. On Windows a backslash
/// is a sign like others, since it stands in paths.
pub fn split(text: &str) -> Option<Vec<String>> {
    let has_escapes = !cfg!(windows);
    let mut out: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut open: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, open) {
            ('\\', None) if has_escapes => word.get_or_insert_default().extend(chars.next()),
            // Between double quotation marks a backslash keeps only what it has to.
            ('\\', Some('"')) if has_escapes && chars.peek().is_some_and(|c| "\"\\$`".contains(*c)) => {
                word.get_or_insert_default().extend(chars.next());
            }
            ('"' | '\'', None) => {
                open = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(quote)) if c == quote => open = None,
            (c, None) if c.is_whitespace() => out.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    open.is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_does() {
        for (text, want, note) in [
            ("less -R", Some(&["less", "-R"][..]), "plain"),
            ("less -R \"-P page\"", Some(&["less", "-R", "-P page"]), "an argument of two words"),
            ("less '-P it''s'", Some(&["less", "-P its"]), "marks inside a word"),
            ("\"/opt/my pager\"  -x", Some(&["/opt/my pager", "-x"]), "a path with a space"),
            ("a '' b", Some(&["a", "", "b"]), "an empty argument"),
            ("a '\"' \"'\"", Some(&["a", "\"", "'"]), "each mark between the others"),
            ("", Some(&[]), "nothing"),
            ("less \"-P page", None, "a mark without its partner"),
        ] {
            let want = want.map(|words| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
            assert_eq!(split(text), want, "{note}");
        }
        if cfg!(unix) {
            assert_eq!(split(r#"a\ b "c\"d\e" \"#).unwrap(), ["a b", "c\"d\\e", ""], "backslashes");
        }
    }
}
