use super::*;
use crate::draft::parse;

const HEAD: &str = "month = \"2026-10\"\nsubject = \"PMH Literature Roundup · October 2026\"\n\
    preheader = \"Walking groups in Kenya; screening in Malawi; and more\"\nnote = \"Dear all\"\npick = \"wa\"\n\n";

/// A good item with the id `wa`.
const GOOD: &str = "[[item]]\nid = \"wa\"\nsection = \"evidence\"\ntitle = \"A\"\nsummary = \"S.\"\n\
    link = \"https://doi.org/10.5555/a\"\n";

fn said(text: &str, change: impl FnOnce(&mut BTreeMap<String, WorkFacts>)) -> Vec<String> {
    said_of(text, None, change)
}

fn said_of(
    text: &str,
    email_bytes: Option<usize>,
    change: impl FnOnce(&mut BTreeMap<String, WorkFacts>),
) -> Vec<String> {
    let mut works: BTreeMap<String, WorkFacts> = BTreeMap::new();
    for id in ["wa", "wb", "waaaaaaaaaaa"] {
        works.insert(id.to_owned(), WorkFacts::default());
    }
    change(&mut works);
    let topic = |id: &str, name: &str| TopicRule { id: id.into(), name: name.into(), blurb: String::new() };
    let topics = [topic("evidence", "Evidence and Impact")];
    let dead = BTreeMap::from([("https://example.org/dead".to_owned(), "404".to_owned())]);
    let untried = BTreeMap::from([("https://example.org/shy".to_owned(), "403: not allowed".to_owned())]);
    let facts = Facts {
        file: "drafts/2026-10.toml",
        text,
        works: &works,
        topics: &topics,
        countries: &[],
        dead_links: &dead,
        untried_links: &untried,
        base: None,
        email_bytes,
    };
    let (draft, problems) = parse(text, facts.file);
    assert_eq!(problems, [], "{text}");
    let draft = draft.expect("a draft");
    lint(&draft, &facts)
        .iter()
        .map(|p| {
            format!(
                "{} {}",
                p.severity,
                p.to_string().lines().next().unwrap_or_default().replace("drafts/2026-10.toml", "")
            )
        })
        .collect()
}

#[test]
fn a_good_draft_has_no_problem() {
    assert_eq!(said(&format!("{HEAD}{GOOD}"), |_| {}), Vec::<String>::new());
}

#[test]
fn each_fault_is_named_with_its_place() {
    let swap = |from: &str, to: &str| format!("{HEAD}{GOOD}").replace(from, to);
    for (id, text, want) in [
        ("summary", swap("\"S.\"", "\"\""), "warning :11:11: \"A\" has no summary"),
        (
            "more-needs-none",
            swap("\"S.\"", "\"\"").replace("\"evidence\"", "\"more\""),
            "note :1:1: the section \"Evidence and Impact\" has no item",
        ),
        ("no-link", swap("\"https://doi.org/10.5555/a\"", "\"\""), "error :12:8: \"A\" has no link"),
        (
            "odd-link",
            swap("https://doi.org/10.5555/a", "doi.org/x"),
            "error :12:8: the link of \"A\" is no web address: doi.org/x",
        ),
        (
            "script-link",
            swap("https://doi.org/10.5555/a", "javascript:x"),
            "error :12:8: the link of \"A\" is no web address: javascript:x",
        ),
        (
            "dead-link",
            swap("https://doi.org/10.5555/a", "https://example.org/dead"),
            "error :12:8: the link of \"A\" leads nowhere (404): https://example.org/dead",
        ),
        (
            "shy-link",
            swap("https://doi.org/10.5555/a", "https://example.org/shy"),
            "note :12:8: the link of \"A\" could not be tried (403: not allowed): https://example.org/shy",
        ),
        ("section", swap("\"evidence\"", "\"evidnce\""), "error :9:11: unknown section \"evidnce\" of \"A\""),
        ("subject", swap("PMH Literature", &"x".repeat(60)), "warning :2:11: the subject has 83 characters"),
        ("no-subject", swap("PMH Literature Roundup · October 2026", ""), "error :2:11: the subject is empty"),
        (
            "preheader",
            swap("Walking groups in Kenya; screening in Malawi; and more", "Short"),
            "warning :3:13: the preheader has 5 characters",
        ),
        ("note", swap("Dear all", ""), "note :4:8: there is no note to readers yet"),
        ("placeholder", swap("Dear all", "Dear all, TODO"), "warning :4:8: a placeholder was left in the note: TODO"),
        (
            "placeholder-part",
            swap("S.", "Found that [insert finding]"),
            "warning :11:11: a placeholder was left in the summary: [insert",
        ),
        ("pick", swap("pick = \"wa\"", "pick = \"wc\""), "error :5:8: the pick \"wc\" is not among the items"),
        ("no-pick", swap("pick = \"wa\"", "pick = \"\""), "note :5:8: no item is picked to stand first"),
        (
            "month",
            swap("\"2026-10\"", "\"2026-11\""),
            "error :1:9: the file is named after 2026-10, but its month is 2026-11",
        ),
        ("unknown-id", swap("wa", "wbbbbbbbbbbb"), "error :8:6: unknown id \"wbbbbbbbbbbb\" of \"A\""),
        ("mistyped-id", swap("wa", "waaaaaaaaaa"), "error :8:6: unknown id \"waaaaaaaaaa\" of \"A\""),
        (
            "preprint",
            swap("https://doi.org/10.5555/a", "https://www.medrxiv.org/content/1"),
            "warning :12:8: \"A\" leads to a preprint, but is not marked as one",
        ),
        (
            "preprint-doi",
            swap("10.5555/a", "10.1101/2026.01.01.1"),
            "warning :12:8: \"A\" leads to a preprint, but is not marked as one",
        ),
    ] {
        let mut found = said(&text, |_| {});
        // A fault in the section empties the only section too.
        found.retain(|p| p == want || !p.ends_with("has no item"));
        assert_eq!(found, [want], "{id}");
    }
}

#[test]
fn what_the_store_knows_is_said() {
    let text = format!("{HEAD}{GOOD}");
    let fact = |f: WorkFacts| {
        said(&text, |w| {
            w.insert("wa".to_owned(), f);
        })
    };
    let october = Month::parse("2026-10");
    for (id, facts, want) in [
        (
            "retracted",
            WorkFacts { is_retracted: true, ..WorkFacts::default() },
            vec!["error :8:6: \"A\" was retracted"],
        ),
        (
            "sent",
            WorkFacts { already_sent: Month::parse("2026-08"), ..WorkFacts::default() },
            vec!["error :8:6: \"A\" was already sent in August 2026"],
        ),
        (
            "put-out",
            WorkFacts { is_put_out: true, ..WorkFacts::default() },
            vec!["warning :8:6: you said that \"A\" is out of scope, and its block still stands here"],
        ),
        ("sent-now", WorkFacts { already_sent: october, ..WorkFacts::default() }, vec![]),
        ("preprint-is-marked-by-the-renderer", WorkFacts { is_preprint: true, ..WorkFacts::default() }, vec![]),
        (
            "redirect",
            WorkFacts { redirect: Some("wb".into()), ..WorkFacts::default() },
            vec!["note :8:6: wa is known as wb now, since two entries were found to be one study"],
        ),
    ] {
        assert_eq!(fact(facts), want, "{id}");
    }
}

#[test]
fn the_same_study_twice_is_found_however_it_got_in() {
    let other = GOOD.replace("\"wa\"", "\"wb\"").replace("\"A\"", "\"B\"");
    let far = other.replace("10.5555/a", "10.5555/b");
    let kept = "[[candidate]]\nid = \"wa\"\nkeep = true\nsection = \"evidence\"\ntitle = \"C\"\n";
    let redirect = |w: &mut BTreeMap<String, WorkFacts>| {
        w.insert("wb".into(), WorkFacts { redirect: Some("wa".into()), ..WorkFacts::default() });
    };
    assert_eq!(
        said(&format!("{HEAD}{GOOD}\n{GOOD}"), |_| {}),
        ["error :15:6: \"wa\" stands in the issue twice, first on line 7"]
    );
    assert_eq!(
        said(&format!("{HEAD}{GOOD}\n{kept}"), |_| {}),
        ["error :15:6: \"wa\" stands in the issue twice, first on line 7"]
    );
    assert_eq!(
        said(&format!("{HEAD}{GOOD}\n{far}"), redirect),
        [
            "note :15:6: wb is known as wa now, since two entries were found to be one study",
            "error :15:6: \"wb\" stands in the issue twice, first on line 7",
        ]
    );
    assert_eq!(
        said(&format!("{HEAD}{GOOD}\n{other}"), |_| {}),
        ["warning :19:8: \"B\" has the same link as \"A\" on line 7"]
    );
}

#[test]
fn an_item_of_ones_own_needs_no_known_id() {
    let own = GOOD.replace("\"wa\"", "\"webinar-report\"").replace("10.5555/a", "10.5555/b");
    assert_eq!(said(&format!("{HEAD}{GOOD}\n{own}"), |_| {}), Vec::<String>::new());
}

#[test]
fn questions_and_dates_are_looked_at() {
    let text = format!(
        "{HEAD}{GOOD}\n[[decision]]\nid = \"scope wb\"\nquestion = \"In scope?\"\nanswer = \"\"\n\n[[decision]]\n\
         id = \"retracted wx\"\nquestion = \"An item sent in May was retracted\"\nanswer = \"\"\n\n[[event]]\n\
         date = \"TBC\"\ntitle = \"Webinar: what is announced\"\nlink = \"example\"\n"
    );
    assert_eq!(
        said(&text, |_| {}),
        [
            "note :17:10: one question waits for an answer",
            "warning :22:10: not answered yet: An item sent in May was retracted",
            "warning :25:8: a placeholder was left in the date: TBC",
            "error :26:9: the example date was copied but not filled in",
            "error :27:8: the link of the date \"Webinar: what is announced\" is no web address: example",
        ]
    );
}

#[test]
fn a_block_under_another_heading_is_noted() {
    let text = format!("{HEAD}# ── Evidence and Impact · 1 proposed ──\n\n{GOOD}").replace("\"evidence\"", "\"more\"");
    assert_eq!(
        said(&text, |_| {}),
        [
            "note :7:1: the section \"Evidence and Impact\" has no item",
            "note :11:11: \"A\" stands under \"Evidence and Impact\", but its section says \"more\"",
        ]
    );
}

#[test]
fn a_mail_that_would_be_cut_is_announced() {
    let text = format!("{HEAD}{GOOD}");
    for (bytes, want, note) in [
        (None, None, "it cannot be rendered"),
        (Some(92_000), None, "still far enough"),
        (
            Some(92_001),
            Some("warning :1:1: the email will have 93 kB once its links are tracked, with 1 item"),
            "close",
        ),
        (Some(102_000), Some("warning :1:1: the email will have 102 kB once its links are tracked, with 1 item"), ""),
        (Some(102_001), Some("error :1:1: the email will have 103 kB once its links are tracked, with 1 item"), "cut"),
    ] {
        assert_eq!(said_of(&text, bytes, |_| {}), want.into_iter().collect::<Vec<_>>(), "{note}");
    }
}

#[test]
fn a_reason_needs_a_word() {
    let with = |keep: &str, reason: &str| {
        let block = format!(
            "[[candidate]]\nid = \"wb\"\nkeep = {keep}\nreason = \"{reason}\"\nsection = \"evidence\"\ntitle = \"B\"\n"
        );
        said(&format!("{HEAD}{GOOD}\n{block}"), |_| {})
    };
    assert_eq!(
        with("false", "too small"),
        ["warning :17:10: candidate \"wb\" has a reason, but keep does not say for what"]
    );
    for (keep, reason) in [("false", ""), ("\"maybe\"", "too small"), ("\"drop\"", "too small")] {
        assert_eq!(with(keep, reason), Vec::<String>::new(), "{keep} {reason}");
    }
}

#[test]
fn a_machine_made_preheader_names_only_papers_of_the_issue() {
    let block =
        |id: &str, title: &str| GOOD.replace("\"wa\"", &format!("\"{id}\"")).replace("\"A\"", &format!("\"{title}\""));
    let walks = block("wa", "Walking groups in Kenya: a trial");
    let screening = block("wb", "Screening in Malawi clinics");
    let text = |preheader: &str, blocks: &str| {
        HEAD.replace("Walking groups in Kenya; screening in Malawi; and more", preheader) + blocks
    };
    let made = "Walking groups in Kenya; Screening in Malawi clinics";
    let base = text(made, &format!("{walks}{screening}"));
    let twin = block("wc", "Walking groups in towns");
    let candidate = screening.replace("[[item]]", "[[candidate]]\nkeep = false");
    let gone = vec!["the preheader names a paper that is not in the issue: \"Screening in Malawi clinics\"".to_owned()];
    for (id, text, want) in [
        ("as it was", base.clone(), vec![]),
        ("one was taken out", text(made, &walks), gone.clone()),
        ("one is only a candidate now", text(made, &format!("{walks}{candidate}")), gone),
        ("a person wrote it anew", text("Walking groups in Kenya; screening in Malawi, later", &walks), vec![]),
        (
            "another begins alike",
            text(made, &format!("{twin}{screening}")).replace("pick = \"wa\"", "pick = \"wc\""),
            vec![],
        ),
    ] {
        let works = ["wa", "wb", "wc"].map(|id| (id.to_owned(), WorkFacts::default())).into();
        let file = "drafts/2026-10.toml";
        let base = parse(&base, file).0;
        let none = BTreeMap::new();
        let facts = Facts {
            file,
            text: &text,
            works: &works,
            topics: &[],
            countries: &[],
            dead_links: &none,
            untried_links: &none,
            base: base.as_ref(),
            email_bytes: None,
        };
        let draft = parse(&text, file).0.expect("a draft");
        let said = |base| -> Vec<String> {
            let found = lint(&draft, &Facts { base, ..facts });
            found.into_iter().map(|p| p.message).filter(|m| m.contains("preheader names")).collect()
        };
        assert_eq!(said(facts.base), want, "{id}");
        assert_eq!(said(None), Vec::<String>::new(), "{id}: nobody knows what the machine wrote");
    }
}
