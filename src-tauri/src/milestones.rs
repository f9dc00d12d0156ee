//! When the window was there, when something was on it, when the queue could be used: printed for
//! the benchmarks, in milliseconds since the program was started.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use countersign_envelope::vocabulary;

vocabulary! {
    /// What has been reached.
    Milestone {
        /// The window's first frame is on the screen.
        Frame = "frame",
        /// The first rows of the queue are on the screen.
        Rows = "rows",
    }
}

/// The milestones of one run of the program; `None` if they were not requested.
#[derive(Debug)]
pub struct Milestones {
    started: Instant,
    wanted: bool,
    reached: [AtomicBool; 2],
}

impl Milestones {
    /// The clock starts now.
    pub fn new(wanted: bool) -> Self {
        Self { started: Instant::now(), wanted, reached: [const { AtomicBool::new(false) }; 2] }
    }

    /// Prints a milestone the first time that it is reached.
    pub fn reach(&self, milestone: Milestone) {
        if self.wanted && !self.reached[milestone as usize].swap(true, Ordering::Relaxed) {
            let milliseconds = self.started.elapsed().as_millis();
            // If standard output is closed, nobody is measuring.
            let _ = writeln!(std::io::stdout(), "{milestone} {milliseconds}");
        }
    }
}
