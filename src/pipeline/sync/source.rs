//! Where packs come from: an address on the web or in the house, or a folder such as a USB stick.

use std::path::PathBuf;

use super::trouble;
use crate::fetch::Request;
use crate::fsx;
use crate::pipeline::{Error, Result};

/// Where packs come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// An address, without a slash at its end.
    Web(String),
    /// A folder.
    Folder(PathBuf),
}

/// Returns the source that a person named, or the one used last.
pub(super) fn chosen(named: Option<&str>, last: Option<&str>) -> Result<Source> {
    let Some(text) = named.or(last) else {
        return Err(Error::stopped(
            "it is not known yet where the packs are",
            "name the place once: `roundup sync https://example.org/packs` or `roundup sync /media/stick/packs`",
        ));
    };
    Source::parse(text)
}

impl Source {
    /// Returns what a person has typed. `D:\packs` and `E:/packs` are folders, not schemes.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            let bare = text.strip_suffix(crate::pack::MANIFEST).unwrap_or(text).trim_end_matches('/');
            return Ok(Self::Web(bare.to_owned()));
        }
        if let Some((scheme, _)) = lower.split_once("://") {
            return Err(Error::stopped(
                format!("packs are not fetched by {scheme}:"),
                "name an address that begins with https:// or http://, or a folder",
            ));
        }
        if text.is_empty() {
            return Err(Error::stopped("the place of the packs is empty", "name an address or a folder"));
        }
        let path = PathBuf::from(text);
        let path = if path.file_name().is_some_and(|n| n == crate::pack::MANIFEST) {
            path.parent().map(ToOwned::to_owned).unwrap_or_default()
        } else {
            path
        };
        if !path.exists() && looks_like_address(text) {
            // A machine in the house, which is named by number or port, rarely has a certificate.
            let host = text.split('/').next().unwrap_or_default();
            let is_in_house = host.contains(':') || host.parse::<std::net::Ipv4Addr>().is_ok();
            let scheme = if is_in_house { "http" } else { "https" };
            let help = format!("did you mean {scheme}://{text} ?");
            return Err(Error::stopped(format!("there is no folder {text} here"), help));
        }
        // As it will be read later, from wherever.
        Ok(Self::Folder(std::path::absolute(&path).unwrap_or(path)))
    }

    /// Returns it as it is remembered and shown.
    pub fn to_text(&self) -> String {
        match self {
            Self::Web(base) => base.clone(),
            Self::Folder(path) => path.display().to_string(),
        }
    }

    /// Tells whether it is a folder.
    pub fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Returns what to try when what it gave is not what was signed.
    pub fn other_way(&self) -> &'static str {
        match self {
            Self::Web(_) => "run `roundup sync` again on another network",
            Self::Folder(_) => "copy the folder anew from whoever published it, or use another stick",
        }
    }

    /// Returns the place of one of its files.
    pub fn place(&self, name: &str) -> String {
        match self {
            Self::Web(base) => format!("{base}/{name}"),
            Self::Folder(path) => path.join(name).display().to_string(),
        }
    }

    /// Returns the request for one of its files; `None` for a folder. A person typed the address, so
    /// that it may lie in the house. Packs follow each other without a pause: they are files that
    /// were put there to be fetched.
    pub fn request(&self, name: &str) -> Option<Request> {
        let Self::Web(_) = self else { return None };
        Some(Request { allows_private: true, gap_ms: 0, ..Request::get(self.place(name)) })
    }
}

/// Tells whether a text that names no folder is an address without `https://`: it begins with the
/// name of a host that has a dot (`example.org/packs`) or a port (`localhost:8797`).
fn looks_like_address(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_port = port.is_none_or(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    let is_label = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_name = (name.contains('.') || port.is_some()) && name.split('.').all(is_label);
    is_port && is_name && !text.contains(['\\', ' '])
}

/// Reads a small file of a folder.
pub(super) fn read(folder: &std::path::Path, name: &str, cap: usize) -> Result<Vec<u8>> {
    let path = folder.join(name);
    fsx::read_plain(&path, u64::try_from(cap).unwrap_or(u64::MAX)).map_err(|e| match e.kind() {
        std::io::ErrorKind::InvalidData => Error::stopped(
            format!("{} is too large, or no plain file", path.display()),
            "this is no folder of packs; check its name",
        ),
        std::io::ErrorKind::NotFound => Error::stopped(
            format!("there is no {name} in {}", folder.display()),
            "name the folder that holds manifest.json; is the stick plugged in?",
        ),
        _ => trouble::of_disk(&e),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_an_address_or_a_folder() {
        for (typed, want) in [
            ("https://example.org/packs/", "https://example.org/packs"),
            ("https://example.org/packs/manifest.json", "https://example.org/packs"),
            (" HTTP://192.168.1.5:8000 ", "HTTP://192.168.1.5:8000"),
            ("/media/stick/packs", "/media/stick/packs"),
            ("/media/stick/packs/manifest.json", "/media/stick/packs"),
        ] {
            assert_eq!(Source::parse(typed).unwrap().to_text(), want, "{typed}");
        }
        for typed in [r"D:\packs", "E:/packs", "packs", "./packs", r"\\server\share\packs"] {
            assert!(matches!(Source::parse(typed).unwrap(), Source::Folder(_)), "{typed}");
        }
        for typed in ["file:///etc", "ftp://example.org/x", ""] {
            assert!(Source::parse(typed).is_err(), "{typed}");
        }
        for (typed, want) in [
            ("example.org/packs", "https://example.org/packs"),
            ("packs.example.org", "https://packs.example.org"),
            ("127.0.0.1:8797", "http://127.0.0.1:8797"),
            ("localhost:8797/x", "http://localhost:8797/x"),
        ] {
            let said = Source::parse(typed).unwrap_err().to_string();
            assert!(said.contains(&format!("did you mean {want} ?")), "{said}");
        }
        for typed in ["../packs", "./example.org", "D:packs", ".packs", "~/a.b", "packs/a.b", "/a.b"] {
            assert!(matches!(Source::parse(typed).unwrap(), Source::Folder(_)), "{typed}");
        }
    }
}
