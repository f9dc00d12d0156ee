//! What is refused before anything is done: missing arguments, wrong values, conflicts, and what the
//! commands refuse themselves.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Arg;
use clap::error::ErrorKind;

use crate::tree::{Node, nodes};
use crate::{assert_is_snapshot, session, snapshots};

/// The lines of these snapshots are written by hand: a line that begins with `$ ` is run again, and what
/// follows it is compared.
#[test]
fn refusals_are_as_in_their_snapshots() {
    for name in ["keys", "other_commands", "sign"] {
        let file = snapshots().join("refusals").join(format!("{name}.txt"));
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("$ "));
        assert_refused(session::run(lines), &file);
    }
}

/// Every command that does not run without arguments.
#[test]
fn missing_arguments_are_refused() {
    let nodes = nodes();
    let bare = nodes.iter().filter(|node| {
        let words = ["countersign"].into_iter().chain(node.words.iter().map(String::as_str));
        let error = countersign_cli::command().try_get_matches_from(words).err();
        error.is_some_and(|error| matches!(error.kind(), ErrorKind::MissingRequiredArgument))
    });
    assert_generated("missing_arguments", bare.map(Node::line));
}

/// Every option with a type of its own, once for all commands that have it.
#[test]
fn wrong_values_are_refused() {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for node in nodes().iter().filter(|node| node.is_leaf()) {
        for argument in node.command.get_arguments().filter(|argument| is_typed(argument)) {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            if !seen.insert((name(argument), help)) {
                continue;
            }
            lines.push(match argument.get_long() {
                Some(long) => format!("{} --{long}=nonsense", node.line()),
                None => format!("{} nonsense", node.line()),
            });
        }
    }
    assert_generated("wrong_values", lines.into_iter());
}

/// Every pair of options that clap refuses together.
#[test]
fn conflicts_are_refused() {
    let mut lines = BTreeSet::new();
    for node in nodes().iter().filter(|node| node.is_leaf()) {
        for one in node.command.get_arguments() {
            for other in node.command.get_arg_conflicts_with(one) {
                let mut pair = [given(one), given(other)];
                pair.sort();
                lines.insert(format!("{} {}", node.line(), pair.join(" ")));
            }
        }
    }
    assert_generated("conflicts", lines.into_iter());
}

#[track_caller]
fn assert_generated(name: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    let file = snapshots().join("refusals").join(format!("{name}.txt"));
    assert_refused(session::run(lines.iter().map(String::as_str)), &file);
}

#[track_caller]
fn assert_refused(said: String, file: &Path) {
    assert!(!said.lines().any(|line| line == "? 0"), "not refused: {said}");
    assert_is_snapshot(said, file);
}

/// Whether not every text is a value of it.
fn is_typed(argument: &Arg) -> bool {
    let parser = argument.get_value_parser().type_id();
    let free = [TypeId::of::<String>(), TypeId::of::<PathBuf>()];
    argument.get_action().takes_values()
        && !free.iter().any(|free| parser == *free)
        && name(argument) != "key"
}

fn name(argument: &Arg) -> String {
    argument.get_id().to_string()
}

/// An argument with a value that it takes.
fn given(argument: &Arg) -> String {
    let value = if is_typed(argument) { "1" } else { "x" };
    match argument.get_long() {
        Some(long) if argument.get_action().takes_values() => format!("--{long}={value}"),
        Some(long) => format!("--{long}"),
        None => value.to_owned(),
    }
}
