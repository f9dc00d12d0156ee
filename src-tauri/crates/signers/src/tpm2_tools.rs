//! Has the TPM of this machine certify a key, with the programs of tpm2-tools 4 and later.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign_envelope::key_attestation::Tpm2Certify;

use crate::external::{Program, TIMEOUT};
use crate::{Attend, SignerError};

/// What tpm2-tools read of the environment: which TPM to speak to, and how much to say.
const ENVIRONMENT: [&str; 4] =
    ["TPM2TOOLS_TCTI", "TPM2TOOLS_ENABLE_ERRATA", "TSS2_LOG", "TSS2_FAPICONF"];

/// An object in the TPM, as tpm2-tools take it.
#[derive(Debug, Clone)]
pub struct TpmObject {
    /// A context file, or a handle such as `0x81000001`.
    pub context: String,
    /// A file with its authorisation, where it has one. It is named to the tool and not read here.
    pub authorisation: Option<PathBuf>,
}

impl TpmObject {
    /// The words that name it. The tools run elsewhere, so that paths are made whole.
    fn context(&self) -> String {
        match std::path::absolute(&self.context) {
            Ok(path) if path.exists() => path.to_string_lossy().into_owned(),
            _ => self.context.clone(),
        }
    }

    fn authorisation(&self, flag: &str) -> Option<[String; 2]> {
        let path = self.authorisation.as_ref()?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        Some([flag.to_owned(), format!("file:{}", path.to_string_lossy())])
    }
}

/// Has an attestation key certify a key: `tpm2_readpublic` of either, and `tpm2_certify`. Each
/// program has `timeout`, or [`TIMEOUT`]; no shell runs them.
///
/// # Errors
/// Where a program is not installed or fails; what it said is in the error.
pub fn certify(
    key: &TpmObject,
    attestation_key: &TpmObject,
    timeout: Option<Duration>,
    attend: &dyn Attend,
) -> Result<Tpm2Certify, SignerError> {
    let directory = tempfile::tempdir().map_err(SignerError::TpmFiles)?;
    let run = |words: Vec<String>| {
        let program = Program::of(words).timeout(timeout.unwrap_or(TIMEOUT));
        let program = program.keep_env(ENVIRONMENT.map(str::to_owned).to_vec())?;
        program.directory(directory.path()).run(None, None, attend).map(drop)
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (certified, certifying) = (key.context(), attestation_key.context());

    run(words(&["tpm2_readpublic", "-Q", "-c", &certified, "-o", "key.pub"]))?;
    run(words(&["tpm2_readpublic", "-Q", "-c", &certifying, "-o", "ak.pub"]))?;
    let mut certify = words(&["tpm2_certify", "-Q", "-c", &certified, "-C", &certifying]);
    certify.extend(words(&["-g", "sha256", "-o", "attest", "-s", "sig"]));
    certify.extend(key.authorisation("-P").into_iter().flatten());
    certify.extend(attestation_key.authorisation("-p").into_iter().flatten());
    run(certify)?;

    let read = |name: &str| read(directory.path(), name);
    Ok(Tpm2Certify {
        attest: read("attest")?,
        signature: read("sig")?,
        ak_public: read("ak.pub")?,
        key_public: read("key.pub")?,
        ak_certificate: None,
    })
}

fn read(directory: &Path, name: &str) -> Result<Vec<u8>, SignerError> {
    fs::read(directory.join(name)).map_err(SignerError::TpmFiles)
}
