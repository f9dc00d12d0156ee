//! `countersign log prove` and `log check-proof`: that a run is in a log, for someone who has only the
//! log's head.

use std::path::{Path, PathBuf};

use countersign_envelope::artifact::ArtifactError;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::MAX_BYTES;
use countersign_envelope::file_name::MAX_LOG_BYTES;
use countersign_envelope::inclusion::{Included, InclusionError, InclusionProof, TrustedHead};
use countersign_envelope::log_head::{LogHead, LogHeadError};
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::visible::visible;
use countersign_problem::{Explain as _, Problem};
use countersign_store::logs;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::reading::{self, directory_of, name_of};
use countersign_store::safe_write::{self, Access};

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

/// Why nothing is proved.
#[derive(Debug, Problem)]
enum ProofError {
    /// The log cannot prove it.
    Log { path: PathBuf, cause: InclusionError },
    /// The run cannot be read.
    Run { path: PathBuf, cause: ArtifactError },
    /// The head cannot be read.
    Head { path: PathBuf, cause: LogHeadError },
    /// The head of a log without entries.
    EmptyLog { path: PathBuf },
    /// The proof does not hold for the run.
    DoesNotHold { path: PathBuf, run: String, cause: InclusionError },
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
    let read: Vec<SealedRun> = runs.iter().map(|run| read_run(run)).collect::<Result<_, _>>()?;
    let chain = logs::read_chain(&log)?;
    let failed = |cause| ProofError::Log { path: log.clone(), cause };
    let proof = InclusionProof::new(&chain, &read).map_err(failed)?;
    let included = read.iter().map(|run| proof.check(run, None)).collect::<Result<Vec<_>, _>>();
    let included = included.map_err(failed)?;
    // A log that was rewritten proves what it says now, so there is a warning.
    continuity::warn_of_rewritten(&book);
    let Some(out) = out else {
        ui::stdout().write_all(proof.to_text().as_bytes())?;
        return Ok(true);
    };
    let _lock = safe_write::lock(directory_of(out))?;
    safe_write::replace(out, proof.to_text().as_bytes(), Access::Shared)?;
    for (run, included) in runs.iter().zip(&included) {
        say(run, included, *json)?;
    }
    Ok(true)
}

/// Checks a proof for a run. Reports it if the proof does not hold, and returns `false`.
pub fn check(args: &CheckProofArgs) -> Result<bool, Stopped> {
    let CheckProofArgs { proof, run, head, json } = args;
    let sealed = read_run(run)?;
    let bytes = reading::read(proof, directory_of(proof), MAX_LOG_BYTES)?;
    let trusted = head.as_deref().map(trusted_head).transpose()?;
    let included = InclusionProof::parse(&bytes).and_then(|read| read.check(&sealed, trusted));
    match included {
        Ok(included) => {
            say(run, &included, *json)?;
            if trusted.is_none() && !json {
                let words = "Compare this head with one that you trust, or pass that with --head";
                writeln!(ui::stdout(), "  {words}")?;
            }
            Ok(true)
        }
        Err(cause) => {
            let (path, run) = (proof.clone(), name_of(run));
            ui::error(&ProofError::DoesNotHold { path, run, cause }.problem());
            Ok(false)
        }
    }
}

fn read_run(path: &Path) -> Result<SealedRun, Stopped> {
    let bytes = reading::read(path, directory_of(path), MAX_BYTES)?;
    let failed = |cause| ProofError::Run { path: path.to_owned(), cause };
    Ok(SealedRun::parse(&bytes).map_err(failed)?)
}

/// The head of a file, or of the hash of a last entry.
fn trusted_head(named: &str) -> Result<TrustedHead, Stopped> {
    if let Some(entry_hash) = Digest::parse(named) {
        return Ok(TrustedHead { entry_hash, entry_count: None });
    }
    let path = PathBuf::from(named);
    let bytes = reading::read(&path, directory_of(&path), MAX_BYTES)?;
    let head = LogHead::parse(&bytes);
    let head = head.map_err(|cause| ProofError::Head { path: path.clone(), cause })?;
    let entry_hash = head.latest_entry_hash.as_str().and_then(Digest::parse);
    let entry_hash = entry_hash.ok_or(ProofError::EmptyLog { path })?;
    Ok(TrustedHead { entry_hash, entry_count: Some(head.entry_count) })
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
