//! Evidence from a person of where a key is held: read from a file, and checked against what is
//! signed before the key is used, or added to an existing signature.

use countersign_problem::{Problem, Words};
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::{
    self, AttestationError, AttestationRoots, Bearing, Call, Certificate, CertificateError,
};
use countersign_envelope::artifact::Artifact;
use countersign_envelope::file_name::{self, MAX_BYTES};
use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::{KeyAttestation, KeyAttestationError, Tpm2Certify};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError};

use crate::reading::{self, ReadError, directory_of, name_of, resolved};
use crate::safe_write::{self, Access, WriteError};

/// Longest file of evidence, in bytes.
const MAX_EVIDENCE: u64 = 1 << 20;

/// The names of the files of TPM2_Certify in a directory; each may have any of its names.
const ATTEST: &[&str] = &["attest", "attest.bin", "attest.out", "certify.attest"];
const SIGNATURE: &[&str] = &["sig", "signature", "sig.bin", "sig.out", "certify.sig"];
const AK_PUBLIC: &[&str] = &["ak.pub", "ak.tpmt", "ak_public"];
const KEY_PUBLIC: &[&str] = &["key.pub", "key.tpmt", "key_public"];
const AK_CERTIFICATE: &[&str] = &["ak.pem", "ak.crt", "ak.cer", "ak.der", "ak_certificate"];

/// What files of certificates, and of an HSM's statement, are called.
const PARTS: [&str; 5] = ["pem", "crt", "cer", "der", "dat"];

/// Why evidence cannot be used.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum EvidenceError {
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// The file is not evidence.
    Form {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: KeyAttestationError,
    },
    /// A directory lacks one of the files of TPM2_Certify.
    #[arg(names = names.join(", "))]
    NoFile {
        /// The directory.
        path: PathBuf,
        /// The missing file, as its text chooses by it.
        what: &'static str,
        /// The names that it may have.
        names: &'static [&'static str],
    },
    /// The certificate is none.
    Certificate {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: Words,
    },
    /// Certificates that are not the pair of a YubiKey.
    Pair {
        /// The file or directory.
        path: PathBuf,
        /// The slot's certificate that is alone.
        alone: Option<String>,
    },
    /// Several pieces of evidence where one is expected.
    Several {
        /// The file or directory.
        path: PathBuf,
        /// How many.
        several: usize,
    },
    /// A directory cannot be listed.
    Directory {
        /// The directory.
        path: PathBuf,
        /// The error from the operating system.
        why: String,
    },
    /// It contradicts every signature that it could belong to.
    Contradicts {
        /// The run.
        path: PathBuf,
        /// In which way.
        why: AttestationError,
    },
    /// It is not evidence about this signature.
    Unusable {
        /// The signature file.
        path: PathBuf,
        /// Why not.
        why: AttestationError,
    },
    /// It does not name its signature.
    Ambiguous {
        /// The signature file.
        path: PathBuf,
        /// How many could be meant.
        fitting: usize,
    },
    /// There is nothing that it could belong to.
    NoSignature(PathBuf),
    /// The signature has evidence already.
    Has {
        /// The signature file.
        path: PathBuf,
        /// The signer of the signature.
        signer: String,
    },
    /// The signatures cannot be read or are about something else.
    Signatures {
        /// The signature file.
        path: PathBuf,
        /// The reason.
        error: SignatureFileError,
    },
    /// The artifact is no JSON.
    Artifact {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: Words,
    },
    /// The signature file could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
}

/// Evidence from a person.
#[derive(Debug, Default)]
pub struct Brought {
    /// What can be read.
    pub evidence: Vec<KeyAttestation>,
    /// Why a file is not evidence.
    pub unreadable: Vec<EvidenceError>,
}

/// Reads evidence: files with the JSON object of a key attestation, directories with what
/// `tpm2_certify` and `tpm2_readpublic` wrote, and what other devices give, in any number of files or in a
/// directory: the certificates of a key in a YubiKey or a YubiHSM, PEM or DER, or the statement of a
/// LiquidSecurity HSM, compressed, with its certificates.
///
/// # Errors
/// Fails if a file cannot be read.
pub fn read_all(paths: &[PathBuf]) -> Result<Brought, EvidenceError> {
    let mut brought = Brought::default();
    let mut parts = Parts::default();
    let mut first: Option<&Path> = None;
    for path in paths {
        let found = match path.is_dir() {
            true if is_certified(path) => read_certified(path).map(Found::Evidence),
            true => read_parts(path),
            false => read_one(path),
        };
        match found {
            Ok(Found::Evidence(evidence)) => brought.evidence.push(evidence),
            Ok(Found::Parts(found)) => {
                first = first.or(Some(path.as_path()));
                parts.add(found);
            }
            Err(error @ EvidenceError::Read(_)) => return Err(error),
            Err(error) => brought.unreadable.push(error),
        }
    }
    let Some(path) = first.map(Path::to_path_buf) else { return Ok(brought) };
    let Parts { statements, certificates } = parts;
    let evidence = match statements.is_empty() {
        true => attestation::pairs(&certificates),
        false => {
            let evidence = |one| attestation::liquidsecurity(one, &certificates);
            Ok(statements.into_iter().map(evidence).collect())
        }
    };
    match evidence {
        Ok(evidence) => {
            for one in evidence {
                match one.check_size() {
                    Ok(()) => brought.evidence.push(one),
                    Err(error) => {
                        let path = path.clone();
                        brought.unreadable.push(EvidenceError::Form { path, error });
                    }
                }
            }
        }
        Err(alone) => brought.unreadable.push(EvidenceError::Pair { path, alone }),
    }
    Ok(brought)
}

/// Reads one piece of evidence, as [`read_all`].
///
/// # Errors
/// Fails if it cannot be read, is not evidence, or is several.
pub fn read(path: &Path) -> Result<KeyAttestation, EvidenceError> {
    let Brought { mut evidence, unreadable } = read_all(&[path.to_owned()])?;
    match (unreadable.into_iter().next(), evidence.len()) {
        (Some(error), _) => Err(error),
        (None, 1) => Ok(evidence.remove(0)),
        (None, several) => Err(EvidenceError::Several { path: path.to_owned(), several }),
    }
}

/// The evidence at a path.
enum Found {
    Evidence(KeyAttestation),
    Parts(Parts),
}

/// Parts of evidence, which make it together.
#[derive(Default)]
struct Parts {
    /// Statements of an HSM.
    statements: Vec<Vec<u8>>,
    certificates: Vec<Certificate>,
}

impl Parts {
    fn add(&mut self, more: Self) {
        let Self { statements, certificates } = more;
        self.statements.extend(statements);
        self.certificates.extend(certificates);
    }
}

fn read_one(path: &Path) -> Result<Found, EvidenceError> {
    let bytes = read_file(path)?;
    if attestation::is_compressed(&bytes) {
        return Ok(Found::Parts(Parts { statements: vec![bytes], ..Parts::default() }));
    }
    if let Some(certificates) = certificates_in(&bytes) {
        let certificates = certificates.map_err(|error| EvidenceError::Certificate {
            path: path.to_owned(),
            error: error.into(),
        })?;
        return Ok(Found::Parts(Parts { certificates, ..Parts::default() }));
    }
    KeyAttestation::parse_text(&bytes)
        .map(Found::Evidence)
        .map_err(|error| EvidenceError::Form { path: path.to_owned(), error })
}

/// The certificates of a file, PEM or DER; `None` if it is neither.
fn certificates_in(bytes: &[u8]) -> Option<Result<Vec<Certificate>, CertificateError>> {
    // A SEQUENCE with a length of two bytes, as every certificate of a device is.
    if bytes.starts_with(&[0x30, 0x82]) {
        return Some(Certificate::from_der(bytes).map(|one| vec![one]));
    }
    // JSON may have PEM in one of its texts.
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    let is_pem = !is_json && bytes.windows(11).any(|window| window == b"-----BEGIN ");
    is_pem.then(|| Certificate::from_pem(bytes))
}

/// The certificates of a directory, with the statements there.
fn read_parts(directory: &Path) -> Result<Found, EvidenceError> {
    let failed = |source: std::io::Error| EvidenceError::Directory {
        path: directory.to_owned(),
        why: source.to_string(),
    };
    let entries = std::fs::read_dir(directory).map_err(failed)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    paths.sort();
    let mut all = Parts::default();
    for path in paths.iter().filter(|path| path.is_file()) {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|one| PARTS.iter().any(|e| one.eq_ignore_ascii_case(e)))
            && let Some(found) = read_part(path)?
        {
            all.add(found);
        }
    }
    match all.statements.is_empty() && all.certificates.is_empty() {
        // Then it was to be a TPM's.
        true => read_certified(directory).map(Found::Evidence),
        false => Ok(Found::Parts(all)),
    }
}

/// What a file of a directory has; `None` if its name says nothing of what it has.
fn read_part(path: &Path) -> Result<Option<Parts>, EvidenceError> {
    let is_named = path.extension().is_some_and(|extension| !extension.eq_ignore_ascii_case("dat"));
    if !is_named && !attestation::is_compressed(&read_file(path)?) {
        return Ok(None);
    }
    match read_one(path)? {
        Found::Parts(found) => Ok(Some(found)),
        Found::Evidence(_) => Ok(None),
    }
}

/// Whether a directory contains a certification by a TPM.
fn is_certified(directory: &Path) -> bool {
    [ATTEST, SIGNATURE, KEY_PUBLIC, AK_PUBLIC]
        .into_iter()
        .flatten()
        .any(|name| directory.join(name).is_file())
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
        attest: part("attest", ATTEST)?,
        signature: part("signature", SIGNATURE)?,
        ak_public: part("ak-public", AK_PUBLIC)?,
        key_public: part("key-public", KEY_PUBLIC)?,
        ak_certificate: certificate,
    }))
}

/// A certificate's DER, from PEM or as it is.
///
/// # Errors
/// Fails if it cannot be read, or is damaged PEM.
pub fn read_certificate(path: &Path) -> Result<Vec<u8>, EvidenceError> {
    let bytes = read_file(path)?;
    if !bytes.starts_with(b"-----BEGIN") {
        return Ok(bytes);
    }
    match pem::parse(&bytes) {
        Ok(block) => Ok(block.into_contents()),
        Err(error) => {
            let error = Words::text(error.to_string());
            Err(EvidenceError::Certificate { path: path.to_owned(), error })
        }
    }
}

/// What evidence means for a signature.
#[derive(Debug)]
pub enum Weighed {
    /// It may be written beside the signature, in this form; with the reason why it cannot be
    /// judged here, unless only trust is missing.
    Stands(Box<KeyAttestation>, Option<AttestationError>),
    /// It is about something else: it is not this signature's.
    Contradicts(AttestationError),
    /// It is not evidence about this signature.
    Unusable(AttestationError),
}

/// Compares evidence with a signature by a key. Whether its root is trusted does not matter here.
pub fn weigh(evidence: &KeyAttestation, public_key: Option<&PublicKey>, call: Call<'_>) -> Weighed {
    let narrowed = match attestation::narrowed(evidence, public_key, call) {
        Ok(narrowed) => narrowed,
        Err(error) => match error.bearing() {
            Bearing::Contradicts => return Weighed::Contradicts(error),
            Bearing::Unusable => return Weighed::Unusable(error),
            Bearing::NotJudged => evidence.clone(),
        },
    };
    let roots = AttestationRoots::default();
    match attestation::verify_with_signature(&narrowed, public_key, call, &roots) {
        Ok(_) => Weighed::Stands(Box::new(narrowed), None),
        Err(error) => match error.bearing() {
            Bearing::Contradicts => Weighed::Contradicts(error),
            Bearing::Unusable => Weighed::Unusable(error),
            Bearing::NotJudged => {
                let why = Some(error).filter(|error| !error.lacks_trust());
                Weighed::Stands(Box::new(narrowed), why)
            }
        },
    }
}

/// The evidence that was written.
#[derive(Debug)]
pub struct Attached {
    /// The signature files.
    pub files: Vec<PathBuf>,
    /// Why it cannot be judged here, if more than trust is missing.
    pub not_judged: Option<AttestationError>,
}

/// Puts evidence beside the signatures, of a run and of its manifest, that it belongs to: a cloud's
/// log has the call only after the signature was made.
///
/// # Errors
/// Fails if it contradicts all of them, if it is not evidence, if several could be meant, or if they
/// have other evidence already; nothing is written then.
pub fn attach(run: &Path, evidence: &KeyAttestation) -> Result<Attached, EvidenceError> {
    let manifest = run.with_file_name(file_name::manifest_of(&name_of(run)));
    let artifacts = [run.to_owned(), manifest].into_iter().filter(|path| path.is_file());
    let _lock = safe_write::lock(directory_of(run))?;
    let (mut prepared, mut files, mut why) = (Vec::new(), Vec::new(), None);
    let mut not_judged = None;
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
            why: error.into(),
        })?;
        file.check_about(&read).map_err(failed)?;
        match place_of(&file, &read, evidence, &path) {
            Ok(Some(place)) => {
                file.set_attestation(place.at, &place.evidence);
                not_judged = not_judged.or(place.not_judged);
                let text = file.to_text();
                prepared.push(safe_write::prepare(&path, text.as_bytes(), Access::Shared)?);
                files.push(path);
            }
            Ok(None) => {}
            Err(EvidenceError::Contradicts { why: first, .. }) => {
                why.get_or_insert(first);
            }
            Err(error) => return Err(error),
        }
    }
    if files.is_empty() {
        let path = run.to_owned();
        return Err(match why {
            Some(why) => EvidenceError::Contradicts { path, why },
            None => EvidenceError::NoSignature(path),
        });
    }
    safe_write::commit(prepared)?;
    Ok(Attached { files, not_judged })
}

/// The signature that evidence belongs to.
struct Place {
    at: usize,
    evidence: KeyAttestation,
    not_judged: Option<AttestationError>,
}

/// Which of the signatures of a file evidence belongs to; `None` if there are none.
fn place_of(
    file: &SignatureFile,
    artifact: &Artifact,
    evidence: &KeyAttestation,
    path: &Path,
) -> Result<Option<Place>, EvidenceError> {
    let (mut why, mut places) = (None, Vec::new());
    let signatures = file.signatures();
    for (at, signature) in signatures.iter().enumerate() {
        let public_key = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
        let digest = artifact.canonical().digest();
        let call = Call {
            digest: &digest,
            length: artifact.canonical().bytes().len(),
            // One without a time is never at the time of a call.
            at: signature.signed_at().unwrap_or(Instant::EPOCH),
            algorithm: signature.algorithm(),
            payload: signature.signed_payload(),
        };
        match weigh(evidence, public_key.as_ref(), call) {
            Weighed::Stands(evidence, not_judged) => {
                places.push(Place { at, evidence: *evidence, not_judged });
            }
            Weighed::Unusable(why) => {
                return Err(EvidenceError::Unusable { path: path.to_owned(), why });
            }
            // The remark on the signature whose key it names is more useful than those on the
            // others.
            Weighed::Contradicts(error) if why.is_none() || error != AttestationError::OtherKey => {
                why = Some(error);
            }
            Weighed::Contradicts(_) => {}
        }
    }
    let fitting = places.len();
    let Some(place) = places.into_iter().next() else {
        return match why {
            Some(why) => Err(EvidenceError::Contradicts { path: path.to_owned(), why }),
            None => Ok(None),
        };
    };
    if fitting > 1 && place.not_judged.is_some() {
        return Err(EvidenceError::Ambiguous { path: path.to_owned(), fitting });
    }
    match signatures.get(place.at).and_then(|signature| signature.attestation()) {
        Some(found) if found.as_ref() != Ok(&place.evidence) => {
            let signer = signatures[place.at].signer_id().to_owned();
            Err(EvidenceError::Has { path: path.to_owned(), signer })
        }
        _ => Ok(Some(place)),
    }
}
