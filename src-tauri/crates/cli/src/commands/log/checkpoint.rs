//! `countersign log checkpoint` and `log consistency`: the tree of a log, signed by its key, and whether one
//! goes on from another.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_app::checkpoint;
use countersign_app::workspace::Workspace;
use countersign_envelope::count::counted;
use countersign_problem::visible::visible;
use countersign_tlog::policy::Policy;
use serde_json::json;

use super::tree_key;
use crate::arguments::journal::JournalArgs;
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::log_policy::LogPolicyArgs;
use crate::arguments::memory::MemoryArgs;
use crate::stopped::Stopped;
use crate::ui::{self, shown};

const CHECKPOINT_HELP: &str = "\
The first time, on the station that keeps the log, with a key that signs nothing else:
  countersign log checkpoint transparency_log.ndjson --name example.org/decisions \\
      --key-id log-2026 --key-file log.key.pem

The log is checked as a whole. Beside it are written the tiles (tile/, c2sp.org/tlog-tiles) and the \
checkpoint (c2sp.org/tlog-checkpoint), which any static web server can offer. The key is Ed25519: a file, a \
PKCS#11 token, a YubiKey from firmware 5.7 on. A key of the keyring is refused. What was signed is remembered, \
and a log that does not go on from there is not signed.";

/// Sign how many entries the log has and their root, as a checkpoint beside it, with its tiles
#[derive(Debug, clap::Args)]
#[command(after_help = CHECKPOINT_HELP)]
pub struct CheckpointArgs {
    /// The log
    #[arg(value_name = "LOG")]
    pub file: PathBuf,
    /// What people know the log by, without spaces and plus signs; needed for the first checkpoint. The
    /// origin is this name and the hash of the first entry
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub key: KeyArgs,
    #[command(flatten, next_help_heading = "Keyring and memory")]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Check that a checkpoint goes on from an older one, by the tiles beside the log
#[derive(Debug, clap::Args)]
pub struct ConsistencyArgs {
    /// The older checkpoint
    pub old: PathBuf,
    /// The newer checkpoint [default: the one beside the log]
    pub new: Option<PathBuf>,
    /// The log, or the place of one: its tiles are beside it
    #[arg(long, value_name = "FILE", default_value = "transparency_log.ndjson")]
    pub log: PathBuf,
    /// Print the proof as one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub policy: LogPolicyArgs,
}

/// Signs the tree of a log.
pub fn sign(args: CheckpointArgs) -> Result<bool, Stopped> {
    args.journal.check_place()?;
    let CheckpointArgs { file, name, key, keyring: keyring_args, memory, journal } = args;
    let keyring = Arc::new(keyring_args.read()?);
    let workspace = Workspace { memory: memory.open(Some(&journal)), ..journal.workspace()? };
    let to_sign = checkpoint::to_sign(&workspace, &file, name.as_deref())?;
    let tree = to_sign.checkpoint.clone();
    let before = match &to_sign.before {
        Some(head) => format!("it goes on from {}", counted(head.size, "signed entry")),
        None => "the first that this station signs of it".to_owned(),
    };
    let about = format!(
        "About to sign the tree of {}: {}; {before}\n  root {}\n",
        visible(&tree.origin),
        counted(tree.size, "entry"),
        tree.root.grouped()
    );
    ui::stderr().write_all(about.as_bytes())?;
    let out = to_sign.out();
    let notes = tree_key::sign(to_sign, key, keyring, (keyring_args, memory, journal))?;
    let mut said = ui::lasting_stdout();
    writeln!(said, "Wrote {}: {}", shown(&out), counted(tree.size, "entry"))?;
    said.write_all(notes.as_bytes())?;
    Ok(true)
}

/// Compares two checkpoints.
pub fn consistency(args: &ConsistencyArgs) -> Result<bool, Stopped> {
    let policy: Option<Policy> = args.policy.read()?;
    let new = args.new.clone().unwrap_or_else(|| args.log.with_file_name("checkpoint"));
    let checked = checkpoint::consistency(&args.log, (&args.old, &new), policy.as_ref())?;
    let (old, size) = (checked.old.size, checked.new.size);
    let mut out = ui::stdout();
    if args.json {
        let path: Vec<String> = checked.path.iter().map(ToString::to_string).collect();
        let said = json!({
            "origin": checked.new.origin, "old": old, "size": size,
            "old_root": checked.old.root.to_string(), "root": checked.new.root.to_string(),
            "proof": path, "signed_by_known_log": policy.is_some().then_some(true),
        });
        writeln!(out, "{said}")?;
        return Ok(true);
    }
    writeln!(
        out,
        "{} with {} goes on from {}",
        visible(&checked.new.origin),
        counted(size, "entry"),
        counted(old, "entry")
    )?;
    if policy.is_none() {
        writeln!(out, "  whether the log signed them was not checked: no policy names its key")?;
    }
    Ok(true)
}
