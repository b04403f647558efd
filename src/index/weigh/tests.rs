//! Trees against the engine's own queries: the same papers, the same scores.

use proptest::prelude::*;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, TermQuery};
use tantivy::schema::{STRING, Schema, TEXT};
use tantivy::{DocAddress, Index, TantivyDocument};

use super::*;

/// Papers of the index: several windows.
const PAPERS: u64 = 10_000;

/// A tree as it is drawn.
#[derive(Debug, Clone)]
enum Drawn {
    Word(u64),
    /// A word of a field without counts and lengths.
    Mark(u64),
    Sum(Vec<Drawn>),
    Best(Vec<Drawn>),
    All(Vec<Drawn>, Vec<Drawn>, Vec<Drawn>),
    Filter(Box<Drawn>),
    Half(Box<Drawn>),
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let leaf = prop_oneof![4 => (0_u64..40).prop_map(Drawn::Word), 1 => (0_u64..9).prop_map(Drawn::Mark)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = |from: usize| proptest::collection::vec(inner.clone(), from..4);
        prop_oneof![
            list(1).prop_map(Drawn::Sum),
            list(1).prop_map(Drawn::Best),
            (list(1), list(0), list(0)).prop_map(|(must, not, bonus)| Drawn::All(must, not, bonus)),
            inner.clone().prop_map(|part| Drawn::Filter(Box::new(part))),
            inner.prop_map(|part| Drawn::Half(Box::new(part))),
        ]
    })
}

fn term(searcher: &Searcher, drawn: &Drawn) -> Term {
    let field = |name: &str| searcher.schema().get_field(name).expect("a field");
    match drawn {
        Drawn::Mark(n) => Term::from_field_text(field("mark"), &format!("m{n}")),
        Drawn::Word(n) => Term::from_field_text(field("text"), &format!("w{n}")),
        _ => unreachable!("only leaves are terms"),
    }
}

fn tree(searcher: &Searcher, drawn: &Drawn) -> Tree {
    let each = |parts: &[Drawn]| parts.iter().map(|part| tree(searcher, part)).collect();
    match drawn {
        Drawn::Word(_) | Drawn::Mark(_) => Tree::Term(term(searcher, drawn), 1.0),
        Drawn::Sum(parts) => Tree::Sum(each(parts)),
        Drawn::Best(parts) => Tree::Best(each(parts), 0.3),
        Drawn::All(must, not, bonus) => Tree::All { must: each(must), not: each(not), bonus: each(bonus) },
        Drawn::Filter(part) => Tree::Filter(Box::new(tree(searcher, part))),
        Drawn::Half(part) => tree(searcher, part).times(0.5),
    }
}

fn engines(searcher: &Searcher, drawn: &Drawn) -> Box<dyn Query> {
    let each = |parts: &[Drawn]| -> Vec<Box<dyn Query>> { parts.iter().map(|part| engines(searcher, part)).collect() };
    match drawn {
        Drawn::Word(_) | Drawn::Mark(_) => {
            Box::new(TermQuery::new(term(searcher, drawn), IndexRecordOption::WithFreqs))
        }
        Drawn::Sum(parts) => Box::new(BooleanQuery::union(each(parts))),
        Drawn::Best(parts) => Box::new(DisjunctionMaxQuery::with_tie_breaker(each(parts), 0.3)),
        Drawn::All(must, not, bonus) => {
            let of =
                |occur: Occur, parts: &[Drawn]| each(parts).into_iter().map(move |q| (occur, q)).collect::<Vec<_>>();
            let clauses = [of(Occur::Must, must), of(Occur::MustNot, not), of(Occur::Should, bonus)];
            Box::new(BooleanQuery::new(clauses.concat_all()))
        }
        Drawn::Filter(part) => Box::new(ConstScoreQuery::new(engines(searcher, part), 0.0)),
        Drawn::Half(part) => Box::new(BoostQuery::new(engines(searcher, part), 0.5)),
    }
}

/// Joins lists that hold what cannot be copied.
trait ConcatAll<T> {
    fn concat_all(self) -> Vec<T>;
}

impl<T, const N: usize> ConcatAll<T> for [Vec<T>; N] {
    fn concat_all(self) -> Vec<T> {
        self.into_iter().flatten().collect()
    }
}

/// Returns an index of invented papers in two parts, some of them removed.
fn index() -> Searcher {
    let mut schema = Schema::builder();
    let (text, mark) = (schema.add_text_field("text", TEXT), schema.add_text_field("mark", STRING));
    let engine = Index::create_in_ram(schema.build());
    let mut writer = engine.writer_with_num_threads::<TantivyDocument>(1, 50 << 20).expect("a writer");
    writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
    let mut state = 7_u64;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    for n in 0..PAPERS {
        let words: Vec<String> = (0..=below(12)).map(|_| format!("w{}", below(6) * below(8))).collect();
        let mut paper = TantivyDocument::new();
        paper.add_text(text, words.join(" "));
        paper.add_text(mark, format!("m{}", below(9)));
        writer.add_document(paper).expect("added");
        if n == PAPERS * 9 / 10 {
            writer.commit().expect("committed");
        }
    }
    writer.commit().expect("committed");
    engine.reader().expect("a reader").searcher()
}

/// Returns what a query finds, with scores rounded to what sums in another order may differ in.
fn found(searcher: &Searcher, query: &dyn Query) -> Vec<(DocAddress, f32)> {
    let all = TopDocs::with_limit(usize::try_from(PAPERS).expect("fits")).order_by_score();
    let mut out: Vec<(DocAddress, f32)> =
        searcher.search(query, &all).expect("searched").into_iter().map(|(score, at)| (at, score)).collect();
    out.sort_by_key(|(at, _)| *at);
    out
}

#[test]
fn trees_find_and_count_what_the_engine_does() {
    let searcher = index();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 150, ..ProptestConfig::default() });
    runner
        .run(&drawn(), |drawn| {
            let ours = found(&searcher, &tree(&searcher, &drawn));
            let engines = found(&searcher, &engines(&searcher, &drawn));
            prop_assert_eq!(ours.len(), engines.len());
            for (ours, engines) in ours.iter().zip(&engines) {
                prop_assert_eq!(ours.0, engines.0);
                prop_assert!((ours.1 - engines.1).abs() <= 1e-3 * (1.0 + engines.1.abs()), "{:?} {:?}", ours, engines);
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn stretches_hold_together_what_the_whole_holds() {
    let searcher = index();
    let word = |n: u64| tree(&searcher, &Drawn::Word(n));
    let query = Tree::Covering(vec![word(3), Tree::Best(vec![word(8), word(5)], 0.2), word(30)]);
    let prepared = query.prepared(&searcher, true).expect("prepared");
    let reader = searcher.segment_reader(0);
    let papers = |from: DocId, to: DocId| {
        let mut matches = prepared.matches(reader, from..to).expect("matches");
        let mut out = Vec::new();
        while matches.next(&mut |doc, score| out.push((doc, score))) {}
        out
    };
    let end = reader.max_doc();
    let parts = [papers(0, WINDOW_PAPERS), papers(WINDOW_PAPERS, end)];
    assert!(parts.iter().all(|part| part.len() > 100), "both have some");
    assert_eq!(parts.concat(), papers(0, end));
}

#[test]
fn what_has_more_of_the_things_asked_for_counts_more() {
    let searcher = index();
    let word = |n: u64| Drawn::Word(n);
    let things = [word(3), word(8), word(30)];
    let sum = found(&searcher, &tree(&searcher, &Drawn::Sum(things.to_vec())));
    let covering = found(&searcher, &Tree::Covering(things.iter().map(|thing| tree(&searcher, thing)).collect()));
    assert_eq!(sum.len(), covering.len(), "it finds no more and no fewer");
    let each: Vec<Vec<DocAddress>> =
        things.iter().map(|t| found(&searcher, &tree(&searcher, t)).into_iter().map(|(at, _)| at).collect()).collect();
    let mut seen = [false; 4];
    for ((at, sum), (_, covering)) in sum.iter().zip(&covering) {
        let has = each.iter().filter(|papers| papers.binary_search(at).is_ok()).count();
        let share = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0].get(has).copied().unwrap_or_default();
        assert!((covering - sum * (0.8 + 0.2 * share)).abs() < 1e-3, "{has} of three: {sum} became {covering}");
        seen[has] = true;
    }
    assert_eq!(seen, [false, true, true, true], "papers of each kind were met");
}
