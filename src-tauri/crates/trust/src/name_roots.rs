//! The trust folder of roots that prove names: as that of attestations ([`attestation_roots`]), beside
//! it, and with certificates alone. A root in it proves names and nothing else.

use std::path::{Path, PathBuf};

use countersign_admissibility::certificate_names::NameTrust;

use crate::attestation_roots::{self, TrustError};
use crate::{certificate_folder, revocation_lists};

/// The folder's name; it is beside the keyring.
pub const FOLDER: &str = "name-roots";

/// The trust folder of a station whose keyring is at a path, unless another is chosen.
pub fn beside(keyring: &Path) -> PathBuf {
    keyring.with_file_name(FOLDER)
}

/// What is trusted for names: the roots of one folder, and the lists of revoked certificates of
/// another. What of them cannot be read is left out, and named.
pub fn read(roots: &Path, lists: &Path) -> (NameTrust, Vec<TrustError>) {
    let mut troubles = Vec::new();
    let certificates = match attestation_roots::read(roots) {
        Ok(read) => {
            let anchors = read.files.iter().flat_map(|(_, anchors)| anchors);
            let certificates: Vec<_> = certificate_folder::certificates_of(anchors).collect();
            troubles.extend(read.troubles);
            certificates
        }
        Err(error) => {
            troubles.push(error);
            Vec::new()
        }
    };
    let lists = match revocation_lists::read(lists) {
        Ok(read) => {
            troubles.extend(read.troubles);
            read.files.into_iter().flat_map(|(_, lists)| lists).collect()
        }
        Err(error) => {
            troubles.push(error);
            Vec::new()
        }
    };
    (NameTrust::new(certificates, lists), troubles)
}
