//! `countersign completions`: completion scripts for shells.

use std::io::Write as _;

use crate::error::CliError;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

pub fn run(args: &CompletionsArgs) -> Result<bool, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "countersign", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(true)
}
