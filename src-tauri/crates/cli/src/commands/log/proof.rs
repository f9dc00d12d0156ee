//! `countersign log prove` and `log check-proof`: that a run is in a log, for someone who has only the
//! log's head.

use std::path::{Path, PathBuf};

use countersign_app::checkpoint;
use countersign_app::proof::{self, ProofError};
use countersign_app::workspace::Workspace;
use countersign_envelope::inclusion::Included;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_store::logs::LogBook;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::reading::directory_of;

use crate::arguments::journal::JournalArgs;
use crate::arguments::log_policy::LogPolicyArgs;
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
    /// Prove one run by the checkpoint beside the log, as c2sp.org/tlog-proof has it: short, whatever the
    /// log's length
    #[arg(long)]
    pub tlog: bool,
    #[command(flatten)]
    pub heads: LogHeadsArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
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
    #[command(flatten)]
    pub policy: LogPolicyArgs,
}

/// What flags ask for that does not go together.
#[derive(Debug, Problem)]
#[problem(area = "prove")]
enum ProveError {
    /// A proof by a checkpoint is about one run.
    OneRun { count: usize },
    /// Nobody says whose signature a checkpoint needs.
    NoPolicy { path: PathBuf },
}

/// Makes the proof for some runs.
pub fn prove(args: &ProveArgs) -> Result<bool, Stopped> {
    let ProveArgs { runs, out, json, .. } = args;
    let book = args.heads.book(args.log.as_deref(), None);
    if args.tlog {
        return prove_by_checkpoint(args, &book);
    }
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

/// Proves one run by the checkpoint beside the log.
fn prove_by_checkpoint(args: &ProveArgs, book: &LogBook) -> Result<bool, Stopped> {
    let [run] = args.runs.as_slice() else {
        return Err(ProveError::OneRun { count: args.runs.len() }.into());
    };
    let log = continuity::log_for(book, directory_of(run))?;
    let memory = book.memory().cloned();
    let workspace = Workspace { memory, ..args.journal.workspace_to_look() };
    let proof = checkpoint::prove(&workspace, &log, run)?;
    let Some(out) = &args.out else {
        ui::stdout().write_all(proof.to_text().as_bytes())?;
        return Ok(true);
    };
    checkpoint::write_proof(&workspace, out, &proof)?;
    let position = proof.index + 1;
    let mut say = ui::stdout();
    match args.json {
        true => {
            let run = run.to_string_lossy();
            writeln!(say, "{}", serde_json::json!({ "run": run, "position": position }))?;
        }
        false => writeln!(say, "Wrote {}: {} is entry {position}", shown(out), shown(run))?,
    }
    Ok(true)
}

/// Checks a proof by a checkpoint. The logs and witnesses of the policy count.
fn check_by_checkpoint(args: &CheckProofArgs) -> Result<bool, Stopped> {
    let path = || args.proof.clone();
    let policy = args.policy.read()?.ok_or_else(|| ProveError::NoPolicy { path: path() })?;
    let proved = checkpoint::check(&args.proof, &args.run, &policy)?;
    let (count, of) = (proved.witnessed.count(), proved.witnessed.witnesses.len());
    let mut out = ui::stdout();
    match args.json {
        true => {
            let said = serde_json::json!({
                "run": args.run.to_string_lossy(), "entry_id": proved.entry_id,
                "position": proved.position, "entry_count": proved.checkpoint.size,
                "origin": proved.checkpoint.origin, "witnessed": count, "of": of,
                "enough": proved.witnessed.is_enough,
            });
            writeln!(out, "{said}")?;
        }
        false => writeln!(
            out,
            "{} is entry {} of {}, {}\n  {}; witnessed by {count} of {of}{}",
            shown(&args.run),
            proved.position,
            proved.checkpoint.size,
            visible(&proved.entry_id),
            visible(&proved.checkpoint.origin),
            if proved.witnessed.is_enough { "" } else { ", fewer than the policy asks for" }
        )?,
    }
    Ok(proved.witnessed.is_enough)
}

/// Checks a proof for a run. Reports it if the proof does not hold, and returns `false`.
pub fn check(args: &CheckProofArgs) -> Result<bool, Stopped> {
    if checkpoint::is_proof(&args.proof)? {
        return check_by_checkpoint(args);
    }
    let CheckProofArgs { proof: file, run, head, json, .. } = args;
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
