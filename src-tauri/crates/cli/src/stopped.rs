//! How a command ends without doing what was asked.

use std::io;

use countersign_problem::{Explain, Problem};

use crate::ui;

/// Why a command ended without doing what was asked. Every error of the engine and of the command line
/// becomes one with `?`.
#[derive(Debug)]
pub enum Stopped {
    /// An error that is still to be reported.
    Problem(Problem),
    /// Everything has been reported already, file by file.
    Reported,
    /// Nobody reads the output any more (`| head`), which is not an error of the command.
    ReaderGone,
}

impl<E: Explain> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Problem(error.problem())
    }
}

impl Stopped {
    /// Says on standard error what has not been reported yet.
    pub fn report(&self) {
        if let Self::Problem(problem) = self {
            ui::error(problem);
        }
    }

    /// Of an error of standard output.
    pub fn output(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        StreamError::Output { source }.into()
    }

    /// Of an error of standard output after something was done.
    pub fn unsaid(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => StreamError::unsaid(source).into(),
        }
    }

    /// Of an error of the terminal or of standard input.
    pub fn input(source: io::Error) -> Self {
        StreamError::Input { source }.into()
    }
}

/// Standard input or output that cannot be used.
#[derive(Debug, Problem)]
#[problem(area = "stream")]
pub enum StreamError {
    /// Standard input failed, or the terminal.
    Input { source: io::Error },
    /// Standard output failed, or standard error.
    Output { source: io::Error },
    /// What was done is done, and could not be printed.
    Unsaid { source: io::Error },
}

impl StreamError {
    /// Of an error of standard output after signatures were written.
    pub fn unsaid(source: io::Error) -> Self {
        Self::Unsaid { source }
    }
}
