//! The certificate beside a key on a token.

use serde::{Deserialize, Serialize};
use x509_cert::Certificate;

/// What a person is shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Whose it is (RFC 4514).
    pub subject: String,
    /// Until when it is valid, in seconds since 1970-01-01T00:00:00Z.
    pub not_after: i64,
}

impl CertificateFacts {
    /// From a certificate.
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let tbs = certificate.tbs_certificate();
        let not_after = tbs.validity().not_after.to_unix_duration().as_secs();
        Self {
            subject: tbs.subject().to_string(),
            not_after: i64::try_from(not_after).unwrap_or(i64::MAX),
        }
    }
}
