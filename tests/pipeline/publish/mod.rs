//! A finished issue goes to the mailing tool as a draft, once, whatever happens on the way; and it is never sent.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use roundup::fetch::address::Guard;
use roundup::fetch::{Call, Calling, Fetch, Fetching, Limits, Live, Request, Secret};
use roundup::model::{Month as IssueMonth, PublishTo};
use roundup::pipeline::publish::{How, Placed, Published};
use roundup::pipeline::{self, Ctx, Keys, PublishPlan, publish, publish_again, publish_plan};
use tokio::sync::Notify;

use crate::support::mailing::{Fault, Mailing};
use crate::support::{Month, block_on};

mod lies;
mod people;

const KEY: &str = "sesame-us21";

fn september() -> IssueMonth {
    IssueMonth::parse("2026-09").unwrap()
}

fn keys() -> Keys {
    Keys { mailchimp: Some(Secret::new(KEY.to_owned())), listmonk: Some(Secret::new(KEY.to_owned())), mail: None }
}

/// Returns short waits.
fn short() -> Limits {
    Limits {
        silence: Duration::from_millis(700),
        pause_first: Duration::from_millis(5),
        pause_longest: Duration::from_secs(2),
        ..Limits::USUAL
    }
}

/// A home with the issue of September, and mailing tools that it may publish to.
struct House {
    month: Month,
    tools: Mailing,
}

impl House {
    async fn start() -> (Self, Ctx) {
        let (month, tools) = (Month::start().await, Mailing::start().await);
        let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
        let address = tools.address();
        let publishing = format!(
            "\n[publish]\nto = [\"mailchimp\"]\n[publish.folder]\npath = \"www\"\n\
             [publish.mailchimp]\nlist = \"a1b2c3\"\naddress = \"{address}\"\nallow-private = true\n\
             [publish.listmonk]\nuser = \"roundup\"\nlists = [3]\ntemplate = 7\naddress = \"{address}\"\nallow-private = true\n"
        );
        month.bench.write("feeds.toml", format!("{feeds}{publishing}"));
        drop(month.september().await);
        let house = Self { month, tools };
        let ctx = house.open();
        (house, ctx)
    }

    /// Opens the home with short waits.
    fn open(&self) -> Ctx {
        let mut ctx = self.month.open("2026-10-01T04:00:00Z");
        ctx.fetch = Box::new(Live::with(short(), Guard::default()).unwrap());
        ctx.keys = keys();
        ctx
    }

    /// Makes all as if nothing had been published.
    fn forget(&self) {
        self.forget_outbox();
        for kept in self.tools.kept() {
            self.tools.delete(&kept.id);
        }
    }

    /// Takes away what is known here of drafts in tools.
    fn forget_outbox(&self) {
        let database = rusqlite::Connection::open(self.month.bench.path().join("data/roundup.db")).unwrap();
        database.execute("DELETE FROM outbox", []).unwrap();
    }

    /// Checks what holds after anything: nothing was sent or scheduled, no other campaign was touched, no request
    /// leads anywhere but to the steps there are.
    fn check_nothing_was_sent(&self) {
        for asked in self.tools.asked() {
            let path = asked.path.split('?').next().unwrap();
            let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
            let is_known = matches!(
                (asked.verb.as_str(), parts.as_slice()),
                ("GET" | "POST", ["3.0" | "api", "campaigns"])
                    | ("PUT", ["3.0", "campaigns", _, "content"])
                    | ("GET", ["3.0", "campaigns", _, "send-checklist" | "content"] | ["api", "campaigns", _])
            );
            assert!(is_known, "{} {}", asked.verb, asked.path);
            assert!(!asked.body.contains("send_at") && !asked.body.contains("schedule_time"), "{}", asked.path);
            assert!(!asked.path.contains(KEY) && !asked.body.contains(KEY), "the key stands in the header alone");
        }
    }
}

async fn placed(ctx: &Ctx, to: PublishTo) -> Result<Placed, String> {
    let report = publish(ctx, september(), &[to]).await.map_err(|error| error.to_string())?;
    match report.places.into_iter().next() {
        Some(Published::Campaign(placed)) => Ok(placed),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_email_lies_there_as_a_draft_and_a_second_run_leaves_it_alone() {
    block_on(async {
        for (to, tag) in [(PublishTo::Mailchimp, "*|UNSUB|*"), (PublishTo::Listmonk, "{{ UnsubscribeURL }}")] {
            let (house, ctx) = House::start().await;
            let first = placed(&ctx, to).await.unwrap();
            assert_eq!((first.how, first.others.len()), (How::Made, 0));
            assert!(first.findings.iter().all(|f| f.grade == roundup::publish::Grade::Fine), "{:?}", first.findings);
            let kept = house.tools.kept();
            assert_eq!(kept.len(), 1);
            assert!(
                kept[0].name.starts_with("[roundup 2026-09 ") && kept[0].name.ends_with("September 2026"),
                "{}",
                kept[0].name
            );
            assert!(kept[0].html.contains(tag) && kept[0].text.contains(tag), "{to:?}");
            let asked = &kept[0].settings;
            if to == PublishTo::Mailchimp {
                assert_eq!(asked["recipients"], serde_json::json!({ "list_id": "a1b2c3" }));
                assert_eq!((&asked["type"], &asked["settings"]["auto_footer"]), (&"regular".into(), &false.into()));
                assert_eq!(asked["settings"]["subject_line"], "PMH Literature Roundup · September 2026");
                assert!(asked["settings"]["preview_text"].as_str().is_some_and(|text| text.len() > 20), "{asked}");
            } else {
                assert_eq!((&asked["lists"], &asked["template_id"]), (&serde_json::json!([3]), &7.into()));
                assert_eq!((&asked["content_type"], &asked["type"]), (&"html".into(), &"regular".into()));
                assert!(asked.get("status").is_none(), "a new campaign is a draft");
            }
            if to == PublishTo::Mailchimp {
                let out = house.month.bench.path().join("out/2026-09");
                assert_eq!(kept[0].html, fs::read_to_string(out.join("email.html")).unwrap(), "what was looked at");
                assert_eq!(kept[0].text, fs::read_to_string(out.join("email.txt")).unwrap());
            }
            house.tools.change(&kept[0].id, |kept| kept.html.push_str("<!-- a person's word -->"));
            let second = placed(&ctx, to).await.unwrap();
            assert_eq!((second.how, second.name == first.name), (How::There, true));
            drop(ctx);
            let third = placed(&house.open(), to).await.unwrap();
            assert_eq!(third.how, How::There);
            let now = house.tools.kept();
            assert_eq!(now.len(), 1, "it was made once");
            assert!(now[0].html.ends_with("<!-- a person's word -->"), "what people change there stays");
            assert!(house.tools.asked().iter().all(|a| a.authorization.starts_with("Basic ")));
            house.check_nothing_was_sent();
        }
    });
}

#[test]
fn what_goes_wrong_on_the_way_makes_no_second_draft() {
    use Fault::{Broken, DoneThenBroken, DoneThenSilent, Invalid, None as Fine, Page, Redirects, TooOften, WrongKey};
    // The steps are: find, create, fill, look (Mailchimp); the faults come in the order of the requests.
    let cases: &[(&[Fault], Option<&str>, &str)] = &[
        (&[WrongKey], Some("does not let the key in (401: Your API key may be invalid: (secret))"), "a wrong key"),
        (&[TooOften, Fine], None, "asked too often, then not"),
        (&[Broken, Fine], None, "a fault that passes"),
        (&[Broken, Broken, Broken], Some("Mailchimp has a fault (500"), "a fault that stays"),
        (&[Page], Some("cannot be read"), "a page for people where the tool should be"),
        (
            &[Redirects],
            Some("redirects, which calls with a key never follow"),
            "the key goes to the address in the settings alone",
        ),
        (&[Fine, Invalid], Some("settings.reply_to: The domain is not verified"), "what is wrong is named"),
        (&[Fine, DoneThenBroken], None, "it was made, and the answer was lost: it is found"),
        (&[Fine, DoneThenSilent], None, "it was made, and no answer came: it is found"),
        (&[Fine, Broken], Some("Mailchimp has a fault"), "it was not made, and is not made blindly a second time"),
        (&[Fine, Redirects], Some("never follow"), "on making"),
        (&[Fine, Fine, TooOften, Fine], None, "on filling"),
        (&[Fine, Fine, Broken, Broken, Broken], Some("Mailchimp has a fault"), "it is there and empty"),
        (&[Fine, Fine, DoneThenSilent], Some("took too long"), "filled, and no answer came"),
        (&[Fine, Fine, Fine, Broken, Broken, Broken], Some("Mailchimp has a fault"), "all is there but the look"),
    ];
    block_on(async {
        let (house, ctx) = House::start().await;
        for (faults, want, note) in cases {
            house.forget();
            house.tools.next(faults);
            let first = placed(&ctx, PublishTo::Mailchimp).await;
            match (want, &first) {
                (None, Ok(_)) => {}
                (Some(part), Err(said)) => {
                    assert!(said.contains(part), "{note}: {said}");
                    assert!(!said.contains(KEY) && said.contains("\n  help: "), "{note}: {said}");
                }
                other => panic!("{note}: {other:?}"),
            }
            house.tools.next(&[]);
            let second = placed(&ctx, PublishTo::Mailchimp).await.unwrap_or_else(|error| panic!("{note}: {error}"));
            assert_ne!(second.how, How::Going);
            let kept = house.tools.kept();
            assert_eq!(kept.len(), 1, "{note}: one draft");
            assert!(kept[0].html.contains("*|UNSUB|*"), "{note}: it is whole");
            house.check_nothing_was_sent();
        }
    });
}

/// Makes calls until it is cut: then, before or after the host was asked, nothing comes back any more, as when the
/// program is killed.
struct Cut {
    live: Live,
    left: AtomicUsize,
    is_after: bool,
    told: Arc<Notify>,
}

impl Fetch for Cut {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        self.live.fetch(request)
    }

    fn call<'a>(&'a self, call: &'a Call) -> Calling<'a> {
        Box::pin(async move {
            if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
                return self.live.call(call).await;
            }
            if self.is_after {
                let _ = self.live.call(call).await;
            }
            self.told.notify_one();
            std::future::pending().await
        })
    }
}

/// Publishes and is killed at a call; tells whether it was done before.
async fn is_done_before_cut(ctx: &mut Ctx, to: PublishTo, at: usize, is_after: bool) -> bool {
    let cut = Arc::new(Notify::new());
    let live = Live::with(short(), Guard::default()).unwrap();
    ctx.fetch = Box::new(Cut { live, left: AtomicUsize::new(at), is_after, told: Arc::clone(&cut) });
    tokio::select! {
        biased;
        done = placed(ctx, to) => done.is_ok(),
        () = cut.notified() => false,
    }
}

#[test]
fn killed_at_any_call_and_killed_again_it_makes_one_draft() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        // Each call is cut before and after it; one place further, the run comes to its end.
        for (to, calls) in [(PublishTo::Mailchimp, 4), (PublishTo::Listmonk, 3)] {
            let cuts: Vec<(usize, bool)> = (0..calls).flat_map(|at| [(at, false), (at, true)]).collect();
            let places = [cuts, vec![(calls, false)]].concat();
            for (first, second) in places.iter().flat_map(|a| places.iter().map(move |b| (a, b))) {
                house.forget();
                let is_done = is_done_before_cut(&mut ctx, to, first.0, first.1).await;
                assert_eq!(is_done, first.0 == calls, "{to:?} takes {calls} calls");
                is_done_before_cut(&mut ctx, to, second.0, second.1).await;
                ctx.fetch = Box::new(Live::with(short(), Guard::default()).unwrap());
                let note = format!("{to:?}, killed at {first:?} and {second:?}");
                placed(&ctx, to).await.unwrap_or_else(|error| panic!("{note}: {error}"));
                let kept = house.tools.kept();
                assert_eq!(kept.len(), 1, "{note}");
                assert!(kept[0].html.contains("</html>"), "{note}: it is whole");
            }
        }
        house.check_nothing_was_sent();
    });
}

#[test]
fn people_in_the_tool_have_the_last_word() {
    block_on(async {
        let (house, ctx) = House::start().await;
        let first = placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        let id = house.tools.kept()[0].id.clone();
        house.tools.change(&id, |kept| kept.status = "sent".to_owned());
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Going, "sent is sent");
        house.tools.delete(&id);
        let again = placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        assert_eq!((again.how, &again.name), (How::Made, &first.name), "deleted there, and asked for again");
        assert_eq!(house.tools.kept().len(), 1);
        // Another text of the same month is another draft; the older one is named and stays.
        let draft = house.month.bench.path().join("drafts/2026-09.toml");
        let text = fs::read_to_string(&draft).unwrap().replacen("note = \"\"\"\n", "note = \"\"\"\nWelcome.\n", 1);
        fs::write(&draft, text).unwrap();
        let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
        assert!(said.contains("has changed since it was made") && said.contains("roundup render"), "{said}");
        pipeline::render(&ctx, september()).unwrap();
        let other = placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        assert_eq!((other.how, other.others), (How::Made, vec![first.name.clone()]));
        assert_eq!(house.tools.kept().len(), 2);
        house.check_nothing_was_sent();
    });
}

#[test]
fn a_draft_that_only_the_tool_knows_is_not_written_over() {
    block_on(async {
        let (house, ctx) = House::start().await;
        placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        let id = house.tools.kept()[0].id.clone();
        house.tools.change(&id, |kept| kept.html = "a person's own words *|UNSUB|*".to_owned());
        // A copy of the database from before is put back: nothing is known of the draft here.
        house.forget_outbox();
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::There);
        assert_eq!(house.tools.kept()[0].html, "a person's own words *|UNSUB|*");
    });
}

#[test]
fn what_is_missing_is_said_before_anybody_is_asked() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        let october = IssueMonth::parse("2026-10").unwrap();
        let said = |result: pipeline::Result<_>| result.map(|_: pipeline::PublishReport| ()).unwrap_err().to_string();
        let no_issue = said(publish(&ctx, october, &[PublishTo::Mailchimp]).await);
        assert!(
            no_issue.contains("was not made yet") && no_issue.contains("issues that were made: 2026-09"),
            "{no_issue}"
        );
        ctx.keys = Keys::default();
        let no_key = said(publish(&ctx, september(), &[PublishTo::Mailchimp]).await);
        assert!(no_key.contains("MAILCHIMP_API_KEY") && no_key.contains("keys/mailchimp"), "{no_key}");
        let file = house.month.bench.write("keys/mailchimp", format!("{KEY}\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
            let open = said(publish(&ctx, september(), &[PublishTo::Mailchimp]).await);
            assert!(open.contains("can read") && open.contains("chmod 600"), "{open}");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let both = said(publish(&ctx, september(), &[PublishTo::Folder, PublishTo::Listmonk]).await);
        assert!(both.contains("no key for listmonk; nothing was published anywhere\n"), "{both}");
        assert!(!house.month.bench.path().join("www").exists(), "what is missing is said before anything is done");
        assert_eq!(house.tools.asked().len(), 0, "nobody was asked");
        publish(&ctx, september(), &[PublishTo::Mailchimp]).await.unwrap();
        assert_eq!(house.tools.kept().len(), 1, "the key of the file does");
    });
}

#[test]
fn what_nobody_looked_at_is_not_published() {
    block_on(async {
        let (house, _) = House::start().await;
        let feeds = fs::read_to_string(house.month.bench.path().join("feeds.toml")).unwrap();
        let footer = include_str!("../../../templates/email/body.txt");
        let renamed = feeds.replace("\nname = \"Literature Roundup\"", "\nname = \"Digest\"");
        assert_ne!(feeds, renamed);
        let changes = [
            ("the footer of the email", "templates/email/body.txt", format!("{footer}\nGoodbye.\n")),
            ("the name of the roundup", "feeds.toml", renamed),
        ];
        for (note, file, text) in changes {
            house.month.bench.write(file, text);
            let ctx = house.open();
            for to in [PublishTo::Folder, PublishTo::Eml, PublishTo::Mailchimp] {
                let said = publish(&ctx, september(), &[to]).await.unwrap_err().to_string();
                assert!(said.contains("has changed since it was made"), "{note}: {said}");
                assert!(said.contains("run `roundup render 2026-09`"), "{note}: {said}");
            }
            assert_eq!(house.tools.asked().len(), 0, "{note}: nobody was asked");
            assert!(!house.month.bench.path().join("www").exists(), "{note}: nothing was copied");
            let _ = fs::remove_dir_all(house.month.bench.path().join("templates"));
        }
        let ctx = house.open();
        pipeline::render(&ctx, september()).unwrap();
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Made);
        let said = publish(&ctx, september(), &[]).await.unwrap_err().to_string();
        assert!(said.contains("nothing says where to publish"), "{said}");
    });
}

#[test]
fn a_plan_shows_every_call_and_no_key() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        let plan = publish_plan(&ctx, september(), &[PublishTo::Folder, PublishTo::Mailchimp, PublishTo::Listmonk]);
        let PublishPlan { lines, calls } = plan.unwrap();
        assert_eq!(calls.len(), 4 + 3, "only what is asked when nothing is there yet");
        assert!(
            matches!(lines.as_slice(), [folder, mailchimp, listmonk] if folder.contains("www") && folder.contains("files")
                && mailchimp.contains(" in Mailchimp for the audience ") && listmonk.contains(" in listmonk for the list 3,")),
            "{lines:?}"
        );
        assert!(!house.month.bench.path().join("www").exists(), "nothing was written");
        let shown = format!("{calls:?}");
        assert!(!shown.contains(KEY) && !shown.contains("Basic"), "{shown}");
        assert!(shown.contains("POST") && shown.contains("bytes)") && shown.contains("a1b2c3"), "{shown}");
        assert!(shown.len() < 9_000, "long texts are shown as their size");
        assert_eq!((house.tools.asked().len(), ctx.store.issues().unwrap().len()), (0, 1));
        ctx.keys = Keys::default();
        let plan = publish_plan(&ctx, september(), &[PublishTo::Mailchimp]).unwrap();
        assert!(plan.calls.len() == 4 && plan.lines[1].contains("no key for Mailchimp"), "{:?}", plan.lines);
    });
}

#[test]
fn the_folder_gets_the_pages_and_keeps_what_is_not_ours() {
    block_on(async {
        let (house, ctx) = House::start().await;
        let bench = &house.month.bench;
        bench.write("www/favicon.ico", "x");
        bench.write("out/keys.txt", "nobody's business");
        bench.write("out/.git/config", "nobody's business");
        let go = || publish(&ctx, september(), &[PublishTo::Folder, PublishTo::Eml]);
        let report = go().await.unwrap();
        let files = bench.files("www");
        let names: Vec<&str> = files.keys().map(|name| name.trim_start_matches("www/")).collect();
        for name in ["2026-09/index.html", "2026-09/items.ris", "favicon.ico", "feed.xml", "index.html"] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        let is_left = |name: &&str| name.contains("email.") || name.contains("git") || name.contains("keys");
        assert!(!names.iter().any(is_left), "{names:?}");
        assert_eq!(files["www/index.html"], bench.files("out")["out/index.html"]);
        let Published::Folder { written, unchanged: 0, removed: 0, .. } = report.places[0] else {
            panic!("{report:?}")
        };
        let again = go().await.unwrap();
        assert!(
            matches!(again.places[0], Published::Folder { written: 0, unchanged, .. } if unchanged == written),
            "{again:?}"
        );
        assert!(matches!(&again.places[1], Published::Eml { file } if file.ends_with("2026-09/email.eml")));
    });
}

#[test]
fn the_folder_writes_over_nothing_that_is_not_ours() {
    block_on(async {
        let (house, ctx) = House::start().await;
        let bench = &house.month.bench;
        bench.write("www/index.html", "the community's own page");
        let go = || publish(&ctx, september(), &[PublishTo::Folder]);
        let said = go().await.unwrap_err().to_string();
        assert!(said.contains("did not write") && said.contains("index.html"), "{said}");
        assert_eq!(bench.files("www").len(), 1, "nothing was written");
        fs::remove_file(bench.path().join("www/index.html")).unwrap();
        go().await.unwrap();
        // Somebody changes one of our pages there.
        bench.write("www/feed.xml", "mine now");
        bench.write("out/feed.xml", "not looked at: the archive is made anew");
        let said = go().await.unwrap_err().to_string();
        assert!(said.contains("changed there since") && said.contains("feed.xml"), "{said}");
        fs::remove_file(bench.path().join("www/feed.xml")).unwrap();
        assert!(matches!(go().await.unwrap().places[0], Published::Folder { written: 1, .. }));
        // A run that was cut short between the list and the files: the old ones are ours still.
        let list = bench.path().join("www/.roundup-files.json");
        let other = format!("\"{}\"", "0".repeat(64));
        let text = fs::read_to_string(&list).unwrap();
        let text = text.replace("\"feed.xml\": [", &format!("\"old.html\": [{other}],\n\"feed.xml\": [{other},"));
        fs::write(&list, text).unwrap();
        bench.write("www/old.html", "ours once, changed since");
        assert!(matches!(go().await.unwrap().places[0], Published::Folder { written: 0, removed: 0, .. }));
        assert!(bench.path().join("www/old.html").exists(), "what was changed stays");
    });
}

#[test]
fn the_folder_gets_only_what_was_rendered() {
    block_on(async {
        let (house, ctx) = House::start().await;
        let bench = &house.month.bench;
        let page = bench.path().join("out/2026-09/index.html");
        let whole = fs::read_to_string(&page).unwrap();
        let said = async || publish(&ctx, september(), &[PublishTo::Folder]).await.unwrap_err().to_string();
        fs::write(&page, whole.replace("</body>", "<script>evil()</script></body>")).unwrap();
        assert!(said().await.contains("is not what was rendered"));
        fs::remove_file(&page).unwrap();
        assert!(said().await.contains("roundup rebuild"));
        assert!(!bench.path().join("www").exists(), "nothing was copied");
    });
}

#[test]
fn the_folder_is_none_that_roundup_keeps_its_own_things_in() {
    block_on(async {
        let (house, _) = House::start().await;
        let feeds = fs::read_to_string(house.month.bench.path().join("feeds.toml")).unwrap();
        for path in [".", "..", "out", "out/2026-09/x", "drafts", "data/www", "/"] {
            house.month.bench.write("feeds.toml", feeds.replace("path = \"www\"", &format!("path = {path:?}")));
            let ctx = house.open();
            let said = publish(&ctx, september(), &[PublishTo::Folder]).await.unwrap_err().to_string();
            assert!(said.contains("name another folder"), "{path}: {said}");
        }
        assert!(!house.month.bench.path().join("out/2026-09/x").exists(), "not even made");
    });
}
