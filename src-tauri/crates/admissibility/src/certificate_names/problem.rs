//! Why a certificate does not prove the names that it states.

use countersign_envelope::instant::Instant;
use countersign_problem::{Problem, Words, words};

use crate::attestation::{AttestationError, IssuerProblem};

/// Why a certificate does not prove the names that it states.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum NameProblem {
    /// It cannot be read.
    Unread(Words),
    /// It is for another key.
    OtherKey {
        /// SHA-256 of the key that it is for.
        certified: String,
        /// SHA-256 of the key that it is beside.
        key: String,
    },
    /// The time at which it is to be judged cannot be read.
    NoTime,
    /// It is signed by its own key, and not trusted.
    SelfSigned,
    /// It leads to no root that is known here.
    UnknownRoot {
        /// The first issuer that is not known.
        issuer: String,
    },
    /// It leads to a root that came with it, and is not trusted for names.
    OtherRoot {
        /// The root.
        root: String,
        /// Its SHA-256.
        sha256: String,
    },
    /// A certificate was not valid yet.
    NotYetValid {
        /// The certificate.
        subject: String,
        /// From when it is valid.
        from: Instant,
        /// The time judged.
        at: Instant,
    },
    /// A certificate had expired.
    Expired {
        /// The certificate.
        subject: String,
        /// Its last second.
        until: Instant,
        /// The time judged.
        at: Instant,
    },
    /// Something in it is not processed by this version, and may matter.
    NotProcessed {
        /// The certificate.
        subject: Words,
        /// What is not processed.
        problem: Words,
    },
    /// The certificates do not form a chain.
    Broken {
        /// The certificate at fault.
        subject: Words,
        /// What is wrong with it.
        problem: Words,
    },
    /// Its issuer, or that of one above it, had revoked it.
    Revoked {
        /// The certificate.
        subject: String,
        /// From when.
        since: Instant,
        /// The reason, as RFC 5280 calls it.
        reason: &'static str,
    },
    /// It is revoked because someone else may have the key since a time, and no authority saw the
    /// signature before.
    Compromised {
        /// The certificate.
        subject: String,
        /// Since when.
        since: Instant,
        /// The reason, as RFC 5280 calls it.
        reason: &'static str,
    },
}

impl NameProblem {
    /// Whether it says that the certificate is wrong, not only that it is open whether it holds.
    pub const fn contradicts(&self) -> bool {
        matches!(
            self,
            Self::OtherKey { .. }
                | Self::Broken { .. }
                | Self::Revoked { .. }
                | Self::Compromised { .. }
        )
    }

    /// Of what is wrong with a chain.
    pub(super) fn of_chain(error: AttestationError) -> Self {
        match error {
            AttestationError::UnknownRoot { issuer } => Self::UnknownRoot { issuer },
            AttestationError::NotYetValid { subject, from, at } => {
                Self::NotYetValid { subject, from, at }
            }
            AttestationError::Expired { subject, until, at } => {
                Self::Expired { subject, until, at }
            }
            AttestationError::NotProcessed { subject, problem } => {
                Self::NotProcessed { subject, problem }
            }
            AttestationError::BrokenChain { subject, problem } => {
                Self::Broken { subject: Words::text(subject), problem }
            }
            AttestationError::Signature { subject, issuer, problem } => {
                let is_wrong = problem == Words::from(IssuerProblem::Wrong);
                let problem = words!("cert-not-signed-by", issuer, problem);
                let subject = Words::text(subject);
                match is_wrong {
                    true => Self::Broken { subject, problem },
                    // Of a kind that is not verified here.
                    false => Self::NotProcessed { subject, problem },
                }
            }
            other => {
                Self::NotProcessed { subject: words!("names-certificate"), problem: other.into() }
            }
        }
    }
}
