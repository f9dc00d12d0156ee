//! The certificate beside a key on a device, and those of authorities there that lead from it towards a
//! root.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// How many certificates of authorities come along; a keyring keeps ten certificates beside a key.
const MAX_ISSUERS: usize = 9;

/// What a person is shown of it, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Whose it is (RFC 4514).
    pub subject: String,
    /// Until when it is valid, in seconds since 1970-01-01T00:00:00Z.
    pub not_after: i64,
    /// Its DER as the device has it, base64.
    #[serde(default)]
    pub der: String,
    /// The DER of those of authorities on the device that may lead from it to a root, base64. None is
    /// trusted.
    #[serde(default)]
    pub issuers: Vec<String>,
}

/// A certificate as a device has it.
#[derive(Debug, Clone)]
pub(crate) struct DeviceCertificate {
    /// As it was read.
    pub parsed: Certificate,
    /// Its very bytes: written again, it may be another, whose signature and SHA-256 are wrong.
    der: Vec<u8>,
}

impl DeviceCertificate {
    /// Reads one; `None` if it is none.
    pub(crate) fn read(der: Vec<u8>) -> Option<Self> {
        let parsed = Certificate::from_der(&der).ok()?;
        Some(Self { parsed, der })
    }

    /// Those of authorities among some that may lead from it to a root. Roots are left out: they are
    /// trusted by whoever has them, or not.
    fn issuers<'a>(&self, all: &'a [Self]) -> Vec<&'a Self> {
        let mut found: Vec<&Self> = Vec::new();
        let mut wanted = vec![self.parsed.tbs_certificate().issuer()];
        while let Some(name) = wanted.pop() {
            for one in all {
                let said = one.parsed.tbs_certificate();
                let is_new = one.der != self.der && found.iter().all(|other| other.der != one.der);
                let is_above = said.subject() == name && said.issuer() != said.subject();
                if is_above && is_new && found.len() < MAX_ISSUERS {
                    found.push(one);
                    wanted.push(said.issuer());
                }
            }
        }
        found
    }
}

impl CertificateFacts {
    /// From a certificate, and all that the device has.
    pub(crate) fn of(certificate: &DeviceCertificate, all: &[DeviceCertificate]) -> Self {
        let tbs = certificate.parsed.tbs_certificate();
        let not_after = tbs.validity().not_after.to_unix_duration().as_secs();
        let issuers = certificate.issuers(all).into_iter();
        Self {
            subject: tbs.subject().to_string(),
            not_after: i64::try_from(not_after).unwrap_or(i64::MAX),
            der: BASE64.encode(&certificate.der),
            issuers: issuers.map(|one| BASE64.encode(&one.der)).collect(),
        }
    }

    /// Its DER, and that of each that came along; `None` if it cannot be read.
    pub fn to_der(&self) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
        let read = |text: &String| BASE64.decode(text).ok().filter(|der| !der.is_empty());
        Some((read(&self.der)?, self.issuers.iter().filter_map(read).collect()))
    }
}
