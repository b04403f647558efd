//! `roundup status --month`: a month in numbers, on a page that can be read aloud.
//!
//! Every number stands beside its words; bars only repeat them, at the end of the line. The page says what
//! is known: what people chose, never what they read.

use crate::cli::Global;
use crate::cli::columns::{columns, padded, wrap};
use crate::cli::term::{Exit, Style, Terminal};
use crate::measure::month::LOT_MIN;
use crate::model::Month;
use crate::model::text::shorten;
use crate::pipeline::{self, Ctx, MonthReport};

/// Columns of the longest bar.
const BAR_COLUMNS: usize = 30;
/// Narrower terminals show no bars, and tables as sentences.
const WIDE: usize = 72;
/// Columns that a name in a table has at least.
const NAME_COLUMNS_MIN: usize = 16;

/// Prints a month in numbers.
///
/// # Errors
/// When the database cannot be read.
pub fn run(ctx: &Ctx, month: Option<Month>, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let report = match pipeline::month_report(ctx, month) {
        Err(pipeline::Error::Missing(text)) => {
            term.note(&text);
            return Ok(Exit::Nothing);
        }
        other => other?,
    };
    if global.json {
        term.json(&report)?;
        return Ok(Exit::Done);
    }
    term.styled(&[(Style::Bold, &format!("The roundup of {} in numbers", report.month.long_name()))]);
    let rendered = if report.is_rendered { "" } else { "Its issue is not rendered yet: the numbers may still change." };
    say(term, rendered);
    heading(term, "What was listed");
    for line in listed(&report) {
        say(term, &line);
    }
    heading(term, "What became of it");
    fates(&report, term);
    heading(term, "How good the order was");
    for line in order(&report) {
        say(term, &line);
    }
    heading(term, "What may be missed");
    for line in further_down(&report) {
        say(term, &line);
    }
    heading(term, "Sources");
    sources(ctx, &report, term);
    heading(term, "Working groups");
    groups(&report, term);
    Ok(Exit::Done)
}

/// Prints a heading behind an empty line.
fn heading(term: &mut Terminal, text: &str) {
    term.line("");
    term.styled(&[(Style::Bold, text)]);
}

/// Prints a sentence in lines that fit, set in; nothing for an empty one.
fn say(term: &mut Terminal, text: &str) {
    if text.is_empty() {
        return;
    }
    for line in wrap(text, term.width().saturating_sub(2)) {
        term.line(&format!("  {line}"));
    }
}

/// Returns a count with its noun.
fn papers(count: usize) -> String {
    if count == 1 { "1 paper".to_owned() } else { format!("{count} papers") }
}

/// Returns "was" or "were".
fn were(count: usize) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Returns "is" or "are".
fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// Returns "has" or "have".
fn have(count: usize) -> &'static str {
    if count == 1 { "has" } else { "have" }
}

/// Returns "stands" or "stand".
fn stand(count: usize) -> &'static str {
    if count == 1 { "stands" } else { "stand" }
}

/// Returns how many papers were considered, listed and asked about.
fn listed(report: &MonthReport) -> Vec<String> {
    let r = report;
    let doubt = r.considered.saturating_sub(r.in_scope);
    let others = if doubt == 0 { String::new() } else { format!(" and {doubt} in doubt or near-duplicates") };
    let mut out = vec![format!("{} could have been listed: {} in scope{others}.", papers(r.considered), r.in_scope)];
    out.push(format!("{} {} listed in the draft.", papers(r.fates.listed), were(r.fates.listed)));
    if r.asked > 0 {
        out.push(format!(
            "You were asked whether {} in doubt belong here; {} kept.",
            papers(r.asked),
            kept(r.asked_kept)
        ));
    }
    if r.put_in_by_people > 0 {
        let count = r.put_in_by_people;
        out.push(format!("{} in the issue {} put in by people: no draft had listed them.", papers(count), were(count)));
    }
    out
}

/// Returns "3 were", "1 was" or "none was".
fn kept(count: usize) -> String {
    if count == 0 { "none was".to_owned() } else { format!("{count} {}", were(count)) }
}

/// Prints what became of the papers listed, a line with a bar for each fate.
fn fates(report: &MonthReport, term: &mut Terminal) {
    let f = &report.fates;
    let kept = if report.is_rendered { "somebody said so, or it went into the issue" } else { "" };
    let rows = [
        ("kept", f.kept, kept),
        ("maybe", f.maybe, ""),
        ("dropped", f.dropped, ""),
        ("passed over", f.passed, "stood above one that was taken, and was left"),
        ("no choice", f.open, "may have been read all the same"),
    ];
    let most = rows.iter().map(|(_, count, _)| *count).max().unwrap_or_default();
    for (name, count, note) in rows {
        let bar = if term.width() < WIDE { String::new() } else { bar(count, most) };
        let note = if note.is_empty() || count == 0 { String::new() } else { format!("({note})") };
        let tail = [bar, note].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        say_row(term, &format!("{} {count:>4}", padded(name, 13)), &tail);
    }
}

/// Prints numbers with what stands behind them, on two lines where one is too narrow.
fn say_row(term: &mut Terminal, head: &str, tail: &str) {
    if columns(head) + columns(tail) + 4 <= term.width() {
        term.line(format!("  {head}  {tail}").trim_end());
    } else {
        term.line(&format!("  {head}"));
        say(term, &format!("  {tail}"));
    }
}

/// Returns a bar whose length stands to the longest as a count to the greatest; at least one column for
/// what is not none.
fn bar(count: usize, most: usize) -> String {
    let length = (count * BAR_COLUMNS).checked_div(most).unwrap_or_default();
    "█".repeat(length.max(usize::from(count > 0)))
}

/// Returns how good the order was, in sentences.
fn order(report: &MonthReport) -> Vec<String> {
    let f = report.first;
    if report.fates.chosen() == 0 {
        return vec!["No paper has a choice yet, so nothing can be told.".to_owned()];
    }
    let left = if report.is_rendered { "not in the issue and without a choice" } else { "without a choice" };
    let open = match f.open {
        0 => String::new(),
        count => format!("; {count} of them {} {left}", are(count)),
    };
    let mut out = vec![format!("Of the first {}, {} kept{open}.", papers(f.papers), kept(f.kept))];
    let chosen = report.fates.chosen();
    let what = match (report.is_rendered, chosen) {
        (false, 1) => "has a choice",
        (false, _) => "have a choice",
        (true, 1) => "has a choice or went into the issue",
        (true, _) => "have a choice or went into the issue",
    };
    out.push(match report.read_per_kept {
        Some(ratio) => {
            format!("{} {what}, {} of them kept: {ratio:.1} for each one kept.", papers(chosen), report.fates.kept)
        }
        None => format!("{} {what}, and none was kept.", papers(chosen)),
    });
    out
}

/// Returns what stands further down than people chose, and what the papers drawn by lot say of it.
fn further_down(report: &MonthReport) -> Vec<String> {
    let (lot, here) = (&report.lot, &report.lot.here);
    if here.rest == 0 {
        return vec![
            "Nothing: every paper in scope was listed, and below the last candidate with a choice none is left."
                .to_owned(),
        ];
    }
    let listed = here.rest.saturating_sub(here.unlisted);
    let which = match (listed, here.unlisted) {
        (0, _) => "no draft listed them".to_owned(),
        (_, 0) => format!("{listed} of the {} listed without a choice", report.fates.open),
        (_, unlisted) => {
            format!(
                "{listed} of the {} listed without a choice, and {unlisted} that no draft listed",
                report.fates.open
            )
        }
    };
    let mut out =
        vec![format!("{} in scope {} further down than people chose: {which}.", papers(here.rest), stand(here.rest))];
    if here.drawn > 0 {
        let told = match here.read {
            0 if here.drawn == 1 => "it tells nothing of the others yet".to_owned(),
            0 => "none of them tells of the others yet".to_owned(),
            read => format!("{read} of them {} a choice, {} kept", have(read), here.kept),
        };
        let drawn = here.drawn;
        out.push(format!("{} {} put among the candidates by lot: {told}.", papers(drawn), were(drawn)));
    }
    let time = if lot.months == 1 { "this month".to_owned() } else { format!("the last {} months", lot.months) };
    out.push(match lot.worth_keeping {
        Some((low, high)) => format!(
            "Of {} drawn by lot and chosen about in {time}, {} kept: so of the {} about {} would be worth keeping \
             (95 % interval).",
            papers(lot.read),
            kept(lot.kept),
            here.rest,
            range(low, high)
        ),
        None => format!(
            "Too few to tell how many of them would be worth keeping: {} drawn by lot and chosen about in {time}, and \
             it takes {LOT_MIN}.",
            match lot.read {
                0 => "none was".to_owned(),
                read => format!("{read} {}", were(read)),
            }
        ),
    });
    out
}

/// Returns a range of counts: `3–17`, or one number.
fn range(low: usize, high: usize) -> String {
    if low == high { low.to_string() } else { format!("{low}–{high}") }
}

/// Prints what each source brought, and what the columns mean.
fn sources(ctx: &Ctx, report: &MonthReport, term: &mut Terminal) {
    let per_100 = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| format!("{v:.1}"));
    let rows: Vec<(String, Vec<String>)> = report
        .sources
        .iter()
        .map(|s| {
            let c = &s.counts;
            let mut cells: Vec<String> =
                [s.came_in, s.in_scope, c.listed, c.kept, c.kept_only_here].map(|n| n.to_string()).to_vec();
            cells.push(per_100(s.kept_per_100));
            (s.name.clone(), cells)
        })
        .collect();
    table(term, &["came in", "in scope", "listed", "kept", "only here", "per 100"], &rows);
    let late = ctx.config.settings.draft.late_days;
    say(
        term,
        &format!(
            "came in: papers of {} and the {late} days before, whatever they are about, that were in no earlier \
             issue. only here: kept, and found in no other source. per 100: kept for every hundred that came in. A \
             paper found in two sources counts for both.",
            report.month.long_name()
        ),
    );
}

/// Prints what became of each working group's papers.
fn groups(report: &MonthReport, term: &mut Terminal) {
    let rows: Vec<(String, Vec<String>)> = report
        .groups
        .iter()
        .map(|g| {
            let f = &g.fates;
            (g.name.clone(), [f.listed, f.kept, f.dropped, f.open].map(|n| n.to_string()).to_vec())
        })
        .collect();
    table(term, &["listed", "kept", "dropped", "no choice"], &rows);
}

/// Prints a table of names and numbers; on a narrow terminal a sentence for each name.
fn table(term: &mut Terminal, heads: &[&str], rows: &[(String, Vec<String>)]) {
    if term.width() < WIDE {
        for (name, cells) in rows {
            let cells: Vec<String> = heads.iter().zip(cells).map(|(head, cell)| format!("{head} {cell}")).collect();
            say(term, &format!("{name}: {}", cells.join(", ")));
        }
        return;
    }
    let taken: usize = heads.iter().map(|h| 2 + columns(h)).sum();
    let room = term.width().saturating_sub(taken + 2).max(NAME_COLUMNS_MIN);
    let name = |text: &str| shorten(text, room);
    let width = rows.iter().map(|(n, _)| columns(&name(n))).max().unwrap_or_default();
    let numbers = |cells: &[String]| -> String {
        let cells: Vec<String> =
            heads.iter().zip(cells).map(|(head, cell)| format!("  {cell:>wide$}", wide = columns(head))).collect();
        cells.concat()
    };
    let heads_line: Vec<String> = heads.iter().map(|h| (*h).to_owned()).collect();
    term.line(&format!("  {}{}", padded("", width), numbers(&heads_line)));
    for (text, cells) in rows {
        term.line(&format!("  {}{}", padded(&name(text), width), numbers(cells)));
    }
}
