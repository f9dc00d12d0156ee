//! Signals that end the program: they also end the commands it started, and leave a terminal that shows
//! again what is typed.

use std::fs::File;
use std::sync::{Once, OnceLock};

use countersign_signers::lifetime;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal, and how it was before the first question.
static BEFORE: OnceLock<(File, Termios)> = OnceLock::new();

/// Handles signals from here on; to be called before a command is started. If no handler can be set,
/// they end the program as they end any.
pub fn hear_signals() {
    static HEARD: Once = Once::new();
    HEARD.call_once(|| {
        let _ = lifetime::end_commands_on_signals(give_back);
    });
}

/// Remembers the state of the terminal; to be called before it stops showing what is typed. Does nothing
/// without a terminal.
pub fn keep() {
    hear_signals();
    if BEFORE.get().is_none()
        && let Ok(terminal) = File::open("/dev/tty")
        && let Ok(before) = tcgetattr(&terminal)
    {
        let _ = BEFORE.set((terminal, before));
    }
}

fn give_back() {
    if let Some((terminal, before)) = BEFORE.get() {
        let _ = tcsetattr(terminal, OptionalActions::Now, before);
    }
}
