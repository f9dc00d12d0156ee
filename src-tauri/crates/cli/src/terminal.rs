//! What a signal must not leave behind where it ends the program: a command that goes on, or a terminal
//! that shows nothing of what is typed, since a secret was.

use std::fs::File;
use std::sync::{Once, OnceLock};

use countersign_signers::lifetime;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal, and how it was before the first question.
static BEFORE: OnceLock<(File, Termios)> = OnceLock::new();

/// Hears signals from here on; to be called before a command is started. Where no handler can be set,
/// they end the program as they end any.
pub fn hear_signals() {
    static HEARD: Once = Once::new();
    HEARD.call_once(|| {
        let _ = lifetime::end_commands_on_signals(give_back);
    });
}

/// Keeps how the terminal is, to be called before it is made to show nothing. Without a terminal there
/// is nothing to keep.
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
