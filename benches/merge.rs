//! How fast `roundup dedupe` finds the doubles of a batch: records a second, peak memory, and how
//! many of the invented doubles it found. `cargo bench --bench merge [-- SIZE…]`
//!
//! Without sizes: 10,000 and 100,000 records. A million: `cargo bench --bench merge -- 1000000`.
//! `-- --write FILE SIZE` only writes the records, to time the command by other means.

mod bibliography;

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use roundup::fsx;

/// Sizes that are timed when none is named.
const SIZES: &[u64] = &[10_000, 100_000];

/// How often each size is timed; the middle one counts.
const ROUNDS: usize = 3;

/// How often the memory of the command is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let named: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [flag, path, size] = named.as_slice()
        && flag == "--write"
    {
        let studies = write(Path::new(path), size.parse()?)?;
        println!("{path}: {size} records of {studies} studies");
        return Ok(());
    }
    let sizes = named.iter().map(|a| a.parse()).collect::<Result<Vec<u64>, _>>()?;
    let folder = tempfile::tempdir()?;
    println!("  records   seconds   records/s   peak memory   doubles found");
    for size in if sizes.is_empty() { SIZES } else { &sizes } {
        let path = folder.path().join("records.jsonl");
        let studies = write(&path, *size)?;
        let mut runs = Vec::new();
        for _ in 0..ROUNDS {
            runs.push(timed(&path)?);
        }
        runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let Some(run) = runs.get(ROUNDS / 2) else { continue };
        // Counts of records are far from where a number of this kind loses digits.
        #[expect(clippy::cast_precision_loss, reason = "a count of records")]
        let per_second = *size as f64 / run.seconds;
        let found = size - run.studies;
        let peak = run.peak_mb.map_or("unknown".to_owned(), |mb| format!("{mb} MB"));
        println!("{size:9} {:9.2} {per_second:11.0} {peak:>13} {found:9} of {}", run.seconds, size - studies);
    }
    Ok(())
}

/// Writes so many invented records and returns how many studies they are.
fn write(path: &Path, size: u64) -> Result<u64, Box<dyn Error>> {
    let mut records = Vec::new();
    let studies = bibliography::write(size, &mut records)?;
    fsx::write_atomic(path, &records)?;
    Ok(studies)
}

/// One run of the command.
struct Run {
    seconds: f64,
    studies: u64,
    peak_mb: Option<u64>,
}

/// Runs the command on a file, its table thrown away.
fn timed(path: &Path) -> Result<Run, Box<dyn Error>> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_roundup"))
        .args(["--json", "dedupe"])
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let peak_mb = watch(&mut child)?;
    let output = child.wait_with_output()?;
    let seconds = start.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("roundup dedupe ended with {}", output.status).into());
    }
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let studies = summary.get("studies").and_then(serde_json::Value::as_u64).ok_or("no count of studies")?;
    Ok(Run { seconds, studies, peak_mb })
}

/// Waits for a command and returns the most memory it had, in MB, where the system tells.
fn watch(child: &mut Child) -> Result<Option<u64>, Box<dyn Error>> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        let text = fsx::read_text(Path::new(&status)).unwrap_or_default();
        let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kilobytes.map(|kb| kb >> 10));
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(peak)
}
