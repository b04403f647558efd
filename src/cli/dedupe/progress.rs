//! How far a long run is, told on standard error where somebody looks.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Returns a bar on standard error; a hidden one where nobody looks.
pub fn bar(template: &str, count: Option<usize>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = count.map_or_else(ProgressBar::no_length, |n| ProgressBar::new(u64::try_from(n).unwrap_or(u64::MAX)));
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Moves a bar to a count.
pub fn set(bar: &ProgressBar, count: usize) {
    bar.set_position(u64::try_from(count).unwrap_or(u64::MAX));
}
