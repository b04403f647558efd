//! `roundup sync`.

use std::io::{BufRead, IsTerminal};
use std::path::Path;

use super::Global;
use super::open;
use super::term::{Exit, Style, Terminal};
use crate::fetch::Live;
pub(super) use crate::model::size_in_words as size;
use crate::model::text::clean_line;
use crate::pack::{PublicKey, SecretKey};
use crate::pipeline::Home;
use crate::pipeline::sync::{Ears, Offer, Outcome, SyncReport, Wish, sync};

/// From how many bytes on a person is asked before they are fetched: some seven minutes at 100 kbit/s.
const ASK_BYTES: u64 = 5_000_000;

/// Fetches a searchable copy of the papers, and later only what is new
///
/// Works from a web address, or from a folder such as a USB stick. What is cut off goes on the next
/// time; until a sync has ended well, search uses the copy from before.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Address or folder that holds manifest.json; needed once
    #[arg(value_name = "URL|DIR")]
    source: Option<String>,
    /// The key to trust: 56 characters that begin with RW, or the file roundup.pub
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// Fetch without asking, however much it is
    #[arg(long, short)]
    yes: bool,
    /// Say what would be fetched, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Ask this place from now on; without it a folder does not take the place of a web address
    #[arg(long, requires = "source")]
    remember: bool,
}

const EXAMPLES: &str = "\
Examples:
  roundup sync --home ~/roundup https://example.org/packs
  roundup sync --home ~/roundup                 from then on: only what is new
  roundup sync --dry-run                        how much would be fetched?
  roundup sync /media/stick/packs               from a stick, this once
  roundup search --home ~/roundup postpartum depression kenya

The first time, the key of the packs is shown. Compare its short form with the one that the
secretariat gives by telephone or on paper; a list that is signed with another key is refused.

Exit codes: 0 the copy is as it should be, 1 it was declined, 2 it could not be done,
75 another roundup is writing here";

/// Runs the command.
///
/// # Errors
/// When the source cannot be read or trusted, or the home cannot be written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    let key = match args.key.as_deref().map(key).transpose() {
        Ok(key) => key,
        Err(error) => {
            term.note(&format!("roundup: {error:#}"));
            return Ok(Exit::Usage);
        }
    };
    let wish = Wish {
        source: args.source.clone(),
        key,
        dry_run: args.dry_run,
        remember: args.remember,
        now: Some(open::clock()?.now()),
    };
    let live = Live::new()?;
    let progress = open::progress();
    let mut agree = |offer: &Offer| {
        if !global.json {
            offered(offer, term);
        }
        args.yes || offer.bytes <= ASK_BYTES || said_yes(term)
    };
    let mut ears = Ears { agree: &mut agree, progress: progress.as_ref() };
    let report = open::block_on(async { Ok(sync(&home, &live, &wish, &mut ears).await?) });
    progress("");
    let report = report?;
    if global.json {
        term.json(&report)?;
    } else {
        told(&report, term);
    }
    Ok(if report.outcome == Outcome::Declined { Exit::Nothing } else { Exit::Done })
}

/// What a person learns who was given the key that signs.
const SECRET: &str = "this is the secret key: it stays with those who publish; ask for roundup.pub";

/// The most bytes of a file of a key; real ones have some 100.
const KEY_BYTES_MAX: u64 = 4_096;

/// Returns the key that was named: itself, or the file that holds it.
fn key(text: &str) -> anyhow::Result<PublicKey> {
    if let Ok(key) = PublicKey::parse(text) {
        return Ok(key);
    }
    if SecretKey::parse(text).is_ok() {
        anyhow::bail!("--key: {SECRET}");
    }
    let path = Path::new(text);
    if !path.is_file() {
        anyhow::ensure!(
            !PublicKey::is_short(text),
            "the short form is only for comparing; --key needs the public key or its file"
        );
        anyhow::bail!("--key is neither a public key (56 characters that begin with RW) nor a file");
    }
    let inner = crate::fsx::read_plain_text(path, KEY_BYTES_MAX)?.unwrap_or_default();
    anyhow::ensure!(SecretKey::parse(&inner).is_err(), "{text}: {SECRET}");
    PublicKey::parse(&inner).map_err(|e| anyhow::anyhow!("{text}: {e}"))
}

/// Says what is going to be fetched.
fn offered(offer: &Offer, term: &mut Terminal) {
    term.styled(&[(Style::Bold, clean_line(&offer.name).as_str()), (Style::Plain, &format!(", as of {}", day(offer)))]);
    term.line(&format!(
        "{} to fetch, about {} at 100 kbit/s: {} new or changed; then {} will be here",
        size(offer.bytes),
        time(offer.bytes),
        papers(number(offer.papers_to_fetch)),
        papers(number(offer.papers))
    ));
    if offer.is_new_key {
        term.line(&format!("key {}  (met for the first time)", offer.key));
        term.line("  compare it with the one that the secretariat gives by telephone or on paper");
    }
    term.flush();
}

/// Returns the day on which a list was made, in UTC.
fn day(offer: &Offer) -> String {
    offer.created.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Asks a person; without one at the terminal the answer is no.
fn said_yes(term: &mut Terminal) -> bool {
    if !std::io::stdin().is_terminal() {
        term.note("more than 5 MB are fetched only with --yes when nobody can be asked");
        return false;
    }
    term.note("Fetch it? [y/N]");
    let mut line = String::new();
    let is_read = std::io::stdin().lock().read_line(&mut line).is_ok();
    is_read && matches!(line.trim().to_lowercase().as_str(), "y" | "yes" | "o" | "oui" | "s" | "si" | "sí" | "sim")
}

/// Says what was done.
fn told(report: &SyncReport, term: &mut Terminal) {
    match report.outcome {
        Outcome::Declined => return term.line("nothing was fetched"),
        Outcome::Shown => {
            if let Some(offer) = &report.offer {
                offered(offer, term);
            }
            return term.line("nothing was fetched: it was only asked");
        }
        Outcome::NothingNew => term.line(&format!("nothing is new: {}", are_here(report.papers))),
        Outcome::Done => term.line(&format!(
            "{}: {} new, {} changed, {} removed",
            are_here(report.papers),
            with_commas(report.change.new),
            with_commas(report.change.changed),
            with_commas(report.change.removed)
        )),
    }
    if let Some(offer) = report.offer.as_ref().filter(|o| o.is_new_key) {
        term.line(&format!("the key {} is trusted from now on", offer.key));
    }
    if let Some(address) = &report.stays {
        term.line(&format!(
            "this folder was used once: `roundup sync` goes on asking {}; with --remember it asks this folder",
            clean_line(address)
        ));
    }
    for note in notes(report) {
        term.note(&note);
    }
    if !report.index_because.is_empty() {
        term.line(&format!("the search index was built: {}", report.index_because));
    }
    if !report.retracted.is_empty() {
        term.styled(&[(Style::Bold, "RETRACTED since the last sync; do not rely on:")]);
        for paper in &report.retracted {
            term.line(&format!("  {}  {}", paper.id, paper.title));
        }
    }
}

/// How many papers of which something could not be read are named.
const MENDED_SHOWN: usize = 5;

/// Returns what is said of lines that were not, or not wholly, read.
fn notes(report: &SyncReport) -> Vec<String> {
    let mut out = Vec::new();
    if report.unread > 0 {
        let (lines, are) = if report.unread == 1 { ("line", "is no paper") } else { ("lines", "are no papers") };
        out.push(format!(
            "{} {lines} of the packs {are} that this roundup can read; a newer one may",
            with_commas(report.unread)
        ));
    }
    if report.mended.is_empty() {
        return out;
    }
    let count = report.mended.len();
    out.push(format!("of {} something could not be read and was left out:", papers(count)));
    let each = report.mended.iter().take(MENDED_SHOWN);
    out.extend(each.map(|m| format!("  {}  {}", m.id, clean_line(&m.fields.join(", ")))));
    if count > MENDED_SHOWN {
        out.push(format!("  and {} more", with_commas(count - MENDED_SHOWN)));
    }
    out
}

/// Returns how long a fetch takes at 100 kbit/s, in words.
fn time(bytes: u64) -> String {
    /// Bytes that such a line carries in a second.
    const BYTES_A_SECOND: u64 = 12_500;
    match bytes.div_ceil(BYTES_A_SECOND) {
        0..=1 => "a second".to_owned(),
        s @ 2..=90 => format!("{s} seconds"),
        s => format!("{} minutes", s.div_ceil(60)),
    }
}

/// Returns a number with commas between thousands.
pub(super) fn with_commas(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns so many papers in words: "1 paper", "1,234 papers".
pub(super) fn papers(n: usize) -> String {
    format!("{} {}", with_commas(n), if n == 1 { "paper" } else { "papers" })
}

/// Returns so many of something in words: "1 issue", "1,234 issues".
pub(super) fn counted(n: usize, what: &str) -> String {
    format!("{} {what}{}", with_commas(n), if n == 1 { "" } else { "s" })
}

/// Returns so many candidates in words.
pub(super) fn candidates(n: usize) -> String {
    format!("{} {}", with_commas(n), if n == 1 { "candidate" } else { "candidates" })
}

/// Returns that so many papers are here.
fn are_here(n: usize) -> String {
    format!("{} {} here", papers(n), if n == 1 { "is" } else { "are" })
}

/// Returns a count as lists count them.
pub(super) fn number(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        for (n, want) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(with_commas(n), want);
        }
        assert_eq!([0, 1, 1_000].map(papers), ["0 papers", "1 paper", "1,000 papers"]);
        assert_eq!([1, 2].map(are_here), ["1 paper is here", "2 papers are here"]);
    }

    #[test]
    fn what_was_not_read_is_said_in_numbers_that_agree() {
        let mended = |n: u32| {
            let id = crate::model::WorkId::parse("w2345672345a").unwrap();
            let one = crate::pack::Mended { id, fields: vec!["record.year".to_owned(), "design".to_owned()] };
            (0..n).map(|_| one.clone()).collect::<Vec<_>>()
        };
        for (unread, count, want) in [
            (0, 0, &[][..]),
            (1, 0, &["1 line of the packs is no paper that this roundup can read; a newer one may"]),
            (1_000, 0, &["1,000 lines of the packs are no papers that this roundup can read; a newer one may"]),
            (
                0,
                1,
                &["of 1 paper something could not be read and was left out:", "  w2345672345a  record.year, design"],
            ),
        ] {
            assert_eq!(notes(&SyncReport { unread, mended: mended(count), ..SyncReport::default() }), want);
        }
        let many = notes(&SyncReport { mended: mended(7), ..SyncReport::default() });
        assert_eq!((many.len(), many.last().map(String::as_str)), (7, Some("  and 2 more")));
    }

    #[test]
    fn sizes_and_times_are_said_in_words() {
        for (bytes, want_size, want_time) in [
            (0, "0 bytes", "a second"),
            (999, "999 bytes", "a second"),
            (1_001, "2 kB", "a second"),
            (149_000, "149 kB", "12 seconds"),
            (999_001, "1.0 MB", "80 seconds"),
            (4_390_000, "4.4 MB", "6 minutes"),
        ] {
            assert_eq!((size(bytes).as_str(), time(bytes).as_str()), (want_size, want_time));
        }
    }
}
