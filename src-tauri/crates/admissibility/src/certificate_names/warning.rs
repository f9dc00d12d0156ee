//! What has to be said beside a certificate, whether or not its names are proven.

use countersign_envelope::vocabulary;
use countersign_problem::{Words, words};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};

use super::When;
use super::stated::StatedNames;
use crate::attestation::{Certificate, allows_documents};

vocabulary! {
    /// What a warning is about.
    NameWarningKind {
        /// It had expired at the time judged.
        Expired = "expired",
        /// It was not valid yet at the time judged.
        NotYetValid = "not_yet_valid",
        /// It has expired since.
        ExpiredNow = "expired_now",
        /// Its key usage allows no signatures.
        KeyUsage = "key_usage",
        /// Its extended key usage allows no documents.
        ExtendedKeyUsage = "extended_key_usage",
        /// It is that of an authority.
        Authority = "authority",
        /// It does not name the owner of the key as the keyring does.
        OtherName = "other_name",
        /// It was revoked later.
        RevokedLater = "revoked_later",
        /// A list of revoked certificates was older than the time judged.
        ListOlder = "list_older",
        /// A list of revoked certificates is older than now.
        ListEnded = "list_ended",
        /// A list of revoked certificates was not used.
        ListNotUsed = "list_not_used",
    }
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameWarning {
    /// What it is about.
    pub kind: NameWarningKind,
    /// In one sentence.
    pub words: Words,
}

impl NameWarning {
    pub(super) const fn new(kind: NameWarningKind, words: Words) -> Self {
        Self { kind, words }
    }
}

/// The key usages that a certificate states, as RFC 5280 calls them; `None` if it states none, or they
/// cannot be read.
pub fn key_usages(certificate: &Certificate) -> Option<Vec<&'static str>> {
    const NAMES: [(KeyUsages, &str); 9] = [
        (KeyUsages::DigitalSignature, "digitalSignature"),
        (KeyUsages::NonRepudiation, "nonRepudiation"),
        (KeyUsages::KeyEncipherment, "keyEncipherment"),
        (KeyUsages::DataEncipherment, "dataEncipherment"),
        (KeyUsages::KeyAgreement, "keyAgreement"),
        (KeyUsages::KeyCertSign, "keyCertSign"),
        (KeyUsages::CRLSign, "cRLSign"),
        (KeyUsages::EncipherOnly, "encipherOnly"),
        (KeyUsages::DecipherOnly, "decipherOnly"),
    ];
    let (_, usage) = certificate.decoded::<KeyUsage>().ok().flatten()?;
    let stated = NAMES.into_iter().filter(|(one, _)| usage.0.contains(*one));
    Some(stated.map(|(_, name)| name).collect())
}

/// The extended key usages that a certificate states, as RFC 5280 and RFC 9336 call them, or by their
/// ids; `None` if it states none, or they cannot be read.
pub fn purposes(certificate: &Certificate) -> Option<Vec<String>> {
    let (_, purposes) = certificate.decoded::<ExtendedKeyUsage>().ok().flatten()?;
    Some(purposes.0.iter().map(purpose).collect())
}

fn purpose(id: &ObjectIdentifier) -> String {
    const NAMES: [(&str, &str); 8] = [
        ("2.5.29.37.0", "anyExtendedKeyUsage"),
        ("1.3.6.1.5.5.7.3.1", "serverAuth"),
        ("1.3.6.1.5.5.7.3.2", "clientAuth"),
        ("1.3.6.1.5.5.7.3.3", "codeSigning"),
        ("1.3.6.1.5.5.7.3.4", "emailProtection"),
        ("1.3.6.1.5.5.7.3.8", "timeStamping"),
        ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
        ("1.3.6.1.5.5.7.3.36", "documentSigning"),
    ];
    let id = id.to_string();
    NAMES.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| (*name).to_owned())
}

/// What the certificate alone gives reason to warn of.
pub(super) fn of_certificate(
    certificate: &Certificate,
    when: Option<When<'_>>,
    names: &StatedNames,
    owner: Option<&str>,
) -> Vec<NameWarning> {
    let mut warnings = Vec::new();
    let mut warn = |kind, words| warnings.push(NameWarning::new(kind, words));
    let (from, until) = (certificate.not_before(), certificate.not_after());
    if let Some(when) = when {
        let at = when.at();
        if until.unix() < at.unix() {
            warn(NameWarningKind::Expired, words!("names-warn-expired", %until, %at));
        } else if until.unix() < when.now.unix() {
            warn(NameWarningKind::ExpiredNow, words!("names-warn-expired-now", %until));
        }
        if at.unix() < from.unix() {
            warn(NameWarningKind::NotYetValid, words!("names-warn-not-yet-valid", %from, %at));
        }
    }
    let usage = certificate.decoded::<KeyUsage>();
    let signs = |usage: &KeyUsage| usage.digital_signature() || usage.non_repudiation();
    if usage.is_ok_and(|usage| usage.is_some_and(|(_, usage)| !signs(&usage))) {
        let usages = key_usages(certificate).unwrap_or_default().join(", ");
        warn(NameWarningKind::KeyUsage, words!("names-warn-key-usage", usages));
    }
    let stated = certificate.decoded::<ExtendedKeyUsage>();
    let excludes = |(critical, all): (bool, ExtendedKeyUsage)| critical && !allows_documents(&all);
    if stated.is_ok_and(|stated| stated.is_some_and(excludes)) {
        let purposes = purposes(certificate).unwrap_or_default().join(", ");
        warn(NameWarningKind::ExtendedKeyUsage, words!("names-warn-purposes", purposes));
    }
    let constraints = certificate.decoded::<BasicConstraints>();
    if constraints.is_ok_and(|stated| stated.is_some_and(|(_, stated)| stated.ca)) {
        warn(NameWarningKind::Authority, words!("names-warn-authority"));
    }
    if let Some(owner) = owner.filter(|owner| !names.agree_with(owner)) {
        let names = names.words();
        warn(NameWarningKind::OtherName, words!("names-warn-other-name", names, owner = ?owner));
    }
    warnings
}
