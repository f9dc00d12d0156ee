//! `countersign time import`.

use std::path::PathBuf;

use countersign_app::{run_time, time_import};
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
    /// Write time stamps of the runs themselves, `timestamps/TLE-….tsa.json` beside the log, as the
    /// reference lays them out: for a folder that `time request --reference-layout` wrote
    #[arg(long)]
    pub reference_layout: bool,
    /// The address of the authority, to be noted in these files
    #[arg(long, value_name = "URL", requires = "reference_layout")]
    pub tsa_url: Option<String>,
    #[command(flatten)]
    station: StationArgs,
}

pub fn run(args: &ImportArgs) -> Result<bool, Stopped> {
    if args.reference_layout {
        return import_of_runs(args);
    }
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

fn import_of_runs(args: &ImportArgs) -> Result<bool, Stopped> {
    let workspace = args.station.workspace()?;
    let mut is_whole = true;
    let mut out = ui::lasting_stdout();
    for folder in &args.sources {
        let imported = run_time::import(&workspace, folder, args.tsa_url.as_deref())?;
        imported.noted.iter().for_each(ui::warn);
        for one in &imported.stamped {
            let (was, time) = (if one.is_new { "wrote" } else { "already there" }, &one.time);
            let time = visible(&time.to_string());
            writeln!(out, "  {was:<13}  {}: it existed at {time}", shown(&one.file))?;
        }
        for (response, why) in &imported.left_out {
            let why = visible(&why.to_string());
            writeln!(out, "  {:<13}  {}: {why}", "left out", visible(response))?;
        }
        for request in &imported.waiting {
            writeln!(out, "  {:<13}  {}", "no response", visible(request))?;
        }
        is_whole &= imported.left_out.is_empty() && imported.waiting.is_empty();
    }
    out.flush()?;
    Ok(is_whole)
}
