//! Finds what the splitter stops at: tags of records and sets, comments, CDATA.
//!
//! Every tag of a record begins as these marks do, so that a search for all at once stops all the
//! time. A search for a rare word of each, which remembers what it found, hardly ever stops.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// What begins at a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A tag whose name begins as one of a record, a set or a deletion list does.
    Tag,
    /// A comment.
    Comment,
    /// A CDATA part.
    Cdata,
}

/// The longest mark, in bytes: so much of a text's end may hold the beginning of one.
pub const MARK_BYTES_MAX: usize = 9;

/// The words that are searched for; each stands at the beginning of a mark, behind `<` or `</`.
static WORDS: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| [Finder::new("Pubmed"), Finder::new("Delete"), Finder::new("<!")]);

/// Index of the word that begins comments and CDATA.
const BANG: usize = 2;

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
enum Seen {
    /// Its first place from where the search was, on.
    At(usize),
    /// It does not begin before this index.
    NotBefore(usize),
}

/// Finds marks in a text that grows at its end and is cut at its beginning.
#[derive(Debug)]
pub struct Marks {
    seen: [Seen; 3],
}

impl Default for Marks {
    fn default() -> Self {
        Self { seen: [Seen::NotBefore(0); 3] }
    }
}

impl Marks {
    /// Returns the first mark that begins at `from` or later; `from` never goes back. `text` is what
    /// it was at the last call, perhaps longer.
    pub fn next(&mut self, text: &[u8], from: usize) -> Option<(usize, Mark)> {
        let mut search_from = from;
        loop {
            let found = (0..WORDS.len()).filter_map(|word| Some((self.find(word, text, search_from)?, word)));
            let (at, word) = found.min()?;
            if let Some(mark) = mark_at(text, word, at).filter(|(start, _)| *start >= from) {
                return Some(mark);
            }
            search_from = at + 1;
        }
    }

    /// Returns where a word begins, at `from` or later.
    fn find(&mut self, word: usize, text: &[u8], from: usize) -> Option<usize> {
        let seen = self.seen.get_mut(word)?;
        let search_from = match *seen {
            Seen::At(at) if at >= from => return Some(at),
            Seen::At(_) => from,
            Seen::NotBefore(at) => at.max(from),
        };
        let found = WORDS.get(word)?.find(text.get(search_from..)?).map(|at| search_from + at);
        // The text may end inside the word or its mark: what stands there is looked at again.
        *seen = found.map_or(Seen::NotBefore(text.len().saturating_sub(MARK_BYTES_MAX)), Seen::At);
        found
    }

    /// Tells that the first `count` bytes of the text are gone.
    pub fn forget(&mut self, count: usize) {
        for seen in &mut self.seen {
            *seen = match *seen {
                Seen::At(at) => at.checked_sub(count).map_or(Seen::NotBefore(0), Seen::At),
                Seen::NotBefore(at) => Seen::NotBefore(at.saturating_sub(count)),
            };
        }
    }
}

/// Returns the mark that has a word at `at`, and where the mark begins.
fn mark_at(text: &[u8], word: usize, at: usize) -> Option<(usize, Mark)> {
    if word == BANG {
        let rest = text.get(at..)?;
        let comment = rest.starts_with(b"<!--").then_some(Mark::Comment);
        let mark = comment.or_else(|| rest.starts_with(b"<![CDATA[").then_some(Mark::Cdata));
        return mark.map(|mark| (at, mark));
    }
    let before = text.get(..at)?;
    let length = [b"<".as_slice(), b"</"].into_iter().find(|lead| before.ends_with(lead))?.len();
    Some((at - length, Mark::Tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns all marks of a text that comes in pieces of `step` bytes.
    fn all(text: &[u8], step: usize) -> Vec<(usize, Mark)> {
        let (mut marks, mut from, mut found) = (Marks::default(), 0, Vec::new());
        for end in (0..text.len()).step_by(step).chain([text.len()]) {
            while let Some((at, mark)) = marks.next(&text[..end], from) {
                found.push((at, mark));
                from = at + 1;
            }
            from = from.max(end.saturating_sub(MARK_BYTES_MAX));
        }
        found
    }

    #[test]
    fn marks_are_found_in_order_wherever_the_text_is_parted() {
        let text = b"<!DOCTYPE PubmedArticleSet><PubmedArticleSet><!-- PubmedData --><PubmedX></PubmedX>Delete<DeleteCitation></DeleteCitation><![CDATA[x]]></PubmedArticleSet><!<!--";
        let text_of =
            |at: usize| String::from_utf8_lossy(text.get(at..).unwrap_or_default()).chars().take(9).collect::<String>();
        let shown: Vec<String> =
            all(text, text.len()).iter().map(|(at, mark)| format!("{} {mark:?}", text_of(*at))).collect();
        let want = [
            "<PubmedAr Tag",
            "<!-- Pubm Comment",
            "<PubmedX> Tag",
            "</PubmedX Tag",
            "<DeleteCi Tag",
            "</DeleteC Tag",
            "<![CDATA[ Cdata",
            "</PubmedA Tag",
            "<!-- Comment",
        ];
        assert_eq!(shown, want);
        for step in 1..text.len() {
            assert_eq!(all(text, step), all(text, text.len()), "{step}");
        }
    }
}
