//! Copies while others write, and before the schema changes.

use super::*;

/// Makes a database as the first `steps` steps of the schema leave it, with a row that each of them keeps.
fn of_schema(path: &Path, steps: usize) {
    fsx::make_folder(path.parent().unwrap()).unwrap();
    let old = Connection::open(path).unwrap();
    for step in SCHEMA.iter().take(steps) {
        old.execute_batch(step).unwrap();
    }
    old.pragma_update(None, "user_version", steps).unwrap();
    let rows = "INSERT INTO meta (key, value) VALUES ('mark', 'kept');
        INSERT INTO work (id, born, redirect, revision) VALUES ('waaaaaaaaaaa', 1, NULL, 1);
        INSERT INTO record VALUES ('s', 'a', 1, NULL, '2026-10-01T00:00:00Z', 'x', '{\"id\":\"a\",\"source\":\"s\",\"title\":\"One\"}');
        INSERT INTO draft_base VALUES ('2026-10', 'text', '2026-11-01T06:00:00Z');";
    old.execute_batch(rows).unwrap();
}

/// Returns what a query gives.
fn text_in(path: &Path, query: &str) -> String {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.query_row(query, [], |r| r.get(0)).unwrap()
}

#[test]
fn a_database_of_every_older_schema_is_copied_and_then_brought_up_to_date() {
    for steps in 1..SCHEMA.len() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data/roundup.db");
        of_schema(&path, steps);
        let store = Store::open(&path).unwrap();
        let migrated = store.migrated().unwrap().clone();
        assert_eq!((migrated.from, migrated.to), (steps, SCHEMA.len()));
        let name = format!("backups/before-schema-{:03}-was-{steps:03}.db", SCHEMA.len());
        assert_eq!(migrated.copy, home.path().join(name), "beside the data folder");
        let kept = look_through(&migrated.copy).unwrap();
        assert_eq!((kept.schema, kept.problems.as_slice()), (steps, &[][..]));
        for file in [&migrated.copy, &path] {
            assert_eq!(text_in(file, "SELECT value FROM meta WHERE key = 'mark'"), "kept", "schema {steps}");
            assert_eq!(text_in(file, "SELECT text FROM draft_base"), "text", "schema {steps}");
            assert_eq!(text_in(file, "SELECT id FROM work"), "waaaaaaaaaaa", "schema {steps}");
        }
        assert_eq!(store.integrity_problems().unwrap(), Vec::<String>::new(), "schema {steps}");
        drop(store);
        assert_eq!(Store::open(&path).unwrap().migrated(), None, "once");
    }
}

#[test]
fn a_step_that_fails_leaves_the_database_to_the_program_from_before() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data/roundup.db");
    let before = SCHEMA.len() - 2;
    of_schema(&path, before);
    let mut steps = SCHEMA.to_vec();
    steps.push("CREATE TABLE one (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);");
    let conn = Connection::open(&path).unwrap();
    let store = Store { conn, path: path.clone(), migrated: None };
    assert!(store.migrate(&steps).is_err());
    drop(store);
    let found = look_through(&path).unwrap();
    assert_eq!(found.schema, before, "the steps that went well are taken back too");
    assert!(!found.tables.contains_key("one") && found.problems.is_empty());
    let old = Connection::open(&path).unwrap();
    let store = Store { conn: old, path: path.clone(), migrated: None };
    assert_eq!(store.migrate(&SCHEMA[..before]).unwrap(), None, "the program from before reads it");
    drop(store);
    assert!(Store::open(&path).unwrap().migrated().is_some(), "and a program whose steps are right goes on");
}

#[test]
fn without_a_copy_nothing_is_changed() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("data/roundup.db");
    of_schema(&path, 3);
    fsx::write_atomic(&home.path().join("backups"), b"a file where the folder belongs").unwrap();
    let before = fsx::read(&path).unwrap();
    assert!(Store::open(&path).is_err());
    let conn = Connection::open(&path).unwrap();
    assert_eq!(schema_of(&conn).unwrap(), 3);
    // SQLite notes in the head of the file that it is written with a log; the rest is as it was.
    assert_eq!(fsx::read(&path).unwrap()[100..], before[100..]);
    fsx::remove_file(&home.path().join("backups")).unwrap();
    assert!(Store::open(&path).is_ok());
}

#[test]
fn a_disk_without_room_is_told_before_anything_is_written() {
    let folder = Path::new("/backups");
    let error = room_for(folder, 100 << 20, Some(50 << 20)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a copy of the database needs 122 MB, and /backups has room for 53 MB; nothing was changed"
    );
    assert_eq!(error.refusal(), Some(std::io::ErrorKind::StorageFull));
    assert!(room_for(folder, 100 << 20, Some(200 << 20)).is_ok() && room_for(folder, 1, None).is_ok());
}

#[test]
fn the_newest_copies_from_before_stay_and_what_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        ("before-schema-003-was-002.db", false),
        ("before-schema-004-was-003.db", false),
        ("before-schema-010-was-004.db", true),
        ("before-schema-011-was-010.db", true),
        ("before-schema-012-was-011.db", true),
        ("before-schema-mine.db", true),
        ("before-schema-003-was-002.txt", true),
        ("a.db", true),
    ];
    for (name, _) in names {
        fsx::write_atomic(&folder.path().join(name), b"x").unwrap();
    }
    remove_older(folder.path()).unwrap();
    for (name, stays) in names {
        assert_eq!(folder.path().join(name).exists(), stays, "{name}");
    }
}

#[test]
fn a_copy_holds_one_moment_while_somebody_writes() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("roundup.db");
    let writer = Store::open(&path).unwrap();
    // Enough pages for several steps, each with a second row that has to be there as well.
    let filler = "x".repeat(4_000);
    writer
        .transaction(|s| -> Result<()> {
            for n in 0..3_000 {
                s.conn
                    .execute("INSERT INTO meta VALUES (?1, ?2)", [format!("a{n}"), filler.clone()])
                    .map_err(sql("a"))?;
            }
            Ok(())
        })
        .unwrap();
    let to = home.path().join("copy.db");
    let written = std::cell::Cell::new(0_u64);
    let held = copy_database(&path, &to, &|_, _| {
        let n = written.get();
        let pair = format!("INSERT INTO meta VALUES ('p{n}', ''); INSERT INTO draft_base VALUES ('p{n}', '', '');");
        writer.transaction(|s| s.conn.execute_batch(&pair).map_err(sql("pair"))).unwrap();
        written.set(n + 1);
    })
    .unwrap();
    assert!(written.get() > 2, "it was written between the steps: {}", written.get());
    check_same(&to, &held).unwrap();
    assert_eq!((held.tables["meta"], held.tables["draft_base"]), (3_003, 0), "of the moment when it began");
    assert!(!look::has_log(&to) && !look::beside(&to, "-shm").exists(), "one file is all of it");
    assert!(copy_database(&path, &home.path().join("again.db"), &|_, _| {}).unwrap().tables["draft_base"] > 2);
}

#[test]
fn a_damaged_copy_is_told_and_a_newer_one_is_known() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("roundup.db");
    drop(Store::open(&path).unwrap());
    let copy = home.path().join("copy.db");
    let held = copy_database(&path, &copy, &|_, _| {}).unwrap();
    let whole = fsx::read(&copy).unwrap();
    let mut bytes = whole.clone();
    let at = bytes.len() - 4_096 * 3;
    bytes[at..at + 200].fill(0x5a);
    fsx::write_atomic(&copy, &bytes).unwrap();
    let found = look_through(&copy).map(|found| found.problems);
    assert!(found.as_ref().is_ok_and(|p| !p.is_empty()) || found.is_err(), "{found:?}");
    assert!(check_same(&copy, &held).is_err());
    fsx::write_atomic(&copy, &whole).unwrap();
    check_same(&copy, &held).unwrap();
    let other = DatabaseLook { tables: BTreeMap::new(), ..held };
    assert!(check_same(&copy, &other).is_err(), "it holds something else than what was copied");
    fsx::write_atomic(&copy, b"no database, but a text that is long enough to look at").unwrap();
    assert!(look_through(&copy).is_err());
    let store = Store::open(&path).unwrap();
    store.conn.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    assert_eq!(look_through(&path).unwrap().schema, 99);
    let error = copy_database(&path, &home.path().join("b.db"), &|_, _| {}).unwrap_err();
    assert!(error.to_string().contains("written by a newer roundup"), "{error}");
}
