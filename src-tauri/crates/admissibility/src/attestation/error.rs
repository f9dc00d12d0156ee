//! Why an attestation proves nothing, and what that means for the signature beside it.

use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::KeyAttestationError;
use countersign_envelope::signature::{Algorithm, SignedPayload};
use countersign_envelope::vocabulary;
use countersign_problem::{Problem, Words};

/// Why an attestation proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum AttestationError {
    /// It cannot be read.
    Malformed(Words),
    /// It is one of a type that is not verified here.
    NotVerified(String),
    /// It is about another key.
    OtherKey,
    /// It is about another slot than it says.
    #[arg(certified = format!("{certified:02x}"))]
    WrongSlot {
        /// What the attestation says.
        claimed: String,
        /// What the certificate says.
        certified: u8,
    },
    /// The certificates do not form a chain.
    BrokenChain {
        /// The certificate at fault.
        subject: String,
        /// What is wrong with it.
        problem: Words,
    },
    /// The attestation itself is not signed by the key that it names as the device's.
    Forged {
        /// The certificate.
        subject: String,
        /// The one that comes with it.
        issuer: String,
    },
    /// Something in it is not processed by this version, and may matter.
    NotProcessed {
        /// The certificate, or the part of the evidence.
        subject: Words,
        /// What is not processed.
        problem: Words,
    },
    /// A key in a slot signed as if it were the device's own.
    SlotAsIssuer {
        /// The certificate.
        subject: String,
    },
    /// The certificate in slot f9 is for something else.
    NotDevice {
        /// The certificate.
        subject: String,
    },
    /// A certificate's signature does not verify.
    Signature {
        /// The certificate.
        subject: String,
        /// Its issuer.
        issuer: String,
        /// In which way it fails.
        problem: Words,
    },
    /// A certificate was not valid yet.
    NotYetValid {
        /// The certificate.
        subject: String,
        /// From when it is valid.
        from: Instant,
        /// The time of signing.
        at: Instant,
    },
    /// A certificate had expired.
    Expired {
        /// The certificate.
        subject: String,
        /// Its last second.
        until: Instant,
        /// The time of signing.
        at: Instant,
    },
    /// The chain holds as far as it goes, and does not reach a trusted root.
    #[arg(yubico = issuer.contains("Yubico"))]
    UnknownRoot {
        /// The first issuer that is not known.
        issuer: String,
    },
    /// The device attests with a key that its owner has put in slot f9.
    KeyReplaced {
        /// The certificate in slot f9.
        subject: String,
    },
    /// The issuer of the device's certificate issues for something else than PIV.
    IssuerKind {
        /// The issuer.
        issuer: String,
    },
    /// A YubiHSM's does not hold.
    #[problem(transparent)]
    Hsm(#[from] HsmProblem),
    /// That of a LiquidSecurity HSM does not hold.
    #[problem(transparent)]
    Marvell(#[from] MarvellProblem),
    /// A TPM's does not hold.
    #[problem(transparent)]
    Tpm(#[from] TpmProblem),
    /// A cloud's does not hold.
    #[problem(transparent)]
    Cloud(#[from] CloudProblem),
}

impl AttestationError {
    /// What it means for the signature beside which the evidence stands.
    ///
    /// Only what is about another key, another content or another call contradicts, and a statement
    /// that the key named in the same evidence did not sign. All else leaves the question open: what
    /// cannot be judged here may be judged elsewhere, or once something more is trusted.
    pub fn bearing(&self) -> Bearing {
        match self {
            Self::OtherKey | Self::Forged { .. } => Bearing::Contradicts,
            Self::Malformed(_) | Self::WrongSlot { .. } => Bearing::Unusable,
            Self::Marvell(MarvellProblem::Signature) => Bearing::Contradicts,
            Self::Tpm(problem) => problem.bearing(),
            Self::Cloud(problem) => problem.bearing(),
            _ => Bearing::NotJudged,
        }
    }

    /// Whether its only fault is that what it leads to is not trusted.
    pub fn lacks_trust(&self) -> bool {
        matches!(
            self,
            Self::UnknownRoot { .. }
                | Self::Hsm(HsmProblem::UnknownRoot { .. })
                | Self::Marvell(MarvellProblem::UnknownRoots { .. })
                | Self::Tpm(TpmProblem::UnknownAttestationKey { .. })
        )
    }

    /// Whether the evidence is about something else than the signature.
    pub fn contradicts(&self) -> bool {
        self.bearing() == Bearing::Contradicts
    }
}

impl From<KeyAttestationError> for AttestationError {
    fn from(error: KeyAttestationError) -> Self {
        Self::Malformed(error.into())
    }
}

vocabulary! {
    /// What evidence that proves nothing means for a signature.
    Bearing {
        /// It is about something else: it does not belong to the signature.
        Contradicts = "contradicts",
        /// It cannot be judged here. It may stand beside the signature.
        NotJudged = "not_judged",
        /// It is nothing that could stand beside a signature: it cannot be read, is a statement about
        /// something else than a key, or does not say which call it is about.
        Unusable = "unusable",
    }
}

/// Why the attestation of a YubiHSM proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum HsmProblem {
    /// The key was brought into the device.
    NotGenerated {
        /// The bits of the origin.
        origin: String,
        /// Whether it came in under a wrap key.
        wrapped: bool,
    },
    /// The key may leave the device under a wrap key.
    Exportable,
    /// The attestation key is that of another device.
    OtherDevice {
        /// Its certificate.
        subject: String,
    },
    /// A key in the device signed as if it were the device's own.
    KeyAsIssuer {
        /// Its certificate.
        subject: String,
    },
    /// Yubico issued the certificate for something else.
    NotDevice {
        /// The certificate.
        subject: String,
    },
    /// The chain holds as far as it goes, and does not reach a trusted root.
    UnknownRoot {
        /// The first issuer that is not known, or the device's certificate if it signed itself.
        issuer: String,
    },
}

/// Why the statement of a LiquidSecurity HSM proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum MarvellProblem {
    /// No partition whose certificate comes with it signed it.
    Signature,
    /// The key was made elsewhere, or that is not stated.
    NotGenerated,
    /// The key may leave the HSM, or could once: the attribute that says so, or is missing.
    Loose(&'static str),
    /// The key signs nothing.
    NotSigning,
    /// No certificate that comes with it is by the maker, or by the owner.
    NoChain(&'static str),
    /// Both chains lead to one root.
    SameRoot,
    /// A chain leads to a root that is not trusted, or both do.
    UnknownRoots {
        /// Who issued the highest certificate that is there.
        issuer: String,
        /// The same of the other chain, if that is not trusted either.
        other: Option<String>,
    },
}

/// Why a TPM's statement proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum TpmProblem {
    /// The statement was made outside a TPM.
    NotGenerated,
    /// It says something else than that a key is in the TPM.
    OtherType(String),
    /// The attestation key did not sign it.
    Signature,
    /// The statement is about an object with another name.
    OtherName,
    /// The attestation key would sign anything.
    NotRestricted,
    /// The attestation key is not bound to one TPM.
    LooseAttestationKey(&'static str),
    /// The key was made elsewhere.
    Imported,
    /// The key may leave the TPM.
    Loose(&'static str),
    /// The key signs nothing.
    NotSigning,
    /// The public area of the attestation key is not the one that is trusted.
    OtherArea,
    /// The certificate is about another attestation key.
    OtherCertificate,
    /// The certificate is for something else.
    CertificateKind(String),
    /// The certificate is not that of the endorsement key.
    OtherEndorsement(String),
    /// The certificate is not for an endorsement key.
    EndorsementKind(String),
    /// The endorsement key is none: what is encrypted for it binds no other key to its TPM.
    NotEndorsing,
    /// The TPM did not give the secret back.
    NotActivated,
    /// The certificate of the endorsement key leads to a root that is not trusted.
    UnknownEndorsement {
        /// The first issuer that is not known.
        issuer: String,
    },
    /// Nobody here trusts the attestation key.
    UnknownAttestationKey {
        /// SHA-256 of the DER of the attestation key.
        sha256: String,
        /// Who issued its certificate.
        issuer: Option<String>,
    },
}

impl TpmProblem {
    /// As [`AttestationError::bearing`].
    fn bearing(&self) -> Bearing {
        match self {
            Self::Signature | Self::OtherName => Bearing::Contradicts,
            Self::NotGenerated | Self::OtherType(_) => Bearing::Unusable,
            _ => Bearing::NotJudged,
        }
    }
}

/// Why a cloud's evidence does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CloudProblem {
    /// A service that is not known here.
    Provider(String),
    /// Something is missing that must be there.
    Missing(&'static str),
    /// The key is not in the service's hardware.
    NotHardware {
        /// The service.
        service: &'static str,
        /// What it says instead.
        what: Words,
    },
    /// The key is not there to sign with.
    NotSigning {
        /// Which field says so.
        field: &'static str,
        /// What it says.
        value: String,
    },
    /// The key is of another kind than the one that signed.
    OtherKind(String),
    /// Its parts are about different keys.
    OtherName {
        /// Which part.
        part: &'static str,
        /// The key that it is about.
        found: String,
        /// The key that the metadata are about.
        key: String,
    },
    /// The log has another call, or one that failed.
    OtherCall(Words),
    /// The signature was made in another way.
    OtherAlgorithm {
        /// What the service names.
        found: String,
        /// How the signature was made.
        made: Algorithm,
    },
    /// The call was given something else than this signature is over.
    OtherMessage {
        /// What the call was given, as its text chooses by it.
        given: &'static str,
        /// What the signature is over.
        payload: SignedPayload,
    },
    /// A field that has to agree with another does not.
    OtherValue {
        /// Which part.
        part: &'static str,
        /// Which field.
        field: &'static str,
        /// What it says.
        found: String,
        /// What it must be.
        wanted: String,
    },
    /// It has no entry of a log.
    NoEvent,
    /// None of several entries is about this signature.
    NoneFits {
        /// How many there are.
        all: usize,
        /// What is wrong with the last.
        last: Words,
    },
    /// More than one entry could be about this signature.
    SeveralFit {
        /// How many.
        several: usize,
        /// Which.
        names: String,
    },
    /// The log's entry is about another digest.
    OtherDigest,
    /// The log's entry is of another time.
    OtherTime {
        /// When the log has the call.
        event: Instant,
        /// When the signature was made, as it says.
        signature: Instant,
    },
}

impl CloudProblem {
    /// As [`AttestationError::bearing`].
    fn bearing(&self) -> Bearing {
        match self {
            Self::Provider(_) | Self::NotHardware { .. } | Self::Missing(_) => Bearing::NotJudged,
            Self::NoEvent | Self::SeveralFit { .. } => Bearing::Unusable,
            _ => Bearing::Contradicts,
        }
    }
}
