//! What an envelope is judged by.

use countersign_envelope::instant::Instant;
use secrecy::SecretSlice;

use crate::attestation::AttestationRoots;
use crate::certificate_names::NameTrust;
use crate::keyring::Keyring;
use crate::policy::Policy;
use crate::time_stamp::TsaRoots;

/// What is trusted and asked for, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// What is asked for.
    pub policy: &'a Policy,
    /// Whose keys are known.
    pub keyring: &'a Keyring,
    /// The roots that attestations are checked against.
    pub roots: &'a AttestationRoots,
    /// The roots that time-stamping authorities may lead to.
    pub tsa_roots: &'a TsaRoots,
    /// The roots that prove names, and what their authorities have revoked. They change no outcome.
    pub names: &'a NameTrust,
    /// The shared HMAC key, if it is available.
    pub hmac_key: Option<&'a SecretSlice<u8>>,
    /// Now.
    pub now: Instant,
}
