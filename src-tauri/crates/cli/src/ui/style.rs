//! Colours. They are used on a terminal only, and not if `NO_COLOR` is set.

use anstyle::Style;
use countersign_admissibility::check::Outcome;
use countersign_admissibility::level::Level;
use countersign_admissibility::state::State;

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

/// The style of a state's word. Only a contradiction is red.
pub fn state(state: State) -> Style {
    use anstyle::AnsiColor::{Green, Red, Yellow};
    match state {
        State::Holds => Green.on_default(),
        State::Contradicted => Red.on_default().bold(),
        State::Waiting | State::InProgress | State::Unchecked => Yellow.on_default(),
        State::Open | State::WouldHold => Style::new(),
    }
}

/// The style of a level's badge.
pub fn level(level: Option<Level>) -> Style {
    use anstyle::AnsiColor::{Cyan, Green, Yellow};
    match level {
        None => Style::new().bold(),
        Some(level) if level >= Level::L4 => Green.on_default().bold(),
        Some(level) if level >= Level::L2 => Cyan.on_default().bold(),
        Some(_) => Yellow.on_default().bold(),
    }
}
