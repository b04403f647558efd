//! The board: sections with their items, candidates beside, questions on top.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::names::{COMPACT, section_name};
use crate::desk::words::parts_at_the_desk;
use crate::draft::{MORE, choices_of, countries_of, for_readers, is_about_scope, issue_items};
use crate::model::text::fold;
use crate::model::{Candidate, Choice, Country, Decision, Draft, DraftItem, Month, TopicRule};
use crate::pipeline::cards::{CardFacts, Named};
use crate::pipeline::{AnswerStand, Config};

/// What the board shows.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::desk) struct Board {
    /// Questions to people, those without an answer first.
    pub(in crate::desk) questions: Vec<Question>,
    /// How many of them wait.
    pub(in crate::desk) waiting: usize,
    /// The sections of the issue, the compact list last.
    pub(in crate::desk) sections: Vec<List>,
    /// The candidates: left open, put off, dropped.
    pub(in crate::desk) beside: Vec<List>,
    /// What can be filtered by, and what is.
    pub(in crate::desk) filters: Filters,
}

/// One list of cards.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::desk) struct List {
    /// What the script knows it by: `in:evidence`, `open`, `maybe`, `dropped`.
    pub(in crate::desk) key: String,
    /// Its heading.
    pub(in crate::desk) name: String,
    /// Number key that moves a paper here; 0 for none.
    pub(in crate::desk) digit: usize,
    /// Number of its colour, 1–5; 0 for none.
    pub(in crate::desk) colour: usize,
    /// The cards in their order.
    pub(in crate::desk) cards: Vec<Card>,
    /// What is said when there is none: what to do next.
    pub(in crate::desk) empty: String,
}

/// One paper on the board.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::desk) struct Card {
    /// Its id in the file.
    pub(in crate::desk) id: String,
    /// Title.
    pub(in crate::desk) title: String,
    /// One-sentence finding.
    pub(in crate::desk) summary: String,
    /// Why it matters.
    pub(in crate::desk) why: String,
    /// A person's reason, for people only.
    pub(in crate::desk) reason: String,
    /// The list it stands in.
    pub(in crate::desk) place: String,
    /// Id of the section it stands in or would go to.
    pub(in crate::desk) to: String,
    /// Name of that section.
    pub(in crate::desk) section: String,
    /// Whether it stands first.
    pub(in crate::desk) is_pick: bool,
    /// What a person said: "keep", "maybe", "drop" or nothing.
    pub(in crate::desk) said: &'static str,
    /// The machine's reasons and people's remarks.
    pub(in crate::desk) reasons: Vec<String>,
    /// Score in two digits; empty when none is known.
    pub(in crate::desk) score: String,
    /// Facts of the store; `None` for an item made by hand.
    pub(in crate::desk) facts: Option<CardFacts>,
    /// Whether the filters leave it out.
    pub(in crate::desk) is_hidden: bool,
    /// Its place in the file, to put it back to where it was.
    pub(in crate::desk) number: usize,
}

/// One question.
#[derive(Debug, Clone, serde::Serialize)]
pub(in crate::desk) struct Question {
    /// Its id.
    pub(in crate::desk) id: String,
    /// The question.
    pub(in crate::desk) asks: String,
    /// The answer; empty while it waits.
    pub(in crate::desk) answer: String,
    /// The names of the countries that the answer was understood as, where it calls them otherwise; else empty.
    pub(in crate::desk) understood: String,
    /// Answers that are understood.
    pub(in crate::desk) choices: Vec<&'static str>,
    /// Whether a country is an answer too.
    pub(in crate::desk) is_scope: bool,
    /// Facts that help.
    pub(in crate::desk) reasons: Vec<String>,
    /// Papers it is about.
    pub(in crate::desk) papers: Vec<AskedOf>,
    /// Whether the answer was taken in, so that taking it out of the file takes nothing back.
    pub(in crate::desk) is_taken_in: bool,
    /// What could be written into the note, where it asks whether readers are told.
    pub(in crate::desk) for_readers: Option<String>,
}

/// A paper that a question is about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct AskedOf {
    /// Its id.
    pub(in crate::desk) id: String,
    /// What the question calls it: "A" and "B" for two, else "the paper".
    pub(in crate::desk) name: &'static str,
}

/// What can be filtered by.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(in crate::desk) struct Filters {
    /// What is chosen now.
    pub(in crate::desk) chosen: Chosen,
    /// Countries of the papers here.
    pub(in crate::desk) countries: Vec<Named>,
    /// Designs of the papers here.
    pub(in crate::desk) designs: Vec<Named>,
    /// Sources of the papers here.
    pub(in crate::desk) sources: Vec<Named>,
    /// The working groups.
    pub(in crate::desk) groups: Vec<Named>,
}

/// What is filtered by; empty texts mean nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct Chosen {
    /// Words that the card must hold.
    pub(in crate::desk) words: String,
    /// Code of a country.
    pub(in crate::desk) country: String,
    /// Word of a design.
    pub(in crate::desk) design: String,
    /// Id of a source.
    pub(in crate::desk) source: String,
    /// Id of a working group.
    pub(in crate::desk) group: String,
    /// Least score in percent.
    pub(in crate::desk) score: String,
}

impl Chosen {
    /// Returns what an address asks for.
    pub(in crate::desk) fn of(pairs: &[(String, String)]) -> Self {
        let value = |name| super::super::forms::value(pairs, name).trim().to_owned();
        Self {
            words: value("words"),
            country: value("country"),
            design: value("design"),
            source: value("source"),
            group: value("group"),
            score: value("score"),
        }
    }

    /// Tells whether anything is chosen.
    pub(in crate::desk) fn is_any(&self) -> bool {
        *self != Self::default()
    }

    /// Tells whether a card is to be seen.
    fn lets(&self, card: &Card) -> bool {
        let facts = card.facts.as_ref();
        let has = |wanted: &str, all: Vec<&Named>| wanted.is_empty() || all.iter().any(|n| n.id == wanted);
        let list = |pick: fn(&CardFacts) -> Vec<&Named>| facts.map(pick).unwrap_or_default();
        let is_in_group = self.group.is_empty()
            || card.place == format!("in:{}", self.group)
            || list(|f| f.groups.iter().collect()).iter().any(|n| n.id == self.group);
        is_in_group
            && has(&self.country, list(|f| f.countries.iter().collect()))
            && has(&self.design, list(|f| f.design.iter().collect()))
            && has(&self.source, list(|f| f.sources.iter().collect()))
            && self.is_scored(card)
            && self.has_words(card)
    }

    /// Tells whether a card's score is high enough; one without a score is only left out when one is asked for.
    fn is_scored(&self, card: &Card) -> bool {
        let Ok(least) = self.score.parse::<f64>() else { return true };
        card.score.parse::<f64>().is_ok_and(|score| score * 100.0 >= least)
    }

    /// Tells whether a card holds every word, wherever.
    fn has_words(&self, card: &Card) -> bool {
        let wanted = fold(&self.words);
        if wanted.trim().is_empty() {
            return true;
        }
        let about = card.facts.as_ref().map(|f| f.text.as_str()).unwrap_or_default();
        let own = fold(&format!("{} {} {}", card.title, card.summary, card.why));
        wanted.split_whitespace().all(|word| own.contains(word) || about.contains(word))
    }
}

/// Returns the board of a draft.
pub(in crate::desk) fn board(
    draft: &Draft,
    facts: &BTreeMap<String, CardFacts>,
    stands: &BTreeMap<String, AnswerStand>,
    config: &Config,
    chosen: Chosen,
) -> Board {
    let topics = &config.rules.topics;
    let section_name = |id: &str| section_name(topics, id).to_owned();
    let numbers: BTreeMap<&str, usize> = numbers(draft);
    let card = |id: &str| Card {
        id: id.to_owned(),
        title: String::new(),
        summary: String::new(),
        why: String::new(),
        reason: String::new(),
        place: String::new(),
        to: String::new(),
        section: String::new(),
        is_pick: !draft.pick.is_empty() && draft.pick == id,
        said: "",
        reasons: Vec::new(),
        score: String::new(),
        facts: facts.get(id).cloned(),
        is_hidden: false,
        number: numbers.get(id).copied().unwrap_or(0),
    };
    let item = |i: DraftItem| {
        let said = if i.is_kept { "keep" } else { "" };
        let place = format!("in:{}", i.section);
        let (section, to) = (section_name(&i.section), i.section.clone());
        let score = score_of(&i.reasons, facts.get(&i.id));
        let base = card(&i.id);
        let (title, summary, why, reason, reasons) = (i.title, i.summary, i.why, i.reason, i.reasons);
        Card { title, summary, why, reason, place, to, section, said, reasons, score, ..base }
    };
    let candidate = |c: &Candidate| Card {
        title: c.title.clone(),
        summary: c.summary.clone(),
        why: c.why.clone(),
        reason: c.reason.clone(),
        place: place_of(c.choice).to_owned(),
        to: c.section.clone(),
        section: section_name(&c.section),
        said: c.choice.map_or("", Choice::as_str),
        score: score_of(&c.reasons, facts.get(&c.id)),
        reasons: c.reasons.clone(),
        ..card(&c.id)
    };
    let all_in: Vec<Card> = issue_items(draft).into_iter().map(item).collect();
    let beside: Vec<Card> = draft.candidates.iter().filter(|c| !c.is_kept()).map(candidate).collect();
    let mut board = Board {
        questions: questions(draft, stands, &config.countries),
        waiting: draft.decisions.iter().filter(|d| d.answer.trim().is_empty()).count(),
        sections: sections(topics, &all_in),
        beside: lists_beside(&beside),
        filters: filters(facts, topics, chosen),
    };
    let chosen = board.filters.chosen.clone();
    for list in board.sections.iter_mut().chain(&mut board.beside) {
        for card in &mut list.cards {
            card.is_hidden = chosen.is_any() && !chosen.lets(card);
        }
    }
    board
}

/// Returns the number of each paper in the file.
fn numbers(draft: &Draft) -> BTreeMap<&str, usize> {
    let items = draft.items.iter().map(|i| (i.line, i.id.as_str()));
    let mut all: Vec<(usize, &str)> = items.chain(draft.candidates.iter().map(|c| (c.line, c.id.as_str()))).collect();
    all.sort_unstable();
    all.into_iter().enumerate().map(|(n, (_, id))| (id, n + 1)).collect()
}

/// Returns the list in which a candidate stands.
fn place_of(choice: Option<Choice>) -> &'static str {
    match choice {
        Some(Choice::Maybe) => "maybe",
        Some(Choice::Drop) => "dropped",
        _ => "open",
    }
}

/// Returns a paper's score in two digits: as the store knows it, else as the first reason begins.
fn score_of(reasons: &[String], facts: Option<&CardFacts>) -> String {
    if let Some(score) = facts.and_then(|f| f.score) {
        return format!("{score:.2}");
    }
    let said = reasons.iter().find_map(|r| r.split_once(':').map(|(s, _)| s)).unwrap_or_default();
    let is_score = said.len() == 4 && said.parse::<f64>().is_ok_and(|s| (0.0..=1.0).contains(&s));
    if is_score { said.to_owned() } else { String::new() }
}

/// Returns the sections in the order of the issue; one that no working group has comes before the compact list.
fn sections(topics: &[TopicRule], cards: &[Card]) -> Vec<List> {
    let mut ids: Vec<(String, String)> = topics.iter().map(|t| (t.id.clone(), t.name.clone())).collect();
    for card in cards {
        let id = card.place.trim_start_matches("in:");
        if id != MORE && !ids.iter().any(|(known, _)| known == id) {
            ids.push((id.to_owned(), id.to_owned()));
        }
    }
    ids.push((MORE.to_owned(), COMPACT.to_owned()));
    let list = |(n, (id, name)): (usize, (String, String))| {
        let key = format!("in:{id}");
        List {
            digit: if n < 9 { n + 1 } else { 0 },
            colour: if id == MORE { 5 } else { n % 4 + 1 },
            cards: cards.iter().filter(|c| c.place == key).cloned().collect(),
            empty: "Nothing here yet: keep a candidate, or move a paper here.".to_owned(),
            key,
            name,
        }
    };
    ids.into_iter().enumerate().map(list).collect()
}

/// Returns the lists beside the issue.
fn lists_beside(cards: &[Card]) -> Vec<List> {
    [
        ("open", "Candidates", "You have looked at every candidate. “Bring in the news” asks for more."),
        ("maybe", "Maybe, another month", "What you put off stands here, and comes again next month."),
        ("dropped", "Dropped", "What you drop stands here until the issue is made, so that you can take it back."),
    ]
    .into_iter()
    .map(|(key, name, empty)| List {
        key: key.to_owned(),
        name: name.to_owned(),
        digit: 0,
        colour: 0,
        cards: cards.iter().filter(|c| c.place == key).cloned().collect(),
        empty: empty.to_owned(),
    })
    .collect()
}

/// Returns the questions, those that wait first.
fn questions(draft: &Draft, stands: &BTreeMap<String, AnswerStand>, countries: &[Country]) -> Vec<Question> {
    let mut out: Vec<Question> = draft
        .decisions
        .iter()
        .map(|d| Question {
            id: d.id.clone(),
            asks: d.question.clone(),
            answer: d.answer.trim().to_owned(),
            understood: understood(d, draft.month, countries),
            choices: choices_of(&d.id).to_vec(),
            is_scope: is_about_scope(&d.id),
            reasons: d.reasons.iter().map(|reason| parts_at_the_desk(reason)).collect(),
            papers: papers_of(&d.id),
            is_taken_in: stands.get(&d.id) == Some(&AnswerStand::TakenIn),
            for_readers: for_readers(d),
        })
        .collect();
    out.sort_by_key(|q| !q.answer.is_empty());
    out
}

/// Returns the names of the countries that an answer was understood as; empty where it names none, or says these names.
fn understood(decision: &Decision, month: Month, countries: &[Country]) -> String {
    let one = Draft { decisions: vec![decision.clone()], ..Draft::empty(month) };
    let (answers, _) = crate::draft::answers(&one, "", countries);
    let codes = answers.first().map(|(_, answer)| countries_of(answer)).unwrap_or_default();
    let name = |code: &&str| countries.iter().find(|c| c.iso3 == **code).map(|c| c.name.as_str());
    let names: Vec<&str> =
        if is_about_scope(&decision.id) { codes.iter().filter_map(name).collect() } else { Vec::new() };
    let is_same = fold(&names.join(", ")) == fold(decision.answer.trim());
    if is_same { String::new() } else { names.join(" and ") }
}

/// Returns the papers that a question's id names, called as the question calls them.
fn papers_of(id: &str) -> Vec<AskedOf> {
    let ids: Vec<&str> = id.split(' ').skip(1).collect();
    let names = if ids.len() > 1 { ["A", "B"] } else { ["the paper"; 2] };
    ids.into_iter().zip(names).map(|(id, name)| AskedOf { id: id.to_owned(), name }).collect()
}

/// Returns what the papers here can be filtered by, by name.
fn filters(facts: &BTreeMap<String, CardFacts>, topics: &[TopicRule], chosen: Chosen) -> Filters {
    let all = |pick: fn(&CardFacts) -> Vec<&Named>| {
        let found: BTreeSet<(&str, &str)> =
            facts.values().flat_map(pick).map(|n| (n.name.as_str(), n.id.as_str())).collect();
        let named = |(name, id): (&str, &str)| Named { id: id.to_owned(), name: name.to_owned() };
        found.into_iter().map(named).collect()
    };
    Filters {
        chosen,
        countries: all(|f| f.countries.iter().collect()),
        designs: all(|f| f.design.iter().collect()),
        sources: all(|f| f.sources.iter().collect()),
        groups: topics.iter().map(|t| Named { id: t.id.clone(), name: t.name.clone() }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_named_as_it_was_understood() {
        let text = crate::fsx::read_text(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("countries.csv"));
        let (countries, _) = crate::config::countries::parse(&text.expect("the table"), "countries.csv");
        let month = Month::parse("2026-10").expect("a month");
        for (id, answer, want) in [
            ("scope w1", "Kenia", "Kenya"),
            ("scope w1", "kenya", ""),
            ("scope w1", "Ugandan and Kenia", "Uganda and Kenya"),
            ("scope w1", "Atlantis", ""),
            ("scope w1", "in", ""),
            ("scope w1", "", ""),
            ("same w1 w2", "same", ""),
            ("retracted w1", "seen", ""),
        ] {
            let asked = Decision { id: id.into(), answer: answer.into(), ..Decision::default() };
            assert_eq!(understood(&asked, month, &countries), want, "{id} {answer}");
        }
    }

    #[test]
    fn papers_are_called_as_the_question_calls_them() {
        let names = |id: &str| papers_of(id).into_iter().map(|p| format!("{} {}", p.name, p.id)).collect::<Vec<_>>();
        assert_eq!(names("same w1 w2"), ["A w1", "B w2"]);
        assert_eq!(names("scope w1"), ["the paper w1"]);
    }
}
