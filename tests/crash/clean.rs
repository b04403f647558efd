//! A flow that nothing disturbed, and what is held against it.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use super::backups;
use super::flows::{Act, Flow};
use super::home::{Case, Ended};
use super::outside::Outside;
use super::world::{World, damage};

/// What a step was, by its number from 1.
pub type Steps = BTreeMap<u64, String>;

/// A flow that nothing disturbed.
pub struct Clean {
    pub flow: Flow,
    pub outside: Outside,
    pub steps: Steps,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub ended: Ended,
    /// The home before it.
    pub before: World,
    /// After it.
    pub once: World,
    /// After doing it twice, as somebody does who was not told that it was done.
    pub twice: World,
}

impl Clean {
    /// Runs a flow undisturbed.
    pub fn of(flow: Flow) -> Self {
        let outside = Outside::start(flow.asks);
        let case = flow.case(&outside);
        let before = World::of(&case, &outside);
        let count = case.beside("steps");
        let began = Instant::now();
        let ended = flow.run(&case, &format!("count:{}", count.display()));
        let took = began.elapsed();
        assert!(ended.code.is_some_and(|c| flow.codes.contains(&c)), "{}: {}", flow.name, ended.all());
        let is_answered = !matches!(flow.act, Act::Desk) || ended.out.starts_with("303");
        assert!(is_answered, "{}: {}", flow.name, ended.all());
        let once = World::of(&case, &outside);
        flow.run(&case, "");
        let twice = World::of(&case, &outside);
        let lines = fs::read_to_string(count).unwrap();
        let steps = lines.lines().filter_map(|line| line.split_once(' '));
        let steps = steps.map(|(n, kind)| (n.parse().unwrap(), kind.to_owned())).collect();
        Self { flow, outside, steps, took, ended, before, once, twice }
    }

    /// Checks that a home is as an undisturbed run leaves it.
    ///
    /// # Errors
    /// What is different.
    pub fn check_world(&self, case: &Case) -> Result<(), String> {
        check_sound(case)?;
        let world = World::of(case, &self.outside);
        let (once, twice) = if self.flow.keeps_first {
            let world = world.with_texts_alone();
            (world.differs(&self.once.with_texts_alone()), world.differs(&self.twice.with_texts_alone()))
        } else {
            (world.differs(&self.once), world.differs(&self.twice))
        };
        if once.is_empty() || twice.is_empty() {
            return Ok(());
        }
        Err(format!("the world is another one (- here, + undisturbed):\n{once}and beside two runs:\n{twice}"))
    }

    /// Checks that each file is as before or as after, and the database sound.
    ///
    /// # Errors
    /// What is half.
    pub fn check_nothing_half(&self, case: &Case) -> Result<(), String> {
        check_sound(case)?;
        let worlds = [&self.before, &self.once, &self.twice];
        for (name, bytes) in World::of(case, &self.outside).files {
            if name == PROGRESS && serde_json::from_slice::<serde_json::Value>(&bytes).is_ok() {
                continue;
            }
            if !is_left_over(&name) && worlds.iter().all(|w| w.files.get(&name) != Some(&bytes)) {
                return Err(format!("{name} is neither as before nor as after"));
            }
        }
        Ok(())
    }

    /// Runs the flow again, some time later, and checks the world.
    ///
    /// # Errors
    /// What went wrong, or is different.
    pub fn again(&self, case: &Case) -> Result<(), String> {
        case.let_time_pass();
        let ended = self.flow.run(case, "");
        if !self.is_fine(&ended) {
            return Err(format!("run again: {}", ended.all()));
        }
        self.check_world(case).map_err(|wrong| format!("run again: {wrong}"))
    }

    /// Runs the flow again after something failed: what goes on with less may have had less.
    ///
    /// # Errors
    /// What went wrong, or is different.
    pub fn again_after_a_fault(&self, case: &Case) -> Result<(), String> {
        if !self.flow.goes_on {
            return self.again(case);
        }
        case.let_time_pass();
        let again = self.flow.run(case, "");
        check_sound(case)?;
        if self.is_fine(&again) { Ok(()) } else { Err(format!("run again: {}", again.all())) }
    }

    /// Tells whether a run ended as one may that nothing disturbs.
    pub fn is_fine(&self, ended: &Ended) -> bool {
        let is_answered = !matches!(self.flow.act, Act::Desk) || ended.out.starts_with("303");
        is_answered && ended.code.is_some_and(|code| self.flow.codes.contains(&code))
    }

    /// Tells whether a run says that it did all it was asked: what it says is then what stands there.
    pub fn says_done(&self, ended: &Ended) -> bool {
        if self.flow.goes_on {
            return ended.code == self.ended.code && ended.out == self.ended.out && !ended.err.contains(" ERROR ");
        }
        match self.flow.act {
            Act::Desk => ended.out.starts_with("303"),
            Act::Command(_) => ended.code == Some(0) || (ended.code == self.ended.code && ended.out == self.ended.out),
        }
    }
}

/// The file in which a sync notes how far it has come: there are more states of it than before and after.
const PROGRESS: &str = "data/sync.json";

/// Tells whether a file bears a name under which nobody takes it for whole: it, or a folder that it lies in, is just
/// being made or removed.
fn is_left_over(name: &str) -> bool {
    const BEGINNINGS: [&str; 4] = [".roundup-", ".making-", ".removing-", ".restoring"];
    name.split('/').any(|part| BEGINNINGS.iter().any(|begin| part.starts_with(begin)))
}

/// Checks that the database holds together, and each backup that got its name.
///
/// # Errors
/// What is wrong with it.
pub fn check_sound(case: &Case) -> Result<(), String> {
    let damage = damage(case) + &backups::damage(case);
    if damage.is_empty() { Ok(()) } else { Err(format!("the database is damaged: {damage}")) }
}

/// Words of the program's inside, which no person is to read.
const INSIDE: [&str; 6] = ["panicked", "Os {", "Custom {", "Error(", "RUST_BACKTRACE", "SqliteFailure"];

/// Checks that a failure is told to people: a cause, what helps, and no word of the program's inside.
///
/// # Errors
/// What it said instead.
pub fn check_told(ended: &Ended) -> Result<(), String> {
    let all = ended.all();
    let lines = |begin: &str| ended.err.lines().filter(|l| l.starts_with(begin)).count();
    let is_told = match ended.code {
        Some(2) => lines("roundup: ") == 1 && lines("  help: ") > 0,
        Some(0 | 1 | 3) => true,
        _ => false,
    };
    if is_told && !INSIDE.iter().any(|word| all.contains(word)) { Ok(()) } else { Err(format!("it said {all}")) }
}
