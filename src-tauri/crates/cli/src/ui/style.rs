//! Colours. They are used on a terminal only, and not if `NO_COLOR` is set.

use anstyle::Style;
use countersign_admissibility::check::Outcome;
use countersign_admissibility::level::Level;

/// Whether standard output shows colours.
pub fn is_coloured() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

/// The style of an outcome's word.
pub fn outcome(outcome: Outcome) -> Style {
    use anstyle::AnsiColor::{Green, Red, Yellow};
    match outcome {
        Outcome::Pass => Green.on_default(),
        Outcome::Fail => Red.on_default().bold(),
        Outcome::Missing | Outcome::Unchecked | Outcome::Warn => Yellow.on_default(),
    }
}

/// The style of a level's badge.
pub fn level(level: Option<Level>) -> Style {
    use anstyle::AnsiColor::{Cyan, Green, Red, Yellow};
    match level {
        None => Red.on_default().bold(),
        Some(level) if level >= Level::L4 => Green.on_default().bold(),
        Some(level) if level >= Level::L2 => Cyan.on_default().bold(),
        Some(_) => Yellow.on_default().bold(),
    }
}
