//! Web pages without a feed, read by CSS selectors that a person wrote.

use scraper::{ElementRef, Html, Selector};

use super::feed::dates::read_date;
use super::feed::{Base, FeedDate, Repairs, decode_text, is_web};
use super::html;
use crate::model::text::{clean_line, shorten};
use crate::model::{Doi, PartialDate, Place, Problem, Record};

/// The most bytes of a page that are read; pages of news lists are a tenth of it.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Items read on one page.
const ITEMS_MAX: usize = 1_000;
/// The longest title, in characters: what is longer is a whole text, and the selector too wide.
const TITLE_CHARS_MAX: usize = 1_000;

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
    let records = read_items(&page, address, &parsed, source, journal, &mut problems);
    if records.is_empty() {
        let message = format!("nothing found on the page by item = {:?}", selectors.item);
        problems.push(
            Problem::error(Place::file(address), message)
                .with_help("the page has probably changed; look at it in a browser and mend the selectors"),
        );
    }
    (records, problems)
}

/// Reads the items of a parsed page.
fn read_items(
    page: &Html,
    address: &str,
    selectors: &Parsed,
    source: &str,
    journal: &str,
    problems: &mut Vec<Problem>,
) -> Vec<Record> {
    let base = base_of(page, address);
    let language = page.root_element().attr("lang").and_then(|l| l.split(['-', '_']).next()).map(str::to_lowercase);
    let mut records: Vec<Record> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let (mut found, mut bad_dates) = (0usize, 0usize);
    for item in page.select(&selectors.item) {
        found += 1;
        if found > ITEMS_MAX {
            problems.push(Problem::warning(Place::file(address), "more than 1,000 items; the rest was not read"));
            break;
        }
        let Some((title, url)) = title_and_url(item, selectors, &base) else {
            let message = format!("item {found} has no title or no web address and was left out");
            problems.push(Problem::warning(Place::file(address), message));
            continue;
        };
        if !seen.insert(url.clone()) {
            continue;
        }
        let date = date_of(item, selectors.date.as_ref());
        bad_dates += usize::from(date.is_err());
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
    if bad_dates > 0 {
        let message = format!("{bad_dates} dates on the page could not be read and were left out");
        problems.push(Problem::warning(Place::file(address), message));
    }
    records
}

/// Returns what relative links on the page are resolved against: its `base`, else its address.
fn base_of(page: &Html, address: &str) -> Base {
    let own = Selector::parse("base[href]").ok().and_then(|s| page.select(&s).next()).and_then(|b| b.attr("href"));
    Base::new(&[own.unwrap_or_default(), address])
}

/// Returns title and web address of an item, when it has both.
fn title_and_url(item: ElementRef<'_>, selectors: &Parsed, base: &Base) -> Option<(String, String)> {
    let titled = match &selectors.title {
        Some(selector) => first(item, selector)?,
        None => item,
    };
    let title = shorten(&html::plain_line(&titled.inner_html()), TITLE_CHARS_MAX);
    let linked = match &selectors.link {
        Some(selector) => first(item, selector).and_then(link_in),
        None => link_in(titled).or_else(|| link_around(titled, item)).or_else(|| link_in(item)),
    };
    let url = base.resolve::<&str>(linked?, &[]).filter(|u| is_web(u))?;
    (!title.is_empty()).then_some((title, url))
}

/// Returns the first element in an item that a selector fits, or the item itself when it fits.
fn first<'a>(item: ElementRef<'a>, selector: &Selector) -> Option<ElementRef<'a>> {
    item.select(selector).next().or_else(|| selector.matches(&item).then_some(item))
}

/// Returns the address of a link: the element's own, else that of the first link within.
fn link_in(element: ElementRef<'_>) -> Option<&str> {
    let own = element.attr("href").filter(|h| !h.trim().is_empty());
    own.or_else(|| element.descendent_elements().find_map(|e| e.attr("href").filter(|_| e.value().name() == "a")))
}

/// Returns the address of the link that the title stands in, within the item.
fn link_around<'a>(title: ElementRef<'a>, item: ElementRef<'a>) -> Option<&'a str> {
    title
        .ancestors()
        .take_while(|n| n.id() != item.id())
        .filter_map(ElementRef::wrap)
        .find_map(|e| e.attr("href").filter(|_| e.value().name() == "a"))
}

/// A date that cannot be read.
struct Unreadable;

/// Returns the date of an item, where it has one.
fn date_of(item: ElementRef<'_>, selector: Option<&Selector>) -> Result<Option<FeedDate>, Unreadable> {
    let Some(element) = selector.and_then(|s| first(item, s)) else { return Ok(None) };
    let written = ["datetime", "content", "data-date"].iter().find_map(|name| element.attr(name));
    let text = clean_line(&element.text().collect::<String>());
    let date = written.and_then(read_date).or_else(|| read_date(&text));
    if date.is_none() && !(text.is_empty() && written.is_none()) { Err(Unreadable) } else { Ok(date) }
}

#[cfg(test)]
mod tests;
