//! What a module prints on standard error, kept as it comes: the last part of it, for a message.
//!
//! A module prints on one pipe, and answers on another. A caller that has the answer sees all that was
//! printed before it.

use std::io::Read as _;
use std::process::ChildStderr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::redaction::SHOWN_STDERR;

/// What was printed so far.
#[derive(Debug, Default)]
pub(super) struct Printed {
    kept: Arc<Mutex<Vec<u8>>>,
    #[cfg(unix)]
    pipe: Option<std::os::fd::OwnedFd>,
}

impl Printed {
    /// Begins to read a pipe, on a thread of its own, until nobody can write to it.
    pub fn from(stderr: Option<ChildStderr>) -> Self {
        let Some(mut stderr) = stderr else { return Self::default() };
        let printed = Self {
            kept: Arc::default(),
            #[cfg(unix)]
            pipe: std::os::fd::AsFd::as_fd(&stderr).try_clone_to_owned().ok(),
        };
        let kept = Arc::clone(&printed.kept);
        thread::spawn(move || {
            let mut buffer = [0; 4 << 10];
            loop {
                if !wait(&stderr) {
                    return;
                }
                // Read and kept in one step, so that nothing is in neither place.
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let Ok(count @ 1..) = stderr.read(&mut buffer) else { return };
                kept.extend_from_slice(&buffer[..count]);
                let surplus = kept.len().saturating_sub(SHOWN_STDERR + 1);
                kept.drain(..surplus);
            }
        });
        printed
    }

    /// The last part of what was printed so far.
    pub fn now(&self) -> Vec<u8> {
        #[cfg(unix)]
        {
            use std::time::{Duration, Instant};
            /// How long the thread that reads is waited for; it needs no more than its turn.
            const BOUND: Duration = Duration::from_secs(1);
            let until = Instant::now() + BOUND;
            let waits = |pipe| rustix::io::ioctl_fionread(pipe).is_ok_and(|count| count > 0);
            while Instant::now() < until {
                let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                if !self.pipe.as_ref().is_some_and(waits) {
                    return kept.clone();
                }
                drop(kept);
                thread::sleep(Duration::from_millis(1));
            }
        }
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Waits until there is something to read, or nobody is left to write.
#[cfg(unix)]
fn wait(stderr: &ChildStderr) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let mut events = [PollFd::new(stderr, PollFlags::IN)];
    loop {
        match poll(&mut events, None) {
            Ok(_) => return true,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Reading itself waits there, and what is asked for meanwhile waits with it.
#[cfg(not(unix))]
fn wait(_: &ChildStderr) -> bool {
    true
}
