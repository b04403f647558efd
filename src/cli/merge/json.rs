//! Pairs, papers and answers as JSON lines for programs, form 1.

use serde_json::{Value, json};

use super::page::word;
use crate::merge::rows;
use crate::pipeline::merging::{Outcome, Pair, Side, VerdictLine};

/// Returns a pair with its fields compared; `number` is its place in the list of those that wait.
pub fn pair(number: Option<usize>, pair: &Pair) -> Value {
    json!({
        "v": 1, "number": number, "a": side(&pair.a), "b": side(&pair.b), "reasons": pair.reasons,
        "fields": rows(&pair.a.record, &pair.b.record), "answer": pair.verdict.as_ref().map(verdict),
    })
}

/// Returns a paper with its records.
pub fn side(side: &Side) -> Value {
    let records: Vec<Value> = side
        .members
        .iter()
        .map(|m| json!({"name": m.key.to_string(), "source": m.source_name, "title": m.title, "reason": m.reason}))
        .collect();
    let sent = side.sent.map(|month| month.to_string());
    json!({"id": side.id, "sent": sent, "record": side.record, "records": records})
}

/// Returns what a person said.
pub fn verdict(verdict: &VerdictLine) -> Value {
    json!({
        "number": verdict.number, "answer": word(verdict.answer), "a": verdict.a, "b": verdict.b,
        "title_a": verdict.title_a, "title_b": verdict.title_b, "who": verdict.who,
        "at": verdict.at.to_string(), "note": verdict.note, "undone": verdict.is_undone,
    })
}

/// Returns what an answer did, or would do.
pub fn outcome(outcome: &Outcome, says: &[String], is_dry: bool) -> Value {
    json!({"v": 1, "works": outcome.works, "says": says, "dry_run": is_dry})
}
