//! Certificates: the self-signed ones in the slots, and those of the attestation chains.

use std::str::FromStr as _;

use rsa::pkcs1v15;
use sha2::Sha256;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{GeneralizedTime, OctetString};
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::{DateTime, Encode as _, pem};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::ObjectIdentifier;
use x509_cert::time::{Time, Validity};

use crate::error::Error;
use crate::key::PrivateKey;

/// The day the certificates begin.
const FROM: u16 = 2019;

/// What a certificate says.
pub struct Statement<'a> {
    pub subject: &'a str,
    pub issuer: &'a str,
    pub serial: u32,
    /// It is valid to the end of this year.
    pub to: u16,
    pub extensions: Vec<Extra>,
}

impl Statement<'_> {
    /// The certificate for this public key in DER, signed by `signer`.
    pub fn sign(
        self,
        public: SubjectPublicKeyInfoOwned,
        signer: &PrivateKey,
    ) -> Result<Vec<u8>, Error> {
        let subject = self.subject.to_owned();
        self.build(public, signer)
            .map_err(|error| Error::Certificate { subject, reason: error.to_string() })
    }

    fn build(
        self,
        public: SubjectPublicKeyInfoOwned,
        signer: &PrivateKey,
    ) -> builder::Result<Vec<u8>> {
        let validity = Validity::new(
            time(DateTime::new(FROM, 1, 1, 0, 0, 0)?),
            time(DateTime::new(self.to, 12, 31, 23, 59, 59)?),
        );
        let serial = SerialNumber::from(self.serial);
        let issuance = Issuance {
            subject: Name::from_str(self.subject)?,
            issuer: Name::from_str(self.issuer)?,
            extensions: self.extensions.into_iter().map(Extra::encode).collect::<Result<_, _>>()?,
        };
        let builder = CertificateBuilder::new(issuance, serial, validity, public)?;
        let certificate = match signer {
            PrivateKey::P256(key) => builder.build::<_, p256::ecdsa::DerSignature>(key),
            PrivateKey::P384(key) => builder.build::<_, p384::ecdsa::DerSignature>(key),
            PrivateKey::Ed25519(key) => builder.build::<_, ed25519_dalek::Signature>(key),
            PrivateKey::Rsa(key) => {
                let key = pkcs1v15::SigningKey::<Sha256>::new(key.as_ref().clone());
                builder.build::<_, pkcs1v15::Signature>(&key)
            }
        };
        Ok(certificate?.to_der()?)
    }
}

/// A certificate of a key for itself.
pub fn self_signed(common_name: &str, to: u16, key: &PrivateKey) -> Result<Vec<u8>, Error> {
    let subject = format!("CN={}", common_name.replace(',', "\\,"));
    let public = public_key_info(&subject, key)?;
    Statement { subject: &subject, issuer: &subject, serial: 1, to, extensions: Vec::new() }
        .sign(public, key)
}

/// The public key of `key`, for a certificate for `subject`.
pub fn public_key_info(
    subject: &str,
    key: &PrivateKey,
) -> Result<SubjectPublicKeyInfoOwned, Error> {
    key.public_key_info().map_err(|error| Error::Certificate {
        subject: subject.to_owned(),
        reason: error.to_string(),
    })
}

/// An extension of a certificate.
pub struct Extra {
    pub oid: String,
    pub critical: bool,
    pub value: Vec<u8>,
}

impl Extra {
    /// basicConstraints of an authority.
    pub fn authority(path_length: u8) -> Self {
        let constraints = BasicConstraints { ca: true, path_len_constraint: Some(path_length) };
        let value = constraints.to_der().unwrap_or_default();
        Self { oid: "2.5.29.19".to_owned(), critical: true, value }
    }

    /// keyUsage of an authority.
    pub fn signs_certificates() -> Self {
        let usage = KeyUsage(FlagSet::from(KeyUsages::KeyCertSign) | KeyUsages::CRLSign);
        let value = usage.to_der().unwrap_or_default();
        Self { oid: "2.5.29.15".to_owned(), critical: true, value }
    }

    fn encode(self) -> builder::Result<Extension> {
        Ok(Extension {
            extn_id: ObjectIdentifier::new(&self.oid).map_err(x509_cert::der::Error::from)?,
            critical: self.critical,
            extn_value: OctetString::new(self.value)?,
        })
    }
}

/// A certificate in PEM.
pub fn to_pem(der: &[u8]) -> String {
    pem::encode_string("CERTIFICATE", pem::LineEnding::LF, der).unwrap_or_default()
}

fn time(date: DateTime) -> Time {
    Time::GeneralTime(GeneralizedTime::from_date_time(date))
}

/// Exactly the names and extensions given.
struct Issuance {
    subject: Name,
    issuer: Name,
    extensions: Vec<Extension>,
}

impl BuilderProfile for Issuance {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _public: SubjectPublicKeyInfoRef<'_>,
        _issuer: SubjectPublicKeyInfoRef<'_>,
        _tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}
