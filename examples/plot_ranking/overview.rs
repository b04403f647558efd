//! All sets in one picture: how far each order is from the best one.

use crate::Outcome;
use crate::play::{Played, count, mean};
use crate::svg;

/// Width of the picture, height of a set, and where the field of the dots begins and ends, in pixels.
const WIDTH: u32 = 720;
const ROW: f64 = 46.0;
const FIELD: (f64, f64) = (190.0, 690.0);
const TOP: f64 = 92.0;

/// Returns the picture.
pub(crate) fn picture(outcomes: &[Outcome]) -> String {
    let bottom = TOP + ROW * count(outcomes.len());
    let losses = outcomes.iter().flat_map(|o| o.played.iter().take(2)).flat_map(|(_, p)| p);
    let largest = losses.map(|p| p.measures.loss).fold(0.05, f64::max);
    let x = |loss: f64| FIELD.0 + loss / (largest * 1.05) * (FIELD.1 - FIELD.0);
    let words: Vec<String> = outcomes.iter().filter_map(in_words).collect();
    let title = "How far each order is from the best one";
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
    let mut out = svg::head(WIDTH, (bottom + 48.0) as u32, title, &format!("Loss of recall. {}", words.join(" ")));
    out.push_str(&svg::text(20.0, 28.0, "big", title));
    out.push_str(&legend());
    for step in (0..=20_u32).map(|n| f64::from(n) * 0.02).take_while(|loss| *loss <= largest) {
        out.push_str(&svg::line((x(step), TOP - 12.0), (x(step), bottom - 12.0), "grid"));
        out.push_str(&svg::text(x(step), bottom + 8.0, "soft mid", &format!("{step:.2}")));
    }
    let note = "loss of recall: 0 when all included papers come first, 1 when they come last";
    out.push_str(&svg::text(f64::midpoint(FIELD.0, FIELD.1), bottom + 30.0, "soft mid", note));
    for (n, outcome) in (0_u32..).zip(outcomes) {
        let y = TOP + f64::from(n) * ROW + 10.0;
        out.push_str(&svg::text(FIELD.0 - 14.0, y + 4.0, "end", &svg::spoken(&outcome.name)));
        for ((_, played), (class, up)) in outcome.played.iter().zip([("ours", -9.0), ("u4", 9.0)]) {
            out.push_str(&dot(played, class, y + up, &x));
        }
        if !outcome.recorded.is_empty() {
            let loss = outcome.recorded.iter().map(|r| r.loss).sum::<f64>() / count(outcome.recorded.len());
            out.push_str(&svg::diamond((x(loss), y + 9.0), &format!("ASReview 3.0.8 as recorded: {loss:.4}")));
        }
    }
    out.push_str("</svg>\n");
    out
}

/// Returns what a set shows, in words.
fn in_words(outcome: &Outcome) -> Option<String> {
    let loss = |n: usize| Some(mean(&outcome.played.get(n)?.1)?.loss);
    Some(format!("{}: our order {:.4}, ELAS u4 {:.4}.", svg::spoken(&outcome.name), loss(0)?, loss(1)?))
}

/// Returns the mean as a dot on a line from the best to the worst seed.
fn dot(played: &[Played], class: &str, y: f64, x: &impl Fn(f64) -> f64) -> String {
    let Some(mean) = mean(played) else { return String::new() };
    let losses = || played.iter().map(|p| p.measures.loss);
    let (least, most) = (losses().fold(1.0, f64::min), losses().fold(0.0, f64::max));
    let (loss, middle) = (mean.loss, x(mean.loss));
    svg::line((x(least), y), (x(most), y), class)
        + &format!(
            "<circle cx=\"{middle:.1}\" cy=\"{y:.1}\" r=\"5\" class=\"{class}-dot\"><title>{loss:.4}</title></circle>\n"
        )
}

fn legend() -> String {
    let y = 54.0;
    let mut out = String::new();
    for (from, class, words) in [(20.0, "ours", "our order"), (142.0, "u4", "ELAS u4, played by us")] {
        out.push_str(&svg::line((from, y), (from + 36.0, y), class));
        out.push_str(&format!("<circle cx=\"{}\" cy=\"{y}\" r=\"5\" class=\"{class}-dot\"/>\n", from + 18.0));
        out.push_str(&svg::text(from + 44.0, y + 4.0, "", words));
    }
    out.push_str(&svg::diamond((354.0, y), "as recorded"));
    out.push_str(&svg::text(368.0, y + 4.0, "", "ELAS u4 in ASReview 3.0.8"));
    out + &svg::text(f64::from(WIDTH) - 20.0, y + 4.0, "soft end", "lines: best to worst start")
}
