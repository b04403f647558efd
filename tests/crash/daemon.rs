//! A run of the daemon in which a step fails is tried again when it is time for that, and each due run is done once.

use super::clean::{Clean, check_sound};
use super::flows;
use super::home::{Case, MONTH};

/// When a run that failed is tried again at the latest, and nothing else is due yet.
const LATER: &str = "2026-11-01T22:00:00Z";
/// How often it is started then: a run may fail for what another is to bring.
const STARTS: usize = 2;

/// Returns the rows of the timetable, as `name due state moments`.
fn timetable(case: &Case) -> Vec<String> {
    let database = rusqlite::Connection::open(case.home().join("data/roundup.db")).unwrap();
    let mut statement =
        database.prepare("SELECT name || ' ' || due || ' ' || state || ' ' || moments FROM job ORDER BY 1").unwrap();
    statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

/// What the daemon is for: the timetable, the works, whether there is a draft. What a draft holds hangs on what was
/// there by then.
type Brought = (Vec<String>, Vec<String>, bool);

/// Returns what the daemon brought.
fn brought(case: &Case) -> Brought {
    (timetable(case), super::home::ids(case), case.home().join(format!("drafts/{MONTH}.toml")).exists())
}

/// Lets a step fail, and starts the daemon again later.
///
/// # Errors
/// What is other than without the fault.
fn fail(clean: &Clean, plan: &str, want: &Brought) -> Result<(), String> {
    let case = clean.flow.case(&clean.outside);
    let first = clean.flow.run(&case, plan);
    for _ in 0..STARTS {
        let mut command = clean.flow.command(&case);
        command.env("ROUNDUP_NOW", LATER);
        let again = case.end(case.begin(command));
        if again.code != Some(0) {
            return Err(format!("started again: {}", again.all()));
        }
    }
    check_sound(&case)?;
    let found = brought(&case);
    if found == *want { Ok(()) } else { Err(format!("{found:?}\ninstead of {want:?}\nit had said {}", first.all())) }
}

#[test]
fn what_failed_is_done_later_and_once() {
    let clean = Clean::of(flows::DAEMON);
    let whole = clean.flow.case(&clean.outside);
    clean.flow.run(&whole, "");
    let want = brought(&whole);
    let (mut tried, mut wrong) = (0, Vec::new());
    let every = if super::proves() { 1 } else { 9 };
    for (at, kind) in clean.steps.iter().filter(|(at, _)| *at % every == super::seed() % every) {
        for how in ["eio", "full"].into_iter().filter(|_| kind != "done") {
            tried += 1;
            let outcome = fail(&clean, &format!("{how}:{at}"), &want);
            wrong.extend(outcome.err().map(|text| format!("{how}:{at} ({kind}): {text}")));
        }
    }
    super::report("the daemon after a fault, later", tried, &wrong);
}
