//! `countersign log prove` and `log check-proof`: that a run is in a log, for someone who has only the
//! log's head.

use std::path::{Path, PathBuf};

use countersign_app::proof::{self, ProofError};
use countersign_app::workspace::Workspace;
use countersign_envelope::inclusion::Included;
use countersign_problem::Explain as _;
use countersign_problem::visible::visible;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::reading::directory_of;

use crate::arguments::memory::LogHeadsArgs;
use crate::continuity;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

/// Prove that sealed runs are in the log: their entries and all later ones, in one file
#[derive(Debug, clap::Args)]
pub struct ProveArgs {
    /// The sealed runs
    #[arg(value_name = "RUN", required = true)]
    pub runs: Vec<PathBuf>,
    /// The log [default: the one of the first run's directory]
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Write the proof to this file instead of standard output; only another proof is replaced
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print the positions of the runs as JSON, one object per line; needs --out
    #[arg(long, requires = "out")]
    pub json: bool,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
}

/// Check a proof that a sealed run is in a log, without the log
#[derive(Debug, clap::Args)]
pub struct CheckProofArgs {
    /// The proof
    pub proof: PathBuf,
    /// The sealed run
    #[arg(long, value_name = "RUN")]
    pub run: PathBuf,
    /// The head that you trust: a LOG_HEAD.json, or the hash of the last entry
    #[arg(long, value_name = "FILE|HASH")]
    pub head: Option<String>,
    /// Print the position of the run as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Makes the proof for some runs.
pub fn prove(args: &ProveArgs) -> Result<bool, Stopped> {
    let ProveArgs { runs, out, json, .. } = args;
    let book = args.heads.book(args.log.as_deref(), None);
    if let Some(out) = out {
        overwrite::check(out, FileKind::InclusionProof)?;
    }
    let directory = runs.first().map_or(Path::new("."), |run| directory_of(run));
    let log = continuity::log_for(&book, directory)?;
    let made = proof::prove(runs, &log)?;
    // A log that was rewritten proves what it says now, so there is a warning.
    continuity::warn_of_rewritten(&book);
    let Some(out) = out else {
        ui::stdout().write_all(made.proof.to_text().as_bytes())?;
        return Ok(true);
    };
    made.write(&Workspace::default(), out)?;
    for (run, included) in runs.iter().zip(&made.included) {
        say(run, included, *json)?;
    }
    Ok(true)
}

/// Checks a proof for a run. Reports it if the proof does not hold, and returns `false`.
pub fn check(args: &CheckProofArgs) -> Result<bool, Stopped> {
    let CheckProofArgs { proof: file, run, head, json } = args;
    let trusted = head.as_deref().map(proof::trusted_head).transpose()?;
    match proof::check(file, run, trusted) {
        Ok(included) => {
            say(run, &included, *json)?;
            if trusted.is_none() && !json {
                let words = "Compare this head with one that you trust, or pass that with --head";
                writeln!(ui::stdout(), "  {words}")?;
            }
            Ok(true)
        }
        Err(error @ ProofError::DoesNotHold { .. }) => {
            ui::error(&error.problem());
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

fn say(run: &Path, included: &Included, json: bool) -> Result<(), Stopped> {
    let Included { entry_id, position, entry_count, head_hash } = included;
    let mut out = ui::stdout();
    match json {
        true => {
            let said = serde_json::json!({
                "run": run.to_string_lossy(), "entry_id": entry_id, "position": position,
                "entry_count": entry_count, "head_hash": head_hash,
            });
            writeln!(out, "{said}")?;
        }
        false => writeln!(
            out,
            "{} is entry {position} of {entry_count}, {}\n  head {head_hash}",
            shown(run),
            visible(entry_id)
        )?,
    }
    Ok(())
}
