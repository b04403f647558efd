//! All papers of a search in the forms that other tools take.

use super::choices::Export;
use crate::bibliography::Format;
use crate::cli::export;
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
    let mut source = |take: &mut dyn FnMut(_) -> bool| {
        searcher.each(Some(query), options, take)?;
        Ok(())
    };
    export::to_terminal(format(export), usize::MAX, &mut source, term)
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
