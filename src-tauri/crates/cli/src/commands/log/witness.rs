//! `countersign log witness`: asking a witness, signing as one, and taking in what was signed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_app::witness::{self, Cosigner, FirstTime, WitnessUseError};
use countersign_app::workspace::Workspace;
use countersign_ceremony::checkpoint::TreeToSign;
use countersign_envelope::count::counted;
use countersign_problem::Problem;
use countersign_problem::visible::visible;
use countersign_tlog::note::{VerifierKey, VerifierKeyError};
use serde_json::json;

use super::tree_key;
use crate::arguments::journal::JournalArgs;
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::log_policy::LogPolicyArgs;
use crate::arguments::memory::MemoryArgs;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

const WITNESS_HELP: &str = "\
The log's station asks, the witness's station signs, the log's station takes it in; each step is a file that can \
be carried:
  countersign log witness request transparency_log.ndjson --out ask
  countersign log witness cosign ask --name anna.example --key-id anna-witness --piv --slot 9c --out answer
  countersign log witness import transparency_log.ndjson answer

Who counts as a log and as a witness, and how many are enough, says a policy (c2sp.org/tlog-policy).";

/// Witness logs by hand: ask, sign, take in
#[derive(Debug, clap::Subcommand)]
#[command(after_help = WITNESS_HELP)]
pub enum WitnessCommand {
    Request(RequestArgs),
    Cosign(Box<CosignArgs>),
    Import(ImportArgs),
}

/// Write what a witness is asked: the body of an add-checkpoint request (c2sp.org/tlog-witness)
#[derive(Debug, clap::Args)]
pub struct RequestArgs {
    /// The log
    #[arg(value_name = "LOG")]
    pub file: PathBuf,
    /// How many entries the witness saw last [default: those of the last witnessed checkpoint]
    #[arg(long, value_name = "N")]
    pub old: Option<u64>,
    /// The file to write; only another request is replaced
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Sign as a witness that a log goes on from what this station saw of it last
#[derive(Debug, clap::Args)]
pub struct CosignArgs {
    /// The request
    #[arg(value_name = "REQUEST")]
    pub file: PathBuf,
    /// The name of your witness key, as the policy of others has it
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// The file for the cosignature
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The log's key, as `name+id+base64`, if the policy does not have it
    #[arg(long, value_name = "KEY", value_parser = verifier_key)]
    pub log_key: Option<VerifierKey>,
    /// You never witnessed this log: this station remembers nothing of it, and that is right
    #[arg(long)]
    pub first_time: bool,
    #[command(flatten)]
    pub policy: LogPolicyArgs,
    #[command(flatten)]
    pub key: KeyArgs,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Put what a witness signed below the checkpoint of the log
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The log
    #[arg(value_name = "LOG")]
    pub file: PathBuf,
    /// The file with the cosignature
    pub cosignature: PathBuf,
    /// The witness's key, as `name+id+base64`, if the policy does not have it
    #[arg(long, value_name = "KEY", value_parser = verifier_key)]
    pub witness_key: Option<VerifierKey>,
    /// Print what was taken in as JSON, one object for each cosignature
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: LogPolicyArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Why a witness does not sign.
#[derive(Debug, Problem)]
#[problem(area = "cosign")]
enum CosignError {
    /// No key of the log is known.
    NoLogKey,
}

fn verifier_key(text: &str) -> Result<VerifierKey, VerifierKeyError> {
    VerifierKey::parse(text)
}

pub fn run(command: WitnessCommand) -> Result<bool, Stopped> {
    match command {
        WitnessCommand::Request(args) => request(&args),
        WitnessCommand::Cosign(args) => cosign(*args),
        WitnessCommand::Import(args) => import(&args),
    }
}

fn request(args: &RequestArgs) -> Result<bool, Stopped> {
    let request = witness::request(&args.file, args.old)?;
    witness::write_request(&args.journal.workspace_to_look(), &args.out, &request)?;
    let said = format!("Wrote {}: from {}", shown(&args.out), counted(request.old, "entry"));
    writeln!(ui::lasting_stdout(), "{said}")?;
    Ok(true)
}

fn cosign(args: CosignArgs) -> Result<bool, Stopped> {
    args.journal.check_place()?;
    let keyring = Arc::new(args.keyring.read()?);
    let policy = args.policy.named()?.or_else(|| keyring.log_policy().cloned());
    let mut logs = policy.map(|policy| policy.logs).unwrap_or_default();
    logs.extend(args.log_key.clone());
    if logs.is_empty() {
        return Err(CosignError::NoLogKey.into());
    }
    let memory = args.memory.open(Some(&args.journal));
    let workspace = Workspace { memory, ..args.journal.workspace()? };
    let to_sign = compare(&args, &workspace, &logs)?;
    tell(&to_sign)?;
    let (out, size) = (args.out.clone(), to_sign.checkpoint.size);
    let notes =
        tree_key::sign(to_sign, args.key, keyring, (args.keyring, args.memory, args.journal))?;
    let mut said = ui::lasting_stdout();
    writeln!(said, "Wrote {}: {}", shown(&out), counted(size, "entry"))?;
    said.write_all(notes.as_bytes())?;
    Ok(true)
}

/// Compares the request with what was seen. Whether a log is seen for the first time, a person is asked.
fn compare(
    args: &CosignArgs,
    workspace: &Workspace,
    logs: &[VerifierKey],
) -> Result<TreeToSign, Stopped> {
    let cosigner = Cosigner { name: &args.name, out: &args.out };
    let compare = |first| witness::to_cosign(workspace, &args.file, logs, cosigner, first);
    let first = if args.first_time { FirstTime::Confirmed } else { FirstTime::NotConfirmed };
    match compare(first) {
        Err(WitnessUseError::NeverSeen { origin, size }) if ui::has_terminal() => {
            let question = format!(
                "This station remembers nothing of {} ({}). Have you never witnessed it before? [y/N]",
                visible(&origin),
                counted(size, "entry")
            );
            match ui::confirmed(&question)? {
                true => Ok(compare(FirstTime::Confirmed)?),
                false => Err(WitnessUseError::NeverSeen { origin, size }.into()),
            }
        }
        other => Ok(other?),
    }
}

/// Says what is about to be signed, before a secret is asked for.
fn tell(to_sign: &TreeToSign) -> Result<(), Stopped> {
    let tree = &to_sign.checkpoint;
    let seen = to_sign.before.as_ref().map_or(0, |head| head.size);
    let about = format!(
        "About to witness {}\n  seen last  {}\n  now        {} ({} new)\n  root       {}\n",
        visible(&tree.origin),
        counted(seen, "entry"),
        counted(tree.size, "entry"),
        tree.size - seen,
        tree.root.grouped()
    );
    ui::stderr().write_all(about.as_bytes())
}

fn import(args: &ImportArgs) -> Result<bool, Stopped> {
    let policy = args.policy.read()?;
    let known = policy.iter().flat_map(|policy| &policy.witnesses);
    let mut witnesses: Vec<VerifierKey> = known.map(|witness| witness.key.clone()).collect();
    witnesses.extend(args.witness_key.clone());
    let workspace = args.journal.workspace()?;
    let log: &Path = &args.file;
    let imported =
        witness::import(&workspace, log, &args.cosignature, &witnesses, policy.as_ref())?;
    let mut out = ui::lasting_stdout();
    let now = imported.witnessed.as_ref();
    let count = now.map(|now| (now.count(), now.witnesses.len()));
    for one in &imported.cosignatures {
        if args.json {
            let said = json!({
                "witness": one.witness, "entries": one.size, "at": one.at.to_string(),
                "witnessed": count.map(|(count, _)| count), "of": count.map(|(_, of)| of),
                "enough": now.map(|now| now.is_enough),
            });
            writeln!(out, "{said}")?;
            continue;
        }
        let of = count.map(|(count, of)| format!("; witnessed by {count} of {of}"));
        writeln!(
            out,
            "{} saw {} at {}{}",
            visible(&one.witness),
            counted(one.size, "entry"),
            one.at,
            of.unwrap_or_default()
        )?;
    }
    Ok(true)
}
