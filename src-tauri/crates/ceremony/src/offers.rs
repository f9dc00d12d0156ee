//! The keys on offer in an act: those that are plugged in, and the signers of the station.

use std::path::Path;
use std::sync::Arc;

use countersign_admissibility::attestation::{self, AttestationFinding, AttestationSource};
use countersign_admissibility::foresight::Prospect;
use countersign_admissibility::keyring::{Acceptance, Key as KeyringKey};
use countersign_admissibility::policy::{Assurance, Trust};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::person::Person;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Role, SignerType};
use countersign_envelope::signature_file::Terms;
use countersign_index::queue::Context;
use countersign_problem::{Explain as _, Problem};
use countersign_signers::Key;
use countersign_signers::devices::Devices;
use countersign_views::NamesView;

use crate::act::view::ActChoice;
use crate::act_error::ActError;
use crate::devices::{DeviceKey, names_view};
use crate::key_on_offer::KeyOnOffer;
use crate::key_ref::KeyRef;
use crate::signer_profile::{OfferedProfile, SignerProfile};
use crate::tokens::{self, OfferedToken};

/// A key on offer, held against the keyring.
#[derive(Clone)]
pub struct Offer {
    /// The key.
    pub key: Arc<dyn KeyOnOffer>,
    /// Its entry in the keyring.
    pub known: Option<KeyringKey>,
    /// What its attestation proves.
    pub attestation: Option<Arc<AttestationFinding>>,
    /// The names that the certificate beside it states, and whether a root proves them; `None` if it has
    /// none.
    pub names: Option<Arc<NamesView>>,
    /// Whether it makes companions of signatures, and no signatures of its own.
    pub is_of_companions: bool,
    /// Why it cannot sign.
    pub problem: Option<Problem>,
}

/// Why a key that is on offer cannot sign.
#[derive(Debug, Problem)]
#[problem(area = "offer")]
enum OfferError {
    /// Only keys of the keyring count here, and it does not have it.
    NotEnrolled,
    /// It was revoked.
    Revoked { since: Instant },
    /// It is not valid yet.
    NotYet { from: Instant },
    /// It is not valid any more.
    Expired { until: Instant },
}

impl Offer {
    /// Every key on offer, those on devices first: the device was plugged in for this.
    pub fn all(
        profiles: &[SignerProfile],
        devices: &Devices,
        rules: &Context,
        root: &Path,
    ) -> Vec<Self> {
        let watched: Arc<Path> = root.into();
        let modules: Arc<[_]> = devices.modules.iter().map(|one| one.file.clone()).collect();
        let profiled = profiles.iter().map(|profile| -> Arc<dyn KeyOnOffer> {
            Arc::new(OfferedProfile {
                profile: profile.clone(),
                watched: Arc::clone(&watched),
                modules: Arc::clone(&modules),
            })
        });
        let piv = DeviceKey::all(devices).into_iter();
        let piv = piv.map(|key| -> Arc<dyn KeyOnOffer> { Arc::new(key) });
        let behind = OfferedToken::all(devices).into_iter();
        let behind = behind.map(|key| -> Arc<dyn KeyOnOffer> { Arc::new(key) });
        piv.chain(behind).chain(profiled).map(|key| Self::of(key, rules)).collect()
    }

    fn of(key: Arc<dyn KeyOnOffer>, rules: &Context) -> Self {
        let now = rules.judge().now;
        let known = key.entry(&rules.keyring).cloned();
        let only_known = key.key_ref().is_plugged_in() && rules.policy.trust == Trust::Pinned;
        let not_enrolled = || OfferError::NotEnrolled.problem();
        // A key file does not show what it has; the keyring says it of the key's id.
        let is_of_companions = key.algorithm().is_of_companions()
            || known.as_ref().is_some_and(KeyringKey::is_of_companions);
        let problem = key
            .check_ready()
            .err()
            .or_else(|| (only_known && known.is_none()).then(not_enrolled))
            .or_else(|| Some(not_in_force(known.as_ref()?, now)?.problem()));
        let attestation = attestation_of(&*key, known.as_ref(), rules).map(Arc::new);
        let names = names_of(&*key, known.as_ref(), rules).map(Arc::new);
        Self { key, known, attestation, names, is_of_companions, problem }
    }

    /// Its id in signatures.
    pub fn key_id(&self) -> String {
        self.known.as_ref().map_or_else(|| self.key.key_id(), |known| known.key_id.clone())
    }

    /// Who signs with it, if that is known.
    pub fn owner(&self) -> Option<&str> {
        self.known.as_ref().map(|known| known.owner.as_str()).or_else(|| self.key.owner())
    }

    /// The roles that it may sign in.
    pub fn roles(&self) -> Vec<Role> {
        self.known.as_ref().map_or_else(|| Role::ALL.to_vec(), |known| known.roles.clone())
    }

    /// Identifies the key, if that is known before it is open.
    pub fn fingerprint(&self) -> Option<Digest> {
        let pinned = || PublicKey::parse(self.known.as_ref()?.public_key.as_deref()?).ok();
        self.key.public_key().or_else(pinned).map(|public| public.fingerprint())
    }

    /// The signature that a person would make with it; `None` if the keyring has the key and not for
    /// this person or role, which signing refuses.
    pub fn prospect(&self, choice: &ActChoice, terms: Terms, rules: &Context) -> Option<Prospect> {
        let known = self.known.as_ref();
        let kind = self.key.kind(known);
        let attested = self.attestation.as_deref().is_some_and(AttestationFinding::is_proof);
        let is_outside = kind != SignerType::Software;
        let same = |key: &KeyringKey| Person::of(&key.owner) == Person::of(&choice.signer_id);
        let accepted = |key: &KeyringKey| {
            same(key)
                && key.roles.contains(&choice.role)
                && not_in_force(key, rules.judge().now).is_none()
        };
        if known.is_some_and(|key| !accepted(key)) {
            return None;
        }
        Some(Prospect {
            signer_id: choice.signer_id.clone(),
            role: choice.role,
            key_id: self.key_id(),
            fingerprint: self.fingerprint(),
            algorithm: self.key.algorithm(),
            kind: if attested { SignerType::Hardware } else { kind },
            assurance: match known {
                _ if attested => Some(Assurance::Attested),
                Some(key) if key.kind != SignerType::Software => Some(Assurance::Pinned),
                _ => is_outside.then_some(Assurance::Claimed),
            },
            attestation: self.attestation.as_deref().cloned(),
            is_pinned: known.is_some(),
            terms,
        })
    }

    /// Opens it.
    ///
    /// # Errors
    /// Why it cannot sign.
    pub fn open(&self) -> Result<Key, Problem> {
        match &self.problem {
            Some(problem) => Err(problem.clone()),
            None => self.key.open(),
        }
    }
}

/// What the attestation of a key proves: its own, or if that proves nothing, the one that the keyring
/// has kept of it, as a signature by it will be judged.
fn attestation_of(
    key: &dyn KeyOnOffer,
    known: Option<&KeyringKey>,
    rules: &Context,
) -> Option<AttestationFinding> {
    let (public, now) = (key.public_key(), rules.judge().now);
    let judged = |given: &KeyAttestation, public: Option<&PublicKey>, source| {
        let outcome = attestation::verify(given, public, &rules.roots, now);
        AttestationFinding { source, outcome }
    };
    let own = key.attestation().map(|it| judged(it, public.as_ref(), AttestationSource::Signature));
    if own.as_ref().is_some_and(AttestationFinding::is_proof) {
        return own;
    }
    let pinned = || PublicKey::parse(known?.public_key.as_deref()?).ok();
    let public = public.clone().or_else(pinned);
    let kept = known.and_then(KeyringKey::attestation).and_then(Result::ok);
    let kept = kept.map(|it| judged(&it, public.as_ref(), AttestationSource::Keyring));
    let proves = kept.as_ref().is_some_and(AttestationFinding::is_proof);
    if proves || own.is_none() { kept } else { own }
}

/// The names of the certificate that the keyring has beside a key, as a signature by it will be judged;
/// if it has none, of the one that the key's holder keeps.
fn names_of(
    key: &dyn KeyOnOffer,
    known: Option<&KeyringKey>,
    rules: &Context,
) -> Option<NamesView> {
    let (trust, now) = (&*rules.names, rules.judge().now);
    let own = || {
        let owner = known.map(|known| &*known.owner);
        names_view(key.certificate(), key.public_key().as_ref(), owner, (trust, now))
    };
    known.and_then(|known| NamesView::of_key(known, trust, now)).or_else(own)
}

/// The key that a person chose among those on offer.
///
/// # Errors
/// If it is gone.
pub fn find<'o>(offers: &'o [Offer], key: &KeyRef) -> Result<&'o Offer, ActError> {
    let mut fitting = offers.iter().filter(|offer| offer.key.key_ref() == *key);
    match (fitting.next(), fitting.next()) {
        (Some(offer), None) => Ok(offer),
        // A name that two keys have names neither.
        _ => Err(ActError::NoSuchSigner),
    }
}

/// Whether what held a key was plugged in, and is not any more.
pub fn is_gone(key: &KeyRef, devices: &Devices) -> bool {
    match key {
        KeyRef::Piv { token, slot } => DeviceKey::find(devices, token, *slot).is_none(),
        KeyRef::Pkcs11 { uri } => tokens::find(devices, uri).is_none(),
        KeyRef::Profile { .. } => false,
    }
}

fn not_in_force(key: &KeyringKey, now: Instant) -> Option<OfferError> {
    match key.validity(now) {
        Acceptance::Revoked(since, _) | Acceptance::Compromised(since, _) => {
            Some(OfferError::Revoked { since })
        }
        Acceptance::NotYetValid(from) => Some(OfferError::NotYet { from }),
        Acceptance::Expired(until) => Some(OfferError::Expired { until }),
        _ => None,
    }
}
