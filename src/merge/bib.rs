//! Where a paper stands: volume, issue and pages, as they are compared.

/// A page range, as far as it says where a paper begins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub(super) enum Pages {
    /// Nothing said, or something that is no place ("215 p", "no pagination").
    #[default]
    Unknown,
    /// First and last page; a single page is both.
    Range(u32, u32),
    /// A range that a spreadsheet turned into a day ("01-Jun" was 1-6).
    Damaged(u32, u32),
    /// An article number (`e43268`, `CD002273`, `101576`).
    Article(u32),
}

/// Numbers from here on are article numbers: no volume has a hundred thousand pages.
const ARTICLE_NUMBER_MIN: u32 = 100_000;

/// Month names by which spreadsheets damage page ranges ("01-Jun" was 1-6).
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Pages {
    /// Returns what `text` says. Empty text and text without a page number give `Unknown`.
    pub fn of(text: &str) -> Self {
        let folded = crate::model::text::fold(text);
        // Journals in two languages print a paper twice: the lowest first page stands for all.
        folded
            .split([',', ';', '+', '"'])
            .map(Self::of_one)
            .min_by_key(|p| p.start().unwrap_or(u32::MAX))
            .unwrap_or_default()
    }

    /// Returns what one range says.
    fn of_one(folded: &str) -> Self {
        let body = ["pages", "page", "pp.", "pp", "p."]
            .iter()
            .fold(folded.trim(), |t, p| t.strip_prefix(p).unwrap_or(t).trim());
        let is_count =
            body.strip_suffix(['p', '.']).is_some_and(|b| b.trim_end().ends_with(|c: char| c.is_ascii_digit()));
        if is_count || body.contains("pagination") {
            return Self::Unknown;
        }
        if let Some(number) = article_number(body) {
            return Self::Article(number);
        }
        let mut parts = body.split('-').map(str::trim).filter(|p| !p.is_empty());
        let (Some(start), end) = (parts.next().and_then(page), parts.next().and_then(page)) else {
            return Self::Unknown;
        };
        match end {
            None if start >= ARTICLE_NUMBER_MIN => Self::Article(start),
            None => Self::Range(start, start),
            Some(end) if is_month(body) => Self::Damaged(start.min(end), start.max(end)),
            Some(end) => Self::Range(start, expand(start, end)),
        }
    }

    /// Returns how two places agree.
    pub fn agree(&self, other: &Self) -> Field {
        match (self, other) {
            (Self::Range(1, end_a), Self::Range(1, end_b)) => {
                // Every paper of an online journal begins on page 1: only the length says something.
                if end_a == end_b && *end_a > 1 { Field::Close } else { Field::Unknown }
            }
            (Self::Range(a, _), Self::Range(b, _)) if a == b => Field::Agree,
            // Counted from 1 before it had its place in a volume.
            (Self::Range(1, _), Self::Range(..)) | (Self::Range(..), Self::Range(1, _)) => Field::Unknown,
            (Self::Range(a, a_end), Self::Range(b, b_end)) => {
                if a.max(b) <= a_end.min(b_end) {
                    Field::Close
                } else {
                    Field::Conflict
                }
            }
            (Self::Article(a), Self::Article(b)) => {
                if a == b {
                    Field::Agree
                } else {
                    Field::Conflict
                }
            }
            (Self::Damaged(a, b), Self::Damaged(c, d) | Self::Range(c, d))
            | (Self::Range(a, b), Self::Damaged(c, d)) => {
                if (a, b) == (c, d) {
                    Field::Close
                } else {
                    Field::Unknown
                }
            }
            // The same number with and without its letter.
            (Self::Article(a), Self::Range(b, c)) | (Self::Range(b, c), Self::Article(a)) if a == b && b == c => {
                Field::Agree
            }
            // An article number beside pages is another way of counting, no contradiction.
            _ => Field::Unknown,
        }
    }

    /// Tells whether both are the same pages from first to last, more than one, or the same
    /// article number: more than a coincidence.
    pub fn is_same_range(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Range(1, _), _) => false,
            (Self::Range(a, b), Self::Range(..)) => b > a && self == other,
            (Self::Article(_), Self::Article(_)) => self == other,
            _ => false,
        }
    }

    /// Returns how many pages there are, where both ends are known.
    pub fn count(&self) -> Option<u32> {
        match self {
            Self::Range(start, end) if end > start => Some(end - start + 1),
            _ => None,
        }
    }

    /// Returns the first page or article number.
    pub fn start(&self) -> Option<u32> {
        match self {
            Self::Unknown => None,
            Self::Range(start, _) | Self::Damaged(start, _) => Some(*start),
            Self::Article(number) => Some(*number),
        }
    }
}

/// Returns the number of an article number: `e43268`, `cd002273`, `article 34`, `artn 34`.
fn article_number(body: &str) -> Option<u32> {
    let word = body.split_whitespace().collect::<String>();
    for prefix in ["article", "artn", "art", "cd", "e"] {
        if let Some(rest) = word.strip_prefix(prefix) {
            let rest = rest.trim_start_matches(['.', ':']);
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            if !digits.is_empty() {
                return digits.parse().ok();
            }
        }
    }
    None
}

/// Returns the number of one page: `s12` is 12, a month its number.
fn page(part: &str) -> Option<u32> {
    if let Some(month) = MONTHS.iter().position(|m| part == *m) {
        return u32::try_from(month + 1).ok();
    }
    let digits_at = part.find(|c: char| c.is_ascii_digit())?;
    let (letters, rest) = part.split_at(digits_at);
    let is_roman = letters.bytes().all(|b| matches!(b, b'i' | b'v' | b'x' | b'l' | b'c'));
    let is_prefix = letters.len() <= 2 && letters.bytes().all(|b| b.is_ascii_alphabetic());
    if !is_roman && !is_prefix {
        return None;
    }
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|n| *n > 0)
}

/// Tells whether a month's name stands in a page range.
fn is_month(body: &str) -> bool {
    MONTHS.iter().any(|m| body.contains(m))
}

/// Returns the last page written out: 482-91 ends on 491. An end before the start is the start.
fn expand(start: u32, end: u32) -> u32 {
    if end >= start {
        return end;
    }
    let mut scale = 10;
    while scale <= end {
        scale *= 10;
    }
    let full = start - start % scale + end;
    if full >= start { full } else { start }
}

/// Returns the first number in a volume or issue (`29A` is 29, `4 (1)` is 4), or `None`.
///
/// A volume that is the year says nothing that the year does not.
pub(super) fn first_number(text: &str, year: Option<i16>) -> Option<u32> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let digits: String = text.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    (year.and_then(|y| u32::try_from(y).ok()) != Some(number)).then_some(number)
}

/// How a field of two records agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// Both say the same.
    Agree,
    /// Both say nearly the same.
    Close,
    /// One or both say nothing: no evidence either way.
    Unknown,
    /// They contradict.
    Conflict,
}

impl Field {
    /// Returns the agreement of two optional values.
    pub fn of<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> Self {
        match (a, b) {
            (Some(a), Some(b)) if a == b => Self::Agree,
            (Some(_), Some(_)) => Self::Conflict,
            _ => Self::Unknown,
        }
    }
}
