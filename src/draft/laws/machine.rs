//! What the machine proposes, version after version.

use proptest::prelude::*;

use crate::model::{Candidate, Decision, Draft, DraftItem, Event, Month};

/// Texts that a feed could hold, all in the clean form in which they are stored.
const TEXTS: &[&str] = &[
    "",
    "Walking groups for new mothers",
    "The \"blues\": a trial of \"care\"",
    "a \"\"\" b \"\"\"\"\"\" c \\ d \\u0041",
    "# not a remark [[item]] id = 1 '''",
    "Dépression périnatale au Sénégal",
    "*|UNSUB|* {{ x }} {% y %} <b>&amp;</b>",
    "A long sentence that goes on and on about the mental health of women, partners and families in the year \
     around birth, in places where care is far away, and that ends only here, behind the second line.",
    "ends in a backslash \\",
];

/// One paper in one version of the proposal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    /// 0 absent, 1–2 item, 3 candidate.
    role: u8,
    section: u8,
    title: u8,
    summary: u8,
    reason: u8,
    rank: u8,
}

/// One version of the machine's proposal.
#[derive(Debug, Clone)]
pub(super) struct Version {
    papers: Vec<Paper>,
    top: [u8; 3],
    pick: u8,
    decisions: Vec<bool>,
    event: bool,
    fact: u8,
}

fn a_paper() -> impl Strategy<Value = Paper> {
    (0..4u8, 0..4u8, 0..9u8, 0..9u8, 0..3u8, 0..4u8).prop_map(|(role, section, title, summary, reason, rank)| Paper {
        role,
        section,
        title,
        summary,
        reason,
        rank,
    })
}

pub(super) fn a_version() -> impl Strategy<Value = Version> {
    let top = (0..9u8, 0..9u8, 0..9u8).prop_map(|(a, b, c)| [a, b, c]);
    let decisions = prop::collection::vec(any::<bool>(), 3);
    (prop::collection::vec(a_paper(), 8), top, 0..8u8, decisions, any::<bool>(), 0..2u8)
        .prop_map(|(papers, top, pick, decisions, event, fact)| Version { papers, top, pick, decisions, event, fact })
}

/// A later version: like the one before but for some papers and fields.
pub(super) fn a_successor(before: Version) -> impl Strategy<Value = Version> {
    let change = prop::collection::vec(prop::option::weighted(0.35, a_paper()), before.papers.len());
    (change, a_version(), prop::collection::vec(any::<bool>(), 4)).prop_map(move |(papers, other, takes)| {
        let mut next = before.clone();
        for (paper, new) in next.papers.iter_mut().zip(papers) {
            *paper = new.unwrap_or(*paper);
        }
        if takes[0] {
            next.top = other.top;
        }
        if takes[1] {
            next.pick = other.pick;
        }
        if takes[2] {
            next.decisions = other.decisions;
            next.event = other.event;
        }
        if takes[3] {
            next.fact = other.fact;
        }
        next
    })
}

fn text_of(n: u8) -> String {
    TEXTS[usize::from(n) % TEXTS.len()].to_owned()
}

impl Version {
    pub(super) fn draft(&self) -> Draft {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        draft.subject = text_of(self.top[0]);
        draft.preheader = text_of(self.top[1]);
        draft.request = text_of(self.top[2]);
        let mut order: Vec<(usize, &Paper)> = self.papers.iter().enumerate().collect();
        order.sort_by_key(|(n, p)| (p.rank, *n));
        for (n, p) in order {
            let (id, section) =
                (format!("w{n}"), ["evidence", "advocacy", "more", "x y"][usize::from(p.section)].to_owned());
            let title = format!("T{n} {}", text_of(p.title)).trim_end().to_owned();
            let (summary, link) = (text_of(p.summary), format!("https://example.org/{n}"));
            let reasons = (0..p.reason).map(|r| format!("0.{r}{}: Kenya; # reason", p.rank)).collect();
            if p.role == 3 {
                draft.candidates.push(Candidate { id, section, title, summary, link, reasons, ..Candidate::default() });
            } else if p.role > 0 {
                draft.items.push(DraftItem { id, section, title, summary, link, reasons, ..DraftItem::default() });
            }
        }
        draft.pick = draft.items.get(usize::from(self.pick)).map(|i| i.id.clone()).unwrap_or_default();
        for (n, _) in self.decisions.iter().enumerate().filter(|(_, there)| **there) {
            let question = format!("Is this in scope? {}", text_of(self.top[0]));
            let id = if n % 2 == 0 { format!("scope w9{n}") } else { format!("same w9{n} w8{n}") };
            draft.decisions.push(Decision { id, question, ..Decision::default() });
        }
        if self.event {
            draft.events.push(Event { date: "1 October".into(), title: "A \"day\"".into(), ..Event::default() });
        }
        draft
    }

    pub(super) fn facts(&self) -> Vec<String> {
        (0..self.fact).map(|n| format!("{n} papers seen; one source failed")).collect()
    }
}
