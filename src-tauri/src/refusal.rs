//! Why the window does not do what it was asked.

use countersign_problem::{Problem, Words};

/// Why something that the window asked for is not done.
#[derive(Debug, Problem)]
pub enum Refusal {
    /// A task ended before its time.
    Fault,
    /// No directory is open.
    NoDirectory,
    /// A text is not a digest.
    NoDigest,
    /// No ceremony is under way.
    NoCeremony,
    /// The key has been unplugged.
    KeyGone,
    /// The YubiKey is not plugged in.
    NoSuchDevice {
        /// Its serial number.
        serial: String,
    },
    /// There is nothing to accept about the log.
    NothingToAccept,
    /// A text is not a time.
    NotATime {
        /// The text.
        text: String,
    },
    /// The system shows no dialog.
    NoDialog,
    /// A demonstration cannot be made or opened.
    NoDemo {
        /// Why not.
        why: String,
    },
    /// The system shows no window with the report.
    NoReport {
        /// Why not.
        why: String,
    },
    /// No file manager shows a file.
    NoFileManager {
        /// The file.
        path: String,
        /// Why not.
        why: String,
    },
    /// There is no virtual YubiKey.
    NoDemoKey,
    /// The virtual YubiKey does not run.
    NoVirtualYubikey {
        /// Why not.
        why: Words,
    },
}
