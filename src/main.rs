//! The `roundup` binary: parse, logging, run, exit code. Everything else is in the library.

use std::process::ExitCode;

use clap::Parser;
use roundup::cli::term::Exit;
use roundup::cli::{self, Cli};

fn main() -> ExitCode {
    let mut term = cli::terminal();
    let exit = match Cli::try_parse() {
        Ok(cli) => cli::log::start(&cli)
            .and_then(|()| cli::run(&cli, &mut term))
            .unwrap_or_else(|error| cli::report(&error, &mut term)),
        Err(error) => {
            let wanted = !error.use_stderr();
            // The reader may have gone; there is then nobody to tell.
            let _ = error.print();
            if wanted { Exit::Done } else { Exit::Usage }
        }
    };
    if let Some(error) = term.finish() {
        term.note(&format!("roundup: not all of the output could be written: {error}"));
        return ExitCode::from(Exit::Partly.code());
    }
    ExitCode::from(exit.code())
}
