//! The `roundup` binary: parse, run, exit code. Everything else is in the library.

use std::process::ExitCode;

use clap::Parser;
use roundup::cli::term::{Exit, Terminal};
use roundup::cli::{self, Cli};

fn main() -> ExitCode {
    let mut term = Terminal::of_process(None, std::env::var_os("NO_COLOR").is_some());
    let exit = match Cli::try_parse() {
        Ok(cli) => cli::run(&cli, &mut term).unwrap_or_else(|error| {
            term.note(&format!("roundup: {error:#}"));
            Exit::Usage
        }),
        Err(error) => {
            let wanted = !error.use_stderr();
            // The reader may have gone; there is then nobody to tell.
            let _ = error.print();
            if wanted { Exit::Done } else { Exit::Usage }
        }
    };
    term.flush();
    ExitCode::from(exit.code())
}
