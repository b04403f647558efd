//! Mailchimp, Marketing API 3.0: `POST /campaigns`, `GET` and `PUT /campaigns/{id}/content`,
//! `GET /campaigns/{id}/send-checklist`, `GET /lists/{id}`.
//!
//! An error is a problem document (RFC 7807) with `title`, `detail`, and often `errors: [{field, message}]`.

use serde::Deserialize;
use serde_json::json;

use super::answer::{Campaign, CampaignId, Content, Finding, Grade, Refusal, State};
use super::letter::Letter;
use super::{Step, address, basic, behind};
use crate::fetch::{Call, Secret, Verb};
use crate::model::Mailchimp;
use crate::model::text::clean_line;

/// The tool's name.
const NAME: &str = "Mailchimp";
/// The name that the key is sent with; Mailchimp takes any.
const USER: &str = "roundup";
/// Campaigns that are named at once; the API gives at most 1,000. A campaign made by us is among the newest.
const COUNT: usize = 1_000;
/// Longest subject and preview text that Mailchimp takes, in characters.
const LINE_CHARS_MAX: usize = 150;

/// Returns the call that a step is.
pub(super) fn call(settings: &Mailchimp, key: &Secret, step: Step<'_>, letter: &Letter) -> Result<Call, Refusal> {
    let mut url = address(NAME, &base(settings, key)?)?;
    if url.path() != "/" {
        let help = "leave address out of [publish.mailchimp]: the key says where Mailchimp is";
        return Err(Refusal::new(format!("the address of {NAME} has a path behind the host"), help));
    }
    let (verb, path, body): (Verb, &[&str], _) = match step {
        Step::Find => {
            let fields = "campaigns.id,campaigns.web_id,campaigns.status,campaigns.settings.title";
            url.set_query(Some(&format!("count={COUNT}&sort_field=create_time&sort_dir=DESC&fields={fields}")));
            (Verb::Get, &["campaigns"], None)
        }
        Step::Create => {
            check_lines(letter)?;
            (Verb::Post, &["campaigns"], Some(campaign(settings, letter)))
        }
        Step::Fill(id) => {
            let content = json!({ "html": letter.html, "plain_text": letter.text });
            (Verb::Put, &["campaigns", id.as_str(), "content"], Some(content))
        }
        Step::Read(id) => {
            url.set_query(Some("fields=html,plain_text,_links"));
            (Verb::Get, &["campaigns", id.as_str(), "content"], None)
        }
        Step::Look(id) => (Verb::Get, &["campaigns", id.as_str(), "send-checklist"], None),
        Step::Greet => {
            url.set_query(Some("fields=id,name"));
            (Verb::Get, &["lists", &settings.list], None)
        }
    };
    Ok(Call {
        verb,
        url: behind(url, "3.0", path),
        body: body.map(|json| json.to_string()),
        authorization: basic(USER, key),
        secrets: secrets(key),
        allows_private: settings.allows_private,
    })
}

/// Returns what must not be shown: the key, and what it is sent as.
pub(super) fn secrets(key: &Secret) -> Vec<Secret> {
    super::secrets(USER, key)
}

/// Returns what makes a campaign. Styles are inlined already, and the foot has the tags that Mailchimp asks for.
fn campaign(settings: &Mailchimp, letter: &Letter) -> serde_json::Value {
    json!({
        "type": "regular",
        "recipients": { "list_id": settings.list },
        "settings": {
            "subject_line": letter.subject,
            "preview_text": letter.preheader,
            "title": letter.name,
            "from_name": settings.from_name,
            "reply_to": settings.reply_to,
            "auto_footer": false,
            "inline_css": false,
        },
    })
}

/// Checks what Mailchimp would refuse, so that it can be said where it is mended.
fn check_lines(letter: &Letter) -> Result<(), Refusal> {
    for (what, line) in [("subject", &letter.subject), ("preheader", &letter.preheader)] {
        let chars = line.chars().count();
        if chars > LINE_CHARS_MAX {
            return Err(Refusal::new(
                format!("the {what} has {chars} characters, and {NAME} takes at most {LINE_CHARS_MAX}"),
                format!("shorten the {what} in the draft, render, and publish again"),
            ));
        }
    }
    Ok(())
}

/// Returns the address of the API: the one in the settings, else by the data centre that the key ends in.
fn base(settings: &Mailchimp, key: &Secret) -> Result<String, Refusal> {
    if !settings.address.is_empty() {
        return Ok(settings.address.clone());
    }
    let centre = centre(key).ok_or_else(|| {
        Refusal::new(
            "this is no key of Mailchimp: one ends in the name of a data centre, such as -us21",
            "copy the whole key from Mailchimp: Profile, Extras, API keys",
        )
    })?;
    Ok(format!("https://{centre}.api.mailchimp.com"))
}

/// Returns the data centre that a key ends in; it becomes a part of a host's name, so nothing else may stand there.
fn centre(key: &Secret) -> Option<String> {
    let (_, centre) = key.reveal().rsplit_once('-')?;
    let digits = centre.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let letters = centre.len() - digits.len();
    let is_centre = (2..=4).contains(&letters) && (1..=3).contains(&digits.len());
    (is_centre && digits.bytes().all(|b| b.is_ascii_digit())).then(|| centre.to_owned())
}

/// Returns where a person finds a campaign; empty when that is not known.
pub(super) fn page(settings: &Mailchimp, key: &Secret, campaign: &Campaign) -> String {
    match centre(key) {
        Some(centre) if settings.address.is_empty() && !campaign.page_number.is_empty() => {
            format!("https://{centre}.admin.mailchimp.com/campaigns/edit?id={}", campaign.page_number)
        }
        _ => String::new(),
    }
}

/// What is read of one campaign; the API gives much more.
#[derive(Deserialize)]
struct Given {
    id: String,
    #[serde(default)]
    web_id: serde_json::Value,
    #[serde(default)]
    status: String,
    #[serde(default)]
    settings: GivenSettings,
}

/// What is read of its settings.
#[derive(Default, Deserialize)]
struct GivenSettings {
    #[serde(default)]
    title: String,
}

impl Given {
    /// Returns it in our words; `None` when its id is none.
    fn campaign(self) -> Option<Campaign> {
        let state = match self.status.as_str() {
            "save" => State::Draft,
            "sending" | "sent" | "schedule" => State::Going,
            _ => State::Other,
        };
        let page_number = self.web_id.as_u64().map(|n| n.to_string()).unwrap_or_default();
        let (name, id) = (clean_line(&self.settings.title), CampaignId::parse(&self.id)?);
        Some(Campaign { id, shown_name: name.clone(), name, state, status: self.status, page_number })
    }
}

/// Returns the campaigns that a list names.
pub(super) fn found(body: &str) -> Result<Vec<Campaign>, Refusal> {
    #[derive(Deserialize)]
    struct List {
        campaigns: Vec<serde_json::Value>,
    }
    let list: List = read(body)?;
    // One that cannot be read is none of ours, which all have a name and an id.
    let given = list.campaigns.into_iter().filter_map(|one| serde_json::from_value::<Given>(one).ok());
    Ok(given.filter_map(Given::campaign).collect())
}

/// Returns the name of the list that drafts are for.
pub(super) fn greeted(body: &str) -> Result<String, Refusal> {
    #[derive(Deserialize)]
    struct List {
        name: String,
    }
    Ok(clean_line(&read::<List>(body)?.name))
}

/// Returns the campaign that was made.
pub(super) fn created(body: &str) -> Result<Campaign, Refusal> {
    read::<Given>(body)?.campaign().ok_or_else(|| Refusal::unreadable(NAME, "it names no campaign"))
}

/// Returns what the checklist says.
pub(super) fn findings(body: &str) -> Result<Vec<Finding>, Refusal> {
    #[derive(Deserialize)]
    struct Checklist {
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        #[serde(default, rename = "type")]
        kind: String,
        #[serde(default)]
        heading: String,
        #[serde(default)]
        details: String,
    }
    let checklist: Checklist = read(body)?;
    Ok(checklist
        .items
        .into_iter()
        .map(|item| {
            let grade = match item.kind.as_str() {
                "success" => Grade::Fine,
                "error" => Grade::Mend,
                _ => Grade::Look,
            };
            let text =
                [item.heading, item.details].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(": ");
            Finding { grade, text }
        })
        .collect())
}

/// Returns what is in a draft.
///
/// # Errors
/// When the answer does not tell.
pub(super) fn content(body: &str, letter: &Letter) -> Result<Content, Refusal> {
    #[derive(Deserialize)]
    struct Given {
        html: Option<String>,
        plain_text: Option<String>,
        #[serde(rename = "_links")]
        links: Option<serde_json::Value>,
    }
    let given: Given = read(body)?;
    if given.html.is_none() && given.plain_text.is_none() && given.links.is_none() {
        return Err(Refusal::unreadable(NAME, "it names no content"));
    }
    let (html, text) = (given.html.unwrap_or_default(), given.plain_text.unwrap_or_default());
    // Line ends and the like are no change that a person made.
    let is_same = |one: &str, other: &str| one.split_whitespace().eq(other.split_whitespace());
    Ok(if html.trim().is_empty() && text.trim().is_empty() {
        Content::Empty
    } else if is_same(&html, &letter.html) && is_same(&text, &letter.text) {
        Content::Ours
    } else {
        Content::Other
    })
}

/// Returns what an error says; empty when it says nothing that can be read.
pub(super) fn said(body: &str) -> String {
    #[derive(Default, Deserialize)]
    struct Said {
        #[serde(default)]
        title: String,
        #[serde(default)]
        detail: String,
        #[serde(default)]
        errors: Vec<Field>,
    }
    #[derive(Deserialize)]
    struct Field {
        #[serde(default)]
        field: String,
        #[serde(default)]
        message: String,
    }
    let said: Said = serde_json::from_str(body).unwrap_or_default();
    let fields: Vec<String> = said
        .errors
        .iter()
        .map(|e| if e.field.is_empty() { e.message.clone() } else { format!("{}: {}", e.field, e.message) })
        .collect();
    match (fields.is_empty(), said.detail.is_empty()) {
        // With fields the detail says only that there are some.
        (false, _) => fields.join("; "),
        (true, false) => said.detail,
        (true, true) => said.title,
    }
}

/// Reads an answer.
fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<T, Refusal> {
    serde_json::from_str(body).map_err(|e| Refusal::no_json(NAME, &e))
}
