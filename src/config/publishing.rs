//! `[publish]` of `feeds.toml`: where a finished issue goes.

use url::Url;

use super::house::is_mail_address;
use crate::model::text::did_you_mean;
use crate::model::{House, Listmonk, Mailchimp, Problem, PublishTo, Publishing};
use crate::toml_doc::Reader;

/// Reads `[publish]`; without it a finished issue goes nowhere by itself.
pub(super) fn read(top: &Reader<'_>, house: Option<&House>) -> Publishing {
    let Some(table) = top.table("publish") else { return Publishing::default() };
    let publishing = Publishing {
        to: read_places(&table),
        folder: table.table("folder").map(|t| read_folder(&t.called("[publish.folder]"))).unwrap_or_default(),
        mailchimp: table.table("mailchimp").and_then(|t| read_mailchimp(&t.called("[publish.mailchimp]"), house)),
        listmonk: table.table("listmonk").and_then(|t| read_listmonk(&t.called("[publish.listmonk]"))),
    };
    for to in &publishing.to {
        // What is wrong with a table that is there was said where it was read.
        if !publishing.knows(*to) && !table.has(to.as_str()) {
            let problem = Problem::error(table.place_of("to"), format!("there is no [publish.{}] table", to.as_str()));
            table.report(problem.with_help("docs/publish.md shows one for each place"));
        }
    }
    table.refuse_unknown();
    publishing
}

/// Reads `to`; an unknown place is reported with the nearest known one.
fn read_places(table: &Reader<'_>) -> Vec<PublishTo> {
    let mut out = Vec::new();
    for (word, place) in table.texts("to") {
        match PublishTo::parse(&word) {
            Some(to) if out.contains(&to) => {
                table.report(Problem::warning(place, format!("\"{word}\" stands twice in to")));
            }
            Some(to) => out.push(to),
            None => {
                let help = did_you_mean(&word, PublishTo::ALL.into_iter().map(PublishTo::as_str));
                table.report(Problem::error(place, format!("unknown place \"{word}\" in to")).with_help(help));
            }
        }
    }
    out
}

/// Reads `[publish.folder]`.
fn read_folder(table: &Reader<'_>) -> String {
    let path = table.text_needed("path").unwrap_or_default();
    if path.starts_with('~') {
        // A shell knows ~; a settings file would make a folder of this name.
        let problem =
            Problem::error(table.place_of("path"), format!("\"{path}\" begins with ~, which only a shell understands"));
        table.report(problem.with_help("write the whole path, such as /srv/www/roundup"));
    }
    table.refuse_unknown();
    path
}

/// Reads `[publish.mailchimp]`. The sender is the community, and replies go to its contact, unless it says otherwise.
fn read_mailchimp(table: &Reader<'_>, house: Option<&House>) -> Option<Mailchimp> {
    let list = table.text_needed("list");
    if let Some(text) = &list
        && (text.is_empty() || text.len() > 40 || !text.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        let problem = Problem::error(table.place_of("list"), format!("\"{text}\" is no id of an audience"));
        table.report(problem.with_help("in Mailchimp: Audience, Settings, Audience name and defaults, Audience ID"));
    }
    let from_name = table.text("from-name").or_else(|| house.map(|h| h.community.clone())).unwrap_or_default();
    let reply_to = table.text("reply-to").or_else(|| house.map(|h| h.contact.clone())).unwrap_or_default();
    if !is_mail_address(&reply_to) {
        let problem = Problem::error(table.place_of("reply-to"), "Mailchimp needs an address for replies");
        table.report(problem.with_help("add reply-to = \"…\" here, or contact = \"…\" to [roundup]"));
    }
    let address = read_bare_address(table).unwrap_or_default();
    let allows_private = table.flag("allow-private").unwrap_or(false);
    table.refuse_unknown();
    Some(Mailchimp { list: list?, from_name, reply_to, address, allows_private })
}

/// Reads the address of Mailchimp's interface, which is a host and nothing behind it.
fn read_bare_address(table: &Reader<'_>) -> Option<String> {
    let text = table.web_address("address")?;
    if Url::parse(&text).is_ok_and(|url| url.path() != "/") {
        let problem = Problem::error(table.place_of("address"), "the address of the tool has a path behind the host");
        table.report(problem.with_help("leave address out: the key says where Mailchimp is"));
        return None;
    }
    Some(text)
}

/// Reads `[publish.listmonk]`.
fn read_listmonk(table: &Reader<'_>) -> Option<Listmonk> {
    // Asked for twice: an address that is missing is named, and so is one that is none.
    let address = table.text_needed("address").and_then(|_| table.web_address("address")).filter(|a| !a.is_empty());
    let allows_private = table.flag("allow-private").unwrap_or(false);
    if !allows_private && address.as_ref().is_some_and(|a| a.starts_with("http://")) {
        let problem =
            Problem::error(table.place_of("address"), "the token would be sent over http, where others can read it");
        table.report(
            problem.with_help("write https://; or allow-private = true, when the server stands in your own house"),
        );
    }
    let user = table.text_needed("user");
    let lists: Vec<u32> =
        table.wholes("lists", 1..=i64::from(u32::MAX)).into_iter().filter_map(|n| n.try_into().ok()).collect();
    if lists.is_empty() {
        let problem = Problem::error(table.place_of("lists"), "listmonk needs the number of a list at least");
        table
            .report(problem.with_help("in listmonk: Lists; the number stands in the address of its page: lists = [3]"));
    }
    let template = table.whole("template", 1..=i64::from(u32::MAX)).and_then(|n| n.try_into().ok());
    let from = table.text("from").unwrap_or_default();
    table.refuse_unknown();
    Some(Listmonk { address: address?, user: user?, lists, template, from, allows_private })
}
