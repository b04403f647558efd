//! The templates: compiled in, a file of the home folder wins, and one formatter for every value.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig};
use serde::Serialize;

use crate::model::text::{clean_line, did_you_mean, shorten};
use crate::model::{Place, Problem};

use super::output::RenderError;
use super::{neutralise, target, template_scan, template_weight, wrap};

/// Work that one template may do, in steps of the template engine. An issue of 60 items takes under
/// 12,000; an endless loop in an edited template ends in well under a second.
const FUEL_MAX: u64 = 1_000_000;

/// Longest template file, in bytes; ours are under 20 kB.
const TEMPLATE_BYTES_MAX: usize = 256 * 1024;

/// How values are written into a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Escaped for HTML text and attributes.
    Html,
    /// As plain text.
    Text,
}

/// A compiled-in template.
struct BuiltIn {
    name: &'static str,
    kind: Kind,
    text: &'static str,
}

/// The compiled-in templates, sorted by name.
const BUILT_IN: [BuiltIn; 12] = [
    BuiltIn { name: "email/body.html", kind: Kind::Html, text: include_str!("../../templates/email/body.html") },
    BuiltIn { name: "email/body.txt", kind: Kind::Text, text: include_str!("../../templates/email/body.txt") },
    BuiltIn { name: "email/subject.txt", kind: Kind::Text, text: include_str!("../../templates/email/subject.txt") },
    BuiltIn { name: "web/archive.html", kind: Kind::Html, text: include_str!("../../templates/web/archive.html") },
    BuiltIn {
        name: "web/feed-entry.html",
        kind: Kind::Html,
        text: include_str!("../../templates/web/feed-entry.html"),
    },
    BuiltIn { name: "web/issue.html", kind: Kind::Html, text: include_str!("../../templates/web/issue.html") },
    BuiltIn { name: "web/item.html", kind: Kind::Html, text: include_str!("../../templates/web/item.html") },
    BuiltIn { name: "web/picture.html", kind: Kind::Html, text: include_str!("../../templates/web/picture.html") },
    BuiltIn { name: "web/script.html", kind: Kind::Html, text: include_str!("../../templates/web/script.html") },
    BuiltIn {
        name: "web/search-script.html",
        kind: Kind::Html,
        text: include_str!("../../templates/web/search-script.html"),
    },
    BuiltIn { name: "web/search.html", kind: Kind::Html, text: include_str!("../../templates/web/search.html") },
    BuiltIn { name: "web/style.html", kind: Kind::Html, text: include_str!("../../templates/web/style.html") },
];

/// Names of the templates, sorted; a file `templates/NAME` of the home folder replaces one.
pub const NAMES: [&str; BUILT_IN.len()] = {
    let mut names = [""; BUILT_IN.len()];
    let mut at = 0;
    while at < BUILT_IN.len() {
        #[expect(clippy::indexing_slicing, reason = "a constant: a wrong index does not compile")]
        {
            names[at] = BUILT_IN[at].name;
        }
        at += 1;
    }
    names
};

/// The compiled-in templates with the files that replace them.
#[derive(Debug)]
pub struct Templates {
    env: Environment<'static>,
    /// The templates as they were written, without the words that weigh.
    texts: BTreeMap<&'static str, String>,
    broken: Vec<Problem>,
}

impl Templates {
    /// Returns the templates, and every problem of the replacements.
    ///
    /// `overrides` maps a name of [`NAMES`] to the text of the file `templates/NAME`. A name that is none of ours is a
    /// warning with the nearest known one; `README.md` is left to others. A file that cannot be read as a template is an
    /// error, and nothing is rendered with it: the compiled-in one is not used in its place in silence.
    pub fn new(overrides: &BTreeMap<String, String>) -> (Self, Vec<Problem>) {
        let mut env = environment();
        let (mut broken, mut texts) = (Vec::new(), BTreeMap::new());
        for built_in in &BUILT_IN {
            let text = overrides.get(built_in.name).map_or(built_in.text, String::as_str);
            if let Err(problem) = add(&mut env, built_in.name, text) {
                broken.push(problem);
            }
            texts.insert(built_in.name, text.to_owned());
        }
        let mut problems = broken.clone();
        problems.extend(overrides.keys().filter_map(|name| unknown(name)));
        (Self { env, texts, broken }, problems)
    }

    /// Returns a rendered template; tags and held characters are not written out yet.
    ///
    /// # Errors
    /// When any template is broken, uses a value that is not there, or does not come to an end.
    pub(super) fn render<T: Serialize>(&self, name: &str, values: &T) -> Result<String, RenderError> {
        if let Some(problem) = self.broken.first() {
            return Err(RenderError::Template(problem.clone()));
        }
        let failed = |e: minijinja::Error| {
            RenderError::Template(problem_of(name, &e, |name: &str| self.texts.get(name).cloned()))
        };
        let template = self.env.get_template(name).map_err(failed)?;
        let mut output = template_weight::Output::default();
        let rendered = template.render_captured_to(Value::from(Serde(values)), &mut output).map(drop);
        if output.is_full {
            let message = format!("the template writes more than {} MB", template_weight::OUTPUT_BYTES_MAX >> 20);
            let problem = Problem::error(Place::file(format!("templates/{name}")), message);
            return Err(RenderError::Template(problem.with_help("look at its loops")));
        }
        rendered.map_err(failed)?;
        Ok(String::from_utf8_lossy(&output.bytes).into_owned())
    }
}

/// Returns the problem of a replacement that replaces nothing.
fn unknown(name: &str) -> Option<Problem> {
    let is_ours = NAMES.contains(&name) || name == "README.md";
    (!is_ours).then(|| {
        Problem::warning(Place::file(format!("templates/{name}")), "no template has this name, so the file is not used")
            .with_help(did_you_mean(name, NAMES.into_iter()))
    })
}

/// Puts a template into the environment.
fn add(env: &mut Environment<'static>, name: &'static str, text: &str) -> Result<(), Problem> {
    if text.len() > TEMPLATE_BYTES_MAX {
        let place = Place::file(format!("templates/{name}"));
        return Err(Problem::error(place, format!("the template is longer than {TEMPLATE_BYTES_MAX} bytes")));
    }
    if let Some((line, sign)) = foreign_sign(text) {
        let place = Place { file: format!("templates/{name}"), line, column: 0 };
        let message = format!("the template holds a sign that cannot be seen (U+{:04X})", u32::from(sign));
        return Err(Problem::error(place, message).with_help("type the line anew; it may have come in by pasting"));
    }
    let weighed = template_scan::weighed(text).map_err(|refused| {
        let place = Place { file: format!("templates/{name}"), line: refused.line, column: 0 };
        Problem::error(place, refused.message).with_help(refused.help)
    })?;
    env.add_template_owned(name, weighed).map_err(|e| {
        let source = |broken: &str| (broken == name).then(|| text.to_owned());
        problem_of(name, &e, source)
    })
}

/// Returns the first sign of a template that must not get into an output, with its line: a control character, or one of
/// the private ones that stand for characters and tags until the end.
fn foreign_sign(text: &str) -> Option<(usize, char)> {
    let is_foreign = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || neutralise::is_held(c);
    let sign = |(n, line): (usize, &str)| Some((n + 1, line.chars().find(|c| is_foreign(*c))?));
    text.split('\n').enumerate().find_map(sign)
}

/// Longest quotation of a template in a message, in characters.
const QUOTED_CHARS_MAX: usize = 80;

/// Returns what stands at a line (from 1) of a template, as a message quotes it: in one line of readable characters;
/// of a long line only what stands in braces. Where the line is empty, as at the end of a file, the one before it that
/// is not. Empty when there is none.
fn quoted(source: &str, line: usize) -> String {
    let lines = source.lines().take(line).enumerate().map(|(n, text)| (n + 1, clean_line(text)));
    let Some((at, text)) = lines.filter(|(_, text)| !text.is_empty()).last() else { return String::new() };
    let text = if text.chars().count() > QUOTED_CHARS_MAX { in_braces(&text).unwrap_or(text) } else { text };
    let relation = if at == line { "in" } else { "after" };
    format!(" {relation} \"{}\"", shorten(&text, QUOTED_CHARS_MAX))
}

/// Returns the expressions and statements of a template's line, with "…" between them; `None` when it has none.
fn in_braces(line: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(start) = ["{{", "{%"].iter().filter_map(|open| rest.find(open)).min() {
        let tail = rest.get(start..)?;
        let end = ["}}", "%}"].iter().filter_map(|close| tail.find(close)).min().map_or(tail.len(), |at| at + 2);
        out.push(tail.get(..end)?);
        rest = tail.get(end..)?;
    }
    (!out.is_empty()).then(|| out.join(" … "))
}

/// Returns the innermost error that knows its place, as a problem that quotes the line; `source` gives the text of a
/// template by its name, where it is known.
fn problem_of(name: &str, error: &minijinja::Error, source: impl Fn(&str) -> Option<String>) -> Problem {
    let mut deepest = error;
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(inner) = cause.downcast_ref::<minijinja::Error>() {
            deepest = inner;
        }
        next = cause.source();
    }
    let located = if deepest.line().is_some() { deepest } else { error };
    let place = Place {
        file: format!("templates/{}", located.name().unwrap_or(name)),
        line: located.line().unwrap_or(0),
        column: 0,
    };
    let kind = deepest.kind().to_string();
    let message = match deepest.detail().filter(|d| !d.is_empty()) {
        Some(detail) => format!("{kind}: {detail}"),
        None => kind,
    };
    let text = located.line().and_then(|_| source(located.name().unwrap_or(name)));
    let message = message + &text.map(|text| quoted(&text, place.line)).unwrap_or_default();
    let help = match deepest.kind() {
        ErrorKind::UndefinedError => "templates/README.md lists every value that a template may use",
        ErrorKind::OutOfFuel => "a loop in the template does not come to an end",
        ErrorKind::SyntaxError => syntax_help(deepest.detail().unwrap_or_default()),
        _ => "delete the file to go back to the compiled-in template",
    };
    Problem::error(place, message).with_help(help)
}

/// Returns what may be the cause of a syntax error. The engine names the place where it could not go on, which stands
/// behind what is missing.
fn syntax_help(detail: &str) -> &'static str {
    let is_of_block = ["unknown statement end", "unknown statement el", "unexpected end of input"];
    if is_of_block.iter().any(|start| detail.starts_with(start)) {
        "an {% endif %} or {% endfor %} may be missing before this place, or the {% if %} or {% for %} of this one"
    } else {
        "a }}, a %} or a quotation mark may be missing on this line or before it; delete the file to go back to the compiled-in template"
    }
}

/// Returns an engine with our rules: strict, bounded, escaping by our own formatter.
fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL_MAX));
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        env.set_syntax(syntax);
    }
    env.set_auto_escape_callback(|name| match BUILT_IN.iter().find(|b| b.name == name).map(|b| b.kind) {
        Some(Kind::Text) => AutoEscape::Custom("text".into()),
        _ => AutoEscape::Html,
    });
    env.set_formatter(|out, state, value| {
        if let Some(safe) = value.as_str().filter(|_| value.is_safe()) {
            template_weight::add(state, safe.len())?;
            return Ok(out.write_str(safe)?);
        }
        let text = if value.is_none() || value.is_undefined() { String::new() } else { value.to_string() };
        let inert = match state.auto_escape() {
            AutoEscape::Custom(_) => neutralise::text(&text),
            _ => neutralise::html(&text),
        };
        template_weight::add(state, inert.len())?;
        Ok(out.write_str(&inert)?)
    });
    // These would let a value past the formatter.
    for filter in ["safe", "escape", "e", "tojson", "pprint"] {
        env.remove_filter(filter);
    }
    template_weight::limit(&mut env);
    add_own_words(&mut env);
    env
}

/// Adds the functions and filters of ours that templates may use.
fn add_own_words(env: &mut Environment<'static>) {
    env.add_function("tag", |name: String| match target::mark(&name) {
        Some(mark) => Ok(Value::from_safe_string(mark.to_string())),
        None => Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            format!("unknown tag \"{name}\"; {}", did_you_mean(&name, target::names())),
        )),
    });
    env.add_function("preheader_filler", || Value::from_safe_string("\u{2007}\u{34f} ".repeat(FILLER_COUNT)));
    env.add_filter("soft", |text: String| wrap::soften(&text));
    env.add_filter("no_break", |text: String| text.replace(' ', "\u{a0}"));
    // Wrapped after it is made inert: the joiners take columns too.
    env.add_filter("wrap", |text: String, indent: Option<usize>| {
        wrap::wrap(&neutralise::text(&text), indent.unwrap_or(0).min(INDENT_MAX))
    });
    env.add_filter("embed_json", |text: String| match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(Value::from_safe_string(neutralise::json(&text))),
        Err(_) => {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, "embed_json was given a text that is no JSON"))
        }
    });
}

/// Deepest indent of wrapped lines, in columns.
const INDENT_MAX: usize = 40;

/// Invisible pairs behind the preheader, so that mail programs show nothing of the body after it.
const FILLER_COUNT: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, text: &str) -> (Templates, Vec<Problem>) {
        Templates::new(&BTreeMap::from([(name.to_owned(), text.to_owned())]))
    }

    fn said(name: &str, text: &str) -> String {
        let (templates, problems) = with(name, text);
        match templates.render(name, &BTreeMap::from([("title", "A *|B|* <i>")])) {
            Ok(text) => neutralise::finish_html(&text),
            Err(e) => {
                assert_eq!(problems.len(), usize::from(!templates.broken.is_empty()));
                e.to_string()
            }
        }
    }

    #[test]
    fn a_template_has_no_way_around_the_formatter() {
        let inert = "A &#42;&#124;B&#124;&#42; &lt;i&gt;";
        for (id, template) in [
            ("plain", "{{ title }}"),
            ("autoescape", "{% autoescape false %}{{ title }}{% endautoescape %}"),
            ("macro", "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(title) }}"),
            ("set", "{% set t %}{{ title }}{% endset %}{{ t }}"),
            ("join", "{{ [title]|join }}"),
        ] {
            assert_eq!(said("web/item.html", template), inert, "{id}");
        }
        assert_eq!(said("email/subject.txt", "{{ title }}"), "A *\u{2060}|B|\u{2060}* <i>");
        for filter in ["safe", "e", "escape", "tojson"] {
            let said = said("web/item.html", &format!("{{{{ title|{filter} }}}}"));
            assert!(said.contains(&format!("filter {filter} is unknown")), "{said}");
        }
    }

    #[test]
    fn mistakes_name_file_and_line() {
        for (id, template, want) in [
            ("syntax", "a\n{% if %}", "templates/web/item.html:2: syntax error"),
            ("undefined", "a\n\n{{ titel }}", "templates/web/item.html:3: undefined value in \"{{ titel }}\""),
            ("filter", "a {{ title|wide\t}}", "filter wide is unknown in \"a {{ title|wide }}\""),
            ("end", "{% if title %}\n  b\n\n", "unexpected end of input"),
            ("tag", "{{ tag(\"UNSUBB\") }}", "did you mean \"UNSUB\"?"),
            ("loop", "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", "out of fuel"),
        ] {
            let said = said("web/item.html", template);
            assert!(said.contains(want), "{id}: {said}");
        }
    }

    #[test]
    fn signs_that_cannot_be_seen_are_refused() {
        for (sign, is_refused) in [
            ('\u{f0101}', true),
            ('\u{f002a}', true),
            ('\u{0}', true),
            ('\u{1b}', true),
            ('\u{9b}', true),
            ('\t', false),
            ('\r', false),
            ('\u{200f}', false),
            ('é', false),
        ] {
            let mut env = environment();
            let refused = add(&mut env, "web/item.html", &format!("a\nb{sign}c"));
            assert_eq!(refused.is_err(), is_refused, "{sign:?}");
            if let Err(problem) = refused {
                assert_eq!(problem.place.line, 2, "{sign:?}");
            }
        }
    }

    #[test]
    fn what_was_lost_is_named_where_the_engine_stumbles_over_it() {
        const BLOCK: &str = "{% endif %} or {% endfor %} may be missing before this place";
        const BRACE: &str = "}} or %} may be missing here";
        const SIGN: &str = "a }}, a %} or a quotation mark may be missing on this line or before it";
        for (id, template, want) in [
            ("endif in a macro", "{% macro m(a) %}{% if a %}x{% endmacro %}".to_owned(), BLOCK),
            ("endif in a loop", "{% for a in title %}{% if a %}x{% endfor %}".to_owned(), BLOCK),
            ("endif at all", "{% if title %}x".to_owned(), BLOCK),
            ("an endfor", "{% for a in title %}x".to_owned(), BLOCK),
            ("an if", "x{% endif %}".to_owned(), BLOCK),
            ("an if before else", "x{% else %}y{% endif %}".to_owned(), BLOCK),
            ("a }", format!("{{{{ title }} {}", "words ".repeat(500)), BRACE),
            ("both }}", format!("{{{{ title {}", "words ".repeat(500)), BRACE),
            ("a } before signs", format!("{{{{ title }} {} }}}}", "<i>".repeat(60)), BRACE),
            ("both }} of a short one", "{{ title <b>{{ title }}</b>".to_owned(), SIGN),
            ("a quotation mark", "{{ tag(\"UNSUB) }}".to_owned(), SIGN),
            ("a %}", "{% if title x{% endif %}".to_owned(), SIGN),
        ] {
            let said = said("web/item.html", &template);
            assert!(said.contains(want), "{id}: {said}");
        }
    }

    #[test]
    fn what_would_take_all_memory_is_refused() {
        let seed = "{% set a = \"xxxxxxxxxxxxxxxx\" %}";
        let doubled = "{% set a = a ~ a %}".repeat(40);
        for (id, template, want) in [
            ("namespace", "{% set ns = namespace(x=1) %}".to_owned(), "namespace is unknown"),
            ("set", format!("{seed}{doubled}"), "puts together more than 1 MB"),
            (
                "many sets",
                format!("{seed}{}", "{% set b = a ~ a %}{% set a = b %}".repeat(40)),
                "puts together more than",
            ),
            ("lists", format!("{seed}{}{{{{ a }}}}", "{% set a = [a, a] %}".repeat(40)), "puts together more than"),
            ("deep", format!("{seed}{}", "{% set a = [a] %}".repeat(4000)), "too deep"),
            (
                "with",
                format!("{seed}{}{}", "{% with a = a ~ a %}".repeat(40), "{% endwith %}".repeat(40)),
                "puts together",
            ),
            (
                "for",
                format!("{seed}{}{}", "{% for a in [a ~ a] %}".repeat(40), "{% endfor %}".repeat(40)),
                "puts together",
            ),
            (
                "loop",
                format!("{seed}{{% for x in [a] recursive %}}{{{{ loop([x ~ x]) }}}}{{% endfor %}}"),
                "puts together",
            ),
            ("macro", "{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m(\"xxxx\") }}".to_owned(), "puts together"),
            (
                "emitted",
                format!(
                    "{seed}{{% macro m(x) %}}{{{{ x }}}}{{{{ x }}}}{{% endmacro %}}{{{{ {}a{} }}}}",
                    "m(".repeat(40),
                    ")".repeat(40)
                ),
                "puts together",
            ),
        ] {
            let said = said("web/item.html", &template);
            assert!(said.contains(want), "{id}: {}", said.chars().take(300).collect::<String>());
        }
    }

    #[test]
    fn filters_that_multiply_and_endless_writing_are_refused() {
        let seed = "{% set a = \"xxxxxxxxxxxxxxxx\" %}";
        for (id, template, want) in [
            ("indent", "{{ title|indent(2000000000) }}".to_owned(), "the filter indent would make"),
            (
                "replace",
                format!(
                    "{seed}{{% set a = a|replace(\"x\", a) %}}{{{{ a|replace(\"x\", a)|replace(\"x\", a)|replace(\"x\", a)|replace(\"x\", a) }}}}"
                ),
                "the filter replace would make",
            ),
            ("mapped", "{{ [title]|map(\"indent\", 2000000000)|list }}".to_owned(), "the filter indent would make"),
            ("batch", "{{ [1]|batch(4000000000, 0) }}".to_owned(), "the filter batch would make"),
            ("slice", "{{ [1]|slice(4000000000, 0) }}".to_owned(), "the filter slice would make"),
            ("join", "{{ range(100000)|join(title) }}".to_owned(), "puts together more than"),
            ("format", "{{ \"%900000000d\"|format(1) }}".to_owned(), "filter format is unknown"),
            ("times", "{{ \"x\" * 90000000 }}".to_owned(), "write times(a, b)"),
            (
                "captured",
                format!("{{% set b %}}{{% for i in range(99999) %}}{}{{% endfor %}}{{% endset %}}", "y ".repeat(2000)),
                "makes more than 64 MB",
            ),
            (
                "included",
                "{% set b %}{% for i in range(99999) %}{% include \"web/search-script.html\" %}{% endfor %}{% endset %}"
                    .to_owned(),
                "makes more than 64 MB",
            ),
            (
                "written",
                format!("{{% for i in range(99999) %}}{}{{% endfor %}}", "y ".repeat(120)),
                "writes more than 4 MB",
            ),
            ("itself", "{% include \"web/item.html\" %}".to_owned(), "recursion limit"),
        ] {
            let said = said("web/item.html", &template);
            assert!(said.contains(want), "{id}: {}", said.chars().take(300).collect::<String>());
        }
        assert_eq!(
            said("web/item.html", "{% macro m(x, y) %}{{ x }}{% endmacro %}{{ m(\"a\") }}{{ times(2, 3) }}"),
            "a6"
        );
        assert_eq!(
            said("web/item.html", "{{ [title, 1]|join(\"+\") }}{{ \"aba\"|replace(\"b\", \"c\") }}"),
            "A &#42;&#124;B&#124;&#42; &lt;i&gt;+1aca"
        );
    }

    #[test]
    fn what_would_end_the_program_is_refused() {
        let said = said("web/item.html", &format!("\n{{{{ 1{} }}}}", "+1".repeat(100_000)));
        assert!(
            said.contains("templates/web/item.html:2: this part of the template is longer than 2000 bytes"),
            "{said}"
        );
        for built_in in &BUILT_IN {
            // With room: ten times the text is no more in one part.
            assert!(template_scan::weighed(&built_in.text.repeat(10)).is_ok(), "{}", built_in.name);
            assert!(built_in.text.len() * 10 < TEMPLATE_BYTES_MAX, "{}", built_in.name);
        }
    }

    #[test]
    fn a_line_is_quoted_as_people_can_read_it() {
        let long = format!("<td style=\"{}\">{{{{ a }}}} and {{% if b %}}", "x".repeat(100));
        for (source, line, want, note) in [
            ("a\n  {{ b }}\u{7}\t c\u{202e}\r\nd", 2, " in \"{{ b }} c\"", "control characters"),
            ("a\n\n\n", 3, " after \"a\"", "an empty line"),
            ("a\n", 9, " after \"a\"", "behind the end"),
            ("\n\n", 2, "", "nothing"),
            ("a", 0, "", "no line"),
            (&long, 1, " in \"{{ a }} … {% if b %}\"", "a long line"),
        ] {
            assert_eq!(quoted(source, line), want, "{note}");
        }
        let words = "word ".repeat(40);
        assert!(quoted(&words, 1).chars().count() <= QUOTED_CHARS_MAX + 6, "a long line without braces");
    }

    #[test]
    fn a_file_that_replaces_nothing_is_said() {
        let (_, problems) = with("email/body.htm", "x");
        assert_eq!(
            problems.first().map(|p| p.to_string().lines().take(2).collect::<Vec<_>>().join("|")).unwrap(),
            "templates/email/body.htm: no template has this name, so the file is not used|  help: did you mean \"email/body.html\"? known: email/body.html, email/body.txt, email/subject.txt, web/archive.html, web/feed-entry.html, web/issue.html, web/item.html, web/picture.html, web/script.html, web/search-script.html, web/search.html, web/style.html"
        );
        assert_eq!(with("README.md", "x").1, []);
        assert_eq!(Templates::new(&BTreeMap::new()).1, []);
        assert!(NAMES.is_sorted());
    }
}
