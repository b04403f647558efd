//! Every command that prints, in a home full of hostile texts: nothing of them acts on the terminal.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;

use crate::support::hostile::{On, TEXTS, acts_on_terminal, texts};
use crate::support::{Bench, Ran};

/// What no line of ours may begin with: it stands behind a line break in hostile texts.
const FORGED: &str = "roundup: all is well";

/// Commands that print, in the order in which they are run; `W` stands for the id of a paper.
const COMMANDS: &[&str] = &[
    "check",
    "harvest --dry-run",
    "harvest",
    "import papers.jsonl",
    "run",
    "draft 2026-10",
    "draft history 2026-10",
    "draft history 2026-10 --show 1",
    "draft history 2026-10 --diff 1",
    "check 2026-10",
    "render 2026-10",
    "publish 2026-10 --to eml --dry-run",
    "status",
    "status --json",
    "sources",
    "sources --json",
    "sources test hostile",
    "sources test broken",
    "doctor",
    "doctor --online",
    "doctor --json",
    "search kisumu",
    "search kisumu --json",
    "search kisumu --count",
    "search source:hostile",
    "show W",
    "show W --json",
    "similar W",
    "explain W",
    "explain W --json",
    "choose keep W",
    "choose drop W",
    "merge",
    "merge log",
    "merge show W",
    "rank 2026-10",
    "retag --dry-run",
    "export kisumu --format ris",
    "export kisumu --format csv",
    "export kisumu --format bibtex",
    "export kisumu --format nbib",
    "export kisumu --format csl",
    "saved add mine kisumu",
    "saved list",
    "saved run mine",
    "parse papers.jsonl",
    "parse feed.xml",
    "dedupe papers.jsonl",
    "tag papers.jsonl",
    "verify",
    "backup",
    "backup --list",
    "restore",
    "restore backup-2026-11-01T030000Z --dry-run",
    "daemon --once",
    "reindex",
    "rebuild",
];

/// Returns a text as a TOML or JSON string; both write characters in the same way.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Returns what of a run could act on a terminal, or reads as a line of ours.
fn faults(command: &str, ran: &Ran) -> Vec<String> {
    let mut out = Vec::new();
    for (stream, text) in [("out", &ran.out), ("err", &ran.err)] {
        // Tables and citations end their lines as their forms say.
        let text = if command.starts_with("export ") { text.replace("\r\n", "\n") } else { text.clone() };
        if let Some(c) = acts_on_terminal(&text) {
            let line = text.lines().find(|line| line.contains(c)).unwrap_or_default();
            out.push(format!("{command}: {stream}: {c:?} in {line:?}"));
        }
        if let Some(line) = text.lines().find(|line| line.starts_with(FORGED)) {
            out.push(format!("{command}: {stream}: a line of somebody else: {line:?}"));
        }
    }
    out
}

/// Starts a server that says no in hostile words, and gives a feed of them at `/feed.xml`; returns its port.
fn server() -> u16 {
    let words: String = texts(On::Terminal).map(|(text, _)| text).collect();
    let mut items = String::new();
    for (n, (text, _)) in texts(On::Terminal).chain(texts(On::Markup)).enumerate() {
        items.push_str(&format!("<item><title><![CDATA[Kisumu {text} mothers]]></title><guid>{n}</guid></item>"));
    }
    let feed = format!("<rss version=\"2.0\"><channel><title><![CDATA[{words}]]></title>{items}</channel></rss>");
    let refusal = format!("{{\"error\":\"{words}\"}}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or_default();
            let (status, body) =
                if head[..read].starts_with(b"GET /feed") { ("200 OK", &feed) } else { ("404 No", &refusal) };
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        }
    });
    port
}

/// Returns a home in which everything that others write is hostile: titles, people, journals, names of sources and of
/// the house, names of files, the words of servers.
fn home() -> Bench {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "."]).code, 0);
    let port = server();
    let name: String = texts(On::Terminal).map(|(text, _)| text).filter(|text| !text.contains('\0')).collect();
    let name = string(&name);
    bench.write(
        "feeds.toml",
        format!(
            "[roundup]\ncommunity = \"C\"\nname = {name}\n\
             [[source]]\nid = \"inbox\"\nkind = \"folder\"\nname = {name}\npath = \"inbox\"\n\
             [[source]]\nid = \"hostile\"\nkind = \"feed\"\nname = {name}\nurl = \"http://127.0.0.1:{port}/feed.xml\"\nallow-private = true\n\
             [[source]]\nid = \"broken\"\nkind = \"feed\"\nname = {name}\nurl = \"http://127.0.0.1:{port}/no.xml\"\nallow-private = true\n"
        ),
    );
    let mut lines = String::new();
    for (n, (_, text, _)) in TEXTS.iter().enumerate() {
        let title = string(&format!("Kisumu {text} postnatal depression of mothers in Kenya {n}"));
        let (text, day) = (string(&format!("x {text} y")), 1 + n % 28);
        lines.push_str(&format!(
            "{{\"id\":{text},\"title\":{title},\"authors\":[{text}],\"journal\":{text},\"abstract\":{text},\
             \"keywords\":[{text}],\"url\":{text},\"year\":2026,\"doi\":\"10.5555/hostile.{n}\",\
             \"published\":\"2026-10-{day:02}\"}}\n"
        ));
    }
    bench.write("papers.jsonl", &lines);
    bench.write("feed.xml", format!("<rss><channel><title>{}</title></channel></rss>", "\u{1b}[31m\u{9b}"));
    #[cfg(unix)]
    for (n, (text, _)) in texts(On::Terminal).filter(|(text, _)| !text.contains(['\0', '/'])).enumerate() {
        bench.write(&format!("inbox/{n}{text}.ris"), "no file of references");
        bench.write(&format!("drafts/{n}{text}.toml"), "x");
        bench.write(&format!("backups/backup-{n}{text}/MANIFEST"), "x");
    }
    bench
}

#[test]
fn no_command_lets_a_text_act_on_the_terminal() {
    let bench = home();
    let mut wrong = Vec::new();
    let mut printed = BTreeSet::new();
    let mut paper = "w".to_owned();
    for command in COMMANDS {
        let args: Vec<&str> = command.split(' ').collect();
        let args: Vec<&str> = args.into_iter().map(|arg| if arg == "W" { paper.as_str() } else { arg }).collect();
        let ran = bench.run_with(&args, &[("ROUNDUP_LOG", "trace")]);
        wrong.extend(faults(command, &ran));
        if ran.all().contains("Kisumu") {
            printed.insert(args[0].to_owned());
        }
        if [2, 4, 101, -1].contains(&ran.code) {
            wrong.push(format!("{command} does not do its work: {}", ran.all()));
        }
        if *command == "run" {
            let found = bench.run(&["search", "kisumu", "--json"]).out;
            let line = found.lines().find(|line| line.contains("\"id\"")).unwrap_or_default();
            let found: serde_json::Value = serde_json::from_str(line).unwrap();
            paper = found["id"].as_str().unwrap().to_owned();
        }
    }
    // Days later the source that says no has done so for long enough to be reminded of.
    let later = [("ROUNDUP_NOW", "2026-11-06T08:00:00Z"), ("ROUNDUP_LOG", "trace")];
    wrong.extend(faults("daemon --once", &bench.run_with(&["daemon", "--once"], &later)));
    let reminders = String::from_utf8_lossy(&bench.files("")["REMINDERS.txt"]).into_owned();
    wrong.extend(acts_on_terminal(&reminders).map(|c| format!("REMINDERS.txt: {c:?}")));
    // From here on the settings count as wrong, and most commands do nothing.
    #[cfg(unix)]
    for (text, _) in texts(On::Terminal).filter(|(text, _)| !text.contains(['\0', '/'])) {
        bench.write(&format!("templates/web/{text}.html"), "x");
    }
    for command in ["check", "doctor", "status"] {
        wrong.extend(faults(command, &bench.run(&[command])));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for command in ["search", "show", "explain", "similar", "export", "parse", "draft", "merge"] {
        assert!(printed.contains(command), "{command} prints titles, or this proves nothing: {printed:?}");
    }
}
