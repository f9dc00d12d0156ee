//! What a verified attestation states of a key and of the device that holds it, in one form for every
//! kind of device. Only [`Statement::facts`](super::Statement::facts) makes them: nothing else in a
//! signature file is believed about a device.

use std::fmt;
use std::str::FromStr;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::vocabulary;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};
use countersign_problem::{Words, words};
use serde::{Deserialize, Serialize};

vocabulary! {
    /// What kind of device attests its keys.
    Model {
        /// A YubiKey.
        Yubikey = "yubikey",
        /// A YubiHSM 2.
        Yubihsm = "yubihsm",
        /// A Marvell LiquidSecurity HSM, as in Google Cloud HSM.
        LiquidSecurity = "liquidsecurity",
        /// A TPM 2.0.
        Tpm = "tpm",
    }
}

vocabulary! {
    /// What a YubiKey looks like (Yubico, "PIV attestation", extension `.9`).
    Form {
        /// USB-A on a key ring.
        UsbAKeychain = "usb-a-keychain",
        /// USB-A, to stay plugged in.
        UsbANano = "usb-a-nano",
        /// USB-C on a key ring.
        UsbCKeychain = "usb-c-keychain",
        /// USB-C, to stay plugged in.
        UsbCNano = "usb-c-nano",
        /// USB-C and Lightning.
        UsbCLightning = "usb-c-lightning",
        /// USB-A with a fingerprint sensor.
        UsbAFingerprint = "usb-a-fingerprint",
        /// USB-C with a fingerprint sensor.
        UsbCFingerprint = "usb-c-fingerprint",
    }
}

impl Model {
    /// Its name.
    pub fn words(self) -> Words {
        Words::text(match self {
            Self::Yubikey => "YubiKey",
            Self::Yubihsm => "YubiHSM 2",
            Self::LiquidSecurity => "Marvell LiquidSecurity",
            Self::Tpm => "TPM 2.0",
        })
    }
}

impl Form {
    /// By its number; `None` if that is not known here.
    pub(super) const fn of(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::UsbAKeychain,
            2 => Self::UsbANano,
            3 => Self::UsbCKeychain,
            4 => Self::UsbCNano,
            5 => Self::UsbCLightning,
            6 => Self::UsbAFingerprint,
            7 => Self::UsbCFingerprint,
            _ => return None,
        })
    }

    /// In words.
    pub fn words(self) -> Words {
        match self {
            Self::UsbAKeychain => words!("yubikey-usb-a-keychain"),
            Self::UsbANano => words!("yubikey-usb-a-nano"),
            Self::UsbCKeychain => words!("yubikey-usb-c-keychain"),
            Self::UsbCNano => words!("yubikey-usb-c-nano"),
            Self::UsbCLightning => words!("yubikey-usb-c-lightning"),
            Self::UsbAFingerprint => words!("yubikey-usb-a-fingerprint"),
            Self::UsbCFingerprint => words!("yubikey-usb-c-fingerprint"),
        }
    }
}

/// What a YubiKey looks like, as its attestation has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormFactor(pub(crate) u8);

impl FormFactor {
    /// Whether it is of the FIPS series.
    pub fn is_fips(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Which one; `None` if its number is not known here. The two high bits tell the series (ykman,
    /// `core/__init__.py`).
    pub fn form(self) -> Option<Form> {
        Form::of(self.number())
    }

    /// As policy names it, or its number if that is not known here.
    pub fn name(self) -> String {
        self.form().map_or_else(|| self.number().to_string(), |form| form.to_string())
    }

    fn number(self) -> u8 {
        self.0 & 0x3f
    }

    /// In words.
    pub fn words(self) -> Words {
        match self.form() {
            Some(form) => form.words(),
            None => words!("yubikey-other-form", number = %self.number()),
        }
    }
}

/// The version of a device's firmware: major, minor, patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Firmware(pub [u8; 3]);

impl fmt::Display for Firmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl From<Firmware> for String {
    fn from(firmware: Firmware) -> Self {
        firmware.to_string()
    }
}

/// A text that cannot be read as the version of a firmware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoFirmware;

impl fmt::Display for NoFirmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a firmware is one to three numbers below 256 with points between, such as 5.7")
    }
}

impl std::error::Error for NoFirmware {}

impl FromStr for Firmware {
    type Err = NoFirmware;

    /// Reads `5`, `5.7` or `5.7.4`; what is left out is 0.
    fn from_str(text: &str) -> Result<Self, NoFirmware> {
        let mut firmware = [0; 3];
        let mut numbers = text.split('.');
        for (at, number) in numbers.by_ref().take(3).enumerate() {
            let is_plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            firmware[at] = number.parse().ok().filter(|_| is_plain).ok_or(NoFirmware)?;
        }
        match numbers.next() {
            None => Ok(Self(firmware)),
            Some(_) => Err(NoFirmware),
        }
    }
}

impl TryFrom<String> for Firmware {
    type Error = NoFirmware;

    fn try_from(text: String) -> Result<Self, NoFirmware> {
        text.parse()
    }
}

/// With what a key signs, as far as advisories are about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// RSA.
    Rsa,
    /// ECDSA on a NIST curve.
    Ecdsa,
    /// Ed25519.
    Ed25519,
    /// ML-DSA.
    MlDsa,
}

impl KeyType {
    /// Of a public key.
    pub fn of(key: &PublicKey) -> Self {
        match key {
            PublicKey::Rsa(_) => Self::Rsa,
            PublicKey::P256(_) | PublicKey::P384(_) => Self::Ecdsa,
            PublicKey::Ed25519(_) => Self::Ed25519,
            PublicKey::MlDsa65(_) => Self::MlDsa,
        }
    }
}

/// What is stated. `None` is what the attestation does not state: no requirement is met by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What holds the key.
    pub model: Model,
    /// Its firmware.
    pub firmware: Option<Firmware>,
    /// When it asks for its PIN.
    pub pin: Option<PinPolicy>,
    /// When it asks to be touched.
    pub touch: Option<TouchPolicy>,
    /// What it looks like.
    pub form: Option<FormFactor>,
    /// Whether it is certified by FIPS.
    pub fips: Option<bool>,
    /// Whether the key was generated on it, not imported.
    pub generated: Option<bool>,
    /// What kind of key it is.
    pub key: KeyType,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firmware_is_compared_by_its_numbers() {
        let firmware = |text: &str| text.parse::<Firmware>();
        assert!(firmware("5.10").unwrap() > firmware("5.7.4").unwrap());
        assert_eq!(firmware("5"), Ok(Firmware([5, 0, 0])));
        assert_eq!(firmware("5.7.4").unwrap().to_string(), "5.7.4");
        for wrong in ["", "5.", ".7", "5.7.4.1", "256", "+5", "5.-7", "five", " 5"] {
            assert_eq!(firmware(wrong), Err(NoFirmware), "{wrong:?}");
        }
    }
}
