//! A pack from someone else: read into memory, judged from there, never changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::inputs::FoundInputs;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_admissibility::{Judge, Verdict};
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{
    AUTHORITY_LEDGER, LOG_HEAD, TRANSPARENCY_LOG, is_sealed_run,
};
use countersign_envelope::log_head::LogHead;
use countersign_envelope::run_time_stamp;
use serde::Serialize;

use super::{KEYRING, PackError, ROOTS, TSA_ROOTS, inputs, keyring_versions, proofs};
use countersign_problem::{Words, words};
use countersign_store::archive::{self, Archive, Opened};
use countersign_store::envelope_files::{EnvelopeBytes, EnvelopeFiles};
use countersign_store::log_memory::LogMemory;
use countersign_store::logs::Logs;
use countersign_trust::attestation_roots::{self, Anchor};
use countersign_trust::tsa_roots;
use countersign_views as view;

/// A part of a pack that does not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackFault {
    /// The file.
    pub file: String,
    /// The reason.
    pub why: Words,
}

/// A pack.
#[derive(Debug)]
pub struct OpenPack {
    /// Its path.
    pub path: PathBuf,
    /// The name of its run.
    pub run: String,
    /// Its digest: the SHA-256 of its `SHA256SUMS`.
    pub digest: Digest,
    /// What does not match. If there is anything, nothing else in it can be relied on.
    pub faults: Vec<PackFault>,
    /// Files that a file manager has left in it, which are no part of it.
    pub litter: Vec<String>,
    /// The keyring in the pack, as its maker wrote it.
    pub keyring: Keyring,
    /// The roots that whoever packed it held attestations against.
    pub roots: AttestationRoots,
    /// The roots of time-stamping authorities that whoever packed it held tokens against.
    pub tsa_roots: TsaRoots,
    /// Its transparency log and authority ledger.
    pub logs: Logs,
    /// The files that its run was made from, compared with it; `None` if it carries none.
    pub inputs: Option<FoundInputs>,
    bytes: EnvelopeBytes,
}

/// Reads a pack and checks it against its own list, and its logs against what this station remembers
/// of them.
///
/// # Errors
/// Fails if it cannot be read or is not a pack. Missing, extra and altered files are in its faults.
pub fn open(path: &Path, memory: Option<&LogMemory>) -> Result<OpenPack, PackError> {
    check(path, archive::open(path)?, memory)
}

/// Checks a pack that was read.
///
/// # Errors
/// Fails if it is not a pack.
pub fn check(
    path: &Path,
    opened: Opened,
    memory: Option<&LogMemory>,
) -> Result<OpenPack, PackError> {
    let Opened { archive, digest, faults, litter } = opened;
    // Wherever they are: a run in a folder of its own would not be judged.
    let is_run = |name: &&str| name.rsplit('/').next().is_some_and(is_sealed_run);
    let runs: Vec<&str> = archive.files().map(|(name, _)| name).filter(is_run).collect();
    let [run] = runs[..] else {
        return Err(PackError::NotAPack { path: path.to_owned(), count: runs.len() });
    };
    if !is_sealed_run(run) {
        return Err(PackError::NotAPack { path: path.to_owned(), count: 0 });
    }
    let run = run.to_owned();
    let mut faults: Vec<PackFault> = faults
        .into_iter()
        .map(|fault| PackFault { why: fault.kind.words(), file: fault.file })
        .collect();
    // A file that differs from the list is reported once.
    let faulty: BTreeSet<String> = faults.iter().map(|fault| fault.file.clone()).collect();
    let is_as_listed = |name: &str| !faulty.contains(name);
    let mut fault = |file: &str, why: Words| faults.push(PackFault { file: file.to_owned(), why });
    let file = |name: &str| archive.get(name).map(|bytes| Ok(bytes.to_vec().into()));
    let bytes = EnvelopeBytes::of(run.clone(), file);
    let bytes = bytes.with_run_time_stamp(|run| file(&run_time_stamp::name_for(run)));
    let log = archive.get(TRANSPARENCY_LOG);
    let logs = Logs::of_bytes(log, archive.get(AUTHORITY_LEDGER), memory);
    let is_whole = is_as_listed(LOG_HEAD) && is_as_listed(TRANSPARENCY_LOG);
    if let Some(head) = archive.get(LOG_HEAD).filter(|_| is_whole) {
        match LogHead::parse(head) {
            Ok(head) if head == LogHead::of(log.unwrap_or_default(), head.generated_at) => {}
            Ok(_) => fault(LOG_HEAD, words!("pack-fault-other-head")),
            Err(error) => fault(LOG_HEAD, error.into()),
        }
    }
    let keyring = match archive.get(KEYRING).map(Keyring::parse) {
        None => Keyring::default(),
        Some(Ok(keyring)) => keyring,
        Some(Err(error)) => {
            fault(KEYRING, error.into());
            Keyring::default()
        }
    };
    let roots = Anchor::roots(&anchors(&archive, ROOTS, &mut fault));
    let tsa_roots = tsa_roots::roots_of(&anchors(&archive, TSA_ROOTS, &mut fault));
    let pack = OpenPack {
        path: path.to_owned(),
        run,
        digest,
        faults: Vec::new(),
        litter,
        keyring,
        roots,
        tsa_roots,
        logs,
        inputs: None,
        bytes,
    };
    // The files for OpenSSL have to match the signature files.
    let judge = Judge {
        policy: &countersign_admissibility::policy::Policy::default(),
        keyring: &pack.keyring,
        roots: &pack.roots,
        tsa_roots: &pack.tsa_roots,
        names: &NameTrust::default(),
        hmac_key: None,
        now: countersign_envelope::instant::Instant::EPOCH,
    };
    let files = EnvelopeFiles::parse(&pack.bytes);
    let evidence = files.evidence(&pack.logs);
    let derived = proofs::of(&evidence, &judge.judge(&evidence), judge.now).files;
    let derived: BTreeMap<String, Vec<u8>> =
        derived.into_iter().chain(super::evidence::files(&evidence)).collect();
    // One that no signature stands for: a signature was removed.
    let folders = ["keys/", "signed/", "signatures/", "evidence/"];
    for (name, why) in keyring_versions::faults(&archive) {
        if is_as_listed(&name) {
            fault(&name, why);
        }
    }
    for (name, _) in archive.files().filter(|(name, _)| !keyring_versions::is_one(name)) {
        let is_of_signature = folders.iter().any(|folder| name.starts_with(folder));
        if is_of_signature && !derived.contains_key(name) && is_as_listed(name) {
            fault(name, words!("pack-fault-no-signature"));
        }
    }
    for (name, bytes) in derived {
        let differs = archive.get(&name).is_some_and(|there| there != bytes.as_slice());
        if differs && is_as_listed(&name) {
            fault(&name, words!("pack-fault-other-signature"));
        }
    }
    let inputs = inputs::look_up(&archive, files.run.as_ref().ok());
    for (name, why) in inputs.iter().flat_map(inputs::faults) {
        if is_as_listed(&name) {
            fault(&name, why);
        }
    }
    Ok(OpenPack { faults, inputs, ..pack })
}

/// The trusted items in a folder of the pack.
fn anchors(archive: &Archive, folder: &str, fault: &mut impl FnMut(&str, Words)) -> Vec<Anchor> {
    let folder = format!("{folder}/");
    let mut anchors = Vec::new();
    for (name, bytes) in archive.files().filter(|(name, _)| name.starts_with(&folder)) {
        match attestation_roots::parse_file(Path::new(name), bytes) {
            Ok(some) => anchors.extend(some),
            Err(error) => fault(name, error.into()),
        }
    }
    anchors
}

impl OpenPack {
    /// The path of its run, for display.
    pub fn run_path(&self) -> PathBuf {
        self.path.join(&self.run)
    }

    /// Judges its envelope, with its own logs if `logs` is `None`.
    pub fn judge(&self, judge: &Judge<'_>, logs: Option<&Logs>) -> (EnvelopeFiles, Verdict) {
        let logs = logs.unwrap_or(&self.logs);
        let files = EnvelopeFiles::parse(&self.bytes).with_boundary_at(logs.boundary.as_deref());
        let verdict = judge.judge(&files.evidence(logs));
        (files, verdict)
    }

    /// Its envelope in full, as it is shown.
    pub fn view(&self, judge: &Judge<'_>) -> view::Opened {
        let run = &self.run_path();
        let envelope = view::EnvelopeRef { run, root: &self.path, id: 0, revision: 0 };
        view::Opened::of(envelope, &self.bytes, judge, &self.logs)
    }
}
