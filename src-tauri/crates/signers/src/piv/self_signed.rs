//! The certificate that a new key signs for itself. Programs that know only the standard find the key by
//! it, and so does firmware that does not describe its keys; whose the key is says the keyring alone.

use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use signature::Keypair;
use spki::der::asn1::{Any, BitString, GeneralizedTime, SetOfVec, Utf8StringRef};
use spki::der::{self, DateTime, Decode as _, Encode as _};
use spki::{
    AlgorithmIdentifierOwned, Document, DynSignatureAlgorithmIdentifier, EncodePublicKey,
    ObjectIdentifier, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

/// The common name (RFC 5280 appendix A.1).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// Longest common name, in characters (RFC 5280 appendix A.1, `ub-common-name`).
const LONGEST_NAME: usize = 64;
/// How many random bytes a serial number has (RFC 5280 section 4.1.2.2 allows 20).
const SERIAL: usize = 16;

/// Whose certificate it is, and when it is valid.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The owner of the key.
    pub owner: String,
    /// From when.
    pub from: Instant,
    /// Until when; without it the certificate does not expire.
    pub until: Option<Instant>,
}

impl Subject {
    /// Its distinguished name (RFC 4514), which the certificate has as subject and issuer; empty if the
    /// owner's name cannot be in a certificate.
    pub fn name(&self) -> String {
        name(&self.owner).map(|name| name.to_string()).unwrap_or_default()
    }
}

/// A certificate that its key is still to sign.
pub struct Unsigned {
    builder: CertificateBuilder<Profile>,
    key: CertifiedKey,
    /// What is to be signed.
    pub to_sign: Vec<u8>,
}

impl Unsigned {
    /// A certificate of a key for itself.
    ///
    /// # Errors
    /// Fails if the name or a time cannot be in a certificate, or no random bytes are available.
    pub fn new(
        subject: &Subject,
        public: &PublicKey,
        algorithm: Algorithm,
    ) -> builder::Result<Self> {
        let key = CertifiedKey { public: public.clone(), algorithm };
        let not_after = match subject.until {
            Some(until) => time(&until)?,
            // No well-defined expiration (RFC 5280 section 4.1.2.5).
            None => Time::INFINITY,
        };
        let mut serial = [0; SERIAL];
        let no_random = |_| der::Error::from(der::ErrorKind::Failed);
        getrandom::fill(&mut serial).map_err(no_random)?;
        // Positive, and not zero.
        serial[0] = serial[0] & 0x7F | 0x40;
        let mut builder = CertificateBuilder::new(
            Profile { name: name(&subject.owner)? },
            SerialNumber::new(&serial)?,
            Validity::new(time(&subject.from)?, not_after),
            SubjectPublicKeyInfoOwned::from_der(&public.to_der())?,
        )?;
        let to_sign = builder.finalize(&key)?;
        Ok(Self { builder, key, to_sign })
    }

    /// The certificate with its signature, in DER.
    ///
    /// # Errors
    /// Fails if it cannot be encoded.
    pub fn signed(self, signature: &[u8]) -> builder::Result<Vec<u8>> {
        let certificate = self.builder.assemble(BitString::from_bytes(signature)?, &self.key)?;
        Ok(certificate.to_der()?)
    }
}

fn name(owner: &str) -> der::Result<Name> {
    let owner: String = owner.chars().take(LONGEST_NAME).collect();
    let value = Any::encode_from(&Utf8StringRef::new(&owner)?)?;
    let attribute = AttributeTypeAndValue { oid: COMMON_NAME, value };
    let mut attributes = SetOfVec::new();
    attributes.insert(attribute)?;
    let names = RdnSequence::from(vec![RelativeDistinguishedName::from(attributes)]);
    Name::from_der(&names.to_der()?)
}

fn time(at: &Instant) -> der::Result<Time> {
    let seconds = u64::try_from(at.unix()).unwrap_or_default();
    let at = DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))?;
    Ok(Time::from(GeneralizedTime::from_date_time(at)))
}

/// The certificate of a key that signs, and certifies no other.
struct Profile {
    name: Name,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.name.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let end = BasicConstraints { ca: false, path_len_constraint: None };
        let usage = KeyUsage(KeyUsages::DigitalSignature.into());
        let subject = tbs.subject();
        Ok(vec![end.to_extension(subject, &[])?, usage.to_extension(subject, &[])?])
    }
}

/// The key, as a certificate names it.
#[derive(Clone)]
struct CertifiedKey {
    public: PublicKey,
    algorithm: Algorithm,
}

impl Keypair for CertifiedKey {
    type VerifyingKey = Self;

    fn verifying_key(&self) -> Self {
        self.clone()
    }
}

impl EncodePublicKey for CertifiedKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        Ok(Document::try_from(self.public.to_der())?)
    }
}

impl DynSignatureAlgorithmIdentifier for CertifiedKey {
    /// RFC 5758 section 3.2 for ECDSA, RFC 8410 section 3 for Ed25519, RFC 4055 section 5 for RSA.
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
        const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
        const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
        const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
        let (oid, parameters) = match self.algorithm {
            Algorithm::EcdsaP256Sha256 => (ECDSA_SHA256, None),
            Algorithm::EcdsaP384Sha384 => (ECDSA_SHA384, None),
            Algorithm::Ed25519 => (ED25519, None),
            Algorithm::RsaPkcs1v15Sha256 => (RSA_SHA256, Some(Any::null())),
            _ => return Err(der::Error::from(der::ErrorKind::Failed).into()),
        };
        Ok(AlgorithmIdentifierOwned { oid, parameters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};
    use x509_cert::Certificate;

    #[test]
    fn a_certificate_says_whose_key_it_is_whatever_the_name() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey::ed25519(key.verifying_key().as_bytes()).unwrap();
        for (owner, subject) in [
            ("mira.k", "CN=mira.k"),
            ("Okafor, Jane + \"CN=root\"", r#"CN=Okafor\, Jane \+ \"CN=root\""#),
            ("Žofie", "CN=Žofie"),
        ] {
            let from = Instant::parse("2026-11-30T13:00:00Z").unwrap();
            let subject_of = Subject { owner: owner.to_owned(), from, until: None };
            let unsigned = Unsigned::new(&subject_of, &public, Algorithm::Ed25519).unwrap();
            let signature = key.sign(&unsigned.to_sign).to_bytes();
            let der = unsigned.signed(&signature).unwrap();
            let certificate = Certificate::from_der(&der).unwrap();
            let tbs = certificate.tbs_certificate();
            assert_eq!(tbs.subject().to_string(), subject);
            assert_eq!(tbs.subject(), tbs.issuer());
            assert_eq!(tbs.validity().not_after, Time::INFINITY);
            assert_eq!(tbs.validity().not_before.to_string(), "2026-11-30T13:00:00Z");
        }
    }

    #[test]
    fn a_long_name_is_cut_at_the_standard_s_limit() {
        assert_eq!(name(&"é".repeat(65)).unwrap().to_string(), format!("CN={}", "é".repeat(64)));
    }
}
