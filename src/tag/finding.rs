//! Chooses one sentence for readers out of the authors' conclusion: verbatim, or trimmed at an edge.
//!
//! Every sentence of the conclusion is trimmed ([`super::trim`]) and priced: what does not say what
//! was found, says it too short or too long, leans on the sentence before or is advice costs more.
//! The cheapest is printed, the first one of several. More research to do, a limitation, an aim are
//! never printed. Where a conclusion holds nothing else, the labelled results, or the sentences just
//! before it, may have a claim; else there is no finding, which is better than a non-finding.
//! Where the sentence is advice, or the paper an opinion, "Authors conclude:" stands before it.

use std::ops::Range;

use super::conclusion::{self, Conclusion};
use super::rule::{Reading, Tags};
use super::signs::{self, SentenceSigns};
use super::text::FieldText;
use super::trim::{self, Piece, WORDS_GOOD_MAX, WORDS_GOOD_MIN};
use crate::model::{Design, Evidence, Field, Record};

/// What stands before an opinion.
const OPINION_LEAD: &str = "Authors conclude: ";
/// Sentences of a conclusion, or of results, that are looked at.
const SENTENCES_MAX: usize = 30;
/// Words of a sentence that may be printed: what is longer is a text without full stops.
const SENTENCE_WORDS_MAX: usize = 200;
/// Bytes of it: looking for edges to cut at takes time by their number and by the length.
const SENTENCE_BYTES_MAX: usize = 4_000;
/// Sentences before an unlabelled conclusion that may hold the claim it lacks.
const BEFORE_MAX: usize = 4;

/// A sentence that costs so much is not printed.
const NEVER: u32 = 100;
/// What a sentence of the results may cost by itself.
const RESULT_MAX: u32 = 30;
/// What a sentence just before an unlabelled conclusion costs more: where one ends and the other
/// begins is only likely.
const RESULT_BEFORE: u32 = 30;

/// A conclusion and the sentence chosen out of it.
#[derive(Debug, Default)]
pub struct Finding {
    /// The sentences taken as conclusion, verbatim.
    pub conclusion: Vec<String>,
    /// The sentence for readers.
    pub text: Option<String>,
    /// What it rests on: its words in the abstract.
    pub evidence: Vec<Evidence>,
    /// What the conclusion rests on where no label tells it: words that spoke for its beginning.
    pub reasons: Vec<Evidence>,
}

/// What is known of a paper when its finding is chosen.
pub struct Paper<'p> {
    /// The record.
    pub record: &'p Record,
    /// Its fields.
    pub reading: &'p Reading<'p>,
    /// Its tags so far.
    pub tags: &'p Tags,
    /// Its design.
    pub design: Design,
    /// The signs of the sentences of its abstract.
    pub signs: &'p [SentenceSigns<'p>],
    /// Its conclusion.
    pub conclusion: &'p Conclusion,
    /// Whether a rule says that it is a call, an event or news.
    pub is_notice: bool,
    /// Whether it says so of the title.
    pub is_notice_by_title: bool,
}

/// A sentence that may be printed.
struct Candidate {
    piece: Piece,
    cost: u32,
    is_advice: bool,
    is_method: bool,
}

/// Finds conclusion and finding of a record; both empty without an abstract.
pub fn find(paper: &Paper<'_>) -> Finding {
    let Some(text) = paper.reading.text(Field::Abstract) else { return Finding::default() };
    let conclusion = paper.conclusion;
    let quote = |r: &Range<usize>| text.original.get(r.clone()).unwrap_or_default();
    let mut out = Finding {
        conclusion: conclusion.sentences.iter().map(|r| quote(r).to_owned()).collect(),
        ..Finding::default()
    };
    let reason = |(rule, words): &(String, Range<usize>)| evidence(rule, text.quote(words));
    out.reasons = conclusion.reasons.iter().map(reason).collect();
    let report = Report::of(paper, conclusion, text);
    if has_none(paper, report) {
        return out;
    }
    let is_opinion = report < Report::Likely && matches!(paper.design, Design::PolicyCommentary | Design::Guideline);
    let Some((best, rule)) = choose(conclusion, text, paper.signs, (is_opinion, paper.record.pmid.is_some())) else {
        return out;
    };
    let words = quote(&best.piece.range);
    out.evidence.push(evidence(rule, words));
    let mark = if best.piece.is_cut { "…" } else { "" };
    let lead = if is_opinion || best.is_advice { OPINION_LEAD } else { "" };
    out.text = Some(format!("{lead}{}{mark}", with_capital(words)));
    out
}

/// Returns words of the abstract as a reason.
fn evidence(rule: &str, words: &str) -> Evidence {
    Evidence { rule: rule.to_owned(), field: Field::Abstract.as_str().to_owned(), text: words.to_owned() }
}

/// Tells whether nothing was found by what the paper is: a notice, a study still to come, a
/// retracted paper, a call, an event, a page about an offer.
fn has_none(paper: &Paper<'_>, report: Report) -> bool {
    let is_page = match paper.design {
        Design::PolicyCommentary | Design::Guideline => paper.is_notice,
        Design::ImplementationOther | Design::Unclear => paper.is_notice || report == Report::No,
        _ => paper.is_notice_by_title && report < Report::Likely,
    };
    matches!(paper.design, Design::Notice)
        || is_announced(paper.tags, paper.design)
        || paper.record.is_retracted()
        || (is_page && report != Report::Sure && paper.record.pmid.is_none())
}

/// How sure it is that an abstract reports a study, whatever its design was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Report {
    /// Nothing that a report would hold.
    No,
    /// A figure, a method, or a word such as "our study".
    Maybe,
    /// Some figures or methods.
    Likely,
    /// Its authors labelled conclusion or results, or it gives methods and figures.
    Sure,
}

impl Report {
    /// Reads how much of an abstract is methods and figures, where that matters: a design such as a
    /// trial speaks for itself.
    fn of(paper: &Paper<'_>, conclusion: &Conclusion, text: &FieldText) -> Self {
        let may_be_none = matches!(
            paper.design,
            Design::PolicyCommentary | Design::Guideline | Design::ImplementationOther | Design::Unclear
        );
        let is_labelled = conclusion.rule == conclusion::LABELLED || !conclusion.results.is_empty();
        if is_labelled || !(may_be_none || paper.is_notice_by_title) {
            return Self::Sure;
        }
        let gives_figures = |s: &Range<usize>| text.original.get(s.clone()).is_some_and(signs::has_figures);
        let reports = |s: &Range<usize>, signs: &SentenceSigns<'_>| signs.has("method") || gives_figures(s);
        let sentences = text.sentences.iter().zip(paper.signs);
        match sentences.filter(|(s, signs)| reports(s, signs)).take(REPORTING_SURE).count() {
            REPORTING_SURE if paper.signs.iter().any(|s| s.has("method")) => Self::Sure,
            2.. => Self::Likely,
            0 if !paper.signs.iter().any(|s| s.has("report")) => Self::No,
            _ => Self::Maybe,
        }
    }
}

/// Sentences on methods or with figures that make an abstract the report of a study.
const REPORTING_SURE: usize = 3;

/// Tells whether title or publication type say that the study is still to come.
fn is_announced(tags: &Tags, design: Design) -> bool {
    let hits = tags.get("design:protocol").into_iter().flatten();
    design == Design::Protocol && hits.into_iter().any(|h| h.evidence.field != Field::Abstract.as_str())
}

/// Returns the sentence to print and the rule that led to it.
fn choose(
    conclusion: &Conclusion,
    text: &FieldText,
    signs: &[SentenceSigns<'_>],
    (is_opinion, is_article): (bool, bool),
) -> Option<(Candidate, &'static str)> {
    let price = |r: &Range<usize>| candidate(r, text, signs, (is_opinion, is_article));
    let later = |n: usize| POSITION.get(n).or(POSITION.last()).copied().unwrap_or_default();
    let concluded = conclusion.sentences.iter().take(SENTENCES_MAX).enumerate().filter_map(|(n, r)| {
        let own = price(r)?;
        Some((Candidate { cost: own.cost + later(n), ..own }, conclusion.rule))
    });
    let is_labelled = conclusion.rule == conclusion::LABELLED;
    let extra = if is_labelled { 0 } else { RESULT_BEFORE };
    let before: Vec<&Range<usize>> = match conclusion.results.as_slice() {
        [] if !is_labelled => before(conclusion, text).iter().rev().collect(),
        results => results.iter().take(SENTENCES_MAX).collect(),
    };
    let found = before.into_iter().filter(|_| !is_opinion).enumerate().filter_map(|(n, r)| {
        let own = price(r).filter(|c| c.cost < RESULT_MAX && !c.is_advice && !c.is_method)?;
        Some((Candidate { cost: own.cost + extra + later(n), ..own }, "finding.results"))
    });
    let cheapest = |all: &mut dyn Iterator<Item = (Candidate, &'static str)>| {
        all.filter(|(c, _)| c.cost < NEVER).min_by_key(|(c, _)| c.cost)
    };
    // What the authors themselves label as their conclusion is their word: results stand in only where
    // it holds nothing to print.
    let (mut concluded, mut found) = (concluded, found);
    if is_labelled {
        return cheapest(&mut concluded).or_else(|| cheapest(&mut found));
    }
    cheapest(&mut concluded.chain(found))
}

/// What a later place in the conclusion costs: the first sentence is most often the main claim.
const POSITION: [u32; 5] = [0, 5, 8, 11, 13];

/// Returns the sentences just before an unlabelled conclusion.
fn before<'t>(conclusion: &Conclusion, text: &'t FieldText) -> &'t [Range<usize>] {
    let first = conclusion.sentences.first().map_or(0, |s| s.start);
    let end = text.sentences.partition_point(|s| s.end <= first);
    text.sentences.get(end.saturating_sub(BEFORE_MAX)..end).unwrap_or_default()
}

/// Returns a sentence trimmed and priced.
fn candidate(
    range: &Range<usize>,
    text: &FieldText,
    signs: &[SentenceSigns<'_>],
    (is_opinion, is_article): (bool, bool),
) -> Option<Candidate> {
    let sentence = signs.get(signs::sentences_in(text, range).start)?;
    if sentence.words.len() > SENTENCE_WORDS_MAX || range.len() > SENTENCE_BYTES_MAX {
        return None;
    }
    let piece = trim::trim(range, text, sentence);
    let kept = trim::Kept::new(&piece, text, sentence);
    let is_advice = kept.has("advice") || kept.has("future");
    let is_method = kept.has_rule("finding.method");
    let mut cost = length_cost(piece.words);
    let mut add = |is_so: bool, price: u32| cost += if is_so { price } else { 0 };
    // A claim with a word on its limits behind it is still a claim; a limit alone is none.
    let is_limit = kept.has("future") || kept.has("caveat");
    let is_late = kept.has("claim") && !kept.begins_with("future") && !kept.begins_with("caveat");
    add(is_limit, if is_late { 60 } else { NEVER });
    add(kept.has("aim") || kept.has("noise"), NEVER);
    add(kept.opens_with("leaning"), 85);
    add(kept.opens_with("pointing"), 12);
    add(is_method, 25);
    // What an opinion argues for is its claim; where a page argues nothing, nothing was found.
    let argues = is_opinion && signs.iter().any(|s| s.has("argument"));
    add(is_opinion && !argues, if is_article { 30 } else { NEVER });
    add(is_opinion && !kept.has("argument"), 25);
    add(!is_opinion && is_advice, 30);
    add(!kept.has("claim"), 12);
    let words = text.original.get(piece.range.clone()).unwrap_or_default();
    add(signs::gives_p_value(words), 20);
    add(is_soft(words), 6);
    add(signs::has_statistic(words), 8);
    add(words.ends_with(['?', ':', '…']) || words.ends_with("..."), NEVER);
    Some(Candidate { piece, cost, is_advice, is_method })
}

/// Tells whether a sentence says what may be, not what was found.
fn is_soft(words: &str) -> bool {
    words.split_whitespace().any(|w| matches!(w, "may" | "might" | "could" | "would"))
}

/// Returns what the number of words costs.
fn length_cost(words: usize) -> u32 {
    match words {
        0..=4 => NEVER,
        5..=6 => 40,
        7..=9 => 18,
        10..WORDS_GOOD_MIN => 8,
        WORDS_GOOD_MIN..=WORDS_GOOD_MAX => 0,
        36..=45 => 8,
        _ => 16,
    }
}

/// Returns a text with its first letter as a capital; a word such as "mRNA" stays as it is.
fn with_capital(text: &str) -> String {
    let is_own_case = text.chars().take_while(|c| c.is_alphanumeric()).any(char::is_uppercase);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !is_own_case && first.is_lowercase() && first.to_uppercase().count() == 1 => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_is_a_capital_unless_the_word_has_its_own() {
        for (text, want) in [("ésta", "Ésta"), ("ß", "ß"), ("mRNA rose", "mRNA rose"), ("a B", "A B"), ("", "")] {
            assert_eq!(with_capital(text), want, "{text}");
        }
    }

    #[test]
    fn fifteen_to_thirty_five_words_cost_nothing() {
        let costs: Vec<u32> = [0, 5, 8, 14, 15, 35, 36, 46].into_iter().map(length_cost).collect();
        assert_eq!(costs, [NEVER, 40, 18, 8, 0, 0, 8, 16]);
    }
}
