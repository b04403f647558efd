//! What stands in the way of an issue: a draft that has every fault, and links that are tried.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use roundup::fetch::Fetching;
use roundup::fetch::{Fetch, FetchError, Request, Response};
use roundup::model::{Month as IssueMonth, Severity};
use roundup::pipeline::{self, Ctx};

use crate::support::{Month, block_on};

fn october() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

/// Knows that some addresses are gone, and who was asked.
#[derive(Default)]
struct Web(std::sync::Arc<Mutex<Vec<String>>>);

impl Fetch for Web {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(async move {
            self.0.lock().unwrap().push(request.url.clone());
            let url = request.url.clone();
            let status =
                |status| FetchError::Status { url: url.clone(), status, retry_after_s: None, said: String::new() };
            if url.ends_with("/gone") {
                return Err(status(410));
            }
            if url.ends_with("/shy") {
                return Err(status(403));
            }
            Ok(Response { status: 200, url, moved_to: None, headers: BTreeMap::new(), body: Vec::new() })
        })
    }
}

/// Papers whose ids are known, and a draft in which each kind of fault stands once.
fn home() -> (Month, Ctx, String) {
    let month = block_on(Month::start());
    let ctx = month.open("2026-11-01T03:00:00Z");
    let line = |n: usize, more: &str| {
        format!(
            "{{\"id\":\"p{n}\",\"title\":\"Trial number {n} for mothers with postnatal depression in Kenya\",\"authors\":[\
             \"Author{n} Maria\"],\"published\":\"2026-10-06\",\"url\":\"https://example.org/{n}\"{more}}}\n"
        )
    };
    let retracted = ",\"type\":[\"Retracted Publication\"]";
    let lines = [line(0, ""), line(1, retracted), line(2, "")].concat();
    pipeline::import(&ctx, "a.jsonl", lines.as_bytes(), false).unwrap();
    pipeline::judge(&ctx).unwrap();
    let id = |n: usize| {
        let title = format!("Trial number {n} for");
        let ids = ctx.store.work_ids().unwrap();
        let is_it =
            |id: &&roundup::model::WorkId| ctx.store.work(id).unwrap().unwrap().work.record.title.starts_with(&title);
        ids.iter().find(is_it).unwrap().to_string()
    };
    // Number 2 was sent in September.
    let sent = format!(
        "month = \"2026-09\"\nsubject = \"S\"\n\n[[item]]\nid = \"{}\"\nsection = \"evidence\"\ntitle = \"T\"\n\
         link = \"https://example.org/2\"\n",
        id(2)
    );
    month.bench.write("drafts/2026-09.toml", sent);
    pipeline::render(&ctx, IssueMonth::parse("2026-09").unwrap()).unwrap();
    let text = include_str!("checks/faults.toml");
    let text = (0..3).fold(text.to_owned(), |text, n| text.replace(&format!("{{p{n}}}"), &id(n)));
    month.bench.write("drafts/2026-10.toml", &text);
    (month, ctx, text)
}

#[test]
fn every_fault_is_named_with_line_and_column() {
    let (month, mut ctx, text) = home();
    let web = Web::default();
    let asked = std::sync::Arc::clone(&web.0);
    ctx.fetch = Box::new(web);
    let plain = pipeline::check(&ctx, october()).unwrap().problems;
    assert!(asked.lock().unwrap().is_empty(), "nobody is asked without being told to");
    let links = block_on(pipeline::try_links(&ctx, october())).unwrap();
    assert_eq!((links.asked, links.dead.len(), links.untried.len()), (asked.lock().unwrap().len(), 1, 1));
    let found = pipeline::check_with(&ctx, october(), &links).unwrap().problems;
    assert_eq!(found.len(), plain.len() + 2);
    for problem in &found {
        assert!(problem.place.line > 0 && problem.place.column > 0, "{problem}");
    }
    let rows: Vec<&str> = text.lines().collect();
    let told: Vec<String> = found
        .iter()
        .map(|p| {
            let at = format!("{:>3}:{:<2} {}", p.place.line, p.place.column, p.severity);
            let line = rows[p.place.line - 1];
            let here: String = line.chars().skip(p.place.column - 1).take(24).collect();
            // Ids are minted anew when the way of minting changes; what matters is where they stand.
            let message = p.message.split(' ').map(|w| if w.contains("\"w") { "\"w…\"" } else { w });
            format!(
                "{at} {}  «{}»",
                message.collect::<Vec<_>>().join(" "),
                if here.contains("\"w") { "\"w…\"" } else { &here }
            )
        })
        .collect();
    insta::assert_snapshot!("every_fault", told.join("\n"));
    drop(month);
}

#[test]
fn the_real_size_of_the_email_counts() {
    let (month, ctx, _) = home();
    let item = |n: usize| {
        format!(
            "\n[[item]]\nid = \"own-{n}\"\nsection = \"evidence\"\ntitle = \"Title {n}\"\nsummary = \"{}\"\nlink = \"https://example.org/own/{n}\"\n",
            "Mothers did well. ".repeat(20).trim_end()
        )
    };
    let text = |count: usize| {
        let items: String = (0..count).map(item).collect();
        format!("month = \"2026-10\"\nsubject = \"S\"\n{items}")
    };
    let said = |count: usize| -> Vec<String> {
        fs::write(month.bench.path().join("drafts/2026-10.toml"), text(count)).unwrap();
        let found = pipeline::check(&ctx, october()).unwrap().problems;
        found.iter().filter(|p| p.message.contains(" kB ")).map(|p| format!("{} {}", p.severity, p.place)).collect()
    };
    let size = |count: usize| pipeline::email_size(&ctx, october(), &text(count)).unwrap().unwrap().tracked;
    let counts: Vec<usize> = (0..400).collect();
    let first = |bytes: usize| counts.partition_point(|count| size(*count) <= bytes);
    let (warned, refused) = (first(92_000), first(102_000));
    assert!(warned > 10 && refused > warned && refused < 400, "{warned} {refused}");
    assert_eq!(said(warned - 1), Vec::<String>::new());
    assert_eq!(said(warned), ["warning drafts/2026-10.toml:1:1"]);
    assert_eq!(said(refused), ["error drafts/2026-10.toml:1:1"]);
    fs::write(month.bench.path().join("drafts/2026-10.toml"), text(refused)).unwrap();
    assert!(pipeline::render(&ctx, october()).is_err());
}

#[test]
fn a_link_that_no_output_shows_is_named_with_its_line() {
    let (month, ctx, _) = home();
    let long = format!("https://e.example/{}", "a".repeat(2100));
    for (link, is_named) in [
        (long.as_str(), true),
        ("https://[::1]/", true),
        ("https://e.example/a?b=*|X|*", false),
        ("https://e.example/é", false),
    ] {
        let text = format!(
            "month = \"2026-10\"\nsubject = \"S\"\n\n[[item]]\nid = \"own-1\"\nsection = \"evidence\"\ntitle = \"Title\"\n\
             summary = \"Words.\"\nlink = \"{link}\"\n"
        );
        fs::write(month.bench.path().join("drafts/2026-10.toml"), text).unwrap();
        let found = pipeline::check(&ctx, october()).unwrap().problems;
        let named = found.iter().find(|p| p.message.contains("none that email and page can show"));
        assert_eq!(named.map(|p| p.place.line), is_named.then_some(9), "{link}: {found:#?}");
        assert_eq!(pipeline::render(&ctx, october()).is_err(), is_named, "{link}");
    }
}

#[test]
fn what_render_would_refuse_in_a_template_is_named_and_nothing_is_written() {
    let (month, mut ctx, _) = home();
    // An issue that goes through, beside one in the archive.
    let text = "month = \"2026-10\"\nsubject = \"S\"\n\n[[item]]\nid = \"own\"\nsection = \"evidence\"\ntitle = \"T\"\nlink = \"https://example.org/own\"\n";
    month.bench.write("drafts/2026-10.toml", text);
    let errors = |ctx: &Ctx| -> Vec<String> {
        let found = pipeline::check(ctx, october()).unwrap().problems;
        found.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect()
    };
    assert_eq!(errors(&ctx), Vec::<String>::new());
    let before = month.bench.files("out");
    // So small an issue has no picture of the month, so neither makes one.
    for name in roundup::render::NAMES.into_iter().filter(|name| *name != "web/picture.html") {
        let own = fs::read_to_string(format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let broken = own.replacen("</head>", "{{ house.nmae }}</head>", 1);
        let broken = if broken == own { format!("{own}{{{{ house.nmae }}}}") } else { broken };
        ctx.config.templates = BTreeMap::from([(name.to_owned(), broken)]);
        let said = errors(&ctx);
        assert!(said.len() == 1 && said[0].starts_with(&format!("templates/{name}:")), "{name}: {said:?}");
        assert_eq!(month.bench.files("out"), before, "{name}: checking writes nothing");
        assert!(pipeline::render(&ctx, october()).is_err(), "{name}");
        assert_eq!(month.bench.files("out"), before, "{name}");
    }
    // The email and the archive are looked through also when the other cannot be made.
    let broken = "{{ house.nmae }}".to_owned();
    ctx.config.templates = ["email/body.txt", "web/search.html"].map(|name| (name.to_owned(), broken.clone())).into();
    assert_eq!(errors(&ctx).len(), 2, "{:?}", errors(&ctx));
    ctx.config.templates = BTreeMap::from([("email/subject.txt".to_owned(), "{{ subject }}\nsecond\n".to_owned())]);
    let said = errors(&ctx);
    assert!(said.len() == 1 && said[0].starts_with("templates/email/subject.txt: this template makes 2 lines"));
    // What is no template at all is named also while there is no draft.
    ctx.config.templates = BTreeMap::from([("web/search.html".to_owned(), "{% if %}".to_owned())]);
    let found = pipeline::check(&ctx, IssueMonth::parse("2026-12").unwrap()).unwrap().problems;
    assert!(found.iter().any(|p| p.place.file == "templates/web/search.html"), "{found:?}");
}

#[test]
fn the_size_of_the_email_is_told_and_whether_it_fits() {
    let (month, ctx, _) = home();
    let text = "month = \"2026-10\"\nsubject = \"S\"\n";
    month.bench.write("drafts/2026-10.toml", text);
    let size = pipeline::check(&ctx, october()).unwrap().email;
    assert_eq!(size, pipeline::email_size(&ctx, october(), text).unwrap());
    drop(ctx);
    let kilobytes = |bytes: usize| bytes.div_ceil(1000);
    let size = size.unwrap();
    let ran = month.bench.run(&["check", "2026-10"]);
    let line = format!(
        "the email will have {} kB with the links of a mailing tool ({} kB without); it fits: Gmail cuts at 102 kB",
        kilobytes(size.tracked),
        kilobytes(size.raw)
    );
    assert!(ran.out.lines().any(|l| l == line), "{}", ran.all());
    let ran = month.bench.run(&["check", "2026-10", "--json"]);
    let last: serde_json::Value = serde_json::from_str(ran.out.lines().last().unwrap()).unwrap();
    let want = serde_json::json!({ "email": { "raw": size.raw, "tracked": size.tracked, "links": size.links, "clip_limit": 102_000, "fits": true } });
    assert_eq!(last, want);
}
