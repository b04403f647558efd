//! The keys of mailing tools: from the environment, else from a file that nobody else can read.

use crate::fetch::Secret;
use crate::fsx;
use crate::model::MailingTool;
use crate::pipeline::{Error, Home, Result};

/// Longest file of a key, in bytes.
const KEY_BYTES_MAX: u64 = 4_096;

/// The keys that the environment gives.
#[derive(Debug, Default)]
pub struct Keys {
    /// `MAILCHIMP_API_KEY`.
    pub mailchimp: Option<Secret>,
    /// `LISTMONK_API_TOKEN`.
    pub listmonk: Option<Secret>,
}

impl Keys {
    /// Returns the variable of the environment that holds a tool's key.
    pub fn variable(tool: MailingTool) -> &'static str {
        match tool {
            MailingTool::Mailchimp => "MAILCHIMP_API_KEY",
            MailingTool::Listmonk => "LISTMONK_API_TOKEN",
        }
    }
}

/// Returns the key of a tool: of the environment, else of the file `keys/TOOL` of the home.
///
/// # Errors
/// When there is none, or others on this computer can read the file.
pub(super) fn key(home: &Home, tool: MailingTool, keys: &Keys) -> Result<Secret> {
    let given = match tool {
        MailingTool::Mailchimp => &keys.mailchimp,
        MailingTool::Listmonk => &keys.listmonk,
    };
    if let Some(key) = given {
        return Ok(key.clone());
    }
    let path = home.root().join("keys").join(tool.as_str());
    let shown = path.display();
    let text = fsx::read_plain_text(&path, KEY_BYTES_MAX)?.unwrap_or_default();
    if text.trim().is_empty() {
        let reason = format!("there is no key for {}", tool.name());
        let help = format!("put it into the variable {} or, alone, into the file {shown}", Keys::variable(tool));
        return Err(Error::stopped(reason, help));
    }
    if fsx::is_open_to_others(&path)? {
        let reason = format!("others on this computer can read {shown}");
        return Err(Error::stopped(reason, format!("run: chmod 600 '{shown}'")));
    }
    Ok(Secret::new(text.trim().to_owned()))
}
