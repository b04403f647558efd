//! What a learner takes from what it is told.

use super::{Learner, Recipe, Rows, Text, Told};

const TITLES: [&str; 8] = [
    "counselling for mothers with depression",
    "depression of mothers after birth",
    "mothers listening to mothers",
    "wheat in dry fields",
    "copper wires in dry fields",
    "harbours and wheat",
    "depression of prices for wheat",
    "",
];

fn rows(titles: &[&str], recipe: &Recipe) -> Rows {
    Rows::new(&titles.iter().map(|title| Text { title, ..Text::default() }).collect::<Vec<_>>(), recipe)
}

fn told(row: usize, is_wanted: bool) -> Told {
    Told { row, is_wanted, weight: 1.0 }
}

/// Returns what each paper is judged to be when this was told.
fn learnt(rows: &Rows, recipe: Recipe, all: &[Told]) -> Vec<f64> {
    let mut learner = Learner::new(rows, recipe, 1);
    for one in all {
        learner.tell(*one);
    }
    learner.learn();
    (0..rows.len()).map(|row| learner.decision(row)).collect()
}

#[test]
fn what_is_like_the_wanted_ones_stands_above() {
    for recipe in [Recipe::default(), Recipe::elas_u4()] {
        let rows = rows(&TITLES, &recipe);
        let decisions = learnt(&rows, recipe, &[told(0, true), told(3, false)]);
        assert!(decisions[1] > decisions[4] && decisions[2] > decisions[5], "{decisions:?}");
        assert!(decisions.iter().all(|d| d.is_finite()));
    }
}

#[test]
fn a_later_word_takes_the_place_of_an_earlier_one() {
    let recipe = Recipe::default();
    let rows = rows(&TITLES, &recipe);
    let straight = learnt(&rows, recipe, &[told(0, true), told(3, false)]);
    let other_mind = learnt(&rows, recipe, &[told(0, false), told(3, true), told(0, true), told(3, false)]);
    assert_eq!(straight, other_mind, "as though the first word had not been said");
    // The other mind comes after a round of learning: within the tolerance the same.
    let mut learner = Learner::new(&rows, recipe, 1);
    for pair in [[told(0, false), told(3, true)], [told(0, true), told(3, false)]] {
        for one in pair {
            learner.tell(one);
        }
        learner.learn();
    }
    for (row, decision) in straight.iter().enumerate() {
        assert!((learner.decision(row) - decision).abs() < 0.1, "{row}: {} and {decision}", learner.decision(row));
    }
    assert!(learner.is_known(0) && !learner.is_known(1) && !learner.is_known(99));
}

#[test]
fn nothing_is_judged_before_both_sides_are_known() {
    let rows = rows(&TITLES, &Recipe::elas_u4());
    let none = vec![0.0; TITLES.len()];
    for (id, all) in [
        ("nothing", vec![]),
        ("wanted alone", vec![told(0, true)]),
        ("unwanted alone", vec![told(3, false)]),
        ("a row that is not there", vec![told(0, true), told(99, false)]),
    ] {
        assert_eq!(learnt(&rows, Recipe::elas_u4(), &all), none, "{id}");
    }
    assert_eq!(learnt(&rows, Recipe::default(), &[told(0, true)]), none, "of so few papers none is presumed unwanted");
}

#[test]
fn presumed_papers_stand_in_while_few_are_known() {
    let titles: Vec<String> = (0..1000).map(|n| format!("paper of number{n} and letter{}", n % 9)).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let (with, without) = (Recipe::default(), Recipe { presumed: 0, ..Recipe::default() });
    let rows = rows(&titles, &with);
    let all = |unwanted: usize| -> Vec<Told> {
        [told(0, true)].into_iter().chain((1..=unwanted).map(|row| told(row, false))).collect()
    };
    assert_ne!(learnt(&rows, with, &all(10)), learnt(&rows, without, &all(10)), "10 known: 40 are presumed");
    assert_ne!(learnt(&rows, with, &all(49)), learnt(&rows, without, &all(49)), "49 known: 1 is presumed");
    assert_eq!(learnt(&rows, with, &all(50)), learnt(&rows, without, &all(50)), "50 known: none");
    // Nobody has said a word on any but wanted papers: a known paper never stands in for an unwanted one.
    let wanted: Vec<Told> = (0..1000).map(|row| told(row, true)).collect();
    assert!(learnt(&rows, with, &wanted).iter().all(|d| *d == 0.0), "no paper is left to presume anything of");
}

#[test]
fn lots_differ_by_seed_and_are_the_same_each_time() {
    let titles: Vec<String> = (0..150).map(|n| format!("paper of number{n} and letter{}", n % 9)).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let recipe = Recipe::default();
    let rows = rows(&titles, &recipe);
    let of = |seed: u64| -> Vec<f64> {
        let mut learner = Learner::new(&rows, recipe, seed);
        learner.tell(told(0, true));
        learner.learn();
        (0..rows.len()).map(|row| learner.decision(row)).collect()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn a_weaker_word_moves_less() {
    let recipe = Recipe::elas_u4();
    let rows = rows(&TITLES, &recipe);
    let of = |weight: f64| {
        let all = [told(0, true), told(1, true), told(3, false), Told { row: 6, is_wanted: false, weight }];
        learnt(&rows, recipe, &all)[6]
    };
    assert!(of(1.0) < of(0.2), "{} and {}", of(1.0), of(0.2));
}

#[test]
fn terms_speak_for_and_against() {
    let recipe = Recipe::default();
    let rows = rows(&TITLES, &recipe);
    let mut learner = Learner::new(&rows, recipe, 1);
    for one in [told(0, true), told(1, true), told(3, false), told(5, false)] {
        learner.tell(one);
    }
    learner.learn();
    let (speaks_for, against) = learner.terms(6, 10);
    assert!(speaks_for.iter().any(|(term, _)| term == "depression"), "{speaks_for:?}");
    assert!(against.iter().any(|(term, _)| term == "wheat"), "{against:?}");
    assert!(speaks_for.is_sorted_by(|a, b| a.1 >= b.1) && speaks_for.iter().all(|(_, v)| *v > 0.0));
    assert!(against.is_sorted_by(|a, b| a.1 <= b.1) && against.iter().all(|(_, v)| *v < 0.0));
    assert!(speaks_for.iter().chain(&against).all(|(term, _)| !term.starts_with('~')), "no stems");
    let (one, other) = learner.terms(6, 1);
    assert_eq!((one.len(), other.len()), (1, 1), "at most so many of each");
    assert_eq!((&one[0], &other[0]), (&speaks_for[0], &against[0]), "the strongest");
    assert_eq!(learner.terms(7, 10), (vec![], vec![]), "an empty text");
    assert_eq!(learner.terms(99, 10), (vec![], vec![]), "a row that is not there");
}

#[test]
fn the_nearest_known_papers() {
    let recipe = Recipe::default();
    let rows = rows(&TITLES, &recipe);
    let mut learner = Learner::new(&rows, recipe, 1);
    for one in [told(5, false), told(3, false), told(0, true), told(1, true), told(7, false)] {
        learner.tell(one);
    }
    let near: Vec<usize> = learner.nearest(1, 9).iter().map(|(told, _)| told.row).collect();
    assert_eq!(near, [0], "not itself, and none without a term in common");
    let near = learner.nearest(6, 2);
    assert_eq!(near.len(), 2, "at most so many");
    assert!(near.is_sorted_by(|a, b| a.1 >= b.1) && near.iter().all(|(_, l)| *l > 0.0 && *l < 1.0), "{near:?}");
    assert!(learner.nearest(7, 9).is_empty() && learner.nearest(99, 9).is_empty());
    for (told, likeness) in learner.nearest(6, 9) {
        assert!((likeness - rows.likeness(6, told.row)).abs() < 1e-6, "as comparing one by one says: {told:?}");
    }
    let before = learner.nearest(3, 9).len();
    learner.tell(told(6, true));
    assert_eq!(learner.nearest(3, 9).len(), before + 1, "what was told since is heeded");
}
