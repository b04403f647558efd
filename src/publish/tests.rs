//! Every way to ask a mailing tool, and what its answers say.

use super::*;
use crate::model::Month;

fn letter() -> Letter {
    let parts = ["Subject", "Preheader", "<html>*|UNSUB|*</html>", "Text *|UNSUB|*"].map(str::to_owned);
    Letter::new(Month::parse("2026-10").unwrap(), "Roundup", "mailchimp a1", parts)
}

fn mailchimp_settings() -> Mailchimp {
    Mailchimp {
        list: "a1".into(),
        from_name: "The community".into(),
        reply_to: "us@example.org".into(),
        address: String::new(),
        allows_private: false,
    }
}

fn listmonk_settings() -> Listmonk {
    Listmonk {
        address: "https://lists.example.org".into(),
        user: "roundup".into(),
        lists: vec![3],
        template: None,
        from: String::new(),
        allows_private: false,
    }
}

fn answered(status: u16, body: &str) -> Answered {
    Answered { status, retry_after_s: None, body: body.to_owned() }
}

/// All steps, by a match that does not compile when there is another one.
fn steps(id: &CampaignId) -> [Step<'_>; 6] {
    let known = |step: Step<'_>| match step {
        Step::Find | Step::Create | Step::Fill(_) | Step::Read(_) | Step::Look(_) | Step::Greet => {}
    };
    let all = [Step::Find, Step::Create, Step::Fill(id), Step::Read(id), Step::Look(id), Step::Greet];
    all.into_iter().for_each(known);
    all
}

#[test]
fn no_step_sends() {
    let (chimp, monk) = (mailchimp_settings(), listmonk_settings());
    let key = || Secret::new("0123456789abcdef-us21".to_owned());
    let tools = [Tool::Mailchimp { settings: chimp, key: key() }, Tool::Listmonk { settings: monk, key: key() }];
    let id = CampaignId::parse("c1").unwrap();
    let mut asked = Vec::new();
    for tool in &tools {
        for step in steps(&id) {
            let Some(call) = tool.call(step, &letter()).unwrap() else { continue };
            let path = call.url.split('?').next().unwrap_or_default().to_owned();
            asked.push(format!("{} {path}", call.verb.as_str()));
            let body: serde_json::Value =
                call.body.as_deref().map_or_else(Default::default, |b| serde_json::from_str(b).unwrap());
            for word in ["send_at", "schedule_time", "status", "timewarp", "batch_delivery"] {
                assert!(body.get(word).is_none(), "{step:?} sends {word}");
            }
            assert!(!call.allows_private, "{step:?}");
        }
    }
    assert_eq!(
        asked,
        [
            "GET https://us21.api.mailchimp.com/3.0/campaigns",
            "POST https://us21.api.mailchimp.com/3.0/campaigns",
            "PUT https://us21.api.mailchimp.com/3.0/campaigns/c1/content",
            "GET https://us21.api.mailchimp.com/3.0/campaigns/c1/content",
            "GET https://us21.api.mailchimp.com/3.0/campaigns/c1/send-checklist",
            "GET https://us21.api.mailchimp.com/3.0/lists/a1",
            "GET https://lists.example.org/api/campaigns",
            "POST https://lists.example.org/api/campaigns",
            "GET https://lists.example.org/api/campaigns/c1",
            "GET https://lists.example.org/api/campaigns",
        ]
    );
}

#[test]
fn a_key_leads_to_no_other_host() {
    let settings = mailchimp_settings();
    for (key, want) in [
        ("abc-us21", Some("https://us21.api.mailchimp.com/3.0/")),
        ("abc-us1", Some("https://us1.api.mailchimp.com/3.0/")),
        ("abc", None),
        ("abc-", None),
        ("abc-us", None),
        ("abc-21", None),
        ("abc-evil.example.org/x", None),
        ("abc-us21.evil", None),
        ("abc-us21@evil", None),
        ("abc-US21", None),
        ("", None),
    ] {
        let tool = Tool::Mailchimp { settings: settings.clone(), key: Secret::new(key.to_owned()) };
        match (tool.call(Step::Find, &letter()), want) {
            (Ok(Some(call)), Some(want)) => assert!(call.url.starts_with(want), "{key}: {}", call.url),
            (Err(refusal), None) => assert!(refusal.reason.contains("no key of Mailchimp"), "{key}"),
            (Ok(call), _) => panic!("{key}: {:?}", call.map(|call| call.to_string())),
            (Err(refusal), _) => panic!("{key}: {}", refusal.reason),
        }
    }
}

#[test]
fn lines_that_are_too_long_are_refused_here() {
    let settings = mailchimp_settings();
    let tool = Tool::Mailchimp { settings: settings.clone(), key: Secret::new("k-us1".to_owned()) };
    let month = Month::parse("2026-10").unwrap();
    let with = |subject: String, preheader: String| {
        Letter::new(month, "Roundup", "x", [subject, preheader, String::new(), String::new()])
    };
    assert!(tool.call(Step::Create, &with("é".repeat(150), "é".repeat(150))).is_ok());
    for (letter, what) in
        [(with("s".repeat(151), String::new()), "subject"), (with(String::new(), "p".repeat(151)), "preheader")]
    {
        let refusal = tool.call(Step::Create, &letter).err().unwrap();
        assert!(refusal.reason.contains(what) && refusal.reason.contains("151"), "{}", refusal.reason);
    }
}

#[test]
fn answers_are_read_or_said_to_be_none() {
    let (chimp, monk) = (mailchimp_settings(), listmonk_settings());
    let key = || Secret::new("k-us1".to_owned());
    let chimp = Tool::Mailchimp { settings: chimp, key: key() };
    let monk = Tool::Listmonk { settings: monk, key: key() };
    let list = r#"{"campaigns":[{"id":"a1","web_id":7,"status":"save","settings":{"title":"T\u001b"}},
        {"id":"../x","status":"save"},{"id":"b2","status":"sent","settings":{}},{"id":"c3","status":"paused"}]}"#;
    let found = chimp.found(&answered(200, list)).unwrap();
    let told: Vec<_> = found.iter().map(|c| (c.id.as_str(), c.name.as_str(), c.state)).collect();
    assert_eq!(told, [("a1", "T", State::Draft), ("b2", "", State::Going), ("c3", "", State::Other)]);
    assert_eq!(chimp.page(&found[0]), "https://us1.admin.mailchimp.com/campaigns/edit?id=7");
    let page = r#"{"data":{"results":[{"id":4,"name":"N","status":"draft"},{"id":5,"status":"scheduled"}]}}"#;
    let found = monk.found(&answered(200, page)).unwrap();
    assert_eq!(found.iter().map(|c| c.state).collect::<Vec<_>>(), [State::Draft, State::Going]);
    assert_eq!(monk.page(&found[0]), "https://lists.example.org/admin/campaigns/4");
    assert_eq!(monk.found(&answered(200, r#"{"data":{"results":null}}"#)).unwrap(), []);
    for (tool, note) in [(&chimp, "Mailchimp"), (&monk, "listmonk")] {
        for body in ["", "null", "[]", "{}", "<html>", "{\"campaigns\":7}", "{\"data\":7}", "\u{feff}{}"] {
            assert!(tool.found(&answered(200, body)).unwrap_err().reason.contains("cannot be read"), "{note} {body}");
            assert!(tool.created(&answered(200, body)).is_err(), "{note} {body}");
            assert!(tool.greeted(&answered(200, body)).is_err(), "{note} {body}");
        }
        assert_eq!(tool.looked(&answered(404, "")), Ok(None), "{note}: it is gone");
        assert!(tool.looked(&answered(500, "")).is_err(), "{note}");
    }
    let checklist = r#"{"is_ready":false,"items":[{"type":"error","heading":"List","details":"none"},
        {"type":"success","heading":"Subject"},{"type":"warning","details":"look"},{}]}"#;
    let findings = chimp.looked(&answered(200, checklist)).unwrap().unwrap();
    let told: Vec<_> = findings.iter().map(|f| (f.grade, f.text.as_str())).collect();
    let want = [(Grade::Mend, "List: none"), (Grade::Fine, "Subject"), (Grade::Look, "look"), (Grade::Look, "")];
    assert_eq!(told, want);
}

#[test]
fn no_tool_gets_the_key_out() {
    let key = "0123456789abcdef-us21";
    let code = data_encoding::BASE64.encode(format!("roundup:{key}").as_bytes());
    let tools = || {
        let key = || Secret::new(key.to_owned());
        let (chimp, monk) = (mailchimp_settings(), listmonk_settings());
        [Tool::Mailchimp { settings: chimp, key: key() }, Tool::Listmonk { settings: monk, key: key() }]
    };
    for (words, note) in [
        (key.to_owned(), "as it is"),
        (code.clone(), "the code alone"),
        (format!("basic {code}"), "as it is sent, in small letters"),
        (key.to_uppercase(), "in capitals"),
        (key.replace('5', "\\u0035"), "escaped"),
        (key.replace('5', "\\u00005"), "split by NUL"),
        (key.replace('5', "\\u200b5"), "split by a space that nobody sees"),
        (key.chars().take(9).collect(), "half of it"),
        (format!("{}{key}", "x".repeat(290)), "cut by our own cap"),
    ] {
        let is_told = |text: &str| {
            let text = text.to_lowercase();
            ["01234", "abcdef", &code.to_lowercase()].iter().any(|part| text.contains(part))
        };
        let error = format!(r#"{{"detail":"{words}","message":"{words}","errors":[{{"field":"{words}"}}]}}"#);
        let list = format!(
            r#"{{"campaigns":[{{"id":"a1","status":"{words}","settings":{{"title":"{words}"}}}}],
                "data":{{"results":[{{"id":1,"name":"{words}","status":"{words}"}}],"id":1,"status":"{words}"}},
                "items":[{{"heading":"{words}","details":"{words}"}}]}}"#
        );
        for tool in tools() {
            let refusal = tool.found(&answered(400, &error)).unwrap_err();
            assert!(!is_told(&refusal.reason), "{note}: {}", refusal.reason);
            let refusal = tool.found(&answered(200, &format!("\"{words}\""))).unwrap_err();
            assert!(!is_told(&refusal.reason), "{note}: {}", refusal.reason);
            let found = tool.found(&answered(200, &list)).unwrap();
            assert!(!is_told(&format!("{} {}", found[0].shown_name, found[0].status)), "{note}: {found:?}");
            let findings = tool.looked(&answered(200, &list)).unwrap().unwrap();
            assert!(!is_told(&findings[0].text), "{note}: {findings:?}");
        }
    }
    let [chimp, _] = tools();
    let named = r#"{"campaigns":[{"id":"0123456789abcdef"}]}"#;
    assert_eq!(chimp.found(&answered(200, named)).unwrap(), [], "an id is a part of addresses");
}

#[test]
fn no_address_swallows_a_step() {
    for (address, is_good) in [
        ("https://lists.example.org", true),
        ("https://lists.example.org:9000", true),
        ("https://lists.example.org/3.0/campaigns/c9/actions/send#", false),
        ("https://lists.example.org/3.0/campaigns/c9/actions/send?", false),
        ("https://lists.example.org/#", false),
        ("https://ana@lists.example.org", false),
        ("https://:pw@lists.example.org", false),
        ("ftp://lists.example.org", false),
        ("lists.example.org", false),
        ("https://", false),
    ] {
        let monk = Listmonk { address: address.into(), ..listmonk_settings() };
        let chimp = Mailchimp { address: address.into(), ..mailchimp_settings() };
        let key = || Secret::new("k-us1".to_owned());
        for tool in [Tool::Mailchimp { settings: chimp, key: key() }, Tool::Listmonk { settings: monk, key: key() }] {
            match tool.call(Step::Create, &letter()) {
                Ok(Some(call)) => assert!(is_good && call.url.ends_with("/campaigns"), "{address}: {}", call.url),
                Err(refusal) => assert!(!is_good && refusal.reason.contains("address"), "{address}: {refusal}"),
                Ok(None) => panic!("{address}"),
            }
        }
    }
    let monk = Listmonk { address: "https://example.org/lists/..%2f?".into(), ..listmonk_settings() };
    assert!(Tool::Listmonk { settings: monk, key: Secret::new("k".into()) }.call(Step::Find, &letter()).is_err());
    let below = Listmonk { address: "https://example.org/lists".into(), ..listmonk_settings() };
    let call = Tool::Listmonk { settings: below, key: Secret::new("k".into()) }.call(Step::Create, &letter());
    assert_eq!(call.unwrap().unwrap().url, "https://example.org/lists/api/campaigns");
    let chimp =
        Mailchimp { address: "https://example.org/3.0/campaigns/c9/actions/send".into(), ..mailchimp_settings() };
    assert!(Tool::Mailchimp { settings: chimp, key: Secret::new("k-us1".into()) }.call(Step::Find, &letter()).is_err());
}

#[test]
fn what_is_in_a_draft_is_told_or_not_known() {
    let tool = Tool::Mailchimp { settings: mailchimp_settings(), key: Secret::new("k-us1".to_owned()) };
    let (ours, other) = (letter().html, "<p>A person's</p>");
    let text = letter().text;
    for (body, want) in [
        (serde_json::json!({ "html": "", "plain_text": " " }), Some(Content::Empty)),
        (serde_json::json!({ "_links": [] }), Some(Content::Empty)),
        (serde_json::json!({ "html": ours, "plain_text": format!("{text}\r\n") }), Some(Content::Ours)),
        (serde_json::json!({ "html": ours, "plain_text": "other" }), Some(Content::Other)),
        (serde_json::json!({ "html": other, "plain_text": text }), Some(Content::Other)),
        (serde_json::json!({ "html": "", "plain_text": text }), Some(Content::Other)),
        (serde_json::json!({}), None),
        (serde_json::json!([]), None),
        (serde_json::json!({ "html": 7 }), None),
    ] {
        assert_eq!(tool.content(&answered(200, &body.to_string()), &letter()).ok(), want, "{body}");
    }
    assert!(tool.content(&answered(404, ""), &letter()).is_err());
}
