//! What this program starts does not outlive it, and gets nothing of it but what it is given: the
//! commands that run, their private files, and the descriptors that this program was started with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static HELD: Mutex<BTreeMap<u64, What>> = Mutex::new(BTreeMap::new());

enum What {
    /// A process group, by the number of its first process, which is not reaped as long as it is here.
    #[cfg(unix)]
    Group(rustix::process::Pid),
    /// A private directory.
    Directory(PathBuf),
}

/// Something that is ended or removed with this program, as long as this is not dropped.
pub struct Held(u64);

impl Held {
    #[cfg(unix)]
    pub(crate) fn group(first: rustix::process::Pid) -> Self {
        Self::of(What::Group(first))
    }

    /// A private directory.
    pub fn directory(path: &Path) -> Self {
        Self::of(What::Directory(path.to_owned()))
    }

    fn of(what: What) -> Self {
        let mut held = held();
        let number = held.last_key_value().map_or(0, |(number, _)| number + 1);
        held.insert(number, what);
        Self(number)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        held().remove(&self.0);
    }
}

fn held() -> MutexGuard<'static, BTreeMap<u64, What>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every running command with its whole process group, and removes what it was given. For a
/// program that is about to end; nothing can be started afterwards.
pub fn end_commands() {
    // Kept locked, so that no number can be another's by now, and nothing new begins.
    let held = held();
    for what in held.values() {
        match what {
            #[cfg(unix)]
            What::Group(first) => {
                let _ = rustix::process::kill_process_group(*first, rustix::process::Signal::KILL);
            }
            What::Directory(path) => {
                let _ = std::fs::remove_dir_all(path);
            }
        }
    }
    std::mem::forget(held);
}

/// From here on, a signal that ends this program ends its commands first, and does before what else
/// has to be done. Call it once, before the first command is started. Signals that this program was started to ignore
/// (nohup) are ignored still.
///
/// # Errors
/// Fails if no handler can be set.
#[cfg(unix)]
pub fn end_commands_on_signals(first: fn()) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let ignored = ignored_signals();
    let heard = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
    let heard = heard.into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = signal_hook::iterator::Signals::new(heard)?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            first();
            end_commands();
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    })?;
    Ok(())
}

/// The signals that are ignored, a bit each from 1 on: proc(5), `SigIgn`.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// What this program was started with, such as the descriptor that a PIN comes by, is closed in all
/// that it starts. Call it first.
pub fn keep_descriptors() {
    #[cfg(unix)]
    close_fds::set_fds_cloexec(3, &[]);
}
