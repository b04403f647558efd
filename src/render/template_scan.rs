//! A look at a template before the engine sees it: how long its expressions are, how much they hold, and where texts
//! can grow.
//!
//! The engine reads a template by functions that call themselves, and a long chain of signs would end the whole
//! program. It counts steps, and not bytes. So every `{{ … }}` and `{% … %}` is measured here, and words that weigh
//! what was made are put into the template: behind each name that is given a value put together, and behind each part
//! with much text after it. They stand on the same line and change nothing that is written.

/// Longest `{{ … }}` or `{% … %}`, in bytes; ours are under 200.
const PART_BYTES_MAX: usize = 2000;
/// Most signs, filters, brackets and words such as `and` in one part; ours have under 30.
const SIGNS_MAX: usize = 100;
/// Most `~` and `+` in one part; ours have under 12.
const JOINS_MAX: usize = 30;
/// Most `{% elif %}` in one template: each stands within the one before it.
const ELIFS_MAX: usize = 100;
/// Text between two parts from which on it is weighed, in bytes.
const LITERAL_BYTES: usize = 256;

/// Words of expressions that count as signs.
const SIGN_WORDS: [&str; 7] = ["not", "and", "or", "in", "is", "if", "else"];

/// Why a template is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// One word or sign of a part.
struct Token<'a> {
    text: &'a str,
    /// Brackets that are open before it.
    depth: usize,
    is_word: bool,
}

/// A part as it was read.
struct Part<'a> {
    /// What stands in it, without its ends.
    body: &'a str,
    /// Its end, such as `-%}`; empty when the template ends before.
    close: &'a str,
    tokens: Vec<Token<'a>>,
}

/// Returns a template with the words that weigh what it makes.
///
/// # Errors
/// The first part that is too long or holds too much.
pub(super) fn weighed(text: &str) -> Result<String, Refused> {
    let mut out = Out { text: String::with_capacity(text.len() + text.len() / 8), anchor: None, literal: 0 };
    let (mut rest, mut elifs) = (text, 0);
    while let Some((lead, from)) = start_of_part(rest) {
        out.literal(lead);
        let line = || text.get(..text.len() - from.len()).unwrap_or_default().matches('\n').count() + 1;
        if let Some(silent) = silent(from) {
            let (kept, behind) = from.split_at_checked(silent).unwrap_or((from, ""));
            out.literal(kept);
            rest = behind;
            continue;
        }
        let part = read(from).map_err(|(message, help)| Refused { line: line(), message, help })?;
        let is_block = from.starts_with("{%");
        if is_block {
            elifs += usize::from(part.tokens.first().is_some_and(|t| t.text == "elif"));
            if elifs > ELIFS_MAX {
                let message = format!("the template has more than {ELIFS_MAX} {{% elif %}}");
                return Err(Refused { line: line(), message, help: "use several {% if %} one after the other" });
            }
        }
        let names = if is_block { names(&part.tokens) } else { Ok(Vec::new()) };
        let names = names.map_err(|(message, help)| Refused { line: line(), message, help })?;
        out.part(from, &part, &names, is_block);
        rest = from.get(2 + part.body.len() + part.close.len()..).unwrap_or_default();
    }
    out.literal(rest);
    out.weigh_literal();
    Ok(out.text)
}

/// A template that is being written anew.
struct Out {
    text: String,
    /// Where a word on what follows the last part goes, and whether that part is a block.
    anchor: Option<(usize, bool)>,
    /// Bytes of text since the last part.
    literal: usize,
}

impl Out {
    /// Writes text between parts.
    fn literal(&mut self, text: &str) {
        self.literal += text.len();
        self.text.push_str(text);
    }

    /// Writes a part, and behind it, within its own end, a word for each name that is weighed.
    fn part(&mut self, from: &str, part: &Part<'_>, names: &[&str], is_block: bool) {
        self.weigh_literal();
        self.text.push_str(from.get(..2).unwrap_or_default());
        self.text.push_str(part.body);
        for name in names {
            self.text.push_str(&format!(" %}}{{% set {name} = {name}|weigh "));
        }
        self.anchor = Some((self.text.len(), is_block));
        self.text.push_str(part.close);
    }

    /// Puts the word on the text since the last part behind that part.
    fn weigh_literal(&mut self) {
        let bytes = std::mem::take(&mut self.literal);
        if bytes < LITERAL_BYTES {
            return;
        }
        match self.anchor {
            Some((at, true)) => self.text.insert_str(at, &format!(" %}}{{% do weigh_text({bytes}) ")),
            Some((at, false)) => self.text.insert_str(at, &format!(" }}}}{{{{ weigh_text({bytes}) ")),
            None => self.text.insert_str(0, &format!("{{{{ weigh_text({bytes}) }}}}")),
        }
    }
}

/// Returns the text before the next part or comment, and the text from it on.
fn start_of_part(text: &str) -> Option<(&str, &str)> {
    let at = ["{{", "{%", "{#"].iter().filter_map(|start| text.find(start)).min()?;
    text.split_at_checked(at)
}

/// Returns how long a comment or a raw block is that begins here, both of which hold no expressions; `None` when a part
/// begins. One that has no end goes to the end of the text, and the engine refuses it.
fn silent(from: &str) -> Option<usize> {
    let inner = from.get(2..)?;
    let inner = inner.strip_prefix(['-', '+']).unwrap_or(inner);
    if from.starts_with("{#") {
        return Some(inner.find("#}").map_or(from.len(), |at| from.len() - inner.len() + at + 2));
    }
    let mut rest = from.strip_prefix("{%").and_then(|_| after_tag(inner, "raw"))?;
    while let Some((_, behind)) = rest.split_once("{%") {
        let tag = behind.strip_prefix(['-', '+']).unwrap_or(behind);
        if let Some(after) = after_tag(tag, "endraw") {
            return Some(from.len() - after.len());
        }
        rest = behind;
    }
    Some(from.len())
}

/// Returns what follows a tag that holds one word only.
fn after_tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let is_space = |c: char| c.is_ascii_whitespace();
    let rest = text.trim_start_matches(is_space).strip_prefix(name)?.trim_start_matches(is_space);
    rest.strip_prefix(['-', '+']).unwrap_or(rest).strip_prefix("%}")
}

/// A message and a help.
type Said = (String, &'static str);

/// Reads one part.
///
/// # Errors
/// When it is too long or holds too much.
fn read(from: &str) -> Result<Part<'_>, Said> {
    let end = if from.starts_with("{%") { "%}" } else { "}}" };
    let body = from.get(2..).unwrap_or_default();
    let (mut rest, mut depth, mut tokens) = (body, 0usize, Vec::new());
    // A sign for space handling at its start is none of an expression.
    rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let length = body.len() - rest.len();
        if length > PART_BYTES_MAX {
            let message = format!("this part of the template is longer than {PART_BYTES_MAX} bytes");
            let help = "a }} or %} may be missing here; else put long text outside of {{ … }} and {% … %}, or parts of it into {% set %}";
            return Err((message, help));
        }
        let close = ["", "-", "+"]
            .iter()
            .map(|sign| sign.len() + 2)
            .find(|n| depth == 0 && rest.get(..*n).is_some_and(|c| c.trim_start_matches(['-', '+']) == end));
        if close.is_some() || rest.is_empty() {
            let part = Part {
                body: body.get(..length).unwrap_or_default(),
                close: close.and_then(|n| rest.get(..n)).unwrap_or_default(),
                tokens,
            };
            return check(&part.tokens).map(|()| part);
        }
        let (text, behind) = rest.split_at_checked(token_length(rest)).unwrap_or((rest, ""));
        let is_word = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
        tokens.push(Token { text, depth, is_word });
        match text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        rest = behind;
    }
}

/// Returns how long the word, number, text or sign is that a text begins with, in bytes; at least 1.
fn token_length(text: &str) -> usize {
    let first = text.chars().next().unwrap_or(' ');
    if first == '"' || first == '\'' {
        let mut is_escaped = false;
        let is_end = |c: char| {
            let ends = c == first && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        };
        return text.get(1..).and_then(|inner| inner.find(is_end)).map_or(text.len(), |at| at + 2);
    }
    if first.is_alphanumeric() || first == '_' {
        return text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    }
    let is_double = ["//", "**", "==", "!=", ">=", "<="].iter().any(|sign| text.starts_with(sign));
    if is_double { 2 } else { first.len_utf8() }
}

/// Checks how much a part holds.
///
/// # Errors
/// When it is too much.
fn check(tokens: &[Token<'_>]) -> Result<(), Said> {
    let count = |is: fn(&Token<'_>) -> bool| tokens.iter().filter(|t| is(t)).count();
    if count(|t| t.text == "*") > 0 {
        return Err(("a template cannot multiply with *".to_owned(), "write times(a, b) for a * b"));
    }
    let is_plain = |t: &Token<'_>| {
        matches!(t.text, "," | ":" | ")" | "]" | "}")
            || t.text.starts_with(|c: char| c == '"' || c == '\'' || c.is_ascii_digit())
    };
    let signs = tokens.iter().filter(|t| if t.is_word { SIGN_WORDS.contains(&t.text) } else { !is_plain(t) }).count();
    let joins = count(|t| matches!(t.text, "~" | "+"));
    for (n, max, what) in [(signs, SIGNS_MAX, "signs, filters and brackets"), (joins, JOINS_MAX, "~ and +")] {
        if n > max {
            let message = format!("this part of the template has {n} {what}, and there is room for {max}");
            let help = "a }} or %} may be missing here; else part it with {% set %}, or write several {{ … }} one after the other";
            return Err((message, help));
        }
    }
    Ok(())
}

/// Returns the names that a block gives values which may have grown.
///
/// # Errors
/// For blocks whose names cannot be told.
fn names<'a>(tokens: &[Token<'a>]) -> Result<Vec<&'a str>, Said> {
    let Some((first, rest)) = tokens.split_first() else { return Ok(Vec::new()) };
    let words = |tokens: &[Token<'a>]| tokens.iter().filter(|t| t.is_word).map(|t| t.text).collect::<Vec<_>>();
    let grows =
        |tokens: &[Token<'a>]| tokens.iter().any(|t| matches!(t.text, "~" | "+" | "(" | "[" | "{" | "recursive"));
    let split = |sign: &str| rest.iter().position(|t| t.text == sign).map(|at| rest.split_at(at));
    let bound = match first.text {
        "set" => split("=").filter(|(_, value)| grows(value)).map(|(names, _)| words(names)),
        "for" => split("in").filter(|(_, value)| grows(value)).map(|(names, _)| words(names)),
        "macro" => Some(behind(rest, 1, &["(", ","])),
        "with" if is_tuple_bound(tokens) => {
            return Err(("{% with %} gives one name a value at a time".to_owned(), "write {% with a = …, b = … %}"));
        }
        "with" => {
            let first = rest.first().filter(|t| t.is_word).map(|t| t.text);
            Some(first.into_iter().chain(behind(rest, 0, &[","])).collect())
        }
        "call" => {
            return Err(("{% call %} is no part of these templates".to_owned(), "give the macro a value instead"));
        }
        _ => None,
    };
    Ok(bound.unwrap_or_default())
}

/// Tells whether a bracket stands where `{% with %}` has a name.
fn is_tuple_bound(tokens: &[Token<'_>]) -> bool {
    let mut pairs = tokens.iter().zip(tokens.iter().skip(1));
    pairs.any(|(before, next)| matches!(before.text, "with" | ",") && next.depth == 0 && next.text == "(")
}

/// Returns the words that stand right behind one of some signs, within so many brackets.
fn behind<'a>(tokens: &[Token<'a>], depth: usize, signs: &[&str]) -> Vec<&'a str> {
    let pairs = tokens.iter().zip(tokens.iter().skip(1));
    let found = pairs.filter(|(sign, name)| signs.contains(&sign.text) && name.is_word && name.depth == depth);
    found.map(|(_, name)| name.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_that_would_end_the_program_are_refused_with_their_line() {
        let many = |first: &str, one: &str, last: &str| format!("a\n{first}{}{last}", one.repeat(60_000));
        for (id, text, want) in [
            ("plus", many("{{ 1", "+1", " }}"), "longer than 2000 bytes"),
            ("few", format!("\n{{{{ 1{} }}}}", "+1".repeat(40)), "40 ~ and +"),
            ("not", format!("\n{{{{ {} 1 }}}}", "not ".repeat(101)), "101 signs"),
            ("filters", format!("\n{{{{ 1{} }}}}", "|int".repeat(101)), "101 signs"),
            ("attributes", format!("\n{{{{ a{} }}}}", ".x".repeat(101)), "101 signs"),
            ("brackets", format!("\n{{% if {}1{} %}}", "(".repeat(101), ")".repeat(101)), "102 signs"),
            ("else", format!("\n{{{{ 1{} }}}}", " if a else 1".repeat(51)), "102 signs"),
            ("powers", format!("\n{{{{ 1{} }}}}", "**1".repeat(101)), "101 signs"),
            ("a text that is long", format!("\n{{{{ \"{}\" }}}}", "x".repeat(3000)), "longer than 2000 bytes"),
            ("no end", many("{{ ", "a ", ""), "longer than 2000 bytes"),
            ("elif", many("{% if a %}", "{%elif a%}", "{% endif %}"), "more than 100 {% elif %}"),
            ("raw is over", "\n{% raw %}{# {% endraw %}{{ 2 * 3 }}".to_owned(), "multiply"),
            ("a comment is over", "{# {% raw %}\n#}{{ 2 * 3 }}".to_owned(), "multiply"),
            ("a sign in a text", "\n{{ \"}}\" * 3 }}".to_owned(), "multiply"),
            ("with", "\n{% with (a, b) = c %}{% endwith %}".to_owned(), "one name a value at a time"),
            ("call", "\n{% call m() %}{% endcall %}".to_owned(), "no part of these templates"),
        ] {
            let refused = weighed(&text).unwrap_err();
            assert!(refused.line == 2 && refused.message.contains(want), "{id}: {refused:?}");
        }
    }

    #[test]
    fn what_can_grow_is_weighed_and_nothing_else_is_touched() {
        let long = "x".repeat(300);
        for (text, want) in [
            ("a {{ b ~ c }} {% if d %}e{% endif %}", "a {{ b ~ c }} {% if d %}e{% endif %}"),
            ("{% set a = b.c %}", "{% set a = b.c %}"),
            ("{% set a, b = [c ~ d] -%}", "{% set a, b = [c ~ d] %}{% set a = a|weigh %}{% set b = b|weigh -%}"),
            ("{% macro m(a, b=f(c, d)) %}", "{% macro m(a, b=f(c, d)) %}{% set a = a|weigh %}{% set b = b|weigh %}"),
            ("{% for a in b %}", "{% for a in b %}"),
            ("{% for a in [b ~ b] %}", "{% for a in [b ~ b] %}{% set a = a|weigh %}"),
            ("{% with a=1, b = f(c, d) %}", "{% with a=1, b = f(c, d) %}{% set a = a|weigh %}{% set b = b|weigh %}"),
            ("{# {{ a * b }} #}{% raw %}{{ a * b }}{% endraw %}", "{# {{ a * b }} #}{% raw %}{{ a * b }}{% endraw %}"),
        ] {
            // The word stands behind the blank before the end of the part.
            assert_eq!(weighed(text).unwrap().replace("  %}", " %}"), want);
        }
        for (before, after) in [
            ("", "{{ weigh_text(300) }}"),
            ("{{ a -}}", "{{ a  }}{{ weigh_text(300) -}}"),
            ("{% if a +%}", "{% if a  %}{% do weigh_text(300) +%}"),
        ] {
            assert_eq!(weighed(&format!("{before}{long}")).unwrap(), format!("{after}{long}"));
        }
    }
}
