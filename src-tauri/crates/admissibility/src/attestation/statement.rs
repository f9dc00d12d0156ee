//! What valid evidence says of a key.

use std::fmt;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::{Value, Words, words};

use super::endorsement::{Endorsement, TpmName};
use super::facts::{Facts, Firmware, FormFactor, KeyType, Model};

/// What valid evidence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// A YubiKey generated the key.
    Yubikey(YubikeyStatement),
    /// A YubiHSM generated the key and keeps it.
    YubiHsm(YubiHsmStatement),
    /// An HSM of Marvell made the key and keeps it.
    LiquidSecurity(LiquidSecurityStatement),
    /// A TPM made the key and keeps it.
    Tpm(TpmStatement),
    /// An operator shows what a cloud says of the key.
    Cloud(CloudStatement),
}

impl Statement {
    /// Whether it is by the thing that holds the key. What a person has copied is not: its assurance
    /// stays with the keyring's word.
    pub fn is_proof(&self) -> bool {
        !matches!(self, Self::Cloud(_))
    }

    /// What it proves of key and device; `None` if it proves nothing.
    pub fn facts(&self) -> Option<Facts> {
        match self {
            Self::Yubikey(statement) => Some(statement.facts()),
            Self::YubiHsm(statement) => Some(statement.facts()),
            Self::LiquidSecurity(statement) => Some(statement.facts()),
            Self::Tpm(statement) => Some(statement.facts()),
            Self::Cloud(_) => None,
        }
    }

    /// What it says.
    pub fn words(&self) -> Words {
        match self {
            Self::Yubikey(statement) => statement.words(),
            Self::YubiHsm(statement) => statement.words(),
            Self::LiquidSecurity(statement) => statement.words(),
            Self::Tpm(statement) => statement.words(),
            Self::Cloud(statement) => statement.words(),
        }
    }

    /// What is known beside that.
    pub fn details(&self) -> Words {
        match self {
            Self::Yubikey(statement) => statement.details(),
            Self::YubiHsm(statement) => statement.details(),
            Self::LiquidSecurity(statement) => statement.details(),
            Self::Tpm(statement) => statement.details(),
            Self::Cloud(_) => words!("statement-cloud-details"),
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

/// What is proven once the chain holds, at whatever time the key signs.
#[derive(Debug)]
pub(super) struct Proven {
    pub statement: Statement,
    /// Each certificate's subject and validity.
    pub validity: Vec<(String, Instant, Instant)>,
}

/// What a verified attestation of a YubiKey says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YubikeyStatement {
    /// The slot, such as 0x9c.
    pub slot: u8,
    /// The device's serial number; `None` if it does not state one, as firmware 4.3.
    pub serial: Option<u64>,
    /// The device's firmware: major, minor, patch.
    pub firmware: [u8; 3],
    /// When the device asks for its PIN.
    pub pin: PinPolicy,
    /// When the device asks to be touched.
    pub touch: TouchPolicy,
    /// What it looks like, if it says so.
    pub form_factor: Option<FormFactor>,
    /// What kind of key it is.
    pub key: KeyType,
    /// Whether the device was certified by FIPS when it left the factory.
    pub fips: bool,
    /// Whether the device was certified by CSPN when it left the factory.
    pub cspn: bool,
    /// Whether the certificate of slot f9 leaves out that it may issue others, as some do from the
    /// factory.
    pub lacks_constraints: bool,
    /// Whether the root issued the certificate of slot f9 although its path length is 0, as that of
    /// firmware 4.3 did.
    pub exceeds_path_length: bool,
    /// The subject of the trusted root.
    pub root: String,
}

impl YubikeyStatement {
    fn facts(&self) -> Facts {
        // The series of the slot's certificate, or the extension of the factory's.
        let is_fips = self.fips || self.form_factor.is_some_and(FormFactor::is_fips);
        Facts {
            model: Model::Yubikey,
            firmware: Some(Firmware(self.firmware)),
            pin: Some(self.pin),
            touch: Some(self.touch),
            form: self.form_factor,
            // Without both, nothing tells the series.
            fips: (is_fips || self.form_factor.is_some()).then_some(is_fips),
            // A YubiKey refuses to attest any other.
            generated: Some(true),
            key: self.key,
        }
    }

    fn words(&self) -> Words {
        let Self { serial, firmware: [major, minor, patch], pin, touch, .. } = self;
        let serial = serial.map_or(Value::None, |serial| serial.to_string().into());
        let firmware = format!("{major}.{minor}.{patch}");
        let (pin, touch) = (pin.words(), touch.words());
        words!("statement-yubikey", serial, firmware, pin, touch)
    }

    /// What is known beside that: slot, form, certifications, root.
    fn details(&self) -> Words {
        let form = self.form_factor.map(|form| match form.is_fips() {
            true => {
                words!("list-more", rest = form.words(), next = words!("yubikey-fips-series"))
            }
            false => form.words(),
        });
        let fips = self.fips.then(|| words!("yubikey-fips-certified"));
        let cspn = self.cspn.then(|| words!("yubikey-cspn-certified"));
        let root = words!("statement-root", root = %self.root);
        let constraints = self.lacks_constraints.then(|| words!("statement-no-constraints"));
        let length = self.exceeds_path_length.then(|| words!("statement-path-length"));
        let more = [form, fips, cspn, Some(root), constraints, length].into_iter().flatten();
        let slot = words!("statement-slot", slot = format!("{:02x}", self.slot));
        more.fold(slot, |rest, next| words!("list-more", rest, next))
    }
}

/// What a verified attestation of a YubiHSM says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YubiHsmStatement {
    /// The device's serial number.
    pub serial: u64,
    /// The device's firmware: major, minor, patch.
    pub firmware: [u8; 3],
    /// The id of the key in the device.
    pub object: u16,
    /// Its label; may be empty.
    pub label: String,
    /// What it may be used for.
    pub capabilities: Vec<String>,
    /// The domains that it is in, 1 to 16.
    pub domains: Vec<u8>,
    /// Whether the device is in its FIPS mode; `None` if it does not say so.
    pub fips: Option<bool>,
    /// What kind of key it is.
    pub key: KeyType,
    /// The subject of the trusted root.
    pub root: String,
}

impl YubiHsmStatement {
    fn facts(&self) -> Facts {
        Facts {
            model: Model::Yubihsm,
            firmware: Some(Firmware(self.firmware)),
            pin: None,
            touch: None,
            form: None,
            fips: self.fips,
            // Verified: its origin says so, and nothing else.
            generated: Some(true),
            key: self.key,
        }
    }

    fn words(&self) -> Words {
        let firmware = Firmware(self.firmware);
        words!("statement-yubihsm", serial = %self.serial, %firmware)
    }

    /// As [`Statement::details`].
    fn details(&self) -> Words {
        let object = format!("0x{:04x}", self.object);
        let domains: Vec<String> = self.domains.iter().map(ToString::to_string).collect();
        let (capabilities, domains) = (self.capabilities.join(", "), domains.join(", "));
        let key = words!(
            "statement-yubihsm-key",
            object,
            label = %self.label,
            capabilities,
            domains
        );
        let fips = (self.fips == Some(true)).then(|| words!("yubihsm-fips"));
        let root = words!("statement-root", root = %self.root);
        let more = [fips, Some(root)].into_iter().flatten();
        more.fold(key, |rest, next| words!("list-more", rest, next))
    }
}

/// What a verified statement of a LiquidSecurity HSM says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiquidSecurityStatement {
    /// The name of the partition that holds the key, as its maker certified it.
    pub partition: String,
    /// The label of the key; may be empty.
    pub label: String,
    /// The subject of the maker's root.
    pub maker: String,
    /// The subject of the owner's root.
    pub owner: String,
    /// What kind of key it is.
    pub key: KeyType,
}

impl LiquidSecurityStatement {
    /// A statement has no firmware, and an HSM asks nobody for a touch.
    fn facts(&self) -> Facts {
        Facts {
            model: Model::LiquidSecurity,
            firmware: None,
            pin: None,
            touch: None,
            form: None,
            fips: None,
            // Verified: OBJ_ATTR_LOCAL.
            generated: Some(true),
            key: self.key,
        }
    }

    fn words(&self) -> Words {
        words!("statement-liquidsecurity", partition = %self.partition)
    }

    /// As [`Statement::details`].
    fn details(&self) -> Words {
        let Self { label, maker, owner, .. } = self;
        words!("statement-liquidsecurity-details", %label, %maker, %owner)
    }
}

/// What a verified statement of a TPM says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TpmStatement {
    /// SHA-256 of the DER of the attestation key.
    pub attestation_key: Digest,
    /// The root that its certificate leads to; `None` if the key itself is trusted.
    pub root: Option<String>,
    /// Whether its public area is trusted, which says that it is restricted and bound to its TPM.
    /// Otherwise that is stated by whoever trusted or certified its key.
    pub is_bound: bool,
    /// What its TPM proved to the station that trusts it.
    pub endorsement: Option<Box<Endorsement>>,
    /// What its certificate calls the TPM.
    pub named: Option<TpmName>,
    /// What kind of key is certified.
    pub key: KeyType,
}

impl TpmStatement {
    /// What else a TPM knows of itself does not stand in TPM2_Certify, or not as anything that could
    /// be compared.
    fn facts(&self) -> Facts {
        Facts {
            model: Model::Tpm,
            firmware: None,
            pin: None,
            touch: None,
            form: None,
            fips: None,
            // Verified: its public area has sensitiveDataOrigin.
            generated: Some(true),
            key: self.key,
        }
    }

    fn words(&self) -> Words {
        words!("statement-tpm", key = format!("{}…", &self.attestation_key.hex()[..16]))
    }

    /// As [`Statement::details`].
    fn details(&self) -> Words {
        let key = self.attestation_key.hex();
        let said = match &self.root {
            Some(root) => words!("statement-tpm-root", key, %root),
            None if self.is_bound => words!("statement-tpm-bound", key),
            None => words!("statement-tpm-loose", key),
        };
        let named = self.named.as_ref().map(TpmName::words);
        let endorsed = self.endorsement.as_deref().map(Endorsement::words);
        let more = [named, endorsed].into_iter().flatten();
        more.fold(said, |rest, next| words!("list-more", rest, next))
    }
}

/// What a cloud's evidence says, if it contradicts nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudStatement {
    /// Whose service, in words.
    pub service: &'static str,
    /// The key, as the service names it.
    pub key: String,
    /// When the log has the call.
    pub signed_at: Instant,
    /// Whether the log says which digest was signed. AWS leaves it out.
    pub names_digest: bool,
}

impl CloudStatement {
    fn words(&self) -> Words {
        let Self { service, key, signed_at, names_digest } = self;
        words!("statement-cloud", service = *service, %key, at = %signed_at, digest = *names_digest)
    }
}
