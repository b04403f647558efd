//! Answers and folders that are not what they seem: nothing of others is written over, and no yes is believed blindly.

use super::*;

#[test]
fn an_answer_about_another_campaign_is_not_written_into() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for to in [PublishTo::Mailchimp, PublishTo::Listmonk] {
            house.forget();
            house.tools.add(std::iter::once("Somebody else's newsletter".to_owned()));
            house.tools.next(&[Fault::None, Fault::OtherCampaign]);
            let said = placed(&ctx, to).await.unwrap_err();
            assert!(said.contains("about another campaign") && !said.contains("delete"), "{to:?}: {said}");
            let kept = house.tools.kept();
            assert_eq!(kept.len(), 1, "{to:?}");
            assert_eq!((kept[0].name.as_str(), kept[0].html.as_str()), ("Somebody else's newsletter", ""), "{to:?}");
            // Nothing of it was noted: the next run makes its own.
            assert_eq!(placed(&ctx, to).await.unwrap().how, How::Made, "{to:?}");
            assert_eq!(house.tools.kept().len(), 2, "{to:?}");
        }
    });
}

#[test]
fn a_yes_that_does_not_say_what_is_in_the_draft_is_looked_into() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for fault in [Fault::Page, Fault::Empty, Fault::Null] {
            house.forget();
            // Find, make, fill: a yes from somebody on the way; the draft stays empty.
            house.tools.next(&[Fault::None, Fault::None, fault]);
            let said = placed(&ctx, PublishTo::Mailchimp).await.unwrap_err();
            assert!(said.contains("the email is not in it"), "{fault:?}: {said}");
            assert_eq!(placed(&ctx, PublishTo::Mailchimp).await.unwrap().how, How::Finished, "{fault:?}");
            let kept = house.tools.kept();
            assert_eq!(kept.len(), 1, "{fault:?}");
            assert!(kept[0].html.contains("*|UNSUB|*"), "{fault:?}");
        }
    });
}

#[test]
fn lists_and_checklists_that_say_nothing_are_no_answer() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for to in [PublishTo::Mailchimp, PublishTo::Listmonk] {
            for fault in [Fault::Empty, Fault::EmptyData, Fault::EmptyList, Fault::Null] {
                house.forget();
                placed(&ctx, to).await.unwrap();
                house.forget_outbox();
                house.tools.next(&[fault]);
                let said = placed(&ctx, to).await.unwrap_err();
                assert!(said.contains("cannot be read"), "{to:?} {fault:?}: {said}");
                assert_eq!(house.tools.kept().len(), 1, "{to:?} {fault:?}");
                // Deleted there, and somebody on the way says yes to the look: that is no draft.
                placed(&ctx, to).await.unwrap();
                let id = house.tools.kept()[0].id.clone();
                house.tools.delete(&id);
                house.tools.next(&[Fault::None, fault]);
                let said = placed(&ctx, to).await.unwrap_err();
                assert!(said.contains("cannot be read"), "{to:?} {fault:?}: {said}");
            }
        }
    });
}

#[test]
fn campaigns_of_others_that_cannot_be_read_cost_only_themselves() {
    block_on(async {
        let (house, ctx) = House::start().await;
        for to in [PublishTo::Mailchimp, PublishTo::Listmonk] {
            house.forget();
            house.tools.next(&[Fault::OddCampaign]);
            assert_eq!(placed(&ctx, to).await.unwrap().how, How::Made, "{to:?}");
        }
    });
}

#[test]
fn a_copy_that_went_out_is_named() {
    block_on(async {
        let (house, ctx) = House::start().await;
        placed(&ctx, PublishTo::Mailchimp).await.unwrap();
        let copy = format!("{} (copy 01)", house.tools.kept()[0].name);
        house.tools.add(std::iter::once(copy.clone()));
        let id = house.tools.kept().iter().find(|kept| kept.name == copy).unwrap().id.clone();
        house.tools.change(&id, |kept| kept.status = "sent".to_owned());
        let report = publish(&ctx, september(), &[PublishTo::Mailchimp]).await.unwrap();
        let lines = report.places[0].lines().join("\n");
        assert!(lines.contains("take care") && lines.contains("(copy 01)"), "{lines}");
    });
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_of_pages_is_not_written_through() {
    block_on(async {
        let (house, ctx) = House::start().await;
        let www = house.month.bench.path().join("www");
        let victim = house.month.bench.path().join("victim.txt");
        let publish_folder = || async { publish(&ctx, september(), &[PublishTo::Folder]).await };
        fs::create_dir_all(&www).unwrap();
        for (name, note) in [(".roundup-files.json", "not the list of files"), ("index.html", "did not write")] {
            fs::write(&victim, "precious").unwrap();
            let path = www.join(name);
            drop(fs::remove_file(&path));
            std::os::unix::fs::symlink(&victim, &path).unwrap();
            let said = publish_folder().await.unwrap_err().to_string();
            assert!(said.contains(note), "{name}: {said}");
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious", "{name}");
            fs::remove_file(&path).unwrap();
            publish_folder().await.unwrap();
        }
        // A link to what is one of our own pages, byte for byte, is a link all the same.
        fs::copy(www.join("index.html"), &victim).unwrap();
        fs::remove_file(www.join("index.html")).unwrap();
        std::os::unix::fs::symlink(&victim, www.join("index.html")).unwrap();
        assert!(publish_folder().await.is_err());
        fs::remove_file(www.join("index.html")).unwrap();
        fs::write(www.join(".roundup-files.json"), "{\"my\": \"own\"}").unwrap();
        let said = publish_folder().await.unwrap_err().to_string();
        assert!(said.contains("not the list of files"), "{said}");
        assert_eq!(fs::read_to_string(www.join(".roundup-files.json")).unwrap(), "{\"my\": \"own\"}");
    });
}

#[test]
fn a_message_file_that_is_not_what_was_rendered_is_not_vouched_for() {
    block_on(async {
        let (house, ctx) = House::start().await;
        let path = house.month.bench.path().join("out/2026-09/email.eml");
        publish(&ctx, september(), &[PublishTo::Eml]).await.unwrap();
        for text in ["", "From: evil\r\nBcc: all@example.org\r\n\r\nhi"] {
            fs::write(&path, text).unwrap();
            let said = publish(&ctx, september(), &[PublishTo::Eml]).await.unwrap_err().to_string();
            assert!(said.contains("is not what was rendered"), "{said}");
        }
        fs::remove_file(&path).unwrap();
        assert!(publish(&ctx, september(), &[PublishTo::Eml]).await.is_err());
    });
}
