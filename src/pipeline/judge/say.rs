//! What people say of a paper's tags: saying, taking back, looking back.
//!
//! What changes something runs inside a transaction of the caller, so that a rehearsal can take
//! everything back.

use std::collections::BTreeMap;

use super::facet::{TagFacet, parse_tag};
use super::words::put_on_top;
use crate::model::text::{clean_line, shorten};
use crate::model::{ExcludeReason, Judgement, Scope, WorkId};
use crate::pipeline::{Config, Ctx, Error, Result};
use crate::store::{NewTagWord, TagAction, TagWord};

/// One thing that a person wants of a paper's tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is wanted.
    pub action: TagAction,
    /// The kind of tag.
    pub facet: TagFacet,
    /// Its value; empty where any will do.
    pub value: String,
}

impl Wish {
    /// Returns the wish that a tag as a person writes it stands for.
    ///
    /// # Errors
    /// What is wrong with it, and on the next line what to write instead.
    pub fn parse(action: TagAction, written: &str, config: &Config) -> std::result::Result<Self, String> {
        let (name, value) = written.split_once(':').unwrap_or((written, ""));
        if let (TagAction::Undo, Some(facet)) = (action, TagFacet::parse(name)) {
            let is_left_out = facet.is_single() || value.trim().is_empty();
            // What was said once can be taken back, also when the rules no longer know such a tag.
            let value = if is_left_out {
                String::new()
            } else {
                facet.value(value, config).unwrap_or_else(|_| value.trim().to_owned())
            };
            return Ok(Self { action, facet, value });
        }
        let (facet, value) = parse_tag(written, config)?;
        match (action, facet) {
            (TagAction::Remove, TagFacet::Scope) => {
                Err("a paper always has a scope\n  help: say which: --add scope:in, scope:maybe or scope:out".to_owned())
            }
            (TagAction::Remove, TagFacet::Primary) => {
                Err("the first working group is taken away by naming another one\n  help: --add primary:… names it, --remove twg:… takes a group away".to_owned())
            }
            (TagAction::Add, TagFacet::Finding) if value.is_empty() => {
                Err("the finding is empty\n  help: --remove finding takes it away".to_owned())
            }
            _ => Ok(Self { action, facet, value }),
        }
    }

    /// Returns it as a tag: `country:KEN`.
    pub fn tag(&self) -> String {
        if self.value.is_empty() {
            self.facet.as_str().to_owned()
        } else {
            format!("{}:{}", self.facet.as_str(), self.value)
        }
    }
}

/// What saying something did.
#[derive(Debug, Clone, PartialEq)]
pub struct TagOutcome {
    /// The paper.
    pub id: WorkId,
    /// Its title.
    pub title: String,
    /// How it stood before, with all words on top.
    pub before: Judgement,
    /// How it stands now.
    pub after: Judgement,
    /// What happened, in plain lines.
    pub lines: Vec<String>,
}

/// Refuses what cannot be meant: a removal of what the paper has not, where it would take away what it
/// has; a first working group that is taken away in the same breath.
fn refuse_contradictions(id: &WorkId, before: &Judgement, wishes: &[Wish]) -> Result<()> {
    for wish in wishes.iter().filter(|w| w.action == TagAction::Remove) {
        let has = wish.facet.values(before);
        if wish.facet.is_single() && !wish.value.is_empty() && !has.contains(&wish.value) {
            let now = if has.is_empty() { "nothing".to_owned() } else { format!("\"{}\"", has.join(", ")) };
            let facet = wish.facet.as_str();
            return Err(Error::Missing(format!(
                "the {facet} of {id} is {now}, so \"{}\" cannot be removed",
                wish.value
            )));
        }
        let names_first =
            |w: &Wish| w.action == TagAction::Add && w.facet == TagFacet::Primary && w.value == wish.value;
        if wish.facet == TagFacet::Twg && wishes.iter().any(names_first) {
            return Err(Error::Missing(format!("{} cannot be the first working group and be removed", wish.value)));
        }
    }
    Ok(())
}

/// Returns how the rules of today judge a work, and the words of people that count for it, the oldest
/// first. What is not judged yet is judged, and not stored.
///
/// # Errors
/// When there is no such work or the database cannot be read.
pub fn machine_and_words(ctx: &Ctx, id: &WorkId) -> Result<(String, Judgement, Vec<TagWord>)> {
    let gone = || Error::Missing(format!("{id} was withdrawn by every source that had it"));
    let row = ctx.store.work(id)?.ok_or_else(gone)?;
    let machine = row.judgement.unwrap_or_else(|| ctx.judge.judge(&row.work.record));
    Ok((row.work.record.title, machine, ctx.store.tag_words(id)?))
}

/// Characters of a person's name or remark that are kept.
const WORD_CHARS_MAX: usize = 500;

/// Stores what a person says of a work's tags. Runs inside a transaction.
///
/// A country that is low- or middle-income settles a doubt that was only about the country: the paper
/// is taken in as well, unless the same person says otherwise.
///
/// # Errors
/// When there is no such work, when nothing was said that could be taken back, or when the database
/// refuses.
pub fn say(ctx: &Ctx, id: &WorkId, wishes: &[Wish], who: &str, note: &str) -> Result<TagOutcome> {
    let (title, machine, words) = machine_and_words(ctx, id)?;
    let mut before = machine.clone();
    put_on_top(&mut before, &words);
    let mut wishes = wishes.to_vec();
    let mut lines = Vec::new();
    let settles = is_settled_by(ctx, &before, &wishes);
    if settles {
        wishes.push(Wish { action: TagAction::Add, facet: TagFacet::Scope, value: Scope::In.to_string() });
    }
    refuse_contradictions(id, &before, &wishes)?;
    for wish in &wishes {
        let slot = wish.facet.slot(&wish.value);
        let old = words.iter().rfind(|w| slot == slot_of(w));
        if wish.action == TagAction::Undo && old.is_none() {
            return Err(Error::Missing(format!("nobody said anything about {} of {id}", wish.tag())));
        }
        if old.is_some_and(|w| w.action == wish.action && w.value == wish.value) && note.trim().is_empty() {
            lines.push(format!("{}: nothing changed, it was said before", wish.tag()));
            continue;
        }
        put(ctx, id, std::slice::from_ref(wish), who, note)?;
        lines.push(told(wish, &machine, old));
    }
    if settles {
        lines.push("no country was named before, and nothing else was in doubt: the paper is in now".to_owned());
    }
    let standing = ctx.store.tag_words(id)?;
    let takes_country_back = wishes.iter().any(|w| w.action == TagAction::Undo && w.facet == TagFacet::Country);
    if let Some(scope) = standing.iter().find(|w| w.facet == "scope").filter(|_| takes_country_back) {
        lines.push(format!("scope:{}, as {} said, stays; --undo scope takes that back", scope.value, scope.who));
    }
    let mut after = machine;
    put_on_top(&mut after, &standing);
    Ok(TagOutcome { id: id.clone(), title, before, after, lines })
}

/// Stores what a person says of a work's tags, as it stands and without looking at what it changes. Runs
/// inside a transaction.
///
/// # Errors
/// When the database refuses.
pub fn put(ctx: &Ctx, id: &WorkId, wishes: &[Wish], who: &str, note: &str) -> Result<()> {
    let title = ctx.store.work(id)?.map(|row| row.work.record.title).unwrap_or_default();
    let [who, note, title] = [who, note, &title].map(|t| shorten(&clean_line(t), WORD_CHARS_MAX));
    for wish in wishes {
        let word = NewTagWord {
            slot: &wish.facet.slot(&wish.value),
            facet: wish.facet.as_str(),
            value: &wish.value,
            action: wish.action,
            title: &title,
            who: &who,
            note: &note,
        };
        ctx.store.put_tag_word(id, word, ctx.clock.now())?;
    }
    Ok(())
}

/// Tells whether a paper was in doubt only for want of a country, and one is named now.
fn is_settled_by(ctx: &Ctx, before: &Judgement, wishes: &[Wish]) -> bool {
    let is_doubted = before.scope == Scope::Maybe && before.exclude_reason == Some(ExcludeReason::NoCountry);
    let is_lmic = |iso3: &str| ctx.config.countries.iter().any(|c| c.iso3 == iso3 && c.is_lmic);
    let names = |w: &Wish| w.action == TagAction::Add && w.facet == TagFacet::Country && is_lmic(&w.value);
    is_doubted && wishes.iter().any(names) && !wishes.iter().any(|w| w.facet == TagFacet::Scope)
}

/// Returns what a stored word would have to share with another to be replaced by it.
fn slot_of(word: &TagWord) -> String {
    TagFacet::parse(&word.facet).map_or_else(String::new, |f| f.slot(&word.value))
}

/// Says what a wish does, beside what the rules say.
fn told(wish: &Wish, machine: &Judgement, old: Option<&TagWord>) -> String {
    let tag = wish.tag();
    let has = wish.facet.values(machine).contains(&wish.value);
    match wish.action {
        TagAction::Add if has => format!("{tag}: kept, whatever the rules will say"),
        TagAction::Add => format!("{tag}: added"),
        TagAction::Remove if has || wish.facet == TagFacet::Finding => format!("{tag}: removed"),
        TagAction::Remove => format!("{tag}: kept away, whatever the rules will say"),
        TagAction::Undo => {
            let said = old.map(|w| format!("{} {}", said_word(w.action), shown(w))).unwrap_or_default();
            format!("taken back: {said}; the rules decide again")
        }
    }
}

/// Returns the verb of a word.
pub(super) fn said_word(action: TagAction) -> &'static str {
    match action {
        TagAction::Add => "added",
        TagAction::Remove => "removed",
        TagAction::Undo => "took back",
    }
}

/// Returns a stored word's tag.
pub(super) fn shown(word: &TagWord) -> String {
    if word.value.is_empty() { word.facet.clone() } else { format!("{}:{}", word.facet, word.value) }
}

/// A word that was said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The word.
    pub word: TagWord,
    /// The works that it counts for today, by their ids; none when it was taken back or a later word
    /// took its place.
    pub counts_for: Vec<WorkId>,
}

impl LogLine {
    /// Returns what was said in a few words: `added country:KEN`.
    pub fn says(&self) -> String {
        format!("{} {}", said_word(self.word.action), shown(&self.word))
    }
}

/// Returns what people said of tags, the newest first; of one work when one is named.
///
/// # Errors
/// When the database cannot be read.
pub fn log(ctx: &Ctx, of: Option<&WorkId>) -> Result<Vec<LogLine>> {
    let mut standing: BTreeMap<i64, Vec<WorkId>> = BTreeMap::new();
    for id in ctx.store.works_with_tag_words()? {
        for word in ctx.store.tag_words(&id)? {
            standing.entry(word.number).or_default().push(id.clone());
        }
    }
    let mut out = Vec::new();
    for word in ctx.store.all_tag_words()? {
        let counts_for = standing.remove(&word.number).unwrap_or_default();
        let is_wanted = match of {
            None => true,
            Some(id) => counts_for.contains(id) || ctx.store.resolve(&word.work)?.as_ref() == Some(id),
        };
        if is_wanted {
            out.push(LogLine { word, counts_for });
        }
    }
    Ok(out)
}
