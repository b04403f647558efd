//! One set: which share of its included papers was found after which share of reading.

use crate::Outcome;
use crate::play::{Played, count, mean};
use crate::read::Recorded;
use crate::svg;

/// Size of the picture in pixels.
const SIZE: (u32, u32) = (720, 476);
/// Left, top, width and height of the field of the curves.
const FIELD: (f64, f64, f64, f64) = (56.0, 66.0, 640.0, 350.0);
/// Points of a curve: closer ones than one in two pixels cannot be seen.
const STEPS: u32 = 200;

/// Returns where a share of reading and a share of finding stand.
fn at(read: f64, found: f64) -> (f64, f64) {
    let (x, y, width, height) = FIELD;
    (x + read * width, y + (1.0 - found) * height)
}

/// Returns the picture; `None` without a seed.
pub(crate) fn picture(outcome: &Outcome) -> Option<String> {
    let ours = &outcome.played.first()?.1;
    let u4 = &outcome.played.get(1)?.1;
    let (mean_ours, mean_u4) = (mean(ours)?, mean(u4)?);
    let name = svg::spoken(&outcome.name);
    let title = format!("{name}: {} included of {} papers", mean_ours.relevant, mean_ours.n);
    let seeds = ours.len();
    let description = format!(
        "Share of the included papers found against share of the papers read, mean of {seeds} starts. After 10 % of the \
         reading {:.0} % are found by our order and {:.0} % by that of ELAS u4; 95 % are found after {:.0} % and {:.0} %.",
        mean_ours.rrf10 * 100.0,
        mean_u4.rrf10 * 100.0,
        (0.95 - mean_ours.wss95) * 100.0,
        (0.95 - mean_u4.wss95) * 100.0,
    );
    let mut out = svg::head(SIZE.0, SIZE.1, &title, &description);
    out.push_str(&svg::text(FIELD.0, 28.0, "big", &title));
    out.push_str(&grid());
    out.push_str(&svg::line(at(0.0, 0.0), at(1.0, 1.0), "chance"));
    for (played, class) in [(u4, "u4"), (ours, "ours")] {
        out.push_str(&band(played, class));
    }
    for (played, class) in [(u4, "u4"), (ours, "ours")] {
        let line: Vec<(f64, f64)> = shares().map(|read| at(read, middle(played, read))).collect();
        out.push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>\n", svg::points(&line)));
    }
    out.push_str(&marks(&outcome.recorded));
    out.push_str(&legend(seeds, &outcome.recorded));
    out.push_str("</svg>\n");
    Some(out)
}

/// Returns the shares of reading that are drawn.
fn shares() -> impl Iterator<Item = f64> {
    (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS))
}

fn middle(played: &[Played], read: f64) -> f64 {
    played.iter().map(|p| p.recall(read)).sum::<f64>() / count(played.len())
}

/// Returns what lies between the least and the most that a seed found.
fn band(played: &[Played], class: &str) -> String {
    let most = |read| played.iter().map(|p| p.recall(read)).fold(0.0, f64::max);
    let least = |read| played.iter().map(|p| p.recall(read)).fold(1.0, f64::min);
    let mut edge: Vec<(f64, f64)> = shares().map(|read| at(read, most(read))).collect();
    let below: Vec<(f64, f64)> = shares().map(|read| at(read, least(read))).collect();
    edge.extend(below.into_iter().rev());
    format!("<polygon class=\"{class}-band\" points=\"{}\"/>\n", svg::points(&edge))
}

fn grid() -> String {
    let mut out = String::new();
    for tenths in (0..=10_u32).step_by(2) {
        let share = f64::from(tenths) / 10.0;
        let label = format!("{} %", tenths * 10);
        let (x, y) = at(share, 0.0);
        out.push_str(&svg::line(at(share, 0.0), at(share, 1.0), "grid"));
        out.push_str(&svg::text(x, y + 18.0, "soft mid", &label));
        let (x, y) = at(0.0, share);
        out.push_str(&svg::line(at(0.0, share), at(1.0, share), "grid"));
        out.push_str(&svg::text(x - 8.0, y + 4.0, "soft end", &label));
    }
    let (x, y) = at(0.5, 0.0);
    out.push_str(&svg::text(x, y + 40.0, "soft mid", "share of the papers read"));
    out.push_str(&svg::text(FIELD.0, FIELD.1 - 14.0, "soft", "share of the included papers found"));
    out
}

/// Returns marks where ASReview stood, as recorded.
fn marks(recorded: &[Recorded]) -> String {
    if recorded.is_empty() {
        return String::new();
    }
    let mean = |of: &dyn Fn(&Recorded) -> f64| recorded.iter().map(of).sum::<f64>() / count(recorded.len());
    let places = [
        ("after 5 % of the papers", 0.05, mean(&|r| r.rrf5)),
        ("after 10 % of the papers", 0.1, mean(&|r| r.rrf10)),
        ("95 % of the included papers", mean(&|r| 0.95 - r.wss95), 0.95),
        ("all included papers", mean(&|r| 1.0 - r.wss100), 1.0),
    ];
    places.iter().map(|(title, read, found)| svg::diamond(at(*read, *found), title)).collect()
}

fn legend(seeds: usize, recorded: &[Recorded]) -> String {
    let (x, y) = at(0.5, 0.42);
    let mut rows = vec![("ours", "our order"), ("u4", "ELAS u4, played by us"), ("chance", "no order")];
    let mut out = String::new();
    if !recorded.is_empty() {
        rows.push(("mark", "ELAS u4 in ASReview 3.0.8, as recorded"));
    }
    for (n, (class, words)) in (0_u32..).zip(rows) {
        let y = y + f64::from(n) * 22.0;
        out.push_str(&if class == "mark" {
            svg::diamond((x + 18.0, y), words)
        } else {
            svg::line((x, y), (x + 36.0, y), class)
        });
        out.push_str(&svg::text(x + 46.0, y + 4.0, "", words));
    }
    let y = y + f64::from(if recorded.is_empty() { 3 } else { 4 }) * 22.0;
    out.push_str(&svg::text(x + 46.0, y + 4.0, "soft", &format!("mean of {seeds} starts; bands: least to most")));
    out
}
