//! The rules that envelopes are judged by: where they are found, and as they are in force.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::policy::{Policy, Trust};
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_envelope::instant::Instant;
use countersign_problem::Problem;
use countersign_store::logs::LogBook;
use countersign_trust::adopted;

use super::keyring::KeyringInForce;
use super::roots::RootsInForce;

/// The rules for judging envelopes, and where to find them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The requirements.
    pub policy: Policy,
    /// The keyring's file.
    pub keyring: PathBuf,
    /// The folder of trusted attestation roots.
    pub roots: PathBuf,
    /// The folder of trusted roots of time-stamping authorities.
    pub tsa_roots: PathBuf,
    /// The folder of trusted roots that prove names. Those of the station, whatever came with what is
    /// reviewed.
    pub name_roots: PathBuf,
    /// The folder of lists of revoked certificates; likewise.
    pub crls: PathBuf,
    /// A transparency log for all runs, instead of those beside them.
    pub log: Option<PathBuf>,
    /// An authority ledger for all runs, instead of those beside them.
    pub ledger: Option<PathBuf>,
    /// Whether keyring and roots came with what is reviewed: they are the word of whoever sent them,
    /// and may belong to anyone. The station's own must be writable by nobody else.
    pub brought: bool,
}

impl Rules {
    /// The requirements with what the keyring in force asks for.
    pub(super) fn in_force(&self, keyring: &Keyring) -> Policy {
        let mut policy = keyring.in_force(self.policy.clone());
        if adopted::of_keyring(&self.keyring).is_some() {
            // Also if the signed keyring cannot be used, and so nothing counts.
            policy.trust = Trust::Pinned;
        }
        policy
    }
}

/// The rules in force, for judging one more envelope by the same.
#[derive(Debug, Clone)]
pub struct Context {
    /// The requirements.
    pub policy: Policy,
    /// The known keys and their owners.
    pub keyring: Arc<Keyring>,
    /// The trusted attestation roots.
    pub roots: Arc<AttestationRoots>,
    /// The trusted roots of time-stamping authorities.
    pub tsa_roots: Arc<TsaRoots>,
    /// The trusted roots that prove names, and what is revoked.
    pub names: Arc<NameTrust>,
    /// The logs.
    pub logs: Arc<LogBook>,
    /// The clock.
    pub now: fn() -> Instant,
}

impl Context {
    /// Reads keyring and roots, for judging by them once. What cannot be read counts for nothing.
    pub fn read(rules: &Rules, logs: Arc<LogBook>, now: fn() -> Instant) -> Self {
        Self::read_with_problems(rules, logs, now).0
    }

    /// The same, with what of keyring and roots cannot be read.
    pub fn read_with_problems(
        rules: &Rules,
        logs: Arc<LogBook>,
        now: fn() -> Instant,
    ) -> (Self, Vec<Problem>) {
        let (mut keyring, mut roots) = (KeyringInForce::default(), RootsInForce::default());
        keyring.look(&rules.keyring, rules.brought);
        roots.look(rules);
        let problems = keyring.trouble.iter().cloned().chain(roots.troubles()).collect();
        (Self::of(rules, &keyring, &roots, logs, now), problems)
    }

    /// The rules with keyring and roots as they are in force.
    pub(super) fn of(
        rules: &Rules,
        keyring: &KeyringInForce,
        roots: &RootsInForce,
        logs: Arc<LogBook>,
        now: fn() -> Instant,
    ) -> Self {
        Self {
            policy: rules.in_force(&keyring.keyring),
            keyring: Arc::clone(&keyring.keyring),
            roots: Arc::clone(roots.attestations()),
            tsa_roots: Arc::clone(roots.time_stamps()),
            names: Arc::clone(roots.names()),
            logs,
            now,
        }
    }

    /// The judge of this moment.
    pub fn judge(&self) -> Judge<'_> {
        Judge {
            policy: &self.policy,
            keyring: &self.keyring,
            roots: &self.roots,
            tsa_roots: &self.tsa_roots,
            names: &self.names,
            hmac_key: None,
            now: (self.now)(),
        }
    }
}
