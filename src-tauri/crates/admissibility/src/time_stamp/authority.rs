//! Who signed a token, and whether that is a time-stamping authority that a person trusts.

use cms::signed_data::SignerIdentifier;
use countersign_envelope::instant::Instant;
use countersign_problem::{Words, words};
use der::asn1::{Int, ObjectIdentifier, OctetString};
use der::oid::db::{rfc5280, rfc5911, rfc5912};
use der::{Encode as _, Sequence};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::error::TimeStampError;
use super::token::Token;
use super::{TrustedTime, TsaRoots};
use crate::attestation::{Certificate, IssuerProblem, verify_signed};

/// The signer of a token, by the certificate that the token itself names under its signature.
pub(super) struct Authority {
    certificate: Certificate,
    /// The certificates that came with it.
    others: Vec<Certificate>,
    /// What the token names (RFC 5816, RFC 2634 section 5.4): its signer's certificate, then any
    /// that its chain must have.
    named: Vec<CertificateId>,
}

/// SigningCertificate (RFC 2634 section 5.4).
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<EssCertId>,
    policies: Option<der::Any>,
}

/// ESSCertID (RFC 2634 section 5.4.1): a SHA-1 of the certificate.
#[derive(Sequence)]
struct EssCertId {
    hash: OctetString,
    issuer_serial: Option<IssuerSerial>,
}

/// SigningCertificateV2 (RFC 5035 section 3).
#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertIdV2>,
    policies: Option<der::Any>,
}

/// ESSCertIDv2 (RFC 5035 section 4): SHA-256 if it names no algorithm.
#[derive(Sequence)]
struct EssCertIdV2 {
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    issuer_serial: Option<IssuerSerial>,
}

/// IssuerSerial (RFC 2634 section 5.4.1).
#[derive(Sequence)]
struct IssuerSerial {
    issuer: Vec<GeneralName>,
    serial: Int,
}

/// One certificate, as a token names it.
struct CertificateId {
    algorithm: ObjectIdentifier,
    hash: OctetString,
    issuer_serial: Option<IssuerSerial>,
}

impl CertificateId {
    fn is(&self, certificate: &Certificate) -> bool {
        let der = certificate.der();
        let hash = match self.algorithm {
            rfc5912::ID_SHA_1 => Sha1::digest(der).to_vec(),
            rfc5912::ID_SHA_256 => Sha256::digest(der).to_vec(),
            rfc5912::ID_SHA_384 => Sha384::digest(der).to_vec(),
            rfc5912::ID_SHA_512 => Sha512::digest(der).to_vec(),
            _ => return false,
        };
        let (issuer, serial) = certificate.issuer_and_serial();
        let is_named = |named: &IssuerSerial| {
            matches!(&*named.issuer, [GeneralName::DirectoryName(name)] if name == issuer)
                && named.serial.as_bytes() == serial
        };
        hash == self.hash.as_bytes() && self.issuer_serial.as_ref().is_none_or(is_named)
    }
}

impl Authority {
    /// The signer of a token.
    ///
    /// # Errors
    /// Fails if its certificate did not come with the token, or the token does not name it under
    /// its signature.
    pub fn of(token: &Token) -> Result<Self, TimeStampError> {
        let named = named(token)?;
        let others = token.certificates();
        let mut signers = others.iter().filter(|one| is_signer(&token.signer.sid, one)).peekable();
        let first = *signers.peek().ok_or(TimeStampError::NoCertificate)?;
        // Anyone can add certificates to a token: of several the named one counts.
        let certificate = signers.find(|one| named.iter().all(|named| named[0].is(one)));
        let certificate = certificate
            .ok_or_else(|| TimeStampError::OtherCertificate { authority: first.subject() })?
            .clone();
        Ok(Self { certificate, others, named: named.into_iter().flatten().collect() })
    }

    /// Verifies the signature over the signed attributes (RFC 5652 section 5.4).
    ///
    /// # Errors
    /// Fails with [`TimeStampError::Signature`] if it is wrong, and with
    /// [`TimeStampError::Algorithm`] if it is of a kind that is not accepted.
    pub fn verify_signature(&self, token: &Token) -> Result<(), TimeStampError> {
        let wrong = || TimeStampError::Signature { authority: self.certificate.subject() };
        let signer = &token.signer;
        let attributes = signer.signed_attrs.as_ref();
        let attributes = attributes.ok_or(TimeStampError::Attribute("message-digest"))?;
        // The explicit SET OF, not the tag that stands in the token.
        let signed = attributes.to_der().map_err(|_| TimeStampError::Altered)?;
        let signature = signer.signature.as_bytes();
        let refused = |what: Words| Err(TimeStampError::Algorithm(what));
        let Some(key) = self.certificate.key() else {
            return refused(words!("token-key"));
        };
        let (digest, algorithm) = (signer.digest_alg.oid, signer.signature_algorithm.oid);
        let Some(algorithm) = with_digest(algorithm, digest) else {
            return refused(words!("token-algorithm", %algorithm, %digest));
        };
        verify_signed(key, algorithm, &signed, signature).map_err(|problem| match problem {
            IssuerProblem::Wrong => wrong(),
            IssuerProblem::NotAccepted(_) => {
                TimeStampError::Algorithm(Words::text(algorithm.to_string()))
            }
        })
    }

    /// Checks that the certificate is for time stamps and nothing else (RFC 3161 section 2.3).
    ///
    /// # Errors
    /// Fails with [`TimeStampError::Purpose`] if it is not.
    pub fn check_purpose(&self) -> Result<(), TimeStampError> {
        let authority = || self.certificate.subject();
        let wrong = |problem| Err(TimeStampError::Purpose { authority: authority(), problem });
        let chain = |error| TimeStampError::of_chain(error, &authority(), Instant::EPOCH);
        let one = &self.certificate;
        match one.decoded::<ExtendedKeyUsage>().map_err(chain)? {
            None => return wrong("no-purpose"),
            Some((_, ExtendedKeyUsage(all))) if all != [rfc5280::ID_KP_TIME_STAMPING] => {
                return wrong("not-alone");
            }
            Some((false, _)) => return wrong("not-critical"),
            Some((true, _)) => {}
        }
        if let Some((_, usage)) = one.decoded::<KeyUsage>().map_err(chain)? {
            use x509_cert::ext::pkix::KeyUsages::{DigitalSignature, NonRepudiation};
            let others = usage.0 - (DigitalSignature | NonRepudiation);
            if !others.is_empty() || usage.0.is_empty() {
                return wrong("other-usage");
            }
        }
        match one.decoded::<BasicConstraints>().map_err(chain)? {
            Some((_, BasicConstraints { ca: true, .. })) => wrong("issues"),
            _ => one.check_critical().map_err(chain),
        }
    }

    /// The time of the token, if the authority leads to a trusted root by certificates that were
    /// valid then.
    ///
    /// # Errors
    /// Says what is wrong with the chain; [`TimeStampError::UnknownAuthority`] if nothing is but
    /// trust.
    pub fn vouches(&self, token: &Token, roots: &TsaRoots) -> Result<TrustedTime, TimeStampError> {
        let authority = self.certificate.subject();
        let roots = roots.0.helped_by(&self.others);
        let purpose = rfc5280::ID_KP_TIME_STAMPING;
        let path = roots.path_of_leaf_at(&self.certificate, purpose, token.gen_time);
        let path =
            path.map_err(|error| TimeStampError::of_chain(error, &authority, token.gen_time))?;
        let chain = || std::iter::once(&self.certificate).chain(path.iter().copied());
        if !self.named.iter().all(|named| chain().any(|one| named.is(one))) {
            return Err(TimeStampError::OtherCertificate { authority });
        }
        let ends = self.certificate.not_after();
        let chain_ends = chain().map(Certificate::not_after).min_by_key(Instant::unix);
        Ok(TrustedTime {
            at: token.gen_time,
            accuracy: token.accuracy,
            root: path.last().copied().unwrap_or(&self.certificate).subject(),
            authority,
            authority_ends: ends,
            chain_ends: chain_ends.unwrap_or(ends),
        })
    }
}

/// The certificates that a token names: by SHA-1, by another digest, or both; at least one of the
/// two must be there, and each names the signer's first.
fn named(token: &Token) -> Result<Vec<Vec<CertificateId>>, TimeStampError> {
    const NAME: &str = "signing-certificate";
    let damaged = |_| TimeStampError::Attribute(NAME);
    let mut named = Vec::new();
    if let Some(value) = token.optional_attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE, NAME)? {
        let all: SigningCertificate = value.decode_as().map_err(damaged)?;
        let id = |one: EssCertId| CertificateId {
            algorithm: rfc5912::ID_SHA_1,
            hash: one.hash,
            issuer_serial: one.issuer_serial,
        };
        named.push(all.certificates.into_iter().map(id).collect());
    }
    if let Some(value) = token.optional_attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, NAME)? {
        let all: SigningCertificateV2 = value.decode_as().map_err(damaged)?;
        let id = |one: EssCertIdV2| CertificateId {
            algorithm: one.algorithm.map_or(rfc5912::ID_SHA_256, |algorithm| algorithm.oid),
            hash: one.hash,
            issuer_serial: one.issuer_serial,
        };
        named.push(all.certificates.into_iter().map(id).collect());
    }
    if named.is_empty() || named.iter().any(Vec::is_empty) {
        return Err(TimeStampError::Attribute(NAME));
    }
    Ok(named)
}

fn is_signer(id: &SignerIdentifier, certificate: &Certificate) -> bool {
    match id {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            certificate.issuer_and_serial() == (&id.issuer, id.serial_number.as_bytes())
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            let own = certificate.decoded::<SubjectKeyIdentifier>();
            own.is_ok_and(|own| own.is_some_and(|(_, own)| own == *id))
        }
    }
}

/// The algorithm of a signature as certificates name it, with its digest. CMS may name the two apart,
/// and if it names the digest twice, it must be the same. RSA-PSS is not accepted, since `openssl ts`
/// does not verify it either.
fn with_digest(algorithm: ObjectIdentifier, digest: ObjectIdentifier) -> Option<ObjectIdentifier> {
    let (rsa, ecdsa) = match digest {
        rfc5912::ID_SHA_256 => (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, rfc5912::ECDSA_WITH_SHA_256),
        rfc5912::ID_SHA_384 => (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, rfc5912::ECDSA_WITH_SHA_384),
        rfc5912::ID_SHA_512 => (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, rfc5912::ECDSA_WITH_SHA_512),
        _ => return None,
    };
    match algorithm {
        rfc5912::RSA_ENCRYPTION => Some(rsa),
        rfc5912::ID_EC_PUBLIC_KEY => Some(ecdsa),
        named => (named == rsa || named == ecdsa).then_some(named),
    }
}
