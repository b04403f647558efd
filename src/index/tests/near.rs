//! Words near each other, in texts that say them again and again.

use super::{Index, Options, indexed, paper, parse_query};

#[test]
fn words_that_come_again_and_again_are_looked_for_in_little_memory() {
    // Nine words near each other took all memory of a machine in a text of this length.
    let often = "Postpartum depression in Kenyan women. ".repeat(800);
    let papers = [
        paper("often", "Said often", &often, "2024"),
        paper("once", "Said once", "Depression, as women in Kenya know it.", "2024"),
        paper("apart", "Apart", &format!("Depression. {} Women.", "Other words. ".repeat(20)), "2024"),
    ];
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    for (query, want) in [
        (r#""postpartum postpartum postpartum depression depression women women kenyan kenyan"~50"#, "often"),
        (r#""postpartum depression women kenyan in postpartum depression women kenyan"~50"#, "often"),
        (r#""women depression know"~6"#, "once"),
        (r#""depression women"~3"#, "often once"),
        (r#""depression women"~45"#, "apart often once"),
        (r#""know women depression"~0"#, ""),
    ] {
        let found = searcher.search(&parse_query(query), &Options { knowledge: false, ..Options::default() }).unwrap();
        let mut ids: Vec<&str> = found.hits.iter().map(|hit| hit.paper.native_id()).collect();
        ids.sort_unstable();
        assert_eq!(ids.join(" "), want, "{query}");
    }
}
