//! `countersign claims`: what the keys of signatures say of them.

use std::path::PathBuf;

use clap::Subcommand;
use countersign_app::exempt::unclaimed;
use countersign_problem::visible::visible;
use countersign_store::directory;
use countersign_store::judgement::RunsToJudge;

use crate::arguments::policy::PolicyArgs;
use crate::commands::status::{check_all_read, warn_unreadable};
use crate::stopped::Stopped;
use crate::ui;

/// Claims: who signed, in which role and when, as the keys themselves say
#[derive(Debug, Subcommand)]
pub enum ClaimsCommand {
    Exempt(ExemptArgs),
}

const EXEMPT_HELP: &str = "\
Example:
  countersign claims exempt sealed_runs/ > exempt.txt
  countersign verify sealed_runs/ --claims required --exempt exempt.txt

Each line has the SHA-256 of a raw signature, its signer, role and run. Only the first word is read.";

/// List the signatures that count now without a claim, to exempt them when claims are required
#[derive(Debug, clap::Args)]
#[command(after_help = EXEMPT_HELP)]
pub struct ExemptArgs {
    /// The directory; its sub-directories are searched too
    pub directory: PathBuf,
    #[command(flatten)]
    pub policy: PolicyArgs,
}

pub fn run(command: &ClaimsCommand) -> Result<bool, Stopped> {
    let ClaimsCommand::Exempt(args) = command;
    let root = &args.directory;
    let loaded = args.policy.load(root)?;
    let found = directory::find(root)?;
    warn_unreadable(&found);
    let counter = ui::counter(found.runs.len(), "judged");
    let judge = loaded.judge();
    let all = RunsToJudge { root, runs: &found.runs, judge: &judge, logs: &loaded.logs };
    let unclaimed = unclaimed(all, || counter.inc(1));
    counter.finish_and_clear();
    let mut out = ui::raw_stdout().in_blocks();
    for one in unclaimed {
        let role = one.role.map_or("no role", |role| role.as_str());
        let (signer, run) = (visible(&one.signer_id), visible(&one.run.to_string_lossy()));
        writeln!(out, "{}  {signer} ({role})  {run}", one.sha256.hex())?;
    }
    out.flush()?;
    check_all_read(found.unreadable.len())?;
    Ok(true)
}
