//! Lists of revoked certificates (RFC 5280 section 5), read once, with the bytes that were signed. A
//! list is the word of whoever made the file until its signature is verified with the key of the
//! authority whose certificates it is about.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_problem::{Problem, Words, words};
use x509_cert::certificate::Raw;
use x509_cert::crl::RevokedCert;
use x509_cert::der::asn1::{BitString, GeneralizedTime};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::rfc5280;
use x509_cert::der::{Decode as _, Header, Reader as _, Sequence, SliceReader};
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::ext::pkix::crl::CrlReason;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::ext::{Extension, Extensions};
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use crate::attestation::{Certificate, IssuerProblem, verify_signed};

/// Largest list, in bytes of DER.
pub const MAX_BYTES: usize = 16 << 20;

/// A list of revoked certificates.
#[derive(Debug)]
pub struct RevocationList {
    der: Vec<u8>,
    fingerprint: Digest,
    issuer: Name,
    this_update: Instant,
    next_update: Option<Instant>,
    signature_algorithm: ObjectIdentifier,
    signature: BitString,
    entries: HashMap<Vec<u8>, Entry>,
    covers: Covers,
    /// Why it cannot be used, whoever signed it.
    problem: Option<Words>,
    /// Why a certificate that it does not have may be revoked all the same.
    incomplete: Option<Words>,
    /// Whether it is signed by the keys of some authorities, by their certificates.
    verified: Mutex<HashMap<Digest, Result<(), ListProblem>>>,
}

/// A revoked certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// From when.
    pub date: Instant,
    /// Why; unspecified if the list does not say.
    pub reason: CrlReason,
    /// Since when the key may be another's, or the certificate was wrong otherwise.
    pub invalid_since: Option<Instant>,
}

/// Which certificates of its issuer a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covers {
    All,
    People,
    Authorities,
}

/// Why a file is not a list of revoked certificates.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum RevocationListError {
    /// Not PEM.
    Pem(String),
    /// PEM, but of something else.
    None,
    /// Not the DER of a list.
    Der(Words),
    /// Larger than any that is read.
    #[arg(limit = MAX_BYTES >> 20)]
    TooLarge,
}

/// Why a list says nothing about the certificates of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListProblem {
    /// Another key signed it: it is that of another authority of this name.
    OtherKey,
    /// It cannot be told here what it says.
    NotCheckable(Words),
}

/// `CertificateList` (RFC 5280 section 5.1). The version may be missing, as in lists of version 1.
#[derive(Sequence)]
struct List {
    tbs: Tbs,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// `TBSCertList`.
#[derive(Sequence)]
struct Tbs {
    version: Option<u8>,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    revoked: Option<Vec<RevokedCert<Raw>>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

impl RevocationList {
    /// Reads lists: PEM with any number, or the DER of one.
    ///
    /// # Errors
    /// Fails if there is none, or one is damaged or too large.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, RevocationListError> {
        // A SEQUENCE.
        if bytes.first() == Some(&0x30) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let blocks =
            pem::parse_many(bytes).map_err(|error| RevocationListError::Pem(error.to_string()))?;
        let lists = blocks.iter().filter(|block| matches!(block.tag(), "X509 CRL" | "CRL"));
        let lists: Vec<Self> =
            lists.map(|block| Self::from_der(block.contents())).collect::<Result<_, _>>()?;
        if lists.is_empty() { Err(RevocationListError::None) } else { Ok(lists) }
    }

    /// Reads a list.
    ///
    /// # Errors
    /// Fails if it is not one, or too large.
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationListError> {
        if der.len() > MAX_BYTES {
            return Err(RevocationListError::TooLarge);
        }
        let damaged =
            |error: x509_cert::der::Error| RevocationListError::Der(Words::text(error.to_string()));
        let List { tbs, signature_algorithm, signature } = List::from_der(der).map_err(damaged)?;
        let extensions = tbs.extensions.unwrap_or_default();
        let mut problem = unusable(&extensions);
        let mut incomplete = is_delta(&extensions).then(|| words!("list-delta"));
        if signature_algorithm != tbs.signature {
            problem = Some(words!("cert-two-algorithms"));
        }
        let covers = match covers(&extensions) {
            Ok((covers, is_whole)) => {
                if !is_whole {
                    incomplete.get_or_insert_with(|| words!("list-partial"));
                }
                covers
            }
            Err(words) => {
                problem.get_or_insert(words);
                Covers::All
            }
        };
        let mut entries = HashMap::new();
        for revoked in tbs.revoked.unwrap_or_default() {
            let extensions = revoked.crl_entry_extensions.unwrap_or_default();
            match Entry::read(instant(revoked.revocation_date)?, &extensions) {
                // Of a delta: it was on hold, and no longer is.
                Ok(entry) if entry.reason == CrlReason::RemoveFromCRL => {}
                Ok(entry) => {
                    entries.insert(revoked.serial_number.as_bytes().to_vec(), entry);
                }
                Err(words) => {
                    problem.get_or_insert(words);
                }
            }
        }
        Ok(Self {
            der: der.to_vec(),
            fingerprint: Digest::of(der),
            issuer: tbs.issuer,
            this_update: instant(tbs.this_update)?,
            next_update: tbs.next_update.map(instant).transpose()?,
            signature_algorithm: signature_algorithm.oid,
            signature,
            entries,
            covers,
            problem,
            incomplete,
            verified: Mutex::default(),
        })
    }

    /// The PEM.
    pub fn to_pem(&self) -> String {
        let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        pem::encode_config(&pem::Pem::new("X509 CRL", self.der.as_slice()), config)
    }

    /// SHA-256 of the DER.
    pub fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    /// The issuer as RFC 4514 writes names.
    pub fn issuer(&self) -> String {
        self.issuer.to_string()
    }

    /// When it was made.
    pub fn this_update(&self) -> Instant {
        self.this_update
    }

    /// By when the next one is due.
    pub fn next_update(&self) -> Option<Instant> {
        self.next_update
    }

    /// How many certificates it lists.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Why it cannot be used, whoever signed it.
    pub fn problem(&self) -> Option<&Words> {
        self.problem.as_ref()
    }

    /// Why a certificate that it does not have may be revoked all the same: it has a part of them only, or
    /// what changed. `None` if it has them all.
    pub fn incomplete(&self) -> Option<&Words> {
        self.incomplete.as_ref()
    }

    /// Whether it is signed by the very key of an authority that it names as its issuer, and can be
    /// used.
    pub fn is_by(&self, authority: &Certificate) -> bool {
        self.is_named_as(authority) && self.check(authority).is_ok()
    }

    /// Whether it names an authority as its issuer.
    pub(super) fn is_named_as(&self, authority: &Certificate) -> bool {
        self.issuer == *authority.subject_name()
    }

    /// Checks that the key of an authority signed it, and that it can be used.
    ///
    /// # Errors
    /// Says why not.
    pub(super) fn check(&self, authority: &Certificate) -> Result<(), ListProblem> {
        let remembered = || self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = remembered().get(&authority.fingerprint()) {
            return outcome.clone();
        }
        let outcome = self.examine(authority);
        remembered().insert(authority.fingerprint(), outcome.clone());
        outcome
    }

    fn examine(&self, authority: &Certificate) -> Result<(), ListProblem> {
        let not_checkable = |words| Err(ListProblem::NotCheckable(words));
        let (Some(key), Some(signature)) = (authority.key(), self.signature.as_bytes()) else {
            return not_checkable(words!("cert-issuer-key"));
        };
        let Ok(signed) = self.signed_bytes() else { return Err(ListProblem::OtherKey) };
        match verify_signed(key, self.signature_algorithm, signed, signature) {
            Ok(()) => {}
            Err(IssuerProblem::Wrong) => return Err(ListProblem::OtherKey),
            // By a key of another kind than the authority has, or in a way that is not verified here.
            Err(IssuerProblem::NotAccepted(words)) => return not_checkable(words),
        }
        let usage = authority.decoded::<KeyUsage>();
        if !usage.is_ok_and(|usage| usage.is_none_or(|(_, usage)| usage.crl_sign())) {
            return not_checkable(words!("list-not-allowed"));
        }
        match &self.problem {
            Some(words) => not_checkable(words.clone()),
            None => Ok(()),
        }
    }

    /// Whether it is about a certificate that is an authority's, or is not.
    pub(super) fn covers(&self, is_authority: bool) -> bool {
        match self.covers {
            Covers::All => true,
            Covers::People => !is_authority,
            Covers::Authorities => is_authority,
        }
    }

    /// What it says of a serial number.
    pub(super) fn entry(&self, serial: &[u8]) -> Option<&Entry> {
        self.entries.get(serial)
    }

    /// The bytes of the `TBSCertList` as they were signed.
    fn signed_bytes(&self) -> x509_cert::der::Result<&[u8]> {
        let mut outer = SliceReader::new(&self.der)?;
        Header::decode(&mut outer)?;
        outer.tlv_bytes()
    }
}

impl Entry {
    /// Reads what a list says of a certificate.
    ///
    /// # Errors
    /// Says why the list cannot be used: it has something critical that is not processed here.
    fn read(date: Instant, extensions: &[Extension]) -> Result<Self, Words> {
        let mut entry = Self { date, reason: CrlReason::Unspecified, invalid_since: None };
        for extension in extensions {
            let value = extension.extn_value.as_bytes();
            let id = extension.extn_id;
            let unread = || words!("list-extension-unread", %id);
            match id {
                rfc5280::ID_CE_CRL_REASONS => {
                    entry.reason = CrlReason::from_der(value).map_err(|_| unread())?;
                }
                rfc5280::ID_CE_INVALIDITY_DATE => {
                    let time = GeneralizedTime::from_der(value).map_err(|_| unread())?;
                    let since = instant(Time::GeneralTime(time)).map_err(|_| unread())?;
                    entry.invalid_since = Some(since);
                }
                rfc5280::ID_CE_CERTIFICATE_ISSUER => return Err(words!("list-indirect")),
                _ if extension.critical => return Err(words!("list-critical", %id)),
                _ => {}
            }
        }
        Ok(entry)
    }

    /// Whether someone else may have the key.
    pub(super) const fn is_compromise(&self) -> bool {
        matches!(
            self.reason,
            CrlReason::KeyCompromise | CrlReason::CaCompromise | CrlReason::AaCompromise
        )
    }

    /// The reason, as RFC 5280 calls it.
    pub(super) const fn reason_name(&self) -> &'static str {
        match self.reason {
            CrlReason::Unspecified => "unspecified",
            CrlReason::KeyCompromise => "keyCompromise",
            CrlReason::CaCompromise => "cACompromise",
            CrlReason::AffiliationChanged => "affiliationChanged",
            CrlReason::Superseded => "superseded",
            CrlReason::CessationOfOperation => "cessationOfOperation",
            CrlReason::CertificateHold => "certificateHold",
            CrlReason::RemoveFromCRL => "removeFromCRL",
            CrlReason::PrivilegeWithdrawn => "privilegeWithdrawn",
            CrlReason::AaCompromise => "aACompromise",
        }
    }
}

fn instant(time: Time) -> Result<Instant, RevocationListError> {
    let text = time.to_date_time().to_string();
    Instant::parse(&text).ok_or_else(|| RevocationListError::Der(words!("cert-date", text)))
}

/// Why a list cannot be used: extensions that are given twice, or critical ones that are not processed
/// here.
fn unusable(extensions: &[Extension]) -> Option<Words> {
    extensions.iter().enumerate().find_map(|(index, extension)| {
        let id = extension.extn_id;
        match id {
            _ if extensions[..index].iter().any(|earlier| earlier.extn_id == id) => {
                Some(words!("cert-extension-twice"))
            }
            rfc5280::ID_CE_DELTA_CRL_INDICATOR | rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT => None,
            rfc5280::ID_CE_CRL_NUMBER | rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER => None,
            _ if extension.critical => Some(words!("list-critical", %id)),
            _ => None,
        }
    })
}

/// Whether a list has only what changed since another.
fn is_delta(extensions: &[Extension]) -> bool {
    extensions.iter().any(|one| one.extn_id == rfc5280::ID_CE_DELTA_CRL_INDICATOR)
}

/// Which certificates a list is about, by its issuing distribution point, and whether it has all of them
/// that are revoked, for whatever reason.
///
/// # Errors
/// Says why it cannot be used: it is about the certificates of others, or of attributes.
fn covers(extensions: &[Extension]) -> Result<(Covers, bool), Words> {
    let id = rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT;
    let Some(point) = extensions.iter().find(|extension| extension.extn_id == id) else {
        return Ok((Covers::All, true));
    };
    let point = IssuingDistributionPoint::from_der(point.extn_value.as_bytes())
        .map_err(|_| words!("list-extension-unread", %id))?;
    let is_whole = point.distribution_point.is_none() && point.only_some_reasons.is_none();
    match point {
        point if point.indirect_crl => Err(words!("list-indirect")),
        point if point.only_contains_attribute_certs => Err(words!("list-partial")),
        point if point.only_contains_user_certs => Ok((Covers::People, is_whole)),
        point if point.only_contains_ca_certs => Ok((Covers::Authorities, is_whole)),
        _ => Ok((Covers::All, is_whole)),
    }
}
