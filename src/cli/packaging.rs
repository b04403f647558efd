//! `roundup completions` and `roundup man`: from the same definitions as the help texts.

use std::path::PathBuf;

use clap::CommandFactory;

use super::term::{Exit, Terminal};
use super::{Cli, Global};
use crate::fsx;

/// Prints completions for a shell
///
/// Example: roundup completions bash > roundup.bash
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    shell: clap_complete::Shell,
}

/// Prints the manual page, or writes that of each command into a folder
///
/// Examples: roundup man | man -l - · roundup man --out /usr/local/share/man/man1
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write the page of each command into this folder, as roundup.1, roundup-harvest.1 and so on
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

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
/// When a page cannot be written.
pub fn man(args: &ManArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let mut all = Cli::command().disable_help_subcommand(true);
    all.build();
    let Some(folder) = &args.out else {
        term.raw(&page(all)?);
        return Ok(Exit::Done);
    };
    let mut pages = Vec::new();
    pages_of(all, &mut pages)?;
    for (name, text) in &pages {
        fsx::write_atomic(&folder.join(name), text)?;
    }
    if !global.json {
        term.line(&format!("{} pages lie in {}", pages.len(), folder.display()));
    }
    Ok(Exit::Done)
}

/// Returns the page of a command.
fn page(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(text)
}

/// Collects the pages of a command and of those below it, each with the name of its file.
fn pages_of(command: clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> anyhow::Result<()> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()).cloned() {
        pages_of(below, pages)?;
    }
    let name = format!("{}.1", command.get_display_name().unwrap_or(command.get_name()));
    pages.push((name, page(command)?));
    Ok(())
}
