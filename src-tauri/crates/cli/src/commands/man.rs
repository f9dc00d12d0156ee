//! `countersign man`: the manual pages.

use std::path::PathBuf;

use countersign_store::safe_write::WriteError;

use crate::stopped::Stopped;
use crate::ui;

/// Print the manual page (view it with: countersign man | man -l -)
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write a page for each command into this folder instead, which must exist
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn run(args: &ManArgs) -> Result<bool, Stopped> {
    // The pages are the help: the command of that name has none.
    let command = crate::command().disable_help_subcommand(true);
    if let Some(folder) = &args.out {
        return match clap_mangen::generate_to(command, folder) {
            Ok(()) => Ok(true),
            Err(source) => Err(WriteError::Io { path: folder.clone(), source }.into()),
        };
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(Stopped::output)?;
    ui::raw_stdout().write_all(&page)?;
    Ok(true)
}
