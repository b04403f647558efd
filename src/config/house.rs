//! `[roundup]` of `feeds.toml`: who publishes, in which language.

use crate::model::text::{clean_line, did_you_mean};
use crate::model::{Colours, House, Language, Month, Place, Problem, Rgb};
use crate::toml_doc::Reader;

/// Reads `[roundup]`.
pub(super) fn read(table: &Reader<'_>) -> Option<House> {
    // Names stand in lines of the terminal, of files and of emails: they are one line themselves.
    let community = table.text_needed("community").map(|name| clean_line(&name));
    let name = table.text_needed("name").map(|name| clean_line(&name));
    let short_name = table.text("short-name").map(|name| clean_line(&name));
    let web_address = table.web_address("web-address").unwrap_or_default();
    let contact = read_contact(table);
    let request = table.text("request").unwrap_or_default();
    let method = table.text("method").unwrap_or_default();
    let time_zone = table.text("time-zone").unwrap_or_else(|| "UTC".to_owned());
    if jiff::tz::TimeZone::get(&time_zone).is_err() {
        let problem = Problem::error(table.place_of("time-zone"), format!("unknown time zone \"{time_zone}\""));
        table.report(problem.with_help("use a name of the time zone database, such as \"Africa/Nairobi\" or \"UTC\""));
    }
    let first_issue = table.text("first-issue").and_then(|text| {
        let month = Month::parse(&text);
        if month.is_none() {
            let problem = Problem::error(table.place_of("first-issue"), format!("\"{text}\" is no month"));
            table.report(problem.with_help("write it as YYYY-MM, such as \"2026-09\""));
        }
        month
    });
    let language = read_language(table);
    let intro = read_line(table, "intro", INTRO_CHARS_MAX);
    let footer = read_line(table, "footer", FOOTER_CHARS_MAX);
    let colours = table.table("colours").map(|t| read_colours(&t.called("[roundup.colours]"))).unwrap_or_default();
    let content_notes = table.flag("content-notes").unwrap_or(true);
    table.refuse_unknown();
    let name = name?;
    Some(House {
        community: community?,
        short_name: short_name.unwrap_or_else(|| name.clone()),
        name,
        web_address,
        contact,
        request,
        method,
        time_zone,
        first_issue,
        language,
        content_notes,
        intro,
        footer,
        colours,
    })
}

/// Reads `contact`, without blanks around it; a text that is not one plain address is reported: it stands in headers and
/// links.
fn read_contact(table: &Reader<'_>) -> String {
    let text = table.text("contact").unwrap_or_default().trim().to_owned();
    if !text.is_empty() && !is_mail_address(&text) {
        let message = format!("contact = \"{text}\" is not one plain email address");
        let help = "write one address and nothing else, such as \"roundup@example.org\": a–z, 0–9 and . + - _ before the @, the name of a site behind it";
        table.report(Problem::error(table.place_of("contact"), message).with_help(help));
    }
    text
}

/// Longest part of an email address before the @, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;
/// Longest email address, in bytes.
const ADDRESS_BYTES_MAX: usize = 254;
/// Longest part of a host name between two points, in bytes.
const LABEL_BYTES_MAX: usize = 63;

/// Tells whether a text is one email address that every header and link can hold as it is: `local@domain` of RFC 5321
/// without quotes and without the letters that have a meaning in a link.
pub(super) fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'_' | b'=' | b'~' | b'!' | b'$' | b'/' | b'^')
            })
    };
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= ADDRESS_BYTES_MAX
        && local.len() <= LOCAL_BYTES_MAX
        && local.split('.').all(is_atom)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// Reads `language`: English unless it says otherwise; an unknown one is reported with the nearest known one.
fn read_language(table: &Reader<'_>) -> Language {
    let Some(code) = table.text("language") else { return Language::default() };
    Language::parse(&code).unwrap_or_else(|| {
        let help = did_you_mean(&code, Language::ALL.into_iter().map(Language::code));
        let problem = Problem::error(table.place_of("language"), format!("unknown language \"{code}\""));
        table.report(problem.with_help(help));
        Language::default()
    })
}

/// Longest line under the masthead, in characters: two lines of a phone.
const INTRO_CHARS_MAX: usize = 160;
/// Longest paragraph at the foot, in characters.
const FOOTER_CHARS_MAX: usize = 1000;

/// Reads a text that readers see; one that is too long for its place is reported.
fn read_line(table: &Reader<'_>, key: &'static str, chars_max: usize) -> String {
    let text = table.text(key).unwrap_or_default();
    let length = text.chars().count();
    if length > chars_max {
        let message = format!("{key} has {length} characters, and there is room for {chars_max}");
        table.report(Problem::error(table.place_of(key), message).with_help("say it in fewer words"));
    }
    text
}

/// Reads `[roundup.colours]`; what is not said keeps its usual colour.
fn read_colours(table: &Reader<'_>) -> Colours {
    let usual = Colours::default();
    let one = |key: &'static str, or: Rgb| {
        table.text(key).map_or(or, |text| read_colour(table, key, &text, table.place_of(key)).unwrap_or(or))
    };
    let colours =
        Colours { masthead: one("masthead", usual.masthead), link: one("link", usual.link), sections: usual.sections };
    let listed = table.texts("sections");
    let count = listed.len();
    let read: Vec<Option<Rgb>> =
        listed.into_iter().map(|(text, place)| read_colour(table, "a colour of sections", &text, place)).collect();
    let sections = match (table.has("sections"), <[Option<Rgb>; 4]>::try_from(read)) {
        (true, Ok([Some(a), Some(b), Some(c), Some(d)])) => [a, b, c, d],
        (true, Err(_)) => {
            let message = format!("sections has {count} colours, and it must have 4");
            let problem = Problem::error(table.place_of("sections"), message);
            table.report(problem.with_help("the fifth section has the first colour again"));
            usual.sections
        }
        _ => usual.sections,
    };
    table.refuse_unknown();
    Colours { sections, ..colours }
}

/// Reads a colour; one that is none, and one that cannot be read on white, is reported.
fn read_colour(table: &Reader<'_>, key: &str, text: &str, place: Place) -> Option<Rgb> {
    let Some(colour) = Rgb::parse(text) else {
        let problem = Problem::error(place, format!("{key} is no colour: \"{text}\""));
        table.report(problem.with_help("write it as # and six digits, such as \"#0f3b3c\""));
        return None;
    };
    let contrast = colour.contrast(Rgb::WHITE);
    if contrast < Colours::CONTRAST_MIN {
        // Cut, not rounded: 4.99 must not be called 5.0.
        let shown = (contrast * 10.0).floor() / 10.0;
        let message = format!(
            "{key} = \"{text}\" is too pale: its contrast with white is {shown:.1}, and many need at least {:.1}",
            Colours::CONTRAST_MIN
        );
        let darker = colour.towards(Rgb::BLACK, Rgb::WHITE, Colours::CONTRAST_MIN);
        table.report(Problem::error(place, message).with_help(format!("take a darker one, such as \"{darker}\"")));
    }
    Some(colour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::feeds::{Surroundings, parse};

    const HOUSE: &str = "[roundup]\ncommunity = \"C\"\nname = \"N\"\n";

    fn read_with(lines: &str) -> (Option<House>, Vec<String>) {
        let (settings, problems) = parse(&format!("{HOUSE}{lines}"), "feeds.toml", &Surroundings::default());
        (settings.map(|s| s.house), problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_house_has_its_own_words_and_colours() {
        let lines = "language = \"pt\"\ncontent-notes = false\nintro = \"For midwives\"\nfooter = \"Funded by none.\"\n[roundup.colours]\nmasthead = \"#402060\"\nsections = [\"#402060\", \"#27568f\", \"#9a3c12\", \"#000000\"]\n";
        let (house, problems) = read_with(lines);
        assert_eq!(problems, Vec::<String>::new());
        let house = house.unwrap();
        assert_eq!((house.language, house.content_notes), (Language::Portuguese, false));
        assert_eq!((house.intro.as_str(), house.footer.as_str()), ("For midwives", "Funded by none."));
        assert_eq!((house.colours.masthead, house.colours.link), (Rgb(0x40, 0x20, 0x60), Colours::default().link));
        assert_eq!(house.colours.sections[3], Rgb::BLACK);
        let usual = read_with("").0.unwrap();
        assert_eq!((usual.language, usual.content_notes, usual.colours), (Language::English, true, Colours::default()));
        assert_eq!((usual.intro, usual.footer), (String::new(), String::new()));
    }

    #[test]
    fn addresses_are_plain_or_an_error_with_what_to_write() {
        for (line, note) in [
            ("contact = \"a@b.org\"", "plain"),
            ("contact = \" first.last+news@mail.example.org \"", "blanks around it are of no account"),
            ("contact = \"\"", "none"),
            ("web-address = \"https://example.org:8443/a/b/\"", "with a port and folders"),
            ("web-address = \"http://[::1]:80\"", "a bare address"),
            ("web-address = \"https://beispiel-für.example\"", "letters of other languages"),
            ("web-address = \"\"", "nowhere"),
        ] {
            assert_eq!(read_with(&format!("{line}\n")).1, Vec::<String>::new(), "{note}");
        }
        assert_eq!(read_with("contact = \" a@b.org \"\n").0.unwrap().contact, "a@b.org");
        for (line, want) in [
            ("contact = \"a@b.org?bcc=evil@example.org&body=x\"", "is not one plain email address"),
            ("contact = \"a@b.org,c@d.org\"", "is not one plain email address"),
            ("contact = \"é@b.org\"", "is not one plain email address"),
            ("contact = \"Ada <a@b.org>\"", "is not one plain email address"),
            ("contact = \"\\\"a b\\\"@b.org\"", "is not one plain email address"),
            ("contact = \"a..b@b.org\"", "is not one plain email address"),
            ("contact = \"a@localhost\"", "is not one plain email address"),
            ("contact = \"a@-b.org\"", "is not one plain email address"),
            ("contact = \"mailto:a@b.org\"", "is not one plain email address"),
            ("web-address = \"https://u:secret@example.org\"", "holds a user name or a password"),
            ("web-address = \"https://\"", "names no site"),
            ("web-address = \"https:///x\"", "names no site"),
            ("web-address = \"https://a b.org\"", "names no site"),
            ("web-address = \"https://example.org:x\"", "names no site"),
            ("web-address = \"https://example.org/?a=b\"", "holds '?'"),
            ("web-address = \"https://example.org/a b\"", "holds ' '"),
            ("web-address = \"ftp://example.org\"", "must begin with https://"),
        ] {
            let (house, problems) = read_with(&format!("{line}\n"));
            let said = problems.join("\n");
            assert!(house.is_none() && problems.len() == 1 && said.starts_with("feeds.toml:4:"), "{line}: {said}");
            assert!(said.contains(want) && !said.contains("secret"), "{line}: {said}");
        }
    }

    #[test]
    fn what_readers_could_not_read_is_an_error_that_says_the_ratio() {
        for (lines, want) in [
            (
                "[roundup.colours]\nlink = \"#999999\"\n",
                "feeds.toml:5:8: link = \"#999999\" is too pale: its contrast with white is 2.8, and many need at least 5.0\n  help: take a darker one, such as \"#6e6e6e\"",
            ),
            (
                "[roundup.colours]\nmasthead = \"teal\"\n",
                "feeds.toml:5:12: masthead is no colour: \"teal\"\n  help: write it as # and six digits, such as \"#0f3b3c\"",
            ),
            (
                "[roundup.colours]\nsections = [\"#000000\"]\n",
                "feeds.toml:5:12: sections has 1 colours, and it must have 4\n  help: the fifth section has the first colour again",
            ),
            (
                "[roundup.colours]\nlinks = \"#000000\"\n",
                "feeds.toml:5:1: unknown key \"links\" in [roundup.colours]\n  help: did you mean \"link\"? known: link, masthead, sections",
            ),
        ] {
            assert_eq!(read_with(lines), (None, vec![want.to_owned()]), "{lines}");
        }
        let (_, problems) = read_with(&format!("intro = \"{}\"\n", "x".repeat(200)));
        assert_eq!(
            problems,
            ["feeds.toml:4:9: intro has 200 characters, and there is room for 160\n  help: say it in fewer words"]
        );
    }
}
