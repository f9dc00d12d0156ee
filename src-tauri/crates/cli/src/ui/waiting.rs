//! What a person at the terminal is told while a key or a command works.

use std::io::Write as _;

use countersign_ceremony::ceremony::Attendance;
use countersign_signers::{Attend, Waiting};

/// Says what a key waits for, and what a command printed.
pub struct Terminal;

impl Attend for Terminal {
    fn waiting(&self, what: Waiting) {
        #[cfg(unix)]
        if matches!(what, Waiting::Command { .. } | Waiting::Agent { .. }) {
            super::terminal::hear_signals();
        }
        let said = match what {
            Waiting::Touch { seconds } => format!("Touch the YubiKey now ({seconds} s) …"),
            Waiting::OwnPad { seconds } => {
                format!("Enter the PIN on the token's own PIN pad ({seconds} s) …")
            }
            Waiting::Token { seconds, blinks: true } => {
                format!("Touch the YubiKey if it blinks ({seconds} s) …")
            }
            Waiting::Agent { seconds } => {
                format!("Confirm it if your SSH agent asks ({seconds} s) …")
            }
            _ => return,
        };
        // If standard error is closed there is nobody to tell.
        let _ = writeln!(anstream::stderr(), "{said}");
    }

    fn heard(&self, command: &str, said: &str) {
        let _ = writeln!(anstream::stderr(), "{command} said: {said}");
    }
}

impl Attendance for Terminal {}
