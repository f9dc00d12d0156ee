//! Proposals: the first version of a signed keyring, and each next one. A proposal is a version that
//! nobody has signed yet; what it changes is shown before anybody does.

use std::path::Path;

use countersign_admissibility::keyring::{Key, Keyring, Revocation};
use countersign_admissibility::policy::Policy;
use countersign_admissibility::signed_keyring::version::key_to_object;
use countersign_admissibility::signed_keyring::{
    Chain, RevocationStanding, SignedKeyring, changes, rules,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signed_keyring::{Administrators, KeyringVersion, SignedKeyringFile};
use countersign_problem::Explain as _;
use countersign_store::overwrite::{self, FileKind};
use countersign_store::safe_write;
use countersign_trust::adopted;
use countersign_trust::attestation_roots::Anchor;

use super::adopt::waits;
use super::{TrustUseError, place};
use crate::workspace::Workspace;

/// What a proposal changes. What is not given stays as it is.
#[derive(Debug, Default)]
pub struct Changes {
    /// Keys that come in, or whose roles, kind, dates, attestation or certificates change.
    pub keys: Vec<Key>,
    /// The ids of the administrators' keys, all of them.
    pub administrators: Option<Vec<String>>,
    /// How many administrators have to sign.
    pub threshold: Option<u64>,
    /// Keys that are revoked.
    pub revoke: Vec<(String, Revocation)>,
    /// Keys whose emergency revocation is lifted; every other is confirmed.
    pub lift: Vec<String>,
    /// What attestations may lead to, all of it.
    pub attestation_roots: Option<Vec<Anchor>>,
    /// What time-stamping authorities may lead to, all of it.
    pub tsa_roots: Option<Vec<Anchor>>,
    /// The rules, all of them.
    pub policy: Option<Policy>,
    /// Log, witnesses and quorum.
    pub log_policy: Option<String>,
    /// Refusals that count no more, by the SHA-256 of their payloads.
    pub overrule: Vec<Digest>,
    /// By when somebody should look at it again.
    pub review_by: Option<Instant>,
}

/// A first version. Nothing is written.
///
/// # Errors
/// If a signed keyring is adopted here, or the version would not be right.
pub fn first(workspace: &Workspace, wanted: Changes) -> Result<SignedKeyring, TrustUseError> {
    if let Some(chain) = place(workspace)?.read()? {
        return Err(TrustUseError::IsAdopted { version: chain.latest().version() });
    }
    let says = KeyringVersion {
        version: 1,
        previous: None,
        administrators: Administrators { threshold: 0, keys: Vec::new() },
        keys: Vec::new(),
        attestation_roots: Vec::new(),
        tsa_roots: Vec::new(),
        log_policy: None,
        policy: rules::to_object(&Policy::default()),
        overruled: Default::default(),
        issued_at: (workspace.now)(),
        review_by: None,
    };
    version(changed(says, Vec::new(), wanted)?)
}

/// The next version after the one in force here. Nothing is written.
///
/// # Errors
/// If nothing is adopted here, nothing would change, or no station would adopt it whoever signed.
pub fn next(workspace: &Workspace, wanted: Changes) -> Result<SignedKeyring, TrustUseError> {
    let (chain, now) = (super::adopted(workspace)?, (workspace.now)());
    let latest = chain.latest();
    let keys = keys_of(&chain, &wanted.lift)?;
    let mut says = latest.says().clone();
    says.version += 1;
    says.previous = Some(latest.digest());
    says.issued_at = now;
    let proposed = version(changed(says, keys, wanted)?)?;
    match chain.judge(&proposed, Some(now)) {
        Ok(_) => {}
        Err(refusal) if waits(&refusal) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    let in_emergency = chain.revocations().iter();
    let in_emergency =
        in_emergency.filter(|one| one.standing(&chain) == RevocationStanding::InForce);
    // To lift a revocation changes nothing about the version before.
    match changes(Some(latest), &proposed).is_empty() && in_emergency.count() == 0 {
        true => Err(TrustUseError::NoChange),
        false => Ok(proposed),
    }
}

/// The keys in force: what was revoked in an emergency is confirmed, unless it is lifted.
fn keys_of(chain: &Chain, lift: &[String]) -> Result<Vec<Key>, TrustUseError> {
    let (latest, in_force) = (chain.latest().keyring(), chain.keyring());
    let find = |keyring: &Keyring, key_id: &str| {
        keyring.keys().iter().find(|key| key.key_id == *key_id).cloned()
    };
    for key_id in lift {
        if find(latest, key_id) == find(&in_force, key_id) {
            return Err(TrustUseError::NotRevoked { key_id: key_id.clone() });
        }
    }
    let keys = in_force.keys().iter().map(|key| match lift.contains(&key.key_id) {
        true => find(latest, &key.key_id).unwrap_or_else(|| key.clone()),
        false => key.clone(),
    });
    Ok(keys.collect())
}

/// A version with changes.
fn changed(
    mut says: KeyringVersion,
    mut keys: Vec<Key>,
    wanted: Changes,
) -> Result<KeyringVersion, TrustUseError> {
    for key in wanted.keys {
        match keys.iter_mut().find(|known| known.key_id == key.key_id) {
            // Who is revoked stays so; the draft of a keyring may be older than that.
            Some(known) if known.revoked_at.is_some() && key.revoked_at.is_none() => {}
            Some(known) => *known = key,
            None => keys.push(key),
        }
    }
    let mut keyring = Keyring::default();
    for key in keys {
        keyring.add(key).map_err(not_proposed)?;
    }
    for (key_id, revocation) in &wanted.revoke {
        keyring.revoke(key_id, revocation).map_err(not_proposed)?;
    }
    says.keys = keyring.keys().iter().map(key_to_object).collect();
    if let Some(mut administrators) = wanted.administrators {
        administrators.sort();
        administrators.dedup();
        says.administrators.keys = administrators;
    }
    says.administrators.threshold = wanted.threshold.unwrap_or(says.administrators.threshold);
    let pem = |anchors: Vec<Anchor>| anchors.iter().map(Anchor::to_pem).collect();
    says.attestation_roots = wanted.attestation_roots.map_or(says.attestation_roots, pem);
    says.tsa_roots = wanted.tsa_roots.map_or(says.tsa_roots, pem);
    if let Some(policy) = &wanted.policy {
        says.policy = rules::to_object(policy);
    }
    says.log_policy = wanted.log_policy.or(says.log_policy);
    says.overruled.extend(wanted.overrule);
    says.review_by = wanted.review_by.or(says.review_by);
    Ok(says)
}

fn not_proposed(error: impl countersign_problem::Explain) -> TrustUseError {
    TrustUseError::NotProposed { cause: error.problem() }
}

/// A version as everybody reads it.
fn version(says: KeyringVersion) -> Result<SignedKeyring, TrustUseError> {
    let text = SignedKeyringFile::new(says).to_text();
    adopted::version_of(Path::new(""), text.as_bytes())
        .map_err(|error| TrustUseError::NotProposed { cause: error.problem() })
}

/// Writes a proposal to a new file.
///
/// # Errors
/// If something is there already, or it cannot be written.
pub fn write(
    workspace: &Workspace,
    proposed: &SignedKeyring,
    out: &Path,
) -> Result<(), TrustUseError> {
    workspace.check_writable(out)?;
    overwrite::check(out, FileKind::New)?;
    let text = countersign_envelope::signed_keyring::to_text(proposed.envelope());
    Ok(safe_write::create(out, text.as_bytes())?)
}
