//! `roundup publish` as a person types it.

use crate::support::{Bench, Served};

#[test]
fn publishing_says_what_is_missing_and_what_to_do() {
    let house = Served::start();
    let nothing = house.run(&["publish", "2026-10"]);
    assert_eq!(nothing.code, 2, "{}", nothing.all());
    assert!(nothing.err.contains("nothing says where to publish") && nothing.err.contains("--to"), "{}", nothing.err);
    let unknown = house.run(&["publish", "--to", "mailchip"]);
    assert!(unknown.err.contains("folder, mailchimp, listmonk, eml"), "{}", unknown.err);
    let no_issue = house.run(&["publish", "2026-10", "--to", "eml"]);
    assert!(no_issue.err.contains("was not made yet") && no_issue.err.contains("roundup render"), "{}", no_issue.err);
}

#[test]
fn a_made_issue_goes_to_its_folder_and_a_plan_asks_nobody() {
    let house = Served::start();
    let feeds = std::fs::read_to_string(house.month.bench.path().join("feeds.toml")).unwrap();
    let publishing = "\n[publish]\nto = [\"folder\"]\nfolder = { path = \"www\" }\n\
                      mailchimp = { list = \"a1b2c3\", reply-to = \"us@example.org\" }\n";
    house.month.bench.write("feeds.toml", format!("{feeds}{publishing}"));
    house.run(&["run", "2026-10"]);
    let made = house.run(&["render", "2026-10"]);
    assert_eq!(made.code, 0, "{}", made.all());
    let done = house.run(&["publish", "2026-10"]);
    assert_eq!(done.code, 0, "{}", done.all());
    assert!(done.out.contains("files written"), "{}", done.out);
    assert!(house.month.bench.path().join("www/2026-10/index.html").exists());
    let key = [("MAILCHIMP_API_KEY", "0123sesame-us21")];
    let plan = house.month.bench.run_with(&["publish", "2026-10", "--to", "mailchimp", "--dry-run"], &key);
    assert_eq!(plan.code, 0, "{}", plan.all());
    let first = plan.out.lines().next().unwrap();
    assert!(first.starts_with("would make a draft called \"[roundup 2026-10 "), "{first}");
    assert!(first.ends_with(" in Mailchimp for the audience a1b2c3, and send nothing"), "{first}");
    let bare = house.month.bench.run(&["publish", "2026-10", "--to", "mailchimp", "--dry-run"]);
    assert_eq!(bare.out.lines().next(), Some(first), "the same without a key");
    let second = bare.out.lines().nth(1).unwrap();
    assert!(second.starts_with("before that: there is no key for Mailchimp; put it into"), "{second}");
    assert!(plan.out.contains("POST https://us21.api.mailchimp.com/3.0/campaigns"), "{}", plan.out);
    assert!(plan.out.contains("nothing was asked") && !plan.all().contains("sesame"), "{}", plan.all());
    let wrong =
        house.month.bench.run_with(&["publish", "--to", "mailchimp", "--dry-run"], &[("MAILCHIMP_API_KEY", "0123")]);
    assert!(wrong.err.contains("no key of Mailchimp") && wrong.err.contains("-us21"), "{}", wrong.err);
}

#[test]
fn mistakes_in_the_settings_are_named_with_their_line() {
    let bench = Bench::new();
    let head = "[roundup]\ncommunity = \"C\"\nname = \"N\"\n";
    for (text, want) in [
        ("[publish]\nto = [\"mailchip\"]\n", "feeds.toml:5:7: unknown place \"mailchip\""),
        ("[publish]\nto = [\"mailchimp\"]\n", "there is no [publish.mailchimp] table"),
        ("[publish.mailchimp]\n", "[publish.mailchimp] has no list"),
        ("[publish.mailchimp]\nlist = \"x\"\n", "Mailchimp needs an address for replies"),
        ("[publish.listmonk]\naddress = \"ftp://x\"\nuser = \"u\"\nlists = [1]\n", "must begin with https://"),
        ("[publish.listmonk]\naddress = \"https://x\"\nuser = \"u\"\nlists = [0]\n", "whole numbers from 1"),
        ("[publish.folder]\n", "[publish.folder] has no path"),
        ("[publish]\nfolders = 1\n", "did you mean \"folder\""),
    ] {
        bench.write("feeds.toml", format!("{head}{text}"));
        let said = bench.run(&["check"]);
        assert!(said.out.contains(want), "{text}: {}", said.all());
    }
    // A table that is there and wrong is not called missing.
    for (table, wrong) in [("mailchimp", "list = \"\""), ("listmonk", "address = \"\""), ("folder", "path = \"\"")] {
        let table = format!("[publish]\nto = [\"{table}\"]\n[publish.{table}]\n{wrong}\n");
        bench.write("feeds.toml", format!("{head}contact = \"a@example.org\"\n{table}"));
        let said = bench.run(&["check"]).out;
        assert!(said.contains(" is empty") && !said.contains("there is no [publish"), "{table}: {said}");
    }
}
