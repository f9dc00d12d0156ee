//! `countersign completions`: completion scripts for shells.

use crate::stopped::Stopped;
use crate::ui;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

pub fn run(args: &CompletionsArgs) -> Result<bool, Stopped> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "countersign", &mut script);
    ui::raw_stdout().write_all(&script)?;
    Ok(true)
}
