//! Entries of trial registers, known by their numbers.

use crate::model::{Record, text};

/// Tells whether the first is a trial register's entry whose number the second's text carries.
pub(super) fn is_registration_of(entry: &Record, paper: &Record) -> bool {
    if !is_register_entry(entry) || is_register_entry(paper) {
        return false;
    }
    let texts = [Some(paper.title.as_str()), paper.abstract_text.as_deref()];
    let carried: Vec<String> = texts.into_iter().flatten().flat_map(trial_numbers).collect();
    own_numbers(entry).iter().any(|n| carried.contains(n))
}

/// Sites of trial registers; exports of their entries lead there.
const REGISTER_SITES: [&str; 9] = [
    "clinicaltrials.gov/",
    "isrctn.com/",
    "trialsearch.who.int/",
    "pactr.samrc.ac.za/",
    "ctri.nic.in/",
    "anzctr.org.au/",
    "chictr.org.cn/",
    "ensaiosclinicos.gov.br/",
    "irct.behdasht.gov.ir/",
];

/// Tells whether a record is an entry of a trial register: it leads there and stands in no journal
/// volume.
pub(super) fn is_register_entry(record: &Record) -> bool {
    let leads = |u: &&String| REGISTER_SITES.iter().any(|site| u.to_lowercase().contains(site));
    record.volume.is_none() && record.pmid.is_none() && record.url.iter().chain(&record.journal).any(|u| leads(&u))
}

/// Returns the numbers under which a register's entry stands: those in its address and title.
pub(super) fn own_numbers(entry: &Record) -> Vec<String> {
    let mut out: Vec<String> = entry.url.iter().chain([&entry.title]).flat_map(|t| trial_numbers(t)).collect();
    out.sort();
    out.dedup();
    out
}

/// How numbers of trial registers begin, and how many digits follow at least.
const REGISTERS: [(&str, usize); 7] =
    [("nct", 8), ("isrctn", 6), ("pactr", 12), ("actrn", 14), ("chictr", 8), ("drks", 8), ("irct", 8)];

/// Returns the numbers of trial registers in a text, folded ("nct01234567").
pub(super) fn trial_numbers(text: &str) -> Vec<String> {
    let mut out: Vec<String> = text::words(text)
        .into_iter()
        .filter(|w| {
            let digits = |rest: &str| rest.bytes().filter(u8::is_ascii_digit).count();
            REGISTERS.iter().any(|(begin, least)| w.strip_prefix(begin).is_some_and(|r| digits(r) >= *least))
        })
        .collect();
    out.sort();
    out.dedup();
    out
}
