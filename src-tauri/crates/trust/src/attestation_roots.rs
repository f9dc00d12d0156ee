//! The trust folder: trusted attestation roots, the intermediates that lead to them, and the
//! attestation keys of TPMs without a certificate, in PEM files.
//!
//! Everything in it counts, so only what a person has seen and confirmed by its fingerprint is
//! added. Each addition has a file of its own, named by the fingerprint.

use countersign_problem::{Explain, Problem, words};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::{
    AttestationError, AttestationRoots, Certificate, CertificateError, Endorsement, TpmArea,
    fingerprint,
};
use countersign_admissibility::certificate_names::revocation_list::RevocationListError;
use countersign_admissibility::keyring::KeyType;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_problem::visible::visible;
use serde::Serialize;

use countersign_journal::{self as journal, Event, JournalError, Recorder, RootFacts};
use countersign_store::overwrite::{self, OverwriteError};
use countersign_store::ownership::{self, OwnershipError, make_private_directory};
use countersign_store::reading::{self, ReadError, directory_of, name_of};
use countersign_store::safe_write::{self, Access, WriteError};
use countersign_store::stamp::Stamp;

use crate::adopted::{self, AdoptedError};

/// The folder's default name; it is beside the keyring.
pub const FOLDER: &str = "attestation-roots";

/// The label of a TPMT_PUBLIC in PEM.
const AREA: &str = "TPMT PUBLIC";
/// The label of the certificate of an endorsement key in PEM, behind the public area of the attestation
/// key that is in the same TPM.
const ENDORSEMENT: &str = "TPM ENDORSEMENT";
/// When the TPM proved that, in seconds since 1970-01-01T00:00:00Z.
const SEEN_AT: &str = "Seen-At";

/// What certificates' files are called.
const EXTENSIONS: [&str; 3] = ["pem", "crt", "cer"];
/// Largest file of certificates that is read, in bytes.
const MAX_BYTES: u64 = 4 << 20;
/// Most files that are read.
const MAX_FILES: usize = 1000;

/// Why the trust folder, or a file of certificates, was not read or changed.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum TrustError {
    /// The folder cannot be listed.
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// There are more files than anyone trusts.
    #[arg(max_files = MAX_FILES)]
    TooMany(PathBuf),
    /// Other users can write the folder or a file.
    #[problem(transparent)]
    Ownership(#[from] OwnershipError),
    /// A file cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A file has no certificates.
    Certificates {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: CertificateError,
    },
    /// A file has a public key that no TPM attests with.
    Key {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: PublicKeyError,
    },
    /// A file has a public area that no TPM attests with.
    Area {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: AttestationError,
    },
    /// The confirmation is not a fingerprint.
    Fingerprint(String),
    /// The confirmed fingerprint is not in the file.
    NotInFile {
        /// The file.
        path: PathBuf,
        /// The confirmed fingerprint.
        sha256: String,
    },
    /// Nothing was confirmed.
    NotConfirmed,
    /// No such thing is trusted.
    NotTrusted {
        /// The folder.
        folder: PathBuf,
        /// What should be removed.
        sha256: String,
    },
    /// The folder could not be made.
    Make {
        /// The folder.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// A file could not be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The folder is something else.
    #[problem(transparent)]
    Overwrite(#[from] OverwriteError),
    /// A file has a private key beside what is trusted.
    PrivateKeyInFile(PathBuf),
    /// A file could not be removed.
    Remove {
        /// The file.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
    /// A file has no list of revoked certificates.
    List {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: RevocationListError,
    },
    /// The lists of revoked certificates are larger than anyone needs.
    ListsTooLarge(PathBuf),
    /// No such list is kept.
    NoSuchList {
        /// The folder.
        folder: PathBuf,
        /// What should be removed.
        sha256: String,
    },
    /// The change cannot be journalled, and so was not made.
    #[problem(transparent)]
    Journal(#[from] JournalError),
    /// The roots are those of the signed keyring, which cannot be used or is not changed here.
    #[problem(transparent)]
    Adopted(#[from] AdoptedError),
}

/// The trust folder as it was read.
#[derive(Debug, Default)]
pub struct TrustFolder {
    /// Its files, by name, with what each has.
    pub files: Vec<(PathBuf, Vec<Anchor>)>,
    /// What could not be read of it.
    pub troubles: Vec<TrustError>,
}

/// The contents of the trust folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// A root, or a certificate that helps to reach one.
    Certificate(Box<Certificate>),
    /// The attestation key of a TPM.
    Key(PublicKey),
    /// The attestation key of a TPM with its attributes.
    Area(TpmArea),
}

impl Anchor {
    /// SHA-256 of its DER.
    pub fn fingerprint(&self) -> Digest {
        match self {
            Self::Certificate(certificate) => certificate.fingerprint(),
            Self::Key(key) => Digest::of(&key.to_der()),
            Self::Area(area) => Digest::of(area.bytes()),
        }
    }

    /// The subject of a certificate (RFC 4514), or the kind of a key, as it was written.
    pub fn subject(&self) -> String {
        subject(self)
    }

    /// As a file of the trust folder has it.
    pub fn to_pem(&self) -> String {
        match self {
            Self::Certificate(certificate) => certificate.to_pem(),
            Self::Key(key) => key.to_pem(),
            Self::Area(area) => {
                let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
                let endorsement = area.endorsement().map(|seen| {
                    let mut block = pem::Pem::new(ENDORSEMENT, seen.certificate.der());
                    // Only colons and line breaks are refused.
                    let _ = block.headers_mut().add(SEEN_AT, &seen.at.unix().to_string());
                    pem::encode_config(&block, config)
                });
                pem::encode_config(&pem::Pem::new(AREA, area.bytes()), config)
                    + &endorsement.unwrap_or_default()
            }
        }
    }

    /// The trusted items, one by one.
    pub fn of(roots: &AttestationRoots) -> Vec<Self> {
        let certificates = roots.certificates().cloned().map(Box::new).map(Self::Certificate);
        let keys = roots.keys().iter().cloned().map(Self::Key);
        certificates.chain(keys).chain(roots.areas().iter().cloned().map(Self::Area)).collect()
    }

    /// The trusted roots, from the contents of a trust folder.
    pub fn roots<'a>(anchors: impl IntoIterator<Item = &'a Self>) -> AttestationRoots {
        let (mut certificates, mut keys, mut areas) = (Vec::new(), Vec::new(), Vec::new());
        for anchor in anchors {
            match anchor {
                Self::Certificate(certificate) => certificates.push((**certificate).clone()),
                Self::Key(key) => keys.push(key.clone()),
                Self::Area(area) => areas.push(area.clone()),
            }
        }
        AttestationRoots::new(certificates).with_keys(keys).with_areas(areas)
    }
}

/// A trusted item, or a candidate, in the form that a person compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RootCandidate {
    /// The subject of a certificate (RFC 4514); for a key, its kind.
    pub subject: String,
    /// SHA-256 of its DER, 64 hex digits.
    pub sha256: String,
    /// From when until when it is valid; none of a key, which has no time.
    pub validity: Option<RootValidity>,
    /// Whether that is over.
    pub expired: bool,
    /// Whether it is a root. Other certificates only help to reach one.
    pub is_root: bool,
    /// Whether it is the attestation key of a TPM, trusted by itself.
    pub is_key: bool,
    /// What this program knows it as, by its SHA-256.
    pub known_as: Option<String>,
    /// Whether it is in the trust folder.
    pub trusted: bool,
}

/// When a certificate is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RootValidity {
    /// From when.
    pub from: String,
    /// Its last second.
    pub until: String,
}

/// Something in the trust folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RootView {
    /// Its kind.
    #[serde(flatten)]
    pub certificate: RootCandidate,
    /// The name of its file, without the folder.
    pub file: String,
}

/// The trust folder, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct TrustRootsView {
    /// Its path.
    pub folder: String,
    /// Its contents.
    pub roots: Vec<RootView>,
    /// What of it cannot be read.
    pub problems: Vec<Problem>,
}

/// The trust folder of a station whose keyring is at a path, unless another is chosen.
pub fn beside(keyring: &Path) -> PathBuf {
    keyring.with_file_name(FOLDER)
}

/// Reads the trust folder. One that is not there is empty; a file that cannot be read, or that other
/// users can write, is left out, and named.
///
/// # Errors
/// If the folder is there and cannot be listed, or other users can write it.
pub fn read(folder: &Path) -> Result<TrustFolder, TrustError> {
    if let Some(signed) = adopted::folder(folder) {
        return signed;
    }
    ownership::check(folder)?;
    read_checked(folder, |path| Ok(ownership::check(path)?))
}

/// Reads a trust folder that is the word of whoever sent it, whoever can write it.
///
/// # Errors
/// If it is there and cannot be listed.
pub fn read_from_anyone(folder: &Path) -> Result<TrustFolder, TrustError> {
    read_checked(folder, |_| Ok(()))
}

fn read_checked(
    folder: &Path,
    check: impl Fn(&Path) -> Result<(), TrustError>,
) -> Result<TrustFolder, TrustError> {
    let mut read = TrustFolder::default();
    let mut paths = paths_of(folder, &EXTENSIONS)?;
    if paths.len() > MAX_FILES {
        paths.truncate(MAX_FILES);
        read.troubles.push(TrustError::TooMany(folder.to_owned()));
    }
    for path in paths {
        match check(&path).and_then(|()| read_file(&path)) {
            Ok(anchors) => read.files.push((path, anchors)),
            Err(error) => read.troubles.push(error),
        }
    }
    Ok(read)
}

impl TrustFolder {
    /// The trusted roots.
    pub fn roots(&self) -> AttestationRoots {
        Anchor::roots(self.files.iter().flat_map(|(_, anchors)| anchors))
    }

    /// Whether it has an item, and no less about it.
    fn knows(&self, one: &Anchor) -> bool {
        match one {
            Anchor::Area(area) if area.endorsement().is_some() => {
                self.files.iter().any(|(_, all)| all.contains(one))
            }
            _ => self.has(one.fingerprint()),
        }
    }

    fn has(&self, one: Digest) -> bool {
        self.files.iter().any(|(_, all)| all.iter().any(|other| other.fingerprint() == one))
    }
}

/// Identifies the state of the trust folder, from its listing and metadata alone.
pub fn state(folder: &Path) -> Digest {
    if let Some(signed) = adopted::file_of(folder) {
        return Digest::of(Stamp::of_file(&signed).as_bytes());
    }
    state_of(folder, &EXTENSIONS)
}

/// The same of a folder whose files have some extensions.
pub(crate) fn state_of(folder: &Path, extensions: &[&str]) -> Digest {
    let parts = paths_of(folder, extensions).unwrap_or_default().into_iter().flat_map(|path| {
        let stamp = Stamp::of_file(&path);
        [path.into_os_string().into_encoded_bytes(), stamp.as_bytes().to_vec()]
    });
    let parts: Vec<Vec<u8>> = parts.collect();
    Digest::of_parts(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// The trust folder, as it is shown.
///
/// # Errors
/// As [`read`].
pub fn view(folder: &Path, now: Instant) -> Result<TrustRootsView, TrustError> {
    let read = read(folder)?;
    let roots = read.files.iter().flat_map(|(path, anchors)| {
        anchors.iter().map(|anchor| RootView {
            certificate: candidate(anchor, now, true),
            file: visible(&name_of(path)),
        })
    });
    Ok(TrustRootsView {
        folder: visible(&folder.to_string_lossy()),
        roots: roots.collect(),
        problems: read.troubles.iter().map(Explain::problem).collect(),
    })
}

/// The items in a file that could be trusted, for a person to compare and confirm.
///
/// # Errors
/// Fails if the file has none, or the trust folder cannot be read.
pub fn look(folder: &Path, path: &Path, now: Instant) -> Result<Vec<RootCandidate>, TrustError> {
    let trusted = read(folder)?;
    let candidate = |one: &Anchor| candidate(one, now, trusted.has(one.fingerprint()));
    Ok(read_file(path)?.iter().map(candidate).collect())
}

/// Trusts the items of a file that a person has confirmed by their SHA-256, and nothing else; each
/// is journalled. Items that are trusted already are unchanged.
///
/// # Errors
/// Fails if nothing was confirmed, what was is not in the file, or the journal cannot be written;
/// nothing is added then.
pub fn add(
    folder: &Path,
    path: &Path,
    confirmed: &[String],
    recorder: &dyn Recorder,
) -> Result<(), TrustError> {
    overwrite::check_directory(folder, words!("place-roots"))?;
    let chosen = confirmed_of(path, confirmed)?;
    trust(folder, &chosen, recorder)
}

/// Trusts the attestation key of a TPM that has proven which endorsement key it holds, and keeps that with
/// it, also if it was trusted before.
///
/// # Errors
/// As [`add`].
pub fn add_endorsed(
    folder: &Path,
    area: &TpmArea,
    recorder: &dyn Recorder,
) -> Result<(), TrustError> {
    overwrite::check_directory(folder, words!("place-roots"))?;
    trust(folder, &[Anchor::Area(area.clone())], recorder)
}

fn trust(folder: &Path, chosen: &[Anchor], recorder: &dyn Recorder) -> Result<(), TrustError> {
    adopted::check_plain(folder)?;
    let trusted = read(folder)?;
    let new = chosen.iter().filter(|one| !trusted.knows(one));
    let events: Vec<Event> = new.map(|one| Event::RootTrusted(facts(folder, one))).collect();
    journal::journalled(recorder, &events, || {
        make_private_directory(folder)
            .map_err(|source| TrustError::Make { path: folder.to_owned(), source })?;
        let _lock = safe_write::lock(folder)?;
        let trusted = read(folder)?;
        for one in chosen.iter().filter(|one| !trusted.knows(one)) {
            let file = folder.join(format!("{}.pem", one.fingerprint().hex()));
            safe_write::replace(&file, one.to_pem().as_bytes(), Access::Own)?;
        }
        Ok(())
    })
}

/// The items of a file that a person has confirmed by their SHA-256.
fn confirmed_of(path: &Path, confirmed: &[String]) -> Result<Vec<Anchor>, TrustError> {
    if confirmed.is_empty() {
        return Err(TrustError::NotConfirmed);
    }
    let anchors = read_file(path)?;
    let find = |text: &String| {
        let wanted = parse(text)?;
        let found = anchors.iter().find(|one| one.fingerprint() == wanted);
        let missing = || TrustError::NotInFile { path: path.to_owned(), sha256: wanted.hex() };
        // What a TPM proved to somebody else is not kept as if this station had seen it.
        match found.cloned().ok_or_else(missing)? {
            Anchor::Area(area) => Ok(Anchor::Area(area.not_endorsed())),
            other => Ok(other),
        }
    };
    confirmed.iter().map(find).collect()
}

/// The folder as [`add`] would leave it. Nothing is written.
///
/// # Errors
/// As [`add`], but for the journal.
pub fn with_added(
    folder: &Path,
    path: &Path,
    confirmed: &[String],
) -> Result<TrustFolder, TrustError> {
    adopted::check_plain(folder)?;
    let chosen = confirmed_of(path, confirmed)?;
    let mut trusted = read(folder)?;
    let new = chosen.into_iter().filter(|one| !trusted.has(one.fingerprint())).collect();
    trusted.files.push((path.to_owned(), new));
    Ok(trusted)
}

/// The folder as [`remove`] would leave it. Nothing is written.
///
/// # Errors
/// If it is not trusted, or the folder cannot be read.
pub fn without(folder: &Path, sha256: &str) -> Result<TrustFolder, TrustError> {
    adopted::check_plain(folder)?;
    let unwanted = parse(sha256)?;
    let mut trusted = read(folder)?;
    if !trusted.has(unwanted) {
        return Err(TrustError::NotTrusted { folder: folder.to_owned(), sha256: unwanted.hex() });
    }
    for (_, anchors) in &mut trusted.files {
        anchors.retain(|one| one.fingerprint() != unwanted);
    }
    Ok(trusted)
}

/// Trusts something no longer, and journals that. What else is in the same file stays.
///
/// # Errors
/// Fails if it is not trusted, its file cannot be changed, or the journal cannot be written.
pub fn remove(folder: &Path, sha256: &str, recorder: &dyn Recorder) -> Result<(), TrustError> {
    adopted::check_plain(folder)?;
    let unwanted = parse(sha256)?;
    let not_trusted =
        || TrustError::NotTrusted { folder: folder.to_owned(), sha256: unwanted.hex() };
    let trusted = read(folder)?;
    let removed = trusted.files.iter().flat_map(|(_, anchors)| anchors);
    let removed = removed.into_iter().find(|one| one.fingerprint() == unwanted);
    let event = Event::RootRemoved(facts(folder, removed.ok_or_else(not_trusted)?));
    for (path, anchors) in &trusted.files {
        if anchors.iter().any(|one| one.fingerprint() == unwanted) && has_private_key(path)? {
            return Err(TrustError::PrivateKeyInFile(path.clone()));
        }
    }
    journal::journalled(recorder, &[event], || {
        let _lock = safe_write::lock(folder)?;
        for (path, anchors) in read(folder)?.files {
            let stay = anchors.iter().filter(|one| one.fingerprint() != unwanted);
            let stay: Vec<String> = stay.map(Anchor::to_pem).collect();
            match stay.len() {
                kept if kept == anchors.len() => {}
                0 => {
                    fs::remove_file(&path).map_err(|source| TrustError::Remove { path, source })?
                }
                _ => safe_write::replace(&path, stay.concat().as_bytes(), Access::Own)?,
            }
        }
        Ok(())
    })
}

fn facts(folder: &Path, anchor: &Anchor) -> RootFacts {
    RootFacts {
        folder: folder.display().to_string(),
        sha256: anchor.fingerprint().hex(),
        subject: subject(anchor),
    }
}

fn subject(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Certificate(certificate) => certificate.subject(),
        Anchor::Key(key) => format!("TPM attestation key, {}", KeyType::of(key)),
        Anchor::Area(area) => {
            let key = KeyType::of(area.key());
            let seen = area.endorsement().map(|seen| format!(", {}", seen.words()));
            format!("TPM attestation key with its attributes, {key}{}", seen.unwrap_or_default())
        }
    }
}

pub(crate) fn parse(text: &str) -> Result<Digest, TrustError> {
    fingerprint(text).ok_or_else(|| TrustError::Fingerprint(text.to_owned()))
}

fn candidate(anchor: &Anchor, now: Instant, trusted: bool) -> RootCandidate {
    let sha256 = anchor.fingerprint().hex();
    match anchor {
        Anchor::Certificate(certificate) => RootCandidate {
            subject: visible(&subject(anchor)),
            sha256,
            validity: Some(RootValidity {
                from: certificate.not_before().to_string(),
                until: certificate.not_after().to_string(),
            }),
            expired: certificate.not_after().unix() < now.unix(),
            is_root: certificate.is_root(),
            is_key: false,
            known_as: certificate.known_as().map(str::to_owned),
            trusted,
        },
        Anchor::Key(_) | Anchor::Area(_) => RootCandidate {
            subject: subject(anchor),
            sha256,
            validity: None,
            expired: false,
            is_root: false,
            is_key: true,
            known_as: None,
            trusted,
        },
    }
}

/// The files with some extensions in a folder, by name; empty if there is no folder.
pub(crate) fn paths_of(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, TrustError> {
    let failed = |source| TrustError::Folder { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|one| extensions.iter().any(|e| one.eq_ignore_ascii_case(e))) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<Anchor>, TrustError> {
    parse_file(path, &bytes_of(path)?)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, ReadError> {
    // People keep their settings behind links.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    reading::read(&target, directory_of(&target), MAX_BYTES)
}

fn has_private_key(path: &Path) -> Result<bool, ReadError> {
    let blocks = pem::parse_many(bytes_of(path)?).unwrap_or_default();
    Ok(blocks.iter().any(|block| block.tag().ends_with("PRIVATE KEY")))
}

/// The contents of a file of the trust folder.
pub fn parse_file(path: &Path, bytes: &[u8]) -> Result<Vec<Anchor>, TrustError> {
    let keys = public_keys(bytes).map_err(|error| TrustError::Key { path: path.to_owned(), error });
    let mut anchors: Vec<Anchor> = keys?.into_iter().map(Anchor::Key).collect();
    anchors
        .extend(areas(bytes).map_err(|error| TrustError::Area { path: path.to_owned(), error })?);
    if !anchors.is_empty() && !bytes.windows(11).any(|window| window == b"-----BEGIN ") {
        return Ok(anchors);
    }
    match Certificate::from_pem(bytes) {
        Ok(found) => anchors.extend(found.into_iter().map(Box::new).map(Anchor::Certificate)),
        // Public keys are enough.
        Err(CertificateError::None) if !anchors.is_empty() => {}
        Err(error) => return Err(TrustError::Certificates { path: path.to_owned(), error }),
    }
    Ok(anchors)
}

/// The public areas of attestation keys: in PEM, or one as a TPM's tools write it.
fn areas(bytes: &[u8]) -> Result<Vec<Anchor>, AttestationError> {
    if let Ok(area) = TpmArea::read(bytes) {
        return Ok(vec![Anchor::Area(area)]);
    }
    let blocks = pem::parse_many(bytes).unwrap_or_default();
    let mut areas: Vec<TpmArea> = Vec::new();
    for block in &blocks {
        match block.tag() {
            AREA => areas.push(TpmArea::read(block.contents())?),
            ENDORSEMENT => {
                let seen = endorsement(block);
                if let (Some(seen), Some(area)) = (seen, areas.pop()) {
                    areas.push(area.endorsed_by(seen));
                }
            }
            _ => {}
        }
    }
    Ok(areas.into_iter().map(Anchor::Area).collect())
}

/// What a TPM proved; `None` if it cannot be read, which is trusted no less for it.
fn endorsement(block: &pem::Pem) -> Option<Endorsement> {
    let certificate = Certificate::from_der(block.contents()).ok()?;
    let at = Instant::from_unix(block.headers().get(SEEN_AT)?.parse().ok()?)?;
    Some(Endorsement { certificate, at })
}

/// The public keys of a PEM file, between certificates and notes. A file that is not PEM has none.
fn public_keys(bytes: &[u8]) -> Result<Vec<PublicKey>, PublicKeyError> {
    let blocks = pem::parse_many(bytes).unwrap_or_default();
    let keys = blocks.iter().filter(|block| block.tag() == "PUBLIC KEY");
    keys.map(|block| PublicKey::from_der(block.contents())).collect()
}
