//! Why a time-stamp token proves no time.

use countersign_envelope::instant::Instant;
use countersign_envelope::time_stamp::{MAX_TOKEN, TimeStampFormError};
use countersign_problem::{Problem, Words, words};

use crate::attestation::AttestationError;

/// Why a time-stamp token proves no time.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum TimeStampError {
    /// The entry beside the signature cannot be read.
    #[problem(transparent)]
    Form(#[from] TimeStampFormError),
    /// It is longer than [`MAX_TOKEN`].
    #[arg(limit = MAX_TOKEN >> 10)]
    TooLarge,
    /// It is not the DER of a TimeStampToken.
    Malformed(Words),
    /// It is not about anything that is here: there is no claim to cover.
    NothingCovered,
    /// The claim that it is about contradicts its signature, which is reported for itself.
    ClaimBroken,
    /// It is about other bytes.
    OtherImprint,
    /// Its imprint is by another algorithm than SHA-256.
    ImprintAlgorithm(String),
    /// It answers another request.
    OtherNonce,
    /// It was made under another policy than was asked for.
    OtherPolicy {
        /// Its policy.
        found: String,
        /// The requested policy.
        wanted: String,
    },
    /// Something in it is not processed by this version, and may matter.
    NotProcessed(Words),
    /// It has another number of signers than one.
    Signers(usize),
    /// A signed attribute is missing, given twice or damaged.
    Attribute(&'static str),
    /// Its content is not what was signed.
    Altered,
    /// The certificate of its signer is not in it.
    NoCertificate,
    /// Its signature does not verify.
    Signature {
        /// The certificate of the signer.
        authority: String,
    },
    /// Its signature is of a kind that is not accepted.
    Algorithm(Words),
    /// It names another certificate than that of its signer (ESSCertID).
    OtherCertificate {
        /// The certificate of the signer.
        authority: String,
    },
    /// The certificate of the signer is not for time stamps alone.
    Purpose {
        /// The certificate.
        authority: String,
        /// What is wrong with it, as its text chooses by it.
        problem: &'static str,
    },
    /// Its certificates do not form a chain.
    Chain {
        /// The certificate at fault.
        subject: Words,
        /// What is wrong with it.
        problem: Words,
    },
    /// A certificate was not valid yet.
    NotYetValid {
        /// The certificate.
        subject: String,
        /// From when it is valid.
        from: Instant,
        /// The time in the token.
        at: Instant,
    },
    /// A certificate had expired.
    Expired {
        /// The certificate.
        subject: String,
        /// Its last second.
        until: Instant,
        /// The time in the token.
        at: Instant,
    },
    /// It holds, and its authority leads to no root that is trusted.
    UnknownAuthority {
        /// The authority, as its certificate says.
        authority: String,
        /// The first issuer that is not known.
        issuer: String,
        /// The time that it states.
        at: Instant,
    },
    /// It renews a token that is not beside the signature.
    NoSuchToken,
    /// It renews a token that does not prove a time itself.
    RenewsInvalid,
    /// It renews a token that was not valid at its own time.
    RenewsTooLate {
        /// Until when the renewed token was valid.
        until: Instant,
        /// The time of the renewal.
        at: Instant,
    },
    /// It renews a token that is younger.
    RenewsYounger {
        /// The time of the renewed token.
        renewed: Instant,
        /// The time of the renewal.
        at: Instant,
    },
}

impl TimeStampError {
    /// Whether its only fault is that its authority is not trusted.
    pub const fn lacks_trust(&self) -> bool {
        matches!(self, Self::UnknownAuthority { .. })
    }

    /// Whether it is open whether the time stamp holds: its authority is not known here, or it is of
    /// a kind that this version does not verify.
    pub const fn is_unchecked(&self) -> bool {
        matches!(
            self,
            Self::ClaimBroken
                | Self::UnknownAuthority { .. }
                | Self::NotProcessed(_)
                | Self::Form(TimeStampFormError::Type(_) | TimeStampFormError::Covers(_))
        )
    }

    /// Of what is wrong with the chain of an authority.
    pub(super) fn of_chain(error: AttestationError, authority: &str, at: Instant) -> Self {
        match error {
            AttestationError::UnknownRoot { issuer } => {
                Self::UnknownAuthority { authority: authority.to_owned(), issuer, at }
            }
            AttestationError::NotYetValid { subject, from, .. } => {
                Self::NotYetValid { subject, from, at }
            }
            AttestationError::Expired { subject, until, .. } => {
                Self::Expired { subject, until, at }
            }
            AttestationError::BrokenChain { subject, problem } => {
                Self::Chain { subject: Words::text(subject), problem }
            }
            AttestationError::NotProcessed { subject, problem } => Self::Chain { subject, problem },
            AttestationError::Signature { subject, issuer, problem } => {
                let problem = words!("cert-not-signed-by", issuer, problem);
                Self::Chain { subject: Words::text(subject), problem }
            }
            other => {
                Self::Chain { subject: Words::text(authority.to_owned()), problem: other.into() }
            }
        }
    }
}
