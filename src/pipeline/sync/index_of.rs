//! The search index of a member's papers.

use std::collections::BTreeMap;

use crate::config::countries;
use crate::fsx;
use crate::index::{Index, IndexDoc};
use crate::model::{Judgement, Paper, RecordKey, Work};
use crate::pipeline::{Home, Result};

/// Builds the index of a member's home from papers, beside the one in use, and switches to it.
/// Countries are named as in `countries.csv` of the home, or as usual when there is none.
///
/// # Errors
/// When the index cannot be written; the one in use then stays in use.
pub fn index_of(home: &Home, papers: Vec<Paper>, revision: u64) -> Result<()> {
    let text = fsx::read_text_if_there(&home.root().join("countries.csv"))?;
    let (table, _) = countries::parse(text.as_deref().unwrap_or(countries::DEFAULT), "countries.csv");
    let mut docs = Vec::new();
    for paper in papers {
        let name_of =
            |code: &String| table.iter().find(|c| c.iso3 == *code).map_or_else(|| code.clone(), |c| c.name.clone());
        let mut names: Vec<String> = paper.countries.iter().map(name_of).collect();
        for country in table.iter().filter(|c| paper.countries.contains(&c.iso3)) {
            names.push(country.iso2.clone());
            names.extend(country.aliases.iter().chain(&country.demonyms).cloned());
        }
        docs.push((parts(paper), names));
    }
    let mut views = docs.iter().map(|(p, names)| IndexDoc {
        work: &p.work,
        judgement: &p.judgement,
        country_names: names.clone(),
        native_id: p.native_id.clone(),
        issue: p.issue,
        other_names: p.names.clone(),
    });
    Index::rebuild(&home.index(), &mut views, revision)?;
    Ok(())
}

/// A paper as the index takes it.
struct Parts {
    work: Work,
    judgement: Judgement,
    native_id: String,
    names: Vec<String>,
    issue: Option<crate::model::Month>,
}

/// Returns the parts of a paper.
fn parts(paper: Paper) -> Parts {
    let (title, native_id) = (paper.title(), paper.native_id().to_owned());
    let key = |source: &String| RecordKey { source: source.clone(), id: String::new() };
    let members = paper.sources.iter().map(key).collect();
    let mut record = paper.record;
    record.title = title;
    let judgement = Judgement {
        scope: paper.scope,
        exclude_reason: None,
        twg_primary: paper.twg.first().cloned(),
        perinatal_stage: Vec::new(),
        conclusion: Vec::new(),
        relevance: 0.0,
        countries: paper.countries,
        region_terms: paper.regions,
        twg: paper.twg,
        conditions: paper.conditions,
        interventions: paper.interventions,
        populations: paper.populations,
        design: paper.design,
        flags: paper.flags,
        finding: paper.finding,
        why: BTreeMap::new(),
    };
    let work = Work { id: paper.id, record, fields_from: BTreeMap::new(), members };
    Parts { work, judgement, native_id, names: paper.names, issue: paper.issue }
}
