//! The claims that this station made. Other programs drop what they do not know when they rewrite a
//! signature file, as the reference's `--append` does; a merge puts these back.

use std::path::PathBuf;

use countersign_envelope::companion::{COMPANION, Companion};
use countersign_envelope::digest::Digest;
use countersign_envelope::dsse::DsseEnvelope;
use countersign_envelope::json::{self, Value};

use super::{LogMemory, LogMemoryError};
use crate::ownership;
use crate::reading::{self, ReadError};
use crate::safe_write::{self, Access};

/// The folder's name, in the directory of what is remembered.
const FOLDER: &str = "claims";

/// The longest file of this kind that is read, in bytes: a payload of 64 KiB in base64, a companion, and
/// the rest.
const MAX_BYTES: u64 = 128 << 10;

/// A claim that this station made, with the companion of its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptClaim {
    /// The claim.
    pub claim: DsseEnvelope,
    /// The companion of the signature that it is about; `None` if there is none.
    pub companion: Option<Companion>,
}

impl LogMemory {
    /// Keeps a claim, by the SHA-256 of the raw signature that it is about. Claims of other people's
    /// stations are not kept.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_claim(&self, signature: Digest, kept: &KeptClaim) -> Result<(), LogMemoryError> {
        if self.is_foreign {
            return Ok(());
        }
        ownership::make_private_directory(&self.claims_folder())
            .map_err(|source| safe_write::WriteError::Io { path: self.claims_folder(), source })?;
        let mut object = kept.claim.to_object();
        if let Some(companion) = &kept.companion {
            object.set(COMPANION, companion.to_object());
        }
        let text = Value::from(object).to_pretty();
        let path = self.claim_file(signature);
        Ok(safe_write::replace(&path, text.as_bytes(), Access::Private)?)
    }

    /// The claim that this station made about a signature; `None` if it made none, or what it kept
    /// is damaged: whoever takes it verifies it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn kept_claim(&self, signature: Digest) -> Result<Option<KeptClaim>, LogMemoryError> {
        let path = self.claim_file(signature);
        let bytes = match reading::read(&path, &self.directory, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let value = json::parse(&bytes).map(|document| document.value);
        let kept = |value: Value| {
            let companion = value.get(COMPANION).and_then(|one| Companion::parse(one).ok());
            Some(KeptClaim { claim: DsseEnvelope::parse(&value).ok()?, companion })
        };
        Ok(value.ok().and_then(kept))
    }

    /// Whether it made any.
    pub fn keeps_claims(&self) -> bool {
        self.claims_folder().is_dir()
    }

    fn claims_folder(&self) -> PathBuf {
        self.directory.join(FOLDER)
    }

    fn claim_file(&self, signature: Digest) -> PathBuf {
        self.claims_folder().join(format!("{}.json", signature.hex()))
    }
}
