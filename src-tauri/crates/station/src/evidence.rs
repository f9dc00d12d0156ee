//! Evidence of where a key lives that a person brings: read from a file, held against what is
//! signed before the key is used, or put beside a signature that stands already.

use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::{self, AttestationError, AttestationRoots};
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{self, MAX_BYTES};
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::{KeyAttestation, KeyAttestationError, Tpm2Certify};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError};

use crate::reading::{self, ReadError, directory_of, name_of, resolved};
use crate::safe_write::{self, Access, WriteError};

/// Longest file of evidence, in bytes.
const MAX_EVIDENCE: u64 = 1 << 20;

/// What the files of TPM2_Certify are called in a directory, each by any of its names.
const ATTEST: &[&str] = &["attest", "attest.bin", "attest.out", "certify.attest"];
const SIGNATURE: &[&str] = &["sig", "signature", "sig.bin", "sig.out", "certify.sig"];
const AK_PUBLIC: &[&str] = &["ak.pub", "ak.tpmt", "ak_public"];
const KEY_PUBLIC: &[&str] = &["key.pub", "key.tpmt", "key_public"];
const AK_CERTIFICATE: &[&str] = &["ak.pem", "ak.crt", "ak.cer", "ak.der", "ak_certificate"];

/// Why evidence cannot be used.
#[derive(Debug, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum EvidenceError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is no evidence.
    #[error("{}: {error}; give the JSON object of a key attestation, or a directory with the files of tpm2_certify", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: KeyAttestationError,
    },
    /// A directory lacks one of the files of TPM2_Certify.
    #[error("{}: has no {what} (any of {}); put there what tpm2_certify and tpm2_readpublic wrote", path.display(), names.join(", "))]
    NoFile {
        /// The directory.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
        /// What it may be called.
        names: &'static [&'static str],
    },
    /// The certificate is none.
    #[error("{}: the certificate of the attestation key is no PEM ({error}); give PEM or DER", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// It contradicts every signature that it could belong to.
    #[error("the evidence is of no signature of {}: {why}. Nothing was written", path.display())]
    Contradicts {
        /// The run.
        path: PathBuf,
        /// In which way.
        why: AttestationError,
    },
    /// There is nothing that it could belong to.
    #[error("{}: has no signature that evidence could belong to; sign it first", .0.display())]
    NoSignature(PathBuf),
    /// The signature has evidence already.
    #[error("{}: the signature of {signer:?} has an attestation already; nothing was changed", path.display())]
    Has {
        /// The signature file.
        path: PathBuf,
        /// Whose signature.
        signer: String,
    },
    /// The signatures cannot be read or are about something else.
    #[error("{}: {error}; nothing was written", path.display())]
    Signatures {
        /// The signature file.
        path: PathBuf,
        /// What is wrong.
        error: SignatureFileError,
    },
    /// The artifact is no JSON.
    #[error("{}: is no artifact that could be signed ({why}); nothing was written", path.display())]
    Artifact {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The signature file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Reads evidence: a file with the JSON object of a key attestation, or a directory with what
/// `tpm2_certify` and `tpm2_readpublic` wrote.
///
/// # Errors
/// Where it cannot be read or is none.
pub fn read(path: &Path) -> Result<KeyAttestation, EvidenceError> {
    if path.is_dir() {
        return read_certified(path);
    }
    KeyAttestation::parse_text(&read_file(path)?)
        .map_err(|error| EvidenceError::Form { path: path.to_owned(), error })
}

fn read_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    let real = resolved(path);
    reading::read(&real, directory_of(&real), MAX_EVIDENCE)
}

fn read_certified(directory: &Path) -> Result<KeyAttestation, EvidenceError> {
    let find = |names: &'static [&'static str]| {
        names.iter().map(|name| directory.join(name)).find(|path| path.is_file())
    };
    let part = |what, names| {
        let path =
            find(names).ok_or(EvidenceError::NoFile { path: directory.to_owned(), what, names })?;
        Ok::<_, EvidenceError>(read_file(&path)?)
    };
    let certificate = find(AK_CERTIFICATE).map(|path| read_certificate(&path)).transpose()?;
    Ok(KeyAttestation::Tpm2Certify(Tpm2Certify {
        attest: part("statement of the TPM", ATTEST)?,
        signature: part("signature of the attestation key", SIGNATURE)?,
        ak_public: part("public area of the attestation key", AK_PUBLIC)?,
        key_public: part("public area of the key", KEY_PUBLIC)?,
        ak_certificate: certificate,
    }))
}

/// A certificate's DER, from PEM or as it is.
///
/// # Errors
/// Where it cannot be read, or is PEM that is damaged.
pub fn read_certificate(path: &Path) -> Result<Vec<u8>, EvidenceError> {
    let bytes = read_file(path)?;
    if !bytes.starts_with(b"-----BEGIN") {
        return Ok(bytes);
    }
    match pem::parse(&bytes) {
        Ok(block) => Ok(block.into_contents()),
        Err(error) => {
            Err(EvidenceError::Certificate { path: path.to_owned(), error: error.to_string() })
        }
    }
}

/// Whether evidence could belong to a signature by this key over this digest at this time. That it
/// proves nothing, or that nobody trusts what it leads to, does not stand against it.
///
/// # Errors
/// In which way it contradicts.
pub fn check(
    evidence: &KeyAttestation,
    public_key: Option<&PublicKey>,
    digest: &Digest,
    signed_at: Instant,
) -> Result<(), AttestationError> {
    let roots = AttestationRoots::default();
    match attestation::verify_with_signature(evidence, public_key, digest, &roots, signed_at) {
        Err(error) if error.contradicts() => Err(error),
        _ => Ok(()),
    }
}

/// Puts evidence beside the signatures, of a run and of its manifest, that it belongs to: a cloud's
/// log has the call only after the signature was made. Gives the files that were written.
///
/// # Errors
/// Where it contradicts all of them, or they have other evidence already; nothing is written then.
pub fn attach(run: &Path, evidence: &KeyAttestation) -> Result<Vec<PathBuf>, EvidenceError> {
    let manifest = run.with_file_name(file_name::manifest_of(&name_of(run)));
    let artifacts = [run.to_owned(), manifest].into_iter().filter(|path| path.is_file());
    let _lock = safe_write::lock(directory_of(run))?;
    let (mut prepared, mut written, mut why) = (Vec::new(), Vec::new(), None);
    for artifact in artifacts {
        let path = artifact.with_file_name(file_name::signature_of(&name_of(&artifact)));
        let bytes = match reading::read(&path, directory_of(&path), MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        let failed = |error| EvidenceError::Signatures { path: path.clone(), error };
        let mut file = SignatureFile::parse_for_rewrite(&bytes).map_err(failed)?;
        let read = reading::read(&artifact, directory_of(&artifact), MAX_BYTES)?;
        let read = Artifact::parse(&read).map_err(|error| EvidenceError::Artifact {
            path: artifact.clone(),
            why: error.to_string(),
        })?;
        file.check_about(&read).map_err(failed)?;
        match place_of(&file, &read, evidence, &path) {
            Ok(Some(at)) => {
                file.set_attestation(at, evidence);
                let text = file.to_text();
                prepared.push(safe_write::prepare(&path, text.as_bytes(), Access::Shared)?);
                written.push(path);
            }
            Ok(None) => {}
            Err(EvidenceError::Contradicts { why: first, .. }) => {
                why.get_or_insert(first);
            }
            Err(error) => return Err(error),
        }
    }
    if written.is_empty() {
        let path = run.to_owned();
        return Err(match why {
            Some(why) => EvidenceError::Contradicts { path, why },
            None => EvidenceError::NoSignature(path),
        });
    }
    safe_write::commit(prepared)?;
    Ok(written)
}

/// Which of the signatures of a file evidence belongs to; none where there are none.
fn place_of(
    file: &SignatureFile,
    artifact: &Artifact,
    evidence: &KeyAttestation,
    path: &Path,
) -> Result<Option<usize>, EvidenceError> {
    let mut why = None;
    for (at, signature) in file.signatures().into_iter().enumerate() {
        let public_key = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
        let digest = artifact.canonical().digest();
        // One without a time is never at the time of a call.
        let signed_at = signature.signed_at().unwrap_or(Instant::EPOCH);
        match check(evidence, public_key.as_ref(), &digest, signed_at) {
            Ok(()) => match signature.attestation() {
                None => return Ok(Some(at)),
                Some(Ok(same)) if same == *evidence => return Ok(Some(at)),
                Some(_) => {
                    let signer = signature.signer_id().to_owned();
                    return Err(EvidenceError::Has { path: path.to_owned(), signer });
                }
            },
            // What is said of the signature whose key it is says more than that others' are not.
            Err(error) if why.is_none() || error != AttestationError::OtherKey => why = Some(error),
            Err(_) => {}
        }
    }
    match why {
        Some(why) => Err(EvidenceError::Contradicts { path: path.to_owned(), why }),
        None => Ok(None),
    }
}
