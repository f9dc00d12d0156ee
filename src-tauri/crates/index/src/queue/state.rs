//! The state of the queue as a whole, and the notifications about it.

use std::path::Path;

use countersign_envelope::digest::Digest;
use countersign_envelope::vocabulary;
use countersign_problem::{Explain, Problem};
use countersign_store::log_memory::ChainKind;
use serde::Serialize;

/// Notifications to a listener; each at most ten times a second, and the last state always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Rows came, went or changed.
    Changed,
    /// Presence, progress or troubles changed.
    Station,
}

vocabulary! {
    /// Whether the directory is there.
    Presence {
        /// None is chosen.
        None = "none",
        /// It is there and watched.
        Here = "here",
        /// It has disappeared, and what is shown is what was last seen.
        Gone = "gone",
    }
}

vocabulary! {
    /// The work in progress.
    Work {
        /// Finding files.
        Searching = "searching",
        /// Holding what is known against the disk.
        Comparing = "comparing",
        /// Verifying.
        Judging = "judging",
    }
}

/// How far work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct Progress {
    /// The work in progress.
    pub doing: Work,
    /// How many envelopes are done.
    pub done: u32,
    /// How many in total; null if that is not known yet.
    pub total: Option<u32>,
}

/// A log or a ledger that cannot be relied on: it was cut, removed or forked since it was seen here,
/// or is broken. Said until that is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct LogAlarm {
    /// The log, by which it can be accepted.
    pub id: String,
    /// Log or ledger.
    pub kind: ChainKind,
    /// What happened, and what to do.
    pub problem: Problem,
    /// Whether a person can accept it as it is.
    pub acceptable: bool,
}

impl LogAlarm {
    pub(super) fn of(log: &Path, kind: ChainKind, acceptable: bool, error: &dyn Explain) -> Self {
        Self { id: alarm_id(log), kind, problem: error.problem(), acceptable }
    }
}

/// The state of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct State {
    /// Whether the directory is there.
    pub presence: Presence,
    /// Work under way.
    pub progress: Option<Progress>,
    /// Whether work was stopped, so that the rows may be incomplete.
    pub stopped: bool,
    /// How many conflict copies beside the runs would add something to them.
    pub conflict_copies: u32,
    /// Problems that a person should know of.
    pub troubles: Vec<Problem>,
    /// The logs that cannot be relied on.
    pub log_alarms: Vec<LogAlarm>,
}

/// What an alarm about a log is known by.
pub(super) fn alarm_id(log: &Path) -> String {
    Digest::of(log.as_os_str().as_encoded_bytes()).hex()
}
