//! `roundup completions` and `roundup man`: from the same definitions as the help texts.

use clap::CommandFactory;

use super::term::{Exit, Terminal};
use super::{Cli, Global};

/// Prints completions for a shell
///
/// Example: roundup completions bash > roundup.bash
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    shell: clap_complete::Shell,
}

/// Prints the manual page
///
/// Example: roundup man | man -l -
#[derive(Debug, clap::Args)]
pub struct ManArgs {}

/// Runs `completions`.
///
/// # Errors
/// Never.
#[expect(clippy::unnecessary_wraps, reason = "every command has one form")]
pub fn completions(args: &CompletionsArgs, _global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "roundup", &mut text);
    term.raw(&text);
    Ok(Exit::Done)
}

/// Runs `man`.
///
/// # Errors
/// When the page cannot be written, which is our own mistake.
pub fn man(_args: &ManArgs, _global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut text)?;
    term.raw(&text);
    Ok(Exit::Done)
}
