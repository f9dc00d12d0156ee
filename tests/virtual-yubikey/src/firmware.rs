use std::fmt;
use std::str::FromStr;

/// A firmware version: it decides what the card can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Firmware(
    /// Major.
    pub u8,
    /// Minor.
    pub u8,
    /// Patch.
    pub u8,
);

impl Firmware {
    /// The last YubiKey 4: attestation, but no metadata and no GET SERIAL.
    pub const V4_3_5: Self = Self(4, 3, 5);
    /// A YubiKey 5 with GET SERIAL, but without metadata.
    pub const V5_2_7: Self = Self(5, 2, 7);
    /// A YubiKey 5 with metadata and AES management keys.
    pub const V5_4_3: Self = Self(5, 4, 3);
    /// A YubiKey 5 with Ed25519, large RSA keys and the new attestation chain.
    pub const V5_7_4: Self = Self(5, 7, 4);

    /// READ CONFIG of the management application.
    pub(crate) fn has_device_information(self) -> bool {
        self >= Self(4, 1, 0)
    }

    pub(crate) fn has_attestation(self) -> bool {
        self >= Self(4, 3, 0)
    }

    pub(crate) fn has_serial(self) -> bool {
        self >= Self(5, 0, 3)
    }

    pub(crate) fn has_metadata(self) -> bool {
        self >= Self(5, 3, 0)
    }

    pub(crate) fn has_aes_management_key(self) -> bool {
        self >= Self(5, 4, 0)
    }

    /// Ed25519, RSA 3072 and 4096, MOVE KEY, and AES-192 as default type of the management key.
    pub(crate) fn has_5_7(self) -> bool {
        self >= Self(5, 7, 0)
    }

    /// Attested under the root of 2024, with intermediate certificates.
    pub(crate) fn has_new_chain(self) -> bool {
        self >= Self(5, 7, 4)
    }

    pub(crate) fn bytes(self) -> [u8; 3] {
        [self.0, self.1, self.2]
    }
}

impl fmt::Display for Firmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl FromStr for Firmware {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Result<Vec<u8>, _> = text.split('.').map(str::parse).collect();
        match parts.as_deref() {
            Ok(&[major, minor, patch]) => Ok(Self(major, minor, patch)),
            _ => Err(format!("{text} is not a firmware version; write it as 5.7.4")),
        }
    }
}

/// The shape of the token, as the management application and the attestation tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FormFactor {
    /// USB-A, for the key ring.
    #[default]
    UsbAKeychain = 1,
    /// USB-A, nano.
    UsbANano = 2,
    /// USB-C, for the key ring.
    UsbCKeychain = 3,
    /// USB-C, nano.
    UsbCNano = 4,
    /// USB-C and Lightning.
    UsbCLightning = 5,
}
