//! A paper's place in a month's order, in plain words.

use super::{RankFacts, RankPart};
use crate::model::text::capital;
use crate::model::{Choice, LEARNED, Month};
use crate::pipeline::cards::Paper;
use crate::pipeline::ranked::{Like, nearest};
use crate::pipeline::{Ctx, Result, gather};

/// Papers that are named as alike of each kind.
const NAMED_MAX: usize = 4;

/// Returns a paper's place in a month's order.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn rank(ctx: &Ctx, month: Month, paper: &Paper) -> Result<RankFacts> {
    let here = gather::in_order(ctx, month, paper.work.clone(), paper.judgement.clone())?;
    let learner = here.taste.learner();
    let row = here.taste.row(&paper.work.id).unwrap_or(usize::MAX);
    let parts = here.own.score.parts.iter().map(|p| RankPart {
        name: part_name(&p.name),
        value: p.value,
        weight: p.weight,
        note: p.note.clone(),
    });
    Ok(RankFacts {
        total: here.own.score.total,
        parts: parts.collect(),
        place: here.place,
        of: here.of,
        like: like(&nearest(&here.taste, &learner, row)),
    })
}

/// Returns what a part of a score measures, for people.
fn part_name(name: &str) -> String {
    match name {
        "relevance" => "Belongs here".to_owned(),
        "topic" => "Working group".to_owned(),
        "design" => "Study design".to_owned(),
        "setting" => "Country".to_owned(),
        "recency" => "How new".to_owned(),
        "open-access" => "Open access".to_owned(),
        LEARNED => "What you kept before".to_owned(),
        other => capital(&other.replace('-', " ")),
    }
}

/// Says which judged papers one is like: first those that were kept or put off, then the others.
fn like(all: &[Like]) -> Vec<String> {
    let is_kept = |l: &Like| matches!(l.choice, Choice::Keep | Choice::Maybe);
    let line = |kept: bool| {
        let titles: Vec<String> =
            all.iter().filter(|l| is_kept(l) == kept).map(|l| format!("“{}”", l.title.trim_end_matches('.'))).collect();
        let what = if kept { "you kept" } else { "you did not keep" };
        let papers = if titles.len() == 1 { "paper" } else { "papers" };
        let named = titles.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join("; ");
        let more = if titles.len() > NAMED_MAX { " …" } else { "" };
        (!titles.is_empty()).then(|| format!("like {} {papers} {what}: {named}{more}", titles.len()))
    };
    [true, false].into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkId;

    #[test]
    fn likeness_names_what_was_kept_and_what_was_not() {
        let one = |title: &str, choice: Choice| Like {
            id: WorkId::parse("waaaaaaaaaaa").unwrap(),
            title: title.into(),
            choice,
            likeness: 0.5,
        };
        assert_eq!(like(&[]), Vec::<String>::new());
        let all = [one("A.", Choice::Keep), one("B", Choice::Passed), one("C", Choice::Maybe)];
        assert_eq!(like(&all), ["like 2 papers you kept: “A”; “C”", "like 1 paper you did not keep: “B”"]);
        let many: Vec<Like> = (0..5).map(|n| one(&n.to_string(), Choice::Drop)).collect();
        assert_eq!(like(&many), ["like 5 papers you did not keep: “0”; “1”; “2”; “3” …"]);
    }
}
