//! What an administrator signs: a proposed version, or an emergency revocation.

use std::path::{Path, PathBuf};

use countersign_admissibility::keyring::{Key, Keyring, RevocationCode};
use countersign_admissibility::signed_keyring::{Change, SignedKeyring, Step, changes};
use countersign_ceremony::signed_keyring::KeyringToSign;
use countersign_envelope::signed_keyring as document;
use countersign_envelope::signed_keyring::revocation::{self, EmergencyRevocation, RevocationFile};
use countersign_problem::Explain as _;
use countersign_store::reading::{self, directory_of};
use countersign_trust::adopted;

use super::adopt::{revocation_facts, version_facts, waits};
use super::{TrustUseError, place};
use crate::workspace::Workspace;

/// A proposal as an administrator sees it before signing.
#[derive(Debug)]
pub struct Proposal {
    /// What is signed.
    pub to_sign: KeyringToSign,
    /// The version.
    pub version: SignedKeyring,
    /// The one before it; `None` of the first.
    pub before: Option<SignedKeyring>,
    /// What it changes.
    pub changes: Vec<Change>,
    /// The keys whose owners may sign.
    pub keyring: Keyring,
}

/// A proposal to sign. Nothing is signed that this station would refuse for another reason than that
/// signatures are missing.
///
/// # Errors
/// If the file is no version, does not follow what is adopted here, or the place must not be written.
pub fn proposal(workspace: &Workspace, path: &Path) -> Result<Proposal, TrustUseError> {
    workspace.check_writable(path)?;
    let bytes = reading::read(path, directory_of(path), document::MAX_BYTES as u64)?;
    let version = adopted::version_of(path, &bytes)?;
    let chain = place(workspace)?.read()?;
    let before = match &chain {
        None if version.version() == 1 => None,
        None => return Err(TrustUseError::NotAdopted),
        Some(chain) => {
            match chain.judge(&version, Some((workspace.now)())) {
                Ok(Step::Next) => {}
                Ok(Step::Known) => {
                    return Err(TrustUseError::IsAdopted { version: version.version() });
                }
                Err(refusal) if waits(&refusal) => {}
                Err(refusal) => return Err(refusal.into()),
            }
            Some(chain.latest().clone())
        }
    };
    // A key that administers both stands once.
    let mut administrators: Vec<Key> = version.administrators().cloned().collect();
    let old = before.iter().flat_map(SignedKeyring::administrators);
    administrators.extend(old.filter(|key| !version.is_administrator(&key.key_id)).cloned());
    let facts = version_facts(before.as_ref(), &version, path.display().to_string());
    let to_sign = KeyringToSign {
        out: path.to_owned(),
        seen: version.envelope().clone(),
        administrators,
        facts,
    };
    let changes = changes(before.as_ref(), &version);
    let keyring = version.keyring().clone();
    Ok(Proposal { to_sign, version, before, changes, keyring })
}

/// A key to be revoked at once, and why.
#[derive(Debug, Clone)]
pub struct Emergency {
    /// The id of the key.
    pub key_id: String,
    /// The kind of reason.
    pub code: RevocationCode,
    /// Why, in words.
    pub reason: String,
}

/// An emergency revocation to sign, from now on.
///
/// # Errors
/// If nothing is adopted, there is no such key, or it is an administrator's.
pub fn emergency(
    workspace: &Workspace,
    emergency: &Emergency,
    out: Option<&Path>,
) -> Result<(KeyringToSign, Keyring), TrustUseError> {
    let chain = super::adopted(workspace)?;
    let latest = chain.latest();
    let Emergency { key_id, code, reason } = emergency;
    let no_such_key = || TrustUseError::NoSuchKey { key_id: key_id.clone() };
    let key = latest.keyring().keys().iter().find(|key| key.key_id == *key_id);
    let key_sha256 = key.and_then(Key::fingerprint).ok_or_else(no_such_key)?;
    if latest.is_administrator(key_id) {
        use countersign_admissibility::signed_keyring::RevocationRefusal;
        let cause = RevocationRefusal::Administrator { key_id: key_id.clone() }.problem();
        return Err(TrustUseError::NotProposed { cause });
    }
    let file = RevocationFile::new(EmergencyRevocation {
        version: latest.version(),
        keyring: latest.digest(),
        key_id: key_id.clone(),
        key_sha256,
        code: code.as_str().to_owned(),
        reason: reason.clone(),
        revoked_at: (workspace.now)(),
    });
    // As whoever receives it reads it.
    let file = adopted::revocation_of(Path::new(""), file.to_text().as_bytes())?;
    let name = revocation::file_name(&file.envelope.payload_digest());
    let out = out.map_or_else(|| PathBuf::from(&name), |folder| folder.join(&name));
    workspace.check_writable(&out)?;
    let facts = revocation_facts(&file, out.display().to_string());
    let administrators = latest.administrators().cloned().collect();
    let to_sign = KeyringToSign { out, seen: file.envelope, administrators, facts };
    Ok((to_sign, latest.keyring().clone()))
}
