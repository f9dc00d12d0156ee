//! Adopting versions of the signed keyring and emergency revocations: the first version by its digest,
//! each next one because enough administrators signed it.

use countersign_admissibility::signed_keyring::version::owners;
use countersign_admissibility::signed_keyring::{
    Chain, KeyringRefusal, RevocationStanding, SignedKeyring, Step, changes,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signed_keyring::revocation::RevocationFile;
use countersign_journal::{self as journal, Event, JournalError, SignedKeyringFacts};
use countersign_problem::{Explain as _, Problem};
use countersign_trust::adopted::{AdoptedError, AdoptedPlace};

use super::{Found, TrustUseError, place};
use crate::workspace::{Workspace, WorkspaceError};

/// What is adopted, and what is not.
#[derive(Debug)]
pub struct Adoption {
    /// What is in force then.
    pub chain: Chain,
    /// The numbers of the versions that are new.
    pub adopted: Vec<u64>,
    /// The ids of the keys that emergency revocations newly take away.
    pub revoked: Vec<String>,
    /// What is refused, with why.
    pub refused: Vec<Refused>,
    events: Vec<Event>,
}

/// A version or a revocation that is refused.
#[derive(Debug)]
pub struct Refused {
    /// The number of the version; `None` of a revocation.
    pub version: Option<u64>,
    /// The SHA-256 of its payload.
    pub digest: Digest,
    /// Why.
    pub why: Problem,
}

impl From<JournalError> for TrustUseError {
    fn from(cause: JournalError) -> Self {
        WorkspaceError::NotJournalled { cause }.into()
    }
}

/// What adopting would do. Nothing is written.
///
/// # Errors
/// If nothing is adopted yet and no version has the digest that was confirmed, two versions could follow
/// and no digest tells which, or what is adopted cannot be used.
pub fn judge(
    workspace: &Workspace,
    found: &Found,
    confirmed: Option<&Digest>,
) -> Result<Adoption, TrustUseError> {
    let now = (workspace.now)();
    let mut adoption = begin(place(workspace)?, found, confirmed, now)?;
    while let Some(next) = next(&adoption.chain, found, confirmed, now)? {
        let before = adoption.chain.latest().clone();
        adoption.events.push(event(Some(&before), next));
        adoption.adopted.push(next.version());
        adoption.chain.adopt(next.clone(), Some(now))?;
    }
    if let Some(wanted) = confirmed
        && adoption.chain.latest().digest() != *wanted
    {
        // Why the version that was confirmed is not the one in force.
        let offered = found.version(wanted);
        let offered =
            offered.ok_or_else(|| TrustUseError::NoSuchDigest { digest: wanted.grouped() })?;
        adoption.chain.judge(offered, Some(now))?;
        return Err(TrustUseError::NoSuchDigest { digest: wanted.grouped() });
    }
    for one in &found.versions {
        if let Err(why) = adoption.chain.judge(one, Some(now)) {
            let (version, digest) = (Some(one.version()), one.digest());
            adoption.refused.push(Refused { version, digest, why: why.problem() });
        }
    }
    found.revocations.iter().for_each(|one| adoption.revoke(one, now));
    Ok(adoption)
}

fn begin(
    place: &AdoptedPlace,
    found: &Found,
    confirmed: Option<&Digest>,
    now: Instant,
) -> Result<Adoption, TrustUseError> {
    let chain = match (place.read(), confirmed) {
        (Ok(chain), _) => chain,
        // What was adopted is gone: it may be adopted again, as the first time.
        (Err(AdoptedError::Missing { .. }), Some(_)) => None,
        (Err(error), _) => return Err(error.into()),
    };
    let new = |chain, adopted, events| Adoption {
        chain,
        adopted,
        revoked: Vec::new(),
        refused: Vec::new(),
        events,
    };
    if let Some(chain) = chain {
        return Ok(new(chain, Vec::new(), Vec::new()));
    }
    let newest = found.versions.last().ok_or(TrustUseError::Nothing)?;
    let Some(confirmed) = confirmed else {
        let (version, digest) = (newest.version(), newest.digest().grouped());
        return Err(TrustUseError::NeedsDigest { version, digest });
    };
    let first = found.version(confirmed);
    let first = first.ok_or_else(|| TrustUseError::NoSuchDigest { digest: confirmed.grouped() })?;
    let chain = Chain::found(first.clone(), confirmed, Some(now))?;
    Ok(new(chain, vec![first.version()], vec![event(None, first)]))
}

/// The version that follows, if one is there.
fn next<'f>(
    chain: &Chain,
    found: &'f Found,
    confirmed: Option<&Digest>,
    now: Instant,
) -> Result<Option<&'f SignedKeyring>, TrustUseError> {
    // Nothing later than what was confirmed.
    if confirmed.is_some_and(|wanted| chain.latest().digest() == *wanted) {
        return Ok(None);
    }
    let follows = |one: &&SignedKeyring| chain.judge(one, Some(now)) == Ok(Step::Next);
    let following: Vec<&SignedKeyring> = found.versions.iter().filter(follows).collect();
    let chosen = following.iter().find(|one| confirmed == Some(&one.digest()));
    match (chosen, &*following) {
        (Some(chosen), _) => Ok(Some(chosen)),
        (None, []) => Ok(None),
        (None, [one]) => Ok(Some(one)),
        (None, [one, other, ..]) => Err(TrustUseError::TwoNext {
            version: one.version(),
            one: one.digest().grouped(),
            other: other.digest().grouped(),
        }),
    }
}

impl Adoption {
    fn revoke(&mut self, file: &RevocationFile, now: Instant) {
        let digest = file.envelope.payload_digest();
        if self.chain.revocations().iter().any(|one| one.digest() == digest) {
            return;
        }
        let mut chain = self.chain.clone();
        match chain.revoke(file.clone(), Some(now)) {
            Ok(RevocationStanding::InForce) => {
                self.chain = chain;
                self.revoked.push(file.revocation.key_id.clone());
                let signed_by = self.chain.revocations().last().map(|one| one.by().to_owned());
                self.events.push(Event::KeyringAdopted {
                    keyring: revocation_facts(file, digest.to_string()),
                    signed_by: signed_by.into_iter().collect(),
                });
            }
            // The version in force has decided on it.
            Ok(RevocationStanding::Decided) => {}
            Err(why) => {
                self.refused.push(Refused { version: None, digest, why: why.problem() });
            }
        }
    }

    /// Whether anything is new.
    pub fn is_news(&self) -> bool {
        !self.adopted.is_empty() || !self.revoked.is_empty()
    }

    /// Keeps what is new, and journals it first.
    ///
    /// # Errors
    /// If it cannot be journalled or written; nothing is adopted then.
    pub fn keep(&self, workspace: &Workspace) -> Result<(), TrustUseError> {
        if !self.is_news() {
            return Ok(());
        }
        let place = place(workspace)?;
        let recorder = workspace.recorder()?;
        journal::journalled(recorder.as_ref(), &self.events, || Ok(place.write(&self.chain)?))
    }
}

/// What is journalled of an emergency revocation.
pub(super) fn revocation_facts(file: &RevocationFile, path: String) -> SignedKeyringFacts {
    let says = &file.revocation;
    SignedKeyringFacts {
        file: path,
        version: says.version,
        digest: file.envelope.payload_digest().to_string(),
        revokes: Some(says.key_id.clone()),
        changes: vec![format!("{}: {}", says.code, says.reason)],
    }
}

/// What is journalled of a version.
pub(super) fn version_facts(
    before: Option<&SignedKeyring>,
    version: &SignedKeyring,
    path: String,
) -> SignedKeyringFacts {
    let changes = changes(before, version);
    SignedKeyringFacts {
        file: path,
        version: version.version(),
        digest: version.digest().to_string(),
        revokes: None,
        changes: changes.iter().map(|one| one.words().english().into_owned()).collect(),
    }
}

fn event(before: Option<&SignedKeyring>, version: &SignedKeyring) -> Event {
    let signers = version.signers(version.envelope(), version.says().issued_at);
    let file = version.digest().to_string();
    Event::KeyringAdopted {
        keyring: version_facts(before, version, file),
        signed_by: owners(signers),
    }
}

/// Whether a version only waits for more signatures.
pub(super) fn waits(refusal: &KeyringRefusal) -> bool {
    matches!(refusal, KeyringRefusal::TooFewBefore { .. } | KeyringRefusal::TooFewOwn { .. })
}
