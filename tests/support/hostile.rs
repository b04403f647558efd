//! Texts that others may write where we read: the one table for everything that is tested from outside a module.

/// What a text tries to act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A terminal, or the eyes of who reads there.
    Terminal,
    /// A page or an email.
    Markup,
    /// A mailing tool.
    MailMerge,
    /// A spreadsheet.
    Spreadsheet,
    /// A folder.
    Path,
    /// The head of a message or an answer.
    Header,
}

/// What it tries to act on, the text, why it is here.
pub const TEXTS: [(On, &str, &str); 44] = [
    (On::Terminal, "\u{1b}[31mred", "a colour"),
    (On::Terminal, "\u{1b}[2J\u{1b}[H", "clears the screen"),
    (On::Terminal, "\u{1b}]0;title\u{7}", "names the window"),
    (On::Terminal, "\u{1b}]52;c;aGk=\u{7}", "writes to the clipboard"),
    (On::Terminal, "\u{1b}]8;;http://evil.example\u{1b}\\x\u{1b}]8;;\u{1b}\\", "a link that reads as another"),
    (On::Terminal, "\u{1b}P+q544e\u{1b}\\", "asks the terminal, whose answer is typed"),
    (On::Terminal, "\u{1b}[6n", "asks where the cursor is"),
    (On::Terminal, "\u{9b}31m", "C1: the start of an order in one character"),
    (On::Terminal, "\u{9d}0;x\u{9c}", "C1: an order to the system"),
    (On::Terminal, "\u{85}next", "C1: next line"),
    (On::Terminal, "over\rwritten", "back to the start of the line"),
    (On::Terminal, "rub\u{8}\u{8}\u{8}bed", "backspaces"),
    (On::Terminal, "bell\u{7}", "a bell"),
    (On::Terminal, "form\u{c}feed\u{b}", "a new page"),
    (On::Terminal, "del\u{7f}", "delete"),
    (On::Terminal, "nul\u{0}", "an end of text"),
    (On::Terminal, "shift\u{e}out\u{f}", "another set of letters"),
    (On::Terminal, "\u{202e}gnp.exe", "right to left override"),
    (On::Terminal, "\u{2066}a\u{2069}\u{202a}b\u{202c}", "isolates and embeddings"),
    (On::Terminal, "\u{200e}\u{200f}\u{61c}marks", "marks of direction"),
    (On::Terminal, "one\nroundup: all is well", "a line that reads as ours"),
    (On::Terminal, "one\u{2028}roundup: all is well", "a line separator"),
    (On::Markup, "<script>zz7()</script>", "a script"),
    (On::Markup, "<img src=x onerror=zz7()>", "a picture that is not there"),
    (On::Markup, "\" onclick=\"zz7()", "out of an attribute"),
    (On::Markup, "</title><svg onload=zz7()>", "out of a title"),
    (On::Markup, "<a href=\"javascript:zz7()\">x</a>", "an address that is code"),
    (On::Markup, "&lt;script&gt;zz7()&lt;/script&gt;", "written as references"),
    (On::Markup, "--> <!-- x", "out of a comment"),
    (On::MailMerge, "*|UNSUB|*", "Mailchimp"),
    (On::MailMerge, "{{ env \"HOME\" }}", "listmonk"),
    (On::MailMerge, "%%unsub_center_url%%", "ExactTarget"),
    (On::MailMerge, "[unsubscribe]", "Sendy"),
    (On::Spreadsheet, "=HYPERLINK(\"http://evil.example\")", "a formula"),
    (On::Spreadsheet, "@SUM(A1)", "a formula as an old program writes it"),
    (On::Spreadsheet, "-2+3|cmd", "one that begins as a number"),
    (On::Path, "../../feeds.toml", "upwards"),
    (On::Path, "/etc/passwd", "from the root"),
    (On::Path, "..\\..\\feeds.toml", "upwards as another system writes it"),
    (On::Path, "a\u{0}.toml", "an end of text in a name"),
    (On::Path, "CON", "a device of another system"),
    (On::Header, "x\r\nBcc: eve@example.org", "another header"),
    (On::Header, "x\nSet-Cookie: a=b", "another header, after half a line end"),
    (On::Header, "x\r\n\r\n<html>", "an end of the head"),
];

/// Returns the texts that act on something.
pub fn texts(on: On) -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXTS.iter().filter(move |(what, ..)| *what == on).map(|(_, text, note)| (*text, *note))
}

/// Returns the first character of a text that acts on a terminal or turns the direction of writing; `None` when there
/// is none. Written down anew, and not taken from the code, so that a slip there shows here.
pub fn acts_on_terminal(text: &str) -> Option<char> {
    text.chars().find(|c| {
        let is_control = (*c < ' ' && !matches!(c, '\n' | '\t')) || matches!(c, '\u{7f}'..='\u{9f}');
        let is_direction =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        is_control || is_direction || matches!(c, '\u{2028}' | '\u{2029}')
    })
}
