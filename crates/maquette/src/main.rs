//! The terminal face of maquette: parse, ask the verb, print its report, exit with its code.

mod args;
mod commands;
mod error_page;
mod exit;
mod failure;
mod printer;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;
use crate::exit::Exit;
use crate::failure::Failure;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are answers; the rest is a wrong request.
            let code = if e.use_stderr() {
                Exit::Request
            } else {
                Exit::Done
            };
            let printed = e.print();
            return exit::after_print(code, printed);
        }
    };
    let printer = printer::Printer::new(&cli.global);
    match commands::run(&cli, &printer) {
        Ok(exit) => exit.into(),
        Err(Failure::Pipe) => Exit::Done.into(),
        Err(Failure::App(e)) => {
            error_page::print(&e, &printer);
            Exit::from(e.kind).into()
        }
    }
}
