//! Takes a large file of PubMed records in pieces that fit in memory.
//!
//! A year's update file holds some 200 MB. Read and stored whole it would need five times that, and
//! an interruption would lose all of it. So it is cut behind the end of a record every few MiB; each
//! part is made a set of its own, so that it can be read again by itself.

use std::io::{self, Read};

use crate::model::{Place, Problem};

/// A part is cut at the last record that ends within so many bytes.
const PART_BYTES: usize = 8 << 20;
/// The most bytes read to find the end of one record; the largest known records have some 10 MB.
const RECORD_BYTES_MAX: usize = 64 << 20;
/// The most bytes of a file that is not cut: reference files and saved feeds are a hundredth of it.
pub const WHOLE_BYTES_MAX: usize = 128 << 20;
/// How much of the beginning shows what a file is, in bytes.
const HEAD_BYTES: usize = 64 << 10;

const SET_START: &[u8] = b"<PubmedArticleSet>";
const SET_END: &[u8] = b"</PubmedArticleSet>\n";
const RECORD_ENDS: [&[u8]; 3] = [b"</PubmedArticle>", b"</PubmedBookArticle>", b"</DeleteCitation>"];

/// The most bytes one file may hold once unpacked: PubMed's largest update files are near 400 MB, a
/// million record lines with abstracts have some 2 GB, and a bomb must end somewhere.
const UNPACKED_BYTES_MAX: u64 = 4 << 30;

/// Returns a stream of a file's bytes, unpacked when they are gzip. Reading past 4 GiB is an error.
///
/// # Errors
/// When its beginning cannot be read.
pub fn unpacked(mut stream: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    stream.by_ref().take(2).read_to_end(&mut start)?;
    let is_gzip = start == [0x1f, 0x8b];
    let whole = io::Cursor::new(start).chain(stream);
    let unpacked: Box<dyn Read + Send> =
        if is_gzip { Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(whole))) } else { Box::new(whole) };
    Ok(Box::new(Capped { stream: unpacked, left: UNPACKED_BYTES_MAX }))
}

/// A stream that breaks when it is longer than it may be.
struct Capped<R> {
    stream: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(into)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "it holds more than 4 GiB"))?;
        Ok(count)
    }
}

/// One part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes: the file's own, and the tags that make them a set.
    pub bytes: Vec<u8>,
    /// Its number, from 1.
    pub number: usize,
    /// Lines of the file before it: what is added to the line of a problem.
    pub lines_before: usize,
}

/// Returns the error of a file that is no PubMed XML and too large to be read whole.
pub fn too_large() -> io::Error {
    let reason = format!("it is no PubMed XML and holds more than {} MiB", WHOLE_BYTES_MAX >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, reason)
}

impl Part {
    /// Returns the address of this part of a file.
    pub fn address(&self, of_file: &str) -> String {
        if self.number == 1 { of_file.to_owned() } else { format!("{of_file} (part {})", self.number) }
    }
}

/// Returns the problem that a file makes which breaks while it is read.
pub fn broken(name: &str, error: &io::Error) -> Problem {
    // The unpacker's own words ("corrupt deflate stream") say nothing to who copied a file.
    let why = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the packed file (gzip) ends too early".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "the packed file (gzip) is damaged".to_owned(),
        _ => error.to_string(),
    };
    let problem = Problem::error(Place::file(name), format!("cannot be read to its end: {why}"));
    problem.with_help("fetch or copy the file again; a file of more than 4 GiB must be split")
}

/// Gives a file part by part; what is no PubMed XML comes as one part.
pub struct Parts<R> {
    stream: R,
    left: Vec<u8>,
    is_pubmed: Option<bool>,
    is_at_end: bool,
    number: usize,
    lines: usize,
}

impl<R: Read> Parts<R> {
    /// Returns the parts of a stream of unpacked bytes.
    pub fn new(stream: R) -> Self {
        Self { stream, left: Vec::new(), is_pubmed: None, is_at_end: false, number: 0, lines: 0 }
    }

    /// Returns the next part; `None` behind the last. An empty file has one empty part.
    ///
    /// # Errors
    /// When the stream breaks, or holds more than is taken whole. What it held before a break can
    /// still be had by asking again.
    pub fn next_part(&mut self) -> io::Result<Option<Part>> {
        if self.is_at_end && self.number > 0 && self.left.is_empty() {
            return Ok(None);
        }
        let is_pubmed = self.is_pubmed()?;
        if !is_pubmed {
            self.fill(WHOLE_BYTES_MAX + 1)?;
            return if self.left.len() > WHOLE_BYTES_MAX {
                Err(self.give_up())
            } else {
                Ok(Some(self.cut(self.left.len())))
            };
        }
        let mut wanted = PART_BYTES;
        loop {
            self.fill(wanted)?;
            if self.is_at_end {
                break;
            }
            if let Some(end) = last_record_end(&self.left) {
                return Ok(Some(self.cut(end)));
            }
            if wanted > RECORD_BYTES_MAX {
                return Err(self.give_up());
            }
            wanted *= 2;
        }
        let is_only_the_end = self.number > 0 && self.left.trim_ascii_start().starts_with(b"</Pubmed");
        if is_only_the_end && last_record_end(&self.left).is_none() {
            self.left.clear();
            return Ok(None);
        }
        Ok(Some(self.cut(self.left.len())))
    }

    /// Tells, from the beginning, whether this is PubMed XML in UTF-8, the one form that is cut.
    fn is_pubmed(&mut self) -> io::Result<bool> {
        if let Some(known) = self.is_pubmed {
            return Ok(known);
        }
        self.fill(HEAD_BYTES)?;
        let head = String::from_utf8_lossy(self.left.get(..HEAD_BYTES).unwrap_or(&self.left));
        let is_pubmed = head.contains("<PubmedArticleSet") && !head.contains('\0');
        self.is_pubmed = Some(is_pubmed);
        Ok(is_pubmed)
    }

    /// Takes nothing more of the stream and says why.
    fn give_up(&mut self) -> io::Error {
        self.left.clear();
        self.is_at_end = true;
        self.number = self.number.max(1);
        too_large()
    }

    /// Reads until so many bytes are at hand or the stream ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(self.left.len());
        if missing > 0 && !self.is_at_end {
            let limit = u64::try_from(missing).unwrap_or(u64::MAX);
            // A stream that breaks has no more to give; what came stays at hand.
            let read = self.stream.by_ref().take(limit).read_to_end(&mut self.left);
            self.is_at_end = !matches!(read, Ok(n) if n == missing);
            read?;
        }
        Ok(())
    }

    /// Takes so many bytes from the front as the next part.
    fn cut(&mut self, length: usize) -> Part {
        let rest = self.left.split_off(length.min(self.left.len()));
        let own = std::mem::replace(&mut self.left, rest);
        let is_first = self.number == 0;
        let is_last = self.is_at_end && self.left.is_empty();
        self.number += 1;
        let lines_before = self.lines;
        self.lines += memchr::memchr_iter(b'\n', &own).count();
        let mut bytes = own;
        if !is_first {
            bytes.splice(0..0, SET_START.iter().copied());
        }
        if !is_last {
            bytes.extend_from_slice(SET_END);
        }
        Part { bytes, number: self.number, lines_before }
    }
}

/// Returns the index behind the last record that ends in the bytes.
fn last_record_end(bytes: &[u8]) -> Option<usize> {
    RECORD_ENDS.iter().filter_map(|end| memchr::memmem::rfind(bytes, end).map(|at| at + end.len())).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that breaks at once.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }

    fn record(n: usize) -> String {
        format!(
            "<PubmedArticle><MedlineCitation><PMID>{}</PMID><!--{}--></MedlineCitation></PubmedArticle>\n",
            90_000_000 + n,
            "x".repeat(40_000)
        )
    }

    #[test]
    fn a_large_file_comes_in_parts_that_are_sets_and_hold_every_record_once() {
        let count = 600;
        let file = format!(
            "<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n{}</PubmedArticleSet>\n",
            (0..count).map(record).collect::<String>()
        );
        let mut parts = Parts::new(file.as_bytes());
        let (mut seen, mut all) = (0, Vec::new());
        while let Some(part) = parts.next_part().unwrap() {
            seen += 1;
            assert_eq!(part.number, seen);
            assert!(part.bytes.len() <= PART_BYTES + 100);
            let text = String::from_utf8(part.bytes).unwrap();
            assert_eq!(text.matches("<PubmedArticleSet>").count(), 1);
            assert_eq!(text.matches("</PubmedArticleSet>").count(), 1);
            let first = text.split_once("<PMID>").unwrap().1.get(..8).unwrap().to_owned();
            let line = file.get(..file.find(&first).unwrap()).unwrap().matches('\n').count();
            let within = text.get(..text.find(&first).unwrap()).unwrap().matches('\n').count();
            assert_eq!(part.lines_before + within, line, "lines are those of the file");
            all.extend(text.matches("<PMID>").map(|_| ()));
        }
        assert_eq!((seen, all.len()), (3, count));
    }

    #[test]
    fn what_is_too_large_or_breaks_is_told_once() {
        let mut parts = Parts::new(io::repeat(b'x'));
        assert_eq!(parts.next_part().unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(parts.next_part().unwrap(), None);
        let mut parts = Parts::new(b"TY  - JOUR\n".chain(Broken));
        assert_eq!(parts.next_part().unwrap_err().to_string(), "gone");
        assert_eq!(parts.next_part().unwrap().unwrap().bytes, b"TY  - JOUR\n");
        assert_eq!(parts.next_part().unwrap(), None);
    }

    #[test]
    fn a_damaged_gzip_is_told_in_plain_words() {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(b"TY  - JOUR\nTI  - A title\nER  - \n").unwrap();
        let whole = packer.finish().unwrap();
        let mut bad_sum = whole.clone();
        let sum_at = whole.len() - 6;
        bad_sum[sum_at] ^= 0xff;
        for (id, bytes, want) in [
            ("cut", whole[..whole.len() / 2].to_vec(), "the packed file (gzip) ends too early"),
            ("damaged", bad_sum, "the packed file (gzip) is damaged"),
        ] {
            let mut read = Vec::new();
            let error = unpacked(io::Cursor::new(bytes)).unwrap().read_to_end(&mut read).unwrap_err();
            assert_eq!(broken("a.gz", &error).message, format!("cannot be read to its end: {want}"), "{id}: {error}");
        }
    }

    #[test]
    fn small_files_and_other_forms_come_whole_and_unchanged() {
        for text in [
            "",
            "TY  - JOUR\nER  - \n",
            "<rss/>",
            "<PubmedArticleSet></PubmedArticleSet>",
            "<PubmedArticleSet><PubmedArticle>",
        ] {
            let mut parts = Parts::new(text.as_bytes());
            let part = parts.next_part().unwrap().unwrap();
            assert_eq!((part.bytes.as_slice(), part.number, part.lines_before), (text.as_bytes(), 1, 0));
            assert_eq!(parts.next_part().unwrap(), None, "{text}");
        }
    }
}
