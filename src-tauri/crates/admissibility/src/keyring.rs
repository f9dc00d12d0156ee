//! The keyring: whose keys are known, for which roles, of which kind, from when to when.

use countersign_problem::argument::Argument;
use countersign_problem::{Problem, Value, Words, words};
use std::collections::HashMap;
use std::sync::Arc;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::json;
use countersign_envelope::key_attestation::{KeyAttestation, KeyAttestationError};
use countersign_envelope::person::{Person, skeleton};
use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_envelope::signature::{Role, Signature, SignerType};
use countersign_envelope::vocabulary;
use countersign_tlog::note::{KeyKind, VerifierKey};
use countersign_tlog::policy::Policy as LogPolicy;
use serde::{Deserialize, Serialize};

use crate::attestation::Certificate;
use crate::certificate_names::beside_key::{KeyCertificates, KeyCertificatesError};
use crate::policy::Policy;
use crate::signed_keyring::{SignedFacts, rules};
use crate::time_stamp::TrustedTime;

/// The version of `keyring.json` that this program writes and reads.
pub const VERSION: &str = "1.0";

vocabulary! {
    /// What a key is.
    KeyType {
        /// Ed25519.
        Ed25519 = "ed25519",
        /// ECDSA on P-256.
        P256 = "ecdsa-p256",
        /// ECDSA on P-384.
        P384 = "ecdsa-p384",
        /// RSA of 2048 to 4096 bits, for either padding.
        Rsa = "rsa",
        /// ML-DSA-65, for companions of signatures.
        MlDsa65 = "ml-dsa-65",
        /// A key shared by those who sign and those who verify; never written in the keyring.
        Hmac = "hmac-sha256",
    }
}

impl KeyType {
    /// What a public key is.
    pub fn of(key: &PublicKey) -> Self {
        match key {
            PublicKey::Ed25519(_) => Self::Ed25519,
            PublicKey::P256(_) => Self::P256,
            PublicKey::P384(_) => Self::P384,
            PublicKey::Rsa(_) => Self::Rsa,
            PublicKey::MlDsa65(_) => Self::MlDsa65,
        }
    }
}

vocabulary! {
    /// How it is known that a key is kept in hardware.
    KindBasis {
        /// Its attestation led to a trusted root when it was enrolled.
        Attestation = "attestation",
        /// The word of a module on the station's list of known modules.
        KnownModule = "known_module",
        /// A person's word.
        Stated = "stated",
    }
}

impl KindBasis {
    /// In words, after the kind.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Attestation => "by its attestation",
            Self::KnownModule => "by a known module",
            Self::Stated => "as stated",
        }
    }
}

vocabulary! {
    /// Why a key is revoked (RFC 5280 section 5.3.1).
    RevocationCode {
        /// Another key takes its place.
        Superseded = "superseded",
        /// Its owner's position changed.
        AffiliationChanged = "affiliation_changed",
        /// It is no longer needed.
        CessationOfOperation = "cessation_of_operation",
        /// Someone else may have it: what it signs proves nothing, unless a time-stamping authority
        /// saw it before.
        KeyCompromise = "key_compromise",
        /// No code was given.
        Unspecified = "unspecified",
    }
}

impl RevocationCode {
    /// In words, after "revoked".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Superseded => "superseded by another key",
            Self::AffiliationChanged => "its owner's position changed",
            Self::CessationOfOperation => "no longer in use",
            Self::KeyCompromise => "someone else may have the key",
            Self::Unspecified => "no code given",
        }
    }
}

/// Why and from when a key is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// From when its signatures do not count.
    pub at: Instant,
    /// The kind of reason.
    pub code: RevocationCode,
    /// For [`RevocationCode::KeyCompromise`], from when someone else may have had the key, if that
    /// is known to be before `at`.
    pub compromised_since: Option<Instant>,
    /// The reason in a person's words.
    pub reason: String,
}

/// Where an entry says how its kind is known. Versions that do not know it keep it.
const KIND_BASIS: &str = "kind_basis";

/// One key of the keyring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// The id that signatures name, such as `ds-prod-2026-02`.
    pub key_id: String,
    /// What it is.
    pub key_type: KeyType,
    /// The public key as signature files write it; null for a shared HMAC key.
    pub public_key: Option<String>,
    /// Whose it is: the `signer_id` of its signatures.
    pub owner: String,
    /// The roles that its owner may sign in with it.
    pub roles: Vec<Role>,
    /// What holds it.
    pub kind: SignerType,
    /// From when signatures count; always where null.
    #[serde(default)]
    pub valid_from: Option<Instant>,
    /// Until when signatures count, that second excluded; for ever where null.
    #[serde(default)]
    pub valid_until: Option<Instant>,
    /// From when it is revoked.
    #[serde(default)]
    pub revoked_at: Option<Instant>,
    /// Why it is revoked.
    #[serde(default)]
    pub revocation_reason: Option<String>,
    /// Which kind of reason; unspecified where null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_code: Option<RevocationCode>,
    /// From when someone else may have had the key, before it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised_since: Option<Instant>,
    /// When it was added.
    #[serde(default)]
    pub added_at: Option<Instant>,
    /// What proves where it lives, as signature files write it; kept from when it was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_attestation: Option<serde_json::Value>,
    /// The certificate of the key, then those that help to reach a root: base64 of the DER. They prove
    /// names and nothing else, and no key counts by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates: Option<serde_json::Value>,
    /// Fields of a newer version; kept.
    #[serde(flatten)]
    pub other: serde_json::Map<String, serde_json::Value>,
}

/// The file `keyring.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeyringFile {
    keyring_version: String,
    keys: Vec<Key>,
    #[serde(flatten)]
    other: serde_json::Map<String, serde_json::Value>,
}

/// A keyring, indexed by public key.
#[derive(Debug, Clone)]
pub struct Keyring {
    file: KeyringFile,
    by_fingerprint: HashMap<Digest, usize>,
    /// The public keys by how they are written, decoded once and not for every signature.
    decoded: HashMap<String, DecodedKey>,
    /// The owners by what their names look like.
    by_skeleton: HashMap<String, Vec<String>>,
    /// Which logs and witnesses are known, whose keys sign nothing else.
    log_policy: Option<LogPolicy>,
    /// The version of the signed keyring that it is; `None` of a plain one.
    signed: Option<Arc<SignedFacts>>,
}

/// A public key with its fingerprint.
#[derive(Debug, Clone)]
pub struct DecodedKey {
    /// The key.
    pub key: PublicKey,
    /// What tells it from another.
    pub fingerprint: Digest,
}

impl From<PublicKey> for DecodedKey {
    fn from(key: PublicKey) -> Self {
        Self { fingerprint: key.fingerprint(), key }
    }
}

/// Why a keyring cannot be read or changed.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum KeyringError {
    /// Not JSON, or not a keyring.
    Form(serde_json::Error),
    /// A version that this program does not know.
    #[arg(version = VERSION)]
    Version(String),
    /// A key that cannot be used.
    PublicKey {
        /// Which key.
        key_id: String,
        /// What is wrong with it.
        error: PublicKeyError,
    },
    /// A key whose type does not fit its public key.
    KeyType(String),
    /// The same id twice.
    DuplicateId(String),
    /// The same public key twice.
    DuplicateKey(String),
    /// A key that the policy has as that of a log or of a witness.
    SetAside(String),
    /// No such key.
    NoSuchKey(String),
    /// Revoked before.
    RevokedAlready {
        /// Which key.
        key_id: String,
        /// Since when.
        since: Instant,
    },
    /// Certificates that cannot be kept beside a key.
    Certificates {
        /// Which key.
        key_id: String,
        /// Why not.
        error: KeyCertificatesError,
    },
    /// A shared key, which has no certificate.
    SharedKey(String),
    /// A key without certificates.
    NoCertificates(String),
    /// Only a compromised key has a time since when it is.
    NotCompromised,
    /// A key that is compromised from a time after its revocation.
    CompromisedLater {
        /// Since when.
        since: Instant,
        /// From when it is revoked.
        at: Instant,
    },
}

/// Whether a signature's key is accepted, for whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// A key of the keyring, for this signer and role, in force when it signed.
    Accepted,
    /// No key of the keyring.
    UnknownKey,
    /// The keyring has this key under another id.
    OtherId(String),
    /// The keyring has this id for another key.
    OtherKey,
    /// The key belongs to someone else.
    OtherOwner(String),
    /// It makes companions of signatures, and no signatures of its own.
    CompanionOnly,
    /// The policy has it as the key of a log or of a witness, which signs nothing else.
    SetAside,
    /// Its owner does not hold this role.
    RoleNotHeld(String),
    /// The file does not say when it was signed, or in a form that is not read: what it says.
    NoTime(Option<String>),
    /// Signed before the key was valid.
    NotYetValid(Instant),
    /// Signed after the key had expired.
    Expired(Instant),
    /// Revoked when it was signed.
    Revoked(Instant, String),
    /// Revoked because someone else may have the key since a time, and no authority saw the
    /// signature before.
    Compromised(Instant, String),
}

impl Acceptance {
    /// In words.
    pub fn words(&self) -> Words {
        match self {
            Self::Accepted => words!("key-accepted"),
            Self::UnknownKey => words!("key-unknown"),
            Self::OtherId(id) => words!("key-other-id", ?id),
            Self::OtherKey => words!("key-other-key"),
            Self::OtherOwner(owner) => words!("key-other-owner", ?owner),
            Self::CompanionOnly => words!("key-companion-only"),
            Self::SetAside => words!("key-set-aside"),
            Self::RoleNotHeld(owner) => words!("key-role-not-held", ?owner),
            Self::NoTime(None) => words!("key-no-time"),
            Self::NoTime(Some(written)) => words!("key-time-unread", ?written),
            Self::NotYetValid(from) => words!("key-not-yet-valid", %from),
            Self::Expired(until) => words!("key-expired", %until),
            Self::Revoked(since, why) => words!("key-revoked", %since, %why),
            Self::Compromised(since, why) => words!("key-compromised", %since, %why),
        }
    }
}

impl Argument for Acceptance {
    fn argument(&self) -> Value {
        self.words().argument()
    }
}

impl Default for Keyring {
    fn default() -> Self {
        let file = KeyringFile {
            keyring_version: VERSION.to_owned(),
            keys: Vec::new(),
            other: serde_json::Map::new(),
        };
        Self {
            file,
            by_fingerprint: HashMap::new(),
            decoded: HashMap::new(),
            by_skeleton: HashMap::new(),
            log_policy: None,
            signed: None,
        }
    }
}

impl Keyring {
    /// Reads a keyring.
    ///
    /// # Errors
    /// Fails if it is not a keyring, of an unknown version, or has a key that cannot be used.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyringError> {
        let file: KeyringFile = serde_json::from_slice(bytes).map_err(KeyringError::Form)?;
        if file.keyring_version != VERSION {
            return Err(KeyringError::Version(file.keyring_version));
        }
        let mut keyring =
            Self { file: KeyringFile { keys: Vec::new(), ..file.clone() }, ..Self::default() };
        file.keys.into_iter().try_for_each(|key| keyring.add(key))?;
        Ok(keyring)
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        // Plain strings, lists and maps with text keys always serialise.
        let mut text = serde_json::to_string_pretty(&self.file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The same keyring beside a policy of logs and witnesses.
    #[must_use]
    pub fn with_log_policy(self, policy: Option<LogPolicy>) -> Self {
        Self { log_policy: policy, ..self }
    }

    /// Which logs and witnesses are known; `None` if no policy is there.
    pub fn log_policy(&self) -> Option<&LogPolicy> {
        self.log_policy.as_ref()
    }

    /// As what a key is set aside: the keys of logs and witnesses sign nothing else (EVIDENCE.md
    /// section 4).
    pub fn set_aside(&self, key: &PublicKey) -> Option<KeyKind> {
        let policy = self.log_policy.as_ref()?;
        let witnesses = policy.witnesses.iter().map(|witness| &witness.key);
        policy.logs.iter().chain(witnesses).find(|one| one.key() == key).map(VerifierKey::kind)
    }

    /// The keys that sign, in file order: those for companions sign nothing of their own, so that
    /// nobody counts as a person by them.
    pub fn signing_keys(&self) -> impl Iterator<Item = &Key> {
        self.keys().iter().filter(|key| !key.is_of_companions())
    }

    /// Whether anybody's key may sign in a role, and was not revoked.
    pub fn has_role(&self, role: Role) -> bool {
        self.signing_keys().any(|key| key.revoked_at.is_none() && key.roles.contains(&role))
    }

    /// The keys, in file order.
    pub fn keys(&self) -> &[Key] {
        &self.file.keys
    }

    /// The owners whose names look like a name and are another's, as `j.оkafor` with a Cyrillic о
    /// looks like `j.okafor`. Each is given once.
    pub fn looking_like<'k>(&'k self, name: &str) -> impl Iterator<Item = &'k str> + use<'k> {
        let owners = self.by_skeleton.get(&skeleton(name)).map(Vec::as_slice).unwrap_or_default();
        let person = Person::of(name);
        owners.iter().map(String::as_str).filter(move |owner| Person::of(owner) != person)
    }

    /// The version of the signed keyring that it is. `None` of a plain keyring, which is the word of
    /// whoever can write its file.
    pub fn signed(&self) -> Option<&SignedFacts> {
        self.signed.as_deref()
    }

    /// The same keyring as a version of the signed keyring.
    pub(crate) fn with_facts(mut self, facts: SignedFacts) -> Self {
        self.signed = Some(Arc::new(facts));
        self
    }

    /// A policy as it is in force with this keyring: that of a signed keyring can only be added to.
    /// Whoever judges asks here.
    #[must_use]
    pub fn in_force(&self, policy: Policy) -> Policy {
        match self.signed() {
            Some(facts) => rules::tightened(&facts.policy, &policy),
            None => policy,
        }
    }

    /// A keyring of some of the keys alone, to be given away: what this version does not know of
    /// stays behind.
    pub fn excerpt(&self, wanted: impl Fn(&Key) -> bool) -> Self {
        let mut excerpt = Self::default();
        for key in self.file.keys.iter().filter(|key| wanted(key)) {
            let key = Key { other: serde_json::Map::new(), ..key.clone() };
            // Keys that fit together here fit together there.
            let _ = excerpt.add(key);
        }
        excerpt
    }

    /// Adds a key.
    ///
    /// # Errors
    /// Fails if its id or its public key is there already, or it cannot be used.
    pub fn add(&mut self, mut key: Key) -> Result<(), KeyringError> {
        if self.file.keys.iter().any(|known| known.key_id == key.key_id) {
            return Err(KeyringError::DuplicateId(key.key_id));
        }
        if let Some(written) = &key.public_key {
            let public = PublicKey::parse(written)
                .map_err(|error| KeyringError::PublicKey { key_id: key.key_id.clone(), error })?;
            if KeyType::of(&public) != key.key_type {
                return Err(KeyringError::KeyType(key.key_id));
            }
            if self.set_aside(&public).is_some() {
                return Err(KeyringError::SetAside(key.key_id));
            }
            let fingerprint = public.fingerprint();
            if let Some(&known) = self.by_fingerprint.get(&fingerprint) {
                return Err(KeyringError::DuplicateKey(self.file.keys[known].key_id.clone()));
            }
            self.by_fingerprint.insert(fingerprint, self.file.keys.len());
            let written = public.to_text();
            self.decoded.insert(written.clone(), DecodedKey { key: public, fingerprint });
            key.public_key = Some(written);
        } else if key.key_type != KeyType::Hmac {
            return Err(KeyringError::KeyType(key.key_id));
        }
        let alike = self.by_skeleton.entry(skeleton(&key.owner)).or_default();
        if !alike.contains(&key.owner) {
            alike.push(key.owner.clone());
        }
        self.file.keys.push(key);
        Ok(())
    }

    /// Revokes a key from a time on.
    ///
    /// # Errors
    /// Fails if there is no such key, it is revoked already, or it is compromised from another time
    /// than before its revocation.
    pub fn revoke(&mut self, key_id: &str, why: &Revocation) -> Result<(), KeyringError> {
        match (why.code, why.compromised_since) {
            (RevocationCode::KeyCompromise, Some(since)) if why.at.unix() < since.unix() => {
                return Err(KeyringError::CompromisedLater { since, at: why.at });
            }
            (RevocationCode::KeyCompromise, _) | (_, None) => {}
            (_, Some(_)) => return Err(KeyringError::NotCompromised),
        }
        let key = self.file.keys.iter_mut().find(|key| key.key_id == key_id);
        let key = key.ok_or_else(|| KeyringError::NoSuchKey(key_id.to_owned()))?;
        if let Some(since) = key.revoked_at {
            return Err(KeyringError::RevokedAlready { key_id: key_id.to_owned(), since });
        }
        key.revoked_at = Some(why.at);
        key.revocation_reason = Some(why.reason.clone());
        key.revocation_code = Some(why.code);
        key.compromised_since = why.compromised_since;
        Ok(())
    }

    /// Revokes a key that is not revoked, or is from a later time, or not as compromised: of two
    /// revocations the one stays that takes away more.
    pub(crate) fn take_away(&mut self, key_id: &str, why: &Revocation) {
        let Some(key) = self.file.keys.iter_mut().find(|key| key.key_id == key_id) else { return };
        let compromised = Some(RevocationCode::KeyCompromise);
        let is_more = (why.code == RevocationCode::KeyCompromise)
            .cmp(&(key.revocation_code == compromised))
            .then_with(|| key.revoked_at.map(|at| at.unix()).cmp(&Some(why.at.unix())));
        if key.revoked_at.is_none() || is_more.is_gt() {
            key.revoked_at = Some(why.at);
            key.revocation_reason = Some(why.reason.clone());
            key.revocation_code = Some(why.code);
            key.compromised_since = why.compromised_since;
        }
    }

    /// Keeps certificates beside a key, instead of those that were there.
    ///
    /// # Errors
    /// Fails if there is no such key, or none of them is for it.
    pub fn certify(
        &mut self,
        key_id: &str,
        certificates: Vec<Certificate>,
    ) -> Result<(), KeyringError> {
        let key = self.file.keys.iter_mut().find(|key| key.key_id == key_id);
        let key = key.ok_or_else(|| KeyringError::NoSuchKey(key_id.to_owned()))?;
        *key = key.clone().with_certificates(certificates)?;
        Ok(())
    }

    /// Keeps no certificates beside a key.
    ///
    /// # Errors
    /// Fails if there is no such key, or none are there.
    pub fn remove_certificates(&mut self, key_id: &str) -> Result<(), KeyringError> {
        let key = self.file.keys.iter_mut().find(|key| key.key_id == key_id);
        let key = key.ok_or_else(|| KeyringError::NoSuchKey(key_id.to_owned()))?;
        match key.certificates.take() {
            Some(_) => Ok(()),
            None => Err(KeyringError::NoCertificates(key_id.to_owned())),
        }
    }

    /// The entry for a public key; for a shared HMAC key, by its id.
    pub fn find(&self, public: Option<&PublicKey>, key_id: &str) -> Option<&Key> {
        match public {
            Some(public) => {
                self.by_fingerprint.get(&public.fingerprint()).map(|&index| &self.file.keys[index])
            }
            None => {
                let mut keys = self.file.keys.iter();
                keys.find(|key| key.key_type == KeyType::Hmac && key.key_id == key_id)
            }
        }
    }

    /// The public key under an id.
    pub fn public_key_of(&self, key_id: &str) -> Option<&DecodedKey> {
        let key = self.file.keys.iter().find(|key| key.key_id == key_id)?;
        self.decode(key.public_key.as_deref()?)
    }

    /// One of its public keys, by how signature files write it.
    pub fn decode(&self, written: &str) -> Option<&DecodedKey> {
        self.decoded.get(written)
    }

    /// Whether it has the key with a fingerprint.
    pub fn has(&self, fingerprint: &Digest) -> bool {
        self.by_fingerprint.contains_key(fingerprint)
    }

    /// Whether a signature, verified under a key, is accepted, with the entry that decided it.
    pub fn accept(
        &self,
        signature: Signature<'_>,
        public: Option<&PublicKey>,
    ) -> (Acceptance, Option<&Key>) {
        self.accept_at(signature, public, None)
    }

    /// The same by the time that a trusted authority vouches for, if one does.
    pub fn accept_at(
        &self,
        signature: Signature<'_>,
        public: Option<&PublicKey>,
        trusted: Option<&TrustedTime>,
    ) -> (Acceptance, Option<&Key>) {
        if public.is_some_and(|public| self.set_aside(public).is_some()) {
            return (Acceptance::SetAside, None);
        }
        let Some(key) = self.find(public, signature.key_id()) else {
            let same_id = self.file.keys.iter().any(|key| key.key_id == signature.key_id());
            return (if same_id { Acceptance::OtherKey } else { Acceptance::UnknownKey }, None);
        };
        (key.accept(signature, trusted), Some(key))
    }
}

impl Key {
    /// Whether it only makes companions of its owner's signatures.
    pub fn is_of_companions(&self) -> bool {
        self.key_type == KeyType::MlDsa65
    }

    /// SHA-256 of its public key; `None` of a shared key.
    pub fn fingerprint(&self) -> Option<Digest> {
        let public = PublicKey::parse(self.public_key.as_deref()?);
        public.ok().map(|key| key.fingerprint())
    }

    /// The same entry with an attestation of its key.
    pub fn with_attestation(mut self, attestation: &KeyAttestation) -> Self {
        let text = json::Value::Object(attestation.to_object()).to_line();
        // What was written as JSON is JSON.
        self.key_attestation = serde_json::from_str(&text).ok();
        self
    }

    /// The same entry with certificates, one of which is for its key.
    ///
    /// # Errors
    /// Fails if none of them is, or it is a shared key.
    pub fn with_certificates(
        mut self,
        certificates: Vec<Certificate>,
    ) -> Result<Self, KeyringError> {
        let key_id = || self.key_id.clone();
        let public = self.public_key.as_deref().map(PublicKey::parse);
        let public = public.ok_or_else(|| KeyringError::SharedKey(key_id()))?;
        let public = public.map_err(|error| KeyringError::PublicKey { key_id: key_id(), error })?;
        let own = KeyCertificates::of(&public, certificates)
            .map_err(|error| KeyringError::Certificates { key_id: key_id(), error })?;
        self.certificates = Some(own.to_value());
        Ok(self)
    }

    /// The certificates beside it, if there are any. Whether they are for its key is not checked.
    pub fn certificates(&self) -> Option<Result<KeyCertificates, KeyCertificatesError>> {
        let kept = self.certificates.as_ref().filter(|kept| !kept.is_null())?;
        Some(KeyCertificates::parse(kept))
    }

    /// The same entry with how its kind is known.
    pub fn with_kind_basis(mut self, basis: KindBasis) -> Self {
        self.other.insert(KIND_BASIS.to_owned(), basis.as_str().into());
        self
    }

    /// How its kind is known; `None` if the entry does not say.
    pub fn kind_basis(&self) -> Option<KindBasis> {
        self.other.get(KIND_BASIS)?.as_str()?.parse().ok()
    }

    /// The attestation of its key, if one was kept.
    pub fn attestation(&self) -> Option<Result<KeyAttestation, KeyAttestationError>> {
        let kept = self.key_attestation.as_ref()?;
        if kept.is_null() {
            return None;
        }
        let document = json::parse(kept.to_string().as_bytes());
        let object = document.as_ref().ok().and_then(|document| document.value.as_object());
        Some(object.ok_or(KeyAttestationError::Form).and_then(KeyAttestation::parse))
    }

    fn accept(&self, signature: Signature<'_>, trusted: Option<&TrustedTime>) -> Acceptance {
        if self.key_id != signature.key_id() {
            return Acceptance::OtherId(self.key_id.clone());
        }
        if self.owner != signature.signer_id() {
            return Acceptance::OtherOwner(self.owner.clone());
        }
        if self.is_of_companions() {
            return Acceptance::CompanionOnly;
        }
        if !signature.role().is_some_and(|role| self.roles.contains(&role)) {
            return Acceptance::RoleNotHeld(self.owner.clone());
        }
        match signature.signed_at() {
            Some(at) => self.in_force(at, trusted),
            None => Acceptance::NoTime(signature.0.text("signed_at").map(str::to_owned)),
        }
    }

    /// Whether it is in force at a time: accepted, revoked, not valid yet, or expired.
    pub fn validity(&self, at: Instant) -> Acceptance {
        self.in_force(at, None)
    }

    /// Whether it was in force when a signature was made: as it says itself (in its claim, or in the
    /// file), or, if one vouches for it, as a trusted authority says.
    ///
    /// Whoever has a compromised key writes any time into a signature, so only an authority's
    /// counts, and only if it was certainly before. Of a key that is revoked for another reason, its
    /// former holder can still backdate.
    pub fn in_force(&self, says: Instant, trusted: Option<&TrustedTime>) -> Acceptance {
        let at = trusted.map_or(says, |time| time.at).unix();
        let why = || self.revocation_reason.clone().unwrap_or_default();
        match (self.revoked_at, self.revocation_code) {
            (Some(revoked), Some(RevocationCode::KeyCompromise)) => {
                let since = self.compromised_since.filter(|since| since.unix() < revoked.unix());
                let since = since.unwrap_or(revoked);
                if !trusted.is_some_and(|time| time.precedes(since)) {
                    return Acceptance::Compromised(since, why());
                }
            }
            (Some(revoked), _) if revoked.unix() <= at => {
                return Acceptance::Revoked(revoked, why());
            }
            _ => {}
        }
        if let Some(from) = self.valid_from.filter(|from| at < from.unix()) {
            return Acceptance::NotYetValid(from);
        }
        if let Some(until) = self.valid_until.filter(|until| until.unix() <= at) {
            return Acceptance::Expired(until);
        }
        Acceptance::Accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(&format!("{text}T00:00:00Z")).unwrap()
    }

    fn key(revocation: &str) -> Key {
        let text = format!(
            r#"{{"keyring_version": "1.0", "keys": [{{"key_id": "a", "key_type": "hmac-sha256",
                "public_key": null, "owner": "a", "roles": ["witness"], "kind": "software",
                "revoked_at": "2026-06-01T00:00:00Z", "revocation_reason": "lost" {revocation}}}]}}"#
        );
        Keyring::parse(text.as_bytes()).unwrap().keys()[0].clone()
    }

    fn trusted(day: &str, accuracy: u32) -> TrustedTime {
        TrustedTime {
            at: at(day),
            accuracy,
            authority: "CN=TSA".to_owned(),
            root: "CN=Root".to_owned(),
            authority_ends: at("2030-01-01"),
            chain_ends: at("2030-01-01"),
        }
    }

    #[test]
    fn of_a_compromised_key_only_what_an_authority_saw_before_counts() {
        let code = r#", "revocation_code": "key_compromise""#;
        let known = key(&format!(r#"{code}, "compromised_since": "2026-03-01T00:00:00Z""#));
        let accepted = |key: &Key, time: Option<&TrustedTime>| {
            key.in_force(at("2026-01-01"), time) == Acceptance::Accepted
        };
        assert!(!accepted(&known, None), "whatever it says itself");
        assert!(accepted(&known, Some(&trusted("2026-02-28", 86_399))));
        assert!(!accepted(&known, Some(&trusted("2026-02-28", 86_400))), "it may have been later");
        assert!(!accepted(&known, Some(&trusted("2026-03-01", 0))));
        let (since, why) = (at("2026-03-01"), "lost".to_owned());
        assert_eq!(known.in_force(at("2026-01-01"), None), Acceptance::Compromised(since, why));
        // Without a time since when, from its revocation on.
        let unknown = key(code);
        assert!(accepted(&unknown, Some(&trusted("2026-05-31", 0))));
        assert!(!accepted(&unknown, Some(&trusted("2026-06-01", 0))));
        // Nobody makes it later than that by writing it into the file.
        let later = key(&format!(r#"{code}, "compromised_since": "2026-07-01T00:00:00Z""#));
        assert!(!accepted(&later, Some(&trusted("2026-06-15", 0))));
    }

    #[test]
    fn for_other_reasons_the_best_known_time_decides() {
        for code in ["", r#", "revocation_code": "superseded""#] {
            let key = key(code);
            let accepted = |says, time: Option<&TrustedTime>| {
                key.in_force(at(says), time) == Acceptance::Accepted
            };
            assert!(accepted("2026-05-31", None) && !accepted("2026-06-01", None));
            let (before, after) = (trusted("2026-05-31", 0), trusted("2026-06-01", 0));
            assert!(!accepted("2026-01-01", Some(&after)), "it was backdated");
            assert!(accepted("2026-07-01", Some(&before)));
        }
    }

    #[test]
    fn a_keyring_keeps_why_a_key_is_revoked_when_it_is_packed() {
        let code = r#", "revocation_code": "key_compromise", "later_version": 1"#;
        let mut keyring = Keyring::default();
        keyring.add(key(code)).unwrap();
        let text = keyring.to_text();
        assert!(text.contains("later_version") && text.contains("key_compromise"), "{text}");
        let packed = keyring.excerpt(|_| true).to_text();
        assert!(packed.contains("key_compromise"), "{packed}");
        // Entries without a code are written as they were.
        let mut old = Keyring::default();
        old.add(key("")).unwrap();
        assert!(!old.to_text().contains("revocation_code"));
    }
}
