//! `kill -9` at any time: what was said to be done is done, nothing is done twice, nothing is half, and once more of the
//! same leads to the world of a run that nothing disturbed.

use std::time::Duration;

use super::clean::{Clean, check_sound};
use super::desk;
use super::flows::{self, Act, Flow};
use super::home::{Case, Ended};

/// Kills over all flows in the usual tests, and when all is to be tried.
const KILLS: usize = 200;
const KILLS_PROVED: usize = 1_000;
/// How often one home is killed at most before it is left to come to its end.
const KILLS_IN_A_ROW: u64 = 3;

/// Draws numbers; the same ones from the same beginning.
struct Draws(u64);

impl Draws {
    /// Returns a number below another.
    fn below(&mut self, end: u64) -> u64 {
        // Marsaglia's xorshift, whose numbers are good enough for moments.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

/// Runs a flow and kills it after a while.
fn killed(flow: &Flow, case: &Case, after: Duration) -> Ended {
    if matches!(flow.act, Act::Desk) {
        return desk::drop_a_paper(case, &desk::first_item(&Case::at(flow.stage)), "", Some(after));
    }
    let mut begun = flow.begin(case, "");
    std::thread::sleep(after);
    // Only a process of our own that has not been waited for is meant.
    let _ = begun.child.kill();
    let status = begun.child.wait().unwrap();
    case.ended(status)
}

/// Kills one home some times, and lets it come to its end. Returns how often it was killed.
fn one(clean: &Clean, draws: &mut Draws, kills_max: u64) -> Result<usize, String> {
    let case = clean.flow.case(&clean.outside);
    let mut kills = 0;
    for _ in 0..=draws.below(kills_max) {
        let micros = u64::try_from(clean.took.as_micros()).unwrap();
        let after = Duration::from_micros(draws.below(micros));
        let ended = killed(&clean.flow, &case, after);
        let is_killed = ended.code.is_none();
        kills += usize::from(is_killed);
        let note = |wrong: String| format!("killed after {after:?}: {wrong}");
        check_sound(&case).map_err(note)?;
        clean.check_nothing_half(&case).map_err(note)?;
        // What was told to the end was done, though the process may not have ended by itself.
        let is_told = match clean.flow.act {
            Act::Desk => ended.out.starts_with("303"),
            Act::Command(_) => ended.out == clean.ended.out && !ended.out.is_empty(),
        };
        if is_told {
            clean.check_world(&case).map_err(|wrong| note(format!("it had said that it was done: {wrong}")))?;
        }
        if !is_killed {
            break;
        }
    }
    clean.again(&case)?;
    Ok(kills)
}

/// Kills the flows of a part of the table.
fn kill(part: usize, parts: usize) {
    let wanted = if super::proves() { KILLS_PROVED } else { KILLS };
    let mine: Vec<Flow> = flows::ALL.iter().copied().skip(part).step_by(parts).collect();
    let each = wanted.div_ceil(flows::ALL.len());
    let (mut kills, mut tried, mut wrong) = (0, 0, Vec::new());
    for flow in &mine {
        let clean = Clean::of(*flow);
        let mut draws = Draws(super::seed() ^ (0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(flow.name.len() as u64 + 1)));
        let mut of_this = 0;
        // Some come to their end before their kill comes, and do not count.
        while of_this < each && tried < wanted * 3 {
            tried += 1;
            let left = u64::try_from(each - of_this).unwrap();
            match one(&clean, &mut draws, left.min(KILLS_IN_A_ROW)) {
                Ok(n) => of_this += n,
                Err(text) => {
                    of_this += 1;
                    wrong.push(format!("{}: {text}", flow.name));
                }
            }
        }
        kills += of_this;
    }
    super::report(&format!("kill -9, part {part} of {parts}: {kills} kills"), tried, &wrong);
}

#[test]
fn killed_at_any_time_the_first_half() {
    kill(0, 2);
}

#[test]
fn killed_at_any_time_the_second_half() {
    kill(1, 2);
}
