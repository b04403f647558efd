//! What a terminal can show, and what a person reads and browses with, as the environment tells.
//!
//! There is no way to ask a terminal whether it can follow links; the variables that terminals set
//! tell which one it is, and from which version it can.

use super::shell_words;

/// What the environment tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// Whether it shows addresses as links (OSC 8).
    pub has_links: bool,
    /// Whether only ASCII can be drawn with: a dumb terminal, or a locale that is not UTF-8.
    pub is_ascii: bool,
    /// Whether it can do nothing but print lines.
    pub is_dumb: bool,
    /// Rows of the screen; `None` when they are not known.
    pub rows: Option<usize>,
    /// The pager and its arguments; empty when the chosen one cannot be split into words.
    pub pager: Vec<String>,
    /// The pager that was chosen and cannot be split into words, as it was written.
    pub wrong_pager: Option<String>,
    /// Whether `LESS` is set, so that a person's own settings stand.
    pub has_less_settings: bool,
    /// Browsers to try, in order, each with its arguments; empty for the system's own.
    pub browsers: Vec<Vec<String>>,
}

/// The pager when none was chosen: ends by itself when all fits, shows colours, leaves the page on
/// the screen.
const PAGER: &str = "less -FRX";

/// Terminals that follow links, as they name themselves in `TERM_PROGRAM`.
const LINKING_PROGRAMS: [&str; 8] =
    ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal"];

/// Terminals that follow links, as `TERM` begins.
const LINKING_TERMS: [&str; 6] = ["xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour"];

/// Variables that only terminals set that follow links.
const LINKING_VARIABLES: [&str; 4] = ["WT_SESSION", "KITTY_WINDOW_ID", "DOMTERM", "WEZTERM_PANE"];

/// Version of the VTE library (GNOME and other terminals) from which links are safe: 0.50.1.
const VTE_MIN: u32 = 5_001;

/// Version of Konsole from which it follows links: 20.12.
const KONSOLE_MIN: u32 = 201_200;

impl Looks {
    /// Returns what variables tell; `env` gives one that is set and not empty, `told` is what the
    /// terminal says of its rows.
    pub fn of(env: &dyn Fn(&str) -> Option<String>, told: Option<usize>) -> Self {
        let is_dumb = env("TERM").is_some_and(|t| t == "dumb");
        let chosen = ["ROUNDUP_PAGER", "PAGER"].into_iter().find_map(env);
        let pager = shell_words::split(chosen.as_deref().unwrap_or(PAGER));
        let browsers = env("BROWSER").unwrap_or_default();
        Self {
            has_links: !is_dumb && has_links(env),
            is_ascii: is_dumb || !is_utf8(env),
            is_dumb,
            rows: env("LINES").and_then(|l| l.parse().ok()).or(told),
            wrong_pager: chosen.filter(|_| pager.is_none()),
            pager: pager.unwrap_or_default(),
            has_less_settings: env("LESS").is_some(),
            browsers: browsers.split(':').filter_map(shell_words::split).filter(|words| !words.is_empty()).collect(),
        }
    }
}

/// Tells whether the terminal follows links. Inside `tmux` and `screen` nobody knows which terminal
/// is behind, and older ones swallow links.
fn has_links(env: &dyn Fn(&str) -> Option<String>) -> bool {
    let term = env("TERM").unwrap_or_default();
    if env("TMUX").is_some() || env("STY").is_some() || term.starts_with("screen") || term.starts_with("tmux") {
        return false;
    }
    let number = |name: &str| env(name).and_then(|v| v.parse::<u32>().ok()).unwrap_or(0);
    number("VTE_VERSION") >= VTE_MIN
        || number("KONSOLE_VERSION") >= KONSOLE_MIN
        || env("TERM_PROGRAM").is_some_and(|program| LINKING_PROGRAMS.contains(&program.as_str()))
        || LINKING_VARIABLES.into_iter().any(|name| env(name).is_some())
        || LINKING_TERMS.iter().any(|known| term.starts_with(known))
}

/// Tells whether text is in UTF-8: as the first locale variable says that is set. Windows and
/// macOS have it without saying so.
fn is_utf8(env: &dyn Fn(&str) -> Option<String>) -> bool {
    match ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(env) {
        Some(locale) => ["utf-8", "utf8"].iter().any(|name| locale.to_lowercase().contains(name)),
        None => cfg!(any(windows, target_os = "macos")),
    }
}

/// Returns an address as a link with a text, for a terminal that follows links. `None` for what is
/// no address of the web. Every byte that could end the link early is percent-encoded.
pub fn link(address: &str, text: &str) -> Option<String> {
    let address = web_address(address)?;
    Some(format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"))
}

/// Returns an address as plain ASCII, all else percent-encoded. `None` unless it is `http` or `https`
/// with a host.
pub fn web_address(address: &str) -> Option<String> {
    let parsed = url::Url::parse(address.trim()).ok()?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return None;
    }
    let is_plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'^' | b'`');
    let bytes = parsed.as_str().bytes();
    Some(bytes.map(|b| if is_plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(set: &[(&str, &str)]) -> Looks {
        let env = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        Looks::of(&env, Some(24))
    }

    #[test]
    fn terminals_that_follow_links_are_known() {
        for (id, set, want) in [
            ("nothing is known", &[][..], false),
            ("plain xterm", &[("TERM", "xterm-256color")], false),
            ("gnome", &[("VTE_VERSION", "7200")], true),
            ("an old gnome", &[("VTE_VERSION", "4900")], false),
            ("dumb wins", &[("VTE_VERSION", "7200"), ("TERM", "dumb")], false),
            ("windows", &[("WT_SESSION", "a-b")], true),
            ("kitty", &[("TERM", "xterm-kitty")], true),
            ("iterm", &[("TERM_PROGRAM", "iTerm.app")], true),
            ("apple's own", &[("TERM_PROGRAM", "Apple_Terminal")], false),
            ("konsole", &[("KONSOLE_VERSION", "220401")], true),
            ("tmux hides what is behind", &[("VTE_VERSION", "7200"), ("TMUX", "/tmp/x")], false),
        ] {
            assert_eq!(looks(set).has_links, want, "{id}");
        }
    }

    #[test]
    fn the_locale_tells_what_can_be_drawn() {
        for (id, set, want) in [
            ("utf-8", &[("LANG", "sw_KE.UTF-8")][..], false),
            ("written otherwise", &[("LC_CTYPE", "C.utf8")], false),
            ("the first one set decides", &[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], true),
            ("latin", &[("LANG", "fr_FR.ISO-8859-1")], true),
            ("dumb", &[("TERM", "dumb"), ("LANG", "en_GB.UTF-8")], true),
        ] {
            assert_eq!(looks(set).is_ascii, want, "{id}");
        }
    }

    #[test]
    fn the_pager_is_the_one_that_was_chosen() {
        assert_eq!(looks(&[]).pager, ["less", "-FRX"]);
        assert_eq!(looks(&[("PAGER", "more")]).pager, ["more"]);
        assert_eq!(looks(&[("PAGER", "more"), ("ROUNDUP_PAGER", "bat --plain; rm")]).pager, ["bat", "--plain;", "rm"]);
        assert_eq!(looks(&[("PAGER", "less -R \"-P page\"")]).pager, ["less", "-R", "-P page"]);
        let wrong = looks(&[("PAGER", "less \"-P")]);
        assert_eq!((wrong.pager.len(), wrong.wrong_pager.as_deref()), (0, Some("less \"-P")));
        assert_eq!(looks(&[("LINES", "50")]).rows, Some(50));
        assert_eq!(looks(&[("BROWSER", "w3m -M:firefox %s:")]).browsers, [vec!["w3m", "-M"], vec!["firefox", "%s"]]);
    }

    #[test]
    fn a_link_cannot_be_left_early() {
        for (id, address, want) in [
            ("plain", "https://example.org/a?b=c#d", Some("https://example.org/a?b=c#d")),
            ("an escape", "https://example.org/\u{1b}]8;;\u{7}x", Some("https://example.org/%1B]8;;%07x")),
            ("quotes", "https://example.org/a\"b'c", Some("https://example.org/a%22b%27c")),
            ("not ASCII", "https://example.org/é\u{202e}", Some("https://example.org/%C3%A9%E2%80%AE")),
            ("a space", "https://example.org/a b", Some("https://example.org/a%20b")),
            ("no address of the web", "javascript:alert(1)", None),
            ("a file", "file:///etc/passwd", None),
            ("an option", "--help", None),
            ("nothing", "", None),
        ] {
            assert_eq!(web_address(address).as_deref(), want, "{id}");
        }
        assert_eq!(
            link("https://example.org/", "here").as_deref(),
            Some("\u{1b}]8;;https://example.org/\u{1b}\\here\u{1b}]8;;\u{1b}\\")
        );
    }
}
