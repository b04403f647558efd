//! How far rules and people agree, in the terminal and as JSON.

use serde_json::{Map, Value, json};

use crate::cli::columns::{columns, wrap};
use crate::cli::term::{Style, Terminal};
use crate::measure::{Difference, Figures, HEAD, Report, Wrong};
use crate::model::Scope;

/// All that is told.
pub struct Page<'a> {
    /// The figures of these rules.
    pub report: &'a Report,
    /// How they stand to those of other rules.
    pub comparison: Option<&'a Comparison>,
    /// Lines without labels.
    pub unlabelled: usize,
    /// Share of papers that are in where the rules will work.
    pub prevalence: f64,
    /// How many errors are shown.
    pub errors: usize,
}

/// How these rules stand to others.
pub struct Comparison {
    /// Figure by figure.
    pub differences: Vec<Difference>,
    /// What the other rules say.
    pub other: Report,
}

/// What each figure is, for people.
const NAMES: &[(&str, &str)] = &[
    ("relevance.precision", "relevance: of what is called in, is in"),
    ("relevance.recall", "relevance: of what is in, is called in"),
    ("relevance.f1", "relevance: F1"),
    ("relevance_at_prevalence.precision", "relevance: precision in a real feed"),
    ("relevance_at_prevalence.f1", "relevance: F1 in a real feed"),
    ("kept.recall", "in or maybe: of what is, is kept"),
    ("kept.f1", "in or maybe: F1"),
    ("country.f1", "countries: F1"),
    ("country.exact", "countries: exactly right papers"),
    ("twg.f1", "working groups: F1"),
    ("twg.macro_f1", "working groups: mean F1 of the groups"),
    ("twg.primary_accuracy", "first working group right"),
    ("design.accuracy", "design right"),
    ("design.macro_f1", "design: mean F1 of the designs"),
    ("condition.f1", "conditions: F1"),
    ("intervention.f1", "interventions: F1"),
    ("population.f1", "populations: F1"),
    ("stage.f1", "stage: F1"),
    ("finding.same", "finding: the same sentence"),
];

/// Returns what a figure is.
fn name_of(figure: &str) -> &str {
    NAMES.iter().find(|(name, _)| *name == figure).map_or(figure, |(_, words)| words)
}

impl Page<'_> {
    /// Prints the page.
    pub fn print(&self, term: &mut Terminal) {
        let r = self.report;
        let out = r.rows - r.labelled_in - r.labelled_maybe;
        term.styled(&[(
            Style::Bold,
            &format!("{} labelled papers: {} in, {} maybe, {out} out", r.rows, r.labelled_in, r.labelled_maybe),
        )]);
        if self.unlabelled > 0 {
            term.line(&format!("{} lines carry no labels and are not measured", self.unlabelled));
        }
        term.line("");
        self.figures(term);
        self.confusions(term);
        if let Some(comparison) = self.comparison {
            self.comparison(comparison, term);
        }
        self.errors(term);
    }

    /// Prints the figures with their intervals.
    fn figures(&self, term: &mut Terminal) {
        term.styled(&[(Style::Bold, "How far the rules agree, and between which bounds 95 of 100 such samples lie")]);
        let width = HEAD.iter().map(|n| columns(name_of(n))).max().unwrap_or_default();
        for name in HEAD {
            let Some(value) = self.report.figures.get(*name).copied().flatten() else { continue };
            let bounds = self
                .report
                .intervals
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, (low, high))| format!("  {low:.3} – {high:.3}"));
            term.line(&format!("  {:width$}  {value:.4}{}", name_of(name), bounds.unwrap_or_default()));
        }
        let share = self.prevalence * 100.0;
        term.line(&format!("  A real feed is one in which {share:.0} of 100 papers are in (--prevalence)."));
        if let Some(lost) = self.report.figures.get("relevance.in_lost").copied().flatten() {
            term.line(&format!("  Of 100 papers that are in, {:.1} are called out.", lost * 100.0));
        }
    }

    /// Prints what is taken for what.
    fn confusions(&self, term: &mut Terminal) {
        term.line("");
        term.styled(&[(Style::Bold, "Scope: as labelled, and as the rules say")]);
        term.line(&format!("  {:10}{:>7}{:>7}{:>7}", "labelled", "in", "maybe", "out"));
        for (scope, counts) in Scope::ALL.iter().zip(&self.report.scopes) {
            let [is_in, maybe, out] = counts;
            term.line(&format!("  {:10}{is_in:>7}{maybe:>7}{out:>7}", scope.as_str()));
        }
        term.line("");
        term.styled(&[(Style::Bold, "Working groups, on papers labelled in or maybe")]);
        let width = self.report.groups.iter().map(|(g, _)| columns(g)).max().unwrap_or_default().max(5);
        term.line(&format!(
            "  {:width$}{:>8}{:>10}{:>8}{:>13}{:>11}{:>8}{:>8}",
            "group", "right", "too much", "missed", "rightly not", "precision", "recall", "F1"
        ));
        for (group, [tp, fp, fn_, tn]) in &self.report.groups {
            let of = |what: &str| {
                let value = self.report.figures.get(&format!("twg.class.{group}.{what}")).copied().flatten();
                value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"))
            };
            let (precision, recall, f1) = (of("precision"), of("recall"), of("f1"));
            term.line(&format!("  {group:width$}{tp:>8}{fp:>10}{fn_:>8}{tn:>13}{precision:>11}{recall:>8}{f1:>8}"));
        }
    }

    /// Prints how these rules stand to others.
    fn comparison(&self, comparison: &Comparison, term: &mut Terminal) {
        term.line("");
        term.styled(&[(Style::Bold, "Against the other rules")]);
        let width = HEAD.iter().map(|n| columns(name_of(n))).max().unwrap_or_default();
        term.line(&format!("  {:width$}{:>8}{:>8}{:>9}", "", "other", "here", "change"));
        for d in &comparison.differences {
            let change = d.here - d.other;
            let says = match change {
                c if c.abs() < 1e-9 => "",
                _ if d.p >= 0.05 => "  may be chance",
                c if c > 0.0 => "  better",
                _ => "  worse",
            };
            let name = name_of(&d.name);
            term.line(&format!("  {name:width$}{:>8.4}{:>8.4}{change:>+9.4}{says}", d.other, d.here));
        }
        let (better, worse) = moved(&comparison.other.wrong, &self.report.wrong);
        for (words, list) in
            [("right now, wrong under the other rules", better), ("wrong now, right under the other rules", worse)]
        {
            term.line("");
            term.styled(&[(Style::Bold, &format!("{} papers {words}", list.len()))]);
            for wrong in list.iter().take(self.errors) {
                print_wrong(wrong, term);
            }
        }
    }

    /// Prints the worst errors.
    fn errors(&self, term: &mut Terminal) {
        let wrong = &self.report.wrong;
        term.line("");
        if wrong.is_empty() {
            term.line("Every paper is judged as labelled.");
            return;
        }
        let shown = wrong.len().min(self.errors);
        let head = format!("{} papers are judged otherwise than labelled; the {shown} worst", wrong.len());
        term.styled(&[(Style::Bold, &head)]);
        for wrong in wrong.iter().take(shown) {
            print_wrong(wrong, term);
        }
    }

    /// Returns the page for programs, form 1.
    pub fn json(&self) -> Value {
        let r = self.report;
        let intervals: Map<String, Value> =
            r.intervals.iter().map(|(name, (low, high))| (name.clone(), json!([low, high]))).collect();
        let groups: Map<String, Value> = r
            .groups
            .iter()
            .map(|(g, [tp, fp, fn_, tn])| (g.clone(), json!({"tp": tp, "fp": fp, "fn": fn_, "tn": tn})))
            .collect();
        let scopes: Map<String, Value> = Scope::ALL
            .iter()
            .zip(&r.scopes)
            .map(|(s, [a, b, c])| (s.to_string(), json!({"in": a, "maybe": b, "out": c})))
            .collect();
        let comparison = self.comparison.map(|c| {
            let (better, worse) = moved(&c.other.wrong, &r.wrong);
            let differences: Map<String, Value> = c
                .differences
                .iter()
                .map(|d| {
                    let value = json!({
                        "other": d.other, "here": d.here, "diff": d.here - d.other,
                        "ci95": [d.interval.0, d.interval.1], "p": d.p,
                    });
                    (d.name.clone(), value)
                })
                .collect();
            json!({"figures": differences, "right_now": better, "wrong_now": worse})
        });
        json!({
            "v": 1, "rows": r.rows, "in": r.labelled_in, "maybe": r.labelled_maybe, "unlabelled": self.unlabelled,
            "prevalence": self.prevalence, "figures": nested(&r.figures), "ci95": intervals,
            "scope": scopes, "twg": groups, "wrong": r.wrong.len(),
            "errors": r.wrong.iter().take(self.errors).collect::<Vec<_>>(), "against": comparison,
        })
    }
}

/// Returns the papers that are right now and were wrong under other rules, and the other way round.
fn moved<'a>(other: &'a [Wrong], here: &'a [Wrong]) -> (Vec<&'a Wrong>, Vec<&'a Wrong>) {
    let beyond = |list: &'a [Wrong], known: &[Wrong]| -> Vec<&'a Wrong> {
        list.iter().filter(|w| !known.iter().any(|k| k.id == w.id)).collect()
    };
    (beyond(other, here), beyond(here, other))
}

/// Prints one error.
fn print_wrong(wrong: &Wrong, term: &mut Terminal) {
    let width = term.width().saturating_sub(6).max(20);
    for (n, line) in wrap(&wrong.title, width).iter().enumerate() {
        term.line(&format!("  {} {line}", if n == 0 { '-' } else { ' ' }));
    }
    let also: Vec<&str> = wrong.also.iter().map(|g| g.words()).collect();
    let also = if also.is_empty() { String::new() } else { format!("; also {}", also.join(", ")) };
    let says = format!("{}: {}; wanted {}, said {}{also}", wrong.id, wrong.gravity.words(), wrong.wanted, wrong.said);
    let because = if wrong.because.is_empty() { "no words speak for it" } else { &wrong.because };
    for line in wrap(&says, width).into_iter().chain(wrap(&format!("because: {because}"), width)) {
        term.line(&format!("      {line}"));
    }
}

/// Returns figures as objects inside one another, by the parts of their names.
fn nested(figures: &Figures) -> Value {
    let mut out = Map::new();
    for (name, value) in figures {
        put(&mut out, name, json!(value));
    }
    Value::Object(out)
}

/// Puts a value where its name says.
fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((head, rest)) = name.split_once('.') else {
        object.insert(name.to_owned(), value);
        return;
    };
    // No figure's name begins with another figure's whole name, so this is always an object.
    if let Value::Object(inner) = object.entry(head).or_insert_with(|| Value::Object(Map::new())) {
        put(inner, rest, value);
    }
}
