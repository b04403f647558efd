//! A clock that jumps: ahead, when a machine's battery is empty, and back, when somebody sets it right.

use super::home::{Case, MONTH, Stage};
use super::world::damage;

/// One way that the clock goes.
struct Jump {
    /// What the clock says before each command.
    clock: &'static [&'static str],
    note: &'static str,
}

const JUMPS: &[Jump] = &[
    Jump { clock: &["2026-12-05T03:00:00Z", "2026-11-01T03:00:00Z"], note: "a month ahead, and back" },
    Jump { clock: &["2036-01-01T03:00:00Z", "2026-11-01T03:00:00Z"], note: "years ahead, and back" },
    Jump { clock: &["2000-01-01T00:00:00Z", "2026-11-01T03:00:00Z"], note: "an empty battery, then set right" },
    Jump { clock: &["1970-01-01T00:00:00Z", "2026-11-01T03:00:00Z"], note: "the beginning of all clocks" },
    Jump { clock: &["2026-11-01T03:00:00Z", "2026-10-25T00:30:00Z", "2026-11-01T03:00:00Z"], note: "a week back" },
    Jump { clock: &["2026-11-01T03:00:00Z", "2026-11-01T02:59:59Z"], note: "a second back" },
    Jump { clock: &["9999-12-30T00:00:00Z", "2026-11-01T03:00:00Z"], note: "nearly the end of the calendar" },
];

/// The commands that look at the clock.
const COMMANDS: &[&[&str]] =
    &[&["harvest"], &["draft", MONTH], &["run", MONTH], &["choose", "keep", "{0}"], &["render", MONTH]];

/// What people and sources gave, which no clock takes away.
fn kept(case: &Case) -> Vec<String> {
    let database = rusqlite::Connection::open(case.home().join("data/roundup.db")).unwrap();
    let list = |query: &str| -> Vec<String> {
        let mut statement = database.prepare(query).unwrap();
        statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut out = list("SELECT source || ' ' || native_id FROM record ORDER BY 1");
    out.extend(list("SELECT DISTINCT work_id FROM member ORDER BY 1"));
    out
}

#[test]
fn a_clock_that_jumps_loses_nothing_and_stops_nothing() {
    let right = Case::at(Stage::Dropped);
    let id = super::home::ids(&right)[0].clone();
    right.run(&["harvest"], "");
    let (mut tried, mut wrong) = (0, Vec::new());
    for jump in JUMPS {
        let case = Case::at(Stage::Dropped);
        for now in jump.clock {
            for command in COMMANDS {
                let args: Vec<&str> = command.iter().map(|a| if *a == "{0}" { id.as_str() } else { *a }).collect();
                let mut command = case.command(&args);
                command.env("ROUNDUP_NOW", now);
                let ended = case.end(case.begin(command));
                tried += 1;
                let is_told = matches!(ended.code, Some(1 | 2)) && !ended.err.contains("panicked");
                let is_fine =
                    matches!(ended.code, Some(0 | 3)) || (is_told && *now != jump.clock[jump.clock.len() - 1]);
                if !is_fine || !damage(&case).is_empty() {
                    wrong.push(format!("{}, {now}, {args:?}: {}", jump.note, ended.all()));
                }
            }
        }
        if kept(&case) != kept(&right) {
            wrong.push(format!("{}: other records or works: {:?}", jump.note, kept(&case)));
        }
        let draft = std::fs::read_to_string(case.home().join(format!("drafts/{MONTH}.toml"))).unwrap_or_default();
        if !draft.contains(&id) {
            wrong.push(format!("{}: {id} is kept, and not in the draft: {draft}", jump.note));
        }
    }
    super::report("a clock that jumps", tried, &wrong);
}
