//! listmonk: `POST /api/campaigns` makes a draft with its content; it goes out only by `PUT /api/campaigns/{id}/status`,
//! which is no step of ours.
//!
//! Body, subject and text part are Go templates there: they come neutralised for this target. An error is
//! `{"message": "…"}`.

use serde::Deserialize;
use serde_json::json;

use super::answer::{Campaign, CampaignId, Finding, Grade, Refusal, State};
use super::letter::Letter;
use super::{Step, address, basic, behind, secrets};
use crate::fetch::{Call, Secret, Verb};
use crate::model::Listmonk;
use crate::model::text::clean_line;

/// The tool's name.
const NAME: &str = "listmonk";
/// Campaigns that are named at once. Old versions send the whole emails along: 50 of 100 kB stay below our cap.
const COUNT: usize = 50;

/// Returns the call that a step is; none to fill or to read: a campaign is made with its content.
///
/// # Errors
/// When the address in the settings is none.
pub(super) fn call(
    settings: &Listmonk,
    key: &Secret,
    step: Step<'_>,
    letter: &Letter,
) -> Result<Option<Call>, Refusal> {
    let mut url = address(NAME, &settings.address)?;
    let (verb, path, body): (Verb, &[&str], _) = match step {
        Step::Find => {
            url.set_query(Some(&format!("no_body=true&page=1&per_page={COUNT}&order_by=created_at&order=DESC")));
            (Verb::Get, &["campaigns"], None)
        }
        // Not the lists: a user that may make drafts need not be one that may look at all lists.
        Step::Greet => {
            url.set_query(Some("no_body=true&page=1&per_page=1"));
            (Verb::Get, &["campaigns"], None)
        }
        Step::Create => (Verb::Post, &["campaigns"], Some(campaign(settings, letter))),
        Step::Fill(_) | Step::Read(_) => return Ok(None),
        Step::Look(id) => {
            url.set_query(Some("no_body=true"));
            (Verb::Get, &["campaigns", id.as_str()], None)
        }
    };
    Ok(Some(Call {
        verb,
        url: behind(url, "api", path),
        body: body.map(|json| json.to_string()),
        authorization: basic(&settings.user, key),
        secrets: secrets(&settings.user, key),
        allows_private: settings.allows_private,
    }))
}

/// Returns what makes a campaign. listmonk knows no preview text: the preheader stands in the email itself.
fn campaign(settings: &Listmonk, letter: &Letter) -> serde_json::Value {
    let mut campaign = serde_json::Map::new();
    let mut put = |name: &str, value: serde_json::Value| campaign.insert(name.to_owned(), value);
    for (name, text) in [
        ("name", letter.name.as_str()),
        ("subject", &letter.subject),
        ("type", "regular"),
        ("content_type", "html"),
        ("messenger", "email"),
        ("body", &letter.html),
        ("altbody", &letter.text),
        ("from_email", &settings.from),
    ] {
        if !text.is_empty() {
            put(name, json!(text));
        }
    }
    put("lists", json!(settings.lists));
    put("tags", json!(["roundup"]));
    if let Some(template) = settings.template {
        put("template_id", json!(template));
    }
    campaign.into()
}

/// Returns where a person finds a campaign.
pub(super) fn page(settings: &Listmonk, id: &CampaignId) -> String {
    format!("{}/admin/campaigns/{id}", settings.address)
}

/// What is read of one campaign; the API gives much more.
#[derive(Deserialize)]
struct Given {
    id: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
}

impl Given {
    /// Returns it in our words.
    fn campaign(self) -> Option<Campaign> {
        let number = self.id.to_string();
        Some(Campaign {
            id: CampaignId::parse(&number)?,
            name: clean_line(&self.name),
            shown_name: clean_line(&self.name),
            state: state(&self.status),
            status: self.status,
            page_number: number,
        })
    }
}

/// Returns what a status means.
fn state(status: &str) -> State {
    match status {
        "draft" => State::Draft,
        "running" | "scheduled" | "finished" => State::Going,
        _ => State::Other,
    }
}

/// The wrapping of every answer.
#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

/// Returns the campaigns that a list names.
pub(super) fn found(body: &str) -> Result<Vec<Campaign>, Refusal> {
    #[derive(Deserialize)]
    struct Page {
        results: serde_json::Value,
    }
    let page: Data<Page> = read(body)?;
    let all = match page.data.results {
        serde_json::Value::Array(all) => all,
        serde_json::Value::Null => Vec::new(),
        _ => return Err(Refusal::unreadable(NAME, "it names no campaigns")),
    };
    // One that cannot be read is none of ours, which all have a name and an id.
    let given = all.into_iter().filter_map(|one| serde_json::from_value::<Given>(one).ok());
    Ok(given.filter_map(Given::campaign).collect())
}

/// Returns the campaign that was made.
pub(super) fn created(body: &str) -> Result<Campaign, Refusal> {
    read::<Data<Given>>(body)?.data.campaign().ok_or_else(|| Refusal::unreadable(NAME, "it names no campaign"))
}

/// Returns how a campaign stands; listmonk has no checklist.
pub(super) fn findings(body: &str) -> Result<Vec<Finding>, Refusal> {
    let given = read::<Data<Given>>(body)?.data;
    let (grade, text) = match state(&given.status) {
        State::Draft => (Grade::Fine, "it is a draft".to_owned()),
        State::Going | State::Other => (Grade::Look, format!("it is no draft any more: {}", given.status)),
    };
    Ok(vec![Finding { grade, text }])
}

/// Returns what an error says; empty when it says nothing that can be read.
pub(super) fn said(body: &str) -> String {
    #[derive(Default, Deserialize)]
    struct Said {
        #[serde(default)]
        message: String,
    }
    serde_json::from_str::<Said>(body).unwrap_or_default().message
}

/// Reads an answer.
fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<T, Refusal> {
    serde_json::from_str(body).map_err(|e| Refusal::no_json(NAME, &e))
}
