//! What publishing did, in words for people at the terminal and at the desk.

use super::{How, Placed, PublishReport, Published};
use crate::publish::Grade;

impl PublishReport {
    /// Tells whether a mailing tool names something that must be mended before it would send.
    pub fn needs_mending(&self) -> bool {
        self.places.iter().any(|place| match place {
            Published::Campaign(placed) => placed.findings.iter().any(|f| f.grade == Grade::Mend),
            Published::Folder { .. } | Published::Eml { .. } => false,
        })
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

/// Returns what became of a draft in a mailing tool.
fn of_campaign(placed: &Placed) -> Vec<String> {
    let how = match placed.how {
        How::Made => "a draft was made",
        How::Finished => "the draft that an earlier run had begun is whole now",
        How::There => "the draft is there already; it was left as it is",
        How::Going => "this issue was sent there already, or has a time set; nothing was done",
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
    for other in &placed.others {
        lines.push(format!("  another draft of this month lies there, of an older text: {other}"));
    }
    if placed.how != How::Going {
        lines.push("  nothing was sent: send a test to yourself there first".to_owned());
    }
    lines
}
