//! Invented bibliographies of any size, the same each time: what a batch of a million records looks
//! like to merging.
//!
//! Words, names and journals have the frequencies of real ones (a few are everywhere, most are
//! rare), titles open and end with the same phrases, one in fifty is a column ("Editorial"). Of the
//! studies, 10 in 100 stand there again as a feed gives them and 5 in 100 as another database does.
//! An id is the number of its study, a point, and the number of the copy, so that a reader can tell
//! what belongs together.

use std::io::{self, Write};

mod words;

use words::{Names, Words};

/// How many studies of 100 stand there again in the shape of a feed.
const FEED_PERCENT: u64 = 10;

/// How many studies of 100 stand there again in the shape of another database.
const DATABASE_PERCENT: u64 = 5;

/// How many studies of 100 are columns.
const COLUMN_PERCENT: u64 = 2;

/// How titles open.
const OPENINGS: &[&str] = &[
    "Prevalence of",
    "Prevalence and correlates of",
    "Effects of",
    "Effectiveness of",
    "The effect of",
    "Association between",
    "Factors associated with",
    "Risk factors for",
    "A qualitative study of",
    "Impact of",
    "Prevalence of depression and",
    "Experiences of",
    "Predictors of",
    "The role of",
    "Validation of",
    "Towards",
];

/// How titles end.
const ENDINGS: &[&str] = &[
    ": a randomized controlled trial",
    ": a systematic review and meta-analysis",
    ": a cross-sectional study",
    ": a qualitative study",
    ": study protocol for a randomized controlled trial",
    " in low- and middle-income countries",
    " among pregnant women",
    ": a cohort study",
    ": a pilot study",
    " during pregnancy",
    " in primary care",
    ": results from a population-based survey",
];

/// Words of the field that stand in many titles.
const FIELD: &[&str] = &[
    "depression",
    "postpartum",
    "maternal",
    "perinatal",
    "anxiety",
    "women",
    "mental",
    "health",
    "pregnancy",
    "infant",
    "intervention",
    "treatment",
    "randomised",
    "behaviour",
    "screening",
    "psychosocial",
    "community",
    "primary",
    "mothers",
    "outcomes",
    "children",
    "antenatal",
    "violence",
    "support",
    "symptoms",
    "programme",
    "paediatric",
];

/// Titles of columns.
const COLUMNS: &[&str] =
    &["Editorial", "Introduction", "In this issue", "Book reviews", "Letter to the editor", "Author's reply"];

/// Numbers that look thrown and are the same each time (`SplitMix64`).
pub struct Dice(u64);

impl Dice {
    /// Returns the dice of one study: seeds that follow each other give throws that have nothing in
    /// common.
    pub fn of(seed: u64) -> Self {
        // Mixed, because the throws themselves count on by a fixed step: plain seeds would give each
        // study the throws of the one before it, one later.
        Self(mixed(seed.wrapping_add(STEP)))
    }

    /// Returns the next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// Returns a number below `end`, each as often.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Returns a number below `end`, of which 0 comes most and each further one less often (Zipf).
    pub fn rank(&mut self, end: u64) -> u64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank up to a million from a share of one"
        )]
        {
            let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
            ((end as f64 + 1.0).powf(share) as u64).saturating_sub(1).min(end.saturating_sub(1))
        }
    }

    /// Tells whether something happens that happens so many times in 100.
    pub fn percent(&mut self, times: u64) -> bool {
        self.below(100) < times
    }

    /// Returns one of a list.
    pub fn one<'l>(&mut self, list: &[&'l str]) -> &'l str {
        let at = self.below(u64::try_from(list.len()).unwrap_or(1));
        usize::try_from(at).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
    }
}

/// What the dice count on by.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns a number that shows nothing of the one it is made from.
fn mixed(number: u64) -> u64 {
    let z = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One invented study, with all that any of its copies says.
struct Study {
    number: u64,
    title: String,
    authors: Vec<(String, String)>,
    journal: Vec<String>,
    year: u64,
    volume: u64,
    issue: u64,
    first_page: u64,
    page_count: u64,
    has_doi: bool,
    has_pmid: bool,
    summary: Option<String>,
}

/// Writes so many records as JSON lines and returns how many studies they are.
///
/// # Errors
/// When they cannot be written.
pub fn write(records: u64, out: &mut dyn Write) -> io::Result<u64> {
    let (words, names) = (Words::new(), Names::new());
    let (mut written, mut number) = (0, 0);
    let mut line = Vec::new();
    while written < records {
        let mut dice = Dice::of(number);
        let study = Study::invent(number, &mut dice, &words, &names);
        let copies = [
            Some(study.as_published()),
            dice.percent(FEED_PERCENT).then(|| study.as_feed_item(&mut dice)),
            dice.percent(DATABASE_PERCENT).then(|| study.as_elsewhere(&mut dice)),
        ];
        for copy in copies.into_iter().flatten().take(usize::try_from(records - written).unwrap_or(usize::MAX)) {
            line.clear();
            serde_json::to_writer(&mut line, &copy)?;
            line.push(b'\n');
            out.write_all(&line)?;
            written += 1;
        }
        number += 1;
    }
    Ok(number)
}

impl Study {
    /// Returns the study of a number.
    fn invent(number: u64, dice: &mut Dice, words: &Words, names: &Names) -> Self {
        let journal_rank = dice.rank(3_000);
        let mut of_journal = Dice::of(journal_rank + (1 << 40));
        let founded = 1_900 + of_journal.below(110);
        let year = 2026 - dice.rank(37).min(2026 - founded);
        Self {
            number,
            title: if dice.percent(COLUMN_PERCENT) { dice.one(COLUMNS).to_owned() } else { title(dice, words) },
            authors: (0..=dice.rank(12)).map(|_| (names.family(dice), names.given(dice))).collect(),
            journal: (0..=of_journal.below(4)).map(|_| words.word(&mut of_journal)).collect(),
            year,
            volume: year - founded + 1,
            issue: 1 + dice.below(12),
            first_page: 1 + dice.rank(2_000),
            page_count: 1 + dice.below(16),
            has_doi: dice.percent(80),
            has_pmid: dice.percent(60),
            summary: dice.percent(60).then(|| sentence(dice, words, 100)),
        }
    }

    /// Returns the record that a bibliographic database has.
    fn as_published(&self) -> serde_json::Value {
        let mut record = serde_json::json!({
            "id": format!("{}.0", self.number),
            "source": "published",
            "title": format!("{}.", self.title),
            "authors": self.authors.iter().map(|(f, g)| serde_json::json!({"family": f, "given": g})).collect::<Vec<_>>(),
            "journal": format!("Journal of {}", self.journal.join(" ")),
            "year": self.year,
            "volume": self.volume.to_string(),
            "number": self.issue.to_string(),
            "pages": format!("{}-{}", self.first_page, self.first_page + self.page_count - 1),
            "type": ["Journal Article"],
        });
        let more = [
            ("doi", self.has_doi.then(|| self.doi())),
            ("pmid", self.has_pmid.then(|| (90_000_000 + self.number).to_string())),
            ("abstract", self.summary.clone()),
        ];
        for (field, value) in more {
            if let Some(value) = value {
                set(&mut record, field, value.into());
            }
        }
        record
    }

    /// Returns the item that a journal's feed has: often cut, without place, with or without DOI.
    fn as_feed_item(&self, dice: &mut Dice) -> serde_json::Value {
        let whole = if dice.percent(20) { format!("[Articles] {}", self.title) } else { self.title.clone() };
        let is_cut = dice.percent(15) && whole.len() > 80;
        let title = if is_cut { whole.chars().take(75).chain("\u{2026}".chars()).collect() } else { whole };
        let mut record = serde_json::json!({
            "id": format!("{}.1", self.number),
            "source": "feed",
            "title": title,
            "journal": format!("Journal of {}", self.journal.join(" ")),
            "published": format!("{}-{:02}", self.year, 1 + self.number % 12),
            "url": format!("https://example.org/{}", self.number),
        });
        if dice.percent(50) {
            let names: Vec<_> =
                self.authors.iter().map(|(f, g)| serde_json::json!({"family": f, "given": initials(g)})).collect();
            set(&mut record, "authors", names.into());
        }
        if self.has_doi && dice.percent(50) {
            set(&mut record, "doi", self.doi().into());
        }
        record
    }

    /// Returns the record that another database has: other spelling, short journal, short pages.
    fn as_elsewhere(&self, dice: &mut Dice) -> serde_json::Value {
        let spelled = self.title.replace("randomized", "randomised").replace("behaviour", "behavior");
        let title = if dice.percent(30) { spelled.to_uppercase() } else { spelled };
        let short: Vec<String> = self.journal.iter().map(|w| w.chars().take(4).collect()).collect();
        let authors: Vec<_> =
            self.authors.iter().map(|(f, g)| serde_json::json!({"family": f, "given": initials(g)})).collect();
        serde_json::json!({
            "id": format!("{}.2", self.number),
            "source": "elsewhere",
            "title": title,
            "authors": authors,
            "journal": format!("J {}", short.join(" ")),
            "year": self.year,
            "volume": self.volume.to_string(),
            "pages": short_range(self.first_page, self.first_page + self.page_count - 1),
            "database": "Elsewhere",
        })
    }

    /// Returns its DOI.
    fn doi(&self) -> String {
        format!("10.5555/{}.{}", self.journal.first().map_or("", String::as_str), self.number)
    }
}

/// Sets a field of a record.
fn set(record: &mut serde_json::Value, field: &str, value: serde_json::Value) {
    if let Some(fields) = record.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
}

/// Returns a title of 3 to some 20 words.
fn title(dice: &mut Dice, words: &Words) -> String {
    let mut out: Vec<String> = Vec::new();
    if dice.percent(50) {
        out.push(dice.one(OPENINGS).to_owned());
    }
    for _ in 0..3 + dice.below(8) {
        out.push(if dice.percent(25) { dice.one(FIELD).to_owned() } else { words.word(dice) });
    }
    let mut title = out.join(" ");
    if dice.percent(40) {
        title.push_str(dice.one(ENDINGS));
    }
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Returns so many words.
fn sentence(dice: &mut Dice, words: &Words, count: usize) -> String {
    (0..count).map(|_| words.word(dice)).collect::<Vec<_>>().join(" ")
}

/// Returns the initials of a given name.
fn initials(given: &str) -> String {
    given.split(' ').filter_map(|part| part.chars().next()).collect()
}

/// Returns a page range with the last page cut to what differs: 482-91.
fn short_range(first: u64, last: u64) -> String {
    if last > first && first >= 100 && first / 100 == last / 100 {
        format!("{first}-{:02}", last % 100)
    } else {
        format!("{first}-{last}")
    }
}
