//! Devices that are plugged in, as displayed, and the keys that can sign.

use countersign_problem::{Explain as _, Problem, Said, Value, Words, words};
use std::sync::Arc;

use countersign_admissibility::attestation::{
    self, AttestationFinding, AttestationRoots, AttestationSource, Certificate,
};
use countersign_admissibility::certificate_names::beside_key::KeyCertificates;
use countersign_admissibility::certificate_names::{self, NameTrust, When};
use countersign_admissibility::keyring::{Key as KeyringKey, Keyring, KindBasis};
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestation;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignerType};
use countersign_envelope::vocabulary;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::visible::visible;
use countersign_signers::certificate::CertificateFacts;
use countersign_signers::devices::{Device, Devices, Found, Service};
use countersign_signers::error::piv::CardError;
use countersign_signers::piv::applet::PinReference;
use countersign_signers::piv::card_id::CardId;
use countersign_signers::piv::signer;
use countersign_signers::piv::token::{Make, SlotKey, Token, slot_name};
use countersign_signers::piv::yubikey::YubiKey;
use countersign_signers::reader::is_virtual;
use countersign_signers::{Key, SignerError};
use serde::Serialize;

use crate::key_on_offer::{Asks, KeyOnOffer, KeyOrigin};
use crate::key_ref::{KeyRef, PivToken};
use crate::tokens::{self, ModuleView};
use countersign_trust::enrolment::{EnrolmentError, Holder};
use countersign_views::{AttestationView, NamesView};

/// A key in a slot of a PIV card that can sign.
#[derive(Debug, Clone)]
pub struct DeviceKey {
    /// The card.
    pub token: Arc<Token>,
    /// Identifies it among those that are plugged in.
    pub card: PivToken,
    /// The key.
    pub key: SlotKey,
    /// Its public key.
    pub public_key: PublicKey,
    /// How it signs.
    pub algorithm: Algorithm,
    /// Whether the token is software that plays one.
    pub virtual_card: bool,
}

impl DeviceKey {
    fn of(token: &Arc<Token>, key: &SlotKey, devices: &Devices) -> Option<Self> {
        let algorithm = key.kind.algorithm()?;
        let public_key = key.public_key.clone()?;
        Some(Self {
            token: Arc::clone(token),
            card: piv_token(token, devices),
            key: key.clone(),
            public_key,
            algorithm,
            virtual_card: is_virtual(&token.reader),
        })
    }

    /// A key that was just made on a YubiKey.
    pub fn of_made(token: &Arc<Token>, key: SlotKey) -> Option<Self> {
        Self::of(token, &key, &Devices::default())
    }

    /// Every key that can sign, of every PIV card, 9c first.
    pub fn all(devices: &Devices) -> Vec<Self> {
        let keys = |token: &Arc<Token>| {
            token.keys.iter().filter_map(|key| Self::of(token, key, devices)).collect::<Vec<_>>()
        };
        devices.tokens().flat_map(keys).collect()
    }

    /// The key in a slot of a token, if that is plugged in.
    pub fn find(devices: &Devices, token: &PivToken, slot: u8) -> Option<Self> {
        let token = devices.tokens().find(|one| piv_token(one, devices) == *token)?;
        let key = token.keys.iter().find(|key| u8::from(key.slot) == slot)?;
        Self::of(token, key, devices)
    }

    /// As a person calls it.
    pub fn label(&self) -> Words {
        words!("key-in-slot", token = self.token.name(), slot = slot_name(self.key.slot))
    }

    /// Its id in signatures if no keyring has it.
    pub fn default_key_id(&self) -> String {
        let (kind, which) = match &self.token.make {
            Make::YubiKey(yubikey) => ("yubikey", yubikey.serial.map(|serial| serial.to_string())),
            Make::Standard(card) => ("piv", card.id.as_ref().map(CardId::short)),
        };
        let slot = slot_name(self.key.slot);
        which.map_or_else(|| format!("{kind}-{slot}"), |which| format!("{kind}-{which}-{slot}"))
    }

    /// Opens it: reads its data again. Returns a key that asks for the PIN.
    ///
    /// # Errors
    /// Fails if the token is no longer there or cannot be read.
    pub fn open(&self) -> Result<Key, SignerError> {
        signer::open(&self.token, &self.key)
    }
}

impl KeyOnOffer for DeviceKey {
    fn key_ref(&self) -> KeyRef {
        KeyRef::Piv { token: self.card.clone(), slot: self.key.slot.into() }
    }

    fn label(&self) -> Words {
        Self::label(self)
    }

    fn about(&self) -> Words {
        words!("key-of-kind", key = Self::label(self), kind = %self.key.kind)
    }

    fn kind(&self, _: Option<&KeyringKey>) -> SignerType {
        SignerType::Hardware
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn public_key(&self) -> Option<PublicKey> {
        Some(self.public_key.clone())
    }

    fn key_id(&self) -> String {
        self.default_key_id()
    }

    fn asks(&self) -> Asks {
        asks(&self.token, &self.key)
    }

    fn attempts_left(&self) -> Option<u8> {
        self.token.pin_tries
    }

    fn warnings(&self, _: Option<&KeyringKey>) -> Vec<Words> {
        let of_yubikey = |yubikey| Defaults::of(&self.token, yubikey).in_one();
        let defaults = self.token.yubikey().and_then(of_yubikey);
        let others = [defaults, fingerprints(&self.token), global_pin(&self.token)];
        others.into_iter().flatten().collect()
    }

    fn attestation(&self) -> Option<&KeyAttestation> {
        self.key.attestation.as_ref()
    }

    fn certificate(&self) -> Option<&CertificateFacts> {
        self.key.certificate.as_ref()
    }

    fn is_virtual(&self) -> bool {
        self.virtual_card
    }

    fn open(&self) -> Result<Key, Problem> {
        Self::open(self).map_err(Problem::from)
    }
}

/// Identifies a token among those that are plugged in: by its serial or identifier, or by its reader if
/// it has none or another has the same.
fn piv_token(token: &Token, devices: &Devices) -> PivToken {
    let named = |token: &Token| {
        let id = || token.card_id().map(|id| PivToken::Card(id.to_string()));
        token.serial().map(PivToken::Serial).or_else(id)
    };
    let is_unique = |name: &PivToken| {
        devices.tokens().filter(|one| named(one).as_ref() == Some(name)).count() < 2
    };
    named(token).filter(is_unique).unwrap_or_else(|| PivToken::Reader(token.reader.clone()))
}

vocabulary! {
    /// The contents of a reader.
    DeviceKind {
        /// Being read.
        Reading = "reading",
        /// A YubiKey with PIV.
        YubiKey = "yubikey",
        /// A PIV card that is not a YubiKey.
        Card = "piv_card",
        /// Another card, left alone.
        Other = "other",
        /// Another program holds it.
        Held = "held",
        /// It cannot be read.
        Unreadable = "unreadable",
    }
}

/// The devices that are plugged in.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct DevicesView {
    /// Why no device can be seen at all.
    pub problem: Option<Problem>,
    /// The readers with a card in them.
    pub devices: Vec<DeviceView>,
    /// The PKCS#11 modules in use, with their tokens.
    pub modules: Vec<ModuleView>,
}

/// A device, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct DeviceView {
    /// Tells one device from another while it is plugged in.
    pub id: String,
    /// The PC/SC reader, as the system calls it.
    pub reader: String,
    /// What it is.
    pub name: Said,
    /// Its name among those that are plugged in.
    pub called: Said,
    /// The contents of the reader.
    pub kind: DeviceKind,
    /// Whether it is software that plays a token.
    pub virtual_card: bool,
    /// How its keys name it; null if it is not a PIV card.
    pub card: Option<PivToken>,
    /// The serial of a YubiKey.
    pub serial: Option<u32>,
    /// What identifies another PIV card: the GUID or FASC-N of its card holder unique identifier, or its
    /// card identifier.
    pub card_id: Option<String>,
    /// Its firmware.
    pub firmware: Option<String>,
    /// How many attempts of the PIN are left.
    pub pin_tries: Option<u8>,
    /// How many attempts of the PUK are left.
    pub puk_tries: Option<u8>,
    /// What should be known of it.
    pub warnings: Vec<Said>,
    /// Its keys, 9c first.
    pub keys: Vec<DeviceKeyView>,
    /// Why nothing can be done with it.
    pub problem: Option<Problem>,
}

/// A key in a slot, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct DeviceKeyView {
    /// The slot: `9c`.
    pub slot: String,
    /// The purpose of the slot.
    pub slot_name: Said,
    /// How it signs; null if it cannot.
    pub algorithm: Option<Algorithm>,
    /// Which key it is.
    pub key_type: Said,
    /// When it asks for the PIN, if known.
    pub pin_policy: Option<Said>,
    /// When it asks for a touch, if known.
    pub touch_policy: Option<Said>,
    /// Where it was made, if known.
    pub origin: Option<KeyOrigin>,
    /// The subject of the certificate in the slot.
    pub subject: Option<String>,
    /// Until when that is valid.
    pub expires: Option<String>,
    /// Whether it has expired.
    pub expired: bool,
    /// SHA-256 of the public key, 64 hex digits; empty if the key cannot sign.
    pub fingerprint: String,
    /// Its id in the keyring.
    pub key_id: Option<String>,
    /// Its owner in the keyring.
    pub owner: Option<String>,
    /// What its attestation proves; null if it has none.
    pub attestation: Option<AttestationView>,
    /// The names that the certificate in the slot states; null if there is none.
    pub names: Option<NamesView>,
    /// What it asks for before it signs.
    pub asks: Asks,
    /// Why it cannot sign.
    pub problem: Option<Said>,
}

/// What devices are compared with.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Whose keys are known.
    pub keyring: &'a Keyring,
    /// What attestations may lead to.
    pub roots: &'a AttestationRoots,
    /// What the certificates of people may lead to.
    pub names: &'a NameTrust,
    /// Now.
    pub now: Instant,
}

/// Why a device, or all of them, cannot be used.
#[derive(Debug, Problem)]
#[problem(area = "device")]
enum DeviceTrouble {
    NoCardService { why: String },
    OtherCard { atr: String },
    Held,
    Unreadable { error: CardError },
}

impl DevicesView {
    /// The devices that are plugged in, compared with what is known.
    pub fn of(devices: &Devices, known: Known<'_>) -> Self {
        let problem = match &devices.service {
            Service::Missing(why) => {
                Some(DeviceTrouble::NoCardService { why: why.to_string() }.problem())
            }
            Service::Running | Service::Unknown => None,
        };
        let view = |device: &Device| DeviceView {
            card: device.token().map(|token| piv_token(token, devices)),
            ..DeviceView::of(device, known)
        };
        let module = |module| ModuleView::of(module, known);
        let seen: Vec<DeviceView> = devices.devices.iter().map(view).collect();
        let mut modules: Vec<ModuleView> = devices.modules.iter().map(module).collect();
        let read = devices.devices.iter().zip(&seen);
        let slots = read.filter_map(|(device, view)| Some((device.token()?, view)));
        let slots = slots.flat_map(|(token, view)| {
            let called = move |key: &DeviceKeyView| {
                let (device, serial) = match &token.make {
                    Make::YubiKey(yubikey) => (Words::text(yubikey.model.clone()), yubikey.serial),
                    Make::Standard(_) => (token.name(), None),
                };
                let serial = serial.map_or(Value::None, |serial| serial.to_string().into());
                let slot = key.slot.clone();
                (key.fingerprint.clone(), words!("device-slot", device, serial, slot))
            };
            view.keys.iter().map(called)
        });
        tokens::distinguish(&mut modules, slots.collect());
        Self { problem, devices: seen, modules }
    }
}

impl DeviceView {
    fn of(device: &Device, known: Known<'_>) -> Self {
        let mut view = Self {
            id: device.reader.clone(),
            reader: visible(&device.reader),
            name: Words::text(device.reader.clone()).into(),
            called: Words::text(device.reader.clone()).into(),
            kind: DeviceKind::Reading,
            virtual_card: device.is_virtual(),
            card: None,
            serial: None,
            card_id: None,
            firmware: None,
            pin_tries: None,
            puk_tries: None,
            warnings: Vec::new(),
            keys: Vec::new(),
            problem: None,
        };
        match &device.found {
            Found::Reading => {}
            Found::Piv(token) => {
                let key = |key| DeviceKeyView::of(token, key, known);
                match &token.make {
                    Make::YubiKey(yubikey) => {
                        view.kind = DeviceKind::YubiKey;
                        view.name = Words::text(yubikey.model.clone()).into();
                        view.serial = yubikey.serial;
                        view.firmware = Some(yubikey.version.to_string());
                    }
                    Make::Standard(card) => {
                        view.kind = DeviceKind::Card;
                        view.name = words!("device-piv-card").into();
                        view.card_id = card.id.as_ref().map(ToString::to_string);
                    }
                }
                view.called = token.name().into();
                view.pin_tries = token.pin_tries;
                view.puk_tries = token.puk_tries();
                view.warnings = warnings(token).iter().map(Said::from).collect();
                view.keys = token.keys.iter().map(key).collect();
            }
            Found::Other { atr } => {
                let atr: String = atr.iter().map(|byte| format!("{byte:02X}")).collect();
                view.kind = DeviceKind::Other;
                view.name = words!("device-smart-card").into();
                view.problem = Some(DeviceTrouble::OtherCard { atr }.problem());
            }
            Found::Held => {
                view.kind = DeviceKind::Held;
                view.problem = Some(DeviceTrouble::Held.problem());
            }
            Found::Unreadable(error) => {
                view.kind = DeviceKind::Unreadable;
                view.problem = Some(DeviceTrouble::Unreadable { error: error.clone() }.problem());
            }
        }
        view
    }
}

impl DeviceKeyView {
    fn of(token: &Token, key: &SlotKey, by: Known<'_>) -> Self {
        let Known { keyring, roots, names, now } = by;
        let known = key.public_key.as_ref().and_then(|public| keyring.find(Some(public), ""));
        let algorithm = key.kind.algorithm().filter(|_| key.public_key.is_some());
        let expires = key.certificate.as_ref().map(|facts| facts.not_after);
        let fingerprint = key.public_key.as_ref().map(|public| public.fingerprint().hex());
        Self {
            slot: slot_name(key.slot),
            slot_name: purpose(key).into(),
            algorithm,
            key_type: key.kind.words().into(),
            pin_policy: key.pin_policy.map(|policy| policy.words().into()),
            touch_policy: key.touch_policy.map(|policy| policy.words().into()),
            origin: key.origin.map(KeyOrigin::from),
            subject: key.certificate.as_ref().map(|facts| visible(&facts.subject)),
            // Year 9999 and later mean "never".
            expires: expires.and_then(Instant::from_unix).map(|at| at.to_string()),
            expired: expires.is_some_and(|at| at < now.unix()),
            fingerprint: fingerprint.unwrap_or_default(),
            key_id: known.map(|known| visible(&known.key_id)),
            owner: known.map(|known| visible(&known.owner)),
            attestation: attestation_view(key, roots, now),
            names: names_view(
                key.certificate.as_ref(),
                key.public_key.as_ref(),
                known.map(|known| &*known.owner),
                (names, now),
            ),
            asks: asks(token, key),
            problem: algorithm
                .is_none()
                .then(|| words!("slot-key-cannot-sign", kind = key.kind.words()).into()),
        }
    }
}

/// A keyring's entry for a key on a device, with the device's attestation. It is marked as hardware
/// only if the attestation leads to a trusted root, or if the person says so (`stated`); the entry
/// records which.
///
/// # Errors
/// If the device's word is about another key or was forged: then it is not known what holds the key.
pub fn entry(
    device: &DeviceKey,
    holder: Holder,
    stated: Option<SignerType>,
    roots: &AttestationRoots,
    now: Instant,
) -> Result<KeyringKey, EnrolmentError> {
    let outcome =
        device.key.attestation.as_ref().map(|attestation| {
            attestation::verify(attestation, Some(&device.public_key), roots, now)
        });
    let proven = match outcome {
        Some(Err(error)) if error.contradicts() => {
            let why = error.clone().into();
            let from = device.label();
            return Err(EnrolmentError::Attestation { from, why });
        }
        // An expired attestation, or one that leads to no trusted root, is reported where it is
        // displayed.
        Some(Ok(statement)) => statement.is_proof(),
        Some(Err(_)) | None => false,
    };
    let (kind, basis) = match (stated, proven) {
        (Some(SignerType::Software), _) | (None, false) => (SignerType::Software, None),
        (None | Some(SignerType::Hardware), true) => {
            (SignerType::Hardware, Some(KindBasis::Attestation))
        }
        (Some(kind), _) => (kind, Some(KindBasis::Stated)),
    };
    let mut entry = holder.entry(Some(&device.public_key), kind, now)?;
    if let Some(attestation) = &device.key.attestation {
        entry = entry.with_attestation(attestation);
    }
    let entry = certified(entry, device.key.certificate.as_ref());
    Ok(basis.into_iter().fold(entry, KeyringKey::with_kind_basis))
}

/// The entry of a device's key with the certificate that the device has beside it, if that is for this
/// very key.
pub(crate) fn certified(entry: KeyringKey, beside: Option<&CertificateFacts>) -> KeyringKey {
    let certificates = beside.and_then(read).map(|own| own.all().cloned().collect());
    match certificates.map(|all| entry.clone().with_certificates(all)) {
        Some(Ok(certified)) => certified,
        _ => entry,
    }
}

/// The certificate that a device has beside a key, with those of authorities there; `None` if it cannot be
/// read.
fn read(beside: &CertificateFacts) -> Option<KeyCertificates> {
    let (leaf, issuers) = beside.to_der()?;
    let leaf = Certificate::from_der(&leaf).ok()?;
    let helpers = issuers.iter().filter_map(|der| Certificate::from_der(der).ok());
    Some(KeyCertificates { leaf, helpers: helpers.collect() })
}

/// What the certificate that a device has beside a key proves of names, as judged now; `None` if it has
/// none that can be read.
pub fn names_view(
    beside: Option<&CertificateFacts>,
    key: Option<&PublicKey>,
    owner: Option<&str>,
    (trust, now): (&NameTrust, Instant),
) -> Option<NamesView> {
    let own = read(beside?)?;
    let when = Some(When::now(now));
    Some(NamesView::of(&certificate_names::judge_one(&own, key, owner, when, trust)))
}

/// What the device's attestation of a key proves; `None` if it has none.
pub fn attestation_view(
    key: &SlotKey,
    roots: &AttestationRoots,
    now: Instant,
) -> Option<AttestationView> {
    let statement = key.attestation.as_ref()?;
    let outcome = attestation::verify(statement, key.public_key.as_ref(), roots, now);
    let source = AttestationSource::Signature;
    Some(AttestationView::of(&AttestationFinding { source, outcome }))
}

/// The purpose of a slot (SP 800-73-4 part 1 table 4).
fn purpose(key: &SlotKey) -> Words {
    match u8::from(key.slot) {
        0x9A => words!("slot-authentication"),
        0x9C => words!("slot-signature"),
        0x9D => words!("slot-key-management"),
        0x9E => words!("slot-card-authentication"),
        retired => words!("slot-retired", number = %retired.saturating_sub(0x81)),
    }
}

/// What a key asks for before it signs. A touch is not among what the standard has.
pub fn asks(token: &Token, key: &SlotKey) -> Asks {
    let touch = matches!(key.touch_policy, Some(TouchPolicy::Always | TouchPolicy::Cached));
    let may_blink = token.yubikey().is_some() && key.touch_policy.is_none();
    match (key.wants_pin(), touch) {
        (true, true) => Asks::PinAndTouch,
        (true, false) if may_blink => Asks::PinAndPerhapsTouch,
        (true, false) => Asks::Pin,
        (false, true) => Asks::Touch,
        (false, false) => Asks::Nothing,
    }
}

/// What should be known of a token before one relies on it.
pub fn warnings(token: &Token) -> Vec<Words> {
    let warnings = match &token.make {
        Make::YubiKey(yubikey) => {
            let Defaults { pin, puk, management_key } = Defaults::of(token, yubikey);
            vec![
                pin.then(|| words!("device-default-pin")),
                puk.then(|| words!("device-default-puk")),
                management_key.then(|| words!("device-default-management-key")),
                (!token.is_identified()).then(|| words!("device-unidentified")),
                fingerprints(token),
            ]
        }
        Make::Standard(card) => vec![
            token.keys.is_empty().then(|| words!("device-no-certificate")),
            card.id.is_none().then(|| words!("device-no-card-id")),
            global_pin(token),
        ],
    };
    warnings.into_iter().flatten().collect()
}

/// That it is not the PIN of the PIV application that is asked for.
fn global_pin(token: &Token) -> Option<Words> {
    match &token.make {
        Make::Standard(card) if card.pin == PinReference::Global => {
            Some(words!("device-global-pin"))
        }
        Make::YubiKey(_) | Make::Standard(_) => None,
    }
}

/// Which secrets of a token are still the factory's and can be used.
struct Defaults {
    pin: bool,
    puk: bool,
    management_key: bool,
}

impl Defaults {
    fn of(token: &Token, YubiKey { defaults, puk_tries, .. }: &YubiKey) -> Self {
        let is_default = |secret: Option<bool>| secret == Some(true);
        Self {
            pin: is_default(defaults.pin) && token.pin_tries != Some(0),
            puk: is_default(defaults.puk) && *puk_tries != Some(0),
            management_key: is_default(defaults.management_key),
        }
    }

    /// All of them in one sentence, for where a key is one of several; what follows from each is said
    /// of the device itself.
    fn in_one(&self) -> Option<Words> {
        let secrets = match (self.pin, self.puk, self.management_key) {
            (false, false, false) => return None,
            (true, false, false) => "pin",
            (false, true, false) => "puk",
            (false, false, true) => "management-key",
            (true, true, false) => "pin-puk",
            (true, false, true) => "pin-management-key",
            (false, true, true) => "puk-management-key",
            (true, true, true) => "all",
        };
        Some(words!("device-defaults", secrets))
    }
}

fn fingerprints(token: &Token) -> Option<Words> {
    let bio = |key: &SlotKey| {
        matches!(key.pin_policy, Some(PinPolicy::MatchOnce | PinPolicy::MatchAlways))
    };
    token.keys.iter().any(bio).then(|| words!("device-fingerprints"))
}
