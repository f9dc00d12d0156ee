//! The reference of commands in `docs/cli.md`, made from the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clap::Arg;

use crate::assert_is_snapshot;
use crate::tree::{Node, nodes};

/// What follows this line is generated.
const MARKER: &str = "<!-- Generated from the program: SNAPSHOTS=overwrite cargo test -p countersign-cli --test cmd -->";

/// An option of at least so many commands is described once for all of them.
const COMMON: usize = 4;

#[test]
fn the_reference_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/cli.md");
    let kept = fs::read_to_string(&file).unwrap();
    let (written_by_hand, _) = kept.split_once(MARKER).expect("the marker of the reference");
    assert_is_snapshot(format!("{written_by_hand}{MARKER}\n{}", reference()), &file);
}

fn reference() -> String {
    let nodes = nodes();
    let leaves: Vec<&Node> = nodes.iter().filter(|node| node.is_leaf()).collect();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for leaf in &leaves {
        // What JSON there is differs by command.
        let shared = options(leaf).filter(|option| option.get_id() != "json");
        shared.for_each(|option| *count.entry(described(option)).or_default() += 1);
    }
    let is_common =
        |option: &Arg| count.get(&described(option)).is_some_and(|count| *count >= COMMON);
    let mut text = String::new();
    for leaf in &leaves {
        text.push_str(&section(leaf, &is_common));
    }
    text.push_str("\n### Common options\n\n");
    let common: BTreeSet<String> = count
        .iter()
        .filter(|(_, count)| **count >= COMMON)
        .map(|(described, _)| described.clone())
        .collect();
    common.iter().for_each(|line| text.push_str(line));
    text
}

/// What the reference says of one command.
fn section(leaf: &Node, is_common: &dyn Fn(&Arg) -> bool) -> String {
    let command = &leaf.command;
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let usage = usage.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let mut text = format!("\n### {}\n\n{about}.\n\n```sh\n{usage}\n```\n", leaf.words.join(" "));
    let mut lines = String::new();
    command.get_positionals().for_each(|argument| lines.push_str(&described(argument)));
    options(leaf).filter(|option| !is_common(option)).for_each(|option| {
        lines.push_str(&described(option));
    });
    let common: Vec<String> = options(leaf)
        .filter(|option| is_common(option))
        .map(|option| format!("`{}`", anchor(option)))
        .collect();
    if !common.is_empty() {
        let common = common.join(", ");
        lines.push_str(&format!("- [Common options](#common-options): {common}\n"));
    }
    if !lines.is_empty() {
        text.push_str(&format!("\n{lines}"));
    }
    if let Some(more) = command.get_after_help() {
        text.push_str(&more_help(&more.to_string()));
    }
    text
}

/// The end of a help: indented lines as they are, the others as paragraphs.
fn more_help(help: &str) -> String {
    let mut text = String::new();
    let mut is_open = false;
    for line in help.trim_end().lines() {
        if line.starts_with(' ') != is_open {
            text.push_str(if is_open { "```\n" } else { "\n```text\n" });
            is_open = !is_open;
        }
        match is_open {
            true => text.push_str(&format!("{}\n", line.strip_prefix("  ").unwrap_or(line))),
            false if line.is_empty() => {}
            false => text.push_str(&format!("\n{}\n", escaped(line))),
        }
    }
    if is_open { text + "```\n" } else { text }
}

fn options(leaf: &Node) -> impl Iterator<Item = &Arg> {
    let shown = |argument: &&Arg| {
        !argument.is_positional() && !argument.is_hide_set() && argument.get_id() != "help"
    };
    leaf.command.get_arguments().filter(shown)
}

fn anchor(option: &Arg) -> String {
    format!("--{}", option.get_long().expect("options have long names"))
}

/// An argument and what it is for, as an item of a list.
fn described(argument: &Arg) -> String {
    let mut names = vec![format!("`{argument}`")];
    let aliases = argument.get_visible_aliases().unwrap_or_default();
    names.extend(aliases.iter().map(|alias| format!("`--{alias}`")));
    let mut text = format!("- {}", names.join(", "));
    if let Some(help) = argument.get_help() {
        text.push_str(&format!(": {}", escaped(&help.to_string())));
    }
    let values: Vec<_> = argument
        .get_possible_values()
        .iter()
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() && argument.get_action().takes_values() {
        text.push_str(&format!(" (one of {})", values.join(", ")));
    }
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && argument.get_action().takes_values() {
        text.push_str(&format!(" [default: {}]", defaults.join(" ")));
    }
    if let Some(variable) = argument.get_env() {
        text.push_str(&format!(" [environment: `{}`]", variable.to_string_lossy()));
    }
    text + "\n"
}

/// Text in which Markdown finds no tag.
fn escaped(text: &str) -> String {
    text.replace('<', "&lt;")
}
