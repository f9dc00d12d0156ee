//! Whether a time-stamping authority vouches for a time (RFC 3161; EVIDENCE.md section 2): from the
//! tokens beside a signature to the earliest time that one of them proves, or why it proves none.
//!
//! A token is a word of its authority. It proves a time if the authority leads to a root that a
//! person has trusted for time stamps, by certificates that were valid at that time. The mere
//! presence of a token proves nothing.

mod authority;
mod error;
mod judged;
mod request;
mod response;
mod token;

#[cfg(test)]
mod tests;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_problem::{Words, words};
use der::asn1::{ObjectIdentifier, OctetString};
use der::oid::db::{rfc3161, rfc5911, rfc5912};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::attestation::{AttestationRoots, Certificate};
use authority::Authority;
use token::Token;

pub use error::TimeStampError;
pub use judged::{Covered, Ending, TimeStampFinding, TimeStamps, WARN_DAYS};
pub use request::{MAX_REQUEST, Request, TimeRequestError};
pub use response::{MAX_RESPONSE, TimeResponseError, response_of_token, token_of_response};

/// The roots that time-stamping authorities may lead to, and intermediates that help to reach them.
#[derive(Debug, Default)]
pub struct TsaRoots(AttestationRoots);

impl TsaRoots {
    /// From certificates: those that are signed by their own key are trusted, the others help to
    /// reach one of them.
    pub fn new(certificates: impl IntoIterator<Item = Certificate>) -> Self {
        Self(AttestationRoots::new(certificates))
    }

    /// The certificates, roots and helpers.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.0.certificates()
    }

    /// What tells what is trusted from what else might be.
    pub fn digest(&self) -> Digest {
        self.0.digest()
    }
}

/// A time that a trusted authority vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedTime {
    /// The time, to the second before.
    pub at: Instant,
    /// By how many seconds it may be off, rounded up. Zero if the authority does not say.
    pub accuracy: u32,
    /// The authority, as its certificate names it.
    pub authority: String,
    /// The root that it leads to.
    pub root: String,
    /// The last second of the authority's certificate.
    pub authority_ends: Instant,
    /// The last second in which its whole chain is valid.
    pub chain_ends: Instant,
}

impl TrustedTime {
    /// The latest that it can have been, in seconds since 1970.
    pub fn latest(&self) -> i64 {
        self.at.unix().saturating_add(i64::from(self.accuracy))
    }

    /// `2026-11-28T20:00:00Z, to 1 second, by CN=Example TSA`.
    pub fn words(&self) -> Words {
        let Self { at, accuracy, authority, .. } = self;
        words!("trusted-time", %at, accuracy = u64::from(*accuracy), %authority)
    }

    /// Whether it was certainly before another time.
    pub fn precedes(&self, other: Instant) -> bool {
        self.latest() < other.unix()
    }
}

impl std::fmt::Display for TrustedTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.words().fmt(f)
    }
}

/// Verifies that a token is about bytes with this SHA-256, answers a request if there is one, and
/// is the word of a trusted authority.
///
/// # Errors
/// [`TimeStampError`] says in which way it fails; what is wrong with the token itself comes before
/// what is wrong with its authority.
pub fn verify(
    token: &[u8],
    imprint: Digest,
    request: Option<&Request>,
    roots: &TsaRoots,
) -> Result<TrustedTime, TimeStampError> {
    let token = Token::parse(token)?;
    if token.imprint.sha256()? != imprint.as_bytes() {
        return Err(TimeStampError::OtherImprint);
    }
    if let Some(request) = request {
        request.check(&token)?;
    }
    check_content(&token)?;
    let authority = Authority::of(&token)?;
    authority.verify_signature(&token)?;
    authority.check_purpose()?;
    authority.vouches(&token, roots)
}

/// The SHA-256 that a token says it is about. Nothing of the token is verified.
///
/// # Errors
/// Fails if it is not a token, or its imprint is not a SHA-256.
pub fn imprint(token: &[u8]) -> Result<Digest, TimeStampError> {
    let token = Token::parse(token)?;
    // That its algorithm is not SHA-256 is said before that its length is not.
    token.imprint.sha256()?;
    token.imprint.digest().ok_or(TimeStampError::OtherImprint)
}

/// Whether a token holds and is about bytes with this SHA-256, whoever its authority is: then it is
/// worth keeping.
pub fn is_about(token: &[u8], imprint: Digest) -> bool {
    let outcome = verify(token, imprint, None, &TsaRoots::default());
    outcome.map_or_else(|error| error.lacks_trust(), |_| true)
}

/// Checks that the signed attributes are about the content (RFC 5652 section 11).
fn check_content(token: &Token) -> Result<(), TimeStampError> {
    const CONTENT_TYPE: &str = "content-type";
    const MESSAGE_DIGEST: &str = "message-digest";
    let content_type: ObjectIdentifier = token
        .attribute(rfc5911::ID_CONTENT_TYPE, CONTENT_TYPE)?
        .decode_as()
        .map_err(|_| TimeStampError::Attribute(CONTENT_TYPE))?;
    if content_type != rfc3161::ID_CT_TST_INFO {
        return Err(TimeStampError::Attribute(CONTENT_TYPE));
    }
    let signed: OctetString = token
        .attribute(rfc5911::ID_MESSAGE_DIGEST, MESSAGE_DIGEST)?
        .decode_as()
        .map_err(|_| TimeStampError::Attribute(MESSAGE_DIGEST))?;
    let digest = match token.signer.digest_alg.oid {
        rfc5912::ID_SHA_256 => Sha256::digest(&token.content).to_vec(),
        rfc5912::ID_SHA_384 => Sha384::digest(&token.content).to_vec(),
        rfc5912::ID_SHA_512 => Sha512::digest(&token.content).to_vec(),
        other => return Err(TimeStampError::Algorithm(Words::text(other.to_string()))),
    };
    if digest == signed.as_bytes() { Ok(()) } else { Err(TimeStampError::Altered) }
}
