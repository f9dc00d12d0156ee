//! A request for a token (TimeStampReq, RFC 3161 section 2.4.1).

use countersign_envelope::digest::Digest;
use countersign_problem::Problem;
use der::asn1::{Int, ObjectIdentifier, Uint};
use der::{Decode as _, Encode as _, Sequence};
use x509_cert::ext::Extensions;

use super::error::TimeStampError;
use super::token::{MessageImprint, Token};

/// The longest request that is read, in bytes.
pub const MAX_REQUEST: usize = 4 << 10;

/// TimeStampReq (RFC 3161 section 2.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub struct Request {
    version: u8,
    imprint: MessageImprint,
    policy: Option<ObjectIdentifier>,
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    wants_certificate: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

/// Why something is not a request that a token can be checked against.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum TimeRequestError {
    /// It is longer than [`MAX_REQUEST`].
    #[arg(limit = MAX_REQUEST >> 10)]
    TooLarge,
    /// It is not the DER of a TimeStampReq.
    Malformed(String),
    /// Its imprint is not a SHA-256.
    Imprint,
}

fn malformed(error: der::Error) -> TimeRequestError {
    TimeRequestError::Malformed(error.to_string())
}

impl Request {
    /// A request for a token about bytes with this digest, which comes with the certificates of
    /// its authority. The nonce must be random: it ties the answer to this request.
    ///
    /// # Errors
    /// Fails only if the digest or the nonce cannot be written, which none does.
    pub fn new(imprint: Digest, nonce: [u8; 8]) -> Result<Self, TimeRequestError> {
        Ok(Self {
            version: 1,
            imprint: MessageImprint::of(imprint).map_err(malformed)?,
            policy: None,
            nonce: Some(Uint::new(&nonce).map_err(malformed)?.into()),
            wants_certificate: true,
            extensions: None,
        })
    }

    /// Reads a request.
    ///
    /// # Errors
    /// Fails if it is not one, or its imprint is not a SHA-256.
    pub fn parse(bytes: &[u8]) -> Result<Self, TimeRequestError> {
        if bytes.len() > MAX_REQUEST {
            return Err(TimeRequestError::TooLarge);
        }
        let request = Self::from_der(bytes).map_err(malformed)?;
        match request.imprint() {
            Some(_) => Ok(request),
            None => Err(TimeRequestError::Imprint),
        }
    }

    /// The DER, as an authority reads it.
    ///
    /// # Errors
    /// Fails only if it cannot be written, as in [`Self::new`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, TimeRequestError> {
        self.to_der().map_err(malformed)
    }

    /// The SHA-256 that it is about; `None` if its imprint is another.
    pub fn imprint(&self) -> Option<Digest> {
        self.imprint.digest()
    }

    /// Checks that a token answers it.
    ///
    /// # Errors
    /// Fails if the token has another nonce or policy.
    pub(super) fn check(&self, token: &Token) -> Result<(), TimeStampError> {
        if self.nonce.is_some() && token.nonce != self.nonce {
            return Err(TimeStampError::OtherNonce);
        }
        match self.policy {
            Some(wanted) if wanted != token.policy => Err(TimeStampError::OtherPolicy {
                found: token.policy.to_string(),
                wanted: wanted.to_string(),
            }),
            _ => Ok(()),
        }
    }
}
