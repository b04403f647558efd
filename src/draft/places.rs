//! What a draft file says of papers' places in the issue: by a word, by where a paper stands, and by
//! what a person took out.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Block, Kind, Layout};
use super::text::{BOM, is_same_text};
use crate::model::{Choice, Draft};

/// What a file says of one paper. The lesser says more: of a paper that stands there twice it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    /// A candidate that a person keeps.
    Kept,
    /// An item.
    Item,
    /// A candidate of which a person says maybe.
    Maybe,
    /// A candidate that a person drops.
    Dropped,
    /// A candidate of which nothing is said, and that a person did not touch, although one further down
    /// was taken: by a word behind `keep =`, or by making an item of it.
    PassedOver,
    /// A candidate of which nothing is said.
    Left,
    /// It stood there when the machine wrote last, and a person took it out.
    TakenOut,
}

/// One paper in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id as it stands in the file.
    pub id: String,
    /// What the file says of it.
    pub stand: Stand,
    /// Why, in the person's own words; often empty.
    pub reason: String,
}

/// Returns what a file says of the papers in it, and of those that were taken out: first the items, then
/// the candidates, in the order of the file, then what was taken out. A paper may come twice.
///
/// `base` is what [`super::regenerate()`] returned as base the last time, `mine` the file as people left
/// it and `draft` what it holds. Without a base nothing was taken out, and nobody passed over anything.
///
/// What stands above a candidate that was taken was seen, and what was seen and left is less wanted than
/// what was taken ("click > skip above": T. Joachims, Optimizing search engines using clickthrough data,
/// KDD 2002). What stands below may never have been looked at: nothing follows from it. A candidate of the
/// base that stands in the file as an item was taken as well, from where it stood in the base.
pub fn places(base: Option<&str>, mine: &str, draft: &Draft) -> Vec<Placed> {
    let read = |text| Layout::read(strip(text), "").ok();
    let (base, mine) = (base.and_then(read), read(mine));
    let untouched = untouched(base.as_ref(), mine.as_ref());
    let ranks = base.as_ref().map(ranks).unwrap_or_default();
    let last_made_item = draft.items.iter().filter_map(|i| ranks.get(i.id.as_str())).max();
    let is_above_made_item = |id: &str| ranks.get(id).is_some_and(|rank| Some(rank) < last_made_item);
    let last_taken = draft.candidates.iter().rposition(|c| c.choice == Some(Choice::Keep)).unwrap_or(0);
    let item = |id: &str, reason: &str, stand| Placed { id: id.to_owned(), stand, reason: reason.to_owned() };
    let mut out: Vec<Placed> = draft.items.iter().map(|i| item(&i.id, &i.reason, Stand::Item)).collect();
    for (n, candidate) in draft.candidates.iter().enumerate() {
        let stand = match candidate.choice {
            Some(Choice::Keep) => Stand::Kept,
            Some(Choice::Maybe) => Stand::Maybe,
            Some(Choice::Drop) => Stand::Dropped,
            _ if (n < last_taken || is_above_made_item(&candidate.id)) && untouched.contains(&candidate.id) => {
                Stand::PassedOver
            }
            _ => Stand::Left,
        };
        out.push(item(&candidate.id, &candidate.reason, stand));
    }
    let held: BTreeSet<String> = out.iter().map(|p| p.id.clone()).collect();
    let mut gone = BTreeSet::new();
    for block in base.iter().flat_map(|b| &b.blocks).filter(|b| is_paper(b)) {
        let id = block.text("id");
        if !id.is_empty() && !held.contains(id) && gone.insert(id.to_owned()) {
            out.push(item(id, "", Stand::TakenOut));
        }
    }
    out
}

/// Returns the ids of the candidates that the machine wrote, each with its place among them from the top.
///
/// A candidate that a person made an item left its place, so this tells what stood above it. Blocks that
/// say only their id stand in no order (the base remembers by them what is no longer proposed).
fn ranks<'b>(base: &'b Layout<'_>) -> BTreeMap<&'b str, usize> {
    let candidates = base.blocks.iter().filter(|b| b.kind == Kind::Candidate && !b.is_stub());
    candidates.enumerate().map(|(rank, block)| (block.text("id"), rank)).collect()
}

fn strip(text: &str) -> &str {
    text.strip_prefix(BOM).unwrap_or(text)
}

fn is_paper(block: &Block) -> bool {
    matches!(block.kind, Kind::Item | Kind::Candidate)
}

/// Returns the ids of the candidates that stand in the file as the machine wrote them, remarks above them
/// among that.
fn untouched(base: Option<&Layout<'_>>, mine: Option<&Layout<'_>>) -> BTreeSet<String> {
    let (Some(base), Some(mine)) = (base, mine) else { return BTreeSet::new() };
    let is_candidate = |b: &&Block| b.kind == Kind::Candidate;
    let old: BTreeMap<&str, &Block> = base.blocks.iter().filter(is_candidate).map(|b| (b.text("id"), b)).collect();
    let is_same = |block: &&Block| {
        old.get(block.text("id")).is_some_and(|old| {
            is_same_text(mine.slice(&block.lead), base.slice(&old.lead))
                && is_same_text(mine.slice(&block.body), base.slice(&old.body))
        })
    };
    mine.blocks.iter().filter(is_candidate).filter(is_same).map(|b| b.text("id").to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{parse, write};
    use super::*;
    use crate::model::{Candidate, DraftItem, Month};

    /// Returns what the machine wrote: an item `i`, candidates `a` to `d`.
    fn base() -> String {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        let title = |id: &str| format!("Title {id}");
        draft.items.push(DraftItem { id: "i".into(), section: "s".into(), title: title("i"), ..Default::default() });
        for id in ["a", "b", "c", "d"] {
            let section = "s".into();
            draft.candidates.push(Candidate { id: id.into(), section, title: title(id), ..Candidate::default() });
        }
        write(&draft, &[], &[])
    }

    /// Puts a word behind `keep =` of a candidate.
    fn say(text: &str, id: &str, word: &str) -> String {
        text.replace(&format!("id = \"{id}\"\nkeep = false"), &format!("id = \"{id}\"\nkeep = {word}"))
    }

    /// Makes an item of a candidate where it stands.
    fn made_item(text: &str, id: &str) -> String {
        text.replace(&format!("[[candidate]]\nid = \"{id}\"\nkeep = false"), &format!("[[item]]\nid = \"{id}\""))
    }

    /// Takes a block out.
    fn cut(text: &str, id: &str) -> String {
        let at = text.find(&format!("id = \"{id}\"")).expect("the block");
        let (head, tail) = text.split_at(at);
        let head = head.rsplit_once("[[").expect("its header").0;
        format!("{head}{}", tail.split_once("\n\n").expect("its end").1)
    }

    fn told(base: Option<&str>, mine: &str) -> String {
        let (draft, problems) = parse(mine, "f");
        assert_eq!(problems, []);
        let placed = places(base, mine, &draft.expect("a draft"));
        placed
            .iter()
            .map(|p| format!("{} {:?} {}", p.id, p.stand, p.reason).trim_end().to_owned())
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn a_file_says_what_people_did() {
        let base = base();
        let all = |edits: &dyn Fn(String) -> String| edits(base.clone());
        let cases: Vec<(&str, String, &str)> = vec![
            ("untouched: nothing is said", all(&|t| t), "i Item, a Left, b Left, c Left, d Left"),
            (
                "what stands above the last one taken was passed over, what stands below may be unread",
                all(&|t| say(&say(&t, "a", "true"), "c", "\"keep\"")),
                "i Item, a Kept, b PassedOver, c Kept, d Left",
            ),
            (
                "maybe and drop are no taking",
                all(&|t| say(&say(&t, "b", "\"maybe\""), "d", "\"drop\"")),
                "i Item, a Left, b Maybe, c Left, d Dropped",
            ),
            (
                "a remark or a changed word is a touch: it was not just passed over",
                all(&|t| {
                    say(&t, "c", "true")
                        .replace("[[candidate]]\nid = \"a\"", "# ask Ana\n[[candidate]]\nid = \"a\"")
                        .replace("Title b", "B")
                }),
                "i Item, a Left, b Left, c Kept, d Left",
            ),
            (
                "deleted blocks were taken out",
                all(&|t| cut(&cut(&t, "i"), "b")),
                "a Left, c Left, d Left, i TakenOut, b TakenOut",
            ),
            (
                "a candidate made an item by hand stands there, and what stood above it was passed over",
                all(&|t| made_item(&t, "b")),
                "i Item, b Item, a PassedOver, c Left, d Left",
            ),
            (
                "also when it was carried away: what counts is where the machine had put it",
                all(&|t| format!("{}\n[[item]]\nid = \"c\"\nsection = \"s\"\ntitle = \"C\"\n", cut(&t, "c"))),
                "i Item, c Item, a PassedOver, b PassedOver, d Left",
            ),
            (
                "taken both ways: what stands above the lower one",
                all(&|t| say(&made_item(&t, "d"), "b", "true")),
                "i Item, d Item, a PassedOver, b Kept, c PassedOver",
            ),
            (
                "a candidate with a word or a remark was not just passed over",
                all(&|t| say(&made_item(&t, "d"), "b", "\"maybe\"").replace("Title c", "C")),
                "i Item, d Item, a PassedOver, b Maybe, c Left",
            ),
            (
                "an item put off again was not taken",
                all(&|t| made_item(&t, "d").replace("[[item]]\nid = \"d\"", "[[item]]\nid = \"d\"\nkeep = \"maybe\"")),
                "i Item, a Left, b Left, c Left, d Maybe",
            ),
            (
                "an item of one's own was nobody's candidate",
                all(&|t| format!("{t}\n[[item]]\nid = \"mine\"\nsection = \"s\"\ntitle = \"M\"\n")),
                "i Item, mine Item, a Left, b Left, c Left, d Left",
            ),
            (
                "an item made a candidate by hand was not taken out",
                all(&|t| t.replace("[[item]]\nid = \"i\"", "[[candidate]]\nid = \"i\"").replace("why = \"\"\n", "")),
                "i Left, a Left, b Left, c Left, d Left",
            ),
            (
                "reasons, also on items",
                all(&|t| {
                    let t = t.replacen(
                        "section = \"s\"\ntitle = \"Title i\"",
                        "reason = \"new\"\nsection = \"s\"\ntitle = \"Title i\"",
                        1,
                    );
                    say(&t, "a", "\"drop\"").replacen("\"drop\"\nreason = \"\"", "\"drop\"\nreason = \"too small\"", 1)
                }),
                "i Item new, a Dropped too small, b Left, c Left, d Left",
            ),
            (
                "what stands twice comes twice; nothing stood above the first one",
                all(&|t| format!("{t}\n[[item]]\nid = \"a\"\nsection = \"s\"\ntitle = \"A\"\n")),
                "i Item, a Item, a Left, b Left, c Left, d Left",
            ),
        ];
        for (note, mine, want) in cases {
            assert_eq!(told(Some(&base), &mine), want, "{note}");
            assert_eq!(
                told(Some(&base), &format!("\u{feff}{}", mine.replace('\n', "\r\n"))),
                want,
                "{note}: on Windows"
            );
        }
        assert_eq!(told(None, &say(&base, "c", "true")), "i Item, a Left, b Left, c Kept, d Left", "no base");
    }
}
