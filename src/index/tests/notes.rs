//! What a page says of a query: why nothing was found, and how it was read.

use super::*;

#[test]
fn an_empty_page_says_why() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    for (query, want) in [
        ("deppression", "no paper has \"deppression\"; looked for \"depression\" as well"),
        ("stigma screning", "no paper has \"screning\"; looked for \"screening\" as well"),
        ("country:kenia", "no paper has country \"kenia\"; near it: \"Kenya\""),
        ("author:okonko", "no paper has \"okonko\" among its authors; near it: \"okonkwo\""),
        ("lang:fr", "no paper has lang \"fr\"; known here: en, es"),
        ("10.5555/none", "no paper here is doi:10.5555/none"),
        ("\"healthy thinking\"", "no paper has \"healthy thinking\""),
        (
            "stigma country:KE",
            "no paper has both country:KE and stigma|without country:KE: 2 papers|without stigma: 1 paper",
        ),
        (
            "country:KE AND country:BR",
            "no paper has both country:KE and country:BR|without country:KE: 1 paper|without country:BR: 1 paper",
        ),
        (
            "depression country:KE year:2019",
            "no paper has both country:KE and year:2019|no paper has both year:2019 and depression|without year:2019: 1 paper",
        ),
        ("stigma country:CI", "without country:CI: 2 papers"),
        ("author:Kenya", "no paper has \"Kenya\" among its authors; did you mean country:Kenya?"),
        ("country:stigma", "no paper has country \"stigma\"; did you mean title:stigma?"),
        ("journal:okonkwo", "no paper has \"okonkwo\" in the name of its journal; did you mean author:okonkwo?"),
        ("twg:bananas", "no paper has twg \"bananas\"; known here: evidence, advocacy, adolescent"),
        (
            "population:mother",
            "no paper has population \"mother\"; did you mean \"mother\" without a field? known here: adolescent",
        ),
        ("intervention:xqzzyx", "no paper has intervention \"xqzzyx\"; known here: peer-support"),
        (
            "condition:xqzzyx",
            "no paper has condition \"xqzzyx\"; known here: depression, perinatal-depression, self-harm",
        ),
        ("country:xx", "no paper has country \"xx\"; write the name or a code such as KE"),
        ("country:ivory", "no paper has country \"ivory\"; did you mean \"Côte d'Ivoire\"?"),
        ("country:Ugandaland", "no paper has country \"Ugandaland\"; did you mean \"Uganda\"?"),
        ("region:EAC", "no paper has region \"EAC\""),
        ("is:notice", "no paper here is marked \"notice\"; known here: open-access, preprint, retracted"),
        ("condition:deppression", "no paper has condition \"deppression\"; near it: \"depression\""),
        ("title:stgma", "no paper has \"stgma\" in its title; near it: \"stigma\""),
        ("xq~1", "no paper has \"xq\" or a word like it"),
        (
            "depression -depression",
            "each part alone has papers, but no paper has all of them|without -depression: 4 papers",
        ),
        ("xqzzyx", "no paper has \"xqzzyx\""),
    ] {
        assert_eq!(found(&searcher, query).notes.join("|"), want, "{query}");
    }
    let typed = Options { knowledge: false, ..Options::default() };
    let answer = searcher.search(&parse_query("deppression"), &typed).unwrap();
    assert_eq!(answer.total, 0, "no correction with knowledge off");
    assert_eq!(answer.notes, ["no paper has \"deppression\"; near it: \"depression\""]);
    let closed = indexed(&shelf()[1..2]);
    let searcher = Index::open_reader(closed.path()).unwrap();
    for query in ["is:open", "oa:yes"] {
        assert_eq!(found(&searcher, query).notes, ["no paper here is known to be open access"], "{query}");
    }
    // A name that is right needs no advice.
    assert_eq!(found(&searcher, "country:kenya").notes, ["no paper has country \"kenya\""]);
    assert_eq!(found(&searcher, "country:kenyan").notes, ["no paper has country \"kenyan\"; that is \"Kenya\""]);
    let empty = indexed(&[]);
    let searcher = Index::open_reader(empty.path()).unwrap();
    assert_eq!(found(&searcher, "stigma").notes, ["the index holds no papers yet"]);
    assert!(searcher.is_empty());
}

#[test]
fn notes_say_how_a_query_was_read() {
    for (query, want) in [
        ("stigma since 2024", "\"since 2024\" was read as year:2024..; in quotation marks it is looked for as words"),
        ("stigma last year", "\"last year\" was looked for as words; for a time type a date, such as since:2024"),
        ("country: kenya", "\"country\" was read as a word; as a field it has no space behind its colon"),
        ("stigma[tiab]", "[tiab]: words are looked for in title, abstract, keywords and headings alike"),
        (
            "stigma[mh] OR shame[tw]",
            "[mh] and others: words are looked for in title, abstract, keywords and headings alike",
        ),
        ("stigma[xyz]", "passed over: [xyz]"),
        ("a adj3 b", "\"adj3\" was read as: at most 3 places apart"),
        (
            "wom*n",
            "\"wom*n\": a star works only at the end of a word, so words that begin with \"wom\" were looked for",
        ),
        ("\"stigma", "a quotation mark without its partner was passed over"),
    ] {
        assert_eq!(parse_query(query).notes.join("|"), want, "{query}");
    }
}
