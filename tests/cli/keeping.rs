//! `backup`, `restore`, `verify` and what `doctor` says of them, as people use them.

use std::fs;
use std::path::Path;

use roundup::store::{DaemonLock, WriterLock};

use crate::support::mailing::{Fault, Mailing};
use crate::support::{Bench, Ran};

/// A home with some papers in it.
pub fn home() -> Bench {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    let paper = |n: usize| {
        format!(
            "{{\"id\":\"p{n}\",\"title\":\"Postnatal depression of mothers in place {n} of Kenya\",\"year\":2026}}\n"
        )
    };
    bench.write("papers.jsonl", (0..5).map(paper).collect::<String>());
    assert_eq!(bench.run(&["--home", "home", "import", "papers.jsonl"]).code, 0);
    assert_eq!(bench.run(&["--home", "home", "draft", "2026-10"]).code, 0);
    bench
}

/// Runs a command in the home.
pub fn run(bench: &Bench, args: &[&str]) -> Ran {
    bench.run(&[&["--home", "home"], args].concat())
}

/// Returns the backups of a home by name.
fn backups(bench: &Bench) -> Vec<String> {
    let entries = roundup::fsx::entries_in(&bench.path().join("home/backups")).unwrap();
    entries.into_iter().map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_home_is_copied_lost_and_put_back() {
    let bench = home();
    let none = run(&bench, &["restore"]);
    assert!(none.code == 1 && none.out.contains("there is no backup yet"), "{}", none.all());
    let made = run(&bench, &["backup"]);
    assert_eq!(made.code, 0, "{}", made.all());
    for words in ["backup: ", "5 papers", "0 issues", "looked through", "not in it: keys/", "same disk"] {
        assert!(made.out.contains(words), "{words} is missing in\n{}", made.out);
    }
    let name = backups(&bench).remove(0);
    assert_eq!(name, "backup-2026-11-01T030000Z");
    let listed = run(&bench, &["restore"]);
    assert!(listed.code == 0 && listed.out.contains("2026-11-01 03:00 UTC  5 papers"), "{}", listed.all());
    let next = format!("To put the newest back: roundup --home home restore {name}\n");
    assert!(listed.out.contains(&next), "{}", listed.all());
    let draft = fs::read(bench.path().join("home/drafts/2026-10.toml")).unwrap();
    bench.write("home/drafts/2026-10.toml", "lost");
    let asked = run(&bench, &["restore", &name]);
    assert!(asked.code == 1 && asked.err.contains("run it with --yes"), "{}", asked.all());
    let dry = run(&bench, &["restore", &name, "--dry-run"]);
    assert!(dry.code == 0 && dry.out.contains("it would be put into home, after what is there"), "{}", dry.all());
    assert_eq!(fs::read(bench.path().join("home/drafts/2026-10.toml")).unwrap(), b"lost");
    let back = run(&bench, &["restore", &name, "--yes"]);
    assert_eq!(back.code, 0, "{}", back.all());
    assert!(
        back.out.contains("what was there before is kept in home/backups/backup-2026-11-01T030000Z-2"),
        "{}",
        back.all()
    );
    assert_eq!(fs::read(bench.path().join("home/drafts/2026-10.toml")).unwrap(), draft);
    let found = run(&bench, &["search", "postnatal depression"]);
    assert!(found.code == 0 && !found.err.contains("building"), "the index is there: {}", found.all());
    let verified = run(&bench, &["verify", "--all"]);
    assert!(verified.code == 0 && !verified.out.contains('✗'), "{}", verified.all());
    let elsewhere = run(&bench, &["restore", &format!("home/backups/{name}"), "--into", "new"]);
    assert!(elsewhere.code == 0 && bench.path().join("new/feeds.toml").is_file(), "{}", elsewhere.all());
    let checked = run(&bench, &["backup", "--check", &name]);
    assert!(checked.code == 0 && checked.out.contains("is whole"), "{}", checked.all());
    let json = run(&bench, &["backup", "stick", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["path"], "stick/backup-2026-11-01T030000Z");
    fs::write(bench.path().join("home/backups").join(&name).join("home").join("feeds.toml"), "x").unwrap();
    let refused = run(&bench, &["restore", &name, "--yes"]);
    assert!(refused.code == 2 && refused.err.contains("feeds.toml is not what was copied"), "{}", refused.all());
}

#[test]
fn a_backup_works_where_the_settings_are_wrong() {
    let bench = home();
    bench.write("home/feeds.toml", "this is [ no TOML");
    assert_eq!(run(&bench, &["status"]).code, 2);
    let made = run(&bench, &["backup"]);
    assert_eq!(made.code, 0, "{}", made.all());
    let name = backups(&bench).remove(0);
    // The settings come back as they were: the search waits until they are right.
    let back = run(&bench, &["restore", &name, "--yes"]);
    let is_told = back.err.contains("the home is the one of the backup, but its search index could not be built");
    assert!(back.code == 3 && is_told && back.err.contains("`roundup check` lists what"), "{}", back.all());
}

#[test]
fn who_is_at_work_is_not_disturbed() {
    let bench = home();
    assert_eq!(run(&bench, &["backup"]).code, 0);
    let data = bench.path().join("home/data");
    let restore = ["restore", "backup-2026-11-01T030000Z", "--yes"];
    let writer = WriterLock::take(&data).unwrap();
    assert_eq!(run(&bench, &restore).code, 75);
    let made = run(&bench, &["backup", "elsewhere"]);
    assert_eq!(made.code, 0, "a backup needs nobody to stop: {}", made.all());
    assert_eq!(run(&bench, &["verify"]).code, 0, "nor does a look");
    drop(writer);
    let daemon = DaemonLock::take(&data).unwrap();
    // Before anybody is asked, too.
    for restore in [&restore[..], &["restore", "backup-2026-11-01T030000Z"]] {
        let refused = run(&bench, restore);
        let says = refused.err.contains("a daemon is at work here already") && refused.err.contains("end it first");
        let is_asked = refused.err.contains("--yes");
        assert!(refused.code == 75 && says && !is_asked, "{}", refused.all());
    }
    let doctor = run(&bench, &["doctor"]);
    assert!(doctor.out.contains("daemon: at work (process"), "{}", doctor.all());
    drop(daemon);
    assert_eq!(run(&bench, &restore).code, 0);
}

#[test]
fn a_restore_that_was_cut_off_is_finished_by_whoever_comes_next() {
    let bench = home();
    // As it lies after a cut between the plan and the first move.
    bench.write("home/.restoring/new/topics.toml", fs::read(bench.path().join("home/topics.toml")).unwrap());
    bench.write("home/.restoring/new/pubmed-query.txt", "# of the backup\npostnatal");
    let plan = r#"{"v":1,"units":[{"name":"index","comes":false},{"name":"pubmed-query.txt","comes":true},
        {"name":"topics.toml","comes":true}],"keep_as":null}"#;
    bench.write("home/.restoring/plan.json", plan);
    let lock = WriterLock::take(&bench.path().join("home/data")).unwrap();
    assert_eq!(run(&bench, &["status"]).code, 75, "the one who restores is still at it");
    drop(lock);
    let ran = run(&bench, &["status"]);
    assert!(ran.code == 0 && ran.err.contains("a restore was cut off here; it is finished now"), "{}", ran.all());
    let query = fs::read_to_string(bench.path().join("home/pubmed-query.txt")).unwrap();
    assert!(query.contains("of the backup") && !bench.path().join("home/.restoring").exists());
    assert!(ran.out.contains("missing; `roundup reindex`"), "{}", ran.all());
}

/// Gives a database another schema number by its place in the head of the file.
fn put_schema(database: &Path, version: u8) {
    let mut bytes = fs::read(database).unwrap();
    bytes[63] = version;
    fs::write(database, bytes).unwrap();
}

#[test]
fn a_newer_database_is_refused_by_every_command_and_left_as_it_is() {
    let bench = home();
    let database = bench.path().join("home/data/roundup.db");
    assert_eq!(run(&bench, &["backup"]).code, 0);
    put_schema(&database, 99);
    let before = fs::read(&database).unwrap();
    for args in [
        &["status"][..],
        &["verify"],
        &["backup"],
        &["rebuild"],
        &["reindex"],
        &["run"],
        &["harvest"],
        &["draft", "2026-10"],
        &["check", "2026-10"],
        &["render", "2026-10"],
        &["import", "papers.jsonl"],
        &["explain", "p1"],
        &["merge"],
        &["choose", "--log"],
        &["retag", "--dry-run"],
    ] {
        let ran = run(&bench, args);
        assert!(ran.code == 2, "{args:?}: {}", ran.all());
        assert!(!ran.err.contains("Usage:"), "{args:?} is no command: {}", ran.err);
        assert!(ran.err.contains("was written by a newer roundup (schema 99"), "{args:?}: {}", ran.all());
        assert_eq!(ran.err.matches("newer roundup").count(), 1, "{args:?}: {}", ran.err);
    }
    assert!(fs::read(&database).unwrap() == before, "not a byte was changed");
    let doctor = run(&bench, &["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("newer roundup"), "{}", doctor.all());
    assert_eq!(
        run(&bench, &["restore", "backup-2026-11-01T030000Z", "--yes"]).code,
        0,
        "a backup goes in all the same"
    );
    assert_eq!(run(&bench, &["verify"]).code, 0);
}

#[test]
fn an_older_database_is_copied_and_said_to_be() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    fs::create_dir_all(bench.path().join("home/data")).unwrap();
    let old = rusqlite::Connection::open(bench.path().join("home/data/roundup.db")).unwrap();
    old.execute_batch(include_str!("../../src/store/schema/001_begin.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let looked = run(&bench, &["status"]);
    assert!(looked.code == 2 && looked.err.contains("was written by an older roundup"), "{}", looked.all());
    assert!(!bench.path().join("home/backups").exists());
    let ran = run(&bench, &["rebuild"]);
    let said = ran.err.contains("is brought up to date (schema 1 to") && ran.err.contains("backups/before-schema-");
    assert!(ran.code == 0 && said, "{}", ran.all());
    assert_eq!(backups(&bench).len(), 1);
    assert!(!run(&bench, &["rebuild"]).err.contains("up to date"), "once");
}

#[test]
fn doctor_says_how_the_home_is_kept() {
    let bench = home();
    bench.write("home/keys/mailchimp", "0123sesame-us21");
    let doctor = run(&bench, &["doctor"]);
    let has = |ran: &Ran, line: &str| assert!(ran.out.lines().any(|l| l.contains(line)), "{line} in\n{}", ran.all());
    has(&doctor, "✗ backup: there is none in home/backups; `roundup backup` makes one");
    has(&doctor, "✓ daemon: none is at work");
    has(&doctor, "✓ clock: Sun 01 Nov 2026");
    #[cfg(unix)]
    has(&doctor, "chmod 600 'home/keys/mailchimp'");
    assert!(doctor.code == 1 && !doctor.out.contains("sesame"));
    assert_eq!(run(&bench, &["backup"]).code, 0);
    let doctor = run(&bench, &["doctor"]);
    has(&doctor, "✓ backup: the newest is less than an hour old");
    has(&doctor, "database: whole; ");
    has(&doctor, " free, the database has ");
}

#[test]
fn doctor_asks_those_that_the_issue_goes_to_before_the_day_on_which_it_counts() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mailing = runtime.block_on(Mailing::start());
    let bench = Bench::new();
    let none = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = |list: &str| {
        format!(
            "[roundup]\ncommunity = \"C\"\nname = \"N\"\ncontact = \"c@example.org\"\n\
             [publish.mailchimp]\nlist = \"{list}\"\nfrom-name = \"N\"\nreply-to = \"c@example.org\"\naddress = \"{at}\"\n\
             allow-private = true\n[publish.listmonk]\naddress = \"{at}\"\nuser = \"roundup\"\nlists = [1]\n\
             allow-private = true\n[reminders]\nto = [\"a@example.org\"]\nserver = \"localhost:{none}\"\n",
            at = mailing.address()
        )
    };
    bench.write("feeds.toml", settings("a1b2c3d4e5"));
    bench.write("keys/listmonk", "sesame-us21");
    bench.write("keys/mailchimp", "0123sesame-us21");
    #[cfg(unix)]
    for key in ["mailchimp", "listmonk"] {
        use std::os::unix::fs::PermissionsExt;
        let path = bench.path().join("keys").join(key);
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    // There is no database yet: it is asked all the same.
    let ran = bench.run(&["doctor", "--online"]);
    let has = |ran: &Ran, line: &str| assert!(ran.out.lines().any(|l| l.contains(line)), "{line} in\n{}", ran.all());
    has(&ran, "✓ mailchimp: Mailchimp takes the key; its list is “Members of the [31mcommunity”");
    has(&ran, "✓ listmonk: listmonk takes the key; it names its campaigns");
    has(&ran, "✗ reminders: the mail server localhost cannot be used: ");
    assert!(!ran.out.contains("help:"), "one line each: {}", ran.all());
    assert!(ran.code == 1 && !ran.all().contains("sesame"), "{}", ran.all());
    assert!(mailing.asked().iter().all(|asked| asked.verb == "GET"), "nothing is changed");
    bench.write("feeds.toml", settings("another"));
    mailing.next(&[Fault::None, Fault::WrongKey]);
    let ran = bench.run(&["doctor", "--online"]);
    has(&ran, "✗ mailchimp: Mailchimp knows no such list, or no such address");
    has(&ran, "✗ listmonk: listmonk does not let the key in");
    assert!(!ran.all().contains("sesame"), "{}", ran.all());
}
