//! Progress with a count, on a terminal and for long work only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The number of envelopes from which on the work takes long enough to show progress.
const LONG: usize = 500;

/// A counter on standard error; hidden if that is not a terminal, or if the work is short.
pub fn counter(total: usize, verb: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total as u64);
    if total < LONG {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{msg} {human_pos} of {human_len}  {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(verb);
    bar
}
