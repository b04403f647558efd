//! Pairs with their reasons, for people and, as JSON lines, for programs.

use super::{Head, Names};
use crate::cli::Global;
use crate::cli::beside::{self, Layout, Options};
use crate::cli::term::{Style, Terminal};
use crate::merge::{Clusters, Explained, Link};
use crate::model::{Record, RelationKind};

/// Shows each pair that was merged, with the number of its cluster in the table.
///
/// # Errors
/// When a line cannot be written as JSON, which is our own mistake.
pub fn merged(
    term: &mut Terminal,
    global: &Global,
    clusters: &Clusters,
    heads: &[Head],
    names: &Names,
) -> anyhow::Result<()> {
    for pair in &clusters.pairs {
        let (Some(a), Some(b)) = (heads.get(pair.a), heads.get(pair.b)) else { continue };
        let (name_a, name_b) = (names.of(pair.a, heads), names.of(pair.b, heads));
        let cluster = clusters.of.get(pair.a).map_or(0, |n| n + 1);
        if global.json {
            term.json(&serde_json::json!({
                "verdict": "same", "a": name_a, "b": name_b, "cluster": cluster, "reasons": pair.reasons,
            }))?;
        } else {
            term.line(&format!("same: {name_a} + {name_b} (cluster {cluster})"));
            term.line(&format!("  {}", a.title));
            term.line(&format!("  {}", b.title));
            term.line(&format!("  because {}", pair.reasons.join("; ")));
        }
    }
    Ok(())
}

/// Shows each pair that a person should look at, field by field.
///
/// # Errors
/// When a line cannot be written as JSON, which is our own mistake.
pub fn doubtful(
    term: &mut Terminal,
    global: &Global,
    pairs: &[Explained],
    records: &[Record],
    names: &Names,
    heads: &[Head],
) -> anyhow::Result<()> {
    let layout = Layout::of(term, false);
    if let Some(legend) = layout.legend().filter(|_| !global.json && !pairs.is_empty()) {
        term.styled(&[(Style::Dim, legend)]);
    }
    for pair in pairs {
        let (Some(a), Some(b)) = (records.get(pair.a), records.get(pair.b)) else { continue };
        let (name_a, name_b) = (names.of(pair.a, heads), names.of(pair.b, heads));
        if global.json {
            term.json(&serde_json::json!({
                "verdict": "maybe", "a": name_a, "b": name_b, "reasons": pair.reasons,
            }))?;
            continue;
        }
        term.line(&format!("maybe: {name_a} + {name_b}"));
        term.line(&format!("  because {}", pair.reasons.join("; ")));
        let heads = [name_a.to_owned(), name_b.to_owned()];
        beside::print(term, a, b, &Options { heads, ..Options::of(a, b, layout) });
        term.line("");
    }
    Ok(())
}

/// Shows each pair of studies that is linked, under the names of the records that stand for them;
/// `faces` are their places by the number of the study.
///
/// # Errors
/// When a line cannot be written as JSON, which is our own mistake.
pub fn linked(
    term: &mut Terminal,
    global: &Global,
    links: &[Link],
    faces: &[usize],
    heads: &[Head],
    names: &Names,
) -> anyhow::Result<()> {
    for link in links {
        let (Some(a), Some(b)) = (faces.get(link.a), faces.get(link.b)) else { continue };
        let (Some(head_a), Some(head_b)) = (heads.get(*a), heads.get(*b)) else { continue };
        let (name_a, name_b) = (names.of(*a, heads), names.of(*b, heads));
        if global.json {
            term.json(&serde_json::json!({
                "verdict": "linked", "a": name_a, "b": name_b, "kinds": link.kinds,
                "cluster_a": link.a + 1, "cluster_b": link.b + 1,
            }))?;
        } else {
            let words: Vec<String> = link.kinds.iter().map(RelationKind::words).collect();
            term.line(&format!("linked: {name_a} {} {name_b}", words.join(" and ")));
            term.line(&format!("  {}", head_a.title));
            term.line(&format!("  {}", head_b.title));
        }
    }
    Ok(())
}
