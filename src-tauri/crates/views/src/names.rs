//! The names that the certificate beside a key states, and whether a root proves them.

use countersign_admissibility::attestation::Certificate;
use countersign_admissibility::certificate_names::revocation::RevocationState;
use countersign_admissibility::certificate_names::warning::{self, NameWarning, NameWarningKind};
use countersign_admissibility::certificate_names::{
    self, NameFinding, NameStanding, NameTrust, When,
};
use countersign_admissibility::keyring::Key;
use countersign_envelope::instant::Instant;
use countersign_problem::Said;
use countersign_problem::visible::visible;
use serde::Serialize;

/// The certificate beside a key, as it is shown. All texts are made visible. The names are the
/// certificate's own word unless the standing says that they are proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct NamesView {
    /// Whether the names are proven.
    pub standing: NameStanding,
    /// One sentence: the names and what proves them, or why nothing does.
    pub words: Said,
    /// The common names.
    pub common_names: Vec<String>,
    /// The e-mail addresses.
    pub emails: Vec<String>,
    /// The organisations.
    pub organizations: Vec<String>,
    /// The organisational units.
    pub units: Vec<String>,
    /// The certificate; null if it cannot be read.
    pub certificate: Option<CertificateView>,
    /// The root that proves the names; null if none does.
    pub root: Option<NameRootView>,
    /// What the revocation lists say.
    pub revocation: RevocationView,
    /// What has to be said beside it.
    pub warnings: Vec<NameWarningView>,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct CertificateView {
    /// Its subject (RFC 4514).
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Its serial number, hex.
    pub serial: String,
    /// SHA-256 of its DER, 64 hex digits.
    pub sha256: String,
    /// From when it is valid.
    pub valid_from: String,
    /// Its last second.
    pub valid_until: String,
    /// Its key usages, as RFC 5280 calls them; null if it states none.
    pub key_usages: Option<Vec<String>>,
    /// Its extended key usages; null if it states none.
    pub purposes: Option<Vec<String>>,
}

/// A root that proves names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct NameRootView {
    /// Its subject.
    pub subject: String,
    /// SHA-256 of its DER, 64 hex digits.
    pub sha256: String,
}

/// What the revocation lists say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RevocationView {
    /// In one word.
    pub state: RevocationState,
    /// In a clause.
    pub words: Said,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct NameWarningView {
    /// What it is about.
    pub kind: NameWarningKind,
    /// In one sentence.
    pub words: Said,
}

impl NamesView {
    /// Describes the verdict on a certificate.
    pub fn of(finding: &NameFinding) -> Self {
        let all = |names: &[String]| names.iter().map(|name| visible(name)).collect();
        let names = &finding.names;
        let warnings = finding.warnings.iter();
        let warning = |NameWarning { kind, words }: &NameWarning| NameWarningView {
            kind: *kind,
            words: words.clone().into(),
        };
        Self {
            standing: finding.standing(),
            words: finding.words().into(),
            common_names: all(&names.common_names),
            emails: all(&names.emails),
            organizations: all(&names.organizations),
            units: all(&names.units),
            certificate: finding.certificate.as_deref().map(CertificateView::of),
            root: finding.outcome.as_ref().ok().map(|root| NameRootView {
                subject: visible(&root.subject()),
                sha256: root.fingerprint().hex(),
            }),
            revocation: RevocationView {
                state: finding.revocation.state,
                words: finding.revocation.words.clone().into(),
            },
            warnings: warnings.map(warning).collect(),
        }
    }

    /// Describes the certificate that the keyring has beside a key, as judged now; `None` if it has none.
    pub fn of_key(key: &Key, trust: &NameTrust, now: Instant) -> Option<Self> {
        let finding = certificate_names::judge(key, Some(When::now(now)), trust)?;
        Some(Self::of(&finding))
    }

    /// The first name that it states, for a line; its e-mail address if it has no common name.
    pub fn short(&self) -> Option<&str> {
        let names = [&self.common_names, &self.emails, &self.organizations];
        names.into_iter().flatten().map(String::as_str).next()
    }
}

impl CertificateView {
    fn of(certificate: &Certificate) -> Self {
        let usages = warning::key_usages(certificate);
        Self {
            subject: visible(&certificate.subject()),
            issuer: visible(&certificate.issuer()),
            serial: certificate.serial(),
            sha256: certificate.fingerprint().hex(),
            valid_from: certificate.not_before().to_string(),
            valid_until: certificate.not_after().to_string(),
            key_usages: usages.map(|all| all.into_iter().map(str::to_owned).collect()),
            purposes: warning::purposes(certificate),
        }
    }
}
