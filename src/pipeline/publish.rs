//! A rendered issue goes where it is published: a folder of pages, a message file, a draft in a mailing tool.
//!
//! What goes out is what was rendered, so that nobody sends what nobody looked at. Nothing is sent.

use super::draft_file;
use super::{Ctx, Error, FILE_BYTES_MAX, Result, issue, months};
use crate::fetch::{Call, Secret};
use crate::fsx;
use crate::model::{House, Issue, MailingTool, Month, PublishTo, Publishing, sha256_hex};
use crate::publish::{Finding, Letter, Step, Tool};
use crate::render::{self, Target, Templates};

mod folder;
mod greet;
mod keys;
mod place;
mod words;

pub use greet::{Greeted, greet_mail_server, greet_mailing_tools};
pub(super) use keys::password;
pub use keys::{Keys, MAIL_PASSWORD};

/// What publishing did, place by place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PublishReport {
    /// The month.
    pub month: Month,
    /// Each place, in the order asked for.
    pub places: Vec<Published>,
}

/// What became of an issue at one place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "to", rename_all = "lowercase")]
pub enum Published {
    /// The pages lie in a folder.
    Folder {
        /// The folder.
        folder: String,
        /// Files that were written, since they were missing or others.
        written: usize,
        /// Files that were there already.
        unchanged: usize,
        /// Files of an earlier time that were removed, since nothing leads to them any more.
        removed: usize,
    },
    /// A draft lies in a mailing tool.
    Campaign(Placed),
    /// A message file lies there.
    Eml {
        /// The file.
        file: String,
    },
}

/// A draft in a mailing tool.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Placed {
    /// The month of the issue.
    pub month: Month,
    /// The tool's name.
    pub tool: String,
    /// What the campaign is called there.
    pub name: String,
    /// Where a person finds it; empty when that is not known.
    pub page: String,
    /// How it came to be there.
    pub how: How,
    /// The tool's own word for where it stands; empty when that is not known.
    pub status: String,
    /// What the tool says of it.
    pub findings: Vec<Finding>,
    /// Names of other drafts of the same month there: older ones, of another text.
    pub others: Vec<String>,
    /// Names of other campaigns of the same month that are no drafts any more: of another text, or copies of this one.
    pub sent: Vec<String>,
}

/// How a draft came to be in a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It was made now.
    Made,
    /// A run that was cut short had made it; now it is whole.
    Finished,
    /// It was there and was left as it is: people may have changed it.
    There,
    /// A run that was cut short had made it, and something else than the email is in it now: people may have written in
    /// it. It was left as it is.
    Changed,
    /// People have sent it already, or set a time for it.
    Going,
    /// It is not there, but another text of the same month is, and is no draft any more: nothing was made. The report
    /// speaks of that one.
    Sent,
    /// It is no draft any more, and does not go out either: [`Placed::status`] says what it is.
    Other,
}

/// One call as it would be made, for people: no key, no long text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ShownCall {
    /// The tool's name.
    pub tool: String,
    /// Verb and address.
    pub call: String,
    /// What would be sent, long texts as their size; `null` for nothing.
    pub body: serde_json::Value,
}

/// Most characters of a text that a call shows; longer ones are shown as their size.
const SHOWN_CHARS_MAX: usize = 200;

/// Publishes a month's rendered issue to some places, in their order.
///
/// # Errors
/// When no place is named, the issue was not rendered, or it would look another way now; when a place is not in the
/// settings, a key is missing, or a tool refuses. What was done at the places before stays done, and repeating does
/// nothing twice.
pub async fn publish(ctx: &Ctx, month: Month, to: &[PublishTo]) -> Result<PublishReport> {
    publish_to(ctx, month, to, false).await
}

/// Publishes as [`publish`], and makes a draft also where another text of the month has gone out already.
///
/// # Errors
/// As [`publish`].
pub async fn publish_again(ctx: &Ctx, month: Month, to: &[PublishTo]) -> Result<PublishReport> {
    publish_to(ctx, month, to, true).await
}

/// Publishes to some places, in their order.
async fn publish_to(ctx: &Ctx, month: Month, to: &[PublishTo], again: bool) -> Result<PublishReport> {
    let rendered = Rendered::of(ctx, month, to)?;
    // What is missing for one place is said before anything is done at another.
    let ways: Result<Vec<Way<'_>>> = to.iter().map(|to| Way::of(ctx, &rendered, *to)).collect();
    let ways = ways.map_err(before_any)?;
    let mut places: Vec<Published> = Vec::new();
    for (to, way) in to.iter().zip(ways) {
        (ctx.progress)(&format!("publishing to {}", to.as_str()));
        let published = match way {
            Way::Folder(folder) => folder.copy(),
            Way::Eml(file) => Ok(Published::Eml { file }),
            Way::Campaign(what) => {
                let (tool, letter) = *what;
                place::place(ctx, &tool, &letter, again).await.map(Published::Campaign)
            }
        };
        places.push(published.map_err(|error| after(&places, error))?);
    }
    Ok(PublishReport { month, places })
}

/// Returns an error that says that nothing was done at any place yet.
fn before_any(error: Error) -> Error {
    match error {
        Error::Stopped { reason, help } => Error::stopped(format!("{reason}; nothing was published anywhere"), help),
        other => other,
    }
}

/// Returns an error that says what was done at other places before it.
fn after(places: &[Published], error: Error) -> Error {
    if places.is_empty() {
        return error;
    }
    let done: Vec<String> = places.iter().filter_map(|place| place.lines().into_iter().next()).collect();
    match error {
        Error::Stopped { reason, help } => {
            Error::stopped(format!("{reason}\n  done before: {}", done.join("; ")), help)
        }
        other => other,
    }
}

/// The way to a place, with all that it takes.
enum Way<'a> {
    Folder(folder::Folder<'a>),
    Eml(String),
    Campaign(Box<(Tool, Letter)>),
}

impl<'a> Way<'a> {
    /// Returns the way to a place.
    ///
    /// # Errors
    /// When the settings do not name it, or something that it takes is missing.
    fn of(ctx: &'a Ctx, rendered: &Rendered<'_>, to: PublishTo) -> Result<Self> {
        Ok(match to {
            PublishTo::Folder => Self::Folder(folder::Folder::of(ctx, &rendered.templates)?),
            PublishTo::Eml => Self::Eml(message_file(ctx, rendered.issue.month)?),
            PublishTo::Mailchimp | PublishTo::Listmonk => {
                let tool = tool(&ctx.config.settings.publishing, to, |tool| keys::key(&ctx.home, tool, &ctx.keys))?;
                let letter = rendered.letter(&tool)?;
                Self::Campaign(Box::new((tool, letter)))
            }
        })
    }
}

/// What [`publish`] would do when nothing is there yet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PublishPlan {
    /// What would happen at places that nobody is asked for, a line each; and what is missing.
    pub lines: Vec<String>,
    /// The calls of mailing tools.
    pub calls: Vec<ShownCall>,
}

/// Stands for a key that is not there yet: the calls can be shown without it.
const NO_KEY: &str = "no-key-us1";

/// Returns what [`publish`] would do when nothing is there yet. Nothing is asked or written, and no key is needed.
///
/// # Errors
/// As [`publish`], but for keys and what tools say.
pub fn publish_plan(ctx: &Ctx, month: Month, to: &[PublishTo]) -> Result<PublishPlan> {
    let rendered = Rendered::of(ctx, month, to)?;
    let mut plan = PublishPlan { lines: Vec::new(), calls: Vec::new() };
    for to in to {
        match to {
            PublishTo::Folder => plan.lines.push(folder::Folder::of(ctx, &rendered.templates)?.planned()),
            PublishTo::Eml => plan.lines.push(format!("{}: it lies there already", message_file(ctx, month)?)),
            PublishTo::Mailchimp | PublishTo::Listmonk => {
                let mut missing = None;
                let tool = tool(&ctx.config.settings.publishing, *to, |tool| {
                    keys::key(&ctx.home, tool, &ctx.keys).or_else(|error| {
                        missing = Some(words::of_missing(&error));
                        Ok(Secret::new(NO_KEY.to_owned()))
                    })
                })?;
                let letter = rendered.letter(&tool)?;
                plan.lines.push(words::of_plan(&tool, &letter.name));
                plan.lines.extend(missing);
                plan.calls.extend(calls(&tool, &letter)?);
            }
        }
    }
    Ok(plan)
}

/// Returns the calls of a tool, in their order.
fn calls(tool: &Tool, letter: &Letter) -> Result<Vec<ShownCall>> {
    let id = crate::publish::CampaignId::parse("ID").ok_or_else(|| Error::Missing("no id".to_owned()))?;
    let mut out = Vec::new();
    for step in [Step::Find, Step::Create, Step::Fill(&id), Step::Look(&id)] {
        out.extend(tool.call(step, letter).map_err(refused)?.map(|call| shown(tool.name(), &call)));
    }
    Ok(out)
}

/// Returns a call as people see it.
fn shown(tool: &str, call: &Call) -> ShownCall {
    let body = call.body.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    ShownCall { tool: tool.to_owned(), call: call.to_string(), body: shortened(body) }
}

/// Returns JSON with its long texts shown as their size.
fn shortened(json: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match json {
        Value::String(text) if text.chars().count() > SHOWN_CHARS_MAX => {
            Value::String(format!("({} bytes)", text.len()))
        }
        Value::Array(all) => all.into_iter().map(shortened).collect(),
        Value::Object(all) => all.into_iter().map(|(name, value)| (name, shortened(value))).collect(),
        other => other,
    }
}

/// An issue as people looked at it, and all that makes it look so.
struct Rendered<'a> {
    issue: Issue,
    house: &'a House,
    templates: Templates,
}

impl<'a> Rendered<'a> {
    /// Returns the issue of a month as it was rendered last.
    ///
    /// # Errors
    /// When nothing says where to publish, the issue was never rendered, or its draft, the templates or the settings
    /// would make another one now.
    fn of(ctx: &'a Ctx, month: Month, to: &[PublishTo]) -> Result<Self> {
        if to.is_empty() {
            let help =
                "say --to folder, mailchimp, listmonk or eml, or add [publish] with to = [\"mailchimp\"] to feeds.toml";
            return Err(Error::stopped("nothing says where to publish", help));
        }
        let Some(issue) = ctx.store.issue(month)? else {
            let reason = format!("the issue of {month} was not made yet");
            return Err(Error::stopped(reason, months::help_without_issue(ctx, month)?));
        };
        let templates = issue::templates(ctx).map_err(|problems| Error::Problems { problems })?;
        let rendered = Self { issue, house: &ctx.config.settings.house, templates };
        let changed = if month < ctx.issue_month() && to.iter().all(|to| *to == PublishTo::Folder) {
            // The pages of an older issue stand as readers got them, whatever became of its papers since.
            return Ok(rendered);
        } else if rendered.draft_differs(ctx)? {
            "its draft, a paper in it or a rule behind it"
        } else if rendered.look_differs(ctx)? {
            "a template, the settings or the program behind it"
        } else {
            return Ok(rendered);
        };
        let reason =
            format!("the issue of {month} would come out otherwise now: {changed} has changed since it was made");
        Err(Error::stopped(reason, format!("run `roundup render {month}`, look at it, and publish again")))
    }

    /// Tells whether the draft would make another email than the one that was rendered. A draft that is gone, or that
    /// cannot be read now, does not count: the issue is what people looked at.
    fn draft_differs(&self, ctx: &Ctx) -> Result<bool> {
        let Ok(Some(text)) = draft_file::text(&ctx.home, self.issue.month) else { return Ok(false) };
        let Some(parsed) = crate::draft::parse(&text, "").0 else { return Ok(false) };
        let (mut now, _) = issue::build(ctx, &parsed)?;
        // What other issues there are, and which sources fail today, is no change of the draft.
        now.earlier.clone_from(&self.issue.earlier);
        now.stale_sources.clone_from(&self.issue.stale_sources);
        // Most times nothing has changed; where something has, it may be nothing that the email shows.
        let is_same = now == self.issue || {
            self.email(&now, Target::Mailchimp)? == self.email(&self.issue, Target::Mailchimp)?
        };
        Ok(!is_same)
    }

    /// Tells whether the same issue would become other files now: the manifest names each file by its hash.
    fn look_differs(&self, ctx: &Ctx) -> Result<bool> {
        let files = render::issue_files(&self.issue, self.house, &self.templates)?;
        let now = files.iter().find(|file| file.path == "manifest.json").map(|file| sha256_hex(&file.bytes));
        Ok(now != ctx.store.issue_manifest(self.issue.month)?)
    }

    /// Returns the parts of an issue's email for a target.
    fn email(&self, issue: &Issue, target: Target) -> Result<render::EmailParts> {
        Ok(render::email_parts(issue, self.house, &self.templates, target)?)
    }

    /// Returns the email as a tool takes it.
    fn letter(&self, tool: &Tool) -> Result<Letter> {
        let target = match tool.kind() {
            MailingTool::Mailchimp => Target::Mailchimp,
            MailingTool::Listmonk => Target::Listmonk,
        };
        let parts = self.email(&self.issue, target)?;
        let house = render::neutralise::text(&self.house.short_name);
        let texts = [parts.subject, parts.preheader, parts.html, parts.text];
        Ok(Letter::new(self.issue.month, &house, &tool.goes_to(), texts))
    }
}

/// Returns the mailing tool of a place with its settings and the key that a closure has for it.
///
/// # Errors
/// When the settings do not name it, when there is no key, and for a place that is no mailing tool.
fn tool(publishing: &Publishing, to: PublishTo, mut key: impl FnMut(MailingTool) -> Result<Secret>) -> Result<Tool> {
    match to {
        PublishTo::Mailchimp => {
            let kind = MailingTool::Mailchimp;
            let mut settings = publishing.mailchimp.clone().ok_or_else(|| unknown(kind))?;
            settings.from_name = render::neutralise::text(&settings.from_name);
            settings.reply_to = render::neutralise::text(&settings.reply_to);
            Ok(Tool::Mailchimp { settings, key: key(kind)? })
        }
        PublishTo::Listmonk => {
            let kind = MailingTool::Listmonk;
            let mut settings = publishing.listmonk.clone().ok_or_else(|| unknown(kind))?;
            settings.from = render::neutralise::text(&settings.from);
            Ok(Tool::Listmonk { settings, key: key(kind)? })
        }
        PublishTo::Folder | PublishTo::Eml => Err(Error::Missing(format!("{} is no mailing tool", to.as_str()))),
    }
}

/// Returns the error of a tool that the settings do not name.
fn unknown(tool: MailingTool) -> Error {
    let reason = format!("feeds.toml does not say how to get to {}", tool.name());
    Error::stopped(reason, format!("add a table [publish.{}]; docs/publish.md shows one", tool.as_str()))
}

/// Returns where a month's message file lies.
///
/// # Errors
/// When it is gone or another than was rendered.
fn message_file(ctx: &Ctx, month: Month) -> Result<String> {
    const NAME: &str = "email.eml";
    let manifest = as_rendered(ctx, month, "manifest.json", ctx.store.issue_manifest(month)?.as_deref())?;
    let files = render::files_of_manifest(&String::from_utf8_lossy(&manifest));
    let sum = files.into_iter().find(|(name, _)| name == NAME).map(|(_, sum)| sum);
    as_rendered(ctx, month, NAME, sum.as_deref())?;
    Ok(ctx.home.out().join(month.to_string()).join(NAME).display().to_string())
}

/// Returns a file of a month if its bytes have this sum.
fn as_rendered(ctx: &Ctx, month: Month, name: &str, sum: Option<&str>) -> Result<Vec<u8>> {
    let path = ctx.home.out().join(month.to_string()).join(name);
    let bytes = fsx::read_plain(&path, FILE_BYTES_MAX).ok();
    bytes.filter(|bytes| Some(sha256_hex(bytes).as_str()) == sum).ok_or_else(|| {
        let reason = format!("{} is gone, or is not what was rendered", path.display());
        Error::stopped(reason, "`roundup rebuild` makes every issue again as it was")
    })
}

/// Returns a tool's refusal as an error.
fn refused(refusal: crate::publish::Refusal) -> Error {
    Error::stopped(refusal.reason, refusal.help)
}
