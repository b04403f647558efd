//! Reads `topics.toml`: working groups, scope gate, vocabularies and design cues as rules.
//!
//! Every mistake is found in one run, each with file, line and column. The phrase language is
//! that of [`crate::model::Phrase`]; what the keys mean stands at the head of `topics.toml`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::text::did_you_mean;
use crate::model::{Design, FINDING_SIGNS, Facet, Field, GATE_SIGNS, NUMBER_SIGNS, Part, Phrase, Place, Problem, Rule};
use crate::model::{Lines, PlaceWeights, Rules, TopicRule, WordList, Zone};
use crate::toml_doc::{self, Reader, Source};

/// The rules that come with the program.
pub const DEFAULT: &str = include_str!("../../topics.toml");

/// The most that `points` may ask for, and that one place may weigh.
const POINTS_MAX: i64 = 20;

/// The rank of a topic rule that names none: below all that do.
const RANK_LAST: i64 = 99;

/// Returns the rules that a text says, and every problem in it.
///
/// Rules with a problem are left out. With any problem of severity error the rules must not be
/// used: half a rule book judges wrongly without anyone seeing it.
pub fn parse(text: &str, file: &str) -> (Rules, Vec<Problem>) {
    let lines = Lines::new(file, text);
    let source = Source { file, text, lines: &lines };
    let document = match toml_doc::parse(source) {
        Ok(document) => document,
        Err(problem) => return (Rules::default(), vec![problem]),
    };
    let problems = RefCell::default();
    let top = Reader::new(source, document.as_table(), 0, file, &problems);
    let mut rules = Rules { lists: lists(&top), weights: weights(&top), ..Rules::default() };
    for topic in top.tables("topic") {
        read_topic(&topic, &mut rules);
    }
    for facet in Facet::ALL.iter().filter(|f| **f != Facet::Topic) {
        for reader in top.tables(facet.as_str()) {
            let Some(tag) = reader.text_needed("tag") else { continue };
            check_tag(*facet, &tag, &reader);
            let reader = reader.called(format!("{facet} \"{tag}\"", facet = facet.as_str()));
            rules.rules.extend(rule(*facet, &tag, &reader));
        }
    }
    top.refuse_unknown();
    let mut problems = problems.into_inner();
    if rules.topics.is_empty() {
        problems.push(
            Problem::error(Place::file(file), "there is no [[topic]]")
                .with_help("each working group needs a [[topic]] with id, name and blurb"),
        );
    }
    problems.extend(check_whole(&rules));
    problems.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.message.cmp(&b.message)));
    (rules, problems)
}

/// Reads the word lists of `[words]`.
fn lists(top: &Reader<'_>) -> Vec<WordList> {
    let Some(table) = top.table("words") else { return Vec::new() };
    let mut out = Vec::new();
    for (name, texts) in table.named_texts() {
        let words = phrases(texts, &table, &format!("word list {name}"));
        for phrase in &words {
            if phrase.near.is_some() || matches!(phrase.first, Part::List(_)) {
                let message = format!("\"{}\" in word list {name} must be plain words, without ~ and @", phrase.text);
                table.report(Problem::error(phrase.place.clone(), message));
            }
        }
        out.push(WordList { name, words });
    }
    out
}

/// Reads a working group with its rules.
fn read_topic(reader: &Reader<'_>, rules: &mut Rules) {
    let (id, name, blurb) = (reader.text_needed("id"), reader.text_needed("name"), reader.text_needed("blurb"));
    let nested = reader.tables("rule");
    reader.refuse_unknown();
    let (Some(id), Some(name), Some(blurb)) = (id, name, blurb) else { return };
    if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        let message = format!("id \"{id}\" may hold only small letters, digits and -");
        reader.report(Problem::error(reader.place_of("id"), message));
    }
    if rules.topics.iter().any(|t| t.id == id) {
        reader.report(Problem::error(reader.place_of("id"), format!("topic \"{id}\" stands twice")));
    }
    for inner in nested {
        let inner = inner.called(format!("a rule of topic \"{id}\""));
        rules.rules.extend(rule(Facet::Topic, &id, &inner));
    }
    rules.topics.push(TopicRule { id, name, blurb });
}

/// Reports a tag that its facet does not know.
fn check_tag(facet: Facet, tag: &str, reader: &Reader<'_>) {
    let known: Vec<&str> = match facet {
        Facet::Gate => GATE_SIGNS.to_vec(),
        Facet::Finding => FINDING_SIGNS.to_vec(),
        Facet::Design => Design::ALL.iter().map(|d| d.as_str()).collect(),
        _ => return,
    };
    if !known.contains(&tag) {
        let message = format!("unknown {} \"{tag}\"", facet.as_str());
        reader.report(
            Problem::error(reader.place_of("tag"), message).with_help(did_you_mean(tag, known.iter().copied())),
        );
    }
}

/// Reads one rule; `None` when it is too broken to be one (reported).
fn rule(facet: Facet, tag: &str, reader: &Reader<'_>) -> Option<Rule> {
    let own = reader.text("name");
    let list = |key: &'static str| phrases(reader.texts(key), reader, key);
    let (words, with, unless, not) = (list("words"), list("with"), list("unless"), list("not"));
    let (fields, zones) = fields(reader);
    let points = reader.whole("points", 1..=POINTS_MAX).unwrap_or(1);
    let rank = if facet == Facet::Topic { reader.whole("rank", 1..=RANK_LAST) } else { None };
    let plain = |key: &'static str| reader.texts(key).into_iter().map(|(t, _)| t).collect::<Vec<_>>();
    let (mesh, types, needs, bars) = (plain("mesh"), plain("types"), plain("needs"), plain("bars"));
    reader.refuse_unknown();
    let asks_more = !(with.is_empty() && mesh.is_empty() && types.is_empty() && needs.is_empty() && bars.is_empty());
    if facet == Facet::Finding && (asks_more || points > 1 || !zones.is_empty()) {
        let message = "a finding rule reads sentences before anything else is known";
        let help = "it may have words, not, unless and in = [\"title\"] or [\"abstract\"]";
        reader.report(Problem::error(reader.place(), message).with_help(help));
    }
    if words.is_empty() && mesh.is_empty() && types.is_empty() && needs.is_empty() {
        reader.report(
            Problem::error(reader.place(), "the rule can never fire: it has no words, mesh, types or needs".to_owned())
                .with_help("give it words = [\"…\"]"),
        );
        return None;
    }
    let base = format!("{}.{tag}", facet.as_str());
    Some(Rule {
        facet,
        tag: tag.to_owned(),
        name: own.map_or(base.clone(), |own| format!("{base}.{own}")),
        place: reader.place(),
        words,
        with,
        unless,
        not,
        fields,
        zones,
        points: usize::try_from(points).unwrap_or(1),
        mesh,
        types,
        needs,
        bars,
        rank: usize::try_from(rank.unwrap_or(RANK_LAST)).unwrap_or(1),
    })
}

/// Reads `in`: title, abstract, MeSH names and keywords when it is missing.
fn fields(reader: &Reader<'_>) -> (Vec<Field>, Vec<Zone>) {
    let texts = reader.texts("in");
    if texts.is_empty() {
        return (Field::ALL.to_vec(), Vec::new());
    }
    let (mut fields, mut zones) = (Vec::new(), Vec::new());
    let known = || Field::ALL.iter().map(|f| f.as_str()).chain(Zone::ALL.iter().map(|z| z.as_str()));
    for (text, place) in texts {
        match (Field::parse(&text), Zone::parse(&text)) {
            (Some(field), _) => fields.push(field),
            (None, Some(zone)) => zones.push(zone),
            (None, None) => reader.report(
                Problem::error(place, format!("unknown field \"{text}\"")).with_help(did_you_mean(&text, known())),
            ),
        }
    }
    (fields, zones)
}

/// Reads `[weights]`; what is not named keeps its usual weight.
fn weights(top: &Reader<'_>) -> PlaceWeights {
    let usual = PlaceWeights::default();
    let Some(table) = top.table("weights") else { return usual };
    let read = |key: &'static str, usual: usize| {
        table.whole(key, 0..=POINTS_MAX).and_then(|n| usize::try_from(n).ok()).unwrap_or(usual)
    };
    let out = PlaceWeights {
        title: read("title", usual.title),
        aim: read("aim", usual.aim),
        conclusion: read("conclusion", usual.conclusion),
        abstract_text: read("abstract", usual.abstract_text),
        mesh: read("mesh", usual.mesh),
        keywords: read("keywords", usual.keywords),
    };
    table.refuse_unknown();
    out
}

/// Reads phrases; one that can never match is reported and left out, a repeated one is a warning.
fn phrases(texts: Vec<(String, Place)>, reader: &Reader<'_>, what: &str) -> Vec<Phrase> {
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    for (text, place) in texts {
        match Phrase::parse(&text, place.clone()) {
            Err(why) => {
                reader.report(Problem::error(place, format!("the phrase \"{text}\" in {what} is wrong: {why}")));
            }
            Ok(phrase) => {
                if seen.insert((phrase.first.clone(), phrase.near.clone(), phrase.is_first)) {
                    out.push(phrase);
                } else {
                    reader.report(Problem::warning(place, format!("the phrase \"{text}\" in {what} stands twice")));
                }
            }
        }
    }
    out
}

/// Checks what only the whole file can tell: word lists, tags and names that rules refer to.
fn check_whole(rules: &Rules) -> Vec<Problem> {
    let mut out = Vec::new();
    let lists: BTreeSet<&str> = rules.lists.iter().map(|l| l.name.as_str()).collect();
    let tags: BTreeSet<String> = rules
        .rules
        .iter()
        .map(|r| format!("{}:{}", r.facet.as_str(), r.tag))
        .chain(Design::ALL.iter().map(|d| format!("design:{d}")))
        .chain(NUMBER_SIGNS.iter().map(|s| format!("gate:{s}")))
        .collect();
    let mut names: BTreeMap<&str, &Place> = BTreeMap::new();
    for rule in &rules.rules {
        for phrase in [&rule.words, &rule.with, &rule.unless, &rule.not].into_iter().flatten() {
            for part in phrase.parts() {
                if let Part::List(name) = part
                    && !lists.contains(name.as_str())
                {
                    out.push(
                        Problem::error(phrase.place.clone(), format!("unknown word list \"{name}\""))
                            .with_help(did_you_mean(name, lists.iter().copied())),
                    );
                }
            }
        }
        for tag in rule.needs.iter().chain(&rule.bars).filter(|t| !tags.contains(*t)) {
            out.push(
                Problem::error(rule.place.clone(), format!("unknown tag \"{tag}\" in {}", rule.name))
                    .with_help(near_tag(tag, &tags)),
            );
        }
        if let Some(first) = names.insert(&rule.name, &rule.place) {
            out.push(
                Problem::error(rule.place.clone(), format!("{} stands twice, first in line {}", rule.name, first.line))
                    .with_help("put the words together, or give each rule its own name"),
            );
        }
    }
    out
}

/// Returns help for a tag that nothing gives: the nearest one, or the facets.
fn near_tag(tag: &str, tags: &BTreeSet<String>) -> String {
    let facet = tag.split(':').next().unwrap_or_default();
    let same: Vec<&str> = tags.iter().map(String::as_str).filter(|t| t.split(':').next() == Some(facet)).collect();
    if same.is_empty() {
        return did_you_mean(facet, Facet::ALL.iter().map(|f| f.as_str()));
    }
    did_you_mean(tag, same.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_come_with_the_program_are_right() {
        let (rules, problems) = parse(DEFAULT, "topics.toml");
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
        let ids: Vec<&str> = rules.topics.iter().map(|t| t.id.as_str()).collect();
        assert_eq!(ids, ["ikel", "evidence", "advocacy", "adolescent"]);
    }

    #[test]
    fn every_mistake_is_found_with_its_place() {
        let text = "[words]\nmind = [\"depress*\", \"~2 x\"]\n\n[[topic]]\nid = \"a\"\nname = \"A\"\nblurb = \"B\"\n\
                    [[topic.rule]]\nword = [\"x\"]\n\n[[design]]\ntag = \"rtc\"\nwords = [\"x*y\", \"\"]\n\n\
                    [[condition]]\ntag = \"low\"\nwords = [\"@mnid\"]\nin = [\"titel\"]\nneeds = [\"design:rtc2\"]\n\n\
                    [[condition]]\ntag = \"low\"\nwords = [\"sad\"]\n";
        let said: Vec<String> = parse(text, "t.toml").1.iter().map(ToString::to_string).collect();
        let expected = [
            "t.toml:2:21: the phrase \"~2 x\" in word list mind is wrong: it holds no letter or digit, so it can never match",
            "t.toml:8:1: the rule can never fire: it has no words, mesh, types or needs\n  help: give it words = [\"…\"]",
            "t.toml:9:1: unknown key \"word\" in a rule of topic \"a\"\n  help: did you mean \"words\"? known: bars, in, mesh, name, needs, not, points, rank, types, unless, with, words",
            "t.toml:11:1: the rule can never fire: it has no words, mesh, types or needs\n  help: give it words = [\"…\"]",
            "t.toml:12:7: unknown design \"rtc\"\n  help: did you mean \"rct\"?",
            "t.toml:13:10: the phrase \"x*y\" in words is wrong: * may stand only at the end of a phrase or before ~",
            "t.toml:13:17: the phrase \"\" in words is wrong: it holds no letter or digit, so it can never match",
            "t.toml:15:1: unknown tag \"design:rtc2\" in condition.low\n  help: did you mean \"design:rct\"?",
            "t.toml:17:10: unknown word list \"mnid\"\n  help: did you mean \"mind\"? known: mind",
            "t.toml:18:7: unknown field \"titel\"\n  help: did you mean \"title\"? known: title, abstract, mesh, keywords, aim, conclusion",
            "t.toml:21:1: condition.low stands twice, first in line 15\n  help: put the words together, or give each rule its own name",
        ];
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.starts_with(expected), "said {said}\nwant {expected}");
        }
        assert_eq!(said.len(), expected.len());
    }
}
