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
fn steps(id: &CampaignId) -> [Step<'_>; 4] {
    let known = |step: Step<'_>| match step {
        Step::Find | Step::Create | Step::Fill(_) | Step::Look(_) => {}
    };
    let all = [Step::Find, Step::Create, Step::Fill(id), Step::Look(id)];
    all.into_iter().for_each(known);
    all
}

#[test]
fn no_step_sends() {
    let (chimp, monk) = (mailchimp_settings(), listmonk_settings());
    let key = || Secret::new("0123456789abcdef-us21".to_owned());
    let tools = [Tool::Mailchimp { settings: &chimp, key: key() }, Tool::Listmonk { settings: &monk, key: key() }];
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
            "GET https://us21.api.mailchimp.com/3.0/campaigns/c1/send-checklist",
            "GET https://lists.example.org/api/campaigns",
            "POST https://lists.example.org/api/campaigns",
            "GET https://lists.example.org/api/campaigns/c1",
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
        let tool = Tool::Mailchimp { settings: &settings, key: Secret::new(key.to_owned()) };
        match (tool.call(Step::Find, &letter()), want) {
            (Ok(Some(call)), Some(want)) => assert!(call.url.starts_with(want), "{key}: {}", call.url),
            (Err(refusal), None) => assert!(refusal.reason.contains("no key of Mailchimp"), "{key}"),
            (other, _) => panic!("{key}: {other:?}"),
        }
    }
}

#[test]
fn lines_that_are_too_long_are_refused_here() {
    let settings = mailchimp_settings();
    let tool = Tool::Mailchimp { settings: &settings, key: Secret::new("k-us1".to_owned()) };
    let month = Month::parse("2026-10").unwrap();
    let with = |subject: String, preheader: String| {
        Letter::new(month, "Roundup", "x", [subject, preheader, String::new(), String::new()])
    };
    assert!(tool.call(Step::Create, &with("é".repeat(150), "é".repeat(150))).is_ok());
    for (letter, what) in
        [(with("s".repeat(151), String::new()), "subject"), (with(String::new(), "p".repeat(151)), "preheader")]
    {
        let refusal = tool.call(Step::Create, &letter).unwrap_err();
        assert!(refusal.reason.contains(what) && refusal.reason.contains("151"), "{}", refusal.reason);
    }
}

#[test]
fn answers_are_read_or_said_to_be_none() {
    let (chimp, monk) = (mailchimp_settings(), listmonk_settings());
    let key = || Secret::new("k-us1".to_owned());
    let chimp = Tool::Mailchimp { settings: &chimp, key: key() };
    let monk = Tool::Listmonk { settings: &monk, key: key() };
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
