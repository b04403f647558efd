//! Lists of names in BibTeX's form: parted by "and", groups between braces.

use super::latex;
use crate::model::Author;
use crate::model::text::clean_line;
use crate::normalise::names;

/// Returns the authors that a value lists.
pub fn read(raw: &str) -> Vec<Author> {
    let raw = raw.trim();
    if let Some(inner) = wrapped(raw) {
        let names = top_level(inner, Separator::And);
        // Some tools put the whole list between braces; a group's own name has an "and", but no
        // comma on either side of it.
        if names.len() > 1 && names.iter().all(|n| n.contains(',')) {
            return read(inner);
        }
    }
    let mut out = Vec::new();
    for name in top_level(raw, Separator::And) {
        let parts = top_level(name, Separator::Semicolon);
        out.extend(parts.into_iter().filter_map(author));
    }
    out
}

/// Reads one name.
fn author(raw: &str) -> Option<Author> {
    let raw = raw.trim();
    if let Some(inner) = wrapped(raw) {
        let name = clean_line(&latex::text(inner));
        return (!name.is_empty()).then(|| Author::group(name));
    }
    if raw.contains('=') && raw.split(',').all(|p| p.contains('=')) {
        return extended(raw);
    }
    if let Some((given, family)) = braced_family(raw) {
        return Some(Author::person(clean_line(&latex::text(family)), clean_line(&latex::text(given))));
    }
    let text = latex::text(raw);
    if let [family, suffix, given] = text.split(',').map(clean_line).collect::<Vec<_>>().as_slice()
        && names::is_suffix(suffix)
        && names::is_suffix(given)
    {
        // BibTeX has the suffix in the middle, others have it last: "Example, Jr, IV" has the initials I and V.
        return Some(Author { suffix: Some(suffix.clone()), ..Author::person(family, given) });
    }
    names::author(&text, names::Order::GivenFirst)
}

/// Reads BibLaTeX's form `family=Example, given=Maria, prefix=van` (manual, section 3.4).
fn extended(raw: &str) -> Option<Author> {
    let part = |key: &str| {
        raw.split(',').filter_map(|p| p.split_once('=')).find(|(k, _)| k.trim() == key).and_then(|(_, v)| {
            let value = clean_line(latex::text(v).trim_matches('"'));
            (!value.is_empty()).then_some(value)
        })
    };
    let family = match (part("prefix"), part("family")) {
        (Some(prefix), Some(family)) => format!("{prefix} {family}"),
        (_, family) => family?,
    };
    Some(Author { suffix: part("suffix"), ..Author::person(family, part("given").unwrap_or_default()) })
}

/// Returns what one pair of braces around the whole text holds; braces that only carry an accent
/// are none.
fn wrapped(raw: &str) -> Option<&str> {
    let inner = raw.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0_usize;
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (depth == 0 && !inner.trim_start().starts_with('\\')).then_some(inner)
}

/// Returns given and family name where braces hold several family names together
/// ("Maria {Example Model}").
fn braced_family(raw: &str) -> Option<(&str, &str)> {
    let at = raw.find('{')?;
    let (given, family) = raw.split_at_checked(at)?;
    let inner = wrapped(family)?;
    let is_name = given.ends_with(char::is_whitespace) && !given.contains(',') && inner.trim().contains(' ');
    is_name.then_some((given, inner))
}

/// What parts names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    And,
    Semicolon,
}

/// Splits a text at a separator outside braces.
fn top_level(raw: &str, separator: Separator) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in raw.char_indices() {
        let rest = raw.get(at..).unwrap_or_default();
        let width = match c {
            '{' => {
                depth += 1;
                0
            }
            '}' => {
                depth = depth.saturating_sub(1);
                0
            }
            _ if depth > 0 || at < start => 0,
            ';' if separator == Separator::Semicolon => 1,
            _ if separator == Separator::And && c.is_whitespace() => and_width(rest),
            _ => 0,
        };
        if width > 0 {
            out.extend(raw.get(start..at));
            start = at + width;
        }
    }
    out.extend(raw.get(start..));
    out.retain(|p| !p.trim().is_empty());
    out
}

/// Returns how many bytes " and" takes at the beginning of a text; 0 when it is not there. The space
/// behind it stays, so that it can begin the next one.
fn and_width(rest: &str) -> usize {
    let word = rest.trim_start();
    let Some(after) = word.strip_prefix("and").or_else(|| word.strip_prefix("AND")) else { return 0 };
    if after.starts_with(char::is_whitespace) || after.is_empty() { rest.len() - after.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str) -> String {
        let one = |a: &Author| match (&a.collective, &a.family, &a.given) {
            (Some(group), _, _) => format!("[{group}]"),
            (_, family, given) => {
                let part = |p: &Option<String>| p.clone().unwrap_or_default();
                let suffix = a.suffix.as_ref().map(|s| format!("|{s}")).unwrap_or_default();
                format!("{}|{}{suffix}", part(family), part(given))
            }
        };
        read(raw).iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn names_are_parted_as_bibtex_does() {
        for (raw, want, note) in [
            ("Example, Maria and Model, Ana", "Example|Maria; Model|Ana", "family first"),
            ("Maria Luz Example and Ana Model", "Example|Maria Luz; Model|Ana", "given first"),
            ("Example, Maria and others", "Example|Maria", "and others"),
            ("{World Health Organization}", "[World Health Organization]", "a group"),
            (
                "{Ministry of Health and Welfare} and Model, A.",
                "[Ministry of Health and Welfare]; Model|A.",
                "and in a group",
            ),
            ("{{The Example Group}}", "[The Example Group]", "two pairs of braces"),
            ("{Example, Maria and Model, Ana}", "Example|Maria; Model|Ana", "a list between braces"),
            ("{\\'E}mile Example", "Example|Émile", "braces that carry an accent"),
            ("Garc{\\'\\i}a, Mar{\\'{\\i}}a", "García|María", "accents"),
            ("van der Example, Jan", "van der Example|Jan", "a particle"),
            ("Jan van der Example", "van der Example|Jan", "a particle inside"),
            ("Example, Jr., Maria", "Example|Maria|Jr.", "a suffix"),
            ("Maria {Example Model}", "Example Model|Maria", "two family names"),
            ("family=Example, given=Maria, prefix=van, suffix=III", "van Example|Maria|III", "BibLaTeX's long form"),
            ("Example, M.; Model, A.", "Example|M.; Model|A.", "semicolons, where a tool did not know better"),
            ("Example, Maria\n  and\n  Model, Ana", "Example|Maria; Model|Ana", "line ends"),
            ("Anderson, Sandy and Brandon, Randy", "Anderson|Sandy; Brandon|Randy", "names that hold an and"),
            ("Example, Maria AND Model, Ana", "Example|Maria; Model|Ana", "capitals"),
            ("", "", "nothing"),
            ("{}", "", "nothing between braces"),
        ] {
            assert_eq!(shown(raw), want, "{raw}: {note}");
        }
    }
}
