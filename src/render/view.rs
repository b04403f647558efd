//! The issue as the templates see it. `templates/README.md` describes every value; the form is a
//! stable interface, since edited templates rely on it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::text::{capital, clean_line, fold};
use crate::model::{Event, House, Issue, Language, Month, PartialDate};

use super::item_view::{self, ItemView};
use super::palette::Palette;
use super::picture::{self, PictureView};
use super::target::{TagTexts, page_address};
use super::words::{self, Words};
use super::{json_ld, neutralise};

/// Earlier issues that a page links to before "All issues".
const EARLIER_SHOWN: usize = 6;

/// All values of the email and page templates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IssueView {
    /// Fixed words.
    pub w: &'static Words,
    /// BCP 47 code of the issue's language.
    pub language: &'static str,
    /// The direction in which it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// Who publishes.
    pub house: HouseView,
    /// Colours for light and dark screens.
    pub colours: Palette,
    /// `2030-01`.
    pub month: String,
    /// "January 2030".
    pub month_name: String,
    /// Number of the issue; none when not counted.
    pub number: Option<u32>,
    /// Subject as a person wrote it; may be empty.
    pub subject: String,
    /// Preheader.
    pub preheader: String,
    /// The preheader, else what the issue is and how many papers it has: what links to the page show.
    pub summary: String,
    /// The note, a paragraph each.
    pub note: Vec<String>,
    /// The numbers under the masthead.
    pub numbers: Vec<NumberView>,
    /// All items together.
    pub items_count: usize,
    /// The pick; none without one.
    pub pick: Option<ItemView>,
    /// Sections in order.
    pub sections: Vec<SectionView>,
    /// The compact list.
    pub more: Vec<ItemView>,
    /// Dates.
    pub events: Vec<EventView>,
    /// The request, a paragraph each.
    pub request: Vec<String>,
    /// Links to earlier issues, newest first.
    pub earlier: Vec<LinkView>,
    /// Sentence on sources that could not be read; empty when all could.
    pub stale: String,
    /// Address of this issue's page on the web; empty when nowhere.
    pub page_address: String,
    /// Address of the Atom feed on the web; empty when nowhere.
    pub feed_address: String,
    /// Countries for the filter, sorted.
    pub countries: Vec<String>,
    /// Study types for the filter, sorted.
    pub designs: Vec<String>,
    /// The picture of the month; none with few papers.
    pub picture: Option<PictureView>,
    /// Structured data (JSON) for search engines.
    pub structured_data: String,
    /// Which tags the mailing tool has.
    pub has: HasView,
}

/// Who publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HouseView {
    /// The community.
    pub community: String,
    /// The publication.
    pub name: String,
    /// Short form.
    pub short_name: String,
    /// Address to write to, as text; empty when none.
    pub contact: String,
    /// The same as a link; empty when none.
    pub contact_link: String,
    /// How the roundup is made.
    pub method: String,
    /// One line under the masthead; empty for none.
    pub intro: String,
    /// A paragraph at the foot; empty for none.
    pub footer: String,
}

impl HouseView {
    /// Returns the view of a house.
    pub fn new(house: &House) -> Self {
        let contact_link = neutralise::address(&format!("mailto:{}", house.contact.trim())).unwrap_or_default();
        Self {
            community: clean_line(&house.community),
            name: clean_line(&house.name),
            short_name: clean_line(&house.short_name),
            contact: clean_line(&house.contact),
            contact_link,
            method: clean_line(&house.method),
            intro: clean_line(&house.intro),
            footer: clean_line(&house.footer),
        }
    }
}

/// A number under the masthead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberView {
    /// How many.
    pub n: usize,
    /// Of what.
    pub label: &'static str,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionView {
    /// Its id in addresses.
    pub anchor: String,
    /// Its place, from 1.
    pub number: usize,
    /// Its colour, 1–4.
    pub colour: usize,
    /// Its name.
    pub name: String,
    /// One line under the name.
    pub blurb: String,
    /// Its items.
    pub items: Vec<ItemView>,
}

/// A date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// Day of the month, shown large; empty when the date is shown as one text.
    pub day: String,
    /// The rest of the date ("Feb"), or all of it.
    pub rest: String,
    /// The whole date as one text.
    pub date: String,
    /// `2030-02-12` when the date is known that well; else empty.
    pub iso: String,
    /// What.
    pub title: String,
    /// Where it leads; empty when nowhere safe.
    pub link: String,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// Words.
    pub text: String,
    /// Address, relative to the page.
    pub link: String,
}

/// Which tags the mailing tool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HasView {
    /// `tag("UNSUB")`.
    pub unsub: bool,
    /// `tag("ARCHIVE")`.
    pub archive: bool,
    /// `tag("UPDATE_PROFILE")`.
    pub profile: bool,
    /// `tag("LIST:ADDRESSLINE")`.
    pub address: bool,
}

impl IssueView {
    /// Returns the view of an issue for a mailing tool's tags.
    pub fn new(issue: &Issue, house: &House, tags: &TagTexts) -> Self {
        let language = house.language;
        let mut taken = BTreeSet::new();
        let pick = issue.pick.as_ref().map(|i| ItemView::new(i, house, &mut taken));
        let sections: Vec<SectionView> =
            issue.sections.iter().enumerate().map(|(at, s)| SectionView::new(at, s, house, &mut taken)).collect();
        let more: Vec<ItemView> = issue.more.iter().map(|i| ItemView::new(i, house, &mut taken)).collect();
        let stale: Vec<String> = issue.stale_sources.iter().map(|s| clean_line(&s.name)).collect();
        let page_address = page_address(house, issue.month).unwrap_or_default();
        Self {
            w: words::of(language),
            language: language.code(),
            direction: language.direction(),
            house: HouseView::new(house),
            colours: Palette::new(&house.colours),
            month: issue.month.to_string(),
            month_name: language.month(issue.month),
            number: issue.number,
            subject: clean_line(&issue.subject),
            preheader: clean_line(&issue.preheader),
            summary: summary(issue, house),
            note: paragraphs(&issue.note),
            numbers: numbers(issue, language),
            items_count: issue.items().count(),
            pick,
            sections,
            more,
            events: issue.events.iter().map(|e| EventView::new(e, language)).collect(),
            request: paragraphs(&issue.request),
            earlier: issue.earlier.iter().take(EARLIER_SHOWN).map(|m| earlier(*m, language)).collect(),
            stale: words::stale(&stale, language),
            feed_address: neutralise::address(house.web_address.trim_end_matches('/'))
                .map(|web| format!("{web}/feed.xml"))
                .unwrap_or_default(),
            countries: countries(issue).into_iter().collect(),
            designs: designs(issue, language),
            picture: picture::picture(issue, language),
            structured_data: json_ld::of_issue(issue, house, &page_address),
            page_address,
            has: HasView::of(tags),
        }
    }

    /// Returns the same view for another mailing tool's tags: nothing else in it hangs on them.
    pub fn with_tags(self, tags: &TagTexts) -> Self {
        Self { has: HasView::of(tags), ..self }
    }
}

impl HasView {
    /// Returns which tags have a text.
    fn of(tags: &TagTexts) -> Self {
        Self {
            unsub: tags.has("UNSUB"),
            archive: tags.has("ARCHIVE"),
            profile: tags.has("UPDATE_PROFILE"),
            address: tags.has("LIST:ADDRESSLINE"),
        }
    }
}

impl IssueView {
    /// Returns the items in reading order, each with the name of its part of the issue.
    pub fn grouped(&self) -> Vec<(String, &ItemView)> {
        let pick = self.pick.iter().map(|i| (self.w.pick.to_owned(), i));
        let sections = self.sections.iter().flat_map(|s| s.items.iter().map(|i| (s.name.clone(), i)));
        let more = self.more.iter().map(|i| (self.w.more.to_owned(), i));
        pick.chain(sections).chain(more).collect()
    }
}

impl SectionView {
    fn new(at: usize, section: &crate::model::IssueSection, house: &House, taken: &mut BTreeSet<String>) -> Self {
        let id: String = section.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        Self {
            anchor: format!("s-{id}"),
            number: at + 1,
            colour: picture::colour(at),
            name: clean_line(&section.name),
            blurb: clean_line(&section.blurb),
            items: section.items.iter().map(|i| ItemView::new(i, house, taken)).collect(),
        }
    }
}

impl EventView {
    fn new(event: &Event, language: Language) -> Self {
        let date = clean_line(&event.date);
        let exact = PartialDate::parse(&date);
        let shown = exact.map_or_else(|| date.clone(), |exact| language.date(exact));
        let (day, rest) = exact.and_then(|exact| parts_of(exact, language)).unwrap_or_else(|| {
            let written = shown.split_once(' ').filter(|(day, rest)| {
                day.len() <= 2 && day.bytes().all(|b| b.is_ascii_digit()) && rest.len() <= REST_MAX
            });
            written.map_or_else(|| (String::new(), shown.clone()), |(day, rest)| (day.to_owned(), rest.to_owned()))
        });
        Self {
            day,
            rest,
            date: shown,
            iso: exact.map(String::from).unwrap_or_default(),
            title: clean_line(&event.title),
            link: neutralise::address(&event.link).unwrap_or_default(),
        }
    }
}

/// Returns the day of a date, shown large, and what stands under it: "Feb 2030"; `None` without a day.
fn parts_of(date: PartialDate, language: Language) -> Option<(String, String)> {
    let (day, month) = (date.day()?, date.month()?);
    Some((language.day(day), format!("{} {}", language.month_short(month), date.year())))
}

/// Longest text under a large day that fits its column, in bytes ("Feb 2030").
const REST_MAX: usize = 9;

/// Returns what a link to the page shows: the preheader, else the month and how many papers there are.
fn summary(issue: &Issue, house: &House) -> String {
    let preheader = clean_line(&issue.preheader);
    let papers = issue.items().count();
    if preheader.is_empty() {
        let (name, month) = (clean_line(&house.name), house.language.month(issue.month));
        format!("{name}, {month}: {papers} {}.", words::of(house.language).papers.of(papers, house.language))
    } else {
        preheader
    }
}

/// Returns the paragraphs of a text, each as one line.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(' ');
            last.push_str(line);
        }
    }
    out.iter().map(|p| clean_line(p)).filter(|p| !p.is_empty()).collect()
}

/// Returns the countries of an issue that are named, sorted.
pub fn countries(issue: &Issue) -> BTreeSet<String> {
    issue.items().flat_map(item_view::named_countries).collect()
}

/// Returns the study types of an issue, sorted as people sort: accents do not count.
fn designs(issue: &Issue, language: Language) -> Vec<String> {
    let names = issue.items().filter_map(item_view::design_of).map(|design| words::design(design, language));
    let all: BTreeSet<(String, &str)> = names.map(|name| (fold(name), name)).collect();
    all.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// Returns the numbers under the masthead; none for an empty issue.
fn numbers(issue: &Issue, language: Language) -> Vec<NumberView> {
    let papers = issue.items().count();
    if papers == 0 {
        return Vec::new();
    }
    let countries = countries(issue).len();
    let open = issue.items().filter(|i| item_view::is_open(i)).count();
    let reviews = issue.items().filter_map(item_view::design_of).filter(|d| d.is_review()).count();
    let w = words::of(language);
    [(papers, w.papers), (countries, w.countries), (open, w.open_papers), (reviews, w.reviews)]
        .map(|(n, label)| NumberView { n, label: label.of(n, language) })
        .into()
}

/// Returns the link from an issue's page to an earlier one.
fn earlier(month: Month, language: Language) -> LinkView {
    LinkView { text: capital(&language.month(month)), link: format!("../{month}/index.html") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_split_where_they_fit() {
        for (id, date, want) in [
            ("iso", "2030-02-12", ("12", "Feb 2030", "2030-02-12")),
            ("words", "3 March", ("3", "March", "")),
            ("range", "3 to 5 March 2030", ("", "3 to 5 March 2030", "")),
            ("month", "2030-03", ("", "Mar 2030", "2030-03")),
            ("loose", "soon", ("", "soon", "")),
        ] {
            let view = EventView::new(&Event { date: date.into(), ..Event::default() }, Language::English);
            assert_eq!((view.day.as_str(), view.rest.as_str(), view.iso.as_str()), want, "{id}");
        }
    }

    #[test]
    fn exact_dates_are_split_in_every_language() {
        for (language, want) in [
            (Language::English, ("1", "Feb 2030", "1 Feb 2030")),
            (Language::French, ("1er", "févr. 2030", "1er févr. 2030")),
            (Language::Spanish, ("1", "feb 2030", "1 feb 2030")),
            (Language::Portuguese, ("1º", "fev. 2030", "1º de fev. de 2030")),
        ] {
            let view = EventView::new(&Event { date: "2030-02-01".into(), ..Event::default() }, language);
            assert_eq!((view.day.as_str(), view.rest.as_str(), view.date.as_str()), want, "{language:?}");
        }
    }

    #[test]
    fn paragraphs_are_parted_by_blank_lines() {
        assert_eq!(paragraphs("a\nb\n\n \nc\u{9b}\n"), ["a b", "c"]);
        assert!(paragraphs(" \n").is_empty());
    }
}
