//! Certificates as attestation needs them (RFC 5280): read once, with the bytes that were signed.

use countersign_problem::{Problem, Words, words};
use std::fmt;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::verification::verify_raw;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha2::digest::const_oid::AssociatedOid;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::{rfc5280, rfc5912, rfc8410};
use x509_cert::der::{Decode, Encode as _, Reader as _, SliceReader};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName};
use x509_cert::name::Name;

use super::error::AttestationError;
use super::{known, yubico, yubihsm};

/// A certificate.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    // Raw: some devices number their certificates in ways that RFC 5280 forbids, which proves
    // nothing against them.
    parsed: CertificateInner<Raw>,
    fingerprint: Digest,
    not_before: Instant,
    not_after: Instant,
    /// `None` if it is of a kind that nothing here is signed with.
    key: Option<PublicKey>,
}

/// Why something is not a certificate that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not PEM.
    Pem(String),
    /// PEM, but of something else.
    None,
    /// Not the DER of a certificate.
    Der(Words),
}

/// A digest in the form in which people read fingerprints to each other: 64 hex digits, of either
/// case, with or without colons and spaces between. `None` for anything else.
pub fn fingerprint(text: &str) -> Option<Digest> {
    let digits = text.chars().filter(|c| *c != ':' && !c.is_whitespace());
    Digest::parse(&format!("sha256:{}", digits.collect::<String>().to_ascii_lowercase()))
}

impl Certificate {
    /// Reads every certificate of a PEM text (RFC 7468); what stands between them does not matter.
    ///
    /// # Errors
    /// Fails if one is damaged, or there is none.
    pub fn from_pem(text: &[u8]) -> Result<Vec<Self>, CertificateError> {
        let blocks =
            pem::parse_many(text).map_err(|error| CertificateError::Pem(error.to_string()))?;
        let certificates = blocks.iter().filter(|block| block.tag() == "CERTIFICATE");
        let certificates: Vec<Self> =
            certificates.map(|block| Self::from_der(block.contents())).collect::<Result<_, _>>()?;
        if certificates.is_empty() { Err(CertificateError::None) } else { Ok(certificates) }
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// Fails if the bytes are not a certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let damaged =
            |error: x509_cert::der::Error| CertificateError::Der(Words::text(error.to_string()));
        let parsed = CertificateInner::<Raw>::from_der(der).map_err(damaged)?;
        let tbs = parsed.tbs_certificate();
        let time = |time: x509_cert::time::Time| {
            let text = time.to_date_time().to_string();
            Instant::parse(&text).ok_or_else(|| CertificateError::Der(words!("cert-date", text)))
        };
        let (not_before, not_after) =
            (time(tbs.validity().not_before)?, time(tbs.validity().not_after)?);
        // Twice the same extension would let two readers see two things (RFC 5280 section 4.2).
        let extensions = tbs.extensions().map_or(&[][..], Vec::as_slice);
        let twice = |(index, one): (usize, &x509_cert::ext::Extension)| {
            extensions[..index].iter().any(|earlier| earlier.extn_id == one.extn_id)
        };
        if extensions.iter().enumerate().any(twice) {
            return Err(CertificateError::Der(words!("cert-extension-twice")));
        }
        let key = tbs.subject_public_key_info().to_der().map_err(damaged)?;
        Ok(Self {
            der: der.to_vec(),
            fingerprint: Digest::of(der),
            not_before,
            not_after,
            key: PublicKey::from_der(&key).ok(),
            parsed,
        })
    }

    /// The DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The PEM.
    pub fn to_pem(&self) -> String {
        let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        pem::encode_config(&pem::Pem::new("CERTIFICATE", self.der.as_slice()), config)
    }

    /// SHA-256 of the DER.
    pub fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    /// The subject as RFC 4514 writes names; if it is empty, the alternative name or else the serial
    /// number of the certificate.
    pub fn subject(&self) -> String {
        if !self.subject_name().is_empty() {
            return self.subject_name().to_string();
        }
        let tbs = self.parsed.tbs_certificate();
        let names = tbs.get_extension::<SubjectAltName>().ok().flatten();
        let named = names.and_then(|(_, names)| {
            names.0.into_iter().find_map(|name| match name {
                GeneralName::DirectoryName(name) => Some(name.to_string()),
                _ => None,
            })
        });
        match named {
            Some(name) => format!("the certificate for {name}"),
            None => format!("the certificate with serial number {}", self.serial()),
        }
    }

    /// The issuer as RFC 4514 writes names.
    pub fn issuer(&self) -> String {
        self.issuer_name().to_string()
    }

    /// The serial number in hex digits.
    pub fn serial(&self) -> String {
        let digits = self.parsed.tbs_certificate().serial_number().as_bytes().iter();
        digits.map(|byte| format!("{byte:02x}")).collect()
    }

    /// From when it is valid.
    pub fn not_before(&self) -> Instant {
        self.not_before
    }

    /// The last second in which it is valid.
    pub fn not_after(&self) -> Instant {
        self.not_after
    }

    /// Whether a time is between its first and its last second.
    pub(crate) fn is_valid_at(&self, at: Instant) -> bool {
        (self.not_before.unix()..=self.not_after.unix()).contains(&at.unix())
    }

    /// What this program knows it as, by its fingerprint.
    pub fn known_as(&self) -> Option<&'static str> {
        known::of(self).map(|(name, _)| name)
    }

    /// Whether it is a root: signed by its own key. Only roots are trusted by themselves.
    pub fn is_root(&self) -> bool {
        self.is_issued_by(self) && self.verify_issued_by(self).is_ok()
    }

    /// The public key.
    pub(crate) fn key(&self) -> Option<&PublicKey> {
        self.key.as_ref()
    }

    pub(crate) fn subject_name(&self) -> &Name {
        self.parsed.tbs_certificate().subject()
    }

    fn issuer_name(&self) -> &Name {
        self.parsed.tbs_certificate().issuer()
    }

    /// The issuer and the serial number, by which others name it.
    pub(crate) fn issuer_and_serial(&self) -> (&Name, &[u8]) {
        (self.issuer_name(), self.parsed.tbs_certificate().serial_number().as_bytes())
    }

    /// The common name of the subject; empty if there is none.
    pub(super) fn common_name(&self) -> String {
        let name = self.subject_name().common_name().ok().flatten();
        name.map(|name| name.value().into_owned()).unwrap_or_default()
    }

    /// Whether it names another as its issuer.
    pub(crate) fn is_issued_by(&self, issuer: &Self) -> bool {
        self.issuer_name() == issuer.subject_name()
    }

    /// The one among some that signed it, or else that it names as its issuer.
    ///
    /// # Errors
    /// Fails with its subject if there is none.
    pub(super) fn issuer_among<'a>(&self, all: &'a [Self]) -> Result<&'a Self, String> {
        let named = || all.iter().filter(|one| self.is_issued_by(one));
        let signed = named().find(|one| self.verify_issued_by(one).is_ok());
        signed.or_else(|| named().next()).ok_or_else(|| self.subject())
    }

    /// The value of an extension.
    pub(super) fn extension(&self, id: ObjectIdentifier) -> Option<&[u8]> {
        let mut extensions = self.parsed.tbs_certificate().extensions()?.iter();
        Some(extensions.find(|extension| extension.extn_id == id)?.extn_value.as_bytes())
    }

    /// An extension as its type, and whether it is critical.
    ///
    /// # Errors
    /// Fails with [`AttestationError::NotProcessed`] if the extension cannot be read.
    pub(crate) fn decoded<'a, T>(&'a self) -> Result<Option<(bool, T)>, AttestationError>
    where
        T: Decode<'a, Error = x509_cert::der::Error> + AssociatedOid,
    {
        let found = self.parsed.tbs_certificate().get_extension::<T>();
        found.map_err(|_| AttestationError::NotProcessed {
            subject: Words::text(self.subject()),
            problem: words!("cert-extension-unread", id = %T::OID),
        })
    }

    /// Whether subject and issuer are the same (RFC 5280 section 6.1).
    pub(super) fn is_self_issued(&self) -> bool {
        self.is_issued_by(self)
    }

    /// How many authorities may stand below it; any number if it does not say.
    pub(super) fn path_length(&self) -> Option<u8> {
        self.authority().ok().flatten()?.path_length
    }

    /// Whether it may issue certificates; `None` if it does not say (no basicConstraints).
    pub(super) fn authority(&self) -> Result<Option<Authority>, Words> {
        let tbs = self.parsed.tbs_certificate();
        let constraints = tbs.get_extension::<BasicConstraints>();
        let constraints = constraints.map_err(|_| words!("cert-damaged-constraints"))?;
        let usage = tbs.get_extension::<KeyUsage>().map_err(|_| words!("cert-damaged-usage"))?;
        if constraints.as_ref().is_some_and(|(_, said)| !said.ca) {
            return Err(words!("cert-no-ca"));
        }
        if usage.is_some_and(|(_, usage)| !usage.key_cert_sign()) {
            return Err(words!("cert-no-signing"));
        }
        Ok(constraints.map(|(_, said)| Authority { path_length: said.path_len_constraint }))
    }

    /// A critical extension that is not processed here (RFC 5280 section 4.2).
    ///
    /// # Errors
    /// Fails with [`AttestationError::NotProcessed`] if there is one.
    pub(crate) fn check_critical(&self) -> Result<(), AttestationError> {
        const PROCESSED: [ObjectIdentifier; 9] = [
            rfc5280::ID_CE_BASIC_CONSTRAINTS,
            rfc5280::ID_CE_KEY_USAGE,
            rfc5280::ID_CE_EXT_KEY_USAGE,
            rfc5280::ID_CE_SUBJECT_ALT_NAME,
            rfc5280::ID_CE_NAME_CONSTRAINTS,
            rfc5280::ID_CE_CERTIFICATE_POLICIES,
            rfc5280::ID_CE_POLICY_MAPPINGS,
            rfc5280::ID_CE_POLICY_CONSTRAINTS,
            rfc5280::ID_CE_INHIBIT_ANY_POLICY,
        ];
        let extensions = self.parsed.tbs_certificate().extensions();
        let mut critical = extensions.into_iter().flatten().filter(|one| one.critical);
        let is_processed =
            |id| PROCESSED.contains(&id) || yubico::is_own(id) || yubihsm::is_own(id);
        let unknown = critical.find(|one| !is_processed(one.extn_id));
        match unknown {
            None => Ok(()),
            Some(extension) => Err(AttestationError::NotProcessed {
                subject: Words::text(self.subject()),
                problem: words!("cert-critical", id = %extension.extn_id),
            }),
        }
    }

    /// Whether it says that its key signs for a purpose (RFC 5280 sections 4.2.1.3, 4.2.1.9 and
    /// 4.2.1.12): what is a certificate authority's, or is not to sign, does not.
    pub(super) fn signs_for(&self, purpose: ObjectIdentifier) -> bool {
        let tbs = self.parsed.tbs_certificate();
        let purposes = tbs.get_extension::<ExtendedKeyUsage>();
        let usage = tbs.get_extension::<KeyUsage>();
        let constraints = tbs.get_extension::<BasicConstraints>();
        purposes.is_ok_and(|purposes| purposes.is_some_and(|(_, all)| all.0.contains(&purpose)))
            && usage.is_ok_and(|usage| usage.is_none_or(|(_, usage)| usage.digital_signature()))
            && constraints.is_ok_and(|constraints| constraints.is_none_or(|(_, said)| !said.ca))
    }

    /// Whether it says that its key is for a purpose, and not to sign but to encrypt or to agree on
    /// keys. What is a certificate authority's is not.
    pub(super) fn is_for_encryption(&self, purpose: ObjectIdentifier) -> bool {
        let tbs = self.parsed.tbs_certificate();
        let purposes = tbs.get_extension::<ExtendedKeyUsage>();
        let usage = tbs.get_extension::<KeyUsage>();
        let constraints = tbs.get_extension::<BasicConstraints>();
        let encrypts = |usage: KeyUsage| usage.key_encipherment() || usage.key_agreement();
        purposes.is_ok_and(|purposes| purposes.is_some_and(|(_, all)| all.0.contains(&purpose)))
            && usage.is_ok_and(|usage| usage.is_none_or(|(_, usage)| encrypts(usage)))
            && constraints.is_ok_and(|constraints| constraints.is_none_or(|(_, said)| !said.ca))
    }

    /// Whether its key may sign, for no purpose in particular: what is an authority's, is for some
    /// purpose alone, or is not to sign, may not (as [`Self::signs_for`]).
    pub(super) fn signs(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        let purposes = tbs.get_extension::<ExtendedKeyUsage>();
        let usage = tbs.get_extension::<KeyUsage>();
        let constraints = tbs.get_extension::<BasicConstraints>();
        purposes.is_ok_and(|purposes| purposes.is_none())
            && usage.is_ok_and(|usage| usage.is_none_or(|(_, usage)| usage.digital_signature()))
            && constraints.is_ok_and(|constraints| constraints.is_none_or(|(_, said)| !said.ca))
    }

    /// Verifies its signature with the key of its issuer.
    ///
    /// # Errors
    /// In which way it fails.
    pub(super) fn verify_issued_by(&self, issuer: &Self) -> Result<(), SignatureProblem> {
        let not_accepted = SignatureProblem::NotAccepted;
        let algorithm = self.parsed.signature_algorithm();
        if algorithm != self.parsed.tbs_certificate().signature() {
            return Err(not_accepted(words!("cert-two-algorithms")));
        }
        let (Some(key), Some(signature)) = (&issuer.key, self.parsed.signature().as_bytes()) else {
            return Err(not_accepted(words!("cert-issuer-key")));
        };
        let signed =
            self.signed_bytes().map_err(|error| not_accepted(Words::text(error.to_string())))?;
        verify_signed(key, algorithm.oid, signed, signature)
    }

    /// The bytes of the `TBSCertificate` as they were signed, not as they would be written again.
    fn signed_bytes(&self) -> x509_cert::der::Result<&[u8]> {
        let mut outer = SliceReader::new(&self.der)?;
        x509_cert::der::Header::decode(&mut outer)?;
        outer.tlv_bytes()
    }
}

/// Why a certificate's signature is not taken for its issuer's.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
pub(crate) enum SignatureProblem {
    /// Another key made it, or it was changed.
    Wrong,
    /// It is of a kind that is not verified here.
    NotAccepted(Words),
}

/// That a certificate may issue others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Authority {
    /// How many authorities may be below it; any number if nothing is said.
    pub path_length: Option<u8>,
}

/// Verifies a signature over a message by one of the algorithms that authorities use.
///
/// # Errors
/// In which way it fails.
pub(crate) fn verify_signed(
    key: &PublicKey,
    algorithm: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let holds = match (algorithm, key) {
        (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, PublicKey::Rsa(key)) => {
            rsa::<Sha256>(key, message, signature)
        }
        (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, PublicKey::Rsa(key)) => {
            rsa::<Sha384>(key, message, signature)
        }
        (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, PublicKey::Rsa(key)) => {
            rsa::<Sha512>(key, message, signature)
        }
        (rfc5912::ECDSA_WITH_SHA_256, key) => ecdsa(key, &Sha256::digest(message), signature),
        (rfc5912::ECDSA_WITH_SHA_384, key) => ecdsa(key, &Sha384::digest(message), signature),
        (rfc5912::ECDSA_WITH_SHA_512, key) => ecdsa(key, &Sha512::digest(message), signature),
        (rfc8410::ID_ED_25519, key) => {
            verify_raw(key, Algorithm::Ed25519, message, signature).is_ok()
        }
        (other, _) => {
            let why = words!("cert-algorithm", algorithm = %other);
            return Err(SignatureProblem::NotAccepted(why));
        }
    };
    if holds { Ok(()) } else { Err(SignatureProblem::Wrong) }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).
pub(super) fn rsa<H: sha2::digest::Digest + AssociatedOid>(
    key: &rsa::PublicKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let verifier = rsa::pkcs1v15::VerifyingKey::<H>::new(key.clone());
    let signature = rsa::pkcs1v15::Signature::try_from(signature);
    signature.is_ok_and(|signature| verifier.verify(message, &signature).is_ok())
}

/// ECDSA over a digest of whatever length (FIPS 186-5 section 6.4).
fn ecdsa(key: &PublicKey, digest: &[u8], signature: &[u8]) -> bool {
    match key {
        PublicKey::P256(key) => p256::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
        PublicKey::P384(key) => p384::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
        _ => false,
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.subject(), self.fingerprint)
    }
}
