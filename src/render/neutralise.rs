//! Makes feed text inert for mailing tools while it reads the same.
//!
//! Mailchimp, listmonk and others run what stands between `*|…|*`, `{{…}}`, `{%…%}`, `[[…]]` or
//! `%%…%%`, and listmonk rewrites an address followed by `@TrackLink`. A title from a feed may hold
//! any of these. Sendy runs `[unsubscribe]` and its like. Templates cannot forget the guard, because the one formatter of
//! [`super::templates`] calls this module for every value, and [`live_code`] looks at each finished
//! document once more.
//!
//! In HTML the dangerous characters become character references. The style inliner would decode
//! references again, so they are first *held* as private-use characters and written out by
//! [`finish_html`] after inlining. In plain text, where references do not work, an invisible word
//! joiner (U+2060) parts the two characters. In addresses they are percent-encoded, in JSON
//! written as `\uXXXX`. Characters that nobody sees and no script needs are left out of HTML and
//! text: a tag could be hidden in them, or be put together by a program that drops them.
//!
//! ```
//! use roundup::render::neutralise;
//! let held = neutralise::html("Hope *|IF:X|* <b>");
//! assert_eq!(neutralise::finish_html(&held), "Hope &#42;&#124;IF:X&#124;&#42; &lt;b&gt;");
//! ```

/// What no value may bring into a document: two characters that some tool reads as its own code.
const PAIRS: [(char, char); 14] = [
    ('*', '|'),
    ('|', '*'),
    ('{', '{'),
    ('}', '}'),
    ('{', '%'),
    ('%', '}'),
    ('{', '#'),
    ('#', '}'),
    ('{', '$'),
    ('$', '{'),
    ('[', '['),
    (']', ']'),
    ('%', '%'),
    ('<', '%'),
];

/// The word of listmonk that rewrites the address before it; case is ignored here to be safe.
const TRACK_WORD: &str = "tracklink";

/// Words that make a tag of the bracket before them (Sendy, Campaign Monitor); case is ignored.
const BRACKET_WORDS: [&str; 7] =
    ["unsubscribe", "webversion", "email", "name", "fullname", "preferences", "currentday"];

/// How many of these no document of ours holds in any other sense: the others may stand in styles.
const BRACKET_WORDS_NEVER: usize = 2;

/// What a finished document must not hold unless the template's own `tag()` put it there.
const LIVE: [&str; 8] = ["*|", "|*", "{{", "{%", "[[", "%%", "{$", "<%"];

/// First of the private-use characters that hold an ASCII character until the end (plane 15).
const HOLD_BASE: u32 = 0xF_0000;

/// First of the private-use characters that hold a tag of the mailing tool.
const TAG_BASE: u32 = 0xF_0100;

/// One past the last private-use character with a meaning here.
const HELD_END: u32 = 0xF_0200;

/// Longest address that is passed on, in bytes; longer ones break in mail programs.
const ADDRESS_BYTES_MAX: usize = 2000;

/// The invisible word joiner.
const JOINER: char = '\u{2060}';

/// Returns whether a character is one of ours and must not come from outside.
pub(super) fn is_held(c: char) -> bool {
    (HOLD_BASE..HELD_END).contains(&u32::from(c))
}

/// Returns the character that stands for the tag with this number (0–255) until the end.
pub fn tag_mark(number: u8) -> char {
    char::from_u32(TAG_BASE + u32::from(number)).unwrap_or(JOINER)
}

/// Returns the number of the tag that a character stands for.
pub fn tag_number(c: char) -> Option<u8> {
    u32::from(c).checked_sub(TAG_BASE).and_then(|n| u8::try_from(n).ok())
}

/// Tells whether a character is seen by nobody and needed by no script: soft hyphens, tag characters,
/// marks for mathematics and annotations, our own word joiner. Joiners of scripts, variation selectors
/// and the zero-width space, which lets long words break, stay.
fn is_idle(c: char) -> bool {
    matches!(u32::from(c),
        0xad | 0x180e | 0x2028 | 0x2029 | 0x2060..=0x2064 | 0x206a..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe007f)
}

/// Returns the characters of a text that people see, and for each whether it is part of live code.
fn shown(text: &str) -> Vec<(char, bool)> {
    marked(text.chars().filter(|c| !is_idle(*c)))
}

/// Returns characters without ours, and for each whether it is part of live code.
fn marked(chars: impl Iterator<Item = char>) -> Vec<(char, bool)> {
    let chars: Vec<char> = chars.filter(|c| !is_held(*c)).collect();
    let mut live = vec![false; chars.len()];
    for (at, pair) in chars.windows(2).enumerate() {
        if let [a, b] = pair
            && PAIRS.contains(&(*a, *b))
        {
            live.iter_mut().skip(at).take(2).for_each(|mark| *mark = true);
        }
    }
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '@') {
        if starts_with_track_word(chars.iter().skip(at + 1).copied()) {
            live.iter_mut().skip(at).take(1).for_each(|mark| *mark = true);
        }
    }
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| matches!(c, '[' | '<')) {
        if BRACKET_WORDS.iter().any(|word| begins_with(chars.iter().skip(at + 1).copied(), word)) {
            live.iter_mut().skip(at).take(1).for_each(|mark| *mark = true);
        }
    }
    chars.into_iter().zip(live).collect()
}

/// Tells whether characters begin with the tracking word, in any case.
fn starts_with_track_word(chars: impl Iterator<Item = char>) -> bool {
    begins_with(chars, TRACK_WORD)
}

/// Tells whether characters begin with an ASCII word, in any case, as its first letters.
fn begins_with(chars: impl Iterator<Item = char>, word: &str) -> bool {
    chars.take(word.len()).map(|c| c.to_ascii_lowercase()).eq(word.chars())
}

/// Tells whether every character of a text may stand anywhere as it is: none is part of a tag, alone or beside another,
/// none is held or idle. `more` names what else the target cannot take. Most texts are so, and are done with one look.
fn is_inert(text: &str, more: &[char]) -> bool {
    text.chars().all(|c| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => true,
        '*' | '|' | '{' | '}' | '[' | ']' | '%' | '#' | '$' | '<' | '@' => false,
        c if c.is_ascii() => !more.contains(&c),
        c => !is_idle(c) && !is_held(c),
    })
}

/// Returns text escaped for HTML text and quoted attribute values, dangerous characters held.
///
/// `* | { } < >` are always held, and `[ ] % @ # $` also at either end of the value: what stands next to
/// it in the template must not complete a tag. Pass the whole document through [`finish_html`].
pub fn html(text: &str) -> String {
    if is_inert(text, &['&', '>', '"', '\'']) {
        return text.to_owned();
    }
    let chars = shown(text);
    let last = chars.len().saturating_sub(1);
    let mut out = String::with_capacity(text.len() + 16);
    for (at, (c, is_live)) in chars.into_iter().enumerate() {
        let is_edge = at == 0 || at == last;
        let is_risky =
            matches!(c, '*' | '|' | '{' | '}') || (is_edge && matches!(c, '[' | ']' | '%' | '@' | '#' | '$'));
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The style inliner writes them bare into attributes, where some programs look for elements.
            c if is_live || is_risky || matches!(c, '<' | '>') => {
                out.push(char::from_u32(HOLD_BASE + u32::from(c)).unwrap_or(JOINER));
            }
            c => out.push(c),
        }
    }
    out
}

/// Returns a document with the held characters as character references; tags stay held.
pub fn finish_html(document: &str) -> String {
    let mut out = String::with_capacity(document.len() + 64);
    for c in document.chars() {
        match u32::from(c).checked_sub(HOLD_BASE).filter(|n| *n < TAG_BASE - HOLD_BASE) {
            Some(60) => out.push_str("&lt;"),
            Some(62) => out.push_str("&gt;"),
            Some(ascii) => out.push_str(&format!("&#{ascii};")),
            None => out.push(c),
        }
    }
    out
}

/// Returns text for the plain-text part and for mail headers: an invisible joiner parts what
/// would be live, also at either end, where a neighbour could complete it. Doing it twice changes nothing.
pub fn text(text: &str) -> String {
    if is_inert(text, &[]) {
        return text.to_owned();
    }
    let chars = shown(text);
    let is_half = |c: &(char, bool)| matches!(c.0, '*' | '|' | '{' | '}');
    let ends = (chars.first().is_some_and(is_half), chars.last().is_some_and(is_half));
    let mut out = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    if ends.0 {
        out.push(JOINER);
    }
    for (c, is_live) in chars {
        if before.is_some_and(|b| PAIRS.contains(&(b, c))) {
            out.push(JOINER);
        }
        out.push(c);
        before = Some(c);
        if is_live && matches!(c, '@' | '[' | '<') {
            out.push(JOINER);
            before = Some(JOINER);
        }
    }
    if ends.1 {
        out.push(JOINER);
    }
    out
}

/// Returns text for a field that a mailing tool may show right behind another one: as [`text`], and no
/// half of a tag stands at its start.
pub fn text_behind(text: &str) -> String {
    let inert = self::text(text);
    let is_half = inert.chars().next().is_some_and(|first| PAIRS.iter().any(|(_, second)| *second == first));
    if is_half { format!("{JOINER}{inert}") } else { inert }
}

/// Returns JSON text in which no string holds live code or anything that ends a `<script>`.
///
/// Only strings are changed, by `\uXXXX`, so that the data stays the same. `document` is JSON, whole.
pub fn json(document: &str) -> String {
    let mut out = String::with_capacity(document.len() + 64);
    let mut rest = document;
    // Outside strings a document is made of signs of its own; a quotation mark is part of no tag, so that each string
    // can be looked at by itself.
    while let Some((before, from)) = rest.split_once('"') {
        let (string, behind) = string_of(from);
        out.push_str(before);
        out.push('"');
        if is_inert(string, &['>', '&']) {
            out.push_str(string);
        } else {
            json_string(string, &mut out);
        }
        out.push('"');
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Returns what stands in a JSON string, from behind its opening quotation mark on, and what follows its closing one.
fn string_of(from: &str) -> (&str, &str) {
    let mut is_escaped = false;
    let end = from.find(|c: char| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    end.and_then(|at| Some((from.get(..at)?, from.get(at + 1..)?))).unwrap_or((from, ""))
}

/// Writes what stands in a JSON string so that nothing in it is live.
fn json_string(string: &str, out: &mut String) {
    let mut is_escaped = false;
    for (c, is_live) in marked(string.chars()) {
        let is_risky = matches!(c, '<' | '>' | '&' | '*' | '|') || is_live;
        if is_risky && !is_escaped && c.is_ascii() {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
            continue;
        }
        if is_idle(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            continue;
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
}

/// Returns the first piece of live code in a document, or `None` when it is clean.
pub fn live_code(document: &str) -> Option<&'static str> {
    if let Some(found) = LIVE.into_iter().find(|code| document.contains(code)) {
        return Some(found);
    }
    let mut after_at = document.split('@').skip(1);
    if after_at.any(|rest| starts_with_track_word(rest.chars())) {
        return Some("@TrackLink");
    }
    let is_tag = |rest: &str| BRACKET_WORDS.iter().take(BRACKET_WORDS_NEVER).any(|w| begins_with(rest.chars(), w));
    document.split('[').skip(1).any(is_tag).then_some("[unsubscribe")
}

/// Returns an address that may stand in a link, or `None` when it must not.
///
/// Only `http`, `https` and `mailto` pass; an address with a user name before the host, without a
/// host, with a control character, or over 2000 bytes does not. Live characters, white space and
/// all beyond ASCII are percent-encoded, and a stray `%` becomes `%25`.
pub fn address(url: &str) -> Option<String> {
    let url = url.trim();
    if url.len() > ADDRESS_BYTES_MAX || url.chars().any(|c| c.is_control() || is_held(c)) {
        return None;
    }
    let (scheme, rest) = url.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "mailto" => mail_box(rest).then(|| format!("mailto:{}", encoded(rest))),
        "http" | "https" => {
            let rest = rest.strip_prefix("//")?;
            let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
            let is_host =
                !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_'));
            let tail = rest.strip_prefix(host)?;
            is_host.then(|| format!("{scheme}://{host}{}", encoded(tail)))
        }
        _ => None,
    }
}

/// Tells whether a text begins with a plain mail box (`name@host`), perhaps with `?subject=…`.
fn mail_box(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
    };
    let box_part = text.split('?').next().unwrap_or_default();
    box_part.split_once('@').is_some_and(|(name, host)| plain(name) && plain(host) && host.contains('.'))
}

/// Returns the tail of an address percent-encoded where it must be.
fn encoded(tail: &str) -> String {
    let mut out = String::with_capacity(tail.len());
    let bytes = tail.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let is_hex = |n: usize| bytes.get(at + n).is_some_and(u8::is_ascii_hexdigit);
        let is_plain = match byte {
            b'%' => is_hex(1) && is_hex(2),
            b'@' => !starts_with_track_word(bytes.iter().skip(at + 1).map(|b| char::from(*b))),
            b'*' | b'|' | b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'"' | b'\'' | b'\\' | b'^' | b'`' => false,
            byte => byte.is_ascii_graphic(),
        };
        if is_plain {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Titles as a hostile or careless feed may write them: id, text, note why.
    const HOSTILE: [(&str, &str, &str); 28] = [
        ("mc-if", "Hope *|IF:X|* gone *|END:IF|*", "Mailchimp: hides what stands between"),
        ("mc-unsub", "*|UNSUB|*", "Mailchimp: a second unsubscribe link"),
        ("mc-edges", "|* and *|", "halves that a neighbour could complete"),
        ("mc-nested", "**||**", "pairs after one is broken"),
        ("mc-lone", "5*|", "half a tag at the end"),
        ("go", "{{ env \"HOME\" }}", "listmonk: Go template"),
        ("go-many", "{{{{ x }}}}", "more braces than a pair"),
        ("go-split", "{ { x } }", "harmless: stays as it reads"),
        ("jinja", "{% include \"x\" %}", "Jinja block"),
        ("jinja-note", "{# gone #}", "Jinja comment"),
        ("lite", "{$unsubscribe}", "MailerLite"),
        ("shell", "${HOME}", "template literal"),
        ("sendy", "[[unsubscribe]]", "double brackets"),
        ("pubmed", "[Salud mental perinatal].", "a translated title: one bracket stays readable"),
        ("exact", "%%unsub%%", "ExactTarget"),
        ("percent", "100%% of 58%", "doubled percent sign"),
        ("percent-edge", "58%", "a percent sign at the end"),
        ("track", "https://example.org/a@TrackLink", "listmonk rewrites it"),
        ("track-case", "x@tracklink", "in any case"),
        ("asp", "<% x %>", "and markup beside it"),
        ("markup", "<script>alert('1')</script> & \"q\"", "markup is text"),
        ("sendy-unsub", "[unsubscribe] and [Webversion]", "Sendy: single brackets"),
        ("sendy-markup", "<unsubscribe>x</unsubscribe>", "Sendy: its own elements"),
        ("sendy-name", "[Name,fallback=you]", "Sendy: whoever reads it"),
        ("edges", "|x*", "halves at the ends"),
        ("braces", "{x}", "single braces at the ends"),
        ("script", "می\u{200c}خواهم", "a joiner that a script needs stays"),
        ("smuggled", "*\u{f0000}| *\u{f007c} \u{f0100}", "our own private characters from outside"),
    ];

    /// Reads HTML text as a browser would.
    fn read(html: &str) -> String {
        let fragment = scraper::Html::parse_fragment(&format!("<p>{html}</p>"));
        fragment.root_element().text().collect()
    }

    fn without_ours(text: &str) -> String {
        text.chars().filter(|c| !is_held(*c)).collect()
    }

    #[test]
    fn hostile_text_is_inert_in_html_and_reads_the_same() {
        for (id, hostile, note) in HOSTILE {
            for document in [html(hostile), format!("*{}|", html(hostile)), html(hostile).repeat(2)] {
                assert_eq!(live_code(&document), None, "{id}: {note}");
                assert_eq!(live_code(&finish_html(&document)), None, "{id}: {note}");
            }
            assert_eq!(read(&finish_html(&html(hostile))), without_ours(hostile), "{id}: {note}");
        }
    }

    #[test]
    fn hostile_text_is_inert_in_attributes() {
        for (id, hostile, note) in HOSTILE {
            let tag = format!("<p aria-label=\"{}\">x</p>", finish_html(&html(hostile)));
            assert_eq!(live_code(&tag), None, "{id}: {note}");
            let parsed = scraper::Html::parse_fragment(&tag);
            let selector = scraper::Selector::parse("p").unwrap();
            let label = parsed.select(&selector).next().and_then(|p| p.attr("aria-label")).map(str::to_owned);
            assert_eq!(label, Some(without_ours(hostile)), "{id}: {note}");
        }
    }

    #[test]
    fn hostile_text_is_inert_in_plain_text_and_doing_it_twice_changes_nothing() {
        for (id, hostile, note) in HOSTILE {
            let once = text(hostile);
            assert_eq!(live_code(&once), None, "{id}: {note}");
            assert_eq!(text(&once), once, "{id}: {note}");
            assert_eq!(once.replace(JOINER, ""), without_ours(hostile), "{id}: {note}");
        }
    }

    #[test]
    fn hostile_text_is_inert_in_json_and_the_data_stay_the_same() {
        for (id, hostile, note) in HOSTILE {
            let hostile = without_ours(hostile);
            let value = serde_json::json!({ "a": [[hostile]], "b\\\"c": { "d": { "e": hostile } } });
            let compact = json(&value.to_string());
            assert_eq!(serde_json::from_str::<serde_json::Value>(&compact).unwrap(), value, "{id}: {note}");
            assert!(!compact.contains('<'), "{id}: {note}");
            let line = json(&serde_json::Value::String(hostile).to_string());
            assert_eq!(live_code(&line), None, "{id}: {note}: {line}");
        }
    }

    #[test]
    fn what_nobody_sees_is_left_out_of_html_and_text_and_kept_in_data() {
        for (id, hostile, shown) in [
            ("soft-hyphen", "*\u{ad}|X|\u{ad}*", "*|X|*"),
            ("tag-characters", "a\u{e0041}\u{e007f}b", "ab"),
            ("line-separators", "a\u{2028}b\u{2029}c", "abc"),
            ("joiner", "{\u{2060}{x}\u{2060}}", "{{x}}"),
            ("annotation", "[\u{fff9}unsubscribe]", "[unsubscribe]"),
            ("no-break", "%\u{feff}%", "%%"),
        ] {
            assert_eq!(live_code(&html(hostile)), None, "{id}");
            assert_eq!(read(&finish_html(&html(hostile))), shown, "{id}");
            assert_eq!(live_code(&text(hostile)), None, "{id}");
            assert_eq!(text(hostile).replace(JOINER, ""), shown, "{id}");
            let coded = json(&serde_json::Value::from(hostile).to_string());
            assert!(coded.is_ascii() && live_code(&coded).is_none(), "{id}: {coded}");
            assert_eq!(serde_json::from_str::<String>(&coded).unwrap(), hostile, "{id}");
        }
    }

    #[test]
    fn halves_of_a_tag_in_two_values_stay_halves() {
        for (a, b) in [("x*", "|IF:X|*"), ("*|IF:X|", "*"), ("{", "{x}}"), ("{", "%x%}"), ("{", "$x}"), ("|", "*")] {
            assert_eq!(live_code(&format!("{}{}", text(a), text(b))), None, "{a} {b}");
            assert_eq!(live_code(&format!("{}{}", html(a), html(b))), None, "{a} {b}");
        }
    }

    #[test]
    fn only_plain_addresses_become_links() {
        for (id, url, want) in [
            ("plain", "https://example.org/a?b=c&d=e#f", Some("https://example.org/a?b=c&d=e#f")),
            ("mc", "https://example.org/*|UNSUB|*", Some("https://example.org/%2A%7CUNSUB%7C%2A")),
            ("go", "https://example.org/{{ x }}", Some("https://example.org/%7B%7B%20x%20%7D%7D")),
            ("percent", "https://example.org/a%2Fb%%x%", Some("https://example.org/a%2Fb%25%25x%25")),
            ("track", "https://example.org/a@TrackLink", Some("https://example.org/a%40TrackLink")),
            ("at", "https://example.org/@name", Some("https://example.org/@name")),
            ("brackets", "http://example.org/S0(21)[[x]]", Some("http://example.org/S0(21)%5B%5Bx%5D%5D")),
            ("quote", "https://example.org/\"><script>", Some("https://example.org/%22%3E%3Cscript%3E")),
            ("arabic", "https://example.org/أم", Some("https://example.org/%D8%A3%D9%85")),
            ("case", "HTTPS://example.org/", Some("https://example.org/")),
            ("mail", "mailto:desk@example.org?subject=a", Some("mailto:desk@example.org?subject=a")),
            ("mail-odd", "mailto:*|EMAIL|*", None),
            ("script", "javascript:alert(1)", None),
            ("script-case", " JaVaScRiPt:alert(1)", None),
            ("data", "data:text/html,x", None),
            ("file", "file:///etc/passwd", None),
            ("relative", "/a/b", None),
            ("userinfo", "https://example.org@evil.example/", None),
            ("host-code", "https://*|X|*/", None),
            ("no-host", "https:///a", None),
            ("newline", "https://example.org/a\nb", None),
            ("empty", "", None),
        ] {
            assert_eq!(address(url).as_deref(), want, "{id}");
        }
        assert_eq!(address(&format!("https://example.org/{}", "a".repeat(3000))), None, "too long");
    }

    #[test]
    fn live_code_is_seen() {
        for code in ["*|A|*", "{{x}}", "{%x", "[[x]]", "%%x%%", "a@TrackLink", "{$x}", "[Unsubscribe]", "[webversion]"]
        {
            assert!(live_code(code).is_some(), "{code}");
        }
        assert_eq!(
            live_code("<!--[if mso]><style>@media print{a{b:c}}</style><![endif]--> 58% [a] a|b a[name=x]"),
            None
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn no_mix_of_special_characters_gets_through(hostile in "[*|{}\\[\\]%@#$<> &\"'a]{1,12}(TrackLink|tracklink)?[*|{}%@]{0,4}") {
            let held = html(&hostile);
            for document in [held.clone(), format!("{{{held}%"), format!("*{held}|"), format!("[{held}]"), held.repeat(2)] {
                proptest::prop_assert_eq!(live_code(&document), None);
            }
            proptest::prop_assert_eq!(live_code(&finish_html(&held)), None);
            let plain = text(&hostile);
            proptest::prop_assert_eq!(live_code(&plain), None);
            proptest::prop_assert_eq!(text(&plain), plain.clone());
            proptest::prop_assert_eq!(plain.replace(JOINER, ""), hostile.clone());
            let link = address(&format!("https://example.org/{hostile}"));
            proptest::prop_assert_eq!(link.as_deref().and_then(live_code), None);
        }
    }
}
