//! A quiet note on what some readers have lived themselves: the loss of a baby, suicide, violence.
//!
//! Words of title and finding decide, and tags that rest on the title or on subject headings. What only sounds alike ("loss to
//! follow-up", "a violent storm") is set aside first. A note is about what a reader meets in this
//! issue, so it looks at no abstract.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::text::words;
use crate::model::{Evidence, House, IssueItem, Judgement};

use super::words::{self as table, Words};

/// What a note is on, in the order in which it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    /// Stillbirth, miscarriage, the death of a baby.
    Loss,
    /// Suicide, thoughts of it, self-harm.
    Suicide,
    /// Violence by a partner, in childhood, in care, against women.
    Violence,
}

/// Words that speak of a theme, and words that only sound so.
///
/// A pattern is a few folded words in a row; a word that ends in `*` is the beginning of one, and
/// `~2` stands for up to two words, none of which begins another part of the sentence.
struct Rule {
    theme: Theme,
    /// Tags (conditions, populations, interventions) that say so by themselves.
    tags: &'static [&'static str],
    /// What speaks of it.
    speaks: &'static [&'static str],
    /// What only sounds so: these words are looked at no more.
    sounds: &'static [&'static str],
    /// What only sounds so in a finding, where it is one figure among others.
    sounds_in_finding: &'static [&'static str],
}

/// The rules, in the order of [`Theme`]. English, French, Spanish and Portuguese stand together: a
/// title may be in any of them.
const RULES: [Rule; 3] = [
    Rule {
        theme: Theme::Loss,
        tags: &["grief-loss", "bereaved"],
        speaks: &[
            // English.
            "stillbirth*",
            "stillborn*",
            "still birth*",
            "still born*",
            "miscarr*",
            "pregnancy loss*",
            "perinatal loss*",
            "neonatal loss*",
            "newborn loss*",
            "fetal loss*",
            "foetal loss*",
            "reproductive loss*",
            "baby loss*",
            "infant loss*",
            "perinatal death*",
            "perinatal mortality",
            "perinatal grief",
            "perinatal bereavement",
            "neonatal death*",
            "neonatal mortality",
            "newborn death*",
            "newborn mortality",
            "fetal death*",
            "foetal death*",
            "fetal demise",
            "foetal demise",
            "intrauterine death*",
            "infant death*",
            "infant mortality",
            "infant bereavement",
            "sudden unexpected death in infan*",
            "cot death*",
            "spontaneous abortion*",
            "recurrent abortion*",
            "ectopic pregnanc*",
            "molar pregnanc*",
            "termination of pregnancy for ~2 anomal*",
            "termination for ~2 anomal*",
            "loss of ~3 baby",
            "loss of ~3 babies",
            "loss of ~3 infant*",
            "loss of ~3 newborn*",
            "loss of ~2 child",
            "loss of ~2 pregnanc*",
            "death* of ~3 baby",
            "death* of ~3 babies",
            "death* of ~3 infant*",
            "death* of ~3 newborn*",
            "death of a child",
            "death of their child",
            "death of her child",
            "lost ~2 baby",
            "lost ~2 babies",
            "lost ~2 pregnanc*",
            "lost a child",
            "lost their child",
            "losing ~2 baby",
            "losing ~2 babies",
            "losing ~2 pregnanc*",
            "babies who died",
            "bab* died",
            "infant* died",
            "newborn* died",
            "bereaved mother*",
            "bereaved parent*",
            "bereaved father*",
            "bereaved famil*",
            "bereaved women",
            "grieving mother*",
            "grieving parent*",
            "pregnancy after loss",
            "rainbow bab*",
            // French.
            "mortinaissance*",
            "mortinatalite",
            "mort ne",
            "mort nee",
            "mort nes",
            "mort perinatale",
            "mort neonatale",
            "mort foetale",
            "mort in utero",
            "mort dun bebe",
            "mort subite du nourrisson",
            "deces perinatal*",
            "deces neonatal*",
            "deces dun bebe",
            "mortalite perinatale",
            "mortalite neonatale",
            "mortalite infantile",
            "deuil perinatal",
            "fausse couche*",
            "fausses couches",
            "perte* de grossesse",
            "perte* perinatale*",
            "perte dun bebe",
            "perte dun enfant",
            "perdu un bebe",
            "perdu leur bebe",
            "interruption medicale de grossesse",
            // Spanish and Portuguese.
            "mortinat*",
            "natimort*",
            "muerte* fetal*",
            "muerte* perinatal*",
            "muerte* neonatal*",
            "muerte* gestacional*",
            "morte* feta*",
            "morte* perinata*",
            "morte* neonata*",
            "obito* feta*",
            "obito* neonata*",
            "mortalidad neonatal",
            "mortalidad perinatal",
            "mortalidad infantil",
            "mortalidade neonatal",
            "mortalidade perinatal",
            "mortalidade infantil",
            "perdida* gestacional*",
            "perdida* perinatal*",
            "perdida* neonatal*",
            "perdida de ~2 bebe",
            "perdida de ~2 embarazo",
            "perda* gestaciona*",
            "perda* perinata*",
            "perda* neonata*",
            "perda de ~2 bebe",
            "perda de ~2 gravidez",
            "duelo perinatal",
            "duelo gestacional",
            "duelo neonatal",
            "luto perinatal",
            "luto gestacional",
            "luto neonatal",
            "aborto* espontaneo*",
        ],
        sounds: &[
            "excluding ~4 stillbirth*",
            "excluding ~3 miscarr*",
            "sin perdida*",
            "loss of pregnancy weight",
            "lost pregnancy weight",
            "loss of baby weight",
            "loss of infant formula",
            "loss of child care",
            "loss of child support",
            "lost their child care",
            "lost baby teeth",
        ],
        sounds_in_finding: &[
            "history of ~3 miscarr*",
            "history of ~3 stillbirth*",
            "history of ~3 pregnancy loss*",
            "history of ~3 abortion*",
            "previous ~2 miscarr*",
            "previous ~2 stillbirth*",
            "previous ~2 pregnancy loss*",
            "prior ~2 miscarr*",
            "prior ~2 stillbirth*",
            "prior ~2 pregnancy loss*",
        ],
    },
    Rule {
        theme: Theme::Suicide,
        tags: &["suicide-selfharm"],
        speaks: &[
            "suicid*",
            "parasuicid*",
            "self harm*",
            "selfharm*",
            "self injur*",
            "self poison*",
            "wish* to die",
            "wish* to be dead",
            "want* to die",
            "thoughts of death",
            "thoughts of harming themselves",
            "thoughts of harming herself",
            "death ideation",
            "kill* herself",
            "kill* themselves",
            "took her own life",
            "take* their own li*",
            "taking their own li*",
            "end* her life",
            "end* her own life",
            "ending their li*",
            "autolesi*",
            "automutil*",
            "quitarse la vida",
            "ideas de muerte",
            "ideias de morte",
            "tirar a propria vida",
            "se donner la mort",
            "idees de mort",
        ],
        sounds: &[
            "suicide gene*",
            "suicide inhibitor*",
            "suicide substrate*",
            "suicide vector*",
            "suicide bag*",
            "excluding ~4 suicid*",
        ],
        sounds_in_finding: &[],
    },
    Rule {
        theme: Theme::Violence,
        tags: &["ipv-mh", "ipv-survivors", "ipv-integrated"],
        speaks: &[
            "violence",
            "violences",
            "violent partner*",
            "violent relationship*",
            "violent husband*",
            "ipv",
            "domestic abuse",
            "partner abuse",
            "spousal abuse",
            "intimate partner abuse",
            "sexual abuse",
            "sexually abused",
            "physical abuse",
            "physically abused",
            "emotional abuse",
            "child abuse",
            "childhood abuse",
            "abused women",
            "abused mother*",
            "disrespect and abuse",
            "sexual assault*",
            "sexually assaulted",
            "rape",
            "rapes",
            "raped",
            "battered women",
            "femicid*",
            "feminicid*",
            "infanticid*",
            "filicid*",
            "maltreat*",
            "mistreatment during birth",
            "mistreatment during childbirth",
            "mistreatment in labour",
            "mistreatment ~3 labour",
            "mistreatment of women",
            "tortur*",
            "genital mutilation",
            "genital cutting",
            "human trafficking",
            "violencia",
            "violencias",
            "maltrato*",
            "maus tratos",
            "abuso* sexua*",
            "agresion* sexual*",
            "agressao sexual",
            "agression* sexuelle*",
            "estupro*",
            "violacion sexual",
            "mulheres agredidas",
            "mujeres agredidas",
            "maltraitance*",
            "femmes battues",
            "mutilation* genitale*",
            "mutilacion genital",
            "mutilacao genital",
        ],
        sounds: &["rape seed*", "rape oil", "excluding ~4 violence", "non violence"],
        sounds_in_finding: &[],
    },
];

/// Returns the note on an item; empty when there is nothing to say or the house wants no notes.
///
/// What the title or a tag speaks of, the paper is about; what only the finding speaks of is
/// mentioned. `finding` is the one that readers see: empty for a retracted paper.
pub fn of(item: &IssueItem, finding: &str, house: &House) -> String {
    if !house.content_notes {
        return String::new();
    }
    let tags = item.judgement.as_ref().map(tags_of_subject).unwrap_or_default();
    let (about, mentions) = themes(&item.title, finding, &tags);
    let w = table::of(house.language);
    let sentence = |text: &str, themes: &[Theme]| {
        (!themes.is_empty()).then(|| table::filled(text, &[("what", &listed(themes, w))]))
    };
    let mentioned = if about.is_empty() { w.mentions } else { w.also_mentions };
    let sentences = [sentence(w.about, &about), sentence(mentioned, &mentions)];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Fields of a record that name its subject. An abstract names much besides, and no reader meets it here.
const OF_SUBJECT: [&str; 3] = ["title", "mesh", Evidence::OF_PERSON];

/// Returns the tags that title, subject headings or a person gave a paper.
fn tags_of_subject(judgement: &Judgement) -> Vec<&str> {
    let facets = [
        ("condition", &judgement.conditions),
        ("population", &judgement.populations),
        ("intervention", &judgement.interventions),
    ];
    let is_of_subject = |facet: &str, tag: &str| {
        let why = judgement.why.get(&format!("{facet}:{tag}"));
        why.is_some_and(|all| all.iter().any(|evidence| OF_SUBJECT.contains(&evidence.field.as_str())))
    };
    let tags = facets.into_iter().flat_map(|(facet, tags)| tags.iter().map(move |tag| (facet, tag.as_str())));
    tags.filter(|(facet, tag)| is_of_subject(facet, tag)).map(|(_, tag)| tag).collect()
}

/// Returns the themes that a paper is about, and those that only its finding mentions.
fn themes(title: &str, finding: &str, tags: &[&str]) -> (Vec<Theme>, Vec<Theme>) {
    let (title, finding) = (words(title), words(finding));
    let (mut about, mut mentions) = (Vec::new(), Vec::new());
    for rule in &RULES {
        if tags.iter().any(|tag| rule.tags.contains(tag)) || speaks(&title, rule, &[]) {
            about.push(rule.theme);
        } else if speaks(&finding, rule, rule.sounds_in_finding) {
            mentions.push(rule.theme);
        }
    }
    (about, mentions)
}

/// Tells whether a text speaks of a rule's theme once what only sounds so is set aside.
fn speaks(text: &[String], rule: &Rule, more_sounds: &[&str]) -> bool {
    let mut open: Vec<Option<&str>> = text.iter().map(|w| Some(w.as_str())).collect();
    // Setting words aside only takes matches away: most texts speak of nothing, and are done here.
    if !is_spoken_of(&open, rule) {
        return false;
    }
    for pattern in rule.sounds.iter().chain(more_sounds) {
        for at in 0..open.len() {
            if let Some(length) = matches_at(&open, at, pattern) {
                open.iter_mut().skip(at).take(length).for_each(|word| *word = None);
            }
        }
    }
    is_spoken_of(&open, rule)
}

/// The patterns that speak of each theme, by the letter that they begin with: a word is compared with a few of them.
static SPEAKS: LazyLock<BTreeMap<(Theme, char), Vec<&'static str>>> = LazyLock::new(|| {
    let mut out: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for rule in &RULES {
        for pattern in rule.speaks {
            out.entry((rule.theme, pattern.chars().next().unwrap_or_default())).or_default().push(pattern);
        }
    }
    out
});

/// Tells whether a pattern of a rule's theme stands anywhere among words.
fn is_spoken_of(text: &[Option<&str>], rule: &Rule) -> bool {
    text.iter().enumerate().any(|(at, word)| {
        let first = word.and_then(|word| word.chars().next());
        let patterns = first.and_then(|letter| SPEAKS.get(&(rule.theme, letter)));
        patterns.is_some_and(|all| all.iter().any(|pattern| matches_at(text, at, pattern).is_some()))
    })
}

/// Words that begin another part of a sentence: "loss of sleep with a baby" is not the loss of a baby.
const TURNS: [&str; 14] =
    ["after", "among", "at", "before", "by", "during", "for", "from", "in", "on", "to", "while", "with", "without"];

/// Returns how many words of a text a pattern takes from a place on; `None` where it does not fit.
fn matches_at(text: &[Option<&str>], at: usize, pattern: &str) -> Option<usize> {
    let (first, rest) = pattern.split_once(' ').unwrap_or((pattern, ""));
    if let Some(gap) = first.strip_prefix('~') {
        let gap = gap.parse::<usize>().unwrap_or_default();
        let is_turn = |at: usize| text.get(at).copied().flatten().is_none_or(|word| TURNS.contains(&word));
        let room = (0..gap).take_while(|n| !is_turn(at + n)).count();
        return (0..=room).find_map(|n| matches_at(text, at + n, rest).map(|length| n + length));
    }
    let word = text.get(at).copied().flatten()?;
    let fits = first.strip_suffix('*').map_or(word == first, |beginning| word.starts_with(beginning));
    match (fits, rest.is_empty()) {
        (false, _) => None,
        (true, true) => Some(1),
        (true, false) => matches_at(text, at + 1, rest).map(|length| length + 1),
    }
}

/// Returns themes in words as one list: "the loss of a baby, suicide and violence".
fn listed(themes: &[Theme], w: &Words) -> String {
    let names: Vec<&str> = themes
        .iter()
        .map(|theme| match theme {
            Theme::Loss => w.loss,
            Theme::Suicide => w.suicide,
            Theme::Violence => w.violence,
        })
        .collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} {} {last}", before.join(", "), w.and),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests;
