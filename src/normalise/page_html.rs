//! Web pages without a feed, read by CSS selectors that a person wrote.

use scraper::{Html, Selector};

use super::feed::{Base, FeedDate, Repairs, decode_text};
use super::html;
use crate::model::{Doi, PartialDate, Place, Problem, Record};

mod guess;
mod item;

pub use guess::{Guess, guess};

/// The most bytes of a page that are read; pages of news lists are a tenth of it.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Items read on one page.
const ITEMS_MAX: usize = 1_000;

/// How items are found on a page; each is a CSS selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selectors {
    /// Each item on the page.
    pub item: String,
    /// The title within an item; empty means the whole item.
    pub title: String,
    /// The link within an item; empty means the title's own link, else the first of the item.
    pub link: String,
    /// The date within an item; empty means none.
    pub date: String,
}

/// Tells whether a selector can be read, else why not, in plain words.
///
/// # Errors
/// When it cannot.
pub fn check_selector(css: &str) -> Result<(), String> {
    parse_selector(css).map(|_| ())
}

/// Reads a selector.
fn parse_selector(css: &str) -> Result<Selector, String> {
    if css.trim().is_empty() {
        return Err("the selector is empty".to_owned());
    }
    Selector::parse(css).map_err(|error| {
        use scraper::error::SelectorErrorKind as Kind;
        let why = match error {
            Kind::EndOfLine => "it ends too early",
            Kind::UnexpectedToken => "there is a character that does not belong there",
            Kind::ExpectedColonOnPseudoElement | Kind::ExpectedIdentityOnPseudoElement => {
                "a name is missing behind \":\""
            }
            Kind::TooManyNestedBlocks => "it is nested too deep",
            Kind::UnexpectedSelectorParseError(_) => "it has a part that selectors do not know",
            Kind::InvalidAtRule | Kind::InvalidAtRuleBody | Kind::QualRuleInvalid => {
                "it is a style rule, not a selector"
            }
        };
        format!("not a CSS selector: {why}")
    })
}

/// The selectors, read.
struct Parsed {
    item: Selector,
    title: Option<Selector>,
    link: Option<Selector>,
    date: Option<Selector>,
}

/// Reads all selectors, or says which cannot be read.
fn parse_all(selectors: &Selectors, address: &str) -> Result<Parsed, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut read = |name: &str, css: &str| match parse_selector(css) {
        Ok(selector) => Some(selector),
        Err(why) => {
            problems.push(Problem::error(Place::file(address), format!("{name} = {css:?}: {why}")));
            None
        }
    };
    let item = read("item", &selectors.item);
    let mut optional = |name: &str, css: &str| if css.trim().is_empty() { None } else { read(name, css) };
    let title = optional("title", &selectors.title);
    let link = optional("link", &selectors.link);
    let date = optional("date", &selectors.date);
    match item {
        Some(item) if problems.is_empty() => Ok(Parsed { item, title, link, date }),
        _ => Err(problems),
    }
}

/// Reads the items of a page as records of a source, in the order of the page, each address once.
///
/// `content_type` is the header of the answer, `address` where the page came from. A page on which
/// nothing is found gives one problem: its design has probably changed. An item without title or
/// web address is left out and told.
pub fn page_records(
    html: &[u8],
    content_type: Option<&str>,
    address: &str,
    selectors: &Selectors,
    source: &str,
    journal: &str,
) -> (Vec<Record>, Vec<Problem>) {
    let parsed = match parse_all(selectors, address) {
        Ok(parsed) => parsed,
        Err(problems) => return (Vec::new(), problems),
    };
    let mut repairs = Repairs::default();
    let mut problems = Vec::new();
    let bytes = html.get(..PAGE_BYTES_MAX).unwrap_or(html);
    if bytes.len() < html.len() {
        problems.push(Problem::warning(Place::file(address), "the page is longer than 4 MiB; its end was not read"));
    }
    let text = decode_text(bytes, content_type, &mut repairs);
    problems.extend(repairs.problems(address, &text));
    if html::is_too_deep(&text) {
        problems.push(Problem::error(Place::file(address), "the page is nested too deep to be read"));
        return (Vec::new(), problems);
    }
    let page = Html::parse_document(&text);
    let (records, counts) = read_items(&page, address, &parsed, source, journal, &mut problems);
    problems.extend(complaints(selectors, &counts, records.is_empty(), address));
    (records, problems)
}

/// What was found by each selector, for the problems.
#[derive(Debug, Default)]
struct Counts {
    /// Items found.
    items: usize,
    /// Items in which the title selector found something.
    titles: usize,
    /// Items in which the link selector found something.
    links: usize,
    /// Items in which the date selector found something.
    dates: usize,
    /// Dates that could not be read.
    bad_dates: usize,
    /// Items without title or web address, by their place from 1.
    incomplete: Vec<usize>,
}

/// Reads the items of a parsed page.
fn read_items(
    page: &Html,
    address: &str,
    selectors: &Parsed,
    source: &str,
    journal: &str,
    problems: &mut Vec<Problem>,
) -> (Vec<Record>, Counts) {
    let base = base_of(page, address);
    let language = page.root_element().attr("lang").and_then(|l| l.split(['-', '_']).next()).map(str::to_lowercase);
    let mut records: Vec<Record> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut counts = Counts::default();
    for item in page.select(&selectors.item).filter(|i| !item::is_hidden(*i)) {
        counts.items += 1;
        if counts.items > ITEMS_MAX {
            problems.push(Problem::warning(Place::file(address), "more than 1,000 items; the rest was not read"));
            break;
        }
        counts.titles += usize::from(selectors.title.as_ref().is_none_or(|s| item::first(item, s).is_some()));
        counts.links += usize::from(selectors.link.as_ref().is_none_or(|s| item::first(item, s).is_some()));
        let Some((title, url)) = item::title_and_url(item, selectors, &base) else {
            counts.incomplete.push(counts.items);
            continue;
        };
        let date = item::date_of(item, selectors.date.as_ref());
        counts.dates += usize::from(date.as_ref().map_or(true, Option::is_some));
        counts.bad_dates += usize::from(date.is_err());
        if !seen.insert(url.clone()) {
            continue;
        }
        let published = date.ok().flatten().and_then(FeedDate::day);
        records.push(Record {
            id: url.clone(),
            source: source.to_owned(),
            title,
            journal: Some(journal.to_owned()).filter(|j| !j.is_empty()),
            year: published.map(PartialDate::year),
            published,
            language: language.clone().filter(|l| l.len() == 2).into_iter().collect(),
            doi: Doi::parse(&url).filter(|_| url.contains("doi.org/")),
            url: Some(url),
            ..Record::default()
        });
    }
    (records, counts)
}

/// Most incomplete items that are named by their place.
const PLACES_SHOWN: usize = 5;

/// Says which selector found nothing, and how much the others found.
fn complaints(selectors: &Selectors, counts: &Counts, is_empty: bool, address: &str) -> Vec<Problem> {
    let mut out = Vec::new();
    let place = || Place::file(address);
    let mend = "the page has probably changed; look at it in a browser and mend the selectors";
    let item = format!("item = {:?}", selectors.item);
    if counts.items == 0 {
        let message = format!("nothing found on the page by {item}");
        return vec![Problem::error(place(), message).with_help(mend)];
    }
    let items = format!("the {} {} that {item} found", counts.items, if counts.items == 1 { "item" } else { "items" });
    let matched = [("title", &selectors.title, counts.titles), ("link", &selectors.link, counts.links)];
    for (name, css, _) in matched.iter().filter(|(_, css, count)| *count == 0 && !css.trim().is_empty()) {
        out.push(Problem::error(place(), format!("{name} = {css:?} matched nothing in {items}")).with_help(mend));
    }
    if out.is_empty() && is_empty {
        let message = format!("none of {items} has both a title and a web address");
        out.push(Problem::error(place(), message).with_help(mend));
    } else if out.is_empty() && !counts.incomplete.is_empty() {
        out.push(Problem::warning(place(), incomplete(&counts.incomplete)));
    }
    if counts.dates == 0 && !selectors.date.trim().is_empty() && !is_empty {
        let message = format!("date = {:?} matched nothing in {items}; they come without a date", selectors.date);
        out.push(Problem::warning(place(), message).with_help(mend));
    }
    if counts.bad_dates > 0 {
        let message = format!("{} dates on the page could not be read and were left out", counts.bad_dates);
        out.push(Problem::warning(place(), message));
    }
    out
}

/// Names the items that were left out.
fn incomplete(places: &[usize]) -> String {
    let shown: Vec<String> = places.iter().take(PLACES_SHOWN).map(ToString::to_string).collect();
    let list = shown.join(", ");
    match places.len() {
        1 => format!("item {list} has no title or no web address and was left out"),
        n if n > PLACES_SHOWN => format!("{n} items have no title or no web address and were left out: {list}, …"),
        _ => format!("items {list} have no title or no web address and were left out"),
    }
}

/// Returns what relative links on the page are resolved against: its `base`, else its address.
fn base_of(page: &Html, address: &str) -> Base {
    let own = Selector::parse("base[href]").ok().and_then(|s| page.select(&s).next()).and_then(|b| b.attr("href"));
    Base::new(&[own.unwrap_or_default(), address])
}

#[cfg(test)]
mod tests;
