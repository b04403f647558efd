//! What publishing did, in words for people at the terminal and at the desk.

use super::{How, Placed, PublishReport, Published};
use crate::pipeline::Error;
use crate::publish::{Grade, Tool};

impl PublishReport {
    /// Tells whether a mailing tool names something that must be mended before it would send.
    pub fn needs_mending(&self) -> bool {
        self.places.iter().any(|place| match place {
            Published::Campaign(placed) => placed.findings.iter().any(|f| f.grade == Grade::Mend),
            Published::Folder { .. } | Published::Eml { .. } => false,
        })
    }

    /// Tells whether a mailing tool got no draft, since another text of the month has gone out there.
    pub fn is_held_back(&self) -> bool {
        self.places.iter().any(|place| matches!(place, Published::Campaign(placed) if placed.how == How::Sent))
    }
}

impl Published {
    /// Returns what became of the issue at this place, a line each.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Folder { folder, written, unchanged, removed } => {
                let files = |count: usize| if count == 1 { "file" } else { "files" };
                let old = match removed {
                    0 => String::new(),
                    count => format!(", {count} old {} removed", files(*count)),
                };
                vec![format!("{folder}: {written} {} written, {unchanged} were there already{old}", files(*written))]
            }
            Self::Eml { file } => {
                vec![format!("{file}: open it in your mail program; it is a draft to nobody yet")]
            }
            Self::Campaign(placed) => of_campaign(placed),
        }
    }
}

/// Returns what publishing to a tool would do when nothing is there yet.
pub(super) fn of_plan(tool: &Tool, draft: &str) -> String {
    let goes_to = match tool {
        Tool::Mailchimp { settings, .. } => format!("the audience {}", settings.list),
        Tool::Listmonk { settings, .. } => {
            let lists: Vec<String> = settings.lists.iter().map(ToString::to_string).collect();
            format!("{} {}", if lists.len() == 1 { "the list" } else { "the lists" }, lists.join(", "))
        }
    };
    format!("would make a draft called \"{draft}\" in {} for {goes_to}, and send nothing", tool.name())
}

/// Returns what is missing for publishing, in one line.
pub(super) fn of_missing(error: &Error) -> String {
    match error {
        Error::Stopped { reason, help } => format!("before that: {reason}; {help}"),
        other => format!("before that: {other}"),
    }
}

/// Most other drafts of a month that are named.
const OTHERS_MAX: usize = 5;

/// Returns what is said of a campaign that is no draft and does not go out, by the tool's own word for that.
fn other_state(status: &str) -> String {
    let what = match status {
        "paused" => "paused",
        "archived" => "archived",
        "canceled" | "cancelled" | "canceling" => "cancelled",
        _ => return format!("this issue is no draft there any more, but \"{status}\"; nothing was done"),
    };
    format!("this issue is {what} there; nothing was done")
}

/// Returns what became of a draft in a mailing tool.
fn of_campaign(placed: &Placed) -> Vec<String> {
    let how = match placed.how {
        How::Made => "a draft was made".to_owned(),
        How::Finished => "the draft that an earlier run had begun is whole now".to_owned(),
        How::There => "the draft is there already; it was left as it is".to_owned(),
        How::Changed => {
            "the draft of an earlier run holds something else than the email: people or the tool changed it; \
                         it was left as it is"
                .to_owned()
        }
        How::Going => "this issue was sent there already, or has a time set; nothing was done".to_owned(),
        How::Sent => format!(
            "another text of this issue is there, and is no draft any more but \"{}\": no draft was made, so that \
             nobody gets it twice",
            placed.status
        ),
        How::Other => other_state(&placed.status),
    };
    let mut lines = vec![format!("{}: {how}", placed.tool), format!("  its name there: {}", placed.name)];
    if !placed.page.is_empty() {
        lines.push(format!("  {}", placed.page));
    }
    for finding in &placed.findings {
        let sign = match finding.grade {
            Grade::Fine => "fine",
            Grade::Look => "look at",
            Grade::Mend => "to mend",
        };
        lines.push(format!("  {} says: {sign}: {}", placed.tool, finding.text));
    }
    for other in placed.others.iter().take(OTHERS_MAX) {
        lines.push(format!("  another draft of this month lies there, of an older text: {other}"));
    }
    if placed.how != How::Sent {
        for sent in placed.sent.iter().take(OTHERS_MAX) {
            lines.push(format!("  take care: another campaign of this month is no draft any more there: {sent}"));
        }
    }
    let more = placed.others.len().saturating_sub(OTHERS_MAX);
    if more > 0 {
        lines.push(format!("  and {more} more of this month"));
    }
    if placed.how == How::Sent {
        let again = format!("roundup publish {} --again", placed.month);
        lines.push(format!("  if readers are to get it once more, `{again}` makes a draft of it"));
    } else if !matches!(placed.how, How::Going | How::Other) {
        lines.push("  nothing was sent: send a test to yourself there first".to_owned());
    }
    lines
}
