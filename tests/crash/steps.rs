//! Every step of every flow: the process ends there, or the step fails; run again, the world is that of a run that
//! nothing disturbed.

use super::clean::{Clean, check_told};
use super::flows::{self, Flow};

impl Clean {
    /// Ends the process at a step.
    ///
    /// # Errors
    /// What is wrong then.
    fn abort(&self, at: u64) -> Result<(), String> {
        let case = self.flow.case(&self.outside);
        let ended = self.flow.run(&case, &format!("abort:{at}"));
        // Threads may take their steps in another order, so that there may be some less.
        if ended.code.is_some() && at + 3 <= self.steps.len() as u64 {
            return Err(format!("it went on: {}", ended.all()));
        }
        self.check_nothing_half(&case)?;
        self.again(&case)
    }

    /// Lets a step fail.
    ///
    /// # Errors
    /// What is wrong then.
    fn fail(&self, how: &str, at: u64) -> Result<(), String> {
        let case = self.flow.case(&self.outside);
        let ended = self.flow.run(&case, &format!("{how}:{at}"));
        check_told(&ended)?;
        if !self.flow.goes_on {
            self.check_nothing_half(&case)?;
        }
        if self.says_done(&ended) {
            self.check_world(&case).map_err(|wrong| format!("{wrong}\nand it said {}", ended.all()))?;
        }
        self.again_after_a_fault(&case)
    }
}

/// Tells whether a step is let fail: what was done does not fail any more. Who is asked and does not answer is asked
/// again after seconds, which is tried when all is, and by the table of faults of the transport (`pipeline::faults`).
fn is_tried(kind: &str) -> bool {
    match kind {
        "done" => false,
        "Ask" | "Answer" => super::proves(),
        _ => true,
    }
}

/// Tries every step of a flow.
fn check(flow: Flow) {
    let began = std::time::Instant::now();
    let clean = Clean::of(flow);
    let last = clean.steps.len() as u64;
    assert!(last > 0, "{}: it takes steps", flow.name);
    let mut tried = 0;
    let mut wrong = Vec::new();
    // Those that are left out now are tried at another time: the first one moves with the day's draw.
    let every = if super::proves() { 1 } else { flow.every };
    let first = super::seed() % every;
    for (at, kind) in clean.steps.iter().filter(|(at, _)| *at % every == first) {
        let mut note = |how: &str, outcome: Result<(), String>| {
            tried += 1;
            wrong.extend(outcome.err().map(|text| format!("{} {how}:{at} ({kind}): {text}", flow.name)));
        };
        note("abort", clean.abort(*at));
        let all = ["eio", "enospc", "full"];
        let one = usize::try_from(*at).unwrap() % all.len();
        for (_, how) in all.iter().enumerate().filter(|(n, _)| is_tried(kind) && (super::proves() || *n == one)) {
            note(how, clean.fail(how, *at));
        }
    }
    let took = began.elapsed().as_secs();
    super::report(&format!("{}: {last} steps, {took} s", flow.name), tried, &wrong);
}

/// Makes a test of each flow, so that they run beside each other.
macro_rules! tests {
    ($($name:ident = $flow:ident,)*) => { $(
        #[test]
        fn $name() {
            check(flows::$flow);
        }
    )* };
}

tests! {
    import = IMPORT,
    first_import = FIRST_IMPORT,
    harvest_folder = HARVEST_FOLDER,
    harvest = HARVEST,
    same = SAME,
    different = DIFFERENT,
    undo = UNDO,
    choose = CHOOSE,
    word = WORD,
    retag = RETAG,
    reindex = REINDEX,
    draft = DRAFT,
    draft_anew = DRAFT_ANEW,
    restore = RESTORE,
    curate = CURATE,
    render = RENDER,
    render_anew = RENDER_ANEW,
    render_fewer = RENDER_FEWER,
    withdraw = WITHDRAW,
    publish = PUBLISH,
    publish_anew = PUBLISH_ANEW,
    place = PLACE,
    rebuild = REBUILD,
    run = RUN,
    add = ADD,
    pack = PACK,
    migrate = MIGRATE,
    backup = BACKUP,
    put_back = PUT_BACK,
    daemon = DAEMON,
    saved = SAVED,
    sync = SYNC,
    sync_again = SYNC_AGAIN,
}
