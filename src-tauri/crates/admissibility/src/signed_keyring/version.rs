//! One version of the signed keyring by itself: its keys, its administrators and its rules, and who
//! signed it.

use std::collections::BTreeSet;

use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::{CosignedEnvelope, DsseSignature};
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{self, Object, Value};
use countersign_envelope::person::{Person, look_alike};
use countersign_envelope::signed_keyring::{KeyringVersion, SignedKeyringFile};
use countersign_problem::Problem;
use countersign_tlog::policy::{Policy as LogPolicy, PolicyError};

use super::{SignedFacts, rules};
use crate::keyring::{Acceptance, Key, KeyType, Keyring, KeyringError};
use crate::policy::Policy;

/// The fields of a key that a version may have beyond those that a keyring has: others would mean
/// something that is left out of account here.
const KNOWN_FIELDS: [&str; 1] = ["kind_basis"];

/// A version that is right by itself. That says nothing about who signed it.
#[derive(Debug, Clone)]
pub struct SignedKeyring {
    says: KeyringVersion,
    digest: Digest,
    keyring: Keyring,
    policy: Policy,
    /// The indices of the administrators' keys.
    administrators: Vec<usize>,
    envelope: CosignedEnvelope,
}

/// Why a version is not right by itself.
#[derive(Debug, Problem)]
#[problem(area = "keyring-version")]
#[non_exhaustive]
pub enum VersionFault {
    /// An entry is not one of a keyring.
    Form {
        /// Its position, the first is 1.
        position: usize,
    },
    /// An entry has a field that this program does not know.
    Unknown {
        /// The key.
        key_id: String,
        /// The field.
        name: String,
    },
    /// The keys do not make a keyring.
    Keyring {
        /// Why not.
        cause: KeyringError,
    },
    /// A rule is missing, is not known, or asks for less than is possible.
    Rule {
        /// Which.
        name: String,
    },
    /// The policy of logs is none.
    LogPolicy {
        /// Why not.
        cause: PolicyError,
    },
    /// An administrator's key is not among the keys.
    NoSuchAdministrator {
        /// Its id.
        key_id: String,
    },
    /// An administrator's key belongs to nobody alone, makes only companions, or is revoked.
    AdministratorKey {
        /// Its id.
        key_id: String,
    },
    /// Two administrators have names that look the same, so that one may pass for two.
    LookAlike {
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// The threshold is not more than half of the administrators, or more than all of them.
    Threshold {
        /// The threshold.
        threshold: u64,
        /// How many persons the administrators are.
        people: u64,
    },
}

/// An entry of the keyring as a version has it.
pub fn key_to_object(key: &Key) -> Object {
    let text = serde_json::to_string(key).unwrap_or_default();
    match json::parse(text.as_bytes()).map(|document| document.value) {
        Ok(Value::Object(object)) => object,
        // A key always serialises to an object.
        _ => Object::new(),
    }
}

fn key_of(position: usize, object: &Object) -> Result<Key, VersionFault> {
    let text = Value::Object(object.clone()).to_line();
    let key: Key =
        serde_json::from_str(&text).map_err(|_| VersionFault::Form { position: position + 1 })?;
    match key.other.keys().find(|name| !KNOWN_FIELDS.contains(&name.as_str())) {
        Some(name) => Err(VersionFault::Unknown { name: name.clone(), key_id: key.key_id.clone() }),
        None => Ok(key),
    }
}

impl SignedKeyring {
    /// Reads what a file says.
    ///
    /// # Errors
    /// [`VersionFault`] says what is wrong with it.
    pub fn of(file: SignedKeyringFile) -> Result<Self, VersionFault> {
        let SignedKeyringFile { keyring: says, envelope } = file;
        let logs = says.log_policy.as_deref().map(LogPolicy::parse).transpose();
        let logs = logs.map_err(|cause| VersionFault::LogPolicy { cause })?;
        let mut keyring = Keyring::default().with_log_policy(logs);
        for (position, object) in says.keys.iter().enumerate() {
            let key = key_of(position, object)?;
            keyring.add(key).map_err(|cause| VersionFault::Keyring { cause })?;
        }
        let policy = rules::parse(&says.policy).map_err(|name| VersionFault::Rule { name })?;
        let administrators = administrators(&says, &keyring)?;
        let digest = envelope.payload_digest();
        Ok(Self { says, digest, keyring, policy, administrators, envelope })
    }

    /// What it says, as written.
    pub fn says(&self) -> &KeyringVersion {
        &self.says
    }

    /// Its number.
    pub fn version(&self) -> u64 {
        self.says.version
    }

    /// The SHA-256 of its payload: what people compare.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Its keys, without emergency revocations.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Its keyring, with the rules that come with it.
    pub fn in_force(&self) -> Keyring {
        self.keyring.clone().with_facts(self.facts())
    }

    /// What its keyring says of it.
    pub(super) fn facts(&self) -> SignedFacts {
        SignedFacts {
            version: self.says.version,
            digest: self.digest,
            people: owners(self.signers(&self.envelope, self.says.issued_at)),
            policy: self.policy.clone(),
            overruled: self.says.overruled.clone(),
            issued_at: self.says.issued_at,
            review_by: self.says.review_by,
            documents: Vec::new(),
        }
    }

    /// Its rules.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// As it was signed.
    pub fn envelope(&self) -> &CosignedEnvelope {
        &self.envelope
    }

    /// The keys of the administrators.
    pub fn administrators(&self) -> impl Iterator<Item = &Key> {
        self.administrators.iter().filter_map(|&index| self.keyring.keys().get(index))
    }

    /// Whether a key is an administrator's, by its id.
    pub fn is_administrator(&self, key_id: &str) -> bool {
        self.says.administrators.keys.iter().any(|one| one == key_id)
    }

    /// How many administrators have to sign the next version.
    pub fn threshold(&self) -> u64 {
        self.says.administrators.threshold
    }

    /// The administrators of this version that signed an envelope, with the key of each signature: a
    /// person may be there twice, and a key is not. A key counts that is in force at a time.
    pub fn signers<'k>(&'k self, envelope: &CosignedEnvelope, at: Instant) -> Vec<&'k Key> {
        let message = envelope.message();
        let mut signers: Vec<&Key> = Vec::new();
        for one in &envelope.signatures {
            let made = self.made_by(one, &message).filter(|key| {
                key.validity(at) == Acceptance::Accepted
                    && !signers.iter().any(|known| known.key_id == key.key_id)
            });
            signers.extend(made);
        }
        signers
    }

    /// The administrator's key that made a signature. The id that it names is tried first, and nothing
    /// else follows from it.
    pub(super) fn made_by(&self, one: &DsseSignature, message: &[u8]) -> Option<&Key> {
        let named = |key: &&Key| key.key_id == one.key_id;
        let others = self.administrators().filter(|key| !named(key));
        self.administrators().filter(named).chain(others).find(|key| {
            let public = key.public_key.as_deref().and_then(|written| self.keyring.decode(written));
            public.is_some_and(|public| one.is_by(&public.key, message))
        })
    }

    /// The same with the signatures of another copy of it that administrators made, of this version or
    /// of the one before; any others are left out, so that nobody can fill a file with them.
    #[must_use]
    pub fn merged(mut self, other: &CosignedEnvelope, before: Option<&Self>) -> Self {
        let message = self.envelope.message();
        let all = self.envelope.signatures.iter().chain(&other.signatures);
        let mut signatures: Vec<DsseSignature> = Vec::new();
        let mut keys: BTreeSet<Digest> = BTreeSet::new();
        for one in all {
            let made_by = |by: &Self| by.made_by(one, &message).and_then(Key::fingerprint);
            let key = made_by(&self).or_else(|| before.and_then(made_by));
            if key.is_some_and(|key| keys.insert(key)) {
                signatures.push(one.clone());
            }
        }
        self.envelope.signatures = signatures;
        self
    }
}

/// How many persons some keys are of.
pub fn people<'k>(keys: impl IntoIterator<Item = &'k Key>) -> u64 {
    let people: BTreeSet<Person> = keys.into_iter().map(|key| Person::of(&key.owner)).collect();
    people.len() as u64
}

/// The owners of some keys, each person once.
pub fn owners<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let keys = keys.into_iter().filter(|key| seen.insert(Person::of(&key.owner)));
    keys.map(|key| key.owner.clone()).collect()
}

/// The administrators' keys of a version, checked.
fn administrators(says: &KeyringVersion, keyring: &Keyring) -> Result<Vec<usize>, VersionFault> {
    let mut indices = Vec::new();
    for key_id in &says.administrators.keys {
        let index = keyring.keys().iter().position(|key| key.key_id == *key_id);
        let index =
            index.ok_or_else(|| VersionFault::NoSuchAdministrator { key_id: key_id.clone() })?;
        let key = &keyring.keys()[index];
        let is_shared = key.key_type == KeyType::Hmac || key.public_key.is_none();
        if is_shared || key.is_of_companions() || key.revoked_at.is_some() {
            return Err(VersionFault::AdministratorKey { key_id: key_id.clone() });
        }
        indices.push(index);
    }
    let keys: Vec<&Key> = indices.iter().map(|&index| &keyring.keys()[index]).collect();
    for (position, one) in keys.iter().enumerate() {
        if let Some(other) = keys[..position].iter().find(|key| look_alike(&key.owner, &one.owner))
        {
            return Err(VersionFault::LookAlike {
                one: other.owner.clone(),
                other: one.owner.clone(),
            });
        }
    }
    let (threshold, people) = (says.administrators.threshold, people(keys));
    match threshold > people / 2 && threshold <= people {
        true => Ok(indices),
        false => Err(VersionFault::Threshold { threshold, people }),
    }
}
