//! The commands of the program, as clap has them.

use clap::Command;

/// A command with the words that call it.
pub struct Node {
    /// The words after `countersign`.
    pub words: Vec<String>,
    /// The command.
    pub command: Command,
}

impl Node {
    /// Whether it does something itself.
    pub fn is_leaf(&self) -> bool {
        !self.command.has_subcommands()
    }

    /// The command as it is typed.
    pub fn line(&self) -> String {
        [&["countersign".to_owned()], self.words.as_slice()].concat().join(" ")
    }
}

/// Every command and sub-command in the order of the help, the program itself first.
pub fn nodes() -> Vec<Node> {
    let mut root = countersign_cli::command().disable_help_subcommand(true);
    root.build();
    let mut nodes = Vec::new();
    walk(&root, &[], &mut nodes);
    nodes
}

fn walk(command: &Command, words: &[String], nodes: &mut Vec<Node>) {
    nodes.push(Node { words: words.to_vec(), command: command.clone() });
    for sub in command.get_subcommands() {
        walk(sub, &[words, &[sub.get_name().to_owned()]].concat(), nodes);
    }
}
