//! Schedules against another reading of the same lines: `croner`, which follows the crontab of Vixie.

use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use roundup::config::schedule::Schedule;

/// How many drawn lines are compared.
const DRAWN: u64 = 30_000;
/// How many runs of each line are compared.
const RUNS: usize = 40;

/// Zones with and without clock changes, at midnight, by half an hour, twice around Ramadan.
const ZONES: [&str; 14] = [
    "Africa/Nairobi",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Lagos",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/London",
    "UTC",
];

/// Draws numbers, the same in every run (`splitmix64`).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn one_of<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// Draws a line of five fields.
fn line(draw: &mut Draw) -> String {
    let number = |draw: &mut Draw, low: u64, high: u64| draw.below(high - low + 1) + low;
    let field = |draw: &mut Draw, low: u64, high: u64| match draw.below(6) {
        0 => {
            let (a, b) = (number(draw, low, high), number(draw, low, high));
            format!("{}-{}", a.min(b), a.max(b))
        }
        1 => format!("{},{}", number(draw, low, high), number(draw, low, high)),
        _ => number(draw, low, high).to_string(),
    };
    let minute = field(draw, 0, 59);
    // Half of all hours are those in which clocks change.
    let hour = if draw.below(2) == 0 { draw.one_of(&["0", "1", "2", "3"]).to_owned() } else { field(draw, 0, 23) };
    let day = field(draw, 1, 31);
    let weekday = draw.one_of(&["1", "0", "7", "MON-FRI", "6,0", "2-4", "sat"]);
    match draw.below(3) {
        0 => format!("{minute} {hour} * * *"),
        1 => {
            format!("{minute} {hour} {day} {} *", if draw.below(2) == 0 { "*".to_owned() } else { field(draw, 1, 12) })
        }
        _ => format!("{minute} {hour} * * {weekday}"),
    }
}

/// Returns the runs as we compute them.
fn ours(line: &str, zone: &TimeZone, from: Timestamp, count: usize) -> Vec<Timestamp> {
    Schedule::parse(line).unwrap().after(from, zone).take(count).collect()
}

/// Returns the runs as `croner` computes them.
fn theirs(line: &str, zone: &TimeZone, from: Timestamp, count: usize) -> Vec<Timestamp> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let cron = parser.parse(line).unwrap();
    let from: Zoned = from.to_zoned(zone.clone());
    cron.iter_after(from).take(count).map(|at| at.timestamp()).collect()
}

/// What a line does where a clock changes, and in what `croner` and we differ: it keeps to the clock's own rule
/// only lines with one time a day. Of others it drops the times that are skipped, and runs those that come twice
/// twice; we run each time that a line names once.
#[derive(Debug, PartialEq, Eq)]
enum Why {
    /// We run at the first moment after skipped times.
    AfterGap,
    /// It runs a second time, when the clock shows the same time again.
    SecondPass,
    /// No reason that we know.
    Unknown,
}

/// Returns why a moment stands in one list only.
fn why(at: Timestamp, is_ours: bool, zone: &TimeZone) -> Why {
    let civil = at.to_zoned(zone.clone()).datetime();
    let before = (at - jiff::SignedDuration::from_secs(1)).to_zoned(zone.clone()).datetime();
    let jumps = civil.duration_since(before) > jiff::SignedDuration::from_secs(1);
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    match (is_ours, ambiguous.offset()) {
        (true, _) if jumps => Why::AfterGap,
        (false, jiff::tz::AmbiguousOffset::Fold { .. }) if ambiguous.later().unwrap() == at => Why::SecondPass,
        _ => Why::Unknown,
    }
}

/// Tells whether a line names one time a day.
fn is_of_one_time(line: &str) -> bool {
    line.split(' ').take(2).all(|field| field.parse::<u8>().is_ok())
}

#[test]
fn drawn_lines_come_due_when_croner_says() {
    let mut draw = Draw(20_261_101);
    let (mut compared, mut runs, mut explained, mut wrong) = (0, 0, 0, Vec::new());
    let begin: Timestamp = "2012-01-01T00:00:00Z".parse().unwrap();
    while compared < DRAWN {
        let line = line(&mut draw);
        let name = draw.one_of(&ZONES);
        let zone = TimeZone::get(name).unwrap();
        let from = begin + jiff::SignedDuration::from_mins(i64::try_from(draw.below(23 * 365 * 24 * 60)).unwrap());
        if Schedule::parse(&line).is_err() {
            continue;
        }
        compared += 1;
        let (ours, theirs) = (ours(&line, &zone, from, RUNS), theirs(&line, &zone, from, RUNS));
        assert!(ours.is_sorted_by(|a, b| a < b), "{line} in {name} from {from}: twice, or out of order");
        runs += ours.len();
        // What comes after the end of the shorter list is compared with nothing.
        let until = ours.last().min(theirs.last()).copied().unwrap();
        let only = |these: &[Timestamp], those: &[Timestamp]| -> Vec<Timestamp> {
            these.iter().filter(|t| **t <= until && !those.contains(t)).copied().collect()
        };
        for (at, is_ours) in only(&ours, &theirs)
            .into_iter()
            .map(|at| (at, true))
            .chain(only(&theirs, &ours).into_iter().map(|at| (at, false)))
        {
            if !is_of_one_time(&line) && why(at, is_ours, &zone) != Why::Unknown {
                explained += 1;
            } else {
                let whose = if is_ours { "ours" } else { "croner's" };
                wrong.push(format!("{line} in {name} from {from}: {at} is {whose} alone"));
            }
        }
    }
    println!(
        "schedule: {compared} drawn lines, {runs} runs, {explained} differ by our own rule, {} otherwise",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Days on which clocks or calendars are special: a line, its zone, a moment before, and the next two runs.
const NAMED: &[(&str, &str, &str, &str, [&str; 2])] = &[
    (
        "a skipped time runs at the first moment after",
        "30 2 * * *",
        "America/New_York",
        "2026-03-08T00:00:00Z",
        ["2026-03-08 03:00 -04:00", "2026-03-09 02:30 -04:00"],
    ),
    (
        "a monthly run is not lost to a skipped time",
        "30 2 8 * *",
        "America/New_York",
        "2026-03-01T00:00:00Z",
        ["2026-03-08 03:00 -04:00", "2026-04-08 02:30 -04:00"],
    ),
    (
        "a repeated time runs once, the first time",
        "30 1 * * *",
        "America/New_York",
        "2026-11-01T00:00:00Z",
        ["2026-11-01 01:30 -04:00", "2026-11-02 01:30 -05:00"],
    ),
    (
        "a monthly run at a repeated time runs once",
        "30 1 1 * *",
        "America/New_York",
        "2026-10-15T00:00:00Z",
        ["2026-11-01 01:30 -04:00", "2026-12-01 01:30 -05:00"],
    ),
    (
        "a midnight that does not exist: Cairo",
        "0 0 24 4 *",
        "Africa/Cairo",
        "2026-04-01T00:00:00Z",
        ["2026-04-24 01:00 +03:00", "2027-04-24 00:00 +02:00"],
    ),
    (
        "a midnight that does not exist: São Paulo",
        "0 0 * * *",
        "America/Sao_Paulo",
        "2018-11-03T12:00:00Z",
        ["2018-11-04 01:00 -02:00", "2018-11-05 00:00 -02:00"],
    ),
    (
        "Ramadan: Casablanca sets its clocks back",
        "30 2 * * *",
        "Africa/Casablanca",
        "2026-02-14T12:00:00Z",
        ["2026-02-15 02:30 +01:00", "2026-02-16 02:30 +00:00"],
    ),
    (
        "half an hour: Lord Howe",
        "15 2 * * *",
        "Australia/Lord_Howe",
        "2026-10-03T12:00:00Z",
        ["2026-10-04 02:30 +11:00", "2026-10-05 02:15 +11:00"],
    ),
    (
        "29 February waits for a leap year",
        "0 6 29 2 *",
        "Africa/Nairobi",
        "2026-01-01T00:00:00Z",
        ["2028-02-29 06:00 +03:00", "2032-02-29 06:00 +03:00"],
    ),
    (
        "months without a 31st are passed over",
        "0 6 31 * *",
        "Africa/Nairobi",
        "2026-04-01T00:00:00Z",
        ["2026-05-31 06:00 +03:00", "2026-07-31 06:00 +03:00"],
    ),
    (
        "the year ends",
        "59 23 31 12 *",
        "UTC",
        "2026-12-31T23:58:59Z",
        ["2026-12-31 23:59 +00:00", "2027-12-31 23:59 +00:00"],
    ),
    (
        "the run of this very minute is past",
        "0 6 1 * *",
        "Africa/Nairobi",
        "2026-11-01T03:00:00Z",
        ["2026-12-01 06:00 +03:00", "2027-01-01 06:00 +03:00"],
    ),
];

#[test]
fn named_days_come_due_as_written_and_as_croner_says() {
    for (note, line, name, from, want) in NAMED {
        let zone = TimeZone::get(name).unwrap();
        let from: Timestamp = from.parse().unwrap();
        let found = ours(line, &zone, from, 2);
        let told: Vec<String> =
            found.iter().map(|t| t.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()).collect();
        assert_eq!(told, want, "{note}");
        assert_eq!(found, theirs(line, &zone, from, 2), "{note}");
    }
    println!("schedule: {} named days", NAMED.len());
}

#[test]
fn a_day_that_an_island_left_out_runs_when_the_next_begins() {
    // Samoa had no 30 December 2011. croner loses this run; a run that is due is never lost.
    let zone = TimeZone::get("Pacific/Apia").unwrap();
    let found = ours("0 6 30 12 *", &zone, "2011-12-01T00:00:00Z".parse().unwrap(), 2);
    let told: Vec<String> =
        found.iter().map(|t| t.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()).collect();
    assert_eq!(told, ["2011-12-31 00:00", "2012-12-30 06:00"]);
}
