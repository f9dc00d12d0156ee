//! The trust folder of time-stamping authorities: as that of attestations
//! ([`crate::attestation_roots`]), beside it, and with certificates alone
//! ([`crate::certificate_folder`]).

use std::path::{Path, PathBuf};

use countersign_admissibility::time_stamp::TsaRoots;

use crate::attestation_roots::{Anchor, TrustFolder};
use crate::certificate_folder;

/// The folder's name; it is beside the keyring.
pub const FOLDER: &str = "tsa-roots";

/// The trust folder of a station whose keyring is at a path, unless another is chosen.
pub fn beside(keyring: &Path) -> PathBuf {
    keyring.with_file_name(FOLDER)
}

/// The trusted roots of a folder that was read. Keys in it count for nothing.
pub fn roots(read: &TrustFolder) -> TsaRoots {
    roots_of(read.files.iter().flat_map(|(_, anchors)| anchors))
}

/// The trusted roots among some items. Keys among them count for nothing.
pub fn roots_of<'a>(anchors: impl IntoIterator<Item = &'a Anchor>) -> TsaRoots {
    TsaRoots::new(certificate_folder::certificates_of(anchors))
}
