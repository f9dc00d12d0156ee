//! The terminal while a secret is typed. It shows nothing then, and it has to show again what is typed
//! when a signal ends the program there.

use std::fs::File;
use std::sync::Mutex;

use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Whether the signals are heard already. They are from the first question to the end: a signal that
/// was once heard does nothing where nobody hears it any more.
static HEARD: Mutex<bool> = Mutex::new(false);

/// From now on a signal that ends the program sets the terminal to what it is now. Without a terminal
/// there is nothing to do.
///
/// # Errors
///
/// When no handler can be set.
pub fn give_back_when_interrupted() -> std::io::Result<()> {
    let mut heard = HEARD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if *heard {
        return Ok(());
    }
    let Ok(terminal) = File::open("/dev/tty") else { return Ok(()) };
    let Ok(before) = tcgetattr(&terminal) else { return Ok(()) };
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let _ = tcsetattr(&terminal, OptionalActions::Now, &before);
            let _ = emulate_default_handler(signal);
        }
    });
    *heard = true;
    Ok(())
}
