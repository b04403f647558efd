//! Tags in the form that PubMed writes nearly all of them in, and parts made of such tags alone.
//!
//! Whatever has another form is not taken here, and is left to the reader and its full checks.

/// An attribute's name, its value between the quotes, and what follows.
pub type AttributeParts<'a> = (&'a str, &'a str, &'a str);

/// Tells whether a tag has no attribute, or one or two different ones in the usual form: nothing
/// more need be checked then.
pub fn has_plain_form(attributes: &str) -> bool {
    let Some((first, _, rest)) = plain_attribute(attributes) else { return attributes.is_empty() };
    match plain_attribute(rest) {
        Some((second, _, rest)) => rest.is_empty() && first != second,
        None => rest.is_empty(),
    }
}

/// Parts a first attribute in the usual form ` Name="value"` off, where the value has no reference.
pub fn plain_attribute(text: &str) -> Option<AttributeParts<'_>> {
    let inside = text.strip_prefix(' ')?;
    let equals = inside.bytes().position(|b| !b.is_ascii_alphabetic()).filter(|at| *at > 0)?;
    let (name, rest) = inside.split_at_checked(equals)?;
    let value_on = rest.strip_prefix("=\"")?;
    let end = value_on.bytes().position(|b| matches!(b, b'"' | b'<' | b'&'))?;
    let (value, rest) = value_on.split_at_checked(end)?;
    Some((name, value, rest.strip_prefix('"')?))
}

/// Returns the text up to the next tag or reference. Where none follows it is empty: what an open
/// end means is for the reader to say.
pub fn text_until_markup(rest: &str) -> &str {
    let end = memchr::memchr2(b'<', b'&', rest.as_bytes());
    end.and_then(|end| rest.get(..end)).unwrap_or_default()
}

/// The references that need no look at what they stand for.
const PLAIN_REFERENCES: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];

/// Returns how long the inside of an element is whose start tag has just been read, when nothing but
/// text, the five references of XML and usual tags stand in it, at most `depth_max` inside each other.
pub fn plain_inside(text: &str, depth_max: usize) -> Option<usize> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    loop {
        let at = memchr::memchr2(b'<', b'&', rest.as_bytes())?;
        rest = rest.get(at..)?;
        if rest.starts_with('&') {
            rest = PLAIN_REFERENCES.iter().find_map(|reference| rest.strip_prefix(reference))?;
        } else if let Some(behind) = rest.strip_prefix("</") {
            let Some(name) = open.pop() else { return Some(text.len() - rest.len()) };
            rest = behind.strip_prefix(name)?.strip_prefix('>')?;
        } else {
            let inside = rest.get(1..)?;
            let (name, behind) = inside.split_at_checked(inside.bytes().position(|b| !b.is_ascii_alphabetic())?)?;
            let (attributes, behind) = behind.split_at_checked(memchr::memchr(b'>', behind.as_bytes())?)?;
            rest = behind.get(1..)?;
            let is_empty = attributes.ends_with('/');
            if name.is_empty() || !has_plain_form(attributes.strip_suffix('/').unwrap_or(attributes)) {
                return None;
            }
            if !is_empty {
                open.push(name);
            }
            if open.len() + usize::from(is_empty) > depth_max {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_usual_is_stepped_over() {
        for (id, text, want) in [
            ("empty", "</a>", true),
            ("nested", "x<b c=\"1\" d=\"2\"/> &amp;<b>y<e></e></b></a>z", true),
            ("greater-than in a value", "<b c=\">\"/></a>", false),
            ("crossed", "<b></c></a>", false),
            ("open", "<b>x", false),
            ("unknown reference", "&nbsp;</a>", false),
            ("number", "&#233;</a>", false),
            ("comment", "<!-- x --></a>", false),
            ("twice", "<b c=\"1\" c=\"2\"/></a>", false),
            ("other quotes", "<b c='1'/></a>", false),
            ("reference in a value", "<b c=\"&amp;\"/></a>", false),
            ("a space in the end tag", "<b></b ></a>", false),
            ("too deep", "<b><b><b></b></b></b></a>", false),
        ] {
            assert_eq!(plain_inside(text, 2), text.find("</a>").filter(|_| want), "{id}");
        }
    }
}
