//! Why a command ends without its answer.

use std::io;

use maquette_app::{AppError, Kind};

pub enum Failure {
    /// The reader closed the pipe: it has what it wanted.
    Pipe,
    App(AppError),
}

impl Failure {
    pub fn internal(e: impl std::fmt::Display) -> Failure {
        let mut error = AppError::request(format!("this should not happen: {e}"));
        error.kind = Kind::Internal;
        Failure::App(error)
    }
}

impl From<AppError> for Failure {
    fn from(e: AppError) -> Failure {
        Failure::App(e)
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Failure {
        if e.kind() == io::ErrorKind::BrokenPipe {
            Failure::Pipe
        } else {
            Failure::App(AppError::request("the answer cannot be written").because(e.to_string()))
        }
    }
}
