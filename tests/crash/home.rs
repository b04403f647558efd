//! A home to break things in: small, quickly read, copied from one that was prepared once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// When the commands are run, as they are told.
pub const NOW: &str = "2026-11-01T03:00:00Z";
/// A day before, when what is needed beforehand was made.
pub const EARLIER: &str = "2026-10-31T03:00:00Z";
/// The backup that was made then.
pub const BACKUP: &str = "backup-2026-10-31T030000Z";
/// The issue of that day.
pub const MONTH: &str = "2026-10";
/// Where files lie in memory, on systems that have such a place.
const MEMORY: &str = "/dev/shm";
/// Begins the names of our folders there; the number of the process follows.
const PREFIX: &str = "roundup-crash-";
/// Longest that a command may take before it counts as one that hangs.
const LONGEST: Duration = Duration::from_mins(2);
/// Pause between two looks whether a command has ended.
const LOOK: Duration = Duration::from_millis(1);

const FEEDS: &str = r#"[roundup]
community = "Example"
name = "Example Roundup"
contact = "us@example.org"

[draft]
items = 4
more = 1
candidates = 5

[publish]
to = ["folder"]
folder = { path = "www" }

[[source]]
id = "drop"
name = "Dropped files"
kind = "folder"
path = "inbox"
"#;

/// Rules that are quickly read, and know what the papers here are about.
const TOPICS: &str = r#"[[topic]]
id = "evidence"
name = "Evidence"
blurb = "Studies"
  [[topic.rule]]
  name = "study"
  rank = 20
  words = ["depression"]
[[topic]]
id = "advocacy"
name = "Advocacy"
blurb = "Words"
  [[topic.rule]]
  name = "policy"
  rank = 10
  words = ["policy"]
[[gate]]
tag = "perinatal"
words = ["postnatal", "mothers"]
[[gate]]
tag = "mental-health"
words = ["depression"]
[[design]]
tag = "rct"
words = ["randomised trial"]
[[design]]
tag = "cohort"
words = ["cohort"]
"#;

const COUNTRIES: &str = "iso3,iso2,name,income,region,aliases,demonyms,places,weak,traps,lmic,income_fy26,lmic_last_fy,wb_name\n\
                         KEN,KE,Kenya,LMC,SSA,,Kenyan,Nairobi,,,1,LMC,FY27,Kenya\n";

const LEXICON: &str = "[[concept]]\nid = \"postnatal\"\nen = [\"postnatal\", \"postpartum\"]\n";

/// When the daemon harvests and drafts: both are due at [`NOW`], and neither was [`EARLIER`].
const SCHEDULE: &str = "\n[schedule]\nharvest = \"0 2 * * *\"\ndraft = \"30 2 1 * *\"\n";

/// Returns a paper as a line of JSON. Papers of one number in two sets are one study.
fn paper(set: &str, n: usize, words: &str) -> String {
    let design = ["Cluster randomised trial", "Cohort study", "Policy brief"][n % 3];
    format!(
        "{{\"id\":\"{set}{n}\",\"doi\":\"10.5555/crash.{n}\",\"title\":\"{design} number {n} for mothers with postnatal \
         depression in Kenya\",\"authors\":[\"Author{n} Maria\"],\"published\":\"2026-10-{:02}\",\"entered\":\"2026-10-06\",\
         \"url\":\"https://example.org/{n}\",\"abstract\":\"We studied postnatal depression of mothers in place {n} of \
         Kenya. {words} We found that groups help.\"}}\n",
        n + 2
    )
}

/// Returns the files that a home begins with.
fn settings() -> Vec<(&'static str, String)> {
    vec![
        ("feeds.toml", FEEDS.to_owned()),
        ("topics.toml", TOPICS.to_owned()),
        ("countries.csv", COUNTRIES.to_owned()),
        ("lexicon.toml", LEXICON.to_owned()),
        ("a.jsonl", (0..7).map(|n| paper("a", n, "")).collect()),
        // Some are known from the first file, the others are new.
        ("b.jsonl", (5..10).map(|n| paper("b", n, "They were many.")).collect()),
    ]
}

/// What a database of the first schema held: two works of one record each, one of which was joined to another, and
/// what people said of them.
const OF_FIRST_SCHEMA: &str = r#"
    INSERT INTO work VALUES ('waaaaaaaaaaa', 1, NULL, 1), ('wbbbbbbbbbbb', 2, 'waaaaaaaaaaa', 2), ('wddddddddddd', 5, NULL, 4);
    INSERT INTO record VALUES ('s', 'a', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{"id":"a","source":"s","title":"One study of mothers with depression"}'),
        ('s', 'b', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{"id":"b","source":"s","title":"One study of mothers with depression"}'),
        ('s', 'd', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{"id":"d","source":"s","title":"Four mothers with postnatal depression"}');
    INSERT INTO member VALUES ('s', 'a', 'waaaaaaaaaaa', 4, 'first', NULL), ('s', 'b', 'waaaaaaaaaaa', 6, 'alike', NULL),
        ('s', 'd', 'wddddddddddd', 7, 'first', NULL);
    INSERT INTO identifier VALUES ('doi', '10.5555/a', 'waaaaaaaaaaa');
    INSERT OR REPLACE INTO meta (key, value) VALUES ('next', '7'), ('revision', '4');
    INSERT INTO verdict VALUES ('waaaaaaaaaaa', 'wddddddddddd', 'different', 'someone', '2026-10-03T00:00:00Z');
    INSERT INTO tag_override VALUES ('waaaaaaaaaaa', 'scope', 'maybe', 'add', 'first', '2026-10-01T00:00:00Z');
    PRAGMA user_version = 1;
"#;

/// How far a home is made before something is tried in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Settings and files to take in.
    Bare,
    /// Papers were taken in.
    Gathered,
    /// Two of them were said to be one.
    Answered,
    /// There are other rules now.
    OtherRules,
    /// There is a draft.
    Drafted,
    /// A person wrote in it, and other papers came since.
    Edited,
    /// The issue was made.
    Made,
    /// It was published in a folder, and then its draft and it were changed.
    Published,
    /// As published, and then a paper was taken out of the draft.
    Fewer,
    /// As gathered, with files in the inbox.
    Dropped,
    /// As dropped, with a timetable of which nothing was due yet.
    Timetabled,
    /// An issue was made, then a backup, and then other papers came and a person wrote in the draft.
    Backed,
    /// There is a key to sign packs with.
    Keyed,
    /// A member's: packs of others, of which nothing was fetched yet.
    Packed,
    /// A member's copy, and one more pack since.
    Synced,
    /// A database of the first schema, with what a person said.
    FirstSchema,
}

/// A home of one's own, thrown away at the end.
pub struct Case {
    folder: tempfile::TempDir,
    home: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it said on standard error.
    pub err: String,
}

impl Ended {
    /// Returns all of it for a message.
    pub fn all(&self) -> String {
        format!("exit {:?}\n--- out\n{}--- err\n{}", self.code, self.out, self.err)
    }
}

impl Case {
    /// Returns an empty one, in memory where the system has such a place: nothing here outlives the test, and a power
    /// cut is not what is played.
    fn empty() -> Self {
        let made = tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", std::process::id())).tempdir_in(MEMORY);
        let folder = made.or_else(|_| tempfile::tempdir()).unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        Self { folder, home }
    }

    /// Returns a fresh copy of a stage.
    pub fn at(stage: Stage) -> Self {
        let case = Self::empty();
        copy(&prepared(stage).home(), &case.home());
        case
    }

    /// Returns where the home lies.
    pub fn home(&self) -> PathBuf {
        self.home.clone()
    }

    /// Puts the home into another folder, such as a disk of its own.
    pub fn moved_into(self, folder: &Path) -> Self {
        let home = folder.join("home");
        copy(&self.home, &home);
        Self { folder: self.folder, home }
    }

    /// Lets its files and folders be written, or not.
    pub fn let_write(&self, may_write: bool) {
        let mut all = folders_below(&self.home);
        all.extend(files_below(&self.home));
        for path in all {
            let mode = match (path.is_dir(), may_write) {
                (true, true) => 0o755,
                (true, false) => 0o555,
                (false, true) => 0o644,
                (false, false) => 0o444,
            };
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        }
    }

    /// Returns a place beside the home.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the home.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.home().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Returns a command that is run in the home, with nothing in its environment but the time.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundup"));
        command.args(args).current_dir(self.home()).env_clear().env("ROUNDUP_NOW", NOW).env("USER", "tester");
        command
    }

    /// Starts a command; what it says goes to files beside the home.
    pub fn begin(&self, mut command: Command) -> Begun {
        let to = |name: &str| fs::File::create(self.beside(name)).unwrap();
        command.stdin(Stdio::null()).stdout(to("out")).stderr(to("err"));
        Begun { child: command.spawn().unwrap() }
    }

    /// Waits for a command and returns how it ended; one that hangs is ended and is a failure.
    pub fn end(&self, mut begun: Begun) -> Ended {
        let until = Instant::now() + LONGEST;
        let status = loop {
            if let Some(status) = begun.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "it hangs: {}", self.said("err"));
            std::thread::sleep(LOOK);
        };
        self.ended(status)
    }

    /// Returns what a command that has ended gave.
    pub fn ended(&self, status: ExitStatus) -> Ended {
        Ended { code: status.code(), out: self.said("out"), err: self.said("err") }
    }

    /// Returns what was said, with one name for the home wherever it lies.
    fn said(&self, name: &str) -> String {
        let said = String::from_utf8_lossy(&fs::read(self.beside(name)).unwrap_or_default()).into_owned();
        said.replace(&self.home.display().to_string(), "HOME")
    }

    /// Runs a command to its end, with a plan of faults.
    pub fn run(&self, args: &[&str], plan: &str) -> Ended {
        let mut command = self.command(args);
        if !plan.is_empty() {
            command.env("ROUNDUP_FAULT", plan);
        }
        self.end(self.begin(command))
    }

    /// Runs a command that must do what it is asked.
    pub fn must(&self, args: &[&str]) -> Ended {
        let ended = self.run(args, "");
        assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.all());
        ended
    }

    /// Runs a command a day before; it must do what it is asked.
    pub fn must_earlier(&self, args: &[&str]) {
        let mut command = self.command(args);
        command.env("ROUNDUP_NOW", EARLIER);
        let ended = self.end(self.begin(command));
        assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.all());
    }

    /// Makes files that were left half written as old as they are when somebody comes back: the next start removes
    /// none that may be somebody's work of this minute.
    pub fn let_time_pass(&self) {
        let now: jiff::Timestamp = NOW.parse().unwrap();
        let then = std::time::SystemTime::from(now) - Duration::from_hours(2);
        for path in files_below(&self.home()) {
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(".roundup-")) {
                fs::File::options().append(true).open(path).unwrap().set_modified(then).unwrap();
            }
        }
    }
}

/// A command that runs. It is ended when it is dropped, so that none outlives its test.
pub struct Begun {
    /// The process.
    pub child: Child,
}

impl Drop for Begun {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns every file below a folder, in order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { out.extend(files_below(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

/// Returns a folder and every folder below it.
fn folders_below(folder: &Path) -> Vec<PathBuf> {
    let inner = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.is_dir());
    let mut out: Vec<PathBuf> = inner.flat_map(|p| folders_below(&p)).collect();
    out.push(folder.to_owned());
    out
}

/// Copies what lies in a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns a stage, made when it is first asked for.
fn prepared(stage: Stage) -> Arc<Case> {
    static MADE: OnceLock<Mutex<BTreeMap<Stage, Arc<Case>>>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        sweep();
        Mutex::default()
    });
    if let Some(case) = made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&stage) {
        return Arc::clone(case);
    }
    // Two that ask at once both make it, and one is thrown away.
    let case = Arc::new(make(stage));
    Arc::clone(made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).entry(stage).or_insert(case))
}

/// Removes what tests before left in memory: stages are kept to the end of a process, and nobody drops them then.
fn sweep() {
    for path in fs::read_dir(MEMORY).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let pid = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            // Another process may be at it as well.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Makes a stage.
fn make(stage: Stage) -> Case {
    let from = |before: Stage| Case::at(before);
    match stage {
        Stage::Bare => {
            let case = Case::empty();
            for (name, text) in settings() {
                case.write(name, &text);
            }
            case
        }
        Stage::Gathered => {
            let case = from(Stage::Bare);
            case.must(&["import", "a.jsonl"]);
            case
        }
        Stage::Answered => {
            let case = from(Stage::Gathered);
            let ids = ids(&case);
            case.must(&["merge", "same", &ids[0], &ids[1]]);
            case
        }
        Stage::OtherRules => {
            let case = from(Stage::Gathered);
            case.write("topics.toml", &TOPICS.replace("[\"policy\"]", "[\"cohort\", \"policy\"]"));
            case
        }
        Stage::Drafted => {
            let case = from(Stage::Gathered);
            case.must(&["draft"]);
            case
        }
        Stage::Edited => {
            let case = from(Stage::Drafted);
            edit(&case);
            case.must(&["import", "b.jsonl"]);
            case
        }
        Stage::Dropped => {
            let case = from(Stage::Gathered);
            case.write("inbox/new.jsonl", &fs::read_to_string(case.home().join("b.jsonl")).unwrap());
            case.write("inbox/broken.ris", "%PDF-1.4 this is no list of papers");
            case
        }
        Stage::Timetabled => {
            let case = from(Stage::Dropped);
            case.write("feeds.toml", &format!("{FEEDS}{SCHEDULE}"));
            case.must_earlier(&["daemon", "--once"]);
            case
        }
        Stage::FirstSchema => {
            let case = from(Stage::Bare);
            fs::create_dir(case.home().join("data")).unwrap();
            let old = rusqlite::Connection::open(case.home().join("data/roundup.db")).unwrap();
            old.execute_batch(include_str!("../../src/store/schema/001_begin.sql")).unwrap();
            old.execute_batch(OF_FIRST_SCHEMA).unwrap();
            case
        }
        Stage::Keyed => {
            let case = from(Stage::Gathered);
            case.must(&["pack", "--new-key", "secret.key"]);
            case
        }
        Stage::Packed | Stage::Synced => make_copy(stage),
        Stage::Made | Stage::Published | Stage::Fewer | Stage::Backed => make_issue(stage),
    }
}

/// Makes a member's folder: the packs of others alone, or a copy of them and one more pack since.
fn make_copy(stage: Stage) -> Case {
    let secretariat = Case::at(Stage::Keyed);
    secretariat.must(&["pack", "--key", "secret.key"]);
    let case = Case::empty();
    let take = || copy(&secretariat.home().join("out/packs"), &case.home().join("packs-of-others"));
    take();
    if stage == Stage::Synced {
        case.must(&["sync", "packs-of-others", "--yes"]);
        secretariat.must(&["import", "b.jsonl"]);
        secretariat.must(&["pack", "--key", "secret.key"]);
        take();
    }
    case
}

/// Makes a stage that has an issue: made, unless it is one of those that follow.
fn make_issue(stage: Stage) -> Case {
    match stage {
        Stage::Published => {
            let case = Case::at(Stage::Made);
            case.must(&["publish", MONTH]);
            edit(&case);
            case.must(&["render", MONTH]);
            case
        }
        Stage::Backed => {
            let case = Case::at(Stage::Made);
            case.must_earlier(&["backup"]);
            edit(&case);
            case.must(&["import", "b.jsonl"]);
            case
        }
        Stage::Fewer => {
            let case = Case::at(Stage::Published);
            let name = format!("drafts/{MONTH}.toml");
            let text = fs::read_to_string(case.home().join(&name)).unwrap();
            let begin = text.rfind("\n[[item]]").unwrap() + 1;
            let end = begin + 1 + text[begin + 1..].find("\n[[").unwrap();
            case.write(&name, &format!("{}{}", &text[..begin], &text[end..]));
            case
        }
        _ => {
            let case = Case::at(Stage::Drafted);
            case.must(&["render", MONTH]);
            case
        }
    }
}

/// Writes a note and a word of one's own into the draft, as a person does.
fn edit(case: &Case) {
    let name = format!("drafts/{MONTH}.toml");
    let text = fs::read_to_string(case.home().join(&name)).unwrap();
    let edited = text.replacen("why = \"\"", "why = \"Clinic staff can do it.\"", 1).replacen(
        "note = \"\"\"\n\"\"\"",
        "note = \"\"\"\nThree papers stood out.\n\"\"\"",
        1,
    );
    assert_ne!(edited, text, "there was something to edit: {text}");
    case.write(&name, &edited);
}

/// Returns the ids of the papers of a home, in order.
pub fn ids(case: &Case) -> Vec<String> {
    let database = rusqlite::Connection::open(case.home().join("data/roundup.db")).unwrap();
    let mut statement = database.prepare("SELECT DISTINCT work_id FROM member ORDER BY work_id").unwrap();
    statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}
