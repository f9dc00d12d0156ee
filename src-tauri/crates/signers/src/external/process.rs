//! Running a command in a process group of its own, so that it can be ended with all that it
//! started.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use crate::process_group::{GRACE, Group, TICK};
use crate::redaction::SHOWN_STDERR;
use crate::signer::Attend;

/// Most that a command may print: signatures have some hundred bytes.
pub(super) const MAX_STDOUT: usize = 64 << 10;

/// How long the output may stay open after the command has ended.
const DRAIN: Duration = Duration::from_secs(1);

/// How a command came to its end, and what it printed.
pub(super) struct Outcome {
    pub(super) end: End,
    pub(super) stdout: Vec<u8>,
    /// The end of what it wrote, one byte more than is shown if there was more.
    pub(super) stderr: Vec<u8>,
    /// Whether something still holds standard output open: it left the group, and was not ended.
    pub(super) goes_on: bool,
}

/// How a command came to its end.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// By itself.
    Exited(ExitStatus),
    /// By itself, but something it had started held its output open.
    LeftBehind,
    /// It took too long.
    TimedOut,
    /// It printed too much.
    TooMuch,
    /// The person cancelled.
    Cancelled,
}

/// Runs a command to its end. Nothing of its process group is left when this returns; only a
/// process that left the group by itself, as a daemon does, continues.
///
/// # Errors
/// Fails if it could not be started or waited for.
pub(super) fn run(
    command: &mut Command,
    timeout: Duration,
    attend: &dyn Attend,
) -> io::Result<Outcome> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut group = Group::start(command)?.hold();

    // Threads read, since a process outside the group may hold a pipe open for ever. They end with
    // their pipe, or with the channel. One sender stays here, so that the channel outlives them.
    let (sender, pieces) = mpsc::sync_channel(16);
    let (stdout, stderr) = (group.child.stdout.take(), group.child.stderr.take());
    let mut open = [stdout.is_some(), stderr.is_some()];
    read(stdout, Pipe::Stdout, sender.clone())?;
    read(stderr, Pipe::Stderr, sender.clone())?;

    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut exited: Option<Instant> = None;
    let end = loop {
        match pieces.recv_timeout(TICK) {
            Ok(Piece { pipe, bytes }) if bytes.is_empty() => open[pipe as usize] = false,
            Ok(Piece { pipe: Pipe::Stdout, bytes }) => out.extend(bytes),
            Ok(Piece { pipe: Pipe::Stderr, bytes }) => {
                err.extend(bytes);
                err.drain(..err.len().saturating_sub(SHOWN_STDERR + 1));
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        if out.len() > MAX_STDOUT {
            break End::TooMuch;
        }
        if attend.is_cancelled() {
            break End::Cancelled;
        }
        if exited.is_none() && group.has_exited()? {
            exited = Some(Instant::now());
        }
        match exited {
            Some(_) if open == [false, false] => break End::Exited(group.end_with_status()?),
            Some(when) if when.elapsed() >= DRAIN => {
                // Standard error alone does no harm: agents tend to keep it.
                break match open[Pipe::Stdout as usize] {
                    true => End::LeftBehind,
                    false => End::Exited(group.end_with_status()?),
                };
            }
            None if started.elapsed() >= timeout => break End::TimedOut,
            _ => {}
        }
    };
    group.end();
    let since = Instant::now();
    while open[Pipe::Stdout as usize] && since.elapsed() < GRACE {
        if let Ok(Piece { pipe, bytes }) = pieces.recv_timeout(TICK) {
            open[pipe as usize] &= !bytes.is_empty();
        }
    }
    Ok(Outcome { end, stdout: out, stderr: err, goes_on: open[Pipe::Stdout as usize] })
}

#[derive(Clone, Copy)]
enum Pipe {
    Stdout = 0,
    Stderr = 1,
}

/// Some bytes of a pipe; empty at its end.
struct Piece {
    pipe: Pipe,
    bytes: Vec<u8>,
}

fn read(
    source: Option<impl Read + Send + 'static>,
    pipe: Pipe,
    pieces: SyncSender<Piece>,
) -> io::Result<()> {
    let Some(mut source) = source else { return Ok(()) };
    thread::Builder::new().name("external signer output".to_owned()).spawn(move || {
        let mut buffer = [0; 8 << 10];
        loop {
            let count = match source.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // A pipe that can no longer be read has ended.
                result => result.unwrap_or(0),
            };
            let piece = Piece { pipe, bytes: buffer[..count].to_vec() };
            if pieces.send(piece).is_err() || count == 0 {
                return;
            }
        }
    })?;
    Ok(())
}
