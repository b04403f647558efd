//! What is wrong, the gravest first, with the words that led astray.

use super::Row;
use crate::model::{Judgement, Scope};

/// How grave an error is; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// A paper that is in was put out: nobody will see it.
    InCalledOut,
    /// A paper that is out was taken in: readers will.
    OutCalledIn,
    /// Maybe on one side alone: a question too many or too few.
    Maybe,
    /// Another first working group.
    Primary,
    /// Other countries.
    Country,
    /// Other working groups behind the first.
    Groups,
    /// Another study design.
    Design,
}

impl Gravity {
    /// Returns what went wrong, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::InCalledOut => "in, called out",
            Self::OutCalledIn => "out, called in",
            Self::Maybe => "maybe on one side alone",
            Self::Primary => "another first group",
            Self::Country => "other countries",
            Self::Groups => "other groups",
            Self::Design => "another design",
        }
    }
}

/// What is wrong with one paper.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Wrong {
    /// The gravest error.
    pub gravity: Gravity,
    /// The paper's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the label says.
    pub wanted: String,
    /// What the rules say.
    pub said: String,
    /// The words that the rules rest on; empty when there are none.
    pub because: String,
    /// What else is wrong with it.
    pub also: Vec<Gravity>,
}

/// Returns the papers that are judged otherwise than labelled, the gravest error first, then in the order
/// of the rows.
pub fn wrong(rows: &[Row]) -> Vec<Wrong> {
    let mut out: Vec<Wrong> = rows.iter().filter_map(of_row).collect();
    out.sort_by_key(|w| w.gravity);
    out
}

/// Returns what is wrong with one paper.
fn of_row(row: &Row) -> Option<Wrong> {
    let mut kinds = kinds(row).into_iter();
    let gravity = kinds.next()?;
    let (labels, judged) = (&row.labels, &row.judgement);
    let none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let (wanted, said, because) = match gravity {
        Gravity::InCalledOut | Gravity::OutCalledIn | Gravity::Maybe => {
            let with = |scope: Scope, reason: Option<String>| {
                reason.map_or_else(|| scope.to_string(), |r| format!("{scope}: {r}"))
            };
            (
                with(labels.scope, labels.exclude_reason.clone()),
                with(judged.scope, judged.exclude_reason.map(|r| r.to_string())),
                quoted(judged, &[format!("scope:{}", judged.scope)]),
            )
        }
        Gravity::Primary => {
            let group = |g: &Option<String>| none(g.clone().unwrap_or_default());
            let tags = judged.twg_primary.iter().chain(&labels.twg_primary).map(|g| format!("twg:{g}"));
            (group(&labels.twg_primary), group(&judged.twg_primary), quoted(judged, &tags.collect::<Vec<_>>()))
        }
        Gravity::Country | Gravity::Groups => {
            let (facet, want, have) = if gravity == Gravity::Country {
                ("country", labels.countries.as_ref(), &judged.countries)
            } else {
                ("twg", labels.twg.as_ref(), &judged.twg)
            };
            let want = want.cloned().unwrap_or_default();
            let extra = have.iter().filter(|c| !want.contains(c)).map(|c| format!("{facet}:{c}"));
            let because = quoted(judged, &extra.collect::<Vec<_>>());
            (none(want.join(", ")), none(have.join(", ")), because)
        }
        Gravity::Design => {
            let wanted = labels.design.map(|d| d.to_string()).unwrap_or_default();
            (wanted, judged.design.to_string(), quoted(judged, &[format!("design:{}", judged.design)]))
        }
    };
    let also = kinds.collect();
    Some(Wrong { gravity, id: row.id.clone(), title: row.title.clone(), wanted, said, because, also })
}

/// Returns everything that is wrong with a paper, the gravest first.
fn kinds(row: &Row) -> Vec<Gravity> {
    let (labels, judged) = (&row.labels, &row.judgement);
    let mut out = Vec::new();
    match (labels.scope, judged.scope) {
        (Scope::In, Scope::Out) => out.push(Gravity::InCalledOut),
        (Scope::Out, Scope::In) => out.push(Gravity::OutCalledIn),
        (wanted, said) if wanted != said => out.push(Gravity::Maybe),
        _ => {}
    }
    let is_kept = labels.scope != Scope::Out;
    let differ = |a: &[String], b: &[String]| a.iter().any(|v| !b.contains(v)) || b.iter().any(|v| !a.contains(v));
    if is_kept && labels.twg.is_some() && labels.twg_primary != judged.twg_primary {
        out.push(Gravity::Primary);
    }
    if labels.countries.as_ref().is_some_and(|c| differ(c, &judged.countries)) {
        out.push(Gravity::Country);
    }
    if is_kept && labels.twg.as_ref().is_some_and(|t| differ(t, &judged.twg)) {
        out.push(Gravity::Groups);
    }
    if labels.design.is_some_and(|d| d != judged.design) {
        out.push(Gravity::Design);
    }
    out
}

/// Words that are quoted of one paper.
const QUOTED_MAX: usize = 4;

/// Returns the words that some tags rest on, each with its field.
fn quoted(judged: &Judgement, tags: &[String]) -> String {
    let mut out: Vec<String> = Vec::new();
    for tag in tags {
        for evidence in judged.why.get(tag).into_iter().flatten() {
            let text = crate::model::text::shorten(&evidence.text, 60);
            let words = if text.is_empty() {
                format!("rule {}", evidence.rule)
            } else {
                format!("“{text}” in the {} (rule {})", evidence.field, evidence.rule)
            };
            if out.len() < QUOTED_MAX && !out.contains(&words) {
                out.push(words);
            }
        }
    }
    out.join("; ")
}
