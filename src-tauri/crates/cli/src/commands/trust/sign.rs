//! `countersign trust sign`.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_app::clock::now;
use countersign_app::signed_keyring::sign as app_sign;
use countersign_app::workspace::Workspace;
use countersign_ceremony::ceremony::Ceremony;
use countersign_ceremony::signed_keyring::KeyringToSign;
use countersign_envelope::count::counted;
use countersign_envelope::signed_keyring::{MAX_BYTES, parse_envelope};
use countersign_problem::Problem;
use countersign_store::reading::{self, directory_of};

use super::propose::show_effect;
use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::MemoryArgs;
use crate::commands::sign::{self, SignArgs as KeySignArgs};
use crate::stopped::{Stopped, StreamError};
use crate::ui::{self, shown};

const SIGN_HELP: &str = "\
What it changes is shown first, as a difference to the version that this station has adopted. A key is \
chosen as with `countersign sign`; it has to be an administrator's, of the version in force or of the new one.

The document is a DSSE envelope with one signature for each key. Copies that several people signed are \
united by `countersign trust adopt COPY COPY …`.";

/// Sign a proposed version as an administrator
#[derive(Debug, clap::Args)]
#[command(after_help = SIGN_HELP)]
pub struct SignArgs {
    /// The proposed version
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Show first which envelopes of this directory would rise and fall
    #[arg(long, value_name = "DIRECTORY")]
    effect: Option<PathBuf>,
    #[command(flatten)]
    pub with: WithKeyArgs,
}

/// Which key signs, and where that is recorded.
#[derive(Debug, clap::Args)]
pub struct WithKeyArgs {
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    memory: MemoryArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Why nothing is signed.
#[derive(Debug, Problem)]
#[problem(area = "trust-sign")]
enum TrustSignError {
    /// The key has no id.
    NoKeyId,
}

pub fn run(args: SignArgs) -> Result<bool, Stopped> {
    args.with.journal.check_place()?;
    let workspace = super::knowing(args.with.journal.workspace_to_look());
    let proposal = app_sign::proposal(&workspace, &args.file)?;
    let mut out = ui::stdout();
    super::write_version(&mut out, &proposal.version)?;
    super::write_changes(&mut out, &proposal.changes)?;
    out.flush()?;
    drop(out);
    if let Some(root) = &args.effect {
        show_effect(root, &proposal.version, &args.with.memory)?;
    }
    args.with.sign(&workspace, proposal.to_sign, proposal.keyring)?;
    Ok(true)
}

impl WithKeyArgs {
    /// Signs a document of the signed keyring with the key that the flags choose.
    pub fn sign(
        self,
        workspace: &Workspace,
        to_sign: KeyringToSign,
        keyring: Keyring,
    ) -> Result<PathBuf, Stopped> {
        let keyring = Arc::new(keyring);
        let request = sign::act_request(&self.key, &keyring, None);
        let (role, out) = (request.role, to_sign.out.clone());
        let station = (KeyringArgs { keyring: None }, self.memory, self.journal);
        let sign_args = KeySignArgs::of_act(Vec::new(), role, self.key, station);
        let (key, signs_as) = sign::open_key(&sign_args, &request, &keyring)?;
        if signs_as.key_id.is_empty() {
            return Err(TrustSignError::NoKeyId.into());
        }
        let choice = request.choice(&signs_as, &keyring, now());
        let recorder = workspace.recorder()?;
        let mut ceremony = Ceremony::over(to_sign, &out, Arc::clone(&keyring), recorder);
        sign::complete(&sign_args, &mut ceremony, key, choice)??;
        workspace.journal.iter().for_each(|journal| journal::tell(journal));
        let bytes = reading::read(&out, directory_of(&out), MAX_BYTES as u64)?;
        let signatures = parse_envelope(&bytes).map_or(0, |envelope| envelope.signatures.len());
        let said = format!("  wrote  {} ({})\n", shown(&out), counted(signatures, "signature"));
        anstream::stdout().write_all(said.as_bytes()).map_err(StreamError::unsaid)?;
        Ok(out)
    }
}
