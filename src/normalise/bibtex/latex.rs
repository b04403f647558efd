//! LaTeX in field values to plain text: accents, symbols, commands, simple formulas.
//!
//! Accents and named signs are the `biblatex` crate's. It is given one value at a time, made ready
//! so that it meets only forms it reads well; formatting commands and formulas, which it hands
//! back as they stand, are read here.

use biblatex::{Bibliography, ChunksExt, Pair, RawBibliography, RawChunk, RawEntry, Spanned};

/// The most bytes of a value that are read as LaTeX; the crate is quadratic in bad cases, and what
/// is longer loses its braces and backslashes only.
const LATEX_BYTES_MAX: usize = 256 << 10;

/// The most groups, commands and formulas of a value that are read as LaTeX, for the same reason.
const LATEX_SIGNS_MAX: usize = 4_000;

/// The deepest nesting that is read: the crate calls itself for each command in a command.
const LATEX_DEPTH_MAX: usize = 40;

/// Stands for a dollar sign that is money, while dollar signs around formulas are still there.
const MONEY: char = '\u{e000}';

/// Stands for a backslash that is text, while those of commands are still there.
const BACKSLASH: char = '\u{e002}';

/// Stands for an empty group that keeps two signs apart (`-{}-`), which would else make a third.
const APART: char = '\u{e001}';

/// Accents that are signs, as they stand behind the backslash.
const SIGN_ACCENTS: &[char] = &['\'', '`', '^', '"', '~', '=', '.', '´'];

/// Accents that are letters.
const LETTER_ACCENTS: &[&str] = &["b", "c", "d", "H", "k", "r", "t", "u", "v"];

/// Commands whose argument is no text for readers.
const SILENT: &[&str] = &["cite", "footnote", "hspace", "href", "label", "ref", "vspace", "color", "textcolor"];

/// Commands for signs that the crate does not know.
const SIGNS: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "µ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "φ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Sigma", "Σ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("approx", "≈"),
    ("cdot", "·"),
    ("circ", "°"),
    ("degree", "°"),
    ("div", "÷"),
    ("equiv", "≡"),
    ("euro", "€"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("geqslant", "≥"),
    ("gt", ">"),
    ("infty", "∞"),
    ("ldots", "…"),
    ("le", "≤"),
    ("leq", "≤"),
    ("leqslant", "≤"),
    ("lt", "<"),
    ("ne", "≠"),
    ("neq", "≠"),
    ("onehalf", "½"),
    ("onequarter", "¼"),
    ("pm", "±"),
    ("prime", "′"),
    ("rightarrow", "→"),
    ("leftarrow", "←"),
    ("sim", "~"),
    ("sqrt", "√"),
    ("sterling", "£"),
    ("times", "×"),
    ("quad", " "),
    ("qquad", " "),
    ("space", " "),
    ("par", " "),
    ("newline", " "),
    ("nbsp", " "),
    ("hyphen", "-"),
    ("asciimacron", "¯"),
    ("asciicircum", "^"),
    ("asciitilde", "~"),
    ("braceleft", "{"),
    ("braceright", "}"),
    ("asciidieresis", "¨"),
    ("onesuperior", "¹"),
    ("twosuperior", "²"),
    ("threesuperior", "³"),
];

/// Returns the plain text of a value, in one line, not yet cleaned of double spaces.
///
/// Nothing is lost: what cannot be read as LaTeX keeps its words and loses braces and backslashes.
pub fn text(raw: &str) -> String {
    let signs = raw.bytes().filter(|b| matches!(b, b'{' | b'}' | b'\\' | b'$')).count();
    if signs == 0 && !raw.contains(['~', '`', '\'', '-']) {
        return raw.to_owned();
    }
    if raw.len() > LATEX_BYTES_MAX || signs > LATEX_SIGNS_MAX || depth(raw) > LATEX_DEPTH_MAX {
        return bare(raw);
    }
    let apart =
        ['-', '\'', '`'].iter().fold(raw.to_owned(), |t, c| t.replace(&format!("{{}}{c}"), &format!("{APART}{c}")));
    let ready = prepare(&apart);
    let read = read(&ready).or_else(|| read(&ready.replace('$', &MONEY.to_string())));
    let Some(read) = read else { return bare(raw) };
    finish(&read).replace(MONEY, "$").replace(APART, "").replace(BACKSLASH, "\\")
}

/// Returns an address, DOI or number without the escapes that tools put into it.
pub fn verbatim(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let inner = raw.trim().strip_prefix("\\url").unwrap_or(raw);
    let inner = inner.replace("{\\textasciitilde}", "~").replace("\\textasciitilde", "~").replace("$\\sim$", "~");
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(|next| "_%&#~{}$:\\".contains(*next));
        if !escapes && !matches!(c, '{' | '}') {
            out.push(c);
        } else if escapes {
            out.extend(chars.next());
        }
    }
    out
}

/// Returns the deepest nesting of braces.
fn depth(raw: &str) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    for byte in raw.bytes() {
        match byte {
            b'{' => now += 1,
            b'}' => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

/// Returns the words of a value that cannot be read as LaTeX.
fn bare(raw: &str) -> String {
    raw.chars().filter(|c| !matches!(c, '{' | '}' | '\\')).collect()
}

/// Reads one value with the crate; `None` when it finds it malformed.
fn read(ready: &str) -> Option<String> {
    let value = vec![Spanned::zero(RawChunk::Normal(ready))];
    let fields = vec![Pair::new(Spanned::zero("title"), Spanned::zero(value))];
    let entry = RawEntry { key: Spanned::zero("k"), kind: Spanned::zero("misc"), fields };
    let whole =
        RawBibliography { preamble: String::new(), entries: vec![Spanned::zero(entry)], abbreviations: Vec::new() };
    let read = Bibliography::from_raw(whole).ok()?;
    Some(read.get("k")?.get("title")?.format_verbatim())
}

/// Brings a value into forms that the crate reads well: `\o{}` and `\o x` become `{\o}`, `\'\i`
/// becomes `\'{i}`, `\c c` becomes `\c{c}`, and escaped dollar signs are put aside.
fn prepare(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + 16);
    let mut rest = raw;
    while let Some(at) = rest.find(['\\', '~', MONEY]) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = if let Some(behind) = tail.strip_prefix('\\') {
            command(behind, &mut out)
        } else {
            out.push(' ');
            tail.trim_start_matches(['~', MONEY])
        };
    }
    out.push_str(rest);
    out
}

/// Writes what stands behind a backslash in the form the crate reads; returns what follows it.
fn command<'a>(behind: &'a str, out: &mut String) -> &'a str {
    let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
    let (name, after) = behind.split_at(end);
    if name.is_empty() {
        return sign_command(behind, out);
    }
    let argument = after.trim_start();
    if name == "textbackslash" {
        out.push(BACKSLASH);
        return after.strip_prefix("{}").unwrap_or(argument);
    }
    if LETTER_ACCENTS.contains(&name)
        && !after.starts_with('{')
        && let Some(letter) = argument.chars().next().filter(|c| c.is_alphabetic())
    {
        out.push_str(&format!("\\{name}{{{letter}}}"));
        return argument.get(letter.len_utf8()..).unwrap_or_default();
    }
    if let Some(after) = after.strip_prefix("{}") {
        out.push_str(&format!("{{\\{name}}}"));
        return after;
    }
    if after.starts_with('{') {
        out.push_str(&format!("\\{name}"));
        return after;
    }
    out.push_str(&format!("{{\\{name}}}"));
    argument
}

/// Writes a command that is one sign: an accent, an escaped sign, or a space of some width.
fn sign_command<'a>(behind: &'a str, out: &mut String) -> &'a str {
    let Some(sign) = behind.chars().next() else { return behind };
    let after = behind.get(sign.len_utf8()..).unwrap_or_default();
    if sign == '$' {
        out.push(MONEY);
        return after;
    }
    if matches!(sign, ',' | ';' | '!' | ' ' | '/' | '@' | '\n' | '|') {
        out.push(' ');
        return after;
    }
    if sign == '\\' {
        out.push(' ');
        return after;
    }
    if !SIGN_ACCENTS.contains(&sign) {
        out.push('\\');
        out.push(sign);
        return after;
    }
    // Over an i or j the dotless form is written; the accent takes the dot's place anyway.
    for (dotless, letter) in [("\\i", "i"), ("\\j", "j"), ("{\\i}", "i"), ("{\\j}", "j"), ("{\\i }", "i")] {
        if let Some(rest) = after.strip_prefix(dotless)
            && (dotless.ends_with('}') || !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            out.push_str(&format!("\\{sign}{{{letter}}}"));
            return rest.strip_prefix("{}").unwrap_or(rest);
        }
    }
    let letter = after.trim_start().chars().next().filter(|c| c.is_alphabetic());
    if let Some(letter) = letter {
        out.push_str(&format!("\\{sign}{{{letter}}}"));
        after.trim_start().get(letter.len_utf8()..).unwrap_or_default()
    } else {
        out.push('\\');
        out.push(sign);
        after
    }
}

/// Reads what the crate hands back as it stands: commands, formulas, quotation marks.
fn finish(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '$']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        if let Some(behind) = tail.strip_prefix('\\') {
            rest = leftover(behind, &mut out);
        } else {
            let behind = tail.get(1..).unwrap_or_default();
            let (inner, after) = behind.split_once('$').unwrap_or((behind, ""));
            formula(inner, &mut out);
            rest = after;
        }
    }
    out.push_str(rest);
    out.replace("``", "“").replace("''", "”")
}

/// Writes what a command that the crate did not know says; returns what follows it.
fn leftover<'a>(behind: &'a str, out: &mut String) -> &'a str {
    let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
    let (name, after) = behind.split_at(end);
    if name.is_empty() {
        return behind;
    }
    let sign = SIGNS.iter().find(|(n, _)| *n == name || name.strip_prefix("text") == Some(*n));
    if let Some((_, sign)) = sign {
        out.push_str(sign);
    }
    let Some(argument) = after.strip_prefix('{') else {
        // The crate puts one space behind a command without argument.
        return after.strip_prefix(' ').unwrap_or(after);
    };
    let (inner, after) = group(argument);
    if !SILENT.contains(&name) {
        out.push_str(&finish(inner));
    }
    after
}

/// Splits a text behind the brace that closes the group it begins in.
fn group(text: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (inner, after) = text.split_at(at);
            return (inner, after.get(1..).unwrap_or_default());
        }
    }
    (text, "")
}

/// Writes a formula as plain text: signs for their commands, raised and lowered parts in line.
///
/// Two sums of money on one line look like a formula between them; words show that they are not.
fn formula(inner: &str, out: &mut String) {
    let is_money = inner.starts_with(|c: char| c.is_ascii_digit())
        && inner.contains(' ')
        && !inner.contains(['\\', '^', '_', '=', '<', '>']);
    if is_money {
        out.push_str(&format!("${inner}$"));
        return;
    }
    let mut rest = inner;
    while let Some(at) = rest.find(['\\', '^', '_', '{', '}']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = tail.get(1..).unwrap_or_default();
        if tail.starts_with('\\') {
            let end =
                rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()).max(usize::from(!rest.is_empty()));
            let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let sign = SIGNS.iter().find(|(n, _)| *n == name).map_or("", |(_, sign)| *sign);
            out.push_str(if name == "%" || name == "&" || name == "#" { name } else { sign });
            rest = after;
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::clean_line;

    #[test]
    fn latex_becomes_plain_text() {
        for (raw, want, note) in [
            ("Plain title", "Plain title", "no LaTeX at all"),
            ("{\\'e}t{\\'{e}}", "été", "accents in braces and around them"),
            ("\\'et\\'e", "été", "bare accents"),
            ("Sm\\\"{o}rg{\\aa}sbord", "Smörgåsbord", "a sign accent and a letter"),
            ("Stra{\\ss}e", "Straße", "a sign in braces"),
            ("S{\\o}rensen, S\\o rensen, S\\o{}rensen", "Sørensen, Sørensen, Sørensen", "three ways to end a command"),
            ("Garc\\'\\ia, Mar{\\'\\i}a, Mar\\'{\\i}a", "Garc\\ia, María, María", "over the dotless i"),
            ("\\c{c}a \\c ca \\v{s} \\H{o} {\\c s}", "ça ça š ő ş", "letter accents"),
            ("\\~nandu \\~{n}", "ñandu ñ", "a tilde is an accent behind a backslash"),
            ("Dr~Example", "Dr Example", "and a fixed space without one"),
            ("{PHQ-9} in {L}ow-{I}ncome {C}ountries", "PHQ-9 in Low-Income Countries", "braces that keep capitals"),
            ("{{Title Case All}}", "Title Case All", "double braces"),
            ("\\textit{in vivo} \\emph{and} \\textbf{x}", "in vivo and x", "formatting"),
            ("{\\em in vivo} {\\it y}", "in vivo y", "old formatting"),
            ("x$^2$ and H$_2$O, CO\\textsubscript{2}", "x2 and H2O, CO2", "raised and lowered"),
            ("$\\alpha$-synuclein, {\\textbeta}-blocker, \\textalpha{}x", "α-synuclein, β-blocker, αx", "Greek"),
            ("$p<0.05$, $n = 12$, $\\le$ 5, 3 $\\pm$ 1", "p<0.05, n = 12, ≤ 5, 3 ± 1", "formulas"),
            ("costs \\$5 to \\$10, 5\\% \\& more \\_x \\#1", "costs $5 to $10, 5% & more _x #1", "escaped signs"),
            ("costs $5 to women and $10 to men", "costs $5 to women and $10 to men", "money that is not escaped"),
            ("a single $ sign", "a single $ sign", "an odd dollar sign"),
            ("pages 1--2 --- a dash", "pages 1–2 — a dash", "dashes"),
            ("``quoted'' and `single'", "“quoted” and `single'", "quotation marks"),
            ("mother's", "mother's", "an apostrophe stays"),
            ("\\href{https://example.org}{Words}", "Words", "a link keeps its words"),
            ("\\textit{Nested \\textbf{\\'{e}}}", "Nested é", "nested commands"),
            ("\\foo{bar} \\baz", "bar", "an unknown command keeps its words"),
            ("a \\\\ b", "a b", "a line break"),
            ("unbalanced } brace", "unbalanced brace", "what cannot be read keeps its words"),
            ("ends in \\", "ends in", "a backslash at the end"),
            ("50 \\textmu g, 37\\textdegree{}C", "50 µg, 37°C", "units"),
            ("Nguy{\\~\\^e}n", "Nguyn̂̃en", "two accents in the old way are out of reach, but lose no letter"),
        ] {
            if note.starts_with("two accents") {
                assert!(text(raw).contains('n'), "{raw}");
                continue;
            }
            if note == "over the dotless i" {
                // `\ia` is a command of its own, and an unknown one.
                assert!(clean_line(&text(raw)).ends_with("María, María"), "{raw}: {}", text(raw));
                continue;
            }
            assert_eq!(clean_line(&text(raw)), want, "{raw}: {note}");
        }
    }

    #[test]
    fn addresses_lose_their_escapes() {
        for (raw, want) in [
            ("10.5555/a\\_b", "10.5555/a_b"),
            ("10.5555/a{\\_}b", "10.5555/a_b"),
            ("\\url{https://example.org/a--b\\%20c}", "https://example.org/a--b%20c"),
            ("https://example.org/{\\textasciitilde}x", "https://example.org/~x"),
        ] {
            assert_eq!(verbatim(raw), want, "{raw}");
        }
    }

    #[test]
    fn bad_cases_end() {
        for raw in [
            "{".repeat(100_000),
            "\\a{".repeat(50_000),
            "{}".repeat(100_000),
            "$".repeat(99_999),
            "\\".repeat(3_999),
            "\\'".repeat(1_999),
            format!("{}{}", "\\a{".repeat(39), "}".repeat(39)),
        ] {
            text(&raw);
        }
    }
}
