//! The one place where the programs read the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign_envelope::instant::Instant;

/// The time now, in whole seconds; the epoch if the clock is set to before it.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(Instant::from_unix).unwrap_or(Instant::EPOCH)
}
