//! The published exit codes.

use std::io;
use std::process::ExitCode;

use maquette_app::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Done, and the answer is no: no stack meets the limits.
    No = 1,
    /// The request is wrong: arguments, configuration, a catalog file.
    Request = 2,
    /// Needed data is missing or too old.
    Data = 3,
    /// A source failed, and nothing could stand in.
    Source = 4,
    /// Our mistake.
    Internal = 101,
}

impl From<Exit> for ExitCode {
    fn from(e: Exit) -> ExitCode {
        ExitCode::from(e as u8)
    }
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Exit {
        match kind {
            Kind::Request => Exit::Request,
            Kind::Data => Exit::Data,
            Kind::Internal => Exit::Internal,
        }
    }
}

/// A reader that closed the pipe has what it wanted.
pub fn after_print(exit: Exit, printed: io::Result<()>) -> ExitCode {
    match printed {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Exit::Done.into(),
        Err(_) => Exit::Internal.into(),
        Ok(()) => exit.into(),
    }
}
