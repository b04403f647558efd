//! What exports leave behind in texts: tags, entities, signs for lost letters.

/// What stands where an export lost a letter.
pub(super) const LOST: [char; 2] = ['?', '\u{fffd}'];

/// Returns text without the question marks that stand within a word where an export lost a letter
/// ("pedi?trica").
pub(super) fn mended(text: &str) -> String {
    if !text.contains(LOST) {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let is_lower = |at: Option<usize>| at.and_then(|i| chars.get(i)).is_some_and(|c| c.is_lowercase());
    let is_lost =
        |i: usize, c: char| c == '\u{fffd}' || (c == '?' && is_lower(i.checked_sub(1)) && is_lower(Some(i + 1)));
    chars.iter().enumerate().filter(|(i, c)| !is_lost(*i, **c)).map(|(_, c)| *c).collect()
}

/// Returns text without tags and with the entities decoded that exports leave behind.
///
/// A `<` counts as a tag only when a letter or `/` follows and `>` comes soon: "p<0.05" stays.
pub(super) fn strip_markup(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (text, used) = if from.starts_with('<') { tag(from) } else { entity(from) };
        out.push_str(&text);
        rest = from.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Returns what stands for the tag at the start of `from`, and how many bytes it takes.
fn tag(from: &str) -> (String, usize) {
    let opens = from.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
    match from.find('>').filter(|end| opens && *end < 40) {
        Some(end) => (String::new(), end + 1),
        None => ("<".to_owned(), 1),
    }
}

/// Returns what stands for the entity at the start of `from`, and how many bytes it takes.
fn entity(from: &str) -> (String, usize) {
    let as_it_is = ("&".to_owned(), 1);
    let Some(end) = from.find(';').filter(|end| *end < 12) else { return as_it_is };
    let name = from.get(1..end).unwrap_or_default();
    let decoded = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some(' '),
        "ndash" | "mdash" => Some('-'),
        "apos" | "lsquo" | "rsquo" => Some('\''),
        _ => name.strip_prefix('#').and_then(|n| {
            let code = match n.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => n.parse(),
            };
            code.ok().and_then(char::from_u32)
        }),
    };
    decoded.map_or(as_it_is, |c| (c.to_string(), end + 1))
}
