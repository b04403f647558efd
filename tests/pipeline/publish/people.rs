//! What people do in the tool between two runs, and what tools get wrong: no second draft, nothing written over.

use super::*;

/// Publishes and is killed when the host has done a call and before its answer is here.
async fn cut_after(ctx: &mut Ctx, call: usize) {
    is_done_before_cut(ctx, PublishTo::Mailchimp, call, true).await;
    ctx.fetch = Box::new(Live::with(short(), Guard::default()).unwrap());
}

#[test]
fn what_a_person_changes_after_a_run_was_killed_stays() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        // Find, make, fill: killed when the email was in it, before the answer.
        cut_after(&mut ctx, 2).await;
        let id = house.tools.kept()[0].id.clone();
        house.tools.change(&id, |kept| kept.html = "a person's own words *|UNSUB|*".to_owned());
        let report = publish(&ctx, september(), &[PublishTo::Mailchimp]).await.unwrap();
        let lines = report.places[0].lines().join("\n");
        assert!(lines.contains("was left as it is"), "{lines}");
        assert_eq!(house.tools.kept()[0].html, "a person's own words *|UNSUB|*");
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::There, "from now on it is theirs");
        let puts = house.tools.asked().iter().filter(|asked| asked.verb == "PUT").count();
        assert_eq!((puts, house.tools.kept().len()), (1, 1));
        house.check_nothing_was_sent();
    });
}

#[test]
fn a_fault_after_the_email_was_put_in_is_not_tried_again_blindly() {
    block_on(async {
        let (house, ctx) = House::start().await;
        house.tools.next(&[Fault::None, Fault::None, Fault::DoneThenBroken]);
        let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
        assert!(said.contains("perhaps an empty one") && said.contains("run the same command again"), "{said}");
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Finished);
        assert_eq!(house.tools.asked().iter().filter(|asked| asked.verb == "PUT").count(), 1);
    });
}

#[test]
fn a_draft_of_which_nothing_is_known_is_left_alone() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        for (fault, note) in [(Fault::NotFound, "404"), (Fault::Page, "a page"), (Fault::Empty, "an empty answer")] {
            house.forget();
            cut_after(&mut ctx, 2).await;
            let before = house.tools.kept()[0].html.clone();
            house.tools.next(&[Fault::None, fault, fault, fault]);
            let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
            assert!(said.contains("could not be found out"), "{note}: {said}");
            assert!(said.contains("if it is empty, delete it there and publish again"), "{note}: {said}");
            assert_eq!(house.tools.kept()[0].html, before, "{note}");
            house.tools.next(&[]);
            assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Finished, "{note}");
            assert_eq!(house.tools.kept().len(), 1, "{note}");
        }
    });
}

#[test]
fn an_empty_draft_is_named_and_filled_whatever_people_call_it() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for fault in [Fault::Broken, Fault::Invalid] {
            house.forget();
            house.tools.next(&[Fault::None, Fault::None, fault, fault, fault]);
            let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
            let kept = house.tools.kept();
            assert!(said.contains("lies in Mailchimp now") && said.contains(&kept[0].name), "{said}");
            house.tools.change(&kept[0].id, |kept| kept.name = "October, by Ana".to_owned());
            house.tools.next(&[]);
            assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Finished);
            let kept = house.tools.kept();
            assert_eq!(kept.len(), 1, "no second draft");
            assert!(kept[0].html.contains("*|UNSUB|*") && kept[0].name == "October, by Ana");
        }
    });
}

#[test]
fn a_name_that_the_tool_cuts_is_known_again() {
    block_on(async {
        let (house, ctx) = House::start().await;
        house.tools.cut_names(40);
        placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        assert!(house.tools.kept()[0].name.starts_with("[roundup 2026-09 "), "{}", house.tools.kept()[0].name);
        house.forget_outbox();
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::There);
        house.forget();
        house.tools.next(&[Fault::None, Fault::DoneThenBroken]);
        placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        assert_eq!(house.tools.kept().len(), 1);
    });
}

#[test]
fn one_stray_404_makes_nothing_anew() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for to in [PublishTo::Mailchimp, PublishTo::Listmonk] {
            house.forget();
            placed(&ctx, to).await.unwrap();
            let id = house.tools.kept()[0].id.clone();
            house.tools.change(&id, |kept| kept.name = "October, by Ana".to_owned());
            house.tools.next(&[Fault::None, Fault::NotFound]);
            let again = placed(&ctx, to).await.unwrap();
            assert_eq!((again.how, again.name.as_str()), (How::There, "October, by Ana"), "{to:?}");
            assert_eq!(house.tools.kept().len(), 1, "{to:?}");
            assert!(again.findings.iter().all(|f| f.grade == roundup::publish::Grade::Look), "{:?}", again.findings);
        }
        // Right after it was filled, too, no word is no good word.
        house.forget();
        house.tools.next(&[Fault::None, Fault::None, Fault::None, Fault::NotFound]);
        let made = placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        assert!(
            matches!(made.findings.as_slice(), [one] if one.text.contains("it knows no such draft")),
            "{:?}",
            made.findings
        );
    });
}

#[test]
fn what_people_did_with_it_is_said_as_what_it_is() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for (to, status, want) in [
            (PublishTo::Mailchimp, "sent", "sent there already, or has a time set"),
            (PublishTo::Mailchimp, "paused", "paused there"),
            (PublishTo::Mailchimp, "archived", "archived there"),
            (PublishTo::Mailchimp, "canceled", "cancelled there"),
            (PublishTo::Mailchimp, "resting", "\"resting\""),
            (PublishTo::Listmonk, "running", "sent there already, or has a time set"),
            (PublishTo::Listmonk, "paused", "paused there"),
            (PublishTo::Listmonk, "cancelled", "cancelled there"),
        ] {
            house.forget();
            placed(&ctx, to).await.unwrap();
            let id = house.tools.kept()[0].id.clone();
            house.tools.change(&id, |kept| kept.status = status.to_owned());
            for forgets in [false, true] {
                if forgets {
                    house.forget_outbox();
                }
                let report = publish(&ctx, september(), &[to]).await.unwrap();
                let lines = report.places[0].lines().join("\n");
                assert!(lines.contains(want), "{to:?} {status}: {lines}");
                assert_eq!(lines.contains("sent there already"), want.contains("already"), "{to:?} {status}: {lines}");
            }
            assert_eq!(house.tools.kept().len(), 1, "{status}");
        }
    });
}

#[test]
fn very_many_drafts_of_a_month_are_counted() {
    block_on(async {
        let (house, ctx) = House::start().await;
        house.tools.add((0..900).map(|n| format!("[roundup 2026-09 {n:012}] House")));
        let report = publish(&ctx, september(), &[PublishTo::Mailchimp]).await.unwrap();
        let lines = report.places[0].lines();
        assert!(lines.len() < 15, "{} lines", lines.len());
        assert!(lines.iter().any(|line| line.contains("895 more")), "{lines:?}");
    });
}

#[test]
fn a_fault_that_passes_and_an_answer_too_large_are_said_as_such() {
    block_on(async {
        let (house, ctx) = House::start().await;
        house.tools.next(&[Fault::TimedOut, Fault::None]);
        assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Made, "408 is tried again");
        house.forget();
        house.tools.next(&[Fault::TimedOut; 3]);
        let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
        assert!(said.contains("(408") && !said.contains("mend"), "{said}");
        house.tools.next(&[Fault::Huge]);
        let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
        assert!(said.contains("more than 8 MiB"), "{said}");
    });
}

#[test]
fn an_address_in_the_settings_leads_to_no_other_step() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        let plain = house.tools.address();
        let feeds = fs::read_to_string(house.month.bench.path().join("feeds.toml")).unwrap();
        let with_user = plain.replace("http://", "http://ana:pw@");
        let hostile = [
            format!("{plain}/3.0/campaigns/c9/actions/send#"),
            format!("{plain}/3.0/campaigns/c9/actions/send?"),
            format!("{plain}/3.0/campaigns/c9/actions/send?x="),
            format!("{plain}/api/campaigns/9/status#"),
            format!("{plain}/3.0/../3.0/campaigns/c9/actions/send\t#"),
            format!("{plain}#"),
            format!("{plain}?"),
            with_user.clone(),
            format!("{with_user}/3.0/campaigns/c9/actions/send#"),
        ];
        for address in hostile {
            let publishing = &mut ctx.config.settings.publishing;
            publishing.mailchimp.as_mut().unwrap().address.clone_from(&address);
            publishing.listmonk.as_mut().unwrap().address.clone_from(&address);
            for to in [PublishTo::Mailchimp, PublishTo::Listmonk] {
                let said = placed(&ctx, to).await.unwrap_err();
                assert!(said.contains("address"), "{address}: {said}");
            }
            let written = address.replace('\t', "\\t");
            house.month.bench.write("feeds.toml", feeds.replace(&format!("\"{plain}\""), &format!("\"{written}\"")));
            let said = house.month.bench.run(&["check"]);
            let named = said.out.lines().filter(|line| line.contains("address") && line.contains("feeds.toml")).count();
            assert_eq!((said.code, named), (2, 2), "{address}: {}", said.all());
        }
        let path = format!("{plain}/3.0/campaigns/c9/actions/send");
        ctx.config.settings.publishing.mailchimp.as_mut().unwrap().address.clone_from(&path);
        assert!(placed(&ctx, PublishTo::Mailchimp).await.is_err(), "a path");
        assert_eq!(house.tools.asked().len(), 0);
    });
}

#[test]
fn a_key_for_an_http_address_goes_past_every_proxy() {
    block_on(async {
        let (house, _) = House::start().await;
        let proxy = Mailing::start().await;
        let command = |bench: &crate::support::Bench, at: String| {
            let mut command = bench.command(&["publish", "2026-09", "--to", "mailchimp"]);
            command.env("MAILCHIMP_API_KEY", KEY).env("http_proxy", &at).env("HTTP_PROXY", &at).env("all_proxy", at);
            command
        };
        let mut command = command(&house.month.bench, proxy.address());
        let ran = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert_eq!(proxy.asked().len(), 0, "the key stays between the two: {ran:?}");
        assert!(ran.status.success() && house.tools.kept().len() == 1, "{ran:?}");
    });
}

#[test]
fn a_name_of_the_house_is_no_tag_of_the_tool() {
    block_on(async {
        let (house, mut ctx) = House::start().await;
        let publishing = &mut ctx.config.settings.publishing;
        let chimp = publishing.mailchimp.as_mut().unwrap();
        (chimp.from_name, chimp.reply_to) = ("Ana *|HTML:X|*".to_owned(), "*|X|*@example.org".to_owned());
        publishing.listmonk.as_mut().unwrap().from = "{{ .X }} <us@example.org>".to_owned();
        for to in [PublishTo::Mailchimp, PublishTo::Listmonk] {
            house.forget();
            placed(&ctx, to).await.unwrap();
        }
        for asked in house.tools.asked().iter().filter(|asked| asked.verb == "POST") {
            let json: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
            for name in ["/settings/from_name", "/settings/reply_to", "/from_email", "/name", "/settings/title"] {
                let text = json.pointer(name).and_then(serde_json::Value::as_str).unwrap_or_default();
                assert!(!text.contains("*|") && !text.contains("|*") && !text.contains("{{"), "{name}: {text}");
            }
        }
    });
}

#[test]
fn an_issue_that_was_sent_is_not_placed_once_more_by_mistake() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for (to, status) in [
            (PublishTo::Mailchimp, "sent"),
            (PublishTo::Mailchimp, "archived"),
            (PublishTo::Listmonk, "scheduled"),
            (PublishTo::Listmonk, "paused"),
        ] {
            for is_renamed in [false, true] {
                house.forget();
                placed(&ctx, to).await.unwrap();
                let id = house.tools.kept()[0].id.clone();
                house.tools.change(&id, |kept| {
                    kept.status = status.to_owned();
                    if is_renamed {
                        kept.name = "September, by Ana".to_owned();
                    }
                });
                // Another text of the same month: to the tool another email.
                let note = format!("{to:?} {status} {is_renamed}");
                edit_and_render(&ctx, &note);
                let report = publish(&ctx, september(), &[to]).await.unwrap();
                let lines = report.places[0].lines().join("\n");
                assert!(report.is_held_back() && lines.contains("--again"), "{note}: {lines}");
                assert!(lines.contains(&format!("\"{status}\"")), "{note}: {lines}");
                assert!(lines.contains(&house.tools.kept()[0].name), "{note}: {lines}");
                assert_eq!(house.tools.kept().len(), 1, "{note}: {lines}");
                let report = publish_again(&ctx, september(), &[to]).await.unwrap();
                let lines = report.places[0].lines().join("\n");
                assert!(lines.contains("a draft was made") && lines.contains("take care"), "{note}: {lines}");
                assert_eq!(house.tools.kept().len(), 2, "{note}");
                assert_eq!(placed(&ctx, to).await.unwrap().how, How::There, "{note}: it is there from then on");
            }
        }
        house.check_nothing_was_sent();
    });
}

#[test]
fn an_older_draft_is_named_whatever_it_is_called_now() {
    block_on(async {
        let (house, ctx) = House::start().await;
        placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        let id = house.tools.kept()[0].id.clone();
        house.tools.change(&id, |kept| kept.name = "September, by Ana".to_owned());
        edit_and_render(&ctx, "another word");
        let made = placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        assert_eq!((made.how, made.others), (How::Made, vec!["September, by Ana".to_owned()]));
    });
}

#[test]
fn a_campaign_deleted_in_listmonk_is_made_anew() {
    block_on(async {
        let (house, ctx) = House::start().await;
        placed(&ctx, PublishTo::Listmonk).await.unwrap();
        let id = house.tools.kept()[0].id.clone();
        house.tools.delete(&id);
        assert_eq!(placed(&ctx, PublishTo::Listmonk).await.unwrap().how, How::Made);
        assert_eq!(house.tools.kept().len(), 1);
    });
}

/// Writes a word into the note of the draft, and makes the issue anew.
fn edit_and_render(ctx: &Ctx, word: &str) {
    let path = ctx.home.draft(september());
    let text = fs::read_to_string(&path).unwrap();
    let mut draft: toml_edit::DocumentMut = text.parse().unwrap();
    draft["note"] = toml_edit::value(format!("Dear colleagues, {word}."));
    fs::write(&path, draft.to_string()).unwrap();
    pipeline::render(ctx, september()).unwrap();
}
