//! The key that signs the tree of a log, as the log or as a witness: chosen as with `countersign sign`, and
//! no person's.

use std::sync::Arc;

use countersign_admissibility::keyring::Keyring;
use countersign_app::sign::SignRequest;
use countersign_app::workspace::Workspace;
use countersign_ceremony::ceremony::Ceremony;
use countersign_ceremony::checkpoint::{SignedAs, TreeToSign};
use countersign_envelope::signature::Role;
use countersign_problem::visible::visible;

use crate::arguments::journal::{self, JournalArgs};
use crate::arguments::key::KeyArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::arguments::memory::MemoryArgs;
use crate::clock::now;
use crate::commands::sign::{self, SignArgs};
use crate::stopped::Stopped;

/// Signs a tree with the key that the flags choose. Returns what a person should know of it.
pub fn sign(
    to_sign: TreeToSign,
    key: KeyArgs,
    keyring: Arc<Keyring>,
    (keyring_args, memory, journal): (KeyringArgs, MemoryArgs, JournalArgs),
) -> Result<String, Stopped> {
    let workspace: Workspace = journal.workspace_to_look();
    let (role, name) = match &to_sign.signed_as {
        SignedAs::Log(_) => (Role::Operator, to_sign.checkpoint.origin.clone()),
        SignedAs::Witness { name, .. } => (Role::Witness, name.clone()),
    };
    // Whoever the keyring has for it must not sign: it is asked for no name.
    let key_id = key.key_id.clone().or_else(|| Some(name.clone()));
    let request = SignRequest::of_act(key_id, key.signer.clone().or(Some(name)), role);
    let out = to_sign.out();
    let args = SignArgs::of_act(Vec::new(), role, key, (keyring_args, memory, journal));
    let (key, signs_as) = sign::open_key(&args, &request, &keyring)?;
    let choice = request.choice(&signs_as, &keyring, now());
    let recorder = workspace.recorder()?;
    let mut ceremony = Ceremony::over(to_sign, &out, keyring, recorder);
    sign::complete(&args, &mut ceremony, key, choice)??;
    workspace.journal.iter().for_each(|journal| journal::tell(journal));
    let lines = ceremony.notes().iter().map(|note| format!("  {}\n", visible(&note.english())));
    Ok(lines.collect())
}
