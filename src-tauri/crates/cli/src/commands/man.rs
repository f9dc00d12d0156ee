//! `countersign man`: the manual page.

use crate::stopped::Stopped;
use crate::ui;

/// Print the manual page (view it with: countersign man | man -l -)
#[derive(Debug, clap::Args)]
pub struct ManArgs {}

pub fn run() -> Result<bool, Stopped> {
    let mut page = Vec::new();
    clap_mangen::Man::new(crate::command()).render(&mut page).map_err(Stopped::output)?;
    ui::raw_stdout().write_all(&page)?;
    Ok(true)
}
