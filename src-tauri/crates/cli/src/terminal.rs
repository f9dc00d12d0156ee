//! The terminal while a secret is typed. It shows nothing then, and it has to show again what is typed
//! when a signal ends the program there.

use std::fs::File;
use std::sync::OnceLock;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal, and how it was before the first question.
static BEFORE: OnceLock<(File, Termios)> = OnceLock::new();

/// Keeps how the terminal is, to be called before it is made to show nothing. Without a terminal there
/// is nothing to keep.
pub fn keep() {
    if BEFORE.get().is_none()
        && let Ok(terminal) = File::open("/dev/tty")
        && let Ok(before) = tcgetattr(&terminal)
    {
        let _ = BEFORE.set((terminal, before));
    }
}

/// Makes the terminal what it was.
pub fn give_back() {
    if let Some((terminal, before)) = BEFORE.get() {
        let _ = tcsetattr(terminal, OptionalActions::Now, before);
    }
}
