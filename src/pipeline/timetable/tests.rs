//! Each due moment is accounted for once, whatever happens between.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn nairobi() -> TimeZone {
    TimeZone::get("Africa/Nairobi").unwrap()
}

fn job(work: Work, line: &str) -> Job {
    Job { work, schedule: Schedule::parse(line).unwrap() }
}

/// Returns the rows of a store as `name due state moments`.
fn rows(store: &Store) -> Vec<String> {
    let all = store.jobs_since(at("2000-01-01T00:00:00Z")).unwrap();
    let mut rows: Vec<String> =
        all.iter().map(|row| format!("{} {} {} {}", row.name, row.due, row.state.word(), row.moments)).collect();
    rows.sort();
    rows
}

#[test]
fn a_first_start_owes_nothing() {
    let store = Store::in_memory().unwrap();
    let jobs = [job(Work::Harvest, "0 5 * * *"), job(Work::Draft, "0 6 1 * *")];
    let told = plan_all(&store, &jobs, "h", &nairobi(), at("2026-11-22T12:00:00Z")).unwrap();
    assert_eq!(told, []);
    assert_eq!(rows(&store), ["draft 2026-12-01T03:00:00Z planned 1", "harvest 2026-11-23T02:00:00Z planned 1"]);
}

#[test]
fn what_was_missed_is_made_up_for_once_within_its_window() {
    // Weeks without power: what a table of (line, down from, up again) gives.
    for (work, line, up, want, told_want) in [
        (
            Work::Harvest,
            "0 5 * * *",
            "2026-11-26T12:00:00Z",
            &[
                "harvest 2026-11-23T02:00:00Z joined 1",
                "harvest 2026-11-26T02:00:00Z planned 3",
                "harvest 2026-11-27T02:00:00Z planned 1",
            ][..],
            "the run of Thu 26 Nov 2026 05:00, and for 3 before it is made up for",
        ),
        (
            Work::Harvest,
            "0 5 * * *",
            "2026-12-10T12:00:00Z",
            &[
                "harvest 2026-11-23T02:00:00Z joined 1",
                "harvest 2026-12-03T02:00:00Z missed 10",
                "harvest 2026-12-10T02:00:00Z planned 7",
                "harvest 2026-12-11T02:00:00Z planned 1",
            ][..],
            "10 runs were missed until Thu 3 Dec 2026 05:00: nothing ran then, and it is more than 7 days ago",
        ),
        (
            Work::Draft,
            "0 6 1 * *",
            "2027-01-03T12:00:00Z",
            &[
                // Another month's draft is no other run of the same.
                "draft 2026-12-01T03:00:00Z planned 1",
                "draft 2027-01-01T03:00:00Z planned 1",
                "draft 2027-02-01T03:00:00Z planned 1",
            ][..],
            "the run of Fri 1 Jan 2027 06:00 is made up for",
        ),
        (
            // Daily until the issue is made: runs of one month write one draft.
            Work::Draft,
            "0 6 1-5 * *",
            "2027-01-03T12:00:00Z",
            &[
                "draft 2026-12-01T03:00:00Z joined 1",
                "draft 2026-12-05T03:00:00Z planned 4",
                "draft 2027-01-03T03:00:00Z planned 3",
                "draft 2027-01-04T03:00:00Z planned 1",
            ][..],
            "the run of Sat 5 Dec 2026 06:00, and for 4 before it is made up for",
        ),
        (
            Work::Draft,
            "0 6 1 */6 *",
            "2027-03-03T12:00:00Z",
            &["draft 2027-01-01T03:00:00Z missed 1", "draft 2027-07-01T03:00:00Z planned 1"][..],
            "it did not come about within 35 days",
        ),
    ] {
        let store = Store::in_memory().unwrap();
        let jobs = [job(work, line)];
        plan_all(&store, &jobs, "h", &nairobi(), at("2026-11-22T12:00:00Z")).unwrap();
        let told = plan_all(&store, &jobs, "h", &nairobi(), at(up)).unwrap();
        assert_eq!(rows(&store), want, "{line} {up}");
        assert!(told.iter().any(|t| t.says == told_want), "{line} {up}: {told:?}");
        // Looking again changes nothing and tells nothing.
        assert_eq!(plan_all(&store, &jobs, "h", &nairobi(), at(up)).unwrap(), [], "{line} {up}");
        assert_eq!(rows(&store), want, "{line} {up}");
    }
}

#[test]
fn the_second_of_the_due_moment_belongs_to_it() {
    let store = Store::in_memory().unwrap();
    let jobs = [job(Work::Draft, "0 6 1 * *")];
    let plan = |now: &str| plan_all(&store, &jobs, "h", &nairobi(), at(now)).unwrap();
    plan("2026-11-22T12:00:00Z");
    assert_eq!(plan("2026-12-01T03:00:00.5Z"), []);
    assert_eq!(rows(&store), ["draft 2026-12-01T03:00:00Z planned 1", "draft 2027-01-01T03:00:00Z planned 1"]);
}

#[test]
fn a_changed_schedule_takes_its_plans_back_and_a_removed_source_its_runs() {
    let store = Store::in_memory().unwrap();
    let of = |line: &str| [job(Work::HarvestOf("a".to_owned()), line)];
    plan_all(&store, &of("0 5 * * *"), "h", &nairobi(), at("2026-11-22T12:00:00Z")).unwrap();
    plan_all(&store, &of("0 7 * * *"), "h", &nairobi(), at("2026-11-22T13:00:00Z")).unwrap();
    assert_eq!(rows(&store), ["harvest a 2026-11-23T04:00:00Z planned 1"]);
    let told = plan_all(&store, &[], "h", &nairobi(), at("2026-11-22T14:00:00Z")).unwrap();
    assert_eq!((rows(&store), told), (Vec::<String>::new(), Vec::new()), "what was never due is no loss");
    plan_all(&store, &of("0 7 * * *"), "h", &nairobi(), at("2026-11-22T15:00:00Z")).unwrap();
    let told = plan_all(&store, &[], "h", &nairobi(), at("2026-11-23T15:00:00Z")).unwrap();
    assert_eq!(rows(&store), ["harvest a 2026-11-23T04:00:00Z missed 1"]);
    assert!(told[0].is_loss && told[0].says.contains("feeds.toml no longer has it"), "{told:?}");
}

#[test]
fn a_clock_that_jumps_back_plans_nothing_twice() {
    let store = Store::in_memory().unwrap();
    let jobs = [job(Work::Harvest, "0 5 * * *")];
    let plan = |now: &str| plan_all(&store, &jobs, "h", &nairobi(), at(now)).unwrap();
    plan("2026-11-22T12:00:00Z");
    plan("2026-11-23T12:00:00Z");
    let due = at("2026-11-23T02:00:00Z");
    store.begin_job("harvest", due, due).unwrap();
    store.end_job("harvest", due, due, &JobEnd::done("3 new papers")).unwrap();
    // The battery of the clock is empty, and then it is set right again.
    plan("2026-11-22T01:00:00Z");
    plan("2026-11-23T12:30:00Z");
    let done: Vec<String> = rows(&store).into_iter().filter(|row| row.contains("2026-11-23")).collect();
    assert_eq!(done, ["harvest 2026-11-23T02:00:00Z done 1"]);
}

#[test]
fn a_failure_is_tried_again_later_and_later() {
    let due = Due {
        job: job(Work::Harvest, "0 5 * * *"),
        due: at("2026-11-23T02:00:00Z"),
        from: at("2026-11-23T02:00:00Z"),
        tries: 0,
        is_again: true,
    };
    let now = at("2026-11-23T02:10:00Z");
    let pauses: Vec<i64> = (0..9)
        .map(|tries| again("harvest", &Due { tries, ..due.clone() }, now).duration_since(now).as_mins())
        .collect();
    for (tries, pause) in pauses.iter().enumerate() {
        let base = (5 << tries).min(6 * 60);
        assert!((base..=base * 6 / 5).contains(pause), "{tries}: {pauses:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens (nothing for a while, a run that ends well or badly, one that is cut off, a look again), each
    /// due moment since the first start is spoken for by exactly one row.
    #[test]
    fn each_due_moment_is_spoken_for_once(
        line in prop::sample::select(vec!["0 5 * * *", "0 6 1 * *", "*/30 * * * *", "0 */6 * * 1-5", "15 3 29 2 *", "0 0 31 * *"]),
        is_draft in any::<bool>(),
        zone in prop::sample::select(vec!["Africa/Nairobi", "Africa/Cairo", "Africa/Casablanca", "America/New_York"]),
        steps in prop::collection::vec((0_u8..5, 1_i64..60_000), 1..9),
    ) {
        let store = Store::in_memory().unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let jobs = [job(if is_draft { Work::Draft } else { Work::Harvest }, line)];
        let name = jobs[0].name();
        let start = at("2026-01-15T12:00:00Z");
        plan_all(&store, &jobs, "h", &zone, start).unwrap();
        let mut now = start;
        for (what, minutes) in steps {
            now += SignedDuration::from_mins(minutes);
            plan_all(&store, &jobs, "h", &zone, now).unwrap();
            let due: Vec<JobRow> = store.open_jobs().unwrap().into_iter().filter(|r| moment(&r.due).unwrap() <= now).collect();
            prop_assert!(due.len() <= if is_draft { 3 } else { 1 }, "{due:?}");
            let Some(row) = due.first() else { continue };
            let due = moment(&row.due).unwrap();
            match what {
                0 => {}
                1 => store.begin_job(&name, due, now).unwrap(),
                2 => {
                    store.begin_job(&name, due, now).unwrap();
                    store.end_job(&name, due, now, &JobEnd::failed("no net", now)).unwrap();
                }
                _ => {
                    store.begin_job(&name, due, now).unwrap();
                    store.end_job(&name, due, now, &JobEnd::done("done")).unwrap();
                }
            }
        }
        plan_all(&store, &jobs, "h", &zone, now).unwrap();
        let spoken: u64 = store.job_counts().unwrap().iter().map(|(_, _, moments)| moments).sum();
        let expected = jobs[0].schedule.after(start, &zone).take_while(|due| *due <= now).count() as u64;
        let to_come = u64::from(jobs[0].schedule.next_after(now, &zone).is_some());
        prop_assert_eq!(spoken, expected + to_come);
    }
}

/// Plans, and does all that may begin by then, at a moment of a clock.
fn turn(store: &Store, jobs: &[Job], now: Timestamp) {
    plan_all(store, jobs, "h", &nairobi(), now).unwrap();
    for row in store.open_jobs().unwrap() {
        let job = jobs.iter().find(|job| job.name() == row.name).unwrap();
        let due = due_of(job, &row, now).unwrap();
        if due.from <= now {
            store.begin_job(&row.name, due.due, now).unwrap();
            store.end_job(&row.name, due.due, now, &JobEnd::done("done")).unwrap();
        }
    }
}

#[test]
fn a_clock_that_was_ahead_stands_in_the_way_of_nothing() {
    for (ahead, note) in [
        ("2026-11-23T03:00:00Z", "three days"),
        ("2026-12-30T03:00:00Z", "forty days: the draft of November was written, and is written again in time"),
        ("2027-06-01T03:00:00Z", "months: drafts count as missed that are still to come"),
        ("2099-01-01T00:00:00Z", "the last century day that people write"),
    ] {
        let store = Store::in_memory().unwrap();
        let jobs = [job(Work::Harvest, "0 5 * * *"), job(Work::Draft, "0 6 1 * *")];
        turn(&store, &jobs, at("2026-11-18T12:00:00Z"));
        turn(&store, &jobs, at("2026-11-20T03:00:00Z"));
        turn(&store, &jobs, at(ahead));
        // Right again an hour later, and looked at each morning.
        let mut now = at("2026-11-20T04:00:00Z");
        while now < at("2027-01-03T00:00:00Z") {
            turn(&store, &jobs, now);
            let open = store.open_jobs().unwrap();
            assert!(open.iter().any(|row| row.name == "harvest"), "{note}: something is next at {now}");
            now = now.checked_add(SignedDuration::from_hours(24)).unwrap();
        }
        let all = store.jobs_since(at("2026-11-22T00:00:00Z")).unwrap();
        let is_done = |name: &str, due: &str| {
            all.iter().any(|row| {
                let is_timely = row.finished_at.as_deref().is_some_and(|end| end < "2027-01-04");
                row.name == name && row.due == due && row.state == JobState::Done && is_timely
            })
        };
        for day in 23..=30 {
            assert!(is_done("harvest", &format!("2026-11-{day}T02:00:00Z")), "{note}: {day} November {all:#?}");
        }
        for day in ["2026-12-01", "2027-01-01"] {
            assert!(is_done("draft", &format!("{day}T03:00:00Z")), "{note}: the draft of {day} {all:#?}");
        }
    }
}

#[test]
fn a_clock_that_is_set_back_by_hours_does_nothing_twice() {
    let store = Store::in_memory().unwrap();
    let jobs = [job(Work::Harvest, "0 5 * * *")];
    turn(&store, &jobs, at("2026-11-18T12:00:00Z"));
    turn(&store, &jobs, at("2026-11-20T03:00:00Z"));
    let before = rows(&store);
    turn(&store, &jobs, at("2026-11-19T23:00:00Z"));
    turn(&store, &jobs, at("2026-11-20T03:30:00Z"));
    assert_eq!(rows(&store), before);
}
