//! Tests of why papers are found, and of what is marked in them.

use super::shelf::shelf;
use super::{Index, Options, indexed, parse_query};

#[test]
fn every_hit_says_why_it_was_found() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    for (typed, want, note) in [
        ("country:KE", "KE>Kenya@country", "a filter by country"),
        ("population:adolescents", "population:adolescents>adolescent@population", "a tag, whatever its ending"),
        ("condition:\"self harm\"", "condition:\"self harm\">self-harm@condition", "a tag of several words"),
        ("intervention:peer-support", "intervention:\"peer support\">peer-support@intervention", "a tag"),
        ("design:rct", "design:rct>Randomised trial@design", "a design by its code"),
        ("lang:es", "lang:es>Spanish@language", "a language"),
        ("is:retracted", "is:retracted>retracted@marked", "a mark"),
        ("source:org-news", "source:\"org news\">org-news@source", "a source"),
        ("issue:2026-09", "issue:2026-09>2026-09@roundup", "a roundup"),
        ("year:2017", "year:2017>2017@year", "a year"),
        ("since:2024-06-01 lang:en", "since:2024-06-01>2024-06-15@published|lang:en>English@language", "a day"),
        ("10.5555/kenya.1", "doi:10.5555/kenya.1>doi:10.5555/kenya.1@identifier", "a DOI"),
        ("author:d'souza", "author:d'souza>D'Souza A@authors", "a family name"),
        ("author:asha", "author:asha>D'Souza A@authors", "a given name that is shown as a letter"),
        (
            "journal:\"journal of care\" country:KE",
            "journal:\"journal of care\">Invented Journal of Care@journal|KE>Kenya@country",
            "a journal",
        ),
        ("okonkwo", "okonkwo>Okonkwo N@authors", "an author typed as a word"),
        ("stgima", "stgima>Stigma@title", "a word that was meant"),
        ("stigms~", "stigms>Stigma@title", "a word that is spelt nearly so"),
        ("jovenes", "jovenes>jóvenes@abstract", "a word in Spanish"),
        (
            "\"postpartum depression\" country:BR",
            "postpartum depression>Post-partum depression@abstract|BR>Brazil@country",
            "another spelling",
        ),
        ("phq9 country:NP", "phq9>PHQ 9@title|NP>Nepal@country", "letters and digits apart"),
        ("the", "the>The@abstract", "a stop word"),
        ("-depression lang:es", "lang:es>Spanish@language", "what is left out is no reason"),
        ("-depression", ">nothing of what is to be left out@query", "only left out"),
    ] {
        let options = Options { limit: 50, why: true, ..Options::default() };
        let answer = searcher.search(&parse_query(typed), &options).unwrap();
        let first = answer.hits.first().map(|hit| hit.why.as_slice()).unwrap_or_default();
        let said: Vec<String> = first.iter().map(|w| format!("{}>{}@{}", w.asked, w.found, w.place)).collect();
        assert_eq!(said.join("|"), want, "{typed}: {note}");
    }
}

#[test]
fn words_that_stand_for_others_are_marked_and_named() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    for (typed, title, also) in [
        ("stgima", "[Stigma] in health care: a review", "stgima: stigma"),
        ("stigms~", "[Stigma] in health care: a review", ""),
        ("title:stigms~", "[Stigma] in health care: a review", ""),
        ("stigma", "[Stigma] in health care: a review", ""),
    ] {
        let answer = searcher.search(&parse_query(typed), &Options::default()).unwrap();
        let titles: Vec<String> = answer
            .hits
            .iter()
            .map(|h| h.title.iter().map(|(on, t)| if *on { format!("[{t}]") } else { t.clone() }).collect())
            .collect();
        assert!(titles.iter().any(|t| t == title), "{typed}: {titles:?}");
        let named: Vec<String> = answer.also.iter().map(|a| format!("{}: {}", a.typed, a.names.join(", "))).collect();
        assert_eq!(named.join("|"), also, "{typed}");
    }
}
