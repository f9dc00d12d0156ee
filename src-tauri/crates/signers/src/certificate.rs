//! The certificate beside a key on a token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::der::Encode as _;

/// What a person is shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Whose it is (RFC 4514).
    pub subject: String,
    /// Until when it is valid, in seconds since 1970-01-01T00:00:00Z.
    pub not_after: i64,
    /// Its DER, base64; empty if it cannot be written again.
    #[serde(default)]
    pub der: String,
}

impl CertificateFacts {
    /// From a certificate.
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let tbs = certificate.tbs_certificate();
        let not_after = tbs.validity().not_after.to_unix_duration().as_secs();
        Self {
            subject: tbs.subject().to_string(),
            not_after: i64::try_from(not_after).unwrap_or(i64::MAX),
            der: certificate.to_der().map(|der| BASE64.encode(der)).unwrap_or_default(),
        }
    }

    /// Its DER; `None` if it cannot be written again.
    pub fn to_der(&self) -> Option<Vec<u8>> {
        BASE64.decode(&self.der).ok().filter(|der| !der.is_empty())
    }
}
