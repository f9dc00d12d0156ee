//! Tokens and their keys, as their module tells of them; and what that comes to: where a key lives,
//! where it was made, how it signs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignerType};
use countersign_problem::{Words, words};
use serde::{Deserialize, Serialize};

use super::module_file::Vouching;
use super::name::Name;
use crate::certificate::CertificateFacts;
use crate::error::pkcs11::{Fault, Unlocking};
use crate::piv::applet::KeyKind;
use crate::reader::is_virtual;

/// What a TPM in software (libtpms, IBM's) calls its model.
const SOFTWARE_TPM: &str = "SW";

/// How OpenSC begins the model of a card whose PINs have a PUK, PIV cards among them.
const PKCS15: &str = "PKCS#15";

/// What OpenSC calls a card of another kind that it shows as one of PKCS #15, such as a PIV card. It
/// says of every key there that it was made on the card, of those brought in too.
const EMULATED: &str = "PKCS#15 emulated";

/// What a key is called whose module does not tell its type.
pub(super) const UNKNOWN_KIND: &str = "unknown kind";

/// A token in a slot of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The slot's number, which may be another the next time.
    pub slot: u64,
    /// The slot's description: for smart cards the reader.
    pub slot_name: String,
    /// Whether the slot is hardware (`CKF_HW_SLOT`).
    pub hardware_slot: bool,
    /// Its label.
    pub label: String,
    /// Who made it.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Its serial.
    pub serial: String,
    /// Whether its keys ask for a PIN.
    pub login_required: bool,
    /// How it stands with its PIN.
    pub pin: PinState,
    /// Fewest and most bytes of its PIN, if it says so.
    pub pin_length: Option<(u64, u64)>,
    /// Whether the PIN is given on the token itself.
    pub own_pad: bool,
    /// How it can sign.
    pub mechanisms: Vec<Mechanism>,
    /// Its keys.
    pub keys: Vec<TokenKey>,
    /// Why its keys cannot be seen.
    pub problem: Option<Fault>,
}

/// The state of a token's PIN. Tokens do not say how many attempts are left; they only warn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinState {
    /// As far as the token says, all attempts are left.
    Good,
    /// It was wrong since it was last right.
    CountLow,
    /// One try is left.
    FinalTry,
    /// It is locked.
    Locked,
    /// None is set.
    NotSet,
    /// It must be changed before a key can be used.
    ToBeChanged,
}

/// A mechanism that signs (PKCS #11 v3.1 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mechanism {
    /// `CKM_EDDSA`.
    Eddsa,
    /// `CKM_ECDSA`, over a digest.
    Ecdsa,
    /// `CKM_ECDSA_SHA256`.
    EcdsaSha256,
    /// `CKM_ECDSA_SHA384`.
    EcdsaSha384,
    /// `CKM_RSA_PKCS`, over a DigestInfo.
    RsaPkcs,
    /// `CKM_SHA256_RSA_PKCS`.
    Sha256RsaPkcs,
    /// `CKM_RSA_PKCS_PSS`, over a digest.
    RsaPkcsPss,
    /// `CKM_SHA256_RSA_PKCS_PSS`.
    Sha256RsaPkcsPss,
    /// `CKM_SHA256_HMAC`.
    Sha256Hmac,
}

impl Mechanism {
    /// All that are used.
    pub const ALL: [Self; 9] = [
        Self::Eddsa,
        Self::Ecdsa,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::RsaPkcs,
        Self::Sha256RsaPkcs,
        Self::RsaPkcsPss,
        Self::Sha256RsaPkcsPss,
        Self::Sha256Hmac,
    ];

    /// As the standard calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eddsa => "CKM_EDDSA",
            Self::Ecdsa => "CKM_ECDSA",
            Self::EcdsaSha256 => "CKM_ECDSA_SHA256",
            Self::EcdsaSha384 => "CKM_ECDSA_SHA384",
            Self::RsaPkcs => "CKM_RSA_PKCS",
            Self::Sha256RsaPkcs => "CKM_SHA256_RSA_PKCS",
            Self::RsaPkcsPss => "CKM_RSA_PKCS_PSS",
            Self::Sha256RsaPkcsPss => "CKM_SHA256_RSA_PKCS_PSS",
            Self::Sha256Hmac => "CKM_SHA256_HMAC",
        }
    }

    /// Those that make a signature of an algorithm. First the one that is given a digest, since
    /// tokens take short messages best.
    pub const fn of(algorithm: Algorithm) -> &'static [Self] {
        match algorithm {
            Algorithm::Ed25519 => &[Self::Eddsa],
            Algorithm::HmacSha256 => &[Self::Sha256Hmac],
            Algorithm::EcdsaP256Sha256 => &[Self::Ecdsa, Self::EcdsaSha256],
            Algorithm::EcdsaP384Sha384 => &[Self::Ecdsa, Self::EcdsaSha384],
            Algorithm::RsaPkcs1v15Sha256 => &[Self::RsaPkcs, Self::Sha256RsaPkcs],
            Algorithm::RsaPssSha256 => &[Self::RsaPkcsPss, Self::Sha256RsaPkcsPss],
            // A mechanism of PKCS#11 3.2, which no module here has.
            Algorithm::MlDsa65 => &[],
        }
    }
}

/// A key on a token. What the module does not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// Its label (`CKA_LABEL`).
    pub label: String,
    /// Its id (`CKA_ID`), in hex.
    pub id: String,
    /// Which key it is, in words, if it cannot sign here.
    pub kind: String,
    /// The DER SubjectPublicKeyInfo, base64; empty for a secret key, and if none was found.
    pub public_key: String,
    /// Whether it is a secret key, for HMAC.
    pub secret: bool,
    /// Whether only its public half is visible: the rest shows with the PIN.
    pub hidden: bool,
    /// Whether it is kept back until the PIN is given (`CKA_PRIVATE`).
    pub private: Option<bool>,
    /// Whether it signs without the PIN, as far as the module can be asked.
    #[serde(default)]
    pub free: bool,
    /// Whether it may sign (`CKA_SIGN`).
    pub signs: Option<bool>,
    /// Whether it is never shown in clear (`CKA_SENSITIVE`).
    pub sensitive: Option<bool>,
    /// Whether it may leave the token (`CKA_EXTRACTABLE`).
    pub extractable: Option<bool>,
    /// Whether it was made on the token (`CKA_LOCAL`).
    pub local: Option<bool>,
    /// Whether it always was sensitive (`CKA_ALWAYS_SENSITIVE`).
    pub always_sensitive: Option<bool>,
    /// Whether it never could leave (`CKA_NEVER_EXTRACTABLE`).
    pub never_extractable: Option<bool>,
    /// Whether it asks for the PIN at each signature (`CKA_ALWAYS_AUTHENTICATE`).
    pub always_authenticate: Option<bool>,
    /// The certificate beside it.
    pub certificate: Option<CertificateFacts>,
}

/// Where a key is kept, by what its token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// What that makes the signer.
    pub signer_type: SignerType,
    /// Why, in a sentence.
    pub why: Words,
}

/// Where a key was made, by what its token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// On the token, and it never was outside.
    Generated,
    /// On the token, but it was readable or could leave at some time.
    GeneratedExposed,
    /// Elsewhere.
    Imported,
}

impl Token {
    /// As a person calls it.
    pub fn name(&self) -> Name {
        let what = if self.label.is_empty() { &self.model } else { &self.label };
        match (what.is_empty(), self.serial.is_empty()) {
            (true, true) => Name::InSlot { slot: self.slot },
            (true, false) => Name::Token { serial: self.serial.clone() },
            (false, true) => Name::Own(what.clone()),
            (false, false) if what.contains(&self.serial) => Name::Own(what.clone()),
            (false, false) => Name::Own(format!("{what} ({})", self.serial)),
        }
    }

    /// Whether it is software that plays hardware, as far as it can be told.
    pub fn is_virtual(&self) -> bool {
        is_virtual(&self.slot_name) || self.model.split_whitespace().next() == Some(SOFTWARE_TPM)
    }

    /// Whether it may wait for a touch, which no module tells: a YubiKey, by its reader, maker or
    /// model.
    pub fn may_blink(&self) -> bool {
        let says = |text: &str| text.to_ascii_lowercase().contains("yubi");
        [&self.slot_name, &self.manufacturer, &self.model].into_iter().any(|text| says(text))
    }

    /// How a locked PIN of it is set again.
    pub fn unlocking(&self) -> Unlocking {
        if self.may_blink() {
            Unlocking::YubiKey
        } else if self.model.starts_with(PKCS15) {
            Unlocking::Puk
        } else {
            Unlocking::SecurityOfficer
        }
    }

    /// Whether another is this one: the slot's number may have changed.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.serial, &self.label, &self.manufacturer, &self.model)
            == (&other.serial, &other.label, &other.manufacturer, &other.model)
    }

    /// Where one of its keys lives: hardware only if the slot says so, the key can neither be
    /// read nor leave, and the module is one whose word counts.
    pub fn holding(&self, key: &TokenKey, vouching: Vouching) -> Holding {
        let software = |why| Holding { signer_type: SignerType::Software, why };
        if !self.hardware_slot {
            return software(words!("holding-software-slot"));
        }
        match (key.sensitive, key.extractable) {
            (Some(false), _) => software(words!("holding-readable")),
            (_, Some(true)) => software(words!("holding-extractable")),
            (Some(true), Some(false)) => match vouching {
                Vouching::Known => {
                    Holding { signer_type: SignerType::Hardware, why: words!("holding-hardware") }
                }
                Vouching::Unlisted => software(words!("holding-unlisted")),
                Vouching::Changed => software(words!("holding-changed")),
            },
            _ if key.hidden => software(words!("holding-hidden")),
            _ => software(words!("holding-unknown")),
        }
    }

    /// Where one of its keys was made; `None` if the module does not know.
    pub fn origin(&self, key: &TokenKey) -> Option<Origin> {
        if self.model == EMULATED {
            return None;
        }
        match (key.local?, key.always_sensitive, key.never_extractable) {
            (false, ..) => Some(Origin::Imported),
            (true, Some(true), Some(true)) => Some(Origin::Generated),
            (true, None, _) | (true, _, None) => None,
            (true, ..) => Some(Origin::GeneratedExposed),
        }
    }

    /// Whether a key of it is the one in slot f9 of a YubiKey, as YKCS11 calls it: it signs
    /// attestations and nothing else.
    pub fn attests_only(&self, key: &TokenKey) -> bool {
        self.model.starts_with("YubiKey") && key.label.ends_with("for PIV Attestation")
    }

    /// How a key of it signs, the preferred way first.
    pub fn algorithms(&self, key: &TokenKey) -> Vec<Algorithm> {
        if key.signs == Some(false) || self.attests_only(key) {
            return Vec::new();
        }
        let offered = |algorithm: &Algorithm| {
            Mechanism::of(*algorithm).iter().any(|one| self.mechanisms.contains(one))
        };
        key.algorithms().filter(offered).collect()
    }
}

impl TokenKey {
    /// Its public key, if it can be used here.
    pub fn public(&self) -> Option<PublicKey> {
        PublicKey::from_der(&BASE64.decode(&self.public_key).ok()?).ok()
    }

    /// Which key it is, in words.
    pub fn kind(&self) -> Words {
        match self.public() {
            Some(public) => KeyKind::of_public(&public).words(),
            None if self.kind == UNKNOWN_KIND => words!("key-kind-not-told"),
            None => Words::text(self.kind.clone()),
        }
    }

    /// How a key like this signs, whatever its token offers; the preferred way first.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> + use<> {
        let shared = Some(Algorithm::HmacSha256).filter(|_| self.secret);
        self.public()
            .filter(|_| !self.secret)
            .into_iter()
            .flat_map(|public| public.algorithms().collect::<Vec<_>>())
            .chain(shared)
    }

    /// As a person calls it: its label, or else its id.
    pub fn name(&self) -> Name {
        match (self.label.is_empty(), self.id.is_empty()) {
            (false, _) => Name::Own(self.label.clone()),
            (true, false) => Name::Key { id: self.id.clone() },
            (true, true) => Name::Nameless,
        }
    }

    /// A key of which nothing is seen without the PIN, by what it is called and whether it is a
    /// shared one.
    pub fn unseen(label: Option<&str>, id: Option<&str>, secret: bool) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Self { label: text(label), id: text(id), hidden: true, secret, ..Self::default() }
    }

    /// Whether nothing of it is visible without the PIN.
    pub fn is_unseen(&self) -> bool {
        self.hidden && self.public_key.is_empty()
    }

    /// Whether it could sign here, and nothing tells its public half.
    pub fn lacks_public_half(&self) -> bool {
        let kinds = ["ECC P-256", "ECC P-384", "Ed25519", "RSA"];
        let bits = self.kind.strip_prefix("RSA ").and_then(|bits| bits.parse().ok());
        let signs = kinds.contains(&self.kind.as_str())
            || bits.is_some_and(|bits: u16| (2048..=4096).contains(&bits));
        !self.secret && self.public_key.is_empty() && signs
    }

    /// The key with its public half from elsewhere, if the token does not tell it.
    pub(super) fn with_public(&self, public: &PublicKey) -> Self {
        let mut key = self.clone();
        if key.public_key.is_empty() {
            key.public_key = BASE64.encode(public.to_der());
        }
        key
    }

    /// As it is named among others: its label, and its id.
    pub fn full_name(&self) -> Name {
        match (self.label.is_empty(), self.id.is_empty()) {
            (false, false) => Name::LabelAndId { label: self.label.clone(), id: self.id.clone() },
            _ => self.name(),
        }
    }

    /// Whether a visible key is the one that this names: everything that both give is the same.
    /// Only the label of a public half may differ from that of its private half, since their id and
    /// their public key say that they belong together.
    pub fn names(&self, seen: &Self) -> bool {
        let told = |wanted: &str, has: &str| wanted.is_empty() || wanted == has;
        let public = self.public_key.is_empty()
            || seen.public_key.is_empty()
            || self.public_key == seen.public_key;
        let half = self.hidden && !self.is_unseen() && !seen.hidden;
        let label = told(&self.label, &seen.label)
            || half && (!self.id.is_empty() || !seen.public_key.is_empty());
        self.secret == seen.secret && public && told(&self.id, &seen.id) && label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token {
            slot: 0,
            slot_name: "slot".to_owned(),
            hardware_slot: true,
            label: "label".to_owned(),
            manufacturer: String::new(),
            model: String::new(),
            serial: "1".to_owned(),
            login_required: true,
            pin: PinState::Good,
            pin_length: None,
            own_pad: false,
            mechanisms: Vec::new(),
            keys: Vec::new(),
            problem: None,
        }
    }

    #[test]
    fn hardware_is_only_what_says_so_in_full() {
        let of = |hardware_slot, sensitive, extractable| {
            let key = TokenKey { sensitive, extractable, ..TokenKey::default() };
            let token = Token { hardware_slot, ..token() };
            for vouching in [Vouching::Unlisted, Vouching::Changed] {
                assert_eq!(token.holding(&key, vouching).signer_type, SignerType::Software);
            }
            token.holding(&key, Vouching::Known).signer_type
        };
        assert_eq!(of(true, Some(true), Some(false)), SignerType::Hardware);
        for (slot, sensitive, extractable) in [
            (false, Some(true), Some(false)),
            (true, Some(false), Some(false)),
            (true, Some(true), Some(true)),
            (true, None, Some(false)),
            (true, Some(true), None),
            (true, None, None),
        ] {
            assert_eq!(of(slot, sensitive, extractable), SignerType::Software);
        }
    }

    #[test]
    fn where_a_key_was_made_is_unknown_unless_the_module_knows() {
        let of = |local, always_sensitive, never_extractable| {
            let key =
                TokenKey { local, always_sensitive, never_extractable, ..TokenKey::default() };
            assert_eq!(Token { model: EMULATED.to_owned(), ..token() }.origin(&key), None);
            token().origin(&key)
        };
        assert_eq!(of(Some(true), Some(true), Some(true)), Some(Origin::Generated));
        assert_eq!(of(Some(true), Some(true), Some(false)), Some(Origin::GeneratedExposed));
        assert_eq!(of(Some(false), Some(false), Some(false)), Some(Origin::Imported));
        assert_eq!(of(None, Some(true), Some(true)), None);
        assert_eq!(of(Some(true), None, Some(true)), None);
    }

    #[test]
    fn a_locked_pin_is_set_again_as_the_token_has_it() {
        let of = |model: &str, manufacturer: &str| {
            let (model, manufacturer) = (model.to_owned(), manufacturer.to_owned());
            Token { model, manufacturer, ..token() }.unlocking()
        };
        assert_eq!(of(EMULATED, "piv_II"), Unlocking::Puk);
        assert_eq!(of("YubiKey YK5", "Yubico (www.yubico.com)"), Unlocking::YubiKey);
        assert_eq!(of("SoftHSM v2", "SoftHSM project"), Unlocking::SecurityOfficer);
    }

    #[test]
    fn a_yubikey_behind_any_module_may_blink() {
        assert!(!token().may_blink());
        assert!(Token { slot_name: "Yubico YubiKey CCID 00 00".to_owned(), ..token() }.may_blink());
        assert!(Token { model: "YubiKey YK5".to_owned(), ..token() }.may_blink());
    }

    #[test]
    fn the_attestation_key_of_a_yubikey_signs_nothing_else() {
        let attests = TokenKey {
            label: "Public key for PIV Attestation".to_owned(),
            secret: true,
            ..TokenKey::default()
        };
        let mechanisms = vec![Mechanism::Sha256Hmac];
        let yubikey = Token { model: "YubiKey YK5".to_owned(), mechanisms, ..token() };
        assert_eq!(yubikey.algorithms(&attests), []);
        let signs = TokenKey { label: "Public key for Digital Signature".to_owned(), ..attests };
        assert_eq!(yubikey.algorithms(&signs), [Algorithm::HmacSha256]);
    }

    #[test]
    fn a_serial_in_the_label_is_not_repeated() {
        let called = |label: &str| {
            Token { label: label.to_owned(), serial: "99".to_owned(), ..token() }.name().to_string()
        };
        assert_eq!(called("YubiKey PIV #99"), "YubiKey PIV #99");
        assert_eq!(called("hsm"), "hsm (99)");
    }

    #[test]
    fn a_software_tpm_and_a_virtual_reader_are_recognised() {
        assert!(Token { model: "SW   TPM".to_owned(), ..token() }.is_virtual());
        assert!(Token { slot_name: "Virtual PCD 00 00".to_owned(), ..token() }.is_virtual());
        assert!(!token().is_virtual());
    }
}
