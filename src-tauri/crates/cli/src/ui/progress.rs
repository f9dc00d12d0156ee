//! Progress with a count, on a terminal and for long work only.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The number of envelopes from which on the work takes long enough to show progress.
const LONG: usize = 500;

/// The number of bytes from which on reading them takes long enough to show progress.
const MANY: u64 = 256 << 20;

/// Whether anybody sees progress.
pub fn shows_progress() -> bool {
    std::io::stderr().is_terminal()
}

/// A counter of bytes on standard error; hidden if that is not a terminal, or if there are few.
pub fn bytes(total: u64, verb: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if total < MANY {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{msg} {bytes} of {total_bytes}  {bytes_per_sec}  {elapsed}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(verb);
    bar
}

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
