//! The structures of a token (RFC 3161 section 2.4.2, RFC 5652 section 5), read once.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    DigestAlgorithmIdentifiers, EncapsulatedContentInfo, SignerInfo, SignerInfos,
};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::time_stamp::MAX_TOKEN;
use countersign_problem::{Words, words};
use der::asn1::{Any, Int, ObjectIdentifier, OctetString, SetOfVec};
use der::oid::db::{rfc3161, rfc5911, rfc5912};
use der::{Decode as _, Encode as _, Sequence, Tag, Tagged as _};
use x509_cert::ext::Extensions;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::error::TimeStampError;
use crate::attestation::Certificate;

/// SignedData (RFC 5652 section 5.1). Certificates are kept as they are, since one that nobody
/// needs, or that is written in another way than DER would have it, spoils nothing.
#[derive(Sequence)]
pub(super) struct SignedData {
    pub version: CmsVersion,
    pub digest_algorithms: DigestAlgorithmIdentifiers,
    pub content: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub revocations: Option<SetOfVec<Any>>,
    pub signers: SignerInfos,
}

/// MessageImprint (RFC 3161 section 2.4.1).
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct MessageImprint {
    pub algorithm: AlgorithmIdentifierOwned,
    pub hashed: OctetString,
}

/// TSTInfo (RFC 3161 section 2.4.2).
#[derive(Sequence)]
pub(super) struct TstInfo {
    pub version: u8,
    pub policy: ObjectIdentifier,
    pub imprint: MessageImprint,
    pub serial_number: Int,
    /// A GeneralizedTime, which may have fractions here, unlike in certificates.
    pub gen_time: Any,
    pub accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    pub ordering: bool,
    pub nonce: Option<Int>,
    /// A hint only: the certificate says who the authority is.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub tsa: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub extensions: Option<Extensions>,
}

/// Accuracy (RFC 3161 section 2.4.2); what is left out is zero.
#[derive(Sequence)]
pub(super) struct Accuracy {
    pub seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub micros: Option<u16>,
}

/// A token that was read. Nothing of it is verified.
pub(super) struct Token {
    /// The bytes of its TSTInfo.
    pub content: Vec<u8>,
    /// The policy that it was made under.
    pub policy: ObjectIdentifier,
    /// What it is about.
    pub imprint: MessageImprint,
    /// Its time, to the second before.
    pub gen_time: Instant,
    /// By how many seconds the time may be off, rounded up; with what was cut from it.
    pub accuracy: u32,
    /// The nonce of its request.
    pub nonce: Option<Int>,
    /// Who signed it, and how.
    pub signer: SignerInfo,
    /// The certificates that came with it.
    certificates: Vec<Any>,
}

fn malformed(error: der::Error) -> TimeStampError {
    TimeStampError::Malformed(Words::text(error.to_string()))
}

impl Token {
    /// Reads a token.
    ///
    /// # Errors
    /// Fails if it is too long, not a token, or has something in it that is not processed here.
    pub fn parse(der: &[u8]) -> Result<Self, TimeStampError> {
        if der.len() > MAX_TOKEN {
            return Err(TimeStampError::TooLarge);
        }
        let outer = ContentInfo::from_der(der).map_err(malformed)?;
        if outer.content_type != rfc5911::ID_SIGNED_DATA {
            return Err(TimeStampError::Malformed(words!("token-not-signed")));
        }
        let signed: SignedData = outer.content.decode_as().map_err(malformed)?;
        let content = match &signed.content {
            EncapsulatedContentInfo { econtent_type, econtent: Some(content) }
                if *econtent_type == rfc3161::ID_CT_TST_INFO
                    && content.tag() == Tag::OctetString =>
            {
                content.value().to_vec()
            }
            _ => return Err(TimeStampError::Malformed(words!("token-no-info"))),
        };
        let info = TstInfo::from_der(&content).map_err(malformed)?;
        if info.version != 1 {
            return Err(TimeStampError::NotProcessed(
                words!("token-version", version = %info.version),
            ));
        }
        let extensions = info.extensions.iter().flatten();
        if let Some(one) = extensions.into_iter().find(|extension| extension.critical) {
            let what = words!("token-critical", id = %one.extn_id);
            return Err(TimeStampError::NotProcessed(what));
        }
        let (gen_time, has_fraction) =
            time(&info.gen_time).ok_or_else(|| TimeStampError::Malformed(words!("token-time")))?;
        let mut signers = signed.signers.0.into_vec();
        let signer = match (signers.pop(), signers.len()) {
            (Some(signer), 0) => signer,
            (None, _) => return Err(TimeStampError::Signers(0)),
            (Some(_), others) => return Err(TimeStampError::Signers(others + 1)),
        };
        Ok(Self {
            content,
            policy: info.policy,
            imprint: info.imprint,
            gen_time,
            accuracy: seconds(info.accuracy, has_fraction),
            nonce: info.nonce,
            signer,
            certificates: signed.certificates.map(SetOfVec::into_vec).unwrap_or_default(),
        })
    }

    /// The certificates that came with it. What is something else is left out.
    pub fn certificates(&self) -> Vec<Certificate> {
        let ders = self.certificates.iter().filter_map(|one| one.to_der().ok());
        ders.filter_map(|der| Certificate::from_der(&der).ok()).collect()
    }

    /// The value of a signed attribute, which must be there once and have one value (RFC 5652
    /// section 11).
    ///
    /// # Errors
    /// Fails with [`TimeStampError::Attribute`] if it does not.
    pub fn attribute(
        &self,
        id: ObjectIdentifier,
        name: &'static str,
    ) -> Result<&Any, TimeStampError> {
        self.optional_attribute(id, name)?.ok_or(TimeStampError::Attribute(name))
    }

    /// As [`Self::attribute`]; `None` if it is not there.
    ///
    /// # Errors
    /// Fails with [`TimeStampError::Attribute`] if it is there otherwise than once.
    pub fn optional_attribute(
        &self,
        id: ObjectIdentifier,
        name: &'static str,
    ) -> Result<Option<&Any>, TimeStampError> {
        let attributes = self.signer.signed_attrs.iter().flat_map(SetOfVec::iter);
        let mut found = attributes.filter(|attribute| attribute.oid == id);
        match (found.next().map(|one| one.values.as_slice()), found.next()) {
            (None, _) => Ok(None),
            (Some([value]), None) => Ok(Some(value)),
            _ => Err(TimeStampError::Attribute(name)),
        }
    }
}

impl MessageImprint {
    /// The imprint of a digest.
    pub fn of(digest: Digest) -> der::Result<Self> {
        let null = Some(Any::null());
        let algorithm = AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_256, parameters: null };
        Ok(Self { algorithm, hashed: OctetString::new(digest.as_bytes().as_slice())? })
    }

    /// The SHA-256 that it is.
    ///
    /// # Errors
    /// Fails with [`TimeStampError::ImprintAlgorithm`] if it is by another algorithm.
    pub fn sha256(&self) -> Result<&[u8], TimeStampError> {
        match self.algorithm.oid {
            rfc5912::ID_SHA_256 => Ok(self.hashed.as_bytes()),
            rfc5912::ID_SHA_1 => Err(TimeStampError::ImprintAlgorithm("SHA-1".to_owned())),
            other => Err(TimeStampError::ImprintAlgorithm(other.to_string())),
        }
    }

    /// The same as a digest; `None` if it is not one.
    pub fn digest(&self) -> Option<Digest> {
        self.sha256().ok()?.try_into().ok().map(Digest::from_bytes)
    }
}

/// A time of the form `YYYYMMDDhhmmss[.s…]Z` (RFC 3161 section 2.4.2), to the second before, and
/// whether a fraction was cut.
fn time(written: &Any) -> Option<(Instant, bool)> {
    if written.tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = std::str::from_utf8(written.value()).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let (date, clock) = whole.split_at(8);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &clock[..2],
        &clock[2..4],
        &clock[4..]
    );
    Some((Instant::parse(&text)?, fraction.bytes().any(|digit| digit != b'0')))
}

/// An accuracy in seconds, rounded up, with the second that a cut fraction may come to.
fn seconds(accuracy: Option<Accuracy>, has_fraction: bool) -> u32 {
    let accuracy = accuracy.unwrap_or(Accuracy { seconds: None, millis: None, micros: None });
    let millis = u64::from(accuracy.millis.unwrap_or(0));
    let micros = millis * 1000 + u64::from(accuracy.micros.unwrap_or(0));
    let seconds = u64::from(accuracy.seconds.unwrap_or(0)) + micros.div_ceil(1_000_000);
    u32::try_from(seconds + u64::from(has_fraction)).unwrap_or(u32::MAX)
}
