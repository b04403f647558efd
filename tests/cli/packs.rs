//! `pack` and `sync` through the binary.

use crate::support::{Bench, Served};

#[test]
fn a_secretariat_packs_and_a_member_searches_without_the_harvest() {
    let served = Served::start();
    assert_eq!(served.run(&["pack"]).code, 2, "there is no key yet");
    let made = served.run(&["pack", "--new-key", "secret.key"]);
    assert_eq!(made.code, 0, "{}", made.all());
    assert!(made.out.contains("short form"), "{}", made.out);
    let secret = served.month.bench.files("")["secret.key"].clone();
    let inner = String::from_utf8(secret).unwrap().lines().nth(1).unwrap().to_owned();
    assert!(!made.all().contains(&inner), "it is never printed");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let bits = std::fs::metadata(served.month.bench.path().join("secret.key")).unwrap().permissions().mode();
        assert_eq!(bits & 0o777, 0o600);
    }
    assert_eq!(served.run(&["pack", "--new-key", "secret.key"]).code, 2, "it is left as it is");

    assert!([0, 3].contains(&served.run(&["harvest"]).code), "some sources of the stand-in are broken");
    let packed = served.run(&["pack", "--key", "secret.key"]);
    assert_eq!(packed.code, 0, "{}", packed.all());
    let again = served.run(&["pack", "--key", "secret.key"]);
    assert_eq!(again.code, 1, "{}", again.all());
    assert!(again.out.contains("nothing is new since list 1"), "{}", again.out);

    let member = Bench::new();
    let packs = served.month.bench.path().join("out/packs").display().to_string();
    let shown = member.run(&["sync", "--dry-run", &packs]);
    assert_eq!(shown.code, 0, "{}", shown.all());
    assert!(member.files("").is_empty());
    let synced = member.run(&["sync", &packs]);
    assert_eq!(synced.code, 0, "{}", synced.all());
    assert!(synced.out.contains("met for the first time"), "{}", synced.out);
    let same = member.run(&["sync", "--json"]);
    assert!(same.out.contains("\"outcome\":\"nothing-new\""), "{}", same.all());
    let count = |bench: &Bench| bench.run(&["search", "depression", "--count"]).out;
    assert_ne!(count(&member).trim(), "0");
    assert_eq!(count(&member), count(&served.month.bench));
    println!("{}\n{}\n{}", packed.out, synced.out, same.out);

    for command in [&["explain", "1"][..], &["status", "--month"], &["draft"], &["run"]] {
        let ran = member.run(command);
        assert_eq!(ran.code, 2, "{command:?}: {}", ran.all());
        let want =
            "is a copy made by `roundup sync`: search, show, similar, export, saved, status, doctor and sync work here";
        assert!(ran.err.contains(want) && !ran.err.contains("init"), "{command:?}: {}", ran.all());
    }
    a_copy_tells_of_itself(&member, &packs);
    assert!(served.run(&["explain", "1"]).err.contains("none is kept here"));
    assert_eq!(served.run(&["search", "depression"]).code, 0);
    let explained = served.run(&["explain", "1"]);
    assert!(explained.code == 0 && explained.out.contains('\n'), "{}", explained.all());
    let last = served.month.bench.run(&["search", "depression", "--ids", "--limit", "1"]).out;
    assert!(explained.out.contains(last.trim()), "{}", explained.all());

    let key =
        |made: &str| made.lines().find_map(|l| l.strip_prefix("short form ")).unwrap().get(..24).unwrap().to_owned();
    let old = key(&made.out);
    let new = key(&served.run(&["pack", "--new-key", "second.key"]).out);
    let other = served.run(&["pack", "--key", "second.key"]);
    assert!(other.err.contains(&format!("theirs: {old}, this one: {new}")), "{}", other.all());
    assert_eq!(served.run(&["pack", "--key", "second.key", "--out", "out/others"]).code, 0);
    let others = served.month.bench.path().join("out/others").display().to_string();
    let public = made.out.lines().find_map(|l| l.strip_prefix("public key ")).unwrap();
    let refused = Bench::new().run(&["sync", "--key", public, &others]);
    assert!(refused.err.contains(&format!("trusted: {old}, new: {new}")), "{}", refused.all());
    let secret = served.month.bench.path().join("secret.key").display().to_string();
    for (key, want) in [
        (old.as_str(), "the short form is only for comparing; --key needs the public key or its file"),
        (&secret, "this is the secret key: it stays with those who publish; ask for roundup.pub"),
        (&inner, "this is the secret key"),
    ] {
        let ran = member.run(&["sync", "--key", key, &packs]);
        assert!(ran.code == 2 && ran.err.contains(want) && !ran.err.contains(&inner), "{}", ran.all());
    }
}

/// Asks a copy how old it is, how it fares, and for a paper that it has not.
fn a_copy_tells_of_itself(member: &Bench, packs: &str) {
    let status = member.run(&["status"]);
    assert!(status.code == 0 && status.out.contains("\nlist 1 of ") && status.out.contains(packs), "{}", status.all());
    let json = member.run(&["status", "--json"]).out;
    assert!(json.contains("\"sequence\":1,") && json.contains("\"packs_missing\":0"), "{json}");
    let doctor = member.run(&["doctor"]);
    assert!(doctor.code == 0 && !doctor.out.contains("check") && !doctor.out.contains("run`"), "{}", doctor.all());
    // A member can compare what lies here with its checksums as well.
    let part = member.files("index").into_keys().find(|name| name.contains(".idx")).unwrap();
    let whole = member.files("index")[&part].clone();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    member.write(&part, &bytes);
    let doctor = member.run(&["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("wrong bytes in") && doctor.err.is_empty(), "{}", doctor.all());
    member.write(&part, &whole);
    let unknown = member.run(&["similar", "99999999"]);
    assert!(unknown.code == 1 && !unknown.err.contains("roundup add"), "{}", unknown.all());
}

#[test]
fn what_is_wrong_with_a_sync_is_said() {
    let bench = Bench::new();
    for (args, want) in [
        (&["sync"][..], "not known yet where the packs are"),
        (&["sync", "nowhere/at/all"], "is the stick plugged in?"),
        (&["sync", "ftp://example.org/packs"], "are not fetched by ftp"),
        (&["sync", "--key", "RWnothing", "x"], "neither a public key"),
        (&["sync", "http://127.0.0.1:9/packs"], "refuses connections"),
    ] {
        let ran = bench.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.all());
        assert!(ran.err.contains(want), "{args:?}: {}", ran.all());
    }
}
