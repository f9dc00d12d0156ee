//! A time-stamping authority of the demonstration, as made up as everything else in it: a root, a
//! certificate for time stamps, and tokens (RFC 3161) for whatever time is wanted.

use std::str::FromStr as _;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use der::asn1::{Any, GeneralizedTime, OctetString, SetOfVec};
use der::oid::AssociatedOid;
use der::oid::db::{rfc3161, rfc5280, rfc5911, rfc5912};
use der::pem::LineEnding;
use der::{DateTime, Encode as _, EncodePem as _, Sequence, Tag};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey as _;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{
    AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};
use x509_cert::time::{Time, Validity};

use crate::DemoError;

const ROOT: &str = "CN=Demonstration time root";
const NAME: &str = "CN=Demonstration time authority";
/// The policy of its tokens, below the number that is kept for examples (RFC 5612).
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");
/// The first and the last year of its certificates.
const YEARS: (u16, u16) = (2019, 2045);

/// The authority, with what only it knows.
pub(crate) struct TimeAuthority {
    key: SigningKey,
    certificate: Certificate,
    root: Certificate,
}

/// TSTInfo (RFC 3161 section 2.4.2), without what is not used here.
#[derive(Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial_number: u64,
    gen_time: Any,
    accuracy: Accuracy,
}

/// MessageImprint (RFC 3161 section 2.4.1).
#[derive(Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    hashed: OctetString,
}

/// Accuracy (RFC 3161 section 2.4.2).
#[derive(Sequence)]
struct Accuracy {
    seconds: u32,
}

/// SigningCertificateV2 (RFC 5035 section 3): the SHA-256 of the signer's certificate.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertIdV2>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    hash: OctetString,
}

impl TimeAuthority {
    /// The authority of a seed.
    pub fn new(seed: u64) -> Result<Self, DemoError> {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        // A stream that no person and no envelope has.
        random.set_stream(1 << 63);
        let (root_key, key) = (key_of(&mut random), key_of(&mut random));
        let root = [
            extension::<BasicConstraints>(&BasicConstraints {
                ca: true,
                path_len_constraint: Some(0),
            })?,
            extension::<KeyUsage>(&KeyUsage(KeyUsages::KeyCertSign.into()))?,
        ];
        let stamps = [
            extension::<ExtendedKeyUsage>(&ExtendedKeyUsage(vec![rfc5280::ID_KP_TIME_STAMPING]))?,
            extension::<KeyUsage>(&KeyUsage(KeyUsages::DigitalSignature.into()))?,
        ];
        let issued = |subject, serial: u32, key: &SigningKey, extensions: &[Extension]| {
            issue((subject, serial), key, &root_key, extensions.to_vec())
        };
        Ok(Self {
            root: issued(ROOT, 1, &root_key, &root)?,
            certificate: issued(NAME, 2, &key, &stamps)?,
            key,
        })
    }

    /// The certificate of its root, to be trusted, in PEM.
    pub fn root(&self) -> Result<String, DemoError> {
        Ok(self.root.to_pem(LineEnding::LF)?)
    }

    /// A token about a digest, made at a time: a TimeStampToken in DER.
    pub fn token(&self, imprint: Digest, at: Instant) -> Result<Vec<u8>, DemoError> {
        let digits: String = at.to_string().chars().filter(char::is_ascii_digit).collect();
        let serial = imprint.as_bytes().first_chunk().copied().map_or(1, u64::from_be_bytes);
        let info = TstInfo {
            version: 1,
            policy: POLICY,
            imprint: MessageImprint {
                algorithm: sha256(),
                hashed: OctetString::new(imprint.as_bytes().as_slice())?,
            },
            serial_number: serial >> 1,
            gen_time: Any::new(Tag::GeneralizedTime, format!("{digits}Z").into_bytes())?,
            accuracy: Accuracy { seconds: 1 },
        };
        self.signed(&info.to_der()?)
    }

    /// SignedData (RFC 5652 section 5.1) with this content, signed by the authority.
    fn signed(&self, content: &[u8]) -> Result<Vec<u8>, DemoError> {
        let octets = |bytes: &[u8]| OctetString::new(bytes);
        let certificate = Digest::of(&self.certificate.to_der()?);
        let id = EssCertIdV2 { hash: octets(certificate.as_bytes().as_slice())? };
        let id = SigningCertificateV2 { certificates: vec![id] };
        let digest = Digest::of(content);
        let attributes = SetOfVec::try_from(vec![
            attribute(rfc5911::ID_CONTENT_TYPE, Any::encode_from(&rfc3161::ID_CT_TST_INFO)?)?,
            attribute(
                rfc5911::ID_MESSAGE_DIGEST,
                Any::encode_from(&octets(digest.as_bytes().as_slice())?)?,
            )?,
            attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, Any::encode_from(&id)?)?,
        ])?;
        let signature: DerSignature = self.key.sign(&attributes.to_der()?);
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: self.certificate.tbs_certificate().issuer().clone(),
                serial_number: self.certificate.tbs_certificate().serial_number().clone(),
            }),
            digest_alg: sha256(),
            signed_attrs: Some(attributes),
            signature_algorithm: AlgorithmIdentifierOwned {
                oid: rfc5912::ECDSA_WITH_SHA_256,
                parameters: None,
            },
            signature: octets(&signature.to_bytes())?,
            unsigned_attrs: None,
        };
        let certificates = vec![CertificateChoices::Certificate(self.certificate.clone())];
        let signed = SignedData {
            version: CmsVersion::V3,
            digest_algorithms: SetOfVec::try_from(vec![sha256()])?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: rfc3161::ID_CT_TST_INFO,
                econtent: Some(Any::new(Tag::OctetString, content)?),
            },
            certificates: Some(CertificateSet(SetOfVec::try_from(certificates)?)),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        let content = Any::encode_from(&signed)?;
        Ok(ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content }.to_der()?)
    }
}

fn key_of(random: &mut ChaCha20Rng) -> SigningKey {
    loop {
        let mut scalar = [0; 32];
        random.fill_bytes(&mut scalar);
        // Nearly every number is a key.
        if let Ok(key) = SigningKey::from_slice(&scalar) {
            return key;
        }
    }
}

fn sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_256, parameters: None }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, DemoError> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// A critical extension.
fn extension<T: AssociatedOid + der::Encode>(value: &T) -> Result<Extension, DemoError> {
    let extn_value = OctetString::new(value.to_der()?)?;
    Ok(Extension { extn_id: T::OID, critical: true, extn_value })
}

/// A certificate by the root.
fn issue(
    (subject, serial): (&str, u32),
    key: &SigningKey,
    root: &SigningKey,
    extensions: Vec<Extension>,
) -> Result<Certificate, DemoError> {
    let time = |year, month, day| -> der::Result<Time> {
        let date = DateTime::new(year, month, day, 0, 0, 0)?;
        Ok(Time::GeneralTime(GeneralizedTime::from_date_time(date)))
    };
    let profile =
        Profile { subject: Name::from_str(subject)?, issuer: Name::from_str(ROOT)?, extensions };
    let public = key.verifying_key().to_public_key_der().map_err(refused)?;
    let public = SubjectPublicKeyInfoOwned::try_from(public.as_bytes()).map_err(refused)?;
    let validity = Validity::new(time(YEARS.0, 1, 1)?, time(YEARS.1, 12, 31)?);
    let serial = SerialNumber::from(serial);
    let built = CertificateBuilder::new(profile, serial, validity, public)
        .and_then(|builder| builder.build::<_, DerSignature>(root));
    built.map_err(refused)
}

fn refused(error: impl std::fmt::Display) -> DemoError {
    DemoError::TimeStamp(error.to_string())
}

/// A certificate with these names and extensions alone.
struct Profile {
    subject: Name,
    issuer: Name,
    extensions: Vec<Extension>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}
