//! What a ceremony over one or several envelopes works with.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_index::queue::Context;
use countersign_journal::Recorder;
use countersign_signers::devices::Devices;

use crate::signer_profile::SignerProfile;

/// What a ceremony works with: a directory, the rules in force, the keys on offer, and the record.
pub struct SigningDesk {
    /// The directory of envelopes.
    pub root: PathBuf,
    /// Policy, keyring and logs.
    pub rules: Arc<Context>,
    /// The keys that are set up.
    pub profiles: Vec<SignerProfile>,
    /// The devices that are plugged in, with their keys.
    pub devices: Devices,
    /// Records every attempt and every signature.
    pub recorder: Arc<dyn Recorder>,
}
