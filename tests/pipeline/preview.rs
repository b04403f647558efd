//! The issue as it stands now, made in memory: what readers will see, and how large it will be.

use std::fs;

use roundup::model::Month as IssueMonth;
use roundup::pipeline::{self, Ctx, Preview};
use roundup::render::neutralise;

use crate::support::{Month, block_on};

fn september() -> IssueMonth {
    IssueMonth::parse("2026-09").unwrap()
}

fn look(ctx: &Ctx, text: &str) -> Preview {
    pipeline::preview(ctx, september(), text).unwrap()
}

#[test]
fn a_preview_is_what_readers_will_see() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.september().await;
        let home = month.bench.path();
        let text = fs::read_to_string(home.join("drafts/2026-09.toml")).unwrap();
        let before = month.bench.files("out");
        let sent = ctx.store.sent().unwrap();
        let preview = look(&ctx, &text);
        assert_eq!(preview.problems, []);
        assert_eq!((month.bench.files("out"), ctx.store.sent().unwrap()), (before, sent), "nothing was written");
        let read = |name: &str| fs::read_to_string(home.join("out/2026-09").join(name)).unwrap();
        assert_eq!(preview.page_html, read("index.html"), "the page has nothing to fill in");
        for part in [&preview.email_html, &preview.email_text, &preview.page_html, &preview.subject] {
            assert_eq!(neutralise::live_code(part), None);
        }
        let filled = read("email.html")
            .replace("*|LIST:ADDRESSLINE|*", "Sample address, Sample Street 1, Sample Town")
            .replace("*|UNSUB|*", "#")
            .replace("*|ARCHIVE|*", "#")
            .replace("*|UPDATE_PROFILE|*", "#");
        assert_eq!(preview.email_html, filled);
        assert!(preview.email_text.contains("nsubscribe: (each reader's own link)"), "{}", preview.email_text);
        let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
        let number = |key: &str| usize::try_from(manifest["sizes"][key].as_u64().unwrap()).unwrap();
        assert_eq!((preview.sizes.raw, preview.sizes.tracked), (number("html"), number("html_tracked")));
        assert_eq!(pipeline::email_size(&ctx, september(), &text).unwrap(), Some(preview.sizes));
        assert_eq!(serde_json::json!(preview.items), manifest["counts"]["items"]);
        assert_eq!(serde_json::json!(preview.subject), manifest["subject"]);
    });
}

#[test]
fn a_draft_with_mistakes_can_be_looked_at() {
    block_on(async {
        let month = Month::start().await;
        let mut ctx = month.september().await;
        let text = fs::read_to_string(month.bench.path().join("drafts/2026-09.toml")).unwrap();
        let good = look(&ctx, &text);
        let said = |preview: &Preview| preview.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let own = "\n[[item]]\nid = \"wzzzzzzzzzzz\"\nsection = \"evidence\"\ntitle = \"Nobody knows it\"\n";
        let with_unknown = look(&ctx, &format!("{text}{own}"));
        assert!(said(&with_unknown).contains("no paper has the id wzzzzzzzzzzz"), "{}", said(&with_unknown));
        assert_eq!((with_unknown.items, &with_unknown.email_html), (good.items, &good.email_html));
        let misspelt = look(&ctx, &text.replacen("\nsection = ", "\nsektion = ", 1));
        assert!(said(&misspelt).contains("sektion"), "{}", said(&misspelt));
        assert!(misspelt.email_html.len() > 10_000 && misspelt.items == good.items);
        let hand = "\n[[item]]\nid = \"our-webinar\"\nsection = \"evidence\"\ntitle = \"*|UNSUB|* and <b>\"\nlink = \"javascript:x\"\n";
        let hostile = look(&ctx, &format!("{text}{hand}"));
        assert_eq!((neutralise::live_code(&hostile.email_html), hostile.items), (None, good.items + 1));
        assert!(!hostile.email_html.contains("javascript:"));
        for broken in ["", "month = \"2026-09\nsubject", "subject = \"x\"\n"] {
            let preview = look(&ctx, broken);
            assert_eq!((preview.email_html.as_str(), preview.page_html.as_str(), preview.items), ("", "", 0));
            assert!(!preview.problems.is_empty(), "{broken}");
            assert_eq!(pipeline::email_size(&ctx, september(), broken).unwrap(), None);
        }
        let nothing = look(&ctx, "month = \"2026-09\"\n");
        assert_eq!((nothing.problems.len(), nothing.items), (0, 0));
        assert!(nothing.email_html.contains("<html"));
        for (template, want) in [
            ("{% if %}", "templates/email/body.html:1"),
            ("{{ titel }}", "templates/email/body.html:1"),
            ("<p>*|UNSUB|*</p>", "which a mailing tool would run"),
        ] {
            ctx.config.templates.insert("email/body.html".into(), template.into());
            let preview = look(&ctx, &text);
            assert!(said(&preview).contains(want), "{template}: {}", said(&preview));
            assert_eq!((preview.email_html.as_str(), preview.items), ("", good.items));
        }
    });
}

#[cfg(unix)]
#[test]
fn what_stands_in_the_place_of_a_template_is_read_or_named() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let (root, away) = (folder.path().join("home"), folder.path().join("away.html"));
    let web = root.join("templates/web");
    fs::create_dir_all(&web).unwrap();
    fs::write(root.join("feeds.toml"), "[roundup]\ncommunity = \"C\"\nname = \"N\"\n").unwrap();
    fs::write(&away, "mine").unwrap();
    let home = pipeline::Home::new(&root);
    symlink(&away, web.join("item.html")).unwrap();
    let (config, problems) = pipeline::load_config(&home).unwrap();
    assert_eq!(problems, []);
    assert_eq!(config.unwrap().templates["web/item.html"], "mine", "a link is followed, also out of the home");
    symlink(folder.path().join("gone"), web.join("archive.html")).unwrap();
    fs::create_dir(web.join("issue.html")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(web.join("search.html")).status().unwrap().success());
    symlink(folder.path().join("gone"), root.join("templates/email")).unwrap();
    let (config, problems) = pipeline::load_config(&home).unwrap();
    assert!(config.is_none());
    let said: Vec<String> = problems.iter().map(|p| format!("{} {}", p.place.file, p.message)).collect();
    assert_eq!(
        said,
        [
            "templates/email this is no folder, so no template in it can be read",
            "templates/web/archive.html this is no plain file: the link leads nowhere",
            "templates/web/issue.html this is no plain file",
            "templates/web/search.html this is no plain file",
        ]
    );
}
