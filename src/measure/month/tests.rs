use super::*;
use crate::model::WorkId;

/// Returns outcomes from lines: part (i, m, c, q, or l for a candidate by lot), place by score, place
/// shown, fate (k, m, d, p, o) and sources; a 2 before the part says that the second draft listed it.
fn outcomes(lines: &[&str]) -> Vec<Outcome> {
    lines.iter().enumerate().map(|(n, line)| outcome(n, line)).collect()
}

fn outcome(n: usize, line: &str) -> Outcome {
    let mut words = line.split(' ');
    let kind = words.next().unwrap();
    let (draft, kind) = kind.strip_prefix('2').map_or((0, kind), |kind| (1, kind));
    let (place, shown): (usize, usize) =
        (words.next().unwrap().parse().unwrap(), words.next().unwrap().parse().unwrap());
    let part = match kind {
        "i" => DraftPart::Item,
        "m" => DraftPart::More,
        "q" => DraftPart::Question,
        _ => DraftPart::Candidate,
    };
    let fate = match words.next().unwrap() {
        "k" => Fate::Kept,
        "m" => Fate::Maybe,
        "d" => Fate::Dropped,
        "p" => Fate::Passed,
        _ => Fate::Open,
    };
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let id = format!("w{}{}{}", letters[n / 10], letters[n % 10], "a".repeat(9));
    let listed = Listed {
        id: WorkId::parse(&id).unwrap(),
        part,
        section: String::new(),
        score: 1.0 - as_f64(place) / 1000.0,
        place,
        shown,
        draft,
        is_by_lot: kind == "l",
        sources: words.map(str::to_owned).collect(),
    };
    Outcome { listed, fate }
}

#[test]
fn fates_are_counted_and_questions_once_they_are_answered() {
    let all = outcomes(&["i 1 1 k", "i 2 2 d", "m 3 1 k", "c 4 1 p", "c 5 2 m", "c 6 3 o", "q 1 1 o", "q 2 2 k"]);
    let found = fates(&all);
    assert_eq!(found, Fates { listed: 7, kept: 3, maybe: 1, dropped: 1, passed: 1, open: 1 });
    assert_eq!((found.chosen(), found.read_per_kept()), (6, Some(2.0)));
    assert_eq!(fates(&[]).read_per_kept(), None);
}

#[test]
fn the_first_papers_are_those_by_score() {
    // 40 papers; every third is kept (14 of 40, 10 of the first 30), every third is open.
    let lines: Vec<String> = (1..=40)
        .rev()
        .map(|place| {
            let fate = ["p", "k", "o"][place % 3];
            format!("c {place} {place} {fate}")
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(first(&outcomes(&lines)), First { papers: 30, kept: 10, open: 10 });
    assert_eq!(first(&outcomes(&["q 1 1 k", "i 1 1 k"])), First { papers: 1, kept: 1, open: 0 });
    assert_eq!(first(&[]), First::default());
}

#[test]
fn what_the_lot_says() {
    for (id, lines, unlisted, want, note) in [
        ("nothing", &[][..], 0, [0, 0, 0, 0], "an empty month"),
        ("no lot", &["c 1 1 k", "c 2 2 o"], 0, [0, 0, 0, 1], "a short list: one behind what was read is unread"),
        ("all unread", &["c 1 1 o", "l 9 2 o", "c 2 3 o"], 7, [1, 0, 0, 9], "who stands above the lot is not its rest"),
        (
            "kept from behind",
            &["c 1 1 p", "l 9 2 k", "c 2 3 k", "c 3 4 o"],
            6,
            [1, 1, 1, 7],
            "read to place 2 by score: 3 and the six that are not listed are unread",
        ),
        ("left from behind", &["c 1 1 p", "l 9 2 p", "c 2 3 k", "c 3 4 o"], 6, [1, 1, 0, 7], "the same, left"),
        (
            "last one read",
            &["c 1 1 k", "l 9 2 k", "c 2 3 o"],
            7,
            [1, 0, 0, 8],
            "below it nothing was looked at: it would not count either had it been left",
        ),
        (
            "within what was read",
            &["c 1 1 k", "l 3 2 k", "c 2 3 p", "c 4 4 k", "c 5 5 o"],
            3,
            [1, 0, 0, 4],
            "place 3 was drawn, but would have been read anyway",
        ),
        ("all read", &["c 1 1 k", "l 4 2 p", "c 2 3 p", "c 3 4 k"], 0, [1, 1, 0, 0], "nothing is left"),
        (
            "items are no candidates",
            &["i 7 1 k", "c 1 1 o", "l 5 2 o", "c 2 3 o"],
            3,
            [1, 0, 0, 5],
            "an item far down says nothing of how far candidates were read",
        ),
        (
            "comes again",
            &["c 50 1 d", "c 1 2 k", "l 9 3 p", "c 2 4 k", "c 3 5 o"],
            2,
            [1, 1, 0, 3],
            "what was put off before stands first, whatever its score: the list was read to place 2 all the same",
        ),
        (
            "a second draft",
            &["c 1 1 d", "l 9 2 d", "c 2 3 d", "2c 3 1 o", "2c 4 2 o", "2l 8 3 o"],
            4,
            [2, 1, 0, 7],
            "what the second one lists stands above the last place read in the first, and nobody chose about it",
        ),
        (
            "a second draft that was read",
            &["c 1 1 d", "l 9 2 d", "c 2 3 d", "2c 3 1 k", "2c 4 2 o", "2l 8 3 o"],
            4,
            [2, 1, 0, 6],
            "read to place 3",
        ),
    ] {
        let found = lot(&outcomes(lines), unlisted);
        assert_eq!([found.drawn, found.read, found.kept, found.rest], want, "{id}: {note}");
        assert_eq!(found.unlisted, unlisted, "{id}: {note}");
    }
}

#[test]
fn how_many_of_the_rest_may_be_worth_keeping() {
    for (id, kept, read, rest, want, note) in [
        ("too few", 3, 9, 100, None, "fewer than ten"),
        ("none", 0, 10, 100, Some((0, 28)), "0.0 to 0.2775"),
        ("two of ten", 2, 10, 100, Some((5, 51)), "0.0567 to 0.5098"),
        ("half of forty", 20, 40, 141, Some((49, 92)), "0.3520 to 0.6480: 49.6 to 91.4"),
        ("all", 12, 12, 5, Some((3, 5)), "0.7575 to 1"),
        ("no rest", 5, 20, 0, Some((0, 0)), "nothing is left to keep"),
    ] {
        assert_eq!(worth_keeping(kept, read, rest), want, "{id}: {note}");
    }
}

#[test]
fn sources_count_what_they_brought_and_what_only_they_had() {
    let all = outcomes(&["i 1 1 k pubmed", "i 2 2 k feed pubmed", "c 3 1 d feed", "q 1 1 o page", "c 4 2 k feed"]);
    assert_eq!(sources(&all), BTreeSet::from(["feed", "pubmed"]));
    for (source, want) in [("pubmed", [2, 2, 1]), ("feed", [3, 2, 1]), ("page", [0, 0, 0])] {
        let found = of_source(&all, source);
        assert_eq!([found.listed, found.kept, found.kept_only_here], want, "{source}");
    }
}
