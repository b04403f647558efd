//! `[reminders]` of `feeds.toml`: what the secretariat is reminded of, and whether by email as well.

use super::house::is_mail_address;
use crate::model::{House, MailServer, Problem, Reminders};
use crate::toml_doc::Reader;

/// Reads `[reminders]`; without it reminders stand in the home and on the desk alone.
pub(super) fn read(top: &Reader<'_>, house: Option<&House>) -> Reminders {
    let Some(table) = top.table("reminders") else { return Reminders::default() };
    let usual = Reminders::default();
    let source_days = table.whole("source-days", 1..=60).and_then(|days| u32::try_from(days).ok());
    let to = read_receivers(&table);
    let from = table.text("from").or_else(|| house.map(|h| h.contact.clone())).unwrap_or_default();
    let server = read_server(&table);
    if !to.is_empty() && server.is_none() && !table.has("server") {
        let problem = Problem::error(table.place_of("to"), "there is no server that takes the email");
        table.report(problem.with_help("add server = \"smtp.example.org\", as your provider of email calls it"));
    }
    if !to.is_empty() && !is_mail_address(&from) {
        let problem = Problem::error(table.place_of("from"), "there is no address that the email comes from");
        table.report(problem.with_help("add from = \"…\" here, or contact = \"…\" to [roundup]"));
    }
    table.refuse_unknown();
    Reminders { source_days: source_days.unwrap_or(usual.source_days), to, from, server }
}

/// Reads `to`; each is one plain address.
fn read_receivers(table: &Reader<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for (address, place) in table.texts("to") {
        if is_mail_address(&address) {
            out.push(address);
        } else {
            let problem = Problem::error(place, format!("\"{address}\" is not one plain email address"));
            table.report(
                problem.with_help("write addresses alone, such as to = [\"ada@example.org\", \"ben@example.org\"]"),
            );
        }
    }
    out
}

/// Reads `server`, with its port behind a colon, and `user`; `None` when there is none, or it is wrong.
fn read_server(table: &Reader<'_>) -> Option<MailServer> {
    let user = table.text("user").filter(|user| !user.is_empty());
    let text = table.text("server").filter(|server| !server.is_empty())?;
    let wrong = |message: String| {
        let help = "write its name, and a port where your provider names one: \"smtp.example.org\" or \"smtp.example.org:465\"";
        table.report(Problem::error(table.place_of("server"), message).with_help(help));
        None
    };
    if text.contains('/') {
        return wrong(format!("server = \"{text}\" is no name of a server"));
    }
    let (host, port) = match text.rsplit_once(':') {
        // An address of the newer kind has colons of its own.
        Some((host, port)) if !host.contains(':') => match port.parse::<u16>() {
            Ok(port) if port > 0 => (host.to_owned(), port),
            _ => return wrong(format!("server = \"{text}\" has no port behind its colon")),
        },
        _ => (text.clone(), MailServer::PORT_USUAL),
    };
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':');
    if host.is_empty() || host.len() > 253 || !host.bytes().all(is_sign) {
        return wrong(format!("server = \"{text}\" is no name of a server"));
    }
    Some(MailServer { host, port, user })
}

#[cfg(test)]
mod tests {
    use crate::config::feeds::Surroundings;
    use crate::model::{MailServer, Reminders};

    /// Reads a house with these lines behind it; returns the reminders, or what is said.
    fn read(lines: &str) -> Result<Reminders, String> {
        let text = format!("[roundup]\ncommunity = \"C\"\nname = \"N\"\ncontact = \"c@example.org\"\n{lines}");
        let (settings, problems) = crate::config::feeds::parse(&text, "feeds.toml", &Surroundings::default());
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        settings.map(|settings| settings.reminders).ok_or_else(|| said.join("\n"))
    }

    fn server(host: &str, port: u16, user: Option<&str>) -> MailServer {
        MailServer { host: host.to_owned(), port, user: user.map(str::to_owned) }
    }

    #[test]
    fn a_server_is_read_with_and_without_its_port() {
        let to = "[reminders]\nto = [\"ada@example.org\"]\n";
        for (lines, want, note) in [
            ("server = \"smtp.example.org\"", server("smtp.example.org", 587, None), "the usual port"),
            (
                "server = \"smtp.example.org:465\"\nuser = \"ada\"",
                server("smtp.example.org", 465, Some("ada")),
                "a port",
            ),
            ("server = \"localhost:25\"", server("localhost", 25, None), "on this computer"),
            ("server = \"::1\"", server("::1", 587, None), "an address of the newer kind"),
        ] {
            let read = read(&format!("{to}{lines}\n")).unwrap_or_else(|said| panic!("{note}: {said}"));
            assert_eq!((read.server, read.from.as_str()), (Some(want), "c@example.org"), "{note}");
        }
        let without = read("").unwrap();
        assert_eq!((without.source_days, without.to.len(), without.server), (3, 0, None), "no table, no email");
    }

    #[test]
    fn what_cannot_be_sent_is_told_with_its_line() {
        for (lines, want, note) in [
            ("to = [\"ada@example.org\"]", "feeds.toml:6:6: there is no server", "nobody takes it"),
            (
                "to = [\"Ada <ada@example.org>\"]\nserver = \"s.example.org\"",
                "is not one plain email address",
                "a name",
            ),
            ("to = [\"a@b\\nBcc: c@d\"]\nserver = \"s.example.org\"", "is not one plain email address", "a header"),
            ("server = \"smtp.example.org:many\"", "has no port behind its colon", "words for a port"),
            ("server = \"smtp.example.org:0\"", "has no port behind its colon", "no port"),
            ("server = \"https://smtp.example.org\"", "is no name of a server", "an address of the web"),
            ("server = \"a b\"", "is no name of a server", "a blank"),
            ("source-days = 0", "source-days", "never"),
            ("recipients = [\"a@example.org\"]", "unknown key \"recipients\"", "another word for it"),
        ] {
            let said = read(&format!("[reminders]\n{lines}\n")).unwrap_err();
            assert!(said.contains(want), "{note}: {said}");
        }
    }
}
