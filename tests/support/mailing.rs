//! Stand-ins for Mailchimp (Marketing API 3.0) and listmonk on loopback: their published shapes, their errors, and
//! faults at the worst moments. They write down every request, so that a test can show what was never asked.

use std::collections::{BTreeMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is answered as it should be.
    None,
    /// 401, with the tool's own words; they repeat the key.
    WrongKey,
    /// 429 with a wait of a second.
    TooOften,
    /// 400 with the fields that are wrong.
    Invalid,
    /// 500 and nothing is done.
    Broken,
    /// It is done, and then the answer is 502.
    DoneThenBroken,
    /// It is done, and no answer comes.
    DoneThenSilent,
    /// It leads elsewhere.
    Redirects,
    /// 200 with a page for people.
    Page,
    /// 200 with JSON that says nothing.
    Empty,
    /// 200 with JSON that has the wrapping and nothing in it.
    EmptyData,
    /// 200 with an empty list.
    EmptyList,
    /// 200 with `null`.
    Null,
    /// Nothing is done, and the answer is about the oldest campaign there is.
    OtherCampaign,
    /// It is done; a campaign of somebody else without a name stands first in the list.
    OddCampaign,
    /// 404, though it is there.
    NotFound,
    /// 408: it waited too long for us.
    TimedOut,
    /// More than anybody reads.
    Huge,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub verb: String,
    pub path: String,
    pub authorization: String,
    pub body: String,
}

/// One campaign.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: String,
    pub name: String,
    pub status: String,
    pub html: String,
    pub text: String,
    pub settings: Value,
}

#[derive(Debug, Default)]
struct World {
    asked: Vec<Asked>,
    kept: BTreeMap<String, Kept>,
    faults: VecDeque<Fault>,
    made: usize,
    name_chars_max: Option<usize>,
}

impl World {
    /// Returns a name as the tool keeps it.
    fn kept_name(&self, name: &str) -> String {
        name.chars().take(self.name_chars_max.unwrap_or(usize::MAX)).collect()
    }
}

/// A running stand-in of both tools.
pub struct Mailing {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    server: tokio::task::JoinHandle<()>,
}

impl Mailing {
    /// Starts it on a free port of loopback.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let world = Arc::new(Mutex::new(World::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&world));
        let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Self { address, world, server }
    }

    /// Returns its address without a trailing slash.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lays out what happens to the next requests; those behind are answered as they should be.
    pub fn next(&self, faults: &[Fault]) {
        self.world.lock().unwrap().faults = faults.iter().copied().collect();
    }

    /// Returns all requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.world.lock().unwrap().asked.clone()
    }

    /// Returns all campaigns, the oldest first.
    pub fn kept(&self) -> Vec<Kept> {
        self.world.lock().unwrap().kept.values().cloned().collect()
    }

    /// Changes a campaign as a person in the tool does.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut Kept)) {
        change(self.world.lock().unwrap().kept.get_mut(id).unwrap());
    }

    /// Cuts the names of campaigns from now on.
    pub fn cut_names(&self, chars_max: usize) {
        self.world.lock().unwrap().name_chars_max = Some(chars_max);
    }

    /// Adds drafts with these names, as other runs made them.
    pub fn add(&self, names: impl Iterator<Item = String>) {
        let mut world = self.world.lock().unwrap();
        for name in names {
            world.made += 1;
            let (id, status) = (format!("c{:09}", world.made), "save".to_owned());
            let (html, text, settings) = (String::new(), String::new(), Value::Null);
            world.kept.insert(id.clone(), Kept { id, name, status, html, text, settings });
        }
    }

    /// Deletes a campaign as a person in the tool does.
    pub fn delete(&self, id: &str) {
        self.world.lock().unwrap().kept.remove(id);
    }
}

impl Drop for Mailing {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(world): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let body = String::from_utf8_lossy(&body).into_owned();
    let is_mailchimp = uri.path().starts_with("/3.0/");
    let (fault, given) = {
        let mut world = world.lock().unwrap();
        let fault = world.faults.pop_front().unwrap_or(Fault::None);
        let path = uri.to_string();
        world.asked.push(Asked { verb: method.to_string(), path, authorization, body: body.clone() });
        let is_done = matches!(fault, Fault::None | Fault::DoneThenBroken | Fault::DoneThenSilent);
        let given = is_done.then(|| {
            let json = serde_json::from_str(&body).unwrap_or(Value::Null);
            if is_mailchimp {
                mailchimp(&mut world, &method, &uri, &json)
            } else {
                listmonk(&mut world, &method, &uri, &json)
            }
        });
        (fault, given)
    };
    let said = |status: u16, title: &str, detail: &str, errors: Value| {
        let json = if is_mailchimp {
            json!({ "type": "https://mailchimp.com/developer/marketing/docs/errors/", "title": title, "status": status,
                    "detail": detail, "instance": "0", "errors": errors })
        } else {
            json!({ "message": detail })
        };
        (StatusCode::from_u16(status).unwrap(), axum::Json(json)).into_response()
    };
    match fault {
        Fault::None => given.unwrap(),
        Fault::WrongKey => said(401, "API Key Invalid", "Your API key may be invalid: sesame-us21", json!([])),
        Fault::TooOften => {
            let mut answer = said(429, "Too Many Requests", "You have exceeded the limit", json!([]));
            answer.headers_mut().insert(header::RETRY_AFTER, "1".parse().unwrap());
            answer
        }
        Fault::Invalid => said(
            400,
            "Invalid Resource",
            "The resource submitted could not be validated.",
            json!([{ "field": "settings.reply_to", "message": "The domain is not verified" }]),
        ),
        Fault::Broken => said(500, "InternalServerError", "An unexpected internal error has occurred.", json!([])),
        Fault::DoneThenBroken => (StatusCode::BAD_GATEWAY, "<html>bad gateway</html>").into_response(),
        Fault::DoneThenSilent => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            StatusCode::OK.into_response()
        }
        Fault::Redirects => (StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.1:9/steal")]).into_response(),
        Fault::Page => (StatusCode::OK, "<!DOCTYPE html><title>Please log in</title>").into_response(),
        Fault::Empty => (StatusCode::OK, "{}").into_response(),
        Fault::EmptyData => (StatusCode::OK, "{\"data\":{}}").into_response(),
        Fault::EmptyList => (StatusCode::OK, "[]").into_response(),
        Fault::Null => (StatusCode::OK, "null").into_response(),
        Fault::OtherCampaign | Fault::OddCampaign => {
            about_another(&world.lock().unwrap(), is_mailchimp, fault == Fault::OddCampaign)
        }
        Fault::NotFound => not_found("Resource Not Found"),
        Fault::TimedOut => said(408, "Request Timeout", "The request took too long.", json!([])),
        Fault::Huge => (StatusCode::OK, " ".repeat((8 << 20) + 1)).into_response(),
    }
}

/// Answers with the oldest campaign there is, or with a list of one that nobody can read.
fn about_another(world: &World, is_mailchimp: bool, is_odd: bool) -> Response {
    let odd = json!({ "id": null, "name": null, "settings": { "title": null }, "status": null });
    let first = world.kept.values().next();
    axum::Json(match (is_mailchimp, is_odd) {
        (true, false) => of_mailchimp(first.unwrap()),
        (false, false) => json!({ "data": of_listmonk(first.unwrap()) }),
        (true, true) => json!({ "campaigns": [odd] }),
        (false, true) => json!({ "data": { "results": [odd] } }),
    })
    .into_response()
}

fn not_found(title: &str) -> Response {
    (StatusCode::NOT_FOUND, axum::Json(json!({ "title": title, "status": 404, "detail": "not found" }))).into_response()
}

fn text(json: &Value, pointer: &str) -> String {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Answers as Mailchimp does.
fn mailchimp(world: &mut World, method: &Method, uri: &Uri, json: &Value) -> Response {
    let path: Vec<&str> = uri.path().trim_start_matches("/3.0/").split('/').collect();
    match (method.as_str(), path.as_slice()) {
        ("GET", ["lists", "a1b2c3d4e5"]) => {
            axum::Json(json!({ "id": "a1b2c3d4e5", "name": "Members of the \u{1b}[31mcommunity" })).into_response()
        }
        ("GET", ["campaigns"]) => {
            let all: Vec<Value> = world.kept.values().rev().map(of_mailchimp).collect();
            axum::Json(json!({ "campaigns": all })).into_response()
        }
        ("POST", ["campaigns"]) => {
            world.made += 1;
            let id = format!("c{:09}", world.made);
            let settings = json["settings"].clone();
            let kept = Kept {
                id: id.clone(),
                name: world.kept_name(&text(json, "/settings/title")),
                status: "save".to_owned(),
                html: String::new(),
                text: String::new(),
                settings: json!({ "settings": settings, "recipients": json["recipients"], "type": json["type"] }),
            };
            let shown = of_mailchimp(&kept);
            world.kept.insert(id, kept);
            axum::Json(shown).into_response()
        }
        ("PUT", ["campaigns", id, "content"]) => match world.kept.get_mut(*id) {
            Some(kept) => {
                (kept.html, kept.text) = (text(json, "/html"), text(json, "/plain_text"));
                axum::Json(json!({ "html": kept.html, "plain_text": kept.text })).into_response()
            }
            None => not_found("Resource Not Found"),
        },
        ("GET", ["campaigns", id, "content"]) => match world.kept.get(*id) {
            Some(kept) => axum::Json(json!({ "html": kept.html, "plain_text": kept.text })).into_response(),
            None => not_found("Resource Not Found"),
        },
        ("GET", ["campaigns", id, "send-checklist"]) => match world.kept.get(*id) {
            Some(kept) => {
                let (kind, details) = if kept.html.contains("*|UNSUB|*") {
                    ("success", "Your email has an unsubscribe link.")
                } else {
                    ("error", "There is no content yet.")
                };
                let item = json!({ "type": kind, "id": 502, "heading": "Content", "details": details });
                axum::Json(json!({ "is_ready": kind == "success", "items": [item] })).into_response()
            }
            None => not_found("Resource Not Found"),
        },
        _ => not_found("Resource Not Found"),
    }
}

fn of_mailchimp(kept: &Kept) -> Value {
    let web_id: u64 = kept.id.trim_start_matches('c').parse().unwrap();
    json!({ "id": kept.id, "web_id": web_id, "status": kept.status, "settings": { "title": kept.name } })
}

/// Answers as listmonk does.
fn listmonk(world: &mut World, method: &Method, uri: &Uri, json: &Value) -> Response {
    let path: Vec<&str> = uri.path().trim_start_matches("/api/").split('/').collect();
    match (method.as_str(), path.as_slice()) {
        ("GET", ["campaigns"]) => {
            let all: Vec<Value> = world.kept.values().rev().map(of_listmonk).collect();
            axum::Json(json!({ "data": { "results": all, "total": all.len(), "page": 1 } })).into_response()
        }
        ("POST", ["campaigns"]) => {
            world.made += 1;
            let kept = Kept {
                id: format!("{:04}", world.made),
                name: world.kept_name(&text(json, "/name")),
                status: "draft".to_owned(),
                html: text(json, "/body"),
                text: text(json, "/altbody"),
                settings: json.clone(),
            };
            let shown = of_listmonk(&kept);
            world.kept.insert(kept.id.clone(), kept);
            axum::Json(json!({ "data": shown })).into_response()
        }
        ("GET", ["campaigns", id]) => match world.kept.get(&format!("{id:0>4}")) {
            Some(kept) => axum::Json(json!({ "data": of_listmonk(kept) })).into_response(),
            // As listmonk says it: 400, in the words of its language.
            None => (StatusCode::BAD_REQUEST, axum::Json(json!({ "message": "Campaign not found" }))).into_response(),
        },
        _ => not_found("not found"),
    }
}

fn of_listmonk(kept: &Kept) -> Value {
    let id: u64 = kept.id.trim_start_matches('c').parse().unwrap();
    json!({ "id": id, "uuid": "00000000-0000-0000-0000-000000000000", "name": kept.name, "status": kept.status })
}
