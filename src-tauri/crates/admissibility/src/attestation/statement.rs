//! What valid evidence says of a key.

use std::fmt;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::yubikey_policy::{PinPolicy, TouchPolicy};

/// What valid evidence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// A YubiKey generated the key.
    Yubikey(YubikeyStatement),
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

    /// What is known beside the words of [`Display`](fmt::Display).
    pub fn details(&self) -> String {
        match self {
            Self::Yubikey(statement) => statement.details(),
            Self::Tpm(statement) => statement.details(),
            Self::Cloud(_) => "assurance is the keyring's at most".to_owned(),
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yubikey(statement) => statement.fmt(f),
            Self::Tpm(statement) => statement.fmt(f),
            Self::Cloud(statement) => statement.fmt(f),
        }
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

/// What a YubiKey looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormFactor(pub(super) u8);

impl FormFactor {
    /// Whether it is of the FIPS series.
    pub fn is_fips(self) -> bool {
        self.0 & 0x80 != 0
    }
}

impl fmt::Display for FormFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The two high bits tell the series (ykman, `core/__init__.py`).
        match self.0 & 0x3f {
            1 => f.write_str("USB-A keychain"),
            2 => f.write_str("USB-A nano"),
            3 => f.write_str("USB-C keychain"),
            4 => f.write_str("USB-C nano"),
            5 => f.write_str("USB-C and Lightning"),
            6 => f.write_str("USB-A with fingerprint sensor"),
            7 => f.write_str("USB-C with fingerprint sensor"),
            other => write!(f, "form factor {other}"),
        }?;
        if self.is_fips() { f.write_str(", FIPS series") } else { Ok(()) }
    }
}

impl fmt::Display for YubikeyStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { serial, firmware: [major, minor, patch], pin, touch, .. } = self;
        match serial {
            Some(serial) => write!(f, "generated on YubiKey {serial}, ")?,
            None => f.write_str("generated on a YubiKey (serial number not stated), ")?,
        }
        write!(f, "firmware {major}.{minor}.{patch}, ")?;
        write!(f, "PIN {pin}, touch {touch}")
    }
}

impl YubikeyStatement {
    /// What is known beside the words of [`Display`](fmt::Display): slot, form, certifications,
    /// root.
    fn details(&self) -> String {
        let mut details = vec![format!("slot {:02x}", self.slot)];
        details.extend(self.form_factor.map(|form| form.to_string()));
        details.extend(self.fips.then(|| "FIPS certified".to_owned()));
        details.extend(self.cspn.then(|| "CSPN certified".to_owned()));
        details.push(format!("trusted by {}", self.root));
        if self.lacks_constraints {
            details.push("the certificate in slot f9 has no basicConstraints".to_owned());
        }
        if self.exceeds_path_length {
            details.push(
                "its root allows no authority below it (path length 0), tolerated for firmware 4.3"
                    .to_owned(),
            );
        }
        details.join(", ")
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
}

impl fmt::Display for TpmStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "made in a TPM that does not let it out, says its attestation key ")?;
        write!(f, "{}…", &self.attestation_key.hex()[..16])
    }
}

impl TpmStatement {
    /// As [`Statement::details`].
    fn details(&self) -> String {
        let key = format!("attestation key SHA-256 {}", self.attestation_key.hex());
        match &self.root {
            Some(root) => format!("{key}, trusted by {root}"),
            None if self.is_bound => format!("{key}, trusted itself with its attributes"),
            None => format!(
                "{key}, trusted itself; that it is restricted and bound to its TPM is the word of whoever trusted it"
            ),
        }
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

impl fmt::Display for CloudStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, key, signed_at, names_digest } = self;
        write!(f, "{service} is said to have made the key {key} in its hardware, and to have ")?;
        match names_digest {
            true => write!(f, "signed this digest with it at {signed_at}")?,
            false => write!(f, "signed with it at {signed_at} (which digest, the log leaves out)")?,
        }
        f.write_str("; the service has signed no word of this, so that it proves nothing")
    }
}
