//! The normal form of a title: what is left when the habits of databases and feeds are taken off.
//!
//! `"[Articles] Mothers&amp; sleep: part II. | Example Journal"` and `"Mothers & sleep: Part 2"`
//! come out the same. What is taken off and means something (a correction, a cut) is kept as a flag.

use std::borrow::Cow;

use crate::model::text;

use super::columns::{GENERIC_WORDS, SERIAL_OPENINGS, SERIAL_WORDS};
use super::hash;
use super::kinds::{ANSWER_OPENINGS, NOTICE_OPENINGS, NOTICE_OPENINGS_WITH_COLON, Notice, STATUS_OPENINGS, WRITINGS};
use super::markup::{LOST, mended, strip_markup};
use super::tables::{
    COUNTED_NOUNS, ENGLISH_WORDS, FOREIGN_WORDS, GREEK, KICKERS, LANGUAGES, LONG_REMARKS, NUMERALS_AFTER_NOUN,
    STOP_WORDS, TRAILING_REMARKS, is_in, numeral,
};

/// Most words of a prefix in brackets that a feed puts before a title ("[Research Articles]").
const SECTION_WORDS_MAX: usize = 4;

/// Fewest words that must remain when a site's name is taken off behind a bar.
const WORDS_BEFORE_SITE_MIN: usize = 3;

/// Fewest words in brackets behind a title that are a second title.
const PARALLEL_WORDS_MIN: usize = 4;

/// How often feeds escape a title ("&amp;amp;").
const ESCAPES_MAX: usize = 2;

/// Most characters of the form of a paper before a colon.
const KICKER_BYTES_MAX: usize = 30;

/// What stands between a title and the same in the paper's language, once read.
const SECOND_TITLE: &str = " \u{2016} ";

/// Signs of which one stands before any second title, perhaps as an entity.
const SIGNS_OF_SECOND: [char; 7] = ['[', '\u{2016}', '=', '/', ';', '&', '<'];

/// Most letters of the code of a language behind a title ("LA: Chi").
const LANGUAGE_CODE_LETTERS_MAX: usize = 3;

/// Fewest little words of one language that tell it.
const FOREIGN_WORDS_MIN: usize = 2;

/// Most characters of a title that are looked at; longer text is no title, and pairs are compared
/// in time that grows with its square.
const TITLE_CHARS_MAX: usize = 600;

/// A title as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub(super) struct Title {
    /// Folded letters and digits without spaces.
    pub compact: String,
    /// The same letters as words, in order.
    pub words: Vec<String>,
    /// Letters before each place where a part of the title ends (colon, dash, full stop …).
    pub breaks: Vec<usize>,
    /// Hashes of the words that carry meaning, sorted, without repeats.
    pub content: Vec<u64>,
    /// All its digits in order, with Roman numerals and small number words as digits, and the
    /// letter of "part a".
    pub numbers: String,
    /// What it says about another paper, if it does.
    pub notice: Option<Notice>,
    /// Whether it names a column rather than a paper ("Editorial").
    pub is_generic: bool,
    /// Whether the same title returns every year with other content ("Introduction to …").
    pub is_serial: bool,
    /// Whether it has words that only English has.
    pub is_english: bool,
    /// Whether a feed cut it ("…").
    pub is_cut: bool,
}

impl Title {
    /// Returns the comparable form of `raw`; `journal` is taken out where it stands in the title.
    ///
    /// An empty title, and "[Not Available].", give no words.
    pub fn of(raw: &str, journal: &str) -> Self {
        let plain = plain(raw);
        let (plain, is_cut) = strip_cut(plain.trim().trim_matches(['"', '“', '”']).trim());
        let plain = strip_site(plain, journal);
        let body = strip_brackets(plain);
        let body = strip_kicker(split_parallel(strip_trailing(&body)).0);
        let mut words = Opened::of(spelled_words(body));
        let letters = words.letters();
        let notice = take_notice(&mut words, plain);
        take_status(&mut words);
        let taken = letters - words.letters();
        if words.text == "not available" {
            words = Opened::default();
        }
        let Opened { words, text } = words;
        let mut content: Vec<u64> =
            words.iter().filter(|w| !is_in(STOP_WORDS, w)).map(|w| hash(w.as_bytes())).collect();
        content.sort_unstable();
        content.dedup();
        Self {
            compact: words.concat(),
            breaks: breaks(body).into_iter().filter_map(|at| at.checked_sub(taken)).filter(|at| *at > 0).collect(),
            numbers: numbers(&words),
            is_generic: is_generic(&words, journal),
            is_serial: is_serial(&text, &words),
            is_english: words.iter().any(|w| is_in(ENGLISH_WORDS, w)),
            content,
            words,
            notice,
            is_cut,
        }
    }

    /// Returns the comparable form of the second title in brackets behind `raw`, where there is one:
    /// databases print "English title [Titel der Arbeit]".
    pub fn parallel(raw: &str, journal: &str) -> Option<Self> {
        if !raw.contains(SIGNS_OF_SECOND) {
            return None;
        }
        let plain = plain(raw);
        let plain = strip_site(plain.trim(), journal);
        let body = strip_brackets(plain);
        let second = split_parallel(strip_trailing(&body)).1?;
        Some(Self::of(second, journal))
    }

    /// Tells whether there is no title.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Returns the part of a title that is looked at, without markup and with damaged letters mended.
fn plain(raw: &str) -> String {
    let end = raw.char_indices().nth(TITLE_CHARS_MAX).map_or(raw.len(), |(at, _)| at);
    let mut out = raw.get(..end).unwrap_or_default().to_owned();
    if out.contains("ORIGINAL") {
        // Some databases mark the title in the paper's language in this way.
        out = out.replace("<ORIGINAL>", SECOND_TITLE).replace("&lt;ORIGINAL&gt;", SECOND_TITLE);
    }
    for _ in 0..ESCAPES_MAX {
        if out.contains(['<', '&']) {
            out = strip_markup(&out);
        }
    }
    for noise in ["[corrected]", "horizontal ellipsis"] {
        if out.contains(noise) {
            out = out.replace(noise, "");
        }
    }
    if out.contains(LOST) { mended(&out) } else { out }
}

/// Returns a title without the form of the paper before it ("Short report: …").
fn strip_kicker(title: &str) -> &str {
    let Some((kicker, rest)) = title.split_once(':').filter(|(k, _)| k.len() <= KICKER_BYTES_MAX) else { return title };
    let is_kicker = KICKERS.contains(&text::words(kicker).join(" ").as_str());
    if is_kicker && text::count_words(rest) >= WORDS_BEFORE_SITE_MIN { rest.trim_start() } else { title }
}

/// Returns the title without the mark of a cut, and whether there was one.
fn strip_cut(text: &str) -> (&str, bool) {
    for mark in ["…", "[...]", "[…]", "..."] {
        if let Some(rest) = text.strip_suffix(mark) {
            // A cut within a bracket leaves a stump of it.
            let stump = rest.rfind('[').filter(|at| *at > 0 && !rest.get(*at..).unwrap_or_default().contains(']'));
            return (rest.get(..stump.unwrap_or(rest.len())).unwrap_or(rest).trim_end(), true);
        }
    }
    (text, false)
}

/// Returns the title without the name of the journal or site behind a bar ("Title | Journal").
fn strip_site<'a>(text: &'a str, journal: &str) -> &'a str {
    let Some((title, site)) = text.rsplit_once(" | ") else { return text };
    let journal = text::words(journal);
    let is_journal = !journal.is_empty() && text::words(site) == journal;
    if is_journal || text::count_words(title) >= WORDS_BEFORE_SITE_MIN { title.trim_end() } else { text }
}

/// Returns the title without brackets around all of it (a translated title), and without a feed's
/// section in brackets before it.
fn strip_brackets(text: &str) -> Cow<'_, str> {
    let Some((inner, after)) = text.trim_start().strip_prefix('[').and_then(|t| t.split_once(']')) else {
        return Cow::Borrowed(text);
    };
    let after_words = text::words(after);
    let inner_words = text::words(inner);
    let is_only_remark = after_words.len() <= SECTION_WORDS_MAX && is_remark(&after_words);
    let names_section = !after_words.is_empty() && !inner_words.is_empty() && is_generic(&inner_words, "");
    let is_section = inner_words.len() <= SECTION_WORDS_MAX && after_words.len() >= 2 && !is_only_remark;
    if is_section || (names_section && !is_language(&after_words)) {
        strip_brackets(after)
    } else {
        Cow::Owned(format!("{inner} {after}"))
    }
}

/// Returns the title without what databases put behind it: remarks and languages in brackets,
/// a language after the last point.
fn strip_trailing(text: &str) -> &str {
    let mut out = strip_notes(text).trim_end_matches(|c: char| c.is_whitespace() || c == '.' || c == '*');
    loop {
        let before = out;
        for (open, close) in [('[', ']'), ('(', ')')] {
            if let Some((head, remark)) = out.strip_suffix(close).and_then(|t| t.rsplit_once(open)) {
                let words = text::words(remark);
                // A feed's section behind the title: "Title - [careers]".
                let is_section = head.trim_end().ends_with(" -") && words.len() <= SECTION_WORDS_MAX;
                if (is_remark(&words) || is_section) && !head.trim().is_empty() {
                    out = head.trim_end_matches([' ', '.', ',', '-']);
                }
            }
        }
        if let Some((head, tail)) = out.rsplit_once(['.', '?', '!']) {
            let words = text::words(tail);
            if is_language(&words) && !head.is_empty() {
                out = head.trim_end_matches([' ', '.']);
            }
        }
        let code = out.rsplit_once(" LA: ").filter(|(_, code)| {
            code.chars().count() <= LANGUAGE_CODE_LETTERS_MAX && code.chars().all(char::is_alphabetic)
        });
        if let Some((head, _)) = code {
            out = head.trim_end_matches([' ', '.']);
        }
        if out == before {
            return out;
        }
    }
}

/// Tells whether words are languages and nothing else.
fn is_language(words: &[String]) -> bool {
    !words.is_empty() && words.iter().all(|w| is_in(LANGUAGES, w))
}

/// Returns the title and the second title that stands behind it: in brackets, or behind a sign
/// where one of the two is in another language ("Título; Title").
fn split_parallel(text: &str) -> (&str, Option<&str>) {
    let is_long = |part: &str, words_min: usize| text::count_words(part) >= words_min;
    let in_brackets = text.strip_suffix(']').and_then(|t| t.rsplit_once('['));
    let marked = in_brackets.or_else(|| text.split_once(SECOND_TITLE.trim()));
    if let Some((first, second)) =
        marked.filter(|(x, y)| is_long(x, WORDS_BEFORE_SITE_MIN) && is_long(y, PARALLEL_WORDS_MIN))
    {
        return (first.trim_end_matches([' ', '.']), Some(second));
    }
    let by_sign = [" = ", " / ", "; "].iter().filter_map(|sign| text.split_once(sign)).find(|(x, y)| {
        is_long(x, PARALLEL_WORDS_MIN) && is_long(y, PARALLEL_WORDS_MIN) && is_foreign(x) != is_foreign(y)
    });
    by_sign.map_or((text, None), |(first, second)| (first.trim_end(), Some(second)))
}

/// Tells whether a text has little words of French, Spanish, Portuguese or German, and none that
/// only English has.
fn is_foreign(part: &str) -> bool {
    let words = text::words(part);
    let count = words.iter().filter(|w| is_in(FOREIGN_WORDS, w)).count();
    count >= FOREIGN_WORDS_MIN && !words.iter().any(|w| is_in(ENGLISH_WORDS, w))
}

/// Returns the title up to the first square bracket that opens a note on the record, whatever
/// stands behind it: such notes hold brackets of their own (`[Erratum appears in … [corrected]]`).
fn strip_notes(text: &str) -> &str {
    let note = text.match_indices('[').filter(|(at, _)| *at > 0).find(|(at, _)| {
        let after: String = text.get(at + 1..).unwrap_or_default().chars().take(40).collect();
        let words = text::words(&after).join(" ");
        LONG_REMARKS.iter().any(|r| opens_with(&words, r))
    });
    note.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Tells whether the words in a bracket speak about the record: a language, "33 refs", "Review".
fn is_remark(words: &[String]) -> bool {
    let text = words.join(" ");
    let counted = words.len() == 2 && words.first().is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
    let refs = counted && words.last().is_some_and(|w| w == "refs" || w == "references");
    refs || is_language(words) || TRAILING_REMARKS.iter().any(|r| opens_with(&text, r))
}

/// Tells whether words (joined by spaces) begin with the words of `opening`.
fn opens_with(text: &str, opening: &str) -> bool {
    // The first letter tells nearly all apart.
    text.as_bytes().first() == opening.as_bytes().first()
        && text.strip_prefix(opening).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Returns the folded words with Greek letters spelled out.
fn spelled_words(text: &str) -> Vec<String> {
    text::words(&spelled(text))
}

/// Returns a text with Greek letters spelled out.
fn spelled(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| GREEK.iter().any(|(g, _)| is_letter(c, *g))) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match GREEK.iter().find(|(g, _)| is_letter(c, *g)) {
            Some((_, name)) => out.push_str(name),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Tells whether `c` is the Greek letter in either case.
fn is_letter(c: char, greek: char) -> bool {
    c == greek || c.to_lowercase().next() == Some(greek)
}

/// Returns how many folded letters stand before each end of a part of a title.
fn breaks(body: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut letters = 0;
    let ends = |c: char| matches!(c, ':' | ';' | '.' | '?' | '!' | '|' | '…' | '–' | '—' | '(' | ')');
    for part in body.replace(" - ", ": ").split(ends) {
        if part.is_ascii() {
            letters += part.bytes().filter(u8::is_ascii_alphanumeric).count();
        } else {
            text::each_word(&spelled(part), |word| letters += word.len());
        }
        out.push(letters);
    }
    out
}

/// The words of a title from which openings are taken.
#[derive(Default)]
struct Opened {
    words: Vec<String>,
    /// The same with spaces between.
    text: String,
}

impl Opened {
    fn of(words: Vec<String>) -> Self {
        Self { text: words.join(" "), words }
    }

    /// Returns how many bytes the words have.
    fn letters(&self) -> usize {
        self.words.iter().map(String::len).sum()
    }

    /// Takes an opening off when something follows.
    fn take(&mut self, opening: &str) {
        let count = opening.split(' ').count();
        if self.words.len() > count {
            self.words.drain(..count);
            self.text = self.words.join(" ");
        }
    }
}

/// Takes the opening of a notice off the words and returns what it is.
fn take_notice(words: &mut Opened, plain: &str) -> Option<Notice> {
    let text = &words.text;
    let found = NOTICE_OPENINGS
        .iter()
        .find(|(opening, _)| opens_with(text, opening))
        .or_else(|| NOTICE_OPENINGS_WITH_COLON.iter().find(|(o, _)| opens_with(text, o) && has_colon_after(plain, o)))
        .or_else(|| ANSWER_OPENINGS.iter().find(|(o, _)| opens_with(text, o) && names_writing(text, plain, o)));
    let (opening, notice) = found?;
    words.take(opening);
    Some(*notice)
}

/// Tells whether what follows an answer's opening is a writing or its authors, rather than a drug or
/// an event to which something responds ("Response to Smith et al", "Response to treatment").
fn names_writing(text: &str, plain: &str, opening: &str) -> bool {
    let rest = text.strip_prefix(opening).unwrap_or_default();
    has_colon_after(plain, opening)
        || format!("{rest} ").contains(" et al ")
        || rest.split(' ').filter(|w| !w.is_empty()).take(2).any(|w| WRITINGS.contains(&w))
}

/// Tells whether the first colon, dash or bracket of a title stands right behind `opening`.
fn has_colon_after(plain: &str, opening: &str) -> bool {
    let end = plain.trim_start().find([':', '–', '—', '[', '“', '"']).unwrap_or(plain.len());
    plain.trim_start().get(..end).is_some_and(|head| end < plain.len() && text::words(head).join(" ") == opening)
}

/// Takes "RETRACTED:" and the like off the words.
fn take_status(words: &mut Opened) {
    if let Some(opening) = STATUS_OPENINGS.iter().find(|o| opens_with(&words.text, o)) {
        words.take(opening);
    }
}

/// Returns all digits of a title in order, numerals as digits, and the letter after "part".
fn numbers(words: &[String]) -> String {
    let mut out = String::new();
    for (i, word) in words.iter().enumerate() {
        let previous = i.checked_sub(1).and_then(|p| words.get(p)).map_or("", String::as_str);
        let after_noun = is_in(COUNTED_NOUNS, previous);
        let at_edge = i == 0 || i + 1 == words.len();
        if let Some(digits) = numeral(word) {
            out.push_str(digits);
        } else if let Some((_, digits)) =
            NUMERALS_AFTER_NOUN.iter().find(|(n, _)| n == word && (after_noun || (at_edge && word != "i")))
        {
            out.push_str(digits);
        } else if after_noun && word.len() == 1 && (i + 1 == words.len() || previous == "part") {
            out.push_str(word);
        } else {
            out.extend(word.chars().filter(char::is_ascii_digit));
        }
    }
    out
}

/// Tells whether nothing but column words, numbers and the journal's own name stands in a title. The
/// name alone makes no column: books are listed under their own title.
fn is_generic(words: &[String], journal: &str) -> bool {
    let is_column = |w: &String| is_in(GENERIC_WORDS, w);
    let is_number = |w: &String| w.chars().all(|c| c.is_ascii_digit());
    if !words.iter().any(|w| is_column(w) && w.chars().count() > 1) && !words.iter().all(is_number) {
        return false;
    }
    let says_nothing = |w: &&String| {
        is_column(w) || is_number(w) || is_in(STOP_WORDS, w) || w.chars().count() <= 1 || numeral(w).is_some()
    };
    let mut others = words.iter().filter(|w| !says_nothing(w)).peekable();
    if others.peek().is_none() {
        return true;
    }
    let journal = text::words(journal);
    others.all(|w| journal.iter().any(|j| j == w || (j.chars().count() >= 3 && w.starts_with(j.as_str()))))
}

/// Tells whether a title opens as columns that return do.
fn is_serial(text: &str, words: &[String]) -> bool {
    SERIAL_OPENINGS.iter().any(|o| opens_with(text, o)) || words.iter().any(|w| is_in(SERIAL_WORDS, w))
}
