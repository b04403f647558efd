//! `feeds.toml`: who we are, where we look, when.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::reminders;
use crate::config::schedule::Schedule;
use crate::config::{house, keeping, publishing};
use crate::model::text::{clean_line, did_you_mean};
use crate::model::{DraftSettings, Lines, Lookup, Place, Problem, RankWeights, Settings, Severity, Source, SourceKind};
use crate::toml_doc::{self, Atlas, Reader};

/// What lies around `feeds.toml`, as far as it is referred to.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Files beside it by name, for `query-file`.
    pub files: BTreeMap<String, String>,
    /// Ids of the topics in `topics.toml`; empty when that file could not be read.
    pub topics: Vec<String>,
    /// Names of templates that may be overridden.
    pub template_names: Vec<String>,
    /// Names of override files that lie under `templates/`.
    pub template_overrides: Vec<String>,
}

/// The E-utilities' own address (NBK25497).
pub const EUTILS: &str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/";

/// Reads `feeds.toml`. Settings come back only when no problem is an error.
pub fn parse(text: &str, file: &str, around: &Surroundings) -> (Option<Settings>, Vec<Problem>) {
    let lines = Lines::new(file, text);
    let source = toml_doc::Source { file, text, lines: &lines };
    let document = match toml_doc::parse(source) {
        Ok(document) => document,
        Err(problem) => return (None, vec![problem]),
    };
    let problems = RefCell::new(Vec::new());
    let atlas = RefCell::new(atlas());
    let top = Reader::new(source, document.as_table(), 0, file, &problems).noting(&atlas);
    let settings = read_settings(&top, around);
    check_overrides(&top, around);
    top.refuse_unknown();
    let mut problems = problems.take();
    problems.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.message.cmp(&b.message)));
    let usable = problems.iter().all(|p| p.severity != Severity::Error);
    (settings.filter(|_| usable), problems)
}

/// A text that has every table, so that all are read and note their keys; a source of each kind, since each has keys of
/// its own.
const EVERY_TABLE: &str = "[roundup.colours]\n[draft.sizes]\n[schedule]\n[rank]\n[lookup]\n\
    [publish.folder]\n[publish.mailchimp]\n[publish.listmonk]\n[reminders]\n[backup]\n[keep]\n\
    [[source]]\nkind = \"pubmed\"\n[[source]]\nkind = \"feed\"\n[[source]]\nkind = \"page\"\n[[source]]\nkind = \"folder\"\n";

/// Returns which table of `feeds.toml` knows which keys.
fn atlas() -> Atlas {
    let (atlas, problems) = (RefCell::new(Atlas::default()), RefCell::default());
    let lines = Lines::new("", EVERY_TABLE);
    let source = toml_doc::Source { file: "", text: EVERY_TABLE, lines: &lines };
    if let Ok(document) = toml_doc::parse(source) {
        let top = Reader::new(source, document.as_table(), 0, "", &problems).noting(&atlas);
        read_settings(&top, &Surroundings::default());
        top.refuse_unknown();
    }
    atlas.into_inner()
}

/// Reads the whole file; `None` when something needed is missing (which is then reported).
fn read_settings(top: &Reader<'_>, around: &Surroundings) -> Option<Settings> {
    let house = top.table("roundup");
    if house.is_none() {
        let problem = Problem::error(top.place(), "there is no [roundup] table");
        top.report(problem.with_help("it says who publishes the roundup; `roundup init DIR` writes an example"));
    }
    let house = house.and_then(|table| house::read(&table));
    let draft = top.table("draft").map_or_else(DraftSettings::default, |t| read_draft(&t, around));
    let rank = top.table("rank").map_or_else(RankWeights::default, |t| read_rank(&t));
    let (harvest_cron, draft_cron) = top.table("schedule").map_or_else(default_schedule, |t| read_schedule(&t));
    let lookup = top.table("lookup").map_or_else(Lookup::default, |t| read_lookup(&t));
    let sources = read_sources(top, around);
    let publishing = publishing::read(top, house.as_ref());
    let reminders = reminders::read(top, house.as_ref());
    let keeping = keeping::read(top);
    let house = house?;
    Some(Settings { house, draft, rank, harvest_cron, draft_cron, sources, lookup, publishing, reminders, keeping })
}

/// Harvest every morning, draft on the 1st.
fn default_schedule() -> (String, String) {
    ("0 5 * * *".to_owned(), "0 6 1 * *".to_owned())
}

/// Most papers that may be asked for in one section.
const SECTION_MAX: i64 = 100;

/// Reads `[draft]`.
fn read_draft(table: &Reader<'_>, around: &Surroundings) -> DraftSettings {
    let usual = DraftSettings::default();
    let size = |key: &'static str, max: i64, or: usize| {
        table.whole(key, 0..=max).and_then(|n| usize::try_from(n).ok()).unwrap_or(or)
    };
    let settings = DraftSettings {
        items_max: size("items", 200, usual.items_max),
        items_per_topic_max: size("items-per-topic", SECTION_MAX, usual.items_per_topic_max),
        floor: size("floor", SECTION_MAX, usual.floor),
        sizes: table.table("sizes").map(|t| read_sizes(&t.called("[draft.sizes]"), around)).unwrap_or_default(),
        more_max: size("more", 100, usual.more_max),
        candidates_max: size("candidates", 1000, usual.candidates_max),
        late_days: table.whole("late-days", 0..=730).and_then(|n| u32::try_from(n).ok()).unwrap_or(usual.late_days),
    };
    table.refuse_unknown();
    warn_of_floors(table, &settings);
    settings
}

/// Warns where a section is smaller than the floor that a person asked for; one without places is meant so.
fn warn_of_floors(table: &Reader<'_>, settings: &DraftSettings) {
    if !table.has("floor") {
        return;
    }
    let sizes = settings.sizes.iter().map(|(id, size)| (format!("the section of {id}"), *size));
    for (section, size) in std::iter::once(("a section".to_owned(), settings.items_per_topic_max)).chain(sizes) {
        if (1..settings.floor).contains(&size) {
            let message = format!("{section} holds at most {size}, so the floor of {} is {size}", settings.floor);
            table.report(Problem::warning(table.place_of("floor"), message));
        }
    }
}

/// Reads `[draft.sizes]`: papers by working group; an unknown group is reported with the nearest known one.
fn read_sizes(table: &Reader<'_>, around: &Surroundings) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for (topic, count, place) in table.named_wholes(0..=SECTION_MAX) {
        if around.topics.is_empty() || around.topics.contains(&topic) {
            out.insert(topic, usize::try_from(count).unwrap_or_default());
        } else {
            let help = did_you_mean(&topic, around.topics.iter().map(String::as_str));
            let message = format!("unknown working group \"{topic}\" in [draft.sizes]");
            table.report(Problem::error(place, message).with_help(help));
        }
    }
    out
}

/// Greatest weight of a rule: any scale that people count in, up to parts of a thousand.
const WEIGHT_MAX: f64 = 1000.0;
/// Greatest weight of what was learnt, which 1 sets equal to all rules together: with 10 the rules only
/// part what is alike, and more would be the same order.
const LEARNED_MAX: f64 = 10.0;

/// Reads `[rank]`; weights of any scale come out adding up to 1.
fn read_rank(table: &Reader<'_>) -> RankWeights {
    let usual = RankWeights::default();
    let weights = RankWeights {
        relevance: table.weight("relevance", WEIGHT_MAX).unwrap_or(usual.relevance),
        topic: table.weight("topic", WEIGHT_MAX).unwrap_or(usual.topic),
        design: table.weight("design", WEIGHT_MAX).unwrap_or(usual.design),
        setting: table.weight("setting", WEIGHT_MAX).unwrap_or(usual.setting),
        recency: table.weight("recency", WEIGHT_MAX).unwrap_or(usual.recency),
        open_access: table.weight("open-access", WEIGHT_MAX).unwrap_or(usual.open_access),
        learned: table.weight("learned", LEARNED_MAX).unwrap_or(usual.learned),
    };
    table.refuse_unknown();
    if weights.of_rules() <= 0.0 {
        table.report(
            Problem::error(table.place(), "all weights of [rank] are 0")
                .with_help("give at least one beside learned a value above 0"),
        );
    }
    weights
}

/// Reads `[schedule]`.
fn read_schedule(table: &Reader<'_>) -> (String, String) {
    let (harvest, draft) = default_schedule();
    let lines = (read_line(table, "harvest").unwrap_or(harvest), read_line(table, "draft").unwrap_or(draft));
    table.refuse_unknown();
    lines
}

/// Reads a line of five fields; one that is no schedule is reported. `None` when there is none.
fn read_line(table: &Reader<'_>, key: &'static str) -> Option<String> {
    let line = table.text(key)?;
    if let Err(message) = Schedule::parse(&line) {
        table.report(Problem::error(table.place_of(key), message));
    }
    Some(line)
}

/// Reads `[lookup]`.
fn read_lookup(table: &Reader<'_>) -> Lookup {
    let usual = Lookup::default();
    let doi_resolver = table.web_address("doi-resolver").filter(|a| !a.is_empty());
    let allows_private = table.flag("allow-private").unwrap_or(usual.allows_private);
    table.refuse_unknown();
    Lookup { doi_resolver: doi_resolver.map_or(usual.doi_resolver, |a| format!("{a}/")), allows_private }
}

/// Reads every `[[source]]`; a wrong one costs only itself here, and its errors refuse the file.
fn read_sources(top: &Reader<'_>, around: &Surroundings) -> Vec<Source> {
    let mut out: Vec<Source> = Vec::new();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for table in top.tables("source") {
        let id = table.text_needed("id");
        let table = match &id {
            Some(id) => table.called(format!("source \"{id}\"")),
            None => table,
        };
        let source = read_source(&table, id.clone().unwrap_or_default(), around);
        if let Some(id) = id {
            if !is_id(&id) {
                let problem = Problem::error(
                    table.place_of("id"),
                    format!("source id \"{id}\" may hold only a–z, 0–9 and -, at most 40"),
                );
                table.report(problem);
            }
            if let Some(first) = seen.get(&id) {
                let problem = Problem::error(table.place_of("id"), format!("source id \"{id}\" stands twice"));
                table.report(
                    problem.with_help(format!("the first is at line {}; give this one another id", first.line)),
                );
            } else {
                seen.insert(id, table.place_of("id"));
            }
        }
        out.extend(source);
    }
    out
}

/// Tells whether a text may be a source id: it becomes part of record keys and of messages.
fn is_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Reads one source; `None` when its kind is missing or unknown or something needed is missing.
fn read_source(table: &Reader<'_>, id: String, around: &Surroundings) -> Option<Source> {
    // Names stand in lines of the terminal, of files and of emails: they are one line themselves.
    let name = table.text("name").map_or_else(|| id.clone(), |name| clean_line(&name));
    let topics = read_topics(table, around);
    let is_verified = table.flag("verified").unwrap_or(false);
    let is_enabled = table.flag("enabled").unwrap_or(true);
    let schedule = read_line(table, "schedule");
    let is_preprints = table.flag("preprints").unwrap_or(false);
    let allows_private = table.flag("allow-private").unwrap_or(false);
    let kind = match table.text_needed("kind").as_deref() {
        Some("pubmed") => read_pubmed(table, around),
        Some("feed") => read_feed(table),
        Some("page") => read_page(table),
        Some("folder") => read_folder(table),
        Some(other) => {
            let help = did_you_mean(other, ["feed", "folder", "page", "pubmed"].into_iter());
            table.report(
                Problem::error(table.place_of("kind"), format!("unknown kind of source \"{other}\"")).with_help(help),
            );
            return None;
        }
        None => return None,
    };
    table.refuse_unknown();
    Some(Source { id, name, topics, is_verified, is_enabled, schedule, is_preprints, allows_private, kind: kind? })
}

/// Reads the topic hints; an unknown topic is reported with the nearest known one.
fn read_topics(table: &Reader<'_>, around: &Surroundings) -> Vec<String> {
    let mut out = Vec::new();
    for (topic, place) in table.texts("topics") {
        if around.topics.is_empty() || around.topics.contains(&topic) {
            out.push(topic);
        } else {
            let help = did_you_mean(&topic, around.topics.iter().map(String::as_str));
            table.report(Problem::error(place, format!("unknown topic \"{topic}\"")).with_help(help));
        }
    }
    out
}

/// Reads what a PubMed source needs: one of `query` and `query-file`.
fn read_pubmed(table: &Reader<'_>, around: &Surroundings) -> Option<SourceKind> {
    let base_url = table.web_address("base-url").map_or_else(|| EUTILS.to_owned(), |u| format!("{u}/"));
    let days =
        |key: &'static str, or: u32| table.whole(key, 1..=3650).and_then(|n| u32::try_from(n).ok()).unwrap_or(or);
    let overlap_days = days("overlap-days", 14);
    let first_days = days("first-days", 62);
    let query = match (table.text("query"), table.text("query-file")) {
        (Some(query), None) => Some(query),
        (None, Some(name)) => read_query_file(table, &name, around),
        (Some(_), Some(_)) => {
            table.report(
                Problem::error(table.place_of("query"), "query and query-file are both given")
                    .with_help("keep one of them"),
            );
            None
        }
        (None, None) => {
            let problem = Problem::error(table.place(), "a pubmed source needs query or query-file");
            table.report(problem.with_help("add query-file = \"pubmed-query.txt\", or a short query = \"…\""));
            None
        }
    }?;
    if query.trim().is_empty() {
        table.report(Problem::error(table.place(), "the PubMed query is empty"));
        return None;
    }
    Some(SourceKind::Pubmed { base_url, query, overlap_days, first_days })
}

/// Returns the query of a file beside `feeds.toml`, without its comment lines, on one line.
fn read_query_file(table: &Reader<'_>, name: &str, around: &Surroundings) -> Option<String> {
    let Some(text) = around.files.get(name) else {
        let problem =
            Problem::error(table.place_of("query-file"), format!("there is no file \"{name}\" beside feeds.toml"));
        let help = if around.files.is_empty() {
            String::new()
        } else {
            did_you_mean(name, around.files.keys().map(String::as_str))
        };
        table.report(problem.with_help(help));
        return None;
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    Some(lines.join(" "))
}

/// Reads what a feed needs.
fn read_feed(table: &Reader<'_>) -> Option<SourceKind> {
    let url = needed_address(table);
    let journal = clean_line(&table.text("journal").unwrap_or_default());
    Some(SourceKind::Feed { url: url?, journal })
}

/// Returns `url`, which must be there and be a web address.
fn needed_address(table: &Reader<'_>) -> Option<String> {
    let url = table.text_needed("url")?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if rest.is_none_or(|r| r.is_empty() || r.starts_with('/')) {
        table.report(
            Problem::error(table.place_of("url"), format!("\"{url}\" is no web address"))
                .with_help("it must begin with https:// or http://"),
        );
        return None;
    }
    Some(url)
}

/// Reads what a page needs: an address and CSS selectors that parse.
fn read_page(table: &Reader<'_>) -> Option<SourceKind> {
    let url = needed_address(table);
    let journal = clean_line(&table.text("journal").unwrap_or_default());
    let item = table.text_needed("item");
    let title = table.text_needed("title");
    let link = table.text("link").unwrap_or_default();
    let date = table.text("date").unwrap_or_default();
    for (key, css) in [
        ("item", item.as_deref()),
        ("title", title.as_deref()),
        ("link", Some(link.as_str())),
        ("date", Some(date.as_str())),
    ] {
        let Some(css) = css.filter(|c| !c.is_empty()) else { continue };
        if scraper::Selector::parse(css).is_err() {
            let problem = Problem::error(table.place_of(key), format!("{key} = \"{css}\" is no CSS selector"));
            table.report(problem.with_help("examples: \"li.news\", \"h3 a\", \"time\""));
        }
    }
    Some(SourceKind::Page { url: url?, journal, item: item?, title: title?, link, date })
}

/// Folders of a home that are no drop folders: what lies in them must never be moved away.
const OWN_FOLDERS: [&str; 5] = ["data", "drafts", "index", "out", "templates"];

/// Reads what a folder needs: a path that stays inside the home folder.
fn read_folder(table: &Reader<'_>) -> Option<SourceKind> {
    let path = table.text_needed("path")?;
    let inside = std::path::Path::new(&path).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if !inside {
        let problem = Problem::error(table.place_of("path"), format!("path \"{path}\" leaves the home folder"));
        table.report(problem.with_help("name a folder inside it, such as \"inbox\""));
        return None;
    }
    let first = path.split('/').next().unwrap_or_default();
    if OWN_FOLDERS.contains(&first) {
        let problem = Problem::error(table.place_of("path"), format!("\"{first}\" is a folder of roundup's own"));
        table
            .report(problem.with_help("files are moved out of a source's folder; name another one, such as \"inbox\""));
        return None;
    }
    Some(SourceKind::Folder { path })
}

/// Reports files under `templates/` that override nothing: most likely a misspelt name.
fn check_overrides(top: &Reader<'_>, around: &Surroundings) {
    for name in around.template_overrides.iter().filter(|n| !around.template_names.contains(n)) {
        let help = did_you_mean(name, around.template_names.iter().map(String::as_str));
        top.report(
            Problem::error(Place::file(format!("templates/{name}")), "this file overrides no template").with_help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around() -> Surroundings {
        Surroundings {
            files: BTreeMap::from([("pubmed-query.txt".to_owned(), crate::config::QUERY_DEFAULT.to_owned())]),
            topics: ["adolescent", "advocacy", "evidence", "ikel"].map(str::to_owned).to_vec(),
            template_names: vec!["email/body.html".to_owned()],
            template_overrides: Vec::new(),
        }
    }

    fn said(text: &str, around: &Surroundings) -> Vec<String> {
        parse(text, "feeds.toml", around).1.iter().map(ToString::to_string).collect()
    }

    const HOUSE: &str = "[roundup]\ncommunity = \"C\"\nname = \"N\"\n";

    #[test]
    fn the_file_we_ship_is_right() {
        let (settings, problems) = parse(crate::config::FEEDS_DEFAULT, "feeds.toml", &around());
        assert_eq!(problems, []);
        let settings = settings.unwrap();
        assert!(settings.sources.len() >= 18);
        assert!(settings.sources.iter().any(|s| matches!(&s.kind, SourceKind::Pubmed { query, .. } if query.starts_with("((") && query.contains("[tiab]"))));
    }

    #[test]
    fn five_mistakes_are_five_messages() {
        let text = format!(
            "{HOUSE}[schedule]\nharvest = \"0 0 5 * * *\"\n[[source]]\nid = \"a\"\nkind = \"feed\"\nurl = \"https://example.org/f\"\ntopics = [\"advocasy\"]\n[[source]]\nid = \"a\"\nkind = \"page\"\nurl = \"https://example.org/p\"\nitem = \"li..x\"\ntitle = \"h3\"\n[[source]]\nid = \"p\"\nkind = \"pubmed\"\nquery-file = \"pubmed-querry.txt\"\nretmax = 20\n"
        );
        assert_eq!(
            said(&text, &around()),
            [
                "feeds.toml:5:11: a schedule has five fields (minute hour day month weekday), not 6; \"0 6 1 * *\" is 06:00 on the 1st",
                "feeds.toml:10:11: unknown topic \"advocasy\"\n  help: did you mean \"advocacy\"? known: adolescent, advocacy, evidence, ikel",
                "feeds.toml:12:6: source id \"a\" stands twice\n  help: the first is at line 7; give this one another id",
                "feeds.toml:15:8: item = \"li..x\" is no CSS selector\n  help: examples: \"li.news\", \"h3 a\", \"time\"",
                "feeds.toml:20:14: there is no file \"pubmed-querry.txt\" beside feeds.toml\n  help: did you mean \"pubmed-query.txt\"? known: pubmed-query.txt",
                "feeds.toml:21:1: unknown key \"retmax\" in source \"p\"\n  help: known: allow-private, base-url, enabled, first-days, id, kind, name, overlap-days, preprints, query, query-file, schedule, topics, verified",
            ]
        );
    }

    #[test]
    fn every_table_of_the_example_notes_its_keys() {
        let atlas = atlas();
        let headers = crate::config::FEEDS_DEFAULT.lines().map(|line| line.trim_start_matches("# "));
        let headers: Vec<&str> = headers.filter(|l| l.starts_with('[')).filter_map(|l| l.split(' ').next()).collect();
        assert!(headers.len() > 20, "{headers:?}");
        for header in headers {
            // Its keys are the ids of working groups.
            assert!(header == "[draft.sizes]" || atlas.has(header), "{header}");
        }
    }

    #[test]
    fn a_key_in_the_wrong_table_is_told_where_it_belongs() {
        for (lines, want) in [
            (
                "masthead = \"#402060\"\n",
                "feeds.toml:4:1: unknown key \"masthead\" in [roundup]\n  help: masthead belongs under the line [roundup.colours], which is missing before it, or still begins with #; or known: colours, community,",
            ),
            (
                "[mailchimp]\nlist = \"a\"\n",
                "\"mailchimp\" in feeds.toml\n  help: write [publish.mailchimp]; or known: backup, draft,",
            ),
            ("[listmonk]\n", "\"listmonk\" in feeds.toml\n  help: write [publish.listmonk]; or known: backup, draft,"),
            (
                "[folder]\npath = \"a\"\n",
                "\"folder\" in feeds.toml\n  help: write [publish.folder]; or known: backup, draft,",
            ),
            ("[colours]\n", "\"colours\" in feeds.toml\n  help: write [roundup.colours]; or known: backup, draft,"),
            ("[publish]\npath = \"a\"\n", "help: path belongs under the line [publish.folder] or [[source]], which"),
            ("[draft]\nharvest = \"0 5 * * *\"\n", "help: harvest belongs under the line [schedule], which is missing"),
        ] {
            let said = said(&format!("{HOUSE}{lines}"), &around());
            assert!(said.len() == 1 && said[0].contains(want), "{lines}: {said:?}");
        }
    }

    #[test]
    fn every_other_message_says_what_where_and_what_to_do() {
        for (text, want) in [
            (
                "",
                "feeds.toml:1:1: there is no [roundup] table\n  help: it says who publishes the roundup; `roundup init DIR` writes an example",
            ),
            (
                "[roundup]\ncommunity = \"C\"\n",
                "feeds.toml:1:1: [roundup] has no name\n  help: add a line name = \"…\"",
            ),
            (
                &format!("{HOUSE}time-zone = \"Africa/Nairoby\"\n"),
                "feeds.toml:4:13: unknown time zone \"Africa/Nairoby\"\n  help: use a name of the time zone database, such as \"Africa/Nairobi\" or \"UTC\"",
            ),
            (
                &format!("{HOUSE}first-issue = \"Oct 2026\"\n"),
                "feeds.toml:4:15: \"Oct 2026\" is no month\n  help: write it as YYYY-MM, such as \"2026-09\"",
            ),
            (
                &format!("{HOUSE}language = \"frr\"\n"),
                "feeds.toml:4:12: unknown language \"frr\"\n  help: did you mean \"fr\"? known: en, fr, es, pt",
            ),
            (
                &format!("{HOUSE}web-address = \"example.org\"\n"),
                "feeds.toml:4:15: web-address must begin with https:// or http://, not \"example.org\"",
            ),
            (
                &format!("{HOUSE}[lookup]\ndoi-resolver = \"doi.org\"\n"),
                "feeds.toml:5:16: doi-resolver must begin with https:// or http://, not \"doi.org\"",
            ),
            (&format!("{HOUSE}[draft]\nitems = 1000\n"), "feeds.toml:5:9: items must be from 0 to 200, not 1000"),
            (
                &format!("{HOUSE}[draft]\nitem = 10\n"),
                "feeds.toml:5:1: unknown key \"item\" in [draft]\n  help: did you mean \"items\"? known: candidates, floor, items, items-per-topic, late-days, more, sizes",
            ),
            (&format!("{HOUSE}[rank]\nrelevance = -1\n"), "feeds.toml:5:13: relevance must be from 0 to 1000, not -1"),
            (
                &format!("{HOUSE}[[source]]\nkind = \"feed\"\nurl = \"https://example.org\"\n"),
                "feeds.toml:4:1: source 1 has no id\n  help: add a line id = \"…\"",
            ),
            (
                &format!("{HOUSE}[[source]]\nid = \"A b\"\nkind = \"feed\"\nurl = \"https://example.org\"\n"),
                "feeds.toml:5:6: source id \"A b\" may hold only a–z, 0–9 and -, at most 40",
            ),
            (
                &format!("{HOUSE}[[source]]\nid = \"a\"\nkind = \"rss\"\n"),
                "feeds.toml:6:8: unknown kind of source \"rss\"\n  help: known: feed, folder, page, pubmed",
            ),
            (
                &format!("{HOUSE}[[source]]\nid = \"a\"\nkind = \"feed\"\nurl = \"file:///etc/passwd\"\n"),
                "feeds.toml:7:7: \"file:///etc/passwd\" is no web address\n  help: it must begin with https:// or http://",
            ),
            (
                &format!("{HOUSE}[[source]]\nid = \"a\"\nkind = \"folder\"\npath = \"../etc\"\n"),
                "feeds.toml:7:8: path \"../etc\" leaves the home folder\n  help: name a folder inside it, such as \"inbox\"",
            ),
            (
                &format!("{HOUSE}[[source]]\nid = \"a\"\nkind = \"pubmed\"\n"),
                "feeds.toml:4:1: a pubmed source needs query or query-file\n  help: add query-file = \"pubmed-query.txt\", or a short query = \"…\"",
            ),
            (
                &format!("{HOUSE}[[source]]\nid = \"a\"\nkind = \"folder\"\npath = \"data/x\"\n"),
                "feeds.toml:7:8: \"data\" is a folder of roundup's own\n  help: files are moved out of a source's folder; name another one, such as \"inbox\"",
            ),
            (
                "[roundup\n",
                "feeds.toml:1:9: unclosed table, expected `]`\n  help: a value in quotes, a closing bracket or an = may be missing on this line or the one before",
            ),
        ] {
            assert_eq!(said(text, &around()), [want], "{text}");
        }
    }

    #[test]
    fn wrong_sizes_of_sections_are_named() {
        for (text, want) in [
            (&format!("{HOUSE}[draft]\nfloor = -1\n"), "feeds.toml:5:9: floor must be from 0 to 100, not -1"),
            (
                &format!("{HOUSE}[draft.sizes]\nadvocacy = 4\nadvocasy = 4\n"),
                "feeds.toml:6:1: unknown working group \"advocasy\" in [draft.sizes]\n  help: did you mean \"advocacy\"? known: adolescent, advocacy, evidence, ikel",
            ),
            (
                &format!("{HOUSE}[draft]\nitems = 20\n[draft.sizes]\nevidence = 101\n"),
                "feeds.toml:7:12: evidence must be from 0 to 100, not 101",
            ),
            (
                &format!("{HOUSE}[draft.sizes]\nevidence = \"many\"\n"),
                "feeds.toml:5:12: evidence must be a whole number, not a text",
            ),
            (
                &format!("{HOUSE}[draft.sizes]\nadvocacy = 4.5\n"),
                "feeds.toml:5:12: advocacy must be a whole number, not 4.5",
            ),
            (&format!("{HOUSE}[draft]\nitems = 30.0\n"), "feeds.toml:5:9: items must be a whole number, not 30.0"),
            (&format!("{HOUSE}[draft]\nsizes = 3\n"), "feeds.toml:5:9: sizes must be a table, not a whole number"),
        ] {
            assert_eq!(said(text, &around()), [want], "{text}");
        }
    }

    #[test]
    fn a_weight_that_is_none_is_one_message() {
        let keys = ["relevance", "topic", "design", "setting", "recency", "open-access", "learned"];
        for key in keys {
            let max = if key == "learned" { "10" } else { "1000" };
            let column = key.len() + 4;
            for (value, want) in [
                ("-1", format!("must be from 0 to {max}, not -1")),
                ("-0.5", format!("must be from 0 to {max}, not -0.5")),
                ("nan", format!("must be from 0 to {max}, not nan")),
                ("inf", format!("must be from 0 to {max}, not inf")),
                ("-inf", format!("must be from 0 to {max}, not -inf")),
                ("1e9", format!("must be from 0 to {max}, not 1e9")),
                ("\"much\"", "must be a number, not a text".to_owned()),
                ("true", "must be a number, not true or false".to_owned()),
            ] {
                let text = format!("{HOUSE}[rank]\n{key} = {value} # a remark\n");
                assert_eq!(said(&text, &around()), [format!("feeds.toml:5:{column}: {key} {want}")], "{key} = {value}");
            }
            for value in ["0", "0.0", "10", "9.5"] {
                let text = format!("{HOUSE}[rank]\n{key} = {value}\n");
                assert_eq!(said(&text, &around()), Vec::<String>::new(), "{key} = {value}");
            }
        }
    }

    #[test]
    fn a_floor_above_what_a_section_holds_is_told() {
        for (lines, want) in [
            ("floor = 9", &["feeds.toml:5:9: a section holds at most 8, so the floor of 9 is 8"][..]),
            ("floor = 8", &[]),
            ("items-per-topic = 2", &[]),
            (
                "floor = 3\n[draft.sizes]\nadvocacy = 2\nikel = 0\nevidence = 3",
                &["feeds.toml:5:9: the section of advocacy holds at most 2, so the floor of 3 is 2"],
            ),
        ] {
            let (settings, problems) = parse(&format!("{HOUSE}[draft]\n{lines}\n"), "feeds.toml", &around());
            let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(said, want, "{lines}");
            assert!(problems.iter().all(|p| p.severity == Severity::Warning), "{lines}");
            assert!(settings.is_some(), "{lines}: the file is used all the same");
        }
    }

    #[test]
    fn sizes_of_sections_are_read_and_the_others_stay_usual() {
        let text = format!("{HOUSE}[draft]\nitems-per-topic = 6\nfloor = 2\n[draft.sizes]\nadvocacy = 4\nikel = 0\n");
        let draft = parse(&text, "feeds.toml", &around()).0.unwrap().draft;
        let sizes = ["advocacy", "evidence", "ikel"].map(|t| draft.size_of(t));
        assert_eq!((draft.floor, sizes), (2, [4, 6, 0]));
        assert_eq!(parse(HOUSE, "feeds.toml", &around()).0.unwrap().draft, DraftSettings::default());
    }

    #[test]
    fn the_exceptions_that_we_ship_as_remarks_are_right_when_taken_in() {
        let text = crate::config::FEEDS_DEFAULT;
        let start = text.find("# [draft.sizes]").unwrap();
        let (head, tail) = text.split_at(start);
        let (lines, rest) = tail.split_once("\n\n").unwrap();
        let open = format!("{head}{}\n\n{rest}", lines.replace("# ", ""));
        let (settings, problems) = parse(&open, "feeds.toml", &around());
        assert_eq!(problems, []);
        assert_eq!(settings.unwrap().draft.sizes.len(), 2);
    }

    #[test]
    fn a_file_that_overrides_no_template_is_named() {
        let mut around = around();
        around.template_overrides = vec!["email/body.htm".to_owned()];
        assert_eq!(
            said(HOUSE, &around),
            [
                "templates/email/body.htm: this file overrides no template\n  help: did you mean \"email/body.html\"? known: email/body.html"
            ]
        );
    }
}
