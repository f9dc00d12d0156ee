//! Emergency revocations: one administrator takes away a key that is nobody's who decides, until the
//! next version confirms or lifts that.

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signed_keyring::revocation::RevocationFile;
use countersign_problem::Problem;

use super::Chain;
use super::chain::is_to_come;
use crate::keyring::{Acceptance, Key, Revocation, RevocationCode};

/// A revocation that an administrator of a version of the chain signed.
#[derive(Debug, Clone)]
pub struct Adopted {
    file: RevocationFile,
    code: RevocationCode,
    by: String,
    by_key: String,
}

/// How a revocation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStanding {
    /// It takes the key away.
    InForce,
    /// A later version has decided on it: whether the key is revoked, that version says.
    Decided,
}

/// Why a revocation does not stand.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "revocation-refusal")]
#[non_exhaustive]
pub enum RevocationRefusal {
    /// It is about a version that was not adopted here, or about another one of that number.
    OtherKeyring {
        /// The number.
        version: u64,
    },
    /// That version does not have this key.
    NoSuchKey {
        /// The key.
        key_id: String,
    },
    /// It is about the key of an administrator.
    Administrator {
        /// The key.
        key_id: String,
    },
    /// No administrator signed it, or one who is none any more.
    NotByAdministrator {
        /// The key that it revokes.
        key_id: String,
    },
    /// It revokes from before the version that it is about.
    Backdated {
        /// From when.
        revoked: Instant,
        /// When the version was issued.
        issued: Instant,
    },
    /// It revokes from a time to come.
    NotYet {
        /// From when.
        revoked: Instant,
    },
    /// The kind of reason is not known.
    Code {
        /// As written.
        text: String,
    },
}

impl Adopted {
    pub(super) fn of(file: RevocationFile, chain: &Chain) -> Result<Self, RevocationRefusal> {
        let says = &file.revocation;
        let (key_id, revoked) = (says.key_id.clone(), says.revoked_at);
        let code = RevocationCode::parse(&says.code)
            .ok_or_else(|| RevocationRefusal::Code { text: says.code.clone() })?;
        let about = chain.version(says.version).filter(|one| one.digest() == says.keyring);
        let about = about.ok_or(RevocationRefusal::OtherKeyring { version: says.version })?;
        let key = about.keyring().keys().iter().find(|key| key.key_id == key_id);
        if key.and_then(Key::fingerprint) != Some(says.key_sha256) {
            return Err(RevocationRefusal::NoSuchKey { key_id });
        }
        if about.is_administrator(&key_id) {
            return Err(RevocationRefusal::Administrator { key_id });
        }
        let issued = about.says().issued_at;
        if revoked.unix() < issued.unix() {
            return Err(RevocationRefusal::Backdated { revoked, issued });
        }
        let message = file.envelope.message();
        let by = file.envelope.signatures.iter().find_map(|one| {
            let by = about.made_by(one, &message)?;
            (by.validity(revoked) == Acceptance::Accepted).then_some(by)
        });
        let by =
            by.ok_or_else(|| RevocationRefusal::NotByAdministrator { key_id: key_id.clone() })?;
        Ok(Self { code, by: by.owner.clone(), by_key: by.key_id.clone(), file })
    }

    /// Checks what matters before it is adopted; versions that are adopted later only decide on it.
    pub(super) fn check_new(&self, chain: &Chain, now: Instant) -> Result<(), RevocationRefusal> {
        let (says, latest) = (&self.file.revocation, chain.latest());
        let (key_id, revoked) = (says.key_id.clone(), says.revoked_at);
        if is_to_come(revoked, now) {
            return Err(RevocationRefusal::NotYet { revoked });
        }
        if latest.is_administrator(&key_id) {
            return Err(RevocationRefusal::Administrator { key_id });
        }
        // Who administers no more cannot take away from what came after.
        match self.standing(chain) == RevocationStanding::Decided
            || latest.is_administrator(&self.by_key)
        {
            true => Ok(()),
            false => Err(RevocationRefusal::NotByAdministrator { key_id }),
        }
    }

    /// How it stands with the latest version of a chain: a version that was issued later than the
    /// revocation has decided on it.
    pub fn standing(&self, chain: &Chain) -> RevocationStanding {
        let (says, latest) = (&self.file.revocation, chain.latest());
        let is_decided = latest.version() > says.version
            && latest.says().issued_at.unix() >= says.revoked_at.unix();
        match is_decided || latest.is_administrator(&says.key_id) {
            true => RevocationStanding::Decided,
            false => RevocationStanding::InForce,
        }
    }

    /// As it was signed.
    pub fn file(&self) -> &RevocationFile {
        &self.file
    }

    /// What tells it from another.
    pub fn digest(&self) -> Digest {
        self.file.envelope.payload_digest()
    }

    /// The administrator who signed it.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// What it says of the key.
    pub fn to_revocation(&self) -> Revocation {
        let says = &self.file.revocation;
        Revocation {
            at: says.revoked_at,
            code: self.code,
            compromised_since: None,
            reason: says.reason.clone(),
        }
    }
}
