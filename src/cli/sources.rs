//! `roundup sources`: how they are, what one would give, and finding new ones.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Style, Terminal};
use crate::model::{PartialDate, Record};
use crate::normalise::landing::{Asked, understand};
use crate::pipeline::{self, FoundFeed, FoundSources, Home, SourceListing, SourceTest, Tried};
use crate::store::Store;

/// Lists where we look and how each source is; finds the feeds of a site; tries one
///
/// Examples: roundup sources · roundup sources find www.example.org · roundup sources test pubmed
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

/// What is done about sources.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Finds the feeds of a site and prints the lines for feeds.toml
    ///
    /// All that it prints can be pasted. A site without a feed gives lines that read its page. Ends
    /// with 0 when it gave lines, with 1 when it found nothing.
    Find {
        /// Address of the site, of a journal's page, or of a feed. With ( ) & or ; in it, put it
        /// between '…'
        url: String,
        /// Also ask addresses inside your own network
        #[arg(long)]
        allow_private: bool,
    },
    /// Asks one source and shows what it would give; nothing is stored
    Test {
        /// Source id from feeds.toml
        id: String,
    },
}

/// Runs the command.
///
/// # Errors
/// When the settings are wrong, the home cannot be opened or the database cannot be read.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    match &args.action {
        None => list(global, term),
        Some(Action::Find { url, allow_private }) => find(url, *allow_private, global, term),
        Some(Action::Test { id }) => test(id, global, term),
    }
}

/// What becomes of a source that fails, and what a person can do.
pub(super) const WHEN_FAILING: &str = "what fails is asked again at the next harvest; `roundup sources test ID` tries one now; `roundup sources find SITE` looks for a new address";

/// Lists the sources.
fn list(global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    let config = open::config(&home, term)?;
    pipeline::check_not_lost(&home, &config.settings.keeping)?;
    let path = home.database();
    let store = if path.exists() { Some(Store::open_reader(&path)?) } else { None };
    let zone = jiff::tz::TimeZone::get(&config.settings.house.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let sources = pipeline::list_sources(&config.settings.sources, store.as_ref())?;
    for source in &sources {
        if global.json {
            term.json(source)?;
        } else {
            print_listing(source, &zone, term);
        }
    }
    if sources.iter().any(|s| s.is_enabled && s.failing_since.is_some() && !s.is_gone) && !global.json {
        term.line("");
        term.line(WHEN_FAILING);
    }
    if sources.is_empty() && !global.json {
        term.line("feeds.toml names no source yet; `roundup sources find URL` finds the feeds of a site");
    }
    Ok(if sources.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints how one source is.
fn print_listing(source: &SourceListing, zone: &jiff::tz::TimeZone, term: &mut Terminal) {
    let day = |at: jiff::Timestamp| words(at.to_zoned(zone.clone()).date());
    let sign = match source {
        s if !s.is_enabled => "–",
        s if s.failing_since.is_some() || s.is_gone => "✗",
        s if s.last_ok.is_some() => "✓",
        _ => "·",
    };
    let head = format!(" ({}, {})", source.id, source.kind);
    term.styled(&[(Style::Plain, sign), (Style::Plain, " "), (Style::Bold, source.name.as_str()), (Style::Dim, &head)]);
    let mut says: Vec<String> = Vec::new();
    if !source.is_enabled {
        says.push("switched off".to_owned());
    }
    says.push(match (source.last_ok, source.failing_since) {
        (Some(at), _) => format!("last answered on {}", day(at)),
        (None, Some(_)) => "never answered yet".to_owned(),
        (None, None) => "not asked yet".to_owned(),
    });
    if source.works > 0 {
        says.push(format!("papers and news items it told of: {}", source.works));
    }
    term.line(&format!("    {}", says.join("; ")));
    if source.is_gone {
        term.line("    it says that it is gone for good: take it out of feeds.toml or change its url");
    } else if let Some(since) = source.failing_since {
        term.line(&format!(
            "    has failed since {}: {}",
            day(since),
            source.last_error.as_deref().unwrap_or("no reason is known")
        ));
    }
    if let Some(target) = &source.moved_to {
        term.line(&format!("    it has moved: write  url = \"{target}\"  in feeds.toml"));
    }
}

/// Returns a day in words: `5 October 2026`.
fn words(day: jiff::civil::Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// Returns a day, month or year in words.
fn words_partial(date: PartialDate) -> String {
    match date.precision() {
        3 => words(date.first_day()),
        2 => date.first_day().strftime("%B %Y").to_string(),
        _ => date.year().to_string(),
    }
}

/// Finds the feeds of a site. Needs no home.
fn find(url: &str, allow_private: bool, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let address = match understand(url) {
        Some(Asked::Url(url) | Asked::Doi(_, Some(url))) => url,
        _ if url.contains('.') && !url.contains([' ', '/', ':']) => format!("https://{url}/"),
        _ => {
            term.note(&format!("✗ \"{url}\" is no web address; one looks like www.example.org"));
            return Ok(Exit::Usage);
        }
    };
    let fetch = open::fetch()?;
    let progress = open::progress();
    let found = open::block_on(async {
        Ok(pipeline::find_sources(fetch.as_ref(), &address, allow_private, progress.as_ref()).await)
    })?;
    drop(progress);
    if global.json {
        term.json(&found)?;
    } else {
        print_found(&found, term);
    }
    Ok(if found.feeds.is_empty() && found.page.is_none() { Exit::Nothing } else { Exit::Done })
}

/// Prints what was found at an address.
fn print_found(found: &FoundSources, term: &mut Terminal) {
    if let Some(error) = &found.error {
        term.note(&format!("✗ {error}"));
        let help = if error.contains("private") {
            "--allow-private asks it all the same; do so only inside your own network"
        } else {
            "open the address in a browser; copy it from there and try again"
        };
        term.note(&format!("  help: {help}"));
        return;
    }
    let count = found.feeds.len();
    if count > 0 {
        let what = if count == 1 { "1 feed".to_owned() } else { format!("{count} feeds") };
        term.line(&format!("# {what} found at {}; paste what you want into feeds.toml:", found.url));
        let dead = found.tried.iter().filter(|t| t.is_named);
        dead.for_each(|t| term.line(&format!("# the page also names {} as a feed, but: {}", t.url, t.reason)));
    }
    for feed in &found.feeds {
        term.line("");
        term.line(&format!("# {}", about(feed)));
        feed.titles.iter().for_each(|title| term.line(&format!("#   {title}")));
        feed.toml.lines().for_each(|line| term.line(line));
    }
    if count == 0 {
        print_no_feed(found, term);
    }
}

/// Prints what stands at an address instead of a feed. As every line that is not for `feeds.toml` is a
/// comment, all of it can be pasted.
fn print_no_feed(found: &FoundSources, term: &mut Terminal) {
    let title = if found.page_title.is_empty() { String::new() } else { format!(" (\"{}\")", found.page_title) };
    term.line(&format!("# no feed found at {}{title}", found.url));
    let (unnamed, other): (Vec<&Tried>, Vec<&Tried>) = found.tried.iter().partition(|t| t.is_missing && !t.is_named);
    for tried in other {
        let named = if tried.is_named { "the page names this as its feed, but: " } else { "" };
        term.line(&format!("#   {}: {named}{}", tried.url, tried.reason));
    }
    if !unnamed.is_empty() {
        term.line(&format!("#   nothing stands at {} usual places for one", unnamed.len()));
    }
    let Some(page) = &found.page else {
        term.line(
            "# the page shows no list that could be read instead; try the address of its news or of its newest issue",
        );
        return;
    };
    term.line("");
    term.line(&format!("# its page can be read instead; these lines find {} items, the first are:", page.entries));
    page.titles.iter().for_each(|title| term.line(&format!("#   {title}")));
    term.line("");
    page.toml.lines().for_each(|line| term.line(line));
    term.line("");
    term.line("# paste them into feeds.toml, then `roundup sources test ID` shows what they give");
}

/// Returns what a feed holds, in one line.
fn about(feed: &FoundFeed) -> String {
    let title = if feed.title.is_empty() { "a feed without a title" } else { &feed.title };
    let newest = feed.newest.map_or_else(String::new, |d| format!(", the newest of {}", words_partial(d)));
    let entries = if feed.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", feed.entries) };
    format!("{title}: {entries}{newest}")
}

/// Records shown of a source that is tried.
const RECORDS_SHOWN: usize = 5;
/// Problems shown of a source that is tried.
const PROBLEMS_SHOWN: usize = 5;

/// Asks one source and shows what it gives.
fn test(id: &str, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let scratch = tempfile::tempdir()?;
    let config = open::config(&Home::new(&global.home), term)?;
    // Nothing of the home is touched: an empty database beside it serves.
    let ctx = open::open_with(Home::new(scratch.path()), config, Access::Write, open::clock()?, open::fetch()?)?;
    let tested = open::block_on(async { Ok(pipeline::test_source(&ctx, id).await?) })?;
    if global.json {
        term.json(&tested)?;
    } else {
        print_test(&tested, term);
    }
    Ok(if tested.error.is_some() || tested.records.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints what a source gives.
fn print_test(tested: &SourceTest, term: &mut Terminal) {
    if let Some(error) = &tested.error {
        term.line(&format!("✗ {} ({}): {error}", tested.name, tested.id));
        return;
    }
    term.line(&format!(
        "{} ({}) gives {} {}; nothing was stored",
        tested.name,
        tested.id,
        tested.records.len(),
        if tested.records.len() == 1 { "item" } else { "items" }
    ));
    for record in tested.records.iter().take(RECORDS_SHOWN) {
        term.line(&format!("  {}", record.title));
        term.line(&format!("    {}", facts(record)));
    }
    let rest = tested.records.len().saturating_sub(RECORDS_SHOWN);
    if rest > 0 {
        term.line(&format!("  and {rest} more; --json lists all"));
    }
    for note in &tested.notes {
        term.line(&format!("  note: {note}"));
    }
    for problem in tested.problems.iter().take(PROBLEMS_SHOWN) {
        term.line(&format!("  {}: {}", problem.severity, problem.message));
    }
}

/// Returns date and link of a record.
fn facts(record: &Record) -> String {
    let when = record.published.map_or_else(|| "no date".to_owned(), words_partial);
    let link = record.best_link().unwrap_or_else(|| "no link".to_owned());
    format!("{when}; {link}")
}
