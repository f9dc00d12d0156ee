//! Asking a time-stamping authority about signatures, for a machine that has a network: a folder
//! with one request per signature, and a list of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use countersign_admissibility::Judge;
use countersign_admissibility::acceptance;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::signature_checks;
use countersign_admissibility::signatures::JudgedSignature;
use countersign_admissibility::time_stamp::{Request, TimeRequestError, TimeStamps, TsaRoots};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::{Object, Value};
use countersign_envelope::signature::Signature;
use countersign_envelope::time_stamp::{Covers, TimeStamp};
use countersign_journal::Event;
use countersign_problem::Problem;
use countersign_store::directory::{self, DirectoryError};
use countersign_store::reading::name_of;
use countersign_store::safe_write::{self, WriteError};
use countersign_store::signed_files::{SignedFiles, SignedFilesError};

use crate::roots::{self, RootsError};
use crate::workspace::{Workspace, WorkspaceError};

/// The list of the requests in their folder.
pub const LIST: &str = "requests.json";
/// The script that sends them.
pub const SCRIPT: &str = "send.sh";
/// The version of the list.
pub const VERSION: &str = "1.0";
/// The most requests in one folder.
pub const MAX_REQUESTS: usize = 10_000;

/// What a person with `curl` runs.
pub(crate) const SEND: &str = "\
#!/bin/sh
# Sends each request to a time-stamping authority (RFC 3161) and keeps its response beside it.
# Usage: sh send.sh https://tsa.example/
set -eu
cd \"$(dirname \"$0\")\"
for request in *.tsq; do
  curl --fail --silent --show-error --max-time 60 \\
    --header 'Content-Type: application/timestamp-query' --data-binary \"@$request\" \\
    --output \"${request%.tsq}.tsr\" \"${1:?Give the address of the authority.}\"
done
";

/// Why there are no requests.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum TimeRequestingError {
    /// The workspace does not allow it.
    #[problem(transparent)]
    Workspace(#[from] WorkspaceError),
    /// The roots of authorities cannot be read.
    #[problem(transparent)]
    Roots(#[from] RootsError),
    /// A directory cannot be searched.
    #[problem(transparent)]
    Directory(#[from] DirectoryError),
    /// A run or its signatures cannot be read.
    #[problem(transparent)]
    Files(#[from] SignedFilesError),
    /// A request cannot be made.
    #[problem(transparent)]
    Request(#[from] TimeRequestError),
    /// The folder cannot be made.
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error from the operating system.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// The system gives no random numbers.
    Random,
    /// Nothing needs a time stamp.
    Nothing,
    /// There are more signatures than one folder takes.
    #[arg(limit = MAX_REQUESTS)]
    TooMany,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Requested {
    /// Its file, without the folder.
    pub file: String,
    /// The run.
    pub run: PathBuf,
    /// What the token will be about.
    pub covers: Covers,
    /// SHA-256 of those bytes.
    pub imprint: Digest,
    /// Who signed.
    pub signer: String,
    /// The content of its file, DER.
    pub der: Vec<u8>,
}

impl Requested {
    /// Whether the token will renew others.
    pub const fn renews(&self) -> bool {
        matches!(self.covers, Covers::Tokens(_))
    }
}

/// The requests that were made.
#[derive(Debug)]
pub struct Requests {
    /// Each.
    pub requests: Vec<Requested>,
    /// How many signatures have a trusted time already.
    pub stamped: usize,
    /// What is wrong with the journal.
    pub noted: Vec<Problem>,
}

/// Writes a request for each signature, of runs or of the directories of runs, that has no trusted
/// time yet, or whose authority's certificate ends soon: about its claim if it has one, which dates
/// run and manifest at once. The folder must not have a list of requests yet.
///
/// # Errors
/// If nothing needs a time stamp, something cannot be read, or the folder or the journal cannot be
/// written.
pub fn request(
    workspace: &Workspace,
    paths: &[PathBuf],
    folder: &Path,
) -> Result<Requests, TimeRequestingError> {
    workspace.check_writable(folder)?;
    workspace.check_journal()?;
    let keyring = workspace.read_keyring()?;
    let roots = roots::authorities(workspace)?;
    let mut wanted = Wanted { requests: Vec::new(), known: HashSet::new(), stamped: 0 };
    for run in runs(paths)? {
        wanted.add(&run, &keyring, &roots, workspace)?;
    }
    let Wanted { mut requests, stamped, .. } = wanted;
    if requests.is_empty() {
        return Err(TimeRequestingError::Nothing);
    }
    for one in &mut requests {
        let mut nonce = [0; 8];
        getrandom::fill(&mut nonce).map_err(|_| TimeRequestingError::Random)?;
        one.der = Request::new(one.imprint, nonce)?.to_bytes()?;
    }
    std::fs::create_dir_all(folder)
        .map_err(|source| TimeRequestingError::Folder { path: folder.to_owned(), source })?;
    // The list first: where there is one, nothing is written.
    safe_write::create(&folder.join(LIST), list(&requests).to_pretty().as_bytes())?;
    safe_write::create(&folder.join(SCRIPT), SEND.as_bytes())?;
    for one in &requests {
        safe_write::create(&folder.join(&one.file), &one.der)?;
    }
    let noted = workspace.note(&Event::TimeStampsRequested {
        folder: folder.display().to_string(),
        requests: requests.len() as u64,
    });
    Ok(Requests { requests, stamped, noted })
}

/// Judges the signatures of a file as a station that acts does, with trusted times.
pub(crate) fn judged(
    files: &SignedFiles,
    at: usize,
    keyring: &Keyring,
    roots: &TsaRoots,
) -> Vec<JudgedSignature> {
    let file = &files.files[at];
    let Some(signed) = files.signed(file.kind) else { return Vec::new() };
    let judge = Judge {
        policy: &acceptance::policy(keyring),
        keyring,
        roots: &AttestationRoots::default(),
        tsa_roots: roots,
        names: &NameTrust::default(),
        hmac_key: None,
        now: Instant::EPOCH,
    };
    signature_checks::judge(&judge, &file.signatures, signed)
}

/// The sealed runs at some paths.
pub(crate) fn runs(paths: &[PathBuf]) -> Result<Vec<PathBuf>, TimeRequestingError> {
    let mut all = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => all.extend(directory::find(path)?.runs.into_iter().map(|run| path.join(run))),
            false => all.push(path.clone()),
        }
    }
    Ok(all)
}

/// The requests while they are collected.
struct Wanted {
    requests: Vec<Requested>,
    /// Their imprints: the claim of one act is in two files.
    known: HashSet<Digest>,
    stamped: usize,
}

impl Wanted {
    fn add(
        &mut self,
        run: &Path,
        keyring: &Keyring,
        roots: &TsaRoots,
        workspace: &Workspace,
    ) -> Result<(), TimeRequestingError> {
        let files = SignedFiles::read(run)?;
        let now = (workspace.now)();
        let absolute = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
        for at in 0..files.files.len() {
            let judged = judged(&files, at, keyring, roots);
            let signatures = files.files[at].signatures.signatures();
            for (one, signature) in judged.iter().zip(signatures) {
                if !acceptance::may_hold(one) {
                    continue;
                }
                let Some((covers, imprint)) = next(one, signature, now) else {
                    self.stamped += 1;
                    continue;
                };
                if !self.known.insert(imprint) {
                    continue;
                }
                if self.requests.len() >= MAX_REQUESTS {
                    return Err(TimeRequestingError::TooMany);
                }
                let stem = name_of(run);
                let stem = stem.strip_suffix(".json").unwrap_or(&stem);
                self.requests.push(Requested {
                    file: format!("{stem}-{}.tsq", &imprint.hex()[..12]),
                    run: absolute.clone(),
                    covers,
                    imprint,
                    signer: one.signer_id.clone(),
                    der: Vec::new(),
                });
            }
        }
        Ok(())
    }
}

/// What a signature needs a token about; `None` if it has a trusted time that lasts.
fn next(one: &JudgedSignature, signature: Signature<'_>, now: Instant) -> Option<(Covers, Digest)> {
    let claim = one.claim.holding();
    let stamps = &one.time_stamps;
    let has = match claim {
        Some(_) => stamps.of_claim().is_some(),
        None => stamps.of_signature().is_some(),
    };
    if !has {
        let (covers, bytes) = match claim {
            Some(holding) => (Covers::Claim, holding.signature.clone()),
            None => (Covers::Signature, signature.raw()?),
        };
        return Some((covers, Digest::of(&bytes)));
    }
    renewal(stamps, signature, now)
}

/// The renewal of those tokens whose authority's certificate ends soon.
pub(crate) fn renewal(
    stamps: &TimeStamps,
    signature: Signature<'_>,
    now: Instant,
) -> Option<(Covers, Digest)> {
    let ending: Vec<Digest> =
        stamps.ending(now).filter(|one| !one.is_over).map(|one| one.token).collect();
    let tokens: Vec<TimeStamp> =
        TimeStamp::all(signature.0).into_iter().filter_map(Result::ok).collect();
    let of = |digest: &Digest| tokens.iter().find(|token| token.digest() == *digest);
    let bytes: Vec<&[u8]> =
        ending.iter().filter_map(of).map(|token| token.token.as_slice()).collect();
    (!bytes.is_empty()).then(|| (Covers::Tokens(ending.clone()), Digest::of_parts(&bytes)))
}

/// The list as its file has it.
fn list(requests: &[Requested]) -> Value {
    let entry = |one: &Requested| {
        let mut entry = Object::from([
            ("request", Value::from(one.file.as_str())),
            ("run", one.run.to_string_lossy().into_owned().into()),
            ("signer_id", one.signer.as_str().into()),
            ("imprint", one.imprint.hex().into()),
        ]);
        one.covers.write_to(&mut entry);
        Value::from(entry)
    };
    let requests: Vec<Value> = requests.iter().map(entry).collect();
    Object::from([("time_requests_version", Value::from(VERSION)), ("requests", requests.into())])
        .into()
}
