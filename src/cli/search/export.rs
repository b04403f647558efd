//! All papers of a search in the forms that other tools take.

use super::choices::Export;
use crate::bibliography::{Format, Writer};
use crate::cli::term::Terminal;
use crate::index::{Options, ParsedQuery, Searcher};

/// Prints the papers that a query finds and returns how many. Nothing is printed when there are none.
///
/// # Errors
/// When the index is damaged.
pub fn print(
    export: Export,
    query: &ParsedQuery,
    options: &Options,
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<usize> {
    let mut writer = Writer::new(format(export));
    let mut has_begun = false;
    let count = searcher.each(Some(query), options, &mut |paper| {
        if !has_begun {
            term.raw(writer.begin().as_bytes());
            has_begun = true;
        }
        term.raw(writer.paper(&paper).as_bytes());
        !term.is_closed()
    })?;
    if has_begun {
        term.raw(writer.end().as_bytes());
    }
    Ok(count)
}

fn format(export: Export) -> Format {
    match export {
        Export::Ids => Format::Ids,
        Export::Csv => Format::Csv,
        Export::Ris => Format::Ris,
        Export::Bibtex => Format::Bibtex,
        Export::Csl => Format::Csl,
        Export::Nbib => Format::Nbib,
    }
}
