//! How two titles agree, word by word.

use super::shape::shape;
use super::tables::{COUNTED_NOUNS, FLIP_WORDS, NEGATIONS, OPPOSITE_BEGINNINGS, STOP_WORDS, is_in};
use super::title::Title;

/// How two titles agree, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// The same letters, or one is the beginning of the other where a feed cut it.
    Same,
    /// The same words in the same order, some in another spelling.
    Near,
    /// One is the other with words before or behind it (a subtitle left out).
    Part,
    /// At least half of the words are shared.
    Alike,
    /// Less than that.
    Apart,
    /// One has no title.
    Missing,
}

/// How two titles agree, and what stands on one side only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TitleLink {
    /// How they agree.
    pub likeness: Likeness,
    /// Shared words over the words of the shorter and longer title (Dice), 0.0–1.0.
    pub share: f32,
    /// Whether a word that makes another paper stands on one side only.
    pub is_flipped: bool,
    /// Whether their numbers are the same, in the same order.
    pub numbers_agree: bool,
    /// Whether the part that one title has more begins or ends at a colon, a dash or the like.
    pub is_at_break: bool,
    /// Whether the sameness rests on the beginning of a cut title.
    pub is_cut: bool,
}

/// Letters that a cut title must have for its beginning to count.
const CUT_LETTERS_MIN: usize = 40;

/// Letters by which the end of a part may be off: a word spelled in another way.
const BREAK_SLIP_MAX: usize = 2;

/// Letters from which a slip does not hide a word: shorter ones turn into another (Iran, Iraq).
const SLIP_LETTERS_MIN: usize = 6;

/// Letters from which a word that makes another paper is known in spite of a slip.
const LONG_WORD_LETTERS: usize = 8;

/// Letters from which two slips do not hide a word (Slovakia and Slovenia are two).
const TWO_SLIPS_LETTERS_MIN: usize = 10;

/// Letters that may stand in one of two spellings only (haemorrhages, hemorrhage).
const LETTERS_APART_MAX: u32 = 4;

/// Fewest words of a subtitle, as far as they are no stop words.
const SUBTITLE_WORDS_MIN: usize = 3;

/// Letters that English spells in two ways, with the one that stands for both.
const SPELLINGS: &[(&str, &str)] =
    &[("ae", "e"), ("oe", "e"), ("our", "or"), ("ph", "f"), ("ys", "iz"), ("is", "iz"), ("mme", "m"), ("ll", "l")];

/// Words with a plural of their own.
const PLURALS: &[(&str, &str)] = &[("child", "children"), ("man", "men"), ("woman", "women")];

/// Share of words from which titles are compared word by word.
const ALIKE_MIN: f32 = 0.5;

/// Words that one title may have more than the other and be compared word by word.
const LEFT_OVER_MAX: usize = 24;

impl TitleLink {
    /// Returns how `a` and `b` agree. Symmetric.
    pub fn of(a: &Title, b: &Title) -> Self {
        // Words are paired from the front: one order for both directions.
        let (a, b) = if a.compact <= b.compact { (a, b) } else { (b, a) };
        let mut link = Self {
            likeness: Likeness::Apart,
            share: 0.0,
            is_flipped: false,
            numbers_agree: a.numbers == b.numbers,
            is_cut: false,
            is_at_break: false,
        };
        if a.is_empty() || b.is_empty() {
            link.likeness = Likeness::Missing;
            return link;
        }
        if a.compact == b.compact {
            return Self { likeness: Likeness::Same, share: 1.0, ..link };
        }
        if is_beginning(a, b) || is_beginning(b, a) {
            return Self { likeness: Likeness::Same, share: 1.0, is_cut: true, numbers_agree: true, ..link };
        }
        link.share = share(&a.content, &b.content);
        if link.share >= ALIKE_MIN {
            align(a, b, &mut link);
        } else if is_inside(a, b) || is_inside(b, a) {
            // A short title within a long one: the share is low, the words behind it decide.
            align(a, b, &mut link);
        }
        link
    }
}

/// Tells whether `cut` was cut and is the beginning of `whole` (its last word may be a stump).
fn is_beginning(cut: &Title, whole: &Title) -> bool {
    cut.is_cut && cut.compact.len() >= CUT_LETTERS_MIN && whole.compact.starts_with(&cut.compact)
}

/// Tells whether all of a short title begins the longer one.
fn is_inside(short: &Title, long: &Title) -> bool {
    short.words.len() < long.words.len() && long.words.iter().zip(&short.words).all(|(x, y)| x == y)
}

/// Returns the Dice share of two sorted lists without repeats.
fn share(a: &[u64], b: &[u64]) -> f32 {
    let total = a.len() + b.len();
    if total == 0 {
        return 0.0;
    }
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut common = 0_u16;
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    let total = u16::try_from(total).unwrap_or(u16::MAX);
    2.0 * f32::from(common) / f32::from(total)
}

/// Compares word by word and writes the result into `link`.
fn align(a: &Title, b: &Title, link: &mut TitleLink) {
    let (mut left, mut right) = (plain(a), plain(b));
    let ends = trim_common(&mut left, &mut right);
    let (left, right) = pair_up(&left, &right);
    if left.iter().chain(&right).eq(["1"].iter()) && ends.back == 0 {
        // The mark of a footnote that an export left behind a title.
        link.likeness = Likeness::Near;
        link.numbers_agree = true;
        return;
    }
    link.is_flipped = left.iter().chain(&right).any(|w| is_in(FLIP_WORDS, w)) || names_authors(a) != names_authors(b);
    let in_part =
        (left.is_empty() && right.len() <= LEFT_OVER_MAX) || (right.is_empty() && left.len() <= LEFT_OVER_MAX);
    link.likeness = if left.is_empty() && right.is_empty() {
        Likeness::Near
    } else if in_part && ends.is_one_sided() {
        let (whole, part, rest) = if left.is_empty() { (b, a, &right) } else { (a, b, &left) };
        let letters =
            if ends.back == 0 { part.compact.len() } else { whole.compact.len().saturating_sub(part.compact.len()) };
        link.is_at_break = whole.breaks.iter().any(|at| at.abs_diff(letters) <= BREAK_SLIP_MAX);
        link.numbers_agree |= link.is_at_break && is_subtitle_with_numbers(whole, part, rest);
        Likeness::Part
    } else if link.share >= ALIKE_MIN {
        Likeness::Alike
    } else {
        Likeness::Apart
    };
}

/// Tells whether a title names the authors of another writing ("… a note on Example et al.").
fn names_authors(title: &Title) -> bool {
    title.words.windows(2).any(|pair| pair == ["et", "al"])
}

/// Returns the words of a title that are no stop words.
fn plain(title: &Title) -> Vec<&str> {
    title.words.iter().map(String::as_str).filter(|w| !is_in(STOP_WORDS, w)).collect()
}

/// Tells whether the numbers that one title has more belong to a whole subtitle ("… in nine
/// districts") and tell no part from another ("… part 2").
fn is_subtitle_with_numbers(whole: &Title, part: &Title, rest: &[&str]) -> bool {
    let keeps = whole.numbers.starts_with(&part.numbers) || whole.numbers.ends_with(&part.numbers);
    keeps && rest.len() >= SUBTITLE_WORDS_MIN && !rest.iter().any(|w| is_in(COUNTED_NOUNS, w) && *w != "trial")
}

/// How many words two titles share at their beginning and at their end.
struct Ends {
    front: usize,
    back: usize,
}

impl Ends {
    /// Tells whether what is left lies wholly before or wholly behind what is shared.
    fn is_one_sided(&self) -> bool {
        (self.front == 0) != (self.back == 0)
    }
}

/// Takes off the words that both begin and end with (in any spelling); what is left differs.
fn trim_common(a: &mut Vec<&str>, b: &mut Vec<&str>) -> Ends {
    let front = a.iter().zip(b.iter()).take_while(|(x, y)| is_variant(x, y)).count();
    a.drain(..front);
    b.drain(..front);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| is_variant(x, y)).count();
    a.truncate(a.len() - back);
    b.truncate(b.len() - back);
    Ends { front, back }
}

/// Returns what is left of both when words in the same order are paired: the same word, a spelling
/// of it, or two words that the other writes as one.
fn pair_up<'a, 'b>(a: &[&'a str], b: &[&'b str]) -> (Vec<&'a str>, Vec<&'b str>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if is_variant(x, y) {
            (i, j) = (i + 1, j + 1);
        } else if let Some((n, m)) = compound(a, b, i, j) {
            (i, j) = (i + n, j + m);
        } else if let Some(skip) = ahead(x, b, j) {
            right.extend(b.iter().skip(j).take(skip));
            j += skip;
        } else if let Some(skip) = ahead(y, a, i) {
            left.extend(a.iter().skip(i).take(skip));
            i += skip;
        } else {
            left.push(*x);
            right.push(*y);
            (i, j) = (i + 1, j + 1);
        }
    }
    left.extend(a.iter().skip(i));
    right.extend(b.iter().skip(j));
    (left, right)
}

/// Returns how many words on both sides make the same letters ("on road", "onroad").
fn compound(a: &[&str], b: &[&str], i: usize, j: usize) -> Option<(usize, usize)> {
    let letters = |list: &[&str], from: usize, n: usize| -> Option<usize> {
        Some(list.get(from..from + n)?.iter().map(|w| w.len()).sum())
    };
    let is_same = |n: usize, m: usize| {
        let bytes = |list: &[&str], from: usize, n: usize| -> Vec<u8> {
            list.iter().skip(from).take(n).flat_map(|w| w.bytes()).collect()
        };
        // The lengths first: they tell nearly all pairs apart without a copy.
        letters(a, i, n).is_some_and(|x| letters(b, j, m) == Some(x)) && bytes(a, i, n) == bytes(b, j, m)
    };
    [(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)].into_iter().find(|(n, m)| is_same(*n, *m))
}

/// Returns how many words to skip in `list` from `from` until `word` comes, within three.
fn ahead(word: &str, list: &[&str], from: usize) -> Option<usize> {
    (1..=3).find(|n| list.get(from + n).is_some_and(|w| is_variant(word, w)))
}

/// Tells whether two words are one in two spellings (randomised, randomized; programme, program;
/// a slip of a letter in a long word), and not a word and its opposite.
fn is_variant(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 3 || short.bytes().any(|c| c.is_ascii_digit()) || differ_in_letters(short, long) {
        return false;
    }
    if PLURALS.iter().any(|(one, many)| (short, long) == (*one, *many) || (long, short) == (*one, *many)) {
        return true;
    }
    if short.len() < 4 {
        return false;
    }
    // Spellings of one word have one shape, which is seen without making a text of it.
    if shape(short) == shape(long) && respelled(short) == respelled(long) {
        return true;
    }
    let flips = usize::from(is_in(FLIP_WORDS, short)) + usize::from(is_in(FLIP_WORDS, long));
    if long.len() - short.len() > 2 || is_opposite(short, long) || flips == 2 {
        return false;
    }
    // Another first letter makes another word (northern, southern; Gambia, Zambia).
    let letters = short.chars().count();
    if letters < SLIP_LETTERS_MIN || short.chars().next() != long.chars().next() {
        return false;
    }
    let slips = strsim::osa_distance(short, long);
    // A word that makes another paper may have a slip, but must be long enough to know it by.
    if flips == 1 {
        slips <= 1 && long.chars().count() >= LONG_WORD_LETTERS
    } else {
        slips <= 1 || (slips == 2 && letters >= TWO_SLIPS_LETTERS_MIN)
    }
}

/// Tells at a glance, and without a copy, that two words are no spellings of each other: too many
/// letters stand in one of them only.
fn differ_in_letters(a: &str, b: &str) -> bool {
    let letters = |w: &str| {
        w.bytes().fold(0_u32, |m, c| if c.is_ascii_lowercase() { m | (1 << (c - b'a')) } else { m | (1 << 26) })
    };
    (letters(a) ^ letters(b)).count_ones() > LETTERS_APART_MAX
}

/// Returns a word in one of the spellings that English has for it, without plural and the ending of
/// a past.
fn respelled(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (written, used) = SPELLINGS
            .iter()
            .find(|(from, _)| rest.starts_with(from))
            .map_or((None, first.len_utf8()), |(from, to)| (Some(*to), from.len()));
        match written {
            Some(to) => out.push_str(to),
            None => out.push(first),
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    for (ending, letters_min) in [("es", 3), ("ed", 5), ("s", 3), ("e", 3)] {
        if let Some(stem) = out.strip_suffix(ending).filter(|s| s.len() >= letters_min) {
            return stem.to_owned();
        }
    }
    out
}

/// Tells whether the beginnings of two words turn their meaning round.
fn is_opposite(a: &str, b: &str) -> bool {
    let by_beginning = OPPOSITE_BEGINNINGS.iter().any(|(x, y)| {
        let fits = |p: &str, q: &str| p.starts_with(x) && q.starts_with(y) && p.starts_with(y) == q.starts_with(x);
        fits(a, b) || fits(b, a)
    });
    let negates = |short: &str, long: &str| NEGATIONS.iter().any(|n| long.strip_prefix(n) == Some(short));
    by_beginning || negates(a, b) || negates(b, a)
}
