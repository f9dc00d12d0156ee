//! `countersign man`: the manual page.

use std::io::Write as _;

use crate::error::CliError;

/// Print the manual page (view it with: countersign man | man -l -)
#[derive(Debug, clap::Args)]
pub struct ManArgs {}

pub fn run() -> Result<bool, CliError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(crate::command()).render(&mut page)?;
    std::io::stdout().write_all(&page)?;
    Ok(true)
}
