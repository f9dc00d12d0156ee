//! `countersign time request`.

use std::path::PathBuf;

use countersign_app::run_time;
use countersign_app::time_request::{self, LIST, SCRIPT};
use countersign_envelope::count::counted;
use countersign_problem::visible::visible;

use super::StationArgs;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// Write a request for each signature that has no trusted time yet, or whose time stamp should be
/// renewed
#[derive(Debug, clap::Args)]
pub struct RequestArgs {
    /// Sealed runs, or directories of them
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The folder for the requests; it must not have any yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Ask about the runs themselves, not about signatures: since when each has existed, whoever signed
    /// it. `time import --reference-layout` takes the responses
    #[arg(long)]
    pub reference_layout: bool,
    #[command(flatten)]
    station: StationArgs,
}

pub fn run(args: &RequestArgs) -> Result<bool, Stopped> {
    if args.reference_layout {
        return request_about_runs(args);
    }
    let made = time_request::request(&args.station.workspace()?, &args.paths, &args.out)?;
    made.noted.iter().for_each(ui::warn);
    let mut out = ui::lasting_stdout();
    for one in &made.requests {
        let (file, signer) = (visible(&one.file), visible(&one.signer));
        writeln!(out, "  {file}  {signer}, covers its {}", one.covers.as_str())?;
    }
    let requests = counted(made.requests.len(), "request");
    writeln!(out, "Wrote {requests}, {LIST} and {SCRIPT} to {}", shown(&args.out))?;
    if made.stamped > 0 {
        let stamped = counted(made.stamped, "signature");
        writeln!(out, "  {stamped} already with a trusted time")?;
    }
    out.flush()?;
    Ok(true)
}

fn request_about_runs(args: &RequestArgs) -> Result<bool, Stopped> {
    let made = run_time::request(&args.station.workspace()?, &args.paths, &args.out)?;
    made.noted.iter().for_each(ui::warn);
    let mut out = ui::lasting_stdout();
    for (path, why) in &made.left_out {
        writeln!(out, "  left out  {}: {}", shown(path), visible(&why.to_string()))?;
    }
    for one in &made.requests {
        writeln!(out, "  {}  covers the run itself", visible(&one.file))?;
    }
    let requests = counted(made.requests.len(), "request");
    writeln!(out, "Wrote {requests}, {LIST} and {SCRIPT} to {}", shown(&args.out))?;
    if made.stamped > 0 {
        writeln!(out, "  {} already with a time stamp", counted(made.stamped, "run"))?;
    }
    out.flush()?;
    Ok(made.left_out.is_empty())
}
