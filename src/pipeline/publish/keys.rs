//! The keys of mailing tools and the password of the mail server: from the environment, else from a file that nobody
//! else can read.

use std::path::{Path, PathBuf};

use crate::fetch::Secret;
use crate::fsx;
use crate::model::MailingTool;
use crate::pipeline::{Error, Home, Result};

/// Longest file of a key, in bytes.
const KEY_BYTES_MAX: u64 = 4_096;

/// The keys that the environment gives.
#[derive(Default)]
pub struct Keys {
    /// `MAILCHIMP_API_KEY`.
    pub mailchimp: Option<Secret>,
    /// `LISTMONK_API_TOKEN`.
    pub listmonk: Option<Secret>,
    /// `ROUNDUP_MAIL_PASSWORD`: of the server that takes reminders.
    pub mail: Option<Secret>,
}

/// The variable of the environment that holds the password of the mail server.
pub const MAIL_PASSWORD: &str = "ROUNDUP_MAIL_PASSWORD";

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
    let (name, variable) = (tool.name(), Keys::variable(tool));
    let path = path(home, tool.as_str());
    let key = of_file(&path, &format!("key for {name}"), variable)?;
    if is_more_than_key(&key) {
        let reason = format!("{} holds more than the key of {name}", path.display());
        let help =
            format!("leave the key alone in it: no {variable}= before it, no quotation marks, nothing behind it");
        return Err(Error::stopped(reason, help));
    }
    Ok(Secret::new(key))
}

/// Returns the password of the mail server: of the environment, else of the file `keys/mail` of the home.
///
/// # Errors
/// When there is none, or others on this computer can read the file.
pub(in crate::pipeline) fn password(home: &Home, given: Option<&Secret>) -> Result<Secret> {
    let of_home = || of_file(&path(home, "mail"), "password for the mail server", MAIL_PASSWORD).map(Secret::new);
    given.map_or_else(of_home, |password| Ok(password.clone()))
}

/// Returns where a key lies in a home.
fn path(home: &Home, name: &str) -> PathBuf {
    home.root().join("keys").join(name)
}

/// Returns what a file of a key holds, without blanks around it; `what` says what that is.
fn of_file(path: &Path, what: &str, variable: &str) -> Result<String> {
    let shown = path.display();
    let text = fsx::read_plain_text(path, KEY_BYTES_MAX)?.unwrap_or_default();
    let key = text.trim();
    if key.is_empty() {
        let reason = format!("there is no {what}");
        let help = format!("put it into the variable {variable} or, alone, into the file {shown}");
        return Err(Error::stopped(reason, help));
    }
    if fsx::is_open_to_others(path)? {
        let reason = format!("others on this computer can read {shown}");
        return Err(Error::stopped(reason, format!("run: chmod 600 '{shown}'")));
    }
    Ok(key.to_owned())
}

/// Tells whether a text is more than a key: a line of a shell, something in quotation marks, several words.
fn is_more_than_key(text: &str) -> bool {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»');
    // Behind it a token may have an = of its own.
    let is_variable = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    text.contains(char::is_whitespace)
        || text.contains(is_quote)
        || text.split_once('=').is_some_and(|(name, _)| is_variable(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_the_key_alone_or_is_refused_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        let (home, tool) = (Home::new(folder.path()), MailingTool::Mailchimp);
        let path = folder.path().join("keys/mailchimp");
        fsx::make_folder(&folder.path().join("keys")).unwrap();
        for (text, is_key, note) in [
            ("0123sesame-us21", true, "the key"),
            (" 0123sesame-us21\r\n\n", true, "with line ends"),
            ("0123sesame==", true, "a token that ends with ="),
            ("MAILCHIMP_API_KEY=0123sesame-us21\n", false, "a variable"),
            ("export MAILCHIMP_API_KEY=0123sesame-us21\n", false, "a line of a shell"),
            ("MAILCHIMP_API_KEY = 0123sesame-us21\n", false, "a variable with blanks"),
            ("\"0123sesame-us21\"", false, "quotation marks"),
            ("‘0123sesame-us21’", false, "those of an editor"),
            ("0123sesame-us21\n# mine\n", false, "a remark"),
        ] {
            if path.exists() {
                fsx::remove_file(&path).unwrap();
            }
            fsx::write_private(&path, text.as_bytes()).unwrap();
            let said = key(&home, tool, &Keys::default()).map(|_| ()).map_err(|error| error.to_string());
            assert_eq!(said.is_ok(), is_key, "{note}: {said:?}");
            let is_told = |e: &String| e.contains("more than the key of Mailchimp") && !e.contains("sesame");
            assert!(said.as_ref().err().is_none_or(is_told), "{note}: {said:?}");
        }
    }
}
