//! The search index of a member's papers.

use crate::config::{countries, lexicon};
use crate::fsx;
use crate::index::{Index, IndexError, Knowledge, State};
use crate::model::Paper;
use crate::pipeline::{Home, Result};

/// The most bytes of a file of settings: a hundred times those that come with roundup.
const SETTINGS_BYTES_MAX: u64 = 32 << 20;

/// Builds the index of a member's home from papers, beside the one in use, and switches to it.
/// Countries are named as in `countries.csv` of the home and words as in its `lexicon.toml`, or as
/// usual when there are none. `revision` is that of [`super::papers`].
///
/// # Errors
/// When the index cannot be written; the one in use then stays in use.
pub fn index_of(home: &Home, papers: Vec<Paper>, revision: u64) -> Result<()> {
    Index::rebuild(&home.index(), &mut papers.into_iter(), &knowledge(home)?, revision)?;
    Ok(())
}

/// Returns why the index of a member's home must be built anew to show a list; empty when it does show
/// it, by the words that are known now: a newer roundup may bring others.
///
/// # Errors
/// When the settings of the home cannot be read.
pub(super) fn because(home: &Home, revision: u64) -> Result<&'static str> {
    Ok(match Index::state(&home.index()) {
        State::Ready { revision: shown, .. } if shown != revision => "it was built from other packs",
        State::Ready { knowledge: known, .. } if known != knowledge(home)?.hash() => "its words have other names now",
        State::Ready { .. } => "",
        State::Missing => "there was none",
        State::Damaged(_) => "it was damaged",
        state @ State::Unread(_) => return Err(IndexError::NotReady(state).into()),
        State::OtherFingerprint => "it was of another form",
    })
}

/// Returns what a member's home knows of the words of the field. A member has no settings to mend, so
/// a file of his that does not read is passed over for the built-in one.
fn knowledge(home: &Home) -> Result<Knowledge> {
    let text = |name: &str| fsx::read_plain_text(&home.root().join(name), SETTINGS_BYTES_MAX);
    let (table, _) = countries::parse(text("countries.csv")?.as_deref().unwrap_or(countries::DEFAULT), "countries.csv");
    let own = text("lexicon.toml")?.map(|text| lexicon::read(&text, "lexicon.toml", Some(&table)));
    let lexicon = own.filter(|(_, problems)| problems.is_empty()).map_or_else(lexicon::built_in, |(own, _)| own);
    Ok(Knowledge::new(&lexicon, &table))
}
