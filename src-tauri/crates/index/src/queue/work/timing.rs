//! When to do what: after things have been quiet for a moment, and not too often.

use std::time::{Duration, Instant};

/// A notification at most ten times a second, the last one always.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    wanted: bool,
    last: Option<Instant>,
}

impl Throttle {
    const APART: Duration = Duration::from_millis(100);

    /// Requests a notification.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// When it is due; `None` if none was requested.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        self.wanted.then(|| self.last.map_or(now, |last| last + Self::APART))
    }

    /// Whether to notify now.
    pub fn take(&mut self, now: Instant) -> bool {
        let is_due = self.due(now).is_some_and(|due| due <= now);
        if is_due {
            *self = Self { wanted: false, last: Some(now) };
        }
        is_due
    }
}

/// Changes that come in bursts, and are checked after a short pause.
#[derive(Debug, Default)]
pub(super) struct Debounce {
    /// How many came.
    pub size: usize,
    first_and_last: Option<(Instant, Instant)>,
}

impl Debounce {
    const QUIET: Duration = Duration::from_millis(50);

    /// One more.
    pub fn add(&mut self, now: Instant) {
        let first = self.first_and_last.map_or(now, |(first, _)| first);
        self.first_and_last = Some((first, now));
        self.size += 1;
    }

    /// When they are checked even if more come: `longest` after the first.
    pub fn due(&self, longest: Duration) -> Option<Instant> {
        self.first_and_last.map(|(first, last)| (last + Self::QUIET).min(first + longest))
    }

    /// Whether to look now; they are then all gone.
    pub fn take(&mut self, now: Instant, longest: Duration) -> Option<usize> {
        let is_due = self.due(longest).is_some_and(|due| due <= now);
        is_due.then(|| std::mem::take(self).size)
    }
}
