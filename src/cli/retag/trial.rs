//! `roundup retag --dry-run`: what a change of the rules would do, counts first, then examples.

use crate::cli::Global;
use crate::cli::columns::{columns, wrap};
use crate::cli::open::{self, Access};
use crate::cli::sync::papers as counted;
use crate::cli::term::{Exit, Style, Terminal};
use crate::pipeline::judge::{self, Example, Move, Preview, TagChange};

/// Prints what judging anew would change.
///
/// # Errors
/// When the home cannot be opened or the database cannot be read.
pub fn run(examples: usize, all: bool, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let preview = judge::preview(&ctx)?;
    if global.json {
        term.json(&serde_json::json!({"v": 1, "preview": preview}))?;
        return Ok(Exit::Done);
    }
    head(&preview, term);
    if preview.changed > 0 {
        counts(&preview, term);
        let most = if all { usize::MAX } else { examples };
        moves("Scope", &preview.scope, most, term);
        moves("First working group", &preview.primary, most, term);
        tags(&preview.tags, most, term);
        if !all && is_cut(&preview, examples) {
            term.line("");
            term.line("every paper: roundup retag --dry-run --all");
        }
    }
    Ok(Exit::Done)
}

/// Returns that so many papers were: "1 paper was", "2 papers were".
fn counted_were(n: usize) -> String {
    format!("{} {}", counted(n), if n == 1 { "was" } else { "were" })
}

/// Prints how many papers would come out differently.
fn head(preview: &Preview, term: &mut Terminal) {
    let (changed, papers) = (preview.changed, preview.papers);
    if changed == 0 {
        term.line(&format!("no tag would change: {} looked at", counted_were(papers)));
    } else {
        let text = format!("{changed} of {} would be judged differently; nothing was changed", counted(papers));
        term.styled(&[(Style::Bold, &text)]);
    }
    if preview.unjudged > 0 {
        term.line(&format!("{}, without a judgement yet, left out of the count", counted(preview.unjudged)));
    }
    let lists = preview.scope.iter().chain(&preview.primary).map(|m| &m.papers);
    let lists = lists.chain(preview.tags.iter().flat_map(|t| [&t.gained, &t.lost]));
    let (mut sent, mut held) = (std::collections::BTreeSet::new(), 0);
    for example in lists.flatten() {
        held += usize::from(example.held_by.is_some());
        sent.extend(example.sent.map(|_| &example.id));
    }
    if !sent.is_empty() {
        term.line(&format!("{} of them stood in an issue, which stays as it was", sent.len()));
    }
    if held > 0 {
        let text = if held == 1 { "1 change has".to_owned() } else { format!("{held} changes have") };
        term.line(&format!("{text} no effect, since a person said otherwise: marked with ="));
    }
}

/// Prints all counts in small tables.
fn counts(preview: &Preview, term: &mut Terminal) {
    for (name, moves) in [("Scope", &preview.scope), ("First working group", &preview.primary)] {
        if moves.is_empty() {
            continue;
        }
        term.line("");
        term.styled(&[(Style::Bold, &format!("{name}: from → to, papers"))]);
        let width = moves.iter().map(|m| columns(&m.from)).max().unwrap_or_default();
        let width_to = moves.iter().map(|m| columns(&m.to)).max().unwrap_or_default();
        for m in moves {
            term.line(&format!("  {:width$} → {:width_to$}  {:>5}", m.from, m.to, m.papers.len()));
        }
    }
    if preview.tags.is_empty() {
        return;
    }
    term.line("");
    term.styled(&[(Style::Bold, "Tags: papers that would gain (+) and lose (-) them")]);
    let width = preview.tags.iter().map(|t| columns(&tag(t))).max().unwrap_or_default();
    for t in &preview.tags {
        let sign = |sign: char, n: usize| if n == 0 { String::new() } else { format!("{sign}{n}") };
        let line = format!("  {:width$}  {:>6} {:>6}", tag(t), sign('+', t.gained.len()), sign('-', t.lost.len()));
        term.line(line.trim_end());
    }
}

/// Returns a changed tag as `facet:value`.
fn tag(change: &TagChange) -> String {
    format!("{}:{}", change.facet.as_str(), change.value)
}

/// Prints examples of moves.
fn moves(name: &str, moves: &[Move], most: usize, term: &mut Terminal) {
    for m in moves.iter().filter(|_| most > 0) {
        term.line("");
        term.styled(&[(Style::Bold, &format!("{name}: {} → {} ({})", m.from, m.to, m.papers.len()))]);
        list('>', &m.papers, most, term);
    }
}

/// Prints examples of papers that gain or lose tags.
fn tags(changes: &[TagChange], most: usize, term: &mut Terminal) {
    for t in changes.iter().filter(|_| most > 0) {
        term.line("");
        let text = format!("{} (+{} -{})", tag(t), t.gained.len(), t.lost.len());
        term.styled(&[(Style::Bold, &text)]);
        list('+', &t.gained, most, term);
        list('-', &t.lost, most, term);
    }
}

/// Prints papers, each with the words that now speak for it or no longer do.
fn list(sign: char, papers: &[Example], most: usize, term: &mut Terminal) {
    let width = term.width().saturating_sub(6).max(20);
    // What readers would see stands first.
    let mut sorted: Vec<&Example> = papers.iter().collect();
    sorted.sort_by_key(|e| e.held_by.is_some());
    for example in sorted.iter().take(most) {
        let mark = if example.held_by.is_some() { '=' } else { sign };
        let sent = example.sent.map(|m| format!(" [sent in {m}]")).unwrap_or_default();
        for (n, line) in wrap(&format!("{}{sent}", example.title), width).iter().enumerate() {
            term.line(&format!("  {} {line}", if n == 0 { mark } else { ' ' }));
        }
        let verb = if sign == '-' { "no longer: " } else { "" };
        let reason = if example.reason.is_empty() { "no rule names it" } else { &example.reason };
        for line in wrap(&format!("{} {verb}{reason}", example.id), width) {
            term.line(&format!("      {line}"));
        }
        if let Some(word) = &example.held_by {
            term.line(&format!("      no effect: {word}"));
        }
    }
    if papers.len() > most {
        term.line(&format!("    and {} more", papers.len() - most));
    }
}

/// Tells whether some papers were not shown.
fn is_cut(preview: &Preview, examples: usize) -> bool {
    let moves = preview.scope.iter().chain(&preview.primary).any(|m| m.papers.len() > examples);
    moves || preview.tags.iter().any(|t| t.gained.len() > examples || t.lost.len() > examples)
}
