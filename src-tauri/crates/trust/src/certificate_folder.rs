//! A trust folder as that of attestations ([`attestation_roots`]) that has certificates alone: of
//! time-stamping authorities, or of roots that prove names.

use std::path::Path;

use countersign_admissibility::attestation::{Certificate, CertificateError};
use countersign_envelope::instant::Instant;
use countersign_journal::Recorder;

use crate::attestation_roots::{self, Anchor, RootCandidate, TrustError, TrustRootsView};

/// The certificates among some items. Keys among them count for nothing.
pub fn certificates_of<'a>(
    anchors: impl IntoIterator<Item = &'a Anchor>,
) -> impl Iterator<Item = Certificate> {
    anchors.into_iter().filter_map(|anchor| match anchor {
        Anchor::Certificate(certificate) => Some((**certificate).clone()),
        Anchor::Key(_) | Anchor::Area(_) => None,
    })
}

/// The folder, as it is shown.
///
/// # Errors
/// As [`attestation_roots::read`].
pub fn view(folder: &Path, now: Instant) -> Result<TrustRootsView, TrustError> {
    let mut view = attestation_roots::view(folder, now)?;
    view.roots.retain(|root| !root.certificate.is_key);
    Ok(view)
}

/// The certificates in a file that could be trusted, for a person to compare and confirm.
///
/// # Errors
/// Fails if the file has none, or the trust folder cannot be read.
pub fn look(folder: &Path, path: &Path, now: Instant) -> Result<Vec<RootCandidate>, TrustError> {
    let mut found = attestation_roots::look(folder, path, now)?;
    found.retain(|one| !one.is_key);
    match found.is_empty() {
        true => {
            Err(TrustError::Certificates { path: path.to_owned(), error: CertificateError::None })
        }
        false => Ok(found),
    }
}

/// Trusts the certificates of a file that a person has confirmed by their SHA-256.
///
/// # Errors
/// As [`attestation_roots::add`]; also if a key was confirmed instead of a certificate.
pub fn add(
    folder: &Path,
    path: &Path,
    confirmed: &[String],
    recorder: &dyn Recorder,
) -> Result<(), TrustError> {
    let anchors = attestation_roots::read_file(path)?;
    for text in confirmed {
        let wanted = attestation_roots::parse(text)?;
        let is_key = |one: &&Anchor| !matches!(one, Anchor::Certificate(_));
        if anchors.iter().filter(is_key).any(|one| one.fingerprint() == wanted) {
            return Err(TrustError::NotInFile { path: path.to_owned(), sha256: wanted.hex() });
        }
    }
    attestation_roots::add(folder, path, confirmed, recorder)
}
