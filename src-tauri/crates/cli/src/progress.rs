//! Progress with a count, on a terminal and for long work only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// From how many envelopes on a person waits long enough to want to see something.
const LONG: usize = 500;

/// A counter on standard error; hidden where that is no terminal, or the work is short.
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
