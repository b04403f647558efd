//! What the draft asks about two papers that may be one: a person can answer from the file alone.

use super::super::gathered::Gathered;
use super::super::merging::{self, Pair, Side};
use super::super::{Ctx, Result};
use crate::merge::{Agreement, Row, rows};
use crate::model::text::shorten;
use crate::model::{Decision, Month, WorkId};

/// Questions about pairs in one draft: more than these nobody answers in an hour. The others are
/// named by their number and wait in `roundup merge`.
const PAIRS_ASKED_MAX: usize = 20;
/// Characters of a value that is repeated: enough to tell two apart.
const VALUE_CHARS_MAX: usize = 80;
/// Authors that are named.
const AUTHORS_SHOWN: usize = 3;

/// Returns the questions about pairs of which at least one is a candidate of the month's issue: pairs
/// with both of them first, then by the place of the better one among the candidates, then by id.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn questions(ctx: &Ctx, month: Month, gathered: &[Gathered]) -> Result<Vec<Decision>> {
    let place = |id: &WorkId| gathered.iter().position(|g| &g.work.id == id);
    let mut open = Vec::new();
    for pair in ctx.store.maybe_pairs()? {
        let places = [place(&pair.a), place(&pair.b)];
        let Some(best) = places.iter().flatten().min().copied() else { continue };
        open.push((places.iter().flatten().count() < 2, best, pair));
    }
    open.sort_by(|x, y| (x.0, x.1, &x.2.a, &x.2.b).cmp(&(y.0, y.1, &y.2.a, &y.2.b)));
    let mut out = Vec::new();
    for (_, _, maybe) in open.into_iter().take(PAIRS_ASKED_MAX) {
        let mut pair = merging::side_by_side(ctx, maybe.a.as_str(), maybe.b.as_str())?;
        pair.reasons = maybe.reasons;
        let is_here = [place(&pair.a.id).is_some(), place(&pair.b.id).is_some()];
        out.push(question(&pair, is_here, month));
    }
    Ok(out)
}

/// Returns the question about one pair.
fn question(pair: &Pair, is_here: [bool; 2], month: Month) -> Decision {
    let (a, b) = (&pair.a.record.title, &pair.b.record.title);
    let titles = if a == b { format!("Both are called \"{a}\"") } else { format!("A is \"{a}\" and B is \"{b}\"") };
    let [here_a, here_b] = is_here;
    let mut reasons =
        vec![format!("A: {}", known(&pair.a, here_a, month)), format!("B: {}", known(&pair.b, here_b, month))];
    reasons.extend(comparison(&rows(&pair.a.record, &pair.b.record)));
    if !pair.reasons.is_empty() {
        reasons.push(format!("Why it is asked: {}", pair.reasons.join("; ")));
    }
    reasons.extend(what_answers_do(pair, is_here, month));
    Decision {
        id: merging::question_id(&pair.a.id, &pair.b.id),
        question: format!("Are A and B one study? {titles}"),
        choices: vec!["same".to_owned(), "different".to_owned()],
        reasons,
        ..Decision::default()
    }
}

/// Returns what is known of a paper: who, where, when, its names, where it was found, whether readers
/// had it.
fn known(side: &Side, is_here: bool, month: Month) -> String {
    let record = &side.record;
    let authors = record.first_authors(AUTHORS_SHOWN);
    let when = record.published.map(|d| d.to_string()).or_else(|| record.citation_year().map(|y| y.to_string()));
    let mut sources: Vec<&str> = Vec::new();
    for member in &side.members {
        if !sources.contains(&member.source_name.as_str()) {
            sources.push(&member.source_name);
        }
    }
    let mut parts = vec![authors, record.journal.clone().unwrap_or_default(), when.unwrap_or_default()];
    parts.extend(record.best_link());
    parts.push(format!("found in {}", sources.join(", ")));
    parts.push(match sent_before(side, month) {
        Some(sent) => format!("already in the roundup of {}", sent.long_name()),
        None if is_here => String::new(),
        None => "not among the papers of this month".to_owned(),
    });
    parts.retain(|p| !p.is_empty());
    parts.join("; ")
}

/// Returns the earlier issue that readers had a paper in.
fn sent_before(side: &Side, month: Month) -> Option<Month> {
    side.sent.filter(|sent| *sent < month)
}

/// Returns what agrees and what does not, one line for each way of agreeing.
fn comparison(all: &[Row]) -> Vec<String> {
    let named = |row: &Row| row.label.to_owned();
    let both = |row: &Row| match row.label {
        // Titles stand in the question; abstracts are too long.
        "title" | "abstract" => row.label.to_owned(),
        label => {
            format!("{label} (A: {} / B: {})", shorten(&row.a, VALUE_CHARS_MAX), shorten(&row.b, VALUE_CHARS_MAX))
        }
    };
    let one = |row: &Row| format!("{} ({})", row.label, if row.a.is_empty() { "B" } else { "A" });
    let list = |is: &dyn Fn(&&Row) -> bool, show: &dyn Fn(&Row) -> String| {
        all.iter().filter(is).map(show).collect::<Vec<_>>().join("; ")
    };
    let has_both = |row: &&Row| !row.a.is_empty() && !row.b.is_empty();
    [
        ("The same", list(&|r| r.agreement == Agreement::Same, &named)),
        ("Nearly the same", list(&|r| r.agreement == Agreement::Alike, &both)),
        ("Different", list(&|r| r.agreement == Agreement::Differs, &both)),
        ("Not to be compared", list(&|r| r.agreement == Agreement::Open && has_both(r), &both)),
        ("Only one says it", list(&|r| r.agreement == Agreement::Open && !has_both(r), &one)),
    ]
    .into_iter()
    .filter(|(_, values)| !values.is_empty())
    .map(|(head, values)| format!("{head}: {values}"))
    .collect()
}

/// Returns what each answer does.
fn what_answers_do(pair: &Pair, is_here: [bool; 2], month: Month) -> Vec<String> {
    let sent = sent_before(&pair.a, month).or_else(|| sent_before(&pair.b, month));
    let same = match (sent, is_here) {
        (Some(sent), _) => format!(
            "one paper, which readers had in the roundup of {}: it is not in this issue again, and that issue stays as it was",
            sent.long_name()
        ),
        (None, [true, true]) => "one entry in this issue, with the best of both".to_owned(),
        (None, _) => "one paper, with the best of both; it is in this issue if its date is".to_owned(),
    };
    vec![
        format!("If you write \"same\": {same}."),
        "If you write \"different\": two papers for good; they are not asked about again.".to_owned(),
        "If you leave it empty, both stay as they are and it is asked again. `roundup merge undo` takes an answer back."
            .to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, Doi, Record, RecordKey};
    use crate::pipeline::merging::MemberLine;

    fn side(id: &str, source: &str, record: Record, sent: Option<&str>) -> Side {
        let key = RecordKey { source: source.into(), id: "1".into() };
        let member = MemberLine { key, source_name: source.into(), title: record.title.clone(), reason: String::new() };
        let id = WorkId::parse(id).expect("an id");
        Side { id, record, members: vec![member], sent: sent.and_then(Month::parse) }
    }

    #[test]
    fn a_question_can_be_answered_from_the_file_alone() {
        let record = |author: &str, journal: &str, doi: &str| Record {
            title: "Sleep of mothers after birth".into(),
            authors: vec![Author::person(author, "Ann")],
            journal: Some(journal.into()),
            year: Some(2026),
            doi: Doi::parse(doi),
            ..Record::default()
        };
        let old = record("Example", "Journal of Invented Health", "10.5555/old");
        let new =
            Record { abstract_text: Some("We asked.".into()), ..record("Sample", "Acta Fabricata", "10.5555/new") };
        let pair = Pair {
            a: side("w2345672345a", "PubMed", old, Some("2026-03")),
            b: side("wabcdefabcde", "Acta Fabricata (feed)", new, None),
            reasons: vec!["one title, but other authors".into()],
            verdict: None,
        };
        let asked = question(&pair, [false, true], Month::parse("2026-10").expect("a month"));
        assert_eq!(
            (asked.id.as_str(), asked.choices.join(" ")),
            ("same w2345672345a wabcdefabcde", "same different".into())
        );
        insta::assert_snapshot!(format!("{}\n{}", asked.reasons.join("\n"), asked.question), @r#"
        A: Example A; Journal of Invented Health; 2026; https://doi.org/10.5555/old; found in PubMed; already in the roundup of March 2026
        B: Sample A; Acta Fabricata; 2026; https://doi.org/10.5555/new; found in Acta Fabricata (feed)
        The same: title; year
        Different: authors (A: Example A / B: Sample A); journal (A: Journal of Invented Health / B: Acta Fabricata); DOI (A: 10.5555/old / B: 10.5555/new)
        Only one says it: abstract (B)
        Why it is asked: one title, but other authors
        If you write "same": one paper, which readers had in the roundup of March 2026: it is not in this issue again, and that issue stays as it was.
        If you write "different": two papers for good; they are not asked about again.
        If you leave it empty, both stay as they are and it is asked again. `roundup merge undo` takes an answer back.
        Are A and B one study? Both are called "Sleep of mothers after birth"
        "#);
    }
}
