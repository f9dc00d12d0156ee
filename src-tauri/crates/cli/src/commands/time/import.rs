//! `countersign time import`.

use std::path::PathBuf;

use countersign_app::time_import;
use countersign_problem::visible::visible;

use super::StationArgs;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// Verify responses and write each time stamp beside its signature
///
/// A response X.tsr belongs to the request X.tsq beside it. Without a request and a list of requests,
/// the signature is searched for by what the time stamp is about. None is written that would stop its
/// signature from counting. Exit codes: 0 all were written · 1 some were left out · 2 nothing can be
/// imported.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The folder that `time request` wrote, with the responses; or responses
    #[arg(value_name = "PATH", required = true)]
    pub sources: Vec<PathBuf>,
    /// Search this directory of runs for signatures that no list names
    #[arg(long = "in", value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    #[command(flatten)]
    station: StationArgs,
}

pub fn run(args: &ImportArgs) -> Result<bool, Stopped> {
    let imported = time_import::import(&args.station.workspace()?, &args.sources, &args.directory)?;
    imported.noted.iter().for_each(ui::warn);
    let mut out = ui::lasting_stdout();
    for one in &imported.stamped {
        let (signer, time) = (visible(&one.signer), visible(&one.time.to_string()));
        let was = if one.files.is_empty() { "already there" } else { "added" };
        writeln!(out, "  {was:<13}  {signer}: {time}")?;
        for file in &one.files {
            writeln!(out, "  {:<13}  {}", "wrote", shown(file))?;
        }
    }
    for (response, why) in &imported.left_out {
        writeln!(
            out,
            "  {:<13}  {}: {}",
            "left out",
            visible(response),
            visible(&why.to_string())
        )?;
    }
    for request in &imported.waiting {
        writeln!(out, "  {:<13}  {}", "no response", visible(request))?;
    }
    out.flush()?;
    Ok(imported.left_out.is_empty() && imported.waiting.is_empty())
}
