//! Standard output of the commands whose exit code is an answer. If its reader has gone (`| head`), the
//! rest is written to nobody, and the exit code stays what it would have been.

use std::io::{ErrorKind, Result, StdoutLock, Write};

use anstream::AutoStream;

/// Standard output.
pub struct Output(AutoStream<StdoutLock<'static>>);

/// Standard output, locked.
pub fn stdout() -> Output {
    Output(anstream::stdout().lock())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
