//! The help of every command.

use std::collections::BTreeSet;
use std::fs;

use crate::tree::nodes;
use crate::{assert_is_snapshot, session, snapshots};

#[test]
fn the_help_of_every_command_is_as_in_its_snapshot() {
    for node in nodes() {
        let line = format!("{} --help", node.line());
        let file = snapshots().join("help").join(format!("{}.txt", node.line().replace(' ', "-")));
        assert_is_snapshot(session::run([&*line]), &file);
    }
}

#[test]
fn every_snapshot_of_a_help_has_its_command() {
    let commands: BTreeSet<_> = nodes().iter().map(|node| node.line().replace(' ', "-")).collect();
    for entry in fs::read_dir(snapshots().join("help")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(commands.contains(&name), "{} is of no command: remove it", path.display());
    }
}
