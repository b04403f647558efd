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
