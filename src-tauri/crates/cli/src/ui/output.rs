//! Standard output.

use std::fmt::Arguments;
use std::io::{self, BufWriter, ErrorKind, Write};

use crate::stopped::Stopped;

/// How many bytes are written at once, if they need not be seen line by line.
const BLOCK: usize = 64 << 10;

/// Standard output, locked. `writeln!` to it fails with what ends a command.
pub struct Output {
    stream: Box<dyn Write>,
    outlives_reader: bool,
}

/// Standard output of a command that shows something: it ends if its reader has gone (`| head`).
pub fn stdout() -> Output {
    Output { stream: Box::new(anstream::stdout().lock()), outlives_reader: false }
}

/// Standard output of a command whose exit code is an answer. If its reader has gone, the rest is
/// written to nobody, and the exit code stays what it would have been.
pub fn lasting_stdout() -> Output {
    Output { outlives_reader: true, ..stdout() }
}

/// Standard error, for what a person must see before they are asked while standard output has JSON. If
/// nobody reads it the command goes on.
pub fn stderr() -> Output {
    Output { stream: Box::new(anstream::stderr()), outlives_reader: true }
}

/// Standard output for bytes that are never changed, not even colours in them.
pub fn raw_stdout() -> Output {
    Output { stream: Box::new(io::stdout().lock()), outlives_reader: false }
}

impl Output {
    /// The same, written in blocks instead of lines.
    pub fn in_blocks(self) -> Self {
        Self { stream: Box::new(BufWriter::with_capacity(BLOCK, self.stream)), ..self }
    }

    /// Writes formatted text, as `write!` and `writeln!` do.
    pub fn write_fmt(&mut self, text: Arguments<'_>) -> Result<(), Stopped> {
        let written = self.stream.write_fmt(text);
        self.done(written)
    }

    /// Writes bytes.
    pub fn write_all(&mut self, bytes: &[u8]) -> Result<(), Stopped> {
        let written = self.stream.write_all(bytes);
        self.done(written)
    }

    /// Writes what a function of the engine writes.
    pub fn write_with(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Stopped> {
        let written = write(&mut *self.stream);
        self.done(written)
    }

    /// Hands over everything that was written.
    pub fn flush(&mut self) -> Result<(), Stopped> {
        let flushed = self.stream.flush();
        self.done(flushed)
    }

    fn done(&self, written: io::Result<()>) -> Result<(), Stopped> {
        match written {
            Err(error) if self.outlives_reader && error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Stopped::output),
        }
    }
}
