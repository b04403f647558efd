//! The figures in words that go into `docs/ranking.md`.

use crate::Outcome;
use crate::play::{count, mean};
use crate::svg::spoken;

/// Returns the table: for every set and order the loss, the work saved at 95 % and the share found after a tenth; and
/// one of the loss alone with its mean, which says what each idea is worth.
pub(crate) fn markdown(outcomes: &[Outcome]) -> String {
    let mut out = String::from("| set | order | loss | WSS@95 | RRF@10 |\n|---|---|---|---|---|\n");
    for outcome in outcomes {
        let name = spoken(&outcome.name);
        let all = &outcome.recorded;
        if !all.is_empty() {
            let of = |value: fn(&crate::Recorded) -> f64| all.iter().map(value).sum::<f64>() / count(all.len());
            let figures = [of(|r| r.loss), of(|r| r.wss95), of(|r| r.rrf10)];
            out.push_str(&row(&name, "ELAS u4 in ASReview, as recorded", figures));
        }
        for (order, played) in &outcome.played {
            if let Some(m) = mean(played) {
                out.push_str(&row(&name, order, [m.loss, m.wss95, m.rrf10]));
            }
        }
    }
    out.push_str("\n| order |");
    for outcome in outcomes {
        out.push_str(&format!(" {} |", spoken(&outcome.name)));
    }
    out.push_str(&format!(" mean |\n|---|{}---|\n", "---|".repeat(outcomes.len())));
    for (n, (order, _)) in crate::recipes().iter().enumerate() {
        let losses = outcomes.iter().filter_map(|o| Some(mean(&o.played.get(n)?.1)?.loss));
        let losses: Vec<f64> = losses.collect();
        let mean = losses.iter().sum::<f64>() / count(losses.len().max(1));
        let cells: Vec<String> = losses.iter().chain([&mean]).map(|l| format!("{l:.4}")).collect();
        out.push_str(&format!("| {order} | {} |\n", cells.join(" | ")));
    }
    out
}

fn row(set: &str, order: &str, [loss, wss95, rrf10]: [f64; 3]) -> String {
    format!("| {set} | {order} | {loss:.4} | {wss95:.3} | {rrf10:.3} |\n")
}
