//! Where sites of a kind have their feeds.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

/// Returns where a site of this kind has its feeds: known by its address or by the program that
/// made the page (`generator`, lower case).
pub(super) fn of_site(address: &str, generator: &str) -> Vec<String> {
    let Ok(url) = Url::parse(address) else { return Vec::new() };
    let mut out = journal_software(&url, generator);
    out.extend(publisher(&url));
    out.extend(blog_software(&url, generator));
    out
}

/// Usual places of feeds, below the site's root.
const USUAL: [&str; 7] = ["feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss", "feed.json"];

/// Returns the usual places, of the page's own folder first where it has one.
pub(super) fn usual(address: &str) -> Vec<String> {
    let Ok(url) = Url::parse(address) else { return Vec::new() };
    let mut out = Vec::new();
    let folder = url.path().trim_end_matches('/');
    let is_file = folder.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if !folder.is_empty() && !is_file {
        out.push(at(&url, &format!("{folder}/feed")));
        out.push(at(&url, &format!("{folder}/rss.xml")));
    }
    out.extend(USUAL.iter().map(|place| at(&url, place)));
    out
}

/// Returns an address on the same host.
fn at(url: &Url, path: &str) -> String {
    let mut out = url.clone();
    out.set_query(None);
    out.set_fragment(None);
    let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
    out.set_path(path);
    out.set_query(query);
    out.to_string()
}

/// Returns the feeds of Open Journal Systems (OJS): `…/index.php/JOURNAL/gateway/plugin/…`.
fn journal_software(url: &Url, generator: &str) -> Vec<String> {
    let path = url.path();
    let journal = path.split_once("/index.php/").map(|(before, rest)| {
        let name = rest.split('/').next().unwrap_or_default();
        format!("{before}/index.php/{name}")
    });
    let base = match journal {
        Some(base) => base,
        None if generator.contains("open journal systems") => {
            path.trim_matches('/').split('/').next().map(|first| format!("/{first}")).unwrap_or_default()
        }
        None => return Vec::new(),
    };
    let plugin = format!("{}/gateway/plugin/WebFeedGatewayPlugin", base.trim_end_matches('/'));
    vec![at(url, &format!("{plugin}/rss2")), at(url, &format!("{plugin}/atom"))]
}

/// Returns the feeds of blog and site programs.
fn blog_software(url: &Url, generator: &str) -> Vec<String> {
    let places: &[&str] = match () {
        () if generator.contains("wordpress") => &["feed/", "?feed=rss2"],
        () if generator.contains("drupal") => &["rss.xml", "feed"],
        () if generator.contains("joomla") => &["?format=feed&type=rss"],
        () if generator.contains("ghost") => &["rss/"],
        () if generator.contains("hugo") || generator.contains("quarto") => &["index.xml"],
        () if generator.contains("jekyll") => &["feed.xml"],
        () => &[],
    };
    places.iter().map(|place| at(url, place)).collect()
}

/// Address of a journal at a publisher, and of its feed; `$1` and so on stand for the groups.
const PUBLISHERS: &[(&str, &str)] = &[
    (r"^https?://((?:[a-z0-9-]+\.)+(?:biomedcentral|springeropen)\.com)/", "https://$1/articles/most-recent/rss.xml"),
    (
        r"^https?://link\.springer\.com/journal/(\d+)",
        "https://link.springer.com/search.rss?facet-content-type=Article&facet-journal-id=$1",
    ),
    (r"^https?://(?:www\.)?nature\.com/([a-z]+)(?:/|$)", "https://www.nature.com/$1.rss"),
    (
        r"^https?://((?:[a-z0-9-]+\.)?onlinelibrary\.wiley\.com)/(?:journal|toc|loi)/(\d{7}[\dxX])",
        "https://$1/feed/$2/most-recent",
    ),
    (
        r"^https?://(?:www\.)?sciencedirect\.com/(?:science/)?journal/(?:aip/)?(\d{7}[\dxX])",
        "https://rss.sciencedirect.com/publication/science/$1",
    ),
    (
        r"^https?://(?:www\.)?tandfonline\.com/(?:toc|loi|journals|action/journalInformation\?journalCode=)/?([a-z]{4}\d{2})",
        "https://www.tandfonline.com/action/showFeed?type=etoc&feed=rss&jc=$1",
    ),
    (
        r"^https?://journals\.sagepub\.com/(?:home|loi|toc)/([a-z]+)",
        "https://journals.sagepub.com/action/showFeed?ui=0&type=etoc&feed=rss&jc=$1",
    ),
    (r"^https?://journals\.plos\.org/([a-z]+)", "https://journals.plos.org/$1/feed/atom"),
    (r"^https?://(?:www\.)?frontiersin\.org/journals/([a-z0-9-]+)", "https://www.frontiersin.org/journals/$1/rss"),
    (r"^https?://(?:www\.)?mdpi\.com/journal/([a-z0-9]+)", "https://www.mdpi.com/rss/journal/$1"),
    (r"^https?://([a-z]+)\.bmj\.com/", "https://$1.bmj.com/rss/recent.xml"),
    (
        r"^https?://(?:www\.)?(bio|med)rxiv\.org/collection/([a-z0-9-]+)",
        "https://connect.$1rxiv.org/$1rxiv_xml.php?subject=$2",
    ),
    (r"^https?://academic\.oup\.com/([a-z]+)(?:/|$)", "https://academic.oup.com/rss/site_$1/advanceAccess.xml"),
];

/// Returns the feeds that publishers have for a journal.
fn publisher(url: &Url) -> Vec<String> {
    static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let build = |p: &str| Regex::new(p).expect("invariant: the pattern is fixed and tested");
        PUBLISHERS.iter().map(|(pattern, feed)| (build(pattern), *feed)).collect()
    });
    let address = url.as_str();
    let filled = PATTERNS.iter().filter_map(|(pattern, feed)| {
        let found = pattern.captures(address)?;
        let mut out = String::new();
        found.expand(&braced(feed), &mut out);
        Some(out)
    });
    filled.collect()
}

/// Returns a template whose groups are braced: `$1rxiv` would else name the group `1rxiv`.
fn braced(template: &str) -> String {
    template.replace("$1", "${1}").replace("$2", "${2}")
}
