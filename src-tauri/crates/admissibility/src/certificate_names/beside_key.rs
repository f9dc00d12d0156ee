//! The certificates that belong to one key: that of the key itself, and those that help to reach a
//! root.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_problem::Problem;

use crate::attestation::{Certificate, CertificateError};

/// How many certificates a key may have beside it.
pub const MAX_CERTIFICATES: usize = 10;
/// Longest certificate, in bytes of DER.
pub const MAX_BYTES: usize = 64 << 10;

/// Certificates beside a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCertificates {
    /// The certificate of the key.
    pub leaf: Certificate,
    /// Those that came with it. None of them is trusted.
    pub helpers: Vec<Certificate>,
}

/// Why certificates cannot be kept beside a key.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum KeyCertificatesError {
    /// The keyring's field is not a list of certificates.
    Form,
    /// One cannot be read.
    #[problem(transparent)]
    Certificate(#[from] CertificateError),
    /// There are more than anyone needs.
    #[arg(most = MAX_CERTIFICATES)]
    TooMany(usize),
    /// One is larger than any is.
    #[arg(limit = MAX_BYTES >> 10)]
    TooLarge,
    /// None of them is for the key.
    OtherKey {
        /// SHA-256 of the key that the first is for; empty if that key is of a kind that is not used
        /// here.
        certified: String,
        /// SHA-256 of the key.
        key: String,
    },
    /// Two different ones are for the key.
    Several,
}

impl KeyCertificates {
    /// Reads certificates: PEM with any number, or the DER of one.
    ///
    /// # Errors
    /// Fails if there is none, or one is damaged.
    pub fn read(bytes: &[u8]) -> Result<Vec<Certificate>, KeyCertificatesError> {
        let certificates = match bytes.first() {
            // A SEQUENCE.
            Some(0x30) => vec![Certificate::from_der(bytes)?],
            _ => Certificate::from_pem(bytes)?,
        };
        Ok(certificates)
    }

    /// The certificate of a key among some, in whatever order, with the others as its helpers.
    ///
    /// # Errors
    /// Fails if none is for the key, two are, or there are too many or too large ones.
    pub fn of(
        key: &PublicKey,
        certificates: Vec<Certificate>,
    ) -> Result<Self, KeyCertificatesError> {
        let mut all: Vec<Certificate> = Vec::new();
        for certificate in certificates {
            if !all.contains(&certificate) {
                all.push(certificate);
            }
        }
        check_sizes(&all)?;
        let (mut own, helpers): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| one.key() == Some(key));
        match (own.pop(), own.is_empty()) {
            (Some(leaf), true) => Ok(Self { leaf, helpers }),
            (Some(_), false) => Err(KeyCertificatesError::Several),
            (None, _) => {
                let certified = helpers.first().and_then(Certificate::key);
                let certified = certified.map(|key| key.fingerprint().hex()).unwrap_or_default();
                let key = key.fingerprint().hex();
                Err(KeyCertificatesError::OtherKey { certified, key })
            }
        }
    }

    /// As the keyring keeps them: base64 of the DER, that of the key first. Whether the first is for
    /// the key is judged where it is used, so that a wrong one is named there.
    ///
    /// # Errors
    /// Fails if it is not a list of certificates.
    pub fn parse(value: &serde_json::Value) -> Result<Self, KeyCertificatesError> {
        let all = value.as_array().ok_or(KeyCertificatesError::Form)?;
        if all.len() > MAX_CERTIFICATES {
            return Err(KeyCertificatesError::TooMany(all.len()));
        }
        let read = |one: &serde_json::Value| {
            let text = one.as_str().ok_or(KeyCertificatesError::Form)?;
            if text.len() > MAX_BYTES * 2 {
                return Err(KeyCertificatesError::TooLarge);
            }
            if text.trim_start().starts_with("-----BEGIN") {
                return Ok(Certificate::from_pem(text.as_bytes())?);
            }
            let der = BASE64.decode(text).map_err(|_| KeyCertificatesError::Form)?;
            Ok(vec![Certificate::from_der(&der)?])
        };
        let read: Result<Vec<_>, KeyCertificatesError> = all.iter().map(read).collect();
        let read: Vec<Certificate> = read?.into_iter().flatten().collect();
        check_sizes(&read)?;
        let mut read = read.into_iter();
        let leaf = read.next().ok_or(KeyCertificatesError::Form)?;
        Ok(Self { leaf, helpers: read.collect() })
    }

    /// To be kept in the keyring.
    pub fn to_value(&self) -> serde_json::Value {
        self.all().map(|one| serde_json::Value::from(BASE64.encode(one.der()))).collect()
    }

    /// The certificate of the key, then the others.
    pub fn all(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.helpers)
    }
}

fn check_sizes(all: &[Certificate]) -> Result<(), KeyCertificatesError> {
    if all.len() > MAX_CERTIFICATES {
        return Err(KeyCertificatesError::TooMany(all.len()));
    }
    match all.iter().any(|one| one.der().len() > MAX_BYTES) {
        true => Err(KeyCertificatesError::TooLarge),
        false => Ok(()),
    }
}
